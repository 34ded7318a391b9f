"""What is done while nobody waits for it: what there is to do, and each piece of it as one use case.

Workers, the scheduler and `gk work --once` call these; none of them needs a broker. What is to be done is read from the
store every time, so it makes no difference who does it, how often, or who was killed while doing it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from sqlalchemy import func, select

from gkevents.app import Gk
from gkevents.app.clock import Clock
from gkevents.app.views import VIEWS, ViewReport, Views
from gkevents.projections.building import Building
from gkevents.projections.limits import owed
from gkevents.projections.projection import Projection
from gkevents.projections.rebuilding import Rebuild, unfinished
from gkevents.store.archive import CALENDAR_STREAM
from gkevents.store.reading import Reader
from gkevents.store.tables import events

_BULLETINS: Final = "bulletin/"
_NOTICES: Final = select(func.max(events.c.stream_version)).where(events.c.stream == CALENDAR_STREAM)


class NoSuchWork(LookupError):
    """Something is asked for that cannot be: a view of another name."""


class Outstanding(NamedTuple):
    """What there is to do. `behind`: views that are to be brought up; `builds`: those begun and not finished.

    `due`: open limits that ran out before today, as far as the view of limits has come; `today`: by the store's clock;
    `notices`: how many calendar notices the log has adopted; `issued`: the ids of the bulletins issued, in their order.
    """

    head: int
    views: list[ViewReport]
    behind: list[str]
    builds: list[Rebuild]
    due: int
    today: dt.date
    notices: int
    issued: list[str]


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
        issued = [stream.removeprefix(_BULLETINS) for stream in reader.named(_BULLETINS)]
    return Outstanding(report.head, report.views, behind, building, due, today, notices, issued)


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
