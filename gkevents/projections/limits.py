"""The view `deadlines`: every opened limit of the store, with its due day and state.

Rows know two states more than answers, so that a scan knows what it still has to do: a limit that was answered `late`
is missed, but no miss of it is recorded yet; one that is `excused` is open, and people took the miss of it back.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, func, select, tuple_

from gkevents.aggregates.scanning import is_owed, recalled_refs
from gkevents.aggregates.stored import due_text
from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.calendar import Calendar
from gkevents.projections.rows import Row
from gkevents.projections.tables import DEADLINES, limits
from gkevents.projections.view import UNITS, Portion, Scope, Sheet, batches, cut
from gkevents.scoring.fact import ANSWERS, MISSES, OPENINGS, Fact
from gkevents.scoring.limits import Limit, settle
from gkevents.scoring.view import View as Seen
from gkevents.scoring.view import look
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.store.tables import checkpoints, events
from gkevents.upcasts import EVENT_VERSIONS


def _stored(kinds: frozenset[str]) -> tuple[str, ...]:
    """The stored names of the events of some types, in every version."""
    return tuple(
        f"{name}.{version}"
        for name, kind in EVENT_TYPES.items()
        if kind in kinds
        for version in range(1, EVENT_VERSIONS[name] + 1)
    )


_OPENING: Final = _stored(OPENINGS)
_MISSED: Final = _stored(MISSES)


LATE: Final = "late"
EXCUSED: Final = "excused"
_ANSWERED: Final = {LATE: "missed", EXCUSED: "open"}
_OWED: Final = ("open", LATE)


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

    def begin(self, reader: Reader, build: int, known_at: int) -> dict[tuple[str, int], int]:  # noqa: ARG002
        """Every scheme-year with how many units it has: whether any limit was opened is seen when it is read."""
        years = [archive.parts_of(stream)[:2] for stream in reader.named("scheme-year/")]
        sizes = {of: len(archive.units_of(reader, *of, known_at)) for of in years}
        return {of: units for of, units in sizes.items() if units}

    def sheet(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> Sheet:
        """The units of a scheme-year with the calendar."""
        units = sorted(archive.units_of(reader, scheme, year, known_at))
        return _Sheet(build, Scope(scheme, year), units, archive.calendar(reader, known_at), known_at)

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

    def portions(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """The limits of some unit-years, or of all in which any was opened."""
        calendar = archive.calendar(reader, known_at)
        units = scope.units
        if units is None:
            streams = streams_with_limits(reader, scheme=scope.scheme, year=scope.year, known_at=known_at)
            units = frozenset(archive.parts_of(stream)[2] for stream in streams)
        for names in batches(sorted(units), self.size):
            rows = list(_rows(reader, build, scope, names, calendar, known_at))
            yield Portion(scope.scheme, scope.year, names, {limits: rows})

    def settle(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> None:
        """Nothing: a limit is told from its own unit-year."""

    def replayed(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """The rows told from the log: they always are."""
        return self.portions(reader, build, scope, known_at)


class _Sheet(NamedTuple):
    """The units of a scheme-year, for a build that is being made."""

    build: int
    scope: Scope
    units: list[str]
    calendar: Calendar
    known_at: int

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        """The limits of some units."""
        names = cut(self.units, number, of)
        rows = list(_rows(reader, self.build, self.scope, names, self.calendar, self.known_at))
        return Portion(self.scope.scheme, self.scope.year, names, {limits: rows})

    def rest(self, reader: Reader) -> Iterator[Portion]:  # noqa: ARG002
        """None: a limit is told from its own unit-year."""
        return iter(())


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
    seen = look(facts, year=year)
    found = [limit for limit in settle(seen.standing, calendar).values() if limit.opening is not None]
    own = _scanned_states(found, seen)
    for limit in found:
        opening = limit.opening
        if opening is not None:
            opened = opening.day if opening.at is None else opening.at
            yield limit.key, limit.item, opened.isoformat(), due_text(limit.due), own.get(limit.key, limit.state)


def _scanned_states(limits: Iterable[Limit], seen: Seen) -> dict[str, str]:
    """The states that only rows know, by the name of the limit."""
    told: dict[str | None, list[Fact]] = {}
    for fact in seen.known:
        if fact.type in ANSWERS or fact.type in MISSES:
            told.setdefault(fact.key, []).append(fact)
    recalled, found = recalled_refs(seen.known, seen.taken_back), dict[str, str]()
    for limit in limits:
        opening, due = limit.opening, limit.due
        if opening is None or due is None or opening.key not in told:
            continue
        if limit.state == "open" or (limit.state == "missed" and limit.answer is not None):
            owed = is_owed(opening, due, told[opening.key], silent=seen.taken_back, recalled=recalled)
            if owed == (limit.state == "missed"):
                found[limit.key] = LATE if owed else EXCUSED
    return found


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
    return [_answered(LimitRow(*row)) for row in connection.execute(query)]


def _answered(row: LimitRow) -> LimitRow:
    """A row in the states that answers know."""
    return row._replace(state=_ANSWERED[row.state]) if row.state in _ANSWERED else row


def replayed_rows(reader: Reader, *, scheme: str | None = None, year: int | None = None) -> list[LimitRow]:
    """The same worked out from the log, for a store whose views cannot be brought up."""
    calendar = archive.calendar(reader)
    found: list[LimitRow] = []
    for names in batches(streams_with_limits(reader, scheme=scheme, year=year), UNITS):
        for stream, facts in archive.limit_facts(reader, names).items():
            of, during, unit = archive.parts_of(stream)
            for key, item, opened, due, state in derived(facts, during, calendar):
                found.append(_answered(LimitRow(key, unit, item, opened, due, state, of, during)))
    return found


# ---------------------------------------------------------------------- what a scan still has to look at


Place = tuple[str, int, str, str]
"""Where a limit stands in the order of a scan: scheme, year, unit, key."""


def owed_rows(
    connection: Connection,
    before: dt.date,
    *,
    behind: Place | None = None,
    most: int,
    claim: bool = False,
    of: Collection[tuple[str, int]] | None = None,
) -> list[LimitRow]:
    """Limits that ended before a day, and of which no miss is known, in order, as far as the rows have come.

    `of`: only those of some scheme-years. `behind`: only those behind this place. `claim`: lock the rows for this
    transaction and leave out those that somebody else has locked (on a server; a file has one lock for everything).
    """
    order = (limits.c.scheme, limits.c.year, limits.c.unit, limits.c.key)
    query = select(*(limits.c[name] for name in LimitRow._fields)).where(_owed(before))
    if of is not None:
        query = query.where(tuple_(limits.c.scheme, limits.c.year).in_(list(of)))
    if behind is not None:
        query = query.where(tuple_(*order) > tuple_(*behind))
    query = query.order_by(*order).limit(most)
    if claim and connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    return [LimitRow(*row) for row in connection.execute(query)]


class Owed(NamedTuple):
    """How many limits wait for a scan, and when the first of them ended."""

    number: int
    oldest: str | None


def owed(connection: Connection, before: dt.date) -> Owed:
    """Which limits ended before a day and wait for a scan, as far as the rows have come."""
    return Owed(*connection.execute(select(func.count(), func.min(limits.c.due)).where(_owed(before))).one())


def rows_position(connection: Connection) -> int:
    """The position up to which the rows have come; 0 where there are none."""
    return connection.execute(_live(checkpoints.c.position)).scalar() or 0


def misses_behind(connection: Connection, position: int) -> Iterator[tuple[int, str, str | None, str | None]]:
    """The misses recorded behind a position, in the order of the log: position, stream, key, item."""
    query = select(events.c.position, events.c.stream, events.c.body).where(
        events.c.position > position, events.c.name.in_(_MISSED)
    )
    for place, stream, body in connection.execute(query.order_by(events.c.position)):
        said = json.loads(body)
        yield place, stream, said.get("key"), said.get("item")


def _owed(before: dt.date) -> ColumnElement[bool]:
    ended = limits.c.due < before.isoformat()  # an instant begins with its day
    build = _live(checkpoints.c.build).scalar_subquery()
    return (limits.c.build == build) & limits.c.state.in_(_OWED) & ended


def _live(column: Column[Any]) -> Select[Any]:
    name, version = DEADLINES
    return select(column).where(checkpoints.c.view == name, checkpoints.c.version == version, checkpoints.c.live == 1)
