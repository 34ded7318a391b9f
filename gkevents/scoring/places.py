"""Places among units whose values may not all be known: which places are still possible, and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from gkevents.schemes.model import Worth
from gkevents.scoring.worth import place_points


class Value(NamedTuple):
    """What a unit is placed by, between two bounds (None: it may be anything), and the refs that moved it."""

    low: Fraction | None = None
    high: Fraction | None = None
    refs: tuple[str, ...] = ()


class Places:
    """The units that are placed together, by their values."""

    def __init__(self, values: Mapping[str, Value], *, high_first: bool) -> None:
        """Take each unit's value."""
        self.values = values
        self.high_first = high_first

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """What moved the values of them all."""
        return tuple(ref for value in self.values.values() for ref in value.refs)

    def determined(self, unit: str) -> bool:
        """Whether a unit's own value is known."""
        value = self.values[unit]
        return value.low is not None and value.low == value.high

    def span(self, unit: str) -> tuple[int, int]:
        """The best and the worst place a unit can still have; ties share the better place."""
        mine = self.values[unit]
        surely = possibly = 0
        for name, other in self.values.items():
            if name != unit:
                surely += self._better(other, mine, at_least=True)
                possibly += self._better(other, mine, at_least=False)
        return 1 + surely, 1 + possibly

    def _better(self, other: Value, mine: Value, *, at_least: bool) -> bool:
        """Whether another value is better than mine for certain (`at_least`), or may be."""
        if other.low is None or other.high is None or mine.low is None or mine.high is None:
            return not at_least
        if self.high_first:
            return other.low > mine.high if at_least else other.high > mine.low
        return other.high < mine.low if at_least else other.low < mine.high

    def points(self, unit: str, worth: Worth) -> list[Fraction]:
        """What each place that a unit can still have gives."""
        best, worst = self.span(unit)
        return [place_points(worth, place, len(self.values)) for place in range(best, worst + 1)]
