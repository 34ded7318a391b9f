"""Things a person should look at: nothing here changes a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Veto
from gkevents.scoring.adjustments import GroupScore
from gkevents.scoring.fact import GRADE, LIMIT_FACTS, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.unit import Priced, past_figures
from gkevents.terms import show
from gkevents.words import N_, Message, message

CONTESTED: Final = "contested"
"""The code of the flag on what is contested and undecided: rows of a view tell it by this."""


class Flag(NamedTuple):
    """One thing to look at: a code for programs, a sentence for people, the facts it is about."""

    code: str
    message: Message
    refs: tuple[str, ...]


def flags_of(
    edition: Edition,
    priced: Priced,
    items: Mapping[str, ItemScore],
    groups: Iterable[GroupScore],
    *,
    asked: Iterable[Veto] = (),
) -> tuple[Flag, ...]:
    """Every flag of one unit's score; `asked` are the vetoes that ask for the years before, this year being low."""
    groups = tuple(groups)
    return (
        *_pending(items, groups),
        *_misfits(items),
        *_twice(edition, items, groups),
        *_same_message(priced),
        *_without_rule(edition, items),
        *_undecided(edition, priced, items),
        *_no_figure(edition, priced),
        *_no_line(priced, items, groups, asked),
        *_limits(priced),
        *_contested(priced),
        *_self_assessed(priced),
        *_without_item(edition, priced),
    )


_PENDING: Final = {
    "pending": N_("{ref} on {item} is not priced until somebody says whether it was justified or serious."),
    "no-level": N_("{ref} on {item} is not priced: the scheme in force prices by level, and none was said."),
    "no-sub-units": N_("{ref} on {item} is not priced until the number of the unit's sub-units is recorded."),
    "amount-out-of-range": N_("{ref} on {item} is not priced: the scheme in force allows no such amount."),
}


def _pending(items: Mapping[str, ItemScore], groups: Iterable[GroupScore]) -> list[Flag]:
    waiting = [charge for item in items.values() for charge in item.costs if charge.why in _PENDING]
    waiting += [charge for group in groups for charge in group.charges if charge.why in _PENDING]
    return [
        Flag("pending", message(_PENDING[charge.why], ref=charge.fact.ref, item=charge.rule), (charge.fact.ref,))
        for charge in waiting
    ]


def _misfits(items: Mapping[str, ItemScore]) -> list[Flag]:
    text = N_("{ref} on {item} does not fit the scheme in force; the item is undetermined until it is decided anew.")
    return [
        Flag("misfit", message(text, ref=fact.ref, item=item.code), (fact.ref,))
        for item in items.values()
        if (fact := item.misfit) is not None
    ]


def _twice(edition: Edition, items: Mapping[str, ItemScore], groups: Iterable[GroupScore]) -> list[Flag]:
    """One named matter that moves points in two places; within a group that counts it once, that is one place."""
    places: dict[str, dict[str, list[str]]] = {}

    def put(fact: Fact, place: str) -> None:
        if fact.matter is not None:
            places.setdefault(fact.matter, {}).setdefault(place, []).append(fact.ref)

    for item in items.values():
        if item.decided_by is not None and item.decided_by.type == GRADE:
            put(item.decided_by, item.code)
        for charge in item.costs:
            if charge.fact.matter is not None and charge.worth:
                put(charge.fact, item.code)
    together = {group.code for group in edition.groups if group.same_matter == "highest"}
    for group in groups:
        for charge in group.charges:
            if charge.fact.matter is not None and charge.worth:
                put(charge.fact, f"{group.code} {charge.side}" if group.code in together else charge.rule)
    text = N_(
        "The matter {matter} moves points in more than one place: {places}. If it is one fault, rule one a duplicate."
    )
    return [
        Flag("same-matter", message(text, matter=matter, places=", ".join(found)), (*chain(*found.values()),))
        for matter, found in places.items()
        if len(found) > 1
    ]


def _same_message(priced: Priced) -> list[Flag]:
    """One netizen's message named on two items."""
    places: dict[str, dict[str, list[str]]] = {}
    for fact in priced.view.standing:
        if fact.item is None or (fact.message is None and fact.key is None):
            continue
        name = fact.message or (fact.key if fact.type in LIMIT_FACTS else None)
        if name is not None:
            places.setdefault(name, {}).setdefault(fact.item, []).append(fact.ref)
    text = N_("The message {message} is named on more than one item: {items}. If it counts once, rule one a duplicate.")
    return [
        Flag("same-message", message(text, message=name, items=", ".join(found)), (*chain(*found.values()),))
        for name, found in places.items()
        if len(found) > 1
    ]


def _without_rule(edition: Edition, items: Mapping[str, ItemScore]) -> list[Flag]:
    text = N_(
        "{item} is said not to concern the unit, but the scheme says nothing about that: take it back and grade it."
    )
    aside = [item for item in items.values() if item.state == "not-applicable" and item.decided_by is not None]
    return [
        Flag("not-applicable-without-rule", message(text, item=item.code), (item.decided_by.ref,))
        for item in aside
        if edition.items[item.code].aside is None and item.decided_by is not None
    ]


def _undecided(edition: Edition, priced: Priced, items: Mapping[str, ItemScore]) -> list[Flag]:
    """Open lists of units: whether the item concerns a unit that the paper does not name is for somebody to decide."""
    text = N_("The paper does not name this unit on {item}: grade it, or record that it does not concern the unit.")
    return [
        Flag("undecided", message(text, item=code), ())
        for code, item in items.items()
        if item.state == "open"
        and edition.items[code].others == "decide"
        and not edition.names(edition.items[code], priced.log.unit, priced.log.category)
    ]


def _no_figure(edition: Edition, priced: Priced) -> list[Flag]:
    text = N_("No figure for {item}: nothing is compared with the mean, and nothing deducted.")
    return [Flag("no-figure", message(text, item=code), ()) for code in edition.compared if code not in priced.figures]


def _no_line(
    priced: Priced, items: Mapping[str, ItemScore], groups: Iterable[GroupScore], asked: Iterable[Veto]
) -> list[Flag]:
    """What a figure, or a veto, is to be compared with and nobody has recorded."""
    text = N_("What {item} is compared with is not recorded: record last year's, the parent's or the target figure.")
    missing = [code for code, item in items.items() if item.waits == "line"]
    missing += [charge.rule for group in groups for charge in group.charges if charge.why == "no-line"]
    missing += [veto.code for veto in asked if None in past_figures(veto, priced)]
    flags = [Flag("no-line", message(text, item=code), ()) for code in missing]
    number = N_("{item} is an average over the unit's sub-units: record their number, no fewer than are marked.")
    return flags + [
        Flag("pending", message(number, item=code), ()) for code, item in items.items() if item.waits == "sub-units"
    ]


def without_band(edition: Edition, total: Fraction | None, band: str | None) -> tuple[Flag, ...]:
    """A decided total for which the scheme has no band."""
    if total is None or band is not None or not edition.bands:
        return ()
    return (Flag("no-band", message(N_("The total {total} falls into no band of the scheme."), total=show(total)), ()),)


def _limits(priced: Priced) -> list[Flag]:
    unpublished = N_("The limit {key} reaches beyond the published calendar: it has no due day until the notice comes.")
    over = N_("The limit {key} ran out after the year's end: it is priced in the next year's assessment.")
    flags = [
        Flag("calendar-not-published", message(unpublished, key=limit.key), (limit.opening.ref,))
        for limit in priced.limits.values()
        if limit.opening is not None and limit.due is None
    ]
    return flags + [
        Flag("priced-next-year", message(over, key=limit.key), (limit.opening.ref if limit.opening else limit.key,))
        for limit in priced.next_year
    ]


def _contested(priced: Priced) -> list[Flag]:
    """What the unit has contested and nobody has decided on: it still counts."""
    text = N_("{ref} is contested ({by}) and not decided: it counts until it is.")
    return [Flag(CONTESTED, message(text, ref=ref, by=step.ref), (ref,)) for ref, step in priced.contested.items()]


def _self_assessed(priced: Priced) -> list[Flag]:
    text = N_("{unit} marked itself on {item}.")
    return [
        Flag("self-assessed", message(text, unit=fact.by, item=fact.item), (fact.ref,))
        for fact in priced.view.standing
        if fact.type == GRADE and fact.by is not None and fact.by == priced.log.unit
    ]


def _without_item(edition: Edition, priced: Priced) -> list[Flag]:
    """Facts on items that an edition adopted later no longer has."""
    text = N_("{ref} is on {item}, which the scheme in force does not have: it is kept and prices nothing.")
    known = edition.known_codes
    return [
        Flag("no-such-item", message(text, ref=fact.ref, item=fact.item), (fact.ref,))
        for fact in priced.view.standing
        if fact.item is not None and fact.item not in known
    ]
