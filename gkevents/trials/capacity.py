"""The most that a rule, a group, a section, a part or the total can ever give; None where nothing would end it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Group, Pricing, SchemePart, Worth
from gkevents.scoring.rounding import rounded
from gkevents.terms import ZERO

_TIMES: Final = {"year": 1, "quarter": 4, "month": 12}
_PERIODS: Final = {"month": 12, "quarter": 4, "half-year": 2}
_ONE: Final = Fraction(1)


def prices(rule: Pricing, whole: Fraction) -> list[Fraction]:
    """Every price that a single happening may have under a rule, before its caps; none where nobody knows it yet."""
    if rule.whole or rule.down_to is not None:
        return [max(whole - (rule.down_to or ZERO), ZERO)]
    if rule.between is not None or rule.by_assessor:
        return list(rule.between or ())
    cards = [price for price in (rule.first, rule.again) if price is not None]
    single = [rule.price] if rule.price is not None else []
    return [*rule.levels.values(), *cards, *rule.totals[:1], *rule.nth, *single]


def uncapped(rule: Pricing, whole: Fraction) -> Fraction | None:
    """The most that a rule can come to in a year if it had no caps."""
    known = prices(rule, whole)
    if not known:
        return None
    factor = max([_ONE, *rule.factors.values()])
    most = max(known) * factor
    if not most:
        return ZERO
    if rule.totals:
        return rule.totals[-1] * factor
    if rule.needs or rule.each in _TIMES:
        return most * _TIMES.get(rule.each, 1)
    if rule.nth and rule.each == "event" and not rule.nth[-1]:
        return sum(rule.nth, ZERO) * factor
    return None


def capacity(rule: Pricing, whole: Fraction) -> Fraction | None:
    """The most that a rule can come to in a year, its caps applied."""
    ends = [uncapped(rule, whole), rule.cap, *(most * _PERIODS[period] for period, most in rule.period_caps)]
    return min((end for end in ends if end is not None), default=None)


def worth_most(worth: Worth) -> Fraction | None:
    """The most that a figure, a checklist or a place can come to, as an amount; None where there is no end to it."""
    match worth.shape:
        case "tiers":
            return max(points for _start, points in worth.tiers)
        case "each" | "missing":
            return worth.per * worth.of
        case "places" | "top":
            return max(worth.rest, *(points for _start, points in worth.tiers))
        case "linear" if worth.each is None:
            return worth.per
        case "proportional" if worth.reads == "share" or (worth.full_from is not None and worth.full_from <= 1):
            return worth.per
        case _:
            return None


def rule_most(rule: Adjustment) -> Fraction | None:
    """The most that a ± rule can come to."""
    if rule.pricing is not None:
        return capacity(rule.pricing, ZERO)
    most = worth_most(rule.worth) if rule.worth is not None else None
    ends = [end for end in (most, rule.cap) if end is not None]
    return min(ends, default=None)


def side_most(group: Group, side: str, *, capped: bool = True) -> Fraction | None:
    """The most that one side of a group can come to, with or without the group's own cap."""
    total: Fraction | None = ZERO
    for rule in group.rules:
        if rule.side == side and total is not None:
            most = rule_most(rule)
            total = None if most is None else total + most
    cap = group.bonus_cap if side == "bonus" else group.deduction_cap
    ends = [end for end in (total, cap if capped else None) if end is not None]
    return min(ends, default=None)


def added(groups: Iterable[Group]) -> Fraction | None:
    """The most that the bonuses of some groups come to together."""
    mosts = [side_most(group, "bonus") for group in groups if any(rule.side == "bonus" for rule in group.rules)]
    return None if None in mosts else sum((most or ZERO for most in mosts), ZERO)


def items_sum(edition: Edition, sections: Iterable[str], category: str) -> Fraction:
    """The sum of the item maxima of some sections, on the form of a category."""
    wanted = set(sections)
    items = edition.items_for(category).values()
    return sum((item.points or ZERO for item in items if item.head in wanted), ZERO)


def forms(edition: Edition) -> tuple[str, ...]:
    """The categories whose forms may differ."""
    return edition.variants or ("",)


def section_most(edition: Edition, name: str) -> Fraction:
    """The most that the items of a section give, on any form."""
    return max(items_sum(edition, [name], category) for category in forms(edition))


def part_items(edition: Edition, part: SchemePart, category: str) -> Fraction:
    """The most that a part's items give, each section within its cap."""
    total = ZERO
    for section in part.sections:
        most = items_sum(edition, [section.name], category)
        total += most if section.cap is None else min(most, section.cap)
    return total


def part_most(edition: Edition, part: SchemePart, *, capped: bool = True) -> Fraction | None:
    """The most that a part comes to before its weight: items and the bonuses of its groups."""
    bonus = added(group for group in edition.groups if group.part == part.name and part.name)
    if bonus is None:
        return part.cap if capped else None
    total = max(part_items(edition, part, category) for category in forms(edition)) + bonus
    return total if not capped or part.cap is None else min(total, part.cap)


def total_most(edition: Edition, *, ceiled: bool = True) -> Fraction | None:
    """The most that the total can be, on any form."""
    ceiling = edition.ceiling if ceiled else None
    bonus = added(group for group in edition.groups if not group.part)
    if bonus is None or any(part_most(edition, part) is None for part in edition.parts):
        return ceiling
    base = max(sum((_weighted(edition, part, form) for part in edition.parts), ZERO) for form in forms(edition))
    most = (base + bonus) * edition.convert
    return rounded(most if ceiling is None else min(most, ceiling), edition.rounding.get("total"))


def _weighted(edition: Edition, part: SchemePart, category: str) -> Fraction:
    """The most that a part brings to the total; one whose bonuses know no end has a cap here."""
    bonus = added(group for group in edition.groups if group.part == part.name and part.name)
    if bonus is None:
        return part.weight(category) * (part.cap or ZERO)
    most = part_items(edition, part, category) + bonus
    return part.weight(category) * (most if part.cap is None else min(most, part.cap))
