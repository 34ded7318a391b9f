"""What a case brings with it: orders with their limits, steps taken back, what is due and when."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.cases import Case, Due, following, next_due, window_end
from tests.aggregates.case_desk import FILE, WINDOW, card_desk, case, lived, ruled, take
from tests.aggregates.desk import Desk
from tests.scoring.made import NO_CALENDAR


@pytest.fixture
def desk() -> Desk:
    """A desk with one supervision card `c` of May 5th, recorded by 张三."""
    return card_desk()


# ---- an order to put right, and its limit


def test_an_order_opens_its_limit_under_its_own_number(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    body = desk.log("rectification-ordered", "L", "2020-05-07", of="c", ref="o", limit="5 working days")
    assert (body["key"], body["limit"], body["due"]) == ("o", "5 working days", "2020-05-13")
    report = desk.log("rectification-reported", None, "2020-05-13", of="c")
    assert report["key"] == "o"


def test_the_office_s_own_limit_stands_in_for_one_that_is_not_given(desk: Desk) -> None:
    ruled(desk, rectification="15 working days")
    take(desk, "notified", "accepted")
    body = desk.log("rectification-ordered", None, "2020-05-07", of="c", ref="o")
    assert (body["limit"], body["own_limit"], body["due"]) == ("15 working days", True, "2020-05-27")
    assert "item" not in body


def test_an_order_without_any_limit_opens_none(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    body = desk.log("rectification-ordered", None, "2020-05-07", of="c", ref="o")
    assert not {"key", "limit", "due"} & {*body}
    assert desk.state.opening("o") is None
    assert "key" not in desk.log("rectification-reported", None, "2020-05-13", of="c")


def test_an_order_on_an_item_needs_a_limit(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    sentence = desk.refuses(no.LimitNeeded, "rectification-ordered", "L", of="c")
    assert sentence.startswith("L states no single limit of its own")


def test_an_order_in_hours_asks_for_the_minute_of_the_report(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    desk.refuses(no.InstantNeeded, "rectification-ordered", None, of="c", limit="5 hours")
    desk.log("rectification-ordered", None, "2020-05-07T10:00:00+08:00", of="c", ref="o", limit="5 hours")
    desk.refuses(no.InstantNeeded, "rectification-reported", None, "2020-05-07", of="c")
    desk.log("rectification-reported", None, "2020-05-07T15:00:00+08:00", of="c")


def test_a_limit_and_an_order_do_not_share_a_key(desk: Desk) -> None:
    desk.log("deadline-opened", "L", key="o", limit="5 working days", ref="d")
    take(desk, "notified", "accepted")
    sentence = desk.refuses(no.KeyTaken, "rectification-ordered", None, of="c", ref="o", limit="5 working days")
    assert sentence == "o is already open as a limit on L (d). Give this one a key of its own."
    take(desk, "ordered", limit="5 working days")
    sentence = desk.refuses(no.KeyTaken, "deadline-opened", "L", key="ordered", limit="5 working days")
    assert sentence == "ordered is already open as a limit on – (ordered). Give this one a key of its own."


def test_an_order_does_not_come_back_to_a_key_that_was_opened_since(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    take(desk, "ordered", limit="5 working days")
    desk.log("retraction", of="ordered", ref="back")
    desk.log("deadline-opened", "L", key="ordered", limit="5 working days", ref="d")
    desk.refuses(no.KeyTaken, "retraction", of="back")
    take(desk, "ordered", ref="anew", limit="5 working days")
    desk.log("retraction", of="c", ref="void")
    desk.log("deadline-opened", "L", key="anew", limit="5 working days", ref="e")
    sentence = desk.refuses(no.KeyTaken, "retraction", of="void")
    assert sentence == "anew is already open as a limit on L (e). Give this one a key of its own."


def test_an_order_is_answered_by_its_report_alone(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    take(desk, "ordered", limit="5 working days")
    sentence = desk.refuses(no_case.ReportInstead, "deadline-met", key="ordered")
    assert sentence == ("ordered is an order to put a fault right: answer it with a rectification-reported on c.")
    desk.refuses(no_case.ReportInstead, "netizen-reply", key="ordered")


def test_an_order_that_names_no_item_is_missed_by_a_scan_alone(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    take(desk, "ordered", limit="5 working days")
    sentence = desk.refuses(no_case.MissOfOrder, "deadline-missed", "L", "2020-06-01", key="ordered")
    assert sentence == (
        "ordered is an order to put a fault right that names no item, so that missing it costs nothing; gk deadlines "
        "scan records it."
    )
    (miss,) = desk.scan("2020-06-01")
    assert (miss["type"], miss["of"], miss["key"], "item" in miss) == ("deadline-missed", "ordered", "ordered", False)
    take(desk, "notified", of=miss["ref"], on="2020-06-01", ref="told of the miss")


def test_a_miss_of_an_order_on_an_item_may_be_said_by_hand(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    desk.log("rectification-ordered", "L", of="c", ref="o", limit="5 working days")
    desk.log("deadline-missed", "L", "2020-06-01", key="o")
    assert desk.scan("2020-06-02") == []


def test_a_miss_said_by_hand_falls_with_its_order(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    desk.log("rectification-ordered", "L", of="c", ref="o", limit="5 working days")
    desk.log("deadline-missed", "L", "2020-06-01", key="o", ref="m")
    assert not desk.state.is_gone("m")
    desk.log("retraction", of="o", ref="back")
    assert desk.state.is_gone("m")
    assert desk.refuses(no_case.CaseVoid, "case-notified", None, "2020-06-02", of="m").startswith(
        "m has been taken back by back"
    )


# ---- what is taken back


def test_a_step_is_no_duplicate(desk: Desk) -> None:
    take(desk, "notified")
    desk.log("evidence-attached", of="notified", ref="e", **FILE)
    for of, kind in (("notified", "case-notified"), ("e", "evidence-attached")):
        sentence = desk.refuses(no_case.StepNotRuled, "duplicate-ruling", of=of)
        assert sentence == f"{of} is a {kind}, which cannot be a duplicate; take it back instead (retraction)."
        desk.log("retraction", of=of)


def test_the_last_step_may_be_taken_back_and_taken_anew(desk: Desk) -> None:
    take(desk, "notified", "contested", "overturned")
    desk.log("retraction", of="overturned")
    assert case(desk).state == "case-contested"
    take(desk, "upheld")
    assert lived(desk) == ["notified", "contested", "upheld"]


def test_a_step_that_later_ones_hang_on_is_not_taken_back(desk: Desk) -> None:
    take(desk, "notified", "contested", "upheld")
    for of in ("contested", "notified"):
        sentence = desk.refuses(no_case.StepsHangOnIt, "retraction", of=of)
        assert sentence == (
            f"{of} is a step of the case c, and upheld was built on it: take the later steps back first."
        )


@pytest.mark.parametrize("next_step", ["ordered", "closed"])
def test_an_acceptance_is_not_taken_back_from_under_what_followed_from_it(desk: Desk, next_step: str) -> None:
    take(desk, "notified", "accepted", next_step)
    desk.refuses(no_case.StepsHangOnIt, "retraction", of="accepted")
    desk.log("retraction", of=next_step)
    desk.log("retraction", of="accepted")
    assert lived(desk) == ["notified"]


def test_what_went_on_after_the_window_stays_as_it_is(desk: Desk) -> None:
    take(ruled(desk, contest_window=WINDOW), "notified", on="2020-05-07")
    take(desk, "closed", on="2020-05-14")
    desk.state.rules = NO_RULES
    desk.refuses(no_case.StepsHangOnIt, "retraction", of="notified")
    desk.log("retraction", of="closed", ref="open")
    desk.log("retraction", of="open")
    assert lived(desk) == ["notified", "closed"]


def test_an_endorsement_is_not_taken_back_where_the_office_asks_for_it(desk: Desk) -> None:
    take(desk, "endorsed", "notified")
    ruled(desk, four_eyes=frozenset({"supervision-card"}))
    desk.refuses(no_case.StepsHangOnIt, "retraction", of="endorsed")
    desk.state.rules = NO_RULES
    desk.log("retraction", of="endorsed")
    assert lived(desk) == ["notified"]


def test_a_plan_is_not_taken_back_where_the_office_asks_for_it(desk: Desk) -> None:
    take(ruled(desk, plan="3 working days"), "notified", "accepted", "ordered", "planned", "reported")
    desk.refuses(no_case.StepsHangOnIt, "retraction", of="planned")
    desk.state.rules = NO_RULES
    desk.log("retraction", of="planned")
    assert lived(desk)[-2:] == ["ordered", "reported"]


def test_rules_that_came_later_do_not_hold_a_step_that_never_kept_to_them(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    ruled(desk, four_eyes=frozenset({"supervision-card"}))
    desk.log("retraction", of="accepted", ref="back")
    desk.log("retraction", of="back")
    assert lived(desk) == ["notified", "accepted"]


def test_a_step_stands_again_only_where_it_was_recorded(desk: Desk) -> None:
    take(desk, "notified", "contested")
    desk.log("retraction", of="contested", ref="back")
    take(desk, "accepted")
    sentence = desk.refuses(no_case.StepNoLongerFits, "retraction", of="back")
    assert sentence == (
        "The case c does not stand any more where contested was recorded in it: record that step anew, under a number "
        "of its own."
    )
    desk.log("retraction", of="accepted")
    desk.log("retraction", of="back")
    assert lived(desk) == ["notified", "contested"]


def test_a_plan_does_not_stand_again_under_a_report_dated_before_it(desk: Desk) -> None:
    take(desk, "notified", "accepted", "ordered")
    take(desk, "planned", on="2020-06-20")
    desk.log("retraction", of="planned", ref="back")
    take(desk, "reported", on="2020-06-12")
    desk.refuses(no_case.StepNoLongerFits, "retraction", of="back")


def test_a_notice_taken_back_stands_again_though_four_eyes_are_asked_by_now(desk: Desk) -> None:
    take(desk, "notified")
    desk.log("retraction", of="notified", ref="back")
    ruled(desk, four_eyes=frozenset({"supervision-card"}))
    desk.log("retraction", of="back")
    assert lived(desk) == ["notified"]


def test_the_end_does_not_stand_again_where_the_unit_is_no_longer_heard(desk: Desk) -> None:
    take(desk, "notified", "accepted", "closed")
    desk.log("retraction", of="closed", ref="open")
    desk.log("retraction", of="accepted")
    desk.refuses(no_case.StepNoLongerFits, "retraction", of="open")
    assert lived(desk) == ["notified"]


# ---- what is due


def due(desk: Desk) -> Due | None:
    return next_due(case(desk), desk.state.rules, desk.calendar)


def test_what_runs_against_a_clock_is_told_step_by_step(desk: Desk) -> None:
    ruled(desk, contest_window=WINDOW, plan="3 working days", rectification="10 working days", recheck="2 working days")
    assert due(desk) is None
    take(desk, "notified", on="2020-05-07")
    assert following(case(desk), desk.state.rules) == (
        "case-accepted", "case-contested", "rectification-ordered", "case-closed",
    )  # fmt: skip
    assert due(desk) == ("case-contested", dt.date(2020, 5, 13))
    take(desk, "contested", on="2020-05-08")
    assert due(desk) is None
    take(desk, "upheld", "ordered", on="2020-05-08")
    assert due(desk) == ("rectification-planned", dt.date(2020, 5, 12))
    take(desk, "planned", on="2020-05-09")
    assert due(desk) == ("rectification-reported", dt.date(2020, 5, 21))
    take(desk, "reported", on="2020-05-11")
    assert due(desk) == ("rectification-verified", dt.date(2020, 5, 13))
    take(desk, "returned", on="2020-05-12")
    assert due(desk) == ("rectification-reported", dt.date(2020, 5, 21))
    take(desk, "reported", on="2020-05-12", ref="again")
    take(desk, "verified", on="2020-05-12")
    assert due(desk) is None


def test_without_rules_and_limits_nothing_is_due(desk: Desk) -> None:
    for step in ("notified", "accepted", "ordered", "planned", "reported", "returned"):
        take(desk, step)
        assert due(desk) is None
    assert window_end(case(desk), NO_RULES, desk.calendar) is None
    assert window_end(Case(case(desk).fact, None, ()), CaseRules(contest_window=WINDOW), desk.calendar) is None


def test_what_is_due_beyond_the_calendar_has_no_day(desk: Desk) -> None:
    desk.calendar = NO_CALENDAR
    take(ruled(desk, contest_window=WINDOW), "notified")
    assert due(desk) == ("case-contested", None)
