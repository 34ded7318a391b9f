"""The ledger: how every tenth of a point came about, entry by entry, summing to the total exactly.

Start, plus everything applied, is the total (the low bound while provisional). What caps, tiers, "highest only" and
retractions took away shows as the difference between `raw` and `applied`, and `why` says which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from operator import attrgetter
from typing import Final, NamedTuple

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Item, Pricing, Veto, cited
from gkevents.scoring.fact import ANSWERS, FRAUD, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.pricing import Charge, hears, unit_price
from gkevents.scoring.reasons import charge_reason, fact_reason, taken_back_reason
from gkevents.scoring.score import Score
from gkevents.scoring.whole import Step
from gkevents.terms import ONE, ZERO, show
from gkevents.words import N_, Message, message


class Entry(NamedTuple):
    """One line of a unit's ledger: what one event did to one item, under which clause. Points carry their sign."""

    position: int | None
    ref: str | None
    type: str
    effective_on: dt.date | None
    recorded_at: str | None
    recorded_by: str | None
    item: str | None
    clause: str
    raw: Fraction | None
    applied: Fraction
    item_score_after: Fraction | None
    total_after: Fraction | None
    why: Message
    caused_by: tuple[str, ...] = ()


class Ledger(NamedTuple):
    """`start` and every entry's `applied` add up to the total; `start` is None where there are no points at all.

    `carried`: the positions of entries whose fact is of an earlier year.
    """

    start: Fraction | None
    entries: tuple[Entry, ...]
    carried: frozenset[int] = frozenset()


class _Line(NamedTuple):
    """An entry before its running balances."""

    fact: Fact | None
    item: str | None
    raw: Fraction | None
    applied: Fraction
    why: Message
    caused_by: tuple[str, ...] = ()
    type: str = ""
    day: dt.date | None = None
    order: tuple[int, int] = (0, 0)
    clause: str | None = None


def ledger(score: Score) -> Ledger:
    """A unit's ledger in the order of the world; what is worked out from it all (means, bounds, vetoes) closes it."""
    known = score.low is not None
    factors = _factors(score)
    start = ZERO
    for code, item in score.items.items():
        if item.start:
            start += item.start * factors[code] if factors else item.start
    lines = sorted(_fact_lines(score), key=_ORDER)
    lines += _item_lines(score)
    if known:
        lines += [*_step_lines(score), *_zero_out_lines(score)]
    entries = _balanced(score, lines, start, factors)
    carried = frozenset(fact.position for _, facts in score.priced.log.earlier for fact in facts)
    if carried:
        carried &= {entry.position for entry in entries if entry.position is not None}
    return Ledger(start if known else None, tuple(entries), carried)


_ORDER: Final = attrgetter("order")


def _factors(score: Score) -> Mapping[str | None, Fraction]:
    """What a point of each item and ± rule is worth in the total; nothing where all are points of the total."""
    edition = score.edition
    if edition.plain_points:
        return {}
    return {code: edition.factor(code, score.category) for code in (*score.items, *edition.rules)}


def _balanced(score: Score, lines: list[_Line], start: Fraction, factors: Mapping[str | None, Fraction]) -> list[Entry]:
    """Entries with the running score of their item (or ± rule) in its own points, and the running total after each.

    `applied` is in points of the total: what moved the item, times the weight of its part.
    """
    running: dict[str | None, Fraction] = {code: item.start for code, item in score.items.items()}
    total, entries, known, clauses = start, [], score.low is not None, _clauses(score.edition)
    for fact, item, raw, moved, why, caused_by, kind, day, _, clause in lines:
        factor = factors.get(item, ONE)
        applied = moved if factor is ONE else moved * factor
        after = running.get(item, ZERO)
        if moved:
            total += applied
            running[item] = after = after + moved
            if factor is not ONE and applied and factor != ONE:
                why = _with_weight(why, moved, factor)  # noqa: PLW2901 - the reason as it is said
        if fact is not None:
            kind, day = fact.type, fact.day  # noqa: PLW2901 - the line's own are for what has no fact
        entries.append(
            Entry(
                None if fact is None else fact.position,
                None if fact is None else fact.ref,
                kind,
                day,
                None if fact is None else fact.recorded_at,
                None if fact is None else fact.recorded_by,
                item,
                clauses[item, kind] if clause is None else clause,
                raw if known else None,
                applied,
                after if known and item else None,
                total if known else None,
                why,
                caused_by,
            )
        )
    return entries


def _clauses(edition: Edition) -> _Clauses:
    """The clauses of an edition, kept with it."""
    if "clauses" not in edition.memory:
        edition.memory["clauses"] = _Clauses(edition)
    found: _Clauses = edition.memory["clauses"]
    return found


def _with_weight(why: Message, moved: Fraction, factor: Fraction) -> Message:
    """The reason, with the weight that made the item's points those of the total."""
    text = N_("{why} Its {points} points count times {factor} in the total.")
    return message(text, why=why, points=show(moved), factor=show(factor))


class _Clauses(dict[tuple[str | None, str], str]):
    """The clause that entries on an item, of a type, stand under; looked up once each."""

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        self._edition = edition

    def __missing__(self, of: tuple[str | None, str]) -> str:
        (item, kind), edition, clause = of, self._edition, ""
        rule = _rule_of(edition, item)
        if rule is not None:
            clause = cited(rule)
        elif edition.zero_out is not None and kind in ("zero-out", FRAUD):
            clause = cited(edition.zero_out)
        self[of] = clause
        return clause


def _fact_lines(score: Score) -> list[_Line]:
    """A line for every known fact: what it set or cost, or why it moves nothing."""
    charges: dict[str, list[Charge]] = {}
    for item in score.items.values():
        for charge in item.charges:
            charges.setdefault(charge.fact.ref, []).append(charge)
    for group in score.groups:
        for charge in group.charges:
            charges.setdefault(charge.fact.ref, []).append(charge)
    decided = {item.decided_by.ref: item for item in score.items.values() if item.decided_by is not None}
    view, carried, known = score.priced.view, _carried(score), score.low is not None
    others = {*(fact.ref for fact in score.priced.log.shared), *carried}
    standing = {fact.ref for fact in view.standing}
    lines: list[_Line] = []
    for fact in (*view.known, *score.priced.log.shared, *carried.values()):
        ref = fact.ref
        if ref in charges:
            lines += [_charge_line(charge, fact, known=known) for charge in charges[ref]]
        elif ref in view.taken_back:
            lines.append(_taken_back_line(score, fact))
        elif ref in decided and decided[ref].state not in ("not-applicable", "open"):
            lines.append(_deciding_line(decided[ref], fact))
        else:
            reason = fact_reason(score, fact, stands=ref in standing or ref in others)
            lines.append(_Line(fact, fact.item, fact.points or ZERO, ZERO, reason, order=fact.order))
    return lines


def _carried(score: Score) -> dict[str, Fact]:
    """Facts of earlier years whose limits ran out in this one, by ref."""
    breaches = [limit.breach for limit in score.priced.limits.values() if limit.breach]
    if not breaches:
        return {}
    own = {fact.ref for fact in score.priced.view.known}
    return {breach.ref: breach for breach in breaches if breach.ref not in own}


def _charge_line(charge: Charge, said: Fact, *, known: bool) -> _Line:
    """The line of a charge; a miss known from a late answer stands at the day after the limit and names its day."""
    fact, why, raw, applied = charge.fact, charge_reason(charge), charge.raw, charge.applied
    if not known:
        applied = ZERO
    if charge.side != "bonus":
        raw, applied = -raw, -applied
    if fact.from_unit is not None:
        why = message(N_("Logged on {unit}, which names this unit. {why}"), unit=fact.from_unit, why=why)
    elif said.type in ANSWERS and said.day != fact.day:
        why = message(N_("Answered only on {day}, after the limit. {why}"), day=said.day.isoformat(), why=why)
    return _Line(fact, charge.rule, raw, applied, why, charge.caused_by, order=fact.order)


def _deciding_line(item: ItemScore, fact: Fact) -> _Line:
    text = N_("{item} is set to {points} of {max} by this.")
    why = message(text, item=item.code, points=show(item.set_to), max=show(item.points_max or ZERO))
    return _Line(fact, item.code, item.set_to, item.set_to, why, order=fact.order)


def _taken_back_line(score: Score, fact: Fact) -> _Line:
    reversal = score.priced.view.taken_back[fact.ref]
    raw = fact.points if fact.points is not None else _price_alone(score, fact)
    return _Line(fact, fact.item, raw, ZERO, taken_back_reason(reversal), order=fact.order)


def _price_alone(score: Score, fact: Fact) -> Fraction:
    """What a happening that was taken back would have cost or earned alone."""
    rule = _rule_of(score.edition, fact.item)
    if isinstance(rule, Item):
        most = rule.points or ZERO
        gains = sum((_alone(pricing, fact, most) for pricing in rule.add), ZERO)
        return gains - sum((_alone(pricing, fact, most) for pricing in rule.deduct), ZERO)
    if not isinstance(rule, Adjustment) or rule.pricing is None:
        return ZERO
    alone = _alone(rule.pricing, fact, ZERO)
    return alone if rule.side == "bonus" else -alone


def _alone(pricing: Pricing, fact: Fact, whole: Fraction) -> Fraction:
    if not hears(pricing, fact) or pricing.needs or pricing.down_to is not None:
        return ZERO
    return (pricing.first or unit_price(pricing, fact, whole)) * (fact.times if pricing.each == "event" else 1)


def _rule_of(edition: Edition, code: str | None) -> Item | Adjustment | Veto | None:
    if code is None:
        return None
    found = edition.items.get(code) or edition.rules.get(code)
    return found or next((veto for veto in edition.vetoes if veto.code == code), None)


def _item_lines(score: Score) -> list[_Line]:
    """What moves an item's score beside the facts on it: what it gets instead, its rounding, its share of another's."""
    lines = []
    for item in score.items.values():
        if item.state == "not-applicable":
            lines += _aside_lines(score, item)
        if item.decided_by is None and item.set_to:
            why = message(_PLACED, item=item.code, points=show(item.set_to))
            lines.append(_Line(None, item.code, item.set_to, item.set_to, why, item.caused_by, type="placed"))
        if item.spread:
            why = message(_SPREAD, item=item.code, max=show(item.points_max or ZERO))
            lines.append(_Line(None, item.code, item.spread, item.spread, why, type="spread"))
        if item.rounding:
            why = message(_ROUNDED, item=item.code, points=show(item.rounding))
            lines.append(_Line(None, item.code, item.rounding, item.rounding, why, type="rounding"))
    return lines


_ROUNDED: Final = N_("{item} is rounded as the scheme says: {points}.")
_PLACED: Final = N_("{item} gets {points} by the unit's place among the units.")
_SPREAD: Final = N_("Points of what does not concern the unit are spread over the others: {item} is worth {max}.")
_ASIDE: Final = {
    "peers-mean": N_("{item} does not concern the unit: it gets the mean of the units it concerns, {points}."),
    "full": N_("{item} does not concern the unit: it gets its full points, {points}."),
    "share": N_("{item} does not concern the unit: it gets {points}, a share of its points."),
}
_ASIDE_OPEN: Final = N_(
    "{item} does not concern the unit: the mean of the units it concerns lies between {low} and {high}."
)


def _aside_lines(score: Score, item: ItemScore) -> list[_Line]:
    """What an item that does not concern the unit gets instead."""
    rule = score.edition.items[item.code].aside
    if rule is None or rule.gets not in _ASIDE or item.low is None or (item.score is None and not item.low):
        return []
    # what is spread over it has a line of its own
    points = item.low - item.spread
    template = _ASIDE[rule.gets] if item.score is not None else _ASIDE_OPEN
    why = message(template, item=item.code, points=show(points), low=show(points), high=show(item.high or ZERO))
    aside = item.decided_by
    caused = (*([aside.ref] if aside is not None else []), *item.caused_by)
    day = aside.day if aside is not None else None
    kind = "peers-mean" if rule.gets == "peers-mean" else "not-applicable-gets"
    return [_Line(None, item.code, points, points, why, caused, kind, day, clause=rule.clause)]


_STEPS: Final = {
    "floor": N_("The total is held at {after}; it would be {before}."),
    "ceiling": N_("The total is held at {after}; it would be {before}."),
    "section-floor": N_("{name} is held at {after}; it would be {before}."),
    "section-cap": N_("{name} is held at {after}; it would be {before}."),
    "part-floor": N_("{name} is held at {after}; it would be {before}."),
    "part-cap": N_("{name} is held at {after}; it would be {before}."),
    "rescale": N_("What does not concern the unit is left out, the rest is brought up from {before} to {after}."),
    "gate": N_("{name} does not count: the score that opens it is not reached."),
    "veto": N_("{name} decides: {after} instead of {before}."),
    "rounding": N_("Rounded as the scheme says: from {before} to {after}."),
}
_CAUSED: Final = frozenset({"floor", "ceiling"})


def _step_lines(score: Score) -> list[_Line]:
    """What sections, parts and the total add or take: bounds, rounding, rescaling, gates, vetoes."""
    caused = tuple(charge.fact.ref for group in score.groups for charge in group.charges if charge.applied)
    return [_step_line(score, step, caused if step.kind in _CAUSED else step.caused_by) for step in score.steps]


def _step_line(score: Score, step: Step, caused: tuple[str, ...]) -> _Line:
    why = message(_STEPS[step.kind], name=step.name, before=show(step.before), after=show(step.after))
    rule = _rule_of(score.edition, step.name)
    clause = cited(rule) if step.kind == "veto" and rule is not None else ""
    return _Line(None, None, step.points, step.points, why, caused, step.kind, clause=clause)


def _zero_out_lines(score: Score) -> list[_Line]:
    """Proven fraud, after everything else."""
    fraud, zero_out = score.priced.fraud, score.edition.zero_out
    if not score.zeroed or fraud is None or zero_out is None or zero_out.effect == "band":
        return []
    why = message(N_("Proven fraud ({ref}): the total is 0."), ref=fraud.ref)
    reached = score.reached
    return [_Line(None, None, -reached, -reached, why, (fraud.ref,), "zero-out", fraud.day)]
