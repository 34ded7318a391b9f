"""Which item takes which fact, and which fields mean something on it (contract, "Which item takes which fact")."""

from __future__ import annotations

from typing import Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body
from gkevents.aggregates.stored import fact_of
from gkevents.schemes.model import Adjustment, Edition, Item, Pricing
from gkevents.scoring.fact import FIGURES, GRADE, NOT_APPLICABLE
from gkevents.scoring.worth import figure_fits
from gkevents.terms import LEVELS, exact, show
from gkevents.words import N_, Message, message

_LIMITS: Final = ("deadline-opened", "deadline-missed")
_EVIDENCE: Final = (
    "occurrence", "criticism", "praise", "supervision-card", "netizen-message", "reply-timeout", *_LIMITS,
    "metric", "checklist",
)  # fmt: skip
_HEARD: Final = {
    "happenings": ("occurrence", "criticism"),
    "cards": ("supervision-card",),
    "messages": ("netizen-message", "reply-timeout"),
    "amounts": ("occurrence",),
    "praise": ("occurrence", "praise"),
}


def item_or_rule(edition: Edition, body: Body, *, unit: str, category: str) -> Item | Adjustment:
    """The item or ± rule that a fact names, on the unit's own form. Raises the refusal that says why it is not one."""
    code = body["item"]
    item = edition.items.get(code) or edition.rules.get(code)
    if item is None:
        raise no.NoSuchItem(scheme=edition.scheme, item=code, hint=no.nearest(code, edition.codes))
    if isinstance(item, Item):
        if item.start == "elsewhere":
            raise no.ItemElsewhere(item=code, see=item.see)
        if not item.fits(category):
            raise no.ItemOfOtherForm(item=code, only=item.only, unit=unit, category=category)
    takes = taken_by(item)
    if body["type"] not in takes:
        raise no.WrongPairing(type=body["type"], item=code, title=item.title, takes=", ".join(takes))
    return item


def taken_by(rule: Item | Adjustment) -> tuple[str, ...]:
    """The fact types that an item or ± rule takes, priced or as evidence."""
    if isinstance(rule, Adjustment):
        return (*_of_adjustment(rule), NOT_APPLICABLE)
    if rule.start == "full":
        return (*_of_pricings(rule.deduct), NOT_APPLICABLE)
    if rule.start in FIGURES:
        return (rule.start, GRADE, NOT_APPLICABLE)
    if rule.start == "count":
        return ("occurrence", "confirmation", GRADE, NOT_APPLICABLE)
    heard = _of_pricings(rule.deduct) if rule.deduct else _EVIDENCE
    return (GRADE, *heard, NOT_APPLICABLE)


def _of_adjustment(rule: Adjustment) -> tuple[str, ...]:
    if rule.pricing is None:
        return ("metric",)
    return ("occurrence",) if rule.pricing.needs else _of_pricings((rule.pricing,))


def _of_pricings(pricings: tuple[Pricing, ...]) -> tuple[str, ...]:
    """What event rules hear; a limit can be missed where its miss has a price without a level or an amount."""
    types = [name for pricing in pricings for name in _HEARD[pricing.on]]
    timed = [rule for rule in pricings if rule.on in ("happenings", "cards", "messages") and not rule.levels]
    return (*dict.fromkeys(types), *(_LIMITS if timed else ()))


def check_fields(edition: Edition, rule: Item | Adjustment, body: Body) -> None:
    """Refuse what an item's rule cannot do without, and what means nothing on it."""
    pricings = rule.deduct if isinstance(rule, Item) else ((rule.pricing,) if rule.pricing is not None else ())
    if body["type"] == GRADE and isinstance(rule, Item):
        _check_grade(edition, rule, body)
    if body["type"] in FIGURES:
        _check_figure(rule, body)
    if body["type"] in ("occurrence", "praise", "criticism"):
        _check_level(rule, pricings, body)
        _check_kind(rule, pricings, body)
        _check_form(rule, body)
        _check_amount(rule, pricings, body)


def _check_grade(edition: Edition, item: Item, body: Body) -> None:
    points = exact(body["points"])
    most = item.points if item.points is not None else edition.base_total
    if item.allowed:
        allowed: str | Message = " / ".join(show(mark) for mark in item.allowed)
        fits = points in item.allowed
    else:
        text = N_("0 to {most}, at most {decimals} decimals")
        allowed = message(text, most=show(most), decimals=edition.grade_decimals)
        fits = points <= most and (points * 10**edition.grade_decimals).denominator == 1
    if not fits:
        raise no.GradeNotAllowed(
            item=item.code, points=show(points), allowed=allowed, title=item.title, scheme=edition.scheme
        )


def _check_level(rule: Item | Adjustment, pricings: tuple[Pricing, ...], body: Body) -> None:
    needed = [pricing for pricing in pricings if pricing.levels or pricing.each == "matter-level"]
    if needed and "level" not in body:
        levels = [level for level in reversed(LEVELS) if level in needed[0].levels] or reversed(LEVELS)
        raise no.LevelMissing(item=rule.code, levels=", ".join(levels))


def _check_kind(rule: Item | Adjustment, pricings: tuple[Pricing, ...], body: Body) -> None:
    kinds = [kind for pricing in pricings for kind in pricing.needs]
    if kinds and body.get("kind") not in kinds:
        raise no.KindUnknown(item=rule.code, kinds=", ".join(kinds))
    if not kinds and "kind" in body:
        raise no.FieldWithoutUse(field="kind", item=rule.code, title=rule.title)


def _check_form(rule: Item | Adjustment, body: Body) -> None:
    counts_forms = isinstance(rule, Item) and rule.start == "count" and rule.counts == "form"
    if counts_forms and "form" not in body:
        raise no.FormMissing(item=rule.code)
    if not counts_forms and "form" in body:
        raise no.FieldWithoutUse(field="form", item=rule.code, title=rule.title)


def _check_amount(rule: Item | Adjustment, pricings: tuple[Pricing, ...], body: Body) -> None:
    if any(pricing.by_assessor for pricing in pricings):
        if "count" in body or "reason" not in body or not exact(body.get("amount", "0")):
            raise no.AmountNeeded(item=rule.code)
    elif "amount" in body:
        raise no.FieldWithoutUse(field="amount", item=rule.code, title=rule.title)


def _check_figure(rule: Item | Adjustment, body: Body) -> None:
    """A figure must be one that the item's rule can read; on a marked item any figure is evidence."""
    expected = _figure_expected(rule, body)
    if expected is not None:
        figure = (
            body.get("value") or body.get("numerator") or body.get("current") or body.get("met", body.get("missing"))
        )
        raise no.FigureNotAllowed(item=rule.code, figure=figure, expected=expected)


def _figure_expected(rule: Item | Adjustment, body: Body) -> Message | None:
    """What would be right, where a figure is not; None where it is."""
    if isinstance(rule, Adjustment):
        return None if "value" in body else message(N_("a plain value is expected"))
    report = fact_of(body, position=0, recorded_at="")
    if rule.start not in FIGURES or rule.worth is None or figure_fits(rule, report):
        return None
    needs_ratio = rule.worth.shape in ("above", "tiers") and report.ratio is None
    return message(_EXPECTED["ratio" if needs_ratio else rule.worth.shape], of=rule.worth.of)


_EXPECTED: Final = {
    "each": N_("it has {of} elements"),
    "missing": N_("it has {of} elements"),
    "fall": N_("a previous and a current figure are expected"),
    "ratio": N_("a value, or a numerator and a denominator, is expected"),
    "above": N_("a whole number of at least 1 is expected"),
    "tiers": N_("a share of at most 100% is expected (write 85 percent as 85% or 0.85)"),
}
"""What a figure should have been, by the shape of its item's worth."""
