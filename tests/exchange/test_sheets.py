"""XLSX: exact numbers, real dates, and nothing lost in silence."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from gkevents.exchange import Row
from gkevents.exchange.reading import rows_of
from gkevents.words import say

HEAD = ["编号", "类型", "指标", "日期", "分值", "备注", "单位"]


def book(*rows: Sequence[object], sheet: str = "facts", change: Callable[[bytes], bytes] | None = None) -> bytes:
    """A workbook of one sheet; `change` alters the sheet's XML."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    page, day = workbook.add_worksheet(sheet), workbook.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                page.write_datetime(line, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(line, column, cell)
            elif cell is not None:
                page.write(line, column, cell)
    workbook.close()
    return changed(target.getvalue(), change) if change else target.getvalue()


def changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return target.getvalue()


def read(content: bytes) -> list[Row]:
    return list(rows_of("-", io.BytesIO(content)))


def fault(content: bytes) -> tuple[int, str]:
    (row,) = [row for row in read(content) if row.fault is not None]
    return row.number, say(row.fault or "", "en")


def test_cells_come_as_they_were_typed() -> None:
    rows = read(
        book(
            [],
            HEAD,
            [],
            ["1", "grade", "H13b", dt.date(2020, 9, 14), 0.1, " 说明 "],
            [20200914001, None, None, "2020/9/1", 3],
        )
    )
    assert rows == [
        Row(
            4,
            {
                "ref": "1",
                "type": "grade",
                "item": "H13b",
                "effective_on": "2020-09-14",
                "points": "0.1",
                "note": "说明",
            },
            None,
        ),
        Row(5, {"ref": "20200914001", "effective_on": "2020-09-01", "points": "3"}, None),
    ]


def test_an_instant_in_a_cell_is_in_beijing_time() -> None:
    (row,) = read(book(["ref", "type", "unit", "effective_at"], ["1", None, None, dt.datetime(2020, 9, 14, 9, 30)]))  # noqa: DTZ001 - a cell has no offset
    assert row.fields == {"ref": "1", "effective_at": "2020-09-14T09:30:00+08:00"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["1", None, None, dt.datetime(2020, 9, 14, 9, 30)], "time of day too"),  # noqa: DTZ001 - a cell has no offset
        (["1", None, None, dt.date(1900, 2, 1)], "a number shown as a date"),
        ([dt.date(2020, 1, 2)], "format the column as text"),
        ([*["1"], *[None] * 6, "x"], "column H has no heading"),
    ],
)
def test_what_the_spreadsheet_changed_is_said(row: list[object], says: str) -> None:
    number, sentence = fault(book(HEAD, row))
    assert number == 2
    assert says in sentence


def test_an_error_in_a_cell_is_not_an_empty_cell() -> None:
    content = book(
        HEAD, ["1", "grade", None, None, 777], change=lambda xml: xml.replace(b"><v>777</v>", b' t="e"><v>#N/A</v>')
    )
    assert fault(content) == (2, "column E (points): the cell shows the error #N/A")


@pytest.mark.parametrize("formula", [b"<f>1+1</f>", b"<f>1+1</f><v></v>", b"<f>1+1</f><v/>"])
def test_a_formula_without_a_result_is_not_an_empty_cell(formula: bytes) -> None:
    content = book(HEAD, ["1"], [None, None, None, None, 777], change=lambda xml: xml.replace(b"<v>777</v>", formula))
    assert fault(content)[0] == 3
    assert "open the file and save it once" in fault(content)[1]


def test_a_formula_with_a_result_is_its_result() -> None:
    (row,) = read(
        book(HEAD, ["1", None, None, None, 777], change=lambda xml: xml.replace(b"<v>777</v>", b"<f>1+1</f><v>2</v>"))
    )
    assert row.fields == {"ref": "1", "points": "2"}


def test_a_number_with_too_many_digits_is_not_rounded() -> None:
    content = book(HEAD, ["1", None, None, None, 777], change=lambda xml: xml.replace(b"777", b"0.30000000000000004"))
    assert "not exact" in fault(content)[1]


def test_the_only_sheet_with_our_headings_is_read() -> None:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    workbook.add_worksheet("封面").write(0, 0, "年度台账")
    page = workbook.add_worksheet("台账")
    page.write_row(0, 0, ["编号", "类型", "单位", "日期"])
    page.write_row(1, 0, ["7", "grade"])
    workbook.close()
    assert [row.fields for row in read(target.getvalue())] == [{"ref": "7", "type": "grade"}]


def test_an_unknown_heading_names_the_nearest() -> None:
    assert "did you mean “分值”" in fault(book(["编号", "分值数"], ["1", 2]))[1]


def test_everything_wrong_with_the_headings_is_one_sentence() -> None:
    (row,) = [row for row in read(book(["编号", "分值数", "qqqqq"], ["1", 2])) if row.fault is not None]
    assert say(row.fault or "", "en") == (
        "unknown headings: “分值数” (did you mean “分值”?), “qqqqq”; missing: type, unit, effective_on or effective_at"
    )
    assert say(row.fault or "", "zh") == (
        "不认识这些表头：“分值数”（是不是“分值”？）、“qqqqq”；"
        "缺少表头：类型、单位、日期（effective_on）或时间（effective_at）"
    ).replace("类型、单位", "类型（type）、单位（unit）")


def test_a_stray_cell_far_away_is_said() -> None:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    page = workbook.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write(1_000_000, 16_000, "x")
    workbook.close()
    assert "delete what lies outside the table" in fault(target.getvalue())[1]


def test_the_old_form_is_named() -> None:
    assert ".xls" in fault(OLD + "Workbook".encode("utf-16-le"))[1]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_workbook_is_a_fault(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "facts.xlsx").write_bytes(content)
    (row,) = rows_of(tmp_path / "facts.xlsx")
    assert "cannot be read" in say(row.fault or "", "en")


def document() -> bytes:
    """A Word document, as far as its container goes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("word/document.xml", "<w:document/>")
    return target.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    "content",
    [document(), OLD + "WordDocument".encode("utf-16-le"), b"%PDF-1.7\n", b"<html><table>", b"\x89PNG\r\n"],
)
@pytest.mark.parametrize("name", ["facts.csv", "facts.xlsx", "facts"])
def test_what_is_no_table_is_called_so(content: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    (row,) = rows_of(tmp_path / name)
    assert "not a table file" in say(row.fault or "", "en")


def test_words_are_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "facts.xlsx").write_bytes(b"not a workbook")
    (row,) = rows_of(tmp_path / "facts.xlsx")
    assert "not a table file" in say(row.fault or "", "en")


@pytest.mark.parametrize("content", [b"", book()])
def test_an_empty_workbook_holds_no_fact(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "facts.xlsx").write_bytes(content)
    (row,) = rows_of(tmp_path / "facts.xlsx")
    assert say(row.fault or "", "en") == "there is no fact in it"


GOOD = book(HEAD, ["1", "grade", "H1", dt.date(2020, 1, 2), 1, "x"])


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_a_fault(place: int, damage: bytes) -> None:
    content = GOOD[:place] + damage + GOOD[place + len(damage) :]
    assert all((row.fields is None) != (row.fault is None) for row in read(content))
