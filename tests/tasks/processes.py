"""A command in a process that is no copy of the test's own: typst cannot be used in a copy of whoever has used it.

Alone in its file, because whoever starts such a process waits until it has imported the file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from cli.main import run
from tests.store.crowds import CONTEXT

QUICK: Final = {
    "gkevents.tasks.worker._POLL_MS": 100,
    "gkevents.tasks.worker._LOOK_SECONDS": 0.1,
    "gkevents.tasks.work._LOOK_SECONDS": 0.1,
    "gkevents.tasks.scheduler.BEAT_SECONDS": 0.5,
    "gkevents.tasks.scheduler._TICK_SECONDS": 0.3,
}
"""An idle worker asks, and hears that it is to end, sooner than in daily life."""


@contextmanager
def running(url: str, *words: str, told: Path) -> Iterator[ForkServerProcess]:
    """A command on a store meanwhile, telling in a file; it must have ended at the end."""
    process = CONTEXT.Process(target=_command, args=(told, url, words))
    process.start()
    try:
        yield process
    finally:
        if process.exitcode is None:
            process.terminate()
        process.join(30)
        assert process.exitcode is not None, told.read_text()


def _command(told: Path, url: str, words: tuple[str, ...]) -> None:
    for name, value in QUICK.items():
        module, _, attribute = name.rpartition(".")
        setattr(import_module(module), attribute, value)
    sys.stderr = told.open("a", encoding="utf-8")
    os._exit(run("--store", url, "--lang", "en", *words))
