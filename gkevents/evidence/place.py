"""Where files lie, each under its digest: what every such place can do, and which one an address means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from gkevents.evidence.refusals import FileChanged, FileMissing
from gkevents.store.trouble import StoreTrouble
from gkevents.words import Message

WHOLE: Final = "whole"
MISSING: Final = "missing"
CHANGED: Final = "changed"
UNREADABLE: Final = "unreadable"


class State(NamedTuple):
    """How a file is found: as it was put there, or not, and what the system says of one that cannot be read."""

    state: Literal["whole", "missing", "changed", "unreadable"]
    detail: str | Message = ""


class Kept(NamedTuple):
    """What became of a file: whether it is new there, and where the one lies that had taken its place, if one had."""

    new: bool
    aside: str | None = None


class Held(NamedTuple):
    """Everything in a place: the digests that files lie under, and the names of whatever else is there."""

    digests: list[str]
    others: list[str]


class Place(Protocol):
    """A place for files. Whatever is wrong with it is raised as StoreTrouble or Refusal."""

    @property
    def name(self) -> str:
        """What it is called in sentences; no password is in it."""

    def is_there(self) -> bool:
        """Whether there is such a place."""

    def make(self) -> None:
        """Make it where it is not there."""

    def part(self) -> AbstractContextManager[Path]:
        """A new empty file to write to, gone at the end unless it was kept."""

    def keep(self, part: Path, digest: str) -> Kept:
        """Put a finished file under its digest, lasting; one that is there already is left, if it is right."""

    def chunks(self, digest: str) -> Iterator[bytes]:
        """A file's bytes as they lie there. Raises FileMissing, FileChanged (no plain file) or another trouble."""

    def held(self) -> Held:
        """All that lies there."""

    def owns(self, target: Path) -> bool:
        """Whether a file of this machine lies in it."""


DIGEST: Final = re.compile("[0-9a-f]{64}")
_URL: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:(//|:)")
_STORED: Final = re.compile("[0-9a-f]{2}/[0-9a-f]{62}")


def under(digest: str) -> str:
    """Where a file lies: ab/cdef…, so that no folder gets too full for a person to list."""
    if not DIGEST.fullmatch(digest):
        msg = "not a digest"
        raise ValueError(msg)
    return f"{digest[:2]}/{digest[2:]}"


def sorted_out(names: Iterator[str]) -> Held:
    """Names below a place, told apart."""
    found = Held([], [])
    for name in sorted(names):
        if _STORED.fullmatch(name):
            found.digests.append(name.replace("/", ""))
        else:
            found.others.append(name)
    return found


def look(place: Place, digest: str) -> State:
    """Read a file and hold it against its digest."""
    try:
        return State(WHOLE if digest_of(place.chunks(digest)) == digest else CHANGED)
    except FileMissing:
        return State(MISSING)
    except FileChanged:
        return State(CHANGED)
    except StoreTrouble as trouble:
        return State(UNREADABLE, trouble.message.values["detail"])


def digest_of(chunks: Iterable[bytes], into: BinaryIO | None = None) -> str:
    """The SHA-256 of what comes, copied meanwhile where that is wanted."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk)
        if into is not None:
            into.write(chunk)
    return sha.hexdigest()


def place_at(address: str) -> Place:
    """The place that a folder's name or a URL means. Raises NeedsFsspec or PlaceUnknown."""
    from gkevents.evidence.folder import Folder  # noqa: PLC0415 - the folder knows this module

    if not _URL.match(address):
        return Folder(Path(address))
    if urlsplit(address).scheme == "file":
        return Folder(Path(unquote(urlsplit(address).path)))
    from gkevents.evidence.remote import Remote  # noqa: PLC0415 - the same

    return Remote(address)
