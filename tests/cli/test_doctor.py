"""`gk doctor`: one screen, in two languages; 3 where something is broken."""

from __future__ import annotations

import json
from pathlib import Path

from dramatiq import Message as Letter

from gkevents.tasks.broker import Post
from tests.cli.said import Run

AT = ("--now", "2018-02-01T08:00:00+08:00")


def test_all_is_well(hebei: Run) -> None:
    said = hebei("doctor")
    assert said.status == 0
    assert said.out.startswith("ok  store           gkevents.db: SQLite, version ")
    assert said.out.endswith("\nAll is well.\n")
    assert "simulated clock" in said.err
    assert hebei("doctor", lang="zh").out.endswith("\n一切正常。\n")


def test_what_should_be_looked_at_leaves_the_status_at_nought(hebei: Run) -> None:
    said = hebei("--now", "2040-02-01T08:00:00+08:00", "doctor")
    assert said.status == 0
    assert "look at it  calendar        the working days of 2040 are not known" in said.out
    assert "\n                          → gk calendar import FILE takes in" in said.out
    assert said.out.endswith("\nNothing is broken. To look at: 1.\n")


def test_no_store(gk: Run) -> None:
    said = gk("doctor")
    assert said.status == 3
    assert said.out.startswith("broken  store   There is no store at gkevents.db. Make one with: gk init\n")
    assert said.out.endswith("\nBroken: 1.\n")
    told = json.loads(gk("doctor", "--json").out)
    assert told["state"] == "broken"
    assert [(one["what"], one["state"]) for one in told["findings"]] == [("store", "broken"), ("broker", "ok")]


def test_a_time_is_told_only_to_a_simulated_clock(gk: Run) -> None:
    assert gk("init").status == 0
    assert gk(*AT, "doctor").status == 1


def test_json_says_the_same(hebei: Run) -> None:
    said = hebei("doctor", "--json")
    told = json.loads(said.out)
    assert (said.status, told["state"], told["simulated_clock"]) == (0, "ok", True)
    assert told["findings"][1] == {
        "what": "log",
        "state": "ok",
        "said": told["findings"][1]["said"],
        "advice": None,
    }
    assert told["findings"][1]["said"].startswith("the newest event is at position ")


def test_a_broker_without_workers(hebei: Run, broker_url: str) -> None:
    said = hebei("doctor", "--broker", broker_url)
    assert said.status == 0
    assert "ok          broker          it answers; 0 messages wait\n" in said.out
    assert "look at it  workers         none is alive\n                          → Start one: gk worker\n" in said.out
    assert "look at it  scheduler       none is alive: nobody tells the workers" in said.out


def test_a_broker_with_workers(hebei: Run, broker_url: str) -> None:
    posts = [Post(broker_url), Post(broker_url)]
    posts[0].beat("worker")
    posts[1].beat("scheduler")
    assert posts[1].sit()
    posts[1].send("scan")
    told = {one["what"]: one for one in json.loads(hebei("doctor", "--broker", broker_url, "--json").out)["findings"]}
    assert told["broker"]["said"] == "it answers; 1 messages wait"
    assert told["workers"]["said"].startswith("1 alive (")
    assert told["scheduler"]["said"].startswith("alive (")
    assert {one["state"] for one in told.values()} == {"ok"}
    for post in posts:
        post.close()


def test_a_broker_that_serves_another_store(hebei: Run, broker_url: str) -> None:
    post = Post(broker_url)
    post.serve("f" * 64)
    post.beat("scheduler")
    assert post.sit()
    said = hebei("doctor", "--broker", broker_url)
    assert said.status == 3
    assert "broken      broker          it serves another store\n" in said.out
    assert "→ Check --store and --broker (GK_STORE, GK_BROKER)" in said.out
    assert "look at it  workers         0 alive, for another store; none for this one\n" in said.out
    assert "look at it  scheduler       the one that is alive is another store's\n" in said.out
    # a store of which nobody can say which it is
    told = json.loads(hebei("--store", "sqlite:///nowhere.db", "doctor", "--broker", broker_url, "--json").out)
    assert [one["state"] for one in told["findings"]] == ["broken", "ok", "look", "ok"]
    post.close()


def test_a_broker_whose_url_is_none(hebei: Run) -> None:
    for url in ("redis://127.0.0.1:1/0?bogus=1", "redis://127.0.0.1:1/abc"):
        said = hebei("doctor", "--broker", url, "--json")
        assert said.status == 3
        found = json.loads(said.out)["findings"][-1]
        assert (found["what"], found["state"]) == ("broker", "broken")
        assert found["said"].startswith(f"{url.replace('=1', '=…')} is no broker's URL.")


def test_a_broker_that_does_not_answer(hebei: Run, tmp_path: Path) -> None:
    said = hebei("doctor", "--broker", f"unix://{tmp_path}/nobody.sock")
    assert said.status == 3
    assert "broken  broker          The broker" in said.out
    assert said.out.endswith("\nBroken: 1.\n")


def test_messages_that_were_given_up(hebei: Run, broker_url: str) -> None:
    post = Post(broker_url)
    post.client.zadd("gk:hints.XQ", {Letter("hints", "scan", (), {}, {}).message_id: 1})
    found = json.loads(hebei("doctor", "--broker", broker_url, "--json").out)["findings"]
    assert [one["said"] for one in found if one["what"] == "broker"][1] == "1 messages were given up"
    post.close()
