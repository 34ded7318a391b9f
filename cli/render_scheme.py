"""A scheme as a clerk reads it who knows the paper: its own words, and how each item is scored in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from cli.columns import entry, hang, printable, table
from cli.render import Voice
from cli.scheme_words import limit_words, of_item, of_pricing, of_relation, points_words
from gkevents.terms import ZERO, exact, show
from gkevents.words import N_, Message

Content = Mapping[str, Any]

_PROCEDURE: Final = {
    "recorder": N_("Who keeps the record"),
    "daily": N_("Day by day"),
    "quarterly": N_("Every quarter"),
    "annual": N_("At the year's end"),
    "rectification": N_("Rectification"),
    "appeal": N_("Appeal"),
    "publication": N_("Publication"),
    "retention": N_("Keeping"),
}
_EFFECTS: Final = {
    "total": N_("the total becomes 0"),
    "band": N_("the band becomes {band}"),
    "total-and-band": N_("the total becomes 0 and the band {band}"),
}


def list_page(schemes: Iterable[Content], voice: Voice) -> str:
    """The built-in schemes, one line each."""
    head = [N_("Scheme"), N_("Year"), N_("Items"), N_("± rules"), N_("Units"), N_("Title")]
    rows = [
        [row["scheme"], str(row["year"]), str(row["items"]), str(row["rules"]), str(row["units"] or "–"), row["title"]]
        for row in schemes
    ]
    return table([voice.say(word) for word in head], rows, right=(1, 2, 3, 4), columns=voice.columns, cut=(5,))


def faults_page(file: str, faults: Sequence[Any], voice: Voice) -> str:
    """A file's faults, as file:line:column: what is wrong and what would be right."""
    if not faults:
        return voice.say(N_("{file}: no faults."), file=file)
    return "\n".join(f"{file}:{fault.line}:{fault.column}: {printable(voice.say(fault.message))}" for fault in faults)


def scheme_page(content: Content, voice: Voice) -> str:
    """One scheme in full."""
    parts = [
        _head(content, voice),
        _sections(content, voice),
        *_items(content, voice),
        *[_group(group, voice) for group in content["adjustments"]],
        _whole(content, voice),
        _readings(content["readings"], voice),
        _procedure(content, voice),
        _roster(content, voice),
    ]
    return "\n\n".join(part for part in parts if part)


def item_page(content: Content, code: str, voice: Voice) -> str | None:
    """One item or ± rule in full, with the readings that touch it; None where there is none of that code."""
    row = next((row for row in content["items"] if row["code"] == code), None)
    if row is not None:
        part = _item(row, voice)
    else:
        rules = [(rule, group) for group in content["adjustments"] for rule in group["rules"] if rule["code"] == code]
        if not rules:
            return None
        row, part = rules[0][0], _rule(*rules[0], voice)
    touching = [reading for reading in content["readings"] if reading["id"] in (row.get("readings") or ())]
    return "\n\n".join(piece for piece in (_title(content, voice), part, _readings(touching, voice)) if piece)


def codes(content: Content) -> list[str]:
    """Every code of a scheme: items, then ± rules."""
    return [row["code"] for row in content["items"]] + [
        rule["code"] for group in content["adjustments"] for rule in group["rules"]
    ]


def _title(content: Content, voice: Voice) -> str:
    return voice.head(hang(f"{printable(content['title'])} ({content['scheme']})", voice.columns))


def _named(label: str, text: str | Message | None, voice: Voice, indent: int = 10) -> list[str]:
    """A line "label: text", wrapped; none where there is no text."""
    if text is None or text == "":
        return []
    return [entry(f"{' ' * (indent - 4)}{label}", voice.say(text), indent=indent, columns=voice.columns)]


def _head(content: Content, voice: Voice) -> str:
    lines = [_title(content, voice)]
    for label, key in (
        (N_("Issued by:"), "issuer"),
        (N_("Document:"), "document"),
        (N_("Year:"), "year"),
        (N_("Assessor:"), "assessor"),
    ):
        if content.get(key) is not None:
            lines.append(entry(voice.say(label), str(content[key]), indent=4, columns=voice.columns))
    total = content["base_total"]
    text = (
        N_("Items sum to: {total}")
        if content["points"] == "printed"
        else N_("Items sum to: {total}, by an overlay to be decided: the paper prints no points")
    )
    lines.append(hang(voice.say(text, total=total), voice.columns, indent=4))
    return "\n".join(lines)


def _sections(content: Content, voice: Voice) -> str:
    """The first-level sections with the sums printed and found, and the differences that the file acknowledges."""
    sums: dict[str, Fraction] = {}
    for item in content["items"]:
        name = item["section"].split(" / ")[0]
        sums[name] = sums.get(name, ZERO) + (exact(item["points"]) if item.get("points") is not None else ZERO)
    rows = [
        [
            section["name"],
            section.get("stated") or "–",
            show(sums.get(section["name"], ZERO)) if sums.get(section["name"]) else "–",
        ]
        for section in content["sections"]
    ]
    head = [voice.say(word) for word in (N_("Section"), N_("Printed"), N_("Items"))]
    lines = [table(head, rows, right=(1, 2), columns=voice.columns, cut=(0,))]
    if content["variants"]:
        said = voice.say(N_("The items of every variant are summed here; a unit has those of its own only."))
        lines.append(hang(said, voice.columns))
    for row in content["acknowledged"]:
        where = voice.say(N_("the total")) if row["section"] == "*" else row["section"]
        text = N_("{where}: printed {stated}, the items give {items}: {why} [{reading}]")
        said = voice.say(
            text,
            where=where,
            stated=row["stated"],
            items=row["items"],
            why=row["why"],
            reading=row.get("reading") or "",
        )
        lines.append(voice.alarm(entry("·", said, indent=2, columns=voice.columns)))
    return "\n".join(lines)


def _items(content: Content, voice: Voice) -> list[str]:
    parts, section = [], None
    for item in content["items"]:
        if item["section"] != section:
            section = item["section"]
            parts.append(voice.head(hang(f"【{section}】", voice.columns, indent=2)))
        parts.append(_item(item, voice))
    return parts


def _item(item: Content, voice: Voice) -> str:
    points = voice.say(points_words(item["points"])) if item.get("points") is not None else ""
    title = f"{item['code']}  {printable(item['title'])}  {points}".rstrip()
    lines = [voice.head(hang(title, voice.columns, indent=6))]
    lines += _named(voice.say(N_("scored:")), _joined(of_item(item), voice), voice)
    lines += _named(voice.say(N_("clause:")), _cited(item, voice), voice)
    lines += _named(voice.say(N_("points from:")), item.get("implied"), voice)
    lines += _named(voice.say(N_("method:")), item.get("method"), voice)
    lines += _named(voice.say(N_("assessor:")), item.get("assessor"), voice)
    office = voice.list(filter(None, (item.get("office"), item.get("leader"))))
    lines += _named(voice.say(N_("in charge:")), office, voice)
    lines += _named(voice.say(N_("units:")), item.get("only") or item.get("units"), voice)
    named = voice.list([*(item.get("always") or ()), *(item.get("named") or ())])
    lines += _named(voice.say(N_("named:")), named, voice)
    others = {
        "decide": N_("a unit not named needs a decision"),
        "not-applicable": N_("it does not concern units not named"),
    }
    lines += _named(voice.say(N_("others:")), others.get(item.get("others") or ""), voice)
    for advice in item.get("advice") or ():
        lines += _named(voice.say(N_("advice:")), _advice(advice, voice), voice)
    lines += _named(voice.say(N_("readings:")), voice.list(item.get("readings") or ()), voice)
    lines += _named(voice.say(N_("note:")), item.get("note"), voice)
    return "\n".join(lines)


def _joined(said: Iterable[Message], voice: Voice) -> str:
    parts = [voice.say(part) for part in said]
    return "；".join(parts) + "。" if voice.lang == "zh" else "; ".join(parts) + "."


def _cited(row: Content, voice: Voice) -> str:
    """A clause in the file's own words, with where it stands."""
    lines = [str(line) for line in row.get("lines") or ()]
    if not lines:
        return str(row["clause"])
    if len(lines) == 1:
        return voice.say(N_("{clause} (published text, line {line})"), clause=row["clause"], line=lines[0])
    return voice.say(N_("{clause} (published text, lines {lines})"), clause=row["clause"], lines=voice.list(lines))


def _advice(advice: Content, voice: Voice) -> str:
    """A limit or threshold that is printed inside an item without a price."""
    if advice.get("threshold"):
        return voice.say(N_("{of} {threshold}, unpriced"), of=advice.get("of") or "", threshold=advice["threshold"])
    if advice.get("by"):
        return voice.say(N_("by {day}: {duty}, unpriced"), day=advice["by"], duty=advice.get("to") or "")
    start, duty = advice.get("from") or "", advice.get("to") or ""
    limit = limit_words(str(advice.get("limit") or ""))
    return voice.say(N_("within {limit} from {start}: {duty}, unpriced"), limit=limit, start=start, duty=duty)


def _group(group: Content, voice: Voice) -> str:
    """A ± group: its caps, what becomes of one matter named twice, its rules."""
    cap = group.get("cap") or {}
    lines = [voice.head(hang(f"【{group['title']}】 {group['code']}", voice.columns, indent=2))]
    lines += _named(voice.say(N_("clause:")), _cited(group, voice), voice)
    bounds = [
        voice.say(text, points=cap[side])
        for side, text in (("bonus", N_("bonus at most {points}")), ("deduction", N_("deduction at most {points}")))
        if cap.get(side) is not None
    ]
    if bounds and group["caps"] == "net":
        bounds.append(voice.say(N_("the caps hold for the net of both")))
    if group["same_matter"] == "highest":
        bounds.append(voice.say(N_("one matter named under several rules counts once, at its dearest")))
    lines += _named(
        voice.say(N_("caps:")), ("；" if voice.lang == "zh" else "; ").join(bounds) or voice.say(N_("none")), voice
    )
    lines += _named(voice.say(N_("readings:")), voice.list(group.get("readings") or ()), voice)
    return "\n".join([*lines, *(_rule(rule, group, voice) for rule in group["rules"])])


def _rule(rule: Content, group: Content, voice: Voice) -> str:
    side = voice.say(N_("bonus") if rule["side"] == "bonus" else N_("deduction"))
    side_of = f"（{side}，{group['code']}）" if voice.lang == "zh" else f"  ({side}, {group['code']})"
    lines = [voice.head(hang(f"{rule['code']}  {printable(rule['title'])}{side_of}", voice.columns, indent=6))]
    inner = rule["rule"]
    how = of_relation(inner) if inner.get("below") else of_pricing(inner, side=rule["side"])
    lines += _named(voice.say(N_("scored:")), _joined(how, voice), voice)
    lines += _named(voice.say(N_("clause:")), _cited(rule, voice), voice)
    lines += _named(voice.say(N_("readings:")), voice.list(rule.get("readings") or ()), voice)
    lines += _named(voice.say(N_("note:")), rule.get("note"), voice)
    return "\n".join(lines)


def _whole(content: Content, voice: Voice) -> str:
    """What holds for the whole: not applicable, zero-out, the total's bounds, bands, ties."""
    lines = []
    aside, zero_out = content.get("not_applicable"), content.get("zero_out")
    if aside:
        text = N_("Not applicable: the item gets the mean of the other units it concerns. {clause}")
        lines.append(voice.say(text, clause=_cited(aside, voice)))
    if zero_out:
        effect = voice.say(_EFFECTS[zero_out["effect"]], band=zero_out.get("band") or "")
        text = N_("{code} {title}: {effect}. {clause}")
        values = {"code": zero_out["code"], "title": zero_out["title"], "clause": _cited(zero_out, voice)}
        lines.append(voice.say(text, effect=effect, **values))
    floor, ceiling = content["total"].get("floor"), content["total"].get("ceiling")
    if floor is not None:
        lines.append(voice.say(N_("The total does not fall below {floor}."), floor=floor))
    if ceiling is not None:
        lines.append(voice.say(N_("The total does not rise above {ceiling}."), ceiling=ceiling))
    bands = [
        f"{band['name']} ≥ {band['from']}" if band.get("from") is not None else band["name"]
        for band in content["bands"]
    ]
    if bands:
        lines.append(voice.say(N_("Bands: {bands}"), bands=voice.list(bands)))
    lines.append(voice.say(N_("Equal totals are ranked {ties}."), ties=content["ties"]))
    return "\n".join(entry("·", line, indent=2, columns=voice.columns) for line in lines)


def _readings(readings: Iterable[Content], voice: Voice) -> str:
    """Where the paper is doubtful: each doubt with its options, the chosen one marked."""
    lines = []
    for reading in readings:
        set_by = f" [{reading['set_by']}]" if reading.get("set_by") else ""
        lines.append(entry(reading["id"], f"{reading['doubt']}{set_by}", indent=6, columns=voice.columns))
        for option in reading["options"]:
            mark = "●" if option == reading["chosen"] else "○"
            lines.append(entry(f"      {mark}", option, indent=8, columns=voice.columns))
    return "\n".join([voice.head(voice.say(N_("Readings of doubtful places (● chosen)"))), *lines]) if lines else ""


def _procedure(content: Content, voice: Voice) -> str:
    steps = content.get("procedure") or {}
    lines = [
        entry(
            "·",
            voice.say(N_("{label}: {text}"), label=voice.say(label), text=steps[key]),
            indent=2,
            columns=voice.columns,
        )
        for key, label in _PROCEDURE.items()
        if steps.get(key)
    ]
    return "\n".join([voice.head(voice.say(N_("Procedure"))), *lines]) if lines else ""


def _roster(content: Content, voice: Voice) -> str:
    """The units by category, as many to a line as fit."""
    groups: dict[str, list[str]] = {}
    for unit in content["roster"]:
        printed = f"（{unit['printed']}）" if unit.get("printed") else ""
        groups.setdefault(unit.get("category") or "", []).append(f"{unit['name']}{printed}")
    lines = [voice.head(voice.say(N_("Units ({count})"), count=len(content["roster"])))] if groups else []
    for category, names in groups.items():
        if category:
            head = voice.say(N_("· {category} ({count}):"), category=category, count=len(names))
            lines.append(entry(head, voice.list(names), indent=4, columns=voice.columns))
        else:
            lines.append(entry("·", voice.list(names), indent=2, columns=voice.columns))
    if content.get("roster_note"):
        lines.append(entry("·", content["roster_note"], indent=2, columns=voice.columns))
    return "\n".join(lines)
