"""The laws of movements, as properties over random logs of the nine published schemes and of random ones.

The steps add up to the change of both bounds and of the rank, in both directions; where nothing differs there are none;
a cause brings points only where it has facts, other units only where units depend on each other.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from gkevents.calendar import Calendar
from gkevents.schemes.catalog import calendar_notices
from gkevents.schemes.edition import Edition
from gkevents.scoring.anew import repriced, speaks_for_itself
from gkevents.scoring.between import MARKS, REVERSING, Side
from gkevents.scoring.movement import CAUSES, Movement, Stand, Step, compared, movements
from gkevents.scoring.peers import rank
from gkevents.scoring.score import Score, conclude, price_unit
from gkevents.scoring.settled import may_compare
from gkevents.scoring.unit import Priced, UnitLog
from gkevents.terms import ZERO
from tests.oracle.agreement import edition as published
from tests.oracle.agreement import full_calendar, recorded
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import Case, lively, random_log
from tests.oracle.wide_agreement import edition as random_edition
from tests.oracle.wide_agreement import random_wide_case

WIDE = "wide"
BLOCK = 6
BLOCKS_LONG = 60
_OLD = Calendar.of(calendar_notices()[:-2])


class Year(NamedTuple):
    """A random scheme-year with the dice that it was made with."""

    edition: Edition
    logs: dict[str, UnitLog]
    year: int
    last: int
    dice: random.Random

    def side(self, edition: Edition | None = None, calendar: Calendar | None = None) -> Side:
        """A place on both axes of time."""
        day = dt.date(self.year, 1, 1) + dt.timedelta(days=self.dice.randint(0, 420))
        return Side(
            edition or self.edition,
            self.logs,
            self.dice.choice((None, day)),
            self.dice.choice((None, self.dice.randint(0, self.last + 1))),
            calendar or full_calendar(),
            self.dice.choice((None, day)),
        )


def year_of(scheme: str, number: int) -> Year:
    """The scheme-year of this number; every third has cases."""
    dice = random.Random(f"moved {scheme} {number}")
    case: Case
    if scheme == WIDE:
        case = wide = random_wide_case(number, cases=lively(number))
        frozen = random_edition(wide)
    else:
        case = random_log(scheme, dice, cases=lively(number))
        frozen = published(scheme, case.overlay)
    states = recorded(case, frozen)
    logs = {unit: UnitLog(unit, state.category, case.year, tuple(state.facts)) for unit, state in states.items()}
    return Year(frozen, logs, case.year, len(case.facts), dice)


def faults(before: Side, after: Side) -> list[str]:
    """What is wrong with the movements between two sides, both ways."""
    return [fault for sides in ((before, after), (after, before)) for fault in _faults(*sides)]


def _faults(before: Side, after: Side) -> list[str]:
    found = compared(before, after)
    real = [_stands(before, found.before), _stands(after, found.after)]
    said = []
    for unit, movement in found.movements.items():
        if [_told(movement.before), _told(movement.after)] != [stands[unit] for stands in real]:
            said.append(f"{unit}: not between its real scores")
        said += [f"{unit}: {fault}" for fault in (*sums(movement), *_causes(before, after, movement))]
    return said


def _stands(side: Side, scores: Mapping[str, Score]) -> dict[str, tuple[object, ...]]:
    """The scores and ranks that a side really has."""
    table = rank(side.edition, scores).values()
    return {score.unit: (score.low, score.high, score.total, place) for rows in table for score, place in rows}


def _told(stand: Stand | None) -> tuple[object, ...] | None:
    return None if stand is None else (stand.low, stand.high, stand.total, stand.rank)


def sums(movement: Movement) -> list[str]:
    """What does not add up in a movement."""
    old, new, steps = movement.before, movement.after, movement.steps
    assert old is not None
    assert new is not None
    low = (new.low or ZERO) - (old.low or ZERO) - sum((step.points_low for step in steps), ZERO)
    high = (new.high or ZERO) - (old.high or ZERO) - sum((step.points_high for step in steps), ZERO)
    parts = any(step.facts and not _is_sum(step) for step in steps)
    ranks = {step.rank is None for step in steps}
    off = ranks == {False} if old.rank is None or new.rank is None else ranks == {True}
    if old.rank is not None and new.rank is not None:
        off = off or new.rank - old.rank != sum(step.rank or 0 for step in steps)
    return [f"{movement} does not add up"] if low or high or parts or off or len(ranks) > 1 else []


def _is_sum(step: Step) -> bool:
    facts = step.facts
    low, high = (sum((getattr(one, name) for one in facts), ZERO) for name in ("points_low", "points_high"))
    return (low, high, sum(one.rank or 0 for one in facts)) == (step.points_low, step.points_high, step.rank or 0)


def _causes(before: Side, after: Side, movement: Movement) -> list[str]:
    """Causes that cannot have brought what they are said to have brought."""
    said = [f"{step.cause} is out of order" for step in movement.steps if step.cause not in CAUSES]
    for step in movement.steps:
        for share in step.facts:
            wrong = {
                "reversals": any(fact.type not in REVERSING for fact in share.facts),
                "grades": any(fact.type not in MARKS for fact in share.facts),
                "late": not (before.has_passed(share.facts[0].day) or after.has_passed(share.facts[0].day)),
            }
            both = any(before.sees(fact) and after.sees(fact) for fact in share.facts)
            said += [f"{share} is no {step.cause}"] * (wrong.get(step.cause, False) or both)
        same = before.edition.digest == after.edition.digest
        moved = bool(step.points_low or step.points_high)
        if step.cause in ("reversals", "late", "grades", "new") and not step.facts:
            said.append(f"{step.cause} without facts")
        if (step.cause == "edition" and same) or (step.cause == "calendar" and before.calendar == after.calendar):
            said.append(f"{step.cause}, which is the same")
        if step.cause == "others" and moved and not may_compare(before.edition):
            said.append("other units' points, where nothing depends on them")
    return said


def wrong(scheme: str, block: int) -> dict[int, list[str]]:
    """What is wrong, by the number of the random year."""
    found = {}
    for number in range(block * BLOCK, (block + 1) * BLOCK):
        year = year_of(scheme, number)
        side = year.side()
        found[number] = faults(side, year.side()) + faults(side, side)
        found[number] += [f"{unit}: moved by nothing" for unit, one in movements(side, side).items() if one.steps]
    return {number: said for number, said in found.items() if said}


@pytest.mark.parametrize("scheme", [*SCHEMES, WIDE])
def test_the_steps_add_up_for_every_scheme(scheme: str) -> None:
    assert wrong(scheme, 0) == {}


def priced_differently(scheme: str, number: int) -> list[str]:
    """Facts that speak for themselves, and yet leave another score when only they are priced than when all is."""
    year = year_of(scheme, number)
    said = []
    for log in year.logs.values():
        named = {fact.of for fact in log.facts}
        plain = [fact for fact in log.facts if speaks_for_itself(fact, year.edition, year.year, named)]
        for fact in year.dice.sample(plain, min(5, len(plain))):
            whole = price_unit(year.edition, log, calendar=full_calendar())
            rest = log._replace(facts=[one for one in log.facts if one is not fact])
            without = price_unit(year.edition, rest, calendar=full_calendar())
            again, gone = repriced(year.edition, without, added=[fact]), repriced(year.edition, whole, dropped=[fact])
            said += [f"{fact.ref} added"] * (_way_through(year.edition, again) != _way_through(year.edition, whole))
            said += [f"{fact.ref} dropped"] * (_way_through(year.edition, gone) != _way_through(year.edition, without))
    return said


def _way_through(edition: Edition, priced: Priced) -> object:
    score = conclude(edition, priced)
    return (score.items, score.groups, score.total, score.low, score.high, score.vetoes, score.band, priced.figures)


@pytest.mark.parametrize("scheme", [*SCHEMES, WIDE])
def test_pricing_only_what_a_fact_touches_gives_what_pricing_all_of_it_gives(scheme: str) -> None:
    assert {number: said for number in range(3) if (said := priced_differently(scheme, number))} == {}


@pytest.mark.soak
@pytest.mark.parametrize("block", range(1, BLOCKS_LONG))
@pytest.mark.parametrize("scheme", [*SCHEMES, WIDE])
def test_pricing_only_what_very_many_facts_touch_gives_the_same(scheme: str, block: int) -> None:
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    assert {number: said for number in numbers if (said := priced_differently(scheme, number))} == {}


@pytest.mark.soak
@pytest.mark.parametrize("block", range(1, BLOCKS_LONG))
@pytest.mark.parametrize("scheme", [*SCHEMES, WIDE])
def test_the_steps_add_up_for_very_many_logs(scheme: str, block: int) -> None:
    assert wrong(scheme, block) == {}


def under_another(number: int) -> list[str]:
    """What is wrong where the later side has another edition, another calendar and another unit."""
    year, other = year_of(WIDE, number), year_of(WIDE, number + 1)
    variants = other.edition.variants
    named = {
        unit: log if not variants or log.category in variants else log._replace(category=variants[0])
        for unit, log in year.logs.items()
    }
    gone = next(iter(named))
    after = year.side(other.edition, _OLD)._replace(logs={unit: log for unit, log in named.items() if unit != gone})
    before = year.side()
    said = []
    for sides in ((before, after), (after, before)):
        found = movements(*sides)
        said += [f"{unit}: {fault}" for unit, one in found.items() if unit != gone for fault in sums(one)]
        said += [] if found[gone].steps == () else [f"{gone} has steps"]
    return said


def test_the_steps_add_up_under_another_edition_and_another_calendar() -> None:
    assert {number: said for number in range(8) if (said := under_another(number))} == {}


@pytest.mark.soak
@pytest.mark.parametrize("block", range(40))
def test_the_steps_add_up_under_very_many_other_editions(block: int) -> None:
    assert {n: said for n in range(block * 20, block * 20 + 20) if (said := under_another(n))} == {}
