"""Somebody who writes facts down under any scheme, knowing from its rules what each code takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gkevents.oracle.heard import World, easing_kinds, fits, named_by, of_other_side
from gkevents.oracle.reckoning import own_limit
from gkevents.oracle.worths import reads_of

from .log_writer import Case, Writer

Rule = dict[str, Any]
LEVELS = {"county", "city", "provincial", "national"}


@dataclass
class WideCase(Case):
    """One random log under one random scheme, with the question to ask of it."""

    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)


@dataclass
class WideWriter(Writer):
    """Writes facts that the rules of any scheme take."""

    case: WideCase
    many: dict[str, int] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The scheme's content."""
        return self.case.content

    def items(self, unit: str) -> list[dict[str, Any]]:
        """Give the items on a unit's form."""
        return [item for item in self.content["items"] if fits(item, self.case.units[unit])]

    def adjustments(self) -> list[dict[str, Any]]:
        """Give the ± rules."""
        return [rule for group in self.content["adjustments"] for rule in group["rules"]]

    def is_item(self, code: str) -> bool:
        """Tell whether a code is an item's, not a ± rule's."""
        return any(item["code"] == code for item in self.content["items"])

    def event_rules(self, unit: str) -> list[tuple[str, Rule]]:
        """Give the event rules that a unit may be charged by, each with its code."""
        found = [
            (item["code"], rule)
            for item in self.items(unit)
            for rule in (*item["rule"].get("deduct", ()), *item["rule"].get("add", ()))
        ]
        return found + [(each["code"], each["rule"]) for each in self.adjustments() if "each" in each["rule"]]

    def rules_on(self, code: str) -> list[Rule]:
        """Give the event rules of one code."""
        found = [
            rule
            for item in self.content["items"]
            if item["code"] == code
            for rule in (*item["rule"].get("deduct", ()), *item["rule"].get("add", ()))
        ]
        return found + [each["rule"] for each in self.adjustments() if each["code"] == code and "each" in each["rule"]]

    def level(self, code: str) -> str | None:
        """Give a level that a fact on a code may have: always one where some price depends on it."""
        rules = self.rules_on(code)
        needed = any(
            rule["each"] == "matter-level" or (isinstance(rule["price"], dict) and LEVELS & set(rule["price"]))
            for rule in rules
        )
        names = ("county", "city", "provincial", "national")
        return self.rng.choice(names if needed else (None, None, *names))

    def codes(self, unit: str, *kinds: str) -> list[str]:
        """Give the codes of marked items that take anything as evidence."""
        del kinds
        return [
            item["code"]
            for item in self.items(unit)
            if item["rule"]["start"] == "grade" and not item["rule"]["deduct"] and not item["rule"]["add"]
        ]

    def limit_codes(self, unit: str) -> list[str]:
        """Give the codes on which a limit may begin: some rule hears limits, missed or kept."""
        return sorted({code for code, rule in self.event_rules(unit) if self.timed(rule, "kept")})

    def miss_codes(self, unit: str) -> list[str]:
        """Give the codes on which a miss may be said by hand: some rule hears misses."""
        return sorted({code for code, rule in self.event_rules(unit) if self.timed(rule)})

    def timed(self, rule: Rule, *more: str) -> bool:
        """Tell whether a rule hears limits: it asks for no kind and no level."""
        by_level = rule["each"] == "matter-level" or (isinstance(rule["price"], dict) and LEVELS & set(rule["price"]))
        kinds = (rule["when"] or {}).get("kind") or rule["needs"]
        return rule["on"] in ("happenings", "messages", *more) and not by_level and not kinds

    def other_unit(self, unit: str, code: str, *more: str) -> str | None:
        """Give the other unit that a limit on a code names, mostly where some rule charges it."""
        others = [other for other in self.units_with(code) if other != unit]
        charged = any(rule["whom"] == "other" and self.timed(rule, *more) for rule in self.rules_on(code))
        return self.rng.choice(others) if charged and others and self.maybe(0.8) else None

    def limit_matter(self) -> str | None:
        """Give the matter of a limit."""
        return self.matter()

    def own_limit(self, code: str) -> str | None:
        """Give the limit that a code's rules state."""
        return own_limit(self.content, code)

    def of_messages(self, code: str) -> bool:
        """Tell whether some rule of a code hears messages."""
        return any(rule["on"] == "messages" for rule in self.rules_on(code))

    def asks(self, code: str) -> bool:
        """Tell whether some rule of a code asks for an excuse or for gravity."""
        return any(set(rule["when"] or {}) & {"justified", "serious"} for rule in self.rules_on(code))

    def against(self, code: str, rule: Rule) -> list[Rule]:
        """Give the rules of an item that take where this one adds, or the other way round."""
        return of_other_side(World(self.content, self.case.year, self.case.units, [], {}), code, rule)

    def only_praise(self, code: str, rule: Rule) -> bool:
        """Tell whether a rule hears praise alone: on its item an occurrence is one that costs."""
        return rule["on"] == "praise" and not (rule["when"] or {}).get("kind") and bool(self.against(code, rule))

    def amount(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Give the amount and reason that an occurrence needs where some rule that hears it has its price set.

        Such an occurrence has no count: it is taken out of the fields.
        """
        for rule in self.rules_on(fields["item"]):
            kinds, kind = (rule["when"] or {}).get("kind"), fields.get("kind")
            deaf = [name for other in self.against(fields["item"], rule) for name in named_by(other)]
            deaf += easing_kinds(World(self.content, self.case.year, self.case.units, [], {}), fields["item"])
            if rule["on"] == "amounts" and (kind in kinds if kinds else kind not in deaf):
                fields.pop("count", None)
                return {"amount": self.rng.choice(("1", "2.25", "4", "3.5")), "reason": "样例"}
        return {}

    def units_with(self, code: str) -> list[str]:
        """Give the units on whose form a code stands."""
        item = next((item for item in self.content["items"] if item["code"] == code), None)
        return [unit for unit, category in self.case.units.items() if item is None or fits(item, category)]

    def before(self) -> date:
        """Give a day in the year before, or one of the year that is already here."""
        if self.maybe(0.5):
            return date(self.case.year - 1, self.rng.randint(1, 12), self.rng.randint(1, 28))
        return self.in_year()

    def figure(self, rule: Rule) -> str:
        """Give a figure that a rule accepts, often one that lies on a line."""
        reads = reads_of(rule)
        if reads == "share":
            pool: tuple[str, ...] = ("0", "30%", "0.4", "59.99%", "60%", "0.8", "79.996%", "90%", "95%", "100%")
        elif reads in ("whole", "positive"):
            pool = ("1", "2", "4", "5", "6", "10", "12", "13", "20")
        else:
            pool = ("0", "0.5", "1", "4.75", "5", "7.3", "10.5", "12", "20", "21")
        return self.rng.choice(pool)
