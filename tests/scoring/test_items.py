"""One item's score: full, graded, reported, counted or open; clipped once; a range while nobody has decided."""

from __future__ import annotations

import pytest

from gkevents.schemes.model import Item, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.items import ItemScore, by_code, charges_on, fits, grade_fits, price_item
from gkevents.scoring.pricing import NOBODY, hears
from tests.scoring.made import F, fact, graded, happened, item, log, rule, shown, told

COUNTED = Worth("tiers", ((F(2), F(5)), (F(0), F(1))))
RATIO = Worth("tiers", ((F("0.5"), F(5)), (F(0), F(2))), reads="share")


def priced(one: Item, *facts: Fact) -> ItemScore:
    return price_item(one, log(*facts))


def points(score: ItemScore) -> tuple[str | None, ...]:
    return (shown(score.score), shown(score.low), shown(score.high), shown(score.points_max), score.state)


def test_an_item_that_starts_full_loses_what_happens() -> None:
    full = item("A", "full", "5", rule("2"))
    score = priced(full, happened("2020-03-01"), fact("grade", "2020-03-02"))
    assert points(score) == ("3", "3", "3", "5", "priced")
    assert (score.code, score.start, score.set_to) == ("A", F(5), F(0))
    assert (score.decided_by, score.misfit) == (None, None)
    assert told(score.charges) == [("r1", "2", "2", "2", "priced")]
    assert score.costs == score.charges
    assert points(priced(full)) == ("5", "5", "5", "5", "priced")


def test_an_item_loses_no_more_than_it_has() -> None:
    score = priced(item("A", "full", "5", rule("2")), *(happened(f"2020-03-0{n}") for n in (1, 2, 3, 4)))
    assert points(score) == ("0", "0", "0", "5", "priced")
    assert [row[3:] for row in told(score.charges)] == [
        ("2", "priced"),
        ("2", "priced"),
        ("1", "item-cap"),
        ("0", "item-cap"),
    ]


def test_each_rule_of_an_item_has_its_own_cap_and_the_item_one_over_both() -> None:
    both = item("A", "full", "5", rule("2", cap=F(3)), rule("1", on="cards"))
    facts = log(
        happened("2020-03-03"), fact("supervision-card", "2020-03-04"), happened("2020-03-01"),
        fact("supervision-card", "2020-03-02"), fact("supervision-card", "2020-03-05"),
    )  # fmt: skip
    charges = charges_on(both, sorted(facts, key=lambda one: one.order), NOBODY, points=F(5))
    assert told(charges) == [
        ("r3", "2", "2", "2", "priced"), ("r4", "1", "1", "1", "priced"), ("r1", "2", "2", "1", "cap"),
        ("r2", "1", "1", "1", "priced"), ("r5", "1", "1", "1", "priced"),
    ]  # fmt: skip
    score = price_item(both, sorted(facts, key=lambda one: one.order))
    assert [shown(charge.applied) for charge in score.charges] == ["2", "1", "1", "1", "0"]
    assert score.charges[-1].why == "item-cap"
    assert {charge.rule for charge in charges} == {"A"}


def test_a_rule_that_takes_all_takes_the_items_maximum() -> None:
    assert points(priced(item("A", "full", "2.5", rule(None, whole=True)), happened("2020-03-01"))) == (
        "0",
        "0",
        "0",
        "2.5",
        "priced",
    )


def test_a_rule_hears_what_it_listens_to_and_a_late_answer_as_a_miss() -> None:
    heard = {
        on: [
            kind
            for kind in (
                "occurrence",
                "criticism",
                "praise",
                "supervision-card",
                "reply-timeout",
                "deadline-missed",
                "netizen-reply",
                "deadline-met",
                "netizen-message",
                "grade",
            )
            if hears(rule(on=on), fact(kind, "2020-03-01"))
        ]
        for on in ("happenings", "cards", "messages", "amounts", "praise")
    }
    missed = ["reply-timeout", "deadline-missed", "netizen-reply", "deadline-met"]
    assert heard == {
        "happenings": ["occurrence", "criticism", *missed],
        "cards": ["supervision-card"],
        "messages": missed,
        "amounts": ["occurrence"],
        "praise": ["occurrence", "praise"],
    }


def test_an_item_without_points_is_unweighted_whatever_is_recorded() -> None:
    score = priced(item("A", "grade", None), graded("3"), fact("not-applicable", "2020-03-01"))
    assert points(score) == (None, None, None, None, "unweighted")
    assert score.code == "A"


def test_an_item_set_aside_is_a_range_and_keeps_the_first_word() -> None:
    score = priced(
        item("A", "full", "5", rule("2")), happened("2020-03-01"), fact("not-applicable", "2020-03-02"),
        fact("not-applicable", "2020-03-03"),
    )  # fmt: skip
    assert points(score) == (None, "0", "5", "5", "not-applicable")
    assert score.decided_by is not None
    assert (score.code, score.decided_by.ref, score.start) == ("A", "r2", F(0))
    assert (*score.charges, *score.costs) == ()


def test_an_ungraded_item_is_a_range() -> None:
    score = priced(item("A", "grade", "5"), happened("2020-03-01"))
    assert points(score) == (None, "0", "5", "5", "open")
    assert (score.decided_by, score.misfit, score.start) == (None, None, F(0))
    assert not score.charges


def test_a_grade_sets_the_points_and_the_latest_day_then_position_decides() -> None:
    assert points(priced(item("A", "grade", "5"), graded("4.5"))) == ("4.5", "4.5", "4.5", "5", "graded")
    later_day_logged_first = (graded("3", on="2020-07-02"), graded("4", on="2020-07-01"))
    assert points(priced(item("A", "grade", "5"), *later_day_logged_first))[0] == "3"
    score = priced(item("A", "grade", "5"), graded("3"), graded("4"))
    assert score.decided_by is not None
    assert (score.code, score.decided_by.ref, score.set_to, score.start) == ("A", "r2", F(4), F(0))
    assert score.misfit is None


def test_of_two_decisions_on_one_day_the_later_recorded_counts_even_with_an_earlier_hour() -> None:
    afternoon = graded("3", on="2020-07-01T16:00:00+08:00")
    morning = graded("4", on="2020-07-01T09:00:00+08:00")
    assert points(priced(item("A", "grade", "5"), afternoon, morning))[0] == "4"


def test_a_grade_less_what_happened() -> None:
    both = item("A", "grade", "5", rule("1"))
    score = priced(both, graded("3"), happened("2020-03-01"))
    assert points(score) == ("2", "2", "2", "5", "graded")
    assert score.costs == score.charges
    low = priced(both, graded("1.5"), happened("2020-03-01"), happened("2020-03-02"))
    assert points(low) == ("0", "0", "0", "5", "graded")
    assert [(shown(charge.applied), charge.why) for charge in low.charges] == [("1", "priced"), ("0.5", "item-cap")]


def test_a_graded_item_may_be_lost_whole() -> None:
    whole = item("A", "grade", "5", rule(None, whole=True))
    assert points(priced(whole, graded("3"), happened("2020-03-01"))) == ("0", "0", "0", "5", "graded")
    open_item = priced(whole, happened("2020-03-01"))
    assert points(open_item) == (None, "0", "0", "5", "open")
    assert told(open_item.costs) == [("r1", "5", "5", "5", "priced")]


def test_what_happened_on_an_ungraded_item_lowers_only_its_upper_bound() -> None:
    score = priced(
        item("A", "grade", "2.5", rule("1", level_min="city")),
        *(happened(f"2020-03-0{n}", level=level) for n, level in ((1, "city"), (2, "county"), (3, None))),
    )
    assert points(score) == (None, "0", "0.5", "2.5", "open")
    assert told(score.charges) == [
        ("r1", "1", "1", "0", "ungraded"), ("r2", "0", "0", "0", "below-level"), ("r3", "1", "1", "0", "ungraded"),
    ]  # fmt: skip
    assert [(shown(charge.applied), charge.why) for charge in score.costs] == [
        ("1", "priced"),
        ("0", "below-level"),
        ("1", "priced"),
    ]
    assert (
        points(priced(item("A", "grade", "2.5", rule("2")), happened("2020-03-01"), happened("2020-03-02")))[2] == "0"
    )
    capped = priced(item("A", "grade", "2.5", rule("2")), happened("2020-03-01"), happened("2020-03-02"))
    assert [(shown(charge.applied), charge.why) for charge in capped.costs] == [("2", "priced"), ("0.5", "item-cap")]


def test_a_grade_that_no_longer_fits_leaves_the_item_open() -> None:
    score = priced(item("A", "grade", "5"), graded("4", on="2020-06-01"), graded("6"))
    assert points(score) == (None, "0", "5", "5", "open")
    assert score.misfit is not None
    assert (score.misfit.ref, score.decided_by) == ("r2", None)
    assert points(priced(item("A", "grade", "5"), graded("6", on="2020-06-01"), graded("4")))[0] == "4"


def test_a_grade_fits_from_0_to_the_maximum_and_on_the_printed_list() -> None:
    plain, listed = (
        item("A", "grade", "5"),
        item("A", "grade", "5", allowed={F(0): "none", F("2.5"): "half", F(5): "all"}),
    )
    marks = ("-0.1", "0", "2.5", "3", "5", "5.01")
    assert [grade_fits(plain, graded(mark)) for mark in marks] == [False, True, True, True, True, False]
    assert [grade_fits(listed, graded(mark)) for mark in marks] == [False, True, True, False, True, False]
    assert not grade_fits(plain, fact("grade", "2020-06-30"))
    assert not grade_fits(item("A", "grade", None), graded("1"))


@pytest.mark.parametrize(
    ("decimals", "fitting"),
    [(0, ["3"]), (1, ["3", "2.5"]), (2, ["3", "2.5", "2.25"]), (3, ["3", "2.5", "2.25", "2.125"])],
)
def test_a_mark_has_no_more_decimals_than_the_scheme_allows(decimals: int, fitting: list[str]) -> None:
    marked = item("A", "grade", "5", grade_decimals=decimals)
    marks = ("3", "2.5", "2.25", "2.125", "2.0625")
    assert [mark for mark in marks if grade_fits(marked, graded(mark))] == fitting
    score = priced(marked, graded("2.0625"))
    assert (points(score), score.misfit and score.misfit.ref) == ((None, "0", "5", "5", "open"), "r1")
    listed = item("A", "grade", "5", allowed={F("2.5"): "half"}, grade_decimals=0)
    assert grade_fits(listed, graded("2.5"))


def test_two_decimals_are_allowed_unless_a_scheme_says_otherwise() -> None:
    assert grade_fits(item("A", "grade", "5"), graded("2.25"))
    assert not grade_fits(item("A", "grade", "5"), graded("2.125"))


def test_a_figure_that_no_longer_fits_leaves_the_item_open_until_it_is_decided_anew() -> None:
    figured = item("A", "metric", "5", rule("1"), worth=RATIO)
    percent = fact("metric", "2020-06-01", value=F(85))
    score = priced(figured, happened("2020-03-01"), percent)
    assert points(score) == (None, "0", "4", "5", "open")
    assert (score.misfit and score.misfit.ref, score.decided_by) == ("r2", None)
    later = fact("metric", "2020-06-02", value=F("0.85"))
    assert points(priced(figured, percent, later)) == ("5", "5", "5", "5", "reported")
    assert points(priced(figured, percent, graded("3"))) == ("3", "3", "3", "5", "graded")


def test_each_kind_of_decision_is_held_against_what_it_must_fit() -> None:
    figured, counted = item("A", "metric", "5", worth=RATIO), item("A", "count", "5", worth=COUNTED)
    assert fits(figured, graded("5"))
    assert not fits(figured, graded("5.5"))
    assert fits(figured, fact("metric", "2020-06-01", value=F(1)))
    assert not fits(figured, fact("metric", "2020-06-01", value=F(2)))
    assert fits(counted, fact("confirmation", "2020-06-01"))


def test_an_item_that_the_scheme_sets_aside_waits_for_a_grade_and_nothing_else() -> None:
    one = item("A", "metric", "5", rule("1"), worth=RATIO)
    facts = log(happened("2020-03-01"), fact("metric", "2020-06-01", value=F(1)))
    score = price_item(one, facts, unnamed=True)
    assert points(score) == (None, "0", "5", "5", "not-applicable")
    assert (score.decided_by, (*score.charges, *score.costs)) == (None, ())
    assert points(price_item(one, log(*facts, graded("4")), unnamed=True)) == ("3", "3", "3", "5", "graded")
    assert points(price_item(item("A", "grade", None), facts, unnamed=True))[4] == "unweighted"


def test_a_figure_is_reported_and_a_later_grade_stands_in_for_it() -> None:
    figured = item("A", "metric", "5", worth=RATIO)
    report = fact("metric", "2020-06-01", value=F("0.2"))
    assert points(priced(figured, report)) == ("2", "2", "2", "5", "reported")
    assert points(priced(figured, report, graded("4"))) == ("4", "4", "4", "5", "graded")
    assert points(priced(figured, graded("4", on="2020-05-31"), report))[4] == "reported"
    assert (
        points(priced(figured, fact("checklist", "2020-06-02", met=1), fact("confirmation", "2020-06-02")))[4] == "open"
    )


def test_a_checklist_is_reported() -> None:
    listed = item("A", "checklist", "5", worth=Worth("each", per=F(1), of=5))
    assert points(priced(listed, fact("checklist", "2020-06-01", met=3))) == ("3", "3", "3", "5", "reported")
    assert points(priced(listed, fact("metric", "2020-06-01", value=F(1))))[4] == "open"


def test_a_count_decides_once_it_is_confirmed() -> None:
    counted = item("A", "count", "5", worth=COUNTED)
    two = (happened("2020-03-01"), happened("2020-03-02"))
    assert points(priced(counted, *two)) == (None, "0", "5", "5", "open")
    assert points(priced(counted, *two, fact("confirmation", "2020-06-01"))) == ("5", "5", "5", "5", "reported")
    assert (
        points(priced(counted, two[0], fact("criticism", "2020-03-01"), fact("confirmation", "2020-06-01")))[0] == "1"
    )
    assert points(priced(counted, *two, graded("3"), fact("confirmation", "2020-06-01")))[:1] == ("3",)
    assert points(priced(counted, fact("metric", "2020-06-01", value=F(1))))[4] == "open"


def test_figures_say_nothing_on_a_graded_item() -> None:
    facts = (
        fact("metric", "2020-07-01", value=F(1)),
        fact("checklist", "2020-07-01", met=1),
        fact("confirmation", "2020-07-01"),
    )
    assert points(priced(item("A", "grade", "5"), *facts))[4] == "open"


def test_what_only_speaks_of_a_limit_gives_way_to_the_miss_that_came_of_it() -> None:
    facts = log(
        happened("2020-03-05", key="k"),
        fact("netizen-message", "2020-03-01", key="k"),
        fact("netizen-reply", "2020-03-09", key="k"),
        fact("reply-timeout", "2020-03-10", key="k"),
        fact("reply-timeout", "2020-03-02"),
        graded("3"),
    )
    breach = fact("reply-timeout", "2020-03-04", key="k", ref="miss")
    found = by_code(facts, [breach])
    assert {code: [one.ref for one in held] for code, held in found.items()} == {"A": ["r5", "miss", "r1", "r6"]}
