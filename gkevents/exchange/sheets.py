"""XLSX in: the sheet with our headings, as rows; what a spreadsheet has lost or changed is said, never guessed.

python-calamine reads an error and a formula that was never calculated as empty cells, so both are looked up in the
sheet's own XML.
"""

from __future__ import annotations

import html
import io
import itertools
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gkevents.exchange import Row
from gkevents.exchange.cells import Cell, CellFault, from_cell
from gkevents.exchange.headings import columns, known_share
from gkevents.exchange.texts import unsound
from gkevents.words import N_, Message, message

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

BYTES_MAX: Final = 400_000_000
"""Unpacked bytes of a workbook, at most: a packed file may hold a thousand times its own size."""

CELLS_MAX: Final = 20_000_000

_ATTRIBUTE: Final = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_SUSPECT: Final = re.compile(rb'<(?:\w+:)?f[\s/>]|\st="e"')
_CELL: Final = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CACHED: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_PLACE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FAR: Final = re.compile(rb"\sr=[\"']([A-Z]{2,3})[0-9]")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"']([0-9]{1,9})")

NO_TABLE: Final = N_("this is not a table file; save the table as .xlsx or .csv")
_OLD_BOOKS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage"))
"""What the old container of Word and Excel names inside where it holds a workbook, or one with a password."""

Table = Sequence[Sequence[Cell]]
Place = tuple[int, int]


class _NotReadable(Exception):
    """A workbook that cannot be read at all."""

    def __init__(self, fault: Message) -> None:
        super().__init__(fault)
        self.message: Final = fault


def xlsx_rows(source: BinaryIO) -> Iterator[Row]:
    """The rows of a workbook's first sheet, or of the only one with our headings, numbered as in the sheet."""
    try:
        table, lost = _chosen(source)
    except _NotReadable as error:
        yield Row(1, None, error.message)
        return
    head = _head(table)
    if head is None:
        return
    fields = columns([str(cell) for cell in table[head]])
    if isinstance(fields, Message):
        yield Row(head + 1, None, fields)
        return
    lost_rows = {row for row, column in lost if row > head and column < len(fields)}
    for index in range(head + 1, max((len(table), *(row + 1 for row in lost_rows)))):
        cells = table[index] if index < len(table) else ()
        if index in lost_rows or any(_filled(cell) for cell in cells):
            yield _row(index, fields, cells, lost)


def _row(index: int, fields: Sequence[str | None], cells: Sequence[Cell], lost: Mapping[Place, Message]) -> Row:
    values: dict[str, Any] = {}
    for column, (field, cell) in enumerate(itertools.zip_longest(fields, cells, fillvalue="")):
        place = {"column": _letters(column), "field": field or ""}
        if not field:
            if _filled(cell):
                return Row(index + 1, None, message(N_("column {column} has no heading"), **place))
            continue
        if (index, column) in lost:
            return Row(
                index + 1, None, message(N_("column {column} ({field}): {fault}"), fault=lost[index, column], **place)
            )
        try:
            value = from_cell(field, cell)
        except CellFault as error:
            return Row(index + 1, None, message(N_("column {column} ({field}): {fault}"), fault=error.message, **place))
        if value is not None:
            values[field] = value
    fault = unsound(values)
    return Row(index + 1, None, fault) if fault else Row(index + 1, values, None)


def _filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _head(table: Table) -> int | None:
    """The place of the heading row: the first that is not blank."""
    return next((index for index, row in enumerate(table) if any(_filled(cell) for cell in row)), None)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _chosen(source: BinaryIO) -> tuple[Table, Mapping[Place, Message]]:
    """The cells of the sheet to read, and those in it whose value is lost."""
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - only a workbook needs it

    content = source.read()
    sheets = _sheet_texts(content)
    try:
        workbook = load_workbook(io.BytesIO(content))
        named = [name for name in workbook.sheet_names if name in sheets]
        if not named:
            raise _NotReadable(message(N_("the workbook has no sheet with cells")))
        first = _cells(workbook, named[0], sheets)
        tables = {} if _has_headings(first) else {name: _cells(workbook, name, sheets) for name in named[1:]}
        others = [(name, table) for name, table in tables.items() if _has_headings(table)]
    except (CalamineError, ValueError, OSError) as error:
        raise _NotReadable(message(N_("the workbook cannot be read; open it and save it once as .xlsx"))) from error
    name, table = others[0] if len(others) == 1 else (named[0], first)
    return table, _lost(sheets[name])


def _has_headings(table: Table) -> bool:
    head = _head(table)
    return head is not None and known_share([str(cell) for cell in table[head]]) > 1


def _cells(workbook: CalamineWorkbook, name: str, sheets: Mapping[str, bytes]) -> Table:
    _in_bounds(sheets[name])
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _in_bounds(text: bytes) -> None:
    """Refuse a sheet that one stray cell far away would blow up to millions of empty ones."""
    rows = max((int(found[1]) for found in _ROW.finditer(text)), default=0)
    width = max((_column(found[1].decode()) for found in _FAR.finditer(text)), default=25) + 1
    if rows * width > CELLS_MAX:
        raise _NotReadable(
            message(
                N_("the sheet reaches {rows} rows by {columns} columns; delete what lies outside the table"),
                rows=rows,
                columns=width,
            )
        )


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _sheet_texts(content: bytes) -> dict[str, bytes]:
    """The XML of each sheet, by the sheet's name."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if not any(name in content for name in _OLD_BOOKS):
            raise _NotReadable(message(NO_TABLE))
        raise _NotReadable(
            message(N_("the workbook is in the old .xls form or has a password; save it as .xlsx without one"))
        )
    if not content.startswith(b"PK"):
        raise _NotReadable(message(NO_TABLE))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if "xl/workbook.xml" not in package.namelist() and "xl/workbook.bin" not in package.namelist():
                raise _NotReadable(message(NO_TABLE))
            if sum(entry.file_size for entry in package.infolist()) > BYTES_MAX:
                raise _NotReadable(message(N_("the workbook is too large; split it")))
            return _parts(package)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        zlib.error,
    ) as error:
        raise _NotReadable(message(N_("the workbook cannot be read; open it and save it once as .xlsx"))) from error


def _parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    relations = {
        found["Id"]: posixpath.normpath(posixpath.join("/xl", found["Target"])).lstrip("/")
        for found in _tags(_RELATION, package.read("xl/_rels/workbook.xml.rels"))
        if "Id" in found and "Target" in found
    }
    present = set(package.namelist())
    sheets = {}
    for tag in _tags(_SHEET, package.read("xl/workbook.xml")):
        relation = next((value for name, value in tag.items() if name == "id" or name.endswith(":id")), "")
        if relations.get(relation) in present and "name" in tag:
            sheets[tag["name"]] = package.read(relations[relation])
    return sheets


def _tags(pattern: re.Pattern[str], text: bytes) -> list[dict[str, str]]:
    return [
        {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(found)}
        for found in pattern.findall(text.decode("utf-8"))
    ]


def _lost(text: bytes) -> dict[Place, Message]:
    """The cells of a sheet (row, column, both from 0) that hold an error, or a formula nobody has calculated."""
    if not _SUSPECT.search(text):
        return {}
    lost = {}
    for found in _CELL.finditer(text):
        attributes = dict(_ATTRIBUTE.findall(found[1].decode("utf-8", "replace")))
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place is None:
            continue
        fault = _fault_in(attributes.get("t", "n"), found[2] or b"")
        if fault is not None:
            lost[int(place[2]) - 1, _column(place[1])] = fault
    return lost


def _fault_in(kind: str, inside: bytes) -> Message | None:
    cached = _CACHED.search(inside)
    if kind == "e":
        shown = cached[1].decode("utf-8", "replace") if cached else "#ERROR!"
        return message(N_("the cell shows the error {error}"), error=html.unescape(shown))
    if _FORMULA.search(inside) and cached is None and kind != "str":
        return message(N_("the formula has no result yet; open the file and save it once"))
    return None
