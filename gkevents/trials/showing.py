"""Examples: happenings laid out as a log, and what it scores before and after each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gkevents.aggregates.facts import Body
from gkevents.schemes.model import Group, Item
from gkevents.trials.bench import UNIT, Logged, Span, logged
from gkevents.trials.capacity import forms
from gkevents.trials.oddity import Example, Scored, Survey
from gkevents.trials.probes import Probe, setting, sketched

Measure = Callable[[Sequence[Logged]], Span]


def steps(of: str, facts: Sequence[Body], measure: Measure, at: Iterable[int]) -> Example:
    """An example with what is scored after so many of its facts, for each number of `at`."""
    log = logged(facts)
    scores = [Scored(facts[count - 1]["ref"] if count else None, of, measure(log[:count])) for count in at]
    return Example(tuple(facts), tuple(scores))


def of_item(survey: Survey, item: Item, probes: Sequence[Probe]) -> Example:
    """Happenings on an item, and its score before and after each."""
    unit, category = survey.bench.form_of(item)
    before = setting([item], year=survey.edition.year, unit=unit)
    facts, at = in_turn(probes, before, year=survey.edition.year, unit=unit)
    return steps(item.code, facts, lambda log: survey.bench.item(item, log, unit, category), at)


def of_group(survey: Survey, group: Group, probes: Sequence[Probe]) -> Example:
    """Happenings on a ± group's rules, and what the group comes to before and after each."""
    codes = {probe.code for probe in probes}
    before = setting([rule for rule in group.rules if rule.code in codes], year=survey.edition.year, unit=UNIT)
    facts, at = in_turn(probes, before, year=survey.edition.year, unit=UNIT)
    return steps(group.code, facts, lambda log: survey.bench.group(group, log, forms(survey.edition)[0]), at)


def on_item(survey: Survey, item: Item, facts: Sequence[Body], at: Iterable[int]) -> Example:
    """Facts of any kind on an item, and its score after so many of them."""
    unit, category = survey.bench.form_of(item)
    return steps(item.code, facts, lambda log: survey.bench.item(item, log, unit, category), at)


def plain(of: str, span: Span | None, *facts: Body) -> Example:
    """What something scores, by a log that needs no steps."""
    return Example(tuple(facts), (Scored(facts[-1]["ref"] if facts else None, of, span),))


def in_turn(probes: Sequence[Probe], before: Sequence[Body], *, year: int, unit: str) -> tuple[list[Body], list[int]]:
    """Happenings after what must stand before them, as facts; and how many facts there are before and after each."""
    facts, at = list(before), [len(before)]
    for place, probe in enumerate(probes):
        facts += sketched(probe, place, year=year, unit=unit, number=len(facts) + 1)
        at.append(len(facts))
    return facts, at
