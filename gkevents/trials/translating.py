"""One unit's log as a draft would have taken it: each fact on the code it leads to, or the refusal it would have met.

Limits that an item gave are given anew by the draft's item; those said with the fact, and those of earlier years, stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body
from gkevents.aggregates.fitting import check_fields
from gkevents.aggregates.pairing import Rule, item_or_rule, taken_by
from gkevents.aggregates.unit_year import own_limit
from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import limit_parts
from gkevents.scoring.fact import ANSWERS, FRAUD, LIMIT_FACTS, OPENINGS, REVERSALS, Fact
from gkevents.scoring.limits import day_after, due_of, end_of_limit, is_after
from gkevents.scoring.unit import UnitLog
from gkevents.scoring.view import reversed_facts
from gkevents.terms import microseconds
from gkevents.trials.mapping import Lead, Way
from gkevents.words import N_, Message, message

Refused = tuple[Fact, no.Refusal]
_ITEM: Final = Fact._fields.index("item")
_NEVER_ASKED: Final = frozenset({
    *("ref", "unit", "effective_on", "effective_at", "key", "due", "calendar", "problem"),
    *("recorded_by", "note"),
})  # fmt: skip
"""What is not asked for where a fact goes."""

_ASKED_WHETHER: Final = frozenset({"matter", "source", "reason"})
"""Of these it is asked only whether they are there."""


class LeadsNowhere(no.Refusal):
    """Nothing in the draft answers to a code, or somebody said so."""

    code = "leads-nowhere"
    template = N_("{item} leads to nothing in {scheme}. If it should, say where: --map {item}=CODE")


class Record(NamedTuple):
    """What is recorded of a unit: its log, and each fact as it was written, by ref."""

    log: UnitLog
    bodies: Mapping[str, Body]


class Unmapped(NamedTuple):
    """A fact that stands and that the draft does not take, and why."""

    ref: str
    unit: str
    item: str | None
    code: str
    message: Message


class Translator:
    """Makes the logs of units on one form to those of units on a form of the draft."""

    def __init__(self, draft: Edition, way: Way, *, category: str, calendar: Calendar, until: dt.date) -> None:
        """`until`: the last day on which a limit could be seen to have run out."""
        self.draft = draft
        self.way = way
        self.category = category
        self.calendar = calendar
        self.until = until
        self.seen: dict[str, None] = {}
        self._codes = frozenset(draft.codes)
        self._refusals: dict[tuple[str, str, str], no.Refusal] = {}
        self._places: dict[tuple[object, ...], tuple[str, Rule]] = {}

    def translate(self, record: Record) -> tuple[UnitLog, list[Unmapped]]:
        """One unit's log as the draft would have taken it, and the facts that do not map and were not taken back."""
        log, kept, refused = record.log, dict[str, Fact](), list[tuple[Fact, no.Refusal]]()
        gone: dict[str, Fact] = {}
        for fact in log.facts:
            if (fact.type in REVERSALS or fact.scanned) and fact.of in gone:
                gone[fact.ref] = fact
                continue
            try:
                kept[fact.ref] = self._taken(fact, record.bodies[fact.ref], log)
            except no.Refusal as refusal:
                gone[fact.ref] = fact
                refused.append((fact, refusal))
        taken_back = reversed_facts(log.facts) if refused else {}
        earlier, overrun = self._earlier(log)
        unmapped = [
            Unmapped(fact.ref, log.unit, fact.item, refusal.code, refusal.message)
            for fact, refusal in [*refused, *overrun]
            if fact.ref not in taken_back
        ]
        facts = self._rescanned(kept, _unanswerable(kept.values(), gone.values()))
        return UnitLog(log.unit, self.category, log.year, facts, earlier), unmapped

    def _taken(self, fact: Fact, body: Body, log: UnitLog) -> Fact:
        """A fact as the draft takes it. Raises the refusal that it would have met."""
        if fact.item is None:
            if fact.type == FRAUD and self.draft.zero_out is None:
                raise no.NoZeroOut(scheme=self.draft.scheme)
            return fact
        to, rule = self._place(fact.item, body, log)
        taken = fact if to == fact.item else Fact._make((*fact[:_ITEM], to, *fact[_ITEM + 1 :]))
        if fact.type in OPENINGS and body.get("own_limit"):
            return self._limited(taken, own_limit(rule))
        return taken

    def _place(self, code: str, body: Body, log: UnitLog) -> tuple[str, Rule]:
        """Where a fact goes and what takes it there; facts that differ in nothing that matters are asked about once.

        Raises the refusal that it would have met.
        """
        alike = _alike(body)
        if alike in self._places:
            return self._places[alike]
        to = self._to(code, body["type"], log.unit)
        moved = body if to == code else {**body, "item": to}
        rule = item_or_rule(self.draft, moved, unit=log.unit, category=self.category)
        check_fields(self.draft, rule, moved, year=log.year)
        self._places[alike] = to, rule
        return to, rule

    def _to(self, code: str, kind: str, unit: str) -> str:
        """The code that a fact of some type goes to. Raises the refusal that says why there is none."""
        self.seen.setdefault(code)
        lead = self.way.lead(code)
        if lead.to is not None:
            return lead.to
        key = (code, kind, unit)
        if key not in self._refusals:
            self._refusals[key] = self._nowhere(lead, kind, unit)
        raise self._refusals[key]

    def _nowhere(self, lead: Lead, kind: str, unit: str) -> no.Refusal:
        """Why a code leads nowhere, and what to say if it should."""
        if lead.how != "given" and lead.code not in self._codes:
            hint = message(N_("If it has one by another code, say so: --map {item}=CODE"), item=lead.code)
            return no.NoSuchItem(scheme=self.draft.scheme, item=lead.code, hint=hint)
        try:
            item_or_rule(self.draft, {"type": kind, "item": lead.code}, unit=unit, category=self.category)
        except no.Refusal as refusal:
            if lead.how != "given":
                return refusal
        return LeadsNowhere(item=lead.code, scheme=self.draft.scheme)

    def _limited(self, opening: Fact, limit: str | None) -> Fact:
        """A limit that its item gave, as the draft's item gives it."""
        if limit is None:
            raise no.LimitNeeded(item=opening.item)
        unit, amount = limit_parts(limit)
        if unit == "hours" and opening.at is None:
            raise no.InstantNeeded
        if isinstance(amount, dt.date) and amount < opening.day:
            raise no.LimitEndsBeforeStart(due=amount, day=opening.day)
        due = end_of_limit(opening.day, opening.at, limit, self.calendar)
        return opening._replace(limit=limit, due=due, calendar=self.calendar.digest)

    def _rescanned(self, kept: Mapping[str, Fact], dropped: frozenset[str]) -> tuple[Fact, ...]:
        """The facts kept; a miss found by a scan moves with its limit, as a scan on the newest day would find it."""
        facts = []
        for ref, fact in kept.items():
            if ref in dropped:
                continue
            opening = kept.get(fact.of or "") if fact.scanned else None
            due = due_of(opening, self.calendar) if opening is not None else None
            if due is None or is_after(due, fact):
                facts.append(fact)
            elif day_after(due) <= self.until:
                facts.append(fact._replace(day=day_after(due), when=microseconds(day_after(due)), at=None))
        return tuple(facts)

    def _earlier(self, log: UnitLog) -> tuple[tuple[tuple[int, Sequence[Fact]], ...], list[Refused]]:
        """Limits of earlier years, as given then, on the draft's codes; and those due this year that do not map."""
        years, overrun = [], []
        for year, facts in log.earlier:
            kept = []
            for fact in facts:
                lead = self.way.lead(fact.item) if fact.item is not None else None
                if lead is None or fact.type not in LIMIT_FACTS:
                    kept.append(fact)
                elif (
                    lead.to is not None and lead.to in self.way.draft and fact.type in taken_by(self.way.draft[lead.to])
                ):
                    kept.append(fact._replace(item=lead.to))
                elif self._ends_in(fact, log.year):
                    overrun.append((fact, self._nowhere(lead, fact.type, log.unit)))
            years.append((year, tuple(kept)))
        return tuple(years), overrun

    def _ends_in(self, fact: Fact, year: int) -> bool:
        due = due_of(fact, self.calendar) if fact.type in OPENINGS else None
        return due is not None and day_after(due).year == year


def _alike(body: Body) -> tuple[object, ...]:
    """What facts that go to the same place have in common."""
    return tuple(
        [name if name in _ASKED_WHETHER else (name, said) for name, said in body.items() if name not in _NEVER_ASKED]
    )


def _unanswerable(kept: Iterable[Fact], gone: Iterable[Fact]) -> frozenset[str]:
    """The answers that answer nothing any more, because what they answered does not map."""
    lost = {fact.key for fact in gone if fact.key is not None}
    if not lost:
        return frozenset()
    facts = list(kept)
    lost -= {fact.key for fact in facts if fact.type not in ANSWERS}
    return frozenset(fact.ref for fact in facts if fact.type in ANSWERS and fact.key in lost)
