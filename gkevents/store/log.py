"""A write, start to end: the lock, what is known, the events decided on, one append.

Everything a write decides on is read behind the write lock, so two people at once cannot decide on the same past; the
version of each stream is checked by the database all the same. Rows go to the table as they are, a million as fast as
the database takes them; eventsourcing's recorder (`recorder`) writes the same rows in the same way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from gkevents.store.bulk import COPY_FROM, write_rows
from gkevents.store.engine import Store
from gkevents.store.forms import encode
from gkevents.store.outline import asked
from gkevents.store.reading import GENESIS, Reader
from gkevents.store.rows import LogRow, Written, chained
from gkevents.store.tables import NEWEST, events
from gkevents.store.waking import NOTIFYING, notify
from gkevents.terms import BEIJING
from gkevents.upcasts import EVENT_VERSIONS


class NewEvent(NamedTuple):
    """An event decided on, not yet written."""

    stream: str
    name: str
    body: dict[str, Any]
    recorded_at: dt.datetime
    ref: str | None = None


class Writing(Reader):
    """One write transaction: what is read in it is current, what is appended in it is all there or not at all."""

    def __init__(self, connection: Connection, store: Store, versions: dict[str, int] | None = None) -> None:
        """Read and write through `connection`, which holds the write lock.

        `versions`: those of streams that are known already, behind the lock; they are kept up.
        """
        super().__init__(connection, store.name)
        self.versions = versions if versions is not None else {}
        self._head: tuple[int, str, str] | None = None

    def head(self) -> tuple[int, str, str]:
        """(position, recorded_at, digest) of the newest event; nobody else can move it."""
        if self._head is None:
            brought: list[Any] | None = self.connection.info.pop("gk_newest", None)  # with the beginning, on a server
            found = asked(self, NEWEST) if brought is None else brought
            self._head = found[0] if found else (0, "", GENESIS)
        return self._head

    def version(self, stream: str) -> int:
        """The version a stream has reached; 0 for a new one."""
        learn(self, (stream,), self.versions)
        return self.versions[stream]

    def append(self, new: Sequence[NewEvent]) -> list[int]:
        """Write events in the order given; their positions. Where it fails, the transaction is lost."""
        learn(self, {event.stream for event in new}, self.versions)
        return self.write(written(new, self.versions))

    def make_room(self) -> None:
        """Expect many rows: SQLite then keeps more of its indexes in memory, and need not read them over and over."""
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")

    def write(self, rows: Iterable[Written]) -> list[int]:
        """Write what `written` made of events at the end of the log; their positions."""
        position, _, before = self.head()
        coming = self._last_kept(chained(position, before, rows))
        number = write_rows(self.connection, events, coming, returning=NOTIFYING)
        if number >= COPY_FROM:  # COPY says nothing by itself
            notify(self.connection, position + number)
        return list(range(position + 1, position + 1 + number))

    def _last_kept(self, rows: Iterable[LogRow]) -> Iterator[LogRow]:
        """The rows on their way to the table, which takes them one by one; the last one is the newest event then."""
        for row in rows:
            self._head = (row[0], row[4], row[-1])
            yield row


_CACHE_KIB: Final = 65_536


def learn(reader: Reader, streams: Iterable[str], versions: dict[str, int]) -> None:
    """Ask for the versions that some streams have reached, where they are not known."""
    for stream in streams:
        if stream not in versions:
            query = select(func.max(events.c.stream_version)).where(events.c.stream == stream)
            versions[stream] = reader.connection.execute(query).scalar() or 0


def written(new: Iterable[NewEvent], versions: dict[str, int]) -> Iterator[Written]:
    """Events as they are written, each the next of its stream; the `versions` of their streams go up with them."""
    for stream, name, body, recorded_at, ref in new:
        version = versions[stream] = versions[stream] + 1
        yield stream, version, _NAMES[name], stamp(recorded_at), ref, encode(body)


_NAMES: Final = {name: f"{name}.{version}" for name, version in EVENT_VERSIONS.items()}
stored_name: Final = _NAMES.__getitem__
"""An event's name as it is written, with its version."""


@lru_cache(maxsize=64)
def stamp(moment: dt.datetime) -> str:
    """An instant as the log writes it: Beijing time with microseconds, so that text order is time order."""
    return moment.astimezone(BEIJING).isoformat(timespec="microseconds")


@contextmanager
def writing(store: Store) -> Iterator[Writing]:
    """A write transaction on a store."""
    with store.writing() as connection:
        yield Writing(connection, store)
