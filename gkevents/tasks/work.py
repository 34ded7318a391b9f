"""The same work without a broker, in one process; and a rebuild that is handed out to workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from gkevents.app import Gk
from gkevents.app.limits import Scanned
from gkevents.app.views import VIEWS, ViewReport, Views
from gkevents.app.working import catch_up, outstanding
from gkevents.projections.rebuilding import (
    Rebuild,
    State,
    begin_rebuild,
    came_of,
    finish_rebuild,
    left_of,
    let_go,
    unfinished,
    work_on,
)
from gkevents.tasks.broker import Post
from gkevents.tasks.bulletins import Written, write_bulletin
from gkevents.tasks.trouble import NoWorker

_WAIT_SECONDS: Final = 0.1
_LOOK_SECONDS: Final = 0.5

Tell = Callable[[str, int, int], None]
"""Hears which view is being made, and how many scheme-years of how many are done."""


class Done(NamedTuple):
    """What `once` did: where the views stand now, how many builds it finished, what it recorded, files of bulletins."""

    views: list[ViewReport]
    builds: int
    missed: int
    taken_back: int
    bulletins: Written


def once(gk: Gk, *, bulletins: Path | None = None) -> Done:
    """Everything that workers would do now, in their order, here. Raises StoreTrouble, FolderUnusable.

    Views first, because a scan reads the limits from theirs; and last, because it records misses.
    """
    builds = sum(_finished(gk, rebuild) for rebuild in unfinished(gk.store))
    names = [view.name for view in VIEWS]
    for name in names:
        catch_up(gk, name)
    found = outstanding(gk)
    scanned = gk.scan() if found.head else Scanned()
    for name in names:
        catch_up(gk, name)
    done = [] if bulletins is None else [write_bulletin(gk, bulletins, name) for name in found.issued]
    written = Written([file for one in done for file in one.files], [name for one in done for name in one.otherwise])
    return Done(Views(gk.store).status().views, builds, len(scanned.missed), len(scanned.taken_back), written)


def _finished(gk: Gk, rebuild: Rebuild) -> bool:
    """Do what is left of a build, with whoever else does; whether it is live now."""
    try:
        while (state := work_on(gk.store, rebuild)) in (State.WORKED, State.WAIT):
            if state is State.WAIT:
                time.sleep(_WAIT_SECONDS)
    finally:
        let_go()
    return state is State.DONE and finish_rebuild(gk.store, rebuild)


def rebuild_by_workers(gk: Gk, post: Post, tell: Tell | None = None) -> dict[str, State]:
    """Make every view anew by the workers that are there; where the last of them is gone, the rest is done here.

    What came of each: DONE; STOPPED; or GONE, where somebody else put an end to it, as a newer program does. Raises
    NoWorker where there are none at the beginning, BrokerGone, StoreTrouble.
    """
    if not post.workers():
        raise NoWorker(post.name)
    came = {}
    for name in (view.name for view in VIEWS):
        rebuild = begin_rebuild(gk.store, name, again=True)
        came[name] = State.GONE if rebuild is None else _handed_out(gk, post, rebuild, tell)
    return came


def _handed_out(gk: Gk, post: Post, rebuild: Rebuild, tell: Tell | None) -> State:
    """Send a build to the workers, again where messages were lost, and wait until it is done, stopped or gone."""
    while rebuild in unfinished(gk.store):
        done, number = left_of(gk.store, rebuild)
        if tell is not None:
            tell(rebuild.view, done, number)
        if done == number and finish_rebuild(gk.store, rebuild):
            break
        workers = len(post.workers())
        if not workers:
            _finished(gk, rebuild)
            continue
        helpers = [{**rebuild._asdict(), "helper": helper} for helper in range(1, workers + 1)]
        post.send_all("rebuild_part", helpers)
        time.sleep(_LOOK_SECONDS)
    return came_of(gk.store, rebuild)
