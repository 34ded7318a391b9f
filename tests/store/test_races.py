"""Two runners on one checkpoint: whatever they do at the same moment, no position is ever held by both."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking

from gkevents.store.engine import Store
from gkevents.store.tracking import SqlProcessRecorder, SqlTrackingRecorder
from tests.app.worlds import World
from tests.store.crowds import crowd

TRIES = 200


@pytest.fixture
def url(store_url: str) -> str:
    store = Store(store_url)
    store.make(simulated=False)
    store.close()
    return store_url


def _follow(_who: int, together: Any, url: str) -> list[int]:  # noqa: ANN401 - a barrier of threads or of processes
    """Record every position in its turn, at the same moment as the other; those that were ours."""
    store, won = Store(url), []
    recorder = SqlTrackingRecorder(store)
    for position in range(1, TRIES + 1):
        together.wait(30)
        try:
            recorder.insert_tracking(Tracking("upstream", position))
        except IntegrityError:
            continue
        won.append(position)
    store.close()
    return won


def _process(who: int, together: Any, url: str) -> list[int]:  # noqa: ANN401
    """The same, with an event that says whose it is."""
    store, won = Store(url), []
    recorder = SqlProcessRecorder(store)
    for position in range(1, TRIES + 1):
        event = StoredEvent(f"unit-year/s/2020/{who}", position, "grade-given.1", b"{}")
        together.wait(30)
        try:
            recorder.insert_events([event], tracking=Tracking("upstream", position))
        except IntegrityError:
            continue
        won.append(position)
    store.close()
    return won


def _first(_who: int, together: Any, url: str) -> list[int]:  # noqa: ANN401
    """The very first position of many followers, which no row is there for yet."""
    store, won = Store(url), []
    recorder = SqlTrackingRecorder(store)
    for position in range(1, TRIES + 1):
        together.wait(30)
        try:
            recorder.insert_tracking(Tracking(f"upstream{position}", 1))
        except IntegrityError:
            continue
        won.append(position)
    store.close()
    return won


def _by_threads(doing: Any, given: Any) -> list[list[int]]:  # noqa: ANN401 - a function as `crowd` takes it
    together, found = threading.Barrier(2), dict[int, list[int]]()

    def run(who: int) -> None:
        found[who] = doing(who, together, given)

    threads = [threading.Thread(target=run, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[who] for who in range(2)]


@pytest.mark.parametrize("kind", ["threads", "processes"])
@pytest.mark.parametrize("doing", [_follow, _process])
def test_of_two_runners_one_alone_records_a_position(url: str, kind: str, doing: Any) -> None:  # noqa: ANN401
    one, other = _by_threads(doing, url) if kind == "threads" else crowd(2, doing, url)
    assert sorted(one + other) == list(range(1, TRIES + 1))
    world = World(url)
    assert world.rows("SELECT position FROM checkpoints") == [(TRIES,)]
    if doing is _process:
        rows = world.rows("SELECT stream, stream_version FROM events ORDER BY position")
        held = {f"unit-year/s/2020/{who}": won for who, won in enumerate((one, other))}
        assert [version for _, version in rows] == list(range(1, TRIES + 1))
        assert all(version in held[stream] for stream, version in rows)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_of_two_runners_one_alone_records_the_first_position(url: str, kind: str) -> None:
    one, other = _by_threads(_first, url) if kind == "threads" else crowd(2, _first, url)
    assert sorted(one + other) == list(range(1, TRIES + 1))
