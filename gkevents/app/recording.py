"""Recording facts: read what is known behind the write lock, decide fact by fact, append once.

All or nothing, unless refused rows are to be skipped; a dry run decides the same and appends nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import count, takewhile
from typing import Any, Final, NamedTuple, Protocol

from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_refusals import FileFirst
from gkevents.aggregates.facts import Body, canonical, differences
from gkevents.aggregates.pairing import check_form
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.app.clock import Clock
from gkevents.app.memory import Head, Memory
from gkevents.calendar import Calendar, Notice
from gkevents.scoring.fact import EVIDENCE, NAMING
from gkevents.store import archive
from gkevents.store.log import NewEvent, Writing
from gkevents.store.outline import recorded_under
from gkevents.store.reading import Reader
from gkevents.store.rows import Written
from gkevents.upcasts import NOTICE_ADOPTED
from gkevents.words import Message


class Row(Protocol):
    """One row of an input: its number there, and its fields or what is wrong with it."""

    @property
    def number(self) -> int:
        """Its line or row number in the input."""

    @property
    def fields(self) -> Mapping[str, Any] | None:
        """The fields by name; None where the row could not be read."""

    @property
    def fault(self) -> Message | None:
        """What is wrong with the row, where it could not be read."""


_REF_SHOWN: Final = 200


class RefusedRow(NamedTuple):
    """A row that was refused, and why."""

    row: int
    ref: str | None
    code: str
    message: Message


class Logged(NamedTuple):
    """What became of an input; `stored` says whether anything was written or (dry run) would have been."""

    recorded: list[tuple[str, int]]
    already_recorded: list[str]
    refused: list[RefusedRow]
    stored: bool


_EVENT_OF: Final = {kind.name: kind.event for kind in FACT_TYPES.values()}

OF_SCANS: Final = "scan:"
"""So begin the numbers that scans give to what they record."""


class Session:
    """One write: the units' state as it grows, and the events decided on so far."""

    def __init__(
        self, writing: Reader, clock: Clock, published: Callable[[], Iterable[Notice]], memory: Memory | None = None
    ) -> None:
        """Decide by what `writing` reads, for an append behind its write lock; by a snapshot, to see what would be.

        `published` gives the calendar notices this program brings; `memory`, which has looked at the log just now, is
        lent to the session: it grows with it, and is good for nobody else until `end`.
        """
        self.writing = writing
        self.clock = clock
        self.pending: list[NewEvent] = []
        self.memory = memory if memory is not None else _looked(writing)
        self.position = self.memory.head.position
        self._fresh: dict[str, tuple[str, Body]] = {}
        self._absent: Container[str] = ()
        self._named: Mapping[str, tuple[str, Body] | None] = {}
        self._hints: dict[str, Message] = {}
        self._moved: set[str] = set()
        self._adopted: archive.SchemeYear | None = None
        self._placed: dict[str, tuple[str, UnitYear]] = {}
        self._ahead: dict[int, Calendar] = {}
        self.elsewhere: Callable[[Iterable[str]], Mapping[str, tuple[str, Body]]] | None = None
        """Where else a number may have been used: by what this session has decided on and handed over."""
        self._known, self.waiting, self.calendar = self.memory.days(writing, published)

    def adopt_notices(self, moment: dt.datetime) -> None:
        """Adopt the calendar notices that had been issued by a moment and are not in the log yet."""
        if not self.waiting or self.waiting[0].issued_on > moment.date():
            return
        due = self.issued(moment)
        for notice in due:
            self._append(NewEvent(archive.CALENDAR_STREAM, NOTICE_ADOPTED, notice.to_dict(), moment))
        self._moved.add(archive.CALENDAR_STREAM)
        self.calendar = self._calendar_by(moment)
        self._known = [*self._known, *due]
        self.waiting = self.waiting[len(due) :]
        self._ahead.clear()

    def issued(self, moment: dt.datetime) -> list[Notice]:
        """The first of the waiting notices, those that had been issued by a moment."""
        return list(takewhile(lambda notice: notice.issued_on <= moment.date(), self.waiting))

    def _calendar_by(self, moment: dt.datetime) -> Calendar:
        """The calendar with the notices issued by a moment: what a fact recorded then is decided by.

        They are adopted only with a fact that is recorded: a refused one leaves nothing behind.
        """
        issued = self.issued(moment)
        if len(issued) not in self._ahead:
            self._ahead[len(issued)] = Calendar.of([*self._known, *issued])
        return self._ahead[len(issued)]

    def add(self, event: NewEvent) -> int:
        """Put an event behind the others and give its position."""
        self._moved.add(event.stream)
        self.clock.tick(event.recorded_at)
        return self._append(event)

    def _append(self, event: NewEvent) -> int:
        self.pending.append(event)
        self.position += 1
        return self.position

    def scheme_year(self, scheme: str, year: int) -> archive.SchemeYear:
        """The scheme-year as it is now. Raises NotAdopted."""
        return self.memory.scheme_year(self.writing, scheme, year)

    def state(self, adopted: archive.SchemeYear, unit: str) -> UnitYear:
        """What is known of a unit-year, with what this write has recorded of it."""
        stream = archive.unit_stream(adopted.scheme, adopted.year, unit)
        if stream not in self.memory.units:
            self.memory.load(self.writing, adopted, (unit,))
        return self.memory.units[stream]

    def prepare(self, adopted: archive.SchemeYear, bodies: Sequence[Body]) -> None:
        """Read at once what deciding on some facts will ask for one by one: their numbers, their units."""
        wanted = {body["ref"] for body in bodies}.difference(self._fresh)
        found = self._under(list(wanted))
        self._fresh |= found
        self._absent = wanted.difference(found)
        named = {body["of"] for body in bodies if body["type"] in NAMING}.difference(wanted, self._fresh)
        self._named = dict.fromkeys(named) | self._under(list(named)) if named else {}
        units = {body["unit"] for body in bodies}
        self.memory.load(self.writing, adopted, sorted(units.intersection(adopted.units)))

    def record(self, adopted: archive.SchemeYear, body: Body) -> int | None:
        """Decide on one canonical fact; its position, or None where it is already recorded. Raises the refusal."""
        ref = body["ref"]
        stream, state = self._at_hand(adopted, body["unit"])
        before = self._fresh.get(ref)
        if before is None and ref not in self._absent:
            before = self.find(ref)
        if before is not None:
            _check_same(stream, body, *before)
            return None
        if "other_unit" in body:
            check_other_unit(adopted, body)
        if "recorded_at" in body:
            moment = self.clock.said(body["recorded_at"])
            body = {name: value for name, value in body.items() if name != "recorded_at"}
        else:
            moment = self.clock.now()
        notices_due = bool(self.waiting) and self.waiting[0].issued_on <= moment.date()
        calendar = self._calendar_by(moment) if notices_due else self.calendar
        try:
            about = self._about(stream, body) if body["type"] in NAMING else None
            decided = record(state, body, recorded_at=moment, calendar=calendar, about=about)
        except no.NothingToTakeBack:
            self._refuse_other_owner(body, stream)
            raise
        if notices_due:
            self.adopt_notices(moment)
        self.clock.tick(moment)
        position = self._append(NewEvent(stream, _EVENT_OF[body["type"]], decided, moment, ref))
        state.remember(decided)
        self._fresh[ref] = (stream, decided)
        return position

    def _about(self, stream: str, body: Body) -> Body | None:
        """The fact that a step or a piece of evidence names; None where there is none. Raises TargetOfOtherUnit."""
        of = body["of"]
        found = self._named[of] if of in self._named and of not in self._fresh else self.find(of)
        if found is not None and found[0] != stream:
            self._refuse_other_owner(body, stream)
        return found[1] if found is not None else None

    def _at_hand(self, adopted: archive.SchemeYear, unit: str) -> tuple[str, UnitYear]:
        """The stream and the state of a unit-year. Raises NoSuchUnit."""
        if adopted is not self._adopted:
            self._adopted, self._placed = adopted, {}
        found = self._placed.get(unit)
        if found is None:
            if unit not in adopted.units:
                raise self._no_such_unit(adopted, unit)
            stream = archive.unit_stream(adopted.scheme, adopted.year, unit)
            found = self._placed[unit] = (stream, self.state(adopted, unit))
        return found

    def _no_such_unit(self, adopted: archive.SchemeYear, unit: str) -> no.Refusal:
        """A unit that is not assessed; the nearest name is looked for once."""
        hint = self._hints.get(unit) or no.nearest(unit, adopted.units)
        self._hints[unit] = hint
        return no.NoSuchUnit(unit=unit, scheme=adopted.scheme, year=adopted.year, hint=hint)

    def find(self, ref: str) -> tuple[str, Body] | None:
        """The stream and body recorded under a number, in the log or by this write."""
        if ref in self._fresh:
            return self._fresh[ref]
        return None if ref in self._absent else self._under((ref,)).get(ref)

    def _under(self, refs: Sequence[str]) -> dict[str, tuple[str, Body]]:
        found = {ref: (event.stream, event.body) for ref, event in recorded_under(self.writing, refs).items()}
        return found | dict(self.elsewhere(refs)) if self.elsewhere is not None else found

    def hand_over(self) -> list[NewEvent]:
        """The events decided on since the last time, for whoever keeps them instead of this session."""
        handed, self.pending = self.pending, []
        self._fresh.clear()
        return handed

    def store(self, rows: Iterable[Written], streams: Iterable[str]) -> None:
        """Append what was decided on elsewhere to some streams, behind this session's lock."""
        if not isinstance(self.writing, Writing):
            msg = "a session on a snapshot stores nothing"
            raise TypeError(msg)
        self._moved.update(streams)
        self.writing.make_room()
        self.writing.write(rows)

    def drop(self) -> None:
        """Store nothing of what was decided."""
        self._moved |= {event.stream for event in self.pending}
        self.pending.clear()

    def end(self, head: Head) -> Memory:
        """The memory that was lent, for the next session: of a log that has come to `head`."""
        self.memory.forget(self._moved)
        self.memory.settle(head, len(self.pending))
        return self.memory

    def _refuse_other_owner(self, body: Body, stream: str) -> None:
        """A reversal of a fact of another unit-year says whose it is, and of which year where the unit is the same."""
        found = self.find(body["of"])
        if found is not None:
            scheme, year, unit = archive.parts_of(found[0])
            owner = unit if (scheme, year) == archive.parts_of(stream)[:2] else f"{unit} ({scheme}, {year})"
            raise no.TargetOfOtherUnit(of=body["of"], owner=owner, unit=body["unit"])


def _check_same(stream: str, body: Body, recorded_in: str, recorded: Body) -> None:
    """A number that has been used means the same fact. Raises DuplicateContent."""
    differing = differences(body, recorded) if recorded_in == stream else ["scheme, year or unit"]
    if differing:
        raise no.DuplicateContent(ref=body["ref"], differences=", ".join(differing))


def _looked(reader: Reader) -> Memory:
    memory = Memory()
    memory.look(reader)
    return memory


def check_other_unit(adopted: archive.SchemeYear, body: Body) -> None:
    """Another unit that a fact concerns is one of the same scheme-year, with the item on its form."""
    other, unit = body.get("other_unit"), body["unit"]
    if other is None:
        return
    hint = no.nearest(other, [name for name in adopted.units if name != unit])
    if other == unit:
        raise no.SameUnit(unit=unit, field="other_unit", scheme=adopted.scheme, hint=hint)
    if other not in adopted.units:
        raise no.NoSuchUnit(unit=other, scheme=adopted.scheme, year=adopted.year, hint=hint)
    item = adopted.edition.items.get(body["item"])
    if item is not None:
        check_form(item, unit=other, category=adopted.units[other])


class Told(NamedTuple):
    """A row that can be read: its number, its ref as it was written, its canonical form."""

    row: int
    ref: str
    body: Body


def read(number: int, fields: Mapping[str, Any], fault: Message | None) -> Told | RefusedRow:
    """A row as far as it can be judged by itself."""
    if fault is not None:
        return RefusedRow(number, None, "unreadable", fault)
    try:
        body = canonical(fields)
    except no.Refusal as refusal:
        return RefusedRow(number, _ref_of(fields), refusal.code, refusal.message)
    if body["type"] == EVIDENCE:  # an event without its file would be damage for ever
        first = FileFirst(ref=body["ref"], of=body["of"])
        return RefusedRow(number, _ref_of(fields), first.code, first.message)
    ref = fields["ref"]
    return Told(number, ref if type(ref) is str and len(ref) <= _REF_SHOWN else str(ref)[:_REF_SHOWN], body)


def check_ref(session: Session, ref: str) -> None:
    """A number that somebody gives is none of a scan's, unless it names what is recorded. Raises RefOfScans."""
    if ref.startswith(OF_SCANS) and session.find(ref) is None:
        raise no.RefOfScans(ref=ref)


def decide(session: Session, adopted: archive.SchemeYear, told: Told | RefusedRow) -> int | RefusedRow | None:
    """What becomes of a row: the position it is recorded at, None where it is there already, or why it is refused."""
    if isinstance(told, RefusedRow):
        return told
    try:
        check_ref(session, told.body["ref"])
        return session.record(adopted, told.body)
    except no.Refusal as refusal:
        return RefusedRow(told.row, told.ref, refusal.code, refusal.message)


def log_facts(
    session: Session,
    adopted: archive.SchemeYear,
    rows: Iterable[Row],
    *,
    skip_refused: bool,
    by_hand: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Logged:
    """Decide on every row; the session then holds what is to be appended (nothing, if a refusal spoils the whole).

    A fact logged by hand without a number of the office's own gets one; a file's rows must bring theirs.
    """
    recorded: list[tuple[str, int]] = []
    already: list[str] = []
    refused: list[RefusedRow] = []
    for done, told in enumerate(_by_hand(session, rows) if by_hand else _together(session, adopted, rows), 1):
        became = decide(session, adopted, told)
        if isinstance(became, RefusedRow):
            refused.append(became)
        elif isinstance(told, Told):
            if became is None:
                already.append(told.ref)
            else:
                recorded.append((told.ref, became))
        if progress is not None:
            progress(done)
    if refused and not skip_refused:
        session.drop()
        return Logged([], already, refused, stored=False)
    return Logged(recorded, already, refused, stored=bool(recorded))


def _together(session: Session, adopted: archive.SchemeYear, rows: Iterable[Row]) -> list[Told | RefusedRow]:
    """All rows of a file, and what deciding on them takes, read at once."""
    told = [read(row.number, row.fields or {}, row.fault) for row in rows]
    session.prepare(adopted, [each.body for each in told if isinstance(each, Told)])
    return told


def _by_hand(session: Session, rows: Iterable[Row]) -> Iterator[Told | RefusedRow]:
    """Rows one by one; each gets a number, where it has none, when its turn comes."""
    for row in rows:
        fields = dict(row.fields or {})
        if not fields.get("ref"):
            fields["ref"] = free_ref(session, f"hand-{session.position + 1}-")
        yield read(row.number, fields, row.fault)


def _ref_of(fields: Mapping[str, Any]) -> str | None:
    ref = fields.get("ref")
    return str(ref)[:_REF_SHOWN] if ref is not None else None


def free_ref(session: Session, stem: str) -> str:
    """The first number of the form stem1, stem2 … that is not taken."""
    return next(ref for number in count(1) if session.find(ref := f"{stem}{number}") is None)
