"""What holds now of a day that an earlier bulletin printed, and why that differs from what it printed.

What happened counts up to that day, as it did then. What has been decided since about findings of that time counts
too: a card that was overturned in August was wrong in June.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates.bulletin import Terms
from gkevents.reports.bulletin.case import Cause
from gkevents.scoring.between import Side
from gkevents.scoring.fact import CONTESTED, OVERTURNED, REDUCED, RETRACTION, RULING, UPHELD, Fact
from gkevents.scoring.movement import Step, compared
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.scoring.way import Share
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.terms import instant, microseconds
from gkevents.words import N_, Message, message

_RULINGS: Final = frozenset({CONTESTED, UPHELD, REDUCED, OVERTURNED})


class Stated(NamedTuple):
    """Terms on which a day is stated: those of the bulletin that printed it first, or of one that corrected it.

    `upto`: the day up to which rulings count for it then; None: all that are known.
    """

    by: Terms
    upto: dt.date | None


def ruled_upto(terms: Terms, before: Iterable[Terms]) -> dt.date | None:
    """The day up to which a bulletin counts rulings: the last of its own and those that were issued before it."""
    days = [one.as_of for one in (terms, *before)]
    return None if None in days else max(day for day in days if day is not None)


def stated(reader: Reader, printed: Terms, how: Stated, excluded: Collection[str]) -> Side:
    """The day of a bulletin (`printed`) as itself or a later bulletin states it."""
    side = side_of(reader, printed, known_at=how.by.known_at, excluded=excluded)
    if printed.as_of is None or how.by.id == printed.id:
        return side
    return side._replace(logs={unit: _ruled_since(log, printed.as_of, how.upto) for unit, log in side.logs.items()})


def scores_of(side: Side) -> dict[str, Score]:
    """The scores of a side."""
    return assess(
        side.edition, side.logs.values(), as_of=side.as_of, known_at=side.known_at, calendar=side.calendar
    )  # fmt: skip


def side_of(reader: Reader, terms: Terms, *, known_at: int, excluded: Collection[str] = ()) -> Side:
    """All units of a scheme-year as of the day of some terms, as known at a position."""
    adopted = archive.scheme_year(reader, terms.scheme, terms.year, known_at)
    logs = archive.unit_logs(reader, adopted, adopted.units, known_at)
    return Side(
        adopted.edition,
        {log.unit: log for log in logs},
        terms.as_of,
        known_at,
        archive.calendar(reader, known_at),
        instant(archive.recorded_at(reader, known_at)).date(),
        frozenset(excluded),
    )


def _ruled_since(log: UnitLog, day: dt.date, upto: dt.date | None) -> UnitLog:
    """A log in which what was decided about findings after a day, up to another, was decided on that day."""
    when = microseconds(day)

    def dated(fact: Fact) -> Fact:
        since = fact.type in _RULINGS and day < fact.day and (upto is None or fact.day <= upto)
        return fact._replace(day=day, when=when, at=None) if since else fact

    earlier = tuple((year, [dated(fact) for fact in facts]) for year, facts in log.earlier)
    return log._replace(facts=[dated(fact) for fact in log.facts], earlier=earlier)


def causes(before: Side, now: Side, units: Collection[str]) -> dict[str, list[Cause]]:
    """Why units no longer stand as they were stated: each fact with the points it moved, and what others moved."""
    ways = compared(before, now, units).movements
    return {unit: [cause for step in way.steps for cause in _of_step(step)] for unit, way in ways.items()}


def _of_step(step: Step) -> Sequence[Cause]:
    if not step.facts:
        item = step.items[0] if len(step.items) == 1 else None
        points = (step.points_low or step.points_high) if step.cause != "ties" else None
        return [Cause(step.cause, item=item, points=points)]
    return [Cause(step.cause, "、".join(share.refs), share.item, share.points_low, _why(share)) for share in step.facts]


def _why(share: Share) -> Message | str | None:
    """What the facts say: the reason of what takes something back, else what it was about."""
    if len(share.facts) != 1:
        return None
    (fact,) = share.facts
    if fact.type in _TAKING:
        return message(_TAKING[fact.type], of=fact.of, reason=fact.reason or "–")
    return fact.reason or fact.matter or "、".join(fact.problems) or fact.source


_TAKING: Final = {
    RETRACTION: N_("{of} is taken back: {reason}"),
    RULING: N_("{of} is a duplicate: {reason}"),
    OVERTURNED: N_("{of} was contested and does not hold: {reason}"),
    REDUCED: N_("{of} was contested and is reduced: {reason}"),
}
