"""A question about now is answered from rows, word for word as a replay of the log would answer it."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from gkevents.app.views import Views
from gkevents.demo import SCHEME, YEAR, prepare
from gkevents.words import say
from tests.app.worlds import World
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import Case, random_log
from tests.oracle.wide_agreement import random_wide_case
from tests.projections.answers import differing

END = "2021-12-30T00:00:00+08:00"


def found(world: World) -> list[str]:
    """Every row that is not what a replay or the oracle gives."""
    with world.gk() as gk:
        return [say(one.what, "en") for one in Views(gk.store).verify().differences]


def test_of_the_demo_year(tmp_path: Path) -> None:
    world = World(prepare(tmp_path, issuing=False).url)
    assert differing(world, SCHEME, YEAR) == []
    assert found(world) == []


def in_a_store(case: Case, folder: Path) -> World:
    """A store with the first half of a random log taken in by the views, the second half behind them."""
    folder.mkdir()
    world = World(folder / "gk.db").init()
    overlay = None
    if case.overlay is not None:
        import json

        overlay = folder / "overlay.json"
        overlay.write_text(json.dumps(case.overlay | {"source": "样函"}), encoding="utf-8")
    begin = f"{case.year}-01-01T00:00:00+08:00"
    world.adopt(case.scheme, year=case.year, now=begin, units=list(case.units.items()), overlay=overlay)
    facts = [{name: value for name, value in one.items() if name not in ("position", "scan")} for one in case.facts]
    half = len(facts) // 2
    for part in (facts[:half], facts[half:]):
        world.log(*part, scheme=case.scheme, year=case.year)
        with world.gk() as gk:
            gk.score(scheme=case.scheme, year=case.year)
    with world.gk(END) as gk:
        gk.scan(as_of=dt.date(case.year + 1, 2, 1))
    return world


@pytest.mark.parametrize("name", SCHEMES)
def test_of_random_logs_under_the_published_schemes(name: str, tmp_path: Path) -> None:
    dice, tried = random.Random(f"views {name}"), 0
    while tried < 3:
        case = random_log(name, dice)
        if not case.facts or any(str(one["ref"]).startswith("scan:") for one in case.facts):
            continue
        world = in_a_store(case, tmp_path / str(tried))
        assert differing(world, name, case.year) == []
        assert found(world) == []
        tried += 1


@pytest.mark.parametrize("block", range(4))
def test_of_random_logs_under_random_schemes(block: int, tmp_path: Path) -> None:
    for number in range(block * 4, block * 4 + 4):
        case = random_wide_case(number)
        if any(str(one["ref"]).startswith("scan:") for one in case.facts):
            continue
        (tmp_path / f"{number}.yaml").write_text(case.text, encoding="utf-8")
        world = World(tmp_path / f"{number}.db").init()
        scheme, year = case.content["scheme"], case.year
        begin = f"{year}-01-01T00:00:00+08:00"
        world.adopt(tmp_path / f"{number}.yaml", year=year, now=begin, units=list(case.units.items()))
        facts = [{name: value for name, value in one.items() if name not in ("position", "scan")} for one in case.facts]
        for part in (facts[: len(facts) // 2], facts[len(facts) // 2 :]):
            if part:
                world.log(*part, scheme=scheme, year=year)
            assert differing(world, scheme, year) == [], number
        assert found(world) == [], number


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE unit_scores SET parts = 'no list'",
        "UPDATE unit_scores SET total = 'many'",
        "UPDATE unit_scores SET flags = '[{}]'",
        "UPDATE ledger_entries SET applied = 'x'",
        "DELETE FROM item_scores",
        "DELETE FROM unit_scores",
    ],
)
def test_rows_that_cannot_be_read_are_not_answered_from(tmp_path: Path, damage: str) -> None:
    world = World(prepare(tmp_path, issuing=False).url)
    unit = next(iter(world.standing(scheme=SCHEME, year=YEAR).scores))
    with world.gk() as gk:
        good = gk.replay(unit, scheme=SCHEME, year=YEAR)[2]
        world.sql(damage, guarded=True)
        assert gk.replay(unit, scheme=SCHEME, year=YEAR)[2] == good
        assert gk.score(scheme=SCHEME, year=YEAR, unit=unit).scores[unit].total == good_total(world, unit)
    assert found(world)


def good_total(world: World, unit: str) -> object:
    """What a replay of the log gives."""
    return world.standing(scheme=SCHEME, year=YEAR, unit=unit).scores[unit].total
