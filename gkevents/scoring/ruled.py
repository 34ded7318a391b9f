"""A log as a paper about a day sees it: what has been decided about findings of that time counts, whenever it was.

A question as of a day counts decisions up to that day, rulings on cases among them. A paper that is published later may
not print a card that has been overturned by then: like a retraction, a ruling counts in it as soon as it is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from gkevents.scoring.fact import CONTESTED, OVERTURNED, REDUCED, UPHELD, Fact
from gkevents.scoring.unit import UnitLog
from gkevents.terms import microseconds

RULINGS: Final = frozenset({CONTESTED, UPHELD, REDUCED, OVERTURNED})
"""The steps that say whether a finding holds."""


def ruled(log: UnitLog, day: dt.date | None) -> UnitLog:
    """A log in which what was ruled after a day was ruled on that day; as it is, where every day counts."""
    if day is None:
        return log
    earlier = tuple((year, _dated(facts, day)) for year, facts in log.earlier)
    return log._replace(facts=_dated(log.facts, day), earlier=earlier)


def _dated(facts: Sequence[Fact], day: dt.date) -> Sequence[Fact]:
    when = microseconds(day)
    return [
        fact._replace(day=day, when=when, at=None) if fact.type in RULINGS and fact.day > day else fact
        for fact in facts
    ]
