"""Checking a store: is every event as it was written, and every row of a view what the log gives?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, select, text

from gkevents.projections.checkpoint import standing
from gkevents.projections.limits import LimitsView
from gkevents.projections.scores import ScoresView
from gkevents.projections.verifying import compared, strays
from gkevents.schemes.edition import digest_of
from gkevents.store.guards import missing_guards
from gkevents.store.reading import GENESIS, Reader, digest
from gkevents.store.salvage import Unreadable, rows_as_they_lie
from gkevents.store.tables import checkpoints
from gkevents.upcasts import EDITION_ADOPTED, UnknownEvent, upcast
from gkevents.words import N_, Message, message


class Fault(NamedTuple):
    """Something that is not as it was written: where in the log (None: in a view or in the file), and what."""

    position: int | None
    what: Message


class Verified(NamedTuple):
    """How many events were read, and everything found wrong."""

    events: int
    faults: list[Fault]


def verify(reader: Reader) -> Verified:
    """Read the whole log and every view and name each position that is not as it was written."""
    faults: list[Fault] = []
    before, last, count = GENESIS, 0, 0
    versions: Counter[str] = Counter()
    for row in rows_as_they_lie(reader):
        if isinstance(row, Unreadable):
            faults.append(Fault(row.position, message(N_("it cannot be read ({detail})"), detail=row.why)))
            continue
        count += 1
        faults += [Fault(row.position, what) for what in _of_row(row, before, last, versions)]
        before, last = row.digest, row.position
    faults += _of_the_end(reader, last)
    faults += _of_the_file(reader)
    if not faults:
        faults += [*_of_views(reader), *_of_the_guards(reader)]
    return Verified(count, faults)


def _of_row(row: Row[Any], before: str, last: int, versions: Counter[str]) -> Iterator[Message]:
    """What is wrong with one row, in itself and in its place."""
    if row.position != last + 1:
        yield message(N_("the positions before it are missing, from {first} on"), first=last + 1)
    written = (row.position, row.stream, row.stream_version, row.name, row.recorded_at, row.ref, row.body)
    try:
        as_written = digest(before, written) == row.digest
    except (TypeError, ValueError):
        as_written = False
    if not as_written:
        yield message(N_("it, or the one before it, is not as it was written (digest)"))
        return
    versions[row.stream] += 1
    if row.stream_version != versions[row.stream]:
        yield message(N_("it is not the next event of its stream {stream}"), stream=row.stream)
    yield from _of_body(row)


def _of_body(row: Row[Any]) -> Iterator[Message]:
    try:
        name, body = upcast(row.name, json.loads(row.body))
        said: dict[str, Any] = {field: body.get(field) for field in ("ref", "text", "overlay", "digest")}
    except (UnknownEvent, ValueError, TypeError, AttributeError):
        yield message(N_("its name or body is not one this program knows ({name})"), name=row.name)
        return
    if row.ref is not None and said["ref"] != row.ref:
        yield message(N_("its number is not the one in its body ({ref})"), ref=row.ref)
    if name.startswith(f"{EDITION_ADOPTED}.") and digest_of(said["text"], said["overlay"]) != said["digest"]:
        yield message(N_("the edition's text is not the one its digest names"))


def _of_the_end(reader: Reader, last: int) -> list[Fault]:
    """Events cut off at the end: a view remembers how far it came, and SQLite the highest position it ever gave."""
    ours = checkpoints.c.view.in_([view.name for view in (ScoresView(), LimitsView())])  # others follow other logs
    given = [row.position for row in reader.connection.execute(select(checkpoints.c.position).where(ours))]
    if reader.connection.dialect.name == "sqlite":
        given += reader.connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'events'")).scalars()
    if max(given, default=0) <= last:
        return []
    return [Fault(last + 1, message(N_("events are missing at the end, up to {last}"), last=max(given)))]


def _of_the_file(reader: Reader) -> list[Fault]:
    """What SQLite finds wrong with its file: an index that does not lead to every row hides events from a question."""
    if reader.connection.dialect.name != "sqlite":
        return []
    said = reader.connection.execute(text("PRAGMA integrity_check(5)")).scalars()
    lines = [line for part in said for line in part.splitlines() if line not in ("ok", "*** in database main ***")]
    return [Fault(None, message(N_("the database file is damaged ({detail})"), detail=line)) for line in lines]


def _of_the_guards(reader: Reader) -> list[Fault]:
    """Guards that refuse to change an event and are no longer there; `gk init` puts them back."""
    said = N_("the guard {name} that refuses to change events is gone; gk init puts it back")
    return [Fault(None, message(said, name=name)) for name in missing_guards(reader.connection)]


def _of_views(reader: Reader) -> Iterator[Fault]:
    """Rows of the views that are not what the log gives, as far as each view has come; and rows of no build."""
    for view in (ScoresView(), LimitsView()):
        live = standing(reader, view).live
        if live is not None:
            found = compared(reader, view, live.build, live.position)
            yield from (Fault(None, difference.what) for difference in found)
        yield from (Fault(None, difference.what) for difference in strays(reader, view))
