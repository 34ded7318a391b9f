"""Many rows into a table at once: COPY on PostgreSQL, executemany on SQLite, past SQLAlchemy's own row by row.

Errors leave as the driver's own (`sqlite3.Error`, `psycopg.Error`): `trouble.translated` knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Dialect, Integer, SmallInteger, Table

if TYPE_CHECKING:
    from psycopg import Cursor

COPY_FROM: Final = 20
"""From so many rows on a COPY is worth its preparation."""


def write_rows(connection: Connection, table: Table, rows: Iterable[Sequence[Any]], *, returning: str = "") -> int:
    """Write rows, each in the order of the table's columns, within the connection's transaction; how many there were.

    `returning`: what an INSERT on a server is to return, for what that does; COPY, which takes COPY_FROM rows or more,
    returns nothing. Takes them one by one from `rows`: an endless input needs no memory. Raises the driver's own error.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return _insert(driver, table, rows, mark="?")
    waiting = iter(rows)
    first = list(islice(waiting, COPY_FROM))
    if len(first) < COPY_FROM:
        return _insert(driver, table, first, mark="%s", returning=returning)
    types = [_type_name(column, connection.dialect) for column in table.columns]
    return _copy(driver, table, types, chain(first, waiting))


def _insert(
    driver: Any,  # noqa: ANN401 - a driver's own
    table: Table,
    rows: Iterable[Sequence[Any]],
    *,
    mark: str,
    returning: str = "",
) -> int:
    names = [column.name for column in table.columns]
    sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608
    sql += f" RETURNING {returning}" if returning else ""
    if isinstance(rows, list) and len(rows) == 1:  # one journey to a server, where executemany takes two
        driver.execute(sql, rows[0])
        return 1
    counted = _Counted(rows)
    cursor = driver.cursor()
    try:
        cursor.executemany(sql, counted)
    finally:
        cursor.close()
    return counted.number


def _copy(driver: Any, table: Table, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:  # noqa: ANN401
    names = ", ".join(column.name for column in table.columns)
    number = 0
    cursor: Cursor
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        write = copy.write_row
        for row in rows:
            write(row)
            number += 1
    return number


def _type_name(column: Column[Any], dialect: Dialect) -> str:
    """The type that a binary COPY must announce for a column."""
    type_ = column.type.dialect_impl(dialect)
    kinds = ((SmallInteger, "int2"), (BigInteger, "int8"), (Integer, "int4"), (Boolean, "bool"))
    return next((name for kind, name in kinds if isinstance(type_, kind)), "text")


class _Counted:
    """Rows that count themselves while they are read."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        """Nothing is read yet."""
        self._rows = iter(rows)
        self.number = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> Sequence[Any]:
        row = next(self._rows)
        self.number += 1
        return row
