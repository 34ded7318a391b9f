"""Tables: written as text, because a list of two thousand deductions is one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gkevents.paper.docx.measures import POINT, ems, shared
from gkevents.paper.docx.writing import paragraph, run, text_xml
from gkevents.paper.reading import said
from gkevents.reports.document import Column, Page, Table

COLUMNS_MAX: Final = 63
"""Columns of a table, at most, by Word."""

_SHORT: Final = 3
_LINES_MAX: Final = 20
"""A row of more lines may break over two pages: it might not fit on one."""

_PADDING: Final = 57
GAP: Final = paragraph("Gap", "")
"""Keeps two tables apart, which Word would join; next to no height."""


def table_xml(table: Table, width: int, page: Page) -> str:
    """A table with its caption above and its note below, over the whole width in twips."""
    caption, note = table["caption"], table.get("note", "")
    return "".join((
        paragraph("TableCaption", run(caption)) if caption else GAP,
        GAP.join(_grid(part, width, page) for part in _parts(table)),
        paragraph("TableNote", run(note)) if note else GAP,
    ))  # fmt: skip


def _parts(table: Table) -> Iterator[Table]:
    """The table itself, or tables that each begin with its first column: Word refuses a file with too wide a one."""
    columns, rows = table["columns"], table["rows"]
    if len(columns) <= COLUMNS_MAX:
        if columns:
            yield table
        return
    for start in range(1, len(columns), COLUMNS_MAX - 1):
        part = slice(start, start + COLUMNS_MAX - 1)
        yield {**table, "columns": [columns[0], *columns[part]], "rows": [[row[0], *row[part]] for row in rows]}


def _grid(table: Table, width: int, page: Page) -> str:
    widths = shared([column["width"] for column in table["columns"]], width)
    return "".join((
        "<w:tbl>", _properties(width),
        "<w:tblGrid>", *(f'<w:gridCol w:w="{each}"/>' for each in widths), "</w:tblGrid>",
        _head(table["columns"], widths), *_rows(table, widths, page["table_size"] * POINT), "</w:tbl>",
    ))  # fmt: skip


def _properties(width: int) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="{8 if edge in ("top", "bottom") else 4}" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{_PADDING}" w:type="dxa"/>'
        f'<w:right w:w="{_PADDING}" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0620"/></w:tblPr>'
    )


def _head(columns: list[Column], widths: list[int]) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraph("TableHead", run(column["title"]))}</w:tc>'
        for column, width in zip(columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _rows(table: Table, widths: list[int], size: int) -> list[str]:
    opened = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{_style(table, index)}"/></w:pPr><w:r>'
        for index, width in enumerate(widths)
    ]
    room = [max(width - 2 * _PADDING, size) * _LINES_MAX * 100 // size for width in widths]
    made = []
    for row in table["rows"]:
        texts = [said(cell) for cell in row]
        whole = all(_fits(text, most) for text, most in zip(texts, room, strict=True))
        made.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>" if whole else "<w:tr>")
        made += [f"{start}{text_xml(text)}</w:r></w:p></w:tc>" for start, text in zip(opened, texts, strict=True)]
        made.append("</w:tr>")
    return made


def _style(table: Table, index: int) -> str:
    """Numbers stand at the right, short words in a narrow column in the middle (a place), all else at the left."""
    columns = table["columns"]
    if columns[index]["kind"] == "number":
        return "TableNumber"
    narrow = columns[index]["width"] * len(columns) <= sum(column["width"] for column in columns)
    short = narrow and all(len(said(row[index])) <= _SHORT for row in table["rows"])
    return "TableShort" if short else "TableText"


def _fits(text: str, most: int) -> bool:
    """Whether a cell is surely not taller than half a page; `most`: hundredths of a character's width."""
    if len(text) < _LINES_MAX:
        return True
    return text.count("\n") < _LINES_MAX // 2 and ems(text) < most
