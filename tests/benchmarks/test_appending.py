"""How quickly facts get into the log, beside the bare database and the library's own way, in the same run.

The bare database takes the very rows that came of our facts, into the same table with its indexes and triggers, 10,000
a transaction. Every store is a new one, and every commit is a durable one.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, ClassVar, Final

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from gkevents.app import Gk
from gkevents.exchange import Row
from tests.benchmarks import measure, worlds
from tests.servers.postgres import Server

pytestmark = pytest.mark.bench

FACTS: Final = int(os.environ.get("GK_BENCH_FACTS", "200000"))
UNITS: Final = FACTS // 100
BY_THE_LIBRARY: Final = 20_000
TOGETHER: Final = 100
SINGLES: Final = 400
TIMES: Final = 3
INTO: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
TYPES: Final = ("int8", "text", "int4", "text", "text", "text", "text", "text")

LogRow = tuple[Any, ...]
STARTED: Final = "import sys; from cli.main import run; sys.exit(run(*sys.argv[1:]))"


class Place(ABC):
    """Where stores are made on one database, and how it is written to without us."""

    name: str

    @abstractmethod
    def new(self) -> str:
        """The URL of a store that is not there yet."""

    @abstractmethod
    def bare(self, url: str) -> Any:  # noqa: ANN401 - a driver's connection
        """A connection of the driver's own."""

    @abstractmethod
    def many(self, connection: Any, rows: Sequence[LogRow]) -> None:  # noqa: ANN401
        """Write rows in one durable transaction, as quickly as the driver can."""

    @abstractmethod
    def one(self, connection: Any, row: LogRow) -> None:  # noqa: ANN401
        """Write a row in one durable transaction."""

    @abstractmethod
    def library(self) -> dict[str, str]:
        """How the library's own recorder is told where to write."""


class OnSqlite(Place):
    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, count(1)

    def new(self) -> str:
        return f"sqlite:///{self.folder}/{next(self.number)}.db"

    def bare(self, url: str) -> Any:  # noqa: ANN401
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def many(self, connection: Any, rows: Sequence[LogRow]) -> None:  # noqa: ANN401
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INTO, rows)
        connection.execute("COMMIT")

    def one(self, connection: Any, row: LogRow) -> None:  # noqa: ANN401
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INTO, row)
        connection.execute("COMMIT")

    def library(self) -> dict[str, str]:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": f"{self.folder}/{next(self.number)}.db"}


class OnPostgresql(Place):
    name = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server

    def new(self) -> str:
        return self.server.url(self.server.database())

    def bare(self, url: str) -> Any:  # noqa: ANN401
        return psycopg.connect(url.replace("+psycopg", ""))

    def many(self, connection: Any, rows: Sequence[LogRow]) -> None:  # noqa: ANN401
        with connection.cursor() as cursor, cursor.copy("COPY events FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(TYPES)
            for row in rows:
                copy.write_row(row)
        connection.commit()

    def one(self, connection: Any, row: LogRow) -> None:  # noqa: ANN401
        connection.execute(INTO.replace("?", "%s"), row)
        connection.commit()

    def library(self) -> dict[str, str]:
        database = self.server.database()
        said = {
            "DBNAME": database,
            "HOST": "127.0.0.1",
            "PORT": str(self.server.port),
            "USER": "postgres",
            "PASSWORD": "-",
        }
        return {"PERSISTENCE_MODULE": "eventsourcing.postgres"} | {
            f"POSTGRES_{name}": value for name, value in said.items()
        }


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if request.param == "SQLite":
        yield OnSqlite(tmp_path_factory.mktemp("appending"))
        return
    server = Server(durable=True)
    yield OnPostgresql(server)
    server.stop()


class Input:
    """One scheme-year's facts, as rows and as a file."""

    def __init__(self, folder: Path) -> None:
        (self.year,) = worlds.plan(events=FACTS, units=UNITS, size=(UNITS, UNITS))
        facts = [fact for _, fact in worlds.facts([self.year])]
        self.rows = [Row(number, fact, None) for number, fact in enumerate(facts, 1)]
        self.file = folder / "facts.jsonl"
        self.file.write_text("".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts), encoding="utf-8")

    def adopted(self, url: str) -> Gk:
        """A new store that waits for the facts."""
        worlds.adopt(url, [self.year], simulated=False)
        return Gk(url)

    def log(self, gk: Gk, rows: Sequence[Row]) -> None:
        """Log facts, all of which are good."""
        logged = gk.log_facts(rows, scheme=self.year.scheme, year=self.year.year)
        assert len(logged.recorded) == len(rows)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Input:
    return Input(tmp_path_factory.mktemp("facts"))


def rows_in(place: Place, url: str) -> list[LogRow]:
    """The log as it lies in a store."""
    connection = place.bare(url)
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM events ORDER BY position")
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        connection.close()


def written_bare(place: Place, rows: Sequence[LogRow]) -> float:
    """How long the bare database takes for the rows, 10,000 a transaction, in a new store."""
    url = place.new()
    Gk(url).init()
    connection, coming = place.bare(url), iter(rows)
    portions = list(iter(lambda: list(islice(coming, 10_000)), []))

    def write() -> None:
        for portion in portions:
            place.many(connection, portion)

    taken = measure.seconds(write)
    connection.close()
    return taken


def test_many_facts(place: Place, given: Input) -> None:
    ours, whole, bare = [], [], []
    for _ in range(TIMES):
        gk = given.adopted(place.new())
        ours.append(measure.seconds(lambda gk=gk: given.log(gk, given.rows)))  # type: ignore[misc]
        gk.store.close()
        rows = rows_in(place, gk.store.url)
        bare.append(written_bare(place, rows))
        url = place.new()
        given.adopted(url).store.close()
        whole.append(measure.seconds(_command(url, given)))
    reference = statistics.median(bare)
    bare_name = "executemany" if place.name == "SQLite" else "COPY binary"
    name = f"append {FACTS:,} facts with validation on {place.name}, beside bare {bare_name}"
    measure.rate(name, FACTS, statistics.median(ours), reference, 0.45)
    measure.rate(f"{name}: the whole of gk log FILE", FACTS, statistics.median(whole), reference, 0.45)
    taken = statistics.median(_by_the_library(place, given) for _ in range(TIMES)) * FACTS / BY_THE_LIBRARY
    goal = 3.0 if place.name == "SQLite" else 4.0
    name = f"append facts with validation on {place.name}, beside eventsourcing's application, saves of {TOGETHER}"
    measure.rate(name, FACTS, statistics.median(ours), taken, goal)


def _command(url: str, given: Input) -> Callable[[], object]:
    words = ["--store", url, "log", str(given.file), "--scheme", given.year.scheme, "--year", str(given.year.year)]
    command = [sys.executable, "-c", STARTED, *words]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class UnitFacts(Aggregate):
    """A unit's facts as the library would have them."""

    facts: ClassVar[int] = 0

    @event("Logged")
    def log(self, fact: dict[str, Any]) -> None:
        """Take a fact; nothing is checked."""


def _by_the_library(place: Place, given: Input) -> float:
    """How long eventsourcing's own application takes for some facts, saved 100 together, without any validation."""
    application: Application[Any] = Application(env=place.library())
    facts = [row.fields or {} for row in given.rows[:BY_THE_LIBRARY]]

    def save() -> None:
        for start in range(0, len(facts), TOGETHER):
            unit = UnitFacts()
            for fact in facts[start : start + TOGETHER]:
                unit.log(fact)
            application.save(unit)

    taken = measure.seconds(save)
    application.close()
    return taken


def test_a_single_fact(place: Place, given: Input) -> None:
    gk = given.adopted(place.new())
    bare_url = place.new()
    Gk(bare_url).init()
    bare = place.bare(bare_url)
    template = rows_in(place, gk.store.url)[-1]
    ours, theirs = [], []
    for number, row in enumerate(given.rows[:SINGLES], 1):
        ours.append(measure.seconds(lambda row=row: given.log(gk, [row])))  # type: ignore[misc]
        said = (number, f"unit-year/{number % 20}", number, *template[3:5], f"R{number}", *template[6:])
        theirs.append(measure.seconds(lambda said=said: place.one(bare, said)))  # type: ignore[misc]
    gk.store.close()
    bare.close()
    name = f"one durable fact through the use case on {place.name}, beside a bare INSERT and COMMIT"
    measure.rate(name, 1, statistics.median(ours[50:]), statistics.median(theirs[50:]), 0.6)
