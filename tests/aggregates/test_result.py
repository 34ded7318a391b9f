"""The year's result: every decision on it, and every reason to refuse one."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates import refusals as no
from gkevents.aggregates import result_refusals as no_result
from gkevents.aggregates.result import (
    APPROVED,
    NONE,
    PROPOSED,
    PUBLISHED,
    REOPENED,
    Result,
    ResultApproved,
    ResultProposed,
    ResultPublished,
    ResultReopened,
    approve,
    check_publish_by,
    closed_or_refused,
    evolve,
    propose,
    publish,
    reopen,
    same_person,
)
from gkevents.terms import BEIJING
from gkevents.words import N_, message

DIGEST: Final = "0123456789abcdef" * 4
OTHER: Final = "f" * 64
NOW: Final = dt.datetime(2021, 6, 1, 9, tzinfo=BEIJING)
EMPTY: Final = Result("s", 2020)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def proposal(**said: Any) -> ResultProposed:  # noqa: ANN401 - fields of the event
    given: dict[str, Any] = {
        "by": "张三", "on": day("2021-02-01"), "known_at": 14, "editions": ("e",), "program": "1", "digest": DIGEST,
        **said,
    }  # fmt: skip
    return ResultProposed(**given)


def approval(**said: Any) -> ResultApproved:  # noqa: ANN401
    given: dict[str, Any] = {"by": "李四", "on": day("2021-02-02"), "document": "文2", "digest": DIGEST, **said}
    return ResultApproved(**given)


def publication(**said: Any) -> ResultPublished:  # noqa: ANN401
    given: dict[str, Any] = {"on": day("2021-04-30"), "where": "网站", **said}
    return ResultPublished(**given)


def reopening(**said: Any) -> ResultReopened:  # noqa: ANN401
    given: dict[str, Any] = {"by": "王五", "on": day("2021-05-03"), "document": "文3", "reason": "漏登", **said}
    return ResultReopened(**given)


def after(*events: Any) -> Result:  # noqa: ANN401 - events of a result
    result = EMPTY
    for event in events:
        result = evolve(result, event)
    return result


WAITING: Final = after(proposal())
CLOSED: Final = after(proposal(), approval())
OUT: Final = after(proposal(publish_by=day("2021-04-30")), approval(), publication())
OPENED: Final = after(proposal(), approval(), publication(), reopening())


# ---------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("result", "state"),
    [(EMPTY, NONE), (WAITING, PROPOSED), (CLOSED, APPROVED), (OUT, PUBLISHED), (OPENED, REOPENED)],
)
def test_a_result_is_where_its_last_round_is(result: Result, state: str) -> None:
    assert result.state == state
    assert (result.closed is not None) is (state in (APPROVED, PUBLISHED))
    assert (result.waiting is not None) is (state == PROPOSED)


def test_a_round_tells_what_happened_to_it_in_order() -> None:
    last = OPENED.last
    assert last is not None
    assert [type(act).__name__ for act in last.acts] == [
        "ResultProposed", "ResultApproved", "ResultPublished", "ResultReopened",
    ]  # fmt: skip
    assert EMPTY.last is None


@pytest.mark.parametrize(("on", "late"), [("2021-04-29", 0), ("2021-04-30", 0), ("2021-05-03", 3)])
def test_a_publication_past_its_day_is_late_by_so_many_days(on: str, late: int) -> None:
    last = after(proposal(publish_by=day("2021-04-30")), approval(), publication(on=day(on))).last
    assert last is not None
    assert last.days_late == late


def test_nothing_is_late_before_it_is_published_or_without_a_day() -> None:
    for result in (
        after(proposal(publish_by=day("2021-01-01")), approval()),
        after(proposal(), approval(), publication()),
    ):
        assert result.last is not None
        assert result.last.days_late == 0


# ---------------------------------------------------------------- proposing


def test_what_is_ready_is_proposed() -> None:
    assert propose(EMPTY, proposal(reason="年度考核"), now=NOW) == (proposal(reason="年度考核"),)


def test_a_reason_to_propose_despite_is_kept_only_where_something_is_missing() -> None:
    (told,) = propose(EMPTY, proposal(despite="等不及", lacking=2), now=NOW)
    assert (told.despite, told.lacking) == ("等不及", 2)
    (told,) = propose(EMPTY, proposal(despite="等不及"), now=NOW)
    assert told.despite is None


def test_a_proposal_that_waits_is_superseded_by_another() -> None:
    (told,) = propose(WAITING, proposal(digest=OTHER, on=day("2021-02-02")), now=NOW)
    assert after(proposal(), told).waiting == told
    assert told.replaces is None


def test_a_second_result_says_which_it_replaces() -> None:
    (told,) = propose(OPENED, proposal(digest=OTHER, on=day("2021-05-04")), now=NOW)
    assert told.replaces == DIGEST
    assert evolve(OPENED, told).state == PROPOSED
    assert OPENED.approved_last == OPENED.last
    assert WAITING.approved_last is None


def test_a_proposal_says_by_whom() -> None:
    with pytest.raises(no_result.ResultWordMissing) as caught:
        propose(EMPTY, proposal(by=" "), now=NOW)
    assert "--by" in str(caught.value)


@pytest.mark.parametrize("result", [CLOSED, OUT])
def test_a_closed_year_is_not_proposed_again(result: Result) -> None:
    with pytest.raises(no_result.ResultClosed) as caught:
        propose(result, proposal(), now=NOW)
    assert "李四" in str(caught.value)


@pytest.mark.parametrize("despite", [None, ""])
def test_what_is_not_ready_is_not_proposed(despite: str | None) -> None:
    first = message(N_("Not graded: {items}."), items="G")
    with pytest.raises(no_result.NotReady) as caught:
        propose(EMPTY, proposal(lacking=3, despite=despite), first=first, now=NOW)
    assert "3 things" in str(caught.value)
    assert "Not graded: G." in str(caught.value)
    with pytest.raises(no_result.NotReady):
        propose(EMPTY, proposal(lacking=1), now=NOW)


def test_nothing_is_proposed_of_tomorrow() -> None:
    with pytest.raises(no.InTheFuture):
        propose(EMPTY, proposal(on=day("2021-06-02")), now=NOW)


def test_nothing_is_proposed_before_the_year_was_opened_again() -> None:
    with pytest.raises(no_result.ActTooEarly):
        propose(OPENED, proposal(on=day("2021-05-02")), now=NOW)


UNSEEN: Final = ["甲\n乙", "甲\u200b", "\u202e甲", "\u3000\u0301", "甲" * 201]
"""What is no line of visible text."""


@pytest.mark.parametrize("text", UNSEEN)
@pytest.mark.parametrize("name", ["by", "document", "reason", "despite"])
def test_what_is_said_of_a_proposal_is_a_line_that_can_be_seen(name: str, text: str) -> None:
    with pytest.raises(no_bulletin.LineUnreadable) as caught:
        propose(EMPTY, proposal(**{name: text}), now=NOW)
    assert f"--{name} " in str(caught.value)


@pytest.mark.parametrize("text", UNSEEN)
@pytest.mark.parametrize(("name", "option"), [("number", "number"), ("issuer", "issuer"), ("addressees", "to")])
def test_what_is_said_of_its_paper_is_too(name: str, option: str, text: str) -> None:
    with pytest.raises(no_bulletin.LineUnreadable) as caught:
        propose(EMPTY, proposal(), head={name: text}, now=NOW)
    assert f"--{option} " in str(caught.value)
    assert propose(EMPTY, proposal(), head={name: "示例〔2021〕9号"}, now=NOW) == (proposal(),)


@pytest.mark.parametrize("text", UNSEEN)
def test_what_is_said_of_what_became_of_it_is_too(text: str) -> None:
    for name in ("by", "document"):
        with pytest.raises(no_bulletin.LineUnreadable):
            approve(WAITING, approval(**{name: text}), now=NOW)
    for name in ("where", "document"):
        with pytest.raises(no_bulletin.LineUnreadable):
            publish(CLOSED, publication(**{name: text}), now=NOW)
    for name in ("by", "document", "reason"):
        with pytest.raises(no_bulletin.LineUnreadable):
            reopen(CLOSED, reopening(**{name: text}), now=NOW)


@pytest.mark.parametrize(
    ("on", "fits"),
    [("2021-02-01", True), ("2022-02-02", True), ("2021-01-31", False), ("2022-02-03", False), ("9999-12-31", False)],
)
def test_a_day_to_publish_by_is_within_a_year_of_the_proposal(on: str, fits: bool) -> None:  # noqa: FBT001
    if fits:
        check_publish_by(day(on), day("2021-02-01"))
        return
    with pytest.raises(no_result.PublishDayImpossible) as caught:
        check_publish_by(day(on), day("2021-02-01"))
    assert "2022-02-02" in str(caught.value)


# ---------------------------------------------------------------- approving


@pytest.mark.parametrize("given", [DIGEST, DIGEST[:8]])
def test_exactly_the_proposal_is_approved_by_its_digest(given: str) -> None:
    assert approve(WAITING, approval(digest=given), now=NOW) == (approval(),)


@pytest.mark.parametrize("given", [DIGEST, DIGEST[:8]])
def test_the_same_approval_again_is_quiet(given: str) -> None:
    recorded = after(proposal(), approval(position=15, recorded_at="2021-02-02T09:00:00+08:00"))
    assert approve(recorded, approval(digest=given), now=NOW) == ()


@pytest.mark.parametrize("other", [{"by": "赵六"}, {"digest": OTHER}, {"digest": DIGEST[:7]}])
def test_another_approval_of_a_closed_year_is_refused(other: dict[str, str]) -> None:
    with pytest.raises(no_result.ResultClosed):
        approve(CLOSED, approval(**other), now=NOW)


@pytest.mark.parametrize("result", [EMPTY, OPENED])
def test_only_what_was_proposed_is_approved(result: Result) -> None:
    with pytest.raises(no_result.NothingProposed):
        approve(result, approval(), now=NOW)


@pytest.mark.parametrize("left_out", ["by", "document", "digest"])
def test_an_approval_says_by_whom_by_which_document_of_what(left_out: str) -> None:
    with pytest.raises(no_result.ResultWordMissing) as caught:
        approve(WAITING, approval(**{left_out: ""}), now=NOW)
    assert f"--{left_out}" in str(caught.value)


def test_a_few_characters_name_no_proposal() -> None:
    with pytest.raises(no_result.DigestTooShort):
        approve(WAITING, approval(digest=DIGEST[:7]), now=NOW)


def test_another_digest_is_not_approved() -> None:
    with pytest.raises(no_result.OtherProposal) as caught:
        approve(WAITING, approval(digest=OTHER), now=NOW)
    assert DIGEST in str(caught.value)


@pytest.mark.parametrize("by", ["张三", " 张 三"])
def test_nobody_approves_what_they_proposed(by: str) -> None:
    with pytest.raises(no_result.ApprovedByProposer):
        approve(WAITING, approval(by=by), now=NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("张三", "张\u200b三", True), ("张三", "张·三", True), ("Li Si", "ＬＩ　ＳＩ", True),
        ("张三", "张三\u3164", True),
        ("张三", "张三丰", False), ("——", "——", True), ("——", "……", False),
    ],
)  # fmt: skip
def test_a_person_is_the_same_however_the_name_is_written(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_person(one, other) is same


def test_a_result_that_the_log_has_changed_is_not_approved_and_the_changes_are_named() -> None:
    with pytest.raises(no_result.ResultChanged) as caught:
        approve(WAITING, approval(), changes=["甲局", "乙局"], now=NOW)
    assert "甲局; 乙局." in str(caught.value)
    with pytest.raises(no_result.ResultChanged) as caught:
        approve(WAITING, approval(), changes=[f"第{number}局" for number in range(1, 8)], now=NOW)
    assert "第5局 (and 2 more)" in str(caught.value)
    assert "第6局" not in str(caught.value)


def test_nothing_is_approved_before_it_was_proposed_or_tomorrow() -> None:
    with pytest.raises(no_result.ActTooEarly):
        approve(WAITING, approval(on=day("2021-01-31")), now=NOW)
    with pytest.raises(no.InTheFuture):
        approve(WAITING, approval(on=day("2021-06-02")), now=NOW)


# ---------------------------------------------------------------- publishing


def test_what_is_approved_is_published() -> None:
    assert publish(CLOSED, publication(), now=NOW) == (publication(),)
    assert publish(CLOSED, publication(where=None, document="文4"), now=NOW) == (
        publication(where=None, document="文4"),
    )


def test_the_same_publication_again_is_quiet_and_another_refused() -> None:
    assert publish(OUT, publication(), now=NOW) == ()
    with pytest.raises(no_result.AlreadyPublished) as caught:
        publish(OUT, publication(where="报纸"), now=NOW)
    assert "网站" in str(caught.value)


def test_a_publication_says_where() -> None:
    with pytest.raises(no_result.ResultWordMissing) as caught:
        publish(CLOSED, publication(where=None), now=NOW)
    assert "--where" in str(caught.value)


@pytest.mark.parametrize(("result", "next_"), [(EMPTY, "propose"), (WAITING, "approve"), (OPENED, "propose")])
def test_only_what_is_approved_is_published_and_what_to_do_first_is_said(result: Result, next_: str) -> None:
    with pytest.raises(no_result.NotApproved) as caught:
        publish(result, publication(), now=NOW)
    assert str(caught.value).endswith(f"gk result {next_}")
    with pytest.raises(no_result.NotApproved):
        closed_or_refused(result)


def test_nothing_is_published_before_it_was_approved() -> None:
    with pytest.raises(no_result.ActTooEarly):
        publish(CLOSED, publication(on=day("2021-02-01")), now=NOW)
    assert closed_or_refused(CLOSED) == CLOSED.last


# ---------------------------------------------------------------- opening again


@pytest.mark.parametrize("result", [CLOSED, OUT])
def test_a_closed_year_is_opened_again(result: Result) -> None:
    assert reopen(result, reopening(), now=NOW) == (reopening(),)
    opened = evolve(result, reopening())
    assert opened.closed is None
    assert opened.approved_last is not None


def test_the_same_opening_again_is_quiet() -> None:
    assert reopen(OPENED, reopening(), now=NOW) == ()


@pytest.mark.parametrize("left_out", ["by", "document", "reason"])
def test_opening_a_year_again_says_who_by_what_and_why(left_out: str) -> None:
    with pytest.raises(no_result.ResultWordMissing) as caught:
        reopen(CLOSED, reopening(**{left_out: ""}), now=NOW)
    assert f"--{left_out}" in str(caught.value)


@pytest.mark.parametrize("result", [EMPTY, WAITING, after(proposal(), approval(), reopening(reason="别的"))])
def test_only_a_closed_year_is_opened_again(result: Result) -> None:
    with pytest.raises(no_result.NotApproved):
        reopen(result, reopening(), now=NOW)


def test_a_year_is_not_opened_before_it_was_closed() -> None:
    with pytest.raises(no_result.ActTooEarly):
        reopen(CLOSED, reopening(on=day("2021-02-01")), now=NOW)
