"""The figures of a quarter as a file: written whole or not at all, and the same bytes every time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from gkevents.app import Gk
from gkevents.app.working import Quarter, figures


def figures_file(folder: Path, asked: Quarter) -> Path:
    """The file of a quarter's figures, told from ids only."""
    return folder / f"{quote(asked.scheme, safe='')}-{asked.year}-Q{asked.quarter}-{asked.position}.json"


def write_figures(gk: Gk, folder: Path, asked: Quarter) -> Path:
    """Write a quarter's figures. Raises what `figures` does, and OSError."""
    answer = figures(gk, asked)
    folder.mkdir(parents=True, exist_ok=True)
    file = figures_file(folder, asked)
    with _replacing(file) as new:
        new.write((json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode())
    return file


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    """A new file beside one, which takes its place once it lies on the disk; nothing is left where it does not."""
    with tempfile.NamedTemporaryFile(prefix=".gk-", dir=file.parent, delete=False) as new:
        try:
            yield new
            new.flush()
            os.fchmod(new.fileno(), 0o644)
            os.fsync(new.fileno())
            Path(new.name).replace(file)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
