"""Why a unit moved: each cause by itself, in small logs whose steps can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.between import Side
from gkevents.scoring.fact import Fact
from gkevents.scoring.movement import CAUSES, Movement, movements
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO, show
from tests.scoring.made import (
    YEAR,
    edition,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    minus,
    rule,
)

Q2, Q3 = dt.date(2020, 6, 30), dt.date(2020, 9, 30)
ITEM = item("A", "full", "10", rule("1"))
MARK = item("M", "grade", "5")
Said = tuple[Any, ...]


def logs_of(**units: Sequence[Fact]) -> dict[str, UnitLog]:
    """Each unit's log; positions run through all of them, refs are f1, f2 and so on."""
    found, last = {}, 0
    for unit, facts in units.items():
        numbered = [one._replace(position=one.position or last + n) for n, one in enumerate(facts, 1)]
        named = [one._replace(ref=one.ref or f"f{one.position}") for one in numbered]
        last = max([last, *(one.position for one in named)])
        found[unit] = UnitLog(unit, "", YEAR, named)
    return found


def between(
    frozen: Edition,
    facts: Sequence[Fact],
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
) -> Movement:
    """The movement of one unit named U, which has proved to add up."""
    logs = {"U": UnitLog("U", "", YEAR, log(*facts))}
    found = movements(Side(frozen, logs, **before), Side(frozen, logs, **(after or {})))
    return adding_up(found["U"])


def adding_up(movement: Movement) -> Movement:
    """The movement, whose steps add up and stand in order."""
    old, new, steps = movement.before, movement.after, movement.steps
    assert old is not None
    assert new is not None
    assert sum((step.points_low for step in steps), ZERO) == (new.low or ZERO) - (old.low or ZERO)
    assert sum((step.points_high for step in steps), ZERO) == (new.high or ZERO) - (old.high or ZERO)
    if old.rank is not None and new.rank is not None:
        assert sum(step.rank or 0 for step in steps) == new.rank - old.rank
    assert [step.cause for step in steps] == [cause for cause in CAUSES if cause in {step.cause for step in steps}]
    for step in steps:
        assert not step.facts or step.points_low == sum((share.points_low for share in step.facts), ZERO)
    return movement


def told(movement: Movement) -> list[Said]:
    """The steps as (cause, points, fact, …); both bounds where they differ."""
    return [
        (step.cause, _points(step), *(f"{'+'.join(share.refs)} {share.item} {_points(share)}" for share in step.facts))
        for step in movement.steps
    ]


def _points(one: Any) -> str:  # noqa: ANN401 - a step or a share
    low, high = show(one.points_low), show(one.points_high)
    return low if low == high else f"{low}…{high}"


def test_what_happened_after_the_day_is_new() -> None:
    facts = [happened("2020-05-01"), happened("2020-08-01")]
    assert told(between(edition(ITEM), facts, {"as_of": Q2}, {"as_of": Q3})) == [("new", "-1", "r2 A -1")]


def test_what_had_happened_by_the_day_and_was_recorded_after_it_is_late() -> None:
    facts = [happened("2020-05-01"), happened("2020-06-20"), happened("2020-07-02")]
    movement = between(edition(ITEM), facts, {"as_of": Q2, "known_at": 1}, {"as_of": Q3})
    assert told(movement) == [("late", "-1", "r2 A -1"), ("new", "-1", "r3 A -1")]


def test_what_happened_after_the_day_of_knowing_cannot_be_late() -> None:
    facts = [happened("2020-06-20"), happened("2020-07-02")]
    for known_on, causes in ((dt.date(2020, 6, 25), ["late", "new"]), (None, ["late"])):
        movement = between(edition(ITEM), facts, {"known_at": 0, "known_on": known_on})
        assert [step.cause for step in movement.steps] == causes


def test_a_retraction_gives_back_what_its_target_cost_and_counts_whenever_it_is_dated() -> None:
    facts = [happened("2020-05-01"), fact("retraction", "2020-12-01", None, of="r1")]
    movement = between(edition(ITEM), facts, {"as_of": Q2, "known_at": 1}, {"as_of": Q2})
    assert told(movement) == [("reversals", "1", "r2 A 1")]


def test_a_retraction_under_the_cap_brings_nothing_and_is_left_out() -> None:
    capped = item("A", "full", "10", rule("6"))
    facts = [*(happened("2020-05-01") for _ in range(3)), fact("retraction", "2020-06-01", None, of="r1")]
    assert told(between(edition(capped), facts, {"known_at": 3})) == []


@pytest.mark.parametrize(("word", "amount", "points"), [("overturned", None, "3"), ("reduced", "1", "2")])
def test_a_case_decided_for_the_unit_is_a_reversal(word: str, amount: str | None, points: str) -> None:
    step = {"of": "r1"} if amount is None else {"of": "r1", "amount": graded(amount).points}
    facts = [
        happened("2020-05-01"), fact("case-contested", "2020-05-02", None, of="r1"),
        fact(f"case-{word}", "2020-05-09", None, **step),
    ]  # fmt: skip
    movement = between(edition(item("A", "full", "10", rule("3"))), facts, {"known_at": 1})
    assert told(movement) == [("reversals", points, f"r3 A {points}")]


def test_a_fact_and_its_retraction_that_are_both_new_or_both_gone_move_nothing() -> None:
    facts = [
        happened("2020-04-01"), happened("2020-05-01"), fact("retraction", "2020-05-02", None, of="r2"),
        fact("retraction", "2020-05-03", None, of="r1"), fact("retraction", "2020-05-04", None, of="r4"),
    ]  # fmt: skip
    assert told(between(edition(ITEM), facts, {"known_at": 1})) == []
    assert told(between(edition(ITEM), facts, {}, {"known_at": 1})) == []


def test_of_retractions_that_take_each_other_back_the_one_that_stands_gets_the_points() -> None:
    facts = [
        happened("2020-04-01"), fact("retraction", "2020-05-02", None, of="r1"),
        fact("retraction", "2020-05-03", None, of="r2"), fact("retraction", "2020-05-04", None, of="r3"),
    ]  # fmt: skip
    assert told(between(edition(ITEM), facts, {"known_at": 1})) == [("reversals", "1", "r2 A 1")]


def test_a_mark_closes_the_range() -> None:
    movement = between(edition(MARK), [graded("3", "M")], {"known_at": 0})
    assert told(movement) == [("grades", "3…-2", "r1 M 3…-2")]
    assert [step.rank for step in movement.steps] == [None]


def test_the_way_back_takes_away_what_the_way_there_brought() -> None:
    facts = [graded("3", "M", on="2020-08-01"), happened("2020-08-02"), happened("2020-05-01")]
    movement = between(edition(ITEM, MARK), facts, {}, {"as_of": Q2, "known_at": 2})
    assert told(movement) == [
        ("late", "1", "r3 A 1"),
        ("grades", "-3…2", "r1 M -3…2"),
        ("new", "1", "r2 A 1"),
    ]


def test_facts_come_in_the_order_of_the_log_each_on_top_of_those_before() -> None:
    capped = item("A", "full", "10", rule("4"))
    facts = [happened(f"2020-08-0{day}") for day in (3, 2, 1)]
    assert told(between(edition(capped), facts, {"as_of": Q2})) == [("new", "-10", "r1 A -4", "r2 A -4", "r3 A -2")]


def test_a_limit_is_told_by_its_miss_and_an_answer_logged_late_takes_it_back() -> None:
    listens = item("A", "full", "10", rule("2", on="messages"))
    opened = fact("netizen-message", "2020-06-25", key="k", limit="2020-07-03", due=dt.date(2020, 7, 3))
    missed = fact("reply-timeout", "2020-07-04", key="k", scanned=True, of="r1")
    answer = fact("netizen-reply", "2020-07-01", None, key="k")
    facts = [opened, missed, answer]
    assert told(between(edition(listens), facts, {"as_of": Q2, "known_at": 1}, {"known_at": 2})) == [
        ("new", "-2", "r2 A -2")
    ]
    assert told(between(edition(listens), facts, {"known_at": 2})) == [("late", "2", "r3 A 2")]


def test_a_limit_in_hours_that_ran_out_on_the_evening_of_the_day_costs_from_the_next_day_on() -> None:
    listens = item("A", "full", "10", rule("2", on="messages"))
    due = dt.datetime.fromisoformat("2020-06-30T20:00:00+08:00")
    opened = fact("netizen-message", "2020-06-30T09:00:00+08:00", key="k", limit="11 hours", due=due)
    missed = fact("reply-timeout", "2020-06-30T21:00:00+08:00", key="k")
    there = between(edition(listens), [opened, missed], {"as_of": Q2})
    back = between(edition(listens), [opened, missed], {}, {"as_of": Q2})
    assert [told(there), told(back)] == [[("new", "-2", "r2 A -2")], [("new", "2", "r2 A 2")]]


def test_a_limit_of_the_year_before_goes_with_the_unit_s_own_facts() -> None:
    listens = item("A", "full", "10", rule("2", on="messages"))
    opened = fact("netizen-message", "2019-12-28", key="k", due=dt.date(2020, 1, 3), limit="2020-01-03")
    late = fact("netizen-reply", "2020-01-06", None, key="k")
    other = fact("netizen-message", "2018-12-28", key="k", due=dt.date(2019, 1, 3), limit="2019-01-03")
    earlier = ((2018, log(other)), (2019, log(opened, late)))
    logs = {"U": UnitLog("U", "", YEAR, (), earlier)}
    cut = {"U": UnitLog("U", "", YEAR, (), ((2019, log(opened)),))}
    frozen = edition(listens)
    found = movements(Side(frozen, cut, known_at=1), Side(frozen, logs))["U"]
    assert told(adding_up(found)) == [("late", "-2", "r2 A -2")]
    found = movements(Side(frozen, logs), Side(frozen, cut, known_at=1))["U"]
    assert told(adding_up(found)) == [("late", "2", "r2 A 2")]


def test_others_move_a_unit_through_the_mean_that_it_gets() -> None:
    frozen = edition(MARK, mean_among="all")
    logs = logs_of(
        甲=[fact("not-applicable", "2020-02-01", "M")], 乙=[graded("3", "M"), graded("5", "M", on="2020-08-01")]
    )
    found = movements(Side(frozen, logs, as_of=Q2), Side(frozen, logs, as_of=Q3))
    assert told(adding_up(found["甲"])) == [("others", "2")]
    assert [step.items for step in found["甲"].steps] == [("M",)]
    assert told(adding_up(found["乙"])) == [("grades", "2", "f3 M 2")]


def test_what_another_unit_s_log_says_of_this_one_is_its_own() -> None:
    frozen = edition(item("A", "full", "100", rule("2"), rule("10", other=True)))
    opened = {"key": "k", "limit": "2020-08-05", "due": dt.date(2020, 8, 5)}
    logs = logs_of(
        甲=[happened("2020-03-01"), happened("2020-08-01", other_unit="乙"), happened("2020-08-02"),
           fact("deadline-opened", "2020-08-02", other_unit="乙", **opened),
           fact("deadline-missed", "2020-08-06", key="k")],
        乙=[], 丙=[happened("2020-08-03")],
    )  # fmt: skip
    back = fact("retraction", "2020-08-09", None, of="f2", position=9)._replace(ref="f9")
    logs["甲"] = logs["甲"]._replace(facts=[*logs["甲"].facts, back])
    found = movements(Side(frozen, logs, as_of=Q2, known_at=4), Side(frozen, logs, as_of=Q3, known_at=6))
    assert told(adding_up(found["乙"])) == [("new", "-20", "f2 A -10", "f5 A -10")]
    found = movements(Side(frozen, logs, as_of=Q3, known_at=6), Side(frozen, logs, as_of=Q3))
    assert told(adding_up(found["乙"])) == [("reversals", "10", "f9 A 10")]
    assert told(adding_up(found["丙"])) == []


def test_another_edition_comes_after_the_facts_and_prices_them_anew() -> None:
    dearer = edition(item("A", "full", "10", rule("3")), MARK, digest="e")
    logs = {"U": UnitLog("U", "", YEAR, log(happened("2020-05-01"), happened("2020-08-01")))}
    found = movements(Side(edition(ITEM), logs, as_of=Q2), Side(dearer, logs))["U"]
    assert told(adding_up(found)) == [("new", "-1", "r2 A -1"), ("edition", "-4…1")]
    assert found.steps[1].items == ("A", "M")


def test_an_edition_that_gives_no_points_yet_counts_as_nought() -> None:
    bare = edition(item("M", "grade", None), from_overlay=True, digest="e")
    logs = {"U": UnitLog("U", "", YEAR, log(graded("3", "M")))}
    found = movements(Side(bare, logs), Side(edition(MARK), logs))["U"]
    assert found.before is not None
    assert found.before.low is None
    assert told(adding_up(found)) == [("edition", "3")]


def test_a_rule_beyond_the_items_that_an_edition_adds_is_named() -> None:
    added = edition(ITEM, groups=[group(minus("D", rule("2")))], digest="e")
    logs = {"U": UnitLog("U", "", YEAR, log(happened("2020-05-01", "D")))}
    (step,) = adding_up(movements(Side(edition(ITEM), logs), Side(added, logs))["U"]).steps
    assert (step.cause, step.items) == ("edition", ("D",))


def test_another_calendar_moves_the_end_of_a_limit() -> None:
    old, new = (Calendar(name, frozenset(), ()) for name in ("old", "new"))
    listens = edition(item("A", "full", "10", rule("2", on="messages")))
    due = dt.date(2020, 6, 10)
    opened = fact("netizen-message", "2020-06-02", key="k", limit="3 working days", due=due, calendar="old")
    logs = {"U": UnitLog("U", "", YEAR, log(opened, fact("netizen-reply", "2020-06-12", None, key="k")))}
    sides: tuple[Side, Side] = (Side(listens, logs, calendar=old), Side(listens, logs, calendar=new))
    assert told(adding_up(movements(*sides)["U"])) == [("calendar", "2")]
    other = edition(item("A", "full", "10", rule("3", on="messages")), digest="e")
    both = movements(sides[0], sides[1]._replace(edition=other))["U"]
    assert told(adding_up(both)) == [("edition", "-1"), ("calendar", "3")]
    assert told(adding_up(movements(sides[0], Side(listens, logs))["U"])) == []
