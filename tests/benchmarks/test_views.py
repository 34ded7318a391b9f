"""Views beside bare copies of their rows, and questions in large stores beside the same in small ones.

    GK_BENCH_EVENTS=10000000 pytest -m bench tests/benchmarks/test_views.py -k at_scale

measures the rebuild of a store of that size, per event, beside one of 100,000, with the most memory that it took.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Table, create_engine, select, text
from sqlalchemy.pool import NullPool

from gkevents.app import Gk
from gkevents.app.views import Views
from gkevents.projections.tables import item_scores, ledger_entries, limits, partitions, scheme_years, unit_scores
from gkevents.store.bulk import write_rows
from gkevents.store.engine import Store
from tests.app.worlds import rows
from tests.benchmarks import measure
from tests.benchmarks.worlds import Year, make
from tests.servers.postgres import Server

pytestmark = pytest.mark.bench

TABLES: Final = (unit_scores, item_scores, ledger_entries, limits, scheme_years, partitions)
EVENTS, UNITS = 200_000, 2_000
SMALL, LARGE, A_UNIT = 10_000, 1_000_000, 100
STARTED: Final = """
import sys
from cli.main import run
sys.exit(run(*sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


@pytest.fixture(params=["PostgreSQL", "SQLite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Where a store can be made, by a name of its own; which database is said by `place.__name__`."""
    server: Server | None = request.getfixturevalue("server") if request.param == "PostgreSQL" else None

    def url(name: str) -> str:
        return f"sqlite:///{tmp_path}/{name}.db" if server is None else server.url(server.database())

    url.__name__ = request.param
    return url


def emptied(store: Store) -> None:
    """No view has any row."""
    with store.updating() as connection:
        for table in (*[table.name for table in TABLES], "checkpoints"):
            connection.execute(text(f"{'TRUNCATE' if store.shared else 'DELETE FROM'} {table}"))
    vacuumed(store)


def vacuumed(store: Store) -> None:
    """What was written is where the database keeps it in the long run, and its statistics are told."""
    engine = create_engine(store.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE" if store.shared else "PRAGMA wal_checkpoint(TRUNCATE)"))


def held(store: Store) -> dict[Table, list[tuple[Any, ...]]]:
    """Every row of every view."""
    with store.reading() as connection:
        return {table: [tuple(row) for row in connection.execute(select(*table.c))] for table in TABLES}


def streamed(store: Store) -> int:
    """Read every event once, as it lies there, and do nothing with it."""
    with store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        query = "SELECT * FROM events ORDER BY position"
        if store.shared:
            with driver.cursor("events", binary=True) as cursor:
                cursor.itersize = 10_000
                cursor.execute(query)
                return sum(1 for _ in cursor)
        cursor, number = driver.execute(query), 0
        while page := cursor.fetchmany(10_000):
            number += len(page)
        return number


def copied(store: Store, found: dict[Table, list[tuple[Any, ...]]]) -> None:
    """Write the same rows, 10,000 a commit."""
    for table, lines in found.items():
        for start in range(0, len(lines), 10_000):
            with store.updating() as connection:
                write_rows(connection, table, lines[start : start + 10_000])


def streamed_and_copied(store: Store, found: dict[Table, list[tuple[Any, ...]]]) -> None:
    """What a rebuild cannot do without."""
    streamed(store)
    copied(store, found)


def test_a_full_rebuild_beside_streaming_the_events_and_copying_the_rows(place: Callable[[str], str]) -> None:
    url = place("rebuild")
    make(url, events=EVENTS, units=UNITS)
    store = Store(url)
    Views(store).rebuild()
    found = held(store)
    spent: dict[str, list[float]] = {"one process": [], "two": [], "reference": []}
    for _ in range(3):
        for jobs, said in ((1, "one process"), (2, "two")):
            emptied(store)
            spent[said].append(measure.seconds(partial(Views(store).rebuild, jobs=jobs)))
        emptied(store)
        spent["reference"].append(measure.seconds(partial(streamed_and_copied, store, found)))
    middle = {said: sorted(times)[1] for said, times in spent.items()}
    for said in ("one process", "two"):
        name = f"full rebuild with ledger entries, {said}, {place.__name__} (streaming the events, COPY of the rows)"
        measure.rate(name, EVENTS, middle[said], middle["reference"], 0.4, of="events")
    store.close()


@pytest.fixture
def both(place: Callable[[str], str]) -> Iterator[list[tuple[Gk, Year]]]:
    """A small and a large store with scheme-years of one size, their views made; each with one scheme-year of it."""
    found = []
    for name, events in (("small", SMALL), ("large", LARGE)):
        url = place(name)
        years = make(url, events=events, per_unit=A_UNIT, size=(50, 50))
        gk = Gk(url)
        Views(gk.store).rebuild()
        vacuumed(gk.store)
        found.append((gk, years[0]))
    yield found
    for gk, _ in found:
        gk.store.close()


def logged(gk: Gk, year: Year, number: int) -> None:
    unit = next(iter(year.units))
    fact = {"ref": f"新{number}", "type": "grade", "unit": unit, "item": _marked(year), "points": "0"}
    fact["effective_on"] = f"{year.year}-06-01"
    assert gk.log_facts(rows(fact), scheme=year.scheme, year=year.year).recorded


def _marked(year: Year) -> str:
    items = year.edition.items_for(next(iter(year.units.values())))
    return next(code for code, item in items.items() if item.start == "grade" and not item.allowed)


def test_questions_and_catching_up_in_a_large_store_beside_a_small_one(
    place: Callable[[str], str], both: list[tuple[Gk, Year]]
) -> None:
    (small, one), (large, other) = both
    spent: dict[str, list[float]] = {"small": [], "large": []}
    for number in range(21):
        for name, (gk, year) in zip(spent, both, strict=True):
            logged(gk, year, number)
            spent[name].append(measure.seconds(Views(gk.store).catch_up))
    ours, reference = (sorted(spent[name])[10] for name in ("large", "small"))
    measure.figure(f"catch-up after one new fact, 1M events, {place.__name__} (10k events)", ours, reference, 1.3)

    def asked(gk: Gk, year: Year) -> Callable[[], object]:
        return lambda: gk.score(scheme=year.scheme, year=year.year, unit=next(iter(year.units)))

    ours, reference = measure.in_turn(asked(large, other), asked(small, one), 41)
    measure.figure(f"score of one unit from rows, 1M events, {place.__name__} (10k events)", ours, reference, 1.2)

    def whole(gk: Gk, year: Year) -> Callable[[], object]:
        words = ["score", next(iter(year.units)), "--scheme", year.scheme, "--year", str(year.year)]
        command = [sys.executable, "-c", STARTED, "--store", gk.store.url, *words]
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    ours, reference = measure.in_turn(whole(large, other), whole(small, one), 9)
    name = f"gk score of one unit from rows, the whole process, 1M events, {place.__name__} (10k events)"
    measure.figure(name, ours, reference, 1.2)


MADE: Final = """
import resource, sys, time
from gkevents.app.views import Views
from gkevents.store.engine import Store
store = Store(sys.argv[1])
start = time.perf_counter()
Views(store).rebuild()
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_rebuild_at_scale_costs_no_more_per_event(place: Callable[[str], str]) -> None:
    spent: dict[int, float] = {}
    for events in (100_000, int(os.environ.get("GK_BENCH_EVENTS", "1000000"))):
        url = place(f"scale{events}")
        make(url, events=events, per_unit=200)
        run = subprocess.run([sys.executable, "-c", MADE, url], check=True, capture_output=True, text=True)
        seconds, peak = run.stdout.split()
        spent[events] = float(seconds) / events
        measure.said(f"most memory of a rebuild of {events:,} events, {place.__name__}", f"{peak} MiB")
    (_, reference), (events, ours) = spent.items()
    name = f"rebuild per event at {events:,} events, {place.__name__} (100,000 events)"
    measure.figure(name, ours * 1e6, reference * 1e6, 1.2, unit="µs")
