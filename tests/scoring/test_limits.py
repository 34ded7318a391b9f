"""Limits: when they end, whether they are open, met or missed, and what a missed one is as a happening."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from gkevents.calendar import Calendar, Notice
from gkevents.scoring.fact import Fact
from gkevents.scoring.limits import Limit, day_after, due_of, end_of_limit, in_time, is_after, settle
from gkevents.terms import instant, microseconds
from tests.scoring.made import NO_CALENDAR, fact, happened, log

NOTICE = Notice("国办〔2019〕16号", dt.date(2019, 11, 21), 2020, False, (dt.date(2020, 5, 1),), (), (), "made")  # noqa: FBT003
CALENDAR = Calendar.of([NOTICE])
AMENDED = Calendar.of(
    [NOTICE, replace(NOTICE, document="again", amends=True, days_off=(dt.date(2020, 3, 6), dt.date(2020, 3, 9)))]
)
MONDAY = dt.date(2020, 3, 2)


def opened(on: str = "2020-03-02", **fields: Any) -> Fact:  # noqa: ANN401
    """A message with a limit that ends on 5 March unless said otherwise."""
    fields = {"key": "k", "limit": "3 working days", "due": dt.date(2020, 3, 5), "calendar": CALENDAR.digest} | fields
    return fact("netizen-message", on, **fields)


def reply(on: str, **fields: Any) -> Fact:  # noqa: ANN401
    return fact("netizen-reply", on, None, **{"key": "k", **fields})


def timeout(on: str, **fields: Any) -> Fact:  # noqa: ANN401
    return fact("reply-timeout", on, **{"key": "k", **fields})


def settled(*facts: Fact, calendar: Calendar | None = CALENDAR) -> Limit:
    (limit,) = settle(log(*facts), calendar).values()
    return limit


def breach_of(*facts: Fact) -> Fact:
    limit = settled(*facts)
    assert limit.state == "missed"
    assert limit.breach is not None
    return limit.breach


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("1 working day", dt.date(2020, 3, 3)), ("3 working days", dt.date(2020, 3, 5)),
        ("5 working days", dt.date(2020, 3, 9)), ("2020-09-30", dt.date(2020, 9, 30)),
    ],
)  # fmt: skip
def test_working_days_start_on_the_day_after_and_a_printed_day_is_itself(limit: str, due: dt.date) -> None:
    assert end_of_limit(MONDAY, None, limit, CALENDAR) == due


def test_hours_run_from_the_instant_and_from_midnight_in_beijing_where_only_the_day_is_known() -> None:
    at = instant("2020-04-30T22:30:00+08:00")
    assert end_of_limit(at.date(), at, "5 hours", CALENDAR) == instant("2020-05-01T03:30:00+08:00")
    midnight = end_of_limit(MONDAY, None, "1 hour", NO_CALENDAR)
    assert midnight == instant("2020-03-02T01:00:00+08:00")
    assert isinstance(midnight, dt.datetime)
    assert midnight.utcoffset() == dt.timedelta(hours=8)


def test_a_limit_beyond_the_published_calendar_has_no_end_yet() -> None:
    assert end_of_limit(dt.date(2020, 12, 30), None, "1 working day", CALENDAR) == dt.date(2020, 12, 31)
    assert end_of_limit(dt.date(2020, 12, 30), None, "2 working days", CALENDAR) is None


def test_a_limit_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="soon"):
        end_of_limit(MONDAY, None, "soon", CALENDAR)


def test_a_limit_keeps_its_end_until_the_calendar_changes() -> None:
    kept = opened(due=dt.date(2020, 3, 4))
    assert due_of(kept, None) == dt.date(2020, 3, 4)
    assert due_of(kept, CALENDAR) == dt.date(2020, 3, 4)
    assert due_of(kept._replace(calendar=None), AMENDED) == dt.date(2020, 3, 4)
    assert due_of(kept._replace(limit=None), AMENDED) == dt.date(2020, 3, 4)
    assert due_of(kept, AMENDED) == dt.date(2020, 3, 5)
    assert due_of(opened(limit="4 working days"), AMENDED) == dt.date(2020, 3, 10)
    assert due_of(opened("2020-03-02T09:00:00+08:00", limit="5 hours"), AMENDED) == instant("2020-03-02T14:00:00+08:00")


def test_a_limit_that_waited_for_the_calendar_ends_once_it_is_known() -> None:
    waiting = opened(due=None, calendar=NO_CALENDAR.digest)
    assert settled(waiting, calendar=NO_CALENDAR).state == "open"
    assert settled(waiting, calendar=NO_CALENDAR).due is None
    assert settled(waiting).due == dt.date(2020, 3, 5)


def test_a_limit_without_a_known_end_is_open_whatever_is_recorded() -> None:
    limit = settled(opened(due=None), timeout("2020-03-20"), reply("2020-03-21"))
    assert (limit.key, limit.item, limit.due, limit.state, limit.breach) == ("k", "A", None, "open", None)
    assert limit.opening is not None
    assert limit.opening.ref == "r1"


def test_a_miss_belongs_to_the_day_after() -> None:
    assert day_after(dt.date(2020, 12, 31)) == dt.date(2021, 1, 1)
    assert day_after(instant("2020-02-28T23:00:00+08:00")) == dt.date(2020, 2, 29)
    assert type(day_after(instant("2020-02-28T23:00:00+08:00"))) is dt.date


def test_an_answer_at_the_end_itself_is_in_time() -> None:
    due = dt.date(2020, 3, 5)
    assert [in_time(due, reply(on)) for on in ("2020-03-04", "2020-03-05", "2020-03-06")] == [True, True, False]
    assert in_time(due, reply("2020-03-05T23:59:59+08:00"))
    end = instant("2020-03-05T12:00:00+08:00")
    answers = ("2020-03-05T11:59:59+08:00", "2020-03-05T04:00:00+00:00", "2020-03-05T12:00:00.000001+08:00")
    assert [in_time(end, reply(on)) for on in answers] == [True, True, False]


def test_a_recorded_miss_counts_once_the_end_is_past() -> None:
    due = dt.date(2020, 3, 5)
    assert [is_after(due, timeout(on)) for on in ("2020-03-04", "2020-03-05", "2020-03-06")] == [False, False, True]
    end = instant("2020-03-05T12:00:00+08:00")
    assert [is_after(end, timeout(on)) for on in ("2020-03-05", "2020-03-06")] == [False, True]
    misses = ("2020-03-05T12:00:00+08:00", "2020-03-05T12:00:00.000001+08:00")
    assert [is_after(end, timeout(on)) for on in misses] == [False, True]


def test_a_limit_is_open_until_somebody_says() -> None:
    limit = settled(opened())
    assert (limit.key, limit.item, limit.due, limit.state, limit.breach) == (
        "k",
        "A",
        dt.date(2020, 3, 5),
        "open",
        None,
    )
    assert limit.opening is not None
    assert limit.opening.ref == "r1"


def test_an_answer_in_time_meets_the_limit_and_voids_a_recorded_miss() -> None:
    limit = settled(opened(), timeout("2020-03-06"), reply("2020-03-05"))
    assert (limit.key, limit.item, limit.due, limit.state, limit.breach) == ("k", "A", dt.date(2020, 3, 5), "met", None)
    assert limit.opening is not None
    assert limit.opening.ref == "r1"


def test_the_earliest_answer_decides() -> None:
    assert settled(opened(), reply("2020-03-09"), reply("2020-03-05")).state == "met"
    assert settled(opened(), reply("2020-03-05"), reply("2020-03-09")).state == "met"
    assert settled(opened(), reply("2020-03-09"), reply("2020-03-06")).state == "missed"


def test_a_late_answer_is_a_miss_on_the_day_after_the_limit() -> None:
    late = reply("2020-03-20T10:00:00+08:00", recorded_by="甲")
    limit = settled(opened(matter="M", message="W"), late)
    day = dt.date(2020, 3, 6)
    assert limit == Limit("k", "A", limit.opening, dt.date(2020, 3, 5), "missed", limit.breach, limit.answer)
    assert limit.answer is not None
    assert limit.answer.ref == "r2"
    assert limit.opening is not None
    assert limit.opening.ref == "r1"
    assert limit.breach == log(opened(), late)[1]._replace(
        day=day, when=microseconds(day), at=None, item="A", matter="M", message="W", answered=True
    )


def test_a_recorded_miss_is_a_miss_on_the_day_after_the_limit_however_many_record_it() -> None:
    breach = breach_of(opened(), timeout("2020-04-20", times=4), timeout("2020-03-10"), reply("2020-04-01"))
    assert (breach.ref, breach.day, breach.times, breach.key) == ("r2", dt.date(2020, 3, 6), 1, "k")


def test_the_miss_is_known_from_the_first_record_of_it() -> None:
    assert breach_of(opened(), reply("2020-04-01"), timeout("2020-03-10")).ref == "r2"
    assert breach_of(opened(), timeout("2020-03-10"), reply("2020-04-01")).ref == "r2"


def test_a_miss_recorded_before_an_amended_end_says_nothing() -> None:
    moved = opened(limit="4 working days")
    assert settled(moved, timeout("2020-03-07"), calendar=CALENDAR).state == "missed"
    assert settled(moved, timeout("2020-03-07"), calendar=AMENDED).state == "open"
    assert settled(moved, timeout("2020-03-07"), timeout("2020-03-11"), calendar=AMENDED).breach is not None


def test_an_hour_limit_is_missed_on_the_next_day_too() -> None:
    end = instant("2020-03-02T14:00:00+08:00")
    hours = opened("2020-03-02T09:00:00+08:00", limit="5 hours", due=end)
    assert settled(hours, reply("2020-03-02T14:00:00+08:00")).state == "met"
    breach = breach_of(hours, reply("2020-03-02T14:00:01+08:00"))
    assert (breach.day, breach.when, breach.at) == (dt.date(2020, 3, 3), microseconds(dt.date(2020, 3, 3)), None)


def test_the_message_a_miss_is_about_is_taken_from_whoever_names_it() -> None:
    assert breach_of(opened(message="W1"), timeout("2020-03-10", message="W2")).message == "W1"
    assert breach_of(opened(), timeout("2020-03-10"), timeout("2020-03-11", message="W2")).message == "W2"
    assert breach_of(opened(), timeout("2020-03-10")).message is None


def test_the_latest_word_on_one_limit_counts_and_silence_says_nothing() -> None:
    breach = breach_of(
        opened(), timeout("2020-03-10", justified=True), reply("2020-03-20", justified=False, serious=True),
        timeout("2020-03-15", justified=True, serious=False),
    )  # fmt: skip
    assert (breach.justified, breach.serious) == (False, True)
    breach = breach_of(opened(justified=True, serious=False), timeout("2020-03-10"))
    assert (breach.justified, breach.serious) == (True, False)
    breach = breach_of(opened(), timeout("2020-03-10"))
    assert (breach.justified, breach.serious) == (None, None)


def test_a_miss_without_an_opening_counts_once_on_its_own_day() -> None:
    limit = settled(
        timeout("2020-04-20"), timeout("2020-04-10", times=3, justified=True, serious=False),
        timeout("2020-04-15", justified=False, serious=True),
    )  # fmt: skip
    assert (limit.key, limit.item, limit.opening, limit.due, limit.state) == ("k", "A", None, None, "missed")
    assert limit.breach is not None
    assert (limit.breach.ref, limit.breach.day, limit.breach.times) == ("r2", dt.date(2020, 4, 10), 1)
    assert (limit.breach.justified, limit.breach.serious) == (False, True)


def test_an_answer_has_its_word_on_a_miss_without_an_opening_too() -> None:
    limit = settled(
        timeout("2020-04-10", justified=True), reply("2020-04-20", justified=False), reply("2020-04-05", serious=True)
    )
    assert limit.breach is not None
    assert (limit.breach.ref, limit.breach.justified, limit.breach.serious) == ("r1", False, True)


def test_each_key_is_a_limit_of_its_own_and_an_answer_alone_is_none() -> None:
    limits = settle(
        log(
            happened("2020-03-01"),
            happened("2020-03-01", key="z"),
            opened(key="a"),
            opened(key="b"),
            reply("2020-03-03", key="b"),
            timeout("2020-03-10", key="c"),
            reply("2020-03-03", key="d"),
            timeout("2020-03-10", key="a"),
            fact("deadline-opened", "2020-03-02", "B", key="e", due=dt.date(2020, 3, 31)),
            fact("deadline-met", "2020-03-31", None, key="e"),
            fact("deadline-missed", "2020-03-10", "B", key="f"),
        ),
        None,
    )
    assert {key: (limit.state, limit.item) for key, limit in limits.items()} == {
        "a": ("missed", "A"), "b": ("met", "A"), "e": ("met", "B"), "c": ("missed", "A"), "f": ("missed", "B"),
    }  # fmt: skip
    assert list(limits) == ["a", "b", "e", "c", "f"]


def test_a_key_opened_twice_keeps_its_first_opening() -> None:
    assert settled(opened(), opened(due=dt.date(2020, 3, 31))).due == dt.date(2020, 3, 5)


def test_one_key_on_two_items_is_two_limits_and_one_answer_answers_both() -> None:
    facts = log(
        fact("netizen-message", "2020-03-02", "A", key="k", limit="3 working days", due=dt.date(2020, 3, 5)),
        fact("netizen-message", "2020-03-02", "B", key="k", limit="7 working days", due=dt.date(2020, 3, 11)),
        reply("2020-03-09"),
    )
    limits = settle(facts, None)
    assert {name: (limit.item, limit.state) for name, limit in limits.items()} == {
        "k": ("A", "missed"),
        "k (B)": ("B", "met"),
    }


def test_misses_of_one_message_on_two_items_are_not_merged() -> None:
    misses = (fact("reply-timeout", "2020-03-06", "A", key="k"), fact("reply-timeout", "2020-03-07", "B", key="k"))
    limits = settle(log(*misses), None)
    assert [(limit.item, limit.breach and limit.breach.day.day) for limit in limits.values()] == [("A", 6), ("B", 7)]
