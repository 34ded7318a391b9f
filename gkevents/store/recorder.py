"""Our recorder behind eventsourcing's interface, on SQLAlchemy Core, for both databases.

Every row is chained to the one before by its digest, so a flipped byte, a missing or a swapped row is found. Within a
transaction of the caller (`connection=`) it writes there; on its own it opens one that holds the write lock.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import repeat
from threading import Thread
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    ListenNotifySubscription,
    Notification,
    NotSupportedError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, Row, exc, select

from gkevents.store.bulk import write_rows
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.rows import chained
from gkevents.store.tables import events
from gkevents.store.trouble import StoreTrouble
from gkevents.store.waking import LOOK_SECONDS, Waker, notify
from gkevents.terms import BEIJING

PATIENCE: Final = 60.0
"""So many seconds a subscription waits for a server that has gone away, before it ends with what is wrong."""


class SqlRecorder(ApplicationRecorder):
    """Records and selects stored events in the `events` table of a store."""

    def __init__(self, store: Store) -> None:
        """Record into `store`."""
        self.store = store

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        connection: Connection | None = None,
        refs: Sequence[str | None] | None = None,
        recorded_at: Sequence[str] | None = None,
        **_kwargs: Any,  # noqa: ANN401 - part of the interface
    ) -> Sequence[int] | None:
        """Write events in one go and give their positions, which follow each other.

        `refs` and `recorded_at` go with the events one by one. Raises IntegrityError where a stream's version or a ref
        is taken, another PersistenceError for what the database says otherwise or where a body is no text.
        """
        if not stored_events:
            return []
        now = dt.datetime.now(BEIJING).isoformat(timespec="microseconds")
        own = nullcontext(connection) if connection is not None else self.store.writing()
        with said_by_the_library(), own as writing:
            position, last, before = Reader(writing, self.store.name).head()
            moments = recorded_at if recorded_at is not None else repeat(max(now, last), len(stored_events))
            numbers = refs if refs is not None else repeat(None, len(stored_events))
            written = (
                (str(stored.originator_id), stored.originator_version, stored.topic, moment, ref, stored.state.decode())
                for stored, moment, ref in zip(stored_events, moments, numbers, strict=True)
            )
            number = write_rows(writing, events, chained(position, before, written))
            notify(writing, position + number)
        return list(range(position + 1, position + 1 + number))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
        connection: Connection | None = None,
    ) -> Sequence[StoredEvent]:
        """Stored events of one stream."""
        query = select(events).where(events.c.stream == str(originator_id))
        if gt is not None:
            query = query.where(events.c.stream_version > gt)
        if lte is not None:
            query = query.where(events.c.stream_version <= lte)
        query = query.order_by(events.c.stream_version.desc() if desc else events.c.stream_version).limit(limit)
        return [_stored(row, originator_id) for row in self._rows(query, connection)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """A page of the whole log, as notifications."""
        query = select(events).order_by(events.c.position).limit(limit)
        if start is not None:
            query = query.where(events.c.position >= start if inclusive_of_start else events.c.position > start)
        if stop is not None:
            query = query.where(events.c.position <= stop)
        if topics:
            query = query.where(events.c.name.in_(topics))
        return [
            Notification(_id(row.stream), row.stream_version, row.name, _state(row), id=row.position)
            for row in self._rows(query)
        ]

    def max_notification_id(self) -> int | None:
        """The newest position; None in an empty log."""
        with said_by_the_library(), self.store.reading() as connection:
            return Reader(connection, self.store.name).head()[0] or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Every event after a position, and then each new one as it comes. Raises NotSupportedError on SQLite.

        SQLite has no way to tell of new rows: readers pull pages there, woken by `waking.wait`.
        """
        if not self.store.shared:
            msg = f"pull pages instead of subscribing (gt={gt}, topics={topics})"
            raise NotSupportedError(msg)
        return LogSubscription(self, gt, topics)

    def _rows(self, query: Any, connection: Connection | None = None) -> Sequence[Row[Any]]:  # noqa: ANN401
        own = nullcontext(connection) if connection is not None else self.store.reading()
        with said_by_the_library(), own as reading:
            return reading.execute(query).all()


class LogSubscription(ListenNotifySubscription[SqlRecorder]):
    """New events as PostgreSQL tells of them; outlives a server that is started anew."""

    def __init__(self, recorder: SqlRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        """Begin behind position `gt`, with the events of these names only where any are named."""
        super().__init__(recorder, gt, topics)
        self._listener = Thread(target=self._listen)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - the interface
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._listener.join()

    def _pull(self) -> None:
        self._patiently(super()._pull)

    def _listen(self) -> None:
        seen = 0

        def look() -> None:
            nonlocal seen
            newest = waker.wait(seen, LOOK_SECONDS)
            if newest > seen:
                seen = newest
                self._has_been_notified.set()

        try:
            with Waker(self._recorder.store) as waker:
                while not self._has_been_stopped:
                    self._patiently(look)
        except BaseException as error:  # noqa: BLE001 - whoever iterates must hear of it, whatever it is
            if self._thread_error is None:
                self._thread_error = error
            self.stop()

    def _patiently(self, doing: Callable[[], None]) -> None:
        """Do something, again and again while the server cannot be reached. Raises what it says in the end."""
        end = time.monotonic() + PATIENCE
        while not self._has_been_stopped:
            try:
                return doing()
            except (StoreTrouble, OperationalError, InterfaceError):
                if time.monotonic() > end:
                    raise
            time.sleep(LOOK_SECONDS)
        return None


@contextmanager
def said_by_the_library() -> Iterator[None]:
    """Errors of the database and of the store leave as eventsourcing's own, with the first one as their cause."""
    try:
        yield
    except PersistenceError:
        raise
    except (exc.SQLAlchemyError, sqlite3.Error, StoreTrouble, UnicodeError) as error:
        raise _kind_of(error)(str(error)) from error
    except Exception as error:
        if not type(error).__module__.startswith("psycopg"):  # not imported where no server is asked
            raise
        raise _kind_of(error)(str(error)) from error


def _kind_of(error: Exception) -> type[PersistenceError]:
    """The library's class for an error: the drivers and it name theirs alike (PEP 249)."""
    original: Any = error.__cause__ if isinstance(error, StoreTrouble) else error
    original = getattr(original, "orig", None) or original
    names = [each.__name__ for each in type(original).__mro__]
    if isinstance(original, (exc.InvalidRequestError, UnicodeError)):  # a connection given back, a body that is no text
        return ProgrammingError
    return next((_KINDS[name] for name in names if name in _KINDS), OperationalError)


_KINDS: Final[dict[str, type[PersistenceError]]] = {
    kind.__name__: kind
    for kind in (
        IntegrityError, OperationalError, ProgrammingError, DataError, InternalError, InterfaceError, NotSupportedError,
        DatabaseError,
    )
}  # fmt: skip


def _stored(row: Row[Any], originator_id: UUID | str) -> StoredEvent:
    return StoredEvent(originator_id, row.stream_version, row.name, _state(row))


def _state(row: Row[Any]) -> bytes:
    body: str = row.body
    return body.encode()


def _id(stream: str) -> UUID | str:
    try:
        found = UUID(stream)
    except ValueError:
        return stream
    return found if str(found) == stream else stream
