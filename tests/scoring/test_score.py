"""A unit's score: sums, floor and ceiling, bands, zero-out, quarters, limits of this year, the last and the next."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Band, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.score import Score, conclude, price_unit
from gkevents.scoring.unit import UnitLog
from gkevents.terms import instant
from tests.scoring.made import (
    YEAR,
    F,
    below_mean,
    edition,
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
)

CARDS = item("A", "full", "5", rule("1"))
MARK = item("B", "grade", "10")
EVENTS = group(plus("P", rule("2", on="praise")), minus("M", rule("1")))
BANDS = (Band("good", F(90)), Band("fair", F(60)), Band("poor"))


def sums(score: Score) -> tuple[str | None, ...]:
    return tuple(
        shown(points) for points in (score.total, score.low, score.high, score.base, score.bonus, score.deduction)
    )


def test_the_total_is_the_items_plus_bonuses_less_deductions() -> None:
    score = scored(
        edition(CARDS, MARK, groups=[EVENTS]), graded("8", "B"), happened("2020-03-01"), happened("2020-03-02", "P"),
        happened("2020-03-03", "P"), happened("2020-03-04", "M"),
    )  # fmt: skip
    assert sums(score) == ("15", "15", "15", "12", "4", "1")
    assert (score.unit, score.category, score.provisional, score.zeroed, score.band) == ("U", "", False, False, None)
    assert [one.code for one in score.groups] == ["G"]
    assert (score.edition.scheme, score.priced.log.unit) == ("made-2020", "U")


def test_several_groups_add_up() -> None:
    second = group(plus("Q", rule("1", on="praise")), minus("N", rule("3")), code="H")
    score = scored(
        edition(MARK, groups=[EVENTS, second]), graded("8", "B"), *(happened("2020-03-01", code) for code in "PQMN")
    )
    assert sums(score)[3:] == ("8", "3", "4")


def test_what_nobody_has_decided_leaves_a_range() -> None:
    score = scored(
        edition(CARDS, MARK, groups=[EVENTS], bands=BANDS), happened("2020-03-01"), happened("2020-03-02", "P")
    )
    assert sums(score) == (None, "6", "16", None, "2", "0")
    assert (score.provisional, score.band) == (True, None)


def test_no_total_falls_below_the_floor_or_rises_above_the_ceiling() -> None:
    frozen = edition(MARK, groups=[EVENTS], floor=F(0), ceiling=F(11))
    assert sums(scored(frozen, graded("1", "B"), *(happened("2020-03-01", "M") for _ in range(2))))[:4] == (
        "0",
        "0",
        "0",
        "1",
    )
    assert sums(scored(frozen, graded("10", "B"), happened("2020-03-01", "P")))[:4] == ("11", "11", "11", "10")
    assert sums(scored(frozen, *(happened("2020-03-01", "M") for _ in range(2))))[:4] == (None, "0", "8", None)


@pytest.mark.parametrize(
    ("floor", "ceiling", "held"),
    [
        (None, None, ["-1", "0", "1", "9", "10", "11"]), ("0", None, ["0", "0", "1", "9", "10", "11"]),
        (None, "10", ["-1", "0", "1", "9", "10", "10"]), ("1", "9", ["1", "1", "1", "9", "9", "9"]),
    ],
)  # fmt: skip
def test_a_floor_and_a_ceiling_hold_only_where_the_scheme_has_them(
    floor: str | None, ceiling: str | None, held: list[str]
) -> None:
    bounds = {"floor": None if floor is None else F(floor), "ceiling": None if ceiling is None else F(ceiling)}
    frozen = edition(item("B", "grade", "20"), groups=[group(minus("M", rule("1")))], **bounds)
    reached = [(mark, int(mark == "0")) for mark in ("0", "0", "1", "9", "10", "11")]
    reached[1] = ("0", 0)
    totals = [
        scored(frozen, graded(mark, "B"), *(happened("2020-03-01", "M") for _ in range(losses))).total
        for mark, losses in reached
    ]
    assert [shown(total) for total in totals] == held


@pytest.mark.parametrize(
    ("points", "band"),
    [("100", "good"), ("90", "good"), ("89.99", "fair"), ("60", "fair"), ("59.99", "poor"), ("0", "poor")],
)
def test_a_band_holds_its_lower_end(points: str, band: str) -> None:
    frozen = edition(item("B", "grade", "100"), bands=BANDS)
    assert scored(frozen, graded(points, "B")).band == band
    assert scored(edition(item("B", "grade", "100"), bands=BANDS[:1]), graded("89", "B")).band is None


def zero_out(effect: str, band: str | None = "fraud") -> Edition:
    return edition(MARK, groups=[EVENTS], bands=BANDS, zero_out=ZeroOut("Z", "Z", "clause of Z", (), effect, band))


FRAUD = fact("fraud", "2020-09-01", None)


def test_proven_fraud_takes_the_total_after_everything_else() -> None:
    score = scored(zero_out("total"), graded("8", "B"), happened("2020-03-01", "P"), FRAUD)
    assert sums(score) == ("0", "0", "0", "8", "2", "0")
    assert (score.zeroed, score.band, score.provisional) == (True, "poor", False)


def test_proven_fraud_ends_what_was_undetermined() -> None:
    for effect, band in (("total", "poor"), ("total-and-band", "fraud")):
        score = scored(zero_out(effect), happened("2020-03-01", "P"), FRAUD)
        assert sums(score) == ("0", "0", "0", None, "2", "0")
        assert (score.zeroed, score.band, score.provisional) == (True, band, False)


def test_proven_fraud_may_take_the_band_alone() -> None:
    score = scored(zero_out("band"), graded("8", "B"), FRAUD)
    assert sums(score)[:3] == ("8", "8", "8")
    assert (score.zeroed, score.band) == (True, "fraud")
    score = scored(zero_out("band"), FRAUD)
    assert sums(score)[:3] == (None, "0", "10")
    assert (score.zeroed, score.band) == (True, "fraud")
    assert scored(zero_out("total-and-band", None), FRAUD).band is None


def test_without_fraud_or_a_rule_on_it_nothing_is_zeroed() -> None:
    score = scored(zero_out("total-and-band"), graded("8", "B"))
    assert (shown(score.total), score.zeroed, score.band) == ("8", False, "poor")
    score = scored(edition(MARK, bands=BANDS), graded("8", "B"), FRAUD)
    assert (shown(score.total), score.zeroed, score.band) == ("8", False, "poor")


def test_fraud_dated_after_the_question_is_not_asked_about() -> None:
    frozen = zero_out("total")
    assert not scored(frozen, graded("8", "B"), FRAUD, as_of=dt.date(2020, 8, 31)).zeroed
    assert scored(frozen, graded("8", "B"), FRAUD, as_of=dt.date(2020, 9, 1)).zeroed
    assert not scored(frozen, graded("8", "B"), FRAUD, known_at=1).zeroed


def test_without_points_there_is_no_sum_but_fraud_still_empties_it() -> None:
    plain = edition(item("B", "grade", None), groups=[EVENTS], from_overlay=True)
    score = scored(plain, happened("2020-03-01", "P"))
    assert sums(score) == (None, None, None, None, None, None)
    assert {code: one.state for code, one in score.items.items()} == {"B": "unweighted"}
    overlaid = edition(item("B", "grade", "5"), groups=[EVENTS], from_overlay=True, overlaid=True)
    assert sums(scored(overlaid, happened("2020-03-01", "P")))[4:] == ("2", "0")
    fraud = edition(item("B", "grade", None), from_overlay=True, zero_out=ZeroOut("Z", "Z", "Z", (), "total", None))
    assert sums(scored(fraud, FRAUD)) == ("0", "0", "0", None, None, None)


def quarters(score: Score) -> list[str | None]:
    assert list(score.deducted_by_quarter) == ["Q1", "Q2", "Q3", "Q4"]
    return [shown(cost) for cost in score.deducted_by_quarter.values()]


@pytest.mark.parametrize("month", range(1, 13))
def test_what_a_quarter_cost_is_dated_by_its_happenings(month: int) -> None:
    first, last = f"2020-{month:02}-01", f"2020-{month:02}-{30 if month != 2 else 29}"
    expected: list[str | None] = ["0", "0", "0", "0"]
    expected[(month - 1) // 3] = "2"
    assert quarters(scored(edition(CARDS), happened(first), happened(last))) == expected


def test_a_quarter_counts_costs_after_caps_and_deductions_but_no_bonus_grade_or_floor() -> None:
    frozen = edition(item("A", "full", "1.5", rule("1")), MARK, groups=[EVENTS])
    score = scored(
        frozen, graded("2", "B"), happened("2020-02-01"), happened("2020-05-01"), happened("2020-08-01"),
        *(happened("2020-11-01", "M") for _ in range(9)), happened("2020-05-01", "P"),
    )  # fmt: skip
    assert quarters(score) == ["1", "0.5", "0", "9"]


def test_a_quarter_counts_what_an_ungraded_item_will_lose() -> None:
    assert quarters(
        scored(edition(item("A", "grade", "1.5", rule("1"))), happened("2020-02-01"), happened("2020-05-01"))
    ) == [
        "1",
        "0.5",
        "0",
        "0",
    ]


def test_fraud_changes_nothing_in_the_quarters() -> None:
    assert quarters(scored(zero_out("total"), graded("8", "B"), happened("2020-03-01", "M"), FRAUD)) == [
        "1",
        "0",
        "0",
        "0",
    ]


def test_only_the_items_on_the_form_of_its_category_are_priced() -> None:
    frozen = edition(
        item("A", "grade", "5", only=("town",)), item("B", "grade", "5", only=("office",)), item("C", "elsewhere", None)
    )
    score = scored(frozen, graded("3", "A"), category="town")
    assert (list(score.items), shown(score.total), score.category) == (["A"], "3", "town")
    assert list(scored(frozen, category="office").items) == ["B"]


def limit_facts(start: str, due: str, *, key: str = "k", code: str = "A") -> tuple[Fact, Fact]:
    opening = fact(
        "deadline-opened", start, code, key=key, due=dt.date.fromisoformat(due), limit=due, ref=f"open {key}"
    )
    late = fact("deadline-met", "2021-02-01", None, key=key, ref=f"late {key}")
    return opening, late


def test_a_missed_limit_costs_on_the_day_after_it() -> None:
    opening, late = limit_facts("2020-03-02", "2020-03-31")
    score = scored(edition(CARDS), opening, late)
    assert (shown(score.total), quarters(score)) == ("4", ["0", "1", "0", "0"])
    assert score.limits["k"].state == "missed"


def test_a_missed_limit_costs_on_an_adjustment_too() -> None:
    opening, late = limit_facts("2020-03-02", "2020-03-31", code="M")
    assert sums(scored(edition(groups=[EVENTS], floor=None), opening, late))[5] == "1"


def test_a_miss_counts_from_its_own_day_on() -> None:
    opening, _ = limit_facts("2020-03-02", "2020-03-31")
    missed = fact("deadline-missed", "2020-04-01", key="k")
    late = fact("deadline-met", "2020-03-31T23:59:00+08:00", None, key="j")
    assert scored(edition(CARDS), opening, missed, late, as_of=dt.date(2020, 4, 1)).total == 4
    assert scored(edition(CARDS), opening, missed, late, as_of=dt.date(2020, 3, 31)).total == 5
    early = fact("deadline-opened", "2020-03-02", key="k", due=dt.date(2020, 3, 31))._replace(due=dt.date(2020, 4, 10))
    hand = fact("deadline-met", "2020-04-11", None, key="k")
    assert scored(edition(CARDS), early, hand, as_of=dt.date(2020, 4, 10)).total == 5
    assert scored(edition(CARDS), early, hand, as_of=dt.date(2020, 4, 11)).total == 4


def test_an_hour_limit_missed_within_its_day_costs_from_the_next_day_on() -> None:
    due = instant("2020-03-31T14:00:00+08:00")
    opening = fact("deadline-opened", "2020-03-31T09:00:00+08:00", key="k", limit="5 hours", due=due)
    late = fact("deadline-met", "2020-03-31T15:00:00+08:00", None, key="k")
    today = scored(edition(CARDS), opening, late, as_of=dt.date(2020, 3, 31))
    assert (shown(today.total), today.limits["k"].state) == ("5", "missed")
    tomorrow = scored(edition(CARDS), opening, late, as_of=dt.date(2020, 4, 1))
    assert (shown(tomorrow.total), quarters(tomorrow)) == ("4", ["0", "1", "0", "0"])


def test_a_limit_that_runs_out_with_the_year_is_shown_and_left_to_the_next() -> None:
    opening, late = limit_facts("2020-12-01", "2020-12-31")
    score = scored(edition(CARDS), opening, late)
    assert (shown(score.total), score.limits["k"].state) == ("5", "missed")
    assert [limit.key for limit in score.priced.next_year] == ["k"]
    opening, late = limit_facts("2020-12-01", "2020-12-30")
    score = scored(edition(CARDS), opening, late)
    assert (shown(score.total), score.priced.next_year) == ("4", ())
    assert scored(edition(CARDS)).priced.next_year == ()


def test_a_limit_of_the_year_before_that_runs_out_in_this_one_costs_here() -> None:
    opening, late = limit_facts("2019-12-20", "2019-12-31")
    score = scored(edition(CARDS), earlier=((2019, log(opening, late)),))
    assert (shown(score.total), quarters(score)) == ("4", ["1", "0", "0", "0"])
    limit = score.limits["k"]
    assert (limit.state, limit.due) == ("missed", dt.date(2019, 12, 31))
    assert score.priced.next_year == ()


@pytest.mark.parametrize(
    ("start", "due", "code"),
    [("2019-12-01", "2019-12-30", "A"), ("2019-12-01", "2020-12-31", "A"), ("2019-12-20", "2019-12-31", "gone")],
)
def test_other_limits_of_earlier_years_are_none_of_this_one(start: str, due: str, code: str) -> None:
    score = scored(edition(CARDS), earlier=((2019, log(*limit_facts(start, due, code=code))),))
    assert (shown(score.total), score.limits) == ("5", {})


def test_a_limit_running_over_counts_where_its_item_is_on_the_form() -> None:
    frozen = edition(item("A", "full", "5", rule("1"), only=("town",)), item("B", "grade", "5"))
    earlier = ((2019, log(*limit_facts("2019-12-20", "2019-12-31"))),)
    assert list(scored(frozen, earlier=earlier, category="town").limits) == ["k"]
    assert scored(frozen, earlier=earlier, category="office").limits == {}


def test_a_unit_with_nothing_to_sum_has_an_exact_0() -> None:
    assert sums(scored(edition())) == ("0", "0", "0", "0", "0", "0")


def test_a_miss_of_an_earlier_year_without_its_opening_stays_there() -> None:
    miss = fact("deadline-missed", "2020-01-01", key="k", ref="m")
    assert scored(edition(CARDS), earlier=((2019, [miss]),)).limits == {}


def test_limits_of_several_earlier_years_are_each_looked_at() -> None:
    first = limit_facts("2018-12-20", "2019-12-31", key="a")
    second = limit_facts("2019-12-20", "2019-12-31", key="b", code="M")
    third = limit_facts("2019-12-20", "2019-12-31", key="c", code="B")
    earlier = ((2018, log(*first)), (2019, log(*second, *third)))
    score = scored(edition(CARDS, item("B", "full", "5", rule("1")), groups=[EVENTS]), earlier=earlier)
    assert list(score.limits) == ["a", "b", "c"]
    assert sums(score)[3:] == ("8", "0", "1")


def test_a_limit_that_stays_in_its_year_does_not_hide_the_next_one() -> None:
    kept, _ = limit_facts("2019-12-01", "2019-12-30", key="kept")
    over = limit_facts("2019-12-20", "2019-12-31")
    assert list(scored(edition(CARDS), earlier=((2019, log(kept, *over)),)).limits) == ["k"]


def test_a_limit_running_over_is_seen_from_the_same_place_in_time() -> None:
    opening, late = limit_facts("2019-12-20", "2019-12-31")
    earlier = ((2019, log(opening._replace(position=1), late._replace(position=2))),)
    assert scored(edition(CARDS), earlier=earlier, known_at=1).total == 5
    assert scored(edition(CARDS), earlier=earlier, known_at=2).total == 4
    assert scored(edition(CARDS), earlier=earlier, as_of=dt.date(2021, 1, 31)).total == 5
    assert scored(edition(CARDS), earlier=earlier, as_of=dt.date(2021, 2, 1)).total == 4
    missed = fact("deadline-missed", "2020-01-01", key="k", ref="m", position=2)
    earlier = ((2019, [opening._replace(position=1), missed]),)
    assert scored(edition(CARDS), earlier=earlier, as_of=dt.date(2020, 1, 1)).total == 4


def test_an_amended_calendar_moves_limits_of_this_year_and_the_last() -> None:
    calendar = Calendar("new", frozenset({2019, 2020}), tuple(dt.date(2020, 1, day).toordinal() for day in (6, 7)))
    opening = fact(
        "netizen-message", "2019-12-30", key="k", limit="1 working day", due=dt.date(2019, 12, 31), calendar="old"
    )
    reply = fact("netizen-reply", "2020-01-07", None, key="k")
    score = scored(edition(CARDS), earlier=((2019, log(opening, reply)),), calendar=calendar)
    assert score.limits["k"].due == dt.date(2020, 1, 6)
    assert quarters(score)[0] == "1"
    here = opening._replace(day=dt.date(2020, 1, 2), key="h"), reply._replace(key="h")
    assert scored(edition(CARDS), *here, calendar=calendar).limits["h"].due == dt.date(2020, 1, 6)
    assert scored(edition(CARDS), *here).limits["h"].due == dt.date(2019, 12, 31)


def test_facts_are_priced_in_the_order_of_the_world_not_of_the_log() -> None:
    frozen = edition(item("A", "full", "1.5", rule("1")))
    score = scored(frozen, happened("2020-11-01"), happened("2020-02-01"))
    assert quarters(score) == ["1", "0", "0", "0.5"]


def test_the_latest_figure_stands_for_a_rule_on_a_mean() -> None:
    frozen = edition(groups=[group(minus("M", None, below_mean("0.5", "all", "2")), plus("P", rule("1", on="praise")))])
    facts = log(
        fact("metric", "2020-06-02", "M", value=F(1)),
        fact("metric", "2020-06-02T09:00:00+08:00", "M", value=F(2)),
        fact("metric", "2020-06-02", "M", value=F(3)),
        fact("metric", "2020-06-01", "M", value=F(4)),
        happened("2020-06-09", "P"),
        fact("metric", "2020-06-09", "P", value=F(5)),
    )
    priced = price_unit(frozen, UnitLog("U", "", YEAR, facts))
    assert {code: figure.ref for code, figure in priced.figures.items()} == {"M": "r3"}
    aside = log(*facts, fact("not-applicable", "2020-07-01", "M"))
    assert price_unit(frozen, UnitLog("U", "", YEAR, aside)).figures == {}
    nothing = log(happened("2020-06-09", "M"))
    assert price_unit(frozen, UnitLog("U", "", YEAR, nothing)).figures == {}


def test_a_unit_can_be_concluded_alone() -> None:
    priced = price_unit(
        edition(MARK, groups=[EVENTS]), UnitLog("U", "", YEAR, log(graded("8", "B"), happened("2020-03-01", "M")))
    )
    assert sums(conclude(edition(MARK, groups=[EVENTS]), priced))[:1] == ("7",)
    assert (priced.log.unit, priced.fraud, dict(priced.limits)) == ("U", None, {})
