"""The oracle of any scheme against cases done by hand: vetoes that count what is logged on an item or a ± rule."""

from __future__ import annotations

from typing import Any

from gkevents.oracle.world import Fact

from .hand import VETO, Sheet, ask, beyond, fact, group, item, scheme

DEDUCT: list[Sheet] = [{"each": "event", "price": "1"}, {"each": "event", "price": "2", "when": {"kind": "事故"}}]
OTHERS: Sheet = {"start": "full", "deduct": [*DEDUCT, {"each": "event", "price": "3", "when": {"kind": "别的"}}]}


def vetoed(veto: Sheet, *facts: Fact, rule: Sheet | None = None) -> bool:
    """Tell whether a veto fires on these facts, all on the item A."""
    rules = rule or {"start": "full", "deduct": DEDUCT}
    written = scheme(item("A", "100", rules), vetoes=[VETO | {"item": "A", "effect": {"at_most": "59"}} | veto])
    found = ask(written, *facts)["U"]
    assert (found["total"] == 59) is (found["vetoes"] == ["V"])
    return bool(found["vetoes"])


def logged(**fields: Any) -> Sheet:  # noqa: ANN401
    return fact("occurrence", "2020-02-01", "A", **fields)


def test_a_veto_counts_what_is_logged_on_an_item_and_of_the_kinds_it_names_alone() -> None:
    twice = {"times": "2"}
    assert vetoed(twice, logged(), logged(kind="事故"))
    assert vetoed(twice, logged(count=2))
    assert not vetoed(twice, logged())
    assert not vetoed(twice | {"kind": "事故"}, logged(), logged(kind="事故"))
    assert vetoed(twice | {"kind": ["事故", "别的"]}, logged(), logged(kind="事故", count=2), rule=OTHERS)
    assert not vetoed(twice | {"level_min": "city"}, logged(level="city"), logged(level="county"))
    assert vetoed(twice | {"level_min": "city"}, logged(level="city"), logged())


def test_a_veto_by_matter_counts_facts_of_one_matter_and_not_how_often_each_says() -> None:
    twice = {"times": "2", "each": "matter"}
    assert vetoed(twice, logged(matter="M"), logged(matter="N"), logged(matter="M"))
    assert not vetoed(twice, logged(matter="M", count=5), logged(matter="N"))
    assert not vetoed(twice, logged(count=2), logged(count=2))
    assert vetoed({"each": "matter"}, logged())


def test_a_veto_hears_cards_on_an_item_but_no_praise_no_missed_limit_and_no_other_unit() -> None:
    cards = {"start": "full", "deduct": [{"on": "cards", "each": "event", "price": "1"}]}
    assert vetoed({"times": "2"}, *[fact("supervision-card", "2020-02-01", "A", problem="P")] * 2, rule=cards)
    praised = {"start": "zero", "add": [{"each": "event", "price": "100"}]}
    assert not vetoed({}, fact("praise", "2020-02-01", "A"), rule=praised)
    assert not vetoed({}, fact("deadline-missed", "2020-02-01", "A"))
    veto = VETO | {"item": "A", "effect": {"at_most": "59"}}
    written = scheme(item("A", "100", {"start": "full", "deduct": [DEDUCT[0] | {"whom": "other"}]}), vetoes=[veto])
    answer = ask(written, logged(other_unit="Z"), units="UZ")
    assert [(answer[unit]["total"], answer[unit]["vetoes"]) for unit in "UZ"] == [(59, ["V"]), (99, [])]


def test_a_veto_hears_a_rule_beside_the_items_and_each_unit_for_itself() -> None:
    veto = VETO | {"item": "M", "times": "2", "effect": {"eligible": "false"}}
    rules = group(beyond("M", "deduction", {"each": "event", "price": "1"}))
    written = scheme(item("A", "100", {"start": "full", "deduct": DEDUCT}), adjustments=[rules], vetoes=[veto])
    facts = [fact("criticism", "2020-02-01", "M", unit=unit, count=count) for unit, count in (("U", 2), ("Z", 1))]
    answer = ask(written, *facts, units="UZ")
    assert [answer[unit]["eligible"] for unit in "UZ"] == [False, True]
