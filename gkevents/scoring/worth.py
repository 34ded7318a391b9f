"""What a reported figure gives: points from a ratio, a number, a checklist or a count, exactly and without rounding."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from gkevents.schemes.model import Item, Line, Worth
from gkevents.scoring.fact import CHECKLIST, METRIC, Fact
from gkevents.scoring.pricing import period_of
from gkevents.terms import ONE, ZERO

_SHARE_MAX: Final = ONE


def points_of(worth: Worth, report: Fact, *, most: Fraction, line: Fraction | None = None) -> Fraction:
    """The points that a metric or checklist gives, before any bound: those it earns, or `most` less what it costs.

    `line` is what a linear worth compares the figure with (see `line_of`).
    """
    points = amount(worth, report, line=line)
    return most - points if worth.costs else points


def amount(worth: Worth, report: Fact, *, line: Fraction | None = None) -> Fraction:
    """What a figure comes to by itself, whether it costs or earns."""
    if report.type == CHECKLIST:
        return worth.per * _elements(worth, report)
    return _SHAPES[worth.shape](worth, report, line)


def _linear(worth: Worth, report: Fact, line: Fraction | None) -> Fraction:
    return beyond(worth, figure_of(report), ZERO if line is None else line)


def _tiers(worth: Worth, report: Fact, _line: Fraction | None) -> Fraction:
    return tier(worth, figure_of(report))


def _fall(worth: Worth, report: Fact, _line: Fraction | None) -> Fraction:
    return worth.per * short_of(worth, fallen(report))


def _proportional(worth: Worth, report: Fact, _line: Fraction | None) -> Fraction:
    figure = figure_of(report)
    if worth.zero_below is not None and figure < worth.zero_below:
        return ZERO
    if worth.full_from is not None and figure >= worth.full_from:
        return worth.per
    return worth.per * figure


_SHAPES: Final[Mapping[str, Callable[[Worth, Fact, Fraction | None], Fraction]]] = {
    "linear": _linear,
    "tiers": _tiers,
    "fall": _fall,
    "proportional": _proportional,
}
"""What a figure comes to, by the shape of the worth."""


def figure_of(report: Fact) -> Fraction:
    """The figure of a report: its ratio, or this year's of two years compared; a figure that fits has one."""
    if report.ratio is not None:
        return report.ratio
    return report.current if report.current is not None else ZERO


def beyond(worth: Worth, figure: Fraction, line: Fraction) -> Fraction:
    """What a figure comes to by how far it lies beyond a line: so much at once, so much for each step."""
    steps = steps_beyond(worth, figure, line)
    crossed = figure > line if worth.above else figure < line
    return worth.per * steps + (worth.at_once if crossed else ZERO)


def steps_beyond(worth: Worth, figure: Fraction, line: Fraction) -> Fraction:
    """By how many steps a figure lies beyond a line, on the side that counts; 0 where it does not."""
    beyond = figure - line if worth.above else line - figure
    if beyond <= 0:
        return ZERO
    if worth.each is None:
        return ONE
    if worth.relative:
        beyond /= line
    return _whole(beyond / worth.each, worth.step)


def _whole(steps: Fraction, step: str) -> Fraction:
    """Steps of which a part is dropped ("whole"), counted in full ("up"), or in proportion."""
    if step == "whole":
        return Fraction(math.floor(steps))
    return Fraction(math.ceil(steps)) if step == "up" else steps


def line_of(line: Line, facts: Iterable[Fact], report: Fact | None, year: int) -> Fraction | None:
    """What a figure is compared with, from what is recorded on its item; None where it is not recorded.

    A relation to the units' mean is worked out elsewhere: here it is None.
    """
    if line.number is not None:
        return line.number
    found = _recorded(line, facts, report, year)
    return None if found is None else line.share * found


def _recorded(line: Line, facts: Iterable[Fact], report: Fact | None, year: int) -> Fraction | None:
    if line.source == "previous" and report is not None and report.previous is not None:
        return report.previous
    references = [fact for fact in facts if fact.type == METRIC and fact.is_reference and fact.ratio is not None]
    if line.source in ("parent", "target"):
        return latest_figure(fact for fact in references if fact.about == line.source)
    years = [year - back for back in range(1, line.years + 1)]
    figures = [latest_figure(fact for fact in references if fact.for_year == past) for past in years]
    known = [figure for figure in figures if figure is not None]
    if line.source == "mean" or len(known) < len(years):
        return None
    return sum(known, ZERO) / len(years)


def latest_figure(reports: Iterable[Fact]) -> Fraction | None:
    """The figure of the latest report (day, then position); None where there is none."""
    latest = max(reports, key=lambda fact: (fact.day, fact.position), default=None)
    return None if latest is None else latest.ratio


def reads_line(worth: Worth, line: Fraction | None) -> bool:
    """Whether a linear worth can compare with what was found as its line."""
    return line is not None and not (worth.relative and not line)


def figure_fits(item: Item, report: Fact) -> bool:
    """Whether a reported figure is one that the item's rule can read (a rule of a later edition may not)."""
    if item.worth is None:
        return True
    return worth_reads(item.worth, report)


def worth_reads(worth: Worth, report: Fact) -> bool:
    """Whether a worth can read a reported figure: a share of at most 100 %, any number, a whole one (from 1 on)."""
    if report.type == CHECKLIST or worth.shape in ("each", "missing"):
        number = report.met if report.met is not None else report.missing
        return worth.shape in ("each", "missing") and number is not None and number <= worth.of
    if worth.shape == "fall":
        return bool(report.previous) and report.current is not None
    figure = report.ratio
    if figure is None and worth.line.source == "previous":
        figure = report.current
    if figure is None:
        return False
    if worth.reads == "share":
        return figure <= _SHARE_MAX
    return worth.reads == "number" or (figure.denominator == 1 and figure >= (1 if worth.reads == "positive" else 0))


def counted_points(item: Item, occurrences: Sequence[Fact], *, points_max: Fraction, year: int) -> Fraction:
    """The points that the number of occurrences gives on a counted item, worked out in each of its periods."""
    worth = item.worth
    if worth is None:
        return ZERO
    counted = [fact for fact in occurrences if not item.count_kinds or fact.kind in item.count_kinds]
    gained = sum((_of_number(worth, number_of(item, held)) for held in _by_period(item, counted, year)), ZERO)
    return points_max - gained if worth.costs else gained


def _by_period(item: Item, counted: Sequence[Fact], year: int) -> list[list[Fact]]:
    """What lies in each period of the year, empty ones too."""
    if item.period == "year":
        return [list(counted)]
    number = {"half-year": 2, "quarter": 4, "month": 12}[item.period]
    held: dict[tuple[int, int], list[Fact]] = {(year, place): [] for place in range(number)}
    for fact in counted:
        held.setdefault(period_of(fact, item.period), []).append(fact)
    return list(held.values())


def number_of(item: Item, counted: Iterable[Fact]) -> Fraction:
    """How many there are: occurrences, distinct forms, or distinct matters (one without a matter is its own)."""
    if item.counts == "form":
        return Fraction(len({fact.form for fact in counted}))
    if item.counts == "matter":
        return Fraction(len({fact.matter or ("", fact.ref) for fact in counted}))
    return Fraction(sum(fact.times for fact in counted))


def _of_number(worth: Worth, number: Fraction) -> Fraction:
    if worth.shape == "linear":
        return beyond(worth, number, worth.line.number or ZERO)
    return tier(worth, number)


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
    return _whole(max((worth.fall - fall) * 100, ZERO), worth.step)


def within(points: Fraction, points_max: Fraction, floor: Fraction | None = ZERO) -> Fraction:
    """Points clipped once, to the item's maximum and its floor (None: it has none)."""
    points = min(points, points_max)
    return floor if floor is not None and floor > points else points


def _elements(worth: Worth, report: Fact) -> int:
    """Elements of a checklist that are there, where they earn; those that are missing, where they cost."""
    met = report.met if report.met is not None else worth.of - (report.missing or 0)
    return met if worth.shape == "each" else worth.of - met


def place_points(worth: Worth, place: int, number: int) -> Fraction:
    """What a place among `number` of units gives: by a list of places, or by the share of the units it lies within."""
    if worth.shape == "places":
        return worth.tiers[place - 1][1] if place <= len(worth.tiers) else worth.rest
    for share, points in worth.tiers:
        if place <= quota(share, number, worth.round):
            return points
    return worth.rest


def quota(share: Fraction, number: int, how: str) -> int:
    """How many of `number` units a share of them is: "down", "up" or "half-up"."""
    exact = share * number
    if how == "up":
        return math.ceil(exact)
    return math.floor(exact + Fraction(1, 2)) if how == "half-up" else math.floor(exact)
