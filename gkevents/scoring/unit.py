"""One unit on its way through the two passes: its log, and what the first pass makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gkevents.scoring.fact import Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.limits import Limit
from gkevents.scoring.pricing import Charge
from gkevents.scoring.view import View


class UnitLog(NamedTuple):
    """A unit-year's facts in log order. `earlier`: (year, facts) of its unit-years before, for limits running over."""

    unit: str
    category: str
    year: int
    facts: Sequence[Fact]
    earlier: tuple[tuple[int, Sequence[Fact]], ...] = ()


class Priced(NamedTuple):
    """One unit after the first pass. `figures` are the reports that rules on a mean will compare."""

    log: UnitLog
    view: View
    limits: Mapping[str, Limit]
    next_year: tuple[Limit, ...]
    items: Mapping[str, ItemScore]
    raw: Mapping[str, Sequence[Charge]]
    figures: Mapping[str, Fact]
    fraud: Fact | None
