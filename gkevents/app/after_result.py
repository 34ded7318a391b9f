"""What came after a year's result: facts recorded later, what the scores would be now, whether it still follows.

The result itself is read as it was frozen; nothing here changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec.json import decode as decode_json
from sqlalchemy import func, select

from gkevents.aggregates.refusals import Refusal
from gkevents.aggregates.result import Round
from gkevents.aggregates.result_refusals import NoResult
from gkevents.app.asking import Question, standing
from gkevents.app.cases import CaseRow, cases
from gkevents.app.differing import Proof, named, other_program
from gkevents.app.kept_results import Kept, frozen, kept_result
from gkevents.app.results import year_case
from gkevents.reports.bulletin.corrections import ranked
from gkevents.reports.bulletin.template import TemplateFaultyError
from gkevents.reports.document import Content, digest
from gkevents.reports.year.case import result_id
from gkevents.reports.year.marks import RECTIFYING
from gkevents.reports.year.result import places, result_content, unit_answer
from gkevents.store import archive
from gkevents.store.reading import GENESIS, Reader, decode
from gkevents.store.rows import digest as row_digest
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged
from gkevents.words import N_, Message, Term, message


class LateFact(NamedTuple):
    """A fact of the year that was recorded after its result had been made."""

    position: int
    recorded_at: str
    unit: str
    ref: str
    type: str
    item: str | None
    effective_on: str


class Change(NamedTuple):
    """A unit whose figures would be others now: what was frozen, and what they would be."""

    unit: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]

    @property
    def what(self) -> Message:
        """The change in one sentence: the totals and ranks, or what else differs where they do not."""
        was, now = _reached(self.was), _reached(self.now)
        if was != now:
            return message(N_("{unit}: {was} → {now}"), unit=self.unit, was=was, now=now)
        names = [name for name in _FIELDS if self.was[name] != self.now[name]]
        fields = Term(", ".join(names), "、".join(_FIELDS[name] for name in names))
        return message(N_("{unit}: same points and rank, but other: {fields}"), unit=self.unit, fields=fields)


_FIELDS: Final = {
    "category": "类别",
    "base": "指标得分",
    "bonus": "加分",
    "deduction": "减分",
    "zeroed": "弄虚作假",
    "vetoes": "否决情形",
    "eligible": "评优资格",
    "contested": "异议",
}
"""What of a unit's figures is not said with its total, and what a Chinese sentence calls it."""
_MOVED: Final = ("total", "low", "high", "rank", "band", *_FIELDS)
"""The figures that make a result another one."""


def _reached(said: Mapping[str, Any]) -> Message | str:
    """A total, or its bounds, with the rank and the band."""
    if not said:
        return "–"
    points = said["total"] if said["total"] is not None else f"{said['low']} … {said['high']}"
    if said["low"] is None:
        points = "–"
    rank = message(N_("rank {rank}"), rank=said["rank"]) if said["rank"] is not None else message(N_("unranked"))
    text = N_("{points}, {rank}") if said["band"] is None else N_("{points}, {rank}, {band}")
    return message(text, points=points, rank=rank, band=said["band"])


class After(NamedTuple):
    """What was recorded of a year after its result had been made, and what it would do to the figures.

    `elsewhere`: streams beside the year's units that have grown and can move its scores all the same: its scheme, the
    calendar, the years before.
    """

    facts: list[LateFact]
    elsewhere: list[str]
    changes: list[Change]


class Shown(NamedTuple):
    """A year's result: its whole history, the round that is shown with its frozen content, what came after it.

    `orders`: the orders to put a fault right that still run today.
    """

    kept: Kept
    round: Round
    content: Content
    after: After
    orders: list[CaseRow]
    simulated: bool


def shown(reader: Reader, scheme: str, year: int, *, today: dt.date, simulated: bool) -> Shown:
    """The newest result of a year, with what came after it. Raises NotAdopted, NoResult."""
    kept = kept_result(reader, scheme, year)
    last = kept.result.last
    if last is None:
        raise NoResult(scheme=scheme, year=year)
    content = kept.content(last)
    orders = [row for row in cases(reader, scheme=scheme, year=year, today=today) if row.state in RECTIFYING]
    return Shown(kept, last, content, after(reader, kept, last, content), orders, simulated)


def after(reader: Reader, kept: Kept, of: Round, content: Content) -> After:
    """What came after a result was made."""
    result, known_at = kept.result, of.proposal.known_at
    of_year = (result.scheme, result.year)
    facts, head = late_facts(reader, of_year, known_at), reader.head()[0]
    own = archive.unit_stream(*of_year, "")
    before = archive.earlier_years(reader, archive.scheme_year(reader, *of_year))
    others = (
        archive.CALENDAR_STREAM,
        archive.scheme_stream(*of_year),
        *(archive.unit_stream(*one, "") for one in before),
    )
    touched = archive.streams_between(reader, known_at, head)
    elsewhere = [stream for stream in touched if stream.startswith(others)]
    moved = bool(elsewhere) or any(stream.startswith(own) for stream in touched)
    return After(facts, elsewhere, changes(reader, kept, content, head) if moved else [])


def late_facts(reader: Reader, of: tuple[str, int], known_at: int) -> list[LateFact]:
    """The facts of a scheme-year recorded behind a position, in the order of the log."""
    found = []
    for row in reader.connection.execute(select(events).where(*_later(of, known_at)).order_by(events.c.position)):
        event = decode(row, reader.store)
        body, recorded_at = event.body, event.recorded_at.replace(".000000", "")
        day = str(body.get("effective_on") or body.get("effective_at"))
        found.append(
            LateFact(event.position, recorded_at, body["unit"], str(event.ref), body["type"], body.get("item"), day)
        )
    return found


def _later(of: tuple[str, int], known_at: int) -> tuple[Any, ...]:
    prefix = archive.unit_stream(*of, "")
    behind = events.c.position > known_at
    return (events.c.stream >= prefix, events.c.stream < f"{prefix}\U0010ffff", behind, events.c.ref.is_not(None))


def changes(reader: Reader, kept: Kept, content: Content, position: int) -> list[Change]:
    """The units whose figures are others as known at a position than they were frozen."""
    result = kept.result
    found = standing(reader, Question(result.scheme, result.year, None, str(position)))
    placed = places(ranked(found))
    now = {unit: unit_answer(score, placed[unit]) for unit, score in found.scores.items()}
    was: Mapping[str, Mapping[str, Any]] = content["figures"]["units"]
    names = [*was, *(unit for unit in now if unit not in was)]
    every = [Change(unit, was.get(unit, {}), now.get(unit, {})) for unit in names]
    return [one for one in every if any(one.was.get(name) != one.now.get(name) for name in _MOVED)]


def changed_since(reader: Reader, kept: Kept) -> Sequence[Change]:
    """What the log has changed of the proposal that waits; nothing where none waits."""
    last = kept.result.last
    if last is None or kept.result.waiting is None:
        return ()
    return after(reader, kept, last, kept.content(last)).changes


class Closed(NamedTuple):
    """A closed year: when it was approved, as known at which position, and how many facts were recorded after that."""

    approved_on: dt.date
    known_at: int
    later: int


def closed_year(reader: Reader, scheme: str, year: int) -> Closed | None:
    """Whether a year is closed, and how many facts came after; None while it is open. Raises NotAdopted."""
    closed = kept_result(reader, scheme, year).result.closed
    if closed is None or closed.approval is None:
        return None
    known_at = closed.proposal.known_at
    query = select(func.count()).where(*_later((scheme, year), known_at))
    later = int(reader.connection.execute(query).scalar() or 0)
    return Closed(closed.approval.on, known_at, later)


# ---------------------------------------------------------------- verifying


def verify_result(reader: Reader, scheme: str, year: int) -> list[Proof]:
    """Derive every proposal of a year's result again from the log, and compare it with what was frozen."""
    kept = kept_result(reader, scheme, year)
    return [_proof(reader, kept, number, one) for number, one in enumerate(kept.result.rounds, 1)]


def verify_results(reader: Reader) -> list[Proof]:
    """The same of every year that has a result; one that cannot be read any more is at fault, and the others go on."""
    found = []
    for stream in reader.named("result/"):
        try:
            scheme, year, _ = archive.parts_of(stream)
            found += verify_result(reader, scheme, year)
        except (Refusal, StoreDamaged) as trouble:
            found.append(Proof(stream, "", getattr(trouble, "position", 0), [trouble.message]))
        except ValueError:
            found.append(Proof(stream, "", 0, [message(N_("a result's stream is not called so"))]))
    return found


def _proof(reader: Reader, kept: Kept, number: int, one: Round) -> Proof:
    """Whether a proposal and what became of it are as they were recorded, and still follow from the log."""
    form, of = kept.form(one), (kept.result.scheme, kept.result.year)
    altered = N_("the event at position {position} is not what was recorded: its digest differs")
    faults = [message(altered, position=act.position) for act in one.acts if not _as_written(reader, act.position)]
    if frozen(form) is None:
        faults.append(message(N_("the content that the log keeps is not the one that was proposed")))
    try:
        again = result_content(year_case(reader, of, one.proposal, number=number, look=kept.look(one)))
    except TemplateFaultyError:
        faults.append(message(N_("the template that it was set with cannot be read any more")))
    except (Refusal, StoreDamaged) as trouble:
        faults.append(trouble.message)
    else:
        if digest(again) != form.digest:
            faults += [*named(decode_json(form.content), again), *other_program(one.proposal.program)]
    return Proof(result_id(*of, number), form.digest, one.proposal.position, faults)


def _as_written(reader: Reader, position: int) -> bool:
    """Whether an event has the digest that it was recorded with, behind the event before it."""
    query = select(events).where(events.c.position.in_((position - 1, position))).order_by(events.c.position)
    *before, row = reader.connection.execute(query)
    return bool(row_digest(before[0].digest if before else GENESIS, tuple(row)[:7]) == row.digest)
