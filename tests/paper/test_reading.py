"""What every paper reads off a content alike."""

from __future__ import annotations

import pytest

from gkevents.paper.reading import annex_marks, as_table, counts, legible, said
from gkevents.reports.document import Bars, Cell, Heat, Trend
from tests.paper.sample import charts, content


def test_a_sign_that_no_file_holds_is_shown_as_missing() -> None:
    assert legible("甲\x00乙\x1b\ufffe丙\ud800\r\n丁\t戊") == "甲\ufffd乙\ufffd\ufffd丙\ufffd\n丁\t戊"


def test_a_document_without_such_signs_stays_as_it_is() -> None:
    document = content()["document"]
    assert legible(document) == document


def test_the_signs_are_replaced_wherever_they_stand() -> None:
    document = content(5, annex_rows=1)["document"]
    document["annexes"][0]["title"] = "明\x07细"
    document["page"]["body_fonts"] = ["仿\x00宋"]
    assert legible(document)["annexes"][0]["title"] == "明\ufffd细"
    assert legible(document)["page"]["body_fonts"] == ["仿\ufffd宋"]


@pytest.mark.parametrize(("cell", "text"), [(None, "—"), ("甲镇", "甲镇"), ({"text": "1.50", "value": "1.5"}, "1.50")])
def test_a_cell_says_its_text_and_an_empty_one_a_dash(cell: Cell, text: str) -> None:
    assert said(cell) == text


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (["1", "12", "暂不排名", None], True),
        (["0", "-3"], True),
        (["1", "2-3"], False),
        (["01", "02"], False),
        (["甲镇", None], False),
        (["1.10", "1.9"], False),
        (["３"], False),
        ([], False),
    ],
)
def test_places_count_and_codes_do_not(cells: list[Cell], answer: bool) -> None:  # noqa: FBT001
    assert counts(cells) is answer


def test_bars_are_a_table_of_what_is_written_beside_them() -> None:
    bars: Bars = charts(5)[0]
    table = as_table(bars)
    assert [column["title"] for column in table["columns"]] == ["名称", "数值"]
    assert table["rows"][0] == ["示例第1局", {"text": "99.86", "value": "99.86"}]
    assert table["rows"][-1] == ["示例第5局", {"text": "88.33～90.17", "value": None}]


def test_a_heat_table_is_a_table_and_keeps_its_exact_points() -> None:
    heat: Heat = {
        "kind": "heat", "id": "lost", "caption": "图", "alt": "", "rows": ["甲镇", "乙局"], "columns": ["H1", "H2"],
        "cells": [["5/3", None], ["0.5", "12"]],
    }  # fmt: skip
    assert as_table(heat)["rows"] == [
        ["甲镇", {"text": "1.67", "value": "5/3"}, None],
        ["乙局", {"text": "0.5", "value": "0.5"}, {"text": "12", "value": "12"}],
    ]


def test_a_trend_is_a_table_with_a_column_for_each_period() -> None:
    trend: Trend = charts(3)[2]
    table = as_table(trend)
    assert [column["title"] for column in table["columns"]] == ["单位", "一季度", "二季度", "三季度"]
    assert [said(cell) for cell in table["rows"][1]] == ["示例第2局", "99.5", "—", "96"]


def test_one_annex_has_no_number() -> None:
    assert annex_marks([{}]) == ["附件"]
    assert annex_marks([{}, {}]) == ["附件1", "附件2"]
    assert annex_marks([]) == []
