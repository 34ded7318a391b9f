"""What a scan leaves to people, and what it takes back where the calendar was amended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.aggregates.facts import Body, canonical
from gkevents.aggregates.scanning import missed_limits, outdated_misses, recalled_miss
from gkevents.aggregates.unit_year import record
from gkevents.calendar import Calendar
from gkevents.schemes.catalog import calendar_notices
from tests.aggregates.desk import UNIT, Desk

FIRST = Calendar.of(n for n in calendar_notices() if n.year <= 2018 or (n.year == 2019 and n.issued_on.year == 2018))
"""May Day 2019 as it was first published: one day off, and the days around it worked."""
AMENDED = Calendar.of(calendar_notices())


@pytest.fixture
def desk() -> Desk:
    """A limit that a scan has recorded as missed: it ended on 2019-05-02, and ends on 05-05 by the amended calendar."""
    desk = Desk("beilun-2019", calendar=FIRST)
    desk.log("deadline-opened", "B-D2", "2019-04-29", key="k", limit="2 working days", ref="d")
    [miss] = desk.scan("2019-05-03")
    assert miss["ref"] == "scan:d:2019-05-02"
    return desk


MISS = "scan:d:2019-05-02"


def step(desk: Desk, kind: str, of: Body, on: str, **fields: Any) -> Body:  # noqa: ANN401 - fields of a step
    """Store a step of the case that a fact opened."""
    desk.position += 1
    said = {"ref": f"r{desk.position}", "type": kind, "unit": UNIT, "effective_on": on, "of": of["ref"], **fields}
    body = record(desk.state, canonical(said), recorded_at=desk.now, calendar=desk.calendar, about=of)
    desk.keep(body)
    return body


def recall(desk: Desk, ref: str, of: str = MISS) -> None:
    """The program takes a miss back."""
    desk.position += 1
    body = {"ref": ref, "type": "retraction", "unit": UNIT, "effective_on": "2019-05-04", "of": of, "scanned": True}
    desk.keep(body)


def outdated(desk: Desk, calendar: Calendar = AMENDED) -> list[tuple[str, dt.date, Any]]:
    return [
        (one.miss.ref, one.before, one.due)
        for one in outdated_misses(desk.state, [MISS, "d", "none"], calendar=calendar)
    ]


def test_a_miss_that_lies_within_its_limit_by_the_amended_calendar_is_outdated(desk: Desk) -> None:
    assert outdated(desk) == [(MISS, dt.date(2019, 5, 2), dt.date(2019, 5, 5))]
    assert outdated(desk, FIRST) == []


def test_a_limit_that_reaches_beyond_the_calendar_is_no_longer_missed(desk: Desk) -> None:
    unpublished = Calendar.of(n for n in calendar_notices() if n.year <= 2018)
    assert outdated(desk, unpublished) == [(MISS, dt.date(2019, 5, 2), None)]


def test_a_miss_recorded_by_hand_is_people_s_to_take_back() -> None:
    desk = Desk("beilun-2019", calendar=FIRST)
    desk.log("deadline-opened", "B-D2", "2019-04-29", key="k", limit="2 working days", ref="d")
    desk.log("deadline-missed", "B-D2", "2019-05-03", key="k", ref=MISS)
    assert outdated(desk) == []


def test_a_miss_that_fell_with_its_opening_is_not_taken_back_as_well(desk: Desk) -> None:
    desk.log("retraction", of="d")
    assert outdated(desk) == []


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_miss_that_people_took_back_is_left_to_them(desk: Desk, kind: str) -> None:
    desk.log(kind, of=MISS)
    assert outdated(desk) == []
    desk.calendar = AMENDED
    assert desk.scan("2019-05-31") == []


def test_what_the_program_took_back_is_recorded_anew_when_it_has_run_out(desk: Desk) -> None:
    recall(desk, "b")
    assert outdated(desk) == []
    assert recalled_miss(desk.state, key="k", opening="d") == desk.state.by_ref[MISS]
    desk.calendar = AMENDED
    assert desk.scan("2019-05-05") == []
    assert [miss["ref"] for miss in desk.scan("2019-05-06")] == ["scan:d:2019-05-05"]
    assert desk.scan("2019-05-31") == []


def test_what_the_program_took_back_is_recorded_anew_by_the_old_calendar_too(desk: Desk) -> None:
    recall(desk, "b")
    assert [miss["ref"] for miss in desk.scan("2019-05-31")] == [MISS]


def test_what_the_program_and_people_took_back_stays_taken_back(desk: Desk) -> None:
    recall(desk, "b")
    desk.log("duplicate-ruling", of=MISS)
    assert recalled_miss(desk.state, key="k", opening="d") is None
    assert desk.scan("2019-05-31") == []


def test_where_people_undid_what_the_program_took_back_it_is_not_done_again(desk: Desk) -> None:
    recall(desk, "b")
    desk.log("retraction", of="b")
    assert outdated(desk) == []
    assert recalled_miss(desk.state, key="k", opening="d") is None
    assert desk.scan("2019-05-31") == []


def test_only_the_limits_under_some_keys_are_scanned() -> None:
    desk = Desk("beilun-2019", calendar=FIRST)
    for key in ("k1", "k2", "k3"):
        desk.log("deadline-opened", "B-D2", "2019-04-29", key=key, limit="2 working days")
    found = missed_limits(desk.state, as_of=dt.date(2019, 5, 31), calendar=FIRST, keys=["k2", "none", "k2"])
    assert [miss["key"] for miss in found] == ["k2"]


def contested(desk: Desk) -> Body:
    miss = {"ref": MISS, "type": "deadline-missed", "unit": UNIT, "effective_on": "2019-05-03", "item": "B-D2"}
    step(desk, "case-notified", miss, "2019-05-04")
    step(desk, "case-contested", miss, "2019-05-04", reason="样本")
    return miss


def test_a_miss_that_was_overturned_is_never_recorded_again(desk: Desk) -> None:
    miss = contested(desk)
    step(desk, "case-overturned", miss, "2019-05-05", by="样本领导", reason="样本")
    assert desk.scan("2019-05-31") == []
    desk.calendar = AMENDED
    assert (outdated(desk), desk.scan("2019-05-31")) == ([], [])


def test_a_miss_that_was_upheld_goes_with_the_calendar_like_any_other(desk: Desk) -> None:
    miss = contested(desk)
    step(desk, "case-upheld", miss, "2019-05-05", by="样本领导", reason="样本")
    assert len(outdated(desk)) == 1


def ordered(desk: Desk) -> Body:
    """An order to put a fault right, by 2019-06-05, on no item."""
    card = desk.log("criticism", "B-D1", "2019-05-05", ref="c")
    step(desk, "case-notified", card, "2019-05-06")
    step(desk, "case-accepted", card, "2019-05-06")
    step(desk, "rectification-ordered", card, "2019-05-07", ref="o", limit="2019-06-05")
    return card


def test_an_order_that_nobody_reported_on_is_missed_on_no_item(desk: Desk) -> None:
    ordered(desk)
    [miss] = desk.scan("2019-06-30")
    assert (miss["type"], miss["key"], miss["of"], miss["ref"]) == (
        "deadline-missed", "o", "o", "scan:o:2019-06-05",
    )  # fmt: skip
    assert "item" not in miss
    assert desk.scan("2019-06-30") == []


def test_a_report_that_was_sent_back_is_no_answer(desk: Desk) -> None:
    card = ordered(desk)
    step(desk, "rectification-reported", card, "2019-06-01")
    assert desk.scan("2019-06-30") == []
    step(desk, "rectification-returned", card, "2019-06-02", by="样本领导", reason="样本")
    assert [miss["key"] for miss in desk.scan("2019-06-30")] == ["o"]


def test_a_report_made_again_in_time_is_an_answer(desk: Desk) -> None:
    card = ordered(desk)
    step(desk, "rectification-reported", card, "2019-06-01")
    step(desk, "rectification-returned", card, "2019-06-02", by="样本领导", reason="样本")
    step(desk, "rectification-reported", card, "2019-06-05")
    assert desk.scan("2019-06-30") == []


def test_an_order_falls_with_its_case(desk: Desk) -> None:
    ordered(desk)
    desk.log("retraction", of="c")
    assert desk.scan("2019-06-30") == []
