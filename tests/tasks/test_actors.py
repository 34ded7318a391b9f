"""What workers do on a message: one use case each, again and again the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app.working import NoSuchWork, Quarter, identity, last_day, outstanding, quarters_over
from gkevents.projections.rebuilding import begin_rebuild
from gkevents.tasks.actors import Bench
from gkevents.tasks.broker import BUILDS, look
from gkevents.tasks.figures import figures_file, write_figures
from tests.app.worlds import World
from tests.tasks.conftest import SCHEME, TINY, Office, grade, message, until


@pytest.fixture
def bench(office: Office) -> Bench:
    return Bench(office.world.url, office.post, office.watch)


def test_a_view_is_brought_up_and_the_other_left(office: Office, bench: Bench) -> None:
    office.log(grade("G1"), message("M1"))
    for _ in range(2):
        bench.catch_up(view="scores")
    assert office.views() == {"scores": "current", "deadlines": "none"}
    told = office.watch.events("caught-up")
    assert [(event["view"], event["state"]) for event in told] == [("scores", "current")] * 2


def test_a_view_that_has_stopped_is_left_for_somebody_to_look_at(office: Office, bench: Bench) -> None:
    office.log(grade("G1"))
    bench.catch_up(view="scores")
    office.log(grade("G2", "2020-03-04"))
    office.world.sql("UPDATE events SET body = '{' WHERE ref = 'G2'")
    for _ in range(2):
        bench.catch_up(view="scores")
    stopped = office.watch.events("view-stopped")
    assert [event["position"] for event in stopped] == [office.world.count()] * 2
    with office.world.gk() as gk:
        assert outstanding(gk).behind == ["deadlines"]  # nobody is sent to what has stopped


def test_limits_that_ran_out_are_recorded_once(office: Office, bench: Bench) -> None:
    office.log(message("M1"), message("M2", "2020-03-04", unit="乙局"), grade("G1", "2020-06-01"))
    with office.world.gk() as gk:
        bench.catch_up(view="deadlines")
        assert outstanding(gk).due == 2
        for _ in range(2):
            bench.scan()
        bench.catch_up(view="deadlines")
        assert outstanding(gk).due == 0
    assert [event["missed"] for event in office.watch.events("scanned")] == [2, 0]
    assert office.watch.metrics.registry.get_sample_value("gk_deadlines_missed_total") == 2


def test_a_build_is_made_by_whoever_is_sent_to_it(office: Office, bench: Bench) -> None:
    office.log(*(grade(f"G{number}") for number in range(20)))
    with office.world.gk() as gk:
        rebuild = begin_rebuild(gk.store, "scores")
        assert rebuild is not None
        assert outstanding(gk).builds == [rebuild]
        for _ in range(2):
            bench.rebuild_part(view=rebuild.view, build=rebuild.build, helper=1)
        assert outstanding(gk).builds == []
    assert [event["state"] for event in office.watch.events("build")] == ["done", "gone"]
    assert office.views()["scores"] == "current"


def test_a_long_build_makes_room_for_what_waits(office: Office, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    office.log(grade("G1"))
    monkeypatch.setattr("gkevents.tasks.actors._SLICE_SECONDS", 0.0)
    with office.world.gk() as gk:
        rebuild = begin_rebuild(gk.store, "scores")
    assert rebuild is not None
    bench.rebuild_part(view=rebuild.view, build=rebuild.build, helper=1)
    assert look(office.broker).waiting[BUILDS] == 1
    assert ("rebuild_part", frozenset({("view", "scores"), ("build", rebuild.build), ("helper", 1)})) in (
        office.post.pending(BUILDS)
    )


def test_the_figures_of_a_quarter_are_the_same_bytes_whatever_is_logged_later(
    office: Office, bench: Bench, tmp_path: Path
) -> None:
    office.log(grade("G1"))
    known = office.world.count()
    asked = Quarter(SCHEME, 2020, 1, known)
    bench.figures = tmp_path / "figures"
    bench.render_figures(**asked._asdict())
    file = figures_file(bench.figures, asked)
    first = file.read_bytes()
    office.log(grade("G2", "2020-03-30", points="3"), grade("G3", "2020-07-01", unit="乙局"))
    file.unlink()
    bench.render_figures(**asked._asdict())
    assert file.read_bytes() == first
    assert [path.name for path in bench.figures.iterdir()] == [f"tiny-2020-2020-Q1-{known}.json"]
    told = json.loads(first)
    assert (told["quarter"], told["as_of"], told["known_at"]) == (1, "2020-03-31", known)
    assert {row["unit"]: row["total"] for rows in told["groups"].values() for row in rows} == {
        "甲局": "18",
        "乙局": None,
    }
    assert len(office.watch.events("figures")) == 2
    bench.render_figures(**asked._asdict())  # they are there
    assert len(office.watch.events("figures")) == 2


def test_figures_nobody_gave_a_folder_for_are_not_written(office: Office, bench: Bench) -> None:
    bench.render_figures(scheme=SCHEME, year=2020, quarter=1, position=1)
    assert office.watch.events("figures-nowhere")


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Quarter(SCHEME, 2020, 1, 10_000), no.NoSuchPosition),
        (Quarter(SCHEME, 2020, 1, 0), no.NoSuchPosition),
        (Quarter(SCHEME, 2020, 5, 1), NoSuchWork),
        (Quarter("../x", 2020, 1, 1), no.NotAdopted),
    ],
)
def test_figures_of_what_is_not_there_are_refused_and_leave_nothing(
    world: World, tmp_path: Path, asked: Quarter, refusal: type[Exception]
) -> None:
    with world.gk() as gk, pytest.raises(refusal):
        write_figures(gk, tmp_path / "figures", asked)
    assert not (tmp_path / "figures").exists()


def test_a_file_of_figures_lies_in_its_folder_whatever_the_scheme_is_called(tmp_path: Path) -> None:
    for name in ("../x", "a/b", "某方案"):
        assert figures_file(tmp_path, Quarter(name, 2020, 1, 1)).parent == tmp_path


def test_a_disk_that_is_full_leaves_no_half_of_a_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with world.gk() as gk, pytest.raises(OSError, match="No space"):
        write_figures(gk, tmp_path / "figures", Quarter(SCHEME, 2020, 1, world.count()))
    assert list((tmp_path / "figures").iterdir()) == []


def test_the_quarters_that_are_over_are_told_with_what_was_known_then(office: Office) -> None:
    office.log(grade("G1"), grade("G2", "2020-07-02"))
    count = office.world.count()
    with office.world.gk() as gk:
        assert quarters_over(gk) == [Quarter(SCHEME, 2020, 1, count - 1), Quarter(SCHEME, 2020, 2, count - 1)]
    office.world.adopt(TINY, year=2021, now="2020-07-03T10:00:00+08:00")
    with office.world.gk() as gk:
        assert {quarter.year for quarter in quarters_over(gk)} == {2020}
    assert last_day(2020, 1).isoformat() == "2020-03-31"


def test_a_store_is_known_by_its_first_event(office: Office, tmp_path: Path) -> None:
    with World(tmp_path / "other.db").init().gk() as gk:
        assert identity(gk) is None
        assert outstanding(gk).behind == []
    with office.world.gk() as gk:
        name = identity(gk)
        assert name is not None
        assert len(name) == 64
    office.log(grade("G1"))
    with office.world.gk() as gk:
        assert identity(gk) == name


def test_a_worker_does_what_it_is_sent(office: Office, tmp_path: Path) -> None:
    office.log(message("M1"), grade("G1", "2020-06-01"))
    for view in ("scores", "deadlines"):
        office.post.send("catch_up", view=view)
    office.post.send("scan")
    office.post.send("render_figures", scheme=SCHEME, year=2020, quarter=1, position=office.world.count())
    with office.working(figures=tmp_path / "figures"):
        until(lambda: sum(look(office.broker).waiting.values()) == 0)
    names = {event["event"] for event in office.watch.events()}
    assert {"caught-up", "scanned", "figures", "worker-ended"} <= names
    assert len(list((tmp_path / "figures").iterdir())) == 1
    assert office.world.rows("SELECT count(*) FROM events WHERE ref LIKE 'scan:%'") == [(1,)]
