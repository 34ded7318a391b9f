"""The retractions and rulings of one unit-year, in log order, and what they have taken back so far.

What is taken back is kept from one fact to the next: a unit-year with thousands of limits asks for it at every answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from gkevents.scoring.fact import RETRACTION, Fact
from gkevents.scoring.view import reversed_facts


class Reversals:
    """Reversals in the order of the log."""

    def __init__(self) -> None:
        """There are none yet."""
        self._facts: list[Fact] = []
        self._by_target: dict[str | None, list[Fact]] = {}
        self._refs: set[str] = set()
        self._taken_back: dict[str, Fact] | None = {}

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def take(self, fact: Fact) -> None:
        """Take in the next one."""
        self._facts.append(fact)
        self._by_target.setdefault(fact.of, []).append(fact)
        self._refs.add(fact.ref)
        if self._taken_back is None or fact.of in self._refs:
            self._taken_back = None  # what a reversal took back may stand again: worked out anew when asked for
        else:
            self._taken_back.setdefault(fact.of or "", fact)

    @property
    def taken_back(self) -> dict[str, Fact]:
        """The refs that are taken back, each with the reversal that does it."""
        if self._taken_back is None:
            self._taken_back = reversed_facts(self._facts)
        return self._taken_back

    def standing(self, ref: str, kind: str = RETRACTION) -> Fact | None:
        """The standing retraction (or ruling) of a fact; one of each kind may stand."""
        of = self._by_target.get(ref, ())
        return next((fact for fact in of if fact.type == kind and fact.ref not in self.taken_back), None)
