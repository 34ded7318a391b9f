"""What the reckoning answers for one unit: the figures of a score, nothing of how they are shown or explained.

It has no flags, no ledger and no rounded figures for display. Points are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ItemAnswer:
    """One item: its points and their bounds, its maximum, and its state; without points all but the state is None."""

    score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    max: Fraction | None
    state: str


@dataclass(frozen=True)
class PartAnswer:
    """One named part; `score` and `weighted` are None while the unit is provisional."""

    score: Fraction | None
    low: Fraction
    high: Fraction
    weight: Fraction
    weighted: Fraction | None


@dataclass(frozen=True)
class LimitAnswer:
    """One limit: its item, its due day or instant as text (None while no calendar tells it), and its state.

    One to put something right may be on no item.
    """

    item: str | None
    due: str | None
    state: str


@dataclass(frozen=True)
class Answer:
    """One unit's year.

    While `priced` is false the scheme gives the unit's items no points yet: then every figure is None but those that
    proven fraud sets to 0, `parts` and `deducted_by_quarter` are empty, and nothing is said of `vetoes` and `eligible`
    (empty and None). `rank` is None for a provisional unit and where the scheme puts its units in no order.
    `deducted_by_quarter` leaves out quarters that cost nothing. `vetoes` are the codes of those that fired.
    `contested` are the refs of what is contested and not decided; it counts in everything else. `confirmed` and its
    bounds are the total without anything that any unit of the scheme-year contests.
    """

    unit: str
    category: str
    priced: bool
    total: Fraction | None
    low: Fraction | None
    high: Fraction | None
    base: Fraction | None
    bonus: Fraction | None
    deduction: Fraction | None
    zeroed: bool
    band: str | None
    rank: int | None
    eligible: bool | None
    vetoes: tuple[str, ...]
    items: Mapping[str, ItemAnswer]
    parts: Mapping[str, PartAnswer]
    deducted_by_quarter: Mapping[str, Fraction]
    deadlines: Mapping[str, LimitAnswer]
    contested: tuple[str, ...]
    confirmed: Fraction | None
    confirmed_low: Fraction | None
    confirmed_high: Fraction | None

    @property
    def provisional(self) -> bool:
        """Whether the total is still open."""
        return self.total is None
