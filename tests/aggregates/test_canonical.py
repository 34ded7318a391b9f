"""The canonical form of a fact: what is kept of each kind of field, and what is not taken at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import canonical, differences
from gkevents.aggregates.stored import fact_of
from gkevents.aggregates.values import KEY_MAX, TEXT_MAX
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS
from tests.aggregates.samples import ENVELOPE, METRIC_WAYS, SAMPLES, written

EMPTY: list[Any] = [None, "", "　 ", []]
ONE_OF = {
    "metric": ({"value"}, {"numerator", "denominator"}, {"previous", "current"}),
    "checklist": ({"met"}, {"missing"}),
}


def refused(refusal: type[no.Refusal], fact: dict[str, Any]) -> str:
    with pytest.raises(refusal) as caught:
        canonical(fact)
    return str(caught.value)


@pytest.mark.parametrize("kind", FACT_TYPES)
def test_a_fact_of_each_type_is_kept_with_every_field_that_its_type_knows(kind: str) -> None:
    rest = {*FACT_TYPES[kind].fields} - {"type", "effective_on", "effective_at"}
    for way in ONE_OF.get(kind, (set(),)):
        names = rest - {name for other in ONE_OF.get(kind, ()) for name in other} | way
        body = canonical({**ENVELOPE, "type": kind, **{name: SAMPLES[name][0] for name in names}})
        expected = {name: SAMPLES[name][1] for name in names}
        assert body == {**expected, "type": kind, "effective_on": "2018-05-05"}


@pytest.mark.parametrize("kind", FACT_TYPES)
def test_a_fact_without_a_field_that_its_type_needs_is_refused_by_name(kind: str) -> None:
    for name in ("ref", "unit", *FACT_TYPES[kind].required):
        fact = written(kind)
        for empty in EMPTY:
            assert (
                refused(no.FieldMissing, {**fact, name: empty})
                == f"A {kind} needs {name}. Give it and log the fact again."
            )


@pytest.mark.parametrize("kind", FACT_TYPES)
def test_a_fact_with_a_field_that_its_type_does_not_know_is_refused(kind: str) -> None:
    for name in {*FIELDS, "scanned", "due"} - {*FACT_TYPES[kind].fields}:
        assert refused(no.NoSuchField, {**written(kind), name: "1"}).startswith(f"A {kind} has no field {name}. ")


def test_an_unknown_field_is_answered_with_the_nearest_right_one() -> None:
    assert refused(no.NoSuchField, written("grade", point="1")) == "A grade has no field point. Did you mean points?"
    assert "Known are: ref, type, unit, effective_on" in refused(no.NoSuchField, written("grade", 乱=1))


def test_an_unknown_field_that_is_empty_is_no_field() -> None:
    assert canonical(written("confirmation", 乱=None, amount="")) == canonical(written("confirmation"))


def test_a_type_may_be_written_in_chinese_or_english_or_in_full_width() -> None:
    assert {canonical(written(kind))["type"] for kind in ("grade", "评分")} == {"grade"}
    assert canonical({**written("grade"), "type": " ｇｒａｄｅ "})["type"] == "grade"
    assert {canonical({**written(name), "type": kind.label})["type"] for name, kind in FACT_TYPES.items()} == {
        *FACT_TYPES
    }


def test_a_type_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    assert (
        refused(no.NoSuchType, {**ENVELOPE, "type": "grades"}) == "There is no fact of type grades. Did you mean grade?"
    )
    assert "督办卡" in refused(no.NoSuchType, {**ENVELOPE, "type": "督办"})
    assert refused(no.NoSuchType, {**ENVELOPE, "type": 7}).startswith("There is no fact of type 7. Known are: ")
    assert refused(no.FieldMissing, dict(ENVELOPE)) == "A fact needs type. Give it and log the fact again."


GOOD = [
    ("points", 0, "0"), ("points", "-0", "0"), ("points", "１．５", "1.5"), ("points", 1.5, "1.5"),
    ("points", "+2", "2"),
    ("points", "9" * 18, "9" * 18), ("count", 1, None), ("count", "10000", 10_000), ("met", "0", 0),
    ("value", "4/5", "0.8"), ("value", "80 %", "0.8"), ("value", "８０％", "0.8"), ("value", "5/3", "5/3"),
    ("value", 0.85, "0.85"),
    ("problem", ["甲", "乙", "甲 "], ["甲", "乙"]), ("problem", 3, ["3"]),
    ("level", "区级", "county"), ("level", "国家级", "national"), ("level", "市级", "city"),
    ("level", "县级", "county"),
    ("level", "city", "city"),
    ("justified", True, True), ("justified", 0, False), ("justified", "YES", True), ("justified", "无", False),
    ("justified", "有", True),
    ("limit", "1 working day", "1 working days"), ("limit", "5小时", "5 hours"), ("limit", "24 个小时", "24 hours"),
    ("limit", "１５ 个工作日", "15 working days"), ("limit", "2018-09-30", "2018-09-30"),
    ("note", "第一行\n第二行", "第一行\n第二行"), ("note", "字" * TEXT_MAX, "字" * TEXT_MAX), ("key", 12, "12"),
    ("key", "k" * KEY_MAX, "k" * KEY_MAX),
    ("for_year", "1990", 1990), ("for_year", 2200, 2200), ("for_year", "2019 年", 2019), ("about", "上级", "parent"),
    ("about", "下属单位数", "sub-units"), ("about", "target", "target"), ("other_unit", " 乙局", "乙局"),
]  # fmt: skip
HOME = {
    "points": "grade",
    "count": "praise",
    "met": "checklist",
    "value": "metric",
    "problem": "supervision-card",
    "level": "praise",
    "justified": "netizen-reply",
    "limit": "netizen-message",
    "note": "fraud",
    "key": "netizen-reply",
    "numerator": "metric",
    "denominator": "metric",
    "previous": "metric",
    "current": "metric",
    "threshold": "metric",
    "for_year": "metric",
    "about": "metric",
    "other_unit": "praise",
    "amount": "occurrence",
}
"""Field -> a type that knows it."""


@pytest.mark.parametrize(("name", "said", "kept"), GOOD, ids=[f"{row[0]}{at}" for at, row in enumerate(GOOD)])
def test_a_value_is_kept_in_one_exact_form_however_it_is_written(name: str, said: object, kept: object) -> None:
    body = canonical(written(HOME[name], **{name: said}))
    assert body.get(name) == kept
    assert type(body.get(name)) is type(kept)


def test_a_count_of_one_says_nothing_and_is_left_out() -> None:
    assert canonical(written("praise", count="1")) == canonical(written("praise"))


BAD = [
    ("points", "-0.1", "not below 0"), ("points", "1e3", "a plain number"), ("points", 1e-7, "a plain number"),
    ("points", float("nan"), "a plain"),
    ("points", float("inf"), "a plain number"), ("points", "五", "a plain number"),
    ("points", "1,5", "a plain number"), ("points", "1/2", "a plain"),
    ("points", "9" * 19, "a plain number"), ("points", 10**5000, "at most 200 digits"),
    ("points", True, "one plain value"),
    ("points", {"a": 1}, "one plain value"), ("points", ["1"], "one plain value"), ("points", "1\0", "a plain number"),
    ("count", 0, "from 1 to 10000"), ("count", -1, "from 1 to 10000"), ("count", "1.5", "from 1 to 10000"),
    ("count", 3.0, "from 1 to 10000"),
    ("count", 10_001, "from 1 to 10000"), ("count", "9" * 30, "from 1 to 10000"), ("count", True, "one plain value"),
    ("met", -1, "a whole number, not below 0"), ("met", "1.0", "a whole number"), ("met", "१", "a whole number"),
    ("value", "-1%", "not below 0"), ("value", "1/0", "such as 0.8 or 80%"), ("value", "1/2/3", "such as"),
    ("value", "八成", "such as"),
    ("value", "1/524288", "such as"), ("value", "0.000000000000000001/3", "such as"),
    ("threshold", "-70%", "not below 0"), ("threshold", ">= 70%", "such as 0.8 or 80%"),
    ("problem", ["甲", " "], "a list of names"), ("problem", [1], "a list of names"), ("problem", {"a": 1},
    "a list of names"),
    ("problem", True, "a list of names"), ("problem", ["甲\0"], "that can be shown"),
    ("level", "镇级", "national, provincial, city, county"), ("level", 2, "national, provincial"),
    ("for_year", "1989", "from 1990 to 2200"), ("for_year", 2201, "from 1990 to 2200"),
    ("for_year", "20.20", "a year from 1990"), ("for_year", "去年", "a year from 1990"),
    ("about", "上年", "one of parent, target, sub-units"), ("about", 1, "one of parent, target, sub-units"),
    ("justified", "也许", "是/否"), ("justified", 2, "是/否"), ("justified", ["是"], "是/否"),
    ("justified", 1.5, "是/否"),
    ("limit", "十五个工作日", "15 working days, 5 hours"), ("limit", "0 working days", "5 hours"),
    ("limit", "3 weeks", "5 hours"),
    ("limit", "10000 hours", "5 hours"), ("limit", "2018-02-30", "5 hours"), ("limit", "9999-12-31", "5 hours"),
    ("limit", 15, "5 hours"),
    ("note", "字" * (TEXT_MAX + 1), "at most 4000 characters"), ("note", "甲\0乙", "that can be shown"),
    ("note", "\udcff", "that can be shown"),
    ("note", False, "one plain value"), ("key", "k" * (KEY_MAX + 1), "at most 200 characters"),
    ("key", "a\nb", "a printable text"),
    ("key", "a\0", "a printable text"), ("key", "\ud800", "a printable text"),
    ("key", "\ufdfa" * 20, "a printable text"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "expected"), BAD, ids=[f"{row[0]}{at}" for at, row in enumerate(BAD)])
def test_a_value_that_cannot_be_meant_is_refused_with_what_would_be_right(
    name: str, said: object, expected: str
) -> None:
    sentence = refused(no.FieldUnreadable, written(HOME[name], **{name: said}))
    assert sentence.startswith(f"{name} cannot be ")
    assert expected in sentence
    assert len(sentence) < 250
    sentence.encode()


@pytest.mark.parametrize(
    "day",
    ["2018-02-29", "2018-13-01", "1900-01-00", "1900-01-01", "1989-12-31", "2201-01-01", "5月5日", "2018-05-05T09:00"],
)
def test_a_day_that_does_not_exist_or_cannot_be_meant_is_refused(day: str) -> None:
    sentence = refused(no.FieldUnreadable, written("fraud", effective_on=day))
    assert sentence == f"effective_on cannot be {day}: a day that exists is expected, such as 2020-09-14."


@pytest.mark.parametrize(
    "moment",
    [
        "2018-05-05T09:00:00", "2018-05-05", "2018-05-05T25:00:00+08:00", "1900-01-01T00:00:00+08:00",
        "9999-12-31T23:00:00-08:00", "0001-01-01T00:00:00+23:00", "noon",
    ],
)  # fmt: skip
def test_an_instant_needs_its_offset_and_a_moment_that_exists(moment: str) -> None:
    fact = {**written("fraud"), "effective_on": None, "effective_at": moment}
    assert "an instant with its offset is expected" in refused(no.FieldUnreadable, fact)


def test_an_instant_is_kept_in_beijing_time() -> None:
    fact = {**written("fraud"), "effective_on": None, "effective_at": "２０１７－１２－３１T16:30:00Z"}
    assert canonical(fact)["effective_at"] == "2018-01-01T00:30:00+08:00"


def test_a_full_width_day_is_the_same_day() -> None:
    assert canonical(written("fraud", effective_on="２０１８-０５-０５"))["effective_on"] == "2018-05-05"


def test_a_fact_says_its_day_or_its_instant_and_never_both_or_neither() -> None:
    sentence = "Give exactly one of effective_on / effective_at on a fraud."
    assert refused(no.OneOf, written("fraud", effective_at="2018-05-05T09:00:00+08:00")) == sentence
    assert refused(no.OneOf, written("fraud", effective_on="")) == sentence


def test_a_checklist_says_what_is_there_or_what_is_missing() -> None:
    assert canonical(written("checklist", missing="0"))["missing"] == 0
    for fields in ({"met": 1, "missing": 1}, {"note": "空"}):
        assert refused(no.OneOf, written("checklist", **fields)) == "Give exactly one of met / missing on a checklist."


def test_a_metric_takes_each_of_its_three_ways() -> None:
    for way in METRIC_WAYS:
        assert {**canonical(written("metric", **way)), **way} == canonical(written("metric", **way))


@pytest.mark.parametrize(
    "fields",
    [
        {"numerator": 1}, {"denominator": 1}, {"previous": 1}, {"current": 1}, {"threshold": 1}, {"note": "空"},
        *({**one, **other} for one in METRIC_WAYS for other in METRIC_WAYS if one is not other),
        {"value": 1, "current": 1}, {"numerator": 1, "current": 1},
    ],
)  # fmt: skip
def test_a_metric_of_no_way_or_of_two_is_refused(fields: dict[str, Any]) -> None:
    sentence = refused(no.OneOf, written("metric", **fields))
    assert sentence == "Give exactly one of value / numerator + denominator / previous + current on a metric."


@pytest.mark.parametrize("fields", [{"numerator": 1, "denominator": "0.0"}, {"previous": 0, "current": 1}])
def test_a_figure_cannot_be_divided_by_nothing(fields: dict[str, Any]) -> None:
    assert refused(no.FieldUnreadable, written("metric", **fields)).endswith("cannot be 0: it must be above 0.")


NUMBERS = st.one_of(
    st.integers(-5, 10**19),
    st.floats(),
    st.fractions(0, 1000).map(str),
    st.decimals(0, 10**6, places=3).map(str),
    st.integers(0, 200).map("{}%".format),
)
TEXTS = st.text(max_size=12)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "key": TEXTS, "code": TEXTS, "word": TEXTS, "text": TEXTS, "texts": st.one_of(TEXTS, st.lists(TEXTS, max_size=3)),
    "number": NUMBERS, "share": NUMBERS, "count": st.integers(-1, 12_000), "whole": st.integers(-1, 50),
    "bool": st.sampled_from([True, False, "是", "否", "yes", "0", 1, "x"]),
    "level": st.sampled_from(["省级", "city", "区级", "镇"]),
    "limit": st.sampled_from(["15个工作日", "5 hours", "1 working day", "2018-09-30", "5 小时", "soon"]),
    "year": st.one_of(st.integers(1980, 2210), TEXTS), "about": st.sampled_from(["上级", "target", "本级"]),
    "digest": st.sampled_from(["AB" * 32, "ab" * 32, "ab"]),
    "day": st.dates().map(str), "instant": st.datetimes(timezones=st.just(dt.UTC)).map(dt.datetime.isoformat),
}  # fmt: skip


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """A fact of some type with any of its fields; up to two values in it may be nonsense."""
    kind = draw(st.sampled_from(sorted(FACT_TYPES)))
    known = {*FACT_TYPES[kind].fields} - {"type", "effective_on", "effective_at"}
    optional = draw(st.sets(st.sampled_from(sorted(known)), max_size=4))
    names = sorted({*FACT_TYPES[kind].required, *optional})
    odd = draw(st.sets(st.sampled_from(["effective_on", *names]), max_size=2))
    fields = {name: SAMPLES[name][0] for name in names}
    return written(kind, **fields | {name: draw(BY_KIND[FIELDS[name].kind]) for name in sorted(odd)})


@settings(max_examples=300, deadline=None)
@given(facts())
def test_what_is_canonical_stays_as_it_is_and_anything_else_is_refused_in_words(fact: dict[str, Any]) -> None:
    try:
        body = canonical(fact)
    except no.Refusal as refusal:
        sentence = str(refusal)
        assert sentence.startswith(("A ", "There is no ", "Give ")) or " cannot be " in sentence
        return
    assert canonical(body) == body
    assert differences(body, canonical(fact)) == []
    assert fact_of(body, position=1, recorded_at="x").ref == body["ref"]
