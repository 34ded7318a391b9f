"""Editions as text: their list where there are several, and a word at entries recorded under an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.render import Voice
from cli.render_editions import earlier_edition, editions_page
from gkevents.app.adopting import Decision
from gkevents.app.asking import Standing
from gkevents.scoring.ledger import Ledger
from gkevents.scoring.outcome import Outcome
from tests.app.test_adopting import scheme_file
from tests.app.test_editions import DEARER, DECEMBER, JANUARY, JUNE, TINY, log
from tests.app.worlds import World, day, fact

VOICE = Voice("en", 100)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    log(world, fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"), now="2020-05-02T09:00:00+08:00")
    return world


def replay(world: World) -> tuple[Standing[Outcome], Ledger]:
    with world.gk() as gk:
        standing, _, ledger = gk.replay("甲局", scheme="tiny-2020", year=2020)
        return standing, ledger


def test_one_edition_is_not_listed_and_marks_nothing(world: World) -> None:
    standing, ledger = replay(world)
    assert editions_page(standing, VOICE) == ""
    assert [earlier_edition(standing, line, VOICE) for line in ledger.entries] == [""]


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (
            Decision("某\x1b办公室", day("2020-05-29"), "更正"),
            "decided by 某\N{REPLACEMENT CHARACTER}办公室 on 2020-05-29, 更正",
        ),
        (Decision("某办公室"), "decided by 某办公室"),
        (Decision(None, day("2020-05-29")), "decided on 2020-05-29"),
        (Decision(None, None, "更正"), "更正"),
        (Decision(), ""),
    ],
)
def test_several_editions_are_listed_with_who_decided(
    world: World, tmp_path: Path, decision: Decision, said: str
) -> None:
    world.adopt(scheme_file(tmp_path, DEARER), now=JUNE, decision=decision)
    standing, _ = replay(world)
    title, first, second = editions_page(standing, VOICE).split("\n")
    assert title == "Editions of the year; the last one prices every entry:"
    one, other = standing.editions
    assert first == f"  1. {one.edition[:12]}, adopted 2020-01-06 09:00 at position {one.position}"
    assert second == f"  2. {other.edition[:12]}, adopted 2020-06-01 09:00 at position {other.position}" + (
        f", {said}" if said else ""
    )


def test_an_entry_recorded_under_an_earlier_edition_says_so(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, DEARER), now=JUNE)
    log(world, fact("C2", "criticism", "2020-07-01", "T3", unit="甲局"), now=DECEMBER)
    standing, ledger = replay(world)
    assert [earlier_edition(standing, line, VOICE) for line in ledger.entries] == [
        "recorded under edition 1, priced by edition 2",
        "",
    ]
