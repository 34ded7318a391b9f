"""From text to content: YAML that is refused, the nine published schemes, what normalised content holds."""
# ruff: noqa: E501 - a fault stands beside its sentence

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.faults import named
from gkevents.schemes.format import json_schema
from gkevents.schemes.reading import read
from gkevents.schemes.tree import NODES_MAX, _syntax_fault, plant
from gkevents.words import say
from tests.schemes.small import HERE, SMALL, UNWEIGHTED, expected_at, faults_of, put_in

FIGURES = Path(__file__).with_name("figures.csv")

YAML_FAULTS = [
    ("a: 1\n\t¦b: 2\n".replace("\t¦", "¦\t"), "A tab stands here. Indent with blanks."),
    ("a: b¦: c\n", "A colon cannot stand here. Is the line indented as the ones above it? A text with a colon goes in quotes."),
    ("a: 1\n¦foo\nb: 2\n", "A key without its colon stands here. Write a half-width colon and a blank after each key."),
    ("a: 1\nfoo¦：2\nb: 2\n", "A full-width colon stands here. Write a half-width colon and a blank after the key."),
    ("a: {b: 1, c: 2¦，d: 3}\n", "A full-width comma stands here. Write a half-width comma and a blank."),
    ("a: [1, 2\n¦b: 3]\n".replace("¦b:", "b¦:"), "A comma or the closing ] of the list opened in line 1 is missing here."),
    ("a: {b: 1¦\n\n\n", "A comma or the closing } of the mapping opened in line 1 is missing here."),
    ("- a\n¦b: 1\n", "A list entry (-) is expected here. Are the lines of this list indented alike?"),
    ("a: 'x' ¦y\n", "A key is expected here. Are the lines indented alike, and is every quote and bracket closed?"),
    ("a: [1, 2¦\n\n  - {b: 3}\n", "A comma or the closing ] of the list opened in line 1 is missing here."),
    ("a: ¦'x\n", "The quote opened in line 1 is never closed."),
    ("a: ¦@x\n", "The character @ cannot begin a value. Put the text in quotes."),
    ('a: "¦\\q"\n', "A backslash in double quotes means something else. Put the text in single quotes."),
    ("a: ¦- b\n", "A list cannot begin here. Write its entries on the lines below, or as [first, second]."),
    ("a: ¦? b\n", "A question mark cannot begin a value. Put the text in quotes."),
    ("a: [1, ¦, 2]\n", "A value is expected here. Is there a comma too many, or a bracket that is not closed?"),
    ("  a: 1\n¦b: 2\n", "This line is not indented as the ones above it. Do all keys of the file begin in the first column?"),
    ("a: ¦&，\n", "A value that begins with &, * or ! goes in quotes."),
    ("a: 1\n¦---\nb: 2\n", "A second document begins here; a file holds one. Delete the line ---."),
    ("a: 1\n¦? [b]\n: 2\n".replace("¦? ", "? ¦"), "A key must be a plain text, not a list or a mapping."),
    ("a: " + "[" * 29 + "¦[", "The file is nested deeper than 30 levels."),
    ("¦", "The file is empty."),
    ("¦# nothing\n", "The file is empty."),
    ("¦---\n", "The file is empty."),
    ("a: 1\r\nb: ¦\x07x\n", "An invisible control character (U+0007) stands here. Delete it."),
    ("a: 1\n¦\u2028b: 2\n", "An invisible control character (U+2028) stands here. Delete it."),
    ("¦- a\n", 'A scheme file holds keys and values, such as "scheme: luancheng-2020"; this is something else.'),
    ("¦文字\n", 'A scheme file holds keys and values, such as "scheme: luancheng-2020"; this is something else.'),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "sentence"), YAML_FAULTS)
def test_text_that_is_no_scheme_is_one_clear_fault(marked: str, sentence: str) -> None:
    text, line, column = expected_at(marked)
    assert faults_of(text) == [(line, column, sentence)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("year: 2020\n", "year: 2020\n¦year: 2021\n", "The key year stands here twice, first in line 6."),
        ("year: 2020\n", "year: ¦!!int 2020\n", "The tag tag:yaml.org,2002:int is not allowed. Write the value alone."),
        (
            "year: 2020\n", "year: ¦&y 2020\n",
            "Anchors (&) and aliases (*) are not allowed. Write the value out, or put it in quotes.",
        ),
        (
            "document: null\n", "document: ¦*d\n",
            "Anchors (&) and aliases (*) are not allowed. Write the value out, or put it in quotes.",
        ),
    ],
)  # fmt: skip
def test_what_yaml_can_and_a_scheme_must_not(old: str, new: str, sentence: str) -> None:
    text, line, column = expected_at(put_in(SMALL, old, new))
    assert faults_of(text) == [(line, column, sentence)]


def test_bytes_are_utf_8_or_refused_where_they_are_not() -> None:
    said = "The file is not UTF-8 here. Save it as UTF-8 and try again."
    assert faults_of("a: 1\nb: 标题".encode() + "标题".encode("gb18030")) == [(2, 6, said)]
    assert faults_of(b"\xef\xbb\xbf" + SMALL.encode()) == []


def test_great_files_are_refused_unread() -> None:
    assert faults_of(" " * 2_000_001) == [(1, 1, "The file is larger than 2 MB; a scheme needs far less.")]
    ((_, _, said),) = faults_of("[" + "1," * (NODES_MAX + 10) + "1]")
    assert said == f"The file holds more than {NODES_MAX} values."
    assert faults_of("[" * 1_000_000)[0][2] == "The file is nested deeper than 30 levels."
    laughs = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{was}, *{was}]\n" for was, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert {said[:7] for _, _, said in faults_of(laughs)} >= {"Anchors"}


def test_a_parser_that_names_no_place_still_gives_a_fault() -> None:
    fault = _syntax_fault(yaml.YAMLError("odd"), "")
    assert (fault.line, fault.column, say(fault.message, "en")) == (1, 1, "This is not well-formed YAML: odd.")


def test_scalars_stay_the_text_that_was_written() -> None:
    tree, faults = plant('a: no\nb: 0.10\nc: ~\nd: "null"\ne: 2020-01-01\nnull: 1\nf: ! x\n')
    assert tree is not None
    assert faults == []
    assert tree.data == {"a": "no", "b": "0.10", "c": None, "d": "null", "e": "2020-01-01", "null": "1", "f": "x"}
    assert tree.key_at(("b",)) == (2, 1)
    assert tree.key_at(("nowhere",)) == (1, 1)


def test_a_place_is_named_by_its_key() -> None:
    assert (named(("items", 2, "code")), named(("lines", 0))) == ("code", "lines[1]")


@pytest.mark.parametrize("scheme", catalog.ORDER)
def test_a_published_scheme_has_no_fault_and_every_figure_of_its_paper(scheme: str) -> None:
    reading = read(catalog.text_of(scheme))
    assert [(fault.line, say(fault.message, "en")) for fault in reading.faults] == []
    assert reading.content is not None
    assert reading.content["scheme"] == scheme
    with FIGURES.open(encoding="utf-8", newline="") as file:
        figures = [row for row in csv.DictReader(file) if row.pop("scheme") == scheme]
    items = [_figure("item", row, row["points"] or "") for row in reading.content["items"]]
    assert items == [row for row in figures if row["kind"] == "item"]
    rules = {
        rule["code"]: _figure(rule["side"], rule, "")
        for group in reading.content["adjustments"]
        for rule in group["rules"]
    }
    printed = {row["code"]: row for row in figures if row["kind"] != "item"}
    assert {code: (row["kind"], row["lines"] or rules[code]["lines"]) for code, row in printed.items()} == {
        code: (row["kind"], row["lines"]) for code, row in rules.items()
    }


def _figure(kind: str, row: dict[str, Any], points: str) -> dict[str, str]:
    return {"kind": kind, "code": row["code"], "points": points, "lines": " ".join(map(str, row["lines"]))}


def test_the_nine_schemes_hold_317_items_and_39_rules() -> None:
    editions = [edition_of(read(catalog.text_of(scheme)).content or {}, digest="") for scheme in catalog.ORDER]
    assert sum(len(edition.items) for edition in editions) == 317
    assert sum(len(edition.rules) for edition in editions) == 39


def test_content_is_plain_json_and_the_same_every_time() -> None:
    content = read(SMALL).content
    assert content is not None
    assert json.loads(json.dumps(content)) == content == read(SMALL.encode()).content
    assert set(_leaves(content)) <= {str, int, bool, type(None)}


def _leaves(value: object) -> Iterator[type]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield type(value)


def test_content_is_filled_with_what_the_file_leaves_unsaid() -> None:
    content = read(UNWEIGHTED).content
    assert content is not None
    unsaid = {
        key: content[key] for key in ("grade_decimals", "total", "display_decimals", "ties", "roster", "zero_out")
    }
    assert unsaid == {
        "grade_decimals": 2, "total": {"convert": None, "floor": "0", "ceiling": None}, "display_decimals": 2, "ties": "1,1,3",
        "roster": [], "zero_out": None,
    }  # fmt: skip
    (group,) = content["adjustments"]
    assert (group["caps"], group["same_matter"], group["cap"]) == (
        "separate",
        "each",
        {"bonus": None, "deduction": None},
    )
    assert [rule["rule"]["on"] for rule in group["rules"]] == ["praise", "happenings"]
    assert content["items"][0]["rule"] == {
        "start": "grade",
        "deduct": [],
        "add": [],
        "floor": "0",
        "allowed": [],
        "scale": None,
        "source": None,
        "over": None,
    }
    assert content["items"][0]["named"] == []


def test_numbers_conditions_and_counts_have_their_types() -> None:
    content = read(SMALL).content
    assert content is not None
    rules = {item["code"]: item["rule"] for item in content["items"]}
    assert rules["A2"]["deduct"][1]["when"] == {"justified": False, "serious": True}
    assert rules["A3"]["deduct"][0]["price"] == {"first": "0.1", "again": "0.5", "first_card": "escalated"}
    assert rules["A4T"]["worth"]["tiers"][0] == {"from": "80%", "points": "2"}
    assert rules["A6"]["worth"] == {"each": "0.5", "of": 3}
    assert content["adjustments"][0]["rules"][1]["rule"]["needs"] == {"report": 12, "commission-done": 1}
    assert content["adjustments"][0]["rules"][3]["rule"]["below"] == {"share": "0.5", "of": "mean", "among": "others"}
    assert content["year"] == 2020


def test_an_optional_key_without_a_value_is_as_if_absent() -> None:
    text = put_in(
        SMALL,
        "    named: [甲局]\n    always: [乡镇]\n    others: decide\n",
        "    named:\n    always: null\n    others: ~\n",
    )
    content = read(text).content
    assert content is not None
    assert (content["items"][0]["named"], content["items"][0]["always"], content["items"][0]["others"]) == (
        [],
        [],
        None,
    )


def test_the_json_schema_beside_the_schemes_is_up_to_date() -> None:
    kept = (catalog.folder() / "scheme.schema.json").read_text(encoding="utf-8")
    assert kept == json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def test_every_key_of_the_json_schema_is_explained_in_chinese() -> None:
    explained = [
        (name, key)
        for name, part in json_schema()["$defs"].items()
        for key, field in part.get("properties", {}).items()
        if not any("\u4e00" <= letter <= "\u9fff" for letter in field.get("description", ""))
    ]
    assert explained == []


def test_the_mark_of_an_expected_place_stands_in_no_scheme() -> None:
    assert HERE not in SMALL
