"""The tables of the log. Nothing updates or deletes an event, and the database itself refuses it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, SmallInteger, String, Table, Text, UniqueConstraint

VERSION: Final = 2
"""Version of the tables; a store of a newer one is refused, one of an older one is upgraded by `gk init`."""

# Text is compared by its bytes in both databases: PostgreSQL would otherwise ask the locale it was made with.
TEXT: Final = String().with_variant(Text(collation="C"), "postgresql")
POSITION: Final = Integer().with_variant(BigInteger(), "postgresql")

metadata: Final = MetaData()

meta: Final = Table("meta", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False))

events: Final = Table(
    "events",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=True),
    Column("stream", TEXT, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("recorded_at", TEXT, nullable=False),
    Column("ref", TEXT, unique=True),
    Column("body", TEXT, nullable=False),
    Column("digest", TEXT, nullable=False),
    UniqueConstraint("stream", "stream_version", name="one_event_a_version"),
    sqlite_autoincrement=True,
)

NEWEST: Final = "SELECT position, recorded_at, digest FROM events ORDER BY position DESC LIMIT 1"
"""The end of the log; no row in an empty one."""

turn: Final = Table("turn", metadata, Column("taken", SmallInteger, primary_key=True))
"""Always empty. Whoever writes to the log locks it first (PostgreSQL): the narrow role may not lock `events` itself."""

checkpoints: Final = Table(
    "checkpoints",
    metadata,
    Column("view", TEXT, primary_key=True),
    Column("build", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", POSITION, nullable=False),
    Column("live", SmallInteger, nullable=False),
    Column("stopped", POSITION),
    Column("why", TEXT),
)
"""How far each view has come: a row a build, one of them `live`; `stopped`: the event that it cannot take in."""

FOLLOWED: Final = "followed/"
"""So begins the name of a checkpoint in another application's log, which says nothing of ours (see `tracking`)."""
OWN_LOG: Final = checkpoints.c.view.notlike(f"{FOLLOWED}%")
"""Checkpoints whose positions are those of our own log."""

_NEVER: Final = "events are never changed: answer a wrong fact with another fact"
_ABORT: Final = f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"

TRIGGERS: Final = (
    f"CREATE TRIGGER IF NOT EXISTS events_never_update BEFORE UPDATE ON events {_ABORT}",
    f"CREATE TRIGGER IF NOT EXISTS events_never_delete BEFORE DELETE ON events {_ABORT}",
    """CREATE TRIGGER IF NOT EXISTS events_never_replace BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
      OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND stream_version = NEW.stream_version)
      OR EXISTS (SELECT 1 FROM events WHERE ref = NEW.ref)
    BEGIN SELECT RAISE(ABORT, 'events are never changed: answer a wrong fact with another fact'); END""",
)
"""On SQLite. The third stands against INSERT OR REPLACE, whose deletes no trigger sees on another's connection."""

POSTGRESQL_TRIGGERS: Final = (
    # positions are given behind the lock, never by a sequence, so that none is left out
    "ALTER TABLE events ALTER COLUMN position DROP DEFAULT",
    "DROP SEQUENCE IF EXISTS events_position_seq",
    f"""CREATE OR REPLACE FUNCTION events_never_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_NEVER}'; END $$""",
    """CREATE OR REPLACE TRIGGER events_never_change BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_never_change()""",
    """CREATE OR REPLACE TRIGGER events_never_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_never_change()""",
)
"""On PostgreSQL; they also fire for ON CONFLICT DO UPDATE, for MERGE, and where a foreign key would cascade."""

GUARDS: Final = {
    "sqlite": tuple(trigger.split()[5] for trigger in TRIGGERS),
    "postgresql": ("events_never_change", "events_never_truncate"),
}
"""The names of the triggers, by database."""
