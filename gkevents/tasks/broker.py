"""How the broker (Redis or Valkey) is reached, what is said when it is not, and what we keep there.

Nothing that matters lies in it: messages are hints, and beside them stand only short-lived marks: who is alive, who is
the scheduler, whose store it serves. A broker that loses everything costs a repeated look at the store.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import redis
from dramatiq import Message as Letter
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.exceptions import AuthorizationError
from redis.retry import Retry

from gkevents.tasks.trouble import BrokerGone, BrokerRefuses, BrokerUrl, NoBroker, OtherStore

SPACE: Final = "gk"
"""What the names of all our keys begin with."""

HINTS: Final = "hints"
BUILDS: Final = "builds"
"""Parts of builds wait in a queue of their own: a build of hundreds of parts must not hold up the hints."""

Ids = Mapping[str, str | int]

MESSAGES: Final[dict[str, tuple[str, dict[str, type]]]] = {
    "catch_up": (HINTS, {"view": str}),
    "scan": (HINTS, {}),
    "render_bulletin": (HINTS, {"bulletin": str}),
    "rebuild_part": (BUILDS, {"view": str, "build": int, "helper": int}),
}
"""Every message: its queue, and the ids that it carries, nothing else. One that is unlike this is never acted on.

`rebuild_part` means "help with this build": which part comes next is claimed in the store; `helper` tells one helper
from another.
"""

BEAT_SECONDS: Final = 5.0
"""How often whoever works says that it is alive,"""

ALIVE_SECONDS: Final = 15
"""and how long that is believed: three times as long, so that one lost word kills nobody."""

_SCHEDULER: Final = f"{SPACE}:scheduler"
_ALIVE: Final = f"{SPACE}:alive:"
_STORE: Final = f"{SPACE}:store"
_STORE_SECONDS: Final = 60
_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 5.0
_RENEW: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""
_LEAVE: Final = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Beat(NamedTuple):
    """Somebody who is alive: a worker or a scheduler, where, since when (seconds since 1970)."""

    id: str
    part: str
    host: str
    pid: int
    since: int


class Look(NamedTuple):
    """What is at the broker. By queue: messages waiting or being worked on, and messages given up (dead letters).

    `store`: by what the store that it serves is told from others, where it is known to serve one.
    """

    workers: list[Beat]
    scheduler: Beat | None
    waiting: dict[str, int]
    dead: dict[str, int]
    store: str | None = None


_SAID: Final = frozenset(
    {"client_name", "db", "health_check_interval", "password", "socket_connect_timeout", "socket_keepalive",
     "socket_timeout", "username"}
)  # fmt: skip
"""What may stand behind the ? of a broker's URL; and whatever begins with ssl_. More would change what we are told."""

_REFUSALS: Final = (redis.AuthenticationError, AuthorizationError, redis.ResponseError, redis.InvalidResponse)
"""What a server says to whom it does not let in, and what is said by one that is no broker."""


def named(url: str) -> str:
    """A broker's URL without user and password; what is no URL, as it was typed, where no password can be in it."""
    if "://" not in url:
        return "…" if {*"@?#"} & {*url} else url
    try:
        parts = urlsplit(url)
    except ValueError:
        return "…"
    if "@" in url and "@" not in parts.netloc and parts.scheme != "unix":
        return f"{parts.scheme}://…"  # a password may have ended the host's part before its time
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def connected(url: str) -> redis.Redis:
    """A client of the broker; nothing is asked yet. Raises NoBroker, BrokerUrl.

    One more try where a connection was lost; no waiting between: whoever asks has a clock of its own.
    """
    if not url:
        raise NoBroker
    try:
        _checked(url)
        made: redis.Redis = redis.Redis.from_url(
            url,
            protocol=2,  # what every Redis and Valkey speaks
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        pool = made.connection_pool
        pool.connection_class(**pool.connection_kwargs)  # connects nowhere, but looks at what the URL says
    except (ValueError, TypeError, redis.RedisError) as error:
        raise BrokerUrl(_with_settings(url)) from error
    return made


def _with_settings(url: str) -> str:
    """A URL that is none as we name it, and what it sets, without the values: it may be wrong for these."""
    shown = named(url)
    if "://" not in shown or shown.endswith("…"):
        return shown
    names = "&".join(f"{name}=…" for name in parse_qs(urlsplit(url).query))
    return f"{shown}?{names}" if names else shown


def _checked(url: str) -> None:
    """What redis-py lets pass, or leaves out in silence. Raises ValueError."""
    parts = urlsplit(url)
    unknown = [name for name in parse_qs(parts.query) if name not in _SAID and not name.startswith("ssl_")]
    number = parts.path.removeprefix("/")
    right = bool(number) if parts.scheme == "unix" else not number or (number.isascii() and number.isdigit())
    if unknown or not right:
        raise ValueError(unknown)


class Post:
    """Our end of the line to the broker: hints are sent and counted over it, marks set and read."""

    def __init__(self, url: str) -> None:
        """Nothing is asked yet. Raises NoBroker, BrokerUrl."""
        self.client = connected(url)
        self.url, self.name = url, named(url)
        self.id = uuid.uuid4().hex[:12]
        self.since = int(time.time())
        self._sending = RedisBroker(client=self.client, middleware=[], namespace=SPACE)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    @contextmanager
    def asking(self) -> Iterator[redis.Redis]:
        """The client; what goes wrong with it leaves as BrokerGone."""
        try:
            yield self.client
        except (redis.RedisError, OSError) as error:
            detail = next(iter(str(error).splitlines()), "") or type(error).__name__
            raise BrokerGone(self.name, detail.rstrip(".")[:200]) from error

    def admitted(self) -> None:
        """Raises BrokerRefuses where we shall never be let in; that nobody answers just now is no reason."""
        try:
            self.client.ping()
        except _REFUSALS as error:
            raise BrokerRefuses(self.name, str(error).partition("\n")[0].rstrip(".")[:200]) from error
        except (redis.RedisError, OSError):
            return

    # ------------------------------------------------------------------ hints

    def send(self, actor: str, **ids: str | int) -> bool:
        """Send a hint, unless the same one is waiting or being worked on; whether it was sent. Raises BrokerGone.

        One that is dropped here for another that is being worked on may be missed by that one: whoever sends looks at
        the store again soon, and sends again.
        """
        return bool(self.send_all(actor, [ids]))

    def send_all(self, actor: str, several: list[dict[str, str | int]]) -> int:
        """The same for several; how many were sent."""
        queue = MESSAGES[actor][0]
        with self.asking():
            there = self.pending(queue)
            new = [ids for ids in several if (actor, frozenset(ids.items())) not in there]
            for ids in new:
                self._sent(actor, ids)
        return len(new)

    def again(self, actor: str, **ids: str | int) -> None:
        """Send a hint from the middle of the same: behind everything that waits. Raises BrokerGone."""
        with self.asking():
            self._sent(actor, ids)

    def _sent(self, actor: str, ids: dict[str, str | int]) -> None:
        letter: Letter[None] = Letter(MESSAGES[actor][0], actor, args=(), kwargs=ids, options={})
        self._sending.enqueue(letter)

    def pending(self, queue: str) -> set[tuple[str, frozenset[tuple[str, str | int]]]]:
        """The messages of a queue that wait, are put off, or are being worked on. Raises BrokerGone."""
        found = set()
        with self.asking() as client:
            for key in (f"{SPACE}:{queue}.msgs", f"{SPACE}:{queue}.DQ.msgs"):
                for data in _given(client.hvals(key)):
                    try:
                        letter = Letter.decode(data)
                        found.add((letter.actor_name, frozenset(letter.kwargs.items())))
                    except Exception:  # noqa: BLE001, S112 - whatever it is, it is not the same as ours
                        continue
        return found

    # ------------------------------------------------------------------ marks

    def beat(self, part: str) -> None:
        """Say that we are alive. Raises BrokerGone."""
        said = {"part": part, "host": socket.gethostname(), "pid": os.getpid(), "since": self.since}
        with self.asking() as client:
            client.set(f"{_ALIVE}{self.id}", json.dumps(said), ex=ALIVE_SECONDS)

    def rest(self) -> None:
        """Say no more that we are alive; where the broker is gone, it forgets by itself."""
        try:
            with self.asking() as client:
                client.delete(f"{_ALIVE}{self.id}")
        except BrokerGone:
            return

    def alive(self) -> list[Beat]:
        """Everybody who is, by how long they have been. Raises BrokerGone."""
        with self.asking() as client:
            keys = list(client.scan_iter(f"{_ALIVE}*", count=1000))
            values = _given(client.mget(keys)) if keys else []
        found = [_beat(key.decode().removeprefix(_ALIVE), value) for key, value in zip(keys, values, strict=True)]
        return sorted((beat for beat in found if beat is not None), key=lambda beat: (beat.since, beat.id))

    def workers(self) -> list[Beat]:
        """The workers that are alive. Raises BrokerGone."""
        return [beat for beat in self.alive() if beat.part == "worker"]

    def serve(self, store: str | None) -> None:
        """Say whose store this broker serves (the digest of its first event). Raises OtherStore, BrokerGone."""
        if store is None:  # an empty store: there is nothing to do in it
            return
        with self.asking() as client:
            client.set(_STORE, store, nx=True, ex=_STORE_SECONDS)
            kept: Any = client.get(_STORE)
            if kept is not None and kept.decode(errors="replace") != store:
                raise OtherStore(self.name)
            client.expire(_STORE, _STORE_SECONDS)

    def served(self) -> str | None:
        """The store that this broker serves, as told to `serve`; None where nobody says so. Raises BrokerGone."""
        with self.asking() as client:
            kept: Any = client.get(_STORE)
        return None if kept is None else kept.decode(errors="replace")

    # ------------------------------------------------------------------ the scheduler's chair

    def sit(self, seconds: int = ALIVE_SECONDS) -> bool:
        """Take the scheduler's chair, or keep it; whether we have it. Raises BrokerGone."""
        with self.asking() as client:
            kept: Any = client.eval(_RENEW, 1, _SCHEDULER, self.id, str(seconds * 1000))
            return bool(kept) or bool(client.set(_SCHEDULER, self.id, nx=True, ex=seconds))

    def leave(self) -> None:
        """Get up, where we sit."""
        try:
            with self.asking() as client:
                client.eval(_LEAVE, 1, _SCHEDULER, self.id)
        except BrokerGone:
            return

    def chair(self) -> tuple[str | None, int]:
        """Who sits in it, and for how many milliseconds more where it is not renewed. Raises BrokerGone."""
        with self.asking() as client:
            holder: Any = client.get(_SCHEDULER)
            left: Any = client.pttl(_SCHEDULER)
        return (None if holder is None else holder.decode(errors="replace")), max(0, int(left))

    def look(self) -> Look:
        """What is there. Raises BrokerRefuses, BrokerGone."""
        self.admitted()
        beats = self.alive()
        holder, _ = self.chair()
        with self.asking() as client:
            waiting = {queue: _length(client, queue) for queue in (HINTS, BUILDS)}
            dead = {queue: _number(client.zcard(f"{SPACE}:{queue}.XQ")) for queue in (HINTS, BUILDS)}
        workers = [beat for beat in beats if beat.part == "worker"]
        scheduler = next((beat for beat in beats if beat.id == holder), None)
        return Look(workers, scheduler, waiting, dead, self.served())


def look(url: str) -> Look:
    """What is at a broker. Raises NoBroker, BrokerUrl, BrokerRefuses, BrokerGone."""
    post = Post(url)
    try:
        return post.look()
    finally:
        post.close()


def _length(client: redis.Redis, queue: str) -> int:
    return sum(_number(client.hlen(f"{SPACE}:{name}.msgs")) for name in (queue, f"{queue}.DQ"))


def _number(value: Any) -> int:  # noqa: ANN401 - the client's types also speak of awaiting
    return int(value)


def _given(value: Any) -> list[Any]:  # noqa: ANN401
    return list(value)


def _beat(name: str, value: bytes | None) -> Beat | None:
    try:
        told = json.loads(value or b"")
        return Beat(name, str(told["part"]), str(told["host"]), int(told["pid"]), int(told["since"]))
    except (ValueError, TypeError, LookupError):
        return None
