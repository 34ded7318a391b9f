"""A folder of this machine that keeps files under their digests.

A file is written beside its place, made lasting, then linked under its name: whatever goes wrong, and whoever pulls the
plug, leaves it whole or not there. Nothing is overwritten or deleted; one that somebody changed is put aside.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gkevents.evidence import refusals as no
from gkevents.evidence.place import WHOLE, Held, Kept, look, sorted_out, under
from gkevents.evidence.taking import CHUNK, READING
from gkevents.store.placing import FileThere, dated, give_name, make_lasting, new_file_beside, of_file


class Folder:
    """A place in a folder. Nothing is opened or made until it is asked for."""

    def __init__(self, root: Path) -> None:
        """Know the folder."""
        self.root = root

    @property
    def name(self) -> str:
        """The folder as it was named."""
        return str(self.root)

    def is_there(self) -> bool:
        """Whether there is such a folder. Raises PlaceIsNoFolder where it is something else."""
        with of_file(self.root):
            try:
                found = self.root.stat()
            except FileNotFoundError:
                return False
            if not stat.S_ISDIR(found.st_mode):
                raise no.PlaceIsNoFolder(self.name)
        return True

    def make(self) -> None:
        """Make the folder; what it shall lie in must be there."""
        with of_file(self.root):
            with suppress(FileExistsError):
                self.root.mkdir()
            make_lasting(self.root.parent)

    @contextmanager
    def part(self) -> Iterator[Path]:
        """A new empty file in the folder."""
        with of_file(self.root):
            part = new_file_beside(self.root / "part")
        try:
            yield part
        finally:
            with suppress(OSError):
                part.unlink()

    def keep(self, part: Path, digest: str) -> Kept:
        """Put a finished file of this folder under its digest; nobody may write to it from here on."""
        final = self._at(digest)
        with of_file(self.root):
            part.chmod(stat.S_IMODE(part.stat().st_mode) & 0o444)
            make_lasting(part)
            with suppress(FileExistsError):
                final.parent.mkdir()
                make_lasting(self.root)
            try:
                give_name(part, final, replace=False)
            except FileThere:
                return (
                    Kept(new=False)
                    if look(self, digest).state == WHOLE
                    else Kept(new=True, aside=self._exchange(part, final))
                )
        return Kept(new=True)

    def _exchange(self, part: Path, final: Path) -> str:
        """Put the right file in the place of one that is not; where that one lies now.

        The name always leads to one or the other: a reader that comes in between finds no gap.
        """
        aside = dated(final, "changed")
        try:
            os.link(final, aside, follow_symlinks=False)
        except OSError:  # a folder, or a file system without links
            final.rename(aside)
        give_name(part, final, replace=True)
        return str(aside)

    def chunks(self, digest: str) -> Iterator[bytes]:
        """A file's bytes. Raises FileMissing, FileChanged or FileLost."""
        try:
            with self._opened(digest) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (FileNotFoundError, NotADirectoryError) as error:
            raise no.FileMissing(self.name, digest) from error
        except _NoPlainFile as error:
            raise no.FileChanged(self.name, digest) from error
        except OSError as error:
            raise no.FileLost(self.name, error.strerror or type(error).__name__) from error

    def _opened(self, digest: str) -> BinaryIO:
        """A plain file under its digest: no link, no pipe that somebody put there."""
        path = self._at(digest)
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _NoPlainFile
        try:
            file = open(os.open(path, READING), "rb", buffering=0)  # noqa: PTH123, SIM115 - given to whoever asked
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _NoPlainFile from error
            raise
        return file

    def held(self) -> Held:
        """All that lies in the folder."""
        with of_file(self.root):
            return sorted_out(_below(self.root))

    def owns(self, target: Path) -> bool:
        """Whether a file lies in the folder, by whichever way it is named."""
        return Path(os.path.realpath(target)).is_relative_to(os.path.realpath(self.root))

    def _at(self, digest: str) -> Path:
        return self.root / under(digest)


class _NoPlainFile(Exception):
    """Something else than a file lies under a digest."""


def _below(root: Path) -> Iterator[str]:
    """The names of everything below a folder that is no folder itself; no link is followed."""

    def fail(error: OSError) -> None:
        raise error

    for folder, folders, files in os.walk(root, onerror=fail):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in (*files, *links):
            yield (Path(folder) / name).relative_to(root).as_posix()
