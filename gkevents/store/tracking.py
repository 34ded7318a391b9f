"""How far another application's events have been taken in here, behind eventsourcing's interfaces.

A name's checkpoint is one row of `checkpoints`, moved by one statement that only ever moves it forward: of two runners
that record the same position one wins and the other is told, whatever they saw before.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Final

from eventsourcing.persistence import IntegrityError, ProcessRecorder, StoredEvent, Tracking, TrackingRecorder
from sqlalchemy import Connection, select, text

from gkevents.store.engine import Store
from gkevents.store.recorder import SqlRecorder, said_by_the_library
from gkevents.store.tables import FOLLOWED, checkpoints

_FORWARD: Final = text(
    "INSERT INTO checkpoints (view, build, version, position, live) VALUES (:view, 1, 1, :position, 1)"
    " ON CONFLICT (view, build) DO UPDATE SET position = excluded.position"
    " WHERE checkpoints.position < excluded.position"
)


def track(connection: Connection, tracking: Tracking) -> None:
    """Move a checkpoint forward within the caller's transaction. Raises IntegrityError where it is there already."""
    name, position = tracking.application_name, tracking.notification_id
    if connection.execute(_FORWARD, {"view": FOLLOWED + name, "position": position}).rowcount != 1:
        msg = f"position {position} of {name}, or one after it, has been recorded already"
        raise IntegrityError(msg)


class SqlTrackingRecorder(TrackingRecorder):
    """Records how far other applications' events have been taken in."""

    def __init__(self, store: Store) -> None:
        """Record into `store`."""
        self.store = store

    def insert_tracking(self, tracking: Tracking, *, connection: Connection | None = None) -> None:
        """Move a checkpoint forward; with `connection`, together with what else is written there.

        Raises IntegrityError where this position or one after it has been recorded already.
        """
        own = nullcontext(connection) if connection is not None else self.store.updating()
        with said_by_the_library(), own as updating:
            track(updating, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far an application's events have been taken in; None where none have been."""
        query = select(checkpoints.c.position).where(checkpoints.c.view == FOLLOWED + application_name)
        with said_by_the_library(), self.store.reading() as connection:
            return connection.execute(query).scalar()


class SqlProcessRecorder(SqlTrackingRecorder, SqlRecorder, ProcessRecorder):
    """Records new events together with the checkpoint that they came of: both or neither."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        connection: Connection | None = None,
        tracking: Tracking | None = None,
        **kwargs: Any,  # noqa: ANN401 - part of the interface
    ) -> Sequence[int] | None:
        """Write events and move the checkpoint in one transaction. Raises as the two do by themselves."""
        if tracking is None:
            return super().insert_events(stored_events, connection=connection, **kwargs)
        own = self.store.writing() if stored_events else self.store.updating()
        with said_by_the_library(), nullcontext(connection) if connection is not None else own as writing:
            positions = super().insert_events(stored_events, connection=writing, **kwargs)
            track(writing, tracking)
        return positions
