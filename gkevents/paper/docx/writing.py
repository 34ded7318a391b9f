"""Text as WordprocessingML. Here, and only here, what people wrote becomes XML, so that it can be nothing but text.

The pieces are strings, because a table of some thousand cells is written that way in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w10="urn:schemas-microsoft-com:office:word"'
)

TAB: Final = "<w:r><w:tab/></w:r>"


def attribute(text: str) -> str:
    """Text between the quotes of an attribute."""
    return escape(text.replace("\n", " "))


def text_xml(text: str) -> str:
    """Text within a run; a new line in it is one on paper, and a tab is a gap."""
    made = f'<w:t xml:space="preserve">{escape(text, quote=False)}</w:t>'
    if "\n" in made or "\t" in made:
        made = made.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        made = made.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return made


def run(text: str) -> str:
    """A run that looks as its paragraph's style says."""
    return f"<w:r>{text_xml(text)}</w:r>" if text else ""


def paragraph(style: str, inside: str, more: str = "") -> str:
    """A paragraph of a style around runs; `more`: properties that follow the style's name in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def broken(lines: Iterable[str]) -> str:
    """Runs with a line break between them."""
    return "<w:r><w:br/></w:r>".join(run(line) for line in lines)
