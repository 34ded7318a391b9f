"""Rows of the log -> events and facts, checked: the reading side, which needs SQLAlchemy, nothing of eventsourcing.

A row that cannot be read, or bears a name this program does not know, is refused with its position, never skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from gkevents.aggregates.stored import fact_of
from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.scoring.fact import Fact
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged
from gkevents.upcasts import upcast

GENESIS: Final = "0" * 64
"""The digest that the first event of a log follows."""

_COLUMNS: Final = (
    events.c.position, events.c.stream, events.c.stream_version, events.c.name, events.c.recorded_at, events.c.ref,
    events.c.body, events.c.digest,
)  # fmt: skip


class Event(NamedTuple):
    """One event as recorded. `name` carries its version ("grade-given.1"); `recorded_at` is Beijing time in ISO."""

    position: int
    stream: str
    stream_version: int
    name: str
    recorded_at: str
    ref: str | None
    body: dict[str, Any]


def encode(body: dict[str, Any]) -> str:
    """A body as it is written: canonical JSON, one line."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(before: str, row: tuple[int, str, int, str, str, str | None, str]) -> str:
    """The digest of a row (position, stream, version, name, recorded_at, ref, body text) chained to the row before."""
    return hashlib.sha256(json.dumps([before, *row], ensure_ascii=False).encode()).hexdigest()


def decode(row: Row[Any], store: str) -> Event:
    """The event of a row, in today's shape. Raises StoreDamaged, with the position, where it cannot be read."""
    try:
        name, body = upcast(row.name, json.loads(row.body))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise StoreDamaged(store, f"event {row.position} cannot be read") from error
    if not isinstance(body, dict):
        raise StoreDamaged(store, f"event {row.position} is not an object")
    return Event(row.position, row.stream, row.stream_version, name, row.recorded_at, row.ref, body)


def facts_of(events: Iterable[Event], store: str, *, known_at: int | None = None) -> list[Fact]:
    """The facts among a unit-year's events, up to a position. Raises StoreDamaged where one holds no fact."""
    facts = []
    for event in events:
        if event.name.rpartition(".")[0] in EVENT_TYPES and (known_at is None or event.position <= known_at):
            shown = event.recorded_at.replace(".000000", "")  # an instant without empty microseconds
            try:
                facts.append(fact_of(event.body, position=event.position, recorded_at=shown))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise StoreDamaged(store, f"event {event.position} holds no fact") from error
    return facts


class Reader:
    """Questions to the log, within one reading connection."""

    def __init__(self, connection: Connection, store: str) -> None:
        """Read through `connection`; `store` is the name said in trouble."""
        self.connection = connection
        self.store = store

    def _events(self, query: Select[Any]) -> list[Event]:
        return [decode(row, self.store) for row in self.connection.execute(query)]

    def stream(self, stream: str) -> list[Event]:
        """The events of one stream, oldest first."""
        return self._events(select(*_COLUMNS).where(events.c.stream == stream).order_by(events.c.stream_version))

    def streams(self, names: Iterable[str]) -> dict[str, list[Event]]:
        """The events of several streams at once, each oldest first; asked for in portions of 500."""
        found: dict[str, list[Event]] = {name: [] for name in names}
        wanted = list(found)
        for start in range(0, len(wanted), 500):
            query = (
                select(*_COLUMNS).where(events.c.stream.in_(wanted[start : start + 500])).order_by(events.c.position)
            )
            for event in self._events(query):
                found[event.stream].append(event)
        return found

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
        found = self._events(select(*_COLUMNS).where(events.c.ref == ref))
        return found[0] if found else None

    def after(self, position: int, *, limit: int = 5000) -> list[Event]:
        """The next page of the log behind a position."""
        return self._events(
            select(*_COLUMNS).where(events.c.position > position).order_by(events.c.position).limit(limit)
        )

    def head(self) -> tuple[int, str, str]:
        """(position, recorded_at, digest) of the newest event; (0, "", GENESIS) in an empty log."""
        query = select(events.c.position, events.c.recorded_at, events.c.digest)
        row = self.connection.execute(query.order_by(events.c.position.desc()).limit(1)).first()
        return (row.position, row.recorded_at, row.digest) if row is not None else (0, "", GENESIS)

    def position_at(self, recorded_at: str) -> int:
        """The newest position recorded up to an instant (ISO, Beijing time, microseconds); 0 where there is none."""
        query = select(events.c.position).where(events.c.recorded_at <= recorded_at)
        return self.connection.execute(query.order_by(events.c.position.desc()).limit(1)).scalar() or 0

    def rows(self, *, page: int = 5000) -> Iterator[Row[Any]]:
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
