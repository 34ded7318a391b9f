"""The ± rules: each side by itself, one matter once where the scheme says so, caps of rules, sides and the net."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gkevents.schemes.model import Adjustment, Group, Relation
from gkevents.scoring.adjustments import GroupScore, raw_charges, relation_charge, settle_group
from gkevents.scoring.fact import Fact
from tests.scoring.made import F, fact, group, happened, log, minus, plus, rule, shown, table, told

GAIN, LOSS = rule("2", "matter", on="praise"), rule("1")


def settled(one: Group, *facts: Fact) -> GroupScore:
    logged = log(*facts)
    charges = {
        adjustment.code: raw_charges(adjustment, [found for found in logged if found.item == adjustment.code])
        for adjustment in one.rules
    }
    return settle_group(one, charges)


def sums(score: GroupScore) -> tuple[str | None, ...]:
    return (shown(score.bonus), shown(score.deduction), shown(score.netted))


def on(code: str, *days: int, matter: str | None = None) -> Sequence[Fact]:
    return [happened(f"2020-03-{day:02}", code, matter=matter) for day in days]


def test_a_rule_charges_what_it_hears_on_its_own_side() -> None:
    gain = raw_charges(plus("P", GAIN), log(*on("P", 1), fact("criticism", "2020-03-02", "P")))
    assert told(gain) == [("r1", "2", "2", "2", "priced")]
    assert [(charge.rule, charge.side) for charge in gain] == [("P", "bonus")]
    loss = raw_charges(minus("M", LOSS), log(*on("M", 1), fact("praise", "2020-03-02", "M")))
    assert told(loss) == [("r1", "1", "1", "1", "priced")]
    assert [(charge.rule, charge.side) for charge in loss] == [("M", "deduction")]


def test_a_rule_that_takes_all_of_nothing_takes_nothing() -> None:
    assert told(raw_charges(minus("M", rule(None, whole=True)), log(*on("M", 1)))) == [("r1", "0", "0", "0", "priced")]


def test_a_rule_on_a_mean_has_no_charge_before_the_others_are_known() -> None:
    relation = Relation(F("0.5"), "all", F(2))
    assert raw_charges(minus("M", None, relation), log(fact("metric", "2020-03-01", "M", value=F(1)))) == []


def test_a_rule_set_aside_gives_nothing() -> None:
    charges = raw_charges(plus("P", GAIN), log(*on("P", 1), fact("not-applicable", "2020-03-02", "P")))
    assert told(charges) == [("r1", "0", "0", "0", "not-applicable"), ("r2", "0", "0", "0", "not-applicable")]
    assert {(charge.rule, charge.side) for charge in charges} == {("P", "bonus")}


def test_both_sides_of_a_group_are_summed_by_themselves() -> None:
    score = settled(group(plus("P", GAIN), minus("M", LOSS)), *on("P", 2, 3), *on("M", 1))
    assert sums(score) == ("4", "1", "0")
    assert score.code == "G"
    assert [(charge.fact.ref, charge.side) for charge in score.charges] == [
        ("r1", "bonus"),
        ("r2", "bonus"),
        ("r3", "deduction"),
    ]
    assert sums(settle_group(group(plus("P", GAIN)), {})) == ("0", "0", "0")


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
    assert sums(score) == (*expected, "0")
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
    assert sums(score) == ("6", "0", "0")


def test_one_matter_in_two_rules_counts_once_only_where_the_scheme_says_so() -> None:
    dear = plus("Q", rule("3", "matter", on="praise"))
    rules = (plus("P", GAIN), dear, minus("M", LOSS))
    facts = (*on("P", 1, matter="m"), *on("Q", 2, matter="m"), *on("M", 3, matter="m"))
    assert sums(settled(group(*rules), *facts)) == ("5", "1", "0")
    score = settled(group(*rules, same_matter="highest"), *facts)
    assert sums(score) == ("3", "1", "0")
    assert [(charge.fact.ref, charge.why, charge.by) for charge in score.charges] == [
        ("r1", "same-matter", "r2"), ("r2", "priced", None), ("r3", "priced", None),
    ]  # fmt: skip


def test_a_condition_of_kinds_never_competes_for_a_matter() -> None:
    needs = plus("N", rule("9", "year", on="praise", needs={"x": 1}))
    score = settled(
        group(plus("P", GAIN), needs, same_matter="highest"),
        happened("2020-03-01", "N", matter="m", kind="x"),
        *on("P", 2, matter="m"),
    )
    assert sums(score) == ("11", "0", "0")


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
        (2, 1, ("3", "0", "0")), (3, 1, ("5", "0", "0")), (4, 1, ("5", "0", "-2")), (1, 2, ("0", "0", "0")),
        (0, 3, ("0", "3", "0")), (0, 4, ("0", "4", "0")), (0, 6, ("0", "4", "2")), (1, 7, ("0", "4", "1")),
    ],
)  # fmt: skip
def test_a_cap_on_the_net_holds_on_both_sides_and_takes_from_nobody(
    gains: int, losses: int, expected: tuple[str, ...]
) -> None:
    netted = group(plus("P", GAIN), minus("M", LOSS), caps="net", bonus_cap=F(5), deduction_cap=F(4))
    score = settled(netted, *on("P", *range(1, gains + 1)), *on("M", *range(1, losses + 1)))
    assert sums(score) == expected
    assert [shown(charge.applied) for charge in score.charges] == ["2"] * gains + ["1"] * losses
    assert score.code == "G"


def test_a_net_without_caps_is_only_split_by_its_sign() -> None:
    free = group(plus("P", GAIN), minus("M", LOSS), caps="net")
    assert sums(settled(free, *on("P", *range(1, 9)), *on("M", 1))) == ("15", "0", "0")
    assert sums(settled(free, *on("M", *range(1, 9)))) == ("0", "8", "0")


@pytest.mark.parametrize(
    ("value", "cost", "why"),
    [("9.99", "2", "below-mean"), ("10", "0", "not-below-mean"), ("11", "0", "not-below-mean")],
)
def test_a_figure_costs_strictly_below_the_share_of_the_mean(value: str, cost: str, why: str) -> None:
    below = minus("M", None, Relation(F("0.5"), "all", F(2)))
    (figure,) = log(fact("metric", "2020-03-01", "M", value=F(value)))
    charge = relation_charge(below, figure, F(20))
    assert told([charge]) == [("r1", cost, cost, cost, why)]
    assert (charge.rule, charge.side) == ("M", "deduction")
    assert relation_charge(plus_on_mean(), figure, F(20)).side == "bonus"


def plus_on_mean() -> Adjustment:
    return Adjustment("P", "P", "clause", (), "bonus", "G", None, Relation(F("0.5"), "all", F(2)))


def test_a_figure_that_says_nothing_counts_as_0_and_a_rule_without_a_relation_costs_nothing() -> None:
    (empty,) = log(fact("metric", "2020-03-01", "M"))
    assert told([relation_charge(minus("M", None, Relation(F("0.5"), "all", F(2))), empty, F(1))])[0][4] == "below-mean"
    assert told([relation_charge(minus("M"), empty, F(1))]) == [("r1", "0", "0", "0", "not-below-mean")]
