"""A look over a store: what is as it should be, what is behind, what is broken, and what to do about it.

It only looks. Whether every event is as it was written takes reading them all: that is what `verify` is for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from sqlalchemy import func, select

from gkevents.aggregates.refusals import Refusal
from gkevents.app.evidence import attached, place_of
from gkevents.app.notices import brought
from gkevents.app.views import ViewReport, Views
from gkevents.calendar import Calendar
from gkevents.projections.checkpoint import standing
from gkevents.projections.limits import LimitsView, owed
from gkevents.projections.projection import FEW
from gkevents.projections.tables import limits
from gkevents.schemes.catalog import calendar_notices
from gkevents.store import archive
from gkevents.store.engine import Store
from gkevents.store.guards import missing_guards
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreTrouble
from gkevents.terms import BEIJING, instant
from gkevents.words import N_, Message, message

OK: Final = "ok"
LOOK: Final = "look"
BROKEN: Final = "broken"


class Finding(NamedTuple):
    """One thing looked at: `state` is ok, look (somebody should look at it) or broken; `advice`: what to do."""

    what: str
    state: str
    said: Message
    advice: Message | None = None


def worst(findings: Iterable[Finding]) -> str:
    """The worst state of all."""
    return max((found.state for found in findings), key=(OK, LOOK, BROKEN).index, default=OK)


class Asked(NamedTuple):
    """What is looked at: the store, the time told to a simulated clock, where the files of evidence are kept."""

    store: Store
    now: dt.datetime | None = None
    evidence: str | None = None


def examined(store: Store, *, now: dt.datetime | None = None, evidence: str | None = None) -> list[Finding]:
    """Everything about a store that can be seen at a glance.

    `now`: the time told to a simulated clock; `evidence`: where its files are kept, if not beside it.
    """
    asked = Asked(store, now, evidence)
    found = _of_the_store(store)
    if found.state == BROKEN:
        return [found]
    findings = [found]
    for what, look in _LOOKS.items():
        try:
            findings += look(asked)
        except (StoreTrouble, Refusal) as trouble:
            findings.append(Finding(what, BROKEN, trouble.message))
    return findings


def _of_the_store(store: Store) -> Finding:
    """Whether it can be opened at all; the sentence of a store that cannot says what to do."""
    try:
        with store.reading() as connection:
            settings = store.settings(connection)
    except StoreTrouble as trouble:
        return Finding("store", BROKEN, trouble.message)
    database = "PostgreSQL" if store.shared else "SQLite"
    values = {"store": store.name, "database": database, "version": settings["version"]}
    if settings["clock"] == "simulated":
        return Finding(
            "store", OK, message(N_("{store}: {database}, version {version}, its clock is simulated"), **values)
        )
    return Finding("store", OK, message(N_("{store}: {database}, version {version}"), **values))


def _of_the_log(asked: Asked) -> Iterator[Finding]:
    with asked.store.reading() as connection:
        position, recorded_at, _digest = Reader(connection, asked.store.name).head()
        gone = missing_guards(connection)
    if position:
        said = N_("the newest event is at position {position}, recorded {at}")
        yield Finding("log", OK, message(said, position=position, at=recorded_at[:16].replace("T", " ")))
    else:
        advice = message(N_("gk scheme list shows what can be adopted: gk scheme adopt SCHEME --year YEAR"))
        yield Finding("log", OK, message(N_("nothing is logged yet")), advice)
    if gone:
        said = N_("guards that refuse to change events are gone: {names}")
        advice = message(N_("gk init puts them back; gk verify says whether an event was changed meanwhile"))
        yield Finding("guards", BROKEN, message(said, names=", ".join(gone)), advice)
    else:
        yield Finding("guards", OK, message(N_("no event can be changed: every guard is awake")))


def _of_the_views(asked: Asked) -> Iterator[Finding]:
    for view in Views(asked.store).status().views:
        state, said = _standing(view)
        yield Finding(f"view:{view.view}", state, said, view.advice if state != OK else None)
        if view.of and view.state != "building":
            text = N_("a new build is not finished: {done} of {number} scheme-years")
            advice = message(N_("Where nobody works on it any more, gk projections rebuild goes on with it"))
            yield Finding(f"view:{view.view}", LOOK, message(text, done=view.done, number=view.of), advice)
        if view.left_over:
            text = N_("rows are left over from builds that are gone")
            yield Finding(
                f"view:{view.view}", LOOK, message(text), message(N_("gk projections catch-up throws them away"))
            )


def _standing(view: ViewReport) -> tuple[str, Message]:
    """How a view is, in a word and a sentence; the next question brings up what is only a little behind."""
    if view.state == "stopped":
        said = N_("stopped before position {position}: {why}")
        return BROKEN, message(said, position=view.stopped, why=view.why or message(N_("nobody wrote down why")))
    if view.state == "behind":
        said = N_("{count} events behind")
        return OK if view.behind <= FEW else LOOK, message(said, count=view.behind)
    if view.state == "none":
        return OK if view.behind <= FEW else LOOK, message(N_("not made yet; the first question makes it"))
    return _STANDING[view.state]


_STANDING: Final = {
    "current": (OK, message(N_("up to date"))),
    "building": (LOOK, message(N_("being made for the first time"))),
    "newer": (LOOK, message(N_("kept by a newer program"))),
}


def _of_the_limits(asked: Asked) -> Iterator[Finding]:
    """Limits that ran out and that no scan has recorded, as far as the view has come."""
    with asked.store.reading() as connection:
        reader = Reader(connection, asked.store.name)
        live = standing(reader, LimitsView()).live
        if live is None:
            return
        overdue, first = owed(connection, _now(asked, reader).date())
        opened = limits.c.build == live.build, limits.c.state == "open"
        number = connection.execute(select(func.count()).where(*opened)).scalar() or 0
    if first is not None:
        said = N_("{count} limits have run out and are not recorded, the oldest due {day}")
        advice = message(N_("gk deadlines scan records them"))
        yield Finding("limits", LOOK, message(said, count=overdue, day=first[:10]), advice)
    else:
        yield Finding("limits", OK, message(N_("{count} open, none of them past its day"), count=number))


def _of_the_calendar(asked: Asked) -> Iterator[Finding]:
    """Whether working days can be counted this year, and in the last month of a year in the next."""
    with asked.store.reading() as connection:
        reader = Reader(connection, asked.store.name)
        today = _now(asked, reader).date()
        adopted = archive.notices(reader)
    found = brought(calendar_notices(), adopted)
    if found.left_out:
        said = N_("{count} of the notices that gk brings are left out: they do not go with what was imported")
        advice = message(N_("gk calendar list says why"))
        yield Finding("calendar", LOOK, message(said, count=len(found.left_out)), advice)
    waiting = [notice for notice in found.fitting if notice.issued_on <= today]
    years = Calendar.of([*adopted, *waiting]).years
    wanted = [today.year, *([today.year + 1] if today.month == _DECEMBER else [])]
    missing = [year for year in wanted if year not in years]
    if missing:
        said = N_("the working days of {year} are not known: limits that need them have no due day")
        advice = message(N_("gk calendar import FILE takes in the State Council's notice for {year}"), year=missing[0])
        yield Finding("calendar", LOOK, message(said, year=missing[0]), advice)
    else:
        last = today.year
        while last + 1 in years:
            last += 1
        yield Finding("calendar", OK, message(N_("the working days are known to the end of {year}"), year=last))


_DECEMBER: Final = 12
"""By then the notice for the next year has always been out."""


def _now(asked: Asked, reader: Reader) -> dt.datetime:
    """The clock's time, in Beijing: as told, else of a simulated clock the newest event's, else the real one."""
    if asked.now is not None:
        return asked.now.astimezone(BEIJING)
    recorded_at = reader.head()[1]
    if recorded_at and asked.store.settings(reader.connection)["clock"] == "simulated":
        return instant(recorded_at).astimezone(BEIJING)
    return dt.datetime.now(BEIJING)


def _of_the_evidence(asked: Asked) -> Iterator[Finding]:
    """Whether the files that the log names are where they should be; whether each is whole takes reading them all."""
    with asked.store.reading() as connection:
        digests = {each.digest for each in attached(Reader(connection, asked.store.name), standing=False)}
    place = place_of(asked.store, asked.evidence)
    if place is None:
        if digests:
            said, advice = N_("{count} files are attached, and nobody said where they lie"), N_("Name it: GK_EVIDENCE")
            yield Finding("evidence", LOOK, message(said, count=len(digests)), message(advice))
        return
    missing = digests - {*place.held().digests} if digests and place.is_there() else digests
    values = {"place": place.name, "count": len(digests), "missing": len(missing)}
    if missing:
        said, advice = N_("{missing} of {count} files are not in {place}"), N_("gk evidence verify names them")
        yield Finding("evidence", BROKEN, message(said, **values), message(advice))
    elif digests:
        yield Finding("evidence", OK, message(N_("{count} files, all of them in {place}"), **values))


_Look = Callable[[Asked], Iterable[Finding]]
_LOOKS: Final[dict[str, _Look]] = {
    "log": _of_the_log,
    "views": _of_the_views,
    "limits": _of_the_limits,
    "calendar": _of_the_calendar,
    "evidence": _of_the_evidence,
}
