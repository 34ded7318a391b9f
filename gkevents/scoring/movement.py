"""Why a unit moved between two sides: steps that add up to the change of its points and of its rank, exactly.

From one side to the other leads a row of worlds, each of which differs from the one before by one thing: first the
unit's own facts change, one after the other, while all others stay as they were; then what the others did; then the
edition; then the calendar. Each is priced as a whole, and what a step brought is the difference. So the sum cannot be
wrong, whatever caps, means and vetoes there are; and a fact gets what it brought on top of those before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.scoring.between import ORDER, Side
from gkevents.scoring.outcome import Moved
from gkevents.scoring.peers import rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.scoring.way import At, Share, Way, World
from gkevents.terms import ZERO

CAUSES: Final = (*ORDER, "others", "edition", "calendar", "ties")
"""Why a unit moved, in the order of its steps.

"reversals": facts were taken back, or decided on in their cases. "late": they had happened by then, and were not yet
recorded. "grades": marks, figures and other decisions on items. "new": what happened since. "others": other units'
facts, through means and places. "edition", "calendar": another one is in force. "ties": how equal totals are ranked.
"""


class Stand(NamedTuple):
    """How a unit stands on one side; points are None where the scheme gives none, the rank where it has none."""

    category: str
    total: Fraction | None
    low: Fraction | None
    high: Fraction | None
    rank: int | None


class Step(NamedTuple):
    """What one cause brought to `low` (the total, where that is determined), to `high` and to the rank.

    `facts` add up to the step, where single facts brought it. `items` are the codes whose points another cause moved.
    """

    cause: str
    points_low: Fraction
    points_high: Fraction
    rank: int | None
    facts: tuple[Share, ...] = ()
    items: tuple[str, ...] = ()


class Movement(NamedTuple):
    """A unit's way from one side to the other; one that is on one side only has no steps.

    The steps' points add up to the change of `low` and of `high` (without points: 0), their ranks to that of the rank,
    where the unit has one on both sides. Steps that changed nothing are left out.
    """

    unit: str
    before: Stand | None
    after: Stand | None
    steps: tuple[Step, ...] = ()


class Compared(NamedTuple):
    """The movements by unit, with the scores of all units on both sides."""

    movements: Mapping[str, Movement]
    before: Mapping[str, Score]
    after: Mapping[str, Score]


def movements(before: Side, after: Side, units: Collection[str] | None = None) -> dict[str, Movement]:
    """Why units moved, or all of them; in the order of the later side, those that are only on the earlier one last."""
    return dict(compared(before, after, units).movements)


def compared(before: Side, after: Side, units: Collection[str] | None = None) -> Compared:
    """The same, with the scores that it was worked out from."""
    worlds = _worlds(before, after)
    first, last = worlds[0], worlds[-1]
    stands = [_stands(first, before), _stands(last, after)]
    found = {
        unit: Movement(unit, stands[0].get(unit), stands[1].get(unit), _steps(unit, worlds, stands))
        for unit in dict.fromkeys([*last.scores, *first.scores])
        if units is None or unit in units
    }
    return Compared(found, first.scores, last.scores)


_Worlds = tuple[World, World, World, World]
"""As before; with what all logs say now, under the old edition and calendar; under the new edition; as after."""


def _worlds(before: Side, after: Side) -> _Worlds:
    first, last = World(before), World(after)
    same_edition = before.edition is after.edition or before.edition.digest == after.edition.digest
    same_calendar = before.calendar is after.calendar or _digest(before) == _digest(after)
    renewed = last if same_calendar else World(after._replace(calendar=before.calendar))
    if same_edition:
        return first, renewed, renewed, last
    logs = {unit: fitted for unit, log in after.logs.items() if (fitted := _fitted(log, before)) is not None}
    return first, World(after._replace(edition=before.edition, calendar=before.calendar, logs=logs)), renewed, last


def _digest(side: Side) -> str | None:
    return side.calendar.digest if side.calendar is not None else None


def _fitted(log: UnitLog, before: Side) -> UnitLog | None:
    """A unit's log under the edition before, in the category that it had then; None where that has no such category."""
    old = before.logs.get(log.unit)
    if old is not None:
        return log._replace(category=old.category)
    variants = before.edition.variants
    return log if not variants or log.category in variants else None


def _stands(world: World, side: Side) -> dict[str, Stand]:
    """How every unit stands in a world, with its real rank."""
    kept = {unit: score for unit, score in world.scores.items() if unit not in side.unranked}
    ranks = {score.unit: place for rows in rank(side.edition, kept).values() for score, place in rows}
    return {
        unit: Stand(score.category, score.total, score.low, score.high, ranks.get(unit))
        for unit, score in world.scores.items()
    }


def _steps(unit: str, worlds: _Worlds, stands: Sequence[Mapping[str, Stand]]) -> tuple[Step, ...]:
    """The steps of a unit that is on both sides."""
    first, moved, renewed, last = worlds
    if unit not in first.scores or unit not in last.scores:
        return ()
    start, end = stands[0][unit].rank, stands[1][unit].rank
    ranked = start is not None and end is not None
    way = Way(unit, first, last)
    shares = way.shares(ranked=ranked)
    steps = [_own_step(cause, shares[cause], ranked=ranked) for cause in ORDER if cause in shares]
    score, at = way.score, way.at
    for cause, world in (("others", moved), ("edition", renewed), ("calendar", last)):
        reached = world.scores[unit]
        then = world.at(reached)
        if then != at:
            items = _moved_codes(score, reached)
            steps.append(Step(cause, *_change(at, then, ranked=ranked), items=items))
        score, at = reached, then
    if start is not None and end is not None:
        ties = (end - at.place) - (start - first.at(first.scores[unit]).place)
        steps += [Step("ties", ZERO, ZERO, ties)] if ties else []
    return tuple(steps)


def _change(at: At, then: At, *, ranked: bool) -> tuple[Fraction, Fraction, int | None]:
    return then.low - at.low, then.high - at.high, then.place - at.place if ranked else None


def _own_step(cause: str, shares: Sequence[Share], *, ranked: bool) -> Step:
    low = sum((share.points_low for share in shares), ZERO)
    high = sum((share.points_high for share in shares), ZERO)
    return Step(cause, low, high, sum(share.rank or 0 for share in shares) if ranked else None, tuple(shares))


def _moved_codes(old: Score, new: Score) -> tuple[str, ...]:
    """The items and ± rules whose points differ between two scores."""
    codes = [*new.items, *(code for code in old.items if code not in new.items)]
    items = [code for code in codes if _bounds(old, code) != _bounds(new, code)]
    then, now = old.moved, new.moved
    rules = [code for code in {**now, **then} if _points(then, code) != _points(now, code)]
    return (*items, *rules)


def _bounds(score: Score, code: str) -> tuple[Fraction | None, Fraction | None] | None:
    item = score.items.get(code)
    return None if item is None else (item.low, item.high)


def _points(moved: Mapping[str, Moved], code: str) -> Fraction:
    return moved[code].points if code in moved else ZERO
