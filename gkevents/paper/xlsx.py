"""A content's tables as a workbook: a sheet for each, to be sorted and filtered; numbers are numbers.

What people wrote is always written as text, never as a formula or a link. A number keeps its exact value and is shown
as the paper prints it; what no finite decimal can hold stands beside it as a fraction, in a column of its own.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, cast

import xlsxwriter  # type: ignore[import-untyped]

from gkevents.paper.charts import svgs
from gkevents.paper.raster import pngs
from gkevents.paper.reading import Chart, annex_marks, as_table, counts, is_chart, is_whole, legible, said
from gkevents.paper.zipped import stored
from gkevents.reports.document import Block, Cell, Column, Content, Document, Figure, Table, digest
from gkevents.terms import display

MADE: Final = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed date without a place; the paper's own date is in its text
"""The date the file says it was made on."""

DIGITS: Final = 15
"""What a spreadsheet keeps of a number."""

NAME_MAX: Final = 31
"""UTF-16 units of a sheet's name, at most."""

WIDTHS: Final = (6, 40)
"""The narrowest and the widest column, in Latin characters; a Chinese one takes two."""

LANDSCAPE_FROM: Final = 100
"""Widths together from which a sheet is printed on its side."""

LINE: Final = 15
"""Points: how high a line of type is."""

HEIGHT_MAX: Final = 399
"""Points: a row can hardly be higher."""

SUMMARY_WIDTH: Final = 78
TITLE_WIDTH: Final = 60
PICTURE_WIDTH: Final = 88
"""Latin characters: a little more than a drawing takes, and less than a page."""

PPI: Final = 192
"""Dots of a picture to the inch: sharp on paper."""

PIXELS_PER_INCH: Final = 96
ROW: Final = 20
"""Pixels of a row beside a picture."""

ROWS_MAX: Final = 40
"""Rows of a drawing: what fits on a printed page."""

PICTURES: Final = "图表"
SUMMARY: Final = "说明"

_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\s\x00-\x1f]+")
_PRINTED: Final = re.compile(r'([^0-9"\n]{0,12}?)([0-9]+(?:\.([0-9]+))?)([^0-9"\n]{0,12})')
LEFT: Final = {"align": "left", "indent": 1, "text_wrap": True, "border": 1}
RIGHT: Final = {"align": "right", "indent": 1, "text_wrap": True, "border": 1}
NUMBER: Final = {"align": "right", "indent": 1, "border": 1}
MIDDLE: Final = {"align": "center", "text_wrap": True, "border": 1}
_FONT: Final = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "border_color": "#8C8C8C"}


class Sheet(NamedTuple):
    """A table, the name of its sheet, and what it is called in print."""

    name: str
    caption: str
    table: Table


def render(content: Content) -> bytes:
    """The workbook: what it holds, its tables, its charts."""
    document = legible(content["document"])
    sheets, drawings = _sheets(document)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_format_properties": {"font_name": "宋体", "font_size": 10.5},
    })  # fmt: skip
    book.set_properties({"title": document["title"], "subject": legible(content["id"]), "author": "", "created": MADE})
    looks = _Looks(book)
    _summary(book.add_worksheet(SUMMARY), looks, document, _said_first(content, document, sheets, drawings))
    for sheet in sheets:
        _sheet(book.add_worksheet(sheet.name), looks, sheet, document)
    if drawings:
        _pictures(book.add_worksheet(PICTURES), drawings, document)
    book.close()
    return stored(made.getvalue())


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - a library without types
        self._book, self._made = book, dict[tuple[tuple[str, object], ...], Any]()

    def __call__(self, **properties: object) -> Any:  # noqa: ANN401 - the same
        key = tuple(properties.items())
        if key not in self._made:
            self._made[key] = self._book.add_format({**_FONT, **properties})
        return self._made[key]


# ---------------------------------------------------------------- what there is


def _sheets(document: Document) -> tuple[list[Sheet], list[Chart]]:
    """Every table of the paper in its order, those of the charts among them; and the charts."""
    sheets: list[Sheet] = []
    drawings: list[Chart] = []
    taken = {SUMMARY, PICTURES, "history"}
    for block, part in _blocks(document):
        if is_chart(block):
            drawings.append(cast("Chart", block))
        if is_chart(block) or block["kind"] == "table":
            table = as_table(cast("Chart", block)) if is_chart(block) else cast("Table", block)
            caption = table["caption"] or part
            sheets.append(Sheet(_name(caption, taken), caption, table))
    return sheets, drawings


def _blocks(document: Document) -> Iterator[tuple[Block, str]]:
    """Every block, and what a table without a caption is called there."""
    for block in document["body"]:
        yield block, "表"
    for mark, annex in zip(annex_marks(document["annexes"]), document["annexes"], strict=True):
        for block in annex["body"]:
            yield block, f"{mark} {annex['title']}"


def _name(caption: str, taken: set[str]) -> str:
    """A name that no other sheet has and every program takes; `taken` grows by it."""
    plain = _FORBIDDEN.sub(" ", caption).strip(" '") or "表"
    for n in range(1, len(taken) + 2):
        ending = f" {n}" if n > 1 else ""
        name = _cut(plain, NAME_MAX - len(ending)).strip(" '") + ending
        if name.lower() not in taken:
            break
    taken.add(name.lower())
    return name


def _cut(text: str, units: int) -> str:
    """The beginning of a text, no longer than so many UTF-16 units."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


# ---------------------------------------------------------------- the first sheet


def _said_first(
    content: Content, document: Document, sheets: Sequence[Sheet], drawn: Sequence[Chart]
) -> list[tuple[str, str]]:
    """What stands on the first sheet: a name, and what is said under it."""
    rows = [
        ("文号", document["number"]), ("编号", legible(content["id"])), ("主送", document["addressees"]),
        ("发文机关", document["signed_by"]), ("日期", document["signed_on"]), ("性质", document["mark"]),
    ]  # fmt: skip
    said_first = [(name, text) for name, text in rows if text]
    said_first += [("工作表", f"“{sheet.name}”：{_about(sheet)}") for sheet in sheets]
    if drawn:
        said_first.append(("工作表", f"“{PICTURES}”：各图，数据见同名工作表"))
    said_first.append(
        ("读法", "数值按本表显示位数修约，单元格内为准确值；不能化为有限小数的，另列分数。空格表示无此数。")
    )
    said_first += [("备注", text) for text in document["small_print"]]
    return [*said_first, ("内容摘要", f"SHA-256: {digest(content)}")]


def _about(sheet: Sheet) -> str:
    note = sheet.table.get("note", "")
    said_of_it = [sheet.caption] if sheet.caption != sheet.name else []
    return "，".join([*said_of_it, f"{len(sheet.table['rows'])}行"]) + (f"。{note}" if note else "")


def _summary(sheet: Any, looks: _Looks, document: Document, rows: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, SUMMARY_WIDTH)
    _page(sheet, document, "", wide=False)
    title = looks(font_name="黑体", font_size=16, align="center", text_wrap=True)
    sheet.merge_range(0, 0, 0, 1, "", title)
    sheet.write_string(0, 0, document["title"], title)
    sheet.set_row(0, 2 * _high(document["title"], TITLE_WIDTH))
    name, text = looks(bold=True, valign="top", border=1), looks(text_wrap=True, valign="top", border=1)
    for n, (called, what) in enumerate(rows, 1):
        repeated = called == rows[n - 2][0] and n > 1
        sheet.write_string(n, 0, "" if repeated else called, name)
        sheet.write_string(n, 1, what, text)
        sheet.set_row(n, _high(what, SUMMARY_WIDTH))
    sheet.ignore_errors({"number_stored_as_text": f"A1:B{len(rows) + 1}"})


def _page(sheet: Any, document: Document, caption: str, *, wide: bool) -> None:  # noqa: ANN401 - a library without types
    """How a sheet is printed: A4, as wide as the page, with its name above and the page number below."""
    sheet.set_paper(9)
    if wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.7)
    mark = f"【{document['mark']}】" if document["mark"] else ""
    sheet.set_header("&C&12 " + _cut((mark + " " + caption).strip(), 110).replace("\n", " ").replace("&", "&&"))
    sheet.set_footer("&C第 &P 页，共 &N 页")


# ---------------------------------------------------------------- a table


def _sheet(sheet: Any, looks: _Looks, it: Sheet, document: Document) -> None:  # noqa: ANN401 - a library without types
    """A table: its heading in the first row, what it says below, its note after an empty row."""
    columns, rows = _with_fractions(it.table)
    widths = [_column_width([column["title"], *(said(row[n]) for row in rows)]) for n, column in enumerate(columns)]
    kinds = [_kind(column, [row[n] for row in rows]) for n, column in enumerate(columns)]
    head = looks(font_name="黑体", bold=True, align="center", text_wrap=True, border=1, bg_color="#EDEDED")
    for n, column in enumerate(columns):
        sheet.set_column(n, n, widths[n])
        sheet.write_string(0, n, column["title"], head)
    for number, row in enumerate(rows, 1):
        high = max(_high(said(cell), width) for cell, width in zip(row, widths, strict=True))
        if high > LINE:
            sheet.set_row(number, high)
        for n, cell in enumerate(row):
            _write(sheet, looks, (number, n), cell, kinds[n])
    last = len(columns) - 1
    sheet.autofilter(0, 0, len(rows), last)
    sheet.freeze_panes(1, 1 if last > 7 else 0)  # noqa: PLR2004 - a table so wide is scrolled sideways
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{len(rows) + 3}"})
    _note(sheet, looks, it.table.get("note", ""), (len(rows) + 2, last, sum(widths)))
    _page(sheet, document, it.caption, wide=sum(widths) > LANDSCAPE_FROM)


def _note(sheet: Any, looks: _Looks, note: str, place: tuple[int, int, int]) -> None:  # noqa: ANN401
    """A note over the whole width of its table."""
    if not note:
        return
    row, last, width = place
    look = looks(text_wrap=True, valign="top", font_size=9)
    if last:
        sheet.merge_range(row, 0, row, last, "", look)
    sheet.write_string(row, 0, note, look)
    sheet.set_row(row, _high(note, width))


def _with_fractions(table: Table) -> tuple[list[Column], list[list[Cell]]]:
    """The table with a column at its end for each one that holds numbers without a finite decimal."""
    columns, rows = list(table["columns"]), [list(row) for row in table["rows"]]
    for n, column in enumerate(table["columns"]):
        fractions = [_fraction(row[n]) for row in table["rows"]]
        if any(fractions):
            columns.append({"title": f"{column['title']}（分数）", "kind": "number", "width": column["width"]})
            for row, fraction in zip(rows, fractions, strict=True):
                row.append(fraction)
    return columns, rows


def _fraction(cell: Cell) -> str | None:
    """The exact value of a cell where it is no finite decimal, or longer than a spreadsheet's number."""
    if not isinstance(cell, dict) or cell["value"] is None:
        return None
    return None if _decimal(cell["value"]) == Fraction(cell["value"]) else cell["value"]


def _kind(column: Column, cells: Sequence[Cell]) -> Literal["number", "whole", "text"]:
    """What a column holds: figures; whole numbers that were written as text, such as places; text."""
    return "number" if column["kind"] == "number" else "whole" if counts(cells) else "text"


def _write(sheet: Any, looks: _Looks, at: tuple[int, int], cell: Cell, kind: str) -> None:  # noqa: ANN401
    look = {"number": RIGHT, "whole": MIDDLE, "text": LEFT}[kind]
    match cell:
        case None if kind == "number":
            sheet.write_blank(*at, None, looks(**NUMBER))
        case str() if kind == "whole" and is_whole(cell):
            sheet.write_number(*at, int(cell), looks(**MIDDLE, num_format="0"))
        case dict():
            _write_figure(sheet, looks, at, cell)
        case _:
            sheet.write_string(*at, said(cell), looks(**look))


def _write_figure(sheet: Any, looks: _Looks, at: tuple[int, int], figure: Figure) -> None:  # noqa: ANN401
    form = shown_as(figure)
    if form is None:
        sheet.write_string(*at, figure["text"], looks(**RIGHT))
    else:
        sheet.write_number(*at, _decimal(cast("str", figure["value"])), looks(**NUMBER, num_format=form))


def _decimal(points: str) -> Decimal:
    """The nearest number that a spreadsheet keeps; exact for every decimal of up to 15 digits."""
    value = Fraction(points)
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(value.numerator) / Decimal(value.denominator)


def shown_as(figure: Figure) -> str | None:
    """The number format under which a spreadsheet prints the figure as the paper does; None: there is none.

    Signs, units and words around the digits are taken over ("+0.25", "↓3", "12分"), each for values of its own sign.
    """
    found = _PRINTED.fullmatch(figure["text"])
    if figure["value"] is None or not found:
        return None
    before, digits, decimals, after = found[1], found[2], found[3] or "", found[4]
    value = Fraction(figure["value"])
    if display(abs(value), decimals=len(decimals)) != digits:
        return None
    plain = "0" + ("." + "0" * len(decimals) if decimals else "")
    if (before, after) == ("-" if value < 0 else "", ""):
        return plain
    own = _literal(before) + plain + _literal(after)
    return ";".join((own if value > 0 else plain, own if value < 0 else f"-{plain}", own if value == 0 else plain))


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""


# ---------------------------------------------------------------- pictures


def _pictures(sheet: Any, charts: Sequence[Chart], document: Document) -> None:  # noqa: ANN401
    """The charts one below the other, each drawing on a page of its own."""
    drawn = [(chart, drawing) for chart in charts for drawing in svgs(chart, ROWS_MAX)]
    _page(sheet, document, PICTURES, wide=False)
    sheet.set_print_scale(100)
    sheet.set_column(0, 0, PICTURE_WIDTH)
    sheet.hide_gridlines(2)
    sheet.set_default_row(ROW * 72 // PIXELS_PER_INCH)
    row, breaks = 0, list[int]()
    scale = PIXELS_PER_INCH / PPI
    for (chart, _), picture in zip(drawn, pngs([drawing for _, drawing in drawn], ppi=PPI), strict=True):
        sheet.write_string(row, 0, chart["caption"])
        sheet.insert_image(row + 1, 0, "chart.png", {
            "image_data": io.BytesIO(picture), "description": chart["alt"], "object_position": 2,
            "x_scale": scale, "y_scale": scale,
        })  # fmt: skip
        row += 3 + -(-_height(picture) * PIXELS_PER_INCH // (PPI * ROW))
        breaks.append(row)
    sheet.set_h_pagebreaks(breaks[:-1])
    sheet.print_area(0, 0, row - 1, 0)


def _height(picture: bytes) -> int:
    """How many dots high a PNG is, as its header says."""
    return int.from_bytes(picture[20:24], "big")


# ---------------------------------------------------------------- widths


def _column_width(texts: Sequence[str]) -> int:
    narrow, wide = WIDTHS
    return min(wide, max(narrow, 4 + max(map(_width, texts))))


def _high(text: str, width: int) -> int:
    """The points that the lines of a text take in a column."""
    return min(HEIGHT_MAX, LINE * _lines(text, width))


def _lines(text: str, width: int) -> int:
    return sum(max(1, -(-_width(line) // (width - 3))) for line in text.split("\n"))


def _width(text: str) -> int:
    """The width of the longest line of a text, in Latin characters."""
    return max(len(line) + sum(sign > "\u2000" for sign in line) for line in text.split("\n"))


def _letters(column: int) -> str:
    """A column's name: A, B, … Z, AA and so on."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters, column = chr(ord("A") + rest) + letters, column - 1
    return letters
