"""What changed from one scheme to another, as a page: possible points first, then every change, for whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from cli.columns import entry, hang, printable
from cli.difference_words import Line, of_change, signed, whom_words
from cli.render import Voice
from gkevents.terms import show
from gkevents.trials.differences import Change, Differences
from gkevents.words import N_, message

_ABOUT: Final = {
    "whole": N_("The whole"),
    "section": N_("Sections"),
    "part": N_("Parts"),
    "item": N_("The items"),
    "group": N_("Groups of ± rules"),
    "rule": N_("The ± rules"),
    "veto": N_("Vetoes"),
    "band": N_("Bands"),
    "unit": N_("The units"),
}
_WHOLE: Final = {
    "points": N_("Points"),
    "base_total": N_("Sum of the items"),
    "total": N_("The total"),
    "rounding": N_("Rounding"),
    "ties": N_("Equal totals"),
    "variants": N_("Forms"),
    "not_applicable": N_("What does not concern a unit"),
    "zero_out": N_("Zero-out"),
    "grade_decimals": N_("Decimals of marks"),
    "display_decimals": N_("Decimals shown"),
    "words": N_("Wording"),
}


def diff_page(old: Mapping[str, Any], new: Mapping[str, Any], found: Differences, voice: Voice) -> str:
    """Two schemes side by side: what changed, for whom, in points."""
    head = [voice.head(hang(f"{sign} {_title(scheme)}", voice.columns, indent=2)) for sign, scheme in
            (("−", old), ("+", new))]  # fmt: skip
    if not found.changes:
        return "\n".join([*head, "", voice.say(N_("Nothing changed."))])
    parts = ["\n".join(head), _possible(found, voice)]
    for about, changes in groupby(found.changes, key=lambda change: change.about):
        lines = [voice.head(voice.say(_ABOUT[about]))]
        for _, rows in groupby(changes, key=lambda change: (change.code, change.kind if about == "whole" else "")):
            lines += _entry(list(rows), voice)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _title(scheme: Mapping[str, Any]) -> str:
    return f"{printable(scheme['title'])} ({scheme['scheme']}, {scheme['year']})"


def _possible(found: Differences, voice: Voice) -> str:
    """A line for each category: the points that a unit can reach by the items."""
    lines = [voice.head(voice.say(N_("Possible points by the items")))]
    for category, (before, after) in found.possible.items():
        text = N_("{category}: possible points {old} → {new}")
        if before is not None and after is not None and before != after:
            text = N_("{category}: possible points {old} → {new} ({by})")
        by = signed(after - before) if before is not None and after is not None else ""
        name = category or message(N_("all units"))
        said = voice.say(text, category=name, old=_points(before), new=_points(after), by=by)
        lines.append(entry("·", said, indent=2, columns=voice.columns))
    return "\n".join(lines)


def _points(value: Fraction | None) -> str:
    return "–" if value is None else show(value)


def _entry(changes: list[Change], voice: Voice) -> list[str]:
    """Everything that changed at one place: what it is called and whom it concerns, then line by line what became."""
    first = changes[0]
    mark = {"added": "+", "removed": "−"}.get(first.kind, "·")
    lines = [entry(mark, _name(first, voice), indent=2, columns=voice.columns)]
    return lines + [_line(line, voice) for line in _said(changes)]


def _said(changes: Iterable[Change]) -> list[Line]:
    return [line for change in changes for line in of_change(change) if line.said]


def _line(line: Line, voice: Voice) -> str:
    return entry(f"    {line.sign}" if line.sign else "   ", voice.say(line.said), indent=6, columns=voice.columns)


def _name(change: Change, voice: Voice) -> str:
    if change.about == "whole":
        return voice.say(_WHOLE[change.kind])
    if change.kind == "order":
        return voice.say(N_("Order"))
    name = f"{change.code}  {change.title}".rstrip() if change.title else change.code
    if change.about == "unit" and change.kind in ("added", "removed"):
        category = (change.new or change.old)["category"]
        return voice.say(N_("{name} ({more})"), name=name, more=category) if category else name
    if change.about == "item":
        return voice.say(N_("{name} (for {whom})"), name=name, whom=whom_words(change.whom))
    return name


def change_answer(change: Change, voice: Voice) -> dict[str, Any]:
    """A change for programs: what changed, for whom, the points before and after, and the words for it."""
    words = [f"{line.sign} {voice.say(line.said)}".strip() for line in of_change(change) if line.said]
    return {
        "about": change.about,
        "kind": change.kind,
        "code": change.code or None,
        "title": change.title or None,
        "whom": {"categories": list(change.whom.categories), "units": list(change.whom.units)},
        "from": change.old,
        "to": change.new,
        "points": [
            {
                "what": "/".join(shift.path),
                "from": shift.old,
                "to": shift.new,
                "by": None if shift.by is None else show(shift.by),
            }
            for shift in change.shifts
        ],
        "possible": {name: {"from": show(old), "to": show(new)} for name, (old, new) in change.worth.items()},
        "message": words,
    }


def diff_answer(old: Mapping[str, Any], new: Mapping[str, Any], found: Differences, voice: Voice) -> dict[str, Any]:
    """What changed, for programs."""
    return {
        "from": _named(old),
        "to": _named(new),
        "changed": bool(found.changes),
        "possible": {
            category: {"from": _exact(before), "to": _exact(after)}
            for category, (before, after) in found.possible.items()
        },
        "changes": [change_answer(change, voice) for change in found.changes],
    }


def _named(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {key: scheme[key] for key in ("scheme", "title", "year")}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else show(value)
