"""Broken lines, empty files, a line without an end, and Ctrl-C in the middle: nothing of it is stored."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.office import HEBEI, SCRIPT, Fact, Gk, Office, fact, lines

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


# ---------------------------------------------------------------- lines
@pytest.mark.parametrize(
    "broken",
    [
        '{"ref": "x"',
        "not json",
        "[1, 2]",
        '"x"',
        "{'ref': 'x'}",
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        "{}",
        '{"a": "\\ud800"}',
    ],
)
def test_a_broken_line_is_named_by_its_number(bureau: Office, broken: str) -> None:
    before = bureau.gk.stored()
    told = lines([happened()]) + "\n" + broken + "\n" + lines([happened()])
    ran = bureau.gk("log", "-", *bureau.named, "--json", stdin=told, now="2018-12-31")
    assert (ran.status, [row["row"] for row in ran.json["refused"]]) == (1, [3])
    text = bureau.gk("log", "-", *bureau.named, stdin=told, now="2018-12-31")
    assert text.status == 1
    assert "3" in text.sentence
    assert bureau.gk.events() == before


def test_a_line_that_is_no_text_is_named_by_its_number(bureau: Office) -> None:
    before = bureau.gk.stored()
    told = lines([happened(note="中文")]).encode() + b'{"ref": "\xff\xfe"}\n'
    ran = bureau.gk("log", "-", *bureau.named, "--json", stdin=told, now="2018-12-31")
    assert (ran.status, [row["row"] for row in ran.json["refused"]]) == (1, [2])
    assert bureau.gk.events() == before


@pytest.mark.parametrize(
    "empty", ["", "\n\n", "\ufeff", "编号,类型,单位\n"], ids=["nothing", "blank", "mark", "headings"]
)
def test_empty_input(bureau: Office, empty: str, tmp_path: Path) -> None:
    before = bureau.gk.stored()
    file = tmp_path / "empty.jsonl"
    file.write_text(empty, encoding="utf-8")
    for source in ("-", file):
        for skip in ((), ("--skip-refused",)):
            ran = bureau.gk("log", source, *bureau.named, *skip, stdin=empty)
            assert ran.status == 1
            assert ran.sentence
    assert bureau.gk.events() == before


def test_an_empty_workbook_or_one_that_is_none(bureau: Office, tmp_path: Path) -> None:
    before = bureau.gk.stored()
    for content in (b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 3000, b"\xd0\xcf\x11\xe0" + b"y" * 3000):
        file = tmp_path / "facts.xlsx"
        file.write_bytes(content)
        ran = bureau.gk("log", file, *bureau.named)
        assert ran.status == 1, ran
        assert ran.sentence
        assert "at fault" not in ran.sentence
    assert bureau.gk.events() == before


# ---------------------------------------------------------------- processes of their own
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[2:]).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""
"""Runs a command and writes the most memory it held. A process of its own: a child's figure begins at its parent's."""


def started(gk: Gk, *words: object, out: Path, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """The command as a process that is fed through a pipe; what it says goes to files beside `out`."""
    arguments = [
        *before,
        SCRIPT,
        "--store",
        gk.store,
        "--lang",
        "en",
        "--now",
        "2018-12-31T18:00:00+08:00",
        *map(str, words),
    ]
    with out.open("wb") as said, out.with_suffix(".err").open("wb") as complained:
        return subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=said, stderr=complained)


def test_a_line_of_200_mb_is_refused_in_little_memory(bureau: Office, tmp_path: Path) -> None:
    before, out = bureau.gk.stored(), tmp_path / "out"
    held = tmp_path / "held"
    measured = (sys.executable, "-c", MEASURED, str(held))
    process = started(bureau.gk, "log", "-", *bureau.named, "--json", out=out, before=measured)
    assert process.stdin is not None
    with process.stdin as fed:
        fed.write(lines([happened()]).encode() + b'{"ref": "')
        for _ in range(200):
            fed.write(b"x" * 1_000_000)
        fed.write(b'"}\n' + lines([happened()]).encode())
    assert process.wait() == 1
    refused = json.loads(out.read_text(encoding="utf-8"))["refused"]
    assert [row["row"] for row in refused] == [2]
    megabytes = int(held.read_text()) / (1024 if sys.platform == "linux" else 1024 * 1024)
    assert megabytes < 300
    assert bureau.gk.events() == before


def interrupted(process: subprocess.Popen[bytes], out: Path) -> None:
    """Press Ctrl-C and see that the process says so and stops."""
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) not in (0, 2, 3)
    complained = out.with_suffix(".err").read_text(encoding="utf-8")
    assert "Traceback" not in complained
    assert "Interrupted" in complained


def test_ctrl_c_while_the_input_is_read_stores_nothing(bureau: Office, tmp_path: Path) -> None:
    before, out = bureau.gk.stored(), tmp_path / "out"
    process = started(bureau.gk, "log", "-", *bureau.named, out=out)
    assert process.stdin is not None
    process.stdin.write(lines([happened() for _ in range(3000)]).encode())
    process.stdin.flush()
    time.sleep(1)
    interrupted(process, out)
    process.stdin.close()
    assert bureau.gk.events() == before


def test_ctrl_c_in_the_middle_of_a_large_import_leaves_whole_portions_and_it_goes_on(
    bureau: Office, tmp_path: Path
) -> None:
    before, out, file = bureau.gk.stored(), tmp_path / "out", tmp_path / "large.jsonl"
    file.write_text(lines([happened() for _ in range(60_000)]), encoding="utf-8")
    process = started(bureau.gk, "log", file, *bureau.named, out=out)
    until = time.monotonic() + 60
    while bureau.gk.events() == before and time.monotonic() < until:
        time.sleep(0.02)
    assert process.poll() is None, "the import has more to store"
    interrupted(process, out)
    if process.stdin is not None:
        process.stdin.close()
    stored = bureau.gk.events()
    again = bureau.gk("log", file, *bureau.named, "--json", now="2018-12-31T18:00:00+08:00").json
    assert len(again["already_recorded"]) in range(10_000, 60_000, 10_000)
    assert len(again["already_recorded"]) + len(again["recorded"]) == 60_000
    assert bureau.gk.events() == stored + len(again["recorded"])
