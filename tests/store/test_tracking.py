"""eventsourcing's own tests of tracking on ours, on both databases, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from eventsourcing.persistence import IntegrityError, ProcessRecorder, StoredEvent, Tracking, TrackingRecorder
from eventsourcing.tests.persistence import ProcessRecorderTestCase, TrackingRecorderTestCase
from sqlalchemy import text

from gkevents.store.engine import Store
from gkevents.store.tracking import SqlProcessRecorder, SqlTrackingRecorder
from tests.app.worlds import World
from tests.store.library_cases import OnPostgresql, OnSqlite


class TestTrackingOnSqlite(OnSqlite, TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return SqlTrackingRecorder(self.store)


class TestTrackingOnPostgresql(OnPostgresql, TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return SqlTrackingRecorder(self.store)


class TestProcessingOnSqlite(OnSqlite, ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return SqlProcessRecorder(self.store)


class TestProcessingOnPostgresql(OnPostgresql, ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return SqlProcessRecorder(self.store)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    store.make(simulated=False)
    yield store
    store.close()


def stored(version: int = 1) -> StoredEvent:
    return StoredEvent("unit-year/s/2020/甲", version, "grade-given.1", b"{}")


def test_of_the_events_and_their_checkpoint_neither_is_there_without_the_other(store: Store) -> None:
    recorder = SqlProcessRecorder(store)
    assert recorder.insert_events([stored(1)], tracking=Tracking("upstream", 7)) == [1]
    with pytest.raises(IntegrityError, match="position 7 of upstream, or one after it, has been recorded already"):
        recorder.insert_events([stored(2)], tracking=Tracking("upstream", 7))
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(1)], tracking=Tracking("upstream", 8))
    assert (recorder.max_notification_id(), recorder.max_tracking_id("upstream")) == (1, 7)
    assert recorder.insert_events([stored(2)]) == [2]


def test_rows_of_one_s_own_are_written_together_with_the_checkpoint(store: Store) -> None:
    recorder, world = SqlTrackingRecorder(store), World(store.url)
    world.sql("CREATE TABLE mine (position INTEGER)", guarded=True)
    for position, kept in ((3, True), (3, False), (2, False), (4, True)):
        try:
            with store.updating() as connection:
                connection.execute(text("INSERT INTO mine VALUES (:position)"), {"position": position})
                recorder.insert_tracking(Tracking("upstream", position), connection=connection)
        except IntegrityError:
            assert not kept
        else:
            assert kept
    assert world.rows("SELECT position FROM mine ORDER BY position") == [(3,), (4,)]


def test_a_follower_named_like_a_view_is_not_taken_for_it(store: Store) -> None:
    recorder = SqlTrackingRecorder(store)
    recorder.insert_tracking(Tracking("scores", 5))
    assert recorder.max_tracking_id("scores") == 5
    rows = World(store.url).rows("SELECT view, build, version, position, live FROM checkpoints")
    assert rows == [("followed/scores", 1, 1, 5, 1)]


def test_how_far_another_log_was_followed_says_nothing_of_our_own_log(store: Store) -> None:
    SqlTrackingRecorder(store).insert_tracking(Tracking("upstream", 500))
    assert World(store.url).init(simulated=False).faults() == []
