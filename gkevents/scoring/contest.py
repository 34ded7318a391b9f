"""What hangs on contested cases: a unit's score with them and without them, and the ranks that are still possible.

What is contested counts until somebody decides. So a score says three things: what it is if everything contested is
upheld (the total), what it is if nothing of it is (confirmed), and which ranks the decisions still allow. What lies
between is found by deciding each case every way there is (`settled`).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple, Protocol

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.outcome import Placed
from gkevents.scoring.peers import assess
from gkevents.scoring.settled import Seen, spans
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO


class Contest(NamedTuple):
    """What one unit's score hangs on.

    `confirmed` (None while undetermined, between `confirmed_low` and `confirmed_high`) is the total without anything
    that any unit contests, `if_upheld` the total as it counts now.
    `worst` and `best` bound what the decisions can make of the total; `ranks` are the best and the worst rank that they
    allow, None where the unit is not ranked. `refs`: what the unit itself contests.
    """

    refs: tuple[str, ...]
    confirmed: Fraction | None
    confirmed_low: Fraction | None
    confirmed_high: Fraction | None
    if_upheld: Fraction | None
    worst: Fraction | None
    best: Fraction | None
    ranks: tuple[int, int] | None = None

    @property
    def contested(self) -> Fraction | None:
        """What the contested cases cost (below 0) or bring together; None while either total is undetermined."""
        if self.if_upheld is None or self.confirmed is None:
            return None
        return self.if_upheld - self.confirmed


class Upheld(Placed, Protocol):
    """A unit's score as it counts now, whether worked out or read from rows."""

    @property
    def low(self) -> Fraction | None:
        """The least the total can be."""

    @property
    def high(self) -> Fraction | None:
        """The most the total can be."""


def contests(
    edition: Edition,
    logs: Sequence[UnitLog],
    upheld: Mapping[str, Upheld],
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
) -> dict[str, Contest]:
    """What hangs on contested cases, for every unit of a scheme-year; nothing where nothing is contested.

    `logs`: of all units where they depend on each other, else of those that contest something; `upheld`: the scores of
    all as they count now. Every case may be decided by itself.
    """
    decided = partial(assess, edition, as_of=as_of, known_at=known_at, calendar=calendar)
    now = decided(logs)
    own = {name: tuple(score.priced.contested) for name, score in now.items()}
    refs = {ref for held in own.values() for ref in held}
    if not refs:
        return {}
    confirmed = decided(logs, without=refs)
    seen = spans(edition, logs, now, decided, whole=len(logs) == len(upheld))
    found = {
        name: _contest(score, own.get(name, ()), confirmed.get(name, score), seen.get(name))
        for name, score in upheld.items()
    }
    ranks = _ranks(edition, upheld, found, seen)
    return {name: contest._replace(ranks=ranks.get(name)) for name, contest in found.items()}


def _contest(score: Upheld, refs: tuple[str, ...], confirmed: Upheld, seen: Seen | None) -> Contest:
    """One unit's part; one that was not worked out anew stays as it is, however others' cases are decided."""
    worst, best = (score.low, score.high) if seen is None else (seen.low, seen.high)
    return Contest(refs, confirmed.total, confirmed.low, confirmed.high, score.total, worst, best)


def _ranks(
    edition: Edition, upheld: Mapping[str, Upheld], found: Mapping[str, Contest], seen: Mapping[str, Seen]
) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each unit that may be ranked within its category, whatever is decided.

    A span only ever errs by being too wide: totals that may meet are placed behind each other where the scheme tells
    equal ones apart, and a unit that may be left undetermined is placed before others and yet keeps no place from them.
    """
    if edition.ties.then == "unordered":
        return {}
    spanned: dict[str, tuple[int, int]] = {}
    groups: dict[str, list[str]] = {}
    for name, score in upheld.items():
        if seen[name].ever if name in seen else score.total is not None:
            groups.setdefault(score.category, []).append(name)
    apart = bool(edition.ties.by) or edition.ties.then == "not-shared"
    for names in groups.values():
        bounds = {name: (found[name].worst or ZERO, found[name].best or ZERO) for name in names}
        worsts = sorted(worst for name, (worst, _) in bounds.items() if name not in seen or seen[name].always)
        bests = sorted(best for _, best in bounds.values())
        for name, (worst, best) in bounds.items():
            above = len(worsts) - bisect_right(worsts, best)
            perhaps = len(bests) - (bisect_left(bests, worst) if apart else bisect_right(bests, worst))
            perhaps -= best >= worst if apart else best > worst  # itself
            if edition.ties.then == "1,1,2":
                above = min(above, 1)
            spanned[name] = (1 + above, 1 + perhaps)
    return spanned
