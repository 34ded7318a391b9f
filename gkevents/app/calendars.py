"""The working-day calendar of a store: which notices it has adopted, taking one in by hand, and why a day counts.

An imported notice is one that this program does not bring. What it amends is looked at again in the same write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.app.missing import Missed, TakenBack, miss_anew, notices, take_back, touched
from gkevents.app.recording import Session
from gkevents.calendar import Calendar, CalendarNotPublished, DayTold, Notice, NoticeFault, tell_day
from gkevents.schemes.tree import plant
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.store.reading import Reader
from gkevents.upcasts import NOTICE_ADOPTED
from gkevents.words import N_, message

IMPORTED_BY = "gk calendar import"
DAYS_MOST = 1_000


class NoCalendarFile(no.Refusal):
    """The file cannot be read as one of notices."""

    code = "no-calendar-file"
    template = N_("{name} holds no notices: {why} It is written as schemes/calendars/2020.yaml is.")


class NoticeNotIssued(no.Refusal):
    """A notice is dated after now."""

    code = "notice-not-issued"
    template = N_("{document} is dated {issued_on}, which is after now ({now}): it cannot have been issued.")


class NoticeThere(no.Refusal):
    """Every notice of the file is in the log already."""

    code = "notice-there"
    template = N_("{documents}: adopted already, day for day. Nothing was stored.")


class YearNotPublished(no.Refusal):
    """An amendment of a year that has no notice of its own yet."""

    code = "year-not-published"
    template = N_("{document} amends {year}, and no notice for {year} is adopted. Import that one first.")


class YearPublished(no.Refusal):
    """A second notice for a year that says it is the first."""

    code = "year-published"
    template = N_("{document} says it is the notice for {year}, but {other} is. If it amends that one: amends: true.")


class NothingWithdrawn(no.Refusal):
    """A make-up workday is withdrawn that is none."""

    code = "nothing-withdrawn"
    template = N_("{document} withdraws {day} as a make-up workday, but {day} is no working day by what is adopted.")


class NoticeOutrun(no.Refusal):
    """A notice comes after a later one that has spoken of the same day."""

    code = "notice-outrun"
    template = N_(
        "{document} was issued on {issued_on}, before {other}, which is adopted and says otherwise of {day}: "
        "the later notice decides."
    )


class CalendarEnds(no.Refusal):
    """Working days are asked for beyond the last notice."""

    code = "calendar-ends"
    template = N_("{limit} from here reaches beyond the published calendar: no notice for {year} is adopted yet.")


class NoticesTaken(NamedTuple):
    """What an import came to: notices by position, those that were there, misses taken back, misses recorded anew."""

    adopted: list[tuple[Notice, int]]
    already: list[Notice]
    taken_back: list[TakenBack]
    missed: list[Missed]


class NoticeRow(NamedTuple):
    """One notice: `state` is adopted (since a position), waiting (for the next record), or not issued by now."""

    notice: Notice
    state: str
    position: int | None = None
    recorded_at: str | None = None


class Today(NamedTuple):
    """What a store knows of working days at a moment: every notice, adopted or brought by the program."""

    now: dt.datetime
    rows: list[NoticeRow]

    @property
    def known(self) -> list[Notice]:
        """The notices by which a fact recorded now would be decided."""
        return [row.notice for row in self.rows if row.state != "later"]


class Explained(NamedTuple):
    """The days after `start` up to the end of a limit of so many working days; `due` None beyond the calendar."""

    start: dt.date
    working_days: int
    due: dt.date | None
    days: list[DayTold]


def read_notices(path: Path) -> list[Notice]:
    """The notices of a file, in the order in which they were issued. Raises NoCalendarFile."""
    tree, faults = plant(path.read_bytes())
    if faults:
        first = faults[0]
        why = message(N_("line {line}, column {column}: {fault}"), line=first.line, column=first.column,
                      fault=first.message)  # fmt: skip
        raise NoCalendarFile(name=path.name, why=why)
    held = tree.data.get("notices") if tree is not None and isinstance(tree.data, dict) else None
    entries = [entry for entry in held if isinstance(entry, dict)] if isinstance(held, list) else []
    if not entries or not isinstance(held, list) or len(entries) < len(held):
        raise NoCalendarFile(name=path.name, why=message(N_("under notices: a list is expected, each a notice.")))
    try:
        found = [Notice.from_dict(entry) for entry in entries]
    except NoticeFault as fault:
        raise NoCalendarFile(name=path.name, why=fault.message) from fault
    return sorted(found, key=lambda notice: (notice.issued_on, notice.amends))


def import_notices(session: Session, given: Sequence[Notice]) -> NoticesTaken:
    """Adopt notices into the log, and look again at the limits that they move. Raises a refusal; nothing is done then.

    Those that this program brings come first, where they are due.
    """
    now = session.clock.now()
    session.adopt_notices(now)
    known = notices(session)
    there = {notice.digest for notice in known}
    fresh = [notice for notice in given if notice.digest not in there]
    already = [notice for notice in given if notice.digest in there]
    if not fresh:
        raise NoticeThere(documents=", ".join(notice.document for notice in already))
    adopted = []
    for notice in fresh:
        check_notice(notice, known, now)
        known.append(notice)
        position = session.add(NewEvent(archive.CALENDAR_STREAM, NOTICE_ADOPTED, notice.to_dict(), now))
        adopted.append((notice, position))
    session.calendar = Calendar.of(known)
    among = touched(session)
    taken_back = take_back(session, among, by=IMPORTED_BY)
    return NoticesTaken(adopted, already, taken_back, miss_anew(session, among, by=IMPORTED_BY))


def check_notice(notice: Notice, known: Sequence[Notice], now: dt.datetime) -> None:
    """Refuse a notice that does not go with those that are known."""
    if notice.issued_on > now.date():
        raise NoticeNotIssued(document=notice.document, issued_on=notice.issued_on, now=now.date())
    own = next((one for one in known if one.year == notice.year and not one.amends), None)
    if notice.amends and own is None:
        raise YearNotPublished(document=notice.document, year=notice.year)
    if not notice.amends and own is not None:
        raise YearPublished(document=notice.document, year=notice.year, other=own.document)
    for other in known:
        if other.issued_on > notice.issued_on:
            _check_outrun(notice, other)
    calendar = Calendar.of(known)
    for day in notice.withdrawn_workdays:
        if day.year in calendar.years and not calendar.is_working_day(day):
            raise NothingWithdrawn(document=notice.document, day=day)


def _check_outrun(notice: Notice, later: Notice) -> None:
    """A later notice has the last word on a day, so an earlier one may not come behind it with another."""
    for day in notice.days:
        if day in later.days and (day in notice.make_up_workdays) != (day in later.make_up_workdays):
            raise NoticeOutrun(document=notice.document, issued_on=notice.issued_on, other=later.document, day=day)


def today(reader: Reader, now: dt.datetime, published: Callable[[], Iterable[Notice]]) -> Today:
    """What is known of working days at a moment, with the notices that a program brings."""
    rows = [
        NoticeRow(Notice.from_dict(event.body), "adopted", event.position, event.recorded_at.replace(".000000", ""))
        for event in reader.stream(archive.CALENDAR_STREAM)
    ]
    there = {row.notice.digest for row in rows}
    fresh = [notice for notice in published() if notice.digest not in there]
    waiting = [NoticeRow(one, "waiting" if one.issued_on <= now.date() else "later") for one in fresh]
    return Today(now, [*rows, *waiting])


def explain(known: Sequence[Notice], start: dt.date, working_days: int) -> Explained:
    """The days after `start`, one by one, until so many of them were working days."""
    days: list[DayTold] = []
    left, day = working_days, start
    while left:
        day += dt.timedelta(days=1)
        try:
            told = tell_day(known, day)
        except CalendarNotPublished:
            return Explained(start, working_days, None, days)
        days.append(told)
        left -= told.working
    return Explained(start, working_days, day, days)
