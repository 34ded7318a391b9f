"""A copy while others write, and a copy put back: whole and checked, or nothing is touched."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gkevents.aggregates.refusals import Refusal
from gkevents.store import backup, engine, trouble
from gkevents.store.backup import BackupDamaged, Copied, InUse, Restored, back_up, restore
from gkevents.store.engine import Store
from gkevents.store.placing import FileNoFolder, FileNoRight, FileOfTheStore, FileThere, FileTrouble, NoPlainFile
from gkevents.store.trouble import StoreTrouble
from gkevents.words import say
from tests.app.worlds import World, grade
from tests.store.test_transfer import exported, tiny

LATE = "2020-12-05T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return tiny(tmp_path / "gk.db")


def backed_up(world: World, target: Path, *, force: bool = False) -> Copied:
    store = Store(world.url)
    try:
        return back_up(store, target, force=force)
    finally:
        store.close()


def restored(world: World, source: Path, *, replace: bool = False) -> Restored:
    store = Store(world.url)
    try:
        return restore(store, source, replace=replace)
    finally:
        store.close()


def said(error: Refusal | StoreTrouble) -> str:
    sentence = say(error.message, "en")
    assert "\n" not in sentence
    assert "{" not in sentence
    return sentence


def log_one_more(world: World, ref: str = "LATE") -> None:
    world.log(grade(ref, "2020-11-21", "T1", "6", unit="甲局"), scheme="tiny-2020", now=LATE)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ---------------------------------------------------------------- backup


def test_a_backup_is_one_file_that_opens_as_a_store(world: World, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "2020 100%?.db"
    target.parent.mkdir()
    copied = backed_up(world, target)
    assert (copied.file, copied.events) == (target, world.count())
    assert names(target.parent) == {target.name}
    opened = World(tmp_path / "opened.db")
    shutil.copy(target, opened.path)
    assert exported(opened.url) == exported(world.url)
    assert opened.faults() == []
    assert copied.digest == opened.rows("SELECT digest FROM events ORDER BY position DESC LIMIT 1")[0][0]
    log_one_more(opened)
    assert opened.faults() == []


def test_a_backup_has_the_store_s_own_rights(world: World, tmp_path: Path) -> None:
    world.path.chmod(0o640)
    assert backed_up(world, tmp_path / "copy.db").file.stat().st_mode & 0o777 == 0o640


def test_a_backup_of_a_store_in_memory_or_behind_a_uri_is_whole_too(world: World, tmp_path: Path) -> None:
    behind = World(f"sqlite:///file:{world.path}?mode=ro&uri=true")
    assert backed_up(behind, tmp_path / "copy.db").events == world.count()
    with pytest.raises(FileOfTheStore):
        backed_up(behind, world.path, force=True)
    store = Store("sqlite://")
    store.make(simulated=False)
    assert back_up(store, tmp_path / "memory.db").events == 0
    with pytest.raises(backup.NoFile):
        restore(store, tmp_path / "copy.db")
    store.close()


def test_a_backup_while_somebody_writes_is_of_one_moment(world: World, tmp_path: Path) -> None:
    stop, numbers = threading.Event(), itertools.count()

    def write() -> None:
        while not stop.is_set():
            log_one_more(world, f"W{next(numbers)}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(8):
            copied = backed_up(world, tmp_path / f"{number}.db")
            copy = World(copied.file)
            counts.append(copied.events)
            assert (copy.count(), copy.faults()) == (copied.events, [])
    finally:
        stop.set()
        writer.join()
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] <= world.count()
    assert world.faults() == []


def test_what_is_there_is_replaced_only_when_told_to(world: World, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"mine")
    with pytest.raises(FileThere):
        backed_up(world, target)
    assert target.read_bytes() == b"mine"
    assert backed_up(world, target, force=True).events == world.count()
    assert {name for name in names(tmp_path) if "part" in name} == set()


@pytest.mark.parametrize("name", ["gk.db", "gk.db-wal", "gk.db-shm", "gk.db-journal", "link.db"])
def test_a_backup_never_goes_over_the_store(world: World, tmp_path: Path, name: str) -> None:
    (tmp_path / "link.db").symlink_to(world.path)
    before = exported(world.url)
    with pytest.raises(FileOfTheStore):
        backed_up(world, tmp_path / name, force=True)
    assert exported(world.url) == before


def test_a_backup_goes_only_where_a_plain_file_can_be(world: World, tmp_path: Path) -> None:
    for target in (tmp_path, Path("/dev/null")):
        with pytest.raises(NoPlainFile):
            backed_up(world, target, force=True)
    with pytest.raises(FileNoFolder) as caught:
        backed_up(world, tmp_path / "no" / "copy.db")
    assert "there is no folder for it. Make the folder" in said(caught.value)
    with pytest.raises(FileTrouble):
        backed_up(world, tmp_path / ("x" * 300))


PROGRAM = """if True:
    import resource, sys
    from pathlib import Path
    from gkevents.store import backup
    from gkevents.store.engine import Store
    from gkevents.words import say
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    try:
        {doing}
    except Exception as error:
        print(type(error).__name__, say(error.message, "en"))
"""


def without_room(doing: str, *words: str) -> str:
    program = PROGRAM.format(doing=doing)
    ran = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout


def test_a_full_disk_leaves_no_copy(tmp_path: Path) -> None:
    world, target = tiny(tmp_path / "gk.db", facts=200), tmp_path / "out" / "copy.db"
    target.parent.mkdir()
    found = without_room("backup.back_up(Store(sys.argv[1]), Path(sys.argv[2]))", world.url, str(target))
    assert found == f"FileFull There is no room for {target}; nothing was left of it. Make room and try again.\n"
    assert names(target.parent) == set()


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    world, copy = tiny(tmp_path / "gk.db", facts=200), tmp_path / "copy" / "copy.db"
    copy.parent.mkdir()
    backed_up(world, copy)
    (tmp_path / "other").mkdir()
    other = tiny(tmp_path / "other" / "gk.db")
    before = exported(other.url)
    doing = "backup.restore(Store(sys.argv[1]), Path(sys.argv[2]), replace=True)"
    assert without_room(doing, other.url, str(copy)).startswith("FileFull ")
    assert exported(other.url) == before
    assert {name for name in names(tmp_path / "other") if not name.startswith("gk.db")} == set()


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_only_be_read() -> None:
    folder = Path(tempfile.mkdtemp(prefix="gk-keep-"))
    try:
        world = tiny(folder / "gk.db")
        backed_up(world, folder / "copy.db")
        world.sql("PRAGMA journal_mode=DELETE", guarded=True)
        folder.chmod(0o555)
        before = names(folder)
        with as_somebody_without_rights():
            with pytest.raises(FileNoRight) as caught:
                backed_up(world, folder / "another.db")
            assert "Check the rights of the file and its folder" in said(caught.value)
            with pytest.raises(FileNoRight):
                restored(world, folder / "copy.db", replace=True)
        assert names(folder) == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_damaged_store_replaces_no_good_copy(world: World, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backed_up(world, target)
    good = target.read_bytes()
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)", guarded=True)
    content = bytearray(world.path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    world.path.write_bytes(content)
    with pytest.raises(StoreTrouble) as caught:
        backed_up(world, target, force=True)
    assert said(caught.value)
    assert target.read_bytes() == good


# ---------------------------------------------------------------- restore


def test_a_store_with_a_changed_event_replaces_no_good_copy(world: World, tmp_path: Path) -> None:
    good = tmp_path / "good.db"
    backed_up(world, good)
    before = good.read_bytes()
    world.sql("UPDATE events SET body = replace(body, '甲', '乙') WHERE position = 13")
    with pytest.raises(trouble.StoreDamaged, match="event 13: it, or the one before it, is not as it was written"):
        backed_up(world, good, force=True)
    assert good.read_bytes() == before
    assert [position for position, _ in world.faults()] == [13]


def test_a_backup_is_put_where_no_store_is(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    other = World(tmp_path / "other" / "new.db")
    other.path.parent.mkdir()
    done = restored(other, copied.file)
    assert done == (copied.events, copied.digest, 2, True, None)
    assert names(other.path.parent) == {"new.db"}
    assert exported(other.url) == exported(world.url)
    assert other.rows("PRAGMA journal_mode") == [("wal",)]
    log_one_more(other)
    assert other.faults() == []


def test_a_store_that_is_there_stays_unless_it_is_to_be_replaced_and_is_kept_then(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    old = exported(world.url)
    log_one_more(world)
    newer = exported(world.url)
    with pytest.raises(backup.StoreThere) as caught:
        restored(world, copied.file)
    assert "say --replace" in said(caught.value)
    assert exported(world.url) == newer
    done = restored(world, copied.file, replace=True)
    assert done.before is not None
    assert done.before.name.startswith("gk.db.before-restore-")
    assert exported(world.url) == old
    kept = World(done.before)
    assert exported(kept.url) == newer
    assert kept.faults() == world.faults() == []
    again = restored(world, copied.file, replace=True)
    assert again.before not in (None, done.before)


def test_what_was_written_and_lies_in_the_log_beside_is_kept_with_the_old_store(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    holder = sqlite3.connect(world.path)
    holder.execute("SELECT count(*) FROM events").fetchone()
    log_one_more(world)
    shutil.copytree(tmp_path, tmp_path.with_name("moved"))  # as after a crash: the file, and its -wal with the newest
    holder.close()
    moved = World(tmp_path.with_name("moved") / "gk.db")
    assert Path(f"{moved.path}-wal").stat().st_size > 0
    done = restored(moved, copied.file, replace=True)
    assert done.before is not None
    assert World(done.before).count() == copied.events + 1
    assert moved.count() == copied.events


def test_nothing_is_put_in_the_place_of_a_store_that_somebody_has_open(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    copied = backed_up(world, tmp_path / "copy.db")
    before = exported(world.url)
    for statement in ("BEGIN IMMEDIATE", "SELECT count(*) FROM events"):
        with closing(sqlite3.connect(world.path, isolation_level=None)) as other:
            other.execute(statement).fetchall()
            with pytest.raises(InUse) as caught:
                restored(world, copied.file, replace=True)
            assert "is in use by somebody else; nothing was touched" in said(caught.value)
    assert exported(world.url) == before
    assert {name for name in names(tmp_path) if "before" in name or "part" in name} == set()
    assert world.rows("PRAGMA journal_mode") == [("wal",)]


def test_who_has_the_store_open_only_for_a_moment_is_waited_for(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    other = sqlite3.connect(world.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def close() -> None:
        time.sleep(0.3)
        other.close()

    thread = threading.Thread(target=close)
    thread.start()
    assert restored(world, copied.file, replace=True).events == copied.events
    thread.join()


def test_who_comes_with_the_old_file_in_hand_writes_nothing_into_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection opened before the exchange, first used after it: SQLite notices that the file was moved away."""
    copied = backed_up(world, tmp_path / "copy.db")
    held: list[sqlite3.Connection] = []
    put_aside = backup._put_aside_beside

    def opening_meanwhile(target: Path, before: Path) -> None:
        held.append(sqlite3.connect(target, isolation_level=None, timeout=0))
        put_aside(target, before)

    monkeypatch.setattr(backup, "_put_aside_beside", opening_meanwhile)
    restored(world, copied.file, replace=True)
    with closing(held[0]) as late, pytest.raises(sqlite3.OperationalError, match="readonly"):
        late.execute("INSERT INTO turn VALUES (1)")


KILLED = """if True:
    import os, signal, sys
    from pathlib import Path
    from gkevents.store import backup
    from gkevents.store.engine import Store
    def dying(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(backup, sys.argv[3], dying)
    backup.restore(Store(sys.argv[1]), Path(sys.argv[2]), replace=True)
"""


@pytest.mark.parametrize("where", ["_copy", "_checked", "make_lasting", "_alone", "_put_aside_beside", "give_name"])
def test_killed_anywhere_the_store_is_the_old_one_and_the_same_command_finishes(
    world: World, tmp_path: Path, where: str
) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    log_one_more(world)
    newer = exported(world.url)
    words = [sys.executable, "-c", KILLED, world.url, str(copied.file), where]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    assert (exported(world.url), world.faults()) == (newer, [])
    assert restored(world, copied.file, replace=True).events == copied.events
    assert (world.count(), world.faults()) == (copied.events, [])


DAMAGES = (
    "UPDATE events SET body = '{}' WHERE position = 9",
    "DELETE FROM events WHERE position = 9",
    "DELETE FROM events WHERE position > 9",
    "UPDATE events SET name = 'unheard-of.1' WHERE position = 9",
    "UPDATE events SET body = CAST(x'7b22ff227d' AS TEXT) WHERE position = 9",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_backup_that_was_tampered_with_touches_nothing(world: World, tmp_path: Path, damage: str) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    World(copied.file).sql(damage)
    before = names(tmp_path)
    for target, replace in ((world, True), (World(tmp_path / "new.db"), False)):
        with pytest.raises(BackupDamaged) as caught:
            restored(target, copied.file, replace=replace)
        assert "is not as it was written: " in said(caught.value)
        assert said(caught.value).endswith("Nothing was touched; use another backup.")
    assert names(tmp_path) == before
    assert world.faults() == []


def test_a_backup_of_which_pages_are_lost_touches_nothing(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    content = copied.file.read_bytes()
    for number, broken in enumerate(
        (content[: len(content) // 2], content[:8192] + b"\xa5" * (len(content) - 8192), content[:100], b"", b"text\n")
    ):
        file = tmp_path / f"broken{number}.db"
        file.write_bytes(broken)
        with pytest.raises(StoreTrouble) as caught:
            restored(world, file, replace=True)
        assert str(file) in said(caught.value)
    assert world.faults() == []
    assert {name for name in names(tmp_path) if "before" in name or "part" in name} == set()


def test_a_backup_of_a_newer_program_touches_nothing(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    World(copied.file).sql("UPDATE meta SET value = '99' WHERE name = 'version'")
    with pytest.raises(trouble.StoreTooNew):
        restored(world, copied.file, replace=True)
    assert world.faults() == []


def test_the_store_is_no_backup_of_itself(world: World, tmp_path: Path) -> None:
    (tmp_path / "link.db").hardlink_to(world.path)
    for file in (world.path, tmp_path / "link.db"):
        with pytest.raises(backup.SameFile):
            restored(world, file, replace=True)
    assert world.faults() == []


def test_a_damaged_store_can_be_replaced_and_is_kept_as_it_is(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    for broken in (b"\xa5" * 9000, b"", copied.file.read_bytes()[:5000]):
        world.path.write_bytes(broken)
        done = restored(world, copied.file, replace=True)
        assert done.before is not None
        assert done.before.read_bytes() == broken
        assert (world.count(), world.faults()) == (copied.events, [])


def test_a_store_is_put_back_through_a_link_to_it(world: World, tmp_path: Path) -> None:
    copied = backed_up(world, tmp_path / "copy.db")
    link = World(tmp_path / "link.db")
    link.path.symlink_to(world.path)
    log_one_more(link)
    done = restored(link, copied.file, replace=True)
    assert link.path.is_symlink()
    assert done.before is not None
    assert done.before.name.startswith("gk.db.before-restore-")
    assert world.count() == copied.events


def test_a_live_store_of_another_name_serves_as_a_backup(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "new.db")
    with closing(sqlite3.connect(world.path)) as held:
        held.execute("SELECT count(*) FROM events").fetchone()
        log_one_more(world)
        assert restored(other, world.path).events == world.count()
    assert exported(other.url) == exported(world.url)


def test_on_a_server_both_name_the_server_s_own_tools(database_url: str, world: World, tmp_path: Path) -> None:
    server = World(database_url).init()
    copied = backed_up(world, tmp_path / "copy.db")
    for doing in (lambda: backed_up(server, tmp_path / "server.db"), lambda: restored(server, copied.file)):
        with pytest.raises(backup.OnAServer) as caught:
            doing()
        assert "pg_dump" in said(caught.value)
        assert "gk export-log" in said(caught.value)
    assert not (tmp_path / "server.db").exists()
