"""Workers killed in the middle of what they do: nothing is lost, nothing done twice, the rows are what a replay gives.

Each worker is a process of its own, killed with SIGKILL or told to end with SIGTERM at a random moment (seeded) while
it has a message of the actor in question; one that was done with it by then does not count. At the end a worker and a
scheduler are left in peace: what the dead have left is picked up without anybody's help. `make soak` kills 50 workers
for each actor, signal and database, `make test` a few. And the broker is gone for a while during logging.
"""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.app.bulletins import Issued, sha256
from gkevents.app.views import Views
from gkevents.app.working import outstanding
from gkevents.projections.rebuilding import begin_rebuild
from gkevents.servers.valkey import Broker
from gkevents.tasks.broker import BUILDS, HINTS, SPACE, Post, look
from tests.app.worlds import World
from tests.tasks.conftest import SCHEME, TINY, issue, names, until
from tests.tasks.processes import running

UNITS: Final = tuple(f"样本{number}局" for number in range(1, 21))
ACTORS: Final = ("catch_up", "scan", "rebuild_part", "render_bulletin")
SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM)
FEW: Final = 80
"""So many facts are logged for a worker to have something to do."""


class Works:
    """A store, a broker, and workers that are killed."""

    def __init__(self, url: str, broker: str, folder: Path, dice: random.Random) -> None:
        """A store that has adopted the tiny scheme for twenty units."""
        self.world, self.broker, self.folder, self.dice = World(url).init(simulated=False), broker, folder, dice
        self.world.adopt(TINY, units=[(name, None) for name in UNITS])
        self.post, self.bulletins, self.words = Post(broker), folder / "bulletins", folder / "words"
        self.bulletins.mkdir()
        self.logged, self.messages, self.kills = 0, 0, 0
        self.issued: Issued | None = None
        self.reach = 0.2
        """Within so many seconds after it has its message the next worker is killed."""

    # ------------------------------------------------------------------ work

    def log(self, number: int = FEW, *, messages: bool = False) -> None:
        """Log facts: praise of no consequence, or citizens' messages whose limit has run out."""
        facts = []
        for _ in range(number):
            self.logged += 1
            self.messages += messages
            day = f"2020-{1 + self.logged % 11:02}-{1 + self.logged % 27:02}"
            fact: dict[str, Any] = {"ref": f"R{self.logged}", "unit": self.dice.choice(UNITS), "effective_on": day}
            if messages:
                fact |= {"type": "netizen-message", "item": "T2", "key": f"K{self.logged}"}
            else:
                fact |= {"type": "grade", "item": "T1", "points": str(self.dice.randint(0, 10))}
            facts.append(fact)
        self.world.log(*facts, scheme=SCHEME)

    def feed(self, actor: str) -> str:
        """Give a worker something to do, and send the message; the queue in which it is."""
        if actor == "rebuild_part":
            with self.world.gk() as gk:
                rebuild = begin_rebuild(gk.store, "scores")
            assert rebuild is not None
            self.post.again(actor, view=rebuild.view, build=rebuild.build, helper=1)
            return BUILDS
        if actor == "render_bulletin":
            self.post.again(actor, bulletin=self.cleared().form.id)
            return HINTS
        self.log(messages=actor == "scan")
        self.post.again(actor, **({"view": self.dice.choice(("scores", "deadlines"))} if actor != "scan" else {}))
        return HINTS

    def issue(self) -> None:
        """Issue a bulletin, before anybody works."""
        self.log()
        self.issued = issue(self.world)

    def cleared(self) -> Issued:
        """The bulletin, with some of its files gone from the folder."""
        assert self.issued is not None
        for file in sorted(self.bulletins.glob(f"{self.issued.form.id}.*")):
            if self.dice.random() < 0.8:
                file.unlink()
        return self.issued

    # ------------------------------------------------------------------ workers

    def running(self, *words: str) -> AbstractContextManager[ForkServerProcess]:
        """A command in a process of its own meanwhile; it must have ended at the end."""
        return running(self.world.url, *words, told=self.words)

    def worker(self) -> tuple[str, ...]:
        """The command of a worker."""
        return ("worker", "--broker", self.broker, "--bulletins", str(self.bulletins))

    def kill(self, actor: str, how: signal.Signals, times: int) -> None:
        """Kill so many workers, each while it has a message of an actor."""
        killed = 0
        while killed < times:
            queue = self.feed(actor)
            before = self.held(queue)
            with self.running(*self.worker()) as process:
                until(partial(self.is_taken, queue))
                time.sleep(self.dice.uniform(0, self.reach))
                assert process.pid is not None
                held = self.held(queue) - before
                os.kill(process.pid, how)
                process.join(30)
                assert process.exitcode == (-signal.SIGKILL if how is signal.SIGKILL else 0), self.words.read_text()
            in_time = held if how is signal.SIGTERM else self.held(queue) - before
            killed += bool(in_time)
            self.reach = min(self.reach * 1.1, 1.0) if in_time else max(self.reach * 0.7, 0.01)
        self.kills += killed

    def is_taken(self, queue: str) -> bool:
        """Whether no message of a queue waits for a worker."""
        return self.post.client.llen(f"{SPACE}:{queue}") == 0

    def held(self, queue: str) -> set[tuple[object, object]]:
        """Which worker has which message of a queue."""
        client: Any = self.post.client  # its types also speak of awaiting
        keys = list(client.scan_iter(f"{SPACE}:__acks__.*.{queue}"))
        return {(key, number) for key in keys for number in client.smembers(key)}

    # ------------------------------------------------------------------ the end

    def settle(self, seconds: float = 60) -> None:
        """A worker and a scheduler, left in peace, until there is nothing to do."""
        if self.issued is not None:
            self.cleared()
        scheduler = ("scheduler", "--broker", self.broker, "--bulletins")
        with self.running(*self.worker()), self.running(*scheduler):
            until(self.is_settled, seconds)

    def is_settled(self) -> bool:
        """Whether every view is up with the log, every limit recorded, every build finished, no message left."""
        with self.world.gk() as gk:
            found = outstanding(gk)
        missed = self.scanned() == self.messages
        return missed and not (found.behind or found.builds or found.due or any(look(self.broker).waiting.values()))

    def scanned(self) -> int:
        """How many limits were recorded as missed."""
        return int(self.world.rows("SELECT count(*) FROM events WHERE name LIKE 'reply-timed-out%%'")[0][0])

    def compare(self) -> None:
        """Every fact and every missed limit is there once, every row is what the log gives, every file whole."""
        assert not any(look(self.broker).dead.values()), self.words.read_text()
        refs = [ref for (ref,) in self.world.rows("SELECT ref FROM events WHERE ref LIKE 'R%%'")]
        assert sorted(refs) == sorted(f"R{number}" for number in range(1, self.logged + 1))
        assert self.scanned() == self.messages
        assert self.world.faults() == []
        with self.world.gk() as gk:
            found = Views(gk.store).verify()
            assert (found.differences, found.left_over) == ([], {"scores": [], "deadlines": []})
            assert {*found.positions.values()} == {self.world.count()}
        if self.issued is not None:
            assert names(self.issued) <= {file.name for file in self.bulletins.iterdir()}
            for kind, digest in self.issued.form.files.items():
                assert sha256((self.bulletins / f"{self.issued.form.id}.{kind}").read_bytes()) == digest


def test_a_few_workers_killed_lose_and_double_nothing(store_url: str, broker_url: str, tmp_path: Path) -> None:
    works = Works(store_url, broker_url, tmp_path, random.Random(1))
    works.issue()
    for actor in ACTORS:
        for how in SIGNALS:
            works.kill(actor, how, times=1)
    works.settle()
    works.compare()
    works.post.close()


@pytest.mark.soak
@pytest.mark.parametrize("how", SIGNALS, ids=lambda how: how.name)
@pytest.mark.parametrize("actor", ACTORS)
def test_50_workers_killed_in_the_middle_of_each_actor_lose_and_double_nothing(
    store_url: str, broker_url: str, tmp_path: Path, actor: str, how: signal.Signals
) -> None:
    works = Works(store_url, broker_url, tmp_path, random.Random(f"{actor} {how.name}"))
    works.issue()
    works.kill(actor, how, times=50)
    works.settle(180)
    works.compare()
    assert works.kills == 50
    works.post.close()


def without_a_broker(works: Works, valkey: Broker, seconds: float, *, limits: bool) -> None:
    """Log for some seconds while the broker is gone, `limits` that have run out too; then it is back, and empty."""
    scheduler = ("scheduler", "--broker", works.broker)
    with works.running(*works.worker()), works.running(*scheduler):
        works.log()
        until(works.is_settled, 30)
        valkey.end()
        try:
            end, most = time.monotonic() + seconds, 0.0
            while time.monotonic() < end:
                since = time.monotonic()
                works.log(20, messages=limits and works.dice.random() < 0.5)
                most = max(most, time.monotonic() - since)
                time.sleep(seconds / 10)
        finally:
            valkey.start()
        assert most < 5  # nobody has waited for it
        until(works.is_settled, 60)
    works.compare()
    works.post.close()


def test_facts_are_stored_while_the_broker_is_gone_and_the_work_is_done_later(
    database_url: str, valkey: Broker, broker_url: str, tmp_path: Path
) -> None:
    without_a_broker(Works(database_url, broker_url, tmp_path, random.Random(3)), valkey, 1, limits=False)


@pytest.mark.soak
def test_a_minute_without_a_broker(store_url: str, valkey: Broker, broker_url: str, tmp_path: Path) -> None:
    without_a_broker(Works(store_url, broker_url, tmp_path, random.Random(4)), valkey, 60, limits=True)
