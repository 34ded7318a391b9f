"""The heart: (edition, facts, as_of, known_at) -> each unit's score. Pure and exact.

First pass: each unit alone (`price_unit`). Second pass: what depends on the others (`peers`). Then `conclude` sums up:
items, plus bonuses, less deductions, by way of sections and parts (`whole`), and zero-out after everything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Final

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item, Veto
from gkevents.scoring.adjustments import GroupScore, figure_on, raw_charges, settle_group
from gkevents.scoring.fact import FRAUD, LIMIT_FACTS, Fact
from gkevents.scoring.flags import Flag, flags_of, without_band
from gkevents.scoring.items import ItemScore, by_code, price_item
from gkevents.scoring.limits import Limit, ends_by, settle
from gkevents.scoring.outcome import Moved
from gkevents.scoring.pricing import Charge, Payer
from gkevents.scoring.unit import Priced, UnitLog, kept, missed, past_figures
from gkevents.scoring.view import View, look
from gkevents.scoring.whole import Case, PartScore, Step, Whole, measure_of, through
from gkevents.scoring.worth import quota
from gkevents.terms import LEVEL_RANK, ZERO, times
from gkevents.terms import total as total_of

_UNMOVED: Final = Moved(0, ZERO)


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's score. Points are exact; `total` is None while anything is undetermined, between `low` and `high`.

    All points are None where the scheme gives none. `base` is the items' sum; `bonus` and `deduction` are positive.
    `asked` are the vetoes that ask for the years before; `band_flags` say what is to be looked at in the band.
    `steps`, `parts` and `measures` (the scores that gates, vetoes and ties look at) are of the way to `low`, which is
    the total where that is decided; `reached` is what that way comes to before proven fraud.
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
    steps: tuple[Step, ...]
    parts: Mapping[str, PartScore]
    vetoes: tuple[Veto, ...]
    eligible: bool | None
    measures: Mapping[str, Fraction]
    reached: Fraction
    limits: Mapping[str, Limit]
    priced: Priced
    asked: tuple[Veto, ...]
    band_flags: tuple[Flag, ...]
    edition: Edition = field(repr=False)

    def measure(self, name: str) -> Fraction:
        """The score that a rule on ties names: an item, a section, a part as printed (before its weight), or base."""
        return measure_of(self.measures, name)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What a person should look at; told when it is asked for."""
        return flags_of(self.edition, self.priced, self.items, self.groups, asked=self.asked) + self.band_flags

    @property
    def deducted_by_quarter(self) -> Mapping[str, Fraction]:
        """What each quarter's happenings cost after caps; told when it is asked for."""
        return _quarters(self.edition, self.category, self.items.values(), self.groups)

    @property
    def provisional(self) -> bool:
        """Whether anything is still undetermined."""
        return self.total is None

    @property
    def moved(self) -> dict[str, Moved]:
        """What each ± rule did to the total, by code, in the order in which anything happened on them."""
        found: dict[str, Moved] = {}
        factors = {code: self.edition.factor(code, self.category) for code in self.edition.rules}
        for group in self.groups:
            for charge in group.charges:
                points = times(charge.applied, factors[charge.rule])
                facts, before = found.get(charge.rule, _UNMOVED)
                found[charge.rule] = Moved(facts + 1, before + (points if charge.side == "bonus" else -points))
        return found


def price_unit(
    edition: Edition,
    log: UnitLog,
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
    without: Collection[str] = (),
) -> Priced:
    """The first pass: everything about one unit that does not depend on the others.

    `without`: facts taken as if the cases they opened had been overturned.
    """
    seen = partial(look, as_of=as_of, known_at=known_at, without=without)
    view = seen(log.facts, year=log.year)
    limits = settle(view.standing, calendar)
    running_over, contested_before = _running_over(edition, log, limits, seen, calendar)
    next_year = tuple(
        limit for limit in limits.values() if limit.breach is not None and limit.breach.day.year > log.year
    )
    happened = missed((*limits.values(), *running_over.values()), year=log.year, as_of=as_of)
    happened += kept(limits.values()) if edition.hears_kept else []
    shared = [fact for fact in log.shared if fact.key is None or fact.type not in LIMIT_FACTS]
    happened += [fact for fact in log.shared if fact.key is not None and fact.type in LIMIT_FACTS]
    found = by_code((*view.standing, *shared) if shared else view.standing, happened)
    payer = payer_of(edition, log)
    items = dict(_untouched(edition, log.category))
    for code in (*found, *_personal(edition)):
        if code in items:
            item = edition.items[code]
            items[code] = price_item(item, found.get(code, ()), payer, unnamed=_left_out(edition, item, log))
    raw = {code: charges for group in edition.groups for code, charges in raw_charges(group, found, payer).items()}
    return Priced(
        log=log,
        view=view,
        payer=payer,
        limits={**running_over, **limits},
        next_year=next_year,
        by_code=found,
        items=items,
        raw=raw,
        figures=_figures(edition, found),
        fraud=next((fact for fact in view.standing if fact.type == FRAUD), None),
        contested={**view.contested, **contested_before} if contested_before else view.contested,
    )


def payer_of(edition: Edition, log: UnitLog) -> Payer:
    """Whose points are moved, as rules ask for it."""
    return Payer(log.unit, log.category, log.year, edition.sub_units_of(log.unit), edition.names_of(log.unit))


def _left_out(edition: Edition, item: Item, log: UnitLog) -> bool:
    """Whether the scheme sets an item aside for a unit that the paper does not name on it."""
    return item.others == "not-applicable" and not edition.names(item, log.unit, log.category)


def _untouched(edition: Edition, category: str) -> Mapping[str, ItemScore]:
    """The form of a category on which nothing stands: the same for every unit, so worked out once an edition."""
    key = ("untouched", category)
    if key not in edition.memory:
        edition.memory[key] = {code: price_item(item, ()) for code, item in edition.items_for(category).items()}
    found: Mapping[str, ItemScore] = edition.memory[key]
    return found


def _personal(edition: Edition) -> tuple[str, ...]:
    """The items whose score hangs on whose it is, even where nothing stands on them."""
    if "personal" not in edition.memory:
        own = (code for code, item in edition.items.items() if item.averaged or item.others == "not-applicable")
        edition.memory["personal"] = tuple(own)
    found: tuple[str, ...] = edition.memory["personal"]
    return found


def _running_over(
    edition: Edition,
    log: UnitLog,
    own: Mapping[str, Limit],
    seen: Callable[..., View],
    calendar: Calendar | None,
) -> tuple[dict[str, Limit], dict[str, Fact]]:
    """Limits of the unit's earlier years that ran out in this one, on items that this edition still has.

    With what of their misses is contested. A key that this year uses again (`own`) gets its year, so that neither limit
    hides the other.
    """
    codes = {*edition.items_for(log.category), *edition.rules}
    limits: dict[str, Limit] = {}
    contested: dict[str, Fact] = {}
    for year, facts in log.earlier:
        if not ends_by(facts, log.year, calendar):
            continue
        view = seen(facts, year=year)
        for key, limit in settle(view.standing, calendar).items():
            breach = limit.breach
            if breach is None or breach.day.year != log.year or limit.item not in codes or limit.opening is None:
                continue
            name = f"{key} ({year})" if key in own or key in limits else key
            limits[name] = limit._replace(key=name, breach=breach._replace(key=name))
            about = {miss.ref for miss in view.standing if (miss.key, miss.item) == (breach.key, breach.item)}
            contested |= {ref: step for ref, step in view.contested.items() if ref in about}
    return limits, contested


def _figures(edition: Edition, by_code: Mapping[str, Sequence[Fact]]) -> dict[str, Fact]:
    """The figure that stands for each ± rule that compares the units: the latest by day, then position."""
    figures = {}
    for code, worth in edition.compared.items():
        figure = figure_on(worth, by_code.get(code, ()))
        if figure is not None:
            figures[code] = figure
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
    items = spread(edition, items) if edition.spreads else items
    charges = {**priced.raw, **(relations or {})}
    groups = tuple(settle_group(group, charges) for group in edition.groups)
    case = Case(priced.log.category, items, groups, _veto_refs(edition, priced), _history(edition, priced))
    low, high, unsure = _ways(edition, case) or (None, None, frozenset())
    determined = all(item.score is not None for item in items.values())
    fired = low.fired if low else []
    zeroed = priced.fraud is not None and edition.zero_out is not None
    emptied = zeroed and edition.zero_out is not None and edition.zero_out.effect != "band"
    bounds = (ZERO, ZERO) if emptied else (low.total if low else None, high.total if high else None)
    total = bounds[0] if emptied or determined else None
    eligible = _eligible(edition, fired, unsure)
    weighted = edition.weighted and low is not None
    gated = _in_order(edition, low, groups)
    band = _band(edition, total, fired, zeroed=zeroed, eligible=eligible)
    asked = [veto for veto in edition.vetoes if veto.years > 1 and low and low.is_below(veto)]
    settled = eligible is not None and not zeroed and not edition.has_quotas
    return Score(
        unit=priced.log.unit,
        category=priced.log.category,
        total=total,
        low=bounds[0],
        high=bounds[1],
        base=low.base if determined and low else None,
        bonus=low.bonus if weighted and low else None,
        deduction=low.deduction if weighted and low else None,
        zeroed=zeroed,
        band=band,
        items=items,
        groups=gated,
        steps=tuple(low.steps) if low else (),
        parts=_parts(edition, priced.log.category, low, high, determined=determined),
        vetoes=tuple(fired),
        eligible=eligible,
        measures=low.measures if low else {},
        reached=low.total if low else ZERO,
        limits=priced.limits,
        priced=priced,
        asked=tuple(asked),
        band_flags=without_band(edition, total, band) if settled else (),
        edition=edition,
    )


def spread(edition: Edition, items: Mapping[str, ItemScore]) -> dict[str, ItemScore]:
    """The items with the points of those set aside spread evenly over the others of their scope."""
    spread_over: dict[str, Fraction] = {}
    out = {code for code, item in items.items() if _leaves(edition, item)}
    for code in out:
        aside = edition.items[code].aside
        if aside is None or aside.gets != "spread":
            continue
        others = [other for other in items if other not in out and edition.same_scope(code, other, aside.within)]
        for other in others:
            spread_over[other] = spread_over.get(other, ZERO) + (items[code].points_max or ZERO) / len(others)
    return {code: _with_share(item, spread_over.get(code, ZERO)) for code, item in items.items()}


def _leaves(edition: Edition, item: ItemScore) -> bool:
    aside = edition.items[item.code].aside
    return item.state == "not-applicable" and aside is not None and aside.gets in ("spread", "rescale")


def _with_share(item: ItemScore, share: Fraction) -> ItemScore:
    """An item that is worth `share` more: its score grows in proportion."""
    if not share or not item.points_max or item.low is None or item.high is None:
        return item
    factor = (item.points_max + share) / item.points_max
    return item._replace(
        score=None if item.score is None else item.score * factor, low=item.low * factor, high=item.high * factor,
        points_max=item.points_max + share, spread=item.low * (factor - 1),
    )  # fmt: skip


def _veto_refs(edition: Edition, priced: Priced) -> dict[str, tuple[str, ...]]:
    """What fires each veto that single things fire: the refs logged on it, where there are enough of them."""
    found = {}
    for veto in edition.vetoes:
        heard = [fact for fact in priced.by_code.get(veto.item or veto.code, ()) if hears_veto(veto, fact)]
        enough = [held for held in _in_rows(veto, heard) if sum(_times(veto, fact) for fact in held) >= veto.times]
        if veto.of is None and enough:
            found[veto.code] = tuple(fact.ref for held in enough for fact in held)
    return found


def hears_veto(veto: Veto, fact: Fact) -> bool:
    """Whether a veto counts a happening of the unit: of its kinds and level; one that nobody gave a level counts."""
    if fact.type not in _VETOING or fact.from_unit is not None or fact.kind in veto.deaf:
        return False
    if veto.kinds and fact.kind not in veto.kinds:
        return False
    return fact.level is None or LEVEL_RANK[fact.level] >= veto.level_floor


_VETOING: Final = frozenset({"occurrence", "criticism", "supervision-card"})


def _in_rows(veto: Veto, facts: Sequence[Fact]) -> list[list[Fact]]:
    """What is counted together: all, or by matter (one without a matter is by itself)."""
    rows: dict[object, list[Fact]] = {}
    for fact in facts:
        rows.setdefault((fact.matter or ("", fact.ref)) if veto.by_matter else "", []).append(fact)
    return list(rows.values())


def _times(veto: Veto, fact: Fact) -> int:
    return 1 if veto.by_matter else fact.times


def _history(edition: Edition, priced: Priced) -> dict[str, bool]:
    """For vetoes over several years: whether every figure recorded of the years before lies below the line."""
    return {
        veto.code: all(figure is not None and figure < veto.below for figure in past_figures(veto, priced))
        for veto in edition.vetoes
        if veto.years > 1
    }


def _ways(edition: Edition, case: Case) -> tuple[Whole, Whole, frozenset[str]] | None:
    """The lowest and the highest way through, and the codes of vetoes that only may fire; None without points.

    One and the same way where all is decided. What one doubtful veto changes may make another doubtful: so they are
    gathered until no more come.
    """
    lows: dict[str, Fraction] = {}
    highs: dict[str, Fraction] = {}
    for code, item in case.items.items():
        if item.low is None or item.high is None:
            return None
        lows[code], highs[code] = item.low, item.high
    low = through(edition, case, lows)
    if lows == highs:
        return low, low, frozenset()
    high, unsure = through(edition, case, highs), frozenset[str]()
    while True:
        doubtful = {veto.code for veto in edition.vetoes if (veto in low.fired) != (veto in high.fired)}
        if doubtful <= unsure:
            return low, high, unsure
        unsure |= doubtful
        low = through(edition, case, lows, unsure=unsure)
        high = through(edition, case, highs, unsure=unsure, up=True)


def _in_order(edition: Edition, low: Whole | None, groups: Sequence[GroupScore]) -> tuple[GroupScore, ...]:
    """The groups as their gates leave them, in the scheme's order."""
    if low is None:
        return tuple(groups)
    by_code = {group.code: group for group in low.groups}
    return tuple(by_code[group.code] for group in edition.groups)


def _parts(
    edition: Edition, category: str, low: Whole | None, high: Whole | None, *, determined: bool
) -> dict[str, PartScore]:
    """The scores of the named parts, between the least and the most that they can come to."""
    found = {}
    for part, _sections, weight in edition.frame(category):
        if part.name and low is not None and high is not None:
            (least, brings), (most, _) = low.parts[part.name], high.parts[part.name]
            known = (least, brings) if determined else (None, None)
            found[part.name] = PartScore(part.name, weight, known[0], least, most, known[1])
    return found


def _eligible(edition: Edition, fired: Iterable[Veto], unsure: frozenset[str]) -> bool | None:
    """Whether a unit may be chosen for honours; None while a veto that takes that away may still fire."""
    if any(veto.ineligible for veto in fired):
        return False
    return None if any(veto.ineligible and veto.code in unsure for veto in edition.vetoes) else True


def _band(
    edition: Edition, total: Fraction | None, fired: Iterable[Veto], *, zeroed: bool, eligible: bool | None
) -> str | None:
    """The band that proven fraud or a veto names, else that of the total; a quota waits for the second pass."""
    if zeroed and edition.zero_out is not None and edition.zero_out.effect != "total":
        return edition.zero_out.band
    named = next((veto.band for veto in fired if veto.band is not None), None)
    return named if named is not None or edition.has_quotas else band_of(edition, total, eligible=eligible)


def band_of(
    edition: Edition, total: Fraction | None, *, eligible: bool | None = True, place: int | None = None, number: int = 0
) -> str | None:
    """The first band that holds of an exact total, a place among `number` units, and the eligibility; None: none does.

    None too where that hangs on what is not decided: a total, a place, an eligibility.
    """
    for band in edition.bands if total is not None else ():
        if total is None or not band.holds(total) or (band.eligible and eligible is False):
            continue
        most = band.places if band.share is None else quota(band.share, number, band.round)
        if most is not None and place is not None and place > most:
            continue
        undecided = (most is not None and place is None) or (band.eligible and eligible is None)
        return None if undecided else band.name
    return None


def _quarters(
    edition: Edition, category: str, items: Iterable[ItemScore], groups: Iterable[GroupScore]
) -> dict[str, Fraction]:
    """What each quarter's happenings cost, after caps, in points of the total: items' charges and ± deductions."""
    quarters: dict[str, list[Fraction]] = {"Q1": [], "Q2": [], "Q3": [], "Q4": []}
    charges = [charge for item in items for charge in item.costs]
    charges += [charge for group in groups for charge in group.charges]
    plain = edition.plain_points
    for charge in charges:
        if charge.applied and charge.side == "deduction":
            cost = charge.applied if plain else charge.applied * edition.factor(charge.rule, category)
            quarters[f"Q{(charge.fact.day.month + 2) // 3}"].append(cost)
    return {quarter: total_of(costs) for quarter, costs in quarters.items()}
