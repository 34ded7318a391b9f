"""What becomes of the items' points, in words that a clerk reads: parts, vetoes, rounding, bands, ties. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cli.plain_words import (
    LEVELS,
    Content,
    Said,
    gate_words,
    kind_words,
    listed,
    points_words,
    rounded_words,
    score_words,
    texts,
)
from gkevents.words import N_, Message, message

_EFFECTS: Final = {
    "total": N_("the total becomes 0"),
    "band": N_("the band becomes {band}"),
    "total-and-band": N_("the total becomes 0 and the band {band}"),
}
_STEPS: Final = {
    "item": N_("each item"),
    "section": N_("each section"),
    "part": N_("each part before its weight"),
    "weighted": N_("each part after its weight"),
    "total": N_("the total"),
}
_TIES: Final = {
    "not-shared": N_("Equal totals do not share a rank: who was adopted first comes first."),
    "unordered": N_("The units are not ranked."),
}
_LEFT: Final = {
    "1,1,3": N_("what is still equal is ranked 1,1,3"),
    "1,1,2": N_("what is still equal is ranked 1,1,2"),
    "not-shared": N_("of what is still equal, who was adopted first comes first"),
}
_BOUNDS: Final = {"from": "≥", "above": ">", "to": "≤", "below": "<"}


def of_part(part: Content) -> list[Message]:
    """A part: its sections, its weight, its bounds, its gate."""
    said = [message(N_("sections: {sections}"), sections=listed(texts(part["sections"]))), weight_words(part)]
    if part.get("beyond"):
        said.append(message(N_("beyond the full points: what it gives counts as a bonus")))
    said += bound_words(part)
    if part.get("gate"):
        said.append(gate_words(part["gate"]))
    return said


def weight_words(part: Content) -> Message:
    """What a part's points are multiplied by."""
    weight = part.get("weight") or "1"
    if isinstance(weight, Mapping):
        rows = [message(N_("{category} {weight}"), category=name, weight=share) for name, share in weight.items()]
        return message(N_("weight: {weight}"), weight=listed(rows))
    return message(N_("weight: {weight}"), weight=weight)


def bound_words(row: Content) -> list[Message]:
    """The cap and floor of a section or of a part (before its weight)."""
    said = []
    if row.get("cap") is not None:
        said.append(message(N_("at most {points}"), points=points_words(row["cap"])))
    if row.get("floor") not in (None, "none"):
        said.append(message(N_("never below {points}"), points=points_words(row["floor"])))
    return said


def of_zero_out(zero_out: Content) -> Message:
    """What proven fraud does."""
    return message(_EFFECTS[zero_out["effect"]], band=zero_out.get("band") or "")


def of_veto(veto: Content) -> Message:
    """When a veto falls, and what it does."""
    return message(N_("{when}: {effect}"), when=_falls(veto), effect=listed(_effects(veto["effect"])))


def _falls(veto: Content) -> Said:
    low, times = veto.get("low"), veto.get("times") or 1
    if low:
        text = N_("{of} below {line}")
        if (low.get("years") or 1) > 1:
            text = N_("{of} below {line}, {years} years running")
        return message(text, of=score_words(low["of"]), line=low["below"], years=low.get("years") or 1)
    said = message(N_("logged once")) if times == 1 else message(N_("logged {times} times"), times=times)
    if veto.get("item"):
        said = message(N_("{logged} on {item}"), logged=said, item=veto["item"])
    if veto.get("kind"):
        said = message(
            N_("{logged}, only of the kind {kinds}"), logged=said, kinds=listed(map(kind_words, veto["kind"]))
        )
    if veto.get("each") == "matter":
        said = message(N_("{logged} within one matter"), logged=said)
    if veto.get("level_min"):
        return message(N_("{logged} from the {level} level up"), logged=said, level=message(LEVELS[veto["level_min"]]))
    return said


def _effects(effect: Content) -> list[Message]:
    of = effect.get("part") or message(N_("the total"))
    said = []
    if effect.get("gives") is not None:
        said.append(message(N_("{of} becomes {points}"), of=of, points=points_words(effect["gives"])))
    if effect.get("at_most") is not None:
        said.append(message(N_("{of} is {points} at most"), of=of, points=points_words(effect["at_most"])))
    if effect.get("band"):
        said.append(message(_EFFECTS["band"], band=effect["band"]))
    if effect.get("eligible") is False:
        said.append(message(N_("the unit cannot be chosen for honours")))
    return said


def of_total(total: Content) -> list[Message]:
    """How the total is converted and bounded."""
    said = []
    if total.get("convert") is not None:
        said.append(message(N_("The total is converted: times {share}."), share=total["convert"]))
    if total.get("floor") is not None:
        said.append(message(N_("The total does not fall below {floor}."), floor=total["floor"]))
    if total.get("ceiling") is not None:
        said.append(message(N_("The total does not rise above {ceiling}."), ceiling=total["ceiling"]))
    return said


def of_rounding(rounding: Content) -> list[Message]:
    """Which steps are rounded, and how."""
    text = N_("{step} to {digits} decimals, {rounded}")
    rows = [
        message(
            text, step=message(word), digits=rounding[step]["digits"], rounded=rounded_words(rounding[step]["mode"])
        )
        for step, word in _STEPS.items()
        if rounding.get(step)
    ]
    return [message(N_("Rounding: {steps}."), steps=listed(rows))] if rows else []


def of_band(band: Content) -> Message | str:
    """A band with what it takes."""
    bounds: list[Said] = [f"{sign} {band[key]}" for key, sign in _BOUNDS.items() if band.get(key) is not None]
    top = band.get("top")
    if top is not None:
        bounds.append(message(N_("among the first {top} of its category"), top=top))
        if not top.isdigit():
            mode = rounded_words(band.get("round") or "down")
            bounds.append(message(N_("a number of places that is not whole is {rounded}"), rounded=mode))
    if band.get("eligible"):
        bounds.append(message(N_("only who can be chosen for honours")))
    if not bounds:
        return str(band["name"])
    return message(N_("{name} {bounds}"), name=band["name"], bounds=listed(bounds))


def of_ties(ties: str | Content) -> Message:
    """How equal totals are ranked."""
    if isinstance(ties, Mapping):
        text = N_("Equal totals are told apart by {by}, the higher first; {then}.")
        return message(text, by=listed(texts(ties["by"])), then=message(_LEFT[ties.get("then") or "1,1,3"]))
    if ties in _TIES:
        return message(_TIES[ties])
    return message(N_("Equal totals are ranked {ties}."), ties=ties)
