"""One scheme-year made anew by several: its unit-years are shared out, and whoever is killed leaves none behind."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Table

from gkevents.app.views import Views
from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Checkpoint
from gkevents.projections.filling import Filling, Share
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.projections.rebuilding import (
    Rebuild,
    State,
    begin_rebuild,
    finish_rebuild,
    left_of,
    unfinished,
    work_on,
)
from gkevents.projections.scores import ScoresView
from gkevents.projections.view import Portion, Sheet
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from tests.app.worlds import World, fact, grade
from tests.projections.test_sharing import damage
from tests.projections.years import DECEMBER, JANUARY, caught_up, differences, held, more, stands, store_of

UNITS: Final = [f"样本{number:02}局" for number in range(12)]
FORK: Final = multiprocessing.get_context("fork")


@pytest.fixture
def world(store_url: str) -> World:
    """One scheme-year of twelve units."""
    world = World(store_url).init()
    world.adopt(now=JANUARY, units=[(unit, "部门") for unit in UNITS])
    world.log(
        *(grade(f"G{unit}", "2020-11-01", "L15", "7", unit=unit) for unit in UNITS),
        *(
            fact(f"L{unit}", "deadline-opened", "2020-09-15", "L15", key="甲", limit="15 working days", unit=unit)
            for unit in UNITS[::2]
        ),
        fact("O1", "occurrence", "2020-06-11", "L22", amount="2", reason="例", unit=UNITS[3]),
        now=DECEMBER,
    )
    return caught_up(world)


class Watched(NamedTuple):
    """A sheet that says which portions are asked of it, and waits before it tells the first."""

    sheet: Sheet
    asked: list[int]
    barrier: threading.Barrier

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        self.asked.append(number)
        if len(self.asked) == 1:
            self.barrier.wait(20)
        return self.sheet.portion(reader, number, of)

    def rest(self, reader: Reader) -> Iterator[Portion]:
        return self.sheet.rest(reader)


class WatchedView(ScoresView):
    def __init__(self, barrier: threading.Barrier) -> None:
        super().__init__(size=1)
        self.asked: list[int] = []
        self.barrier = barrier

    def sheet(self, *given: Any) -> Sheet:  # noqa: ANN401
        return Watched(super().sheet(*given), self.asked, self.barrier)


def test_two_work_on_one_scheme_year_at_the_same_time(world: World) -> None:
    before, barrier = held(world), threading.Barrier(2)
    views = [WatchedView(barrier) for _ in range(2)]
    said: list[bool] = []

    def work(number: int, build: Checkpoint) -> None:
        with store_of(world) as store:
            said.append(Filling(store, views[number], build).fill(Share(number, 2)))

    with store_of(world) as store:
        building = Building(Projection(store, ScoresView(size=1)))
        build = building.begin()
        threads = [threading.Thread(target=work, args=(number, build)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert building.finish(build) is True
    asked = [number for view in views for number in view.asked]
    assert said == [True, True]
    assert set(asked) == set(range(len(UNITS)))
    assert all(view.asked for view in views)
    assert not world.shared or len(asked) == len(UNITS), "on a server nothing is done twice"
    Building(Projection(Store(world.url), ScoresView())).sweep()
    assert held(world) == before
    assert differences(world) == []


class Stuck(ScoresView):
    """A view that stays where it is in the middle of a portion, having said so."""

    def __init__(self, said: Connection) -> None:
        super().__init__(size=1)
        self.said = said

    def sheet(self, *given: Any) -> Sheet:  # noqa: ANN401
        return StuckSheet(super().sheet(*given), self.said)


class StuckSheet(NamedTuple):
    sheet: Sheet
    said: Connection

    def portion(self, reader: Reader, number: int, of: int) -> Portion:
        told = self.sheet.portion(reader, number, of)

        def rows(table: Table) -> Iterator[Any]:
            yield from told.rows[table]
            self.said.send(number)
            time.sleep(60)

        return told._replace(rows={table: rows(table) for table in told.rows})

    def rest(self, reader: Reader) -> Iterator[Portion]:
        return self.sheet.rest(reader)


def _stuck(url: str, build: Checkpoint, said: Connection) -> None:
    Filling(Store(url), Stuck(said), build).fill(Share())


def test_the_portion_of_one_who_is_killed_is_done_by_another(world: World) -> None:
    before, (heard, said) = held(world), FORK.Pipe(duplex=False)
    with store_of(world) as store:
        build = Building(Projection(store, ScoresView(size=1))).begin()
        process = FORK.Process(target=_stuck, args=(world.url, build, said))
        process.start()
        assert process.pid is not None
        assert heard.poll(20)
        rebuild = Rebuild("scores", build.build)
        states = worked(store, rebuild)
        if world.shared:  # the portion that he is at is left to him
            assert states == [State.WORKED] * (len(UNITS) - 1) + [State.WAIT]
            assert finish_rebuild(store, rebuild) is False
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        while work_on(store, rebuild) is not State.DONE:
            time.sleep(0.01)
        assert finish_rebuild(store, rebuild) is True
    assert held(world) == before
    assert differences(world) == []


def worked(store: Store, rebuild: Rebuild) -> list[State]:
    """Work as long as there is something to be done; what was said."""
    states = [work_on(store, rebuild)]
    while states[-1] is State.WORKED:
        states.append(work_on(store, rebuild))
    return states


def test_workers_make_a_view_anew_step_by_step(world: World) -> None:
    before, live = held(world), stands(world).live
    assert live is not None
    with store_of(world) as store:
        for view in ("scores", "deadlines"):
            rebuild = begin_rebuild(store, view)
            assert rebuild is not None
            assert begin_rebuild(store, view) == rebuild, "it is the one that is being made"
            assert unfinished(store) == [rebuild]
            assert (left_of(store, rebuild), finish_rebuild(store, rebuild)) == ((0, 1), False)
            more(world, len(view), unit=UNITS[0])
            assert worked(store, rebuild) == [State.WORKED, State.DONE]
            assert left_of(store, rebuild) == (1, 1)
            assert [finish_rebuild(store, rebuild) for _ in range(2)] == [True, True]
            assert (work_on(store, rebuild), left_of(store, rebuild)) == (State.GONE, (0, 0))
            assert finish_rebuild(store, Rebuild(view, 99)) is False
            assert unfinished(store) == []
    now = stands(world).live
    assert now is not None
    assert (now.build, now.position) == (live.build + 1, live.position + 1)
    assert held(caught_up(world)) != before
    assert differences(world) == []


def test_a_build_that_stopped_is_worked_on_no_more_until_somebody_says_so(world: World) -> None:
    bad, body = damage(world)
    with store_of(world) as store:
        rebuild = begin_rebuild(store, "scores")
        assert rebuild is not None
        assert worked(store, rebuild)[-1] is State.STOPPED
        assert (finish_rebuild(store, rebuild), unfinished(store)) == (False, [])
        assert begin_rebuild(store, "scores") is None
        world.sql(f"UPDATE events SET body = '{body}' WHERE position = {bad}")
        assert begin_rebuild(store, "scores", again=True) == rebuild
        assert worked(store, rebuild)[-1] is State.DONE
        assert finish_rebuild(store, rebuild) is True
    assert differences(world) == []


def test_nobody_makes_a_view_anew_that_a_newer_program_keeps(world: World) -> None:
    world.sql("UPDATE checkpoints SET version = 99 WHERE view = 'scores'")
    with store_of(world) as store:
        assert begin_rebuild(store, "scores") is None


def test_a_build_that_an_older_program_began_is_finished(world: World) -> None:
    """It counted the portions that it had written, and wrote down none of those that were left."""
    before = held(world)
    with store_of(world) as store:
        rebuild = begin_rebuild(store, "scores")
        assert rebuild is not None
        world.sql("DELETE FROM partitions WHERE view LIKE 'scores/%'".replace("%", "%%" if world.shared else "%"))
        assert worked(store, rebuild) == [State.WORKED, State.DONE]
        assert finish_rebuild(store, rebuild) is True
    assert held(world) == before


def _worker(url: str) -> None:
    store = Store(url)
    for view in ("scores", "deadlines"):
        rebuild = begin_rebuild(store, view)
        while rebuild is not None and (state := work_on(store, rebuild)) not in (State.DONE, State.GONE):
            if state is State.WAIT:
                time.sleep(0.01)
        if rebuild is not None:
            finish_rebuild(store, rebuild)
    os._exit(0)


def play(world: World, dice: random.Random, *, kills: int) -> None:
    """Two at work, one of whom is killed at a random moment, again and again; in the end the rows are the log's."""
    for number in range(kills):
        more(world, number, unit=dice.choice(UNITS))
        processes = [FORK.Process(target=_worker, args=(world.url,)) for _ in range(2)]
        for process in processes:
            process.start()
        processes[0].join(dice.uniform(0, 0.5))
        if processes[0].is_alive() and processes[0].pid is not None:
            os.kill(processes[0].pid, signal.SIGKILL)
        for process in processes:
            process.join()
        assert processes[1].exitcode == 0
        if unfinished(Store(world.url)):  # begun by the one that was killed, once the other had finished and gone
            heir = FORK.Process(target=_worker, args=(world.url,))
            heir.start()
            heir.join()
            assert heir.exitcode == 0
        assert unfinished(Store(world.url)) == []
    with store_of(world) as store:
        assert Views(store).verify().left_over == {"scores": [], "deadlines": []}
    assert differences(caught_up(world)) == []


def test_a_few_of_two_sharers_killed_lose_and_double_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScoresView, "__init__", _small)
    monkeypatch.setattr(LimitsView, "__init__", _small)
    play(world, random.Random(4), kills=2)


@pytest.mark.soak
def test_100_of_two_sharers_killed_lose_and_double_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScoresView, "__init__", _small)
    monkeypatch.setattr(LimitsView, "__init__", _small)
    play(world, random.Random(5), kills=100)


def _small(self: ScoresView | LimitsView, *, size: int = 2) -> None:
    self.size = size
