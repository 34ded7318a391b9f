"""Which entry of one list is which of another: by its name, and what is left over by a second one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gkevents.schemes.model import Content


class Pairing(NamedTuple):
    """The entries that both lists have, those only the old one has, and those only the new one has."""

    kept: list[tuple[Content, Content]]
    gone: list[Content]
    come: list[Content]


def pairs_of(old: Sequence[Content], new: Sequence[Content], *, by: str, else_by: str | None = None) -> Pairing:
    """The entries of two lists paired by a key; what is left, by another key where it names one entry in each list."""
    names = {row[by] for row in new}
    gone = [row for row in old if row[by] not in names]
    held = {row[by]: row for row in old}
    left = [row for row in new if row[by] not in held]
    renamed = _by_single(gone, left, else_by) if else_by is not None else {}
    found = {row[by]: held[row[by]] for row in new if row[by] in held} | renamed
    kept = [(found[row[by]], row) for row in new if row[by] in found]
    taken = [before for before, _ in kept]
    return Pairing(kept, [row for row in gone if row not in taken], [row for row in left if row[by] not in found])


def _by_single(gone: Sequence[Content], come: Sequence[Content], key: str) -> dict[str, Content]:
    """By the code of each new entry the old one of the same key, where there is exactly one of each."""
    before, after = Counter(row[key] for row in gone), Counter(row[key] for row in come)
    old = {row[key]: row for row in gone}
    return {row["code"]: old[row[key]] for row in come if before[row[key]] == after[row[key]] == 1}


def in_other_order(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The names that both lists have, in the order of each; None where that is the same."""
    before = [name for name in old if name in set(new)]
    after = [name for name in new if name in set(old)]
    return None if before == after else (before, after)
