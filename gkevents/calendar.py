"""Working days, from the State Council's dated holiday notices.

A limit of n working days cannot be guessed from Mondays to Fridays: a yearly notice moves rest days and makes some
weekends workdays, and a notice may itself be amended (May Day 2019, Spring Festival 2020). So the calendar is built
from the notices that are known, in the order in which they became known, and carries a digest of exactly those.
A day in a year whose notice is not out yet is answered by :class:`CalendarNotPublished`, never by a guess.

This module reads no file, no clock and no environment; of the house it imports only how sentences are made.
"""

import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Self

from gkevents.words import N_, Message, message

_YEAR_MIN: Final = 2000
_YEAR_MAX: Final = 2999
_SATURDAY: Final = 5
_DECEMBER: Final = 12
_REQUIRED: Final = ("document", "issued_on", "year", "amends", "days_off", "make_up_workdays", "verified")
_OPTIONAL: Final = ("withdrawn_workdays",)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH: Final = {"true": True, "false": False}


class CalendarNotPublished(LookupError):
    """A day is needed that lies in a year whose notice is not in the calendar.

    ``day`` is the first such day, ``year`` its year.
    """

    def __init__(self, day: date) -> None:
        """Remember the day, so that the caller can say which limit waits for which year."""
        super().__init__(day)
        self.day = day
        self.year = day.year

    def __str__(self) -> str:
        """Give the sentence for the user: what is missing, for which day, and what to do next."""
        return (
            f"The working-day calendar of {self.year} is not published (needed for {self.day}). "
            f"Adopt the State Council's holiday notice for {self.year} first."
        )


class NoticeFault(ValueError):
    """What is wrong with a notice, as a sentence: ``message``."""

    def __init__(self, template: str, **values: object) -> None:
        """Say it by a template marked for translation, and its values."""
        super().__init__(template.format(**values))
        self.message: Message = message(template, **values)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of the State Council's General Office about the rest days of one year.

    ``days_off`` and ``make_up_workdays`` are as printed, each day by itself; they may reach into the last December
    of the year before. ``withdrawn_workdays`` are make-up workdays of an earlier notice that an amending one takes
    back. ``verified`` says in words how the figures were checked; it is no part of the notice and not in the digest.
    """

    document: str
    issued_on: date
    year: int
    amends: bool
    days_off: tuple[date, ...]
    make_up_workdays: tuple[date, ...]
    withdrawn_workdays: tuple[date, ...]
    verified: str

    def __post_init__(self) -> None:
        """Refuse a notice that contradicts itself.

        Raises:
            ValueError: with the sentence that says which day and why.
        """
        if not self.document.strip():
            raise self._fault(N_("Notice {document} for {year}: it has no document number."))
        if not _YEAR_MIN <= self.year <= _YEAR_MAX:
            text = N_("Notice {document} for {year}: its year must lie between {first} and {last}.")
            raise self._fault(text, first=_YEAR_MIN, last=_YEAR_MAX)
        for name in ("days_off", "make_up_workdays", "withdrawn_workdays"):
            self._check_days(name, getattr(self, name))
        self._check_workdays()

    @property
    def digest(self) -> str:
        """The sha256 (hex) of the notice's canonical JSON without ``verified``: the same notice, the same digest."""
        content = self.to_dict()
        del content["verified"]
        return _sha256(content)

    def to_dict(self) -> dict[str, object]:
        """Give the notice in plain JSON types: days as ISO text, one by one, ascending."""
        return {
            "document": self.document,
            "issued_on": self.issued_on.isoformat(),
            "year": self.year,
            "amends": self.amends,
            "days_off": [day.isoformat() for day in self.days_off],
            "make_up_workdays": [day.isoformat() for day in self.make_up_workdays],
            "withdrawn_workdays": [day.isoformat() for day in self.withdrawn_workdays],
            "verified": self.verified,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Self:
        """Read a notice from plain JSON types, or from a calendar file's entry.

        Days may be single ("2020-01-01") or ranges ("2020-05-01/2020-05-05"), in any order; ``withdrawn_workdays``
        may be absent. ``year`` and ``amends`` may be text, since the project's YAML reader guesses no types.
        Raises ValueError with a sentence saying what is wrong.
        """
        missing = [name for name in _REQUIRED if name not in content]
        if missing:
            raise NoticeFault(N_("A calendar notice lacks {fields}."), fields=", ".join(missing))
        unknown = sorted(str(name) for name in content if name not in _REQUIRED + _OPTIONAL)
        if unknown:
            raise NoticeFault(N_("A calendar notice has no field {fields}."), fields=", ".join(unknown))
        return cls(
            document=_text(content, "document"),
            issued_on=_day("issued_on", content["issued_on"]),
            year=_year(content["year"]),
            amends=_truth(content["amends"]),
            days_off=_days(content, "days_off"),
            make_up_workdays=_days(content, "make_up_workdays"),
            withdrawn_workdays=_days(content, "withdrawn_workdays"),
            verified=_text(content, "verified"),
        )

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that the notice names, ascending."""
        return tuple(sorted({*self.days_off, *self.make_up_workdays, *self.withdrawn_workdays}))

    def _check_days(self, name: str, days: tuple[date, ...]) -> None:
        """Refuse days out of order or twice, and days outside the year and the December before it."""
        for earlier, later in pairwise(days):
            if later <= earlier:
                text = N_(
                    "Notice {document} for {year}: {name} must ascend without repeats, but {later} follows {earlier}."
                )
                raise self._fault(text, name=name, later=later, earlier=earlier)
        for day in days:
            if day.year != self.year and (day.year, day.month) != (self.year - 1, _DECEMBER):
                text = N_("Notice {document} for {year}: {day} in {name} is outside {year} and the December before it.")
                raise self._fault(text, name=name, day=day)

    def _check_workdays(self) -> None:
        """Refuse a day that is both, a make-up workday that is no weekend, and a withdrawal that amends nothing."""
        for day in self.make_up_workdays:
            if day in self.days_off or day in self.withdrawn_workdays:
                text = N_(
                    "Notice {document} for {year}: "
                    "{day} cannot be a make-up workday and a rest day or withdrawn at once."
                )
                raise self._fault(text, day=day)
            if not self.amends and day.weekday() < _SATURDAY:
                text = N_("Notice {document} for {year}: the make-up workday {day} is no Saturday or Sunday.")
                raise self._fault(text, day=day)
        if self.withdrawn_workdays and not self.amends:
            raise self._fault(
                N_("Notice {document} for {year}: only an amending notice can withdraw make-up workdays.")
            )

    def _fault(self, template: str, **values: object) -> NoticeFault:
        return NoticeFault(template, document=self.document, year=self.year, **values)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of every published year, as a given sequence of notices has them.

    ``digest`` names those notices (a limit keeps it beside its due day); ``years`` are the published years.
    Two calendars of the same notices in the same order are equal.
    """

    digest: str
    years: frozenset[int]
    _working: tuple[int, ...] = field(repr=False, compare=False)

    @classmethod
    def of(cls, notices: Iterable[Notice]) -> Self:
        """Build the calendar; of two notices on one day the later given decides.

        A year is published by its own, non-amending notice. Its last days may still change when the next year's
        notice comes (2018-12-31 became a rest day by the notice for 2019): that is an amendment like any other.
        """
        known = tuple(notices)
        years = frozenset(notice.year for notice in known if not notice.amends)
        working = {day.toordinal() for year in years for day in _days_of(year) if day.weekday() < _SATURDAY}
        for notice in known:
            rest_days = notice.days_off + notice.withdrawn_workdays
            working.difference_update(day.toordinal() for day in rest_days)
            working.update(day.toordinal() for day in notice.make_up_workdays if day.year in years)
        return cls(_sha256([notice.digest for notice in known]), years, tuple(sorted(working)))

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on that day; raises CalendarNotPublished."""
        if day.year not in self.years:
            raise CalendarNotPublished(day)
        ordinal = day.toordinal()
        place = bisect_left(self._working, ordinal)
        return place < len(self._working) and self._working[place] == ordinal

    def due_day(self, start: date, n: int) -> date:
        """Give the nth working day after ``start``; acting on it, until 24:00 Beijing time, is in time.

        Day 1 is the first working day strictly after ``start``, be ``start`` a working day or a rest day.
        Raises ValueError if n < 1, and CalendarNotPublished if a day from ``start`` + 1 to the due day is needed
        that lies in an unpublished year.
        """
        if n < 1:
            raise ValueError(f"A limit has at least one working day, not {n}.")
        done = bisect_right(self._working, start.toordinal())
        last = self._published_through(start.toordinal() + 1)
        if done + n > bisect_right(self._working, last.toordinal()):
            raise CalendarNotPublished(last + timedelta(days=1))
        return date.fromordinal(self._working[done + n - 1])

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days later than ``after`` and not later than ``until``; 0 if there is no such day.

        Raises CalendarNotPublished for the first day of that span that lies in an unpublished year.
        """
        first, end = after.toordinal(), until.toordinal()
        if end <= first:
            return 0
        last = self._published_through(first + 1)
        if end > last.toordinal():
            raise CalendarNotPublished(last + timedelta(days=1))
        return bisect_right(self._working, end) - bisect_right(self._working, first)

    def _published_through(self, ordinal: int) -> date:
        """Give the last day of the unbroken run of published years that begins on the given day."""
        day = date.fromordinal(min(ordinal, date.max.toordinal()))
        if day.year not in self.years:
            raise CalendarNotPublished(day)
        year = day.year
        while year + 1 in self.years:
            year += 1
        return date(year, 12, 31)


WORKDAY: Final = "workday"
WEEKEND: Final = "weekend"
DAY_OFF: Final = "day-off"
MAKE_UP: Final = "make-up"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class DayTold:
    """One day of the calendar: whether offices work, why, and the notice that says so (none: a plain day)."""

    day: date
    working: bool
    why: str
    notice: Notice | None = None


def tell_day(notices: Iterable[Notice], day: date) -> DayTold:
    """Say why offices work on a day or do not, as :class:`Calendar` has it: of two notices the later given decides.

    ``why`` is a plain ``workday`` or ``weekend``, or what a notice makes of it: a ``day-off``, a ``make-up`` workday,
    or a make-up workday ``withdrawn``. Raises CalendarNotPublished.
    """
    known = tuple(notices)
    if not any(notice.year == day.year and not notice.amends for notice in known):
        raise CalendarNotPublished(day)
    working = day.weekday() < _SATURDAY
    told = DayTold(day, working, WORKDAY if working else WEEKEND)
    for notice in known:
        if day in notice.make_up_workdays:
            told = DayTold(day, working=True, why=MAKE_UP, notice=notice)
        elif day in notice.withdrawn_workdays:
            told = DayTold(day, working=False, why=WITHDRAWN, notice=notice)
        elif day in notice.days_off:
            told = DayTold(day, working=False, why=DAY_OFF, notice=notice)
    return told


def _days_of(year: int) -> Iterator[date]:
    return _days_from(date(year, 1, 1), date(year, 12, 31))


def _days_from(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _sha256(content: object) -> str:
    """Hash canonical JSON: sorted keys, no blanks, UTF-8; digests are stored, so this never changes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(content: Mapping[str, object], name: str) -> str:
    value = content[name]
    if isinstance(value, str):
        return value
    raise NoticeFault(N_("{name} of a calendar notice must be text, not {value!r}."), name=name, value=value)


def _year(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    raise NoticeFault(N_("year of a calendar notice must be a whole number such as 2020, not {value!r}."), value=value)


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUTH:
        return _TRUTH[value]
    raise NoticeFault(N_("amends of a calendar notice must be true or false, not {value!r}."), value=value)


def _day(name: str, value: object) -> date:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise NoticeFault(
        N_("{name} of a calendar notice needs days such as 2020-01-31, not {value!r}."), name=name, value=value
    )


def _days(content: Mapping[str, object], name: str) -> tuple[date, ...]:
    """Read single days and ranges "first/last"; sorted, repeats kept for the notice itself to refuse."""
    value = content.get(name, ())
    if isinstance(value, list | tuple):
        return tuple(sorted(day for entry in value for day in _range(name, entry)))
    raise NoticeFault(N_("{name} of a calendar notice must be a list of days, not {value!r}."), name=name, value=value)


def _range(name: str, entry: object) -> Iterator[date]:
    first_text, slash, last_text = entry.partition("/") if isinstance(entry, str) else (entry, "", "")
    first = _day(name, first_text)
    last = _day(name, last_text) if slash else first
    if last < first:
        text = N_("{name} of a calendar notice has the range {value!r}, which ends before it begins.")
        raise NoticeFault(text, name=name, value=entry)
    return _days_from(first, last)
