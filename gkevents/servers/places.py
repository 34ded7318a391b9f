"""Where a trial lies: its folder, which one process has at a time, and the folder of its sockets.

A socket's path may have some hundred bytes, and not every file system can hold one. So sockets lie among the system's
temporary files, in a folder that has the same name whenever the same trial is started: the URL of its store stays.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gkevents.servers.trouble import AlreadyUp, NoPlace, NotOurs

_PATH_MAX: Final = 70
"""Bytes of a path behind which a socket's name still has room (sun_path holds 104 on the systems with the least)."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a trial's folder, made where it is not there, for oneself. Raises NoPlace, AlreadyUp."""
    try:
        if not folder.exists():
            # where servers run as another user, that one must be able to go through; their own folders are closed
            folder.mkdir(0o711 if os.geteuid() == 0 else 0o700, parents=True)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise NoPlace(folder=str(folder), detail=error.strerror or type(error).__name__) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise NoPlace(folder=str(folder), detail=error.strerror or type(error).__name__) from error
            lock.seek(0)
            raise AlreadyUp(folder=str(folder), pid=lock.read().strip() or "?") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


@contextmanager
def sockets_of(folder: Path, *, user: int | None) -> Iterator[Path]:
    """The folder of a trial's sockets, for its servers' user and us alone; gone at the end. Raises NotOurs, NoPlace."""
    place = _place(folder)
    try:
        place.mkdir(0o700)
    except FileExistsError:
        if not _is_closed(place, os.geteuid() if user is None else user):
            raise NotOurs(folder=str(place)) from None
    except OSError as error:
        raise NoPlace(folder=str(place), detail=error.strerror or type(error).__name__) from error
    if user is not None:
        os.chown(place, user, -1)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _place(folder: Path) -> Path:
    name = f"gk-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]}"
    usual = Path(tempfile.gettempdir()).resolve() / name
    return usual if len(os.fsencode(usual)) <= _PATH_MAX else Path("/tmp") / name  # noqa: S108 - closed to others


def _is_closed(place: Path, user: int) -> bool:
    """Whether a path is a folder that is ours or our servers', and nobody else may look into it."""
    found = place.lstat()
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid in (os.geteuid(), user)
        and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
