"""The laws of scoring, each as a property over random logs of the nine published schemes.

Hypothesis chooses the scheme and the number a log is made from, so that a counterexample is two words long.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gkevents.aggregates.unit_year import UnitYear
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import OPENINGS, Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO
from tests.oracle.agreement import edition, full_calendar, recorded
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import Case, random_log
from tests.scoring.made import F, graded, happened, item, log, rule, scored, together
from tests.scoring.made import edition as made_edition

EXAMPLES = 60
law = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
schemes = st.sampled_from(tuple(SCHEMES))
numbers = st.integers(min_value=0, max_value=1_000_000)


class Told:
    """A random log as the core gets it: its edition and each unit's facts."""

    def __init__(self, scheme: str, number: int) -> None:
        """Make the log that this number stands for."""
        self.case: Case = random_log(scheme, random.Random(number))
        self.edition: Edition = edition(scheme, self.case.overlay)
        states: dict[str, UnitYear] = recorded(self.case, self.edition)
        self.logs = [
            UnitLog(unit, state.category, self.case.year, tuple(state.facts)) for unit, state in states.items()
        ]
        self.positions = len(self.case.facts)

    def scores(
        self, logs: list[UnitLog] | None = None, *, as_of: dt.date | None = None, known_at: int | None = None
    ) -> dict[str, Score]:
        """The scores of all units, of these logs or of its own."""
        return assess(
            self.edition, self.logs if logs is None else logs, as_of=as_of, known_at=known_at, calendar=full_calendar()
        )

    def moved(self, places: Mapping[str, int]) -> list[UnitLog]:
        """The logs with some facts (by ref) recorded at another position, each log in the order of its positions."""
        return [
            one._replace(
                facts=sorted(
                    (fact._replace(position=places.get(fact.ref, fact.position)) for fact in one.facts),
                    key=lambda fact: fact.position,
                )
            )
            for one in self.logs
        ]


def figures(scores: Mapping[str, Score]) -> dict[str, object]:
    """What a report prints of the scores: every figure, band, quarter, item and limit."""
    return {
        unit: (
            score.total, score.low, score.high, score.base, score.bonus, score.deduction, score.zeroed, score.band,
            dict(score.deducted_by_quarter),
            {code: (one.score, one.low, one.high, one.state) for code, one in score.items.items()},
            {key: (limit.item, limit.due, limit.state) for key, limit in score.limits.items()},
        )
        for unit, score in scores.items()
    }  # fmt: skip


@law
@given(scheme=schemes, number=numbers)
def test_law_1_the_same_question_has_the_same_answer(scheme: str, number: int) -> None:
    told = Told(scheme, number)
    assert figures(told.scores()) == figures(Told(scheme, number).scores(list(told.logs)))


@law
@given(scheme=schemes, number=numbers)
def test_law_2_the_ledger_sums_to_the_total(scheme: str, number: int) -> None:
    told = Told(scheme, number)
    for score in told.scores(as_of=told.case.as_of, known_at=told.case.known_at).values():
        book = ledger(score)
        if score.low is None:
            assert {entry.applied for entry in book.entries} <= {ZERO}
            continue
        assert book.start is not None
        assert book.start + sum((entry.applied for entry in book.entries), ZERO) == score.low
        assert [entry.total_after for entry in book.entries][-1:] in ([], [score.low])
        after = {entry.item: entry.item_score_after for entry in book.entries}
        for code, one in score.items.items():
            assert after.get(code, one.start) == (one.low or ZERO)


@law
@given(scheme=schemes, number=numbers, place=numbers)
def test_law_3_what_is_taken_back_is_as_if_it_had_never_been(scheme: str, number: int, place: int) -> None:
    told = Told(scheme, number)
    facts = [fact for one in told.logs for fact in one.facts]
    if not facts:
        return
    target = facts[place % len(facts)]
    back = Fact(told.positions + 1, "taken back", "retraction", target.day, target.when, of=target.ref)
    taken = [one._replace(facts=(*one.facts, back)) if target in one.facts else one for one in told.logs]
    never = [
        one._replace(facts=tuple(f for f in one.facts if f is not target and not _falls_with(f, target)))
        for one in told.logs
    ]
    assert figures(told.scores(taken)) == figures(told.scores(never))


def _falls_with(fact: Fact, target: Fact) -> bool:
    """Whether a fact was scanned from the opening that is taken back."""
    return fact.scanned and target.type in OPENINGS and fact.of == target.ref


@law
@given(scheme=schemes, number=numbers, shuffle=numbers)
def test_law_4_the_order_of_recording_does_not_change_the_score(scheme: str, number: int, shuffle: int) -> None:
    told = Told(scheme, number)
    facts = [fact for one in told.logs for fact in one.facts]
    named = {fact.of for fact in facts}
    free = [fact for fact in facts if fact.of is None and fact.ref not in named and _alone_on_its_day(fact, facts)]
    places = [fact.position for fact in free]
    random.Random(shuffle).shuffle(places)
    moved = told.moved(dict(zip((fact.ref for fact in free), places, strict=True)))
    assert figures(told.scores(moved)) == figures(told.scores())


def _alone_on_its_day(fact: Fact, facts: list[Fact]) -> bool:
    """Whether the order of recording cannot matter: nothing else that day, and no limit opened twice or missed late."""
    return fact.key is None and not [one for one in facts if one is not fact and one.day == fact.day]


@law
@given(scheme=schemes, number=numbers)
def test_law_5_an_item_stays_between_0_and_its_maximum(scheme: str, number: int) -> None:
    told = Told(scheme, number)
    for score in told.scores(as_of=told.case.as_of).values():
        for one in score.items.values():
            if one.points_max is None or one.low is None or one.high is None:
                assert (one.state, one.low, one.high) == ("unweighted", None, None)
                continue
            assert 0 <= one.low <= one.high <= one.points_max
            assert one.score in (None, one.low)
            assert one.score is None or one.low == one.high
        for group in score.groups:
            shape = next(shape for shape in told.edition.groups if shape.code == group.code)
            assert group.bonus >= 0
            assert group.deduction >= 0
            assert shape.bonus_cap is None or group.bonus <= shape.bonus_cap
            assert shape.deduction_cap is None or group.deduction <= shape.deduction_cap
        assert all(cost >= 0 for cost in score.deducted_by_quarter.values())


def test_law_6_thirty_tenths_are_three() -> None:
    thirty = [happened(f"2020-03-{day:02}") for day in range(1, 31)]
    score = scored(made_edition(item("A", "full", "5", rule("0.1"))), *thirty)
    assert (score.total, score.deducted_by_quarter["Q1"]) == (F(2), F(3))


def test_law_6_three_means_of_five_thirds_tie() -> None:
    frozen = made_edition(item("A", "grade", "5"), mean_among="all")
    marks = {"甲": [graded("2")], "乙": [graded("2")], "丙": [graded("1")]}
    aside = {unit: log(graded("0")._replace(type="not-applicable")) for unit in "丁戊己"}
    ((*table,),) = rank(frozen, together(frozen, marks | aside)).values()
    assert [(score.total, place) for score, place in table[2:5]] == [(Fraction(5, 3), 3)] * 3


@law
@given(scheme=schemes, number=numbers)
def test_law_7_a_range_holds_the_total_and_only_the_determined_is_ranked(scheme: str, number: int) -> None:
    told = Told(scheme, number)
    scores = told.scores(known_at=told.case.known_at)
    for score in scores.values():
        if score.low is None or score.high is None:
            assert (score.total, score.low, score.high) == (None, None, None)
            continue
        assert 0 <= score.low <= score.high
        assert score.total in (None, score.low)
        assert score.total is None or score.low == score.high
    for rows in rank(told.edition, scores).values():
        assert [place is None for _, place in rows] == [score.provisional for score, _ in rows]


@law
@given(scheme=schemes, number=numbers, cut=numbers)
def test_law_9_what_was_known_stays_known(scheme: str, number: int, cut: int) -> None:
    told = Told(scheme, number)
    known_at = cut % (told.positions + 1)
    then = [one._replace(facts=tuple(f for f in one.facts if f.position <= known_at)) for one in told.logs]
    now = told.scores(known_at=known_at)
    assert figures(now) == figures(told.scores(then))
    assert [ledger(score) for score in now.values()] == [ledger(score) for score in told.scores(then).values()]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_law_8_nothing_recorded_leaves_every_item_as_it_starts(scheme: str) -> None:
    frozen = edition(scheme, None)
    category = frozen.variants[0] if frozen.variants else ""
    score = assess(frozen, [UnitLog("U", category, frozen.year, ())])["U"]
    assert {one.state for one in score.items.values()} <= {"priced", "open", "unweighted"}
    assert ledger(score).entries == ()
    assert ledger(score).start == (None if score.low is None else score.low)
