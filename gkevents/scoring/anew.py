"""A unit priced anew where a few facts come in or drop out that speak for themselves: only what they touch is priced.

What opens or ends a limit, takes something back, is taken back or contested, or charges somebody else does not speak
for itself: there the whole unit is priced (`score.price_unit`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from gkevents.schemes.edition import Edition
from gkevents.scoring.adjustments import figure_on, raw_charges
from gkevents.scoring.fact import FIGURES, FRAUD, NAMING, ORDER, REVERSALS, SELF_ASSESSMENT, Fact
from gkevents.scoring.items import price_item
from gkevents.scoring.unit import Priced

_NEVER: Final = REVERSALS | NAMING | {FRAUD, SELF_ASSESSMENT}


def speaks_for_itself(fact: Fact, edition: Edition, year: int, named: Collection[str | None]) -> bool:
    """Whether a fact of a unit's own year moves its own item or ± rule only; `named`: refs that other facts name."""
    item = edition.items.get(fact.item or "")
    return (
        fact.item is not None
        and fact.key is None
        and fact.type not in _NEVER
        and fact.ref not in named
        and (fact.type not in FIGURES or fact.day.year == year)
        and (item is None or item.others is None)
    )


def repriced(edition: Edition, priced: Priced, *, added: Iterable[Fact] = (), dropped: Iterable[Fact] = ()) -> Priced:
    """A unit with facts that speak for themselves added or dropped."""
    found = dict(priced.by_code)
    codes = set()
    for fact in dropped:
        codes.add(fact.item or "")
        found[fact.item or ""] = [held for held in found.get(fact.item or "", ()) if held != fact]
    for fact in added:
        codes.add(fact.item or "")
        found[fact.item or ""] = sorted([*found.get(fact.item or "", ()), fact], key=ORDER)
    items = {code: price_item(edition.items[code], found[code], priced.payer) for code in codes if code in priced.items}
    raw, figures = dict(priced.raw), dict(priced.figures)
    for group in edition.groups:
        if any(rule.code in codes for rule in group.rules):
            raw.update(raw_charges(group, found, priced.payer))
    for code in codes & edition.compared.keys():
        figure = figure_on(edition.compared[code], found[code])
        figures.pop(code, None)
        figures.update({code: figure} if figure is not None else {})
    return priced._replace(by_code=found, items={**priced.items, **items}, raw=raw, figures=figures)
