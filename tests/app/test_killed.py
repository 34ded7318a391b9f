"""Processes killed at any moment: after the same command again nothing is lost or doubled, and the rows are the log's.

Each command runs in a process of its own that is killed with SIGKILL at a random moment (seeded), again and again until
it once comes to its end by itself. `make soak` kills 200 of them on each database, `make test` a few.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cli.main import run
from tests.app.worlds import World
from tests.benchmarks import worlds

UNITS: Final = 60
FACTS: Final = 12_000
"""In one file: more than a portion of an import holds."""
LATEST: Final = (0.1, 0.6, 2.5)
"""The next process is killed within so many seconds: soon, as often as late."""


class Round:
    """A new store with two scheme-years, whose files are logged and whose views are made while processes are killed."""

    def __init__(self, url: str, folder: Path, dice: random.Random) -> None:
        """Make the store and the files; nothing is logged yet."""
        self.url, self.dice, self.kills, self.most = url, dice, 0, 0
        self.world = World(url)
        years = worlds.plan(events=2 * FACTS, units=2 * UNITS, size=(UNITS, UNITS))
        worlds.adopt(url, years)
        self.facts: dict[tuple[str, int], list[dict[str, object]]] = {}
        for year, fact in worlds.facts(years):
            self.facts.setdefault((year.scheme, year.year), []).append(fact)
        self.folder = folder

    def play(self, most: int) -> None:
        """Log both files, catch up and rebuild, killing at most so many processes; then compare."""
        self.most = most
        for place, ((scheme, year), facts) in enumerate(self.facts.items()):
            file = self.folder / f"{scheme}-{year}.jsonl"
            file.write_text("\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts), encoding="utf-8")
            self.until_done("log", str(file), "--scheme", scheme, "--year", str(year))
            self.until_done("projections", "catch-up")
            self.until_done("projections", "rebuild", *(("--scheme", scheme, "--year", str(year)) if place else ()))
        self.compare()

    def until_done(self, *words: str) -> None:
        """The command in a process of its own, killed at random moments until it ends by itself; then it went well."""
        while True:
            process = multiprocessing.get_context("fork").Process(target=_command, args=(self.url, words))
            process.start()
            process.join(self.dice.uniform(0, self.dice.choice(LATEST)) if self.kills < self.most else None)
            if process.exitcode is None and process.pid is not None:
                os.kill(process.pid, signal.SIGKILL)
                process.join()
            if process.exitcode == 0:
                return
            assert process.exitcode == -signal.SIGKILL, words
            self.kills += 1

    def compare(self) -> None:
        """Every fact is there once, in the order of its file; every event and row is as it should be."""
        for (scheme, year), facts in self.facts.items():
            streams = f"unit-year/{scheme}/{year}/%%" if self.world.shared else f"unit-year/{scheme}/{year}/%"
            query = f"SELECT ref FROM events WHERE stream LIKE '{streams}' AND ref IS NOT NULL ORDER BY position"  # noqa: S608
            assert [ref for (ref,) in self.world.rows(query)] == [fact["ref"] for fact in facts]
        assert self.world.faults() == []


def _command(url: str, words: tuple[str, ...]) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stdout = nowhere
        os._exit(run("--store", url, *words))


def test_a_few_processes_killed_lose_and_double_nothing(new_store_url: Callable[[], str], tmp_path: Path) -> None:
    Round(new_store_url(), tmp_path, random.Random(1)).play(most=3)


@pytest.mark.soak
def test_200_processes_killed_lose_and_double_nothing(new_store_url: Callable[[], str], tmp_path: Path) -> None:
    dice, killed = random.Random(2), 0
    while killed < 200:
        one = Round(new_store_url(), tmp_path, dice)
        one.play(most=200 - killed)
        killed += one.kills
    assert killed == 200
