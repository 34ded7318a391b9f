"""What holds now of a day that an earlier bulletin printed, and why that differs from what it printed.

What happened counts up to that day, as it did then. What has been decided since about findings of that time counts
too: a card that was overturned in August was wrong in June.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates.bulletin import Terms
from gkevents.reports.case import Cause
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


class Restated(NamedTuple):
    """The side that a bulletin printed, the same day as it is known now, and the scores of the latter."""

    printed: Side
    now: Side
    scores: Mapping[str, Score]


def restated(reader: Reader, printed: Terms, terms: Terms, excluded: Collection[str]) -> Restated:
    """What holds of the day of a bulletin (`printed`), as known on the terms of a later one."""
    before = side_of(reader, printed, known_at=printed.known_at, excluded=excluded)
    after = side_of(reader, printed, known_at=terms.known_at, excluded=excluded)
    if printed.as_of is not None:
        logs = {unit: _ruled_since(log, printed.as_of, terms.as_of) for unit, log in after.logs.items()}
        after = after._replace(logs=logs)
    scores = assess(
        after.edition, after.logs.values(), as_of=after.as_of, known_at=after.known_at, calendar=after.calendar
    )  # fmt: skip
    return Restated(before, after, scores)


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


def causes(found: Restated, units: Collection[str]) -> dict[str, list[Cause]]:
    """Why units no longer stand as they were printed: each fact with the points it moved, and what others moved."""
    ways = compared(found.printed, found.now, units).movements
    return {unit: [cause for step in way.steps for cause in _of_step(step)] for unit, way in ways.items()}


def _of_step(step: Step) -> Sequence[Cause]:
    if not step.facts:
        item = step.items[0] if len(step.items) == 1 else None
        points = step.points_low if step.cause != "ties" else None
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
