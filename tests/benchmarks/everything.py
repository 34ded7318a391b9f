"""Every score of a store, told from the log alone: each scheme-year in turn, every event read once.

What `gk score` works out for one scheme-year, this works out for all, with the product's own parts: the benchmark of a
full replay measures it, and a test holds it against `gk score`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.scoring.fact import LIMIT_FACTS, REVERSALS, Fact
from gkevents.scoring.peers import concluded, priced_units, rank
from gkevents.scoring.score import Score, price_unit
from gkevents.scoring.unit import Priced, UnitLog
from gkevents.store import archive
from gkevents.store.pausing import without_collecting
from gkevents.store.reading import Reader


class YearScored(NamedTuple):
    """A scheme-year with the score of each unit and the table by category."""

    adopted: archive.SchemeYear
    scores: Mapping[str, Score]
    table: Mapping[str, Sequence[tuple[Score, int | None]]]


def everything(reader: Reader, *, as_of: dt.date | None = None, known_at: int | None = None) -> Iterator[YearScored]:
    """Every scheme-year with its scores, earlier years first; only what those say of limits is kept in memory."""
    calendar = archive.calendar(reader, known_at)
    families: dict[tuple[str, int], str] = {}
    speaking: dict[tuple[str, int], dict[str, list[Fact]]] = {}
    names = [archive.parts_of(stream)[:2] for stream in reader.named("scheme-year/")]
    for scheme, year in sorted(names, key=lambda name: (name[1], name[0])):
        try:
            adopted = archive.scheme_year(reader, scheme, year, known_at)
        except no.NotAdopted:  # not yet, by then
            continue
        with without_collecting():
            family = families[scheme, year] = adopted.edition.family
            earlier = [(name[1], speaking[name]) for name in names if name[1] < year and families.get(name) == family]
            own: dict[str, list[Fact]] = {}
            logs = _logs(reader, adopted, earlier, own, known_at)
            priced = _priced(adopted, logs, as_of=as_of, known_at=known_at, calendar=calendar)
            scores = concluded(adopted.edition, priced)
            speaking[scheme, year] = own
            found = YearScored(adopted, scores, rank(adopted.edition, scores))
        yield found


def _logs(
    reader: Reader,
    adopted: archive.SchemeYear,
    earlier: Sequence[tuple[int, Mapping[str, Sequence[Fact]]]],
    own: dict[str, list[Fact]],
    known_at: int | None,
) -> Iterator[UnitLog]:
    """The log of each unit as it is read; what it says of limits is kept in `own`."""
    left = dict(adopted.units)

    def log(unit: str, facts: Sequence[Fact]) -> UnitLog:
        before = tuple((of, held.get(unit, ())) for of, held in earlier)
        return UnitLog(unit, adopted.units[unit], adopted.year, facts, before)

    for stream, facts in reader.unit_facts(adopted.scheme, adopted.year, up_to=known_at):
        unit = archive.parts_of(stream)[2]
        if any(fact.key is not None for fact in facts):
            own[unit] = [fact for fact in facts if fact.type in LIMIT_FACTS or fact.type in REVERSALS]
        del left[unit]
        yield log(unit, facts)
    for unit in left:
        yield log(unit, ())


def _priced(adopted: archive.SchemeYear, logs: Iterable[UnitLog], **seen: Any) -> list[Priced]:  # noqa: ANN401
    """The first pass, in the roster's order: each unit as soon as it is read, unless one event charges two of them."""
    if adopted.edition.charges_others:
        held = {log.unit: log for log in logs}
        return priced_units(adopted.edition, [held[unit] for unit in adopted.units], **seen)
    found = {log.unit: price_unit(adopted.edition, log, **seen) for log in logs}
    return [found[unit] for unit in adopted.units]
