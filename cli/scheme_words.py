"""How an item is scored, in words that a clerk reads: one sentence for each part of a rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gkevents.schemes.model import LIMIT_UNITS
from gkevents.words import N_, Message, message

Content = Mapping[str, Any]

_LEVELS: Final = {
    "national": N_("national"),
    "provincial": N_("provincial"),
    "city": N_("city"),
    "county": N_("county"),
}
_KINDS: Final = {
    "report": N_("pieces of information reported"),
    "commission-done": N_("commissioned articles done"),
    "press-conference-with-feature": N_("press conferences with a feature"),
    "briefing-with-feature": N_("briefings with a feature"),
}
_AMONG: Final = {"all": N_("all units"), "category": N_("the units of its category"), "others": N_("the other units")}
_SOURCES: Final = {
    "happenings": N_("happening"),
    "cards": N_("supervision card"),
    "messages": N_("message not answered in time"),
    "amounts": N_("happening"),
    "praise": N_("happening"),
}
_STEPS: Final = {
    "whole": N_("each full percentage point short costs {per}"),
    "up": N_("each percentage point short, a part of one too, costs {per}"),
    "linear": N_("each percentage point short costs {per}, parts of one in proportion"),
}
_COSTS: Final = {
    "event": N_("each {what} costs {price}"),
    "matter": N_("each matter costs {price}, however often it is named"),
    "matter-level": N_("each matter costs {price} once at each level"),
    "problem": N_("each problem costs {price}"),
    "year": N_("costs {price}, once a year"),
}
_EARNS: Final = {
    "event": N_("each {what} earns {price}"),
    "matter": N_("each matter earns {price}, however often it is named"),
    "matter-level": N_("each matter earns {price} once at each level"),
    "problem": N_("each problem earns {price}"),
    "year": N_("earns {price}, once a year"),
}
_FIRST_CARDS: Final = {
    "escalated": N_("once a problem is repeated, its first card costs the higher price too"),
    "added": N_("a repeated card costs both prices together"),
}


def of_item(item: Content) -> list[Message]:
    """How an item is scored: where its points start, and what comes off them."""
    rule, points = item["rule"], item.get("points")
    said = _start(rule, points)
    parts = rule.get("deduct") or ()
    for part in parts:
        said += of_pricing(part, side="deduction")
    if parts and points is not None:
        said.append(message(N_("never below 0")))
    return said


def _start(rule: Content, points: str | None) -> list[Message]:
    match rule["start"]:
        case "grade":
            return [_grade(rule, points)]
        case "full":
            return [message(N_("starts at the full {points}"), points=points)]
        case "elsewhere":
            return [message(N_("not scored here; see {see}"), see=rule["see"])]
        case "count":
            what = (
                N_("the number of distinct forms") if rule.get("count") == "form" else N_("the number of occurrences")
            )
            steps = _tiers(rule["worth"]["tiers"])
            return [
                message(N_("by {what}: {steps}"), what=message(what), steps=steps),
                message(N_("the count decides once the assessor confirms that the log is complete")),
            ]
        case _:
            return _reported(rule)


def _grade(rule: Content, points: str | None) -> Message:
    allowed = rule.get("allowed")
    if allowed:
        choices = "、".join(f"{choice['points']}（{choice['when']}）" for choice in allowed)
        return message(N_("the assessor marks it with one of {choices}"), choices=choices)
    if points is None:
        return message(N_("the assessor marks it; the paper prints no points"))
    return message(N_("the assessor marks it from 0 to {points}"), points=points)


def _reported(rule: Content) -> list[Message]:
    """By a reported figure or a checklist."""
    worth = rule["worth"]
    elements = "、".join(rule.get("elements") or ())
    if "tiers" in worth:
        ends = (
            N_("the lower end belongs to a step")
            if rule.get("interval") != "upper"
            else N_("the upper end belongs to a step")
        )
        return [message(N_("by the figure reported: {steps}"), steps=_tiers(worth["tiers"])), message(ends)]
    if "above" in worth:
        return [
            message(N_("full points up to {above}; each one above costs {per}"), above=worth["above"], per=worth["per"])
        ]
    if "fall" in worth:
        step = message(_STEPS[worth.get("step") or "whole"], per=worth["per"])
        return [message(N_("full points where the figure has fallen by {fall}; {step}"), fall=worth["fall"], step=step)]
    if "each" in worth:
        said = message(N_("each of {of} elements that is there gives {points}"), of=worth["of"], points=worth["each"])
    else:
        said = message(
            N_("each of {of} elements that is missing costs {points}"), of=worth["of"], points=worth["missing"]
        )
    return [said, message(N_("the elements: {elements}"), elements=elements)] if elements else [said]


def _tiers(tiers: Iterable[Content]) -> Message:
    return _listed([message(N_("from {start} {points}"), start=tier["from"], points=tier["points"]) for tier in tiers])


def _listed(parts: list[Message]) -> Message:
    """Messages one after the other, as one."""
    said = parts[-1]
    for part in reversed(parts[:-1]):
        said = message(N_("{first}, {rest}"), first=part, rest=said)
    return said


def of_pricing(part: Content, *, side: str) -> list[Message]:
    """What one event rule prices, and how that is limited."""
    said = _price(part, side)
    if part.get("limit"):
        said.append(message(N_("the limit is {limit}"), limit=limit_words(part["limit"])))
    if part.get("level_min"):
        said.append(message(N_("only from the {level} level up"), level=message(_LEVELS[part["level_min"]])))
    when = part.get("when") or {}
    if "justified" in when:
        said.append(
            message(N_("only where it was justified") if when["justified"] else N_("only where it was not justified"))
        )
    if "serious" in when:
        said.append(
            message(N_("only where it was serious") if when["serious"] else N_("only where it was not serious"))
        )
    if part.get("needs"):
        needs = _listed([_need(kind, number) for kind, number in part["needs"].items()])
        text = N_("it needs all of: {needs}") if part.get("join") == "all" else N_("it needs one of: {needs}")
        said.append(message(text, needs=needs))
    if part.get("cap"):
        said.append(message(N_("at most {cap} in all"), cap=part["cap"]))
    return said


def _need(kind: str, number: int) -> Message:
    return message(N_("{number} {what}"), number=number, what=message(_KINDS[kind]) if kind in _KINDS else kind)


def _price(part: Content, side: str) -> list[Message]:
    price, what = part.get("price"), message(_SOURCES[part["on"]])
    if price == "all":
        return [message(N_("if it happens once, the whole item is lost"))]
    if price == "set":
        return [message(N_("the assessor sets what each {what} costs, and gives the reason"), what=what)]
    if isinstance(price, Mapping) and "first" in price:
        return _repeated(price, what)
    if isinstance(price, Mapping) and "total" in price:
        return [_by_number(price["total"])]
    words = _COSTS if side == "deduction" else _EARNS
    return [message(words[part["each"]], what=what, price=_one_price(price))]


def _one_price(price: str | Content | None) -> Message:
    """What one happening is worth: points, points by level, or what the overlay decides."""
    if price == "overlay" or price is None:
        return message(N_("what the overlay decides"))
    if not isinstance(price, Mapping):
        return points_words(price)
    by_level = [(message(word), price[level]) for level, word in _LEVELS.items() if level in price]
    return _listed([message(N_("{level} {points}"), level=level, points=points) for level, points in by_level])


def _by_number(totals: list[str]) -> Message:
    text = N_("{number}: {points} in all")
    steps = [message(text, number=number, points=total) for number, total in enumerate(totals, 1)]
    return message(N_("by the number of matters: {steps}, more cost no more"), steps=_listed(steps))


def _repeated(price: Content, what: Message) -> list[Message]:
    text = N_("each {what} costs {first}; one for a problem that was already on an earlier card costs {again}")
    said = [message(text, what=what, first=price["first"], again=price["again"])]
    other = _FIRST_CARDS.get(price.get("first_card") or "base")
    return [*said, message(other)] if other else said


def of_relation(rule: Content) -> list[Message]:
    """A figure compared with the mean of the units."""
    below = rule["below"]
    text = N_("costs {price} where the figure is below {share} of the mean of {among}")
    return [message(text, price=rule["price"], share=below["share"], among=message(_AMONG[below["among"]]))]


def points_words(points: str) -> Message:
    """So many points, in words."""
    return message(N_("1 point")) if points == "1" else message(N_("{number} points"), number=points)


def limit_words(limit: str) -> Message | str:
    """A limit in words: so many working days or hours; a day as it is."""
    number, _, unit = limit.partition(" ")
    if unit not in LIMIT_UNITS:
        return limit
    return message(
        N_("{number} working days") if LIMIT_UNITS[unit] == "working_days" else N_("{number} hours"), number=number
    )
