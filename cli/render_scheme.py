"""A scheme as a clerk reads it who knows the paper: its own words, and how each item is scored in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cli.columns import entry, hang, printable, table
from cli.plain_words import gate_words, limit_words, points_words, texts
from cli.render import Voice
from cli.render_whole import (
    cited,
    cites,
    joined,
    named,
    parts_part,
    procedure_part,
    readings_part,
    roster_part,
    sections_part,
    veto_lines,
    whole_part,
)
from cli.scheme_words import Scored, of_adjustment, of_aside, of_caps, of_item
from gkevents.words import N_

Content = Mapping[str, Any]
_RULES_BESIDE_EACH_OTHER: Final = 2
"""From so many event rules on, each has a line of its own."""


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
        sections_part(content, voice),
        parts_part(content, voice),
        *_items(content, voice),
        *[_group(group, voice) for group in content["adjustments"]],
        whole_part(content, voice),
        readings_part(content["readings"], voice),
        procedure_part(content, voice),
        roster_part(content, voice),
    ]
    return "\n\n".join(part for part in parts if part)


def item_page(content: Content, code: str, voice: Voice) -> str | None:
    """One item, ± rule or veto in full, with the readings that touch it; None where there is none of that code."""
    found = _coded(content, code, voice)
    if found is None:
        return None
    row, part = found
    touching = [reading for reading in content["readings"] if reading["id"] in (row.get("readings") or ())]
    return "\n\n".join(piece for piece in (_title(content, voice), part, readings_part(touching, voice)) if piece)


def _coded(content: Content, code: str, voice: Voice) -> tuple[Content, str] | None:
    """What has a code, with its lines."""
    for row in content["items"]:
        if row["code"] == code:
            return row, _item(row, voice)
    for group in content["adjustments"]:
        for rule in group["rules"]:
            if rule["code"] == code:
                return rule, _rule(rule, group, voice)
    for veto in content.get("vetoes") or ():
        if veto["code"] == code:
            return veto, veto_lines(veto, voice)
    return None


def codes(content: Content) -> list[str]:
    """Every code of a scheme: items, then ± rules, then vetoes."""
    return [row["code"] for row in coded(content)]


def coded(content: Content) -> list[Content]:
    """Everything that a fact may name by its code."""
    rules = [rule for group in content["adjustments"] for rule in group["rules"]]
    return [*content["items"], *rules, *(content.get("vetoes") or ())]


def _title(content: Content, voice: Voice) -> str:
    return voice.head(hang(f"{printable(content['title'])} ({content['scheme']})", voice.columns))


def _head(content: Content, voice: Voice) -> str:
    lines = [_title(content, voice)]
    for label, key in (
        (N_("Issued by:"), "issuer"),
        (N_("Document:"), "document"),
        (N_("Year:"), "year"),
        (N_("Assessor:"), "assessor"),
        (N_("Series:"), "family"),
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
    said = N_("Decimals: marks have at most {marks}, points are shown with {points}.")
    decimals = {"marks": content["grade_decimals"], "points": content["display_decimals"]}
    lines.append(hang(voice.say(said, **decimals), voice.columns, indent=4))
    if content["variants"]:
        said = voice.say(N_("Forms of their own: {variants}"), variants=voice.list(content["variants"]))
        lines.append(hang(said, voice.columns, indent=4))
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
    lines += _scored(of_item(item), voice)
    lines += named(voice.say(N_("clause:")), cited(item, voice), voice)
    lines += named(voice.say(N_("points from:")), item.get("implied"), voice)
    lines += named(voice.say(N_("method:")), item.get("method"), voice)
    lines += named(voice.say(N_("assessor:")), item.get("assessor"), voice)
    office = voice.list(filter(None, (item.get("office"), item.get("leader"))))
    lines += named(voice.say(N_("in charge:")), office, voice)
    units = [*texts(item.get("only")), *texts(item.get("units"))]
    lines += named(voice.say(N_("units:")), ("；" if voice.lang == "zh" else "; ").join(units), voice)
    by_name = voice.list([*(item.get("always") or ()), *(item.get("named") or ())])
    lines += named(voice.say(N_("named:")), by_name, voice)
    others = {
        "decide": N_("a unit not named needs a decision"),
        "not-applicable": N_("it does not concern units not named"),
    }
    lines += named(voice.say(N_("others:")), others.get(item.get("others") or ""), voice)
    if item.get("not_applicable"):
        aside = item["not_applicable"]
        text = N_("{gets}. {clause}")
        said = voice.say(text, gets=of_aside(aside), clause=cited(aside, voice)) + cites(aside)
        lines += named(voice.say(N_("not applicable:")), said, voice)
    for advice in item.get("advice") or ():
        lines += named(voice.say(N_("advice:")), _advice(advice, voice), voice)
    lines += named(voice.say(N_("readings:")), voice.list(item.get("readings") or ()), voice)
    lines += named(voice.say(N_("note:")), item.get("note"), voice)
    return "\n".join(lines)


def _scored(scored: Scored, voice: Voice) -> list[str]:
    """How an item is scored: in one line, or with a line for each of several event rules."""
    start, rules, bounds = scored
    if len(rules) < _RULES_BESIDE_EACH_OTHER:
        return named(voice.say(N_("scored:")), joined([*start, *rules, *bounds], voice), voice)
    lines = named(voice.say(N_("scored:")), joined([*start, *bounds], voice), voice)
    return lines + [entry(" " * 10 + "·", voice.say(rule), indent=12, columns=voice.columns) for rule in rules]


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
    lines = [voice.head(hang(f"【{group['title']}】 {group['code']}", voice.columns, indent=2))]
    lines += named(voice.say(N_("clause:")), cited(group, voice), voice)
    bounds = ("；" if voice.lang == "zh" else "; ").join(voice.say(bound) for bound in of_caps(group))
    lines += named(voice.say(N_("caps:")), bounds or voice.say(N_("none")), voice)
    lines += named(voice.say(N_("part:")), group.get("part"), voice)
    lines += named(voice.say(N_("bonus:")), gate_words(group["gate"]) if group.get("gate") else None, voice)
    lines += named(voice.say(N_("readings:")), voice.list(group.get("readings") or ()), voice)
    lines += named(voice.say(N_("note:")), group.get("note"), voice)
    return "\n".join([*lines, *(_rule(rule, group, voice) for rule in group["rules"])])


def _rule(rule: Content, group: Content, voice: Voice) -> str:
    side = voice.say(N_("bonus") if rule["side"] == "bonus" else N_("deduction"))
    side_of = f"（{side}，{group['code']}）" if voice.lang == "zh" else f"  ({side}, {group['code']})"
    lines = [voice.head(hang(f"{rule['code']}  {printable(rule['title'])}{side_of}", voice.columns, indent=6))]
    how = of_adjustment(rule["rule"], side=rule["side"])
    lines += named(voice.say(N_("scored:")), joined(how, voice), voice)
    lines += named(voice.say(N_("clause:")), cited(rule, voice), voice)
    lines += named(voice.say(N_("readings:")), voice.list(rule.get("readings") or ()), voice)
    lines += named(voice.say(N_("note:")), rule.get("note"), voice)
    return "\n".join(lines)
