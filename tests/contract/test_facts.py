"""What a fact may say: types and fields, which item takes it, the three forms of files, what the fields mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest

from tests.contract.office import (
    BEILUN,
    CITIES,
    COUNTIES,
    DOCS,
    HEBEI,
    LUANCHENG,
    Fact,
    Office,
    Where,
    day,
    fact,
)

Opener = Callable[..., Office]
COMMON: Final = {"matter": "事项甲", "recorded_by": "张三", "source": "文〔2018〕1号", "note": "备注一句"}


class Sample(NamedTuple):
    """A type of fact on an item that takes it: what it needs, what it may say beside."""

    where: Where
    kind: str
    item: str | None
    required: Fact
    optional: Fact
    before: tuple[Fact, ...] = ()


MESSAGE: Final = {"type": "netizen-message", "item": "H21", "key": "k0"}
OPENED: Final = {"type": "deadline-opened", "item": "H14a", "key": "k0", "limit": "2 working days"}
HAPPENED: Final = {"type": "occurrence", "item": "H32", "ref": "e0"}
WORDS: Final = {"justified": False, "serious": True}
SAMPLES: Final = (
    Sample(HEBEI, "supervision-card", "H19", {"problem": "链接失效"}, {}),
    Sample(HEBEI, "netizen-message", "H21", {"key": "k1"}, {"limit": "5 working days"}),
    Sample(HEBEI, "netizen-reply", None, {"key": "k0"}, WORDS, (MESSAGE,)),
    Sample(HEBEI, "reply-timeout", "H21", {}, {"count": 2, "message": "k7", **WORDS}),
    Sample(HEBEI, "reply-timeout", "H21", {}, {"key": "k9", **WORDS}),
    Sample(HEBEI, "deadline-opened", "H14a", {"key": "k1", "limit": "2018-03-05"}, {}),
    Sample(HEBEI, "deadline-met", None, {"key": "k0"}, WORDS, (OPENED,)),
    Sample(HEBEI, "deadline-missed", "H14a", {}, {"count": 2, "message": "k7", **WORDS}),
    Sample(HEBEI, "deadline-missed", "H14a", {}, {"key": "k9"}),
    Sample(CITIES, "praise", "NC-P3", {}, {"level": "provincial", "count": 2}),
    Sample(LUANCHENG, "criticism", "L17", {}, {"level": "city", "count": 2}),
    Sample(DOCS, "occurrence", "DP03", {}, {"count": 2, "level": "city", "message": "k7", "reason": "写明", **WORDS}),
    Sample(LUANCHENG, "occurrence", "L22", {"amount": "0.5", "reason": "迟报"}, {}),
    Sample(CITIES, "occurrence", "NC-P1", {"kind": "report"}, {"count": 12}),
    Sample(CITIES, "occurrence", "NC-P1", {"kind": "commission-done"}, {}),
    Sample(BEILUN, "occurrence", "B-P2", {"kind": "press-conference-with-feature"}, {}),
    Sample(BEILUN, "occurrence", "B-P2", {"kind": "briefing-with-feature"}, {}),
    Sample(HEBEI, "occurrence", "H13i", {"form": "新闻发布会"}, {}),
    Sample(HEBEI, "grade", "H01", {"points": "1.5"}, {"by": "省政府办公厅", "reason": "抽查"}),
    Sample(HEBEI, "metric", "H26a", {"value": "80%"}, {"threshold": "70%"}),
    Sample(HEBEI, "metric", "H26a", {"numerator": "4", "denominator": "5"}, {}),
    Sample(DOCS, "metric", "DP09", {"previous": "100", "current": "85"}, {}),
    Sample(HEBEI, "checklist", "H33", {"met": 2}, {}),
    Sample(HEBEI, "checklist", "H33", {"missing": 1}, {}),
    Sample(HEBEI, "confirmation", "H36", {}, {}),
    Sample(HEBEI, "not-applicable", "H01", {}, {}),
    Sample(COUNTIES, "fraud", None, {}, {"reason": "核查属实"}),
    Sample(HEBEI, "retraction", None, {"of": "e0"}, {"reason": "误记"}, (HAPPENED,)),
    Sample(HEBEI, "duplicate-ruling", None, {"of": "e0"}, {"reason": "同一件事"}, (HAPPENED,)),
)
OWN: Final = {
    *("item", "problem", "level", "count", "points", "amount", "reason", "key", "limit", "value", "numerator"),
    *("denominator", "previous", "current", "threshold", "met", "missing", "of", "kind", "form", "message"),
    *("justified", "serious", "by"),
}
KNOWN: Final = {
    "supervision-card": {"item", "problem"},
    "netizen-message": {"item", "key", "limit"},
    "netizen-reply": {"key", "justified", "serious"},
    "reply-timeout": {"item", "key", "count", "message", "justified", "serious"},
    "deadline-opened": {"item", "key", "limit"},
    "deadline-met": {"key", "justified", "serious"},
    "deadline-missed": {"item", "key", "count", "message", "justified", "serious"},
    "praise": {"item", "level", "count"},
    "criticism": {"item", "level", "count"},
    "occurrence": {
        *("item", "count", "level", "kind", "form", "message", "amount", "reason", "justified", "serious"),
    },
    "grade": {"item", "points", "by", "reason"},
    "metric": {"item", "value", "numerator", "denominator", "previous", "current", "threshold"},
    "checklist": {"item", "met", "missing"},
    "confirmation": {"item"},
    "not-applicable": {"item"},
    "fraud": {"reason"},
    "retraction": {"of", "reason"},
    "duplicate-ruling": {"of", "reason"},
}
"""The fields of its own that each type knows, as the contract's table has them (`matter` fits every type)."""

PLAUSIBLE: Final = {
    "item": "H01",
    "problem": "链接失效",
    "level": "city",
    "count": 1,
    "points": "1",
    "amount": "1",
    "reason": "写明",
    "key": "k5",
    "limit": "5 hours",
    "value": "1",
    "numerator": "1",
    "denominator": "2",
    "previous": "1",
    "current": "1",
    "threshold": "1",
    "met": 1,
    "missing": 1,
    "of": "e0",
    "kind": "report",
    "form": "发布会",
    "message": "k5",
    "justified": True,
    "serious": True,
    "by": "某人",
}


def of_sample(sample: Sample, **more: Any) -> Fact:  # noqa: ANN401 - values of fields
    """The fact of a sample, with more or other fields."""
    made = fact(sample.kind, sample.where[1], day(sample.where, 2), sample.item)
    return made | sample.required | more


def opened_for(sample: Sample, office: Opener) -> Office:
    """An office where what the sample speaks of has happened."""
    desk = office(*sample.where)
    if sample.before:
        desk.take(*(fact("", sample.where[1], day(sample.where)) | told for told in sample.before))
    return desk


def named(sample: Sample) -> str:
    return f"{sample.kind}-{sample.item or ''}-{'+'.join(sample.required)}"


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_type_takes_its_fields_and_the_common_ones(office: Opener, sample: Sample) -> None:
    opened_for(sample, office).take(of_sample(sample))
    opened_for(sample, office).take(of_sample(sample, **sample.optional, **COMMON))


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_type_needs_its_required_fields(office: Opener, sample: Sample) -> None:
    desk = opened_for(sample, office)
    needed = ("ref", "unit", "type", "effective_on", *(("item",) if sample.item else ()), *sample.required)
    absent = [{name: value for name, value in of_sample(sample).items() if name != left_out} for left_out in needed]
    empty = [of_sample(sample, unit=nothing) for nothing in (None, "", "  ")]
    desk.refuse_all(*absent, *empty)


@pytest.mark.parametrize("kind", KNOWN)
def test_a_field_that_a_type_does_not_know_is_refused(office: Opener, kind: str) -> None:
    sample = next(sample for sample in SAMPLES if sample.kind == kind)
    desk = opened_for(sample, office)
    strangers = [*sorted(OWN - KNOWN[kind]), "colour", "scanned", "due"]
    refused = desk.refuse_all(*(of_sample(sample, **{name: PLAUSIBLE.get(name, "1")}) for name in strangers))
    for name, row in zip(strangers, refused, strict=True):
        assert name in row["message"]


def test_the_table_of_types_is_the_contracts(office: Opener) -> None:
    desk = office(*HEBEI)
    row = desk.refuse(fact("nonsense", HEBEI[1], day(HEBEI), "H01"))
    assert "nonsense" in row["message"]
    assert {sample.kind for sample in SAMPLES} == set(KNOWN)


def test_the_day_or_the_instant_never_both_and_never_neither(office: Opener) -> None:
    desk = office(*HEBEI)
    both = fact("occurrence", HEBEI[1], "2018-03-01", "H32", effective_at="2018-03-01T09:00:00+08:00")
    desk.refuse(both)
    del both["effective_on"]
    desk.take(both)
    desk.refuse(fact("occurrence", HEBEI[1], "2018-03-01T09:00:00", "H32"))


def test_an_instant_is_dated_in_beijing_time(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("occurrence", HEBEI[1], "2018-03-31T17:00:00Z", "H32"))
    score = desk.score(HEBEI[1])
    assert score["deducted_by_quarter"]["Q2"] == "0.5"
    assert desk.ask("replay", HEBEI[1])["entries"][0]["effective_on"] == "2018-04-01"


def test_it_happened_not_after_it_was_recorded(office: Opener) -> None:
    desk = office(*HEBEI)
    now = "2018-03-01T09:00:00+08:00"
    desk.refuse(fact("occurrence", HEBEI[1], "2018-03-02", "H32"), now=now)
    desk.refuse(fact("occurrence", HEBEI[1], "2018-03-01T09:00:01+08:00", "H32"), now=now)
    desk.take(
        fact("occurrence", HEBEI[1], "2018-03-01", "H32"),
        fact("occurrence", HEBEI[1], "2018-03-01T09:00:00+08:00", "H32"),
        now=now,
    )


def test_recorded_at_in_a_simulated_store_is_that_of_the_row(office: Opener) -> None:
    desk = office(*HEBEI)
    times = ["2018-04-01T09:00:00+08:00", "2018-04-01T09:00:00+08:00", "2018-04-02T00:30:00Z"]
    rows = [fact("occurrence", HEBEI[1], "2018-03-01", "H32", recorded_at=time) for time in times]
    assert desk.gk("log", "-", *desk.named, stdin="".join(line_of(row) for row in rows)).status == 0
    recorded = [row["recorded_at"] for row in desk.ask("replay", HEBEI[1])["entries"]]
    assert recorded == [*times[:2], "2018-04-02T08:30:00+08:00"]


def line_of(row: Fact) -> str:
    import json

    return json.dumps(row, ensure_ascii=False) + "\n"


# ---------------------------------------------------------------- the same content again


SAME: Final = (
    (HEBEI, "grade", "H01", {"points": "1.5"}, {"points": "1.50"}),
    (HEBEI, "grade", "H01", {"points": "1"}, {"points": 1}),
    (HEBEI, "grade", "H01", {"points": "1.5"}, {"points": 1.5}),
    (HEBEI, "metric", "H26a", {"value": "0.8"}, {"value": "80%"}),
    (HEBEI, "metric", "H26a", {"value": "0.8"}, {"value": "80.0%"}),
    (HEBEI, "metric", "H26a", {"numerator": "4", "denominator": "5"}, {"numerator": "4.0", "denominator": 5}),
    (HEBEI, "metric", "H28a", {"value": "0.8", "threshold": "0.7"}, {"value": "0.80", "threshold": "70%"}),
    (DOCS, "metric", "DP09", {"previous": "100", "current": "85"}, {"previous": "100.00", "current": 85}),
    (HEBEI, "checklist", "H33", {"met": 2}, {"met": "2"}),
    (LUANCHENG, "occurrence", "L22", {"amount": "0.5", "reason": "迟报"}, {"amount": "0.500", "reason": "迟报"}),
    (HEBEI, "occurrence", "H32", {"count": 2}, {"count": "2"}),
    (HEBEI, "supervision-card", "H19", {"problem": "链接失效"}, {"problem": ["链接失效"]}),
    (DOCS, "occurrence", "DP03", {"justified": False}, {"justified": "否"}),
    (CITIES, "occurrence", "NC-M1", {"level": "provincial"}, {"level": "省级"}),
    (HEBEI, "netizen-message", "H21", {"key": "k1"}, {"key": "k1", "note": None}),
)


@pytest.mark.parametrize(("where", "kind", "item", "first", "second"), SAME, ids=lambda value: str(value)[:40])
def test_the_same_ref_with_the_same_content_is_already_recorded(
    office: Opener, where: Where, kind: str, item: str, first: Fact, second: Fact
) -> None:
    desk = office(*where)
    told = fact(kind, where[1], day(where), item)
    desk.take(told | first)
    before = desk.gk.events()
    again = desk.log(told | second)
    assert (again.status, again.json["already_recorded"]) == (0, [told["ref"]]), again.json["refused"]
    assert again.json["recorded"] == []
    assert desk.gk.events() == before


def test_already_recorded_ignores_recorded_at(office: Opener) -> None:
    desk = office(*HEBEI)
    told = fact("occurrence", HEBEI[1], "2018-03-01", "H32", recorded_at="2018-03-02T09:00:00+08:00")
    assert desk.gk("log", "-", *desk.named, stdin=line_of(told)).status == 0
    for when in ("2018-03-03T09:00:00+08:00", "2018-03-01T09:00:00+08:00"):
        again = desk.gk("log", "-", *desk.named, "--json", stdin=line_of(told | {"recorded_at": when}))
        assert (again.status, again.json["already_recorded"]) == (0, [told["ref"]])


def test_already_recorded_twice_in_one_file(office: Opener) -> None:
    desk = office(*HEBEI)
    told = fact("occurrence", HEBEI[1], "2018-03-01", "H32")
    logged = desk.log(told, told)
    assert (len(logged.json["recorded"]), logged.json["already_recorded"]) == (1, [told["ref"]])


@pytest.mark.parametrize(
    "change",
    [
        {"count": 2},
        {"note": "另一句"},
        {"effective_on": "2018-03-02"},
        {"item": "H25a"},
        {"type": "criticism"},
        {"recorded_by": "李四"},
    ],
    ids=str,
)
def test_the_same_ref_with_other_content_is_refused(office: Opener, change: Fact) -> None:
    desk = office(*HEBEI)
    told = fact("occurrence", HEBEI[1], "2018-03-01", "H32")
    desk.take(told)
    row = desk.refuse(told | change)
    assert row["ref"] == told["ref"]
    assert told["ref"] in row["message"]


def test_a_ref_is_unique_in_the_whole_store(office: Opener) -> None:
    desk = office("luancheng-2020", "栾城镇", "区财政局")
    told = fact("grade", "栾城镇", "2020-03-01", "L01", points="3")
    desk.take(told)
    desk.refuse(told | {"unit": "区财政局"})
    words = ("scheme", "adopt", "hunan-cities-2017", "--year", "2021", "--unit", "栾城镇")
    assert desk.gk(*words, now="2021-01-01").status == 0
    other = Office(desk.gk, "hunan-cities-2017", 2021)
    other.refuse(fact("grade", "栾城镇", "2021-01-01", "NC01", points="1") | {"ref": told["ref"]})


# ---------------------------------------------------------------- which item takes which fact


PAIRS: Final = (
    # grade, grade from a list: a mark; happenings, figures and limits as evidence
    (HEBEI, "H01", "grade occurrence criticism praise supervision-card netizen-message reply-timeout", "confirmation"),
    (HEBEI, "H01", "deadline-opened deadline-missed metric checklist not-applicable", "confirmation"),
    (HEBEI, "H13b", "grade occurrence not-applicable", "confirmation"),
    (COUNTIES, "SC01", "grade occurrence metric deadline-missed not-applicable", "confirmation"),
    # grade minus events
    (LUANCHENG, "L17", "grade occurrence criticism deadline-opened deadline-missed not-applicable",
     "praise metric checklist confirmation"),
    # deductions by event, matter, year, cards, messages
    (HEBEI, "H14a", "occurrence criticism deadline-opened deadline-missed not-applicable",
     "grade praise metric checklist confirmation"),
    (HEBEI, "H32", "occurrence criticism deadline-missed not-applicable", "grade praise metric"),
    (DOCS, "DP01", "occurrence criticism deadline-missed not-applicable", "grade praise supervision-card"),
    (HEBEI, "H19", "supervision-card deadline-opened deadline-missed not-applicable",
     "occurrence criticism grade praise netizen-message reply-timeout"),
    (HEBEI, "H21", "netizen-message reply-timeout deadline-opened deadline-missed not-applicable",
     "occurrence criticism grade supervision-card"),
    (CITIES, "NC-M1", "occurrence criticism not-applicable", "praise grade metric"),
    (BEILUN, "B-D1", "occurrence criticism deadline-missed not-applicable", "praise grade metric"),
    # amount set by the assessor
    (LUANCHENG, "L22", "occurrence not-applicable", "grade praise metric"),
    # bonuses
    (CITIES, "NC-P3", "occurrence praise not-applicable", "criticism grade metric supervision-card"),
    (BEILUN, "B-P1", "occurrence praise not-applicable", "criticism grade metric"),
    # by metric, by checklist, by count
    (HEBEI, "H26a", "metric grade not-applicable", "checklist occurrence criticism confirmation"),
    (BEILUN, "B-D3", "metric not-applicable", "grade occurrence checklist"),
    (HEBEI, "H33", "checklist grade not-applicable", "metric occurrence criticism confirmation"),
    (HEBEI, "H36", "occurrence confirmation grade not-applicable", "metric checklist criticism praise"),
    # a pointer to another item
    (COUNTIES, "SC15", "", "grade occurrence metric checklist confirmation not-applicable praise criticism"),
)  # fmt: skip
NEEDED: Final[dict[str, Fact]] = {
    "grade": {"points": "0"},
    "supervision-card": {"problem": "链接失效"},
    "netizen-message": {"key": "k1", "limit": "3 working days"},
    "deadline-opened": {"key": "k2", "limit": "3 working days"},
    "checklist": {"met": 1},
    "metric": {"value": "0.5"},
}


def paired(where: Where, item: str, kind: str) -> Fact:
    """A fact of a type on an item, saying all that the item's rule could need."""
    told = fact(kind, where[1], day(where, 2), item) | NEEDED.get(kind, {})
    if item == "L22" and kind == "occurrence":
        told |= {"amount": "1", "reason": "迟报"}
    if kind in {"occurrence", "criticism", "praise"} and item in {"NC-M1", "B-P1", "L17"}:
        told |= {"level": "provincial"}
    return told


@pytest.mark.parametrize(("where", "item", "takes", "refuses"), PAIRS, ids=[" ".join(pair[1:3])[:30] for pair in PAIRS])
def test_which_item_takes_which_fact(office: Opener, where: Where, item: str, takes: str, refuses: str) -> None:
    desk = office(*where)
    if takes:
        tried = desk.log(*(paired(where, item, kind) for kind in takes.split()), options=("--dry-run",))
        assert tried.status == 0, tried.json["refused"]
    for row in desk.refuse_all(*(paired(where, item, kind) for kind in refuses.split())):
        assert item in row["message"]


@pytest.mark.parametrize("where", [HEBEI, LUANCHENG, CITIES, DOCS, BEILUN], ids=lambda where: where[0])
def test_fraud_fits_only_a_scheme_with_a_zero_out_rule(office: Opener, where: Where) -> None:
    office(*where).refuse(fact("fraud", where[1], day(where)))


def test_evidence_on_a_graded_item_never_changes_its_score(office: Opener) -> None:
    desk = office(*HEBEI)
    mark = fact("grade", HEBEI[1], "2018-02-01", "H01", points="1.5")
    desk.take(mark)
    before = desk.score(HEBEI[1])
    kinds = ("occurrence", "criticism", "praise", "supervision-card", "reply-timeout", "metric", "checklist")
    desk.take(*(paired(HEBEI, "H01", kind) for kind in kinds))
    duty = fact("deadline-opened", HEBEI[1], "2018-03-01", "H01", key="d", limit="10 working days")
    desk.take(duty, fact("deadline-met", HEBEI[1], "2018-05-01", key="d"))
    after = desk.score(HEBEI[1])
    assert after["deadlines"]["d"] == {"item": "H01", "due": "2018-03-15", "state": "missed"}
    keys = ("items", "low", "high", "deducted_by_quarter", "deduction")
    assert {key: after[key] for key in keys} == {key: before[key] for key in keys}
