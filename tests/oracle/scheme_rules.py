"""Random event rules for random schemes: what they hear, how they group, price, ease and cap.

Each function gives what would stand in the file, as plain keys and values, and keeps to what the reader takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")
Rule = dict[str, Any]
PRICES = ("0.1", "0.5", "1", "1.25", "2", "3")
CATEGORIES = ("乡镇", "部门")


@dataclass
class Pen:
    """Somebody who writes a scheme: the dice, the units, and how many kinds of happening there are names for."""

    rng: random.Random
    units: dict[str, str]
    kinds: int = 0
    used: list[str] = field(default_factory=list)

    def maybe(self, chance: float) -> bool:
        """Tell whether to do something, that often."""
        return self.rng.random() < chance

    def one(self, of: Sequence[T]) -> T:
        """Give one of several."""
        return self.rng.choice(of)

    def kind(self) -> str:
        """Give a kind of happening that no rule has named yet."""
        self.kinds += 1
        return f"事{self.kinds}"


def written(points: Fraction) -> str:
    """Give points of at most six decimals as text."""
    whole, rest = divmod(int(points * 1000000), 1000000)
    assert Fraction(whole * 1000000 + rest, 1000000) == points
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def rising(pen: Pen, many: int, most: int = 6) -> list[str]:
    """Give so many points, none below the one before."""
    return [written(Fraction(n, 2)) for n in sorted(pen.rng.randint(0, most * 2) for _ in range(many))]


def levels(pen: Pen) -> Rule:
    """Give a price by level, for some levels."""
    names = pen.rng.sample(("county", "city", "provincial", "national"), pen.rng.randint(1, 4))
    return {name: pen.one(PRICES) for name in names}


def heard(pen: Pen, side: str) -> str | None:
    """Give what a rule listens to; None leaves it to its side."""
    if side == "bonus":
        return pen.one((None, None, "praise", "happenings", "kept", "kept", "amounts"))
    return pen.one((None, None, None, "happenings", "cards", "messages", "amounts"))


def grouped(pen: Pen, on: str | None, once: bool) -> str:  # noqa: FBT001
    """Give how a rule groups what it hears; `once` where one matter counts once over several rules."""
    if on == "cards":
        return pen.one(("problem", "problem", "event", "quarter"))
    if on == "amounts":
        return pen.one(("event", "event", "matter"))
    if once:
        return pen.one(("matter", "matter", "matter", "event"))
    return pen.one(("event", "event", "event", "matter", "matter", "matter-level", "year", "quarter", "month"))


def priced(pen: Pen, on: str | None, each: str, *, once: bool, item: bool) -> Any:  # noqa: ANN401 - any form of price
    """Give a price that fits what is heard and how it is grouped."""
    if on == "amounts":
        return pen.one(("set", {"from": "1", "to": "4"}))
    if each == "problem":
        cards = {"first": pen.one(PRICES), "again": pen.one(PRICES)}
        cards["first_card"] = pen.one(("base", "escalated", "added"))
        return cards if once else pen.one((cards, {"nth": rising(pen, 3, 3)}))
    forms: list[Any] = [pen.one(PRICES)] * 3
    if on in (None, "happenings", "praise"):
        forms += [levels(pen)]
    if each in ("event", "matter") and not once:
        forms += [{"nth": [pen.one(("0", *PRICES)) for _ in range(pen.rng.randint(1, 4))]}]
        forms += [{"total": rising(pen, pen.rng.randint(1, 3))}]
    if item and each in ("year", "event"):
        forms += ["all"]
    return pen.one(forms)


def conditions(pen: Pen, on: str, kind: str | None) -> Rule | None:
    """Give what must hold for a fact to be priced."""
    said: Rule = {}
    if kind is not None:
        said["kind"] = pen.one((kind, [kind]))
    if on in ("happenings", "messages") and pen.maybe(0.2):
        said["justified"] = pen.one(("false", "false", "true"))
    if on in ("happenings", "messages") and pen.maybe(0.1):
        said["serious"] = "true"
    if on in ("happenings", "messages") and kind is None and pen.maybe(0.12):
        said["answered"] = pen.one(("true", "false"))
    return said or None


def caps(pen: Pen) -> Any:  # noqa: ANN401 - a number or a table
    """Give a cap of a rule: one number, or some periods'."""
    if pen.maybe(0.5):
        return pen.one(("1", "2", "3.5", "5"))
    table = {"month": "1.5", "quarter": "2", "half-year": "3.5", "year": "5"}
    names = pen.rng.sample(list(table), pen.rng.randint(1, 3))
    return {name: table[name] for name in table if name in names}


def event_rule(
    pen: Pen, side: str, *, kind: str | None = None, item: bool = True, once: bool = False, counted: bool = False
) -> Rule:
    """Give one event rule; with a kind it hears only that. A counted item needs that its rules say `when.kind`."""
    if item and side == "deduction" and not counted and pen.maybe(0.06):
        return needs_rule(pen, kind)
    on = heard(pen, side)
    if kind is not None and on in ("messages", "kept", "cards"):
        on = None
    each = grouped(pen, on, once)
    rule: Rule = {"on": on, "each": each, "price": priced(pen, on, each, once=once, item=item)}
    down = item and side == "deduction" and each == "year" and pen.maybe(0.4)
    if down:
        rule["price"] = {"down_to": pen.one(("0.5", "1", "2"))}
    said = conditions(pen, on or ("praise" if side == "bonus" else "happenings"), kind)
    rule |= {"when": said} if said else {}
    by_level = isinstance(rule["price"], dict) and bool(
        set(rule["price"]) & {"county", "city", "provincial", "national"}
    )
    if on in (None, "happenings", "praise") and not by_level and pen.maybe(0.15):
        rule["level_min"] = pen.one(("city", "provincial"))
    if on in ("messages", "kept") and pen.maybe(0.6):
        rule["limit"] = "3 working days"
    if not down:
        rule |= beyond_price(pen, rule)
    return {name: value for name, value in rule.items() if value is not None}


def beyond_price(pen: Pen, rule: Rule) -> Rule:
    """Give what changes a price afterwards: a factor, later facts, sub-units, the other unit, caps."""
    more: Rule = {}
    if pen.maybe(0.1):
        names = [name for name in (*pen.units, *set(pen.units.values())) if name]
        more["factor"] = {
            name: pen.one(("2", "0.5", "1.5", "50%", "1/2")) for name in pen.rng.sample(names, min(2, len(names)))
        }
    if rule["on"] in (None, "happenings", "praise") and pen.maybe(0.12):
        shares = pen.rng.sample(("0", "50%", "0.3"), pen.rng.randint(1, 2))
        more["eased"] = [{"kind": pen.kind(), "to": share} for share in shares]
    if rule["on"] != "amounts" and pen.maybe(0.15):
        more["whom"] = "other"
    if pen.maybe(0.08):
        more["over"] = "sub-units"
    if pen.maybe(0.3):
        more["cap"] = caps(pen)
    return more


def needs_rule(pen: Pen, kind: str | None = None) -> Rule:
    """Give a rule that is asked once a year: are so many of each kind there?"""
    kinds = [kind or pen.kind()] + [pen.kind() for _ in range(pen.rng.randint(0, 1))]
    rule: Rule = {"each": "year", "price": pen.one(PRICES), "needs": {name: pen.one(("1", "2", "3")) for name in kinds}}
    return rule | {"join": pen.one(("all", "any"))}
