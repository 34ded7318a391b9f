"""Event rules beyond the plain ones: ordinals, periods, kinds, easing, factors, sub-units, other units, limits kept."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from gkevents.schemes.model import Item, Pricing, RosterUnit
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import assess, depends_on_peers, priced_units
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO, show
from tests.scoring.made import (
    YEAR,
    F,
    edition,
    entry_of,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    minus,
    plus,
    rule,
    scored,
    shown,
    sums_up,
    why,
)


def costs(one: Item, *facts: Fact) -> list[str]:
    """What each happening takes from (or adds to) an item of 100 points."""
    score = scored(edition(one), *facts)
    sums_up(score)
    return [show(charge.applied) for charge in score.items["A"].charges]


def full(**fields: Any) -> Item:  # noqa: ANN401
    return item("A", "full", "100", rule(None if "price" not in fields else str(fields.pop("price")), **fields))


NTH = (F(1), F(3), F(10))


def test_each_of_a_row_has_its_own_price() -> None:
    days = [f"2020-03-0{day}" for day in range(1, 6)]
    assert costs(full(nth=NTH), *(happened(day) for day in days)) == ["1", "3", "10", "10", "10"]
    assert costs(full(nth=NTH), happened(days[0], times=2), happened(days[1], times=3)) == ["4", "30"]
    ordered = costs(full(nth=NTH), happened(days[1], times=2), happened(days[0]))
    assert ordered == ["1", "13"]


def test_a_row_may_be_counted_inside_a_matter() -> None:
    days = [f"2020-03-0{day}" for day in range(1, 6)]
    named = ("m", "n", "m", None, "m")
    inside = full(each="matter", nth=NTH)
    happenings = [happened(day, matter=matter, times=2) for day, matter in zip(days, named, strict=True)]
    assert costs(inside, *happenings) == ["1", "1", "3", "1", "10"]
    score = scored(edition(inside), *happenings)
    assert why(score, "r3") == "Priced by its number in the row: 3."


def test_a_row_may_be_counted_inside_a_problem_and_a_card_costs_its_dearest() -> None:
    inside = full(on="cards", each="problem", nth=NTH)
    cards = [("p",), ("p", "q"), ("q",), ("r",)]
    facts = [fact("supervision-card", f"2020-03-0{day}", problems=names) for day, names in enumerate(cards, 1)]
    assert costs(inside, *facts) == ["1", "3", "3", "1"]


@pytest.mark.parametrize(("each", "kept"), [("quarter", ["2", "0", "2"]), ("month", ["2", "2", "2"])])
def test_once_in_each_quarter_or_month(each: str, kept: list[str]) -> None:
    days = ("2020-01-15", "2020-03-31", "2020-04-01")
    score = scored(edition(full(price=2, each=each)), *(happened(day) for day in days), happened("2020-01-20"))
    assert [show(charge.applied) for charge in score.items["A"].charges] == [kept[0], "0", *kept[1:]]
    assert why(score, "r4") == f"Counts once a {each}: r1 stands for it."


def test_caps_of_periods_come_before_the_cap_of_the_year() -> None:
    capped = full(price=3, period_caps=(("month", F(5)), ("quarter", F(7)), ("half-year", F(9))), cap=F(13))
    days = ("2020-01-05", "2020-01-06", "2020-02-01", "2020-04-01", "2020-07-01", "2020-10-01")
    assert costs(capped, *(happened(day) for day in days)) == ["3", "2", "2", "2", "3", "1"]


def test_only_the_kinds_that_a_rule_names_are_heard() -> None:
    late, lost = rule("1", kinds=frozenset({"late"})), rule("5", kinds=frozenset({"lost", "gone"}))
    one = item("A", "full", "100", late, lost)
    score = scored(
        edition(one), happened("2020-03-01", kind="late"), happened("2020-03-02", kind="gone"), happened("2020-03-03")
    )
    assert sums_up(score) == "94"
    assert [charge.fact.ref for charge in score.items["A"].charges] == ["r1", "r2"]


EASED = {"mended": F("0.5"), "praised": ZERO}


def test_a_later_fact_on_the_matter_eases_what_it_cost() -> None:
    one = full(price=2, eased=EASED, deaf=frozenset(EASED))
    hit, other = happened("2020-03-01", matter="m"), happened("2020-03-02", matter="n")
    mended = happened("2020-03-05", matter="m", kind="mended")
    praised = happened("2020-03-06", matter="m", kind="praised")
    again = happened("2020-03-07", matter="m")
    assert costs(one, hit, other, mended) == ["1", "2"]
    assert costs(one, hit, other, mended, praised, again) == ["0", "2", "2"]
    assert costs(one, hit._replace(matter=None), mended) == ["2"]
    assert costs(one, hit, mended._replace(matter=None)) == ["2"]
    assert costs(one, mended._replace(day=hit.day, when=hit.when - 1), hit) == ["2"]
    score = scored(edition(one), hit, mended)
    assert (why(score, "r1"), entry_of(score, "r1").caused_by) == ("Eased by r2: 1 is left of it.", ("r2",))
    assert why(score, "r2") == "Eases what was logged on the matter m before."


def test_easing_works_on_rules_beyond_the_items_too() -> None:
    frozen = edition(
        item("A", "grade", "10"),
        groups=[group(minus("M", rule("2", eased=EASED, deaf=frozenset(EASED), each="matter")), same_matter="highest")],
    )
    hit = happened("2020-03-01", "M", matter="m")
    score = scored(frozen, graded("10"), hit, happened("2020-03-05", "M", matter="m", kind="mended"))
    assert sums_up(score) == "9"
    assert why(score, "r3") == "Eases what was logged on the matter m before."


def test_a_factor_multiplies_for_a_category_and_a_units_own_name_wins() -> None:
    one = full(price=2, factors={"town": F(2), "U": F(3)})
    frozen = edition(one)
    logs = [
        UnitLog(unit, category, YEAR, log(happened("2020-03-01")))
        for unit, category in (("V", "town"), ("W", ""), ("U", "town"))
    ]
    assert [shown(score.total) for score in assess(frozen, logs).values()] == ["96", "98", "94"]


def test_a_price_is_shared_over_the_sub_units() -> None:
    averaged = full(price=6, averaged=True)
    number = fact("metric", "2019-01-01", value=F(4), about="sub-units")
    hit = happened("2020-03-01")
    assert costs(averaged, hit, number) == ["1.5"]
    assert costs(averaged, hit, number, number._replace(value=F(3), position=9)) == ["2"]
    roster = edition(averaged, roster=(RosterUnit("U", "", None, 5),))
    assert sums_up(scored(roster, hit)) == "98.8"
    unknown = scored(edition(averaged), hit)
    assert sums_up(unknown) == "100"
    assert [(flag.code, flag.refs) for flag in unknown.flags] == [("pending", ("r1",))]
    assert why(unknown, "r1") == "Not priced until the number of the unit's sub-units is recorded."


def test_an_amount_outside_the_printed_range_is_not_priced() -> None:
    ranged = item("A", "full", "100", rule(None, on="amounts", by_assessor=True, between=(F(5), F(10))))
    amounts = [happened("2020-03-01", amount=F(amount), reason="r") for amount in ("4.9", "5", "10", "10.1")]
    assert costs(ranged, *amounts) == ["0", "5", "10", "0"]
    score = scored(edition(ranged), *amounts)
    assert [flag.refs for flag in score.flags] == [("r1",), ("r4",)]


def test_a_failed_precondition_brings_the_item_down_and_the_rest_still_comes_off() -> None:
    failed = rule(None, each="year", down_to=F(6), kinds=frozenset({"missing"}))
    spoilt = rule("1", kinds=frozenset({"late"}))
    one = item("A", "grade", "10", failed, spoilt)

    def total(mark: str, *facts: Fact) -> str | None:
        return sums_up(scored(edition(one), graded(mark), *facts))

    missing, late = happened("2020-09-01", kind="missing"), happened("2020-03-01", kind="late")
    assert [total("9", missing), total("9", missing, late), total("5", missing, late), total("9", late)] == [
        "6",
        "5",
        "4",
        "8",
    ]
    assert total("9", missing, missing) == "6"


def test_what_is_added_stops_at_the_maximum_and_what_comes_off_at_the_floor() -> None:
    one = item("A", "full", "10", rule("4"), add=(rule("3", on="praise-facts"),), floor=F(2))
    bad, good = happened("2020-03-01"), fact("praise", "2020-02-01")
    assert sums_up(scored(edition(one), bad, good)) == "9"
    full_up = scored(edition(one), good)
    assert (sums_up(full_up), why(full_up, "r1")) == ("10", "Worth 3; the item has 0 left to gain.")
    assert sums_up(scored(edition(one), bad, bad, bad)) == "2"
    assert sums_up(scored(edition(one), bad, bad, bad, good)) == "2"
    assert sums_up(scored(edition(one._replace(floor=None)), bad, bad, bad, good)) == "1"
    below = item("A", "zero", "10", rule("4"), floor=None)
    assert (sums_up(scored(edition(below, floor=None), bad)), costs(below, bad)) == ("-4", ["4"])


def test_an_item_from_nought_gains_what_is_done() -> None:
    one = item("A", "zero", "5", add=(rule("2", on="praise"),))
    score = scored(edition(one), *(fact("praise", f"2020-03-0{day}") for day in (1, 2, 3)))
    assert sums_up(score) == "5"
    assert score.items["A"].state == "priced"
    assert [show(entry.raw or ZERO) for entry in ledger(score).entries] == ["2", "2", "2"]


def test_an_open_item_with_gains_lies_between_what_they_make_of_nought_and_of_all() -> None:
    one = item("A", "grade", "10", rule("4"), add=(rule("3", on="praise-facts"),))
    score = scored(edition(one), fact("praise", "2020-02-01"), happened("2020-03-01"))
    assert (shown(score.low), shown(score.high)) == ("0", "9")
    sums_up(score)


def kept_limits(*rules_added: Pricing, deduct: Pricing | None = None) -> Item:
    taken = () if deduct is None else (deduct,)
    return item("A", "zero", "50", *taken, add=tuple(rules_added))


def limit(key: str, answered: str | None, *, missed: bool = False, **words: object) -> list[Fact]:
    """A message of 2 March with three working days, its answer, and the miss that a scan recorded."""
    import datetime as dt

    due = dt.date(2020, 3, 5)
    facts = [fact("netizen-message", "2020-03-02", key=key, limit="3 working days", due=due, **words)]
    if missed:
        facts.append(fact("reply-timeout", "2020-03-06", key=key))
    if answered is not None:
        facts.append(fact("netizen-reply", answered, None, key=key))
    return facts


def test_lateness_decides_between_plus_and_minus() -> None:
    kept = rule("15", on="kept")
    urged = rule("10", on="messages", when=(("answered", True),))
    never = rule("10", on="messages", when=(("answered", False),))
    one = kept_limits(kept, urged, deduct=never)
    in_time, late, lost = limit("a", "2020-03-05"), limit("b", "2020-03-10", missed=True), limit("c", None, missed=True)
    assert sums_up(scored(edition(one), *in_time)) == "15"
    assert sums_up(scored(edition(one), *in_time, *late)) == "25"
    assert sums_up(scored(edition(one), *in_time, *late, *lost)) == "15"
    assert sums_up(scored(edition(one), *limit("d", None))) == "0"
    assert entry_of(scored(edition(one), *in_time), "r2").item == "A"


def charged(*facts: Fact, whom: str = "other") -> dict[str, Score]:
    """Two units, what is logged on 甲 charging 乙 under the rule for the other unit."""
    rules = (rule("2"), rule("10", other=whom == "other"))
    frozen = edition(item("A", "full", "100", *rules))
    logs = [UnitLog(unit, "", YEAR, log(*facts) if unit == "甲" else []) for unit in "甲乙丙"]
    assert depends_on_peers(frozen, priced_units(frozen, logs)[0]) is (whom == "other")
    return assess(frozen, logs)


def test_one_event_may_charge_a_second_unit() -> None:
    hit = happened("2020-03-01", other_unit="乙")
    scores = charged(hit)
    assert [sums_up(score) for score in scores.values()] == ["98", "90", "100"]
    assert entry_of(scores["乙"], "r1").position == 1
    assert why(scores["乙"], "r1") == "Logged on 甲, which names this unit. Priced at 10."
    assert [sums_up(score) for score in charged(happened("2020-03-01")).values()] == ["98", "100", "100"]


def test_what_is_taken_back_on_one_unit_charges_no_other() -> None:
    hit = happened("2020-03-01", other_unit="乙")
    taken_back = fact("retraction", "2020-03-02", None, of="r1")
    assert [sums_up(score) for score in charged(hit, taken_back).values()] == ["100", "100", "100"]


def test_where_no_rule_charges_others_nothing_is_shared() -> None:
    assert [sums_up(score) for score in charged(happened("2020-03-01"), whom="own").values()] == ["88", "100", "100"]


def test_a_second_unit_may_be_credited_beyond_the_items() -> None:
    credit = group(plus("P", rule("3", on="praise", other=True)))
    frozen = edition(item("A", "full", "10", rule("1")), groups=[credit])
    logs = [
        UnitLog("甲", "", YEAR, log(fact("praise", "2020-03-01", "P", other_unit="乙"))),
        UnitLog("乙", "", YEAR, []),
    ]
    assert [shown(score.bonus) for score in assess(frozen, logs).values()] == ["0", "3"]


def test_caps_may_come_before_the_highest_of_a_matter() -> None:
    rules = (
        plus("P", rule("5", on="praise", each="matter", cap=F(2))),
        plus("Q", rule("3", on="praise", each="matter")),
    )
    facts = [fact("praise", "2020-03-01", code, matter="m") for code in "PQ"]

    def bonus(*, caps_first: bool, cap: Fraction | None = None) -> str | None:
        frozen = edition(
            item("A", "grade", "10"),
            groups=[group(*rules, same_matter="highest", caps_first=caps_first, bonus_cap=cap)],
        )
        score = scored(frozen, graded("10"), *facts, fact("praise", "2020-03-02", "Q"))
        sums_up(score)
        return shown(score.bonus)

    assert (bonus(caps_first=False), bonus(caps_first=True)) == ("5", "6")
    assert bonus(caps_first=True, cap=F(4)) == "4"


def test_a_factor_of_nought_costs_nothing() -> None:
    one = full(price=2, factors={"town": ZERO})
    assert sums_up(scored(edition(one), happened("2020-03-01"), category="town")) == "100"


def test_a_factor_finds_a_unit_by_the_name_that_is_printed() -> None:
    frozen = edition(full(price=2, factors={"Printed": F(3)}), roster=(RosterUnit("U", "", "Printed"),))
    assert sums_up(scored(frozen, happened("2020-03-01"))) == "94"


def test_a_limit_of_last_year_charges_the_second_unit_in_the_year_it_ran_out() -> None:
    import datetime as dt

    opened = fact(
        "deadline-opened", "2019-12-20", key="k", due=dt.date(2019, 12, 31), other_unit="乙", limit="2019-12-31"
    )
    late = fact("deadline-met", "2020-01-05", None, key="k")
    frozen = edition(item("A", "full", "30", rule("5"), rule("3", other=True)))
    earlier = ((2019, log(opened, late)),)
    logs = [UnitLog("甲", "", YEAR, [], earlier), UnitLog("乙", "", YEAR, [])]
    assert [shown(score.total) for score in assess(frozen, logs).values()] == ["25", "27"]


def test_of_a_matter_whose_number_is_priced_the_least_eased_stands_for_it() -> None:
    one = full(each="matter", totals=(ZERO, F(4)), eased={"mended": F("0.5")}, deaf=frozenset({"mended"}))
    first, later = happened("2020-03-01", matter="m"), happened("2020-03-09", matter="m")
    mended = happened("2020-03-05", matter="m", kind="mended")
    other = happened("2020-02-01", matter="n")
    score = scored(edition(one), other, first, mended, later)
    assert sums_up(score) == "96"
    assert [charge.fact.ref for charge in score.items["A"].charges if charge.applied] == ["r4"]


def test_a_rule_that_takes_an_item_down_to_points_bounds_what_is_still_undecided() -> None:
    failed = rule(None, each="year", down_to=F(6))
    score = scored(edition(item("A", "grade", "10", failed)), happened("2020-03-01")).items["A"]
    assert (score.state, shown(score.low), shown(score.high)) == ("open", "0", "6")
