"""The second pass: what a unit's score takes from the others (means, places, relations to a mean), and the ranks."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Item, Worth
from gkevents.scoring.adjustments import relation_charge
from gkevents.scoring.fact import Fact
from gkevents.scoring.flags import without_band
from gkevents.scoring.items import ItemScore, latest_decision, open_item, with_points
from gkevents.scoring.outcome import Placed
from gkevents.scoring.places import Places, Value
from gkevents.scoring.pricing import Charge
from gkevents.scoring.score import Score, band_of, conclude, price_unit
from gkevents.scoring.unit import Priced, UnitLog, shared_out
from gkevents.scoring.worth import figure_of, points_of, reads_line, within
from gkevents.terms import ZERO


def assess(
    edition: Edition,
    logs: Iterable[UnitLog],
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
    without: Collection[str] = (),
) -> dict[str, Score]:
    """Every unit's score under one edition, in the order given, both passes done.

    `without`: facts taken as if the cases they opened had been overturned.
    """
    priced = priced_units(edition, list(logs), as_of=as_of, known_at=known_at, calendar=calendar, without=without)
    return concluded(edition, priced)


def priced_units(
    edition: Edition,
    logs: Sequence[UnitLog],
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
    without: Collection[str] = (),
) -> list[Priced]:
    """The first pass over units; where one event charges two of them, each hears what the others' logs say of it."""
    if edition.charges_others:
        logs = shared_out(logs, as_of=as_of, known_at=known_at, calendar=calendar, without=without)
    return [
        price_unit(edition, log, as_of=as_of, known_at=known_at, calendar=calendar, without=without) for log in logs
    ]


def concluded(edition: Edition, priced: Sequence[Priced], only: str | None = None) -> dict[str, Score]:
    """The second pass over units priced one by one: every unit's score, or the one asked for."""
    peers = Peers(edition, priced)
    if not edition.has_quotas:
        return {unit.log.unit: peers.conclude(unit) for unit in priced if only in (None, unit.log.unit)}
    scores = with_quotas(edition, {unit.log.unit: peers.conclude(unit) for unit in priced})
    return scores if only is None else {only: scores[only]}


def depends_on_peers(edition: Edition, priced: Priced) -> bool:
    """Whether a unit's score cannot be told from its own facts alone."""
    if edition.charges_others or edition.has_quotas or priced.figures:
        return True
    return any(item.waits == "peers" or _takes_mean(edition.items[item.code], item) for item in priced.items.values())


def _takes_mean(item: Item, score: ItemScore) -> bool:
    return score.state == "not-applicable" and item.aside is not None and item.aside.gets == "peers-mean"


def _by_codes(item: Item) -> bool:
    """Whether an item's points come from a place by other items' scores."""
    return item.ranking is not None and bool(item.ranking.codes)


class Mean(NamedTuple):
    """The mean of an item's scores over the units it concerns, with its bounds, and the refs that moved it."""

    score: Fraction | None
    low: Fraction
    high: Fraction
    caused_by: tuple[str, ...]


class Peers:
    """All units of one scheme-year after the first pass; means and places are worked out once, when first asked for.

    In this order: relations of figures, places by figures, the means of what does not concern a unit, places by scores.
    """

    def __init__(self, edition: Edition, priced: Sequence[Priced]) -> None:
        """Take the units of one scheme-year, priced one by one."""
        self.edition = edition
        self.priced = priced
        self._means: dict[tuple[str, str | None], Mean | None] = {}
        self._figures: dict[tuple[str, str | None, str | None], tuple[Fraction | None, tuple[str, ...]]] = {}
        self._places: dict[tuple[str, str | None], Places] = {}
        self._first: dict[str, Mapping[str, ItemScore]] = {}
        self._second: dict[str, Mapping[str, ItemScore]] = {}

    def conclude(self, unit: Priced) -> Score:
        """One unit's score with what the others give."""
        items = self._with_means(unit)
        if self.edition.compares_units:
            items = {code: self._by_scores(item, unit) for code, item in items.items()}
        relations = {code: self._relation(code, unit) for code in unit.figures}
        return conclude(self.edition, unit, items=items, relations=relations)

    def _by_scores(self, item: ItemScore, unit: Priced) -> ItemScore:
        """An item's score, with what comparing other items' scores gives: a place, or the mean of places."""
        frozen = self.edition.items[item.code]
        if not _by_codes(frozen):
            return item
        if item.waits == "peers":
            return self._placed(frozen, unit)
        return self._meant(item, unit) if _takes_mean(frozen, item) else item

    def _with_means(self, unit: Priced) -> Mapping[str, ItemScore]:
        name = unit.log.unit
        if name not in self._second:
            items = self._by_figures(unit)
            self._second[name] = {
                code: self._with_mean(item, unit) if item.state == "not-applicable" else item
                for code, item in items.items()
            }
        return self._second[name]

    def _by_figures(self, unit: Priced) -> Mapping[str, ItemScore]:
        """A unit's items with what comparing figures gives: lines on a mean, places by figure."""
        name = unit.log.unit
        if not self.edition.compares_units:
            return unit.items
        if name not in self._first:
            self._first[name] = {
                code: self._by_figure(self.edition.items[code], item, unit) if item.waits == "peers" else item
                for code, item in unit.items.items()
            }
        return self._first[name]

    def _by_figure(self, item: Item, held: ItemScore, unit: Priced) -> ItemScore:
        if item.ranking is None:
            return self._on_mean(item, unit)
        return held if _by_codes(item) else self._placed(item, unit)

    def _on_mean(self, item: Item, unit: Priced) -> ItemScore:
        """An item whose figure is compared with the mean of the units' figures."""
        facts = unit.by_code[item.code]
        report = latest_decision(item, facts)
        mean, refs = self._mean_figure(item.code, item.worth, unit)
        worth, most = item.worth, item.points or ZERO
        line = None if worth is None or mean is None else worth.line.share * mean
        if worth is None or report is None or not reads_line(worth, line):
            return open_item(item, facts, unit.payer, waits="line")
        points = within(points_of(worth, report, most=most, line=line), most, item.floor)
        scored = with_points(item, facts, unit.payer, points=points, state="reported", decided=report)
        return scored._replace(caused_by=refs)

    def _placed(self, item: Item, unit: Priced) -> ItemScore:
        """An item whose points come from the unit's place: one value, or the range of the places still possible."""
        facts, most = unit.by_code.get(item.code, ()), item.points or ZERO
        places = self._places_of(item.code, unit.log.category)
        points = [within(one, most, item.floor) for one in places.points(unit.log.unit, item.worth or Worth("places"))]
        low, high = min(points), max(points)
        if low < high or not places.determined(unit.log.unit):
            return open_item(item, facts, unit.payer, low=low, high=high, waits="peers")
        report = latest_decision(item, facts)
        scored = with_points(item, facts, unit.payer, points=low, state="reported", decided=report)
        return scored._replace(set_to=low, caused_by=places.refs)

    def _places_of(self, code: str, category: str) -> Places:
        """The places by an item's or ± rule's figure or scores, among all units or those of a category."""
        item = self.edition.items.get(code)
        ranking = item.ranking if item is not None else self.edition.rules[code].ranking
        among = category if ranking is not None and ranking.among == "category" else None
        key = (code, among)
        if key not in self._places:
            values: dict[str, Value] = {}
            for unit in self.priced:
                if among in (None, unit.log.category) and self._takes_part(code, unit):
                    values[unit.log.unit] = self._value(code, unit)
            self._places[key] = Places(values, high_first=ranking is None or ranking.high_first)
        return self._places[key]

    def _takes_part(self, code: str, unit: Priced) -> bool:
        if code in self.edition.rules:
            return code in unit.figures
        return code in unit.items and unit.items[code].state != "not-applicable"

    def _value(self, code: str, unit: Priced) -> Value:
        """What a unit is placed by: its figure, or the sum of some items' scores, within what is known of it."""
        item = self.edition.items.get(code)
        ranking = item.ranking if item is not None else self.edition.rules[code].ranking
        if ranking is not None and ranking.codes:
            items = self._with_means(unit)
            held = [items[one] for one in ranking.codes if one in items]
            refs = tuple(ref for one in held for ref in movers(one))
            if any(one.low is None or one.high is None for one in held):
                return Value(None, None, refs)
            low = sum((one.low or ZERO for one in held), ZERO)
            return Value(low, sum((one.high or ZERO for one in held), ZERO), refs)
        report = unit.figures.get(code)
        if item is not None:
            report = latest_decision(item, unit.by_code.get(code, ()))
            if report is not None and unit.items[code].waits != "peers":
                report = None
        return Value(figure_of(report), figure_of(report), (report.ref,)) if report is not None else Value()

    def _with_mean(self, item: ItemScore, unit: Priced) -> ItemScore:
        frozen = self.edition.items[item.code]
        return self._meant(item, unit) if _takes_mean(frozen, item) and not _by_codes(frozen) else item

    def _meant(self, item: ItemScore, unit: Priced) -> ItemScore:
        mean = self._mean(item.code, unit.log.category)
        if mean is None:
            return item
        return item._replace(score=mean.score, low=mean.low, high=mean.high, caused_by=mean.caused_by)

    def _mean(self, code: str, category: str) -> Mean | None:
        """The mean over the units that an item concerns; None where nobody is left."""
        frozen = self.edition.items[code]
        among = category if frozen.aside is not None and frozen.aside.among == "category" else None
        if (code, among) not in self._means:
            concerned = [
                unit
                for unit in self.priced
                if code in unit.items
                and unit.items[code].state != "not-applicable"
                and among in (None, unit.log.category)
            ]
            peers = [self._by_scores(self._by_figures(unit)[code], unit) for unit in concerned]
            self._means[code, among] = _mean_of(peers) if peers else None
        return self._means[code, among]

    def _relation(self, code: str, unit: Priced) -> list[Charge]:
        """The charge of a ± rule that compares the units: by a mean of figures, or by place."""
        rule, worth = self.edition.rules[code], self.edition.compared[code]
        if rule.ranking is not None:
            return self._place_charge(rule, worth, unit)
        figure = unit.figures[code]
        mean, refs = self._mean_figure(code, worth, unit)
        line = None if mean is None else worth.line.share * mean
        if line is None or not reads_line(worth, line):
            return [Charge(figure, code, ZERO, ZERO, ZERO, "no-line", side=rule.side)]
        return [relation_charge(rule, figure, line)._replace(caused_by=refs)]

    def _place_charge(self, rule: Adjustment, worth: Worth, unit: Priced) -> list[Charge]:
        """What the place of a unit that reported a figure earns or costs under a ± rule."""
        places = self._places_of(rule.code, unit.log.category)
        points = places.points(unit.log.unit, worth)[0]
        why = "placed" if points else "figure-free"
        figure = unit.figures[rule.code]
        return [Charge(figure, rule.code, points, points, points, why, side=rule.side, caused_by=places.refs)]

    def _mean_figure(self, code: str, worth: Worth | None, unit: Priced) -> tuple[Fraction | None, tuple[str, ...]]:
        """The mean of the figures that a rule compares with (None without any), and whose they are."""
        among = worth.among if worth is not None else "all"
        category = unit.log.category if among == "category" else None
        left_out = unit.log.unit if among == "others" else None
        key = (code, category, left_out)
        if key not in self._figures:
            figures = [
                figure
                for other in self.priced
                if (figure := self._figure(code, other)) is not None
                and category in (None, other.log.category)
                and other.log.unit != left_out
            ]
            values = [figure_of(figure) for figure in figures]
            mean = sum(values, ZERO) / len(values) if values else None
            self._figures[key] = (mean, tuple(figure.ref for figure in figures))
        return self._figures[key]

    def _figure(self, code: str, unit: Priced) -> Fact | None:
        """The figure that a unit brings to a mean: on a ± rule, or on an item that waits for the mean."""
        if code in self.edition.rules:
            return unit.figures.get(code)
        if code not in unit.items or unit.items[code].waits != "peers":
            return None
        return latest_decision(self.edition.items[code], unit.by_code[code])


def _mean_of(peers: Sequence[ItemScore]) -> Mean:
    scores = [peer.score for peer in peers if peer.score is not None]
    return Mean(
        score=sum(scores, ZERO) / len(peers) if len(scores) == len(peers) else None,
        low=sum((peer.low or ZERO for peer in peers), ZERO) / len(peers),
        high=sum((peer.high or ZERO for peer in peers), ZERO) / len(peers),
        caused_by=tuple(ref for peer in peers for ref in movers(peer)),
    )


def movers(item: ItemScore) -> list[str]:
    """The refs that set an item's score: the deciding fact and every happening that cost or earned something."""
    refs = [item.decided_by.ref] if item.decided_by is not None else []
    return refs + [charge.fact.ref for charge in item.charges if charge.applied]


Ranked = TypeVar("Ranked", bound=Placed)


def rank(edition: Edition, scores: Mapping[str, Ranked]) -> dict[str, list[tuple[Ranked, int | None]]]:
    """The table by category: determined totals from high to low (ties in the order given), then the provisional ones.

    Equal totals are told apart by the scores that the scheme names; what is still equal shares a rank, 1, 1, 3 or
    1, 1, 2, or gets the next one ("not-shared"). A provisional unit has rank None, and all have where no order is told.
    """
    groups: dict[str, list[Ranked]] = {}
    for score in scores.values():
        groups.setdefault(score.category, []).append(score)
    return {category: _ranked(edition, group) for category, group in groups.items()}


def _ranked(edition: Edition, group: Sequence[Ranked]) -> list[tuple[Ranked, int | None]]:
    ties = edition.ties

    def standing(score: Ranked) -> tuple[Fraction, ...]:
        return (score.total or ZERO, *(score.measure(name) for name in ties.by))

    placed = sorted((score for score in group if score.total is not None), key=standing, reverse=True)
    table: list[tuple[Ranked, int | None]] = []
    rank_now, last = 0, None
    for place, score in enumerate(placed, 1):
        if standing(score) != last or ties.then == "not-shared":
            rank_now = rank_now + 1 if ties.then == "1,1,2" else place
            last = standing(score)
        table.append((score, None if ties.then == "unordered" else rank_now))
    return table + [(score, None) for score in group if score.total is None]


def with_quotas(edition: Edition, scores: Mapping[str, Score]) -> dict[str, Score]:
    """The scores with the bands that are kept for the first of each category; undecided while a unit is provisional."""
    groups: dict[str, list[Score]] = {}
    for score in scores.values():
        groups.setdefault(score.category, []).append(score)
    found = {}
    for name, score in scores.items():
        group = groups[score.category]
        place = _place_in(group, score)
        band = score.band or band_of(edition, score.total, eligible=score.eligible, place=place, number=len(group))
        decided = place is not None and score.eligible is not None and not score.zeroed
        flags = without_band(edition, score.total, band) if decided else ()
        found[name] = dataclasses.replace(score, band=band, band_flags=score.band_flags + flags)
    return found


def _place_in(group: Sequence[Score], score: Score) -> int | None:
    """1 + the number of higher totals; None while any is not decided."""
    totals = [other.total for other in group if other.total is not None]
    if len(totals) < len(group) or score.total is None:
        return None
    return 1 + sum(total > score.total for total in totals)
