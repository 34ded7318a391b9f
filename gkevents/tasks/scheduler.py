"""The scheduler: looks at the store, and hints to workers at what is to be done. One at a time.

Nobody tells it anything: that the log has grown it sees from the store itself, so whoever logs facts never touches the
broker. It keeps nothing that could be lost. Hints that were lost are sent again, because the work is still to be done.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Final, NamedTuple

from gkevents.app import Gk
from gkevents.app.working import Outstanding, identity, outstanding
from gkevents.store.trouble import StoreTrouble
from gkevents.store.waking import Waker
from gkevents.tasks.broker import ALIVE_SECONDS, BEAT_SECONDS, Beat, Post
from gkevents.tasks.trouble import BrokerGone
from gkevents.tasks.watching import Watch
from gkevents.tasks.worker import must_serve

_TICK_SECONDS: Final = 1.0
"""How soon a signal to end is heard, and how soon what was hinted at is looked at again."""
_PAUSE_SECONDS: Final = 0.2
"""After news, so long is waited for more: a large file is logged in portions."""
_AGAIN_SECONDS: Final = (2.0, 600.0)
"""Where limits are left that a scan should have recorded, another is asked for after so long, and longer and longer:
the message may be lost, or a limit be one that no scan can decide."""


class _Scanned(NamedTuple):
    """The last scan asked for: on which day, for how many limits, when, and how long to wait before the next.

    `notices`: how many calendar notices it will have heard of; one more, and misses may have to be taken back.
    """

    today: dt.date
    due: int
    notices: int
    at: float
    pause: float


class Scheduler:
    """The scheduler of one store."""

    def __init__(self, store: str, post: Post, watch: Watch, *, bulletins: bool = False) -> None:
        """Nothing is opened yet. `bulletins`: ask for the files of every issued bulletin."""
        self.gk, self.post, self.watch, self.bulletins = Gk(store), post, watch, bulletins
        self._scanned: _Scanned | None = None
        self._asked_on, self._asked = dt.date.min, set[str]()
        self._beaten = 0.0

    def run(self, stop: threading.Event) -> Beat | None:
        """Hint until told to stop; who the scheduler is, where another one is alive.

        Raises BrokerRefuses, OtherStore.
        """
        if not self._seated(stop):
            return None if stop.is_set() else self._holder()
        self.watch.tell("scheduler-ready")
        try:
            return self._stay(stop)
        finally:
            self.post.leave()
            self.post.rest()
            self.gk.store.close()
            self.watch.tell("scheduler-ended")

    def _stay(self, stop: threading.Event) -> Beat | None:
        with Waker(self.gk.store) as waker:
            head, busy = -1, False
            while not stop.is_set():
                if not self._keeping():
                    return self._holder()
                found = self._looked()
                if found is not None:
                    head, busy = found.head, self._hint(found)
                self._wait(waker, stop, head, busy=busy or found is None)
        return None

    # ------------------------------------------------------------------ the chair

    def _seated(self, stop: threading.Event) -> bool:
        """Whether we are the scheduler. One that was killed leaves the chair taken for some seconds: wait and see."""
        told, left = False, 0
        while not stop.is_set():
            must_serve(self.post, self.gk)
            try:
                if self.post.sit():
                    self.watch.back("broker")
                    return True
                self.watch.back("broker")
                _, now = self.post.chair()
            except BrokerGone as error:
                self.watch.gone("broker", error)
                stop.wait(_TICK_SECONDS)
                continue
            if told and now > left:  # it has been kept: somebody is alive
                return False
            if not told:
                self.watch.tell("scheduler-waits")
            told, left = True, now
            stop.wait(_TICK_SECONDS)
        return False

    def _holder(self) -> Beat | None:
        try:
            holder, _ = self.post.chair()
            unknown = Beat(holder or "", "scheduler", "?", 0, 0)
            return next((beat for beat in self.post.alive() if beat.id == holder), unknown)
        except BrokerGone:
            return None

    def _keeping(self) -> bool:
        """Keep the chair, and say that we are alive, every few seconds; whether we still have it. Raises OtherStore."""
        if time.monotonic() < self._beaten + BEAT_SECONDS:
            return True
        try:
            if not self.post.sit(ALIVE_SECONDS):
                return False
            self.post.serve(self._identity())
            self.post.beat("scheduler")
            self._count()
        except BrokerGone as error:
            self._broker_gone(error)
        else:
            self.watch.back("broker")
        self._beaten = time.monotonic()
        return True

    def _broker_gone(self, error: BrokerGone) -> None:
        self._asked.clear()  # it may have forgotten them when it is back
        self.watch.gone("broker", error)

    def _identity(self) -> str | None:
        try:
            return identity(self.gk)
        except StoreTrouble:  # told where it is looked at
            return None

    def _count(self) -> None:
        seen, numbers = self.post.look(), self.watch.metrics
        numbers.workers.set(len(seen.workers))
        for queue, count in seen.waiting.items():
            numbers.waiting.labels(queue).set(count)
        for queue, count in seen.dead.items():
            numbers.buried.labels(queue).set(count)

    # ------------------------------------------------------------------ looking and hinting

    def _looked(self) -> Outstanding | None:
        """What there is to do; None where the store cannot be had."""
        try:
            found = outstanding(self.gk)
        except StoreTrouble as error:
            self.watch.gone("store", error)
            return None
        self.watch.back("store")
        numbers = self.watch.metrics
        numbers.head.set(found.head)
        numbers.due.set(found.due)
        for view in found.views:
            numbers.position.labels(view.view).set(view.position or 0)
            numbers.behind.labels(view.view).set(view.behind)
            numbers.stopped.labels(view.view).set(view.stopped is not None)
        return found

    def _hint(self, found: Outstanding) -> bool:
        """Send what there is to do; whether there was anything, so that it is looked at again soon."""
        try:
            for view in found.behind:
                self._send("catch_up", view=view)
            helpers = len(self.post.workers()) if found.builds else 0
            for rebuild in found.builds:
                for helper in range(1, max(1, helpers) + 1):
                    self._send("rebuild_part", view=rebuild.view, build=rebuild.build, helper=helper)
            self._scan(found)
            self._render(found)
        except BrokerGone as error:
            self._broker_gone(error)
        else:
            self.watch.back("broker")
        return bool(found.behind or found.builds)

    def _scan(self, found: Outstanding) -> None:
        """A scan on the first look, on every new day, where the calendar has changed, and where limits have run out."""
        if not found.head or "deadlines" in found.behind:
            return
        now, last, pause = time.monotonic(), self._scanned, _AGAIN_SECONDS[0]
        if last is not None and (last.today, last.notices) == (found.today, found.notices):
            if not found.due:
                self._scanned = last._replace(due=0)
                return
            if last.due == found.due:
                if now < last.at + last.pause:
                    return
                pause = min(2 * last.pause, _AGAIN_SECONDS[1])
        sent = self._send("scan")  # else there is one that may have looked at the calendar already
        notices = found.notices if sent else -1 if last is None else last.notices
        self._scanned = _Scanned(found.today, found.due, notices, now, pause)

    def _render(self, found: Outstanding) -> None:
        """The issued bulletins, each once, and on every new day again: where their files lie, a worker sees it soon."""
        if self._asked_on != found.today:
            self._asked_on, self._asked = found.today, set()
        for name in found.issued if self.bulletins else ():
            if name not in self._asked:
                self._send("render_bulletin", bulletin=name)
                self._asked.add(name)

    def _send(self, actor: str, **ids: str | int) -> bool:
        sent = self.post.send(actor, **ids)
        if sent:
            self.watch.metrics.hints.labels(actor).inc()
            named = {name: value for name in ("view", "bulletin") if isinstance(value := ids.get(name), str)}
            self.watch.tell("hint", actor=actor, **named)
        return sent

    def _wait(self, waker: Waker, stop: threading.Event, head: int, *, busy: bool) -> None:
        """Until the log has grown, or for a moment where something is under way, or it is time to say we are alive."""
        until = time.monotonic() + (_TICK_SECONDS if busy else BEAT_SECONDS)
        while not stop.is_set() and time.monotonic() < until:
            if busy:
                stop.wait(max(0.0, until - time.monotonic()))
                return
            try:
                if waker.wait(head, min(_TICK_SECONDS, max(0.0, until - time.monotonic()))) > head:
                    stop.wait(_PAUSE_SECONDS)
                    return
            except StoreTrouble as error:
                self.watch.gone("store", error)
                stop.wait(_TICK_SECONDS)
                return
