"""Where a view stands: its checkpoints, how they are read and how they are moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, func, select, update

from gkevents.projections.tables import Named, partitions
from gkevents.store.reading import Reader
from gkevents.store.tables import checkpoints

if TYPE_CHECKING:
    from gkevents.projections.view import View


class Overtaken(Exception):
    """Another runner was quicker: nothing was written; look again."""


class Checkpoint(NamedTuple):
    """One build of a view: how far it has come, whether questions are answered from it, the event it stopped at."""

    build: int
    version: int
    position: int
    live: bool = False
    stopped: int | None = None
    why: str | None = None


class Standing(NamedTuple):
    """Where a view stands: its live build, the one being made, how much of it is done; the newest event.

    `newer`: a newer program keeps this view in a version that we do not know; we leave it alone.
    """

    head: int
    live: Checkpoint | None
    building: Checkpoint | None
    done: int
    partitions: int
    newer: bool


def standing(reader: Reader, view: View) -> Standing:
    """Where a view stands."""
    connection = reader.connection
    rows = connection.execute(select(checkpoints).where(checkpoints.c.view == view.name).order_by(checkpoints.c.build))
    found = [Checkpoint(row.build, row.version, row.position, bool(row.live), row.stopped, row.why) for row in rows]
    own = [one for one in found if one.version == view.version]
    building = next((one for one in own if not one.live), None)
    done, number = (0, 0) if building is None else progress(connection, view, building)
    return Standing(
        reader.head()[0], next((one for one in own if one.live), None), building, done, number,
        newer=any(one.version > view.version for one in found),
    )  # fmt: skip


def live_build(reader: Reader, view: Named) -> int | None:
    """The build that questions may be answered from: live, of our version, up with the log; None: there is none."""
    query = select(checkpoints.c.build, checkpoints.c.position).where(
        checkpoints.c.view == view.name, checkpoints.c.version == view.version, checkpoints.c.live == 1
    )
    row = reader.connection.execute(query).first()
    return row.build if row is not None and row.position == reader.head()[0] else None


def progress(connection: Connection, view: View, build: Checkpoint) -> tuple[int, int]:
    """How many scheme-years of a build are finished, and of how many."""
    query = select(func.coalesce(func.sum(partitions.c.finished), 0), func.count())
    row = connection.execute(query.where(partitions.c.view == view.name, partitions.c.build == build.build)).one()
    return row[0], row[1]


def swap(connection: Connection, view: View, seen: Checkpoint, **new: object) -> None:
    """Compare and swap the checkpoint of a build: it must be as it was seen. Raises Overtaken."""
    same = (
        checkpoints.c.view == view.name,
        checkpoints.c.build == seen.build,
        checkpoints.c.version == seen.version,
        checkpoints.c.position == seen.position,
        checkpoints.c.live == int(seen.live),
        checkpoints.c.stopped.is_(None) if seen.stopped is None else checkpoints.c.stopped == seen.stopped,
    )
    if connection.execute(update(checkpoints).where(*same).values(**new)).rowcount != 1:
        raise Overtaken
