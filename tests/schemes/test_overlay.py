"""Points decided later: an overlay fits its scheme to the last code, or is refused with every reason."""
# ruff: noqa: E501 - a fault stands beside its sentence

import json

import pytest

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.model import Content
from gkevents.schemes.overlay import read_overlay
from gkevents.schemes.reading import read
from gkevents.terms import exact
from gkevents.words import say
from tests.schemes.small import SMALL, UNWEIGHTED, expected_at, put_in

DECIDED = """\
points:
  S1: 60.5
  S2T: 39.5
  S2D: 39.5
adjustments: {SP1: 0.5}
caps: {SP: 5, SP1: 2}
source: 某号文件
decided_on: 2017-05-01
"""


@pytest.fixture(scope="module")
def content() -> Content:
    """The content of a scheme that prints no points."""
    return read(UNWEIGHTED).content or {}


def faults_of(text: str, content: Content) -> list[tuple[int, int, str]]:
    """Every fault of an overlay; none where it can be used."""
    overlay, faults = read_overlay(text, content)
    assert (overlay is None) == bool(faults)
    return [(fault.line, fault.column, say(fault.message, "en")) for fault in faults]


def test_an_overlay_is_kept_as_it_is_written(content: Content) -> None:
    overlay, faults = read_overlay(DECIDED, content)
    assert faults == ()
    assert overlay == {
        "points": {"S1": "60.5", "S2T": "39.5", "S2D": "39.5"},
        "adjustments": {"SP1": "0.5"},
        "caps": {"SP": "5", "SP1": "2"},
        "source": "某号文件",
        "decided_on": "2017-05-01",
    }


def test_json_is_read_as_yaml_is(content: Content) -> None:
    overlay, _ = read_overlay(DECIDED + "status: 试行\n", content)
    assert overlay is not None
    assert overlay["status"] == "试行"
    for indent in (None, 2, "\t"):
        assert read_overlay(json.dumps(overlay, indent=indent), content) == (overlay, ())
    assert read_overlay(json.dumps(overlay, ensure_ascii=False, separators=(",", ":")).encode(), content)[0] == overlay


def test_an_overlay_makes_the_edition_whole(content: Content) -> None:
    overlay, _ = read_overlay(DECIDED, content)
    edition = edition_of(content, digest="d", overlay=overlay)
    assert edition.weighted
    assert edition.items["S1"].points == exact("60.5")
    assert edition.items["S3"].points is None
    assert edition.groups[0].bonus_cap == edition.groups[0].deduction_cap == 5
    pricing = edition.rules["SP1"].pricing
    assert pricing is not None
    assert (pricing.price, pricing.cap) == (exact("0.5"), exact("2"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  S1: 60.5\n", "  S1: ¦六十\n", '"六十" is not a number for S1. Write plain half-width digits, such as 0.5.'),
        (
            "  S1: 60.5\n", "  S1: ¦-1\n",
            "S1 is below 0 (-1). Numbers are written without a sign; the rule says what is taken away.",
        ),
        ("  S1: 60.5\n", "  S1: 60.5\n  ¦S3: 1\n", '"S3" takes no points from an overlay. Those that do: S1, S2T, S2D.'),
        (
            "{SP1: 0.5}", "{SP1: 0.5, ¦另加: 1}",
            '"另加" takes no adjustments from an overlay. Those that do: SP1.',
        ),
        ("caps: {SP: 5, ", "caps: {SP: 5, ¦SP3: 1, ", '"SP3" takes no caps from an overlay. Did you mean "SP"?'),
        ("adjustments: {SP1: 0.5}", "¦adjustments: {}", "Codes missing under adjustments (1): SP1."),
        ("points:\n  S1: 60.5\n", "¦points:\n", "Codes missing under points (1): S1."),
        ("points:\n  S1: 60.5\n  S2T: 39.5\n", "¦points:\n  S1: 60.5\n  S2T: 39\n", "The points for 乡镇 add up to 99.5, not to 100."),
        ("decided_on: 2017-05-01", "decided_on: ¦2017年", '"2017年" is not a day (decided_on). Write it as 2020-09-30.'),
        ("source: 某号文件", "¦sources: 某号文件", 'The key "sources" is not known here. Did you mean "source"?'),
        ("points:\n  S1: 60.5\n  S2T: 39.5\n  S2D: 39.5\n", "points: ¦[1]\n", 'points must hold keys and values, such as "key: value".'),
        ("caps: {SP: 5, SP1: 2}", "caps: {SP: 5, ¦SP: 2}", "The key SP stands here twice, first in line 6."),
    ],
)  # fmt: skip
def test_one_fault_is_found_where_it_is(old: str, new: str, sentence: str, content: Content) -> None:
    text, line, column = expected_at(put_in(DECIDED, old, new))
    assert faults_of(text, content) == [(line, column, sentence)]


def test_points_of_a_scheme_without_variants_add_up_in_all(content: Content) -> None:
    items = [item for item in content["items"] if item["only"] is None]
    whole = {**content, "variants": [], "items": items}
    text = put_in(DECIDED, "  S2T: 39.5\n  S2D: 39.5\n", "")
    assert faults_of(text, whole) == [(1, 1, "The points add up to 60.5, not to 100.")]


PARTS = """\
parts:
  - {name: 甲部分, sections: [公开], weight: {乡镇: 1/2, 部门: 1}}
  - {name: 乙部分, sections: [附加], beyond: true}
"""


def test_points_add_up_by_the_weights_of_their_parts() -> None:
    text = put_in(UNWEIGHTED, "variants: [乡镇, 部门]\n", "variants: [乡镇, 部门]\n" + PARTS)
    text = put_in(text, "{name: 公开, stated: 30}", "{name: 公开, stated: 30}, {name: 附加}")
    item = "  - {code: S4, title: 四, section: 附加, clause: 四, rule: {start: grade}}\nadjustments:\n"
    whole = read(put_in(text, "adjustments:\n", item)).content or {}
    given = put_in(DECIDED, "  S2T: 39.5\n", "  S2T: 139.5\n  S4: 7\n")
    assert faults_of(given, whole) == []
    said = "The points for 乡镇 add up to 99.75, not to 100."
    assert faults_of(put_in(given, "139.5", "139"), whole) == [(1, 1, said)]


def test_points_of_categories_that_only_weights_tell_apart_add_up_too() -> None:
    text = (
        UNWEIGHTED.replace(", only: 乡镇", "").replace(", only: 部门", "").replace("base_total: 100", "base_total: 50")
    )
    roster = "roster: [{name: 甲镇, category: 乡镇}, {name: 乙局, category: 部门}]\n"
    text = put_in(text, "variants: [乡镇, 部门]\n", roster + PARTS.splitlines(keepends=True)[0])
    text = put_in(text, "parts:\n", "parts: [{name: 甲部分, sections: [公开], weight: {乡镇: 1/2, 部门: 40%}}]\n")
    given = put_in(DECIDED, "  S1: 60.5\n", "  S1: 21\n")
    said = "The points for 部门 add up to 40, not to 50."
    assert faults_of(given, read(text).content or {}) == [(1, 1, said)]


def test_many_missing_codes_are_counted_and_some_are_named(content: Content) -> None:
    items = [{**content["items"][0], "code": f"S{number}"} for number in range(100, 130)]
    ((_, _, said),) = faults_of(
        put_in(DECIDED, "  S1: 60.5\n  S2T: 39.5\n  S2D: 39.5\n", "  S100: 1\n"), {**content, "items": items}
    )
    assert said.startswith("Codes missing under points (29): S101, S102,")
    assert said.endswith("S120 ….")


def test_a_text_that_cannot_be_read_is_refused(content: Content) -> None:
    assert faults_of("a: [", content)[0][:2] == (2, 1)
    assert faults_of("- a", content) == [
        (1, 1, 'An overlay holds keys and values, such as "points: {S1: 2}"; this is something else.')
    ]


def test_a_scheme_with_its_own_points_takes_no_overlay() -> None:
    own = read(SMALL).content or {}
    assert faults_of(DECIDED, own) == [(1, 1, "The scheme small-2020 has its own points; it takes no overlay.")]
