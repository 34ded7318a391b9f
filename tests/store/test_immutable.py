"""Nothing changes an event, and where somebody goes round the triggers, verify names the place."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.app.worlds import SCHEME, World, fact, grade

CHANGES = (
    "UPDATE events SET body = body",
    "UPDATE events SET position = position + 100",
    "DELETE FROM events",
    "DELETE FROM events WHERE position = 1",
    "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 2",
    "REPLACE INTO events SELECT 99, stream, stream_version, name, recorded_at, NULL, body, digest FROM events",
    "REPLACE INTO events SELECT 99, 'x', 1, name, recorded_at, ref, body, digest FROM events WHERE ref = 'L1'",
    "UPDATE OR REPLACE events SET position = 3 WHERE position = 2",
    "INSERT INTO events SELECT * FROM events WHERE position = 2 ON CONFLICT DO UPDATE SET body = '{}'",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A store with an edition, notices, and a few facts with a limit that was missed."""
    world = World(tmp_path_factory.mktemp("written") / "gk.db").init()
    world.adopt(now="2020-01-06T09:00:00+08:00", units=[("区气象局", None), ("区财政局", None)])
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="改版", limit="15 working days"),
        grade("G1", "2020-11-20", "L15", "7.5"),
        fact("C1", "criticism", "2020-05-11", "L17", level="city", note="有字"),
        now="2020-12-01T09:00:00+08:00",
    )
    with world.gk() as gk:
        gk.scan(as_of=None)
        gk.limits()
        gk.score(scheme=SCHEME, year=2020)
    return world


@pytest.fixture
def copy(written: World, tmp_path: Path) -> World:
    """A copy to be damaged."""
    copied = World(tmp_path / "copy.db")
    _copied(written, copied)
    return copied


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_the_database_itself_refuses_to_change_an_event(copy: World, change: str, recursive: str) -> None:
    before = copy.rows("SELECT * FROM events")
    with closing(sqlite3.connect(copy.path)) as connection:
        connection.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError, match="answer a wrong fact with another fact"):
            connection.execute(change)
        connection.commit()
    assert copy.rows("SELECT * FROM events") == before


def test_a_store_as_it_was_written_has_no_fault(written: World) -> None:
    with written.gk() as gk:
        found = gk.verify()
    assert (found.events, found.faults) == (written.count(), [])


COLUMNS = ("position", "stream", "stream_version", "name", "recorded_at", "ref", "body", "digest")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_value_in_any_column_of_any_row_is_found_at_its_position(
    written: World, tmp_path: Path, column: str
) -> None:
    for position in range(1, written.count() + 1):
        world = World(tmp_path / f"{position}.db")
        _copied(written, world)
        if column in ("position", "stream_version"):
            world.sql(f"UPDATE events SET {column} = {column} + 1000 WHERE position = {position}")
        else:
            world.sql(f"UPDATE events SET {column} = coalesce({column}, '') || ' ' WHERE position = {position}")
        named = {place for place, _ in world.faults()}
        moved = {position + 1000, position + 1} if column == "position" else {position}
        assert named & moved, (column, position, named)


def _copied(source: World, target: World) -> None:
    with closing(sqlite3.connect(source.path)) as one, closing(sqlite3.connect(target.path)) as other:
        one.backup(other)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("position", "stream_version")])
def test_every_flipped_byte_of_a_row_is_found_even_where_it_is_no_text_any_more(copy: World, column: str) -> None:
    position = copy.rows("SELECT position FROM events WHERE ref = 'C1'")[0][0]
    text = str(copy.rows(f"SELECT {column} FROM events WHERE position = {position}")[0][0]).encode()
    for place in range(0, len(text), max(1, len(text) // 12)):
        for bit in (0x01, 0x80):
            flipped = text[:place] + bytes([text[place] ^ bit]) + text[place + 1 :]
            copy.sql(f"UPDATE events SET {column} = CAST(x'{flipped.hex()}' AS TEXT) WHERE position = {position}")
            assert position in {where for where, _ in copy.faults()}, (place, bit)
    copy.sql(f"UPDATE events SET {column} = CAST(x'{text.hex()}' AS TEXT) WHERE position = {position}")
    assert copy.faults() == []


@pytest.mark.parametrize("value", ["NULL", "x'00ff'", "7", "'[]'", "'null'", "'{'"])
def test_a_body_of_another_kind_is_found_and_never_read(copy: World, value: str) -> None:
    if value == "NULL":
        with pytest.raises(IntegrityError, match="NOT NULL"):
            copy.sql("UPDATE events SET body = NULL WHERE ref = 'C1'")
        return
    copy.sql(f"UPDATE events SET body = {value} WHERE ref = 'C1'")
    position = copy.rows("SELECT position FROM events WHERE ref = 'C1'")[0][0]
    assert position in {where for where, _ in copy.faults()}


def test_a_row_taken_out_of_the_middle_is_found(copy: World) -> None:
    copy.sql("DELETE FROM events WHERE position = 3")
    assert (4, "the positions before it are missing, from 3 on") in copy.faults()


def test_rows_cut_off_at_the_end_are_found(copy: World) -> None:
    last = copy.count()
    copy.sql(f"DELETE FROM events WHERE position > {last - 2}")
    assert copy.faults() == [(last - 1, f"events are missing at the end, up to {last}")]


def test_rows_cut_off_at_the_end_are_found_though_the_counter_was_put_back(copy: World) -> None:
    last = copy.count()
    copy.sql(f"DELETE FROM events WHERE position = {last}", "DELETE FROM sqlite_sequence WHERE name = 'events'")
    assert copy.faults() == [(last, f"events are missing at the end, up to {last}")]


def test_a_whole_log_taken_out_is_found(copy: World) -> None:
    last = copy.count()
    copy.sql("DELETE FROM events")
    assert copy.faults() == [(1, f"events are missing at the end, up to {last}")]


def test_two_rows_that_changed_places_are_found(copy: World) -> None:
    copy.sql(
        "UPDATE events SET position = -1 WHERE position = 3",
        "UPDATE events SET position = 3 WHERE position = 4",
        "UPDATE events SET position = 4 WHERE position = -1",
    )
    assert {3, 4} <= {where for where, _ in copy.faults()}


@pytest.mark.parametrize("position", [-7, 0])
def test_a_row_slipped_in_before_the_first_is_found(copy: World, position: int) -> None:
    copy.sql(
        f"INSERT INTO events SELECT {position}, stream, stream_version + 90, name, recorded_at, 'X', body, digest"
        " FROM events WHERE ref = 'C1'",
        guarded=True,
    )
    assert position in {where for where, _ in copy.faults()}


def test_a_row_added_by_sql_is_found(copy: World) -> None:
    last = copy.count()
    copy.sql(
        "INSERT INTO events SELECT NULL, stream, stream_version + 90, name, recorded_at, 'X', body, digest FROM events"
        " WHERE ref = 'C1'",
        guarded=True,
    )
    assert last + 1 in {where for where, _ in copy.faults()}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE limits SET state = 'met'",
        "UPDATE limits SET due = NULL",
        "DELETE FROM limits",
        "INSERT INTO limits SELECT build, scheme, year, unit, 'another', item, opened, due, state FROM limits",
    ],
)
def test_a_changed_row_of_the_limits_view_is_found(copy: World, statement: str) -> None:
    copy.sql(statement, guarded=True)
    [(place, what)] = copy.faults()
    assert place is None
    assert what.startswith("limits: luancheng-2020 2020 区气象局 ")
