"""The triggers that refuse to change an event: are they there, awake, and do they refuse?"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from gkevents.store.tables import GUARDS

_AWAKE: Final = {
    "sqlite": """SELECT name FROM sqlite_master
        WHERE type = 'trigger' AND tbl_name = 'events' AND sql LIKE '%RAISE(ABORT%'""",
    # one that is disabled (D) or that only a replica heeds (R) guards nothing
    "postgresql": """SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE tgrelid = CAST('events' AS regclass) AND NOT tgisinternal AND tgenabled IN ('O', 'A')
        AND prosrc LIKE '%RAISE EXCEPTION%'""",
}


def missing_guards(connection: Connection) -> list[str]:
    """The names of the guards that are gone, asleep, or do nothing any more; `gk init` puts them back."""
    database = connection.dialect.name
    awake = set(connection.execute(text(_AWAKE[database])).scalars())
    return [name for name in GUARDS[database] if name not in awake]
