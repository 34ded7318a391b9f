"""What holds now of a day that an earlier bulletin printed, and why that differs from what was last printed of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from gkevents.aggregates.bulletin import Terms
from gkevents.reports.bulletin.case import Cause
from gkevents.scoring.between import Side
from gkevents.scoring.fact import OVERTURNED, REDUCED, RETRACTION, RULING
from gkevents.scoring.movement import Step, compared
from gkevents.scoring.peers import assess
from gkevents.scoring.ruled import ruled
from gkevents.scoring.score import Score
from gkevents.scoring.way import Share
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.terms import instant
from gkevents.words import N_, Message, message


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
        {log.unit: ruled(log, terms.as_of) for log in logs},
        terms.as_of,
        known_at,
        archive.calendar(reader, known_at),
        instant(archive.recorded_at(reader, known_at)).date(),
        frozenset(excluded),
    )


def causes(before: Side, now: Side, units: Collection[str]) -> dict[str, list[Cause]]:
    """Why units no longer stand as they were stated: each fact with the points it moved, and what others moved."""
    ways = compared(before, now, units).movements
    return {unit: [cause for step in way.steps for cause in _of_step(step)] for unit, way in ways.items()}


def _of_step(step: Step) -> Sequence[Cause]:
    if not step.facts:
        item = step.items[0] if len(step.items) == 1 else None
        points = (step.points_low or step.points_high) if step.cause != "ties" else None
        return [Cause(step.cause, item=item, points=points)]
    return [
        Cause(step.cause, "、".join(share.refs), share.item, share.points_low or share.points_high, _why(share))
        for share in step.facts
    ]


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
