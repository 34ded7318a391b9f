"""Stores that are newer, damaged, locked, read-only or none: a sentence, a status, and the file as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.office import HEBEI, Fact, Gk, Office, fact, lines

Opener = Callable[..., Office]

BUREAU: Final = HEBEI[1]


@pytest.fixture
def bureau(office: Opener) -> Office:
    """The bureau's year 2018 under the statistics scheme, with one happening in it."""
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("occurrence", BUREAU, "2018-03-01", "H32") | {"ref": "e0"}, now="2018-06-30")
    return desk


def happened(**more: Any) -> Fact:  # noqa: ANN401 - values of fields
    """A happening that would be good but for what is said."""
    return fact("occurrence", BUREAU, "2018-03-01", "H32") | more


COMMANDS: Final = (
    ("verify",),
    ("score", BUREAU, "--scheme", "hebei-stats-2018", "--year", "2018"),
    ("log", "-", "--scheme", "hebei-stats-2018", "--year", "2018"),
    ("deadlines", "scan"),
    ("init",),
)


def every_command(gk: Gk, status: int, *says: str) -> None:
    """Every kind of command ends with this status and a sentence, and leaves the store's file as it was."""
    before = gk.file.read_bytes() if gk.file.is_file() else None
    for words in COMMANDS:
        ran = gk(*words, stdin=lines([happened()]))
        assert (ran.status, ran.out) == (status, ""), (words, ran)
        assert all(word in ran.sentence for word in says), (words, ran.sentence)
        assert "Traceback" not in ran.err
        assert len(ran.err.splitlines()) == 1
    assert (gk.file.read_bytes() if gk.file.is_file() else None) == before


def alone(gk: Gk, *statements: str) -> Gk:
    """The command on a copy of the store that lies in one file and that nothing holds open, after some statements."""
    copy = Gk(gk.folder, f"sqlite:///{gk.folder / 'alone.db'}")
    with closing(sqlite3.connect(gk.file)) as store, closing(sqlite3.connect(copy.file)) as file:
        store.backup(file)
        for statement in statements:
            file.execute(statement)
        file.commit()
        file.execute("PRAGMA journal_mode=DELETE")
    return copy


def test_a_store_of_a_newer_version_is_refused(bureau: Office) -> None:
    newer = alone(bureau.gk, "UPDATE meta SET value = '99' WHERE name = 'version'")
    every_command(newer, 1, "newer", "99", newer.file.name)


def test_a_file_that_is_not_a_store(gk: Gk) -> None:
    gk.file.write_text("编号,类型\n" * 500, encoding="utf-8")
    every_command(gk, 3, gk.file.name, "not a store")


def test_a_database_that_is_not_a_store(gk: Gk) -> None:
    with closing(sqlite3.connect(gk.file)) as other, other:
        other.execute("CREATE TABLE meta (a)")
        other.execute("CREATE TABLE events (b)")
    before = gk.file.read_bytes()
    for words in COMMANDS:
        ran = gk(*words, stdin=lines([happened()]))
        assert (ran.status, ran.out) == (3, ""), (words, ran)
        assert "not a store" in ran.sentence
    with closing(sqlite3.connect(gk.file)) as other:
        assert [row[0] for row in other.execute("SELECT name FROM sqlite_master ORDER BY name")] == ["events", "meta"]
    assert len(gk.file.read_bytes()) == len(before)


@pytest.mark.parametrize("store", ["sqlite:////", "nonsense", "oracle://host/db", "sqlite:///no/such/folder/s.db", ""])
def test_a_store_that_cannot_be_reached(gk: Gk, store: str) -> None:
    for words in COMMANDS:
        ran = gk("--store", store, *words, stdin=lines([happened()]))
        assert (ran.status, ran.out) == (3, ""), (words, ran)
        assert ran.sentence.startswith("gk: ")
        assert "at fault" not in ran.sentence


def test_a_corrupt_store(bureau: Office) -> None:
    gk = alone(bureau.gk)
    content = bytearray(gk.file.read_bytes())
    content[5000 : len(content) - 1000] = b"\x5a" * (len(content) - 6000)
    gk.file.write_bytes(content)
    for words in COMMANDS[:-1]:
        ran = gk(*words, stdin=lines([happened()]))
        assert (ran.status, ran.out) == (3, ""), (words, ran)
        assert "at fault" not in ran.sentence
        assert gk.file.name in ran.sentence
    assert gk.file.read_bytes() == bytes(content)


def test_a_store_cut_off(bureau: Office) -> None:
    gk = alone(bureau.gk)
    content = gk.file.read_bytes()
    gk.file.write_bytes(content[: len(content) // 2])
    for words in COMMANDS[:-1]:
        ran = gk(*words, stdin=lines([happened()]))
        assert ran.status == 3, (words, ran)
        assert "at fault" not in ran.sentence


TAMPERED: Final = (
    "UPDATE events SET body = replace(body, 'H32', 'H25') WHERE ref = 'e0'",
    "UPDATE events SET recorded_at = '2018-01-02T00:00:00+08:00' WHERE ref = 'e0'",
    "UPDATE events SET name = 'nonsense.v1' WHERE ref = 'e0'",
    "DELETE FROM events WHERE ref = 'e0'",
    "DELETE FROM events WHERE position = 3",
    "UPDATE events SET body = 'x' WHERE position = 3",
)


@pytest.mark.parametrize("how", TAMPERED)
def test_verify_names_the_position_that_is_not_as_it_was_written(bureau: Office, how: str) -> None:
    with closing(sqlite3.connect(bureau.gk.file)) as store:
        position = store.execute("SELECT position FROM events WHERE ref = 'e0'").fetchone()[0]
        for (trigger,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {trigger}")
        store.execute(how)
        store.commit()
    ran = bureau.gk("verify", "--json")
    assert ran.status == 3
    named = [fault["position"] for fault in ran.json["faults"]]
    wanted = {position, position + 1} if "e0" in how else {3, 4}
    assert set(named) & wanted, ran.json
    assert all(set(fault) == {"position", "what"} and fault["what"] for fault in ran.json["faults"])
    assert bureau.gk("verify").status == 3


@pytest.mark.parametrize(
    "how", ["UPDATE events SET body = 'x' WHERE ref = 'e0'", "DELETE FROM events WHERE ref = 'e0'"]
)
def test_the_database_itself_refuses_to_change_an_event(bureau: Office, how: str) -> None:
    with closing(sqlite3.connect(bureau.gk.file)) as store, pytest.raises(sqlite3.IntegrityError):
        store.execute(how)
    bureau.gk.events()


def test_a_locked_store(bureau: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gkevents.store.engine.BUSY_SECONDS", 0.2)
    before = bureau.gk.events()
    with closing(sqlite3.connect(bureau.gk.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for words in (COMMANDS[2], COMMANDS[3]):
            ran = bureau.gk(*words, stdin=lines([happened()]))
            assert (ran.status, ran.out) == (3, ""), ran
            assert "locked" in ran.sentence
            assert "again" in ran.sentence
        assert bureau.gk("score", BUREAU, *bureau.named).status == 0, "reading goes on"
        other.execute("ROLLBACK")
    assert bureau.gk.events() == before


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """File rights hold for everybody but the superuser, so tests run by one put their rights aside."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_read_only_store(bureau: Office, journal: str) -> None:
    told, folder = lines([happened()]), Path(tempfile.mkdtemp())
    try:
        gk = Gk(folder)
        shutil.copy(alone(bureau.gk).file, gk.file)
        with closing(sqlite3.connect(gk.file)) as store:
            store.execute(f"PRAGMA journal_mode={journal}")
        assert bureau.gk("log", "-", *bureau.named, stdin=told).status == 0, "what is needed is imported now"
        gk.file.chmod(0o444)
        folder.chmod(0o555)
        before = gk.file.read_bytes()
        with as_somebody_without_rights():
            ran = gk("log", "-", *bureau.named, stdin=lines([happened()]))
        assert (ran.status, ran.out) == (3, ""), ran
        assert gk.file.name in ran.sentence
        assert "read-only" in ran.sentence
        assert gk.file.read_bytes() == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
