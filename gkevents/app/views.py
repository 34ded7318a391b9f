"""The views of a store: where they stand, bringing them up, making them anew, holding them against the log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.projections import rebuilding
from gkevents.projections.building import Building
from gkevents.projections.checkpoint import Checkpoint, Standing, standing
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView, later_years
from gkevents.projections.sharing import Helpers
from gkevents.projections.told import said_message
from gkevents.projections.verifying import Difference, compared, reckoned, strays
from gkevents.projections.view import Scope, View
from gkevents.store import archive
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreDamaged, StoreTrouble
from gkevents.store.waking import LOOK_SECONDS, Waker
from gkevents.words import N_, Message, message

WAIT_SECONDS: Final = 30.0

VIEWS: Final = rebuilding.VIEWS


class ViewReport(NamedTuple):
    """Where a view stands, in words for programs and what to do about it for people.

    `state`: current, behind, stopped, building (there is none yet that could be read), none, or newer (a newer program
    keeps it). `done` of `of`: scheme-years written of a build that is being made. `left_over`: builds that are gone and
    whose rows are still to be thrown away.
    """

    view: str
    version: int
    state: str
    build: int | None
    position: int | None
    behind: int
    done: int | None
    of: int | None
    stopped: int | None
    why: Message | None
    left_over: list[int]
    advice: Message | None


class ViewsReport(NamedTuple):
    """All views, and the newest event."""

    head: int
    views: list[ViewReport]


class Compared(NamedTuple):
    """What a verification found: how far it looked in each view, every difference, and builds only left over."""

    positions: dict[str, int | None]
    differences: list[Difference]
    left_over: dict[str, list[int]]


Tell = Callable[[str, int, int], None]
"""Hears which view is being made, and how many scheme-years of how many are done."""


class Views:
    """The views of one store."""

    def __init__(self, store: Store) -> None:
        """Nothing is opened yet."""
        self.store = store

    def _runners(self) -> list[Projection]:
        return [Projection(self.store, view()) for view in VIEWS]

    def status(self) -> ViewsReport:
        """Where every view stands."""
        with self.store.reading() as connection:
            reader = Reader(connection, self.store.name)
            reports = [_report(view(), standing(reader, view()), strays(reader, view())) for view in VIEWS]
            return ViewsReport(reader.head()[0], reports)

    def catch_up(self) -> ViewsReport:
        """Bring every view up with the log; one that has stopped tries once more. Raises StoreTrouble.

        Rows that are left over from a build that is gone are thrown away.
        """
        for runner in self._runners():
            runner.catch_up(again=True)
            Building(runner).sweep()
        return self.status()

    def follow(self, tell: Callable[[ViewsReport], None], *, seconds: float = WAIT_SECONDS) -> None:
        """Bring every view up as soon as the log grows, and `tell` where they stand, until interrupted.

        Being woken is only a hint; a store that cannot be reached, or written, for `seconds` raises StoreTrouble, and
        one that is damaged at once.
        """
        with Waker(self.store) as waker:
            while True:
                report = self._patiently(seconds)
                tell(report)
                waker.wait(report.head, seconds)

    def _patiently(self, seconds: float) -> ViewsReport:
        """Catch up, and again where the store cannot be had just now, until so many seconds have gone by."""
        until: float | None = None
        while True:
            try:
                return self.catch_up()
            except StoreDamaged:
                raise
            except StoreTrouble:
                until = time.monotonic() + seconds if until is None else until
                if time.monotonic() + LOOK_SECONDS >= until:
                    raise
            time.sleep(LOOK_SECONDS)

    def rebuild(
        self,
        *,
        scheme: str | None = None,
        year: int | None = None,
        unit: str | None = None,
        jobs: int | None = None,
        tell: Tell | None = None,
    ) -> int:
        """Make every view anew, or the rows of a scheme, of a scheme-year, of one unit-year; how many unit-years.

        So many processes share the whole (`jobs`); if not said, one for each processor where there is much to do.
        Raises NotAdopted, NoSuchUnit, StoreTrouble.
        """
        number, runners = 0, self._runners()
        if scheme is None:
            with Helpers(self.store.url, jobs or runners[0].best_jobs()) as helpers:
                for runner in runners:
                    hear = None if tell is None else partial(tell, runner.view.name)
                    runner.rebuild(again=True, helpers=helpers, tell=hear)
            return number
        for runner in runners:
            if runner.standing().live is None:
                runner.catch_up(again=True)
            else:
                number = max(number, self._parts(runner, scheme, year, unit))
        return number

    def _parts(self, runner: Projection, scheme: str, year: int | None, unit: str | None) -> int:
        units = None if unit is None else frozenset({unit})
        years = [(scheme, during) for during in self._years(scheme, year, unit)]
        if unit is not None and isinstance(runner.view, ScoresView):
            years += self._later(runner, years)
        return sum(runner.rebuild_part(Scope(*of, units)) for of in years)

    def _later(self, runner: Projection, years: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """The scheme-years behind some that limits may run over into, the earlier first."""
        with self.store.reading() as connection:
            live = standing(Reader(connection, self.store.name), runner.view).live
            found = [] if live is None else [of for one in years for of in later_years(connection, live.build, *one)]
        return sorted({*found} - {*years}, key=lambda of: (of[1], of[0]))

    def _years(self, scheme: str, year: int | None, unit: str | None) -> list[int]:
        """The years of a scheme that are meant. Raises NotAdopted, NoSuchUnit."""
        with self.store.reading() as connection:
            reader = Reader(connection, self.store.name)
            found = sorted(of for name, of in ScoresView().years(reader, reader.head()[0]) if name == scheme)
            years = found if year is None else [year]
            adopted = [archive.scheme_year(reader, scheme, of) for of in years]
        if not adopted:
            raise no.NotAdopted(scheme=scheme, year="…")
        for of in adopted:
            if unit is not None and unit not in of.units:
                raise no.NoSuchUnit(unit=unit, scheme=scheme, year=of.year, hint=no.nearest(unit, of.units))
        return years

    def verify(self) -> Compared:
        """Every row against a fresh replay, and against the oracle. Raises StoreTrouble."""
        positions: dict[str, int | None] = {}
        found: list[Difference] = []
        with self.store.reading() as connection:
            reader = Reader(connection, self.store.name)
            for view in (made() for made in VIEWS):
                live = standing(reader, view).live
                positions[view.name] = None if live is None else live.position
                if live is not None:
                    found += compared(reader, view, live.build, live.position)
                    found += reckoned(reader, live.build, live.position) if isinstance(view, ScoresView) else ()
            left_over = {view.name: strays(reader, view) for view in (made() for made in VIEWS)}
        return Compared(positions, found, left_over)


def _report(view: View, now: Standing, left_over: list[int]) -> ViewReport:
    """Where a view stands."""
    build = now.live or now.building
    stopped = _stopped(now)
    position = None if now.live is None else now.live.position
    return ViewReport(
        view.name, view.version, _state(now),
        build=None if build is None else build.build,
        position=position,
        behind=now.head - (position or 0),
        done=None if now.building is None else now.done,
        of=None if now.building is None else now.partitions,
        stopped=None if stopped is None else stopped.stopped,
        why=None if stopped is None or stopped.why is None else _why(stopped.why),
        left_over=left_over,
        advice=_advice(now),
    )  # fmt: skip


def _why(kept: str) -> Message:
    """The reason that a checkpoint keeps; as it lies there where somebody has changed it."""
    try:
        return said_message(json.loads(kept))
    except (LookupError, TypeError, ValueError):
        return Message("{why}", {"why": kept})


def _stopped(now: Standing) -> Checkpoint | None:
    """The build that has stopped: the live one, else the one that is being made."""
    return next((one for one in (now.live, now.building) if one is not None and one.stopped is not None), None)


def _state(now: Standing) -> str:
    if _stopped(now) is not None:
        return "stopped"
    if now.live is not None:
        return "current" if now.live.position == now.head else "behind"
    if now.newer:
        return "newer"
    return "building" if now.building is not None else "none"


def _advice(now: Standing) -> Message | None:
    state, stopped = _state(now), _stopped(now)
    if now.live is not None and stopped is not None and not stopped.live:
        return _ADVICE["stopped anew"]
    return _ADVICE.get("building" if state == "current" and now.building is not None else state)


_ADVICE: Final = {
    "behind": message(N_("The next question brings it up, or: gk projections catch-up")),
    "stopped": message(N_("gk verify says what is wrong; when that is mended: gk projections catch-up")),
    "stopped anew": message(
        N_("It is read as it was before; gk verify says what is wrong; when that is mended: gk projections rebuild")
    ),
    "building": message(N_("It is being made; if nobody does so any more: gk projections rebuild goes on with it")),
    "none": message(N_("The next question makes it, or: gk projections catch-up")),
    "newer": message(N_("A newer program keeps it; this one answers by replaying the log.")),
}
