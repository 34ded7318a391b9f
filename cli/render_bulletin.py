"""Bulletins as text: a paper as a terminal can show it, the list of them, what their proof came to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from cli.columns import filled, hang, pad, printable, table, width, wrap
from cli.render import Voice, when
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.bulletins import Issued
    from gkevents.app.differing import Proof
    from gkevents.reports.document import Block, Cell, Document, Table

_DASH: Final = "—"
_INDENT: Final = 4
"""So wide are the two characters by which a paragraph begins later."""


def document_page(document: Document, digest: str, voice: Voice) -> str:
    """A paper as text: head, body, annexes, signature, small print. Charts are named; their figures stand in tables."""
    head = [document["mark"], document["issuer"], document["number"]]
    parts = [f"【{printable(text)}】" if text is document["mark"] else printable(text) for text in head if text]
    parts += [voice.head(hang(printable(document["title"]), voice.columns))]
    if document["addressees"]:
        parts.append(printable(document["addressees"]))
    parts += _blocks(document["body"], voice)
    annexes = [f"{number}. {printable(one['title'])}" for number, one in enumerate(document["annexes"], 1)]
    parts += ["附件：" + "\n      ".join(annexes)] if annexes else []
    parts += [printable(text) for text in (document["signed_by"], document["signed_on"]) if text]
    parts += [f"（{printable(document['note'])}）"] if document["note"] else []
    for number, annex in enumerate(document["annexes"], 1):
        many = len(document["annexes"]) > 1
        parts.append(voice.head(f"附件{number if many else ''}  {printable(annex['title'])}"))
        parts += _blocks(annex["body"], voice)
    parts += [voice.faint(hang(printable(line), voice.columns)) for line in document["small_print"]]
    parts.append(voice.faint(hang(f"内容摘要 SHA-256: {digest}", voice.columns)))
    return "\n\n".join(parts)


def _blocks(blocks: Iterable[Block], voice: Voice) -> list[str]:
    said = []
    for block in blocks:
        if block["kind"] == "heading":
            said.append(voice.head(hang(printable(block["text"]), voice.columns)))
        elif block["kind"] == "paragraph":
            said.append("　　" + "\n".join(wrap(printable(block["text"]), voice.columns, taken=_INDENT)))
        elif block["kind"] == "table":
            said.append(_table(block, voice))
        else:
            said.append(voice.faint(hang(f"［{printable(block['caption'])}］{printable(block['alt'])}", voice.columns)))
    return said


def _table(block: Table, voice: Voice) -> str:
    """A table whose texts are broken over lines where it would be too wide: nothing of a paper is cut off."""
    titles = [column["title"] for column in block["columns"]]
    rows = [[printable(_text(cell)) for cell in row] for row in block["rows"]]
    right = [place for place, column in enumerate(block["columns"]) if column["kind"] == "number"]
    widths = _widths([titles, *rows], voice.columns)
    lines = [line for row in [titles, *rows] for line in _broken(row, widths, right)]
    rule = sum(widths) + _GAP * (len(widths) - 1)
    head = len(_broken(titles, widths, right))
    lines.insert(head, "─" * rule)
    note = [hang(printable(block["note"]), voice.columns)] if "note" in block else []
    caption = [printable(block["caption"])] if block["caption"] else []
    return "\n".join([*caption, *lines, *note])


def _widths(rows: Sequence[Sequence[str]], columns: int) -> list[int]:
    """The widths of the columns: the widest give way, evenly, until all fit."""
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    while sum(widths) + _GAP * (len(widths) - 1) > columns and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _broken(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> list[str]:
    """The lines of one row."""
    cells = [wrap(cell, wide) if cell else [""] for cell, wide in zip(row, widths, strict=True)]
    return [
        (" " * _GAP)
        .join(
            pad(cell[number] if number < len(cell) else "", widths[place], right=place in right)
            for place, cell in enumerate(cells)
        )
        .rstrip()
        for number in range(max(map(len, cells)))
    ]


_ALL_COLUMNS: Final = 90
"""From so many columns on the list has all of its columns."""
_GAP: Final = 2
_LEAST: Final = 4
"""So narrow a column may become."""


def _text(cell: Cell) -> str:
    if cell is None:
        return _DASH
    return cell if isinstance(cell, str) else cell["text"]


def list_page(found: Sequence[Issued], voice: Voice) -> str:
    """The issued bulletins in the order of issue."""
    if not found:
        return voice.say(N_("No bulletin has been issued yet."))
    head = [N_("Bulletin"), N_("Up to"), N_("Issued"), N_("Document number"), N_("Position"), N_("Digest")]
    rows = [
        [
            one.form.id,
            when(one.form.as_of or one.form.period.until),
            when(one.form.issued_on),
            printable(one.form.options.number or ""),
            str(one.position),
            one.form.digest[:12],
        ]
        for one in found
    ]
    if voice.columns < _ALL_COLUMNS:  # what names it, and the days
        head, rows = head[:4], [row[:4] for row in rows]
    said, rows, right = filled([voice.say(title) for title in head], rows, (4,))
    return table(said, rows, columns=voice.columns, right=right, cut=(3, 0))


def proofs_page(found: Sequence[Proof], voice: Voice) -> str:
    """What deriving bulletins again came to."""
    if not found:
        return voice.say(N_("No bulletin has been issued yet."))
    lines = []
    for one in found:
        if not one.faults:
            lines.append(hang(voice.say(N_("{id}: as it was issued, in every format."), id=one.id), voice.columns))
            continue
        lines.append(voice.alarm(voice.say(N_("{id}: {count} differences:"), id=one.id, count=len(one.faults))))
        lines += [hang(f"  {printable(voice.say(fault))}", voice.columns, indent=4) for fault in one.faults]
    return "\n".join(lines)
