"""A command in this process, with a store of its own."""

import io
import sys
from pathlib import Path

import pytest

from cli import main
from tests.cli.said import Run, Said


@pytest.fixture
def gk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs gk in English on a store in a temporary folder; `stdin` is what it reads there."""
    for name in ("GK_LANG", "GK_STORE", "GK_EVIDENCE", "GK_DEBUG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | bytes = b"", lang: str = "en") -> Said:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
        capsys.readouterr()
        status = main.run("--lang", lang, *arguments)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def hebei(gk: Run) -> Run:
    """A store with a simulated clock that has adopted Hebei 2018."""
    assert gk("init", "--simulated-clock").status == 0
    assert gk("--now", "2018-01-01T07:00:00+08:00", "scheme", "adopt", "hebei-stats-2018", "--year", "2018").status == 0
    return gk
