"""What a reported figure, a checklist or a count is worth, with the lines that figures are held against."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from .heard import World, number, order
from .pricing import ZERO
from .world import Fact, moment

Worth = dict[str, Any]


@dataclass(frozen=True)
class Amount:
    """What a worth comes to: points in themselves, or what is lost of the maximum."""

    points: Fraction
    lost: bool = False

    def of(self, most: Fraction) -> Fraction:
        """Give the points of an item with this maximum."""
        return most - self.points if self.lost else self.points


def reference(fact: Fact) -> bool:
    """Tell whether a figure only serves for comparison."""
    return "about" in fact or "for_year" in fact


def deciding(world: World, unit: str, code: str, *types: str) -> Fact | None:
    """Give the fact of these types that decides an item: the latest day, then position; figures of the year only."""
    found = [
        fact
        for fact in world.on(unit, code, *types)
        if not reference(fact) and (fact["type"] not in ("metric", "checklist") or moment(fact).year == world.year)
    ]
    return max(found, key=lambda fact: (moment(fact).date(), fact["position"]), default=None)


def figure(fact: Fact) -> Fraction:
    """Give the figure that a metric reports."""
    if "value" in fact:
        return number(fact["value"])
    return number(fact["current"]) if "current" in fact else number(fact["numerator"]) / number(fact["denominator"])


def among(world: World, unit: str, whom: str) -> list[str]:
    """Give the units that one is compared with."""
    if whom == "category":
        return [other for other in world.units if world.units[other] == world.units[unit]]
    return [other for other in world.units if whom == "all" or other != unit]


def mean_figure(world: World, unit: str, code: str, whom: str) -> Fraction | None:
    """Give the mean of the deciding figures of the units that reported and that it concerns, or None."""
    peers = [other for other in among(world, unit, whom) if not world.out(other, code)]
    facts = [deciding(world, other, code, "grade", "metric") for other in peers]
    found = [figure(fact) for fact in facts if fact is not None and fact["type"] == "metric"]
    return sum(found, ZERO) / len(found) if found else None


def recorded(world: World, unit: str, code: str, **wanted: object) -> Fraction | None:
    """Give the latest figure for comparison that says all this, or None."""
    found = [
        fact
        for fact in world.on(unit, code, "metric")
        if {name: fact[name] for name in ("about", "for_year") if name in fact} == wanted
    ]
    return figure(max(found, key=order)) if found else None


def source_of(world: World, unit: str, code: str, name: str, whom: str) -> Fraction | None:
    """Give the figure that a line is taken from."""
    if name == "mean":
        return mean_figure(world, unit, code, whom)
    if name in ("parent", "target"):
        return recorded(world, unit, code, about=name)
    if name == "previous":
        decides = deciding(world, unit, code, "metric")
        if decides is not None and "previous" in decides:
            return number(decides["previous"])
        return recorded(world, unit, code, for_year=world.year - 1)
    years = range(1, int(name.split(maxsplit=1)[0]) + 1)
    found = [recorded(world, unit, code, for_year=world.year - back) for back in years]
    known = [one for one in found if one is not None]
    return sum(known, ZERO) / len(known) if len(known) == len(found) else None


def line(world: World, unit: str, code: str, written: str, whom: str) -> Fraction | None:
    """Give the line that a figure is held against, or None where nobody recorded what it is taken from."""
    share, _, name = written.rpartition(" of ")
    if not any(word in name for word in ("mean", "parent", "target", "previous", "year")):
        return number(written)
    found = source_of(world, unit, code, name, whom)
    return None if found is None else found * (number(share) if share else 1)


def tier(tiers: list[dict[str, str]], value: Fraction, interval: str) -> Fraction:
    """Give the points of the interval that a figure lies in; `interval` says which end belongs to it."""
    rising = sorted(tiers, key=lambda one: number(one["from"]))
    found = rising[0]
    for one in rising:
        start = number(one["from"])
        if value > start or (interval == "lower" and value == start):
            found = one
    return number(found["points"])


def whole(parts: Fraction, step: str) -> Fraction:
    """Give a number of steps with its part of one: dropped, in proportion, or counted full."""
    return {"whole": Fraction(floor(parts)), "up": Fraction(ceil(parts)), "linear": parts}[step]


def linear(worth: Worth, value: Fraction, held: Fraction) -> Amount | None:
    """Give what a figure beyond a line loses or earns; None where the line is 0 and the distance relative to it."""
    away = value - held if "above" in worth else held - value
    if worth["relative"]:
        if not held:
            return None
        away /= held
    price = number(worth["per"] if worth["earns"] is None else worth["earns"])
    if away <= 0:
        points = ZERO
    elif worth["each"] == "once":
        points = price
    else:
        at_once = ZERO if worth["at_once"] is None else number(worth["at_once"])
        points = at_once + price * whole(away / number(worth["each"]), worth["step"])
    return Amount(points, lost=worth["earns"] is None)


def worth_of(world: World, unit: str, code: str, rule: Worth, fact: Fact) -> Amount | None:
    """Give what a reported figure is worth under a rule, or None where its line is missing."""
    worth = rule["worth"]
    if "fall" in worth:
        before, now = number(fact["previous"]), number(fact["current"])
        short = number(worth["fall"]) * 100 - (before - now) * 100 / before
        return Amount(number(worth["per"]) * whole(max(ZERO, short), worth["step"]), lost=True)
    value = figure(fact)
    if "tiers" in worth:
        return Amount(tier(worth["tiers"], value, rule["interval"]))
    if "proportional" in worth:
        return Amount(proportional(worth, value))
    written = worth["above"] if "above" in worth else worth["below"]
    held = line(world, unit, code, written, rule["among"])
    return None if held is None else linear(worth, value, held)


def proportional(worth: Worth, value: Fraction) -> Fraction:
    """Give points in proportion to a rate, none below its least, all from its full rate on."""
    if worth["zero_below"] is not None and value < number(worth["zero_below"]):
        return ZERO
    full = number(worth["proportional"])
    return full if worth["full_from"] is not None and value >= number(worth["full_from"]) else full * value


def checklist(worth: Worth, fact: Fact, most: Fraction) -> Fraction:
    """Give the points of a checklist: each element there, or the maximum less each that is not."""
    met = Fraction(fact["met"]) if "met" in fact else worth["of"] - Fraction(fact["missing"])
    return met * number(worth["each"]) if "each" in worth else most - (worth["of"] - met) * number(worth["missing"])


def counted(world: World, unit: str, code: str, rule: Worth, most: Fraction) -> Fraction:
    """Give the points of a counted item: the worth of every period of the year by itself, added up."""
    months = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}[rule["period"]]
    found = world.on(unit, code, "occurrence")
    amounts = []
    for period in range(12 // months):
        inside = [
            fact
            for fact in found
            if (moment(fact).month - 1) // months == period
            and (rule["kind"] is None or fact.get("kind") in rule["kind"])
        ]
        amounts.append(worth_of_count(rule["worth"], how_many(rule["count"], inside)))
    return Amount(sum((amount.points for amount in amounts), ZERO), amounts[0].lost).of(most)


def how_many(what: str, facts: list[Fact]) -> Fraction:
    """Give how many there are: events, distinct forms, or distinct matters (a fact without one is its own)."""
    if what == "event":
        return Fraction(sum(int(fact.get("count", 1)) for fact in facts))
    name = "form" if what == "form" else "matter"
    return Fraction(len({fact.get(name, ("alone", fact["ref"])) for fact in facts}))


def worth_of_count(worth: Worth, many: Fraction) -> Amount:
    """Give what so many in one period are worth."""
    if "tiers" in worth:
        return Amount(tier(worth["tiers"], many, "lower"))
    amount = linear(worth, many, number(worth["above"] if "above" in worth else worth["below"]))
    assert amount is not None
    return amount
