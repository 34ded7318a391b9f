"""The DOCX, opened again: by python-docx, and as the XML that Word is strict about."""

from __future__ import annotations

import copy
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt

from gkevents.paper.docx import render
from gkevents.reports.document import Block, Content, digest
from tests.paper.sample import AWKWARD, content, units
from tests.paper.word_order import ORDER

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@cache
def made() -> bytes:
    return render(content())


def small(*blocks: Block, **changes: Any) -> Content:  # noqa: ANN401 - any field of a document
    """A short paper with these blocks, and other changes to the document."""
    short = copy.deepcopy(content(2, annex_rows=1, mark=None))
    page = changes.pop("page", {})
    short["document"].update({"body": list(blocks), **changes})  # type: ignore[typeddict-item]
    short["document"]["page"].update(page)
    return short


def read(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def xml(data: bytes, name: str = "word/document.xml") -> Any:  # noqa: ANN401 - lxml has no types
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return parse_xml(file.read(name))


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.namelist()


def said(part: Any) -> str:  # noqa: ANN401 - the same
    """The text of a piece of XML, with line breaks and tabs."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(node.text or "" if node.tag == f"{W}t" else signs.get(node.tag, "") for node in part.iter())


def cells(data: bytes) -> list[list[list[str]]]:
    tables = xml(data).iter(f"{W}tbl")
    return [[[said(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")] for table in tables]


def disorder(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """Children that stand where the schema does not want them."""
    for node in root.iter():
        order = ORDER.get(node.tag.removeprefix(W), "").split()
        tags = [child.tag.removeprefix(W) for child in node]
        if order and (set(tags) - set(order) or tags != sorted(tags, key=order.index)):
            yield f"{node.tag.removeprefix(W)}: {tags}"


def styled(data: bytes, style: str) -> list[Any]:
    return [p for p in xml(data).iter(f"{W}p") if p.pPr is not None and p.pPr.style == style]


# ---------------------------------------------------------------- what it says


def test_every_cell_of_every_table_is_there_and_none_is_a_dash() -> None:
    document = content()["document"]
    (scores,) = (block for block in document["body"] if block["kind"] == "table")
    (entries,) = (block for block in document["annexes"][0]["body"] if block["kind"] == "table")

    first, second = cells(made())

    for written, table in ((first, scores), (second, entries)):
        assert written[0] == [column["title"] for column in table["columns"]]
        assert written[1:] == [
            ["—" if cell is None else cell if isinstance(cell, str) else cell["text"] for cell in row]
            for row in table["rows"]
        ]


def test_everything_around_the_text_is_said_in_its_order() -> None:
    whole = said(xml(made()))

    places = [
        whole.index(text)
        for text in (
            "示例县政务公开办公室", "示政公开办〔2020〕5号", "关于示例县2020年第三季度", "各示例单位：", "一、总体情况",
            "表1 各单位得分", "注：示例数据", "图1 各单位得分", "附件：1.\t扣分加分明细", "2.\t整改要求",
            "2020年10月12日", "（此件公开发布）", "附件1", "附件2", "请于2020年10月31日前", "截至2020年9月30日",
            f"内容摘要 SHA-256: {digest(content())}", "抄送：示例县人民政府办公室。",
            "示例县政务公开办公室\t2020年10月12日印发",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_what_is_none_or_empty_is_left_out() -> None:
    left_out: dict[str, Any] = dict.fromkeys(
        ("issuer", "number", "addressees", "signed_by", "signed_on", "note", "copies_to", "printed")
    )
    bare = small(annexes=[], small_print=[], title="", **left_out)

    assert said(xml(render(bare))) == f"内容摘要 SHA-256: {digest(bare)}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AWKWARD, AWKWARD),
        ("]]> <w:p/> &#0; &lt; ' \"", "]]> <w:p/> &#0; &lt; ' \""),
        ("  两头 空白  ", "  两头 空白  "),
        ("一\n二\t三", "一\n二\t三"),
        ("坏\x00\x0b\x1f\ufffe符", "坏\ufffd\ufffd\ufffd\ufffd符"),
        ('{ PAGE } { INCLUDETEXT "a" } =1+1', '{ PAGE } { INCLUDETEXT "a" } =1+1'),
    ],
)
def test_awkward_text_is_only_text_wherever_it_stands(text: str, expected: str) -> None:
    table: Block = {
        "kind": "table", "id": "t", "caption": text, "columns": [{"title": text, "kind": "text", "width": 1}],
        "rows": [[text]], "note": text,
    }  # fmt: skip
    texts = dict.fromkeys(("addressees", "signed_by", "signed_on", "note", "number", "title", "mark"), text)
    paper = small({"kind": "heading", "level": 2, "text": text}, {"kind": "paragraph", "text": text}, table, **texts)
    data = render(paper)

    body = said(xml(data))
    joined = body.replace("\n", "")
    assert body.count(expected) >= 8
    assert joined.count(expected.replace("\n", "")) >= 9  # the title has line breaks of its own
    assert expected in said(xml(data, "word/header1.xml"))
    assert not list(xml(data).iter(f"{W}instrText", f"{W}fldSimple"))
    assert not list(disorder(xml(data)))


def test_a_title_longer_than_a_property_may_be_does_no_harm() -> None:
    data = render(small(title="长" * 400))

    assert read(data).core_properties.title == "长" * 255
    assert "长" * 400 in said(xml(data))


# ---------------------------------------------------------------- the page


def test_the_page_is_that_of_the_standard_and_the_wide_annex_is_turned() -> None:
    sections = list(read(made()).sections)

    upright, turned, last = sections
    for section in (upright, last):
        assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=Pt(0.1))
        edges = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert edges == pytest.approx((Mm(37), Mm(26), Mm(35), Mm(28)), abs=Pt(0.1))
        assert section.orientation == WD_ORIENTATION.PORTRAIT
    assert (turned.page_width, turned.page_height) == pytest.approx((Mm(297), Mm(210)), abs=Pt(0.1))
    edges = (turned.top_margin, turned.right_margin, turned.bottom_margin, turned.left_margin)
    assert edges == pytest.approx((Mm(28), Mm(37), Mm(26), Mm(35)), abs=Pt(0.1))
    assert turned.orientation == WD_ORIENTATION.LANDSCAPE


def test_a_page_holds_22_lines_and_a_line_28_characters() -> None:
    (grid, *_) = xml(made()).iter(f"{W}docGrid")
    pitch, height, width = int(grid.get(f"{W}linePitch")), 16838 - 2098 - 1984, 11906 - 1587 - 1474
    body = read(made()).styles["Body Text"].element.rPr
    character = 16 * 20 + int(body.find(f"{W}spacing").get(f"{W}val"))

    assert grid.get(f"{W}type") == "lines"
    assert 22 * pitch <= height < 23 * pitch
    assert 28 * character <= width < 29 * character


def test_page_numbers_stand_outside() -> None:
    section = read(made()).sections[0]

    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert [node.text for node in paragraph._p.iter(f"{W}instrText")] == [" PAGE "]
        assert paragraph._p.pPr is not None
        assert paragraph._p.pPr.find(f"{W}jc").get(f"{W}val") == side
    assert read(made()).settings.odd_and_even_pages_header_footer


@pytest.mark.parametrize(("where", "footers"), [("centre", 1), ("none", 0)])
def test_page_numbers_stand_in_the_middle_or_nowhere(where: str, footers: int) -> None:
    data = render(small(page={"page_numbers": where}))

    feet = [name for name in names(data) if "footer" in name]
    assert len(feet) == footers
    assert all(xml(data, name)[0].pPr.find(f"{W}jc").get(f"{W}val") == "center" for name in feet)
    assert not read(data).settings.odd_and_even_pages_header_footer


def test_a_mark_is_printed_across_every_page_and_in_its_head() -> None:
    for name in ("word/header1.xml", "word/header2.xml"):
        head = xml(made(), name)
        (path,) = (node for node in head.iter("{urn:schemas-microsoft-com:vml}textpath") if node.get("string"))
        assert path.get("string") == said(head) == "示例"
    assert not [name for name in names(render(small())) if "header" in name]


def test_each_annex_begins_on_a_page_of_its_own() -> None:
    annexes: list[Any] = [
        {"title": "甲", "body": []},
        {"title": "乙", "body": []},
        {"title": "丙", "body": [], "wide": True},
    ]
    data = render(small(annexes=annexes))

    breaks = [mark.pPr.find(f"{W}pageBreakBefore") is not None for mark in styled(data, "AnnexMark")]
    assert breaks == [True, True, False]  # a section begins on a new page by itself
    assert len(read(data).sections) == 2


def test_the_red_head_needs_an_issuer_and_the_house_to_want_it() -> None:
    assert [said(head) for head in styled(render(small()), "RedHead")] == ["示例县政务公开办公室"]
    for plain in (small(issuer=None), small(page={"red_head": False})):
        data = render(plain)
        assert not styled(data, "RedHead")
        assert [said(number) for number in styled(data, "DocumentNumber")] == ["示政公开办〔2020〕5号"]


@pytest.mark.parametrize(
    ("signed", "on"),
    [("甲局", "2020年10月12日"), ("示例县政务公开办公室", "2020年10月12日"), ("长" * 24, "2020年10月12日")],
)
def test_signature_and_date_stand_one_below_the_middle_of_the_other_within_the_page(signed: str, on: str) -> None:
    data = render(small(signed_by=signed, signed_on=on))

    (signature,), (date,) = styled(data, "Signature"), styled(data, "Date")
    rights = [int(p.pPr.find(f"{W}ind").get(f"{W}right")) for p in (signature, date)]
    middles = [right + width * 160 for right, width in zip(rights, (len(signed), 7), strict=True)]
    assert abs(middles[0] - middles[1]) <= 160
    assert min(rights) >= 0
    assert rights[0] + len(signed) * 320 <= 8845


# ---------------------------------------------------------------- tables, charts


def test_table_heads_are_repeated_and_rows_are_not_torn() -> None:
    for table in xml(made()).iter(f"{W}tbl"):
        head, *rows = table.iter(f"{W}tr")
        assert head.trPr.find(f"{W}tblHeader") is not None
        assert all(row.trPr.find(f"{W}cantSplit") is not None for row in (head, *rows))
        assert not [row for row in rows if row.trPr.find(f"{W}tblHeader") is not None]


def test_a_row_that_no_page_could_hold_may_be_torn() -> None:
    columns: Any = [{"title": "一", "kind": "text", "width": 1}, {"title": "二", "kind": "text", "width": 9}]
    rows: list[Any] = [["短", "短"], ["长" * 400, "短"], ["短", "行\n" * 40]]
    data = render(small({"kind": "table", "id": "t", "caption": "", "columns": columns, "rows": rows}, annexes=[]))

    assert [row.trPr is not None for row in xml(data).iter(f"{W}tr")] == [True, True, False, False]


def test_columns_share_the_width_as_asked_and_numbers_stand_at_the_right() -> None:
    for table, width in zip(xml(made()).iter(f"{W}tbl"), (8845, 12756), strict=True):
        widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        assert sum(widths) == width
        assert table.tblPr.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
        assert [int(cell.tcPr.find(f"{W}tcW").get(f"{W}w")) for cell in table[-1].iter(f"{W}tc")] == widths
    row = next(xml(made()).iter(f"{W}tbl"))[3]
    styles = [p.pPr.style for p in row.iter(f"{W}p")]
    assert styles == ["TableShort", "TableText", "TableNumber", "TableNumber", "TableText"]


def test_a_table_of_more_columns_than_word_opens_becomes_several_with_the_same_first_column() -> None:
    columns: Any = [{"title": f"列{n}", "kind": "text", "width": 1} for n in range(150)]
    rows: list[Any] = [[f"{row}/{n}" for n in range(150)] for row in range(2)]
    tables = cells(
        render(small({"kind": "table", "id": "t", "caption": "", "columns": columns, "rows": rows}, annexes=[]))
    )

    assert all(len(table[0]) <= 63 for table in tables)
    assert [row for table in tables for row in [table[1][0]]] == ["0/0"] * len(tables)
    assert [cell for table in tables for cell in table[2][1:]] == rows[1][1:]


def test_two_tables_are_kept_apart_and_a_table_without_columns_is_no_table() -> None:
    one: Any = {
        "kind": "table",
        "id": "t",
        "caption": "",
        "columns": [{"title": "一", "kind": "text", "width": 1}],
        "rows": [],
    }
    none: Any = {**one, "columns": []}
    body = xml(render(small(one, one, none, annexes=[])))[0]

    tags = [node.tag.removeprefix(W) for node in body]
    assert tags.count("tbl") == 2
    assert ("tbl", "tbl") not in pairwise(tags)


def test_charts_are_pictures_with_words_for_those_who_cannot_see_them() -> None:
    document = content()["document"]
    charts = {
        block["caption"]: block["alt"] for block in document["body"] if block["kind"] in ("bars", "heat", "trend")
    }
    told = [node.get("descr") for node in xml(made()).iter(f"{WP}docPr")]
    captions = [said(p) for p in styled(made(), "FigureCaption")]

    for caption, alt in charts.items():
        assert [text for text in captions if text.startswith(caption)]
        assert [text for text in told if text.startswith(alt)]
    assert len(told) == len(captions) == len([name for name in names(made()) if name.endswith(".png")])
    assert len({node.get("id") for node in xml(made()).iter(f"{WP}docPr")}) == len(told)


def test_a_chart_of_many_units_is_spread_over_pages_and_none_is_higher_than_a_page() -> None:
    paper = content(120, annex_rows=1)
    data = render(paper)

    sizes = [(int(node.get("cx")), int(node.get("cy"))) for node in xml(data).iter(f"{WP}extent")]
    assert len(sizes) > 6
    assert all(width <= Mm(156.1) and height <= Mm(225) for width, height in sizes)
    assert max(width for width, _ in sizes) > Mm(155)
    assert units(120)[-1] in said(xml(data))


def test_a_chart_below_the_head_of_an_annex_leaves_room_for_it() -> None:
    charts: Any = [block for block in content()["document"]["body"] if block["kind"] == "bars"]
    data = render(
        small(annexes=[{"title": "一", "body": [{"kind": "heading", "level": 1, "text": "一、图"}, *charts]}])
    )

    sizes = [int(node.get("cy")) for node in xml(data).iter(f"{WP}extent")]
    assert len(sizes) == 2
    assert max(sizes) < Mm(225) - 6 * Pt(29)


# ---------------------------------------------------------------- the file


def test_headings_are_headings_of_the_navigation_pane_in_the_faces_of_the_standard() -> None:
    styles = read(made()).styles

    for level, face in ((1, "黑体"), (2, "楷体_GB2312"), (3, "仿宋_GB2312")):
        style: Any = styles[f"Heading {level}"].element
        fonts = style.rPr.find(f"{W}rFonts")
        assert {fonts.get(f"{W}{script}") for script in ("ascii", "eastAsia", "hAnsi")} == {face}
        assert style.pPr.find(f"{W}outlineLvl").get(f"{W}val") == str(level - 1)
        assert style.rPr.find(f"{W}color") is None
    found = [(p.style.name, p.text) for p in read(made()).paragraphs if p.style and p.style.name.startswith("Heading")]
    assert found[:2] == [("Heading 1", "一、总体情况"), ("Heading 2", "（一）得分情况")]


def test_every_face_that_is_named_has_others_that_may_stand_in_for_it() -> None:
    others = {
        font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val").split(",")
        for font in xml(made(), "word/fontTable.xml")
    }
    named = {
        fonts.get(f"{W}{script}")
        for fonts in xml(made(), "word/styles.xml").iter(f"{W}rFonts")
        for script in ("ascii", "eastAsia", "hAnsi")
    }

    assert named <= set(others)
    assert {"仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC"} <= set(others["仿宋_GB2312"])


def test_every_style_that_is_used_is_there() -> None:
    known = {style.get(f"{W}styleId") for style in xml(made(), "word/styles.xml").iter(f"{W}style")}
    parts = [name for name in names(made()) if name.startswith("word/") and name.endswith(".xml")]
    used = {
        node.get(f"{W}val")
        for name in parts
        for node in xml(made(), name).iter(f"{W}pStyle", f"{W}basedOn", f"{W}next")
    }

    assert used <= known


def test_children_stand_in_the_order_of_the_schema() -> None:
    parts = [name for name in names(made()) if name.startswith("word/") and name.endswith(".xml")]
    assert len(parts) >= 9

    assert not [fault for name in parts for fault in disorder(xml(made(), name))]
    for other in (
        small(page={"red_head": False, "page_numbers": "centre"}),
        small(annexes=[{"title": "一", "body": []}]),
    ):
        assert not list(disorder(xml(render(other))))


def test_a_child_out_of_order_would_be_found() -> None:
    wrong = f'<w:p xmlns:w="{W[1:-1]}"><w:pPr><w:jc w:val="left"/><w:keepNext/></w:pPr></w:p>'

    assert list(disorder(parse_xml(wrong))) == ["pPr: ['jc', 'keepNext']"]


def test_cells_and_sections_end_as_word_demands() -> None:
    root = xml(made())

    assert all(cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc"))
    assert root[0][-1].tag == f"{W}sectPr"
    assert root[0][-2].tag == f"{W}p"


def test_relations_name_parts_that_are_there() -> None:
    told = set(names(made()))
    relations = {relation.get("Id"): relation.get("Target") for relation in xml(made(), "word/_rels/document.xml.rels")}
    drawn = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    used = {node.get(f"{drawn}{key}") for node in xml(made()).iter() for key in ("id", "embed")} - {None}

    assert {f"word/{target}" for target in relations.values()} <= told
    assert used <= set(relations)


def test_the_file_says_what_it_is_and_nothing_of_when_or_where_it_was_made() -> None:
    about = read(made()).core_properties

    assert (about.title, about.language) == ("关于示例县2020年第三季度政务公开考核情况的通报", "zh-CN")
    assert about.author == "示例县政务公开办公室"
    assert about.created == about.modified
    assert about.created is not None
    assert about.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(made())) as file:
        assert {(each.date_time, each.compress_type) for each in file.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_another_process_in_another_place_writes_the_same_bytes() -> None:
    program = (
        "import hashlib, sys; from gkevents.paper.docx import render; from tests.paper.sample import content;"
        "print(hashlib.sha256(render(content())).hexdigest())"
    )
    elsewhere = os.environ | {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7"}

    told = subprocess.run(
        [sys.executable, "-c", program], env=elsewhere, cwd=Path(__file__).parents[2], capture_output=True, check=True
    )

    assert told.stdout.decode().strip() == hashlib.sha256(made()).hexdigest()
