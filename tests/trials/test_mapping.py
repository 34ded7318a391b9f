"""Where a code leads: as said, by the same code, by the same title; what is guessed must take what is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from gkevents.aggregates.pairing import Rule
from gkevents.schemes.model import Adjustment, Item, Pricing
from gkevents.terms import ZERO
from gkevents.trials.mapping import Lead, Way

EVENTS, CARDS, PRAISE = Pricing("happenings", "event"), Pricing("cards", "event"), Pricing("praise", "event")
ASIDE: Final = "not-applicable"


def priced(code: str, title: str, *pricings: Pricing) -> Item:
    """An item that loses points by event rules."""
    return Item(code, title, "", "", (), "full", ZERO, deduct=pricings)


def marked(code: str, title: str, *pricings: Pricing) -> Item:
    """An item that is marked, and loses points by event rules if any are given."""
    return Item(code, title, "", "", (), "grade", ZERO, deduct=pricings)


def bonus(code: str, title: str) -> Adjustment:
    return Adjustment(code, title, "", (), "bonus", "P", PRAISE)


def way(
    before: Sequence[Rule],
    draft: Sequence[Rule],
    *,
    given: Mapping[str, Sequence[str]] | None = None,
    logged: Mapping[str, Sequence[str]] | None = None,
) -> Way:
    return Way(
        {rule.code: rule for rule in before},
        {rule.code: rule for rule in draft},
        given=given or {},
        logged=logged or {},
    )


def test_the_same_code_with_the_same_title() -> None:
    assert way([priced("A", "甲", EVENTS)], [priced("A", "甲", EVENTS)]).lead("A") == Lead("A", "A", "code")


def test_the_same_code_with_another_title_leads_there_where_no_other_code_has_its_title() -> None:
    assert way([priced("A", "甲", EVENTS)], [priced("A", "乙", EVENTS)]).lead("A") == Lead("A", "A", "code")


def test_codes_that_were_moved_along_are_followed_by_title() -> None:
    before = [priced("A", "甲", EVENTS), priced("B", "乙", EVENTS)]
    draft = [priced("A", "新", EVENTS), priced("B", "甲", EVENTS), priced("C", "乙", EVENTS)]
    found = way(before, draft)
    assert [found.lead(code) for code in "AB"] == [Lead("A", "B", "title"), Lead("B", "C", "title")]


def test_titles_are_compared_without_spaces_and_widths() -> None:
    found = way([priced("A", "“六稳” (甲)", EVENTS)], [priced("B", "“六稳”（甲）", EVENTS)])
    assert found.lead("A") == Lead("A", "B", "title")


@pytest.mark.parametrize(
    ("before", "draft"),
    [
        ([priced("A", "甲", EVENTS)], [priced("B", "甲", EVENTS), priced("C", "甲", EVENTS)]),
        ([priced("A", "甲", EVENTS), priced("Z", "甲", EVENTS)], [priced("B", "甲", EVENTS)]),
    ],
    ids=["there", "here"],
)
def test_a_title_that_two_codes_bear_says_nothing(before: list[Rule], draft: list[Rule]) -> None:
    assert way(before, draft).lead("A") == Lead("A", None, "none")


@pytest.mark.parametrize("code", ["A", "B"])
def test_what_takes_nothing_of_what_is_logged_is_something_else(code: str) -> None:
    before, draft = [priced("A", "甲", EVENTS)], [priced(code, "甲", CARDS)]
    assert way(before, draft, logged={"A": ["criticism"]}).lead("A") == Lead("A", None, "none")
    assert way(before, draft, logged={"A": ["deadline-missed"]}).lead("A").to == code


@pytest.mark.parametrize("code", ["A", "B"])
def test_where_nothing_is_logged_what_could_have_been_decides(code: str) -> None:
    before = [bonus("A", "甲")]
    assert way(before, [priced(code, "甲", CARDS)]).lead("A") == Lead("A", None, "none")
    assert way(before, [priced(code, "甲", EVENTS)]).lead("A").to == code


def test_what_is_logged_decides_not_what_could_have_been() -> None:
    before, draft = [marked("A", "甲", EVENTS)], [priced("A", "甲", EVENTS)]
    assert way(before, draft).lead("A").how == "code"
    assert way(before, draft, logged={"A": ["criticism", "grade"]}).lead("A").how == "code"
    assert way(before, draft, logged={"A": ["grade"]}).lead("A").how == "none"


def test_that_an_item_was_set_aside_says_nothing_of_what_it_takes() -> None:
    before, draft = [priced("A", "甲", EVENTS)], [priced("A", "甲", CARDS)]
    assert way(before, draft, logged={"A": [ASIDE, "criticism"]}).lead("A").how == "none"
    assert way(before, draft, logged={"A": [ASIDE]}).lead("A").how == "code"


def test_a_rule_may_become_an_item_and_the_other_way_round() -> None:
    assert way([bonus("P1", "表扬")], [priced("A", "表扬", PRAISE)]).lead("P1") == Lead("P1", "A", "title")


def test_what_is_said_goes_before_every_guess() -> None:
    draft = [priced("A", "甲", EVENTS), priced("B", "乙", CARDS)]
    assert way([priced("A", "甲", EVENTS)], draft, given={"A": ["B"]}).lead("A") == Lead("A", "B", "given")
    assert way([priced("A", "甲", EVENTS)], draft, given={"A": [""]}).lead("A") == Lead("A", None, "given")


def test_of_several_ends_the_one_on_the_form_holds_else_the_first() -> None:
    found = way([priced("A", "甲", EVENTS)], [priced("B", "乙", EVENTS)], given={"A": ["X", "B"], "C": ["Y", "Z"]})
    assert (found.lead("A").to, found.lead("C").to) == ("B", "Y")


def test_a_code_that_is_not_on_the_form_leads_to_its_like_alone() -> None:
    found = way([], [priced("A", "甲", EVENTS)], logged={"A": ["criticism"], "B": ["criticism"]})
    assert [found.lead(code) for code in "AB"] == [Lead("A", "A", "code"), Lead("B", None, "none")]


def test_every_code_of_the_form_and_every_code_asked_about_has_its_line() -> None:
    found = way([priced("A", "甲", EVENTS)], [priced("A", "甲", EVENTS)])
    assert [lead.code for lead in found.leads(["Z", "A"])] == ["A", "Z"]
