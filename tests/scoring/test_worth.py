"""What a reported figure gives: intervals at both ends, checklists, counts, percentage points short."""

from typing import Any

import pytest

from gkevents.schemes.model import Line, Worth
from gkevents.scoring.worth import counted_points, figure_fits, points_of, short_of, tier, within
from gkevents.terms import show
from tests.scoring.made import F, fact, happened, item

STEPS = ((F("0.8"), F(6)), (F("0.5"), F(3)), (F("0.1"), F(1)))


def points(worth: Worth, points_max: str = "6", kind: str = "metric", **figures: Any) -> str:  # noqa: ANN401
    report = fact(kind, "2020-06-30", **figures)
    return show(within(points_of(worth, report, most=F(points_max), line=worth.line.number), F(points_max)))


@pytest.mark.parametrize(
    ("figure", "lower", "upper"),
    [
        ("1", "6", "6"), ("0.80001", "6", "6"), ("0.8", "6", "3"), ("0.79996", "3", "3"), ("0.5", "3", "1"),
        ("0.499", "1", "1"), ("0.1", "1", "1"), ("0.0999", "1", "1"), ("0", "1", "1"),
    ],
)  # fmt: skip
def test_an_interval_holds_the_end_that_the_scheme_says(figure: str, lower: str, upper: str) -> None:
    assert show(tier(Worth("tiers", STEPS), F(figure))) == lower
    assert show(tier(Worth("tiers", STEPS, interval="upper"), F(figure))) == upper


def test_without_intervals_a_figure_gives_nothing() -> None:
    assert tier(Worth("tiers"), F(1)) == 0


def test_a_ratio_is_compared_exactly_and_a_missing_one_is_0() -> None:
    steps = Worth("tiers", (*STEPS, (F(0), F(0))))
    assert points(steps, value=F("0.8")) == "6"
    assert points(steps, numerator=F(23999), denominator=F(30000)) == "3"


def test_points_of_an_interval_stay_within_the_item() -> None:
    assert points(Worth("tiers", STEPS), "4", value=F(1)) == "4"
    assert points(Worth("tiers", ((F(0), F(-1)),)), value=F(1)) == "0"
    assert [show(within(F(text), F(6))) for text in ("-1", "0", "0.5", "6", "7")] == ["0", "0", "0.5", "6", "6"]


def test_each_unit_above_the_number_costs() -> None:
    worth = Worth("linear", per=F("0.5"), line=Line(F(1)), each=F(1), costs=True)
    assert [points(worth, "3", value=F(n)) for n in (0, 1, 2, 3, 7, 8)] == ["3", "3", "2.5", "2", "0", "0"]


@pytest.mark.parametrize(
    ("current", "whole", "up", "linear"),
    [
        ("90", "5", "5", "5"), ("85", "5", "5", "5"), ("90.5", "5", "4", "4.5"), ("91", "4", "4", "4"),
        ("91.9", "4", "3", "3.1"), ("100", "0", "0", "0"), ("95", "0", "0", "0"), ("94.99", "1", "0", "0.01"),
    ],
)  # fmt: skip
def test_each_percentage_point_short_of_the_target_costs(current: str, whole: str, up: str, linear: str) -> None:
    for step, left in (("whole", whole), ("up", up), ("linear", linear)):
        worth = Worth("fall", costs=True, per=F(1), fall=F("0.1"), step=step)
        assert points(worth, "5", previous=F(100), current=F(current)) == left


def test_a_fall_is_a_share_of_the_year_before() -> None:
    worth = Worth("fall", costs=True, per=F("0.5"), fall=F("0.1"))
    assert points(worth, previous=F(200), current=F(190)) == "3.5"
    assert points(worth, previous=F(200), current=F(0)) == "6"


@pytest.mark.parametrize(
    "figures", [{}, {"current": F(0)}, {"previous": F(4)}, {"value": F(1)}, {"previous": F(0), "current": F(0)}]
)
def test_a_figure_without_its_year_before_has_not_fallen(figures: dict[str, Any]) -> None:
    assert points(Worth("fall", costs=True, per=F("0.5"), fall=F("0.1")), **figures) == "1"


def test_percentage_points_short_are_whole_rounded_up_or_exact() -> None:
    assert [
        show(short_of(Worth("fall", fall=F("0.1"), step=step), F("0.0876"))) for step in ("whole", "up", "linear")
    ] == [
        "1",
        "2",
        "1.24",
    ]
    assert short_of(Worth("fall", fall=F("0.1")), F("0.11")) == 0


def fitting(worth: Worth | None, *reports: dict[str, Any], kind: str = "metric") -> list[bool]:
    one = item("A", kind, "6", worth=worth)
    return [figure_fits(one, fact(kind, "2020-06-30", **figures)) for figures in reports]


def test_a_share_fits_up_to_the_whole_where_the_intervals_are_shares() -> None:
    values: list[dict[str, Any]] = [{"value": F(text)} for text in ("-1", "0", "0.85", "1", "1.001", "85")]
    assert fitting(Worth("tiers", STEPS, reads="share"), *values) == [True, True, True, True, False, False]
    assert fitting(Worth("tiers", ((F(1), F(6)), (F(0), F(1))), reads="share"), *values) == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert fitting(Worth("tiers", ((F("1.2"), F(6)), (F(0), F(1)))), *values) == [True] * 6


def test_a_ratio_is_needed_where_one_is_priced() -> None:
    reports: list[dict[str, Any]] = [
        {}, {"previous": F(1), "current": F(1)}, {"numerator": F(1), "denominator": F(2)}, {"met": 1},
    ]  # fmt: skip
    assert fitting(Worth("tiers", STEPS), *reports) == [False, False, True, False]
    assert fitting(Worth("tiers", ((F(2), F(6)), (F(0), F(1)))), *reports) == [False, False, True, False]
    assert fitting(Worth("linear", reads="positive"), *reports) == [False] * 4
    assert fitting(None, *reports) == [True] * 4


def test_a_number_of_things_is_whole_and_at_least_1() -> None:
    values: list[dict[str, Any]] = [{"value": F(text)} for text in ("0", "0.5", "1", "1.5", "2", "99")]
    assert fitting(Worth("linear", reads="positive"), *values) == [False, False, True, False, True, True]


def test_a_fall_needs_a_year_before_that_is_not_0_and_the_year_itself() -> None:
    reports: list[dict[str, Any]] = [
        {"previous": F(2), "current": F(0)}, {"previous": F(2)}, {"previous": F(0), "current": F(1)},
        {"current": F(1)}, {"value": F(1)},
    ]  # fmt: skip
    assert fitting(Worth("fall"), *reports) == [True, False, False, False, False]


@pytest.mark.parametrize("shape", ["each", "missing"])
def test_a_checklist_has_no_more_elements_than_the_scheme(shape: str) -> None:
    reports: list[dict[str, Any]] = [
        {"met": 0}, {"met": 3}, {"met": 4}, {"missing": 0}, {"missing": 3}, {"missing": 4}, {},
    ]  # fmt: skip
    expected = [True, True, False, True, True, False, False]
    assert fitting(Worth(shape, of=3), *reports, kind="checklist") == expected
    assert fitting(Worth(shape, of=3), *reports) == expected
    assert fitting(Worth(shape, of=3), {"value": F(1)}) == [False]


def test_a_checklist_does_not_fit_where_something_else_is_counted() -> None:
    for shape in ("tiers", "linear", "fall"):
        assert fitting(Worth(shape, STEPS, of=3), {"met": 1}, {"missing": 1}, kind="checklist") == [False, False]


def test_an_element_that_is_there_earns() -> None:
    worth = Worth("each", per=F("0.5"), of=3)
    assert [points(worth, "1.5", "checklist", met=met) for met in (0, 1, 3)] == ["0", "0.5", "1.5"]
    assert [points(worth, "1.5", "checklist", missing=missing) for missing in (0, 1, 3)] == ["1.5", "1", "0"]
    assert points(worth, "1", "checklist", met=3) == "1"
    assert points(worth, "1", "checklist", met=1) == "0.5"


def test_an_element_that_is_missing_costs() -> None:
    worth = Worth("missing", per=F("0.5"), of=7, costs=True)
    assert [points(worth, "2", "checklist", met=met) for met in (7, 6, 0)] == ["2", "1.5", "0"]
    assert [points(worth, "2", "checklist", missing=missing) for missing in (0, 1, 4, 5)] == ["2", "1.5", "0", "0"]


def test_a_count_gives_the_points_of_its_number() -> None:
    worth = Worth("tiers", ((F(4), F(3)), (F(2), F(1)), (F(0), F(0))))
    counted = item("A", "count", "3", worth=worth)
    logged = [happened("2020-03-01", times=2), happened("2020-03-02"), happened("2020-03-03")]
    assert [show(counted_points(counted, logged[:n], points_max=F(3), year=2020)) for n in range(4)] == [
        "0",
        "1",
        "1",
        "3",
    ]


def test_a_count_of_forms_counts_each_form_once() -> None:
    worth = Worth("tiers", ((F(2), F("2.5")), (F(1), F(1)), (F(0), F(0))))
    counted = item("A", "count", "2.5", worth=worth, counts="form")
    logged = [
        happened("2020-03-01", form="a", times=5),
        happened("2020-03-02", form="a"),
        happened("2020-03-03", form="b"),
    ]
    assert [show(counted_points(counted, logged[:n], points_max=F("2.5"), year=2020)) for n in range(4)] == [
        "0",
        "1",
        "1",
        "2.5",
    ]


def test_a_counted_item_without_a_table_gives_nothing() -> None:
    assert counted_points(item("A", "count"), [happened("2020-03-01")], points_max=F(5), year=2020) == 0
