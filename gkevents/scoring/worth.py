"""What a reported figure gives: points from a ratio, a number, a checklist or a count, exactly and without rounding."""

from __future__ import annotations

import math
from fractions import Fraction

from gkevents.schemes.model import Item, Worth
from gkevents.scoring.fact import CHECKLIST, Fact
from gkevents.terms import ZERO


def reported_points(item: Item, report: Fact, *, points_max: Fraction) -> Fraction:
    """The points a metric or checklist gives on its item, within 0 and `points_max`."""
    worth = item.worth
    if worth is None:
        return ZERO
    if report.type == CHECKLIST:
        return within(_of_checklist(worth, report, points_max), points_max)
    if worth.shape == "fall":
        return within(points_max - worth.per * short_of(worth, fallen(report)), points_max)
    figure = report.ratio or ZERO  # a figure that fits has one
    if worth.shape == "above":
        return within(points_max - worth.per * max(figure - worth.above, ZERO), points_max)
    return within(tier(worth, figure), points_max)


def figure_fits(item: Item, report: Fact) -> bool:
    """Whether a reported figure is one that the item's rule can read (a rule of a later edition may not).

    Intervals of shares take at most 100 %; a number of things "above" a limit is a whole one from 1 on.
    """
    worth, ratio = item.worth, report.ratio
    if worth is None:
        return True
    if report.type == CHECKLIST or worth.shape in ("each", "missing"):
        number = report.met if report.met is not None else report.missing
        return worth.shape in ("each", "missing") and number is not None and number <= worth.of
    if worth.shape == "fall":
        return bool(report.previous) and report.current is not None
    if ratio is None:
        return False
    if worth.shape == "above":
        return ratio.denominator == 1 and ratio >= 1
    return ratio <= 1 or worth.tiers[0][0] > 1


def counted_points(item: Item, occurrences: list[Fact], *, points_max: Fraction) -> Fraction:
    """The points that the number of occurrences (or of their distinct forms) gives on a counted item."""
    if item.worth is None:
        return ZERO
    forms = {fact.form for fact in occurrences}
    number = len(forms) if item.counts == "form" else sum(fact.times for fact in occurrences)
    return within(tier(item.worth, Fraction(number)), points_max)


def tier(worth: Worth, figure: Fraction) -> Fraction:
    """The points of the interval a figure lies in; its lower end belongs to it, or its upper if the scheme says so."""
    for start, points in worth.tiers:
        if figure > start or (figure == start and worth.interval == "lower"):
            return points
    return worth.tiers[-1][1] if worth.tiers else ZERO


def fallen(report: Fact) -> Fraction:
    """By what share a figure fell against the year before; 0 where it does not compare two years."""
    if not report.previous or report.current is None:
        return ZERO
    return (report.previous - report.current) / report.previous


def short_of(worth: Worth, fall: Fraction) -> Fraction:
    """Percentage points by which a fall (a share) stays short of the target: whole ones, rounded up, or exact."""
    short = max((worth.fall - fall) * 100, ZERO)
    if worth.step == "whole":
        return Fraction(math.floor(short))
    return Fraction(math.ceil(short)) if worth.step == "up" else short


def within(points: Fraction, points_max: Fraction) -> Fraction:
    """Points clipped once, to 0 and the item's maximum."""
    return min(max(points, ZERO), points_max)


def _of_checklist(worth: Worth, report: Fact, points_max: Fraction) -> Fraction:
    """Elements that are there earn `each`; elements that are missing cost `missing`."""
    met = report.met if report.met is not None else worth.of - (report.missing or 0)
    if worth.shape == "each":
        return worth.per * met
    return points_max - worth.per * (worth.of - met)
