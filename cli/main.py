"""The command itself: the options before a command, and which module holds each command."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from typing import Any, Final

import click

from cli import trouble
from cli.asking import Asked, Instant, option
from cli.speech import LazyGroup
from gkevents import words
from gkevents.words import N_

COMMANDS: Final = {
    "init": ("cli.store_commands", "init", N_("Make the store, or bring an older one up to date.")),
    "scheme": ("cli.scheme_commands", "scheme", N_("Schemes: list, show, write, check, test, compare, try, adopt.")),
    "log": ("cli.log_commands", "log", N_("Log facts from a file, or one by hand.")),
    "correct": ("cli.log_commands", "correct", N_("Take a fact back and log it anew, corrected, in one transaction.")),
    "deadlines": ("cli.deadline_commands", "deadlines", N_("Limits: what ran out, what is open.")),
    "case": ("cli.case_commands", "case", N_("Cases: what was told, contested, decided and put right, step by step.")),
    "evidence": (
        "cli.evidence_commands",
        "evidence",
        N_("Evidence: attach files to facts, list them, get them back, see that they are whole."),
    ),
    "calendar": (
        "cli.calendar_commands",
        "calendar",
        N_("The working-day calendar: its notices, taking one in, why a day counts."),
    ),
    "score": ("cli.score_commands", "score", N_("One unit's score, or every unit's.")),
    "rank": ("cli.score_commands", "rank", N_("The ranking, by category.")),
    "replay": (
        "cli.score_commands",
        "replay",
        N_("The ledger of one unit: every entry in order, with running balances, caps and clauses."),
    ),
    "compare": (
        "cli.compare_command",
        "compare",
        N_("Why units moved between two days or two moments of knowledge, adding up exactly."),
    ),
    "verify": ("cli.store_commands", "verify", N_("Read the whole store and say whether it is as it was written.")),
    "projections": (
        "cli.projection_commands",
        "projections",
        N_("Views: the rows that questions are answered from, derived from the log."),
    ),
    "bulletin": (
        "cli.bulletin_commands",
        "bulletin",
        N_("Bulletins of a quarter or a year: drafted, issued once, exported, proved, compared."),
    ),
    "result": (
        "cli.result_commands",
        "result",
        N_("The year's result: ready or not, proposed, approved, published, fed back to the units."),
    ),
    "worker": (
        "cli.worker_commands",
        "worker",
        N_("Work: bring views up, scan limits, help with builds, until ended. Several may run, here or elsewhere."),
    ),
    "scheduler": (
        "cli.worker_commands",
        "scheduler",
        N_("Look at the store, and hint to workers at what is to be done, until ended. One is enough."),
    ),
    "work": (
        "cli.worker_commands",
        "work",
        N_("Do here, once, what workers would: bring views up, finish builds, scan limits. It needs no broker."),
    ),
    "backup": (
        "cli.keeping_commands",
        "backup",
        N_("Copy the whole store into a file, as it is at one moment, while others work with it."),
    ),
    "restore": ("cli.keeping_commands", "restore", N_("Put a backup back in the store's place.")),
    "export-log": (
        "cli.keeping_commands",
        "export_log",
        N_("Write the whole log as JSON Lines, to the byte: for safe keeping, or for another database."),
    ),
    "import-log": (
        "cli.keeping_commands",
        "import_log",
        N_("Take an exported log into a store, each event as it was written."),
    ),
    "doctor": (
        "cli.doctor_command",
        "doctor",
        N_("Say in one screen what is up, what is behind, what is broken, and what to do."),
    ),
    "up": (
        "cli.up_command",
        "up",
        N_("Run a database, a broker, a worker and a scheduler on this machine, for a trial; Ctrl-C ends them all."),
    ),
    "demo": (
        "cli.demo_command",
        "demo",
        N_("Show the main job: adopt a district's scheme, log a year of sample facts, rank its units, replay one."),
    ),
    "completion": (
        "cli.completion_command",
        "completion",
        N_("Print the script with which a shell completes gk's words."),
    ),
}
"""Every command: the module it is in, its name there, what it does."""


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's callback
    if wanted:
        from importlib.metadata import version

        click.echo(f"gk {version('gkevents')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"max_content_width": 100},
    help=N_("Score units in an open-government assessment from the log of what happened, by the published scheme."),
    more=(
        N_("What is logged is never changed: a wrong fact is answered by another one."),
        N_("Every question may be asked as of a day (--as-of) and as it was known at a moment (--known-at)."),
        N_("Exit status: 0 done; 1 refused, nothing half-done is left; 2 wrong usage; 3 the store cannot be used."),
        N_("Completion by the Tab key: gk completion bash|zsh|fish gives the script; its variable is _GK_COMPLETE."),
    ),
    examples=(
        "gk init",
        "gk scheme adopt luancheng-2020 --year 2020",
        "gk log facts.csv --scheme luancheng-2020 --year 2020",
        "gk rank --scheme luancheng-2020 --year 2020",
        "gk replay 栾城镇 --scheme luancheng-2020 --year 2020",
        N_("gk --lang zh log --help"),
    ),
)
@option(
    "--store",
    envvar="GK_STORE",
    show_envvar=True,
    default="sqlite:///gkevents.db",
    show_default=True,
    metavar=N_("URL"),
    help=N_("Where the log is kept, as a SQLAlchemy URL."),
)
@option(
    "--now",
    type=Instant(),
    metavar=N_("INSTANT"),
    help=N_("The moment of recording; only in a store with a simulated clock."),
)
@option(
    "--lang",
    envvar="GK_LANG",
    show_envvar=True,
    type=click.Choice(list(words.LANGUAGES)),
    help=N_("The language of the answers; else GK_LANG or the locale decides."),
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help=N_("Show the version and exit."),
)
@click.pass_context
def gk(ctx: click.Context, /, store: str, now: dt.datetime | None, lang: str | None) -> None:
    """Keep what was asked for before the command."""
    ctx.obj = Asked(store, now, words.language(lang))


def run(*arguments: str) -> int:
    """Run the command with these arguments, in this process; the exit status."""
    return trouble.run(gk, arguments)


def main() -> Any:  # noqa: ANN401 - it never comes back
    """What the installed script calls."""
    gc.disable()  # while modules load there is nothing to collect; `Asked.gk` turns it on again
    sys.exit(trouble.run(gk, sys.argv[1:]))


if __name__ == "__main__":
    main()
