"""Which limits are listed: by scheme, year, unit and state, and by when they must be kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app.calendars import CalendarEnds
from tests.app.worlds import World, fact

TINY = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Limits that end between 2020-09-28 and 2020-10-09, by day and by the hour; it is 30 September, 18:00."""
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    world = World(tmp_path / "gk.db").init()
    world.adopt(path, now="2020-01-06T09:00:00+08:00")
    facts = [
        fact("M1", "netizen-message", "2020-09-25", "T2", key="过期", unit="甲局", limit="2020-09-28"),
        fact("M2", "netizen-message", "2020-09-25", "T2", key="今日", unit="甲局", limit="2020-09-30"),
        fact("M3", "netizen-message", "2020-09-30T15:00:00+08:00", "T2", key="小时", unit="乙局", limit="24 hours"),
        fact("M4", "netizen-message", "2020-09-29", "T2", key="节后", unit="乙局", limit="2 working days"),
        fact("M5", "netizen-message", "2020-09-29", "T2", key="已复", unit="甲局"),
        fact("A5", "netizen-reply", "2020-09-30", key="已复", unit="甲局"),
    ]
    world.log(*facts, scheme="tiny-2020", now="2020-09-30T18:00:00+08:00")
    return world


def keys(world: World, **asked: Any) -> list[str]:  # noqa: ANN401 - how to ask
    with world.gk() as gk:
        return [row.key for row in gk.limits(**asked)]


def test_limits_are_listed_by_unit_and_state(world: World) -> None:
    assert keys(world, unit="甲局") == ["过期", "今日", "已复"]
    assert keys(world, state="met") == ["已复"]
    assert keys(world, unit="乙局", state="open") == ["小时", "节后"]
    assert keys(world, scheme="tiny-2020", year=2020, unit="丙局") == []


@pytest.mark.parametrize(
    ("within", "found"),
    [
        ("2020-09-30", ["过期", "今日"]),
        ("2020-10-01", ["过期", "今日", "小时"]),
        ("1 working days", ["过期", "今日", "小时", "节后"]),
        ("1个工作日", ["过期", "今日", "小时", "节后"]),
        ("20 hours", ["过期", "今日"]),
        ("21 hours", ["过期", "今日", "小时"]),
        ("5 hours", ["过期"]),
        ("6 hours", ["过期", "今日"]),
    ],
)
def test_limits_that_must_be_kept_by_a_moment(world: World, within: str, found: list[str]) -> None:
    """The day after the holiday, 9 October, is the first working day after 30 September."""
    assert keys(world, due_within=within) == found
    with world.gk() as gk:
        gk.replaying = True
        assert [row.key for row in gk.limits(due_within=within)] == found


def test_a_limit_that_a_scan_has_recorded_is_no_longer_due(world: World) -> None:
    with world.gk() as gk:
        assert [miss.key for miss in gk.scan().missed] == ["过期"]
    assert keys(world, due_within="2020-10-01") == ["今日", "小时"]
    assert keys(world, state="missed", due_within="2020-10-01") == []


def test_what_is_no_limit_or_lies_beyond_the_calendar_is_refused(world: World) -> None:
    with pytest.raises(no.FieldUnreadable):
        keys(world, due_within="soon")
    with pytest.raises(CalendarEnds) as caught:
        keys(world, due_within="200 working days")
    assert "2021" in str(caught.value)


def test_rows_know_what_a_scan_still_has_to_do_and_answers_do_not_show_it(world: World) -> None:
    late = fact("A1", "netizen-reply", "2020-09-29", key="过期", unit="甲局")
    world.log(late, scheme="tiny-2020", now="2020-10-09T09:00:00+08:00")
    assert keys(world, state="missed") == ["过期"]
    assert world.rows("SELECT state FROM limits WHERE key = '过期'") == [("late",)]
    with world.gk() as gk:
        assert [miss.key for miss in gk.scan().missed] == ["小时", "今日", "过期"]
        gk.limits()
    assert world.rows("SELECT state FROM limits WHERE key = '过期'") == [("missed",)]
    back = [fact("X1", "retraction", "2020-10-09", of="scan:M1:2020-09-28", unit="甲局"),
            fact("X2", "retraction", "2020-10-09", of="A1", unit="甲局")]  # fmt: skip
    world.log(*back, scheme="tiny-2020")
    assert "过期" in keys(world, state="open")
    assert world.rows("SELECT state FROM limits WHERE key = '过期'") == [("excused",)]
    with world.gk() as gk:
        assert gk.scan().missed == []
    assert world.faults() == []
