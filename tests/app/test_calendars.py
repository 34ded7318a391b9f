"""The calendar of a store: an amendment that comes late, one that takes it back, refusals, and why a day counts.

The notice of January 2020 prolonged the Spring Festival to 2 February. Here the program does not bring it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app import calendars, notices
from gkevents.app.calendars import NoticesTaken, explain
from gkevents.calendar import Notice
from gkevents.schemes import catalog
from tests.app.worlds import World, day, fact

TINY: Final = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")
NOTICES: Final = catalog.calendar_notices()
AMENDMENT: Final = "国办发明电〔2020〕1号"
BACK: Final = """
notices:
  - document: 样本〔2020〕2号
    issued_on: "2020-02-20"
    year: 2020
    amends: true
    days_off: []
    make_up_workdays: ["2020-01-31", "2020-02-01"]
    verified: sample data
"""


def of_2020(path: Path, *documents: str) -> Path:
    """A calendar file with the notices of 2020 of these numbers."""
    entries = [notice for notice in NOTICES if notice.document in documents]
    path.write_text("notices:\n" + "".join(map(_entry, entries)), encoding="utf-8")
    return path


def _entry(notice: Notice) -> str:
    said = notice.to_dict()
    days = [f"    {name}: {said[name]}\n" for name in ("days_off", "make_up_workdays", "withdrawn_workdays")]
    return (
        f"  - document: {notice.document}\n    issued_on: '{notice.issued_on}'\n    year: {notice.year}\n"
        f"    amends: {str(notice.amends).lower()}\n    verified: sample\n{''.join(days)}"
    )


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program does not bring the amendment."""
    brought = tuple(notice for notice in NOTICES if notice.document != AMENDMENT)
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brought)


def begun(url: str, folder: Path) -> World:
    """A store in which every miss on T2 costs 2 points of 5."""
    path = folder / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    world = World(url).init()
    world.adopt(path, now="2020-01-06T09:00:00+08:00")
    return world


@pytest.fixture
def late(tmp_path: Path, without: None) -> World:
    """Such a store, of such a program."""
    _ = without
    return begun(f"sqlite:///{tmp_path}/gk.db", tmp_path)


def message(key: str, on: str, limit: str) -> dict[str, Any]:
    return fact(f"M-{key}", "netizen-message", on, "T2", key=key, unit="甲局", limit=limit)


def reply(key: str, on: str) -> dict[str, Any]:
    return fact(f"A-{key}", "netizen-reply", on, key=key, unit="甲局")


def retraction(ref: str, of: str) -> dict[str, Any]:
    return fact(ref, "retraction", "2020-02-10", of=of, unit="甲局", reason="样本")


def log(world: World, *facts: dict[str, Any], now: str | None = None) -> None:
    world.log(*facts, scheme="tiny-2020", now=now)


def scan(world: World, now: str | None = None) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """What a scan records and takes back: keys with their due days."""
    with world.gk(now) as gk:
        found = gk.scan()
    return [(row.key, row.due) for row in found.missed], [(row.key, row.due) for row in found.taken_back]


def bring_in(world: World, file: Path, now: str) -> NoticesTaken:
    with world.gk(now) as gk:
        return gk.import_calendar(file)


def t2(world: World, **asked: Any) -> tuple[Any, dict[str, str]]:  # noqa: ANN401 - how to ask
    score = world.score("甲局", scheme="tiny-2020", **asked)
    return score.items["T2"].score, {key: limit.state for key, limit in score.limits.items()}


def january(world: World) -> None:
    """Messages of 17 to 23 January, and a scan on 10 February by the calendar that the program knows."""
    log(world, message("a", "2020-01-17", "7 working days"), now="2020-01-17T17:00:00+08:00")
    log(world, message("b", "2020-01-17", "3 working days"), message("c", "2020-01-23", "2 working days"),
        now="2020-01-23T17:00:00+08:00")  # fmt: skip
    log(world, reply("a", "2020-02-03"), now="2020-02-03T17:00:00+08:00")
    missed, taken_back = scan(world, "2020-02-10T09:00:00+08:00")
    assert missed == [("a", day("2020-02-01")), ("b", day("2020-01-21")), ("c", day("2020-02-01"))]
    assert taken_back == []


def amendment(folder: Path) -> Path:
    return of_2020(folder / "amendment.yaml", AMENDMENT)


def bodies(world: World, ref: str) -> Any:  # noqa: ANN401 - a body
    import json

    [(body,)] = world.rows(f"SELECT body FROM events WHERE ref = '{ref}'")  # noqa: S608
    return json.loads(body)


@pytest.mark.usefixtures("without")
def test_3_an_amendment_imported_after_a_scan_takes_back_what_was_in_time_and_the_score_follows(
    store_url: str, tmp_path: Path
) -> None:
    late = begun(store_url, tmp_path)
    january(late)
    assert t2(late) == (0, {"a": "missed", "b": "missed", "c": "missed"})
    known = str(late.count())
    came = bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    assert [(notice.document, position) for notice, position in came.adopted] == [(AMENDMENT, int(known) + 1)]
    assert [(row.key, row.before, row.due, row.document) for row in came.taken_back] == [
        ("a", day("2020-02-01"), day("2020-02-04"), AMENDMENT),
        ("c", day("2020-02-01"), day("2020-02-04"), AMENDMENT),
    ]
    assert [(row.key, row.due) for row in came.missed] == [("c", day("2020-02-04"))]
    assert t2(late) == (1, {"a": "met", "b": "missed", "c": "missed"})
    assert t2(late, known_at=known) == (0, {"a": "missed", "b": "missed", "c": "missed"})
    assert t2(late, known_at="2020-02-10") == (0, {"a": "missed", "b": "missed", "c": "missed"})
    assert scan(late, "2020-03-01T09:00:00+08:00") == ([], [])
    assert late.faults() == []


def test_the_reason_names_the_notice_and_both_days(late: World, tmp_path: Path) -> None:
    january(late)
    bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    back = bodies(late, "scan:M-c:2020-02-01:back")
    assert (back["type"], back["of"], back["scanned"], back["source"]) == (
        "retraction", "scan:M-c:2020-02-01", True, AMENDMENT,
    )  # fmt: skip
    assert back["reason"] == f"{AMENDMENT}：2020-02-01 → 2020-02-04"
    anew = bodies(late, "scan:M-c:2020-02-04")
    assert (anew["source"], anew["note"], anew["effective_on"]) == (AMENDMENT, back["reason"], "2020-02-05")
    assert "note" not in bodies(late, "scan:M-b:2020-01-21")


def test_a_second_amendment_back_again_records_the_misses_anew(late: World, tmp_path: Path) -> None:
    january(late)
    bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    between = str(late.count())
    (tmp_path / "back.yaml").write_text(BACK, encoding="utf-8")
    came = bring_in(late, tmp_path / "back.yaml", "2020-02-21T09:00:00+08:00")
    assert came.taken_back == []
    assert [(row.key, row.due) for row in came.missed] == [("a", day("2020-02-01"))]
    assert bodies(late, "scan:M-a:2020-02-01:1")["source"] == "样本〔2020〕2号"
    assert t2(late) == (0, {"a": "missed", "b": "missed", "c": "missed"})
    assert t2(late, known_at=between) == (1, {"a": "met", "b": "missed", "c": "missed"})
    assert scan(late, "2020-03-01T09:00:00+08:00") == ([], [])
    assert late.faults() == []


def test_an_amendment_that_the_program_brings_later_is_looked_at_by_the_next_scan(
    late: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    january(late)
    monkeypatch.undo()
    log(late, message("d", "2020-02-11", "3 working days"), now="2020-02-11T09:00:00+08:00")
    assert t2(late) == (3, {"a": "met", "b": "missed", "c": "open", "d": "open"})
    missed, taken_back = scan(late)
    assert (missed, [key for key, _ in taken_back]) == ([("c", day("2020-02-04"))], ["a", "c"])
    assert t2(late) == (1, {"a": "met", "b": "missed", "c": "missed", "d": "open"})
    assert scan(late) == ([], [])
    assert late.faults() == []


def test_a_limit_that_still_runs_by_the_new_calendar_is_open_again_until_it_ends(late: World, tmp_path: Path) -> None:
    log(late, message("c", "2020-01-23", "2 working days"), now="2020-01-23T17:00:00+08:00")
    assert scan(late, "2020-02-02T09:00:00+08:00") == ([("c", day("2020-02-01"))], [])
    came = bring_in(late, amendment(tmp_path), "2020-02-03T09:00:00+08:00")
    assert ([row.key for row in came.taken_back], came.missed) == (["c"], [])
    assert t2(late) == (5, {"c": "open"})
    assert scan(late, "2020-02-05T09:00:00+08:00") == ([("c", day("2020-02-04"))], [])
    assert bodies(late, "scan:M-c:2020-02-04")["source"] == AMENDMENT
    log(late, reply("c", "2020-02-04"), now="2020-02-06T09:00:00+08:00")
    assert t2(late) == (5, {"c": "met"})


def test_what_a_person_took_back_no_scan_and_no_notice_records_again(late: World, tmp_path: Path) -> None:
    january(late)
    log(late, retraction("X1", "scan:M-c:2020-02-01"), now="2020-02-10T10:00:00+08:00")
    came = bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    assert ([row.key for row in came.taken_back], came.missed) == (["a"], [])
    assert scan(late, "2020-02-12T09:00:00+08:00") == ([], [])
    (tmp_path / "back.yaml").write_text(BACK, encoding="utf-8")
    came = bring_in(late, tmp_path / "back.yaml", "2020-02-21T09:00:00+08:00")
    assert [row.key for row in came.missed] == ["a"]
    assert scan(late, "2020-03-01T09:00:00+08:00") == ([], [])
    assert t2(late) == (1, {"a": "missed", "b": "missed", "c": "open"})
    assert late.faults() == []


def test_where_a_person_undid_what_the_program_took_back_it_is_not_taken_back_again(
    late: World, tmp_path: Path
) -> None:
    january(late)
    bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    log(late, retraction("X1", "scan:M-a:2020-02-01:back"), now="2020-02-12T09:00:00+08:00")
    assert scan(late, "2020-02-13T09:00:00+08:00") == ([], [])
    (tmp_path / "back.yaml").write_text(BACK, encoding="utf-8")
    assert bring_in(late, tmp_path / "back.yaml", "2020-02-21T09:00:00+08:00").missed == []
    assert t2(late) == (0, {"a": "missed", "b": "missed", "c": "missed"})


def test_a_program_s_retraction_and_a_person_s_ruling_together_speak_for_the_person(
    late: World, tmp_path: Path
) -> None:
    january(late)
    ruled = fact("X1", "duplicate-ruling", "2020-02-10", of="scan:M-a:2020-02-01", unit="甲局")
    bring_in(late, amendment(tmp_path), "2020-02-11T09:00:00+08:00")
    log(late, ruled, now="2020-02-12T09:00:00+08:00")
    (tmp_path / "back.yaml").write_text(BACK, encoding="utf-8")
    assert bring_in(late, tmp_path / "back.yaml", "2020-02-21T09:00:00+08:00").missed == []
    assert scan(late, "2020-03-01T09:00:00+08:00") == ([], [])


def test_a_store_of_many_units_takes_back_only_what_the_notice_moves(late: World, tmp_path: Path) -> None:
    january(late)
    log(late, message("d", "2020-02-12", "3 working days"), message("e", "2020-02-12", "2020-02-13"),
        message("f", "2020-02-12T08:00:00+08:00", "5 hours"), now="2020-02-12T17:00:00+08:00")  # fmt: skip
    other = fact("M-x", "netizen-message", "2020-01-23", "T2", key="a", unit="乙局", limit="2020-02-01")
    log(late, other)
    assert sorted(key for key, _ in scan(late, "2020-02-20T09:00:00+08:00")[0]) == ["a", "d", "e", "f"]
    came = bring_in(late, amendment(tmp_path), "2020-02-20T10:00:00+08:00")
    assert [(row.unit, row.key) for row in came.taken_back] == [("甲局", "a"), ("甲局", "c")]


def test_a_limit_that_ended_on_the_first_day_that_a_notice_names_is_moved_by_it(late: World, tmp_path: Path) -> None:
    log(late, message("a", "2020-01-22", "2 working days"), message("b", "2020-01-21", "2 working days"),
        now="2020-01-22T17:00:00+08:00")  # fmt: skip
    missed, _ = scan(late, "2020-02-02T09:00:00+08:00")
    assert missed == [("a", day("2020-01-31")), ("b", day("2020-01-23"))]
    came = bring_in(late, amendment(tmp_path), "2020-02-02T10:00:00+08:00")
    assert [(row.key, row.before, row.due) for row in came.taken_back] == [("a", day("2020-01-31"), day("2020-02-03"))]


# ---- what is not taken in


def written(folder: Path, text: str) -> Path:
    path = folder / "notices.yaml"
    path.write_text(text, encoding="utf-8")
    return path


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (calendars.NoCalendarFile, lambda _: "notices: 3"),
        (calendars.NoCalendarFile, lambda _: "notices: []"),
        (calendars.NoCalendarFile, lambda _: "notices: [3]"),
        (calendars.NoCalendarFile, lambda text: text.replace("verified: sample data", "checked: so")),
        (calendars.NoCalendarFile, lambda text: text.replace("year: 2020", "year: 2021")),
        (calendars.NoCalendarFile, lambda text: text.replace("days_off: []", 'days_off: ["2020-01-31"]')),
        (calendars.NoticeNotIssued, lambda text: text.replace("2020-02-20", "2020-03-20")),
        (notices.YearNotPublished, lambda text: text.replace("2020-01-31", "2021-01-31")
         .replace("2020-02-01", "2021-02-01").replace("year: 2020", "year: 2021")),
        (notices.YearPublished, lambda text: text.replace("amends: true", "amends: false")
         .replace('"2020-01-31", "2020-02-01"', '"2020-02-01"')),
        (notices.NothingWithdrawn, lambda text: text.replace(
            'make_up_workdays: ["2020-01-31", "2020-02-01"]',
            'make_up_workdays: []\n    withdrawn_workdays: ["2020-02-02"]')),
    ],
)  # fmt: skip
def test_a_file_that_does_not_go_with_what_is_there_is_refused_and_leaves_nothing(
    late: World, tmp_path: Path, refusal: type[no.Refusal], change: Change
) -> None:
    before = late.count()
    with pytest.raises(refusal) as caught:
        bring_in(late, written(tmp_path, change(BACK)), "2020-03-01T09:00:00+08:00")
    assert str(caught.value)
    assert late.count() == before


def test_what_is_there_already_is_not_adopted_twice(late: World, tmp_path: Path) -> None:
    both = of_2020(tmp_path / "2020.yaml", "国办发明电〔2019〕16号", AMENDMENT)
    came = bring_in(late, both, "2020-02-11T09:00:00+08:00")
    assert [notice.document for notice in came.already] == ["国办发明电〔2019〕16号"]
    assert [notice.document for notice, _ in came.adopted] == [AMENDMENT]
    before = late.count()
    with pytest.raises(calendars.NoticeThere):
        bring_in(late, both, "2020-02-12T09:00:00+08:00")
    assert late.count() == before


def test_an_earlier_notice_may_not_come_behind_a_later_one_that_decides_the_same_day(
    late: World, tmp_path: Path
) -> None:
    bring_in(late, written(tmp_path, BACK), "2020-02-21T09:00:00+08:00")
    with pytest.raises(notices.NoticeOutrun) as caught:
        bring_in(late, amendment(tmp_path), "2020-02-22T09:00:00+08:00")
    assert "样本〔2020〕2号" in str(caught.value)


# ---- what is asked


def test_notices_are_listed_with_the_position_that_adopted_them_and_those_that_wait(late: World) -> None:
    with late.gk("2020-11-30T09:00:00+08:00") as gk:
        rows = gk.calendar().rows
    states = {row.notice.document: row.state for row in rows}
    assert AMENDMENT not in states
    adopted = [row for row in rows if row.state == "adopted"]
    assert [row.position for row in adopted] == list(range(1, len(adopted) + 1))
    assert {row.recorded_at for row in adopted} == {"2020-01-06T09:00:00+08:00"}
    waiting = [row.notice.year for row in rows if row.state == "waiting"]
    assert waiting == [2021]
    assert min(row.notice.year for row in rows if row.state == "later") == 2022


def test_the_days_of_a_limit_are_told_with_why_they_count() -> None:
    known = [notice for notice in NOTICES if notice.year <= 2020]
    told = explain(known, day("2020-01-17"), 7)
    assert told.due == day("2020-02-04")
    assert [one.day for one in told.days] == [day("2020-01-17") + dt.timedelta(days=n) for n in range(1, 19)]
    why = {one.day.isoformat()[5:]: (one.working, one.why, one.notice and one.notice.document) for one in told.days}
    first = "国办发明电〔2019〕16号"
    assert why["01-18"] == (False, "weekend", None)
    assert why["01-19"] == (True, "make-up", first)
    assert why["01-20"] == (True, "workday", None)
    assert why["01-24"] == (False, "day-off", first)
    assert why["01-31"] == (False, "day-off", AMENDMENT)
    assert why["02-01"] == (False, "withdrawn", AMENDMENT)
    assert sum(one.working for one in told.days) == 7


def test_days_beyond_the_calendar_are_not_guessed() -> None:
    known = [notice for notice in NOTICES if notice.year <= 2020]
    told = explain(known, day("2020-12-28"), 5)
    assert (told.due, told.days[-1].day) == (None, day("2020-12-31"))


def test_a_number_that_is_adopted_means_one_notice(late: World, tmp_path: Path) -> None:
    bring_in(late, written(tmp_path, BACK), "2020-03-01T09:00:00+08:00")
    other = BACK.replace('"2020-01-31", "2020-02-01"', '"2020-02-01"')
    with pytest.raises(calendars.DocumentKnown):
        bring_in(late, written(tmp_path, other), "2020-03-02T09:00:00+08:00")


def test_a_pipe_is_no_file_of_notices(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(calendars.NoCalendarFile):
        calendars.read_notices(tmp_path / "pipe")


def test_days_are_told_to_the_end_of_the_calendar_and_no_further(late: World) -> None:
    with late.gk("2020-03-01T09:00:00+08:00") as gk:
        known = gk.calendar().known
    assert calendars.explain(known, dt.date.max, 3).due is None
