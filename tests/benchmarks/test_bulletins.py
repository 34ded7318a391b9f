"""How long a bulletin takes: 34 units issued and written by a whole process, 20,000 units drafted; in what memory."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from gkevents import paper
from gkevents.demo import SCHEME, YEAR, prepare
from tests.benchmarks.measure import said, seconds, within
from tests.benchmarks.worlds import make

pytestmark = pytest.mark.bench

GK = (sys.executable, "-m", "cli.main")
PLACE = Path(__file__).parents[2]
LARGE = 20_000


def _run(store: Path, *arguments: str) -> None:
    url = f"sqlite:///{store}"
    subprocess.run([*GK, "--store", url, *arguments], check=True, cwd=PLACE, stdout=subprocess.DEVNULL)


def test_a_district_issued_and_written_in_every_format(tmp_path: Path) -> None:
    made = prepare(tmp_path / "demo", issuing=False)
    of = ("--scheme", SCHEME, "--year", str(YEAR), "--quarter", "4")
    now = ("--now", "2021-01-20T09:30:00+08:00")
    taken = []
    for number in range(5):
        copy, out = tmp_path / str(number) / "gkevents.db", tmp_path / f"out{number}"
        shutil.copytree(made.folder, copy.parent)
        _run(copy, "score", "--json")  # the views of a store in use are up
        taken.append(seconds(lambda: _run(copy, *now, "bulletin", "issue", *of, "--out", str(out))))  # noqa: B023 - called at once
        assert len([*out.iterdir()]) == len(paper.FORMATS)
    within("34 units: gk bulletin issue --out, five formats, whole process (median of 5)", statistics.median(taken), 5)


def test_a_bulletin_of_20_000_units_drafted(tmp_path: Path) -> None:
    years = make(f"sqlite:///{tmp_path / 'gk.db'}", events=LARGE * 5, per_unit=5, size=(LARGE, LARGE))
    year = next(one for one in years if len(one.units) == LARGE)
    of = ("--scheme", year.scheme, "--year", str(year.year), "--quarter", "4")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    spent = seconds(lambda: _run(tmp_path / "gk.db", "bulletin", "draft", *of, "--json"))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    within("20,000 units, 100,000 facts: gk bulletin draft, whole process", spent, 60)
    said("the same: memory at most", f"{max(most, before) / 1024:,.0f} MiB")
