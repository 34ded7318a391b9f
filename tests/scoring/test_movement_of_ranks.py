"""Why a unit's rank moved: its own steps, the others', ties; and units that are there on one side only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Ties
from gkevents.scoring import way
from gkevents.scoring.between import Side
from gkevents.scoring.fact import Fact
from gkevents.scoring.movement import Movement, compared, movements
from gkevents.scoring.unit import UnitLog
from gkevents.terms import show
from tests.scoring.made import YEAR, edition, fact, graded, happened, item, rule
from tests.scoring.test_movement import MARK, Q2, Q3, adding_up, logs_of

ITEM = item("A", "full", "10", rule("1"))


def costing(*days: str) -> list[Fact]:
    """A point's loss on each of these days of 2020."""
    return [happened(f"2020-{day}") for day in days]


def ranks(movement: Movement) -> list[tuple[str, int | None]]:
    return [(step.cause, step.rank) for step in adding_up(movement).steps]


def moved(frozen: Edition, units: Mapping[str, Sequence[Fact]], **more: Any) -> dict[str, Movement]:  # noqa: ANN401
    logs = logs_of(**units)
    return movements(Side(frozen, logs, as_of=Q2), Side(frozen, logs, as_of=Q3, **more))


def test_own_facts_move_a_unit_among_the_others_as_they_were_and_the_others_move_it_after() -> None:
    units = {"甲": costing("08-01", "08-02"), "乙": costing("03-01"), "丙": costing("03-01", "04-01", "08-01", "08-02")}
    found = moved(edition(ITEM), {**units, "丁": costing("08-01", "08-02", "08-03")})
    assert {unit: (one.before and one.before.rank, one.after and one.after.rank) for unit, one in found.items()} == {
        "甲": (1, 2), "乙": (3, 1), "丙": (4, 4), "丁": (1, 3),
    }  # fmt: skip
    # the second of its facts brings 甲 below 乙; 丁, which stood beside it, still has its 10 points on 甲's own way
    assert ranks(found["甲"]) == [("new", 2), ("others", -1)]
    assert [share.rank for share in found["甲"].steps[0].facts] == [1, 1]
    assert ranks(found["乙"]) == [("others", -2)]
    assert ranks(found["丙"]) == [("new", 0)]
    assert ranks(found["丁"]) == [("new", 3), ("others", -1)]


def test_what_a_rule_on_ties_adds_is_a_step_of_its_own() -> None:
    units = {"甲": costing("03-01"), "乙": costing("03-01"), "丙": costing("08-01")}
    found = moved(edition(ITEM, ties=Ties(then="not-shared")), units)
    assert ranks(found["甲"]) == [("others", -1)]
    assert ranks(found["乙"]) == [("others", -1)]
    assert ranks(found["丙"]) == [("new", 0), ("ties", 2)]
    assert ranks(moved(edition(ITEM, ties=Ties(then="unordered")), units)["丙"]) == [("new", None)]
    found = moved(edition(ITEM, ties=Ties(then="1,1,2")), {"甲": [], "乙": [], "丙": costing("08-01")})
    assert ranks(found["丙"]) == [("new", 2), ("ties", -1)]


def test_a_provisional_unit_has_no_steps_of_rank_and_takes_no_place_from_others() -> None:
    units = {"甲": [graded("3", "M")], "乙": [graded("5", "M", on="2020-08-01")]}
    found = moved(edition(MARK), units)
    assert ranks(found["乙"]) == [("grades", None)]
    assert ranks(found["甲"]) == [("others", 1)]


def test_a_unit_that_joined_has_no_steps_and_moves_the_others() -> None:
    logs = logs_of(甲=costing("03-01"), 乙=[])
    frozen = edition(ITEM)
    found = movements(Side(frozen, {"甲": logs["甲"]}), Side(frozen, logs))
    assert ranks(found["甲"]) == [("others", 1)]
    assert (found["乙"].before, found["乙"].steps) == (None, ())
    gone = movements(Side(frozen, logs), Side(frozen, {"甲": logs["甲"]}))
    assert list(gone) == ["甲", "乙"]
    assert (gone["乙"].after, gone["乙"].steps) == (None, ())


def test_a_unit_of_a_category_that_the_old_edition_lacks_comes_in_with_the_new_one() -> None:
    old, new = edition(ITEM, variants=("town",)), edition(ITEM, variants=("town", "office"), digest="e")
    before = {"甲": UnitLog("甲", "town", YEAR, ())}
    now = logs_of(甲=costing("03-01"), 乙=costing("03-01", "04-01"), 丙=[])
    now = {unit: log._replace(category="town" if unit == "丙" else "office") for unit, log in now.items()}
    found = movements(Side(old, before), Side(new, now))["甲"]
    assert found.after is not None
    assert (found.after.category, found.after.rank) == ("office", 1)
    assert ranks(found) == [("late", 0), ("others", 1), ("edition", -1)]


def test_units_that_are_given_no_rank_take_no_place() -> None:
    logs = logs_of(甲=costing("08-01"), 乙=[], 丙=costing("08-01", "08-02"))
    frozen, nobody = edition(ITEM), frozenset({"乙", "丙"})
    found = movements(Side(frozen, logs, as_of=Q2, unranked=nobody), Side(frozen, logs, unranked=nobody))
    assert ranks(found["甲"]) == [("new", 0)]
    assert ranks(found["丙"]) == [("new", None)]
    found = movements(Side(frozen, logs, as_of=Q2), Side(frozen, logs, unranked=frozenset({"乙"})))
    assert ranks(found["甲"]) == [("new", 2), ("others", -2)]


def test_of_very_many_facts_those_on_one_item_go_together() -> None:
    frozen = edition(item("A", "full", "100", rule("1")), item("B", "full", "100", rule("2")))
    facts = [happened("2020-08-01", "AB"[n % 2]) for n in range(way.MOST + 1)]
    facts.append(fact("fraud", "2020-03-01", None))
    logs = logs_of(U=facts)
    found = adding_up(movements(Side(frozen, logs, as_of=Q2, known_at=0), Side(frozen, logs))["U"])
    assert [(share.item, len(share.facts), show(share.points_low)) for share in found.steps[0].facts] == [
        ("A", 51, "-51"),
        ("B", 50, "-100"),
    ]


def test_only_the_units_asked_for_are_told_and_all_are_scored() -> None:
    logs = logs_of(甲=costing("08-01"), 乙=[])
    frozen = edition(ITEM)
    found = compared(Side(frozen, logs, as_of=Q2), Side(frozen, logs), ["乙"])
    assert (list(found.movements), list(found.before), list(found.after)) == (["乙"], ["甲", "乙"], ["甲", "乙"])
    assert found.movements["乙"].steps == ()
