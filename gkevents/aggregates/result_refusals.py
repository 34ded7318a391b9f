"""Every reason to refuse a step towards the year's result, one class each, in the order in which they are checked."""

# ruff: noqa: D101 - a refusal says itself what it is for: its template is the sentence people read

from __future__ import annotations

from gkevents.aggregates.refusals import Refusal
from gkevents.words import N_


class ResultWordMissing(Refusal):
    code = "result-word-missing"
    template = N_("{act} needs {needed}: it is kept in the log for ever, with who did it and on what ground.")


class ResultClosed(Refusal):
    code = "result-closed"
    template = N_(
        "The result of {scheme} {year} was approved on {day} by {by} ({document}), so the year is closed. To decide "
        "anew, open it again first: gk result reopen"
    )


class NotReady(Refusal):
    code = "not-ready"
    template = N_(
        "{scheme} {year} is not ready: {count} things are left, the first: {first} All of them: gk result readiness. "
        "To propose it all the same, say why: --despite REASON; the paper will say so too."
    )


class NothingProposed(Refusal):
    code = "nothing-proposed"
    template = N_("No result of {scheme} {year} waits for approval. Propose one: gk result propose")


class OtherProposal(Refusal):
    code = "other-proposal"
    template = N_(
        "{asked} is not the result that waits for approval: that is {digest}, proposed by {by} on {day}. Read it "
        "(gk result show), then approve it by its digest."
    )


class DigestTooShort(Refusal):
    code = "digest-too-short"
    template = N_("{asked} does not name a result: give at least {least} characters of its digest (gk result show).")


class ApprovedByProposer(Refusal):
    code = "approved-by-proposer"
    template = N_("{by} proposed this result: somebody else must approve it.")


class ResultChanged(Refusal):
    code = "result-changed"
    template = N_(
        "The log has changed this result since it was proposed (as known at position {known_at}): {changes}. Propose "
        "it anew: gk result propose"
    )


class NotApproved(Refusal):
    code = "not-approved"
    template = N_("No approved result of {scheme} {year} stands: it is {state}. First: gk result {command}")


class AlreadyPublished(Refusal):
    code = "already-published"
    template = N_("The result of {scheme} {year} was published on {day} ({where}). It is published once.")


class ActTooEarly(Refusal):
    code = "act-too-early"
    template = N_("{act} cannot be dated {day}: what it follows was on {before}.")


class NoResult(Refusal):
    code = "no-result"
    template = N_("No result of {scheme} {year} has been proposed yet. See what is left: gk result readiness")


class PublishDayUnreadable(Refusal):
    code = "publish-day-unreadable"
    template = N_("{text} is no day to publish by: a month and a day of the next year is expected, such as 04-30.")


class PublishDayImpossible(Refusal):
    code = "publish-day-impossible"
    template = N_(
        "A result proposed on {on} cannot be published by {day} (--publish-by): name a day from then on, at the "
        "latest {latest}."
    )
