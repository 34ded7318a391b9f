"""What a person reads: the auditor's page, the score, a scheme in words."""

import pytest

from cli.asking import Asked
from cli.columns import width
from cli.render import Voice, points, rounded, when
from cli.render_scheme import scheme_page
from gkevents.schemes import catalog
from gkevents.schemes.reading import read
from gkevents.terms import exact_share
from tests.cli.said import AT, UNIT, Run, card, fact


def test_the_auditors_page(hebei: Run) -> None:
    lines = [
        card("K1"),
        card("K2", "2018-06-01"),
        fact("G1", type="grade", item="H01", points=1.5, effective_on="2018-12-01"),
    ]
    assert hebei("log", "-", *AT, stdin="\n".join(lines)).status == 0
    page = hebei("replay", UNIT, *AT).out
    assert page.split("\n")[:18] == [
        "河北省统计局",
        "省统计局2018年政务公开工作考核指标 (hebei-stats-2018, 2018)",
        "",
        "Start: 11",
        "",
        "1.    2018-05-03  supervision-card  K1  H19 政府网站督办卡办理情况",
        f"      recorded 2018-12-31 18:00 by nobody named, position {position(page, 0)}",
        "      clause: 每张督办卡扣0.1分，同一问题再收到的每张扣0.5分，扣完3分为止（公布文本第33行）",
        "      raw -0.1 · applied -0.1 · item now 2.9 · total now 10.9",
        "      → Priced at 0.1.",
        "",
        "2.    2018-06-01  supervision-card  K2  H19 政府网站督办卡办理情况",
        f"      recorded 2018-12-31 18:00 by nobody named, position {position(page, 1)}",
        "      clause: 每张督办卡扣0.1分，同一问题再收到的每张扣0.5分，扣完3分为止（公布文本第33行）",
        "      raw -0.5 · applied -0.5 · item now 2.4 · total now 10.4",
        "      → The same problem again: priced at 0.5.",
        "",
        "3.    2018-12-01  grade  G1  H01 决策公开",
    ]
    assert "start 11 and applied +0.9 = 11.9, the low bound" in page
    assert all(width(line) <= 100 for line in page.split("\n"))


def position(page: str, number: int) -> str:
    return [line.rsplit(" ", 1)[1] for line in page.split("\n") if "recorded 20" in line][number]


def test_a_score_names_its_bounds_and_sections(hebei: Run) -> None:
    hebei("log", "-", *AT, stdin=card("K1"))
    page = hebei("score", UNIT, *AT).out
    assert "provisional" in page
    assert "· 公开平台和载体建设 / 门户网站建设" in page
    assert "Deducted by quarter: Q2 0.1" in page
    assert "\x1b" not in page
    assert UNIT in hebei("score", *AT).out


def test_a_chinese_page_has_chinese_words(hebei: Run) -> None:
    hebei("log", "-", *AT, stdin=card("K1"))
    page = hebei("replay", UNIT, *AT, lang="zh").out
    assert "督办卡  K1" in page
    assert "条款：" in page
    assert "原计 -0.1 · 实计 -0.1" in page
    assert all(width(line) <= 100 for line in page.split("\n"))


@pytest.mark.parametrize("scheme", catalog.published())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_scheme_can_be_read(scheme: str, lang: str) -> None:
    content = read(catalog.text_of(scheme)).content
    assert content is not None
    page = scheme_page(content, Voice(lang))
    assert content["title"] in page
    for item in content["items"]:
        assert f"{item['code']}  {item['title']}" in page
    for group in content["adjustments"]:
        for rule in group["rules"]:
            assert f"{rule['code']}  {rule['title']}" in page
    for reading in content["readings"]:
        assert reading["id"] in page
    assert all(width(line) <= 100 for line in page.split("\n"))


def test_a_card_rule_reads_as_a_clerk_would_say_it(gk: Run) -> None:
    shown = "".join(gk("scheme", "show", "hebei-stats-2018", "H19", lang="zh").out.split())
    assert "先给满分3分；每张督办卡扣0.1分，同一问题此前已有督办卡的，每张扣0.5分；扣完为止。" in shown


def test_colour_is_for_those_who_see_it() -> None:
    assert Voice("en").head("x") == "x"
    assert Voice("en", colour=True).head("x") == "\x1b[1mx\x1b[0m"


def test_points_are_exact_and_days_plain() -> None:
    assert points(exact_share("5/3")) == "5/3≈1.67"
    assert points(exact_share("0.1"), signed=True) == "+0.1"
    assert points(None) == "–"
    assert rounded(exact_share("5/3"), 2) == "≈1.67"
    assert rounded(exact_share("90.8125"), 2) == "≈90.81"
    assert rounded(exact_share("91.4"), 2) == "91.4"
    assert when("2018-05-03") == "2018-05-03"
    assert when("2018-05-03T01:30:00+00:00") == "2018-05-03 09:30"


def test_a_roster_without_categories_has_no_hole(gk: Run) -> None:
    assert "\n· 河北省统计局（省统计局）\n" in gk("scheme", "show", "hebei-stats-2018", lang="zh").out


def test_one_line_of_the_text_is_one_line(gk: Run) -> None:
    assert "(published text, line " in gk("scheme", "show", "hebei-stats-2018", "H19").out
    assert "(published text, lines " in "".join(gk("scheme", "show", name).out for name in catalog.published())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 100])
def test_no_answer_is_wider_than_the_terminal(
    columns: int, lang: str, hebei: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hebei("log", "-", *AT, stdin=card("K1"))
    monkeypatch.setattr(Asked, "columns", columns)
    for words in (
        ("score",), ("score", UNIT), ("rank",), ("replay", UNIT), ("deadlines", "list"), ("scheme", "list"),
        ("scheme", "show", "hebei-stats-2018"), ("scheme", "show", "luancheng-2020"), ("verify",),
    ):  # fmt: skip
        said = hebei(*words, lang=lang)
        assert [line for line in said.out.splitlines() if width(line) > columns] == [], words


def test_a_column_that_nobody_needs_is_not_shown(hebei: Run) -> None:
    said = hebei("score", lang="zh").out
    assert "暂定" in said
    assert "等次" not in said
