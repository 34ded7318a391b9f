"""Which fields mean something on an item and which it cannot do without: kinds, amounts, marks, units, figures."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from tests.aggregates.desk import UNIT, Desk
from tests.aggregates.forms import desk_of, happening

A = "A"
LATE, MISSING = happening(when={"kind": ["迟报", "误报"]}), happening(when={"kind": "漏报"})
FIXED = "已整改"


def full(*rules: dict[str, Any], **keys: Any) -> Desk:  # noqa: ANN401 - any key of a rule
    """A desk with one item from the maximum down."""
    return desk_of({A: {"start": "full", "deduct": [*rules], **keys}})


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize("kind", ["occurrence", "criticism"])
def test_where_every_rule_wants_a_kind_one_that_is_named_must_be_said(kind: str) -> None:
    desk = full(LATE, MISSING)
    sentence = "A needs to know what kind of happening it was: 误报, 迟报, 漏报."
    assert desk.refuses(no.KindUnknown, kind, A) == sentence
    assert desk.refuses(no.KindUnknown, kind, A, kind="瞒报") == sentence
    assert [desk.log(kind, A, kind=name)["kind"] for name in ("迟报", "误报", "漏报")] == ["迟报", "误报", "漏报"]


def test_where_one_rule_hears_every_kind_none_need_be_said() -> None:
    desk = full(LATE, happening())
    assert "kind" not in desk.log("occurrence", A)
    assert desk.log("occurrence", A, kind="迟报")["kind"] == "迟报"
    assert desk.refuses(no.KindUnknown, "occurrence", A, kind="漏报").endswith("it was: 误报, 迟报.")


def test_a_kind_is_asked_of_those_rules_that_hear_such_a_fact() -> None:
    desk = full(MISSING, happening(on="cards"), add=[happening(when={"kind": "获奖"})])
    assert desk.refuses(no.KindUnknown, "praise", A).endswith("it was: 获奖.")
    assert desk.refuses(no.KindUnknown, "praise", A, kind="漏报").endswith("it was: 获奖.")
    assert desk.log("praise", A, kind="获奖")["kind"] == "获奖"
    assert desk.refuses(no.KindUnknown, "criticism", A, kind="获奖").endswith("it was: 漏报.")
    assert desk.refuses(no.KindUnknown, "occurrence", A).endswith("it was: 漏报, 获奖.")
    assert desk.log("occurrence", A, kind="获奖")["kind"] == "获奖"
    assert desk.log("supervision-card", A, problem="标题")["item"] == A


def test_a_kind_means_nothing_where_no_rule_that_hears_the_fact_names_one() -> None:
    desk = full(happening(), add=[happening(when={"kind": "获奖"})])
    sentence = desk.refuses(no.FieldWithoutUse, "criticism", A, kind="获奖")
    assert sentence == "kind means nothing on A (条目); leave it out."
    assert desk.log("occurrence", A, kind="获奖")["kind"] == "获奖"
    assert "kind" not in desk.log("occurrence", A)


def test_a_rule_that_needs_kinds_beside_one_that_hears_them_all() -> None:
    needs = {"each": "year", "price": "2", "needs": {"报送": "3", "约稿": "1"}}
    desk = desk_of({A: {"start": "zero", "add": [needs]}})
    assert desk.refuses(no.KindUnknown, "praise", A).endswith("it was: 报送, 约稿.")
    assert desk.log("praise", A, kind="约稿")["kind"] == "约稿"
    both = desk_of({A: {"start": "zero", "add": [needs, happening()]}})
    assert "kind" not in both.log("praise", A)
    both.refuses(no.KindUnknown, "praise", A, kind="其他")


def test_a_count_of_certain_kinds_wants_one_of_them() -> None:
    worth = {"tiers": [{"from": "0", "points": "0"}, {"from": "2", "points": "10"}]}
    rule = {"start": "count", "kind": ["座谈", "宣讲"], "worth": worth}
    desk = desk_of({A: rule})
    assert desk.refuses(no.KindUnknown, "occurrence", A).endswith("it was: 宣讲, 座谈.")
    desk.refuses(no.KindUnknown, "occurrence", A, kind="漏报")
    assert desk.log("occurrence", A, kind="座谈", count="2")["count"] == 2
    desk = desk_of({A: {**rule, "deduct": [MISSING]}})
    assert desk.refuses(no.KindUnknown, "occurrence", A).endswith("it was: 漏报, 宣讲, 座谈.")
    assert desk.log("occurrence", A, kind="漏报")["kind"] == "漏报"
    assert desk.refuses(no.KindUnknown, "criticism", A, kind="座谈").endswith("it was: 漏报.")
    assert "kind" not in desk_of({A: {**rule, "deduct": [happening()]}}).log("occurrence", A)


def test_a_count_of_everything_hears_facts_without_a_kind() -> None:
    worth = {"tiers": [{"from": "0", "points": "0"}]}
    desk = desk_of({A: {"start": "count", "worth": worth, "deduct": [MISSING]}})
    assert "kind" not in desk.log("occurrence", A)
    desk.refuses(no.KindUnknown, "criticism", A)


def test_forms_are_asked_of_what_is_counted_alone() -> None:
    rule = {"start": "count", "count": "form", "kind": "发布", "worth": {"tiers": [{"from": "0", "points": "0"}]}}
    desk = desk_of({A: {**rule, "deduct": [MISSING]}})
    assert desk.refuses(no.FormMissing, "occurrence", A, kind="发布").endswith("say which form it was.")
    assert desk.log("occurrence", A, kind="发布", form="访谈")["form"] == "访谈"
    assert desk.refuses(no.FieldWithoutUse, "occurrence", A, kind="漏报", form="访谈").startswith("form means nothing")
    assert desk.log("criticism", A, kind="漏报")["item"] == A
    every = desk_of({A: {name: value for name, value in rule.items() if name != "kind"}})
    every.refuses(no.FormMissing, "occurrence", A)
    matters = desk_of({A: {**rule, "count": "matter"}})
    matters.refuses(no.FieldWithoutUse, "occurrence", A, kind="发布", form="访谈")


def test_a_level_is_asked_by_the_rule_that_prices_the_fact() -> None:
    by_level = {"each": "event", "price": {"national": "3", "city": "1"}, "when": {"kind": "通报"}}
    desk = full(by_level, MISSING, add=[{"each": "matter-level", "price": "1", "when": {"kind": "表彰"}}])
    assert desk.refuses(no.LevelMissing, "criticism", A, kind="通报").endswith("the level: say national, city.")
    assert desk.log("criticism", A, kind="通报", level="city")["level"] == "city"
    assert "level" not in desk.log("criticism", A, kind="漏报")
    assert desk.refuses(no.LevelMissing, "praise", A, kind="表彰").endswith("say national, provincial, city, county.")


# ---------------------------------------------------------------- easing


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        (happening("2", on="cards"), ("supervision-card", {"problem": "标题", "matter": "甲事"})),
        ({"on": "amounts", "each": "event", "price": "set"}, ("occurrence", {"amount": "2", "reason": "因"})),
        ({"each": "event", "price": {"city": "2"}}, ("criticism", {"level": "city", "matter": "甲事"})),
    ],
)
def test_a_fact_that_eases_says_its_kind_and_matter_and_none_of_what_prices(
    rule: dict[str, Any], first: tuple[str, dict[str, Any]]
) -> None:
    desk = full({**rule, "eased": [{"kind": FIXED, "to": "50%"}]})
    assert desk.log(first[0], A, **first[1])["item"] == A
    assert desk.log("occurrence", A, kind=FIXED, matter="甲事")["kind"] == FIXED
    sentence = desk.refuses(no.FieldMissing, "occurrence", A, kind=FIXED)
    assert sentence == "A occurrence needs matter. Give it and log the fact again."
    desk.refuses(no.FieldWithoutUse, "occurrence", A, kind=FIXED, matter="甲事", amount="1", reason="因")
    assert desk.refuses(no.KindUnknown, "occurrence", A, kind="其他", level="city").endswith(f"it was: {FIXED}.")


def test_where_only_cards_are_heard_an_occurrence_is_one_that_eases() -> None:
    desk = full(happening(on="cards", eased=[{"kind": FIXED, "to": "0"}]))
    assert desk.refuses(no.KindUnknown, "occurrence", A, matter="甲事").endswith(f"it was: {FIXED}.")
    assert desk.refuses(no.WrongPairing, "criticism", A, kind=FIXED).startswith("A criticism does not fit A")


def test_a_kind_that_eases_one_rule_and_is_priced_by_another_needs_no_matter() -> None:
    desk = full(happening(eased=[{"kind": FIXED, "to": "0"}]), add=[happening(when={"kind": FIXED})])
    assert "matter" not in desk.log("praise", A, kind=FIXED)
    desk.refuses(no.FieldMissing, "criticism", A, kind=FIXED)
    assert "kind" not in desk.log("criticism", A)


# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize("side", ["deduct", "add"])
def test_an_amount_lies_within_the_range_that_is_printed(side: str) -> None:
    priced = {"on": "amounts", "each": "event", "price": {"from": "0.5", "to": "3"}}
    desk = desk_of({A: {"start": "grade", side: [priced]}})
    for amount in ("0.5", "2.25", "3"):
        assert desk.log("occurrence", A, amount=amount, reason="因")["amount"] == amount
    for amount in ("0.49", "3.01"):
        sentence = desk.refuses(no.AmountOutOfRange, "occurrence", A, amount=amount, reason="因")
        assert sentence == f"On A (条目) the assessor sets from 0.5 to 3, not {amount}."
    for fields in ({"amount": "1"}, {"reason": "因"}, {"amount": "1", "reason": "因", "count": "2"}):
        desk.refuses(no.AmountNeeded, "occurrence", A, **fields)


def test_a_range_is_that_of_the_rule_of_the_kind() -> None:
    small = {"on": "amounts", "each": "event", "price": {"from": "1", "to": "2"}, "when": {"kind": "一般"}}
    large = {"on": "amounts", "each": "event", "price": {"from": "3", "to": "5"}, "when": {"kind": "严重"}}
    desk = full(small, large, MISSING)
    assert desk.log("occurrence", A, kind="严重", amount="5", reason="因")["amount"] == "5"
    assert "from 1 to 2, not 5" in desk.refuses(
        no.AmountOutOfRange, "occurrence", A, kind="一般", amount="5", reason="因"
    )
    desk.refuses(no.FieldWithoutUse, "occurrence", A, kind="漏报", amount="1", reason="因")
    desk.refuses(no.FieldWithoutUse, "criticism", A, kind="漏报", amount=None, form=None, sub_unit="乙所")


def test_an_amount_on_a_bonus_rule_keeps_to_its_range() -> None:
    desk = desk_of(bonus={"R": {"on": "amounts", "each": "matter", "price": {"from": "1", "to": "5"}}})
    assert desk.log("occurrence", "R", amount="5", reason="因")["amount"] == "5"
    desk.refuses(no.AmountOutOfRange, "occurrence", "R", amount="6", reason="因")


# ---------------------------------------------------------------- marks


def test_a_mark_may_be_out_of_another_number_than_the_maximum() -> None:
    desk = desk_of({A: {"start": "grade", "scale": "100"}})
    assert desk.log("grade", A, points="100")["points"] == "100"
    assert "allows 0 to 100, at most 2" in desk.refuses(no.GradeNotAllowed, "grade", A, points="100.01")
    assert "allows 0 to 5," in desk_of({A: {"start": "grade", "scale": "5"}}).refuses(
        no.GradeNotAllowed, "grade", A, points="6"
    )


def test_a_mark_that_rests_on_a_document_names_it() -> None:
    desk = desk_of({A: {"start": "grade", "source": "required"}})
    sentence = desk.refuses(no.SourceNeeded, "grade", A, points="8")
    assert sentence.startswith("This grade on A (条目) needs its source: the number of the document")
    assert desk.log("grade", A, points="8", source="通报3号")["source"] == "通报3号"
    assert "source" not in desk_of({A: {"start": "grade"}}).log("grade", A, points="8")


def test_where_sub_units_are_marked_the_mark_says_which() -> None:
    desk = desk_of({A: {"start": "grade", "over": "sub-units"}, "B": {"start": "grade"}})
    sentence = desk.refuses(no.SubUnitNeeded, "grade", A, points="8")
    assert sentence == "On A (条目) each sub-unit is graded: say in sub_unit which one."
    assert desk.log("grade", A, points="8", sub_unit="乙所")["sub_unit"] == "乙所"
    assert desk.log("occurrence", A, sub_unit="乙所")["sub_unit"] == "乙所"
    sentence = desk.refuses(no.FieldWithoutUse, "grade", "B", points="8", sub_unit="乙所")
    assert sentence == "sub_unit means nothing on B (条目); leave it out."


# ---------------------------------------------------------------- units


def test_a_sub_unit_is_named_where_prices_are_shared_by_them() -> None:
    desk = full(happening(over="sub-units", when={"kind": "漏报"}), LATE)
    assert desk.log("criticism", A, kind="漏报", sub_unit="乙所")["sub_unit"] == "乙所"
    assert "sub_unit" not in desk.log("criticism", A, kind="漏报")
    desk.refuses(no.FieldWithoutUse, "criticism", A, kind="迟报", sub_unit="乙所")


CARD, CAME = {"problem": "标题"}, {"key": "m", "limit": "3 working days"}


@pytest.mark.parametrize(
    ("on", "kind", "fields"),
    [
        ("happenings", "occurrence", {}), ("happenings", "criticism", {}), ("happenings", "deadline-missed", {}),
        ("happenings", "deadline-opened", {"key": "d", "limit": "5 working days"}),
        ("cards", "supervision-card", CARD), ("messages", "netizen-message", CAME), ("messages", "reply-timeout", {}),
        ("kept", "deadline-opened", CAME), ("praise", "praise", {}), ("praise", "occurrence", {}),
        ("amounts", "occurrence", {"amount": "1", "reason": "因"}),
    ],
)  # fmt: skip
def test_another_unit_is_named_where_a_rule_moves_its_points(on: str, kind: str, fields: dict[str, Any]) -> None:
    rule = happening("set" if on == "amounts" else "1", on=on)
    other = desk_of({A: {"start": "grade", "add": [rule, {**rule, "whom": "other"}]}})
    assert other.log(kind, A, other_unit="乙局", **fields)["other_unit"] == "乙局"
    own = desk_of({A: {"start": "grade", "add": [rule]}})
    sentence = own.refuses(no.FieldWithoutUse, kind, A, other_unit="乙局", **fields)
    assert sentence == "other_unit means nothing on A (条目); leave it out."
    assert "other_unit" not in own.log(kind, A, **fields)


def test_a_message_answered_in_time_may_move_another_units_points() -> None:
    rule = {"start": "grade", "deduct": [happening(on="messages")], "add": [happening(on="kept", whom="other")]}
    assert desk_of({A: rule}).log("netizen-message", A, other_unit="乙局", **CAME)["other_unit"] == "乙局"


def test_another_unit_is_named_where_the_rule_of_the_kind_moves_its_points_or_eases_them() -> None:
    other = happening(whom="other", when={"kind": "配合不力"}, eased=[{"kind": FIXED, "to": "0"}])
    desk = full(other, MISSING)
    assert desk.log("occurrence", A, kind="配合不力", other_unit="乙局")["other_unit"] == "乙局"
    assert desk.log("occurrence", A, kind=FIXED, matter="甲事", other_unit="乙局")["other_unit"] == "乙局"
    desk.refuses(no.FieldWithoutUse, "occurrence", A, kind="漏报", other_unit="乙局")
    rule = desk_of(deduction={"R": happening(whom="other")})
    assert rule.log("criticism", "R", other_unit=UNIT)["other_unit"] == UNIT


# ---------------------------------------------------------------- figures that are compared with


def metric(line: str, **keys: Any) -> Desk:  # noqa: ANN401 - any key of a rule
    """A desk with one item by a figure above a line."""
    return desk_of({A: {"start": "metric", "worth": {"above": line, "per": "1"}, **keys}})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("previous", [{"for_year": 2019}]), ("50% of previous", [{"for_year": "2019年"}]),
        ("3 years", [{"for_year": 2019}, {"for_year": 2018}, {"for_year": 2017}]),
        ("parent", [{"about": "上级"}]), ("90% of target", [{"about": "target"}]),
    ],
)  # fmt: skip
def test_a_figure_that_the_line_reads_is_taken_with_its_source(line: str, said: list[dict[str, Any]]) -> None:
    desk = metric(line)
    for fields in said:
        assert desk.log("metric", A, value="12.5", source="年鉴", **fields)["value"] == "12.5"
        assert desk.log("metric", A, "2019-03-01", numerator="1", denominator="3", source="年鉴", **fields)["item"] == A
        sentence = desk.refuses(no.SourceNeeded, "metric", A, value="12.5", **fields)
        assert sentence.startswith("This metric on A (条目) needs its source:")
        sentence = desk.refuses(no.FigureNotAllowed, "metric", A, previous="1", current="2", source="年鉴", **fields)
        assert sentence.endswith("cannot be 2: a value, or a numerator and a denominator, is expected.")
    assert "source" not in desk.log("metric", A, value="13")


@pytest.mark.parametrize(
    ("line", "fields", "read"),
    [
        ("previous", {"for_year": 2018}, "for_year 2019"), ("previous", {"for_year": 2020}, "for_year 2019"),
        ("previous", {"about": "parent"}, "for_year 2019"),
        ("2 years", {"for_year": 2017}, "for_year 2019 / for_year 2018"),
        ("parent", {"about": "target"}, "about parent"), ("target", {"about": "sub-units"}, "about target"),
        ("target", {"about": "target", "for_year": 2019}, "about target"),
        ("previous", {"about": "target", "for_year": 2019}, "for_year 2019"),
    ],
)  # fmt: skip
def test_a_figure_that_the_line_does_not_read_is_refused_with_those_it_does(
    line: str, fields: dict[str, Any], read: str
) -> None:
    sentence = metric(line).refuses(no.ReferenceWithoutUse, "metric", A, value="1", source="年鉴", **fields)
    assert sentence.startswith("A (条目) is not compared with a figure of ")
    assert sentence.endswith(f"; what it reads is one of: {read}.")


@pytest.mark.parametrize("line", ["5", "mean", "50% of mean"])
@pytest.mark.parametrize("fields", [{"for_year": 2019}, {"about": "sub-units"}])
def test_where_no_such_figure_is_read_it_means_nothing(line: str, fields: dict[str, Any]) -> None:
    sentence = metric(line).refuses(no.FieldWithoutUse, "metric", A, value="1", source="年鉴", **fields)
    assert sentence == f"{next(iter(fields))} means nothing on A (条目); leave it out."


def test_a_figure_compared_with_may_be_dated_before_the_year_or_after() -> None:
    for day in ("2018-12-31", "2020-06-30", "2021-02-01"):
        assert metric("parent").log("metric", A, day, value="1", about="parent", source="年鉴")["effective_on"] == day


def test_the_year_before_may_come_with_the_figure_itself() -> None:
    desk = metric("previous")
    assert desk.log("metric", A, previous="10", current="12")["previous"] == "10"
    metric("parent").refuses(no.FigureNotAllowed, "metric", A, previous="10", current="12")
    positive = metric("previous", reads="positive")
    sentence = positive.refuses(no.FigureNotAllowed, "metric", A, previous="10", current="0.5")
    assert sentence == "The figure on A cannot be 0.5: a whole number of at least 1 is expected."


@pytest.mark.parametrize(
    ("reads", "good", "bad", "expected"),
    [
        ("share", ["1", "85%"], ["1.01", "85"], "a share of at most 100% is expected (write 85 percent as 85% or"),
        ("whole", ["0", "12"], ["0.5"], "a whole number is expected."),
        ("positive", ["1", "12"], ["0", "1.5"], "a whole number of at least 1 is expected."),
        ("number", ["0", "0.5", "85"], [], ""),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_a_figure_is_of_the_sort_that_the_rule_reads(
    reads: str, good: list[str], bad: list[str], expected: str, *, beside: bool
) -> None:
    rule = {"start": "metric", "worth": {"above": "parent", "per": "1"}, "reads": reads}
    desk = desk_of(deduction={A: rule}) if beside else desk_of({A: rule})
    assert [desk.log("metric", A, value=value)["item"] for value in good] == [A] * len(good)
    for value in bad:
        assert expected in desk.refuses(no.FigureNotAllowed, "metric", A, value=value)
    assert "or a numerator and" in desk.refuses(no.FigureNotAllowed, "metric", A, previous="1", current="2")
    for value in ("0.5", "100%"):
        assert desk.log("metric", A, value=value, about="parent", source="年鉴")["about"] == "parent"
    if reads == "share":
        assert expected in desk.refuses(no.FigureNotAllowed, "metric", A, value="85", about="parent", source="年鉴")
    else:
        assert desk.log("metric", A, value="85", about="parent", source="年鉴")["value"] == "85"


def test_on_a_rule_about_the_mean_a_plain_value_is_expected_unless_it_reads_a_share() -> None:
    worth = {"below": "50% of mean", "per": "1", "each": "once"}
    fields = {"numerator": "1", "denominator": "2"}
    plain = desk_of(deduction={A: {"start": "metric", "worth": worth}})
    assert plain.refuses(no.FigureNotAllowed, "metric", A, **fields).endswith(": a plain value is expected.")
    assert plain.log("metric", A, value="3")["value"] == "3"
    share = desk_of(deduction={A: {"start": "metric", "worth": worth, "reads": "share"}})
    assert share.log("metric", A, **fields)["denominator"] == "2"
    item = metric("mean")
    assert item.log("metric", A, **fields)["denominator"] == "2"


@pytest.mark.parametrize("worth", [{"places": ["10", "8"]}, {"top": [{"share": "20%", "points": "10"}]}])
def test_a_figure_that_gives_a_place_is_any_figure_that_is_one_number(worth: dict[str, Any]) -> None:
    rule = {"start": "rank", "worth": worth}
    for desk in (desk_of({A: rule}), desk_of(bonus={A: rule})):
        for fields in ({"value": "0"}, {"value": "120.5"}, {"numerator": "3", "denominator": "2"}):
            assert desk.log("metric", A, **fields)["item"] == A
        assert "a value, or a numerator" in desk.refuses(no.FigureNotAllowed, "metric", A, previous="1", current="2")
        desk.refuses(no.FieldWithoutUse, "metric", A, value="1", for_year=2019)


def test_the_number_of_sub_units_is_whole_and_from_one_on() -> None:
    for desk in (full(happening(over="sub-units")), desk_of({A: {"start": "grade", "over": "sub-units"}})):
        assert desk.log("metric", A, value="7", about="下属单位数", source="编制表")["about"] == "sub-units"
        for value in ("0", "1.5"):
            sentence = desk.refuses(no.FigureNotAllowed, "metric", A, value=value, about="sub-units", source="编制表")
            assert sentence == f"The figure on A cannot be {value}: a whole number of at least 1 is expected."
    beside = desk_of(deduction={A: happening(over="sub-units")})
    assert beside.log("metric", A, value="1", about="sub-units", source="编制表")["value"] == "1"
    assert metric("5", deduct=[happening(over="sub-units")]).log(
        "metric", A, value="2", about="sub-units", source="编制表"
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"start": "full", "deduct": [happening(over="sub-units")]},
        {"start": "grade", "over": "sub-units", "deduct": [happening()]},
        {"start": "rank", "of": ["B"], "worth": {"places": ["1"]}, "deduct": [happening(over="sub-units")]},
    ],
)
def test_where_only_the_number_of_sub_units_is_read_a_figure_of_its_own_is_refused(rule: dict[str, Any]) -> None:
    sentence = desk_of({A: rule}).refuses(no.OwnFigureWithoutUse, "metric", A, value="1")
    assert sentence == "A (条目) has no figure of its own; what it reads is one of: about sub-units."


def test_beside_a_mark_any_plain_figure_is_evidence_and_no_other() -> None:
    desk = desk_of({A: {"start": "grade"}})
    assert desk.log("metric", A, previous="1", current="2")["current"] == "2"
    assert desk.log("checklist", A, met="99")["met"] == 99
    desk.refuses(no.FieldWithoutUse, "metric", A, value="1", about="parent", source="年鉴")
    averaged = desk_of({A: {"start": "grade", "over": "sub-units"}})
    assert averaged.log("metric", A, value="0.3")["value"] == "0.3"
    assert averaged.log("checklist", A, missing="1")["missing"] == 1


def test_what_a_unit_says_of_itself_lies_within_what_the_item_is_worth() -> None:
    desk = Desk("hebei-stats-2018")
    assert desk.log("self-assessment", "H13b", points="0.4")["points"] == "0.4"  # no mark that an assessor may give
    sentence = desk.refuses(no.GradeNotAllowed, "self-assessment", "H13b", points="0.6")
    assert "0 to 0.5" in sentence
