"""The law of contested cases: whatever is decided of each, no total and no rank lies outside what was said before.

Random logs under random schemes and under the published ones; a few of their facts are contested on several units, and
then decided one way or another. Hypothesis chooses the numbers that all of it is made from.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gkevents.schemes.edition import Edition
from gkevents.scoring.contest import Contest, contests
from gkevents.scoring.fact import CONTESTED, DECISIONS, FIGURES, MISSES, OVERTURNED, REDUCED, UPHELD, Fact
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.unit import UnitLog
from tests.oracle.agreement import edition as published
from tests.oracle.agreement import full_calendar, recorded
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import random_log
from tests.oracle.wide_agreement import edition as random_edition
from tests.oracle.wide_agreement import random_wide_case

numbers = st.integers(min_value=0, max_value=1_000_000)
MARKS = FIGURES | {"grade", "confirmation", "not-applicable", "fraud"}
HAPPENINGS = MISSES | {"occurrence", "criticism", "praise", "supervision-card"}
AMOUNTS = ("0", "0.1", "0.5", "1", "1.5", "2", "3", "12")


class Year(NamedTuple):
    """A scheme-year: its edition and every unit's log."""

    edition: Edition
    logs: list[UnitLog]


def year_of(number: int) -> Year:
    """A random scheme-year, now and then under a published scheme."""
    rng = random.Random(f"contested {number}")
    if rng.random() < 0.3:
        case = random_log(rng.choice(tuple(SCHEMES)), rng)
        frozen = published(case.scheme, case.overlay)
    else:
        case = wide = random_wide_case(number)
        frozen = random_edition(wide)
    states = recorded(case, frozen)
    return Year(frozen, [UnitLog(unit, state.category, case.year, state.facts) for unit, state in states.items()])


def stepped(logs: Sequence[UnitLog], steps: Mapping[str, Fact]) -> list[UnitLog]:
    """The logs with another step on each of some facts, by ref."""
    return [log._replace(facts=(*log.facts, *(steps[f.ref] for f in log.facts if f.ref in steps))) for log in logs]


def step(fact: Fact, word: str, position: int, amount: str | None = None) -> Fact:
    """A step of the case that a fact opened."""
    points = None if amount is None else Fraction(amount)
    return Fact(position, f"{word} {fact.ref}", word, fact.day, fact.when, of=fact.ref, amount=points)


def contested_of(year: Year, rng: random.Random, most: int) -> list[Fact]:
    """Some facts that stand, those that share a code with others rather than others."""
    scores = assess(year.edition, year.logs, calendar=full_calendar())
    standing = [
        fact
        for score in scores.values()
        for fact in score.priced.view.standing
        if fact.type in MARKS | HAPPENINGS and fact.item is not None
    ]
    codes = rng.sample(sorted({fact.item or "" for fact in standing}), min(3, len({f.item for f in standing})))
    pool = [fact for fact in standing if fact.item in codes] if rng.random() < 0.7 else standing
    return rng.sample(pool, min(rng.randint(1, most), len(pool)))


def decided(facts: Sequence[Fact], rng: random.Random) -> dict[str, Fact]:
    """A decision on each of some facts."""
    found = {}
    for place, fact in enumerate(facts):
        words = (UPHELD, OVERTURNED, REDUCED) if fact.type not in FIGURES | DECISIONS else (UPHELD, OVERTURNED)
        word = rng.choice(words)
        found[fact.ref] = step(fact, word, 20_000 + place, rng.choice(AMOUNTS) if word == REDUCED else None)
    return found


def outside(year: Year, logs: Sequence[UnitLog], said: Mapping[str, Contest]) -> list[str]:
    """The units of which a total or a rank lies outside what was said."""
    found = []
    for rows in rank(year.edition, assess(year.edition, logs, calendar=full_calendar())).values():
        for score, place in rows:
            one = said[score.unit]
            if score.low is None or score.high is None:
                continue
            if one.worst is None or one.best is None or not one.worst <= score.low <= score.high <= one.best:
                found.append(f"{score.unit}: {score.low} to {score.high}, not within {one.worst} to {one.best}")
            if place is not None and (one.ranks is None or not one.ranks[0] <= place <= one.ranks[1]):
                found.append(f"{score.unit}: rank {place}, not within {one.ranks}")
    return found


def broken(number: int, *, most: int, tries: int) -> list[str]:
    """What decisions on contested facts of a random year bring about that was not said."""
    year, rng = year_of(number), random.Random(number)
    facts = contested_of(year, rng, most)
    logs = stepped(year.logs, {fact.ref: step(fact, CONTESTED, 10_000 + n) for n, fact in enumerate(facts)})
    calendar = full_calendar()
    said = contests(year.edition, logs, assess(year.edition, logs, calendar=calendar), calendar=calendar)
    if not said:
        return []
    return [each for _ in range(tries) for each in outside(year, stepped(logs, decided(facts, rng)), said)]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=numbers)
def test_no_decision_leads_beyond_what_was_said(number: int) -> None:
    assert broken(number, most=4, tries=4) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=numbers)
def test_nor_do_decisions_on_many_cases(number: int) -> None:
    assert broken(number, most=14, tries=4) == []


@pytest.mark.soak
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=numbers, most=st.integers(min_value=1, max_value=16))
def test_no_decision_of_many_leads_beyond_what_was_said(number: int, most: int) -> None:
    assert broken(number, most=most, tries=12) == []
