"""The oracle of any scheme against sums done by hand: what comes on and off an item, and where it begins."""

from __future__ import annotations

from fractions import Fraction

import pytest

from .hand import F, Sheet, ask, done, event, fact, figure, item, one, scheme


def test_the_first_is_free_the_second_costs_three_and_every_further_one_ten() -> None:
    rule = {"start": "full", "deduct": [{"each": "event", "price": {"nth": ["0", "3", "10"]}}], "floor": "none"}
    assert one(rule, done("2020-02-01"), done("2020-03-01"))["score"] == 7
    assert one(rule, done("2020-02-01", count=2), done("2020-03-01", count=2))["score"] == -13


def test_ordinals_are_counted_within_each_matter_and_a_fact_without_one_is_its_first() -> None:
    rule = event(each="matter", price={"nth": ["1", "4"]})
    facts = [done(f"2020-0{n}-01", matter=m) for n, m in ((1, "M"), (2, "N"), (3, "M"))]
    assert one(rule, *facts, done("2020-04-01", count=5))["score"] == 10 - 1 - 1 - 4 - 1


def test_a_card_costs_its_dearest_problem_by_its_ordinal() -> None:
    rule = event(on="cards", each="problem", price={"nth": ["0.5", "2"]})
    first = fact("supervision-card", "2020-02-01", "A", problem="P")
    assert one(rule, first, fact("supervision-card", "2020-03-01", "A", problem=["P", "Q"]))["score"] == F("7.5")


def test_a_later_fact_of_the_same_matter_halves_or_cancels_what_came_before_it() -> None:
    rule = event(eased=[{"kind": "已整改", "to": "50%"}, {"kind": "已撤销", "to": "0"}], price="4")
    facts = (done("2020-02-01", matter="M"), done("2020-03-01", kind="已整改", matter="M"))
    assert one(rule, *facts)["score"] == 8
    assert one(rule, *facts, done("2020-04-01", matter="M"))["score"] == 4
    assert one(rule, *facts, done("2020-05-01", kind="已撤销", matter="M"))["score"] == 10
    assert one(rule, done("2020-02-01", matter="M"), done("2020-01-01", kind="已整改", matter="M"))["score"] == 6


def test_each_month_has_its_cap_and_the_year_one_over_them() -> None:
    rule = event(cap={"month": "2", "year": "5"})
    assert one(rule, done("2020-01-05", count=3), done("2020-02-05"))["score"] == 7
    assert one(rule, *[done(f"2020-0{n}-05", count=3) for n in (1, 2, 3)])["score"] == 5


def test_once_a_quarter_at_the_dearest() -> None:
    rule = event(each="quarter", price={"county": "1", "national": "3"})
    facts = [
        done(on, level=x) for on, x in (("2020-01-02", "county"), ("2020-03-31", "national"), ("2020-04-01", "county"))
    ]
    assert one(rule, *facts)["score"] == 6


def test_a_failed_precondition_leaves_six_and_other_deductions_still_come_off() -> None:
    rule = {
        "start": "full",
        "deduct": [
            {"each": "year", "price": {"down_to": "6"}, "when": {"kind": "未建制度"}},
            {"each": "event", "price": "1", "when": {"kind": "差错"}},
        ],
    }
    facts = (done("2020-02-01", kind="未建制度"), done("2020-03-01", kind="未建制度"), done("2020-05-01", kind="差错"))
    assert one(rule, *facts)["score"] == 5
    assert one(rule, facts[2])["score"] == 9


def test_what_is_added_ends_at_the_maximum_and_what_is_lacking_at_the_floor_comes_off_the_latest_deduction() -> None:
    rule = {
        "start": "grade",
        "deduct": [{"each": "event", "price": "4", "when": {"kind": "差"}}],
        "add": [{"each": "event", "price": "3", "when": {"kind": "好"}}],
        "floor": "2",
    }
    mark = fact("grade", "2020-12-01", "A", points="8")
    answer = ask(scheme(item("A", "10", rule)), mark, done("2020-02-01", kind="好"))["U"]
    assert answer["items"]["A"]["score"] == 10
    answer = ask(scheme(item("A", "10", rule)), mark, done("2020-02-01", kind="差"), done("2020-07-01", kind="差"))["U"]
    assert answer["items"]["A"]["score"] == 2
    assert answer["deducted_by_quarter"] == {"Q1": 4, "Q3": 2}
    bounds = one(rule, done("2020-02-01", kind="好"))
    assert (bounds["low"], bounds["high"], bounds["state"]) == (5, 10, "open")


@pytest.mark.parametrize(
    ("worth", "value", "points"),
    [
        ({"above": "5", "per": "2", "each": "2"}, "8.9", 8),
        ({"above": "5", "per": "2", "each": "2", "step": "up"}, "8.9", 6),
        ({"above": "5", "per": "2", "each": "2", "step": "linear"}, "8", 7),
        ({"below": "5", "earns": "1.5", "each": "once"}, "4.9", F("1.5")),
        ({"below": "5", "earns": "1.5", "each": "once"}, "5", 0),
        ({"above": "5", "earns": "1", "each": "10%", "relative": "true"}, "6.2", 2),
        ({"below": "90%", "per": "1", "each": "1%", "at_once": "2"}, "88.5%", 7),
        ({"below": "90%", "per": "1", "each": "1%", "at_once": "2", "step": "up"}, "88.5%", 6),
        ({"below": "90%", "per": "1", "each": "1%", "at_once": "2"}, "89.9%", 8),
        ({"below": "90%", "per": "1", "each": "1%", "at_once": "2"}, "90%", 10),
        ({"above": "5", "earns": "1", "each": "10%", "relative": "true", "at_once": "0.5"}, "6.2", F("2.5")),
        ({"above": "5", "earns": "1", "each": "10%", "relative": "true", "at_once": "0.5"}, "5", 0),
        ({"proportional": "10", "zero_below": "50%", "full_from": "90%"}, "0.8", 8),
        ({"proportional": "10", "zero_below": "50%", "full_from": "90%"}, "49%", 0),
        ({"proportional": "10", "zero_below": "50%", "full_from": "90%"}, "90%", 10),
    ],
)
def test_a_figure_is_worth_its_steps_or_its_share(worth: Sheet, value: str, points: Fraction) -> None:
    assert one({"start": "metric", "worth": worth}, figure(value))["score"] == points


def test_a_line_from_earlier_years_needs_every_year_and_waits_for_it() -> None:
    rule = {"start": "metric", "worth": {"below": "3 years", "per": "1"}}
    years = [figure(v, for_year=y, source="样") for y, v in ((2017, "10"), (2018, "12"), (2019, "14"))]
    assert one(rule, figure("9"), *years)["score"] == 7
    waiting = one(rule, figure("9"), *years[:2])
    assert (waiting["score"], waiting["low"], waiting["high"], waiting["state"]) == (None, 0, 10, "open")
    own = fact("metric", "2020-06-01", "A", previous="10", current="8")
    assert one({"start": "metric", "worth": {"below": "80% of previous", "per": "1"}}, own)["score"] == 10
    parent = {"start": "metric", "worth": {"above": "parent", "earns": "1"}}
    assert one(parent, figure("9"), figure("7", about="parent", source="样"))["score"] == 2


def test_a_mean_is_that_of_the_units_that_reported_and_for_others_leaves_the_unit_out() -> None:
    worth = {"below": "mean", "per": "1"}
    figures = [figure(value, unit=unit) for unit, value in (("A", "10"), ("B", "4"))]
    for among, points in (("all", 7), ("others", 4)):
        written = scheme(item("A", "10", {"start": "metric", "worth": worth, "reads": "number", "among": among}))
        answer = ask(written, *figures, units="ABC")
        assert [answer[unit]["items"]["A"]["score"] for unit in "ABC"] == [10, points, None]


def test_a_place_counts_who_is_strictly_better_and_waits_for_figures_that_may_change_it() -> None:
    worth = {"places": ["10", "8", "5"], "rest": "1"}
    written = scheme(item("A", "10", {"start": "rank", "worth": worth}))
    figures = [figure(value, unit=unit) for unit, value in (("A", "7"), ("B", "9"), ("C", "7"))]
    answer = ask(written, *figures, units="ABC")
    assert [answer[unit]["items"]["A"]["score"] for unit in "ABC"] == [8, 10, 8]
    waiting = ask(written, *figures, units="ABCD")
    found = [(waiting[unit]["items"]["A"]["low"], waiting[unit]["items"]["A"]["high"]) for unit in "ABCD"]
    assert found == [(5, 8), (8, 10), (5, 8), (1, 10)]
    aside = ask(written, *figures, fact("not-applicable", "2020-12-01", "A", unit="D"), units="ABCD")
    assert aside["B"]["items"]["A"]["score"] == 10


def test_shares_of_the_units_are_rounded_as_said() -> None:
    figures = [figure(str(9 - n), unit=unit) for n, unit in enumerate("ABCDE")]
    for how, expected in (("down", [5, 5, 0, 0, 0]), ("up", [5, 5, 5, 0, 0]), ("half-up", [5, 5, 5, 0, 0])):
        worth = {"top": [{"share": "50%", "points": "5"}], "rest": "0", "round": how}
        answer = ask(scheme(item("A", "5", {"start": "rank", "worth": worth})), *figures, units="ABCDE")
        assert [answer[unit]["items"]["A"]["score"] for unit in "ABCDE"] == expected


def test_items_may_be_ranked_by_the_sum_of_others() -> None:
    rule = {"start": "rank", "of": ["A", "B"], "worth": {"places": ["4", "1"]}}
    written = scheme(item("A", "5", {"start": "grade"}), item("B", "5", {"start": "grade"}), item("C", "4", rule))
    marks = [("U", "A", "5"), ("U", "B", "1"), ("V", "A", "3"), ("V", "B", "4")]
    facts = [fact("grade", "2020-12-01", code, unit=unit, points=points) for unit, code, points in marks]
    answer = ask(written, *facts, units="UV")
    assert [answer[unit]["items"]["C"]["score"] for unit in "UV"] == [1, 4]
    waiting = ask(written, *facts[:3], units="UV")
    assert [waiting[unit]["items"]["C"]["score"] for unit in "UV"] == [None, None]


def test_marks_of_sub_units_are_averaged_and_those_missing_may_still_be_anything() -> None:
    rule = {"start": "grade", "over": "sub-units", "scale": "100"}
    facts = [
        fact("grade", "2020-12-01", "A", sub_unit=name, points=points) for name, points in (("a", "90"), ("b", "60"))
    ]
    many = figure("2", about="sub-units", source="样")
    assert one(rule, many, *facts)["score"] == F("7.5")
    waiting = one(rule, figure("4", about="sub-units", source="样"), *facts)
    assert (waiting["score"], waiting["low"], waiting["high"]) == (None, F("3.75"), F("8.75"))
    again = fact("grade", "2020-12-05", "A", sub_unit="b", points="80")
    assert one(rule, many, *facts, again)["score"] == F("8.5")


def test_a_price_is_shared_among_sub_units_and_doubled_for_a_category() -> None:
    rule = event(over="sub-units", factor={"乡镇": "2", "乙镇": "3"}, price="1.5")
    units = {"甲镇": "乡镇", "乙镇": "乡镇", "丙局": "部门"}
    roster = [{"name": name, "category": category, "sub_units": "3"} for name, category in units.items()]
    written = scheme(item("A", "10", rule), roster=roster)
    facts = [done("2020-02-01", unit=unit) for unit in units]
    answer = ask(written, *facts, units=units)
    assert [answer[unit]["items"]["A"]["score"] for unit in units] == [9, F("8.5"), F("9.5")]


def test_a_share_as_factor_halves_a_price() -> None:
    written = scheme(
        item("A", "10", event(factor={"部门": "50%", "丙局": "1/4"}, price="2")), variants=["乡镇", "部门"]
    )
    units = {"甲镇": "乡镇", "乙局": "部门", "丙局": "部门"}
    roster = [{"name": name, "category": category} for name, category in units.items()]
    answer = ask(written | {"roster": roster}, *[done("2020-02-01", unit=unit) for unit in units], units=units)
    assert [answer[unit]["items"]["A"]["score"] for unit in units] == [8, 9, F("9.5")]


def test_a_fact_on_one_unit_may_cost_the_other_it_names() -> None:
    written = scheme(
        item(
            "A",
            "10",
            {
                "start": "full",
                "deduct": [{"each": "event", "price": "2"}, {"each": "event", "price": "1", "whom": "other"}],
            },
        )
    )
    answer = ask(written, done("2020-02-01", unit="A", other_unit="B"), units="ABC")
    assert [answer[unit]["items"]["A"]["score"] for unit in "ABC"] == [8, 9, 10]


def test_a_limit_kept_in_time_earns_and_one_answered_late_costs_less_than_one_never_answered() -> None:
    rule = {
        "start": "zero",
        "add": [{"on": "kept", "each": "event", "price": "2"}],
        "deduct": [
            {"each": "event", "price": "1", "when": {"answered": "true"}},
            {"each": "event", "price": "3", "when": {"answered": "false"}},
        ],
        "floor": "none",
    }
    opened = [fact("deadline-opened", "2020-03-02", "A", key=key, limit="2020-03-10") for key in "kln"]
    kept = {"type": "deadline-met", "effective_on": "2020-03-10", "key": "k"}
    late = {"type": "deadline-met", "effective_on": "2020-03-12", "key": "l"}
    missed = fact("deadline-missed", "2020-03-11", "A", key="n")
    assert one(rule, *opened, kept)["score"] == 2
    assert one(rule, *opened, kept, late, missed)["score"] == 2 - 1 - 3
    assert one(rule, fact("deadline-missed", "2020-03-11", "A"))["score"] == -3


def test_a_count_is_worked_out_in_every_month_by_itself() -> None:
    rule = {"start": "count", "worth": {"below": "2", "per": "0.5"}, "period": "quarter"}
    facts = [done("2020-01-05"), done("2020-05-05", count=4), fact("confirmation", "2020-12-31", "A")]
    assert one(rule, *facts)["score"] == 10 - F("0.5") - 0 - 1 - 1
    sudden = rule | {"worth": {"below": "2", "per": "0.5", "at_once": "1"}}
    assert one(sudden, *facts)["score"] == 10 - F("1.5") - 0 - 2 - 2
    kinds = rule | {"kind": "甲", "period": "year"}
    assert one(kinds, done("2020-01-05", kind="甲"), facts[2])["score"] == F("9.5")


def test_a_mark_averaged_over_sub_units_is_brought_down_as_one() -> None:
    rule = {"start": "grade", "over": "sub-units", "deduct": [{"each": "year", "price": {"down_to": "2"}}]}
    mark = fact("grade", "2020-12-01", "A", sub_unit="a", points="10")
    for many, score in (("1", 2), ("2", None)):
        found = one(rule, figure(many, about="sub-units", source="样"), mark, done("2020-07-01"))
        assert (found["score"], found["low"], found["high"]) == (score, 2, 2)
