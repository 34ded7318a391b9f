"""`gk projections`: the rows that questions are answered from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import Asked, Year, json_option, option
from cli.speech import Group
from cli.trouble import DONE, STORE
from cli.worker_commands import broker_option, posted
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app import Gk
    from gkevents.app.views import ViewReport, ViewsReport


@click.group(
    cls=Group,
    help=N_("Views: the rows that questions are answered from, derived from the log."),
    examples=("gk projections status", "gk projections catch-up", "gk projections verify"),
)
def projections() -> None:
    """Lead to the commands below."""


def _view(report: ViewReport, lang: str) -> dict[str, Any]:
    said = {name: value for name, value in report._asdict().items() if name not in ("why", "advice")}
    why = say(report.why, lang) if report.why is not None else None
    return {**said, "why": why, "advice": say(report.advice, lang) if report.advice is not None else None}


def _answer(report: ViewsReport, lang: str) -> dict[str, Any]:
    return {"head": report.head, "views": [_view(view, lang) for view in report.views]}


def _tell(asked: Asked, report: ViewsReport, *, as_json: bool, simulated: bool) -> int:
    """Say where the views stand; 3 where one has stopped."""
    if as_json:
        asked.answer(_answer(report, asked.lang), simulated=simulated)
    else:
        from cli.render_views import status_page

        asked.out(status_page(report, asked.voice(simulated=simulated)))
    return STORE if any(view.state == "stopped" for view in report.views) else DONE


@projections.command(
    "status",
    help=N_("Where each view stands: how far it has come, whether it is being made or has stopped, and why."),
    examples=("gk projections status", "gk projections status --json"),
)
@json_option
@click.pass_obj
def status(asked: Asked, /, *, as_json: bool) -> int:
    """Say it."""
    from gkevents.app.views import Views

    gk = asked.gk()
    return _tell(asked, Views(gk.store).status(), as_json=as_json, simulated=gk.report().simulated)


@projections.command(
    "catch-up",
    help=N_("Bring the views up with the log."),
    more=(
        N_("A question does so by itself where little is missing, and replays the log where much is."),
        N_("A view that has stopped tries the event once more; nothing is ever skipped."),
    ),
    examples=("gk projections catch-up", "gk projections catch-up --follow"),
)
@option("--follow", is_flag=True, help=N_("Go on as the log grows, until interrupted."))
@json_option
@click.pass_obj
def catch_up(asked: Asked, /, *, follow: bool, as_json: bool) -> int:
    """Bring them up."""
    from gkevents.app.views import Views

    gk = asked.gk()
    views, simulated = Views(gk.store), gk.report().simulated
    if not follow:
        return _tell(asked, views.catch_up(), as_json=as_json, simulated=simulated)

    def tell(report: ViewsReport) -> None:
        if as_json:
            asked.answer(_answer(report, asked.lang), simulated=simulated)
            return
        from cli.render_views import status_line

        asked.out(status_line(report, asked.voice()))

    views.follow(tell)
    return DONE


_PARTS: Final = N_("--year goes with --scheme, and --unit with both.")
_WHOLE: Final = N_("--workers makes the whole anew: it goes with neither --scheme nor --jobs.")


@projections.command(
    "rebuild",
    help=N_("Make the views anew from the log, all of them or a part."),
    more=(
        N_(
            "Everything is made beside what is there and takes its place when it has caught up: nobody sees half of it."
        ),
        N_("Where it was interrupted, the same command goes on."),
        N_("With --unit the later years that limits of it may run over into are made anew too."),
        N_("With --workers the workers at the broker do it, on whatever machines they run; this one waits for them."),
    ),
    examples=(
        "gk projections rebuild",
        "gk projections rebuild --workers",
        "gk projections rebuild --scheme luancheng-2020 --year 2020 --unit 栾城镇",
    ),
)
@option("--scheme", metavar=N_("SCHEME"), help=N_("Only this scheme."))
@option("--year", type=Year(), metavar=N_("YEAR"), help=N_("Only this year of it."))
@option("--unit", metavar=N_("UNIT"), help=N_("Only this unit."))
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar=N_("NUMBER"),
    help=N_("So many processes share the work; else one for each processor where there is much to do."),
)
@option("--workers", is_flag=True, help=N_("Hand the whole of it out to the workers at the broker."))
@broker_option
@json_option
@click.pass_obj
def rebuild(
    asked: Asked,
    /,
    *,
    scheme: str | None,
    year: int | None,
    unit: str | None,
    jobs: int | None,
    workers: bool,
    broker: str,
    as_json: bool,
) -> int:
    """Make them."""
    from gkevents.app.views import Views

    if (year is not None and scheme is None) or (unit is not None and year is None):
        raise click.UsageError(say(_PARTS, asked.lang))
    if workers and (scheme is not None or jobs is not None):
        raise click.UsageError(say(_WHOLE, asked.lang))
    gk = asked.gk()
    if workers:
        return _by_workers(asked, gk, broker, as_json=as_json)
    views, simulated = Views(gk.store), gk.report().simulated
    number = views.rebuild(scheme=scheme, year=year, unit=unit, jobs=jobs, tell=_progress(asked))
    if scheme is not None and not as_json:
        asked.note(message(N_("Unit-years made anew: {count}."), count=number))
    return _tell(asked, views.status(), as_json=as_json, simulated=simulated)


_STOPPED: Final = N_("The view {view} was not made anew: its build has stopped.")
_GONE: Final = N_(
    "The view {view} was not made anew: somebody else put an end to its build, or a newer program keeps it."
)


def _by_workers(asked: Asked, gk: Gk, broker: str, *, as_json: bool) -> int:
    """Hand it out, and wait."""
    from gkevents.app.views import Views

    simulated = gk.report().simulated
    with posted(asked, broker) as post:
        from gkevents.projections.rebuilding import State
        from gkevents.tasks.work import rebuild_by_workers

        came = rebuild_by_workers(gk, post, _progress(asked))
    for view, state in came.items():
        if state is not State.DONE:
            asked.note(message(_STOPPED if state is State.STOPPED else _GONE, view=view))
    status = _tell(asked, Views(gk.store).status(), as_json=as_json, simulated=simulated)
    return DONE if all(state is State.DONE for state in came.values()) else max(status, STORE)


def _progress(asked: Asked) -> Any:  # noqa: ANN401 - a callable, or None where nobody watches
    """Says how far a rebuild has come, on a terminal."""
    if not sys.stderr.isatty():
        return None

    def tell(view: str, done: int, number: int) -> None:
        asked.note(message(N_("{view}: {done} of {number} scheme-years"), view=view, done=done, number=number))

    return tell


@projections.command(
    "verify",
    help=N_("Hold every row against a fresh replay of the log, and against a second program that shares none of it."),
    more=(N_("Each row that is not what it should be is named, with what is there and what should be."),),
    examples=("gk projections verify", "gk projections verify --json"),
)
@json_option
@click.pass_obj
def verify(asked: Asked, /, *, as_json: bool) -> int:
    """Compare; 3 where anything differs."""
    from gkevents.app.views import Views

    gk = asked.gk()
    found, simulated = Views(gk.store).verify(), gk.report().simulated
    if as_json:
        names = ("table", "scheme", "year", "unit", "key", "by", "there", "should")
        rows = [
            {**{name: getattr(one, name) for name in names}, "what": say(one.what, asked.lang)}
            for one in found.differences
        ]
        told = {"positions": found.positions, "differences": rows, "left_over": found.left_over}
        asked.answer(told, simulated=simulated)
    else:
        from cli.render_views import compared_page

        asked.out(compared_page(found, asked.voice(simulated=simulated)))
    stopped = any(view.state == "stopped" for view in Views(gk.store).status().views)
    return STORE if found.differences or stopped else DONE
