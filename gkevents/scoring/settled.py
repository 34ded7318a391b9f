"""Every way in which contested cases may be settled, and what the units' totals lie between then.

A case may be upheld, overturned, or its happening reduced to some points. Few cases are settled in every way there is;
a reduction is tried at nought, since what lies between that and the whole gives a total in between too. Where that is
not sure of a case (`_between`), and where there are too many, what it stands on may come to anything (`reach`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final, NamedTuple, Protocol

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item, Pricing
from gkevents.scoring.fact import DECISIONS, FIGURES, OVERTURNED, REDUCED, UPHELD, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.peers import depends_on_peers
from gkevents.scoring.reach import reach
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO

MOST: Final = 64
"""So many ways are priced, of one unit, or of the year where units depend on each other; beyond that a few of them."""

PRICED_MOST: Final = 6_400
"""And so many units in all: a year of twenty thousand is not priced 64 times over."""


class Seen(NamedTuple):
    """What a unit's total lies between however cases are decided, and whether that always or ever leaves one."""

    low: Fraction | None
    high: Fraction | None
    always: bool
    ever: bool


class Decided(Protocol):
    """The scores of some units, their cases as the logs say."""

    def __call__(self, logs: Sequence[UnitLog]) -> dict[str, Score]:
        """Every unit's score."""


class _Held(NamedTuple):
    """One contested fact of a unit with the step that contests it.

    `side`: where it simply costs or earns its own points, "deduction" or "bonus". `between`: whether reducing it cannot
    lead beyond what leaving it, dropping it and bringing it to nought lead to.
    """

    unit: str
    fact: Fact
    step: Fact
    side: str | None
    between: bool

    @property
    def ways(self) -> tuple[str, ...]:
        """How it may be decided, as far as that makes a difference."""
        if self.side is not None or not _reducible(self.fact):
            return (UPHELD, OVERTURNED)
        return (UPHELD, OVERTURNED, REDUCED)


def spans(
    edition: Edition, logs: Sequence[UnitLog], now: Mapping[str, Score], decided: Decided, *, whole: bool
) -> dict[str, Seen]:
    """What the units' totals lie between; `whole`: whether these are the logs of all units of the year."""
    together = whole and may_compare(edition)
    blocks = [logs] if together else [[log] for log in logs]
    found: dict[str, Seen] = {}
    for block in blocks:
        held = [
            _held(edition, log, now[log.unit], ref, step)
            for log in block
            for ref, step in now[log.unit].priced.contested.items()
        ]
        found |= _spans(edition, block, held, decided, apart=not whole)
    return found


def may_compare(edition: Edition) -> bool:
    """Whether some facts could make units depend on each other."""
    means = any(item.aside is not None and item.aside.gets == "peers-mean" for item in edition.items.values())
    return means or edition.charges_others or edition.compares_units or bool(edition.compared)


def _held(edition: Edition, log: UnitLog, score: Score, ref: str, step: Fact) -> _Held:
    """A contested fact, with what is known of how it counts."""
    facts = (*log.facts, *(fact for _year, earlier in log.earlier for fact in earlier))
    fact = next(fact for fact in facts if fact.ref == ref)
    rules = _rules(edition, fact.item or "")
    between = _between(edition, score, fact, rules)
    return _Held(log.unit, fact, step, _side(edition, fact, rules) if between else None, between)


def _reducible(fact: Fact) -> bool:
    return fact.type not in FIGURES and fact.type not in DECISIONS


def _rules(edition: Edition, code: str) -> list[tuple[str, Pricing]]:
    """The event rules of a code, each with its side."""
    if code in edition.items:
        item = edition.items[code]
        return [("deduction", rule) for rule in item.deduct] + [("bonus", rule) for rule in item.add]
    pricing = edition.rules[code].pricing if code in edition.rules else None
    return [] if pricing is None else [(edition.rules[code].side, pricing)]


def _between(edition: Edition, score: Score, fact: Fact, rules: Sequence[tuple[str, Pricing]]) -> bool:
    """Whether a fact's own points move totals one way, so that a reduction leads to nothing new beyond its ends."""
    if not _reducible(fact):
        return True
    code = fact.item or ""
    turned = [veto for veto in edition.vetoes if veto.of is not None and veto.gives]
    rankings = [item.ranking for item in edition.items.values()] + [rule.ranking for rule in edition.rules.values()]
    if (
        turned
        or any(part.gate for part in edition.parts)
        or any(ranking and code in ranking.codes for ranking in rankings)
    ):
        return False
    if any(rule.other for _side, rule in rules) or len({side for side, _rule in rules}) > 1:
        return False
    return not _has_rivals(edition, score, fact)


def _has_rivals(edition: Edition, score: Score, fact: Fact) -> bool:
    """Whether something else of the same matter may count instead under another rule of its group."""
    for group in edition.groups:
        codes = [rule.code for rule in group.rules]
        if group.same_matter == "highest" and fact.matter is not None and fact.item in codes:
            rivals = [one for code in codes if code != fact.item for one in score.priced.by_code.get(code, ())]
            return any(one.matter == fact.matter for one in rivals)
    return False


def _side(edition: Edition, fact: Fact, rules: Sequence[tuple[str, Pricing]]) -> str | None:
    """The side on which a happening simply costs or earns its own points; None where it does more, or none of it."""
    item = edition.items.get(fact.item or "")
    counted = item is not None and item.start == "count"
    heard = any(fact.item in (veto.code, veto.item) for veto in edition.vetoes)
    simple = [not (rule.totals or rule.nth or rule.needs or rule.eased or rule.each == "problem") for _, rule in rules]
    if not rules or not _reducible(fact) or counted or heard or not all(simple):
        return None
    return rules[0][0]


def _spans(
    edition: Edition, logs: Sequence[UnitLog], held: Sequence[_Held], decided: Decided, *, apart: bool
) -> dict[str, Seen]:
    """The same of units that depend on each other, or of one by itself."""
    number = prod(len(one.ways) for one in held)
    few = number <= MOST and number * len(logs) <= PRICED_MOST
    ways = list(product(*(one.ways for one in held))) if few else _ends(held)
    scores = [decided(_as_decided(logs, held, way)) for way in ways]
    loose = [one for one in held if not one.between or not (few or one.side)]
    figures = _figures(edition, scores)
    found = {}
    for log in logs:
        seen = [score[log.unit] for score in scores]
        found[log.unit] = _seen(seen)
        codes = _loose_codes(edition, log.unit, loose, seen, apart=apart)
        if (codes or not few) and seen[0].low is not None:
            low, high = reach(edition, seen, codes, figures)
            low, high = min(low, found[log.unit].low or ZERO), max(high, found[log.unit].high or ZERO)
            always, ever = (found[log.unit].always, found[log.unit].ever) if few and not apart else (False, True)
            found[log.unit] = Seen(low, high, always, ever)
    return found


def _ends(held: Sequence[_Held]) -> list[list[str]]:
    """All upheld, all overturned, what costs overturned alone, and what brings points."""
    gone = [frozenset[str | None](), frozenset({"deduction", "bonus", None}), {"deduction", None}, {"bonus", None}]
    return [[OVERTURNED if one.side in sides else UPHELD for one in held] for sides in gone]


def _as_decided(logs: Sequence[UnitLog], held: Sequence[_Held], way: Sequence[str]) -> list[UnitLog]:
    """The logs with the step that contests each case said to be what decides it."""
    steps = {
        one.step.ref: one.step._replace(type=word, amount=ZERO if word == REDUCED else None)
        for one, word in zip(held, way, strict=True)
    }

    def said(facts: Iterable[Fact]) -> tuple[Fact, ...]:
        return tuple(steps.get(fact.ref, fact) for fact in facts)

    return [
        log._replace(facts=said(log.facts), earlier=tuple((year, said(facts)) for year, facts in log.earlier))
        for log in logs
    ]


def _seen(scores: Sequence[Score]) -> Seen:
    """What some scores of a unit lie between."""
    lows = [one.low for one in scores if one.low is not None]
    highs = [one.high for one in scores if one.high is not None]
    totals = [one.total is not None for one in scores]
    return Seen(min(lows, default=None), max(highs, default=None), all(totals), any(totals))


def _figures(edition: Edition, scores: Iterable[Mapping[str, Score]]) -> dict[str, list[Fact]]:
    """What the units reported on the ± rules that compare them, by code."""
    every = [one.priced.by_code for found in scores for one in found.values()] if edition.compared else []
    return {code: [fact for facts in every for fact in facts.get(code, ())] for code in edition.compared}


def _loose_codes(
    edition: Edition, unit: str, loose: Sequence[_Held], seen: Sequence[Score], *, apart: bool
) -> frozenset[str]:
    """The items and ± rules that may come to anything for a unit, its own and those that compare it with others."""
    if apart and any(depends_on_peers(edition, one.priced) for one in seen):
        return frozenset(edition.codes)
    touched = {one.fact.item or "" for one in loose}
    found = {one.fact.item or "" for one in loose if edition.charges_others or one.unit == unit}
    for code in edition.compared:
        ranking = edition.rules[code].ranking
        found |= {code} & touched if ranking is None or touched.isdisjoint(ranking.codes) else {code}
    for code in seen[0].items:
        item = edition.items[code]
        asked = {code, *item.ranking.codes} if item.ranking is not None else {code}
        compared = item.ranking is not None or _on_mean(item)
        if not touched.isdisjoint(asked) and (compared or any(_is_aside(one.items[code]) for one in seen)):
            found.add(code)
    return frozenset(found)


def _is_aside(item: ItemScore) -> bool:
    return item.state == "not-applicable"


def _on_mean(item: Item) -> bool:
    return item.worth is not None and item.worth.line.source == "mean"
