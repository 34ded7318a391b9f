"""The worlds between two sides, and the way of one unit through those in which only its own facts change.

A world is a year priced as a whole. On a unit's own way all others stay as they were before; what their logs say of
this unit goes the way with its own facts.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

from gkevents.scoring.anew import repriced, speaks_for_itself
from gkevents.scoring.between import Change, Place, Side, concerning, in_order, union
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import Peers, concluded, depends_on_peers, priced_units
from gkevents.scoring.score import Score, conclude, price_unit
from gkevents.scoring.unit import Priced, UnitLog, shared_out
from gkevents.terms import ZERO

MOST: Final = 100
"""So many facts of a cause are priced one by one; of more, those on one item go together."""


class At(NamedTuple):
    """Where a unit stands in a world: its bounds (without points 0), and 1 + the number of higher totals."""

    low: Fraction
    high: Fraction
    place: int


class Share(NamedTuple):
    """What some facts brought (one, unless there are too many): points of the total, and ranks (below 0: upwards)."""

    facts: tuple[Fact, ...]
    item: str | None
    points_low: Fraction
    points_high: Fraction
    rank: int | None

    @property
    def refs(self) -> tuple[str, ...]:
        """Their numbers."""
        return tuple(fact.ref for fact in self.facts)


class World:
    """All units of a side, priced; with the totals by category from low to high, to find a place among them."""

    def __init__(self, side: Side) -> None:
        """Price them."""
        self.side = side
        logs = list(side.logs.values())
        self.priced = priced_units(
            side.edition, logs, as_of=side.as_of, known_at=side.known_at, calendar=side.calendar
        )  # fmt: skip
        self.scores = concluded(side.edition, self.priced)
        self._totals: dict[str, list[Fraction]] = {}
        for unit, score in self.scores.items():
            if score.total is not None and unit not in side.unranked:
                self._totals.setdefault(score.category, []).append(score.total)
        for totals in self._totals.values():
            totals.sort()

    @cached_property
    def namers(self) -> Mapping[str, Sequence[str]]:
        """By unit, the others whose logs name it, in the order of the side; all are gone through once."""
        found: dict[str, dict[str, None]] = {}
        for log in self.side.logs.values():
            for facts in (log.facts, *(facts for _, facts in log.earlier)):
                for fact in facts:
                    if fact.other_unit is not None and fact.other_unit != log.unit:
                        found.setdefault(fact.other_unit, {})[log.unit] = None
        return {unit: list(names) for unit, names in found.items()}

    def at(self, score: Score) -> At:
        """Where a unit with this score stands among the others of this world."""
        low, high = score.low or ZERO, score.high or ZERO
        totals = self._totals.get(score.category, [])
        above = len(totals) - bisect_right(totals, low)
        own = self.scores[score.unit]
        if own.total is not None and own.total > low and score.unit not in self.side.unranked:
            above -= own.category == score.category
        return At(low, high, 1 + above)


class Way:
    """One unit's way; `score` and `at` are where it has come to."""

    def __init__(self, unit: str, first: World, last: World) -> None:
        """Begin where the unit stood before."""
        after = last.side
        self.score = first.scores[unit]
        self.at = first.at(self.score)
        self._unit, self._first, self._before, self._after = unit, first, first.side, after
        self._held = {name: union(name, first.side, after) for name in (unit, *self._namers(last))}
        self._own = Place(unit, first.side.logs[unit].year)
        self._named = {fact.of for facts in self._held[unit].facts.values() for fact in facts}
        changes = [one for name in self._held for one in self._about(name)]
        self._changes = in_order(changes)
        self._absent = {(one.place, one.fact.position) for one in changes if one.added}

    def _namers(self, last: World) -> list[str]:
        """The other units whose logs name this one, where that can move its points."""
        if not self._before.edition.charges_others:
            return []
        worlds = (self._first, last)
        return list(dict.fromkeys(name for world in worlds for name in world.namers.get(self._unit, ())))

    def _about(self, name: str) -> Sequence[Change]:
        """What changes for this unit in a log: in its own everything."""
        held = self._held[name]
        if name == self._unit:
            return held.changes
        about = concerning(self._unit, held)
        return [one for one in held.changes if (one.place, one.fact.position) in about]

    def shares(self, *, ranked: bool) -> dict[str, list[Share]]:
        """Go the way: what every fact brought that brought anything, by cause."""
        found: dict[str, list[Share]] = {}
        for cause, facts, item, score in self._worlds():
            at = self._first.at(score)
            if at != self.at:
                low, high, place = at.low - self.at.low, at.high - self.at.high, at.place - self.at.place
                found.setdefault(cause, []).append(Share(facts, item, low, high, place if ranked else None))
            self.score, self.at = score, at
        return found

    def _worlds(self) -> Iterator[tuple[str, tuple[Fact, ...], str | None, Score]]:
        """The worlds on the way, each with what makes it differ from the one before: the cause, facts, their item.

        While facts change the wider of both days holds; so what ran out between the days without any fact being new
        (a limit in hours, missed on the evening of the day) comes in at the start, and goes out at the end.
        """
        before, after = self._before.as_of, self._after.as_of
        wide = None if before is None or after is None else max(before, after)
        if before != wide:
            score = self._priced(wide)
            yield "new", *_beyond(score, before), score
        for bundle in _bundles(self._changes):
            self._absent ^= {(one.place, one.fact.position) for one in bundle}
            yield bundle[0].cause, tuple(one.fact for one in bundle), bundle[0].item, self._with(bundle, wide)
        if after != wide:
            yield "new", *_beyond(self.score, after), self._priced(after)

    def _with(self, bundle: Sequence[Change], as_of: dt.date | None) -> Score:
        """The unit's score with these changes, quickly where they speak for themselves."""
        edition, own = self._before.edition, self._own
        if not all(
            one.place == own and speaks_for_itself(one.fact, edition, own.year, self._named) for one in bundle
        ):  # fmt: skip
            return self._priced(as_of)
        facts = [one.fact for one in bundle]
        before = self.score.priced
        if bundle[0].added:
            return self._concluded(repriced(edition, before, added=facts))
        return self._concluded(repriced(edition, before, dropped=facts))

    def _priced(self, as_of: dt.date | None) -> Score:
        """The unit's score with the facts that are there now."""
        edition, calendar = self._before.edition, self._before.calendar
        logs = [self._log(name) for name in self._held]
        if len(logs) > 1:
            logs = shared_out(logs, as_of=as_of, calendar=calendar)
        return self._concluded(price_unit(edition, logs[0], as_of=as_of, calendar=calendar))

    def _concluded(self, priced: Priced) -> Score:
        """The unit's score, the others as they were before."""
        edition = self._before.edition
        if not depends_on_peers(edition, priced):
            return conclude(edition, priced)
        others = [priced if other.log.unit == self._unit else other for other in self._first.priced]
        return Peers(edition, others).conclude(priced)

    def _log(self, name: str) -> UnitLog:
        """A unit's log with the facts that are there now."""
        log, held = self._before.logs[name] if name in self._before.logs else self._after.logs[name], self._held[name]
        facts = {
            place: [fact for fact in facts if (place, fact.position) not in self._absent]
            for place, facts in held.facts.items()
        }
        own = facts.pop(Place(name, log.year), [])
        return log._replace(facts=own, earlier=tuple((place.year, found) for place, found in facts.items()))


def _beyond(score: Score, day: dt.date | None) -> tuple[tuple[Fact, ...], str | None]:
    """The limits of a score that ran out after a day, as facts, with their item where it is one."""
    breaches = [limit.breach for limit in score.limits.values() if limit.breach is not None]
    found = tuple(breach for breach in breaches if day is not None and breach.day > day)
    items = {breach.item for breach in found}
    return found, items.pop() if len(items) == 1 else None


def _bundles(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Changes one by one; of a cause that has very many, those on one item together."""
    number = Counter(one.cause for one in changes)
    found: dict[object, list[Change]] = {}
    for one in changes:
        many = number[one.cause] > MOST
        key = (one.cause, one.added, one.item) if many else (one.place, one.fact.position)
        found.setdefault(key, []).append(one)
    return [tuple(bundle) for bundle in found.values()]
