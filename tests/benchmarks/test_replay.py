"""A whole log told again in memory, beside reading it with the bare driver, and beside the library's own aggregates.

    GK_BENCH_REPLAY=1000000 pytest -m bench tests/benchmarks/test_replay.py

says how many facts; without it there are 200,000, over 2,000 unit-years.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, Final

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from gkevents.app import Gk
from gkevents.store.engine import Store
from gkevents.store.loading import LOADS
from gkevents.store.reading import Reader
from gkevents.terms import BEIJING
from tests.benchmarks import measure, worlds
from tests.benchmarks.everything import everything
from tests.benchmarks.test_appending import OnPostgresql, OnSqlite, Place
from tests.benchmarks.worlds import Year, unit_facts
from tests.servers.postgres import Server

pytestmark = pytest.mark.bench

FACTS: Final = int(os.environ.get("GK_BENCH_REPLAY", "200000"))
UNITS: Final = FACTS // 100
AGGREGATES: Final = 200
PAGE: Final = 10_000
ROWS: Final = "SELECT position, stream, stream_version, name, recorded_at, ref, body, digest FROM events"


class UnitYear(Aggregate):
    """A unit-year as the library's handbook would have it: events said by methods, values of their own types."""

    @event("Opened")
    def __init__(self, scheme: str, year: int, unit: str) -> None:
        self.scheme, self.year, self.unit = scheme, year, unit
        self.facts: dict[str, tuple[str, dt.datetime, Decimal | None, dict[str, Any]]] = {}

    @event("Recorded")
    def record(
        self, ref: str, kind: str, effective_at: dt.datetime, points: Decimal | None, said: dict[str, Any]
    ) -> None:
        """Take a fact; nothing is checked, nothing is scored."""
        self.facts[ref] = (kind, effective_at, points, said)


def recorded(unit_year: UnitYear, fact: dict[str, Any]) -> None:
    """Record a fact, its day and points as values of their own types."""
    said = dict(fact)
    ref, kind, day = said.pop("ref"), said.pop("type"), dt.datetime.fromisoformat(said.pop("effective_on"))
    points = said.pop("points", None) or said.pop("amount", None)
    unit_year.record(ref, kind, day.replace(tzinfo=BEIJING), Decimal(points) if points else None, said)


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if request.param == "SQLite":
        yield OnSqlite(tmp_path_factory.mktemp("replay"))
        return
    server = Server()
    yield OnPostgresql(server)
    server.stop()


@pytest.fixture(scope="module")
def url(place: Place) -> str:
    """A store full of facts."""
    made = place.new()
    worlds.make(made, events=FACTS, units=UNITS)
    return made


def streamed(place: Place, url: str) -> Callable[[], int]:
    """Every row by the driver's own cursor, in pages, each body decoded into its form and dropped."""

    def run() -> int:
        number, connection = 0, place.bare(url)
        with connection.cursor("rows", binary=True) if place.name == "PostgreSQL" else connection as rows:
            cursor = rows.execute(f"{ROWS} ORDER BY stream, stream_version")
            while page := cursor.fetchmany(PAGE):
                for row in page:
                    LOADS[row[3]].read(row[6])
                number += len(page)
        connection.close()
        return number

    return run


def told(url: str) -> Callable[[], int]:
    """Every score of the store with its place, from the log alone."""

    def run() -> int:
        store = Store(url)
        with store.reading() as connection:
            number = sum(len(year.scores) for year in everything(Reader(connection, store.name)))
        store.close()
        return number

    return run


def test_a_full_replay_in_memory(place: Place, url: str) -> None:
    ours, reference = measure.in_turn(told(url), streamed(place, url))
    name = f"full replay in memory, all scores, {place.name}"
    measure.rate(f"{name} (streaming the rows + decoding them)", FACTS, ours, reference, 0.5)
    theirs = by_the_library(place) / (AGGREGATES * 100) * FACTS
    measure.rate(f"{name} (eventsourcing repository.get)", FACTS, ours, theirs, 10)


def by_the_library(place: Place) -> float:
    """How long the library takes to get some unit-years of 100 facts as aggregates of its own."""
    application: Application[Any] = Application(env=place.library())
    year = Year("district0", 2020, "luancheng-2020", {f"样本{number}局": "部门" for number in range(AGGREGATES)}, 100)
    names = []
    for number, unit in enumerate(year.units):
        aggregate = UnitYear(year.scheme, year.year, unit)
        for fact in unit_facts(year, unit, number):
            recorded(aggregate, fact)
        application.save(aggregate)
        names.append(aggregate.id)
    taken = measure.median(lambda: [application.repository.get(name) for name in names], 3)
    application.close()
    return taken


def test_one_unit_year_seen_from_another_day(place: Place) -> None:
    """As of a day and as known at a position: always told from the log."""
    made = place.new()
    (year, *_) = worlds.make(made, events=FACTS, per_unit=200)
    gk = Gk(made)
    last = gk.report().events
    day = dt.date(year.year, 9, 30)

    def asked(unit: str) -> Callable[[], object]:
        return lambda: gk.score(scheme=year.scheme, year=year.year, unit=unit, as_of=day, known_at=str(last * 9 // 10))

    def with_ledger(unit: str) -> Callable[[], object]:
        return lambda: gk.replay(unit, scheme=year.scheme, year=year.year, as_of=day, known_at=str(last * 9 // 10))

    for way, what in ((asked, "score"), (with_ledger, "ledger")):
        taken = [measure.median(way(unit), 5) for unit in islice(year.units, 9)]
        name = f"as-of/known-at replay of a unit-year of 200 facts, {FACTS:,} in the store, {place.name}: its {what}"
        measure.within(name, statistics.median(taken), 0.030)
    gk.store.close()
