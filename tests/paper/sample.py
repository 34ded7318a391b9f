"""A content with every kind of block in it, made up: long tables, long names, points with many digits, awkward text."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from gkevents.reports.document import FORM, Annex, Bars, Block, Content, Document, Heat, Page, Table, Trend

PAGE: Final[Page] = {
    "margin_top": 37, "margin_left": 28, "margin_right": 26, "margin_bottom": 35, "lines": 22,
    "title_size": 22, "body_size": 16, "table_size": 10,
    "title_fonts": ["方正小标宋简体", "小标宋", "宋体", "SimSun"], "body_fonts": ["仿宋_GB2312", "仿宋", "FangSong"],
    "heading_fonts": ["黑体", "SimHei"], "subheading_fonts": ["楷体_GB2312", "楷体", "KaiTi"],
    "red_head": True, "page_numbers": "outside",
}  # fmt: skip
AWKWARD: Final = "=SUM(A1:A9) <b>&amp;</b> #[typst] $x$ *星* _下_ {{ jinja }} \\n “引号”【2020】〔5〕🙂 ﷽"
"""Text that somebody wrote, which is not a formula, a tag or an order of any language."""


def _figure(hundredths: int) -> dict[str, str]:
    whole, rest = divmod(hundredths, 100)
    return {"text": f"{whole}.{rest:02}", "value": f"{whole}.{rest:02}".rstrip("0").rstrip(".")}


def units(number: int) -> list[str]:
    """Names of units that do not exist."""
    return [
        f"示例第{n}局" if n % 7 else f"示例第{n}市场监督管理和知识产权保护综合行政执法局" for n in range(1, number + 1)
    ]


def table(number: int) -> Table:
    """Scores, one line a unit."""
    rows: list[Any] = [
        [str(n), unit, _figure(9999 - 13 * n), _figure(25) if n % 3 else None, "示例" if n % 5 else AWKWARD]
        for n, unit in enumerate(units(number), 1)
    ]
    rows[-1][2] = {"text": "88.33～90.17", "value": None}
    return {
        "kind": "table", "id": "units", "caption": "表1 各单位得分", "rows": rows,
        "note": "注：示例数据，非真实考核记录。",
        "columns": [
            {"title": "名次", "kind": "text", "width": 2}, {"title": "单位", "kind": "text", "width": 7},
            {"title": "得分", "kind": "number", "width": 3}, {"title": "较上期", "kind": "number", "width": 2},
            {"title": "备注", "kind": "text", "width": 6},
        ],
    }  # fmt: skip


def charts(number: int) -> tuple[Bars, Heat, Trend]:
    """One chart of each kind."""
    names, items = units(number), [f"H{n}" for n in range(1, 13)]
    ranked: list[Any] = [
        {"label": name, "text": _figure(9999 - 13 * n)["text"], "value": _figure(9999 - 13 * n)["value"]}
        for n, name in enumerate(names[:-1], 1)
    ]
    bars: Bars = {
        "kind": "bars", "id": "ranking", "caption": "图1 各单位得分", "start": "80", "end": "100",
        "alt": f"{number}个单位的得分，最高99.86，最低88.33。",
        "rows": [*ranked, {"label": names[-1], "text": "88.33～90.17", "value": None, "low": "88.33", "high": "541/6"}],
    }  # fmt: skip
    heat: Heat = {
        "kind": "heat", "id": "lost", "caption": "图2 各指标扣分", "alt": "失分最多的指标是H3。", "rows": names,
        "columns": items,
        "cells": [[None if (r + c) % 3 else f"{(r * c) % 7 / 2:g}" for c in range(len(items))] for r in range(number)],
    }  # fmt: skip
    trend: Trend = {
        "kind": "trend", "id": "trend", "caption": "图3 各单位季度得分", "alt": "各单位三个季度的得分。",
        "points": ["一季度", "二季度", "三季度"],
        "series": [
            {"label": n, "values": ["99.5", None if i % 4 else "98", f"{97 - i % 5}"]} for i, n in enumerate(names)
        ],
    }  # fmt: skip
    return bars, heat, trend


def content(number: int = 34, *, annex_rows: int = 150, mark: str | None = "示例") -> Content:
    """A content with `number` units and an annex of so many rows."""
    body: list[Block] = [
        {"kind": "heading", "level": 1, "text": "一、总体情况"},
        {"kind": "paragraph", "text": "本季度共登记督办卡3张、留言超期2件、表扬1次、通报批评4次。" * 3},
        {"kind": "heading", "level": 2, "text": "（一）得分情况"},
        table(number),
        *charts(number),
        {"kind": "heading", "level": 1, "text": "二、存在问题"},
        {"kind": "heading", "level": 3, "text": "1. 示例第1局"},
        {"kind": "paragraph", "text": AWKWARD},
    ]
    rows: list[Any] = [
        [str(n), f"示例第{n % 34 + 1}局", "2020-07-15", "H19 督办卡", "示例：同一问题再次被督办" * (n % 3 + 1),
         {"text": "-0.10", "value": "-0.1"}]
        for n in range(1, annex_rows + 1)
    ]  # fmt: skip
    annex: Annex = {
        "title": "扣分加分明细", "wide": True,
        "body": [{
            "kind": "table", "id": "entries", "caption": "", "rows": rows,
            "columns": [
                {"title": "序号", "kind": "text", "width": 1}, {"title": "单位", "kind": "text", "width": 3},
                {"title": "日期", "kind": "text", "width": 2}, {"title": "指标与条款", "kind": "text", "width": 3},
                {"title": "事由", "kind": "text", "width": 6}, {"title": "分值", "kind": "number", "width": 1},
            ],
        }],
    }  # fmt: skip
    second: Annex = {"title": "整改要求", "body": [{"kind": "paragraph", "text": "请于2020年10月31日前完成整改。"}]}
    document: Document = {
        "title": "关于示例县2020年第三季度政务公开考核情况的通报", "issuer": "示例县政务公开办公室",
        "number": "示政公开办〔2020〕5号",
        "addressees": "各示例单位：", "body": body, "annexes": [annex, second], "signed_by": "示例县政务公开办公室",
        "signed_on": "2020年10月12日", "note": "此件公开发布", "copies_to": "示例县人民政府办公室。",
        "printed": "示例县政务公开办公室　2020年10月12日印发",
        "small_print": ["截至2020年9月30日：登记120条，计入120条。"], "mark": mark,
        "page": deepcopy(PAGE),
    }  # fmt: skip
    return {
        "form": FORM, "kind": "bulletin", "id": "example-2020-Q3", "head": {"scheme": "example", "year": 2020},
        "figures": {"units": {}}, "document": document,
    }  # fmt: skip
