"""The files of an issued bulletin in a folder: each of them whole or not at all, and as it was issued or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gkevents import paper
from gkevents.app import Gk
from gkevents.app.files import write_all


class Written(NamedTuple):
    """What came of it.

    `files`: those written now; `otherwise`: names of those that would not come out as they were issued (the program or
    a library is another one now), which are not written: a file under a bulletin's name is the one that was issued.
    """

    files: list[Path]
    otherwise: list[str]


def write_bulletin(gk: Gk, folder: Path, name: str) -> Written:
    """Write the files of a bulletin that do not lie there as they were issued, one after the other.

    Where all of them do, nothing is rendered. Raises NoSuchBulletin, FolderUnusable, StoreTrouble.
    """
    from gkevents.app.bulletins import sha256  # noqa: PLC0415 - a worker may never see a bulletin

    one, written, otherwise = gk.bulletin(name), list[Path](), list[str]()
    digests = {f"{one.form.id}.{kind}": (kind, digest) for kind, digest in one.form.files.items()}
    there = {file for file, (_, digest) in digests.items() if sha256(_held(folder / file)) == digest}
    if len(there) == len(digests):
        return Written(written, otherwise)
    content = one.content
    for file, (kind, digest) in digests.items():
        if file in there:
            continue
        data = paper.render(kind, content)
        if sha256(data) == digest:
            written += write_all(folder, {file: data})
        else:
            otherwise.append(file)
    return Written(written, otherwise)


def _held(file: Path) -> bytes:
    """What a file holds; nothing where it cannot be read, as where there is none: then it is written."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
