"""What a reported figure, a checklist or a count is worth, with the lines that figures are held against."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from .charges import PERIODS, YEAR, ZERO
from .heard import World, number
from .refusal import CannotReckon
from .world import Fact, moment, place

Worth = dict[str, Any]
REPORTED: Final = ("metric", "checklist")


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


def decisions(world: World, unit: str, code: str, *types: str) -> list[Fact]:
    """Give the facts of these types that may decide a code: figures of the year only, none that is for comparison."""
    return [
        fact
        for fact in world.on(unit, code, *types)
        if not reference(fact) and (fact["type"] not in REPORTED or moment(fact).year == world.year)
    ]


def by_day(fact: Fact) -> tuple[object, int]:
    """Give a decision's place: its day, then its position."""
    return (moment(fact).date(), int(fact["position"]))


def decided(world: World, unit: str, code: str, *types: str) -> Fact | None:
    """Give the fact that decides an item, the latest; None where the scheme as it is now cannot read it."""
    fact = max(decisions(world, unit, code, *types), key=by_day, default=None)
    return fact if fact is not None and legible(world, code, fact) else None


def reported(world: World, unit: str, code: str) -> Fact | None:
    """Give the figure that stands for a unit on a code: what decides an item, or on a ± rule the latest it can read."""
    return world.once(("reported", unit, code), lambda: latest_report(world, unit, code))


def latest_report(world: World, unit: str, code: str) -> Fact | None:
    """Find the figure that stands for a unit on a code."""
    if code in world.items:
        fact = decided(world, unit, code, "grade", "metric")
        return fact if fact is not None and fact["type"] == "metric" else None
    rule = world.rules[code]
    return max((one for one in decisions(world, unit, code, "metric") if can_read(rule, one)), key=by_day, default=None)


def legible(world: World, code: str, fact: Fact) -> bool:
    """Tell whether an item's rule can read a mark or a report (one of an earlier edition may be none of its own)."""
    item = world.items[code]
    if fact["type"] == "grade":
        return allowed(world, item, number(fact["points"]))
    rule = item["rule"]
    return fact["type"] == "confirmation" or "worth" not in rule or can_read(rule, fact)


def allowed(world: World, item: dict[str, Any], points: Fraction) -> bool:
    """Tell whether a mark is on the item's printed list; without one, in its range and with no more decimals."""
    rule = item["rule"]
    if points > number(rule["scale"] or item["points"]):
        return False
    if rule["allowed"]:
        return points in [number(choice["points"]) for choice in rule["allowed"]]
    scale: int = 10 ** int(world.content["grade_decimals"])
    return (points * scale).denominator == 1


def can_read(rule: Worth, fact: Fact) -> bool:
    """Tell whether a rule's worth can read a report: its elements, two years' figures, a share, a whole number."""
    worth = rule.get("worth", {})
    if fact["type"] == "checklist" or "of" in worth:
        many = fact.get("met", fact.get("missing"))
        return "of" in worth and many is not None and int(many) <= int(worth["of"])
    if "fall" in worth:
        return "previous" in fact and "current" in fact
    if "current" in fact and not line_of(worth).endswith("previous"):
        return False
    value, reads = figure(fact), reads_of(rule)
    if reads == "share":
        return value <= 1
    return reads == "number" or (value.denominator == 1 and value >= (1 if reads == "positive" else 0))


def line_of(worth: Worth) -> str:
    """Give the line that a worth is held against, as it is written, or nothing where it has none."""
    return str(worth.get("above", worth.get("below", "")))


def reads_of(rule: Worth) -> str:
    """Give what figures a rule accepts: as it says, else as its tiers, its rate or its line are written."""
    worth = rule.get("worth", {})
    if rule.get("reads") is not None:
        return str(rule["reads"])
    if "tiers" in worth:
        return "share" if max(number(tier["from"]) for tier in worth["tiers"]) <= 1 else "number"
    line = line_of(worth)
    written = line.replace(" ", "").rstrip("%").replace("/", "").replace(".", "").isdigit()
    in_shares = written and (line.endswith("%") or 0 < number(line) < 1)
    return "share" if "proportional" in worth or in_shares else "number"


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
    asker = {"all": "", "category": world.units[unit], "others": unit}[whom]
    return world.once(("mean", code, whom, asker), lambda: mean_among(world, unit, code, whom))


def mean_among(world: World, unit: str, code: str, whom: str) -> Fraction | None:
    """Work out the mean of the deciding figures of the units that one is compared with."""
    peers = [other for other in among(world, unit, whom) if world.concerns(other, code)]
    facts = [reported(world, other, code) for other in peers]
    found = [figure(fact) for fact in facts if fact is not None]
    return sum(found, ZERO) / len(found) if found else None


def recorded(world: World, unit: str, code: str, **wanted: object) -> Fraction | None:
    """Give the latest figure for comparison that says all this, or None."""
    found = [
        fact
        for fact in world.on(unit, code, "metric")
        if {name: fact[name] for name in ("about", "for_year") if name in fact} == wanted
    ]
    return figure(max(found, key=place)) if found else None


def source_of(world: World, code: str, name: str, whom: str, fact: Fact) -> Fraction | None:
    """Give the figure that the line of a reported figure is taken from."""
    unit = fact["unit"]
    if name == "mean":
        return mean_figure(world, unit, code, whom)
    if name in ("parent", "target"):
        return recorded(world, unit, code, about=name)
    if name == "previous":
        if "previous" in fact:
            return number(fact["previous"])
        return recorded(world, unit, code, for_year=world.year - 1)
    years = range(1, int(name.split(maxsplit=1)[0]) + 1)
    found = [recorded(world, unit, code, for_year=world.year - back) for back in years]
    known = [one for one in found if one is not None]
    return sum(known, ZERO) / len(known) if len(known) == len(found) else None


def line(world: World, code: str, written: str, whom: str, fact: Fact) -> Fraction | None:
    """Give the line that a reported figure is held against, or None where nobody recorded what it is taken from."""
    share, _, name = written.rpartition(" of ")
    if not any(word in name for word in ("mean", "parent", "target", "previous", "year")):
        return number(written)
    found = source_of(world, code, name, whom, fact)
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


def worth_of(world: World, code: str, rule: Worth, fact: Fact) -> Amount | None:
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
    held = line(world, code, line_of(worth), rule["among"], fact)
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
    months = PERIODS[rule["period"]]
    found = world.on(unit, code, "occurrence")
    amounts = []
    for period in range(YEAR // months):
        inside = [
            fact
            for fact in found
            if (moment(fact).month - 1) // months == period
            and (rule["kind"] is None or fact.get("kind") in rule["kind"])
        ]
        amounts.append(worth_of_count(rule["worth"], how_many(rule["count"], inside)))
    return Amount(sum((amount.points for amount in amounts), ZERO), amounts[0].lost).of(most)


def how_many(what: str, facts: list[Fact]) -> Fraction:
    """Give how many there are: events, distinct forms (those nobody named are one), or distinct matters.

    A fact without a matter is its own.
    """
    if what == "event":
        return Fraction(sum(int(fact.get("count", 1)) for fact in facts))
    if what == "form":
        return Fraction(len({fact.get("form") for fact in facts}))
    return Fraction(len({fact.get("matter", ("alone", fact["ref"])) for fact in facts}))


def worth_of_count(worth: Worth, many: Fraction) -> Amount:
    """Give what so many in one period are worth."""
    if "tiers" in worth:
        return Amount(tier(worth["tiers"], many, "lower"))
    amount = linear(worth, many, number(worth["above"] if "above" in worth else worth["below"]))
    if amount is None:
        raise CannotReckon("a count is held against a line of 0 in proportion to it")
    return amount
