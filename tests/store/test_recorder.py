"""eventsourcing's own recorder tests on ours, and what they leave out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    IntegrityError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from sqlalchemy import text

from gkevents.store.codec import LogEvent, LogMapper
from gkevents.store.engine import Store
from gkevents.store.recorder import SqlRecorder


class SilentRecorder(SqlRecorder):
    """Ours as a plain aggregate recorder, which gives no positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - the interface
        super().insert_events(stored_events, **kwargs)


class _InAFolder:
    """A store of its own for every test."""

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.store = Store(f"sqlite:///{self.folder}/log.db")
        self.store.make(simulated=False)

    def tearDown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


class TestAsAggregateRecorder(_InAFolder, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return SilentRecorder(self.store)


class TestAsApplicationRecorder(_InAFolder, ApplicationRecorderTestCase[SqlRecorder]):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)


class TestPositionsDoNotInterleave(_InAFolder, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)


def test_the_library_s_base_classes_are_not_run_by_themselves() -> None:
    for case in (AggregateRecorderTestCase, ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase):
        assert case.__abstractmethods__


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path}/log.db")
    store.make(simulated=False)
    return store


def stored(stream: str = "unit-year/s/2020/甲", version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(stream, version, "grade-given.1", state)


def test_nobody_can_subscribe_on_sqlite(store: Store) -> None:
    with pytest.raises(NotSupportedError, match="pull pages"):
        SqlRecorder(store).subscribe()


def test_a_ref_is_taken_once(store: Store) -> None:
    recorder = SqlRecorder(store)
    assert recorder.insert_events([stored()], refs=["R1"]) == [1]
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(version=2)], refs=["R1"])
    assert recorder.max_notification_id() == 1


def test_a_body_and_a_stream_come_back_as_they_went_in(store: Store) -> None:
    recorder = SqlRecorder(store)
    recorder.insert_events([stored(str(uuid4()), state="有字".encode()), stored("名字")])
    first, second = recorder.select_notifications(None, 10)
    assert (first.state, second.originator_id) == ("有字".encode(), "名字")


def test_bytes_that_cannot_be_kept_are_an_error_of_the_library_s_own(store: Store) -> None:
    with pytest.raises(ProgrammingError):
        SqlRecorder(store).insert_events([stored(state=b"\xff")])
    assert SqlRecorder(store).max_notification_id() is None


def test_a_store_in_trouble_is_an_error_of_the_library_s_own(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE filler (a)"))
    store.close()
    (tmp_path / "log.db").unlink()
    with pytest.raises(OperationalError):
        SqlRecorder(store).insert_events([stored()])


def test_a_connection_of_the_caller_s_in_trouble_is_an_error_too(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("DROP TABLE events"))
        with pytest.raises(OperationalError, match="no such table"):
            SqlRecorder(store).insert_events([stored()], connection=connection)


def test_a_connection_that_was_closed_is_an_error_too(store: Store) -> None:
    with store.engine.connect() as connection:
        pass
    with pytest.raises(ProgrammingError, match="closed"):
        SqlRecorder(store).insert_events([stored()], connection=connection)


def test_the_mapper_takes_events_of_the_log_only() -> None:
    mapper = LogMapper()
    event = LogEvent("s", 1, "grade-given.1", {"ref": "甲"})
    assert mapper.to_domain_event(mapper.to_stored_event(event)) == event
    for other in (LogEvent("s", 1, "grade-given.9", {}), object()):
        with pytest.raises(TypeError, match="not an event of the log"):
            mapper.to_stored_event(other)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown event"):
        mapper.to_domain_event(StoredEvent("s", 1, "guessed.1", b"{}"))
    with pytest.raises(ValueError, match="Expecting"):
        mapper.to_domain_event(StoredEvent("s", 1, "grade-given.1", b"{"))
