"""The styles of a paper, by GB/T 9704-2012: what the navigation pane shows, and a clerk can change in one place."""

from __future__ import annotations

from typing import Final, NamedTuple

from gkevents.paper.docx.fonts import Faces, face_xml, faces
from gkevents.paper.docx.measures import POINT, pitch, tightening, upright
from gkevents.paper.docx.writing import NAMESPACES
from gkevents.reports.document import Page

RED: Final = "FF0000"

_CAPTION: Final = 12
_IMPRINT: Final = 14
_SMALL: Final = 9
_HEAD: Final = (26, 48)
"""Points of the red line at the head, at least and at most."""

_OFF_GRID: Final = '<w:snapToGrid w:val="0"/>'
_ONE: Final = '<w:spacing w:before="{}" w:after="{}" w:line="240" w:lineRule="auto"/>'


class Style(NamedTuple):
    """A paragraph style: properties of the paragraph and of its characters, in the schema's order."""

    id: str
    name: str
    paragraph: str = ""
    characters: str = ""
    based: str = "Normal"
    next: str = "BodyText"


def styles(page: Page, issuer: str) -> str:
    """word/styles.xml; the size of the red head depends on what has to fit on its line."""
    look = faces(page)
    all_of_them = [
        *_heads(page, look, issuer), *_running(page, look), *_annexes(page, look), *_ends(page, look),
        *_small(page, look),
    ]  # fmt: skip
    return (
        f"<w:styles {NAMESPACES}>{_defaults(page, look)}{_basic(page)}"
        f"{''.join(_style(style) for style in all_of_them)}</w:styles>"
    )


def size(points: int) -> str:
    """A size of type."""
    return f'<w:sz w:val="{2 * points}"/><w:szCs w:val="{2 * points}"/>'


def exactly(page: Page, points: int) -> int:
    """From line to line of type that is larger than the body's."""
    return max(pitch(page), points * POINT * 13 // 10)


def _defaults(page: Page, look: Faces) -> str:
    # the language of figures and Latin: as Chinese they might be torn at the end of a line
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{face_xml(look.body)}{size(page['body_size'])}{language}</w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def _basic(page: Page) -> str:
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_ONE.format(0, 0)}</w:pPr><w:rPr>{size(page['body_size'])}</w:rPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="57" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _style(style: Style) -> str:
    known = style.name.isascii()
    custom = "" if known else ' w:customStyle="1"'
    based = f'<w:basedOn w:val="{style.based}"/>' if style.based else ""
    paragraph = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    characters = f"<w:rPr>{style.characters}</w:rPr>" if style.characters else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>{based}'
        f'<w:next w:val="{style.next}"/><w:qFormat/>{paragraph}{characters}</w:style>'
    )


def _heads(page: Page, look: Faces, issuer: str) -> list[Style]:
    line, title = pitch(page), page["title_size"]
    fitting = upright(page).field[0] * 95 // (100 * POINT * max(len(issuer), 1))
    head = max(_HEAD[0], min(_HEAD[1], fitting))
    centred, kept = '<w:jc w:val="center"/>', "<w:keepNext/><w:keepLines/>"
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="10" w:color="{RED}"/></w:pBdr>'
    return [
        Style("RedHead", "发文机关标志", f'{kept}{_OFF_GRID}<w:spacing w:before="1700" w:after="0"'
              f' w:line="{head * POINT * 13 // 10}" w:lineRule="exact"/>{centred}',
              f'{face_xml(look.title)}<w:color w:val="{RED}"/>{size(head)}', next="DocumentNumber"),
        Style("DocumentNumber", "发文字号", f'{kept}<w:spacing w:before="0" w:after="{line}"/>{centred}'),
        Style("RedHeadRule", "发文字号与红线", f'{kept}{rule}<w:spacing w:before="{2 * line}" w:after="0"/>{centred}'),
        Style("Title", "Title", f'{kept}{_OFF_GRID}<w:spacing w:before="{2 * line}" w:after="{line}"'
              f' w:line="{exactly(page, title)}" w:lineRule="exact"/>{centred}', f"{face_xml(look.title)}{size(title)}",
              next="Addressees"),
        Style("Addressees", "主送机关"),
    ]  # fmt: skip


def _running(page: Page, look: Faces) -> list[Style]:
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * page["body_size"] * POINT}"/>'
    tighter = f'<w:spacing w:val="{tightening(page)}"/>' if tightening(page) else ""
    heading = [
        Style(f"Heading{level}", f"heading {level}",
              f'<w:keepNext/><w:keepLines/>{indent}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>',
              face_xml(face))
        for level, face in ((1, look.heading), (2, look.subheading), (3, look.body))
    ]  # fmt: skip
    return [Style("BodyText", "Body Text", f'{indent}<w:jc w:val="both"/>', tighter), *heading]


def _annexes(page: Page, look: Faces) -> list[Style]:
    line, title = pitch(page), page["title_size"]
    return [
        Style("AnnexList", "附件说明", "<w:keepLines/>", next="AnnexList"),
        Style("AnnexMark", "附件序号", "<w:keepNext/>", face_xml(look.heading), next="AnnexTitle"),
        Style("AnnexTitle", "附件标题",
              f'<w:keepNext/><w:keepLines/>{_OFF_GRID}<w:spacing w:before="{line}" w:after="{line}"'
              f' w:line="{exactly(page, title)}" w:lineRule="exact"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>',
              f"{face_xml(look.title)}{size(title)}"),
    ]  # fmt: skip


def _ends(page: Page, look: Faces) -> list[Style]:
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * page["body_size"] * POINT}"/>'
    return [
        Style("Signature", "Signature", '<w:keepNext/><w:keepLines/><w:jc w:val="right"/>', next="Date"),
        Style("Date", "Date", '<w:keepLines/><w:jc w:val="right"/>'),
        Style("Note", "附注", indent),
        Style("Imprint", "版记", f"{_OFF_GRID}{_ONE.format(40, 40)}", size(_IMPRINT), next="Imprint"),
        Style("SmallPrint", "小字说明", f"{_OFF_GRID}{_ONE.format(0, 0)}", size(_SMALL), next="SmallPrint"),
        Style("Footer", "footer", _OFF_GRID, f"{face_xml(look.number)}{size(14)}", next="Footer"),
        Style("Header", "header", f'{_OFF_GRID}<w:jc w:val="center"/>', f'<w:color w:val="595959"/>{size(10)}',
              next="Header"),
    ]  # fmt: skip


def _small(page: Page, look: Faces) -> list[Style]:
    cell, one = page["table_size"], f"{_OFF_GRID}{_ONE.format(20, 20)}"
    caption = max(_CAPTION, cell)
    return [
        Style("TableCaption", "表题", f'<w:keepNext/><w:keepLines/>{_OFF_GRID}{_ONE.format(180, 80)}'
              '<w:jc w:val="center"/>', f"{face_xml(look.heading)}{size(caption)}"),
        Style("FigureCaption", "图题", f'<w:keepLines/>{_OFF_GRID}{_ONE.format(60, 180)}<w:jc w:val="center"/>',
              f"{face_xml(look.heading)}{size(caption)}"),
        Style("Figure", "图", f'<w:keepNext/>{_OFF_GRID}{_ONE.format(120, 0)}<w:jc w:val="center"/>',
              next="FigureCaption"),
        Style("TableHead", "表头", f'<w:keepNext/>{one}<w:jc w:val="center"/>', f"{face_xml(look.heading)}{size(cell)}",
              next="TableText"),
        Style("TableText", "表格文字", one, size(cell), next="TableText"),
        Style("TableShort", "表格短词", f'{one}<w:jc w:val="center"/>', size(cell), next="TableShort"),
        Style("TableNumber", "表格数字", f'{one}<w:jc w:val="right"/>', size(cell), next="TableNumber"),
        Style("TableNote", "表注", f"<w:keepLines/>{_OFF_GRID}{_ONE.format(40, 180)}", size(cell)),
        Style("Gap", "间隔", f'{_OFF_GRID}<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
              size(1)),
    ]  # fmt: skip
