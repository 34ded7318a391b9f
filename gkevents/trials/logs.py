"""Logs of a whole year made on purpose: one whose total is in no band, the smallest bad one that shows a lift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Final

from gkevents.aggregates.facts import Body
from gkevents.schemes.model import Adjustment, Item
from gkevents.terms import ZERO, show
from gkevents.trials.bench import UNIT, logged
from gkevents.trials.capacity import forms
from gkevents.trials.oddity import Survey
from gkevents.trials.probes import Probe, probes_of, sketched
from gkevents.trials.ruled import takes

_COUNTS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 99)
_TRIES_MAX: Final = 120
_MARKED: Final = frozenset({"grade", "metric", "checklist", "count"})


def log_to_reach(survey: Survey, total: Fraction, wanted: Callable[[Fraction], bool]) -> list[Body] | None:
    """A log whose total is `total`, or else another one that is `wanted`; None where none was found."""
    category = forms(survey.edition)[0]
    facts = _marks(survey, category)
    found = survey.bench.total(logged(facts), category)
    if found.low != found.high:
        return None
    lowered = _lowered(survey, facts, found.high - total, category)
    for tried in islice(chain((facts, lowered), _with_happenings(survey, facts, category)), _TRIES_MAX):
        span = survey.bench.total(logged(tried), category)
        if span.low == span.high and wanted(span.low):
            return tried
    return None


def _marks(survey: Survey, category: str) -> list[Body]:
    """Full marks for everything that is open."""
    score = survey.bench.score([], category)
    wanted = [survey.edition.items[code] for code, item in score.items.items() if item.low != item.high]
    return [_grade(survey, item, number, _best(item)) for number, item in enumerate(wanted, 1) if item.start in _MARKED]


def _best(item: Item) -> Fraction:
    return max(item.allowed) if item.allowed else item.scale if item.scale is not None else item.points or ZERO


def _grade(survey: Survey, item: Item, number: int, points: Fraction, day: int = 1) -> Body:
    told: dict[str, Any] = {
        "ref": f"f{number}",
        "type": "grade",
        "unit": UNIT,
        "item": item.code,
        "points": show(points),
    }
    return {
        **told,
        "effective_on": f"{survey.edition.year}-12-{day:02}",
        **({"source": "试"} if item.source_required else {}),
    }


def _lowered(survey: Survey, facts: list[Body], short: Fraction, category: str) -> list[Body]:
    """The same marks, lowered one after the other until so much is gone."""
    lowered = []
    for fact in facts:
        item = survey.edition.items[fact["item"]]
        weight = weight_of(survey, item, category)
        if short > 0 and weight and not item.allowed and item.scale is None:
            less = min(item.points or ZERO, short / weight)
            points = (item.points or ZERO) - less
            if (points * 10**item.grade_decimals).denominator == 1:
                fact, short = {**fact, "points": show(points)}, short - less * weight  # noqa: PLW2901 - the mark lowered
        lowered.append(fact)
    return lowered


def weight_of(survey: Survey, item: Item, category: str) -> Fraction:
    """What a point of an item is worth in the total."""
    for part in survey.edition.parts:
        if item.head in {section.name for section in part.sections}:
            return part.weight(category) * survey.edition.convert
    return survey.edition.convert


def _with_happenings(survey: Survey, facts: list[Body], category: str) -> Iterator[list[Body]]:
    """A log with ever more of one happening, for every item and ± rule that hears some."""
    targets: list[Item | Adjustment] = [*survey.edition.items_for(category).values(), *survey.edition.rules.values()]
    for target in targets:
        for probe in _takable(survey, probes_of(target), category)[:1]:
            for count in _COUNTS:
                yield [*facts, *_counted(survey, probe, count, len(facts) + 1)]


def _takable(survey: Survey, probes: list[Probe], category: str) -> list[Probe]:
    return [
        probe
        for probe in probes
        if probe.role != "easing" and len(probe.sketches) == 1 and takes(survey, probe, unit=UNIT, category=category)
    ]


def _counted(survey: Survey, probe: Probe, count: int, number: int) -> list[Body]:
    (body,) = sketched(probe, 0, year=survey.edition.year, number=number)
    if "amount" in body:
        return [{**body, "amount": str(count)}]
    if body["type"] == "supervision-card":
        return [body]
    return [{**body, "count": count} if count > 1 else body]


def worst_log(survey: Survey, shows: Callable[[list[Body]], bool]) -> list[Body] | None:
    """The smallest bad year found that `shows` something; None where even the worst does not."""
    category = forms(survey.edition)[0]
    facts: list[Body] = []
    bad = _bad(survey, category)
    while not shows(facts):
        fact = next(bad, None)
        if fact is None:
            return None
        facts = _renumbered([*facts, fact])
    for fact in list(facts):
        fewer = _renumbered([one for one in facts if (one["item"], one["type"]) != (fact["item"], fact["type"])])
        if shows(fewer):
            facts = fewer
    return facts


def bad_year(survey: Survey, last: Callable[[Item], bool]) -> tuple[list[Body], list[Body]]:
    """A bad year but for some items, which have full points; and what then makes them bad too."""
    category = forms(survey.edition)[0]
    items = survey.edition.items
    bad = list(_bad(survey, category))
    before = [fact for fact in bad if not last(items[fact["item"]])]
    before += [fact for fact in _marks(survey, category) if last(items[fact["item"]])]
    both = _renumbered([*before, *(fact for fact in bad if last(items[fact["item"]]))])
    return both[: len(before)], both[len(before) :]


def _bad(survey: Survey, category: str) -> Iterator[Body]:
    """The worst single fact on each item: many offences, or no points; the dearest items first."""
    items = [item for item in survey.edition.items_for(category).values() if item.points]
    for item in sorted(items, key=lambda item: -(item.points or ZERO) * weight_of(survey, item, category)):
        probes = [probe for probe in _takable(survey, probes_of(item), category) if probe.role == "offence"]
        if probes:
            yield from _counted(survey, probes[0], _COUNTS[-1], 1)
        if item.start in _MARKED:
            yield _grade(survey, item, 1, min(item.allowed) if item.allowed else ZERO, day=2)


def _renumbered(facts: list[Body]) -> list[Body]:
    return [{**fact, "ref": f"f{number}"} for number, fact in enumerate(facts, 1)]
