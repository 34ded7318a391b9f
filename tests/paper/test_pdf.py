from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest

from gkevents.paper import pdf
from gkevents.paper.fonts import printable
from gkevents.paper.reading import said
from gkevents.reports.document import Block, Content, Paragraph, Table, digest
from tests.paper import sample
from tests.paper.pixels import image

A4 = (595, 842)


@cache
def paper() -> bytes:
    return pdf.render(sample.content())


def reader(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


@cache
def pages(made: bytes) -> list[str]:
    """The text of each page, without the spaces that stand where a line was broken."""
    return ["".join(page.extract_text().split()) for page in reader(made).pages]


def squeezed(text: str) -> str:
    return "".join(str(printable(text)).split())


def small(*body: Block, **changes: Any) -> Content:  # noqa: ANN401 - any field of a document
    """A content of these blocks and nothing else."""
    content = sample.content(3, annex_rows=1, mark=None)
    nothing = dict.fromkeys(
        ("issuer", "number", "addressees", "signed_by", "signed_on", "note", "copies_to", "printed")
    )
    document: Any = content["document"]
    document.update({**nothing, "annexes": [], "small_print": [], "body": list(body), **changes})
    return content


def paragraph(text: str) -> Paragraph:
    return {"kind": "paragraph", "text": text}


def table_of(columns: int, rows: list[list[Any]]) -> Table:
    return {
        "kind": "table", "id": "t", "caption": "表", "rows": rows,
        "columns": [{"title": f"第{n}列", "kind": "number" if n else "text", "width": 1} for n in range(columns)],
    }  # fmt: skip


# ---------------------------------------------------------------- what is in it


def test_every_cell_heading_and_sentence_is_on_the_paper() -> None:
    content = sample.content()
    text = "".join(re.sub(r"示例—\d+—|—\d+—", "", page) for page in pages(paper()))
    document = content["document"]
    for block in [*document["body"], *(block for annex in document["annexes"] for block in annex["body"])]:
        if block["kind"] == "table":
            for row in block["rows"]:
                for cell in row:
                    assert squeezed(said(cell)) in text, cell
        elif block["kind"] in ("heading", "paragraph"):
            assert squeezed(block["text"]) in text
        else:
            assert squeezed(block["caption"]) in text  # type: ignore[typeddict-item]
    for key in ("title", "issuer", "number", "addressees", "signed_by", "signed_on", "note", "copies_to", "printed"):
        assert squeezed(str(document[key])) in text, key
    assert "附件：1.扣分加分明细2.整改要求" in text
    assert f"内容摘要SHA-256：{digest(content)}" in text


def test_every_bar_is_on_the_paper_with_its_number() -> None:
    text = "".join(pages(paper()))
    for bar in sample.charts(34)[0]["rows"]:
        assert bar["text"] in text


def test_what_people_wrote_is_printed_and_not_obeyed() -> None:
    wild = '#panic("x") #import "x": * $1/0$ `raw` // note <label> @label \\u{41} = - + / ' + sample.AWKWARD
    content = small(paragraph(wild), table_of(2, [[wild, wild]]), title=wild, mark="#panic()", signed_by=wild)
    text = "".join(pages(pdf.render(content))).replace("#panic()—1—", "").replace("#panic()", "")
    assert text.count(squeezed(wild)) >= 4


def test_a_sign_that_no_typeface_has_is_seen_to_be_missing() -> None:
    (page,) = pages(pdf.render(small(paragraph("甲🙂乙﷽丙\x00丁\u200d戊\ufe0f己"), small_print=["x"])))
    assert "甲〓乙〓丙〓丁戊己" in page


def test_a_line_break_in_a_cell_is_one_on_paper() -> None:
    made = reader(pdf.render(small(table_of(2, [["甲\n乙", None]]))))
    assert "甲\n乙" in made.pages[0].extract_text()
    assert "—" in made.pages[0].extract_text()


def test_what_a_paper_does_not_have_leaves_no_page() -> None:
    (page,) = pages(pdf.render(small(title="")))
    assert re.fullmatch(r"内容摘要SHA-256：[0-9a-f]{64}—1—", page)


def test_the_mark_stands_on_every_page_or_on_none() -> None:
    assert all(page.startswith("示例") for page in pages(paper()))
    assert not any(page.startswith("示例") for page in pages(pdf.render(small(paragraph("甲")))))


# ---------------------------------------------------------------- how it is laid out


def test_pages_are_a4_and_a_wide_annex_is_turned() -> None:
    made = reader(paper())
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in made.pages]
    wide = [n for n, page in enumerate(pages(paper())) if "H19督办卡" in page]
    assert len(wide) > 5
    assert {n for n, size in enumerate(sizes) if size == A4[::-1]} == set(wide)
    assert set(sizes) == {A4, A4[::-1]}


def test_a_tables_heading_is_repeated_on_each_page_it_goes_on() -> None:
    going_on = [page for page in pages(paper()) if "H19督办卡" in page]
    assert all("序号单位日期指标与条款事由分值" in page for page in going_on)


def test_no_page_is_empty_and_none_ends_in_a_heading() -> None:
    for units in (3, 34):
        for page in pages(pdf.render(sample.content(units, annex_rows=40, mark=None))):
            body = re.sub(r"—\d+—$", "", page)
            assert len(body) > 10
            assert not body.endswith(("一、总体情况", "（一）得分情况", "二、存在问题", "1.示例第1局", "各单位得分"))


def test_the_signature_stands_on_no_page_alone_whatever_stands_before_it() -> None:
    annex: Any = {"title": "明细", "body": [paragraph("乙。")]}
    for rows in range(20, 34):
        body: list[Block] = [table_of(2, [[str(n), "1"] for n in range(rows)]), paragraph("末段。")]
        made = pages(pdf.render(small(*body, annexes=[annex], signed_by="示例办公室", signed_on="2021年2月1日")))
        (page,) = [one for one in made if "示例办公室" in one]
        assert "末段。附件：明细示例办公室" in page, rows


def test_an_annex_begins_on_a_page_of_its_own() -> None:
    starts = [page for page in pages(paper()) if re.match(r"示例附件\d", page)]
    assert [page[2:8] for page in starts] == ["附件1扣分加", "附件2整改要"]


def test_a_single_annex_has_no_number() -> None:
    content = sample.content(3, annex_rows=2, mark=None)
    content["document"]["annexes"].pop()
    text = pages(pdf.render(content))
    assert text[-1].startswith("附件扣分加分明细")
    assert "附件：扣分加分明细" in "".join(text)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于2018年第三季度政务公开工作考核情况的通报", ["关于2018年第三季度", "政务公开工作考核情况的通报"]),
        ("关于考核情况的通报", ["关于考核情况的通报"]),
        ("关于考核情况\n的通报", ["关于考核情况", "的通报"]),
        ("甲乙丙丁戊己庚辛壬癸" * 3, ["甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己", "庚辛壬癸甲乙丙丁戊己庚辛壬癸"]),
    ],
)
def test_a_title_is_broken_near_its_middle_at_the_end_of_a_word(title: str, lines: list[str]) -> None:
    page = reader(pdf.render(small(title=title))).pages[0].extract_text()
    assert page.splitlines()[: len(lines)] == lines


@pytest.mark.parametrize(("where", "sides"), [("outside", "RL"), ("centre", "CC"), ("none", "--")])
def test_page_numbers_stand_where_the_house_wants_them(where: str, sides: str) -> None:
    content = small(*[paragraph("甲" * 27 * 20)] * 2, page={**sample.PAGE, "page_numbers": where})
    assert "".join(side(page) for page in reader(pdf.render(content)).pages) == sides


def side(page: Any) -> str:  # noqa: ANN401 - a page of pypdf
    """Where the page number begins: left, centre, right, or nowhere."""
    places: list[float] = []

    def visit(text: str, matrix: list[float], at: list[float], *_: object) -> None:
        if matrix[3] * at[5] + matrix[5] < 90 and text.strip():
            places.append(matrix[0] * at[4] + matrix[4])

    page.extract_text(visitor_text=visit)
    return "-" if not places else "L" if places[0] < 150 else "R" if places[0] > 400 else "C"


def test_a_page_has_22_lines_of_28_characters() -> None:
    made = reader(pdf.render(small(paragraph("甲" * 28 * 100))))
    lines = re.findall("甲+", made.pages[1].extract_text())
    assert [len(line) for line in lines] == [28] * 22


def test_a_small_table_is_not_broken_and_a_long_row_is() -> None:
    before = paragraph("甲" * 28 * 17)
    last = pages(pdf.render(small(before, table_of(2, [[f"乙{n}局", "1"] for n in range(6)]))))[-1]
    assert all(f"乙{n}局" in last for n in range(6))
    assert len(pages(pdf.render(small(table_of(2, [["长" * 4000, None]]))))) >= 3


OVERFLOWING: list[Block] = [
    paragraph("https://www.example.gov.cn/" + "a" * 300),
    paragraph("W" * 200),
    table_of(
        3, [["示" * 40, {"text": "123456789012345678901234567890", "value": None}, "x" * 200], ["WWWWMMMM", "-", "1"]]
    ),
    table_of(22, [["示例第七局", *["100.25"] * 21]] * 3),
    *sample.charts(9),
]


@pytest.mark.parametrize("right", [26, 40])
def test_nothing_stands_in_the_margins(right: int) -> None:
    page = {**sample.PAGE, "margin_right": right, "page_numbers": "none", "table_size": 12}
    title = "关于示例县2020年第三季度政务公开考核情况" * 4
    content = small(*OVERFLOWING, page=page, title=title, issuer=title, copies_to="甲" * 90, signed_by="乙" * 40)
    ppi = 36
    made: Any = pdf._set(content, format="png", ppi=float(ppi))
    for one in made if isinstance(made, list) else [made]:
        seen = image(one)
        left, top, bottom = (millimetres * ppi * 10 // 254 - 1 for millimetres in (28, 37, 35))
        end = (210 - right) * ppi * 10 // 254 + 2
        assert not seen.white(left, top, end, seen.height - bottom)
        assert seen.white(0, 0, left, seen.height)
        assert seen.white(end, 0, seen.width, seen.height)
        assert seen.white(0, 0, seen.width, top)
        assert seen.white(0, seen.height - bottom, seen.width, seen.height)


def test_a_chart_higher_than_a_page_goes_on_with_its_axis() -> None:
    content = small(sample.charts(200)[0])
    text = pages(pdf.render(content))
    assert len(text) > 4
    assert all("横轴自80起" in page for page in text)
    assert sum(page.count("图1各单位得分") for page in text) == 1
    assert text[-1].index("图1各单位得分") > text[-1].index("示例第200局")


# ---------------------------------------------------------------- what kind of file it is


def test_the_file_is_pdf_a_2b_and_tagged() -> None:
    made = reader(paper())
    root: Any = made.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith("zh")
    tags = [str(tag["/S"]) for tag in structure(root["/StructTreeRoot"])]
    assert {"/Title", "/H1", "/H2", "/H3", "/P", "/Table", "/THead", "/TH", "/TD", "/Figure", "/Caption"} <= set(tags)


def test_a_chart_says_what_it_shows_to_those_who_cannot_see_it() -> None:
    root: Any = reader(paper()).trailer["/Root"]
    figures = [tag for tag in structure(root["/StructTreeRoot"]) if tag["/S"] == "/Figure"]
    alternatives = [str(tag["/Alt"]) for tag in figures if "/Alt" in tag]
    for chart in sample.charts(34):
        assert chart["alt"] in alternatives
    assert any("示例第1局：99.86" in one for one in alternatives)


def structure(tag: Any) -> Iterator[Any]:  # noqa: ANN401 - a dictionary of pypdf
    """A tag and all that is in it."""
    tag = tag.get_object() if hasattr(tag, "get_object") else tag
    if isinstance(tag, list):
        for one in tag:
            yield from structure(one)
    elif isinstance(tag, dict):
        if "/S" in tag:
            yield tag
        yield from structure(tag.get("/K", []))


def test_title_author_and_date_are_those_of_the_paper() -> None:
    content = sample.content()
    told: Any = reader(paper()).metadata
    assert (told.title, told.author) == (content["document"]["title"], "示例县政务公开办公室")
    assert told["/CreationDate"] == told["/ModDate"] == "D:20201012000000Z"
    assert digest(content) in told["/Keywords"]
    undated: Any = reader(pdf.render(small(signed_on="2020年13月45日"))).metadata
    assert undated["/CreationDate"] == "D:19800101000000Z"


def test_only_the_two_typefaces_of_the_program_are_used_and_they_are_embedded() -> None:
    names = set()
    for page in reader(paper()).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            face = font.get_object()
            names.add(str(face["/BaseFont"]).split("+")[1].split("-")[0])
            assert "/FontFile3" in face["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    assert names == {"NotoSerifSC", "NotoSansSC"}


def test_the_house_may_choose_sans_for_its_body() -> None:
    content = small(paragraph("甲"), page={**sample.PAGE, "body_fonts": ["黑体"], "title_fonts": []})
    assert b"NotoSansSC" in pdf.render(content)


ANEW = """
import hashlib
from gkevents.paper import pdf
from tests.paper import sample
print(hashlib.sha256(pdf.render(sample.content())).hexdigest())
"""


def test_another_process_in_another_zone_and_language_makes_the_same_bytes(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    env = {
        **os.environ,
        "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
    }
    env |= {"PYTHONPATH": str(root), "SOURCE_DATE_EPOCH": "1000000000", "RAYON_NUM_THREADS": "1"}
    made = subprocess.run(
        [sys.executable, "-c", ANEW], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == hashlib.sha256(paper()).hexdigest()


def test_a_content_read_back_from_its_file_makes_the_same_paper() -> None:
    import json

    from gkevents.reports.document import canonical

    content = sample.content(3, annex_rows=3)
    assert pdf.render(json.loads(canonical(content))) == pdf.render(content)
