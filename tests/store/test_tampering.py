"""Whoever owns the database can go round its guards; verify then names the place, on either database."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from gkevents.store import tables
from gkevents.store.trouble import StoreDamaged
from tests.app.worlds import SCHEME, World, fact, grade
from tests.servers.postgres import Server

COLUMNS = ("position", "stream", "stream_version", "name", "recorded_at", "ref", "body", "digest")
NUMBERS = ("position", "stream_version")
OTHERS = [("-", "ref", "新"), ("C1", "ref", None)] + [
    ("C1", column, "") for column in ("stream", "name", "recorded_at", "ref", "body", "digest")
]
"""A number given to an event that has none, one taken away, and every text made empty."""
TEXTS = tuple(name for name in COLUMNS if name not in NUMBERS)


def written(url: str) -> World:
    """A store with an edition, notices, and a few facts with a limit that was missed."""
    world = World(url).init()
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


@pytest.fixture(scope="module")
def on_server(postgres: Server) -> Iterator[str]:
    """The name of the database that the others are copied from."""
    name = postgres.database()
    assert written(postgres.url(name)).faults() == []
    yield name
    postgres.drop(name)


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the others are copied from."""
    world = written(f"sqlite:///{tmp_path_factory.mktemp('written')}/gk.db")
    assert world.faults() == []
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)", guarded=True)
    return world.path


@pytest.fixture
def served(on_server: str, postgres: Server) -> Iterator[World]:
    """A copy on the server, to be damaged."""
    name = f"{on_server}_copy"
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{on_server}" STRATEGY FILE_COPY'.encode())
    yield World(postgres.url(name))
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, in_file: Path, tmp_path: Path) -> World:
    """A copy on either database, to be damaged."""
    if request.param == "postgresql":
        on_the_server: World = request.getfixturevalue("served")
        return on_the_server
    return World(Path(shutil.copy(in_file, tmp_path / "gk.db")))


def places(world: World) -> set[int | None]:
    return {place for place, _ in world.faults()}


def changed(position: int, column: str, value: object) -> str:
    """The statement that puts another value there."""
    return f"UPDATE events SET {column} = {literal(value)} WHERE position = {position}"


def literal(value: object) -> str:
    """A value as SQL."""
    if isinstance(value, int):
        return str(value)
    if value is None:
        return "NULL"
    return "'{}'".format(str(value).replace("'", "''"))


def flips(text: str) -> list[str]:
    """The text with one bit of one byte turned, at some places, as far as it is still text (and no % for a driver)."""
    content, found = text.encode(), []
    for place in range(0, len(content), max(1, len(content) // 6)):
        for bit in (0x01, 0x10):
            flipped = bytearray(content)
            flipped[place] ^= bit
            try:
                found.append(flipped.decode())
            except UnicodeDecodeError:
                continue
    return [one for one in found if "%" not in one]


def test_a_changed_value_in_any_column_of_any_row_is_found_at_its_position(world: World) -> None:
    back: list[str] = []
    for row in world.rows(f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY position"):
        for column, value in zip(COLUMNS, row, strict=True):
            position: int = row[0]
            other = value + 1000 if column in NUMBERS else f"{value or ''} "
            world.sql(*back, changed(position, column, other))
            named = places(world)
            assert position in named or (column == "position" and named >= {position + 1000}), (position, column)
            back = [changed(position + 1000 if column == "position" else position, column, value)]
    world.sql(*back)
    assert world.faults() == []


def test_a_value_that_is_gone_or_was_not_there_is_found_at_its_position(world: World) -> None:
    for ref, column, other in OTHERS:
        [(position, value)] = world.rows(
            f"SELECT position, {column} FROM events WHERE coalesce(ref, '-') = '{ref}' ORDER BY position LIMIT 1"
        )
        world.sql(changed(position, column, other))
        assert position in places(world), (ref, column)
        world.sql(changed(position, column, value))
    assert world.faults() == []


def test_a_flipped_bit_of_any_text_is_found_at_its_position(world: World) -> None:
    for column in TEXTS:
        [(position, text)] = world.rows(f"SELECT position, {column} FROM events WHERE ref = 'C1'")
        flipped = flips(text)
        assert len(flipped) > 1
        for other in flipped:
            world.sql(changed(position, column, other))
            assert position in places(world), other
        world.sql(changed(position, column, text))
    assert world.faults() == []


def test_a_row_taken_out_of_the_middle_is_found(world: World) -> None:
    world.sql("DELETE FROM events WHERE position = 3")
    assert (4, "the positions before it are missing, from 3 on") in world.faults()


def test_rows_cut_off_at_the_end_are_found(world: World) -> None:
    last = world.count()
    world.sql(f"DELETE FROM events WHERE position > {last - 2}")
    assert (last - 1, f"events are missing at the end, up to {last}") in world.faults()


def test_a_whole_log_taken_out_is_found(world: World) -> None:
    last = world.count()
    world.sql("DELETE FROM events")
    assert world.faults() == [(1, f"events are missing at the end, up to {last}")]


def test_two_rows_that_changed_places_are_found(world: World) -> None:
    for one, other in ((3, -1), (4, 3), (-1, 4)):
        world.sql(f"UPDATE events SET position = {other} WHERE position = {one}")
    assert {3, 4} <= places(world)


@pytest.mark.parametrize("place", ["-7", "0", "(SELECT max(position) + 1 FROM events)"])
def test_a_row_slipped_in_is_found(world: World, place: str) -> None:
    world.sql(
        f"INSERT INTO events SELECT {place}, stream, stream_version + 90, name, recorded_at, 'X', body, digest"
        " FROM events WHERE ref = 'C1'",
        guarded=True,
    )
    [(slipped,)] = world.rows("SELECT position FROM events WHERE ref = 'X'")
    assert slipped in places(world)


def names(world: World) -> tuple[str, ...]:
    return tables.GUARDS["postgresql" if world.shared else "sqlite"]


def test_a_guard_that_is_gone_is_named_and_put_back_by_init(world: World) -> None:
    for name in names(world):
        world.sql(f"DROP TRIGGER {name}{' ON events' if world.shared else ''}", guarded=True)
        said = f"the guard {name} that refuses to change events is gone; gk init puts it back"
        assert world.faults() == [(None, said)]
        world.init()
        assert world.faults() == []


@pytest.mark.parametrize("how", ["DISABLE TRIGGER", "ENABLE REPLICA TRIGGER"])
def test_a_guard_that_sleeps_is_named_and_woken_by_init(served: World, how: str) -> None:
    for name in names(served):
        served.sql(f"ALTER TABLE events {how} {name}", guarded=True)
        assert served.faults() == [
            (None, f"the guard {name} that refuses to change events is gone; gk init puts it back")
        ]
        served.init()
        assert served.faults() == []


def test_a_guard_that_does_nothing_any_more_is_named_and_mended_by_init(world: World) -> None:
    idle = (
        ["CREATE OR REPLACE FUNCTION events_never_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"]
        if world.shared
        else [
            "DROP TRIGGER events_never_delete",
            "CREATE TRIGGER events_never_delete BEFORE DELETE ON events BEGIN SELECT 1; END",
        ]
    )
    world.sql(*idle, guarded=True)
    named = names(world) if world.shared else ("events_never_delete",)
    said = "the guard {} that refuses to change events is gone; gk init puts it back"
    assert world.faults() == [(None, said.format(name)) for name in named]
    world.init()
    assert world.faults() == []


CHANGES = (
    "UPDATE events SET body = body",
    "UPDATE events SET position = position + 100",
    "DELETE FROM events",
    "DELETE FROM events WHERE position = 1",
    "TRUNCATE events",
    "INSERT INTO events SELECT * FROM events WHERE position = 2 ON CONFLICT (position) DO UPDATE SET body = '{}'",
    "MERGE INTO events USING (SELECT 2 AS place) AS one ON position = place WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM events RETURNING *) SELECT * FROM gone",
)


def test_the_server_itself_refuses_to_change_an_event(served: World) -> None:
    before = served.rows("SELECT * FROM events ORDER BY position")
    with psycopg.connect(served.url.replace("+psycopg", ""), autocommit=True) as connection:
        for change in CHANGES:
            with pytest.raises(psycopg.errors.RaiseException, match="answer a wrong fact with another fact"):
                connection.execute(change.encode())
    assert served.rows("SELECT * FROM events ORDER BY position") == before


def test_bytes_that_are_no_text_are_found_on_a_server_too(served: World, postgres: Server) -> None:
    """The server takes no such bytes from anybody: its database is called one without an encoding for the while."""
    [(position,)] = served.rows("SELECT position FROM events WHERE ref = 'C1'")
    for column in TEXTS:
        raw(served, postgres, rf"UPDATE events SET {column} = E'\xe6\x9c' || {column} WHERE position = {position}")
        assert position in places(served), column
        raw(served, postgres, f"UPDATE events SET {column} = substr({column}, 3) WHERE position = {position}")
    assert served.faults() == []


def raw(world: World, postgres: Server, statement: str) -> None:
    """Run a statement that may write any bytes."""
    name = world.url.rpartition("/")[2]
    as_encoded(postgres, name, 0)
    with psycopg.connect(postgres.dsn(name), autocommit=True, client_encoding="SQL_ASCII") as connection:
        for each in ("ALTER TABLE events DISABLE TRIGGER USER", statement, "ALTER TABLE events ENABLE TRIGGER USER"):
            connection.execute(each.encode())
    as_encoded(postgres, name, 6)


def as_encoded(postgres: Server, name: str, encoding: int) -> None:
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute("UPDATE pg_database SET encoding = %s WHERE datname = %s", (encoding, name))


def on_disk(postgres: Server, source: str, copy: str, change: Callable[[bytearray], None]) -> World:
    """A copy of a database, made from its files, in whose file of events something is changed."""
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}" STRATEGY FILE_COPY'.encode())
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", (copy,)).fetchone()
    assert row is not None
    [(path,)] = World(postgres.url(source)).rows("SELECT pg_relation_filepath('events')")
    file = postgres.data / "base" / str(row[0]) / path.rpartition("/")[2]
    content = bytearray(file.read_bytes())
    change(content)
    file.write_bytes(content)
    return World(postgres.url(copy))


def test_events_on_a_page_that_the_server_cannot_read_are_named(
    served: World, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.log(
        *[grade(f"N{number}", "2020-11-20", "L15", "7", note="样本" * 200) for number in range(40)],
        now="2020-12-02T09:00:00+08:00",
    )
    source, last, size = served.url.rpartition("/")[2], served.count(), 8192

    def flip(content: bytearray) -> None:
        assert len(content) >= 4 * size
        content[2 * size + 5000] ^= 1

    broken = on_disk(postgres, source, f"{source}_broken", flip)
    on_page = [row[0] for row in served.rows("SELECT position FROM events WHERE (ctid::text::point)[0] = 2 ORDER BY 1")]
    named = [place for place, what in broken.faults() if "cannot be read" in what]
    monkeypatch.setattr("gkevents.store.salvage.MOST", 2)
    with pytest.raises(StoreDamaged, match="invalid page in block 2"):
        broken.faults()
    postgres.drop(f"{source}_broken")
    assert 2 < len(on_page) < last
    assert named == on_page
