"""The ± groups of any scheme for one unit: what each side comes to, one matter once, caps in the order stated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .charges import ZERO, Charge, uncapped, up_to, within_caps
from .heard import World, number
from .places import Span, of_figure, placed
from .world import place
from .worths import figure, mean_figure, reported, worth_of

Group = dict[str, Any]


def total_of(charges: list[Charge]) -> Fraction:
    """Give the sum of charges."""
    return sum((one.points for one in charges), ZERO)


def by_figure(world: World, unit: str, code: str, rule: dict[str, Any]) -> list[Charge]:
    """Give what a ± rule makes of a reported figure: its worth itself, or its price below a share of the mean."""
    fact = reported(world, unit, code)
    if fact is None:
        return []
    if "worth" in rule:
        amount = worth_of(world, code, rule, fact)
        points = ZERO if amount is None else amount.points
    else:
        mean = mean_figure(world, unit, code, rule["below"]["among"])
        is_below = mean is not None and figure(fact) < number(rule["below"]["share"]) * mean
        points = number(rule["price"]) if is_below else ZERO
    return [Charge(*place(fact), points)]


def by_place(world: World, unit: str, code: str, rule: dict[str, Any]) -> list[Charge]:
    """Give what a ± rule makes of a place among the units that reported a figure on it."""
    spans = world.once(("spans", code), lambda: spans_of(world, code))
    fact, mark = reported(world, unit, code), placed(world, unit, rule, spans)
    return [] if fact is None or mark is None else [Charge(*place(fact), mark.low)]


def spans_of(world: World, code: str) -> dict[str, Span]:
    """Give the figures of the units that reported one on a ± rule and that it concerns."""
    units = [unit for unit in world.units if world.concerns(unit, code)]
    return {unit: of_figure(world, unit, code) for unit in units if reported(world, unit, code) is not None}


def one_matter_once(costs: dict[str, list[Charge]]) -> dict[str, list[Charge]]:
    """Give the charges of one side with each named matter kept only at its dearest, of equals the earliest."""
    best: dict[str, Charge] = {}
    for one in sorted((one for several in costs.values() for one in several), key=lambda each: each.place):
        if one.competes and one.matter is not None and (one.matter not in best or one.points > best[one.matter].points):
            best[one.matter] = one
    return {
        code: [one for one in several if not one.competes or one.matter is None or best[one.matter] is one]
        for code, several in costs.items()
    }


@dataclass
class Sides:
    """The ± rules of one unit."""

    world: World
    unit: str

    def raw(self, adjustment: dict[str, Any]) -> list[Charge]:
        """Give what one ± rule charges before its caps."""
        return self.world.once(("raw", self.unit, adjustment["code"]), lambda: self.before_caps(adjustment))

    def before_caps(self, adjustment: dict[str, Any]) -> list[Charge]:
        """Work out what one ± rule charges before its caps."""
        code, rule = adjustment["code"], adjustment["rule"]
        if self.world.out(self.unit, code):
            return []
        if rule.get("start") == "metric":
            return by_figure(self.world, self.unit, code, rule)
        if rule.get("start") == "rank":
            return by_place(self.world, self.unit, code, rule)
        return uncapped(self.world, self.unit, code, rule, most=ZERO, before=ZERO)

    def side(self, group: Group, side: str) -> list[Charge]:
        """Give the charges of one side of a group after one matter once and each rule's caps."""
        caps = {rule["code"]: rule["rule"].get("cap") for rule in group["rules"]}
        costs = {rule["code"]: self.raw(rule) for rule in group["rules"] if rule["side"] == side}
        once = group["same_matter"] == "highest"
        if once and group["order"] == "highest-first":
            costs = one_matter_once(costs)
        costs = {code: within_caps(caps[code], several) for code, several in costs.items()}
        if once and group["order"] == "caps-first":
            costs = one_matter_once(costs)
        return sorted((one for several in costs.values() for one in several), key=lambda each: each.place)

    def charges(self, group: Group, is_open: bool) -> tuple[list[Charge], list[Charge]]:  # noqa: FBT001
        """Give the bonuses and the deductions of a group after every cap; a closed gate leaves no bonus."""
        plus = self.side(group, "bonus") if is_open else []
        minus = self.side(group, "deduction")
        caps = {side: None if cap is None else number(cap) for side, cap in group["cap"].items()}
        if group["caps"] == "net":
            most, least = caps["bonus"], caps["deduction"]
            gained, lost = total_of(plus), total_of(minus)
            plus = plus if most is None else up_to(plus, most + lost)
            minus = minus if least is None else up_to(minus, least + gained)
            return plus, minus
        return up_to(plus, caps["bonus"]), up_to(minus, caps["deduction"])

    def of(self, group: Group, is_open: bool) -> tuple[Fraction, Fraction]:  # noqa: FBT001
        """Give the bonus and the deduction of a group."""
        plus, minus = self.charges(group, is_open)
        return total_of(plus), total_of(minus)

    def lost(self, group: Group, weight: Fraction, is_open: bool) -> list[Charge]:  # noqa: FBT001
        """Give the deductions of a group in points of the total."""
        _, minus = self.charges(group, is_open)
        return [replace(one, points=one.points * weight) for one in minus]
