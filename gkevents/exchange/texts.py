"""JSON Lines and CSV in: lines of bounded length, in UTF-8 or GB18030, as rows.

A file is read line by line: neither a file nor a line has to fit into memory.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final, NoReturn

from gkevents.aggregates.vocabulary import FIELDS, LABELS
from gkevents.exchange import Row
from gkevents.exchange.cells import from_form
from gkevents.exchange.headings import columns, field_of, known_share
from gkevents.words import N_, Message, Term, message

LINE_BYTES_MAX: Final = 1_000_000
_DELIMITERS: Final = (",", ";", "\t", "，", "；")
_DIGITS_MAX: Final = 30
_SURROGATE = re.compile("[\ud800-\udfff]")


class _NotPlain(ValueError):
    """A JSON value that is valid JSON for some readers and nothing for us."""

    def __init__(self, fault: Message) -> None:
        super().__init__(fault)
        self.message: Final = fault


def lines(source: BinaryIO) -> Iterator[tuple[int, str | None, Message | None]]:
    """The lines of a file, each as (number from 1, text, None) or, where it cannot be read, (number, None, fault).

    The first line that is not plain ASCII decides between UTF-8 and GB18030. A line of more than a million bytes is
    passed over without being kept.
    """
    encoding: str | None = None
    for number in itertools.count(1):
        raw = source.readline(LINE_BYTES_MAX + 1)
        if not raw:
            return
        if number == 1:
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                yield number, None, message(N_("the file is in UTF-16; save it as UTF-8"))
                return
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > LINE_BYTES_MAX and not raw.endswith(b"\n"):
            _pass_over(source)
            yield (
                number,
                None,
                message(N_("the line is longer than {most} bytes; one line holds one fact"), most=LINE_BYTES_MAX),
            )
            continue
        if encoding is None and not raw.isascii():
            encoding = _encoding(raw)
        try:
            yield number, raw.decode(encoding or "ascii").rstrip("\r\n"), None
        except UnicodeDecodeError:
            yield number, None, message(N_("the line is not valid {encoding} text"), encoding=(encoding or "").upper())


def _pass_over(source: BinaryIO) -> None:
    """Move past the rest of a line, keeping none of it."""
    while (raw := source.readline(LINE_BYTES_MAX)) and not raw.endswith(b"\n"):
        pass


def _encoding(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def json_rows(source: BinaryIO) -> Iterator[Row]:
    """The rows of a JSON Lines file; blank lines are none."""
    for number, text, fault in lines(source):
        if text is None:
            yield Row(number, None, fault)
        elif text.strip():
            yield json_row(number, text)


def json_row(number: int, text: str) -> Row:
    """The row that one line of JSON makes: numbers with a point stay text, exactly as written."""
    try:
        fields = _DECODER.decode(text)
    except _NotPlain as error:
        return Row(number, None, error.message)
    except json.JSONDecodeError as error:
        return Row(
            number,
            None,
            message(N_("broken JSON at column {column}; one line holds one whole fact"), column=error.colno),
        )
    except (ValueError, RecursionError):
        return Row(number, None, message(N_("broken JSON; one line holds one whole fact")))
    if not isinstance(fields, dict):
        return Row(
            number,
            None,
            message(N_("not a fact: a line looks like {example}"), example='{"ref": "1", "type": "grade", …}'),
        )
    fault = unsound(fields) if "\\u" in text else None  # only so written can there be what is no text
    if fault is not None:
        return Row(number, None, fault)
    named = _named(fields)
    return Row(number, None, named) if isinstance(named, Message) else Row(number, named, None)


def _named(fields: dict[str, Any]) -> dict[str, Any] | Message:
    """Fields by their names, where some are called by their Chinese labels; a fault where one is there twice.

    A name that stands for no field stays: what is said of it depends on the type of the fact.
    """
    if FIELDS.keys() >= fields.keys():
        return fields
    named: dict[str, Any] = {}
    for written, value in fields.items():
        name = written if written in FIELDS else field_of(written) or written
        if name in named:
            return message(N_("the field {field} is named twice"), field=Term(name, LABELS.get(name, name)))
        named[name] = value
    return named


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise _NotPlain(message(N_("the field {field} is named twice"), field=double[:60]))
    return fields


def _short(digits: str) -> str:
    if len(digits) > _DIGITS_MAX:
        raise _NotPlain(message(N_("the number {number} has too many digits"), number=digits[:_DIGITS_MAX] + "…"))
    return digits


def _whole(digits: str) -> int:
    return int(_short(digits))


def _no_constant(name: str) -> NoReturn:
    raise _NotPlain(message(N_("{name} is not a number"), name=name))


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_short, parse_int=_whole, parse_constant=_no_constant
)


def unsound(fields: dict[str, Any]) -> Message | None:
    """What is wrong with the text of some fields: half characters and NUL cannot be stored. None if all is well."""
    for name, value in fields.items():
        for text in (name, *(value if isinstance(value, list) else (value,))):
            if isinstance(text, str) and ("\0" in text or _SURROGATE.search(text)):
                shown = name.encode("utf-8", "replace").decode()[:60]
                return message(N_("{field} holds characters that are no text"), field=shown)
    return None


def csv_rows(source: BinaryIO) -> Iterator[Row]:
    """The rows of a CSV file below its headings (the first row that is not blank), numbered by their first line."""
    table = _CsvTable(source)
    fields: list[str | None] | None = None
    for number, cells in table:
        if isinstance(cells, Message):
            yield Row(number, None, cells)
        elif fields is None:
            found = columns(cells)
            if isinstance(found, Message):
                yield Row(number, None, found)
                return
            fields = found
        elif any(cell.strip() for cell in cells):
            yield _csv_row(number, fields, cells)


class _CsvTable:
    """The records of a CSV file, each with the line it starts on; faults stand in their place."""

    def __init__(self, source: BinaryIO) -> None:
        self._lines = lines(source)
        self._start: int | None = None
        self._faults: list[tuple[int, Message]] = []

    def __iter__(self) -> Iterator[tuple[int, list[str] | Message]]:
        for head in self._texts():
            if head.strip():
                reader = csv.reader(itertools.chain([head], self._texts()), delimiter=delimiter_of(head), strict=True)
                yield from self._records(reader)
                break
            self._start = None
        yield from self._faults

    def _records(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | Message]]:
        while True:
            try:
                record: list[str] | Message | None = next(reader, None)
            except csv.Error:
                record = message(N_("a quotation mark is open or out of place; from here on the file was not read"))
            yield from self._faults
            self._faults.clear()
            if record is None:
                return
            yield self._start or 1, record
            if isinstance(record, Message):
                return
            self._start = None

    def _texts(self) -> Iterator[str]:
        """The lines that can be read, for the CSV reader; it never asks for more than the record it is at."""
        for number, text, fault in self._lines:
            if fault is not None:
                self._faults.append((number, fault))
                continue
            if self._start is None:
                self._start = number
            yield f"{text}\n"


def delimiter_of(head: str) -> str:
    """The delimiter that makes the most known headings of a heading line; a comma where none makes any."""
    return max(_DELIMITERS, key=lambda delimiter: known_share(_split(head, delimiter)))


def _split(head: str, delimiter: str) -> Sequence[str]:
    return [part.strip().strip('"') for part in head.rstrip("\r\n").split(delimiter)]


def _csv_row(number: int, fields: Sequence[str | None], cells: Sequence[str]) -> Row:
    values: dict[str, Any] = {}
    for index, cell in enumerate(cells):
        field = fields[index] if index < len(fields) else None
        if field is not None:
            values[field] = from_form(field, cell)
        elif cell.strip():
            return Row(
                number, None, message(N_("“{value}” stands in a column without a heading"), value=cell.strip()[:40])
            )
    present = {field: value for field, value in values.items() if value is not None}
    fault = unsound(present)
    return Row(number, None, fault) if fault else Row(number, present, None)


def looks_like_csv(head: str) -> bool:
    """Whether a first line holds column headings rather than a fact."""
    return not head.lstrip().startswith(("{", "[")) and known_share(_split(head, delimiter_of(head))) > 0
