"""The ± rules beyond the items: what each group adds and takes, after "highest only" and its caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.model import Adjustment, Group, Pricing, Worth
from gkevents.scoring.fact import BY_DAY, METRIC, NOT_APPLICABLE, Fact
from gkevents.scoring.matters import swallowed, worth_alone
from gkevents.scoring.pricing import (
    IN_ORDER,
    NOBODY,
    Charge,
    Payer,
    capped,
    charges_of,
    clip,
    hears,
    unit_price,
)
from gkevents.scoring.worth import amount, line_of, reads_line, worth_reads
from gkevents.terms import ZERO, total


class GroupScore(NamedTuple):
    """What one group comes to, both sides as positive points."""

    code: str
    bonus: Fraction
    deduction: Fraction
    charges: tuple[Charge, ...]


def raw_charges(group: Group, facts: Mapping[str, Sequence[Fact]], payer: Payer = NOBODY) -> dict[str, list[Charge]]:
    """The charges of a group's rules from the facts that stand on them, by code, before any cap.

    Where one matter counts once, the winners are chosen first, and each rule prices what is left to it (the other way
    round where the scheme says so, see `settle_group`). What asks the other units has no charges yet.
    """
    named = [rule for rule in group.rules if facts.get(rule.code)]
    heard = {
        rule.code: [fact for fact in facts[rule.code] if hears(rule.pricing, fact)]
        for rule in named
        if rule.pricing is not None and not set_aside(facts[rule.code])
    }
    lost = _lost(group, heard, facts, payer) if group.same_matter == "highest" and not group.caps_first else {}
    charges: dict[str, list[Charge]] = {rule.code: [] for rule in group.rules}
    for rule in named:
        on_it = facts[rule.code]
        if rule.pricing is None:
            charges[rule.code] = _by_figure(rule, on_it, payer)
        elif rule.code not in heard:
            charges[rule.code] = [
                Charge(fact, rule.code, ZERO, ZERO, ZERO, "not-applicable", side=rule.side) for fact in on_it
            ]
        elif lost:
            charges[rule.code] = _one_rule(rule, rule.pricing, on_it, lost, payer)
        else:
            charges[rule.code] = charges_of(rule.pricing, on_it, payer, code=rule.code, whole=ZERO, side=rule.side)
    return charges


def _one_rule(
    rule: Adjustment,
    pricing: Pricing,
    facts: Sequence[Fact],
    lost: Mapping[tuple[str, str], str],
    payer: Payer,
) -> list[Charge]:
    """A rule's charges from what "highest only" leaves it, and the losers at nought."""
    heard = [fact for fact in facts if hears(pricing, fact)]
    left = [fact for fact in facts if (rule.code, fact.ref) not in lost]
    charges = charges_of(pricing, left, payer, code=rule.code, whole=ZERO, side=rule.side)
    charges += [
        Charge(fact, rule.code, unit_price(pricing, fact, ZERO), ZERO, ZERO, "same-matter", by, rule.side)
        for fact in heard
        if (by := lost.get((rule.code, fact.ref))) is not None
    ]
    return sorted(charges, key=IN_ORDER)


def figure_on(worth: Worth, facts: Sequence[Fact]) -> Fact | None:
    """The figure that stands for a ± rule, of those it can read the latest by day, then position; None without one."""
    reports = [fact for fact in facts if fact.type == METRIC and not fact.is_reference and worth_reads(worth, fact)]
    if not reports or set_aside(facts):
        return None
    return max(reports, key=BY_DAY)


def _by_figure(rule: Adjustment, facts: Sequence[Fact], payer: Payer) -> list[Charge]:
    """The charge of a figure by itself; none where the other units are asked, or where its line is not recorded."""
    figure = figure_on(rule.worth, facts) if rule.worth is not None else None
    if figure is None or rule.worth is None:
        return []
    if rule.ranking is not None or rule.worth.line.source == "mean":
        return []
    line = line_of(rule.worth.line, facts, figure, payer.year)
    if rule.worth.shape == "linear" and not reads_line(rule.worth, line):
        return [Charge(figure, rule.code, ZERO, ZERO, ZERO, "no-line", side=rule.side)]
    return [figure_charge(rule, figure, line)]


def figure_charge(rule: Adjustment, figure: Fact, line: Fraction | None) -> Charge:
    """What a figure comes to under a ± rule."""
    points = amount(rule.worth, figure, line=line) if rule.worth is not None else ZERO
    return Charge(figure, rule.code, points, points, points, "priced" if points else "figure-free", side=rule.side)


_COUNTS_MATTERS: Final = frozenset({"matter", "matter-level", "year"})


def _lost(
    group: Group, heard: Mapping[str, Sequence[Fact]], facts: Mapping[str, Sequence[Fact]], payer: Payer
) -> dict[tuple[str, str], str]:
    """What is swallowed on each side; where a rule counts events, a matter is only a note and takes no part."""
    lost: dict[tuple[str, str], str] = {}
    for side in ("bonus", "deduction"):
        candidates = [
            (rule.code, fact, points)
            for rule in group.rules
            if rule.side == side and rule.pricing is not None and _counts_matters(rule.pricing)
            for fact in heard.get(rule.code, ())
            if (points := worth_alone(rule.pricing, fact, facts[rule.code], payer)) is not None
        ]
        lost |= swallowed(sorted(candidates, key=lambda candidate: candidate[1].order))
    return lost


def _counts_matters(rule: Pricing) -> bool:
    return rule.each in _COUNTS_MATTERS and not rule.needs


def set_aside(facts: Sequence[Fact]) -> bool:
    """Whether a ± rule is said not to concern the unit."""
    return any(fact.type == NOT_APPLICABLE for fact in facts)


def settle_group(group: Group, charges: Mapping[str, Sequence[Charge]]) -> GroupScore:
    """One group's sum from its rules' charges, after each rule's cap and the caps of the group."""
    sides = {}
    for side in ("bonus", "deduction"):
        merged = [charge for rule in group.rules if rule.side == side for charge in charges.get(rule.code, ())]
        merged.sort(key=IN_ORDER)
        merged = _rule_caps(group, merged)
        sides[side] = _highest(group, merged) if group.caps_first else merged
    return _bounded(group, sides["bonus"], sides["deduction"])


def shut(group: Group, score: GroupScore) -> GroupScore:
    """A group whose gate is shut: its bonuses give nothing, its deductions stay."""
    bonus = [
        charge._replace(applied=ZERO, why="gate") if charge.applied else charge
        for charge in score.charges
        if charge.side == "bonus"
    ]
    deduction = [charge for charge in score.charges if charge.side != "bonus"]
    if group.caps == "net" and group.deduction_cap is not None:
        deduction = clip(deduction, group.deduction_cap, why="net-cap")
    return GroupScore(group.code, ZERO, _sum(deduction), (*bonus, *deduction))


def _rule_caps(group: Group, charges: list[Charge]) -> list[Charge]:
    """Charges of one side (in order) after each rule's own caps."""
    for rule in group.rules:
        if rule.cap is not None or (
            rule.pricing is not None and (rule.pricing.cap is not None or rule.pricing.period_caps)
        ):
            held = [charge for charge in charges if charge.rule == rule.code]
            own = iter(capped(rule.pricing, held) if rule.pricing is not None else clip(held, rule.cap or ZERO))
            charges = [next(own) if charge.rule == rule.code else charge for charge in charges]
    return charges


def _highest(group: Group, charges: list[Charge]) -> list[Charge]:
    """Charges of one side after their caps, of one matter over several rules only the one that is left the most of."""
    counting = {rule.code for rule in group.rules if rule.pricing is not None and _counts_matters(rule.pricing)}
    best: dict[str, Charge] = {}
    for charge in charges:
        matter = charge.fact.matter
        if matter is not None and charge.rule in counting and charge.applied:
            held = best.get(matter)
            best[matter] = charge if held is None or charge.applied > held.applied else held
    return [
        charge._replace(applied=ZERO, why="same-matter", by=winner.fact.ref)
        if charge.applied
        and charge.rule in counting
        and (winner := best.get(charge.fact.matter or "")) is not None
        and winner is not charge
        else charge
        for charge in charges
    ]


def _bounded(group: Group, bonus: Sequence[Charge], deduction: Sequence[Charge]) -> GroupScore:
    """Both sides after the group's caps: each by itself, or (`net`) as far as the other does not make up for it."""
    plus, minus = (_sum(bonus), _sum(deduction)) if group.caps == "net" else (ZERO, ZERO)
    why = "net-cap" if group.caps == "net" else "group-cap"
    if group.bonus_cap is not None:
        bonus = clip(bonus, group.bonus_cap + minus, why=why)
    if group.deduction_cap is not None:
        deduction = clip(deduction, group.deduction_cap + plus, why=why)
    return GroupScore(group.code, _sum(bonus), _sum(deduction), (*bonus, *deduction))


def _sum(charges: Sequence[Charge]) -> Fraction:
    return total([charge.applied for charge in charges])


def relation_charge(rule: Adjustment, figure: Fact, line: Fraction) -> Charge:
    """The charge of a figure compared with what the units' mean gives as its line."""
    points = amount(rule.worth, figure, line=line) if rule.worth is not None else ZERO
    below = rule.worth is not None and not rule.worth.above
    why = f"{'' if points else 'not-'}{'below' if below else 'above'}-mean"
    return Charge(figure, rule.code, points, points, points, why, side=rule.side)
