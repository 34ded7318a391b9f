"""What is said of a unit's score, whether worked out just now (`score.Score`) or read back from the rows of a view.

How a score came about is not part of it: facts and charges are in the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Veto
from gkevents.scoring.flags import Flag
from gkevents.scoring.whole import PartScore


class Moved(NamedTuple):
    """What one ± rule did: by how many happenings, and how many points of the total, with their sign."""

    facts: int
    points: Fraction


class ItemOutcome(Protocol):
    """One item of a unit."""

    @property
    def score(self) -> Fraction | None:
        """Its points; None while undetermined."""

    @property
    def low(self) -> Fraction | None:
        """The least it can come to; None where the scheme gives no points."""

    @property
    def high(self) -> Fraction | None:
        """The most it can come to."""

    @property
    def points_max(self) -> Fraction | None:
        """What it is worth."""

    @property
    def state(self) -> str:
        """Whether it is priced, graded, open and so on."""


class LimitOutcome(Protocol):
    """One limit of a unit."""

    @property
    def item(self) -> str | None:
        """The item it was opened on."""

    @property
    def due(self) -> dt.date | dt.datetime | None:
        """When it ends; None beyond the published calendar."""

    @property
    def state(self) -> str:
        """Whether it is open, met or missed."""


class Placed(Protocol):
    """What a place among the units is told from."""

    @property
    def category(self) -> str:
        """The ranking group."""

    @property
    def total(self) -> Fraction | None:
        """The total; None while anything is undetermined."""

    def measure(self, name: str) -> Fraction:
        """The score that a rule on ties names."""


class Outcome(Placed, Protocol):
    """One unit's score (see `score.Score` for what each of these means)."""

    @property
    def unit(self) -> str:
        """Whose it is."""

    @property
    def low(self) -> Fraction | None:
        """The least the total can be."""

    @property
    def high(self) -> Fraction | None:
        """The most the total can be."""

    @property
    def provisional(self) -> bool:
        """Whether anything is still undetermined."""

    @property
    def base(self) -> Fraction | None:
        """The items' sum."""

    @property
    def bonus(self) -> Fraction | None:
        """What came beyond the items, as a positive number."""

    @property
    def deduction(self) -> Fraction | None:
        """What was taken beyond the items, as a positive number."""

    @property
    def zeroed(self) -> bool:
        """Whether proven fraud was answered."""

    @property
    def band(self) -> str | None:
        """The band of the total."""

    @property
    def items(self) -> Mapping[str, ItemOutcome]:
        """The items on the unit's form, by code."""

    @property
    def moved(self) -> Mapping[str, Moved]:
        """What the ± rules did, by code, those that anything happened on."""

    @property
    def parts(self) -> Mapping[str, PartScore]:
        """The scores of the scheme's parts, by name."""

    @property
    def vetoes(self) -> Sequence[Veto]:
        """The vetoes that fired."""

    @property
    def eligible(self) -> bool | None:
        """Whether the unit may be chosen for honours; None while that is undetermined."""

    @property
    def deducted_by_quarter(self) -> Mapping[str, Fraction]:
        """What each quarter's happenings cost."""

    @property
    def limits(self) -> Mapping[str, LimitOutcome]:
        """The limits, by key."""

    @property
    def flags(self) -> Sequence[Flag]:
        """Things a person should look at."""

    @property
    def edition(self) -> Edition:
        """The edition that priced it."""
