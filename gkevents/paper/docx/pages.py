"""Pages: their size, what is printed at their head and foot, and how sections follow each other."""

from __future__ import annotations

from typing import Final

from gkevents.paper.docx.measures import Sheet, ems, pitch, twips
from gkevents.paper.docx.writing import NAMESPACES, attribute, paragraph, run
from gkevents.reports.document import Page

_NUMBER_BELOW: Final = 12
"""Millimetres from the end of the text to the lower edge of the page number: it stands 7 mm below the text."""

_HEAD_ABOVE: Final = 15
_EDGE: Final = 5
_EM: Final = 280
"""Twips of a character of the page number (4号)."""


def section(sheet: Sheet, page: Page, references: str) -> str:
    """The properties of a section; without references it has the head and the foot of the one before."""
    turned = ' w:orient="landscape"' if sheet.wide else ""
    size = f'w:w="{twips(sheet.width)}" w:h="{twips(sheet.height)}"{turned}'
    edges = " ".join(
        f'w:{edge}="{twips(length)}"'
        for edge, length in (
            ("top", sheet.top), ("right", sheet.right), ("bottom", sheet.bottom), ("left", sheet.left),
            ("header", max(_EDGE, min(_HEAD_ABOVE, sheet.top - 10))),
            ("footer", max(_EDGE, sheet.bottom - _NUMBER_BELOW)),
        )
    )  # fmt: skip
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar {edges} w:gutter="0"/>'
        f'<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="{pitch(page)}"/></w:sectPr>'
    )


def section_end(properties: str) -> str:
    """The last paragraph of a section that another follows; next to no height, or it might need a page of its own."""
    return f'<w:p><w:pPr><w:pStyle w:val="Gap"/>{properties}</w:pPr></w:p>'


def footer(side: str) -> str:
    """A foot with the page's number, at the left, the right, or in the middle."""
    indent = {"left": f'<w:ind w:left="{_EM}"/>', "right": f'<w:ind w:right="{_EM}"/>'}.get(side, "")
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    number = paragraph("Footer", run("— ") + field + run(" —"), f'{indent}<w:jc w:val="{side}"/>')
    return f"<w:ftr {NAMESPACES}>{number}</w:ftr>"


def header(mark: str, number: int) -> str:
    """A head that says in its line, and in large pale letters across the page, what the paper is not."""
    return f"<w:hdr {NAMESPACES}>{paragraph('Header', run(mark) + _across(mark, number) if mark else '')}</w:hdr>"


def _across(mark: str, number: int) -> str:
    """Pale letters from the lower left to the upper right, behind the text."""
    said = attribute(mark)
    width = min(400, max(120, ems(mark) * 120 // 100))
    height = max(24, width * 100 // max(ems(mark), 100))
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"'
        ' o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight"'
        ' xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136"'
        f' alt="{said}" style="{style}" o:allowincell="f" fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".6"/>'
        f'<v:textpath style="font-family:&quot;SimSun&quot;;font-size:1pt" string="{said}"/></v:shape></w:pict></w:r>'
    )
