"""How far a unit's total can go where the score of some items and ± rules is anybody's guess.

It is asked where not every way of deciding contested cases can be priced, or where what lies between two of them may
lie outside both: the bounds of each item and ± group then give the bounds of the total, by the scheme's own steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Group, Item, Pricing, Worth
from gkevents.scoring.adjustments import GroupScore
from gkevents.scoring.fact import METRIC, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.pricing import Charge
from gkevents.scoring.rounding import rounded
from gkevents.scoring.score import Score
from gkevents.scoring.whole import Case, through
from gkevents.scoring.worth import amount, figure_of, reads_line
from gkevents.terms import ONE, ZERO


class Bounds(NamedTuple):
    """The least and the most that something can come to."""

    low: Fraction
    high: Fraction


def reach(
    edition: Edition, seen: Sequence[Score], codes: Collection[str], figures: Mapping[str, Sequence[Fact]]
) -> Bounds:
    """The least and the most of a unit's total, if items and ± rules of these codes may come to anything.

    `seen`: the unit's scores with some of the cases decided, of which the others' bounds are taken; `figures`: what the
    units reported on ± rules, by code.
    """
    facts = _facts(seen)
    maybe = _perhaps_out(edition, seen, codes)
    spread = _spread(edition, seen) if any(_gets(edition, code) == "spread" for code in maybe) else {}
    items = {
        code: _any_item(edition.items[code], held, facts.get(code, ()), _most_of(code, seen, spread))
        if spread or code in codes or code in maybe
        else held._replace(low=min(_lows(code, seen)), high=max(_highs(code, seen)))
        for code, held in seen[0].items.items()
    }
    sides = [
        _any_group(group, facts, figures)
        if group.gate is not None or any(rule.code in codes for rule in group.rules)
        else _seen_group(place, seen)
        for place, group in enumerate(edition.groups)
    ]
    counted = {code: item._replace(state="priced") if code in maybe else item for code, item in items.items()}
    out = _out_at_most(edition, counted, maybe)
    ways = [counted, {code: item._replace(state=_ASIDE) if code in out else item for code, item in counted.items()}]
    found = [ZERO for one in seen if one.zeroed]
    for way in ways[: 1 + bool(out)]:
        found += [_through(edition, seen[0].category, way, sides, up=up) for up in (False, True)]
    return Bounds(min(found), max(found))


_ASIDE: Final = "not-applicable"


def _through(
    edition: Edition, category: str, items: Mapping[str, ItemScore], sides: Sequence[Sides], *, up: bool
) -> Fraction:
    """The total of everything at its best or at its worst."""
    vetoes = frozenset(veto.code for veto in edition.vetoes)
    groups = [_group(group, *side, up=up) for group, side in zip(edition.groups, sides, strict=True)]
    scores = {code: (item.high if up else item.low) or ZERO for code, item in items.items()}
    return through(edition, Case(category, items, groups, {}, {}), scores, unsure=vetoes, up=up).total


def _gets(edition: Edition, code: str) -> str | None:
    """What an item gets where it does not concern a unit."""
    aside = edition.items[code].aside
    return aside.gets if aside is not None else None


def _perhaps_out(edition: Edition, seen: Sequence[Score], codes: Collection[str]) -> list[str]:
    """The items that change what others are worth where they do not concern the unit, which is not sure."""
    found = []
    for code in seen[0].items:
        asides = [one.items[code].state == _ASIDE for one in seen]
        if any(asides) and _gets(edition, code) in ("rescale", "spread") and (code in codes or not all(asides)):
            found.append(code)
    return found


def _out_at_most(edition: Edition, items: Mapping[str, ItemScore], maybe: Sequence[str]) -> list[str]:
    """Of items that may not concern a unit those without which the others are worth the most: some must be left."""
    out = list(maybe)
    for code in sorted(maybe, key=lambda one: edition.items[one].points or ZERO):
        aside = edition.items[code].aside
        within = aside.within if aside is not None else ""
        scope = [other for other in items if edition.same_scope(code, other, within)]
        gone = [other for other in scope if other in out or items[other].state == _ASIDE]
        if len(gone) == len(scope):
            out.remove(code)
    return out


def _facts(seen: Iterable[Score]) -> dict[str, list[Fact]]:
    """What is heard of a unit in any of its scores, by code."""
    found: dict[str, dict[str, Fact]] = {}
    for score in seen:
        for code, facts in score.priced.by_code.items():
            found.setdefault(code, {}).update((fact.ref, fact) for fact in facts)
    return {code: [*facts.values()] for code, facts in found.items()}


def _lows(code: str, seen: Iterable[Score]) -> list[Fraction]:
    return [one.items[code].low or ZERO for one in seen]


def _highs(code: str, seen: Iterable[Score]) -> list[Fraction]:
    return [one.items[code].high or ZERO for one in seen]


def _spread(edition: Edition, seen: Iterable[Score]) -> dict[str, Fraction]:
    """The points of the items that are spread over others, in any of the scores, by code."""
    return {
        code: edition.items[code].points or ZERO
        for one in seen
        for code, item in one.items.items()
        if item.state == _ASIDE and _gets(edition, code) == "spread"
    }


def _most_of(code: str, seen: Sequence[Score], spread: Mapping[str, Fraction]) -> Fraction:
    """The most that an item can be worth: as in the scores, or with all spread over it that may be."""
    if not spread:
        return max(one.items[code].points_max or ZERO for one in seen)
    own = seen[0].edition.items[code].points or ZERO
    return own + sum((points for other, points in spread.items() if other != code), ZERO)


def _any_item(item: Item, held: ItemScore, facts: Sequence[Fact], most: Fraction) -> ItemScore:
    """An item that may come to anything between its bounds."""
    low, high = item.floor, most
    if low is None:
        low = -sum((_dearest(rule, fact, most) for rule in item.deduct for fact in facts), ZERO)
    if item.rounding is not None:
        low, high = rounded(low, item.rounding), max(high, rounded(high, item.rounding))
    return held._replace(low=min(low, ZERO), high=high)


Sides = tuple[Bounds, Bounds]
"""What a ± group adds and takes, both as positive points."""


def _any_group(group: Group, facts: Mapping[str, Sequence[Fact]], figures: Mapping[str, Sequence[Fact]]) -> Sides:
    """A ± group of which anything may count, and anything may fall away."""

    def most(side: str, cap: Fraction | None) -> Fraction:
        of_side = [rule for rule in group.rules if rule.side == side]
        points = sum((_most(rule, facts.get(rule.code, ()), figures.get(rule.code, ())) for rule in of_side), ZERO)
        return points if cap is None else min(points, cap)

    return Bounds(ZERO, most("bonus", group.bonus_cap)), Bounds(ZERO, most("deduction", group.deduction_cap))


def _seen_group(place: int, seen: Iterable[Score]) -> Sides:
    """A ± group as the scores have it."""
    bonus = [one.groups[place].bonus for one in seen]
    deduction = [one.groups[place].deduction for one in seen]
    return Bounds(min(bonus), max(bonus)), Bounds(min(deduction), max(deduction))


_NOBODY: Final = Fact(0, "", "", dt.date.min, 0)


def _group(group: Group, bonus: Bounds, deduction: Bounds, *, up: bool) -> GroupScore:
    """A ± group at its best or at its worst."""
    plus, minus = (bonus.high, deduction.low) if up else (bonus.low, deduction.high)
    return GroupScore(group.code, plus, minus, (Charge(_NOBODY, "", minus, minus, minus, "priced"),))


def _most(rule: Adjustment, facts: Sequence[Fact], figures: Sequence[Fact]) -> Fraction:
    """The most that a ± rule can come to, before its group's cap."""
    if rule.pricing is not None:
        return sum((_dearest(rule.pricing, fact, ZERO) for fact in facts), ZERO)
    return _dearest_figure(rule.worth or Worth("tiers"), facts, figures)


def _dearest(rule: Pricing, fact: Fact, most: Fraction) -> Fraction:
    """The most that a happening can cost under a rule, however others are decided."""
    first, again = rule.first or ZERO, rule.again or ZERO
    steps = (*rule.levels.values(), *rule.totals, *rule.nth)
    price = max(rule.price or ZERO, fact.amount or ZERO, first + again, *steps, most)
    return price * fact.times * max([ONE, *rule.factors.values()])


def _dearest_figure(worth: Worth, facts: Iterable[Fact], figures: Iterable[Fact]) -> Fraction:
    """The most that a figure can come to, held against any line that the figures at hand can make."""
    reports = [fact for fact in facts if fact.type == METRIC and not fact.is_reference]
    known = [fact for fact in (*facts, *figures) if fact.type == METRIC]
    values = [figure_of(fact) for fact in known] + [fact.previous for fact in known if fact.previous is not None]
    lines = [worth.line.number] if worth.line.number is not None else [worth.line.share * value for value in values]
    steps = [worth.rest, *(points for _, points in worth.tiers)]
    if worth.shape == "linear":
        steps += [amount(worth, one, line=line) for one in reports for line in lines if reads_line(worth, line)]
    elif worth.shape not in ("places", "top"):
        steps += [amount(worth, one) for one in reports]
    return max(ZERO, *steps)
