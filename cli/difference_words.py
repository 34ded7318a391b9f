"""What changed from one scheme to another, in words that a clerk reads: a few lines for each change. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from cli.plain_words import Content, Said, clauses, gate_words, listed, points_words, texts
from cli.scheme_words import of_adjustment, of_aside, of_caps, of_item
from cli.whole_words import bound_words, of_band, of_part, of_rounding, of_ties, of_total, of_veto, of_zero_out
from gkevents.terms import show
from gkevents.trials.differences import Change, Whom
from gkevents.trials.shifts import LINES, Shift, alike
from gkevents.words import N_, Message, message

_KEYS: Final = {
    "scheme": N_("the id"),
    "family": N_("the series"),
    "issuer": N_("who issued it"),
    "document": N_("the document's number"),
    "year": N_("the year"),
    "assessor": N_("the assessor"),
    "roster_note": N_("the note on the roster"),
    "procedure": N_("the procedure"),
    "acknowledged": N_("the differences acknowledged"),
    "readings": N_("the readings"),
    "title": N_("the title"),
    "clause": N_("the clause"),
    "lines": N_("its place in the published text"),
    "method": N_("the method"),
    "office": N_("the office in charge"),
    "leader": N_("the leader in charge"),
    "units": N_("the units as printed"),
    "advice": N_("the advice"),
    "note": N_("the note"),
    "implied": N_("where the points come from"),
    "stated": N_("the sum printed"),
    "printed": N_("the name printed"),
}
_NUMBERS: Final = {
    "price": N_("price"),
    "cap": N_("cap"),
    "floor": N_("lower bound"),
    "per": N_("price of a step"),
    "earns": N_("points of a step"),
    "down_to": N_("what is left of the item"),
    "first": N_("price of a first card"),
    "again": N_("price of a repeated card"),
    "nth": N_("price by number"),
    "total": N_("price in all"),
    "points": N_("points"),
    "missing": N_("price of an element"),
    "proportional": N_("points of the full rate"),
    "places": N_("points of a place"),
    "rest": N_("points of all others"),
    "weight": N_("weight"),
    "factor": N_("times"),
    "national": N_("price at the national level"),
    "provincial": N_("price at the provincial level"),
    "city": N_("price at the city level"),
    "county": N_("price at the county level"),
    "bonus": N_("cap of the bonus"),
    "deduction": N_("cap of the deduction"),
    "month": N_("cap of a month"),
    "quarter": N_("cap of a quarter"),
    "half-year": N_("cap of a half-year"),
    "year": N_("cap of a year"),
    "base_total": N_("sum of the items"),
    "convert": N_("conversion"),
    "ceiling": N_("upper bound"),
    "gives": N_("points given"),
    "at_most": N_("points at most"),
    "top": N_("quota"),
    "from": N_("least amount"),
    "to": N_("largest amount"),
}
_MEANT: Final = ("factor", "weight", "places", "nth", "total")
"""Keys that say more than what stands below them."""


class Line(NamedTuple):
    """A line about a change: "+" what is new, "−" what is gone, "" what is said about it."""

    sign: str
    said: Said


def of_change(change: Change) -> list[Line]:
    """What a change is, in lines."""
    if change.kind == "words":
        return [_words(change)]
    if change.kind == "order":
        text = N_("they stand in another order: {names}")
        return [Line("", message(text, names=listed(change.new)))]
    if change.kind in ("added", "removed"):
        return [*_whole_entry(change), *_worth(change)]
    if change.kind in _MOVES:
        return [Line("", _MOVES[change.kind](change)), *_worth(change)]
    tell = _TELLS[change.about, change.kind] if (change.about, change.kind) in _TELLS else _TELLS[change.about, ""]
    return [*_exchanged(change, tell), *map(_shift, change.shifts)]


def _words(change: Change) -> Line:
    keys = listed(message(_KEYS[key]) for key in change.new)
    text = N_("worded otherwise, with the same points: {keys}")
    if change.about == "whole":
        text = N_("said otherwise: {keys}")
    return Line("", message(text, keys=keys))


def _whole_entry(change: Change) -> list[Line]:
    """Everything that an entry says which is new, or gone."""
    sign, row = ("+", change.new) if change.kind == "added" else ("−", change.old)
    return [Line(sign, said) for said in _ENTRIES[change.about](row)]


def _exchanged(change: Change, tell: Callable[[Any], Iterable[Said]]) -> list[Line]:
    """The sentences that are gone and those that are new; where the sentences are the same, that it reads the same."""
    before = list(tell(change.old)) if change.old is not None else []
    after = list(tell(change.new)) if change.new is not None else []
    lines = [Line("−", said) for said in before if said not in after]
    lines += [Line("+", said) for said in after if said not in before]
    return lines or [Line("", _written(change))]


def _written(change: Change) -> Message:
    """What differs in the file only."""
    keys = listed(sorted(_keys(change.old, change.new)))
    return message(N_("written otherwise, with the same meaning: {keys}"), keys=keys)


def _keys(old: Any, new: Any, key: str = "–") -> set[str]:  # noqa: ANN401 - plain JSON
    """The innermost keys under which two pieces differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {found for name in {*old, *new} for found in _keys(old.get(name), new.get(name), name)}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return {found for before, after in zip(old, new, strict=True) for found in _keys(before, after, key)}
    return set() if alike(old, new) else {key}


def _shift(shift: Shift) -> Line:
    """A number of points, before and after."""
    values = {"what": _what(shift.path), "old": _shown(shift.old), "new": _shown(shift.new)}
    if shift.by is None:
        return Line("", message(N_("{what}: {old} → {new}"), **values))
    percent = all(value is not None and value.endswith("%") for value in (shift.old, shift.new))
    by = f"{signed(shift.by * 100)}%" if percent else signed(shift.by)
    return Line("", message(N_("{what}: {old} → {new} ({by})"), by=by, **values))


def _what(path: Sequence[str]) -> Said:
    """What a number is called, with the category or the place that it holds for."""
    if path[0] in LINES or path[0] in ("gate", "low"):
        return message(N_("line"))
    keys = [step for step in path if step in _NUMBERS]
    key = next((step for step in keys if step in _MEANT), keys[-1] if keys else path[-1])
    said: Said = message(_NUMBERS[key]) if key in _NUMBERS else key
    if path[-1] != key and path[-1] not in _NUMBERS and key in _MEANT:
        return message(N_("{what} {which}"), what=said, which=path[-1])
    return said


def _shown(value: str | None) -> Said:
    return message(N_("none")) if value is None or value == "none" else value


def signed(by: Fraction) -> str:
    """By how much something grew."""
    return f"+{show(by)}" if by > 0 else show(by)


def _worth(change: Change) -> list[Line]:
    """What a change does to the points that a unit of each category can reach."""
    moved = {name: after - before for name, (before, after) in change.worth.items() if after != before}
    if not moved:
        return []
    if set(moved) == {""}:
        return [Line("", message(N_("possible points {by}"), by=signed(moved[""])))]
    rows = [message(N_("{category} {by}"), category=name, by=signed(by)) for name, by in moved.items()]
    return [Line("", message(N_("possible points: {changes}"), changes=listed(rows)))]


def whom_words(whom: Whom) -> Said:
    """Whom a change concerns."""
    names = [*whom.categories, *whom.units]
    return listed(names) if names else message(N_("all units"))


def _concerned(row: Content) -> Said:
    """Whom an item concerns, as its keys say it."""
    names = [*texts(row["only"]), *texts(row["always"]), *texts(row["named"])]
    said: Said = listed(names) if names else message(N_("all units"))
    if row["others"] == "decide":
        return clauses([said, message(N_("a unit not named needs a decision"))])
    if row["others"] == "not-applicable":
        return clauses([said, message(N_("it does not concern units not named"))])
    return said


def _maximum(change: Change) -> Message:
    (shift,) = change.shifts
    values = {"old": _shown(shift.old), "new": _shown(shift.new)}
    if shift.by is None:
        return message(N_("maximum {old} → {new}"), **values)
    return message(N_("maximum {old} → {new} ({by})"), by=signed(shift.by), **values)


def _moved(change: Change) -> Message:
    text = N_("stands in {old} → {new}")
    return message(text, old=change.old, new=change.new)


def _category(change: Change) -> Message:
    none = message(N_("none"))
    return message(N_("category {old} → {new}"), old=change.old or none, new=change.new or none)


_MOVES: Final[Mapping[str, Callable[[Change], Message]]] = {
    "renamed": lambda change: message(N_("code {old} → {new}"), old=change.old, new=change.new),
    "maximum": _maximum,
    "concerns": lambda change: message(
        N_("concerns {old} → {new}"), old=_concerned(change.old), new=_concerned(change.new)
    ),
    "moved": _moved,
    "category": _category,
}


def _item_said(item: Content) -> list[Said]:
    start, rules, bounds = of_item(item)
    return [*start, *rules, *bounds]


def _rule_said(rule: Content) -> list[Said]:
    side = message(N_("bonus") if rule["side"] == "bonus" else N_("deduction"))
    return [side, *of_adjustment(rule["rule"], side=rule["side"])]


def _group_said(group: Content) -> list[Said]:
    said: list[Said] = [*of_caps(group)]
    if group["part"]:
        said.append(message(N_("in the part {part}"), part=group["part"]))
    if group["gate"]:
        said.append(message(N_("bonus {gate}"), gate=gate_words(group["gate"])))
    return said


def _unit_said(unit: Content) -> list[Said]:
    return [message(N_("{count} sub-units"), count=unit["sub_units"])] if unit["sub_units"] else []


def _new_item(item: Content) -> list[Said]:
    points: list[Said] = [points_words(item["points"])] if item["points"] is not None else []
    return [*points, *_item_said(item)]


def _points_said(points: str) -> list[Said]:
    if points == "printed":
        return [message(N_("the scheme prints its points"))]
    return [message(N_("the points are decided by an overlay"))]


_ENTRIES: Final[Mapping[str, Callable[[Any], Iterable[Said]]]] = {
    "item": _new_item,
    "rule": _rule_said,
    "group": _group_said,
    "section": bound_words,
    "part": of_part,
    "veto": lambda veto: [of_veto(veto)],
    "band": lambda band: [of_band(band)],
    "unit": _unit_said,
}
_TELLS: Final[Mapping[tuple[str, str], Callable[[Any], Iterable[Said]]]] = {
    ("item", "scored"): _item_said,
    ("item", "aside"): lambda aside: [of_aside(aside)],
    ("rule", ""): _rule_said,
    ("group", ""): _group_said,
    ("section", ""): bound_words,
    ("part", ""): of_part,
    ("veto", ""): lambda veto: [of_veto(veto)],
    ("band", ""): lambda band: [of_band(band)],
    ("unit", ""): _unit_said,
    ("whole", "points"): _points_said,
    ("whole", "base_total"): lambda total: [message(N_("items sum to {total}"), total=total)],
    ("whole", "total"): of_total,
    ("whole", "rounding"): of_rounding,
    ("whole", "ties"): lambda ties: [of_ties(ties)],
    ("whole", "variants"): lambda names: [message(N_("forms for {names}"), names=listed(names))] if names else [],
    ("whole", "not_applicable"): lambda aside: [of_aside(aside)],
    ("whole", "zero_out"): lambda rule: [of_zero_out(rule)],
    ("whole", "grade_decimals"): lambda number: [message(N_("marks have at most {number} decimals"), number=number)],
    ("whole", "display_decimals"): lambda number: [
        message(N_("points are shown with {number} decimals"), number=number)
    ],
}
