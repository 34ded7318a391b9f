"""Facts as tests write them, made into facts as the log keeps them; and the calendar of the published years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gkevents.oracle.days import WorkingDays as Days
from gkevents.oracle.reckoning import Sheet
from gkevents.oracle.reckoning import reckon as reckon_known
from gkevents.oracle.world import MISSES, OPENINGS, ORDERED, REPORTED, Fact

from .figures import MAKE_UP_DAYS, WEEKDAYS_OFF


class WorkingDays(Days):
    """Working days of the years whose calendar the tests have in a table of their own."""

    @classmethod
    def published(cls) -> WorkingDays:
        """The calendar of 2017 to 2021 with its amendments."""

        def days(table: dict[int, str]) -> list[date]:
            return [date.fromisoformat(f"{year}-{day}") for year, text in table.items() for day in text.split()]

        said = dict.fromkeys(days(WEEKDAYS_OFF), False) | dict.fromkeys(days(MAKE_UP_DAYS), True)
        return cls(said, WEEKDAYS_OFF)


def as_stored(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with what the log adds to a miss found by a scan: that it was scanned, and from which opening."""
    opened: dict[str, str] = {}
    found = []
    for fact in facts:
        if fact["type"] in OPENINGS and "key" in fact:
            opened[fact["key"]] = fact["ref"]
        scanned = fact["type"] in MISSES and str(fact["ref"]).startswith("scan:")
        found.append(fact | {"scanned": True, "of": opened[fact["key"]]} if scanned else fact)
    return found


def as_written(fact: Fact) -> Fact:
    """A fact as it is handed in: without what the store adds, the key of an order and of the reports on it."""
    added = {"position", "recorded_at", "scan", *(["key"] if fact["type"] in (ORDERED, REPORTED) else [])}
    return {name: value for name, value in fact.items() if name not in added}


def known(facts: Sequence[Fact], position: int | None) -> list[Fact]:
    """The facts up to a position, as stored."""
    return [fact for fact in as_stored(facts) if position is None or fact["position"] <= position]


def reckon(
    content: dict[str, Any], year: int, units: dict[str, str], facts: Sequence[Fact], *, calendar: Days,
    overlay: dict[str, Any] | None = None, as_of: date | None = None, known_at: int | None = None,
) -> dict[str, Sheet]:  # fmt: skip
    """The reckoning of facts as tests write them."""
    seen = known(facts, known_at)
    return reckon_known(content, year, units, seen, calendar=calendar, overlay=overlay, as_of=as_of)
