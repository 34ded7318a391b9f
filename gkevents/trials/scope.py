"""What a gate or a veto looks at, and what the whole can come to: their bounds, and what they are by a log."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item
from gkevents.terms import ZERO
from gkevents.trials.bench import Logged, Span
from gkevents.trials.capacity import forms, items_sum, part_items, part_most, total_most
from gkevents.trials.oddity import Example, Survey
from gkevents.trials.showing import plain
from gkevents.words import N_, Message, message

_ONE: Final = Fraction(1)
_CALLED: Final = {"total": N_("the total"), "base": N_("the items together")}


def called(of: str) -> Message | str:
    """What people call what a gate or a veto names."""
    return message(_CALLED[of]) if of in _CALLED else of


def most_of(edition: Edition, of: str) -> Fraction | None:
    """The most that what a gate or a veto names can be, on any form; None where there is no end to it."""
    if of == "total":
        return total_most(edition)
    if of == "base":
        return max(_base(edition, category) for category in forms(edition))
    for part in edition.parts:
        if part.name == of:
            return max(part_items(edition, part, category) for category in forms(edition))
        for section in part.sections:
            if section.name == of:
                most = max(items_sum(edition, [of], category) for category in forms(edition))
                return most if section.cap is None else min(most, section.cap)
    item = edition.items.get(of)
    return item.points if item is not None else None


def part_score_most(edition: Edition, of: str) -> Fraction | None:
    """As `most_of`, but a part with its groups' bonuses, as a veto sees it."""
    part = next((part for part in edition.parts if part.name == of and of), None)
    return most_of(edition, of) if part is None else part_most(edition, part)


def _base(edition: Edition, category: str) -> Fraction:
    parts = [part for part in edition.parts if not part.beyond]
    return sum((part.weight(category) * part_items(edition, part, category) for part in parts), ZERO)


def least_of(edition: Edition, of: str) -> Fraction | None:
    """The least that it can be; None where items may fall without end."""
    if of == "total":
        return edition.floor
    items = [item for item in edition.items.values() if item.start != "elsewhere" and within(edition, item, of)]
    for part in edition.parts:
        if part.name == of and part.name and part.floor is not None:
            return part.floor
        section = next((section for section in part.sections if section.name == of and section.floor is not None), None)
        if section is not None:
            return section.floor
    if any(item.floor is None for item in items):
        return None
    weights = {item.code: _weight(edition, item, forms(edition)[0]) if of == "base" else _ONE for item in items}
    return sum((weights[item.code] * (item.floor or ZERO) for item in items if not item.only), ZERO)


def part_score_least(edition: Edition, of: str) -> Fraction | None:
    """As `least_of`, but a part with its groups' deductions, as a veto sees it."""
    part = next((part for part in edition.parts if part.name == of and of), None)
    lowered = [
        group for group in edition.groups if group.part == of and any(rule.side != "bonus" for rule in group.rules)
    ]
    if part is not None and part.floor is None and lowered:
        return None
    return least_of(edition, of)


def within(edition: Edition, item: Item, of: str) -> bool:
    """Whether an item's points are in what a gate or a veto names."""
    if of in (item.code, item.head):
        return True
    part = next((part for part in edition.parts if item.head in {section.name for section in part.sections}), None)
    return part is not None and ((of == "base" and not part.beyond) or part.name == of)


def span_of(survey: Survey, of: str, log: Sequence[Logged], category: str) -> Span:
    """What a gate or a veto sees by a log: the bounds of an item, a section, a part's items, the base or the total."""
    edition = survey.edition
    if of == "total":
        return survey.bench.total(log, category)
    low = high = ZERO
    for code, found in survey.bench.score(log, category).items.items():
        item = edition.items[code]
        if within(edition, item, of):
            weight = _weight(edition, item, category) if of == "base" else _ONE
            low += weight * (found.low or ZERO)
            high += weight * (found.high or ZERO)
    return Span(low, high)


def unlogged(survey: Survey, of: str) -> Example:
    """What it is where nothing has been recorded yet."""
    return plain(of, span_of(survey, of, [], forms(survey.edition)[0]))


def _weight(edition: Edition, item: Item, category: str) -> Fraction:
    for part in edition.parts:
        if item.head in {section.name for section in part.sections}:
            return part.weight(category)
    return _ONE
