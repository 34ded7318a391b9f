"""What the things a rule heard cost or earn, in the order the rules are read.

First its conditions, then groups, prices, easing, what was reduced, caps. One function for each way of grouping, each
as plain as the sentence it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Final

from .heard import Heard, Rule, World, all_on, easing_kinds, heard_by, number, of_other_side

Group = Callable[[Rule, list[Heard], Fraction, Fraction], "list[Charge]"]
LEVELS: Final = ("county", "city", "provincial", "national")
ZERO: Final = Fraction(0)
YEAR: Final = 12
PERIODS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": YEAR}
"""How many months a period has, from the shortest to the year."""


@dataclass(frozen=True)
class Charge:
    """Points that one thing costs or earns, with its date and matter; some take no part in one matter once.

    `most` is what it was reduced to, which it costs at most.
    """

    at: datetime
    position: int
    points: Fraction
    matter: str | None = None
    competes: bool = False
    most: str | None = None

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in the order of the world."""
        return (self.at, self.position)


def holds(rule: Rule, heard: Heard) -> bool:
    """Tell whether the conditions of a rule hold for what was heard; an unknown word leaves it waiting."""
    for name, wanted in (rule["when"] or {}).items():
        if name != "kind" and heard.words.get(name) is not wanted:
            return False
    least, price = rule["level_min"], rule["price"]
    if least is not None and heard.level is not None and LEVELS.index(heard.level) < LEVELS.index(least):
        return False
    return not by_level(price) or heard.level in price


def by_level(price: object) -> bool:
    """Tell whether a price is a table by level."""
    return isinstance(price, dict) and bool(set(price) & set(LEVELS))


def single(rule: Rule, heard: Heard, most: Fraction) -> Fraction:
    """Give what one thing costs by itself, once."""
    price = rule["price"]
    if price == "set" or (isinstance(price, dict) and "to" in price):
        return number(heard.said["amount"])
    if by_level(price):
        return number(price[heard.level])
    return most if price == "all" else number(price)


def charge(heard: Heard, points: Fraction, competes: bool = False) -> Charge:  # noqa: FBT001, FBT002
    """Give a charge dated as what was heard."""
    return Charge(heard.at, heard.position, points, heard.matter, competes, heard.most)


def nth(prices: list[str], ordinal: int) -> Fraction:
    """Give the price of the first, the second ... of a list; beyond it, the last."""
    return number(prices[min(ordinal, len(prices)) - 1])


def reached(totals: list[str], many: int) -> Fraction:
    """Give what so many cost in all; beyond the list, the last."""
    return nth(totals, many) if many else ZERO


def each_event(rule: Rule, found: list[Heard], most: Fraction, _before: Fraction) -> list[Charge]:
    """Give one charge for every event, as often as its count says."""
    price, seen, result = rule["price"], 0, []
    for heard in found:
        if isinstance(price, dict) and "nth" in price:
            points = sum((nth(price["nth"], seen + one) for one in range(1, heard.count + 1)), ZERO)
        elif isinstance(price, dict) and "total" in price:
            points = reached(price["total"], seen + heard.count) - reached(price["total"], seen)
        else:
            points = single(rule, heard, most) * heard.count
        seen += heard.count
        result.append(charge(heard, points))
    return result


def own_matter(heard: Heard) -> object:
    """Give what tells a matter from others: its name, or for a fact without one the fact itself."""
    return heard.matter if heard.matter is not None else ("alone", heard.at, heard.position, heard.type)


def dearest(
    rule: Rule, found: list[Heard], most: Fraction, alone: Fraction, group: Callable[[Heard], object]
) -> list[Heard]:
    """Give of each group the dearest, of equals the earliest, in the order of the world.

    Where the price hangs on more than the thing itself, `alone` is what it would cost by itself; then of those that
    cost the same the one that is eased least.
    """
    best: dict[object, Heard] = {}
    fixed = isinstance(rule["price"], dict) and bool({"total", "down_to"} & set(rule["price"]))

    def left(heard: Heard) -> tuple[Fraction, Fraction]:
        share = share_left(rule, heard, rule.get("easing", []))
        price = alone if fixed else single(rule, heard, most)
        return reduced(price * rule.get("times", 1) * share, heard.most), share if fixed else ZERO

    for heard in found:
        held = best.get(group(heard))
        if held is None or left(heard) > left(held):
            best[group(heard)] = heard
    return sorted(best.values(), key=lambda heard: heard.place)


def each_matter(rule: Rule, found: list[Heard], most: Fraction, _before: Fraction) -> list[Charge]:
    """Give one charge for every matter (and level, where the rule says so), or by its first, second ... fact."""
    price = rule["price"]
    if isinstance(price, dict) and "nth" in price:
        times: dict[object, int] = {}
        result = []
        for heard in found:
            times[own_matter(heard)] = times.get(own_matter(heard), 0) + 1
            result.append(charge(heard, nth(price["nth"], times[own_matter(heard)]), competes=True))
        return result
    with_level = rule["each"] == "matter-level"
    alone = nth(price["total"], 1) if isinstance(price, dict) and "total" in price else ZERO
    winners = dearest(rule, found, most, alone, lambda heard: (own_matter(heard), heard.level if with_level else None))
    if isinstance(price, dict) and "total" in price:
        steps = enumerate(winners, 1)
        return [charge(w, reached(price["total"], n) - reached(price["total"], n - 1), competes=True) for n, w in steps]
    return [charge(winner, single(rule, winner, most), competes=True) for winner in winners]


def problems_of(heard: Heard) -> list[str]:
    """Give the problems that a card names, each once."""
    named = heard.said["problem"]
    return [named] if isinstance(named, str) else list(dict.fromkeys(named))


def each_problem(rule: Rule, found: list[Heard], most: Fraction, _before: Fraction) -> list[Charge]:
    """Give one charge for every card, at its dearest problem."""
    price = rule["price"]
    times: dict[str, int] = {}
    shared = [problem for heard in found for problem in problems_of(heard)]
    result = []
    for heard in found:
        prices = []
        for problem in problems_of(heard):
            times[problem] = times.get(problem, 0) + 1
            if not isinstance(price, dict):
                prices.append(most if price == "all" else number(price))
            elif "nth" in price:
                prices.append(nth(price["nth"], times[problem]))
            else:
                prices.append(card_price(price, times[problem], shared.count(problem)))
        result.append(charge(heard, max(prices)))
    return result


def card_price(price: dict[str, str], time: int, times: int) -> Fraction:
    """Give what a problem costs when a card names it for the so-manieth of so many times."""
    first, again = number(price["first"]), number(price["again"])
    if price["first_card"] == "escalated":
        return again if times > 1 else first
    if price["first_card"] == "added":
        return first + again if time > 1 else first
    return again if time > 1 else first


def period_of(at: datetime, months: int) -> object:
    """Give the month, quarter or half-year that a moment lies in; the year is one, with what was kept after it."""
    return None if months == YEAR else (at.year, (at.month - 1) // months)


def each_period(rule: Rule, found: list[Heard], most: Fraction, before: Fraction) -> list[Charge]:
    """Give one charge for the year, or for each quarter or month: the dearest, of equals the earliest."""
    months = PERIODS[rule["each"]]
    down = rule["price"]["down_to"] if isinstance(rule["price"], dict) and "down_to" in rule["price"] else None
    fall = ZERO if down is None else max(ZERO, before - number(down))
    winners = dearest(rule, found, most, fall, lambda heard: period_of(heard.at, months))
    return [charge(winner, single(rule, winner, most) if down is None else fall) for winner in winners]


def when_needs_are_met(rule: Rule, found: list[Heard]) -> list[Charge]:
    """Give the one charge of a yearly condition, at what completes it, or none."""
    have = dict.fromkeys(rule["needs"], 0)
    for heard in found:
        if heard.kind in have:
            have[heard.kind] += heard.count
        enough = [have[kind] >= needed for kind, needed in rule["needs"].items()]
        if all(enough) if rule["join"] == "all" else any(enough):
            return [charge(heard, number(rule["price"]))]
    return []


GROUPS: Final[dict[str, Group]] = {
    "event": each_event, "matter": each_matter, "matter-level": each_matter, "problem": each_problem,
    "year": each_period, "quarter": each_period, "month": each_period,
}  # fmt: skip


def eased(rule: Rule, charges: list[Charge], happened: list[Heard]) -> list[Charge]:
    """Give the charges with what later facts of the same matter leave of each: of several, the least."""
    return [replace(one, points=one.points * share_left(rule, one, happened)) for one in charges]


def reduced(points: Fraction, most: str | None) -> Fraction:
    """Give points after what was decided that they come to at most."""
    return points if most is None else min(points, number(most))


def share_left(rule: Rule, one: Heard | Charge, happened: list[Heard]) -> Fraction:
    """Give what later facts of the same matter leave of a price: of several, the least."""
    shares = [Fraction(1)]
    for ease in rule["eased"]:
        for later in happened:
            if later.kind == ease["kind"] and later.matter is not None and later.matter == one.matter:
                shares += [number(ease["to"])] if later.place > one.place else []
    return min(shares)


def sub_units(world: World, unit: str, code: str) -> Fraction | None:
    """Give how many sub-units a unit has: as last recorded on the code, else as the roster says."""
    said = [fact for fact in world.on(unit, code, "metric") if fact.get("about") == "sub-units"]
    listed = world.listed_sub_units(unit)
    many = number(said[-1]["value"]) if said else Fraction(listed or 0)
    return many or None


def up_to(charges: list[Charge], cap: Fraction | None) -> list[Charge]:
    """Give the charges in order, each cut to what the cap has left."""
    left, result = cap, []
    for one in sorted(charges, key=lambda each: each.place):
        points = one.points if left is None else min(one.points, left)
        left = None if left is None else left - points
        result.append(replace(one, points=points))
    return result


def within_caps(cap: object, charges: list[Charge]) -> list[Charge]:
    """Give the charges after a rule's own cap: each month's, each quarter's, each half-year's, then the year's."""
    caps = cap if isinstance(cap, dict) else {"year": cap}
    for name, months in PERIODS.items():
        if caps.get(name) is None:
            continue
        result: list[Charge] = []
        for period in {period_of(one.at, months) for one in charges}:
            inside = [one for one in charges if period_of(one.at, months) == period]
            result += up_to(inside, number(caps[name]))
        charges = result
    return sorted(charges, key=lambda one: one.place)


def own_factor(world: World, unit: str, factors: Mapping[str, str]) -> Fraction:
    """Give what a rule's price is multiplied by for a unit: as its name says, else its category."""
    named = [factors[name] for name in (unit, *sorted(world.names(unit))) if name in factors]
    return number(named[0] if named else factors.get(world.units[unit], "1"))


def uncapped(world: World, unit: str, code: str, rule: Rule, *, most: Fraction, before: Fraction) -> list[Charge]:
    """Give what one event rule on a code charges a unit with, before its caps.

    `most` is the item's maximum, `before` what the item had before anything came on or off.
    """
    happened = all_on(world, unit, code, rule["whom"])
    found = [
        heard
        for heard in heard_by(rule, happened, of_other_side(world, code, rule), easing_kinds(world, code))
        if holds(rule, heard)
    ]
    easing = happened if not rule["eased"] else [*all_on(world, unit, code), *all_on(world, unit, code, "other")]
    times = own_factor(world, unit, rule["factor"] or {})
    if rule["over"] == "sub-units":
        many = sub_units(world, unit, code)
        if many is None:
            return []
        times /= many
    known = {**rule, "easing": easing, "times": times}
    charges = when_needs_are_met(rule, found) if rule["needs"] else GROUPS[rule["each"]](known, found, most, before)
    charges = eased(rule, [replace(one, points=one.points * times) for one in charges], easing)
    return [replace(one, points=reduced(one.points, one.most)) for one in charges]


def charged(world: World, unit: str, code: str, rule: Rule, *, most: Fraction, before: Fraction) -> list[Charge]:
    """Give what one event rule on a code charges a unit with, after its caps."""
    return within_caps(rule["cap"], uncapped(world, unit, code, rule, most=most, before=before))
