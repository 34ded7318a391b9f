"""What the steps of cases make of the facts: which of them stand, for how much at most, and which are contested.

Every fact that costs or brings points opens a case; a step of it names that fact (`of`). What later readers have to
know is put on a fact under a mark of its own; no field of a fact has such a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from typing import Final

from .world import AT_MOST, EXCUSED, MISSES, OPEN_TO_DOUBT, ORDERED, REPORTED, REVERSALS, Fact, moment

CONTESTED: Final = "case-contested"
REDUCED: Final = "case-reduced"
OVERTURNED: Final = "case-overturned"
RETURNED: Final = "rectification-returned"
WORDS: Final = (CONTESTED, "case-upheld", REDUCED, OVERTURNED)
"""What is said of whether a fact holds: the last of these is how it stands."""
STEPS: Final = (
    *WORDS, "case-endorsed", "case-notified", "case-accepted", "case-closed", ORDERED, "rectification-planned",
    REPORTED, "rectification-verified", RETURNED,
)  # fmt: skip
EVIDENCE: Final = "evidence-attached"


def taken_back(known: Sequence[Fact]) -> set[str]:
    """Give the refs that retractions and rulings take back, the latest of them first: what it takes back does nothing.

    When somebody took something back does not matter, only that it is known.
    """
    gone: set[str] = set()
    for fact in sorted(known, key=lambda fact: -int(fact["position"])):
        if fact["ref"] not in gone and fact["type"] in REVERSALS:
            gone.add(fact["of"])
    return gone


class Lives:
    """The cases of one log at one day: the steps of each, and what falls with what was taken back."""

    def __init__(self, known: Sequence[Fact], as_of: date | None, left_out: AbstractSet[str]) -> None:
        """Look at the facts that are known; those `left_out` are taken as overturned."""
        self.known, self.as_of, self.left_out = known, as_of, left_out
        self.gone = taken_back(known)

    def in_time(self, fact: Fact) -> bool:
        """Tell whether a fact is dated in time for the question."""
        return self.as_of is None or moment(fact).date() <= self.as_of

    @cached_property
    def steps(self) -> dict[str, list[Fact]]:
        """The steps of each case that count, in the order of the log, by the fact that opened it."""
        found: dict[str, list[Fact]] = {}
        for fact in sorted(self.known, key=lambda one: int(one["position"])):
            if fact["type"] in STEPS and fact["ref"] not in self.gone and self.in_time(fact):
                found.setdefault(fact["of"], []).append(fact)
        return found

    @cached_property
    def fallen(self) -> set[str]:
        """The refs of all that does not stand: taken back, or hung on something that does not stand."""
        found = set(self.gone)
        while True:
            orders = {fact["ref"] for fact in self.known if fact["type"] == ORDERED and fact["ref"] in found}
            more = {fact["ref"] for fact in self.known if fact["ref"] not in found and self.falls(fact, found, orders)}
            if not more:
                return found
            found |= more

    def falls(self, fact: Fact, gone: AbstractSet[str], orders: AbstractSet[str]) -> bool:
        """Tell whether a fact falls with others: a scan's miss with its opening, a step with what opened its case.

        With an order to put something right fall its report and its misses.
        """
        if fact["type"] in STEPS:
            return fact["of"] in gone or self.overturned(fact["of"])
        if fact["type"] in MISSES:
            return (bool(fact.get("scanned")) and fact["of"] in gone) or fact.get("key") in orders
        return False

    def overturned(self, ref: str) -> bool:
        """Tell whether a fact is overturned."""
        return ref in self.left_out or any(step["type"] == OVERTURNED for step in self.steps.get(ref, ()))

    def sent_back(self, report: Fact) -> bool:
        """Tell whether a report that something was put right was sent back later on."""
        later = (step for step in self.steps.get(report["of"], ()) if int(step["position"]) > int(report["position"]))
        return any(step["type"] == RETURNED for step in later)

    def counts(self, fact: Fact) -> bool:
        """Tell whether a fact counts: of the steps only orders and reports do, for what they say of a limit.

        An overturned miss of a limit says as ever that the limit was missed; it is excused below.
        """
        if fact["ref"] in self.fallen or not self.in_time(fact) or fact["type"] == EVIDENCE:
            return False
        if fact["type"] in STEPS:
            return fact["type"] == ORDERED or (fact["type"] == REPORTED and not self.sent_back(fact))
        return not self.overturned(fact["ref"]) or of_a_limit(fact)

    def marked(self, fact: Fact) -> Fact:
        """Give a fact with what its case says of it."""
        marks: Fact = {}
        words = [step for step in self.steps.get(fact["ref"], ()) if step["type"] in WORDS]
        if self.overturned(fact["ref"]):
            marks[EXCUSED] = True
        if words and words[-1]["type"] == CONTESTED:
            marks[OPEN_TO_DOUBT] = True
        if words and words[-1]["type"] == REDUCED:
            marks[AT_MOST] = words[-1]["amount"]
        return {**fact, **marks} if marks else fact


def of_a_limit(fact: Fact) -> bool:
    """Tell whether a fact is the miss of a limit that has a key."""
    return fact["type"] in MISSES and fact.get("key") is not None


def standing(known: Sequence[Fact], as_of: date | None, left_out: AbstractSet[str] = frozenset()) -> list[Fact]:
    """Give the facts that count for the question asked, of those that are known: not taken back, and dated in time.

    What a scan recorded falls with the opening that it was scanned from, a step with the fact that opened its case.
    """
    lives = Lives(known, as_of, left_out)
    return [lives.marked(fact) for fact in known if lives.counts(fact)]
