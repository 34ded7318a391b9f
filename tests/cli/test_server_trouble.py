"""A server that cannot be used: one clear sentence in each language, exit status 3, and nothing half-done."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gkevents.store import bulk
from gkevents.store.engine import Store
from gkevents.store.log import NewEvent, writing
from gkevents.store.trouble import ConnectionLost
from gkevents.terms import instant
from gkevents.upcasts import UNIT_YEAR_OPENED
from tests.app.worlds import BUREAU, SCHEME, World, fact, grade
from tests.cli.said import Run
from tests.servers.postgres import Server

AT = ("--scheme", SCHEME, "--year", "2020")
MARK = json.dumps(grade("G1", "2020-11-20", "L15", "7"), ensure_ascii=False)
READING: tuple[tuple[str, ...], ...] = (
    ("score", *AT),
    ("rank", *AT),
    ("replay", BUREAU, *AT),
    ("verify",),
    ("deadlines", "list"),
)
WRITING: tuple[tuple[str, ...], ...] = (
    ("log", "-", *AT),
    ("correct", "C1", "--reason", "例", "level=city"),
    ("deadlines", "scan"),
    ("scheme", "adopt", "hebei-stats-2018", "--year", "2018"),
)

Refused = Callable[..., None]


@pytest.fixture
def world(database_url: str) -> World:
    """A store on the server with an edition, a fact, and a limit that has run out."""
    world = World(database_url).init(simulated=False)
    world.adopt()
    world.log(
        fact("C1", "criticism", "2020-05-11", "L17", level="county"),
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="改版", limit="3 working days"),
    )
    return world


@pytest.fixture
def refused(gk: Run) -> Refused:
    """Runs a command in both languages: status 3, one sentence, the same thing said in each."""

    def run(url: str, command: tuple[str, ...], english: str, chinese: str) -> None:
        for lang, wanted in (("en", english), ("zh", chinese)):
            said = gk("--store", url, *command, stdin=MARK, lang=lang)
            assert (said.status, said.out) == (3, ""), (command, said)
            assert re.fullmatch(rf"gk: .*{wanted}.*\n", said.err), (command, said.err)

    return run


def sql(world: World, *statements: str) -> None:
    """As the owner of the database, each statement by itself."""
    for statement in statements:
        world.sql(statement, guarded=True)


def plain(url: str) -> str:
    """The URL as libpq takes it."""
    return url.replace("+psycopg", "")


ELSEWHERE = (
    (":{port}/", ":1/", "no server answers", "没有服务器"),
    ("127.0.0.1:{port}", "nowhere.invalid", "no server answers", "没有服务器"),
    ("/gk_", "/no_such_gk_", "Check the name in the URL", "核对"),
    ("postgres@", "nobody@", "the server does not let us in", "不让进入"),
)


@pytest.mark.parametrize(("right", "wrong", "english", "chinese"), ELSEWHERE)
def test_a_server_a_database_or_a_user_that_is_not_there(
    world: World, postgres: Server, refused: Refused, right: str, wrong: str, english: str, chinese: str
) -> None:
    url = world.url.replace(right.format(port=postgres.port), wrong)
    for command in (("init",), *READING[:1], *WRITING[:1]):
        refused(url, command, english, chinese)


@pytest.fixture
def clerk(postgres: Server) -> Iterator[str]:
    """A user who must say a password."""
    rules, name = postgres.data / "pg_hba.conf", f"gk_clerk_{next(_CLERKS)}"
    before = rules.read_text()
    rules.write_text(f"host all {name} 127.0.0.1/32 scram-sha-256\n{before}")
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'right'".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield name
    rules.write_text(before)


_CLERKS = count(1)


def test_a_wrong_password_is_said_and_never_shown(world: World, clerk: str, refused: Refused, gk: Run) -> None:
    for password in (":hunter2", ""):
        url = world.url.replace("postgres@", f"{clerk}{password}@")
        refused(url, ("score", *AT), "the server does not let us in", "不让进入")
        assert "hunter2" not in gk("--store", url, "score", *AT).err


def test_a_role_may_do_what_it_was_granted_and_no_more(world: World, clerk: str, refused: Refused, gk: Run) -> None:
    url = world.url.replace("postgres@", f"{clerk}:right@")
    before = world.count()
    for command in (*READING, *WRITING):
        refused(url, command, "does not let this user do that", "不允许")
    sql(world, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {clerk}")
    for command in READING:
        assert gk("--store", url, *command).status == 0, command
    for command in WRITING:
        refused(url, command, "does not let this user do that", "不允许")
    assert (world.count(), world.faults()) == (before, [])


def test_a_role_that_may_make_no_tables_makes_no_store(database_url: str, clerk: str, refused: Refused) -> None:
    refused(database_url.replace("postgres@", f"{clerk}:right@"), ("init",), "does not let this user do that", "不允许")
    assert World(database_url).rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_role_that_is_there_too_often_already(world: World, clerk: str, refused: Refused) -> None:
    sql(world, f"ALTER ROLE {clerk} CONNECTION LIMIT 0")
    url = world.url.replace("postgres@", f"{clerk}:right@")
    refused(url, ("score", *AT), "takes nobody in at the moment", "暂时")


def test_a_database_that_may_only_be_read(world: World, refused: Refused, gk: Run) -> None:
    before = world.count()
    sql(world, f"ALTER DATABASE {world.url.rpartition('/')[2]} SET default_transaction_read_only = on")
    for command in READING:
        assert gk("--store", world.url, *command).status == 0, command
    for command in WRITING:
        refused(world.url, command, "its server allows reading only", "只允许读取")
    sql(world, "SET default_transaction_read_only = off")
    assert (world.count(), world.faults()) == (before, [])


def test_a_log_that_somebody_else_is_writing_to(world: World, refused: Refused, gk: Run) -> None:
    before, url = world.count(), f"{world.url}?timeout=0.2"
    with psycopg.connect(plain(world.url)) as other:
        other.execute("LOCK TABLE turn IN EXCLUSIVE MODE")
        for command in WRITING:
            refused(url, command, "is locked by somebody else's writing; nothing was stored", "正被别人写入")
        for command in READING:
            assert gk("--store", url, *command).status == 0, command
    assert (world.count(), world.faults()) == (before, [])
    assert gk("--store", url, *WRITING[0], stdin=MARK).status == 0


def cut(world: World) -> None:
    """Cut every connection of gk's to the database."""
    assert world.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'gk' AND datname = current_database()"
    )


def test_a_connection_that_was_cut_while_nothing_went_over_it_is_not_even_noticed(world: World) -> None:
    with world.gk() as gk:
        assert len(gk.score(scheme=SCHEME, year=2020).scores) == 34
        cut(world)
        assert len(gk.score(scheme=SCHEME, year=2020).scores) == 34


@pytest.mark.parametrize("moment", ["before the rows", "among the rows", "after the rows"])
def test_a_connection_that_is_cut_during_a_write(
    world: World, refused: Refused, gk: Run, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = world.count()
    write_rows, lines = bulk.write_rows, "\n".join(MARK.replace("G1", f"G{number}") for number in range(60))

    def among(rows: Any) -> Iterator[Any]:  # noqa: ANN401 - rows
        for number, row in enumerate(rows):
            if number == 30:
                cut(world)
            yield row

    def writing_rows(connection: Any, table: Any, rows: Any, **how: Any) -> int:  # noqa: ANN401 - as they are
        if moment == "before the rows":
            cut(world)
        number = write_rows(connection, table, among(rows) if moment == "among the rows" else rows, **how)
        if moment == "after the rows":
            cut(world)
        return number

    monkeypatch.setattr("gkevents.store.log.write_rows", writing_rows)
    said = gk("--store", world.url, *WRITING[0], stdin=lines)
    assert (said.status, said.out) == (3, "")
    assert re.fullmatch(
        r"gk: The connection to .* was lost \(.*\)\. Do the same again: nothing is stored twice\.\n", said.err
    )
    if moment != "among the rows":
        refused(world.url, WRITING[0], "was lost", "中断")
    assert (world.count(), world.faults()) == (before, [])
    monkeypatch.undo()
    with world.gk() as again:
        assert again.report().events == before


def test_a_full_disk_of_the_server(database_url: str, postgres: Server, refused: Refused, gk: Run) -> None:
    """The table's file, still empty, is put away and a link to /dev/full stands there: the server really runs out."""
    world = World(database_url).init(simulated=False)
    [(path,)] = world.rows("SELECT pg_relation_filepath('events')")
    file: Path = postgres.data / path
    kept = file.with_name(f"{file.name}.kept")
    file.rename(kept)
    file.symlink_to("/dev/full")
    adopting = ("scheme", "adopt", SCHEME, "--year", "2020")
    refused(database_url, adopting, "The disk of .* is full; nothing was stored", "已满")
    file.unlink()
    kept.rename(file)
    assert (world.count(), world.faults()) == (0, [])
    assert gk("--store", database_url, *adopting).status == 0
    assert world.faults() == []


def _write_while_it_stops(store: Store, server: Server) -> None:
    with writing(store) as write:
        write.append([NewEvent("stream", UNIT_YEAR_OPENED, {}, instant("2020-12-01T09:00:00+08:00"))])
        server.process.send_signal(signal.SIGINT)
        server.process.wait(20)


def test_a_server_that_is_stopped_in_the_middle_of_a_write(refused: Refused, gk: Run) -> None:
    server = Server()
    try:
        world = World(server.url(server.database())).init(simulated=False)
        world.adopt()
        before = world.count()
        store = Store(world.url)
        with pytest.raises(ConnectionLost):
            _write_while_it_stops(store, server)
        store.close()
        for command in (READING[0], WRITING[0], ("init",)):
            refused(world.url, command, "no server answers", "没有服务器")
        server.start()
        again = World(server.url(world.url.rpartition("/")[2]))
        assert (again.count(), again.faults()) == (before, [])
        assert gk("--store", again.url, *WRITING[0], stdin=MARK).status == 0
    finally:
        server.stop()


def test_a_database_that_holds_no_store_yet_says_how_to_make_one(gk: Run, database_url: str) -> None:
    for words in (("verify",), ("score", "--scheme", SCHEME, "--year", "2020")):
        said = gk("--lang", "en", "--store", database_url, *words)
        assert said.status == 3
        assert said.err.startswith("gk: There is no store at postgresql")
        assert said.err.endswith("Make one with: gk init\n")


def test_a_database_in_another_encoding_is_refused_with_the_reason(gk: Run, postgres: Server) -> None:
    name = postgres.database("gk_ascii")
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(b'DROP DATABASE "gk_ascii"')
        connection.execute(b"CREATE DATABASE gk_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    said = gk("--lang", "en", "--store", postgres.url(name), "init")
    postgres.drop(name)
    assert (said.status, "its database is not in UTF8" in said.err) == (3, True)
