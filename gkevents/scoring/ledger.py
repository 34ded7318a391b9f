"""The ledger: how every tenth of a point came about, entry by entry, summing to the total exactly.

Start, plus everything applied, is the total (the low bound while provisional). What caps, tiers, "highest only" and
retractions took away shows as the difference between `raw` and `applied`, and `why` says which.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import NamedTuple

from gkevents.schemes.model import Adjustment, Edition, Item, Pricing, cited
from gkevents.scoring.fact import ANSWERS, FRAUD, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.pricing import Charge, unit_price
from gkevents.scoring.reasons import charge_reason, fact_reason, taken_back_reason
from gkevents.scoring.score import Score, limited
from gkevents.terms import ZERO, show
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
    """`start` and every entry's `applied` add up to the total; `start` is None where there are no points at all."""

    start: Fraction | None
    entries: tuple[Entry, ...]


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
    """A unit's ledger in the order of the world; means, relations, caps on a net, floor and zero-out close it."""
    edition, start = score.edition, sum((item.start for item in score.items.values()), ZERO)
    lines = sorted(_fact_lines(score), key=lambda line: line.order)
    lines += [*_mean_lines(score), *_net_lines(score)]
    reached = start + sum((line.applied for line in lines), ZERO)
    lines += _closing_lines(score, reached)
    return Ledger(start if score.low is not None else None, tuple(_balanced(edition, score, lines, start)))


def _balanced(edition: Edition, score: Score, lines: list[_Line], start: Fraction) -> list[Entry]:
    """Entries with the running score of their item (or ± rule) and the running total after each."""
    running: dict[str | None, Fraction] = {code: item.start for code, item in score.items.items()}
    total, entries, known = start, [], score.low is not None
    for line in lines:
        total += line.applied
        running[line.item] = running.get(line.item, ZERO) + line.applied
        fact = line.fact
        entries.append(
            Entry(
                position=fact.position if fact else None,
                ref=fact.ref if fact else None,
                type=_kind(line),
                effective_on=fact.day if fact else line.day,
                recorded_at=fact.recorded_at if fact else None,
                recorded_by=fact.recorded_by if fact else None,
                item=line.item,
                clause=line.clause if line.clause is not None else _clause(edition, line),
                raw=line.raw if known else None,
                applied=line.applied,
                item_score_after=running[line.item] if known and line.item else None,
                total_after=total if known else None,
                why=line.why,
                caused_by=line.caused_by,
            )
        )
    return entries


def _clause(edition: Edition, line: _Line) -> str:
    rule = _rule_of(edition, line.item)
    if rule is not None:
        return cited(rule)
    if edition.zero_out is not None and _kind(line) in ("zero-out", FRAUD):
        return cited(edition.zero_out)
    return ""


def _kind(line: _Line) -> str:
    return line.fact.type if line.fact else line.type


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
    standing = {fact.ref for fact in score.priced.view.standing} | set(_carried(score))
    lines: list[_Line] = []
    for fact in _known(score):
        if fact.ref in charges:
            lines += [_charge_line(score, charge, fact) for charge in charges[fact.ref]]
        elif fact.ref in score.priced.view.taken_back:
            lines.append(_taken_back_line(score, fact))
        elif fact.ref in decided and decided[fact.ref].state != "not-applicable":
            lines.append(_deciding_line(decided[fact.ref], fact))
        else:
            reason = fact_reason(score, fact, stands=fact.ref in standing)
            lines.append(_Line(fact, fact.item, fact.points or ZERO, ZERO, reason, order=fact.order))
    return lines


def _known(score: Score) -> list[Fact]:
    """Known facts of this year, and those of earlier years whose limits ran out in it."""
    view = score.priced.view
    return [*view.known, *_carried(score).values()]


def _carried(score: Score) -> dict[str, Fact]:
    own = {fact.ref for fact in score.priced.view.known}
    limits = score.priced.limits.values()
    return {limit.breach.ref: limit.breach for limit in limits if limit.breach and limit.breach.ref not in own}


def _charge_line(score: Score, charge: Charge, said: Fact) -> _Line:
    """The line of a charge; a miss known from a late answer stands at the day after the limit and names its day."""
    sign = 1 if charge.side == "bonus" else -1
    applied = ZERO if score.low is None else sign * charge.applied
    fact, why = charge.fact, charge_reason(charge)
    if said.type in ANSWERS and said.day != fact.day:
        why = message(N_("Answered only on {day}, after the limit. {why}"), day=said.day.isoformat(), why=why)
    return _Line(fact, charge.rule, sign * charge.raw, applied, why, charge.caused_by, order=fact.order)


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
        return -sum((_alone(pricing, fact, rule.points or ZERO) for pricing in rule.deduct), ZERO)
    if rule is None or rule.pricing is None:
        return ZERO
    alone = _alone(rule.pricing, fact, ZERO)
    return alone if rule.side == "bonus" else -alone


def _alone(pricing: Pricing, fact: Fact, whole: Fraction) -> Fraction:
    if fact.type not in pricing.listens or pricing.needs:
        return ZERO
    return (pricing.first or unit_price(pricing, fact, whole)) * (fact.times if pricing.each == "event" else 1)


def _rule_of(edition: Edition, code: str | None) -> Item | Adjustment | None:
    if code is None:
        return None
    return edition.items.get(code) or edition.rules.get(code)


def _mean_lines(score: Score) -> list[_Line]:
    """What an item that does not concern the unit gets instead."""
    text = N_("{item} does not concern the unit: it gets the mean of the units it concerns, {points}.")
    open_text = N_("{item} does not concern the unit: the mean of the units it concerns lies between {low} and {high}.")
    lines = []
    for item in score.items.values():
        decided = item.score is not None or bool(item.low)
        if item.state == "not-applicable" and decided and item.low is not None:
            low, high = show(item.low), show(item.high or ZERO)
            template = text if item.score is not None else open_text
            why = message(template, item=item.code, points=low, low=low, high=high)
            aside = item.decided_by
            caused = (*([aside.ref] if aside is not None else []), *item.caused_by)
            day, clause = aside.day if aside is not None else None, score.edition.not_applicable_clause
            lines.append(_Line(None, item.code, item.low, item.low, why, caused, "peers-mean", day, clause=clause))
    return lines


def _net_lines(score: Score) -> list[_Line]:
    text = N_("The cap on the net of {group} takes {points}.")
    clauses = {group.code: cited(group) for group in score.edition.groups}
    lines = []
    for group in score.groups:
        if group.netted:
            why = message(text, group=group.code, points=show(group.netted))
            caused = tuple(charge.fact.ref for charge in group.charges if charge.applied)
            lines.append(_Line(None, None, ZERO, group.netted, why, caused, "net-cap", clause=clauses[group.code]))
    return lines


def _closing_lines(score: Score, reached: Fraction) -> list[_Line]:
    """The floor (or ceiling) of the total, and zero-out after everything else."""
    if score.low is None:
        return []
    lines: list[_Line] = []
    bounded = limited(score.edition, reached)
    if bounded != reached:
        text = N_("The total is held at {limit}; it would be {points}.")
        why = message(text, limit=show(bounded), points=show(reached))
        caused = tuple(charge.fact.ref for group in score.groups for charge in group.charges if charge.applied)
        kind = "floor" if bounded > reached else "ceiling"
        lines.append(_Line(None, None, bounded - reached, bounded - reached, why, caused, kind))
    fraud = score.priced.fraud
    zero_out = score.edition.zero_out
    if score.zeroed and fraud is not None and zero_out is not None and zero_out.effect != "band":
        why = message(N_("Proven fraud ({ref}): the total is 0."), ref=fraud.ref)
        lines.append(_Line(None, None, -bounded, -bounded, why, (fraud.ref,), "zero-out", fraud.day))
    return lines
