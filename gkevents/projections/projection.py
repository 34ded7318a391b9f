"""Keeping a view up with the log, exactly once.

Look where the checkpoint stands, find what a page of the log touches, swap the checkpoint (which fails where another
runner was quicker), write the rows: one transaction. Whoever is killed leaves nothing half-done. An event that cannot
be taken in stops the view right before it. How a view is made anew: `building`.
"""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from typing import Final

from sqlalchemy import Connection, func, select

from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Checkpoint, Overtaken, Standing, standing, swap
from gkevents.projections.filling import Tell, why
from gkevents.projections.rows import text
from gkevents.projections.sharing import Helpers
from gkevents.projections.view import Scope, View, replace
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.tables import events
from gkevents.store.trouble import StoreDamaged, StoreTrouble
from gkevents.words import Message

PAGE: Final = 5_000
"""At most so many events are taken in within one transaction,"""

STREAMS: Final = 500
"""and at most so many unit-years."""

MUCH: Final = 100_000
"""From so many events on, other processes are worth their start."""

FEW: Final = 20_000
"""A question waits until so many events are taken in; behind more of them it is answered by a replay."""


class Projection:
    """The runner of one view on one store."""

    def __init__(self, store: Store, view: View, *, page: int = PAGE, streams: int = STREAMS, jobs: int = 1) -> None:
        """Take in at most `page` events and `streams` unit-years at a time.

        What is made anew is shared by `jobs` processes, unless helpers are at hand.
        """
        self.store, self.view = store, view
        self.page, self.streams, self.jobs = page, streams, jobs

    # ------------------------------------------------------------------ catching up

    def catch_up(self, *, most: int | None = None, again: bool = False) -> bool:
        """Bring the live build up with the log, or make it where there is none; whether it is up now.

        With `most`, leave it as it is where more events are behind. `again`: try once more where it has stopped.
        Raises StoreTrouble.
        """
        waking, anew = again, most is None
        while True:
            with suppress(Overtaken):
                now = self.standing()
                if now.live is None:
                    if now.newer or (most is not None and now.head > most) or (_stopped(now.building) and not again):
                        return False
                    self.rebuild(again=again)
                    again = False
                    continue
                behind = now.head - now.live.position
                if behind <= 0:
                    return behind == 0
                if most is not None and behind > most:
                    return False
                if now.live.stopped is not None:
                    if not waking:
                        return False
                    self.unstop(now.live)
                    waking = False
                elif anew and self._better_anew(now.live, now.head):
                    anew = self.rebuild(again=again)  # where that has stopped, we come as far as we can
                    again = False
                else:
                    self.take_in(now.live, now.head)

    def standing(self) -> Standing:
        """Where the view stands now."""
        with self.store.reading() as connection:
            return standing(self._reader(connection), self.view)

    def _reader(self, connection: Connection) -> Reader:
        return Reader(connection, self.store.name)

    def take_in(self, build: Checkpoint, head: int) -> None:
        """Take the next page into a build; where that fails, stop it right before the event that it fails on."""
        target = self._target(build.position, head)
        try:
            self._fold(build, target)
        except (Overtaken, KeyboardInterrupt, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, StoreTrouble) and not isinstance(error, StoreDamaged):
                raise
            self._stop(build, target)

    def _target(self, position: int, head: int) -> int:
        """The position up to which the next page goes."""
        with self.store.reading() as connection:
            query = select(events.c.position, events.c.stream).where(
                events.c.position > position, events.c.position <= min(head, position + self.page)
            )
            seen: set[str] = set()
            for row in connection.execute(query.order_by(events.c.position)):
                seen.add(row.stream)
                if len(seen) > self.streams:
                    return max(position + 1, int(row.position) - 1)
        return min(head, position + self.page)

    def _fold(self, build: Checkpoint, target: int, *, trial: bool = False) -> None:
        """Take the events up to `target` into a build. Raises Overtaken; `trial` leaves everything as it was."""
        with suppress(_Trial), self.store.updating() as connection:
            swap(connection, self.view, build, position=target)
            reader = self._reader(connection)
            for scope in self.view.touched(reader, build.build, build.position, target):
                self._bring_up(reader, build.build, scope, target)
            if trial:
                raise _Trial

    def _bring_up(self, reader: Reader, build: int, scope: Scope, known_at: int) -> None:
        changed = False
        for portion in self.view.portions(reader, build, scope, known_at):
            changed = replace(reader.connection, build, portion) or changed
        if changed or scope.units is None:  # another edition may rank the same totals otherwise
            self.view.settle(reader, build, scope.scheme, scope.year, known_at)

    # ------------------------------------------------------------------ stopping

    def _stop(self, build: Checkpoint, target: int) -> None:
        """Find the first event that cannot be taken in, take in what stands before it, and stop there."""
        good, bad, reason = build.position, target, self._reason(build, target)
        while bad - good > 1:
            middle = (good + bad) // 2
            found = self._reason(build, middle)
            good, bad, reason = (middle, bad, reason) if found is None else (good, middle, found)
        if reason is None:
            return  # it has gone well in the meantime
        if good > build.position:
            self._fold(build, good)
        with self.store.updating() as connection:
            swap(connection, self.view, build._replace(position=good), stopped=bad, why=text(reason))

    def _reason(self, build: Checkpoint, target: int) -> Message | None:
        """Why the events up to a position cannot be taken in; None where they can."""
        try:
            self._fold(build, target, trial=True)
        except Exception as error:
            if isinstance(error, Overtaken) or (isinstance(error, StoreTrouble) and not _damaged(error)):
                raise
            return why(error)
        return None

    def unstop(self, build: Checkpoint) -> None:
        """Let a build try once more. Raises Overtaken."""
        with self.store.updating() as connection:
            swap(connection, self.view, build, stopped=None, why=None)

    # ------------------------------------------------------------------ making anew

    def _better_anew(self, build: Checkpoint, head: int) -> bool:
        """Whether making another build reads less than taking in what is behind page by page."""
        pages = -(-(head - build.position) // self.page)
        if pages <= _PAGES_FEW:
            return False
        with self.store.reading() as connection:
            behind = (events.c.position > build.position, events.c.position <= head)
            touched = select(events.c.stream).where(*behind, self.view.looked_at).distinct()
            number = connection.execute(select(func.count()).select_from(touched.subquery())).scalar() or 0
            of_them = (events.c.stream.in_(touched), self.view.looked_at)
            all_of_them = select(func.count()).select_from(events).where(*of_them)
            reading = connection.execute(all_of_them).scalar() or 0
        at_once = min(number, self.streams, self.page)
        return pages * reading * at_once // max(number, 1) > head

    def rebuild(self, *, again: bool = False, helpers: Helpers | None = None, tell: Tell | None = None) -> bool:
        """Make the whole view anew beside the live one, or go on with that; whether it is live now (see `Building`)."""
        with nullcontext(helpers) if helpers is not None else Helpers(self.store.url, self.jobs) as called:
            return Building(self).rebuild(called, again=again, tell=tell)

    def best_jobs(self) -> int:
        """By how many processes what is made anew is best shared: one for each processor, where there is much to do."""
        return (os.cpu_count() or 1) if self.standing().head >= MUCH else 1

    def rebuild_part(self, scope: Scope) -> int:
        """Price some unit-years anew; how many: none where no build of our version is live any more.

        Where others keep moving the view under our hands, it is locked.
        """
        tries = 0
        while self.standing().live is not None:
            with suppress(Overtaken):
                tries += 1
                return Building(self).rebuild_part(scope, locking=tries > _PART_TRIES)
        return 0


class _Trial(Exception):
    """Only tried: take everything back."""


_PAGES_FEW: Final = 4
_PART_TRIES: Final = 3


def _stopped(build: Checkpoint | None) -> bool:
    return build is not None and build.stopped is not None


def _damaged(error: Exception) -> bool:
    return isinstance(error, StoreDamaged)
