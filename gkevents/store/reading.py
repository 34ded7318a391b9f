"""Rows of the log -> events and facts, checked: the reading side, which needs SQLAlchemy, nothing of eventsourcing.

A row that cannot be read, or bears a name this program does not know, is refused with its position, never skipped.
Whole streams are read through the driver's own cursor, in pages: of a log, that is most of what there is to wait for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, exc, select

from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.scoring.fact import Fact
from gkevents.store.form import FactForm, Form
from gkevents.store.forms import encode
from gkevents.store.loading import LOADS, fact_of
from gkevents.store.rows import digest
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged
from gkevents.words import N_, message

__all__ = ["GENESIS", "Event", "EventDamaged", "Reader", "decode", "digest", "encode", "facts_of"]

GENESIS: Final = "0" * 64
"""The digest that the first event of a log follows."""

PAGE: Final = 5_000
STRIDE: Final = 1_000
"""So many rows at a time where streams are gone through: more are slower to have made than to have asked for."""

_UNREADABLE: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading a damaged row may raise."""

_COLUMNS: Final = (
    events.c.position, events.c.stream, events.c.stream_version, events.c.name, events.c.recorded_at, events.c.ref,
    events.c.body, events.c.digest,
)  # fmt: skip
_LAST: Final = "\U0010ffff"
"""Behind every text that begins alike."""


UNREADABLE: Final = N_("event {position} cannot be read")
NO_FACT: Final = N_("event {position} holds no fact")
NO_EDITION: Final = N_("event {position} holds no edition")
UNLIKE_ITS_NAME: Final = N_("event {position} does not hold what its name says")


class EventDamaged(StoreDamaged):
    """One event is not what was written; `position` says which."""

    def __init__(self, store: str, position: int, what: str) -> None:
        """Name the store and the event; `what`: a template of this module that says it of "event {position}"."""
        super().__init__(store, message(what, position=position))
        self.position = position


class Event(NamedTuple):
    """One event as recorded. `name` carries its version ("grade-given.1"); `recorded_at` is Beijing time in ISO."""

    position: int
    stream: str
    stream_version: int
    name: str
    recorded_at: str
    ref: str | None
    form: Form

    @property
    def body(self) -> dict[str, Any]:
        """What was recorded, as a plain object; made anew each time it is asked for."""
        return self.form.plain()


def decode(row: Any, store: str) -> Event:  # noqa: ANN401 - a row of SQLAlchemy's or of the driver's
    """The event of a row, in today's shape. Raises EventDamaged where it cannot be read."""
    try:
        name, read, _ = LOADS[row[3]]
        return Event(row[0], row[1], row[2], name, row[4], row[5], read(row[6]))
    except _UNREADABLE as error:
        raise EventDamaged(store, row[0], _wrong(row[3], error)) from error


def _wrong(stored_name: object, error: Exception) -> str:
    """What is wrong with a row that reading it failed on."""
    if not isinstance(error, msgspec.ValidationError):
        return UNREADABLE
    if str(error).startswith("Expected `object`") and " - at " not in str(error):
        return N_("event {position} is not an object")
    return NO_FACT if str(stored_name).rpartition(".")[0] in EVENT_TYPES else UNLIKE_ITS_NAME


def facts_of(events: Iterable[Event], store: str, *, known_at: int | None = None) -> list[Fact]:
    """The facts among a unit-year's events, up to a position. Raises EventDamaged where one holds no fact."""
    facts = []
    for event in events:
        if isinstance(event.form, FactForm) and (known_at is None or event.position <= known_at):
            try:
                facts.append(fact_of(event.form, event.position, _shown(event.recorded_at)))
            except _UNREADABLE as error:
                raise EventDamaged(store, event.position, NO_FACT) from error
    return facts


def _shown(recorded_at: str) -> str:
    """An instant without empty microseconds."""
    return recorded_at.replace(".000000", "")


class Reader:
    """Questions to the log, within one reading connection."""

    def __init__(self, connection: Connection, store: str) -> None:
        """Read through `connection`; `store` is the name said in trouble."""
        self.connection = connection
        self.store = store
        self._sqlite = connection.dialect.name == "sqlite"
        # SQLite gives the bytes as they lie there; so a body that is no text is refused with its position
        self._columns = f"position, stream, stream_version, name, recorded_at, ref, {self._body}"

    @property
    def _body(self) -> str:
        return "CAST(body AS BLOB)" if self._sqlite else "body"

    def _fetched(self, query: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query in SQL, whose first column is the position, by the driver's own cursor."""
        cursor: Any
        try:
            if self._sqlite:
                cursor = self.connection.exec_driver_sql(query, tuple(given)).cursor
            else:
                driver: Any = self.connection.connection
                cursor = driver.cursor(binary=True)
                cursor.execute(query.replace("?", "%s"), given)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        except (exc.OperationalError, sqlite3.OperationalError) as error:
            position = self._no_text(query, given) if "decode to UTF-8" in str(error) else None
            if position is None:
                raise
            raise EventDamaged(self.store, position, UNREADABLE) from error
        return rows

    def _no_text(self, query: str, given: Sequence[Any]) -> int | None:
        """The position of the first row that holds what should be text and is none."""
        driver: Any = self.connection.connection.driver_connection
        with self._any_text():
            for row in driver.execute(query, given):
                if any(isinstance(value, str) and _broken(value) for value in row):
                    return int(row[0])
        return None

    def _events(self, where: str, given: Sequence[Any]) -> list[Event]:
        rows = self._fetched(f"SELECT {self._columns} FROM events WHERE {where}", given)  # noqa: S608 - our own words
        return [decode(row, self.store) for row in rows]

    def stream(self, stream: str) -> list[Event]:
        """The events of one stream, oldest first."""
        return self._events("stream = ? ORDER BY stream_version", (stream,))

    def streams(self, names: Iterable[str]) -> dict[str, list[Event]]:
        """The events of several streams at once, each oldest first; asked for in portions of 500."""
        found: dict[str, list[Event]] = {name: [] for name in names}
        for portion in _portions(list(found)):
            for event in self._events(f"{_among(portion)} ORDER BY stream, stream_version", portion):
                found[event.stream].append(event)
        return found

    def facts(
        self, names: Iterable[str], *, known_at: int | None = None, but: Sequence[str] = ()
    ) -> dict[str, list[Fact]]:
        """The facts of several streams at once, up to a position, each oldest first; the quick way from rows to them.

        Events of the stored names in `but` are left where they are. Raises EventDamaged.
        """
        found: dict[str, list[Fact]] = {name: [] for name in names}
        for portion in _portions(list(found)):
            where, given = _among(portion), list[Any](portion)
            if known_at is not None:
                where, given = f"{where} AND position <= ?", [*given, known_at]
            if but:
                where, given = f"{where} AND name NOT IN ({', '.join('?' * len(but))})", [*given, *but]
            rows = self._fetched(f"{self._plain()} WHERE {where} ORDER BY stream, stream_version", given)
            for stream, facts in self._by_stream([rows]):
                found[stream] += facts
        return found

    def unit_facts(
        self, scheme: str | None = None, year: int | None = None, *, up_to: int | None = None
    ) -> Iterator[tuple[str, list[Fact]]]:
        """Every unit-year (of a scheme, of a year) with its facts up to a position, in the order of the streams' names.

        Read in pages, so that no more than one unit-year and a page lie in memory; nothing is held open in between.
        """
        return self._by_stream(self._pages(self._plain(), _prefix(scheme, year), up_to), year)

    def unit_years(
        self, scheme: str | None = None, year: int | None = None, *, up_to: int | None = None
    ) -> Iterator[tuple[str, list[Event]]]:
        """The same with all their events."""
        pages = self._pages(f"SELECT {self._columns} FROM events", _prefix(scheme, year), up_to)  # noqa: S608 - as above
        rows = (row for page in pages for row in page)
        for stream, held in groupby(rows, itemgetter(1)):
            if year is None or _year_of(stream) == year:
                yield stream, [decode(row, self.store) for row in held]

    def _plain(self) -> str:
        """The columns that a fact is made of."""
        return f"SELECT position, stream, stream_version, name, recorded_at, {self._body} FROM events"  # noqa: S608 - as above

    def _pages(self, query: str, prefix: str, up_to: int | None) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of the streams that begin alike, in the order of their names, page by page."""
        where = "(stream, stream_version) > (?, ?) AND stream < ?" + ("" if up_to is None else " AND position <= ?")
        query = f"{query} WHERE {where} ORDER BY stream, stream_version LIMIT ?"
        known, behind = () if up_to is None else (up_to,), (prefix, 0)
        while rows := self._fetched(query, (*behind, prefix + _LAST, *known, STRIDE)):
            yield rows
            behind = (rows[-1][1], rows[-1][2])

    def _by_stream(
        self, pages: Iterable[list[tuple[Any, ...]]], year: int | None = None
    ) -> Iterator[tuple[str, list[Fact]]]:
        """Rows in the order of their streams -> each stream with its facts. Raises EventDamaged."""
        held, facts = None, list[Fact]()
        for page in pages:
            for position, stream, _, name, recorded_at, body in page:
                if stream != held:
                    if held is not None and (year is None or _year_of(held) == year):
                        yield held, facts
                    held, facts = stream, []
                try:
                    _, read, make = LOADS[name]
                    form = read(body)
                except _UNREADABLE as error:
                    raise EventDamaged(self.store, position, _wrong(name, error)) from error
                if make is not None:
                    try:
                        facts.append(make(form, position, recorded_at.replace(".000000", "")))
                    except _UNREADABLE as error:
                        raise EventDamaged(self.store, position, NO_FACT) from error
        if held is not None and (year is None or _year_of(held) == year):
            yield held, facts

    def named(self, prefix: str) -> list[str]:
        """The names of the streams that start with `prefix`, in the order of their first event."""
        query = (
            select(events.c.stream)
            .where(events.c.stream >= prefix, events.c.stream < prefix + "\U0010ffff", events.c.stream_version == 1)
            .order_by(events.c.position)
        )
        return list(self.connection.execute(query).scalars())

    def by_ref(self, ref: str) -> Event | None:
        """The event recorded under an office's own number, wherever it is; None where there is none."""
        found = self._events("ref = ?", (ref,))
        return found[0] if found else None

    def after(self, position: int, *, limit: int = PAGE) -> list[Event]:
        """The next page of the log behind a position."""
        return self._events("position > ? ORDER BY position LIMIT ?", (position, limit))

    def head(self) -> tuple[int, str, str]:
        """(position, recorded_at, digest) of the newest event; (0, "", GENESIS) in an empty log."""
        query = select(events.c.position, events.c.recorded_at, events.c.digest)
        row = self.connection.execute(query.order_by(events.c.position.desc()).limit(1)).first()
        return (row.position, row.recorded_at, row.digest) if row is not None else (0, "", GENESIS)

    def position_at(self, recorded_at: str) -> int:
        """The newest position recorded up to an instant (ISO, Beijing time, microseconds); 0 where there is none."""
        query = select(events.c.position).where(events.c.recorded_at <= recorded_at)
        return self.connection.execute(query.order_by(events.c.position.desc()).limit(1)).scalar() or 0

    def rows(self, *, page: int = PAGE) -> Iterator[Row[Any]]:
        """Every row of the log as it lies there, in order, for checking; text that is no UTF-8 comes in escapes."""
        query = select(*_COLUMNS).order_by(events.c.position).limit(page)
        with self._any_text():
            rows: Sequence[Any] = self.connection.execute(query).all()
            while rows:
                yield from rows
                rows = self.connection.execute(query.where(events.c.position > rows[-1].position)).all()

    @contextmanager
    def _any_text(self) -> Iterator[None]:
        """Let the driver give any text, broken or not."""
        driver: Any = self.connection.connection.driver_connection
        if self.connection.dialect.name != "sqlite":
            yield
            return
        driver.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            driver.text_factory = str


def _portions(names: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def _among(names: Sequence[str]) -> str:
    return f"stream IN ({', '.join('?' * len(names))})"


def _prefix(scheme: str | None, year: int | None) -> str:
    """How the names of the unit-years of a scheme, and of a year, begin."""
    said = [part for part in (scheme, str(year) if scheme and year is not None else None) if part]
    return "/".join(["unit-year", *said, ""])


def _year_of(stream: str) -> int:
    return int(stream.split("/", 3)[2])


def _broken(text: str) -> bool:
    """Whether text as the driver gave it (see `_any_text`) was no UTF-8."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)
