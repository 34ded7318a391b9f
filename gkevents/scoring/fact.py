"""A fact as the scoring core sees it: frozen, typed, in the order of the log."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from operator import attrgetter
from typing import Final, NamedTuple

GRADE: Final = "grade"
SELF_ASSESSMENT: Final = "self-assessment"
METRIC: Final = "metric"
CHECKLIST: Final = "checklist"
CONFIRMATION: Final = "confirmation"
NOT_APPLICABLE: Final = "not-applicable"
FRAUD: Final = "fraud"
RETRACTION: Final = "retraction"
RULING: Final = "duplicate-ruling"

ENDORSED: Final = "case-endorsed"
NOTIFIED: Final = "case-notified"
ACCEPTED: Final = "case-accepted"
CONTESTED: Final = "case-contested"
UPHELD: Final = "case-upheld"
REDUCED: Final = "case-reduced"
OVERTURNED: Final = "case-overturned"
ORDERED: Final = "rectification-ordered"
PLANNED: Final = "rectification-planned"
REPORTED: Final = "rectification-reported"
VERIFIED: Final = "rectification-verified"
RETURNED: Final = "rectification-returned"
CLOSED: Final = "case-closed"
STEPS: Final = frozenset({
    ENDORSED, NOTIFIED, ACCEPTED, CONTESTED, UPHELD, REDUCED, OVERTURNED,
    ORDERED, PLANNED, REPORTED, VERIFIED, RETURNED, CLOSED,
})  # fmt: skip
"""The steps of a case: each names the fact that opened it (`of`)."""
EVIDENCE: Final = "evidence-attached"
NAMING: Final = STEPS | {EVIDENCE}
"""What names another fact without taking it back."""

OPENINGS: Final = frozenset({"netizen-message", "deadline-opened", ORDERED})
ANSWERS: Final = frozenset({"netizen-reply", "deadline-met", REPORTED})
MISSES: Final = frozenset({"reply-timeout", "deadline-missed"})
LIMIT_FACTS: Final = OPENINGS | ANSWERS | MISSES
REVERSALS: Final = frozenset({RETRACTION, RULING})
FIGURES: Final = frozenset({METRIC, CHECKLIST})
DECISIONS: Final = (
    frozenset({GRADE, SELF_ASSESSMENT, CONFIRMATION, NOT_APPLICABLE, FRAUD}) | ANSWERS | STEPS | {EVIDENCE}
)
"""What is decided about a year, which may be after its end."""


ORDER: Final = attrgetter("when", "position")
"""The order of the world, to sort facts by: effective, then position in the log."""
BY_DAY: Final = attrgetter("day", "position")
"""The order in which the latest word counts: by day, then position in the log."""


class Fact(NamedTuple):
    """One recorded fact. `when` is its place on the effective axis: microseconds of Beijing time, a day at 00:00.

    `answered` (a missed limit that was answered late), `from_unit` (what is logged on another unit and heard by this
    one), `overturned` and `reduced` (what was decided on its case, the latter by `reduced_by`) are said while scoring;
    nobody writes them.
    """

    position: int
    ref: str
    type: str
    day: dt.date
    when: int
    at: dt.datetime | None = None
    recorded_at: str = ""
    recorded_by: str | None = None
    item: str | None = None
    times: int = 1
    matter: str | None = None
    level: str | None = None
    problems: tuple[str, ...] = ()
    kind: str | None = None
    form: str | None = None
    message: str | None = None
    amount: Fraction | None = None
    points: Fraction | None = None
    by: str | None = None
    reason: str | None = None
    key: str | None = None
    limit: str | None = None
    due: dt.date | dt.datetime | None = None
    calendar: str | None = None
    scanned: bool = False
    justified: bool | None = None
    serious: bool | None = None
    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    previous: Fraction | None = None
    current: Fraction | None = None
    threshold: str | None = None
    met: int | None = None
    missing: int | None = None
    of: str | None = None
    other_unit: str | None = None
    sub_unit: str | None = None
    for_year: int | None = None
    about: str | None = None
    source: str | None = None
    answered: bool | None = None
    from_unit: str | None = None
    overturned: bool = False
    reduced: Fraction | None = None
    reduced_by: str | None = None

    @property
    def order(self) -> tuple[int, int]:
        """The order of the world: effective, then position in the log."""
        return (self.when, self.position)

    @property
    def ratio(self) -> Fraction | None:
        """The figure of a metric: its value, or numerator over denominator; None where it compares two years."""
        if self.value is not None:
            return self.value
        if self.numerator is not None and self.denominator is not None:
            return self.numerator / self.denominator
        return None

    @property
    def is_reference(self) -> bool:
        """Whether a figure is only compared with: another year's, another body's, or a number of sub-units."""
        return self.for_year is not None or self.about is not None
