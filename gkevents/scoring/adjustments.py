"""The ± rules beyond the items: what each group adds and takes, after "highest only" and its caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from gkevents.schemes.model import Adjustment, Group
from gkevents.scoring.fact import NOT_APPLICABLE, Fact
from gkevents.scoring.items import hears
from gkevents.scoring.pricing import Charge, capped, clip, highest_only, price
from gkevents.terms import ZERO


class GroupScore(NamedTuple):
    """What one group comes to, both sides as positive points; `netted`, signed, is what a cap on the net took."""

    code: str
    bonus: Fraction
    deduction: Fraction
    charges: tuple[Charge, ...]
    netted: Fraction = ZERO


def raw_charges(rule: Adjustment, facts: Sequence[Fact]) -> list[Charge]:
    """The charges of one ± rule from its standing facts, before any cap; a rule on a mean has none yet."""
    if rule.pricing is None:
        return []
    if any(fact.type == NOT_APPLICABLE for fact in facts):
        return [Charge(fact, rule.code, ZERO, ZERO, ZERO, "not-applicable", side=rule.side) for fact in facts]
    heard = [fact for fact in facts if hears(rule.pricing, fact)]
    return price(rule.pricing, heard, code=rule.code, whole=ZERO, side=rule.side)


def settle_group(group: Group, charges: Mapping[str, Sequence[Charge]]) -> GroupScore:
    """One group's sum from its rules' charges: one matter at its dearest where the scheme says so, then the caps."""
    sides = {}
    for side in ("bonus", "deduction"):
        merged = [charge for rule in group.rules if rule.side == side for charge in charges.get(rule.code, ())]
        merged.sort(key=lambda charge: charge.fact.order)
        if group.same_matter == "highest":
            merged = highest_only(merged, _keyed(group))
        sides[side] = _rule_caps(group, merged)
    if group.caps == "net":
        return _net(group, sides["bonus"], sides["deduction"])
    bonus = sides["bonus"] if group.bonus_cap is None else clip(sides["bonus"], group.bonus_cap, why="group-cap")
    deduction = sides["deduction"]
    if group.deduction_cap is not None:
        deduction = clip(deduction, group.deduction_cap, why="group-cap")
    return GroupScore(group.code, _sum(bonus), _sum(deduction), (*bonus, *deduction))


def _rule_caps(group: Group, charges: list[Charge]) -> list[Charge]:
    """Charges of one side (in order) after each rule's own cap."""
    for rule in group.rules:
        if rule.pricing is not None and rule.pricing.cap is not None:
            own = iter(capped(rule.pricing, [charge for charge in charges if charge.rule == rule.code]))
            charges = [next(own) if charge.rule == rule.code else charge for charge in charges]
    return charges


def _keyed(group: Group) -> frozenset[str]:
    """The rules of a group that count matters, so that one matter can be named in two of them."""
    return frozenset(rule.code for rule in group.rules if rule.pricing is not None and not rule.pricing.needs)


def _net(group: Group, bonus: Sequence[Charge], deduction: Sequence[Charge]) -> GroupScore:
    """A group whose cap holds for the net of both sides; what it takes belongs to no single happening."""
    net = capped = _sum(bonus) - _sum(deduction)
    if group.bonus_cap is not None:
        capped = min(capped, group.bonus_cap)
    if group.deduction_cap is not None:
        capped = max(capped, -group.deduction_cap)
    return GroupScore(group.code, max(capped, ZERO), max(-capped, ZERO), (*bonus, *deduction), capped - net)


def _sum(charges: Sequence[Charge]) -> Fraction:
    return sum((charge.applied for charge in charges), ZERO)


def relation_charge(rule: Adjustment, figure: Fact, mean: Fraction) -> Charge:
    """The charge of a figure compared with the units' mean: the rule's price where it is strictly below the share."""
    relation = rule.relation
    below = relation is not None and (figure.ratio or ZERO) < relation.share * mean
    points = relation.price if relation is not None and below else ZERO
    return Charge(
        figure, rule.code, points, points, points, "below-mean" if below else "not-below-mean", side=rule.side
    )
