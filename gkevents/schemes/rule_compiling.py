"""The content of a rule -> its parts: how an event is priced, what a figure or a place is worth. See `compiling`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from gkevents.schemes.model import Content, Line, Pricing, Ranking, Worth
from gkevents.terms import LEVEL_RANK, ONE, ZERO, exact, exact_share


def maybe(text: str | None) -> Fraction | None:
    """A number that may be absent."""
    return None if text is None else exact(text)


def told_apart(
    deduct: tuple[Pricing, ...], add: tuple[Pricing, ...]
) -> tuple[tuple[Pricing, ...], tuple[Pricing, ...]]:
    """The rules of both sides of an item, so that one happening never costs and earns at once.

    A rule that names no kind does not hear a kind that the other side names; and where the item deducts, praise without
    a kind is praise facts only: an occurrence there is one that costs. What eases one rule's prices is no offence under
    another that does not name it.
    """
    easing = frozenset(kind for rule in (*deduct, *add) for kind in rule.eased)
    deduct, add = (
        tuple(rule._replace(deaf=rule.deaf | (easing - rule.kinds)) for rule in side) for side in (deduct, add)
    )
    if not deduct or not add:
        return deduct, add
    costly = frozenset(kind for rule in deduct for kind in rule.kinds)
    good = frozenset(kind for rule in add for kind in rule.kinds)
    costs = tuple(rule if rule.kinds else rule._replace(deaf=rule.deaf | good) for rule in deduct)
    gains = tuple(
        rule if rule.kinds else rule._replace(deaf=rule.deaf | costly, on=_PRAISE_FACTS.get(rule.on, rule.on))
        for rule in add
    )
    return costs, gains


_PRAISE_FACTS: Final = {"praise": "praise-facts"}


def ranking_of(rule: Content) -> Ranking | None:
    """How units are placed; None where a rule does not place them."""
    if rule.get("start") != "rank":
        return None
    codes = tuple(code for code in rule.get("of") or () if code != "figure")
    return Ranking(codes, rule["best"] == "high", rule["among"])


def pricing_of(part: Content, overlay_price: Fraction | None = None, overlay_cap: Fraction | None = None) -> Pricing:
    """One event rule, with what an overlay decided for it."""
    price, when, cap = part.get("price"), part.get("when") or {}, part.get("cap")
    table = price if isinstance(price, Mapping) else {}
    flat = exact(price) if isinstance(price, str) and price not in ("all", "set", "overlay") else None
    caps = {period: exact(most) for period, most in cap.items()} if isinstance(cap, Mapping) else {}
    between = (exact(table["from"]), exact(table["to"])) if "to" in table else None
    return Pricing(
        on=part["on"],
        each=part["each"],
        price=overlay_price if price == "overlay" else flat,
        whole=price == "all",
        by_assessor=price == "set" or between is not None,
        from_overlay=price == "overlay",
        levels={level: exact(table[level]) for level in LEVEL_RANK if level in table},
        first=maybe(table.get("first")),
        again=maybe(table.get("again")),
        first_card=table.get("first_card") or "base",
        totals=tuple(exact(step) for step in table.get("total") or ()),
        limit=part.get("limit"),
        level_min=part.get("level_min"),
        when=tuple((name, wanted) for name, wanted in when.items() if name != "kind"),
        needs=part.get("needs") or {},
        join=part.get("join") or "all",
        cap=overlay_cap if overlay_cap is not None else caps.get("year") if caps else maybe(cap),
        nth=tuple(exact(step) for step in table.get("nth") or ()),
        between=between,
        down_to=maybe(table.get("down_to")),
        kinds=frozenset(when.get("kind") or ()),
        factors={name: exact_share(times) for name, times in (part.get("factor") or {}).items()},
        eased={row["kind"]: exact_share(row["to"]) for row in part.get("eased") or ()},
        deaf=frozenset(row["kind"] for row in part.get("eased") or ()),
        other=part.get("whom") == "other",
        averaged=part.get("over") == "sub-units",
        period_caps=tuple((period, most) for period, most in caps.items() if period != "year"),
    )


def worth_of(rule: Content) -> Worth:
    """What a rule's figure, checklist, count or place is worth."""
    said = rule["worth"]
    for shape, worth in _WORTHS.items():
        if shape in said and (shape != "each" or "of" in said):
            return worth(said, rule)
    return _linear(said, rule)


def _tiers(said: Content, rule: Content) -> Worth:
    steps = sorted((exact_share(step["from"]), exact(step["points"])) for step in said["tiers"])
    reads = rule.get("reads") or ("share" if steps[-1][0] <= 1 else "number")
    return Worth("tiers", tiers=tuple(reversed(steps)), interval=rule.get("interval") or "lower", reads=reads)


def _elements(said: Content, _rule: Content) -> Worth:
    if "missing" in said:
        return Worth("missing", per=exact(said["missing"]), of=said["of"], costs=True)
    return Worth("each", per=exact(said["each"]), of=said["of"])


def _fall(said: Content, _rule: Content) -> Worth:
    fall, step = exact_share(said["fall"]), said.get("step") or "whole"
    return Worth("fall", per=exact(said["per"]), fall=fall, step=step, costs=True)


def _proportional(said: Content, rule: Content) -> Worth:
    return Worth(
        "proportional",
        per=exact(said["proportional"]),
        zero_below=_share(said.get("zero_below")),
        full_from=_share(said.get("full_from")),
        reads=rule.get("reads") or "share",
    )


def _places(said: Content, _rule: Content) -> Worth:
    return Worth("places", tiers=tuple((ZERO, exact(points)) for points in said["places"]), rest=exact(said["rest"]))


def _top(said: Content, _rule: Content) -> Worth:
    shares = tuple((exact_share(step["share"]), exact(step["points"])) for step in said["top"])
    return Worth("top", tiers=shares, rest=exact(said["rest"]), round=said["round"])


_WORTHS: Final[Mapping[str, Callable[[Content, Content], Worth]]] = {
    "tiers": _tiers,
    "each": _elements,
    "missing": _elements,
    "fall": _fall,
    "proportional": _proportional,
    "places": _places,
    "top": _top,
}
"""How each form of a worth is compiled, told by the key that is there; what is left compares with a line."""


def _linear(said: Content, rule: Content) -> Worth:
    above, earns = "above" in said, said.get("earns") is not None
    each = said.get("each") or "1"
    return Worth(
        "linear",
        per=exact(said["earns"] if earns else said["per"]),
        line=_line(said["above"] if above else said["below"]),
        above=above,
        each=None if each == "once" else exact_share(each),
        at_once=exact(said.get("at_once") or "0"),
        step=said.get("step") or "whole",
        relative=bool(said.get("relative")),
        costs=not earns,
        # editions adopted before `reads` was a key counted things with this form, from 1 on
        reads=rule.get("reads", "positive") or ("share" if _is_share(said.get("above") or said["below"]) else "number"),
        among=rule.get("among") or "all",
    )


def _is_share(line: str) -> bool:
    """Whether a line is written as a share is: in per cent, or between 0 and 1."""
    try:
        return line.endswith("%") or 0 < exact_share(line) < 1
    except ValueError:
        return False


def _share(text: str | None) -> Fraction | None:
    return None if text is None else exact_share(text)


def _line(text: str) -> Line:
    """A line to compare with, from how it is written: "90%", "previous", "3 years", "50% of mean"."""
    share, of, source = text.rpartition(" of ")
    part = exact_share(share.strip()) if of else ONE
    if source.endswith(("year", "years")):
        return Line(source="years", share=part, years=int(source.split()[0]))
    if source in ("previous", "parent", "target", "mean"):
        return Line(source=source, share=part)
    return Line(number=exact_share(text))


def below_mean(rule: Content) -> Worth:
    """A figure strictly below a share of the units' mean costs once."""
    below = rule["below"]
    line = Line(source="mean", share=exact_share(below["share"]))
    return Worth(
        "linear", per=exact(rule["price"]), line=line, above=False, each=None, among=below["among"], costs=True
    )
