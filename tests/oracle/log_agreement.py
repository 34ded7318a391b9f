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
from gkevents.scoring.contest import Contest, contests
from gkevents.scoring.fact import CONTESTED, STEPS, Fact
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
    answers = reckon_log(
        logged(asked, content, bodies), scheme=case.scheme, year=case.year, as_of=case.as_of, known_at=case.known_at
    )
    return differences_of(frozen, logs, answers, as_of=case.as_of, known_at=case.known_at)


def differences_of(
    frozen: Edition,
    logs: list[UnitLog],
    answers: list[tuple[str, Answer]],
    **asked: Any,  # noqa: ANN401
) -> list[str]:
    """Every difference between what the core says of the logs, and of what is contested in them, and the answers."""
    scores = assess(frozen, logs, calendar=full_calendar(), **asked)
    every = [fact for log in logs for facts in (log.facts, *(before for _, before in log.earlier)) for fact in facts]
    held = {}
    if any(fact.type == CONTESTED for fact in every):
        held = contests(frozen, logs, scores, calendar=full_calendar(), **asked)
    return differences(frozen, scores, answers) + [
        f"{unit} contest: {mine!r}, reckoned {other!r}"
        for unit, answer in answers
        if (mine := contest_of(held.get(unit), scores[unit])) != (other := contest_reckoned(answer))
    ]


def contest_of(found: Contest | None, score: Score) -> tuple[object, ...]:
    """What a unit contests, and its total with its bounds without anything contested."""
    if found is None:
        return ((), score.total, score.low, score.high)
    return (tuple(sorted(found.refs)), found.confirmed, found.confirmed_low, found.confirmed_high)


def contest_reckoned(answer: Answer) -> tuple[object, ...]:
    """The same as reckoned."""
    return (tuple(sorted(answer.contested)), answer.confirmed, answer.confirmed_low, answer.confirmed_high)


def facts_of(bodies: Iterable[tuple[int, dict[str, Any]]], unit: str) -> list[Fact]:
    """The facts of a unit, as the scoring core reads them."""
    return [fact_of(body, position=position, recorded_at="") for position, body in bodies if body["unit"] == unit]


def a_year_later(bodies: Iterable[tuple[int, dict[str, Any]]], dice: random.Random) -> list[tuple[int, dict[str, Any]]]:
    """Half of the facts of a log once more, a year later and behind the others; a case with all its steps or none."""
    found = []
    roots: dict[str, str] = {}
    kept: dict[str, bool] = {}
    for position, body in bodies:
        root = roots.setdefault(body["ref"], root_of(body, roots))
        if root not in kept:
            kept[root] = dice.random() < 0.5
        if kept[root]:
            moved = {name: value for name, value in body.items() if name not in ("due", "calendar")}
            for name in ("effective_on", "effective_at", "limit"):
                if str(moved.get(name))[4:5] == "-":
                    moved[name] = f"{int(moved[name][:4]) + 1}{moved[name][4:]}".replace("-02-29", "-02-28")
            moved |= {name: f"next {moved[name]}" for name in ("ref", "of") if name in moved}
            if moved.get("key") in roots:
                moved["key"] = f"next {moved['key']}"
            found.append((position + NEXT, moved))
    return found


def root_of(body: dict[str, Any], roots: Mapping[str, str]) -> str:
    """The fact that opened the case to which a step belongs, or a miss of its order, or what takes either back."""
    if body.get("key") in roots:
        return roots[body["key"]]
    of = body.get("of", "")
    return roots[of] if body["type"] in STEPS or roots.get(of, of) != of else str(body["ref"])


def disagreements_next_year(case: Case, content: dict[str, Any], frozen: Edition, dice: random.Random) -> list[str]:
    """What differs on the year after a random log, in which some limits of it run out and other facts were logged."""
    _, bodies = recorded_with_bodies(case, frozen)
    later = a_year_later(bodies, dice)
    year = case.year + 1
    as_of = dice.choice((None, date(year, 1, 1) + timedelta(days=dice.randint(0, 300))))
    logs = [
        UnitLog(unit, category, year, facts_of(later, unit), ((case.year, facts_of(bodies, unit)),))
        for unit, category in case.units.items()
    ]
    logs = [log._replace(facts=[worked_out(fact) for fact in log.facts]) for log in logs]
    events = [
        *logged(case, content, bodies),
        *logged(replace(case, year=year), content, later)[len(calendar_notices()) :],
    ]
    answers = reckon_log(events, scheme=case.scheme, year=year, as_of=as_of)
    return differences_of(frozen, logs, answers, as_of=as_of)


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
