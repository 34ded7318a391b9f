"""A program of ours in the background: how it is started, watched and ended, by its pid and nothing else."""

from __future__ import annotations

import ctypes
import errno
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from gkevents.servers.trouble import NoPlace, NotInstalled, NotReached
from gkevents.words import N_, Message, message

LOG_BYTES_MAX: Final = 5_000_000
USER: Final = "nobody"
"""As whom a server runs where we are root: PostgreSQL refuses to run as root."""

_ANSWER_SECONDS: Final = 2
_SIGNAL_ON_DEATH: Final = 1  # PR_SET_PDEATHSIG, prctl(2)


class Program:
    """A program that runs in the background, what it says appended to a log file."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        ending: signal.Signals = signal.SIGTERM,
        user: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it. `ending` asks it to end; on Linux it gets that too when we are gone without having ended it.

        It has a session of its own: a Ctrl-C on the terminal is for us, who end all in order.
        """
        self.log, self.ending = log, ending
        with _opened(log) as output:
            self._said_from = output.tell()
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **as_user(user),
                env=environment,
                start_new_session=True,
                preexec_fn=_bound_to_us(ending),  # noqa: PLW1509 - it calls prctl and nothing else
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def signalled(self) -> Message | None:
        """The signal that has ended it; None where it ended otherwise, or runs. Its last words are no reason then."""
        status = self.process.poll()
        return message(N_("signal {number}"), number=-status) if status is not None and status < 0 else None

    def said(self, most: int = 2000) -> str:
        """The end of what it has said since it was started."""
        with self.log.open("rb") as text:
            end = text.seek(0, os.SEEK_END)
            text.seek(max(self._said_from, end - most))
            return text.read().decode(errors="replace").strip()

    def end(self, seconds: float = 20) -> None:
        """Ask it to end; kill it where it has not after so many seconds."""
        if self.running:
            self.process.send_signal(self.ending)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _opened(log: Path) -> IO[bytes]:
    """A log to append to; one that has grown large makes room."""
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_name(f"{log.name}.1"))
    return log.open("ab")


def _bound_to_us(ending: signal.Signals) -> Callable[[], object] | None:
    """What a child does before it becomes the program; None where the system cannot tell it that we are gone."""
    if sys.platform != "linux":
        return None
    call, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        call(_SIGNAL_ON_DEATH, int(ending))
        if os.getppid() != parent:  # gone in between
            os._exit(1)

    return bind


def unprivileged() -> int | None:
    """The user to run a server as where we are root; None where we are somebody already."""
    return pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else None


def as_user(user: int | None) -> dict[str, Any]:
    """What makes subprocess run a program as a user, in that user's own group and in no other."""
    return {} if user is None else {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def wheel_folder(package: str, *, program: str, wheel: str) -> Path:
    """Where a wheel's package lies; it is not imported. Raises NotInstalled."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise NotInstalled(program=program, wheel=wheel)
    return Path(spec.origin).parent


def made_folder(folder: Path, *, user: int | None = None) -> Path:
    """A folder for a server's user alone, made where it is not there. Raises NoPlace, NotReached."""
    try:
        if not folder.exists():
            folder.mkdir(0o700, parents=True)
            if user is not None:
                os.chown(folder, user, -1)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise NoPlace(folder=str(folder), detail=error.strerror or type(error).__name__) from error
    if user is not None and not _may_go_to(folder, user):
        raise NotReached(folder=str(folder), user=USER)
    return folder


def _may_go_to(folder: Path, user: int) -> bool:
    """Whether a user may go through every folder above one, and write in it."""
    words = ("/bin/sh", "-c", 'cd -- "$0" && test -w .', str(folder))
    return subprocess.run(words, **as_user(user), capture_output=True, cwd="/", check=False).returncode == 0  # noqa: S603


def listened(place: Path) -> bool:
    """Whether a program listens behind a socket; one that was left behind refuses."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_ANSWER_SECONDS)
        try:
            line.connect(str(place))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True
