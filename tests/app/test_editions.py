"""Editions: a correction is a new one; what was known before stays, what is known from then on is re-priced."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app.adopting import Decision
from gkevents.reports.answers import replay_answer
from gkevents.schemes.catalog import text_of
from tests.app.test_adopting import SANMENXIA, overlay_file, scheme_file
from tests.app.worlds import World, day, fact, grade

JANUARY = "2020-01-06T09:00:00+08:00"
JUNE = "2020-06-01T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"
TINY = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")
DEARER: Final = TINY.replace("price: 1}", "price: 3}")
DECIDED: Final = Decision("某办公室", dt.date(2020, 5, 29), "更正扣分分值")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A year that was corrected in June, with a fact before and one after."""
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    log(world, fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"), now="2020-05-02T09:00:00+08:00")
    world.adopt(scheme_file(tmp_path, DEARER), now=JUNE, decision=DECIDED)
    log(world, fact("C2", "criticism", "2020-07-01", "T3", unit="甲局"), now="2020-07-02T09:00:00+08:00")
    return world


def log(world: World, *facts: dict[str, Any], now: str = DECEMBER) -> None:
    world.log(*facts, scheme="tiny-2020", now=now)


def replay(
    world: World,
    unit: str = "甲局",
    *,
    scheme: str = "tiny-2020",
    year: int = 2020,
    **asked: Any,  # noqa: ANN401 - as of, known at
) -> dict[str, Any]:
    with world.gk() as gk:
        return replay_answer(*gk.replay(unit, scheme=scheme, year=year, **asked), "en")


def adoptions(world: World) -> list[dict[str, Any]]:
    return [json.loads(body) for (body,) in world.rows("SELECT body FROM events WHERE name LIKE 'edition-adopted.%'")]


def test_who_decided_a_correction_when_and_why_is_kept_with_it(world: World) -> None:
    first, second = adoptions(world)
    assert {"decided_by", "decided_on", "reason"}.isdisjoint(first), "nobody said so in January"
    assert (second["decided_by"], second["decided_on"], second["reason"]) == ("某办公室", "2020-05-29", "更正扣分分值")
    assert world.faults() == []


def test_the_replay_lists_the_editions_of_the_year(world: World) -> None:
    first, second = replay(world)["editions"]
    assert first == {
        "edition": adoptions(world)[0]["digest"], "position": first["position"], "recorded_at": JANUARY,
        "decided_by": None, "decided_on": None, "reason": None,
    }  # fmt: skip
    assert second == {
        "edition": adoptions(world)[1]["digest"], "position": second["position"], "recorded_at": JUNE,
        "decided_by": "某办公室", "decided_on": "2020-05-29", "reason": "更正扣分分值",
    }  # fmt: skip
    assert first["position"] < second["position"]


def test_each_entry_says_which_edition_priced_it_and_which_was_in_force_when_it_was_recorded(world: World) -> None:
    first, second = (row["digest"] for row in adoptions(world))
    entries = replay(world)["entries"]
    assert [(row["ref"], row["applied"], row["edition"], row["edition_then"]) for row in entries] == [
        ("C1", "-3", second, first),
        ("C2", "-2", second, second),
    ]


def test_what_was_known_before_a_correction_stays_as_it_was(world: World) -> None:
    first = adoptions(world)[0]["digest"]
    known = str(replay(world)["editions"][1]["position"] - 1)
    then = replay(world, known_at=known)
    assert [row["edition"] for row in then["editions"]] == [then["edition"]] == [first]
    assert [(row["ref"], row["applied"], row["edition"], row["edition_then"]) for row in then["entries"]] == [
        ("C1", "-1", first, first)
    ]
    assert world.score("甲局", scheme="tiny-2020", known_at=known).items["T3"].score == Fraction(4)
    assert world.score("甲局", scheme="tiny-2020").items["T3"].score == Fraction(0)


def test_an_edition_put_back_in_force_is_named_again(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=DECEMBER)
    first, second = (row["digest"] for row in adoptions(world)[:2])
    answer = replay(world)
    assert [row["edition"] for row in answer["editions"]] == [first, second, first]
    assert [(row["edition"], row["edition_then"]) for row in answer["entries"]] == [(first, first), (first, second)]


def test_an_entry_with_no_fact_of_the_year_behind_it_was_under_no_edition(world: World, tmp_path: Path) -> None:
    zeroing = DEARER + "zero_out: {code: T-Z, title: 弄虚作假, clause: 弄虚作假的总分为零, effect: total}\n"
    world.adopt(scheme_file(tmp_path, zeroing), now=DECEMBER)
    marked = grade("G1", "2020-11-01", "T1", "9", unit="甲局")
    log(world, marked, fact("F1", "fraud", "2020-11-02", unit="甲局"))
    derived = [row for row in replay(world)["entries"] if row["ref"] is None]
    assert [(row["type"], row["edition"] == adoptions(world)[2]["digest"], row["edition_then"]) for row in derived] == [
        ("zero-out", True, None)
    ]


def test_a_limit_of_last_year_was_under_no_edition_of_this_one(world: World, tmp_path: Path) -> None:
    message = fact("N1", "netizen-message", "2020-12-31", "T2", unit="甲局", key="k1")
    log(world, message, now="2020-12-31T10:00:00+08:00")
    world.adopt(scheme_file(tmp_path, TINY), year=2021, now="2021-01-04T09:00:00+08:00")
    answer = fact("A1", "netizen-reply", "2021-02-01", unit="甲局", key="k1")
    log(world, answer, now="2021-02-01T09:00:00+08:00")
    (entry,) = (row for row in replay(world, year=2021)["entries"] if row["applied"] == "-2")
    assert (entry["ref"], entry["edition_then"]) == ("A1", None)


def test_points_decided_anew_are_a_new_edition(tmp_path: Path) -> None:
    world, unit = World(tmp_path / "gk.db").init(), "市教育局"
    world.adopt(
        SANMENXIA, year=2017, now="2017-01-06T09:00:00+08:00", units=[(unit, None)], overlay=overlay_file(tmp_path)
    )
    world.log(
        grade("G1", "2017-03-01", "SD02", "1", unit=unit), scheme=SANMENXIA, year=2017, now="2017-04-01T09:00:00+08:00"
    )
    decision = Decision("某办公室", day("2017-05-31"), "权重重定")
    world.adopt(
        SANMENXIA, year=2017, now="2017-06-01T09:00:00+08:00", overlay=overlay_file(tmp_path, "2"), decision=decision
    )
    answer = replay(world, unit, scheme=SANMENXIA, year=2017)
    first, second = answer["editions"]
    assert first["edition"] != second["edition"] == answer["edition"]
    assert (second["decided_by"], second["reason"]) == ("某办公室", "权重重定")
    assert [row["text"] for row in adoptions(world)] == [adoptions(world)[0]["text"]] * 2
    (entry,) = answer["entries"]
    assert (entry["edition"], entry["edition_then"]) == (second["edition"], first["edition"])


def test_a_corrected_text_keeps_the_points_decided_for_it_or_is_refused(tmp_path: Path) -> None:
    world, unit = World(tmp_path / "gk.db").init(), "市教育局"
    january = "2017-01-06T09:00:00+08:00"
    world.adopt(SANMENXIA, year=2017, now=january, units=[(unit, None)], overlay=overlay_file(tmp_path))
    text = text_of(SANMENXIA)
    world.adopt(scheme_file(tmp_path, text + "# 更正\n", SANMENXIA), year=2017, now="2017-06-01T09:00:00+08:00")
    with world.gk() as gk:
        assert gk.score(scheme=SANMENXIA, year=2017, unit=unit).scores[unit].high is not None
    renamed = text.replace("code: SD02", "code: SD99")
    with pytest.raises(no.OverlayFaulty):
        world.adopt(scheme_file(tmp_path, renamed, SANMENXIA), year=2017, now="2017-06-02T09:00:00+08:00")


def test_the_same_edition_adopted_again_records_no_decision(world: World, tmp_path: Path) -> None:
    before = world.count()
    again = world.adopt(scheme_file(tmp_path, DEARER), now="2020-07-03T09:00:00+08:00", decision=Decision("另一个人"))
    assert (again.already, again.corrects, world.count()) == (True, False, before)
    assert replay(world)["editions"][-1]["decided_by"] == "某办公室"


def test_who_decided_may_be_said_afterwards_once(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    told = world.adopt(scheme_file(tmp_path, TINY), now=JUNE, decision=DECIDED)
    assert (told.already, told.corrects) == (False, False)
    counted = world.count()
    again = world.adopt(scheme_file(tmp_path, TINY), now="2020-06-02T09:00:00+08:00", decision=Decision("别的办公室"))
    assert (again.already, world.count()) == (True, counted)
    kept = [(each["edition"], each["decided_by"]) for each in replay(world)["editions"]]
    assert kept == [(told.edition, None), (told.edition, "某办公室")]


def test_a_correction_is_told_from_a_first_adoption(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    assert not world.adopt(scheme_file(tmp_path, TINY), now=JANUARY, decision=Decision("某办公室")).corrects
    assert adoptions(world)[0]["decided_by"] == "某办公室"
    assert world.adopt(scheme_file(tmp_path, DEARER), now=JUNE).corrects


@pytest.mark.parametrize(
    ("decision", "refusal"),
    [
        (Decision("某办公室", day("2020-12-02")), no.InTheFuture),
        (Decision("某\0办公室"), no.FieldUnreadable),
        (Decision("某办公室", None, "由" * 4001), no.FieldUnreadable),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_nothing_is_stored(
    world: World, tmp_path: Path, decision: Decision, refusal: type[no.Refusal]
) -> None:
    before = world.count()
    with pytest.raises(refusal):
        world.adopt(scheme_file(tmp_path, TINY), now=DECEMBER, decision=decision)
    assert world.count() == before


def test_nothing_said_is_nothing_kept(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=DECEMBER, decision=Decision(" ", None, ""))
    assert {"decided_by", "decided_on", "reason"}.isdisjoint(adoptions(world)[-1])
