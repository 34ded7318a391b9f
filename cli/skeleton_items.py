"""The sample items of a new scheme: the common rules, each once or more, dealt out over its sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import cycle
from typing import Final, NamedTuple

from gkevents.terms import show
from gkevents.words import N_, say


class _Kind(NamedTuple):
    """A common rule: its title, what it says, what is logged, and what it looks like for an item of so many points."""

    title: str
    clause: str
    logged: str
    rule: Callable[[Fraction], str]
    facts: Callable[[Fraction], tuple[str, ...]]
    costs: Callable[[Fraction], Fraction]


class Sample(NamedTuple):
    """A sample item: the facts of the scenario for it, and what they leave of its points."""

    code: str
    section: str
    points: Fraction | None
    title: str
    clause: str
    logged: str
    rule: str
    facts: tuple[str, ...]
    score: Fraction
    only: str | None = None


def _half(points: Fraction) -> Fraction:
    return min(Fraction(1, 2), points)


def _nothing(_: Fraction) -> Fraction:
    return Fraction(0)


_GRADE: Final = _Kind(
    N_("Marked by the assessor"),
    N_("The assessor gives a mark from 0 to the full points"),
    N_("logged as: grade, with points"),
    lambda _: "{start: grade}",
    lambda points: (f"type: grade, points: {show(points)}",),
    _nothing,
)
_EVENTS: Final = _Kind(
    N_("Deducted each time"),
    N_("From the full points, so much is taken each time it happens, down to 0"),
    N_("logged as: occurrence or criticism"),
    lambda points: f"{{start: full, deduct: [{{each: event, price: {show(_half(points))}}}]}}",
    lambda _: ("type: occurrence",),
    _half,
)
_MESSAGES: Final = _Kind(
    N_("Messages answered in time"),
    N_("Each message not answered within the limit costs points"),
    N_("logged as: netizen-message and netizen-reply with a key, or reply-timeout"),
    lambda points: (
        f"{{start: full, deduct: [{{on: messages, each: event, price: {show(_half(points))}, limit: 5 working days}}]}}"
    ),
    lambda _: (),
    _nothing,
)
_FIGURE: Final = _Kind(
    N_("By a reported rate"),
    N_("90% and above gives the full points, from 60% on the half, below that nothing"),
    N_("logged as: metric, with value, or numerator and denominator"),
    lambda points: (
        f"{{start: metric, worth: {{tiers: [{{from: 90%, points: {show(points)}}}, "
        f"{{from: 60%, points: {show(points / 2)}}}, {{from: 0%, points: 0}}]}}}}"
    ),
    lambda _: ("type: metric, value: 95%",),
    _nothing,
)
_CHECKLIST: Final = _Kind(
    N_("By what is there"),
    N_("Four things, each gives a quarter of the points"),
    N_("logged as: checklist, with met or missing"),
    lambda points: f"{{start: checklist, worth: {{each: {show(points / 4)}, of: 4}}}}",
    lambda _: ("type: checklist, met: 4",),
    _nothing,
)
_COUNT: Final = _Kind(
    N_("By how often"),
    N_("Four times a year and more give the full points, fewer the half; the assessor confirms the count"),
    N_("logged as: occurrence, and a confirmation once the count is complete"),
    lambda points: (
        f"{{start: count, worth: {{tiers: [{{from: 4, points: {show(points)}}}, "
        f"{{from: 1, points: {show(points / 2)}}}, {{from: 0, points: 0}}]}}}}"
    ),
    lambda _: ("type: occurrence, count: 4", "type: confirmation"),
    _nothing,
)
_NEVER: Final = _Kind(
    N_("Nothing if it happened"),
    N_("One occurrence in the year, and the item gives nothing"),
    N_("logged as: occurrence or criticism"),
    lambda _: "{start: full, deduct: [{each: year, price: all}]}",
    lambda _: (),
    _nothing,
)
_KINDS: Final = (_GRADE, _EVENTS, _FIGURE, _CHECKLIST, _COUNT, _MESSAGES)
_WITHOUT_POINTS: Final = (_GRADE, _NEVER)
"""Rules that need no figure of their own: what they give follows from the points decided later."""


def samples_for(sections: Sequence[tuple[str, Fraction]], categories: Sequence[str], *, overlay: bool) -> list[Sample]:
    """The sample items: as many in each section as show every common rule; the first one by category, where asked."""
    kinds = cycle(_WITHOUT_POINTS if overlay else _KINDS)
    wanted = -(-len(_KINDS) // len(sections))
    found: list[Sample] = []
    for place, (name, points) in enumerate(sections):
        count = 2 if overlay else max(1, min(wanted, int(points)))
        each = Fraction(int(points / count)) if count > 1 else points
        for number in range(1, count + 1):
            code = f"{chr(ord('A') + place)}{number}"
            own = points - each * (count - 1) if number == 1 else each
            found.append(_sample(next(kinds), code, name, None if overlay else own))
    first = [
        found[0]._replace(code=f"{found[0].code}-{number}", only=category)
        for number, category in enumerate(categories, 1)
    ]
    return [*(first or found[:1]), *found[1:]]


def _sample(kind: _Kind, code: str, section: str, points: Fraction | None) -> Sample:
    given = points if points is not None else Fraction(0)
    facts = kind.facts(given) if points is not None else ()
    rule, score = kind.rule(given), given - kind.costs(given)
    return Sample(code, section, points, kind.title, kind.clause, kind.logged, rule, facts, score)


def sketch(sample: Sample, lang: str, quoted: Callable[[str], str]) -> Iterator[str]:
    """An item's lines in the file."""
    yield f"  - code: {sample.code}"
    yield f"    title: {quoted(say(sample.title, lang))}"
    yield f"    section: {quoted(sample.section)}"
    if sample.points is not None:
        yield f"    points: {show(sample.points)}"
    yield f"    clause: {quoted(say(sample.clause, lang))}"
    if sample.only is not None:
        yield f"    only: {quoted(sample.only)}"
    yield f"    # {say(sample.logged, lang)}"
    yield f"    rule: {sample.rule}"


_OTHERS: Final = (
    ("{start: zero, add: [{each: matter, price: 1}]}", N_("from 0, each matter gives 1, up to the full points")),
    ("{start: full, deduct: [{each: event, price: 1, cap: 3}], floor: 1}", N_("at most 3, and 1 point is kept")),
    ("{start: full, deduct: [{each: matter, price: {nth: [0, 1, 2]}}]}", N_("first free, then 1, then 2 each")),
    ("{start: full, deduct: [{each: event, price: {provincial: 2, city: 1}}]}", N_("by the level of the criticism")),
    (
        "{start: full, deduct: [{each: matter, price: 2, eased: [{kind: 已整改, to: 50%}]}]}",
        N_("half is given back where a later fact says it was mended"),
    ),
    (
        "{start: full, deduct: [{on: amounts, each: event, price: {from: 1, to: 3}}]}",
        N_("the assessor sets between 1 and 3, with a reason"),
    ),
    ("{start: grade, deduct: [{each: event, price: 1}]}", N_("a mark, less 1 each time")),
    ("{start: grade, scale: 100}", N_("a mark out of 100, converted")),
    ("{start: metric, worth: {below: 90%, each: 1%, per: 0.5}}", N_("each full percentage point below 90% costs 0.5")),
    ("{start: metric, worth: {above: previous, each: 1, earns: 1}}", N_("each 1 above last year's figure earns 1")),
    ("{start: metric, worth: {proportional: 5}}", N_("the rate times 5")),
    ("{start: count, worth: {below: 3, per: 1}}", N_("each one short of 3 costs 1")),
    ("{start: rank, worth: {places: [5, 4, 3], rest: 1}}", N_("by place among the units, on a reported figure")),
)


def alternatives(lang: str) -> list[str]:
    """Other rules for an item, a line each, with what it says."""
    return [f"  rule: {rule}  # {say(said, lang)}" for rule, said in _OTHERS]
