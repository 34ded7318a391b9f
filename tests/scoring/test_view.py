"""Which facts stand, on the recorded axis and on the effective one; and what a fact says of itself."""

import datetime as dt

from gkevents.scoring.fact import Fact
from gkevents.scoring.view import look
from tests.scoring.made import YEAR, F, fact, happened, log


def standing(*facts: Fact, as_of: str | None = None, known_at: int | None = None) -> list[str]:
    day = None if as_of is None else dt.date.fromisoformat(as_of)
    return [one.ref for one in look(log(*facts), year=YEAR, as_of=day, known_at=known_at).standing]


def back(of: str, on: str = "2020-05-01", **fields: str) -> Fact:
    return fact("retraction", on, None, of=of, **fields)


def ruled(of: str, on: str = "2020-05-01") -> Fact:
    return fact("duplicate-ruling", on, None, of=of)


def test_a_fact_stands_until_it_is_taken_back() -> None:
    assert standing(happened("2020-03-01"), happened("2020-03-02")) == ["r1", "r2"]
    assert standing(happened("2020-03-01"), happened("2020-03-02"), back("r1")) == ["r2"]
    assert standing(happened("2020-03-01"), happened("2020-03-02"), ruled("r2")) == ["r1"]


def test_a_retraction_taken_back_lets_its_target_stand_again() -> None:
    assert standing(happened("2020-03-01"), back("r1"), back("r2")) == ["r1"]
    assert standing(happened("2020-03-01"), ruled("r1"), back("r2")) == ["r1"]
    assert standing(happened("2020-03-01"), back("r1"), back("r2"), back("r3")) == []
    assert standing(happened("2020-03-01"), back("r1"), ruled("r1"), back("r2")) == []


def test_the_first_reversal_that_stands_is_the_one_named() -> None:
    view = look(log(happened("2020-03-01"), back("r1"), ruled("r1")), year=YEAR)
    assert {ref: by.ref for ref, by in view.taken_back.items()} == {"r1": "r2"}
    assert [one.ref for one in view.known] == ["r1", "r2", "r3"]
    view = look(log(happened("2020-03-01"), back("r1"), ruled("r1"), back("r2")), year=YEAR)
    assert {ref: by.ref for ref, by in view.taken_back.items()} == {"r1": "r3", "r2": "r4"}


def test_a_retraction_that_names_nothing_takes_nothing_back() -> None:
    assert standing(happened("2020-03-01", of="r9"), fact("retraction", "2020-05-01", None)) == ["r1"]


def test_only_retractions_and_rulings_take_back() -> None:
    assert standing(happened("2020-03-01"), happened("2020-03-02", of="r1")) == ["r1", "r2"]


def test_a_retraction_counts_whatever_its_own_day() -> None:
    facts = (happened("2020-03-01"), back("r1", "2020-12-01"))
    assert standing(*facts, as_of="2020-03-31") == []
    assert standing(*facts, as_of="2020-03-31", known_at=1) == ["r1"]


def test_as_of_includes_its_day() -> None:
    facts = (happened("2020-03-31"), happened("2020-04-01"), happened("2020-03-31T23:59:59+08:00"))
    assert standing(*facts, as_of="2020-03-30") == []
    assert standing(*facts, as_of="2020-03-31") == ["r1", "r3"]
    assert standing(*facts, as_of="2020-04-01") == ["r1", "r2", "r3"]


def test_known_at_includes_its_position() -> None:
    facts = (happened("2020-03-31"), happened("2020-04-01"), back("r1"))
    assert standing(*facts, known_at=0) == []
    assert standing(*facts, known_at=1) == ["r1"]
    assert standing(*facts, known_at=2) == ["r1", "r2"]
    assert standing(*facts, known_at=3) == ["r2"]


def test_a_scanned_miss_falls_with_the_opening_it_was_scanned_from() -> None:
    opened = fact("netizen-message", "2020-03-01", key="k")
    scanned = fact("reply-timeout", "2020-03-10", key="k", scanned=True, of="r1")
    by_hand = fact("reply-timeout", "2020-03-10", key="k", of="r1")
    assert standing(opened, scanned) == ["r1", "r2"]
    assert standing(opened, scanned, back("r1")) == []
    assert standing(opened, by_hand, back("r1")) == ["r2"]
    assert standing(opened, scanned, back("r1"), back("r3")) == ["r1", "r2"]
    assert standing(opened, scanned._replace(of=None), back("r1")) == ["r2"]


def test_a_scanned_miss_taken_back_itself_keeps_its_own_reversal() -> None:
    opened = fact("netizen-message", "2020-03-01", key="k")
    scanned = fact("reply-timeout", "2020-03-10", key="k", scanned=True, of="r1")
    view = look(log(opened, scanned, back("r2"), back("r1")), year=YEAR)
    assert {ref: by.ref for ref, by in view.taken_back.items()} == {"r1": "r4", "r2": "r3"}
    view = look(log(opened, scanned, back("r1")), year=YEAR)
    assert {ref: by.ref for ref, by in view.taken_back.items()} == {"r1": "r3", "r2": "r3"}


def test_a_figure_dated_outside_the_year_is_kept_and_does_not_stand() -> None:
    facts = (
        fact("metric", "2019-12-31", value=F(1)), fact("checklist", "2021-01-01", met=1),
        fact("metric", "2020-01-01", value=F(1)), fact("checklist", "2020-12-31", met=1),
        fact("grade", "2021-02-01", points=F(1)),
    )  # fmt: skip
    assert standing(*facts) == ["r3", "r4", "r5"]
    assert [one.ref for one in look(log(*facts), year=YEAR).known] == ["r1", "r2", "r3", "r4", "r5"]


def test_a_figure_is_a_value_or_a_numerator_over_its_denominator() -> None:
    assert fact("metric", "2020-01-01", value=F(0), numerator=F(1), denominator=F(2)).ratio == 0
    assert fact("metric", "2020-01-01", numerator=F(1), denominator=F(3)).ratio == F(1, 3)
    assert fact("metric", "2020-01-01", numerator=F(1)).ratio is None
    assert fact("metric", "2020-01-01", denominator=F(1)).ratio is None
    assert fact("metric", "2020-01-01", previous=F(2), current=F(1)).ratio is None


def test_the_order_of_the_world_is_the_effective_time_then_the_position() -> None:
    early, late, same = log(happened("2020-03-01"), happened("2020-03-01T00:00:01+08:00"), happened("2020-03-01"))
    assert sorted([late, same, early], key=lambda one: one.order) == [early, same, late]
