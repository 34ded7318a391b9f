"""Writing the rows of a build, part by part, each in a transaction of its own together with what it counts for.

Any number of processes go at the same build (see `partitions`); whoever is killed leaves no half of a part.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from gkevents.projections.checkpoint import Checkpoint, Overtaken, Standing, standing, swap
from gkevents.projections.partitions import Part, claim, count, end_of, parts_left
from gkevents.projections.rows import text
from gkevents.projections.view import Portion, Sheet, View
from gkevents.store.bulk import write_rows
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreDamaged, StoreTrouble
from gkevents.words import N_, Message, message

Tell = Callable[[int, int], None]
"""Hears how many scheme-years of how many are done."""

PAUSE_SECONDS: Final = 0.02
"""So long is waited for what others are at before looking again."""
TELL_SECONDS: Final = 0.5

_BEFORE_A_CLAIM: Final = (
    # the disk need not be waited for: what a server that falls over forgets is forgotten in order, and done again
    "SET LOCAL synchronous_commit TO off; "
    # a claim ends with its connection: let the server find out soon where a whole host is gone
    "SET LOCAL tcp_keepalives_idle TO 30; SET LOCAL tcp_keepalives_interval TO 10; SET LOCAL tcp_keepalives_count TO 3"
)


class Share(NamedTuple):
    """Which of so many processes we are: each begins elsewhere, so that they meet as late as can be."""

    number: int = 0
    of: int = 1

    def order(self, parts: Sequence[Part]) -> list[Part]:
        """The parts in the order in which we go at them."""
        first = len(parts) * self.number // self.of
        return [*parts[first:], *parts[:first]]


class Left(NamedTuple):
    """Where the view stands, and what can be done of the build now."""

    now: Standing
    parts: list[Part]


class Filling:
    """One process at work on one build."""

    def __init__(self, store: Store, view: View, build: Checkpoint) -> None:
        """Nothing is read yet."""
        self.store, self.view, self.build = store, view, build
        self._sheet: tuple[tuple[str, int], Sheet] | None = None

    def fill(self, share: Share, tell: Tell | None = None) -> bool:
        """Do whatever is left until every part is done, by us or by others; whether all are: not where it has stopped.

        Raises Overtaken where it is not being made any more, StoreTrouble.
        """
        told = 0.0
        while True:
            left = self.left()
            if tell is not None and (not left.parts or time.monotonic() - told >= TELL_SECONDS):
                told = time.monotonic()
                tell(left.now.done, left.now.partitions)
            if left.now.building is None or left.now.building.stopped is not None:
                return False
            if not left.parts:
                return True
            worked = False
            for part in share.order(left.parts):
                worked = self.do(part) or worked
                if tell is not None and time.monotonic() - told >= TELL_SECONDS:
                    break
            if not worked:
                time.sleep(PAUSE_SECONDS)

    def left(self) -> Left:
        """Where we are. Raises Overtaken where this build is not being made any more."""
        with self.store.reading() as connection:
            now = standing(Reader(connection, self.store.name), self.view)
            if now.building is None or now.building.build != self.build.build:
                raise Overtaken
            return Left(now, parts_left(connection, self.view, self.build))

    def do(self, part: Part) -> bool:
        """Do a part, and the end of its scheme-year where that was the last one; whether anything was to be done.

        A build that cannot be read stops as a whole, at the event that it fails on. Raises StoreTrouble.
        """
        try:
            with suppress(Overtaken):  # another process was quicker
                return self._end(part) if part.number is None else self._portion(part)
        except Exception as error:  # whatever it is, the build ends here and says why
            if isinstance(error, StoreTrouble) and not isinstance(error, StoreDamaged):
                raise
            with suppress(Overtaken):
                self._stop(error)
            return True
        return False

    def _portion(self, part: Part) -> bool:
        number = part.number or 0
        if self.store.shared:
            with self._claimed(part) as connection:
                if connection is None:
                    return False
                with self._reading() as reader:  # a server takes rows in while we tell the next
                    self._write(connection, self._told_by(reader, part).portion(reader, number, part.of))
                count(connection, self.view, self.build, part, finished=1)
        else:  # a file is locked while it is written to
            with self._reading() as reader:
                if not claim(reader.connection, self.view, self.build, part):
                    return False
                told = self._told_by(reader, part).portion(reader, number, part.of)
            held = told.held()  # nor is it read from longer than need be, so that what was written can settle
            with self.store.updating() as connection:
                count(connection, self.view, self.build, part, finished=1)
                self._write(connection, held)
        with self._reading() as reader:
            end = end_of(reader.connection, self.view, self.build, part)
        if end is not None:
            self.do(end)
        return True

    def _end(self, part: Part) -> bool:
        """The rows that had to wait for all others, and what is told from all of them together."""
        if self.store.shared:
            with self._claimed(part) as connection:
                if connection is None:
                    return False
                with self._reading() as reader:
                    for told in self._told_by(reader, part).rest(reader):
                        self._write(connection, told)
                self._settle(connection, part)
            return True
        with self._reading() as reader:
            if not claim(reader.connection, self.view, self.build, part):
                return False
            for told in self._told_by(reader, part).rest(reader):
                held = told.held()
                with self.store.updating() as connection:
                    count(connection, self.view, self.build, part, portions=part.of + 1)
                    self._write(connection, held)
                part = part._replace(of=part.of + 1)
        with self.store.updating() as connection:
            self._settle(connection, part)
        return True

    @contextmanager
    def _claimed(self, part: Part) -> Iterator[Connection | None]:
        """A transaction on a server in which a part is ours; None in it where that cannot be had."""
        with self.store.updating() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(_BEFORE_A_CLAIM)
            yield connection if claim(connection, self.view, self.build, part) else None

    def _settle(self, connection: Connection, part: Part) -> None:
        count(connection, self.view, self.build, part, finished=1)
        reader = Reader(connection, self.store.name)
        self.view.settle(reader, self.build.build, part.scheme, part.year, self.build.position)

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with self.store.reading() as connection:
            yield Reader(connection, self.store.name)

    def _told_by(self, reader: Reader, part: Part) -> Sheet:
        """What tells the rows of a scheme-year; kept from part to part."""
        of = (part.scheme, part.year)
        if self._sheet is None or self._sheet[0] != of:
            self._sheet = of, self.view.sheet(reader, self.build.build, *of, self.build.position)
        return self._sheet[1]

    def _write(self, connection: Connection, told: Portion) -> None:
        for table, rows in told.rows.items():
            write_rows(connection, table, rows)

    def _stop(self, error: Exception) -> None:
        """A build stops as a whole, at the event that cannot be read, where it is known which that is."""
        position = getattr(error, "position", self.build.position)
        with self.store.updating() as connection:
            swap(connection, self.view, self.build, stopped=position, why=text(why(error)))


def why(error: Exception) -> Message:
    """The reason for which something of the log cannot be taken in."""
    told = getattr(error, "message", None)
    if isinstance(told, Message):
        return told
    return message(N_("the program failed on it ({error}): report it"), error=f"{type(error).__name__}: {error}"[:200])
