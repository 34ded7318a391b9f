"""What workers would do, done in one process without a broker; and a rebuild handed out to workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from gkevents.app import Gk
from gkevents.app.views import Views
from gkevents.projections.rebuilding import State, _mine, begin_rebuild
from gkevents.tasks.broker import Post
from gkevents.tasks.trouble import BrokerGone, NoWorker
from gkevents.tasks.work import once, rebuild_by_workers
from tests.app.worlds import World
from tests.tasks.conftest import SCHEME, Office, grade, issue, message, names


def differences(gk: Gk) -> object:
    return Views(gk.store).verify().differences


def test_all_that_is_pending_is_done_once(world: World, tmp_path: Path) -> None:
    world.log(grade("G1", "2020-04-01"), scheme=SCHEME)
    one = issue(world)
    world.log(message("M1", recorded_at="2020-07-01T09:00:00+08:00"), grade("G2", "2020-07-01"), scheme=SCHEME)
    with world.gk() as gk:
        begin_rebuild(gk.store, "scores", again=True)
        done = once(gk, bulletins=tmp_path / "bulletins")
        assert {view.state for view in done.views} == {"current"}
        assert (done.builds, done.missed, done.taken_back) == (1, 1, 0)
        assert {file.name for file in done.bulletins.files} == names(one)
        assert differences(gk) == []
        again = once(gk, bulletins=tmp_path / "bulletins")
        assert (again.builds, again.missed, again.bulletins) == (0, 0, ([], []))
        assert once(gk).bulletins == ([], [])


def test_an_empty_store_has_nothing_to_do(tmp_path: Path) -> None:
    with World(tmp_path / "gk.db").init().gk() as gk:
        assert (once(gk).missed, once(gk).builds) == (0, 0)


def test_workers_rebuild_all(office: Office) -> None:
    office.log(*(grade(f"G{number}") for number in range(10)), message("M1"))
    heard: list[tuple[str, int, int]] = []
    with office.world.gk() as gk, office.working():
        once(gk)
        before = [view.build for view in Views(gk.store).status().views]
        came = rebuild_by_workers(gk, office.post, lambda *told: heard.append(told))
        assert came == {"scores": State.DONE, "deadlines": State.DONE}
        after = Views(gk.store).status().views
        assert [view.build for view in after] == [build + 1 for build in before if build is not None]
        assert {view.state for view in after} == {"current"}
        assert differences(gk) == []
    assert {event["view"] for event in office.watch.events("build")} == {"scores", "deadlines"}
    assert {view for view, _, _ in heard} == {"scores", "deadlines"}


def test_messages_that_are_lost_meanwhile_are_sent_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.log(grade("G1"))
    sent = Post.send_all
    lost: list[int] = []

    def losing(post: Post, actor: str, several: list[dict[str, str | int]]) -> int:
        number = sent(post, actor, several)
        if not lost:
            lost.append(1)
            post.client.delete("gk:builds", "gk:builds.msgs")
        return number

    monkeypatch.setattr(Post, "send_all", losing)
    with office.world.gk() as gk, office.working():
        rebuild_by_workers(gk, office.post)
        assert {view.state for view in Views(gk.store).status().views} == {"current"}
    assert lost


def test_where_the_last_worker_is_gone_the_rest_is_done_here(office: Office) -> None:
    office.log(grade("G1"))
    leaving(office)
    with office.world.gk() as gk:
        assert set(rebuild_by_workers(gk, office.post).values()) == {State.DONE}
        assert {view.state for view in Views(gk.store).status().views} == {"current"}


def leaving(office: Office) -> None:
    """The only worker is gone soon."""
    office.post.beat("worker")
    office.post.client.pexpire(f"gk:alive:{office.post.id}", 300)


def test_a_build_that_stops_or_that_somebody_ends_is_not_told_as_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.log(grade("G1"))
    with office.world.gk() as gk:
        once(gk)
    office.world.sql("UPDATE events SET body = '{' WHERE ref = 'G1'")
    leaving(office)
    with office.world.gk() as gk:
        assert rebuild_by_workers(gk, office.post)["scores"] is State.STOPPED
        assert _mine.filling is None
    monkeypatch.setattr(Post, "send_all", lambda *_: office.world.sql("DELETE FROM checkpoints WHERE live = 0"))
    office.post.beat("worker")
    with office.world.gk() as gk:
        assert rebuild_by_workers(gk, office.post) == {"scores": State.GONE, "deadlines": State.GONE}


def test_without_workers_or_broker_nothing_is_begun(office: Office, tmp_path: Path) -> None:
    with office.world.gk() as gk:
        with pytest.raises(NoWorker):
            rebuild_by_workers(gk, office.post)
        with pytest.raises(BrokerGone):
            rebuild_by_workers(gk, Post(f"unix://{tmp_path}/nobody.sock"))
        assert {view.state for view in Views(gk.store).status().views} == {"none"}
