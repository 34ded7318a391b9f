"""What is said and kept at the broker."""

from __future__ import annotations

import json

import pytest
from dramatiq import Message

from gkevents.tasks.broker import BUILDS, HINTS, Post, look, named
from gkevents.tasks.trouble import BrokerGone, BrokerRefuses, BrokerUrl, NoBroker, OtherStore
from gkevents.words import say


@pytest.fixture
def post(broker_url: str) -> Post:
    return Post(broker_url)


def test_a_hint_that_waits_already_is_not_sent_again(post: Post) -> None:
    assert [post.send("catch_up", view="scores") for _ in range(3)] == [True, False, False]
    assert post.send("catch_up", view="deadlines")
    assert post.send("scan")
    assert not post.send("scan")
    assert look(post.url).waiting == {HINTS: 3, BUILDS: 0}


def test_of_several_hints_only_the_new_ones_are_sent(post: Post) -> None:
    helpers: list[dict[str, str | int]] = [{"view": "scores", "build": 3, "helper": number} for number in (1, 2)]
    assert post.send_all("rebuild_part", helpers[:1]) == 1
    assert post.send_all("rebuild_part", helpers) == 1
    assert look(post.url).waiting == {HINTS: 0, BUILDS: 2}


def test_a_message_carries_ids_only(post: Post) -> None:
    post.send("rebuild_part", view="scores", build=3, helper=1)
    (data,) = post.client.hvals("gk:builds.msgs")
    assert isinstance(data, bytes)
    sent = Message.decode(data)
    assert (sent.actor_name, sent.args) == ("rebuild_part", ())
    assert sent.kwargs == {"view": "scores", "build": 3, "helper": 1}
    assert set(sent.options) == {"redis_message_id"}


def test_a_rubbish_message_does_not_stop_hints(post: Post) -> None:
    post.client.hset("gk:hints.msgs", "x", b"\xffrubbish")
    assert post.send("scan")


def test_only_one_sits_in_the_schedulers_chair(post: Post) -> None:
    other = Post(post.url)
    assert post.sit()
    assert not other.sit()
    assert post.sit()
    other.leave()
    assert post.chair()[0] == post.id
    post.leave()
    assert other.sit()


def test_the_chair_of_one_that_is_silent_falls_free(post: Post) -> None:
    other = Post(post.url)
    assert post.sit(seconds=1)
    post.client.pexpire("gk:scheduler", 1)
    while not other.sit():
        pass
    assert not post.sit()


def test_who_is_alive_is_seen_with_part_and_place(post: Post) -> None:
    post.beat("worker")
    other = Post(post.url)
    other.sit()
    other.beat("scheduler")
    seen = look(post.url)
    assert [(beat.id, beat.part) for beat in seen.workers] == [(post.id, "worker")]
    assert seen.scheduler is not None
    assert seen.scheduler.id == other.id
    assert 0 < post.client.ttl(f"gk:alive:{post.id}") <= 15
    post.rest()
    assert look(post.url).workers == []


@pytest.mark.parametrize("value", [b"\xff", b"[]", b"{}", json.dumps({"part": 1, "host": "h", "pid": "x"}).encode()])
def test_a_mark_that_is_none_is_nobody(post: Post, value: bytes) -> None:
    post.client.set("gk:alive:x", value)
    assert post.alive() == []


def test_a_broker_serves_one_store_at_a_time(post: Post) -> None:
    post.serve(None)
    post.serve("a" * 64)
    Post(post.url).serve("a" * 64)
    with pytest.raises(OtherStore) as caught:
        Post(post.url).serve("b" * 64)
    assert "another store" in say(caught.value.message, "en")
    assert 0 < post.client.ttl("gk:store") <= 60


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:secret@host:6379/0", "redis://host:6379/0"),
        ("redis://:secret@host/1?password=secret", "redis://host/1"),
        ("unix:///run/v.sock?db=1", "unix:///run/v.sock"),
        ("redis://[::1/0", "…"),
        ("redis://u:sec/ret@host/0", "redis://…"),
        ("redis://u:sec?ret@host/0", "redis://…"),
        ("user:secret@host:6379", "…"),
        ("foo", "foo"),
        ("host:6379", "host:6379"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert named(url) == shown


def test_what_is_wrong_with_a_broker_is_said(tmp_path: object) -> None:
    with pytest.raises(NoBroker):
        Post("")
    for url in ("http://host", "host:6379", "redis://host:port/0", "redis://[::1/0", "foo", "unix://",
                "redis://host/abc", "redis://host/-1", "redis://host/0/1", "unix:///run/v.sock?db=x",
                "redis://host/0?bogus=1", "redis://host/0?decode_responses=1",
                "rediss://host/0?ssl_cert_reqs=x", "rediss://host/0?ssl_bogus=1"):  # fmt: skip
        with pytest.raises(BrokerUrl):
            Post(url)
    with pytest.raises(BrokerGone) as caught:
        look(f"unix://{tmp_path}/nobody.sock?password=secret")
    said = say(caught.value.message, "en")
    assert "nobody.sock" in said
    assert "secret" not in said
    assert "gk work --once" in said


@pytest.mark.parametrize(
    "url",
    ["redis://", "redis://u:p@host:6379", "redis://host/15", "redis://host/?db=3", "unix://u:p@/run/v@1.sock?db=1",
     "rediss://host/0?ssl_cert_reqs=none&socket_timeout=2&client_name=gk"],
)  # fmt: skip
def test_what_is_a_brokers_url(url: str) -> None:
    Post(url).close()


@pytest.mark.parametrize(("words", "reason"), [("?db=99", "DB index is out of range"), ("?password=x", "AUTH")])
def test_a_broker_that_will_never_let_us_in_says_so(broker_url: str, words: str, reason: str) -> None:
    with pytest.raises(BrokerRefuses) as caught:
        look(f"{broker_url}{words}")
    assert reason in say(caught.value.message, "en")


def test_a_broker_that_does_not_answer_refuses_nobody(tmp_path: object) -> None:
    Post(f"unix://{tmp_path}/nobody.sock").admitted()


def test_marks_are_let_go_in_silence_where_the_broker_is_gone(tmp_path: object) -> None:
    post = Post(f"unix://{tmp_path}/nobody.sock")
    post.rest()
    post.leave()
    with pytest.raises(BrokerGone):
        post.beat("worker")
