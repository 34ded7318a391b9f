"""A file given by somebody is read: a plain file with something in it, not too large, unchanged while it was read.

It is looked at before it is opened, since opening a pipe waits and opening a device may do anything; and again once it
is open, since another may have taken its name in between.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from gkevents.evidence import refusals as no
from gkevents.words import Message

MB: Final = 1_000_000
SIZE_MAX: Final = 50 * MB
"""How large a file may be where nothing else is said: a scanned document or some minutes of video."""
CHUNK: Final = 1 << 20


class Taken(NamedTuple):
    """What a file's bytes are: their SHA-256, and how many."""

    digest: str
    size: int


def copied(file: Path, into: BinaryIO, *, most: int = SIZE_MAX) -> Taken:
    """Copy a file's bytes, of which there may be at most so many. Raises the refusal that says why not."""
    descriptor = _opened(file)
    with open(descriptor, "rb", buffering=0) as source:  # noqa: PTH123 - a descriptor, opened with care
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise no.NotAFile(file=no.shown(file), what=_kind(before.st_mode))
        _check_size(file, before.st_size, most)
        sha, size = hashlib.sha256(), 0
        while chunk := _read(file, source):
            size += len(chunk)
            if size > before.st_size:
                raise no.FileChanging(file=no.shown(file))
            sha.update(chunk)
            into.write(chunk)
        if size != before.st_size or _seen(os.fstat(descriptor)) != _seen(before):
            raise no.FileChanging(file=no.shown(file))
    return Taken(sha.hexdigest(), size)


def _opened(file: Path) -> int:
    """A descriptor of a plain file, never of what a link leads to."""
    try:
        found = os.lstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise no.NotAFile(file=no.shown(file), what=_kind(found.st_mode))
        return os.open(file, READING)
    except ValueError as error:  # a NUL in the name
        raise no.NoSuchFile(file=no.shown(file)) from error
    except OSError as error:
        raise _refused(file, error) from error


READING: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened that somebody may have exchanged for a link or a pipe."""


def _refused(file: Path, error: OSError) -> Exception:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return no.NoSuchFile(file=no.shown(file))
    if error.errno == errno.ELOOP:
        return no.NotAFile(file=no.shown(file), what=no.LINK)
    return no.FileUnreadable(file=no.shown(file), why=error.strerror or type(error).__name__)


def _kind(mode: int) -> Message:
    if stat.S_ISLNK(mode):
        return no.LINK
    return no.FOLDER if stat.S_ISDIR(mode) else no.OTHER


def _check_size(file: Path, size: int, most: int) -> None:
    if size == 0:
        raise no.FileEmpty(file=no.shown(file))
    if size > most:
        raise no.FileTooLarge(file=no.shown(file), size=-(-size // MB), most=most // MB)


def _read(file: Path, source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise no.FileUnreadable(file=no.shown(file), why=error.strerror or type(error).__name__) from error


def _seen(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns
