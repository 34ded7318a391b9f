"""`gk demo`: the main job from end to end, on sample facts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import Asked, argument, json_option, option
from cli.columns import hang, pad, width
from cli.speech import Command
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from cli.render import Voice
    from gkevents.app import Gk
    from gkevents.demo import Prepared


@click.command(
    cls=Command,
    help=N_("Show the main job: adopt a district's scheme, log a year of sample facts, rank its units, replay one."),
    more=(N_("Everything is kept in FOLDER, or in a temporary one, so that you can go on from there."),),
    examples=("gk demo", "gk demo demo-2020", "gk demo --out out"),
)
@argument("folder", metavar=N_("[FOLDER]"), required=False, type=click.Path(file_okay=False, path_type=Path))
@option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar=N_("FOLDER"),
    help=N_("Write the files of the last bulletin into this folder; else into out beside the store."),
)
@json_option
@click.pass_obj
def demo(asked: Asked, /, folder: Path | None, *, out: Path | None, as_json: bool) -> None:
    """Run it."""
    from gkevents import paper
    from gkevents.app import Gk
    from gkevents.app.files import write_all
    from gkevents.demo import SCHEME, UNIT, YEAR, prepare, prepare_card

    if not as_json:
        asked.note(N_("Making a store, adopting the scheme and logging a year of sample facts …"))
    made = prepare(folder)
    card_url = prepare_card(made.folder)
    gk, card = Gk(made.url), Gk(card_url)
    last = gk.bulletin(made.bulletins[-1])
    data = {f"{last.form.id}.{kind}": paper.render(kind, last.content) for kind in paper.FORMATS}
    files = write_all(out or made.folder / "out", data)
    if as_json:
        from gkevents.reports.answers import rank_answer

        answer = {"store": made.url, "facts": made.facts, "missed": made.missed}
        ranks = rank_answer(*gk.rank(scheme=SCHEME, year=YEAR))
        asked.answer(
            {
                **answer,
                "rank": ranks,
                "card_store": card_url,
                "card": list(_card_answers(card)),
                "bulletins": made.bulletins,
                "files": [str(file) for file in files],
            }
        )
        return
    from cli.render_score import rank_page, replay_page

    voice = asked.voice(simulated=True)
    asked.out(_heading(made, asked.lang))
    asked.out(rank_page(*gk.rank(scheme=SCHEME, year=YEAR), voice))
    asked.out("")
    asked.out(replay_page(*gk.replay(UNIT, scheme=SCHEME, year=YEAR), voice))
    asked.out("")
    asked.out(_card_page(card, voice))
    asked.out(_files_page(files, made.bulletins, voice))
    asked.out(_further(made, card_url, asked.lang, asked.columns))


_ACTS: Final = (N_("Before it is contested:"), N_("Contested:"), N_("Overturned:"))


def _card_page(gk: Gk, voice: Voice) -> str:
    """A contested card: the ranking before, while it is contested, and once it has been overturned."""
    from cli.render_contest import contest_lines
    from cli.render_score import rank_page
    from gkevents.demo import CARD, CARD_DAYS, CARD_SCHEME, CARD_UNIT, CARD_YEAR

    head = N_("A contested card ({card}): three SAMPLE units under a published scheme, as of three days.")
    parts = [voice.head(hang(voice.say(head, card=CARD), voice.columns))]
    for act, day in zip(_ACTS, CARD_DAYS, strict=True):
        standing, groups = gk.rank(scheme=CARD_SCHEME, year=CARD_YEAR, as_of=day)
        hanging = contest_lines(standing, standing.scores[CARD_UNIT], voice)
        parts += [voice.head(voice.say(act)), rank_page(standing, groups, voice), hanging]
    return "\n\n".join(part for part in parts if part)


def _card_answers(gk: Gk) -> Iterator[dict[str, Any]]:
    """The same for programs."""
    from gkevents.demo import CARD_DAYS, CARD_SCHEME, CARD_UNIT, CARD_YEAR
    from gkevents.reports.answers import contest_answer, rank_answer

    for day in CARD_DAYS:
        standing, groups = gk.rank(scheme=CARD_SCHEME, year=CARD_YEAR, as_of=day)
        contest = contest_answer(standing.contests.get(CARD_UNIT))
        yield {"rank": rank_answer(standing, groups), "unit": CARD_UNIT, "contest": contest}


def _files_page(files: Sequence[Path], bulletins: Sequence[str], voice: Voice) -> str:
    """Where the files of the last bulletin lie."""
    text = N_("{count} SAMPLE bulletins were issued on the way. The files of the last one, {id}:")
    head = voice.head(hang(voice.say(text, count=len(bulletins), id=bulletins[-1]), voice.columns))
    return "\n".join(["", head, *(f"  {file}" for file in files)])


def _heading(made: Prepared, lang: str) -> str:
    text = N_(
        "Luancheng 2020: the published scheme, its {units} real units, and {facts} SAMPLE facts.\n"
        "The facts are made up to show how gk works; they are no office's record.\n"
    )
    return say(message(text, units=made.units, facts=made.facts), lang)


def _further(made: Prepared, card: str, lang: str, columns: int) -> str:
    """The commands to go on with, as they can be typed where the demo was started."""
    gk = sys.argv[0] if os.sep in sys.argv[0] else "gk"
    lines = (
        (N_("a unit's score, item by item"), "score 区审计局"),
        (N_("as of the end of September"), "rank --as-of 2020-09-30"),
        (N_("as it was known at the turn of the year"), "score 区气象局 --known-at 2020-12-31"),
        (N_("limits: kept, missed, open"), "deadlines list"),
        (N_("the contested card, step by step"), f"--store {card} case show 示例卡-4"),
        (N_("the bulletins: as they were issued?"), "bulletin verify"),
        (N_("why units moved from one to the next"), "bulletin diff {earlier} {later}"),
        (N_("the scheme, in words"), "scheme show luancheng-2020"),
        (N_("is every event as it was written?"), "verify"),
    )
    earlier, later = made.bulletins[-2:]
    commands = [
        (f"  {gk} {command.format(earlier=earlier, later=later)}", f"# {say(what, lang)}") for what, command in lines
    ]
    indent = max(width(command) for command, _ in commands) + 2
    if indent + max(width(what) for _, what in commands) <= columns:
        said = [pad(command, indent) + what for command, what in commands]
    else:
        said = [line for command, what in commands for line in (f"  {what}", command)]
    return "\n".join(["", say(N_("Go on from here:"), lang), f"  export GK_STORE={made.url}", *said])
