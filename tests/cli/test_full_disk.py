"""A file that cannot grow any more: the command says so in one sentence, and nothing of the write is left."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.worlds import SCHEME, World, grade

ROOT = Path(__file__).parents[2]
ROOM = 200_000


@pytest.mark.parametrize(
    ("lang", "wanted"), [("en", "The disk of {file} is full; nothing was stored."), ("zh", "已满")]
)
def test_a_disk_that_is_full_is_3_and_nothing_is_stored(tmp_path: Path, lang: str, wanted: str) -> None:
    world = World(tmp_path / "gk.db").init(simulated=False)
    world.adopt()
    before = world.count()
    marks = [grade(f"G{number}", "2020-11-20", "L15", "7", note="样本" * 300) for number in range(300)]

    def log() -> subprocess.CompletedProcess[str]:
        command = ("--store", world.url, "--lang", lang, "log", "-", "--scheme", SCHEME, "--year", "2020")
        return subprocess.run(
            [sys.executable, "-c", "from cli.main import main; main()", *command],
            input="\n".join(json.dumps(mark, ensure_ascii=False) for mark in marks),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
            capture_output=True, cwd=ROOT, text=True, check=False,
        )  # fmt: skip

    room = ROOM
    said = log()
    assert (said.returncode, said.stdout) == (3, "")
    assert wanted.format(file=world.path) in said.stderr
    assert said.stderr.count("\n") == 1
    assert (world.count(), world.faults()) == (before, [])
    room = resource.RLIM_INFINITY
    assert log().returncode == 0
    assert (world.count(), world.faults()) == (before + len(marks), [])
