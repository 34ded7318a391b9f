"""`gk worker`, `gk scheduler`, `gk work`: what is done while nobody waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.asking import Asked, json_option, option
from cli.columns import hang, printable
from cli.speech import Command
from cli.trouble import DONE, STORE
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.tasks.broker import Post
    from gkevents.tasks.watching import Watch
    from gkevents.tasks.work import Done

Handler = TypeVar("Handler", bound=Callable[..., Any])

broker_option = option(
    "--broker",
    envvar="GK_BROKER",
    show_envvar=True,
    default="",
    metavar=N_("URL"),
    help=N_("The broker, Redis or Valkey: redis://HOST:PORT/NUMBER or unix:///PATH; one number for each store."),
)
_bulletins_option = option(
    "--bulletins",
    envvar="GK_BULLETINS",
    show_envvar=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar=N_("FOLDER"),
    help=N_("Write the files of every issued bulletin into this folder."),
)

_lines_option = option("--json", "as_json", is_flag=True, help=N_("Tell in lines of JSON on a terminal too."))


def _metrics_options(command: Handler) -> Handler:
    host = option(
        "--metrics-host",
        default="127.0.0.1",
        show_default=True,
        metavar=N_("HOST"),
        help=N_("The address at which they are told."),
    )
    port = option(
        "--metrics-port",
        type=click.IntRange(0, 65_535),
        metavar=N_("PORT"),
        help=N_("Tell metrics for Prometheus at this port (0: any that is free); else nowhere."),
    )
    return port(host(command))


@contextmanager
def _watching(asked: Asked, part: str, port: int | None, host: str, *, as_json: bool) -> Iterator[Watch]:
    """Where a process tells what it does: on stderr, and at a port where one is asked for."""
    from gkevents.tasks.watching import Watch

    watch = Watch(sys.stderr, lang=asked.lang, part=part, plain=False if as_json else None)
    serving = watch.serving(port, host)
    try:
        serving.__enter__()
    except OSError as error:
        said = message(N_("Port {port} cannot be taken: {reason}."), port=port, reason=error.strerror or "")
        raise click.UsageError(say(said, asked.lang)) from error
    try:
        yield watch
    finally:
        serving.__exit__(None, None, None)


@contextmanager
def posted(asked: Asked, broker: str) -> Iterator[Post]:
    """The line to the broker; wrong usage where nobody said which, or what was said is no broker's URL."""
    from gkevents.tasks.broker import Post
    from gkevents.tasks.trouble import BrokerUrl, NoBroker

    try:
        post = Post(broker)
    except (NoBroker, BrokerUrl) as error:
        raise click.UsageError(say(error.message, asked.lang)) from error
    try:
        yield post
    finally:
        post.close()


def _must_be_writable(folder: Path | None, asked: Asked) -> None:
    """Wrong usage where the folder for bulletins is not there: a new one may be where another should be mounted."""
    if folder is None or (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return
    reason = N_("it cannot be written") if folder.is_dir() else N_("there is no such folder")
    said = N_("{folder} cannot take bulletins: {reason}. Make it, let this user write there, or check --bulletins.")
    raise click.UsageError(say(message(said, folder=str(folder), reason=message(reason)), asked.lang))


@click.command(
    cls=Command,
    help=N_("Work: bring views up, scan limits, help with builds, until ended. Several may run, here or elsewhere."),
    more=(
        N_("It does what the scheduler hints at; one of these must run too: gk scheduler."),
        N_("Lines on stderr say what is done, as JSON where it is no terminal; no names or facts are among them."),
    ),
    examples=("gk worker --broker redis://127.0.0.1:6379/0", "gk worker --threads 2 --metrics-port 9101"),
)
@broker_option
@option("--threads", type=click.IntRange(1, 16), default=2, show_default=True, metavar=N_("NUMBER"),
        help=N_("So many messages are worked on at a time; for more processors start more workers."))  # fmt: skip
@_bulletins_option
@_metrics_options
@_lines_option
@click.pass_obj
def worker(
    asked: Asked,
    /,
    *,
    broker: str,
    threads: int,
    bulletins: Path | None,
    metrics_port: int | None,
    metrics_host: str,
    as_json: bool,
) -> int:
    """Work until ended; 3 where it has to end by itself."""
    asked.gk().report()  # a store that is not there is said at once, not in a log
    _must_be_writable(bulletins, asked)
    watching = _watching(asked, "worker", metrics_port, metrics_host, as_json=as_json)
    with posted(asked, broker) as post, watching as watch:
        from gkevents.tasks.worker import Worker, stopping

        with stopping() as stop:
            ended = Worker(asked.store, post, watch, threads=threads, bulletins=bulletins).run(stop)
    return DONE if ended else STORE


@click.command(
    cls=Command,
    help=N_("Look at the store, and hint to workers at what is to be done, until ended. One is enough."),
    more=(
        N_("A second one sees that the first is alive, says so, and ends."),
        N_("Where the broker is gone it waits; what was logged meanwhile is done afterwards."),
    ),
    examples=("gk scheduler --broker redis://127.0.0.1:6379/0",),
)
@broker_option
@option("--bulletins", is_flag=True, help=N_("Ask workers for the files of every issued bulletin."))
@_metrics_options
@_lines_option
@click.pass_obj
def scheduler(
    asked: Asked, /, *, broker: str, bulletins: bool, metrics_port: int | None, metrics_host: str, as_json: bool
) -> int:
    """Hint until ended."""
    asked.gk().report()
    watching = _watching(asked, "scheduler", metrics_port, metrics_host, as_json=as_json)
    with posted(asked, broker) as post, watching as watch:
        from gkevents.tasks.scheduler import Scheduler
        from gkevents.tasks.worker import stopping

        with stopping() as stop:
            other = Scheduler(asked.store, post, watch, bulletins=bulletins).run(stop)
    if other is not None:
        said = N_("There is a scheduler already: process {pid} on {host}. This one ends.")
        asked.note(message(said, pid=other.pid or "?", host=other.host))
    return DONE


@click.command(
    "work",
    cls=Command,
    help=N_("Do here, once, what workers would: bring views up, finish builds, scan limits. It needs no broker."),
    more=(N_("For a clock of the system's, such as cron, where no workers run."),),
    examples=("gk work --once", "gk work --once --json"),
)
@option("--once", is_flag=True, help=N_("Do what there is now, and end."))
@_bulletins_option
@json_option
@click.pass_obj
def work(asked: Asked, /, *, once: bool, bulletins: Path | None, as_json: bool) -> int:
    """Do it; 3 where a view has stopped."""
    if not once:
        raise click.UsageError(say(N_("Say --once; what works on and on is gk worker."), asked.lang))
    from gkevents.tasks.work import once as do_once

    gk = asked.gk()
    done = do_once(gk, bulletins=bulletins)
    simulated = gk.report().simulated
    if as_json:
        views = [{"view": view.view, "state": view.state, "position": view.position} for view in done.views]
        files = {"files": [str(file) for file in done.bulletins.files], "otherwise": done.bulletins.otherwise}
        said = {"builds": done.builds, "missed": done.missed, "taken_back": done.taken_back}
        asked.answer({"views": views, **said, **files}, simulated=simulated)
    else:
        asked.out(_told(done, asked, simulated=simulated))
    return STORE if any(view.state == "stopped" for view in done.views) else DONE


def _told(done: Done, asked: Asked, *, simulated: bool) -> str:
    """What was done, and where the views stand."""
    from cli.render_views import status_page
    from gkevents.app.views import ViewsReport

    voice = asked.voice(simulated=simulated)
    head = max((view.position or 0) + view.behind for view in done.views)
    lines = [voice.say(N_("Limits recorded as missed: {count}."), count=done.missed)]
    if done.taken_back:
        lines.append(voice.say(N_("Misses taken back: {count}."), count=done.taken_back))
    if done.builds:
        lines.append(voice.say(N_("Builds finished: {count}."), count=done.builds))
    lines += [voice.say(N_("Written: {file}"), file=printable(str(file))) for file in done.bulletins.files]
    if done.bulletins.otherwise:
        from gkevents.tasks.watching import EVENTS

        text = EVENTS["bulletin-otherwise"][1]
        lines.append(hang(voice.say(text, files=", ".join(done.bulletins.otherwise)), voice.columns))
    return "\n".join([*lines, "", status_page(ViewsReport(head, done.views), voice)])
