"""What a paper finds in a score: moves, problems, praise, lost points; tried on small editions made by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates.bulletin import Period
from gkevents.calendar import Calendar, Notice
from gkevents.reports.bulletin import findings
from gkevents.reports.bulletin.findings import Looked, Move
from gkevents.schemes.model import SchemePart, Section, Veto, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import show
from tests.scoring.made import (
    YEAR,
    edition,
    english,
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
)

F = Fraction
YEAR_2020: Final = Notice("示例", dt.date(2019, 11, 21), 2020, False, (), (), (), "made up")  # noqa: FBT003
CALENDAR: Final = Calendar.of([YEAR_2020])
QUARTER: Final = Period("quarter", 2, dt.date(2020, 4, 1), dt.date(2020, 6, 30))
LOOKED: Final = Looked(QUARTER, QUARTER.until, CALENDAR)
CARDS: Final = item("C", "full", "5", rule("1", on="cards"))
EVENTS: Final = item("A", "full", "5", rule("2"))


def moved(score: Score) -> list[tuple[str, str, str, str]]:
    """Moves as (ref or kind, item, points, points that count now)."""
    return [
        (one.fact.ref if one.fact else one.kind, one.item or "", show(one.points), show(one.now))
        for one in findings.moves(score)
    ]


def found(score: Score, looked: Looked = LOOKED) -> list[tuple[str, str, int | None, bool]]:
    """Problems as (ref, points, working days overdue, contested)."""
    return [
        (one.fact.ref, show(one.points), one.overdue, one.contested)
        for one in findings.problems(score, findings.moves(score), looked)
    ]


def limit(on: str, due: str | None, **fields: Any) -> Fact:  # noqa: ANN401
    """A limit that was opened on A."""
    end = dt.date.fromisoformat(due) if due else None
    return fact("deadline-opened", on, key="k", limit="5 working days", due=end, **fields)


def test_deductions_and_bonuses_carry_their_sign_and_come_by_day() -> None:
    frozen = edition(EVENTS, groups=[group(plus("P", rule("3", on="praise")))])
    score = scored(frozen, fact("praise", "2020-05-02", "P"), happened("2020-05-01"), graded("3"))
    assert moved(score) == [("r2", "A", "-2", "-2"), ("r1", "P", "3", "3")]


def test_what_a_cap_took_away_is_told_with_nothing_for_it() -> None:
    score = scored(edition(EVENTS), *(happened(f"2020-05-0{n}") for n in (1, 2, 3, 4)))
    assert moved(score) == [
        ("r1", "A", "-2", "-2"),
        ("r2", "A", "-2", "-2"),
        ("r3", "A", "-1", "-1"),
        ("r4", "A", "0", "0"),
    ]


def test_what_comes_off_an_ungraded_item_is_told_though_it_does_not_count_yet() -> None:
    score = scored(edition(item("A", "grade", "5", rule("2"))), happened("2020-05-01"))
    (move,) = findings.moves(score)
    assert (show(move.points), show(move.now)) == ("-2", "0")
    assert "once the item is graded" in english(move.why)


def test_points_are_those_of_the_total_where_a_part_is_weighted() -> None:
    part = SchemePart("p", (Section("section"),), {"": F(1, 2)})
    score = scored(edition(EVENTS, parts=(part,)), happened("2020-05-01"))
    assert moved(score) == [("r1", "A", "-1", "-1")]
    assert findings.lost(score) == {"A": F(1)}


def test_marks_and_reports_that_set_an_item_are_no_moves() -> None:
    assert moved(scored(edition(item("A", "grade", "5")), graded("3"))) == []


def test_a_veto_and_proven_fraud_are_told_of_the_whole() -> None:
    veto = Veto("V", "一票否决", "clause of V", (), gives=F(1))
    vetoed = scored(edition(EVENTS, vetoes=(veto,)), happened("2020-05-01", "V"))
    assert moved(vetoed) == [("veto", "", "-4", "-4")]
    assert [one.fact.item for one in findings.problems(vetoed, findings.moves(vetoed), LOOKED)] == ["V"]
    assert findings.title_of(vetoed.edition, "V") == "V 一票否决"
    zero_out = ZeroOut("Z", "Z", "clause of Z", (), "total", None)
    zeroed = scored(edition(EVENTS, zero_out=zero_out), fact("fraud", "2020-05-01", None))
    assert moved(zeroed) == [("zero-out", "", "-5", "-5")]
    assert found(zeroed) == [("r1", "0", None, False)]


def test_problems_are_those_of_the_period_that_stand() -> None:
    score = scored(
        edition(CARDS, EVENTS),
        fact("supervision-card", "2020-03-31", "C"),
        fact("supervision-card", "2020-04-01", "C"),
        fact("criticism", "2020-05-01", "A"),
        fact("supervision-card", "2020-06-30", "C"),
        fact("supervision-card", "2020-07-01", "C"),
        fact("retraction", "2020-07-02", None, of="r4"),
    )
    assert found(score) == [("r2", "-1", None, False), ("r3", "-2", None, False)]
    assert findings.counts(score, QUARTER) == findings.Counts(cards=1, criticism=1)


def test_an_occurrence_is_a_problem_only_where_it_costs() -> None:
    frozen = edition(EVENTS, item("G", "grade", "5"), groups=[group(plus("P", rule("3")), minus("M", rule("1")))])
    facts = [happened("2020-05-01", code) for code in ("A", "G", "P", "M")]
    assert [ref for ref, *_ in found(scored(frozen, *facts))] == ["r1", "r4"]


def test_a_problem_that_costs_nothing_says_why() -> None:
    frozen = edition(item("A", "full", "5", rule("2", level_min="city")))
    score = scored(frozen, fact("criticism", "2020-05-01", level="county"))
    (problem,) = findings.problems(score, findings.moves(score), LOOKED)
    assert problem.why is not None
    assert "below the lowest" in english(problem.why)


def test_a_missed_limit_is_overdue_to_its_answer_or_to_the_last_day() -> None:
    miss = fact("deadline-missed", "2020-05-11", key="k", position=9)
    late = fact("deadline-met", "2020-05-13", None, key="k")
    opened = limit("2020-05-01", "2020-05-08")
    assert found(scored(edition(EVENTS), opened, miss)) == [("r2", "-2", 37, False)]
    assert found(scored(edition(EVENTS), opened, late)) == [("r2", "-2", 3, False)]
    assert found(scored(edition(EVENTS), opened, miss, fact("deadline-met", "2020-05-08", None, key="k"))) == []
    assert findings.counts(scored(edition(EVENTS), opened, miss), QUARTER).timeouts == 1


def test_a_limit_in_hours_is_overdue_by_whole_working_days() -> None:
    due = dt.datetime(2020, 5, 8, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    opened = fact("netizen-message", "2020-05-08T07:00:00+08:00", key="k", limit="5 hours", due=due)
    late = fact("netizen-reply", "2020-05-08T13:00:00+08:00", None, key="k")
    assert [
        one[2]
        for one in found(
            scored(edition(EVENTS), opened, late),
            Looked(Period("year", None, dt.date(2020, 1, 1), dt.date(2020, 12, 31)), dt.date(2020, 12, 31), CALENDAR),
        )
    ] == [0]


def test_days_beyond_the_published_calendar_are_not_counted() -> None:
    nobody = Looked(QUARTER, QUARTER.until, Calendar.of([]))
    score = scored(edition(EVENTS), limit("2020-05-01", "2020-05-08"), fact("deadline-missed", "2020-05-11", key="k"))
    assert [one[2] for one in found(score, nobody)] == [None]


def test_a_miss_without_its_opening_has_no_days() -> None:
    by_hand = fact("reply-timeout", "2020-05-11", times=2)
    keyed = fact("reply-timeout", "2020-05-12", key="k")
    score = scored(edition(EVENTS), by_hand, keyed)
    assert found(score) == [("r1", "-4", None, False), ("r2", "-1", None, False)]
    assert findings.counts(score, QUARTER).timeouts == 3


def test_a_contested_miss_is_marked_by_its_limit() -> None:
    score = scored(
        edition(EVENTS),
        limit("2020-05-01", "2020-05-08"),
        fact("deadline-met", "2020-05-13", None, key="k"),
        fact("deadline-missed", "2020-05-14", key="k"),
        fact("case-contested", "2020-05-15", None, of="r3"),
    )
    assert found(score) == [("r2", "-2", 3, True)]


def test_what_another_unit_s_log_says_of_this_one_is_a_problem_too() -> None:
    frozen = edition(item("A", "full", "5", rule("2"), rule("1", other=True)))
    logs = [UnitLog("甲", "", YEAR, log(happened("2020-05-01", other_unit="乙"))), UnitLog("乙", "", YEAR, [])]
    second = assess(frozen, logs)["乙"]
    (problem,) = findings.problems(second, findings.moves(second), LOOKED)
    assert (problem.fact.from_unit, show(problem.points)) == ("甲", "-1")
    assert not findings.without_facts(second)


def test_praise_and_whatever_earned_points_is_told() -> None:
    frozen = edition(item("A", "grade", "5"), groups=[group(plus("P", rule("3", on="praise")))])
    facts = [fact("praise", "2020-05-02", "A"), happened("2020-05-01", "P"), fact("praise", "2020-07-01", "P")]
    score = scored(frozen, *facts)
    earned = findings.praised(score, findings.moves(score), QUARTER)
    assert [(one.ref, show(points)) for one, points in earned] == [("r2", "3"), ("r1", "0")]


def test_points_lost_are_those_below_the_full_points_and_what_is_taken_beside() -> None:
    frozen = edition(
        item("A", "grade", "5"), item("B", "grade", "5", rule("2")), item("D", "grade", "5"), EVENTS._replace(code="E"),
        groups=[group(minus("M", rule("1")))],
    )  # fmt: skip
    score = scored(
        frozen, graded("3.5"), happened("2020-05-01", "B"), fact("not-applicable", "2020-05-01", "D"),
        happened("2020-05-01", "M"), happened("2020-05-02", "M"),
    )  # fmt: skip
    assert findings.lost(score) == {"A": F(3, 2), "B": F(2), "M": F(2)}


def test_an_order_waits_until_it_is_reported() -> None:
    card = fact("supervision-card", "2020-04-01", "C")
    order = fact(
        "rectification-ordered",
        "2020-06-01",
        None,
        of="r1",
        key="r2",
        due=dt.date(2020, 6, 15),
        limit="10 working days",
    )
    plain = order._replace(due=None, limit=None)
    (late,) = findings.orders(scored(edition(CARDS), card, order), LOOKED)
    assert (late.finding, late.overdue) == (scored(edition(CARDS), card, order).priced.view.known[0], 11)
    (open_end,) = findings.orders(scored(edition(CARDS), card, plain), LOOKED)
    assert (open_end.due, open_end.overdue) == (None, 0)
    done = fact("rectification-reported", "2020-06-10", None, of="r1", key="r2")
    assert findings.orders(scored(edition(CARDS), card, order, done), LOOKED) == []
    back = fact("rectification-returned", "2020-06-12", None, of="r1")
    assert len(findings.orders(scored(edition(CARDS), card, order, done, back), LOOKED)) == 1


def test_a_unit_of_which_only_what_was_taken_back_is_recorded_has_no_facts() -> None:
    card = fact("supervision-card", "2020-04-01", "C")
    back = fact("retraction", "2020-04-02", None, of="r1")
    assert findings.without_facts(scored(edition(CARDS), card, back))
    assert not findings.without_facts(scored(edition(CARDS), card))


def test_moves_of_one_day_come_in_the_order_of_the_log() -> None:
    moves: list[Move] = findings.moves(
        scored(edition(CARDS, EVENTS), happened("2020-05-01"), fact("supervision-card", "2020-05-01", "C"))
    )
    assert [move.fact.ref for move in moves if move.fact] == ["r1", "r2"]
