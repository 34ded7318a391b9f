"""The page about keeping a store: every command on it is run, in its order, on a file and on a server."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.contract.office import SCRIPT
from tests.servers.postgres import Server

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = ("keeping.md", "keeping.zh-CN.md")
TINY: Final = ROOT / "tests" / "app" / "tiny.yaml"
TOOLS: Final = ("createdb", "pg_dump", "pg_restore")
FACT: Final = '{"ref":"G1","type":"grade","unit":"甲局","item":"T1","effective_on":"2020-11-20","points":"8"}\n'


def blocks(page: str) -> list[str]:
    """The blocks of commands on a page."""
    return re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def shell(tmp_path: Path, postgres: Server) -> dict[str, str]:
    """The environment of a shell that has gk, and a server's tools and address, at hand."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gk").symlink_to(SCRIPT)
    libraries = postgres._environment()["LD_LIBRARY_PATH"]
    for name in TOOLS:
        tool = tools / name
        program = postgres._binaries / name
        tool.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH={libraries} exec {program} "$@"\n', encoding="utf-8")
        tool.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GK_", "PG"))}
    address = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGUSER": "postgres"}
    return {**kept, **address, "PATH": f"{tools}:{kept['PATH']}", "GK_LANG": "en"}


def run(script: str, folder: Path, environment: dict[str, str], *, fed: str = "") -> str:
    ran = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=folder,
        env=environment,
        input=fed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, (script, ran.stdout, ran.stderr)
    return ran.stdout


def test_both_languages_have_the_same_commands() -> None:
    one, other = map(blocks, PAGES)
    assert one == other
    assert len(one) == 7


def test_the_commands_do_what_the_page_says(tmp_path: Path, shell: dict[str, str], postgres: Server) -> None:
    log = "gk log - --scheme tiny-2020 --year 2020"
    run(f"gk init; gk scheme adopt {TINY} --year 2020; {log}", tmp_path, shell, fed=FACT)
    file_store, text_file, server, office, dumps = _parted(blocks(PAGES[0]))
    try:
        assert "each is as it was written" in run(file_store, tmp_path, shell)
        assert "each is as it was written" in run(text_file, tmp_path, shell)
        run(server, tmp_path, shell)
        run(f"{office}gk scheme adopt {TINY} --year 2020\n{log}", tmp_path, shell, fed=FACT)
        assert "each is as it was written" in run(dumps, tmp_path, shell)
        _guarded(postgres, "gk_again")
        scores = [
            run(f"gk --store {url} score --scheme tiny-2020 --year 2020 --json", tmp_path, shell)
            for url in ("sqlite:///gkevents.db", "sqlite:///moved.db", "postgresql:///gk_again")
        ]
        assert scores[0] == scores[1] == scores[2]
        rights = run("gk --store postgresql://gk_office@/gk_again verify", tmp_path, shell)
        assert "each is as it was written" in rights
    finally:
        for name in ("gk", "gk_again"):
            postgres.drop(name)
        with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS gk_office")


def _parted(said: list[str]) -> tuple[str, str, str, str, str]:
    """The blocks by what they are about: a file, its log as text, a server, the office's role there, its dumps."""
    backup, restore, export, move, server, office, dumps = said
    return backup + restore, export + move, server, office, dumps


def _guarded(postgres: Server, database: str) -> None:
    """The guards came through the dump."""
    with psycopg.connect(postgres.dsn(database), autocommit=True) as connection:
        for statement in ("UPDATE events SET body = '{}'", "DELETE FROM events", "TRUNCATE events"):
            with pytest.raises(psycopg.errors.RaiseException, match="answer a wrong fact with another fact"):
                connection.execute(statement.encode())
