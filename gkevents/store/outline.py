"""What decisions need of the log, and no more, read for many units or numbers at once.

Whether a fact may be recorded depends on limits, answers, misses and reversals; of any other fact its number and type
are enough. So most bodies stay where they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.scoring.fact import LIMIT_FACTS, REVERSALS, STEPS
from gkevents.store.reading import GENESIS, UNREADABLE, Event, EventDamaged, Reader, decode, facts_of
from gkevents.store.tables import events
from gkevents.upcasts import EVENT_VERSIONS

_PORTION: Final = 2_000
_FEW: Final = 20
_HEAD: Final = "position, stream, stream_version, name, recorded_at, ref"
_NAMES: Final = {
    f"{name}.{version}": name for name, newest in EVENT_VERSIONS.items() for version in range(1, newest + 1)
}
_TYPES: Final = {stored: EVENT_TYPES[name] for stored, name in _NAMES.items() if name in EVENT_TYPES}
"""The type of fact behind every stored name, in each of its versions."""
_WHOLE: Final = ", ".join(f"'{stored}'" for stored, kind in _TYPES.items() if kind in LIMIT_FACTS | REVERSALS | STEPS)


class Outline(NamedTuple):
    """A unit-year's stream: the version it has reached, and its facts in order, most by their ref and type alone."""

    version: int
    facts: list[dict[str, Any]]


def outlines(reader: Reader, streams: Iterable[str]) -> dict[str, Outline]:
    """The outlines of some unit-years. Raises EventDamaged where a name is not known or a body cannot be read."""
    versions: dict[str, int] = dict.fromkeys(streams, 0)
    facts: dict[str, list[dict[str, Any]]] = {stream: [] for stream in versions}
    body = f"CASE WHEN name IN ({_WHOLE}) THEN body END"
    for row in _among(reader, f"{_HEAD}, {body}", "stream", list(versions), "ORDER BY stream, stream_version"):
        position, stream, version, stored_name, _, ref, held = row
        if held is not None:
            facts[stream].append(_checked(row, reader.store).body)
        elif stored_name in _TYPES:
            facts[stream].append({"ref": ref, "type": _TYPES[stored_name]})
        elif stored_name not in _NAMES:
            raise EventDamaged(reader.store, position, UNREADABLE)
        versions[stream] = version
    return {stream: Outline(version, facts[stream]) for stream, version in versions.items()}


def _checked(row: Any, store: str) -> Event:  # noqa: ANN401 - a row of any driver
    """The event of a row that decisions look into: it must hold a fact, too. Raises EventDamaged."""
    event = decode(row, store)
    facts_of((event,), store)
    return event


def recorded_under(reader: Reader, refs: Sequence[str]) -> dict[str, Event]:
    """The events recorded under some of the offices' own numbers, wherever they are."""
    if len(refs) > _FEW:  # one look at the range they lie in: numbers that go on where the last ones ended are new
        among = select(events.c.ref).where(events.c.ref >= min(refs), events.c.ref <= max(refs))
        if reader.connection.execute(among.limit(1)).first() is None:
            return {}
    return {row[5]: decode(row, reader.store) for row in _among(reader, f"{_HEAD}, body", "ref", refs)}


def touched(reader: Reader, after: int, *, most: int) -> list[str] | None:
    """The streams of the events behind a position; None where there are more than `most` such events."""
    query = select(events.c.stream).where(events.c.position > after).order_by(events.c.position).limit(most + 1)
    streams = list(reader.connection.execute(query).scalars())
    return list(dict.fromkeys(streams)) if len(streams) <= most else None


def digest_at(reader: Reader, position: int) -> str | None:
    """The digest of the event at a position; None where there is no such event."""
    if position == 0:
        return GENESIS
    return reader.connection.execute(select(events.c.digest).where(events.c.position == position)).scalar()


def _among(reader: Reader, columns: str, column: str, values: Sequence[str], order: str = "") -> Iterator[Any]:
    """The rows in which a column holds one of some values, asked for so many at a time, each time as one parameter."""
    shared = reader.connection.dialect.name == "postgresql"
    wanted = "= ANY(%s)" if shared else "IN (SELECT value FROM json_each(?))"
    if len(values) == 1:
        wanted = "= %s" if shared else "= ?"
    query = f"SELECT {columns} FROM events WHERE {column} {wanted} {order}"  # noqa: S608 - our own words
    for start in range(0, len(values), _PORTION):
        portion = list(values[start : start + _PORTION])
        given = portion if len(values) == 1 else [portion if shared else json.dumps(portion, ensure_ascii=False)]
        yield from asked(reader, query, given)


def asked(reader: Reader, query: str, given: Sequence[Any] = ()) -> list[Any]:
    """The rows of a query, by the driver's own cursor: a single fact is stored as quickly as it may be asked about."""
    driver: Any = reader.connection.connection.driver_connection
    rows: list[Any] = driver.execute(query, given).fetchall()
    return rows
