"""`gk deadlines`: what ran out, what is open, what is due next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from cli.asking import Asked, Day, json_option, option, scheme_option, year_option
from cli.speech import Group
from gkevents.words import N_


@click.group(
    cls=Group,
    help=N_("Limits: what ran out, what is open."),
    examples=("gk deadlines scan --as-of 2020-09-30", "gk deadlines list"),
)
def deadlines() -> None:
    """Lead to the commands below."""


@deadlines.command(
    "scan",
    help=N_("Record every limit that ran out by a day and was not kept."),
    more=(N_("The calendar alone never makes a limit missed: this does. To repeat it records nothing twice."),),
    examples=("gk deadlines scan", "gk deadlines scan --as-of 2020-09-30 --json"),
)
@option("--as-of", type=Day(), metavar=N_("DAY"), help=N_("Up to the end of this day; else up to now."))
@json_option
@click.pass_obj
def scan(asked: Asked, /, *, as_of: dt.date | None, as_json: bool) -> None:
    """Record them."""
    gk = asked.gk()
    missed, simulated = gk.scan(as_of=as_of), gk.report().simulated
    if as_json:
        rows = [
            {"key": row.key, "unit": row.unit, "item": row.item, "due": _text(row.due), "position": row.position}
            for row in missed
        ]
        asked.answer({"missed": rows}, simulated=simulated)
        return
    from cli.render import missed_page

    asked.out(missed_page(missed, asked.voice(simulated=simulated)))


@deadlines.command(
    "list",
    help=N_("List every limit: the open ones, then the missed and the met ones, by their due day."),
    examples=("gk deadlines list", "gk deadlines list --scheme luancheng-2020 --year 2020 --json"),
)
@scheme_option
@year_option
@json_option
@click.pass_obj
def list_(asked: Asked, /, *, scheme: str | None, year: int | None, as_json: bool) -> None:
    """List them."""
    gk = asked.gk()
    rows, simulated = gk.limits(scheme=scheme, year=year), gk.report().simulated
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
