"""Comparisons from a real store: each side read as it was known, told with reasons, for programs and for papers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app.asking import Question
from gkevents.reports.movement import Comparison, because, comparison_answer
from gkevents.terms import show
from gkevents.words import say
from tests.app.test_adopting import scheme_file
from tests.app.test_editions import DEARER, JANUARY, TINY
from tests.app.worlds import World, day, fact

SCHEME: Final = "tiny-2020"
JULY, NOVEMBER = "2020-07-10T09:00:00+08:00", "2020-11-02T09:00:00+08:00"
Q2, Q3 = day("2020-06-30"), day("2020-09-30")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A year known on 10 July at position 5: 甲局 has lost a point, 乙局 a mark; more of both comes later."""
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    log(world, fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"),
        *(fact(f"G{n}", "grade", "2020-06-01", "T1", points="9", unit=unit) for n, unit in enumerate(("甲局", "乙局"))),
        now=JULY)  # fmt: skip
    log(world, fact("R1", "retraction", "2020-11-01", None, unit="甲局", of="C1", reason="核实有误"),
        fact("C2", "criticism", "2020-06-20", "T3", unit="甲局", count=2),
        fact("C3", "criticism", "2020-08-01", "T3", unit="甲局"), now=NOVEMBER)  # fmt: skip
    return world


def log(world: World, *facts: dict[str, Any], now: str) -> None:
    world.log(*facts, scheme=SCHEME, now=now)


def question(as_of: dt.date | None = None, known_at: str | None = None) -> Question:
    return Question(SCHEME, 2020, as_of, known_at)


def compared(world: World, before: Question, after: Question, *units: str, **how: Any) -> Comparison:  # noqa: ANN401
    with world.gk() as gk:
        return gk.compare(before, after, units or None, **how)


def lines(found: Comparison, unit: str = "甲局") -> list[tuple[str, str, str | None, str, str]]:
    return [
        (line.cause, "".join(line.refs), line.item, show(line.points_low), say(line.why, "en") if line.why else "")
        for line in because(found, found.movements[unit])
    ]


@pytest.mark.parametrize("known_at", ["2020-07-10", "2020-07-10T12:00:00+08:00", "{position}"])
def test_what_was_learnt_of_a_quarter_after_its_bulletin_is_told_with_its_reasons(world: World, known_at: str) -> None:
    (position,) = world.rows("SELECT position FROM events WHERE ref = 'G1'")[0]
    asked = question(Q2, known_at.format(position=position))
    found = compared(world, asked, question(Q2))
    assert lines(found) == [
        ("reversals", "R1", "T3", "1", "Takes back C1. 核实有误"),
        ("late", "C2", "T3", "-2", "Priced at 2."),
    ]
    assert [found.before.known_at, found.after.known_at] == [position, None]
    assert lines(found, "乙局") == []
    assert found.after.simulated
    assert lines(compared(world, asked, question(Q3)))[2:] == [("new", "C3", "T3", "-1", "Priced at 1.")]
    without_day = compared(world, question(None, asked.known_at), question())
    assert [line[0] for line in lines(without_day)] == ["reversals", "late", "new"]


def test_what_drops_out_is_told_as_the_side_says_that_counted_it(world: World) -> None:
    assert lines(compared(world, question(), question(Q2))) == [("new", "C3", "T3", "1", "Priced at 1.")]
    assert lines(compared(world, question(Q2), question(Q2, "2020-07-10"))) == [
        ("reversals", "R1", "T3", "-1", "Takes back C1. 核实有误"),
        ("late", "C2", "T3", "2", "Priced at 2."),
    ]


def test_the_answer_for_programs_is_exact_and_says_what_was_compared(world: World) -> None:
    found = compared(world, question(Q2, "2020-07-10"), question(Q2))
    answer = comparison_answer(found, "en", labels=("Q2", "now"))
    assert answer["from"]["label"] == "Q2"
    assert (answer["to"]["label"], answer["to"]["as_of"], answer["to"]["known_at"]) == ("now", "2020-06-30", None)
    assert answer["simulated_clock"] is True
    told = answer["units"]["甲局"]
    assert told["before"] == {"category": "", "total": "18", "low": "18", "high": "18", "rank": 2}
    assert told["change"] == {"points_low": "-1", "points_high": "-1", "rank": 0}
    late = told["steps"][1]
    assert (late["cause"], late["points_low"], late["points_high"], late["rank"]) == ("late", "-2", "-2", 1)
    assert late["facts"] == [
        {
            "refs": ["C2"], "type": "criticism", "of": None, "effective_on": "2020-06-20", "recorded_at": NOVEMBER,
            "item": "T3", "clause": "每次扣一分", "points_low": "-2", "points_high": "-2", "rank": 1,
            "why": "Priced at 2.",
        }
    ]  # fmt: skip
    one = comparison_answer(found, "en", "甲局")
    assert (one["unit"], one["steps"], "label" in one["from"]) == ("甲局", told["steps"], False)


def test_a_unit_that_joined_is_on_one_side_only(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=NOVEMBER, units=[("丙局", None)])
    found = compared(world, question(None, "2020-07-10"), question(), "丙局")
    told = comparison_answer(found, "en", "丙局")
    assert (told["before"], told["after"]["low"], told["change"], told["steps"]) == (None, "10", None, [])


def test_an_edition_of_the_meantime_is_a_cause_and_names_its_items(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, DEARER), now="2020-12-01T09:00:00+08:00")
    found = compared(world, question(None, "2020-11-30"), question())
    assert lines(found) == [("edition", "", None, "-2", "Moved: T3.")]


def test_units_without_a_rank_on_a_side_have_no_steps_of_rank(world: World) -> None:
    found = compared(world, question(Q2), question(Q3), unranked=(frozenset(), frozenset({"乙局"})))
    assert [(step.cause, step.rank) for step in found.movements["甲局"].steps] == [("new", 0), ("others", -1)]
    assert found.movements["乙局"].steps == ()


def test_what_cannot_be_compared_is_refused(world: World) -> None:
    with pytest.raises(no.NoSuchUnit, match="甲局"):
        compared(world, question(Q2), question(), "甲")
    with pytest.raises(no.NotAdopted):
        compared(world, question(None, "0"), question())
    with pytest.raises(no.NoSuchPosition):
        compared(world, question(None, "gestern"), question())
