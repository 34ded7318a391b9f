"""Random valid schemes: items over all ways to begin, parts, ± groups, gates, vetoes, bands, ties, rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .scheme_items import STARTS, figure_rule, item_rule
from .scheme_rules import CATEGORIES, Pen, event_rule, needs_rule, written

if TYPE_CHECKING:
    import random

Scheme = dict[str, Any]
NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
POINTS = ("2", "3", "4", "5", "6", "8", "10", "12.5", "20")
MODES = ("half-up", "half-even", "down", "up")


def random_units(rng: random.Random) -> dict[str, str]:
    """Give three to eight units, of two categories or of none."""
    names = NAMES[: rng.randint(3, 8)]
    if rng.random() < 0.4:
        return {f"{name}单位": "" for name in names}
    return {f"{name}{'镇' if n % 2 else '局'}": CATEGORIES[0 if n % 2 else 1] for n, name in enumerate(names)}


def items_of(pen: Pen, sections: list[str], variants: list[str]) -> list[Scheme]:
    """Give three to twelve items; one that stands on one form only has its like on every other."""
    found: list[Scheme] = []
    many = pen.rng.randint(max(3, len(sections)), 12)
    for turn in range(many):
        section = sections[turn % len(sections)]
        points = pen.one(POINTS)
        start = pen.one([start for start in STARTS if start != "rank" or pen.used])
        forms: list[str | None] = [*variants] if variants and pen.maybe(0.2) else [None]
        for form in forms:
            code = f"A{len(found) + 1}"
            rule = item_rule(pen, code, Fraction(points), start)
            item: Scheme = {"code": code, "title": f"指标{code}", "section": section, "points": points}
            item |= {"clause": "样例条款"} | ({"only": form} if form is not None else {})
            if form is None and pen.maybe(0.06):
                named = sorted(pen.rng.sample(list(pen.units), 2))
                item |= {"named": named, "others": pen.one(("decide", "not-applicable"))}
            if pen.maybe(0.15):
                item["not_applicable"] = set_aside(pen)
            found.append(item | {"rule": rule})
    return found


def set_aside(pen: Pen, parts: bool = False) -> Scheme:  # noqa: FBT001, FBT002
    """Give what becomes of an item that does not concern a unit."""
    gets = pen.one(("peers-mean", "full", "share", "rescale", "spread"))
    answer: Scheme = {"gets": gets, "clause": "样例条款"}
    if gets == "peers-mean":
        answer["among"] = pen.one(("all", "category"))
    elif gets == "share":
        answer["share"] = pen.one(("80%", "0.5"))
    elif gets in ("rescale", "spread"):
        answer["within"] = pen.one(("section", "part") if parts else ("section", "total"))
    return answer


def sums(scheme: Scheme, sections: list[str]) -> Fraction:
    """Give the items' maxima in some sections, on one form."""
    first = (scheme.get("variants") or [None])[0]
    items = [item for item in scheme["items"] if item.get("only") in (None, first)]
    return sum((Fraction(item["points"]) for item in items if item["section"] in sections), Fraction(0))


def gate(pen: Pen, scheme: Scheme, names: list[str]) -> Scheme:
    """Give what opens only from a line on, by the points of one of several."""
    name = pen.one(names)
    key = pen.one(("from", "above"))
    return {"of": name, key: line(pen, scheme, name)}


def looked_at(scheme: Scheme, *first: str) -> list[str]:
    """Give the names of everything whose points may be looked at on every form."""
    codes = [item["code"] for item in scheme["items"] if "only" not in item]
    parts = [part["name"] for part in scheme.get("parts", ())]
    return [*first, *first, *parts, *(section["name"] for section in scheme["sections"]), *codes]


def line(pen: Pen, scheme: Scheme, name: str) -> str:
    """Give points that what is looked at may well reach or miss."""
    part = next((part for part in scheme.get("parts", ()) if part["name"] == name), None)
    if part is not None:
        most = sums(scheme, part["sections"])
    elif name in ("base", "total"):
        most = Fraction(scheme["base_total"])
    else:
        inside = [item for item in scheme["items"] if name in (item["code"], item["section"])]
        most = sum((Fraction(item["points"]) for item in inside), Fraction(0))
    return written(max(most, Fraction(1)) * pen.rng.randint(4, 9) / 10)


def add_parts(pen: Pen, scheme: Scheme) -> None:
    """Put the sections into parts, with weights that come to a total, the same for each category."""
    sections = [section["name"] for section in scheme["sections"]]
    cut = pen.rng.randint(1, len(sections) - 1)
    halves = [sections[:cut], sections[cut:]]
    one, other = (sums(scheme, half) for half in halves)
    weights: list[Any] = [pen.one(("70%", "0.5", "1")), pen.one(("30%", "60%", "1"))]
    scheme["parts"] = [
        {"name": f"第{n}部分", "sections": half, "weight": weight}
        for n, (half, weight) in enumerate(zip(halves, weights, strict=True), 1)
    ]
    beyond = pen.maybe(0.3)
    first, second = (Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text) for text in weights)
    if beyond:
        scheme["parts"][1]["beyond"] = "true"
    elif scheme.get("variants") and second > one / 100 and pen.maybe(0.5):
        for part, usual, change in zip(scheme["parts"], (first, second), (other / 100, -one / 100), strict=True):
            part["weight"] = {CATEGORIES[0]: written(usual), CATEGORIES[1]: written(usual + change)}
    scheme["base_total"] = written(first * one + (0 if beyond else second * other))
    for part in scheme["parts"]:
        most = sums(scheme, part["sections"])
        part.update({"cap": written(most * 9 / 10)} if pen.maybe(0.15) else {})
        part.update({"floor": pen.one(("0", "1"))} if pen.maybe(0.25) else {})
        names = [name for name in looked_at(scheme, "base") if name != part["name"]]
        part.update({"gate": gate(pen, scheme, names)} if pen.maybe(0.15) else {})


def group(pen: Pen, scheme: Scheme, number: int) -> Scheme:
    """Give a group of ± rules."""
    once = pen.maybe(0.4)
    rules = []
    for place in range(pen.rng.randint(1, 4)):
        side = pen.one(("bonus", "deduction"))
        if pen.maybe(0.25):
            rule = figure_rule(pen, side)
        elif side == "bonus" and pen.maybe(0.15):
            rule = needs_rule(pen)
        else:
            rule = event_rule(pen, side, kind=pen.kind() if pen.maybe(0.3) else None, item=False, once=once)
        code = f"{'P' if side == 'bonus' else 'M'}{number}{place + 1}"
        rules.append({"code": code, "side": side, "title": f"加减分{code}", "clause": "样例条款", "rule": rule})
    sides = {str(rule["side"]) for rule in rules}
    found: Scheme = {"code": f"G{number}", "title": f"加减分{number}", "clause": "样例条款"}
    found["cap"] = {side: pen.one(("1", "3", "5")) for side in sorted(sides) if pen.maybe(0.5)}
    found |= {"caps": pen.one(("separate", "separate", "net")), "same_matter": "highest" if once else "each"}
    found |= {"order": pen.one(("highest-first", "caps-first"))} if once else {}
    if scheme.get("parts") and pen.maybe(0.5):
        found["part"] = pen.one(scheme["parts"])["name"]
    if "bonus" in sides and pen.maybe(0.25):
        found["gate"] = gate(pen, scheme, looked_at(scheme, "base"))
    return found | {"rules": rules}


def veto(pen: Pen, scheme: Scheme, number: int) -> Scheme:
    """Give a thing, or a score below a line, that decides over the whole or a part."""
    found: Scheme = {"code": f"V{number}", "title": f"否决{number}", "clause": "样例条款"}
    effect: Scheme = {}
    most = Fraction(scheme["base_total"])
    if scheme.get("parts") and pen.maybe(0.3):
        part = pen.one(scheme["parts"])
        most = sums(scheme, part["sections"])
        effect["part"] = part["name"]
    shape = pen.rng.randint(0, 3)
    if shape == 0 or ("part" in effect and shape != 1):
        effect["gives"] = written(most * pen.rng.randint(0, 6) / 10)
    elif shape == 1:
        effect["at_most"] = written(most * pen.rng.randint(2, 6) / 10)
    if shape == 2 and scheme.get("bands") and "part" not in effect:
        effect["band"] = scheme["bands"][-1]["name"]
    if shape == 3 or effect.keys() <= {"part"}:
        effect["eligible"] = "false"
    if pen.maybe(0.5):
        barred = ("total", "base", effect["part"]) if "part" in effect else ()
        name = pen.one([name for name in looked_at(scheme, "total", "base") if name not in barred])
        found["low"] = {"of": name, "below": line(pen, scheme, name)}
        found["low"] |= {"years": pen.one(("2", "3"))} if pen.maybe(0.3) else {}
    else:
        found |= {"times": pen.one(("1", "1", "2", "3"))}
        found |= {"level_min": pen.one(("city", "provincial"))} if pen.maybe(0.4) else {}
        found |= {"each": pen.one(("event", "matter"))} if pen.maybe(0.5) else {}
        found |= elsewhere(pen, scheme) if pen.maybe(0.5) else {}
    return found | {"effect": effect}


def elsewhere(pen: Pen, scheme: Scheme) -> Scheme:
    """Give the item or ± rule that a veto listens on, mostly one with events, and the kinds of it that it counts."""
    rules = [(item["code"], item["rule"]) for item in scheme["items"]]
    rules += [(rule["code"], rule["rule"]) for group in scheme["adjustments"] for rule in group["rules"]]
    lively = [(code, rule) for code, rule in rules if {"deduct", "add", "each", "count"} & set(rule)]
    code, rule = pen.one(lively if lively and pen.maybe(0.9) else rules)
    kinds = kinds_told(rule)
    if not kinds or pen.maybe(0.4):
        return {"item": code}
    return {"item": code, "kind": pen.rng.sample(kinds, min(len(kinds), pen.rng.randint(1, 2)))}


def kinds_told(rule: Scheme) -> list[str]:
    """Give the kinds that the rules on one code tell apart."""
    found: list[Any] = [rule.get("kind", [])]
    for each in (rule, *rule.get("deduct", ()), *rule.get("add", ())):
        found += [each.get("when", {}).get("kind", []), [*each.get("needs", ())]]
        found += [[ease["kind"]] for ease in each.get("eased", ())]
    listed = [kind for kinds in found for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return list(dict.fromkeys(listed))


def bands(pen: Pen, scheme: Scheme) -> list[Scheme]:
    """Give three bands, by points, by places or by both."""
    most = Fraction(scheme["base_total"])
    good, fair = written(most * 7 / 10), written(most * 5 / 10)
    best: Scheme = {"name": "优秀", pen.one(("from", "from", "above")): good}
    if pen.maybe(0.4):
        best |= {"top": pen.one(("2", "3"))} if pen.maybe(0.4) else {"top": pen.one(("20%", "34%", "50%"))}
    if "%" in best.get("top", ""):
        best["round"] = pen.one(("down", "up", "half-up"))
    return [best, {"name": "良好", "from": fair}, {"name": "一般"}]


def closed_bands(pen: Pen, scheme: Scheme) -> list[Scheme]:
    """Give bands of which each says both its ends, with a gap below the lowest."""
    most = Fraction(scheme["base_total"])
    good, fair, poor = (written(most * tenths / 10) for tenths in (8, 6, 3))
    ends = {"from": fair, "below": good} if pen.maybe(0.5) else {"above": fair, "below": good}
    last = {"above": poor, "below" if "from" in ends else "to": fair}
    return [{"name": "优秀", "from": good}, {"name": "良好"} | ends, {"name": "一般"} | last]


def ties(pen: Pen, scheme: Scheme) -> Any:  # noqa: ANN401 - a word or a table
    """Give how equal totals are ranked."""
    if pen.maybe(0.4):
        names = looked_at(scheme)
        by = pen.rng.sample(names, min(len(names), pen.rng.randint(1, 2)))
        return {"by": by, "then": pen.one(("1,1,3", "1,1,2", "not-shared"))}
    return pen.one(("1,1,3", "1,1,2", "not-shared", "unordered"))


def roundings(pen: Pen) -> Scheme:
    """Give how some steps are rounded."""
    found = {}
    for step in ("item", "section", "part", "weighted", "total"):
        if pen.maybe(0.2):
            found[step] = {"digits": str(pen.rng.randint(0, 2)), "mode": pen.one(MODES)}
    return found


def random_scheme(rng: random.Random) -> tuple[Scheme, dict[str, str]]:
    """Give a scheme as it would stand in a file, and the units it is for."""
    units = random_units(rng)
    pen = Pen(rng, units)
    sections = [f"第{n}节" for n in range(1, pen.rng.randint(1, 4) + 1)]
    scheme: Scheme = {"scheme": "sample", "family": "sample", "title": "样例方案", "issuer": "样例单位"}
    scheme |= {"year": pen.one((2018, 2019, 2020)), "base_total": "0", "points": "printed"}
    scheme["sections"] = [{"name": name} for name in sections]
    if "" not in units.values() and pen.maybe(0.6):
        scheme["variants"] = list(CATEGORIES)
    scheme["items"] = items_of(pen, sections, scheme.get("variants", []))
    scheme["base_total"] = written(sums(scheme, sections))
    for section in scheme["sections"]:
        cap = written(sums(scheme, [section["name"]]) * 8 / 10)
        section.update({"cap": cap} if pen.maybe(0.15) else {})
        section.update({"floor": pen.one(("0", "1"))} if pen.maybe(0.15) else {})
    if len(sections) > 1 and pen.maybe(0.5):
        add_parts(pen, scheme)
    add_whole(pen, scheme, units)
    return scheme, units


def add_whole(pen: Pen, scheme: Scheme, units: dict[str, str]) -> None:
    """Put in what holds for the whole."""
    for item in scheme["items"]:
        if item.get("not_applicable", {}).get("gets") in ("rescale", "spread"):
            item["not_applicable"] = set_aside(pen, parts=bool(scheme.get("parts")))
    if pen.maybe(0.7):
        scheme["not_applicable"] = set_aside(pen, parts=bool(scheme.get("parts")))
    scheme["total"] = {"floor": pen.one(("0", "0", "0", "1.5"))}
    if pen.maybe(0.2):
        scheme["total"]["convert"] = pen.one(("60%", "1.2", "0.3"))
    if pen.maybe(0.2):
        most = max(Fraction(scheme["base_total"]), Fraction(3))
        scheme["total"]["ceiling"] = written(most * pen.one((Fraction(1), Fraction(9, 10))))
    scheme["rounding"] = roundings(pen)
    scheme["bands"] = (closed_bands if pen.maybe(0.2) else bands)(pen, scheme) if pen.maybe(0.7) else []
    scheme["adjustments"] = [group(pen, scheme, number) for number in range(1, pen.rng.randint(0, 2) + 1)]
    scheme["vetoes"] = [veto(pen, scheme, number) for number in range(1, pen.rng.randint(0, 2) + 1)]
    if any("eligible" in each["effect"] for each in scheme["vetoes"]) and scheme["bands"] and pen.maybe(0.6):
        scheme["bands"][0]["eligible"] = "true"
    scheme["ties"] = ties(pen, scheme)
    if scheme["bands"] and pen.maybe(0.15):
        effect = pen.one(("total", "band", "total-and-band"))
        scheme["zero_out"] = {"code": "Z", "title": "造假", "clause": "样例条款", "effect": effect}
        scheme["zero_out"] |= {} if effect == "total" else {"band": "一般"}
    scheme["roster"] = []
    for unit, category in units.items():
        row: Scheme = {"name": unit} | ({"category": category} if category else {})
        scheme["roster"].append(row | ({"sub_units": str(pen.rng.randint(2, 4))} if pen.maybe(0.6) else {}))


def text_of(scheme: Scheme) -> str:
    """Give a scheme as the text of a file; an empty key is left out."""
    return yaml_of({name: value for name, value in scheme.items() if value not in ([], {})})


def yaml_of(value: object) -> str:
    """Give plain keys and values as YAML on few lines: every top key begins one."""
    assert isinstance(value, dict)
    lines = []
    for name, held in value.items():
        if isinstance(held, list) and held and isinstance(held[0], dict):
            lines += [f"{name}:", *(f"  - {flow(row)}" for row in held)]
        else:
            lines.append(f"{name}: {flow(held)}")
    return "\n".join(lines) + "\n"


def flow(value: object) -> str:
    """Give a value in YAML's flow style, every text in quotes where it needs them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(name)}: {flow(held)}" for name, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(held) for held in value) + "]"
    text = str(value)
    return f'"{text}"' if any(mark in text for mark in ",:%{}[]#") else text
