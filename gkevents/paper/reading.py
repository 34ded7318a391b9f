"""What every paper reads off a content alike, before it decides how that looks.

A content is data that people wrote: text may hold signs that no file format allows, a chart is also a table of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar, cast

from gkevents.paper.drawing import number
from gkevents.reports.document import Bars, Block, Cell, Column, Document, Figure, Heat, Points, Table, Trend

DASH: Final = "—"
"""Printed where a cell holds nothing."""

Chart = Bars | Heat | Trend
_Part = TypeVar("_Part", str, Document)

_ILLEGIBLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]")
"""Signs that XML or HTML do not take, or that nobody sees."""

_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,8}")


def legible(part: _Part) -> _Part:
    """Text, or all the text in a document, with U+FFFD for every sign that a file cannot hold: shown, not left out."""
    return cast("_Part", _legible(part))


def _legible(part: object) -> object:
    if isinstance(part, str):
        return _ILLEGIBLE.sub("\ufffd", part.replace("\r\n", "\n"))
    if isinstance(part, dict):
        return {key: _legible(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_legible(value) for value in part]
    return part


def said(cell: Cell) -> str:
    """What a cell says on paper."""
    if cell is None:
        return DASH
    return cell if isinstance(cell, str) else cell["text"]


def _figure(points: Points | None) -> Figure | None:
    """A chart's number as a cell, printed as the chart prints it."""
    return None if points is None else {"text": number(points), "value": points}


def is_whole(text: str) -> bool:
    """Whether a text is a whole number, as places and years are written."""
    return bool(_WHOLE.fullmatch(text))


def counts(cells: Iterable[Cell]) -> bool:
    """Whether a column of text counts: every cell with a digit in it is a whole number.

    Words ("暂不排名") may stand beside.
    """
    texts = [said(cell) for cell in cells]
    return all(is_whole(text) or not any(sign.isdigit() for sign in text) for text in texts) and any(
        map(is_whole, texts)
    )


def is_chart(block: Block) -> bool:
    """Whether a block is drawn."""
    return block["kind"] in ("bars", "heat", "trend")


def as_table(chart: Chart) -> Table:
    """The numbers of a chart: what it shows to those who cannot see it, or want to reckon with it."""
    match chart["kind"]:
        case "bars":
            return _bars(chart)
        case "heat":
            return _heat(chart)
        case "trend":
            return _trend(chart)


def _bars(chart: Bars) -> Table:
    rows: list[list[Cell]] = [[bar["label"], {"text": bar["text"], "value": bar["value"]}] for bar in chart["rows"]]
    return _table(chart, [_label("名称"), _points("数值")], rows)


def _heat(chart: Heat) -> Table:
    rows: list[list[Cell]] = [
        [label, *(_figure(points) for points in cells)]
        for label, cells in zip(chart["rows"], chart["cells"], strict=True)
    ]
    return _table(chart, [_label("单位"), *(_points(title) for title in chart["columns"])], rows)


def _trend(chart: Trend) -> Table:
    rows: list[list[Cell]] = [
        [series["label"], *(_figure(points) for points in series["values"])] for series in chart["series"]
    ]
    return _table(chart, [_label("单位"), *(_points(title) for title in chart["points"])], rows)


def _label(title: str) -> Column:
    return {"title": title, "kind": "text", "width": 4}


def _points(title: str) -> Column:
    return {"title": title, "kind": "number", "width": 1}


def _table(chart: Chart, columns: list[Column], rows: list[list[Cell]]) -> Table:
    return {"kind": "table", "id": chart["id"], "caption": chart["caption"], "columns": columns, "rows": rows}


def annex_marks(annexes: Sequence[Any]) -> list[str]:
    """What annexes are called: "附件" where there is one, "附件1", "附件2" where there are more."""
    return ["附件"] if len(annexes) == 1 else [f"附件{n}" for n in range(1, len(annexes) + 1)]
