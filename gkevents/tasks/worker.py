"""A worker: one process, some threads, until it is told to end. Several of them are several `gk worker`.

It ends cleanly on SIGTERM and Ctrl-C: what is being done is interrupted where it stands (nothing is lost by that, see
`actors`) and its message goes back. What is killed otherwise is missed after some seconds, and others take over.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

import dramatiq
import redis

from gkevents.app import Gk
from gkevents.app.working import identity
from gkevents.store.trouble import StoreTrouble
from gkevents.tasks.actors import Bench, declared
from gkevents.tasks.broker import BEAT_SECONDS, Post
from gkevents.tasks.delivery import Delivery
from gkevents.tasks.trouble import BrokerGone, OtherStore
from gkevents.tasks.watching import Watch

THREADS: Final = 2
"""One for a long piece of work, one for what comes meanwhile; Python runs them on one processor, more bring nothing."""

_POLL_MS: Final = 500
"""An idle worker asks for messages at least so often: so long a hint may wait."""
_END_MS: Final = 5_000
"""What cannot be interrupted (a long query) is waited for so long at the end; then it is as if we had been killed."""
_LOOK_SECONDS: Final = 1.0


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; a second signal ends the process at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        for number in before:
            signal.signal(number, signal.SIG_DFL)

    for number in before:
        signal.signal(number, asked)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def must_serve(post: Post, gk: Gk) -> None:
    """Whoever begins to work asks for this. Raises BrokerRefuses; OtherStore where the broker serves another store.

    An empty store is another one, too. What cannot be asked just now is no reason.
    """
    post.admitted()
    with suppress(BrokerGone, StoreTrouble):
        served = post.served()  # first: where ours is empty now and is served before we have looked, it is ours
        if served is not None and served != identity(gk):
            raise OtherStore(post.name)


class Worker:
    """A worker on one store."""

    def __init__(
        self, store: str, post: Post, watch: Watch, *, threads: int = THREADS, bulletins: Path | None = None
    ) -> None:
        """Nothing is opened yet. `bulletins`: the folder for the files of bulletins; without it none are written."""
        self.store, self.post, self.watch, self.threads = store, post, watch, threads
        self.bench = Bench(store, post, watch, bulletins=bulletins)

    def run(self, stop: threading.Event) -> bool:
        """Work until told to stop; False where the worker had to end by itself. Raises BrokerRefuses, OtherStore."""
        with self.bench.gk() as gk:
            must_serve(self.post, gk)
        self.watch.take_library()
        broker = Delivery(self.post.client, self.watch)
        declared(broker, self.bench)
        self.beat()
        broker.emit_after("process_boot")  # starts what watches over time limits
        worker = dramatiq.Worker(broker, worker_timeout=_POLL_MS, worker_threads=self.threads)
        worker.queue_prefetch = self.threads  # what a busy worker had taken in advance, an idle one could not do
        worker.start()
        try:
            self.watch.tell("worker-ready", threads=self.threads)
            return self._stay(worker, stop)
        finally:
            self.watch.tell("worker-ends")
            broker.ending = True
            with suppress(redis.RedisError, OSError):  # the broker is gone: it will miss us
                worker.stop(timeout=_END_MS)
            self.post.rest()
            self.watch.tell("worker-ended")

    def _stay(self, worker: dramatiq.Worker, stop: threading.Event) -> bool:
        waited = 0.0
        while not stop.wait(_LOOK_SECONDS):
            waited += _LOOK_SECONDS
            if not all(thread.is_alive() for thread in (*worker.workers, *worker.consumers.values())):
                self.watch.tell("thread-lost")
                return False
            if waited >= BEAT_SECONDS:
                self.beat()
                waited = 0.0
        return True

    def beat(self) -> None:
        """Say that we are alive, and for which store. Raises OtherStore."""
        store = None
        try:
            with self.bench.gk() as gk:
                store = self._identity(gk)
            self.post.serve(store)
            self.post.beat("worker")
        except BrokerGone as error:
            self.watch.gone("broker", error)
        else:
            self.watch.back("broker")

    def _identity(self, gk: Gk) -> str | None:
        try:
            found = identity(gk)
        except StoreTrouble as error:
            self.watch.gone("store", error)
            return None
        self.watch.back("store")
        return found
