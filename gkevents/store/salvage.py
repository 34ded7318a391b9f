"""The rows of a log that may be damaged, for checking: also text that is none, and the places of what cannot be read.

PostgreSQL refuses a page whose checksum is wrong, and with it every event on that page. Whoever checks a store wants to
know which events these are, so they are asked for one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, exc, select

from gkevents.store.reading import Reader
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged, translated

PAGE: Final = 5_000
MOST: Final = 1_000
"""So many events that cannot be read are named; a store that has lost more is beyond naming."""


class Unreadable(NamedTuple):
    """A place in the log that the database itself cannot read, and why."""

    position: int
    why: str


def rows_as_they_lie(reader: Reader) -> Iterator[Row[Any] | Unreadable]:
    """Every row of the log in order, text that is no UTF-8 in escapes; on a server also what cannot be read.

    Raises StoreDamaged on SQLite where a page of the file is none, on a server where more than MOST events are lost.
    """
    if reader.connection.dialect.name == "sqlite":
        yield from reader.rows()
        return
    after: int | None = None  # what somebody slipped in before the first place is read too
    size, lost = PAGE, 0
    while True:
        try:
            rows = _page(reader, after, size)
        except exc.SQLAlchemyError as error:
            trouble = translated(reader.store, error)
            if not isinstance(trouble, StoreDamaged) or lost == MOST:
                raise
            if size == 1:
                after, lost = (after or 0) + 1, lost + 1
                yield Unreadable(after, str(trouble.message.values["detail"]))
            size = max(1, size // 10)
            continue
        if not rows:
            return
        yield from rows
        after, size = rows[-1].position, min(PAGE, size * 10)


def _page(reader: Reader, after: int | None, size: int) -> Sequence[Row[Any]]:
    """The next rows behind a position; an error leaves the transaction as it was."""
    query = select(*events.c).order_by(events.c.position).limit(size)
    if after is not None:
        query = query.where(events.c.position > after)
    with reader.connection.begin_nested():
        try:
            return reader.connection.execute(query).all()
        except UnicodeDecodeError:
            with _any_text(reader):
                return reader.connection.execute(query).all()


@contextmanager
def _any_text(reader: Reader) -> Iterator[None]:
    """Let psycopg give any text, broken or not; slower, so only where it is needed."""
    from psycopg.adapt import Buffer, Loader  # noqa: PLC0415 - only where a server is asked
    from psycopg.types.string import TextLoader  # noqa: PLC0415

    class AnyText(Loader):
        def load(self, data: Buffer) -> str:
            return bytes(data).decode("utf-8", "surrogateescape")

    driver: Any = reader.connection.connection.driver_connection
    driver.adapters.register_loader("text", AnyText)
    try:
        yield
    finally:
        driver.adapters.register_loader("text", TextLoader)
