"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from gkevents.aggregates.refusals import Refusal
from gkevents.words import N_


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
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


class FolderUnusable(Refusal):  # noqa: D101 - its sentence says it
    code = "folder-unusable"
    template = N_("The files cannot be written into {folder}: {reason}. Name another folder.")


def check_folder(folder: Path) -> None:
    """Make a folder where there is none, and see that a file can be written there. Raises FolderUnusable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(prefix=".gk-", dir=folder) as probe:
            probe.write(b"\0" * PROBE)
            probe.flush()
    except OSError as error:
        raise _unusable(folder, error) from error


PROBE: Final = 1 << 20
"""So many bytes must fit where files are to be written."""


def _unusable(folder: Path, error: OSError) -> FolderUnusable:
    return FolderUnusable(folder=folder, reason=error.strerror or type(error).__name__)


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, by name; it is made where there is none. Raises FolderUnusable.

    A file that lies there already with the same bytes is left alone, another one of that name replaced.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            file = folder / name
            written.append(file)
            if file.is_file() and file.read_bytes() == data:
                continue
            with replacing(file) as new:
                new.write(data)
    except OSError as error:
        raise _unusable(folder, error) from error
    return written
