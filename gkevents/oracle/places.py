"""Points by place among the units: who may still stand where, and what the places are worth.

A unit whose figure is missing, or whose items are open, may stand anywhere in its bounds; so may those beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from .charges import ZERO
from .heard import Rule, World, number
from .marks import Mark, clip
from .worths import among, figure, reported


@dataclass(frozen=True)
class Span:
    """The least and the most that a unit's value may be; None where nothing bounds it."""

    low: Fraction | None
    high: Fraction | None


def of_figure(world: World, unit: str, code: str) -> Span:
    """Give the span of a unit's own figure: the figure, or anything while there is none."""
    fact = reported(world, unit, code)
    return Span(None, None) if fact is None else Span(figure(fact), figure(fact))


def of_codes(codes: list[str], marks: Mapping[str, Mark]) -> Span:
    """Give the span of the sum of some items."""
    found = [marks[code] for code in codes if code in marks]
    return Span(sum((mark.low for mark in found), ZERO), sum((mark.high for mark in found), ZERO))


def surely_better(one: Span, other: Span, best: str) -> bool:
    """Tell whether one unit stands before another wherever both may still be."""
    if best == "low":
        return one.high is not None and other.low is not None and one.high < other.low
    return one.low is not None and other.high is not None and one.low > other.high


def possibly_better(one: Span, other: Span, best: str) -> bool:
    """Tell whether one unit may still come to stand before another."""
    if best == "low":
        return one.low is None or other.high is None or one.low < other.high
    return one.high is None or other.low is None or one.high > other.low


def points_of(worth: dict[str, Any], place: int, ranked: int) -> Fraction:
    """Give the points of a place among so many."""
    if "places" in worth:
        return number(worth["places"][place - 1] if place <= len(worth["places"]) else worth["rest"])
    for row in worth["top"]:
        if place <= quota(number(row["share"]), ranked, worth["round"]):
            return number(row["points"])
    return number(worth["rest"])


def quota(share: Fraction, ranked: int, how: str) -> int:
    """Give how many places a share of the units is."""
    exact = share * ranked
    return {"down": floor(exact), "up": -floor(-exact), "half-up": floor(exact + Fraction(1, 2))}[how]


def placed(
    world: World, unit: str, rule: Rule, spans: Mapping[str, Span], *, least: Fraction | None = None
) -> Mark | None:
    """Give what a unit's place is worth among the units ranked, or None where it is not ranked itself.

    No place is worth less than `least`, the item's floor.
    """
    if unit not in spans:
        return None
    group = [other for other in among(world, unit, rule["among"]) if other in spans]
    rivals = [spans[other] for other in group if other != unit]
    own, best = spans[unit], rule["best"]
    first = 1 + sum(surely_better(rival, own, best) for rival in rivals)
    last = 1 + sum(possibly_better(rival, own, best) for rival in rivals)
    found = [clip(points_of(rule["worth"], place, len(group)), least, None) for place in range(first, last + 1)]
    known = min(found) == max(found) and own.low is not None and own.low == own.high
    return Mark(min(found), max(found), known, "reported" if known else "open")
