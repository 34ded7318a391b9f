"""A content as PDF: tagged, PDF/A-2b, two typefaces within, after GB/T 9704-2012.

The page is laid out by templates/paper.typ, which is given everything as data; here is only what has to be reckoned
before: where long words may be broken, how wide columns are, in how many drawings a chart goes. The same content gives
the same bytes: no clock, no typeface of the machine, a date of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from gkevents.paper.charts import strips
from gkevents.paper.drawing import ems
from gkevents.paper.fonts import SANS, SERIF, fonts, printable
from gkevents.paper.reading import annex_marks, said
from gkevents.reports.document import Block, Content, Document, Page, Table, digest

NO_DATE: Final = (1980, 1, 1)
"""The date in the file where a paper has none: PDF/A wants one."""

WORD_MAX: Final = 24
"""Ems: a longer run without a space may be broken anywhere."""

SMALL_PRINT: Final = 45
"""Ems of a line of small print: a digest must not be broken."""

SMALLEST: Final = 7
"""Points: what the type of a table is made smaller to, at most, where its columns are many."""

EDGES: Final = Fraction(4, 5)
"""Ems: what stands empty at the sides of a cell."""

NUMBER_MAX: Final = Fraction(14)
WORD_IN_CELL: Final = Fraction(6)
"""Ems: a longer number, or a longer word, in a cell may be broken. A day (2020-07-15) is six wide."""

STRIPS: Final = {"bars": 3, "heat": 3, "trend": 1}
"""Rows of a chart that stay together on a page."""

BREAK: Final = "\u200b"
"""Takes no room: a line may end there. The template does not leave it in the file."""

SHORT: Final = 8
"""Lines of a table that is not broken over pages."""

LONG: Final = 20
"""Lines of a row that is."""

Said = str | list[str]
"""Text for the template: one line, or lines."""

_DAY: Final = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")
_PART: Final = re.compile(
    r"(?:季度|[年月度]份?|半年|办公室|[省县厅]|[市区局](?![场域部])|办(?![法理公事])|[》）、，])(?![度份》）、，])"
)
"""What often ends a part of a title."""

_WORD: Final = re.compile(r"[!-~\u00a1-\u1fff]+")


def render(content: Content) -> bytes:
    """The paper. Raises typst.TypstError where typst cannot set it, which no text may bring about."""
    made: bytes = _set(content, format="pdf", pdf_standards=["a-2b"], pdf_tags=True)
    return made


def _set(content: Content, **how: Any) -> Any:  # noqa: ANN401 - as typst takes and gives it
    """What typst makes of the content: one file, or one for each page."""
    import typst  # noqa: PLC0415 - slow to import, and not every paper is a PDF

    inputs = {"paper": json.dumps(_plan(content), ensure_ascii=False, sort_keys=True)}
    return typst.compile(
        _template(), font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs, timestamp=0, **how
    )


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "templates" / "paper.typ").read_bytes()


def _plan(content: Content) -> dict[str, Any]:
    """What the template is given: the document in signs that can be printed, and everything reckoned."""
    document: Document = printable(content["document"])
    page = document["page"]
    body = [_block(block, page, wide=False) for block in document["body"]]
    _keep_with_next(body)
    year, month, day = _day(document["signed_on"])
    return {
        **{key: document[key] for key in ("number", "signed_by", "signed_on", "mark")},
        "break": BREAK,
        "long": LONG,
        "title": " ".join(document["title"].split()),
        "heading": _text(_two_lines(document["title"], page)),
        "author": document["signed_by"] or document["issuer"] or "",
        "keywords": [content["id"], f"SHA-256 {digest(content)}"],
        "date": {"year": year, "month": month, "day": day},
        "issuer": document["issuer"] if page["red_head"] else None,
        "addressees": _maybe(document["addressees"]),
        "note": _maybe(document["note"]),
        "copies_to": _maybe(document["copies_to"]),
        "printed": None if document["printed"] is None else _printed(document["printed"]),
        "body": body,
        "annexes": [
            {
                "mark": mark,
                "title": _text(annex["title"]),
                "wide": annex.get("wide", False),
                "body": [_block(block, page, wide=annex.get("wide", False)) for block in annex["body"]],
            }
            for mark, annex in zip(annex_marks(document["annexes"]), document["annexes"], strict=True)
        ],
        "small_print": [
            _text(one, SMALL_PRINT) for one in (*document["small_print"], f"内容摘要 SHA-256：{digest(content)}")
        ],
        "page": page,
        "fonts": {use: _faces(page[f"{use}_fonts"]) for use in ("title", "body", "heading", "subheading")},  # type: ignore[literal-required]
    }


def _faces(wanted: Sequence[str]) -> list[str]:
    """Of the two typefaces first the one that is like the first wanted."""
    sans = any(sign in wanted[0].lower() for sign in ("黑", "hei", "sans")) if wanted else False
    return [SANS, SERIF] if sans else [SERIF, SANS]


def _day(text: str | None) -> tuple[int, int, int]:
    found = _DAY.search(text or "")
    if found is None:
        return NO_DATE
    year, month, day = (int(part) for part in found.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return NO_DATE
    return year, month, day


def _printed(text: str) -> list[Said]:
    """Who printed it at the left, when at the right, as they are parted by a wide space."""
    left, _, right = text.rpartition("\u3000")
    return [_text(left.strip()), _text(right)] if left else [_text(right), ""]


def _maybe(text: str | None) -> Said | None:
    return None if text is None else _text(text)


def _text(text: str, room: Fraction | int = WORD_MAX) -> Said:
    """Text in its lines, with room to break within words longer than `room` ems, which would not fit a line."""
    lines = [_WORD.sub(lambda word: _breakable(word.group(), room), line) for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else lines


def _breakable(word: str, room: Fraction | int) -> str:
    return BREAK.join(word) if ems(word) > room else word


def _two_lines(title: str, page: Page) -> str:
    """A title that takes two lines, broken after a word that often ends a part of one, where that is near the middle.

    Any other title is broken by the template, in lines of about the same length.
    """
    room = _across(page) / page["title_size"] - 1
    whole = ems(title)
    if "\n" in title or not room < whole <= 2 * room:
        return title
    ends = [found.end() for found in _PART.finditer(title)]
    uneven = {end: abs(whole - 2 * ems(title[:end])) for end in ends if whole - room <= ems(title[:end]) <= room}
    end = min(uneven, key=lambda end: (uneven[end], end), default=0)
    return f"{title[:end]}\n{title[end:]}" if end and uneven[end] <= whole * 2 / 5 else title


def _across(page: Page) -> Fraction:
    """The width of the text field, in points."""
    return Fraction((210 - page["margin_left"] - page["margin_right"]) * 720, 254)


def _keep_with_next(body: list[dict[str, Any]]) -> None:
    """The last paragraph goes with the list of annexes and the signature, which must not stand on a page alone."""
    if body and body[-1]["kind"] == "paragraph" and len(str(body[-1]["text"])) < 200:  # noqa: PLR2004 - some seven lines
        body[-1]["sticky"] = True


def _block(block: Block, page: Page, *, wide: bool) -> dict[str, Any]:
    match block["kind"]:
        case "heading":
            return {"kind": "heading", "level": block["level"], "text": _text(block["text"])}
        case "paragraph":
            return {"kind": "paragraph", "text": _text(block["text"]), "sticky": False}
        case "table":
            return _table(block, page, wide=wide)
        case "bars" | "heat" | "trend":
            panels = [panel._asdict() for panel in strips(block, STRIPS[block["kind"]])]
            return {"kind": "chart", "caption": _text(block["caption"]), "alt": block["alt"], "panels": panels}


# ---------------------------------------------------------------- tables


def _table(table: Table, page: Page, *, wide: bool) -> dict[str, Any]:
    titles = [column["title"] for column in table["columns"]]
    cells = [[said(cell) for cell in row] for row in table["rows"]]
    room = Fraction((297 - page["margin_top"] - page["margin_bottom"]) * 720, 254) if wide else _across(page)
    size, widths = _widths(table, [titles, *cells], page, room)
    rows = [_cells(row, widths) for row in cells]
    return {
        "kind": "table",
        "short": sum(row["lines"] for row in rows) <= SHORT,
        "caption": _text(table["caption"]),
        "note": _text(table.get("note", "")),
        "size": size,
        "aligns": _aligns(table, cells),
        "widths": [int((width + EDGES) * 100) for width in widths],
        "columns": [_text(title, width) for title, width in zip(titles, widths, strict=True)],
        "rows": rows,
    }


def _cells(row: Sequence[str], widths: Sequence[Fraction]) -> dict[str, Any]:
    """A row, and about how many lines it takes."""
    lines = max(int(ems(text) / width) + 1 + text.count("\n") for text, width in zip(row, widths, strict=True))
    return {"lines": lines, "cells": [_text(text, width) for text, width in zip(row, widths, strict=True)]}


def _aligns(table: Table, rows: Sequence[Sequence[str]]) -> list[str]:
    """Numbers at the right, one under the other; what is short (a rank, a day) in the middle."""
    short = [all(ems(row[n]) <= WORD_IN_CELL for row in rows) for n in range(len(table["columns"]))]
    return [
        "right" if column["kind"] == "number" else "center" if narrow else "left"
        for column, narrow in zip(table["columns"], short, strict=True)
    ]


def _widths(table: Table, rows: Sequence[Sequence[str]], page: Page, room: Fraction) -> tuple[int, list[Fraction]]:
    """The size of type, and for each column the ems within it: its share, but at least what its longest word needs.

    `room` is the width of the table in points. Where the needs are more than the room, the type is made smaller.
    """
    columns = table["columns"]
    needs = [
        max(_needed(row[n], number=column["kind"] == "number") for row in rows) for n, column in enumerate(columns)
    ]
    size = page["table_size"]
    while size > SMALLEST and sum(needs) > room / size - EDGES * len(needs):
        size -= 1
    inner = max(room / size - EDGES * len(needs), Fraction(len(needs)))
    if sum(needs) >= inner:
        return size, [need * inner / sum(needs) for need in needs]
    return size, _shared(needs, [Fraction(max(1, column["width"])) for column in columns], inner)


def _shared(needs: Sequence[Fraction], shares: Sequence[Fraction], room: Fraction) -> list[Fraction]:
    """The room by shares; who would get less than it needs, gets what it needs."""
    met: set[int] = set()
    while True:
        rest = room - sum((needs[n] for n in met), Fraction(0))
        whole = sum((share for n, share in enumerate(shares) if n not in met), Fraction(0))
        short = {n for n, share in enumerate(shares) if n not in met and share * rest / whole < needs[n]}
        if not short:
            return [needs[n] if n in met else share * rest / whole for n, share in enumerate(shares)]
        met |= short


def _needed(text: str, *, number: bool) -> Fraction:
    """The ems that a cell cannot do without: a number whole, of other text its longest word or three characters."""
    if number:
        return min(max(map(ems, text.split("\n"))), NUMBER_MAX)
    words = [min(ems(word), WORD_IN_CELL) for word in _WORD.findall(text)]
    return max(min(ems(text), Fraction(3)), Fraction(1), *words)
