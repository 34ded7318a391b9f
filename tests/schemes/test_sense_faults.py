"""Files whose form is right and whose sense is not: codes, names, readings, points, prices."""
# ruff: noqa: E501 - a fault stands on one line

import pytest

from tests.schemes.small import SMALL, UNWEIGHTED, expected_at, faults_of, put_in

BROKEN = [
    ("  - code: A2\n", "  - code: ¦A1\n", "The code A1 is used twice, first in line 37."),
    ("{code: P1,", "{code: ¦A9,", "The code A9 is used twice, first in line 108."),
    ("zero_out: {code: Z,", "zero_out: {code: ¦PM,", "The code PM is used twice, first in line 114."),
    ("  - {name: 其他}", "  - {name: 其他}\n  - {name: ¦平台}", "平台 stands here twice, first in line 24."),
    (
        "  - {name: 甲局, category: 部门, printed: 甲}",
        "  - {name: 甲局, category: 部门, printed: ¦东镇}",
        "东镇 stands here twice, first in line 19.",
    ),
    (
        "  - {name: 甲局, category: 部门, printed: 甲}",
        "  - {name: 甲局, category: 部门, printed: 甲}\n  - {name: ¦甲局, category: 部门, printed: 甲局}",
        "甲局 stands here twice, first in line 20.",
    ),
    ("section: 公开 / 主动", "section: ¦公幵 / 主动", 'There is no section "公幵". Sections: 公开, 平台, 其他.'),
    (
        "rule: {start: elsewhere, see: 平台}",
        "rule: {start: elsewhere, see: ¦政务服务 / 大厅}",
        'There is no section "政务服务". Sections: 公开, 平台, 其他.',
    ),
    ("variants: [乡镇, 部门]\n", "variants: [乡镇, 部门, ¦乡镇]\n", "乡镇 stands here twice, first in line 11."),
    ("    only: 部门\n", "    only: ¦部\n", 'There is no category "部". Did you mean "部门"?'),
    ("    always: [乡镇]\n", "    always: [¦街道]\n", 'There is no category "街道". Known: 乡镇, 部门.'),
    (
        "  - {name: 东镇, category: 乡镇}",
        "  - ¦{name: 东镇}",
        "东镇 has no category. The items differ by category, so every unit needs one of: 乡镇, 部门.",
    ),
    (
        "  - {name: 东镇, category: 乡镇}",
        "  - {name: 东镇, category: ¦乡}",
        'There is no category "乡". Did you mean "乡镇"?',
    ),
    ("    named: [甲局]\n", "    named: [¦甲局局]\n", '"甲局局" is not on the roster. Did you mean "甲局"?'),
    (
        "    named: [甲局]\n",
        "    named: [甲局, ¦丙委]\n",
        '"丙委" is not on the roster. Write the name as the roster has it.',
    ),
    ("    readings: [R-1, R-2]", "    readings: [R-1, ¦R-3]", 'There is no reading "R-3". Did you mean "R-2"?'),
    ("    readings: [R-1, R-2]", "    readings: [R-1, ¦问题]", 'There is no reading "问题" under readings.'),
    ("reading: R-1, why", "reading: ¦R-9, why", 'There is no reading "R-9". Did you mean "R-2"?'),
    ("chosen: 这样\n", "chosen: ¦这样读\n", '"这样读" is not among the options. Did you mean "这样"?'),
    ("chosen: 这样\n", "chosen: ¦别的\n", '"别的" is not among the options: 这样, 那样.'),
    (
        "set_by: A3 first_card",
        "set_by: ¦A33 first_card",
        'set_by names "A33", which is no code and no top key. Did you mean "A3"?',
    ),
    (
        "set_by: A3 first_card",
        "set_by: ¦首张卡",
        'set_by names "首张卡", which is no code and no top key. Write it as "H19 first_card".',
    ),
    ("set_by: A3 first_card", "set_by: ¦A3 firstcard", '"A3" has no key "firstcard". Did you mean "first_card"?'),
    (
        "set_by: A3 first_card",
        "set_by: ¦A3 xyz",
        '"A3" has no key "xyz". It has: again, clause, code, deduct, each, first, first_card, limit, on, points, price, rule, section, start, title.',
    ),
    ("total: {floor: 0, ceiling: 120}", "total: {floor: 0, ceiling: ¦0}", "The ceiling 0 is not above the floor 0."),
    ("  - {name: 差}", "  - {name: 差, from: ¦0}", "The last band takes what is left: leave its from out."),
    ("  - {name: 中, from: 60}", "  - ¦{name: 中}", "The band 中 needs from: the points it begins at."),
    (
        "  - {name: 中, from: 60}",
        "  - {name: 中, from: ¦90}",
        "Bands stand from high to low: 90 does not lie below 90.",
    ),
    ("band: 差,", "band: ¦差差,", 'There is no band "差差". Did you mean "差"?'),
    ("band: 差,", "band: ¦不合格,", 'There is no band "不合格". Bands: 好, 中, 差.'),
    (
        "zero_out: {code: Z, title: 归零, clause: 弄虚作假归零, lines: [4], effect: total-and-band, band: 差,",
        "zero_out: ¦{code: Z, title: 归零, clause: 弄虚作假归零, lines: [4], effect: band,",
        "The effect band needs band: the name of the band.",
    ),
    (
        "    rules:\n",
        "    rules: ¦[]\n    note: 无\n  - code: PQ\n    title: 又\n    clause: 又\n    rules:\n",
        "rules is empty. It needs at least one entry.",
    ),
    (
        "  - code: A2\n    title: 乙\n    section: 公开\n    points: 4\n",
        "  - ¦code: A2\n    title: 乙\n    section: 公开\n",
        "A2 has no points. Write its maximum: points: …",
    ),
    (
        "    clause: 见别处\n",
        "    clause: 见别处\n    points: ¦2\n",
        "A9 only points elsewhere and has no points: delete them.",
    ),
    (
        "    clause: 见别处\n",
        "    clause: 见别处\n    implied: ¦推算\n",
        "implied explains points, and there are none here.",
    ),
    ("{points: 3, when: 全}", "{points: ¦3.5, when: 全}", "3.5 points are more than the item's maximum of 3."),
    ("{points: 3, when: 全}", "{points: ¦1.50, when: 全}", "1.50 points stand in the list twice."),
    ("from: 80%, points: 2}", "from: 80%, points: ¦2.5}", "2.5 points are more than the item's maximum of 2."),
    (
        "{from: 1/2, points: 1}",
        "{from: ¦80%, points: 1}",
        "Tiers stand in one order, each once: 80% does not follow 80%.",
    ),
    (
        "{from: 1/2, points: 1}, {from: 0, points: 0}",
        "{from: 0, points: 1}, {from: ¦10%, points: 0}",
        "Tiers stand in one order, each once: 10% does not follow 0.",
    ),
    (
        "[{from: 80%, points: 2}, {from: 1/2, points: 1}, {from: 0, points: 0}]",
        "¦[{from: 80%, points: 2}, {from: 1/2, points: 1}]",
        "No tier begins at 0: what is below the lowest would have no points.",
    ),
    ("{from: 1, points: 1}", "{from: ¦0.5, points: 1}", "A count is a whole number, not 0.5."),
    (
        "worth: {each: 0.5, of: 3}",
        "worth: ¦{each: 0.6, of: 3}",
        "3 elements at 0.6 points make 1.8, but the item has 1.5 points.",
    ),
    ("elements: [一, 二, 三]", "elements: ¦[一, 二]", "2 elements are listed, but of says 3."),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{each: event, price: ¦overlay}",
        "An overlay gives prices to ± rules only; write this price as a number, or all, or set.",
    ),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{on: ¦praise, each: event, price: 1}",
        "Under deduct a rule cannot hear praise. Write one of: happenings, cards, messages, amounts; left out, it is happenings.",
    ),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{each: event, price: ¦set}",
        "An amount set by the assessor needs both: on: amounts, and price: set or {from: …, to: …}.",
    ),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{each: ¦problem, price: 1}",
        "each: problem needs on: cards, and price: {first: …, again: …} or {nth: [0, 3, 10]}.",
    ),
    (
        "{on: cards, each: problem, price",
        "{on: cards, each: ¦event, price",
        "Repeated cards need all three: on: cards, each: problem and price: {first: …, again: …}.",
    ),
    (
        "{on: cards, each: problem, price",
        "{each: ¦problem, price",
        "each: problem needs on: cards, and price: {first: …, again: …} or {nth: [0, 3, 10]}.",
    ),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{each: event, price: 1, limit: ¦5 hours}",
        "A limit here is that of a message; without on: messages or kept it is never asked.",
    ),
    (
        "{each: event, price: 1, level_min: city, cap: 2}",
        "{each: event, price: 1, needs: ¦{report: 1}}",
        "needs is asked once a year: it wants each: year and one number as price.",
    ),
    (
        "{each: matter, price: {total: [3, 5]}}",
        "{each: ¦year, price: {total: [3, 5]}}",
        "A price by how many there are cannot be counted once a year. Write each: matter or each: event.",
    ),
    (
        "{each: matter, price: {total: [3, 5]}}",
        "{each: matter, price: {total: [3, ¦2]}}",
        "Totals do not fall: 2 for one more is less than 3.",
    ),
    (
        "{each: matter, price: {total: [3, 5]}}",
        "{each: matter, price: ¦all}",
        "all stands for an item's maximum, and a ± rule has none; write a number.",
    ),
    (
        "{each: matter, price: {total: [3, 5]}}",
        "{each: matter, price: ¦overlay}",
        "This scheme has its own points, so no overlay gives this price; write a number.",
    ),
    (
        "{each: matter, price: {total: [3, 5]}}",
        "{on: ¦praise, each: matter, price: 1}",
        "Under deduction a rule cannot hear praise. Write one of: happenings, cards, messages, amounts; left out, it is happenings.",
    ),
    (
        "{each: matter, price: {national: 1, provincial: 0.5}}",
        "{each: matter, level_min: ¦city, price: {national: 1, provincial: 0.5}}",
        "The price by level already says which levels count: leave level_min out.",
    ),
    (
        "side: deduction, title: 偏低",
        "side: ¦bonus, title: 偏低",
        "A figure below the mean takes points away: side must be deduction.",
    ),
    (
        "stated: 12}",
        "stated: ¦13}",
        "Printed are 13 points for 公开, but its items give 12. Mend the points, or add the difference with its reason under acknowledged.",
    ),
    (
        "base_total: 20\n",
        "base_total: ¦21\n",
        'The items give 20 points in all, not 21. Mend the points, or add the difference with its reason under acknowledged (section: "*").',
    ),
    (
        "{section: 平台, stated: 10, items: 8, why",
        "{section: ¦平, stated: 10, items: 8, why",
        'There is no section "平". Did you mean "平台"?',
    ),
    (
        "{section: 平台, stated: 10, items: 8, why",
        "{section: ¦服务, stated: 10, items: 8, why",
        'There is no section "服务". Sections: 公开, 平台, 其他, *.',
    ),
    ("stated: 10, items: 8, why", "stated: 10, items: ¦9, why", "Acknowledged are items of 9 points, but they give 8."),
    (
        "  - {section: 平台, stated: 10, items: 8, why",
        "  - ¦{section: 平台, stated: 8, items: 8, why",
        "Nothing differs here: delete this row of acknowledged.",
    ),
]
"""What is replaced, what by (¦ marks where the fault is), and the sentence expected."""


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_one_fault_is_found_where_it_is(old: str, new: str, sentence: str) -> None:
    text, line, column = expected_at(put_in(SMALL, old, new))
    assert faults_of(text) == [(line, column, sentence)]


def test_every_fault_is_told_at_once() -> None:
    text = put_in(SMALL, "year: 2020\n", "year: MMXX\n")
    text = put_in(text, "  - {name: 甲局,", "  - {nam: 甲局,")
    text = put_in(text, "chosen: 这样\n", "chosen: 别样\n")
    text = put_in(text, "    title: 乙\n", "")
    text = put_in(text, "see: 平台", "see: 台")
    assert [(line, column) for line, column, _ in faults_of(text)] == [(6, 7), (20, 6), (33, 13), (54, 5), (111, 35)]


def test_a_broken_list_brings_no_second_fault() -> None:
    for old, new in (
        ("  - {name: 公开, stated: 12}", "  - {name: 公开, stated: 十二}"),
        ("variants: [乡镇, 部门]", "variants: {乡镇: 部门}"),
        ("  - {name: 东镇,", "  - {name: [东镇],"),
        ("  - {id: R-2,", "  - {id: [R-2],"),
        ("  - {name: 差}", "  - {name: [差]}"),
        ("points: printed", "points: 印"),
        ("base_total: 20", "base_total: 二十"),
        ("    code: PM", "    code: PM"),
    ):
        assert len(faults_of(SMALL.replace(old, new))) == (old != new), new


def test_empty_lists_are_faults() -> None:
    text = "\n".join([*UNWEIGHTED.splitlines()[:7], "sections: ", "items: []"])
    assert faults_of(text) == [
        (8, 10, "sections has no value. Write one, or leave the key out if it may be left out."),
        (9, 8, "items is empty. It needs at least one entry."),
    ]


def test_a_category_without_variants_is_a_fault() -> None:
    text = put_in(UNWEIGHTED, "variants: [乡镇, 部门]\n", "")
    sentence = 'There is no category "{}": the file lists no variants.'
    assert [fault[1:] for fault in faults_of(text)] == [(57, sentence.format("乡镇")), (57, sentence.format("部门"))]


def test_a_cap_needs_a_rule_of_its_side() -> None:
    start, end = SMALL.index("      - {code: P1"), SMALL.index("      - {code: M1")
    said = "The group has no bonus rule that this cap could hold."
    assert faults_of(SMALL[:start] + SMALL[end:]) == [(117, 18, said)]


def test_what_is_said_of_the_others_needs_the_units_named() -> None:
    text = put_in(SMALL, "    named: [甲局]\n", "")
    said = "{} says what holds beside the units named; the list named is missing."
    assert faults_of(text) == [(45, 13, said.format("always")), (46, 13, said.format("others"))]


def test_points_from_an_overlay_are_not_printed_too() -> None:
    text = put_in(UNWEIGHTED, "{code: S1, ", "{code: S1, points: 5, ")
    said = "S1 has points, but this scheme takes its points from an overlay: delete them."
    assert faults_of(text) == [(11, 24, said)]


def test_nothing_is_acknowledged_where_nothing_is_printed() -> None:
    text = UNWEIGHTED + "acknowledged: [{section: 公开, stated: 30, items: 0, why: 无}]\n"
    assert faults_of(text) == [(22, 16, "Nothing is to be acknowledged: the points come from an overlay.")]


def test_a_difference_acknowledged_for_the_total_is_no_fault() -> None:
    text = put_in(SMALL, "base_total: 20\n", "base_total: 21\n")
    row = '  - {section: "*", stated: 21, items: 20, why: 少印一分}\n'
    assert faults_of(text.replace("acknowledged:\n", "acknowledged:\n" + row)) == []


def test_rows_of_a_scheme_may_be_few() -> None:
    assert faults_of(UNWEIGHTED) == []
    assert (
        faults_of(
            put_in(
                UNWEIGHTED,
                "family: plain\n",
                "family: plain\nzero_out: {code: Z, title: 零, clause: 零, effect: total}\n",
            )
        )
        == []
    )
