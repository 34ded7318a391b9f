"""A file that somebody gives is read with care."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gkevents.aggregates.refusals import Refusal
from gkevents.evidence import refusals as no
from gkevents.evidence.taking import CHUNK, SIZE_MAX, copied
from tests.evidence import samples


class Meddler(io.BytesIO):
    """Takes a copy, and does something to the original once the first bytes have come."""

    def __init__(self, file: Path, new: bytes, *, mode: str = "ab") -> None:
        super().__init__()
        self.file, self.new, self.how = file, new, mode

    def write(self, content: object, /) -> int:
        with self.file.open(self.how) as file:
            file.write(self.new)
        os.utime(self.file, ns=(1, 1))
        return super().write(content)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.pdf").write_bytes(samples.PDF)
    return tmp_path / "a.pdf"


def refused(file: Path, kind: type[Refusal], *, into: io.BytesIO | None = None, most: int = SIZE_MAX) -> str:
    with pytest.raises(kind) as found:
        copied(file, into if into is not None else io.BytesIO(), most=most)
    return str(found.value)


def test_a_file_is_copied_and_its_digest_worked_out(file: Path) -> None:
    content = os.urandom(3 * CHUNK + 17)
    file.write_bytes(content)
    into = io.BytesIO()
    assert copied(file, into) == (hashlib.sha256(content).hexdigest(), len(content))
    assert into.getvalue() == content


def test_what_is_not_there_is_refused(file: Path) -> None:
    for name in ("nix.pdf", "a.pdf/b.pdf", "a\0b.pdf"):
        assert "nothing was stored" in refused(file.parent / name, no.NoSuchFile)
    refused(file.with_name("x" * 300), no.FileUnreadable)


def test_what_is_no_plain_file_is_refused_and_never_waited_for(tmp_path: Path, file: Path) -> None:
    (tmp_path / "l.pdf").symlink_to(file)
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nix")
    os.mkfifo(tmp_path / "p.pdf")
    assert "is a folder, not a file" in refused(tmp_path, no.NotAFile)
    for name in ("l.pdf", "gone.pdf"):
        assert "is a link to another file" in refused(tmp_path / name, no.NotAFile)
    assert "a pipe, a device" in refused(tmp_path / "p.pdf", no.NotAFile)
    assert "a pipe, a device" in refused(Path("/dev/zero"), no.NotAFile)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "s.pdf"))
        refused(tmp_path / "s.pdf", no.NotAFile)


def test_an_empty_file_is_refused(file: Path) -> None:
    file.write_bytes(b"")
    assert "is empty" in refused(file, no.FileEmpty)


def test_a_file_that_is_too_large_is_refused_before_a_byte_of_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as made:
        made.truncate(1 << 40)
    into = io.BytesIO()
    assert "1099512 MB, and evidence may have 50 MB" in refused(huge, no.FileTooLarge, into=into)
    assert into.getvalue() == b""


def test_a_file_as_large_as_allowed_is_taken_and_one_byte_more_is_not(file: Path) -> None:
    size = file.stat().st_size
    assert copied(file, io.BytesIO(), most=size).size == size
    refused(file, no.FileTooLarge, most=size - 1)


@pytest.mark.parametrize(("new", "mode"), [(b"more", "ab"), (b"", "wb"), (samples.PDF[::-1], "r+b")])
def test_a_file_that_is_written_to_meanwhile_is_refused(file: Path, new: bytes, mode: str) -> None:
    assert "changed while it was read" in refused(file, no.FileChanging, into=Meddler(file, new, mode=mode))


def test_a_file_that_may_not_be_read_is_refused(file: Path) -> None:
    with few_files_open(), pytest.raises(no.FileUnreadable, match="cannot be read: Too many open files"):
        copied(file, io.BytesIO())


@contextmanager
def few_files_open() -> Iterator[None]:
    """The system gives no file any more: the one way to be refused that also holds for the administrator."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
