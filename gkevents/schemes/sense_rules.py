"""Whether the parts of a rule fit each other and its item: points, tiers, elements, prices and their conditions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from gkevents.schemes.faults import Findings
from gkevents.schemes.format import Adjustment, Group, Item, heard_by_default
from gkevents.schemes.rule_format import (
    CardPrices,
    ChecklistRule,
    CountRule,
    EachMet,
    GradeRule,
    LevelPrices,
    MetricRule,
    Pricing,
    RelationRule,
    Tier,
    Tiers,
    TotalPrices,
)
from gkevents.schemes.tree import Path
from gkevents.terms import exact, exact_share, show
from gkevents.words import N_, message


def rules_fit(findings: Findings) -> None:
    """Put down what does not fit in every item and every ± rule."""
    for place, item in enumerate(findings.scheme.items):
        _points(findings, ("items", place), item)
        _item_rule(findings, ("items", place, "rule"), item)
    for place, group in enumerate(findings.scheme.adjustments):
        for inner, rule in enumerate(group.rules):
            _adjustment(findings, ("adjustments", place, "rules", inner, "rule"), rule)
        _group_caps(findings, ("adjustments", place), group)


def _points(findings: Findings, path: Path, item: Item) -> None:
    if item.rule.start == "elsewhere":
        if item.points is not None:
            said = N_("{code} only points elsewhere and has no points: delete them.")
            findings.add((*path, "points"), message(said, code=item.code))
    elif findings.scheme.points == "overlay":
        if item.points is not None and findings.intact("points"):
            said = N_("{code} has points, but this scheme takes its points from an overlay: delete them.")
            findings.add((*path, "points"), message(said, code=item.code))
    elif item.points is None and findings.intact("points"):
        findings.add(path, message(N_("{code} has no points. Write its maximum: points: …"), code=item.code))
    if item.implied is not None and item.points is None:
        findings.add((*path, "implied"), message(N_("implied explains points, and there are none here.")))


def _item_rule(findings: Findings, path: Path, item: Item) -> None:
    rule = item.rule
    most = None if item.points is None else exact(item.points)
    match rule:
        case GradeRule():
            _allowed(findings, path, rule, most)
        case MetricRule(worth=Tiers() as worth) | CountRule(worth=worth):
            _tiers(findings, (*path, "worth", "tiers"), worth.tiers, most)
        case ChecklistRule():
            _checklist(findings, path, rule, most)
        case _:
            pass
    if isinstance(rule, CountRule):
        _whole_counts(findings, (*path, "worth", "tiers"), rule.worth.tiers)
    if rule.start in ("grade", "full"):
        for place, part in enumerate(rule.deduct):
            _item_pricing(findings, (*path, "deduct", place), part)


def _allowed(findings: Findings, path: Path, rule: GradeRule, most: Fraction | None) -> None:
    seen: set[Fraction] = set()
    for place, choice in enumerate(rule.allowed):
        where, points = (*path, "allowed", place, "points"), exact(choice.points)
        _within(findings, where, points, most)
        if points in seen:
            findings.add(where, message(N_("{points} points stand in the list twice."), points=choice.points))
        seen.add(points)


def _within(findings: Findings, path: Path, points: Fraction, most: Fraction | None) -> None:
    if most is not None and points > most:
        said = N_("{points} points are more than the item's maximum of {most}.")
        findings.add(path, message(said, points=show(points), most=show(most)))


def _tiers(findings: Findings, path: Path, tiers: list[Tier], most: Fraction | None) -> None:
    starts = [exact_share(tier.start) for tier in tiers]
    rising = len(starts) > 1 and starts[1] > starts[0]
    for place, tier in enumerate(tiers):
        _within(findings, (*path, place, "points"), exact(tier.points), most)
        if place and (starts[place] == starts[place - 1] or (starts[place] > starts[place - 1]) != rising):
            said = N_("Tiers stand in one order, each once: {start} does not follow {before}.")
            findings.add((*path, place, "from"), message(said, start=tier.start, before=tiers[place - 1].start))
    if min(starts) != 0:
        findings.add(path, message(N_("No tier begins at 0: what is below the lowest would have no points.")))


def _whole_counts(findings: Findings, path: Path, tiers: list[Tier]) -> None:
    for place, tier in enumerate(tiers):
        if exact_share(tier.start).denominator != 1:
            said = message(N_("A count is a whole number, not {start}."), start=tier.start)
            findings.add((*path, place, "from"), said)


def _checklist(findings: Findings, path: Path, rule: ChecklistRule, most: Fraction | None) -> None:
    worth = rule.worth
    if isinstance(worth, EachMet):
        sum_of_all = exact(worth.each) * worth.of
        if most is not None and sum_of_all != most:
            said = N_("{of} elements at {each} points make {found}, but the item has {most} points.")
            values = {"of": worth.of, "each": worth.each, "found": show(sum_of_all), "most": show(most)}
            findings.add((*path, "worth"), message(said, **values))
    if rule.elements and len(rule.elements) != worth.of:
        said = N_("{found} elements are listed, but of says {of}.")
        findings.add((*path, "elements"), message(said, found=len(rule.elements), of=worth.of))


def _item_pricing(findings: Findings, path: Path, part: Pricing) -> None:
    if part.price == "overlay":
        said = N_("An overlay gives prices to ± rules only; write this price as a number, or all, or set.")
        findings.add((*path, "price"), message(said))
    if part.on == "praise":
        findings.add(
            (*path, "on"), message(N_("Praise takes no points away. Write happenings, cards, messages or amounts."))
        )
    _pricing(findings, path, part, heard="happenings")


def _adjustment(findings: Findings, path: Path, rule: Adjustment) -> None:
    part = rule.rule
    if isinstance(part, RelationRule):
        if rule.side == "bonus":
            said = N_("A figure below the mean takes points away: side must be deduction.")
            findings.add((*path[:-1], "side"), message(said))
        return
    if part.price == "all":
        said = N_("all stands for an item's maximum, and a ± rule has none; write a number.")
        findings.add((*path, "price"), message(said))
    if part.price == "overlay" and findings.scheme.points != "overlay" and findings.intact("points"):
        said = N_("This scheme has its own points, so no overlay gives this price; write a number.")
        findings.add((*path, "price"), message(said))
    if part.on is not None and (part.on == "praise") != (rule.side == "bonus"):
        said = N_("A {side} cannot be heard by {on}. Leave on out: it is {default} here.")
        values = {"side": rule.side, "on": part.on, "default": heard_by_default(rule.side)}
        findings.add((*path, "on"), message(said, **values))
    _pricing(findings, path, part, heard=heard_by_default(rule.side))


def _pricing(findings: Findings, path: Path, part: Pricing, *, heard: str) -> None:
    on = part.on or heard
    if (on == "amounts") != (part.price == "set"):
        said = N_("An amount set by the assessor needs both: on: amounts and price: set.")
        findings.add((*path, "price"), message(said))
    if isinstance(part.price, CardPrices) != (part.each == "problem") or (part.each == "problem" and on != "cards"):
        said = N_("Repeated cards need all three: on: cards, each: problem and price: {{first: …, again: …}}.")
        findings.add((*path, "each"), message(said))
    if part.limit is not None and on != "messages":
        said = N_("A limit here is that of a message; without on: messages it is never asked.")
        findings.add((*path, "limit"), message(said))
    if part.needs is not None and (part.each != "year" or not isinstance(part.price, str)):
        said = N_("needs is asked once a year: it wants each: year and one number as price.")
        findings.add((*path, "needs"), message(said))
    if part.level_min is not None and isinstance(part.price, LevelPrices):
        said = N_("The price by level already says which levels count: leave level_min out.")
        findings.add((*path, "level_min"), message(said))
    if isinstance(part.price, TotalPrices):
        _totals(findings, path, part, part.price)


def _totals(findings: Findings, path: Path, part: Pricing, price: TotalPrices) -> None:
    if part.each == "year":
        said = N_("A price by how many there are cannot be counted once a year. Write each: matter or each: event.")
        findings.add((*path, "each"), message(said))
    steps = [exact(step) for step in price.total]
    for place, (lower, higher) in enumerate(pairwise(steps), start=1):
        if higher < lower:
            said = N_("Totals do not fall: {higher} for one more is less than {lower}.")
            findings.add((*path, "price", "total", place), message(said, higher=show(higher), lower=show(lower)))


def _group_caps(findings: Findings, path: Path, group: Group) -> None:
    sides = {rule.side for rule in group.rules}
    for side, cap in (("bonus", group.cap.bonus), ("deduction", group.cap.deduction)):
        if cap is not None and side not in sides and group.rules:
            said = message(N_("The group has no {side} rule that this cap could hold."), side=side)
            findings.add((*path, "cap", side), said)
