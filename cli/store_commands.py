"""`gk init` and `gk verify`: the store itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli.asking import Asked, json_option, option
from cli.columns import hang
from cli.evidence_commands import evidence_option
from cli.speech import Command
from cli.trouble import DONE, STORE
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app import InitReport

_IN_MEMORY: Final = frozenset({"sqlite://", "sqlite:///", "sqlite:///:memory:"})
_GONE: Final = N_("A store in memory is gone when the command ends: name a file, such as sqlite:///2020.db")


@click.command(
    cls=Command,
    help=N_("Make the store, or bring an older one up to date."),
    more=(
        N_("Harmless to repeat. A store with a simulated clock takes --now and recorded_at, and every report says so."),
        N_("A store of an older version is kept first: a file beside it, a server's log in the current folder."),
        N_("On a PostgreSQL server, --role makes the role to work under: it may add to the log, and no more."),
    ),
    examples=(
        "gk init",
        "gk --store sqlite:///2020.db init",
        "gk init --simulated-clock",
        "gk --store postgresql://postgres@127.0.0.1/gk init --role clerk",
    ),
)
@option("--simulated-clock", is_flag=True, help=N_("Make a store whose clock is told the time: for trials and tests."))
@option("--role", metavar=N_("NAME"), help=N_("Make or renew this role on the server: it may add to the log and read."))
@json_option
@click.pass_obj
def init(asked: Asked, /, *, simulated_clock: bool, role: str | None, as_json: bool) -> None:
    """Make it."""
    if asked.store.partition("?")[0] in _IN_MEMORY:
        raise click.UsageError(say(_GONE, asked.lang))
    report = asked.gk().init(simulated_clock=simulated_clock, role=role)
    if as_json:
        answer: dict[str, object] = {"created": report.created, "version": report.version}
        if report.older is not None:
            answer |= {"older": report.older, "kept": str(report.kept)}
        if role is not None:
            answer |= {"role": role, "role_created": report.role_made}
        asked.answer(answer, simulated=report.simulated)
        return
    voice = asked.voice(simulated=report.simulated)
    asked.out(hang(voice.say(_came_to(report), **report._asdict()), voice.columns))
    if role is not None:
        made = N_("The role {role} is made, without a password: ALTER ROLE … PASSWORD gives it one.")
        there = N_("The role {role} has the rights it needs, and no others.")
        asked.out(hang(voice.say(made if report.role_made else there, role=role), voice.columns))


def _came_to(report: InitReport) -> str:
    """The sentence for what was done."""
    if report.created:
        return N_("The store is made (version {version}).")
    if report.older is not None:
        return N_("The store is brought up from version {older} to {version}. As it was before, it is kept in {kept}.")
    return N_("The store is there (version {version}).")


@click.command(
    cls=Command,
    help=N_("Read the whole store and say whether it is as it was written."),
    more=(
        N_("Every event must be as it was recorded, every derived row what the log gives; each that is not is named."),
        N_("Every file of evidence must be there and unchanged; it is named at the event that recorded it."),
    ),
    examples=("gk verify", "gk verify --json"),
)
@evidence_option
@json_option
@click.pass_obj
def verify(asked: Asked, /, *, place: str | None, as_json: bool) -> int:
    """Read it; 3 where anything is wrong."""
    gk = asked.gk()
    found, simulated = gk.verify(evidence=place), gk.report().simulated
    if found.unseen:
        said = N_(
            "{count} files of evidence were not looked for: say where they are kept, with --evidence or GK_EVIDENCE."
        )
        asked.note(message(said, count=found.unseen))
    if as_json:
        faults = [{"position": position, "what": say(what, asked.lang)} for position, what in found.faults]
        asked.answer({"events": found.events, "faults": faults}, simulated=simulated)
    else:
        from cli.render import verified_page

        asked.out(verified_page(found, asked.voice(simulated=simulated)))
    return STORE if found.faults else DONE
