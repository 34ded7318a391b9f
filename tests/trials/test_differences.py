"""What one scheme has otherwise than another: for whom, and by how many points."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from gkevents.schemes import catalog
from gkevents.schemes.reading import read
from gkevents.trials.differences import Change, Whom, differences, filled, with_overlay
from gkevents.trials.pairs import in_other_order, pairs_of
from gkevents.trials.shifts import Shift, alike, shifts_of

SCHEME = """
scheme: draft-2020
family: draft
title: 样例方案
issuer: 某办公室
year: 2020
base_total: 12
points: printed
total: {convert: 50%}
variants: [乡镇, 部门]
roster:
  - {name: 甲镇, category: 乡镇}
  - {name: 乙局, category: 部门}
sections: [{name: 公开, stated: 10}, {name: 平台, stated: 10}]
parts:
  - {name: 日常, sections: [公开], weight: {乡镇: 60%, 部门: 80%}}
  - {name: 网站, sections: [平台], weight: {乡镇: 60%, 部门: 40%}}
items:
  - {code: A1, title: 一, section: 公开, points: 10, clause: 评分, rule: {start: grade}}
  - code: A2
    title: 二
    section: 平台
    points: 10
    clause: 每次扣一分
    only: [乡镇]
    rule: {start: full, deduct: [{each: event, price: 1, cap: 5}, {on: cards, each: event, price: 0.5}]}
  - code: A3
    title: 三
    section: 平台
    points: 10
    clause: 每次扣一分
    only: [部门]
    rule: {start: full, deduct: [{each: event, price: 1}]}
adjustments:
  - code: P
    title: 加分
    clause: 加分
    cap: {bonus: 5}
    rules: [{code: B1, side: bonus, title: 表扬, clause: 表扬, rule: {each: matter, price: {national: 2, city: 1}}}]
vetoes: [{code: V, title: 否决, clause: 否决, effect: {gives: 59}}]
bands: [{name: 好, from: 8}, {name: 差}]
"""


def _draft() -> dict[str, Any]:
    reading = read(SCHEME)
    assert reading.content is not None, reading.faults
    return reading.content


def _changes(edit: Any) -> tuple[Change, ...]:  # noqa: ANN401 - a function that edits
    old = _draft()
    new = copy.deepcopy(old)
    edit(new)
    return differences(old, new).changes


def _change(edit: Any) -> Change:  # noqa: ANN401 - as above
    (change,) = _changes(edit)
    return change


def _halves(number: str) -> Fraction:
    return Fraction(number) / 2


@pytest.mark.parametrize("scheme", catalog.published())
def test_a_scheme_does_not_differ_from_itself(scheme: str) -> None:
    content = read(catalog.text_of(scheme)).content
    assert content is not None
    found = differences(content, copy.deepcopy(content))
    assert found.changes == ()
    assert all(before == after for before, after in found.possible.values())
    assert filled(content) == content


def test_numbers_are_compared_by_value() -> None:
    assert _changes(lambda new: new["items"][0].update(points="10.0")) == ()
    assert _changes(lambda new: new["parts"][0].update(weight={"乡镇": "0.6", "部门": "4/5"})) == ()
    assert _changes(lambda new: new["items"][0].update(clause="10.0")) != ()


def test_a_maximum_that_changed_says_what_it_does_to_each_category() -> None:
    change = _change(lambda new: new["items"][0].update(points="8"))
    assert (change.about, change.kind, change.code, change.title) == ("item", "maximum", "A1", "一")
    assert change.shifts == (Shift(("points",), "10", "8"),)
    assert change.shifts[0].by == -2
    assert change.worth == {"乡镇": (_halves("6"), _halves("4.8")), "部门": (_halves("8"), _halves("6.4"))}


def test_an_item_of_one_form_concerns_that_category_only() -> None:
    change = _change(lambda new: new["items"].pop(1))
    assert (change.kind, change.code, change.whom) == ("removed", "A2", Whom(("乡镇",)))
    assert change.worth == {"乡镇": (_halves("6"), Fraction(0))}
    back = differences(_without_second(), _draft()).changes
    assert [(change.kind, change.worth) for change in back] == [("added", {"乡镇": (Fraction(0), _halves("6"))})]


def _without_second() -> dict[str, Any]:
    content = _draft()
    del content["items"][1]
    return content


def test_the_possible_points_of_each_category() -> None:
    new = _draft()
    new["items"][1]["points"] = "4"
    assert differences(_draft(), new).possible == {
        "乡镇": (_halves("12"), _halves("8.4")),
        "部门": (_halves("12"), _halves("12")),
    }


def test_a_part_beyond_the_full_points_is_not_possible_by_the_items() -> None:
    new = _draft()
    new["parts"][1]["beyond"] = True
    assert differences(_draft(), new).possible["乡镇"] == (_halves("12"), _halves("6"))


def test_where_nothing_is_printed_nothing_is_possible() -> None:
    content = read(catalog.text_of("sanmenxia-counties-2017")).content
    assert content is not None
    assert set(differences(content, content).possible.values()) == {(None, None)}


def test_an_overlay_is_part_of_what_is_compared() -> None:
    content = read(catalog.text_of("sanmenxia-counties-2017")).content
    assert content is not None
    assert with_overlay(content, None) == content
    old = with_overlay(content, {"points": {"SC01": "2"}, "adjustments": {"SC-P1": "1"}, "caps": {"SC-P1": "3"}})
    new = with_overlay(content, {"points": {"SC01": "3"}, "adjustments": {"SC-P1": "1"}, "caps": {"SC-P1": "4"}})
    changes = differences(old, new).changes
    assert [(change.code, change.kind) for change in changes] == [("SC01", "maximum"), ("SC-P1", "scored")]
    assert changes[1].shifts == (Shift(("rule", "cap"), "3", "4"),)
    group = content["adjustments"][0]["code"]
    capped = with_overlay(content, {"points": {"SC01": "3"}, "caps": {group: "6"}})
    assert capped["adjustments"][0]["cap"] == {"bonus": "6", "deduction": "6"}


def test_an_item_with_another_code_and_the_same_title_was_renamed() -> None:
    def edit(new: dict[str, Any]) -> None:
        new["items"][0] |= {"code": "X1", "points": "9"}

    renamed, maximum = _changes(edit)
    assert (renamed.kind, renamed.old, renamed.new) == ("renamed", "A1", "X1")
    assert (maximum.kind, maximum.code, maximum.shifts[0].new) == ("maximum", "X1", "9")


def test_a_title_that_stands_twice_tells_nothing() -> None:
    def edit(new: dict[str, Any]) -> None:
        new["items"][0]["code"] = "X1"
        new["items"].append({**new["items"][0], "code": "X2"})

    assert [(change.kind, change.code) for change in _changes(edit)] == [
        ("removed", "A1"),
        ("added", "X1"),
        ("added", "X2"),
    ]


def test_a_price_that_changed_says_by_how_much() -> None:
    change = _change(lambda new: new["items"][1]["rule"]["deduct"][0].update(price="2", cap="8"))
    assert (change.kind, change.whom) == ("scored", Whom(("乡镇",)))
    assert [(shift.path[-1], str(shift.by)) for shift in change.shifts] == [("price", "1"), ("cap", "3")]


def test_of_two_rules_that_which_stayed_is_not_told_as_changed() -> None:
    change = _change(lambda new: new["items"][1]["rule"]["deduct"].reverse())
    assert (change.kind, change.shifts) == ("scored", ())
    change = _change(lambda new: new["items"][1]["rule"]["deduct"].pop(0))
    assert (change.kind, change.shifts) == ("scored", ())


def test_a_level_without_a_price_now_has_none() -> None:
    change = _change(lambda new: new["adjustments"][0]["rules"][0]["rule"]["price"].pop("city"))
    assert (change.about, change.kind, change.code) == ("rule", "scored", "B1")
    (shift,) = change.shifts
    assert shift == Shift(("rule", "price", "city"), "1", None)
    assert shift.by is None


def test_a_side_that_changed_is_told() -> None:
    change = _change(lambda new: new["adjustments"][0]["rules"][0].update(side="deduction"))
    assert (change.about, change.kind) == ("rule", "scored")


def test_a_rule_that_moved_to_another_group() -> None:
    def edit(new: dict[str, Any]) -> None:
        (group,) = new["adjustments"]
        new["adjustments"].append({**group, "code": "Q", "title": "另一组"})
        new["adjustments"][0] = {**group, "rules": []}

    added, moved = _changes(edit)
    assert (added.about, added.kind, added.code) == ("group", "added", "Q")
    assert (moved.about, moved.kind, moved.old, moved.new) == ("rule", "moved", "P", "Q")


def test_a_group_with_another_code_keeps_its_rules() -> None:
    change = _change(lambda new: new["adjustments"][0].update(code="Q"))
    assert (change.about, change.kind, change.old, change.new) == ("group", "renamed", "P", "Q")


@pytest.mark.parametrize("key", ["rules", "vetoes"])
def test_rules_and_vetoes_with_another_code_and_the_same_title_were_renamed(key: str) -> None:
    def edit(new: dict[str, Any]) -> None:
        (new["adjustments"][0] if key == "rules" else new)[key][0]["code"] = "X"

    assert (_change(edit).kind, _change(edit).new) == ("renamed", "X")


EDITS = [
    (lambda new: new["items"][1].update(only=None), "item", "concerns"),
    (lambda new: new["items"][0].update(section="平台"), "item", "moved"),
    (lambda new: new["items"][0].update(not_applicable={"gets": "full", "clause": "满分"}), "item", "aside"),
    (lambda new: new["items"][0].update(clause="另一种说法"), "item", "words"),
    (lambda new: new["items"].reverse(), "item", "order"),
    (lambda new: new["adjustments"][0]["cap"].update(bonus="6"), "group", "limits"),
    (lambda new: new["parts"][0]["weight"].update(乡镇="70%"), "part", "limits"),
    (lambda new: new["parts"].reverse(), "part", "order"),
    (lambda new: new["sections"][0].update(cap="9"), "section", "limits"),
    (lambda new: new["sections"][0].update(stated="9"), "section", "words"),
    (lambda new: new["vetoes"][0]["effect"].update(gives="58"), "veto", "limits"),
    (lambda new: new["vetoes"].pop(), "veto", "removed"),
    (lambda new: new["bands"][0].update({"from": "9"}), "band", "limits"),
    (lambda new: new["bands"].reverse(), "band", "order"),
    (lambda new: new["roster"].append({**new["roster"][0], "name": "丙镇"}), "unit", "added"),
    (lambda new: new["roster"].pop(), "unit", "removed"),
    (lambda new: new["roster"][0].update(category="部门"), "unit", "category"),
    (lambda new: new["roster"][0].update(sub_units=3), "unit", "limits"),
    (lambda new: new["roster"][0].update(printed="甲"), "unit", "words"),
    (lambda new: new.update(base_total="21"), "whole", "base_total"),
    (lambda new: new["total"].update(convert="60%"), "whole", "total"),
    (lambda new: new["rounding"].update(total={"digits": 2, "mode": "down"}), "whole", "rounding"),
    (lambda new: new.update(ties="1,1,2"), "whole", "ties"),
    (lambda new: new.update(title="新方案"), "whole", "words"),
]


@pytest.mark.parametrize(("edit", "about", "kind"), EDITS)
def test_one_change_is_told_once(edit: Any, about: str, kind: str) -> None:  # noqa: ANN401 - as above
    change = _change(edit)
    assert (change.about, change.kind) == (about, kind)


def test_an_item_with_a_list_of_units_concerns_those() -> None:
    def edit(new: dict[str, Any]) -> None:
        new["items"][0] |= {"named": ["乙局"], "always": ["乡镇"], "others": "not-applicable"}

    assert _change(edit).whom == Whom(("乡镇",), ("乙局",))


def test_wording_is_named_as_such_beside_what_changes_points() -> None:
    def edit(new: dict[str, Any]) -> None:
        new["items"][0] |= {"points": "8", "clause": "另一种说法", "lines": [3]}

    maximum, words = _changes(edit)
    assert (maximum.kind, words.kind) == ("maximum", "words")
    assert words.new == {"clause": "另一种说法", "lines": [3]}


def test_an_older_edition_is_compared_with_what_its_missing_keys_meant() -> None:
    old = _draft()
    for key in ("vetoes", "parts", "rounding"):
        del old[key]
    for item in old["items"]:
        del item["not_applicable"]
        item["only"] = item["only"][0] if item["only"] else None
    again = filled(old)
    assert again["parts"] == []
    assert again["items"][1]["only"] == ["乡镇"]
    assert again["year"] == 2020
    assert {change.about for change in differences(again, _draft()).changes} == {"part", "veto"}


def test_entries_are_paired_by_their_key() -> None:
    old = [{"code": code, "title": code} for code in "abc"]
    new = [{"code": code, "title": code} for code in "cbd"]
    kept, gone, come = pairs_of(old, new, by="code", else_by="title")
    assert [(before["code"], after["code"]) for before, after in kept] == [("c", "c"), ("b", "b")]
    assert [row["code"] for row in gone] == ["a"]
    assert [row["code"] for row in come] == ["d"]
    assert in_other_order(list("abc"), list("cbd")) == (["b", "c"], ["c", "b"])
    assert in_other_order(list("abc"), list("axc")) is None


def test_shares_steps_and_counts_are_no_points() -> None:
    assert alike({"a": ["1", 2, None]}, {"a": ["1.0", 2, None]})
    assert not alike({"a": "1"}, {"a": "1", "b": None})
    assert not alike("1", "x")
    assert shifts_of({"each": "1%", "per": "1"}, {"each": "2%", "per": "2"}, "worth") == (
        Shift(("worth", "per"), "1", "2"),
    )
    assert shifts_of({"from": "1", "to": "2"}, {"from": "3", "to": "2"}, "price") == (
        Shift(("price", "from"), "1", "3"),
    )
    assert shifts_of([{"from": "80%", "points": "1"}], [{"from": "90%", "points": "1"}], "tiers") == ()
    assert shifts_of("all", "3", "price") == ()


def test_lines_of_points_are_points_and_lines_of_figures_are_not() -> None:
    assert shifts_of({"of": "base", "from": "80"}, {"of": "base", "from": "85"}, "gate")[0].by == 5
    assert shifts_of("90", "95", "from")[0].by == 5
    assert shifts_of({"above": "90%", "per": "1"}, {"above": "95%", "per": "1"}, "rule", "worth") == ()
    assert shifts_of(
        {"of": "base", "from": "80", "above": None}, {"of": "base", "from": None, "above": "80"}, "gate"
    ) == (
        Shift(("gate", "from"), "80", None),
        Shift(("gate", "above"), None, "80"),
    )
