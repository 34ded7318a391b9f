"""eventsourcing's own tests of a factory on ours, and a whole application of the library's on our store.

All that the library asks of its own factory applies to ours too. That bodies which are compressed or enciphered cannot
be recorded, and that no snapshots are kept, is ours: see the end.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    NotSupportedError,
    OperationalError,
    ProcessRecorder,
    ProgrammingError,
    TrackingRecorder,
)
from eventsourcing.tests.persistence import InfrastructureFactoryTestCase
from eventsourcing.utils import Environment, get_topic

from gkevents.store.codec import LogMapper
from gkevents.store.factory import Factory, SqlAggregateRecorder
from gkevents.store.recorder import SqlRecorder
from gkevents.store.tracking import SqlProcessRecorder, SqlTrackingRecorder
from tests.store.library_cases import OnPostgresql, OnSqlite

MODULE = "gkevents.store.factory"


class OwnTrackingRecorder(SqlTrackingRecorder):
    """One of somebody's own."""


class _Expected:
    env: Environment
    url: str

    @pytest.fixture(autouse=True)
    def _named(self, _made: None) -> None:
        self.env = Environment(env={"PERSISTENCE_MODULE": MODULE, "GK_STORE": self.url})

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return SqlAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return SqlRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return SqlTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OwnTrackingRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return SqlProcessRecorder


class TestFactoryOnSqlite(OnSqlite, _Expected, InfrastructureFactoryTestCase[Factory]):
    pass


class TestFactoryOnPostgresql(OnPostgresql, _Expected, InfrastructureFactoryTestCase[Factory]):
    pass


class Ledger(Aggregate):
    """An aggregate of the library's own kind."""

    @event("Opened")
    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.lines: list[str] = []

    @event("Written")
    def write(self, line: str) -> None:
        self.lines.append(line)


def made(url: str, **more: str) -> Factory:
    env = {"PERSISTENCE_MODULE": MODULE, "GK_STORE": url, **more}
    factory = InfrastructureFactory.construct(env)
    assert isinstance(factory, Factory)
    return factory


def test_an_application_of_the_library_s_own_keeps_its_aggregates_in_our_store(store_url: str) -> None:
    env = {"PERSISTENCE_MODULE": MODULE, "GK_STORE": store_url}
    with Application[UUID](env=env) as application:
        ledger = Ledger("甲镇")
        ledger.write("一")
        application.save(ledger)
        ledger.write("二")
        [recording] = application.save(ledger)
        assert recording.notification.id == 3
    with Application[UUID](env=env) as application:
        found: Ledger = application.repository.get(ledger.id)
        assert (found.unit, found.lines, found.version) == ("甲镇", ["一", "二"], 3)
        assert [each.id for each in application.notification_log.select(start=1, limit=10)] == [1, 2, 3]


def test_a_store_must_be_named() -> None:
    with pytest.raises(OSError, match="no store is named; set one of GK_STORE"):
        InfrastructureFactory.construct({"PERSISTENCE_MODULE": MODULE})


def test_nothing_is_made_where_nothing_shall_be_made(tmp_path: Path) -> None:
    factory = made(f"sqlite:///{tmp_path}/log.db", CREATE_TABLE="no")
    with pytest.raises(OperationalError, match=re.escape(str(tmp_path))):
        factory.application_recorder().max_notification_id()
    assert list(tmp_path.iterdir()) == []


def test_where_a_store_cannot_be_made_the_error_is_the_library_s_own(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        made(f"sqlite:///{tmp_path}/missing/log.db").process_recorder()


def test_a_class_named_for_a_recorder_must_be_one(tmp_path: Path) -> None:
    factory = made(f"sqlite:///{tmp_path}/log.db", APPLICATION_RECORDER_TOPIC=get_topic(OwnTrackingRecorder))
    with pytest.raises(
        TypeError, match="APPLICATION_RECORDER_TOPIC names OwnTrackingRecorder, which is no SqlRecorder"
    ):
        factory.application_recorder()


def test_no_snapshots_are_kept(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match="this store keeps events only, no snapshots"):
        made(f"sqlite:///{tmp_path}/log.db").aggregate_recorder("snapshots")


def test_a_body_that_was_compressed_is_refused(tmp_path: Path) -> None:
    env = {"PERSISTENCE_MODULE": MODULE, "GK_STORE": f"sqlite:///{tmp_path}/log.db", "COMPRESSOR_TOPIC": "zlib"}
    with Application[UUID](env=env) as application, pytest.raises(ProgrammingError, match="text that is none"):
        application.save(Ledger("甲镇"))


def test_the_log_s_own_mapper_can_be_named(tmp_path: Path) -> None:
    factory = made(f"sqlite:///{tmp_path}/log.db", MAPPER_TOPIC=get_topic(LogMapper))
    assert isinstance(factory.mapper(mapper_class=None), LogMapper)
    factory.env["COMPRESSOR_TOPIC"] = "zlib"
    with pytest.raises(TypeError, match="no compressor and no cipher"):
        factory.mapper(mapper_class=None)
