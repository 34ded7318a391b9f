"""`gk worker`, `gk scheduler`, `gk work`, `gk projections rebuild --workers`, as they are typed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gkevents.tasks.broker import Post, look
from tests.cli.conftest import gk
from tests.cli.said import Run
from tests.tasks.conftest import Office, Scheduling, grade, message, names, until

__all__ = ["gk"]


@contextmanager
def process(office: Office, folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A command in a process of its own, and the file that it tells in; killed at the end where it still runs."""
    told = folder / f"{words[0]}.log"
    command = [sys.executable, "-m", "cli.main", "--store", office.world.url, *words, "--broker", office.broker]
    with told.open("wb") as stream:
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=stream, env={**os.environ, "GK_LANG": "en"}
        )
        try:
            until(lambda: f"{words[0]}-ready" in told.read_text() or running.poll() is not None)
            yield running, told
        finally:
            running.kill()
            running.wait()


def test_what_is_logged_is_worked_on_by_processes_of_their_own(office: Office, tmp_path: Path) -> None:
    with (
        process(office, tmp_path, "worker") as (worker, told),
        process(office, tmp_path, "scheduler") as (scheduler, _),
    ):
        office.log(message("M1"), grade("G1", "2020-06-01"))
        until(lambda: office.world.rows("SELECT ref FROM events WHERE ref LIKE 'scan:%'"))
        until(lambda: office.views() == {"scores": "current", "deadlines": "current"})
        assert len(look(office.broker).workers) == 1
        worker.send_signal(signal.SIGTERM)
        scheduler.send_signal(signal.SIGINT)
        assert (worker.wait(10), scheduler.wait(10)) == (0, 0)
        seen = look(office.broker)
        assert (seen.workers, seen.scheduler) == ([], None)
        lines = [json.loads(line) for line in told.read_text().splitlines()]
    assert [lines[0]["event"], lines[-1]["event"]] == ["worker-ready", "worker-ended"]
    assert "甲局" not in told.read_text()


def test_once_does_what_workers_would(gk: Run, office: Office, tmp_path: Path) -> None:
    office.log(grade("G1", "2020-04-01"))
    one = office.issue()
    office.log(message("M1", recorded_at="2020-07-01T09:00:00+08:00"), grade("G2", "2020-07-01"))
    store = ("--store", office.world.url, "work", "--once")
    folder = tmp_path / "bulletins"
    said = gk(*store, "--bulletins", str(folder), "--json")
    assert said.status == 0
    answer: dict[str, Any] = said.json
    assert [view["state"] for view in answer["views"]] == ["current", "current"]
    assert {name: answer[name] for name in ("missed", "taken_back", "builds")} == {
        "missed": 1, "taken_back": 0, "builds": 0,
    }  # fmt: skip
    assert ({Path(file).name for file in answer["files"]}, answer["otherwise"]) == (names(one), [])
    (folder / f"{one.form.id}.pdf").unlink()
    said = gk(*store, "--bulletins", str(folder))
    assert said.status == 0
    assert "Limits recorded as missed: 0." in said.out
    assert [line for line in said.out.splitlines() if "Written" in line] == [f"Written: {folder}/{one.form.id}.pdf"]
    assert "up to date" in said.out


def test_once_says_that_a_view_has_stopped(gk: Run, office: Office) -> None:
    office.log(grade("G1"))
    assert gk("--store", office.world.url, "work", "--once").status == 0
    office.log(grade("G2", "2020-03-04"))
    office.world.sql("UPDATE events SET body = '{' WHERE ref = 'G2'")
    assert gk("--store", office.world.url, "work", "--once", "--json").status == 3


def test_without_a_broker_it_is_said_which_is_missing(gk: Run, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GK_BROKER", raising=False)
    store = ("--store", office.world.url)
    for words in (("worker",), ("scheduler",), ("projections", "rebuild", "--workers")):
        said = gk(*store, *words)
        assert said.status == 2, words
        assert "--broker" in said.err
        assert "gk work --once" in said.err
    said = gk(*store, "worker", "--broker", "http://u:secret@h")
    assert said.status == 2
    assert "secret" not in said.err
    assert "no broker's URL" in said.err
    for url in ("foo", "redis://h/abc", "redis://h/0?bogus=secret"):
        for part in ("worker", "scheduler"):
            said = gk(*store, part, "--broker", url)
            assert said.status == 2, url
            assert f"{url.replace('secret', '…')} is no broker's URL" in said.err


def test_a_broker_that_refuses_us_or_serves_another_store_ends_it(gk: Run, office: Office) -> None:
    store = ("--store", office.world.url)
    for part in ("worker", "scheduler"):
        said = gk(*store, part, "--broker", f"{office.broker}?db=99")
        assert (said.status, "refuses us: DB index is out of range" in said.err) == (3, True)
    office.post.serve("f" * 64)
    assert office.post.sit()
    for part in ("worker", "scheduler"):
        said = gk(*store, part, "--broker", office.broker)
        assert (said.status, "serves another store" in said.err) == (3, True)


def test_once_says_what_would_not_be_the_file_that_was_issued(
    gk: Run, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.log(grade("G1", "2020-04-01"))
    one = office.issue()
    monkeypatch.setattr("gkevents.paper.render", lambda _kind, _content: b"another library's")
    store = ("--store", office.world.url, "work", "--once", "--bulletins", str(tmp_path / "bulletins"))
    answer: dict[str, Any] = gk(*store, "--json").json
    assert (answer["files"], {*answer["otherwise"]}) == ([], names(one))
    said = gk(*store)
    assert said.status == 0
    assert "Not written, because they would not be the files that were issued" in said.out
    assert not (tmp_path / "bulletins").exists()


def test_bulletins_are_not_put_where_no_folder_is(gk: Run, office: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ("--store", office.world.url, "worker", "--broker", office.broker, "--bulletins")
    said = gk(*words, str(tmp_path / "none"))
    assert said.status == 2
    assert f"{tmp_path}/none cannot take bulletins: there is no such folder." in said.err
    assert gk(*words, str(tmp_path / "file")).status == 2
    assert not (tmp_path / "none").exists()


def test_wrong_usage_is_said(gk: Run, office: Office) -> None:
    store = ("--store", office.world.url)
    assert "--once" in gk(*store, "work").err
    assert gk(*store, "work").status == 2
    rebuild = ("projections", "rebuild", "--workers", "--broker", office.broker)
    assert gk(*store, *rebuild, "--jobs", "2").status == 2
    assert gk(*store, *rebuild, "--scheme", "tiny-2020").status == 2


def test_a_rebuild_that_somebody_ends_is_no_success(gk: Run, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.log(grade("G1"))
    assert gk("--store", office.world.url, "work", "--once").status == 0
    office.post.beat("worker")
    monkeypatch.setattr(Post, "send_all", lambda *_: office.world.sql("DELETE FROM checkpoints WHERE live = 0"))
    said = gk("--store", office.world.url, "projections", "rebuild", "--workers", "--broker", office.broker, "--json")
    assert said.status == 3
    assert "scores was not made anew" in said.err
    assert [view["state"] for view in said.json["views"]] == ["current", "current"]


def test_a_rebuild_by_workers_needs_some(gk: Run, office: Office, tmp_path: Path) -> None:
    rebuild = ("--store", office.world.url, "projections", "rebuild", "--workers", "--broker")
    said = gk(*rebuild, office.broker)
    assert said.status == 3
    assert "gk worker" in said.err
    said = gk(*rebuild, f"unix://{tmp_path}/nobody.sock")
    assert said.status == 3
    assert "cannot be used" in said.err
    with office.working():
        said = gk(*rebuild, office.broker, "--json")
    assert said.status == 0
    assert [view["state"] for view in said.json["views"]] == ["current", "current"]


def test_a_store_that_is_not_there_is_said_before_anything(gk: Run, broker_url: str) -> None:
    for words in ("worker", "scheduler"):
        said = gk("--store", "sqlite:///nowhere.db", words, "--broker", broker_url)
        assert said.status == 3
        assert "gk init" in said.err


def test_a_port_that_is_taken_is_said(gk: Run, office: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = gk("--store", office.world.url, "worker", "--broker", office.broker, "--metrics-port", port)
    assert said.status == 2
    assert port in said.err


def test_a_second_scheduler_says_who_is_the_first(
    gk: Run, office: Office, scheduling: Callable[[], Scheduling]
) -> None:
    first = scheduling()
    until(lambda: look(office.broker).scheduler)
    said = gk("--store", office.world.url, "scheduler", "--broker", office.broker)
    assert said.status == 0
    assert f"process {os.getpid()}" in said.err
    assert first.thread.is_alive()


def test_help_is_there_in_both_languages(gk: Run) -> None:
    for words in ("worker", "scheduler", "work"):
        for lang in ("en", "zh"):
            assert gk(words, "--help", lang=lang).status == 0
