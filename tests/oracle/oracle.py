"""The scores reckoned a second time, slowly and plainly, straight from the published rules.

Why it exists: it shares no code and no figures with the product, so agreement on thousands of random logs means that
two readings of the same rules agree. Everything is worked out afresh from the facts, with exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from gkevents.oracle.cases import standing
from gkevents.oracle.reckoning import written
from gkevents.oracle.world import Fact, Limit, limits_of, moment

from .figures import SCHEMES, Rule, Scheme
from .pricing import ZERO, Cost, Event, capped, costs_of, events_of, summed
from .stored import WorkingDays, known

__all__ = ["WorkingDays", "score"]

Sheet = dict[str, Any]


def number(text: object) -> Fraction:
    """Give a figure, a percentage among them, exactly."""
    words = str(text).strip()
    return Fraction(words[:-1]) / 100 if words.endswith("%") else Fraction(words)


def reported(kind: str, params: dict[str, Any], fact: Fact, maximum: Fraction) -> Fraction:
    """Give the points of a reported figure or checklist."""
    if kind == "checklist":
        met = Fraction(fact["met"]) if "met" in fact else params["of"] - Fraction(fact["missing"])
        points = met * Fraction(params["each"]) if "each" in params else maximum
        points -= (params["of"] - met) * Fraction(params["missing"]) if "missing" in params else 0
    elif kind == "surplus":
        points = maximum - Fraction(params["per"]) * max(ZERO, number(fact["value"]) - Fraction(params["above"]))
    elif kind == "fall":
        before, now = number(fact["previous"]), number(fact["current"])
        short = Fraction(params["target"]) - (before - now) * 100 / before
        points = maximum - Fraction(params["per"]) * max(0, floor(short))
    else:
        ratio = number(fact["value"]) if "value" in fact else number(fact["numerator"]) / number(fact["denominator"])
        points = next(Fraction(gives) for start, gives in params["tiers"] if ratio >= Fraction(start))
    return min(max(points, ZERO), maximum)


def counted(params: dict[str, Any], mine: list[Fact], code: str) -> Fraction:
    """Give the points of a counted item from everything logged on it."""
    found = [fact for fact in mine if fact["type"] == "occurrence" and fact.get("item") == code]
    if params.get("forms"):
        total = len({fact["form"] for fact in found})
    else:
        total = sum(int(fact.get("count", 1)) for fact in found)
    return max(Fraction(points) for least, points in params["tiers"] if total >= least)


def decided(kind: str, mine: list[Fact], code: str, year: int) -> Fact | None:
    """Give the grade, figure, checklist or confirmation that decides an item: the latest day, then position."""
    types = {"grade": (), "grade-events": (), "count": ("confirmation",), "checklist": ("checklist",)}
    wanted = ("grade", *types.get(kind, ("metric",)))
    found = []
    for fact in mine:
        if fact.get("item") == code and fact["type"] in wanted:
            if fact["type"] in ("metric", "checklist") and moment(fact).year != year:
                continue
            found.append(fact)
    return max(found, key=lambda fact: (moment(fact).date(), fact["position"]), default=None)


def item_sheet(score: Fraction | None, low: Fraction, high: Fraction, maximum: Fraction, state: str) -> Sheet:
    """Give one item's answer."""
    return {"score": score, "low": low, "high": high, "max": maximum, "state": state}


def one_item(
    kind: str, params: dict[str, Any], maximum: Fraction, code: str, mine: list[Fact], events: list[Event], year: int
) -> tuple[Sheet, list[Cost]]:
    """Give one item's answer and what its events cost after the item's own limit."""
    if kind in ("events", "cards", "amounts"):
        costs = capped(costs_of(kind, params, events, maximum), maximum)
        left = maximum - summed(costs)
        return item_sheet(left, left, left, maximum, "priced"), costs
    fact = decided(kind, mine, code, year)
    costs = []
    mark = None
    if fact is not None and fact["type"] == "grade":
        mark = Fraction(str(fact["points"]))
    elif fact is not None:
        mark = counted(params, mine, code) if kind == "count" else reported(kind, params, fact, maximum)
    if kind == "grade-events":
        costs = capped(costs_of(kind, params, events, maximum), maximum if mark is None else mark)
    if mark is None or fact is None:
        return item_sheet(None, ZERO, maximum - summed(costs), maximum, "open"), costs
    left = mark - summed(costs)
    return item_sheet(left, left, left, maximum, "graded" if fact["type"] == "grade" else "reported"), costs


@dataclass
class Unit:
    """What is worked out for one unit before the others are looked at."""

    facts: list[Fact]
    limits: list[Limit]
    out: set[str]
    items: dict[str, Sheet]
    lost: list[Cost]


def one_unit(
    scheme: Scheme, points: dict[str, Any] | None, category: str, mine: list[Fact], year: int, as_of: date | None,
    calendar: WorkingDays,
) -> Unit:  # fmt: skip
    """Give one unit's items on their own, those that do not concern it left to the peers."""
    limits = limits_of(lambda item: scheme.items.get(item or "", ("", "", {}))[2].get("messages"), mine, calendar)
    unit = Unit(mine, limits, {fact["item"] for fact in mine if fact["type"] == "not-applicable"}, {}, [])
    for code, (printed, kind, params) in scheme.items.items():
        if kind == "pointer" or scheme.only.get(code, category) != category:
            continue
        worth = (points or {}).get(code, printed)
        if worth is None:
            unit.items[code] = dict.fromkeys(("score", "low", "high", "max")) | {"state": "unweighted"}
            continue
        maximum = Fraction(str(worth))
        if code in unit.out:
            unit.items[code] = item_sheet(None, ZERO, maximum, maximum, "not-applicable")
            continue
        events = events_of(mine, limits, code, year, as_of) if kind != "grade" else []
        unit.items[code], costs = one_item(kind, params, maximum, code, mine, events, year)
        unit.lost += costs
    return unit


def share_means(scheme: Scheme, units: dict[str, Unit]) -> None:
    """Give units that an item does not concern the mean of all units that it does concern."""
    for code in scheme.items:
        peers = [unit.items[code] for unit in units.values() if code in unit.items and code not in unit.out]
        if not peers:
            continue
        means = {}
        for bound in ("low", "high", "score"):
            values = [peer[bound] for peer in peers]
            means[bound] = None if None in values else sum(values, ZERO) / len(values)
        for unit in units.values():
            if code in unit.items and code in unit.out:
                unit.items[code] |= means


def figures_below(rule: Rule, code: str, units: dict[str, Unit], year: int) -> dict[str, Cost]:
    """Give the deduction of each unit whose reported figure is below the share of the mean."""
    latest = {name: decided("metric", unit.facts, code, year) for name, unit in units.items()}
    values = {name: number(fact["value"]) for name, fact in latest.items() if fact is not None}
    result = {}
    for name, value in values.items():
        fact = latest[name]
        if fact is not None and value < Fraction(rule[2]["share"]) * sum(values.values(), ZERO) / len(values):
            result[name] = Cost(moment(fact), int(fact["position"]), Fraction(rule[2]["price"]))
    return result


def one_matter_once(costs: dict[str, list[Cost]]) -> dict[str, list[Cost]]:
    """Give the costs of one side with each named matter kept only at its dearest, of equals the earliest."""
    best: dict[str, Cost] = {}
    for cost in sorted((cost for several in costs.values() for cost in several), key=lambda c: (c.at, c.position)):
        if cost.matter is not None and (cost.matter not in best or cost.points > best[cost.matter].points):
            best[cost.matter] = cost
    return {
        code: [cost for cost in several if cost.matter is None or best[cost.matter] is cost]
        for code, several in costs.items()
    }


def one_side(
    scheme: Scheme, side: str, overlay: dict[str, Any], unit: Unit, below: dict[str, Cost], year: int,
    as_of: date | None,
) -> list[Cost]:  # fmt: skip
    """Give what the adjustments of one side come to for one unit, after every cap."""
    caps = overlay.get("caps", {})
    costs: dict[str, list[Cost]] = {}
    for code, (rule_side, kind, given) in scheme.adjustments.items():
        if rule_side != side or code in unit.out:
            continue
        if kind == "below-mean":
            costs[code] = [below[code]] if code in below else []
            continue
        params = dict(given)
        if params.get("price") == "overlay":
            params["price"] = str(overlay.get("adjustments", {}).get(code, "0"))
        costs[code] = costs_of(kind, params, events_of(unit.facts, unit.limits, code, year, as_of), ZERO)
    if scheme.one_matter_once:
        costs = one_matter_once(costs)
    result: list[Cost] = []
    for code, several in costs.items():
        cap = caps.get(code, scheme.adjustments[code][2].get("cap"))
        result += capped(several, None if cap is None else Fraction(str(cap)))
    cap = caps.get(scheme.group, scheme.caps.get(side))
    return capped(result, None if cap is None else Fraction(str(cap)))


def band_of(scheme: Scheme, total: Fraction | None) -> str | None:
    """Give the band of a total, where the scheme prints bands."""
    if total is not None:
        for name, start in scheme.bands:
            if start is None or total >= Fraction(start):
                return name
    return None


def quarters(costs: list[Cost]) -> dict[str, Fraction]:
    """Give what each quarter cost, quarters without cost left out."""
    result: dict[str, Fraction] = {}
    for cost in costs:
        if cost.points:
            quarter = f"Q{(cost.at.month + 2) // 3}"
            result[quarter] = result.get(quarter, ZERO) + cost.points
    return result


def one_sheet(scheme: Scheme, unit: Unit, bonus: list[Cost], deduction: list[Cost]) -> Sheet:
    """Give one unit's whole answer except its rank."""
    items = unit.items.values()
    weighted = all(item["max"] is not None for item in items)
    zeroed = scheme.zero_out and any(fact["type"] == "fraud" for fact in unit.facts)
    plus, minus = summed(bonus), summed(deduction)
    scores = [item["score"] for item in items]
    base = None if None in scores else sum(scores, ZERO)
    sheet: Sheet = dict.fromkeys(("low", "high", "bonus", "deduction"))
    if weighted:
        sheet = {bound: max(ZERO, sum((i[bound] for i in items), ZERO) + plus - minus) for bound in ("low", "high")}
        sheet |= {"bonus": plus, "deduction": minus}
    sheet["base"] = base
    sheet["total"] = None if base is None else max(ZERO, base + plus - minus)
    if zeroed:
        sheet |= {"total": ZERO, "low": ZERO, "high": ZERO}
    due = [(x.key, x.item, x.due, x.state) for x in unit.limits]
    shown = {key: {"item": item, "due": written(when), "state": state} for key, item, when, state in due}
    return sheet | {
        "provisional": sheet["total"] is None,
        "zeroed": zeroed,
        "band": band_of(scheme, sheet["total"]),
        "items": unit.items,
        "deducted_by_quarter": quarters(unit.lost + deduction) if weighted else {},
        "deadlines": shown,
    }


def score(
    scheme: str, year: int, units: dict[str, str], facts: list[Fact], *, overlay: dict[str, Any] | None,
    calendar: WorkingDays, as_of: date | None = None, known_at: int | None = None,
) -> dict[str, Sheet]:  # fmt: skip
    """Give the answer for every unit of one scheme and year, with its rank, from the accepted facts."""
    rules = SCHEMES[scheme]
    seen = standing(known(facts, known_at), as_of)
    points = (overlay or {}).get("points")
    found = {}
    for name, category in units.items():
        mine = [fact for fact in seen if fact["unit"] == name]
        found[name] = one_unit(rules, points, category, mine, year, as_of, calendar)
    if rules.peers_mean:
        share_means(rules, found)
    below: dict[str, dict[str, Cost]] = {name: {} for name in units}
    for code, rule in rules.adjustments.items():
        if rule[1] == "below-mean":
            for name, cost in figures_below(rule, code, found, year).items():
                below[name][code] = cost
    sheets = {}
    for name, unit in found.items():
        sides = [
            one_side(rules, side, overlay or {}, unit, below[name], year, as_of) for side in ("bonus", "deduction")
        ]
        sheets[name] = one_sheet(rules, unit, *sides)
    for name, sheet in sheets.items():
        rivals = [sheets[other]["total"] for other in units if units[other] == units[name]]
        better = [
            total for total in rivals if total is not None and sheet["total"] is not None and total > sheet["total"]
        ]
        sheet["rank"] = None if sheet["total"] is None else 1 + len(better)
    return sheets
