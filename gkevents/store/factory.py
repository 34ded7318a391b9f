"""Our recorders for any application built on eventsourcing: PERSISTENCE_MODULE=gkevents.store.factory, GK_STORE=URL.

CREATE_TABLE=no leaves the store as it is; otherwise the log's tables are made where they are not there (those of the
views by `gk init`, which does no harm to a store that is there). Bodies are text in this store, so
a mapper that compresses or enciphers can be made but what it gives cannot be recorded; snapshots are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from gkevents.store.engine import Store
from gkevents.store.recorder import SqlRecorder, said_by_the_library
from gkevents.store.tracking import SqlProcessRecorder, SqlTrackingRecorder

T = TypeVar("T")


class SqlAggregateRecorder(SqlRecorder):
    """The recorder where no positions are asked for: eventsourcing wants silence there."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:  # noqa: ANN401 - the interface
        """Write events in one go."""
        super().insert_events(stored_events, **kwargs)


class Factory(InfrastructureFactory[SqlTrackingRecorder]):
    """Makes recorders on the store that GK_STORE names."""

    GK_STORE: Final = "GK_STORE"
    CREATE_TABLE: Final = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        """Read the store's URL; nothing is opened yet. Raises OSError where there is none."""
        super().__init__(env)
        url = self.env.get(self.GK_STORE)
        if not url:
            msg = f"no store is named; set one of {', '.join(self.env.create_keys(self.GK_STORE))} to its URL"
            raise OSError(msg)
        self.store = Store(url)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder for streams. Raises NotSupportedError for snapshots: a log that says all needs none."""
        if purpose != "events":
            msg = f"this store keeps events only, no {purpose}"
            raise NotSupportedError(msg)
        return SqlAggregateRecorder(self._made())

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder for streams and the whole log; another class by APPLICATION_RECORDER_TOPIC."""
        return self._named(self.APPLICATION_RECORDER_TOPIC, SqlRecorder)(self._made())

    def tracking_recorder(
        self, tracking_recorder_class: type[SqlTrackingRecorder] | None = None
    ) -> SqlTrackingRecorder:
        """A recorder for checkpoints; another class as given, or by TRACKING_RECORDER_TOPIC."""
        found = tracking_recorder_class or self._named(self.TRACKING_RECORDER_TOPIC, SqlTrackingRecorder)
        return found(self._made())

    def process_recorder(self) -> ProcessRecorder:
        """A recorder for events together with checkpoints; another class by PROCESS_RECORDER_TOPIC."""
        return self._named(self.PROCESS_RECORDER_TOPIC, SqlProcessRecorder)(self._made())

    def close(self) -> None:
        """Give back the store's connections."""
        self.store.close()

    def _named(self, key: str, usual: type[T]) -> type[T]:
        topic = self.env.get(key)
        found: type[T] = resolve_topic(topic) if topic else usual
        if not issubclass(found, usual):
            msg = f"{key} names {found.__qualname__}, which is no {usual.__name__}"
            raise TypeError(msg)
        return found

    def _made(self) -> Store:
        if strtobool(self.env.get(self.CREATE_TABLE) or "yes"):
            with said_by_the_library():
                self.store.make(simulated=False)
        return self.store
