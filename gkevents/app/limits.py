"""Limits over the whole store: what a scan records as missed, what is open, what is due next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.scanning import missed_limits
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.app.recording import Session, free_ref
from gkevents.projections.limits import LimitRow, streams_with_limits
from gkevents.scoring.limits import due_of
from gkevents.store import archive
from gkevents.store.log import NewEvent


class Missed(NamedTuple):
    """A limit that a scan recorded as missed."""

    key: str
    unit: str
    item: str
    due: dt.date | dt.datetime | None
    position: int
    scheme: str
    year: int


def scan(session: Session, *, as_of: dt.date | None) -> list[Missed]:
    """Decide on the misses of every limit that ran out by the end of `as_of` (if not given, of the clock's day)."""
    now = session.clock.now()
    day = as_of if as_of is not None else now.date()
    if day > now.date():
        raise no.InTheFuture(day=day, recorded_at=now.isoformat(timespec="minutes"))
    session.adopt_notices(now)
    found: list[Missed] = []
    adopted: dict[tuple[str, int], archive.SchemeYear] = {}
    for stream in streams_with_limits(session.writing):
        scheme, year, unit = archive.parts_of(stream)
        if (scheme, year) not in adopted:
            adopted[scheme, year] = archive.scheme_year(session.writing, scheme, year)
        state = session.state(adopted[scheme, year], unit)
        for miss in missed_limits(state, as_of=day, calendar=session.calendar):
            ref = miss["ref"] if session.find(miss["ref"]) is None else free_ref(session, f"{miss['ref']}:")
            body = {**miss, "ref": ref, "unit": unit, "recorded_by": "gk deadlines scan"}
            position = session.add(NewEvent(stream, FACT_TYPES[body["type"]].event, body, now, body["ref"]))
            due = due_of(state.by_ref[body["of"]], session.calendar)
            found.append(Missed(body["key"], unit, body["item"], due, position, scheme, year))
    return found


def in_order(rows: Iterable[LimitRow]) -> list[LimitRow]:
    """Limits as they are listed: open ones first, by due day; those without a due day last."""
    order = {"open": 0, "missed": 1, "met": 2}
    return sorted(rows, key=lambda row: (order[row.state], row.due is None, row.due or "", row.unit, row.key))
