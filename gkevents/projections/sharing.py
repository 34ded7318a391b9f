"""The making of builds shared by several processes: each is a program of its own that goes at the same parts.

What is done is kept in the store, so it makes no difference how many work on a build, or which of them ends early;
whoever began it writes what the others leave. They are started when they are first wanted, and serve one build after
the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from gkevents.projections.checkpoint import Checkpoint
    from gkevents.projections.view import View


class Helpers:
    """So many processes, less one that is us; they end with the block, at once where it fails."""

    def __init__(self, url: str, jobs: int) -> None:
        """Nothing is started yet. The URL, which may hold a password, is told through a pipe that nobody else sees."""
        self.url, self.jobs = url, jobs
        self._started: list[subprocess.Popen[str]] = []

    def call(self, view: View, build: Checkpoint) -> None:
        """Let them go at a build."""
        if not self._started:
            command = [sys.executable, "-m", "gkevents.projections.sharing"]
            self._started = [
                subprocess.Popen(  # noqa: S603 - our own program
                    command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
                )
                for _ in range(1, self.jobs)
            ]
        told = {"url": self.url, "view": view.name, "size": view.size, "build": build._asdict(), "of": self.jobs}
        for number, helper in enumerate(self._started, 1):
            with suppress(BrokenPipeError):  # it has ended
                pipe = _pipe(helper)
                pipe.write(json.dumps({**told, "number": number}) + "\n")
                pipe.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for helper in self._started:
            if error is not None:
                helper.terminate()
            with suppress(BrokenPipeError):
                _pipe(helper).close()
        for helper in self._started:
            helper.wait()


def _pipe(helper: subprocess.Popen[str]) -> IO[str]:
    assert helper.stdin is not None  # noqa: S101 - it is a pipe
    return helper.stdin


def help_out(told: dict[str, Any]) -> None:
    """What a helper does for a build; where it fails, the one that it helps finds the same."""
    from gkevents.projections.checkpoint import Checkpoint, Overtaken  # noqa: PLC0415 - where it is run, not imported
    from gkevents.projections.filling import Filling, Share  # noqa: PLC0415
    from gkevents.projections.rebuilding import VIEWS  # noqa: PLC0415
    from gkevents.store.engine import Store  # noqa: PLC0415

    made = {view.name: view for view in VIEWS}[told["view"]]
    build, share = Checkpoint(**told["build"]), Share(told["number"], told["of"])
    store = Store(told["url"])
    try:
        with suppress(Overtaken):  # it is not being made any more
            Filling(store, made(size=told["size"]), build).fill(share)
    finally:
        store.close()


if __name__ == "__main__":
    for line in sys.stdin:
        help_out(json.loads(line))
