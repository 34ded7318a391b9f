"""Small files of every kind, made here, and the bytes of what is not kept."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Final

PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"
JPEG: Final = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
GIF: Final = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff;"
TIFF: Final = b"II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0"
MP4: Final = b"\0\0\0\x18ftypisom\0\0\x02\0isommp41" + b"\0\0\0\x08free" + b"\0" * 32
TEXT: Final = "序号,单位,事项\n1,甲镇,样本\n".encode()
NATIONAL: Final = "序号，单位，事项\r\n1，乙局，样本㐀\r\n".encode("gb18030")

PROGRAM: Final = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 64
ELF: Final = b"\x7fELF\x02\x01\x01" + b"\0" * 64
RAR: Final = b"Rar!\x1a\x07\x01\0" + b"\0" * 32

FREE: Final = 0xFFFFFFFF
END: Final = 0xFFFFFFFE
SECTOR: Final = 512


def archive(*names: str, remark: bytes = b"") -> bytes:
    """A packed file with some files in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, f"<{name}/>")
        packed.comment = remark
    return made.getvalue()


def docx(*more: str) -> bytes:
    """A text document of today's Office."""
    return archive("[Content_Types].xml", "_rels/.rels", "word/document.xml", *more)


def xlsx(*more: str) -> bytes:
    """A table of today's Office."""
    return archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", *more)


def ofd() -> bytes:
    """A document in the national page format."""
    return archive("OFD.xml", "Doc_0/Document.xml")


def compound(*names: str, deep: str = "") -> bytes:
    """A file of the older Office with some names at its top, and one in a folder of the first of them."""
    entries = [_entry("Root Entry", 5, child=1)]
    for number, name in enumerate(names, 1):
        last = number == len(names)
        child = len(names) + 1 if deep and number == 1 else FREE
        entries.append(_entry(name, 2, right=FREE if last else number + 1, child=child))
    if deep:
        entries.append(_entry(deep, 2))
    directory = b"".join(entries)
    directory += bytes(-len(directory) % SECTOR)
    sectors = len(directory) // SECTOR
    table = [FREE, *range(2, sectors + 1), END]
    return _header([0]) + _table(table) + directory


def large_compound(name: str) -> bytes:
    """One of so many sectors that the header no longer has room for the places of all its tables."""
    at = 109 * (SECTOR // 4) + 5
    table = [FREE] * (SECTOR // 4)
    table[5] = END
    more = [2, *[FREE] * (SECTOR // 4 - 2), END]
    before = _header([0], directory=at, more=1) + _table([END]) + _table(more) + _table(table)
    directory = _entry("Root Entry", 5, child=1) + _entry(name, 2)
    return before + bytes((at + 1) * SECTOR - len(before)) + directory + bytes(SECTOR - len(directory))


def _header(tables: list[int], *, directory: int = 1, more: int = END) -> bytes:
    head = bytearray(SECTOR)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", head, 48, directory)
    struct.pack_into("<II", head, 68, more, 0)
    struct.pack_into("<109I", head, 76, *tables, *[FREE] * (109 - len(tables)))
    return bytes(head)


def _table(numbers: list[int]) -> bytes:
    return struct.pack("<128I", *numbers, *[FREE] * (128 - len(numbers)))


def _entry(name: str, kind: int, *, left: int = FREE, right: int = FREE, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, left, right, child) + bytes(48)
