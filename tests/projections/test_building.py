"""Views made anew while they are read: nobody sees half, whoever is killed goes on, and nothing is left over."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app import Gk
from gkevents.app.views import Views
from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Overtaken
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView
from gkevents.projections.told import Told
from gkevents.projections.view import Portion, Scope, Sheet, View
from gkevents.reports.answers import standing_answer
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from tests.app.worlds import BUREAU, SCHEME, TOWN, World
from tests.projections.years import OTHER, begun, caught_up, differences, held, more, stands, store_of

KILLS = 4


@pytest.fixture
def world(store_url: str) -> World:
    return caught_up(begun(store_url))


def anew(world: World, *, size: int = 1) -> bool:
    with store_of(world) as store:
        views: list[View] = [ScoresView(size=size), LimitsView(size=size)]
        done = [Projection(store, view).rebuild() for view in views]
        return all(done)


def test_a_rebuild_gives_the_same_rows_and_leaves_nothing_of_the_old_build(world: World) -> None:
    before, old = held(world), stands(world).live
    assert anew(world)
    live = stands(world).live
    assert old is not None
    assert live is not None
    assert (live.build, live.position) == (old.build + 1, old.position)
    assert held(world) == before
    for table in ("unit_scores", "item_scores", "ledger_entries", "scheme_years"):
        assert world.rows(f"SELECT DISTINCT build FROM {table}") == [(live.build,)]
    assert world.rows("SELECT count(*) FROM partitions") == [(0,)]
    assert differences(world) == []


class Interrupted(KeyboardInterrupt):
    """The process ends here."""


class Fragile(ScoresView):
    """A view whose making ends after so many portions."""

    def __init__(self, lasts: int) -> None:
        super().__init__(size=1)
        self.left = lasts

    def sheet(self, *given: Any) -> Sheet:  # noqa: ANN401
        return FragileSheet(self, super().sheet(*given))


class FragileSheet(NamedTuple):
    view: Fragile
    sheet: Sheet

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        return self.lasting(self.sheet.portion(reader, number, of))

    def rest(self, reader: Reader) -> Iterator[Portion]:
        return map(self.lasting, self.sheet.rest(reader))

    def lasting(self, portion: Portion) -> Portion:
        if not self.view.left:
            raise Interrupted
        self.view.left -= 1
        return portion


def test_a_rebuild_that_was_interrupted_goes_on_where_it_was(world: World) -> None:
    before = held(world)
    tried = 0
    with store_of(world) as store:
        while stands(world).building is not None or not tried:
            tried += 1
            with suppress(Interrupted):
                Projection(store, Fragile(1)).rebuild()
            assert tried < 10
    assert tried == 4, "one portion at a time, and the last time only to finish"
    assert held(world) == before
    assert differences(world) == []


def test_facts_logged_while_a_view_is_made_are_in_it_when_it_goes_live(world: World) -> None:
    with store_of(world) as store:
        for number in range(3):
            with suppress(Interrupted):
                Projection(store, Fragile(1)).rebuild()
            more(world, number, unit=(BUREAU, TOWN, OTHER)[number])
        building = stands(world).building
        assert building is not None
        assert building.position == world.count() - 3
        Projection(store, ScoresView(size=1)).rebuild()
    live = stands(world).live
    assert live is not None
    assert live.position == world.count()
    assert differences(world) == []


def test_readers_see_either_build_whole_never_half(world: World) -> None:
    done, wrong = threading.Event(), list[str]()
    asked = 0

    def answer(gk: Gk) -> str:
        standing = gk.score(scheme=SCHEME, year=2020)
        assert all(isinstance(score, Told) for score in standing.scores.values())
        return str(standing_answer(standing, "en"))

    with world.gk() as gk:
        wanted = answer(gk)

    def read() -> None:
        nonlocal asked
        with world.gk() as gk:
            while not done.is_set():
                try:
                    said = answer(gk)
                except Exception as error:  # noqa: BLE001 - whatever a reader would see
                    said = repr(error)
                asked += 1
                if said != wanted:
                    wrong.append(said)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        anew(world)
    done.set()
    for reader in readers:
        reader.join()
    assert (wrong, asked > 10) == ([], True)


def test_two_who_make_a_view_anew_at_once_make_one(world: World) -> None:
    before = held(world)
    live = stands(world).live
    assert live is not None
    barrier, said = threading.Barrier(2), list[bool]()

    def run() -> None:
        with store_of(world) as store:
            barrier.wait()
            said.append(Projection(store, ScoresView(size=1)).rebuild())

    runners = [threading.Thread(target=run) for _ in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert said == [True, True]
    assert held(world) == before
    assert differences(world) == []


def test_processes_that_share_the_work_make_one_build(world: World) -> None:
    before = held(world)
    with store_of(world) as store:
        for view in (ScoresView(size=1), LimitsView(size=1)):
            assert Projection(store, view, jobs=3).rebuild() is True
    assert held(world) == before
    assert differences(world) == []


def _work(url: str, facts: int) -> None:
    store = Store(url)
    for view in (ScoresView(size=1), LimitsView(size=1)):
        Projection(store, view, page=2).catch_up(again=True)
        Projection(store, view).rebuild()
    store.close()
    _ = facts


def test_a_process_killed_at_any_moment_loses_and_doubles_nothing(world: World) -> None:
    """Killed while catching up or making anew; the same again brings the rows to what a replay gives."""
    killed(world, random.Random(20), kills=KILLS)


@pytest.mark.soak
def test_forty_processes_killed_at_any_moment_lose_and_double_nothing(world: World) -> None:
    killed(world, random.Random(21), kills=40)


def killed(world: World, dice: random.Random, *, kills: int) -> None:
    context = multiprocessing.get_context("fork")
    for number in range(kills):
        more(world, number, unit=(BUREAU, TOWN, OTHER)[number % 3])
        process = context.Process(target=_work, args=(world.url, number))
        process.start()
        process.join(dice.uniform(0, 0.6))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
    _work(world.url, 0)
    assert differences(world) == []
    assert stands(world).building is None


def test_an_event_that_cannot_be_read_stops_a_new_build_and_leaves_the_live_one(world: World) -> None:
    bad = more(world, 1)
    caught_up(world)
    [(body,)] = world.rows(f"SELECT body FROM events WHERE position = {bad}")
    world.sql(f"UPDATE events SET body = '[' WHERE position = {bad}")
    before = held(world)
    with store_of(world) as store:
        assert Projection(store, ScoresView()).rebuild() is False
        assert Projection(store, ScoresView()).rebuild() is False, "only when told to try again"
        now = stands(world)
        assert now.building is not None
        assert (now.building.stopped, now.live is not None) == (bad, True)
        assert held(world)["unit_scores"] == before["unit_scores"]
        world.sql(f"UPDATE events SET body = '{body}' WHERE position = {bad}")
        assert Projection(store, ScoresView()).rebuild(again=True) is True
    assert differences(world) == []


def test_a_new_version_of_a_view_is_made_beside_the_old_one_which_is_read_meanwhile(world: World) -> None:
    class Newer(Fragile):
        version = ScoresView.version + 1

    with store_of(world) as store:
        with suppress(Interrupted):
            Projection(store, Newer(1)).catch_up()
        with world.gk() as gk:
            assert isinstance(gk.score(scheme=SCHEME, year=2020).scores[BUREAU], Told)
        assert Projection(store, Newer(99)).catch_up() is True
    assert world.rows("SELECT version FROM checkpoints WHERE view = 'scores'") == [(Newer.version,)]


def test_parts_of_a_view_are_priced_anew(world: World) -> None:
    before = held(world)
    for unit in (BUREAU, TOWN):
        world.sql(
            f"DELETE FROM ledger_entries WHERE unit = '{unit}' AND number = 1",
            f"UPDATE item_scores SET score = '99' WHERE unit = '{unit}'",
            f"UPDATE unit_scores SET total = '99', rank = 9 WHERE unit = '{unit}'",
        )
    world.sql("INSERT INTO limits SELECT build, scheme, year, '某局', key, item, opened, due, state FROM limits"
              " WHERE unit = '栾城镇'")  # fmt: skip
    with store_of(world) as store:
        views = Views(store)
        assert views.rebuild(scheme=SCHEME, year=2020, unit=BUREAU) == 3, "one of them asks for others: so all of them"
        assert views.rebuild(scheme=SCHEME, year=2020) == 3
        assert held(world) == before
        assert views.rebuild(scheme=SCHEME) == 3
        with pytest.raises(no.NoSuchUnit):
            views.rebuild(scheme=SCHEME, year=2020, unit="某局")
        with pytest.raises(no.NotAdopted):
            views.rebuild(scheme="x")
        with pytest.raises(no.NotAdopted):
            views.rebuild(scheme=SCHEME, year=2019)
    assert held(world) == before
    assert differences(world) == []


def test_a_part_is_not_written_where_another_runner_was_quicker(world: World) -> None:
    world.sql("DELETE FROM checkpoints")
    with store_of(world) as store:
        building = Building(Projection(store, ScoresView()))
        with pytest.raises(Overtaken):
            building.rebuild_part(Scope(SCHEME, 2020))


@pytest.mark.parametrize("anew_too", [False, True])
def test_rows_left_over_from_a_build_that_is_gone_are_swept_away(world: World, *, anew_too: bool) -> None:
    before = held(world)
    world.sql(
        "INSERT INTO scheme_years SELECT 77, scheme, year, family, edition, since, adopted, units, asking"
        " FROM scheme_years",
        "INSERT INTO item_scores SELECT 78, scheme, year, unit, item, number, score, low, high, max, state"
        " FROM item_scores",
    )
    with store_of(world) as store:
        views = Views(store)
        assert views.verify().left_over == {"scores": [77, 78], "deadlines": []}
        assert [view.left_over for view in views.status().views] == [[77, 78], []]
        assert (differences(world), world.faults()) == ([], []), "nobody reads them: the store is sound"
        if anew_too:
            assert anew(world)
        else:
            views.catch_up()
        assert views.verify().left_over == {"scores": [], "deadlines": []}
    assert (held(world), differences(world)) == (before, [])


def test_views_of_a_store_that_may_only_be_read_are_replayed(tmp_path: Path) -> None:
    world = begun(f"sqlite:///{tmp_path}/gk.db")
    readable = World(f"sqlite:///file:{tmp_path}/gk.db?mode=ro&uri=true")
    with readable.gk() as gk:
        assert not isinstance(gk.score(scheme=SCHEME, year=2020, unit=BUREAU).scores[BUREAU], Told)
        assert len(gk.limits()) == 3
    caught_up(world)
    with readable.gk() as gk:
        assert isinstance(gk.score(scheme=SCHEME, year=2020, unit=BUREAU).scores[BUREAU], Told)
        assert len(gk.limits()) == 3
