"""Happenings to try a rule with: for each rule the few facts that it hears, in contract form, the plainest first.

A probe is a happening without unit, day or number; `sketched` puts it in its place among others, a day or two for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

from gkevents.aggregates.facts import Body
from gkevents.schemes.model import Adjustment, Item, Pricing
from gkevents.terms import LEVELS, show
from gkevents.trials.bench import OTHER, UNIT

Sketch = tuple[tuple[str, Any], ...]
"""A fact's fields, but for its unit and ref; days count from that of the probe, and `key` is filled in."""

MATTERS: Final = ("甲事", "乙事")
PROBLEMS: Final = ("甲问题", "乙问题")
WITHOUT_LEVEL: Final = frozenset({"cards", "messages", "kept"})
"""What carries no level: it is priced whatever level_min says."""
_TYPES: Final = {"cards": "supervision-card", "messages": "reply-timeout", "praise-facts": "praise"}
_PROBES_MAX: Final = 12
_DAY_MAX: Final = 27
"""The last day of a month on which a happening is laid; those beyond it share that day, in their order."""


class Probe(NamedTuple):
    """A happening on an item or ± rule. `role`: "offence", "deed", "both", or "easing" of an earlier one."""

    code: str
    sketches: tuple[Sketch, ...]
    role: str
    month: int = 3
    unit: str = ""


def sketched(probe: Probe, place: int, *, year: int, unit: str = UNIT, number: int = 1) -> list[Body]:
    """The facts of one probe in its place among others, with refs from `number` on."""
    start, bodies = dt.date(year, probe.month, min(1 + 2 * place, _DAY_MAX)), []
    for offset, sketch in enumerate(probe.sketches):
        fields = dict(sketch)
        day = start + dt.timedelta(days=fields.pop("on", 0))
        body = {"ref": f"f{number + offset}", "type": fields.pop("type"), "unit": probe.unit or unit}
        if fields.pop("on_item", True):
            body["item"] = probe.code
        if "limit" in fields:
            fields["limit"] = (start + dt.timedelta(days=fields["limit"])).isoformat()
        if "key" in fields:
            fields["key"] = f"k{place + 1}"
        if "other_unit" in fields:
            fields["other_unit"] = unit
        told = {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
        bodies.append({**body, "effective_on": day.isoformat(), **told})
    return bodies


def probes_of(target: Item | Adjustment) -> list[Probe]:
    """The happenings to try an item or a ± rule with."""
    sides: list[tuple[tuple[Pricing, ...], str]]
    if isinstance(target, Item):
        sides = [(target.deduct, "offence"), (target.add, "deed")]
    else:
        sides = [(pricings_of(target), "deed" if target.side == "bonus" else "offence")]
    found: dict[tuple[object, ...], Probe] = {}
    for rules, role in sides:
        for rule in rules:
            for probe in heard_by(rule, target.code, role):
                found.setdefault((probe.sketches, probe.month, probe.unit), probe)
    return list(found.values())


def heard_by(rule: Pricing, code: str, role: str, *, matters: bool = False) -> list[Probe]:
    """The happenings that one rule hears, the plainest first, then those that ease it."""
    named = matters or rule.each.startswith("matter") or bool(rule.eased)
    months = (3, 7) if rule.each in ("quarter", "month") or rule.period_caps else (3,)
    probes = []
    for month, matter, fields in product(months, MATTERS if named else (None,), _fields(rule)):
        said = {**fields, **({"matter": matter} if matter else {})}
        probes.append(Probe(code, _sketches(rule, said), role, month, OTHER if rule.other else ""))
    for kind in rule.eased:
        easing = (("type", "occurrence"), ("kind", kind), ("matter", MATTERS[0]))
        probes.append(Probe(code, (easing,), "easing", unit=OTHER if rule.other else ""))
    return [*probes[:_PROBES_MAX], *(probe for probe in probes[_PROBES_MAX:] if probe.role == "easing")]


def _fields(rule: Pricing) -> list[dict[str, Any]]:
    """What happenings that the rule prices say beside their type: level, kind, conditions, problem, amount."""
    levels = [*(level for level in reversed(LEVELS) if level in rule.levels)] or _lowest(rule)
    if rule.each == "matter-level" and levels == [""]:
        levels = ["national", "county"]
    said = {name: wanted for name, wanted in rule.when if name != "answered"}
    kinds = [kind for kind in (sorted(rule.kinds) or list(rule.needs)) if kind not in rule.eased] or [""]
    choices: list[Sequence[dict[str, Any]]] = [
        [{"level": level} if level else {} for level in (levels[:1] + levels[1:][-1:])],
        [{"kind": kind} if kind else {} for kind in kinds[:3]],
        _problems(rule),
        _amounts(rule),
    ]
    return [{**said, **dict(pair for part in parts for pair in part.items())} for parts in product(*choices)]


def _lowest(rule: Pricing) -> list[str]:
    return [LEVELS[rule.level_floor]] if rule.level_min and rule.on not in WITHOUT_LEVEL else [""]


def _problems(rule: Pricing) -> list[dict[str, Any]]:
    if rule.on != "cards":
        return [{}]
    one = {"problem": [PROBLEMS[0]]}
    return [one, {"problem": [PROBLEMS[1]]}, {"problem": list(PROBLEMS)}] if rule.each == "problem" else [one]


def _amounts(rule: Pricing) -> list[dict[str, Any]]:
    if rule.between is not None:
        return [{"amount": show(amount), "reason": "试"} for amount in dict.fromkeys(rule.between)]
    return [{"amount": "1", "reason": "试"}] if rule.by_assessor else [{}]


def _sketches(rule: Pricing, said: dict[str, Any]) -> tuple[Sketch, ...]:
    """The facts that make a happening of the kind a rule listens to."""
    other: dict[str, Any] = {"other_unit": ""} if rule.other else {}
    answered = dict(rule.when).get("answered")
    opening = {"type": "netizen-message" if rule.on == "messages" else "deadline-opened", "key": "", **other}
    answer: dict[str, Any] = {
        "type": "netizen-reply" if rule.on == "messages" else "deadline-met",
        "key": "",
        "on": 1,
        "on_item": False,
    }
    words: dict[str, Any] = {name: said[name] for name in ("justified", "serious") if name in said}
    rest = {name: value for name, value in said.items() if name not in words}
    if rule.on == "kept":
        return (_sketch({**opening, "limit": 1, **rest}), _sketch({**answer, **words}))
    if answered is True:
        return (_sketch({**opening, "limit": 0, **rest}), _sketch({**answer, **words}))
    kind = _TYPES.get(rule.on, "occurrence")
    if answered is False and rule.on != "messages":
        kind = "deadline-missed"
    return (_sketch({"type": kind, **said, **other}),)


def _sketch(fields: dict[str, Any]) -> Sketch:
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in fields.items())


def setting(targets: Iterable[Item | Adjustment], *, year: int, unit: str) -> list[Body]:
    """What must stand before happenings on these items or ± rules are priced: the number of the unit's sub-units."""
    asked = [target for target in targets if any(rule.averaged for rule in pricings_of(target))]
    return [
        {
            "ref": f"f{number}",
            "type": "metric",
            "unit": unit,
            "item": target.code,
            "effective_on": f"{year}-01-01",
            "about": "sub-units",
            "value": "2",
            "source": "试",
        }
        for number, target in enumerate(asked, 1)
    ]


def pricings_of(target: Item | Adjustment) -> tuple[Pricing, ...]:
    """The event rules of an item or ± rule."""
    if isinstance(target, Item):
        return (*target.deduct, *target.add)
    return (target.pricing,) if target.pricing is not None else ()
