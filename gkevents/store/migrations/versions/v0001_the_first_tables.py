"""Version 1: the log and its settings, the view of limits and how far it came."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

_ABORT: Final = "BEGIN SELECT RAISE(ABORT, 'events are never changed: answer a wrong fact with another fact'); END"
_TRIGGERS: Final = (
    f"CREATE TRIGGER events_never_update BEFORE UPDATE ON events {_ABORT}",
    f"CREATE TRIGGER events_never_delete BEFORE DELETE ON events {_ABORT}",
    f"""CREATE TRIGGER events_never_replace BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
      OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND stream_version = NEW.stream_version)
      OR EXISTS (SELECT 1 FROM events WHERE ref = NEW.ref)
    {_ABORT}""",  # noqa: S608 - our own words
)


def upgrade() -> None:
    """Make the tables of version 1."""
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("stream_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), unique=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.UniqueConstraint("stream", "stream_version", name="one_event_a_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "checkpoints",
        sa.Column("view", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "limits",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("item", sa.String()),
        sa.Column("opened", sa.String(), nullable=False),
        sa.Column("due", sa.String(), index=True),
        sa.Column("state", sa.String(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _TRIGGERS:
            op.execute(trigger)
