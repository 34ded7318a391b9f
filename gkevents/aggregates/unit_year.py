"""The yearly aggregate of one unit under one scheme: what it knows, and whether a new fact may be recorded.

`record` is a pure decision: (state, fact, clock, calendar) -> the body of an event, or a refusal. It never says what a
fact is worth: a later edition may price it otherwise, but may not change what was recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body, as_written
from gkevents.aggregates.fitting import check_fields
from gkevents.aggregates.pairing import Rule, item_or_rule, pricings_of
from gkevents.aggregates.stored import due_text, fact_of
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item, limit_parts
from gkevents.scoring.fact import ANSWERS, DECISIONS, FIGURES, MISSES, OPENINGS, RETRACTION, REVERSALS, RULING, Fact
from gkevents.scoring.limits import day_after, due_of, end_of_limit, in_time, is_after
from gkevents.scoring.view import reversed_facts
from gkevents.terms import microseconds
from gkevents.words import N_, message


@dataclass
class UnitYear:
    """What one unit-year knows: its form, and every fact recorded against it, in log order."""

    scheme: str
    year: int
    unit: str
    category: str
    edition: Edition
    facts: list[Fact] = field(default_factory=list)
    by_ref: dict[str, Fact] = field(default_factory=dict)
    openings: dict[str, list[Fact]] = field(default_factory=dict)
    reversals: list[Fact] = field(default_factory=list)

    def evolve(self, body: Body, *, position: int, recorded_at: str) -> None:
        """Take in a recorded event. Never refuses: what is recorded is recorded."""
        self.take(fact_of(body, position=position, recorded_at=recorded_at))

    def take(self, fact: Fact) -> None:
        """Take in a recorded fact."""
        self.facts.append(fact)
        self.by_ref[fact.ref] = fact
        if fact.type in OPENINGS and fact.key is not None:
            self.openings.setdefault(fact.key, []).append(fact)
        if fact.type in REVERSALS:
            self.reversals.append(fact)

    def opened(self, key: str) -> list[Fact]:
        """The facts that opened a limit under a key and stand: one an item."""
        if key not in self.openings:
            return []
        taken_back = reversed_facts(self.reversals)
        return [fact for fact in self.openings[key] if fact.ref not in taken_back]

    def opening(self, key: str, item: str | None = None) -> Fact | None:
        """The fact that opened a limit and stands, on an item or on any; None where no such limit is open."""
        return next((fact for fact in self.opened(key) if item is None or fact.item == item), None)


def record(state: UnitYear, body: Body, *, recorded_at: dt.datetime, calendar: Calendar) -> Body:
    """The event body that records a canonical fact, with what the store adds to it; or the refusal that says why not.

    Guards in the order of `refusals`: the item, what it takes, the fields, the dates, the limit or the target.
    """
    kind = FACT_TYPES[body["type"]]
    rule = None
    if "item" in body:
        rule = item_or_rule(state.edition, body, unit=state.unit, category=state.category)
    if kind.name == "fraud" and state.edition.zero_out is None:
        raise no.NoZeroOut(scheme=state.scheme)
    if rule is not None:
        check_fields(state.edition, rule, body, year=state.year)
    fact = fact_of(body, position=0, recorded_at="")
    _check_dates(state, fact, recorded_at, calendar=calendar)
    if kind.name in OPENINGS:
        return _opened(state, body, fact, rule, calendar)
    if kind.name in ANSWERS:
        _check_answer(state, fact, calendar)
    if kind.name in MISSES and fact.key is not None:
        _check_miss(state, fact, calendar)
    if kind.name in REVERSALS:
        _check_reversal(state, fact)
    return body


def _check_dates(state: UnitYear, fact: Fact, recorded_at: dt.datetime, *, calendar: Calendar) -> None:
    """A fact is not of the future; a happening lies in its year, a decision not before it; a figure on any day."""
    said = fact.at.isoformat() if fact.at is not None else fact.day.isoformat()
    if fact.day > recorded_at.date() or (fact.at is not None and fact.at > recorded_at):
        raise no.InTheFuture(day=said, recorded_at=recorded_at.isoformat(timespec="minutes"))
    if fact.type in FIGURES or fact.type in REVERSALS or fact.day.year == state.year:
        return
    if fact.type in DECISIONS:
        if fact.day.year < state.year:
            raise no.BeforeYear(day=said, year=state.year)
        return
    if fact.type in MISSES and _runs_over(state, fact, calendar):
        return
    raise no.OutsideYear(day=said, year=state.year)


def _runs_over(state: UnitYear, miss: Fact, calendar: Calendar) -> bool:
    """Whether a miss dated after the year belongs to a limit opened in it that runs out after its end."""
    opening = state.opening(miss.key, miss.item) if miss.key is not None else None
    due = due_of(opening, calendar) if opening is not None else None
    return due is not None and day_after(due).year > state.year


def _opened(state: UnitYear, body: Body, fact: Fact, rule: Rule | None, calendar: Calendar) -> Body:
    """The event of an opened limit: with its limit as it holds, the end worked out now, and the calendar used."""
    standing = state.opening(body["key"], body["item"])
    if standing is not None:
        raise no.KeyTaken(key=body["key"], item=body["item"], ref=standing.ref)
    own = {} if "limit" in body else {"own_limit": True}
    limit = body.get("limit") or own_limit(rule)
    if limit is None:
        raise no.LimitNeeded(item=body["item"])
    unit, amount = limit_parts(limit)
    if unit == "hours" and fact.at is None:
        raise no.InstantNeeded
    if isinstance(amount, dt.date) and amount < fact.day:
        raise no.LimitEndsBeforeStart(due=amount, day=fact.day)
    due = end_of_limit(fact.day, fact.at, limit, calendar)
    return {**body, "limit": limit, **own, "due": due_text(due), "calendar": calendar.digest}


def own_limit(rule: Rule | None) -> str | None:
    """The one limit that an item or ± rule states: priced, or else advised; None where it states none or several."""
    priced = [pricing.limit for pricing in pricings_of(rule) if pricing.limit is not None] if rule is not None else []
    stated = list(dict.fromkeys(priced))
    if not stated and isinstance(rule, Item):
        stated = [advice.get("limit") or advice["by"] for advice in rule.advice if {"limit", "by"} & set(advice)]
    return stated[0] if len(stated) == 1 else None


def _check_answer(state: UnitYear, answer: Fact, calendar: Calendar) -> None:
    openings = state.opened(answer.key or "")
    if not openings and not _missed_by_hand(state, answer.key):
        raise no.KeyUnknown(key=answer.key, hint=no.nearest(answer.key or "", state.openings) if state.openings else "")
    for opening in openings:
        due = due_of(opening, calendar)
        if isinstance(due, dt.datetime) and answer.at is None:
            raise no.InstantNeeded
        start = opening.when if answer.at is not None else microseconds(opening.day)
        if answer.when < start:
            raise no.AnswerBeforeStart(key=answer.key, opened=opening.at or opening.day, day=answer.at or answer.day)


def _missed_by_hand(state: UnitYear, key: str | None) -> bool:
    """Whether a miss was recorded under a key without its opening: an answer may still say justified or serious."""
    return any(fact.key == key and fact.type in MISSES for fact in state.facts)


def _check_miss(state: UnitYear, miss: Fact, calendar: Calendar) -> None:
    """A miss said by hand must lie after the limit it names, on the item that opened it."""
    opening = state.opening(miss.key or "", miss.item) or state.opening(miss.key or "")
    if opening is None:
        return
    if opening.item != miss.item:
        raise no.OtherItem(key=miss.key, item=opening.item, other=miss.item)
    due = due_of(opening, calendar)
    if due is not None and not is_after(due, miss):
        raise no.NotYetMissed(key=miss.key, due=due_text(due), day=miss.at or miss.day)


def _check_reversal(state: UnitYear, reversal: Fact) -> None:
    target = state.by_ref.get(reversal.of or "")
    if target is None:
        hint = no.nearest(reversal.of or "", state.by_ref) if state.by_ref else ""
        raise no.NothingToTakeBack(of=reversal.of, hint=hint)
    if reversal.type == RULING and target.type in REVERSALS:
        raise no.CannotBeRuled(of=target.ref)
    by = standing_reversal(state.reversals, target.ref, reversal.type)
    if by is not None:
        raise no.AlreadyTakenBack(of=target.ref, by=by.ref)
    if target.type in REVERSALS:
        _check_restored(state, reversal)


def _check_restored(state: UnitYear, reversal: Fact) -> None:
    """What stands again once a reversal is taken back must not be a limit whose key and item were opened anew since."""
    before, after = reversed_facts(state.reversals), reversed_facts([*state.reversals, reversal])
    for fact in (state.by_ref[ref] for ref in before if ref not in after):
        anew = state.opening(fact.key or "", fact.item) if fact.type in OPENINGS else None
        if anew is not None:
            raise no.KeyTaken(key=fact.key, item=fact.item, ref=anew.ref)


def standing_reversal(reversals: Sequence[Fact], ref: str, kind: str = RETRACTION) -> Fact | None:
    """The standing retraction (or ruling) of a fact among reversals in log order; one of each kind may stand."""
    taken_back = reversed_facts(reversals)
    return next(
        (fact for fact in reversals if fact.type == kind and fact.of == ref and fact.ref not in taken_back), None
    )


def missed_limits(state: UnitYear, *, as_of: dt.date, calendar: Calendar) -> list[Body]:
    """The misses a scan records: limits that ended before the end of `as_of`, unanswered in time as far as is known.

    A miss that was recorded of the same limit before is not recorded again, whether it stands or has been taken back.
    """
    taken_back = reversed_facts(state.facts)
    by_key: dict[str | None, list[Fact]] = {}
    for fact in state.facts:
        if fact.type in MISSES or (fact.type in ANSWERS and fact.ref not in taken_back):
            by_key.setdefault(fact.key, []).append(fact)
    found: list[Body] = []
    for opening in _limits_open(state, taken_back):
        due = due_of(opening, calendar)
        if due is None or day_after(due) > as_of:
            continue
        if not any(_settles(opening, due, fact) for fact in by_key.get(opening.key, ())):
            found.append(_miss(opening, due))
    return found


def _limits_open(state: UnitYear, taken_back: Mapping[str, Fact]) -> list[Fact]:
    """The standing facts that opened a limit, the first of each key and item."""
    first: dict[tuple[str | None, str | None], Fact] = {}
    for openings in state.openings.values():
        for opening in openings:
            if opening.ref not in taken_back:
                first.setdefault((opening.key, opening.item), opening)
    return list(first.values())


def _settles(opening: Fact, due: dt.date | dt.datetime, fact: Fact) -> bool:
    """Whether an answer or a miss of the limit's key leaves a scan nothing to record.

    A scan's miss speaks only for the opening it was scanned from: the key may have been opened anew since.
    """
    if fact.type in ANSWERS:
        return in_time(due, fact)
    return fact.item == opening.item and is_after(due, fact) and (not fact.scanned or fact.of == opening.ref)


def _miss(opening: Fact, due: dt.date | dt.datetime) -> Body:
    kind = "reply-timeout" if opening.type == "netizen-message" else "deadline-missed"
    return {
        "ref": f"scan:{opening.ref}:{due_text(due)}",
        "type": kind,
        "unit": "",
        "effective_on": day_after(due).isoformat(),
        "item": opening.item,
        "key": opening.key,
        "of": opening.ref,
        "scanned": True,
    }


def restated(fact: Body, changes: Body, *, ref: str) -> Body:
    """A fact written anew with some fields changed, under a number of its own; what the store had added is dropped."""
    if fact["type"] in REVERSALS:
        raise no.CannotCorrect(ref=fact["ref"], why=message(N_("it is a retraction or ruling; take it back instead")))
    kept = as_written(fact)
    if "effective_at" in changes:
        kept.pop("effective_on", None)
    if "effective_on" in changes:
        kept.pop("effective_at", None)
    return {**kept, **changes, "ref": changes.get("ref", ref)}
