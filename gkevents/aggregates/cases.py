"""The life of a case: which step may follow which, and what an office's rules ask beside. Pure decisions.

A case is opened by a fact that costs or brings points; its steps are facts that name it. Whether a step is in order is
told from the standing steps alone, so a step that is taken back leaves its case where it was before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates import case_refusals as no
from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.refusals import term
from gkevents.calendar import Calendar
from gkevents.scoring.fact import (
    ACCEPTED,
    CHECKLIST,
    CLOSED,
    CONFIRMATION,
    CONTESTED,
    ENDORSED,
    FRAUD,
    GRADE,
    METRIC,
    MISSES,
    NOT_APPLICABLE,
    NOTIFIED,
    ORDERED,
    OVERTURNED,
    PLANNED,
    REDUCED,
    REPORTED,
    RETURNED,
    UPHELD,
    VERIFIED,
    Fact,
)
from gkevents.scoring.limits import due_of, end_of_limit, in_time

RECORDED: Final = "recorded"
"""The state of a case without a step."""

HAPPENINGS: Final = frozenset({"supervision-card", "praise", "criticism", "occurrence"}) | MISSES
"""What has a price of its own, which a decision can reduce."""
OPEN_CASES: Final = HAPPENINGS | {GRADE, METRIC, CHECKLIST, CONFIRMATION, NOT_APPLICABLE, FRAUD}
"""The facts that open a case: whatever moves points by itself."""

FOLLOWING: Final[Mapping[str, tuple[str, ...]]] = {
    RECORDED: (ENDORSED, NOTIFIED),
    ENDORSED: (NOTIFIED,),
    NOTIFIED: (ACCEPTED, CONTESTED, ORDERED, CLOSED),
    ACCEPTED: (ORDERED, CLOSED),
    CONTESTED: (UPHELD, REDUCED, OVERTURNED),
    UPHELD: (ORDERED, CLOSED),
    REDUCED: (ORDERED, CLOSED),
    OVERTURNED: (CLOSED,),
    ORDERED: (PLANNED, REPORTED),
    PLANNED: (REPORTED,),
    REPORTED: (VERIFIED, RETURNED),
    RETURNED: (PLANNED, REPORTED),
    VERIFIED: (CLOSED,),
    CLOSED: (),
}
"""What may follow each state. From `case-notified` straight on to an order or the end only once the unit may no longer
contest (see `_check_heard`)."""

DECIDED: Final = frozenset({UPHELD, REDUCED, OVERTURNED})


class Case(NamedTuple):
    """A case as it stands: the fact that opened it (its ref, type, when), who recorded that, its standing steps."""

    fact: Fact
    recorded_by: str | None
    steps: Sequence[Fact]

    @property
    def state(self) -> str:
        """The type of the latest step, or `recorded`."""
        return self.steps[-1].type if self.steps else RECORDED

    def latest(self, kind: str) -> Fact | None:
        """The latest step of a type."""
        return next((step for step in reversed(self.steps) if step.type == kind), None)


def following(case: Case, rules: CaseRules = NO_RULES) -> tuple[str, ...]:
    """The types of the steps that may follow, as far as that does not hang on the day they are taken."""
    if case.state == RECORDED and asks_second(case, rules):
        return (ENDORSED,)
    may = FOLLOWING[case.state]
    if case.state == NOTIFIED and rules.contest_window is None:
        may = (ACCEPTED, CONTESTED)
    if rules.plan is not None and PLANNED in may and case.latest(PLANNED) is None:
        may = (PLANNED,)
    return tuple(step for step in may if step != REDUCED or case.fact.type in HAPPENINGS)


def asks_second(case: Case, rules: CaseRules) -> bool:
    """Whether the office's rules want a second person to stand for it."""
    return case.fact.type in rules.four_eyes


def in_order(kinds: Iterable[str], *, second: bool = False, plan: bool = False, heard: bool = False) -> bool:
    """Whether steps of these types, one after the other, are a life that a case can have had.

    `second`: a second person must stand for it; `plan`: a plan must come before the report; `heard`: the unit must have
    said something before an order or the end.
    """
    state, planned = RECORDED, False
    for kind in kinds:
        if kind not in FOLLOWING[state] or (second and state == RECORDED and kind == NOTIFIED):
            return False
        if heard and state == NOTIFIED and kind in (ORDERED, CLOSED):
            return False
        planned = planned or kind == PLANNED
        if plan and kind == REPORTED and not planned:
            return False
        state = kind
    return True


def check_step(case: Case, step: Fact, by: str | None, *, rules: CaseRules, calendar: Calendar) -> None:
    """Refuse a step that does not follow, or that the office's rules stand against."""
    _check_follows(case, step, rules)
    _check_day(case, step)
    if step.type == ENDORSED:
        _check_second(case, by)
    if step.type == CONTESTED:
        _check_window(case, step, rules, calendar)
    if case.state == NOTIFIED and step.type in (ORDERED, CLOSED):
        _check_heard(case, step, rules, calendar)
    if step.type in DECIDED and rules.deciders and _name(by or "") not in map(_name, rules.deciders):
        raise no.MayNotDecide(by=by, of=case.fact.ref, deciders=", ".join(sorted(rules.deciders)))


def _check_follows(case: Case, step: Fact, rules: CaseRules) -> None:
    ref, state = case.fact.ref, case.state
    if state == CLOSED:
        last = case.steps[-1]
        raise no.CaseIsClosed(of=ref, day=last.day, ref=last.ref)
    if step.type not in FOLLOWING[state]:
        raise no.StepOutOfOrder(of=ref, state=term(state), type=step.type, takes=", ".join(following(case, rules)))
    if step.type == NOTIFIED and state == RECORDED and asks_second(case, rules):
        raise no.EndorsementNeeded(of=ref, kind=term(case.fact.type))
    if step.type == REDUCED and case.fact.type not in HAPPENINGS:
        raise no.MarkNotReduced(of=ref, kind=term(case.fact.type))
    if step.type == REPORTED and rules.plan is not None and case.latest(PLANNED) is None:
        raise no.PlanNeeded(of=ref)


def _check_day(case: Case, step: Fact) -> None:
    """A step is not dated before those that it follows, nor before the fact; to the minute where both say it."""
    before = next((one for one in (*reversed(case.steps), case.fact) if _is_before(step, one)), None)
    if before is not None:
        raise no.StepTooEarly(
            type=step.type, of=case.fact.ref, day=step.at or step.day, ref=before.ref, before=before.at or before.day
        )


def _is_before(one: Fact, other: Fact) -> bool:
    return one.when < other.when if one.at is not None and other.at is not None else one.day < other.day


def _check_second(case: Case, by: str | None) -> None:
    if case.recorded_by is None:
        raise no.RecorderUnknown(of=case.fact.ref)
    if _name(case.recorded_by) == _name(by or ""):
        raise no.SamePerson(by=by, of=case.fact.ref)


def _name(text: str) -> str:
    """A person's name, whatever spaces and capitals it was written with."""
    return "".join(text.split()).casefold()


def window_end(case: Case, rules: CaseRules, calendar: Calendar) -> dt.date | dt.datetime | None:
    """Until when the unit may contest; None where no window is stated, or it reaches beyond the calendar."""
    notice = case.latest(NOTIFIED)
    if notice is None or rules.contest_window is None:
        return None
    return end_of_limit(notice.day, notice.at, rules.contest_window, calendar)


class Due(NamedTuple):
    """What has to happen next by when: the type of the step, and the day or instant (None: beyond the calendar)."""

    step: str
    until: dt.date | dt.datetime | None


def next_due(case: Case, rules: CaseRules, calendar: Calendar) -> Due | None:
    """What runs against a clock in a case just now; None where nothing does."""
    order, last = case.latest(ORDERED), case.steps[-1] if case.steps else None
    if last is None:
        return None
    if last.type == NOTIFIED and rules.contest_window is not None:
        return Due(CONTESTED, window_end(case, rules, calendar))
    if last.type == ORDERED and rules.plan is not None:
        return Due(PLANNED, end_of_limit(last.day, last.at, rules.plan, calendar))
    if last.type in (ORDERED, PLANNED, RETURNED) and order is not None and order.limit is not None:
        return Due(REPORTED, due_of(order, calendar))
    if last.type == REPORTED and rules.recheck is not None:
        return Due(VERIFIED, end_of_limit(last.day, last.at, rules.recheck, calendar))
    return None


def _check_window(case: Case, step: Fact, rules: CaseRules, calendar: Calendar) -> None:
    until, notice = window_end(case, rules, calendar), case.latest(NOTIFIED)
    if until is not None and notice is not None and not in_time(until, step):
        raise no.WindowOver(
            of=case.fact.ref, until=until, notified=notice.day, window=rules.contest_window, day=step.at or step.day
        )


def _check_heard(case: Case, step: Fact, rules: CaseRules, calendar: Calendar) -> None:
    """Without a word of the unit it goes on only after the time for contesting."""
    if rules.contest_window is None:
        raise no.NoWindow(of=case.fact.ref)
    until = window_end(case, rules, calendar)
    if until is None or in_time(until, step):
        raise no.NotYetAccepted(of=case.fact.ref, until=until or "…")
