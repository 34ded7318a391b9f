"""The files of many papers in one folder: each paper under a name of its own, which every system takes.

Where a paper's name is not its id to the letter, it ends in a piece of the id's digest: it is the same whichever papers
are written beside it, and no other paper's.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from gkevents import paper
from gkevents.aggregates.refusals import Refusal
from gkevents.app.files import FolderUnusable, write_all
from gkevents.reports.document import Content
from gkevents.words import N_

BYTES_MOST: Final = 190
"""So long a name may be; with its ending it stays below 200 bytes, and a system takes 255."""
_TAIL: Final = 10
_NEVER: Final = frozenset('/\\:*?"<>|')


class FilesLeft(Refusal):  # noqa: D101 - its sentence says it
    code = "files-left"
    template = N_(
        "{why} {count} files had been written before, and lie there; those of {id} and of whatever follows are not all "
        "there. Do it again to have them all."
    )


def write_papers(folder: Path, contents: Iterable[Content], kinds: Sequence[str]) -> list[Path]:
    """Write the files of papers, one paper after the other. Raises FolderUnusable, FilesLeft where some are written."""
    written: list[Path] = []
    taken: set[str] = set()
    for content in contents:
        name = file_name(content["id"], taken)
        taken.add(_alike(name))
        try:
            written += write_all(folder, {f"{name}.{kind}": paper.render(kind, content) for kind in kinds})
        except FolderUnusable as error:
            if not written:
                raise
            raise FilesLeft(why=error.message, count=len(written), id=content["id"]) from error
    return written


def file_name(name: str, taken: Iterable[str] = ()) -> str:
    """What a paper's files are called; `taken`: how others are called already, whatever their capitals."""
    plain = "".join("_" if one in _NEVER or unicodedata.category(one)[0] == "C" else one for one in name)
    if plain == name and len(name.encode()) <= BYTES_MOST and _alike(name) not in taken:
        return name
    tail = hashlib.sha256(name.encode()).hexdigest()[:_TAIL]
    kept = plain.encode()[: BYTES_MOST - _TAIL - 1].decode(errors="ignore")
    return f"{kept}-{tail}"


def _alike(name: str) -> str:
    """What two names have in common that some system takes for one."""
    return unicodedata.normalize("NFC", name.casefold())
