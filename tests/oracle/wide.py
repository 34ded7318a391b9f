"""The scores of any scheme reckoned a second time, slowly and plainly, from its normalised content and the facts alone.

Why it exists: the nine published schemes need few of the shapes that a scheme may have. This reckoning knows all of
them, shares no line with the product's own, and takes no step that the rules of the format do not name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from .charges import Charge
from .heard import World, number
from .marks import Mark, beginning, exactly, fits, floor_of, scored
from .oracle import quarters, written
from .places import Span, of_codes, of_figure, placed
from .pricing import ZERO, Cost
from .sides import Sides
from .standings import bands_and_ranks
from .wholes import (
    Form,
    Reckoner,
    Whole,
    answer_of,
    converted,
    in_bounds,
    is_open,
    part_of,
    parts_of,
    section_of,
    weight_of,
)
from .world import Fact, Limit, WorkingDays, limits_of, standing

Sheet = dict[str, Any]
Marks = dict[str, dict[str, Mark]]


def own_limit(content: dict[str, Any], code: str) -> str | None:
    """Give the limit that an item's rules state (all that do state the same), or None."""
    items = [item["rule"] for item in content["items"] if item["code"] == code]
    rules = [rule for each in items for rule in (*each.get("deduct", []), *each.get("add", []))]
    rules += [rule["rule"] for group in content["adjustments"] for rule in group["rules"] if rule["code"] == code]
    stated = [rule["limit"] for rule in rules if rule.get("limit") is not None]
    return stated[0] if stated else None


@dataclass
class Book:
    """The marks of every unit's items, and what their events took off them."""

    world: World
    marks: Marks = field(default_factory=dict)
    taken: dict[str, dict[str, list[Charge]]] = field(default_factory=dict)

    def ranked(self, rule: dict[str, Any], code: str) -> dict[str, Span]:
        """Give the spans of the units that are ranked on a code: those that it concerns."""
        content, world = self.world.content, self.world
        item = next(item for item in content["items"] if item["code"] == code)
        units = [unit for unit in world.units if not world.out(unit, code) and fits(item, world.units[unit])]
        if rule["of"] == ["figure"]:
            return {unit: of_figure(world, unit, code) for unit in units}
        return {unit: of_codes(rule["of"], self.marks[unit]) for unit in units}

    def mark(self, item: dict[str, Any]) -> None:
        """Work out one item for every unit that it is on the form of."""
        code, rule = item["code"], item["rule"]
        for unit, category in self.world.units.items():
            if not fits(item, category) or self.world.out(unit, code):
                continue
            if rule["start"] == "rank":
                least = floor_of(rule["floor"])
                begins = placed(self.world, unit, rule, self.ranked(rule, code), least=least)
            else:
                begins = beginning(self.world, unit, item, number(item["points"]))
            found = scored(self.world, unit, item, begins)
            self.marks[unit][code], self.taken[unit][code] = found.mark, found.taken
        for unit, category in self.world.units.items():
            if fits(item, category) and self.world.out(unit, code):
                self.marks[unit][code] = self.set_aside(unit, item)

    def set_aside(self, unit: str, item: dict[str, Any]) -> Mark:
        """Give the mark of an item that does not concern a unit."""
        most, answer = number(item["points"]), answer_of(self.world.content, item)
        gets = answer["gets"] if answer is not None else None
        if answer is not None and gets == "peers-mean":
            return self.mean(unit, item, answer["among"])
        if answer is not None and gets in ("full", "share"):
            return exactly(most * (number(answer["share"]) if gets == "share" else 1), "not-applicable")
        if gets is None:
            return Mark(ZERO, most, known=False, state="not-applicable")
        return exactly(ZERO, "not-applicable")

    def mean(self, unit: str, item: dict[str, Any], among: str) -> Mark:
        """Give the mean of the units that an item does concern."""
        world, code = self.world, item["code"]
        peers = [
            self.marks[other][code]
            for other in world.units
            if code in self.marks[other]
            and not world.out(other, code)
            and (among == "all" or world.units[other] == world.units[unit])
        ]
        if not peers:
            return Mark(ZERO, number(item["points"]), known=False, state="not-applicable")
        low = sum((peer.low for peer in peers), ZERO) / len(peers)
        high = sum((peer.high for peer in peers), ZERO) / len(peers)
        return Mark(low, high, all(peer.known for peer in peers), "not-applicable")


def all_marks(world: World) -> Book:
    """Give every unit's marks: first what stands by itself, then what ranks the sums of other items."""
    book = Book(world, {unit: {} for unit in world.units}, {unit: {} for unit in world.units})
    items = [item for item in world.content["items"] if item["rule"]["start"] != "elsewhere"]

    def by_sums(item: dict[str, Any]) -> bool:
        return bool(item["rule"]["start"] == "rank" and item["rule"]["of"] != ["figure"])

    for item in sorted(items, key=by_sums):
        book.mark(item)
    return book


def both_worlds(form: Form, sides: Sides, marks: dict[str, Mark]) -> tuple[Whole, Whole]:
    """Give a unit's whole with everything open at its least, and at its most; what fires even then fires surely."""

    def points(worst: bool) -> dict[str, Fraction]:  # noqa: FBT001
        held = in_bounds(marks, worst)
        return {item["code"]: form.points(item, held[item["code"]]) for item in form.items}

    unsure: set[str] = set()
    for _ in form.scheme["vetoes"]:
        best = Reckoner(form, sides, unsure).reckon(points(worst=False))
        worst = Reckoner(form, sides, unsure).reckon(points(worst=True))
        unsure = set(worst.fired) ^ set(best.fired)
    best = Reckoner(form, sides, unsure).reckon(points(worst=False))
    worst = Reckoner(form, sides, unsure).reckon(points(worst=True))
    return worst, best


def one_sheet(form: Form, sides: Sides, book: Book) -> Sheet:
    """Give one unit's whole answer except its band and rank."""
    world, unit, scheme = form.world, form.unit, form.scheme
    marks = book.marks[unit]
    worst, best = both_worlds(form, sides, marks)
    known = all(mark.known for mark in marks.values())
    fired = [veto for veto in scheme["vetoes"] if veto["code"] in best.fired]
    maybe = [veto for veto in scheme["vetoes"] if veto["code"] in worst.fired and veto not in fired]
    sheet: Sheet = {"total": worst.total if known else None, "low": worst.total, "high": best.total}
    times = converted(scheme)
    sheet |= {"bonus": worst.bonus * times, "deduction": worst.deduction * times}
    sheet |= {"base": worst.base * times if known else None}
    zeroed = scheme["zero_out"] is not None and any(f["type"] == "fraud" for f in world.facts if f["unit"] == unit)
    if zeroed and scheme["zero_out"]["effect"] != "band":
        sheet |= {"total": ZERO, "low": ZERO, "high": ZERO}
    lost = not all(veto["effect"]["eligible"] for veto in fired)
    unsure = not all(veto["effect"]["eligible"] for veto in maybe)
    return sheet | {
        "provisional": sheet["total"] is None,
        "zeroed": zeroed,
        "vetoes": [veto["code"] for veto in fired],
        "eligible": False if lost else None if unsure else True,
        "items": items_shown(form, marks),
        "parts": parts_shown(form, worst, best, known),
        "deducted_by_quarter": quarters(costs_of(form, sides, book, worst)),
        "deadlines": {x.key: {"item": x.item, "due": written(x.due), "state": x.state} for x in world.limits[unit]},
        "bands": [veto["effect"]["band"] for veto in fired if veto["effect"]["band"] is not None],
        "ties": worst,
    }


def items_shown(form: Form, marks: dict[str, Mark]) -> dict[str, Sheet]:
    """Give every item's answer, those that others are spread over with more than their own points."""
    shown = {}
    for item in form.items:
        mark = marks[item["code"]]
        low, high = form.points(item, mark.low), form.points(item, mark.high)
        most = number(item["points"]) + (form.spread_over(item) if form.way(item) is None else ZERO)
        score = low if mark.known else None
        shown[item["code"]] = {"score": score, "low": low, "high": high, "max": most, "state": mark.state}
    return shown


def parts_shown(form: Form, worst: Whole, best: Whole, known: bool) -> dict[str, Sheet]:  # noqa: FBT001
    """Give every named part's answer."""
    return {
        part["name"]: {
            "score": worst.parts[part["name"]] if known else None,
            "low": worst.parts[part["name"]],
            "high": best.parts[part["name"]],
            "weight": weight_of(part, form.category),
            "weighted": worst.weighted[part["name"]] if known else None,
        }
        for part in form.scheme["parts"]
    }


def costs_of(form: Form, sides: Sides, book: Book, whole: Whole) -> list[Cost]:
    """Give what happenings cost a unit, item by item and ± group by ± group, in points of the total.

    Where a group nets its sides, its deductions are those beside the bonuses that its gate lets through.
    """
    times = converted(form.scheme)
    weights = {part["name"]: weight_of(part, form.category) * times for part in parts_of(form.scheme)}
    found: list[Cost] = []
    for item in form.items:
        weight = weights[part_of(form.scheme, section_of(item))]
        taken = book.taken[form.unit].get(item["code"], [])
        found += [Cost(one.at, one.position, one.points * weight) for one in taken]
    for group in form.scheme["adjustments"]:
        lost = sides.lost(group, weights.get(group["part"], times), is_open(whole, group["gate"]))
        found += [Cost(one.at, one.position, one.points) for one in lost]
    return found


def reckon(
    content: dict[str, Any], year: int, units: dict[str, str], facts: list[Fact], *, calendar: WorkingDays,
    as_of: date | None = None, known_at: int | None = None,
) -> dict[str, Sheet]:  # fmt: skip
    """Give the answer for every unit of a scheme and year, with band and rank, from the accepted facts."""
    seen = standing(facts, as_of, known_at)
    limits: dict[str, list[Limit]] = {}
    for unit in units:
        mine = [fact for fact in seen if fact["unit"] == unit]
        limits[unit] = limits_of(lambda code: own_limit(content, code), mine, calendar)
    world = World(content, year, units, seen, limits, as_of)
    book = all_marks(world)
    sheets = {}
    for unit in units:
        sheets[unit] = one_sheet(Form(world, unit), Sides(world, unit), book)
    bands_and_ranks(world, sheets)
    return sheets
