"""A content's tables as a workbook: numbers are numbers, text is text, whoever opens it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from gkevents.paper.reading import as_table, said
from gkevents.paper.xlsx import render, shown_as
from gkevents.reports.document import Cell, Column, Content, Table, digest
from tests.paper.sample import AWKWARD, content


def _read(data: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet's cells, as another program reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def _table(rows: list[list[Cell]], *columns: Column, caption: str = "表", note: str = "") -> Table:
    return {"kind": "table", "id": "t", "caption": caption, "columns": list(columns), "rows": rows, "note": note}


def _with(*tables: Table) -> Content:
    """A content of these tables alone."""
    made = content(3)
    made["document"]["body"], made["document"]["annexes"] = list(tables), []
    return made


def _first(*tables: Table) -> list[list[Any]]:
    """The cells of the first table's sheet."""
    return list(_read(render(_with(*tables))).values())[1]


TEXT: Column = {"title": "名称", "kind": "text", "width": 3}
NUMBER: Column = {"title": "得分", "kind": "number", "width": 1}


@pytest.fixture(scope="module")
def book() -> bytes:
    return render(content())


def test_every_table_has_its_sheet_and_every_cell_its_place(book: bytes) -> None:
    sheets = _read(book)
    document = content()["document"]
    blocks = [*document["body"], *(block for annex in document["annexes"] for block in annex["body"])]
    tables = [
        block if block["kind"] == "table" else as_table(block)
        for block in blocks
        if block["kind"] != "heading" and block["kind"] != "paragraph"
    ]
    assert list(sheets) == [
        "说明", "表1 各单位得分",
        "图1 各单位得分", "图2 各指标扣分", "图3 各单位季度得分", "附件1 扣分加分明细", "图表",
    ]  # fmt: skip
    for table, rows in zip(tables, list(sheets.values())[1:-1], strict=True):
        assert rows[0] == [column["title"] for column in table["columns"]]
        for printed, read in zip(table["rows"], rows[1:], strict=False):
            for cell, value in zip(printed, read, strict=True):
                assert _agrees(cell, value)
        assert len(rows) >= len(table["rows"]) + 1


def _agrees(cell: Cell, value: Any) -> bool:  # noqa: ANN401 - what another program read
    if cell is None:
        return bool(value == "")
    if isinstance(cell, dict) and cell["value"] is not None:
        return isinstance(value, float) and Fraction(str(value)) == Fraction(cell["value"])
    text = said(cell)
    return bool(value == text) or (text.isdecimal() and isinstance(value, float) and value == int(text))


def test_awkward_text_stays_text(book: bytes) -> None:
    assert _read(book)["表1 各单位得分"][5][4] == AWKWARD
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "hyperlink" in sheet]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86", "-甲", "@SUM(A1)", "http://example.org", "mailto:a@b", "1e5", "007", "_x0041_", "TRUE", "#REF!"],
)
def test_what_looks_like_something_else_is_what_was_written(text: str) -> None:
    assert _first(_table([[text], ["甲镇"]], TEXT))[1:3] == [[text], ["甲镇"]]


def test_signs_that_no_file_holds_are_shown_as_missing() -> None:
    made = _with(_table([["甲\x00镇\x1f\ufffe"]], TEXT, caption="表\x07[1]"))
    made["document"]["title"] = "通报\x0b"
    sheets = _read(render(made))
    assert sheets["表\ufffd 1"][1] == ["甲\ufffd镇\ufffd\ufffd"]
    assert sheets["说明"][0][0] == "通报\ufffd"
    with zipfile.ZipFile(io.BytesIO(render(made))) as archive:
        for name in archive.namelist():
            assert ET.fromstring(archive.read(name)).tag  # noqa: S314 - our own file


def test_numbers_are_numbers_and_ranges_are_text() -> None:
    rows: list[list[Cell]] = [
        ["甲镇", {"text": "98.13", "value": "98.125"}],
        ["乙局", {"text": "88.33～90.17", "value": None}],
        ["丙局", None],
        ["丁局", {"text": "-0.10", "value": "-0.1"}],
    ]
    assert [row[1] for row in _first(_table(rows, TEXT, NUMBER))[1:5]] == [98.125, "88.33～90.17", "", -0.1]


def test_a_fraction_is_a_number_and_stands_beside_it_exactly() -> None:
    rows: list[list[Cell]] = [["甲镇", {"text": "1.67", "value": "5/3"}], ["乙局", {"text": "2.00", "value": "2"}]]
    sheet = _first(_table(rows, TEXT, NUMBER))
    assert sheet[0] == ["名称", "得分", "得分（分数）"]
    assert sheet[1][1] == pytest.approx(5 / 3, abs=1e-13)
    assert [row[2] for row in sheet[1:3]] == ["5/3", ""]


def test_no_column_of_fractions_where_there_are_none() -> None:
    assert _first(_table([["甲镇", {"text": "1.67", "value": "1.67"}]], TEXT, NUMBER))[0] == ["名称", "得分"]


def test_places_written_as_text_are_numbers_so_that_they_sort() -> None:
    sheet = _first(_table([["10"], ["9"], ["暂不排名"], [None]], TEXT))
    assert sheet[1:5] == [[10.0], [9.0], ["暂不排名"], ["—"]]


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("98.13", "98.125", "0.00"),
        ("3", "3", "0"),
        ("-0.10", "-0.1", "0.00"),
        ("+0.25", "0.25", '"+"0.00;-0.00;0.00'),
        ("↓3", "-3", '0;"↓"0;0'),
        ("0.00", "-1/1000", "0.00;0.00;0.00"),
        ("±0.0", "0", '0.0;-0.0;"±"0.0'),
        ("12分", "12", '0"分";-0;0'),
        ("1.67", "5/3", "0.00"),
        ("98.12", "98.125", None),
        ("3～5", "4", None),
        ("一", "1", None),
        ('"3', "3", None),
        ("1.2.3", "1.2", None),
        ("88.33", None, None),
    ],
)
def test_a_number_is_shown_as_it_is_printed_or_written_as_text(text: str, value: str | None, form: str | None) -> None:
    assert shown_as({"text": text, "value": value}) == form


def test_sheet_names_are_such_as_every_program_takes() -> None:
    captions = [
        "表[1]:*?/\\得分", "表 1 得分", "'引号'", "", "", "History", "说明",
        "图表", "长" * 40, "长" * 40, "🙂" * 20, "a" * 31, "A" * 31,
    ]  # fmt: skip
    names = list(_read(render(_with(*(_table([["甲镇"]], TEXT, caption=caption) for caption in captions)))))
    assert names[1:8] == ["表 1 得分", "表 1 得分 2", "引号", "表", "表 2", "History 2", "说明 2"]
    assert names[8:] == ["图表 2", "长" * 31, "长" * 29 + " 2", "🙂" * 15, "a" * 31, "A" * 29 + " 2"]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_the_first_sheet_says_what_this_is(book: bytes) -> None:
    rows = _read(book)["说明"]
    said_there = "\n".join(str(cell) for row in rows for cell in row)
    for text in (
        "关于示例县2020年第三季度",
        "示政公开办〔2020〕5号",
        "example-2020-Q3",
        "示例",
        "登记120条，计入120条",
    ):
        assert text in said_there
    assert rows[-1] == ["内容摘要", f"SHA-256: {digest(content())}"]
    assert "“附件1 扣分加分明细”：150行" in said_there


def test_a_note_stands_below_its_table(book: bytes) -> None:
    assert _read(book)["表1 各单位得分"][36][0] == "注：示例数据，非真实考核记录。"


def test_a_table_can_be_filtered_read_and_printed(book: bytes) -> None:
    sheet = _member(book, "xl/worksheets/sheet2.xml")
    assert '<autoFilter ref="A1:E35"/>' in sheet
    assert re.search(r'<pane ySplit="1" [^>]*state="frozen"', sheet)
    assert re.search(r'<pageSetup paperSize="9"[^>]* fitToHeight="0"', sheet)
    assert "第 &amp;P 页，共 &amp;N 页" in sheet
    assert "【示例】 表1 各单位得分" in sheet
    assert "_xlnm.Print_Titles" in _member(book, "xl/workbook.xml")


def test_only_a_wide_table_is_printed_on_its_side() -> None:
    wide: list[Cell] = ["很长的一个单位名称" * 3] * 4
    turned = _with(_table([wide], TEXT, TEXT, TEXT, TEXT), _table([["甲镇"]], TEXT, caption="窄"))
    assert 'orientation="landscape"' in _member(render(turned), "xl/worksheets/sheet2.xml")
    assert 'orientation="landscape"' not in _member(render(turned), "xl/worksheets/sheet3.xml")


def test_a_caption_is_no_order_to_the_page_header() -> None:
    data = render(_with(_table([["甲镇"]], TEXT, caption="2020年 &P&D & 其他")))
    header = ET.fromstring(_member(data, "xl/worksheets/sheet2.xml")).find(".//{*}oddHeader")  # noqa: S314 - our own
    assert header is not None
    assert header.text == "&C&12 【示例】 2020年 &&P&&D && 其他"


def test_charts_are_pictures_that_say_what_they_show(book: bytes) -> None:
    drawing = _member(book, "xl/drawings/drawing1.xml")
    described = set(re.findall(r'descr="([^"]*)"', drawing))
    blocks = [block for block in content()["document"]["body"] if block["kind"] in ("bars", "heat", "trend")]
    assert described == {block["alt"] for block in blocks}
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
    assert len(pictures) >= len(blocks)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_a_paper_without_tables_has_its_first_sheet_alone() -> None:
    assert list(_read(render(_with()))) == ["说明"]


def test_a_long_cell_gets_a_higher_row_and_no_row_is_higher_than_a_page() -> None:
    data = render(_with(_table([["短"], ["长" * 60], ["很长" * 5000]], TEXT)))
    heights = re.findall(r'<row r="([0-9]+)"[^>]* ht="([0-9.]+)"', _member(data, "xl/worksheets/sheet2.xml"))
    assert heights == [("3", "60"), ("4", "399")]


def test_the_same_bytes_in_another_place_and_time() -> None:
    program = (
        "import sys; from gkevents.paper.xlsx import render; from tests.paper.sample import content;"
        "sys.stdout.buffer.write(render(content(9, annex_rows=5)))"
    )
    environment = {
        **os.environ,
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "PYTHONPATH": os.curdir,
    }
    other = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True)
    made = render(content(9, annex_rows=5))
    assert other.stdout == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "1980-01-01T00:00:00Z" in _member(made, "docProps/core.xml")
