"""The numbers of points that changed, each with where it stands: what a change is worth, where that can be told.

Numbers are compared by value: 0.80 is 80%, 1.0 is 1. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from gkevents.terms import exact_share

_NOT_POINTS: Final = frozenset({"share", "of", "step", "each", "fall", "zero_below", "full_from", "scale"})
"""Keys whose numbers are no points: shares, steps and counts."""
LINES: Final = frozenset({"from", "above", "to", "below"})
"""Keys of lines: lines of points in a gate, a veto or a band, of figures in a rule."""


class Shift(NamedTuple):
    """A number that changed: the keys (and numbers, from 1, of entries) that lead to it, what it was, what it is."""

    path: tuple[str, ...]
    old: str | None
    new: str | None

    @property
    def by(self) -> Fraction | None:
        """By how much it grew; None where there was, or is, no number."""
        before, after = number(self.old), number(self.new)
        return None if before is None or after is None else after - before


def number(value: object) -> Fraction | None:
    """The number that a text stands for; None where it stands for none."""
    try:
        return exact_share(value) if isinstance(value, str) else None
    except ValueError:
        return None


def alike(old: Any, new: Any) -> bool:  # noqa: ANN401 - plain JSON
    """Whether two pieces of a scheme say the same, numbers by value."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(alike(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(alike, old, new))
    if isinstance(old, str) and isinstance(new, str) and old != new:
        before, after = number(old), number(new)
        return before is not None and before == after
    return bool(old == new)


def shifts_of(old: Any, new: Any, *path: str) -> tuple[Shift, ...]:  # noqa: ANN401 - plain JSON
    """The numbers of points that differ between two pieces that stand at the same place."""
    return tuple(_shifts(old, new, path))


def _shifts(old: Any, new: Any, path: tuple[str, ...]) -> Iterable[Shift]:  # noqa: ANN401 - plain JSON
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _shifts(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for place, (before, after) in enumerate(_beside(old, new), 1):
            yield from _shifts(before, after, (*path, str(place)))
    elif not alike(old, new) and _is_points(old, path) and _is_points(new, path) and (old, new) != (None, None):
        yield Shift(path, old, new)


def _is_points(value: object, path: tuple[str, ...]) -> bool:
    """Whether what stands there is a number of points, or the lack of one."""
    if value is not None and number(value) is None:
        return False
    key = next(step for step in reversed(path) if not step.isdigit())
    if key in LINES:
        return path[0] in ("gate", "low", key) or (len(path) > 1 and path[-2] == "price")
    return key not in _NOT_POINTS


def _beside(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Entries side by side: those that say the same with each other, the others in their order."""
    left, rest = list(new), []
    pairs: list[tuple[Any, Any]] = []
    for entry in old:
        same = next((other for other in left if alike(entry, other)), None)
        if same is None:
            rest.append(entry)
        else:
            left.remove(same)
            pairs.append((entry, same))
    return [*pairs, *zip(rest, left, strict=False)]
