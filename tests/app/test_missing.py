"""Numbers of scans: people give none; what they say of a miss bears one, and does not keep it from being taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import canonical
from gkevents.schemes import catalog
from gkevents.words import say
from tests.app.test_calendars import NOTICES, january, late, log, message, scan, without
from tests.app.worlds import World, day, fact

__all__ = ["late", "without"]

MISS = "scan:M-b:2020-01-21"
NOON = "2020-02-10T12:00:00+08:00"


def step(world: World) -> None:
    with world.gk(NOON) as gk:
        gk.take_step(MISS, "case-notified", {})


def correction(world: World) -> None:
    with world.gk(NOON) as gk:
        gk.correct(MISS, reason="样本", changes={"note": "样本"})


def evidence(world: World) -> None:
    paper = world.path.with_suffix(".txt")
    paper.write_text("样本", encoding="utf-8")
    with world.gk(NOON) as gk:
        gk.evidence().add([paper], of=MISS)


def by_an_earlier_program(world: World) -> None:
    """It let people give such numbers."""
    told = fact("scan:2020-01", "criticism", "2020-02-10", "T3", unit="甲局")
    with world.gk(NOON) as gk, gk._writing() as session:
        session.record(session.scheme_year("tiny-2020", 2020), canonical(told))


def test_what_people_say_under_such_numbers_does_not_keep_a_miss_from_being_taken_back(
    late: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    january(late)
    monkeypatch.setattr(catalog, "calendar_notices", lambda: NOTICES)  # the next version of the program
    for say_it in (step, evidence, by_an_earlier_program, correction):
        before = late.count()
        say_it(late)
        assert late.rows("SELECT count(*) FROM events WHERE stream = 'calendar'") == [(6,)]
        own = late.rows(f"SELECT count(*) FROM events WHERE position > {before} AND ref LIKE 'scan:%'")  # noqa: S608
        assert own[0][0]
    assert scan(late, "2020-02-11T09:00:00+08:00") == (
        [("c", day("2020-02-04"))],
        [("a", day("2020-02-04")), ("c", day("2020-02-04"))],
    )
    assert late.faults() == []


def test_nobody_gives_a_number_of_scans(late: World) -> None:
    log(late, fact("F1", "criticism", "2020-01-06", "T3", unit="甲局"))
    given = fact("scan:x", "criticism", "2020-01-06", "T3", unit="甲局")
    logged = late.try_log(given, scheme="tiny-2020")
    [refused] = logged.refused
    assert (refused.ref, refused.code) == ("scan:x", "ref-of-scans")
    assert "gk deadlines scan" in say(refused.message, "en")
    before = late.count()
    with late.gk() as gk:
        with pytest.raises(no.RefOfScans):
            gk.take_step("F1", "case-notified", {"ref": " scan:y "})
        with pytest.raises(no.RefOfScans):
            gk.correct("F1", reason="样本", changes={"ref": "scan:z"})
    assert late.count() == before


def test_what_a_scan_recorded_may_be_imported_again(late: World, tmp_path: Path) -> None:
    _ = tmp_path
    log(late, message("a", "2020-01-17", "3 working days"), now="2020-01-17T17:00:00+08:00")
    scan(late, "2020-02-10T09:00:00+08:00")
    again: dict[str, Any] = fact("scan:M-a:2020-01-21", "reply-timeout", "2020-01-22", "T2", key="a", unit="甲局")
    again |= {"recorded_by": "gk deadlines scan"}
    logged = late.try_log(again, scheme="tiny-2020")
    assert (logged.already_recorded, logged.refused) == (["scan:M-a:2020-01-21"], [])
    [refused] = late.try_log(again | {"note": "样本"}, scheme="tiny-2020").refused
    assert refused.code == "ref-reused"
