"""Marks of sub-units, bounds of items, and what is charged: whose points, at which price, in which order, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.schemes.model import Item, Line, Pricing, RosterUnit, Rounding, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.score import Score
from gkevents.scoring.worth import line_of
from gkevents.terms import ONE, ZERO, show
from tests.scoring.made import (
    YEAR,
    F,
    edition,
    entry_of,
    fact,
    graded,
    happened,
    item,
    rule,
    scored,
    shown,
    sums_up,
    why,
)

DEARER = rule("1", factors={"U": F(2)})
"""A rule that costs the unit twice as much: whose points it moves must be known wherever it is priced."""
HIT = happened("2020-03-01")


def bounds(score: Score) -> tuple[str | None, str | None]:
    sums_up(score)
    return (shown(score.low), shown(score.high))


def of(one: Item, *facts: Fact) -> Score:
    return scored(edition(one), *facts)


def figure(value: str, on: str = "2020-06-30", **fields: Any) -> Fact:  # noqa: ANN401
    return fact("metric", on, value=F(value), **fields)


# ---- marks of sub-units


def averaged(*facts: Fact, number: int | None = 2, deduct: tuple[Pricing, ...] = (), **fields: Any) -> Score:  # noqa: ANN401
    one = item("A", "grade", "10", *deduct, averaged=True, **fields)
    return scored(edition(one, roster=(RosterUnit("U", "", None, number),)), *facts)


X, Y = graded("9", sub_unit="x"), graded("6", sub_unit="y", on="2020-07-01")


def test_of_a_sub_units_marks_the_latest_day_counts_whenever_it_was_recorded() -> None:
    earlier = graded("1", sub_unit="x", on="2020-01-05")
    assert sums_up(averaged(X, Y, earlier)) == "7.5"
    assert [charge.fact.ref for charge in averaged(Y, X).items["A"].charges] == ["r2", "r1"]


def test_only_fitting_marks_that_name_their_sub_unit_are_averaged() -> None:
    assert bounds(averaged(X, HIT)) == ("4.5", "9.5")
    assert bounds(averaged(X, graded("8"))) == ("4.5", "9.5")
    assert bounds(averaged(X, graded("11", sub_unit="y"))) == ("4.5", "9.5")


def test_what_happens_comes_off_the_mean_of_marks_for_this_unit() -> None:
    assert sums_up(averaged(X, Y, HIT, deduct=(DEARER,))) == "5.5"
    half = averaged(X, HIT, deduct=(DEARER,))
    assert bounds(half) == ("2.5", "7.5")
    assert shown(half.deducted_by_quarter["Q1"]) == "2"
    assert shown(half.items["A"].points_max) == "10"
    unknown = averaged(X, HIT, number=None, deduct=(DEARER,))
    assert bounds(unknown) == ("0", "8")


def test_a_floor_lifts_a_low_mean_of_marks() -> None:
    low = (graded("1", sub_unit="x"), graded("2", sub_unit="y"))
    assert sums_up(averaged(*low, floor=F(4))) == "4"
    half = averaged(low[0], floor=F(4), rounding=Rounding(0, "half-up"))
    assert bounds(half) == ("4", "6")
    odd = averaged(graded("9.5", sub_unit="x"), rounding=Rounding(0, "down"))
    assert bounds(odd) == ("4", "9")


def test_each_mark_is_an_entry_of_the_item_with_the_mark_as_it_was_given() -> None:
    entry = entry_of(averaged(X, Y), "r1")
    assert (entry.item, shown(entry.raw), shown(entry.applied)) == ("A", "9", "4.5")


# ---- items and their bounds


def test_whatever_sets_an_items_points_a_charge_is_priced_for_the_unit() -> None:
    line = Worth("linear", per=ONE, line=Line(F(3)), each=ONE, costs=True)
    away = Worth("linear", per=ONE, line=Line(source="target"), each=ONE, costs=True)
    below = edition(item("A", "zero", "10", DEARER, floor=None), floor=None)
    assert sums_up(scored(below, HIT)) == "-2"
    assert sums_up(of(item("A", "grade", "10", DEARER), HIT, graded("9"))) == "7"
    assert sums_up(of(item("A", "metric", "10", DEARER, worth=line), HIT, figure("5"))) == "6"
    assert bounds(of(item("A", "grade", "10", DEARER), HIT)) == ("0", "8")
    assert bounds(of(item("A", "grade", "10", DEARER), HIT, graded("11"))) == ("0", "8")
    assert bounds(of(item("A", "metric", "10", DEARER, worth=away), HIT, figure("5"))) == ("0", "8")
    gains = item("A", "zero", "10", add=(rule("1", on="praise", factors={"U": F(2)}),))
    assert sums_up(of(gains, fact("praise", "2020-03-01"))) == "2"


def test_an_item_from_nought_starts_at_its_floor() -> None:
    score = of(item("A", "zero", "10", add=(rule("1", on="praise"),), floor=F(2)), fact("praise", "2020-03-01"))
    assert (sums_up(score), shown(ledger(score).start)) == ("3", "2")


def test_an_item_without_a_floor_takes_a_mark_or_figure_as_it_is() -> None:
    assert (
        sums_up(scored(edition(item("A", "grade", "10", rule("7"), floor=None), floor=None), graded("5"), HIT)) == "-2"
    )
    costs = Worth("linear", per=F(20), line=Line(F(3)), each=ONE, costs=True)
    low = edition(item("A", "metric", "10", worth=costs, floor=None), floor=None)
    assert sums_up(scored(low, figure("4"))) == "-10"


def test_a_floor_holds_where_only_deductions_are() -> None:
    score = of(item("A", "full", "10", rule("5"), floor=F(2)), HIT, HIT)
    assert sums_up(score) == "2"
    assert why(score, "r2") == "Worth 5; the item has 3 left to lose."


def test_a_price_of_the_whole_is_the_items_maximum_whatever_it_was_marked() -> None:
    score = of(item("A", "grade", "10", rule(None, whole=True)), graded("6"), HIT)
    assert (sums_up(score), shown(entry_of(score, "r2").raw)) == ("0", "-10")
    gain = of(item("A", "zero", "10", add=(rule(None, on="praise", whole=True),)), fact("praise", "2020-03-01"))
    assert sums_up(gain) == "10"
    quarterly = of(item("A", "full", "10", rule(None, each="quarter", whole=True)), HIT)
    assert (sums_up(quarterly), entry_of(quarterly, "r1").item) == ("0", "A")
    monthly = of(item("A", "full", "10", rule(None, each="month", whole=True)), HIT)
    assert (sums_up(monthly), entry_of(monthly, "r1").item) == ("0", "A")


BOTH = item("A", "grade", "10", rule("2"), add=(rule("3", on="praise-facts"),))


def test_gains_and_costs_stand_in_the_order_of_the_world() -> None:
    score = of(BOTH, graded("5"), fact("praise", "2020-02-01"), HIT, fact("praise", "2020-04-01"))
    assert [charge.fact.ref for charge in score.items["A"].charges] == ["r2", "r3", "r4"]
    assert sums_up(score) == "9"


def test_what_exceeds_the_maximum_is_taken_from_the_gains_alone() -> None:
    praises = [fact("praise", f"2020-04-0{day}") for day in (1, 2, 3)]
    score = of(BOTH, graded("6"), HIT, *praises)
    # 6 - 2 + 9 is 3 more than the item holds: the last gain gives nothing
    assert sums_up(score) == "10"
    assert [show(charge.applied) for charge in score.items["A"].charges] == ["2", "3", "3", "0"]


def test_what_falls_below_the_floor_says_so_on_an_item_with_gains_too() -> None:
    score = of(BOTH, graded("1"), HIT)
    assert (sums_up(score), why(score, "r2")) == ("0", "Worth 2; the item has 1 left to lose.")


def test_a_report_of_two_years_sets_no_line_for_others() -> None:
    worth = Worth("linear", per=ONE, line=Line(source="target"), each=ONE, costs=True, above=True)
    two_years = fact("metric", "2020-07-01", previous=F(1), current=F(2), about="target")
    assert (
        sums_up(of(item("A", "metric", "10", worth=worth), figure("5"), figure("3", about="target"), two_years)) == "8"
    )


def test_of_two_figures_to_compare_with_the_latest_day_counts() -> None:
    worth = Worth("linear", per=ONE, line=Line(source="target"), each=ONE, costs=True, above=True)
    new, old = figure("3", about="target"), figure("1", on="2020-01-02", about="target")
    assert sums_up(of(item("A", "metric", "10", worth=worth), figure("5"), new, old)) == "8"


def test_a_mean_of_the_units_is_no_line_of_one_units_own_facts() -> None:
    last_year = figure("3", for_year=2019)
    assert line_of(Line(source="mean"), [last_year], figure("5"), YEAR) is None


def test_none_at_all_is_a_whole_number() -> None:
    worth = Worth("tiers", tiers=((F(2), F(10)), (ZERO, F(4))), reads="whole")
    assert sums_up(of(item("A", "metric", "10", worth=worth), figure("0"))) == "4"
    positive = of(item("A", "metric", "10", worth=worth._replace(reads="positive")), figure("0"))
    assert positive.items["A"].misfit is not None


CONFIRMED = fact("confirmation", "2020-12-31")


def test_what_is_of_another_kind_is_not_counted() -> None:
    worth = Worth("tiers", tiers=((F(2), F(10)), (ONE, F(5)), (ZERO, ZERO)))
    one = item("A", "count", "10", worth=worth, count_kinds=frozenset({"x"}))
    kinds = [happened("2020-01-05", kind="x"), *(happened(f"2020-01-0{day}", kind="y") for day in (6, 7))]
    assert sums_up(of(one, *kinds, CONFIRMED)) == "5"


def test_what_lies_outside_the_year_fills_no_period_of_it() -> None:
    short = Worth("linear", per=ONE, line=Line(ONE), above=False, each=ONE, costs=True)
    one = item("A", "count", "10", worth=short, period="half-year")
    assert sums_up(of(one, happened("2019-12-31"), happened("2020-01-05"), CONFIRMED)) == "9"


# ---- prices


def test_the_sub_units_are_told_by_the_latest_figure_about_them() -> None:
    one = item("A", "metric", "10", rule("6", averaged=True), worth=Worth("proportional", per=F(10)))
    three, two = figure("3", on="2020-02-01", about="sub-units"), figure("2", on="2020-01-01", about="sub-units")
    assert sums_up(of(one, HIT, three, two, figure("1"))) == "8"


def test_a_factor_shows_in_the_price_and_in_the_reason() -> None:
    score = of(item("A", "full", "10", DEARER), HIT)
    assert (shown(entry_of(score, "r1").raw), why(score, "r1")) == ("-2", "Priced at 2.")


def test_a_period_cap_says_so() -> None:
    score = of(item("A", "full", "10", rule("3", period_caps=(("month", F(5)),))), HIT, HIT)
    assert why(score, "r2") == "Worth 3; the cap of its month, quarter or half-year leaves 2."


def test_only_what_costs_is_eased() -> None:
    eased = rule("2", "matter", eased={"mended": F("0.5")}, deaf=frozenset({"mended"}))
    hits = (happened("2020-03-01", matter="m"), happened("2020-03-02", matter="m"))
    score = of(item("A", "full", "10", eased), *hits, happened("2020-03-05", matter="m", kind="mended"))
    assert sums_up(score) == "9"
    assert why(score, "r2") == "The same matter counts once: r1 stands for it."


@pytest.mark.parametrize("wanted", [True, False])
def test_only_a_limit_is_answered(wanted: bool) -> None:  # noqa: FBT001
    one = item("A", "full", "10", rule("2", when=(("answered", wanted),)))
    score = of(one, HIT)
    assert (sums_up(score), [flag.code for flag in score.flags]) == ("10", [])
    assert why(score, "r1") == ("Not priced: the rule asks for something else (justified, serious) than was said.")
    by_hand = of(one, fact("deadline-missed", "2020-03-01"))
    assert sums_up(by_hand) == ("10" if wanted else "8")


def test_a_miss_without_its_opening_is_answered_where_an_answer_came() -> None:
    one = item("A", "full", "10", rule("2", when=(("answered", True),)), rule("5", when=(("answered", False),)))
    missed = fact("deadline-missed", "2020-03-01", key="k")
    assert sums_up(of(one, missed)) == "5"
    assert sums_up(of(one, missed, fact("deadline-met", "2020-03-05", None, key="k"))) == "8"


def test_the_first_of_a_row_is_priced_as_such() -> None:
    score = of(item("A", "full", "10", rule(None, nth=(ONE, F(3)))), HIT, HIT)
    assert [(why(score, ref), entry_of(score, ref).item) for ref in ("r1", "r2")] == [
        ("Priced at 1.", "A"),
        ("Priced by its number in the row: 3.", "A"),
    ]


def test_a_first_card_is_no_repetition_even_where_it_costs_as_much() -> None:
    cards = item("A", "full", "10", rule(None, "problem", on="cards", first=ONE, again=ONE))
    score = of(cards, *(fact("supervision-card", f"2020-03-0{day}", problems=("p",)) for day in (1, 2)))
    assert [why(score, ref) for ref in ("r1", "r2")] == ["Priced at 1.", "The same problem again: priced at 1."]


def test_a_kept_limit_counts_once_with_the_matter_and_kind_of_its_opening() -> None:
    kept = rule("3", "matter", on="kept", kinds=frozenset({"urgent"}))
    one = item("A", "zero", "20", add=(kept,))

    def answered(key: str, opened_as: str | None, **answer: Any) -> list[Fact]:  # noqa: ANN401
        words = {"key": key, "limit": "3 working days", "due": dt.date(2020, 3, 5), "matter": "m", "kind": opened_as}
        opening = fact("deadline-opened", "2020-03-02", **words)
        return [opening, fact("deadline-met", "2020-03-04", None, key=key, **answer)]

    assert sums_up(of(one, *answered("a", "urgent"))) == "3"
    assert sums_up(of(one, *answered("a", "urgent"), *answered("b", "urgent"))) == "3"
    assert sums_up(of(one, *answered("a", None, kind="urgent"))) == "0"
    plain = item("A", "zero", "20", add=(rule("3", on="kept"),))
    assert sums_up(of(plain, *answered("a", None, times=4))) == "3"


def test_what_was_taken_back_shows_what_it_would_have_earned() -> None:
    praise = fact("praise", "2020-03-01")
    back = fact("retraction", "2020-03-02", None, of="r1")
    earned = of(
        item("A", "zero", "10", add=(rule("3", on="praise"), rule(None, on="praise", whole=True))), praise, back
    )
    assert (shown(entry_of(earned, "r1").raw), shown(entry_of(earned, "r1").applied)) == ("13", "0")
    cost = of(BOTH, HIT, back)
    assert shown(entry_of(cost, "r1").raw) == "-2"
