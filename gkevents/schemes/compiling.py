"""Content -> edition: done once, when an edition is adopted or loaded; nothing of the file is looked at while pricing.

`content` comes from `reading` (or from the log, where older editions lack the newer keys) and is taken as valid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import (
    Adjustment,
    Aside,
    Band,
    Content,
    Gate,
    Group,
    Item,
    RosterUnit,
    Rounding,
    SchemePart,
    Section,
    Ties,
    Veto,
    ZeroOut,
    cited_at,
)
from gkevents.schemes.rule_compiling import below_mean, maybe, pricing_of, ranking_of, told_apart, worth_of
from gkevents.terms import LEVEL_RANK, ONE, exact, exact_share


def edition_of(content: Content, *, digest: str, overlay: Mapping[str, Any] | None = None) -> Edition:
    """The edition that normalised content, and the overlay decided for it, describe."""
    overlay = overlay or {}
    points = {code: exact(str(value)) for code, value in overlay.get("points", {}).items()}
    prices = {code: exact(str(value)) for code, value in overlay.get("adjustments", {}).items()}
    caps = {code: exact(str(value)) for code, value in overlay.get("caps", {}).items()}
    total, aside = content["total"], _aside(content.get("not_applicable"))
    rounding = {
        step: Rounding(row["digits"], row["mode"]) for step, row in (content.get("rounding") or {}).items() if row
    }
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
        floor=maybe(total["floor"]),
        ceiling=maybe(total["ceiling"]),
        display_decimals=content["display_decimals"],
        ties=_ties(content["ties"]),
        variants=tuple(content["variants"]),
        items={
            row["code"]: _item(row, points, content["grade_decimals"], aside=aside, rounding=rounding.get("item"))
            for row in content["items"]
        },
        groups=tuple(_group(row, prices, caps) for row in content["adjustments"]),
        zero_out=_zero_out(content.get("zero_out")),
        aside=aside,
        bands=tuple(_band(row) for row in content["bands"]),
        roster=tuple(
            RosterUnit(row["name"], row.get("category") or "", row.get("printed"), row.get("sub_units"))
            for row in content["roster"]
        ),
        parts=_parts(content),
        vetoes=tuple(_veto(row, _easing_on(content, row.get("item"))) for row in content.get("vetoes") or ()),
        rounding=rounding,
        convert=exact_share(total["convert"]) if total.get("convert") else ONE,
    )


def _floor(text: str | None) -> Fraction | None:
    return None if text in (None, "none") else exact(str(text))


def _named(said: str | Sequence[str] | None) -> tuple[str, ...]:
    """A list that older editions wrote as one text."""
    return (said,) if isinstance(said, str) else tuple(said or ())


def _ties(said: str | Mapping[str, Any]) -> Ties:
    return Ties(then=said) if isinstance(said, str) else Ties(tuple(said["by"]), said["then"])


def _band(row: Content) -> Band:
    top = row.get("top")
    counted = top is not None and top.isdigit()
    return Band(
        name=row["name"],
        start=maybe(row.get("from")),
        above=maybe(row.get("above")),
        to=maybe(row.get("to")),
        below=maybe(row.get("below")),
        places=int(top) if top is not None and counted else None,
        share=exact_share(top) if top is not None and not counted else None,
        round=row.get("round") or "down",
        eligible=bool(row.get("eligible")),
    )


def _aside(row: Content | None) -> Aside | None:
    if not row:
        return None
    share = exact_share(row.get("share") or "1")
    return Aside(row["gets"], row["among"], share, row.get("within") or "total", cited_at(row["clause"], row["lines"]))


def _gate(row: Content | None) -> Gate | None:
    if not row:
        return None
    above = row.get("above") is not None
    return Gate(row["of"], exact(row["above"] if above else row["from"]), above)


def _parts(content: Content) -> tuple[SchemePart, ...]:
    """The scheme's parts; one without a name where it is not divided."""
    sections = {
        row["name"]: Section(row["name"], maybe(row.get("cap")), _floor(row.get("floor")))
        for row in content["sections"]
    }
    return tuple(
        SchemePart(
            name=row["name"],
            sections=tuple(sections[name] for name in row["sections"]),
            weights=_weights(row["weight"]),
            cap=maybe(row.get("cap")),
            floor=_floor(row.get("floor")),
            beyond=bool(row.get("beyond")),
            gate=_gate(row.get("gate")),
        )
        for row in content.get("parts") or ()
    ) or (SchemePart("", tuple(sections.values())),)


def _weights(said: str | Mapping[str, str]) -> dict[str, Fraction]:
    if isinstance(said, str):
        return {"": exact_share(said)}
    return {category: exact_share(weight) for category, weight in said.items()}


def _easing_on(content: Content, code: str | None) -> frozenset[str]:
    """The kinds that only ease what was logged before on an item or ± rule: a veto counts them where it names them."""
    rules = [rule for group in content["adjustments"] for rule in group["rules"] if rule["code"] == code]
    parts = [rule["rule"] for rule in rules]
    for item in content["items"]:
        if item["code"] == code:
            parts += [*(item["rule"].get("deduct") or ()), *(item["rule"].get("add") or ())]
    return frozenset(easing["kind"] for part in parts for easing in part.get("eased") or ())


def _veto(row: Content, easing: frozenset[str]) -> Veto:
    low, effect = row.get("low") or {}, row["effect"]
    return Veto(
        code=row["code"],
        title=row["title"],
        clause=row["clause"],
        lines=tuple(row["lines"]),
        times=row["times"],
        level_floor=LEVEL_RANK[row["level_min"]] if row.get("level_min") else 0,
        of=low.get("of"),
        below=exact(low.get("below") or "0"),
        years=low.get("years") or 1,
        item=row.get("item"),
        kinds=frozenset(row.get("kind") or ()),
        deaf=easing - frozenset(row.get("kind") or ()),
        by_matter=row.get("each") == "matter",
        gives=maybe(effect.get("gives")),
        at_most=maybe(effect.get("at_most")),
        part=effect.get("part"),
        band=effect.get("band"),
        ineligible=not effect.get("eligible", True),
    )


def _zero_out(row: Content | None) -> ZeroOut | None:
    if not row:
        return None
    return ZeroOut(row["code"], row["title"], row["clause"], tuple(row["lines"]), row["effect"], row.get("band"))


def _item(
    row: Content, points: Mapping[str, Fraction], decimals: int, *, aside: Aside | None, rounding: Rounding | None
) -> Item:
    rule, code = row["rule"], row["code"]
    deduct, add = told_apart(
        tuple(pricing_of(part) for part in rule.get("deduct") or ()),
        tuple(pricing_of(part) for part in rule.get("add") or ()),
    )
    return Item(
        code=code,
        title=row["title"],
        section=row["section"],
        clause=row["clause"],
        lines=tuple(row["lines"]),
        start=rule["start"],
        points=exact(row["points"]) if row.get("points") is not None else points.get(code),
        allowed={exact(choice["points"]): choice["when"] for choice in rule.get("allowed") or ()},
        deduct=deduct,
        worth=worth_of(rule) if rule.get("worth") else None,
        counts=rule.get("count") or "event",
        see=rule.get("see"),
        only=_named(row.get("only")),
        named=tuple(row.get("named") or ()),
        always=tuple(row.get("always") or ()),
        others=row.get("others"),
        advice=tuple(row.get("advice") or ()),
        grade_decimals=decimals,
        add=add,
        floor=_floor(rule.get("floor", "0")),
        scale=maybe(rule.get("scale")),
        source_required=rule.get("source") == "required",
        averaged=rule.get("over") == "sub-units",
        count_kinds=frozenset(rule.get("kind") or ()),
        period=rule.get("period") or "year",
        ranking=ranking_of(rule),
        aside=_aside(row.get("not_applicable")) or aside,
        rounding=rounding,
    )


def _group(row: Content, prices: Mapping[str, Fraction], caps: Mapping[str, Fraction]) -> Group:
    code, cap = row["code"], row.get("cap") or {}
    return Group(
        code=code,
        title=row["title"],
        bonus_cap=caps.get(code, maybe(cap.get("bonus"))),
        deduction_cap=caps.get(code, maybe(cap.get("deduction"))),
        caps=row["caps"],
        same_matter=row["same_matter"],
        rules=tuple(_adjustment(rule, code, prices, caps) for rule in row["rules"]),
        clause=row.get("clause") or row["title"],
        lines=tuple(row.get("lines") or ()),
        caps_first=row.get("order") == "caps-first",
        part=row.get("part"),
        gate=_gate(row.get("gate")),
    )


def _adjustment(row: Content, group: str, prices: Mapping[str, Fraction], caps: Mapping[str, Fraction]) -> Adjustment:
    rule, code = row["rule"], row["code"]
    worth = below_mean(rule) if "below" in rule else worth_of(rule) if "worth" in rule else None
    return Adjustment(
        code=code,
        title=row["title"],
        clause=row["clause"],
        lines=tuple(row["lines"]),
        side=row["side"],
        group=group,
        pricing=pricing_of(rule, prices.get(code), caps.get(code)) if worth is None else None,
        worth=worth,
        ranking=ranking_of(rule),
        cap=caps.get(code, maybe(rule.get("cap"))) if worth is not None else None,
    )
