"""The year's result: proposed, approved by somebody else, published; opened again only by a recorded decision. Pure.

A proposal freezes what it was made from (the position up to which the log was known, the editions, the program, the
digest of the content). What is recorded later changes nothing in it. Each decision gives the events to append: none
where the same has been recorded already.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar, assert_never

from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates import refusals as no
from gkevents.aggregates import result_refusals as no_result
from gkevents.aggregates.bulletin import NAME_MAX, is_line
from gkevents.words import N_, Message, message

DIGEST_LEAST: Final = 8
"""So many characters of a digest name a proposal."""

NONE: Final = "none"
PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
PUBLISHED: Final = "published"
REOPENED: Final = "reopened"

STATES: Final = {
    NONE: N_("not proposed"),
    PROPOSED: N_("proposed"),
    APPROVED: N_("approved"),
    PUBLISHED: N_("published"),
    REOPENED: N_("opened again"),
}
"""What each state is called."""


class ResultProposed(NamedTuple):
    """A result put forward for approval: who, when, by which document; what it was made from; what was lacking.

    `known_at`: the last position that counts. `publish_by`: the last day to publish it. `despite`: why it was proposed
    though so many things (`lacking`) were left. `replaces`: the digest of the approved result that it stands in for.
    `simulated`: whether the store was told the time then.
    """

    by: str
    on: dt.date
    known_at: int
    editions: tuple[str, ...]
    program: str
    digest: str
    document: str | None = None
    reason: str | None = None
    publish_by: dt.date | None = None
    despite: str | None = None
    lacking: int = 0
    replaces: str | None = None
    simulated: bool = False
    position: int = 0
    recorded_at: str = ""


class ResultApproved(NamedTuple):
    """Exactly the proposal of this digest is approved; from here on the year is closed."""

    by: str
    on: dt.date
    document: str
    digest: str
    position: int = 0
    recorded_at: str = ""


class ResultPublished(NamedTuple):
    """It was published: on which day, where, under which number."""

    on: dt.date
    where: str | None = None
    document: str | None = None
    position: int = 0
    recorded_at: str = ""


class ResultReopened(NamedTuple):
    """The year was opened again: who decided it, by which document, why."""

    by: str
    on: dt.date
    document: str
    reason: str
    position: int = 0
    recorded_at: str = ""


ResultEvent = ResultProposed | ResultApproved | ResultPublished | ResultReopened


class Round(NamedTuple):
    """A proposal and what became of it."""

    proposal: ResultProposed
    approval: ResultApproved | None = None
    publication: ResultPublished | None = None
    reopening: ResultReopened | None = None

    @property
    def state(self) -> str:
        """How far it has come."""
        if self.reopening is not None:
            return REOPENED
        if self.publication is not None:
            return PUBLISHED
        return PROPOSED if self.approval is None else APPROVED

    @property
    def days_late(self) -> int:
        """How many days after its day it was published; 0 in time, or where no day was set."""
        if self.publication is None or self.proposal.publish_by is None:
            return 0
        return max((self.publication.on - self.proposal.publish_by).days, 0)

    @property
    def acts(self) -> tuple[ResultEvent, ...]:
        """What happened to it, in order."""
        return tuple(act for act in (self.proposal, self.approval, self.publication, self.reopening) if act is not None)


class Result(NamedTuple):
    """The result of a scheme-year: every proposal and what became of it, oldest first."""

    scheme: str
    year: int
    rounds: tuple[Round, ...] = ()

    @property
    def last(self) -> Round | None:
        """The newest proposal and what became of it."""
        return self.rounds[-1] if self.rounds else None

    @property
    def state(self) -> str:
        """How far the newest proposal has come; `none` without one."""
        return self.rounds[-1].state if self.rounds else NONE

    @property
    def closed(self) -> Round | None:
        """The approved result that stands; None while the year is open."""
        last = self.last
        return last if last is not None and last.state in (APPROVED, PUBLISHED) else None

    @property
    def waiting(self) -> ResultProposed | None:
        """What waits for approval."""
        last = self.last
        return last.proposal if last is not None and last.state == PROPOSED else None

    @property
    def approved_last(self) -> Round | None:
        """The newest result that was ever approved, even if it has been opened again since."""
        return next((each for each in reversed(self.rounds) if each.approval is not None), None)


def evolve(result: Result, event: ResultEvent) -> Result:
    """The result after one more event."""
    before, last = result.rounds[:-1], result.rounds[-1:]
    match event:
        case ResultProposed():
            return result._replace(rounds=(*result.rounds, Round(event)))
        case ResultApproved():
            return result._replace(rounds=(*before, last[0]._replace(approval=event)))
        case ResultPublished():
            return result._replace(rounds=(*before, last[0]._replace(publication=event)))
        case ResultReopened():
            return result._replace(rounds=(*before, last[0]._replace(reopening=event)))
        case _:
            assert_never(event)


def propose(
    result: Result,
    proposal: ResultProposed,
    *,
    head: Mapping[str, str] = {},
    first: Message | None = None,
    now: dt.datetime,
) -> tuple[ResultProposed, ...]:
    """Put a result forward; an earlier proposal that still waits is superseded.

    `head`: what is said of its paper; `first`: the first of the things that are lacking. Raises ResultWordMissing,
    LineUnreadable, ResultClosed, NotReady, InTheFuture, ActTooEarly.
    """
    _check_words(_PROPOSAL, by=proposal.by)
    said = {"document": proposal.document, "reason": proposal.reason, "despite": proposal.despite}
    _check_lines(by=proposal.by, **said, **head)
    _check_open(result)
    if proposal.lacking and not proposal.despite:
        raise no_result.NotReady(scheme=result.scheme, year=result.year, count=proposal.lacking, first=first or "")
    _check_day(result, proposal.on, _PROPOSAL, now)
    replaced = result.approved_last
    return (
        proposal._replace(
            despite=proposal.despite if proposal.lacking else None,
            replaces=replaced.proposal.digest if replaced is not None else None,
        ),
    )


def approve(
    result: Result, approval: ResultApproved, *, changes: Sequence[Message | str] = (), now: dt.datetime
) -> tuple[ResultApproved, ...]:
    """Approve exactly the proposal that waits, named by its digest or the beginning of it.

    `changes`: what the log has changed of it since. Raises ResultWordMissing, LineUnreadable, ResultClosed,
    NothingProposed, DigestTooShort, OtherProposal, ApprovedByProposer, ResultChanged, InTheFuture, ActTooEarly.
    """
    _check_words(_APPROVAL, by=approval.by, document=approval.document, digest=approval.digest)
    _check_lines(by=approval.by, document=approval.document)
    closed = result.closed
    if closed is not None and _same(closed.approval, approval._replace(digest=_whole(closed, approval))):
        return ()
    _check_open(result)
    waiting = result.waiting
    if waiting is None:
        raise no_result.NothingProposed(scheme=result.scheme, year=result.year)
    if len(approval.digest) < DIGEST_LEAST:
        raise no_result.DigestTooShort(asked=approval.digest, least=DIGEST_LEAST)
    if not waiting.digest.startswith(approval.digest):
        raise no_result.OtherProposal(asked=approval.digest, digest=waiting.digest, by=waiting.by, day=waiting.on)
    if same_person(approval.by, waiting.by):
        raise no_result.ApprovedByProposer(by=approval.by)
    if changes:
        raise no_result.ResultChanged(known_at=waiting.known_at, changes=_listed(changes))
    _check_day(result, approval.on, _APPROVAL, now)
    return (approval._replace(digest=waiting.digest),)


def publish(result: Result, publication: ResultPublished, *, now: dt.datetime) -> tuple[ResultPublished, ...]:
    """Record the publication of the approved result; one past its day is recorded all the same (see `days_late`).

    Raises ResultWordMissing, LineUnreadable, NotApproved, AlreadyPublished, InTheFuture, ActTooEarly.
    """
    _check_words(_PUBLICATION, where=publication.where or publication.document or "")
    _check_lines(where=publication.where, document=publication.document)
    closed = closed_or_refused(result)
    if closed.publication is not None:
        if _same(closed.publication, publication):
            return ()
        said = closed.publication
        where = said.where or said.document
        raise no_result.AlreadyPublished(scheme=result.scheme, year=result.year, day=said.on, where=where)
    _check_day(result, publication.on, _PUBLICATION, now)
    return (publication,)


def reopen(result: Result, reopening: ResultReopened, *, now: dt.datetime) -> tuple[ResultReopened, ...]:
    """Open a closed year again, so that another result may be proposed; what was approved stays in the log.

    Raises ResultWordMissing, LineUnreadable, NotApproved, InTheFuture, ActTooEarly.
    """
    _check_words(_REOPENING, by=reopening.by, document=reopening.document, reason=reopening.reason)
    _check_lines(by=reopening.by, document=reopening.document, reason=reopening.reason)
    last = result.last
    if last is not None and last.reopening is not None and _same(last.reopening, reopening):
        return ()
    closed_or_refused(result)
    _check_day(result, reopening.on, _REOPENING, now)
    return (reopening,)


def closed_or_refused(result: Result) -> Round:
    """The approved result that stands. Raises NotApproved."""
    closed = result.closed
    if closed is None:
        command = "approve" if result.waiting is not None else "propose"
        state = message(STATES[result.state])
        raise no_result.NotApproved(scheme=result.scheme, year=result.year, state=state, command=command)
    return closed


_PROPOSAL: Final = N_("The proposal")
_APPROVAL: Final = N_("The approval")
_PUBLICATION: Final = N_("The publication")
_REOPENING: Final = N_("Opening the year again")

_WORDS: Final = {
    "by": N_("who decides (--by)"),
    "document": N_("the document's number (--document)"),
    "digest": N_("the digest of the proposal (--digest)"),
    "where": N_("where or under which number it is published (--where, --document)"),
    "reason": N_("the reason (--reason)"),
}


def _check_words(act: str, **words: str) -> None:
    """What an act cannot do without. Raises ResultWordMissing for the first that is left out."""
    for name, word in words.items():
        if not word.strip():
            raise no_result.ResultWordMissing(act=message(act), needed=message(_WORDS[name]))


def _check_lines(**lines: str | None) -> None:
    """What is said of an act is a line that can be read: no sign in it that is not seen. Raises LineUnreadable."""
    for name, text in lines.items():
        if text and not is_line(text):
            option = {"addressees": "to"}.get(name, name)
            raise no_bulletin.LineUnreadable(option=option, most=NAME_MAX)


def check_publish_by(day: dt.date, proposed_on: dt.date) -> None:
    """A result is published after it was proposed, and within a year of that. Raises PublishDayImpossible."""
    latest = proposed_on + _PUBLISH_WITHIN
    if not proposed_on <= day <= latest:
        raise no_result.PublishDayImpossible(day=day, on=proposed_on, latest=latest)


_PUBLISH_WITHIN: Final = dt.timedelta(days=366)


def _check_open(result: Result) -> None:
    closed = result.closed
    if closed is not None and closed.approval is not None:
        said = closed.approval
        raise no_result.ResultClosed(
            scheme=result.scheme, year=result.year, day=said.on, by=said.by, document=said.document
        )


def _check_day(result: Result, day: dt.date, act: str, now: dt.datetime) -> None:
    """An act is neither in the future nor before what it follows. Raises InTheFuture, ActTooEarly."""
    if day > now.date():
        raise no.InTheFuture(day=day.isoformat(), recorded_at=now.isoformat(timespec="minutes"))
    last = result.last
    if last is not None and day < last.acts[-1].on:
        raise no_result.ActTooEarly(act=message(act), day=day, before=last.acts[-1].on)


Act = TypeVar("Act", ResultApproved, ResultPublished, ResultReopened)


def _same(recorded: Act | None, said: Act) -> bool:
    """Whether an act says what was recorded already."""
    return recorded is not None and recorded._replace(position=0, recorded_at="") == said


def _whole(closed: Round, approval: ResultApproved) -> str:
    """The whole digest that the beginning of it means, where it is that of the approved result."""
    digest = closed.proposal.digest
    return digest if len(approval.digest) >= DIGEST_LEAST and digest.startswith(approval.digest) else approval.digest


def same_person(one: str, other: str) -> bool:
    """Whether two names are those of one person, whatever spaces, stops, capitals and widths they were written with."""
    return _name(one) == _name(other)


def _name(text: str) -> str:
    written = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(one for one in written if unicodedata.category(one)[0] in "LN" and one not in _FILLERS)
    return kept or written


_FILLERS: Final = "\u115f\u1160\u3164\uffa0"
"""Letters by their kind that nobody sees."""


_SHOWN_MAX: Final = 5


def _listed(changes: Sequence[Message | str]) -> Message | str:
    """The first few changes in one message, and how many more there are."""
    listed: Message | str = changes[0]
    for change in changes[1:_SHOWN_MAX]:
        listed = message(N_("{first}; {second}"), first=listed, second=change)
    left = len(changes) - _SHOWN_MAX
    return message(N_("{first} (and {more} more)"), first=listed, more=left) if left > 0 else listed
