"""All that one bulletin knows of its units, looked up once: what figures, tables, charts and sentences are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from gkevents.reports.bulletin import findings
from gkevents.reports.bulletin.case import Case, Earlier
from gkevents.reports.bulletin.corrections import ranked
from gkevents.reports.bulletin.findings import Counts, Looked, Move, Order, Problem
from gkevents.reports.wording import Numbers
from gkevents.scoring.fact import Fact
from gkevents.scoring.score import Score
from gkevents.terms import total


class Told(NamedTuple):
    """What is told of one unit; `ranked`: whether it takes part in the ranking of this bulletin."""

    score: Score
    rank: int | None
    ranked: bool
    moves: Sequence[Move]
    problems: Sequence[Problem]
    praised: Sequence[tuple[Fact, Fraction]]
    orders: Sequence[Order]
    counts: Counts
    lost: Mapping[str, Fraction]
    deducted: Fraction
    added: Fraction
    deducted_so_far: Fraction
    added_so_far: Fraction

    @property
    def label(self) -> str:
        """By what tables and sentences call it."""
        return self.score.unit if self.ranked else f"{self.score.unit}（不排名）"


class Category(NamedTuple):
    """One table of the paper: its units in their order, and what their totals come to as far as they are decided."""

    name: str
    units: Sequence[Told]
    totals: Sequence[Fraction]

    @property
    def average(self) -> Fraction | None:
        """The mean of the totals that are decided."""
        return total(self.totals) / len(self.totals) if self.totals else None


class Gathered:
    """A case, looked through once.

    `before`: the earlier bulletins about days before this one's, by day; `previous`: the one that this is compared
    with, which for a quarter is that of the quarter before if there is one, and else the last of them. `replaced`: the
    bulletins of an earlier result of the year. `units` are those that are ranked, `everyone` the others too.
    """

    def __init__(self, case: Case) -> None:
        """Look through a case."""
        self.case = case
        self.terms = case.terms
        self.edition = case.standing.edition
        self.numbers = Numbers(self.edition.display_decimals)
        self.excluded = {one.unit: one.reason for one in case.terms.options.excluded}
        self.looked = Looked(case.terms.period, case.terms.as_of or case.terms.period.until, case.calendar)
        self.before = sorted((one for one in case.earlier if _until(one) < self._until), key=_until)
        self.previous = self._previous()
        results = [one for one in case.earlier if one.now and one.head["period"]["kind"] == "year"]
        self.replaced = results if case.terms.period.kind == "year" else []
        table = ranked(case.standing, self.excluded)
        self.categories = [self._category(name, rows) for name, rows in table.items()]
        self.units = [unit for category in self.categories for unit in category.units]
        left_out = [case.standing.scores[unit] for unit in self.excluded if unit in case.standing.scores]
        self.everyone = [*self.units, *(self._told(score, None, ranked=False) for score in left_out)]

    def _previous(self) -> Earlier | None:
        period = self.terms.period
        if period.kind == "quarter" and period.number is not None:
            wanted = ("quarter", period.number - 1)
            for one in self.before:
                if (one.head["period"]["kind"], one.head["period"]["number"]) == wanted:
                    return one
        return self.before[-1] if self.before else None

    def _category(self, name: str, rows: Sequence[tuple[Score, int | None]]) -> Category:
        units = [self._told(score, place, ranked=True) for score, place in rows]
        return Category(name, units, [score.total for score, _ in rows if score.total is not None])

    def _told(self, score: Score, rank: int | None, *, ranked: bool) -> Told:
        period = self.terms.period
        moves = findings.moves(score)
        within = [move for move in moves if move.day is not None and period.since <= move.day <= period.until]
        return Told(
            score=score,
            rank=rank,
            ranked=ranked,
            moves=moves,
            problems=findings.problems(score, moves, self.looked),
            praised=findings.praised(score, moves, period),
            orders=findings.orders(score, self.looked),
            counts=findings.counts(score, period),
            lost=findings.lost(score),
            deducted=_taken(within),
            added=_given(within),
            deducted_so_far=_taken(moves),
            added_so_far=_given(moves),
        )

    @property
    def _until(self) -> dt.date:
        return self.terms.as_of or dt.date.max

    @cached_property
    def weighted(self) -> bool:
        """Whether the scheme gives points at all."""
        return self.edition.weighted

    @cached_property
    def totals(self) -> list[Fraction]:
        """The totals that are decided, of all categories."""
        return [points for category in self.categories for points in category.totals]

    @cached_property
    def without_facts(self) -> list[str]:
        """The units of which nothing is recorded."""
        return [unit.score.unit for unit in self.everyone if findings.without_facts(unit.score)]

    @cached_property
    def nothing(self) -> frozenset[str]:
        """The same, to look one up in."""
        return frozenset(self.without_facts)

    @cached_property
    def counts(self) -> Counts:
        """What was recorded of all units in the period."""
        return Counts(*(sum(column) for column in zip(*(unit.counts for unit in self.everyone), strict=True)))


def _taken(moves: Sequence[Move]) -> Fraction:
    """What happenings cost, as a positive number; not what bounds and vetoes did to the whole."""
    return -total([move.points for move in moves if move.points < 0 and move.fact is not None])


def _given(moves: Sequence[Move]) -> Fraction:
    return total([move.points for move in moves if move.points > 0 and move.fact is not None])


def _until(earlier: Earlier) -> dt.date:
    said = earlier.head["as_of"]
    return dt.date.max if said is None else dt.date.fromisoformat(said)
