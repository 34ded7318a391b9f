"""Limits as they are recorded: opened with their end worked out, answered, missed."""

from __future__ import annotations

import pytest

from gkevents.aggregates import refusals as no
from gkevents.calendar import Calendar
from gkevents.schemes.catalog import calendar_notices
from tests.aggregates.desk import Desk

HEBEI, HUNAN, LUANCHENG = "hebei-stats-2018", "hunan-cities-2017", "luancheng-2020"


@pytest.fixture
def desk() -> Desk:
    return Desk(HEBEI)


@pytest.fixture
def early() -> Calendar:
    """The calendar before any notice for 2019 was out."""
    return Calendar.of(notice for notice in calendar_notices() if notice.year <= 2018)


@pytest.mark.parametrize(
    ("kind", "item", "on", "limit", "due"),
    [
        ("netizen-message", "H21", "2018-09-28", "3 working days", "2018-10-08"),
        ("netizen-message", "H25b", "2018-09-26", "7 working days", "2018-10-10"),
        ("deadline-opened", "H21", "2018-09-28", "3 working days", "2018-10-08"),
        ("deadline-opened", "H18a", "2018-09-20", "15 working days", "2018-10-17"),
        ("deadline-opened", "H09", "2018-03-01", "2018-07-10", "2018-07-10"),
    ],
)
def test_a_limit_comes_from_the_item_unless_given(
    desk: Desk, kind: str, item: str, on: str, limit: str, due: str
) -> None:
    body = desk.log(kind, item, on, key="k")
    assert (body["limit"], body["due"], body["own_limit"]) == (limit, due, True)
    assert body["calendar"] == desk.calendar.digest


def test_a_limit_that_is_given_wins(desk: Desk) -> None:
    body = desk.log("netizen-message", "H21", "2018-09-28", key="k", limit="2018-10-01")
    assert (body["limit"], body["due"], "own_limit" in body) == ("2018-10-01", "2018-10-01", False)


@pytest.mark.parametrize(
    ("scheme", "item"),
    [(HEBEI, "H25a"), (HEBEI, "H03"), (HUNAN, "NC14"), (LUANCHENG, "L17"), (HUNAN, "NC-M2"), (HEBEI, "H28a")],
)
def test_where_the_item_states_no_limit_or_several_one_is_needed(scheme: str, item: str) -> None:
    sentence = Desk(scheme).refuses(no.LimitNeeded, "deadline-opened", item, key="k")
    assert sentence.startswith(f"{item} states no single limit of its own: say it, such as 15 working days")
    assert Desk(scheme).log("deadline-opened", item, key="k", limit="5 working days")["due"] > "2017"


def test_where_a_form_prints_two_days_one_is_said() -> None:
    Desk(LUANCHENG, category="乡镇").refuses(no.LimitNeeded, "deadline-opened", "L21T", key="k")
    assert Desk(LUANCHENG, category="部门").log("deadline-opened", "L21D", key="k")["due"] == "2020-09-30"


def test_a_limit_in_hours_runs_from_the_instant_through_holidays() -> None:
    body = Desk(HUNAN).log("deadline-opened", "NC14", "2017-10-01T22:00:00+08:00", key="k", limit="5小时")
    assert (body["limit"], body["due"]) == ("5 hours", "2017-10-02T03:00:00+08:00")


def test_a_limit_in_hours_needs_the_instant() -> None:
    sentence = Desk(HUNAN).refuses(no.InstantNeeded, "deadline-opened", "NC14", key="k", limit="5 hours")
    assert sentence.startswith("A limit in hours needs the instant, such as effective_at 2020-09-14T09:30:00+08:00")


def test_a_limit_cannot_end_before_it_starts(desk: Desk) -> None:
    sentence = desk.refuses(
        no.LimitEndsBeforeStart, "deadline-opened", "H25a", "2018-05-05", key="k", limit="2018-05-04"
    )
    assert sentence == "The limit ends on 2018-05-04, before it starts on 2018-05-05. Correct one of the two days."
    assert desk.log("deadline-opened", "H25a", "2018-05-05", key="k", limit="2018-05-05")["due"] == "2018-05-05"


def test_a_limit_beyond_the_published_calendar_is_kept_without_its_end(early: Calendar) -> None:
    body = Desk(HEBEI, calendar=early).log("netizen-message", "H21", "2018-12-28", key="k")
    assert (body["due"], body["limit"]) == (None, "3 working days")


def test_a_key_is_open_once(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="first")
    sentence = desk.refuses(no.KeyTaken, "deadline-opened", "H21", "2018-05-08", key="k", limit="5 working days")
    assert sentence == "k is already open as a limit on H21 (first). Give this one a key of its own."
    assert desk.log("netizen-message", "H21", "2018-05-07", key="k2")["key"] == "k2"


def test_one_message_may_run_on_two_items_and_a_scan_records_both(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k")
    desk.log("netizen-message", "H25b", "2018-05-07", key="k")
    assert [fact.item for fact in desk.state.opened("k")] == ["H21", "H25b"]
    assert [miss["item"] for miss in desk.scan("2018-05-31")] == ["H21", "H25b"]
    assert desk.scan("2018-05-31") == []


def test_an_answer_must_not_come_before_either_of_two_limits_of_one_key(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k")
    desk.log("netizen-message", "H25b", "2018-05-09", key="k")
    desk.refuses(no.AnswerBeforeStart, "netizen-reply", None, "2018-05-08", key="k")
    assert desk.log("netizen-reply", None, "2018-05-09", key="k")["key"] == "k"


def test_the_key_of_a_limit_taken_back_is_free_again(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="first")
    desk.log("retraction", of="first")
    desk.refuses(no.KeyUnknown, "netizen-reply", None, "2018-05-08", key="k")
    assert desk.log("netizen-message", "H21", "2018-05-09", key="k", ref="second")["due"] == "2018-05-14"
    assert desk.state.opening("k") == desk.state.by_ref["second"]
    assert desk.state.opening("other") is None


@pytest.mark.parametrize("day", ["2018-05-07", "2018-05-10", "2018-08-01", "2019-02-01"])
def test_an_answer_in_time_or_late_is_recorded_even_after_the_year(desk: Desk, day: str) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k")
    assert desk.log("netizen-reply", None, day, key="k", justified="是")["justified"] is True


def test_an_answer_to_an_unknown_key_is_refused_with_the_nearest_one(desk: Desk) -> None:
    assert desk.refuses(no.KeyUnknown, "netizen-reply", key="k") == "No message or limit k is open here to answer. "
    desk.log("netizen-message", "H21", "2018-05-07", key="2018-101")
    sentence = desk.refuses(no.KeyUnknown, "deadline-met", key="2018-110")
    assert sentence == "No message or limit 2018-110 is open here to answer. Did you mean 2018-101?"


def test_a_miss_recorded_by_hand_without_its_opening_may_be_answered(desk: Desk) -> None:
    desk.log("reply-timeout", "H21", "2018-05-10", key="k")
    assert desk.log("netizen-reply", None, "2018-05-11", key="k", serious="是")["serious"] is True
    desk.refuses(no.KeyUnknown, "netizen-reply", None, "2018-05-11", key="j")
    desk.log("occurrence", "H25a", "2018-05-10", ref="o")
    desk.refuses(no.KeyUnknown, "netizen-reply", None, "2018-05-11", key="o")


def test_a_key_known_from_an_answer_alone_is_still_unknown(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    desk.log("netizen-reply", None, "2018-05-08", key="k")
    desk.log("retraction", of="m")
    desk.refuses(no.KeyUnknown, "netizen-reply", None, "2018-05-09", key="k")


def test_the_same_key_on_another_item_is_another_limit(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="first")
    assert desk.log("netizen-message", "H25b", "2018-05-07", key="k", ref="second")["due"] > "2018-05-10"
    for item, ref in (("H21", "first"), ("H25b", "second")):
        sentence = desk.refuses(no.KeyTaken, "netizen-message", item, "2018-05-08", key="k")
        assert sentence.startswith(f"k is already open as a limit on {item} ({ref}).")


def test_nothing_is_answered_before_it_began(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07T10:00:00+08:00", key="k")
    sentence = desk.refuses(no.AnswerBeforeStart, "netizen-reply", None, "2018-05-06", key="k")
    assert sentence == "k was opened on 2018-05-07 10:00:00+08:00; it cannot have been answered on 2018-05-06."
    desk.refuses(no.AnswerBeforeStart, "netizen-reply", None, "2018-05-07T09:59:59+08:00", key="k")
    assert desk.log("netizen-reply", None, "2018-05-07", key="k")["key"] == "k"
    assert desk.log("netizen-reply", None, "2018-05-07T10:00:00+08:00", key="k")["key"] == "k"


def test_an_answer_before_the_day_of_its_message_is_refused(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k")
    sentence = desk.refuses(no.AnswerBeforeStart, "netizen-reply", None, "2018-05-06T23:59:00+08:00", key="k")
    assert sentence.startswith("k was opened on 2018-05-07; it cannot have been answered on 2018-05-06 23:59")


def test_an_answer_to_a_limit_in_hours_needs_the_instant() -> None:
    desk = Desk(HUNAN)
    desk.log("deadline-opened", "NC14", "2017-10-01T22:00:00+08:00", key="k", limit="5 hours")
    desk.refuses(no.InstantNeeded, "deadline-met", None, "2017-10-02", key="k")
    assert desk.log("deadline-met", None, "2017-10-02T03:00:00+08:00", key="k")["key"] == "k"


def test_a_miss_lies_after_the_limit_it_names(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-09-28", key="k")
    sentence = desk.refuses(no.NotYetMissed, "reply-timeout", "H21", "2018-10-08", key="k")
    assert sentence == "k runs until 2018-10-08; it cannot have been missed on 2018-10-08."
    assert desk.log("reply-timeout", "H21", "2018-10-09", key="k")["key"] == "k"


def test_a_miss_of_a_limit_in_hours_lies_after_its_instant() -> None:
    desk = Desk(HUNAN)
    desk.log("deadline-opened", "NC14", "2017-10-01T10:00:00+08:00", key="k", limit="5 hours")
    desk.refuses(no.NotYetMissed, "deadline-missed", "NC14", "2017-10-01T15:00:00+08:00", key="k")
    desk.refuses(no.NotYetMissed, "deadline-missed", "NC14", "2017-10-01", key="k")
    assert desk.log("deadline-missed", "NC14", "2017-10-01T15:00:01+08:00", key="k")["item"] == "NC14"
    assert desk.log("deadline-missed", "NC14", "2017-10-02", key="k")["item"] == "NC14"


def test_a_miss_is_on_the_item_that_opened_the_limit(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-09-28", key="k")
    sentence = desk.refuses(no.OtherItem, "reply-timeout", "H25b", "2018-11-01", key="k")
    assert sentence == "k was opened on H21, not on H25b."


def test_a_miss_whose_limit_nobody_opened_is_recorded_as_it_is_known(desk: Desk) -> None:
    assert desk.log("reply-timeout", "H21", key="unseen", count=3)["count"] == 3
    assert desk.log("reply-timeout", "H21")["item"] == "H21"


def test_a_miss_of_a_limit_without_an_end_yet_is_kept(early: Calendar) -> None:
    desk = Desk(HEBEI, calendar=early)
    desk.log("netizen-message", "H21", "2018-12-28", key="k")
    assert desk.log("reply-timeout", "H21", "2018-12-31", key="k")["key"] == "k"
    desk.refuses(no.OutsideYear, "reply-timeout", "H21", "2019-01-04", key="k")


def test_a_limit_that_runs_over_the_year_is_missed_in_the_next(desk: Desk) -> None:
    assert desk.log("netizen-message", "H21", "2018-12-28", key="k")["due"] == "2019-01-03"
    desk.refuses(no.NotYetMissed, "reply-timeout", "H21", "2019-01-03", key="k")
    assert desk.log("reply-timeout", "H21", "2019-01-04", key="k")["key"] == "k"


def test_a_miss_after_the_year_of_a_limit_that_ended_in_it_is_refused(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-12-03", key="k")
    desk.refuses(no.OutsideYear, "reply-timeout", "H21", "2019-01-04", key="k")
    desk.refuses(no.OutsideYear, "reply-timeout", "H21", "2019-01-04", key="unseen")


def test_a_limit_whose_calendar_came_later_is_missed_by_that_calendar(early: Calendar) -> None:
    desk = Desk(HEBEI, calendar=early)
    desk.log("netizen-message", "H21", "2018-12-28", key="k")
    desk.calendar = Desk(HEBEI).calendar
    desk.refuses(no.NotYetMissed, "reply-timeout", "H21", "2018-12-31", key="k")
    assert desk.log("reply-timeout", "H21", "2019-01-04", key="k")["key"] == "k"
