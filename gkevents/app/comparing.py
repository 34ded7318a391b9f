"""Why units moved between two questions about one scheme-year: each side read as it was known, and set side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.app.asking import Question, Standing
from gkevents.reports.movement import Comparison
from gkevents.scoring.between import Side
from gkevents.scoring.movement import compared
from gkevents.scoring.ruled import ruled
from gkevents.scoring.score import Score
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.terms import BEIJING, instant

_NOBODY: frozenset[str] = frozenset()


class _Read(NamedTuple):
    """One side as the log tells it."""

    side: Side
    adopted: archive.SchemeYear

    def standing(self, question: Question, scores: Mapping[str, Score]) -> Standing[Score]:
        """The side with the scores that it comes to."""
        editions = self.adopted.editions
        return Standing(
            self.side.edition, question.year, question.as_of, self.side.known_at, scores, editions=editions
        )  # fmt: skip


def compare(
    reader: Reader,
    before: Question,
    after: Question,
    units: Collection[str] | None = None,
    *,
    unranked: tuple[frozenset[str], frozenset[str]] = (_NOBODY, _NOBODY),
    rulings_known: bool = False,
    simulated: bool = False,
) -> Comparison:
    """The movements of all units, or of some, between two questions about the same scheme-year.

    `unranked`: units that were given no rank, on each side; `rulings_known`: see `scoring.ruled`; `simulated`: whether
    the store's clock is told the time.
    Raises NotAdopted, NoSuchUnit, NoSuchPosition.
    """
    old, new = (
        _read(reader, question, left_out, rulings_known=rulings_known)
        for question, left_out in zip((before, after), unranked, strict=True)
    )
    known = {**new.adopted.units, **old.adopted.units}
    for unit in units or ():
        if unit not in known:
            hint = no.nearest(unit, known)
            raise no.NoSuchUnit(unit=unit, scheme=after.scheme, year=after.year, hint=hint)
    found = compared(old.side, new.side, units)
    return Comparison(
        old.standing(before, found.before)._replace(simulated=simulated),
        new.standing(after, found.after)._replace(simulated=simulated),
        found.movements,
    )


def _read(reader: Reader, question: Question, unranked: frozenset[str], *, rulings_known: bool) -> _Read:
    known_at = archive.position_of(reader, question.known_at)
    adopted = archive.scheme_year(reader, question.scheme, question.year, known_at)
    found = archive.unit_logs(reader, adopted, adopted.units, known_at)
    logs = {log.unit: ruled(log, question.as_of) if rulings_known else log for log in found}
    calendar = archive.calendar(reader, known_at)
    known_on = _known_on(reader, question.known_at, known_at)
    return _Read(Side(adopted.edition, logs, question.as_of, known_at, calendar, known_on, unranked), adopted)


def _known_on(reader: Reader, said: str | None, position: int | None) -> dt.date | None:
    """The day of a known-at: as it was said, or that on which the position was recorded; None: everything is known."""
    if said is None or position is None:
        return None
    text = said.strip()
    if len(text) == len("2018-10-08") and not text.isdigit():
        return dt.date.fromisoformat(text)
    if not text.isdigit():
        return instant(text).astimezone(BEIJING).date()
    found = archive.recorded_at(reader, position)
    return instant(found).date() if found else None
