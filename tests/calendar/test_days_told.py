"""Why a day counts: always as the calendar has it, with the notice that says so."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.calendar import Calendar, CalendarNotPublished, NoticeFault, tell_day
from gkevents.schemes.catalog import calendar_notices
from gkevents.words import say

NOTICES = calendar_notices()


def test_every_day_is_told_as_the_calendar_counts_it() -> None:
    calendar = Calendar.of(NOTICES)
    day = dt.date(min(calendar.years), 1, 1)
    while day.year <= max(calendar.years):
        told = tell_day(NOTICES, day)
        assert told.working == calendar.is_working_day(day), day
        assert (told.notice is None) == (told.why in ("workday", "weekend")), day
        assert told.notice is None or day in told.notice.days, day
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "why", "working"),
    [
        ("2020-01-20", "workday", True),
        ("2020-01-18", "weekend", False),
        ("2020-01-19", "make-up", True),
        ("2020-01-31", "day-off", False),
        ("2020-02-01", "withdrawn", False),
    ],
)
def test_a_day_says_why_it_counts(day: str, why: str, working: bool) -> None:  # noqa: FBT001 - a column of the table
    told = tell_day(NOTICES, dt.date.fromisoformat(day))
    assert (told.why, told.working) == (why, working)


def test_a_day_counted_by_an_earlier_calendar_is_told_by_the_notices_of_then() -> None:
    before = [notice for notice in NOTICES if notice.issued_on < dt.date(2020, 1, 26)]
    told = tell_day(before, dt.date(2020, 2, 1))
    assert (told.why, told.working) == ("make-up", True)


def test_a_day_beyond_the_calendar_is_not_guessed() -> None:
    with pytest.raises(CalendarNotPublished):
        tell_day(NOTICES, dt.date(max(Calendar.of(NOTICES).years) + 1, 1, 4))


def test_what_is_wrong_with_a_notice_is_a_sentence_for_the_catalogues() -> None:
    content = NOTICES[0].to_dict() | {"amends": "perhaps"}
    with pytest.raises(NoticeFault) as caught:
        type(NOTICES[0]).from_dict(content)
    assert say(caught.value.message, "en") == str(caught.value)
    assert "true or false, not 'perhaps'" in str(caught.value)
