"""Cases: what an office decided on them, their steps taken one by one, and where each of them stands."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_rules import CaseRules
from gkevents.aggregates.cases import OPEN_CASES, Case, Due, following, next_due
from gkevents.aggregates.facts import Body, canonical
from gkevents.app.case_files import read_rules
from gkevents.app.clock import Clock
from gkevents.app.recording import Session, check_ref, free_ref
from gkevents.calendar import Calendar
from gkevents.projections.view import UNITS, batches
from gkevents.scoring.fact import ACCEPTED, CLOSED, CONTESTED, EVIDENCE, MISSES, NOTIFIED, ORDERED, STEPS, Fact
from gkevents.scoring.limits import day_after
from gkevents.scoring.view import reversed_facts
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.store.reading import Event, Reader, facts_of
from gkevents.terms import BEIJING
from gkevents.upcasts import CASE_RULES_ADOPTED
from gkevents.words import N_, message

_LISTED: Final = message(N_("See: gk case list"))
VOID: Final = "void"
"""What is said of a case whose fact has been taken back."""


class RulesAdopted(NamedTuple):
    """What the adoption of an office's rules came to."""

    scheme: str
    year: int
    digest: str
    position: int
    already: bool


class RulesInForce(NamedTuple):
    """What an office decided on its cases of a year, as it wrote it; no text where it decided nothing."""

    scheme: str
    year: int
    rules: CaseRules
    text: str | None
    digest: str | None
    position: int | None
    recorded_at: str | None


class CaseRow(NamedTuple):
    """Where a case stands.

    `since`: the day of its latest step, or on which its fact was taken back; `next`: the steps that may follow today;
    `due`: what has to happen next by when (or until when it may), `overdue` whether it should have happened by now.
    """

    ref: str
    unit: str
    type: str
    item: str | None
    effective_on: dt.date
    state: str
    since: dt.date
    next: tuple[str, ...]
    due: Due | None
    overdue: bool
    scheme: str
    year: int


class StepRow(NamedTuple):
    """A step, or a piece of evidence, as it was recorded; `taken_back` by which fact, where it was."""

    position: int
    recorded_at: str
    body: Mapping[str, Any]
    taken_back: str | None


class CaseStory(NamedTuple):
    """A case whole: where it stands, the fact as recorded, every step and piece of evidence in the order of the log."""

    row: CaseRow
    fact: StepRow
    steps: list[StepRow]


def adopt_rules(session: Session, path: Path, *, scheme: str, year: int) -> RulesAdopted:
    """Record what an office decided on its cases of a year; they hold for steps recorded from now on."""
    text, rules = read_rules(path)
    session.scheme_year(scheme, year)
    digest = hashlib.sha256(text.encode()).hexdigest()
    stream = archive.scheme_stream(scheme, year)
    kept = _adoption(session.writing, stream)
    if kept is not None and kept.body["digest"] == digest:
        return RulesAdopted(scheme, year, digest, kept.position, already=True)
    said = {name: value for name, value in rules.items() if value}
    body = {"scheme": scheme, "year": year, "digest": digest, "text": text, **said}
    position = session.add(NewEvent(stream, CASE_RULES_ADOPTED, body, session.clock.now()))
    return RulesAdopted(scheme, year, digest, position, already=False)


def _adoption(reader: Reader, stream: str) -> Event | None:
    """The event that adopted the rules in force; None where none have been."""
    kept = [event for event in reader.stream(stream) if event.name.startswith(f"{CASE_RULES_ADOPTED}.")]
    return kept[-1] if kept else None


def rules_in_force(reader: Reader, *, scheme: str, year: int) -> RulesInForce:
    """What an office decided on its cases of a year. Raises NotAdopted."""
    rules = archive.scheme_year(reader, scheme, year).rules
    event = _adoption(reader, archive.scheme_stream(scheme, year))
    if event is None:
        return RulesInForce(scheme, year, rules, None, None, None, None)
    body = event.body
    return RulesInForce(scheme, year, rules, body["text"], body["digest"], event.position, event.recorded_at)


def take_step(session: Session, of: str, kind: str, fields: Mapping[str, Any]) -> tuple[str, int | None]:
    """Record a step of the case that a fact opened; the step's number and position. Raises the refusal.

    `fields` are those of the step; without a day it is of today, without a number it is given one. No position: it was
    recorded already, under this number and with the same content.
    """
    stream, fact = opened_by(session, of, kind)
    scheme, year, unit = archive.parts_of(stream)
    fields = {"effective_on": session.clock.now().date().isoformat()} | dict(fields)
    if "effective_at" in fields:
        del fields["effective_on"]
    ref = fields.get("ref") or free_ref(session, f"{of}-{kind.rpartition('-')[2]}-")
    body = canonical({**fields, "ref": ref, "type": kind, "unit": unit, "of": fact["ref"]})
    if fields.get("ref"):
        check_ref(session, body["ref"])
    return ref, session.record(session.scheme_year(scheme, year), body)


def opened_by(session: Session, of: str, kind: str) -> tuple[str, Body]:
    """The stream and body of the fact that opened a case. Raises NoSuchFact."""
    found = session.find(of)
    if found is None or "type" not in found[1]:
        raise no_case.NoSuchFact(of=of, type=kind, hint=_LISTED)
    return found


def cases(reader: Reader, *, scheme: str, year: int, today: dt.date, unit: str | None = None) -> Iterator[CaseRow]:
    """The cases of a scheme-year or of one unit, in the order of the log. Raises NotAdopted, NoSuchUnit."""
    adopted = archive.scheme_year(reader, scheme, year)
    if unit is not None and unit not in adopted.units:
        raise no.NoSuchUnit(unit=unit, scheme=scheme, year=year, hint=no.nearest(unit, adopted.units))
    calendar = archive.calendar(reader)
    for names in batches(adopted.units if unit is None else [unit], UNITS):
        own = reader.streams([archive.unit_stream(scheme, year, name) for name in names])
        for name, events in zip(names, own.values(), strict=True):
            bodies = {event.ref: event.body for event in events if event.ref is not None}
            facts = facts_of(events, reader.store)
            yield from (row for row, _ in _rows(adopted, name, facts, bodies, calendar, today))


def _rows(
    adopted: archive.SchemeYear,
    unit: str,
    facts: Sequence[Fact],
    bodies: Mapping[str, Mapping[str, Any]],
    calendar: Calendar,
    today: dt.date,
) -> Iterator[tuple[CaseRow, Case]]:
    """Where each case of a unit-year stands."""
    taken_back = reversed_facts(facts)
    steps: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.type in STEPS and fact.ref not in taken_back:
            steps.setdefault(fact.of or "", []).append(fact)
    for fact in facts:
        if fact.type not in OPEN_CASES or (fact.type in MISSES and fact.item is None):
            continue  # the miss of an order that costs nothing belongs to the order's own case
        case = Case(fact, bodies[fact.ref].get("recorded_by"), steps.get(fact.ref, ()))
        void = taken_back.get(fact.ref)
        due = None if void else next_due(case, adopted.rules, calendar)
        over = due is not None and due.until is not None and day_after(due.until) <= today
        yield CaseRow(
            fact.ref, unit, fact.type, fact.item, fact.day, VOID if void else case.state,
            void.day if void else case.steps[-1].day if case.steps else fact.day,
            () if void else _possible(case, adopted.rules, over=over), due,
            over and due is not None and due.step != CONTESTED,
            adopted.scheme, adopted.year,
        ), case  # fmt: skip


def _possible(case: Case, rules: CaseRules, *, over: bool) -> tuple[str, ...]:
    """The steps that may follow today: while a unit may contest, nothing goes on without its word; then it may not."""
    may = following(case, rules)
    if case.state != NOTIFIED or rules.contest_window is None:
        return may
    return tuple(step for step in may if (step in (ORDERED, CLOSED)) is over or step == ACCEPTED)


def story(reader: Reader, ref: str, *, today: dt.date) -> CaseStory:
    """A case whole, by the number of its fact or of any of its steps. Raises NoSuchFact, NoCase."""
    stream = _stream_of(reader, ref)
    scheme, year, unit = archive.parts_of(stream)
    adopted = archive.scheme_year(reader, scheme, year)
    ((log, bodies),) = archive.unit_records(reader, adopted, [unit])
    about = _about(bodies, bodies[ref]["of"] if bodies[ref]["type"] == EVIDENCE else ref)
    row = next((row for row, _ in _rows(adopted, unit, log.facts, bodies, archive.calendar(reader), today)
                if row.ref == about), None)  # fmt: skip
    if row is None:
        raise no_case.NoCase(of=ref, kind=no.term(bodies[ref]["type"]))
    taken_back = reversed_facts(log.facts)
    told = [
        StepRow(fact.position, fact.recorded_at, bodies[fact.ref], by.ref if (by := taken_back.get(fact.ref)) else None)
        for fact in log.facts
        if fact.ref == about or (fact.type in STEPS and fact.of == about)
        or (fact.type == EVIDENCE and _about(bodies, fact.of) == about)
        or (fact.type in MISSES and bodies.get(fact.key or "", {}).get("of") == about)
    ]  # fmt: skip
    return CaseStory(row, told[0], told[1:])


def _about(bodies: Mapping[str, Mapping[str, Any]], of: str | None) -> str | None:
    """The case that a piece of evidence is about: the fact it names, or that of the step it names."""
    body = bodies.get(of or "")
    return body["of"] if body is not None and body["type"] in STEPS else of


def _stream_of(reader: Reader, ref: str) -> str:
    from gkevents.store.outline import recorded_under  # noqa: PLC0415 - a list of cases does not need it

    found = recorded_under(reader, (ref,)).get(ref)
    if found is None or not found.stream.startswith("unit-year/"):
        raise no_case.NoSuchFact(of=ref, type="case", hint=_LISTED)
    return found.stream


def today_of(reader: Reader, now: dt.datetime | None, *, simulated: bool) -> dt.date:
    """The day on which something is overdue or not: of the moment told, else of the store's clock."""
    moment = now if now is not None else Clock(reader.head()[1], simulated=simulated, now=None).now()
    return moment.astimezone(BEIJING).date()
