"""Questions: a score, the ranking, the ledger, as of a day and as known at a moment. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.app import archive
from gkevents.schemes.edition import Edition
from gkevents.scoring.peers import concluded, depends_on_peers, priced_units, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import Priced
from gkevents.store.reading import Reader

if TYPE_CHECKING:
    from gkevents.scoring.ledger import Ledger


class Standing(NamedTuple):
    """Scores as they stand: under which edition, as of when, as known at which position.

    `editions`: every adoption of the year as known then, oldest first; the last one priced them.
    """

    edition: Edition
    year: int
    as_of: dt.date | None
    known_at: int | None
    scores: Mapping[str, Score]
    simulated: bool = False
    editions: tuple[archive.Adoption, ...] = ()


class Question(NamedTuple):
    """What is asked: a scheme in a year, seen from a place on each axis of time."""

    scheme: str
    year: int
    as_of: dt.date | None = None
    known_at: str | None = None


def standing(reader: Reader, question: Question, unit: str | None = None) -> Standing:
    """The scores of a scheme-year, or of one unit of it. Raises NotAdopted, NoSuchUnit, NoSuchPosition."""
    known_at = archive.position_of(reader, question.known_at)
    adopted = archive.scheme_year(reader, question.scheme, question.year, known_at)
    if unit is not None and unit not in adopted.units:
        hint = no.nearest(unit, adopted.units)
        raise no.NoSuchUnit(unit=unit, scheme=question.scheme, year=question.year, hint=hint)
    calendar = archive.calendar(reader, known_at)

    def priced(units: list[str]) -> list[Priced]:
        logs = archive.unit_logs(reader, adopted, units, known_at)
        return priced_units(adopted.edition, logs, as_of=question.as_of, known_at=known_at, calendar=calendar)

    one = priced([unit]) if unit is not None else []
    alone = bool(one) and not depends_on_peers(adopted.edition, one[0])
    everybody = one if alone else priced(list(adopted.units))
    scores = concluded(adopted.edition, everybody, unit)
    return Standing(adopted.edition, question.year, question.as_of, known_at, scores, editions=adopted.editions)


def ranking(reader: Reader, question: Question) -> tuple[Standing, dict[str, list[tuple[Score, int | None]]]]:
    """The table of a scheme-year by category."""
    found = standing(reader, question)
    return found, rank(found.edition, found.scores)


def replayed(reader: Reader, question: Question, unit: str) -> tuple[Standing, Score, Ledger]:
    """One unit's ledger."""
    from gkevents.scoring.ledger import ledger  # noqa: PLC0415 - a score alone does not need it

    found = standing(reader, question, unit)
    return found, found.scores[unit], ledger(found.scores[unit])
