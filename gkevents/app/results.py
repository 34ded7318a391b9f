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

import msgspec
from sqlalchemy import func, select

from gkevents import __version__
from gkevents.aggregates import refusals as no
from gkevents.aggregates import result_refusals as no_result
from gkevents.aggregates.result import (
    Result,
    ResultApproved,
    ResultEvent,
    ResultProposed,
    ResultPublished,
    ResultReopened,
    Round,
    closed_or_refused,
    evolve,
    propose,
)
from gkevents.aggregates.values import value_of
from gkevents.aggregates.vocabulary import Field
from gkevents.app.asking import Question, Standing, standing
from gkevents.app.recording import Session
from gkevents.reports.bulletin.case import Completeness, Source
from gkevents.reports.bulletin.corrections import ranked
from gkevents.reports.bulletin.template import Template, read_template
from gkevents.reports.document import Content, digest
from gkevents.reports.year.case import YearCase
from gkevents.reports.year.feedback import feedback_content
from gkevents.reports.year.readiness import Readiness, ViewStanding, readiness
from gkevents.reports.year.result import places, result_content
from gkevents.schemes import catalog
from gkevents.scoring.score import Score
from gkevents.store import archive, result_forms
from gkevents.store.forms import EditionAdopted, opened
from gkevents.store.log import NewEvent
from gkevents.store.reading import Event, Reader
from gkevents.store.tables import events, meta
from gkevents.upcasts import RESULT_APPROVED, RESULT_PROPOSED, RESULT_PUBLISHED, RESULT_REOPENED

HEAD: Final = ("number", "issuer", "addressees")
"""What an office may say of the paper of a result."""


class Proposing(NamedTuple):
    """What is proposed: the result of which scheme-year, by whom, on which day, by which document, why.

    `publish_by`: the last day to publish it, as MM-DD of the next year or in full; else what the scheme's paper says.
    `despite`: why, though something is missing. `head`: what is said of the paper (see `HEAD`); `template`: the
    office's own, of which its page and what it calls the subject are taken.
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


class Look(NamedTuple):
    """How the paper of a result is to look: what was said of it, the text of the office's template."""

    head: Mapping[str, str]
    template: str | None = None


class Kept(NamedTuple):
    """The result of a scheme-year as the log holds it, and the proposals with their contents, by position."""

    result: Result
    forms: Mapping[int, result_forms.ResultProposed]

    def form(self, of: Round) -> result_forms.ResultProposed:
        """A proposal as it was stored."""
        return self.forms[of.proposal.position]

    def content(self, of: Round) -> Content:
        """The content of a proposal as it was frozen."""
        found: Content = msgspec.json.decode(self.form(of).content)
        return found

    def look(self, of: Round) -> Look:
        """How its paper looks."""
        form = self.form(of)
        return Look(form.head, form.template)

    def number(self, of: Round) -> int:
        """The how manieth proposal of the year it is."""
        return self.result.rounds.index(of) + 1


def kept_result(reader: Reader, scheme: str, year: int) -> Kept:
    """The result of a scheme-year. Raises NotAdopted."""
    recorded = reader.stream(archive.result_stream(scheme, year))
    if not recorded:
        archive.scheme_year(reader, scheme, year)
    result, forms = Result(scheme, year), {}
    for event in recorded:
        result = evolve(result, _event(event))
        if isinstance(event.form, result_forms.ResultProposed):
            forms[event.position] = event.form
    return Kept(result, forms)


def _event(event: Event) -> ResultEvent:
    """What an event of a result's stream says."""
    recorded_at, form = event.recorded_at.replace(".000000", ""), event.form
    said = {"position": event.position, "recorded_at": recorded_at}
    if isinstance(form, result_forms.ResultProposed):
        until = dt.date.fromisoformat(form.publish_by) if form.publish_by is not None else None
        return ResultProposed(
            form.by, dt.date.fromisoformat(form.on), form.known_at, tuple(form.editions), form.program, form.digest,
            form.document, form.reason, until, form.despite, form.lacking, form.replaces, event.position, recorded_at,
        )  # fmt: skip
    body = {name: value for name, value in event.body.items() if value is not None} | said
    body["on"] = dt.date.fromisoformat(body["on"])
    if isinstance(form, result_forms.ResultApproved):
        return ResultApproved(**body)
    return ResultPublished(**body) if isinstance(form, result_forms.ResultPublished) else ResultReopened(**body)


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
    """The scores as known now, and what is missing. Raises NotAdopted."""
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
        recorded_at=_recorded_at(reader, position),
        source=_source(reader, adopted),
        standing=found._replace(simulated=_is_simulated(reader)),
        calendar=calendar,
        rules=adopted.rules,
        lacks=lacks,
        completeness=Completeness(
            _recorded(reader, of, position), sum(len(score.priced.view.known) for score in found.scores.values())
        ),
        head=look.head,
        **_told_by(look.template),
    )


def _told_by(text: str | None) -> dict[str, Any]:
    """What the paper takes of an office's template."""
    if text is None:
        return {}
    template = read_template(text)
    form = template.form
    return {"page": template.page, "subject": form.subject, "chart_units": form.limits.chart_units}


def _is_simulated(reader: Reader) -> bool:
    """Whether the store's clock is told the time."""
    return reader.connection.execute(select(meta.c.value).where(meta.c.name == "clock")).scalar() == "simulated"


def _recorded_at(reader: Reader, position: int) -> str:
    query = select(events.c.recorded_at).where(events.c.position <= position)
    found = reader.connection.execute(query.order_by(events.c.position.desc()).limit(1)).scalar()
    return str(found or "").replace(".000000", "")


def _recorded(reader: Reader, of: tuple[str, int], position: int) -> int:
    """How many facts of a scheme-year the log holds up to a position."""
    prefix = archive.unit_stream(*of, "")
    query = select(func.count()).where(
        events.c.stream >= prefix, events.c.stream < f"{prefix}\U0010ffff", events.c.position <= position,
        events.c.ref.is_not(None),
    )  # fmt: skip
    return int(reader.connection.execute(query).scalar() or 0)


def _source(reader: Reader, adopted: archive.SchemeYear) -> Source:
    """The paper that the scheme in force is from."""
    said: Mapping[str, Any] = {}
    for event in reader.stream(archive.scheme_stream(adopted.scheme, adopted.year)):
        if event.position == adopted.position and isinstance(event.form, EditionAdopted):
            said = opened(event.form.content) or {}
    return Source(adopted.edition.title, said.get("document"), said.get("issuer"))


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


def made(reader: Reader, asked: Proposing, *, now: dt.datetime, views: Sequence[ViewStanding]) -> Made | ProposedNow:
    """The proposal that is asked for, derived as the log is now; or the one that waits, where it is the very same.

    Raises NotAdopted and whatever `propose` raises.
    """
    of, kept = (asked.scheme, asked.year), kept_result(reader, asked.scheme, asked.year)
    found, lacks = ready(reader, *of, today=now.date(), views=views)
    adopted = archive.scheme_year(reader, *of, found.known_at)
    look = Look(
        {name: text for name in HEAD if (text := prose(name, asked.head.get(name)))},
        asked.template.text if asked.template is not None else None,
    )
    blocking = lacks.blocking
    said = ResultProposed(
        by=prose("by", asked.by) or "",
        on=asked.on or now.date(),
        known_at=found.known_at or 0,
        editions=tuple(each.edition for each in adopted.editions),
        program=__version__,
        digest="",
        document=prose("document", asked.document),
        reason=prose("reason", asked.reason),
        publish_by=_publish_by(asked.scheme, asked.year, asked.publish_by),
        despite=prose("despite", asked.despite),
        lacking=len(blocking),
    )
    (proposal,) = propose(kept.result, said, first=blocking[0].what if blocking else None, now=now)
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
        "head": dict(found.look.head), "template": found.look.template,
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


def _publish_by(scheme: str, year: int, said: str | None) -> dt.date | None:
    """The last day to publish a result: as said, else as the scheme's paper says. Raises PublishDayUnreadable."""
    text = said.strip() if said is not None else publication_day(scheme)
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(f"{year + 1}-{text}" if _MONTH_DAY.fullmatch(text) else text)
    except ValueError as error:
        raise no_result.PublishDayUnreadable(text=text) from error


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
