"""A folder that keeps files: whole or not at all, never overwritten, whoever meddles with it."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gkevents.evidence import refusals as no
from gkevents.evidence.folder import Folder
from gkevents.evidence.place import Kept, look, place_at, under
from gkevents.store.placing import FileFull, FileNoRight, FileTrouble

CONTENT = b"%PDF-1.4 sample"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "evidence")
    folder.make()
    return folder


def keep(folder: Folder, content: bytes = CONTENT) -> Kept:
    with folder.part() as part:
        part.write_bytes(content)
        return folder.keep(part, hashlib.sha256(content).hexdigest())


def path(folder: Folder, digest: str = DIGEST) -> Path:
    return folder.root / digest[:2] / digest[2:]


def test_a_file_lies_under_its_digest_and_may_only_be_read(folder: Folder) -> None:
    assert keep(folder) == Kept(new=True)
    assert path(folder).read_bytes() == CONTENT
    assert path(folder).stat().st_mode & 0o222 == 0
    assert b"".join(folder.chunks(DIGEST)) == CONTENT
    assert look(folder, DIGEST).state == "whole"
    assert folder.held() == ([DIGEST], [])


def test_the_same_file_is_kept_once(folder: Folder) -> None:
    keep(folder)
    before = path(folder).stat()
    assert keep(folder) == Kept(new=False)
    assert path(folder).stat() == before
    assert folder.held() == ([DIGEST], [])


def test_a_part_that_is_not_kept_leaves_nothing(folder: Folder) -> None:
    with pytest.raises(ValueError, match="broken off"), folder.part() as part:  # noqa: PT012 - the body is the test
        part.write_bytes(CONTENT)
        raise ValueError("broken off")
    assert folder.held() == ([], [])


def test_a_process_killed_while_it_writes_leaves_a_part_that_is_no_evidence(folder: Folder) -> None:
    def die() -> None:
        with folder.part() as part:
            part.write_bytes(CONTENT)
            os.kill(os.getpid(), signal.SIGKILL)

    process = multiprocessing.get_context("fork").Process(target=die)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    held = folder.held()
    assert held.digests == []
    assert [name[-5:] for name in held.others] == [".part"]
    assert keep(folder) == Kept(new=True)


@pytest.mark.parametrize("meddled", ["changed", "cut", "empty", "link", "folder", "pipe"])
def test_a_file_that_somebody_exchanged_is_found_put_aside_and_replaced(folder: Folder, meddled: str) -> None:
    keep(folder)
    there = path(folder)
    there.unlink()
    match meddled:
        case "changed":
            there.write_bytes(CONTENT[::-1])
        case "cut":
            there.write_bytes(CONTENT[:-1])
        case "empty":
            there.touch()
        case "link":
            elsewhere = folder.root.with_name("elsewhere")
            elsewhere.write_bytes(CONTENT)
            there.symlink_to(elsewhere)
        case "folder":
            there.mkdir()
        case _:
            os.mkfifo(there)
    assert look(folder, DIGEST).state == "changed"
    kept = keep(folder)
    assert kept.new
    assert kept.aside is not None
    assert os.path.lexists(kept.aside)
    assert ".changed-" in kept.aside
    assert not there.is_symlink()
    assert (look(folder, DIGEST).state, there.read_bytes()) == ("whole", CONTENT)
    assert keep(folder) == Kept(new=False)


def test_a_file_that_is_gone_is_missing_and_can_be_kept_again(folder: Folder) -> None:
    assert look(folder, DIGEST).state == "missing"
    with pytest.raises(no.FileMissing, match=DIGEST):
        list(folder.chunks(DIGEST))
    keep(folder)
    path(folder).unlink()
    path(folder).parent.rmdir()
    path(folder).parent.write_text("a file where the folder was")
    assert look(folder, DIGEST).state == "missing"
    path(folder).parent.unlink()
    assert keep(folder) == Kept(new=True)


def test_a_file_that_cannot_be_read_is_no_missing_one(folder: Folder) -> None:
    keep(folder)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        assert look(folder, DIGEST) == ("unreadable", "Too many open files")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("digest", ["", "..", "../" * 20, "ab/cd", DIGEST.upper(), DIGEST[:-1], f"{DIGEST}\n"])
def test_only_a_digest_names_a_file(folder: Folder, digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        under(digest)
    with pytest.raises(ValueError, match="not a digest"):
        look(folder, digest)


def test_what_does_not_belong_there_is_named_and_no_link_is_followed(folder: Folder, tmp_path: Path) -> None:
    keep(folder)
    (folder.root / "README").touch()
    (folder.root / "ab").mkdir()
    (folder.root / "ab" / "cd").touch()
    (folder.root / "loop").symlink_to(tmp_path)
    assert folder.held() == ([DIGEST], ["README", "ab/cd", "loop"])


def test_a_folder_that_is_not_there_or_is_a_file_is_said(tmp_path: Path) -> None:
    assert not Folder(tmp_path / "nix").is_there()
    (tmp_path / "file").touch()
    with pytest.raises(no.PlaceIsNoFolder, match="file"):
        Folder(tmp_path / "file").is_there()
    with pytest.raises(FileTrouble):
        Folder(tmp_path / "nix" / "deep").make()
    with pytest.raises(FileTrouble), Folder(tmp_path / "nix").part():
        pass


def test_making_a_folder_that_somebody_made_meanwhile_is_no_trouble(folder: Folder) -> None:
    keep(folder)
    folder.make()
    assert folder.held().digests == [DIGEST]


def test_a_folder_that_may_not_be_written_is_said_and_can_still_be_read(folder: Folder) -> None:
    keep(folder)
    folder.root.parent.chmod(0o755)

    def refused() -> None:
        here = Folder(Path(folder.root.name))
        with as_nobody(folder.root.parent), pytest.raises(FileNoRight, match="Permission denied"), here.part():
            pass
        with as_nobody(folder.root.parent):
            assert look(here, DIGEST).state == "whole"
        os._exit(0)

    folder.root.chmod(0o555)
    assert in_a_process(refused) == 0


def test_a_disk_that_is_full_leaves_nothing(folder: Folder) -> None:
    def refused() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        from gkevents.store.placing import of_file

        with pytest.raises(FileFull, match="File too large"), folder.part() as part, of_file(folder.name):
            part.write_bytes(CONTENT)
        os._exit(0)

    assert in_a_process(refused) == 0
    assert folder.held() == ([], [])


@contextmanager
def as_nobody(inside: Path) -> Iterator[None]:
    """Without an administrator's rights, where the tests have them; the working folder may be entered by anybody."""
    os.chdir(inside)
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def in_a_process(what: object) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=what)  # type: ignore[arg-type]
    process.start()
    process.join()
    return process.exitcode


def test_two_who_keep_the_same_file_at_once_both_find_it_kept(folder: Folder) -> None:
    def one() -> None:
        for number in range(40):
            keep(folder, b"%PDF " + str(number).encode())

    processes = [multiprocessing.get_context("fork").Process(target=one) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    held = folder.held()
    assert (len(held.digests), held.others) == (40, [])
    assert {look(folder, digest).state for digest in held.digests} == {"whole"}


def test_a_place_is_a_folder_unless_it_is_a_url(tmp_path: Path) -> None:
    assert isinstance(place_at("://"), Folder)
    for address in (str(tmp_path), tmp_path.as_uri()):
        place = place_at(address)
        assert isinstance(place, Folder)
        assert place.root == tmp_path
    spaced = place_at((tmp_path / "a b").as_uri())
    assert isinstance(spaced, Folder)
    assert spaced.root == tmp_path / "a b"


def test_a_file_in_the_folder_is_its_own_however_it_is_named(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder.root)
    assert folder.owns(folder.root / "a")
    assert folder.owns(tmp_path / "link" / "ab" / "c")
    assert folder.owns(folder.root / ".." / "evidence" / "x")
    assert not folder.owns(tmp_path / "x")
