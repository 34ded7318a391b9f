"""What a view is: which unit-years a stretch of the log touches, and the rows that they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, delete, select

from gkevents.projections.rows import Row
from gkevents.store.bulk import write_rows
from gkevents.store.reading import Reader

UNITS: Final = 100
"""Unit-years are worked on in portions of about so many."""


class Scope(NamedTuple):
    """Unit-years of a scheme-year: some, or (None) all of them."""

    scheme: str
    year: int
    units: frozenset[str] | None = None


class Portion(NamedTuple):
    """All rows of some unit-years, by table, to be taken once and in this order: they are told while they are taken."""

    scheme: str
    year: int
    units: Sequence[str]
    rows: Mapping[Table, Iterable[Row]]

    def held(self) -> Portion:
        """The same with every row told already."""
        return self._replace(rows={table: list(rows) for table, rows in self.rows.items()})


class Sheet(Protocol):
    """What tells the rows of one scheme-year, portion by portion, in whatever order and process they are asked for."""

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        """Those of portion `number`, the unit-years shared out among `of`; but for those that depend on all others.

        What they are told from is read now, even where they are told only when they are taken.
        """

    def rest(self, reader: Reader) -> Iterator[Portion]:
        """Those that depend on all others and are not there yet; asked for when every portion is."""


class View(Protocol):
    """One view. Rows of its `tables` begin with (build, scheme, year, unit); those `of_years` have no unit."""

    name: str
    version: int
    tables: tuple[Table, ...]
    of_years: tuple[Table, ...]
    size: int
    looked_at: ColumnElement[bool]
    """Which events a unit-year's rows are told from."""

    def years(self, reader: Reader, known_at: int) -> list[tuple[str, int]]:
        """The scheme-years that a build holds, as known at a position."""

    def begin(self, reader: Reader, build: int, known_at: int) -> Mapping[tuple[str, int], int]:
        """Make a new build ready, within a transaction; the scheme-years that it holds, with their numbers of units."""

    def sheet(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> Sheet:
        """What tells all rows of a scheme-year, as known at a position, for a build that is being made."""

    def touched(self, reader: Reader, build: int, after: int, upto: int) -> list[Scope]:
        """What the events behind `after` up to `upto` can change; what is kept of scheme-years is brought up here."""

    def portions(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """The rows that a scope comes to, as known at a position.

        More unit-years than asked for may come, where they depend on each other.
        """

    def settle(self, reader: Reader, build: int, scheme: str, year: int, known_at: int) -> None:
        """Bring up what is told from all units of a scheme-year together, once their rows are there."""

    def replayed(self, reader: Reader, build: int, scope: Scope, known_at: int) -> Iterator[Portion]:
        """Every row of a scheme-year as it should be, told from the log alone."""


def cut(names: Sequence[str], number: int, of: int) -> list[str]:
    """Portion `number` of names that are shared out evenly among `of`."""
    return list(names[len(names) * number // of : len(names) * (number + 1) // of])


def batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    """Names in portions of one size."""
    waiting = iter(names)
    while batch := list(islice(waiting, size)):
        yield batch


def replace(connection: Connection, build: int, portion: Portion) -> bool:
    """Put a portion's rows in the place of those that are there; whether any of them had to be changed.

    A row that is the same already is left alone.
    """
    changed = False
    for table, rows in portion.rows.items():
        there = existing(connection, table, build, portion)
        keys = key_places(table)
        fresh = {tuple(row[place] for place in keys): row for row in rows}
        for place in _told_later(table):
            fresh = {
                key: (*row[:place], there[key][place], *row[place + 1 :]) if key in there else row
                for key, row in fresh.items()
            }
        gone = [key for key, row in there.items() if fresh.get(key) != row]
        new = [row for key, row in fresh.items() if there.get(key) != row]
        changed = changed or bool(gone or new)
        if gone:
            names = [column.name for column in table.primary_key]
            chosen = and_(*(table.c[name] == bindparam(f"the_{name}") for name in names))
            values = [{f"the_{name}": value for name, value in zip(names, key, strict=True)} for key in gone]
            connection.execute(delete(table).where(chosen), values)
        if new:
            write_rows(connection, table, new)
    return changed


def existing(connection: Connection, table: Table, build: int, portion: Portion) -> dict[Row, Row]:
    """The rows of a portion's unit-years as they lie there, by their keys."""
    keys, found = key_places(table), {}
    query = select(*table.c).where(in_year(table, build, portion.scheme, portion.year))
    queries = [query]
    if "unit" in table.c:
        queries = [query.where(table.c.unit.in_(names)) for names in batches(portion.units, 500)]
    for one in queries:
        for row in connection.execute(one):
            found[tuple(row[place] for place in keys)] = tuple(row)
    return found


def in_year(table: Table, build: int, scheme: str, year: int) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy's
    """The rows of a scheme-year."""
    return and_(table.c.build == build, table.c.scheme == scheme, table.c.year == year)


def key_places(table: Table) -> tuple[int, ...]:
    """Where the columns of the key stand in a row."""
    return tuple(place for place, column in enumerate(table.c) if column.primary_key)


def _told_later(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.c) if told_later(column)]


def told_later(column: Column[Any]) -> bool:
    """Whether a column is filled in when the rows of all units are there (see `View.settle`)."""
    return bool(column.info.get("told_later"))
