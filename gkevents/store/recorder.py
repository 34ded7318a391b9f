"""Our recorder behind eventsourcing's interface, on SQLAlchemy Core.

Every row is chained to the one before by its digest, so a flipped byte, a missing or a swapped row is found. Within a
transaction of the caller (`connection=`) it writes there; on its own it opens one that holds the write lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, Row, exc, insert, select

from gkevents.store.engine import Store
from gkevents.store.reading import Reader, digest
from gkevents.store.tables import events
from gkevents.store.trouble import StoreTrouble
from gkevents.terms import BEIJING


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
    ) -> Sequence[int]:
        """Write events in one go and give their positions, which follow each other.

        `refs` and `recorded_at` go with the events one by one. Raises IntegrityError where a stream's version or a ref
        is taken, OperationalError or ProgrammingError for what the database says otherwise or where a body is no text.
        """
        if not stored_events:
            return []
        now = dt.datetime.now(BEIJING).isoformat(timespec="microseconds")
        try:
            bodies = [stored.state.decode() for stored in stored_events]
        except UnicodeDecodeError as error:
            raise ProgrammingError(str(error)) from error
        try:
            with nullcontext(connection) if connection is not None else self.store.writing() as writing:
                position, _, before = Reader(writing, self.store.name).head()
                rows: list[dict[str, Any]] = []
                for index, stored in enumerate(stored_events):
                    position += 1
                    moment, ref = recorded_at[index] if recorded_at else now, refs[index] if refs else None
                    row = (position, str(stored.originator_id), stored.originator_version, stored.topic, moment, ref)
                    body = bodies[index]
                    before = digest(before, (*row, body))
                    rows.append(dict(zip(events.c.keys(), (*row, body, before), strict=True)))
                writing.execute(insert(events), rows)
        except exc.IntegrityError as error:
            raise IntegrityError(str(error.orig)) from error
        except (exc.OperationalError, StoreTrouble) as error:
            if isinstance(error.__cause__, exc.IntegrityError):
                raise IntegrityError(str(error)) from error
            raise OperationalError(str(error)) from error
        except exc.SQLAlchemyError as error:
            raise ProgrammingError(str(error)) from error
        return [int(row["position"]) for row in rows]

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
        with self.store.reading() as connection:
            return Reader(connection, self.store.name).head()[0] or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """SQLite has no way to be told of new rows: readers pull pages. Raises NotSupportedError."""
        msg = f"pull pages instead of subscribing (gt={gt}, topics={topics})"
        raise NotSupportedError(msg)

    def _rows(self, query: Any, connection: Connection | None = None) -> Sequence[Row[Any]]:  # noqa: ANN401
        with nullcontext(connection) if connection is not None else self.store.reading() as reading:
            return reading.execute(query).all()


def _stored(row: Row[Any], originator_id: UUID | str) -> StoredEvent:
    return StoredEvent(originator_id, row.stream_version, row.name, _state(row))


def _state(row: Row[Any]) -> bytes:
    body: str = row.body
    return body.encode()


def _id(stream: str) -> UUID | str:
    try:
        return UUID(stream)
    except ValueError:
        return stream
