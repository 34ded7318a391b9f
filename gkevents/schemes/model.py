"""Scheme > Edition > Item > Rule: one published set of scoring rules, frozen.

An `Edition` is built from `content`, the normalised form that `reading` makes of a scheme file and that the log keeps
for ever; so replay needs neither the file nor the reader. Points may be missing (`None`) only where the paper prints
none and no overlay has been decided.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from gkevents.terms import LEVEL_RANK, exact, exact_share

Content = Mapping[str, Any]

_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})

_MISSES: Final = frozenset({"reply-timeout", "deadline-missed"})
LISTENS: Final[Mapping[str, frozenset[str]]] = {
    "happenings": frozenset({"occurrence", "criticism"}) | _MISSES,
    "cards": frozenset({"supervision-card"}),
    "messages": _MISSES,
    "amounts": frozenset({"occurrence"}),
    "praise": frozenset({"occurrence", "praise"}),
}
"""What each word of a rule's `on` makes it listen to; a limit that was missed is heard as a miss."""


class Pricing(NamedTuple):
    """One event rule: what it listens to, how facts are grouped, what a group is worth, how that is limited."""

    on: str
    each: str
    price: Fraction | None = None
    whole: bool = False
    by_assessor: bool = False
    from_overlay: bool = False
    levels: Mapping[str, Fraction] = _NOTHING
    first: Fraction | None = None
    again: Fraction | None = None
    first_card: str = "base"
    totals: tuple[Fraction, ...] = ()
    limit: str | None = None
    level_min: str | None = None
    when: tuple[tuple[str, bool], ...] = ()
    needs: Mapping[str, int] = _NOTHING
    join: str = "all"
    cap: Fraction | None = None

    @property
    def listens(self) -> frozenset[str]:
        """The fact types that can cost or earn under this rule."""
        return LISTENS[self.on]

    @property
    def level_floor(self) -> int:
        """Rank of the lowest level that is priced; 0 where every level is."""
        if self.levels:
            return min(LEVEL_RANK[level] for level in self.levels)
        return LEVEL_RANK[self.level_min] if self.level_min else 0


class Worth(NamedTuple):
    """What a reported figure gives: one of `tiers`, `each`, `missing`, `above`, `fall` (see scheme.schema.json)."""

    shape: str
    tiers: tuple[tuple[Fraction, Fraction], ...] = ()
    interval: str = "lower"
    per: Fraction = Fraction(0)
    of: int = 0
    above: Fraction = Fraction(0)
    fall: Fraction = Fraction(0)
    step: str = "whole"


class Relation(NamedTuple):
    """A figure compared with the mean of the units: it costs once where it is strictly below `share` x mean."""

    share: Fraction
    among: str
    price: Fraction


class Item(NamedTuple):
    """The smallest priced criterion. `points` is its maximum; `start` says where its score begins."""

    code: str
    title: str
    section: str
    clause: str
    lines: tuple[int, ...]
    start: str
    points: Fraction | None
    allowed: Mapping[Fraction, str] = _NOTHING
    deduct: tuple[Pricing, ...] = ()
    worth: Worth | None = None
    counts: str = "event"
    see: str | None = None
    only: str | None = None
    named: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    others: str | None = None
    advice: tuple[Mapping[str, str], ...] = ()
    grade_decimals: int = 2

    def fits(self, category: str) -> bool:
        """Whether the item is on the form of a unit of this category."""
        return self.only is None or self.only == category


class Adjustment(NamedTuple):
    """A ± rule: points beyond the items, one side of one group."""

    code: str
    title: str
    clause: str
    lines: tuple[int, ...]
    side: str
    group: str
    pricing: Pricing | None = None
    relation: Relation | None = None


class Group(NamedTuple):
    """± rules that share caps (`None`: no cap) and a say on one matter named in several of them."""

    code: str
    title: str
    bonus_cap: Fraction | None
    deduction_cap: Fraction | None
    caps: str
    same_matter: str
    rules: tuple[Adjustment, ...]
    clause: str = ""
    lines: tuple[int, ...] = ()


class ZeroOut(NamedTuple):
    """What proven fraud does: `total`, `band` or `total-and-band`."""

    code: str
    title: str
    clause: str
    lines: tuple[int, ...]
    effect: str
    band: str | None


class RosterUnit(NamedTuple):
    """A unit of the printed roster; `printed` is its name on the paper where that differs."""

    name: str
    category: str
    printed: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One frozen version of a scheme, ready to price with; what is derived from its parts is worked out once."""

    scheme: str
    family: str
    title: str
    year: int
    digest: str
    base_total: Fraction
    from_overlay: bool
    overlaid: bool
    grade_decimals: int
    floor: Fraction | None
    ceiling: Fraction | None
    display_decimals: int
    ties: str
    variants: tuple[str, ...]
    items: Mapping[str, Item]
    groups: tuple[Group, ...]
    zero_out: ZeroOut | None
    not_applicable: str | None
    not_applicable_among: str
    not_applicable_clause: str
    bands: tuple[tuple[str, Fraction | None], ...]
    roster: tuple[RosterUnit, ...]

    @cached_property
    def rules(self) -> Mapping[str, Adjustment]:
        """The ± rules by code, in the paper's order."""
        return {rule.code: rule for group in self.groups for rule in group.rules}

    @cached_property
    def weighted(self) -> bool:
        """Whether points are known: printed, or given by a decided overlay."""
        return not self.from_overlay or self.overlaid

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code that a fact may name: items, then ± rules."""
        return (*self.items, *self.rules)

    def items_for(self, category: str) -> Mapping[str, Item]:
        """The items on the form of a category, without pointers to other items."""
        forms = self._forms
        if category not in forms:
            forms[category] = {
                code: item for code, item in self.items.items() if item.start != "elsewhere" and item.fits(category)
            }
        return forms[category]

    @cached_property
    def _forms(self) -> dict[str, dict[str, Item]]:
        return {}

    def names_of(self, unit: str) -> frozenset[str]:
        """Every name the roster knows a unit by, its own among them."""
        entry = next((entry for entry in self.roster if unit in (entry.name, entry.printed)), None)
        return frozenset({unit, entry.name, entry.printed or unit} if entry is not None else {unit})

    def names(self, item: Item, unit: str, category: str) -> bool:
        """Whether the paper names a unit on an item with an open list; where it has no such list, it concerns all."""
        return item.others is None or category in item.always or not self.names_of(unit).isdisjoint(item.named)

    def category_of(self, unit: str) -> str | None:
        """The roster's category of a unit, by its name or its printed name; None where it is not on the roster."""
        for entry in self.roster:
            if unit in (entry.name, entry.printed):
                return entry.category
        return None


def digest_of(text: str, overlay: Mapping[str, Any] | None) -> str:
    """SHA-256 (hex) over the scheme's full text and its overlay in canonical JSON: the name of an edition."""
    tail = json.dumps(overlay, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if overlay else ""
    return hashlib.sha256(f"{text}\0{tail}".encode()).hexdigest()


def edition_of(content: Content, *, digest: str, overlay: Mapping[str, Any] | None = None) -> Edition:
    """The edition that normalised content, and the overlay decided for it, describe.

    `content` comes from `reading` (or from the log) and is taken as valid; the overlay likewise.
    """
    overlay = overlay or {}
    points = {code: exact(str(value)) for code, value in overlay.get("points", {}).items()}
    prices = {code: exact(str(value)) for code, value in overlay.get("adjustments", {}).items()}
    caps = {code: exact(str(value)) for code, value in overlay.get("caps", {}).items()}
    total, na = content["total"], content.get("not_applicable")
    return Edition(
        scheme=content["scheme"],
        family=content["family"],
        title=content["title"],
        year=content["year"],
        digest=digest,
        base_total=exact(content["base_total"]),
        from_overlay=content["points"] == "overlay",
        overlaid=bool(points),
        grade_decimals=content["grade_decimals"],
        floor=_maybe(total["floor"]),
        ceiling=_maybe(total["ceiling"]),
        display_decimals=content["display_decimals"],
        ties=content["ties"],
        variants=tuple(content["variants"]),
        items={row["code"]: _item(row, points, content["grade_decimals"]) for row in content["items"]},
        groups=tuple(_group(row, prices, caps) for row in content["adjustments"]),
        zero_out=_zero_out(content.get("zero_out")),
        not_applicable=na["gets"] if na else None,
        not_applicable_among=na["among"] if na else "all",
        not_applicable_clause=_cited(na["clause"], na["lines"]) if na else "",
        bands=tuple((row["name"], _maybe(row.get("from"))) for row in content["bands"]),
        roster=tuple(RosterUnit(r["name"], r.get("category") or "", r.get("printed")) for r in content["roster"]),
    )


def _maybe(text: str | None) -> Fraction | None:
    return None if text is None else exact(text)


def _cited(clause: str, lines: Sequence[int]) -> str:
    return clause + (f"（公布文本第{'、'.join(map(str, lines))}行）" if lines else "")


def cited(rule: Item | Adjustment | Group | ZeroOut) -> str:
    """A rule's clause in the scheme file's own words, with where it stands in the published text."""
    return _cited(rule.clause, rule.lines)


def _item(row: Content, points: Mapping[str, Fraction], decimals: int) -> Item:
    rule, code = row["rule"], row["code"]
    worth = rule.get("worth")
    return Item(
        code=code,
        title=row["title"],
        section=row["section"],
        clause=row["clause"],
        lines=tuple(row["lines"]),
        start=rule["start"],
        points=exact(row["points"]) if row.get("points") is not None else points.get(code),
        allowed={exact(choice["points"]): choice["when"] for choice in rule.get("allowed") or ()},
        deduct=tuple(_pricing(part) for part in rule.get("deduct") or ()),
        worth=_worth(worth, rule.get("interval") or "lower") if worth else None,
        counts=rule.get("count") or "event",
        see=rule.get("see"),
        only=row.get("only"),
        named=tuple(row.get("named") or ()),
        always=tuple(row.get("always") or ()),
        others=row.get("others"),
        advice=tuple(row.get("advice") or ()),
        grade_decimals=decimals,
    )


def _pricing(part: Content, overlay_price: Fraction | None = None, overlay_cap: Fraction | None = None) -> Pricing:
    price = part.get("price")
    table = price if isinstance(price, Mapping) else {}
    flat = exact(price) if isinstance(price, str) and price not in ("all", "set", "overlay") else None
    cap = part.get("cap")
    return Pricing(
        on=part["on"],
        each=part["each"],
        price=overlay_price if price == "overlay" else flat,
        whole=price == "all",
        by_assessor=price == "set",
        from_overlay=price == "overlay",
        levels={level: exact(table[level]) for level in LEVEL_RANK if level in table},
        first=_maybe(table.get("first")),
        again=_maybe(table.get("again")),
        first_card=table.get("first_card") or "base",
        totals=tuple(exact(step) for step in table.get("total") or ()),
        limit=part.get("limit"),
        level_min=part.get("level_min"),
        when=tuple((part.get("when") or {}).items()),
        needs=part.get("needs") or {},
        join=part.get("join") or "all",
        cap=overlay_cap if overlay_cap is not None else _maybe(cap),
    )


def _worth(worth: Content, interval: str) -> Worth:
    if "tiers" in worth:
        steps = sorted((exact_share(step["from"]), exact(step["points"])) for step in worth["tiers"])
        return Worth("tiers", tiers=tuple(reversed(steps)), interval=interval)
    if "each" in worth:
        return Worth("each", per=exact(worth["each"]), of=worth["of"])
    if "missing" in worth:
        return Worth("missing", per=exact(worth["missing"]), of=worth["of"])
    if "above" in worth:
        return Worth("above", per=exact(worth["per"]), above=exact(worth["above"]))
    return Worth("fall", per=exact(worth["per"]), fall=exact_share(worth["fall"]), step=worth.get("step") or "whole")


def _group(row: Content, prices: Mapping[str, Fraction], caps: Mapping[str, Fraction]) -> Group:
    code, cap = row["code"], row.get("cap") or {}
    return Group(
        code=code,
        title=row["title"],
        bonus_cap=caps.get(code, _maybe(cap.get("bonus"))),
        deduction_cap=caps.get(code, _maybe(cap.get("deduction"))),
        caps=row["caps"],
        same_matter=row["same_matter"],
        rules=tuple(_adjustment(rule, code, prices, caps) for rule in row["rules"]),
        clause=row.get("clause") or row["title"],
        lines=tuple(row.get("lines") or ()),
    )


def _adjustment(row: Content, group: str, prices: Mapping[str, Fraction], caps: Mapping[str, Fraction]) -> Adjustment:
    rule, code = row["rule"], row["code"]
    below = rule.get("below")
    return Adjustment(
        code=code,
        title=row["title"],
        clause=row["clause"],
        lines=tuple(row["lines"]),
        side=row["side"],
        group=group,
        pricing=None if below else _pricing(rule, prices.get(code), caps.get(code)),
        relation=Relation(exact_share(below["share"]), below["among"], exact(rule["price"])) if below else None,
    )


def _zero_out(row: Content | None) -> ZeroOut | None:
    if not row:
        return None
    return ZeroOut(row["code"], row["title"], row["clause"], tuple(row["lines"]), row["effect"], row.get("band"))


_LIMIT_MAX: Final = 10_000
LIMIT_UNITS: Final = {"working days": "working_days", "working day": "working_days", "hours": "hours", "hour": "hours"}


def limit_parts(limit: str) -> tuple[str, int | dt.date]:
    """A limit's parts: ("working_days", 15), ("hours", 5) or ("day", date). Raises ValueError for anything else."""
    number, _, unit = limit.strip().partition(" ")
    if unit.strip() in LIMIT_UNITS and number.isascii() and number.isdigit() and 0 < int(number) < _LIMIT_MAX:
        return (LIMIT_UNITS[unit.strip()], int(number))
    return ("day", dt.date.fromisoformat(limit.strip()))
