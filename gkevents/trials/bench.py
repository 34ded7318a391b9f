"""The bench on which small logs are tried: facts in contract form go in, what the scoring core makes of them comes out.

One item or one ± group is tried alone, in an edition that holds nothing else: quick, and what is seen comes from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.aggregates.facts import Body, canonical
from gkevents.aggregates.fitting import check_fields
from gkevents.aggregates.pairing import item_or_rule
from gkevents.aggregates.refusals import Refusal
from gkevents.aggregates.stored import fact_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Group, Item
from gkevents.scoring.fact import OPENINGS, Fact
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO

UNIT: Final = "甲单位"
OTHER: Final = "乙单位"
"""The units of a trial."""


class Span(NamedTuple):
    """Points between two bounds; the same twice where they are determined."""

    low: Fraction
    high: Fraction


class Logged(NamedTuple):
    """A fact and the unit on which it is logged."""

    unit: str
    fact: Fact


def logged(facts: Iterable[Body], first: int = 1) -> list[Logged]:
    """Facts as the core sees them, at log positions from `first` on. A limit must be a day: no calendar is asked."""
    return [Logged(body["unit"], _fact(body, position)) for position, body in enumerate(facts, first)]


def _fact(body: Body, position: int) -> Fact:
    kept = canonical(body)
    if kept["type"] in OPENINGS:
        kept["due"] = kept["limit"]
    return fact_of(kept, position=position, recorded_at="")


class Bench:
    """Tries logs on one edition."""

    def __init__(self, edition: Edition) -> None:
        """Take the edition to try logs on."""
        self.edition = edition
        self._alone: dict[int, tuple[Item | Group, Edition]] = {}

    def accepts(self, body: Body, category: str) -> bool:
        """Whether the office could record this happening at all."""
        try:
            kept = canonical(body)
            if "item" in kept:
                rule = item_or_rule(self.edition, kept, unit=body["unit"], category=category)
                check_fields(self.edition, rule, kept, year=self.edition.year)
        except Refusal:
            return False
        return True

    def form_of(self, item: Item) -> tuple[str, str]:
        """A unit that an item concerns, and its category: one that the paper names on it, where it names some."""
        edition = self.edition
        for name in item.named:
            category = edition.category_of(name) or ""
            if item.fits(category):
                return name, category
        categories = item.only or edition.variants or ("",)
        return UNIT, categories[0]

    def item(self, item: Item, log: Sequence[Logged], unit: str = UNIT, category: str = "") -> Span:
        """What an item scores, all else left out."""
        score = self._score(self._only(item), log, unit, category)
        found = score.items[item.code]
        return Span(found.low or ZERO, found.high or ZERO)

    def group(self, group: Group, log: Sequence[Logged], category: str = "") -> Span:
        """What a ± group comes to, bonus less deduction, all else left out and its gate taken as open."""
        score = self._score(self._only(group), log, UNIT, category)
        (found,) = score.groups
        net = found.bonus - found.deduction
        return Span(net, net)

    def score(self, log: Sequence[Logged], category: str = "") -> Score:
        """The score of the whole edition."""
        return self._score(self.edition, log, UNIT, category)

    def total(self, log: Sequence[Logged], category: str = "") -> Span:
        """The total of the whole edition."""
        score = self.score(log, category)
        return Span(score.low or ZERO, score.high or ZERO)

    def _score(self, edition: Edition, log: Sequence[Logged], unit: str, category: str) -> Score:
        facts: dict[str, list[Fact]] = {unit: []}
        for one in log:
            facts.setdefault(one.unit, []).append(one.fact)
        logs = [UnitLog(name, category, edition.year, held) for name, held in facts.items()]
        return assess(edition, logs)[unit]

    def _only(self, kept: Item | Group) -> Edition:
        """The edition with this item, or this group, alone; made once."""
        if id(kept) not in self._alone:
            items, groups = (
                ({}, (kept._replace(gate=None, part=None),)) if isinstance(kept, Group) else (self._with(kept), ())
            )
            alone = replace(
                self.edition, items=items, groups=groups, vetoes=(), bands=(), zero_out=None, floor=None, ceiling=None
            )
            self._alone[id(kept)] = (kept, alone)
        return self._alone[id(kept)][1]

    def _with(self, item: Item) -> dict[str, Item]:
        """An item, with those whose scores its places hang on."""
        codes = item.ranking.codes if item.ranking is not None else ()
        return {**{code: self.edition.items[code] for code in codes if code in self.edition.items}, item.code: item}
