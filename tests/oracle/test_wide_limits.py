"""The oracle of any scheme against sums done by hand: limits of one unit that another one is charged with."""

from __future__ import annotations

from datetime import date

from gkevents.oracle.world import Fact

from .hand import F, Sheet, ask, beyond, fact, group, item, scheme

UNITS = "UVW"
OPENED = fact("deadline-opened", "2020-03-02", "A", key="k", limit="2020-03-10", other_unit="V")


def rule(**more: object) -> Sheet:
    """What costs the unit itself 2, and the other one that is named 1."""
    own, other = {"each": "event", "price": "2"}, {"each": "event", "price": "1", "whom": "other"}
    return {"start": "full", "deduct": [own | more, other | more]}


def scores(written: Sheet, *facts: Fact, as_of: date | None = None) -> list[object]:
    """The score of the item for each of the three units."""
    answer = ask(scheme(item("A", "10", written)), *facts, units=UNITS, as_of=as_of)
    return [answer[unit]["items"]["A"]["score"] for unit in UNITS]


def test_a_limit_that_one_unit_missed_costs_the_other_that_its_opening_names() -> None:
    missed = fact("deadline-missed", "2020-03-11", "A", key="k")
    assert scores(rule(), OPENED) == [10, 10, 10]
    assert scores(rule(), OPENED, missed) == [8, 9, 10]
    assert scores(rule(), OPENED, missed, as_of=date(2020, 3, 10)) == [10, 10, 10]
    answer = ask(scheme(item("A", "10", rule())), OPENED, missed, units=UNITS)
    assert [answer[unit]["deducted_by_quarter"] for unit in UNITS] == [{"Q1": 2}, {"Q1": 1}, {}]
    assert [list(answer[unit]["deadlines"]) for unit in UNITS] == [["k"], [], []]


def test_a_late_answer_is_such_a_miss_and_what_is_said_of_it_counts_for_both() -> None:
    late = {"type": "deadline-met", "effective_on": "2020-03-12", "key": "k", "justified": True}
    assert scores(rule(), OPENED, late) == [8, 9, 10]
    assert scores(rule(when={"justified": "false"}), OPENED, late) == [10, 10, 10]
    assert scores(rule(when={"answered": "true"}), OPENED, late) == [8, 9, 10]
    assert scores(rule(when={"answered": "false"}), OPENED, late) == [10, 10, 10]


def test_a_miss_by_hand_names_the_other_unit_itself_with_a_key_or_without() -> None:
    assert scores(rule(), fact("deadline-missed", "2020-03-11", "A", key="k", other_unit="V")) == [8, 9, 10]
    assert scores(rule(), fact("deadline-missed", "2020-03-11", "A", count=2, other_unit="W")) == [6, 10, 8]


def test_the_opening_says_who_the_other_unit_is_and_else_the_first_miss_that_does() -> None:
    first, again = (fact("deadline-missed", f"2020-03-{day}", "A", key="k") for day in (11, 12))
    named = [fact("deadline-missed", f"2020-03-{day}", "A", key="k", other_unit="W") for day in (11, 12)]
    for opening in ([], [{name: word for name, word in OPENED.items() if name != "other_unit"}]):
        assert scores(rule(), *opening, named[0], again) == [8, 10, 9]
        assert scores(rule(), *opening, first, named[1]) == [8, 10, 9]
        assert scores(rule(), *opening, named[1] | {"other_unit": "V"}, named[0]) == [8, 10, 9]
    assert scores(rule(), OPENED, named[0]) == [8, 9, 10]


def test_a_charge_is_eased_by_what_is_logged_on_its_unit_or_names_it() -> None:
    written = rule(eased=[{"kind": "已整改", "to": "50%"}])
    done = fact("occurrence", "2020-02-01", "A", matter="M", other_unit="V")
    right = fact("occurrence", "2020-06-01", "A", kind="已整改", matter="M")
    assert scores(written, done, right) == [9, 9, 10]
    assert scores(written, done, right | {"other_unit": "V"}) == [9, F("9.5"), 10]
    assert scores(written, done, right | {"unit": "V"}) == [8, F("9.5"), 10]


def test_a_limit_that_runs_out_after_the_year_costs_neither_in_it() -> None:
    opened = fact("deadline-opened", "2020-12-28", "A", key="k", limit="2020-12-31", other_unit="V")
    missed = fact("deadline-missed", "2021-01-01", "A", key="k")
    assert scores(rule(), opened, missed) == [10, 10, 10]


def test_a_limit_kept_in_time_earns_for_the_other_unit_too() -> None:
    kept = {"type": "deadline-met", "effective_on": "2020-03-10", "key": "k"}
    earning = {"start": "zero", "add": [{"on": "kept", "each": "event", "price": "3", "whom": "other"}]}
    assert scores(earning, OPENED, kept) == [0, 3, 0]
    assert scores(earning, OPENED, {**kept, "effective_on": "2020-03-11"}) == [0, 0, 0]
    assert scores(rule(), OPENED, kept) == [10, 10, 10]


def test_the_missed_limits_of_several_units_are_priced_in_the_order_of_the_world() -> None:
    second = {"each": "event", "price": {"nth": ["0", "1", "5"]}, "whom": "other"}
    facts = [
        fact("deadline-opened", "2020-03-02", "A", key="k", limit=f"2020-03-{10 + n}", unit=unit, other_unit="V")
        for n, unit in enumerate("UW")
    ]
    missed = [fact("deadline-missed", "2020-03-15", "A", key="k", unit=unit) for unit in "UW"]
    once = fact("occurrence", "2020-03-14", "A", unit="U", other_unit="V")
    answer = ask(scheme(item("A", "10", {"start": "full", "deduct": [second]})), *facts, *missed, once, units=UNITS)
    assert [answer[unit]["items"]["A"]["score"] for unit in UNITS] == [10, 4, 10]


def test_a_rule_beside_the_items_charges_the_other_unit_once_a_matter() -> None:
    written = {"on": "messages", "each": "matter", "price": "2", "limit": "3 working days", "whom": "other"}
    rules = scheme(
        item("B", "10", {"start": "full", "deduct": [{"each": "event", "price": "1"}]}),
        adjustments=[group(beyond("A", "deduction", written))],
    )
    facts = [
        fact("netizen-message", f"2020-03-0{n}", "A", key=f"k{n}", matter="M", unit=unit, other_unit="V")
        for n, unit in ((2, "U"), (3, "W"))
    ]
    late = [
        {"type": "netizen-reply", "effective_on": "2020-03-20", "key": f"k{n}", "unit": unit}
        for n, unit in ((2, "U"), (3, "W"))
    ]
    answer = ask(rules, *facts, *late, units=UNITS)
    assert [answer[unit]["deduction"] for unit in UNITS] == [0, 2, 0]
