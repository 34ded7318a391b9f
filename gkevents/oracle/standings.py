"""How the units stand in the end: bands, with those for the first so many, and ranks with equal totals told apart."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from .heard import World, number
from .refusal import CannotReckon
from .wholes import Whole, seen_by

Sheet = dict[str, Any]
Sheets = dict[str, Sheet]


Groups = dict[str, list[str]]


def by_category(world: World) -> Groups:
    """Give the units of each category: those that are ranked with each other, in the order in which they joined."""
    found: Groups = {}
    for unit, category in world.units.items():
        found.setdefault(category, []).append(unit)
    return found


def among_first(sheets: Sheets, unit: str, band: dict[str, Any], group: list[str]) -> bool | None:
    """Tell whether a unit is among the first of its group that a band is for; None while a rival's total is open."""
    totals = [sheets[other]["total"] for other in group]
    if None in totals:
        return None
    place = 1 + sum(total > sheets[unit]["total"] for total in totals)
    share = number(band["top"])
    if "%" not in band["top"] and share >= 1:
        return bool(place <= share)
    exact = share * len(group)
    many = {"down": floor(exact), "up": -floor(-exact), "half-up": floor(exact + Fraction(1, 2))}[band["round"]]
    return bool(place <= many)


def answers(sheets: Sheets, unit: str, band: dict[str, Any], group: list[str]) -> list[bool | None]:
    """Give the answer to everything that a band asks for."""
    total = sheets[unit]["total"]
    found: list[bool | None] = []
    if band["from"] is not None:
        found.append(total >= number(band["from"]))
    if band["above"] is not None:
        found.append(total > number(band["above"]))
    if band["to"] is not None:
        found.append(total <= number(band["to"]))
    if band["below"] is not None:
        found.append(total < number(band["below"]))
    if band["eligible"]:
        found.append(sheets[unit]["eligible"])
    if band["top"] is not None:
        found.append(among_first(sheets, unit, band, group))
    return found


def band_of(world: World, sheets: Sheets, unit: str, group: list[str]) -> str | None:
    """Give a unit's band: what zeroed or vetoed it says, else the first of which everything holds."""
    sheet, scheme = sheets[unit], world.content
    if sheet["zeroed"] and scheme["zero_out"]["effect"] != "total":
        return str(scheme["zero_out"]["band"])
    if sheet["bands"]:
        return str(sheet["bands"][0])
    if sheet["total"] is None:
        return None
    for band in scheme["bands"]:
        asked = answers(sheets, unit, band, group)
        if all(asked):
            return str(band["name"])
        if False not in asked:
            return None
    return None


def tie_key(scheme: dict[str, Any], sheet: Sheet) -> tuple[Fraction, ...]:
    """Give what a unit is ranked by: its total, then whatever equal totals are told apart by."""
    whole: Whole | None = sheet["ties"]
    names = scheme["ties"]["by"] if isinstance(scheme["ties"], dict) else []
    if whole is None:
        if names:
            raise CannotReckon("equal totals are told apart by points that the scheme does not give yet")
        return (sheet["total"],)
    return (sheet["total"], *(seen_by(whole, name) for name in names))


def ranks_in(world: World, sheets: Sheets, group: list[str]) -> dict[str, int]:
    """Give the ranks of the units of a category whose totals are known; none where nobody is ranked."""
    scheme = world.content
    how = scheme["ties"]["then"] if isinstance(scheme["ties"], dict) else scheme["ties"]
    keys = {unit: tie_key(scheme, sheets[unit]) for unit in group if sheets[unit]["total"] is not None}
    if how == "unordered":
        return {}
    counted = set(keys.values()) if how == "1,1,2" else list(keys.values())
    first: dict[tuple[Fraction, ...], int] = {}
    for rank, key in enumerate(sorted(counted, reverse=True), 1):
        first.setdefault(key, rank)
    ranks = {}
    for unit, key in keys.items():
        ranks[unit] = first[key]
        if how == "not-shared":
            first[key] += 1
    return ranks


def bands_and_ranks(world: World, sheets: Sheets) -> None:
    """Put down every unit's band and rank."""
    for group in by_category(world).values():
        ranks = ranks_in(world, sheets, group)
        bands = {unit: band_of(world, sheets, unit, group) for unit in group}
        for unit in group:
            sheets[unit] |= {"band": bands[unit], "rank": ranks.get(unit)}
