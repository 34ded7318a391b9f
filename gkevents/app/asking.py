"""Questions: a score, the ranking, the ledger, as of a day and as known at a moment.

About another day or moment than now the log is replayed; about now the rows of the views are read, where there are any
that are up with the log (`told`, `told_ledger`). Both ways say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from gkevents.aggregates import refusals as no
from gkevents.schemes.edition import Edition
from gkevents.scoring.contest import Contest, contests
from gkevents.scoring.flags import CONTESTED
from gkevents.scoring.outcome import Outcome
from gkevents.scoring.peers import concluded, depends_on_peers, priced_units, rank
from gkevents.scoring.ruled import ruled
from gkevents.scoring.score import Score
from gkevents.scoring.settled import may_compare
from gkevents.scoring.unit import Priced
from gkevents.store import archive
from gkevents.store.reading import Reader

if TYPE_CHECKING:
    from gkevents.projections.told import Told
    from gkevents.scoring.ledger import Ledger

Held_co = TypeVar("Held_co", bound=Outcome, covariant=True)
Held = TypeVar("Held", bound=Outcome)


class Standing(NamedTuple, Generic[Held_co]):
    """Scores as they stand: under which edition, as of when, as known at which position.

    `editions`: every adoption of the year as known then, oldest first; the last one priced them. `contests`: what hangs
    on contested cases, by unit; empty where nothing is contested, or nothing by the one unit asked for.
    """

    edition: Edition
    year: int
    as_of: dt.date | None
    known_at: int | None
    scores: Mapping[str, Held_co]
    simulated: bool = False
    editions: tuple[archive.Adoption, ...] = ()
    contests: Mapping[str, Contest] = {}


class Question(NamedTuple):
    """What is asked: a scheme in a year, seen from a place on each axis of time."""

    scheme: str
    year: int
    as_of: dt.date | None = None
    known_at: str | None = None

    @property
    def about_now(self) -> bool:
        """Whether everything recorded counts, and the whole year."""
        return self.as_of is None and self.known_at is None


def standing(
    reader: Reader, question: Question, unit: str | None = None, *, rulings_known: bool = False
) -> Standing[Score]:
    """The scores of a scheme-year, or of one unit of it. Raises NotAdopted, NoSuchUnit, NoSuchPosition.

    `rulings_known`: rulings on cases count once they are known, whatever their day (see `scoring.ruled`).
    """
    known_at = archive.position_of(reader, question.known_at)
    adopted = _adopted(reader, question, unit, known_at)
    calendar = archive.calendar(reader, known_at)

    def priced(units: list[str]) -> list[Priced]:
        logs = archive.unit_logs(reader, adopted, units, known_at)
        if rulings_known:
            logs = [ruled(log, question.as_of) for log in logs]
        return priced_units(adopted.edition, logs, as_of=question.as_of, known_at=known_at, calendar=calendar)

    one = priced([unit]) if unit is not None else []
    alone = bool(one) and not one[0].contested and not depends_on_peers(adopted.edition, one[0])
    everybody = one if alone else priced(list(adopted.units))
    contesting = [each.log.unit for each in everybody if each.contested and unit in (None, each.log.unit)]
    scores = concluded(adopted.edition, everybody, unit if not contesting else None)
    hanging: Mapping[str, Contest] = {}
    if contesting:
        together = may_compare(adopted.edition)
        logs = [each.log for each in everybody if together or each.contested]
        hanging = contests(adopted.edition, logs, scores, as_of=question.as_of, known_at=known_at, calendar=calendar)
    found = scores if unit is None else {unit: scores[unit]}
    return Standing(
        adopted.edition, question.year, question.as_of, known_at, found, editions=adopted.editions, contests=hanging
    )


def _adopted(reader: Reader, question: Question, unit: str | None, known_at: int | None) -> archive.SchemeYear:
    """The scheme-year that is asked about, with the unit. Raises NotAdopted, NoSuchUnit."""
    adopted = archive.scheme_year(reader, question.scheme, question.year, known_at)
    if unit is not None and unit not in adopted.units:
        hint = no.nearest(unit, adopted.units)
        raise no.NoSuchUnit(unit=unit, scheme=question.scheme, year=question.year, hint=hint)
    return adopted


Ranking = tuple[Standing[Held], dict[str, list[tuple[Held, int | None]]]]


def ranking(found: Standing[Held]) -> Ranking[Held]:
    """The table of a scheme-year by category, from the scores of all its units."""
    return found, rank(found.edition, found.scores)


def replayed(reader: Reader, question: Question, unit: str) -> tuple[Standing[Score], Score, Ledger]:
    """One unit's ledger."""
    from gkevents.scoring.ledger import ledger  # noqa: PLC0415 - a score alone does not need it

    found = standing(reader, question, unit)
    return found, found.scores[unit], ledger(found.scores[unit])


class Live(NamedTuple):
    """Rows that are up with the log: read through which reader, of which build; whether the clock is simulated."""

    reader: Reader
    build: int
    simulated: bool


def told(live: Live, question: Question, unit: str | None = None) -> Standing[Told] | None:
    """The scores as the rows of a view tell them; None where rows are missing. Raises NotAdopted, NoSuchUnit."""
    from gkevents.projections.told import Place, scores  # noqa: PLC0415 - a replay does not need it

    adopted, place = _adopted(live.reader, question, unit, None), Place(live.build, question.scheme, question.year)
    found = scores(live.reader.connection, place, adopted.edition, unit)
    if list(found) != (list(adopted.units) if unit is None else [unit]):
        return None
    hanging: Mapping[str, Contest] = {}
    if any(flag.code == CONTESTED for score in found.values() for flag in score.flags):
        everybody = found if unit is None else scores(live.reader.connection, place, adopted.edition, None)
        hanging = _told_contests(live, adopted, everybody)
    return Standing(adopted.edition, question.year, None, None, found, live.simulated, adopted.editions, hanging)


def _told_contests(live: Live, adopted: archive.SchemeYear, everybody: Mapping[str, Told]) -> dict[str, Contest]:
    """What hangs on contested cases: only the units that contest something are replayed, where that is enough."""
    contesting = [name for name, score in everybody.items() if any(flag.code == CONTESTED for flag in score.flags)]
    together = may_compare(adopted.edition)
    logs = archive.unit_logs(live.reader, adopted, adopted.units if together else contesting)
    return contests(adopted.edition, logs, everybody, calendar=archive.calendar(live.reader))


def told_ledger(live: Live, question: Question, unit: str) -> tuple[Standing[Told], Told, Ledger] | None:
    """One unit's ledger likewise."""
    from gkevents.projections.told import Place, ledger  # noqa: PLC0415

    found = told(live, question, unit)
    if found is None:
        return None
    score, place = found.scores[unit], Place(live.build, question.scheme, question.year)
    return found, score, ledger(live.reader.connection, place, score)
