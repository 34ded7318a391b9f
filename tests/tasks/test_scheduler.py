"""The scheduler: hints at what the store says is to be done; one at a time; nothing is lost with the broker."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gkevents.app.working import identity, outstanding
from gkevents.projections.rebuilding import begin_rebuild
from gkevents.servers.valkey import Broker
from gkevents.tasks.broker import BUILDS, HINTS, Post, look
from gkevents.tasks.scheduler import Scheduler
from gkevents.tasks.trouble import BrokerRefuses, OtherStore
from gkevents.tasks.worker import Worker
from tests.app.worlds import World
from tests.tasks.conftest import Office, Scheduling, grade, message, until

Start = Callable[..., Scheduling]


def test_what_is_logged_is_taken_in_though_nobody_told_anybody(office: Office, scheduling: Start) -> None:
    scheduling()
    with office.working():
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})
        office.log(grade("G1"), message("M1"))
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})


def test_hints_do_not_pile_up_where_nobody_works(office: Office, scheduling: Start) -> None:
    one = scheduling()
    until(lambda: len(one.hints()) == 2)
    for number in range(3):
        office.log(grade(f"G{number}"))
        time.sleep(0.3)
    assert look(office.broker).waiting == {HINTS: 2, BUILDS: 0}
    assert sorted(one.hints()) == [("catch_up", "deadlines"), ("catch_up", "scores")]


def test_limits_that_ran_out_are_scanned(office: Office, scheduling: Start) -> None:
    office.log(message("M1"), grade("G1", "2020-06-01"))
    scheduling()
    with office.working():
        until(lambda: office.world.rows("SELECT ref FROM events WHERE ref LIKE 'scan:%'"))
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})


def test_one_scan_a_day_and_more_only_where_limits_are_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.log(grade("G1"))
    with office.world.gk() as gk:
        seen = outstanding(gk)._replace(behind=[], head=10, due=0)
    now = [1_000.0]
    monkeypatch.setattr("gkevents.tasks.scheduler.time.monotonic", lambda: now[0])
    one = Scheduler(office.world.url, office.post, office.watch)

    def sent(seconds: float, **news: Any) -> bool:  # noqa: ANN401 - what is seen now
        now[0] += seconds
        office.post.client.flushall()
        one._hint(seen._replace(**news))
        return ("scan", frozenset()) in office.post.pending(HINTS)

    assert sent(0)
    assert not sent(5_000)
    assert sent(0, due=3)
    assert not sent(1.9, due=3)
    assert not sent(0, due=4, behind=["deadlines"])
    assert sent(0, due=4)
    pauses = []
    for _ in range(12):
        pauses.append(1)
        while not sent(1, due=4):
            pauses[-1] += 1
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]
    assert not sent(5_000)
    assert sent(0, due=4)
    assert sent(0, today=seen.today + dt.timedelta(days=1))
    assert not sent(5_000, head=0, due=1)


def test_a_scan_where_the_calendar_has_changed(office: Office) -> None:
    office.log(grade("G1"))
    with office.world.gk() as gk:
        found = outstanding(gk)
    assert [(found.notices,)] == office.world.rows("SELECT count(*) FROM events WHERE stream = 'calendar'")
    one, found = Scheduler(office.world.url, office.post, office.watch), found._replace(behind=[], due=0)

    def hinted(notices: int) -> int:
        one._hint(found._replace(notices=notices))
        return sum(event["actor"] == "scan" for event in office.watch.events("hint"))

    assert (hinted(5), hinted(5)) == (1, 1)
    assert hinted(6) == 1  # the first is worked on, and may have looked already
    office.post.client.flushall()
    assert (hinted(6), hinted(6)) == (2, 2)


def test_a_build_that_nobody_finishes_is_finished(office: Office, scheduling: Start) -> None:
    office.log(grade("G1"))
    with office.world.gk() as gk:
        assert begin_rebuild(gk.store, "scores")
    scheduling()
    with office.working():
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})


def test_a_second_scheduler_sees_the_first_and_ends(scheduling: Start) -> None:
    first = scheduling()
    until(lambda: first.watch.events("scheduler-ready"))
    second = scheduling()
    until(lambda: not second.thread.is_alive())
    assert second.other is not None
    assert second.other.id == first.post.id
    assert second.watch.events("scheduler-waits")
    assert not second.watch.events("scheduler-ready")
    assert first.thread.is_alive()
    first.end()
    third = scheduling()
    until(lambda: third.watch.events("scheduler-ready"))


def test_one_takes_the_chair_of_a_scheduler_that_was_killed(office: Office, scheduling: Start) -> None:
    killed = Post(office.broker)
    assert killed.sit(seconds=1)
    one = scheduling()
    until(lambda: one.watch.events("scheduler-ready"))
    assert [event["event"] for event in one.watch.events()][:2] == ["scheduler-waits", "scheduler-ready"]


def test_a_broker_that_forgets_all_costs_nothing(office: Office, scheduling: Start) -> None:
    one = scheduling()
    until(lambda: len(one.hints()) == 2)
    office.post.client.flushall()
    until(lambda: len(one.hints()) == 4)
    with office.working():
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})


def test_without_the_broker_it_waits_and_then_goes_on(office: Office, scheduling: Start, valkey: Broker) -> None:
    one = scheduling()
    until(lambda: len(one.hints()) == 2)
    valkey.end()
    try:
        office.log(grade("G1"))
        until(lambda: one.watch.events("broker-gone"))
        office.log(grade("G2", "2020-03-04"))
    finally:
        valkey.start()
    until(lambda: one.watch.events("broker-back"))
    with office.working():
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})
    assert len(one.watch.events("broker-gone")) == 1


def test_it_begins_without_the_broker_too(scheduling: Start, valkey: Broker) -> None:
    valkey.end()
    try:
        one = scheduling()
        until(lambda: one.watch.events("broker-gone"))
    finally:
        valkey.start()
    until(lambda: one.watch.events("scheduler-ready"))


def test_without_the_store_it_waits_and_then_goes_on(office: Office, scheduling: Start) -> None:
    away = office.world.path.with_suffix(".away")
    office.world.path.rename(away)
    one = scheduling()
    until(lambda: one.watch.events("store-gone"))
    assert one.watch.metrics.registry.get_sample_value("gk_store_up") == 0
    away.rename(office.world.path)
    until(lambda: one.watch.events("store-back"))
    until(lambda: len(one.hints()) == 2)


def rendering(one: Scheduling) -> list[str | None]:
    """The bulletins that it has asked for."""
    return [name for actor, name in one.hints() if actor == "render_bulletin"]


def test_bulletins_are_asked_for_once_each_as_they_are_issued(office: Office, scheduling: Start) -> None:
    office.log(grade("G1"), grade("G2", "2020-07-02"))
    first = office.issue(1).form.id
    one = scheduling(bulletins=True)
    until(lambda: rendering(one) == [first])
    second = office.issue(2).form.id
    until(lambda: rendering(one) == [first, second])
    one.end()
    office.post.client.flushall()
    other = scheduling()
    office.log(grade("G3", "2020-07-03"))
    until(lambda: ("catch_up", "scores") in other.hints())
    assert rendering(other) == []


def test_bulletins_are_asked_for_again_on_a_new_day_and_by_a_new_scheduler(office: Office) -> None:
    office.log(grade("G1", "2020-07-02"))
    names = [office.issue(quarter).form.id for quarter in (1, 2)]
    with office.world.gk() as gk:
        found = outstanding(gk)._replace(behind=[])

    def asked(one: Scheduler, **news: Any) -> list[str]:  # noqa: ANN401 - what is seen now
        before = len(office.watch.events("hint"))
        office.post.client.flushall()
        one._hint(found._replace(**news))
        return [event["bulletin"] for event in office.watch.events("hint")[before:] if "bulletin" in event]

    one = Scheduler(office.world.url, office.post, office.watch, bulletins=True)
    assert [asked(one, issued=names[:1]), asked(one), asked(one)] == [names[:1], names[1:], []]
    assert asked(one, today=found.today + dt.timedelta(days=1)) == names
    assert asked(Scheduler(office.world.url, office.post, office.watch, bulletins=True)) == names
    assert asked(Scheduler(office.world.url, office.post, office.watch)) == []


def test_bulletins_that_the_broker_may_have_forgotten_are_asked_for_again(
    office: Office, scheduling: Start, valkey: Broker
) -> None:
    office.log(grade("G1", "2020-07-02"))
    name = office.issue().form.id
    one = scheduling(bulletins=True)
    until(lambda: rendering(one) == [name])
    valkey.end()
    try:
        until(lambda: one.watch.events("broker-gone"))
    finally:
        valkey.start()
    until(lambda: rendering(one) == [name, name])


def test_another_store_is_not_served_at_the_same_broker(office: Office) -> None:
    office.post.serve("f" * 64)
    with pytest.raises(OtherStore):
        Scheduler(office.world.url, office.post, office.watch).run(threading.Event())
    with pytest.raises(OtherStore):
        Worker(office.world.url, office.post, office.watch).run(threading.Event())
    assert not office.watch.events("worker-ready")
    assert office.post.chair()[0] is None


def test_an_empty_store_is_another_one_too_whoever_sits_there(office: Office, tmp_path: Path) -> None:
    empty = World(tmp_path / "empty.db").init()
    for url in (office.world.url, empty.url):
        Scheduler(url, office.post, office.watch)._seated(threading.Event())  # nobody is served yet
        office.post.leave()
    with office.world.gk() as gk:
        office.post.serve(identity(gk))
    other = Post(office.broker)
    assert other.sit()
    for part in (Scheduler, Worker):
        with pytest.raises(OtherStore):
            part(empty.url, office.post, office.watch).run(threading.Event())
    other.close()


def test_a_broker_that_will_never_let_us_in_ends_all_at_the_start(office: Office) -> None:
    post = Post(f"{office.broker}?db=99")
    for part in (Scheduler, Worker):
        with pytest.raises(BrokerRefuses):
            part(office.world.url, post, office.watch).run(threading.Event())
    assert office.watch.events() == []


def test_what_it_sees_is_in_its_numbers(office: Office, scheduling: Start) -> None:
    office.log(message("M1"), grade("G1", "2020-06-01"))
    one = scheduling()
    until(lambda: len(one.hints()) == 2)
    value = one.watch.metrics.registry.get_sample_value
    assert value("gk_log_position") == office.world.count()
    assert value("gk_view_behind", {"view": "scores"}) == office.world.count()
    assert value("gk_hints_sent_total", {"actor": "catch_up"}) == 2
    assert value("gk_broker_up") == 1
