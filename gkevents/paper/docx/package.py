"""The file around the text: its parts, how they refer to each other, and what is said about it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from gkevents.paper.docx.writing import NAMESPACES
from gkevents.paper.zipped import stored

WHEN: Final = "2000-01-01T00:00:00Z"
"""What the file says of when it was made and changed: the same content is the same file on any day."""

PROPERTY_MAX: Final = 255
"""Characters of a property, at most."""

_KINDS: Final = {
    "styles": (CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES),
    "settings": (CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
    "fontTable": (CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE),
    "theme": (CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME),
    "header": (CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": (CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
    "image": (CONTENT_TYPE.PNG, RELATIONSHIP_TYPE.IMAGE),
}
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Piece(NamedTuple):
    """A part beside the text: what it is, its name, the name of its relation to the text, and what it holds."""

    kind: str
    name: str
    relation: str
    held: str | bytes


def packed(text: str, pieces: Sequence[Piece], *, title: str, subject: str, creator: str) -> bytes:
    """The file."""
    package = Package()
    main = _part("/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, text, package)
    package.load_rel(RELATIONSHIP_TYPE.OFFICE_DOCUMENT, main, "rId1")
    for piece in pieces:
        content_type, relation = _KINDS[piece.kind]
        main.load_rel(relation, _part(f"/word/{piece.name}", content_type, piece.held, package), piece.relation)
    core = _part("/docProps/core.xml", CONTENT_TYPE.OPC_CORE_PROPERTIES, _core(title, subject, creator), package)
    package.load_rel(RELATIONSHIP_TYPE.CORE_PROPERTIES, core, "rId2")
    made = io.BytesIO()
    package.save(made)
    return stored(made.getvalue())


def _part(name: str, content_type: str, held: str | bytes, package: Package) -> Part:
    return Part(PackURI(name), content_type, held if isinstance(held, bytes) else f"{_XML}{held}".encode(), package)


def _core(title: str, subject: str, creator: str) -> str:
    said = [
        f"<{name}>{escape(text[:PROPERTY_MAX], quote=False)}</{name}>"
        for name, text in (("dc:title", title), ("dc:subject", subject), ("dc:creator", creator))
    ]
    when = [f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{WHEN}</dcterms:{name}>' for name in ("created", "modified")]
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{''.join(said)}<dc:language>zh-CN</dc:language>{''.join(when)}</cp:coreProperties>"
    )


def settings(*, even_and_odd: bool) -> str:
    """word/settings.xml: as today's Word does it, and even pages with a foot of their own where they have one."""
    word = "http://schemas.microsoft.com/office/word"
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{word}" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1), ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1), ("differentiateMultirowTableHeaders", 1),
        )
    )  # fmt: skip
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        f"{'<w:evenAndOddHeaders/>' if even_and_odd else ''}"
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        f"<w:doNotExpandShiftReturn/><w:useFELayout/>{compatible}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )
