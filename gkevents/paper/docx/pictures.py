"""Charts as pictures of dots, because not every office program shows SVG. They are drawn for the paper all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from gkevents.paper.charts import LINE, WIDTH, svgs
from gkevents.paper.docx.measures import EMU
from gkevents.paper.docx.writing import attribute, paragraph, run
from gkevents.paper.raster import pngs
from gkevents.paper.reading import Chart

PPI: Final = 192
"""Dots an inch: twice a screen's, and enough for an office's printer."""

_AXIS_ROWS: Final = 4
_CAPTION: Final = 900
"""Twips that a caption takes of the page, and the white around it."""


class Picture(NamedTuple):
    """A drawing on a page: how large it is there in EMU, what it is called and what it says to who cannot see it."""

    png: bytes
    width: int
    height: int
    caption: str
    alt: str


class Drawing(NamedTuple):
    """A drawing that is still to be made, for so much width and height in twips."""

    svg: str
    caption: str
    alt: str
    field: tuple[int, int]


def drawings(chart: Chart, field: tuple[int, int], above: int) -> list[Drawing]:
    """A chart in as many drawings as it takes for each to fit on a page, below headings that take so many twips."""
    width, height = field
    field = (width, max(height - above, height // 4))
    rows = (field[1] - _CAPTION) * WIDTH // (width * LINE) - _AXIS_ROWS
    parts = svgs(chart, max(rows, 1))
    if len(parts) == 1:
        return [Drawing(parts[0], chart["caption"], chart["alt"], field)]
    return [
        Drawing(part, f"{chart['caption']}（{n}/{len(parts)}）", f"{chart['alt']}（{n}/{len(parts)}）", field)
        for n, part in enumerate(parts, 1)
    ]


def pictures(wanted: Iterable[Drawing]) -> list[Picture]:
    """The drawings, drawn: as wide as the text, or less where they would be too high."""
    asked = list(wanted)
    return [
        _placed(drawing, made) for drawing, made in zip(asked, pngs([each.svg for each in asked], ppi=PPI), strict=True)
    ]


def _placed(drawing: Drawing, made: bytes) -> Picture:
    across, down = int.from_bytes(made[16:20]), int.from_bytes(made[20:24])
    width, most = drawing.field[0], drawing.field[1] - _CAPTION
    height = width * down // across
    if height > most:
        width, height = most * across // down, most
    return Picture(made, width * EMU, height * EMU, drawing.caption, drawing.alt)


def picture_xml(picture: Picture, number: int, relation: str) -> str:
    """A picture in the text, and its caption below."""
    size = f'cx="{picture.width}" cy="{picture.height}"'
    told = f'id="{number}" name="{attribute(f"图片 {number}")}" descr="{attribute(picture.alt)}"'
    inline = (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {told}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f"<pic:cNvPr {told}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    return paragraph("Figure", inline) + paragraph("FigureCaption", run(picture.caption))
