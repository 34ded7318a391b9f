"""What a rule of any scheme may hear: the happenings of one unit on one code, limits missed and limits kept among them.

Kept apart from the prices, as `world` is: here only what happened, when, and to whom it is charged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from .world import MISSES, Fact, Limit, moment

KINDLED = ("occurrence", "criticism", "praise")


@dataclass
class World:
    """Everything that stands, and the question: which units there are, which year, up to which day."""

    content: dict[str, Any]
    year: int
    units: dict[str, str]
    facts: list[Fact]
    limits: dict[str, list[Limit]]
    as_of: date | None = None

    def on(self, unit: str, code: str, *types: str) -> list[Fact]:
        """Give the facts of these types on one code of one unit, in the order of the world."""
        found = [f for f in self.facts if f["unit"] == unit and f.get("item") == code and f["type"] in types]
        return sorted(found, key=order)

    def out(self, unit: str, code: str) -> bool:
        """Tell whether a code does not concern the unit: somebody said so, or it is for others and nobody marked it."""
        for item in self.content["items"]:
            listed = item["code"] == code and item["named"] and item["others"] == "not-applicable"
            if listed and unit not in item["named"] and self.units[unit] not in item["always"]:
                return not self.on(unit, code, "grade") or bool(self.on(unit, code, "not-applicable"))
        return bool(self.on(unit, code, "not-applicable"))


@dataclass
class Heard:
    """One thing that happened, with what a rule may ask of it."""

    at: datetime
    position: int
    type: str
    count: int = 1
    matter: str | None = None
    said: Fact = field(default_factory=dict)
    words: Fact = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in the order of the world."""
        return (self.at, self.position)

    @property
    def kind(self) -> str | None:
        """Its kind, in a free word."""
        return self.said.get("kind")

    @property
    def level(self) -> str | None:
        """Its level."""
        return self.said.get("level")


def order(fact: Fact) -> tuple[datetime, int]:
    """Give a fact's place in the order of the world."""
    return (moment(fact), int(fact["position"]))


def number(text: object) -> Fraction:
    """Give a figure, a percentage or a fraction among them, exactly."""
    words = str(text).strip().replace(" ", "")
    return Fraction(words[:-1]) / 100 if words.endswith("%") else Fraction(words)


def of_fact(fact: Fact) -> Heard:
    """Give a fact as something that happened; a miss recorded without a key has had no answer."""
    words = dict(fact)
    if fact["type"] in MISSES:
        words["answered"] = False
    return Heard(moment(fact), int(fact["position"]), fact["type"], int(fact.get("count", 1)), fact.get("matter"),
                 fact, words)  # fmt: skip


def limits_on(world: World, unit: str, code: str, whom: str) -> list[Limit]:
    """Give the limits on a code charged to a unit: its own, or those of others that name it as the other unit."""
    own = world.limits[unit] if whom == "own" else []
    others = [limit for name, limits in world.limits.items() for limit in limits if whom == "other" and name != unit]
    return [limit for limit in (*own, *(each for each in others if each.other_unit == unit)) if limit.item == code]


def missed(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the limits charged to a unit on a code that ran out in the year: each on the day after, as one thing."""
    found = []
    for limit in limits_on(world, unit, code, whom):
        if limit.broke is None or limit.broke.year != world.year:
            continue
        if world.as_of is None or limit.broke <= world.as_of:
            words = limit.words | {"answered": limit.answer is not None}
            found.append(
                Heard(datetime.combine(limit.broke, time()), limit.position, "missed", 1, limit.matter, {}, words)
            )
    return found


def kept(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the limits charged to a unit on a code that were kept, each at its answer, even one after the year's end."""
    found = []
    for limit in limits_on(world, unit, code, whom):
        if limit.state == "met" and limit.answer is not None:
            at, position = moment(limit.answer), int(limit.answer["position"])
            found.append(Heard(at, position, "kept", 1, limit.matter, {}, dict(limit.words)))
    return found


def written(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the single facts on a code charged to a unit: its own, or those that name it as the other unit."""
    found = []
    for fact in world.facts:
        if fact.get("item") != code or (fact["type"] in MISSES and fact.get("key") is not None):
            continue
        own = fact["unit"] == unit
        if (whom == "own" and own) or (whom == "other" and not own and fact.get("other_unit") == unit):
            found.append(of_fact(fact))
    return found


WANTED = {
    "happenings": ("occurrence", "criticism", *MISSES, "missed"),
    "cards": ("supervision-card",),
    "messages": (*MISSES, "missed"),
    "amounts": ("occurrence",),
    "praise": ("occurrence", "praise"),
    "kept": ("kept",),
}


def all_on(world: World, unit: str, code: str, whom: str = "own") -> list[Heard]:
    """Give everything that happened on a code to a unit, in the order of the world."""
    found = written(world, unit, code, whom) + missed(world, unit, code, whom) + kept(world, unit, code, whom)
    return sorted(found, key=lambda heard: heard.place)


def of_other_side(world: World, code: str, rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the rules of an item that take where this one adds, or add where it takes."""
    for item in world.content["items"]:
        if item["code"] == code:
            sides = [item["rule"].get("deduct", []), item["rule"].get("add", [])]
            for one, other in (sides, sides[::-1]):
                if any(rule is each for each in one):
                    return list(other)
    return []


def easing_kinds(world: World, code: str) -> list[str]:
    """Give the kinds that ease what was logged before under any rule of an item or ± rule."""
    rules: list[dict[str, Any]] = []
    for item in world.content["items"]:
        if item["code"] == code:
            rules += [*(item["rule"].get("deduct") or ()), *(item["rule"].get("add") or ())]
    for group in world.content["adjustments"]:
        rules += [each["rule"] for each in group["rules"] if each["code"] == code]
    return [ease["kind"] for rule in rules for ease in rule.get("eased") or ()]


def heard_by(
    rule: dict[str, Any], happened: list[Heard], against: list[dict[str, Any]], easing: list[str]
) -> list[Heard]:
    """Give what one rule hears: the types it listens to, of the kinds it names, never what only eases its prices.

    On an item that both takes and adds nothing does both: a rule that names no kind does not hear the kinds that the
    rules `against` it name, and one that adds for praise hears no mere occurrence.
    """
    kinds = (rule["when"] or {}).get("kind")
    deaf = [ease["kind"] for ease in rule["eased"]] + [kind for kind in easing if kind not in (kinds or ())]
    types = WANTED[rule["on"]]
    if kinds is None and against:
        deaf += [kind for other in against for kind in named_by(other)]
        types = ("praise",) if rule["on"] == "praise" else types
    found = []
    for heard in happened:
        right = heard.type in types and (rule["on"] != "amounts" or "amount" in heard.said)
        if right and (kinds is None or heard.kind in kinds) and (heard.kind is None or heard.kind not in deaf):
            found.append(heard)
    return found


def named_by(rule: dict[str, Any]) -> list[str]:
    """Give the kinds that a rule hears by name."""
    return [*((rule["when"] or {}).get("kind") or ())]
