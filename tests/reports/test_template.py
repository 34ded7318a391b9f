"""What an office may write in its template, and how it is told of what it may not."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from gkevents.aggregates.bulletin import template_digest
from gkevents.reports.bulletin.charts import CHARTS
from gkevents.reports.bulletin.given import SHAPE
from gkevents.reports.bulletin.sentences import TEXT_MAX, SentenceWrongError, checked, said
from gkevents.reports.bulletin.tables import TABLES
from gkevents.reports.bulletin.template import (
    SENTENCE_MAX,
    BlockForm,
    PageForm,
    TemplateFaultyError,
    read_template,
    standard_text,
)
from gkevents.words import say
from tests.paper.sample import PAGE

SMALL = """\
template: small
title: 关于{{ period.full }}的通报
body:
  - heading: 总体情况
  - text: |
      督办卡{{ counts.cards }}张。
      {% for unit in problems %}
      {{ unit.unit }}：{{ unit.count }}件。
      {% endfor %}
"""


def faults(written: str | bytes) -> list[tuple[int, int, str]]:
    """What is wrong with a template: line, column, sentence."""
    with pytest.raises(TemplateFaultyError) as found:
        read_template(written)
    return [(fault.line, fault.column, say(fault.message, "en")) for fault in found.value.faults]


def test_the_template_that_comes_along_is_sound() -> None:
    template = read_template(standard_text())
    assert (template.name, template.digest) == ("standard", template_digest(standard_text()))
    assert template.page == PAGE
    assert template.page == PageForm().model_dump()


def test_the_template_that_comes_along_names_every_word_that_a_sentence_may_use() -> None:
    text = standard_text()
    assert [name for name in _names(SHAPE) if name not in text] == []


def _names(shape: Any) -> list[str]:  # noqa: ANN401
    if isinstance(shape, list):
        return _names(shape[0])
    return [name for key, held in shape.items() for name in (key, *_names(held))] if isinstance(shape, dict) else []


def test_a_block_may_name_the_tables_and_charts_that_there_are() -> None:
    def named(field: str) -> set[str]:
        literal, _ = get_args(BlockForm.model_fields[field].annotation)
        return set(get_args(literal))

    assert named("table") == {*TABLES, "corrections"}
    assert named("chart") == {*CHARTS}


def test_a_template_is_the_same_with_a_byte_order_mark_and_as_bytes() -> None:
    plain = read_template(SMALL)
    assert read_template(b"\xef\xbb\xbf" + SMALL.encode()) == plain
    assert read_template("\ufeff" + SMALL).digest == plain.digest


FAULTS = [
    ("title: 关于", "titel: 关于", (2, 1, 'Did you mean "title"?')),
    ("title: 关于{{ period.full }}的通报\n", "", (1, 1, "The key title is missing here.")),
    ("period.full", "period.ful", (2, 20, 'In title: "period" holds nothing named "ful"; did you mean "full"?')),
    ("counts.cards", "count.cards", (6, 13, 'In body[2].text: nothing named "count" is given here; did you mean')),
    ("counts.cards", "counts", (6, 13, '"counts" holds several things')),
    ("unit.count }}", "unit.found }}", (8, 26, '"unit.found" holds several things')),
    ("in problems", "in year", (7, 22, '"year" is no list')),
    ("{% endfor %}", "", (8, 7, "In body[2].text: something that begins here does not end: if wants {% endif %}")),
    (
        "- heading: 总体情况",
        "- heading: 总体情况\n    table: scores",
        (4, 5, "exactly one of these: heading, text, table, chart"),
    ),
    ("- heading: 总体情况", "- when: year", (4, 5, "exactly one of these")),
    ("- heading: 总体情况", "- table: score", (4, 12, 'Did you mean "scores"?')),
    ("- heading: 总体情况", "- chart: pie", (4, 12, "Allowed: ranking, lost, trend.")),
    (
        "- heading: 总体情况",
        "- table: scores\n    when: weigthed",
        (5, 11, 'In body[1].when: nothing named "weigthed"'),
    ),
    ("- heading: 总体情况", "- heading: 甲\n    level: 4", (5, 12, "it must be at most 3")),
    ("template: small", "template: 小", (1, 11, "cannot be an id")),
    ("body:", "page: {margin_top: 900}\nbody:", (3, 20, "it must be at most 80")),
    ("body:", "page: {page_numbers: left}\nbody:", (3, 22, "Allowed: outside, centre, none.")),
    ("body:", "annexes: [{title: '{{ x }}', body: []}]\nbody:", (3, 36, "needs at least one entry")),
    ("body:", "note: '{{ import }}'\nbody:", (3, 11, 'In note: nothing named "import"')),
    ("{% endfor %}", "{% endfor %}{% endfor %}", (9, 7, '"endfor" does not belong here')),
    ("counts.cards", "counts.", (6, 7, "this cannot be read as a sentence (")),
    ("template: small", "template: &a small", (1, 11, "Anchors")),
]


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_each_fault_is_told_with_its_line_and_column(old: str, new: str, expected: tuple[int, int, str]) -> None:
    assert old in SMALL
    line, column, words = expected
    found = faults(SMALL.replace(old, new, 1))
    assert [one[:2] for one in found] == [(line, column)], found
    assert words in found[0][2]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    broken = SMALL.replace("period.full", "perod.full").replace("unit.unit", "unit.name").replace("problems", "problem")
    assert [line for line, _, _ in faults(broken)] == [2, 7]
    assert [line for line, _, _ in faults(SMALL.replace("period.full", "x").replace("unit.unit", "unit.x"))] == [2, 8]


def test_what_is_no_template_at_all_is_told_so() -> None:
    assert faults("")[0][2] == "The file is empty."
    assert "a template is keys and values" in faults("- title")[0][2]
    assert faults(b"title: \xff")[0][2].startswith("The file is not UTF-8")


def test_a_folded_text_is_told_at_or_before_its_line() -> None:
    folded = "template: small\ntitle: 甲\nbody:\n  - text: >\n      甲\n      {{ nothing }}\n"
    assert [one[:2] for one in faults(folded)] in ([(5, 7)], [(6, 10)])


def test_a_sentence_that_is_too_long_is_refused() -> None:
    (fault,) = faults(SMALL.replace("总体情况", "长" * (SENTENCE_MAX + 1)))
    assert "more than 20000 characters" in fault[2]


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ year.__class__ }}",
    "{{ year['__class__'] }}",
    "{{ counts['__class__'] }}",
    "{{ problems.__init__ }}",
    "{{ problems|attr('__class__') }}",
    "{{ problems|map(attribute='__class__')|list }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop.__class__ }}",
    "{{ range(10) }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler }}",
    "{{ '%s'|format(year) }}",
    "{{ '{0.__class__}'.format(year) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 999999 }}",
    "{{ 'a'|center(1000000000) }}",
    "{% set x = year %}",
    "{% macro f() %}{% endmacro %}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% call year() %}{% endcall %}",
    "{{ problems[0:9] }}",
    "{{ problems[year] }}",
    "{{ {'a': 1} }}",
    "{{ year is callable }}",
    "{% for a in problems recursive %}{{ loop(a.found) }}{% endfor %}",
    "{% for a in problems %}{% for b in problems %}{{ b.unit }}{% endfor %}{% endfor %}",
    "{% for a in problems %}{% for b in a.found %}{% for c in a.found %}1{% endfor %}{% endfor %}{% endfor %}",
    "{% for a, b in problems %}{% endfor %}",
    "{{ " + "(" * 500 + "year" + ")" * 500 + " }}",
    "{{ year" + ".year" * 500 + " }}",
    "{{ " + "not " * 500 + "year }}",
    "{% if year %}" * 100 + "{% endif %}" * 100,
]  # fmt: skip


@pytest.mark.parametrize("written", ESCAPES)
def test_a_sentence_reaches_nothing_but_what_it_is_given(written: str) -> None:
    assert checked(written, SHAPE)


@pytest.mark.parametrize(
    "written",
    [
        "{{ year.__class__ }}", "{{ counts.keys }}", "{{ counts['items'] }}", "{{ problems.append }}", "{{ lipsum }}",
        "{{ problems[7].unit }}", "{{ counts }}", "{{ problems }}", "{{ 1.5 }}", "{{ true }}", "{{ year|upper }}",
        "{{ year < none }}", "{% for a in problems %}{{ loop.cycle }}{% endfor %}", "{{ ''.join }}",
    ],
)  # fmt: skip
def test_the_second_wall_holds_where_the_first_is_not_asked(written: str) -> None:
    with pytest.raises(SentenceWrongError):
        said(written, {"year": 2020, "counts": {"cards": 1}, "problems": [{"unit": "甲"}]})


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{{ problems[0].unit }}{{ counts['cards'] }}", "甲1"),
        ("{{ nothing }}|{{ nothing|default('无', true) }}", "|无"),
        ("{% for a in problems if a.unit %}{{ loop.index }}{{ a.unit }}{% else %}无{% endfor %}", "1甲"),
        (
            "{{ problems|length }}{{ (problems|first).unit }}{{ '有' if counts.cards > 0 and year is even else '' }}",
            "1甲有",
        ),
        ("{% if not nothing %}{{ year ~ '年' }}{% elif year %}x{% endif %}{% raw %}{{ }}{% endraw %}", "2020年{{ }}"),
        ("{% if year in [2019, 2020] and nothing is none %}是{% endif %}{{ ['甲', '乙']|join('、') }}", "是甲、乙"),
        ("<b>{{ markup }}</b>", "<b><i>&amp;{{ year }}</i></b>"),
    ],
)
def test_what_a_sentence_may_do(written: str, text: str) -> None:
    given = {
        "year": 2020, "counts": {"cards": 1}, "problems": [{"unit": "甲"}], "nothing": None,
        "markup": "<i>&amp;{{ year }}</i>",
    }  # fmt: skip
    shape = {"year": None, "counts": {"cards": None}, "problems": [{"unit": None}], "nothing": None, "markup": None}
    assert checked(written, shape) == []
    assert said(written, given) == text


def test_a_block_that_comes_to_too_much_is_refused() -> None:
    rows = [{"unit": "长" * 1000}] * (TEXT_MAX // 1000 + 1)
    with pytest.raises(SentenceWrongError) as found:
        said("{% for a in problems %}{{ a.unit }}{% endfor %}", {"problems": rows})
    assert "more than 1000000 characters" in say(found.value.wrong.why, "en")


def test_what_cannot_be_said_with_these_figures_is_told_with_its_line() -> None:
    template = read_template(SMALL.replace("督办卡{{", "上期{{ previous.name }}，督办卡{{"))
    with pytest.raises(TemplateFaultyError) as found:
        template.say(("body", 1, "text"), template.form.body[1].text or "", {"previous": None, "problems": []})
    (fault,) = found.value.faults
    assert (fault.line, fault.column) == (6, 21)
    assert say(fault.message, "en") == (
        'In body[2].text: there is no "name" this time; ask whether there is with {% if … %} first'
    )
    with pytest.raises(TemplateFaultyError):
        template.holds(("title",), "previous.name", {"previous": None})


@pytest.mark.parametrize(
    ("written", "given", "word"),
    [
        ("{{ previous.name }}", {"previous": None}, "name"),
        ("{{ a.b.c }}", {"a": {}}, "c"),
        ("{{ a.b ~ '年' }}", {"a": {}}, "b"),
        ("{{ a }}", {}, "a"),
        ("{{ (a|first).unit }}", {"a": []}, "unit"),
    ],
)
def test_what_is_not_there_is_told_by_its_name_and_in_plain_words(
    written: str, given: dict[str, Any], word: str
) -> None:
    with pytest.raises(SentenceWrongError) as found:
        said(written, given)
    why = f'there is no "{word}" this time; ask whether there is with {{% if … %}} first'
    assert (found.value.wrong.word, say(found.value.wrong.why, "en")) == (word, why)


@pytest.mark.parametrize("written", ["{{ a < 'x' }}", "{{ a|length }}", "{{ b }}", "{{ b|join }}"])
def test_what_cannot_be_said_is_told_in_plain_words(written: str) -> None:
    with pytest.raises(SentenceWrongError) as found:
        said(written, {"a": 1, "b": [{}] if "join" not in written else 3})
    assert say(found.value.wrong.why, "en").startswith("this cannot be said: a text is compared with a number, or")


def test_an_entry_that_a_list_does_not_have_is_told() -> None:
    with pytest.raises(SentenceWrongError) as found:
        said("{{ a[3] }}", {"a": []})
    assert say(found.value.wrong.why, "en").endswith("this time; ask whether there is with {% if … %} first")


@pytest.mark.parametrize("digits", [19, 5_000])
def test_a_number_of_more_digits_than_anybody_writes_is_a_fault(digits: int) -> None:
    number = "9" * digits
    assert faults(SMALL.replace("counts.cards", number)) == [
        (6, 13, "In body[2].text: a number in a sentence has at most 18 digits")
    ]
    assert [line for line, _, _ in faults(SMALL.replace("body:", f"note: '{{{{ {number} }}}}'\nbody:"))] == [3]
    assert read_template(SMALL.replace("counts.cards", "9" * 18))


def test_a_fault_ends_without_a_stop_for_more_is_said_behind_it() -> None:
    for old, new in [("period.full", "x"), ("- heading: 总体情况", "- when: year")]:
        ((_, _, why),) = faults(SMALL.replace(old, new, 1))
        assert not why.endswith(".")
