"""A place elsewhere, by a URL that fsspec understands: an object store, another machine, memory.

fsspec is an extra, and the only module that knows it is this one. Such places have no links and no fsync: a file is
sent under another name, read back and held against its digest, then given its name.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from gkevents.evidence import refusals as no
from gkevents.evidence.place import CHANGED, UNREADABLE, WHOLE, Held, Kept, digest_of, look, sorted_out, under
from gkevents.evidence.taking import CHUNK
from gkevents.store.placing import of_file
from gkevents.store.trouble import StoreTrouble

_DETAIL_MAX: Final = 200


class Remote:
    """A place by its URL. Every error of whatever library reaches it leaves as a StoreTrouble."""

    def __init__(self, url: str) -> None:
        """Know the URL and what reaches it. Raises NeedsFsspec or PlaceUnknown; nothing is asked there yet."""
        self._secret = urlsplit(url).password or ""
        self.name = self._clean(url)
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise no.NeedsFsspec(place=self.name) from error
        try:
            self._fs, self._root = cast("tuple[Any, str]", url_to_fs(url))
        except Exception as error:  # whatever the library of that place raises
            raise no.PlaceUnknown(place=self.name, detail=self._said(error)) from error

    def _clean(self, text: str) -> str:
        return text.replace(f":{self._secret}@", ":***@").replace(self._secret, "***") if self._secret else text

    def _said(self, error: Exception) -> str:
        """What a library says, without the password."""
        line = next(iter(str(error).splitlines()), "")[:_DETAIL_MAX]
        return self._clean(line) or type(error).__name__

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except StoreTrouble:
            raise
        except Exception as error:  # whatever the library of that place raises
            raise no.PlaceTrouble(self.name, self._said(error)) from error

    def is_there(self) -> bool:
        """Whether it answers; an empty place has no folder of its own everywhere."""
        with self._asking():
            self._fs.exists(self._root)
        return True

    def make(self) -> None:
        """There is nothing to make: folders come with their files."""

    @contextmanager
    def part(self) -> Iterator[Path]:
        """A new empty file on this machine."""
        with of_file(tempfile.gettempdir()):
            descriptor, name = tempfile.mkstemp(prefix="gk-", suffix=".part")
            os.close(descriptor)
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                Path(name).unlink()

    def keep(self, part: Path, digest: str) -> Kept:
        """Send a finished file, see that it arrived, and give it its name."""
        final, aside = self._at(digest), None
        state = look(self, digest)
        if state.state == WHOLE:
            return Kept(new=False)
        if state.state == UNREADABLE:
            raise no.PlaceTrouble(self.name, state.detail)
        sent = f"{final}.{secrets.token_hex(6)}.part"
        with self._asking():
            self._fs.makedirs(final.rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(part), sent)
            if digest_of(self._read(sent)) != digest:
                raise no.StoredBadly(self.name, digest)
            if state.state == CHANGED:
                aside = f"{final}.changed-{secrets.token_hex(6)}"
                self._fs.mv(final, aside)
            self._fs.mv(sent, final)
        return Kept(new=True, aside=aside)

    def chunks(self, digest: str) -> Iterator[bytes]:
        """A file's bytes. Raises FileMissing or PlaceTrouble."""
        try:
            with self._asking():
                self._fs.invalidate_cache()
                yield from self._read(self._at(digest))
        except no.PlaceTrouble as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise no.FileMissing(self.name, digest) from error
            raise

    def _read(self, path: str) -> Iterator[bytes]:
        with self._fs.open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def held(self) -> Held:
        """All that lies there."""
        with self._asking():
            self._fs.invalidate_cache()
            before = f"{self._root.rstrip('/')}/"
            try:
                names: list[str] = self._fs.find(self._root)
            except FileNotFoundError:
                names = []
            return sorted_out(name.removeprefix(before) for name in names)

    def owns(self, target: Path) -> bool:  # noqa: ARG002 - no file of this machine does
        """Never: it is elsewhere."""
        return False

    def _at(self, digest: str) -> str:
        return f"{self._root.rstrip('/')}/{under(digest)}"
