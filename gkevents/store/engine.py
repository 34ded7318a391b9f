"""How a store is opened, made and closed: a SQLAlchemy engine, with what each database needs on every connection.

SQLite: one file, one writer at a time. PostgreSQL: whoever writes to the log locks the table `turn` first, so that
positions are given, and become visible, in order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url

from gkevents.store.tables import NEWEST, VERSION, meta, turn
from gkevents.store.trouble import NoFolder, NoStore, NotAStore, StoreTooNew, StoreTooOld, StoreTrouble, translated

if TYPE_CHECKING:
    from gkevents.store.making import Made

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

    @cached_property
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

    def take_turn(self, connection: Connection) -> None:
        """Make a connection that is `updating` one that is `writing`: it waits for the log's lock, and keeps it."""
        if self.shared:  # a file has one lock for everything
            driver: Any = connection.connection.driver_connection
            driver.execute(f"LOCK TABLE {turn.name} IN EXCLUSIVE MODE")

    @contextmanager
    def _opened(self, purpose: str) -> Iterator[Connection]:
        self._look_for(self.file, NoStore(self.name))
        with (
            self._translating(),
            closing(self._begun(purpose)) as connection,
            connection.get_transaction() or connection.begin(),
        ):
            self.settings(connection)
            yield connection

    def _begun(self, purpose: str) -> Connection:
        """A connection that has begun its transaction; one that was cut since it was last used is replaced, once."""
        for another in (True, False):
            connection = self._connected().execution_options(gk_purpose=purpose)
            try:
                connection.begin()
            except BaseException as error:
                cut = _is_cut(connection, error)
                if cut:
                    connection.invalidate()
                connection.close()
                if cut:  # the others that wait to be used again were cut with it
                    self.engine.dispose()
                if _has_no_tables(error):
                    raise NoStore(self.name) from error
                if not (cut and another and isinstance(error, Exception)):
                    raise
            else:
                return connection
        raise AssertionError  # the second time one of the two ways was taken

    def settings(self, connection: Connection) -> dict[str, str]:
        """The store's own settings. Raises NotAStore where there are none, StoreTooNew where they are newer."""
        found: dict[str, str] | None = connection.info.pop("gk_settings", None)  # they came with the beginning
        if found is None:
            driver: Any = connection.connection.driver_connection  # every transaction asks: by the shortest way
            found = dict(driver.execute(_SETTINGS).fetchall())
        if "clock" not in found or not found.get("version", "").isdecimal():
            raise NotAStore(self.name, "no settings")
        if int(found["version"]) > VERSION:
            raise StoreTooNew(self.name, found["version"])
        if int(found["version"]) < VERSION:
            raise StoreTooOld(self.name, found["version"])
        return found

    def make(self, *, simulated: bool, role: str | None = None) -> Made:
        """Make the tables of a new store, or bring an older one up to date; what was done (see `making`).

        `role`: on a server, one that may add to the log and no more. Raises StoreTrouble, RolesOnServersOnly,
        NoNameOfARole or RoleTooMighty, having changed nothing.
        """
        from gkevents.store import making  # noqa: PLC0415 - needed once in a store's life

        folder = self.file.parent if self.file is not None else None
        self._look_for(folder, NoFolder(self.name, str(folder)))
        with self._translating(), self._connected() as plain:
            connection = plain.execution_options(gk_purpose=_MAKING)
            with connection.begin():
                made = making.made(connection, self, simulated=simulated, role=role)
            self._log_ahead(plain)
            return made

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


def _is_cut(connection: Connection, error: BaseException) -> bool:
    """Whether an error says that the server has ended a connection (PostgreSQL 18, appendix A: 08 and 57P)."""
    closed = bool(getattr(connection.connection.driver_connection, "closed", False))
    return closed or str(getattr(error, "sqlstate", None) or "").startswith(("08", "57P"))


def _has_no_tables(error: BaseException) -> bool:
    """Whether an error says that a server's database has none of our first tables (42P01: undefined table)."""
    undefined = getattr(error, "sqlstate", None) == "42P01"
    return undefined and any(f'"{table.name}"' in str(error) for table in (meta, turn))


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
_SETTINGS: Final = f"SELECT name, value FROM {meta.name}"  # noqa: S608 - a table of ours
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
    said = {"connect_timeout": max(2, round(seconds)), "application_name": "gk", "client_encoding": "utf8"}
    waiting = {name: value for name, value in said.items() if name not in parts.query}
    # "AUTOCOMMIT": transactions begin where we say (see `_on_server_begin`), not with a journey of the driver's own
    engine = create_engine(parts, connect_args=waiting, isolation_level="AUTOCOMMIT")
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
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN" if purpose == _READING else "BEGIN IMMEDIATE")


def _on_server_begin(connection: Connection, seconds: float) -> None:
    """Begin, take what the transaction is for, and bring the store's settings along: one journey to the server."""
    purpose = connection.get_execution_options().get("gk_purpose", _READING)
    # READ COMMITTED, whatever the server's own default: what is read once a lock is ours must be of then
    wait = f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {round(seconds * 1000)}"
    statements = {
        _READING: f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {_SETTINGS}",
        _WRITING: f"{wait}; LOCK TABLE {turn.name} IN EXCLUSIVE MODE; {_SETTINGS}; {NEWEST}",
        _UPDATING: f"{wait}; {_SETTINGS}",
        _MAKING: f"{wait}; SELECT pg_advisory_xact_lock({_MAKE_LOCK})",
    }
    driver: Any = connection.connection.driver_connection
    cursor = driver.execute(statements[purpose])
    answers = [cursor.fetchall()] if cursor.description else []
    while cursor.nextset():
        answers += [cursor.fetchall()] if cursor.description else []
    if purpose != _MAKING:
        connection.info["gk_settings"] = dict(answers[0])
    connection.info["gk_newest"] = answers[1] if purpose == _WRITING else None
