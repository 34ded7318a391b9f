"""Which fields mean something on an item, and which its rule cannot do without (contract, "What the fields mean")."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from itertools import count
from operator import itemgetter
from typing import Any, Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body
from gkevents.aggregates.pairing import Rule, has_own_figure, pricings_of, references_of
from gkevents.aggregates.stored import fact_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import KEPT, Adjustment, Item, Pricing, Veto, Worth
from gkevents.scoring.fact import FIGURES, GRADE, METRIC, ORDERED, SELF_ASSESSMENT, Fact
from gkevents.scoring.worth import worth_reads
from gkevents.terms import LEVELS, exact, show
from gkevents.words import N_, Message, message

_BECOMES: Final = {
    **dict.fromkeys(("deadline-opened", ORDERED), ("deadline-missed", KEPT)),
    "netizen-message": ("reply-timeout", KEPT),
}
"""What a rule hears of an opened limit."""


def check_fields(edition: Edition, rule: Rule, body: Body, *, year: int) -> None:
    """Refuse what a rule cannot do without, and what means nothing on it. `year` is the assessment year."""
    concerned = _concerned(rule, body)
    if body["type"] == SELF_ASSESSMENT and isinstance(rule, Item):
        _check_points(edition, rule, body, allowed=())
    if body["type"] == GRADE and isinstance(rule, Item):
        _check_grade(edition, rule, body)
    if body["type"] in FIGURES:
        _check_figure(rule, body, year)
    if body["type"] in ("occurrence", "praise", "criticism"):
        pricing = [part for part in concerned if body.get("kind") not in part.eased]
        _check_level(rule, pricing, body)
        _check_kind(rule, body)
        _check_easing(concerned, pricing, body)
        _check_form(rule, body)
        _check_amount(rule, pricing, body)
    _check_units(rule, concerned, body)


def told(body: Body) -> tuple[int, Any]:
    """All of a fact that pairing and fitting look at: which fields it has, and the values of those whose value matters.

    Two facts of which the same is told fit the same items of the same form, edition and year.
    """
    names = tuple(body)
    try:
        number, values = _VALUES[names]
    except KeyError:
        if len(_VALUES) >= _SHAPES_MOST:
            _VALUES.clear()
        looked_at = itemgetter("type", *(name for name in names if name in _LOOKED_AT))
        number, values = _VALUES[names] = (next(_NUMBERS), looked_at)
    return number, values(body)


_NUMBERS: Final = count()
_SHAPES_MOST: Final = 2_000
_LOOKED_AT: Final = frozenset({
    "item", "kind", "points", "amount", "for_year", "about",
    "value", "numerator", "denominator", "previous", "current", "threshold", "met", "missing",
})  # fmt: skip
_VALUES: Final[dict[tuple[str, ...], tuple[int, Callable[[Body], Any]]]] = {}
"""For each set of fields its number, which no other one ever gets, and what takes the values."""


def _listening(rule: Rule, body: Body) -> list[Pricing]:
    """The event rules that listen to facts of this type."""
    heard = _BECOMES.get(body["type"], (body["type"],))
    return [pricing for pricing in pricings_of(rule) if not pricing.listens.isdisjoint(heard)]


def _concerned(rule: Rule, body: Body) -> list[Pricing]:
    """The event rules that a fact would be priced by, or whose earlier prices it eases."""
    kind = body.get("kind")
    heard = [part for part in _listening(rule, body) if kind in part.kinds or not (part.kinds or kind in part.deaf)]
    return [part for part in pricings_of(rule) if part in heard or kind in part.eased]


def _check_points(edition: Edition, item: Item, body: Body, *, allowed: Collection[Fraction]) -> None:
    """Points are among those that the scheme allows for a mark, or within what the item is worth."""
    points = exact(body["points"])
    most = item.scale if item.scale is not None else item.points
    most = most if most is not None else edition.base_total
    if allowed:
        expected: str | Message = " / ".join(show(mark) for mark in allowed)
        fits = points in allowed
    else:
        text = N_("0 to {most}, at most {decimals} decimals")
        expected = message(text, most=show(most), decimals=edition.grade_decimals)
        fits = points <= most and (points * 10**edition.grade_decimals).denominator == 1
    if not fits:
        raise no.GradeNotAllowed(
            item=item.code, points=show(points), allowed=expected, title=item.title, scheme=edition.scheme
        )


def _check_grade(edition: Edition, item: Item, body: Body) -> None:
    _check_points(edition, item, body, allowed=item.allowed)
    if item.source_required and "source" not in body:
        raise no.SourceNeeded(type=GRADE, item=item.code, title=item.title)
    if item.averaged and "sub_unit" not in body:
        raise no.SubUnitNeeded(item=item.code, title=item.title, field="sub_unit")


def _check_level(rule: Rule, pricings: Sequence[Pricing], body: Body) -> None:
    needed = [pricing for pricing in pricings if pricing.levels or pricing.each == "matter-level"]
    if needed and "level" not in body:
        levels = [level for level in reversed(LEVELS) if level in needed[0].levels] or reversed(LEVELS)
        raise no.LevelMissing(item=rule.code, levels=", ".join(levels))


def _check_kind(rule: Rule, body: Body) -> None:
    """A kind is one that is named on the item; it must be said where all that could hear the fact want to know it."""
    listening, counted = _listening(rule, body), _counts(rule, body)
    named = [kind for part in listening for kind in (*sorted(part.kinds), *part.needs)]
    named += [kind for part in pricings_of(rule) for kind in part.eased]
    wanted = all(part.kinds or part.needs for part in listening)
    if counted is not None:
        named += sorted(counted.count_kinds)
        wanted = wanted and bool(counted.count_kinds)
    if named and (body["kind"] not in named if "kind" in body else wanted):
        raise no.KindUnknown(item=rule.code, kinds=", ".join(dict.fromkeys(named)))
    if not named and "kind" in body:
        raise _without_use(rule, "kind")


def _counts(rule: Rule, body: Body) -> Item | None:
    """The item, where it counts facts of this type."""
    if isinstance(rule, Item) and rule.start == "count" and body["type"] == "occurrence":
        return rule
    return None


def _check_easing(concerned: Sequence[Pricing], pricing: Sequence[Pricing], body: Body) -> None:
    """What only eases an earlier price says of which matter."""
    if concerned and not pricing and "matter" not in body:
        raise no.FieldMissing(type=body["type"], field="matter")


def _check_form(rule: Rule, body: Body) -> None:
    item = _counts(rule, body)
    counted = item is not None and (not item.count_kinds or body.get("kind") in item.count_kinds)
    counts_forms = item is not None and counted and item.counts == "form"
    if counts_forms and "form" not in body:
        raise no.FormMissing(item=rule.code)
    if not counts_forms and "form" in body:
        raise _without_use(rule, "form")


def _check_amount(rule: Rule, pricings: Sequence[Pricing], body: Body) -> None:
    set_by = [pricing for pricing in pricings if pricing.by_assessor]
    if not set_by:
        if "amount" in body:
            raise _without_use(rule, "amount")
        return
    amount = exact(body.get("amount", "0"))
    if "count" in body or "reason" not in body or not amount:
        raise no.AmountNeeded(item=rule.code)
    for least, most in (pricing.between for pricing in set_by if pricing.between is not None):
        if not least <= amount <= most:
            raise no.AmountOutOfRange(
                item=rule.code, title=rule.title, least=show(least), most=show(most), amount=show(amount)
            )


def _check_units(rule: Rule, concerned: Sequence[Pricing], body: Body) -> None:
    """Another unit is named only where a rule charges it, a sub-unit only where a rule takes their mean."""
    averaged = any(pricing.averaged for pricing in concerned) or (isinstance(rule, Item) and rule.averaged)
    if "sub_unit" in body and not averaged:
        raise _without_use(rule, "sub_unit")
    if "other_unit" in body and not any(pricing.other for pricing in concerned):
        raise _without_use(rule, "other_unit")


def _without_use(rule: Rule, field: str) -> no.FieldWithoutUse:
    return no.FieldWithoutUse(field=field, item=rule.code, title=rule.title)


def _check_figure(rule: Rule, body: Body, year: int) -> None:
    """A figure must be one that the rule reads, and can read; beside a mark any figure is evidence."""
    report = fact_of(body, position=0, recorded_at="")
    if report.is_reference:
        _check_reference(rule, body, year)
        expected = _reference_expected(rule, report)
    else:
        if report.type == METRIC and not has_own_figure(rule):
            fields = _words(references_of(rule, year=year))
            raise no.OwnFigureWithoutUse(item=rule.code, title=rule.title, fields=fields)
        expected = _own_expected(rule, report)
    if expected is not None:
        figure = (
            body.get("value") or body.get("numerator") or body.get("current") or body.get("met", body.get("missing"))
        )
        raise no.FigureNotAllowed(item=rule.code, figure=figure, expected=expected)


def _check_reference(rule: Rule, body: Body, year: int) -> None:
    """A figure of another year or body is one that the rule compares with, and says where it comes from."""
    said = [(name, body[name]) for name in ("for_year", "about") if name in body]
    read = references_of(rule, year=year)
    if not read:
        raise _without_use(rule, said[0][0])
    if len(said) > 1 or said[0] not in read:
        raise no.ReferenceWithoutUse(item=rule.code, title=rule.title, field=_words(said), fields=_words(read))
    if "source" not in body:
        raise no.SourceNeeded(type=METRIC, item=rule.code, title=rule.title)


def _words(references: Sequence[tuple[str, int | str]]) -> str:
    return " / ".join(f"{name} {value}" for name, value in references)


def _reference_expected(rule: Rule, report: Fact) -> Message | None:
    """What would be right, where a figure that is compared with is not; None where it is."""
    if report.ratio is None:
        return _EXPECTED["ratio"]
    if report.about == "sub-units":
        return None if report.ratio >= 1 and report.ratio.denominator == 1 else _EXPECTED["positive"]
    worth = _worth(rule)
    return _EXPECTED["share"] if worth is not None and worth.reads == "share" and report.ratio > 1 else None


def _own_expected(rule: Rule, report: Fact) -> Message | None:
    """What would be right, where the unit's own figure is not; None where it is."""
    worth = _worth(rule)
    if worth is None:
        return None
    if worth.shape in ("places", "top"):
        return _EXPECTED["ratio"] if report.ratio is None else None
    if isinstance(rule, Adjustment) and worth.line.source == "mean" and worth.reads == "number":
        return _EXPECTED["plain"] if report.value is None else None
    return None if worth_reads(worth, report) else _readable(worth, report)


def _worth(rule: Rule) -> Worth | None:
    return None if isinstance(rule, Veto) else rule.worth


def _readable(worth: Worth, report: Fact) -> Message:
    if worth.shape in ("each", "missing"):
        return message(_ELEMENTS, of=worth.of)
    if worth.shape == "fall":
        return _EXPECTED["fall"]
    compares = worth.line.source == "previous"
    return _EXPECTED["ratio" if report.ratio is None and not compares else worth.reads]


_ELEMENTS: Final = N_("it has {of} elements")
_EXPECTED: Final = {
    "fall": message(N_("a previous and a current figure are expected")),
    "ratio": message(N_("a value, or a numerator and a denominator, is expected")),
    "plain": message(N_("a plain value is expected")),
    "positive": message(N_("a whole number of at least 1 is expected")),
    "whole": message(N_("a whole number is expected")),
    "share": message(N_("a share of at most 100% is expected (write 85 percent as 85% or 0.85)")),
}
"""What a figure should have been, by what the rule reads."""
