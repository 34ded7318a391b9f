"""A content as DOCX, by GB/T 9704-2012 and the house's page furniture: for offices that go on working in the text.

The whole file is written here, from text to styles, so that nothing of a template's or a library's day gets into it:
the same content is the same file. What people wrote passes through `writing` and can be nothing but text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from gkevents.paper.docx.fonts import font_table, theme
from gkevents.paper.docx.furniture import annex_head, annex_list, foot, front, signature
from gkevents.paper.docx.measures import Sheet, pitch, turned, upright
from gkevents.paper.docx.package import Piece, packed, settings
from gkevents.paper.docx.pages import footer, header, section, section_end
from gkevents.paper.docx.pictures import Drawing, Picture, drawings, picture_xml, pictures
from gkevents.paper.docx.styles import styles
from gkevents.paper.docx.tables import table_xml
from gkevents.paper.docx.writing import NAMESPACES, paragraph, run
from gkevents.paper.reading import Chart, is_chart, legible
from gkevents.reports.document import Block, Content, Document, Heading, Page, Paragraph, Table, digest

_KEPT_MAX: Final = 250
"""Characters of a paragraph that goes to the next page with the signature, at most."""

_ANNEX_HEAD: Final = 5
"""Lines that the head of an annex takes, where its title is not a long one."""


class _Stretch(NamedTuple):
    """What stands on pages of one size: text already written, and drawings that are still to be made."""

    sheet: Sheet
    said: list[str | Drawing]


def render(content: Content) -> bytes:
    """The content as a DOCX file: the same bytes on any day, in any time zone and any process."""
    document = legible(content["document"])
    page = document["page"]
    stretches = _stretches(document)
    small_print = [*document["small_print"], f"内容摘要 SHA-256: {digest(content)}"]
    stretches[-1].said.append(foot(document, small_print, stretches[-1].sheet.field[0]))
    drawn = pictures([each for stretch in stretches for each in stretch.said if isinstance(each, Drawing)])
    around = _around(document)
    text = _text(stretches, drawn, page, around)
    pieces = [
        Piece("styles", "styles.xml", "rId1", styles(page, document["issuer"] or "")),
        Piece("settings", "settings.xml", "rId2", settings(even_and_odd=_even(page))),
        Piece("fontTable", "fontTable.xml", "rId3", font_table(page)),
        Piece("theme", "theme/theme1.xml", "rId4", theme(page)),
        *around,
        *_images(drawn),
    ]
    creator = document["signed_by"] or document["issuer"] or ""
    subject = content["id"] if content["id"].isprintable() else ""
    return packed(text, pieces, title=document["title"], subject=subject, creator=creator)


def _stretches(document: Document) -> list[_Stretch]:
    """The paper itself, then the annexes; a stretch ends where the page is turned."""
    page = document["page"]
    sheet = upright(page)
    width = sheet.field[0]
    said: list[str | Drawing] = [front(document, width), *_blocks(document["body"], sheet, page, signed=True)]
    said += [annex_list(document), signature(document, width)]
    stretches = [_Stretch(sheet, said)]
    for index, annex in enumerate(document["annexes"]):
        wanted = turned(page) if annex.get("wide") else sheet
        same = wanted == stretches[-1].sheet
        if not same:
            stretches.append(_Stretch(wanted, []))
        stretches[-1].said.append(annex_head(document, index, wanted.field[0], new_page=same))
        stretches[-1].said.extend(_blocks(annex["body"], wanted, page, above=_ANNEX_HEAD * pitch(page)))
    return stretches


def _blocks(
    blocks: Sequence[Block], sheet: Sheet, page: Page, *, above: int = 0, signed: bool = False
) -> list[str | Drawing]:
    """What the blocks say; `above`: twips of a heading that stays with them.

    `signed`: a signature follows, which must not stand on a page by itself.
    """
    said: list[str | Drawing] = []
    for n, block in enumerate(blocks, 1):
        if is_chart(block):
            said += drawings(cast("Chart", block), sheet.field, above)
        else:
            kept = signed and n == len(blocks)
            said.append(_block(cast("Heading | Paragraph | Table", block), sheet, page, kept=kept))
        above = above + pitch(page) if block["kind"] == "heading" else 0
    return said


def _block(block: Heading | Paragraph | Table, sheet: Sheet, page: Page, *, kept: bool) -> str:
    match block["kind"]:
        case "heading":
            return paragraph(f"Heading{block['level']}", run(block["text"]))
        case "paragraph":
            text = block["text"]
            return paragraph("BodyText", run(text), "<w:keepNext/>" if kept and len(text) <= _KEPT_MAX else "")
        case "table":
            return table_xml(block, sheet.field[0], page)


def _text(stretches: Sequence[_Stretch], drawn: Sequence[Picture], page: Page, around: Sequence[Piece]) -> str:
    """word/document.xml."""
    made, number = [], 0
    for index, stretch in enumerate(stretches):
        for each in stretch.said:
            if isinstance(each, Drawing):
                number += 1
                made.append(picture_xml(drawn[number - 1], number, f"rIdPicture{number}"))
            else:
                made.append(each)
        properties = section(stretch.sheet, page, "" if index else _references(around))
        made.append(properties if index == len(stretches) - 1 else section_end(properties))
    return f"<w:document {NAMESPACES}><w:body>{''.join(made)}</w:body></w:document>"


def _even(page: Page) -> bool:
    return page["page_numbers"] == "outside"


def _around(document: Document) -> list[Piece]:
    """The heads and feet of the pages: those of even pages are others where the number stands outside."""
    page, mark = document["page"], document["mark"]
    kinds = ("default", "even") if _even(page) else ("default",)
    pieces = []
    if mark:
        pieces += [
            Piece("header", f"header{n}.xml", f"rIdHeader_{kind}", header(mark, n)) for n, kind in enumerate(kinds, 1)
        ]
    sides = {"outside": ("right", "left"), "centre": ("center",), "none": ()}[page["page_numbers"]]
    pieces += [
        Piece("footer", f"footer{n}.xml", f"rIdFooter_{kind}", footer(side))
        for n, (kind, side) in enumerate(zip(kinds, sides, strict=False), 1)
    ]
    return pieces


def _references(around: Sequence[Piece]) -> str:
    return "".join(
        f'<w:{piece.kind}Reference w:type="{piece.relation.rpartition("_")[2]}" r:id="{piece.relation}"/>'
        for piece in around
    )


def _images(drawn: Sequence[Picture]) -> list[Piece]:
    return [Piece("image", f"media/image{n}.png", f"rIdPicture{n}", picture.png) for n, picture in enumerate(drawn, 1)]
