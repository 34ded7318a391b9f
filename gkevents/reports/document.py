"""What a paper says, as plain data: headings, paragraphs, tables, charts. How it looks is another room's (`paper`).

A content is canonical JSON. Its digest is what is printed at the foot of every paper made from it, so whoever holds the
JSON file can compare it with the paper (SHA-256 of the file, byte for byte).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Literal, NotRequired, TypedDict

FORM: Final = 1
"""The shape of a content as this program writes it."""

Points = str
"""Exact points as the contract writes them: "98.5", "5/3"."""


class Figure(TypedDict):
    """A cell that holds a number: as it is printed, and exactly (None: there is none)."""

    text: str
    value: Points | None


Cell = str | Figure | None
"""A cell of a table; None is printed as a dash."""


class Column(TypedDict):
    """A column: `width` is its share of the table's width, beside the others'."""

    title: str
    kind: Literal["text", "number"]
    width: int


class Heading(TypedDict):
    """A heading with its number in the text: level 1 "一、…", 2 "（一）…", 3 "1. …"."""

    kind: Literal["heading"]
    level: Literal[1, 2, 3]
    text: str


class Paragraph(TypedDict):
    """Running text, indented by two characters."""

    kind: Literal["paragraph"]
    text: str


class Table(TypedDict):
    """A table that may break over pages; its heading is repeated there. `id` names it within the content."""

    kind: Literal["table"]
    id: str
    caption: str
    columns: list[Column]
    rows: list[list[Cell]]
    note: NotRequired[str]


class Bar(TypedDict):
    """A bar: its value, or the range in which it will lie."""

    label: str
    text: str
    value: Points | None
    low: NotRequired[Points]
    high: NotRequired[Points]


class Bars(TypedDict):
    """A ranking as bars, from high to low; the axis begins at `start`."""

    kind: Literal["bars"]
    id: str
    caption: str
    alt: str
    start: Points
    end: Points
    rows: list[Bar]


class Heat(TypedDict):
    """Points lost: a row for each unit, a column for each item, darker for more; None: nothing was lost."""

    kind: Literal["heat"]
    id: str
    caption: str
    alt: str
    rows: list[str]
    columns: list[str]
    cells: list[list[Points | None]]


class Series(TypedDict):
    """One unit's line; None where it has no figure."""

    label: str
    values: list[Points | None]


class Trend(TypedDict):
    """A small line for each unit over the periods."""

    kind: Literal["trend"]
    id: str
    caption: str
    alt: str
    points: list[str]
    series: list[Series]


Block = Heading | Paragraph | Table | Bars | Heat | Trend


class Annex(TypedDict):
    """An annex: begins on a page of its own. `wide`: on a page turned on its side."""

    title: str
    body: list[Block]
    wide: NotRequired[bool]


class Page(TypedDict):
    """Page furniture: millimetres, points of type (22 is 2号, 16 is 3号), names of typefaces in order of choice.

    The defaults are those of GB/T 9704-2012; houses differ.
    """

    margin_top: int
    margin_left: int
    margin_right: int
    margin_bottom: int
    lines: int
    title_size: int
    body_size: int
    table_size: int
    title_fonts: list[str]
    body_fonts: list[str]
    heading_fonts: list[str]
    subheading_fonts: list[str]
    red_head: bool
    page_numbers: Literal["outside", "centre", "none"]


class Document(TypedDict):
    """A paper. What is None, or empty, is left out.

    `issuer` is the red line at the head, `signed_by` and `signed_on` stand at the end, `note` is said in brackets below
    them, `copies_to` and `printed` are the imprint on the last page; `small_print` (how complete it is, the digest of
    the content is added by the paper itself) ends it. `mark` is printed across what is not yet, or not really, a
    bulletin.
    """

    title: str
    issuer: str | None
    number: str | None
    addressees: str | None
    body: list[Block]
    annexes: list[Annex]
    signed_by: str | None
    signed_on: str | None
    note: str | None
    copies_to: str | None
    printed: str | None
    small_print: list[str]
    mark: str | None
    page: Page


class Content(TypedDict):
    """All that a paper was made from: what it is, the figures for programs, the document for people."""

    form: int
    kind: str
    id: str
    head: dict[str, Any]
    figures: dict[str, Any]
    document: Document


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes of a content: the JSON file itself. The same content gives the same bytes, always."""
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def digest(content: Mapping[str, Any]) -> str:
    """What is printed on the paper: the SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()
