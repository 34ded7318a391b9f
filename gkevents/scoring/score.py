"""The heart: (edition, facts, as_of, known_at) -> each unit's score. Pure and exact.

First pass: each unit alone (`price_unit`). Second pass: what depends on the others (`peers`). Then `conclude` sums up:
items, plus bonuses, less deductions, the floor, and zero-out after everything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gkevents.calendar import Calendar
from gkevents.schemes.model import Edition, Item
from gkevents.scoring.adjustments import GroupScore, raw_charges, set_aside, settle_group
from gkevents.scoring.fact import FRAUD, METRIC, Fact
from gkevents.scoring.flags import Flag, flags_of
from gkevents.scoring.items import ItemScore, price_item, with_breaches
from gkevents.scoring.limits import Limit, settle
from gkevents.scoring.pricing import Charge
from gkevents.scoring.unit import Priced, UnitLog
from gkevents.scoring.view import look
from gkevents.terms import ZERO


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's score. Points are exact; `total` is None while anything is undetermined, between `low` and `high`.

    All points are None where the scheme gives none. `base` is the items' sum; `bonus` and `deduction` are positive.
    """

    unit: str
    category: str
    total: Fraction | None
    low: Fraction | None
    high: Fraction | None
    base: Fraction | None
    bonus: Fraction | None
    deduction: Fraction | None
    zeroed: bool
    band: str | None
    items: Mapping[str, ItemScore]
    groups: tuple[GroupScore, ...]
    deducted_by_quarter: Mapping[str, Fraction]
    limits: Mapping[str, Limit]
    flags: tuple[Flag, ...]
    priced: Priced
    edition: Edition = field(repr=False)

    @property
    def provisional(self) -> bool:
        """Whether anything is still undetermined."""
        return self.total is None


def price_unit(
    edition: Edition,
    log: UnitLog,
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
) -> Priced:
    """The first pass: everything about one unit that does not depend on the others."""
    view = look(log.facts, year=log.year, as_of=as_of, known_at=known_at)
    limits = settle(view.standing, calendar)
    running_over = _running_over(edition, log, limits, as_of=as_of, known_at=known_at, calendar=calendar)
    next_year = tuple(
        limit for limit in limits.values() if limit.breach is not None and limit.breach.day.year > log.year
    )
    breaches = [
        limit.breach
        for limit in (*limits.values(), *running_over.values())
        if limit.breach is not None
        and limit.breach.day.year <= log.year
        and (as_of is None or limit.breach.day <= as_of)
    ]
    by_code = _by_code(view.standing, breaches)
    items = {
        code: price_item(item, by_code.get(code, ()), unnamed=_left_out(edition, item, log))
        for code, item in edition.items_for(log.category).items()
    }
    raw = {code: charges for group in edition.groups for code, charges in raw_charges(group, by_code).items()}
    return Priced(
        log=log,
        view=view,
        limits={**running_over, **limits},
        next_year=next_year,
        items=items,
        raw=raw,
        figures=_figures(edition, by_code),
        fraud=next((fact for fact in view.standing if fact.type == FRAUD), None),
    )


def _left_out(edition: Edition, item: Item, log: UnitLog) -> bool:
    """Whether the scheme sets an item aside for a unit that the paper does not name on it."""
    return item.others == "not-applicable" and not edition.names(item, log.unit, log.category)


def _by_code(standing: Iterable[Fact], breaches: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Facts and missed limits by the item or rule they name, each in the order of the world."""
    facts: dict[str, list[Fact]] = {}
    missed: dict[str, list[Fact]] = {}
    for fact in standing:
        if fact.item is not None:
            facts.setdefault(fact.item, []).append(fact)
    for breach in breaches:
        missed.setdefault(breach.item or "", []).append(breach)
    return {code: with_breaches(facts.get(code, ()), missed.get(code, ())) for code in {**facts, **missed}}


def _running_over(
    edition: Edition,
    log: UnitLog,
    own: Mapping[str, Limit],
    *,
    as_of: dt.date | None,
    known_at: int | None,
    calendar: Calendar | None,
) -> dict[str, Limit]:
    """Limits of the unit's earlier years that ran out in this one, on items that this edition still has.

    A key that this year uses again (`own`) gets its year, so that neither limit hides the other.
    """
    codes = {*edition.items_for(log.category), *edition.rules}
    limits: dict[str, Limit] = {}
    for year, facts in log.earlier:
        view = look(facts, year=year, as_of=as_of, known_at=known_at)
        for key, limit in settle(view.standing, calendar).items():
            breach = limit.breach
            if breach is None or breach.day.year != log.year or limit.item not in codes or limit.opening is None:
                continue
            name = f"{key} ({year})" if key in own or key in limits else key
            limits[name] = limit._replace(key=name, breach=breach._replace(key=name))
    return limits


def _figures(edition: Edition, by_code: Mapping[str, Sequence[Fact]]) -> dict[str, Fact]:
    """The figure that stands for each rule on a mean: the latest by day, then position."""
    figures = {}
    for code, rule in edition.rules.items():
        reports = [fact for fact in by_code.get(code, ()) if fact.type == METRIC and fact.ratio is not None]
        if rule.relation is not None and reports and not set_aside(by_code[code]):
            figures[code] = max(reports, key=lambda fact: (fact.day, fact.position))
    return figures


def conclude(
    edition: Edition,
    priced: Priced,
    *,
    items: Mapping[str, ItemScore] | None = None,
    relations: Mapping[str, Sequence[Charge]] | None = None,
) -> Score:
    """The score of a unit, given what the second pass found: items with the peers' means in, and charges on means."""
    items = priced.items if items is None else items
    charges = {**priced.raw, **(relations or {})}
    groups = tuple(settle_group(group, charges) for group in edition.groups)
    bonus = sum((group.bonus for group in groups), ZERO)
    deduction = sum((group.deduction for group in groups), ZERO)
    scores = [item.score for item in items.values()]
    determined = [score for score in scores if score is not None]
    base = sum(determined, ZERO) if len(determined) == len(scores) else None
    low, high = _bounds(edition, items.values(), bonus - deduction)
    zeroed = priced.fraud is not None and edition.zero_out is not None
    emptied = zeroed and edition.zero_out is not None and edition.zero_out.effect != "band"
    if emptied:
        low = high = ZERO
    total = low if emptied or base is not None else None
    weighted = edition.weighted
    return Score(
        unit=priced.log.unit,
        category=priced.log.category,
        total=total,
        low=low,
        high=high,
        base=base,
        bonus=bonus if weighted else None,
        deduction=deduction if weighted else None,
        zeroed=zeroed,
        band=_band(edition, total, zeroed=zeroed),
        items=items,
        groups=groups,
        deducted_by_quarter=_quarters(items.values(), groups),
        limits=priced.limits,
        flags=flags_of(edition, priced, items, groups),
        priced=priced,
        edition=edition,
    )


def _bounds(edition: Edition, items: Iterable[ItemScore], net: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """The exact bounds of a total, floored and ceilinged as the scheme says; None where there are no points at all."""
    low = high = net
    for item in items:
        if item.low is None or item.high is None:
            return None, None
        low += item.low
        high += item.high
    return limited(edition, low), limited(edition, high)


def limited(edition: Edition, total: Fraction) -> Fraction:
    """A total within the scheme's floor and ceiling."""
    if edition.floor is not None:
        total = max(total, edition.floor)
    return total if edition.ceiling is None else min(total, edition.ceiling)


def _band(edition: Edition, total: Fraction | None, *, zeroed: bool) -> str | None:
    """The band of an exact total, by half-open intervals; proven fraud names its own where the scheme says so."""
    if zeroed and edition.zero_out is not None and edition.zero_out.effect != "total":
        return edition.zero_out.band
    if total is None:
        return None
    return next((name for name, start in edition.bands if start is None or total >= start), None)


def _quarters(items: Iterable[ItemScore], groups: Iterable[GroupScore]) -> dict[str, Fraction]:
    """What each quarter's happenings cost, after caps: items' charges and ± deductions by their day."""
    quarters = dict.fromkeys(("Q1", "Q2", "Q3", "Q4"), ZERO)
    charges = [charge for item in items for charge in item.costs]
    charges += [charge for group in groups for charge in group.charges if charge.side == "deduction"]
    for charge in charges:
        if charge.applied:
            quarters[f"Q{(charge.fact.day.month + 2) // 3}"] += charge.applied
    return quarters
