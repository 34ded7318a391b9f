"""What every test may ask for: a PostgreSQL server, new databases on it, a store's URL on either, a broker."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
from coverage import Coverage

from gkevents.servers.valkey import Broker
from tests.servers.postgres import Server

MEASURED: Final = ("scoring", "schemes", "aggregates")
"""The folders of tests that coverage is asked of: those that mirror the code which must be covered to the last branch.
Measuring all others too, which is no more than they run of that code by the way, would double their time."""


class Measuring:
    """Coverage, where it is measured at all: paused while other tests run."""

    def __init__(self) -> None:
        """Nothing is paused yet."""
        self.paused: list[Coverage] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Pause before the first of the others, go on before the next that is measured."""
        measured = item.path.relative_to(Path(__file__).parent).parts[0] in MEASURED
        while measured and self.paused:
            self.paused.pop().start()
        while not measured and (running := Coverage.current()) is not None:  # a worker of xdist has two
            running.stop()
            self.paused.append(running)
        return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Measure no more than is asked for."""
    config.pluginmanager.register(Measuring())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test process, started when first asked for; where it cannot start, what asks for it fails."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey() -> Iterator[Broker]:
    """The broker of this test process, on a socket of its own, started when first asked for.

    `valkey.end()` and `valkey.start()` stop it and start it again; a test that does so leaves it started.
    """
    broker = Broker()
    yield broker
    broker.stop()


@pytest.fixture
def broker_url(valkey: Broker) -> str:
    """The URL of a broker with nothing in it, `unix:///…`; for tests of one process, one after the other."""
    valkey.empty()
    return valkey.url


@pytest.fixture
def database_url(postgres: Server) -> Iterator[str]:
    """The URL of a new, empty database on the server."""
    name = postgres.database()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made, once for each database: a file that is not there yet, an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gk.db"
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """As `store_url`, but for tests that need several stores: each call gives another."""
    made: list[str] = []

    def sqlite() -> str:
        made.append("")
        return f"sqlite:///{tmp_path}/gk{len(made)}.db"

    def postgresql() -> str:
        server: Server = request.getfixturevalue("postgres")
        made.append(server.database())
        return server.url(made[-1])

    yield sqlite if request.param == "sqlite" else postgresql
    if request.param == "postgresql":
        for name in made:
            request.getfixturevalue("postgres").drop(name)
