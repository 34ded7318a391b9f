"""Recording facts: read what is known behind the write lock, decide fact by fact, append once.

All or nothing, unless refused rows are to be skipped; a dry run decides the same and appends nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any, NamedTuple, Protocol

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body, canonical, differences
from gkevents.aggregates.pairing import check_form
from gkevents.aggregates.unit_year import UnitYear, record, restated, standing_reversal
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.app import archive
from gkevents.app.clock import Clock
from gkevents.calendar import Calendar, Notice
from gkevents.scoring.fact import REVERSALS
from gkevents.store.log import NewEvent, Writing
from gkevents.store.reading import facts_of
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


class Session:
    """One write to one scheme-year: the units' state as it grows, and the events decided on so far."""

    def __init__(self, writing: Writing, clock: Clock, published: Callable[[], Iterable[Notice]]) -> None:
        """Decide behind the write lock of `writing`; `published` gives the calendar notices this program brings."""
        self.writing = writing
        self.clock = clock
        self.pending: list[NewEvent] = []
        self.position = writing.head()[0]
        self._states: dict[str, UnitYear] = {}
        self._fresh: dict[str, tuple[str, Body]] = {}
        self._known = archive.notices(writing)
        self._waiting = _unadopted(published(), self._known)
        self._ahead: dict[int, Calendar] = {}
        self.calendar = Calendar.of(self._known)

    def adopt_notices(self, moment: dt.datetime) -> None:
        """Adopt the calendar notices that had been issued by a moment and are not in the log yet."""
        due = self._issued(moment)
        for notice in due:
            self._append(NewEvent(archive.CALENDAR_STREAM, NOTICE_ADOPTED, notice.to_dict(), moment))
        self.calendar = self._calendar_by(moment)
        self._known = [*self._known, *due]
        self._waiting = self._waiting[len(due) :]
        if due:
            self._ahead.clear()

    def _issued(self, moment: dt.datetime) -> list[Notice]:
        """The first of the waiting notices, those that had been issued by a moment."""
        return list(takewhile(lambda notice: notice.issued_on <= moment.date(), self._waiting))

    def _calendar_by(self, moment: dt.datetime) -> Calendar:
        """The calendar with the notices issued by a moment: what a fact recorded then is decided by.

        They are adopted only with a fact that is recorded: a refused one leaves nothing behind.
        """
        issued = self._issued(moment)
        if issued and len(issued) not in self._ahead:
            self._ahead[len(issued)] = Calendar.of([*self._known, *issued])
        return self._ahead[len(issued)] if issued else self.calendar

    def add(self, event: NewEvent) -> int:
        """Put an event behind the others and give its position."""
        self.clock.tick(event.recorded_at)
        return self._append(event)

    def _append(self, event: NewEvent) -> int:
        self.pending.append(event)
        self.position += 1
        return self.position

    def state(self, adopted: archive.SchemeYear, unit: str) -> UnitYear:
        """What is known of a unit-year, with what this write has added to it."""
        stream = archive.unit_stream(adopted.scheme, adopted.year, unit)
        if stream not in self._states:
            state = UnitYear(adopted.scheme, adopted.year, unit, adopted.units[unit], adopted.edition)
            for fact in facts_of(self.writing.stream(stream), self.writing.store):
                state.take(fact)
            self._states[stream] = state
        return self._states[stream]

    def record(self, adopted: archive.SchemeYear, body: Body) -> int | None:
        """Decide on one canonical fact; its position, or None where it is already recorded. Raises the refusal."""
        unit = body["unit"]
        if unit not in adopted.units:
            hint = no.nearest(unit, adopted.units)
            raise no.NoSuchUnit(unit=unit, scheme=adopted.scheme, year=adopted.year, hint=hint)
        stream = archive.unit_stream(adopted.scheme, adopted.year, unit)
        if self._already(stream, body):
            return None
        check_other_unit(adopted, body)
        moment = self.clock.said(body.get("recorded_at"))
        body = {name: value for name, value in body.items() if name != "recorded_at"}
        state = self.state(adopted, unit)
        try:
            decided = record(state, body, recorded_at=moment, calendar=self._calendar_by(moment))
        except no.NothingToTakeBack:
            self._refuse_other_owner(body, stream)
            raise
        self.adopt_notices(moment)
        position = self.add(NewEvent(stream, FACT_TYPES[body["type"]].event, decided, moment, body["ref"]))
        state.evolve(decided, position=position, recorded_at=moment.isoformat())
        self._fresh[body["ref"]] = (stream, decided)
        return position

    def find(self, ref: str) -> tuple[str, Body] | None:
        """The stream and body recorded under a number, in the log or by this write."""
        if ref in self._fresh:
            return self._fresh[ref]
        event = self.writing.by_ref(ref)
        return (event.stream, event.body) if event is not None else None

    def _already(self, stream: str, body: Body) -> bool:
        found = self.find(body["ref"])
        if found is None:
            return False
        differing = differences(body, found[1]) if found[0] == stream else ["scheme, year or unit"]
        if differing:
            raise no.DuplicateContent(ref=body["ref"], differences=", ".join(differing))
        return True

    def _refuse_other_owner(self, body: Body, stream: str) -> None:
        """A reversal of a fact of another unit-year says whose it is, and of which year where the unit is the same."""
        found = self.find(body["of"])
        if found is not None:
            scheme, year, unit = archive.parts_of(found[0])
            owner = unit if (scheme, year) == archive.parts_of(stream)[:2] else f"{unit} ({scheme}, {year})"
            raise no.TargetOfOtherUnit(of=body["of"], owner=owner, unit=body["unit"])


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


def _unadopted(published: Iterable[Notice], known: list[Notice]) -> list[Notice]:
    digests = {notice.digest for notice in known}
    fresh = [notice for notice in published if notice.digest not in digests]
    return sorted(fresh, key=lambda notice: notice.issued_on)


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
    for done, row in enumerate(rows, 1):
        fields = dict(row.fields or {})
        if by_hand and not fields.get("ref"):
            fields["ref"] = free_ref(session, f"hand-{session.position + 1}-")
        try:
            if row.fault is not None:
                refused.append(RefusedRow(row.number, None, "unreadable", row.fault))
                continue
            body = canonical(fields)
            position = session.record(adopted, body)
        except no.Refusal as refusal:
            refused.append(RefusedRow(row.number, _ref_of(fields), refusal.code, refusal.message))
        else:
            if position is None:
                already.append(_ref_of(fields) or body["ref"])
            else:
                recorded.append((_ref_of(fields) or body["ref"], position))
        if progress is not None:
            progress(done)
    if refused and not skip_refused:
        session.pending.clear()
        return Logged([], already, refused, stored=False)
    return Logged(recorded, already, refused, stored=bool(recorded))


def _ref_of(fields: Mapping[str, Any]) -> str | None:
    ref = fields.get("ref")
    return str(ref)[:200] if ref is not None else None


class Corrected(NamedTuple):
    """A correction: the retraction and the fact logged anew, each (ref, position)."""

    retraction: tuple[str, int]
    fact: tuple[str, int]
    scheme: str
    year: int


def correct(session: Session, ref: str, *, reason: str, changes: Mapping[str, str]) -> Corrected:
    """Take a fact back and record it anew with changes, in one write. Raises the refusal that stands in the way."""
    found = session.find(ref)
    if found is None or found[0] == archive.CALENDAR_STREAM:
        raise no.NothingToTakeBack(of=ref, hint="")
    stream, body = found
    scheme, year, unit = archive.parts_of(stream)
    adopted = archive.scheme_year(session.writing, scheme, year)
    state = session.state(adopted, unit)
    by = standing_reversal(state.reversals, ref) if body["type"] not in REVERSALS else None
    if by is not None:
        raise no.AlreadyTakenBack(of=ref, by=by.ref)
    anew = canonical(restated(body, dict(changes), ref=free_ref(session, f"{ref}-c")))
    today = session.clock.now()
    retraction = canonical(
        {"ref": free_ref(session, f"{ref}-r"), "type": "retraction", "unit": unit, "of": ref,
         "effective_on": today.date().isoformat(), "reason": reason},
    )  # fmt: skip
    first, second = session.record(adopted, retraction), session.record(adopted, anew)
    if first is None or second is None:
        raise no.DuplicateContent(ref=anew["ref"], differences="ref")
    return Corrected((retraction["ref"], first), (anew["ref"], second), scheme, year)


def free_ref(session: Session, stem: str) -> str:
    """The first number of the form stem1, stem2 … that is not taken."""
    number = 1
    while session.find(f"{stem}{number}") is not None:
        number += 1
    return f"{stem}{number}"
