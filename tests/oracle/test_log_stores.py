"""Stores with everything that a log may hold: their answers beside the second reckoning of what lies in them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gkevents.demo import SCHEME, YEAR, prepare
from gkevents.oracle import Answer, CannotReckon, reckon_log
from gkevents.oracle.cases import EVIDENCE
from tests.app.worlds import World, fact, grade

from .agreement import content_of, edition, recorded_with_bodies
from .figures import SCHEMES
from .hand import F, Sheet, beyond, event, group, item, scheme
from .log_agreement import Event, differences, disagreements, events_in, logged, stored_differences
from .random_logs import Case, random_log
from .scheme_writer import text_of
from .stored import as_written
from .wide_agreement import edition as wide_edition
from .wide_agreement import random_wide_case

HEBEI, OFFICE = "hebei-stats-2018", "河北省统计局"
MESSAGES = "H21"


def answered(world: World, name: str, year: int, unit: str, **how: Any) -> Answer:  # noqa: ANN401
    """What the reckoning says of one unit."""
    return dict(reckon_log(events_in(world), scheme=name, year=year, **how))[unit]


def test_the_demo_year_is_reckoned_as_it_is_scored_at_every_point_of_both_axes(tmp_path: Path) -> None:
    prepared = prepare(tmp_path, issuing=False)
    world = World(prepared.url)
    head = world.count()
    first = world.rows("SELECT position FROM events WHERE name LIKE 'edition-adopted.%'")[0][0]
    asked: list[dict[str, Any]] = [{}, {"as_of": date(YEAR, 6, 30)}, {"as_of": date(YEAR, 11, 20)}]
    asked += [{"known_at": first + step * (head - first) // 7} for step in range(7)]
    for how in asked:
        assert stored_differences(world, SCHEME, YEAR, **how) == [], how


def in_a_store(case: Case, folder: Path) -> World:
    """A store that holds a random log without its files, the misses recorded by a scan of its own."""
    folder.mkdir()
    world = World(folder / "gk.db").init()
    overlay = folder / "overlay.json"
    if case.overlay is not None:
        overlay.write_text(json.dumps(case.overlay | {"source": "样函"}), encoding="utf-8")
    decided = overlay if case.overlay is not None else None
    begin, end = f"{case.year}-01-01T00:00:00+08:00", "2021-12-30T00:00:00+08:00"
    world.adopt(case.scheme, year=case.year, now=begin, units=list(case.units.items()), overlay=decided)
    facts = [as_written(one) | {"recorded_at": one["recorded_at"]} for one in case.facts if one["type"] != EVIDENCE]
    world.log(*facts, scheme=case.scheme, year=case.year)
    with world.gk(end) as gk:
        gk.scan(as_of=date(case.year + 1, 2, 1))
    return world


@pytest.mark.parametrize("name", SCHEMES)
def test_stores_of_the_published_schemes(name: str, tmp_path: Path) -> None:
    dice, tried = random.Random(f"stores {name}"), 0
    while tried < 2:
        case = random_log(name, dice, cases=tried == 1)
        if not case.facts or any(str(one["ref"]).startswith("scan:") for one in case.facts):
            continue
        world = in_a_store(case, tmp_path / str(tried))
        head = world.count()
        for known_at in (None, head // 2, 3 * head // 4):
            found = stored_differences(world, name, case.year, known_at=known_at, as_of=case.as_of)
            assert found == [], (tried, known_at)
        tried += 1


def adopted(folder: Path, written: Sheet, name: str) -> Path:
    """A scheme file."""
    path = folder / name
    path.write_text(text_of(written), encoding="utf-8")
    return path


def count_of(points: str) -> Sheet:
    """A checklist of so many elements at one point each."""
    return {"start": "checklist", "worth": {"of": int(points), "each": "1"}}


def test_what_a_later_edition_cannot_read_is_open(tmp_path: Path) -> None:
    share = {"start": "metric", "worth": {"tiers": [{"from": "0", "points": "0"}, {"from": "0.8", "points": "4"}]}}
    many = {"start": "metric", "worth": {"tiers": [{"from": "0", "points": "0"}, {"from": "8", "points": "4"}]}}
    listed = {"start": "grade", "allowed": [{"points": "0", "when": "无"}, {"points": "3", "when": "有"}]}
    bonus = group(beyond("P", "bonus", {"start": "metric", "worth": {"above": "0", "per": "1", "earns": "0.1"}}))
    del bonus["rules"][0]["rule"]["worth"]["per"]

    def text(*rules: Sheet, top: str) -> Sheet:
        items = [item(code, top if code == "A" else "4", rule) for code, rule in zip("ABCDE", rules, strict=True)]
        return scheme(*items, item("F", str(14 - int(top)), event(price="1")), adjustments=[bonus])

    free = {"start": "grade"}
    world = World(tmp_path / "gk.db").init()
    first = adopted(tmp_path, text(free, free, many, count_of("4"), event(price="1"), top="10"), "a.yaml")
    world.adopt(first, year=2020, now="2020-01-06T09:00:00+08:00", units=[("甲局", ""), ("乙局", "")])
    when, unit = "2020-06-01", {"unit": "甲局"}
    world.log(
        grade("1", when, "A", "8.5", **unit), grade("2", when, "B", "2.5", **unit),
        fact("3", "metric", when, "C", value="9", **unit), fact("4", "checklist", when, "D", met="4", **unit),
        fact("5", "occurrence", when, "E", count="2", **unit), fact("6", "metric", when, "P", value="7", **unit),
        grade("7", when, "A", "4", unit="乙局"), grade("8", when, "B", "3", unit="乙局"),
        scheme="hand", year=2020, now="2020-07-01T09:00:00+08:00",
    )  # fmt: skip
    leveled = event(price={"national": "2", "county": "1"})
    second = adopted(tmp_path, text(free, listed, share, count_of("4"), leveled, top="6"), "b.yaml")
    world.adopt(second, year=2020, now="2020-08-01T09:00:00+08:00")
    for known_at in (None, world.count() - 1):
        assert stored_differences(world, "hand", 2020, known_at=known_at) == []
    answer = answered(world, "hand", 2020, "甲局")
    states = {code: one.state for code, one in answer.items.items()}
    assert states == {"A": "open", "B": "open", "C": "open", "D": "reported", "E": "priced", "F": "priced"}
    assert [answer.low, answer.high] == [F("16.7"), F("30.7")]
    assert answered(world, "hand", 2020, "甲局", known_at=world.count() - 1).total is not None


def message(ref: str, on: str, key: str, limit: str | None = None) -> dict[str, Any]:
    """A message that came in."""
    return fact(ref, "netizen-message", on, MESSAGES, key=key, unit=OFFICE) | ({"limit": limit} if limit else {})


def reply(ref: str, on: str, key: str) -> dict[str, Any]:
    """Its answer."""
    return fact(ref, "netizen-reply", on, key=key, unit=OFFICE)


def test_a_limit_that_runs_out_after_the_year_costs_in_the_next_one(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(HEBEI, year=2018, now="2018-01-02T09:00:00+08:00")
    world.adopt(HEBEI, year=2019, now="2019-01-02T09:00:00+08:00")
    old, new = {"scheme": HEBEI, "year": 2018}, {"scheme": HEBEI, "year": 2019}
    world.log(message("1", "2018-12-28", "k1"), message("2", "2018-12-28", "k2"), message("3", "2018-12-28", "k3"),
              **old, now="2019-01-03T09:00:00+08:00")  # fmt: skip
    world.log(reply("4", "2019-01-04", "k1"), reply("5", "2019-01-03", "k2"), **old, now="2019-01-09T09:00:00+08:00")
    world.log(message("6", "2019-02-01", "k1"), reply("7", "2019-03-01", "k1"), **new, now="2019-03-02T09:00:00+08:00")
    with world.gk("2019-03-05T09:00:00+08:00") as gk:
        gk.scan()
    both = world.rows("SELECT max(position) FROM events WHERE name LIKE 'edition%'")[0][0]
    for position in range(both, world.count() + 1):
        for year in (2018, 2019):
            assert stored_differences(world, HEBEI, year, known_at=position) == [], (year, position)
    assert stored_differences(world, HEBEI, 2019, as_of=date(2019, 1, 3)) == []
    before, after = answered(world, HEBEI, 2018, OFFICE), answered(world, HEBEI, 2019, OFFICE)
    assert {key: one.state for key, one in before.deadlines.items()} == {"k1": "missed", "k2": "met", "k3": "missed"}
    assert set(after.deadlines) == {"k1", "k1 (2018)", "k3"}
    price = F(SCHEMES[HEBEI].items[MESSAGES][2]["price"])
    assert [year.items[MESSAGES].score for year in (before, after)] == [F(2), 2 - 3 * price]


def test_an_amended_calendar_moves_a_limit_from_its_own_position_on(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(HEBEI, year=2019, now="2019-01-02T09:00:00+08:00")
    how = {"scheme": HEBEI, "year": 2019}
    sent = [message(ref, "2019-03-01", f"k{ref}", f"{limit} working days") for ref, limit in (("1", 42), ("2", 4))]
    opened = world.log(*sent, **how, now="2019-03-04T09:00:00+08:00")
    world.log(reply("3", "2019-05-05", "k1"), **how, now="2019-05-07T09:00:00+08:00")
    for position in range(opened[0], world.count() + 1):
        assert stored_differences(world, HEBEI, 2019, known_at=position) == [], position
    known = [answered(world, HEBEI, 2019, OFFICE, known_at=position).deadlines["k1"] for position in (opened[0], None)]
    assert [(one.due, one.state) for one in known] == [("2019-05-02", "open"), ("2019-04-30", "missed")]


def test_a_miss_that_an_amendment_puts_within_its_limit_says_nothing() -> None:
    """No such notice came so late; the day after the limit may still turn out to be a day of it."""

    def notice(position: int, *, amends: bool, days_off: list[str]) -> Event:
        body = {"year": 2018, "amends": amends, "days_off": days_off, "make_up_workdays": []}
        return Event(position, "calendar", "calendar-notice-adopted.1", body)

    when = {"item": MESSAGES, "key": "k1"}
    events = [
        adopted_event(), notice(2, amends=False, days_off=[]),
        on_the_log(3, ref="1", type="netizen-message", effective_on="2018-03-01", limit="3 working days", **when),
        on_the_log(4, ref="2", type="reply-timeout", effective_on="2018-03-07", **when),
        notice(5, amends=True, days_off=["2018-03-06"]),
    ]  # fmt: skip
    limits = [
        dict(reckon_log(events, scheme=HEBEI, year=2018, known_at=known))[OFFICE].deadlines["k1"] for known in (4, 5)
    ]
    assert [(one.due, one.state) for one in limits] == [("2018-03-06", "missed"), ("2018-03-07", "open")]


def test_a_limit_beyond_the_published_calendar_waits_for_its_notice(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(HEBEI, year=2018, now="2018-01-02T09:00:00+08:00")
    how = {"scheme": HEBEI, "year": 2018}
    at = world.log(message("1", "2018-11-28", "k1", "30 working days"), **how, now="2018-11-29T09:00:00+08:00")[0]
    world.log(message("2", "2018-12-03", "k2"), **how, now="2018-12-05T09:00:00+08:00")
    due = [answered(world, HEBEI, 2018, OFFICE, known_at=known).deadlines["k1"].due for known in (at, None)]
    assert due == [None, "2019-01-10"]
    assert [stored_differences(world, HEBEI, 2018, known_at=known) for known in (at, None)] == [[], []]


def test_one_key_on_two_items_a_scan_and_a_key_opened_anew(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(HEBEI, year=2018, now="2018-01-02T09:00:00+08:00")
    how = {"scheme": HEBEI, "year": 2018}
    both = [message("1", "2018-03-01", "k1"), message("2", "2018-03-01", "k1") | {"item": "H25b"}]
    world.log(*both, message("3", "2018-03-01", "k2"), **how, now="2018-03-02T09:00:00+08:00")
    with world.gk("2018-04-02T09:00:00+08:00") as gk:
        assert len(gk.scan().missed) == 3
    world.log(fact("4", "retraction", "2018-04-03", of="3", unit=OFFICE), message("5", "2018-04-02", "k2"),
              reply("6", "2018-03-05", "k1"), **how, now="2018-04-03T09:00:00+08:00")  # fmt: skip
    world.log(fact("7", "retraction", "2018-04-04", of="6", unit=OFFICE), reply("8", "2018-03-09", "k1"),
              **how, now="2018-04-04T09:00:00+08:00")  # fmt: skip
    first = world.rows("SELECT position FROM events WHERE ref = '1'")[0][0]
    for position in range(first, world.count() + 1):
        assert stored_differences(world, HEBEI, 2018, known_at=position) == [], position
    limits = answered(world, HEBEI, 2018, OFFICE).deadlines
    assert {key: (one.item, one.state) for key, one in limits.items()} == {
        "k1": (MESSAGES, "missed"), "k1 (H25b)": ("H25b", "met"), "k2": (MESSAGES, "open"),
    }  # fmt: skip


def test_units_that_join_later_and_points_decided_later(tmp_path: Path) -> None:
    name = "sanmenxia-departments-2017"
    world = World(tmp_path / "gk.db").init()
    units: Sequence[tuple[str, str | None]] = [("甲局", None)]
    world.adopt(name, year=2017, now="2017-01-06T09:00:00+08:00", units=units)
    world.adopt(name, year=2017, now="2017-01-07T09:00:00+08:00", units=[("乙局", None)])
    overlay = tmp_path / "overlay.json"
    case = random_log(name, random.Random(3))
    assert case.overlay is not None
    overlay.write_text(json.dumps(case.overlay | {"source": "样函"}), encoding="utf-8")
    world.log(fact("2", "fraud", "2017-06-01", unit="甲局"), scheme=name, year=2017, now="2017-07-01T09:00:00+08:00")
    world.adopt(name, year=2017, now="2017-08-01T09:00:00+08:00", overlay=overlay)
    first = world.rows("SELECT position FROM events WHERE name LIKE 'edition-adopted.%'")[0][0]
    for position in range(first, world.count() + 1):
        assert stored_differences(world, name, 2017, known_at=position) == [], position
    unpriced = dict(reckon_log(events_in(world), scheme=name, year=2017, known_at=world.count() - 1))
    assert [unpriced[unit].priced for unit in ("甲局", "乙局")] == [False, False]
    assert [unpriced[unit].total for unit in ("甲局", "乙局")] == [F(0), None]


def said_only(value: Any) -> Any:  # noqa: ANN401
    """Content without what says nothing: the keys that an older edition may lack (`reads`: see the contents)."""
    if isinstance(value, dict):
        return {key: said_only(each) for key, each in value.items() if key == "reads" or each not in (None, [], {})}
    return [said_only(each) for each in value] if isinstance(value, list) else value


def test_an_edition_may_leave_unsaid_what_says_nothing() -> None:
    for number in range(60):
        case = random_wide_case(number)
        slim = {"adjustments": [], "bands": [], **said_only(case.content)}
        assert slim != case.content
        assert disagreements(case, slim, wide_edition(case)) == [], number


def adopted_event(**more: Any) -> Event:  # noqa: ANN401
    body = {"content": content_of(HEBEI), "overlay": None, "units": [[OFFICE, ""]]}
    return Event(1, f"scheme-year/{HEBEI}/2018", "edition-adopted.1", body | more)


def on_the_log(position: int, /, **body: Any) -> Event:  # noqa: ANN401
    return Event(position, f"unit-year/{HEBEI}/2018/{OFFICE}", "grade-given.1", body)


STRANGE = [
    ([], "is not adopted for 2018"),
    ([adopted_event()._replace(stream="scheme-year/other/2018")], "is not adopted for 2018"),
    ([Event(1, f"scheme-year/{HEBEI}/2018", "edition-closed.1", {})], "edition-closed is no event"),
    ([adopted_event(content={})], "KeyError"),
    ([adopted_event(), on_the_log(2, ref="1")], "KeyError"),
    (
        [adopted_event(), on_the_log(2, ref="1", type="grade", item="H01", effective_on="2018-06-01", points="viel")],
        "ValueError",
    ),
]


@pytest.mark.parametrize(("events", "why"), STRANGE)
def test_what_it_has_no_rule_for_is_said_and_not_guessed(events: list[Event], why: str) -> None:
    with pytest.raises(CannotReckon, match=why):
        reckon_log(events, scheme=HEBEI, year=2018)


def test_the_order_of_events_and_other_schemes_make_no_difference() -> None:
    case = random_log("beilun-2019", random.Random(8))
    frozen = edition("beilun-2019", None)
    _, bodies = recorded_with_bodies(case, frozen)
    events = logged(case, content_of("beilun-2019"), bodies)
    answers = reckon_log(events, scheme="beilun-2019", year=2019)
    turned = [adopted_event(), on_the_log(2, ref="other", type="fraud", effective_on="2018-05-05"), *reversed(events)]
    assert reckon_log(turned, scheme="beilun-2019", year=2019) == answers
    (line,) = differences(frozen, {}, answers)
    assert line.startswith("units []")
