from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates.bulletin import (
    Excluded,
    Options,
    Period,
    Prepared,
    Terms,
    bulletin_id,
    issue,
    period_of,
    said_terms,
    terms_said,
)
from gkevents.aggregates.refusals import Refusal

DAY = dt.date.fromisoformat
QUARTER = Period("quarter", 3, DAY("2020-07-01"), DAY("2020-09-30"))
YEAR = Period("year", None, DAY("2020-01-01"), DAY("2020-12-31"))


def terms(**changed: Any) -> Terms:  # noqa: ANN401 - any of the terms
    given: dict[str, Any] = {
        "id": "sample-2020-Q3", "scheme": "sample", "year": 2020, "period": QUARTER, "as_of": QUARTER.until,
        "known_at": 90, "issued_on": DAY("2020-10-12"), "template": "title: 样本\n", "options": Options(),
        "program": "0.1.0",
    }  # fmt: skip
    return Terms(**{**given, **changed})


def prepared(**changed: Any) -> Prepared:  # noqa: ANN401 - any of it
    given: dict[str, Any] = {
        "today": DAY("2020-10-12"), "behind": (), "stopped": (), "unscanned": (), "recorded": 120, "applied": 120
    }  # fmt: skip
    return Prepared(**{**given, **changed})


def refused(kind: type[Refusal], state: dict[str, Any] | None, asked: Terms, so_far: Prepared) -> str:
    with pytest.raises(kind) as caught:
        issue(state, asked, so_far)
    return str(caught.value)


# ---------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("asked", "period", "name"),
    [
        ({"quarter": 3}, QUARTER, "sample-2020-Q3"),
        ({"quarter": 1}, Period("quarter", 1, DAY("2020-01-01"), DAY("2020-03-31")), "sample-2020-Q1"),
        (
            {"quarter": 3, "as_of": DAY("2020-10-09")},
            Period("quarter", 3, DAY("2020-07-01"), DAY("2020-10-09")),
            "sample-2020-Q3",
        ),
        (
            {"as_of": DAY("2020-11-30")},
            Period("span", None, DAY("2020-01-01"), DAY("2020-11-30")),
            "sample-2020-2020-01-01-2020-11-30",
        ),
        (
            {"since": DAY("2020-07-01")},
            Period("span", None, DAY("2020-07-01"), DAY("2020-12-31")),
            "sample-2020-2020-07-01-2020-12-31",
        ),
        (
            {"since": DAY("2020-07-01"), "as_of": DAY("2020-10-09")},
            Period("span", None, DAY("2020-07-01"), DAY("2020-10-09")),
            "sample-2020-2020-07-01-2020-10-09",
        ),
        ({}, YEAR, "sample-2020-year"),
    ],
)
def test_a_period_is_a_quarter_a_span_of_days_or_the_year(asked: dict[str, Any], period: Period, name: str) -> None:
    assert period_of(2020, **asked) == period
    assert bulletin_id("sample", 2020, period) == name


@pytest.mark.parametrize(
    "asked",
    [
        {"quarter": 5},
        {"quarter": 0},
        {"quarter": 3, "since": DAY("2020-07-01")},
        {"quarter": 3, "as_of": DAY("2020-06-30")},
        {"quarter": 1, "as_of": DAY("2020-12-01")},
        {"since": DAY("2019-12-31")},
        {"since": DAY("2020-10-10"), "as_of": DAY("2020-10-09")},
    ],
)
def test_another_period_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(no_bulletin.NoSuchPeriod, match="There is no such period of 2020"):
        period_of(2020, **asked)


# ---------------------------------------------------------------- issuing


def test_a_bulletin_is_issued_when_its_day_has_come_and_nothing_is_missing() -> None:
    assert issue(None, terms(), prepared())
    assert issue(None, terms(), prepared(today=DAY("2020-12-01")))
    assert issue(None, terms(issued_on=DAY("2020-09-30")), prepared(today=DAY("2020-09-30")))


def test_the_very_same_bulletin_is_issued_once_whatever_has_become_known_since() -> None:
    state = said_terms(terms())
    later = terms(known_at=200, issued_on=DAY("2020-11-01"), program="0.2.0")
    assert not issue(state, later, prepared(behind=[("scores", 1)]))


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"options": Options(number="样本〔2020〕5号", rectify_by=DAY("2020-10-31"))}, "--number, --rectify-by"),
        ({"template": "title: 另一个\n"}, "--template"),
        ({"period": QUARTER._replace(until=DAY("2020-10-09")), "as_of": DAY("2020-10-09")}, "--as-of"),
    ],
)
def test_issued_on_other_terms_it_is_refused(changed: dict[str, Any], differs: str) -> None:
    sentence = refused(no_bulletin.AlreadyIssued, said_terms(terms()), terms(**changed), prepared())
    assert (
        f"sample-2020-Q3 was issued on 2020-10-12 and never changes; asked for now it would differ in: {differs}."
        in sentence
    )


def test_it_is_not_issued_before_its_last_day() -> None:
    sentence = refused(no_bulletin.NotOver, None, terms(issued_on=DAY("2020-09-29")), prepared(today=DAY("2020-09-29")))
    assert "runs to 2020-09-30, and today is 2020-09-29" in sentence
    sentence = refused(no_bulletin.DatedBefore, None, terms(issued_on=DAY("2020-09-29")), prepared())
    assert sentence == "sample-2020-Q3 runs to 2020-09-30; it cannot be dated 2020-09-29, before that day."
    whole = terms(period=YEAR, as_of=None, issued_on=DAY("2021-04-12"))
    refused(no_bulletin.NotOver, None, whole, prepared())
    assert issue(None, whole, prepared(today=DAY("2021-04-12")))


def test_it_is_not_dated_ahead() -> None:
    sentence = refused(no_bulletin.DatedAhead, None, terms(issued_on=DAY("2020-10-13")), prepared())
    assert sentence == "A bulletin cannot be dated 2020-10-13: today is 2020-10-12."


def test_it_is_not_issued_while_anything_is_missing_and_the_worst_is_said_first() -> None:
    missing = prepared(
        stopped=[("scores", 17)], behind=[("deadlines", 80)],
        unscanned=[("样本局", "K1", "2020-09-24"), ("样本局", "K2", "2020-09-25")], applied=119,
    )  # fmt: skip
    assert "The view scores could not apply the event at position 17" in refused(
        no_bulletin.ViewStopped, None, terms(), missing
    )
    missing = missing._replace(stopped=())
    assert "deadlines has come to position 80 of 90" in refused(no_bulletin.ViewBehind, None, terms(), missing)
    missing = missing._replace(behind=())
    sentence = refused(no_bulletin.LimitsUnscanned, None, terms(), missing)
    assert sentence.startswith("2 limits ran out by 2020-09-30 and were not scanned, the first being K1 of 样本局")
    whole = terms(period=YEAR, as_of=None, issued_on=DAY("2021-04-12"))
    sentence = refused(no_bulletin.LimitsUnscanned, None, whole, missing._replace(today=DAY("2021-04-12")))
    assert "ran out by 2020-12-31" in sentence
    missing = missing._replace(unscanned=())
    assert "holds 120 facts of this year, and 119 of them" in refused(no_bulletin.NotApplied, None, terms(), missing)


@pytest.mark.parametrize(
    "line", ["", "  ", "两\n行", "字" * 201, "\x07", "\u2028", "\u200b", "\u202e1号", "\u0301", "\ud800", "\ue000"]
)
@pytest.mark.parametrize("option", ["number", "addressees", "issuer"])
def test_a_line_of_the_head_is_one_line(option: str, line: str) -> None:
    said: dict[str, Any] = {option: line}
    name = "to" if option == "addressees" else option
    sentence = refused(no_bulletin.LineUnreadable, None, terms(options=Options(**said)), prepared())
    assert sentence == f"--{name} wants one line of visible text, at most 200 characters long."


@pytest.mark.parametrize(
    "excluded",
    [
        (Excluded("样本局", ""),),
        (Excluded("样本局", "两\n行"),),
        (Excluded("样本局", "撤销"), Excluded("样本局", "合并")),
    ],
)
def test_a_unit_is_left_out_once_and_for_a_reason(excluded: tuple[Excluded, ...]) -> None:
    sentence = refused(no_bulletin.ExcludedUnclear, None, terms(options=Options(excluded=excluded)), prepared())
    assert "--exclude 样本局=REASON" in sentence


def test_nothing_is_to_be_put_right_before_the_paper_that_demands_it() -> None:
    asked = terms(options=Options(rectify_by=DAY("2020-10-11")))
    sentence = refused(no_bulletin.RectifyBefore, None, asked, prepared())
    assert sentence == "Nothing can be put right by 2020-10-11 (--rectify-by): the bulletin is dated 2020-10-12."
    assert issue(None, terms(options=Options(rectify_by=DAY("2020-10-12"))), prepared())


def test_the_bulletin_of_a_result_ranks_every_unit() -> None:
    left_out = Options(excluded=(Excluded("样本局", "撤销"),))
    whole = terms(period=YEAR, as_of=None, issued_on=DAY("2021-04-12"), options=left_out)
    refused(no_bulletin.ExcludedFromYear, None, whole, prepared(today=DAY("2021-04-12")))
    assert bulletin_id("sample", 2020, YEAR._replace(number=2)) == "sample-2020-year-2"


# ---------------------------------------------------------------- what the event keeps


@pytest.mark.parametrize(
    "said",
    [
        terms(),
        terms(period=YEAR, as_of=None),
        terms(
            options=Options(
                "样本〔2020〕5号", "各样本单位：", "样本办公室", DAY("2020-10-12"), DAY("2020-10-31"),
                (Excluded("样本局", "撤销"),),
            )
        ),
    ],
)  # fmt: skip
def test_the_terms_are_kept_whole(said: Terms) -> None:
    kept = said_terms(said)
    assert terms_said(kept) == said
    assert len(kept["template_digest"]) == 64
