"""Everything a trial needs, on one machine: started in order, watched, and ended in the reverse order."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple, Protocol

from gkevents.servers.places import locked, sockets_of
from gkevents.servers.postgres import Server
from gkevents.servers.program import Program, unprivileged
from gkevents.servers.trouble import NoPlace, NotStarted, ServerTrouble
from gkevents.servers.valkey import Broker
from gkevents.words import N_, Message, message

DATABASE: Final = "gk"
AGAIN_MAX: Final = 3
"""So often a part that dies is started again; the count begins anew when it has run for a while."""

STEADY_SECONDS: Final = 60
_LOOK_SECONDS: Final = 0.2


class GaveUp(ServerTrouble):
    """A part died again and again."""

    template = N_(
        "The {part} has ended {count} times one after the other ({why}), so everything is ended."
        " All it said is in {log}."
    )


class Part(Protocol):
    """One of the things that run."""

    program: Program

    def start(self) -> None:
        """Start it, or start it again."""

    def end(self) -> None:
        """End it by its pid."""


class Told(NamedTuple):
    """What runs (name -> process id), what others need to use it, and the file that sets it for them."""

    pids: dict[str, int]
    settings: dict[str, str]
    folder: Path
    script: Path


class Own:
    """A part that is this program itself, with other words."""

    def __init__(self, command: Sequence[str], *, log: Path, settings: dict[str, str]) -> None:
        """Remember the words, and what goes into its environment."""
        self.command, self.log, self.settings = command, log, settings

    def start(self) -> None:
        """Start it."""
        self.program = Program(self.command, log=self.log, environment={**os.environ, **self.settings})

    def end(self) -> None:
        """End it by its pid; it finishes what it has begun."""
        if hasattr(self, "program"):
            self.program.end(_OWN_SECONDS)


_OWN_SECONDS: Final = 35
_READY_SECONDS: Final = 30


class Trial:
    """A database, a broker, a worker and a scheduler in one folder; their data stay there when they end."""

    def __init__(
        self, folder: Path, *, gk: Sequence[str], make: Callable[[str], None], tell: Callable[[Message], None]
    ) -> None:
        """Nothing is started yet. `gk` calls this program; `make` makes the store at a URL; `tell` hears the news."""
        self.folder, self.logs = folder, folder / "logs"
        self._gk, self._make, self._tell = gk, make, tell
        self._parts: dict[str, Part] = {}
        self._deaths: dict[str, list[float]] = {}
        self._settings: dict[str, str] = {}
        self._over = False

    def run(self, ready: Callable[[Told], None]) -> None:
        """Start everything, say when it is `ready`, watch it, and end it when a signal asks for that.

        Raises ServerTrouble where something cannot be started or dies again and again; all has been ended then.
        """
        with locked(self.folder), sockets_of(self.folder, user=unprivileged()) as sockets, self._listening():
            try:
                steps = self._steps(sockets)
                while not self._over and next(steps, None) is not None:
                    pass
                if not self._over:
                    ready(self._told())
                    self._watch()
            finally:
                self._end()

    def _steps(self, sockets: Path) -> Iterator[str]:
        """Start one part after the other; between two of them an end may be asked for."""
        self._make_folder(self.logs)
        self._tell(message(_STARTING["database" if (self.folder / "database").exists() else "first"]))
        database = Server(self.folder / "database", sockets=sockets, durable=True, log=self.logs / "database", **_SMALL)
        self._parts["database"] = database
        yield "database"
        if DATABASE not in database.databases():
            database.database(DATABASE)
        self._make(database.url(DATABASE))
        yield "store"
        broker = Broker(self.folder / "broker", sockets=sockets, log=self.logs / "broker")
        self._parts["broker"] = broker
        yield "broker"
        self._settings = {"GK_STORE": database.url(DATABASE), "GK_BROKER": broker.url}
        for name, place in _PLACES.items():
            self._make_folder(self.folder / place)
            self._settings[name] = str(self.folder / place)
        for name, words in _OWN.items():
            part = Own([*self._gk, *words], log=self.logs / name, settings=self._settings)
            part.start()
            self._parts[name] = part
        yield from self._first_words()

    def _first_words(self) -> Iterator[str]:
        """Wait until our own programs have said that they are ready, or for a while. Raises NotStarted."""
        end = time.monotonic() + _READY_SECONDS
        waiting = set(_OWN)
        while waiting and time.monotonic() < end:
            for name in sorted(waiting):
                program = self._parts[name].program
                if f'"{name}-' in program.said():  # its first event: ready, or why it has to wait
                    waiting.discard(name)
                elif not program.running:
                    part, log = message(NAMES[name]), str(program.log)
                    raise NotStarted(program=part, detail=_why(program), log=log)
            time.sleep(_LOOK_SECONDS)
            yield "waiting"

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise NoPlace(folder=str(folder), detail=error.strerror or type(error).__name__) from error

    def _told(self) -> Told:
        """What runs; the settings are written beside the data, for other terminals."""
        script = self.folder / "settings.sh"
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in self._settings.items()]
        script.write_text("".join(lines), encoding="utf-8")
        pids = {name: part.program.pid for name, part in self._parts.items()}
        return Told(pids, self._settings, self.folder, script)

    def _watch(self) -> None:
        """Look after the parts until an end is asked for. Raises ServerTrouble."""
        while not self._over:
            for name, part in self._parts.items():
                if not part.program.running and not self._over:
                    self._start_again(name, part)
            time.sleep(_LOOK_SECONDS)

    def _start_again(self, name: str, part: Part) -> None:
        """Start a part that has died; not for ever. Raises GaveUp."""
        now = time.monotonic()
        deaths = [then for then in self._deaths.get(name, []) if now - then < STEADY_SECONDS]
        self._deaths[name] = [*deaths, now]
        why, name_said = _why(part.program), message(NAMES[name])
        if len(deaths) >= AGAIN_MAX:
            raise GaveUp(part=name_said, count=str(len(deaths) + 1), log=str(part.program.log), why=why)
        self._tell(message(N_("The {part} has ended ({why}) and is started again."), part=name_said, why=why))
        time.sleep(len(deaths))
        with suppress(NotStarted):  # it is looked at again at once, and counted
            part.start()

    def _end(self) -> None:
        """End every part that was started, the last one first, whatever happens to another."""
        if self._parts:
            self._tell(message(N_("Ending …")))
        with ExitStack() as stack:
            for part in self._parts.values():
                stack.callback(part.end)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """While this lasts, Ctrl-C and the signals that end a program only note that an end is asked for."""

        def note(number: int, frame: FrameType | None) -> None:
            _ = number, frame
            self._over = True

        before = {one: signal.signal(one, note) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _why(program: Program) -> str | Message:
    """Why a program has ended: what it said last, where it failed and that is a sentence; else the signal or status."""
    if program.signalled is not None:
        return program.signalled
    last = (program.said().splitlines() or [""])[-1]
    if not program.process.returncode or not last or last.startswith("{"):
        return message(N_("status {status}"), status=program.process.returncode)
    return last.removeprefix("gk: ").rstrip(".。")


_STARTING: Final = {
    "first": N_("Making a database in this folder; this once it takes some seconds …"),
    "database": N_("Starting; the data of the last time are here …"),
}
_SMALL: Final = {"max_connections": "50", "shared_buffers": "128MB", "max_wal_size": "1GB"}
_OWN: Final = {"worker": ("worker",), "scheduler": ("scheduler", "--bulletins")}
_PLACES: Final = {"GK_EVIDENCE": "evidence", "GK_BULLETINS": "bulletins"}
NAMES: Final = {
    "database": N_("database"),
    "broker": N_("broker"),
    "worker": N_("worker"),
    "scheduler": N_("scheduler"),
}
