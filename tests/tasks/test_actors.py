"""What workers do on a message: one use case each, again and again the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gkevents import paper
from gkevents.aggregates.bulletin_refusals import NoSuchBulletin
from gkevents.app.bulletins import Issued, sha256
from gkevents.app.files import FolderUnusable
from gkevents.app.working import identity, outstanding
from gkevents.paper import render
from gkevents.projections.rebuilding import begin_rebuild
from gkevents.reports.document import Content
from gkevents.tasks.actors import Bench
from gkevents.tasks.broker import BUILDS, look
from gkevents.tasks.bulletins import write_bulletin
from tests.app.worlds import World
from tests.tasks.conftest import Office, grade, message, names, until


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


def test_the_files_of_a_bulletin_are_those_issued_whatever_is_logged_later(
    office: Office, bench: Bench, tmp_path: Path
) -> None:
    office.log(grade("G1"), grade("G2", "2020-04-01", unit="乙局"))
    one = office.issue()
    office.log(grade("G3", "2020-03-30", points="3", recorded_at="2020-07-01T10:00:00+08:00"))
    bench.bulletins = tmp_path / "bulletins"
    bench.render_bulletin(bulletin=one.form.id)
    assert {file.name for file in bench.bulletins.iterdir()} == names(one)
    assert digests(bench.bulletins, one) == one.form.files
    (told,) = office.watch.events("bulletin")
    assert (told["bulletin"], told["count"]) == ("tiny-2020-2020-Q1", 5)


def digests(folder: Path, one: Issued) -> dict[str, str]:
    return {kind: sha256((folder / f"{one.form.id}.{kind}").read_bytes()) for kind in one.form.files}


def test_where_all_files_of_a_bulletin_lie_nothing_is_rendered(
    office: Office, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.log(grade("G1", "2020-04-01"))
    one = office.issue()
    bench.bulletins = tmp_path
    bench.render_bulletin(bulletin=one.form.id)
    rendered: list[str] = []

    def counted(kind: str, content: Content) -> bytes:
        rendered.append(kind)
        return render(kind, content)

    monkeypatch.setattr(paper, "render", counted)
    bench.render_bulletin(bulletin=one.form.id)
    assert rendered == []
    assert len(office.watch.events("bulletin")) == 1
    (tmp_path / f"{one.form.id}.html").write_text("half of it")
    (tmp_path / f"{one.form.id}.docx").unlink()
    bench.render_bulletin(bulletin=one.form.id)
    assert sorted(rendered) == ["docx", "html"]
    assert office.watch.events("bulletin")[-1]["count"] == 2
    assert digests(tmp_path, one) == one.form.files


def test_what_would_not_be_the_file_that_was_issued_is_told_and_not_written(
    office: Office, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.log(grade("G1", "2020-04-01"))
    one = office.issue()
    monkeypatch.setattr(
        paper, "render", lambda kind, content: b"another library's" if kind == "pdf" else render(kind, content)
    )
    bench.bulletins = tmp_path
    for _ in range(2):
        bench.render_bulletin(bulletin=one.form.id)
    assert not (tmp_path / f"{one.form.id}.pdf").exists()
    assert [event["count"] for event in office.watch.events("bulletin")] == [4]
    assert [event["files"] for event in office.watch.events("bulletin-otherwise")] == [f"{one.form.id}.pdf"] * 2


def test_a_bulletin_nobody_gave_a_folder_for_is_not_written(office: Office, bench: Bench) -> None:
    bench.render_bulletin(bulletin="tiny-2020-2020-Q1")
    assert office.watch.events("bulletins-nowhere")


@pytest.mark.parametrize("name", ["tiny-2020-2020-Q1", "../x", ""])
def test_files_of_what_was_not_issued_are_refused_and_leave_nothing(world: World, tmp_path: Path, name: str) -> None:
    with world.gk() as gk, pytest.raises(NoSuchBulletin):
        write_bulletin(gk, tmp_path / "bulletins", name)
    assert not (tmp_path / "bulletins").exists()


def test_a_disk_that_is_full_leaves_no_half_of_a_file(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.log(grade("G1", "2020-04-01"))
    one, folder, left = office.issue(), tmp_path / "bulletins", ["the first file", "its folder"]

    def full(number: int) -> None:
        if not left:
            raise OSError(28, "No space left on device")
        left.pop()
        fsync(number)

    fsync = os.fsync
    with office.world.gk() as gk:
        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(FolderUnusable, match="No space"):
            write_bulletin(gk, folder, one.form.id)
        (whole,) = folder.iterdir()  # nothing of the second one
        monkeypatch.undo()
        assert sha256(whole.read_bytes()) == one.form.files[whole.suffix[1:]]
        assert len(write_bulletin(gk, folder, one.form.id).files) == 4


def test_the_issued_bulletins_are_told_in_their_order(office: Office) -> None:
    office.log(grade("G1"), grade("G2", "2020-07-02"))
    with office.world.gk() as gk:
        assert outstanding(gk).issued == []
        ids = [office.issue(quarter).form.id for quarter in (2, 1)]
        assert outstanding(gk).issued == ids == ["tiny-2020-2020-Q2", "tiny-2020-2020-Q1"]
        assert outstanding(gk).issued == [one.form.id for one in gk.bulletins()]


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
    office.log(grade("G1", "2020-04-01"))
    one = office.issue()
    office.log(message("M1", recorded_at="2020-06-01T10:00:00+08:00"), grade("G2", "2020-06-01"))
    for view in ("scores", "deadlines"):
        office.post.send("catch_up", view=view)
    office.post.send("scan")
    office.post.send("render_bulletin", bulletin=one.form.id)
    with office.working(bulletins=tmp_path / "bulletins"):
        until(lambda: sum(look(office.broker).waiting.values()) == 0)
    assert {"caught-up", "scanned", "bulletin", "worker-ended"} <= {event["event"] for event in office.watch.events()}
    assert {file.name for file in (tmp_path / "bulletins").iterdir()} == names(one)
    assert office.world.rows("SELECT count(*) FROM events WHERE ref LIKE 'scan:%'") == [(1,)]
