"""What events cost or earn under one rule, before and after a cap, in the order of the world."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from gkevents.oracle.world import AT_MOST, MISSES, Fact, Limit, moment

HAPPENINGS = ("occurrence", "criticism", "praise", "supervision-card")
LEVELS = ("county", "city", "provincial", "national")
ZERO = Fraction(0)


@dataclass
class Cost:
    """Points that one event gives or takes, with its date; `most`: at most so many, as was decided on it."""

    at: datetime
    position: int
    points: Fraction
    matter: str | None = None
    most: str | None = None

    def reduced(self) -> Cost:
        """Give it with no more points than it may have."""
        return self if self.most is None else replace(self, points=min(self.points, Fraction(self.most)))


@dataclass
class Event:
    """One thing that a rule may price, from a fact or from a limit that ran out."""

    at: datetime
    position: int
    fact: Fact
    count: int = 1
    words: Fact = field(default_factory=dict)
    most: str | None = None

    def cost(self, points: Fraction, matter: str | None = None) -> Cost:
        """Give what it costs, dated as it is itself."""
        return Cost(self.at, self.position, points, matter, self.most)


def event_price(params: dict[str, Any], event: Event, maximum: Fraction) -> Fraction | None:
    """Give what one event is worth by itself, or None where the rule does not price it."""
    for name, wanted in params.get("when", {}).items():
        if event.words.get(name) is not wanted:
            return None
    level = event.fact.get("level")
    least = params.get("level_min")
    if least and level is not None and LEVELS.index(level) < LEVELS.index(least):
        return None
    price = params.get("price")
    if isinstance(price, dict):
        return Fraction(price[level]) if level in price else None
    return maximum if price == "all" else Fraction(price or 0)


def dearest_per_group(params: dict[str, Any], events: list[Event], maximum: Fraction) -> list[Cost]:
    """Give one cost for each matter (and level where the rule says so): the dearest, and of equals the earliest.

    Where the price goes by how many matters there are, each is as dear as it would be alone.
    """
    best: dict[Any, Cost] = {}
    for event in events:
        price = event_price(params, event, maximum)
        if price is None:
            continue
        price = Fraction(params["total"][0]) if "total" in params else price
        matter = event.fact.get("matter")
        group: Any = ("alone", event.position) if matter is None else matter
        if params["each"] == "matter-level":
            group = (group, event.fact.get("level"))
        cost = event.cost(price, matter)
        if group not in best or cost.reduced().points > best[group].reduced().points:
            best[group] = cost
    costs = sorted(best.values(), key=lambda cost: (cost.at, cost.position))
    if "total" in params:
        before = ZERO
        for number, cost in enumerate(costs):
            reached = Fraction(params["total"][min(number, len(params["total"]) - 1)])
            cost.points, before = reached - before, reached
    return costs


def card_costs(params: dict[str, Any], events: list[Event]) -> list[Cost]:
    """Give what each supervision card costs: the dear price where an earlier card had one of its problems."""
    seen: set[str] = set()
    costs = []
    for event in events:
        named = event.fact.get("problem")
        if named is None:
            continue
        problems = [named] if isinstance(named, str) else list(named)
        price = max(Fraction(params["again" if problem in seen else "first"]) for problem in problems)
        seen.update(problems)
        costs.append(event.cost(price))
    return costs


def needs_cost(params: dict[str, Any], events: list[Event]) -> list[Cost]:
    """Give the one cost of a yearly condition, at the event that completes it, or none."""
    have = dict.fromkeys(params["needs"], 0)
    for event in events:
        kind = event.fact.get("kind")
        if kind in have:
            have[kind] += event.count
        enough = [have[kind] >= needed for kind, needed in params["needs"].items()]
        if all(enough) if params["join"] == "all" else any(enough):
            return [event.cost(Fraction(params["price"]))]
    return []


def costs_of(kind: str, params: dict[str, Any], events: list[Event], maximum: Fraction) -> list[Cost]:
    """Give what the events cost or earn under one rule, before any cap, none more than was decided on it."""
    return [cost.reduced() for cost in full_costs(kind, params, events, maximum)]


def full_costs(kind: str, params: dict[str, Any], events: list[Event], maximum: Fraction) -> list[Cost]:
    """Give what the events cost or earn under one rule in themselves, in the order of the world."""
    if kind == "cards":
        return card_costs(params, events)
    if kind == "needs":
        return needs_cost(params, events)
    if kind == "amounts":
        return [event.cost(Fraction(event.fact["amount"])) for event in events if "amount" in event.fact]
    if params["each"] in ("matter", "matter-level"):
        return dearest_per_group(params, events, maximum)
    costs = []
    for event in events:
        price = event_price(params, event, maximum)
        if price is not None:
            many = 1 if params["each"] == "year" else event.count
            costs.append(event.cost(price * many, event.fact.get("matter")))
    if costs and params["each"] == "year":
        return [max(costs, key=lambda cost: cost.reduced().points)]
    return costs


def capped(costs: list[Cost], cap: Fraction | None) -> list[Cost]:
    """Give the costs in order, each cut to what the cap has left."""
    if cap is None:
        return costs
    left, result = cap, []
    for cost in sorted(costs, key=lambda cost: (cost.at, cost.position)):
        result.append(Cost(cost.at, cost.position, min(cost.points, left), cost.matter))
        left -= result[-1].points
    return result


def summed(costs: list[Cost]) -> Fraction:
    """Give the sum of the costs."""
    return sum((cost.points for cost in costs), ZERO)


def events_of(mine: list[Fact], limits: list[Limit], item: str, year: int, as_of: date | None) -> list[Event]:
    """Give what happened on one item in the year, limits that ran out among it, in the order of the world."""
    events = []
    for fact in mine:
        if fact.get("item") != item:
            continue
        if fact["type"] in HAPPENINGS or (fact["type"] in MISSES and fact.get("key") is None):
            many, most = int(fact.get("count", 1)), fact.get(AT_MOST)
            events.append(Event(moment(fact), int(fact["position"]), fact, many, fact, most))
    for limit in limits:
        if limit.item != item or limit.broke is None or limit.broke.year != year:
            continue
        if as_of is None or limit.broke <= as_of:
            at = datetime.combine(limit.broke, time())
            events.append(Event(at, limit.position, {}, 1, limit.words, limit.most))
    return sorted(events, key=lambda event: (event.at, event.position))
