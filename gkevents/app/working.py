"""What is done while nobody waits for it: what there is to do, and each piece of it as one use case.

Workers, the scheduler and `gk work --once` call these; none of them needs a broker. What is to be done is read from the
store every time, so it makes no difference who does it, how often, or who was killed while doing it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from gkevents.aggregates import refusals as no
from gkevents.app import Gk
from gkevents.app.clock import Clock
from gkevents.app.views import VIEWS, ViewReport, Views
from gkevents.projections.building import Building
from gkevents.projections.limits import owed
from gkevents.projections.projection import Projection
from gkevents.projections.rebuilding import Rebuild, unfinished
from gkevents.reports.answers import rank_answer
from gkevents.store.archive import CALENDAR_STREAM, position_of, scheme_stream
from gkevents.store.reading import Reader
from gkevents.store.tables import events

QUARTERS: Final = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
"""The last month and day of each quarter."""
_NOTICES: Final = select(func.max(events.c.stream_version)).where(events.c.stream == CALENDAR_STREAM)


class NoSuchWork(LookupError):
    """Something is asked for that cannot be: a view of another name, a fifth quarter."""


class Outstanding(NamedTuple):
    """What there is to do. `behind`: views that are to be brought up; `builds`: those begun and not finished.

    `due`: open limits that ran out before today, as far as the view of limits has come; `today`: by the store's clock;
    `notices`: how many calendar notices the log has adopted.
    """

    head: int
    views: list[ViewReport]
    behind: list[str]
    builds: list[Rebuild]
    due: int
    today: dt.date
    notices: int


class Quarter(NamedTuple):
    """A quarter of a scheme-year, and the position that the log had at its end."""

    scheme: str
    year: int
    quarter: int
    position: int


def identity(gk: Gk) -> str | None:
    """By what a store and its copies are told from others: the digest of the first event; None in an empty one."""
    with gk.store.reading() as connection:
        found: str | None = connection.execute(select(events.c.digest).where(events.c.position == 1)).scalar()
    return found


def outstanding(gk: Gk) -> Outstanding:
    """What there is to do now. Raises StoreTrouble."""
    report = Views(gk.store).status()
    building = unfinished(gk.store)
    behind = [view.view for view in report.views if view.state in ("behind", "none") and report.head > 0]
    with gk.store.reading() as connection:
        reader = Reader(connection, gk.store.name)
        today = _today(gk, reader)
        due = owed(connection, today).number
        notices = connection.execute(_NOTICES).scalar() or 0
    return Outstanding(report.head, report.views, behind, building, due, today, notices)


def _today(gk: Gk, reader: Reader) -> dt.date:
    simulated = gk.store.settings(reader.connection)["clock"] == "simulated"
    return Clock(reader.head()[1], simulated=simulated, now=gk.now).now().date()


def catch_up(gk: Gk, name: str) -> ViewReport:
    """Bring one view up with the log; one that has stopped is left alone, for somebody to look at.

    In this process only: where there is much to do, other workers are there for it. Raises NoSuchWork, StoreTrouble.
    """
    view = next((made for made in VIEWS if made.name == name), None)
    if view is None:
        raise NoSuchWork(name)
    runner = Projection(gk.store, view(), jobs=1)
    runner.catch_up()
    Building(runner).sweep()
    return next(report for report in Views(gk.store).status().views if report.view == name)


def quarters_over(gk: Gk) -> list[Quarter]:
    """Every quarter that is over, of every scheme-year, with what was known at its end. Raises StoreTrouble."""
    found = []
    adopted = [(scheme, year) for scheme, year, _, _ in gk.schemes_in_store()]
    with gk.store.reading() as connection:
        reader = Reader(connection, gk.store.name)
        today = _today(gk, reader)
        for scheme, year in adopted:
            for quarter in QUARTERS:
                end = last_day(year, quarter)
                position = position_of(reader, end.isoformat()) if end < today else None
                if position and _adopted_by(reader, scheme, year, position):
                    found.append(Quarter(scheme, year, quarter, position))
    return found


def _adopted_by(reader: Reader, scheme: str, year: int, position: int) -> bool:
    first = select(func.min(events.c.position)).where(events.c.stream == scheme_stream(scheme, year))
    return int(reader.connection.execute(first).scalar() or position + 1) <= position


def last_day(year: int, quarter: int) -> dt.date:
    """The last day of a quarter. Raises NoSuchWork."""
    if quarter not in QUARTERS:
        raise NoSuchWork(quarter)
    return dt.date(year, *QUARTERS[quarter])


def figures(gk: Gk, asked: Quarter) -> dict[str, Any]:
    """The ranking as of the quarter's last day and as known at a position: the same for ever, whatever is logged later.

    Raises NoSuchWork, NotAdopted, NoSuchPosition, StoreTrouble.
    """
    end = last_day(asked.year, asked.quarter)
    if not 0 < asked.position <= gk.report().events:
        raise no.NoSuchPosition(text=str(asked.position))
    known = str(asked.position)
    found, groups = gk.rank(scheme=asked.scheme, year=asked.year, as_of=end, known_at=known)
    return {"quarter": asked.quarter, **rank_answer(found, groups)}
