"""A random log under a random scheme run through the program and through the oracle: what differs, if anything."""

from __future__ import annotations

import random
from typing import Any

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.reading import read
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO

from .agreement import full_calendar, limits_shown, oracle_calendar, recorded
from .stored import reckon
from .wide_logs import random_case
from .wide_writer import WideCase

PLAIN = ("total", "low", "high", "provisional", "base", "bonus", "deduction", "zeroed", "band", "eligible")


def content_of(text: str) -> dict[str, Any]:
    """A random scheme, read; a fault in it is an error of the test."""
    found = read(text)
    assert found.content is not None, (found.faults, text)
    return found.content


def edition(case: WideCase) -> Edition:
    """The edition of a random scheme."""
    return edition_of(case.content, digest=digest_of(case.text, None), overlay=None)


def program(case: WideCase) -> dict[str, Score]:
    """The program's scores of a case."""
    frozen = edition(case)
    states = recorded(case, frozen)
    logs = [UnitLog(unit, state.category, case.year, state.facts) for unit, state in states.items()]
    return assess(frozen, logs, as_of=case.as_of, known_at=case.known_at, calendar=full_calendar())


def disagreements(case: WideCase) -> list[str]:
    """Every difference between the program and the oracle on a case, and every ledger that does not sum."""
    theirs = reckon(
        case.content, case.year, case.units, case.facts,
        calendar=oracle_calendar(), as_of=case.as_of, known_at=case.known_at,
    )  # fmt: skip
    return differing(edition(case), program(case), theirs)


def differing(frozen: Edition, ours: dict[str, Score], theirs: dict[str, dict[str, Any]]) -> list[str]:
    """Every difference between scores and what the oracle says, and every ledger that does not sum."""
    ranks = {row.unit: place for rows in rank(frozen, ours).values() for row, place in rows}
    return [
        f"{unit} {name}: {mine!r}, oracle {other!r}"
        for unit, expected in theirs.items()
        for name, mine, other in _pairs(ours[unit], ranks[unit], expected)
        if mine != other
    ]


def _pairs(mine: Score, place: int | None, expected: dict[str, Any]) -> list[tuple[str, object, object]]:
    pairs: list[tuple[str, object, object]] = [(name, getattr(mine, name), expected[name]) for name in PLAIN]
    pairs.append(("rank", place, expected["rank"]))
    quarters = {quarter: cost for quarter, cost in mine.deducted_by_quarter.items() if cost}
    pairs.append(("quarters", quarters, {q: c for q, c in expected["deducted_by_quarter"].items() if c}))
    items = {
        code: {"score": item.score, "low": item.low, "high": item.high, "max": item.points_max, "state": item.state}
        for code, item in mine.items.items()
    }
    pairs += [(code, items.get(code), wanted) for code, wanted in expected["items"].items()]
    pairs.append(("items", set(items), set(expected["items"])))
    pairs.append(("vetoes", {veto.code for veto in mine.vetoes}, set(expected["vetoes"])))
    parts = {name: part for name, part in mine.parts.items() if name}
    pairs.append(("parts", set(parts), set(expected["parts"])))
    names = ("low", "high", "weight") if mine.provisional else ("score", "low", "high", "weight", "weighted")
    for code, wanted in expected["parts"].items():
        pairs += [(f"parts-{name}", getattr(parts[code], name), wanted[name]) for name in names]
    pairs.append(("deadlines", limits_shown(mine), expected["deadlines"]))
    book = ledger(mine)
    if mine.low is not None:
        summed = (book.start or ZERO) + sum((entry.applied for entry in book.entries), ZERO)
        pairs.append(("ledger", summed, mine.low))
    return pairs


def random_wide_case(number: int, *, cases: bool = False) -> WideCase:
    """The random log of this number, with steps of cases or without."""
    return random_case(random.Random(f"wide {number}"), content_of, cases=cases)
