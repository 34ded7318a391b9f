"""Which item takes which fact: the table of the command and data contract over every item and ± rule published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.pairing import taken_by
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.schemes.model import Veto
from gkevents.terms import ZERO
from tests.aggregates.desk import Desk
from tests.oracle.figures import SCHEMES
from tests.scoring.made import edition as small_edition
from tests.scoring.made import item, rule

EVENTS: Final = {"occurrence", "criticism"}
LIMITS: Final = {"deadline-opened", "deadline-missed"}
MESSAGES: Final = {"netizen-message", "reply-timeout"}
EVIDENCE: Final = EVENTS | LIMITS | MESSAGES | {"praise", "supervision-card", "metric", "checklist"}
TABLE: Final[dict[str, set[str]]] = {
    "grade": {"grade"} | EVIDENCE,
    "events": EVENTS | LIMITS,
    "events on messages": MESSAGES | LIMITS,
    "cards": {"supervision-card"} | LIMITS,
    "grade-events": {"grade"} | EVENTS | LIMITS,
    "amounts": {"occurrence"},
    "surplus": {"metric", "grade"},
    "ratio": {"metric", "grade"},
    "fall": {"metric", "grade"},
    "checklist": {"checklist", "grade"},
    "count": {"occurrence", "confirmation", "grade"},
    "bonus": {"occurrence", "praise"},
    "bonus that needs a kind": {"occurrence"},
    "deduction": EVENTS | LIMITS,
    "deduction by level": EVENTS,
    "below-mean": {"metric"},
    "pointer": set(),
}
"""The contract's table by kind of rule. `kind` is a field of an occurrence alone, so a bonus that needs it takes no
praise; a missed limit has no level, so a deduction priced by level (where a missing level is refused) takes none."""
WITH_ITEM: Final = tuple(name for name, kind in FACT_TYPES.items() if "item" in kind.required)


def row_of(kind: str, params: dict[str, Any]) -> str:
    """The row of the table that an item stands in."""
    return "events on messages" if "messages" in params else kind


def row_of_rule(side: str, kind: str, params: dict[str, Any]) -> str:
    """The row of the table that a ± rule stands in."""
    if kind == "below-mean":
        return kind
    if side == "bonus":
        return "bonus that needs a kind" if kind == "needs" else "bonus"
    return "deduction by level" if isinstance(params.get("price"), dict) else "deduction"


def priced(scheme: str) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every item and ± rule of a scheme: code, row of the table, kind of rule, parameters."""
    for code, (_, kind, params) in SCHEMES[scheme].items.items():
        yield code, row_of(kind, params), kind, params
    for code, (side, kind, params) in SCHEMES[scheme].adjustments.items():
        yield code, row_of_rule(side, kind, params), kind, params


def well_formed(name: str, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """The fields with which a fact of a type is complete on an item, so that only the pairing can be refused."""
    figure = {"fall": {"previous": "10", "current": "9"}}.get(kind, {"value": "1"})
    fields: dict[str, Any] = {
        "supervision-card": {"problem": "标题"}, "netizen-message": {"key": "m", "limit": "3 working days"},
        "deadline-opened": {"key": "d", "limit": "3 working days"}, "praise": {"level": "national"},
        "criticism": {"level": "national"}, "occurrence": {"level": "national"}, "grade": {"points": "0"},
        "self-assessment": {"points": "0"},
        "metric": figure, "checklist": {"met": "0"},
    }.get(name, {})  # fmt: skip
    if name == "occurrence":
        fields |= {"kind": next(iter(params["needs"]))} if kind == "needs" else {}
        fields |= {"form": "媒体见面会"} if params.get("forms") else {}
        fields |= {"amount": "1", "reason": "因"} if kind == "amounts" else {}
    return fields


def answer(desk: Desk, name: str, code: str, fields: dict[str, Any]) -> str:
    """`taken`, or the code of the refusal."""
    try:
        desk.decide(name, code, **fields)
    except no.Refusal as refusal:
        return refusal.code
    return "taken"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_item_and_rule_takes_what_the_table_says_and_refuses_the_rest(scheme: str) -> None:
    rules = SCHEMES[scheme]
    wrong = []
    for code, row, kind, params in priced(scheme):
        desk = Desk(scheme, category=rules.only.get(code, ""))
        for name in WITH_ITEM:
            everywhere = name == "not-applicable" or (name == "self-assessment" and code in rules.items)
            takes = row != "pointer" and (name in TABLE[row] or everywhere)
            expected = "taken" if takes else "cross-reference" if row == "pointer" else "wrong-pairing"
            said = answer(desk, name, code, well_formed(name, kind, params))
            if said != expected:
                wrong.append((code, row, name, said, expected))
    assert wrong == []


def test_the_table_is_held_against_all_317_items_and_39_rules() -> None:
    assert sum(len(rules.items) for rules in SCHEMES.values()) == 317
    assert sum(len(rules.adjustments) for rules in SCHEMES.values()) == 39


@pytest.mark.parametrize("scheme", SCHEMES)
def test_fraud_is_taken_only_where_a_rule_zeroes_the_total(scheme: str) -> None:
    desk = Desk(scheme)
    if SCHEMES[scheme].zero_out:
        assert desk.log("fraud", reason="查实")["type"] == "fraud"
    else:
        assert desk.refuses(no.NoZeroOut, "fraud").startswith(f"{scheme} has no rule that zeroes a total for fraud;")


def test_a_refused_pairing_says_what_the_item_takes() -> None:
    sentence = Desk("hunan-cities-2017").refuses(no.WrongPairing, "criticism", "NC-P3")
    assert sentence.startswith("A criticism does not fit NC-P3 (")
    assert sentence.endswith("): it takes occurrence, praise, not-applicable.")


def test_a_pointer_to_another_item_takes_nothing_and_says_where_to_go() -> None:
    sentence = Desk("sanmenxia-departments-2017").refuses(no.ItemElsewhere, "grade", "SD14", points="1")
    assert sentence.startswith("SD14 only points to another item (")


def test_an_item_of_the_other_form_is_refused_and_that_of_its_own_is_taken() -> None:
    department = Desk("luancheng-2020", category="部门")
    sentence = department.refuses(no.ItemOfOtherForm, "grade", "L21T", points="20")
    assert sentence.startswith("L21T is on the form for 乡镇; 某局 is assessed as 部门.")
    assert department.log("grade", "L21D", points="20")["points"] == "20"
    assert Desk("luancheng-2020", category="乡镇").log("grade", "L21T", points="20")["item"] == "L21T"


def test_an_unknown_item_is_refused_with_the_nearest_one() -> None:
    desk = Desk("hebei-stats-2018")
    assert desk.refuses(no.NoSuchItem, "grade", "H13x", points="0").startswith(
        "hebei-stats-2018 has no item H13x. Did you mean H13"
    )
    assert "Known are: H01, H02" in desk.refuses(no.NoSuchItem, "grade", "甲", points="0")


def test_the_types_that_an_item_takes_are_named_once_each() -> None:
    for scheme, rules in SCHEMES.items():
        edition = Desk(scheme).state.edition
        for code in (*rules.items, *rules.adjustments):
            takes = taken_by(edition.items.get(code) or edition.rules[code])
            assert len(takes) == len({*takes})


def test_a_veto_that_hears_what_is_logged_on_an_item_takes_nothing_itself() -> None:
    hearing = Veto("V", "V", "clause of V", (), item="A", gives=ZERO)
    desk = Desk(small_edition(item("A", "full", "10", rule("1")), vetoes=(hearing,)))
    assert "A" in desk.refuses(no.VetoHearsElsewhere, "occurrence", "V", f"{desk.year}-05-05")
