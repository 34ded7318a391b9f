"""A random log run through the program and through the oracle: what differs, if anything."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gkevents.aggregates.facts import canonical
from gkevents.aggregates.stored import due_text
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.calendar import Calendar
from gkevents.schemes.catalog import calendar_notices, text_of
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.reading import read
from gkevents.scoring.fact import RETRACTION
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO, instant

from .oracle import score
from .random_logs import Case
from .stored import WorkingDays, as_written


@lru_cache
def content_of(scheme: str) -> dict[str, Any]:
    """A published scheme, read."""
    content = read(text_of(scheme)).content
    assert content is not None
    return content


def edition(scheme: str, overlay: dict[str, Any] | None) -> Edition:
    """The edition of a published scheme with an overlay."""
    return edition_of(content_of(scheme), digest=digest_of(text_of(scheme), overlay), overlay=overlay)


@lru_cache
def full_calendar() -> Calendar:
    """The calendar with every notice."""
    return Calendar.of(calendar_notices())


def recorded(case: Case, frozen: Edition) -> dict[str, UnitYear]:
    """The case's facts recorded through the aggregate's own decisions; a refusal is an error of the test."""
    states, _ = recorded_with_bodies(case, frozen)
    return states


def recorded_with_bodies(case: Case, frozen: Edition) -> tuple[dict[str, UnitYear], list[tuple[int, dict[str, Any]]]]:
    """The same, with each fact's position and body as the log keeps it."""
    states = {unit: UnitYear(case.scheme, case.year, unit, category, frozen) for unit, category in case.units.items()}
    kept: dict[str, dict[str, Any]] = {}
    for fact in case.facts:
        state = states[fact["unit"]]
        if fact["ref"].startswith("scan:"):
            body = scanned(state, fact)
        else:
            body, moment = canonical(as_written(fact)), instant(fact["recorded_at"])
            about = kept.get(body.get("of", ""))
            body = record(state, body, recorded_at=moment, calendar=full_calendar(), about=about)
        assert body.get("key") == fact.get("key"), fact["ref"]
        state.evolve(body, position=fact["position"], recorded_at=fact["recorded_at"])
        kept[fact["ref"]] = body
    return states, [(fact["position"], kept[fact["ref"]]) for fact in case.facts]


def scanned(state: UnitYear, fact: dict[str, Any]) -> dict[str, Any]:
    """What a scan records: a miss with the opening that it was scanned from, or that it takes such a miss back."""
    if fact["type"] == RETRACTION:
        return as_written(fact)
    opening = state.opening(fact["key"])
    return as_written(fact) | {"item": fact.get("item"), "scanned": True, "of": opening.ref if opening else None}


def program(case: Case) -> dict[str, Score]:
    """The program's scores of a case."""
    frozen = edition(case.scheme, case.overlay)
    states = recorded(case, frozen)
    logs = [UnitLog(unit, state.category, case.year, state.facts) for unit, state in states.items()]
    return assess(frozen, logs, as_of=case.as_of, known_at=case.known_at, calendar=full_calendar())


def disagreements(case: Case) -> list[str]:
    """Every difference between the program and the oracle on a case, and every ledger that does not sum."""
    ours = program(case)
    frozen = edition(case.scheme, case.overlay)
    theirs = score(
        case.scheme, case.year, case.units, case.facts,
        overlay=case.overlay, calendar=_oracle_calendar(), as_of=case.as_of, known_at=case.known_at,
    )  # fmt: skip
    ranks = {row.unit: place for rows in rank(frozen, ours).values() for row, place in rows}
    return [
        f"{unit} {name}: {mine!r}, oracle {other!r}"
        for unit, expected in theirs.items()
        for name, mine, other in _pairs(ours[unit], ranks[unit], expected)
        if mine != other
    ]


def limits_shown(mine: Score) -> dict[str, dict[str, object]]:
    """A score's limits as the oracle gives them."""
    return {
        key: {"item": limit.item, "due": due_text(limit.due), "state": limit.state}
        for key, limit in mine.limits.items()
    }


@lru_cache
def oracle_calendar() -> WorkingDays:
    """The oracle's own calendar."""
    return WorkingDays.published()


_oracle_calendar = oracle_calendar


def _pairs(mine: Score, place: int | None, expected: dict[str, Any]) -> list[tuple[str, object, object]]:
    names = ("total", "low", "high", "provisional", "base", "bonus", "deduction", "zeroed", "band")
    pairs: list[tuple[str, object, object]] = [(name, getattr(mine, name), expected[name]) for name in names]
    pairs.append(("rank", place, expected["rank"]))
    quarters = {quarter: cost for quarter, cost in mine.deducted_by_quarter.items() if cost}
    pairs.append(("quarters", quarters, {q: c for q, c in expected["deducted_by_quarter"].items() if c}))
    items = {
        code: {"score": item.score, "low": item.low, "high": item.high, "max": item.points_max, "state": item.state}
        for code, item in mine.items.items()
    }
    pairs += [(code, items.get(code), wanted) for code, wanted in expected["items"].items()]
    pairs.append(("items", set(items), set(expected["items"])))
    pairs.append(("deadlines", limits_shown(mine), expected["deadlines"]))
    book = ledger(mine)
    if mine.low is not None:
        summed = (book.start or ZERO) + sum((entry.applied for entry in book.entries), ZERO)
        pairs.append(("ledger", summed, mine.low))
    return pairs
