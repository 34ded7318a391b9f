"""`gk init` and `gk verify`: the store itself."""

from __future__ import annotations

from typing import Final

import click

from cli.asking import Asked, json_option, option
from cli.speech import Command
from cli.trouble import DONE, STORE
from gkevents.words import N_, say

_IN_MEMORY: Final = frozenset({"sqlite://", "sqlite:///", "sqlite:///:memory:"})
_GONE: Final = N_("A store in memory is gone when the command ends: name a file, such as sqlite:///2020.db")


@click.command(
    cls=Command,
    help=N_("Make the store, or bring an older one up to date."),
    more=(
        N_("Harmless to repeat. A store with a simulated clock takes --now and recorded_at, and every report says so."),
    ),
    examples=("gk init", "gk --store sqlite:///2020.db init", "gk init --simulated-clock"),
)
@option("--simulated-clock", is_flag=True, help=N_("Make a store whose clock is told the time: for trials and tests."))
@json_option
@click.pass_obj
def init(asked: Asked, /, *, simulated_clock: bool, as_json: bool) -> None:
    """Make it."""
    if asked.store.partition("?")[0] in _IN_MEMORY:
        raise click.UsageError(
            say(
                N_("A store in memory is gone when the command ends: name a file, such as sqlite:///2020.db"),
                asked.lang,
            )
        )
    report = asked.gk().init(simulated_clock=simulated_clock)
    if as_json:
        asked.answer({"created": report.created, "version": report.version}, simulated=report.simulated)
        return
    voice = asked.voice(simulated=report.simulated)
    template = (
        N_("The store is made (version {version}).")
        if report.created
        else N_("The store is there (version {version}).")
    )
    asked.out(voice.say(template, version=report.version))


@click.command(
    cls=Command,
    help=N_("Read the whole store and say whether it is as it was written."),
    more=(
        N_("Every event must be as it was recorded, every derived row what the log gives; each that is not is named."),
    ),
    examples=("gk verify", "gk verify --json"),
)
@json_option
@click.pass_obj
def verify(asked: Asked, /, *, as_json: bool) -> int:
    """Read it; 3 where anything is wrong."""
    gk = asked.gk()
    found, simulated = gk.verify(), gk.report().simulated
    if as_json:
        faults = [{"position": position, "what": say(what, asked.lang)} for position, what in found.faults]
        asked.answer({"events": found.events, "faults": faults}, simulated=simulated)
    else:
        from cli.render import verified_page

        asked.out(verified_page(found, asked.voice(simulated=simulated)))
    return STORE if found.faults else DONE
