"""How a paper says days, periods, numbers and facts."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from gkevents.aggregates.bulletin import Period
from gkevents.reports.bulletin.charts import axis
from gkevents.reports.bulletin.given import names
from gkevents.reports.wording import (
    Numbers,
    climb,
    document_number,
    flat,
    numeral,
    office,
    one_line,
    period_in_full,
    period_label,
    period_name,
    short_day,
    subject,
    told,
    whole,
)
from tests.scoring.made import fact

F = Fraction


def period(kind: str, number: int | None, since: str, until: str) -> Period:
    """A period."""
    return Period(kind, number, dt.date.fromisoformat(since), dt.date.fromisoformat(until))


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (34, "三十四"), (99, "九十九")],
)
def test_headings_are_numbered_in_chinese(number: int, text: str) -> None:
    assert numeral(number) == text


@pytest.mark.parametrize(
    ("given", "name", "full", "label"),
    [
        (period("quarter", 3, "2020-07-01", "2020-09-30"), "第三季度", "2020年第三季度", "三季度"),
        (period("year", None, "2020-01-01", "2020-12-31"), "全年", "2020年度", "全年"),
        (period("span", None, "2020-07-01", "2020-10-09"), "7月1日至10月9日", "2020年7月1日至10月9日", "至10月9日"),
        (period("span", None, "2020-01-01", "2020-11-30"), "1月至11月", "2020年1月至11月", "至11月30日"),
        (period("span", None, "2020-02-01", "2020-02-29"), "2月", "2020年2月", "至2月29日"),
        (period("span", None, "2020-02-02", "2020-02-29"), "2月2日至2月29日", "2020年2月2日至2月29日", "至2月29日"),
    ],
)
def test_a_period_is_said_as_papers_do(given: Period, name: str, full: str, label: str) -> None:
    assert (period_name(given), period_in_full(given)) == (name, full)
    assert period_label({"kind": given.kind, "number": given.number, "until": given.until.isoformat()}) == label


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("石家庄市栾城区2020年度政务公开工作考核评分指标", "政务公开工作"),
        ("省统计局2018年政务公开工作考核指标", "政务公开工作"),
        ("2017年度公文办理工作考核内容及评分标准（省直部门）", "公文办理工作"),
        ("三门峡市政务公开工作考核内容明细表", "三门峡市政务公开工作"),
        ("目标责任书", "《目标责任书》"),
        ("2020年度考核办法", "《2020年度考核办法》"),
    ],
)
def test_what_is_assessed_is_told_from_the_title(title: str, work: str) -> None:
    assert subject(title) == work


def test_the_year_of_a_document_number_stands_in_the_brackets_of_the_standard() -> None:
    for written in ("示办[2020]5号", "示办（2020）5号", "示办【2020】5号", "示办〔 2020 〕5号"):
        assert document_number(written) == "示办〔2020〕5号"
    assert document_number("示办（五）5号") == "示办（五）5号"


def test_an_issuer_is_named_without_remarks() -> None:
    assert office("示例区人民政府办公室（由正文推断）") == "示例区人民政府办公室"
    assert office("示例局（某处）") == "示例局（某处）"
    assert office(None) is None


def test_points_are_rounded_for_the_eye_and_kept_exactly() -> None:
    numbers = Numbers(2)
    assert numbers.figure(F(5, 3)) == {"text": "1.67", "value": "5/3"}
    assert numbers.change(F(1, 8)) == {"text": "+0.13", "value": "0.125"}
    assert numbers.change(F(-1, 8)) == {"text": "-0.13", "value": "-0.125"}
    assert numbers.held(None, F(1), F(2)) == {"text": "1.00～2.00", "value": None}
    assert numbers.held(None, None, None) is None
    assert (numbers.amount(F(0)), whole(0), numbers.text(None)) == (None, None, "—")
    assert [climb(places) for places in (2, 0, -1)] == ["升2位", "持平", "降1位"]


def test_a_day_is_said_without_the_year_it_belongs_to() -> None:
    assert short_day(dt.date(2020, 5, 1), 2020) == "5月1日"
    assert short_day(dt.date(2021, 1, 5), 2020) == "2021年1月5日"


def test_many_units_are_counted_where_they_are_not_all_named() -> None:
    assert names([]) is None
    assert names(["甲", "乙"]) == "甲、乙"
    assert names(["甲", "乙", "丙"], 2) == "甲、乙等3个单位"


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("supervision-card", {"problems": ("甲", "乙")}, "收到督办卡：甲、乙"),
        ("supervision-card", {}, "收到督办卡"),
        ("criticism", {"level": "city", "matter": "事由", "times": 2}, "被市级通报批评：事由（2次）"),
        ("criticism", {"source": "示〔2020〕1号"}, "被通报批评（依据：示〔2020〕1号）"),
        ("praise", {"level": "national", "matter": "经验"}, "获国家级表扬：经验"),
        ("occurrence", {"reason": "理由", "matter": "事项"}, "理由，事项"),
        ("occurrence", {"reason": "理由", "matter": "理由"}, "理由"),
        ("occurrence", {"from_unit": "甲局"}, "发生应予计分的情况（登记于甲局）"),
        ("netizen-reply", {"key": "留言1"}, "网民留言（留言1）答复超期"),
        ("reply-timeout", {}, "网民留言答复超期"),
        ("deadline-missed", {"key": "改版"}, "规定事项（改版）逾期"),
        ("deadline-missed", {}, "规定事项逾期"),
        ("rectification-reported", {"key": "令-1"}, "整改逾期"),
        ("fraud", {"reason": "伪造台账"}, "弄虚作假：伪造台账"),
        ("fraud", {}, "弄虚作假"),
        ("metric", {"value": F(15)}, "报送数据15"),
        ("metric", {"previous": F(1), "current": F(2)}, "报送数据"),
    ],
)
def test_a_fact_is_told_in_the_words_of_whoever_wrote_it(kind: str, fields: dict[str, Any], text: str) -> None:
    assert told(fact(kind, "2020-05-01", **fields)) == text


@pytest.mark.parametrize(
    ("least", "most", "start", "end"),
    [
        (F("86.003"), F("94.14"), 85, 95),
        (F("87.4"), F("91.55"), 86, 92),
        (F(0), F(100), 0, 100),
        (F(100), F(100), 99, 100),
        (F("98.9"), F(99), 98, 99),
        (F(0), F(0), 0, 1),
        (F(130), F(205), 120, 210),
    ],
)
def test_an_axis_begins_and_ends_at_round_numbers_around_its_values(least: F, most: F, start: int, end: int) -> None:
    assert axis(least, most) == (F(start), F(end))


def test_a_text_is_one_line_and_nothing_in_it_is_unseen() -> None:
    assert one_line("甲\r\n\t乙\u2028丙\x00丁\x85戊\u2029") == "甲 乙 丙 丁 戊 "
    assert one_line("张　三\xa0李 四") == "张　三\xa0李 四"
    assert one_line("甲\u202e乙\u200b丙\ufeff\U000e0041\u2066丁\xad") == "甲乙丙丁"
    assert flat({"a": ["甲\n", {"b": "乙\v"}], "c": 1, "d": None}) == {"a": ["甲 ", {"b": "乙 "}], "c": 1, "d": None}
