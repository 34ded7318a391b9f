"""Which fields an item's rule cannot do without, and which mean nothing on it."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.values import value_of
from gkevents.aggregates.vocabulary import FIELDS
from tests.aggregates.desk import Desk

HEBEI, LUANCHENG, HUNAN = "hebei-stats-2018", "luancheng-2020", "hunan-cities-2017"
DOCS, SANMENXIA, BEILUN = "hunan-docs-cities-2017", "sanmenxia-departments-2017", "beilun-2019"


@pytest.mark.parametrize(("kind", "item"), [("praise", "NC-P2"), ("occurrence", "NC-P2"), ("criticism", "NC-M1")])
def test_where_the_price_depends_on_the_level_a_missing_one_is_refused(kind: str, item: str) -> None:
    desk = Desk(HUNAN)
    sentence = desk.refuses(no.LevelMissing, kind, item)
    assert sentence == f"The price of {item} depends on the level: say national, provincial."
    assert desk.log(kind, item, level="省级")["level"] == "provincial"
    assert desk.log(kind, item, level="县级")["level"] == "county"


def test_where_matter_and_level_are_counted_together_a_missing_level_is_refused() -> None:
    desk = Desk(BEILUN)
    sentence = desk.refuses(no.LevelMissing, "praise", "B-P1", matter="经验")
    assert sentence == "The price of B-P1 depends on the level: say national, provincial, city, county."
    assert desk.log("praise", "B-P1", matter="经验", level="city")["level"] == "city"


@pytest.mark.parametrize(
    ("scheme", "kind", "item"),
    [(LUANCHENG, "criticism", "L17"), (SANMENXIA, "praise", "SD-P1"), (SANMENXIA, "criticism", "SD-M4")],
)
def test_where_there_is_only_a_lowest_level_any_or_none_is_taken(scheme: str, kind: str, item: str) -> None:
    desk = Desk(scheme)
    assert "level" not in desk.log(kind, item)
    assert desk.log(kind, item, level="county")["level"] == "county"


@pytest.mark.parametrize(
    ("scheme", "item", "kinds"),
    [
        (HUNAN, "NC-P1", ("report", "commission-done")),
        ("hunan-departments-2017", "NP-P1", ("report", "commission-done")),
        (BEILUN, "B-P2", ("press-conference-with-feature", "briefing-with-feature")),
    ],
)
def test_a_rule_that_needs_two_things_is_told_which_one_it_was(scheme: str, item: str, kinds: tuple[str, ...]) -> None:
    desk = Desk(scheme)
    sentence = f"{item} needs to know what kind of happening it was: {', '.join(kinds)}."
    assert desk.refuses(no.KindUnknown, "occurrence", item) == sentence
    assert desk.refuses(no.KindUnknown, "occurrence", item, kind="party") == sentence
    assert [desk.log("occurrence", item, kind=kind)["kind"] for kind in kinds] == [*kinds]


@pytest.mark.parametrize(
    ("item", "field"),
    [("H01", "kind"), ("H25a", "kind"), ("H13a", "form"), ("H32", "form"), ("H14a", "amount"), ("H01", "amount")],
)
def test_a_field_that_means_nothing_on_an_item_is_refused(item: str, field: str) -> None:
    desk = Desk(HEBEI)
    sentence = desk.refuses(no.FieldWithoutUse, "occurrence", item, **{field: "1"})
    assert sentence.startswith(f"{field} means nothing on {item} (")
    assert desk.log("occurrence", item)["item"] == item


def test_a_field_that_means_nothing_on_a_rule_is_refused() -> None:
    desk = Desk(HUNAN)
    for field in ("kind", "form", "amount"):
        assert f"{field} means nothing on NC-M3" in desk.refuses(
            no.FieldWithoutUse, "occurrence", "NC-M3", **{field: "1"}
        )


def test_where_distinct_forms_count_the_form_is_told() -> None:
    desk = Desk(HEBEI)
    assert desk.refuses(no.FormMissing, "occurrence", "H13i") == "H13i counts distinct forms: say which form it was."
    assert desk.log("occurrence", "H13i", form="媒体见面会")["form"] == "媒体见面会"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"amount": "1"},
        {"reason": "因"},
        {"amount": "0", "reason": "因"},
        {"amount": "1", "reason": "因", "count": 2},
    ],
)
def test_where_the_assessor_sets_the_price_amount_and_reason_are_needed_and_no_count(fields: dict[str, Any]) -> None:
    sentence = Desk(LUANCHENG).refuses(no.AmountNeeded, "occurrence", "L22", **fields)
    assert sentence.startswith("On L22 the assessor sets the price: give the amount (above 0) and the reason")


def test_an_amount_with_its_reason_is_taken_exactly() -> None:
    assert Desk(LUANCHENG).log("occurrence", "L22", amount=0.3, reason="因", count=1)["amount"] == "0.3"


@pytest.mark.parametrize("points", ["0", "0.2", "0.50"])
def test_a_grade_on_the_printed_list_is_taken(points: str) -> None:
    assert Desk(HEBEI).log("grade", "H13b", points=points)["item"] == "H13b"


@pytest.mark.parametrize("points", ["0.4", "0.1", "0.51", "2"])
def test_a_grade_that_is_not_on_the_printed_list_is_refused(points: str) -> None:
    sentence = Desk(HEBEI).refuses(no.GradeNotAllowed, "grade", "H13b", points=points)
    assert sentence.startswith(f"H13b cannot be graded {points}: the scheme allows 0 / 0.2 / 0.5 (")
    assert sentence.endswith("). See: gk scheme show hebei-stats-2018 H13b")


@pytest.mark.parametrize("points", ["0", "2", "1.99", "0.01"])
def test_a_grade_from_nothing_to_the_maximum_is_taken(points: str) -> None:
    assert Desk(HEBEI).log("grade", "H01", points=points)["points"] == points


@pytest.mark.parametrize("points", ["2.01", "3", "1.999"])
def test_a_grade_above_the_maximum_or_finer_than_the_scheme_is_refused(points: str) -> None:
    sentence = Desk(HEBEI).refuses(no.GradeNotAllowed, "grade", "H01", points=points)
    assert f"H01 cannot be graded {points}: the scheme allows 0 to 2, at most 2 decimals (" in sentence


@pytest.mark.parametrize(("item", "most"), [("H26a", "6"), ("H22a", "0.5"), ("H13a", "1"), ("H20", "2")])
def test_a_grade_that_stands_in_for_a_report_keeps_to_the_maximum_too(item: str, most: str) -> None:
    desk = Desk(HEBEI)
    assert desk.log("grade", item, points=most)["points"] == most
    assert f"allows 0 to {most}" in desk.refuses(no.GradeNotAllowed, "grade", item, points="6.01")


def test_without_decided_points_a_grade_may_be_anything_up_to_the_whole() -> None:
    desk = Desk(SANMENXIA)
    assert desk.log("grade", "SD01", points="100")["points"] == "100"
    assert "allows 0 to 100" in desk.refuses(no.GradeNotAllowed, "grade", "SD01", points="100.01")


def test_with_decided_points_a_grade_keeps_to_them() -> None:
    codes = [f"SD{number:02d}" for number in range(1, 67) if number not in (14, 28)]
    overlay = {"points": dict.fromkeys(codes, "1") | {"SD02": "37"}}
    desk = Desk(SANMENXIA, overlay=overlay)
    assert "allows 0 to 1," in desk.refuses(no.GradeNotAllowed, "grade", "SD01", points="1.5")
    assert desk.log("grade", "SD02", points="37")["points"] == "37"


FIGURES_TAKEN: list[tuple[str, str, str, dict[str, Any]]] = [
    (HEBEI, "metric", "H26a", {"value": "100%"}), (HEBEI, "metric", "H26a", {"numerator": 0, "denominator": 7}),
    (HEBEI, "metric", "H20", {"value": 1}), (HEBEI, "metric", "H20", {"numerator": 6, "denominator": 3}),
    (HEBEI, "checklist", "H26b", {"met": 3}), (HEBEI, "checklist", "H29b", {"missing": 7}),
    (HEBEI, "checklist", "H29b", {"met": 0}),
    (DOCS, "metric", "DC04", {"previous": "100", "current": "130"}), (BEILUN, "metric", "B-D3", {"value": "0"}),
    (HEBEI, "metric", "H28a", {"value": "700%", "threshold": "70%"}), (HEBEI, "checklist", "H01", {"met": 99}),
]  # fmt: skip
FIGURES_REFUSED: list[tuple[str, str, str, dict[str, Any], str]] = [
    (HEBEI, "metric", "H26a", {"value": "85"}, "The figure on H26a cannot be 85: a share of at most 100% is expected"),
    (HEBEI, "metric", "H26a", {"numerator": 8, "denominator": 7}, "on H26a cannot be 8: a share of at most 100%"),
    (HEBEI, "metric", "H26a", {"previous": 1, "current": 2}, "The figure on H26a cannot be 2: a value, or a numerator"),
    (HEBEI, "metric", "H20", {"value": 0}, "The figure on H20 cannot be 0: a whole number of at least 1 is expected."),
    (HEBEI, "metric", "H20", {"value": "1.5"}, "a whole number of at least 1 is expected."),
    (HEBEI, "metric", "H20", {"previous": 1, "current": 1}, "a value, or a numerator and a denominator, is expected."),
    (HEBEI, "checklist", "H26b", {"met": 4}, "The figure on H26b cannot be 4: it has 3 elements."),
    (HEBEI, "checklist", "H29b", {"missing": 8}, "The figure on H29b cannot be 8: it has 7 elements."),
    (DOCS, "metric", "DC04", {"value": "0.9"}, "DC04 cannot be 0.9: a previous and a current figure are expected."),
    (BEILUN, "metric", "B-D3", {"numerator": 1, "denominator": 2}, "B-D3 cannot be 1: a plain value is expected."),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "kind", "item", "fields"), FIGURES_TAKEN)
def test_a_figure_that_the_rule_can_read_is_taken(scheme: str, kind: str, item: str, fields: dict[str, Any]) -> None:
    assert Desk(scheme).log(kind, item, **fields)["item"] == item


@pytest.mark.parametrize(("scheme", "kind", "item", "fields", "sentence"), FIGURES_REFUSED)
def test_a_figure_that_the_rule_cannot_read_is_refused(
    scheme: str, kind: str, item: str, fields: dict[str, Any], sentence: str
) -> None:
    assert sentence in Desk(scheme).refuses(no.FigureNotAllowed, kind, item, **fields)


@pytest.mark.parametrize("said", [True, False])
def test_yes_and_no_may_be_said_as_json_says_them(said: bool) -> None:  # noqa: FBT001 - the value tried
    assert value_of(FIELDS["justified"], said) is said
