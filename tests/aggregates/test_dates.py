"""When a fact may be dated: not in the future, a happening in its year, a decision not before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.terms import BEIJING
from tests.aggregates.desk import Desk

HEBEI, SANMENXIA = "hebei-stats-2018", "sanmenxia-departments-2017"
HAPPENINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("occurrence", "H25a", {}), ("criticism", "H32", {}), ("supervision-card", "H19", {"problem": "标题"}),
    ("netizen-message", "H21", {"key": "m"}), ("deadline-opened", "H25a", {"key": "d", "limit": "5 working days"}),
    ("reply-timeout", "H21", {}), ("deadline-missed", "H25a", {}), ("praise", "H01", {}),
]  # fmt: skip
DECISIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("grade", "H01", {"points": "1"}), ("confirmation", "H13a", {}), ("not-applicable", "H01", {}),
]  # fmt: skip
FIGURES: list[tuple[str, str, dict[str, Any]]] = [
    ("metric", "H26a", {"value": "0.8"}),
    ("checklist", "H22a", {"met": 1}),
]


@pytest.mark.parametrize(("kind", "item", "fields"), HAPPENINGS)
def test_a_happening_lies_in_its_year(kind: str, item: str, fields: dict[str, Any]) -> None:
    for day in ("2018-01-01", "2018-12-31"):
        assert Desk(HEBEI).log(kind, item, day, **fields)["effective_on"] == day


@pytest.mark.parametrize("day", ["2017-12-31", "2019-01-01"])
@pytest.mark.parametrize(("kind", "item", "fields"), HAPPENINGS)
def test_a_happening_outside_its_year_is_refused(kind: str, item: str, fields: dict[str, Any], day: str) -> None:
    sentence = Desk(HEBEI).refuses(no.OutsideYear, kind, item, day, **fields)
    assert sentence == f"{day} is not in the assessment year 2018. Record it under the year it belongs to."


def test_the_year_of_an_instant_is_that_of_beijing() -> None:
    desk = Desk(HEBEI)
    assert desk.log("occurrence", "H25a", "2017-12-31T16:00:00Z")["effective_at"] == "2018-01-01T00:00:00+08:00"
    assert "2019-01-01T00:00:00+08:00 is not in" in desk.refuses(
        no.OutsideYear, "occurrence", "H25a", "2018-12-31T16:00:00Z"
    )


@pytest.mark.parametrize(("kind", "item", "fields"), DECISIONS)
def test_a_decision_counts_after_its_year_and_not_before(kind: str, item: str, fields: dict[str, Any]) -> None:
    desk = Desk(HEBEI)
    assert desk.log(kind, item, "2019-02-01", **fields)["effective_on"] == "2019-02-01"
    sentence = desk.refuses(no.BeforeYear, kind, item, "2017-12-31", **fields)
    assert sentence == "A decision about 2018 cannot be dated 2017-12-31, before that year began."


def test_fraud_is_a_decision() -> None:
    desk = Desk(SANMENXIA)
    assert desk.log("fraud", None, "2018-03-01")["effective_on"] == "2018-03-01"
    desk.refuses(no.BeforeYear, "fraud", None, "2016-12-31")


@pytest.mark.parametrize("day", ["2017-12-31", "2018-06-30", "2019-01-01"])
@pytest.mark.parametrize(("kind", "item", "fields"), FIGURES)
def test_a_figure_is_kept_whatever_its_year(kind: str, item: str, fields: dict[str, Any], day: str) -> None:
    assert Desk(HEBEI).log(kind, item, day, **fields)["effective_on"] == day


@pytest.mark.parametrize("day", ["2017-01-01", "2019-03-01"])
def test_a_retraction_or_ruling_may_be_dated_in_any_year(day: str) -> None:
    desk = Desk(HEBEI)
    desk.log("occurrence", "H25a", ref="o")
    for kind in ("retraction", "duplicate-ruling"):
        assert desk.log(kind, None, day, of="o")["effective_on"] == day


@pytest.mark.parametrize(("kind", "item", "fields"), [*HAPPENINGS, *DECISIONS, *FIGURES])
def test_nothing_of_the_future_is_recorded(kind: str, item: str, fields: dict[str, Any]) -> None:
    desk = Desk(HEBEI)
    desk.now = dt.datetime(2018, 5, 5, 9, tzinfo=BEIJING)
    sentence = desk.refuses(no.InTheFuture, kind, item, "2018-05-06", **fields)
    said = "2018-05-06 lies after the moment of recording (2018-05-05T09:00+08:00). Record it once it has happened."
    assert sentence == said
    desk.refuses(no.InTheFuture, kind, item, "2018-05-05T09:00:01+08:00", **fields)


@pytest.mark.parametrize("moment", ["2018-05-05", "2018-05-05T09:00:00+08:00", "2018-05-05T01:00:00Z"])
def test_what_happened_today_or_this_very_moment_is_recorded(moment: str) -> None:
    desk = Desk(HEBEI)
    desk.now = dt.datetime(2018, 5, 5, 9, tzinfo=BEIJING)
    assert desk.log("occurrence", "H25a", moment)["item"] == "H25a"


def test_a_retraction_of_the_future_is_refused_too() -> None:
    desk = Desk(HEBEI)
    desk.now = dt.datetime(2018, 5, 5, 9, tzinfo=BEIJING)
    desk.log("occurrence", "H25a", ref="o")
    desk.refuses(no.InTheFuture, "retraction", None, "2018-05-06", of="o")
