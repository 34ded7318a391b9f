"""What single happenings cost or earn: grouping, worth, caps, one matter over several rules."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest

from gkevents.schemes.model import Pricing
from gkevents.scoring.fact import Fact
from gkevents.scoring.matters import swallowed, worth_alone
from gkevents.scoring.pricing import (
    NOBODY,
    Charge,
    Payer,
    barred,
    capped,
    clip,
    price,
    unit_price,
)
from gkevents.terms import ZERO, show
from tests.scoring.made import F, fact, happened, log, rule, table, told, worths


def priced(pricing: Pricing, *facts: Fact, whole: str = "5") -> list[Charge]:
    return price(pricing, log(*facts), code="A", whole=F(whole))


def card(on: str, *problems: str) -> Fact:
    return fact("supervision-card", on, problems=problems)


def day(number: int, **fields: object) -> Fact:
    return happened(f"2020-03-{number:02}", **fields)


def test_each_event_costs_times_its_count() -> None:
    charges = priced(rule("0.1"), day(1), day(2, times=3), day(3, times=30))
    assert told(charges) == [
        ("r1", "0.1", "0.1", "0.1", "priced"), ("r2", "0.3", "0.3", "0.3", "priced"), ("r3", "3", "3", "3", "priced"),
    ]  # fmt: skip
    assert {(charge.rule, charge.side, charge.by, charge.caused_by) for charge in charges} == {
        ("A", "deduction", None, ())
    }


def test_an_item_is_lost_whole_where_the_rule_says_all() -> None:
    assert told(priced(rule(None, whole=True), day(1), day(2, times=2), whole="2.5")) == [
        ("r1", "2.5", "2.5", "2.5", "priced"), ("r2", "5", "5", "5", "priced"),
    ]  # fmt: skip


def test_the_assessor_sets_the_amount() -> None:
    pricing = rule(None, by_assessor=True, on="amounts")
    assert worths(priced(pricing, day(1, amount=F("2.25")), day(2))) == ["2.25", "0"]


def test_the_level_sets_the_price_and_an_unlisted_or_missing_one_none() -> None:
    pricing = rule(None, levels=table(city="1", national="2"))
    charges = priced(
        pricing, *(day(n, level=level) for n, level in enumerate(("city", "national", "provincial", None), 1))
    )
    assert worths(charges) == ["1", "2", "0", "0"]
    assert [charge.why for charge in charges] == ["priced", "priced", "priced", "no-level"]


def test_a_rule_without_a_price_costs_nothing() -> None:
    assert worths(priced(rule(None), day(1))) == ["0"]


def test_the_number_of_events_is_priced_as_a_whole() -> None:
    pricing = rule(None, totals=(F(2), F(4), F(5)))
    assert told(priced(pricing, day(1), day(2, times=2), day(3))) == [
        ("r1", "2", "2", "2", "priced"), ("r2", "4", "3", "3", "tier"), ("r3", "2", "0", "0", "tier"),
    ]  # fmt: skip
    assert told(priced(pricing, day(1, times=9))) == [("r1", "18", "5", "5", "tier")]
    assert {charge.rule for charge in priced(pricing, day(1), day(2))} == {"A"}
    assert told(priced(pricing, day(1), day(2))) == [("r1", "2", "2", "2", "priced"), ("r2", "2", "2", "2", "priced")]


def test_the_number_of_matters_is_priced_as_a_whole() -> None:
    pricing = rule(None, "matter", totals=(F(3), F(5)))
    charges = priced(pricing, day(1, matter="m"), day(2, matter="m"), day(3, matter="n", times=4), day(4), day(5))
    assert told(charges) == [
        ("r1", "3", "3", "3", "priced"), ("r2", "3", "0", "0", "same-matter"), ("r3", "3", "2", "2", "tier"),
        ("r4", "3", "0", "0", "tier"), ("r5", "3", "0", "0", "tier"),
    ]  # fmt: skip
    assert [charge.by for charge in charges] == [None, "r1", None, None, None]
    assert {charge.rule for charge in charges} == {"A"}


def test_one_matter_costs_once_at_its_dearest_whatever_its_count() -> None:
    pricing = rule(None, "matter", levels=table(county="0.5", city="1", provincial="2"))
    charges = priced(
        pricing,
        day(1, matter="m", level="city", times=3),
        day(2, matter="m", level="provincial"),
        day(3, matter="m", level="provincial"),
        day(4, matter="m", level="county"),
        day(5, level="city"),
        day(6, level="city"),
    )
    assert told(charges) == [
        ("r1", "1", "0", "0", "same-matter"), ("r2", "2", "2", "2", "priced"), ("r3", "2", "0", "0", "same-matter"),
        ("r4", "0.5", "0", "0", "same-matter"), ("r5", "1", "1", "1", "priced"), ("r6", "1", "1", "1", "priced"),
    ]  # fmt: skip
    assert [charge.by for charge in charges] == ["r2", None, "r2", "r2", None, None]
    assert {charge.rule for charge in charges} == {"A"}


@pytest.mark.parametrize("each", ["matter", "matter-level"])
def test_a_matter_may_cost_the_whole_item(each: str) -> None:
    charges = priced(rule(None, each, whole=True), day(1, matter="m"), day(2, matter="m"), day(3))
    assert [(show(charge.raw), show(charge.worth), charge.rule) for charge in charges] == [
        ("5", "5", "A"),
        ("5", "0", "A"),
        ("5", "5", "A"),
    ]


def test_a_matter_named_like_another_facts_ref_is_still_its_own() -> None:
    assert worths(priced(rule("1", "matter"), day(1), day(2, matter="r1"))) == ["1", "1"]
    assert worths(priced(rule("1", "matter-level"), day(1), day(2, matter="r1"))) == ["1", "1"]


def test_one_matter_costs_once_at_each_level() -> None:
    pricing = rule(None, "matter-level", levels=table(city="1", provincial="2"))
    charges = priced(
        pricing,
        day(1, matter="m", level="city"),
        day(2, matter="m", level="provincial"),
        day(3, matter="m", level="city"),
        day(4, level="city"),
        day(5, level="city"),
        day(6, matter="n", level="city"),
    )
    assert worths(charges) == ["1", "2", "0", "1", "1", "1"]
    assert (charges[2].why, charges[2].by) == ("same-matter", "r1")


def test_once_a_year_the_dearest_costs() -> None:
    pricing = rule(None, "year", levels=table(county="1", city="2", national="3"))
    charges = priced(
        pricing,
        *(day(n, level=level) for n, level in enumerate(("city", "national", "national", "county"), 1)),
        day(5),
    )
    assert told(charges) == [
        ("r1", "2", "0", "0", "once-a-year"), ("r2", "3", "3", "3", "priced"), ("r3", "3", "0", "0", "once-a-year"),
        ("r4", "1", "0", "0", "once-a-year"), ("r5", "0", "0", "0", "no-level"),
    ]  # fmt: skip
    assert [charge.by for charge in charges] == ["r2", None, "r2", "r2", None]


def test_once_a_year_it_costs_at_the_earliest_of_equally_dear_ones() -> None:
    charges = priced(rule("1.5", "year"), day(2, times=2, position=7), day(3), day(4))
    assert told(charges) == [
        ("r1", "1.5", "1.5", "1.5", "priced"),
        ("r2", "1.5", "0", "0", "once-a-year"),
        ("r3", "1.5", "0", "0", "once-a-year"),
    ]
    assert [charge.by for charge in charges] == [None, "r1", "r1"]
    assert {charge.rule for charge in charges} == {"A"}
    assert worths(priced(rule(None, "year", totals=(F(3), F(5))), day(1), day(2))) == ["3", "0"]
    assert told(priced(rule(None, "year", whole=True), day(1), day(2)))[1] == ("r2", "5", "0", "0", "once-a-year")
    assert worths(priced(rule(None, "year", levels=table(city="2")), day(1, level="city"), day(2))) == ["2", "0"]


@pytest.mark.parametrize(
    ("first_card", "costs", "whys"),
    [
        ("base", ["0.1", "0.5", "0.1", "0.5"], ["priced", "repeated", "priced", "repeated"]),
        ("escalated", ["0.5", "0.5", "0.1", "0.5"], ["repeated", "repeated", "priced", "repeated"]),
        ("added", ["0.1", "0.6", "0.1", "0.6"], ["priced", "repeated", "priced", "repeated"]),
    ],
)  # fmt: skip
def test_a_card_for_the_same_problem_again_costs_more(first_card: str, costs: list[str], whys: list[str]) -> None:
    pricing = rule(None, "problem", first=F("0.1"), again=F("0.5"), first_card=first_card, on="cards")
    charges = priced(
        pricing, card("2020-03-01", "p"), card("2020-03-02", "p"), card("2020-03-03", "q"), card("2020-03-04", "p")
    )
    assert (
        worths(charges)
        == costs
        == [show(charge.raw) for charge in charges]
        == [show(charge.applied) for charge in charges]
    )
    assert [charge.why for charge in charges] == whys
    assert {charge.rule for charge in charges} == {"A"}


def test_a_card_with_several_problems_costs_once_at_its_dearest() -> None:
    pricing = rule(None, "problem", first=F("0.1"), again=F("0.5"))
    cards = (
        card("2020-03-01", "p", "q"),
        card("2020-03-02", "s", "q"),
        card("2020-03-03", "s"),
        card("2020-03-04", "t"),
    )
    assert worths(priced(pricing, *cards)) == ["0.1", "0.5", "0.5", "0.1"]
    escalated = rule(None, "problem", first=F("0.1"), again=F("0.5"), first_card="escalated")
    assert worths(priced(escalated, *cards)) == ["0.5", "0.5", "0.5", "0.1"]


def test_a_card_that_names_no_problem_is_a_problem_of_its_own() -> None:
    pricing = rule(None, "problem", first=F("0.1"), again=F("0.5"))
    cards = (card("2020-03-01"), card("2020-03-02"), card("2020-03-03", "r1"))
    assert worths(priced(pricing, *cards)) == ["0.1", "0.1", "0.1"]


def test_a_card_costs_nothing_where_no_price_is_printed_for_it() -> None:
    cards = (card("2020-03-01", "p"), card("2020-03-02", "p"))
    assert worths(priced(rule(None, "problem", first=F("0.1")), *cards)) == ["0.1", "0"]
    assert worths(priced(rule(None, "problem", again=F("0.5")), *cards)) == ["0", "0.5"]


def test_a_condition_of_two_kinds_earns_once_when_the_last_of_them_comes() -> None:
    pricing = rule("1", "year", needs={"report": 12, "commission-done": 1})
    charges = priced(
        pricing, day(1, kind="report", times=11), day(2, kind="commission-done"), day(3), day(4, kind="report"),
        day(5, kind="report"), day(6, kind="commission-done"),
    )  # fmt: skip
    assert told(charges) == [
        ("r1", "0", "0", "0", "condition-incomplete"), ("r2", "0", "0", "0", "condition-incomplete"),
        ("r3", "0", "0", "0", "condition-incomplete"), ("r4", "1", "1", "1", "condition-complete"),
        ("r5", "0", "0", "0", "once-a-year"), ("r6", "0", "0", "0", "once-a-year"),
    ]  # fmt: skip
    assert [charge.by for charge in charges] == [None, None, None, None, "r4", "r4"]
    assert {charge.rule for charge in charges} == {"A"}


def test_what_is_barred_from_a_condition_is_told_and_does_not_count() -> None:
    pricing = rule("1", "year", needs={"a": 1}, level_min="city")
    assert told(priced(pricing, day(1, kind="a", level="county"), day(2, kind="a"))) == [
        ("r1", "0", "0", "0", "below-level"),
        ("r2", "1", "1", "1", "condition-complete"),
    ]


def test_a_condition_of_any_kind_earns_at_the_first_that_is_enough() -> None:
    pricing = rule("2", "year", needs={"a": 2, "b": 1}, join="any")
    assert worths(priced(pricing, day(1, kind="a"), day(2, kind="a"), day(3, kind="b"))) == ["0", "2", "0"]
    assert worths(priced(pricing, day(1, kind="b"), day(2, kind="a", times=2))) == ["2", "0"]
    assert worths(priced(rule(None, "year", needs={"a": 1}), day(1, kind="a"))) == ["0"]


@pytest.mark.parametrize(
    ("justified", "serious", "bar"),
    [
        (False, True, None), (True, True, "condition-not-met"), (False, False, "condition-not-met"),
        (True, None, "condition-not-met"), (None, False, "condition-not-met"), (None, True, "pending"),
        (False, None, "pending"), (None, None, "pending"),
    ],
)  # fmt: skip
def test_a_rule_with_conditions_waits_for_the_word_on_each(
    justified: bool | None,  # noqa: FBT001 - a parameter of the test
    serious: bool | None,  # noqa: FBT001 - the same
    bar: str | None,
) -> None:
    said = day(1, justified=justified, serious=serious)
    for when in ((("justified", False), ("serious", True)), (("serious", True), ("justified", False))):
        pricing = rule("1", when=when)
        assert barred(pricing, said) == bar
        assert told(priced(pricing, said)) == [("r1", *(("1",) * 3 if bar is None else ("0",) * 3), bar or "priced")]


def test_a_rule_whose_points_an_overlay_must_decide_is_not_priced_before() -> None:
    assert barred(rule(None, from_overlay=True), day(1)) == "no-price"
    assert barred(rule("0", from_overlay=True), day(1)) is None
    assert barred(rule(None), day(1)) is None


def test_a_level_below_the_lowest_that_is_priced_costs_nothing() -> None:
    levels = ("county", "city", "provincial", "national", None)
    by_minimum = [barred(rule("1", level_min="city"), day(1, level=level)) for level in levels]
    assert by_minimum == ["below-level", None, None, None, None]
    by_table = rule(None, levels=table(provincial="1", national="2"))
    assert [barred(by_table, day(1, level=level)) for level in levels] == [
        "below-level",
        "below-level",
        None,
        None,
        "no-level",
    ]
    assert barred(rule(None, levels=table(city="1"), when=(("serious", True),)), day(1)) == "pending"
    assert [barred(rule("1"), day(1, level=level)) for level in levels] == [None] * 5


def test_what_is_not_priced_stands_among_the_rest_in_the_order_of_the_world() -> None:
    pricing = rule("1", level_min="city")
    facts = log(day(1, level="city"), day(2, level="county"), day(3, level="city"), day(3, level="county"))
    charges = price(pricing, facts, code="P", whole=ZERO, side="bonus")
    assert told(charges) == [
        ("r1", "1", "1", "1", "priced"), ("r2", "0", "0", "0", "below-level"), ("r3", "1", "1", "1", "priced"),
        ("r4", "0", "0", "0", "below-level"),
    ]  # fmt: skip
    assert {(charge.rule, charge.side) for charge in charges} == {("P", "bonus")}
    same_day = log(day(3, level="city", position=9, ref="late"), day(3, level="county", position=2, ref="early"))
    assert [charge.fact.ref for charge in priced(pricing, *same_day)] == ["early", "late"]


def test_the_price_of_one_alone_forgets_its_count() -> None:
    whole = F(4)
    assert unit_price(rule("0.5"), day(1, times=3), whole) == F("0.5")
    assert unit_price(rule("0.5", whole=True), day(1), whole) == 4
    assert unit_price(rule(None, totals=(F(3), F(5))), day(1), whole) == 3


def charge(points: str, number: int = 1) -> Charge:
    worth: Fraction = F(points)
    (one,) = log(day(number, position=number, ref=f"r{number}"))
    return Charge(one, "A", worth, worth, worth, "priced")


@pytest.mark.parametrize(
    ("limit", "applied", "whys"),
    [
        ("10", ["2", "3", "1"], ["priced", "priced", "priced"]), ("6", ["2", "3", "1"], ["priced", "priced", "priced"]),
        ("5", ["2", "3", "0"], ["priced", "priced", "cap"]), ("4", ["2", "2", "0"], ["priced", "cap", "cap"]),
        ("2", ["2", "0", "0"], ["priced", "cap", "cap"]), ("1.5", ["1.5", "0", "0"], ["cap", "cap", "cap"]),
        ("0", ["0", "0", "0"], ["cap", "cap", "cap"]), ("-1", ["0", "0", "0"], ["cap", "cap", "cap"]),
    ],
)  # fmt: skip
def test_a_cap_leaves_each_what_those_before_it_left(limit: str, applied: list[str], whys: list[str]) -> None:
    clipped = clip([charge("2", 1), charge("3", 2), charge("1", 3)], F(limit))
    assert [show(one.applied) for one in clipped] == applied
    assert [one.why for one in clipped] == whys
    assert worths(clipped) == ["2", "3", "1"]


def test_a_cap_says_whose_it_is() -> None:
    assert [one.why for one in clip([charge("2")], F(1), why="item-cap")] == ["item-cap"]
    assert told(capped(rule("2", cap=F(1)), [charge("2")])) == [("r1", "2", "2", "1", "cap")]
    assert told(capped(rule("2"), [charge("2")])) == [("r1", "2", "2", "2", "priced")]


def test_what_costs_nothing_is_never_capped() -> None:
    assert [one.why for one in clip([charge("2", 1), charge("0", 2)], F(1))] == ["cap", "priced"]


ONCE, TWICE, THRICE = rule("1"), rule("2"), rule("3")


def heard(*facts: Fact) -> list[tuple[str, Pricing, Fact]]:
    """Happenings with the rule named by their item: A is worth 1, B 2, C 3, and L what its level says."""
    rules = {"A": ONCE, "B": TWICE, "C": THRICE, "L": rule(None, levels=table(city="2"))}
    return [(one.item or "", rules[one.item or ""], one) for one in log(*facts)]


def on(code: str, number: int, matter: str | None = "m", **fields: object) -> Fact:
    return happened(f"2020-03-{number:02}", code, matter=matter, **fields)


def losers(named: Iterable[tuple[str, Pricing, Fact]]) -> dict[tuple[str, str], str]:
    alone = [(code, one, worth_alone(pricing, one, [one], NOBODY)) for code, pricing, one in named]
    return swallowed([(code, one, points) for code, one, points in alone if points is not None])


def test_what_a_matter_costs_the_unit_decides_which_is_dearest() -> None:
    one, later = on("A", 1), on("A", 2, kind="mended")
    doubled = rule("1", factors={"town": F(2)}, eased={"mended": F("0.25")})
    assert worth_alone(doubled, one, [one], Payer("U", "town")) == F(2)
    assert worth_alone(doubled, one, [one, later], Payer("U", "town")) == F("0.5")
    assert worth_alone(rule("1", averaged=True), one, [one], NOBODY) is None
    assert worth_alone(rule("6", averaged=True), one, [one], Payer("U", "", 2020, 4)) == F("1.5")


def test_one_matter_over_several_rules_counts_once_at_its_dearest() -> None:
    lost = losers(heard(on("A", 1), on("C", 2), on("C", 3), on("B", 4), on("B", 5, "n"), on("A", 6, None)))
    assert lost == {("A", "r1"): "r2", ("C", "r3"): "r2", ("B", "r4"): "r2"}
    assert losers(heard(on("A", 1, None), on("C", 2, None))) == {}
    assert losers([]) == {}


def test_its_count_makes_nothing_dearer_than_another_for_the_same_matter() -> None:
    assert losers(heard(on("A", 1, times=9), on("B", 2))) == {("A", "r1"): "r2"}


def test_one_happening_under_two_rules_stands_under_the_dearer_one() -> None:
    (one,) = log(on("A", 1))
    assert losers([("A", ONCE, one), ("B", TWICE, one)]) == {("A", "r1"): "r1"}


def test_what_a_rule_does_not_price_neither_stands_for_a_matter_nor_gives_way() -> None:
    assert losers(heard(on("L", 1), on("L", 2, level="county"), on("A", 3))) == {}
    assert losers(heard(on("L", 1, level="city"), on("L", 2), on("A", 3))) == {("A", "r3"): "r1"}
    zero = rule("0")
    (first, second) = log(on("A", 1), on("A", 2))
    assert losers([("Z", zero, first), ("Y", zero, second)]) == {}
    assert losers([("Z", zero, first), ("A", ONCE, second)]) == {("Z", "r1"): "r2"}
