"""Published results of real offices, from their parts: the figures below are those printed, nothing else.

- Nantong, 19 streets, city management, August 2017: 40 %, 40 % and 20 % of three marks. Each is rounded to two decimals
  before they are added, which gives all 19 printed totals; rounded only at the end, it gives 18: 金沙街道 would have
  92.94 (from 92.936), and 92.93 is printed. Two streets print 94.31 and still rank 4 and 5.
- Liangshan, five counties, openness assessment 2011 (凉府办函〔2012〕3号): the sum of five parts; all five are named
  优秀, also the one with 85.3. Where 优秀 begins is not printed.
- Zhalantun, departments, articles adopted, first quarter 2023: 5 points an article at city level, 10 one level up.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.app.scenario_files import Scenario, read_scenarios
from gkevents.app.scenarios import run, run_file
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.reading import read
from gkevents.terms import show

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "schemes" / "examples"

# fmt: off
NANTONG: Final = (
    ("中兴街道", "95.65", "93.73", "95.80", "94.91", 1),
    ("文峰街道", "95.37", "93.80", "96.15", "94.90", 2),
    ("港闸开发区", "95.67", "93.93", "93.10", "94.46", 3),
    ("新开街道", "95.32", "93.50", "93.90", "94.31", 4),
    ("钟秀街道", "95.20", "92.95", "95.25", "94.31", 5),
    ("小海街道", "95.04", "93.23", "94.40", "94.19", 6),
    ("秦灶街道", "95.55", "93.03", "93.55", "94.14", 7),
    ("陈桥街道", "95.04", "92.73", "94.85", "94.08", 8),
    ("幸福街道", "95.00", "93.88", "91.65", "93.88", 9),
    ("唐闸镇街道", "94.17", "92.00", "95.20", "93.51", 10),
    ("狼山镇街道", "95.00", "92.13", "91.30", "93.11", 11),
    ("金沙街道", "95.53", "91.01", "91.60", "92.93", 12),
    ("金新街道", "95.00", "92.42", "87.55", "92.48", 13),
    ("虹桥街道", "95.28", "87.03", "94.55", "91.83", 14),
    ("任港街道", "95.33", "90.23", "85.30", "91.28", 15),
    ("和平桥街道", "94.57", "89.03", "88.80", "91.20", 16),
    ("竹行街道", "95.24", "87.70", "89.80", "91.14", 17),
    ("新城桥街道", "94.70", "87.15", "91.80", "91.10", 18),
    ("学田街道", "94.99", "85.90", "91.90", "90.74", 19),
)
"""Street, the three marks, total and rank as printed."""

LIANGSHAN: Final = (
    ("雷波县", "14", "45", "5", "28", "5", "97"),
    ("宁南县", "14", "40", "5", "30", "5", "94"),
    ("普格县", "14", "37.1", "5", "30", "5", "91.1"),
    ("金阳县", "14", "33.6", "5", "30", "5", "87.6"),
    ("美姑县", "14", "31.3", "5", "30", "5", "85.3"),
)
"""County, the five parts, the total as printed; the band printed for each is 优秀."""

ZHALANTUN: Final = (
    ("现代农业产业园服务中心", 35, 3, "205", 1),
    ("水利局", 36, 0, "180", 2),
    ("市场监督管理局", 27, 1, "145", 3),
    ("公安局", 25, 1, "135", 4),
    ("民政局", 26, 0, "130", 5),
)
"""Department, articles at city level and one level up, total and rank as printed."""
# fmt: on


def the_edition(name: str, *changes: tuple[str, str]) -> Edition:
    """An example's scheme, with some of its text replaced."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    content = read(text).content
    assert content is not None
    return edition_of(content, digest=name)


def the_scenario(name: str) -> Scenario:
    """An example's first scenario."""
    reading = read_scenarios((EXAMPLES / f"{name}.tests.yaml").read_bytes())
    assert reading.file is not None
    return reading.file.scenarios[0]


def differing(edition: Edition, scenario: Scenario) -> list[tuple[str, str, Any, Any]]:
    """What comes out otherwise than printed: unit, key, printed, found."""
    return [difference[:4] for difference in run(edition, scenario).differences]


@pytest.mark.parametrize("name", ["nantong-2017-08", "liangshan-2011", "zhalantun-2023-q1"])
def test_the_published_results_come_out_as_printed(name: str) -> None:
    tested = run_file(EXAMPLES / f"{name}.tests.yaml")
    assert [outcome.differences for outcome in tested.outcomes if not outcome.passed] == []
    assert tested.passed


def marks(scenario: Scenario) -> dict[str, list[str]]:
    """The marks that a scenario's facts give each unit, in order."""
    given: dict[str, list[str]] = {}
    for fact in scenario.facts:
        assert fact["type"] == "grade"
        given.setdefault(fact["unit"], []).append(fact["points"])
    return given


def test_nantongs_scenario_holds_the_printed_figures() -> None:
    scenario = the_scenario("nantong-2017-08")
    assert marks(scenario) == {unit: list(parts) for unit, *parts, _, _ in NANTONG}
    printed = {unit: (show(Fraction(total)), rank) for unit, _, _, _, total, rank in NANTONG}
    assert {unit: (wanted["total"], wanted["rank"]) for unit, wanted in scenario.expect.items()} == printed


def test_liangshans_scenario_holds_the_printed_figures() -> None:
    scenario = the_scenario("liangshan-2011")
    assert marks(scenario) == {unit: list(parts) for unit, *parts, _ in LIANGSHAN}
    wanted = {unit: {"total": show(Fraction(total)), "band": "优秀"} for unit, *_, total in LIANGSHAN}
    assert scenario.expect == wanted


def test_zhalantuns_scenario_holds_the_printed_figures() -> None:
    scenario = the_scenario("zhalantun-2023-q1")
    articles: dict[tuple[str, str], int] = {}
    for fact in scenario.facts:
        articles[fact["unit"], fact["level"]] = int(fact["count"])
    for unit, county, city, total, rank in ZHALANTUN:
        assert (articles.get((unit, "县级"), 0), articles.get((unit, "市级"), 0)) == (county, city)
        assert scenario.expect[unit] == {"total": total, "bonus": total, "rank": rank}


def test_rounded_only_at_the_end_one_of_nineteen_streets_differs() -> None:
    at_the_end = ("  weighted: {digits: 2, mode: half-up}", "  total: {digits: 2, mode: half-up}")
    edition = the_edition("nantong-2017-08", at_the_end, ("set_by: rounding weighted", "set_by: rounding total"))
    found = differing(edition, the_scenario("nantong-2017-08"))
    assert [each for each in found if not each[1].startswith("parts")] == [("金沙街道", "total", "92.93", "92.94")]


def test_never_rounded_two_streets_do_not_tie_and_change_places() -> None:
    never = ("rounding:\n  weighted: {digits: 2, mode: half-up}\n", "")
    edition = the_edition("nantong-2017-08", never, ("    set_by: rounding weighted\n", ""))
    found = differing(edition, the_scenario("nantong-2017-08"))
    assert [each for each in found if each[1] == "rank"] == [
        ("新开街道", "rank", "4", "5"),
        ("钟秀街道", "rank", "5", "4"),
    ]


def test_without_a_rule_on_ties_both_streets_would_be_fourth() -> None:
    shared = ('ties: {by: [系统部分], then: "1,1,3"}', 'ties: "1,1,3"')
    reading = ("    set_by: ties by\n", "")
    found = differing(the_edition("nantong-2017-08", shared, reading), the_scenario("nantong-2017-08"))
    assert found == [("钟秀街道", "rank", "5", "4")]


@pytest.mark.parametrize(("part", "as_printed"), [("系统部分", True), ("现场部分", True), ("履职部分", False)])
def test_two_of_the_three_parts_tell_the_tied_streets_apart_as_printed(part: str, *, as_printed: bool) -> None:
    by = ("ties: {by: [系统部分]", f"ties: {{by: [{part}]")
    found = differing(the_edition("nantong-2017-08", by), the_scenario("nantong-2017-08"))
    assert (found == []) is as_printed


def test_with_the_usual_line_of_90_points_two_counties_would_not_be_named() -> None:
    usual = ("{name: 优秀, from: 85}", "{name: 优秀, from: 90}")
    found = differing(the_edition("liangshan-2011", usual), the_scenario("liangshan-2011"))
    assert [each[:2] for each in found] == [("金阳县", "band"), ("美姑县", "band")]


def test_a_mark_beyond_what_is_assumed_the_most_is_refused() -> None:
    scenario = the_scenario("liangshan-2011")
    facts = ({**scenario.facts[0], "points": "15.1"}, *scenario.facts[1:])
    (refused, *_) = run(the_edition("liangshan-2011"), scenario._replace(facts=facts)).differences
    assert (refused.of, refused.key) == ("f1", "refused")


def test_priced_alike_at_both_levels_the_first_department_would_not_lead() -> None:
    alike = ("price: {county: 5, city: 10}", "price: {county: 5, city: 5}")
    found = differing(the_edition("zhalantun-2023-q1", alike), the_scenario("zhalantun-2023-q1"))
    ranks = {unit: got for unit, key, _, got in found if key == "rank"}
    assert "现代农业产业园服务中心" not in ranks
    assert {unit: got for unit, key, _, got in found if key == "total"} == {
        "现代农业产业园服务中心": "190",
        "市场监督管理局": "140",
        "公安局": "130",
    }
