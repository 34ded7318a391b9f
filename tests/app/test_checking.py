"""Verify against somebody who writes the chain of digests anew: what each event says must still fit."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gkevents.store import tables
from gkevents.store.reading import GENESIS, digest
from gkevents.upcasts import EVENT_VERSIONS, STEPS, UnknownEvent, upcast
from tests.app.worlds import TRIGGERS, World, fact, grade

DECEMBER = "2020-12-01T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2020-01-06T09:00:00+08:00", units=[("区气象局", None)])
    world.log(
        grade("G1", "2020-11-20", "L15", "7"), fact("C1", "criticism", "2020-05-11", "L17", level="city"), now=DECEMBER
    )
    return world


def forged(world: World, change: str) -> list[tuple[int | None, str]]:
    """The faults after a change by SQL, every digest worked out anew."""
    with closing(sqlite3.connect(world.path, isolation_level=None)) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
        before = GENESIS
        columns = "position, stream, stream_version, name, recorded_at, ref, body"
        for row in connection.execute(f"SELECT {columns} FROM events ORDER BY position").fetchall():
            before = digest(before, row)
            connection.execute("UPDATE events SET digest = ? WHERE position = ?", (before, row[0]))
        for trigger in tables.TRIGGERS:
            connection.execute(trigger)
    return world.faults()


def test_a_guard_that_is_gone_is_named_and_init_puts_it_back(world: World) -> None:
    with closing(sqlite3.connect(world.path)) as connection:
        connection.execute("DROP TRIGGER events_never_delete")
    said = "the guard events_never_delete that refuses to change events is gone; gk init puts it back"
    assert world.faults() == [(None, said)]
    world.init()
    assert world.faults() == []


def test_a_chain_written_anew_without_a_change_is_the_same(world: World) -> None:
    assert forged(world, "UPDATE events SET ref = ref") == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE events SET stream_version = 9 WHERE ref = 'C1'", "it is not the next event of its stream"),
        ("UPDATE events SET name = 'grade-taken.1' WHERE ref = 'C1'", "not one this program knows (grade-taken.1)"),
        ("UPDATE events SET name = 'criticism-issued.2' WHERE ref = 'C1'", "not one this program knows"),
        ("UPDATE events SET body = '[]' WHERE ref = 'C1'", "its name or body"),
        ("UPDATE events SET body = '{' WHERE ref = 'C1'", "its name or body"),
        ("UPDATE events SET ref = 'C2' WHERE ref = 'C1'", "its number is not the one in its body (C2)"),
    ],
)
def test_a_forged_event_is_named_for_what_does_not_fit(world: World, change: str, what: str) -> None:
    [(position,)] = world.rows("SELECT position FROM events WHERE ref = 'C1'")
    [(place, said)] = forged(world, change)
    assert place == position
    assert what in said


@pytest.mark.parametrize("field", ["text", "overlay", "digest"])
def test_an_edition_whose_text_is_not_the_one_its_digest_names_is_found(world: World, field: str) -> None:
    [(position, text)] = world.rows("SELECT position, body FROM events WHERE name = 'edition-adopted.1'")
    body = json.dumps(json.loads(text) | {field: {"points": {"L01": "1"}} if field == "overlay" else "另一份"})
    quoted = body.replace("'", "''")
    change = f"UPDATE events SET body = '{quoted}' WHERE position = {position}"
    assert forged(world, change) == [(position, "the edition's text is not the one its digest names")]


def test_a_view_that_has_come_further_than_the_log_is_found(world: World) -> None:
    with world.gk() as gk:
        gk.limits()
    world.sql("UPDATE checkpoints SET position = position + 1", guarded=True)
    last = world.count()
    assert world.faults() == [(last + 1, f"events are missing at the end, up to {last + 1}")]


def test_an_index_that_does_not_lead_to_a_row_is_found(world: World) -> None:
    with closing(sqlite3.connect(world.path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT max(rootpage) FROM sqlite_master)"
            " WHERE name = 'sqlite_autoindex_events_1'"
        )
        connection.commit()
    said = [what for _, what in world.faults()]
    assert any("the database file is damaged" in what for what in said)


def test_a_stored_name_is_looked_up_and_a_stored_shape_is_brought_up_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert upcast("grade-given.1", {"ref": "G"}) == ("grade-given.1", {"ref": "G"})
    for name in (
        "grade-given",
        "grade-given.0",
        "grade-given.2",
        "grade-given.x",
        "grade.1",
        "",
        ".1",
        "grade-given.²",
    ):
        with pytest.raises(ValueError, match=r"unknown event|invalid literal"):
            upcast(name, {})
    monkeypatch.setitem(EVENT_VERSIONS, "grade-given", 3)
    monkeypatch.setitem(STEPS, "grade-given.1", lambda body: body | {"by": "甲"})
    monkeypatch.setitem(STEPS, "grade-given.2", lambda body: body | {"by": body["by"] + "乙"})
    assert upcast("grade-given.1", {}) == ("grade-given.3", {"by": "甲乙"})
    assert upcast("grade-given.2", {"by": "丙"}) == ("grade-given.3", {"by": "丙乙"})
    assert upcast("grade-given.3", {}) == ("grade-given.3", {})
    with pytest.raises(UnknownEvent):
        upcast("grade-given.4", {})


def test_a_store_says_what_has_been_adopted_in_it(world: World) -> None:
    world.adopt("hebei-stats-2018", year=2018, units=[("河北省统计局", None)])
    with world.gk() as gk:
        found = gk.schemes_in_store()
    assert [(scheme, year, units) for scheme, year, _, units in found] == [
        ("luancheng-2020", 2020, ["区气象局"]), ("hebei-stats-2018", 2018, ["河北省统计局"]),
    ]  # fmt: skip
