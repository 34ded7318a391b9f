"""How a store is opened, made and closed: a SQLAlchemy engine with the settings SQLite needs on every connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, exc, insert, select
from sqlalchemy.engine import make_url

from gkevents.store.tables import TRIGGERS, VERSION, meta, metadata
from gkevents.store.trouble import NoStore, NotAStore, StoreTooNew, translated

BUSY_SECONDS: Final = 10


class Store:
    """One store by its SQLAlchemy URL. Opening is lazy; every error of the database leaves as a `StoreTrouble`."""

    def __init__(self, url: str) -> None:
        """Remember where; nothing is touched yet."""
        self.url = url
        self.name = url.removeprefix("sqlite:///")
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The engine, made at first use. Raises StoreTrouble where the URL cannot be understood."""
        if self._engine is None:
            try:
                self._engine = _engine(self.url)
            except Exception as error:
                raise translated(self.url, error) from error
        return self._engine

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store; None for one in memory or on a server."""
        try:
            url = make_url(self.url)
        except exc.ArgumentError as error:
            raise translated(self.url, error) from error
        database = url.database if url.get_backend_name() == "sqlite" else None
        return Path(database) if database and database != ":memory:" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads all see one moment. Raises StoreTrouble, or VersionTooNew for a newer store."""
        if self.file is not None and not self.file.exists():
            raise NoStore(self.name)
        with self._translating(), self.engine.connect() as connection, connection.begin():
            self.settings(connection)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the write lock from its first moment; commits at the end, or leaves nothing."""
        if self.file is not None and not self.file.exists():
            raise NoStore(self.name)
        with self._translating(), self.engine.connect() as plain:
            connection = plain.execution_options(gk_write=True)
            with connection.begin():
                self.settings(connection)
                yield connection

    def settings(self, connection: Connection) -> dict[str, str]:
        """The store's own settings. Raises NotAStore where there are none, StoreTooNew where they are newer."""
        found = {row.name: row.value for row in connection.execute(select(meta.c.name, meta.c.value))}
        if "version" not in found or not found["version"].isdigit():
            raise NotAStore(self.name, "no settings")
        if int(found["version"]) > VERSION:
            raise StoreTooNew(self.name, found["version"])
        return found

    def make(self, *, simulated: bool) -> bool:
        """Make the tables of a new store; True if it was made now, False if it was there already."""
        if self.file is not None and not self.file.parent.exists():
            raise NoStore(self.name)
        with self._translating(), self._ahead_logged().connect() as plain:
            connection = plain.execution_options(gk_write=True)
            with connection.begin():
                if self.engine.dialect.has_table(connection, "meta"):
                    self.settings(connection)
                    return False
                if self.engine.dialect.has_table(connection, "events"):
                    raise NotAStore(self.name, "events without settings")
                metadata.create_all(connection)
                for trigger in TRIGGERS:
                    connection.exec_driver_sql(trigger)
                rows = {"version": str(VERSION), "clock": "simulated" if simulated else "real"}
                connection.execute(insert(meta), [{"name": name, "value": value} for name, value in rows.items()])
                return True

    def _ahead_logged(self) -> Engine:
        """The engine, its SQLite file switched to write-ahead logging, which readers do not have to wait for."""
        if self.engine.dialect.name == "sqlite":
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                raw.close()
        return self.engine

    def close(self) -> None:
        """Give back what the engine holds."""
        if self._engine is not None:
            self._engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except (exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise translated(self.name, error) from error


def _engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("gk_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

