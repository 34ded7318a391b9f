"""What a bulletin is made of: the terms it is issued on, the scores at hand, the bulletins before it. Plain data.

`app.bulletins` reads it from the store, `bulletin` says it. Nothing here asks a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple, Protocol

from gkevents.aggregates.bulletin import Terms
from gkevents.calendar import Calendar
from gkevents.reports.answers import Standing
from gkevents.scoring.score import Score
from gkevents.words import Message


class Reckoned(Standing, Protocol):
    """Scores worked out by a replay, with all that they came from (see `app.asking.Standing`)."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """Each unit's score."""


class Source(NamedTuple):
    """The paper that the scheme is from, as the scheme file says: its title, document number, issuer (None: unsaid)."""

    title: str
    document: str | None = None
    issuer: str | None = None


class Held(NamedTuple):
    """What is said of one unit at one time: its total, its bounds while that is undetermined, its rank."""

    total: Fraction | None
    low: Fraction | None
    high: Fraction | None
    rank: int | None


CAUSES: Final = ("reversals", "late", "grades", "new", "others", "edition", "calendar", "ties")
"""Why a unit's figures can have moved, in the order in which they are said (see `scoring.movement`)."""


class Cause(NamedTuple):
    """One reason why a unit no longer stands as it was printed: which fact, on which item, and how many points.

    `cause` is one of `CAUSES`; `points` are those of the total, with their sign (None: only the rank). `why` is said
    behind it, where there is more to say.
    """

    cause: str
    ref: str | None = None
    item: str | None = None
    points: Fraction | None = None
    why: Message | str | None = None


class Earlier(NamedTuple):
    """An issued bulletin of the same scheme-year: what it printed, and what holds now for the same `as_of`.

    `head` and `figures` are those of its content. `now`: by unit, as known at the new bulletin's position (made with
    `corrections.held`); `causes`: for the units that `corrections.differing` names.
    """

    id: str
    head: Mapping[str, Any]
    figures: Mapping[str, Any]
    now: Mapping[str, Held]
    causes: Mapping[str, Sequence[Cause]] = {}


class Completeness(NamedTuple):
    """How many facts of the scheme-year the log held at that position, and how many of them the scores have heard."""

    recorded: int
    applied: int


class Case(NamedTuple):
    """All that one bulletin is made of.

    `recorded_at`: the instant at which the terms' `known_at` was recorded (ISO 8601). `standing`: the scores of all
    units, those not ranked this time among them, as of and as known as the terms say. `earlier`: the bulletins issued
    before it, in the order of issue. `draft`: it is not issued yet, and says so.
    """

    terms: Terms
    recorded_at: str
    source: Source
    standing: Reckoned
    calendar: Calendar
    earlier: Sequence[Earlier]
    completeness: Completeness
    draft: bool = False
