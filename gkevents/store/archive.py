"""What the log holds, as the scoring core wants it: editions, units, facts, the calendar. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select

from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.vocabulary import EVENT_TYPES
from gkevents.calendar import Calendar, Notice
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import LIMIT_FACTS, REVERSALS, STEPS, Fact
from gkevents.scoring.unit import UnitLog
from gkevents.store.case_forms import CaseRulesAdopted
from gkevents.store.forms import EditionAdopted, UnitsJoined, opened
from gkevents.store.reading import NO_EDITION, Event, EventDamaged, Reader, decode, facts_of
from gkevents.store.tables import events as log
from gkevents.terms import BEIJING, instant
from gkevents.upcasts import EDITION_ADOPTED, EVENT_VERSIONS

CALENDAR_STREAM = "calendar"


def scheme_stream(scheme: str, year: int) -> str:
    """The stream of a scheme in a year: its editions and its units."""
    return f"scheme-year/{scheme}/{year}"


def unit_stream(scheme: str, year: int, unit: str) -> str:
    """The stream of a unit-year."""
    return f"unit-year/{scheme}/{year}/{unit}"


def result_stream(scheme: str, year: int) -> str:
    """The stream of a scheme-year's result."""
    return f"result/{scheme}/{year}"


def parts_of(stream: str) -> tuple[str, int, str]:
    """(scheme, year, unit) of a scheme's, a unit-year's or a result's stream; the unit is empty but for a unit-year."""
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

    `editions`: every adoption of the year up to the one in force, oldest first. `rules`: what the office decided on
    its cases.
    """

    scheme: str
    year: int
    edition: Edition
    position: int
    units: dict[str, str]
    text: str
    overlay: dict[str, object] | None
    editions: tuple[Adoption, ...] = ()
    rules: CaseRules = NO_RULES


def scheme_year(reader: Reader, scheme: str, year: int, known_at: int | None = None) -> SchemeYear:
    """The scheme-year as known at a position. Raises NotAdopted where there was none yet."""
    adoptions: list[Event] = []
    units: dict[str, str] = {}
    rules = NO_RULES
    events = reader.stream(scheme_stream(scheme, year))
    for event in events:
        if known_at is not None and event.position > known_at:
            break
        if isinstance(event.form, EditionAdopted):
            adoptions.append(event)
        if isinstance(event.form, (EditionAdopted, UnitsJoined)):
            units.update(event.form.units)
        if isinstance(event.form, CaseRulesAdopted):
            rules = _rules(event.form)
    if not adoptions:
        raise _not_adopted(reader, scheme, year, events)
    newest = adoptions[-1]
    form = newest.form
    assert isinstance(form, EditionAdopted)  # noqa: S101 - told apart above
    try:
        edition, overlay = _edition(form.digest, bytes(form.content), bytes(form.overlay)), opened(form.overlay)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EventDamaged(reader.store, newest.position, NO_EDITION) from error
    editions = tuple(map(_adoption, adoptions))
    return SchemeYear(scheme, year, edition, newest.position, units, form.text, overlay, editions, rules)


def _rules(form: CaseRulesAdopted) -> CaseRules:
    return CaseRules(
        frozenset(form.four_eyes), form.contest_window, frozenset(form.deciders), form.plan, form.rectification,
        form.recheck,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _edition(digest: str, content: bytes, overlay: bytes) -> Edition:
    """The edition that an adoption describes: put together once a process, however many years and questions it has."""
    return edition_of(msgspec.json.decode(content), digest=digest, overlay=msgspec.json.decode(overlay))


def units_of(reader: Reader, scheme: str, year: int, known_at: int) -> list[str]:
    """The units of a scheme-year as known at a position, no edition compiled; none where it was not adopted by then."""
    forms = [event.form for event in reader.stream(scheme_stream(scheme, year)) if event.position <= known_at]
    found = [form.units for form in forms if isinstance(form, (EditionAdopted, UnitsJoined))]
    return list(dict.fromkeys(unit for units in found for unit, *_ in units))


def rosters(reader: Reader) -> list[tuple[str, int, str, list[str]]]:
    """What has been adopted, no edition compiled: (scheme, year, the edition's digest, its units), oldest first."""
    found = []
    for stream in reader.named("scheme-year/"):
        digest, units = "", dict[str, str]()
        for event in reader.stream(stream):
            body = event.body
            digest = body["digest"] if event.name.startswith(f"{EDITION_ADOPTED}.") else digest
            units.update(dict(body.get("units", ())))
        scheme, year, _ = parts_of(stream)
        found.append((scheme, year, digest, list(units)))
    return found


def _adoption(event: Event) -> Adoption:
    """What an adoption says of itself; those recorded before anybody was asked say nothing of who decided."""
    form: Any = event.form
    recorded_at = event.recorded_at.replace(".000000", "")
    return Adoption(form.digest, event.position, recorded_at, form.decided_by, form.decided_on, form.reason)


def _not_adopted(reader: Reader, scheme: str, year: int, later: Sequence[Event]) -> no.NotAdopted:
    """Why a scheme-year is not there: adopted only later than was known, another one meant, or none adopted at all."""
    if later:
        first = later[0]
        return no.NotAdoptedThen(scheme=scheme, year=year, adopted=first.recorded_at[:16], position=first.position)
    kept = [parts_of(stream)[:2] for stream in reader.named("scheme-year/")]
    if kept:
        return no.OtherAdopted(scheme=scheme, year=year, adopted=", ".join(f"{name} {of}" for name, of in kept))
    return no.NotAdopted(scheme=scheme, year=year)


def unit_logs(
    reader: Reader,
    adopted: SchemeYear,
    units: Iterable[str],
    known_at: int | None = None,
    earlier: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> list[UnitLog]:
    """The logs of some units of a scheme-year, with what their earlier unit-years of the same family say of limits.

    `earlier`: those scheme-years by unit, where it is known of which a limit can run over (else `earlier_years`).
    """
    names = list(units)
    if earlier is None:
        earlier = dict.fromkeys(names, earlier_years(reader, adopted, known_at))
    own = reader.facts([unit_stream(adopted.scheme, adopted.year, unit) for unit in names], known_at=known_at)
    before = _before(reader, earlier, known_at)
    return [
        UnitLog(
            unit, adopted.units[unit], adopted.year, own[unit_stream(adopted.scheme, adopted.year, unit)],
            before.get(unit, ()),
        )
        for unit in names
    ]  # fmt: skip


def unit_records(
    reader: Reader, adopted: SchemeYear, units: Iterable[str], known_at: int | None = None
) -> list[tuple[UnitLog, Mapping[str, dict[str, Any]]]]:
    """The same logs, each with its facts as they were written, by ref."""
    names = list(units)
    before = _before(reader, dict.fromkeys(names, earlier_years(reader, adopted, known_at)), known_at)
    streams = reader.streams([unit_stream(adopted.scheme, adopted.year, unit) for unit in names])
    records: list[tuple[UnitLog, Mapping[str, dict[str, Any]]]] = []
    for unit, own in zip(names, streams.values(), strict=True):
        facts = facts_of(own, reader.store, known_at=known_at)
        found = UnitLog(unit, adopted.units[unit], adopted.year, facts, before.get(unit, ()))
        records.append((found, {event.ref: event.body for event in own if event.ref is not None}))
    return records


Before = tuple[tuple[int, Sequence[Fact]], ...]
"""What a unit's earlier years say of limits: (year, facts), …"""


def _before(
    reader: Reader, earlier: Mapping[str, Sequence[tuple[str, int]]], known_at: int | None
) -> dict[str, Before]:
    """What earlier scheme-years say of the limits of some units, by unit; nothing where there were none."""
    streams = [unit_stream(old, year, unit) for unit, years in earlier.items() for old, year in years]
    found = limit_facts(reader, streams, known_at) if streams else {}
    return {
        unit: tuple((year, found[unit_stream(old, year, unit)]) for old, year in years)
        for unit, years in earlier.items()
    }


_NEITHER: Final = tuple(
    f"{name}.{version}"
    for name in EVENT_VERSIONS
    if EVENT_TYPES.get(name) not in LIMIT_FACTS | REVERSALS | STEPS
    for version in range(1, EVENT_VERSIONS[name] + 1)
)
"""The stored names of what neither speaks of a limit nor takes anything back: no limit depends on it."""
SPEAKING_OF_LIMITS: Final = log.c.name.not_in(_NEITHER)
"""Every other event."""


def limit_facts(reader: Reader, names: Iterable[str], known_at: int | None = None) -> dict[str, list[Fact]]:
    """What some streams say of limits, and what takes that back, up to a position, each oldest first.

    A name that this program does not know is read too, and so refused.
    """
    return reader.facts(names, known_at=known_at, but=_NEITHER)


def streams_between(reader: Reader, after: int, upto: int) -> list[str]:
    """The streams that the events behind `after` up to `upto` belong to, in the order of their names."""
    query = select(log.c.stream).where(log.c.position > after, log.c.position <= upto)
    return list(reader.connection.execute(query.distinct().order_by(log.c.stream)).scalars())


def streams_speaking_of_limits(reader: Reader, after: int, upto: int) -> list[str]:
    """Those among them, of unit-years, that say something of limits or take something back."""
    query = select(log.c.stream).where(log.c.position > after, log.c.position <= upto, SPEAKING_OF_LIMITS)
    found = reader.connection.execute(query.distinct().order_by(log.c.stream)).scalars()
    return [stream for stream in found if stream.startswith("unit-year/")]


def earlier_years(reader: Reader, adopted: SchemeYear, known_at: int | None = None) -> list[tuple[str, int]]:
    """The scheme-years before this one that belonged to the same family, as known at a position."""
    newest: dict[str, tuple[int, str]] = {}
    query = select(log.c.stream, log.c.position, log.c.digest).where(
        log.c.stream >= "scheme-year/", log.c.stream < "scheme-year/\U0010ffff", log.c.name.in_(_ADOPTIONS)
    )
    for stream, position, digest in reader.connection.execute(query.order_by(log.c.position)):
        if (known_at is None or position <= known_at) and parts_of(stream)[1] < adopted.year:
            newest.pop(stream, None)
            newest[stream] = (position, digest)
    first = [stream for stream in reader.named("scheme-year/") if stream in newest]
    families = _families(reader, newest)
    return [parts_of(stream)[:2] for stream in first if families[newest[stream]] == adopted.edition.family]


_ADOPTIONS: Final = tuple(f"{EDITION_ADOPTED}.{version}" for version in range(1, EVENT_VERSIONS[EDITION_ADOPTED] + 1))


def _families(reader: Reader, wanted: Mapping[str, tuple[int, str]]) -> Mapping[tuple[int, str], str]:
    """The family of each adoption (position, digest); an adoption never changes, so it is read once a process."""
    missing = [position for position, digest in wanted.values() if (position, digest) not in _FAMILIES]
    for start in range(0, len(missing), 50):
        query = select(log).where(log.c.position.in_(missing[start : start + 50]))
        for row in reader.connection.execute(query):
            _FAMILIES[row.position, row.digest] = decode(row, reader.store).body["content"]["family"]
    return _FAMILIES


_FAMILIES: Final[dict[tuple[int, str], str]] = {}


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


def recorded_at(reader: Reader, position: int) -> str:
    """When the newest event up to a position was recorded: an instant in ISO, Beijing time."""
    query = select(log.c.recorded_at).where(log.c.position <= position).order_by(log.c.position.desc()).limit(1)
    return str(reader.connection.execute(query).scalar() or "").replace(".000000", "")


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
