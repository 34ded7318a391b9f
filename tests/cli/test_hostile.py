"""What comes from careless or hostile hands ends in a sentence, quickly, and with the right status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GK = str(Path(sys.executable).with_name("gk"))
FACT = json.dumps(
    {
        "ref": "a", "type": "grade", "unit": "河北省统计局", "item": "H01", "points": "1",
        "effective_on": "2018-05-05",
    }
)  # fmt: skip
AT = ("--scheme", "hebei-stats-2018", "--year", "2018")


def gk(*words: str, cwd: Path, **named: object) -> subprocess.CompletedProcess[str]:
    """The command as a process in a folder, in English."""
    environment = {**os.environ, "GK_LANG": "en"}
    named = {"capture_output": True, **named}
    return subprocess.run([GK, *words], cwd=cwd, env=environment, text=True, check=False, **named)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    assert gk("init", cwd=tmp_path).returncode == 0
    assert gk("scheme", "adopt", "hebei-stats-2018", "--year", "2018", cwd=tmp_path).returncode == 0
    return tmp_path


def test_a_heading_as_long_as_a_book_is_cut(office: Path) -> None:
    (office / "book.csv").write_text("编号," + "长" * 400_000 + "\n1,2\n", encoding="utf-8")
    ran = gk("log", "book.csv", *AT, cwd=office)
    assert ran.returncode == 1
    assert len(ran.stderr) < 2_000


def test_an_answer_that_cannot_be_written_says_that_the_work_is_done(office: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        ran = gk("log", "-", *AT, "--json", cwd=office, capture_output=False, input=FACT, stdout=full, stderr=-1)
    assert ran.returncode == 3
    assert "It is done, but the answer could not be written out" in ran.stderr
    assert "a" in gk("log", "-", *AT, "--json", cwd=office, input=FACT).stdout


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59-12:00", "2981-01-01T00:00:00+08:00", "2018-01-01"])
def test_a_moment_that_cannot_be_meant_is_wrong_usage(office: Path, now: str) -> None:
    ran = gk("--now", now, "score", *AT, cwd=office)
    assert ran.returncode == 2
    assert "is not an instant" in ran.stderr


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_in_memory_is_not_made(tmp_path: Path, url: str) -> None:
    ran = gk("--store", url, "init", cwd=tmp_path)
    assert ran.returncode == 2
    assert "gone when the command ends" in ran.stderr


def test_a_pipe_is_read_like_a_file(office: Path) -> None:
    script = f"{GK} log <(echo '{FACT}') {' '.join(AT)}"
    ran = subprocess.run(["bash", "-c", script], cwd=office, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
