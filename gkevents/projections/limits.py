"""The view of limits: every opened limit of the store, with its due day and state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select

from gkevents.aggregates.stored import due_text
from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.calendar import Calendar, Notice
from gkevents.scoring.fact import LIMIT_FACTS, OPENINGS, REVERSALS
from gkevents.scoring.limits import settle
from gkevents.scoring.view import look
from gkevents.store.reading import Event, Reader, facts_of
from gkevents.store.tables import events, metadata
from gkevents.upcasts import EVENT_VERSIONS

limits: Final = Table(
    "limits",
    metadata,
    Column("stream", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("scheme", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit", String, nullable=False),
    Column("item", String),
    Column("opened", String, nullable=False),
    Column("due", String, index=True),
    Column("state", String, nullable=False),
)

_TOUCHING: Final = frozenset(name for name, kind in EVENT_TYPES.items() if kind in LIMIT_FACTS | REVERSALS)
_OPENING: Final = tuple(
    f"{name}.{version}"
    for name, kind in EVENT_TYPES.items()
    if kind in OPENINGS
    for version in range(1, EVENT_VERSIONS[name] + 1)
)


class LimitRow(NamedTuple):
    """One opened limit. `opened` and `due` are a day or an instant in ISO; `due` is None beyond the calendar."""

    key: str
    unit: str
    item: str | None
    opened: str
    due: str | None
    state: str
    scheme: str
    year: int


class LimitsView:
    """The view's fold: re-derive the limits of each unit-year that an event touches."""

    name = "limits"
    version = 1

    def clear(self, connection: Connection) -> None:
        """Throw every row away."""
        connection.execute(delete(limits))

    def fold(self, reader: Reader, page: Iterable[Event]) -> None:
        """Bring the rows of the touched unit-years up to the log; a calendar notice touches all that have limits."""
        touched: dict[str, None] = {}
        everywhere = False
        for event in page:
            if event.stream == "calendar":
                everywhere = True
            elif event.name.rpartition(".")[0] in _TOUCHING:
                touched[event.stream] = None
        if everywhere:
            touched |= dict.fromkeys(streams_with_limits(reader))
        calendar = calendar_of(reader)
        for stream in touched:
            rows = list(derived(reader.stream(stream), stream, calendar, store=reader.store))
            reader.connection.execute(delete(limits).where(limits.c.stream == stream))
            if rows:
                reader.connection.execute(insert(limits), rows)


def calendar_of(reader: Reader) -> Calendar:
    """The calendar as the log knows it now."""
    return Calendar.of([Notice.from_dict(event.body) for event in reader.stream("calendar")])


def derived(stream_events: Iterable[Event], stream: str, calendar: Calendar, *, store: str) -> Iterator[dict[str, Any]]:
    """The rows of one unit-year, worked out from its events. Raises StoreDamaged where one holds no fact."""
    _, scheme, year, unit = stream.split("/", 3)
    view = look(facts_of(stream_events, store), year=int(year))
    for limit in settle(view.standing, calendar).values():
        if limit.opening is not None:
            opened = limit.opening.at.isoformat() if limit.opening.at is not None else limit.opening.day.isoformat()
            yield {
                "stream": stream, "key": limit.key, "scheme": scheme, "year": int(year), "unit": unit,
                "item": limit.item, "opened": opened, "due": due_text(limit.due), "state": limit.state,
            }  # fmt: skip


def streams_with_limits(reader: Reader) -> list[str]:
    """The unit-years in which a limit was ever opened, in the order of their names."""
    query = select(events.c.stream).where(events.c.name.in_(_OPENING)).distinct().order_by(events.c.stream)
    return list(reader.connection.execute(query).scalars())


def limit_rows(connection: Connection, *, scheme: str | None = None, year: int | None = None) -> list[LimitRow]:
    """The rows of the view, of one scheme or year or of all."""
    query = select(*(limits.c[name] for name in LimitRow._fields))
    if scheme is not None:
        query = query.where(limits.c.scheme == scheme)
    if year is not None:
        query = query.where(limits.c.year == year)
    return [LimitRow(*row) for row in connection.execute(query)]
