"""The narrow role on a PostgreSQL server: it may add to the log and read it, and work on the views; nothing else.

The application runs under it, so that even a program gone wrong, or a password gone astray, cannot change an event:
the role owns nothing, and what only an owner may do (drop a trigger, alter a table) is closed to it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect, text

from gkevents.aggregates.refusals import Refusal
from gkevents.store.tables import events, meta, metadata, turn
from gkevents.words import N_

NAME_BYTES_MAX: Final = 63
"""What PostgreSQL keeps of a name; it cuts the rest off without a word."""

_RIGHTS: Final = {meta.name: "SELECT", events.name: "SELECT, INSERT", turn.name: "SELECT, UPDATE"}
_ON_VIEWS: Final = "SELECT, INSERT, UPDATE, DELETE"


class RolesOnServersOnly(Refusal):
    """A file has no roles."""

    code = "roles-on-servers-only"
    template = N_("{store} is a file: it has no roles. Who may write to it is decided by the file's own rights.")


class NoNameOfARole(Refusal):
    """PostgreSQL keeps the name for itself, cuts it off, or cannot write it."""

    code = "no-name-of-a-role"
    template = N_(
        "{role} cannot be the name of a role: take 1 to 63 letters and digits, no word that PostgreSQL keeps."
    )


class RoleTooMighty(Refusal):
    """The role may do whatever it likes already, so nothing would hold it."""

    code = "role-too-mighty"
    template = N_(
        "The role {role} may do more than the application needs: it rules the server, or owns the store's tables. "
        "Name another one."
    )


def must_be_a_name(role: str) -> None:
    """Raise NoNameOfARole where a role cannot be called so."""
    kept = role in ("public", "none", "current_user", "current_role", "session_user") or role.startswith("pg_")
    if not role or kept or not role.isprintable() or len(role.encode(errors="replace")) > NAME_BYTES_MAX:
        raise NoNameOfARole(role=role)


def grant(connection: Connection, role: str) -> bool:
    """Make the role (LOGIN, no password) unless it is there, and give it exactly its rights; True if it was made.

    Within the caller's transaction. Raises RoleTooMighty, or what the database says where we may not do this.
    """
    found = connection.execute(text("SELECT oid FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    if found is None:
        _run(connection, f"CREATE ROLE {quoted} LOGIN")
    said = connection.dialect.identifier_preparer.quote_identifier
    database = said(str(connection.execute(text("SELECT current_database()")).scalar()))
    schema = said(str(connection.execute(text("SELECT current_schema()")).scalar()))
    _run(connection, f"GRANT CONNECT ON DATABASE {database} TO {quoted}")
    _run(connection, f"GRANT USAGE ON SCHEMA {schema} TO {quoted}")
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there:
            rights = _RIGHTS.get(table.name, _ON_VIEWS)
            _run(connection, f"REVOKE ALL ON {schema}.{said(table.name)} FROM {quoted}")
            _run(connection, f"GRANT {rights} ON {schema}.{said(table.name)} TO {quoted}")
    if _mighty(connection, role):
        raise RoleTooMighty(role=role)
    return found is None


def _mighty(connection: Connection, role: str) -> bool:
    """Whether a role, all in all, may change an event, or may become whoever owns the store's tables."""
    query = text(
        """SELECT has_table_privilege(r.oid, 'events', 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR EXISTS (
            SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
            AND pg_has_role(r.oid, c.relowner, 'MEMBER')
        ) FROM pg_roles r WHERE r.rolname = :role"""
    )
    return bool(connection.execute(query, {"role": role}).scalar())


def _run(connection: Connection, statement: str) -> None:
    """Run a statement as it stands."""
    connection.exec_driver_sql(statement)
