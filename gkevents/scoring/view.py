"""Which facts stand, seen from one place on each of the two axes of time.

On the recorded axis a fact counts from its position on; a retraction or ruling that is itself standing takes its
target out whatever its own date. On the effective axis only happenings and decisions up to `as_of` count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.scoring.fact import (
    CONTESTED,
    FIGURES,
    MISSES,
    NAMING,
    ORDERED,
    OVERTURNED,
    REDUCED,
    REPORTED,
    RETURNED,
    REVERSALS,
    STEPS,
    UPHELD,
    Fact,
)


class View(NamedTuple):
    """The facts of one unit-year that are known, split into those that stand and those taken back (ref -> by whom).

    `contested`: what the unit has contested and nobody has decided on, each with the step that says so.
    """

    standing: tuple[Fact, ...]
    known: tuple[Fact, ...]
    taken_back: dict[str, Fact]
    contested: Mapping[str, Fact] = {}


def reversed_facts(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Refs that are taken back, each with the standing retraction or ruling that does it.

    Worked from the newest to the oldest: a reversal always stands later in the log than its target, so whether it
    stands itself is known when it is reached. A scan's miss falls with the opening it was scanned from, a step and
    evidence with the fact they are about; with an order, every miss of its limit.
    """
    taken_back: dict[str, Fact] = {}
    orders: set[str | None] = set()
    for fact in reversed([fact for fact in facts if fact.type in REVERSALS]):
        if fact.ref not in taken_back and fact.of is not None:
            taken_back[fact.of] = fact
    for fact in facts if taken_back else ():
        of = fact.of if fact.type in NAMING or (fact.scanned and fact.type in MISSES) else None
        if of is None and fact.type in MISSES and fact.key in orders:
            of = fact.key
        if of is not None and of in taken_back:
            taken_back.setdefault(fact.ref, taken_back[of])
        if fact.type == ORDERED and fact.ref in taken_back:
            orders.add(fact.ref)
    return taken_back


def look(
    facts: Iterable[Fact],
    *,
    year: int,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    without: Collection[str] = (),
) -> View:
    """What stands of a unit-year's facts (in log order) as of a day and as known at a log position, both inclusive.

    Figures dated outside the assessment `year` are kept in `known` but do not stand, save those only compared with.
    `without`: facts taken as if the cases they opened had been overturned.
    """
    known = tuple(facts) if known_at is None else tuple([fact for fact in facts if fact.position <= known_at])
    taken_back = reversed_facts(known)
    standing = [
        fact
        for fact in known
        if fact.ref not in taken_back and (fact.type not in _SPECIAL or _figure_stands(fact, year))
    ]
    if as_of is not None:
        standing = [fact for fact in standing if fact.day <= as_of]
    steps = [fact for fact in standing if fact.type in STEPS]
    if not steps and not without:
        return View(tuple(standing), known, taken_back)
    ruled = decided(steps)
    standing, fallen = _ruled(standing, ruled, without)
    return View(tuple(standing), known, {**taken_back, **fallen}, ruled.contested)


class Ruled(NamedTuple):
    """What the steps of cases have come to, by the ref of the fact each is about; `returned`: reports sent back."""

    contested: dict[str, Fact]
    overturned: dict[str, Fact]
    reduced: dict[str, Fact]
    returned: dict[str, Fact]


def decided(steps: Iterable[Fact]) -> Ruled:
    """What standing steps (in log order) come to: of each case the latest word counts."""
    latest: dict[str, Fact] = {}
    reports: dict[str, Fact] = {}
    returned: dict[str, Fact] = {}
    for step in steps:
        of = step.of or ""
        if step.type in _WORDS:
            latest[of] = step
        elif step.type == REPORTED:
            reports[of] = step
        elif step.type == RETURNED and of in reports:
            returned[reports.pop(of).ref] = step

    def of_kind(kind: str) -> dict[str, Fact]:
        return {of: step for of, step in latest.items() if step.type == kind}

    return Ruled(of_kind(CONTESTED), of_kind(OVERTURNED), of_kind(REDUCED), returned)


_WORDS: Final = frozenset({CONTESTED, UPHELD, REDUCED, OVERTURNED})
"""The steps that say whether a finding holds."""


def _ruled(standing: Iterable[Fact], ruled: Ruled, without: Collection[str]) -> tuple[list[Fact], dict[str, Fact]]:
    """What stands once cases are decided, and what no longer does, each with the step by which it fell.

    An overturned miss of a limit stays, marked: it still says that a miss was recorded, and that it costs nothing.
    """
    left: list[Fact] = []
    fallen: dict[str, Fact] = {}
    for fact in standing:
        by = ruled.overturned.get(fact.ref) or ruled.returned.get(fact.ref)
        if by is None and fact.ref not in without:
            reduced = ruled.reduced.get(fact.ref)
            amount = reduced.amount if reduced is not None else None
            left.append(fact if reduced is None else fact._replace(reduced=amount, reduced_by=reduced.ref))
        elif fact.type in MISSES and fact.key is not None:
            left.append(fact._replace(overturned=True, reduced_by=by.ref if by is not None else None))
        if by is not None:
            fallen[fact.ref] = by
    return left, fallen


_SPECIAL: Final = REVERSALS | FIGURES


def _figure_stands(fact: Fact, year: int) -> bool:
    return fact.type in FIGURES and (fact.day.year == year or fact.is_reference)
