"""The view `deadlines`: every opened limit of the store, with its due day and state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, select

from gkevents.aggregates.stored import due_text
from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.calendar import Calendar
from gkevents.projections.rows import Row
from gkevents.projections.tables import DEADLINES, limits
from gkevents.projections.view import UNITS, Portion, Scope, batches
from gkevents.scoring.fact import OPENINGS, Fact
from gkevents.scoring.limits import settle
from gkevents.scoring.view import look
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.store.tables import events
from gkevents.upcasts import EVENT_VERSIONS

_OPENING: Final = tuple(
    f"{name}.{version}"
    for name, kind in EVENT_TYPES.items()
    if kind in OPENINGS
    for version in range(1, EVENT_VERSIONS[name] + 1)
)


class LimitRow(NamedTuple):
    """One opened limit. `opened` and `due` are a day or an instant in ISO; `due` is None beyond the calendar."""

    key: str
    unit: str
    item: str | None
    opened: str
    due: str | None
    state: str
    scheme: str
    year: int


class LimitsView:
    """The limits of each unit-year anew when an event speaks of one; a calendar notice touches all that have limits."""

    name, version = DEADLINES
    tables: tuple[Table, ...] = (limits,)
    of_years: tuple[Table, ...] = ()
    looked_at: ColumnElement[bool] = archive.SPEAKING_OF_LIMITS

    def __init__(self, *, size: int = UNITS) -> None:
        """Work on so many unit-years at a time."""
        self.size = size

    def years(self, reader: Reader, known_at: int) -> list[tuple[str, int]]:
        """The scheme-years in which a limit was opened."""
        streams = streams_with_limits(reader, known_at=known_at)
        return list(dict.fromkeys(archive.parts_of(stream)[:2] for stream in streams))

    def begin(self, reader: Reader, build: int, years: Sequence[tuple[str, int]], known_at: int) -> None:
        """Nothing: nothing is kept of scheme-years."""

    def touched(self, reader: Reader, build: int, after: int, upto: int) -> list[Scope]:
        """The unit-years of which something was said of limits, or taken back."""
        _ = build
        spoken = archive.streams_speaking_of_limits(reader, after, upto)
        if archive.CALENDAR_STREAM in archive.streams_between(reader, after, upto):
            spoken = [*spoken, *streams_with_limits(reader, known_at=upto)]
        found: dict[tuple[str, int], set[str]] = {}
        for stream in spoken:
            scheme, year, unit = archive.parts_of(stream)
            found.setdefault((scheme, year), set()).add(unit)
        return [Scope(*of, frozenset(units)) for of, units in found.items()]

    def portions(self, reader: Reader, build: int, scope: Scope, known_at: int, *, done: int = 0) -> Iterator[Portion]:
        """The limits of some unit-years, or of all in which any was opened."""
        calendar = archive.calendar(reader, known_at)
        units = scope.units
        if units is None:
            streams = streams_with_limits(reader, scheme=scope.scheme, year=scope.year, known_at=known_at)
            units = frozenset(archive.parts_of(stream)[2] for stream in streams)
        for number, names in enumerate(batches(sorted(units), self.size)):
            if number >= done:
                rows = list(_rows(reader, build, scope, names, calendar, known_at))
                yield Portion(scope.scheme, scope.year, names, {limits: rows})

    def settle(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> None:
        """Nothing: a limit is told from its own unit-year."""

    def replayed(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """The rows told from the log: they always are."""
        return self.portions(reader, build, scope, known_at)


def _rows(
    reader: Reader, build: int, scope: Scope, names: Iterable[str], calendar: Calendar, known_at: int
) -> Iterator[Row]:
    streams = {archive.unit_stream(scope.scheme, scope.year, unit): unit for unit in names}
    for stream, facts in archive.limit_facts(reader, streams, known_at).items():
        for row in derived(facts, scope.year, calendar):
            yield (build, scope.scheme, scope.year, streams[stream], *row)


def derived(
    facts: Sequence[Fact], year: int, calendar: Calendar
) -> Iterator[tuple[str, str | None, str, str | None, str]]:
    """The limits of one unit-year, worked out from its facts: key, item, opened, due, state."""
    for limit in settle(look(facts, year=year).standing, calendar).values():
        opening = limit.opening
        if opening is not None:
            opened = opening.day if opening.at is None else opening.at
            yield limit.key, limit.item, opened.isoformat(), due_text(limit.due), limit.state


def streams_with_limits(
    reader: Reader, *, scheme: str | None = None, year: int | None = None, known_at: int | None = None
) -> list[str]:
    """The unit-years in which a limit was ever opened, in the order of their names."""
    query = select(events.c.stream).where(events.c.name.in_(_OPENING)).distinct().order_by(events.c.stream)
    if scheme is not None:
        prefix = f"unit-year/{scheme}/{year}/" if year is not None else f"unit-year/{scheme}/"
        query = query.where(events.c.stream >= prefix, events.c.stream < prefix + "\U0010ffff")
    if known_at is not None:
        query = query.where(events.c.position <= known_at)
    return [stream for stream in reader.connection.execute(query).scalars() if year is None or _of(stream, year)]


def _of(stream: str, year: int) -> bool:
    return archive.parts_of(stream)[1] == year


def limit_rows(
    connection: Connection, build: int, *, scheme: str | None = None, year: int | None = None
) -> list[LimitRow]:
    """The rows of the view, of one scheme or year or of all."""
    query = select(*(limits.c[name] for name in LimitRow._fields)).where(limits.c.build == build)
    if scheme is not None:
        query = query.where(limits.c.scheme == scheme)
    if year is not None:
        query = query.where(limits.c.year == year)
    return [LimitRow(*row) for row in connection.execute(query)]


def replayed_rows(reader: Reader, *, scheme: str | None = None, year: int | None = None) -> list[LimitRow]:
    """The same worked out from the log, for a store whose views cannot be brought up."""
    calendar = archive.calendar(reader)
    found: list[LimitRow] = []
    for names in batches(streams_with_limits(reader, scheme=scheme, year=year), UNITS):
        for stream, facts in archive.limit_facts(reader, names).items():
            of, during, unit = archive.parts_of(stream)
            for key, item, opened, due, state in derived(facts, during, calendar):
                found.append(LimitRow(key, unit, item, opened, due, state, of, during))
    return found
