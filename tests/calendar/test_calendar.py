"""The calendar against two independent packages, the worked deadlines, the two amendments, and its laws."""

import json
import pickle
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import chinese_calendar
import holidays
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gkevents.calendar import Calendar, CalendarNotPublished, Notice

FOLDER: Final = Path(__file__).parents[2] / "schemes" / "calendars"
YEARS: Final = range(2017, 2027)
FIRST: Final = date(YEARS[0], 1, 1)
LAST: Final = date(YEARS[-1], 12, 31)
MAY_DAY_2019: Final = "国办发明电〔2019〕3号"
SPRING_FESTIVAL_2020: Final = "国办发明电〔2020〕1号"

# Days on which an oracle contradicts the notices. There is none: chinesecalendar 1.11.0 and holidays 0.109 agree with
# them on all 3,652 days. A day that a later release of theirs gets wrong is listed here with the reason.
CHINESECALENDAR_DIFFERS: Final[dict[date, str]] = {}
HOLIDAYS_DIFFERS: Final[dict[date, str]] = {}

DEADLINES: Final = [
    ("2018-09-28", 3, "2018-10-08", "29 and 30 September are make-up workdays; 1-7 October are off"),
    ("2018-09-26", 7, "2018-10-10", "the same, longer"),
    ("2018-09-20", 15, "2018-10-17", "24 September is off too"),
    ("2018-10-03", 3, "2018-10-10", "received on a holiday"),
    ("2018-02-09", 3, "2018-02-13", "Sunday 11 February is worked: earlier than Mondays to Fridays would give"),
    ("2018-12-28", 3, "2019-01-03", "Saturday 29 December is worked; 30 December to 1 January are off"),
    ("2018-04-03", 3, "2018-04-09", "Qingming; Sunday 8 April is worked"),
    ("2018-04-27", 5, "2018-05-07", "Saturday 28 April is worked"),
]


@cache
def notices_of(year: int) -> tuple[Notice, ...]:
    content = yaml.safe_load((FOLDER / f"{year}.yaml").read_text(encoding="utf-8"))
    assert list(content) == ["notices"]
    return tuple(Notice.from_dict(entry) for entry in content["notices"])


@cache
def published() -> tuple[Notice, ...]:
    return tuple(notice for year in YEARS for notice in notices_of(year))


@cache
def calendar() -> Calendar:
    return Calendar.of(published())


def calendar_without(document: str) -> Calendar:
    kept = [notice for notice in published() if notice.document != document]
    assert len(kept) == len(published()) - 1
    return Calendar.of(kept)


def days() -> Iterator[date]:
    return map(date.fromordinal, range(FIRST.toordinal(), LAST.toordinal() + 1))


def differences(is_working_day: Callable[[date], bool]) -> set[date]:
    return {day for day in days() if is_working_day(day) != calendar().is_working_day(day)}


def notice(**changed: object) -> Notice:
    plain: dict[str, object] = {
        "document": "试〔2030〕1号",
        "issued_on": "2030-11-01",
        "year": 2031,
        "amends": False,
        "days_off": ["2031-01-01/2031-01-03"],
        "make_up_workdays": ["2031-01-04"],
        "verified": "made up for a test",
    }
    return Notice.from_dict(plain | changed)


# -- the published years, day by day --------------------------------------------------------------------------------


def test_every_day_agrees_with_chinesecalendar() -> None:
    assert differences(chinese_calendar.is_workday) == set(CHINESECALENDAR_DIFFERS)


def test_every_day_agrees_with_holidays() -> None:
    assert differences(holidays.country_holidays("CN", years=YEARS).is_working_day) == set(HOLIDAYS_DIFFERS)


def test_a_file_holds_the_notices_of_its_year_the_amended_ones_after() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {str(year) for year in YEARS}
    for year in YEARS:
        assert {notice.year for notice in notices_of(year)} == {year}
        assert [notice.amends for notice in notices_of(year)] == ([False, True] if year in {2019, 2020} else [False])
        assert all(notice.verified for notice in notices_of(year))


def test_the_notices_stand_in_the_order_in_which_they_were_issued() -> None:
    issued = [notice.issued_on for notice in published()]
    assert issued == sorted(set(issued))
    assert len({notice.document for notice in published()}) == len(issued)


# -- deadlines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "n", "due", "why"), DEADLINES)
def test_a_limit_ends_on_the_worked_day(start: str, n: int, due: str, why: str) -> None:
    assert calendar().due_day(date.fromisoformat(start), n) == date.fromisoformat(due), why


def test_day_one_is_the_first_working_day_strictly_after_the_start() -> None:
    assert calendar().due_day(date(2018, 10, 8), 1) == date(2018, 10, 9)
    assert calendar().due_day(date(2018, 9, 30), 1) == date(2018, 10, 8)
    assert calendar().due_day(date(2018, 10, 7), 1) == date(2018, 10, 8)


def test_a_limit_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one working day, not 0"):
        calendar().due_day(date(2018, 1, 2), 0)


def test_working_days_are_counted_after_the_first_day_and_through_the_last() -> None:
    assert calendar().working_days_between(date(2018, 9, 28), date(2018, 10, 8)) == 3
    assert calendar().working_days_between(date(2018, 9, 30), date(2018, 10, 7)) == 0
    assert calendar().working_days_between(date(2018, 10, 8), date(2018, 10, 8)) == 0
    assert calendar().working_days_between(date(2018, 10, 9), date(2018, 10, 8)) == 0


# -- amendments -----------------------------------------------------------------------------------------------------


def test_may_day_2019_was_one_day_until_the_amended_notice() -> None:
    before = calendar_without(MAY_DAY_2019)
    assert [day for day in days() if before.is_working_day(day) != calendar().is_working_day(day)] == [
        date(2019, 4, 28),
        date(2019, 5, 2),
        date(2019, 5, 3),
        date(2019, 5, 5),
    ]
    assert before.due_day(date(2019, 4, 26), 4) == date(2019, 5, 3)
    assert calendar().due_day(date(2019, 4, 26), 4) == date(2019, 5, 5)
    assert before.digest != calendar().digest


def test_spring_festival_2020_ended_on_30_january_until_the_amended_notice() -> None:
    before = calendar_without(SPRING_FESTIVAL_2020)
    assert [day for day in days() if before.is_working_day(day) != calendar().is_working_day(day)] == [
        date(2020, 1, 31),
        date(2020, 2, 1),
    ]
    assert before.due_day(date(2020, 1, 23), 2) == date(2020, 2, 1)
    assert calendar().due_day(date(2020, 1, 23), 2) == date(2020, 2, 4)


def test_a_withdrawn_make_up_workday_is_a_rest_day_again() -> None:
    base = notice()
    amended = notice(amends=True, days_off=[], make_up_workdays=[], withdrawn_workdays=["2031-01-04"])
    assert Calendar.of([base]).is_working_day(date(2031, 1, 4))
    assert not Calendar.of([base, amended]).is_working_day(date(2031, 1, 4))


def test_of_two_notices_on_one_day_the_later_given_decides() -> None:
    base = notice()
    amended = notice(amends=True, days_off=[], make_up_workdays=["2031-01-02"])
    assert Calendar.of([base, amended]).is_working_day(date(2031, 1, 2))
    assert not Calendar.of([amended, base]).is_working_day(date(2031, 1, 2))
    assert Calendar.of([base, amended]).digest != Calendar.of([amended, base]).digest


def test_the_last_days_of_a_year_may_wait_for_the_next_years_notice() -> None:
    until_2018 = Calendar.of(notices_of(2018))
    assert not until_2018.is_working_day(date(2018, 12, 29))
    assert until_2018.is_working_day(date(2018, 12, 31))
    assert calendar().is_working_day(date(2018, 12, 29))
    assert not calendar().is_working_day(date(2018, 12, 31))


# -- what is not published ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2027, 1, 1), date.min, date.max])
def test_a_day_in_an_unpublished_year_is_not_guessed(day: date) -> None:
    with pytest.raises(CalendarNotPublished) as raised:
        calendar().is_working_day(day)
    assert (raised.value.day, raised.value.year) == (day, day.year)


def test_a_limit_that_reaches_beyond_the_published_calendar_has_no_due_day() -> None:
    assert calendar().due_day(date(2026, 12, 24), 5) == date(2026, 12, 31)
    with pytest.raises(CalendarNotPublished, match=r"calendar of 2027 is not published \(needed for 2027-01-01\)"):
        calendar().due_day(date(2026, 12, 24), 6)
    with pytest.raises(CalendarNotPublished, match="needed for 9999-12-31"):
        calendar().due_day(date.max, 1)


def test_only_the_days_after_the_start_need_to_be_published() -> None:
    assert calendar().due_day(date(2016, 12, 31), 1) == date(2017, 1, 3)
    assert calendar().working_days_between(date(2016, 12, 31), date(2017, 1, 3)) == 1
    with pytest.raises(CalendarNotPublished, match="needed for 2016-12-31"):
        calendar().due_day(date(2016, 12, 30), 1)


def test_a_count_of_working_days_beyond_the_published_calendar_is_refused() -> None:
    with pytest.raises(CalendarNotPublished, match="needed for 2027-01-01"):
        calendar().working_days_between(date(2026, 12, 1), date(2027, 3, 1))
    with pytest.raises(CalendarNotPublished, match="needed for 2028-01-02"):
        calendar().working_days_between(date(2028, 1, 1), date(2028, 3, 1))


def test_a_gap_between_published_years_is_not_stepped_over() -> None:
    gap = Calendar.of(notices_of(2017) + notices_of(2019))
    assert gap.years == {2017, 2019}
    assert gap.due_day(date(2018, 12, 31), 1) == date(2019, 1, 2)
    with pytest.raises(CalendarNotPublished, match="needed for 2018-01-01"):
        gap.due_day(date(2017, 12, 29), 1)
    with pytest.raises(CalendarNotPublished, match="needed for 2018-01-01"):
        gap.working_days_between(date(2017, 12, 1), date(2019, 2, 1))
    with pytest.raises(CalendarNotPublished, match="needed for 2018-12-29"):
        gap.is_working_day(date(2018, 12, 29))


def test_an_amending_notice_alone_publishes_no_year() -> None:
    assert Calendar.of([notice(amends=True)]).years == frozenset()
    with pytest.raises(CalendarNotPublished):
        Calendar.of([]).due_day(date(2018, 1, 1), 1)


def test_the_last_published_day_may_be_a_rest_day() -> None:
    only = Calendar.of([notice(days_off=["2031-12-29/2031-12-31"])])
    assert not only.is_working_day(date(2031, 12, 31))
    assert only.due_day(date(2031, 12, 25), 1) == date(2031, 12, 26)


def test_the_refusal_survives_being_sent_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(CalendarNotPublished(date(2027, 1, 4))))  # noqa: S301 - our own bytes
    assert (type(again), again.day, again.year) == (CalendarNotPublished, date(2027, 1, 4), 2027)


# -- digests and stored forms ---------------------------------------------------------------------------------------


def test_a_notice_survives_json() -> None:
    for one in published():
        again = Notice.from_dict(json.loads(json.dumps(one.to_dict())))
        assert again == one
        assert again.digest == one.digest


def test_a_notice_may_come_from_a_reader_that_leaves_everything_text() -> None:
    assert notice(year="2031", amends="false") == notice()
    assert notice(amends="true").amends


def test_how_the_figures_were_checked_does_not_change_the_digest() -> None:
    assert notice(verified="otherwise").digest == notice().digest
    assert notice(days_off=["2031-01-01/2031-01-02"]).digest != notice().digest


def test_digests_stay_as_they_were_stored() -> None:
    assert notice().digest == "7b74643e95201b2580b7f61760e189525614b9149e95d7ff814a4d6a4cd61d5e"
    assert Calendar.of([notice()]).digest == "72e5f01eec08cbbf8fe32a16bf72cef94e89536b76e6f4567d08742428785403"


def test_calendars_of_the_same_notices_are_equal() -> None:
    assert Calendar.of(published()) == calendar()
    assert Calendar.of(published()[:-1]) != calendar()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"document": " "}, "has no document number"),
        ({"document": 7}, "document of a calendar notice must be text"),
        ({"issued_on": "2030/11/01"}, "issued_on of a calendar notice needs days"),
        ({"issued_on": "2030-02-30"}, "issued_on of a calendar notice needs days"),
        ({"issued_on": None}, "issued_on of a calendar notice needs days"),
        ({"year": True}, "year of a calendar notice must be a whole number"),
        ({"year": "2031年"}, "year of a calendar notice must be a whole number"),
        ({"year": 1999}, "its year must lie between 2000 and 2999"),
        ({"amends": "no"}, "amends of a calendar notice must be true or false"),
        ({"amends": 1}, "amends of a calendar notice must be true or false"),
        ({"days_off": "2031-01-01"}, "days_off of a calendar notice must be a list"),
        ({"days_off": [20310101]}, "days_off of a calendar notice needs days"),
        ({"days_off": ["2031-01-01/"]}, "days_off of a calendar notice needs days"),
        ({"days_off": ["2031-01-03/2031-01-01"]}, "ends before it begins"),
        ({"days_off": ["2031-01-01/2031-01-02", "2031-01-02"]}, "2031-01-02 follows 2031-01-02"),
        ({"days_off": ["2030-11-30"]}, "2030-11-30 in days_off is outside 2031"),
        ({"days_off": ["2032-01-01"]}, "2032-01-01 in days_off is outside 2031"),
        ({"days_off": ["2031-01-04"]}, "2031-01-04 cannot be a make-up workday and a rest day"),
        ({"make_up_workdays": ["2031-01-06"]}, "2031-01-06 is no Saturday or Sunday"),
        ({"withdrawn_workdays": ["2031-01-05"]}, "only an amending notice can withdraw"),
        ({"amends": True, "withdrawn_workdays": ["2031-01-04"]}, "or withdrawn at once"),
        ({"holiday": "x"}, "A calendar notice has no field holiday"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_with_a_sentence(changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        notice(**changed)


def test_a_notice_with_missing_fields_names_them_all() -> None:
    with pytest.raises(ValueError, match="lacks issued_on, year, amends, days_off, make_up_workdays, verified"):
        Notice.from_dict({"document": "试〔2030〕1号"})


def test_days_of_a_notice_ascend() -> None:
    with pytest.raises(ValueError, match="2031-01-01 follows 2031-01-02"):
        Notice("试", date(2030, 11, 1), 2031, False, (date(2031, 1, 2), date(2031, 1, 1)), (), (), "")  # noqa: FBT003


# -- laws -----------------------------------------------------------------------------------------------------------

# Two such limits, one after the other, always end within the published calendar: 60 working days never take 120 days.
STARTS: Final = st.dates(FIRST, LAST - timedelta(days=120))
LIMITS: Final = st.integers(1, 30)


def due_day_one_by_one(start: date, n: int) -> date:
    """An oracle without bisection: walk until n working days are passed."""
    day = start
    while n:
        day += timedelta(days=1)
        n -= calendar().is_working_day(day)
    return day


@given(STARTS, LIMITS)
def test_law_the_due_day_is_the_nth_working_day_walked_to(start: date, n: int) -> None:
    assert calendar().due_day(start, n) == due_day_one_by_one(start, n)


@given(STARTS, LIMITS)
def test_law_the_due_day_is_a_working_day_n_working_days_away(start: date, n: int) -> None:
    due = calendar().due_day(start, n)
    assert calendar().is_working_day(due)
    assert calendar().working_days_between(start, due) == n
    assert calendar().working_days_between(start, due - timedelta(days=1)) == n - 1


@given(STARTS, STARTS, LIMITS)
def test_law_a_later_start_is_never_due_earlier(one: date, other: date, n: int) -> None:
    assert calendar().due_day(min(one, other), n) <= calendar().due_day(max(one, other), n)


@given(STARTS, LIMITS, LIMITS)
def test_law_a_longer_limit_is_due_later(start: date, n: int, m: int) -> None:
    assert calendar().due_day(calendar().due_day(start, n), m) == calendar().due_day(start, n + m) > start
