"""What a file is by its bytes, whatever it is called."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from gkevents.evidence import kinds
from gkevents.evidence.kinds import KEPT, Kind, kind_of
from gkevents.evidence.naming import check_ending
from gkevents.evidence.refusals import KindNotKept, KindUnknown, NameDisagrees
from tests.evidence import samples

KEPT_KINDS = [
    (samples.PDF, kinds.PDF),
    (samples.PNG, kinds.PNG),
    (samples.JPEG, kinds.JPEG),
    (samples.GIF, kinds.GIF),
    (samples.TIFF, kinds.TIFF),
    (samples.MP4, kinds.MP4),
    (samples.docx(), kinds.DOCX),
    (samples.xlsx(), kinds.XLSX),
    (samples.ofd(), kinds.OFD),
    (samples.compound("WordDocument", "1Table"), kinds.DOC),
    (samples.compound("Workbook"), kinds.XLS),
    (samples.compound("Book"), kinds.XLS),
    (samples.TEXT, kinds.TEXT),
    (b"\xef\xbb\xbf" + samples.TEXT, kinds.TEXT),
    (samples.NATIONAL, kinds.TEXT),
]


def kind(content: bytes) -> Kind:
    return kind_of(io.BytesIO(content), name="样本")


@pytest.mark.parametrize(
    ("content", "wanted"), KEPT_KINDS, ids=lambda each: each.media if isinstance(each, Kind) else ""
)
def test_a_file_is_what_its_bytes_say(content: bytes, wanted: Kind) -> None:
    assert kind(content) == wanted


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (samples.PROGRAM, "a program (exe)"),
        (samples.ELF, "a program (elf)"),
        (samples.RAR, "an archive (rar)"),
        (samples.archive("通知.pdf"), "an archive (zip)"),
        (samples.archive("word/document.xml"), "an archive (zip)"),
        (samples.docx("word/vbaProject.bin"), "a document with macros"),
        (samples.xlsx("xl/vbaProject.bin"), "a document with macros"),
        (samples.docx()[:-30], "an archive (zip)"),
        (samples.compound("EncryptionInfo", "EncryptedPackage"), "a document locked with a password"),
        (samples.compound("PowerPoint Document"), "of a program whose files are not known here"),
        (samples.compound("ObjectPool", deep="Workbook"), "of a program whose files are not known here"),
        (samples.compound("WordDocument")[:700], "of a program whose files are not known here"),
        (b"8BPS" + bytes(60), "psd"),
    ],
)
def test_what_is_not_kept_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(KindNotKept) as refused:
        kind(content)
    assert f"样本 is {said} by its bytes" in str(refused.value)
    assert KEPT in str(refused.value)


@pytest.mark.parametrize("content", [b"\0", b"\0" * 100, b"abc\0def", b"\x1b[2Jabc", b"\xff\xfea\0b\0", b"\x80"])
def test_bytes_that_are_neither_text_nor_known_are_refused(content: bytes) -> None:
    with pytest.raises(KindUnknown, match="of no kind known here"):
        kind(content)


def test_a_document_counts_by_what_lies_at_its_top_not_by_what_is_embedded() -> None:
    assert kind(samples.compound("WordDocument", "1Table", "Data", "SummaryInformation", deep="Workbook")) == kinds.DOC


def test_a_document_of_the_older_office_may_be_large() -> None:
    assert kind(samples.large_compound("Workbook")) == kinds.XLS


def test_a_directory_that_leads_back_to_itself_ends() -> None:
    looped = bytearray(samples.compound("PowerPoint Document"))
    looped[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")
    with pytest.raises(KindNotKept):
        kind(bytes(looped))


def test_a_list_of_contents_made_to_fill_the_memory_is_not_read() -> None:
    packed = samples.docx()
    end = packed.rfind(b"PK\x05\x06")
    with pytest.raises(KindNotKept, match="an archive"):
        kind(packed[: end + 12] + (4_000_001).to_bytes(4, "little") + packed[end + 16 :])


def test_a_real_table_is_known(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "台账.xlsx") as book:
        book.add_worksheet().write(0, 0, "样本")
    with (tmp_path / "台账.xlsx").open("rb") as file:
        assert kind_of(file, name="台账.xlsx") == kinds.XLSX


def test_a_character_may_lie_across_two_readings() -> None:
    assert kind(b"a" + "样".encode() * 50_000) == kinds.TEXT
    assert kind(b"a" + "样".encode("gb18030") * 50_000) == kinds.TEXT
    with pytest.raises(KindUnknown):
        kind("样".encode() * 50_000 + b"\0")
    with pytest.raises(KindUnknown):
        kind(("样" * 50_000).encode() + b"\xff\xff")


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "通知.exe.pdf"])
def test_an_ending_that_agrees_is_taken(name: str) -> None:
    check_ending(name, kinds.PDF, file="x")


@pytest.mark.parametrize("name", ["a.png", "pdf", "a", "a.pdf.exe", "a.", "a.pdf "])
def test_an_ending_that_disagrees_or_is_missing_is_refused(name: str) -> None:
    with pytest.raises(NameDisagrees, match="but is pdf by its bytes"):
        check_ending(name, kinds.PDF, file="x")


@given(st.sampled_from([content for content, _ in KEPT_KINDS]), st.integers(0, 2**32), st.integers(1, 40))
def test_damaged_bytes_are_some_kind_or_refused(content: bytes, dice: int, changes: int) -> None:
    random_one, damaged = random.Random(dice), bytearray(content)
    for _ in range(changes):
        damaged[random_one.randrange(len(damaged))] = random_one.randrange(256)
    del damaged[random_one.randrange(1, len(damaged) + 1) :]
    found: Kind | None = None
    with suppress(KindNotKept, KindUnknown):
        found = kind(bytes(damaged))
    assert found is None or found in kinds.KINDS
