"""The scores of any scheme reckoned a second time, slowly and plainly, from its content and the facts alone.

Why it exists: what is worked out once can be wrong without anybody seeing it. This reckoning was written from the rules
of the format, shares no line with the one that it is held against, and takes no step that the rules do not name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .cases import standing
from .charges import ZERO, Charge
from .contents import with_overlay
from .days import WorkingDays
from .heard import Item, Rule, World, fits, number
from .marks import Mark, beginning, exactly, floor_of, scored
from .places import Span, of_codes, of_figure, placed
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
from .world import BEIJING, OPEN_TO_DOUBT, Fact, Limit, limits_of, running_over
from .worths import by_day, decisions, legible

Sheet = dict[str, Any]
Marks = dict[str, dict[str, Mark]]
Earlier = Sequence[tuple[int, Sequence[Fact]]]


def own_limit(content: dict[str, Any], code: str | None) -> str | None:
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

    def ranked(self, rule: Rule, code: str) -> dict[str, Span]:
        """Give the spans of the units that are ranked on a code: those that it concerns."""
        world = self.world
        units = [unit for unit in world.units if world.concerns(unit, code)]
        if rule["of"] == ["figure"]:
            return {unit: of_figure(world, unit, code) for unit in units}
        return {unit: of_codes(rule["of"], self.marks[unit]) for unit in units}

    def mark(self, item: Item) -> None:
        """Work out one item for every unit that it is on the form of; one without points has no mark."""
        code, rule = item["code"], item["rule"]
        if item["points"] is None:
            return
        spans = self.ranked(rule, code) if rule["start"] == "rank" else {}
        for unit in self.world.units:
            if not self.world.concerns(unit, code):
                continue
            begins = self.begins(unit, item, spans)
            found = scored(self.world, unit, item, begins)
            self.marks[unit][code], self.taken[unit][code] = found.mark, found.taken
        means: dict[str, Mark] = {}
        for unit, category in self.world.units.items():
            if fits(item, category) and self.world.out(unit, code):
                if category not in means:
                    means[category] = self.set_aside(unit, item)
                self.marks[unit][code] = means[category]

    def begins(self, unit: str, item: Item, spans: Mapping[str, Span]) -> Mark | None:
        """Give where an item begins for a unit; a mark of an earlier edition stands where units are ranked now."""
        rule, code = item["rule"], item["code"]
        if rule["start"] != "rank":
            return beginning(self.world, unit, item, number(item["points"]))
        latest = max(decisions(self.world, unit, code, "grade", "metric"), key=by_day, default=None)
        if latest is not None and latest["type"] == "grade":
            return exactly(number(latest["points"]), "graded") if legible(self.world, code, latest) else None
        if latest is not None and not legible(self.world, code, latest):
            return None
        return placed(self.world, unit, rule, spans, least=floor_of(rule["floor"]))

    def set_aside(self, unit: str, item: Item) -> Mark:
        """Give the mark of an item that does not concern a unit; it is the same for all of one category."""
        most, answer = number(item["points"]), answer_of(self.world.content, item)
        gets = answer["gets"] if answer is not None else None
        if answer is not None and gets == "peers-mean":
            return self.mean(unit, item, answer["among"])
        if answer is not None and gets in ("full", "share"):
            return exactly(most * (number(answer["share"]) if gets == "share" else 1), "not-applicable")
        if gets is None:
            return Mark(ZERO, most, known=False, state="not-applicable")
        return exactly(ZERO, "not-applicable")

    def mean(self, unit: str, item: Item, among: str) -> Mark:
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

    def by_sums(item: Item) -> bool:
        return bool(item["rule"]["start"] == "rank" and item["rule"]["of"] != ["figure"])

    for item in sorted(items, key=by_sums):
        book.mark(item)
    return book


def both_worlds(form: Form, sides: Sides, marks: dict[str, Mark]) -> tuple[Whole, Whole]:
    """Give a unit's whole with everything open at its least, and at its most; what fires even then fires surely."""

    def points(worst: bool) -> dict[str, Fraction]:  # noqa: FBT001
        held = in_bounds(marks, worst)
        return {item["code"]: form.points(item, held[item["code"]]) for item in form.items}

    least, most = points(worst=True), points(worst=False)
    unsure: set[str] = set()
    for _ in form.scheme["vetoes"]:
        best = Reckoner(form, sides, unsure).reckon(most)
        worst = Reckoner(form, sides, unsure).reckon(least)
        unsure = set(worst.fired) ^ set(best.fired)
    best = Reckoner(form, sides, unsure).reckon(most)
    worst = Reckoner(form, sides, unsure).reckon(least)
    return worst, best


def one_sheet(form: Form, sides: Sides, book: Book) -> Sheet:
    """Give one unit's whole answer except its band and rank."""
    marks, unit = book.marks[form.unit], form.unit
    if any(item["points"] is None for item in form.items):
        return fraud_in(form, {**without_points(form), "deadlines": deadlines_of(form.world.limits[unit])})
    worst, best = both_worlds(form, sides, marks)
    known = all(mark.known for mark in marks.values())
    times = converted(form.scheme)
    sheet: Sheet = {"total": worst.total if known else None, "low": worst.total, "high": best.total}
    sheet |= {"base": worst.base * times if known else None}
    sheet |= {"bonus": worst.bonus * times, "deduction": worst.deduction * times}
    sheet |= {
        "items": items_shown(form, marks),
        "parts": parts_shown(form, worst, best, known),
        "deducted_by_quarter": quarters(costs_of(form, sides, book, worst)),
        "deadlines": deadlines_of(form.world.limits[unit]),
        "ties": worst,
    }
    return fraud_in(form, sheet | vetoes_shown(form, worst, best))


def vetoes_shown(form: Form, worst: Whole, best: Whole) -> Sheet:
    """Give the vetoes that fire whatever is open, the bands that they name, and whether honours are still possible."""
    fired = [veto for veto in form.scheme["vetoes"] if veto["code"] in best.fired]
    maybe = [veto for veto in form.scheme["vetoes"] if veto["code"] in worst.fired and veto not in fired]
    lost = not all(veto["effect"]["eligible"] for veto in fired)
    unsure = not all(veto["effect"]["eligible"] for veto in maybe)
    return {
        "vetoes": [veto["code"] for veto in fired],
        "eligible": False if lost else None if unsure else True,
        "bands": [veto["effect"]["band"] for veto in fired if veto["effect"]["band"] is not None],
    }


def without_points(form: Form) -> Sheet:
    """Give what can be said of a unit whose items have no points yet."""
    unpriced = dict.fromkeys(("score", "low", "high", "max")) | {"state": "unweighted"}
    nothing = dict.fromkeys(("total", "low", "high", "base", "bonus", "deduction", "eligible", "ties"))
    items = {item["code"]: dict(unpriced) for item in form.items}
    return {**nothing, "items": items, "parts": {}, "deducted_by_quarter": {}, "vetoes": [], "bands": []}


def fraud_in(form: Form, sheet: Sheet) -> Sheet:
    """Give a sheet after what the scheme says of proven fraud."""
    rule = form.scheme["zero_out"]
    zeroed = rule is not None and any(fact["type"] == "fraud" for fact in form.world.of_unit(form.unit))
    if zeroed and rule["effect"] != "band":
        sheet = {**sheet, "total": ZERO, "low": ZERO, "high": ZERO}
    return {**sheet, "zeroed": zeroed, "provisional": sheet["total"] is None}


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


def costs_of(form: Form, sides: Sides, book: Book, whole: Whole) -> list[tuple[datetime, Fraction]]:
    """Give what happenings cost a unit and when, item by item and ± group by ± group, in points of the total.

    Where a group nets its sides, its deductions are those beside the bonuses that its gate lets through.
    """
    times = converted(form.scheme)
    weights = {part["name"]: weight_of(part, form.category) * times for part in parts_of(form.scheme)}
    found: list[tuple[datetime, Fraction]] = []
    for item in form.items:
        weight = weights[part_of(form.scheme, section_of(item))]
        found += [(one.at, one.points * weight) for one in book.taken[form.unit].get(item["code"], [])]
    for group in form.scheme["adjustments"]:
        lost = sides.lost(group, weights.get(group["part"], times), is_open(whole, group["gate"]))
        found += [(one.at, one.points) for one in lost]
    return found


def quarters(costs: Sequence[tuple[datetime, Fraction]]) -> dict[str, Fraction]:
    """Give what each quarter cost, quarters without cost left out."""
    result: dict[str, Fraction] = {}
    for at, points in costs:
        if points:
            quarter = f"Q{(at.month + 2) // 3}"
            result[quarter] = result.get(quarter, ZERO) + points
    return result


def deadlines_of(limits: Sequence[Limit]) -> dict[str, Sheet]:
    """Give how every limit stands, by its key."""
    return {limit.key: {"item": limit.item, "due": written(limit.due), "state": limit.state} for limit in limits}


def written(due: date | datetime | None) -> str | None:
    """Give a due day or instant as text, the instant with its offset."""
    if due is None:
        return None
    return due.replace(tzinfo=BEIJING).isoformat() if isinstance(due, datetime) else due.isoformat()


@dataclass(frozen=True)
class Question:
    """What is asked of which facts, and the facts of each unit's earlier years, with the year."""

    content: dict[str, Any]
    year: int
    units: dict[str, str]
    facts: Sequence[Fact]
    earlier: Mapping[str, Earlier]
    calendar: WorkingDays
    as_of: date | None

    def world(self, left_out: AbstractSet[str]) -> World:
        """Give everything that stands, with some facts left out as if they were overturned."""
        facts = standing(self.facts, self.as_of, left_out)
        world = World(self.content, self.year, self.units, facts, {}, self.as_of)
        world.limits = {unit: self.limits(world, unit, left_out) for unit in self.units}
        return world

    def limits(self, world: World, unit: str, left_out: AbstractSet[str]) -> list[Limit]:
        """Give a unit's limits: those of the year, and those of earlier years that ran out in it."""

        def own(code: str | None) -> str | None:
            return own_limit(self.content, code)

        mine = limits_of(own, world.of_unit(unit), self.calendar)
        names = {limit.key for limit in mine}
        codes = {*world.rules, *(code for code, item in world.items.items() if fits(item, self.units[unit]))}
        for year, facts in self.earlier.get(unit, ()):
            before = limits_of(own, standing(facts, self.as_of, left_out), self.calendar)
            mine += running_over(before, self.year, codes, since=year, names=names)
        return mine


def sheets_of(world: World) -> dict[str, Sheet]:
    """Give every unit's answer, with band and rank."""
    book = all_marks(world)
    sheets = {unit: one_sheet(Form(world, unit), Sides(world, unit), book) for unit in world.units}
    bands_and_ranks(world, sheets)
    return sheets


def contested_in(world: World, unit: str) -> list[str]:
    """Give the refs of what a unit contests: of this year, and of limits of earlier years that ran out in it."""
    own = [fact["ref"] for fact in world.of_unit(unit) if fact.get(OPEN_TO_DOUBT)]
    return own + [ref for limit in world.limits[unit] for ref in limit.contested if ref not in own]


def reckon(
    content: Mapping[str, Any],
    year: int,
    units: dict[str, str],
    facts: Sequence[Fact],
    *,
    calendar: WorkingDays,
    overlay: Mapping[str, Any] | None = None,
    earlier: Mapping[str, Earlier] | None = None,
    as_of: date | None = None,
) -> dict[str, Sheet]:
    """Give the answer for every unit of a scheme and year, with band and rank, from the facts that are known.

    Each fact names its `unit` and its `position`. `earlier` are the facts of each unit's earlier years, with the year.
    What is contested counts; what the totals come to without it is reckoned once more from the beginning.
    """
    asked = Question(with_overlay(content, overlay), year, units, facts, earlier or {}, calendar, as_of)
    world = asked.world(frozenset())
    sheets = sheets_of(world)
    contested = {unit: contested_in(world, unit) for unit in units}
    left_out = frozenset(ref for refs in contested.values() for ref in refs)
    without = sheets_of(asked.world(left_out)) if left_out else sheets
    return {
        unit: sheet
        | {"contested": contested[unit], "confirmed": without[unit]["total"]}
        | {f"confirmed_{bound}": without[unit][bound] for bound in ("low", "high")}
        for unit, sheet in sheets.items()
    }
