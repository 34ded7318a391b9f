"""The whole log as JSON Lines, out of one store and into another, to the byte: the way between the two databases.

A first line says what it is, a last line how many events there are and the digest they end in; between them one event
a line, its body spliced in as it lies in the database. Every digest is checked on the way out and on the way in.
"""

from __future__ import annotations

import io
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, exc, select

from gkevents.aggregates.refusals import Refusal
from gkevents.store.bulk import write_rows
from gkevents.store.chain import Chain, PlainRow, WrittenRow
from gkevents.store.engine import Store
from gkevents.store.reading import UNREADABLE, EventDamaged, Reader
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged
from gkevents.store.waking import notify
from gkevents.words import N_, Message, message

FORMAT: Final = 1
PORTION: Final = 10_000
"""How many events are written in one transaction."""

_PORTION_TEXT: Final = 32 * 1024 * 1024
_LINE_MAX: Final = 64 * 1024 * 1024
_PAGE: Final = 5000


class FirstLine(msgspec.Struct, forbid_unknown_fields=True):
    """What the file is."""

    format: int = msgspec.field(name="gk-log")
    clock: str


class EventLine(msgspec.Struct, forbid_unknown_fields=True):
    """One event; its body as it lies in the database."""

    position: int
    stream: str
    stream_version: int
    name: str
    recorded_at: str
    ref: str | None
    body: msgspec.Raw
    digest: str


class LastLine(msgspec.Struct, forbid_unknown_fields=True):
    """That the file is whole."""

    events: int
    digest: str


class Exported(NamedTuple):
    """How many events were written out, and the digest that they end in."""

    events: int
    digest: str


class Imported(NamedTuple):
    """How many events were stored now, how many there are, and the digest that they end in."""

    stored: int
    events: int
    digest: str


class LineRefused(Refusal):
    """A line of a log's file that cannot be taken in; what was before it may be stored."""

    code = "line-refused"
    template = N_("Line {line} of {file}: {why}. {left}")


class WrittenMeanwhile(Refusal):
    """Somebody else wrote to the store while a log was being taken in."""

    code = "written-meanwhile"
    template = N_(
        "Somebody else wrote to {store} behind position {position} while {file} was being imported, so the rest of it "
        "no longer fits. Import the file into a new store."
    )


# ---------------------------------------------------------------- out


def export_log(connection: Connection, store: str, write: Callable[[bytes], object], *, clock: str) -> Exported:
    """Write the whole log out, a line at a time; what was written. Raises StoreDamaged, with the position."""
    chain, encode = Chain(), msgspec.json.encode
    event = msgspec.json.Decoder(EventLine)
    write(encode(FirstLine(FORMAT, clock)) + b"\n")
    for row in Reader(connection, store).rows():
        if not chain.link(row):
            raise StoreDamaged(store, message(N_("event {position} is not as it was written"), position=row.position))
        body = row.body.encode()
        line = encode(_line(row, msgspec.Raw(body)))
        if b"\n" in line or not _says(event, line, body):
            raise EventDamaged(store, row.position, UNREADABLE)
        write(line + b"\n")
    write(encode(LastLine(chain.count, chain.digest)) + b"\n")
    return Exported(chain.count, chain.digest)


def _line(row: WrittenRow, body: msgspec.Raw) -> EventLine:
    return EventLine(row.position, row.stream, row.stream_version, row.name, row.recorded_at, row.ref, body, row.digest)


def _says(event: msgspec.json.Decoder[EventLine], line: bytes, body: bytes) -> bool:
    """Whether a line, read again, has the very body that was put in."""
    try:
        return bytes(event.decode(line).body) == body
    except msgspec.MsgspecError:
        return False


# ---------------------------------------------------------------- in


def import_log(store: Store, source: BinaryIO, *, file: str, progress: Callable[[int], None] | None = None) -> Imported:
    """Take a log in from where the store's own ends. Raises LineRefused, WrittenMeanwhile, StoreTrouble.

    A plain file is read to its end once before anything is stored; what comes through a pipe is stored as it comes,
    in portions. Called again after it was broken off, it goes on.
    """
    with store.reading() as connection:
        clock = store.settings(connection)["clock"]
        position, _, _ = Reader(connection, store.name).head()
    start = _start_of(source)
    if start is not None:
        for _ in _Incoming(store, source, file=file, clock=clock, known=position):
            pass
        source.seek(start)
    incoming = _Incoming(store, source, file=file, clock=clock, known=position, again=start is not None)
    stored = 0
    for portion in _portions(incoming):
        _append(store, portion, incoming)
        stored += len(portion)
        incoming.stored = portion[-1].position
        if progress is not None:
            progress(incoming.stored)
    return Imported(stored, incoming.chain.count, incoming.chain.digest)


def _start_of(source: BinaryIO) -> int | None:
    """Where a plain file begins, so that it can be read twice; None for a pipe."""
    try:
        plain = stat.S_ISREG(os.fstat(source.fileno()).st_mode)
    except (OSError, io.UnsupportedOperation):
        plain = source.seekable()
    return source.tell() if plain else None


class _Incoming:
    """The events of a file that the store has not yet, each checked; refuses the first line that is wrong."""

    def __init__(
        self, store: Store, source: BinaryIO, *, file: str, clock: str, known: int, again: bool = False
    ) -> None:
        """Read from `source`, called `file`; the store has a clock of this kind and events up to `known`.

        `again`: what the events say has been looked at, only their digests are checked once more.
        """
        self.store, self.source, self.file, self.clock, self.known = store, source, file, clock, known
        self.again = again
        self.chain, self.line, self.stored = Chain(), 0, 0
        self._last: LastLine | None = None
        self._event = msgspec.json.Decoder(EventLine)
        self._end = msgspec.json.Decoder(LastLine)

    def __iter__(self) -> Iterator[PlainRow]:
        self._read_first()
        own = _digests(self.store, self.known)
        for raw in self._lines():
            row = self._event_of(raw)
            if row is None:
                break
            if self.again:
                faults = [] if self.chain.link(row) else [message(N_("the file was changed while it was read"))]
            else:
                faults = self.chain.take(row)
            if faults:
                raise self.refused(faults[0])
            if row.position > self.known:
                yield row
            elif next(own, None) != row.digest:
                said = N_("the store holds another event at position {position}: import the file into a new store")
                raise self.refused(message(said, position=row.position))
        self._must_be_whole()

    def _lines(self) -> Iterator[bytes]:
        while raw := self.source.readline(_LINE_MAX):
            self.line += 1
            yield raw

    def _read_first(self) -> None:
        raw = next(self._lines(), b"")
        self.line = 1
        try:
            first = msgspec.json.decode(raw, type=FirstLine)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.refused(message(N_("it is not the first line of an exported log"))) from error
        if first.format != FORMAT:
            said = N_("a newer program exported it (form {format}): install the newer gkevents")
            raise self.refused(message(said, format=first.format))
        if first.clock != self.clock:
            simulated = N_("its store had a simulated clock, this one has not: gk init --simulated-clock makes one")
            real = N_("its store had a real clock, this one has a simulated one: gk init makes a store with a real one")
            raise self.refused(message(simulated if first.clock == "simulated" else real))

    def _event_of(self, raw: bytes) -> PlainRow | None:
        """The event of a line; None where it is the last line."""
        try:
            line = self._event.decode(raw)
            body = bytes(line.body).decode()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            try:
                self._last = self._end.decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                if not raw.endswith(b"\n"):
                    raise self._cut_off() from error
                said = N_("it is no event of a log ({detail})")
                raise self.refused(message(said, detail=str(error))) from error
            return None
        return PlainRow(
            line.position, line.stream, line.stream_version, line.name, line.recorded_at, line.ref, body, line.digest
        )

    def _must_be_whole(self) -> None:
        if self._last is None:
            self.line += 1
            raise self._cut_off()
        if (self._last.events, self._last.digest) != (self.chain.count, self.chain.digest):
            said = N_("it names {events} events, but {read} came before it, or they end in another digest")
            raise self.refused(message(said, events=self._last.events, read=self.chain.count))
        for raw in self._lines():
            if raw.strip():
                raise self.refused(message(N_("something follows the last line of the log")))
        if self.chain.position < self.known:
            said = N_("the log ends here, but the store goes on to position {position}; there is nothing to import")
            raise self.refused(message(said, position=self.known))

    def _cut_off(self) -> LineRefused:
        return self.refused(message(N_("the file is cut off here")))

    def refused(self, why: Message, line: int | None = None) -> LineRefused:
        """The refusal of the line that was read last, or of another one."""
        left = message(N_("Nothing was stored."))
        if self.stored:
            said = N_("The events before it are stored, up to position {position}; a good file goes on from there.")
            left = message(said, position=self.stored)
        return LineRefused(line=line or self.line, file=self.file, why=why, left=left)


def _digests(store: Store, known: int) -> Iterator[str]:
    """The digests of the store's own events in order, up to a position."""
    position = 0
    while position < known:
        query = select(events.c.digest).where(events.c.position > position, events.c.position <= known)
        with store.reading() as connection:
            page = connection.execute(query.order_by(events.c.position).limit(_PAGE)).scalars().all()
        yield from page
        position = position + len(page) if page else known


def _portions(rows: Iterator[PlainRow] | _Incoming) -> Iterator[list[PlainRow]]:
    """Rows in portions of a transaction each, by number and by size."""
    portion: list[PlainRow] = []
    size = 0
    for row in rows:
        portion.append(row)
        size += len(row.body)
        if len(portion) >= PORTION or size >= _PORTION_TEXT:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _append(store: Store, portion: Sequence[PlainRow], incoming: _Incoming) -> None:
    """Write a portion behind what the store has, and wake whoever waits for it."""
    first, last = portion[0].position, portion[-1].position
    try:
        with store.writing() as connection:
            _must_fit(connection, store, first - 1, incoming.file)
            write_rows(connection, events, portion)
            notify(connection, last)
    except Exception as error:
        if not _taken(error):
            raise
        row = _first_taken(store, portion)
        said = message(N_("its number {ref} is taken by another event"), ref=row.ref or "")
        raise incoming.refused(said, line=row.position + 1) from error


def _must_fit(connection: Connection, store: Store, before: int, file: str) -> None:
    """Raise WrittenMeanwhile where the store's newest event is not the one before what is to be written."""
    position, _, _ = Reader(connection, store.name).head()
    if position != before:
        raise WrittenMeanwhile(store=store.name, position=min(position, before), file=file)


def _taken(error: BaseException) -> bool:
    """Whether the database refused a row because something in it, which may be there only once, is there already."""
    seen: BaseException | None = error
    while seen is not None:
        original: Any = getattr(seen, "orig", None) or seen
        if isinstance(original, (exc.IntegrityError, sqlite3.IntegrityError)):
            return True
        if getattr(original, "sqlstate", None) == "23505":
            return True
        seen = seen.__cause__
    return False


def _first_taken(store: Store, portion: Sequence[PlainRow]) -> PlainRow:
    """The first row of a portion whose number is in the store already, or in the portion before it."""
    seen: set[str] = set()
    with store.reading() as connection:
        for row in portion:
            query = select(events.c.position).where(events.c.ref == row.ref)
            if row.ref is not None and (row.ref in seen or connection.execute(query).first() is not None):
                return row
            seen |= {row.ref} if row.ref is not None else set()
    return portion[0]
