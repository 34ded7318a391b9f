"""Files whose form is broken: an unknown key, a missing one, a value that is no number."""
# ruff: noqa: E501 - a fault stands on one line

import pytest

from tests.schemes.small import SMALL, expected_at, faults_of, put_in

BROKEN = [
    ("issuer: 某办公室\n", "¦isuer: 某办公室\n", 'The key "isuer" is not known here. Did you mean "issuer"?'),
    (
        "issuer: 某办公室\n",
        "issuer: 某办公室\n¦qqqq: 1\n",
        'The key "qqqq" is not known here. Known: scheme, family, title, issuer, document, year, base_total, points, assessor, grade_decimals, total, display_decimals, rounding, ties, variants, not_applicable, zero_out, vetoes, bands, roster, roster_note, procedure, sections, parts, acknowledged, readings, items, adjustments.',
    ),
    (
        "procedure: {recorder: 办公室",
        "procedure: {¦recordr: 办公室",
        'The key "recordr" is not known here. Did you mean "recorder"?',
    ),
    (
        "    title: 甲\n",
        "    ¦rule:grade: 甲\n    title: 甲\n",
        '"rule:grade" is read as one key. Write a half-width colon and a blank after rule.',
    ),
    ("year: 2020\n", "year: ¦二〇二〇\n", '"二〇二〇" is not a whole number for year.'),
    ("year: 2020\n", "year: ¦1999\n", "year is 1999; it must be at least 2000."),
    ("year: 2020\n", "year: 2020\ngrade_decimals: ¦9\n", "grade_decimals is 9; it must be at most 6."),
    ("year: 2020\n", "year: ¦[2020]\n", "year must be a single value, not a list or a mapping."),
    ("year: 2020\n", "year:¦\n", "year has no value. Write one, or leave the key out if it may be left out."),
    (
        "base_total: 20\n",
        "base_total: ¦２０\n",
        '"２０" is not a number for base_total. Write plain half-width digits, such as 0.5.',
    ),
    (
        "base_total: 20\n",
        "base_total: ¦-20\n",
        "base_total is below 0 (-20). Numbers are written without a sign; the rule says what is taken away.",
    ),
    (
        "scheme: small-2020\n",
        "scheme: ¦小表 2020\n",
        '"小表 2020" cannot be an id (scheme). Use at most 60 small letters, digits and hyphens, such as luancheng-2020.',
    ),
    ("title: 小表\n", "title: ¦[小表]\n", "title must be a single value, not a list or a mapping."),
    ("title: 小表\n", 'title: ¦" "\n', "title has no value. Write one, or leave the key out if it may be left out."),
    ("variants: [乡镇, 部门]\n", "variants: ¦乡镇\n", "variants must be a list, such as [first, second]."),
    ("title: 小表", 'title: ¦"小\\e[31m表"', "title holds characters that cannot be seen. Delete them."),
    (
        "total: {floor: 0, ceiling: 120}",
        "total: ¦0",
        "total must hold keys and values: {convert: …, floor: …, ceiling: …}.",
    ),
    (
        "points: printed",
        "points: ¦print",
        '"print" is not allowed for points. Did you mean "printed"? Allowed: printed, overlay.',
    ),
    ("points: printed", "points: ¦xyz", '"xyz" is not allowed for points. Allowed: printed, overlay.'),
    (
        "side: bonus, title: 表扬",
        "side: ¦[bonus], title: 表扬",
        "side must be a single value, not a list or a mapping.",
    ),
    (
        "  - {name: 中, from: 60}",
        "  - ¦中",
        "bands[2] must hold keys and values: {name: …, from: …, above: …, to: …, below: …, top: …}.",
    ),
    ("from: 60}", "from: ¦[60]}", "from must be a single value, not a list or a mapping."),
    (
        "  - code: A1\n",
        "  - code: ¦A 1\n",
        '"A 1" cannot be a code. Use at most 32 letters, digits, points and hyphens, no blanks.',
    ),
    ("    lines: [7, 8]\n", "    lines: [7, ¦第8行]\n", '"第8行" is not a whole number for lines[2].'),
    ("    lines: [7, 8]\n", "    lines: [7, ¦0]\n", "lines[2] is 0; it must be at least 1."),
    (
        "limit: 10 working days, ",
        "limit: ¦10 days, ",
        '"10 days" is not a limit (limit). Write it as 15 working days, 5 hours or 2020-09-30.',
    ),
    (
        "{by: 2020-06-30, to: 公开}",
        "{by: ¦2020-06-31, to: 公开}",
        '"2020-06-31" is not a day (by). Write it as 2020-09-30.',
    ),
    (
        "{by: 2020-06-30, to: 公开}",
        "{by: ¦20200630, to: 公开}",
        '"20200630" is not a day (by). Write it as 2020-09-30.',
    ),
    (
        "{by: 2020-06-30, to: 公开}",
        "¦{to: 公开}",
        "advice[2] is in no known form. Write one of: {limit: 10 working days, from: …, to: …}, {by: 2018-07-10, to: …}, {threshold: '>= 70%', of: …}.",
    ),
    ("{by: 2020-06-30, to: 公开}", "¦公开", 'advice[2] must hold keys and values, such as "key: value".'),
    (
        'threshold: ">= 70%"',
        "threshold: ¦七成",
        '"七成" is not a threshold. Write a sign and a figure, such as >= 70%.',
    ),
    ("from: 80%, points: 2", "from: ¦八成, points: 2", '"八成" is not a share for from. Write it as 0.8, 4/5 or 80%.'),
    (
        "from: 80%, points: 2",
        "from: ¦-80%, points: 2",
        "from is below 0 (-80%). Numbers are written without a sign; the rule says what is taken away.",
    ),
    ("from: 80%, points: 2", "from: ¦1/0, points: 2", '"1/0" is not a share for from. Write it as 0.8, 4/5 or 80%.'),
    (
        "when: {justified: false, serious: true}",
        "when: {justified: ¦no, serious: true}",
        '"no" is neither true nor false (justified).',
    ),
    (
        "when: {justified: false, serious: true}",
        "when: ¦{}",
        "when is in no known form. Write one of: {justified: false}, {serious: true}, {answered: true}, {kind: …}.",
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: {start: ¦metrics, worth: {above: 1, per: 0.5}}",
        '"metrics" is not allowed for start. Did you mean "metric"? Allowed: grade, full, zero, metric, checklist, count, rank, elsewhere.',
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: {start: ¦[a], worth: {above: 1, per: 0.5}}",
        '"…" is not allowed for start. Allowed: grade, full, zero, metric, checklist, count, rank, elsewhere.',
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: ¦{worth: {above: 1, per: 0.5}}",
        "The key start is missing here. Allowed: grade, full, zero, metric, checklist, count, rank, elsewhere.",
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: ¦grade",
        'rule must hold keys and values, such as "key: value".',
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule:¦",
        "rule has no value. Write one, or leave the key out if it may be left out.",
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: {start: metric, worth: ¦{each: 1, of: 2}}",
        "worth is in no known form. Write one of: {tiers: [{from: 80%, points: 6}, {from: 0%, points: 0}]}, {above: 1, per: 0.5}, {below: 90%, each: 1%, per: 1}, {fall: 10%, per: 1}, {proportional: 15}.",
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: {start: metric, worth: ¦{above: 1}}",
        "worth wants exactly one of these: per: 1, earns: 1.",
    ),
    (
        "rule: {start: metric, worth: {above: 1, per: 0.5}}",
        "rule: {start: metric, worth: {above: 1, per: 0.5, ¦pre: 1}}",
        'The key "pre" is not known here. Did you mean "per"?',
    ),
    (
        "rule: {start: full, deduct: [{on: amounts, each: event, price: set}, {each: year, price: all, when: {justified: false, serious: true}}]}",
        "rule: {start: full, deduct: ¦[]}",
        "deduct is empty. It needs at least one entry.",
    ),
    (
        "price: {national: 1, provincial: 0.5}",
        "price: {national: 1, ¦province: 0.5}",
        'The key "province" is not known here. Did you mean "provincial"?',
    ),
    (
        "price: {national: 1, provincial: 0.5}",
        "price: ¦{}",
        "price is in no known form. Write one of: {national: 1, provincial: 0.5}.",
    ),
    (
        "price: {total: [3, 5]}",
        "price: {total: [3, ¦五]}",
        '"五" is not a number for total[2]. Write plain half-width digits, such as 0.5.',
    ),
    ("price: {total: [3, 5]}", "price: {total: ¦[]}", "total is empty. It needs at least one entry."),
    (
        "price: {first: 0.1, again: 0.5, first_card: escalated}",
        "price: ¦{first: 0.1, first_card: escalated}",
        "The key again is missing here.",
    ),
    (
        "price: 0.5, limit",
        "price: ¦half, limit",
        '"half" is not a number for price. Write plain half-width digits, such as 0.5.',
    ),
    (
        "needs: {report: 12, commission-done: 1}",
        "needs: ¦{}",
        "needs is empty. It needs at least one entry.",
    ),
    ("needs: {report: 12, commission-done: 1}", "needs: {report: ¦0}", "report is 0; it must be at least 1."),
    (
        "below: {share: 0.5, of: mean, among: others}",
        "below: {share: 0.5, ¦off: mean}",
        'The key "off" is not known here. Did you mean "of"?',
    ),
    (
        "rule: {start: metric, price: 2, below: {share: 0.5, of: mean, among: others}}",
        "rule: ¦{start: metric, price: 2}",
        "The key below is missing here.",
    ),
    ("  - {name: 东镇, category: 乡镇}", "  - ¦{category: 乡镇}", "The key name is missing here."),
]
"""What is replaced, what by (¦ marks where the fault is), and the sentence expected."""


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN)
def test_one_fault_is_found_where_it_is(old: str, new: str, sentence: str) -> None:
    text, line, column = expected_at(put_in(SMALL, old, new))
    assert faults_of(text) == [(line, column, sentence)]
