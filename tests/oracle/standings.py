"""How the units stand in the end: bands, with those for the first so many, and ranks with equal totals told apart."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from .heard import World, number
from .wholes import Whole, seen_by

Sheet = dict[str, Any]
Sheets = dict[str, Sheet]


def rivals(world: World, unit: str) -> list[str]:
    """Give the units that a unit is ranked with, itself among them."""
    return [other for other in world.units if world.units[other] == world.units[unit]]


def among_first(world: World, sheets: Sheets, unit: str, band: dict[str, Any]) -> bool | None:
    """Tell whether a unit is among the first that a band is for; None while a rival's total is open."""
    group = rivals(world, unit)
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


def answers(world: World, sheets: Sheets, unit: str, band: dict[str, Any]) -> list[bool | None]:
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
        found.append(among_first(world, sheets, unit, band))
    return found


def band_of(world: World, sheets: Sheets, unit: str) -> str | None:
    """Give a unit's band: what zeroed or vetoed it says, else the first of which everything holds."""
    sheet, scheme = sheets[unit], world.content
    if sheet["zeroed"] and scheme["zero_out"]["effect"] != "total":
        return str(scheme["zero_out"]["band"])
    if sheet["bands"]:
        return str(sheet["bands"][0])
    if sheet["total"] is None:
        return None
    for band in scheme["bands"]:
        asked = answers(world, sheets, unit, band)
        if all(asked):
            return str(band["name"])
        if False not in asked:
            return None
    return None


def tie_key(scheme: dict[str, Any], sheet: Sheet) -> tuple[Fraction, ...]:
    """Give what a unit is ranked by: its total, then whatever equal totals are told apart by."""
    whole: Whole = sheet["ties"]
    names = scheme["ties"]["by"] if isinstance(scheme["ties"], dict) else []
    return (sheet["total"], *(seen_by(whole, name) for name in names))


def rank_of(world: World, sheets: Sheets, unit: str) -> int | None:
    """Give a unit's rank among its category, or None while its total is open or where nobody is ranked."""
    scheme = world.content
    how = scheme["ties"]["then"] if isinstance(scheme["ties"], dict) else scheme["ties"]
    if sheets[unit]["total"] is None or how == "unordered":
        return None
    group = [other for other in rivals(world, unit) if sheets[other]["total"] is not None]
    keys = {other: tie_key(scheme, sheets[other]) for other in group}
    if how == "1,1,2":
        return 1 + len({key for key in keys.values() if key > keys[unit]})
    before = sum(key > keys[unit] for key in keys.values())
    if how == "not-shared":
        before += sum(keys[other] == keys[unit] for other in group[: group.index(unit)])
    return 1 + before


def bands_and_ranks(world: World, sheets: Sheets) -> None:
    """Put down every unit's band and rank."""
    found = {unit: (band_of(world, sheets, unit), rank_of(world, sheets, unit)) for unit in sheets}
    for unit, (band, rank) in found.items():
        sheets[unit] |= {"band": band, "rank": rank}
