"""One fact priced in two places: two rules of an item that both hear it, rules of a group that both take one matter."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Final

from gkevents.trials.bench import UNIT
from gkevents.trials.capacity import forms
from gkevents.trials.effect import hits
from gkevents.trials.oddity import Survey
from gkevents.trials.probes import Probe, heard_by
from gkevents.trials.ruled import OnGroup, OnItem, accepted, group_rules, item_rules, takes
from gkevents.trials.showing import of_group, of_item
from gkevents.words import N_, message


def facts_priced_twice(survey: Survey) -> None:
    """Every two rules of an item of which one and the same fact moves both."""
    rules: dict[str, list[OnItem]] = {}
    for one in item_rules(survey.edition):
        rules.setdefault(one.item.code, []).append(one)
    for held in rules.values():
        for one, two in combinations(held, 2):
            both = next(
                (probe for probe in _probes(survey, one, two) if hits(survey, one, probe) and hits(survey, two, probe)),
                None,
            )
            if both is None:
                continue
            said = N_(
                "One fact is priced here and by the rule at {line}:{column} too. If that is meant (a further "
                "deduction), "
                "leave "
                "it so; else tell them apart by when, level_min or what they listen to."
            )
            mark = survey.tree.at(one.path)
            told = message(said, line=mark.line, column=mark.column)
            survey.add(two.path, "priced-twice", told, of_item(survey, two.item, [both]))


def _probes(survey: Survey, one: OnItem, two: OnItem) -> list[Probe]:
    return [probe for rule in (one, two) for probe in accepted(survey, rule) if probe.role != "easing"]


def matters_priced_twice(survey: Survey) -> None:
    """Groups that say nothing of one matter under two of their rules: each of them counts."""
    for place, group in enumerate(survey.edition.groups):
        if group.same_matter != "each" or survey.said(("adjustments", place, "same_matter")):
            continue
        rules = [one for one in group_rules(survey.edition) if one.group is group and _by_matter(one)]
        pair = next((two for two in combinations(rules, 2) if two[0].adjustment.side == two[1].adjustment.side), None)
        probes = [_with_matter(survey, one) for one in pair or ()]
        if pair is None or not all(probes):
            continue
        said = N_(
            "One matter recorded under {one} and under {two} counts in both. If only the highest shall count, write "
            "same_matter: highest; if both, same_matter: each."
        )
        told = message(said, one=pair[0].adjustment.code, two=pair[1].adjustment.code)
        survey.add(("adjustments", place), "priced-twice", told, of_group(survey, group, [held[0] for held in probes]))


def _by_matter(one: OnGroup) -> bool:
    return one.rule.each in ("matter", "matter-level", "year") and not one.rule.needs


def _with_matter(survey: Survey, one: OnGroup) -> list[Probe]:
    """The happenings on one matter that can be recorded under a rule."""
    category = forms(survey.edition)[0]
    probes = heard_by(one.rule, one.target.code, one.role, matters=True)
    return [probe for probe in probes if probe.role != "easing" and takes(survey, probe, unit=UNIT, category=category)]


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (facts_priced_twice, matters_priced_twice)
