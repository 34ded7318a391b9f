"""From items to the total: what does not concern a unit, sections, parts, ± groups, gates, vetoes.

Everything open is worked out twice, once with each item at its least and once at its most, by the same plain steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from .charges import LEVELS, ZERO
from .heard import Item, World, easing_kinds, fits, number
from .marks import Mark, clip, floor_of, rounded
from .sides import Sides
from .world import Fact
from .worths import recorded

Scheme = dict[str, Any]
OUT: Final = ("rescale", "spread")


@dataclass
class Whole:
    """What one unit comes to with its items at given points."""

    items: dict[str, Fraction]
    sections: dict[str, Fraction] = field(default_factory=dict)
    part_items: dict[str, Fraction] = field(default_factory=dict)
    parts: dict[str, Fraction] = field(default_factory=dict)
    weighted: dict[str, Fraction] = field(default_factory=dict)
    base: Fraction = ZERO
    bonus: Fraction = ZERO
    deduction: Fraction = ZERO
    total: Fraction = ZERO
    fired: list[str] = field(default_factory=list)
    moot: frozenset[str] = frozenset()


def section_of(item: Item) -> str:
    """Give the first-level section that an item stands in."""
    return str(item["section"]).split(" / ", maxsplit=1)[0]


def part_of(scheme: Scheme, section: str) -> str:
    """Give the part that a section stands in; a scheme without parts has one without a name."""
    return next((str(part["name"]) for part in scheme["parts"] if section in part["sections"]), "")


def parts_of(scheme: Scheme) -> list[dict[str, Any]]:
    """Give the parts of a scheme; without any, one that takes everything as it is."""
    plain = {
        "name": "", "sections": [section["name"] for section in scheme["sections"]], "weight": "1", "cap": None,
        "floor": "none", "beyond": False, "gate": None,
    }  # fmt: skip
    return scheme["parts"] or [plain]


def weight_of(part: dict[str, Any], category: str) -> Fraction:
    """Give what a part counts for units of a category."""
    return number(part["weight"][category] if isinstance(part["weight"], dict) else part["weight"])


def converted(scheme: Scheme) -> Fraction:
    """Give what everything counts for in the total in the end."""
    convert = scheme["total"]["convert"]
    return Fraction(1) if convert is None else number(convert)


def answer_of(scheme: Scheme, item: Item) -> dict[str, Any] | None:
    """Give what becomes of an item that does not concern a unit: its own rule, or the scheme's."""
    found: dict[str, Any] | None = item["not_applicable"] or scheme["not_applicable"]
    return found


def way_out(scheme: Scheme, item: Item, out: bool) -> tuple[str, str] | None:  # noqa: FBT001
    """Give how an item leaves the sum and within what, or None where it stays in it."""
    answer = answer_of(scheme, item) if out else None
    if answer is None or answer["gets"] not in OUT:
        return None
    return str(answer["gets"]), str(answer["within"])


@dataclass
class Form:
    """The items on one unit's form and which of them are out of the sum, and how."""

    world: World
    unit: str

    @property
    def scheme(self) -> Scheme:
        """The scheme."""
        return self.world.content

    @property
    def category(self) -> str:
        """The unit's category."""
        return self.world.units[self.unit]

    @cached_property
    def items(self) -> list[Item]:
        """The items that fit the unit."""
        return [item for item in self.scheme["items"] if fits(item, self.category)]

    @cached_property
    def ways(self) -> dict[str, tuple[str, str] | None]:
        """How each item leaves the sum, if it does."""
        outs = {item["code"]: self.world.out(self.unit, item["code"]) for item in self.items}
        return {item["code"]: way_out(self.scheme, item, outs[item["code"]]) for item in self.items}

    def way(self, item: Item) -> tuple[str, str] | None:
        """Give how an item leaves the sum, if it does."""
        return self.ways[item["code"]]

    @cached_property
    def moot(self) -> frozenset[str]:
        """The items, sections and parts of which nothing is left in the sum for this unit."""
        left = [item for item in self.items if self.way(item) is None]
        names = (
            {item["code"] for item in left} | {section_of(item) for item in left} | {self.part(item) for item in left}
        )
        codes = {item["code"] for item in self.items}
        sections = {section["name"] for section in self.scheme["sections"]}
        return frozenset((codes | sections | {part["name"] for part in parts_of(self.scheme)}) - names)

    def shares_scope(self, one: Item, other: Item, within: str) -> bool:
        """Tell whether two items stand in the same section, part or total."""
        if within == "section":
            return section_of(one) == section_of(other)
        return within == "total" or self.part(one) == self.part(other)

    def part(self, item: Item) -> str:
        """Give the part that an item stands in."""
        return part_of(self.scheme, section_of(item))

    def spread_over(self, item: Item) -> Fraction:
        """Give the points that an item gets on top of its maximum from those spread in its scopes."""
        more = ZERO
        for other, within in self.spread:
            if self.shares_scope(item, other, within):
                heirs = [one for one in self.items if self.way(one) is None and self.shares_scope(one, other, within)]
                more += number(other["points"]) / len(heirs)
        return more

    @cached_property
    def spread(self) -> list[tuple[Item, str]]:
        """The items that are spread over others, each with the scope that it is spread in."""
        ways = [(item, self.way(item)) for item in self.items]
        return [(item, way[1]) for item, way in ways if way is not None and way[0] == "spread"]

    def points(self, item: Item, score: Fraction) -> Fraction:
        """Give an item's points in the sum: none where it is out, more where others are spread over it."""
        if self.way(item) is not None:
            return ZERO
        most = number(item["points"])
        return score * (most + self.spread_over(item)) / most

    def most(self, item: Item) -> Fraction:
        """Give what an item may give at most: more where others are spread over it, nothing where it is spread."""
        way = self.way(item)
        if way is None:
            return number(item["points"]) + self.spread_over(item)
        return ZERO if way[0] == "spread" else number(item["points"])

    def grown(self, inside: list[Item], within: str, weights: Mapping[str, Fraction]) -> Fraction:
        """Give by how much the rest of a scope grows for the items rescaled in it."""
        gone = [item for item in inside if self.way(item) == ("rescale", within)]
        if not gone:
            return Fraction(1)
        every = sum((self.most(item) * weights[self.part(item)] for item in inside), ZERO)
        lost = sum((self.most(item) * weights[self.part(item)] for item in gone), ZERO)
        return ZERO if every == lost else every / (every - lost)


def summed_up(form: Form, whole: Whole) -> None:
    """Work out the sections, what the parts' items come to, and the base."""
    scheme, category = form.scheme, form.category
    alone = {part["name"]: Fraction(1) for part in parts_of(scheme)}
    for section in scheme["sections"]:
        inside = [item for item in form.items if section_of(item) == section["name"]]
        points = sum((whole.items[item["code"]] for item in inside), ZERO) * form.grown(inside, "section", alone)
        cap = None if section["cap"] is None else number(section["cap"])
        clipped = clip(points, floor_of(section["floor"]), cap)
        whole.sections[section["name"]] = rounded(scheme["rounding"]["section"], clipped)
    weights = {}
    for part in parts_of(scheme):
        inside = [item for item in form.items if form.part(item) == part["name"]]
        points = sum((whole.sections[name] for name in part["sections"]), ZERO)
        whole.part_items[part["name"]] = points * form.grown(inside, "part", alone)
        if not part["beyond"]:
            weights[part["name"]] = weight_of(part, category)
    inside = [item for item in form.items if form.part(item) in weights]
    plain = sum((whole.part_items[name] * weight for name, weight in weights.items()), ZERO)
    whole.base = plain * form.grown(inside, "total", weights)


def value_of(whole: Whole, name: str) -> Fraction:
    """Give the points that a gate looks at: the base, or the items of a part, a section, an item."""
    if name == "base":
        return whole.base
    for held in (whole.part_items, whole.sections, whole.items):
        if name in held:
            return held[name]
    return ZERO


def is_open(whole: Whole, gate: dict[str, Any] | None) -> bool:
    """Tell whether a gate is open: its line reached, or exceeded."""
    if gate is None or gate["of"] in whole.moot:
        return True
    value = value_of(whole, gate["of"])
    if gate["from"] is not None:
        return value >= number(gate["from"])
    return value > number(gate["above"])


def awaited(world: World, unit: str, veto: dict[str, Any]) -> list[Fact]:
    """Give the facts that a veto waits for, of its kinds and at its level at least: on its own code or another."""
    types = ("occurrence", "criticism") if veto["item"] is None else ("occurrence", "criticism", "supervision-card")
    found = []
    easing = easing_kinds(world, veto["item"]) if veto["item"] is not None else []
    for fact in world.on(unit, veto["item"] or veto["code"], *types):
        level, least = fact.get("level"), veto["level_min"]
        high = level is None or least is None or LEVELS.index(level) >= LEVELS.index(least)
        told = fact.get("kind") in veto["kind"] if veto["kind"] else fact.get("kind") not in easing
        if high and told:
            found.append(fact)
    return found


def times_recorded(world: World, unit: str, veto: dict[str, Any]) -> int:
    """Give how often the thing that a veto waits for was recorded: in the year, or most often in one matter."""
    facts = awaited(world, unit, veto)
    if veto["each"] == "event":
        return sum(int(fact.get("count", 1)) for fact in facts)
    matters = [fact.get("matter", ("alone", fact["ref"])) for fact in facts]
    return max((matters.count(matter) for matter in matters), default=0)


def seen_by(whole: Whole, name: str, part: str | None = None) -> Fraction:
    """Give the points that a veto looks at: as a gate does, but of a part what it finally gives before its weight.

    A veto on a part is asked before any part is finished, so it sees a part's items only.
    """
    if part is not None:
        return value_of(whole, name)
    if name == "total":
        return whole.total
    return whole.parts[name] if name in whole.parts else value_of(whole, name)


def fires(world: World, unit: str, veto: dict[str, Any], whole: Whole) -> bool:
    """Tell whether a veto fires on what a unit comes to."""
    low = veto["low"]
    if low is None:
        return times_recorded(world, unit, veto) >= int(veto["times"])
    part = veto["effect"]["part"]
    if low["of"] in whole.moot:
        return False
    if seen_by(whole, low["of"], part) >= number(low["below"]):
        return False
    for back in range(1, int(low["years"])):
        before = recorded(world, unit, veto["code"], for_year=world.year - back)
        if before is None or before >= number(low["below"]):
            return False
    return True


def struck(points: Fraction, veto: dict[str, Any]) -> Fraction:
    """Give points after a veto that fired."""
    effect = veto["effect"]
    if effect["gives"] is not None:
        points = number(effect["gives"])
    return points if effect["at_most"] is None else min(points, number(effect["at_most"]))


@dataclass
class Reckoner:
    """Works out one unit's total in one of its two worlds: everything open at its least, or at its most."""

    form: Form
    sides: Sides
    unsure: set[str] = field(default_factory=set)

    def veto(self, points: Fraction, whole: Whole, part: str | None) -> Fraction:
        """Give points after the vetoes on a part, or on the total; one that only may fire moves the bounds apart."""
        for veto in self.form.scheme["vetoes"]:
            if veto["effect"]["part"] != part:
                continue
            after = struck(points, veto)
            if fires(self.form.world, self.form.unit, veto, whole):
                whole.fired.append(veto["code"])
                points = after if veto["code"] not in self.unsure else min(points, after)
            elif veto["code"] in self.unsure:
                points = max(points, after)
        return points

    def part(self, part: dict[str, Any], whole: Whole) -> None:
        """Work out what a part gives, with the ± groups that belong to it."""
        name = part["name"]
        points = whole.part_items[name]
        weight = weight_of(part, self.form.category)
        if name:
            bonus, deduction = self.groups(whole, name)
            points += bonus - deduction
            if is_open(whole, part["gate"]):
                more = whole.part_items[name] if part["beyond"] else ZERO
                whole.bonus += (more + bonus) * weight
                whole.deduction += deduction * weight
            points = self.veto(points, whole, name)
        cap = None if part["cap"] is None else number(part["cap"])
        points = clip(points, floor_of(part["floor"]), cap)
        rounding = self.form.scheme["rounding"]
        whole.parts[name] = rounded(rounding["part"], points)
        gives = whole.parts[name] * weight if is_open(whole, part["gate"]) else ZERO
        whole.weighted[name] = rounded(rounding["weighted"], gives)

    def groups(self, whole: Whole, part: str | None) -> tuple[Fraction, Fraction]:
        """Give the bonus and the deduction of the ± groups of one part, or of those that belong to none."""
        bonus = deduction = ZERO
        for group in self.form.scheme["adjustments"]:
            if group["part"] == part:
                plus, minus = self.sides.of(group, is_open(whole, group["gate"]))
                bonus, deduction = bonus + plus, deduction + minus
        return bonus, deduction

    def reckon(self, items: dict[str, Fraction]) -> Whole:
        """Give everything from the items to the total."""
        scheme, whole = self.form.scheme, Whole(items, moot=self.form.moot)
        summed_up(self.form, whole)
        unscaled = ZERO
        for part in parts_of(scheme):
            self.part(part, whole)
            if not part["beyond"]:
                unscaled += whole.part_items[part["name"]] * weight_of(part, self.form.category)
        bonus, deduction = self.groups(whole, None)
        whole.bonus, whole.deduction = whole.bonus + bonus, whole.deduction + deduction
        points = sum(whole.weighted.values(), ZERO) + whole.base - unscaled + bonus - deduction
        total = scheme["total"]
        points *= converted(scheme)
        points = clip(points, number(total["floor"]), None if total["ceiling"] is None else number(total["ceiling"]))
        whole.total = rounded(scheme["rounding"]["total"], points)
        whole.total = self.veto(whole.total, whole, None)
        return whole


def in_bounds(marks: Mapping[str, Mark], worst: bool) -> dict[str, Fraction]:  # noqa: FBT001
    """Give the items' points at their least or at their most."""
    return {code: mark.low if worst else mark.high for code, mark in marks.items()}
