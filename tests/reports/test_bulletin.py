"""What a bulletin says, held against golden files, and the rules behind it one by one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates.bulletin import Period
from gkevents.calendar import Calendar
from gkevents.reports.bulletin.case import Cause
from gkevents.reports.bulletin.charts import heat
from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.bulletin.corrections import exact
from gkevents.reports.bulletin.figures import figures
from gkevents.reports.bulletin.gathered import Gathered
from gkevents.reports.bulletin.given import SHAPE, given
from gkevents.reports.bulletin.template import TemplateFaultyError, read_template, standard_text
from gkevents.reports.document import Content, Table, canonical
from gkevents.schemes.model import Band, Ties
from tests.reports.made import GOLDEN, STANDARD, Office, check_golden, plainly, quarter
from tests.reports.offices import UNITS, beilun, first_half, hebei, luancheng, said, sanmenxia, third_quarter

JIA, YI, BING, DING, WU, JI = UNITS
GOLDEN_NAMES: Final = (
    "hebei-2018-Q2", "hebei-2018-Q3", "hebei-2018-year", "beilun-2019-Q1", "luancheng-2020-Q2", "sanmenxia-2017-Q1",
)  # fmt: skip
CAUSES: Final = {
    JIA: [Cause("late", "补记-1", "H19", Fraction(-1, 2))],
    YI: [Cause("reversals", "卡-2裁定", None, Fraction(1, 10))],
    BING: [Cause("ties"), Cause("reversals", "撤回-1", "H19", Fraction(1, 10), "示例：说明")],
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office with two bulletins issued, and a third drafted for the year."""
    found = hebei(tmp_path_factory.mktemp("hebei"))
    first_half(found)
    found.issue(
        quarter(2018, 2), number="示政公开办[2018]2号", rectify_by=dt.date(2018, 7, 31), excluded={WU: "示例：机构撤并"}
    )
    third_quarter(found)
    found.issue(quarter(2018, 3), causes=CAUSES)
    return found


@pytest.fixture(scope="module")
def second(office: Office) -> Content:
    """The bulletin of the second quarter."""
    return office.issued[0][1]


@pytest.fixture(scope="module")
def third(office: Office) -> Content:
    """The bulletin of the third quarter."""
    return office.issued[1][1]


@pytest.fixture(scope="module")
def year(office: Office) -> Content:
    """A draft for the whole year."""
    period = Period("year", None, dt.date(2018, 1, 1), dt.date(2018, 12, 31))
    return bulletin_content(office.case(period, whole_year=True, draft=True), STANDARD)


def table(content: Content, name: str) -> Table:
    """A table of a paper by its id."""
    blocks = [*content["document"]["body"], *(one for annex in content["document"]["annexes"] for one in annex["body"])]
    return next(block for block in blocks if block["kind"] == "table" and block["id"] == name)


def cells(content: Content, name: str) -> list[list[str]]:
    """What a table prints."""
    return [
        ["—" if cell is None else cell if isinstance(cell, str) else cell["text"] for cell in row]
        for row in table(content, name)["rows"]
    ]


def test_the_bulletins_of_a_half_year_are_as_they_are_kept(second: Content, third: Content, year: Content) -> None:
    check_golden("hebei-2018-Q2", second)
    check_golden("hebei-2018-Q3", third)
    check_golden("hebei-2018-year", year)


@pytest.mark.parametrize(
    ("name", "made", "number", "scheme_year"),
    [
        ("beilun-2019-Q1", beilun, 1, 2019),
        ("luancheng-2020-Q2", luancheng, 2, 2020),
        ("sanmenxia-2017-Q1", sanmenxia, 1, 2017),
    ],
)
def test_a_bulletin_is_as_it_is_kept(name: str, made: Any, number: int, scheme_year: int, tmp_path: Path) -> None:  # noqa: ANN401
    content = made(tmp_path).issue(quarter(scheme_year, number))
    check_golden(name, content)


def test_every_golden_file_is_used() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(f"{name}.json" for name in GOLDEN_NAMES)


def test_the_same_case_gives_the_same_bytes(office: Office, second: Content) -> None:
    terms, _ = office.issued[0]
    again = Office(office.world, office.scheme, office.year)
    case = again.case(terms.period, known_at=terms.known_at)._replace(terms=terms)
    assert canonical(bulletin_content(case, read_template(standard_text()))) == canonical(second)


def test_a_provisional_unit_has_a_range_and_no_rank(second: Content) -> None:
    assert cells(second, "scores") == [
        ["1", JIA, "94.40", "0.10", ""],
        ["1", YI, "94.40", "0.10", "有异议1件"],
        ["3", BING, "93.40", "1.10", ""],
        ["暂", DING, "92.50～94.50", "—", "1项未评定"],
        ["暂", JI, "11.00～94.50", "—", "51项未评定；无登记记录"],
    ]
    unit = second["figures"]["units"][DING]
    assert (unit["total"], unit["low"], unit["high"], unit["rank"]) == (None, "92.5", "94.5", None)
    assert unit["provisional"]


def test_a_unit_that_is_not_ranked_is_named_with_the_reason(second: Content) -> None:
    (left_out,) = second["figures"]["excluded"]
    assert (left_out["unit"], left_out["reason"]) == (WU, "示例：机构撤并")
    assert WU not in second["figures"]["units"]
    assert f"不参加排名的单位：{WU}（示例：机构撤并）。" in plainly(second)


def test_a_unit_without_facts_is_named(second: Content) -> None:
    assert second["figures"]["without_facts"] == [JI, WU]
    assert f"没有任何登记记录的单位：{JI}、{WU}。" in plainly(second)


def test_counts_are_those_of_the_period_that_stand(second: Content, third: Content) -> None:
    assert second["figures"]["counts"] == {"cards": 3, "timeouts": 2, "praise": 0, "criticism": 0}
    assert third["figures"]["counts"] == {"cards": 1, "timeouts": 1, "praise": 0, "criticism": 0}


def test_a_missed_limit_says_its_working_days_to_the_answer_or_to_the_last_day(second: Content) -> None:
    answered, waiting = [one for one in second["figures"]["problems"] if "overdue_working_days" in one]
    assert (answered["on"], answered["due"], answered["answered_on"]) == ("2018-06-16", "2018-06-15", "2018-06-22")
    assert answered["overdue_working_days"] == 4  # 18 June is a rest day
    assert (waiting["due"], waiting["answered_on"], waiting["overdue_working_days"]) == ("2018-06-19", None, 8)
    assert "期限6月15日，6月22日办结，超期4个工作日" in plainly(second)
    assert "期限6月19日，截至6月30日未办结，超期8个工作日" in plainly(second)


def test_what_is_contested_is_marked(second: Content, third: Content) -> None:
    assert [one["ref"] for one in second["figures"]["problems"] if one["contested"]] == ["卡-2"]
    assert "扣0.10分（有异议，尚未裁定）" in plainly(second)
    assert "卡-2" not in [one["ref"] for one in third["figures"]["problems"]]


def test_an_order_is_named_until_it_is_answered(second: Content, third: Content) -> None:
    (order,) = second["figures"]["rectification"]
    assert (order["unit"], order["of"], order["due"], order["overdue_working_days"]) == (JIA, "卡-1", "2018-07-05", 0)
    assert cells(second, "rectification")[0][-1] == "整改中"
    assert cells(third, "rectification")[0][-1] == "已超期62个工作日"
    assert "于2018年7月31日前完成整改" in plainly(second)
    assert "尽快完成整改" in plainly(third)


def test_change_is_told_against_the_last_bulletin_as_it_printed(second: Content, third: Content) -> None:
    assert second["figures"]["previous"] is None
    assert "此前没有印发通报" in plainly(second)
    assert third["figures"]["previous"] == "hebei-stats-2018-2018-Q2"
    changes = {unit: said["change"] for unit, said in third["figures"]["units"].items()}
    assert changes[JIA] == {"points": "-0.5", "rank": -1}
    assert changes[YI] == {"points": "0", "rank": 0}
    assert changes[DING] == {"points": None, "rank": None}
    assert changes[WU] is None
    assert cells(third, "scores")[1][:5] == ["2", JIA, "93.90", "-0.50", "降1位"]


def test_a_correction_says_what_was_printed_what_holds_and_why(third: Content) -> None:
    first, ruled, other = third["figures"]["corrections"]
    assert (ruled["unit"], ruled["printed"]["total"], ruled["now"]["total"]) == (YI, "94.4", "94.5")
    assert (first["bulletin"], first["printed_in"], first["unit"]) == (third["figures"]["previous"],) * 2 + (JIA,)
    assert first["printed"] == {"total": "94.4", "low": "94.4", "high": "94.4", "rank": 1}
    assert first["now"] == {"total": "93.9", "low": "93.9", "high": "93.9", "rank": 2}
    assert [cause["cause"] for cause in other["causes"]] == ["ties", "reversals"]
    rows = cells(third, "corrections")
    assert rows[0][0] == "示政公开办〔2018〕2号"
    assert rows[0][-1] == "通报后补记此前发生的情况（6月5日H19〔补记-1〕，-0.50分）"
    assert rows[1][-1] == "撤回、撤销或减轻原记录（7月24日〔卡-2裁定〕，+0.10分）"
    assert rows[2][-1] == "撤回、撤销或减轻原记录（7月23日H19〔撤回-1〕，+0.10分，示例：说明）；同分名次重排"


def test_what_was_corrected_once_is_not_corrected_again(office: Office, year: Content) -> None:
    assert year["figures"]["corrections"] == []
    with_more = office.case(quarter(2018, 4), known_at=office.issued[1][0].known_at)
    assert bulletin_content(with_more, STANDARD)["figures"]["corrections"] == []


def test_a_later_correction_names_the_bulletin_that_last_printed_it(office: Office) -> None:
    case = office.case(quarter(2018, 4))
    second, third = case.earlier
    moved = {**second.now, JIA: second.now[JIA]._replace(total=Fraction(93), low=Fraction(93), high=Fraction(93))}
    content = bulletin_content(case._replace(earlier=[second._replace(now=moved), third]), STANDARD)
    (correction,) = content["figures"]["corrections"]
    assert (correction["bulletin"], correction["printed_in"]) == (second.id, third.id)
    assert correction["printed"]["total"] == "93.9"
    (row,) = cells(content, "corrections")
    assert row[0] == "示政公开办〔2018〕2号（据2018年第三季度通报更正）"
    assert row[-1] == "按现有记录重新核算"


def test_the_annex_holds_every_deduction_with_its_clause_and_exact_points(third: Content) -> None:
    rows = table(third, "moves")["rows"]
    late = next(row for row in rows if row[-1] == "补记-1")
    clause = "每张督办卡扣0.1分，同一问题再收到的每张扣0.5分，扣完3分为止"
    assert late[1:4] == [JIA, "2018-06-05", f"H19 政府网站督办卡办理情况：{clause}"]
    assert late[5] == {"text": "-0.50", "value": "-0.5"}
    moved = [exact(one["points"]) for one in third["figures"]["moves"] if one["unit"] == JIA]
    assert sum(filter(None, moved)) == Fraction(-6, 10)
    assert cells(third, "quarters") == [
        [YI, "—", "—", "0.10", "—", "0.10"],
        [JIA, "—", "0.60", "—", "—", "0.60"],
        [BING, "—", "1.00", "—", "—", "1.00"],
    ]


def test_a_long_annex_is_left_to_the_data(office: Office) -> None:
    short = read_template(standard_text().replace("annex_rows: 5000", "annex_rows: 4"))
    content = bulletin_content(office.case(quarter(2018, 3)), short)
    assert "共5条，条数较多，不随文印发" in plainly(content)
    assert len(content["figures"]["moves"]) == 5
    assert not any(block["kind"] == "table" for block in content["document"]["annexes"][0]["body"])


def test_limits_of_a_template_hold_for_problems_and_charts(office: Office) -> None:
    text = (
        standard_text().replace("problem_units: 200", "problem_units: 1").replace("chart_units: 60", "chart_units: 2")
    )
    content = bulletin_content(office.case(quarter(2018, 3)), read_template(text))
    assert "另有1个单位的问题" in plainly(content)
    assert {block["kind"] for block in content["document"]["body"]} == {"heading", "paragraph", "table"}


def test_charts_show_ranges_lost_points_and_the_way_from_bulletin_to_bulletin(third: Content) -> None:
    bars, lost, trend = (one for one in third["document"]["body"] if one["kind"] in ("bars", "heat", "trend"))
    assert bars["kind"] == "bars"
    assert [row["label"] for row in bars["rows"]] == [YI, JIA, BING, DING, WU, JI]
    assert bars["rows"][3] == {
        "label": DING, "text": "92.50～94.50（暂）", "value": None, "low": "92.5", "high": "94.5",
    }  # fmt: skip
    assert lost["kind"] == "heat"
    assert (lost["columns"], lost["rows"]) == (["H19", "H21"], [YI, JIA, BING])
    assert lost["cells"] == [["0.1", None], ["0.6", None], [None, "1"]]
    assert trend["kind"] == "trend"
    assert trend["points"] == ["二季度", "三季度"]
    assert trend["series"][1] == {"label": JIA, "values": ["94.4", "93.9"]}


def test_a_heat_table_sums_up_the_items_beyond_its_width(office: Office) -> None:
    chart, legend = heat(Gathered(office.case(quarter(2018, 3))), 60, 1)
    assert chart["kind"] == "heat"
    assert legend == {"kind": "paragraph", "text": "图中指标：H21 政府网站网民纠错留言办理。"}
    assert chart["columns"] == ["H21", "其他1项"]
    assert chart["cells"] == [[None, "0.1"], [None, "0.6"], ["1", None]]


def test_a_paper_says_how_complete_it_is_and_what_it_was_made_from(second: Content) -> None:
    lines = second["document"]["small_print"]
    assert lines[0] == (
        "数据口径：截至第226号记录（登记于2018-07-12 09:00:00），本考核年度的事项登记217条，核算时计入217条；"
        "得分按截至2018-06-30发生的事项计算。"
    )
    assert second["head"]["edition"][:12] in lines[1]
    assert second["head"]["template"]["digest"] == STANDARD.digest
    assert second["document"]["mark"] == "模拟时钟"


def test_a_draft_says_so(year: Content) -> None:
    assert year["document"]["mark"] == "草稿·模拟时钟"
    assert year["head"]["draft"]
    assert year["document"]["title"] == "关于2018年度政务公开工作考核情况的通报"
    assert year["head"]["as_of"] is None


def test_the_head_is_as_the_office_says_it(office: Office) -> None:
    text = standard_text().replace('number: "{{ number }}"', "number: 示政公开办〔{{ year }}〕{{ number }}号")
    case = office.case(quarter(2018, 3), number="7", issuer="示例办公室", addressees="各示例单位：")
    paper = bulletin_content(case, read_template(text))["document"]
    assert (paper["number"], paper["issuer"]) == ("示政公开办〔2018〕7号", "示例办公室")
    assert (paper["addressees"], paper["signed_by"]) == ("各示例单位：", "示例办公室")
    without = text.replace("number: 示政", "# number: 示政").replace("addressees: 各", "# addressees: 各")
    paper = bulletin_content(office.case(quarter(2018, 3), number="示（2018）7号"), read_template(without))["document"]
    assert (paper["number"], paper["addressees"]) == ("示〔2018〕7号", None)
    assert paper["issuer"] == "河北省统计局"


def test_a_template_that_asks_for_what_is_not_there_is_refused_with_its_line(office: Office) -> None:
    text = (
        standard_text()
        .replace("# subject: 政务公开工作", "subject: 示例工作")
        .replace("note: 此件公开发布", "note: 上期为{{ previous.name }}")
    )
    fresh = Office(office.world, office.scheme, office.year)
    with pytest.raises(TemplateFaultyError) as found:
        bulletin_content(fresh.case(quarter(2018, 3)), read_template(text))
    (fault,) = found.value.faults
    assert text.splitlines()[fault.line - 1].startswith("note:")
    assert "示例工作" in bulletin_content(office.case(quarter(2018, 3)), read_template(text))["document"]["title"]


def test_sentences_are_given_exactly_what_they_may_name(office: Office, tmp_path: Path) -> None:
    cases = [office.case(quarter(2018, 3)), beilun(tmp_path).case(quarter(2019, 1))]
    for case in cases:
        gathered = Gathered(case)
        held = given(gathered, figures(gathered), problem_units=9, annex_rows=9)
        assert list(held) == list(SHAPE)
        assert _wrong(held, SHAPE, "") == []


def _wrong(held: Any, shape: Any, name: str) -> list[str]:  # noqa: ANN401
    """Where what is given does not have its shape."""
    if isinstance(shape, list):
        return [] if isinstance(held, list) and not [w for one in held for w in _wrong(one, shape[0], name)] else [name]
    if isinstance(shape, dict):
        if held is None:
            return []
        found = [] if isinstance(held, dict) and set(held) == set(shape) else [name]
        return found + [wrong for key in shape if key in held for wrong in _wrong(held[key], shape[key], key)]
    return [] if held is None or type(held) in (str, int) else [name]


def test_headings_number_themselves_and_begin_anew_below_a_higher_one(office: Office) -> None:
    levels = (1, 2, 3, 3, 2, 3, 1, 2)
    body = "".join(f"  - heading: 标题\n    level: {level}\n" for level in levels)
    last = "  - text: '{{ previous.nothing }}'\n    when: weighted and previous\n"
    text = f"template: levels\ntitle: 题\nbody:\n{body}  - table: problems\n{last}"
    with pytest.raises(TemplateFaultyError):
        read_template(text)
    template = read_template(text.replace("previous.nothing", "previous.name"))
    content = bulletin_content(office.case(quarter(2018, 2)), template)
    found = [block["text"] for block in content["document"]["body"] if block["kind"] == "heading"]
    assert found == [
        "一、标题", "（一）标题", "1. 标题", "2. 标题", "（二）标题", "1. 标题", "二、标题", "（一）标题",
    ]  # fmt: skip
    document = content["document"]
    assert (document["addressees"], document["signed_by"], document["annexes"]) == (None, None, [])
    assert next(row for row in cells(content, "problems") if row[1] == "2018-05-11") == [
        JIA, "2018-05-11", "H19 政府网站督办卡办理情况",
        "收到督办卡：栏目更新不及时（依据：示例督〔2018〕3号）", "", "-0.10",
    ]  # fmt: skip


def test_bands_are_told_with_what_each_asks(office: Office) -> None:
    bands = (
        Band("优秀", start=Fraction(90), places=3, eligible=True), Band("良好", above=Fraction(80), to=Fraction(90)),
        Band("合格", below=Fraction(81), share=Fraction(1, 4)), Band("不合格"),
    )  # fmt: skip
    case = office.case(quarter(2018, 3))
    edition = dataclasses.replace(case.standing.edition, bands=bands, ties=Ties(("H19",), "unordered"))
    score = dataclasses.replace(case.standing.scores[JIA], band="良好", zeroed=True)
    standing = case.standing._replace(edition=edition, scores={**case.standing.scores, JIA: score})  # type: ignore[attr-defined]
    content = bulletin_content(case._replace(standing=standing), STANDARD)
    assert (
        "优秀（90.00分及以上，前3名，须具备评优资格）、良好（高于80.00分，不高于90.00分）、"
        "合格（低于81.00分，前25.00%）、不合格（其余）"
    ) in plainly(content)
    assert "得分相同的先比较H19 政府网站督办卡办理情况；不排名次" in plainly(content)
    assert [column["title"] for column in table(content, "scores")["columns"]][:3] == ["单位", "得分", "较上期"]
    assert cells(content, "scores")[1][-2:] == ["良好", "弄虚作假，按方案处理"]


def test_limits_in_hours_and_beyond_the_calendar_are_told(tmp_path: Path) -> None:
    office = hebei(tmp_path)

    def at(moment: str, *about: str, **fields: str) -> dict[str, Any]:
        return said(*about, **fields) | {"effective_on": None, "effective_at": f"2018-06-{moment}:00+08:00"}

    office.world.log(
        at("11T08:00", "时-1", JIA, "netizen-message", "2018-06-12", "H25b", key="时一", limit="5 hours"),
        at("11T09:00", "时-2", JIA, "netizen-message", "2018-06-12", "H25b", key="时二", limit="5 hours"),
        at("11T14:00", "时-3", JIA, "netizen-reply", "2018-06-12", key="时一"),
        at("12T14:00", "时-4", JIA, "netizen-reply", "2018-06-12", key="时二"),
        scheme=office.scheme,
        year=office.year,
    )
    case = office.case(Period("span", None, dt.date(2018, 6, 1), dt.date(2018, 6, 30)))
    text = plainly(bulletin_content(case, STANDARD))
    assert "期限2018-06-11 13:00，6月11日办结，超期不足1个工作日" in text
    assert "期限2018-06-11 14:00，6月12日办结，超期1个工作日" in text
    unknown = plainly(bulletin_content(case._replace(calendar=Calendar.of([])), STANDARD))
    assert "工作日历尚未公布，超期日数未计" in unknown
