"""eventsourcing's own recorder tests on ours, on both databases, and what they leave out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    IntegrityError,
    Notification,
    NotSupportedError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from sqlalchemy import text

from gkevents.store import reading
from gkevents.store.codec import LogEvent, LogMapper
from gkevents.store.engine import Store
from gkevents.store.factory import SqlAggregateRecorder
from gkevents.store.recorder import SqlRecorder
from gkevents.store.rows import chained, digest
from gkevents.store.trouble import StoreTrouble
from gkevents.terms import BEIJING
from tests.app.worlds import World, grade
from tests.servers.postgres import Server
from tests.store.library_cases import OnPostgresql, OnSqlite


class TestAsAggregateRecorderOnSqlite(OnSqlite, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return SqlAggregateRecorder(self.store)


class TestAsAggregateRecorderOnPostgresql(OnPostgresql, AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return SqlAggregateRecorder(self.store)


class TestAsApplicationRecorderOnSqlite(OnSqlite, ApplicationRecorderTestCase[SqlRecorder]):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)


class TestAsApplicationRecorderOnPostgresql(OnPostgresql, ApplicationRecorderTestCase[SqlRecorder]):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsDoNotInterleaveOnSqlite(OnSqlite, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)


class TestPositionsDoNotInterleaveOnPostgresql(OnPostgresql, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.store)


def test_the_library_s_base_classes_are_not_run_by_themselves() -> None:
    for case in (AggregateRecorderTestCase, ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase):
        assert case.__abstractmethods__


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    store.make(simulated=False)
    yield store
    store.close()


def stored(stream: str = "unit-year/s/2020/甲", version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(stream, version, "grade-given.1", state)


def test_nobody_can_subscribe_on_sqlite(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match="pull pages"):
        SqlRecorder(Store(f"sqlite:///{tmp_path}/log.db")).subscribe()


def test_a_ref_is_taken_once(store: Store) -> None:
    recorder = SqlRecorder(store)
    assert recorder.insert_events([stored()], refs=["R1"]) == [1]
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(version=2)], refs=["R1"])
    assert recorder.max_notification_id() == 1


def test_a_ref_is_taken_once_among_many_rows_too(store: Store) -> None:
    recorder, many = SqlRecorder(store), [stored(version=number) for number in range(1, 101)]
    with pytest.raises(IntegrityError):
        recorder.insert_events(many, refs=[f"R{number % 99}" for number in range(100)])
    assert recorder.max_notification_id() is None
    assert recorder.insert_events(many, refs=[f"R{number}" for number in range(100)]) == list(range(1, 101))
    assert recorder.insert_events([]) == []


def test_a_body_and_a_stream_come_back_as_they_went_in(store: Store) -> None:
    recorder, name = SqlRecorder(store), uuid4()
    recorder.insert_events([stored(str(name), state="有字".encode()), stored("名字"), stored(name.hex)])
    first, second, third = recorder.select_notifications(None, 10)
    assert (first.state, first.originator_id) == ("有字".encode(), name)
    assert (second.originator_id, third.originator_id) == ("名字", name.hex)


@pytest.mark.parametrize("number", [1, 30])
def test_bytes_that_cannot_be_kept_are_an_error_of_the_library_s_own(store: Store, number: int) -> None:
    good = [stored(version=version) for version in range(1, number)]
    with pytest.raises(ProgrammingError):
        SqlRecorder(store).insert_events([*good, stored(version=number, state=b"\xff")])
    assert SqlRecorder(store).max_notification_id() is None


def test_what_is_recorded_is_never_dated_before_what_was(store: Store) -> None:
    recorder, later = (
        SqlRecorder(store),
        (dt.datetime.now(BEIJING) + dt.timedelta(days=1)).isoformat(timespec="microseconds"),
    )
    recorder.insert_events([stored()], recorded_at=[later])
    recorder.insert_events([stored(version=2)])
    assert {moment for (moment,) in World(store.url).rows("SELECT recorded_at FROM events")} == {later}


def test_a_store_in_trouble_is_an_error_of_the_library_s_own(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/log.db")
    store.make(simulated=False)
    store.close()
    (tmp_path / "log.db").unlink()
    recorder = SqlRecorder(store)
    for use in (
        lambda: recorder.insert_events([stored()]),
        recorder.max_notification_id,
        lambda: recorder.select_events("x"),
    ):
        with pytest.raises(OperationalError):
            use()


def test_a_connection_of_the_caller_s_in_trouble_is_an_error_too(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("DROP TABLE events"))
        with pytest.raises(PersistenceError, match=r"no such table|does not exist"):
            SqlRecorder(store).insert_events([stored()], connection=connection)


def test_a_connection_that_was_closed_is_an_error_too(store: Store) -> None:
    with store.engine.connect() as connection:
        pass
    with pytest.raises(ProgrammingError, match="closed"):
        SqlRecorder(store).insert_events([stored()], connection=connection)


def test_the_rows_are_chained_as_they_are_read_back(store: Store) -> None:
    SqlRecorder(store).insert_events([stored(version=number) for number in (1, 2)], refs=["R1", None])
    SqlRecorder(store).insert_events([stored(version=number) for number in range(3, 60)])
    before = reading.GENESIS
    with store.reading() as connection:
        for row in reading.Reader(connection, store.name).rows():
            assert row.digest == reading.digest(before, tuple(row)[:-1])
            before = row.digest


def test_the_quick_digest_is_that_of_the_row_as_json() -> None:
    dice = random.Random(5)
    before = "0" * 64
    for position in range(2000):
        words = ["".join(_letter(dice) for _ in range(dice.randrange(9))) for _ in range(5)]
        written = (words[0], position * 7, words[1], words[2], dice.choice([None, words[3]]), words[4])
        [row] = chained(position, before, [written])
        said = json.dumps([before, position + 1, *written], ensure_ascii=False)
        assert row == (position + 1, *written, hashlib.sha256(said.encode()).hexdigest())
        before = row[-1]


def _letter(dice: Any) -> str:  # noqa: ANN401 - a random.Random
    return chr(dice.choice([dice.randrange(0x80), dice.randrange(0xD800), dice.randrange(0xE000, 0x110000)]))


@pytest.mark.parametrize(
    "row",
    [
        ("1", "s", 1, "n", "t", None, "b"), (1, "s", "1", "n", "t", None, "b"), (1, "s", 1.0, "n", "t", None, "b"),
        (1, b"s", 1, "n", "t", None, "b"), (1, "s", 1, "n", None, None, "b"), (1, "s", 1, "n", "t", 7, "b"),
        (1, "s", 1, "n", "t", None, "\udcff"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_column_s_kind_has_no_digest(row: Any) -> None:  # noqa: ANN401 - of any kind
    with pytest.raises((TypeError, ValueError)):
        digest("", row)


def _received(recorder: SqlRecorder, gt: int | None, number: int, topics: Sequence[str] = ()) -> list[Notification]:
    """The next events that a subscription gives."""
    found: list[Notification] = []
    with recorder.subscribe(gt=gt, topics=topics) as subscription:
        while len(found) < number:
            found.append(next(subscription))
    return found


def test_a_subscription_hears_of_what_others_write_afterwards(database_url: str) -> None:
    store = Store(database_url)
    store.make(simulated=False)
    recorder, found = SqlRecorder(store), list[Notification]()
    listening = Thread(target=lambda: found.extend(_received(recorder, None, 4)))
    listening.start()
    for number in (1, 2):
        SqlRecorder(store).insert_events([stored(version=2 * number - 1), stored(version=2 * number)])
    listening.join(20)
    assert [each.id for each in found] == [1, 2, 3, 4]
    assert [each.id for each in _received(recorder, 2, 2, ["grade-given.1"])] == [3, 4]
    store.close()


def test_a_subscription_goes_on_after_its_connections_were_cut(database_url: str) -> None:
    store = Store(database_url)
    store.make(simulated=False)
    recorder = SqlRecorder(store)
    with recorder.subscribe() as subscription:
        recorder.insert_events([stored()])
        assert next(subscription).id == 1
        World(database_url).rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'"
        )
        recorder.insert_events([stored(version=2)])
        assert next(subscription).id == 2
    store.close()


def test_a_subscription_ends_with_what_is_wrong_where_the_database_is_gone_for_good(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gkevents.store.recorder.PATIENCE", 0.3)
    name = postgres.database()
    store = Store(postgres.url(name))
    store.make(simulated=False)
    with SqlRecorder(store).subscribe() as subscription:
        postgres.drop(name)
        with pytest.raises((StoreTrouble, OperationalError)):  # the words depend on the moment it is met
            next(subscription)
    store.close()


def test_the_mapper_takes_events_of_the_log_only() -> None:
    mapper = LogMapper()
    event = LogEvent("s", 1, "grade-given.1", grade("甲", "2020-11-20", "L15", "7"))
    assert mapper.to_domain_event(mapper.to_stored_event(event)) == event
    for other in (LogEvent("s", 1, "grade-given.9", {}), object()):
        with pytest.raises(TypeError, match="not an event of the log"):
            mapper.to_stored_event(other)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown event"):
        mapper.to_domain_event(StoredEvent("s", 1, "guessed.1", b"{}"))
    with pytest.raises(ValueError, match="truncated"):
        mapper.to_domain_event(StoredEvent("s", 1, "grade-given.1", b"{"))
