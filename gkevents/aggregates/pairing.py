"""Which item takes which fact (contract, "Which item takes which fact"); `fitting` then looks at the fields."""

from __future__ import annotations

from typing import Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Item, Pricing, Veto
from gkevents.scoring.fact import FIGURES, GRADE, METRIC, NOT_APPLICABLE, ORDERED, SELF_ASSESSMENT

Rule = Item | Adjustment | Veto
"""What a fact may name by its code."""

_AS: Final = {ORDERED: "deadline-opened"}
"""What fits wherever another type does."""
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
    "praise-facts": ("praise",),
    "kept": (),
}
_TIMED: Final = frozenset({"happenings", "cards", "messages", "kept"})
"""What may hear that a limit was missed, or kept."""


def item_or_rule(edition: Edition, body: Body, *, unit: str, category: str) -> Rule:
    """The item, ± rule or veto that a fact names, on the unit's own form. Raises the refusal that says why not.

    A unit may say of itself what it is worth on any item.
    """
    code = body["item"]
    item = edition.items.get(code) or edition.rules.get(code) or _veto(edition, code)
    if item is None:
        raise no.NoSuchItem(scheme=edition.scheme, item=code, hint=no.nearest(code, edition.codes))
    if isinstance(item, Item):
        if item.start == "elsewhere":
            raise no.ItemElsewhere(item=code, see=item.see)
        check_form(item, unit=unit, category=category)
    if body["type"] == SELF_ASSESSMENT and isinstance(item, Item):
        return item
    takes = taken_by(item)
    if not takes:
        if isinstance(item, Veto) and item.item is not None:
            raise no.VetoHearsElsewhere(item=code, title=item.title, other=item.item)
        raise no.VetoByScore(item=code, title=item.title)
    if _AS.get(body["type"], body["type"]) not in takes:
        raise no.WrongPairing(type=body["type"], item=code, title=item.title, takes=", ".join(takes))
    return item


def _veto(edition: Edition, code: str) -> Veto | None:
    return next((veto for veto in edition.vetoes if veto.code == code), None)


def check_form(item: Item, *, unit: str, category: str) -> None:
    """Refuse an item that is on the form of other categories alone."""
    if not item.fits(category):
        raise no.ItemOfOtherForm(item=item.code, only=", ".join(item.only), unit=unit, category=category)


def taken_by(rule: Rule) -> tuple[str, ...]:
    """The fact types that an item, ± rule or veto takes, priced or as evidence; a veto by score alone takes none."""
    if isinstance(rule, Veto):
        return _of_veto(rule)
    references = (METRIC,) if references_of(rule, year=0) else ()
    return (*dict.fromkeys((*_of_points(rule), *_of_events(rule), *references, NOT_APPLICABLE)),)


def _of_veto(veto: Veto) -> tuple[str, ...]:
    if veto.of is None:
        return ("occurrence", "criticism") if veto.item is None else ()
    return (METRIC,) if veto.years > 1 else ()


def _of_points(rule: Item | Adjustment) -> tuple[str, ...]:
    """What says how many points there are before happenings take some away or bring more."""
    if isinstance(rule, Adjustment) or rule.start == "rank":
        return (METRIC,) if has_own_figure(rule) else ()
    if rule.start in FIGURES:
        return (rule.start, GRADE)
    return {"count": ("occurrence", "confirmation", GRADE), "grade": (GRADE,)}.get(rule.start, ())


def _of_events(rule: Item | Adjustment) -> tuple[str, ...]:
    """What event rules hear; a mark that no event moves takes all as evidence."""
    pricings = pricings_of(rule)
    if _is_mark_alone(rule):
        return _EVIDENCE
    if isinstance(rule, Adjustment) and rule.pricing is not None and rule.pricing.needs:
        return ("occurrence",)
    types = [name for pricing in pricings for name in _HEARD[pricing.on]]
    types += ["occurrence" for pricing in pricings if pricing.eased]
    return (*types, *(_LIMITS if any(_hears_limits(pricing) for pricing in pricings) else ()))


def _hears_limits(pricing: Pricing) -> bool:
    """Whether a rule can hear of a limit: it has no level, no kind and no amount."""
    return pricing.on in _TIMED and not pricing.levels and not pricing.kinds


def pricings_of(rule: Rule) -> tuple[Pricing, ...]:
    """The event rules of an item or ± rule."""
    if isinstance(rule, Item):
        return (*rule.deduct, *rule.add)
    return (rule.pricing,) if isinstance(rule, Adjustment) and rule.pricing is not None else ()


def _is_mark_alone(rule: Rule) -> bool:
    return isinstance(rule, Item) and rule.start == "grade" and not pricings_of(rule)


def has_own_figure(rule: Rule) -> bool:
    """Whether a plain figure means something: it gives points or a place, or is evidence beside a mark."""
    if isinstance(rule, Veto):
        return False
    if rule.ranking is not None:
        return not rule.ranking.codes
    if isinstance(rule, Adjustment):
        return rule.worth is not None
    return rule.start == METRIC or _is_mark_alone(rule)


def references_of(rule: Rule, *, year: int) -> tuple[tuple[str, int | str], ...]:
    """The figures that a rule reads beside the unit's own of the year: the field that says which, and its value."""
    if isinstance(rule, Veto):
        return tuple(("for_year", year - back) for back in range(1, rule.years))
    found: list[tuple[str, int | str]] = []
    line = rule.worth.line if rule.worth is not None else None
    if line is not None and line.source in ("previous", "years"):
        found += [("for_year", year - back) for back in range(1, line.years + 1)]
    if line is not None and line.source in ("parent", "target"):
        found.append(("about", line.source))
    if (isinstance(rule, Item) and rule.averaged) or any(pricing.averaged for pricing in pricings_of(rule)):
        found.append(("about", "sub-units"))
    return tuple(found)
