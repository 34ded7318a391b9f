"""What happened, before any price: when, in which order, and how each limit stands, met, missed or open.

Kept apart from the prices so that each half of the reckoning can be read on its own. Times are Beijing wall-clock
times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from .days import ONE_DAY, WorkingDays

Fact = dict[str, Any]
BEIJING: Final = timezone(timedelta(hours=8))
ORDERED: Final = "rectification-ordered"
REPORTED: Final = "rectification-reported"
OPENINGS: Final = ("netizen-message", "deadline-opened", ORDERED)
ANSWERS: Final = ("netizen-reply", "deadline-met", REPORTED)
MISSES: Final = ("reply-timeout", "deadline-missed")
REVERSALS: Final = ("retraction", "duplicate-ruling")
OF_A_LIMIT: Final = (*OPENINGS, *ANSWERS, *MISSES)
AT_MOST: Final = "costs at most"
EXCUSED: Final = "is excused"
OPEN_TO_DOUBT: Final = "is contested"
"""What a case says of the fact that opened it, put on the fact under these names (see `cases`)."""


@dataclass
class Limit:
    """One dated duty of a unit: when it is due, how it stands, and when it broke.

    `most` is what its miss costs at most. One whose miss is overturned is `missed` and never broke. One to put
    something right may be on no item. `contested` names its misses that are.
    """

    key: str
    item: str | None
    due: date | datetime | None
    state: str
    broke: date | None
    position: int
    words: Fact
    matter: str | None = None
    answer: Fact | None = None
    other_unit: str | None = None
    opened: bool = True
    most: str | None = None
    contested: tuple[str, ...] = ()


def moment(fact: Fact) -> datetime:
    """Give when a fact happened in Beijing time; a mere day counts from its midnight."""
    return _at(fact["effective_at"] if "effective_at" in fact else fact["effective_on"])


@lru_cache(maxsize=65_536)
def _at(text: str) -> datetime:
    """Give a written instant, or the midnight of a written day."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is None else at.astimezone(BEIJING).replace(tzinfo=None)


def place(fact: Fact) -> tuple[datetime, int]:
    """Give a fact's place in the order of the world."""
    return (moment(fact), int(fact["position"]))


def due_of(opening: Fact, default: str | None, calendar: WorkingDays) -> date | datetime | None:
    """Give the last day or the last instant of a limit, or None where it can't be told yet."""
    limit = opening.get("limit", default)
    if limit is None:
        return None
    words = limit.split()
    if len(words) == 1:
        return date.fromisoformat(limit)
    if words[-1].startswith("hour"):
        return moment(opening) + timedelta(hours=int(words[0]))
    return calendar.after(moment(opening).date(), int(words[0]))


def in_time(answer: Fact, due: date | datetime) -> bool:
    """Tell whether an answer came by the due day or instant, which itself is in time."""
    return moment(answer) <= due if isinstance(due, datetime) else moment(answer).date() <= due


def latest_words(facts: Iterable[Fact]) -> Fact:
    """Give the last word said on each of the two conditions among facts of one key."""
    words: Fact = {}
    for fact in sorted(facts, key=place):
        words.update({name: fact[name] for name in ("justified", "serious") if fact.get(name) is not None})
    return words


@dataclass
class Said:
    """All that was said of one key on one item, in the order of the log."""

    openings: list[Fact]
    answers: list[Fact]
    misses: list[Fact]


def by_key_and_item(mine: Sequence[Fact]) -> dict[tuple[str, str | None], Said]:
    """Give what was said of each limit: those opened first, then those known only from a miss.

    A key that runs on two items is two limits; an answer names the key alone, so it answers both.
    """
    said = [fact for fact in mine if fact.get("key") is not None and fact["type"] in OF_A_LIMIT]
    found: dict[tuple[str, str | None], Said] = {}
    answers: dict[str, list[Fact]] = {}
    for fact in said:
        if fact["type"] in ANSWERS:
            answers.setdefault(fact["key"], []).append(fact)
    for types in (OPENINGS, MISSES):
        for fact in said:
            if fact["type"] in types:
                known = found.setdefault((fact["key"], fact.get("item")), Said([], answers.get(fact["key"], []), []))
                if types is OPENINGS:
                    known.openings.append(fact)
                elif not known.openings or of_opening(fact, known.openings[0]):
                    known.misses.append(fact)
    return found


def of_opening(miss: Fact, opening: Fact) -> bool:
    """Tell whether a miss is of the limit that an opening began, and not of an earlier one with the same key."""
    if miss.get("scanned"):
        return bool(miss["of"] == opening["ref"])
    if "effective_at" in miss and "effective_at" in opening:
        return moment(miss) > moment(opening)
    return moment(miss).date() > moment(opening).date()


def limits_of(own: Callable[[str | None], str | None], mine: Sequence[Fact], calendar: WorkingDays) -> list[Limit]:
    """Give every limit of one unit, those known only from a recorded miss among them.

    `own` gives the limit that an item states, for an opening that names none.
    """
    result: list[Limit] = []
    names: set[str] = set()
    for (key, item), said in by_key_and_item(mine).items():
        name = key if key not in names else f"{key} ({item})"
        names.add(name)
        limit = one_limit(name, said, own, calendar)
        limit.other_unit = other_unit(said)
        limit.answer = min(said.answers, key=place, default=None)
        result.append(as_decided(limit, said.misses))
    return result


def as_decided(limit: Limit, misses: Sequence[Fact]) -> Limit:
    """Give a limit after what was decided on the cases of its misses; of several amounts the least."""
    if any(miss.get(EXCUSED) for miss in misses):
        limit.broke = None
    limit.most = min((miss[AT_MOST] for miss in misses if AT_MOST in miss), key=Fraction, default=None)
    limit.contested = tuple(miss["ref"] for miss in misses if miss.get(OPEN_TO_DOUBT))
    return limit


def one_limit(key: str, said: Said, own: Callable[[str | None], str | None], calendar: WorkingDays) -> Limit:
    """Give how one limit stands; one known only from a miss has no due day and broke on the day of the miss."""
    if said.openings:
        limit = opened_limit(key, said, due_of(said.openings[0], own(said.openings[0].get("item")), calendar))
        limit.matter = said.openings[0].get("matter")
        return limit
    first = min(said.misses, key=place)
    words = latest_words([*said.answers, *said.misses])
    day, position = moment(first).date(), int(first["position"])
    return Limit(key, first.get("item"), None, "missed", day, position, words, first.get("matter"), opened=False)


def other_unit(said: Said) -> str | None:
    """Give the other unit that a limit's opening names, or else the first of its misses that names one."""
    facts = [*said.openings[:1], *sorted(said.misses, key=place)]
    return next((fact["other_unit"] for fact in facts if fact.get("other_unit") is not None), None)


def opened_limit(key: str, said: Said, due: date | datetime | None) -> Limit:
    """Give how a limit with a known start stands: met, missed, or open while nobody has said.

    A miss that lies within the limit, as one may once the calendar was amended, says nothing of it.
    """
    opening = said.openings[0]
    item, position = opening.get("item"), int(opening["position"])
    words = latest_words([opening, *said.answers, *said.misses])
    if due is None:
        return Limit(key, item, None, "open", None, position, words)
    if any(in_time(answer, due) for answer in said.answers):
        return Limit(key, item, due, "met", None, position, words)
    late = [*said.answers, *(miss for miss in said.misses if not in_time(miss, due))]
    if not late:
        return Limit(key, item, due, "open", None, position, words)
    last = due.date() if isinstance(due, datetime) else due
    position = min(int(fact["position"]) for fact in late)
    return Limit(key, item, due, "missed", last + ONE_DAY, position, words)


def running_over(
    limits: Iterable[Limit], year: int, codes: Iterable[str], *, since: int, names: set[str]
) -> list[Limit]:
    """Give the limits of an earlier year that broke in this one, on what the form of this one still has.

    A key that is in use here gets the year (`since`) that it comes from behind its name; `names` grows by those given.
    """
    wanted, found = set(codes), []
    for limit in limits:
        if limit.opened and limit.broke is not None and limit.broke.year == year and limit.item in wanted:
            if limit.key in names:
                limit.key = f"{limit.key} ({since})"
            names.add(limit.key)
            found.append(limit)
    return found
