"""`gk score`, `gk rank`, `gk replay`: what the log comes to."""

from __future__ import annotations

import datetime as dt

import click

from cli.asking import Asked, argument, asking_options, chosen, moment_known
from cli.speech import Command
from gkevents.words import N_

_TIMES = (
    N_("Without --as-of the whole assessment year counts, and every decision about it."),
    N_("Without --known-at everything recorded counts; an answer as known at a moment never changes."),
)


@click.command(
    cls=Command,
    help=N_("One unit's score, or every unit's."),
    more=_TIMES,
    examples=(
        "gk score --scheme luancheng-2020 --year 2020",
        "gk score 栾城镇 --scheme luancheng-2020 --year 2020 --as-of 2020-09-30",
        "gk score 栾城镇 --known-at 2020-10-08T18:00:00+08:00 --json",
    ),
)
@argument("unit", metavar=N_("[UNIT]"), required=False)
@asking_options
@click.pass_obj
def score(
    asked: Asked,
    /,
    unit: str | None,
    *,
    scheme: str | None,
    year: int | None,
    as_of: dt.date | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """Say it."""
    gk = asked.gk()
    of, during = chosen(asked, gk, scheme=scheme, year=year, unit=unit)
    standing = gk.score(scheme=of, year=during, unit=unit, as_of=as_of, known_at=moment_known(known_at))
    if as_json:
        from gkevents.reports.answers import standing_answer

        asked.answer(standing_answer(standing, asked.lang, unit))
        return
    from cli.render_score import closed_line, score_page, scores_page

    voice = asked.voice(simulated=standing.simulated)
    page = scores_page(standing, voice) if unit is None else score_page(standing, standing.scores[unit], voice)
    closed = gk.closed_year(scheme=of, year=during) if known_at is None else None
    asked.out("\n\n".join(part for part in (page, closed_line(closed, voice)) if part))


@click.command(
    cls=Command,
    help=N_("The ranking, by category."),
    more=(N_("Equal totals share a rank unless the scheme says otherwise; a provisional unit has none."),),
    examples=("gk rank --scheme luancheng-2020 --year 2020", "gk rank --as-of 2020-06-30 --json"),
)
@asking_options
@click.pass_obj
def rank(
    asked: Asked,
    /,
    *,
    scheme: str | None,
    year: int | None,
    as_of: dt.date | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """Say it."""
    gk = asked.gk()
    of, during = chosen(asked, gk, scheme=scheme, year=year)
    standing, groups = gk.rank(scheme=of, year=during, as_of=as_of, known_at=moment_known(known_at))
    if as_json:
        from gkevents.reports.answers import rank_answer

        asked.answer(rank_answer(standing, groups))
        return
    from cli.render_score import rank_page

    asked.out(rank_page(standing, groups, asked.voice(simulated=standing.simulated)))


@click.command(
    cls=Command,
    help=N_("The ledger of one unit: every entry in order, with running balances, caps and clauses."),
    more=(N_("It begins with the start and ends with the sum: start and everything applied make the total, exactly."),),
    examples=(
        "gk replay 栾城镇 --scheme luancheng-2020 --year 2020",
        "gk replay 栾城镇 --as-of 2020-09-30 --known-at 412 --json",
    ),
)
@argument("unit", metavar=N_("UNIT"))
@asking_options
@click.pass_obj
def replay(
    asked: Asked,
    /,
    unit: str,
    *,
    scheme: str | None,
    year: int | None,
    as_of: dt.date | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """Say it."""
    gk = asked.gk()
    of, during = chosen(asked, gk, scheme=scheme, year=year, unit=unit)
    standing, found, ledger = gk.replay(unit, scheme=of, year=during, as_of=as_of, known_at=moment_known(known_at))
    if as_json:
        from gkevents.reports.answers import replay_answer

        asked.answer(replay_answer(standing, found, ledger, asked.lang))
        return
    from cli.render_score import replay_page

    asked.out(replay_page(standing, found, ledger, asked.voice(simulated=standing.simulated)))
