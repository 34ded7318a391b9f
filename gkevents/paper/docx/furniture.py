"""What stands around the text of an official paper: the red head, the title, the annexes' list, signature, imprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gkevents.paper.docx.measures import POINT, ems, pitch
from gkevents.paper.docx.tables import GAP
from gkevents.paper.docx.writing import TAB, broken, paragraph, run
from gkevents.paper.headline import lines
from gkevents.paper.reading import annex_marks
from gkevents.reports.document import Document, Page

_SEAL: Final = 400
"""Hundredths of a character that a date stands from the right, where a seal will cover it."""

_LEAST: Final = 200
_EM: Final = 14 * POINT
"""Twips of a character of the imprint (4号)."""

_THICK: Final = 20
"""Twips: 0.35 mm, of the first and the last rule."""
_THIN: Final = 14


def front(document: Document, width: int) -> str:
    """From the top of the first page to whom it is addressed."""
    page, issuer, number = document["page"], document["issuer"], document["number"]
    red = page["red_head"] and issuer
    made = []
    if red:
        made += [paragraph("RedHead", run(issuer or "")), paragraph("RedHeadRule", run(number or ""))]
    below = number if not red else None
    spacing = f'<w:spacing w:before="{pitch(page)}" w:after="{pitch(page) // 2}"/>' if below else ""
    made.append(headline("Title", document["title"], page, width, spacing))
    if below:
        made.append(paragraph("DocumentNumber", run(below)))
    if document["addressees"]:
        made.append(paragraph("Addressees", run(document["addressees"])))
    return "".join(made)


def headline(style: str, title: str, page: Page, width: int, more: str = "") -> str:
    """A title in lines of about the same length."""
    return paragraph(style, broken(lines(title, width // (page["title_size"] * POINT))), more) if title else ""


def annex_list(document: Document) -> str:
    """The annexes' names below the text: what does not fit on a line goes on below the name's first character."""
    titles = [annex["title"] for annex in document["annexes"]]
    size = document["page"]["body_size"] * POINT
    line = '<w:spacing w:before="{}" w:after="0" w:line="240" w:lineRule="auto"/>'.format
    before = size * 8 // 5
    if len(titles) == 1:
        indent = f'<w:ind w:left="{5 * size}" w:hanging="{3 * size}"/>'
        return paragraph("AnnexList", run(f"附件：{titles[0]}"), f"<w:keepNext/>{line(before)}{indent}")
    numbers = (len(str(len(titles))) + 2) * size // 2
    made = []
    for n, title in enumerate(titles, 1):
        back = numbers if n > 1 else numbers + 3 * size
        indent = f'<w:ind w:left="{5 * size + numbers}" w:hanging="{back}"/>'
        said = run(f"{'' if n > 1 else '附件：'}{n}.") + TAB + run(title)
        kept = "<w:keepNext/>" if n in (1, len(titles) - 1, len(titles)) else ""
        made.append(paragraph("AnnexList", said, f"{kept}{line(0 if n > 1 else before)}{indent}"))
    return "".join(made)


def signature(document: Document, width: int) -> str:
    """Who signs and when, one below the middle of the other, four characters from the right; and the note."""
    signed, on, note = document["signed_by"], document["signed_on"], document["note"]
    size = document["page"]["body_size"] * POINT
    by_right, on_right = _rights(ems(signed or ""), ems(on or ""), width * 100 // size)
    made, before = [], 2 * size
    for style, text, right in (("Signature", signed, by_right), ("Date", on, on_right)):
        if text:
            space = f'<w:spacing w:before="{before}" w:after="0" w:line="240" w:lineRule="auto"/>'
            kept = "<w:keepNext/>" if style == "Signature" or note else ""
            made.append(paragraph(style, run(text), f'{kept}{space}<w:ind w:right="{right * size // 100}"/>'))
            before = 0
    if note:
        made.append(paragraph("Note", run(note if note.startswith("（") else f"（{note}）")))
    return "".join(made)


def _rights(signed: int, on: int, width: int) -> tuple[int, int]:
    """How far the signature and the date end from the right; all in hundredths of a character."""
    middle = _SEAL + on // 2
    by_right = middle - signed // 2
    if not signed or by_right >= _LEAST:
        return by_right, _SEAL
    by_right = max(0, min(_LEAST, width - signed))
    return by_right, max(by_right + (signed - on) // 2, 0)


def annex_head(document: Document, index: int, width: int, *, new_page: bool) -> str:
    """Which annex it is, at the top left, and its title."""
    mark = run(annex_marks(document["annexes"])[index])
    broken_page = "<w:pageBreakBefore/>" if new_page else ""
    return paragraph("AnnexMark", mark, broken_page) + headline(
        "AnnexTitle", document["annexes"][index]["title"], document["page"], width
    )


def foot(document: Document, small_print: Sequence[str], width: int) -> str:
    """The foot of the last page: small print, and below it the imprint between its rules.

    It is a frame of paragraphs, for a table over the whole width would not be set at the foot by every program.
    """
    frame = (
        f'<w:framePr w:w="{width}" w:vSpace="240" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
        ' w:xAlign="center" w:yAlign="bottom"/>'
    )
    made = [paragraph("SmallPrint", run(text), frame) for text in small_print]
    gap = f'{frame}<w:spacing w:before="0" w:after="0" w:line="100" w:lineRule="exact"/>'
    imprint = []
    if document["copies_to"]:
        copies = document["copies_to"]
        inside = run(copies if copies.startswith("抄送") else f"抄送：{copies}")
        imprint.append(
            paragraph("Imprint", inside, f'{frame}<w:ind w:left="{4 * _EM}" w:right="{_EM}" w:hanging="{3 * _EM}"/>')
        )
    if document["printed"]:
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{width - _EM}"/></w:tabs>'
        indent = f'<w:ind w:left="{_EM}" w:right="{_EM}"/>'
        imprint.append(paragraph("Imprint", _printed(document["printed"]), f"{frame}{tab}{indent}"))
    if imprint:
        made.append(paragraph("Gap", "", gap))
    for n, inside in enumerate(imprint):
        made += [_rule(frame, _THIN if n else _THICK), inside]
    return "".join([*made, _rule(frame, _THICK) if imprint else "", GAP])


def _rule(frame: str, height: int) -> str:
    """A rule over the whole width, so many twips thick: a black line of text, as not every program frames borders."""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{height}" w:lineRule="exact"/>'
    return paragraph("Gap", "", f'{frame}<w:shd w:val="clear" w:color="auto" w:fill="000000"/>{spacing}')


def _printed(text: str) -> str:
    """Who printed it at the left, and when at the right, where the text has a wide blank between the two."""
    who, blank, when = text.rpartition("\u3000")
    return run(who.rstrip("\u3000")) + TAB + run(when) if blank else run(text)
