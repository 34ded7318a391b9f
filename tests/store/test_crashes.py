"""A follower that is killed: of what it writes and of how far it has come, neither is there without the other."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from eventsourcing.persistence import StoredEvent, Tracking
from sqlalchemy import Connection

import gkevents.store.tracking
from gkevents.store.engine import Store
from gkevents.store.tracking import SqlProcessRecorder, SqlTrackingRecorder
from tests.app.worlds import World
from tests.store.crowds import CONTEXT

UPSTREAM = 400
MOMENTS = ("before the checkpoint", "after the checkpoint", "after the commit")


@pytest.fixture
def world(store_url: str) -> World:
    """A store with a table of somebody's own beside the log."""
    store = Store(store_url)
    store.make(simulated=False)
    store.close()
    world = World(store_url)
    world.sql("CREATE TABLE mine (position INTEGER PRIMARY KEY)", guarded=True)
    return world


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _follow(url: str, kind: str, upto: int, moment: str) -> None:
    """Take in what is new upstream, one event a transaction; die at the given moment of the first one, if any."""
    store = Store(url)
    track = gkevents.store.tracking.track

    def dying(connection: Connection, tracking: Tracking) -> None:
        if moment == "before the checkpoint":
            _die()
        track(connection, tracking)
        if moment == "after the checkpoint":
            _die()

    gkevents.store.tracking.track = dying  # in a process of its own
    done = SqlTrackingRecorder(store).max_tracking_id("upstream") or 0
    for position in range(done + 1, upto + 1):
        _take_in(store, kind, Tracking("upstream", position))
        if moment == "after the commit":
            _die()
    store.close()


def _take_in(store: Store, kind: str, tracked: Tracking) -> None:
    position = tracked.notification_id
    if kind == "events":
        event = StoredEvent("unit-year/s/2020/甲", position, "grade-given.1", b"{}")
        SqlProcessRecorder(store).insert_events([event], tracking=tracked)
        return
    with store.updating() as connection:
        connection.exec_driver_sql(f"INSERT INTO mine VALUES ({position})")  # noqa: S608 - a number
        SqlTrackingRecorder(store).insert_tracking(tracked, connection=connection)


def _run(world: World, kind: str, upto: int, moment: str = "") -> int | None:
    process = CONTEXT.Process(target=_follow, args=(world.url, kind, upto, moment))
    process.start()
    process.join(60)
    return process.exitcode


def _taken(world: World, kind: str) -> tuple[list[int], int]:
    """What is there of the upstream events, and how far the checkpoint says they are."""
    column, table = ("stream_version", "events") if kind == "events" else ("position", "mine")
    rows = world.rows(f"SELECT {column} FROM {table} ORDER BY {column}")  # noqa: S608 - names of ours
    store = Store(world.url)
    done = SqlTrackingRecorder(store).max_tracking_id("upstream") or 0
    store.close()
    return [row[0] for row in rows], done


@pytest.mark.parametrize("kind", ["events", "rows"])
def test_a_follower_killed_between_what_it_writes_and_its_checkpoint_leaves_both_or_neither(
    world: World, kind: str
) -> None:
    expected = 0
    for moment in MOMENTS:
        assert _run(world, kind, 6, moment) == -signal.SIGKILL
        expected += moment == "after the commit"
        assert _taken(world, kind) == (list(range(1, expected + 1)), expected), moment
    assert _run(world, kind, 6) == 0
    assert _taken(world, kind) == (list(range(1, 7)), 6)


@pytest.mark.parametrize("kind", ["events", "rows"])
def test_a_follower_killed_again_and_again_takes_in_everything_once(world: World, kind: str) -> None:
    dice, killed = random.Random(11), 0
    for _ in range(12):
        process = CONTEXT.Process(target=_follow, args=(world.url, kind, UPSTREAM, ""))
        process.start()
        time.sleep(dice.uniform(0.02, 0.15))
        process.kill()
        process.join(60)
        killed += process.exitcode == -signal.SIGKILL
        there, done = _taken(world, kind)
        assert there == list(range(1, done + 1))
    assert killed > 0
    assert _run(world, kind, UPSTREAM) == 0
    assert _taken(world, kind) == (list(range(1, UPSTREAM + 1)), UPSTREAM)
