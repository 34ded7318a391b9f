"""What every start of an item, every ± rule and every veto takes, on forms that no published scheme here has."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.pairing import taken_by
from tests.aggregates.forms import desk_of, happening, made_up

LIMITS = {"deadline-opened", "deadline-missed"}
EVENTS = {"occurrence", "criticism"} | LIMITS
EVIDENCE = EVENTS | {"praise", "supervision-card", "netizen-message", "reply-timeout", "metric", "checklist"}
PRAISE = {"occurrence", "praise"}
LINE = {"above": "previous", "per": "1"}
TIERS = {"tiers": [{"from": "0", "points": "1"}]}
PLACES = {"places": ["10"]}
MONEY = {"on": "amounts", "each": "event", "price": {"from": "1", "to": "5"}}
CARDS = {"on": "cards", "each": "problem", "price": {"nth": ["1", "2"]}}
EASED = {**CARDS, "eased": [{"kind": "已整改", "to": "0"}]}
BY_LEVEL = {"each": "event", "price": {"national": "1"}}
DOWN, UP = [happening()], [happening()]

TAKES: list[tuple[dict[str, Any], set[str]]] = [
    ({"start": "full", "deduct": DOWN}, EVENTS),
    ({"start": "full", "deduct": DOWN, "add": UP}, EVENTS | {"praise"}),
    ({"start": "zero", "add": UP}, PRAISE),
    ({"start": "zero", "add": UP, "deduct": DOWN}, EVENTS | {"praise"}),
    ({"start": "zero", "add": [happening(on="kept")]}, LIMITS),
    ({"start": "zero", "add": [MONEY]}, {"occurrence"}),
    ({"start": "full", "deduct": [CARDS]}, {"supervision-card"} | LIMITS),
    ({"start": "full", "deduct": [EASED]}, {"supervision-card", "occurrence"} | LIMITS),
    ({"start": "full", "deduct": [happening(when={"kind": "漏报"})]}, {"occurrence", "criticism"}),
    ({"start": "full", "deduct": [BY_LEVEL]}, {"occurrence", "criticism"}),
    ({"start": "full", "deduct": [happening(over="sub-units")]}, EVENTS | {"metric"}),
    ({"start": "grade"}, {"grade"} | EVIDENCE),
    ({"start": "grade", "over": "sub-units"}, {"grade"} | EVIDENCE),
    ({"start": "grade", "add": UP}, {"grade"} | PRAISE),
    ({"start": "grade", "over": "sub-units", "deduct": DOWN}, {"grade", "metric"} | EVENTS),
    ({"start": "metric", "worth": TIERS}, {"metric", "grade"}),
    ({"start": "metric", "worth": LINE, "deduct": DOWN}, {"metric", "grade"} | EVENTS),
    ({"start": "checklist", "worth": {"each": "1", "of": "10"}, "add": UP}, {"checklist", "grade"} | PRAISE),
    (
        {"start": "count", "kind": "活动", "worth": TIERS, "deduct": [happening(when={"kind": "漏报"})]},
        {"occurrence", "confirmation", "grade", "criticism"},
    ),
    ({"start": "rank", "worth": PLACES}, {"metric"}),
    ({"start": "rank", "worth": PLACES, "of": "figure", "deduct": DOWN}, {"metric"} | EVENTS),
    ({"start": "rank", "worth": PLACES, "of": ["B"]}, set()),
    ({"start": "rank", "worth": PLACES, "of": ["B"], "add": UP}, PRAISE),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "takes"), TAKES, ids=[f"{row[0]['start']}{at}" for at, row in enumerate(TAKES)])
def test_an_item_takes_what_gives_its_points_and_what_its_event_rules_hear(
    rule: dict[str, Any], takes: set[str]
) -> None:
    found = taken_by(made_up({"A": rule}).items["A"])
    assert {*found} == takes | {"not-applicable"}
    assert len(found) == len({*found})


RULES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("bonus", happening(), PRAISE),
    ("bonus", happening(on="kept"), LIMITS),
    ("bonus", happening(on="happenings"), EVENTS),
    ("bonus", MONEY, {"occurrence"}),
    ("bonus", {"each": "year", "price": "1", "needs": {"表彰": "2"}}, {"occurrence"}),
    ("deduction", happening(over="sub-units"), EVENTS | {"metric"}),
    ("deduction", happening(whom="other"), EVENTS),
    ("bonus", {"start": "metric", "worth": TIERS}, {"metric"}),
    ("deduction", {"start": "metric", "worth": {"below": "parent", "per": "1"}}, {"metric"}),
    ("bonus", {"start": "rank", "worth": PLACES}, {"metric"}),
]


@pytest.mark.parametrize(("side", "rule", "takes"), RULES)
def test_a_rule_beside_the_items_takes_what_it_hears_or_the_figure_it_reads(
    side: str, rule: dict[str, Any], takes: set[str]
) -> None:
    edition = made_up(**{side: {"R": rule}})
    assert {*taken_by(edition.rules["R"])} == takes | {"not-applicable"}


def test_a_veto_takes_the_single_things_it_counts() -> None:
    desk = desk_of(vetoes={"V": {"level_min": "city", "times": "2"}})
    assert desk.log("occurrence", "V", count="2", level="city", matter="事故")["item"] == "V"
    assert "level" not in desk.log("criticism", "V", source="通报1号")
    sentence = desk.refuses(no.WrongPairing, "praise", "V")
    assert sentence == "A praise does not fit V (否决): it takes occurrence, criticism."
    for field in ("kind", "form", "amount", "sub_unit", "other_unit"):
        assert desk.refuses(no.FieldWithoutUse, "occurrence", "V", **{field: "1"}).startswith(f"{field} means nothing")
    desk.refuses(no.WrongPairing, "not-applicable", "V")
    assert "Did you mean V?" in desk.refuses(no.NoSuchItem, "occurrence", "VV")


def test_a_veto_by_the_score_of_one_year_takes_nothing() -> None:
    sentence = desk_of(vetoes={"V": {"low": {"of": "total", "below": "60"}}}).refuses(no.VetoByScore, "occurrence", "V")
    assert sentence == "V (否决) is decided by a score alone and takes no facts."


def test_a_veto_by_the_score_of_several_years_takes_the_figures_of_the_years_before() -> None:
    desk = desk_of(vetoes={"V": {"low": {"of": "total", "below": "60", "years": "3"}}})
    for year in (2019, 2018):
        assert desk.log("metric", "V", value="58.5", for_year=year, source="通报")["for_year"] == year
    sentence = desk.refuses(no.ReferenceWithoutUse, "metric", "V", value="58", for_year=2017, source="通报")
    said = "V (否决) is not compared with a figure of for_year 2017; what it reads is one of: for_year 2019 / for_year"
    assert sentence == f"{said} 2018."
    assert desk.refuses(no.OwnFigureWithoutUse, "metric", "V", value="58").endswith("for_year 2019 / for_year 2018.")
    assert "does not fit V" in desk.refuses(no.WrongPairing, "occurrence", "V")
    assert "a value, or a numerator" in desk.refuses(
        no.FigureNotAllowed, "metric", "V", previous="1", current="2", for_year=2019, source="通报"
    )


def test_a_veto_by_the_score_of_two_years_takes_the_figure_of_the_year_before_alone() -> None:
    desk = desk_of(vetoes={"V": {"low": {"of": "base", "below": "60", "years": "2"}}})
    assert desk.log("metric", "V", "2020-01-20", value="59", for_year=2019, source="通报")["value"] == "59"
    desk.refuses(no.ReferenceWithoutUse, "metric", "V", value="59", for_year=2018, source="通报")
    desk.refuses(no.SourceNeeded, "metric", "V", value="59", for_year=2019)


def test_an_item_may_be_on_the_form_of_several_categories() -> None:
    item = {"only": ["乡镇", "街道"], "rule": {"start": "grade"}}
    edition = made_up({"A": item}, variants=["乡镇", "街道", "部门"])
    state = desk_of({"A": item}, variants=["乡镇", "街道", "部门"])
    assert [edition.items["A"].fits(name) for name in edition.variants] == [True, True, False]
    state.state.category = "部门"
    assert "A is on the form for 乡镇, 街道; 某局" in state.refuses(no.ItemOfOtherForm, "grade", "A", points="1")
    state.state.category = "街道"
    assert state.log("grade", "A", points="1")["item"] == "A"


def test_a_limit_that_is_kept_is_opened_where_the_rule_hears_it() -> None:
    desk = desk_of({"A": {"start": "zero", "add": [happening(on="kept", limit="3 working days")]}})
    assert desk.log("deadline-opened", "A", key="k")["limit"] == "3 working days"
    assert desk.log("deadline-met", key="k")["key"] == "k"
    desk.refuses(no.WrongPairing, "praise", "A")


def test_a_limit_that_two_rules_state_alike_is_one_limit() -> None:
    kept, missed = happening(on="kept", limit="3 working days"), happening(on="messages", limit="3 working days")
    assert (
        desk_of({"A": {"start": "grade", "deduct": [missed], "add": [kept]}}).log("netizen-message", "A", key="k")[
            "limit"
        ]
        == "3 working days"
    )
    other = {**kept, "limit": "5 working days"}
    desk_of({"A": {"start": "grade", "deduct": [missed], "add": [other]}}).refuses(
        no.LimitNeeded, "netizen-message", "A", key="k"
    )
    rule = desk_of(bonus={"R": kept})
    assert rule.log("deadline-opened", "R", key="k")["own_limit"] is True
