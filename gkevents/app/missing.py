"""Misses that the program records by itself, and takes back where the calendar was amended: events, with their reasons.

The reason names the notice and both days. It lies in the log, so it is no sentence of one language's catalogue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, select

from gkevents.aggregates.facts import Body
from gkevents.aggregates.scanning import Due, Outdated, last_day, missed_limits, outdated_misses, recalled_miss
from gkevents.aggregates.stored import due_text
from gkevents.aggregates.unit_year import UnitYear
from gkevents.aggregates.vocabulary import EVENT_TYPES, FACT_TYPES
from gkevents.app.recording import OF_SCANS, Session, free_ref
from gkevents.calendar import Notice
from gkevents.scoring.fact import MISSES, RETRACTION, Fact
from gkevents.scoring.limits import due_of
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.store.outline import recorded_under
from gkevents.store.tables import events
from gkevents.upcasts import EVENT_VERSIONS

_NAMES: Final = tuple(
    f"{name}.{version}"
    for name, kind in EVENT_TYPES.items()
    if kind in MISSES or kind == RETRACTION
    for version in range(1, EVENT_VERSIONS[name] + 1)
)
_SCANNED: Final = (
    (events.c.ref >= OF_SCANS)
    & (events.c.ref < f"{OF_SCANS[:-1]};")
    & events.c.name.in_(_NAMES)
    & events.c.body.like('%"scanned":true%')
)
"""What scans have recorded. Between their numbers lie others: of steps, of evidence and of corrections of a miss."""
_DUE: Final = re.compile(r":([0-9]{4}-[0-9]{2}-[0-9]{2})(:[0-9]+)?$")
"""How the number of a miss ends whose limit ran out on a day: calendars move no limit in hours."""


class Missed(NamedTuple):
    """A limit that was recorded as missed."""

    key: str
    unit: str
    item: str | None
    due: Due | None
    position: int
    scheme: str
    year: int


class TakenBack(NamedTuple):
    """A miss that was taken back: its limit ended on `before`, and by the notice named `document` on `due`."""

    key: str
    unit: str
    item: str | None
    before: dt.date
    due: Due | None
    document: str
    position: int
    scheme: str
    year: int


def record_misses(
    session: Session, adopted: archive.SchemeYear, found: Sequence[tuple[str, Body]], *, by: str
) -> list[Missed]:
    """Record misses of some unit-years, as (unit, body), each under a number of its own."""
    if not found:
        return []
    now = session.clock.now()
    session.prepare(adopted, [{**miss, "unit": unit} for unit, miss in found])
    missed = []
    for unit, miss in found:
        state = session.state(adopted, unit)
        opening = state.by_ref[miss["of"]]
        due = due_of(opening, session.calendar)
        body = {**miss, "ref": _free(session, miss["ref"]), "unit": unit, **_anew(session, state, opening, due)}
        position = _put(session, state, {**body, "recorded_by": by}, now)
        missed.append(Missed(body["key"], unit, opening.item, due, position, adopted.scheme, adopted.year))
    return missed


def _free(session: Session, ref: str) -> str:
    return ref if session.find(ref) is None else free_ref(session, f"{ref}:")


def _put(session: Session, state: UnitYear, body: Body, moment: dt.datetime) -> int:
    """Record a body that the program itself decided on; its position. The state at hand takes it in."""
    stream = archive.unit_stream(state.scheme, state.year, state.unit)
    session.clock.tick(moment)
    session.pending.append(NewEvent(stream, FACT_TYPES[body["type"]].event, body, moment, body["ref"]))
    session.position += 1
    state.remember(body)
    return session.position


def _anew(session: Session, state: UnitYear, opening: Fact, due: Due | None) -> dict[str, str]:
    """Why a limit is missed anew of which the program took a miss back; nothing where it took none back."""
    before = recalled_miss(state, key=opening.key or "", opening=opening.ref)
    if before is None:
        return {}
    document = _document(notices(session), opening.day, last_day(before), due)
    return {"source": document, "note": reason(document, last_day(before), due)}


def reason(document: str, before: dt.date, due: Due | None) -> str:
    """Why a miss is taken back or recorded anew, as the log keeps it."""
    return f"{document}：{before.isoformat()} → {due_text(due) or '?'}"


def notices(session: Session) -> list[Notice]:
    """The notices that the log has adopted, those of this write too."""
    pending = [event.body for event in session.pending if event.stream == archive.CALENDAR_STREAM]
    return [*archive.notices(session.writing), *map(Notice.from_dict, pending)]


def _document(known: Iterable[Notice], opened: dt.date, before: dt.date, due: Due | None) -> str:
    """The last notice that says anything of the days over which the end of a limit moved."""
    last = before if due is None else max(before, due.date() if isinstance(due, dt.datetime) else due)
    named = [notice.document for notice in known if any(opened < day <= last for day in notice.days)]
    return named[-1] if named else ""


# ---------------------------------------------------------------------- taking back


Touched = Mapping[tuple[str, int], Mapping[str, Sequence[str]]]
"""Numbers of misses by scheme-year and unit."""


def touched(session: Session) -> Touched:
    """The scanned misses that newer notices may have moved the limits of.

    Whatever records misses asks this first. So only notices newer than the last record of a scan need be looked at,
    and only misses of limits that ended on the days they name, or later: there are hardly ever any.
    """
    reader = session.writing
    newest = reader.connection.execute(select(func.max(events.c.position)).where(_SCANNED)).scalar() or 0
    stored = [event for event in reader.stream(archive.CALENDAR_STREAM) if event.position > newest]
    pending = [event.body for event in session.pending if event.stream == archive.CALENDAR_STREAM]
    days = [day for body in [*(event.body for event in stored), *pending] for day in Notice.from_dict(body).days]
    if not newest or not days:
        return {}
    first = min(days).isoformat()
    refs = [
        ref for ref in reader.connection.execute(select(events.c.ref).where(_SCANNED)).scalars() if _ends(ref, first)
    ]
    found: dict[tuple[str, int], dict[str, list[str]]] = {}
    for ref, event in recorded_under(reader, refs).items():
        scheme, year, unit = archive.parts_of(event.stream)
        found.setdefault((scheme, year), {}).setdefault(unit, []).append(ref)
    return found


def _ends(ref: str, first: str) -> bool:
    """Whether the number of a miss says that its limit ended on a day or later."""
    said = _DUE.search(ref)
    return said is not None and said[1] >= first


def take_back(session: Session, among: Touched, *, by: str) -> list[TakenBack]:
    """Take back those misses that the calendar no longer bears out."""
    return [
        _retract(session, state, outdated, by=by)
        for _, state, refs in _states(session, among)
        for outdated in outdated_misses(state, refs, calendar=session.calendar)
    ]


def miss_anew(session: Session, among: Touched, *, by: str) -> list[Missed]:
    """Record anew what has run out by now of the limits of which the program has taken back a miss."""
    day, missed = session.clock.now().date(), list[Missed]()
    for adopted, state, refs in _states(session, among):
        keys = [state.by_ref[ref].key or "" for ref in refs if state.by_ref[ref].scanned and state.is_gone(ref)]
        found = missed_limits(state, as_of=day, calendar=session.calendar, keys=keys)
        missed += record_misses(session, adopted, [(state.unit, miss) for miss in found], by=by)
    return missed


def _states(session: Session, among: Touched) -> Iterator[tuple[archive.SchemeYear, UnitYear, Sequence[str]]]:
    for (scheme, year), by_unit in among.items():
        adopted = session.scheme_year(scheme, year)
        session.memory.load(session.writing, adopted, by_unit)
        for unit, refs in by_unit.items():
            state = session.state(adopted, unit)
            yield adopted, state, [ref for ref in refs if ref in state.by_ref]


def _retract(session: Session, state: UnitYear, outdated: Outdated, *, by: str) -> TakenBack:
    miss, opening, before, due = outdated
    now, document = session.clock.now(), _document(notices(session), opening.day, before, due)
    body = {
        "ref": _free(session, f"{miss.ref}:back"), "type": RETRACTION, "unit": state.unit, "of": miss.ref,
        "effective_on": now.date().isoformat(), "reason": reason(document, before, due), "scanned": True,
        "recorded_by": by, "source": document,
    }  # fmt: skip
    position = _put(session, state, body, now)
    return TakenBack(miss.key or "", state.unit, miss.item, before, due, document, position, state.scheme, state.year)
