"""What a scheme says as a whole, as lines of its page: sections, parts, vetoes, bands, readings, procedure, roster.

The lines that items and rules share with them ("label: text", clauses with their place) are here too. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from cli.columns import entry, hang, table
from cli.render import Voice
from cli.scheme_words import of_aside, of_unit
from cli.whole_words import bound_words, of_band, of_part, of_rounding, of_ties, of_total, of_veto, of_zero_out
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


def named(label: str, text: str | Message | None, voice: Voice, indent: int = 10) -> list[str]:
    """A line "label: text", wrapped; none where there is no text."""
    if text is None or text == "":
        return []
    return [entry(f"{' ' * (indent - 4)}{label}", voice.say(text), indent=indent, columns=voice.columns)]


def joined(said: Iterable[Message | str], voice: Voice) -> str:
    """Sentences one after the other, as one."""
    parts = [voice.say(part) for part in said]
    return "；".join(parts) + "。" if voice.lang == "zh" else "; ".join(parts) + "."


def cited(row: Content, voice: Voice) -> str:
    """A clause in the file's own words, with where it stands."""
    lines = [str(line) for line in row.get("lines") or ()]
    if not lines:
        return str(row["clause"])
    if len(lines) == 1:
        return voice.say(N_("{clause} (published text, line {line})"), clause=row["clause"], line=lines[0])
    return voice.say(N_("{clause} (published text, lines {lines})"), clause=row["clause"], lines=voice.list(lines))


def cites(row: Content) -> str:
    """The readings that a clause of the whole rests on."""
    return f" [{'、'.join(row['readings'])}]" if row.get("readings") else ""


def sections_part(content: Content, voice: Voice) -> str:
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
    for section in content["sections"]:
        bounds = bound_words(section)
        if bounds:
            text = voice.say(N_("{label}: {text}"), label=section["name"], text=joined(bounds, voice))
            lines.append(entry("·", text, indent=2, columns=voice.columns))
    lines += [voice.alarm(entry("·", _acknowledged(row, voice), indent=2, columns=voice.columns))
              for row in content["acknowledged"]]  # fmt: skip
    return "\n".join(lines)


def _acknowledged(row: Content, voice: Voice) -> str:
    where = voice.say(N_("the total")) if row["section"] == "*" else row["section"]
    text = N_("{where}: printed {stated}, the items give {items}: {why} [{reading}]")
    values = {"stated": row["stated"], "items": row["items"], "why": row["why"], "reading": row.get("reading") or ""}
    return voice.say(text, where=where, **values)


def parts_part(content: Content, voice: Voice) -> str:
    """The parts that the scheme is divided into, and what each is multiplied by."""
    lines = [
        entry(
            "·",
            voice.say(N_("{label}: {text}"), label=part["name"], text=joined(of_part(part), voice)),
            indent=2,
            columns=voice.columns,
        )
        for part in content.get("parts") or ()
    ]
    return "\n".join([voice.head(voice.say(N_("Parts"))), *lines]) if lines else ""


def whole_part(content: Content, voice: Voice) -> str:
    """What holds for the whole: not applicable, vetoes, the total's bounds, rounding, bands, ties."""
    lines = []
    aside, zero_out = content.get("not_applicable"), content.get("zero_out")
    if aside:
        gets = voice.say(of_aside(aside))
        said = voice.say(N_("What does not concern a unit: {gets}. {clause}"), gets=gets, clause=cited(aside, voice))
        lines.append(said + cites(aside))
    if zero_out:
        lines.append(_decides(zero_out, voice.say(of_zero_out(zero_out)), voice))
    vetoes = [veto_lines(veto, voice) for veto in content.get("vetoes") or ()]
    lines += [voice.say(said) for said in (*of_total(content["total"]), *of_rounding(content.get("rounding") or {}))]
    bands = ("；" if voice.lang == "zh" else "; ").join(voice.say(of_band(band)) for band in content["bands"])
    if bands:
        lines.append(voice.say(N_("Bands: {bands}"), bands=bands))
    lines.append(voice.say(of_ties(content["ties"])))
    return "\n".join([*vetoes, *(entry("·", line, indent=2, columns=voice.columns) for line in lines)])


def veto_lines(veto: Content, voice: Voice) -> str:
    """A veto: when it falls and what it does, with its note."""
    lines = [entry("·", _decides(veto, voice.say(of_veto(veto)), voice), indent=2, columns=voice.columns)]
    lines += named(voice.say(N_("note:")), veto.get("note"), voice)
    return "\n".join(lines)


def _decides(rule: Content, effect: str, voice: Voice) -> str:
    """A zero-out or a veto: what it is called, what it does, where it stands."""
    text = N_("{code} {title}: {effect}. {clause}")
    values = {"code": rule["code"], "title": rule["title"], "clause": cited(rule, voice)}
    return voice.say(text, effect=effect, **values) + cites(rule)


def readings_part(readings: Iterable[Content], voice: Voice) -> str:
    """Where the paper is doubtful: each doubt with its options, the chosen one marked."""
    lines = []
    for reading in readings:
        set_by = f" [{reading['set_by']}]" if reading.get("set_by") else ""
        lines.append(entry(reading["id"], f"{reading['doubt']}{set_by}", indent=6, columns=voice.columns))
        for option in reading["options"]:
            mark = "●" if option == reading["chosen"] else "○"
            lines.append(entry(f"      {mark}", option, indent=8, columns=voice.columns))
    return "\n".join([voice.head(voice.say(N_("Readings of doubtful places (● chosen)"))), *lines]) if lines else ""


def procedure_part(content: Content, voice: Voice) -> str:
    """Who records and reports, and when."""
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


def roster_part(content: Content, voice: Voice) -> str:
    """The units by category, as many to a line as fit, and what the paper says about some of them."""
    groups: dict[str, list[str]] = {}
    for unit in content["roster"]:
        groups.setdefault(unit.get("category") or "", []).append(voice.say(of_unit(unit)))
    lines = [voice.head(voice.say(N_("Units ({count})"), count=len(content["roster"])))] if groups else []
    for category, names in groups.items():
        if category:
            head = voice.say(N_("· {category} ({count}):"), category=category, count=len(names))
            lines.append(entry(head, voice.list(names), indent=4, columns=voice.columns))
        else:
            lines.append(entry("·", voice.list(names), indent=2, columns=voice.columns))
    for unit in content["roster"]:
        if unit.get("note"):
            text = voice.say(N_("{label}: {text}"), label=unit["name"], text=unit["note"])
            lines.append(entry("·", text, indent=2, columns=voice.columns))
    if content.get("roster_note"):
        lines.append(entry("·", content["roster_note"], indent=2, columns=voice.columns))
    return "\n".join(lines)
