"""The score of one item, from the facts that stand on it.

An item's points start full, at nought, or from a mark, a figure, a checklist, a count or a place; what single
happenings cost comes off and what they earn goes on; it is clipped once, to its floor and its maximum. What nobody has
decided is undetermined: a range, neither 0 nor full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.model import Item
from gkevents.scoring.fact import (
    BY_DAY,
    CONFIRMATION,
    FIGURES,
    GRADE,
    LIMIT_FACTS,
    METRIC,
    NOT_APPLICABLE,
    ORDER,
    SELF_ASSESSMENT,
    Fact,
)
from gkevents.scoring.pricing import IN_ORDER, NOBODY, Charge, Payer, capped, charges_of, clip, sub_units
from gkevents.scoring.rounding import rounded
from gkevents.scoring.worth import counted_points, figure_fits, line_of, points_of, reads_line, within
from gkevents.terms import ZERO, total


class ItemScore(NamedTuple):
    """One item's score. `score` is None while undetermined; `low` and `high` bound it (None: the item has no points).

    `start` is where its ledger begins, `decided_by` the fact that set its points, `set_to` the points it set;
    `charges` are the happenings' costs and gains within the score (while it is undetermined: within `low`), `costs` the
    same worked out against `high`, for the quarters. `waits` says what is missing: "line" or "sub-units" nobody
    recorded, "peers" where the other units are asked. `rounding` and `spread` are what those steps added.
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
    waits: str | None = None
    rounding: Fraction = ZERO
    spread: Fraction = ZERO


def price_item(item: Item, facts: Sequence[Fact], payer: Payer = NOBODY, *, unnamed: bool = False) -> ItemScore:
    """The score of an item from its standing facts in the order of the world, missed limits already among them.

    `unnamed`: the scheme sets the item aside for a unit that it does not name, as long as nobody grades it.
    """
    points_max = item.points
    if points_max is None:
        return ItemScore(item.code, None, None, None, None, "unweighted")
    aside = next((fact for fact in facts if fact.type == NOT_APPLICABLE), None) if facts else None
    if aside is not None or (unnamed and not any(fact.type == GRADE for fact in facts)):
        return _aside(item, points_max, aside)
    if item.start == "full":
        return with_points(item, facts, payer, points=points_max, state="priced", start=points_max)
    if item.start == "zero":
        return with_points(item, facts, payer, points=item.floor or ZERO, state="priced", start=item.floor or ZERO)
    if item.averaged:
        return _averaged(item, facts, payer, points_max)
    return _decided(item, facts, payer, points_max)


def _aside(item: Item, points_max: Fraction, said: Fact | None) -> ItemScore:
    """An item that does not concern the unit: what it gets instead, as far as that does not hang on the other units."""
    gets = item.aside.gets if item.aside is not None else None
    if item.aside is None or gets == "peers-mean":
        return ItemScore(item.code, None, ZERO, points_max, points_max, "not-applicable", decided_by=said)
    points = {"full": points_max, "share": points_max * item.aside.share}.get(gets or "", ZERO)
    return ItemScore(item.code, points, points, points, points_max, "not-applicable", decided_by=said)


def with_points(
    item: Item,
    facts: Sequence[Fact],
    payer: Payer,
    *,
    points: Fraction,
    state: str,
    start: Fraction = ZERO,
    decided: Fact | None = None,
    marks: Sequence[Charge] = (),
) -> ItemScore:
    """The score of an item whose points are known, with what comes off them and goes on them."""
    points_max = item.points or ZERO
    charges, reached, score = _settled(item, points, _found(item, facts, payer, points=points, marks=marks))
    set_to, rounding = points if decided is not None else ZERO, ZERO if item.rounding is None else score - reached
    return ItemScore(
        item.code, score, score, score, points_max, state, start, decided, set_to, charges, charges, None, (), None,
        rounding,
    )  # fmt: skip


def _found(
    item: Item, facts: Sequence[Fact], payer: Payer, *, points: Fraction, marks: Sequence[Charge] = ()
) -> list[Charge]:
    """The marks of sub-units and what happenings cost and earn, before the item's bounds."""
    if not facts or not (item.deduct or item.add or marks):
        return []
    return [*marks, *charges_on(item, facts, payer, points=points + signed(marks) if marks else points)]


def _settled(item: Item, points: Fraction, found: list[Charge]) -> tuple[tuple[Charge, ...], Fraction, Fraction]:
    """The charges that an item's bounds leave, the score they make of its points, and that score rounded."""
    if not found:
        return (), points, points if item.rounding is None else rounded(points, item.rounding)
    charges = within_item(item, points, found, item.points or ZERO)
    reached = points + signed(charges)
    return tuple(charges), reached, reached if item.rounding is None else rounded(reached, item.rounding)


def signed(charges: Sequence[Charge]) -> Fraction:
    """What charges add to a score: bonuses less deductions."""
    minus = total([charge.applied for charge in charges if charge.side != "bonus"])
    return total([charge.applied for charge in charges if charge.side == "bonus"]) - minus


def charges_on(item: Item, facts: Sequence[Fact], payer: Payer, *, points: Fraction) -> list[Charge]:
    """What the happenings on an item cost and earn, each rule's own caps applied, the item's bounds not yet."""
    points_max = item.points or ZERO
    charges: list[Charge] = []
    for rule in item.deduct:
        whole = points if rule.down_to is not None else points_max
        charges += capped(rule, charges_of(rule, facts, payer, code=item.code, whole=whole))
    for rule in item.add:
        charges += capped(rule, charges_of(rule, facts, payer, code=item.code, whole=points_max, side="bonus"))
    if len(item.deduct) + len(item.add) > 1:
        charges.sort(key=IN_ORDER)
    return charges


def within_item(item: Item, points: Fraction, charges: list[Charge], points_max: Fraction) -> list[Charge]:
    """Charges (in order) as the item's bounds leave them: the latest that cross its floor or its maximum lose."""
    if not item.add and not item.averaged:
        return charges if item.floor is None else clip(charges, points - item.floor, why="item-cap")
    plus = total([charge.applied for charge in charges if charge.side == "bonus"])
    minus = total([charge.applied for charge in charges if charge.side != "bonus"])
    if points + plus - minus > points_max:
        return clip(charges, points_max - points + minus, why="item-full", side="bonus")
    if item.floor is not None:
        return clip(charges, points + plus - item.floor, why="item-cap", side="deduction")
    return charges


def open_item(
    item: Item,
    facts: Sequence[Fact],
    payer: Payer,
    *,
    low: Fraction | None = None,
    high: Fraction | None = None,
    misfit: Fact | None = None,
    waits: str | None = None,
) -> ItemScore:
    """An item that nobody has decided: between what it would be at its lowest and at its highest points."""
    points_max = item.points or ZERO
    low = item.floor or ZERO if low is None else low
    high = points_max if high is None else high
    found = _found(item, facts, payer, points=low)
    charges, reached, lowest = _settled(item, low, found)
    if found and any(rule.down_to is not None for rule in item.deduct):
        found = _found(item, facts, payer, points=high)
    costs, _, highest = _settled(item, high, found)
    held = tuple(
        [
            charge._replace(why="ungraded")
            if charge.why == "item-cap" and cost.applied and not charge.applied
            else charge
            for charge, cost in zip(charges, costs, strict=True)
        ]
    )
    rounding = ZERO if item.rounding is None else lowest - reached
    return ItemScore(
        item.code, None, lowest, highest, points_max, "open", low, None, ZERO, held, costs, misfit, (), waits, rounding
    )


def _decided(item: Item, facts: Sequence[Fact], payer: Payer, points_max: Fraction) -> ItemScore:
    """An item whose points somebody or some figure sets; the latest word (day, then position) decides."""
    decided = latest_decision(item, facts) if facts else None
    if decided is not None and not fits(item, decided):
        return open_item(item, facts, payer, misfit=decided)
    if asks_peers(item, decided):
        return open_item(item, facts, payer, waits="peers")
    if decided is None:
        return open_item(item, facts, payer)
    line = None
    if decided.type == METRIC and item.worth is not None and item.worth.shape == "linear":
        line = line_of(item.worth.line, facts, decided, payer.year)
        if not reads_line(item.worth, line):
            return open_item(item, facts, payer, waits="line")
    points = within(_points_set(item, decided, facts, payer, line), points_max, item.floor)
    state = "graded" if decided.type == GRADE else "reported"
    return with_points(item, facts, payer, points=points, state=state, decided=decided)


def asks_peers(item: Item, decided: Fact | None) -> bool:
    """Whether the other units are asked for an item's points: for a place, or for the mean to compare a figure with."""
    if decided is not None and decided.type == GRADE:
        return False
    on_mean = decided is not None and item.worth is not None and item.worth.line.source == "mean"
    return item.ranking is not None or on_mean


def latest_decision(item: Item, facts: Sequence[Fact]) -> Fact | None:
    """The fact that decides an item's points: of marks, reports and confirmations the latest by day, then position."""
    deciding = _DECIDING.get(item.start, _MARKS)
    decisions = [
        fact for fact in facts if fact.type in deciding and fact.for_year is None and fact.about is None
    ]  # none that is only compared with
    return max(decisions, key=BY_DAY) if len(decisions) > 1 else next(iter(decisions), None)


_MARKS: Final = frozenset({GRADE})
_DECIDING: Final[Mapping[str, frozenset[str]]] = {
    "count": frozenset({GRADE, CONFIRMATION}),
    "rank": frozenset({GRADE, METRIC}),
    **{figure: frozenset({GRADE, figure}) for figure in FIGURES},
}
"""What decides an item's points, by where its score begins; everywhere else a mark alone."""


def _points_set(item: Item, decided: Fact, facts: Sequence[Fact], payer: Payer, line: Fraction | None) -> Fraction:
    points_max = item.points or ZERO
    if decided.type == GRADE:
        return marked(item, decided)
    if decided.type == CONFIRMATION or item.worth is None:
        occurrences = [fact for fact in facts if fact.type == "occurrence"]
        return counted_points(item, occurrences, points_max=points_max, year=payer.year)
    return points_of(item.worth, decided, most=points_max, line=line)


def marked(item: Item, grade: Fact) -> Fraction:
    """The points a mark gives: as they are, or converted from the scale that the mark was given on."""
    points = grade.points or ZERO
    return points if item.scale is None else points * (item.points or ZERO) / item.scale


def _averaged(item: Item, facts: Sequence[Fact], payer: Payer, points_max: Fraction) -> ItemScore:
    """A mark for each sub-unit: the item gets their mean; each mark shows as its own share of it."""
    number = sub_units(facts, payer)
    latest: dict[str, Fact] = {}
    for fact in sorted(facts, key=BY_DAY):
        if fact.type == GRADE and fact.sub_unit is not None and fits(item, fact):
            latest[fact.sub_unit] = fact
    if not number or len(latest) > number:
        return open_item(item, facts, payer, waits="sub-units")
    marks = [_share_of(item, fact, number) for fact in sorted(latest.values(), key=ORDER)]
    if len(latest) < number:
        return _partly_marked(item, facts, payer, marks, left=(number - len(latest)) / number * points_max)
    lift = _lift(item, marks)
    return with_points(item, facts, payer, points=lift, state="graded", start=lift, marks=marks)


def _lift(item: Item, marks: Sequence[Charge]) -> Fraction:
    """What the floor adds to a mean that lies below it."""
    return max((item.floor or ZERO) - signed(marks), ZERO)


def _share_of(item: Item, mark: Fact, number: Fraction) -> Charge:
    share = marked(item, mark) / number
    return Charge(mark, item.code, mark.points or ZERO, share, share, "sub-unit-mark", side="bonus")


def _partly_marked(
    item: Item, facts: Sequence[Fact], payer: Payer, marks: Sequence[Charge], *, left: Fraction
) -> ItemScore:
    """Some sub-units are not marked yet: they may bring nothing, or all that is `left`."""
    lift = _lift(item, marks)
    charges, reached, low = _settled(item, lift, _found(item, facts, payer, points=lift, marks=marks))
    most = max(left, lift)
    costs, _, high = _settled(item, most, _found(item, facts, payer, points=most, marks=marks))
    return ItemScore(
        item.code, None, low, high, item.points, "open",
        start=lift, charges=charges, costs=costs, rounding=low - reached,
    )  # fmt: skip


def fits(item: Item, decision: Fact) -> bool:
    """Whether a recorded mark or figure is one the edition allows on the item (a later edition may no longer)."""
    if decision.type == GRADE:
        return grade_fits(item, decision)
    return decision.type == CONFIRMATION or figure_fits(item, decision)


def grade_fits(item: Item, grade: Fact) -> bool:
    """Whether a mark lies within its scale, on its printed list, and has no more decimals than allowed."""
    most = item.points if item.scale is None else item.scale
    if grade.points is None or most is None or not ZERO <= grade.points <= most:
        return False
    if item.allowed:
        return grade.points in item.allowed
    decimals: int = 10**item.grade_decimals
    return decimals % grade.points.denominator == 0


def by_code(standing: Iterable[Fact], breaches: Sequence[Fact]) -> dict[str, list[Fact]]:
    """Facts and missed limits by the item or rule they name, each in the order of the world.

    The misses stand instead of the facts that only speak about a limit. What a unit says of itself moves nothing.
    """
    found: dict[str, list[Fact]] = {}
    for fact in standing:
        item = fact.item
        if item is not None and fact.type != SELF_ASSESSMENT:
            held = found.get(item)
            if held is None:
                held = found[item] = []
            if fact.key is None or fact.type not in LIMIT_FACTS:
                held.append(fact)
    for breach in breaches:
        found.setdefault(breach.item or "", []).append(breach)
    for held in found.values():
        held.sort(key=ORDER)
    return found
