"""What the log holds, as the scoring core wants it: editions, units, facts, the calendar. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.calendar import Calendar, Notice
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import Fact
from gkevents.scoring.unit import UnitLog
from gkevents.store.reading import Event, Reader, facts_of
from gkevents.terms import BEIJING, instant
from gkevents.upcasts import EDITION_ADOPTED, UNITS_JOINED

CALENDAR_STREAM = "calendar"


def scheme_stream(scheme: str, year: int) -> str:
    """The stream of a scheme in a year: its editions and its units."""
    return f"scheme-year/{scheme}/{year}"


def unit_stream(scheme: str, year: int, unit: str) -> str:
    """The stream of a unit-year."""
    return f"unit-year/{scheme}/{year}/{unit}"


def parts_of(stream: str) -> tuple[str, int, str]:
    """(scheme, year, unit) of a scheme's or unit-year's stream; the unit is empty for a scheme's."""
    _, scheme, year, *unit = stream.split("/", 3)
    return scheme, int(year), unit[0] if unit else ""


class Adoption(NamedTuple):
    """One adoption of an edition: where and when it was recorded; who decided on it, when and why, if that was said."""

    edition: str
    position: int
    recorded_at: str
    decided_by: str | None = None
    decided_on: str | None = None
    reason: str | None = None

    @property
    def untold(self) -> bool:
        """Whether nothing is recorded of who decided, when or why."""
        return self.decided_by is None and self.decided_on is None and self.reason is None


class SchemeYear(NamedTuple):
    """A scheme as adopted for a year: the edition in force, the position that adopted it, the units and categories.

    `editions`: every adoption of the year up to the one in force, oldest first.
    """

    scheme: str
    year: int
    edition: Edition
    position: int
    units: dict[str, str]
    text: str
    overlay: dict[str, object] | None
    editions: tuple[Adoption, ...] = ()


def scheme_year(reader: Reader, scheme: str, year: int, known_at: int | None = None) -> SchemeYear:
    """The scheme-year as known at a position. Raises NotAdopted where there was none yet."""
    adoptions: list[Event] = []
    units: dict[str, str] = {}
    events = reader.stream(scheme_stream(scheme, year))
    for event in events:
        if known_at is not None and event.position > known_at:
            break
        if event.name.startswith(f"{EDITION_ADOPTED}."):
            adoptions.append(event)
        if event.name.startswith((f"{EDITION_ADOPTED}.", f"{UNITS_JOINED}.")):
            units.update(dict(event.body["units"]))
    if not adoptions:
        raise _not_adopted(reader, scheme, year, events)
    body, position = adoptions[-1].body, adoptions[-1].position
    edition = edition_of(body["content"], digest=body["digest"], overlay=body["overlay"])
    editions = tuple(map(_adoption, adoptions))
    return SchemeYear(scheme, year, edition, position, units, body["text"], body["overlay"], editions)


def _adoption(event: Event) -> Adoption:
    """What an adoption says of itself; those recorded before anybody was asked say nothing of who decided."""
    said = event.body
    recorded_at = event.recorded_at.replace(".000000", "")
    decided = (said.get("decided_by"), said.get("decided_on"), said.get("reason"))
    return Adoption(said["digest"], event.position, recorded_at, *decided)


def _not_adopted(reader: Reader, scheme: str, year: int, later: Sequence[Event]) -> no.NotAdopted:
    """Why a scheme-year is not there: adopted only later than was known, another one meant, or none adopted at all."""
    if later:
        first = later[0]
        return no.NotAdoptedThen(scheme=scheme, year=year, adopted=first.recorded_at[:16], position=first.position)
    kept = [parts_of(stream)[:2] for stream in reader.named("scheme-year/")]
    if kept:
        return no.OtherAdopted(scheme=scheme, year=year, adopted=", ".join(f"{name} {of}" for name, of in kept))
    return no.NotAdopted(scheme=scheme, year=year)


def unit_logs(reader: Reader, adopted: SchemeYear, units: Iterable[str], known_at: int | None = None) -> list[UnitLog]:
    """The logs of some units of a scheme-year, with their earlier unit-years of the same family."""
    return [log for log, _ in unit_records(reader, adopted, units, known_at)]


def unit_records(
    reader: Reader, adopted: SchemeYear, units: Iterable[str], known_at: int | None = None
) -> list[tuple[UnitLog, Mapping[str, dict[str, Any]]]]:
    """The same logs, each with its facts as they were written, by ref."""
    names, scheme, year = list(units), adopted.scheme, adopted.year
    earlier = _earlier(reader, adopted, known_at)
    wanted = [unit_stream(scheme, year, unit) for unit in names]
    wanted += [unit_stream(old, past, unit) for unit in names for old, past in earlier]
    streams = reader.streams(wanted)

    def facts(stream: str) -> list[Fact]:
        return facts_of(streams[stream], reader.store, known_at=known_at)

    records: list[tuple[UnitLog, Mapping[str, dict[str, Any]]]] = []
    for unit in names:
        past = tuple((before, facts(unit_stream(old, before, unit))) for old, before in earlier)
        own = unit_stream(scheme, year, unit)
        log = UnitLog(unit, adopted.units[unit], year, facts(own), past)
        records.append((log, {event.ref: event.body for event in streams[own] if event.ref is not None}))
    return records


def _earlier(reader: Reader, adopted: SchemeYear, known_at: int | None) -> list[tuple[str, int]]:
    """The scheme-years before this one that belonged to the same family, as known at a position."""
    found = []
    for stream in reader.named("scheme-year/"):
        scheme, year, _ = parts_of(stream)
        if year < adopted.year:
            with suppress(no.NotAdopted):
                if scheme_year(reader, scheme, year, known_at).edition.family == adopted.edition.family:
                    found.append((scheme, year))
    return found


def notices(reader: Reader, known_at: int | None = None) -> list[Notice]:
    """The calendar notices that the log has adopted, in order, up to a position."""
    return [
        Notice.from_dict(event.body)
        for event in reader.stream(CALENDAR_STREAM)
        if known_at is None or event.position <= known_at
    ]


def calendar(reader: Reader, known_at: int | None = None) -> Calendar:
    """The working-day calendar as the log knew it at a position."""
    return Calendar.of(notices(reader, known_at))


def position_of(reader: Reader, known_at: str | None) -> int | None:
    """The log position that a known-at means: digits are a position, else an instant, or a day to its end.

    A position that the log has not reached means its newest one, so that the answer's own `known_at` stays true.
    """
    if known_at is None:
        return None
    text = known_at.strip()
    if text.isascii() and text.isdigit() and len(text) < 19:  # noqa: PLR2004 - what a database's integer holds
        return min(int(text), reader.head()[0])
    try:
        if len(text) == len("2018-10-08"):
            moment = dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, tzinfo=BEIJING)
        else:
            moment = instant(text)
    except (ValueError, OverflowError) as error:
        raise no.NoSuchPosition(text=known_at) from error
    return reader.position_at(moment.astimezone(BEIJING).isoformat(timespec="microseconds"))


def adopted_content(reader: Reader, scheme: str) -> dict[str, Any] | None:
    """The content of a scheme as it was last adopted, in whichever year; None where it never was."""
    newest = last_adopted(reader, scheme)
    return newest["content"] if newest is not None else None


def last_adopted(reader: Reader, scheme: str) -> dict[str, Any] | None:
    """The newest adoption of a scheme, in whichever year: its text, content and overlay; None where it never was."""
    adoptions = [
        event
        for stream in reader.named(f"scheme-year/{scheme}/")
        for event in reader.stream(stream)
        if event.name.startswith(f"{EDITION_ADOPTED}.")
    ]
    newest = max(adoptions, key=lambda event: event.position, default=None)
    return newest.body if newest is not None else None
