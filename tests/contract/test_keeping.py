"""Backup, restore, and the log as a file: what scripts rely on, and a sentence with a status for what goes wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.office import HEBEI, SCRIPT, Gk, Office, Result, fact

Opener = Callable[..., Office]
BUREAU = HEBEI[1]


@pytest.fixture
def bureau(office: Opener) -> Office:
    """The bureau's year 2018, with a happening in it."""
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("occurrence", BUREAU, "2018-03-01", "H32") | {"ref": "e0"}, now="2018-06-30")
    return desk


def other(gk: Gk, name: str) -> Gk:
    """The command on another store, in a folder of its own."""
    folder = gk.folder / name
    folder.mkdir(exist_ok=True)
    return Gk(folder)


def done(ran: Result) -> Any:  # noqa: ANN401 - a JSON answer
    assert ran.status == 0, ran
    return ran.json


def refused(ran: Result, status: int, *says: str) -> None:
    assert (ran.status, ran.out) == (status, ""), ran
    assert len(ran.err.splitlines()) == 1, ran
    assert all(word in ran.sentence for word in says), ran
    assert "Traceback" not in ran.err
    assert "at fault" not in ran.err


def test_a_backup_is_taken_and_put_back(bureau: Office) -> None:
    gk, copy = bureau.gk, bureau.gk.folder / "copy.db"
    events = gk.events()
    answer = done(gk("backup", copy, "--json"))
    assert set(answer) == {"file", "events", "digest", "simulated_clock"}
    assert (answer["file"], answer["events"], len(answer["digest"])) == (str(copy), events, 64)
    score = bureau.score(BUREAU)
    fresh = other(gk, "fresh")
    back = done(fresh("restore", copy, "--json"))
    assert back == {
        "events": events, "digest": answer["digest"], "version": 2, "kept": None, "simulated_clock": True,
    }  # fmt: skip
    assert Office(fresh, bureau.scheme, bureau.year).score(BUREAU) == score


def test_a_store_is_replaced_only_when_told_to(bureau: Office) -> None:
    copy = bureau.gk.folder / "copy.db"
    assert bureau.gk("backup", copy).status == 0
    own = other(bureau.gk, "own")
    shutil.copy(copy, own.file)
    refused(own.process("restore", copy), 1, "store.db", "already", "--replace")
    ran = own.process("restore", copy, "--replace", "--json")
    kept = Path(done(ran)["kept"])
    assert kept.parent == own.folder
    assert kept.name.startswith("store.db.before-restore-")
    assert Gk(own.folder, f"sqlite:///{kept}").events() == own.events()


def test_what_a_backup_refuses(bureau: Office) -> None:
    gk, folder = bureau.gk, bureau.gk.folder
    (folder / "there.db").write_text("mine")
    refused(gk("backup", folder / "there.db"), 1, "there.db", "already", "--force")
    assert (folder / "there.db").read_text() == "mine"
    refused(gk("backup", gk.file, "--force"), 1, "store itself")
    refused(gk("backup", folder, "--force"), 1, "plain file")
    refused(gk("backup", folder / "no" / "copy.db"), 3, "no folder")
    refused(other(gk, "empty")("backup", folder / "copy.db"), 3, "gk init")
    assert done(gk("backup", folder / "there.db", "--force", "--json"))["events"] == gk.events()
    assert {path.name for path in folder.iterdir() if "part" in path.name} == set()


def test_what_a_restore_refuses(bureau: Office) -> None:
    gk, folder = bureau.gk, bureau.gk.folder
    assert gk("restore", folder / "none.db").status == 2
    fresh = other(gk, "fresh")
    (folder / "notes.txt").write_text("编号,类型\n" * 200, encoding="utf-8")
    refused(fresh("restore", folder / "notes.txt"), 3, "notes.txt", "not a store")
    (folder / "empty.db").touch()
    refused(fresh("restore", folder / "empty.db"), 3, "empty.db")
    refused(gk("restore", gk.file, "--replace"), 1, "store itself")
    assert gk("backup", folder / "copy.db").status == 0
    lost = Gk(folder, f"sqlite:///{folder}/no/store.db")
    refused(lost("restore", folder / "copy.db"), 3, "no folder")
    content = (folder / "copy.db").read_bytes()
    (folder / "flipped.db").write_bytes(content.replace(b'"item":"H32"', b'"item":"H31"'))
    refused(fresh("restore", folder / "flipped.db"), 3, "flipped.db", "not as it was written")
    assert not fresh.file.exists()


def test_a_log_is_exported_and_imported_through_files_and_pipes(bureau: Office) -> None:
    gk, file = bureau.gk, bureau.gk.folder / "log.jsonl"
    ran = gk("export-log", file)
    events = gk.events()
    last = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert (ran.status, ran.out, last["events"]) == (0, "", events)
    assert f"Exported: {events} events; the last digest is {last['digest']}." in ran.sentence
    answer = done(gk("export-log", file, "--force", "--json"))
    assert answer == {"file": str(file), **last, "simulated_clock": True}
    piped = gk.process("export-log", "-")
    assert (piped.status, piped.out) == (0, file.read_text(encoding="utf-8"))
    assert last["digest"] in piped.err
    for number, (words, fed) in enumerate(((("import-log", file), None), (("import-log", "-"), file.read_bytes()))):
        fresh = other(gk, f"fresh{number}")
        assert fresh("init", "--simulated-clock").status == 0
        taken = done(fresh(*words, "--json", stdin=fed))
        assert taken == {"stored": events, **last, "simulated_clock": True}
        assert done(fresh(*words, "--json", stdin=fed))["stored"] == 0
        assert Office(fresh, bureau.scheme, bureau.year).score(BUREAU) == bureau.score(BUREAU)
        assert fresh("export-log", "-").out == piped.out
        assert fresh.events() == events


def test_what_an_import_refuses(bureau: Office) -> None:
    gk, file = bureau.gk, bureau.gk.folder / "log.jsonl"
    assert gk("export-log", file).status == 0
    whole = file.read_bytes()
    fresh = other(gk, "fresh")
    refused(fresh("import-log", file), 3, "gk init")
    assert fresh("init").status == 0
    refused(fresh("import-log", file), 1, "Line 1 of", "simulated clock", "Nothing was stored.")
    fresh = other(gk, "another")
    assert fresh("init", "--simulated-clock").status == 0
    file.write_bytes(whole[:-80])
    refused(fresh("import-log", file), 1, "cut off", "Nothing was stored.")
    file.write_bytes(whole.replace(b'"item":"H32"', b'"item":"H31"'))
    refused(fresh("import-log", file), 1, "not as it was written", "Nothing was stored.")
    assert fresh("import-log", "nowhere.jsonl").status == 2
    refused(fresh("import-log", "-", stdin=whole[: len(whole) // 2]), 1, "standard input", "cut off")
    assert fresh.stored() == 0
    file.write_bytes(whole)
    assert done(fresh("import-log", file, "--json"))["stored"] == gk.events()
    bureau.take(fact("occurrence", BUREAU, "2018-04-02", "H32"), now="2018-07-01")
    refused(gk("import-log", file), 1, "goes on to position")


def test_an_export_that_cannot_be_written_says_so(bureau: Office) -> None:
    gk, folder = bureau.gk, bureau.gk.folder
    refused(gk("export-log", gk.file, "--force"), 1, "store itself")
    refused(gk("export-log", folder / "no" / "log.jsonl"), 3, "no folder")
    refused(gk("export-log", folder), 1, "plain file")
    command = [SCRIPT, "--store", gk.store, "--lang", "en", "export-log", "-"]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True)
    assert ran.returncode == 3
    assert "could not be written out" in ran.stderr
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        assert reading.stdout is not None
        assert reading.stdout.readline() == b'{"gk-log":1,"clock":"simulated"}\n'
        reading.stdout.close()
        assert b"Traceback" not in (reading.stderr.read() if reading.stderr is not None else b"")


def test_between_the_two_databases_and_what_a_server_refuses(bureau: Office, database_url: str) -> None:
    gk, file = bureau.gk, bureau.gk.folder / "log.jsonl"
    assert gk("export-log", file).status == 0
    server = Gk(gk.folder, database_url)
    assert server("init", "--simulated-clock").status == 0
    assert done(server("import-log", file, "--json"))["stored"] == gk.events()
    assert server("export-log", "-").out == file.read_text(encoding="utf-8")
    assert Office(server, bureau.scheme, bureau.year).score(BUREAU) == bureau.score(BUREAU)
    refused(server("backup", gk.folder / "copy.db"), 1, "pg_dump", "gk export-log")
    refused(server("restore", file), 1, "pg_restore", "gk import-log")


def test_it_is_said_in_chinese_too(bureau: Office) -> None:
    copy = bureau.gk.folder / "copy.db"
    ran = bureau.gk("backup", copy, lang="zh")
    assert ran.status == 0
    assert "已核对" in ran.out
    assert bureau.gk("backup", copy, lang="zh").err.startswith("gk: ")
