"""Several processes at one store: started together, each with an engine of its own, each saying what became of it.

They are forked from a process that has no threads and no connections (`forkserver`): a copy of the test's own process
could inherit a lock that nobody ever opens.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any, Final

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "cli.main", "cli.worker_commands", "eventsourcing.persistence", "gkevents.app.adopting", "gkevents.app.bulk",
        "gkevents.app.bulletins", "gkevents.projections.limits", "gkevents.store.log", "gkevents.store.tracking",
        "gkevents.tasks.scheduler", "gkevents.tasks.worker", "psycopg", "sqlalchemy.dialects.postgresql.psycopg",
        "sqlalchemy.dialects.sqlite.pysqlite", "tests.app.worlds",
    ]
)  # fmt: skip


@contextmanager
def working(number: int, doing: Callable[..., Any], *given: Any, seconds: float = 120) -> Iterator[list[Any]]:  # noqa: ANN401
    """So many processes that run `doing(who, together, *given)` meanwhile; at the end what each gave, in order.

    `together.wait()` returns when all have come there. Raises AssertionError with the error of a process.
    """
    together, results, found = CONTEXT.Barrier(number), CONTEXT.Queue(), list[Any]()
    processes = [CONTEXT.Process(target=_one, args=(who, together, results, doing, given)) for who in range(number)]
    for process in processes:
        process.start()
    try:
        yield found
        said = _said(processes, results, time.monotonic() + seconds)
        for process in processes:
            process.join(10)
    finally:
        for process in processes:
            process.kill()
    for who in range(number):
        assert said[who][0], said[who][1]
    found += [said[who][1] for who in range(number)]


def _said(processes: list[Any], results: Any, end: float) -> dict[int, tuple[bool, Any]]:  # noqa: ANN401 - a queue
    """What each process said. Raises AssertionError where one died without a word, or where the time is up."""
    said: dict[int, tuple[bool, Any]] = {}
    while len(said) < len(processes):
        try:
            who, outcome = results.get(timeout=1)
        except Empty:
            died = [who for who, process in enumerate(processes) if process.exitcode and who not in said]
            assert not died, f"processes that died: {died}; what the others said: {said}"
            assert time.monotonic() < end, f"the time is up; what was said by then: {said}"
        else:
            said[who] = outcome
    return said


def crowd(number: int, doing: Callable[..., Any], *given: Any, seconds: float = 120) -> list[Any]:  # noqa: ANN401
    """What so many processes at once give, in order."""
    with working(number, doing, *given, seconds=seconds) as found:
        pass
    return found


def _one(who: int, together: Any, results: Any, doing: Callable[..., Any], given: tuple[Any, ...]) -> None:  # noqa: ANN401
    try:
        results.put((who, (True, doing(who, together, *given))))
    except BaseException:  # noqa: BLE001 - whatever it is, the test must see it
        together.abort()
        results.put((who, (False, traceback.format_exc())))
