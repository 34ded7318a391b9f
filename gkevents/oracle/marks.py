"""Where an item of any scheme begins, what comes on and off it, and how far it may still move while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from .charges import ZERO, Charge, charged, sub_units
from .heard import Item, World, number
from .world import Fact
from .worths import by_day, checklist, counted, decided, legible, worth_of


@dataclass(frozen=True)
class Mark:
    """Points between two bounds; known where nothing about them is open."""

    low: Fraction
    high: Fraction
    known: bool = True
    state: str = "priced"

    @property
    def score(self) -> Fraction | None:
        """The points, or None while they are open."""
        return self.low if self.known else None


@dataclass
class Scored:
    """An item's mark, with what its events took off it."""

    mark: Mark
    taken: list[Charge] = field(default_factory=list)


def rounded(rule: Mapping[str, Any] | None, points: Fraction) -> Fraction:
    """Give points rounded as a step says, or as they are; half-up goes away from nought."""
    if rule is None:
        return points
    scale = 10 ** rule["digits"]
    size = abs(points) * scale
    below = floor(size)
    rest = size - below
    if rule["mode"] == "half-up":
        below += rest >= Fraction(1, 2)
    elif rule["mode"] == "half-even":
        below += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1)
    elif rule["mode"] == "up":
        below = ceil(size)
    return Fraction(below, scale) * (1 if points >= 0 else -1)


def clip(points: Fraction, least: Fraction | None, most: Fraction | None) -> Fraction:
    """Give points held between two limits, either of which may be missing."""
    points = points if most is None else min(points, most)
    return points if least is None else max(points, least)


def floor_of(written: str) -> Fraction | None:
    """Give a floor, or None where there is none."""
    return None if written == "none" else number(written)


def graded(world: World, unit: str, item: Item, most: Fraction) -> Mark | None:
    """Give the assessor's mark, of one or of all sub-units; None while nothing is marked."""
    rule = item["rule"]
    scale = most / number(rule["scale"]) if rule["scale"] is not None else Fraction(1)
    if rule["over"] is None:
        fact = decided(world, unit, item["code"], "grade")
        return None if fact is None else exactly(number(fact["points"]) * scale, "graded")
    many = sub_units(world, unit, item["code"])
    if many is None:
        return None
    given = [fact for fact in world.on(unit, item["code"], "grade") if legible(world, item["code"], fact)]
    latest = {fact["sub_unit"]: fact for fact in sorted(given, key=by_day) if "sub_unit" in fact}
    marks = [number(fact["points"]) * scale for fact in latest.values()]
    low = sum(marks, ZERO) / many
    left = many - len(marks)
    if left < 0:
        return None
    return Mark(low, low + left * most / many, known=False, state="open") if left else exactly(low, "graded")


def exactly(points: Fraction, state: str) -> Mark:
    """Give a mark that is settled."""
    return Mark(points, points, state=state)


REPORTS: Final = {"metric": ("metric",), "checklist": ("checklist",), "count": ("confirmation",)}


def beginning(world: World, unit: str, item: Item, most: Fraction) -> Mark | None:
    """Give where an item begins before anything comes on or off; None where it is open from nought to its maximum."""
    rule = item["rule"]
    start = rule["start"]
    if start in ("full", "zero"):
        return exactly(most if start == "full" else ZERO, "priced")
    if start == "grade":
        return graded(world, unit, item, most)
    fact = decided(world, unit, item["code"], "grade", *REPORTS[start])
    if fact is None:
        return None
    if fact["type"] == "grade":
        return exactly(number(fact["points"]), "graded")
    points = points_reported(world, unit, item, most, fact)
    return None if points is None else exactly(points, "reported")


def points_reported(world: World, unit: str, item: Item, most: Fraction, fact: Fact) -> Fraction | None:
    """Give the points of a report or a confirmed count; None where the line of a figure is missing."""
    rule = item["rule"]
    if rule["start"] == "count":
        return counted(world, unit, item["code"], rule, most)
    if rule["start"] == "checklist":
        return checklist(rule["worth"], fact, most)
    amount = worth_of(world, item["code"], rule, fact)
    return None if amount is None else amount.of(most)


def rules_on(world: World, unit: str, item: Item, key: str, *, most: Fraction, before: Fraction) -> list[Charge]:
    """Give what all the rules that take from an item, or add to it, charge."""
    found: list[Charge] = []
    for rule in item["rule"][key]:
        found += charged(world, unit, item["code"], rule, most=most, before=before)
    return sorted(found, key=lambda one: one.place)


def settled(world: World, unit: str, item: Item, before: Fraction) -> tuple[Fraction, list[Charge]]:
    """Give an item's points from where it begins, and its deductions, the latest cut where they find nothing left."""
    most, least = number(item["points"]), floor_of(item["rule"]["floor"])
    before = clip(before, least, most)
    plus = rules_on(world, unit, item, "add", most=most, before=before)
    minus = rules_on(world, unit, item, "deduct", most=most, before=before)
    points = before + sum((one.points for one in plus), ZERO) - sum((one.points for one in minus), ZERO)
    short = ZERO if least is None else max(ZERO, least - points)
    kept: list[Charge] = []
    for one in reversed(minus):
        cut = min(one.points, short)
        short -= cut
        kept.insert(0, replace(one, points=one.points - cut))
    return clip(points, least, most), kept


def scored(world: World, unit: str, item: Item, begins: Mark | None) -> Scored:
    """Give an item's mark from where it begins; an open one costs its quarters what it would cost at its best."""
    most = number(item["points"])
    how = world.content["rounding"]["item"]
    mark = begins or Mark(ZERO, most, known=False, state="open")
    low, _ = settled(world, unit, item, mark.low)
    high, taken = settled(world, unit, item, mark.high)
    return Scored(Mark(rounded(how, low), rounded(how, high), mark.known, mark.state), taken)
