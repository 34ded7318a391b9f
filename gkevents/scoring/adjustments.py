"""The ± rules beyond the items: what each group adds and takes, after "highest only" and its caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.model import Adjustment, Group, Pricing
from gkevents.scoring.fact import NOT_APPLICABLE, Fact
from gkevents.scoring.items import hears
from gkevents.scoring.pricing import Charge, capped, clip, price, swallowed, unit_price
from gkevents.terms import ZERO


class GroupScore(NamedTuple):
    """What one group comes to, both sides as positive points; `netted`, signed, is what a cap on the net took."""

    code: str
    bonus: Fraction
    deduction: Fraction
    charges: tuple[Charge, ...]
    netted: Fraction = ZERO


def raw_charges(group: Group, facts: Mapping[str, Sequence[Fact]]) -> dict[str, list[Charge]]:
    """The charges of a group's rules from the facts that stand on them, by code, before any cap.

    Where one matter counts once, the winners are chosen first, and each rule prices what is left to it. A rule on a
    mean has no charges yet.
    """
    pricings = {rule.code: rule.pricing for rule in group.rules if rule.pricing is not None and facts.get(rule.code)}
    heard = {
        code: [fact for fact in facts[code] if hears(pricing, fact)]
        for code, pricing in pricings.items()
        if not set_aside(facts[code])
    }
    lost = _lost(group, heard) if group.same_matter == "highest" else {}
    charges = {}
    for rule in group.rules:
        if rule.code in heard:
            charges[rule.code] = _one_rule(rule, pricings[rule.code], heard[rule.code], lost)
        else:
            on_it = facts[rule.code] if rule.code in pricings else ()
            charges[rule.code] = [
                Charge(fact, rule.code, ZERO, ZERO, ZERO, "not-applicable", side=rule.side) for fact in on_it
            ]
    return charges


def _one_rule(
    rule: Adjustment, pricing: Pricing, heard: Sequence[Fact], lost: Mapping[tuple[str, str], str]
) -> list[Charge]:
    left = [fact for fact in heard if (rule.code, fact.ref) not in lost]
    charges = price(pricing, left, code=rule.code, whole=ZERO, side=rule.side)
    charges += [
        Charge(fact, rule.code, unit_price(pricing, fact, ZERO), ZERO, ZERO, "same-matter", by, rule.side)
        for fact in heard
        if (by := lost.get((rule.code, fact.ref))) is not None
    ]
    return sorted(charges, key=lambda charge: charge.fact.order)


_COUNTS_MATTERS: Final = frozenset({"matter", "matter-level", "year"})


def _lost(group: Group, heard: Mapping[str, Sequence[Fact]]) -> dict[tuple[str, str], str]:
    """What is swallowed on each side; where a rule counts events, a matter is only a note and takes no part."""
    lost: dict[tuple[str, str], str] = {}
    for side in ("bonus", "deduction"):
        candidates = [
            (rule.code, rule.pricing, fact)
            for rule in group.rules
            if rule.side == side
            and rule.pricing is not None
            and rule.pricing.each in _COUNTS_MATTERS
            and not rule.pricing.needs
            for fact in heard.get(rule.code, ())
        ]
        lost |= swallowed(sorted(candidates, key=lambda candidate: candidate[2].order))
    return lost


def set_aside(facts: Sequence[Fact]) -> bool:
    """Whether a ± rule is said not to concern the unit."""
    return any(fact.type == NOT_APPLICABLE for fact in facts)


def settle_group(group: Group, charges: Mapping[str, Sequence[Charge]]) -> GroupScore:
    """One group's sum from its rules' charges, after each rule's cap and the caps of the group."""
    sides = {}
    for side in ("bonus", "deduction"):
        merged = [charge for rule in group.rules if rule.side == side for charge in charges.get(rule.code, ())]
        merged.sort(key=lambda charge: charge.fact.order)
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


def _net(group: Group, bonus: Sequence[Charge], deduction: Sequence[Charge]) -> GroupScore:
    """A group whose cap holds for the net of both sides; what it takes belongs to no single happening."""
    plus, minus = _sum(bonus), _sum(deduction)
    over = max(plus - minus - group.bonus_cap, ZERO) if group.bonus_cap is not None else ZERO
    under = max(minus - plus - group.deduction_cap, ZERO) if group.deduction_cap is not None else ZERO
    return GroupScore(group.code, plus - over, minus - under, (*bonus, *deduction), under - over)


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
