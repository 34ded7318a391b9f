"""How an item or a ± rule is scored, in words that a clerk reads: one sentence for each part of a rule. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from cli.plain_words import AMONG, Content, Said, listed, points_words
from cli.pricing_words import cap_words, of_pricing
from cli.worth_words import of_checklist, of_count, of_figure, of_place
from gkevents.words import N_, Message, message

_GETS: Final = {
    "full": N_("it gets its full points"),
    "share": N_("it gets {share} of its full points"),
    "rescale": N_("it is left out, and what the unit gets elsewhere {within} is scaled up to the full points"),
    "spread": N_("it is left out, and its points are spread evenly over the unit's other items {within}"),
}
_WITHIN: Final = {
    "section": N_("in the section"),
    "part": N_("in the part"),
    "total": N_("on the whole form"),
}


class Scored(NamedTuple):
    """How an item is scored: where its points start, what each event rule adds or takes, within which bounds."""

    start: list[Said]
    rules: list[Said]
    bounds: list[Said]


def of_item(item: Content) -> Scored:
    """How an item is scored."""
    rule, points = item["rule"], item.get("points")
    rules = [of_pricing(part, side="bonus") for part in rule.get("add") or ()]
    rules += [of_pricing(part, side="deduction") for part in rule.get("deduct") or ()]
    bounds: list[Said] = []
    if rule.get("add") and points is not None:
        bounds.append(message(N_("never above {points}"), points=points_words(points)))
    return Scored([*_start(rule, points)], rules, bounds + _floor(rule, points))


def _floor(rule: Content, points: str | None) -> list[Said]:
    floor = rule.get("floor") or "0"
    if floor == "none":
        return [message(N_("it may fall below 0"))]
    if floor != "0":
        return [message(N_("never below {points}"), points=points_words(floor))]
    return [message(N_("never below 0"))] if rule.get("deduct") and points is not None else []


def _start(rule: Content, points: str | None) -> list[Message]:
    match rule["start"]:
        case "grade":
            return _grade(rule, points)
        case "count":
            return of_count(rule, points)
        case "rank":
            return of_place(rule)
        case "checklist":
            return of_checklist(rule)
        case "metric":
            return of_figure(rule, points)
        case _:
            return [_plain_start(rule, points)]


def _plain_start(rule: Content, points: str | None) -> Message:
    """A start that needs nothing to be reported: the full points, nought, or none here at all."""
    if rule["start"] == "elsewhere":
        return message(N_("not scored here; see {see}"), see=rule["see"])
    if rule["start"] == "zero":
        return message(N_("starts at 0"))
    if points is None:
        return message(N_("starts at full points"))
    return message(N_("starts at the full {points}"), points=points)


def _grade(rule: Content, points: str | None) -> list[Message]:
    """The assessor's mark: from which to which, how it is converted, what must come with it."""
    allowed, scale = rule.get("allowed"), rule.get("scale")
    if allowed:
        choices = "、".join(f"{choice['points']}（{choice['when']}）" for choice in allowed)
        said = [message(N_("the assessor marks it with one of {choices}"), choices=choices)]
    elif scale:
        said = [message(N_("the assessor marks it from 0 to {points}"), points=scale)]
    elif points is None:
        said = [message(N_("the assessor marks it; the paper prints no points"))]
    else:
        said = [message(N_("the assessor marks it from 0 to {points}"), points=points)]
    if scale:
        full = points_words(points) if points is not None else message(N_("the full points"))
        said.append(message(N_("a mark of {scale} is worth {points}, others in proportion"), scale=scale, points=full))
    if rule.get("over") == "sub-units":
        said.append(message(N_("each sub-unit is marked, and the mean of their marks counts")))
    if rule.get("source") == "required":
        said.append(message(N_("the mark must name the document that it comes from")))
    return said


def of_adjustment(rule: Content, *, side: str) -> list[Said]:
    """How a ± rule is scored: by events, by a figure, by its distance from the mean, or by a place."""
    if rule.get("below"):
        return _below_mean(rule)
    if "worth" not in rule:
        return [of_pricing(rule, side=side)]
    moved = message(N_("this is added") if side == "bonus" else N_("this is taken away"))
    said = of_place(rule) if rule["start"] == "rank" else of_figure(rule)
    return [*said, moved, *cap_words(rule.get("cap"))]


def _below_mean(rule: Content) -> list[Said]:
    """A figure compared with the mean of the units."""
    below = rule["below"]
    text = N_("costs {price} where the figure is below {share} of the mean of {among}")
    return [message(text, price=rule["price"], share=below["share"], among=message(AMONG[below["among"]]))]


def of_aside(aside: Content) -> Message:
    """What an item gives that does not concern the unit."""
    gets = aside["gets"]
    if gets == "peers-mean":
        among = aside.get("among") or "all"
        text = N_("it gets the mean of the other units that it concerns")
        return message(N_("it gets the mean of the other units of the category") if among == "category" else text)
    within = message(_WITHIN[aside.get("within") or "total"])
    return message(_GETS[gets], share=aside.get("share") or "", within=within)


def of_caps(group: Content) -> list[Message]:
    """How a ± group limits its rules: its caps, one matter under several rules, the order, its gate and its part."""
    cap = group.get("cap") or {}
    said = [
        message(text, points=cap[side])
        for side, text in (("bonus", N_("bonus at most {points}")), ("deduction", N_("deduction at most {points}")))
        if cap.get(side) is not None
    ]
    if group.get("caps") == "net":
        said.append(message(N_("the caps hold for the net of both")))
    if group.get("same_matter") == "highest":
        said.append(message(N_("one matter named under several rules counts once, at its dearest")))
    if group.get("order") == "caps-first":
        said.append(message(N_("each rule's own cap comes first, the highest is taken of what is left")))
    return said


def of_unit(unit: Content) -> Said:
    """A unit of the roster, with its printed name and the number of its sub-units."""
    printed, beneath = unit.get("printed"), unit.get("sub_units")
    said: list[Said] = [printed] if printed else []
    if beneath:
        said.append(message(N_("{count} sub-units"), count=beneath))
    return message(N_("{name} ({more})"), name=unit["name"], more=listed(said)) if said else str(unit["name"])
