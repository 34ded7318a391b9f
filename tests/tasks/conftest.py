"""A small store that workers work on, a worker in this process, and what it tells."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates.bulletin import period_of
from gkevents.app.bulletins import Asking, Issued
from gkevents.tasks.broker import Beat, Post
from gkevents.tasks.scheduler import Scheduler
from gkevents.tasks.watching import Watch
from gkevents.tasks.worker import Worker
from tests.app.worlds import World
from tests.tasks.processes import QUICK

TINY = Path(__file__).parents[1] / "app" / "tiny.yaml"
SCHEME = "tiny-2020"
STARTED = "2020-01-06T09:00:00+08:00"


class Line(Watch):
    """A watch whose lines can be read back."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        super().__init__(self.stream, plain=False)

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What was told, or only one kind of it."""
        told = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [event for event in told if name in (None, event["event"])]


def until(true: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something is so; a test fails where it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


class Office:
    """A store, a broker, and what works on them."""

    def __init__(self, world: World, broker: str) -> None:
        self.world, self.broker, self.watch = world, broker, Line()
        self.post = Post(broker)

    def log(self, *facts: dict[str, Any]) -> None:
        """Log facts of the tiny scheme."""
        self.world.log(*facts, scheme=SCHEME)

    def views(self) -> dict[str, str]:
        """The state of each view."""
        from gkevents.app.views import Views

        with self.world.gk() as gk:
            return {view.view: view.state for view in Views(gk.store).status().views}

    def issue(self, quarter: int = 1) -> Issued:
        """Issue the bulletin of a quarter."""
        return issue(self.world, quarter)

    @contextmanager
    def working(self, **how: Any) -> Iterator[Worker]:  # noqa: ANN401 - what a worker takes
        """A worker in this process meanwhile."""
        worker, stop = Worker(self.world.url, self.post, self.watch, **how), threading.Event()
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        try:
            until(lambda: self.watch.events("worker-ready"))
            yield worker
        finally:
            stop.set()
            thread.join(20)
            assert not thread.is_alive()


class Scheduling:
    """A scheduler in a thread of this process."""

    def __init__(self, office: Office, **how: Any) -> None:  # noqa: ANN401 - what a scheduler takes
        self.watch, self.post, self.stop = Line(), Post(office.broker), threading.Event()
        self.scheduler = Scheduler(office.world.url, self.post, self.watch, **how)
        self.other: Beat | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.other = self.scheduler.run(self.stop)

    def end(self) -> None:
        """End it."""
        self.stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
        self.post.close()

    def hints(self) -> list[tuple[str, str | None]]:
        """What it has sent."""
        return [(event["actor"], event.get("view") or event.get("bulletin")) for event in self.watch.events("hint")]


@pytest.fixture
def scheduling(office: Office) -> Iterator[Callable[..., Scheduling]]:
    """Starts schedulers; they end with the test."""
    made: list[Scheduling] = []

    def start(**how: Any) -> Scheduling:  # noqa: ANN401
        made.append(Scheduling(office, **how))
        return made[-1]

    yield start
    for one in made:
        one.end()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker and scheduler are quicker than in daily life."""
    for name, value in QUICK.items():
        monkeypatch.setattr(name, value)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A store that has adopted the tiny scheme for 2020."""
    made = World(tmp_path / "gk.db").init()
    made.adopt(TINY, now=STARTED)
    return made


@pytest.fixture
def office(world: World, broker_url: str) -> Iterator[Office]:
    """The store with an empty broker."""
    made = Office(world, broker_url)
    hook = threading.excepthook
    yield made
    threading.excepthook = hook
    made.post.close()


def issue(world: World, quarter: int = 1) -> Issued:
    """Issue the bulletin of a quarter of the tiny scheme."""
    with world.gk() as gk:
        return gk.issue_bulletin(Asking(SCHEME, 2020, period_of(2020, quarter=quarter))).issued


def names(one: Issued) -> set[str]:
    """The names of a bulletin's files."""
    return {f"{one.form.id}.{kind}" for kind in ("json", "html", "pdf", "docx", "xlsx")}


def message(ref: str, on: str = "2020-03-03", unit: str = "甲局", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A citizen's message, to be answered within three working days."""
    given = {"ref": ref, "type": "netizen-message", "unit": unit, "item": "T2", "key": f"K-{ref}"}
    return {**given, "effective_on": on, "recorded_at": f"{on}T10:00:00+08:00", **fields}


def grade(ref: str, on: str = "2020-03-03", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """An assessor's mark."""
    given = {"ref": ref, "type": "grade", "unit": "甲局", "item": "T1", "points": "8"}
    return {**given, "effective_on": on, "recorded_at": f"{on}T10:00:00+08:00", **fields}
