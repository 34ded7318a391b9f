"""What a score's facts give a paper to say of one unit: what cost and earned points, problems, praise, orders.

Everything is told from the score alone, so it is as of the same day and as known at the same position.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.aggregates.bulletin import Period
from gkevents.calendar import Calendar, CalendarNotPublished
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import FRAUD, GRADE, MISSES, ORDERED, REVERSALS, Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.limits import Limit
from gkevents.scoring.pricing import Charge
from gkevents.scoring.reasons import charge_reason
from gkevents.scoring.score import Score
from gkevents.terms import ZERO, times, total
from gkevents.words import Message

_CARD: Final = "supervision-card"
_CRITICISM: Final = "criticism"
_PRAISE: Final = "praise"
_OCCURRENCE: Final = "occurrence"
_WRONGS: Final = frozenset({_CARD, _CRITICISM, FRAUD})


class Move(NamedTuple):
    """One thing that cost or earned points in the year: points of the total with their sign.

    `fact` is None for what follows from the scheme alone (a floor, a veto), which `kind` then names. `now`: what of the
    points counts already; the rest comes off once the item is graded.
    """

    fact: Fact | None
    kind: str
    day: dt.date | None
    item: str | None
    clause: str
    points: Fraction
    now: Fraction
    why: Message
    plain: bool


def moves(score: Score) -> list[Move]:
    """Every deduction and bonus of the year, by day; marks and figures that only set an item's points are none."""
    edition, found = score.edition, []
    for charge, cost in _pairs(score):
        counted = charge if charge.side == "bonus" else cost
        if charge.fact.type == GRADE or not (counted.raw or counted.worth):
            continue
        sign = 1 if charge.side == "bonus" else -1
        points = _of_total(score, charge.rule, counted.applied) * sign
        now = _of_total(score, charge.rule, charge.applied) * sign
        shown = charge if charge.applied != cost.applied else counted
        found.append(
            Move(
                charge.fact, charge.fact.type, charge.fact.day, charge.rule, _clause(edition, charge.rule), points, now,
                charge_reason(shown), shown.why == "priced",
            )
        )  # fmt: skip
    found.sort(key=lambda move: (move.day or dt.date.max, move.fact.position if move.fact else 0))
    return found + _of_the_whole(score)


def _of_total(score: Score, code: str, points: Fraction) -> Fraction:
    """Points of an item or ± rule as points of the total."""
    edition = score.edition
    return points if edition.plain_points else times(points, edition.factor(code, score.category))


def _pairs(score: Score) -> Iterator[tuple[Charge, Charge]]:
    """Each charge as it counts in the lowest score, and as it costs in the highest (see `ItemScore`)."""
    for item in score.items.values():
        yield from zip(item.charges, item.costs, strict=True)
    for group in score.groups:
        for charge in group.charges:
            yield charge, charge


_WHOLE: Final = frozenset({"floor", "ceiling", "gate", "veto", "zero-out"})


def _of_the_whole(score: Score) -> list[Move]:
    """What bounds, gates, vetoes and proven fraud did to the whole."""
    if not score.zeroed and not any(step.kind in _WHOLE for step in score.steps):
        return []
    return [
        Move(None, one.type, one.effective_on, one.item, one.clause, one.applied, one.applied, one.why, plain=False)
        for one in ledger(score).entries
        if one.type in _WHOLE and one.ref is None and one.applied
    ]


def _clause(edition: Edition, code: str | None) -> str:
    """A rule's clause in the scheme file's own words."""
    rule = edition.items.get(code or "") or edition.rules.get(code or "")
    if rule is not None:
        return rule.clause
    return next((veto.clause for veto in edition.vetoes if veto.code == code), "")


def title_of(edition: Edition, code: str | None) -> str:
    """An item's, ± rule's or veto's code and title."""
    rule = edition.items.get(code or "") or edition.rules.get(code or "")
    title = rule.title if rule else next((veto.title for veto in edition.vetoes if veto.code == code), "")
    return f"{code or ''} {title}".strip()


class Problem(NamedTuple):
    """Something found wrong in the period; `limit` where it is a limit that ran out.

    `overdue`: working days from the limit's end to the answer, else to the last day that counts; None where it is no
    limit, or reaches beyond the published calendar.
    """

    fact: Fact
    clause: str
    points: Fraction
    limit: Limit | None
    overdue: int | None
    contested: bool
    why: Message | None


class Looked(NamedTuple):
    """The place on the effective axis from which a unit is looked at: the period, its last day, the calendar."""

    period: Period
    until: dt.date
    calendar: Calendar


def problems(score: Score, found: list[Move], looked: Looked) -> list[Problem]:
    """What was found wrong in the period, by day."""
    cost: dict[tuple[str, str | None], list[Move]] = {}
    for move in found:
        if move.fact is not None and move.points <= 0:
            cost.setdefault((move.fact.ref, move.item), []).append(move)
    free = {
        (charge.fact.ref, charge.rule): charge
        for _, charge in _pairs(score)
        if charge.side != "bonus" and not (charge.raw or charge.worth)
    }
    seen = _Seen(looked, contested_in(score))
    told = [
        _problem(score, (fact, limit), cost.get((fact.ref, fact.item), []), free.get((fact.ref, fact.item or "")), seen)
        for fact, limit in _wrongs(score, {ref for ref, _ in cost})
        if looked.period.since <= fact.day <= looked.period.until
    ]
    return sorted(told, key=lambda one: (one.fact.when, one.fact.position))


def _wrongs(score: Score, charged: set[str]) -> Iterator[tuple[Fact, Limit | None]]:
    """What is a problem: limits missed, cards, criticism, proven fraud, and any happening that costs points."""
    vetoes = {veto.item or veto.code for veto in score.edition.vetoes}
    limits = [limit for limit in score.limits.values() if limit.breach is not None]
    for limit in limits:
        if limit.breach is not None:
            yield limit.breach, limit
    of_limits = {limit.breach.ref for limit in limits if limit.breach is not None}
    for fact in (*score.priced.view.standing, *score.priced.log.shared):
        if fact.from_unit is not None:
            wrong = fact.ref in charged
        elif fact.type == _OCCURRENCE:
            wrong = fact.ref in charged or fact.item in vetoes
        else:
            wrong = fact.type in _WRONGS or (fact.type in MISSES and fact.key is None)
        if wrong and fact.ref not in of_limits:
            yield fact, None


class _Seen(NamedTuple):
    """From where problems are looked at, and what the unit contests."""

    looked: Looked
    contested: frozenset[Named]


def _problem(
    score: Score, wrong: tuple[Fact, Limit | None], cost: list[Move], free: Charge | None, seen: _Seen
) -> Problem:
    fact, limit = wrong
    named: set[Named] = {(fact.ref, None)}
    if limit is not None:
        named.add((limit.opening.key if limit.opening is not None else fact.key, limit.item))
    why = next((move.why for move in cost if not move.plain), None)
    return Problem(
        fact=fact,
        clause=_clause(score.edition, fact.item),
        points=total([move.points for move in cost]) if cost else ZERO,
        limit=limit,
        overdue=_overdue(limit, seen.looked) if limit is not None else None,
        contested=not seen.contested.isdisjoint(named),
        why=charge_reason(free) if free is not None and not cost else why,
    )


Named = tuple[str | None, str | None]
"""What is contested: (ref, None), or (key, item)."""


def contested_in(score: Score) -> frozenset[Named]:
    """What the unit contests: (ref, None) of each finding, and (key, item) of the limits whose miss it is."""
    held = score.priced.contested
    if not held:
        return frozenset()
    named: set[Named] = {(ref, None) for ref in held}
    earlier = [fact for _, facts in score.priced.log.earlier for fact in facts]
    for fact in (*score.priced.view.standing, *earlier):
        if fact.ref in held and fact.type in MISSES and fact.key is not None:
            named.add((fact.key, fact.item))
    return frozenset(named)


def _overdue(limit: Limit, looked: Looked) -> int | None:
    """The working days since a limit ended: to its answer, else to the last day that counts."""
    if limit.due is None:
        return None
    ended = limit.due.date() if isinstance(limit.due, dt.datetime) else limit.due
    until = limit.answer.day if limit.answer is not None else looked.until
    try:
        return looked.calendar.working_days_between(ended, until)
    except CalendarNotPublished:
        return None


class Order(NamedTuple):
    """A fault that the unit was told to put right and has not yet; `overdue` in working days, 0 while there is time."""

    order: Fact
    finding: Fact | None
    due: dt.date | dt.datetime | None
    overdue: int | None


def orders(score: Score, looked: Looked) -> list[Order]:
    """The orders to put something right that are not answered."""
    found = []
    for limit in score.limits.values():
        if limit.opening is None or limit.opening.type != ORDERED or limit.answer is not None:
            continue
        finding = next((fact for fact in score.priced.view.known if fact.ref == limit.opening.of), None)
        late = limit.due is not None and (
            (limit.due.date() if isinstance(limit.due, dt.datetime) else limit.due) < looked.until
        )
        found.append(Order(limit.opening, finding, limit.due, _overdue(limit, looked) if late else 0))
    return found


def praised(score: Score, found: list[Move], period: Period) -> list[tuple[Fact, Fraction]]:
    """The praise of the period and whatever else earned points in it, each with its points, by day."""
    earned: dict[str, Fraction] = {}
    facts: dict[str, Fact] = {}
    for fact in score.priced.view.standing:
        if fact.type == _PRAISE:
            facts[fact.ref] = fact
    for move in found:
        if move.fact is not None and move.points > 0:
            earned[move.fact.ref] = earned.get(move.fact.ref, ZERO) + move.points
            facts.setdefault(move.fact.ref, move.fact)
    within = [fact for fact in facts.values() if period.since <= fact.day <= period.until]
    return [(fact, earned.get(fact.ref, ZERO)) for fact in sorted(within, key=lambda one: one.order)]


class Counts(NamedTuple):
    """How often something happened in a period."""

    cards: int = 0
    timeouts: int = 0
    praise: int = 0
    criticism: int = 0


def counts(score: Score, period: Period) -> Counts:
    """What was recorded of a unit in a period and stands; `count` counts, a limit counts once."""
    tally = {_CARD: 0, _PRAISE: 0, _CRITICISM: 0}
    timeouts = 0
    for fact in score.priced.view.standing:
        if period.since <= fact.day <= period.until:
            if fact.type in tally:
                tally[fact.type] += fact.times
            elif fact.type in MISSES and fact.key is None:
                timeouts += fact.times
    breaches = [limit.breach for limit in score.limits.values() if limit.breach is not None]
    timeouts += sum(period.since <= breach.day <= period.until for breach in breaches)
    return Counts(tally[_CARD], timeouts, tally[_PRAISE], tally[_CRITICISM])


def without_facts(score: Score) -> bool:
    """Whether nothing stands that concerns the unit."""
    own = any(fact.type not in REVERSALS for fact in score.priced.view.standing)
    return not own and not score.priced.log.shared


def lost(score: Score) -> dict[str, Fraction]:
    """The points of the total that a unit has lost, by item and ± rule: of what is not graded yet, what comes off."""
    found: dict[str, Fraction] = {}
    for code, item in score.items.items():
        if item.state == "not-applicable" or item.points_max is None or item.score == item.points_max:
            continue
        if item.score is not None:
            gone = item.points_max - item.score
        else:
            gone = total([cost.applied for cost in item.costs if cost.side != "bonus"])
        if gone.numerator > 0:
            found[code] = _of_total(score, code, gone)
    for group in score.groups:
        for charge in group.charges:
            if charge.side != "bonus" and charge.applied:
                found[charge.rule] = found.get(charge.rule, ZERO) + _of_total(score, charge.rule, charge.applied)
    return found
