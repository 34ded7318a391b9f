"""What hangs on contested cases: a unit's score with them and without them, and the ranks that are still possible.

What is contested counts until somebody decides. So a score says three things: what it is if everything contested is
upheld (the total), what it is if nothing of it is (confirmed), and which ranks the decisions still allow.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.outcome import Placed
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
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
    all as they count now. Costs and gains that are contested may be decided either way apart from each other.
    """

    def decided(without: Collection[str]) -> dict[str, Score]:
        return assess(edition, logs, as_of=as_of, known_at=known_at, calendar=calendar, without=without)

    now = decided(())
    own = {name: tuple(score.priced.contested) for name, score in now.items()}
    refs = {ref for held in own.values() for ref in held}
    if not refs:
        return {}
    confirmed = decided(refs)
    gains = _gains(now.values(), refs)
    ways = [now, confirmed, *(decided(part) for part in (refs - gains, gains) if part and part != refs)]
    found = {name: _contest(score, own.get(name, ()), name, ways) for name, score in upheld.items()}
    spans = _ranks(edition, upheld, found)
    return {name: contest._replace(ranks=spans.get(name)) for name, contest in found.items()}


def _gains(scores: Iterable[Score], refs: Collection[str]) -> set[str]:
    """Those among some facts that bring points."""
    found = set[str]()
    for score in scores:
        charges = [charge for item in score.items.values() for charge in item.costs]
        charges += [charge for group in score.groups for charge in group.charges]
        found |= {charge.fact.ref for charge in charges if charge.side == "bonus" and charge.fact.ref in refs}
    return found


def _contest(score: Upheld, refs: tuple[str, ...], name: str, ways: Sequence[Mapping[str, Score]]) -> Contest:
    """One unit's part; one that was not worked out anew stays as it is, however others' cases are decided."""
    confirmed: Upheld = ways[1].get(name, score)
    seen: list[Upheld] = [score, *(way[name] for way in ways if name in way)]
    lows = [one.low for one in seen if one.low is not None]
    highs = [one.high for one in seen if one.high is not None]
    worst, best = min(lows, default=None), max(highs, default=None)
    return Contest(refs, confirmed.total, confirmed.low, confirmed.high, score.total, worst, best)


def _ranks(edition: Edition, upheld: Mapping[str, Upheld], found: Mapping[str, Contest]) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each ranked unit within its category, whatever is decided.

    A span only ever errs by being too wide: totals that may meet are placed behind each other where the scheme tells
    equal ones apart.
    """
    if edition.ties.then == "unordered":
        return {}
    spans: dict[str, tuple[int, int]] = {}
    groups: dict[str, list[str]] = {}
    for name, score in upheld.items():
        if score.total is not None:
            groups.setdefault(score.category, []).append(name)
    apart = bool(edition.ties.by) or edition.ties.then == "not-shared"
    for names in groups.values():
        bounds = {name: (found[name].worst or ZERO, found[name].best or ZERO) for name in names}
        worsts = sorted(worst for worst, _ in bounds.values())
        bests = sorted(best for _, best in bounds.values())
        for name, (worst, best) in bounds.items():
            above = len(worsts) - bisect_right(worsts, best)
            perhaps = len(bests) - (bisect_left(bests, worst) if apart else bisect_right(bests, worst))
            perhaps -= best >= worst if apart else best > worst  # itself
            if edition.ties.then == "1,1,2":
                above = min(above, 1)
            spans[name] = (1 + above, 1 + perhaps)
    return spans
