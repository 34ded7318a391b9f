"""Version 2: the same log on PostgreSQL; views in builds, each with a checkpoint of its own.

The views of version 1 are thrown away: they are derived, and are made anew from the log in their new tables, which
`gk init` makes together with whatever other tables of views there are.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

_TEXTS: Final = {"meta": ("name", "value"), "events": ("stream", "name", "recorded_at", "ref", "body", "digest")}


def upgrade() -> None:
    """Keep events and settings; make the tables that writers and views take turns by."""
    server = op.get_bind().dialect.name == "postgresql"
    text_type: sa.types.TypeEngine[str] = sa.Text(collation="C") if server else sa.String()
    place: sa.types.TypeEngine[int] = sa.BigInteger() if server else sa.Integer()
    op.drop_table("limits")
    op.drop_table("checkpoints")
    if server:
        op.alter_column("events", "position", type_=place, server_default=None)
        op.execute("DROP SEQUENCE IF EXISTS events_position_seq")
        for table, columns in _TEXTS.items():
            for column in columns:
                op.alter_column(table, column, type_=text_type)
    op.create_table("turn", sa.Column("taken", sa.SmallInteger(), primary_key=True))
    op.create_table(
        "checkpoints",
        sa.Column("view", text_type, primary_key=True),
        sa.Column("build", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", place, nullable=False),
        sa.Column("live", sa.SmallInteger(), nullable=False),
        sa.Column("stopped", place),
        sa.Column("why", text_type),
    )
