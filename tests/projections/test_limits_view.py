"""The view of limits: always what the log gives, thrown away and made again at will."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import pytest

from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.projections import limits as limits_view
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.store.reading import Reader
from gkevents.upcasts import EVENT_VERSIONS
from tests.app.worlds import BUREAU, TOWN, World, fact
from tests.projections.years import WANTED, begun, limits_of, stands, store_of


@pytest.fixture
def world(store_url: str) -> World:
    return begun(store_url)


def asked(world: World) -> list[tuple[str, str]]:
    with world.gk() as gk:
        return [(row.unit, row.key) for row in gk.limits()]


def position(world: World) -> int | None:
    live = stands(world, LimitsView).live
    return None if live is None else live.position


def test_recording_leaves_the_view_alone_and_the_next_question_brings_it_up(world: World) -> None:
    assert (limits_of(world), position(world)) == ([], None)
    assert asked(world) == [(BUREAU, "甲"), (TOWN, "甲"), (BUREAU, "乙")]
    assert (limits_of(world), position(world)) == (WANTED, world.count())
    world.log(fact("A3", "deadline-met", "2020-10-09", key="甲"))
    assert position(world) == world.count() - 1
    asked(world)
    assert position(world) == world.count()
    assert (BUREAU, "甲", "2020-10-10", "met") in limits_of(world)
    assert world.faults() == []


def test_a_view_that_was_thrown_away_is_made_again_when_it_is_asked_for(world: World) -> None:
    asked(world)
    world.sql("DELETE FROM limits", "DELETE FROM checkpoints", guarded=True)
    assert world.faults() == []
    assert len(asked(world)) == 3
    assert (limits_of(world), position(world)) == (WANTED, world.count())


def test_a_view_of_an_older_version_is_made_anew_beside_it(world: World) -> None:
    asked(world)
    world.sql("UPDATE checkpoints SET version = 0", "UPDATE limits SET key = key || '旧'", guarded=True)
    assert {key for _, key in asked(world)} == {"甲", "乙"}
    assert (limits_of(world), world.faults()) == (WANTED, [])
    assert world.rows("SELECT version, live FROM checkpoints") == [(LimitsView.version, 1)]


def test_a_view_that_is_behind_catches_up_page_by_page(world: World) -> None:
    asked(world)
    world.log(
        *(fact(f"S{n}", "deadline-opened", "2020-09-14", "L15", key=f"k{n}", limit="2020-10-30") for n in range(7))
    )
    with store_of(world) as store:
        runner = Projection(store, LimitsView(), page=2)
        targets = []
        while (live := runner.standing().live) is not None and live.position < world.count():
            runner.take_in(live, world.count())
            targets.append(live.position)
    assert targets == [world.count() - left for left in (7, 5, 3, 1)]
    assert len(limits_of(world)) == 10
    assert world.faults() == []


def test_an_event_that_holds_no_fact_stops_the_view_before_it_and_the_limits_are_replayed(world: World) -> None:
    asked(world)
    bad = world.log(
        fact("S1", "deadline-opened", "2020-09-14", "L15", key="丙", limit="2020-10-30", unit=TOWN),
        fact("S2", "deadline-opened", "2020-09-14", "L15", key="丁", limit="2020-10-30"),
        fact("S3", "deadline-opened", "2020-09-14", "L15", key="戊", limit="2020-10-30", unit=TOWN),
    )[1]
    [(body,)] = world.rows(f"SELECT body FROM events WHERE position = {bad}")
    world.sql(f"UPDATE events SET body = '{{}}' WHERE position = {bad}")
    with store_of(world) as store:
        assert Projection(store, LimitsView()).catch_up() is False
    live = stands(world, LimitsView).live
    assert live is not None
    assert (live.position, live.stopped) == (bad - 1, bad)
    assert f'holds no fact",{{"position":{bad}}}' in str(live.why)
    assert "丙" in {row[1] for row in limits_of(world)}
    world.sql(f"UPDATE events SET body = '{body}' WHERE position = {bad}")
    assert {key for _, key in asked(world)} == {"甲", "乙", "丙", "丁", "戊"}
    assert position(world) == bad - 1, "a question does not wake a view that has stopped"
    with store_of(world) as store:
        assert Projection(store, LimitsView()).catch_up(again=True) is True
    assert world.faults() == []


def test_a_retracted_opening_takes_its_row_away(world: World) -> None:
    asked(world)
    world.log(
        fact("X1", "retraction", "2020-10-01", of="L1"), fact("X2", "retraction", "2020-10-01", of="L3", unit=TOWN)
    )
    assert asked(world) == [(BUREAU, "乙")]
    assert (limits_of(world), world.faults()) == ([WANTED[2]], [])


def test_the_events_that_open_a_limit_are_known_in_every_version() -> None:
    names = {stored.rpartition(".")[0] for stored in limits_view._OPENING}
    assert {EVENT_TYPES[name] for name in names} == {
        "netizen-message", "deadline-opened", "rectification-ordered",
    }  # fmt: skip
    versions = {f"{name}.{version}" for name in names for version in range(1, EVENT_VERSIONS[name] + 1)}
    assert (len(limits_view._OPENING), set(limits_view._OPENING)) == (len(versions), versions)


def test_the_streams_that_have_limits_are_found_without_the_others(world: World) -> None:
    with store_of(world) as store, store.reading() as connection:
        reader = Reader(connection, store.name)
        streams = limits_view.streams_with_limits(reader)
        earlier = limits_view.streams_with_limits(reader, known_at=world.count() - 9)
        elsewhere = limits_view.streams_with_limits(reader, scheme="luancheng-2020", year=2019)
    assert [stream.rpartition("/")[2] for stream in streams] == sorted((BUREAU, TOWN))
    assert (len(earlier), elsewhere) == (0, [])
