"""A place elsewhere, reached by fsspec: here its memory."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from gkevents.evidence import refusals as no
from gkevents.evidence.place import Kept, Place, look, place_at

CONTENT = b"%PDF-1.4 sample"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
STORED = f"/evidence/2020/{DIGEST[:2]}/{DIGEST[2:]}"


@pytest.fixture
def memory() -> Iterator[Any]:
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    yield memory
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]


@pytest.fixture
def place(memory: Any) -> Place:  # noqa: ANN401 - a library without types
    assert memory is not None
    place = place_at("memory://evidence/2020")
    assert place.is_there()
    place.make()
    return place


def keep(place: Place) -> Kept:
    with place.part() as part:
        part.write_bytes(CONTENT)
        kept = place.keep(part, DIGEST)
    assert not part.exists()
    return kept


def test_a_file_lies_under_its_digest(place: Place, memory: Any) -> None:  # noqa: ANN401
    assert place.held() == ([], [])
    assert look(place, DIGEST).state == "missing"
    assert keep(place) == Kept(new=True)
    assert memory.cat(STORED) == CONTENT
    assert (look(place, DIGEST).state, place.held()) == ("whole", ([DIGEST], []))
    assert b"".join(place.chunks(DIGEST)) == CONTENT
    assert keep(place) == Kept(new=False)
    assert not place.owns(Path(STORED))


def test_a_file_that_was_changed_is_put_aside_and_replaced(place: Place, memory: Any) -> None:  # noqa: ANN401
    keep(place)
    memory.pipe(STORED, b"other")
    assert look(place, DIGEST).state == "changed"
    kept = keep(place)
    assert kept.aside is not None
    assert memory.cat(kept.aside) == b"other"
    assert look(place, DIGEST).state == "whole"
    [other] = place.held().others
    assert ".changed-" in other


def test_a_file_that_is_gone_is_missing(place: Place, memory: Any) -> None:  # noqa: ANN401
    keep(place)
    memory.rm(STORED)
    assert look(place, DIGEST).state == "missing"
    with pytest.raises(no.FileMissing):
        list(place.chunks(DIGEST))


def test_a_place_that_answers_with_an_error_is_a_sentence(
    place: Place, memory: Any, monkeypatch: pytest.MonkeyPatch  # noqa: ANN401
) -> None:  # fmt: skip
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the other side hung up\nand more")

    monkeypatch.setattr(type(memory), "open", broken)
    assert look(place, DIGEST) == ("unreadable", "the other side hung up")
    with pytest.raises(no.PlaceTrouble, match="hung up"):
        keep(place)


def test_what_did_not_arrive_as_it_was_sent_is_said(
    place: Place, memory: Any, monkeypatch: pytest.MonkeyPatch  # noqa: ANN401
) -> None:  # fmt: skip
    monkeypatch.setattr(type(memory), "put_file", lambda self, _, there: self.pipe(there, b"half"))
    with pytest.raises(no.StoredBadly, match=DIGEST):
        keep(place)
    assert look(place, DIGEST).state == "missing"


def test_without_fsspec_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(no.NeedsFsspec) as refused:
        place_at("s3://evidence")
    assert 'pip install "gkevents[remote]"' in str(refused.value)


@pytest.mark.parametrize("url", ["nonsense://x", "s3://evidence"])
def test_a_url_that_nothing_reaches_is_refused(url: str) -> None:
    with pytest.raises(no.PlaceUnknown, match="Check --evidence or GK_EVIDENCE"):
        place_at(url)


def test_no_password_is_shown() -> None:
    with pytest.raises(no.PlaceUnknown) as refused:
        place_at("nonsense://clerk:hunter2@host/hunter2")
    assert "hunter2" not in str(refused.value)
    assert "clerk:***@host" in str(refused.value)
