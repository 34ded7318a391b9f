"""The program's scores beside what the second reckoning makes of the same log: what differs, if anything."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from gkevents.aggregates.stored import fact_of
from gkevents.oracle import Answer, reckon_log
from gkevents.schemes.catalog import calendar_notices
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from tests.app.worlds import World

from .agreement import full_calendar, limits_shown, recorded_with_bodies
from .random_logs import Case


class Event(NamedTuple):
    """An event, with nothing but what the reckoning asks for."""

    position: int
    stream: str
    name: str
    body: dict[str, Any]


NEXT = 1_000
PLAIN = ("total", "low", "high", "provisional", "base", "bonus", "deduction", "zeroed", "band")


def differences(frozen: Edition, scores: Mapping[str, Score], answers: Iterable[tuple[str, Answer]]) -> list[str]:
    """Every difference between scores and answers, over everything that an answer says."""
    ranks = {row.unit: place for rows in rank(frozen, scores).values() for row, place in rows}
    theirs = dict(answers)
    found = [] if set(theirs) == set(scores) else [f"units {sorted(scores)}, reckoned {sorted(theirs)}"]
    return found + [
        f"{unit} {name}: {mine!r}, reckoned {other!r}"
        for unit, answer in theirs.items()
        if unit in scores
        for name, mine, other in _pairs(scores[unit], ranks[unit], answer)
        if mine != other
    ]


def _pairs(mine: Score, place: int | None, answer: Answer) -> list[tuple[str, object, object]]:
    pairs: list[tuple[str, object, object]] = [(name, getattr(mine, name), getattr(answer, name)) for name in PLAIN]
    pairs += [("category", mine.category, answer.category), ("rank", place, answer.rank)]
    if answer.priced:
        pairs.append(("eligible", mine.eligible, answer.eligible))
        pairs.append(("vetoes", {veto.code for veto in mine.vetoes}, set(answer.vetoes)))
    quarters = {quarter: cost for quarter, cost in mine.deducted_by_quarter.items() if cost}
    pairs.append(("quarters", quarters, answer.deducted_by_quarter))
    items = {code: (item.score, item.low, item.high, item.points_max, item.state) for code, item in mine.items.items()}
    reckoned = {code: (item.score, item.low, item.high, item.max, item.state) for code, item in answer.items.items()}
    pairs += [(code, items.get(code), reckoned.get(code)) for code in {**items, **reckoned}]
    pairs += [
        (f"part {name}", mine.parts.get(name), part) for name, part in answer.parts.items() if name not in mine.parts
    ]
    for name, part in mine.parts.items():
        theirs = answer.parts[name]
        pairs.append((f"part {name}", (part.low, part.high, part.weight), (theirs.low, theirs.high, theirs.weight)))
        if not mine.provisional:
            pairs.append((f"part {name}", (part.score, part.weighted), (theirs.score, theirs.weighted)))
    limits = {key: {"item": one.item, "due": one.due, "state": one.state} for key, one in answer.deadlines.items()}
    pairs.append(("deadlines", limits_shown(mine), limits))
    return pairs


def logged(case: Case, content: dict[str, Any], bodies: Iterable[tuple[int, dict[str, Any]]]) -> list[Event]:
    """The events of a random log as a store would hold them; the facts keep their positions."""
    notices = calendar_notices()
    first = -len(notices)
    events = [
        Event(first + n, "calendar", "calendar-notice-adopted.1", notice.to_dict()) for n, notice in enumerate(notices)
    ]
    stream = f"{case.scheme}/{case.year}"
    adopted = {"content": content, "overlay": case.overlay, "units": [[*each] for each in case.units.items()]}
    events.append(Event(0, f"scheme-year/{stream}", "edition-adopted.1", adopted))
    return events + [Event(position, f"unit-year/{stream}/{body['unit']}", "fact.1", body) for position, body in bodies]


def disagreements(
    case: Case, content: dict[str, Any], frozen: Edition, *, under: tuple[dict[str, Any], Edition] | None = None
) -> list[str]:
    """What differs between program and reckoning on a random log; `under`: as another edition sees it.

    A unit keeps its category if the other edition has it, else it gets one that it has.
    """
    _, bodies = recorded_with_bodies(case, frozen)
    content, frozen = under or (content, frozen)
    variants = frozen.variants
    units = {unit: name if not variants or name in variants else variants[0] for unit, name in case.units.items()}
    asked = replace(case, units=units)
    logs = [UnitLog(unit, category, case.year, facts_of(bodies, unit)) for unit, category in units.items()]
    scores = assess(frozen, logs, as_of=case.as_of, known_at=case.known_at, calendar=full_calendar())
    answers = reckon_log(
        logged(asked, content, bodies), scheme=case.scheme, year=case.year, as_of=case.as_of, known_at=case.known_at
    )
    return differences(frozen, scores, answers)


def facts_of(bodies: Iterable[tuple[int, dict[str, Any]]], unit: str) -> list[Fact]:
    """The facts of a unit, as the scoring core reads them."""
    return [fact_of(body, position=position, recorded_at="") for position, body in bodies if body["unit"] == unit]


def a_year_later(bodies: Iterable[tuple[int, dict[str, Any]]], dice: random.Random) -> list[tuple[int, dict[str, Any]]]:
    """Half of the facts of a log once more, a year later and behind the others."""
    found = []
    for position, body in bodies:
        if dice.random() < 0.5:
            moved = {name: value for name, value in body.items() if name not in ("due", "calendar")}
            for name in ("effective_on", "effective_at", "limit"):
                if str(moved.get(name))[4:5] == "-":
                    moved[name] = f"{int(moved[name][:4]) + 1}{moved[name][4:]}".replace("-02-29", "-02-28")
            moved |= {name: f"next {moved[name]}" for name in ("ref", "of") if name in moved}
            found.append((position + NEXT, moved))
    return found


def disagreements_next_year(case: Case, content: dict[str, Any], frozen: Edition, dice: random.Random) -> list[str]:
    """What differs on the year after a random log, in which some limits of it run out and other facts were logged."""
    _, bodies = recorded_with_bodies(case, frozen)
    later = a_year_later(bodies, dice)
    year, calendar = case.year + 1, full_calendar()
    as_of = dice.choice((None, date(year, 1, 1) + timedelta(days=dice.randint(0, 300))))
    logs = [
        UnitLog(unit, category, year, facts_of(later, unit), ((case.year, facts_of(bodies, unit)),))
        for unit, category in case.units.items()
    ]
    logs = [log._replace(facts=[worked_out(fact) for fact in log.facts]) for log in logs]
    scores = assess(frozen, logs, as_of=as_of, calendar=calendar)
    events = [
        *logged(case, content, bodies),
        *logged(replace(case, year=year), content, later)[len(calendar_notices()) :],
    ]
    return differences(frozen, scores, reckon_log(events, scheme=case.scheme, year=year, as_of=as_of))


def worked_out(fact: Fact) -> Fact:
    """A fact of which nobody has worked out a due day yet."""
    return fact._replace(calendar="none") if fact.limit is not None else fact


def events_in(world: World) -> list[Event]:
    """Everything that a store holds, its bodies read as plain JSON."""
    found = world.rows("SELECT position, stream, name, body FROM events ORDER BY position")
    return [Event(position, stream, name, json.loads(body)) for position, stream, name, body in found]


def stored_differences(
    world: World, scheme: str, year: int, *, known_at: int | None = None, as_of: date | None = None
) -> list[str]:
    """What differs between what a store answers and the reckoning of what it holds."""
    known = None if known_at is None else str(known_at)
    standing = world.standing(scheme=scheme, year=year, as_of=as_of, known_at=known)
    answers = reckon_log(events_in(world), scheme=scheme, year=year, as_of=as_of, known_at=known_at)
    return differences(standing.edition, standing.scores, answers)
