"""Making a view anew while it is read: another build beside the live one, or some unit-years of the live one.

A build is written scheme-year by scheme-year, portion by portion in transactions of their own, and what is done is
counted in the same transaction; so whoever is killed goes on where it was. Once the build has caught up with the log it
takes the place of the live one in one transaction, and the rows of that are thrown away in portions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Table, delete, exc, func, insert, select

from gkevents.projections.checkpoint import Checkpoint, Overtaken, standing, swap
from gkevents.projections.filling import Filling, Share, Tell
from gkevents.projections.partitions import drop_partitions, open_partitions
from gkevents.projections.sharing import Helpers
from gkevents.projections.view import Scope, View, batches, in_year, replace
from gkevents.store.reading import Reader
from gkevents.store.tables import checkpoints

if TYPE_CHECKING:
    from gkevents.projections.projection import Projection

_SWEPT: Final = 200
_BEGIN_LOCK: Final = 20_671_002
"""Whose new build is being begun on a server: an advisory lock, so that no two of a version are."""


class Building:
    """Makes the rows of one view anew."""

    def __init__(self, runner: Projection) -> None:
        """Work for the runner of a view."""
        self.runner, self.store, self.view = runner, runner.store, runner.view

    def rebuild(self, helpers: Helpers, *, again: bool = False, tell: Tell | None = None) -> bool:
        """Make another build beside the live one and put it in its place; goes on with one that is being made.

        Whether it is live now: not where it has stopped. The helpers share the work; `tell` hears how many scheme-years
        of how many are done. Raises StoreTrouble.
        """
        self.sweep()
        build: Checkpoint | None = None
        while True:
            with suppress(Overtaken):
                now = self.runner.standing()
                if now.newer:
                    return False
                if build is None or now.live is None or now.live.build != build.build:
                    build = now.building or self.begin()
                    if build.stopped is not None:
                        if not again:
                            return False
                        self.runner.unstop(build)
                    again = False
                    build = build._replace(stopped=None, why=None)
                    if not self._filled(build, helpers, tell) or not self.finish(build):
                        return False
                self.sweep()
                return True

    def begin(self) -> Checkpoint:
        """A new build, as of the newest event, and what it will have to hold."""
        with self.store.updating() as connection:
            reader, name = Reader(connection, self.store.name), self.view.name
            if self.store.shared:  # a file is ours alone already
                connection.execute(select(func.pg_advisory_xact_lock(_BEGIN_LOCK)))
            if standing(reader, self.view).building is not None:
                raise Overtaken
            build = Checkpoint(self._next(connection), self.view.version, reader.head()[0])
            row = {"view": name, "live": 0, **{key: build._asdict()[key] for key in ("build", "version", "position")}}
            try:
                connection.execute(insert(checkpoints), row)
            except exc.IntegrityError as error:
                raise Overtaken from error
            open_partitions(connection, self.view, build, self.view.begin(reader, build.build, build.position))
        return build

    def _next(self, connection: Connection) -> int:
        """A number that no build has, nor any row left over from one."""
        queries = [select(func.max(table.c.build)) for table in self.view.tables]
        there = [connection.execute(query).scalar() or 0 for query in queries]
        return 1 + max(*there, *kept_builds(connection, self.view), 0)

    def _filled(self, build: Checkpoint, helpers: Helpers, tell: Tell | None) -> bool:
        """Write every part, together with other processes; whether all are written."""
        helpers.call(self.view, build)
        return Filling(self.store, self.view, build).fill(Share(0, helpers.jobs), tell)

    def finish(self, build: Checkpoint) -> bool:
        """Bring a full build up with the log and put it in the place of the live one; whether it is."""
        while True:
            now = self.runner.standing()
            if now.building is None or now.building.build != build.build:
                raise Overtaken
            build = now.building
            if build.stopped is not None:
                return False
            if build.position >= now.head:
                self._go_live(build)
                return True
            self.runner.take_in(build, now.head)

    def _go_live(self, build: Checkpoint) -> None:
        """One transaction: questions are answered from the new build from now on."""
        with self.store.updating() as connection:
            swap(connection, self.view, build, live=1)
            name, others = self.view.name, checkpoints.c.build != build.build
            older = checkpoints.c.version <= build.version
            connection.execute(delete(checkpoints).where(checkpoints.c.view == name, older, others))
            drop_partitions(connection, self.view)

    def sweep(self) -> None:
        """Throw away the rows of builds that are gone, in portions."""
        while (found := self._left_over()) is not None:
            build, scheme, year, units = found
            with self.store.updating() as connection:
                if build in kept_builds(connection, self.view):
                    continue
                for table in self.view.of_years:
                    connection.execute(delete(table).where(table.c.build == build))
                for table in self.view.tables:
                    of = in_year(table, build, scheme, year)
                    connection.execute(delete(table).where(of, table.c.unit.in_(units)))

    def _left_over(self) -> tuple[int, str, int, list[str]] | None:
        """Some unit-years of a build that is gone."""
        with self.store.reading() as connection:
            for table, build in left_over(connection, self.view):
                first = select(table.c.scheme, table.c.year).where(table.c.build == build).limit(1)
                scheme, year = connection.execute(first).one()
                if table in self.view.of_years:
                    return build, scheme, year, []
                units = select(table.c.unit).where(in_year(table, build, scheme, year)).distinct().limit(_SWEPT)
                return build, scheme, year, list(connection.execute(units).scalars())
        return None

    def rebuild_part(self, scope: Scope, *, locking: bool = False) -> int:
        """Price some unit-years of the live build anew, as known where it stands; how many.

        Each portion is told first and then written in a transaction of its own; or (`locking`) everything in one, so
        that nobody else can move the build. Raises Overtaken where another runner did, or there is no live build.
        """
        units = set[str]()
        with self.store.updating() if locking else self.store.reading() as seeing:
            reader = Reader(seeing, self.store.name)
            live = standing(reader, self.view).live
            if live is None:
                raise Overtaken
            one = seeing if locking else None
            if one is not None:
                swap(one, self.view, live, position=live.position)  # nobody else moves it from now on
            for portion in self.view.portions(reader, live.build, scope, live.position):
                told = portion.held()
                with self._moving(live, one) as connection:
                    replace(connection, live.build, told)
                units.update(portion.units)
            with self._moving(live, one) as connection:
                if scope.units is None:
                    self._drop_others(connection, live.build, scope, units)
                fresh = Reader(connection, self.store.name)
                self.view.settle(fresh, live.build, scope.scheme, scope.year, live.position)
        return len(units)

    @contextmanager
    def _moving(self, live: Checkpoint, within: Connection | None) -> Iterator[Connection]:
        """A transaction, a short one of its own or one we are in, that has the live build as it was seen."""
        with nullcontext(within) if within is not None else self.store.updating() as connection:
            swap(connection, self.view, live, position=live.position)
            yield connection

    def _drop_others(self, connection: Connection, build: int, scope: Scope, units: set[str]) -> None:
        """Rows of a scheme-year that belong to none of its units."""
        for table in self.view.tables:
            of = in_year(table, build, scope.scheme, scope.year)
            there = connection.execute(select(table.c.unit).where(of).distinct()).scalars()
            for names in batches((unit for unit in there if unit not in units), 500):
                connection.execute(delete(table).where(of, table.c.unit.in_(names)))


def kept_builds(connection: Connection, view: View) -> set[int]:
    """The builds of a view that are kept."""
    return set(connection.execute(select(checkpoints.c.build).where(checkpoints.c.view == view.name)).scalars())


def left_over(connection: Connection, view: View) -> Iterator[tuple[Table, int]]:
    """The tables that hold rows of builds that are gone, with each such build."""
    kept = kept_builds(connection, view)
    for table in (*view.tables, *view.of_years):
        yield from ((table, build) for build in _builds_in(connection, table) if build not in kept)


def _builds_in(connection: Connection, table: Table) -> list[int]:
    """The builds that rows of a table belong to, by leaps over the key."""
    found: list[int] = []
    query = select(func.min(table.c.build))
    build = connection.execute(query).scalar()
    while build is not None:
        found.append(build)
        build = connection.execute(query.where(table.c.build > build)).scalar()
    return found
