"""How the use cases open a store: to read, to decide on a snapshot, to write behind the lock; and what time it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from gkevents.aggregates import refusals as no
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.trouble import NoStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gkevents.app.clock import Clock
    from gkevents.app.memory import Memory
    from gkevents.app.recording import Session


class Opening:
    """A store, the time told to it, and what this process remembers of it from one write to the next."""

    def __init__(self, url: str, *, now: dt.datetime | None = None, replaying: bool = False) -> None:
        """Remember where; nothing is opened yet. `replaying`: answer every question from the log, without the views."""
        self.store = Store(url)
        self.now = now
        self.replaying = replaying
        self._memory: Memory | None = None

    def _must_be_simulated(self) -> None:
        """Before anything is made: a time may be told only to a store that is there and has a simulated clock."""
        try:
            with self._reading():
                return
        except NoStore as error:
            raise no.SimulatedOnly from error

    def _simulated(self, reader: Reader) -> bool:
        simulated = self.store.settings(reader.connection)["clock"] == "simulated"
        if self.now is not None and not simulated:
            raise no.SimulatedOnly
        return simulated

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with self.store.reading() as connection:
            reader = Reader(connection, self.store.name)
            self._simulated(reader)
            yield reader

    @contextmanager
    def _looking(self) -> Iterator[Session]:
        """A session on a snapshot: it decides as a write would, and nothing can be appended in it."""
        from gkevents.app.memory import Memory  # noqa: PLC0415
        from gkevents.app.recording import Session  # noqa: PLC0415
        from gkevents.schemes.catalog import calendar_notices  # noqa: PLC0415

        with self._reading() as reader:
            memory = Memory()
            yield Session(reader, self._clock(reader, memory), calendar_notices, memory)

    @contextmanager
    def _writing(
        self, *, dry_run: bool = False, opening: Callable[[], AbstractContextManager[Connection]] | None = None
    ) -> Iterator[Session]:
        """A write: decisions behind the lock, one append at the end. The views catch up when they are asked.

        `opening`: how to come by the connection that holds the lock, where more than the log is locked.
        """
        from gkevents.app.memory import Head, Memory  # noqa: PLC0415
        from gkevents.app.recording import Session  # noqa: PLC0415
        from gkevents.schemes.catalog import calendar_notices  # noqa: PLC0415
        from gkevents.store.log import Writing  # noqa: PLC0415

        memory, self._memory = self._memory or Memory(), None
        with (opening or self.store.writing)() as connection:
            write = Writing(connection, self.store, memory.versions)
            session = Session(write, self._clock(write, memory), calendar_notices, memory)
            yield session
            if dry_run:
                session.drop()
            if session.pending:
                write.append(session.pending)
        self._memory = session.end(Head(*write.head()))

    def _clock(self, reader: Reader, memory: Memory) -> Clock:
        """The store's clock at the newest event, which `memory` looks at."""
        from gkevents.app.clock import Clock  # noqa: PLC0415

        head = memory.look(reader)
        if memory.simulated is None or self.now is not None:
            memory.simulated = self._simulated(reader)
        return Clock(head.recorded_at, simulated=memory.simulated, now=self.now)
