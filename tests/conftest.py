"""What every test may ask for: a PostgreSQL server, new databases on it, and a store's URL on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test process, started when first asked for; where it cannot start, what asks for it fails."""
    server = Server()
    yield server
    server.stop()


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
