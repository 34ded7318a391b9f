"""How a store is opened, made and closed: a SQLAlchemy engine, with what each database needs on every connection.

SQLite: one file, one writer at a time. PostgreSQL: whoever writes to the log locks the table `turn` first, so that
positions are given, and become visible, in order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, insert, inspect, select
from sqlalchemy.engine import make_url

from gkevents.store.tables import POSTGRESQL_TRIGGERS, TRIGGERS, VERSION, meta, metadata, turn
from gkevents.store.trouble import NoFolder, NoStore, NotAStore, StoreTooNew, StoreTooOld, StoreTrouble, translated

BUSY_SECONDS: Final = 10
"""How long to wait for somebody else's write lock, unless the URL says otherwise (`?timeout=SECONDS`)."""


class Store:
    """One store by its SQLAlchemy URL. Opening is lazy; every error of the database leaves as a `StoreTrouble`."""

    def __init__(self, url: str) -> None:
        """Remember where; nothing is touched yet."""
        self.url = url
        self.name = _named(url)
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine, made at first use. Raises StoreTrouble where the URL cannot be understood."""
        if self._engine is None:
            try:
                self._engine = _engine(self.url)
            except Exception as error:
                raise translated(self.name, error) from error
        return self._engine

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store; None for one in memory, on a server, or named by a URI of SQLite's own."""
        try:
            url = make_url(self.url)
        except exc.ArgumentError as error:
            raise translated(self.name, error) from error
        database = url.database if url.get_backend_name() == "sqlite" else None
        return Path(database) if database and database != ":memory:" and "uri" not in url.query else None

    @property
    def shared(self) -> bool:
        """Whether the store lies on a PostgreSQL server."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads all see one moment. Raises StoreTrouble."""
        with self._opened(_READING) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the log's lock from its first moment; commits at the end, or leaves nothing."""
        with self._opened(_WRITING) as connection:
            yield connection

    @contextmanager
    def updating(self) -> Iterator[Connection]:
        """A connection that may write to views; on PostgreSQL it does not hold up who writes to the log."""
        with self._opened(_UPDATING) as connection:
            yield connection

    @contextmanager
    def _opened(self, purpose: str) -> Iterator[Connection]:
        self._look_for(self.file, NoStore(self.name))
        with self._translating(), self._connected() as plain:
            connection = plain.execution_options(gk_purpose=purpose)
            with connection.begin():
                self.settings(connection)
                yield connection

    def settings(self, connection: Connection) -> dict[str, str]:
        """The store's own settings. Raises NotAStore where there are none, StoreTooNew where they are newer."""
        found = {row.name: row.value for row in connection.execute(select(meta.c.name, meta.c.value))}
        if "clock" not in found or not found.get("version", "").isdecimal():
            raise NotAStore(self.name, "no settings")
        if int(found["version"]) > VERSION:
            raise StoreTooNew(self.name, found["version"])
        if int(found["version"]) < VERSION:
            raise StoreTooOld(self.name, found["version"])
        return found

    def make(self, *, simulated: bool) -> bool:
        """Make the tables of a new store; True if it was made now, False if it was there already.

        Raises NotAStore, having changed nothing, where another program's tables lie.
        """
        folder = self.file.parent if self.file is not None else None
        self._look_for(folder, NoFolder(self.name, str(folder)))
        with self._translating(), self._connected() as plain:
            connection = plain.execution_options(gk_purpose=_MAKING)
            with connection.begin():
                created = self._made(connection, simulated=simulated)
            self._log_ahead(plain)
            return created

    def _made(self, connection: Connection, *, simulated: bool) -> bool:
        if self.shared and connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
            raise NotAStore(self.name, "its database is not in UTF8")
        tables = inspect(connection).get_table_names()
        if "meta" in tables:
            self.settings(connection)
        elif tables:
            raise NotAStore(self.name, "it holds other tables")
        metadata.create_all(connection)  # of a store made before: what has been added since, such as a new view
        for statement in POSTGRESQL_TRIGGERS if self.shared else TRIGGERS:
            connection.exec_driver_sql(statement)
        if "meta" in tables:
            return False
        rows = {"version": str(VERSION), "clock": "simulated" if simulated else "real"}
        connection.execute(insert(meta), [{"name": name, "value": value} for name, value in rows.items()])
        return True

    def _log_ahead(self, connection: Connection) -> None:
        """Switch a SQLite file to write-ahead logging, which readers do not have to wait for; outside a transaction."""
        if self.engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA journal_mode=WAL")

    def _connected(self) -> Connection:
        """A connection. Raises StoreTrouble where the URL's own settings cannot be used."""
        try:
            return self.engine.connect()
        except (TypeError, ValueError) as error:
            raise translated(self.name, error) from error

    def _look_for(self, path: Path | None, missing: StoreTrouble) -> None:
        """Raise `missing` where a path does not exist; a path that cannot even be asked about is a trouble too."""
        try:
            found = path is None or path.exists()
        except OSError as error:
            raise translated(self.name, error) from error
        if not found:
            raise missing

    def close(self) -> None:
        """Give back what the engine holds."""
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except (exc.SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
            raise translated(self.name, error) from error
        except Exception as error:
            if not type(error).__module__.startswith("psycopg"):  # not imported where no server is asked
                raise
            raise translated(self.name, error) from error


def _named(url: str) -> str:
    """What a store is called in a sentence: its file, else its URL without the password."""
    try:
        parts = make_url(url)
    except exc.ArgumentError:
        return url
    if parts.get_backend_name() == "sqlite" and parts.database:
        return parts.database
    return parts.render_as_string(hide_password=True)


_READING, _WRITING, _UPDATING, _MAKING = "reading", "writing", "updating", "making"
_MAKE_LOCK: Final = 20_671_001
"""Whose store is being made on a server: an advisory lock, as there is no table yet to lock."""


def _engine(url: str) -> Engine:
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return _of_a_file(parts)
    if parts.get_backend_name() != "postgresql":
        msg = "a store lies in SQLite or PostgreSQL"
        raise exc.ArgumentError(msg)
    if parts.drivername == "postgresql":
        parts = parts.set(drivername="postgresql+psycopg")
    seconds = float(str(parts.query.get("timeout", BUSY_SECONDS)))
    parts = parts.difference_update_query(["timeout"])
    said = {"connect_timeout": max(2, round(seconds)), "application_name": "gk"}
    waiting = {name: value for name, value in said.items() if name not in parts.query}
    engine = create_engine(parts, connect_args=waiting, pool_pre_ping=True)
    event.listen(engine, "begin", lambda connection: _on_server_begin(connection, seconds))
    return engine


def _of_a_file(parts: URL) -> Engine:
    waiting = {"timeout": BUSY_SECONDS} if "timeout" not in parts.query else {}
    engine = create_engine(parts, connect_args=waiting)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    purpose = connection.get_execution_options().get("gk_purpose", _READING)
    connection.exec_driver_sql("BEGIN" if purpose == _READING else "BEGIN IMMEDIATE")


def _on_server_begin(connection: Connection, seconds: float) -> None:
    """What the transaction is for; all in one go, so that it costs one journey to the server."""
    purpose = connection.get_execution_options().get("gk_purpose", _READING)
    wait = f"SET LOCAL lock_timeout = {round(seconds * 1000)}"
    statements = {
        _READING: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        _WRITING: f"{wait}; LOCK TABLE {turn.name} IN EXCLUSIVE MODE",
        _UPDATING: wait,
        _MAKING: f"{wait}; SELECT pg_advisory_xact_lock({_MAKE_LOCK})",
    }
    connection.exec_driver_sql(statements[purpose])
