"""A rebuild of a large log shared by two processes, beside the same by one: many scheme-years, and a single one.

    GK_BENCH_EVENTS=200000 pytest -m bench tests/benchmarks/test_rebuilding.py

measures the same with fewer events.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from gkevents.app.views import Views
from gkevents.store.engine import Store
from tests.benchmarks import measure
from tests.benchmarks.test_views import emptied
from tests.benchmarks.worlds import make
from tests.servers.postgres import Server

pytestmark = pytest.mark.bench

EVENTS: Final = int(os.environ.get("GK_BENCH_EVENTS", "1000000"))
A_UNIT: Final = 100
ROUNDS: Final = 3
SIZES: Final = {"scheme-years of 34 to 60 units": (34, 60), "one scheme-year": (EVENTS // A_UNIT, EVENTS // A_UNIT)}


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store can be made."""
    if request.param == "SQLite":
        yield f"sqlite:///{tmp_path}/gk.db"
        return
    server = Server(durable=True)
    yield server.url(server.database())
    server.stop()


@pytest.mark.parametrize("shape", SIZES)
def test_two_processes_take_at_most_three_quarters_of_the_time_of_one(url: str, shape: str) -> None:
    make(url, events=EVENTS, per_unit=A_UNIT, size=SIZES[shape])
    store = Store(url)
    spent: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for jobs, times in spent.items():
            emptied(store)
            times.append(measure.seconds(partial(Views(store).rebuild, jobs=jobs)))
    one, two = (statistics.median(times) for times in spent.values())
    place = "PostgreSQL" if store.shared else "SQLite"
    name = f"full rebuild of {EVENTS:,} events by two processes, {shape}, {place} (by one)"
    measure.figure(name, two, one, 0.75, unit="s")
    store.close()
