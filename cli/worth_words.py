"""What a reported figure, a checklist, a count or a place is worth, in words that a clerk reads. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cli.plain_words import AMONG, Content, Said, listed, points_words, rounded_words, texts
from gkevents.words import N_, Message, message

_READS: Final = {
    "share": N_("the figure is a share of at most 100%"),
    "number": N_("the figure may be any number"),
    "whole": N_("the figure is a whole number"),
    "positive": N_("the figure is a whole number of at least 1"),
}
_FALLS: Final = {
    "whole": N_("each full percentage point short costs {per}"),
    "up": N_("each percentage point short, a part of one too, costs {per}"),
    "linear": N_("each percentage point short costs {per}, parts of one in proportion"),
}
_STEPS: Final = {
    "whole": N_("parts of {each} do not count"),
    "linear": N_("parts of {each} count in proportion"),
    "up": N_("a part of {each} counts as a whole one"),
}
_LINES: Final = {
    "previous": N_("last year's figure"),
    "parent": N_("the figure of its parent"),
    "target": N_("the target"),
}
_SIDES: Final = {
    ("above", "per"): N_("each {each} above {line} costs {points}"),
    ("above", "earns"): N_("each {each} above {line} earns {points}"),
    ("below", "per"): N_("each {each} below {line} costs {points}"),
    ("below", "earns"): N_("each {each} below {line} earns {points}"),
}
_ONCE: Final = {
    ("above", "per"): N_("above {line} it costs {points}, once"),
    ("above", "earns"): N_("above {line} it earns {points}, once"),
    ("below", "per"): N_("below {line} it costs {points}, once"),
    ("below", "earns"): N_("below {line} it earns {points}, once"),
}
_PERIODS: Final = {
    "half-year": N_("every half-year is worked out by itself, then all are added up"),
    "quarter": N_("every quarter is worked out by itself, then all are added up"),
    "month": N_("every month is worked out by itself, then all are added up"),
}
_COUNTED: Final = {
    "event": N_("the number of occurrences"),
    "form": N_("the number of distinct forms"),
    "matter": N_("the number of distinct matters"),
}


def of_figure(rule: Content, points: str | None = None) -> list[Message]:
    """What the figure reported is worth; `points` are the full points of the item, where it is one."""
    worth = rule["worth"]
    if "tiers" in worth:
        said = [message(N_("by the figure reported: {steps}"), steps=_tiers(worth["tiers"])), _ends(rule)]
    elif "fall" in worth:
        step = message(_FALLS[worth.get("step") or "whole"], per=worth["per"])
        said = [message(N_("full points where the figure has fallen by {fall}; {step}"), fall=worth["fall"], step=step)]
    elif "proportional" in worth:
        said = _proportional(worth)
    else:
        said = _linear(worth, points, among=rule.get("among") or "all")
    return [*said, message(_READS[rule["reads"]])] if rule.get("reads") else said


def _ends(rule: Content) -> Message:
    upper = rule.get("interval") == "upper"
    return message(N_("the upper end belongs to a step") if upper else N_("the lower end belongs to a step"))


def _tiers(tiers: Iterable[Content]) -> Said:
    return listed(message(N_("from {start} {points}"), start=tier["from"], points=tier["points"]) for tier in tiers)


def _proportional(worth: Content) -> list[Message]:
    said = [message(N_("the rate reported times {points}"), points=points_words(worth["proportional"]))]
    if worth.get("zero_below") is not None:
        said.append(message(N_("nothing below {line}"), line=worth["zero_below"]))
    if worth.get("full_from") is not None:
        said.append(message(N_("all of it from {line} on"), line=worth["full_from"]))
    return said


def _linear(worth: Content, points: str | None, *, among: str) -> list[Message]:
    """Points lost or earned by the distance from a line."""
    side, gain = "above" if "above" in worth else "below", "earns" if worth.get("earns") is not None else "per"
    each, step, relative = worth.get("each") or "1", worth.get("step") or "whole", bool(worth.get("relative"))
    plain = (side, gain, each, step, relative) == ("above", "per", "1", "whole", False) and not worth.get("at_once")
    if plain and points is not None and worth["above"][-1:].isdigit():
        text = N_("full points up to {above}; each one above costs {per}")
        return [message(text, above=worth["above"], per=worth["per"])]
    said = [message(N_("starts at the full {points}"), points=points)] if gain == "per" and points is not None else []
    line, price = line_words(worth[side], among), points_words(worth[gain])
    if each == "once":
        said.append(message(_ONCE[side, gain], line=line, points=price))
    else:
        said.append(message(_SIDES[side, gain], each=each, line=line, points=price))
        said.append(message(_STEPS[step], each=each))
    if worth.get("at_once") is not None:
        crossed = N_("so much at once as soon as the line is crossed: {points}")
        said.append(message(crossed, points=points_words(worth["at_once"])))
    if relative:
        said.append(message(N_("the distance is measured in proportion to {line}"), line=line))
    return said


def line_words(line: str, among: str) -> Said:
    """What a figure is compared with: a figure, or where one comes from, whole or a share of it."""
    share, of, source = line.rpartition(" of ")
    if source == "mean":
        said: Said = message(N_("the mean of {among}"), among=message(AMONG[among]))
    elif source in _LINES:
        said = message(_LINES[source])
    elif source.endswith(("year", "years")):
        said = message(N_("the mean of the last years ({years})"), years=source.split()[0])
    else:
        return line
    return message(N_("{share} of {source}"), share=share.strip(), source=said) if of else said


def of_checklist(rule: Content) -> list[Message]:
    """By the elements that are there, or are not."""
    worth = rule["worth"]
    if "each" in worth:
        said = message(N_("each of {of} elements that is there gives {points}"), of=worth["of"], points=worth["each"])
    else:
        said = message(
            N_("each of {of} elements that is missing costs {points}"), of=worth["of"], points=worth["missing"]
        )
    elements = texts(rule.get("elements"))
    return [said, message(N_("the elements: {elements}"), elements=listed(elements))] if elements else [said]


def of_count(rule: Content, points: str | None) -> list[Message]:
    """By how often something was done."""
    worth = rule["worth"]
    what = message(_COUNTED[rule.get("count") or "event"])
    if "tiers" in worth:
        said = [message(N_("by {what}: {steps}"), what=what, steps=_tiers(worth["tiers"]))]
    else:
        said = [message(N_("by {what}"), what=what), *_linear(worth, points, among="all")]
    if rule.get("kind"):
        said.append(message(N_("only of the kind {kinds}"), kinds=listed(texts(rule["kind"]))))
    if (rule.get("period") or "year") != "year":
        said.append(message(_PERIODS[rule["period"]]))
    said.append(message(N_("the count decides once the assessor confirms that the log is complete")))
    return said


def of_place(rule: Content) -> list[Message]:
    """By the place among the units."""
    codes = texts(rule.get("of")) or ["figure"]
    of = message(N_("the figure reported")) if codes == ["figure"] else _sum_of(codes)
    text = N_("ranked among {among} by {of}, the highest first")
    if rule.get("best") == "low":
        text = N_("ranked among {among} by {of}, the lowest first")
    worth, among = rule["worth"], message(AMONG[rule.get("among") or "all"])
    said = [message(text, among=among, of=of)]
    rest = message(N_("all others {points}"), points=points_words(worth.get("rest") or "0"))
    if "places" in worth:
        steps = [
            message(N_("place {place}: {points}"), place=place, points=points_words(points))
            for place, points in enumerate(worth["places"], 1)
        ]
        return [*said, message(N_("{first}, {rest}"), first=listed(steps), rest=rest)]
    steps = [
        message(N_("the first {share} {points}"), share=row["share"], points=points_words(row["points"]))
        for row in worth["top"]
    ]
    said.append(message(N_("{first}, {rest}"), first=listed(steps), rest=rest))
    said.append(message(N_("a number of places that is not whole is {rounded}"), rounded=rounded_words(worth["round"])))
    return said


def _sum_of(codes: list[str]) -> Message:
    text = N_("the score of {codes}") if len(codes) == 1 else N_("the sum of the scores of {codes}")
    return message(text, codes=listed(codes))
