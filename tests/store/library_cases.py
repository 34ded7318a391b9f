"""A store of its own for each of eventsourcing's own test cases, on either database: mixed in before the case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gkevents.store.engine import Store


class OnSqlite:
    """In a file."""

    url: str
    store: Store

    @pytest.fixture(autouse=True)
    def _made(self, tmp_path: Path) -> Iterator[None]:
        yield from self.made(f"sqlite:///{tmp_path}/log.db")

    def made(self, url: str) -> Iterator[None]:
        """Make the store, and give its connections back at the end."""
        self.url, self.store = url, Store(url)
        self.store.make(simulated=False)
        yield
        self.store.close()


class OnPostgresql(OnSqlite):
    """In a database on a server."""

    @pytest.fixture(autouse=True)
    def _made(self, database_url: str) -> Iterator[None]:
        yield from self.made(database_url)
