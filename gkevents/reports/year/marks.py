"""What a unit says of itself beside what it got, item by item; and its cases as far as they are decided. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.aggregates.case_rules import CaseRules
from gkevents.aggregates.cases import DECIDED, OPEN_CASES, RECORDED, Case, Due, next_due
from gkevents.calendar import Calendar
from gkevents.schemes.model import Item
from gkevents.scoring.fact import (
    BY_DAY,
    MISSES,
    ORDERED,
    PLANNED,
    REPORTED,
    RETURNED,
    SELF_ASSESSMENT,
    STEPS,
    VERIFIED,
    Fact,
)
from gkevents.scoring.items import marked
from gkevents.scoring.score import Score
from gkevents.scoring.view import reversed_facts
from gkevents.terms import ZERO


class Mark(NamedTuple):
    """One item of a unit: what it is worth, what the unit says of itself, what it got (None: undetermined), how."""

    item: str
    title: str
    section: str
    points_max: Fraction | None
    claimed: Fraction | None
    score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    state: str
    claimed_by: Fact | None = None

    @property
    def difference(self) -> Fraction | None:
        """How much less (below 0) or more the unit got than it says it is worth."""
        return None if self.claimed is None or self.score is None else self.score - self.claimed


def marks(score: Score) -> list[Mark]:
    """Every item of a unit's form, in the paper's order; of several words of the unit the latest counts."""
    said: dict[str | None, Fact] = {}
    for fact in sorted(score.priced.view.standing, key=BY_DAY):
        if fact.type == SELF_ASSESSMENT:
            said[fact.item] = fact
    items = score.edition.items
    found = []
    for code, held in score.items.items():
        item, own = items[code], said.get(code)
        claimed = _claimed(item, own)
        found.append(
            Mark(
                code,
                item.title,
                item.section,
                held.points_max,
                claimed,
                held.score,
                held.low,
                held.high,
                held.state,
                own,
            )
        )
    return found


def _claimed(item: Item, said: Fact | None) -> Fraction | None:
    return None if said is None or said.points is None else marked(item, said)


class Claims(NamedTuple):
    """What a unit says of itself altogether, beside what it got on the same items."""

    items: int
    points_max: Fraction
    claimed: Fraction
    scored: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """What it got, less what it says; None while any of it is undetermined."""
        return None if self.scored is None else self.scored - self.claimed


def claims(found: Sequence[Mark]) -> Claims | None:
    """The sums over the items on which a unit says something of itself; None where it says nothing."""
    own = [mark for mark in found if mark.claimed is not None]
    if not own:
        return None
    scored = None if any(mark.score is None for mark in own) else sum((mark.score or ZERO for mark in own), ZERO)
    most = sum((mark.points_max or ZERO for mark in own), ZERO)
    return Claims(len(own), most, sum((mark.claimed or ZERO for mark in own), ZERO), scored)


RECTIFYING: Final = frozenset({ORDERED, PLANNED, REPORTED, RETURNED})
"""The states of a case in which a fault is still to be put right."""
PUT_RIGHT: Final = frozenset({VERIFIED})


class CaseLine(NamedTuple):
    """A case on which a step was taken, or which asks for one: where it stands, by the steps known."""

    unit: str
    case: Case
    asks_second: bool
    due: Due | None

    @property
    def state(self) -> str:
        """The type of its latest step, or `recorded`."""
        return self.case.state

    @property
    def ordered(self) -> Fact | None:
        """The order to put a fault right that still runs; None where there is none."""
        return self.case.latest(ORDERED) if self.state in RECTIFYING else None

    @property
    def ends(self) -> dt.date | dt.datetime | None:
        """By when something has to happen, where that is known."""
        return self.due.until if self.due is not None else None

    @property
    def decision(self) -> Fact | None:
        """The newest step that decided on what was contested."""
        return next((step for step in reversed(self.case.steps) if step.type in DECIDED), None)


def case_lines(score: Score, rules: CaseRules, calendar: Calendar) -> Iterator[CaseLine]:
    """The cases of a unit on which any step stands, and those that the office's rules ask a second person for."""
    facts = score.priced.view.known
    taken_back = reversed_facts(facts)
    steps: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.type in STEPS and fact.ref not in taken_back:
            steps.setdefault(fact.of or "", []).append(fact)
    for fact in facts:
        if fact.type not in OPEN_CASES or fact.ref in taken_back or (fact.type in MISSES and fact.item is None):
            continue
        case = Case(fact, fact.recorded_by, steps.get(fact.ref, ()))
        second = fact.type in rules.four_eyes and case.state == RECORDED
        if case.steps or second:
            yield CaseLine(score.unit, case, second, next_due(case, rules, calendar))
