"""The content of an edition with everything said: what older editions lacked, and what an overlay decided."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

Content = dict[str, Any]

WHOLE: Final[Content] = {
    "not_applicable": None, "zero_out": None, "vetoes": (), "parts": (), "rounding": {}, "bands": (), "roster": (),
    "adjustments": (), "variants": (),
}  # fmt: skip
TOTAL: Final = {"convert": None, "floor": "0", "ceiling": None}
ROUNDING: Final = dict.fromkeys(("item", "section", "part", "weighted", "total"))
SECTION: Final = {"cap": None, "floor": "none"}
PART: Final = {"weight": "1", "cap": None, "floor": "none", "beyond": False, "gate": None}
GATE: Final = {"of": "base", "from": None, "above": None}
SET_ASIDE: Final = {"among": "all", "share": "1", "within": "total"}
ZERO_OUT: Final = {"band": None}
VETO: Final = {"low": None, "item": None, "kind": None, "level_min": None, "each": "event", "times": 1}
LOW: Final = {"years": 1}
EFFECT: Final = {"gives": None, "at_most": None, "part": None, "band": None, "eligible": True}
BAND: Final = {
    "from": None, "above": None, "to": None, "below": None, "top": None, "round": "down", "eligible": False,
}  # fmt: skip
LISTED: Final = {"category": None, "printed": None, "sub_units": None}
ITEM: Final = {"points": None, "only": None, "named": (), "always": (), "others": None, "not_applicable": None}
ITEM_RULE: Final = {
    "deduct": (), "add": (), "allowed": (), "floor": "0", "scale": None, "over": None, "source": None, "kind": None,
    "period": "year", "count": "event", "interval": "lower", "reads": None, "among": "all",
}  # fmt: skip
EVENT_RULE: Final = {
    "when": None, "level_min": None, "price": None, "cap": None, "limit": None, "needs": None, "join": "all",
    "factor": None, "over": None, "eased": (), "whom": "own",
}  # fmt: skip
FIGURE_RULE: Final = {"cap": None, "interval": "lower", "reads": None, "among": "all"}
CARDS: Final = {"first_card": "base"}
LINEAR: Final = {"relative": False, "earns": None, "at_once": None, "each": "1", "step": "whole"}
FALL: Final = {"step": "whole"}
RATE: Final = {"zero_below": None, "full_from": None}
BELOW: Final = {"among": "all"}
GROUP: Final[Content] = {
    "cap": {}, "caps": "separate", "same_matter": "each", "order": "highest-first", "part": None, "gate": None,
}  # fmt: skip
SIDES: Final = ("bonus", "deduction")


def said(row: Mapping[str, Any], unsaid: Mapping[str, Any]) -> Content:
    """Give a row with what it does not say as it is meant then; a key with null in it says nothing."""
    found = {**unsaid, **{key: value for key, value in row.items() if value is not None}}
    return {**dict.fromkeys(row), **found}


def maybe(row: Mapping[str, Any] | None, unsaid: Mapping[str, Any]) -> Content | None:
    """Give a row that may be missing, with everything said."""
    return said(row, unsaid) if row else None


def with_overlay(content: Mapping[str, Any], overlay: Mapping[str, Any] | None) -> Content:
    """Give content with everything said and the overlay's points, prices and caps put in."""
    whole = said(deepcopy(dict(content)), WHOLE)
    decided = overlay or {}
    points, prices, caps = (decided.get(key) or {} for key in ("points", "adjustments", "caps"))
    whole["total"] = said(whole["total"], TOTAL)
    whole["rounding"] = said(whole["rounding"], ROUNDING)
    whole["not_applicable"] = maybe(whole["not_applicable"], SET_ASIDE)
    whole["zero_out"] = maybe(whole["zero_out"], ZERO_OUT)
    whole["sections"] = [said(row, SECTION) for row in whole["sections"]]
    whole["parts"] = [with_gate(said(row, PART)) for row in whole["parts"]]
    whole["vetoes"] = [veto(row) for row in whole["vetoes"]]
    whole["bands"] = [said(row, BAND) for row in whole["bands"]]
    whole["roster"] = [said(row, LISTED) for row in whole["roster"]]
    whole["items"] = [item(row, points) for row in whole["items"]]
    whole["adjustments"] = [group(row, prices, caps) for row in whole["adjustments"]]
    return whole


def with_gate(row: Content) -> Content:
    """Give a part or group with everything said of its gate."""
    return {**row, "gate": maybe(row["gate"], GATE)}


def veto(row: Mapping[str, Any]) -> Content:
    """Give a veto with everything said."""
    found = said(row, VETO)
    return {**found, "low": maybe(found["low"], LOW), "effect": said(found["effect"], EFFECT)}


def item(row: Mapping[str, Any], points: Mapping[str, Any]) -> Content:
    """Give an item with everything said and its points; a list that was written as one word is a list of one."""
    found = said(row, ITEM)
    rule = said(found["rule"], ITEM_RULE)
    if found["points"] is None:
        found["points"] = points.get(found["code"])
    if isinstance(found["only"], str):
        found["only"] = [found["only"]]
    for side in ("deduct", "add"):
        rule[side] = [event_rule(each) for each in rule[side]]
    if "above" in rule.get("worth", ()) and "reads" not in found["rule"]:
        rule["reads"] = "positive"  # what such a line was for when editions could not say it
    if "worth" in rule:
        rule["worth"] = worth(rule["worth"])
    return {**found, "rule": rule, "not_applicable": maybe(found["not_applicable"], SET_ASIDE)}


def worth(row: Mapping[str, Any]) -> Content:
    """Give what a figure, a checklist or a place is worth, with everything said."""
    if "fall" in row:
        return said(row, FALL)
    if "proportional" in row:
        return said(row, RATE)
    return said(row, LINEAR) if {"above", "below"} & set(row) else dict(row)


def event_rule(row: Mapping[str, Any]) -> Content:
    """Give an event rule with everything said."""
    found = said(row, EVENT_RULE)
    if isinstance(found["price"], dict) and "first" in found["price"]:
        found["price"] = said(found["price"], CARDS)
    return found


def group(row: Mapping[str, Any], prices: Mapping[str, Any], caps: Mapping[str, Any]) -> Content:
    """Give a ± group with everything said; an overlay's cap on it holds for both sides."""
    found = said(row, GROUP)
    found["cap"] = {side: caps.get(found["code"], found["cap"].get(side)) for side in SIDES}
    found["rules"] = [{**each, "rule": beyond(each, prices, caps)} for each in found["rules"]]
    return with_gate(found)


def beyond(row: Mapping[str, Any], prices: Mapping[str, Any], caps: Mapping[str, Any]) -> Content:
    """Give the rule of a ± rule with everything said, and the price and the cap that an overlay decided."""
    written, code = row["rule"], row["code"]
    if "worth" in written or "below" in written:
        rule = said(written, FIGURE_RULE)
        if "worth" in rule:
            rule["worth"] = worth(rule["worth"])
        else:
            rule["below"] = said(rule["below"], BELOW)
    else:
        rule = event_rule(written)
    if rule.get("price") == "overlay":
        rule["price"] = prices.get(code, "0")
    if code in caps:
        rule["cap"] = {**rule["cap"], "year": caps[code]} if isinstance(rule["cap"], dict) else caps[code]
    return rule
