"""`gk up`: a database, a broker, a worker and a scheduler on this machine, for a trial."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.asking import Asked, json_option, option
from cli.speech import Command
from cli.trouble import DONE, STORE
from gkevents.words import N_, Message, message, say

if TYPE_CHECKING:
    from gkevents.servers.trial import Told


@click.command(
    cls=Command,
    help=N_("Run a database, a broker, a worker and a scheduler on this machine, for a trial; Ctrl-C ends them all."),
    more=(
        N_("What is logged stays in the folder, and the next gk up there goes on with it."),
        N_("They listen on sockets that only you can reach, and on no port of the network."),
        N_("For daily work take servers that somebody looks after, and --store and --broker."),
    ),
    examples=("gk up", "gk up --folder ~/gk-trial"),
)
@option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="gk-trial",
    show_default=True,
    metavar=N_("FOLDER"),
    help=N_("Where everything is kept."),
)
@json_option
@click.pass_obj
def up(asked: Asked, /, *, folder: Path, as_json: bool) -> int:
    """Start them and watch them until the end is asked for."""
    from gkevents.app import Gk
    from gkevents.servers.trial import Trial
    from gkevents.servers.trouble import ServerTrouble

    def note(said: Message | str) -> None:
        with suppress(OSError):  # the terminal may be gone: that is why all is ended
            asked.note(said)

    def make(url: str) -> None:
        Gk(url).init()

    set_there: list[str] = []

    def ready(told: Told) -> None:
        set_there.extend(told.settings)
        if as_json:
            places = {"folder": str(told.folder), "script": str(told.script)}
            asked.answer({**places, "processes": told.pids, "settings": told.settings})
            return
        from cli.render_up import up_page

        asked.out(up_page(told, asked.voice()))

    words = [sys.executable, "-P", "-m", "cli.main", "--lang", asked.lang]
    trial = Trial(folder.expanduser().absolute(), gk=words, make=make, tell=note)
    try:
        trial.run(ready)
    except ServerTrouble as trouble:
        note(f"gk: {say(trouble.message, asked.lang)}")
        return STORE
    note(N_("All is ended; the data stay where they are."))
    if set_there:  # other terminals may have taken them
        note(message(N_("In a terminal that took its settings, say: unset {names}"), names=" ".join(set_there)))
    return DONE
