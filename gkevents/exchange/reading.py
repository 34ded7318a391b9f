"""What a file of facts holds, whatever its form: JSON Lines, CSV or XLSX, one row after the other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal

from gkevents.exchange import Row
from gkevents.exchange.sheets import NO_TABLE, xlsx_rows
from gkevents.exchange.texts import csv_rows, json_rows, looks_like_csv
from gkevents.words import N_, message

_BOM: Final = b"\xef\xbb\xbf"
_WORKBOOK: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_FILES: Final = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"<")
"""How files begin that people have at hand instead of a table: papers, pictures, archives, pages of the web."""

_PEEKED: Final = 8192


def rows_of(source: Path | Literal["-"], stdin: BinaryIO | None = None) -> Iterator[Row]:
    """The rows of a file, or of `stdin` where the source is "-": fields, or a fault with the row it stands in.

    The form is known by the file's name, else by how it begins. A file without any row gives one fault. Raises
    OSError where the file cannot be opened.
    """
    if source == "-":
        yield from _at_least_one(_rows(stdin or io.BytesIO(), ""))
        return
    with source.open("rb") as file:
        yield from _at_least_one(_rows(file, source.suffix.lower()))


def _at_least_one(rows: Iterator[Row]) -> Iterator[Row]:
    first = next(rows, None)
    if first is None:
        yield Row(1, None, message(N_("there is no fact in it")))
        return
    yield first
    yield from rows


def _rows(source: BinaryIO, suffix: str) -> Iterator[Row]:
    file = source if isinstance(source, io.BufferedReader) else io.BufferedReader(_Raw(source))
    start = file.peek(_PEEKED)
    if start.removeprefix(_BOM).lstrip().startswith(_OTHER_FILES):
        return iter([Row(1, None, message(NO_TABLE))])
    if start and (start.startswith(_WORKBOOK) or suffix in (".xlsx", ".xlsm", ".xls", ".et")):
        return xlsx_rows(file)
    if suffix in (".csv", ".tsv"):
        return csv_rows(file)
    if suffix not in (".jsonl", ".ndjson", ".json") and looks_like_csv(_first_line(start)):
        return csv_rows(file)
    return json_rows(file)


def _first_line(start: bytes) -> str:
    line = start.removeprefix(_BOM).lstrip().split(b"\n", 1)[0]
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")


class _Raw(io.RawIOBase):
    """A stream that can only be read, as a raw one: what a buffer needs below it."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        """Always: that is all it can do."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; the number of bytes read, 0 at the end."""
        part = self._source.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)
