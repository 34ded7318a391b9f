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
from gkevents.app.notices import brought, check_fits
from gkevents.app.recording import Session
from gkevents.calendar import Calendar, CalendarNotPublished, DayTold, Notice, NoticeFault, tell_day
from gkevents.schemes.tree import plant
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.store.reading import Reader
from gkevents.upcasts import NOTICE_ADOPTED
from gkevents.words import N_, Message, message

IMPORTED_BY = "gk calendar import"
DAYS_MOST = 1_000


class NoCalendarFile(no.Refusal):
    """The file cannot be read as one of notices."""

    code = "no-calendar-file"
    template = N_("The notices in {name} cannot be used: {why} It is written as schemes/calendars/2020.yaml is.")


class NoticeNotIssued(no.Refusal):
    """A notice is dated after now."""

    code = "notice-not-issued"
    template = N_("{document} is dated {issued_on}, which is after now ({now}): it cannot have been issued.")


class NoticeThere(no.Refusal):
    """Every notice of the file is in the log already."""

    code = "notice-there"
    template = N_("{documents}: adopted already, day for day. Nothing was stored.")


class DocumentKnown(no.Refusal):
    """A notice has the number and the day of one that is adopted, and says otherwise."""

    code = "document-known"
    template = N_(
        "{document} of {issued_on} is adopted already and says otherwise: what changes it has a number of its own. "
        "See: gk calendar list"
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
    """One notice: `state` is adopted (since a position), waiting (for the next record), later (not issued by now).

    Or it is left-out: the program brings it, and it does not go with what is adopted (`why`).
    """

    notice: Notice
    state: str
    position: int | None = None
    recorded_at: str | None = None
    why: Message | None = None


class Today(NamedTuple):
    """What a store knows of working days at a moment: every notice, adopted or brought by the program."""

    now: dt.datetime
    rows: list[NoticeRow]

    @property
    def known(self) -> list[Notice]:
        """The notices by which a fact recorded now would be decided."""
        return [row.notice for row in self.rows if row.state in ("adopted", "waiting")]


class Explained(NamedTuple):
    """The days after `start` up to the end of a limit of so many working days; `due` None beyond the calendar."""

    start: dt.date
    working_days: int
    due: dt.date | None
    days: list[DayTold]


def read_notices(path: Path) -> list[Notice]:
    """The notices of a file, in the order in which they were issued. Raises NoCalendarFile."""
    if not path.is_file():  # a pipe could keep us waiting for ever
        raise NoCalendarFile(name=path.name, why=message(N_("it is no plain file.")))
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
    for one in known:
        if (one.document, one.issued_on) == (notice.document, notice.issued_on):
            raise DocumentKnown(document=notice.document, issued_on=notice.issued_on)
    check_fits(notice, known)


def today(reader: Reader, now: dt.datetime, published: Callable[[], Iterable[Notice]]) -> Today:
    """What is known of working days at a moment, with the notices that a program brings."""
    rows = [
        NoticeRow(Notice.from_dict(event.body), "adopted", event.position, event.recorded_at.replace(".000000", ""))
        for event in reader.stream(archive.CALENDAR_STREAM)
    ]
    found = brought(published(), [row.notice for row in rows])
    waiting = [NoticeRow(one, "waiting" if one.issued_on <= now.date() else "later") for one in found.fitting]
    left_out = [NoticeRow(one, "left-out", why=refusal.message) for one, refusal in found.left_out]
    return Today(now, [*rows, *left_out, *waiting])


def explain(known: Sequence[Notice], start: dt.date, working_days: int) -> Explained:
    """The days after `start`, one by one, until so many of them were working days."""
    days: list[DayTold] = []
    left, day = working_days, start
    while left:
        if day == dt.date.max:
            return Explained(start, working_days, None, days)
        day += dt.timedelta(days=1)
        try:
            told = tell_day(known, day)
        except CalendarNotPublished:
            return Explained(start, working_days, None, days)
        days.append(told)
        left -= told.working
    return Explained(start, working_days, day, days)
