"""The making of a build shared by several processes: each is a program of its own that goes at the same partitions.

What a partition has come to is swapped like a checkpoint, so it makes no difference how many work on a build, or which
of them ends early; whoever began it writes what the others leave.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from sqlalchemy import Row

    from gkevents.projections.checkpoint import Checkpoint
    from gkevents.projections.view import View


class Share(NamedTuple):
    """Which of so many processes we are: each begins with partitions of its own, and helps with the last ones left."""

    number: int = 0
    of: int = 1

    def choose(self, left: Sequence[Row[Any]]) -> Row[Any]:
        """The partition to go on with, of those of a year that are left."""
        return next((row for row in left if crc32(row.scheme.encode()) % self.of == self.number), left[-1])


@contextmanager
def helped(url: str, view: View, build: Checkpoint, *, jobs: int) -> Iterator[None]:
    """So many processes, less one, at work on a build meanwhile; they end by themselves, or with us where we fail."""
    told = {"url": url, "view": view.name, "size": view.size, "build": build._asdict(), "of": jobs}
    helpers = [_started({**told, "number": number}) for number in range(1, jobs)]
    try:
        yield
    except BaseException:
        for helper in helpers:
            helper.terminate()
        raise
    finally:
        for helper in helpers:
            helper.wait()


def _started(told: dict[str, Any]) -> subprocess.Popen[str]:
    """A process that helps; the URL, which may hold a password, is told through a pipe that nobody else sees."""
    command = [sys.executable, "-m", "gkevents.projections.sharing"]
    helper = subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    assert helper.stdin is not None  # noqa: S101 - it is a pipe
    with suppress(BrokenPipeError):
        helper.stdin.write(json.dumps(told))
        helper.stdin.close()
    return helper


def help_out(told: dict[str, Any]) -> None:
    """What a helper does; where it fails, the one that it helps finds the same."""
    from gkevents.projections.building import Building  # noqa: PLC0415 - it imports us
    from gkevents.projections.checkpoint import Checkpoint, Overtaken  # noqa: PLC0415
    from gkevents.projections.limits import LimitsView  # noqa: PLC0415
    from gkevents.projections.projection import Projection  # noqa: PLC0415
    from gkevents.projections.scores import ScoresView  # noqa: PLC0415
    from gkevents.store.engine import Store  # noqa: PLC0415

    made = {view.name: view for view in (ScoresView, LimitsView)}[told["view"]]
    build, share = Checkpoint(**told["build"]), Share(told["number"], told["of"])
    store = Store(told["url"])
    try:
        with suppress(Overtaken):  # it is not being made any more
            Building(Projection(store, made(size=told["size"]))).fill(build, share)
    finally:
        store.close()


if __name__ == "__main__":
    help_out(json.load(sys.stdin))
