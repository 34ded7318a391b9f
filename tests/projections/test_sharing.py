"""Several at one view: a build that stops or is replaced under others' hands, parts written while others move on."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection

from gkevents.app.views import Views
from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Checkpoint, Overtaken
from gkevents.projections.filling import Filling, Share
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView
from gkevents.projections.sharing import Helpers, help_out
from gkevents.projections.view import Portion, Scope
from tests.app.worlds import SCHEME, TOWN, World
from tests.projections.years import begun, caught_up, differences, held, more, stands, store_of


@pytest.fixture
def world(store_url: str) -> World:
    return caught_up(begun(store_url))


def ends(work: Callable[[], object], *, seconds: float = 60) -> bool:
    """Whether some work ends in time."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def damage(world: World) -> tuple[int, str]:
    """Make an event unreadable; where, and what was there."""
    [(position, body)] = world.rows("SELECT position, body FROM events WHERE ref = 'O1'")
    world.sql("UPDATE events SET body = '[' WHERE ref = 'O1'")
    return position, body


def test_whoever_helps_with_a_build_that_has_stopped_or_is_gone_ends(world: World) -> None:
    damage(world)
    with store_of(world) as store:
        build = Building(Projection(store, ScoresView(size=1))).begin()
        told = {"url": world.url, "view": "scores", "size": 1, "build": build._asdict(), "number": 1, "of": 2}
        filling = Filling(store, ScoresView(size=1), build)
        assert filling.fill(Share()) is False
        assert ends(lambda: help_out(told))
        assert filling.fill(Share()) is False
    world.sql("DELETE FROM checkpoints WHERE live = 0")
    assert ends(lambda: help_out(told))


def test_a_shared_rebuild_that_stops_ends(world: World) -> None:
    bad, _ = damage(world)
    said: list[bool] = []
    with store_of(world) as store:
        assert ends(lambda: said.append(Projection(store, ScoresView(), jobs=2).rebuild()))
    building = stands(world).building
    assert building is not None
    assert (said, building.stopped) == ([False], bad)


class Newer(ScoresView):
    version = ScoresView.version + 1


def test_a_build_that_was_replaced_is_written_to_no_more_and_leaves_nothing(world: World) -> None:
    with store_of(world) as store:
        build = Building(Projection(store, ScoresView(size=1))).begin()
        filling = Filling(store, ScoresView(size=1), build)
        [*_, part] = filling.left().parts
        assert Projection(store, Newer()).rebuild() is True
        assert world.rows("SELECT count(*) FROM partitions") == [(0,)]
        with pytest.raises(Overtaken):
            filling.fill(Share())
        row = f"'scores/{part.number}', {build.build}, '{SCHEME}', 2020, {part.of}, 0"
        world.sql(f"INSERT INTO partitions VALUES ({row})")
        assert filling.do(part) is False
    [(live,)] = world.rows("SELECT build FROM checkpoints WHERE view = 'scores'")
    assert world.rows("SELECT DISTINCT build FROM unit_scores") == [(live,)]


def test_whoever_loses_the_race_to_go_live_does_not_make_another_build(world: World) -> None:
    class Slow(Building):
        def finish(self, build: Checkpoint) -> bool:
            assert Building(self.runner).finish(build) is True
            return super().finish(build)

    before = stands(world).live
    with store_of(world) as store:
        assert Slow(Projection(store, ScoresView())).rebuild(Helpers(world.url, 1)) is True
    live = stands(world).live
    assert live is not None
    assert before is not None
    assert live.build == before.build + 1


def test_two_who_begin_at_once_begin_one_build(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks before the first has committed, and would take the next number after that."""
    number_of, first = Building._next, threading.Lock()
    second_in, first_done, said = threading.Event(), threading.Event(), list[str]()

    def slow(self: Building, connection: Connection) -> int:
        if first.acquire(blocking=False):
            second.start()
            second_in.wait(1)
        else:
            second_in.set()
            first_done.wait(10)
        return number_of(self, connection)

    def begin() -> None:
        with store_of(world) as store:
            try:
                Building(Projection(store, ScoresView())).begin()
            except Overtaken:
                said.append("overtaken")
            else:
                said.append("begun")

    monkeypatch.setattr(Building, "_next", slow)
    second = threading.Thread(target=begin)
    begin()
    first_done.set()
    second.join()
    assert said == ["begun", "overtaken"]
    assert world.rows("SELECT count(*) FROM checkpoints WHERE view = 'scores' AND live = 0") == [(1,)]


class Disturbed(ScoresView):
    """A view at which something else happens so many times while rows are told."""

    def __init__(self, times: int, what: Callable[[int], object]) -> None:
        super().__init__(size=1)
        self.left, self.what = times, what

    def portions(self, *given: object, **how: object) -> Iterator[Portion]:
        for portion in super().portions(*given, **how):  # type: ignore[arg-type]
            if self.left:
                self.left -= 1
                self.what(self.left)
            yield portion


def test_facts_are_logged_while_a_part_is_priced_anew(world: World) -> None:
    with store_of(world) as store:
        runner = Projection(store, Disturbed(3, lambda number: more(world, number)))
        assert runner.rebuild_part(Scope(SCHEME, 2020)) == 3
    now = stands(world)
    assert now.live is not None
    assert now.head == now.live.position + 3
    caught_up(world)
    assert differences(world) == []


@pytest.mark.parametrize("times", [1, 3])
def test_a_part_is_priced_anew_however_often_the_view_moves_on(world: World, times: int) -> None:
    world.sql(f"UPDATE unit_scores SET total = '99' WHERE unit = '{TOWN}'")

    def moved(number: int) -> None:
        more(world, number)
        caught_up(world)

    with store_of(world) as store:
        assert Projection(store, Disturbed(times, moved)).rebuild_part(Scope(SCHEME, 2020)) == 3
    assert differences(world) == []


def test_no_part_is_priced_where_no_build_is_live(world: World) -> None:
    world.sql("DELETE FROM checkpoints")
    priced: list[int] = []
    with store_of(world) as store:
        assert ends(lambda: priced.append(Projection(store, ScoresView()).rebuild_part(Scope(SCHEME, 2020))))
    assert priced == [0]


def test_a_unit_is_priced_anew_with_its_later_years(world: World) -> None:
    world.adopt(year=2021, now="2021-01-06T09:00:00+08:00", units=[(TOWN, None)])
    before = held(caught_up(world))
    world.sql(f"UPDATE item_scores SET score = '99' WHERE unit = '{TOWN}'")
    with store_of(world) as store:
        assert Views(store).rebuild(scheme=SCHEME, year=2020, unit=TOWN) == 4, "three depend on each other"
    assert held(world) == before
    assert differences(world) == []


def test_a_new_build_that_has_stopped_is_said_beside_the_one_that_is_read(world: World) -> None:
    bad, body = damage(world)
    with store_of(world) as store:
        views = Views(store)
        views.rebuild()
        for report in (views.status().views[0], views.catch_up().views[0]):
            assert (report.state, report.stopped, report.behind) == ("stopped", bad, 0)
            assert "gk projections rebuild" in str(report.advice)
        world.sql(f"UPDATE events SET body = '{body}' WHERE position = {bad}")
        views.rebuild()
        report = views.status().views[0]
    assert (report.state, report.stopped, report.advice) == ("current", None, None)
    assert differences(world) == []
