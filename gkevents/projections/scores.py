"""The view `scores`: every unit's score, its items and its ledger; and the ranks of each scheme-year.

What an event touches is priced anew from its whole unit-year; nothing is ever added to a row. Where a unit's score asks
for others (means, places, quotas, charges on another unit), the whole scheme-year is priced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, true, update

from gkevents.calendar import Calendar
from gkevents.projections.limits import streams_with_limits
from gkevents.projections.partitions import portions_of
from gkevents.projections.rows import Row, entry_rows, item_rows, unit_row
from gkevents.projections.tables import SCORES, item_scores, ledger_entries, scheme_years, unit_scores
from gkevents.projections.view import UNITS, Portion, Scope, Sheet, batches, cut, in_year
from gkevents.schemes.edition import Edition
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import Peers, concluded, depends_on_peers, priced_units, rank
from gkevents.scoring.score import Score, price_unit
from gkevents.scoring.unit import Priced
from gkevents.scoring.whole import measure_of
from gkevents.store import archive
from gkevents.store.reading import Reader

KEPT: Final = 500
"""Of a scheme-year with no more units than that, what was priced is kept until we know whether any asks for others."""


class ScoresView:
    """Scores, items, ledgers and ranks, by scheme-year."""

    name, version = SCORES
    tables: tuple[Table, ...] = (unit_scores, item_scores, ledger_entries)
    of_years: tuple[Table, ...] = (scheme_years,)
    looked_at: ColumnElement[bool] = true()

    def __init__(self, *, size: int = UNITS) -> None:
        """Work on so many unit-years at a time."""
        self.size = size

    def years(self, reader: Reader, known_at: int) -> list[tuple[str, int]]:
        """Every scheme-year adopted by then."""
        streams = reader.named("scheme-year/")
        return [archive.parts_of(stream)[:2] for stream in streams if _adopted_by(reader, stream, known_at)]

    def begin(self, reader: Reader, build: int, known_at: int) -> dict[tuple[str, int], int]:
        """Keep the family of each scheme-year; how many units each has."""
        found = [archive.scheme_year(reader, *of, known_at) for of in self.years(reader, known_at)]
        for adopted in found:
            _keep(reader, build, adopted)
        return {(adopted.scheme, adopted.year): len(adopted.units) for adopted in found}

    def sheet(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> Sheet:
        """The desk at which a scheme-year is priced."""
        return _Desk(reader, build, scheme, year, known_at, size=self.size)

    def touched(self, reader: Reader, build: int, after: int, upto: int) -> list[Scope]:
        """The unit-years with new events; all of a scheme-year that was adopted anew; later years that limits reach."""
        streams = archive.streams_between(reader, after, upto)
        touched = _Touched(reader, build)
        for stream in streams:
            if stream.startswith("scheme-year/"):
                scheme, year, _ = archive.parts_of(stream)
                before = family_of(reader.connection, build, scheme, year)
                _keep(reader, build, archive.scheme_year(reader, scheme, year, upto))
                touched.adopted(scheme, year, before)
            elif stream.startswith("unit-year/"):
                touched.unit(stream)
        speaking = archive.streams_speaking_of_limits(reader, after, upto)
        if archive.CALENDAR_STREAM in streams:
            speaking = streams_with_limits(reader, known_at=upto)
        for stream in speaking:
            touched.limits(stream)
        return touched.scopes()

    def portions(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """The rows of a scope, or of its whole scheme-year where the units depend on each other."""
        desk = _Desk(reader, build, scope.scheme, scope.year, known_at, size=self.size)
        units = scope.units
        if units is not None and not desk.together and not _asking(reader.connection, build, scope):
            priced = desk.priced(sorted(units & desk.adopted.units.keys()))
            if not any(depends_on_peers(desk.edition, one) for one in priced):
                yield desk.concluded(priced, Peers(desk.edition, priced))
                return
        yield from desk.everybody()

    def settle(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> None:
        """The ranks, told from all units; and how many of them ask for others."""
        edition = archive.scheme_year(reader, scheme, year, known_at).edition
        chosen = in_year(unit_scores, build, scheme, year)
        columns = (*(unit_scores.c[name] for name in Standing._fields), unit_scores.c.rank, unit_scores.c.asks_others)
        rows = reader.connection.execute(select(*columns).where(chosen).order_by(unit_scores.c.number)).all()
        places = ranks(edition, [Standing(*row[: len(Standing._fields)]) for row in rows])
        moved = [{"the_unit": row.unit, "the_rank": places[row.unit]} for row in rows if row.rank != places[row.unit]]
        if moved:
            where = (chosen, unit_scores.c.unit == bindparam("the_unit"))
            reader.connection.execute(update(unit_scores).where(*where).values(rank=bindparam("the_rank")), moved)
        asking = sum(row.asks_others for row in rows)
        of = in_year(scheme_years, build, scheme, year)
        reader.connection.execute(update(scheme_years).where(of, scheme_years.c.asking != asking).values(asking=asking))

    def replayed(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """Every row of a scheme-year told from the log, ranks and all; the units' own rows come last."""
        desk = _Desk(reader, build, scope.scheme, scope.year, known_at, size=self.size, from_log=True)
        units: list[Row] = []
        for portion in (lazy.held() for lazy in desk.everybody()):
            units += portion.rows[unit_scores]
            yield portion._replace(rows={table: portion.rows[table] for table in (item_scores, ledger_entries)})
        names = unit_scores.c.keys()
        places = [names.index(name) for name in (*Standing._fields, "number", "rank", "asks_others")]
        units.sort(key=itemgetter(places[-3]))
        told = ranks(desk.edition, [Standing(*(row[place] for place in places[:-3])) for row in units])
        ranked = [(*row[: places[-2]], told[row[places[0]]], *row[places[-2] + 1 :]) for row in units]
        asking = sum(row[places[-1]] for row in units)
        rows = {unit_scores: ranked, scheme_years: [year_row(build, desk.adopted, asking=asking)]}
        yield Portion(scope.scheme, scope.year, list(desk.adopted.units), rows)


class Standing(NamedTuple):
    """What a rank is told from, as it lies in a row of `unit_scores`."""

    unit: str
    category: str
    total: str | None
    measures: str


class _Placed(NamedTuple):
    unit: str
    category: str
    total: Fraction | None
    measures: Mapping[str, Fraction]

    def measure(self, name: str) -> Fraction:
        return measure_of(self.measures, name)


def ranks(edition: Edition, rows: Iterable[Standing]) -> dict[str, int | None]:
    """Each unit's rank within its category, from all rows of a scheme-year in the order of the roster."""
    placed = {
        row.unit: _Placed(
            row.unit,
            row.category,
            None if row.total is None else Fraction(row.total),
            {name: Fraction(said) for name, said in json.loads(row.measures).items()} if edition.ties.by else {},
        )
        for row in rows
    }
    return {one.unit: place for table in rank(edition, placed).values() for one, place in table}


def _adopted_by(reader: Reader, stream: str, known_at: int) -> bool:
    events = reader.stream(stream)
    return bool(events) and events[0].position <= known_at


def _keep(reader: Reader, build: int, adopted: archive.SchemeYear) -> None:
    """Bring up what is kept of a scheme-year; how many units ask for others is told later (`settle`)."""
    of = in_year(scheme_years, build, adopted.scheme, adopted.year)
    asking = reader.connection.execute(select(scheme_years.c.asking).where(of)).scalar() or 0
    reader.connection.execute(delete(scheme_years).where(of))
    reader.connection.execute(insert(scheme_years), dict(zip(
        scheme_years.c.keys(), year_row(build, adopted, asking=asking), strict=True)))  # fmt: skip


def year_row(build: int, adopted: archive.SchemeYear, *, asking: int) -> Row:
    """The row of a scheme-year."""
    edition, since = adopted.edition, adopted.editions[0].position
    return (
        build, adopted.scheme, adopted.year, edition.family, edition.digest, since, adopted.position,
        len(adopted.units), asking,
    )  # fmt: skip


def family_of(connection: Connection, build: int, scheme: str, year: int) -> str | None:
    """The family of a scheme-year, as the view has it; None where it has none yet."""
    return connection.execute(select(scheme_years.c.family).where(in_year(scheme_years, build, scheme, year))).scalar()


def later_years(connection: Connection, build: int, scheme: str, year: int) -> list[tuple[str, int]]:
    """The scheme-years that limits of this one may run over into."""
    family = family_of(connection, build, scheme, year)
    return [] if family is None else _after(connection, build, family, year)


def _asking(connection: Connection, build: int, scope: Scope) -> bool:
    """Whether any unit's score asks for others."""
    of = in_year(scheme_years, build, scope.scheme, scope.year)
    return bool(connection.execute(select(scheme_years.c.asking).where(of)).scalar())


class _Touched:
    """What a stretch of the log touches, gathered."""

    def __init__(self, reader: Reader, build: int) -> None:
        self.connection, self.build = reader.connection, build
        self.whole: set[tuple[str, int]] = set()
        self.units: dict[tuple[str, int], set[str]] = {}
        self._later: dict[tuple[str, int], list[tuple[str, int]]] = {}

    def unit(self, stream: str) -> None:
        """A unit-year."""
        scheme, year, unit = archive.parts_of(stream)
        self.units.setdefault((scheme, year), set()).add(unit)

    def limits(self, stream: str) -> None:
        """A unit-year whose limits may have changed; they may run over into its later years."""
        scheme, year, unit = archive.parts_of(stream)
        for of in ((scheme, year), *self._later_years(scheme, year)):
            self.units.setdefault(of, set()).add(unit)

    def adopted(self, scheme: str, year: int, before: str | None) -> None:
        """A scheme-year with another edition or more units; later years of its family, and of the one it had before."""
        self.whole.add((scheme, year))
        self._later.clear()
        self.whole.update(self._later_years(scheme, year))
        if before is not None:
            self.whole.update(_after(self.connection, self.build, before, year))

    def _later_years(self, scheme: str, year: int) -> list[tuple[str, int]]:
        if (scheme, year) not in self._later:
            self._later[scheme, year] = later_years(self.connection, self.build, scheme, year)
        return self._later[scheme, year]

    def scopes(self) -> list[Scope]:
        """What was gathered, the earlier years first."""
        some = {of: Scope(*of, frozenset(units)) for of, units in self.units.items()}
        years = sorted({*self.whole, *some}, key=lambda of: (of[1], of[0]))
        return [Scope(*of) if of in self.whole else some[of] for of in years]


def _after(connection: Connection, build: int, family: str, year: int) -> list[tuple[str, int]]:
    """The scheme-years of a family after a year."""
    query = select(scheme_years.c.scheme, scheme_years.c.year).where(
        scheme_years.c.build == build, scheme_years.c.family == family, scheme_years.c.year > year
    )
    return [(row.scheme, row.year) for row in connection.execute(query)]


class _Desk:
    """One scheme-year as known at a position, being priced."""

    def __init__(
        self,
        reader: Reader,
        build: int,
        scheme: str,
        year: int,
        known_at: int,
        *,
        size: int,
        from_log: bool = False,
    ) -> None:
        self.reader, self.build, self.known_at, self.size = reader, build, known_at, size
        self.adopted = archive.scheme_year(reader, scheme, year, known_at)
        self.edition = self.adopted.edition
        self.calendar: Calendar = archive.calendar(reader, known_at)
        self.numbers = {unit: number for number, unit in enumerate(self.adopted.units, 1)}
        self.names = sorted(self.adopted.units)
        self.asking: list[str] = []
        """The units seen so far whose scores ask for others,"""
        self.kept: dict[str, Priced] = {}
        """and whatever was priced so far, where the units are not many."""
        self.from_log = from_log
        self.earlier = archive.earlier_years(reader, self.adopted, known_at) if from_log else self._earlier()

    @property
    def together(self) -> bool:
        """Whether no unit can be priced without the others, whatever was logged."""
        return self.edition.charges_others or self.edition.has_quotas

    def _earlier(self) -> list[tuple[str, int]]:
        """The scheme-years before this one of the same family, in the order in which they were first adopted."""
        table = scheme_years.c
        query = select(table.scheme, table.year).where(
            table.build == self.build, table.family == self.edition.family, table.year < self.adopted.year
        )
        return [(row.scheme, row.year) for row in self.reader.connection.execute(query.order_by(table.since))]

    def _running_over(self, units: Sequence[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The earlier years of some units in which a limit ran out only after the year's end: others need no look.

        Told from their rows, which are there already: earlier years are written first.
        """
        if self.from_log:
            return dict.fromkeys(units, self.earlier)
        found: dict[str, list[tuple[str, int]]] = {unit: [] for unit in units}
        for scheme, year in self.earlier:
            of = (in_year(unit_scores, self.build, scheme, year), unit_scores.c.runs_over == 1)
            for unit in self.reader.connection.execute(select(unit_scores.c.unit).where(*of)).scalars():
                if unit in found:
                    found[unit].append((scheme, year))
        return found

    def priced(self, units: Sequence[str]) -> list[Priced]:
        """The first pass over some units."""
        logs = archive.unit_logs(self.reader, self.adopted, units, self.known_at, self._running_over(units))
        if self.edition.charges_others:
            return priced_units(self.edition, logs, known_at=self.known_at, calendar=self.calendar)
        return [price_unit(self.edition, log, known_at=self.known_at, calendar=self.calendar) for log in logs]

    def everybody(self) -> Iterator[Portion]:
        """All units: first those that stand alone, a portion at a time; then those that ask for the others."""
        of = portions_of(len(self.names), self.size)
        for number in range(of):
            yield self.portion(self.reader, number, of)
        yield from self._asking(self.asking)

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        """The units of a portion that stand alone."""
        self.reader, names = reader, cut(self.names, number, of)
        if self.together:
            scores = self.together_scores
            return self._rows(names, (scores[name] for name in names))
        priced = self.priced(names)
        alone = [one for one in priced if not depends_on_peers(self.edition, one)]
        self.asking += [one.log.unit for one in priced if depends_on_peers(self.edition, one)]
        if len(self.names) <= KEPT:
            self.kept |= {one.log.unit: one for one in priced}
        return self.concluded(alone, Peers(self.edition, alone))

    def rest(self, reader: Reader) -> Iterator[Portion]:
        """The units that have no row yet."""
        self.reader = reader
        there = in_year(unit_scores, self.build, self.adopted.scheme, self.adopted.year)
        written = set(reader.connection.execute(select(unit_scores.c.unit).where(there)).scalars())
        yield from self._asking([name for name in self.names if name not in written])

    def _asking(self, asking: Sequence[str]) -> Iterator[Portion]:
        """Units that ask for the others."""
        if asking:
            known = len(self.kept) == len(self.names)
            everybody = self.kept if known else {one.log.unit: one for one in self.priced(self.names)}
            peers = Peers(self.edition, [everybody[name] for name in self.adopted.units])
            for batch in batches(asking, self.size):
                yield self.concluded([everybody[name] for name in batch], peers)

    @cached_property
    def together_scores(self) -> Mapping[str, Score]:
        """All scores, where no unit can be priced without the others."""
        return concluded(self.edition, self.priced(list(self.adopted.units)))

    def concluded(self, priced: Sequence[Priced], peers: Peers) -> Portion:
        """The rows of some units, given what the others give."""
        return self._rows([one.log.unit for one in priced], map(peers.conclude, priced))

    def _rows(self, units: Sequence[str], scores: Iterable[Score]) -> Portion:
        """The rows of some units. Most of them are the entries: the others are told while those are taken."""
        own: list[Row] = []
        items: list[Row] = []

        def entries() -> Iterator[Row]:
            for score in scores:
                key, book = (self.build, self.adopted.scheme, self.adopted.year, score.unit), ledger(score)
                asks, number = depends_on_peers(self.edition, score.priced), self.numbers[score.unit]
                own.append(unit_row(key, score, number=number, start=book.start, asks_others=asks))
                items.extend(item_rows(key, score))
                yield from entry_rows(key, book)

        rows: dict[Table, Iterable[Row]] = {ledger_entries: entries(), unit_scores: own, item_scores: items}
        return Portion(self.adopted.scheme, self.adopted.year, units, rows)
