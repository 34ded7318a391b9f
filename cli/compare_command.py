"""`gk compare`: why units moved between two places on the two axes of time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from cli.asking import (
    Asked,
    Day,
    Handler,
    argument,
    as_of_option,
    chosen,
    json_option,
    moment_known,
    option,
    scheme_option,
    year_option,
)
from cli.speech import Command
from gkevents.words import N_, say

if TYPE_CHECKING:
    from gkevents.reports.movement import Comparison

Labels = tuple[str | None, str | None]


def _sides(command: Handler) -> Handler:
    """The options that say what is compared with what."""
    moment = N_("INSTANT|POSITION")
    adders = (
        scheme_option,
        year_option,
        option("--from-as-of", type=Day(), metavar=N_("DAY"), help=N_("The earlier side counts up to this day.")),
        option("--from-known-at", metavar=moment, help=N_("The earlier side is as it was known then.")),
        option("--to-as-of", type=Day(), metavar=N_("DAY"), help=N_("The later side counts up to this day.")),
        option("--to-known-at", metavar=moment, help=N_("The later side is as it was known then.")),
        as_of_option,
        json_option,
    )
    for add in reversed(adders):
        command = add(command)
    return command


@click.command(
    cls=Command,
    help=N_("Why units moved between two days or two moments of knowledge, adding up exactly."),
    more=(
        N_("What is not said of a side is as in every question: the whole year, everything recorded."),
        N_("--as-of counts for both sides: --as-of 2020-09-30 --from-known-at 2020-10-08 tells what was learnt since."),
        N_(
            "Each fact gets what it brought on top of those before it; the other units come after the unit's own facts."
        ),
    ),
    examples=(
        "gk compare --from-as-of 2020-06-30 --to-as-of 2020-09-30",
        "gk compare 栾城镇 --as-of 2020-09-30 --from-known-at 2020-10-08",
        "gk compare 栾城镇 --from-known-at 412 --json",
    ),
)
@argument("unit", metavar=N_("[UNIT]"), required=False)
@_sides
@click.pass_obj
def compare(  # noqa: PLR0913 - one for each option
    asked: Asked,
    /,
    unit: str | None,
    *,
    scheme: str | None,
    year: int | None,
    from_as_of: dt.date | None,
    from_known_at: str | None,
    to_as_of: dt.date | None,
    to_known_at: str | None,
    as_of: dt.date | None,
    as_json: bool,
) -> None:
    """Say it."""
    from gkevents.app.asking import Question

    if from_as_of is None and from_known_at is None:
        raise click.UsageError(say(N_("Say where to begin: --from-as-of DAY, or --from-known-at MOMENT."), asked.lang))
    gk = asked.gk()
    of = chosen(asked, gk, scheme=scheme, year=year, unit=unit)
    before = Question(*of, from_as_of or as_of, moment_known(from_known_at))
    after = Question(*of, to_as_of or as_of, moment_known(to_known_at))
    found = gk.compare(before, after, [unit] if unit is not None else None)
    tell_comparison(asked, found, unit, as_json=as_json)


def tell_comparison(
    asked: Asked, found: Comparison, unit: str | None, *, as_json: bool, labels: Labels = (None, None)
) -> None:
    """Say a comparison, in JSON or as text; `labels`: what the sides are called, such as two bulletins."""
    if as_json:
        from gkevents.reports.movement import comparison_answer

        asked.answer(comparison_answer(found, asked.lang, unit, labels))
        return
    from cli.render_movement import movement_page, movements_page

    voice = asked.voice(simulated=found.after.simulated)
    asked.out(movements_page(found, voice, labels) if unit is None else movement_page(found, unit, voice, labels))
