"""Rules that make no sense: what is heard, prices, caps, lines to compare with, tiers, places."""
# ruff: noqa: E501 - a fault stands on one line

import pytest

from tests.schemes.small import EVERYTHING, UNWEIGHTED, expected_at, faults_of, put_in

BROKEN = [
    ("{on: praise, each: matter, price: {national: 2, provincial: 1}, cap: 2}", "{on: ¦cards, each: matter, price: 1}", "Under add a rule cannot hear cards. Write one of: praise, happenings, messages, amounts, kept; left out, it is praise."),
    ("{on: kept, each: month, price: 0.1, limit: 5 working days}", "{on: ¦messages, each: month, price: 0.1, limit: 5 working days}", "Under bonus a rule cannot hear messages. Write one of: praise, happenings, amounts, kept; left out, it is praise."),
    ("{each: month, price: 0.1, when: {kind: 月报不全}}", "{on: ¦kept, each: month, price: 0.1}", "Under deduct a rule cannot hear kept. Write one of: happenings, cards, messages, amounts; left out, it is happenings."),
    ("{each: event, price: 1, whom: other, factor: {部门: 0.5}}", "{on: ¦kept, each: event, price: 1}", "Under deduction a rule cannot hear kept. Write one of: happenings, cards, messages, amounts; left out, it is happenings."),
    ("{each: event, price: 1, whom: other, factor: {部门: 0.5}}", "{each: event, price: 1, whom: ¦others}", '"others" is not allowed for whom. Did you mean "other"? Allowed: own, other.'),
    ("{on: amounts, each: event, price: {from: 3, to: 6}}", "{on: amounts, each: event, price: {from: ¦7, to: 6}}", "The range is empty: from 7 lies above to 6. Write the smaller amount under from."),
    ("{on: amounts, each: event, price: {from: 3, to: 6}}", "{each: event, price: ¦{from: 3, to: 6}}", "An amount set by the assessor needs both: on: amounts, and price: set or {from: …, to: …}."),
    ("{on: amounts, each: event, price: {from: 3, to: 6}}", "{on: amounts, each: event, price: ¦{from: 3}}", "The key to is missing here."),
    ("{on: amounts, each: event, price: {from: 3, to: 6}}", "{on: amounts, each: event, price: {from: 3, to: ¦六}}", '"六" is not a number for to. Write plain half-width digits, such as 0.5.'),
    ("price: {nth: [0.5, 1]}", "price: {nth: ¦[]}", "nth is empty. It needs at least one entry."),
    ("price: {nth: [0.5, 1]}", "price: {nth: [0.5, ¦-1]}", "nth[2] is below 0 (-1). Numbers are written without a sign; the rule says what is taken away."),
    ("{on: cards, each: problem, price: {nth: [0.5, 1]}}", "{on: cards, each: ¦problem, price: {total: [0.5, 1]}}", "each: problem needs on: cards, and price: {first: …, again: …} or {nth: [0, 3, 10]}."),
    ("{each: quarter, price: 0.5, when: {kind: 季报不全}}", "{each: ¦quarter, price: {nth: [1, 2]}, when: {kind: 季报不全}}", "nth counts the first, the second … of a row. Write each: event, matter or problem, not quarter."),
    ("{each: quarter, price: 0.5, when: {kind: 季报不全}}", "{each: ¦quarter, price: {total: [1, 2]}, when: {kind: 季报不全}}", "A price by how many there are cannot be counted once a quarter. Write each: matter or each: event."),
    ("{each: matter, price: {total: [3, 5]}, level_min: county}", "{each: matter, price: ¦{nth: [3, 5]}, level_min: county}", "nth counts one matter several times, and this group takes a matter once: same_matter: each."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: ¦event, price: {down_to: 6}, when: {kind: 无制度}}", "An item is brought down once: down_to needs each: year."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: year, price: {down_to: ¦11}, when: {kind: 无制度}}", "11 points are more than the item's maximum of 10."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: year, price: {down_to: 6}, cap: ¦3, when: {kind: 无制度}}", "down_to already says what the item can still have: leave cap out."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: year, price: {down_to: 6}, over: ¦sub-units, when: {kind: 无制度}}", "down_to already says what the item can still have: leave over out."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: year, price: {down_to: 6}, factor: ¦{乡镇: 2}, when: {kind: 无制度}}", "down_to already says what the item can still have: leave factor out."),
    ("{each: year, price: {down_to: 6}, when: {kind: 无制度}}", "{each: year, price: {down_to: ¦及格}, when: {kind: 无制度}}", '"及格" is not a number for down_to. Write plain half-width digits, such as 0.5.'),
    ("{on: happenings, each: matter, price: 5}", "{on: happenings, each: year, price: ¦{down_to: 5}}", "down_to brings an item down to a mark: it stands only under deduct of an item."),
    ("{on: kept, each: event, price: 0.5, cap: 3}", "{on: kept, each: event, price: 0.5, when: {kind: ¦按时}}", "What is heard by on: kept has no kind. Leave kind out, or write on: happenings."),
    ("{on: kept, each: event, price: 0.5, cap: 3}", "{on: kept, each: event, price: 0.5, when: {answered: ¦true}}", "answered asks about a missed limit. Leave it out, or write on: messages or happenings."),
    ("{on: kept, each: event, price: 0.5, cap: 3}", "{on: kept, each: event, price: 0.5, limit: ¦4 working days}", "An item has one limit for its messages: 4 working days is not 3 working days."),
    ("when: {answered: false, justified: false}", "when: {answered: ¦no, justified: false}", '"no" is neither true nor false (answered).'),
    ("when: {kind: [差错, 漏项]}", "when: {kind: [差错, ¦差错]}", "差错 stands here twice; once is enough."),
    ("when: {kind: [差错, 漏项]}", "when: {kind: ¦[]}", "kind is empty. It needs at least one entry."),
    ("needs: {报送: 12, 约稿: 1}, join: any", "needs: {报送: 12, 约稿: ¦1}, when: {kind: 报送}", "needs asks for 约稿, which when.kind shuts out. Leave when.kind out."),
    ("price: 1, needs: {报送: 12, 约稿: 1}, join: any", "price: 1, needs: {¦'': 12}", "A name is missing before the colon here."),
    ("{each: year, price: all, when: {serious: true}}", "{each: year, price: all, needs: ¦{通报: 2}}", "needs is asked once a year: it wants each: year and one number as price."),
    ("{on: kept, each: month, price: 0.1, limit: 5 working days}", "{on: kept, each: year, price: 0.1, needs: ¦{按时: 3}}", "needs counts kinds, and what is heard by on: kept has none. Write on: happenings."),
    ("factor: {乡镇: 2, 丁局: 1.5}", "factor: {乡镇: 2, ¦丁: 1.5}", '"丁" is no category and no unit. Did you mean "丁局"?'),
    ("factor: {乡镇: 2, 丁局: 1.5}", "factor: {乡镇: 2, ¦街道办: 1.5}", '"街道办" is no category and no unit. Write one as variants or the roster have it.'),
    ("factor: {乡镇: 2, 丁局: 1.5}", "factor: {乡镇: ¦两倍}", '"两倍" is not a share for 乡镇. Write it as 0.8, 4/5 or 80%.'),
    ("factor: {乡镇: 2, 丁局: 1.5}", "factor: ¦{}", "factor is empty. It needs at least one entry."),
    ("eased: [{kind: 已整改, to: 50%}, {kind: 群众满意, to: 0}]", "eased: [{kind: ¦督办, to: 50%}]", "督办 is priced by this rule, so it cannot ease it too. Name another kind in one of the two."),
    ("eased: [{kind: 已整改, to: 50%}, {kind: 群众满意, to: 0}]", "eased: [{kind: 已整改, to: ¦100%}]", "to says what is left of the price: less than 100%, not 100%."),
    ("eased: [{kind: 已整改, to: 50%}, {kind: 群众满意, to: 0}]", "eased: [{kind: 已整改, to: 50%}, {kind: ¦已整改, to: 0}]", "已整改 stands here twice; once is enough."),
    ("eased: [{kind: 已整改, to: 50%}, {kind: 群众满意, to: 0}]", "eased: [{kind: 已整改, to: ¦一半}]", '"一半" is not a share for to. Write it as 0.8, 4/5 or 80%.'),
    ("cap: {month: 6, quarter: 10, half-year: 12, year: 20}", "cap: {month: 6, quarter: ¦5, year: 20}", "A longer period cannot have the smaller cap: quarter 5 lies below month 6."),
    ("cap: {month: 6, quarter: 10, half-year: 12, year: 20}", "cap: {month: 6, quarter: 10, year: ¦9.5}", "A longer period cannot have the smaller cap: year 9.5 lies below quarter 10."),
    ("cap: {month: 6, quarter: 10, half-year: 12, year: 20}", "cap: ¦{}", "cap is in no known form. Write one of: 5, {month: 10, year: 120}."),
    ("cap: {month: 6, quarter: 10, half-year: 12, year: 20}", "cap: {month: 6, ¦weeks: 10}", 'The key "weeks" is not known here. Known: month, quarter, half-year, year.'),
    ("cap: {month: 6, quarter: 10, half-year: 12, year: 20}", "cap: ¦[6]", "cap must be a single value, not a list or a mapping."),
    ("over: sub-units, floor: 2}", "over: sub-units, floor: ¦11}", "11 points are more than the item's maximum of 10."),
    ("scale: 100, source: required,", "scale: ¦0, source: required,", "A scale of 0 has no marks. Write its full mark, such as 100."),
    ("scale: 100, source: required,", "scale: 100, allowed: [{points: ¦120, when: 好}], source: required,", "120 is more than the scale of 100; the marks of the list are marks on that scale."),
    ("scale: 100, source: required,", "scale: 100, source: ¦yes,", '"yes" is not allowed for source. Allowed: required.'),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: ¦0, each: 10%, per: 1, step: up, relative: true}", "Nothing can be said in per cent of 0: leave relative out, or compare with another line."),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: previous, each: 10%, per: ¦0}", "per is 0: nothing would ever count. Write a number above 0."),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "¦{above: previous, each: 10%, per: 1, earns: 1}", "worth wants exactly one of these: per: 1, earns: 1."),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: previous, each: ¦0, per: 1}", '"0" is no step for each. Write a figure above 0, such as 1 or 5%, or once.'),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: previous, each: ¦一成, per: 1}", '"一成" is no step for each. Write a figure above 0, such as 1 or 5%, or once.'),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: ¦last year, each: 10%, per: 1}", '"last year" is no line to compare with (above). Write a figure, such as 90%, or previous, 3 years, parent, target, mean, or a share of one, such as 50% of mean.'),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: ¦-5, each: 10%, per: 1}", "above is below 0 (-5). Numbers are written without a sign; the rule says what is taken away."),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: ¦half of mean, each: 10%, per: 1}", '"half of mean" is no line to compare with (above). Write a figure, such as 90%, or previous, 3 years, parent, target, mean, or a share of one, such as 50% of mean.'),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: previous, each: once, step: ¦up, per: 1}", "each: once has no parts of a step: leave step out."),
    ("{above: previous, each: 10%, per: 1, step: up, relative: true}", "{above: previous, each: 10%, per: 1, relative: ¦yes}", '"yes" is neither true nor false (relative).'),
    ("step: linear}, reads: share}", "step: linear}, reads: ¦percent}", '"percent" is not allowed for reads. Allowed: share, number, whole, positive.'),
    ("step: linear}, reads: share}", "step: linear}, among: ¦all}", "among says whose mean is taken, and nothing is compared with a mean here: leave it out."),
    ("step: linear}, reads: share}", "step: linear}, interval: ¦upper}", "interval says to which tier an end belongs, and there are no tiers here: leave it out."),
    ("rule: {start: metric, worth: {fall: 10%, per: 1, step: linear}}", "rule: {start: metric, worth: {fall: 10%, per: 1}, reads: ¦share}", "A fall is read from the figures of two years: leave reads out."),
    ("rule: {start: metric, worth: {fall: 10%, per: 1, step: linear}}", "rule: {start: metric, worth: {fall: 10%, per: ¦0}}", "per is 0: nothing would ever count. Write a number above 0."),
    ("{from: 2, points: 2}, {from: 3, points: 0}", "{from: ¦2.5, points: 2}, {from: 3, points: 0}", "A count is a whole number, not 2.5."),
    ("{proportional: 10, zero_below: 60%, full_from: 95%}", "{proportional: 10, zero_below: ¦96%, full_from: 95%}", "zero_below 96% lies above full_from 95%: write the lower rate under zero_below."),
    ("{proportional: 10, zero_below: 60%, full_from: 95%}", "{proportional: ¦12, zero_below: 60%}", "12 points are more than the item's maximum of 10."),
    ("{proportional: 10, zero_below: 60%, full_from: 95%}", "{proportional: ¦0, full_from: 95%}", "proportional is 0: nothing would ever count. Write a number above 0."),
    ("worth: {below: 3, per: 0.5}", "worth: {below: ¦previous, per: 0.5}", "A count is compared with a number, such as 3, not with previous. For that, use start: metric."),
    ("worth: {below: 3, per: 0.5}", "worth: {below: ¦2.5, per: 0.5}", "A count is a whole number, not 2.5."),
    ("worth: {below: 3, per: 0.5}", "worth: {below: 3, per: ¦0}", "per is 0: nothing would ever count. Write a number above 0."),
    ("worth: {below: 3, per: 0.5}", "worth: ¦{fall: 3, per: 0.5}", "worth is in no known form. Write one of: {tiers: [{from: 1, points: 2}, {from: 0, points: 0}]}, {below: 3, per: 1}."),
    ("deduct: [{each: event, price: 0.2, when: {kind: 退稿}}]", "deduct: [¦{each: event, price: 0.2}]", "On a counted item this rule needs its own kind: when: {kind: …}."),
    ("deduct: [{each: event, price: 0.2, when: {kind: 退稿}}]", "add: [¦{each: event, price: 0.2, when: {serious: true}}]", "On a counted item this rule needs its own kind: when: {kind: …}."),
    ("period: half-year, worth", "period: ¦halfyear, worth", '"halfyear" is not allowed for period. Did you mean "half-year"? Allowed: year, half-year, quarter, month.'),
    ("{places: [60, 57, 54], rest: 50}", "{places: [¦61, 57, 54], rest: 50}", "61 points are more than the item's maximum of 60."),
    ("{places: [60, 57, 54], rest: 50}", "{places: [60, 57, 54], rest: ¦70}", "70 points are more than the item's maximum of 60."),
    ("{places: [60, 57, 54], rest: 50}", "{places: ¦[], rest: 50}", "places is empty. It needs at least one entry."),
    ("{places: [60, 57, 54], rest: 50}", "¦{place: [60]}", "worth is in no known form. Write one of: {places: [5, 4, 3], rest: 1}, {top: [{share: 20%, points: 5}], rest: 2}."),
    ("{share: 50%, points: 15}", "{share: ¦20%, points: 15}", "Shares rise from one to the next, each counted from the first place: 20% does not."),
    ("{share: 50%, points: 15}", "{share: ¦150%, points: 15}", "150% is more than all units: write at most 100%."),
    ("{share: 50%, points: 15}", "{share: 50%, points: ¦25}", "25 points are more than the item's maximum of 20."),
    ("{share: 20%, points: 20}", "{share: ¦0%, points: 20}", "Shares rise from one to the next, each counted from the first place: 0% does not."),
    ("of: [G1, G2], best", "of: [G1, ¦G22], best", 'There is no item "G22". Did you mean "G2"?'),
    ("of: [G1, G2], best", "of: [G1, ¦无此], best", 'There is no item "无此". Write figure, or the codes of items.'),
    ("of: [G1, G2], best", "of: [G1, ¦figure], best", "figure stands alone: rank by the reported figure, or by the scores of items."),
    ("of: [G1, G2], best", "of: [G1, ¦G1], best", "G1 stands here twice; once is enough."),
    ("of: [G1, G2], best", "of: [G1, ¦R2], best", "R2 cannot be ranked by its own score: write figure, or other items."),
    ("of: [G1, G2], best", "of: [G1, ¦R1], best", "R1 has no score to rank by: it is ranked itself, or points elsewhere. Name other items."),
    ("of: [G1, G2], best", "of: [G1, ¦E2], best", "E2 has no score to rank by: it is ranked itself, or points elsewhere. Name other items."),
    ("of: figure, best: high", "of: figure, best: ¦most", '"most" is not allowed for best. Allowed: high, low.'),
    ("rule: {start: zero, add: [{on: happenings, each: matter, price: 5}]}", "rule: ¦{start: zero}", "The key add is missing here."),
    ("rule: {start: zero, add: [{on: happenings, each: matter, price: 5}]}", "rule: {start: zero, add: ¦[]}", "add is empty. It needs at least one entry."),
    ("{start: metric, worth: {above: target, each: 5%, earns: 0.5}, reads: share, cap: 2}", "¦{start: metric, cap: 2}", "The key worth is missing here."),
    ("{start: metric, worth: {above: target, each: 5%, earns: 0.5}, reads: share, cap: 2}", "{start: metric, ¦wort: {above: target, each: 5%, earns: 0.5}}", 'The key "wort" is not known here. Did you mean "worth"?'),
    ("{start: metric, worth: {above: target, each: 5%, earns: 0.5}, reads: share, cap: 2}", "¦{start: metric, price: 2}", "The key below is missing here."),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "{start: rank, best: low, among: ¦others, worth: {places: [3, 2, 1]}, cap: 3}", '"others" is not allowed for among. Allowed: all, category.'),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "¦名次", "rule must hold keys and values: {each: …, price: …, on: …, limit: …, level_min: …, when: …}."),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "{start: ¦ranks, best: low, worth: {places: [3, 2, 1]}}", '"ranks" is not allowed for start. Did you mean "rank"? Allowed: metric, rank.'),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "{start: ¦zero, each: event, price: 1}", '"zero" is not allowed for start. Allowed: metric, rank.'),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "{start: ¦null, each: event, price: 1}", '"…" is not allowed for start. Allowed: metric, rank.'),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "¦{best: low, worth: {places: [3, 2, 1]}}", "The key start is missing here."),
    ("{start: rank, best: low, among: all, worth: {places: [3, 2, 1]}, cap: 3}", "¦{worth: {places: [3, 2, 1]}}", "The key start is missing here."),
    ("{start: metric, worth: {below: 80% of mean, each: once, per: 1}, among: others}", "¦{worth: {below: 80% of mean, each: once, per: 1}, among: others}", "The key start is missing here."),
    ("{start: metric, price: 2, below: {share: 0.5, of: mean, among: others}}", "{price: 2, below: {share: 0.5, of: ¦means, among: others}}", '"means" is not allowed for of. Did you mean "mean"? Allowed: mean.'),
    ("only: [乡镇, 部门]", "only: [乡镇, ¦街道]", 'There is no category "街道". Known: 乡镇, 部门.'),
    ("only: [乡镇, 部门]", "only: [乡镇, 部门, ¦乡镇]", "乡镇 stands here twice, first in line 224."),
    ("only: [乡镇, 部门]", "only: ¦[]", "only is empty. It needs at least one entry."),
    ("only: [乡镇, 部门]", "only: ¦{乡镇: 1}", "only must be a list, such as [first, second]."),
    ("sub_units: 4}", "sub_units: ¦0}", "sub_units is 0; it must be at least 1."),
]  # fmt: skip
"""What is replaced, what by (¦ marks where the fault is), and the sentence expected."""


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_one_fault_is_found_where_it_is(old: str, new: str, sentence: str) -> None:
    text, line, column = expected_at(put_in(EVERYTHING, old, new))
    assert faults_of(text) == [(line, column, sentence)]


def test_what_is_counted_is_told_from_what_comes_off() -> None:
    text = put_in(EVERYTHING, "      kind: [简报, 专报]\n", "")
    said = "What is counted must be told from what comes on or off: write which kind is counted (kind: …)."
    assert [fault[2] for fault in faults_of(text)] == [said]


def test_messages_and_limits_kept_have_no_kind_to_be_told_by() -> None:
    old = "deduct: [{each: event, price: 0.2, when: {kind: 退稿}}]"
    new = "deduct: [{on: messages, each: event, price: 0.2}]\n      add: [{on: kept, each: event, price: 0.2}]"
    assert faults_of(put_in(EVERYTHING, old, new)) == []


def test_who_pays_how_often_is_left_open_where_the_file_lists_nobody() -> None:
    items = UNWEIGHTED.replace(", only: 乡镇", "").replace(", only: 部门", "")
    text = put_in(items, "variants: [乡镇, 部门]\n", "")
    text = put_in(text, "rule: {each: matter, price: 2}", "rule: {each: matter, price: 2, factor: {乡镇: 2}}")
    assert faults_of(text) == []


def test_a_gate_without_a_bonus_behind_it_is_a_fault() -> None:
    start, end = UNWEIGHTED.index("      - {code: SP1"), UNWEIGHTED.index("      - {code: SP2")
    text = put_in(
        UNWEIGHTED[:start] + UNWEIGHTED[end:], "    clause: 另加\n", "    clause: 另加\n    gate: {from: 60}\n"
    )
    assert faults_of(text) == [(19, 11, "A gate opens bonuses, and the group has none: leave it out.")]


def test_marks_of_a_list_are_marks_on_the_scale() -> None:
    new = "scale: 100, allowed: [{points: 100, when: 好}, {points: 60, when: 中}, {points: 0, when: 差}], source: required,"
    assert faults_of(put_in(EVERYTHING, "scale: 100, source: required,", new)) == []


def test_points_that_are_not_known_yet_bound_nothing() -> None:
    rule = "{start: rank, worth: {places: [9]}, deduct: [{each: year, price: {down_to: 6}}], floor: 2}"
    text = put_in(UNWEIGHTED, "{code: S1, title: 一, section: 公开, clause: 一, rule: {start: grade}}",
                  "{code: S1, title: 一, section: 公开, clause: 一, rule: " + rule + "}")  # fmt: skip
    assert faults_of(text) == []


@pytest.mark.parametrize("line", ["90%", "1/2", "3", "previous", "1 year", "5 years", "50% of mean", "1/2 of 3 years"])
def test_a_figure_may_be_compared_with_many_lines(line: str) -> None:
    assert faults_of(put_in(EVERYTHING, "worth: {above: 3 years, per: 1,", f"worth: {{above: {line}, per: 1,")) == []


@pytest.mark.parametrize("line", ["0 years", "10 years", "mean of 50%", "50% of", "of mean", "-50% of mean", "half"])
def test_other_lines_are_refused(line: str) -> None:
    text = put_in(EVERYTHING, "worth: {above: 3 years, per: 1,", f"worth: {{above: {line}, per: 1,")
    ((place, _, said),) = faults_of(text)
    assert place == text[: text.index(f"above: {line},")].count("\n") + 1
    assert line in said
