"""A view made anew by workers that know of each other only through the store: begun, worked on, finished.

Each step may be taken by any process on any host, again and again, and killed at any moment: what a build has come to
lies in the store, and a part that nobody finished is free for the next one.
"""

from __future__ import annotations

import enum
import random
import threading
from contextlib import suppress
from typing import Final, NamedTuple

from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Checkpoint, Overtaken
from gkevents.projections.filling import Filling, Share
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView
from gkevents.projections.view import View
from gkevents.store.engine import Store

VIEWS: Final[tuple[type[ScoresView | LimitsView], ...]] = (ScoresView, LimitsView)


class Rebuild(NamedTuple):
    """A build that is being made: plain values, for a message."""

    view: str
    build: int


class State(enum.Enum):
    """What came of working on a build."""

    WORKED = "worked"
    """Something was done; there may be more."""
    WAIT = "wait"
    """Others are at what is left, or it has to wait for them. Where they are killed, it is free again."""
    DONE = "done"
    """Every part is written: it may be finished."""
    STOPPED = "stopped"
    """An event cannot be read."""
    GONE = "gone"
    """No such build is being made any more: it is live, or was replaced."""


def view_named(name: str) -> View:
    """A view by its name. Raises KeyError."""
    return {view.name: view for view in VIEWS}[name]()


def begin_rebuild(store: Store, view: str, *, again: bool = False) -> Rebuild | None:
    """Begin a new build beside the live one, or go on with the one that is being made.

    None where that has stopped (`again`: it tries once more), or a newer program keeps the view. Raises StoreTrouble.
    """
    runner = Projection(store, view_named(view))
    while True:
        with suppress(Overtaken):  # another one began it
            now = runner.standing()
            if now.newer:
                return None
            build = now.building or Building(runner).begin()
            if build.stopped is not None:
                if not again:
                    return None
                runner.unstop(build)
            return Rebuild(view, build.build)


def unfinished(store: Store) -> list[Rebuild]:
    """The builds that are being made and have not stopped. Raises StoreTrouble."""
    found = [(name, Projection(store, view_named(name)).standing().building) for name in (v.name for v in VIEWS)]
    return [Rebuild(name, build.build) for name, build in found if build is not None and build.stopped is None]


def left_of(store: Store, rebuild: Rebuild) -> tuple[int, int]:
    """How many scheme-years of a build are finished, and of how many; (0, 0) where it is not being made any more."""
    now = Projection(store, view_named(rebuild.view)).standing()
    there = now.building is not None and now.building.build == rebuild.build
    return (now.done, now.partitions) if there else (0, 0)


def work_on(store: Store, rebuild: Rebuild) -> State:
    """Do one part of a build that nobody else is at; what came of it. Raises StoreTrouble."""
    filling = _filling(store, rebuild)
    with suppress(Overtaken):
        left = filling.left() if filling is not None else None
        if filling is None or left is None or left.now.building is None:
            return State.GONE
        if left.now.building.stopped is not None:
            return State.STOPPED
        if not left.parts:
            _mine.filling = None
            return State.DONE
        anywhere = Share(random.randrange(_PLACES), _PLACES)  # noqa: S311 - so that several meet seldom in a file
        return State.WORKED if any(filling.do(part) for part in anywhere.order(left.parts)) else State.WAIT
    _mine.filling = None
    return State.GONE


def _filling(store: Store, rebuild: Rebuild) -> Filling | None:
    """What this thread works with; kept from part to part, as a scheme-year is told from what was read of it once."""
    held: tuple[Store, Rebuild, Filling] | None = getattr(_mine, "filling", None)
    if held is None or held[0] is not store or held[1] != rebuild:
        build = _being_made(store, rebuild)
        held = None if build is None else (store, rebuild, Filling(store, view_named(rebuild.view), build))
        _mine.filling = held
    return None if held is None else held[2]


def let_go() -> None:
    """Let go of what this thread worked with: its store, and what was read of a scheme-year."""
    _mine.filling = None


_mine: Final = threading.local()
_PLACES: Final = 1_000


def came_of(store: Store, rebuild: Rebuild) -> State:
    """What came of a build that is not made any more: DONE where it, or a later one, is live; STOPPED; else GONE."""
    now = Projection(store, view_named(rebuild.view)).standing()
    if now.live is not None and now.live.build >= rebuild.build:
        return State.DONE
    there = now.building is not None and now.building.build == rebuild.build
    return State.STOPPED if there else State.GONE


def _being_made(store: Store, rebuild: Rebuild) -> Checkpoint | None:
    build = Projection(store, view_named(rebuild.view)).standing().building
    return build if build is not None and build.build == rebuild.build else None


def finish_rebuild(store: Store, rebuild: Rebuild) -> bool:
    """Bring a full build up with the log and put it in the place of the live one; whether it is live now.

    Rows of the build that it replaces are thrown away. Raises StoreTrouble.
    """
    runner = Projection(store, view_named(rebuild.view))
    building = Building(runner)
    while (build := _being_made(store, rebuild)) is not None:
        with suppress(Overtaken):
            if build.stopped is not None or Filling(store, runner.view, build).left().parts:
                return False
            if not building.finish(build):
                return False
    building.sweep()
    live = runner.standing().live
    return live is not None and live.build == rebuild.build
