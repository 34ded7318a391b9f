"""What lies between two sides: the facts that only one of them sees, what each is about, and why it makes a difference.

A side is one edition's look at the logs from a place on each axis of time. What is visible there is what was recorded
by then and happened by then; what takes a fact back counts as soon as it is recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import (
    CHECKLIST,
    CONFIRMATION,
    CONTESTED,
    GRADE,
    LIMIT_FACTS,
    METRIC,
    NOT_APPLICABLE,
    OVERTURNED,
    REDUCED,
    RETURNED,
    REVERSALS,
    UPHELD,
    Fact,
)
from gkevents.scoring.unit import UnitLog


class Side(NamedTuple):
    """One side of a comparison: what the score is a function of, for all units of a scheme-year.

    `logs` may hold more than was known then. `known_on`: the day of `known_at`, where somebody knows it; what happened
    after it cannot have been logged late. `unranked`: units that were given no rank.
    """

    edition: Edition
    logs: Mapping[str, UnitLog]
    as_of: dt.date | None = None
    known_at: int | None = None
    calendar: Calendar | None = None
    known_on: dt.date | None = None
    unranked: frozenset[str] = frozenset()

    def sees(self, fact: Fact) -> bool:
        """Whether a fact of the log counts here."""
        if self.known_at is not None and fact.position > self.known_at:
            return False
        return self.as_of is None or fact.day <= self.as_of or fact.type in REVERSALS

    def has_passed(self, day: dt.date) -> bool:
        """Whether what happened on a day could have been logged, and counted, by then."""
        return (self.as_of is None or day <= self.as_of) and (self.known_on is None or day <= self.known_on)


REVERSING: Final = REVERSALS | {CONTESTED, UPHELD, REDUCED, OVERTURNED, RETURNED}
"""What says of an earlier fact that it does not count, or counts after all."""
MARKS: Final = frozenset({GRADE, METRIC, CHECKLIST, CONFIRMATION, NOT_APPLICABLE})
"""What decides an item."""


class Place(NamedTuple):
    """Where a fact lies: in whose log, of which of its years (the number tells two logs of one year apart)."""

    unit: str
    year: int
    number: int = 0


class Change(NamedTuple):
    """A fact that only one side sees, with the reason for that; `item` is what it is about. `added`: the later one."""

    place: Place
    fact: Fact
    cause: str
    item: str | None
    added: bool


class Union(NamedTuple):
    """What two sides hold of one unit: every fact that either sees, by place, in the order of the log."""

    facts: Mapping[Place, Sequence[Fact]]
    changes: Sequence[Change]


def union(unit: str, before: Side, after: Side) -> Union:
    """The facts of a unit on both sides, and those that only one sees. The unit is on both sides, or on either."""
    old, new = _seen(unit, before), _seen(unit, after)
    places = _merged(list(old), list(new))
    merged = {place: {**old.get(place, {}), **new.get(place, {})} for place in places}
    facts = {place: [found[position] for position in sorted(found)] for place, found in merged.items()}
    about = items_of(facts.values())
    changes = [
        Change(place, fact, _cause(fact, before if added else after), about.get(fact.ref, fact.item), added)
        for place, held in facts.items()
        for fact in held
        if (added := fact.position not in old.get(place, {})) or fact.position not in new.get(place, {})
    ]
    return Union(facts, changes)


def _merged(old: list[Place], new: list[Place]) -> list[Place]:
    """The places of both, in the order in which the log that has more of them has them."""
    first, second = (old, new) if len(old) > len(new) else (new, old)
    return list(dict.fromkeys([*first, *second]))


def _seen(unit: str, side: Side) -> dict[Place, dict[int, Fact]]:
    """What a side sees of a unit, by place and position."""
    log = side.logs.get(unit)
    if log is None:
        return {}
    found = {Place(unit, log.year): log.facts}
    for year, facts in log.earlier:
        found[Place(unit, year, sum(place.year == year for place in found))] = facts
    return {place: {fact.position: fact for fact in facts if side.sees(fact)} for place, facts in found.items()}


def _cause(fact: Fact, absent: Side) -> str:
    """Why a side does not see a fact that the other one does."""
    if fact.type in REVERSING:
        return "reversals"
    if fact.type in MARKS:
        return "grades"
    return "late" if absent.has_passed(fact.day) else "new"


def items_of(logs: Iterable[Sequence[Fact]]) -> dict[str, str | None]:
    """The item that each fact is about, by ref: its own, that of the fact it names, or that of its limit's opening."""
    found: dict[str, str | None] = {}
    keys: dict[str, str | None] = {}
    for facts in logs:
        for fact in facts:
            item = fact.item or found.get(fact.of or "") or keys.get(fact.key or "")
            found[fact.ref] = item
            if fact.key is not None:
                keys.setdefault(fact.key, item)
    return found


def concerning(unit: str, other: Union) -> frozenset[tuple[Place, int]]:
    """Where the facts of another unit's log lie that name this one, with all that is said about those."""
    naming = [fact for facts in other.facts.values() for fact in facts if fact.other_unit == unit]
    refs = {fact.ref for fact in naming}
    keys = {fact.key for fact in naming if fact.key is not None and fact.type in LIMIT_FACTS}
    found = set()
    for place, facts in other.facts.items():
        for fact in facts:
            if fact.ref in refs or fact.of in refs or (fact.key is not None and fact.key in keys):
                refs.add(fact.ref)
                found.add((place, fact.position))
    return frozenset(found)


ORDER: Final = {cause: number for number, cause in enumerate(("reversals", "late", "grades", "new"))}


def in_order(changes: Sequence[Change]) -> list[Change]:
    """The changes one after the other, so that nothing is moved that another of them puts back.

    What drops out goes first, the newest first, and what was said against it after it. What comes in follows in the
    order of the causes and of the log; where something was taken back and that was taken back itself, the last word
    comes first.
    """
    dropped = sorted((one for one in changes if not one.added), key=_leaving)
    added = [one for one in changes if one.added]
    undoing = {one.fact.ref for one in added if one.cause == "reversals"}

    def coming(one: Change) -> tuple[int, bool, int]:
        last_word = one.cause == "reversals" and one.fact.of in undoing
        return (ORDER[one.cause], not last_word, -one.fact.position if last_word else one.fact.position)

    return [*dropped, *sorted(added, key=coming)]


def _leaving(one: Change) -> tuple[bool, int]:
    said_against = one.cause == "reversals"
    return (said_against, one.fact.position if said_against else -one.fact.position)
