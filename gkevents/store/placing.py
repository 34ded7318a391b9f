"""A finished file gets its name at the end: written beside it under another name, made lasting, then put in its place.

Whatever goes wrong, or whoever pulls the plug, leaves under the name what was there before, or nothing: never half.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Final

from gkevents.aggregates.refusals import Refusal
from gkevents.store.trouble import StoreTrouble
from gkevents.terms import BEIJING
from gkevents.words import N_

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a file, by the end of its name."""


class FileThere(Refusal):
    """What should be written is there already."""

    code = "file-there"
    template = N_("{file} is there already; nothing was written. Name another file, or replace it with --force.")


class FileOfTheStore(Refusal):
    """What should be written is the store itself, or what lies beside it for the database."""

    code = "file-of-the-store"
    template = N_("{file} belongs to the store itself; nothing was written. Name another file.")


class NoPlainFile(Refusal):
    """Something is there that no file can take the place of."""

    code = "no-plain-file"
    template = N_("{file} is not a plain file; nothing was written. Name another one.")


class FileTrouble(StoreTrouble):
    """A file that cannot be written or read; `detail` is what the system says."""

    code: ClassVar[str] = "file"
    template = N_("{store} cannot be used: {detail}. Nothing was changed.")


class FileNoFolder(FileTrouble):
    """The folder that the file should lie in does not exist."""

    template = N_("{store} cannot be written: there is no folder for it. Make the folder, or name another.")


class FileNoRight(FileTrouble):
    """The file or its folder may not be written, or not be read."""

    template = N_("{store} may not be written or read here ({detail}). Check the rights of the file and its folder.")


class FileFull(FileTrouble):
    """There was no room."""

    template = N_("There is no room for {store}; nothing was left of it. Make room and try again.")


_MEANS: Final = {
    errno.ENOSPC: FileFull,
    errno.EDQUOT: FileFull,
    errno.EFBIG: FileFull,
    errno.EACCES: FileNoRight,
    errno.EPERM: FileNoRight,
    errno.EROFS: FileNoRight,
    errno.ENOENT: FileNoFolder,
    errno.ENOTDIR: FileNoFolder,
}


@contextmanager
def of_file(file: Path | str) -> Iterator[None]:
    """What the system says about a file becomes a trouble that names it."""
    try:
        yield
    except OSError as error:
        kind = _MEANS.get(error.errno or 0, FileTrouble)
        raise kind(str(file), error.strerror or type(error).__name__) from error


@contextmanager
def placed(
    target: Path, *, force: bool, never: Iterable[Path] = (), like: Path | None = None
) -> Iterator[tuple[Path, Path]]:
    """(a new empty file to write to, the name that it gets at the end). Raises a Refusal or FileTrouble.

    A file that is there is replaced with `force` only, one of `never` not even then. `like`: whose rights it gets.
    """
    with of_file(target):
        final = Path(os.path.realpath(target))
        _may_be_written(final, target, force=force, never=never)
        part = new_file_beside(final)
        try:
            if like is not None:
                shutil.copymode(like, part)
            yield part, final
            make_lasting(part)
            give_name(part, final, replace=force)
        finally:
            for end in ("", *BESIDE):
                with suppress(OSError):
                    os.unlink(f"{part}{end}")  # noqa: PTH108 - a name, not a path of ours


def _may_be_written(final: Path, said: Path, *, force: bool, never: Iterable[Path]) -> None:
    for own in never:
        if final == Path(os.path.realpath(own)) or (final.exists() and own.exists() and final.samefile(own)):
            raise FileOfTheStore(file=str(said))
    try:
        found = final.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(found.st_mode):
        raise NoPlainFile(file=str(said))
    if not force:
        raise FileThere(file=str(said))


def new_file_beside(final: Path) -> Path:
    """A new empty file in the same folder, under a name that nobody else has. Raises OSError."""
    part = final.with_name(f".gk-{secrets.token_hex(6)}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return part


def make_lasting(path: Path) -> None:
    """Have the system write a file or folder out to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give_name(part: Path, final: Path, *, replace: bool) -> None:
    """Give a finished file its name. Raises FileThere where somebody else was quicker and it may not be replaced."""
    if replace:
        part.replace(final)
    else:
        try:
            os.link(part, final)
        except FileExistsError as error:
            raise FileThere(file=str(final)) from error
        except OSError:  # a file system without links
            if final.exists():
                raise FileThere(file=str(final)) from None
            part.rename(final)
        else:
            part.unlink()
    make_lasting(final.parent)


def dated(path: Path, what: str, end: str = "") -> Path:
    """A name beside a file that says what it is and the moment (Beijing time); one that nothing has yet."""
    now = dt.datetime.now(BEIJING).strftime("%Y%m%dT%H%M%S")
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        name = path.with_name(f"{path.name}.{what}-{now}{more}{end}")
        if not os.path.lexists(name):
            return name
        number += 1
