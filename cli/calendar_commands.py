"""`gk calendar`: the holiday notices that limits in working days are counted by."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.asking import FILE, Asked, Day, argument, json_option
from cli.deadline_commands import missed_rows, taken_back_rows
from cli.speech import Group
from gkevents.words import N_, say

if TYPE_CHECKING:
    from gkevents.app.calendars import NoticeRow
    from gkevents.calendar import DayTold


@click.group(
    cls=Group,
    help=N_("The working-day calendar: its notices, taking one in, why a day counts."),
    examples=("gk calendar list", "gk calendar import 2027.yaml", "gk calendar explain 2020-01-17 7"),
)
def calendar() -> None:
    """Lead to the commands below."""


@calendar.command(
    "list",
    help=N_("List the notices that the log has adopted, and those that wait."),
    more=(
        N_("A notice that gk brings is adopted by itself, with the first record made after it was issued."),
        N_("One that does not go with what was imported is left out; the list says why."),
        N_("Limits are counted by what is adopted; a question about earlier (--known-at) by what was adopted then."),
    ),
    examples=("gk calendar list", "gk calendar list --json"),
)
@json_option
@click.pass_obj
def list_(asked: Asked, /, *, as_json: bool) -> None:
    """List them."""
    gk = asked.gk()
    rows, simulated = gk.calendar().rows, gk.report().simulated
    if as_json:
        asked.answer({"notices": [_notice(row, asked.lang) for row in rows]}, simulated=simulated)
        return
    from cli.render_calendar import notices_page

    asked.out(notices_page(rows, asked.voice(simulated=simulated)))


def _notice(row: NoticeRow, lang: str) -> dict[str, Any]:
    said = row.notice.to_dict()
    names = ("document", "issued_on", "year", "amends", "days_off", "make_up_workdays", "withdrawn_workdays")
    return {**{name: said[name] for name in names}, "state": row.state, "position": row.position,
            "recorded_at": row.recorded_at, "why": say(row.why, lang) if row.why is not None else None}  # fmt: skip


@calendar.command(
    "import",
    help=N_("Adopt the holiday notices of a file, and look again at the limits that they move."),
    more=(
        N_("For a notice that gk does not bring: a new year's, or an amendment. Written as the files it brings are."),
        N_("A miss that a scan recorded and that no longer holds is taken back; what has run out is recorded anew."),
        N_("Scores as they were known before stay as they were. What is there already is not adopted twice."),
    ),
    examples=("gk calendar import 2027.yaml", "gk calendar import extended-holiday.yaml --json"),
)
@argument("file", metavar=N_("FILE"), type=FILE)
@json_option
@click.pass_obj
def import_(asked: Asked, /, file: str, *, as_json: bool) -> None:
    """Adopt them."""
    gk = asked.gk()
    taken = gk.import_calendar(Path(file))
    simulated = gk.report().simulated
    if as_json:
        adopted = [
            {"document": notice.document, "year": notice.year, "amends": notice.amends, "position": position}
            for notice, position in taken.adopted
        ]
        answer = {"adopted": adopted, "already_adopted": [notice.document for notice in taken.already]}
        answer |= {"taken_back": taken_back_rows(taken.taken_back), "missed": missed_rows(taken.missed)}
        asked.answer(answer, simulated=simulated)
        return
    from cli.render_calendar import taken_page

    asked.out(taken_page(taken, asked.voice(simulated=simulated)))


@calendar.command(
    "explain",
    help=N_("Tell the days of a limit one by one: working or not, why, and by which notice; and its due day."),
    examples=("gk calendar explain 2020-01-17 7", "gk calendar explain 2020-09-30 15 --json"),
)
@argument("day", metavar=N_("DAY"), type=Day())
@argument("working_days", metavar=N_("DAYS"), type=click.IntRange(1, 1000))
@json_option
@click.pass_obj
def explain(asked: Asked, /, day: dt.date, working_days: int, *, as_json: bool) -> None:
    """Tell them."""
    from gkevents.app.calendars import explain

    gk = asked.gk()
    found, simulated = explain(gk.calendar().known, day, working_days), gk.report().simulated
    if as_json:
        answer = {
            "start": day.isoformat(),
            "working_days": working_days,
            "due": found.due.isoformat() if found.due is not None else None,
            "days": [_told(one) for one in found.days],
        }
        asked.answer(answer, simulated=simulated)
        return
    from cli.render_calendar import explained_page

    asked.out(explained_page(found, asked.voice(simulated=simulated)))


def _told(one: DayTold) -> dict[str, Any]:
    document = one.notice.document if one.notice is not None else None
    return {"day": one.day.isoformat(), "working": one.working, "why": one.why, "document": document}
