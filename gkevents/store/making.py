"""How a store is made, and one of an older version brought up to date: what `gk init` does, in one transaction.

Whatever ends it early leaves the store that was there before, or none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, insert, inspect, text

from gkevents.store.guards import missing_guards
from gkevents.store.roles import RolesOnServersOnly, grant, must_be_a_name
from gkevents.store.tables import POSTGRESQL_TRIGGERS, TRIGGERS, VERSION, meta, metadata
from gkevents.store.trouble import NotAStore, StoreTooOld

if TYPE_CHECKING:
    from gkevents.store.engine import Store


class Made(NamedTuple):
    """Whether a store was made now; else the version that it was brought up from, and where that one is kept.

    `role_made`: whether the role that was asked for was made now; it may have been there before.
    """

    created: bool
    older: int | None = None
    kept: Path | None = None
    role_made: bool = False


def made(connection: Connection, store: Store, *, simulated: bool, role: str | None = None) -> Made:
    """Make the tables that are not there, within the caller's transaction. Raises StoreTrouble, having changed nothing.

    A store of an older version is kept beside it (a file) or in the current folder (its log, from a server) first.
    """
    if role is not None:
        _must_be_a_role(store, role)
    if store.shared and connection.execute(text("SHOW server_encoding")).scalar() != "UTF8":
        raise NotAStore(store.name, "its database is not in UTF8")
    found = _tables(connection, store, simulated=simulated)
    return found if role is None else found._replace(role_made=grant(connection, role))


def _tables(connection: Connection, store: Store, *, simulated: bool) -> Made:
    tables = inspect(connection).get_table_names()
    if not tables:
        _make(connection)
        rows = {"version": str(VERSION), "clock": "simulated" if simulated else "real"}
        connection.execute(insert(meta), [{"name": name, "value": value} for name, value in rows.items()])
        return Made(created=True)
    if meta.name not in tables:
        raise NotAStore(store.name, "it holds other tables")
    older = _older(connection, store)
    kept = _brought_up(connection, store, older) if older is not None else None
    _make(connection)
    return Made(created=False, older=older, kept=kept)


def _must_be_a_role(store: Store, role: str) -> None:
    if not store.shared:
        raise RolesOnServersOnly(store=store.name)
    must_be_a_name(role)


def _older(connection: Connection, store: Store) -> int | None:
    """The version of a store that is older than ours; None where it is ours. Raises NotAStore, StoreTooNew."""
    try:
        store.settings(connection)
    except StoreTooOld as older:
        return older.version
    return None


def _brought_up(connection: Connection, store: Store, version: int) -> Path:
    """Keep a store as it is and bring its tables up to today's; where it is kept."""
    from gkevents.store.migrations import upgrade  # noqa: PLC0415 - seldom needed and slow to import

    kept = _kept_log(connection, store, version) if store.shared else _kept_file(store, version)
    upgrade(connection, version, to=VERSION)
    return kept


def _kept_file(store: Store, version: int) -> Path:
    """A copy of a SQLite store, through a connection of its own: the one that holds the lock cannot be copied from."""
    from gkevents.store.backup import copy_of, own_file  # noqa: PLC0415
    from gkevents.store.placing import dated  # noqa: PLC0415

    with store.engine.connect() as connection, connection.begin():
        file = own_file(connection)
        if file is None:
            raise StoreTooOld(store.name, str(version))
        return copy_of(connection, store, dated(file, f"v{version}", ".db")).file


def _kept_log(connection: Connection, store: Store, version: int) -> Path:
    """The log of a store on a server, in the current folder."""
    from gkevents.store.placing import dated, placed  # noqa: PLC0415
    from gkevents.store.transfer import export_log  # noqa: PLC0415

    clock = connection.execute(text("SELECT value FROM meta WHERE name = 'clock'")).scalar_one()
    target = dated(Path.cwd() / str(store.engine.url.database), f"v{version}", ".jsonl")
    with placed(target, force=False) as (part, final):
        with part.open("wb") as file:
            export_log(connection, store.name, file.write, clock=clock)
        return final


def _make(connection: Connection) -> None:
    """Make every table that is not there, and put the guards of the events where one is missing."""
    metadata.create_all(connection)
    gone = missing_guards(connection)
    if not gone:  # the narrow role may not even try
        return
    file = connection.dialect.name == "sqlite"
    asleep = [f"DROP TRIGGER IF EXISTS {name}" for name in gone] if file else []
    for statement in (*asleep, *(TRIGGERS if file else POSTGRESQL_TRIGGERS)):
        connection.exec_driver_sql(statement)
