"""Every reason not to issue a bulletin, one class each, in the order in which they are checked (see `refusals`)."""

# ruff: noqa: D101 - a refusal says itself what it is for: its template is the sentence people read

from __future__ import annotations

from gkevents.aggregates.refusals import Refusal
from gkevents.words import N_


class NoSuchPeriod(Refusal):
    code = "no-such-period"
    template = N_(
        "There is no such period of {year}: name a quarter from 1 to 4 (--quarter; --as-of at most one quarter "
        "behind it), or days of the year, the first before the last (--since, --as-of), or nothing for the whole year."
    )


class NoSuchBulletin(Refusal):
    code = "no-such-bulletin"
    template = N_("No bulletin {id} has been issued. {hint}")


class TwoYears(Refusal):
    code = "two-years"
    template = N_("{first} and {second} are bulletins of two different scheme-years: their scores cannot be compared.")


class AlreadyIssued(Refusal):
    code = "already-issued"
    template = N_(
        "{id} was issued on {issued_on} and never changes; asked for now it would differ in: {differs}. What has "
        "become known since stands in the next bulletin. See: gk bulletin show {id}"
    )


class LineUnreadable(Refusal):
    code = "line-unreadable"
    template = N_("--{option} wants one line of visible text, at most {most} characters long.")


class ExcludedUnclear(Refusal):
    code = "excluded-unclear"
    template = N_("{unit} is left out twice, or without a reason of one line: --exclude {unit}=REASON")


class ExcludedUnknown(Refusal):
    code = "excluded-unknown"
    template = N_("{unit} is not assessed under {scheme} {year}, so it cannot be left out. {hint}")


class ExcludedFromYear(Refusal):
    code = "excluded-from-year"
    template = N_("{id} is the bulletin of an approved result, which ranks every unit: --exclude does not fit it.")


class RectifyBefore(Refusal):
    code = "rectify-before"
    template = N_("Nothing can be put right by {day} (--rectify-by): the bulletin is dated {issued_on}.")


class NotOver(Refusal):
    code = "not-over"
    template = N_(
        "{id} runs to {until}, and today is {today}: it can be issued when that day has come. To see how it stands, "
        "ask for a draft in the same words: gk bulletin draft …"
    )


class DatedAhead(Refusal):
    code = "dated-ahead"
    template = N_("A bulletin cannot be dated {issued_on}: today is {today}.")


class DatedBefore(Refusal):
    code = "dated-before"
    template = N_("{id} runs to {until}; it cannot be dated {issued_on}, before that day.")


class ViewStopped(Refusal):
    code = "view-stopped"
    template = N_(
        "The view {view} could not apply the event at position {position}: nothing is issued without it. gk verify "
        "says what is wrong with it."
    )


class ViewBehind(Refusal):
    code = "view-behind"
    template = N_(
        "The view {view} has come to position {position} of {known_at}: nothing is issued while it is behind. Bring it "
        "up with: gk projections catch-up"
    )


class LimitsUnscanned(Refusal):
    code = "limits-unscanned"
    template = N_(
        "{count} limits ran out by {as_of} and were not scanned, the first being {key} of {unit}, due {due}. "
        "Record what was missed: gk deadlines scan"
    )


class NotApplied(Refusal):
    code = "not-applied"
    template = N_(
        "The log holds {recorded} facts of this year, and {applied} of them went into the scores: nothing is issued "
        "before all did. See: gk verify"
    )


class ResultNotApproved(Refusal):
    code = "result-not-approved"
    template = N_(
        "No approved result of {scheme} {year} stands, so there is no bulletin of the whole year yet. How far it is: "
        "gk result show, or gk result readiness. For a part of the year: --quarter N, or --as-of DAY"
    )


class TemplateFaulty(Refusal):
    code = "template-faulty"
    template = N_(
        "{name} is no template of bulletins that can be used: {fault} (the standard one: gk bulletin template)"
    )
