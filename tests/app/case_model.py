"""What a case may be, said a second time and shorter: its life as a word of letters, and a unit's log without cases.

Shares nothing with the program but the facts themselves, so that the machine in `test_case_machine` can hold it
against this.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from gkevents.scoring.fact import Fact

LETTERS: Final = {
    "case-endorsed": "e", "case-notified": "n", "case-accepted": "a", "case-contested": "c", "case-upheld": "u",
    "case-reduced": "r", "case-overturned": "x", "rectification-ordered": "o", "rectification-planned": "p",
    "rectification-reported": "d", "rectification-verified": "v", "rectification-returned": "b", "case-closed": "z",
}  # fmt: skip
KINDS: Final = {letter: kind for kind, letter in LETTERS.items()}
LIFE: Final = re.compile("(e?(n(c|cxz?|(a|c[ur])?(z|o(p?db)*(p|p?d|p?dvz?)?)?)?)?)?")
"""Every word that a case may have been: it ends where it has come to."""
NEXT: Final = {
    "": "en", "e": "n", "n": "accoz", "a": "ooz", "c": "urrxx", "u": "oz", "r": "oz", "x": "z", "o": "pdd", "p": "d",
    "d": "vb", "b": "pd", "v": "z", "z": "",
}  # fmt: skip
"""What mostly follows a letter, the more telling more often."""
PRICED: Final = frozenset({
    "supervision-card", "praise", "criticism", "occurrence", "grade", "reply-timeout", "deadline-missed",
})  # fmt: skip
OPENED: Final = frozenset({"netizen-message", "deadline-opened"})
_SAYING_OF_LIMITS: Final = frozenset("odb")


class Standing(NamedTuple):
    """What a log comes to: the refs that are taken back, and the standing steps of each case that is not void."""

    gone: frozenset[str]
    steps: dict[str, list[Fact]]

    def word(self, ref: str) -> str:
        """The life of a case."""
        return "".join(LETTERS[step.type] for step in self.steps.get(ref, ()))

    def decided(self, letter: str) -> dict[str, Fact]:
        """The cases of which this is the latest word: contested (c), upheld, reduced or overturned (x)."""
        found = {}
        for ref, steps in self.steps.items():
            words = [step for step in steps if LETTERS[step.type] in "curx"]
            if words and LETTERS[words[-1].type] == letter:
                found[ref] = words[-1]
        return found


def standing(facts: Sequence[Fact]) -> Standing:
    """What stands, from the newest fact back to the oldest; what hangs on a fact falls with it."""
    gone: set[str] = set()
    for fact in reversed(facts):
        if fact.type in ("retraction", "duplicate-ruling") and fact.ref not in gone:
            gone.add(fact.of or "")
    steps: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.type in LETTERS and fact.of in gone:
            gone.add(fact.ref)
        elif fact.type in LETTERS and fact.ref not in gone:
            steps.setdefault(fact.of or "", []).append(fact)
        elif fact.scanned and fact.of in gone:
            gone.add(fact.ref)
    return Standing(frozenset(gone), steps)


def without_cases(facts: Sequence[Fact], dropped: Collection[str]) -> list[Fact]:
    """A log as if no case had ever been decided, and some facts had never been: a miss goes with all of its limit."""
    keys = {fact.key for fact in facts if fact.ref in dropped and fact.key is not None}
    return [
        fact
        for fact in facts
        if fact.ref not in dropped
        and (fact.key is None or fact.key not in keys)
        and LETTERS.get(fact.type, "o") in _SAYING_OF_LIMITS
    ]


def up_to(facts: Iterable[Fact], day: object) -> list[Fact]:
    """A log as it looks on a day: what happened later is left out, what was taken back whenever is not."""
    return [fact for fact in facts if str(fact.day) <= str(day) or fact.type in ("retraction", "duplicate-ruling")]
