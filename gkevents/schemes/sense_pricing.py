"""Whether an event rule makes sense where it stands: what it hears, how it groups, its price, conditions and caps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.pricing_format import (
    CardPrices,
    DownPrice,
    LevelPrices,
    OrdinalPrices,
    PeriodCaps,
    Pricing,
    RangePrice,
    TotalPrices,
)
from gkevents.schemes.tree import Path
from gkevents.terms import exact, exact_share, show
from gkevents.words import N_, message


class Place(NamedTuple):
    """Where an event rule stands: under `deduct` or `add` of an item, or as a `bonus` or `deduction` of a group."""

    name: str
    heard: str
    may_hear: tuple[str, ...]
    on_item: bool


_COSTS: Final = ("happenings", "cards", "messages", "amounts")
PLACES: Final = {
    "deduct": Place("deduct", "happenings", _COSTS, on_item=True),
    "add": Place("add", "praise", ("praise", "happenings", "messages", "amounts", "kept"), on_item=True),
    "deduction": Place("deduction", "happenings", _COSTS, on_item=False),
    "bonus": Place("bonus", "praise", ("praise", "happenings", "amounts", "kept"), on_item=False),
}
_WITH_KIND: Final = frozenset({"happenings", "amounts", "praise"})
_WITH_LIMIT: Final = frozenset({"messages", "kept"})
_ONCE: Final = frozenset({"year", "quarter", "month"})
_NTH_OF: Final = frozenset({"event", "matter", "problem"})


def pricing_fits(findings: Findings, path: Path, part: Pricing, place: Place) -> None:
    """Put down what does not fit within one event rule, and between it and the place where it stands."""
    on = part.on or place.heard
    if on not in place.may_hear:
        said = N_("Under {place} a rule cannot hear {on}. Write one of: {known}; left out, it is {heard}.")
        values = {"place": place.name, "on": on, "known": ", ".join(place.may_hear), "heard": place.heard}
        findings.add((*path, "on"), message(said, **values))
        return
    _word(findings, path, part, place)
    _amounts(findings, path, part, on)
    _grouping(findings, path, part, on)
    _conditions(findings, path, part, on)
    _needs(findings, path, part, on)
    _down(findings, path, part, place)
    _who(findings, path, part)
    _eased(findings, path, part)
    _caps(findings, path, part)


def _word(findings: Findings, path: Path, part: Pricing, place: Place) -> None:
    if part.price == "overlay" and place.on_item:
        said = N_("An overlay gives prices to ± rules only; write this price as a number, or all, or set.")
        findings.add((*path, "price"), message(said))
    elif part.price == "overlay" and findings.scheme.points != "overlay" and findings.intact("points"):
        said = N_("This scheme has its own points, so no overlay gives this price; write a number.")
        findings.add((*path, "price"), message(said))
    elif part.price == "all" and not place.on_item:
        said = N_("all stands for an item's maximum, and a ± rule has none; write a number.")
        findings.add((*path, "price"), message(said))


def _amounts(findings: Findings, path: Path, part: Pricing, on: str) -> None:
    if (on == "amounts") != (part.price == "set" or isinstance(part.price, RangePrice)):
        said = N_("An amount set by the assessor needs both: on: amounts, and price: set or {{from: …, to: …}}.")
        findings.add((*path, "price"), message(said))
    if isinstance(part.price, RangePrice) and exact(part.price.start) > exact(part.price.to):
        said = N_("The range is empty: from {start} lies above to {to}. Write the smaller amount under from.")
        findings.add((*path, "price", "from"), message(said, start=part.price.start, to=part.price.to))


def _grouping(findings: Findings, path: Path, part: Pricing, on: str) -> None:
    price = part.price
    if isinstance(price, CardPrices) and part.each != "problem":
        said = N_("Repeated cards need all three: on: cards, each: problem and price: {{first: …, again: …}}.")
        findings.add((*path, "each"), message(said))
    elif part.each == "problem" and (on != "cards" or not isinstance(price, CardPrices | OrdinalPrices)):
        said = N_("each: problem needs on: cards, and price: {{first: …, again: …}} or {{nth: [0, 3, 10]}}.")
        findings.add((*path, "each"), message(said))
    elif isinstance(price, OrdinalPrices) and part.each not in _NTH_OF:
        said = N_("nth counts the first, the second … of a row. Write each: event, matter or problem, not {each}.")
        findings.add((*path, "each"), message(said, each=part.each))
    if isinstance(price, TotalPrices):
        _totals(findings, path, part, price)
    if part.level_min is not None and isinstance(price, LevelPrices):
        said = N_("The price by level already says which levels count: leave level_min out.")
        findings.add((*path, "level_min"), message(said))


def _totals(findings: Findings, path: Path, part: Pricing, price: TotalPrices) -> None:
    if part.each in _ONCE:
        said = N_("A price by how many there are cannot be counted once a {each}. Write each: matter or each: event.")
        findings.add((*path, "each"), message(said, each=part.each))
    steps = [exact(step) for step in price.total]
    for place, (lower, higher) in enumerate(pairwise(steps), start=1):
        if higher < lower:
            said = N_("Totals do not fall: {higher} for one more is less than {lower}.")
            findings.add((*path, "price", "total", place), message(said, higher=show(higher), lower=show(lower)))


def _conditions(findings: Findings, path: Path, part: Pricing, on: str) -> None:
    if part.limit is not None and on not in _WITH_LIMIT:
        said = N_("A limit here is that of a message; without on: messages or kept it is never asked.")
        findings.add((*path, "limit"), message(said))
    if part.when is None:
        return
    if part.when.kind is not None and on not in _WITH_KIND:
        said = N_("What is heard by on: {on} has no kind. Leave kind out, or write on: happenings.")
        findings.add((*path, "when", "kind"), message(said, on=on))
    if part.when.answered is not None and on not in ("happenings", "messages"):
        said = N_("answered asks about a missed limit. Leave it out, or write on: messages or happenings.")
        findings.add((*path, "when", "answered"), message(said))
    _twice(findings, (*path, "when", "kind"), part.when.kind or ())


def _twice(findings: Findings, path: Path, kinds: Sequence[str], *rest: str) -> None:
    for place, kind in enumerate(kinds):
        if kind in kinds[:place]:
            findings.add((*path, place, *rest), message(N_("{name} stands here twice; once is enough."), name=kind))


def _needs(findings: Findings, path: Path, part: Pricing, on: str) -> None:
    if part.needs is None:
        return
    if on not in _WITH_KIND:
        said = N_("needs counts kinds, and what is heard by on: {on} has none. Write on: happenings.")
        findings.add((*path, "needs"), message(said, on=on))
        return
    if part.each != "year" or not isinstance(part.price, str) or part.price in ("all", "set"):
        said = N_("needs is asked once a year: it wants each: year and one number as price.")
        findings.add((*path, "needs"), message(said))
    let_in = part.when.kind if part.when is not None and part.when.kind is not None else [*part.needs]
    for kind in part.needs:
        if kind not in let_in:
            said = N_("needs asks for {kind}, which when.kind shuts out. Leave when.kind out.")
            findings.add((*path, "needs", kind), message(said, kind=kind))


def _down(findings: Findings, path: Path, part: Pricing, place: Place) -> None:
    if not isinstance(part.price, DownPrice):
        return
    if place.name != "deduct":
        said = N_("down_to brings an item down to a mark: it stands only under deduct of an item.")
        findings.add((*path, "price"), message(said))
    elif part.each != "year":
        said = N_("An item is brought down once: down_to needs each: year.")
        findings.add((*path, "each"), message(said))
    for key, value in (("factor", part.factor), ("over", part.over), ("cap", part.cap)):
        if value is not None:
            said = N_("down_to already says what the item can still have: leave {key} out.")
            findings.add((*path, key), message(said, key=key))


def _who(findings: Findings, path: Path, part: Pricing) -> None:
    """The keys of `factor`: categories or units. A file that lists neither leaves them to whoever adopts it."""
    scheme = findings.scheme
    if part.factor is None or not findings.intact("variants", "roster") or not (scheme.variants or scheme.roster):
        return
    categories = [*scheme.variants, *(unit.category for unit in scheme.roster if unit.category)]
    units = [name for unit in scheme.roster for name in (unit.name, unit.printed) if name]
    known = list(dict.fromkeys([*categories, *units]))
    for name in part.factor:
        if name not in known:
            said = unknown(
                N_('"{written}" is no category and no unit. Did you mean "{nearest}"?'),
                N_('"{written}" is no category and no unit. Write one as variants or the roster have it.'),
                written=name,
                known=known,
            )
            findings.add_key((*path, "factor", name), said)


def _eased(findings: Findings, path: Path, part: Pricing) -> None:
    priced = part.when.kind if part.when is not None else None
    for place, easing in enumerate(part.eased):
        where = (*path, "eased", place)
        if easing.kind in (priced or ()):
            said = N_("{kind} is priced by this rule, so it cannot ease it too. Name another kind in one of the two.")
            findings.add((*where, "kind"), message(said, kind=easing.kind))
        if exact_share(easing.to) >= 1:
            said = N_("to says what is left of the price: less than 100%, not {to}.")
            findings.add((*where, "to"), message(said, to=easing.to))
    _twice(findings, (*path, "eased"), [easing.kind for easing in part.eased], "kind")


_PERIODS: Final = ("month", "quarter", "half-year", "year")


def _caps(findings: Findings, path: Path, part: Pricing) -> None:
    if not isinstance(part.cap, PeriodCaps):
        return
    caps = (part.cap.month, part.cap.quarter, part.cap.half_year, part.cap.year)
    stated = [(period, cap) for period, cap in zip(_PERIODS, caps, strict=True) if cap is not None]
    for (shorter, less), (longer, more) in pairwise(stated):
        if exact(more) < exact(less):
            said = N_("A longer period cannot have the smaller cap: {longer} {more} lies below {shorter} {less}.")
            values = {"longer": longer, "more": more, "shorter": shorter, "less": less}
            findings.add((*path, "cap", longer), message(said, **values))
