"""`gk doctor`: what is up, what is behind, what is broken, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cli.asking import Asked, json_option, option
from cli.evidence_commands import evidence_option
from cli.speech import Command
from cli.trouble import DONE, STORE
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app import Gk
    from gkevents.app.doctoring import Finding
    from gkevents.tasks.broker import Look


@click.command(
    cls=Command,
    help=N_("Say in one screen what is up, what is behind, what is broken, and what to do."),
    more=(
        N_("It only looks, and is quick: whether every event is as it was written is what gk verify finds out."),
        N_("Exit status 3 where something is broken; what should only be looked at leaves it at 0."),
    ),
    examples=("gk doctor", "gk doctor --json", "gk doctor --broker redis://127.0.0.1:6379"),
)
@option(
    "--broker",
    envvar="GK_BROKER",
    show_envvar=True,
    metavar=N_("URL"),
    help=N_("Where the workers get their messages, to be looked at too."),
)
@evidence_option
@json_option
@click.pass_obj
def doctor(asked: Asked, /, *, broker: str | None, place: str | None, as_json: bool) -> int:
    """Look; 3 where anything is broken."""
    from gkevents.app import doctoring

    gk = asked.gk()
    findings = doctoring.examined(gk.store, now=asked.now, evidence=place)
    simulated = findings[0].state != doctoring.BROKEN and gk.report().simulated
    findings += _of_workers(gk, broker)
    if as_json:
        told = [
            {"what": found.what, "state": found.state, "said": say(found.said, asked.lang),
             "advice": None if found.advice is None else say(found.advice, asked.lang)}
            for found in findings
        ]  # fmt: skip
        asked.answer({"state": doctoring.worst(findings), "findings": told}, simulated=simulated)
    else:
        from cli.render_doctor import doctor_page

        asked.out(doctor_page(findings, asked.voice(simulated=simulated)))
    return STORE if doctoring.worst(findings) == doctoring.BROKEN else DONE


def _of_workers(gk: Gk, broker: str | None) -> list[Finding]:
    """What the broker knows of itself, of workers and of the scheduler."""
    from gkevents.app.doctoring import BROKEN, OK, Finding

    if not broker:
        said = N_("none is named (--broker, GK_BROKER): what workers would do is done when a question is asked")
        return [Finding("broker", OK, message(said))]
    from gkevents.tasks.broker import look
    from gkevents.tasks.trouble import BrokerTrouble

    try:
        seen = look(broker)
    except BrokerTrouble as trouble:
        return [Finding("broker", BROKEN, trouble.message)]
    if _is_of_another(gk, seen):
        return [*_of_another_store(seen)]
    return [*_of_messages(seen), _of_the_workers(seen), _of_the_scheduler(seen)]


def _is_of_another(gk: Gk, seen: Look) -> bool:
    """Whether the broker serves another store; it has been looked at before ours is asked who it is."""
    from gkevents.app.working import identity
    from gkevents.store.trouble import StoreTrouble

    if seen.store is None:
        return False
    try:
        return seen.store != identity(gk)
    except StoreTrouble:
        return False


def _of_another_store(seen: Look) -> Iterator[Finding]:
    """Nobody of all that are alive there works for our store."""
    from gkevents.app.doctoring import BROKEN, LOOK, Finding

    advice = N_("Check --store and --broker (GK_STORE, GK_BROKER): each store has a number of its own")
    yield Finding("broker", BROKEN, message(N_("it serves another store")), message(advice))
    said = N_("{count} alive, for another store; none for this one")
    yield Finding("workers", LOOK, message(said, count=len(seen.workers)))
    if seen.scheduler is not None:
        yield Finding("scheduler", LOOK, message(N_("the one that is alive is another store's")))


def _of_messages(seen: Look) -> Iterator[Finding]:
    from gkevents.app.doctoring import LOOK, OK, Finding

    yield Finding("broker", OK, message(N_("it answers; {count} messages wait"), count=sum(seen.waiting.values())))
    dead = sum(seen.dead.values())
    if dead:
        advice = message(
            N_("The log of the workers says why; gk work --once does what is still to be done, or says so")
        )
        yield Finding("broker", LOOK, message(N_("{count} messages were given up"), count=dead), advice)


def _of_the_workers(seen: Look) -> Finding:
    from gkevents.app.doctoring import LOOK, OK, Finding

    if not seen.workers:
        return Finding("workers", LOOK, message(N_("none is alive")), message(N_("Start one: gk worker")))
    places = ", ".join(f"{beat.host} {beat.pid}" for beat in seen.workers)
    return Finding("workers", OK, message(N_("{count} alive ({places})"), count=len(seen.workers), places=places))


def _of_the_scheduler(seen: Look) -> Finding:
    from gkevents.app.doctoring import LOOK, OK, Finding

    if seen.scheduler is None:
        said, advice = N_("none is alive: nobody tells the workers what there is to do"), N_("Start it: gk scheduler")
        return Finding("scheduler", LOOK, message(said), message(advice))
    beat = seen.scheduler
    return Finding("scheduler", OK, message(N_("alive ({place})"), place=f"{beat.host} {beat.pid}"))
