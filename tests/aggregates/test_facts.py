"""Facts compared with what is stored, and read back from it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from gkevents.aggregates.facts import canonical, differences
from gkevents.aggregates.stored import due_text, fact_of
from gkevents.terms import BEIJING, instant
from tests.aggregates.samples import METRIC_WAYS, written


def test_the_same_content_is_compared_by_value() -> None:
    one = canonical(written("metric", value="80%", threshold="70%"))
    assert differences(one, canonical(written("metric", value=0.8, threshold="0.70"))) == []
    assert differences(one, canonical(written("metric", value="0.81", threshold="70%", note="改"))) == ["note", "value"]


def test_the_same_content_is_the_same_whenever_it_was_recorded_and_whatever_the_store_added() -> None:
    fact = canonical(written("netizen-message"))
    own = {**fact, "limit": "3 working days", "own_limit": True, "due": "2018-05-10", "calendar": "c"}
    assert differences(canonical(written("netizen-message", recorded_at="2018-05-06T09:00:00Z")), own) == []
    assert differences({**fact, "limit": "3 working days"}, own) == []
    assert differences({**fact, "limit": "5 hours"}, own) == ["limit"]


def test_a_limit_that_somebody_said_is_content() -> None:
    fact = canonical(written("netizen-message"))
    said = {**fact, "limit": "3 working days", "due": "2018-05-10", "calendar": "c"}
    assert differences(said, {**fact, "limit": "3 working days"}) == []
    assert differences(fact, said) == ["limit"]


def test_a_stored_fact_comes_back_with_every_field_that_was_written() -> None:
    body = canonical(
        written(
            "occurrence", count=3, matter="甲", level="省级", kind="report", form="会", message="M", amount="1.5",
            reason="因", justified="是", serious="否", recorded_by="张三",
            other_unit="乙局", sub_unit="乙所", source="冀1号",
        )
    )  # fmt: skip
    fact = fact_of(body, position=7, recorded_at="2018-05-06T09:00:00+08:00")
    assert (fact.position, fact.ref, fact.type, fact.day, fact.at) == (7, "r1", "occurrence", dt.date(2018, 5, 5), None)
    assert (fact.recorded_at, fact.recorded_by, fact.item, fact.times) == (
        "2018-05-06T09:00:00+08:00",
        "张三",
        "H19",
        3,
    )
    assert (fact.matter, fact.level, fact.kind, fact.form, fact.message) == ("甲", "provincial", "report", "会", "M")
    assert (fact.amount, fact.reason, fact.justified, fact.serious, fact.scanned) == (
        Fraction(3, 2),
        "因",
        True,
        False,
        False,
    )
    assert (fact.other_unit, fact.sub_unit, fact.source, fact.from_unit) == ("乙局", "乙所", "冀1号", None)
    assert (fact.answered, fact.is_reference) == (None, False)


@pytest.mark.parametrize(
    ("fields", "year", "about"), [({"for_year": 2017}, 2017, None), ({"about": "上级"}, None, "parent")]
)
def test_a_stored_figure_of_another_year_or_body_comes_back_as_a_reference(
    fields: dict[str, Any], year: int | None, about: str | None
) -> None:
    fact = fact_of(canonical(written("metric", value="1", **fields)), position=1, recorded_at="")
    assert (fact.for_year, fact.about, fact.is_reference) == (year, about, True)


@pytest.mark.parametrize("way", METRIC_WAYS)
def test_a_stored_figure_comes_back_exactly(way: dict[str, str]) -> None:
    fact = fact_of(canonical(written("metric", threshold="70%", **way)), position=1, recorded_at="")
    assert {name: getattr(fact, name) for name in way} == {name: Fraction(number) for name, number in way.items()}
    assert fact.threshold == "0.7"


def test_a_stored_card_grade_checklist_and_retraction_come_back() -> None:
    card = fact_of(canonical(written("supervision-card", problem=["甲", "乙"])), position=1, recorded_at="")
    grade = fact_of(canonical(written("grade", points="0.85", by="李四", reason="因")), position=1, recorded_at="")
    list_ = fact_of(canonical(written("checklist", missing=2)), position=1, recorded_at="")
    retraction = fact_of(canonical(written("retraction")), position=1, recorded_at="")
    assert (card.problems, card.times) == (("甲", "乙"), 1)
    assert (grade.points, grade.by, grade.reason) == (Fraction(17, 20), "李四", "因")
    assert (list_.met, list_.missing, retraction.of, retraction.item) == (None, 2, "r0", None)


@pytest.mark.parametrize("due", ["2018-05-10", "2018-05-10T09:30:00+08:00", None])
def test_a_stored_limit_comes_back_with_its_end(due: str | None) -> None:
    body = {**canonical(written("netizen-message", limit="5 hours")), "due": due, "calendar": "c", "scanned": True}
    fact = fact_of(body, position=1, recorded_at="")
    assert (fact.key, fact.limit, fact.calendar, fact.scanned, due_text(fact.due)) == ("M-1", "5 hours", "c", True, due)


def test_an_instant_is_a_day_of_beijing() -> None:
    body = canonical({**written("fraud"), "effective_on": None, "effective_at": "2017-12-31T23:30:00Z"})
    fact = fact_of(body, position=1, recorded_at="")
    assert (fact.day, fact.at) == (dt.date(2018, 1, 1), instant("2018-01-01T07:30:00+08:00"))
    assert due_text(dt.datetime(2017, 12, 31, 16, tzinfo=dt.UTC)) == dt.datetime(2018, 1, 1, tzinfo=BEIJING).isoformat()
