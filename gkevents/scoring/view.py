"""Which facts stand, seen from one place on each of the two axes of time.

On the recorded axis a fact counts from its position on; a retraction or ruling that is itself standing takes its
target out whatever its own date. On the effective axis only happenings and decisions up to `as_of` count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gkevents.scoring.fact import FIGURES, REVERSALS, Fact


class View(NamedTuple):
    """The facts of one unit-year that are known, split into those that stand and those taken back (ref -> by whom)."""

    standing: tuple[Fact, ...]
    known: tuple[Fact, ...]
    taken_back: dict[str, Fact]


def reversed_facts(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Refs that are taken back, each with the standing retraction or ruling that does it.

    Worked from the newest to the oldest: a reversal always stands later in the log than its target, so whether it
    stands itself is known when it is reached. A scan's miss falls with the opening it was scanned from.
    """
    taken_back: dict[str, Fact] = {}
    for fact in reversed([fact for fact in facts if fact.type in REVERSALS]):
        if fact.ref not in taken_back and fact.of is not None:
            taken_back[fact.of] = fact
    for fact in [fact for fact in facts if fact.scanned] if taken_back else ():
        if fact.of is not None and fact.of in taken_back:
            taken_back.setdefault(fact.ref, taken_back[fact.of])
    return taken_back


def look(facts: Iterable[Fact], *, year: int, as_of: dt.date | None = None, known_at: int | None = None) -> View:
    """What stands of a unit-year's facts (in log order) as of a day and as known at a log position, both inclusive.

    Figures dated outside the assessment `year` are kept in `known` but do not stand, save those only compared with.
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
    return View(tuple(standing), known, taken_back)


_SPECIAL: Final = REVERSALS | FIGURES


def _figure_stands(fact: Fact, year: int) -> bool:
    return fact.type in FIGURES and (fact.day.year == year or fact.is_reference)
