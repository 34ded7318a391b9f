"""What is told of the work: a log of lines, and numbers for Prometheus. Neither holds personal data.

Only the events and fields named here are ever written: ids of bulletins (scheme, year, period), counts, positions,
durations. No unit, ref, reason, document or text of an error, which may quote any of them; of an error its kind and the
place in the program. On a terminal a line is a sentence in the language asked for; elsewhere it is JSON.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from gkevents.words import N_, message, say

Level = Literal["info", "warning", "error"]

EVENTS: Final[dict[str, tuple[Level, str]]] = {
    "worker-ready": ("info", N_("The worker is ready, with {threads} threads. Ctrl-C ends it.")),
    "worker-ends": ("info", N_("The worker ends what it has begun.")),
    "worker-ended": ("info", N_("The worker has ended.")),
    "scheduler-ready": ("info", N_("The scheduler is ready. Ctrl-C ends it.")),
    "scheduler-waits": ("info", N_("Another scheduler has sat here; waiting to see whether it is still alive.")),
    "scheduler-ended": ("info", N_("The scheduler has ended.")),
    "metrics": ("info", N_("Metrics for Prometheus are at port {port}.")),
    "broker-gone": ("warning", N_("The broker does not answer; trying again until it does ({kind}).")),
    "broker-back": ("info", N_("The broker answers again.")),
    "store-gone": ("warning", N_("The store cannot be used; trying again until it can ({kind}).")),
    "store-back": ("info", N_("The store can be used again.")),
    "hint": ("info", N_("Sent: {actor} {view}{bulletin}")),
    "caught-up": ("info", N_("{view} is at position {position}: {state} ({seconds} s).")),
    "view-stopped": ("error", N_("{view} has stopped before position {position}; gk verify says what is wrong.")),
    "scanned": ("info", N_("Limits scanned: {missed} missed, {taken_back} taken back ({seconds} s).")),
    "build": ("info", N_("{view}: nothing is left to do of build {build} ({state}).")),
    "bulletin": ("info", N_("Bulletin {bulletin}: files written: {count} ({seconds} s).")),
    "bulletin-otherwise": (
        "warning",
        N_("Not written, because they would not be the files that were issued: {files}. gk bulletin verify says why."),
    ),
    "bulletins-nowhere": ("warning", N_("A bulletin was asked for, but this worker was given no folder: --bulletins.")),
    "interrupted": ("info", N_("{actor} was interrupted; another worker goes on with it.")),
    "too-long": ("warning", N_("{actor} took longer than it may; it goes on in a while.")),
    "failed": ("warning", N_("{actor} has failed ({kind}); it is tried again, time {tries}.")),
    "dead-letter": ("error", N_("{actor} is given up ({kind}); the message lies among the dead letters.")),
    "thread-lost": ("error", N_("A thread of the worker is lost; the worker ends, to be started anew.")),
    "library": ("error", N_("{text} ({kind})")),
}
"""Everything that is told, how grave it is, and the sentence that it is on a terminal."""

FIELDS: Final = frozenset(
    {"actor", "build", "bulletin", "count", "files", "kind", "message_id", "missed", "port", "position", "seconds",
     "state", "taken_back", "text", "threads", "tries", "view", "where"}
)  # fmt: skip
"""Everything that may be told of an event; anything else is left out."""

_SECONDS: Final = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800)


class Metrics:
    """The numbers. Each process has its own; a label is one of a few names of ours, never something that was logged."""

    def __init__(self) -> None:
        """All at nought."""
        self.registry = own = CollectorRegistry()
        self.messages = Counter(
            "gk_messages", "Messages worked on, by how that ended.", ["actor", "outcome"], registry=own
        )
        self.seconds = Histogram(
            "gk_message_seconds", "How long a message took.", ["actor"], buckets=_SECONDS, registry=own
        )
        self.running = Gauge("gk_messages_running", "Messages being worked on.", ["actor"], registry=own)
        self.dead = Counter("gk_dead_letters", "Messages given up by this process.", ["actor"], registry=own)
        self.missed = Counter("gk_deadlines_missed", "Limits that scans recorded as missed.", registry=own)
        self.taken_back = Counter("gk_deadlines_taken_back", "Misses that scans took back.", registry=own)
        self.parts = Counter("gk_build_parts", "Parts of builds written.", ["view"], registry=own)
        self.position = Gauge("gk_view_position", "The last event that a view has taken in.", ["view"], registry=own)
        self.behind = Gauge("gk_view_behind", "How many events a view is behind the log.", ["view"], registry=own)
        self.stopped = Gauge("gk_view_stopped", "1 where a view has stopped at an event.", ["view"], registry=own)
        self.head = Gauge("gk_log_position", "The newest event of the log.", registry=own)
        self.due = Gauge(
            "gk_deadlines_due", "Open limits that have run out and are not recorded as missed.", registry=own
        )
        self.hints = Counter("gk_hints_sent", "Hints sent by the scheduler.", ["actor"], registry=own)
        self.waiting = Gauge("gk_queue_messages", "Messages waiting or being worked on.", ["queue"], registry=own)
        self.buried = Gauge("gk_queue_dead_letters", "Dead letters kept at the broker.", ["queue"], registry=own)
        self.workers = Gauge("gk_workers", "Workers that are alive.", registry=own)
        self.broker_up = Gauge("gk_broker_up", "1 where the broker answers.", registry=own)
        self.store_up = Gauge("gk_store_up", "1 where the store can be used.", registry=own)


class Trouble(NamedTuple):
    """What may be told of an error: its kind, and where in the program."""

    kind: str
    where: str


def trouble(error: BaseException) -> Trouble:
    """What may be told of an error. Its own words may quote facts, so they are not."""
    kind = getattr(error, "code", None)
    places = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{Path(place.filename).name}:{place.lineno}" for place in reversed(places))
    return Trouble(kind if isinstance(kind, str) and kind else type(error).__name__, where)


class Watch:
    """Where a process tells what it does: lines to `stream`, numbers to `metrics`."""

    def __init__(self, stream: TextIO, *, lang: str = "en", part: str = "worker", plain: bool | None = None) -> None:
        """Sentences in `lang` where the stream is a terminal (or `plain` says so), else JSON lines."""
        self.metrics = Metrics()
        self._gone: dict[str, bool] = {}
        self._lock = threading.Lock()
        plain = stream.isatty() if plain is None else plain
        shown: Any = _Sentence(lang) if plain else structlog.processors.JSONRenderer(ensure_ascii=False)
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(stream),
            processors=[structlog.processors.TimeStamper("iso", utc=True, key="at"), _in_order, shown],
            wrapper_class=structlog.BoundLogger,
            context_class=dict,
            cache_logger_on_first_use=True,
            part=part,
        )

    def tell(self, event: str, **fields: str | float | None) -> None:
        """Tell of an event; fields that are not on the list are left out."""
        level, _ = EVENTS[event]
        told = {name: value for name, value in fields.items() if name in FIELDS and value is not None}
        try:
            getattr(self._log, level)(event, level=level, **told)
        except (OSError, ValueError):  # nobody listens any more: the work goes on all the same
            return

    def tell_trouble(self, event: str, error: BaseException, **fields: str | float | None) -> None:
        """Tell of an event that an error brought about."""
        self.tell(event, **{**fields, **trouble(error)._asdict()})

    def gone(self, what: Literal["broker", "store"], error: BaseException) -> None:
        """Tell, once, that the broker or the store cannot be had."""
        with self._lock:
            known, self._gone[what] = self._gone.get(what, False), True
        self._up(what).set(0)
        if not known:
            self.tell_trouble(f"{what}-gone", error.__cause__ if what == "broker" and error.__cause__ else error)

    def back(self, what: Literal["broker", "store"]) -> None:
        """It can be had; tell so where it could not."""
        with self._lock:
            known, self._gone[what] = self._gone.get(what, False), False
        self._up(what).set(1)
        if known:
            self.tell(f"{what}-back")

    def _up(self, what: str) -> Gauge:
        return self.metrics.broker_up if what == "broker" else self.metrics.store_up

    @contextmanager
    def serving(self, port: int | None, host: str) -> Iterator[int | None]:
        """The numbers at a port of this machine (0: any that is free) meanwhile. Raises OSError where it is taken."""
        if port is None:
            yield None
            return
        server, thread = start_http_server(port, addr=host, registry=self.metrics.registry)
        try:
            self.tell("metrics", port=server.server_port)
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def take_library(self) -> None:
        """From here on, dramatiq's own log comes to ours, and so does a thread's last word."""
        logger = logging.getLogger("dramatiq")
        logger.handlers, logger.propagate = [_Handler(self)], False
        logger.setLevel(logging.ERROR)
        threading.excepthook = lambda last: self.tell_trouble("thread-lost", last.exc_value or SystemExit())


_WORDS: Final = {
    "catch_up": N_("bringing a view up"),
    "scan": N_("scanning limits"),
    "rebuild_part": N_("helping with a build"),
    "render_bulletin": N_("writing a bulletin"),
    "unknown": N_("an unknown message"),
    "current": N_("up to date"),
    "behind": N_("behind"),
    "stopped": N_("stopped"),
    "building": N_("being made"),
    "none": N_("not made yet"),
    "newer": N_("kept by a newer program"),
    "done": N_("done"),
    "gone": N_("over"),
}
"""What actors and states are called in a sentence."""


def _in_order(_logger: object, _level: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What every line has comes first."""
    return {name: told.pop(name) for name in ("at", "level", "part", "event")} | dict(told)


class _Sentence:
    """Makes a line a sentence, with the time before it."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, _logger: object, _level: str, told: MutableMapping[str, Any]) -> str:
        values = {name: self._said(told.get(name, "")) for name in FIELDS}
        return f"{time.strftime('%H:%M:%S')} {say(message(EVENTS[told['event']][1], **values), self.lang)}"

    def _said(self, value: str | float) -> str | float:
        word = _WORDS.get(value) if isinstance(value, str) else None
        return value if word is None else say(word, self.lang)


_NOISE: Final = ("Failed to process message", "Consumer encountered a connection error", "Received message for")
"""What dramatiq says of what we tell ourselves."""


class _Handler(logging.Handler):
    """Takes what dramatiq logs: the words of its program, never what it fills in, which may be anything."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.ERROR)
        self.watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        if not str(record.msg).startswith(_NOISE):
            error = record.exc_info[1] if record.exc_info else None
            told = trouble(error) if error is not None else Trouble("", "")
            self.watch.tell("library", text=str(record.msg), **told._asdict())
