"""Working days, from the holiday notices that a log has adopted, by walking from one day to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
RESTING: Final = ("days_off", "withdrawn_workdays")
WORKED: Final = ("make_up_workdays",)


class WorkingDays:
    """What notices say of single days, and the years that have one; any other weekday is worked."""

    def __init__(self, said: Mapping[date, bool], years: Iterable[int]) -> None:
        """Keep whether people work on the days that a notice names, and the years with a calendar."""
        self.said, self.years = dict(said), frozenset(years)

    @classmethod
    def of(cls, notices: Iterable[Mapping[str, Any]]) -> WorkingDays:
        """Give the calendar of notices as they were adopted: a later one has the last word on a day.

        An amending notice opens no year of its own.
        """
        said: dict[date, bool] = {}
        years = set()
        for notice in notices:
            for worked, names in ((False, RESTING), (True, WORKED)):
                said |= {date.fromisoformat(day): worked for name in names for day in notice.get(name) or ()}
            if not notice["amends"]:
                years.add(int(notice["year"]))
        return cls(said, years)

    def is_worked(self, day: date) -> bool:
        """Tell whether people work on this day."""
        return self.said.get(day, day.weekday() < SATURDAY)

    def after(self, start: date, count: int) -> date | None:
        """Give the count-th working day after the start, or None where no calendar is published yet."""
        day = start
        while count:
            day += ONE_DAY
            if day.year not in self.years:
                return None
            count -= self.is_worked(day)
        return day
