"""What is told: only what is on the list; a sentence on a terminal; numbers at a port."""

from __future__ import annotations

import io
import json
import string
import urllib.request
from pathlib import Path

import pytest

from gkevents.store.trouble import StoreLocked
from gkevents.tasks.broker import MESSAGES
from gkevents.tasks.watching import EVENTS, FIELDS, Watch, trouble
from tests.tasks.conftest import Line

PERSON = "某科张三"


def test_a_line_is_json_with_when_what_and_who_first() -> None:
    watch = Line()
    watch.tell("caught-up", view="scores", position=7, state="current", seconds=0.5)
    (line,) = watch.stream.getvalue().splitlines()
    told = json.loads(line)
    assert list(told)[:4] == ["at", "level", "part", "event"]
    assert told["at"].endswith("Z")
    assert (told["level"], told["event"], told["position"]) == ("info", "caught-up", 7)


def test_what_is_not_on_the_list_is_left_out() -> None:
    watch = Line()
    watch.tell("dead-letter", actor="scan", unit=PERSON, ref=PERSON, reason=PERSON)
    assert PERSON not in watch.stream.getvalue()


def test_of_an_error_only_kind_and_place_are_told() -> None:
    with pytest.raises(StoreLocked) as caught:
        raise StoreLocked("postgresql://user:secret@host/db", PERSON)
    told = trouble(caught.value)
    assert told.kind == "locked"
    assert told.where.startswith("test_watching.py:")


def test_a_message_and_what_is_told_of_it_name_no_unit_and_no_fact() -> None:
    """The list of fields is the guard against personal data, so it is written down here once more."""
    written = {
        "actor", "build", "bulletin", "count", "files", "kind", "message_id", "missed", "port", "position", "seconds",
        "state", "taken_back", "text", "threads", "tries", "view", "where",
    }  # fmt: skip
    assert written == FIELDS
    ids = {name for _, ids in MESSAGES.values() for name in ids}
    assert ids == {"view", "build", "helper", "bulletin"}


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_can_be_told_as_a_sentence_without_knowing_all(name: str) -> None:
    level, template = EVENTS[name]
    places = {place for _, place, _, _ in string.Formatter().parse(template) if place}
    assert places <= FIELDS
    stream = io.StringIO()
    Watch(stream, lang="en", plain=True).tell(name, **dict.fromkeys(places, 3))
    said = stream.getvalue()
    assert said.count("\n") == 1
    assert "{" not in said
    assert level in ("info", "warning", "error")


def test_that_the_broker_is_gone_is_told_once_and_so_is_its_return() -> None:
    watch = Line()
    up = watch.metrics.registry.get_sample_value
    for _ in range(3):
        watch.gone("broker", OSError(PERSON))
    assert up("gk_broker_up") == 0
    for _ in range(2):
        watch.back("broker")
    assert up("gk_broker_up") == 1
    assert [event["event"] for event in watch.events()] == ["broker-gone", "broker-back"]


def test_a_log_that_nobody_reads_any_more_stops_no_work() -> None:
    stream = io.StringIO()
    watch = Watch(stream, plain=False)
    stream.close()
    watch.tell("worker-ready", threads=1)


def test_the_numbers_are_at_a_port_meanwhile() -> None:
    watch = Line()
    with watch.serving(0, "127.0.0.1") as port:
        watch.metrics.missed.inc(3)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        assert "gk_deadlines_missed_total 3.0" in text
        with pytest.raises(OSError, match="in use"), Line().serving(port, "127.0.0.1"):
            pass
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5)
    with Line().serving(None, "127.0.0.1") as port:
        assert port is None


@pytest.mark.parametrize("page", ["workers.md", "workers.zh-CN.md"])
def test_every_number_is_on_the_page(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    for family in Line().metrics.registry.collect():
        total = "_total" if family.type == "counter" else ""
        assert f"`{family.name}{total}" in text, family.name
