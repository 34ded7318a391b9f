"""The year's result in a store: how ready it is, proposed, approved, published, opened again; what came after it.

A result is derived on a snapshot and frozen with the position up to which the log was known then; whoever logs
meanwhile waits for nothing. The decisions themselves are in `aggregates.result`.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from gkevents import __version__
from gkevents.aggregates import refusals as no
from gkevents.aggregates import result_refusals as no_result
from gkevents.aggregates.result import (
    Result,
    ResultApproved,
    ResultProposed,
    ResultPublished,
    ResultReopened,
    check_publish_by,
    closed_or_refused,
    propose,
)
from gkevents.aggregates.values import value_of
from gkevents.aggregates.vocabulary import Field
from gkevents.app.asking import Question, Standing, standing
from gkevents.app.clock import Clock
from gkevents.app.kept_results import Kept, Look, kept_result
from gkevents.app.recording import Session
from gkevents.app.sources import completeness, source_of
from gkevents.reports.bulletin.corrections import ranked
from gkevents.reports.bulletin.template import Template, read_template, standard_text
from gkevents.reports.document import Content, digest
from gkevents.reports.year.case import YearCase
from gkevents.reports.year.feedback import feedback_content
from gkevents.reports.year.readiness import Readiness, ViewStanding, readiness
from gkevents.reports.year.result import places, result_content
from gkevents.schemes import catalog
from gkevents.scoring.score import Score
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.store.reading import Reader
from gkevents.upcasts import RESULT_APPROVED, RESULT_PROPOSED, RESULT_PUBLISHED, RESULT_REOPENED

HEAD: Final = ("number", "issuer", "addressees")
"""What an office may say of the paper of a result."""


class Proposing(NamedTuple):
    """What is proposed: the result of which scheme-year, by whom, on which day, by which document, why.

    `publish_by`: the last day to publish it, as MM-DD of the next year or in full; else what the scheme's paper says.
    `despite`: why, though something is missing. `head`: what is said of the paper (see `HEAD`); `template`: the
    office's own (None: the standard one), of which its page and what it calls the subject are taken.
    """

    scheme: str
    year: int
    by: str
    on: dt.date | None = None
    document: str | None = None
    reason: str | None = None
    publish_by: str | None = None
    despite: str | None = None
    head: Mapping[str, str | None] = {}
    template: Template | None = None


def approved(reader: Reader, scheme: str, year: int) -> tuple[int, int] | None:
    """The position as known at which the approved result of a year stands, and the how manyth it is.

    None while the year is open.
    """
    found = kept_result(reader, scheme, year).result
    if found.closed is None:
        return None
    return found.closed.proposal.known_at, sum(one.approval is not None for one in found.rounds)


# ---------------------------------------------------------------- ready or not


def ready(
    reader: Reader, scheme: str, year: int, *, today: dt.date, views: Sequence[ViewStanding]
) -> tuple[Standing[Score], Readiness]:
    """The scores as known now, and what is missing on a day. Raises NotAdopted."""
    head = reader.head()[0]
    found = standing(reader, Question(scheme, year, None, str(head)))
    adopted, calendar = archive.scheme_year(reader, scheme, year, head), archive.calendar(reader, head)
    lacks = readiness(
        found.edition, found.scores, year=year, today=today, calendar=calendar, rules=adopted.rules, views=views
    )
    return found, lacks


# ---------------------------------------------------------------- deriving


def year_case(
    reader: Reader,
    of: tuple[str, int],
    proposal: ResultProposed,
    *,
    number: int,
    look: Look,
    found: Standing[Score] | None = None,
) -> YearCase:
    """All that the paper of a result is made of: the same for ever, whatever the log holds behind its position."""
    position = proposal.known_at
    found = found or standing(reader, Question(*of, None, str(position)))
    adopted, calendar = archive.scheme_year(reader, *of, position), archive.calendar(reader, position)
    lacks = readiness(
        found.edition, found.scores, year=of[1], today=proposal.on, calendar=calendar, rules=adopted.rules
    ).lacks
    return YearCase(
        proposal=proposal._replace(digest="", position=0, recorded_at=""),
        number=number,
        recorded_at=archive.recorded_at(reader, position),
        source=source_of(reader, adopted),
        standing=found._replace(simulated=proposal.simulated),
        calendar=calendar,
        rules=adopted.rules,
        lacks=lacks,
        completeness=completeness(reader, of, position, found.scores),
        head=look.head,
        **_told_by(look.template),
    )


def _told_by(text: str | None) -> dict[str, Any]:
    """What the paper takes of its template."""
    if text is None:
        return {}
    template = read_template(text)
    form = template.form
    return {"page": template.page, "subject": form.subject, "chart_units": form.limits.chart_units}


# ---------------------------------------------------------------- proposing


class Made(NamedTuple):
    """A proposal that was derived: its terms, its content, how its paper looks; the result as it was seen then."""

    seen: Result
    proposal: ResultProposed
    content: Content
    look: Look


class ProposedNow(NamedTuple):
    """A proposal as it is stored; `already`: the very same one waits for approval since earlier."""

    proposal: ResultProposed
    content: Content
    already: bool


def made(reader: Reader, asked: Proposing, *, clock: Clock, views: Sequence[ViewStanding]) -> Made | ProposedNow:
    """The proposal that is asked for, derived as the log is now; or the one that waits, where it is the very same.

    Whether it is ready is asked of the proposal's own day. Raises NotAdopted and whatever `propose` raises.
    """
    of, kept, now = (asked.scheme, asked.year), kept_result(reader, asked.scheme, asked.year), clock.now()
    on = asked.on or now.date()
    found, lacks = ready(reader, *of, today=on, views=views)
    adopted = archive.scheme_year(reader, *of, found.known_at)
    look = Look(
        {name: text for name in HEAD if (text := prose(name, asked.head.get(name)))},
        asked.template.text if asked.template is not None else standard_text(),
    )
    blocking = lacks.blocking
    said = ResultProposed(
        by=prose("by", asked.by) or "",
        on=on,
        known_at=found.known_at or 0,
        editions=tuple(each.edition for each in adopted.editions),
        program=__version__,
        digest="",
        document=prose("document", asked.document),
        reason=prose("reason", asked.reason),
        publish_by=_publish_by(asked, on),
        despite=prose("despite", asked.despite),
        lacking=len(blocking),
        simulated=clock.simulated,
    )
    first = blocking[0].what if blocking else None
    (proposal,) = propose(kept.result, said, head=look.head, first=first, now=now)
    number = len(kept.result.rounds) + 1
    same = _waiting_same(reader, kept, proposal, look, found)
    if same is not None:
        return same
    case = year_case(reader, of, proposal, number=number, look=look, found=found)
    content = result_content(case)
    return Made(kept.result, proposal._replace(digest=digest(content)), content, look)


def _waiting_same(
    reader: Reader,
    kept: Kept,
    proposal: ResultProposed,
    look: Look,
    found: Standing[Score],
) -> ProposedNow | None:
    """The proposal that waits, where it says the same as this one and the log has changed nothing in it since."""
    waiting = kept.result.waiting
    if waiting is None or kept.look(kept.result.rounds[-1]) != look:
        return None
    told = proposal._replace(known_at=waiting.known_at, digest=waiting.digest, replaces=waiting.replaces)
    if told != waiting._replace(position=0, recorded_at=""):
        return None
    content = kept.content(kept.result.rounds[-1])
    of, number = (kept.result.scheme, kept.result.year), len(kept.result.rounds)
    case = year_case(reader, of, proposal, number=number, look=look, found=found)
    return (
        ProposedNow(waiting, content, already=True) if result_content(case)["figures"] == content["figures"] else None
    )


def record_proposal(session: Session, of: tuple[str, int], found: Made) -> ProposedNow | None:
    """Append a proposal; None where somebody has decided on the result meanwhile, so that it must be made anew."""
    now = session.clock.now()
    if kept_result(session.writing, *of).result != found.seen:
        return None
    proposal = found.proposal
    body: dict[str, Any] = {
        "scheme": of[0], "year": of[1], "by": proposal.by, "on": proposal.on.isoformat(),
        "known_at": proposal.known_at, "editions": list(proposal.editions), "program": proposal.program,
        "digest": proposal.digest, "content": found.content, "document": proposal.document, "reason": proposal.reason,
        "publish_by": proposal.publish_by.isoformat() if proposal.publish_by is not None else None,
        "despite": proposal.despite, "lacking": proposal.lacking, "replaces": proposal.replaces,
        "head": dict(found.look.head), "template": found.look.template, "simulated": proposal.simulated,
    }  # fmt: skip
    said = {name: value for name, value in body.items() if value or name in ("content", "known_at", "editions")}
    position = session.add(NewEvent(archive.result_stream(*of), RESULT_PROPOSED, said, now))
    return ProposedNow(proposal._replace(position=position), found.content, already=False)


EVENT_OF: Final[Mapping[type[Any], str]] = {
    ResultApproved: RESULT_APPROVED,
    ResultPublished: RESULT_PUBLISHED,
    ResultReopened: RESULT_REOPENED,
}


def record(session: Session, result: Result, act: ResultApproved | ResultPublished | ResultReopened) -> int:
    """Append an act on a result; its position."""
    said = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in act._asdict().items()
        if value is not None and name not in ("position", "recorded_at")
    }
    stream = archive.result_stream(result.scheme, result.year)
    return session.add(NewEvent(stream, EVENT_OF[type(act)], said, session.clock.now()))


def prose(name: str, text: str | None) -> str | None:
    """A text that somebody gave, as it is kept. Raises FieldUnreadable."""
    written: str | None = value_of(Field(name, name, "text"), text) if text is not None else None
    return written or None


_MONTH_DAY: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _publish_by(asked: Proposing, on: dt.date) -> dt.date | None:
    """The last day to publish a result: as said, else as the scheme's paper says, though it may be past by then.

    Raises PublishDayUnreadable, PublishDayImpossible.
    """
    own = publication_day(asked.scheme)
    text = asked.publish_by.strip() if asked.publish_by is not None else own
    if text is None:
        return None
    written = f"{asked.year + 1}-{text}" if _MONTH_DAY.fullmatch(text) else text
    try:
        day = dt.date.fromisoformat(written if _DAY.fullmatch(written) else "")
    except ValueError as error:
        raise no_result.PublishDayUnreadable(text=text) from error
    if written != f"{asked.year + 1}-{own}":
        check_publish_by(day, on)
    return day


def publication_day(scheme: str) -> str | None:
    """The month and day of the next year by which a scheme's paper wants the result published; None: it says none."""
    with (catalog.folder() / "publication-days.csv").open(encoding="utf-8", newline="") as file:
        return next((row["publish_by"] for row in csv.DictReader(file) if row["scheme"] == scheme), None)


# ---------------------------------------------------------------- feedback


def feedback(reader: Reader, scheme: str, year: int, units: Sequence[str] | None) -> Iterator[tuple[str, Content]]:
    """The feedback to each unit named (None: to all) on the approved result. Raises NoSuchUnit, NotApproved."""
    kept = kept_result(reader, scheme, year)
    closed = closed_or_refused(kept.result)
    form = kept.form(closed)
    number = kept.number(closed)
    case = year_case(reader, (scheme, year), closed.proposal, number=number, look=kept.look(closed))
    for unit in case.standing.scores if units is None else units:
        if unit not in case.standing.scores:
            hint = no.nearest(unit, case.standing.scores)
            raise no.NoSuchUnit(unit=unit, scheme=scheme, year=year, hint=hint)
    placed = places(ranked(case.standing))
    for unit in case.standing.scores if units is None else units:
        yield unit, feedback_content(case, unit, form.digest, placed[unit])
