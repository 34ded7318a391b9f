"""What an event rule prices and how that is limited, in words that a clerk reads: a sentence for each part. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cli.plain_words import LEVELS, Content, Said, clauses, kind_words, limit_words, listed, points_words, texts
from gkevents.words import N_, Message, message

_SOURCES: Final = {
    "happenings": N_("happening"),
    "cards": N_("supervision card"),
    "messages": N_("message not answered in time"),
    "amounts": N_("happening"),
    "praise": N_("happening"),
    "kept": N_("limit kept in time"),
}
_HEARD: Final = {
    ("cards", ""): N_("supervision cards count"),
    ("messages", ""): N_("messages not answered in time count"),
    ("kept", ""): N_("limits kept in time count"),
    ("happenings", "bonus"): N_("criticisms and missed limits count too, praise does not"),
    ("praise", "deduction"): N_("praise counts"),
}
_COSTS: Final = {
    "event": N_("each {what} costs {price}"),
    "matter": N_("each matter costs {price}, however often it is named"),
    "matter-level": N_("each matter costs {price} once at each level"),
    "problem": N_("each problem costs {price}"),
    "year": N_("costs {price}, once a year"),
    "quarter": N_("costs {price}, once in each quarter"),
    "month": N_("costs {price}, once in each month"),
}
_EARNS: Final = {
    "event": N_("each {what} earns {price}"),
    "matter": N_("each matter earns {price}, however often it is named"),
    "matter-level": N_("each matter earns {price} once at each level"),
    "problem": N_("each problem earns {price}"),
    "year": N_("earns {price}, once a year"),
    "quarter": N_("earns {price}, once in each quarter"),
    "month": N_("earns {price}, once in each month"),
}
_NUMBERED: Final = {
    ("event", "deduction"): N_("in the order of the year each costs by its number: {steps}, then {last} each"),
    ("event", "bonus"): N_("in the order of the year each earns by its number: {steps}, then {last} each"),
    ("matter", "deduction"): N_("within one matter each costs by its number: {steps}, then {last} each"),
    ("matter", "bonus"): N_("within one matter each earns by its number: {steps}, then {last} each"),
    ("problem", "deduction"): N_("for one problem each costs by its number: {steps}, then {last} each"),
    ("problem", "bonus"): N_("for one problem each earns by its number: {steps}, then {last} each"),
}
_TOTALS: Final = {
    ("matter", "deduction"): N_("by the number of matters: {steps}, more cost no more"),
    ("matter", "bonus"): N_("by the number of matters: {steps}, more earn no more"),
    ("event", "deduction"): N_("by how often it happens: {steps}, more cost no more"),
    ("event", "bonus"): N_("by how often it happens: {steps}, more earn no more"),
}
_SET: Final = {
    "deduction": N_("the assessor sets what each {what} costs, and gives the reason"),
    "bonus": N_("the assessor sets what each {what} earns, and gives the reason"),
}
_BETWEEN: Final = {
    "deduction": N_("the assessor sets what each {what} costs, from {least} to {most}, and gives the reason"),
    "bonus": N_("the assessor sets what each {what} earns, from {least} to {most}, and gives the reason"),
}
_FIRST_CARDS: Final = {
    "escalated": N_("once a problem is repeated, its first card costs the higher price too"),
    "added": N_("a repeated card costs both prices together"),
}
_WHENS: Final = {
    ("justified", True): N_("only where it was justified"),
    ("justified", False): N_("only where it was not justified"),
    ("serious", True): N_("only where it was serious"),
    ("serious", False): N_("only where it was not serious"),
    ("answered", True): N_("only what was answered late in the end"),
    ("answered", False): N_("only what was not answered at all"),
}
_PERIOD_CAPS: Final = {
    "month": N_("at most {cap} in a month"),
    "quarter": N_("at most {cap} in a quarter"),
    "half-year": N_("at most {cap} in a half-year"),
    "year": N_("at most {cap} in all"),
}


def of_pricing(part: Content, *, side: str) -> Said:
    """What one event rule prices, and how that is limited."""
    said = _price(part, side)
    return clauses(
        [*said, *_heard(part, said[0], side), *_conditions(part), *_after(part), *cap_words(part.get("cap"))]
    )


def _price(part: Content, side: str) -> list[Message]:
    price, what = part.get("price"), message(_SOURCES[part["on"]])
    if price == "all":
        return [message(N_("if it happens once, the whole item is lost"))]
    if price == "set":
        return [message(_SET[side], what=what)]
    if isinstance(price, Mapping):
        told = _table(part, price, what, side)
        if told:
            return told
    words = _COSTS if side == "deduction" else _EARNS
    return [message(words[part["each"]], what=what, price=_one_price(price))]


def _table(part: Content, price: Content, what: Message, side: str) -> list[Message]:
    """A price of several numbers; none where they are those of levels."""
    if "first" in price:
        return _repeated(price, what)
    if "total" in price:
        return [message(_TOTALS[_grouping(part["each"], _TOTALS, side)], steps=_by_number(price["total"]))]
    if "nth" in price:
        text = _NUMBERED[_grouping(part["each"], _NUMBERED, side)]
        return [message(text, steps=_ordinals(price["nth"]), last=points_words(price["nth"][-1]))]
    if "down_to" in price:
        text = N_("if it happens, the item gives {points} at most; what else is deducted comes off that")
        return [message(text, points=points_words(price["down_to"]))]
    if "to" in price:
        return [message(_BETWEEN[side], what=what, least=price["from"], most=points_words(price["to"]))]
    return []


def _grouping(each: str, words: Mapping[tuple[str, str], str], side: str) -> tuple[str, str]:
    return (each, side) if (each, side) in words else ("event", side)


def _one_price(price: str | Content | None) -> Said:
    """What one happening is worth: points, points by level, or what the overlay decides."""
    if price == "overlay" or price is None:
        return message(N_("what the overlay decides"))
    if not isinstance(price, Mapping):
        return points_words(price)
    text = N_("{level} {points}")
    return listed(
        message(text, level=message(word), points=price[level]) for level, word in LEVELS.items() if level in price
    )


def _by_number(totals: list[str]) -> Said:
    text = N_("{number}: {points} in all")
    return listed(message(text, number=number, points=total) for number, total in enumerate(totals, 1))


def _ordinals(prices: list[str]) -> Said:
    text = N_("no. {number} {points}")
    return listed(message(text, number=number, points=points_words(price)) for number, price in enumerate(prices, 1))


def _repeated(price: Content, what: Message) -> list[Message]:
    text = N_("each {what} costs {first}; one for a problem that was already on an earlier card costs {again}")
    said = [message(text, what=what, first=price["first"], again=price["again"])]
    other = _FIRST_CARDS.get(price.get("first_card") or "base")
    return [*said, message(other)] if other else said


def _heard(part: Content, price: Message, side: str) -> list[Message]:
    """What the rule listens to, where its price does not name that and it is not what such a rule hears anyway."""
    text = _HEARD.get((part["on"], side)) or _HEARD.get((part["on"], ""))
    said = [message(text)] if text and "{what}" not in price.template else []
    if "{what}" in price.template and (part["on"], side) in _HEARD:
        said.append(message(_HEARD[part["on"], side]))
    if part["on"] == "amounts" and part["each"] in ("matter", "matter-level"):
        said.append(message(N_("each matter counts once")))
    return said


def _conditions(part: Content) -> list[Message]:
    """What must hold for a fact to be priced."""
    said = []
    if part.get("whom") == "other":
        said.append(message(N_("it hears what is logged on another unit and names this one as the other unit")))
    when = part.get("when") or {}
    if when.get("kind"):
        said.append(message(N_("only of the kind {kinds}"), kinds=listed(map(kind_words, texts(when["kind"])))))
    if part.get("limit"):
        said.append(message(N_("the limit is {limit}"), limit=limit_words(part["limit"])))
    if part.get("level_min"):
        said.append(message(N_("only from the {level} level up"), level=message(LEVELS[part["level_min"]])))
    said += [message(text) for (name, wanted), text in _WHENS.items() if when.get(name) is wanted]
    if part.get("needs"):
        needs = listed(
            message(N_("{number} {what}"), number=number, what=kind_words(kind))
            for kind, number in part["needs"].items()
        )
        text = N_("it needs all of: {needs}") if part.get("join") == "all" else N_("it needs one of: {needs}")
        said.append(message(text, needs=needs))
    return said


def _after(part: Content) -> list[Message]:
    """What changes a price once it is found, in the order in which that is done."""
    said = []
    if part.get("factor"):
        text = N_("times {times} for {name}")
        said += [message(text, times=times, name=name) for name, times in part["factor"].items()]
    if part.get("over") == "sub-units":
        said.append(message(N_("divided by the number of the unit's sub-units")))
    for easing in part.get("eased") or ():
        text = N_("a later {kind} on the same matter leaves {share} of it")
        said.append(message(text, kind=easing["kind"], share=easing["to"]))
    return said


def cap_words(cap: str | Content | None) -> list[Message]:
    """How much a rule gives or takes at most: in all, and in each period."""
    if not cap:
        return []
    caps = cap if isinstance(cap, Mapping) else {"year": cap}
    return [message(text, cap=caps[period]) for period, text in _PERIOD_CAPS.items() if caps.get(period) is not None]
