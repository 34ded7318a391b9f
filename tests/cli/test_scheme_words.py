"""A scheme in words: nothing that a file can say is left out, and it reads as a clerk would say it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from cli.columns import width
from cli.difference_words import of_change
from cli.plain_words import limit_words
from cli.pricing_words import of_pricing
from cli.render import Voice
from cli.render_diff import diff_page
from cli.render_scheme import item_page, scheme_page
from cli.scheme_words import of_adjustment, of_aside, of_caps, of_item
from cli.whole_words import of_band, of_part, of_rounding, of_ties, of_veto
from gkevents.schemes.format import content_of
from gkevents.trials.differences import differences
from gkevents.words import Message, say
from tests.schemes.keys import Use, changed, everything, forms, uses

_EN = Voice("en")
_ONLY_FORM = {("RelationRule", "start"), ("Below", "of")}
"""Keys that allow one word only: there is nothing else that they could say."""


@cache
def _all() -> tuple[dict[str, Any], tuple[Use, ...], str]:
    scheme = everything()
    content = content_of(scheme)
    return content, tuple(uses(scheme)), scheme_page(content, _EN)


def test_the_sample_uses_every_key_of_the_form() -> None:
    known = {(name, field.alias or key) for name, form in forms().items() for key, field in form.model_fields.items()}
    assert known == {(use.form, use.key) for use in _all()[1]}


def _leaves() -> list[tuple[str, str]]:
    return sorted({(use.form, use.key) for use in _all()[1] if not use.holder})


@pytest.mark.parametrize(("form", "key"), _leaves())
def test_every_key_shows_on_the_page(form: str, key: str) -> None:
    content, used, page = _all()
    places = [use for use in used if (use.form, use.key) == (form, key)]
    others = [other for use in places for other in changed(content, use)]
    if not others:
        assert key == "start" or (form, key) in _ONLY_FORM
        return
    assert any(scheme_page(other, _EN) != page for other in others)


@pytest.mark.parametrize(("form", "key"), _leaves())
def test_every_key_shows_in_a_comparison(form: str, key: str) -> None:
    content, used, _ = _all()
    for use in used:
        if (use.form, use.key) == (form, key):
            for other in changed(content, use):
                found = differences(content, other)
                assert found.changes, use.place
                assert all(of_change(change) or change.kind in ("added", "removed") for change in found.changes)
                assert "Nothing changed" not in diff_page(content, other, found, _EN)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_the_page_of_everything_is_no_wider_than_the_terminal(columns: int, lang: str) -> None:
    page = scheme_page(_all()[0], Voice(lang, columns))
    assert [line for line in page.split("\n") if width(line) > columns] == []


def _en(*parts: Message | str) -> str:
    return "; ".join(say(part, "en") for part in parts)


def _item(points: str | None, **rule: Any) -> str:  # noqa: ANN401 - plain JSON
    start, rules, bounds = of_item({"points": points, "rule": rule})
    return _en(*start, *rules, *bounds)


def _event(side: str = "deduction", **part: Any) -> str:  # noqa: ANN401 - plain JSON
    return _en(of_pricing({"on": "praise" if side == "bonus" else "happenings", "each": "event", **part}, side=side))


ITEMS = [
    (
        {"start": "zero", "add": [{"on": "praise", "each": "event", "price": "2"}]},
        "starts at 0; each happening earns 2 points; never above 10 points",
    ),
    (
        {"start": "grade", "scale": "100", "over": "sub-units"},
        (
            "the assessor marks it from 0 to 100; a mark of 100 is worth 10 points, others in proportion; "
            "each sub-unit is marked, and the mean of their marks counts"
        ),
    ),
    (
        {"start": "full", "floor": "none", "deduct": [{"on": "cards", "each": "event", "price": "1"}]},
        "starts at the full 10; each supervision card costs 1 point; it may fall below 0",
    ),
    (
        {"start": "metric", "worth": {"above": "3 years", "per": "2"}},
        "starts at the full 10; each 1 above the mean of the last years (3) costs 2 points; parts of 1 do not count",
    ),
    (
        {"start": "metric", "worth": {"below": "parent", "each": "once", "per": "5"}, "floor": "5"},
        "starts at the full 10; below the figure of its parent it costs 5 points, once; never below 5 points",
    ),
    (
        {
            "start": "metric",
            "worth": {"below": "50% of mean", "each": "1%", "earns": "1", "relative": True},
            "among": "others",
        },
        (
            "each 1% below 50% of the mean of the other units earns 1 point; parts of 1% do not count; "
            "the distance is measured in proportion to 50% of the mean of the other units"
        ),
    ),
    (
        {"start": "count", "kind": ["简报"], "period": "quarter", "worth": {"below": "3", "per": "1"}},
        (
            "by the number of occurrences; starts at the full 10; each 1 below 3 costs 1 point; "
            "parts of 1 do not count; only of the kind 简报; every quarter is worked out by itself, "
            "then all are added up; the count decides once the assessor confirms that the log is complete"
        ),
    ),
    (
        {
            "start": "rank",
            "of": ["G1", "G2"],
            "best": "low",
            "among": "category",
            "worth": {"top": [{"share": "20%", "points": "5"}], "rest": "1", "round": "up"},
        },
        (
            "ranked among the units of its category by the sum of the scores of G1, G2, the lowest first; "
            "the first 20% 5 points, all others 1 point; a number of places that is not whole is rounded up"
        ),
    ),
]


@pytest.mark.parametrize(("rule", "said"), ITEMS)
def test_an_item_in_words(rule: dict[str, Any], said: str) -> None:
    assert _item("10", **rule) == said


EVENTS = [
    (
        {
            "price": {"nth": ["0", "3", "10"]},
            "each": "matter",
            "factor": {"乡镇": "2"},
            "eased": [{"kind": "已整改", "to": "50%"}],
        },
        (
            "within one matter each costs by its number: no. 1 0 points, no. 2 3 points, no. 3 10 points, "
            "then 10 points each, times 2 for 乡镇, a later 已整改 on the same matter leaves 50% of it"
        ),
    ),
    (
        {"price": {"from": "5", "to": "10"}, "on": "amounts"},
        "the assessor sets what each happening costs, from 5 to 10 points, and gives the reason",
    ),
    (
        {"price": {"down_to": "6"}, "each": "year", "when": {"kind": ["无制度", "无专人"]}},
        (
            "if it happens, the item gives 6 points at most; what else is deducted comes off that, "
            "only of the kind 无制度, 无专人"
        ),
    ),
    (
        {"price": "1", "whom": "other", "over": "sub-units", "cap": {"month": "2", "year": "12"}},
        (
            "each happening costs 1 point, it hears what is logged on another unit and names this one "
            "as the other unit, divided by the number of the unit's sub-units, at most 2 in a month, at most 12 in all"
        ),
    ),
    (
        {"price": "2", "on": "messages", "limit": "3 working days", "when": {"answered": False}},
        (
            "each message not answered in time costs 2 points, the limit is 3 working days, "
            "only what was not answered at all"
        ),
    ),
    (
        {"price": "2", "on": "kept", "each": "quarter"},
        "costs 2 points, once in each quarter, limits kept in time count",
    ),
]


@pytest.mark.parametrize(("part", "said"), EVENTS)
def test_an_event_rule_in_words(part: dict[str, Any], said: str) -> None:
    assert _event(**part) == said


def test_a_rule_that_gives_says_that_it_gives() -> None:
    assert _event("bonus", price="set", on="amounts").startswith("the assessor sets what each happening earns")
    assert _event("bonus", price={"total": ["1", "3"]}, each="matter").endswith("more earn no more")
    assert "praise does not" in _event("bonus", price="1", on="happenings")
    figure = {"start": "metric", "worth": {"above": "target", "each": "5%", "earns": "1"}, "cap": "2"}
    assert _en(*of_adjustment(figure, side="bonus")).endswith("this is added; at most 2 in all")
    assert "this is taken away" in _en(*of_adjustment(figure, side="deduction"))


def test_what_does_not_concern_a_unit() -> None:
    said = {
        gets: _en(of_aside({"gets": gets, "share": "80%", "within": "part", "among": "category"}))
        for gets in ("peers-mean", "full", "share", "rescale", "spread")
    }
    assert said["peers-mean"] == "it gets the mean of the other units of the category"
    assert said["share"] == "it gets 80% of its full points"
    assert "in the part is scaled up" in said["rescale"]
    assert "other items in the part" in said["spread"]
    assert len(set(said.values())) == 5


def test_the_whole_in_words() -> None:
    part = {
        "name": "考核",
        "sections": ["一"],
        "weight": {"乡镇": "70%"},
        "cap": "100",
        "floor": "0",
        "beyond": True,
        "gate": {"of": "base", "above": "80"},
    }
    assert _en(*of_part(part)) == (
        "sections: 一; weight: 乡镇 70%; beyond the full points: what it gives counts as a bonus; at most 100 points; "
        "never below 0 points; only where the items' sum is above 80"
    )
    low = {"low": {"of": "total", "below": "60", "years": 2}, "effect": {"eligible": False, "band": "差"}}
    assert _en(of_veto(low)) == (
        "the total below 60, 2 years running: the band becomes 差, the unit cannot be chosen for honours"
    )
    logged = {"times": 2, "level_min": "city", "effect": {"gives": "59", "at_most": "59", "part": "考核"}}
    assert (
        _en(of_veto(logged))
        == "logged 2 times from the city level up: 考核 becomes 59 points, 考核 is 59 points at most"
    )
    band = {"name": "好", "from": "90", "below": "95", "top": "20%", "round": "up", "eligible": True}
    assert _en(of_band(band)) == (
        "好 ≥ 90, < 95, among the first 20% of its category, a number of places that is not whole is rounded up, "
        "only who can be chosen for honours"
    )
    assert of_band({"name": "差"}) == "差"
    assert _en(*of_rounding({"item": {"digits": 2, "mode": "half-even"}})) == (
        "Rounding: each item to 2 decimals, rounded half to even."
    )
    assert of_rounding({}) == []
    assert _en(of_ties({"by": ["A", "B"], "then": "1,1,2"})).endswith("what is still equal is ranked 1,1,2.")
    assert _en(of_ties("unordered")) == "The units are not ranked."
    group = {"cap": {"bonus": "5"}, "caps": "net", "same_matter": "highest", "order": "caps-first"}
    assert len(of_caps(group)) == 4


def test_older_editions_without_the_newer_keys_read_as_before() -> None:
    old = {
        "code": "A",
        "points": "3",
        "rule": {"start": "full", "deduct": [{"on": "cards", "each": "event", "price": "1"}]},
    }
    start, rules, bounds = of_item(old)
    assert _en(*start, *rules, *bounds) == "starts at the full 3; each supervision card costs 1 point; never below 0"


def test_a_veto_can_be_shown_alone() -> None:
    content = _all()[0]
    page = item_page(content, "V1", _EN)
    assert page is not None
    assert "· V1 一年两次被点名: logged 2 times from the city level up:" in page
    assert "note: 县级的不算" in page
    assert "R-1" in page
    assert item_page(content, "V9", _EN) is None


def test_a_limit_is_a_number_of_days_or_hours_or_a_day() -> None:
    assert _en(limit_words("15 working days")) == "15 working days"
    assert _en(limit_words("1 hour")) == "1 hours"
    assert limit_words("2020-09-30") == "2020-09-30"
