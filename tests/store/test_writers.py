"""Several processes at one store, and processes that die: every fact once or not at all."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gkevents.store.engine import Store
from gkevents.store.log import NewEvent, stamp, writing
from gkevents.store.reading import GENESIS, Reader, digest
from gkevents.store.trouble import StoreTrouble
from gkevents.terms import instant
from tests.app.worlds import BUREAU, SCHEME, World, fact, rows

WRITERS, EACH = 8, 20
NOW = "2020-12-01T09:00:00+08:00"


def _write(path: str, writer: int, results: Any) -> None:  # noqa: ANN401 - a queue
    world = World(Path(path))
    try:
        for number in range(EACH):
            found = fact(f"W{writer}-{number}", "occurrence", "2020-06-01", "L22", amount="0.1", reason="例")
            world.log(found)
        results.put("")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
        results.put(repr(error))


def _init(path: str, _writer: int, results: Any) -> None:  # noqa: ANN401 - a queue
    try:
        World(Path(path)).init()
        results.put("")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
        results.put(repr(error))


def at_once(target: Any, path: Path, number: int = WRITERS) -> list[str]:  # noqa: ANN401 - a function
    """Run a function in several processes at once; what each came to ("" where it went well)."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=target, args=(str(path), each, results)) for each in range(number)]
    for process in processes:
        process.start()
    said = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return said


def test_eight_processes_writing_to_one_unit_store_every_fact_once_in_order(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init(simulated=False)
    world.adopt()
    before = world.count()
    assert at_once(_write, world.path) == [""] * WRITERS
    stored = world.rows(f"SELECT position, ref, stream_version, recorded_at FROM events WHERE position > {before}")
    assert [row[0] for row in stored] == list(range(before + 1, before + 1 + WRITERS * EACH))
    assert sorted(row[1] for row in stored) == sorted(f"W{w}-{n}" for w in range(WRITERS) for n in range(EACH))
    assert [row[2] for row in stored] == list(range(2, 2 + WRITERS * EACH))
    assert [row[3] for row in stored] == sorted(row[3] for row in stored)
    for writer in range(WRITERS):
        own = [row[1] for row in stored if row[1].startswith(f"W{writer}-")]
        assert own == [f"W{writer}-{number}" for number in range(EACH)]
    assert world.faults() == []


def test_four_processes_making_one_store_all_find_it_made(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db")
    assert at_once(_init, world.path, 4) == [""] * 4
    assert world.rows("SELECT name, value FROM meta ORDER BY name") == [("clock", "simulated"), ("version", "2")]
    assert world.rows("PRAGMA journal_mode") == [("wal",)]


def test_an_interrupt_in_the_middle_of_an_import_stores_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=NOW)
    before = world.count()

    def interrupted() -> Iterator[Any]:
        yield from rows(*(fact(f"R{n}", "occurrence", "2020-06-01", "L22", amount="1", reason="例") for n in range(9)))
        raise KeyboardInterrupt

    with world.gk(NOW) as gk:
        with pytest.raises(KeyboardInterrupt):
            gk.log_facts(interrupted(), scheme=SCHEME, year=2020)
        assert (world.count(), world.faults()) == (before, [])
        again = gk.log_facts(rows(fact("R1", "fraud", "2020-06-01")), scheme=SCHEME, year=2020, skip_refused=True)
    assert [row.code for row in again.refused] == ["no-zero-out"]


def test_an_input_that_breaks_off_is_no_trouble_of_the_store(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=NOW)

    def broken() -> Iterator[Any]:
        yield from rows(fact("R1", "occurrence", "2020-06-01", "L22", amount="1", reason="例"))
        raise OSError(5, "the stick was pulled out")

    before = world.count()
    with world.gk(NOW) as gk, pytest.raises(OSError, match="the stick was pulled out"):
        gk.log_facts(broken(), scheme=SCHEME, year=2020)
    assert world.count() == before


IMPORTING = f"""
import sys
from pathlib import Path
from tests.app.worlds import World, fact
world = World(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
facts = [fact(f"R{{n}}", "occurrence", "2020-06-01", "L22", amount="1", reason="例" * 300) for n in range(1500)]
world.log(*facts, now={NOW!r})
print("done", flush=True)
"""


def test_a_process_killed_in_the_middle_of_an_import_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2020-01-06T09:00:00+08:00")
    dice, outcomes = random.Random(7), set()
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORTING, str(world.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        _until_it_writes(world, process)
        time.sleep(dice.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        outcomes.add(_facts_in(world))
        assert world.faults() == []
    assert outcomes - {1500} == {0}
    found = [fact(f"R{n}", "occurrence", "2020-06-01", "L22", amount="1", reason="例" * 300) for n in range(1500)]
    world.try_log(*found, now=NOW)
    assert (_facts_in(world), world.faults()) == (1500, [])
    assert world.score(BUREAU).items["L22"].score == 0


def _facts_in(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM events WHERE ref LIKE 'R%'")[0][0])


def _until_it_writes(world: World, process: subprocess.Popen[str]) -> None:
    """Wait until the process has the write lock, or has gone."""
    with closing(sqlite3.connect(world.path, timeout=0, isolation_level=None)) as connection:
        for _ in range(2000):
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return
            if process.poll() is not None:
                return
            time.sleep(0.002)


def _die_between_append_and_commit(path: str) -> None:
    store = Store(f"sqlite:///{path}")
    with writing(store) as write:
        body = {"scheme": "s", "year": 2020, "unit": "甲", "category": "", "edition": "d"}
        write.append([NewEvent("unit-year/s/2020/甲", "unit-year-opened", body, instant(NOW))])
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_between_write_and_commit_leaves_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    process = multiprocessing.get_context("spawn").Process(
        target=_die_between_append_and_commit, args=(str(world.path),)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (world.count(), world.faults()) == (0, [])


def opened(unit: str, ref: str | None = None) -> NewEvent:
    body = {"scheme": "s", "year": 2020, "unit": unit, "category": "", "edition": "d"}
    return NewEvent(f"unit-year/s/2020/{unit}", "unit-year-opened", body, instant(NOW), ref)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/gk.db")
    store.make(simulated=True)
    yield store
    store.close()


def test_what_is_appended_is_read_back_in_order_and_chained(store: Store) -> None:
    with writing(store) as write:
        assert write.append([opened("甲", "R1"), opened("乙")]) == [1, 2]
        assert write.append([opened("甲"), opened("丙")]) == [3, 4]
        assert (write.version("unit-year/s/2020/甲"), write.version("unit-year/s/2020/丁")) == (2, 0)
    with store.reading() as connection:
        reader = Reader(connection, store.name)
        events = reader.after(0)
        assert [(event.position, event.stream[-1], event.stream_version, event.ref) for event in events] == [
            (1, "甲", 1, "R1"), (2, "乙", 1, None), (3, "甲", 2, None), (4, "丙", 1, None),
        ]  # fmt: skip
        assert {event.name for event in events} == {"unit-year-opened.1"}
        before = GENESIS
        for row in reader.rows(page=2):
            assert row.digest == digest(before, tuple(row)[:-1])
            before = row.digest
        assert reader.head() == (4, stamp(instant(NOW)), before)
        assert reader.named("unit-year/") == [f"unit-year/s/2020/{unit}" for unit in "甲乙丙"]
        assert [event.position for event in reader.after(1, limit=2)] == [2, 3]
        assert reader.by_ref("R1") == events[0]
        assert reader.by_ref("R2") is None
        assert {name: len(found) for name, found in reader.streams(["unit-year/s/2020/甲", "x"]).items()} == {
            "unit-year/s/2020/甲": 2, "x": 0,
        }  # fmt: skip
        assert reader.position_at(stamp(instant(NOW))) == 4
        assert reader.position_at("2020-01-01") == 0


def _append_twice(store: Store) -> None:
    with writing(store) as write:
        write.append([opened("乙")])
        write.append([opened("丙"), opened("丁", "R1")])


def test_a_ref_that_is_taken_stores_nothing_of_the_write(store: Store) -> None:
    with writing(store) as write:
        write.append([opened("甲", "R1")])
    with pytest.raises(StoreTrouble):
        _append_twice(store)
    with store.reading() as connection:
        assert Reader(connection, store.name).head()[0] == 1
