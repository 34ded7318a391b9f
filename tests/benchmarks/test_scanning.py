"""How quickly two rival scanners record limits that ran out, beside bare commits of one row each, in the same run.

Each miss is counted: every one is there once. The view of limits is up when they begin, and up again when they end.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gkevents.app import Gk
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from tests.app import deadlines
from tests.benchmarks import measure
from tests.benchmarks.test_appending import OnPostgresql, OnSqlite, Place, rows_in
from tests.servers.postgres import Server
from tests.store.crowds import crowd

pytestmark = pytest.mark.bench

LIMITS: Final = int(os.environ.get("GK_BENCH_LIMITS", "20000"))
UNITS: Final = 200
SINGLES: Final = 400


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if request.param == "SQLite":
        yield OnSqlite(tmp_path_factory.mktemp("scanning"))
        return
    server = Server(durable=True)
    yield OnPostgresql(server)
    server.stop()


def scanning(_: int, together: Any, url: str) -> tuple[float, float, int]:  # noqa: ANN401 - a barrier
    """When one scanner began and ended, and how many misses it recorded."""
    gk = Gk(url)
    together.wait()
    since = time.monotonic()
    number = len(gk.scan().missed)
    return since, time.monotonic(), number


def test_two_rivals_and_20000_limits(place: Place) -> None:
    world = deadlines.opened(place.new(), LIMITS, units=UNITS)
    gk = Gk(world.url)
    Projection(gk.store, LimitsView()).catch_up()
    gk.store.close()
    before = world.count()
    scanned = crowd(2, scanning, world.url, seconds=600)
    assert sum(number for *_, number in scanned) == LIMITS == world.count() - before
    assert set(deadlines.missed(world).values()) == {1}
    ours = max(end for _, end, _ in scanned) - min(since for since, *_ in scanned)
    taken = _one_by_one(place, rows_in(place, world.url)[-SINGLES:])
    name = f"two rival scanners, {LIMITS:,} limits on {place.name}, beside a bare INSERT and COMMIT for each"
    measure.rate(name, LIMITS, ours, taken * LIMITS, 1, of="misses")
    shares = " and ".join(f"{number:,}" for *_, number in scanned)
    measure.said(f"recorded by each of the two on {place.name}", shares)


def _one_by_one(place: Place, rows: list[tuple[Any, ...]]) -> float:
    """The median time of a row written and committed by itself, in a store without any."""
    url = place.new()
    Gk(url).init()
    connection, taken = place.bare(url), []
    for number, row in enumerate(rows, 1):
        said = (number, *row[1:])
        taken.append(measure.seconds(lambda said=said: place.one(connection, said)))  # type: ignore[misc]
    connection.close()
    return statistics.median(taken)
