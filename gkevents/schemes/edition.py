"""Scheme > Edition > Item > Rule: one published set of scoring rules, frozen.

`compiling` makes an `Edition`, once, of the content that `reading` makes of a scheme file and that the log keeps for
ever; so replay needs neither the file nor the reader.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from gkevents.schemes.model import (
    Adjustment,
    Aside,
    Band,
    Group,
    Item,
    Pricing,
    RosterUnit,
    Rounding,
    SchemePart,
    Section,
    Ties,
    Veto,
    Worth,
    ZeroOut,
)
from gkevents.terms import ONE, times

Frame = tuple[tuple[SchemePart, tuple[tuple[Section, tuple[str, ...]], ...], Fraction], ...]
"""How a form is put together: (part, ((section, its items' codes), …), weight), …"""


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One frozen version of a scheme, ready to price with; what is derived from its parts is worked out once."""

    scheme: str
    family: str
    title: str
    year: int
    digest: str
    base_total: Fraction
    from_overlay: bool
    overlaid: bool
    grade_decimals: int
    floor: Fraction | None
    ceiling: Fraction | None
    display_decimals: int
    ties: Ties
    variants: tuple[str, ...]
    items: Mapping[str, Item]
    groups: tuple[Group, ...]
    zero_out: ZeroOut | None
    aside: Aside | None
    bands: tuple[Band, ...]
    roster: tuple[RosterUnit, ...]
    parts: tuple[SchemePart, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    rounding: Mapping[str, Rounding] = field(default_factory=dict)
    convert: Fraction = ONE

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What scoring works out of the edition alone, and need not work out again for the next unit."""
        return {}

    @cached_property
    def known_codes(self) -> frozenset[str]:
        """The same as `codes`, to look one up in."""
        return frozenset(self.codes)

    @cached_property
    def rules(self) -> Mapping[str, Adjustment]:
        """The ± rules by code, in the paper's order."""
        return {rule.code: rule for group in self.groups for rule in group.rules}

    def frame(self, category: str) -> Frame:
        """How the form of a category is put together."""
        frames = self._frames
        if category not in frames:
            frames[category] = tuple(
                (part, self._sections(part, category), part.weight(category))
                for part in self.parts or (self._one_part,)
            )
        return frames[category]

    def _sections(self, part: SchemePart, category: str) -> tuple[tuple[Section, tuple[str, ...]], ...]:
        codes: dict[str, list[str]] = {}
        for code, item in self.items_for(category).items():
            codes.setdefault(item.head, []).append(code)
        return tuple((section, tuple(codes.get(section.name, ()))) for section in part.sections)

    @cached_property
    def _one_part(self) -> SchemePart:
        """The whole of a scheme that is not divided into parts."""
        return SchemePart("", tuple(Section(name) for name in dict.fromkeys(item.head for item in self.items.values())))

    @cached_property
    def _frames(self) -> dict[str, Frame]:
        return {}

    @cached_property
    def factors(self) -> Mapping[str, str]:
        """The part that an item or ± rule belongs to, by its code; "" where there are none, or it is of the whole."""
        parts = {section.name: part.name for part in self.parts for section in part.sections}
        on_items = {code: parts.get(item.head, "") for code, item in self.items.items()}
        return on_items | {rule.code: group.part or "" for group in self.groups for rule in group.rules}

    def factor(self, code: str | None, category: str) -> Fraction:
        """What a point of an item or ± rule is worth in the total, for a unit of a category."""
        part = self.factors.get(code or "", "")
        weight = next((part_.weight(category) for part_ in self.parts if part_.name == part), ONE)
        return times(weight, self.convert)

    @cached_property
    def plain_points(self) -> bool:
        """Whether a point of any item or ± rule is a point of the total."""
        return self.convert == 1 and not any(part.name for part in self.parts)

    @cached_property
    def compares_units(self) -> bool:
        """Whether any item's points come from a place, or from the mean of the units' figures."""
        worths = [item.worth for item in self.items.values() if item.worth is not None]
        return any(item.ranking for item in self.items.values()) or any(one.line.source == "mean" for one in worths)

    @cached_property
    def compared(self) -> Mapping[str, Worth]:
        """The ± rules whose figures are compared between the units, by a mean or by place, with their worth."""
        return {
            code: rule.worth
            for code, rule in self.rules.items()
            if rule.worth is not None and (rule.worth.line.source == "mean" or rule.ranking is not None)
        }

    def same_scope(self, one: str, other: str, within: str) -> bool:
        """Whether two items stand in one section, in one part, or both in the whole."""
        if within == "section":
            return self.items[one].head == self.items[other].head
        return within == "total" or self.factors[one] == self.factors[other]

    def sub_units_of(self, unit: str) -> int | None:
        """How many sub-units the roster says a unit has; None where it does not say."""
        return self._sub_units.get(unit)

    @cached_property
    def _sub_units(self) -> Mapping[str, int]:
        named = [(name, entry.sub_units) for entry in self.roster for name in (entry.printed, entry.name)]
        return {name: number for name, number in named if name is not None and number is not None}

    @cached_property
    def asks_scores(self) -> bool:
        """Whether a gate, a veto or a rule on ties looks at the scores of items, sections or parts."""
        gates = [*(group.gate for group in self.groups), *(part.gate for part in self.parts)]
        return any(gates) or any(veto.of for veto in self.vetoes) or bool(self.ties.by)

    @cached_property
    def rescales(self) -> bool:
        """Whether an item that is set aside can change what the others are worth together."""
        return any(item.aside is not None and item.aside.gets == "rescale" for item in self.items.values())

    @cached_property
    def spreads(self) -> bool:
        """Whether an item that is set aside can change what each other is worth."""
        return any(item.aside is not None and item.aside.gets == "spread" for item in self.items.values())

    @cached_property
    def has_quotas(self) -> bool:
        """Whether a band is kept for the first of the units."""
        return any(band.places is not None or band.share is not None for band in self.bands)

    @cached_property
    def weighted(self) -> bool:
        """Whether points are known: printed, or given by a decided overlay."""
        return not self.from_overlay or self.overlaid

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code that a fact may name: items, then ± rules, then vetoes."""
        return (*self.items, *self.rules, *(veto.code for veto in self.vetoes))

    @cached_property
    def pricings(self) -> tuple[Pricing, ...]:
        """Every event rule of the edition."""
        on_items = [rule for item in self.items.values() for rule in (*item.deduct, *item.add)]
        return (*on_items, *(rule.pricing for rule in self.rules.values() if rule.pricing is not None))

    @cached_property
    def hears_kept(self) -> bool:
        """Whether any rule prices a limit that was kept."""
        return any(rule.on == "kept" for rule in self.pricings)

    @cached_property
    def charges_others(self) -> bool:
        """Whether what is logged on one unit can move another's points."""
        return any(rule.other for rule in self.pricings)

    def items_for(self, category: str) -> Mapping[str, Item]:
        """The items on the form of a category, without pointers to other items."""
        forms = self._forms
        if category not in forms:
            forms[category] = {
                code: item for code, item in self.items.items() if item.start != "elsewhere" and item.fits(category)
            }
        return forms[category]

    @cached_property
    def _forms(self) -> dict[str, dict[str, Item]]:
        return {}

    def names_of(self, unit: str) -> frozenset[str]:
        """Every name the roster knows a unit by, its own among them."""
        return self._names.get(unit) or frozenset({unit})

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for entry in self.roster:
            names = frozenset({entry.name, entry.printed or entry.name})
            for name in names:
                found.setdefault(name, names)
        return found

    def names(self, item: Item, unit: str, category: str) -> bool:
        """Whether the paper names a unit on an item with an open list; where it has no such list, it concerns all."""
        return item.others is None or category in item.always or not self.names_of(unit).isdisjoint(item.named)

    def category_of(self, unit: str) -> str | None:
        """The roster's category of a unit, by its name or its printed name; None where it is not on the roster."""
        for entry in self.roster:
            if unit in (entry.name, entry.printed):
                return entry.category
        return None


def digest_of(text: str, overlay: Mapping[str, Any] | None) -> str:
    """SHA-256 (hex) over the scheme's full text and its overlay in canonical JSON: the name of an edition."""
    tail = json.dumps(overlay, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if overlay else ""
    return hashlib.sha256(f"{text}\0{tail}".encode()).hexdigest()
