"""With what a bulletin compares itself, what it says of the ones before it, and how it draws the way so far."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gkevents.aggregates.bulletin import Period
from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.document import Content, Trend
from tests.reports.made import STANDARD, Office, plainly, quarter
from tests.reports.offices import UNITS, first_half, hebei, luancheng, said, third_quarter

JIA, YI, *_ = UNITS
FIRST_HALF = Period("span", None, dt.date(2018, 1, 1), dt.date(2018, 8, 31))
NONE_BEFORE = "本考核年度此前没有印发通报"


def whole_year(number: int | None = None) -> Period:
    """The year, and the how manyth result of it."""
    return Period("year", number, dt.date(2018, 1, 1), dt.date(2018, 12, 31))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office of which three quarters are known; nothing has been issued."""
    found = hebei(tmp_path_factory.mktemp("compared"))
    first_half(found)
    third_quarter(found)
    return found


@pytest.fixture
def office(known: Office) -> Office:
    """The same, for bulletins of one's own."""
    return Office(known.world, known.scheme, known.year)


def trend(content: Content) -> Trend | None:
    """The chart of the way so far."""
    return next((block for block in content["document"]["body"] if block["kind"] == "trend"), None)


def test_a_quarter_is_compared_with_the_quarter_before_where_that_was_issued(office: Office) -> None:
    office.issue(quarter(2018, 2))
    office.issue(FIRST_HALF)
    third = office.issue(quarter(2018, 3))
    assert third["figures"]["previous"] == "hebei-stats-2018-2018-Q2"
    assert "与上期比较，以2018年第二季度通报（2018年7月12日印发）公布的数字为准。" in plainly(third)
    assert office.issue(whole_year(), whole_year=True)["figures"]["previous"] == "hebei-stats-2018-2018-Q3"


def test_it_is_compared_with_the_latest_before_where_there_is_no_quarter_before(office: Office) -> None:
    office.issue(quarter(2018, 1))
    office.issue(FIRST_HALF)
    assert office.issue(quarter(2018, 3))["figures"]["previous"] == "hebei-stats-2018-2018-2018-01-01-2018-08-31"


def test_a_bulletin_issued_after_one_of_later_days_does_not_deny_that(office: Office) -> None:
    assert NONE_BEFORE in plainly(office.issue(quarter(2018, 3)))
    second = office.issue(quarter(2018, 2))
    assert second["figures"]["previous"] is None
    assert NONE_BEFORE not in plainly(second)
    assert "本考核年度此前印发的通报都不早于本期的截止日，不作环比。" in plainly(second)
    assert "取代" not in plainly(second)


def test_a_second_result_of_the_year_says_which_bulletin_it_replaces(office: Office) -> None:
    first = office.issue(whole_year(), whole_year=True, number="示[2018]9号")
    again = office.case(whole_year(2), whole_year=True)
    text = plainly(bulletin_content(again, STANDARD))
    assert "本件按重新核定的全年结果印发，取代示〔2018〕9号（2019年1月12日印发）。" in text
    assert NONE_BEFORE not in text
    assert "不早于本期" not in text
    assert "取代" not in plainly(first)


def test_a_year_that_was_told_by_quarters_compares_with_the_last_and_replaces_none(office: Office) -> None:
    office.issue(quarter(2018, 3))
    case = office.case(whole_year(), whole_year=True)
    alone = case._replace(earlier=[one._replace(now={}) for one in case.earlier])
    content = bulletin_content(alone, STANDARD)
    assert content["figures"]["previous"] == "hebei-stats-2018-2018-Q3"
    assert content["figures"]["corrections"] == []
    assert "取代" not in plainly(content)
    assert "与上期比较" in plainly(content)


def test_a_bulletin_never_corrects_what_it_is_not_given_anew(office: Office) -> None:
    office.issue(quarter(2018, 2), known_at=30)
    case = office.case(quarter(2018, 3))
    assert bulletin_content(case, STANDARD)["figures"]["corrections"] != []
    without = case._replace(earlier=[one._replace(now={}) for one in case.earlier])
    assert bulletin_content(without, STANDARD)["figures"]["corrections"] == []


def test_where_nothing_can_be_compared_the_paper_says_so(tmp_path: Path) -> None:
    office = luancheng(tmp_path)
    office.issue(quarter(2020, 2))
    text = plainly(office.issue(quarter(2020, 3)))
    assert "以2020年第二季度通报" not in text
    assert "与2020年第二季度通报（2020年7月12日印发）相比，没有两期得分都已确定的单位，不作环比。" in text


def test_while_no_unit_has_two_totals_what_each_quarter_cost_is_drawn(tmp_path: Path) -> None:
    office = luancheng(tmp_path)
    office.world.log(
        said("日-2", "区教育局", "occurrence", "2020-10-20", "L22", amount="0.2", reason="示例：材料报送迟"),
        scheme=office.scheme,
        year=office.year,
    )
    fourth = trend(bulletin_content(office.case(quarter(2020, 4)), STANDARD))
    assert fourth is not None
    assert fourth["caption"] == "图2 各单位分季度扣分（分）"
    assert fourth["points"] == ["一季度", "二季度", "三季度", "四季度"]
    assert fourth["series"] == [
        {"label": "栾城镇", "values": ["0", "1", "0", "0"]},
        {"label": "区教育局", "values": ["0", "0.5", "0", "0.2"]},
    ]
    third = trend(bulletin_content(office.case(quarter(2020, 3, until=dt.date(2020, 10, 9))), STANDARD))
    assert third is not None
    assert third["points"] == ["一季度", "二季度", "三季度", "四季度（至10月9日）"]
    assert trend(bulletin_content(office.case(quarter(2020, 1)), STANDARD)) is None


def test_totals_are_drawn_as_soon_as_a_unit_has_two(office: Office) -> None:
    office.issue(quarter(2018, 2))
    found = trend(office.issue(quarter(2018, 3)))
    assert found is not None
    assert found["points"] == ["二季度", "三季度"]
    assert {one["label"]: one["values"] for one in found["series"]}[YI] == ["94.5", "94.4"]


def test_a_finding_overturned_before_issue_is_no_problem_whatever_the_day_of_the_ruling(office: Office) -> None:
    second = bulletin_content(office.case(quarter(2018, 2)), STANDARD)
    assert "卡-2" not in [one["ref"] for one in second["figures"]["problems"]]
    assert second["figures"]["units"][YI]["contested"] == []
    assert second["figures"]["counts"]["cards"] == 2
    assert "有异议" not in plainly(second)


def test_means_are_compared_where_they_are_of_the_same_units(office: Office) -> None:
    office.issue(quarter(2018, 2), excluded={JIA: "示例：机构撤并"})
    third = office.case(quarter(2018, 3))
    assert "较上期上升" not in plainly(bulletin_content(third, STANDARD))
    same = bulletin_content(office.case(quarter(2018, 3), excluded={JIA: "示例：机构撤并"}), STANDARD)
    assert "各单位：2个单位得分已定，平均93.95分，较上期下降0.05分；" in plainly(same)
    others = bulletin_content(office.case(quarter(2018, 3), excluded={YI: "示例：机构撤并"}), STANDARD)
    assert "各单位：2个单位得分已定，平均93.70分；" in plainly(others)
