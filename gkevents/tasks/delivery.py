"""How messages come to a worker: dramatiq's broker for Redis, which here buries what cannot be meant for us.

Its own would lose sight of messages that cannot be read, and end a thread over one that names another queue. A worker
that has not been heard of for some seconds is dead, and its messages are given to others.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any, Final

import redis
from dramatiq import Message as Letter
from dramatiq.broker import Broker, MessageProxy
from dramatiq.brokers.redis import MAINTENANCE_SCALE, RedisBroker
from dramatiq.common import q_name
from dramatiq.middleware import Middleware, Retries, Shutdown, ShutdownNotifications, TimeLimit, TimeLimitExceeded

from gkevents.tasks.broker import MESSAGES, SPACE
from gkevents.tasks.watching import Watch

HEARTBEAT_MS: Final = 5_000
"""A worker is heard about twice a second. One that is silent for ten times as long is dead, or so slow that what it
does may as well be done twice: every actor may be. Whoever asks says its own time, so clocks must agree to a second."""

DEATHS: Final = 20
"""A message during which so many workers died in a row is given up: it may be what kills them (memory, a fault of a
library). So many, because a worker may also be killed by whoever has nothing against the message."""
_BEGUN: Final = f"{SPACE}:begun:"
_BEGUN_SECONDS: Final = 24 * 3600

DEAD_MS: Final = 7 * 24 * 3600 * 1000
"""Dead letters are kept for a week, for somebody to look at."""


class Delivery(RedisBroker):
    """dramatiq's broker, with our timing, and with what cannot be meant for us put among the dead letters at once."""

    def __init__(self, client: redis.Redis, watch: Watch) -> None:
        """Take messages over `client`."""
        super().__init__(  # type: ignore[no-untyped-call]
            client=client,
            namespace=SPACE,
            # from the inside out: what is told is told last, when it is known what becomes of a message
            middleware=[Telling(watch), TimeLimit(), ShutdownNotifications(notify_shutdown=True), Retries()],
            heartbeat_timeout=HEARTBEAT_MS,
            dead_message_ttl=DEAD_MS,
            # look for the dead at every call (by default at one in a thousand): few ask here, and not often
            maintenance_chance=MAINTENANCE_SCALE,
        )
        self.watch = watch
        self.ending = False
        """Whether the worker is to end: then it says that it is alive, and takes nothing more."""

    def do_fetch(self, queue: str, number: int) -> list[bytes]:
        """The next messages of a queue that can be acted on."""
        fetch = RedisBroker.__getattr__(self, "do_fetch")  # type: ignore[no-untyped-call]
        taken = fetch(queue, 0 if self.ending else number)
        return [data for data in taken if data is not None and self._fits(queue, data)]

    def _fits(self, queue: str, data: bytes) -> bool:
        if _is_ours(queue, data):
            return True
        key = f"{self.namespace}:{queue}.msgs"
        for name, kept in self.client.hscan_iter(key, count=1000):
            if kept == data:
                self.do_nack(queue, name)
        self.watch.metrics.dead.labels("unknown").inc()
        self.watch.tell("dead-letter", actor="unknown", kind="unreadable")
        return False


def _is_ours(queue: str, data: bytes) -> bool:
    """Whether a message is one of ours: it can be read, lies in its own queue, and carries the ids that it should."""
    try:
        letter = Letter.decode(data)
        own, ids = MESSAGES[letter.actor_name]
        right = {name: type(value) for name, value in letter.kwargs.items()} == ids
        return right and not letter.args and own == q_name(queue) == q_name(letter.queue_name) and _sent(letter)
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        return False


def _sent(letter: Letter[Any]) -> bool:
    """Whether a message was sent as ours are, with no wish of its own but what a retry adds."""
    retry = {"retries": int, "requeue_timestamp": int, "eta": int, "redis_message_id": str}
    known = all(isinstance(value, retry.get(name, type(None))) for name, value in letter.options.items())
    return known and "redis_message_id" in letter.options


class Telling(Middleware):
    """Tells what becomes of each message; and keeps the text of errors, which may quote facts, out of the broker."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._since: dict[str, float] = {}

    def before_enqueue(self, broker: Broker, message: Letter[Any], delay: int | None) -> None:  # noqa: ARG002
        """A message that is tried again carries nothing of the error."""
        message.options.pop("traceback", None)

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Somebody begins with one; not with one that has been the death of many."""
        self._since[message.message_id] = time.monotonic()
        self.watch.metrics.running.labels(message.actor_name).inc()
        if _begun(broker, message) > DEATHS:
            message.fail()

    def after_process_message(
        self,
        broker: Broker,
        message: MessageProxy,
        *,
        result: object = None,  # noqa: ARG002 - dramatiq's own
        exception: BaseException | None = None,
    ) -> None:
        """It is done, or is tried again, or is given up."""
        _ended(broker, message)
        numbers, actor = self.watch.metrics, message.actor_name
        seconds = time.monotonic() - self._since.pop(message.message_id, time.monotonic())
        numbers.running.labels(actor).dec()
        numbers.seconds.labels(actor).observe(seconds)
        outcome = "dead" if message.failed else "done" if exception is None else _outcome(exception)
        numbers.messages.labels(actor, outcome).inc()
        told = {"actor": actor, "message_id": message.message_id}
        if outcome == "dead":
            numbers.dead.labels(actor).inc()
            self.watch.tell_trouble("dead-letter", exception or WorkersDied(), **told)
        elif outcome == "failed" and exception is not None:
            self.watch.tell_trouble("failed", exception, tries=message.options.get("retries", 0) + 1, **told)
        elif outcome != "done":
            self.watch.tell(outcome, **told)


class WorkersDied(Exception):
    """Worker after worker died while it had this message."""


def _begun(broker: Broker, message: MessageProxy) -> int:
    """How often a message was begun, with this time, and never ended; 1 where the broker cannot be asked."""
    key = f"{_BEGUN}{message.options['redis_message_id']}"
    client: redis.Redis = getattr(broker, "client")  # noqa: B009 - only the Redis broker has one
    with suppress(redis.RedisError):
        number: Any = client.incr(key)
        client.expire(key, _BEGUN_SECONDS)
        return int(number)
    return 1


def _ended(broker: Broker, message: MessageProxy) -> None:
    client: redis.Redis = getattr(broker, "client")  # noqa: B009
    with suppress(redis.RedisError):
        client.delete(f"{_BEGUN}{message.options['redis_message_id']}")


def _outcome(error: BaseException) -> str:
    if isinstance(error, Shutdown):
        return "interrupted"
    return "too-long" if isinstance(error, TimeLimitExceeded) else "failed"
