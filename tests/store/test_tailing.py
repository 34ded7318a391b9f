"""A reader that follows the log while others write: it misses nothing and sees nothing out of order.

In which order positions are given and in which they become visible are two things; libraries have lost events there.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest

from gkevents.store.engine import Store
from gkevents.store.log import NewEvent, writing
from gkevents.store.reading import Event, Reader
from gkevents.store.trouble import StoreTrouble
from gkevents.store.waking import Waker, wait
from gkevents.terms import instant
from tests.app.worlds import World
from tests.servers.postgres import Server
from tests.store.crowds import working

WRITERS, EACH = 4, 5_000
MOMENT = instant("2020-12-01T09:00:00+08:00")


@pytest.fixture
def store(store_url: str) -> Store:
    store = Store(store_url)
    store.make(simulated=True)
    store.close()
    return store


def given(writer: int, number: int) -> NewEvent:
    """The `number`th event of a writer: a mark of sample data."""
    ref, unit = f"W{writer}-{number}", f"样本{writer}局"
    body = {"ref": ref, "type": "grade", "unit": unit, "effective_on": "2020-11-20", "item": "L15", "points": "7"}
    return NewEvent(f"unit-year/luancheng-2020/2020/{unit}", "grade-given", body, MOMENT, ref)


def _write(writer: int, together: Any, url: str) -> None:  # noqa: ANN401 - a barrier
    """Append so many events, from one to sixty in a transaction, some transactions slower than others."""
    store, dice, written = Store(url), random.Random(writer), 0
    together.wait(30)
    while written < EACH:
        portion = min(dice.choice((1, 5, 20, 60)), EACH - written)
        with writing(store) as write:
            write.append([given(writer, written + number) for number in range(portion)])
            time.sleep(dice.choice((0, 0, 0, 0.002)))
        written += portion
        time.sleep(dice.choice((0, 0.001)))
    store.close()


def followed(store: Store, number: int, *, seconds: float) -> list[Event]:
    """Follow the log until so many events are seen, a page at a time, waiting where there is nothing new."""
    seen: list[Event] = []
    end = time.monotonic() + seconds
    with Waker(store) as waker:
        while len(seen) < number and time.monotonic() < end:
            position = seen[-1].position if seen else 0
            with store.reading() as connection:
                page = Reader(connection, store.name).after(position, limit=100)
            seen += page
            if not page:
                waker.wait(position, 5)
    return seen


def test_a_reader_behind_four_writers_sees_twenty_thousand_events_in_order(store: Store) -> None:
    with working(WRITERS, _write, store.url):
        seen = followed(store, WRITERS * EACH, seconds=100)
    assert [event.position for event in seen] == list(range(1, WRITERS * EACH + 1))
    for writer in range(WRITERS):
        own = [event.ref for event in seen if event.stream.endswith(f"样本{writer}局")]
        assert own == [f"W{writer}-{number}" for number in range(EACH)]
    store.close()


def _soon(store: Store, number: int = 0) -> Thread:
    def append() -> None:
        time.sleep(0.1)
        with writing(store) as write:
            write.append([given(0, number)])

    thread = Thread(target=append)
    thread.start()
    return thread


def test_whoever_waits_is_woken_by_the_next_event_and_not_before(store: Store) -> None:
    assert not wait(store, 0, 0.05)
    began = time.monotonic()
    thread = _soon(store)
    assert wait(store, 0, 120)
    assert 0.05 < time.monotonic() - began < 60  # woken, and not merely out of patience
    thread.join()
    assert wait(store, 0, 0)
    assert not wait(store, 1, 0)
    store.close()


def test_what_is_not_committed_wakes_nobody(store: Store) -> None:
    with suppress(ZeroDivisionError), writing(store) as write:
        write.append([given(0, 0)])
        assert 1 / 0
    assert not wait(store, 0, 0.3)
    with writing(store) as write:
        write.append([given(0, 0)])
        assert not wait(store, 0, 0.3)
    assert wait(store, 0, 5)
    store.close()


def test_a_waker_hears_again_after_its_connection_was_cut(database_url: str) -> None:
    store = Store(database_url)
    store.make(simulated=True)
    with Waker(store) as waker:
        assert waker.wait(0, 0) == 0
        World(database_url).rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        thread = _soon(store)
        assert waker.wait(0, 20) == 1
        thread.join()
    store.close()


def test_a_waker_on_a_database_that_is_gone_says_so_when_its_time_is_up(postgres: Server) -> None:
    name = postgres.database()
    store = Store(postgres.url(name))
    store.make(simulated=True)
    with Waker(store) as waker:
        assert waker.wait(0, 0) == 0
        postgres.drop(name)
        with pytest.raises(StoreTrouble, match="does not exist"):
            waker.wait(0, 0.5)
    store.close()


def test_news_that_something_between_us_swallows_are_asked_for(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gkevents.store.waking.ASK_SECONDS", 0.1)
    monkeypatch.setattr("gkevents.store.log.notify", lambda _connection, _position: None)
    store = Store(database_url)
    store.make(simulated=True)
    thread = _soon(store)
    assert wait(store, 0, 20)
    thread.join()
    store.close()
