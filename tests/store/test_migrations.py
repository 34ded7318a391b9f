"""A store of version 1, as the released program made it, becomes one of today's and loses nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from gkevents.projections import tables as views
from gkevents.store import making, migrations, trouble
from gkevents.store.engine import Store
from gkevents.store.placing import FileFull
from gkevents.store.tables import VERSION, metadata
from gkevents.store.trouble import StoreTooNew, StoreTooOld
from gkevents.words import say
from tests.app.worlds import World, grade
from tests.contract.office import Gk

FOSSIL = Path(__file__).with_name("fossils-v1")
ANSWERS: dict[str, Any] = json.loads((FOSSIL / "answers.json").read_text(encoding="utf-8"))
AT = ("--scheme", "tiny-2020", "--year", "2020")
ASKED: dict[str, tuple[str, ...]] = {
    "score": ("score", *AT),
    "known_at_12": ("score", *AT, "--known-at", "12"),
    "as_of": ("score", *AT, "--as-of", "2020-09-20"),
    "rank": ("rank", *AT),
    "replay": ("replay", "甲局", *AT),
    "deadlines": ("deadlines", "list"),
}


@pytest.fixture
def old(tmp_path: Path) -> World:
    """The store of version 1, in a folder of its own."""
    (tmp_path / "store").mkdir()
    world = World(tmp_path / "store" / "gk.db")
    with closing(sqlite3.connect(world.path)) as store:
        store.executescript((FOSSIL / "store.sql").read_text(encoding="utf-8"))
        store.execute("PRAGMA journal_mode=WAL")
    return world


def events_of(world: World) -> list[Any]:
    return world.rows("SELECT * FROM events ORDER BY position")


def command(world: World) -> Gk:
    return Gk(world.path.parent, world.url)


def kept_in(world: World) -> list[Path]:
    return sorted(path for path in world.path.parent.iterdir() if ".v1-" in path.name)


@contextmanager
def making_in(store: Store) -> Iterator[Connection]:
    """A transaction that may make tables."""
    with store.engine.connect().execution_options(gk_purpose="making") as connection, connection.begin():
        yield connection


def test_the_fossil_is_of_version_1(old: World) -> None:
    assert dict(old.rows("SELECT name, value FROM meta")) == {"version": "1", "clock": "simulated"}
    assert old.count() == 25


@pytest.mark.parametrize(
    "words",
    [("verify",), ("score", *AT), ("deadlines", "scan"), ("log", "-", *AT), ("backup", "x.db"), ("export-log", "-")],
)
def test_every_other_command_says_that_init_brings_it_up(old: World, words: tuple[str, ...]) -> None:
    before = old.path.read_bytes()
    ran = command(old)(*words, stdin='{"ref":"x"}\n')
    assert (ran.status, ran.out) == (1, "")
    assert ran.sentence.endswith("was made by an older program (version 1). Bring it up to date with: gk init")
    assert old.path.read_bytes() == before


def test_init_brings_it_up_and_every_answer_stays_as_it_was(old: World) -> None:
    events, gk = events_of(old), command(old)
    ran = gk("init", "--json")
    assert ran.status == 0, ran
    [kept] = kept_in(old)
    assert ran.json == {"created": False, "version": 2, "older": 1, "kept": str(kept), "simulated_clock": True}
    assert events_of(old) == events
    assert gk("verify", "--json").json == {"events": 25, "faults": [], "simulated_clock": True}
    for name, words in ASKED.items():
        ran = gk(*words, "--json")
        assert (ran.status, ran.json) == (0, ANSWERS[name]), name
    assert gk("init", "--json").json == {"created": False, "version": 2, "simulated_clock": True}
    assert len(kept_in(old)) == 1
    old.log(grade("N1", "2020-12-23", "T1", "9", unit="甲局"), scheme="tiny-2020", now="2020-12-24T09:00:00+08:00")
    assert old.faults() == []


def test_init_says_in_words_where_the_old_store_is_kept(old: World) -> None:
    ran = command(old)("init")
    [kept] = kept_in(old)
    said = f"The store is brought up from version 1 to 2. As it was before, it is kept in {kept}."
    assert "".join(ran.out.split()) == "".join(said.split()), "a long path is broken over lines"


def test_what_is_kept_is_the_old_store_whole_and_can_be_put_back(old: World) -> None:
    events, gk = events_of(old), command(old).process
    gk("init")
    [kept] = kept_in(old)
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT * FROM events ORDER BY position").fetchall() == events
        assert copy.execute("SELECT count(*) FROM limits").fetchone() == (4,)
    ran = gk("restore", kept, "--replace")
    assert ran.status == 0, ran
    assert "The backup is of an older version of gk; bring the store up to date with: gk init" in ran.out
    assert gk("verify").status == 1
    assert gk("init").status == 0
    assert gk("verify", "--json").json["faults"] == []
    assert len(kept_in(old)) == 2


def test_without_room_for_the_copy_nothing_is_changed(old: World) -> None:
    before = old.path.read_bytes()
    program = """if True:
        import resource, sys
        from gkevents.app import Gk
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        try:
            Gk(sys.argv[1]).init()
        except Exception as error:
            print(type(error).__name__)
    """
    words = [sys.executable, "-c", program, old.url]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == (f"{FileFull.__name__}\n", "")
    assert (old.path.read_bytes(), kept_in(old)) == (before, [])
    assert [path.name for path in old.path.parent.iterdir() if path.suffix == ".part"] == []


def test_a_failure_in_the_middle_leaves_the_old_store(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT * FROM no_such_table")

    monkeypatch.setattr(making, "_make", broken)
    before = old.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    with pytest.raises(trouble.StoreTrouble):
        old.init()
    assert old.rows("SELECT name, sql FROM sqlite_master ORDER BY name") == before
    assert old.rows("SELECT count(*) FROM limits") == [(4,)]


STOPPING = """if True:
    import os, signal, sys
    from sqlalchemy import event
    from gkevents.app import Gk
    gk, left = Gk(sys.argv[1]), [int(sys.argv[2])]
    @event.listens_for(gk.store.engine, "before_cursor_execute")
    def _(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    @event.listens_for(gk.store.engine, "commit")
    def _(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    gk.init()
"""


def test_killed_at_any_moment_it_is_the_old_store_or_the_new_and_init_finishes(old: World, tmp_path: Path) -> None:
    events, pattern, killed = events_of(old), old.path.read_bytes(), 0
    for moment in range(1, 400, 7):
        world = World(tmp_path / f"{moment}" / "gk.db")
        world.path.parent.mkdir()
        world.path.write_bytes(pattern)
        ran = subprocess.run([sys.executable, "-c", STOPPING, world.url, str(moment)], capture_output=True, check=False)
        version = dict(world.rows("SELECT name, value FROM meta"))["version"]
        tables = {name for (name,) in world.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert ("turn" in tables) == (version == "2")
        assert events_of(world) == events
        if ran.returncode == 0:
            assert version == "2"
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        killed += 1
        assert command(world)("init").status == 0
        assert world.faults() == []
    else:
        pytest.fail("it was never let through")
    assert killed > 5


# ---------------------------------------------------------------- the same tables by both ways


def shape(connection: Connection) -> dict[str, Any]:
    """Everything that a database says of its tables."""
    seen = inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(seen.get_table_names()):
        found[table] = {
            "columns": [
                {
                    "name": column["name"],
                    "type": str(column["type"]),
                    "collation": getattr(column["type"], "collation", None),
                    "nullable": column["nullable"],
                    "default": column["default"],
                }
                for column in seen.get_columns(table)
            ],
            "key": sorted(seen.get_pk_constraint(table)["constrained_columns"]),
            "unique": sorted(each["column_names"] for each in seen.get_unique_constraints(table)),
            "indexes": sorted((str(each["name"]), each["column_names"]) for each in seen.get_indexes(table)),
        }
    found["others"] = others(connection)
    return found


def others(connection: Connection) -> list[tuple[Any, ...]]:
    """Triggers, sequences, and (SQLite) the very statements."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return sorted((kind, name, " ".join(str(sql).replace('"', "").split())) for kind, name, sql in rows)
    triggers = text("SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal")
    kinds = text("SELECT relkind::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    functions = text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    return sorted(tuple(row) for query in (triggers, kinds, functions) for row in connection.execute(query))


def test_a_store_that_was_brought_up_has_the_tables_of_a_new_one(
    new_store_url: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a server's log is kept in the current folder
    assert metadata.tables.keys() > {"limits", "unit_scores"}, views.__doc__
    fresh, upgraded = Store(new_store_url()), Store(new_store_url())
    fresh.make(simulated=False)
    with making_in(upgraded) as connection:
        migrations.upgrade(connection, 0, to=1)
        connection.execute(text("INSERT INTO meta VALUES ('version', '1'), ('clock', 'real')"))
    assert upgraded.make(simulated=False).older == 1
    with fresh.reading() as one, upgraded.reading() as other:
        assert shape(other) == shape(one)
    for store in (fresh, upgraded):
        store.close()


def test_version_1_is_what_the_released_program_made(old: World, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/first.db")
    with store.engine.begin() as connection:
        migrations.upgrade(connection, 0, to=1)
        made = others(connection)
    store.close()
    store = Store(old.url)
    with store.engine.begin() as connection:
        released = others(connection)
    store.close()
    assert made == released


def test_a_log_on_a_server_is_kept_in_the_current_folder(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(database_url)
    with closing(sqlite3.connect(":memory:")) as fossil, making_in(store) as connection:
        fossil.executescript((FOSSIL / "store.sql").read_text(encoding="utf-8"))
        migrations.upgrade(connection, 0, to=1)
        for table, marks in (("meta", 2), ("events", 8), ("limits", 9), ("checkpoints", 3)):
            for row in fossil.execute(f"SELECT * FROM {table}").fetchall():  # noqa: S608 - our own names
                places = ", ".join(["%s"] * marks)
                connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({places})", tuple(row))  # noqa: S608
    with pytest.raises(StoreTooOld):
        World(database_url).standing()
    made = store.make(simulated=False)
    store.close()
    assert (made.older, made.kept) == (1, next(tmp_path.iterdir()))
    assert re.fullmatch(r".*\.v1-\d{8}T\d{6}\.jsonl", str(made.kept))
    gk = Gk(tmp_path, database_url)
    assert gk("verify", "--json").json["faults"] == []
    for name, words in ASKED.items():
        assert gk(*words, "--json").json == ANSWERS[name], name
    other = Gk(tmp_path, f"sqlite:///{tmp_path}/other.db")
    assert other("init", "--simulated-clock").status == 0
    assert other("import-log", made.kept).status == 0
    assert other("score", *AT, "--json").json == ANSWERS["score"]


def test_a_newer_store_is_left_alone(old: World) -> None:
    with closing(sqlite3.connect(old.path)) as store, store:
        store.execute("UPDATE meta SET value = '99'  WHERE name = 'version'")
    with pytest.raises(StoreTooNew) as caught:
        old.init()
    assert "99" in say(caught.value.message, "en")
    assert kept_in(old) == []


def test_a_new_store_is_made_without_the_library_of_migrations(tmp_path: Path) -> None:
    program = """if True:
        import sys
        from gkevents.app import Gk
        Gk(sys.argv[1]).init()
        print(sorted(name for name in sys.modules if name in ("alembic", "eventsourcing", "mako", "msgspec.json")))
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", program, f"sqlite:///{tmp_path}/gk.db"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout
    assert "alembic" not in said


def test_there_is_one_revision_a_version() -> None:
    folder = Path(str(migrations.__file__)).parent / "versions"
    found = sorted(path.name for path in folder.glob("v*.py"))
    assert [name[:5] for name in found] == [f"v{number:04}" for number in range(1, VERSION + 1)]
    assert all("gkevents" not in (folder / name).read_text(encoding="utf-8").replace("`gk", "") for name in found)
