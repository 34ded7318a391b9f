"""Limits over the whole store: what a scan records as missed, and which are listed.

A scan goes through the rows of limits that have ended, in portions: it claims rows, takes the log's lock, decides each
by what the log says of its unit-year, and appends what it finds, all in one transaction. So any number of scanners may
run at once, and one that is killed leaves nothing half-done. Rows only say where to look: the log decides.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection

from gkevents.aggregates import refusals as no
from gkevents.aggregates.scanning import missed_limits
from gkevents.aggregates.stored import due_of_text
from gkevents.aggregates.values import value_of
from gkevents.aggregates.vocabulary import FIELDS
from gkevents.app import calendars
from gkevents.app.missing import Missed, TakenBack, record_misses, take_back, touched
from gkevents.app.recording import Session
from gkevents.calendar import Calendar
from gkevents.projections.limits import (
    LimitRow,
    LimitsView,
    Place,
    misses_behind,
    owed,
    owed_rows,
    rows_position,
    streams_with_limits,
)
from gkevents.projections.projection import Projection
from gkevents.scoring.limits import end_of_limit
from gkevents.store import archive
from gkevents.store.engine import Store
from gkevents.store.trouble import StoreTrouble

PORTION: Final = 500
"""So many limits are claimed, and their misses appended, in one transaction."""
BREATH_SECONDS: Final = 0.005
"""So long a file is left alone between two portions: whoever waits for its lock only looks now and then."""
SCANNED_BY: Final = "gk deadlines scan"


@dataclass(frozen=True)
class Scanned:
    """What a scan has recorded: limits that ran out, and misses taken back because the calendar was amended."""

    missed: list[Missed] = field(default_factory=list)
    taken_back: list[TakenBack] = field(default_factory=list)


class Write(Protocol):
    """How a write is begun: on a connection that holds the log's lock, unless told how to open one."""

    def __call__(
        self, *, opening: Callable[[], AbstractContextManager[Connection]] | None = None
    ) -> AbstractContextManager[Session]:
        """A session that appends what it was given when it ends well."""


class Scan:
    """One scan of a store. What it has recorded stays recorded, wherever it is interrupted."""

    def __init__(
        self, store: Store, write: Write, *, as_of: dt.date | None, rows: bool = True, portion: int = PORTION
    ) -> None:
        """Decide on the misses of every limit that ran out by the end of `as_of` (None: of the clock's day).

        `rows`: let the view of limits say where to look, where it can be brought up; else every unit-year is read.
        """
        self.store, self.write, self.as_of, self.portion = store, write, as_of, portion
        self.rows = rows
        self.found = Scanned()
        self._calendar = ""
        self._claimed: list[LimitRow] = []
        self._heard = 0
        self._done: set[tuple[str, str | None, str | None]] = set()

    def run(self) -> Scanned:
        """Record them. Raises InTheFuture, StoreTrouble."""
        with self.write() as session:
            day = self._begin(session)
        waiting = not self.store.shared
        while self._rows_are_up():
            if not self._owed(day):
                return self.found
            recorded = self._walk(day, waiting=waiting)
            if waiting and not recorded:
                return self.found
            waiting = waiting or not recorded  # what others had claimed is left: wait for them, and look
        with self.write() as session:
            self._by_states(session, day)
        return self.found

    def _begin(self, session: Session) -> dt.date:
        """Bring the calendar up; the day to scan for."""
        now = session.clock.now()
        day = self.as_of if self.as_of is not None else now.date()
        if day > now.date():
            raise no.InTheFuture(day=day, recorded_at=now.isoformat(timespec="minutes"))
        session.adopt_notices(now)
        self._recall(session)
        return day

    def _recall(self, session: Session) -> None:
        """Take back what the calendar no longer bears out, where it has changed since this was last done."""
        if session.calendar.digest != self._calendar:
            self.found.taken_back.extend(take_back(session, touched(session), by=SCANNED_BY))
            self._calendar = session.calendar.digest

    def _rows_are_up(self) -> bool:
        """Whether the rows say where to look; brought up first."""
        if not self.rows:
            return False
        try:
            return Projection(self.store, LimitsView()).catch_up()
        except StoreTrouble:  # they may not be written here: the log can be all the same, or the next step says why not
            return False

    def _owed(self, day: dt.date) -> int:
        with self.store.reading() as connection:
            return owed(connection, day).number

    def _walk(self, day: dt.date, *, waiting: bool) -> int:
        """Go once through the rows; how many misses were recorded."""
        recorded, behind = 0, None
        self._done.clear()
        with self.store.reading() as connection:
            self._heard = rows_position(connection)
        while True:
            claim = partial(self._claiming, day, behind, waiting=waiting)
            with self.write(opening=claim) as session:
                recorded += self._decide(session, day, self._left())
            if not self._claimed:
                return recorded
            if not self.store.shared:
                time.sleep(BREATH_SECONDS)
            last = self._claimed[-1]
            behind = last.scheme, last.year, last.unit, last.key

    @contextmanager
    def _claiming(self, day: dt.date, behind: Place | None, *, waiting: bool) -> Iterator[Connection]:
        """A transaction that has claimed the next portion, and the log's lock where anything is left to decide.

        The log's lock comes last, so that others log meanwhile. `waiting`: it comes first, and nothing is claimed:
        who has claims waits for that lock too, and finds when it has it what we recorded.
        """
        with (self.store.writing if waiting else self.store.updating)() as connection:
            self._claimed = owed_rows(connection, day, behind=behind, most=self.portion, claim=not waiting)
            self._hear(connection)
            if not waiting and self._left():
                self.store.take_turn(connection)
            yield connection

    def _left(self) -> list[LimitRow]:
        """What was claimed, without the limits of which a miss was recorded since the rows were brought up."""
        return [row for row in self._claimed if (_stream(row), row.key, row.item) not in self._done]

    def _hear(self, connection: Connection) -> None:
        """Hear which misses others have recorded meanwhile. It only spares work: the log decides in any case."""
        for position, stream, key, item in misses_behind(connection, self._heard):
            self._done |= {(stream, key, item), (stream, f"{key} ({item})", item)}
            self._heard = position

    def _decide(self, session: Session, day: dt.date, rows: Sequence[LimitRow]) -> int:
        """Record the misses among some rows, each as the log has its unit-year now; how many."""
        if rows:
            self._recall(session)
        recorded = 0
        for (scheme, year), of_year in groupby(rows, lambda row: (row.scheme, row.year)):
            adopted, wanted = session.scheme_year(scheme, year), dict[str, list[str]]()
            for row in of_year:
                wanted.setdefault(row.unit, []).extend((row.key, row.key.removesuffix(f" ({row.item})")))
            recorded += self._record(session, adopted, wanted, day)
        return recorded

    def _by_states(self, session: Session, day: dt.date) -> None:
        """Go through every unit-year that ever had a limit, behind the log's lock."""
        self._recall(session)
        for stream in streams_with_limits(session.writing):
            scheme, year, unit = archive.parts_of(stream)
            self._record(session, session.scheme_year(scheme, year), {unit: None}, day)

    def _record(
        self, session: Session, adopted: archive.SchemeYear, wanted: Mapping[str, Iterable[str] | None], day: dt.date
    ) -> int:
        """Record what ran out in some unit-years under the keys wanted of each (None: any); how many misses."""
        session.memory.load(session.writing, adopted, wanted)
        found = [
            (unit, miss)
            for unit, keys in wanted.items()
            for miss in missed_limits(session.state(adopted, unit), as_of=day, calendar=session.calendar, keys=keys)
        ]
        self.found.missed.extend(record_misses(session, adopted, found, by=SCANNED_BY))
        return len(found)


def _stream(row: LimitRow) -> str:
    return archive.unit_stream(row.scheme, row.year, row.unit)


# ---------------------------------------------------------------------- lists


def in_order(rows: Iterable[LimitRow]) -> list[LimitRow]:
    """Limits as they are listed: open ones first, by due day; those without a due day last."""
    order = {"open": 0, "missed": 1, "met": 2}
    return sorted(rows, key=lambda row: (order[row.state], row.due is None, row.due or "", row.unit, row.key))


def chosen(
    rows: Iterable[LimitRow], *, unit: str | None = None, state: str | None = None, end: DueWithin | None = None
) -> list[LimitRow]:
    """Those of a unit, in a state, or open and to be kept by a moment, as they are listed."""
    return in_order(
        row
        for row in rows
        if unit in (None, row.unit) and state in (None, row.state) and (end is None or end.holds(row))
    )


class DueWithin(NamedTuple):
    """By when limits must end to be listed: the end of a day, or an instant."""

    day: dt.date
    at: dt.datetime | None = None

    def holds(self, row: LimitRow) -> bool:
        """Whether a limit is open and has ended by then."""
        if row.state != "open" or row.due is None:
            return False
        due = due_of_text(row.due)
        if not isinstance(due, dt.datetime):
            return due is not None and (due <= self.day if self.at is None else due < self.day)
        return due.date() <= self.day if self.at is None else due <= self.at


def due_within(text: str, today: calendars.Today) -> DueWithin:
    """The moment that lies so far ahead: "3 working days", "24 hours", or a day itself.

    Raises FieldUnreadable for another text, CalendarEnds where it lies beyond the published calendar.
    """
    limit = str(value_of(FIELDS["limit"], text))
    calendar = Calendar.of(today.known)
    end = end_of_limit(today.now.date(), today.now, limit, calendar)
    if end is None:
        raise calendars.CalendarEnds(limit=text, year=max(calendar.years, default=today.now.year) + 1)
    return DueWithin(end.date(), end) if isinstance(end, dt.datetime) else DueWithin(end)
