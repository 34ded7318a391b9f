"""The view of limits: always what the log gives, thrown away and made again at will."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

from pathlib import Path

import pytest

from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.projections import limits as limits_view
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import behind, catch_up, checkpoints
from gkevents.store import trouble
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.upcasts import EVENT_VERSIONS
from tests.app.worlds import BUREAU, TOWN, World, fact, grade

JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=JANUARY)
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="甲", limit="15 working days"),
        fact("L2", "deadline-opened", "2020-09-15", "L15", key="乙", limit="2020-09-30"),
        fact("L3", "deadline-opened", "2020-09-15", "L15", key="甲", limit="15 working days", unit=TOWN),
        fact("A2", "deadline-met", "2020-09-30", key="乙"),
        fact("H1", "deadline-missed", "2020-09-30", "L15", key="无期"),
        grade("G1", "2020-11-01", "L15", "7"),
        now=DECEMBER,
    )
    return world


def kept(world: World) -> list[tuple[str, str, str | None, str]]:
    return world.rows("SELECT unit, key, due, state FROM limits ORDER BY unit DESC, opened")


def head(world: World) -> int:
    return int(world.rows("SELECT position FROM checkpoints WHERE view = 'limits'")[0][0])


WANTED = [
    (TOWN, "甲", "2020-10-12", "open"),
    (BUREAU, "甲", "2020-10-10", "open"),
    (BUREAU, "乙", "2020-09-30", "met"),
]


def test_rows_and_checkpoint_are_written_with_the_events(world: World) -> None:
    assert kept(world) == sorted(WANTED, key=lambda row: row[0], reverse=True)
    assert head(world) == world.count()


def test_a_view_that_was_thrown_away_is_made_again_when_it_is_asked_for(world: World) -> None:
    before = kept(world)
    world.sql("DELETE FROM limits", "DELETE FROM checkpoints", guarded=True)
    assert world.faults() == []
    with world.gk() as gk:
        assert len(gk.limits()) == 3
    assert (kept(world), head(world)) == (before, world.count())


def test_a_view_of_another_version_is_made_anew(world: World) -> None:
    before = kept(world)
    world.sql("UPDATE checkpoints SET version = 0", "UPDATE limits SET key = key || '旧'", guarded=True)
    with world.gk() as gk:
        assert {row.key for row in gk.limits()} == {"甲", "乙"}
    assert (kept(world), world.faults()) == (before, [])


def test_a_view_that_is_behind_catches_up_page_by_page(world: World) -> None:
    before = kept(world)
    world.sql("DELETE FROM limits", "UPDATE checkpoints SET position = 3", guarded=True)
    store = Store(world.url)
    with store.writing() as connection:
        reader = Reader(connection, store.name)
        assert behind(reader, LimitsView())
        assert catch_up(reader, LimitsView(), page=2) == world.count() - 3
        assert not behind(reader, LimitsView())
        assert catch_up(reader, LimitsView()) == 0
        assert connection.execute(checkpoints.select()).all() == [("limits", 1, 1, world.count(), 1, None, None)]
    store.close()
    assert (kept(world), world.faults()) == (before, [])


def test_an_event_that_holds_no_fact_stops_the_view_and_leaves_its_checkpoint(world: World) -> None:
    position = world.rows("SELECT position FROM events WHERE ref = 'L2'")[0][0]
    world.sql(f"UPDATE events SET body = '{{}}' WHERE position = {position}", "UPDATE checkpoints SET position = 3")
    with world.gk() as gk, pytest.raises(trouble.StoreDamaged, match=f"event {position} holds no fact"):
        gk.limits()
    assert head(world) == 3


def test_a_retracted_opening_takes_its_row_away(world: World) -> None:
    world.log(
        fact("X1", "retraction", "2020-10-01", of="L1"), fact("X2", "retraction", "2020-10-01", of="L3", unit=TOWN)
    )
    assert kept(world) == [(BUREAU, "乙", "2020-09-30", "met")]
    assert world.faults() == []


def test_a_write_that_fails_leaves_the_view_as_it_was(world: World) -> None:
    before = kept(world)
    logged = world.try_log(fact("L4", "deadline-opened", "2020-09-14", "L15", key="丁", limit="1 hours"))
    assert [row.code for row in logged.refused] == ["instant-needed"]
    world.try_log(fact("A1", "deadline-met", "2020-10-01", key="甲"), dry_run=True)
    assert (kept(world), head(world)) == (before, world.count())


def test_the_events_that_open_a_limit_are_known_in_every_version() -> None:
    names = {stored.rpartition(".")[0] for stored in limits_view._OPENING}
    assert {EVENT_TYPES[name] for name in names} == {"netizen-message", "deadline-opened"}
    versions = {f"{name}.{version}" for name in names for version in range(1, EVENT_VERSIONS[name] + 1)}
    assert (len(limits_view._OPENING), set(limits_view._OPENING)) == (len(versions), versions)


def test_the_streams_that_have_limits_are_found_without_the_others(world: World) -> None:
    store = Store(world.url)
    with store.reading() as connection:
        streams = limits_view.streams_with_limits(Reader(connection, store.name))
    store.close()
    assert [stream.rpartition("/")[2] for stream in streams] == sorted((BUREAU, TOWN))
