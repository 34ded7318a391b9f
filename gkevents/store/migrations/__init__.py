"""From the tables of an older version to today's, one revision a version; `gk init` runs them, nothing else does.

A new store is made in one go from `tables`, which is quicker; a test holds both ways equal. The version lies in the
table `meta` alone: a second number beside it, such as Alembic's own table, could only disagree.
"""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text


def upgrade(connection: Connection, version: int, *, to: int) -> None:
    """Bring the tables from a version (0: none yet) to another, within the caller's transaction."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    lower = f"{version:04}" if version else "base"
    revisions = [*scripts.iterate_revisions(f"{to:04}", lower)][::-1]
    with Operations.context(MigrationContext.configure(connection)):
        for revision in revisions:
            revision.module.upgrade()
    connection.execute(text("UPDATE meta SET value = :version WHERE name = 'version'"), {"version": str(to)})
