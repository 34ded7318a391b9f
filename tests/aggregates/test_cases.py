"""The life of a case: every step, and every reason to refuse one."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.aggregates.cases import FOLLOWING, OPEN_CASES, following, in_order, window_end
from gkevents.aggregates.facts import restated
from gkevents.aggregates.unit_year import case_of
from gkevents.scoring.fact import STEPS
from tests.aggregates.case_desk import DECIDED, FILE, WINDOW, card_desk, case, least, lived, ruled, take
from tests.aggregates.desk import Desk
from tests.app.case_office import case_edition
from tests.scoring.made import NO_CALENDAR


@pytest.fixture
def desk() -> Desk:
    """A desk with one supervision card `c` of May 5th, recorded by 张三."""
    return card_desk()


# ---- the life


@pytest.mark.parametrize(
    "life",
    [
        "endorsed notified accepted closed",
        "notified contested upheld closed",
        "notified contested reduced closed",
        "notified contested overturned closed",
        "notified accepted ordered reported verified closed",
        "notified contested upheld ordered planned reported verified closed",
        "endorsed notified contested reduced ordered reported verified closed",
    ],
)
def test_a_case_goes_through_its_life(desk: Desk, life: str) -> None:
    for step in life.split():
        assert any(name.endswith(f"-{step}") for name in following(case(desk)))
        take(desk, step)
    assert lived(desk) == life.split()
    assert following(case(desk)) == ()


def test_what_is_sent_back_is_reported_again(desk: Desk) -> None:
    take(desk, "notified", "accepted", "ordered", "reported", "returned")
    take(desk, "reported", ref="again")
    take(desk, "returned", ref="back again")
    take(desk, "planned")
    take(desk, "reported", ref="at last")
    take(desk, "verified", "closed")
    assert lived(desk)[-4:] == ["planned", "reported", "verified", "closed"]


@pytest.mark.parametrize("kind", sorted(OPEN_CASES))
def test_every_priced_fact_opens_a_case(kind: str) -> None:
    about = {"ref": "x", "type": kind, "effective_on": "2020-05-05"}
    desk = Desk(case_edition())
    found = case_of(desk.state, "x", about, kind="case-notified")
    assert (found.state, found.recorded_by, following(found)) == (
        "recorded", None, ("case-endorsed", "case-notified"),
    )  # fmt: skip


def test_in_order_is_what_the_table_says() -> None:
    assert in_order([])
    assert in_order(["case-notified", "case-contested", "case-upheld"])
    assert not in_order(["case-contested"])
    assert in_order(["case-notified"])
    assert not in_order(["case-notified"], second=True)
    assert in_order(["case-endorsed", "case-notified"], second=True)
    ordered = ["case-notified", "case-accepted", "rectification-ordered"]
    assert in_order([*ordered, "rectification-reported"])
    assert not in_order([*ordered, "rectification-reported"], plan=True)
    assert in_order([*ordered, "rectification-planned", "rectification-reported"], plan=True)
    assert in_order(["case-notified", "case-closed"])
    assert not in_order(["case-notified", "case-closed"], heard=True)
    assert {kind for may in FOLLOWING.values() for kind in may} == STEPS == {*FOLLOWING} - {"recorded"}


# ---- refusals, in the order in which they are checked


def test_a_step_on_a_fact_that_is_not_there_is_refused(desk: Desk) -> None:
    sentence = desk.refuses(no_case.NoSuchFact, "case-notified", of="c1")
    assert sentence == "There is no fact c1 here that a case-notified could be about. Did you mean c?"
    empty = Desk(case_edition())
    sentence = empty.refuses(no_case.NoSuchFact, "case-notified", of="c1")
    assert sentence == "There is no fact c1 here that a case-notified could be about. "
    sentence = desk.refuses(no_case.NoSuchFact, "evidence-attached", of="c1", **FILE)
    assert sentence == "There is no fact c1 here that a evidence-attached could be about. Did you mean c?"


def test_a_step_on_what_opens_no_case_is_refused(desk: Desk) -> None:
    desk.log("netizen-message", "M", key="k", ref="m")
    take(desk, "notified")
    for of, kind in (("m", "netizen-message"), ("notified", "case-notified")):
        sentence = desk.refuses(no_case.NoCase, "case-notified", of=of)
        assert sentence == (
            f"{of} is a {kind} and opens no case: name the fact that costs or brings points (of a limit, its recorded "
            "miss)."
        )


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_case_whose_fact_was_taken_back_takes_no_step(desk: Desk, kind: str) -> None:
    take(desk, "notified")
    desk.log(kind, of="c", ref="back")
    sentence = desk.refuses(no_case.CaseVoid, "case-accepted", of="c")
    assert sentence == "c has been taken back by back: there is nothing left to decide about it."
    desk.log("retraction", of="back", ref="again")
    take(desk, "accepted")
    assert lived(desk) == ["notified", "accepted"]


def test_a_scanned_miss_whose_opening_was_taken_back_takes_no_step() -> None:
    desk = Desk(case_edition())
    desk.log("netizen-message", "M", key="k", ref="m")
    (miss,) = desk.scan("2020-06-01")
    take(desk, "notified", of=miss["ref"], on="2020-05-09")
    desk.log("retraction", of="m", ref="back")
    sentence = desk.refuses(no_case.CaseVoid, "case-accepted", of=miss["ref"])
    assert sentence.startswith("scan:m:2020-05-08 has been taken back by back:")


def test_a_step_that_does_not_follow_is_refused(desk: Desk) -> None:
    sentence = desk.refuses(no_case.StepOutOfOrder, "case-accepted", of="c")
    assert sentence == (
        "The case c is recorded: a case-accepted does not follow. What can follow: case-endorsed, case-notified."
    )
    take(desk, "notified")
    sentence = desk.refuses(no_case.StepOutOfOrder, "case-upheld", of="c", **DECIDED)
    assert sentence == (
        "The case c is case-notified: a case-upheld does not follow. What can follow: case-accepted, case-contested."
    )


def test_no_step_out_of_the_table_is_taken(desk: Desk) -> None:
    path = ["", "endorsed", "notified", "contested", "upheld", "ordered", "planned", "reported", "verified"]
    for word in path:
        take(desk, *([word] if word else []))
        found = case(desk)
        for kind in sorted(STEPS - {*FOLLOWING[found.state]}):
            desk.refuses(no_case.StepOutOfOrder, kind, of="c", **least(kind))
    assert lived(desk) == path[1:]


def test_a_closed_case_takes_no_step_until_that_is_taken_back(desk: Desk) -> None:
    take(desk, "notified", "accepted")
    take(desk, "closed", on="2020-05-09")
    sentence = desk.refuses(no_case.CaseIsClosed, "rectification-ordered", None, "2020-05-10", of="c")
    assert sentence == (
        "The case c was closed on 2020-05-09 (closed). To open it again, take that back: retraction of closed."
    )
    desk.log("retraction", of="closed")
    take(desk, "ordered", on="2020-05-10")
    assert lived(desk) == ["notified", "accepted", "ordered"]


def test_four_eyes_are_asked_of_the_types_that_the_office_names(desk: Desk) -> None:
    ruled(desk, four_eyes=frozenset({"supervision-card"}))
    assert following(case(desk), desk.state.rules) == ("case-endorsed",)
    sentence = desk.refuses(no_case.EndorsementNeeded, "case-notified", of="c")
    assert sentence == (
        "The office's rules ask for a second person on supervision-card: record a case-endorsed on c first."
    )
    take(desk, "endorsed", "notified")
    desk.log("praise", "P", level="city", ref="p")
    take(desk, "notified", of="p", ref="p told")
    assert lived(desk, "p") == ["notified"]


def test_a_mark_cannot_be_reduced(desk: Desk) -> None:
    desk.log("grade", "G", points="7", ref="g")
    take(desk, "notified", "contested", of="g")
    assert following(case(desk, "g")) == ("case-upheld", "case-overturned")
    sentence = desk.refuses(no_case.MarkNotReduced, "case-reduced", of="g", amount="1", **DECIDED)
    assert sentence == "g is a grade, which cannot be reduced: overturn it and record a new one."
    take(desk, "overturned", of="g")


def test_a_plan_must_come_before_the_report_where_the_office_asks_for_one(desk: Desk) -> None:
    ruled(desk, plan="3 working days")
    take(desk, "notified", "accepted", "ordered")
    assert following(case(desk), desk.state.rules) == ("rectification-planned",)
    sentence = desk.refuses(no_case.PlanNeeded, "rectification-reported", of="c")
    assert sentence == "The office's rules ask for a plan first: record a rectification-planned on c."
    take(desk, "planned", "reported", "returned")
    assert following(case(desk), desk.state.rules) == ("rectification-planned", "rectification-reported")
    take(desk, "reported", ref="again")


def test_a_plan_asked_for_only_later_comes_before_the_next_report(desk: Desk) -> None:
    take(desk, "notified", "accepted", "ordered", "reported", "returned")
    ruled(desk, plan="3 working days")
    assert following(case(desk), desk.state.rules) == ("rectification-planned",)
    desk.refuses(no_case.PlanNeeded, "rectification-reported", of="c")


def test_a_step_is_not_dated_before_what_it_follows(desk: Desk) -> None:
    sentence = desk.refuses(no_case.StepTooEarly, "case-notified", None, "2020-05-04", of="c")
    assert sentence == "A case-notified on c cannot be dated 2020-05-04, before c of 2020-05-05."
    take(desk, "notified", on="2020-05-07T10:00:00+08:00")
    sentence = desk.refuses(no_case.StepTooEarly, "case-accepted", None, "2020-05-07T09:59:00+08:00", of="c")
    assert sentence == (
        "A case-accepted on c cannot be dated 2020-05-07 09:59:00+08:00, before notified of 2020-05-07 10:00:00+08:00."
    )
    take(desk, "accepted", on="2020-05-07")
    sentence = desk.refuses(no_case.StepTooEarly, "rectification-ordered", None, "2020-05-07T09:59:00+08:00", of="c")
    assert sentence.endswith("before notified of 2020-05-07 10:00:00+08:00.")
    take(desk, "ordered", on="2020-05-07T10:00:00+08:00")


def test_a_step_is_neither_of_the_future_nor_before_the_year_but_may_be_after_it(desk: Desk) -> None:
    desk.refuses(no.InTheFuture, "case-notified", None, "2021-07-01", of="c")
    desk.refuses(no.BeforeYear, "case-notified", None, "2019-12-31", of="c")
    take(desk, "notified", on="2021-02-01")


def test_the_second_person_is_not_the_first(desk: Desk) -> None:
    sentence = desk.refuses(no_case.SamePerson, "case-endorsed", of="c", by="张 三")
    assert sentence == "张 三 recorded c: somebody else must endorse it."
    desk.log("occurrence", "T", ref="o")
    sentence = desk.refuses(no_case.RecorderUnknown, "case-endorsed", of="o", by="张三")
    assert sentence == (
        "Nobody is named as having recorded o, so a second person cannot be told from the first. Name them: gk correct "
        "o --reason … recorded_by=NAME"
    )
    take(desk, "endorsed", by="李四")


def test_a_unit_contests_within_the_window(desk: Desk) -> None:
    take(ruled(desk, contest_window=WINDOW), "notified", on="2020-05-07")
    assert window_end(case(desk), desk.state.rules, desk.calendar) == dt.date(2020, 5, 13)
    sentence = desk.refuses(no_case.WindowOver, "case-contested", None, "2020-05-14", of="c", reason="不服")
    assert sentence == (
        "c could be contested until 2020-05-13 (notified 2020-05-07, 5 working days); 2020-05-14 is too late. Close "
        "the case, or take the notice back and notify anew."
    )
    take(desk, "contested", on="2020-05-13")


def test_a_silent_unit_is_waited_for_as_long_as_the_window_is_open(desk: Desk) -> None:
    take(ruled(desk, contest_window=WINDOW), "notified", on="2020-05-07")
    for kind in ("rectification-ordered", "case-closed"):
        sentence = desk.refuses(no_case.NotYetAccepted, kind, None, "2020-05-13", of="c")
        assert sentence == (
            "The unit has neither accepted nor contested c, and it still may: until 2020-05-13. Record case-accepted "
            "or case-contested, or wait."
        )
    take(desk, "ordered", on="2020-05-14")
    assert lived(desk) == ["notified", "ordered"]


def test_beyond_the_published_calendar_the_window_is_open(desk: Desk) -> None:
    desk.calendar = NO_CALENDAR
    take(ruled(desk, contest_window=WINDOW), "notified")
    assert window_end(case(desk), desk.state.rules, desk.calendar) is None
    sentence = desk.refuses(no_case.NotYetAccepted, "case-closed", None, "2021-05-13", of="c")
    assert "until …" in sentence
    take(desk, "contested", on="2021-05-13")


def test_without_a_window_nothing_goes_on_without_the_unit(desk: Desk) -> None:
    take(desk, "notified")
    for kind in ("rectification-ordered", "case-closed"):
        sentence = desk.refuses(no_case.NoWindow, kind, None, "2020-12-01", of="c")
        assert sentence == (
            "The unit has neither accepted nor contested c, and the office's rules state no contest window that could "
            "have run out. Record case-accepted or case-contested, or state a window: gk case rules"
        )


DECISIONS: list[tuple[str, dict[str, str]]] = [
    ("case-upheld", {}), ("case-overturned", {}), ("case-reduced", {"amount": "1"}),
]  # fmt: skip


def test_only_those_decide_whom_the_office_names(desk: Desk) -> None:
    ruled(desk, deciders=frozenset({"张三", "李四"}))
    take(desk, "notified", "contested")
    for kind, more in DECISIONS:
        sentence = desk.refuses(no_case.MayNotDecide, kind, of="c", **DECIDED, **more)
        assert sentence == "王五 may not decide on c: the office's rules name 张三, 李四."
    take(desk, "upheld", by="李 四")


def test_evidence_names_its_file_by_a_digest(desk: Desk) -> None:
    sentence = desk.refuses(no.FieldUnreadable, "evidence-attached", of="c", **{**FILE, "digest": "ab"})
    assert sentence == "digest cannot be ab: a SHA-256 is expected: 64 hexadecimal digits."


def test_evidence_shows_a_fact_that_stands_and_no_other_evidence(desk: Desk) -> None:
    desk.log("evidence-attached", of="c", ref="e", **FILE)
    sentence = desk.refuses(no_case.FileOfFile, "evidence-attached", of="e", **FILE)
    assert sentence == "e is itself a file that shows c: attach this one to c too."
    desk.log("retraction", of="c", ref="back")
    sentence = desk.refuses(no.AlreadyTakenBack, "evidence-attached", of="c", **FILE)
    assert sentence == "c has already been taken back, by back."


def test_evidence_is_not_corrected(desk: Desk) -> None:
    body = desk.log("evidence-attached", of="c", ref="e", **FILE)
    with pytest.raises(no.CannotCorrect, match="it stands for a file; take it back and attach the right one"):
        restated(body, {"digest": "cd" * 32}, ref="e-c1")
