"""The parts that an edition is made of: prices, worths, items, ± rules, sections, vetoes, bands. Plain, frozen data.

Points may be missing (`None`) only where the paper prints none and no overlay has been decided. `edition` puts them
together, `compiling` makes them of a file's content.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from gkevents.terms import LEVEL_RANK, ONE

Content = Mapping[str, Any]

_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})

_MISSES: Final = frozenset({"reply-timeout", "deadline-missed"})
KEPT: Final = "limit-kept"
"""What a limit kept in time is heard as."""

LISTENS: Final[Mapping[str, frozenset[str]]] = {
    "happenings": frozenset({"occurrence", "criticism"}) | _MISSES,
    "cards": frozenset({"supervision-card"}),
    "messages": _MISSES,
    "amounts": frozenset({"occurrence"}),
    "praise": frozenset({"occurrence", "praise"}),
    "praise-facts": frozenset({"praise"}),
    "kept": frozenset({KEPT}),
}
"""What each word of a rule's `on` makes it listen to; a limit that was missed is heard as a miss."""

_ANSWERS: Final = frozenset({"netizen-reply", "deadline-met", "rectification-reported"})
HEARS: Final[Mapping[str, frozenset[str]]] = {
    on: types | _ANSWERS if "deadline-missed" in types else types for on, types in LISTENS.items()
}


class Pricing(NamedTuple):
    """One event rule: what it listens to, how facts are grouped, what a group is worth, how that is limited.

    `kinds`: it hears only these (none: all); `deaf`: it does not hear these.
    """

    on: str
    each: str
    price: Fraction | None = None
    whole: bool = False
    by_assessor: bool = False
    from_overlay: bool = False
    levels: Mapping[str, Fraction] = _NOTHING
    first: Fraction | None = None
    again: Fraction | None = None
    first_card: str = "base"
    totals: tuple[Fraction, ...] = ()
    limit: str | None = None
    level_min: str | None = None
    when: tuple[tuple[str, bool], ...] = ()
    needs: Mapping[str, int] = _NOTHING
    join: str = "all"
    cap: Fraction | None = None
    nth: tuple[Fraction, ...] = ()
    between: tuple[Fraction, Fraction] | None = None
    down_to: Fraction | None = None
    kinds: frozenset[str] = frozenset()
    factors: Mapping[str, Fraction] = _NOTHING
    eased: Mapping[str, Fraction] = _NOTHING
    deaf: frozenset[str] = frozenset()
    other: bool = False
    averaged: bool = False
    period_caps: tuple[tuple[str, Fraction], ...] = ()

    @property
    def listens(self) -> frozenset[str]:
        """The fact types that can cost or earn under this rule."""
        return LISTENS[self.on]

    @property
    def hears(self) -> frozenset[str]:
        """The same, with the answers that tell of a missed limit among them."""
        return HEARS[self.on]

    @property
    def level_floor(self) -> int:
        """Rank of the lowest level that is priced; 0 where every level is."""
        if self.levels:
            return min(LEVEL_RANK[level] for level in self.levels)
        return LEVEL_RANK[self.level_min] if self.level_min else 0


class Line(NamedTuple):
    """What a figure is compared with: a number, or `share` of what is recorded or worked out (`source`).

    Sources: "previous", "years" (the mean of the `years` before), "parent", "target", "mean" (of the units).
    """

    number: Fraction | None = None
    source: str | None = None
    share: Fraction = ONE
    years: int = 1


class Worth(NamedTuple):
    """What a reported figure, or a place, gives.

    Shapes: `tiers`, `linear`, `fall`, `proportional` of a figure; `each`, `missing` of a checklist; `places`, `top` of
    a place. `costs`: what it comes to is taken from the full points, otherwise it is the points.
    """

    shape: str
    tiers: tuple[tuple[Fraction, Fraction], ...] = ()
    interval: str = "lower"
    per: Fraction = Fraction(0)
    of: int = 0
    fall: Fraction = Fraction(0)
    step: str = "whole"
    line: Line = Line()
    above: bool = True
    each: Fraction | None = None
    at_once: Fraction = Fraction(0)
    relative: bool = False
    costs: bool = False
    zero_below: Fraction | None = None
    full_from: Fraction | None = None
    rest: Fraction = Fraction(0)
    round: str = "down"
    reads: str = "number"
    among: str = "all"


class Ranking(NamedTuple):
    """How units are placed: by a figure reported on the item itself (no codes), or by the sum of some items' scores."""

    codes: tuple[str, ...]
    high_first: bool
    among: str


class Rounding(NamedTuple):
    """How one step is rounded: decimals, and "half-up", "half-even", "down" or "up"."""

    digits: int
    mode: str


class Aside(NamedTuple):
    """What an item gives that does not concern a unit."""

    gets: str
    among: str
    share: Fraction
    within: str
    clause: str


class Item(NamedTuple):
    """The smallest priced criterion. `points` is its maximum; `start` says where its score begins."""

    code: str
    title: str
    section: str
    clause: str
    lines: tuple[int, ...]
    start: str
    points: Fraction | None
    allowed: Mapping[Fraction, str] = _NOTHING
    deduct: tuple[Pricing, ...] = ()
    worth: Worth | None = None
    counts: str = "event"
    see: str | None = None
    only: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    others: str | None = None
    advice: tuple[Mapping[str, str], ...] = ()
    grade_decimals: int = 2
    add: tuple[Pricing, ...] = ()
    floor: Fraction | None = Fraction(0)
    scale: Fraction | None = None
    source_required: bool = False
    averaged: bool = False
    count_kinds: frozenset[str] = frozenset()
    period: str = "year"
    ranking: Ranking | None = None
    aside: Aside | None = None
    rounding: Rounding | None = None

    def fits(self, category: str) -> bool:
        """Whether the item is on the form of a unit of this category."""
        return not self.only or category in self.only

    @property
    def head(self) -> str:
        """The first-level section the item stands in."""
        return self.section.partition(" / ")[0]


class Adjustment(NamedTuple):
    """A ± rule: points beyond the items, one side of one group. Priced by events, or by a figure's or place's worth."""

    code: str
    title: str
    clause: str
    lines: tuple[int, ...]
    side: str
    group: str
    pricing: Pricing | None = None
    worth: Worth | None = None
    ranking: Ranking | None = None
    cap: Fraction | None = None


class Gate(NamedTuple):
    """What opens only where the score of `of` reaches `line`, or (`above`) exceeds it."""

    of: str
    line: Fraction
    above: bool

    def opens(self, score: Fraction) -> bool:
        """Whether this score opens it."""
        return score > self.line if self.above else score >= self.line


class Group(NamedTuple):
    """± rules that share caps (`None`: no cap) and a say on one matter named in several of them."""

    code: str
    title: str
    bonus_cap: Fraction | None
    deduction_cap: Fraction | None
    caps: str
    same_matter: str
    rules: tuple[Adjustment, ...]
    clause: str = ""
    lines: tuple[int, ...] = ()
    caps_first: bool = False
    part: str | None = None
    gate: Gate | None = None


class Section(NamedTuple):
    """A first-level section with its bounds (`None`: none)."""

    name: str
    cap: Fraction | None = None
    floor: Fraction | None = None


class SchemePart(NamedTuple):
    """A part of the scheme: its sections, its weight by category ("" for all others), its bounds before the weight."""

    name: str
    sections: tuple[Section, ...]
    weights: Mapping[str, Fraction] = MappingProxyType({"": ONE})
    cap: Fraction | None = None
    floor: Fraction | None = None
    beyond: bool = False
    gate: Gate | None = None

    def weight(self, category: str) -> Fraction:
        """What its points are multiplied by in the total, for a unit of a category."""
        weight = self.weights.get(category, self.weights.get("", ONE))
        return ONE if weight == 1 else weight


class ZeroOut(NamedTuple):
    """What proven fraud does: `total`, `band` or `total-and-band`."""

    code: str
    title: str
    clause: str
    lines: tuple[int, ...]
    effect: str
    band: str | None


class Veto(NamedTuple):
    """What a single thing (logged `times`), or a score of `of` below a line, does to the whole or to a part.

    It hears what is logged on its own code, or on `item`; of these only `kinds` (none: all); `by_matter`: the times are
    counted inside one matter.
    """

    code: str
    title: str
    clause: str
    lines: tuple[int, ...]
    times: int = 1
    level_floor: int = 0
    of: str | None = None
    below: Fraction = Fraction(0)
    years: int = 1
    item: str | None = None
    kinds: frozenset[str] = frozenset()
    deaf: frozenset[str] = frozenset()
    by_matter: bool = False
    gives: Fraction | None = None
    at_most: Fraction | None = None
    part: str | None = None
    band: str | None = None
    ineligible: bool = False


class Band(NamedTuple):
    """A band: it holds where all that is said of it holds. `places`, `share`: it is kept for the first of the units."""

    name: str
    start: Fraction | None = None
    above: Fraction | None = None
    to: Fraction | None = None
    below: Fraction | None = None
    places: int | None = None
    share: Fraction | None = None
    round: str = "down"
    eligible: bool = False

    def holds(self, total: Fraction) -> bool:
        """Whether a total lies in its interval."""
        return (
            (self.start is None or total >= self.start)
            and (self.above is None or total > self.above)
            and (self.to is None or total <= self.to)
            and (self.below is None or total < self.below)
        )


class Ties(NamedTuple):
    """How equal totals are placed: by other scores first, then "1,1,3", "1,1,2", "not-shared" or "unordered"."""

    by: tuple[str, ...] = ()
    then: str = "1,1,3"


class RosterUnit(NamedTuple):
    """A unit of the printed roster; `printed` is its name on the paper where that differs."""

    name: str
    category: str
    printed: str | None = None
    sub_units: int | None = None


def cited_at(clause: str, lines: Sequence[int]) -> str:
    """A clause in the scheme file's own words, with where it stands in the published text."""
    return clause + (f"（公布文本第{'、'.join(map(str, lines))}行）" if lines else "")


def cited(rule: Item | Adjustment | Group | ZeroOut | Veto) -> str:
    """A rule's clause in the scheme file's own words, with where it stands in the published text."""
    return cited_at(rule.clause, rule.lines)


_LIMIT_MAX: Final = 10_000
LIMIT_UNITS: Final = {"working days": "working_days", "working day": "working_days", "hours": "hours", "hour": "hours"}


def limit_parts(limit: str) -> tuple[str, int | dt.date]:
    """A limit's parts: ("working_days", 15), ("hours", 5) or ("day", date). Raises ValueError for anything else."""
    number, _, unit = limit.strip().partition(" ")
    if unit.strip() in LIMIT_UNITS and number.isascii() and number.isdigit() and 0 < int(number) < _LIMIT_MAX:
        return (LIMIT_UNITS[unit.strip()], int(number))
    return ("day", dt.date.fromisoformat(limit.strip()))
