"""The tables of the log. Nothing updates or deletes an event, and the database itself refuses it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, MetaData, String, Table, UniqueConstraint

VERSION: Final = 1
"""Version of the tables; a store of a newer one is refused, one of an older one is upgraded by `gk init`."""

metadata: Final = MetaData()

meta: Final = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

events: Final = Table(
    "events",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("stream", String, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("ref", String, unique=True),
    Column("body", String, nullable=False),
    Column("digest", String, nullable=False),
    UniqueConstraint("stream", "stream_version", name="one_event_a_version"),
    sqlite_autoincrement=True,
)

_NEVER: Final = "BEGIN SELECT RAISE(ABORT, 'events are never changed: answer a wrong fact with another fact'); END"

TRIGGERS: Final = (
    f"CREATE TRIGGER IF NOT EXISTS events_never_update BEFORE UPDATE ON events {_NEVER}",
    f"CREATE TRIGGER IF NOT EXISTS events_never_delete BEFORE DELETE ON events {_NEVER}",
    """CREATE TRIGGER IF NOT EXISTS events_never_replace BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
      OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND stream_version = NEW.stream_version)
      OR EXISTS (SELECT 1 FROM events WHERE ref = NEW.ref)
    BEGIN SELECT RAISE(ABORT, 'events are never changed: answer a wrong fact with another fact'); END""",
)
"""On SQLite. The third stands against INSERT OR REPLACE, whose deletes no trigger sees on another's connection."""

GUARDS: Final = tuple(trigger.split()[5] for trigger in TRIGGERS)
"""The names of the triggers."""
