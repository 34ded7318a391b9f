"""The doctor names what is behind and what is broken, and is quiet about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from gkevents.app.doctoring import BROKEN, LOOK, OK, Finding, examined, worst
from gkevents.app.views import Views
from gkevents.app.working import outstanding
from gkevents.store.tables import GUARDS
from gkevents.terms import instant
from gkevents.words import message, say
from tests.app.worlds import TOWN, World, fact


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A store in a file, as `made`."""
    return made(f"sqlite:///{tmp_path}/gk.db")


@pytest.fixture
def either(store_url: str) -> World:
    """A store in a file or on a server, as `made`."""
    return made(store_url)


def made(url: str) -> World:
    """A store with an edition and a limit that runs out in September 2020."""
    world = World(url).init()
    world.adopt(now="2020-01-01T08:00:00+08:00")
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="改版", limit="3 working days"),
        now="2020-09-14T09:00:00+08:00",
    )
    return world


def looked(world: World, *, now: str | None = None, evidence: str | None = None) -> dict[str, tuple[str, str]]:
    """What is found, by what it is about: how that is, and the sentence."""
    with world.gk() as gk:
        found = examined(gk.store, now=instant(now) if now else None, evidence=evidence)
    return {one.what: (one.state, say(one.said, "en")) for one in found}


def catch_up(world: World) -> None:
    with world.gk() as gk:
        Views(gk.store).catch_up()


def test_a_store_that_is_up_to_date(either: World) -> None:
    world = either
    catch_up(world)
    found = looked(world)
    assert {state for state, _ in found.values()} == {OK}
    assert [*found] == ["store", "log", "guards", "view:scores", "view:deadlines", "limits", "calendar"]
    assert found["limits"] == (OK, "1 open, none of them past its day")
    assert found["calendar"] == (OK, "the working days are known to the end of 2020")
    database = "PostgreSQL" if world.shared else "SQLite"
    assert f": {database}, version" in found["store"][1]
    assert "its clock is simulated" in found["store"][1]


def test_a_limit_that_has_run_out_and_that_no_scan_has_recorded(world: World) -> None:
    catch_up(world)
    assert looked(world, now="2020-09-17T23:59:00+08:00")["limits"][0] == OK
    assert looked(world, now="2020-09-18T00:00:00+08:00")["limits"] == (
        LOOK,
        "1 limits have run out and are not recorded, the oldest due 2020-09-17",
    )


def test_a_limit_that_was_answered_late_waits_for_a_scan_too(world: World) -> None:
    late = fact("A1", "deadline-met", "2020-09-20", key="改版")
    world.log(late, now="2020-09-20T09:00:00+08:00")
    catch_up(world)
    with world.gk() as gk:
        assert outstanding(gk).due == 1
    assert looked(world)["limits"] == (LOOK, "1 limits have run out and are not recorded, the oldest due 2020-09-17")
    with world.gk() as gk:
        gk.scan()
    catch_up(world)
    assert looked(world)["limits"] == (OK, "0 open, none of them past its day")


def test_the_calendar_of_the_next_year_is_asked_for_in_december(world: World) -> None:
    assert looked(world, now="2020-11-20T08:00:00+08:00")["calendar"][0] == OK
    found = looked(world, now="2040-05-01T08:00:00+08:00")["calendar"]
    assert found == (LOOK, "the working days of 2040 are not known: limits that need them have no due day")
    # by 1 December 2026 no notice for 2027 comes with the program
    assert looked(world, now="2026-12-01T08:00:00+08:00")["calendar"][0] == LOOK


def test_a_view_that_has_stopped_is_broken_and_one_that_is_a_little_behind_is_not(world: World) -> None:
    catch_up(world)
    world.log(fact("C1", "criticism", "2020-10-11", "L17", level="county"), now="2020-10-12T09:00:00+08:00")
    assert looked(world)["view:scores"] == (OK, "1 events behind")
    world.sql("UPDATE checkpoints SET stopped = 49 WHERE view = 'scores'")
    assert looked(world)["view:scores"] == (BROKEN, "stopped before position 49: nobody wrote down why")


def test_a_guard_that_is_gone(either: World) -> None:
    world = either
    name = GUARDS["postgresql" if world.shared else "sqlite"][0]
    world.sql(f"DROP TRIGGER {name}{' ON events' if world.shared else ''}", guarded=True)
    assert looked(world)["guards"] == (BROKEN, f"guards that refuse to change events are gone: {name}")


def test_what_a_trouble_hides_is_said_and_the_rest_is_looked_at_all_the_same(world: World) -> None:
    catch_up(world)
    world.sql("DROP TABLE limits")
    found = looked(world)
    assert (found["log"][0], found["limits"][0], found["calendar"][0]) == (OK, BROKEN, OK)


def test_a_store_that_is_not_there_is_all_that_is_said(tmp_path: Path) -> None:
    found = looked(World(tmp_path / "none.db"))
    assert [*found] == ["store"]
    assert found["store"][0] == BROKEN
    assert "Make one with: gk init" in found["store"][1]


def test_a_store_in_which_nothing_is_logged(tmp_path: Path) -> None:
    found = looked(World(tmp_path / "gk.db").init(simulated=False))
    assert found["log"] == (OK, "nothing is logged yet")
    assert found["view:scores"] == (OK, "not made yet; the first question makes it")


def test_a_file_of_evidence_that_is_gone(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2020-01-01T08:00:00+08:00")
    world.log(fact("C1", "criticism", "2020-05-11", "L17", level="county"), now="2020-05-12T08:00:00+08:00")
    assert "evidence" not in looked(world)
    (tmp_path / "paper.txt").write_text("说明")
    with world.gk("2020-05-13T08:00:00+08:00") as gk:
        gk.evidence().add([tmp_path / "paper.txt"], of="C1")
    assert looked(world)["evidence"][0] == OK
    nowhere = looked(world, evidence=str(tmp_path / "nowhere"))["evidence"]
    assert nowhere == (BROKEN, f"1 of 1 files are not in {tmp_path}/nowhere")


def test_the_worst_of_all() -> None:
    of = {state: Finding("log", state, message("")) for state in (OK, LOOK, BROKEN)}
    assert worst([]) == OK
    assert worst([of[OK], of[LOOK], of[OK]]) == LOOK
    assert worst([of[BROKEN], of[LOOK]]) == BROKEN


def test_the_town_is_not_named(world: World) -> None:
    """A doctor's page may be sent to somebody who helps: no unit, no number of a fact is on it."""
    catch_up(world)
    told = str(looked(world, now="2020-12-30T08:00:00+08:00"))
    assert TOWN not in told
    assert "改版" not in told
