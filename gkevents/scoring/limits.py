"""Limits: which are open, met or missed, and what a missed one is as a happening.

A limit counts as missed once a miss is recorded or an answer after the limit is known; the calendar alone never makes
it so. One limit costs once, on the day after it ended, however many facts record it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from gkevents.calendar import Calendar, CalendarNotPublished
from gkevents.schemes.model import limit_parts
from gkevents.scoring.fact import ANSWERS, MISSES, OPENINGS, ORDER, Fact
from gkevents.terms import BEIJING, microseconds

_DAY = dt.timedelta(days=1)


class Limit(NamedTuple):
    """One limit by its key. `breach` is the miss as a happening (dated the day after the limit), where it is missed."""

    key: str
    item: str | None
    opening: Fact | None
    due: dt.date | dt.datetime | None
    state: str
    breach: Fact | None
    answer: Fact | None = None


def due_of(opening: Fact, calendar: Calendar | None) -> dt.date | dt.datetime | None:
    """When an opened limit ends by the calendar as known: a day (its 24:00), an instant, or None: not published.

    The event keeps what was worked out when the limit opened; only where the calendar has changed since is it worked
    out anew.
    """
    if calendar is None or opening.limit is None or opening.calendar is None or opening.calendar == calendar.digest:
        return opening.due
    return end_of_limit(opening.day, opening.at, opening.limit, calendar)


def end_of_limit(day: dt.date, at: dt.datetime | None, limit: str, calendar: Calendar) -> dt.date | dt.datetime | None:
    """The end of a limit that starts on `day` (or at the instant `at`, needed for hours).

    Working days start on the day after and end at 24:00 of the last; hours run through holidays. None where the limit
    reaches beyond the published calendar. Raises ValueError for a limit that cannot be read.
    """
    unit, amount = limit_parts(limit)
    if isinstance(amount, dt.date):
        return amount
    if unit == "hours":
        start = at if at is not None else dt.datetime.combine(day, dt.time(), tzinfo=BEIJING)
        return start + dt.timedelta(hours=amount)
    try:
        return calendar.due_day(day, amount)
    except CalendarNotPublished:
        return None


def day_after(due: dt.date | dt.datetime) -> dt.date:
    """The first day after a limit's end: the day a miss belongs to."""
    return (due.date() if isinstance(due, dt.datetime) else due) + _DAY


def in_time(due: dt.date | dt.datetime, answer: Fact) -> bool:
    """Whether an answer keeps the limit; equality is in time."""
    if isinstance(due, dt.datetime):
        return answer.when <= microseconds(due, due)
    return answer.day <= due


def is_after(due: dt.date | dt.datetime, miss: Fact) -> bool:
    """Whether a recorded miss lies after the limit's end (an amended calendar may have moved the end past it)."""
    if isinstance(due, dt.datetime):
        return miss.when > microseconds(due, due)
    return miss.day > due


def speaks_of(miss: Fact, opening: Fact) -> bool:
    """Whether a miss is of the limit that an opening began: the key may have been used before, or opened anew since.

    A scan's miss names its opening; one said by hand is of a limit that had begun before its own day.
    """
    if miss.scanned:
        return miss.of == opening.ref
    return miss.when > opening.when if miss.at is not None and opening.at is not None else miss.day > opening.day


def ends_by(facts: Iterable[Fact], year: int, calendar: Calendar | None) -> bool:
    """Whether a limit that some facts opened can be missed in a year: only then need they be settled for it."""
    for fact in facts:
        if fact.type in OPENINGS:
            due = due_of(fact, calendar)
            if due is not None and day_after(due).year == year:
                return True
    return False


def settle(standing: Iterable[Fact], calendar: Calendar | None) -> dict[str, Limit]:
    """Every limit of a unit-year by its key, from the facts that stand.

    One key may run on two items (a message that concerns both): each is a limit of its own, and one answer answers
    both. The first keeps the key as its name, another is named "KEY (ITEM)".
    """
    openings: dict[tuple[str, str | None], Fact] = {}
    answers: dict[str, list[Fact]] = {}
    misses: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in standing:
        if fact.key is None:
            continue
        if fact.type in OPENINGS:
            openings.setdefault((fact.key, fact.item), fact)
        elif fact.type in ANSWERS:
            answers.setdefault(fact.key, []).append(fact)
        elif fact.type in MISSES:
            misses.setdefault((fact.key, fact.item), []).append(fact)
    limits: dict[str, Limit] = {}
    for named in {**openings, **misses}:
        key, item = named
        opening, missed, answered = openings.get(named), misses.get(named, _NONE), answers.get(key, _NONE)
        if opening is not None and missed:
            missed = [miss for miss in missed if speaks_of(miss, opening)]
        name = key if key not in limits else f"{key} ({item})"
        if opening is None:
            limits[name] = _without_opening(name, answered, missed)
        else:
            limits[name] = _one(name, opening, answered, missed, due_of(opening, calendar))
    return limits


_NONE: Final[Sequence[Fact]] = ()


def _without_opening(key: str, answers: Sequence[Fact], missed: Sequence[Fact]) -> Limit:
    first = min(missed, key=ORDER)
    justified, serious = _latest_words([*answers, *missed])
    breach = first._replace(
        times=1, justified=justified, serious=serious, answered=bool(answers),
        other_unit=_first_named(sorted(missed, key=ORDER)), **_decided_on(missed),
    )  # fmt: skip
    return Limit(key, first.item, None, None, "missed", None if _overturned(missed) else breach)


def _overturned(missed: Sequence[Fact]) -> bool:
    """Whether it was decided that a limit's miss does not hold: it then stays missed, and costs nothing."""
    return any(miss.overturned for miss in missed)


def _decided_on(missed: Sequence[Fact]) -> dict[str, Any]:
    """What was decided on a limit's miss, whichever fact bears witness to it."""
    reduced = min((miss for miss in missed if miss.reduced is not None), key=attrgetter("reduced"), default=None)
    if reduced is None:
        return {"reduced": None, "reduced_by": None}
    return {"reduced": reduced.reduced, "reduced_by": reduced.reduced_by}


def _one(
    key: str, opening: Fact, answers: Sequence[Fact], missed: Sequence[Fact], due: dt.date | dt.datetime | None
) -> Limit:
    if due is None:
        return Limit(key, opening.item, opening, None, "open", None)
    answer = answers[0] if len(answers) == 1 else min(answers, key=ORDER, default=None)
    if answer is not None and in_time(due, answer):
        return Limit(key, opening.item, opening, due, "met", None, answer)
    witnesses = [miss for miss in missed if is_after(due, miss)] + ([answer] if answer is not None else [])
    if not witnesses:
        return Limit(key, opening.item, opening, due, "open", None)
    witness = min(witnesses, key=lambda fact: fact.position)
    justified, serious = _latest_words([opening, *answers, *missed])
    day = day_after(due)
    breach = witness._replace(
        day=day, when=microseconds(day), at=None, item=opening.item, times=1, justified=justified, serious=serious,
        message=next((fact.message for fact in (opening, *missed) if fact.message), None),
        matter=opening.matter, answered=answer is not None,
        other_unit=_first_named([opening, *sorted(missed, key=ORDER)]), **_decided_on(missed),
    )  # fmt: skip
    return Limit(key, opening.item, opening, due, "missed", None if _overturned(missed) else breach, answer)


def _first_named(facts: list[Fact]) -> str | None:
    """The other unit that a limit concerns: the first that its opening, or else a miss of it, names."""
    return next((fact.other_unit for fact in facts if fact.other_unit is not None), None)


def _latest_words(facts: list[Fact]) -> tuple[bool | None, bool | None]:
    """The latest word on each of `justified` and `serious`; None where nobody has said."""
    justified = serious = None
    for fact in sorted([fact for fact in facts if fact.justified is not None or fact.serious is not None], key=ORDER):
        justified = fact.justified if fact.justified is not None else justified
        serious = fact.serious if fact.serious is not None else serious
    return justified, serious
