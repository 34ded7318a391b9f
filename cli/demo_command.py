"""`gk demo`: the main job from end to end, on sample facts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.asking import Asked, argument, json_option
from cli.columns import pad, width
from cli.speech import Command
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.demo import Prepared


@click.command(
    cls=Command,
    help=N_("Show the main job: adopt a district's scheme, log a year of sample facts, rank its units, replay one."),
    more=(N_("Everything is kept in FOLDER, or in a temporary one, so that you can go on from there."),),
    examples=("gk demo", "gk demo demo-2020"),
)
@argument("folder", metavar=N_("[FOLDER]"), required=False, type=click.Path(file_okay=False, path_type=Path))
@json_option
@click.pass_obj
def demo(asked: Asked, /, folder: Path | None, *, as_json: bool) -> None:
    """Run it."""
    from gkevents.app import Gk
    from gkevents.demo import SCHEME, UNIT, YEAR, prepare

    if not as_json:
        asked.note(N_("Making a store, adopting the scheme and logging a year of sample facts …"))
    made = prepare(folder)
    gk = Gk(made.url)
    if as_json:
        from gkevents.reports.answers import rank_answer

        answer = {"store": made.url, "facts": made.facts, "missed": made.missed}
        asked.answer({**answer, "rank": rank_answer(*gk.rank(scheme=SCHEME, year=YEAR))})
        return
    from cli.render_score import rank_page, replay_page

    voice = asked.voice(simulated=True)
    asked.out(_heading(made, asked.lang))
    asked.out(rank_page(*gk.rank(scheme=SCHEME, year=YEAR), voice))
    asked.out("")
    asked.out(replay_page(*gk.replay(UNIT, scheme=SCHEME, year=YEAR), voice))
    asked.out(_further(made, asked.lang, asked.columns))


def _heading(made: Prepared, lang: str) -> str:
    text = N_(
        "Luancheng 2020: the published scheme, its {units} real units, and {facts} SAMPLE facts.\n"
        "The facts are made up to show how gk works; they are no office's record.\n"
    )
    return say(message(text, units=made.units, facts=made.facts), lang)


def _further(made: Prepared, lang: str, columns: int) -> str:
    """The commands to go on with, as they can be typed where the demo was started."""
    gk = sys.argv[0] if os.sep in sys.argv[0] else "gk"
    lines = (
        (N_("a unit's score, item by item"), "score 区审计局"),
        (N_("as of the end of September"), "rank --as-of 2020-09-30"),
        (N_("as it was known at the turn of the year"), "score 区气象局 --known-at 2020-12-31"),
        (N_("limits: kept, missed, open"), "deadlines list"),
        (N_("the scheme, in words"), "scheme show luancheng-2020"),
        (N_("is every event as it was written?"), "verify"),
    )
    commands = [(f"  {gk} {command}", f"# {say(what, lang)}") for what, command in lines]
    indent = max(width(command) for command, _ in commands) + 2
    if indent + max(width(what) for _, what in commands) <= columns:
        said = [pad(command, indent) + what for command, what in commands]
    else:
        said = [line for command, what in commands for line in (f"  {what}", command)]
    return "\n".join(["", say(N_("Go on from here:"), lang), f"  export GK_STORE={made.url}", *said])
