"""What one scheme has otherwise than another: what changed, for whom, and by how many points. Pure.

It compares normalised contents, not texts, so that only what the program or a reader of the scheme would notice counts
as a change. How a change is said is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from gkevents.schemes.format import Scheme, content_of
from gkevents.schemes.model import Content
from gkevents.terms import ZERO, exact, exact_share
from gkevents.trials.pairs import Pairing, in_other_order, pairs_of
from gkevents.trials.shifts import Shift, alike, shifts_of

_ONE: Final = Fraction(1)
_ITEM_WORDS: Final = (
    "title", "clause", "lines", "method", "assessor", "office", "leader", "units", "advice", "readings", "note",
    "implied",
)  # fmt: skip
_RULE_WORDS: Final = ("title", "clause", "lines", "readings", "note")
_GROUP_LIMITS: Final = ("cap", "caps", "same_matter", "order", "part", "gate")
_PART_LIMITS: Final = ("sections", "weight", "cap", "floor", "beyond", "gate")
_VETO_LIMITS: Final = ("item", "kind", "each", "times", "level_min", "low", "effect")
_UNIT_LIMITS: Final = ("sub_units",)
_WHOLE: Final = (
    "points", "base_total", "total", "rounding", "ties", "variants", "not_applicable", "zero_out", "grade_decimals",
    "display_decimals",
)  # fmt: skip
_WHOLE_WORDS: Final = (
    "scheme", "family", "title", "issuer", "document", "year", "assessor", "roster_note", "procedure", "acknowledged",
    "readings",
)  # fmt: skip


class Whom(NamedTuple):
    """Whom a change concerns: categories, and units named one by one; neither: every unit."""

    categories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class Change(NamedTuple):
    """One change.

    `about` says what it stands on (item, rule, group, section, part, veto, band, unit, whole), `kind` what became of
    that (added, removed, renamed, maximum, scored, concerns, moved, limits, aside, category, order, words, or for the
    whole the key that changed). `old` and `new` are what the scheme says there, `shifts` the numbers of points in it
    that changed, `worth` what the change does to the possible points of each category (by today's weights).
    """

    about: str
    kind: str
    code: str = ""
    title: str = ""
    old: Any = None
    new: Any = None
    whom: Whom = Whom()
    shifts: tuple[Shift, ...] = ()
    worth: Mapping[str, tuple[Fraction, Fraction]] = {}


class Differences(NamedTuple):
    """Every change, and the points that a unit of each category can reach by the items, before and after."""

    changes: tuple[Change, ...]
    possible: Mapping[str, tuple[Fraction | None, Fraction | None]]


def filled(content: Content) -> dict[str, Any]:
    """A content with every key that the form has today: older editions in a log lack the newer ones."""
    return content_of(Scheme.model_validate(_as_written(content)))


def _as_written(value: Any) -> Any:  # noqa: ANN401 - plain JSON
    """Plain values as a file has them, where everything is text."""
    if isinstance(value, Mapping):
        return {key: _as_written(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_written(part) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def with_overlay(content: Content, overlay: Mapping[str, Any] | None) -> dict[str, Any]:
    """A content with the points, prices and caps that an overlay decides, as if the paper had printed them."""
    if not overlay:
        return dict(content)
    points, prices, caps = (overlay.get(key) or {} for key in ("points", "adjustments", "caps"))
    items = [{**row, "points": str(points[row["code"]])} if row["code"] in points else row for row in content["items"]]
    groups = []
    for group in content["adjustments"]:
        rules = [{**rule, "rule": _decided(rule, prices, caps)} for rule in group["rules"]]
        most = caps.get(group["code"])
        cap = group["cap"] if most is None else {"bonus": str(most), "deduction": str(most)}
        groups.append({**group, "rules": rules, "cap": cap})
    return {**content, "items": items, "adjustments": groups}


def _decided(row: Content, prices: Mapping[str, Any], caps: Mapping[str, Any]) -> dict[str, Any]:
    rule, code = dict(row["rule"]), row["code"]
    if rule.get("price") == "overlay" and code in prices:
        rule["price"] = str(prices[code])
    if code in caps:
        rule["cap"] = str(caps[code])
    return rule


class Form(NamedTuple):
    """A content with what its items are worth in the total, looked up once."""

    content: Content
    weights: Mapping[str, Any]
    beyond: frozenset[str]
    convert: Fraction

    @classmethod
    def of(cls, content: Content) -> Form:
        """The form of a content."""
        parts = content.get("parts") or ()
        weights = {name: part["weight"] for part in parts for name in part["sections"]}
        beyond = frozenset(name for part in parts if part["beyond"] for name in part["sections"])
        return cls(content, weights, beyond, exact_share(content["total"].get("convert") or "1"))

    def categories(self) -> list[str]:
        """The variants, else the categories of the roster, in their order."""
        named = self.content["variants"] or [unit["category"] for unit in self.content["roster"] if unit["category"]]
        return list(dict.fromkeys(named))

    def has(self, item: Content) -> bool:
        """Whether it has the section that an item stands in, so that it can weigh that item."""
        return any(section["name"] == item["section"].partition(" / ")[0] for section in self.content["sections"])

    def worth(self, item: Content, category: str) -> Fraction:
        """What an item's full points come to in the total of a unit of a category; 0 where it is not on its form."""
        if item["points"] is None or (item["only"] and category not in item["only"]):
            return ZERO
        weight = self.weights.get(item["section"].partition(" / ")[0], "1")
        if isinstance(weight, Mapping):
            weight = weight.get(category, "1")
        return exact(item["points"]) * exact_share(weight) * self.convert

    def possible(self, category: str) -> Fraction | None:
        """The sum of what all items come to, but those beyond the full points; None where there are no points."""
        items = [item for item in self.content["items"] if item["section"].partition(" / ")[0] not in self.beyond]
        if all(item["points"] is None for item in items):
            return None
        return sum((self.worth(item, category) for item in items), ZERO)


def differences(old: Content, new: Content) -> Differences:
    """Every change from one content to another, in the order in which a scheme is read (see `filled`)."""
    before, after = Form.of(old), Form.of(new)
    categories = list(dict.fromkeys([*before.categories(), *after.categories()])) or [""]
    changes = [
        *_whole(old, new),
        *_sections(old, new),
        *_parts(old, new),
        *_items(before, after, categories),
        *_adjustments(old, new),
        *_vetoes(old, new),
        *_bands(old, new),
        *_units(old, new),
    ]
    possible = {category: (before.possible(category), after.possible(category)) for category in categories}
    return Differences(tuple(changes), possible)


def _whole(old: Content, new: Content) -> Iterable[Change]:
    for key in _WHOLE:
        if not alike(old[key], new[key]):
            shifts = shifts_of(old[key], new[key], key) if key in ("total", "base_total") else ()
            yield Change("whole", key, old=old[key], new=new[key], shifts=shifts)
    yield from _words(Change("whole", "words"), old, new, _WHOLE_WORDS)


def _sections(old: Content, new: Content) -> Iterable[Change]:
    pairs = pairs_of(old["sections"], new["sections"], by="name")
    yield from _come_and_gone("section", pairs)
    for before, after in pairs.kept:
        base = Change("section", "limits", code=after["name"])
        yield from _limits(base, before, after, ("cap", "floor"))
        yield from _words(base, before, after, ("stated",))
    yield from _order("section", old["sections"], new["sections"], "name")


def _parts(old: Content, new: Content) -> Iterable[Change]:
    pairs = pairs_of(old["parts"], new["parts"], by="name")
    yield from _come_and_gone("part", pairs)
    for before, after in pairs.kept:
        yield from _limits(Change("part", "limits", code=after["name"]), before, after, _PART_LIMITS)
    yield from _order("part", old["parts"], new["parts"], "name")


def _items(before: Form, after: Form, categories: Sequence[str]) -> Iterable[Change]:
    pairs = pairs_of(before.content["items"], after.content["items"], by="code", else_by="title")
    for item in pairs.gone:
        worth = {name: (before.worth(item, name), ZERO) for name in categories if before.worth(item, name)}
        yield Change("item", "removed", item["code"], item["title"], old=item, whom=_whom(item), worth=worth)
    for item in pairs.come:
        worth = {name: (ZERO, after.worth(item, name)) for name in categories if after.worth(item, name)}
        yield Change("item", "added", item["code"], item["title"], new=item, whom=_whom(item), worth=worth)
    for old, new in pairs.kept:
        weighed = after if after.has(old) else before
        worths = {name: (weighed.worth(old, name), after.worth(new, name)) for name in categories}
        moved = {name: pair for name, pair in worths.items() if pair[0] != pair[1]}
        yield from _item(old, new, moved)
    yield from _order("item", before.content["items"], after.content["items"], "code")


def _item(old: Content, new: Content, worth: Mapping[str, tuple[Fraction, Fraction]]) -> Iterable[Change]:
    base = Change("item", "", new["code"], new["title"], whom=_whom(new))
    if old["code"] != new["code"]:
        yield base._replace(kind="renamed", old=old["code"], new=new["code"])
    if not alike(old["points"], new["points"]):
        shifts = shifts_of(old["points"], new["points"], "points")
        yield base._replace(kind="maximum", old=old["points"], new=new["points"], shifts=shifts, worth=worth)
    if _concerned(old) != _concerned(new):
        yield base._replace(kind="concerns", old=_concerned(old), new=_concerned(new), worth=worth)
    if old["section"] != new["section"]:
        yield base._replace(kind="moved", old=old["section"], new=new["section"], worth=worth)
    if not alike(old["rule"], new["rule"]):
        yield base._replace(kind="scored", old=old, new=new, shifts=shifts_of(old["rule"], new["rule"], "rule"))
    if not alike(old["not_applicable"], new["not_applicable"]):
        yield base._replace(kind="aside", old=old["not_applicable"], new=new["not_applicable"])
    yield from _words(base, old, new, _ITEM_WORDS)


def _whom(item: Content) -> Whom:
    """Whom an item concerns: the categories whose form has it, or the units (and categories) that it names."""
    if item["named"] and item["others"] == "not-applicable":
        return Whom(tuple(item["always"]), tuple(item["named"]))
    return Whom(tuple(item["only"] or ()))


def _concerned(item: Content) -> dict[str, Any]:
    return {key: item[key] or None for key in ("only", "named", "always", "others")}


def _adjustments(old: Content, new: Content) -> Iterable[Change]:
    groups = pairs_of(old["adjustments"], new["adjustments"], by="code", else_by="title")
    yield from _come_and_gone("group", groups)
    for before, after in groups.kept:
        base = Change("group", "limits", after["code"], after["title"])
        if before["code"] != after["code"]:
            yield base._replace(kind="renamed", old=before["code"], new=after["code"])
        yield from _limits(base, before, after, _GROUP_LIMITS)
        yield from _words(base, before, after, _RULE_WORDS)
    same = {before["code"]: after["code"] for before, after in groups.kept}
    yield from _rules(_listed(old, same), _listed(new, {}))
    yield from _order("group", old["adjustments"], new["adjustments"], "code")


def _listed(content: Content, same: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every ± rule with its group's code (of a group that was renamed, the new one)."""
    return [
        {**rule, "group": same.get(group["code"], group["code"])}
        for group in content["adjustments"]
        for rule in group["rules"]
    ]


def _rules(old: Sequence[Content], new: Sequence[Content]) -> Iterable[Change]:
    pairs = pairs_of(old, new, by="code", else_by="title")
    yield from _come_and_gone("rule", pairs)
    for before, after in pairs.kept:
        base = Change("rule", "", after["code"], after["title"])
        if before["code"] != after["code"]:
            yield base._replace(kind="renamed", old=before["code"], new=after["code"])
        if before["group"] != after["group"]:
            yield base._replace(kind="moved", old=before["group"], new=after["group"])
        if before["side"] != after["side"] or not alike(before["rule"], after["rule"]):
            shifts = shifts_of(before["rule"], after["rule"], "rule")
            yield base._replace(kind="scored", old=before, new=after, shifts=shifts)
        yield from _words(base, before, after, _RULE_WORDS)
    yield from _order("rule", old, new, "code")


def _vetoes(old: Content, new: Content) -> Iterable[Change]:
    pairs = pairs_of(old["vetoes"], new["vetoes"], by="code", else_by="title")
    yield from _come_and_gone("veto", pairs)
    for before, after in pairs.kept:
        base = Change("veto", "limits", after["code"], after["title"])
        if before["code"] != after["code"]:
            yield base._replace(kind="renamed", old=before["code"], new=after["code"])
        yield from _limits(base, before, after, _VETO_LIMITS)
        yield from _words(base, before, after, _RULE_WORDS)
    yield from _order("veto", old["vetoes"], new["vetoes"], "code")


def _bands(old: Content, new: Content) -> Iterable[Change]:
    pairs = pairs_of(old["bands"], new["bands"], by="name")
    yield from _come_and_gone("band", pairs)
    for before, after in pairs.kept:
        yield from _limits(Change("band", "limits", code=after["name"]), before, after, tuple(after))
    yield from _order("band", old["bands"], new["bands"], "name")


def _units(old: Content, new: Content) -> Iterable[Change]:
    pairs = pairs_of(old["roster"], new["roster"], by="name")
    yield from _come_and_gone("unit", pairs)
    for before, after in pairs.kept:
        base = Change("unit", "category", code=after["name"], whom=Whom((), (after["name"],)))
        if before["category"] != after["category"]:
            yield base._replace(old=before["category"], new=after["category"])
        yield from _limits(base._replace(kind="limits"), before, after, _UNIT_LIMITS)
        yield from _words(base, before, after, ("printed", "note"))
    yield from _order("unit", old["roster"], new["roster"], "name")


def _come_and_gone(about: str, pairs: Pairing) -> Iterable[Change]:
    for row in pairs.gone:
        yield Change(about, "removed", _name(row), row.get("title") or "", old=row)
    for row in pairs.come:
        yield Change(about, "added", _name(row), row.get("title") or "", new=row)


def _name(row: Content) -> str:
    return str(row["code"] if "code" in row else row["name"])


def _limits(base: Change, old: Content, new: Content, keys: tuple[str, ...]) -> Iterable[Change]:
    changed = [key for key in keys if not alike(old[key], new[key])]
    if changed:
        shifts = tuple(shift for key in changed for shift in shifts_of(old[key], new[key], key))
        yield base._replace(kind="limits", old=old, new=new, shifts=shifts)


def _words(base: Change, old: Content, new: Content, keys: tuple[str, ...]) -> Iterable[Change]:
    """What a reader sees changed and no score feels."""
    changed = [key for key in keys if old[key] != new[key]]
    if changed:
        before, after = ({key: row[key] for key in changed} for row in (old, new))
        yield base._replace(kind="words", old=before, new=after)


def _order(about: str, old: Sequence[Content], new: Sequence[Content], by: str) -> Iterable[Change]:
    moved = in_other_order([row[by] for row in old], [row[by] for row in new])
    if moved:
        yield Change(about, "order", old=moved[0], new=moved[1])
