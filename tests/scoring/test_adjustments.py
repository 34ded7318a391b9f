"""The ± rules: each side by itself, one matter once where the scheme says so, caps of rules, sides and the net."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gkevents.schemes.model import Adjustment, Group
from gkevents.scoring.adjustments import GroupScore, raw_charges, relation_charge, settle_group
from gkevents.scoring.fact import Fact
from gkevents.scoring.pricing import Charge
from tests.scoring.made import F, below_mean, fact, group, happened, log, minus, plus, rule, shown, table, told

GAIN, LOSS = rule("2", "matter", on="praise"), rule("1")


def settled(one: Group, *facts: Fact) -> GroupScore:
    return settle_group(one, raw(one, *facts))


def raw(one: Group, *facts: Fact) -> dict[str, list[Charge]]:
    by_code: dict[str, list[Fact]] = {}
    for found in sorted(log(*facts), key=lambda found: found.order):
        by_code.setdefault(found.item or "", []).append(found)
    return raw_charges(one, by_code)


def sums(score: GroupScore) -> tuple[str | None, str | None]:
    return (shown(score.bonus), shown(score.deduction))


def on(code: str, *days: int, matter: str | None = None) -> Sequence[Fact]:
    return [happened(f"2020-03-{day:02}", code, matter=matter) for day in days]


def test_a_rule_charges_what_it_hears_on_its_own_side() -> None:
    rules = group(plus("P", GAIN), minus("M", LOSS))
    charges = raw(rules, *on("P", 1), fact("criticism", "2020-03-02", "P"))
    assert list(charges) == ["P", "M"]
    assert charges["M"] == []
    gain = charges["P"]
    assert told(gain) == [("r1", "2", "2", "2", "priced")]
    assert [(charge.rule, charge.side) for charge in gain] == [("P", "bonus")]
    loss = raw(rules, *on("M", 1), fact("praise", "2020-03-02", "M"))["M"]
    assert told(loss) == [("r1", "1", "1", "1", "priced")]
    assert [(charge.rule, charge.side) for charge in loss] == [("M", "deduction")]


def test_a_rule_that_takes_all_of_nothing_takes_nothing() -> None:
    assert told(raw(group(minus("M", rule(None, whole=True))), *on("M", 1))["M"]) == [("r1", "0", "0", "0", "priced")]


def test_a_rule_on_a_mean_has_no_charge_before_the_others_are_known() -> None:
    one = group(minus("M", None, below_mean("0.5", "all", "2")))
    report = fact("metric", "2020-03-01", "M", value=F(1))
    assert raw(one, report) == {"M": []} == raw(one, report, fact("not-applicable", "2020-03-02", "M")) == raw(one)


def test_a_rule_set_aside_gives_nothing() -> None:
    charges = raw(group(plus("P", GAIN)), *on("P", 1), fact("not-applicable", "2020-03-02", "P"))["P"]
    assert told(charges) == [("r1", "0", "0", "0", "not-applicable"), ("r2", "0", "0", "0", "not-applicable")]
    assert {(charge.rule, charge.side) for charge in charges} == {("P", "bonus")}


def test_both_sides_of_a_group_are_summed_by_themselves() -> None:
    score = settled(group(plus("P", GAIN), minus("M", LOSS)), *on("P", 2, 3), *on("M", 1))
    assert sums(score) == ("4", "1")
    assert score.code == "G"
    assert [(charge.fact.ref, charge.side) for charge in score.charges] == [
        ("r1", "bonus"),
        ("r2", "bonus"),
        ("r3", "deduction"),
    ]
    assert sums(settle_group(group(plus("P", GAIN)), {})) == ("0", "0")


@pytest.mark.parametrize(
    ("bonus_cap", "deduction_cap", "expected"),
    [
        (None, None, ("4", "3")),
        ("3", None, ("3", "3")),
        (None, "2", ("4", "2")),
        ("4", "3", ("4", "3")),
        ("0", "0", ("0", "0")),
    ],
)
def test_each_side_has_its_own_cap(bonus_cap: str | None, deduction_cap: str | None, expected: tuple[str, str]) -> None:
    caps = [None if cap is None else F(cap) for cap in (bonus_cap, deduction_cap)]
    capped = group(plus("P", GAIN), minus("M", LOSS), bonus_cap=caps[0], deduction_cap=caps[1])
    score = settled(capped, *on("P", 2, 3), *on("M", 4, 5, 6))
    assert sums(score) == expected
    whys = {charge.side: charge.why for charge in score.charges}
    assert whys == {
        "bonus": "group-cap" if bonus_cap in ("3", "0") else "priced",
        "deduction": "group-cap" if deduction_cap in ("2", "0") else "priced",
    }


def test_a_cap_on_a_side_falls_on_the_latest_over_all_its_rules() -> None:
    score = settled(group(plus("P", GAIN), plus("Q", GAIN), bonus_cap=F(5)), *on("P", 3), *on("Q", 1, 2))
    assert told(score.charges) == [
        ("r2", "2", "2", "2", "priced"),
        ("r3", "2", "2", "2", "priced"),
        ("r1", "2", "2", "1", "group-cap"),
    ]


def test_a_rules_own_cap_comes_before_that_of_its_group() -> None:
    own = rule("2", "matter", on="praise", cap=F(3))
    score = settled(group(plus("P", own), plus("Q", GAIN), plus("R", rule("1", on="praise", cap=F(1))), bonus_cap=F(6)),
                    *on("P", 1, 3), *on("Q", 2), *on("R", 4, 5))  # fmt: skip
    assert told(score.charges) == [
        ("r1", "2", "2", "2", "priced"), ("r3", "2", "2", "2", "priced"), ("r2", "2", "2", "1", "cap"),
        ("r4", "1", "1", "1", "priced"), ("r5", "1", "1", "0", "cap"),
    ]  # fmt: skip
    assert sums(score) == ("6", "0")


def test_one_matter_in_two_rules_counts_once_only_where_the_scheme_says_so() -> None:
    dear = plus("Q", rule("3", "matter", on="praise"))
    rules = (plus("P", GAIN), dear, minus("M", LOSS))
    facts = (*on("P", 1, matter="m"), *on("Q", 2, matter="m"), *on("M", 3, matter="m"))
    assert sums(settled(group(*rules), *facts)) == ("5", "1")
    score = settled(group(*rules, same_matter="highest"), *facts)
    assert sums(score) == ("3", "1")
    assert [(charge.fact.ref, charge.why, charge.by) for charge in score.charges] == [
        ("r1", "same-matter", "r2"), ("r2", "priced", None), ("r3", "priced", None),
    ]  # fmt: skip


def test_a_rule_set_aside_stands_for_no_matter() -> None:
    dear = plus("Q", rule("3", "matter", on="praise"))
    aside = fact("not-applicable", "2020-03-02", "Q")
    score = settled(
        group(plus("P", GAIN), dear, same_matter="highest"), *on("P", 1, matter="m"), *on("Q", 2, matter="m"), aside
    )
    assert sums(score) == ("2", "0")
    assert [(charge.fact.ref, charge.why) for charge in score.charges] == [
        ("r1", "priced"), ("r2", "not-applicable"), ("r3", "not-applicable"),
    ]  # fmt: skip


BY_NUMBER = rule(None, "matter", totals=(F(3), F(5)))


def test_what_is_swallowed_takes_no_place_among_the_matters_that_are_counted() -> None:
    """Two matters, 3 and 3, although the second rule has two happenings and would give 3 and 2 for them."""
    both = group(minus("D4", BY_NUMBER), minus("D5", BY_NUMBER), same_matter="highest")
    score = settled(both, *on("D5", 1, matter="M1"), *on("D4", 2, matter="M1"), *on("D4", 3, matter="M2"))
    assert sums(score) == ("0", "6")
    assert told(score.charges) == [
        ("r1", "3", "3", "3", "priced"), ("r2", "3", "0", "0", "same-matter"), ("r3", "3", "3", "3", "priced"),
    ]  # fmt: skip
    assert [(charge.rule, charge.by) for charge in score.charges] == [("D5", None), ("D4", "r1"), ("D4", None)]
    each = group(minus("D4", BY_NUMBER), minus("D5", BY_NUMBER))
    assert sums(settled(each, *on("D5", 1, matter="M1"), *on("D4", 2, matter="M1"), *on("D4", 3, matter="M2"))) == (
        "0",
        "8",
    )


@pytest.mark.parametrize(("first", "second"), [("X", "Y"), ("Y", "X")])
def test_what_is_swallowed_does_not_use_up_what_counts_once_a_year(first: str, second: str) -> None:
    rules = (plus("P3", rule("2", "year", on="praise")), plus("P4", rule("0.5", "year", on="praise")))
    facts = (*on("P3", 5, matter="X"), *on("P4", 1, matter=first), *on("P4", 2, matter=second))
    score = settled(group(*rules, same_matter="highest"), *facts)
    assert sums(score) == ("2.5", "0")
    assert {charge.fact.matter: charge.why for charge in score.charges if charge.rule == "P4"} == {
        "X": "same-matter",
        "Y": "priced",
    }
    assert {charge.side for charge in score.charges} == {"bonus"}
    assert [shown(charge.raw) for charge in score.charges] == ["0.5", "0.5", "2"]


def test_a_rule_that_counts_events_takes_no_part_in_one_matter_counted_once() -> None:
    events = minus("E", rule("9"))
    score = settled(
        group(events, minus("M", BY_NUMBER), minus("W", rule("1", "matter-level")), same_matter="highest"),
        *on("E", 1, 2, matter="m"), *on("M", 3, matter="m"), *on("W", 4, matter="m"),
    )  # fmt: skip
    assert [(charge.fact.ref, charge.why, charge.by) for charge in score.charges] == [
        ("r1", "priced", None), ("r2", "priced", None), ("r3", "priced", None), ("r4", "same-matter", "r3"),
    ]  # fmt: skip
    assert sums(score) == ("0", "21")


def test_of_equally_dear_ones_the_earlier_in_the_order_of_the_world_stands_whatever_the_order_of_the_rules() -> None:
    score = settled(
        group(plus("P", GAIN), plus("Q", GAIN), same_matter="highest"), *on("P", 9, matter="m"), *on("Q", 2, matter="m")
    )
    assert [(charge.fact.ref, charge.by) for charge in score.charges] == [("r2", None), ("r1", "r2")]


def test_the_charges_of_a_rule_keep_the_order_of_the_world_with_the_swallowed_ones_among_them() -> None:
    dear = plus("Q", rule("3", "matter", on="praise"))
    charges = raw(
        group(plus("P", GAIN), dear, same_matter="highest"),
        *on("P", 1, matter="m"), *on("P", 2), *on("P", 3, matter="m"), *on("P", 4), *on("Q", 5, matter="m"),
    )["P"]  # fmt: skip
    assert told(charges) == [
        ("r1", "2", "0", "0", "same-matter"), ("r2", "2", "2", "2", "priced"), ("r3", "2", "0", "0", "same-matter"),
        ("r4", "2", "2", "2", "priced"),
    ]  # fmt: skip
    assert {(charge.rule, charge.side) for charge in charges} == {("P", "bonus")}


def test_what_is_swallowed_shows_its_price_and_stands_by_its_day_whatever_was_logged_first() -> None:
    by_level = minus("M", rule(None, "matter", levels=table(county="1", city="2", national="3")))
    days = ((5, "county"), (3, "national"), (1, "city"))
    charges = raw(
        group(by_level, same_matter="highest"),
        *(happened(f"2020-03-0{day}", "M", matter="m", level=level) for day, level in days),
        happened("2020-03-04", "M", matter="n", level="city"),
    )["M"]
    assert told(charges) == [
        ("r3", "2", "0", "0", "same-matter"), ("r2", "3", "3", "3", "priced"), ("r4", "2", "2", "2", "priced"),
        ("r1", "1", "0", "0", "same-matter"),
    ]  # fmt: skip
    assert {charge.by for charge in charges if charge.why == "same-matter"} == {"r2"}


def test_what_takes_all_of_nothing_gives_way_to_any_price() -> None:
    rules = (minus("W", rule(None, "matter", whole=True)), minus("M", rule("1", "matter")))
    score = settled(group(*rules, same_matter="highest"), *on("W", 1, matter="m"), *on("M", 2, matter="m"))
    assert told(score.charges) == [("r1", "0", "0", "0", "same-matter"), ("r2", "1", "1", "1", "priced")]


def test_a_condition_of_kinds_never_competes_for_a_matter() -> None:
    needs = plus("N", rule("9", "year", on="praise", needs={"x": 1}))
    score = settled(
        group(plus("P", GAIN), needs, same_matter="highest"),
        happened("2020-03-01", "N", matter="m", kind="x"),
        *on("P", 2, matter="m"),
    )
    assert sums(score) == ("11", "0")


def test_a_matter_swallowed_by_a_dearer_one_leaves_room_under_its_rules_cap() -> None:
    capped = plus("P", rule("2", "matter", on="praise", cap=F(2)))
    dear = plus("Q", rule(None, "matter", on="praise", levels=table(city="3")))
    facts = (*on("P", 1, matter="m"), *on("P", 2), happened("2020-03-03", "Q", matter="m", level="city"))
    score = settled(group(capped, dear, same_matter="highest"), *facts)
    assert [(charge.fact.ref, shown(charge.applied)) for charge in score.charges] == [
        ("r1", "0"),
        ("r2", "2"),
        ("r3", "3"),
    ]


@pytest.mark.parametrize(
    ("gains", "losses", "expected"),
    [
        (2, 1, ("4", "1")), (3, 1, ("6", "1")), (4, 1, ("6", "1")), (1, 2, ("2", "2")),
        (0, 3, ("0", "3")), (0, 4, ("0", "4")), (0, 6, ("0", "4")), (1, 7, ("2", "6")),
    ],
)  # fmt: skip
def test_a_cap_on_the_net_holds_on_both_sides_and_takes_from_the_latest(
    gains: int, losses: int, expected: tuple[str, ...]
) -> None:
    netted = group(plus("P", GAIN), minus("M", LOSS), caps="net", bonus_cap=F(5), deduction_cap=F(4))
    score = settled(netted, *on("P", *range(1, gains + 1)), *on("M", *range(1, losses + 1)))
    assert sums(score) == expected
    assert [charge.why for charge in score.charges if charge.applied < charge.worth] in (
        [],
        ["net-cap"],
        ["net-cap"] * 2,
    )
    assert score.code == "G"


@pytest.mark.parametrize(
    ("bonus", "deduction", "cap", "expected"),
    [("4", "6", "5", ("4", "6")), ("9", "1", "5", ("6", "1")), ("1", "9", "5", ("1", "6"))],
)
def test_a_cap_on_the_net_takes_only_what_lies_beyond_it_and_only_from_the_side_that_broke_it(
    bonus: str, deduction: str, cap: str, expected: tuple[str, ...]
) -> None:
    rules = (plus("P", rule(bonus, on="praise")), minus("M", rule(deduction)))
    netted = group(*rules, caps="net", bonus_cap=F(cap), deduction_cap=F(cap))
    assert sums(settled(netted, *on("P", 1), *on("M", 2))) == expected
    free = group(*rules, caps="net", bonus_cap=F(cap))
    assert sums(settled(free, *on("P", 1), *on("M", 2)))[1] == deduction


def test_a_net_without_caps_keeps_the_sums_of_both_sides() -> None:
    free = group(plus("P", GAIN), minus("M", LOSS), caps="net")
    assert sums(settled(free, *on("P", *range(1, 9)), *on("M", 1))) == ("16", "1")
    assert sums(settled(free, *on("M", *range(1, 9)))) == ("0", "8")


@pytest.mark.parametrize(
    ("value", "cost", "why"),
    [("9.99", "2", "below-mean"), ("10", "0", "not-below-mean"), ("11", "0", "not-below-mean")],
)
def test_a_figure_costs_strictly_below_the_share_of_the_mean(value: str, cost: str, why: str) -> None:
    below = minus("M", None, below_mean("0.5", "all", "2"))
    (figure,) = log(fact("metric", "2020-03-01", "M", value=F(value)))
    charge = relation_charge(below, figure, F(10))
    assert told([charge]) == [("r1", cost, cost, cost, why)]
    assert (charge.rule, charge.side) == ("M", "deduction")
    assert relation_charge(plus_on_mean(), figure, F(10)).side == "bonus"


def plus_on_mean() -> Adjustment:
    return Adjustment("P", "P", "clause", (), "bonus", "G", None, below_mean("0.5", "all", "2"))


def test_a_figure_that_says_nothing_counts_as_0_and_a_rule_without_a_relation_costs_nothing() -> None:
    (empty,) = log(fact("metric", "2020-03-01", "M"))
    assert told([relation_charge(minus("M", None, below_mean("0.5", "all", "2")), empty, F(1))])[0][4] == "below-mean"
    assert told([relation_charge(minus("M"), empty, F(1))]) == [("r1", "0", "0", "0", "not-above-mean")]
