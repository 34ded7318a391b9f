"""`gk scheme try`: what a log would come to under another scheme, or under a draft of one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.asking import (
    FILE,
    Asked,
    Year,
    argument,
    as_of_option,
    json_option,
    known_at_option,
    moment_known,
    option,
)
from cli.speech import Command
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app.trying import Trying


@click.command(
    "try",
    cls=Command,
    help=N_("Score the log of an adopted scheme-year by another scheme, or by a draft; nothing is stored."),
    more=(
        N_("SCHEME is the id of a built-in scheme, a scheme file, or the id of one adopted in the store."),
        N_(
            "A code leads where --map says, else to the same code if that takes what is logged, else to the one with "
            "the same title; the answer shows how each was found, and lists every fact that does not map."
        ),
        N_("A unit keeps its category where the draft knows it, else has that of the draft's roster, else of --unit."),
    ),
    examples=(
        "gk scheme try draft.yaml --on luancheng-2020 --year 2020",
        "gk scheme try draft.yaml --on luancheng-2020 --year 2020 --map L17=X3 --map L22=X4 --json",
        "gk scheme try draft.yaml --on luancheng-2020 --year 2020 --map-file codes.txt --unit 某镇=乡镇",
    ),
)
@argument("scheme_id", metavar=N_("SCHEME"))
@option("--on", "on", required=True, metavar=N_("SCHEME"), help=N_("The scheme adopted whose log it is."))
@option("--year", required=True, type=Year(), metavar=N_("YEAR"), help=N_("The year of that log."))
@option(
    "--map",
    "pairs",
    multiple=True,
    metavar=N_("OLD=NEW"),
    help=N_("Where a code leads (nothing behind the = : nowhere); may be repeated."),
)
@option("--map-file", type=FILE, metavar=N_("FILE"), help=N_("The same in a file, one OLD=NEW on a line."))
@option(
    "--unit",
    "units",
    multiple=True,
    metavar=N_("NAME=CATEGORY"),
    help=N_("A unit's category under the draft; may be repeated."),
)
@option(
    "--overlay",
    type=FILE,
    metavar=N_("FILE"),
    help=N_("The points decided, for a scheme that prints none (YAML or JSON)."),
)
@as_of_option
@known_at_option
@json_option
@click.pass_obj
def try_(
    asked: Asked,
    /,
    scheme_id: str,
    *,
    on: str,
    year: int,
    overlay: str | None,
    as_of: dt.date | None,
    known_at: str | None,
    as_json: bool,
    **said: Any,  # noqa: ANN401 - click's own
) -> None:
    """Try it."""
    tried = asked.gk().try_scheme(
        scheme_id,
        on=(on, year),
        overlay=Path(overlay) if overlay is not None else None,
        asked=_said(asked, **said),
        as_of=as_of,
        known_at=moment_known(known_at),
    )
    if as_json:
        from gkevents.reports.trials import try_answer

        asked.answer(try_answer(tried, asked.lang), simulated=tried.simulated)
        return
    from cli.render_try import try_page

    asked.out(try_page(tried, asked.voice(simulated=tried.simulated)))


def _said(asked: Asked, *, pairs: tuple[str, ...], map_file: str | None, units: tuple[str, ...]) -> Trying:
    """What was said of codes and units; of a code, --map goes before the file."""
    from gkevents.app.trying import Trying, codes_in, codes_said

    codes = [_pair(asked, "--map", text) for text in pairs]
    named = {code for code, _ in codes}
    filed = codes_in(Path(map_file)) if map_file is not None else []
    codes += [(code, to) for code, to in filed if code not in named]
    return Trying(codes_said(codes), dict(_pair(asked, "--unit", text) for text in units))


def _pair(asked: Asked, name: str, text: str) -> tuple[str, str]:
    """The two sides of OLD=NEW; the second may be empty where the option is --map."""
    one, equals, other = (part.strip() for part in text.partition("="))
    if not one or not equals or (name == "--unit" and not other):
        raise click.UsageError(
            say(
                message(N_("{option} {text}: two names with = between them are expected"), option=name, text=text),
                asked.lang,
            )
        )
    return one, other
