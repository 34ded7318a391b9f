"""Typefaces by role. Word is told the first name of a list, and in the font table what may take its place.

A file must also have a theme, with colours and faces to choose from: the paper's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from gkevents.paper.docx.writing import NAMESPACES, attribute
from gkevents.reports.document import Page

Role = Literal["title", "body", "heading", "subheading", "number"]

_LIKE: Final[dict[Role, tuple[str, ...]]] = {
    "title": ("宋体", "SimSun", "STSong", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
    "body": ("仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
    "heading": ("黑体", "SimHei", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
    "subheading": ("楷体", "KaiTi", "STKaiti", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
    "number": ("SimSun", "STSong", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
}
"""What is like each, on Windows, macOS and Linux, in order."""

_PANOSE: Final[dict[Role, str]] = {
    "title": "02010600030101010101", "body": "02010609060101010101", "heading": "02010609060101010101",
    "subheading": "02010609060101010101", "number": "02010600030101010101",
}  # fmt: skip
_FAMILY: Final[dict[Role, str]] = {
    "title": "auto", "body": "modern", "heading": "modern", "subheading": "modern", "number": "auto",
}  # fmt: skip


class Faces(NamedTuple):
    """The name of the face for each role."""

    title: str
    body: str
    heading: str
    subheading: str
    number: str = "宋体"


def faces(page: Page) -> Faces:
    """The house's first choices; where it names none, the standard's."""
    return Faces(
        _first(page["title_fonts"], "方正小标宋简体"), _first(page["body_fonts"], "仿宋_GB2312"),
        _first(page["heading_fonts"], "黑体"), _first(page["subheading_fonts"], "楷体_GB2312"),
    )  # fmt: skip


def _first(names: Sequence[str], otherwise: str) -> str:
    return next((name.strip() for name in names if name.strip()), otherwise)


def face_xml(name: str) -> str:
    """A face for every script, so that figures and Latin stand in it too."""
    said = attribute(name)
    return f'<w:rFonts w:ascii="{said}" w:eastAsia="{said}" w:hAnsi="{said}" w:cs="{said}"/>'


def font_table(page: Page) -> str:
    """word/fontTable.xml: each face that is used, with the names of those that stand in for it."""
    used = faces(page)
    wanted: list[tuple[Role, str, list[str]]] = [
        ("title", used.title, page["title_fonts"]), ("body", used.body, page["body_fonts"]),
        ("heading", used.heading, page["heading_fonts"]), ("subheading", used.subheading, page["subheading_fonts"]),
        ("number", used.number, []),
    ]  # fmt: skip
    made: dict[str, str] = {}
    for role, name, names in wanted:
        made.setdefault(name, _font(role, name, names))
    return f"<w:fonts {NAMESPACES}>{''.join(made.values())}</w:fonts>"


def _font(role: Role, name: str, names: Sequence[str]) -> str:
    others = [other for other in dict.fromkeys((*names, *_LIKE[role])) if other.strip() and other != name]
    return (
        f'<w:font w:name="{attribute(name)}"><w:altName w:val="{attribute(",".join(others))}"/>'
        f'<w:panose1 w:val="{_PANOSE[role]}"/><w:charset w:val="86"/><w:family w:val="{_FAMILY[role]}"/>'
        '<w:pitch w:val="default"/></w:font>'
    )


def theme(page: Page) -> str:
    """word/theme/theme1.xml: black, white and greys, and the two faces that the paper is mostly set in."""
    used = faces(page)
    greys = {
        "dk1": "000000",
        "lt1": "FFFFFF",
        "dk2": "404040",
        "lt2": "F2F2F2",
        "hlink": "000000",
        "folHlink": "000000",
    }
    greys |= {
        f"accent{n}": shade for n, shade in enumerate(("404040", "595959", "737373", "8C8C8C", "A6A6A6", "BFBFBF"), 1)
    }
    order = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    colours = "".join(f'<a:{name}><a:srgbClr val="{greys[name]}"/></a:{name}>' for name in order)
    fonts = "".join(
        f'<a:{part}><a:latin typeface="{attribute(name)}"/><a:ea typeface="{attribute(name)}"/>'
        f'<a:cs typeface=""/></a:{part}>'
        for part, name in (("majorFont", used.heading), ("minorFont", used.body))
    )
    plain = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    edge = f'<a:ln w="9525">{plain}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="公文"><a:themeElements>'
        f'<a:clrScheme name="公文">{colours}</a:clrScheme><a:fontScheme name="公文">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{plain * 3}</a:fillStyleLst><a:lnStyleLst>{edge * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{plain * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )
