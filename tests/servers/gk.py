"""`gk` for programs that name a SQLite store, on PostgreSQL instead: each store becomes a database of its own.

    python tests/servers/gk.py --serve COMMAND…               runs COMMAND while a server is up, {gk} in it being us
    python tests/servers/gk.py --store sqlite:///FILE init    as `gk`, in the database that stands for FILE

So `shared/cases/run.py --gk …` and other scripts of that kind can be run against both databases.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import psycopg

SERVER: Final = "GK_TEST_SERVER"
HERE: Final = Path(__file__).resolve()


def serve(command: list[str]) -> int:
    """Run a command while a server is up; `{gk}` in it becomes this script as a `gk`. Its exit status."""
    sys.path.insert(0, str(HERE.parents[2]))
    from tests.servers.postgres import Server

    server = Server()
    try:
        ours = f"{sys.executable} {HERE}"
        return subprocess.run(
            [word.replace("{gk}", ours) for word in command],
            env={**os.environ, SERVER: str(server.port)}, check=False,
        ).returncode  # fmt: skip
    finally:
        server.stop()


def translated(words: list[str], port: str) -> list[str]:
    """The words of a `gk` command with its SQLite store replaced by a database, which is made where it is not there."""
    place = words.index("--store") + 1
    name = "gk_" + hashlib.sha256(words[place].encode()).hexdigest()[:20]
    if "init" in words[place + 1 :]:
        _made(name, port)
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/{name}"
    return [*words[:place], url, *words[place + 1 :]]


def _made(name: str, port: str) -> None:
    dsn = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    with psycopg.connect(dsn, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())


def main(words: list[str]) -> int:
    """Serve, or be `gk`."""
    if words[:1] == ["--serve"]:
        return serve(words[1:])
    gk = Path(sys.executable).parent / "gk"
    return subprocess.run([str(gk), *translated(words, os.environ[SERVER])], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
