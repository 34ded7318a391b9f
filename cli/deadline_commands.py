"""`gk deadlines`: what ran out, what is open, what is due next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from cli.asking import Asked, Day, Year, json_option, option
from cli.speech import Group
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.missing import Missed, TakenBack


@click.group(
    cls=Group,
    help=N_("Limits: what ran out, what is open."),
    examples=(
        "gk deadlines scan --as-of 2020-09-30",
        "gk deadlines list",
        'gk deadlines list --due-within "3 working days"',
    ),
)
def deadlines() -> None:
    """Lead to the commands below."""


@deadlines.command(
    "scan",
    help=N_("Record every limit that ran out by a day and was not kept."),
    more=(
        N_("The calendar alone never makes a limit missed: this does. To repeat it records nothing twice."),
        N_("Any number of them may run at once; one that was interrupted is simply run again."),
        N_("Where an amended calendar moves the end of a limit, what was recorded too early is taken back first."),
    ),
    examples=("gk deadlines scan", "gk deadlines scan --as-of 2020-09-30 --json"),
)
@option("--as-of", type=Day(), metavar=N_("DAY"), help=N_("Up to the end of this day; else up to now."))
@json_option
@click.pass_obj
def scan(asked: Asked, /, *, as_of: dt.date | None, as_json: bool) -> None:
    """Record them."""
    gk = asked.gk()
    found = gk.scan(as_of=as_of)
    simulated = gk.report().simulated
    if as_json:
        answer: dict[str, Any] = {"missed": missed_rows(found.missed)}
        if found.taken_back:
            answer["taken_back"] = taken_back_rows(found.taken_back)
        asked.answer(answer, simulated=simulated)
        return
    from cli.render import missed_page
    from cli.render_calendar import taken_back_page

    voice = asked.voice(simulated=simulated)
    pages = [taken_back_page(found.taken_back, voice)] if found.taken_back else []
    asked.out("\n".join([*pages, missed_page(found.missed, voice)]))


def missed_rows(missed: Iterable[Missed]) -> list[dict[str, Any]]:
    """Misses as JSON has them."""
    return [
        {"key": row.key, "unit": row.unit, "item": row.item, "due": _text(row.due), "position": row.position}
        for row in missed
    ]


def taken_back_rows(taken_back: Iterable[TakenBack]) -> list[dict[str, Any]]:
    """Misses taken back, as JSON has them."""
    return [
        {"key": row.key, "unit": row.unit, "item": row.item, "before": _text(row.before), "due": _text(row.due),
         "document": row.document, "position": row.position}
        for row in taken_back
    ]  # fmt: skip


@deadlines.command(
    "list",
    help=N_("List every limit: the open ones, then the missed and the met ones, by their due day."),
    more=(N_("With --due-within, the open ones that end by then: those that ran out already too, until a scan."),),
    examples=(
        "gk deadlines list",
        'gk deadlines list --due-within "3 working days"',
        "gk deadlines list --scheme luancheng-2020 --year 2020 --state missed --json",
    ),
)
@option(
    "--due-within", metavar=N_("LIMIT"), help=N_("Only open ones that end by then: 3 working days, 24 hours, a day.")
)
@option("--scheme", metavar=N_("SCHEME"), help=N_("Only this scheme."))
@option("--year", type=Year(), metavar=N_("YEAR"), help=N_("Only this year."))
@option("--unit", metavar=N_("UNIT"), help=N_("Only this unit."))
@option("--state", type=click.Choice(["open", "missed", "met"]), help=N_("Only those in this state."))
@json_option
@click.pass_obj
def list_(
    asked: Asked,
    /,
    *,
    due_within: str | None,
    scheme: str | None,
    year: int | None,
    unit: str | None,
    state: str | None,
    as_json: bool,
) -> None:
    """List them."""
    gk = asked.gk()
    rows = gk.limits(scheme=scheme, year=year, unit=unit, state=state, due_within=due_within)
    simulated = gk.report().simulated
    if as_json:
        found = [
            {"key": row.key, "unit": row.unit, "item": row.item, "opened": _text(row.opened), "due": _text(row.due),
             "state": row.state}
            for row in rows
        ]  # fmt: skip
        asked.answer({"deadlines": found}, simulated=simulated)
        return
    from cli.render import limits_page

    asked.out(limits_page(rows, asked.voice(simulated=simulated)))


def _text(moment: Any) -> str | None:  # noqa: ANN401 - a day, an instant, or its text already
    return moment.isoformat() if isinstance(moment, dt.date) else moment
