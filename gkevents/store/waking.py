"""Waking whoever reads the log: told by the database on PostgreSQL, looking again and again on SQLite.

Being woken is only a hint to look: what is new is always read from the log itself, page by page, so a call that is
missed or comes twice does no harm.
"""

from __future__ import annotations

import sqlite3
import time
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, exc

from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreTrouble, translated

CHANNEL: Final = "gk_log"
"""Where PostgreSQL says the newest position after every append."""

LOOK_SECONDS: Final = 0.2
"""How often a SQLite store is looked at, and how long to wait before a lost server is asked again."""

ASK_SECONDS: Final = 5.0
"""A server is asked for the newest position at least so often, in case something between us swallows what it says."""

_HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"


NOTIFYING: Final = f"pg_notify('{CHANNEL}', position::text)"
"""What an INSERT on a server can return, so that it says its position itself."""


def notify(connection: Connection, position: int) -> None:
    """Say the newest position to everybody who waits; heard when the transaction is committed, never before.

    Whoever appends to the log calls this once, within the transaction. Nothing is said on SQLite.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_notify('{CHANNEL}', %s)", (str(position),))


def wait(store: Store, after: int, timeout: float) -> bool:
    """Whether the log has moved past a position; returns as soon as it has, or after `timeout` seconds.

    Raises StoreTrouble where the store cannot be reached. Whoever waits again and again keeps a `Waker`.
    """
    with Waker(store) as waker:
        return waker.wait(after, timeout) > after


class Waker:
    """Waits for news of a log; on PostgreSQL over a connection of its own, made anew where it is lost."""

    def __init__(self, store: Store) -> None:
        """Wait for news of `store`; nothing is opened yet."""
        self.store = store
        self._newest = 0
        self._asked = 0.0
        self._line: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def wait(self, after: int, timeout: float) -> int:
        """The newest position: at once where the log is past `after`, else when it is, or after `timeout` seconds.

        Raises StoreTrouble where the store cannot be reached and stays so until the time is up.
        """
        end = time.monotonic() + timeout
        while True:
            try:
                return self._listened(after, end) if self.store.shared else self._looked(after, end)
            except StoreTrouble:
                self.close()
                if time.monotonic() + LOOK_SECONDS >= end:
                    raise
            time.sleep(LOOK_SECONDS)

    def _looked(self, after: int, end: float) -> int:
        while True:
            with self.store.reading() as connection:
                newest = Reader(connection, self.store.name).head()[0]
            left = end - time.monotonic()
            if newest > after or left <= 0:
                return newest
            time.sleep(min(left, LOOK_SECONDS))

    def _listened(self, after: int, end: float) -> int:
        try:
            driver = self._listening()
            while self._newest <= after and (left := end - time.monotonic()) > 0:
                again = max(0.0, self._asked + ASK_SECONDS - time.monotonic())
                for said in driver.notifies(timeout=min(left, again), stop_after=1):
                    self._newest = max(self._newest, int(said.payload))
                if time.monotonic() >= self._asked + ASK_SECONDS:
                    self._ask(driver)
        except (exc.SQLAlchemyError, sqlite3.Error) as error:
            raise translated(self.store.name, error) from error
        except Exception as error:
            if not type(error).__module__.startswith("psycopg"):
                raise
            raise translated(self.store.name, error) from error
        return self._newest

    def _listening(self) -> Any:  # noqa: ANN401 - the driver's own connection
        """The connection we listen on; the newest position is asked for after listening: nothing falls between."""
        if self._line is None:
            pooled = self.store.engine.raw_connection()
            line: Any = pooled.driver_connection
            pooled.detach()  # it never goes back to the others: it listens
            self._line = line
            line.autocommit = True
            line.execute(f"LISTEN {CHANNEL}")
            self._ask(line)
        return self._line

    def _ask(self, driver: Any) -> None:  # noqa: ANN401
        self._newest = max(self._newest, driver.execute(_HEAD).fetchone()[0])
        self._asked = time.monotonic()
