"""Facts that cannot be: a sentence says what, where and what to do next; status 1; nothing half-stored."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.contract.office import DOCS, HEBEI, Fact, Gk, Office, fact, lines

Opener = Callable[..., Office]

BUREAU: Final = HEBEI[1]


@pytest.fixture
def bureau(office: Opener) -> Office:
    """The bureau's year 2018 under the statistics scheme, with one happening in it."""
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("occurrence", BUREAU, "2018-03-01", "H32") | {"ref": "e0"}, now="2018-06-30")
    return desk


def happened(**more: Any) -> Fact:  # noqa: ANN401 - values of fields
    """A happening that would be good but for what is said."""
    return fact("occurrence", BUREAU, "2018-03-01", "H32") | more


# ---------------------------------------------------------------- unknown words, the nearest right one suggested
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"unit": "省统计居"}, "省统计局"),
        ({"item": "H23a"}, "H23"),
        ({"item": "h32"}, "H32"),
        ({"type": "ocurrence"}, "occurrence"),
        ({"type": "督促卡"}, "督办卡"),
        ({"cuont": 2}, "count"),
        ({"recordedby": "张三"}, "recorded_by"),
    ],
    ids=str,
)
def test_an_unknown_word_brings_the_nearest_right_one(bureau: Office, more: Fact, says: str) -> None:
    row = bureau.refuse(happened(**more))
    wrong = next(name if name in ("cuont", "recordedby") else str(value) for name, value in more.items())
    assert wrong in row["message"]
    assert f"{says}?" in row["message"]


def test_an_unknown_field_of_a_form_brings_the_nearest_heading(bureau: Office) -> None:
    before = bureau.gk.stored()
    told = "编号,类型,单位,指标,日起\n1,occurrence,省统计局,H32,2018-03-01\n"
    ran = bureau.gk("log", "-", *bureau.named, stdin=told)
    assert ran.status == 1
    assert "日起" in ran.sentence
    assert "日期" in ran.sentence
    assert bureau.gk.events() == before


def test_an_unknown_scheme_brings_the_nearest_one(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    for words in (("scheme", "adopt", "luanchen-2020", "--year", "2020"), ("scheme", "show", "luanchen-2020")):
        ran = gk(*words, now="2020-01-01" if "adopt" in words else None)
        assert (ran.status, ran.out) == (1, "")
        assert "luancheng-2020?" in ran.sentence
    assert gk.events() == 0


def test_an_unknown_scheme_or_year_in_a_log_says_how_to_adopt_it(bureau: Office) -> None:
    before = bureau.gk.stored()
    for scheme, year in (("hebei-stats-2018", 2019), ("hebei-stat-2018", 2018)):
        ran = bureau.gk("log", "-", "--scheme", scheme, "--year", year, stdin=lines([happened()]))
        assert ran.status == 1
        assert "gk scheme adopt" in ran.sentence
    assert bureau.gk.events() == before


def test_an_unknown_unit_is_named_to_those_who_ask(bureau: Office) -> None:
    for command in ("score", "replay"):
        ran = bureau.gk(command, "省统计居", *bureau.named)
        assert ran.status == 1
        assert "省统计局?" in ran.sentence


# ---------------------------------------------------------------- the wrong item
def test_an_item_of_the_other_variant_is_refused(office: Opener) -> None:
    desk = office("luancheng-2020", "栾城镇", "区财政局")
    for unit, item, own in (("栾城镇", "L21D", "部门"), ("区财政局", "L21T", "乡镇")):
        row = desk.refuse(fact("grade", unit, "2020-03-01", item, points="10"))
        assert all(word in row["message"] for word in (unit, item, own))


@pytest.mark.parametrize(("scheme", "item"), [("sanmenxia-counties-2017", "SC15"), ("sanmenxia-counties-2017", "SC29")])
def test_a_cross_reference_takes_no_fact(office: Opener, scheme: str, item: str) -> None:
    desk = office(scheme, "县A")
    row = desk.refuse(fact("grade", "县A", "2017-03-01", item, points="1"))
    assert item in row["message"]
    assert "政务服务" in row["message"]


def test_a_pairing_that_does_not_fit_says_what_would(bureau: Office) -> None:
    row = bureau.refuse(fact("praise", BUREAU, "2018-03-01", "H32"))
    assert all(word in row["message"] for word in ("praise", "H32", "occurrence", "criticism"))


# ---------------------------------------------------------------- grades
@pytest.mark.parametrize(
    ("item", "points", "allowed"),
    [
        ("H01", "2.5", "2"),
        ("H01", "2.001", "2"),
        ("H01", "-1", "0"),
        ("H13b", "0.3", "0.2"),
        ("H13b", "0.6", "0.5"),
        ("H01", "两分", ""),
        ("H01", "1e1", ""),
        ("H01", True, ""),
        ("H01", ["1"], ""),
    ],
)
def test_a_grade_out_of_range_or_not_on_the_list(bureau: Office, item: str, points: object, allowed: str) -> None:
    row = bureau.refuse(fact("grade", BUREAU, "2018-03-01", item, points=points))
    assert allowed in row["message"]


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    "on",
    ["2018-02-30", "2018-13-01", "2018-00-10", "2018-2-30", "last week", "2018-03-01T25:00:00+08:00", "43160"],
)
def test_a_date_that_does_not_exist(bureau: Office, on: str) -> None:
    row = bureau.refuse(fact("occurrence", BUREAU, on, "H32"))
    assert on in row["message"]
    assert "2020-09-14" in row["message"], "says how a day is written"


def test_a_date_that_does_not_exist_in_a_form(bureau: Office) -> None:
    before = bureau.gk.stored()
    told = "编号,类型,单位,指标,日期\n1,occurrence,省统计局,H32,2018年2月30日\n"
    ran = bureau.gk("log", "-", *bureau.named, "--json", stdin=told)
    assert (ran.status, [row["row"] for row in ran.json["refused"]]) == (1, [2])
    assert bureau.gk.events() == before


def test_a_date_outside_the_year(bureau: Office) -> None:
    for kind, item, more in (
        ("occurrence", "H32", {}),
        ("supervision-card", "H19", {"problem": "甲"}),
        ("netizen-message", "H21", {"key": "k"}),
        ("reply-timeout", "H21", {}),
        ("deadline-opened", "H32", {"key": "k", "limit": "5 hours"}),
    ):
        for on in ("2017-12-31T10:00:00+08:00", "2019-01-01T10:00:00+08:00"):
            row = bureau.refuse(fact(kind, BUREAU, on, item, **more), now="2019-02-01")
            assert "2018" in row["message"]


def test_a_date_in_the_future(bureau: Office) -> None:
    row = bureau.refuse(happened(effective_on="2018-07-01"), now="2018-06-30")
    assert "2018-07-01" in row["message"]
    row = bureau.refuse(fact("grade", BUREAU, "2019-07-01", "H01", points="1"), now="2018-06-30")
    assert "2019-07-01" in row["message"]


def test_a_date_in_the_future_of_a_real_clock(gk: Gk) -> None:
    gk("init")
    year = time.localtime().tm_year
    assert gk("scheme", "adopt", DOCS[0], "--year", year, "--unit", DOCS[1]).status == 0
    desk = Office(gk, DOCS[0], year)
    before = gk.stored()
    told = fact("grade", DOCS[1], f"{year + 2}-01-01", "DP09", points="1")
    ran = gk("log", "-", *desk.named, "--json", stdin=lines([told]))
    assert (ran.status, len(ran.json["refused"])) == (1, 1)
    assert gk.events() == before


# ---------------------------------------------------------------- refs, retractions, amounts, counts, figures
def test_a_ref_reused_with_other_content_says_what_differs(bureau: Office) -> None:
    row = bureau.refuse(happened(ref="e0", count=2))
    assert all(word in row["message"] for word in ("e0", "count", "gk correct"))


def test_a_retraction_of_something_unknown(bureau: Office) -> None:
    for kind in ("retraction", "duplicate-ruling"):
        row = bureau.refuse(fact(kind, BUREAU, "2018-04-01", of="e00"))
        assert "e00" in row["message"]
        assert "e0?" in row["message"]


def test_a_retraction_of_something_already_retracted(bureau: Office) -> None:
    first = fact("retraction", BUREAU, "2018-04-01", of="e0")
    bureau.take(first)
    row = bureau.refuse(fact("retraction", BUREAU, "2018-04-02", of="e0"))
    assert all(word in row["message"] for word in ("e0", first["ref"]))


def test_a_ruling_of_something_already_ruled(bureau: Office) -> None:
    bureau.take(fact("duplicate-ruling", BUREAU, "2018-04-01", of="e0"))
    bureau.refuse(fact("duplicate-ruling", BUREAU, "2018-04-02", of="e0"))


def test_a_retraction_names_the_unit_of_its_fact(office: Opener) -> None:
    desk = office("luancheng-2020", "栾城镇", "区财政局")
    mark = fact("grade", "栾城镇", "2020-03-01", "L01", points="3")
    desk.take(mark)
    row = desk.refuse(fact("retraction", "区财政局", "2020-03-02", of=mark["ref"]))
    assert all(word in row["message"] for word in (mark["ref"], "栾城镇"))


@pytest.mark.parametrize(
    "more",
    [{"amount": "1"}, {"reason": "迟报"}, {}, {"amount": "0", "reason": "迟报"}, {"amount": "-1", "reason": "迟报"},
     {"amount": "1", "reason": " "}, {"amount": "1", "reason": "迟报", "count": 2}],
    ids=str,
)  # fmt: skip
def test_an_amount_without_a_reason_or_a_reason_without_an_amount(office: Opener, more: Fact) -> None:
    desk = office("luancheng-2020", "栾城镇")
    row = desk.refuse(fact("occurrence", "栾城镇", "2020-03-01", "L22", **more))
    assert "amount" in row["message"]


def test_an_amount_where_the_scheme_has_the_price(bureau: Office) -> None:
    row = bureau.refuse(happened(amount="1", reason="迟报"))
    assert "amount" in row["message"]


@pytest.mark.parametrize("count", [0, -1, "0", "-3", 1.5, "1.5", "many", True, [2], 10**12], ids=str)
def test_a_count_that_is_none(bureau: Office, count: object) -> None:
    row = bureau.refuse(happened(count=count))
    assert "count" in row["message"]


def test_a_figure_over_nothing(bureau: Office) -> None:
    row = bureau.refuse(fact("metric", BUREAU, "2018-03-01", "H26a", numerator="1", denominator="0"))
    assert "denominator" in row["message"]
