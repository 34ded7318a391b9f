"""The second pass: what a unit's score takes from the others (means, relations to a mean), and the ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from gkevents.calendar import Calendar
from gkevents.schemes.model import Edition
from gkevents.scoring.adjustments import relation_charge
from gkevents.scoring.items import ItemScore
from gkevents.scoring.pricing import Charge
from gkevents.scoring.score import Score, conclude, price_unit
from gkevents.scoring.unit import Priced, UnitLog
from gkevents.terms import ZERO


def assess(
    edition: Edition,
    logs: Iterable[UnitLog],
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
) -> dict[str, Score]:
    """Every unit's score under one edition, in the order given, both passes done."""
    priced = [price_unit(edition, log, as_of=as_of, known_at=known_at, calendar=calendar) for log in logs]
    return concluded(edition, priced)


def concluded(edition: Edition, priced: Sequence[Priced], only: str | None = None) -> dict[str, Score]:
    """The second pass over units priced one by one: every unit's score, or the one asked for."""
    peers = Peers(edition, priced)
    return {unit.log.unit: peers.conclude(unit) for unit in priced if only in (None, unit.log.unit)}


def depends_on_peers(edition: Edition, priced: Priced) -> bool:
    """Whether a unit's score cannot be told from its own facts alone."""
    aside = any(item.state == "not-applicable" for item in priced.items.values())
    return bool(priced.figures) or (aside and edition.not_applicable is not None)


class Mean(NamedTuple):
    """The mean of an item's scores over the units it concerns, with its bounds, and the refs that moved it."""

    score: Fraction | None
    low: Fraction
    high: Fraction
    caused_by: tuple[str, ...]


class Peers:
    """All units of one scheme-year after the first pass; means are worked out once, when first asked for."""

    def __init__(self, edition: Edition, priced: Sequence[Priced]) -> None:
        """Take the units of one scheme-year, priced one by one."""
        self.edition = edition
        self.priced = priced
        self._means: dict[tuple[str, str | None], Mean | None] = {}
        self._figures: dict[tuple[str, str | None, str | None], tuple[Fraction, tuple[str, ...]]] = {}

    def conclude(self, unit: Priced) -> Score:
        """One unit's score with what the others give."""
        items = {code: self._with_mean(item, unit) for code, item in unit.items.items()}
        relations = {code: self._relation(code, unit) for code in unit.figures}
        return conclude(self.edition, unit, items=items, relations=relations)

    def _with_mean(self, item: ItemScore, unit: Priced) -> ItemScore:
        if item.state != "not-applicable" or self.edition.not_applicable is None:
            return item
        mean = self._mean(item.code, unit.log.category)
        if mean is None:
            return item
        return item._replace(score=mean.score, low=mean.low, high=mean.high, caused_by=mean.caused_by)

    def _mean(self, code: str, category: str) -> Mean | None:
        """The mean over the units that an item concerns; None where nobody is left."""
        among = category if self.edition.not_applicable_among == "category" else None
        if (code, among) not in self._means:
            peers = [
                unit.items[code]
                for unit in self.priced
                if code in unit.items
                and unit.items[code].state != "not-applicable"
                and among in (None, unit.log.category)
            ]
            self._means[code, among] = _mean_of(peers) if peers else None
        return self._means[code, among]

    def _relation(self, code: str, unit: Priced) -> list[Charge]:
        rule, figure = self.edition.rules[code], unit.figures[code]
        mean, refs = self._mean_figure(code, unit)
        charge = relation_charge(rule, figure, mean)
        return [charge._replace(caused_by=refs)]

    def _mean_figure(self, code: str, unit: Priced) -> tuple[Fraction, tuple[str, ...]]:
        """The mean of the figures that the rule compares with, and whose they are."""
        relation = self.edition.rules[code].relation
        category = unit.log.category if relation is not None and relation.among == "category" else None
        left_out = unit.log.unit if relation is not None and relation.among == "others" else None
        key = (code, category, left_out)
        if key not in self._figures:
            figures = [
                other.figures[code]
                for other in self.priced
                if code in other.figures and category in (None, other.log.category) and other.log.unit != left_out
            ]
            values = [figure.ratio or ZERO for figure in figures]
            mean = sum(values, ZERO) / len(values) if values else ZERO
            self._figures[key] = (mean, tuple(figure.ref for figure in figures))
        return self._figures[key]


def _mean_of(peers: Sequence[ItemScore]) -> Mean:
    scores = [peer.score for peer in peers if peer.score is not None]
    return Mean(
        score=sum(scores, ZERO) / len(peers) if len(scores) == len(peers) else None,
        low=sum((peer.low or ZERO for peer in peers), ZERO) / len(peers),
        high=sum((peer.high or ZERO for peer in peers), ZERO) / len(peers),
        caused_by=tuple(ref for peer in peers for ref in movers(peer)),
    )


def movers(item: ItemScore) -> list[str]:
    """The refs that set an item's score: the deciding fact and every happening that cost something."""
    refs = [item.decided_by.ref] if item.decided_by is not None else []
    return refs + [charge.fact.ref for charge in item.charges if charge.applied]


def rank(edition: Edition, scores: Mapping[str, Score]) -> dict[str, list[tuple[Score, int | None]]]:
    """The table by category: determined totals from high to low (ties in the order given), then the provisional ones.

    Equal totals share a rank, 1, 1, 3 unless the scheme says 1, 1, 2; a provisional unit has rank None.
    """
    groups: dict[str, list[Score]] = {}
    for score in scores.values():
        groups.setdefault(score.category, []).append(score)
    return {category: _ranked(group, dense=edition.ties == "1,1,2") for category, group in groups.items()}


def _ranked(group: Sequence[Score], *, dense: bool) -> list[tuple[Score, int | None]]:
    placed = sorted((score for score in group if score.total is not None), key=lambda score: -(score.total or ZERO))
    table: list[tuple[Score, int | None]] = []
    rank_now, last = 0, None
    for place, score in enumerate(placed, 1):
        if score.total != last:
            rank_now = rank_now + 1 if dense else place
            last = score.total
        table.append((score, rank_now))
    return table + [(score, None) for score in group if score.total is None]
