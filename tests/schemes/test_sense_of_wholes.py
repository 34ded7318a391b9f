"""What becomes of the points, said wrongly: parts, weights, gates, bounds, vetoes, bands, what is set aside."""
# ruff: noqa: E501 - a fault stands on one line

import pytest

from tests.schemes.small import EVERYTHING, UNWEIGHTED, expected_at, faults_of, put_in

V4 = "clause: 评价部分最多六十分, item: F1, kind: 督办, each: matter, times: 3,"

BROKEN = [
    ("  - {name: 附加工作, stated: 10}", "  - {name: 附加工作, stated: 10}\n  - {name: ¦又一节}", "又一节 stands in no part. With parts, write every section under the sections of one."),
    ("sections: [附加工作]", "sections: [¦附加工]", 'There is no section "附加工". Did you mean "附加工作"?'),
    ("sections: [附加工作]", "sections: [附加工作, ¦查无此节]", 'There is no section "查无此节". Sections: 日常公开, 平台建设, 专业评价, 附加工作.'),
    ("sections: [附加工作]", "sections: [附加工作, ¦日常公开]", "日常公开 already stands in 工作考核: a section belongs to one part."),
    ("{name: 附加, sections: [附加工作], weight: 1, beyond: true, gate: {of: 工作考核", "{name: ¦工作考核, sections: [附加工作], weight: 1, beyond: true, gate: {of: 工作考核", "工作考核 stands here twice, first in line 55."),
    ("variants: [乡镇, 部门]\n", "variants: [乡镇, 部门]\n¦no: 1\n", 'The key "no" is not known here. Known: scheme, family, title, issuer, document, year, base_total, points, assessor, grade_decimals, total, display_decimals, rounding, ties, variants, not_applicable, zero_out, vetoes, bands, roster, roster_note, procedure, sections, parts, acknowledged, readings, items, adjustments.'),
    ("{name: 附加, ", "{name: ¦日常公开, ", "日常公开 already names something else: give the part another name."),
    ("{name: 附加, ", "{name: ¦base, ", "base already names something else: give the part another name."),
    ("{name: 附加, ", "{name: ¦G2, ", "G2 already names something else: give the part another name."),
    ("weight: {乡镇: 0.3, 部门: 2/5}", "weight: ¦{乡镇: 0.3}", "The weight of 部门 is missing: write one for each."),
    ("weight: {乡镇: 0.3, 部门: 2/5}", "weight: {乡镇: 0.3, 部门: 2/5, ¦部: 1}", 'There is no category "部". Did you mean "部门"?'),
    ("weight: {乡镇: 0.3, 部门: 2/5}", "weight: {乡镇: 0.3, 部门: 2/5, ¦街道: 1}", 'There is no category "街道". List the categories under variants.'),
    ("weight: {乡镇: 0.3, 部门: 2/5}", "weight: {乡镇: 0.3, 部门: ¦四成}", '"四成" is not a share for 部门. Write it as 0.8, 4/5 or 80%.'),
    ("weight: {乡镇: 0.3, 部门: 2/5}", "weight: {乡镇: 0.3, 部门: 2/5, ¦'': 1}", "A name is missing before the colon here."),
    ("base_total: 100\n", "base_total: ¦90\n", 'The parts give 100 points in all by their weights, not 90. Mend the points or weights, or add the difference under acknowledged (section: "*").'),
    ("    cap: 105\n    floor: 0\n", "    cap: 105\n    floor: ¦106\n", "The floor 106 lies above the cap 105."),
    ("cap: 39, floor: 5}", "cap: 39, floor: ¦40}", "The floor 40 lies above the cap 39."),
    ("cap: 39, floor: 5}", "cap: 39, floor: ¦无}", '"无" is not a number for floor. Write plain half-width digits, such as 0.5.'),
    ("{convert: 60%,", "{convert: ¦0%,", "Every total would be multiplied by 0%: write a share, such as 60%."),
    ("ceiling: 72}", "ceiling: ¦0}", "The ceiling 0 is not above the floor 0."),
    ("gate: {of: 工作考核, from: 60}", "gate: {of: ¦附加, from: 60}", "附加 cannot open itself: write base, or another part."),
    ("gate: {of: 工作考核, from: 60}", "gate: {of: ¦工作考, from: 60}", 'Nothing called "工作考" has a score here. Did you mean "工作考核"?'),
    ("gate: {of: 工作考核, from: 60}", "gate: {of: ¦total, from: 60}", 'Nothing called "total" has a score here. Write base, a part, a section or the code of an item.'),
    ("gate: {of: 工作考核, from: 60}", "gate: {of: ¦E2, from: 60}", 'Nothing called "E2" has a score here. Write base, a part, a section or the code of an item.'),
    ("gate: {of: 工作考核, from: 60}", "gate: ¦{of: 工作考核, from: 60, above: 60}", "gate wants exactly one of these: from: 80, above: 80."),
    ("gate: {of: 工作考核, from: 60}", "gate: ¦{of: 工作考核}", "gate wants exactly one of these: from: 80, above: 80."),
    ("    gate: {of: G1, from: 5}", "    gate: {of: ¦G11, from: 5}", 'Nothing called "G11" has a score here. Did you mean "G1"?'),
    ("    part: 工作考核\n", "    part: ¦工作\n", 'There is no part "工作". Did you mean "工作考核"?'),
    ("    part: 工作考核\n", "    part: ¦全部\n", 'There is no part "全部". Parts: 工作考核, 专业评价, 附加.'),
    ("    order: highest-first\n", "    order: ¦caps-first\n", "order says what comes first of caps and highest-only: without same_matter: highest leave it out."),
    ("by: [工作考核, 平台建设, G1]", "by: [工作考核, ¦平台, G1]", 'Nothing called "平台" has a score here. Did you mean "平台建设"?'),
    ("by: [工作考核, 平台建设, G1]", "by: [¦满意]", 'Nothing called "满意" has a score here. Write base, a part, a section or the code of an item.'),
    ("by: [工作考核, 平台建设, G1]", "by: ¦[]", "by is empty. It needs at least one entry."),
    ('then: "1,1,2"}', "then: ¦unordered}", '"unordered" is not allowed for then. Allowed: 1,1,3, 1,1,2, not-shared.'),
    ('ties: {by: [工作考核, 平台建设, G1], then: "1,1,2"}', "ties: ¦1-1-3", '"1-1-3" is not allowed for ties. Did you mean "1,1,3"? Allowed: 1,1,3, 1,1,2, not-shared, unordered.'),
    ("  total: {digits: 2}", "  total: {digits: ¦7}", "digits is 7; it must be at most 6."),
    ("  part: {digits: 2, mode: down}", "  part: {digits: 2, mode: ¦floor}", '"floor" is not allowed for mode. Allowed: half-up, half-even, down, up.'),
    ("{gets: share, share: 80%,", "{gets: ¦share,", "gets: share needs the share: how much of the maximum, such as share: 80%."),
    ("{gets: share, share: 80%,", "{gets: share, share: ¦120%,", "120% is more than the maximum."),
    ("{gets: full, clause", "{gets: full, share: ¦80%, clause", "share belongs to gets: share; with gets: full leave it out."),
    ("{gets: full, clause", "{gets: full, within: ¦part, clause", "within belongs to gets: rescale or spread; with gets: full leave it out."),
    ("{gets: full, clause", "{gets: full, among: ¦all, clause", "among belongs to gets: peers-mean; with gets: full leave it out."),
    ("{gets: full, clause", "{gets: full, readings: [¦R-2], clause", 'There is no reading "R-2". Did you mean "R-1"?'),
    ("within: section, clause", "within: ¦total, clause", "Points cannot be spread over parts of different weight: write within: section or part."),
    ("    clause: 见试点\n", "    clause: 见试点\n    not_applicable: ¦{gets: full, clause: 满分}\n", "E2 only points elsewhere: nothing is to be made up for it. Delete not_applicable."),
    ("item: F1, kind: 督办", "item: ¦F11, kind: 督办", 'No item or ± rule has the code "F11". Did you mean "F1"?'),
    ("item: F1, kind: 督办", "item: F1, kind: ¦督促", "No rule of F1 names the kind 督促, so no fact there can carry it. Kinds: 上访, 主动化解, 季报不全, 已整改, 月报不全, 督办, 群众满意."),
    (V4, "clause: 评价部分最多六十分, kind: ¦督办,", "kind tells apart what is logged on an item: write item: CODE too, or leave kind out."),
    ("per: 1, at_once: 1}", "per: 1, each: once, at_once: ¦1}", "each: once is at once already: leave at_once out, or give each step its size."),
    ("{code: V4,", "{code: ¦V3,", "The code V3 is used twice, first in line 35."),
    ("{code: V4,", "{code: ¦G1,", "The code G1 is used twice, first in line 68."),
    ("effect: {at_most: 60, part: 专业评价}", "effect: ¦{part: 专业评价}", "This veto does nothing. Write one of: gives: 59, at_most: 59, band: …, eligible: false."),
    ("effect: {at_most: 60, part: 专业评价}", "effect: {gives: 50, at_most: ¦60, part: 专业评价}", "gives already sets the points: leave at_most out."),
    ("effect: {at_most: 60, part: 专业评价}", "effect: {at_most: 60, part: ¦专业}", 'There is no part "专业". Did you mean "专业评价"?'),
    ("effect: {at_most: 60, part: 专业评价}", "effect: {part: ¦专业评价, eligible: false}", "part says whose points change: write gives or at_most, or leave part out."),
    ("effect: {at_most: 60, part: 专业评价}", "effect: ¦{eligible: true}", "This veto does nothing. Write one of: gives: 59, at_most: 59, band: …, eligible: false."),
    ("effect: {gives: 59, band: 不合格}", "effect: {gives: 59, band: ¦不及格}", 'There is no band "不及格". Did you mean "不合格"?'),
    ("effect: {gives: 59, band: 不合格}", "effect: {gives: 59, band: ¦差}", 'There is no band "差". Bands: 优秀, 良好, 合格, 不合格.'),
    ("    readings: [R-1]\n    note: 县级", "    readings: [¦R-7]\n    note: 县级", 'There is no reading "R-7". Did you mean "R-1"?'),
    ("low: {of: 工作考核, below: 60}", "low: {of: ¦考核, below: 60}", 'Nothing called "考核" has a score here. Did you mean "工作考核"?'),
    ("low: {of: 工作考核, below: 60}", "low: {of: 工作考核, below: ¦0}", "No score lies below 0: write the line, such as 60."),
    ("low: {of: 工作考核, below: 60}", "times: ¦1, low: {of: 工作考核, below: 60}", "times speaks of what is logged, and low asks for a score: leave one of the two out."),
    ("low: {of: 工作考核, below: 60}", "level_min: ¦city, low: {of: 工作考核, below: 60}", "level_min speaks of what is logged, and low asks for a score: leave one of the two out."),
    ("years: 2}", "years: ¦6}", "years is 6; it must be at most 5."),
    (V4, "clause: 评价部分最多六十分, low: {of: ¦base, below: 60},", "base is not known before 专业评价 is: let this veto ask for a part, a section or an item."),
    (V4, "clause: 评价部分最多六十分, low: {of: ¦P2D, below: 6},", "P2D is on the form of 部门 only, and every unit is asked for this score. Name another."),
    ("gate: {of: 工作考核, from: 60}", "gate: {of: ¦P2T, from: 6}", "P2T is on the form of 乡镇 only, and every unit is asked for this score. Name another."),
    ("top: 20%, round: half-up", "top: ¦120%, round: half-up", "120% is no quota. Write a share of the units, such as 20%, or a whole number of places."),
    ("top: 20%, round: half-up", "top: ¦0", "0 is no quota. Write a share of the units, such as 20%, or a whole number of places."),
    ("top: 20%, round: half-up", "top: ¦2.5", "2.5 is no quota. Write a share of the units, such as 20%, or a whole number of places."),
    ("top: 20%, round: half-up", "top: 5, round: ¦up", "round is asked where a share of the units gives a fraction of a place: leave it out."),
    ("top: 20%, round: half-up", "round: ¦up", "round is asked where a share of the units gives a fraction of a place: leave it out."),
    ("{name: 良好, above: 48}", "{name: 良好, from: 48, above: ¦48}", "A band has one lower and one upper end: write from or above, not both."),
    ("{name: 合格, from: 36, to: 48}", "{name: 合格, from: 36, to: 48, below: ¦48}", "A band has one lower and one upper end: write to or below, not both."),
    ("{name: 合格, from: 36, to: 48}", "{name: 合格, from: 48, to: ¦36}", "No total lies in 合格: its upper end 36 is not above its lower end 48."),
    ("{name: 合格, from: 36, to: 48}", "{name: 合格, from: 36, below: ¦36}", "No total lies in 合格: its upper end 36 is not above its lower end 36."),
    ("{name: 合格, from: 36, to: 48}", "{name: 合格, from: 36, to: ¦50}", "A total could lie in 良好 too: 50 reaches into it. One band ends where the next begins."),
    ("{name: 不合格, below: 36}", "{name: 不合格, to: ¦36}", "A total could lie in 合格 too: 36 reaches into it. One band ends where the next begins."),
    ("{name: 合格, from: 36, to: 48}", "{name: 合格, from: ¦48.5}", "Bands stand from high to low: 48.5 does not lie below 48."),
    ("{name: 良好, above: 48}", "{name: 良好, above: ¦55}", "Bands stand from high to low: 55 does not lie below 54."),
    ("{name: 良好, above: 48}", "¦{name: 良好}", "The band 良好 needs from: the points it begins at."),
    ("{name: 不合格, below: 36}", "{name: 不合格, from: ¦0}", "The last band takes what is left: leave its from out."),
    ("{name: 不合格, below: 36}", "{name: 不合格, above: ¦0}", "The last band takes what is left: leave its above out."),
    ("{name: 不合格, below: 36}", "{name: 不合格, from: 60, to: ¦70}", "A total could lie in 良好 too: 70 reaches into it. One band ends where the next begins."),
]  # fmt: skip
"""What is replaced, what by (¦ marks where the fault is), and the sentence expected."""


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_one_fault_is_found_where_it_is(old: str, new: str, sentence: str) -> None:
    text, line, column = expected_at(put_in(EVERYTHING, old, new))
    assert faults_of(text) == [(line, column, sentence)]


def test_weights_that_make_another_sum_are_a_fault() -> None:
    text = put_in(EVERYTHING, "{乡镇: 70%, 部门: 60%}", "{乡镇: 60%, 部门: 50%}")
    said = 'The parts give 90 points in all by their weights, not 100. Mend the points or weights, or add the difference under acknowledged (section: "*").'
    assert faults_of(text) == [(8, 13, said)]


@pytest.mark.parametrize("name", ["base", "total", "S1"])
def test_a_section_has_a_name_of_its_own(name: str) -> None:
    text = put_in(UNWEIGHTED, "{name: 公开, stated: 30}", f"{{name: 公开, stated: 30}}, {{name: {name}}}")
    assert faults_of(text) == [(9, 43, f"{name} already names something else: give the section another name.")]


def test_a_band_that_asks_for_eligibility_wants_a_veto_that_takes_it() -> None:
    text = put_in(EVERYTHING, "effect: {eligible: false}}", "effect: {at_most: 30}}")
    said = "No veto here takes eligibility away. Add one with effect: {eligible: false}, or leave this out."
    assert [fault[2] for fault in faults_of(text)] == [said]


def test_points_are_spread_within_a_part_only_where_there_are_parts() -> None:
    aside = "not_applicable: {gets: spread, within: %s, clause: 摊}\n"
    for within, said in (
        ("total", []),
        ("section", []),
        ("part", ["The file lists no parts: write within: section or total."]),
    ):
        text = put_in(UNWEIGHTED, "points: overlay\n", "points: overlay\n" + aside % within)
        assert [fault[2] for fault in faults_of(text)] == said


def test_a_part_named_where_there_are_none_is_a_fault() -> None:
    text = put_in(UNWEIGHTED, "    clause: 另加\n", "    clause: 另加\n    part: 甲部分\n")
    assert faults_of(text) == [(19, 11, 'There is no part "甲部分": the file lists no parts.')]


def test_weights_by_category_go_by_the_roster_where_there_are_no_variants() -> None:
    text = "\n".join(line for line in EVERYTHING.splitlines() if not line.startswith("variants:"))
    text = (
        text.replace("    only: [乡镇, 部门]\n", "").replace("    only: 乡镇\n", "").replace("    only: [部门]\n", "")
    )
    text = text.replace("{name: 专业评价, stated: 100}", "{name: 专业评价}")
    text = text.replace("weight: {乡镇: 0.3, 部门: 2/5}", "weight: 0.3").replace("base_total: 100", "base_total: 103")
    text = text.replace("{乡镇: 70%, 部门: 60%}", "{乡镇: 70%, 部门: 70%}")
    assert faults_of(text) == []
    said = [fault[2] for fault in faults_of(text.replace("{乡镇: 70%, 部门: 70%}", "{乡镇: 70%}"))]
    assert said == ["The weight of 部门 is missing: write one for each."]


@pytest.mark.parametrize(
    "bands",
    [
        "[{name: 差, below: 60}, {name: 中, from: 60, below: 80}, {name: 好, from: 80, to: 100}]",
        "[{name: 差, below: 60}, {name: 中, from: 60}, {name: 其他}]",
        "[{name: 好, from: 90, to: 100}, {name: 中, from: 60}, {name: 差}]",
        "[{name: 好, top: 20%}, {name: 中, top: 5}, {name: 差}]",
        "[{name: 好, above: 90}, {name: 整, from: 90}, {name: 差}]",
        "[{name: 好, from: 90, top: 3}, {name: 中, from: 90}, {name: 差}]",
        "[{name: 末位, below: 60, top: 3}, {name: 中, from: 50}, {name: 差}]",
        "[{name: 好, from: 90}, {name: 中, from: 80, below: 90}, {name: 差, to: 60}]",
        "[{name: 好, from: 60, top: 3}, {name: 中, from: 70, to: 80}, {name: 差}]",
    ],
)
def test_bands_may_stand_in_any_order_that_leaves_no_doubt(bands: str) -> None:
    assert faults_of(UNWEIGHTED + f"bands: {bands}\n") == []


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        (
            "[{name: 差, to: 60}, {name: 中, from: 60}, {name: 其他}]",
            "A total could lie in 差 too: 60 reaches into it. One band ends where the next begins.",
        ),
        (
            "[{name: 好, from: 90, top: 3}, {name: 中, from: 95}, {name: 差}]",
            "Bands stand from high to low: 95 does not lie below 90.",
        ),
        (
            "[{name: 好, above: 90}, {name: 中, above: 90}, {name: 差}]",
            "Bands stand from high to low: 90 does not lie below 90.",
        ),
        (
            "[{name: 中, from: 60, below: 80}, {name: 好, from: 70, to: 90}, {name: 差, below: 60}]",
            "A total could lie in 中 too: 90 reaches into it. One band ends where the next begins.",
        ),
    ],
)
def test_bands_that_leave_a_doubt_are_a_fault(bands: str, said: str) -> None:
    assert [fault[2] for fault in faults_of(UNWEIGHTED + f"bands: {bands}\n")] == [said]


def test_a_broken_entry_brings_no_second_fault() -> None:
    for old, new in (
        ("  - {name: 专业评价, stated: 100}", "  - {name: 专业评价, stated: 百}"),
        ("  - {name: 附加, sections", "  - {nam: 附加, sections"),
        ("  - {code: V3, title", "  - {code: V 3, title"),
        ("  - {name: 优秀, from: 54", "  - {name: 优秀, from: 五十四"),
        ("variants: [乡镇, 部门]", "variants: {乡镇: 部门}"),
        ("{name: 丁局, category: 部门}", "{name: 丁局, kategory: 部门}"),
        ("    title: 组织领导\n", ""),
        ("ties: {by: [工作考核,", "ties: {by: [[工作考核],"),
        ("points: printed", "points: 印"),
        ("\nvariants: [", "\nvariant: ["),
        ("\nvetoes:\n", "\nvetos:\n"),
        ("\nbands:\n", "\nband:\n"),
        ("\nroster:\n", "\nrosters:\n"),
        ("\nparts:\n", "\npart:\n"),
        ("\nacknowledged:\n", "\nacknowledge:\n"),
        ("\nreadings:\n", "\nreading:\n"),
        ("  - code: F1\n", "  - kode: F1\n"),
        ("  - code: E1\n", "  - code: [E1]\n"),
        ("    points: 10\n    implied: 由合计倒推\n", "    implied: 由合计倒推\n"),
        ("weight: {乡镇: 70%, 部门: 60%}", "weight: 1"),
    ):
        assert len(faults_of(put_in(EVERYTHING, old, new))) == 1, new


def test_a_band_named_where_there_are_none_is_a_fault() -> None:
    zero = "zero_out: {code: Z, title: 零, clause: 零, effect: band, band: 差}\n"
    said = 'There is no band "差": the file lists no bands.'
    assert [fault[2] for fault in faults_of(UNWEIGHTED + zero)] == [said]
