"""The figures of a bulletin, for programs: exact points as text, days in ISO, codes and refs."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates.stored import due_text
from gkevents.reports.answers import Answer, points
from gkevents.reports.bulletin.corrections import corrections, exact
from gkevents.reports.bulletin.findings import Counts, Move, Order, Problem
from gkevents.reports.bulletin.gathered import Category, Gathered, Told
from gkevents.reports.wording import told
from gkevents.scoring.fact import ORDERED, Fact
from gkevents.terms import show, total
from gkevents.words import say

LANG: Final = "zh"


def figures(gathered: Gathered) -> Answer:
    """All figures of a bulletin."""
    totals = gathered.totals
    return {
        "units": {unit.score.unit: _unit(gathered, unit) for unit in gathered.units},
        "excluded": [
            {"unit": unit.score.unit, "reason": gathered.excluded[unit.score.unit], **_of_facts(unit)}
            for unit in gathered.everyone
            if not unit.ranked
        ],
        "without_facts": gathered.without_facts,
        "counts": _counts(gathered.counts),
        "categories": [_category(category) for category in gathered.categories],
        "average": points(total(totals) / len(totals)) if totals else None,
        "highest": points(max(totals, default=None)),
        "lowest": points(min(totals, default=None)),
        "previous": gathered.previous.id if gathered.previous is not None else None,
        "corrections": corrections(gathered.case.earlier, LANG),
        "problems": [_problem(unit, one) for unit in gathered.everyone for one in unit.problems],
        "praise": [_praise(unit, fact, earned) for unit in gathered.everyone for fact, earned in unit.praised],
        "rectification": [_order(unit, one) for unit in gathered.everyone for one in unit.orders],
        "moves": [_move(unit, one) for unit in gathered.everyone for one in unit.moves],
        "quarters": {
            unit.score.unit: {quarter: show(cost) for quarter, cost in unit.score.deducted_by_quarter.items()}
            for unit in gathered.everyone
        },
    }


def _unit(gathered: Gathered, unit: Told) -> Answer:
    score = unit.score
    return {
        "category": score.category,
        "total": points(score.total),
        "low": points(score.low),
        "high": points(score.high),
        "rank": unit.rank,
        "band": score.band,
        "bonus": points(score.bonus),
        "deduction": points(score.deduction),
        "provisional": score.provisional,
        "zeroed": score.zeroed,
        "contested": list(score.priced.contested),
        "change": change(gathered, unit),
        **_of_facts(unit),
    }


def _of_facts(unit: Told) -> Answer:
    """What the facts of a unit come to, whether it is ranked or not."""
    return {
        "lost": {code: show(cost) for code, cost in unit.lost.items()},
        "period": {**_counts(unit.counts), "deducted": show(unit.deducted), "added": show(unit.added)},
        "so_far": {"deducted": show(unit.deducted_so_far), "added": show(unit.added_so_far)},
    }


def change(gathered: Gathered, unit: Told) -> Answer | None:
    """How a unit moved since the last bulletin, as that printed it; None without one, or where it was not in it.

    `points` is null unless both totals are decided, `rank` (places up) unless it was ranked in both.
    """
    before = gathered.previous.figures["units"].get(unit.score.unit) if gathered.previous is not None else None
    if before is None:
        return None
    old, new = exact(before["total"]), unit.score.total
    moved = new - old if old is not None and new is not None else None
    places = before["rank"] - unit.rank if before["rank"] is not None and unit.rank is not None else None
    return {"points": points(moved), "rank": places}


def _counts(counts: Counts) -> dict[str, Any]:
    return dict(counts._asdict())


def _category(category: Category) -> Answer:
    totals = category.totals
    spread = max(totals) - min(totals) if totals else None
    return {
        "category": category.name,
        "units": len(category.units),
        "determined": len(totals),
        "average": points(category.average),
        "highest": points(max(totals, default=None)),
        "lowest": points(min(totals, default=None)),
        "spread": points(spread),
    }


def _problem(unit: Told, one: Problem) -> Answer:
    limit = one.limit
    said: Answer = {
        "unit": unit.score.unit,
        "ref": one.fact.ref,
        "type": one.fact.type,
        "on": one.fact.day.isoformat(),
        "item": one.fact.item,
        "clause": one.clause,
        "what": what_of(one),
        "points": show(one.points),
        "why": say(one.why, LANG) if one.why is not None else None,
        "contested": one.contested,
    }
    if limit is None:
        return said
    return said | {
        "key": limit.key,
        "due": due_text(limit.due),
        "answered_on": limit.answer.day.isoformat() if limit.answer is not None else None,
        "overdue_working_days": one.overdue,
    }


def what_of(one: Problem) -> str:
    """What a problem is, in words."""
    opening = one.limit.opening if one.limit is not None else None
    if opening is not None and opening.type == ORDERED:
        return f"整改逾期（涉及{opening.of}）"
    return told(one.fact)


def _praise(unit: Told, fact: Fact, earned: Fraction) -> Answer:
    return {
        "unit": unit.score.unit,
        "ref": fact.ref,
        "on": fact.day.isoformat(),
        "item": fact.item,
        "level": fact.level,
        "what": told(fact),
        "points": show(earned),
    }


def _order(unit: Told, one: Order) -> Answer:
    return {
        "unit": unit.score.unit,
        "ref": one.order.ref,
        "of": one.order.of,
        "item": one.order.item or (one.finding.item if one.finding is not None else None),
        "what": told(one.finding) if one.finding is not None else None,
        "ordered_on": one.order.day.isoformat(),
        "due": due_text(one.due),
        "overdue_working_days": one.overdue,
    }


def _move(unit: Told, one: Move) -> Answer:
    return {
        "unit": unit.score.unit,
        "ref": one.fact.ref if one.fact is not None else None,
        "type": one.kind,
        "on": _day(one.day),
        "item": one.item,
        "clause": one.clause,
        "points": show(one.points),
        "what": told(one.fact) if one.fact is not None else None,
        "why": say(one.why, LANG),
    }


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
