"""The score of one item, from the facts that stand on it.

An item starts full, or from a mark, a figure, a checklist or a count; what single happenings cost comes off; it is
clipped once, to 0 and its maximum. What nobody has decided is undetermined: a range, neither 0 nor full.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from gkevents.schemes.model import Item, Pricing
from gkevents.scoring.fact import (
    ANSWERS,
    CONFIRMATION,
    FIGURES,
    GRADE,
    LIMIT_FACTS,
    NOT_APPLICABLE,
    Fact,
)
from gkevents.scoring.pricing import Charge, capped, clip, price
from gkevents.scoring.worth import counted_points, figure_fits, reported_points
from gkevents.terms import ZERO


class ItemScore(NamedTuple):
    """One item's score. `score` is None while undetermined; `low` and `high` bound it (None: the item has no points).

    `start` is where its ledger begins, `decided_by` the fact that set its points, `set_to` the points it set;
    `charges` are the happenings' costs within the score, `costs` the same worked out against `high`, for the quarters.
    """

    code: str
    score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    points_max: Fraction | None
    state: str
    start: Fraction = ZERO
    decided_by: Fact | None = None
    set_to: Fraction = ZERO
    charges: tuple[Charge, ...] = ()
    costs: tuple[Charge, ...] = ()
    misfit: Fact | None = None
    caused_by: tuple[str, ...] = ()


def price_item(item: Item, facts: Sequence[Fact], *, unnamed: bool = False) -> ItemScore:
    """The score of an item from its standing facts in the order of the world, missed limits already among them.

    `unnamed`: the scheme sets the item aside for a unit that it does not name, as long as nobody grades it.
    """
    points_max = item.points
    aside = next((fact for fact in facts if fact.type == NOT_APPLICABLE), None)
    if points_max is None:
        return ItemScore(item.code, None, None, None, None, "unweighted")
    if aside is not None or (unnamed and not any(fact.type == GRADE for fact in facts)):
        return ItemScore(item.code, None, ZERO, points_max, points_max, "not-applicable", decided_by=aside)
    if item.start == "full":
        charges = tuple(clip(charges_on(item, facts, points_max), points_max, why="item-cap"))
        score = points_max - sum((charge.applied for charge in charges), ZERO)
        return ItemScore(
            item.code, score, score, score, points_max, "priced",
            start=points_max, charges=charges, costs=charges,
        )  # fmt: skip
    return _decided(item, facts, points_max)


def charges_on(item: Item, facts: Sequence[Fact], points_max: Fraction) -> list[Charge]:
    """What the happenings on an item cost, each rule's own cap applied, the item's not yet."""
    charges: list[Charge] = []
    for rule in item.deduct:
        heard = [fact for fact in facts if hears(rule, fact)]
        charges += capped(rule, price(rule, heard, code=item.code, whole=points_max))
    if len(item.deduct) > 1:
        charges.sort(key=lambda charge: charge.fact.order)
    return charges


def hears(rule: Pricing, fact: Fact) -> bool:
    """Whether a rule listens to a happening; a missed limit known from a late answer is heard like any miss."""
    return ("deadline-missed" if fact.type in ANSWERS else fact.type) in rule.listens


def _decided(item: Item, facts: Sequence[Fact], points_max: Fraction) -> ItemScore:
    """An item whose points somebody or some figure sets; the latest word (day, then position) decides."""
    decisions = [fact for fact in facts if fact.type in _deciding(item)]
    decided = max(decisions, key=lambda fact: (fact.day, fact.position), default=None)
    misfit = decided if decided is not None and not fits(item, decided) else None
    if decided is None or misfit is not None:
        costs = tuple(clip(charges_on(item, facts, points_max), points_max, why="item-cap"))
        held = tuple(
            charge._replace(applied=ZERO, why="ungraded" if charge.applied else charge.why) for charge in costs
        )
        high = points_max - sum((charge.applied for charge in costs), ZERO)
        return ItemScore(
            item.code, None, ZERO, high, points_max, "open",
            charges=held, costs=costs, misfit=misfit,
        )  # fmt: skip
    points = _points_set(item, decided, facts, points_max)
    charges = tuple(clip(charges_on(item, facts, points_max), points, why="item-cap"))
    score = points - sum((charge.applied for charge in charges), ZERO)
    state = "graded" if decided.type == GRADE else "reported"
    return ItemScore(
        item.code, score, score, score, points_max, state,
        decided_by=decided, set_to=points, charges=charges, costs=charges,
    )  # fmt: skip


def _deciding(item: Item) -> frozenset[str]:
    if item.start == "count":
        return frozenset({GRADE, CONFIRMATION})
    if item.start in FIGURES:
        return frozenset({GRADE, item.start})
    return frozenset({GRADE})


def _points_set(item: Item, decided: Fact, facts: Sequence[Fact], points_max: Fraction) -> Fraction:
    if decided.type == GRADE:
        return decided.points or ZERO
    if decided.type == CONFIRMATION:
        return counted_points(item, [fact for fact in facts if fact.type == "occurrence"], points_max=points_max)
    return reported_points(item, decided, points_max=points_max)


def fits(item: Item, decision: Fact) -> bool:
    """Whether a recorded mark or figure is one the edition allows on the item (a later edition may no longer)."""
    if decision.type == GRADE:
        return grade_fits(item, decision)
    return decision.type == CONFIRMATION or figure_fits(item, decision)


def grade_fits(item: Item, grade: Fact) -> bool:
    """Whether a mark lies within the item's points, on its printed list, and has no more decimals than allowed."""
    if grade.points is None or item.points is None or not ZERO <= grade.points <= item.points:
        return False
    if item.allowed:
        return grade.points in item.allowed
    scaled: Fraction = grade.points * 10**item.grade_decimals
    return scaled.denominator == 1


def with_breaches(facts: Sequence[Fact], breaches: Sequence[Fact]) -> list[Fact]:
    """Facts in the order of the world: instead of those that only speak about a limit, the misses that came of them."""
    plain = [fact for fact in facts if fact.key is None or fact.type not in LIMIT_FACTS]
    return sorted((*plain, *breaches), key=lambda fact: fact.order)
