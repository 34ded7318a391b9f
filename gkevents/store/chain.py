"""What makes a row of the log right: in itself, and in its place behind the rows before it.

`gk verify`, an export, an import, a backup and a restore all hold the rows they read against this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from gkevents.schemes.edition import digest_of
from gkevents.store.forms import EditionAdopted
from gkevents.store.reading import GENESIS, EventDamaged, decode, facts_of
from gkevents.store.rows import digest
from gkevents.words import N_, Message, message


class WrittenRow(Protocol):
    """A row of the log as it lies there, in the order of the table's columns."""

    @property
    def position(self) -> int: ...  # noqa: D102 - the table's columns
    @property
    def stream(self) -> str: ...  # noqa: D102
    @property
    def stream_version(self) -> int: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def recorded_at(self) -> str: ...  # noqa: D102
    @property
    def ref(self) -> str | None: ...  # noqa: D102
    @property
    def body(self) -> str: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102


class PlainRow(NamedTuple):
    """A row of the log that comes from somewhere else than SQLAlchemy."""

    position: int
    stream: str
    stream_version: int
    name: str
    recorded_at: str
    ref: str | None
    body: str
    digest: str


class Chain:
    """The rows of a log one after the other, from the first one on; where it has come to."""

    def __init__(self) -> None:
        """Nothing has been read."""
        self.position = 0
        self.digest = GENESIS
        self.count = 0
        self._versions: Counter[str] = Counter()

    def take(self, row: WrittenRow) -> list[Message]:
        """Go on by a row; what is wrong with it, in itself and in its place."""
        faults = list(self._faults(row))
        self.position, self.digest = row.position, row.digest
        self.count += 1
        return faults

    def link(self, row: WrittenRow) -> bool:
        """Go on by a row; whether its place and its digest are right. What it says is not looked at."""
        right = row.position == self.position + 1 and self._as_written(row)
        self.position, self.digest = row.position, row.digest
        self.count += 1
        return right

    def _as_written(self, row: WrittenRow) -> bool:
        written = (row.position, row.stream, row.stream_version, row.name, row.recorded_at, row.ref, row.body)
        try:
            return digest(self.digest, written) == row.digest
        except (TypeError, ValueError):
            return False

    def _faults(self, row: WrittenRow) -> Iterator[Message]:
        if row.position != self.position + 1:
            yield message(N_("the positions before it are missing, from {first} on"), first=self.position + 1)
        self._versions[row.stream] += 1
        if not self._as_written(row):
            yield message(N_("it, or the one before it, is not as it was written (digest)"))
            return
        if row.stream_version != self._versions[row.stream]:
            yield message(N_("it is not the next event of its stream {stream}"), stream=row.stream)
        yield from _of_body(row)


def _of_body(row: WrittenRow) -> Iterator[Message]:
    """What is wrong with what a row says: it must be readable as what its name promises."""
    try:
        event = decode(row, "")
        facts_of((event,), "")
        said = event.body if isinstance(event.form, EditionAdopted) else {}
    except (EventDamaged, ValueError):
        yield message(N_("its name or body is not one this program knows ({name})"), name=row.name)
        return
    if row.ref is not None and getattr(event.form, "ref", None) != row.ref:
        yield message(N_("its number is not the one in its body ({ref})"), ref=row.ref)
    if said and digest_of(said["text"], said["overlay"]) != said["digest"]:
        yield message(N_("the edition's text is not the one its digest names"))
