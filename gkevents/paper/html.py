"""A content as one HTML file: read on any screen, by ear, or printed; nothing in it runs and nothing is fetched.

All text is escaped by the template engine. What goes into the style sheet (names of typefaces, millimetres) is quoted
here, because the engine does not know that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from gkevents.paper.charts import svgs
from gkevents.paper.headline import lines
from gkevents.paper.reading import Chart, annex_marks, as_table, counts, is_chart, legible, said
from gkevents.reports.document import Annex, Block, Cell, Column, Content, Page, Table, digest
from gkevents.terms import display

ROWS_MAX: Final = 40
"""Rows of a drawing: what fits on a printed page."""

NAV_FROM: Final = 3
"""A paper of so many parts has a list of contents."""

CODE_MAX: Final = 12
"""Latin characters of a cell that is not broken over lines."""

A4: Final = (210, 297)
"""Millimetres."""

CHARACTERS: Final = 28
"""In a line, where the size of the type allows."""

ANNEX_TITLE: Final = 17
"""Twentieths of the size of the title: how large an annex's is."""

_MM_PER_POINT: Final = Fraction(254, 720)
_SERIF: Final = ("STSong", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")
_SANS: Final = ("STHeiti", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
_UNQUOTED: Final = re.compile(r"[^\w -]")


class Part(NamedTuple):
    """A block with its place in the paper: `anchor` names it within the file, `tag` is a heading's."""

    kind: str
    block: Any
    anchor: str
    tag: str = ""
    table: Any = None
    looks: Sequence[Markup] = ()
    drawings: Sequence[Markup] = ()


class Enclosed(NamedTuple):
    """An annex, and what it is called."""

    mark: str
    title: str
    anchor: str
    wide: bool
    parts: list[Part]


def render(content: Content) -> bytes:
    """The paper as HTML, UTF-8."""
    document = legible(content["document"])
    annexes = _annexes(document["annexes"])
    body = _parts(document["body"], 1, "s")
    text = _template().render(
        document=document, body=body, annexes=annexes, contents=_contents(body, annexes),
        style=_style(document["page"]), digest=digest(content), said=said,
    )  # fmt: skip
    return text.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["fonts"] = _fonts
    environment.globals["lines"] = lines
    return environment.get_template("paper.html.j2")


def _annexes(annexes: Sequence[Annex]) -> list[Enclosed]:
    return [
        Enclosed(mark, annex["title"], f"a{n}", annex.get("wide", False), _parts(annex["body"], 2, f"a{n}-"))
        for n, (annex, mark) in enumerate(zip(annexes, annex_marks(annexes), strict=True), 1)
    ]


def _parts(body: Sequence[Block], above: int, prefix: str) -> list[Part]:
    """The blocks below a heading of level `above`; a heading is at most one level below the one before it."""
    parts, last = [], above
    for n, block in enumerate(body, 1):
        anchor = f"{prefix}{n}"
        if block["kind"] == "heading":
            last = min(above + block["level"], last + 1)
            parts.append(Part("heading", block, anchor, tag=f"h{last}"))
        elif is_chart(block):
            chart = cast("Chart", block)
            table = as_table(chart)
            table["caption"] += "：数据"
            parts.append(Part("chart", block, anchor, table=table, looks=_looks(table), drawings=_drawings(chart)))
        elif block["kind"] == "table":
            parts.append(Part("table", block, anchor, looks=_looks(block)))
        else:
            parts.append(Part("paragraph", block, anchor))
    return parts


def _looks(table: Table) -> list[Markup]:
    """How the cells of each column stand, as an attribute of theirs."""
    return [_look(column, [row[n] for row in table["rows"]]) for n, column in enumerate(table["columns"])]


def _look(column: Column, cells: Sequence[Cell]) -> Markup:
    """Numbers at the right, places in the middle, days and codes in one line; other text as it comes."""
    if column["kind"] == "number":
        return Markup(' class="n"')
    if counts(cells):
        return Markup(' class="c"')
    texts = [said(cell) for cell in cells if cell is not None]
    if texts and all(text.isascii() and len(text) <= CODE_MAX for text in texts):
        return Markup(' class="s"')
    return Markup()


def _drawings(chart: Chart) -> list[Markup]:
    return [Markup(drawing) for drawing in svgs(chart, ROWS_MAX)]  # noqa: S704 - escaped where it was drawn


def _contents(body: Sequence[Part], annexes: Sequence[Enclosed]) -> list[tuple[str, str]]:
    """What the list of contents says, and where it leads; none for a short paper."""
    entries = [(part.anchor, part.block["text"]) for part in body if part.kind == "heading" and part.tag == "h2"]
    entries += [(annex.anchor, f"{annex.mark}　{annex.title}") for annex in annexes]
    return entries if len(entries) >= NAV_FROM else []


# ---------------------------------------------------------------- style


def _style(page: Page) -> dict[str, Any]:
    """The page furniture as the style sheet wants it."""
    width, height = A4
    field = height - page["margin_top"] - page["margin_bottom"]
    measure = width - page["margin_left"] - page["margin_right"]
    spacing = Fraction(measure, CHARACTERS) / _MM_PER_POINT - page["body_size"]
    leading = Fraction(field, page["lines"]) / (page["body_size"] * _MM_PER_POINT)
    ems = int(measure / (page["title_size"] * _MM_PER_POINT))
    return {
        "ems": ems, "annex_ems": ems * 20 // ANNEX_TITLE,
        "page": {name: page[name] for name in _MEASURES},
        "annex_title": display(Fraction(page["title_size"] * ANNEX_TITLE, 20), decimals=1),
        "leading": display(leading, decimals=3),
        "spacing": display(spacing, decimals=2) if abs(spacing) <= 1 else "0",
        "numbers": page["page_numbers"],
        "title": [*page["title_fonts"], *_SERIF], "body": [*page["body_fonts"], *_SERIF],
        "heading": [*page["heading_fonts"], *_SANS], "subheading": [*page["subheading_fonts"], "STKaiti", *_SERIF],
    }  # fmt: skip


_MEASURES: Final = (
    "margin_top", "margin_left", "margin_right", "margin_bottom", "title_size", "body_size", "table_size",
)  # fmt: skip


def _css(text: str) -> Markup:
    """Text as a string of the style sheet: nothing in it can end the string, or the sheet."""
    return Markup('"' + _UNQUOTED.sub(lambda sign: f"\\{ord(sign[0]):x} ", text) + '"')  # noqa: S704 - quoted just here


def _fonts(names: Iterable[str]) -> Markup:
    return Markup(", ").join(_css(name) for name in dict.fromkeys(names))
