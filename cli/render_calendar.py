"""The calendar as text: notices, what importing one came to, the days of a limit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cli.columns import hang, table
from cli.render import Voice, missed_page, when
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.calendars import Explained, NoticeRow, NoticesTaken
    from gkevents.app.missing import TakenBack
    from gkevents.calendar import DayTold

_STATES: Final = {
    "adopted": N_("adopted"),
    "waiting": N_("waits for the next record"),
    "later": N_("not issued yet"),
    "left-out": N_("left out"),
}
_WHY: Final = {
    "workday": N_("a working day"),
    "weekend": N_("weekend"),
    "day-off": N_("day off"),
    "make-up": N_("make-up workday"),
    "withdrawn": N_("make-up workday withdrawn"),
}
_WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def notices_page(rows: Sequence[NoticeRow], voice: Voice) -> str:
    """Every notice on a line; below, why any is left out."""
    head = [N_("Notice"), N_("Issued"), N_("Year"), N_("Amends"), N_("State"), N_("Position")]
    cells = [
        [row.notice.document, when(row.notice.issued_on), str(row.notice.year),
         voice.say(N_("yes")) if row.notice.amends else "", voice.say(_STATES[row.state]),
         "–" if row.position is None else str(row.position)]
        for row in rows
    ]  # fmt: skip
    drawn = table([voice.say(title) for title in head], cells, right=(5,), columns=voice.columns, cut=(0,))
    left_out = N_("Left out, though gk brings it: {why}")
    said = [hang(voice.say(left_out, why=row.why), voice.columns) for row in rows if row.why is not None]
    return "\n".join([drawn, *([""] if said else []), *said])


def taken_page(taken: NoticesTaken, voice: Voice) -> str:
    """What was adopted, and what came of it."""
    there = N_("{document} is adopted already, day for day.")
    adopted = N_("{document} (for {year}) is adopted at position {position}.")
    lines = [voice.say(there, document=notice.document) for notice in taken.already]
    lines += [
        voice.say(adopted, document=notice.document, year=notice.year, position=position)
        for notice, position in taken.adopted
    ]
    lines = [hang(line, voice.columns) for line in lines]
    if taken.taken_back:
        lines.append(taken_back_page(taken.taken_back, voice))
    if taken.missed:
        lines.append(missed_page(taken.missed, voice))
    if not taken.taken_back and not taken.missed:
        lines.append(voice.say(N_("No limit that was recorded as missed is moved by it.")))
    return "\n".join(lines)


def taken_back_page(rows: Sequence[TakenBack], voice: Voice) -> str:
    """The misses that no longer hold, a table."""
    head = [N_("Due before"), N_("Due"), N_("Key"), N_("Unit"), N_("Item"), N_("Notice"), N_("Position")]
    cells = [
        [when(row.before), when(row.due), row.key, row.unit, row.item or "", row.document, str(row.position)]
        for row in rows
    ]
    said = voice.say(N_("Misses taken back, as the calendar was amended: {count}"), count=len(rows))
    drawn = table([voice.say(title) for title in head], cells, right=(6,), columns=voice.columns, cut=(3, 2, 5))
    return f"{said}\n{drawn}"


def explained_page(found: Explained, voice: Voice) -> str:
    """The days one by one, those that count numbered; then the due day."""
    head = [N_("Day"), "", N_("Counts as"), N_("Why"), N_("Notice")]
    number, cells = 0, []
    for one in found.days:
        number += one.working
        document = one.notice.document if one.notice is not None else ""
        cells.append(
            [
                when(one.day),
                _weekday(one, voice),
                str(number) if one.working else "–",
                voice.say(_WHY[one.why]),
                document,
            ]
        )
    drawn = table([voice.say(title) if title else "" for title in head], cells, right=(2,), columns=voice.columns)
    if found.due is not None:
        text = N_("A limit of {number} working days from {start} ends on {due}, at 24:00.")
        last = voice.say(text, number=found.working_days, start=when(found.start), due=when(found.due))
    else:
        text = N_("The days from here on lie beyond the calendar: no notice for {year} is adopted yet.")
        last = voice.say(text, year=_next_year(found))
    return f"{drawn}\n{hang(last, voice.columns)}"


def _weekday(one: DayTold, voice: Voice) -> str:
    return voice.say(_WEEKDAYS[one.day.weekday()])


def _next_year(found: Explained) -> int:
    return found.days[-1].day.year + 1 if found.days else found.start.year
