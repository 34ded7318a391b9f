"""Messages as a worker gets them: those that cannot be meant for it, those that fail, those of a dead worker."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from dramatiq import Message

from gkevents.store.trouble import StoreLocked
from gkevents.tasks import actors, delivery
from gkevents.tasks.actors import Bench
from gkevents.tasks.broker import HINTS, look
from gkevents.tasks.delivery import Delivery
from gkevents.tasks.worker import Worker
from tests.tasks.conftest import Line, Office, grade, names, until

PERSON = "某科张三"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again, and the dead are missed, sooner than in daily life."""
    monkeypatch.setattr(actors, "BACKOFF_MS", (200, 1_000))
    monkeypatch.setattr(delivery, "HEARTBEAT_MS", 1_500)


def letter(**fields: Any) -> bytes:  # noqa: ANN401 - whatever somebody may send
    told = {"queue_name": HINTS, "actor_name": "catch_up", "args": (), "kwargs": {"view": "scores"}}
    options = {"redis_message_id": "x"}
    return Message(**{**told, "options": options, **fields}).encode()


RUBBISH = {
    "no message": f"rubbish {PERSON}".encode(),
    "not ours": letter(actor_name=f"send-{PERSON}"),
    "another queue's": letter(queue_name="elsewhere"),
    "a part of a build among the hints": letter(
        actor_name="rebuild_part", kwargs={"view": "scores", "build": 1, "helper": 1}
    ),
    "without ids": letter(kwargs={}),
    "with a fact": letter(kwargs={"view": "scores", "unit": PERSON}),
    "with a list": letter(args=(PERSON,)),
    "of the wrong kind": letter(kwargs={"view": 1}),
    "with wishes": letter(options={"redis_message_id": "x", "max_retries": 1_000_000}),
    "without a number": letter(options={}),
}


def test_what_cannot_be_meant_for_us_lies_among_the_dead_letters_and_the_rest_is_done(office: Office) -> None:
    for number, data in enumerate(RUBBISH.values()):
        office.post.client.hset("gk:hints.msgs", f"r{number}", data)
        office.post.client.rpush("gk:hints", f"r{number}")
    office.post.client.rpush("gk:hints", "a number without a message")
    office.post.send("catch_up", view="deadlines")
    with office.working():
        until(lambda: office.watch.events("caught-up"))
        until(lambda: look(office.broker).waiting[HINTS] == 0)
    assert look(office.broker).dead[HINTS] == len(RUBBISH)
    assert [event["actor"] for event in office.watch.events("dead-letter")] == ["unknown"] * len(RUBBISH)
    assert office.watch.metrics.registry.get_sample_value("gk_dead_letters_total", {"actor": "unknown"}) == len(RUBBISH)
    assert PERSON not in office.watch.stream.getvalue()


def test_ids_that_mean_nothing_are_given_up_at_once(office: Office) -> None:
    office.post.send("catch_up", view=PERSON)
    with office.working():
        until(lambda: office.watch.events("dead-letter"))
    (told,) = office.watch.events("dead-letter")
    assert (told["actor"], told["kind"]) == ("catch_up", "NoSuchWork")
    assert look(office.broker).dead[HINTS] == 1
    assert PERSON not in office.watch.stream.getvalue()


def test_what_fails_is_tried_again_and_its_words_are_kept_nowhere(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([StoreLocked("gk.db", PERSON), ValueError(PERSON)])

    def scan(_: Bench) -> None:
        for error in failures:
            raise error

    monkeypatch.setattr(Bench, "scan", scan)
    office.post.send("scan")
    with office.working():
        until(lambda: office.watch.events("failed"))
        until(lambda: look(office.broker).waiting[HINTS] == 1)
        kept = b"".join(office.post.client.hvals("gk:hints.DQ.msgs"))  # type: ignore[arg-type]
        assert b"retries" in kept
        assert not office.post.send("scan")  # it is put off: that is waiting too
        until(lambda: look(office.broker).waiting[HINTS] == 0)
    failed = office.watch.events("failed")
    assert [(event["kind"], event["tries"]) for event in failed] == [("locked", 2), ("ValueError", 3)]
    assert "test_delivery.py" in failed[0]["where"]
    assert b"traceback" not in kept
    assert PERSON not in office.watch.stream.getvalue()
    value = office.watch.metrics.registry.get_sample_value
    assert value("gk_messages_total", {"actor": "scan", "outcome": "failed"}) == 2
    assert value("gk_messages_total", {"actor": "scan", "outcome": "done"}) == 1


def test_a_folder_that_cannot_be_written_is_tried_again_and_a_bulletin_that_is_none_is_not(
    office: Office, tmp_path: Path
) -> None:
    office.log(grade("G1", "2020-04-01"))
    one, folder = office.issue(), tmp_path / "bulletins"
    folder.write_text("in the way")
    office.post.send("render_bulletin", bulletin=PERSON)
    office.post.send("render_bulletin", bulletin=one.form.id)
    with office.working(bulletins=folder):
        until(lambda: office.watch.events("failed") and office.watch.events("dead-letter"))
        folder.unlink()
        until(lambda: office.watch.events("bulletin"))
    (dead,) = office.watch.events("dead-letter")
    assert dead["kind"] == "no-such-bulletin"
    assert {event["kind"] for event in office.watch.events("failed")} == {"folder-unusable"}
    assert {file.name for file in folder.iterdir()} == names(one)
    assert PERSON not in office.watch.stream.getvalue()
    assert str(folder) not in office.watch.stream.getvalue()


def test_what_fails_too_often_is_given_up_and_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def scan(_: Bench) -> None:
        raise ValueError(PERSON)

    monkeypatch.setattr(Bench, "scan", scan)
    monkeypatch.setitem(actors.TRIES, "scan", 0)
    office.post.send("scan")
    with office.working():
        until(lambda: office.watch.events("dead-letter"))
    assert look(office.broker).dead[HINTS] == 1
    assert office.watch.metrics.registry.get_sample_value("gk_dead_letters_total", {"actor": "scan"}) == 1
    assert office.post.send("scan")  # what is given up does not stand in the way of another try


def test_what_takes_too_long_is_cut_off_and_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def scan(_: Bench) -> None:
        runs.append(1)
        while len(runs) == 1:
            pass

    monkeypatch.setattr(Bench, "scan", scan)
    monkeypatch.setitem(actors.LIMITS, "scan", 100)
    office.post.send("scan")
    with office.working():
        until(lambda: len(runs) == 2)
        until(lambda: look(office.broker).waiting[HINTS] == 0)
    assert [event["actor"] for event in office.watch.events("too-long")] == ["scan"]


def test_a_worker_that_ends_gives_back_what_it_was_at(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def scan(_: Bench) -> None:
        runs.append(1)
        while True:
            pass

    monkeypatch.setattr(Bench, "scan", scan)
    office.post.send("scan")
    with office.working():
        until(lambda: runs)
    assert [event["actor"] for event in office.watch.events("interrupted")] == ["scan"]
    assert look(office.broker).waiting[HINTS] == 1
    assert look(office.broker).workers == []
    monkeypatch.undo()
    with office.working():
        until(lambda: office.watch.events("scanned"))


def test_what_a_dead_worker_was_at_is_done_by_another_within_seconds(office: Office) -> None:
    office.log(grade("G1"))
    dead = Delivery(office.post.client, Line())
    office.post.send("catch_up", view="scores")
    assert dead.do_fetch(HINTS, 1)  # and never a word again
    with office.working():
        until(lambda: office.watch.events("caught-up"), 8)
        until(lambda: look(office.broker).waiting[HINTS] == 0)
    assert office.views()["scores"] == "current"


def test_a_message_that_is_the_death_of_many_workers_is_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "DEATHS", 2)
    scanned: list[int] = []
    monkeypatch.setattr(Bench, "scan", lambda _: scanned.append(1))
    for deaths in (2, 3):
        office.post.client.flushall()
        office.post.send("scan")
        (data,) = office.post.client.hvals("gk:hints.msgs")
        assert isinstance(data, bytes)
        office.post.client.set(f"gk:begun:{Message.decode(data).options['redis_message_id']}", deaths - 1)
        with office.working():
            until(lambda: look(office.broker).waiting[HINTS] == 0)
        assert scanned == [1]
        assert look(office.broker).dead[HINTS] == deaths - 2
        assert not list(office.post.client.scan_iter("gk:begun:*"))
    (told,) = office.watch.events("dead-letter")
    assert (told["actor"], told["kind"]) == ("scan", "WorkersDied")


def test_a_worker_that_has_lost_a_thread_ends(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_thread: object, _message: object) -> None:
        raise SystemError(PERSON)

    monkeypatch.setattr("dramatiq.worker.WorkerThread.process_message", dies)
    office.post.send("scan")
    assert Worker(office.world.url, office.post, office.watch).run(threading.Event()) is False
    assert [event.get("kind") for event in office.watch.events("thread-lost")] == ["SystemError", None]
    assert look(office.broker).workers == []
    assert PERSON not in office.watch.stream.getvalue()
