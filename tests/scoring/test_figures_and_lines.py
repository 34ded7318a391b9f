"""Figures against a line: a number, last year, a mean of years, a parent, a target, the units' mean; places; marks."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.schemes.model import Item, Line, Pricing, Ranking, RosterUnit, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import depends_on_peers, priced_units
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ONE, ZERO
from tests.scoring.made import (
    YEAR,
    F,
    below_mean,
    edition,
    entry_of,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    minus,
    plus,
    rule,
    scored,
    shown,
    sums_up,
    together,
    why,
)


def figure(value: str, item_: str = "A", on: str = "2020-06-30", **fields: Any) -> Fact:  # noqa: ANN401
    return fact("metric", on, item_, value=F(value), **fields)


def linear(line: Line, *, above: bool = False, per: str = "1", each: str | None = "0.01", **fields: Any) -> Worth:  # noqa: ANN401
    given = {"costs": True, **fields}
    return Worth("linear", line=line, above=above, per=F(per), each=None if each is None else F(each), **given)


def of(worth: Worth, *facts: Fact, most: str = "25", **fields: Any) -> Score:  # noqa: ANN401
    return scored(edition(item("A", "metric", most, worth=worth, **fields)), *facts)


@pytest.mark.parametrize(
    ("value", "whole", "up", "linear_"),
    [
        ("0.9", "25", "25", "25"),
        ("0.95", "25", "25", "25"),
        ("0.895", "25", "24", "24.5"),
        ("0.88", "23", "23", "23"),
        ("0", "0", "0", "0"),
    ],
)
def test_each_step_below_a_line_costs(value: str, whole: str, up: str, linear_: str) -> None:
    for step, left in (("whole", whole), ("up", up), ("linear", linear_)):
        assert sums_up(of(linear(Line(F("0.9")), step=step), figure(value))) == left


def test_each_step_above_a_line_may_earn() -> None:
    worth = linear(Line(F(3)), above=True, each="2", per="1.5", costs=False)
    assert [sums_up(of(worth, figure(value))) for value in ("3", "4.9", "5", "9", "99")] == [
        "0",
        "0",
        "1.5",
        "4.5",
        "25",
    ]


def test_a_line_may_be_crossed_once_for_all() -> None:
    worth = linear(Line(F(3)), above=True, each=None, per="5")
    assert [sums_up(of(worth, figure(value))) for value in ("3", "3.1", "9")] == ["25", "20", "20"]


def test_last_years_figure_is_the_line() -> None:
    worth = linear(Line(source="previous"), above=True, each="1")
    past = figure("7", on="2019-12-31", for_year=2019)
    score = of(worth, figure("9"), past)
    assert sums_up(score) == "23"
    assert why(score, "r2") == "A figure to compare with: it moves no points by itself."
    both = fact("metric", "2020-06-30", previous=F(8), current=F(9))
    assert sums_up(of(worth, both, past)) == "24"
    wrong_year = of(worth, figure("9"), figure("7", for_year=2018))
    assert (shown(wrong_year.low), shown(wrong_year.high)) == ("0", "25")
    assert [flag.code for flag in wrong_year.flags] == ["no-line"]


def test_a_share_of_growth_is_relative_to_the_line() -> None:
    worth = linear(Line(source="previous"), above=True, each="0.01", costs=False, per="0.5", relative=True)
    assert sums_up(of(worth, figure("110"), figure("100", for_year=2019))) == "5"
    nought = of(worth, figure("110"), figure("0", for_year=2019))
    assert nought.provisional


def test_the_mean_of_the_years_before_needs_them_all() -> None:
    worth = linear(Line(source="years", years=3), above=True, each="1", per="6")
    years = [figure(value, for_year=year) for value, year in (("3", 2019), ("4", 2018), ("5", 2017))]
    assert sums_up(of(worth, figure("6"), *years)) == "13"
    assert of(worth, figure("6"), *years[:2]).provisional


@pytest.mark.parametrize("source", ["parent", "target"])
def test_a_parents_or_a_target_figure_is_the_line(source: str) -> None:
    worth = linear(Line(source=source, share=F("0.5")), each="1")
    score = of(worth, figure("3"), figure("12", about=source), figure("99", for_year=2019))
    assert sums_up(score) == "22"
    later = figure("10", on="2020-07-01", about=source)
    assert sums_up(of(worth, figure("3"), figure("12", about=source), later)) == "23"


def test_a_mark_stands_in_for_a_figure_without_its_line() -> None:
    worth = linear(Line(source="parent"), each="1")
    assert sums_up(of(worth, figure("3", on="2020-01-02"), graded("20"))) == "20"


def test_points_in_proportion_to_a_rate() -> None:
    plain = Worth("proportional", per=F(15))
    assert [sums_up(of(plain, figure(value))) for value in ("0.8", "0", "1", "2")] == ["12", "0", "15", "25"]
    bounded = plain._replace(zero_below=F("0.6"), full_from=F("0.95"))
    assert [sums_up(of(bounded, figure(value))) for value in ("0.59", "0.6", "0.95", "0.94")] == [
        "0",
        "9",
        "15",
        "14.1",
    ]


def test_a_floor_holds_for_a_figure_too() -> None:
    assert sums_up(of(Worth("proportional", per=F(25)), figure("0.4"), floor=F("12.5"))) == "12.5"
    open_item = of(Worth("proportional", per=F(25)), floor=F("12.5"))
    assert (shown(open_item.low), shown(open_item.high)) == ("12.5", "25")
    sums_up(open_item)


def on_mean(**fields: Any) -> Item:  # noqa: ANN401
    return item("A", "metric", "10", worth=linear(Line(source="mean"), each="1", **fields))


def test_the_line_may_be_the_units_mean() -> None:
    scores = together(edition(on_mean()), {"甲": [figure("8")], "乙": [figure("4")], "丙": []})
    assert [sums_up(scores[unit]) for unit in "甲乙"] == ["10", "8"]
    assert scores["丙"].provisional
    assert scores["乙"].items["A"].caused_by == ("甲r1", "乙r1")
    others = together(edition(on_mean(among="others")), {"甲": [figure("8")], "乙": [figure("4")]})
    assert sums_up(others["乙"]) == "6"
    same = together(edition(on_mean(among="category")), {"甲": [figure("8")], "乙": [figure("4")]}, 甲="a", 乙="b")
    assert sums_up(same["乙"]) == "10"


def test_a_mean_of_nought_gives_no_growth() -> None:
    scores = together(edition(on_mean(relative=True)), {"甲": [figure("0")], "乙": [figure("0")]})
    assert scores["甲"].provisional
    grown = edition(item("A", "metric", "10", worth=linear(Line(source="mean"), above=True, each="1", relative=True)))
    assert together(grown, {"甲": [figure("0")]})["甲"].items["A"].waits in (None, "line")


def test_items_that_ask_the_others_depend_on_them() -> None:
    frozen = edition(on_mean())
    logs = [UnitLog("甲", "", YEAR, log(figure("8")))]
    assert depends_on_peers(frozen, priced_units(frozen, logs)[0])


def placed(*facts: Fact, codes: tuple[str, ...] = (), **fields: Any) -> Item:  # noqa: ANN401
    assert not facts
    worth = Worth("places", tiers=((ZERO, F(10)), (ZERO, F(6))), rest=F(2))
    ranking = Ranking(codes, fields.pop("high_first", True), fields.pop("among", "all"))
    return item("A", "rank", "10", worth=worth, ranking=ranking, **fields)


def test_points_by_place_of_a_figure() -> None:
    scores = together(edition(placed()), {"甲": [figure("8")], "乙": [figure("9")], "丙": [figure("8")]})
    assert [sums_up(score) for score in scores.values()] == ["6", "10", "6"]
    assert entry_of(scores["甲"], "甲r1").item == "A"
    low = together(edition(placed(high_first=False)), {"甲": [figure("8")], "乙": [figure("9")]})
    assert [sums_up(score) for score in low.values()] == ["10", "6"]
    apart = together(edition(placed(among="category")), {"甲": [figure("8")], "乙": [figure("9")]}, 甲="a", 乙="b")
    assert [sums_up(score) for score in apart.values()] == ["10", "10"]


def test_while_somebody_has_not_reported_places_are_a_range() -> None:
    scores = together(edition(placed()), {"甲": [figure("8")], "乙": [], "丙": [figure("7")]})
    assert [(shown(score.low), shown(score.high)) for score in scores.values()] == [
        ("6", "10"),
        ("2", "10"),
        ("2", "6"),
    ]
    aside = together(edition(placed()), {"甲": [figure("8")], "乙": [fact("not-applicable", "2020-06-30")]})
    assert sums_up(aside["甲"]) == "10"
    assert together(edition(placed()), {"甲": []})["甲"].provisional


def test_a_mark_may_stand_in_for_a_place() -> None:
    scores = together(edition(placed()), {"甲": [figure("8"), graded("3", on="2020-07-01")], "乙": [figure("7")]})
    assert sums_up(scores["甲"]) == "3"
    assert (shown(scores["乙"].low), shown(scores["乙"].high)) == ("6", "10")


def test_points_by_place_of_other_scores_with_what_comes_off() -> None:
    ranked = placed(codes=("B", "C"))._replace(deduct=(rule("1"),))
    frozen = edition(ranked, item("B", "grade", "10"), item("C", "grade", "10"))
    units = {
        "甲": [graded("5", "B"), graded("5", "C"), happened("2020-03-01")],
        "乙": [graded("9", "B"), graded("2", "C")],
    }
    scores = together(frozen, units)
    assert [sums_up(score) for score in scores.values()] == ["15", "21"]
    assert scores["乙"].items["A"].caused_by == ("甲r1", "甲r2", "乙r1", "乙r2")
    half = together(frozen, {**units, "丙": [graded("5", "B")]})
    assert (shown(half["乙"].low), shown(half["乙"].high)) == ("17", "21")
    unweighted = together(edition(ranked, item("B", "grade", None)), {"甲": []})
    assert unweighted["甲"].low is None


def test_a_rule_beyond_the_items_may_go_by_a_figure() -> None:
    bonus = plus("P")._replace(worth=linear(Line(F(3)), above=True, each="1", costs=False), cap=F(4))
    frozen = edition(item("A", "grade", "10"), groups=[group(bonus)])

    def total(*facts: Fact) -> str | None:
        return sums_up(scored(frozen, graded("10"), *facts))

    assert [total(figure(value, "P")) for value in ("3", "5", "9")] == ["10", "12", "14"]
    assert total(figure("9", "P"), fact("not-applicable", "2020-07-01", "P")) == "10"
    assert why(scored(frozen, graded("10"), figure("3", "P")), "r2") == "The figure gives nothing and costs nothing."


def test_a_rule_beyond_the_items_without_its_line_does_nothing_and_is_flagged() -> None:
    rule_ = minus("M")._replace(worth=linear(Line(source="previous"), above=True, each="1"))
    frozen = edition(item("A", "grade", "10"), groups=[group(rule_)])
    score = scored(frozen, graded("10"), figure("5", "M"))
    assert (sums_up(score), [flag.code for flag in score.flags]) == ("10", ["no-line"])
    assert sums_up(scored(frozen, graded("10"), figure("5", "M"), figure("3", "M", for_year=2019))) == "8"


def test_a_rule_beyond_the_items_may_go_by_place() -> None:
    first = plus("P")._replace(
        worth=Worth("places", tiers=((ZERO, F(3)), (ZERO, F(1)))), ranking=Ranking((), high_first=True, among="all")
    )
    frozen = edition(item("A", "grade", "10"), groups=[group(first)])
    units = {unit: [graded("5"), figure(value, "P")] for unit, value in (("甲", "7"), ("乙", "9"), ("丙", "1"))}
    scores = together(frozen, {**units, "丁": [graded("5")]})
    assert [sums_up(score) for score in scores.values()] == ["6", "8", "5", "5"]
    assert "no-figure" in [flag.code for flag in scores["丁"].flags]
    assert why(scores["甲"], "甲r2") == "Priced by the place among the units: 1."


def test_a_relation_may_cost_above_the_mean_too() -> None:
    above = minus("M")._replace(worth=below_mean("1", "all", "2")._replace(above=True))
    frozen = edition(item("A", "grade", "10"), groups=[group(above)])
    scores = together(frozen, {"甲": [graded("5"), figure("9", "M")], "乙": [graded("5"), figure("1", "M")]})
    assert [sums_up(score) for score in scores.values()] == ["3", "5"]
    grown = minus("M")._replace(worth=below_mean("1", "all", "2")._replace(above=True, relative=True, each=ONE))
    nought = together(edition(item("A", "grade", "10"), groups=[group(grown)]), {"甲": [graded("5"), figure("0", "M")]})
    assert [flag.code for flag in nought["甲"].flags] == ["no-line"]


@pytest.mark.parametrize(("mark", "points"), [("100", "20"), ("87.5", "17.5"), ("0", "0")])
def test_a_mark_on_its_own_scale_is_converted(mark: str, points: str) -> None:
    frozen = edition(item("A", "grade", "20", scale=F(100)))
    assert sums_up(scored(frozen, graded(mark))) == points
    assert scored(frozen, graded("100.5")).items["A"].misfit is not None


def averaged(*facts: Fact, number: int | None = 2, rules: tuple[Pricing, ...] = (), **fields: Any) -> Score:  # noqa: ANN401
    one = item("A", "grade", "10", *rules, averaged=True, **fields)
    return scored(edition(one, roster=(RosterUnit("U", "", None, number),)), *facts)


def test_the_marks_of_sub_units_are_averaged() -> None:
    first, second = graded("9", sub_unit="x"), graded("6", sub_unit="y", on="2020-07-01")
    score = averaged(first, second)
    assert (sums_up(score), score.items["A"].state) == ("7.5", "graded")
    assert why(score, "r1") == "The mark of one sub-unit: its share of the mean is 4.5."
    again = averaged(first, second, graded("7", sub_unit="x", on="2020-08-01"))
    assert sums_up(again) == "6.5"
    assert why(again, "r1").startswith("Superseded by a later mark of the same sub-unit")
    half = averaged(first)
    assert (shown(half.low), shown(half.high), half.items["A"].state) == ("4.5", "9.5", "open")
    sums_up(half)


def test_a_mean_of_marks_is_what_a_failed_precondition_brings_down() -> None:
    failed = rule(None, each="year", down_to=F(2))
    both = (graded("9", sub_unit="x"), graded("6", sub_unit="y"), happened("2020-03-01"))
    assert sums_up(averaged(*both, rules=(failed,))) == "2"
    half = averaged(both[0], both[2], rules=(failed,))
    assert (shown(half.low), shown(half.high)) == ("2", "2")


def test_without_the_number_of_sub_units_their_mean_is_open_and_flagged() -> None:
    score = averaged(graded("9", sub_unit="x"), number=None)
    assert (shown(score.low), shown(score.high)) == ("0", "10")
    assert [flag.code for flag in score.flags] == ["pending"]


def counted(worth: Worth, *facts: Fact, **fields: Any) -> str | None:  # noqa: ANN401
    one = item("A", "count", "12", worth=worth, **fields)
    return sums_up(scored(edition(one), *facts, fact("confirmation", "2020-12-31")))


def test_each_one_short_of_a_minimum_costs() -> None:
    worth = linear(Line(F(3)), each="1")
    days = [happened(f"2020-0{month}-01") for month in range(1, 6)]
    assert [counted(worth, *days[:number]) for number in (0, 2, 3, 5)] == ["9", "11", "12", "12"]


def test_a_minimum_may_hold_in_each_period() -> None:
    worth = linear(Line(ONE), each="1", per="2")
    days = [happened(day) for day in ("2020-01-05", "2020-02-01", "2020-04-30", "2020-12-31")]
    assert counted(worth, *days, period="quarter") == "10"
    assert counted(worth, *days, period="half-year") == "12"
    assert counted(worth._replace(per=F("0.5")), *days, period="month") == "8"
    table = Worth("tiers", tiers=((ONE, F(3)), (ZERO, ZERO)))
    assert counted(table, *days, period="quarter") == "9"


def test_only_some_kinds_or_each_matter_once_may_be_counted() -> None:
    worth = Worth("tiers", tiers=((F(2), F(12)), (ONE, F(5)), (ZERO, ZERO)))
    named = [happened("2020-01-05", kind="x", matter="m"), happened("2020-01-06", kind="x", matter="m")]
    assert counted(worth, *named) == "12"
    assert counted(worth, *named, counts="matter") == "5"
    assert counted(worth, *named, happened("2020-01-07"), counts="matter") == "12"
    assert counted(worth, named[0], happened("2020-01-07", kind="y"), count_kinds=frozenset({"x"})) == "5"
