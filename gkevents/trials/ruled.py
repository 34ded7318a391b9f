"""Every event rule of a scheme with where it stands and whose points it moves: what most looks go through."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Group, Item, Pricing
from gkevents.schemes.tree import Path
from gkevents.trials.bench import UNIT
from gkevents.trials.capacity import forms
from gkevents.trials.oddity import Example, Survey
from gkevents.trials.probes import Probe, heard_by, sketched
from gkevents.trials.showing import of_group, of_item

_MANY: Final = 999


class OnItem(NamedTuple):
    """A rule on an item, its place in the file, and whether it takes points away ("deduct") or gives some ("add")."""

    path: Path
    rule: Pricing
    item: Item
    key: str

    @property
    def target(self) -> Item:
        """What a fact has to name."""
        return self.item

    @property
    def role(self) -> str:
        """What a happening under it is."""
        return "offence" if self.key == "deduct" else "deed"

    @property
    def whole(self) -> Fraction:
        """The points of the item."""
        return self.item.points or Fraction(0)

    @property
    def room(self) -> Fraction | None:
        """How far the rule can move the item; None where there is no end, or what it exceeds is set off."""
        if self.item.add and self.item.deduct:
            return None
        if self.key == "add":
            return self.whole
        return None if self.item.floor is None else self.whole - self.item.floor


class OnGroup(NamedTuple):
    """The event rule of a ± rule, and its place in the file."""

    path: Path
    rule: Pricing
    adjustment: Adjustment
    group: Group

    @property
    def target(self) -> Adjustment:
        """What a fact has to name."""
        return self.adjustment

    @property
    def role(self) -> str:
        """What a happening under it is."""
        return "deed" if self.adjustment.side == "bonus" else "offence"

    @property
    def whole(self) -> Fraction:
        """A ± rule has no points of its own."""
        return Fraction(0)

    @property
    def room(self) -> Fraction | None:
        """How far the rule can move the group: to the group's cap, but where that holds for the net."""
        if self.group.caps == "net":
            return None
        return self.group.bonus_cap if self.adjustment.side == "bonus" else self.group.deduction_cap


Ruled = OnItem | OnGroup


def every_rule(edition: Edition) -> Iterator[Ruled]:
    """Every event rule whose prices are known, in the order of the file."""
    yield from item_rules(edition)
    yield from group_rules(edition)


def item_rules(edition: Edition) -> Iterator[OnItem]:
    """The event rules of the items that have points."""
    for place, item in enumerate(edition.items.values()):
        if item.points is not None:
            for key, rules in (("deduct", item.deduct), ("add", item.add)):
                for inner, rule in enumerate(rules):
                    yield OnItem(("items", place, "rule", key, inner), rule, item, key)


def group_rules(edition: Edition) -> Iterator[OnGroup]:
    """The event rules of the ± rules, but for those whose price an overlay decides."""
    for place, group in enumerate(edition.groups):
        for inner, adjustment in enumerate(group.rules):
            rule = adjustment.pricing
            if rule is not None and not (rule.from_overlay and rule.price is None):
                yield OnGroup(("adjustments", place, "rules", inner, "rule"), rule, adjustment, group)


def accepted(survey: Survey, one: Ruled) -> list[Probe]:
    """The happenings to try a rule with that an office could record."""
    unit, category = form(survey, one)
    found = []
    for probe in heard_by(one.rule, one.target.code, one.role):
        fuller = (made for made in _fuller(probe) if takes(survey, made, unit=unit, category=category))
        found += [made for made in [next(fuller, None)] if made is not None]
    return found


def _fuller(probe: Probe) -> Iterator[Probe]:
    """A happening as it is, and with what another rule of its item may want to know of it too."""
    said = dict(probe.sketches[0])
    for more in ({}, {"level": "national"}, {"amount": "1", "reason": "试"}, {"form": "形式"}):
        first = (*probe.sketches[0], *((name, value) for name, value in more.items() if name not in said))
        yield probe._replace(sketches=(first, *probe.sketches[1:]))


def form(survey: Survey, one: Ruled) -> tuple[str, str]:
    """A unit that a rule concerns, and its category."""
    return survey.bench.form_of(one.item) if isinstance(one, OnItem) else (UNIT, forms(survey.edition)[0])


def takes(survey: Survey, probe: Probe, *, unit: str, category: str) -> bool:
    """Whether an office could record all the facts of a happening."""
    bodies = sketched(probe, 0, year=survey.edition.year, unit=unit)
    return all(survey.bench.accepts(body, category) for body in bodies)


def dearest(survey: Survey, one: Ruled, times: int = 1) -> Example:
    """The dearest happening under a rule so many times, and what it leads to."""
    best = best_of(survey, one)
    return shown(survey, one, [best] * times if best is not None else [])


def often(survey: Survey, one: Ruled) -> Example:
    """The dearest happening under a rule, and then as many more as there may be, so that every limit shows."""
    best = best_of(survey, one)
    return shown(survey, one, [best, many(one.rule, best)] if best is not None else [])


def many(rule: Pricing, probe: Probe) -> Probe:
    """A happening many times at once where its count multiplies; else itself."""
    first = dict(probe.sketches[0])
    if rule.each != "event" or first["type"] != "occurrence" or "amount" in first:
        return probe
    return probe._replace(sketches=((*probe.sketches[0], ("count", _MANY)),))


def best_of(survey: Survey, one: Ruled) -> Probe | None:
    """The happening that moves most under a rule; None where none can be recorded."""
    probes = [probe for probe in accepted(survey, one) if probe.role != "easing"]
    return max(probes, key=lambda probe: _moved(shown(survey, one, [probe])), default=None)


def _moved(seen: Example) -> Fraction:
    """By how much the last happening of an example moved the points."""
    spans = [scored.span for scored in seen.scores if scored.span is not None]
    return max(abs(spans[-1].low - spans[0].low), abs(spans[-1].high - spans[0].high))


def shown(survey: Survey, one: Ruled, probes: list[Probe]) -> Example:
    """Happenings under a rule, and what they lead to."""
    if isinstance(one, OnItem):
        return of_item(survey, one.item, probes)
    return of_group(survey, one.group, probes)
