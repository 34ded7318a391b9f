"""Caps and prices that don't fit each other: a cap that is never reached, a price that always exceeds it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Pricing
from gkevents.schemes.tree import Path
from gkevents.terms import show
from gkevents.trials.capacity import (
    part_most,
    prices,
    section_most,
    side_most,
    total_most,
    uncapped,
    worth_most,
)
from gkevents.trials.oddity import Survey
from gkevents.trials.ruled import OnItem, Ruled, dearest, every_rule, often
from gkevents.trials.scope import called, unlogged
from gkevents.trials.showing import of_group
from gkevents.words import N_, message

_PERIODS: Final = {"month": 12, "quarter": 4, "half-year": 2}


def caps_of_rules(survey: Survey) -> None:
    """Look at every event rule's price and caps."""
    for one in every_rule(survey.edition):
        _against_room(survey, one)
        _against_price(survey, one)
        _periods(survey, one)


def _cap_path(survey: Survey, one: Ruled, period: str = "year") -> Path:
    path = (*one.path, "cap", period)
    return path if survey.said(path) else (*one.path, "cap")


def _against_room(survey: Survey, one: Ruled) -> None:
    """A rule's cap, or one price, above all that the item (or the group) lets it move."""
    rule, room = one.rule, one.room
    if room is None:
        return
    place = one.item.code if isinstance(one, OnItem) else one.group.code
    if rule.cap is not None and rule.cap > room:
        said = N_(
            "The cap of {cap} is never reached: {place} gives out at {room}. Lower the cap to at most {room}, or look "
            "whether the {room} are right."
        )
        code = "cap-above-item" if isinstance(one, OnItem) else "cap-above-group"
        said_with = message(said, cap=show(rule.cap), place=place, room=show(room))
        survey.add(_cap_path(survey, one), code, said_with, often(survey, one))
    known = prices(rule, one.whole)
    if isinstance(one, OnItem) and not _relative(rule) and known and max(known) > room > 0:
        said = N_(
            "One costs {price}, but {place} has only {room} to give: all of it goes at once. If that is meant, write "
            "price: all; else look at the price."
        )
        if one.key == "add":
            said = N_("One earns {price}, but {place} has only {room} to give: what exceeds it is lost.")
        told = message(said, price=show(max(known)), place=place, room=show(room))
        survey.add((*one.path, "price"), "price-above-item", told, dearest(survey, one))


def _relative(rule: Pricing) -> bool:
    """Whether what one costs hangs on the item, or on the number of sub-units."""
    return rule.whole or rule.down_to is not None or rule.averaged


def _against_price(survey: Survey, one: Ruled) -> None:
    """A price above the rule's own cap, and a cap that the prices can never come to."""
    rule = one.rule
    known = prices(rule, one.whole)
    ends = [most for most in (rule.cap, *(most for _period, most in rule.period_caps)) if most is not None]
    if not ends or not known:
        return
    if max(known) > min(ends) and not rule.averaged:
        said = N_(
            "One comes to {price}, which is above the cap of {cap}: every one is cut. Raise the cap, or lower the "
            "price."
        )
        told = message(said, price=show(max(known)), cap=show(min(ends)))
        survey.add((*one.path, "price"), "price-above-cap", told, dearest(survey, one))
        return
    most = uncapped(rule, one.whole)
    if rule.cap is not None and most is not None and most < rule.cap:
        said = N_(
            "The cap of {cap} is never reached: the rule gives at most {most} in a year. Leave the cap out, or mend "
            "one of the two."
        )
        told = message(said, cap=show(rule.cap), most=show(most))
        survey.add(_cap_path(survey, one), "cap-unreached", told, often(survey, one))


def _periods(survey: Survey, one: Ruled) -> None:
    """Period caps that the year's cap makes idle, or that never come to it."""
    year = one.rule.cap
    for period, most in one.rule.period_caps if year is not None else ():
        if year is None or _PERIODS[period] * most >= year:
            continue
        said = N_("The year's cap of {year} is never reached: {most} for each {period} make {sum} at most.")
        path = (*one.path, "cap", "year")
        values = {
            "most": show(most),
            "period": _period(period),
            "year": show(year),
            "sum": show(most * _PERIODS[period]),
        }
        survey.add(path, "cap-unreached", message(said, **values), often(survey, one))


_NAMES: Final = {"month": N_("month"), "quarter": N_("quarter"), "half-year": N_("half-year")}


def _period(period: str) -> object:
    return message(_NAMES[period])


def caps_of_groups(survey: Survey) -> None:
    """Caps of ± groups, and of ± rules by figure or place, above what there is to hold."""
    for place, group in enumerate(survey.edition.groups):
        for side, cap in (("bonus", group.bonus_cap), ("deduction", group.deduction_cap)):
            most = side_most(group, side, capped=False)
            if cap is not None and most is not None and most < cap:
                said = N_("The cap of {cap} is never reached: the rules of {group} come to at most {most}.")
                told = message(said, cap=show(cap), group=group.code, most=show(most))
                survey.add(("adjustments", place, "cap", side), "cap-unreached", told, of_group(survey, group, []))
        for inner, rule in enumerate(group.rules):
            most = worth_most(rule.worth) if rule.worth is not None else None
            if rule.cap is not None and most is not None and most < rule.cap:
                said = N_("The cap of {cap} is never reached: the figure gives at most {most}.")
                path = ("adjustments", place, "rules", inner, "rule", "cap")
                told = message(said, cap=show(rule.cap), most=show(most))
                survey.add(path, "cap-unreached", told, of_group(survey, group, []))


def caps_above(survey: Survey) -> None:
    """Caps of sections, parts and the total above all that their items and bonuses can come to; floors likewise."""
    edition = survey.edition
    for place, row in enumerate(survey.content["sections"]):
        section = next((one for part in edition.parts for one in part.sections if one.name == row["name"]), None)
        if section is not None and edition.weighted and not _spreads(edition):
            most = section_most(edition, section.name)
            _bounds(survey, ("sections", place), section.name, (section.cap, section.floor), most)
    if not edition.weighted:
        return
    for place, part in enumerate(edition.parts if survey.content.get("parts") else ()):
        _bounds(survey, ("parts", place), part.name, (part.cap, part.floor), part_most(edition, part, capped=False))
    _bounds(
        survey, ("total",), "total", (edition.ceiling, edition.floor), total_most(edition, ceiled=False), cap="ceiling"
    )


def _spreads(edition: Edition) -> bool:
    """Whether points may move from one section to another."""
    asides = [edition.aside, *(item.aside for item in edition.items.values())]
    return any(aside is not None and aside.gets == "spread" and aside.within != "section" for aside in asides)


def _bounds(
    survey: Survey,
    path: Path,
    name: str,
    bounds: tuple[Fraction | None, Fraction | None],
    most: Fraction | None,
    *,
    cap: str = "cap",
) -> None:
    """A cap above the most, or a floor that nothing lies above."""
    upper, lower = bounds
    if most is None:
        return
    example = unlogged(survey, name)
    if upper is not None and upper > most:
        said = N_(
            "The cap of {cap} is never reached: {name} comes to at most {most}. Leave it out, or mend one of the two."
        )
        survey.add(
            (*path, cap), "cap-unreached", message(said, cap=show(upper), name=called(name), most=show(most)), example
        )
    if lower is not None and lower >= most > 0:
        said = N_("The floor of {floor} leaves nothing to lose: {name} comes to at most {most}.")
        told = message(said, floor=show(lower), name=called(name), most=show(most))
        survey.add((*path, "floor"), "nothing-to-lose", told, example)


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (caps_of_rules, caps_of_groups, caps_above)
