"""Keeping a view up with the log: page from the checkpoint, fold, write rows and checkpoint in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select

from gkevents.store.reading import Event, Reader
from gkevents.store.tables import checkpoints


class View(Protocol):
    """One view: its name and version, and how it takes in a page of the log."""

    name: str
    version: int

    def clear(self, connection: Connection) -> None:
        """Throw every row away."""

    def fold(self, reader: Reader, events: Iterable[Event]) -> None:
        """Bring the rows that a page of events touches up to the log."""


def catch_up(reader: Reader, view: View, *, page: int = 5000) -> int:
    """Bring a view up to the newest event within the caller's write transaction; gives the events taken in.

    A view of another version is thrown away and made anew.
    """
    connection, taken = reader.connection, 0
    row = connection.execute(select(checkpoints).where(checkpoints.c.view == view.name)).first()
    start = position = row.position if row is not None and row.version == view.version else 0
    if row is not None and row.version != view.version:
        view.clear(connection)
    while events := reader.after(position, limit=page):
        view.fold(reader, events)
        position = events[-1].position
        taken += len(events)
    if position != start or row is None or row.version != view.version:
        connection.execute(delete(checkpoints).where(checkpoints.c.view == view.name))
        row_now = {"view": view.name, "build": 1, "version": view.version, "position": position, "live": 1}
        connection.execute(insert(checkpoints), row_now)
    return taken


def behind(reader: Reader, view: View) -> bool:
    """Whether the log has events that a view has not taken in."""
    row = reader.connection.execute(select(checkpoints).where(checkpoints.c.view == view.name)).first()
    return row is None or row.version != view.version or row.position < reader.head()[0]
