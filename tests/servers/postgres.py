"""The PostgreSQL server that tests use: the house's own, its data temporary and nothing safe against a crash.

In tests: the fixture `postgres` (the server, one a test process, started when first asked for), `database_url` (a new
database) and `store_url` (once for SQLite, once for PostgreSQL), all from `tests/conftest.py`.
"""

from gkevents.servers.postgres import Server

__all__ = ["Server"]
