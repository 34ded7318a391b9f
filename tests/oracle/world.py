"""What happened, as the oracle sees it: which facts stand, which limits broke, what there is to price.

Kept apart from the prices so that each half of the reckoning can be read on its own. Times are Beijing wall-clock
times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from .figures import MAKE_UP_DAYS, WEEKDAYS_OFF

Fact = dict[str, Any]
BEIJING = timezone(timedelta(hours=8))
SATURDAY = 5
OPENINGS = ("netizen-message", "deadline-opened")
ANSWERS = ("netizen-reply", "deadline-met")
MISSES = ("reply-timeout", "deadline-missed")
HAPPENINGS = ("occurrence", "criticism", "praise", "supervision-card")


class WorkingDays:
    """Working days, by walking over weekdays off and rest days worked. Known from 2017 to 2021 only."""

    def __init__(self, days_off: set[date], worked: set[date], last: date) -> None:
        """Keep the two sets of days and the last day for which a calendar was published."""
        self.days_off, self.worked, self.last = days_off, worked, last

    @classmethod
    def published(cls) -> WorkingDays:
        """Give the calendar of 2017 to 2021 with its amendments."""

        def days(table: dict[int, str]) -> set[date]:
            return {date.fromisoformat(f"{year}-{day}") for year, text in table.items() for day in text.split()}

        return cls(days(WEEKDAYS_OFF), days(MAKE_UP_DAYS), date(max(WEEKDAYS_OFF), 12, 31))

    def is_worked(self, day: date) -> bool:
        """Tell whether people work on this day."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.days_off)

    def after(self, start: date, count: int) -> date | None:
        """Give the count-th working day after the start, or None where no calendar is published yet."""
        day = start
        while count:
            day += timedelta(days=1)
            if day > self.last:
                return None
            count -= self.is_worked(day)
        return day


@dataclass
class Event:
    """One thing that a rule may price, from a fact or from a limit that ran out."""

    at: datetime
    position: int
    fact: Fact
    count: int = 1
    words: Fact = field(default_factory=dict)


@dataclass
class Limit:
    """One dated duty of a unit: when it is due, how it stands, and when it broke."""

    key: str
    item: str
    due: date | datetime | None
    state: str
    broke: date | None
    position: int
    words: Fact
    matter: str | None = None
    answer: Fact | None = None
    other_unit: str | None = None


def moment(fact: Fact) -> datetime:
    """Give when a fact happened in Beijing time; a mere day counts from its midnight."""
    if "effective_at" in fact:
        return datetime.fromisoformat(fact["effective_at"]).astimezone(BEIJING).replace(tzinfo=None)
    return datetime.fromisoformat(fact["effective_on"])


def standing(facts: list[Fact], as_of: date | None, known_at: int | None) -> list[Fact]:
    """Give the facts that count for the question asked: known, not taken back, and dated in time."""
    known = [fact for fact in facts if known_at is None or fact["position"] <= known_at]
    gone: set[str] = set()
    for fact in sorted(known, key=lambda fact: -int(fact["position"])):
        if fact["ref"] not in gone and fact["type"] in ("retraction", "duplicate-ruling"):
            gone.add(fact["of"])
    left = [fact for fact in known if fact["ref"] not in gone]
    opened = {(fact["unit"], fact["key"]) for fact in left if fact["type"] in OPENINGS}
    result = []
    for fact in left:
        by_scan = fact["type"] in MISSES and (fact.get("scan") or str(fact["ref"]).startswith("scan:"))
        if by_scan and (fact["unit"], fact["key"]) not in opened:
            continue
        if as_of is None or moment(fact).date() <= as_of:
            result.append(fact)
    return result


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


def latest_words(facts: list[Fact]) -> Fact:
    """Give the last word said on each of the two conditions among facts of one key."""
    words: Fact = {}
    for fact in sorted(facts, key=lambda fact: (moment(fact), fact["position"])):
        words.update({name: fact[name] for name in ("justified", "serious") if fact.get(name) is not None})
    return words


def limits_of(own: Callable[[str], str | None], mine: list[Fact], calendar: WorkingDays) -> list[Limit]:
    """Give every limit of one unit, those known only from a recorded miss among them; `own` gives an item's limit."""
    by_key: dict[str, list[Fact]] = {}
    for fact in mine:
        if fact.get("key") is not None and fact["type"] in (*OPENINGS, *ANSWERS, *MISSES):
            by_key.setdefault(fact["key"], []).append(fact)
    result = []
    for key, facts in by_key.items():
        openings = [fact for fact in facts if fact["type"] in OPENINGS]
        misses = [fact for fact in facts if fact["type"] in MISSES]
        answers = [fact for fact in facts if fact["type"] in ANSWERS]
        words = latest_words(facts)
        if openings:
            limit = opened_limit(own(openings[0]["item"]), key, openings[0], misses, answers, words, calendar)
            limit.matter = openings[0].get("matter")
        elif misses:
            first = min(misses, key=lambda fact: (moment(fact), fact["position"]))
            day, position = moment(first).date(), int(first["position"])
            limit = Limit(key, first["item"], None, "missed", day, position, words, first.get("matter"))
        else:
            continue
        limit.other_unit = other_unit(openings, misses)
        limit.answer = min(answers, key=lambda fact: (moment(fact), fact["position"]), default=None)
        result.append(limit)
    return result


def other_unit(openings: list[Fact], misses: list[Fact]) -> str | None:
    """Give the other unit that a limit's opening names, or else the first of its misses that names one."""
    said = [*openings, *sorted(misses, key=lambda fact: (moment(fact), fact["position"]))]
    return next((fact["other_unit"] for fact in said if "other_unit" in fact), None)


def opened_limit(
    default: str | None,
    key: str,
    opening: Fact,
    misses: list[Fact],
    answers: list[Fact],
    words: Fact,
    calendar: WorkingDays,
) -> Limit:
    """Give how a limit with a known start stands: met, missed, or open while nobody has said."""
    item, position = opening["item"], int(opening["position"])
    due = due_of(opening, default, calendar)
    if due is None:
        return Limit(key, item, None, "open", None, position, words)
    if any(in_time(answer, due) for answer in answers):
        return Limit(key, item, due, "met", None, position, words)
    if not answers and not misses:
        return Limit(key, item, due, "open", None, position, words)
    last = due.date() if isinstance(due, datetime) else due
    position = min(int(fact["position"]) for fact in answers + misses)
    return Limit(key, item, due, "missed", last + timedelta(days=1), position, words)


def events_of(mine: list[Fact], limits: list[Limit], item: str, year: int, as_of: date | None) -> list[Event]:
    """Give what happened on one item in the year, limits that ran out among it, in the order of the world."""
    events = []
    for fact in mine:
        if fact.get("item") != item:
            continue
        if fact["type"] in HAPPENINGS or (fact["type"] in MISSES and fact.get("key") is None):
            events.append(Event(moment(fact), int(fact["position"]), fact, int(fact.get("count", 1)), fact))
    for limit in limits:
        if limit.item != item or limit.broke is None or limit.broke.year != year:
            continue
        if as_of is None or limit.broke <= as_of:
            at = datetime.combine(limit.broke, time())
            events.append(Event(at, limit.position, {}, 1, limit.words))
    return sorted(events, key=lambda event: (event.at, event.position))
