"""Every score of a store in one go is what is said of each scheme-year when it is asked for."""

from __future__ import annotations

import datetime as dt
import gc
from pathlib import Path
from typing import Any

import pytest

from gkevents.app import Gk
from gkevents.exchange import Row
from gkevents.store.pausing import without_collecting
from gkevents.store.reading import Reader
from tests.app.test_other_unit import SCHEME
from tests.app.worlds import World, fact
from tests.benchmarks import worlds
from tests.benchmarks.everything import everything


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[worlds.Year]]:
    """Three districts of four years, a few units each."""
    url = f"sqlite:///{tmp_path_factory.mktemp('everything')}/gk.db"
    return url, worlds.make(url, events=1_200, per_unit=50, size=(2, 2))


@pytest.mark.parametrize(
    ("as_of", "known_at"),
    [(None, None), (dt.date(2018, 6, 30), None), (None, 700), (dt.date(2019, 3, 1), 1_000), (None, 7)],
)
def test_every_score_is_what_is_told_of_its_scheme_year(
    made: tuple[str, list[worlds.Year]], as_of: dt.date | None, known_at: int | None
) -> None:
    url, years = made
    gk, adopted = Gk(url), set()
    with gk.store.reading() as connection:
        for year in everything(Reader(connection, gk.store.name), as_of=as_of, known_at=known_at):
            name, number = year.adopted.scheme, year.adopted.year
            adopted.add((name, number))
            known = str(known_at or 10**9)  # said, so that the log is asked and no rows
            told: Any = gk.score(scheme=name, year=number, as_of=as_of, known_at=known)
            assert list(year.scores) == list(told.scores)
            for unit, score in year.scores.items():
                other = told.scores[unit]
                for said in (
                    "total",
                    "low",
                    "high",
                    "band",
                    "items",
                    "groups",
                    "limits",
                    "flags",
                    "deducted_by_quarter",
                ):
                    assert getattr(score, said) == getattr(other, said), (name, number, unit, said)
            assert {score.unit for held in year.table.values() for score, _ in held} == set(year.scores)
    assert adopted == ({(year.scheme, year.year) for year in years} if known_at != 7 else set())
    gk.store.close()


def test_what_one_event_charges_another_unit_is_among_it(tmp_path: Path) -> None:
    scheme = tmp_path / "shared.yaml"
    scheme.write_text(SCHEME, encoding="utf-8")
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme, now="2020-01-02T09:00:00+08:00")
    shared = fact("C1", "criticism", "2020-05-06", "S1", unit="丙局", other_unit="甲镇")
    world.log(shared, scheme="shared-2020", now="2020-12-01T09:00:00+08:00")
    with world.gk() as gk, gk.store.reading() as connection:
        (year,) = everything(Reader(connection, gk.store.name))
        told = gk.score(scheme="shared-2020", year=2020, known_at="1000").scores
    assert {unit: score.items for unit, score in year.scores.items()} == {unit: told[unit].items for unit in told}
    assert year.scores["甲镇"].items["S1"].score == 9


def test_the_search_for_rings_is_left_aside_within_the_outermost_block() -> None:
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()
        with without_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_search_goes_on_after_trouble(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), without_collecting():
        (tmp_path / "none").read_text()
    assert gc.isenabled()


def test_the_made_up_facts_are_recorded_by_the_use_case_as_they_are_made(tmp_path: Path) -> None:
    """The worlds of the benchmarks hold what `gk log` would have stored."""
    one, other = f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/other.db"
    years = worlds.make(one, events=900, per_unit=75, size=(1, 1))
    worlds.adopt(other, years)
    rows: dict[tuple[str, int], list[Row]] = {}
    for year, body in worlds.facts(years):
        rows.setdefault((year.scheme, year.year), []).append(Row(1, body, None))
    for (scheme, number), facts in rows.items():
        logged = Gk(other).log_facts(facts, scheme=scheme, year=number)
        assert (len(logged.recorded), logged.refused) == (len(facts), [])
    assert _bodies(one) == _bodies(other)


def _bodies(url: str) -> dict[str | None, tuple[str, str, dict[str, Any]]]:
    """What was recorded under each number."""
    gk = Gk(url)
    with gk.store.reading() as connection:
        reader = Reader(connection, gk.store.name)
        found = {event.ref: (event.stream, event.name, event.body) for _, held in reader.unit_years() for event in held}
    gk.store.close()
    return found
