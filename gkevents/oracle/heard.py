"""What a rule of any scheme may hear: the happenings of one unit on one code, limits missed and limits kept among them.

Kept apart from the prices, as `world` is: here only what happened, when, and to whom it is charged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Final, TypeVar

from .world import AT_MOST, MISSES, OF_A_LIMIT, Fact, Limit, moment, place

Item = dict[str, Any]
Rule = dict[str, Any]
Where = tuple[str, str]
Found = TypeVar("Found")


@dataclass
class World:
    """Everything that stands, and the question: which units there are, which year, up to which day."""

    content: dict[str, Any]
    year: int
    units: dict[str, str]
    facts: list[Fact]
    limits: dict[str, list[Limit]]
    as_of: date | None = None
    found: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def once(self, what: tuple[str, ...], make: Callable[[], Found]) -> Found:
        """Give what was found under this name before, or find it now: nothing here changes while it is reckoned."""
        if what not in self.found:
            self.found[what] = make()
        found: Found = self.found[what]
        return found

    def of_unit(self, unit: str) -> list[Fact]:
        """Give every fact of one unit, in the order of the log."""
        return self._of.get(unit, [])

    def at(self, unit: str, code: str) -> list[Fact]:
        """Give every fact on one code of one unit, in the order of the world."""
        return self._on.get((unit, code), [])

    def on(self, unit: str, code: str, *types: str) -> list[Fact]:
        """Give the facts of these types on one code of one unit, in the order of the world."""
        return [fact for fact in self.at(unit, code) if fact["type"] in types]

    def naming(self, unit: str, code: str) -> list[Fact]:
        """Give the facts on one code of other units that name this one as the other unit."""
        return [fact for fact in self._naming.get((unit, code), []) if fact["unit"] != unit]

    def limits_on(self, unit: str, code: str, whom: str) -> list[Limit]:
        """Give the limits on a code charged to a unit: its own, or those of others that name it as the other unit."""
        if whom == "own":
            return [limit for limit in self.limits[unit] if limit.item == code]
        return [limit for owner, limit in self._limits_naming.get((unit, code), []) if owner != unit]

    def out(self, unit: str, code: str) -> bool:
        """Tell whether a code does not concern the unit: somebody said so, or it is for others and nobody marked it."""
        item = self.items.get(code)
        said = bool(self.on(unit, code, "not-applicable"))
        if item is None or item["others"] != "not-applicable":
            return said
        meant = bool(self.names(unit) & set(item["named"])) or self.units[unit] in item["always"]
        return said or (not meant and not self.on(unit, code, "grade"))

    def concerns(self, unit: str, code: str) -> bool:
        """Tell whether a code stands on a unit's form and nobody set it aside."""
        item = self.items.get(code)
        return (item is None or fits(item, self.units[unit])) and not self.out(unit, code)

    def names(self, unit: str) -> set[str]:
        """Give the names that the roster has for a unit: the official and the printed one."""
        return {unit, *self._names.get(unit, ())}

    def listed_sub_units(self, unit: str) -> int | None:
        """Give how many sub-units the roster says a unit has, or None where it does not say."""
        rows = [row for row in self.content["roster"] if unit in (row["name"], row["printed"])]
        return next((int(row["sub_units"]) for row in rows if row["sub_units"] is not None), None)

    @cached_property
    def items(self) -> dict[str, Item]:
        """The items by code."""
        return {item["code"]: item for item in self.content["items"]}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules of the ± rules by code."""
        return {each["code"]: each["rule"] for group in self.content["adjustments"] for each in group["rules"]}

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in self.content["roster"]:
            names = {row["name"], row["printed"] or row["name"]}
            found |= {name: names for name in names if name not in found}
        return found

    @cached_property
    def _of(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact["unit"], []).append(fact)
        return found

    @cached_property
    def _on(self) -> dict[Where, list[Fact]]:
        return sorted_by((fact["unit"], fact.get("item"), fact) for fact in self.facts)

    @cached_property
    def _naming(self) -> dict[Where, list[Fact]]:
        return sorted_by((fact.get("other_unit"), fact.get("item"), fact) for fact in self.facts)

    @cached_property
    def _limits_naming(self) -> dict[Where, list[tuple[str, Limit]]]:
        found: dict[Where, list[tuple[str, Limit]]] = {}
        for owner, limits in self.limits.items():
            for limit in limits:
                if limit.other_unit is not None and limit.item is not None:
                    found.setdefault((limit.other_unit, limit.item), []).append((owner, limit))
        return found


def fits(item: Item, category: str) -> bool:
    """Tell whether an item stands on the form of this category."""
    return item["rule"]["start"] != "elsewhere" and (item["only"] is None or category in item["only"])


def sorted_by(rows: Iterable[tuple[str | None, str | None, Fact]]) -> dict[Where, list[Fact]]:
    """Give facts by unit and code, each in the order of the world; what has no unit or code is left out."""
    found: dict[Where, list[Fact]] = {}
    for unit, code, fact in rows:
        if unit is not None and code is not None:
            found.setdefault((unit, code), []).append(fact)
    return {where: sorted(facts, key=place) for where, facts in found.items()}


@dataclass
class Heard:
    """One thing that happened, with what a rule may ask of it, and what it may cost or earn at most."""

    at: datetime
    position: int
    type: str
    count: int = 1
    matter: str | None = None
    said: Fact = field(default_factory=dict)
    words: Fact = field(default_factory=dict)
    most: str | None = None

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


@lru_cache(maxsize=65_536)
def _exactly(text: str) -> Fraction:
    """Give a written figure exactly."""
    words = text.strip().replace(" ", "")
    return Fraction(words[:-1]) / 100 if words.endswith("%") else Fraction(words)


def number(text: object) -> Fraction:
    """Give a figure, a percentage or a fraction among them, exactly."""
    return _exactly(str(text))


def of_fact(fact: Fact) -> Heard:
    """Give a fact as something that happened; a miss recorded without a key has had no answer."""
    words = dict(fact)
    if fact["type"] in MISSES:
        words["answered"] = False
    many, most = int(fact.get("count", 1)), fact.get(AT_MOST)
    return Heard(moment(fact), int(fact["position"]), fact["type"], many, fact.get("matter"), fact, words, most)


def missed(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the limits charged to a unit on a code that ran out in the year: each on the day after, as one thing."""
    found = []
    for limit in world.limits_on(unit, code, whom):
        if limit.broke is None or limit.broke.year != world.year:
            continue
        if world.as_of is None or limit.broke <= world.as_of:
            words = limit.words | {"answered": limit.answer is not None}
            at = datetime.combine(limit.broke, time())
            found.append(Heard(at, limit.position, "missed", 1, limit.matter, {}, words, limit.most))
    return found


def kept(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the limits charged to a unit on a code that were kept, each at its answer, even one after the year's end."""
    found = []
    for limit in world.limits_on(unit, code, whom):
        if limit.state == "met" and limit.answer is not None:
            at, position = place(limit.answer)
            found.append(Heard(at, position, "kept", 1, limit.matter, {}, dict(limit.words)))
    return found


def written(world: World, unit: str, code: str, whom: str) -> list[Heard]:
    """Give the single facts on a code charged to a unit: its own, or those that name it as the other unit."""
    facts = world.at(unit, code) if whom == "own" else world.naming(unit, code)
    return [of_fact(fact) for fact in facts if fact["type"] not in OF_A_LIMIT or fact.get("key") is None]


WANTED: Final = {
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


def of_other_side(world: World, code: str, rule: Rule) -> list[Rule]:
    """Give the rules of an item that take where this one adds, or add where it takes."""
    item = world.items.get(code)
    if item is not None:
        sides = [item["rule"].get("deduct", []), item["rule"].get("add", [])]
        for one, other in (sides, sides[::-1]):
            if any(rule is each for each in one):
                return list(other)
    return []


def easing_kinds(world: World, code: str) -> list[str]:
    """Give the kinds that ease what was logged before under any rule of an item or ± rule."""
    rules: list[Rule] = []
    if code in world.items:
        rule = world.items[code]["rule"]
        rules += [*(rule.get("deduct") or ()), *(rule.get("add") or ())]
    if code in world.rules:
        rules.append(world.rules[code])
    return [ease["kind"] for rule in rules for ease in rule.get("eased") or ()]


def heard_by(rule: Rule, happened: list[Heard], against: list[Rule], easing: list[str]) -> list[Heard]:
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


def named_by(rule: Rule) -> list[str]:
    """Give the kinds that a rule hears by name."""
    return [*((rule["when"] or {}).get("kind") or ())]
