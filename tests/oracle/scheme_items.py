"""Random items for random schemes: every way to begin, what a figure or a place is worth, and what comes on or off."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .scheme_rules import PRICES, Pen, Rule, event_rule, written

LINES = (
    "previous",
    "3 years",
    "2 years",
    "parent",
    "target",
    "mean",
    "50% of mean",
    "80% of previous",
    "1.1 of parent",
)
STARTS = ("grade", "grade", "full", "full", "zero", "metric", "metric", "metric", "checklist", "count", "count", "rank")


def quarter_of(pen: Pen, most: Fraction) -> str:
    """Give some points up to a maximum, a quarter of it at a time."""
    return written(most * pen.rng.randint(0, 4) / 4)


def tiers(pen: Pen, most: Fraction, starts: tuple[str, ...]) -> Rule:
    """Give points by interval, the lowest from nought on, in one of the two orders."""
    inner = sorted(pen.rng.sample(starts, pen.rng.randint(1, len(starts))), key=starts.index)
    rows = [{"from": start, "points": quarter_of(pen, most)} for start in ("0", *inner)]
    return {"tiers": rows if pen.maybe(0.5) else rows[::-1]}


def linear(pen: Pen, line: str, steps: tuple[str, ...]) -> Rule:
    """Give points lost or earned beyond a line."""
    worth: Rule = {pen.one(("above", "below")): line, pen.one(("per", "earns")): pen.one(PRICES)}
    worth |= stepped(pen, steps)
    return worth | ({"at_once": pen.one(PRICES)} if worth["each"] != "once" and pen.maybe(0.3) else {})


def stepped(pen: Pen, steps: tuple[str, ...]) -> Rule:
    """Give how long a step is, and what becomes of a part of one."""
    each = pen.one(steps)
    return {"each": each} if each == "once" else {"each": each, "step": pen.one(("whole", "linear", "up"))}


def metric(pen: Pen, most: Fraction, *, beyond: bool = False) -> Rule:
    """Give an item priced by a figure, or the same for a ± rule, which compares with no fall."""
    rule: Rule = {"start": "metric"}
    shape = pen.rng.randint(0, 6 if beyond else 7)
    if shape == 7:
        rule |= {"worth": {"fall": pen.one(("10%", "5%")), "per": pen.one(PRICES)}}
        rule["worth"] |= {"step": pen.one(("whole", "linear", "up"))}
    elif shape == 0:
        rule |= {"worth": tiers(pen, most, ("30%", "0.6", "80%", "90%", "100%"))} | interval(pen)
    elif shape == 1:
        rule |= {"worth": tiers(pen, most, ("1", "5", "10.5", "20"))} | interval(pen)
    elif shape == 2:
        worth: Rule = {"proportional": written(most)}
        worth |= {"zero_below": "40%"} if pen.maybe(0.5) else {}
        worth |= {"full_from": "90%"} if pen.maybe(0.5) else {}
        rule |= {"worth": worth} | reads(pen, "share")
    elif shape == 3:
        line = pen.one(("90%", "0.5", "60%", "100%", "3/4"))
        rule |= {"worth": linear(pen, line, ("1%", "5%", "once"))} | reads(pen, "share", "number")
    else:
        line = pen.one((*LINES, "5", "12.5"))
        relative = pen.maybe(0.4)
        worth = linear(pen, line, ("10%", "1%", "once") if relative else ("1", "2.5", "10%", "once"))
        worth |= {"relative": "true"} if relative else {}
        rule |= {"worth": worth} | reads(pen, "number", "whole", "positive")
        rule |= {"among": pen.one(("all", "category", "others"))} if line.endswith("mean") else {}
    return rule


def reads(pen: Pen, *names: str) -> Rule:
    """Give what figures are accepted, or leave it to how the worth is written."""
    return {"reads": pen.one(names)} if pen.maybe(0.7) else {}


def interval(pen: Pen) -> Rule:
    """Give which end belongs to an interval."""
    return {"interval": pen.one(("lower", "upper"))}


def places(pen: Pen, most: Fraction) -> Rule:
    """Give points by place."""
    if pen.maybe(0.5):
        listed = sorted((quarter_of(pen, most) for _ in range(pen.rng.randint(1, 3))), key=Fraction, reverse=True)
        return {"places": listed, "rest": pen.one(("0", listed[-1]))}
    shares = pen.one((("20%", "50%"), ("34%",), ("25%", "50%", "75%")))
    points = sorted((quarter_of(pen, most) for _ in shares), key=Fraction, reverse=True)
    rows = [{"share": share, "points": each} for share, each in zip(shares, points, strict=True)]
    return {"top": rows, "rest": "0", "round": pen.one(("down", "up", "half-up"))}


def rank(pen: Pen, most: Fraction) -> Rule:
    """Give points by the place among the units, by a figure or by the sum of some items."""
    of: Any = "figure"
    if pen.used and pen.maybe(0.5):
        of = pen.rng.sample(pen.used, min(len(pen.used), pen.rng.randint(1, 2)))
    rule = {"start": "rank", "of": of, "best": pen.one(("high", "low")), "among": pen.one(("all", "category"))}
    return rule | {"worth": places(pen, most)}


def checklist(pen: Pen, most: Fraction) -> Rule:
    """Give an item priced by the elements that are there, or are not."""
    of = pen.one((1, 2, 4, 5))
    if pen.maybe(0.5):
        return {"start": "checklist", "worth": {"each": written(most / of), "of": str(of)}}
    return {"start": "checklist", "worth": {"missing": pen.one(PRICES), "of": str(of)}}


def count(pen: Pen, most: Fraction, more: bool) -> Rule:  # noqa: FBT001
    """Give an item priced by how often something was done; with `more`, of one kind only."""
    rule: Rule = {"start": "count", "count": pen.one(("event", "event", "matter", "form"))}
    if pen.maybe(0.4):
        worth = linear(pen, pen.one(("1", "2", "3")), ("1", "2", "once"))
    else:
        worth = tiers(pen, most, ("1", "2", "4"))
    rule |= {"worth": worth, "period": pen.one(("year", "year", "half-year", "quarter", "month"))}
    if more or pen.maybe(0.4):
        rule |= {"kind": [pen.kind() for _ in range(pen.rng.randint(1, 2))]}
    if more and rule["count"] == "form":
        rule["count"] = "event"
    return rule


def grade(pen: Pen, most: Fraction) -> Rule:
    """Give an item that an assessor marks."""
    rule: Rule = {"start": "grade"}
    shape = pen.rng.randint(0, 9)
    if shape in (0, 1):
        rule["allowed"] = [
            {"points": points, "when": f"第{n}种"}
            for n, points in enumerate(sorted({written(most), quarter_of(pen, most), "0"}, key=Fraction), 1)
        ]
    elif shape in (2, 3):
        rule["scale"] = pen.one(("100", "10"))
    if shape in (3, 4):
        rule["source"] = "required"
    if shape in (2, 5):
        rule["over"] = "sub-units"
    return rule


def events(pen: Pen, rule: Rule) -> Rule:
    """Give what comes on or off an item: one rule that hears everything, or several with a kind each."""
    start = rule["start"]
    wanted = {"full": ["deduct"], "zero": ["add"]}.get(start, [])
    if start not in ("full", "zero") and not pen.maybe(0.3):
        return {}
    names = wanted + [name for name in ("deduct", "add") if name not in wanted and pen.maybe(0.3)]
    found: Rule = {}
    by_kind = start == "count" or pen.maybe(0.7 if len(names) > 1 else 0.4)
    for name in names or ["deduct"]:
        side = "deduction" if name == "deduct" else "bonus"
        many = pen.rng.randint(1, 2) if by_kind else 1
        counted = start == "count"
        found[name] = [
            event_rule(pen, side, kind=pen.kind() if by_kind and (counted or pen.maybe(0.9)) else None, counted=counted)
            for _ in range(many)
        ]
    if pen.maybe(0.25):
        bounded = start in ("full", "zero", "grade", "checklist")
        found["floor"] = pen.one(("none", "1", "0.5")) if bounded else pen.one(("1", "0.5"))
    return found


def item_rule(pen: Pen, code: str, most: Fraction, start: str) -> Rule:
    """Give the whole rule of an item."""
    more = start == "count" and pen.maybe(0.3)
    make: dict[str, Any] = {"grade": grade, "metric": metric, "checklist": checklist, "rank": rank}
    make["count"] = lambda pen, most: count(pen, most, more)
    rule: Rule = make[start](pen, most) if start in make else {"start": start}
    if start != "count" or more:
        rule |= events(pen, rule)
    if start != "rank":
        pen.used.append(code)
    return rule


def figure_rule(pen: Pen, side: str) -> Rule:
    """Give a ± rule by a figure or by a place."""
    shape = pen.rng.randint(0, 2)
    cap = {"cap": pen.one(("1", "2"))} if pen.maybe(0.3) else {}
    if shape == 0 and side == "deduction":
        below = {"share": pen.one(("0.5", "90%", "1")), "among": pen.one(("all", "category", "others"))}
        return {"start": "metric", "price": pen.one(PRICES), "below": below}
    if shape == 1:
        return {name: value for name, value in rank(pen, Fraction(4)).items() if name != "of"} | cap
    return metric(pen, Fraction(4), beyond=True) | cap
