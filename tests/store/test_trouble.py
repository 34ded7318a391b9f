"""A store that cannot be used: one clear sentence for each reason, and nothing half-stored."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gkevents.app import Gk
from gkevents.store import trouble
from gkevents.store.engine import Store
from gkevents.store.trouble import StoreTrouble, translated
from gkevents.terms import instant
from gkevents.words import say
from tests.app.worlds import SCHEME, TRIGGERS, World, fact, grade, rows

NOW = "2020-12-01T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db", query="?timeout=0.05").init()
    world.adopt(now="2020-01-06T09:00:00+08:00")
    return world


def sentence(doing: Callable[[], Any], expected: type[StoreTrouble]) -> str:
    """What is said, in English; it is one line that names what to do or why."""
    with pytest.raises(expected) as caught:
        doing()
    said = say(caught.value.message, "en")
    assert "\n" not in said
    assert "{store}" not in said
    assert "{detail}" not in said
    return said


def every_use(world: World) -> list[Callable[[], Any]]:
    return [
        world.standing,
        world.faults,
        world.adopt,
        lambda: world.log(grade("G1", "2020-11-20", "L15", "7")),
    ]


def test_no_store(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db")
    for use in every_use(world):
        assert sentence(use, trouble.NoStore) == f"There is no store at {world.path}. Make one with: gk init"
    assert list(tmp_path.iterdir()) == []


def test_no_folder_to_make_a_store_in(tmp_path: Path) -> None:
    world = World(tmp_path / "missing" / "gk.db")
    said = sentence(world.init, trouble.NoFolder)
    assert said.startswith(f"{world.path} cannot be made: there is no folder {tmp_path / 'missing'}.")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert "cannot be reached: unable to open database file" in sentence(World(tmp_path).init, trouble.StoreUnreachable)


def test_a_path_nobody_can_ask_about(tmp_path: Path) -> None:
    world = World(tmp_path / ("x" * 5000) / "gk.db")
    for use in (world.init, *every_use(world)):
        assert "File name too long" in sentence(use, trouble.StoreUnreachable)


@pytest.mark.parametrize("content", [b"", "一页文字\n".encode() * 400, b"SQLite format 3\0" + b"\0" * 20])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    world = World(tmp_path / "notes.txt")
    world.path.write_bytes(content)
    for use in every_use(world):
        assert sentence(use, trouble.NotAStore).startswith(f"{world.path} is not a store of gk (")
    assert world.path.read_bytes() == content


def test_an_empty_file_becomes_a_store_when_asked_for(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db")
    world.path.touch()
    world.init().adopt(now=NOW)
    assert world.faults() == []


def test_a_text_file_does_not_become_a_store(tmp_path: Path) -> None:
    world = World(tmp_path / "notes.txt")
    world.path.write_text("一页文字\n" * 400, encoding="utf-8")
    before = world.path.read_bytes()
    sentence(world.init, trouble.NotAStore)
    assert world.path.read_bytes() == before


@pytest.mark.parametrize(
    "table", ["CREATE TABLE people (name)", "CREATE TABLE meta (key, value)", "CREATE TABLE events (a)"]
)
def test_another_program_s_database_stays_as_it_is(tmp_path: Path, table: str) -> None:
    world = World(tmp_path / "other.db")
    with closing(sqlite3.connect(world.path)) as connection:
        connection.execute(table)
    before = world.path.read_bytes()
    for use in (world.init, *every_use(world)):
        sentence(use, trouble.NotAStore)
    assert world.path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM meta", "DELETE FROM meta WHERE name = 'clock'", "UPDATE meta SET value = '²' WHERE name = 'version'"],
)
def test_a_store_without_its_settings_is_none(world: World, change: str) -> None:
    world.sql(change)
    for use in (world.init, *every_use(world)):
        assert "(no settings)" in sentence(use, trouble.NotAStore)


def test_a_store_of_a_newer_version(world: World) -> None:
    world.sql("UPDATE meta SET value = '3' WHERE name = 'version'")
    for use in (world.init, *every_use(world)):
        assert sentence(use, trouble.StoreTooNew).endswith("(version 3). Install the newer gkevents to open it.")


def test_a_page_that_was_overwritten(world: World) -> None:
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)", guarded=True)
    content = bytearray(world.path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    world.path.write_bytes(content)
    for use in every_use(world):
        assert "is damaged: " in sentence(use, trouble.StoreDamaged)


def test_an_event_that_cannot_be_read_is_named_with_its_position(world: World) -> None:
    [position] = world.log(grade("G1", "2020-11-20", "L15", "7"), now=NOW)
    for value, why in (
        ("'{'", "cannot be read"),
        ("CAST(x'7b22ff227d' AS TEXT)", "cannot be read"),
        ("'[]'", "is not an object"),
        ("'{}'", "holds no fact"),
        ('\'{"ref":"G1","type":"grade","effective_on":"2020-13-41"}\'', "holds no fact"),
    ):
        world.sql(f"UPDATE events SET body = {value} WHERE position = {position}")
        said = sentence(lambda: world.score("区气象局"), trouble.StoreDamaged)
        assert why in said
        assert why.startswith("Could not") or f"event {position}" in said
        assert position in {place for place, _ in world.faults()}


def test_an_event_of_a_name_that_is_not_known_is_named_with_its_position(world: World) -> None:
    [position] = world.log(grade("G1", "2020-11-20", "L15", "7"), now=NOW)
    for name in ("grade-given.2", "grade-taken.1", "grade-given", "grade-given.0", "grade-given.²"):
        world.sql(f"UPDATE events SET name = '{name}' WHERE position = {position}")
        assert f"event {position}" in sentence(lambda: world.score("区气象局"), trouble.StoreDamaged)


def test_a_store_somebody_else_is_writing_to(world: World) -> None:
    before = world.count()
    with closing(sqlite3.connect(world.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = (
            lambda: world.adopt(units=[("新单位", "部门")]),
            lambda: world.log(grade("G1", "2020-11-20", "L15", "7")),
        )
        for use in writing:
            assert "is locked by somebody else's writing; nothing was stored" in sentence(use, trouble.StoreLocked)
        assert len(world.standing().scores) == 34
        assert world.faults() == []
    assert world.count() == before


def test_what_an_older_store_has_not_yet_is_made_by_another_init(world: World) -> None:
    world.log(fact("L1", "deadline-opened", "2020-09-14", "L15", key="甲", limit="2020-09-30"), now=NOW)
    with world.gk() as gk:
        gk.limits()
    before, notice = world.rows("SELECT * FROM limits"), world.rows("SELECT * FROM meta ORDER BY name")
    world.sql("DROP TABLE limits", "DROP TABLE checkpoints")
    with world.gk() as gk:
        assert not gk.init(simulated_clock=True).created
        assert [row.key for row in gk.limits()] == ["甲"]
    assert world.rows("SELECT * FROM limits") == before
    assert world.rows("SELECT * FROM meta ORDER BY name") == notice
    triggers = {name for (name,) in world.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert triggers == set(TRIGGERS)
    assert world.faults() == []


def test_how_long_to_wait_for_the_lock_can_be_said_in_the_url(tmp_path: Path) -> None:
    for query, waited in (("?timeout=0.05", 50), ("", 10_000)):
        store = Store(f"sqlite:///{tmp_path}/gk.db{query}")
        with closing(store.engine.raw_connection()) as connection:
            assert connection.cursor().execute("PRAGMA busy_timeout").fetchone() == (waited,)
        assert store.name == f"{tmp_path}/gk.db"
        store.close()


def test_a_full_disk(world: World) -> None:
    before = world.count()
    pages = world.rows("PRAGMA page_count")[0][0]
    with world.gk(NOW) as gk:

        @event.listens_for(gk.store.engine, "connect")
        def _(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages + 1}")

        many = [grade(f"G{n}", "2020-11-20", "L15", "7", note="the table is locked, corrupt; " * 40) for n in range(40)]
        said = sentence(lambda: gk.log_facts(rows(*many), scheme=SCHEME, year=2020), trouble.StoreFull)
    assert said == f"The disk of {world.path} is full; nothing was stored. Make room and try again."
    assert (world.count(), world.faults()) == (before, [])


NOBODY = 65534


@contextmanager
def without_rights(path: Path, mode: int) -> Iterator[None]:
    """A folder and what is in it as others see it: only to be read."""
    for each in (path, *path.iterdir()):
        each.chmod(mode if each.is_dir() else mode & 0o666)
    try:
        yield
    finally:
        path.chmod(0o755)


def test_a_trouble_is_not_guessed_from_a_name(tmp_path: Path) -> None:
    for name in ("is locked", "is full", "corrupt", "read-only"):
        assert "File name too long" in sentence(World(tmp_path / (name * 99)).standing, trouble.StoreUnreachable)
        sentence(Gk(name).report, trouble.DriverMissing)


def _as_nobody(url: str, results: Any, uses: tuple[str, ...]) -> None:  # noqa: ANN401 - a queue
    """In a process of its own: give up the rights of root, then use the store."""
    from gkevents.app import adopting, checking, clock, limits, recording  # noqa: F401 - before the rights are gone
    from gkevents.schemes import catalog
    from gkevents.store import log  # noqa: F401

    catalog.calendar_notices()
    if os.geteuid() == 0:
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    doing: dict[str, Callable[[Gk], Any]] = {
        "log": lambda gk: gk.log_facts(rows(grade("G1", "2020-11-20", "L15", "7")), scheme=SCHEME, year=2020).stored,
        "score": lambda gk: len(gk.score(scheme=SCHEME, year=2020).scores),
        "verify": lambda gk: gk.verify().faults,
        "init": lambda gk: gk.init().created,
    }
    for use in uses:
        gk = Gk(url)
        try:
            results.put((use, doing[use](gk), ""))
        except StoreTrouble as error:
            results.put((use, error.code, say(error.message, "en")))
        finally:
            gk.store.close()


def as_nobody(url: str, *uses: str) -> dict[str, tuple[Any, str]]:
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    process = context.Process(target=_as_nobody, args=(url, results, uses))
    process.start()
    found = [results.get(timeout=60) for _ in uses]
    process.join()
    return {use: (outcome, said) for use, outcome, said in found}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can look into; pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="gk-read-only-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_that_may_only_be_read(open_folder: Path) -> None:
    world = World(open_folder / "gk.db").init()
    world.adopt(now="2020-01-06T09:00:00+08:00")
    before = world.count()
    with without_rights(open_folder, 0o555):
        found = as_nobody(world.url, "log", "init")
        copied = as_nobody(f"sqlite:///file:{world.path}?immutable=1&uri=true", "score", "verify")
    for outcome, said in (found["log"], found["init"]):
        assert outcome == "read-only"
        assert "it is read-only here. Check the rights of the file and its folder." in said
    assert copied["score"] == (34, "")
    assert copied["verify"] == ([], "")
    assert world.count() == before


def test_a_folder_that_may_only_be_read(open_folder: Path) -> None:
    world = World(open_folder / "gk.db")
    with without_rights(open_folder, 0o555):
        found = as_nobody(world.url, "init", "score")
    assert found["init"][0] == "unreachable"
    assert found["score"][0] == "no-store"


def test_a_folder_that_may_not_be_looked_into(open_folder: Path) -> None:
    world = World(open_folder / "gk.db").init()
    with without_rights(open_folder, 0o000):
        found = as_nobody(world.url, "init", "score", "log", "verify")
    assert {outcome for outcome, _ in found.values()} == {"unreachable"}
    assert all("Permission denied" in found[use][1] for use in ("score", "log", "verify"))


def test_a_store_opened_for_reading_only_by_sqlite_s_own_uri(world: World) -> None:
    read_only = Gk(f"sqlite:///file:{world.path}?mode=ro&uri=true", now=instant(NOW))
    assert len(read_only.score(scheme=SCHEME, year=2020).scores) == 34
    logging = lambda: read_only.log_facts(rows(grade("G1", "2020-11-20", "L15", "7")), scheme=SCHEME, year=2020)  # noqa: E731
    assert "it is read-only here" in sentence(logging, trouble.StoreReadOnly)
    read_only.store.close()
    missing = Gk(f"sqlite:///file:{world.path}x?mode=ro&uri=true")
    sentence(missing.report, trouble.StoreUnreachable)


@pytest.mark.parametrize("url", ["", "no url", "oracle9i://x/y", "postgresql+nothing://u@h/d"])
def test_a_url_that_is_none_or_that_no_driver_is_here_for(url: str) -> None:
    gk = Gk(url)
    for use in (gk.init, gk.report, gk.verify, lambda: gk.adopt(SCHEME, year=2020)):
        assert "A store is given as sqlite:///FILE or postgresql:" in sentence(use, trouble.DriverMissing)


@pytest.mark.parametrize("query", ["timeout=soon", "colour=red"])
def test_a_url_with_settings_that_mean_nothing(world: World, query: str) -> None:
    wrong = World(world.path, query=f"?{query}")
    for use in (wrong.init, *every_use(wrong)):
        said = sentence(use, trouble.StoreUnreachable)
        assert "soon" in said or "colour" in said


def test_a_password_is_never_said() -> None:
    gk = Gk("postgresql+nothing://clerk:hunter2@db.example/gk")
    assert "hunter2" not in sentence(gk.report, trouble.DriverMissing)
    assert "clerk:***@db.example" in gk.store.name


def test_a_store_in_memory_lasts_as_long_as_its_connection() -> None:
    gk = Gk("sqlite://")
    assert gk.init().created
    assert gk.init()[:3] == (False, 2, False)
    assert gk.report() == (False, 0)
    assert gk.limits() == []
    gk.store.close()
    gk.store.close()
    Store("sqlite://").close()


def test_what_the_database_says_is_looked_at_and_never_what_was_written() -> None:
    said = sqlite3.IntegrityError("UNIQUE constraint failed: events.ref")
    assert isinstance(translated("x", said), trouble.StoreDamaged)
    assert isinstance(translated("x", sqlite3.OperationalError("disk I/O error")), StoreTrouble)
    broken = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    assert say(translated("x", broken).message, "en").startswith("x is damaged: text that is none (invalid start byte)")
    assert say(translated("x", ValueError("")).message, "en") == "x cannot be reached: ValueError."


def test_a_fact_is_stored_after_the_trouble_is_over(world: World) -> None:
    with closing(sqlite3.connect(world.path, isolation_level=None)) as other, world.gk(NOW) as gk:
        other.execute("BEGIN IMMEDIATE")
        sentence(
            lambda: gk.log_facts(rows(grade("G1", "2020-11-20", "L15", "7")), scheme=SCHEME, year=2020),
            trouble.StoreLocked,
        )
        other.execute("ROLLBACK")
        logged = gk.log_facts(rows(fact("G1", "grade", "2020-11-20", "L15", points="7")), scheme=SCHEME, year=2020)
    assert [ref for ref, _ in logged.recorded] == ["G1"]
    assert world.faults() == []
