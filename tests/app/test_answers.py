"""The contract's JSON answers, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gkevents.reports.answers import rank_answer, replay_answer, standing_answer
from tests.app.worlds import BUREAU, SCHEME, TOWN, World, day, fact, grade

JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"
SCORE = {
    "total", "low", "high", "provisional", "base", "bonus", "deduction", "zeroed", "band", "items",
    "deducted_by_quarter", "deadlines", "flags",
}  # fmt: skip
MORE = {"unit", "category", "total_display", "low_display", "high_display"}
HEAD = {"scheme", "edition", "year", "as_of", "known_at"}
ENTRY = {
    "position", "ref", "type", "effective_on", "recorded_at", "recorded_by", "item", "clause", "raw", "applied",
    "item_score_after", "total_after", "why", "edition", "edition_then",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("answers") / "gk.db").init()
    world.adopt(now=JANUARY, units=[(BUREAU, None), (TOWN, None)])
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="改版", limit="15 working days"),
        fact("L2", "deadline-opened", "2020-09-14T08:00:00+08:00", "L15", key="更正", limit="5 hours"),
        fact("C1", "criticism", "2020-05-11", "L17", level="city", matter="停更", recorded_by="登记人"),
        fact("N1", "not-applicable", "2020-03-01", "L16"),
        grade("G0", "2020-11-01", "L17", "7"),
        grade("G1", "2020-11-01", "L15", "7.50", matter="停更"),
        now=DECEMBER,
    )
    return world


def plain(answer: Any) -> Any:  # noqa: ANN401 - JSON
    """An answer as it reads after it was written: nothing in it but JSON's own types."""
    return json.loads(json.dumps(answer, allow_nan=False))


def test_the_scores_of_all_units(world: World) -> None:
    standing = world.standing(as_of=day("2020-11-30"), known_at=str(world.count()))
    answer = plain(standing_answer(standing, "en"))
    assert set(answer) == HEAD | {"units", "simulated_clock"}
    assert (answer["scheme"], answer["year"], answer["as_of"]) == (SCHEME, 2020, "2020-11-30")
    assert (answer["known_at"], answer["edition"], answer["simulated_clock"]) == (
        world.count(),
        standing.edition.digest,
        True,
    )
    assert list(answer["units"]) == [BUREAU, TOWN]
    for unit, score in answer["units"].items():
        assert set(score) == SCORE | MORE
        assert (score["unit"], score["provisional"], score["total"], score["base"], score["band"]) == (
            unit,
            True,
            None,
            None,
            None,
        )
        assert (score["bonus"], score["deduction"], score["zeroed"]) == ("0", "0", False)


def test_the_score_of_one_unit(world: World) -> None:
    answer = plain(standing_answer(world.standing(unit=BUREAU), "zh", BUREAU))
    assert set(answer) == HEAD | SCORE | MORE | {"simulated_clock"}
    assert (answer["as_of"], answer["known_at"]) == (None, None)
    assert answer["items"]["L15"] == {"score": "7.5", "low": "7.5", "high": "7.5", "max": "8", "state": "graded"}
    assert answer["items"]["L16"] == {"score": None, "low": "0", "high": "8", "max": "8", "state": "not-applicable"}
    assert answer["items"]["L17"] == {"score": "6", "low": "6", "high": "6", "max": "8", "state": "graded"}
    assert answer["items"]["L22"] == {"score": "10", "low": "10", "high": "10", "max": "10", "state": "priced"}
    assert {item["state"] for item in answer["items"].values()} == {"graded", "priced", "open", "not-applicable"}
    assert answer["deducted_by_quarter"] == {"Q1": "0", "Q2": "1", "Q3": "0", "Q4": "0"}
    assert answer["deadlines"] == {
        "改版": {"item": "L15", "due": "2020-10-10", "state": "open"},
        "更正": {"item": "L15", "due": "2020-09-14T13:00:00+08:00", "state": "open"},
    }
    assert all(set(flag) == {"code", "message", "refs"} for flag in answer["flags"])
    [twice] = [flag for flag in answer["flags"] if {"C1", "G1"} <= set(flag["refs"])]
    assert isinstance(twice["message"], str)


def test_a_determined_score_has_its_points_and_its_bounds_are_one(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt("hunan-docs-cities-2017", year=2017, now="2017-01-06T09:00:00+08:00", units=[("甲市", None)])
    world.log(
        fact("M1", "metric", "2017-12-31", "DC04", unit="甲市", previous="300", current="280"),
        scheme="hunan-docs-cities-2017", year=2017, now="2018-01-06T09:00:00+08:00",
    )  # fmt: skip
    answer = plain(standing_answer(world.standing(scheme="hunan-docs-cities-2017", year=2017), "en"))["units"]["甲市"]
    assert answer["total"] == answer["low"] == answer["high"] == answer["base"]
    assert not answer["provisional"]
    assert answer["items"]["DC04"]["state"] == "reported"
    assert answer["total_display"] == f"{float(answer['total']):.2f}"


def test_a_scheme_without_points(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    asked: dict[str, Any] = {"scheme": "sanmenxia-departments-2017", "year": 2017}
    world.adopt(asked["scheme"], year=2017, now=JANUARY, units=[("市教育局", None)])
    answer = plain(standing_answer(world.standing(**asked), "en"))["units"]["市教育局"]
    for name in ("total", "low", "high", "base", "bonus", "deduction", "total_display", "low_display"):
        assert answer[name] is None, name
    assert {tuple(item.values()) for item in answer["items"].values()} == {(None, None, None, None, "unweighted")}
    with world.gk() as gk:
        replay = plain(replay_answer(*gk.replay("市教育局", **asked), "en"))
    assert (replay["start"], replay["entries"]) == (None, [])
    world.log(fact("F1", "fraud", "2017-05-01", unit="市教育局"), **asked)
    answer = plain(standing_answer(world.standing(**asked), "en"))["units"]["市教育局"]
    assert (answer["total"], answer["low"], answer["high"], answer["zeroed"]) == ("0", "0", "0", True)
    assert (answer["band"], answer["provisional"]) == ("不合格", False)


def test_the_table(world: World) -> None:
    with world.gk() as gk:
        answer = plain(rank_answer(*gk.rank(scheme=SCHEME, year=2020)))
    assert set(answer) == HEAD | {"groups", "simulated_clock"}
    assert answer["groups"] == {
        "部门": [{"unit": BUREAU, "total": None, "rank": None}], "乡镇": [{"unit": TOWN, "total": None, "rank": None}],
    }  # fmt: skip


def test_a_ledger(world: World) -> None:
    with world.gk() as gk:
        answer = plain(replay_answer(*gk.replay(BUREAU, scheme=SCHEME, year=2020), "en"))
    assert set(answer) == HEAD | SCORE | MORE | {"simulated_clock", "start", "entries", "editions"}
    assert all(set(entry) in (ENTRY, ENTRY | {"caused_by"}) for entry in answer["entries"])
    [entry] = [entry for entry in answer["entries"] if entry["ref"] == "C1"]
    assert entry["position"] == world.rows("SELECT position FROM events WHERE ref = 'C1'")[0][0]
    assert (entry["type"], entry["item"], entry["effective_on"]) == ("criticism", "L17", "2020-05-11")
    assert (entry["recorded_at"], entry["recorded_by"], entry["raw"]) == (DECEMBER, "登记人", "-1")
    assert "公布文本" in entry["clause"]
    total = sum((_exact(entry["applied"]) for entry in answer["entries"]), _exact(answer["start"]))
    assert total == _exact(answer["low"])


def _exact(text: str) -> Any:  # noqa: ANN401 - a fraction
    from fractions import Fraction

    return Fraction(text)


def test_a_store_with_a_real_clock_says_nothing_of_clocks(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init(simulated=False)
    world.adopt(units=[(BUREAU, None)])
    assert set(standing_answer(world.standing(), "en")) == HEAD | {"units"}
