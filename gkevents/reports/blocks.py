"""The blocks of a paper, each made by one word: a heading, a paragraph, a table from its columns and rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gkevents.reports.document import Cell, Column, Heading, Paragraph, Table

ColumnOf = tuple[str, Literal["text", "number"], int]
"""A column: its title, its kind, its share of the table's width."""


def heading(text: str, level: Literal[1, 2, 3] = 1) -> Heading:
    """A heading, its number in the text."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> Paragraph:
    """Running text."""
    return {"kind": "paragraph", "text": text}


def table(
    name: str, caption: str, columns: Sequence[ColumnOf], rows: list[list[Cell]], note: str | None = None
) -> Table:
    """A table; `name` names it within the paper."""
    held: list[Column] = [{"title": title, "kind": kind, "width": width} for title, kind, width in columns]
    made: Table = {"kind": "table", "id": name, "caption": caption, "columns": held, "rows": rows}
    if note is not None:
        made["note"] = note
    return made
