"""Limits in the store: scans, the calendar as it was known, limits that run into another year."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import canonical
from gkevents.schemes import catalog
from tests.app.worlds import BUREAU, World, day, fact

TINY = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "gk.db").init()


@pytest.fixture
def tiny(world: World, tmp_path: Path) -> World:
    """A store in which every miss on T2 costs 2 points, adopted for 2020."""
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    world.adopt(path, now="2020-01-06T09:00:00+08:00")
    return world


def scan(
    world: World, now: str | None = None, as_of: str | None = None
) -> list[tuple[str, str, dt.date | dt.datetime | None]]:
    with world.gk(now) as gk:
        return [(miss.key, miss.unit, miss.due) for miss in gk.scan(as_of=day(as_of) if as_of else None).missed]


def listed(world: World, **which: Any) -> list[tuple[str, str | None, str]]:  # noqa: ANN401 - scheme or year
    with world.gk() as gk:
        return [(row.key, row.due, row.state) for row in gk.limits(**which)]


def message(ref: str, on: str, key: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a fact
    return fact(ref, "netizen-message", on, "T2", key=key, unit="甲局", **fields)


def reply(ref: str, on: str, key: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a fact
    return fact(ref, "netizen-reply", on, key=key, unit="甲局", **fields)


def tiny_log(world: World, *facts: dict[str, Any], **how: Any) -> list[int]:  # noqa: ANN401 - how to log
    return world.log(*facts, scheme="tiny-2020", **how)


def t2(world: World, **asked: Any) -> Any:  # noqa: ANN401 - how to ask
    score = world.score("甲局", scheme="tiny-2020", **asked)
    return score.items["T2"].score, {key: limit.state for key, limit in score.limits.items()}


# ---- scans


def test_a_scan_records_what_ran_out_and_a_second_one_records_nothing(tiny: World) -> None:
    tiny_log(
        tiny, message("M1", "2020-06-01", "K1"), message("M2", "2020-06-03", "K2"), now="2020-06-03T18:00:00+08:00"
    )
    assert scan(tiny, "2020-06-04T23:59:59+08:00") == []
    assert t2(tiny) == (5, {"K1": "open", "K2": "open"})
    assert scan(tiny, "2020-06-05T00:00:00+08:00") == [("K1", "甲局", day("2020-06-04"))]
    before = tiny.count()
    assert scan(tiny) == []
    assert scan(tiny, "2020-06-08T09:00:00+08:00") == []
    assert tiny.count() == before
    assert t2(tiny) == (3, {"K1": "missed", "K2": "open"})
    assert listed(tiny) == [("K2", "2020-06-08", "open"), ("K1", "2020-06-04", "missed")]
    assert tiny.faults() == []


def test_a_scan_of_an_earlier_day_looks_no_further_and_one_of_a_later_day_is_refused(tiny: World) -> None:
    tiny_log(
        tiny, message("M1", "2020-06-01", "K1"), message("M2", "2020-06-03", "K2"), now="2020-06-20T09:00:00+08:00"
    )
    with pytest.raises(no.InTheFuture):
        scan(tiny, as_of="2020-06-21")
    assert scan(tiny, as_of="2020-06-04") == []
    assert [key for key, *_ in scan(tiny, as_of="2020-06-05")] == ["K1"]
    assert [key for key, *_ in scan(tiny)] == ["K2"]


def test_a_reply_logged_late_but_given_in_time_takes_the_miss_back(tiny: World) -> None:
    tiny_log(tiny, message("M1", "2020-06-01", "K1"), now="2020-06-10T09:00:00+08:00")
    scan(tiny)
    known = str(tiny.count())
    tiny_log(tiny, reply("A1", "2020-06-04", "K1"), now="2020-06-11T09:00:00+08:00")
    assert t2(tiny) == (5, {"K1": "met"})
    assert t2(tiny, known_at=known) == (3, {"K1": "missed"})
    assert t2(tiny, as_of=day("2020-06-03")) == (5, {"K1": "open"})
    assert scan(tiny) == []
    assert tiny.rows("SELECT count(*) FROM events WHERE ref LIKE 'scan:%'") == [(1,)]


def test_1_a_retracted_retraction_lets_its_target_stand_and_a_retracted_number_stays_retracted(tiny: World) -> None:
    tiny_log(tiny, message("M1", "2020-06-01", "K1"), now="2020-06-10T09:00:00+08:00")
    scan(tiny)
    tiny_log(tiny, fact("X1", "retraction", "2020-06-10", of="M1", unit="甲局"))
    assert t2(tiny) == (5, {})
    assert listed(tiny) == []
    again = tiny.try_log(message("M1", "2020-06-01", "K1"), scheme="tiny-2020")
    assert (again.already_recorded, t2(tiny)) == (["M1"], (5, {}))
    tiny_log(tiny, fact("X2", "retraction", "2020-06-10", of="X1", unit="甲局"))
    assert t2(tiny) == (3, {"K1": "missed"})
    assert listed(tiny) == [("K1", "2020-06-04", "missed")]
    assert tiny.faults() == []


def test_2_one_limit_costs_once_and_a_retracted_miss_is_not_recorded_again(tiny: World) -> None:
    tiny_log(tiny, message("M1", "2020-06-01", "K1"), reply("A1", "2020-06-08", "K1"), now="2020-06-10T09:00:00+08:00")
    assert t2(tiny) == (3, {"K1": "missed"})
    [(_, _, due)] = scan(tiny)
    assert (due, t2(tiny)) == (day("2020-06-04"), (3, {"K1": "missed"}))
    tiny_log(tiny, fact("X1", "retraction", "2020-06-10", of=f"scan:M1:{due}", unit="甲局"))
    assert t2(tiny) == (3, {"K1": "missed"})
    tiny_log(tiny, fact("X2", "retraction", "2020-06-10", of="A1", unit="甲局"))
    assert t2(tiny) == (5, {"K1": "open"})
    assert scan(tiny) == []
    assert t2(tiny) == (5, {"K1": "open"})


def test_a_limit_in_hours_ends_at_an_instant(tiny: World) -> None:
    tiny_log(tiny, message("M1", "2020-10-01T08:00:00+08:00", "K1", limit="5 hours"), now="2020-10-02T09:00:00+08:00")
    assert listed(tiny) == [("K1", "2020-10-01T13:00:00+08:00", "open")]
    [(key, _, due)] = scan(tiny)
    assert (key, due) == ("K1", dt.datetime.fromisoformat("2020-10-01T13:00:00+08:00"))


def test_a_scan_goes_through_every_unit_of_the_store(tiny: World) -> None:
    facts = [message("M1", "2020-06-01", "K"), message("M2", "2020-06-01", "K") | {"unit": "乙局"}]
    tiny_log(tiny, *facts, now="2020-06-10T09:00:00+08:00")
    assert {unit for _, unit, _ in scan(tiny)} == {"甲局", "乙局"}
    assert listed(tiny) == [("K", "2020-06-04", "missed")] * 2


def test_limits_are_listed_by_scheme_and_year_open_ones_first(tiny: World) -> None:
    tiny.adopt(now="2020-01-07T09:00:00+08:00", units=[(BUREAU, None)])
    tiny_log(
        tiny,
        message("M1", "2020-06-01", "K1"), reply("A1", "2020-06-02", "K1"), message("M2", "2020-06-09", "K2"),
        message("M3", "2020-06-08", "K3"), message("M4", "2020-06-08", "K4", limit="30 working days"),
        now="2020-06-10T09:00:00+08:00",
    )  # fmt: skip
    tiny.log(fact("L1", "deadline-opened", "2020-06-10", "L15", key="K1", limit="2020-06-10"))
    states = [(key, state) for key, _, state in listed(tiny)]
    assert states == [("K1", "open"), ("K3", "open"), ("K2", "open"), ("K4", "open"), ("K1", "met")]
    assert len(listed(tiny, scheme="tiny-2020")) == 4
    assert len(listed(tiny, scheme="luancheng-2020", year=2020)) == 1
    assert listed(tiny, year=2019) == []


def test_a_scan_says_nothing_about_a_number_that_somebody_else_has_taken(tiny: World) -> None:
    tiny_log(tiny, message("M1", "2020-06-01", "K1"), now="2020-06-10T09:00:00+08:00")
    told = fact("scan:M1:2020-06-04", "criticism", "2020-06-01", "T3", unit="乙局")
    with tiny.gk() as gk, gk._writing() as session:  # an earlier program let people give such numbers
        session.record(session.scheme_year("tiny-2020", 2020), canonical(told))
    assert [key for key, *_ in scan(tiny)] == ["K1"]
    assert t2(tiny) == (3, {"K1": "missed"})
    assert scan(tiny) == []
    assert tiny.faults() == []


# ---- the calendar as it was known


def notices(world: World) -> list[tuple[str, str]]:
    return world.rows(
        "SELECT json_extract(body, '$.document'), substr(recorded_at, 1, 10) FROM events"
        " WHERE stream = 'calendar' ORDER BY position"
    )


def test_a_notice_is_adopted_with_the_first_record_made_after_it_was_issued(tiny: World) -> None:
    issued = [notice for notice in catalog.calendar_notices() if notice.issued_on <= day("2020-01-06")]
    assert notices(tiny) == [(notice.document, "2020-01-06") for notice in issued]
    tiny_log(tiny, message("M1", "2020-01-08", "K1"), now="2020-01-25T23:00:00+08:00")
    assert len(notices(tiny)) == len(issued)
    tiny_log(tiny, message("M2", "2020-01-08", "K2"), now="2020-01-26T00:00:00+08:00")
    assert notices(tiny)[len(issued) :] == [("国办发明电〔2020〕1号", "2020-01-26")]
    scan(tiny, "2021-12-01T00:00:00+08:00")
    assert len(notices(tiny)) == len([n for n in catalog.calendar_notices() if n.issued_on <= day("2021-12-01")])
    before = tiny.count()
    scan(tiny)
    assert tiny.count() == before
    assert tiny.faults() == []


def test_3_an_amended_spring_festival_moves_a_limit_from_its_own_recording_on(tiny: World) -> None:
    limit = "7 working days"
    [opened] = tiny_log(tiny, message("M1", "2020-01-17", "K1", limit=limit), now="2020-01-17T18:00:00+08:00")
    assert listed(tiny) == [("K1", "2020-02-01", "open")]
    scan(tiny, "2020-01-27T09:00:00+08:00")
    assert listed(tiny) == [("K1", "2020-02-04", "open")]

    def due(**asked: Any) -> object:  # noqa: ANN401 - how to ask
        return tiny.score("甲局", scheme="tiny-2020", **asked).limits["K1"].due

    assert due(known_at=str(opened)) == day("2020-02-01")
    assert due(known_at="2020-01-26") == day("2020-02-01")
    assert due(known_at="2020-01-27") == due() == day("2020-02-04")
    assert scan(tiny, "2020-02-04T09:00:00+08:00") == []
    tiny_log(tiny, reply("A1", "2020-02-04", "K1"), now="2020-02-05T09:00:00+08:00")
    assert t2(tiny) == (5, {"K1": "met"})
    body = tiny.rows("SELECT json_extract(body, '$.due') FROM events WHERE ref = 'M1'")
    assert body == [("2020-02-01",)]
    assert tiny.faults() == []


def test_3_a_miss_recorded_before_the_amendment_no_longer_stands_after_it(tiny: World) -> None:
    """The office's program learns of the amendment late: the miss was right when it was recorded."""
    tiny_log(tiny, message("M1", "2020-01-17", "K1", limit="7 working days"), now="2020-01-17T18:00:00+08:00")
    by_hand = fact("H1", "reply-timeout", "2020-02-02", "T2", key="K1", unit="甲局")
    refused = tiny.try_log(by_hand, scheme="tiny-2020", now="2020-02-03T09:00:00+08:00").refused
    assert [row.code for row in refused] == ["not-yet-missed"]
    assert listed(tiny) == [("K1", "2020-02-01", "open")]
    assert scan(tiny) == []
    scan(tiny, "2020-02-05T09:00:00+08:00")
    assert t2(tiny) == (3, {"K1": "missed"})


def test_3_a_limit_beyond_the_published_calendar_waits_for_the_notice(world: World, tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY.replace("tiny-2020", "tiny-2019").replace("year: 2020", "year: 2019"), encoding="utf-8")
    world.adopt(path, year=2019, now="2019-01-06T09:00:00+08:00")
    facts = [message("M1", "2019-11-11", "K1", limit="60 working days"), message("M2", "2019-11-11", "K2")]
    [opened, _] = world.log(*facts, scheme="tiny-2019", year=2019, now="2019-11-11T09:00:00+08:00")
    assert listed(world) == [("K2", "2019-11-14", "open"), ("K1", None, "open")]
    scan(world, "2019-11-22T09:00:00+08:00")
    assert listed(world) == [("K1", "2020-02-07", "open"), ("K2", "2019-11-14", "missed")]
    scan(world, "2020-01-27T09:00:00+08:00")
    assert listed(world)[0] == ("K1", "2020-02-11", "open")
    then = world.score("甲局", scheme="tiny-2019", year=2019, known_at=str(opened))
    assert (then.limits["K1"].due, then.limits["K1"].state) == (None, "open")
    assert scan(world, "2020-02-12T00:00:00+08:00") == [("K1", "甲局", day("2020-02-11"))]
    assert world.faults() == []


# ---- limits that run into the next year


def test_4_a_limit_that_runs_over_the_year_s_end_is_priced_in_the_next_unit_year_of_the_family(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    for number, year in enumerate((2020, 2021)):
        path = tmp_path / f"{year}.yaml"
        path.write_text(
            TINY.replace("tiny-2020", f"tiny-{year}").replace("year: 2020", f"year: {year}"), encoding="utf-8"
        )
        if not number:
            world.adopt(path, year=year, now="2020-01-06T09:00:00+08:00")
    facts = [message("M1", "2020-12-29", "K1"), message("M2", "2020-12-25", "K2")]
    world.log(*facts, scheme="tiny-2020", now="2020-12-30T09:00:00+08:00")
    scan(world, "2021-01-05T09:00:00+08:00")
    old = world.score("甲局", scheme="tiny-2020")
    assert (old.limits["K1"].state, old.limits["K1"].due) == ("missed", day("2021-01-04"))
    assert old.items["T2"].score == 3
    assert old.deducted_by_quarter["Q4"] == 2
    assert "priced-next-year" in [flag.code for flag in old.flags]
    world.adopt(tmp_path / "2021.yaml", year=2021, now="2021-02-01T09:00:00+08:00")
    known = str(world.count())
    new = world.score("甲局", scheme="tiny-2021", year=2021)
    assert new.items["T2"].score == 3
    assert {key: limit.state for key, limit in new.limits.items()} == {"K1": "missed"}
    assert [new.deducted_by_quarter[quarter] for quarter in ("Q1", "Q4")] == [2, 0]
    assert world.score("甲局", scheme="tiny-2021", year=2021, as_of=day("2021-01-04")).items["T2"].score == 5
    assert world.score("乙局", scheme="tiny-2021", year=2021).items["T2"].score == 5
    world.log(reply("A1", "2021-01-04", "K1"), scheme="tiny-2020", now="2021-02-02T09:00:00+08:00")
    assert world.score("甲局", scheme="tiny-2021", year=2021).items["T2"].score == 5
    assert world.score("甲局", scheme="tiny-2021", year=2021, known_at=known).items["T2"].score == 3
    assert world.score("甲局", scheme="tiny-2020").items["T2"].score == 3
    assert world.faults() == []


def _two_years(world: World, tmp_path: Path, family: str) -> None:
    for year, kin in ((2020, "tiny"), (2021, family)):
        path = tmp_path / f"{year}.yaml"
        named = TINY.replace("tiny-2020", f"tiny-{year}").replace("family: tiny", f"family: {kin}")
        path.write_text(named.replace("year: 2020", f"year: {year}"), encoding="utf-8")
        world.adopt(path, year=year, now="2020-12-29T09:00:00+08:00")
    world.log(message("M1", "2020-12-29", "K1"), scheme="tiny-2020")
    scan(world, "2021-01-05T09:00:00+08:00")


def test_4_a_scheme_of_another_family_takes_nothing_over(world: World, tmp_path: Path) -> None:
    _two_years(world, tmp_path, "other")
    score = world.score("甲局", scheme="tiny-2021", year=2021)
    assert score.items["T2"].score == 5
    assert not score.limits


def test_4_whose_family_it_was_is_looked_up_as_known_then(world: World, tmp_path: Path) -> None:
    _two_years(world, tmp_path, "tiny")
    known = str(world.count())
    before = world.score("甲局", scheme="tiny-2021", year=2021, known_at=known)
    assert before.items["T2"].score == 3
    path = tmp_path / "2020.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("family: tiny", "family: gone"), encoding="utf-8")
    world.adopt(path, year=2020)
    assert world.score("甲局", scheme="tiny-2021", year=2021).items["T2"].score == 5
    assert world.score("甲局", scheme="tiny-2021", year=2021, known_at=known).items["T2"].score == 3


def test_4_an_earlier_year_adopted_later_was_not_there_then(world: World, tmp_path: Path) -> None:
    paths = []
    for year in (2021, 2020):
        path = tmp_path / f"{year}.yaml"
        path.write_text(
            TINY.replace("tiny-2020", f"tiny-{year}").replace("year: 2020", f"year: {year}"), encoding="utf-8"
        )
        paths.append(path)
    world.adopt(paths[0], year=2021, now="2021-01-06T09:00:00+08:00")
    known = str(world.count())
    world.adopt(paths[1], year=2020)
    world.log(message("M1", "2020-12-29", "K1"), scheme="tiny-2020")
    scan(world)
    assert world.score("甲局", scheme="tiny-2021", year=2021, known_at=known).items["T2"].score == 5
    assert world.score("甲局", scheme="tiny-2021", year=2021).items["T2"].score == 3
