"""A write, start to end: the lock, what is known, the events decided on, one append.

Everything a write decides on is read behind the write lock, so two people at once cannot decide on the same past; the
version of each stream is checked by the database all the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from eventsourcing.persistence import EventStore, PersistenceError
from sqlalchemy import Connection

from gkevents.store.codec import LogEvent, LogMapper
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.recorder import SqlRecorder
from gkevents.store.trouble import translated
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

    def __init__(self, connection: Connection, store: Store) -> None:
        """Read and write through `connection`, which holds the write lock."""
        super().__init__(connection, store.name)
        self._recorder = SqlRecorder(store)
        self._event_store: EventStore[str] = EventStore(LogMapper(), self._recorder)
        self._versions: dict[str, int] = {}

    def version(self, stream: str) -> int:
        """The version a stream has reached; 0 for a new one."""
        if stream not in self._versions:
            newest = self._recorder.select_events(stream, desc=True, limit=1, connection=self.connection)
            self._versions[stream] = newest[0].originator_version if newest else 0
        return self._versions[stream]

    def append(self, new: Sequence[NewEvent]) -> list[int]:
        """Write events in the order given; their positions. Raises StoreTrouble; the transaction is then lost."""
        domain = []
        for event in new:
            self._versions[event.stream] = self.version(event.stream) + 1
            name = f"{event.name}.{EVENT_VERSIONS[event.name]}"
            domain.append(LogEvent(event.stream, self._versions[event.stream], name, event.body))
        try:
            recordings = self._event_store.put(
                domain,
                connection=self.connection,
                refs=[event.ref for event in new],
                recorded_at=[stamp(event.recorded_at) for event in new],
            )
        except PersistenceError as error:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
            raise translated(self.store, cause) from error
        return [recording.notification.id for recording in recordings]


def stamp(moment: dt.datetime) -> str:
    """An instant as the log writes it: Beijing time with microseconds, so that text order is time order."""
    return moment.astimezone(BEIJING).isoformat(timespec="microseconds")


@contextmanager
def writing(store: Store) -> Iterator[Writing]:
    """A write transaction on a store."""
    with store.writing() as connection:
        yield Writing(connection, store)
