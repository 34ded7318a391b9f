"""What a scan records: limits that ran out, once each, unless an answer in time or a miss is known."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.aggregates.scanning import missed_limits
from gkevents.calendar import Calendar
from gkevents.schemes.catalog import calendar_notices
from tests.aggregates.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A desk with a message on H21 under the key `k`, due on 2018-10-08."""
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-09-28", key="k", ref="m")
    return desk


def test_a_scan_records_what_ran_out_by_that_day(desk: Desk) -> None:
    assert desk.scan("2018-10-08") == []
    assert desk.scan("2018-10-09") == [
        {
            "ref": "scan:m:2018-10-08",
            "type": "reply-timeout",
            "unit": "",
            "effective_on": "2018-10-09",
            "item": "H21",
            "key": "k",
            "of": "m",
            "scanned": True,
        }
    ]


def test_a_scan_repeated_records_nothing_more(desk: Desk) -> None:
    assert len(desk.scan("2018-11-01")) == 1
    assert desk.scan("2018-11-01") == desk.scan("2018-12-01") == []


def test_any_other_limit_is_missed_as_a_deadline_on_the_day_after_its_last_hour() -> None:
    desk = Desk("hunan-cities-2017")
    desk.log("deadline-opened", "NC14", "2017-10-01T22:00:00+08:00", key="k", limit="5 hours", ref="d")
    assert desk.scan("2017-10-02") == []
    [miss] = desk.scan("2017-10-03")
    assert (miss["type"], miss["effective_on"], miss["ref"]) == (
        "deadline-missed",
        "2017-10-03",
        "scan:d:2017-10-02T03:00:00+08:00",
    )


def test_a_limit_answered_in_time_is_not_missed_even_if_the_answer_is_recorded_late(desk: Desk) -> None:
    desk.log("netizen-reply", None, "2018-10-08", key="k")
    assert desk.scan("2018-12-01") == []


def test_a_limit_answered_late_is_missed(desk: Desk) -> None:
    desk.log("netizen-reply", None, "2018-10-09", key="k")
    assert [miss["key"] for miss in desk.scan("2018-12-01")] == ["k"]


def test_an_answer_taken_back_is_no_answer(desk: Desk) -> None:
    desk.log("netizen-reply", None, "2018-10-08", key="k", ref="a")
    desk.log("retraction", of="a")
    assert len(desk.scan("2018-12-01")) == 1


def test_an_answer_to_another_key_is_no_answer(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-09-28", key="other")
    desk.log("netizen-reply", None, "2018-10-08", key="other")
    assert [miss["key"] for miss in desk.scan("2018-12-01")] == ["k"]


def test_a_miss_recorded_by_hand_is_not_recorded_again(desk: Desk) -> None:
    desk.log("reply-timeout", "H21", "2018-11-01", key="k")
    assert desk.scan("2018-12-01") == []


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_miss_taken_back_is_not_recorded_again_by_a_scan(desk: Desk, kind: str) -> None:
    [miss] = desk.scan("2018-10-09")
    desk.log(kind, of=miss["ref"])
    assert desk.scan("2018-12-01") == []


def test_a_miss_recorded_by_hand_and_taken_back_is_not_recorded_by_a_scan(desk: Desk) -> None:
    desk.log("reply-timeout", "H21", "2018-11-01", key="k", ref="t")
    desk.log("retraction", of="t")
    assert desk.scan("2018-12-01") == []


def test_a_limit_taken_back_is_not_missed(desk: Desk) -> None:
    desk.log("retraction", of="m")
    assert desk.scan("2018-12-01") == []


def test_a_key_opened_anew_is_missed_anew(desk: Desk) -> None:
    desk.scan("2018-10-09")
    desk.log("retraction", of="m", ref="t")
    desk.log("netizen-message", "H21", "2018-09-28", key="k", ref="m2")
    assert [miss["ref"] for miss in desk.scan("2018-12-01")] == ["scan:m2:2018-10-08"]


def test_one_limit_of_a_key_is_missed_once_even_where_two_openings_came_to_stand(desk: Desk) -> None:
    other = Desk("hebei-stats-2018")
    desk.keep(other.decide("netizen-message", "H21", "2018-09-28", key="k", ref="m2"))  # as a store may hold it
    assert [opening.ref for opening in desk.state.opened("k")] == ["m", "m2"]
    assert [miss["ref"] for miss in desk.scan("2018-12-01")] == ["scan:m:2018-10-08"]
    assert desk.scan("2018-12-01") == []


def test_a_limit_without_a_published_end_waits_for_its_calendar() -> None:
    early = Calendar.of(notice for notice in calendar_notices() if notice.year <= 2018)
    desk = Desk("hebei-stats-2018", calendar=early)
    desk.log("netizen-message", "H21", "2018-12-28", key="k", ref="m")
    assert desk.scan("2019-06-01") == []
    desk.calendar = Calendar.of(calendar_notices())
    assert [miss["ref"] for miss in desk.scan("2019-06-01")] == ["scan:m:2019-01-03"]


def test_an_amended_calendar_that_moves_the_end_past_a_miss_has_it_recorded_for_the_new_end() -> None:
    first = Calendar.of(
        n for n in calendar_notices() if n.year <= 2018 or (n.year == 2019 and n.issued_on.year == 2018)
    )
    desk = Desk("beilun-2019", calendar=first)
    body = desk.log("deadline-opened", "B-D2", "2019-04-29", key="k", limit="2 working days", ref="d")
    [before] = desk.scan("2019-05-31")
    desk.calendar = Calendar.of(calendar_notices())
    [after] = desk.scan("2019-05-31")
    assert (body["due"], before["effective_on"]) == ("2019-05-02", "2019-05-03")
    assert (after["ref"], after["effective_on"]) == ("scan:d:2019-05-05", "2019-05-06")
    assert desk.scan("2019-05-31") == []


def test_a_scan_of_a_unit_without_limits_finds_nothing() -> None:
    desk = Desk("hebei-stats-2018")
    desk.log("occurrence", "H25a")
    assert missed_limits(desk.state, as_of=dt.date(2019, 1, 1), calendar=desk.calendar) == []
