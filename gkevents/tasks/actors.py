"""What workers do on a message: load what it names, call one use case. Each may be cut off at any moment, and repeated.

Time limits: an actor that is cut off has lost nothing but the portion that it was at: all of them work in portions
that are kept one by one, and the next one goes on after the last of them.
Retries: what fails is mostly a store, or a folder, that cannot be had for a while. A message is put off for longer and
longer, up to half a minute, and given up after ten minutes or so; the scheduler sends another when the store is there
again. What can never succeed (ids that mean nothing) is given up at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import dramatiq
from dramatiq.broker import Broker
from dramatiq.middleware import Shutdown

from gkevents.aggregates.refusals import Refusal
from gkevents.app import Gk
from gkevents.app.files import FolderUnusable
from gkevents.app.working import NoSuchWork, catch_up
from gkevents.projections.rebuilding import Rebuild, State, finish_rebuild, let_go, work_on
from gkevents.tasks.broker import MESSAGES, Post
from gkevents.tasks.bulletins import write_bulletin
from gkevents.tasks.watching import Watch

MINUTE: Final = 60_000

LIMITS: Final = {
    "catch_up": 10 * MINUTE,  # goes on after the last page of events, or the last portion of a build, that it wrote
    "scan": 10 * MINUTE,  # what is recorded is recorded; the next one finds less to do
    "rebuild_part": MINUTE,  # works for a few seconds and sends itself again; one part takes well under a second
    "render_bulletin": 10 * MINUTE,  # each file is kept once it lies there; a PDF of 150 units takes some seconds
}
TRIES: Final = {"catch_up": 20, "scan": 20, "rebuild_part": 20, "render_bulletin": 20}
"""Tries after the first one. A bulletin is asked for again the next day only, so nobody may give it up sooner."""

BACKOFF_MS: Final = (1_000, 30_000)
"""A message that failed is put off for so long at first, and at last."""

_SLICE_SECONDS: Final = 5.0
"""So long a message works on a build before it makes room for other messages."""
_WAIT_SECONDS: Final = 0.1


class Bench:
    """What an actor needs besides its message: the store, which this process was told, and where results go."""

    def __init__(self, store: str, post: Post, watch: Watch, *, bulletins: Path | None = None) -> None:
        """Nothing is opened yet."""
        self.store, self.post, self.watch, self.bulletins = store, post, watch, bulletins

    @contextmanager
    def gk(self) -> Iterator[Gk]:
        """The use cases, over an engine of this message's own: what is cut off leaves no connection to others."""
        gk = Gk(self.store)
        try:
            yield gk
        finally:
            gk.store.close()

    # ------------------------------------------------------------------ the actors

    def catch_up(self, *, view: str) -> None:
        """Bring a view up with the log."""
        since = time.monotonic()
        with self.gk() as gk:
            report = catch_up(gk, view)
        told = {"view": view, "position": report.position, "state": report.state}
        self.watch.tell("caught-up", seconds=_seconds(since), **told)
        if report.stopped is not None:
            self.watch.tell("view-stopped", view=view, position=report.stopped)

    def scan(self) -> None:
        """Record the limits that ran out."""
        since = time.monotonic()
        with self.gk() as gk:
            found = gk.scan()
        missed, taken_back = len(found.missed), len(found.taken_back)
        self.watch.metrics.missed.inc(missed)
        self.watch.metrics.taken_back.inc(taken_back)
        self.watch.tell("scanned", missed=missed, taken_back=taken_back, seconds=_seconds(since))

    def rebuild_part(self, *, view: str, build: int, helper: int) -> None:
        """Help with a build for a while; where it is not done then, send the same again, behind what waits."""
        rebuild, end, worked = Rebuild(view, build), time.monotonic() + _SLICE_SECONDS, 0
        with self.gk() as gk, ExitStack() as stack:
            stack.callback(let_go)
            while (state := work_on(gk.store, rebuild)) in (State.WORKED, State.WAIT) and time.monotonic() < end:
                worked += state is State.WORKED
                if state is State.WAIT:
                    time.sleep(_WAIT_SECONDS)
            if state is State.DONE:
                finish_rebuild(gk.store, rebuild)
        self.watch.metrics.parts.labels(view).inc(worked)
        if state in (State.WORKED, State.WAIT):
            self.post.again("rebuild_part", view=view, build=build, helper=helper)
        else:
            self.watch.tell("build", view=view, build=build, state=state.name.lower())

    def render_bulletin(self, *, bulletin: str) -> None:
        """Write the files of an issued bulletin that are not there."""
        if self.bulletins is None:
            self.watch.tell("bulletins-nowhere")
            return
        since = time.monotonic()
        with self.gk() as gk:
            done = write_bulletin(gk, self.bulletins, bulletin)
        if done.files:
            self.watch.tell("bulletin", bulletin=bulletin, count=len(done.files), seconds=_seconds(since))
        if done.otherwise:
            self.watch.tell("bulletin-otherwise", files=", ".join(done.otherwise))


def declared(broker: Broker, bench: Bench) -> None:
    """Make the actors known to a broker."""
    for name, (queue, _) in MESSAGES.items():
        decorated = dramatiq.actor(
            actor_name=name,
            queue_name=queue,
            broker=broker,
            # what waits behind a build's parts is short, and somebody may be waiting for it
            priority=1 if name == "rebuild_part" else 0,
            time_limit=LIMITS[name],
            min_backoff=BACKOFF_MS[0],
            max_backoff=BACKOFF_MS[1],
            retry_when=_again(TRIES[name]),
        )
        decorated(getattr(bench, name))


def _again(most: int) -> Callable[[int, BaseException], bool]:
    """So often after a failure that may pass; always after the end of a worker, which is no failure."""
    return lambda tries, error: isinstance(error, Shutdown) or (tries < most and _may_pass(error))


def _may_pass(error: BaseException) -> bool:
    """Whether a failure may be none the next time: what is refused is refused again, but a folder may be mended."""
    return isinstance(error, FolderUnusable) or not isinstance(error, (Refusal, NoSuchWork))


def _seconds(since: float) -> float:
    return round(time.monotonic() - since, 3)
