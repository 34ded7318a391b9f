"""The yearly aggregate of one unit under one scheme: what it knows, and whether a new fact may be recorded.

`record` is a pure decision: (state, fact, clock, calendar) -> the body of an event, or a refusal. It never says what a
fact is worth: a later edition may price it otherwise, but may not change what was recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body, as_written
from gkevents.aggregates.fitting import check_fields, told
from gkevents.aggregates.pairing import Rule, item_or_rule, pricings_of
from gkevents.aggregates.reversals import Reversals
from gkevents.aggregates.stored import DAYS, DUES, INSTANTS, Moment, due_text, fact_of
from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item, limit_parts
from gkevents.scoring.fact import (
    ANSWERS,
    DECISIONS,
    FIGURES,
    FRAUD,
    LIMIT_FACTS,
    MISSES,
    OPENINGS,
    REVERSALS,
    RULING,
    Fact,
)
from gkevents.scoring.limits import day_after, due_of, end_of_limit, in_time, is_after
from gkevents.scoring.view import reversed_facts
from gkevents.terms import microseconds
from gkevents.words import N_, message

Fits = dict[tuple[Any, ...], "Rule | None"]
"""The rule of an item that takes a fact, by all that this depends on (see `fitting.told`); only what passed is kept."""

_LOOKED_INTO: Final = LIMIT_FACTS | REVERSALS
"""What later decisions look into; of any other fact they need its number and type alone."""
_FITS_MOST: Final = 20_000


@dataclass
class UnitYear:
    """What one unit-year knows: its form, and what was recorded against it as far as decisions look at it.

    `types`: every fact by its ref. `facts`: all of them whole, in log order, where they were taken in whole (`evolve`);
    `remember` keeps of most facts their type alone. `fits` may be shared by the unit-years of one edition and year.
    """

    scheme: str
    year: int
    unit: str
    category: str
    edition: Edition
    fits: Fits = field(default_factory=dict, repr=False)
    facts: list[Fact] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    by_ref: dict[str, Fact] = field(default_factory=dict)
    openings: dict[str, list[Fact]] = field(default_factory=dict)
    settling: dict[str | None, list[Fact]] = field(default_factory=dict)
    """The answers and misses by their key, in log order."""
    reversals: Reversals = field(default_factory=Reversals)

    def evolve(self, body: Body, *, position: int, recorded_at: str) -> None:
        """Take in a recorded event whole. Never refuses: what is recorded is recorded."""
        fact = fact_of(body, position=position, recorded_at=recorded_at)
        self.facts.append(fact)
        self._know(fact)

    def remember(self, body: Body) -> None:
        """Take in a recorded event, as far as decisions look at it."""
        if body["type"] in _LOOKED_INTO:
            self._know(_looked_into(body))
        else:
            self.types[body["ref"]] = body["type"]

    def _know(self, fact: Fact) -> None:
        self.types[fact.ref] = fact.type
        if fact.type not in _LOOKED_INTO:
            return
        self.by_ref[fact.ref] = fact
        if fact.type in REVERSALS:
            self.reversals.take(fact)
        elif fact.type not in OPENINGS:
            self.settling.setdefault(fact.key, []).append(fact)
        else:
            self.openings.setdefault(fact.key or "", []).append(fact)

    def opened(self, key: str) -> list[Fact]:
        """The facts that opened a limit under a key and stand: one an item."""
        return [fact for fact in self.openings.get(key, ()) if fact.ref not in self.reversals.taken_back]

    def opening(self, key: str, item: str | None = None) -> Fact | None:
        """The fact that opened a limit and stands, on an item or on any; None where no such limit is open."""
        return next((fact for fact in self.opened(key) if item is None or fact.item == item), None)


def record(state: UnitYear, body: Body, *, recorded_at: dt.datetime, calendar: Calendar) -> Body:
    """The event body that records a canonical fact, with what the store adds to it; or the refusal that says why not.

    Guards in the order of `refusals`: the item, what it takes, the fields, the dates, the limit or the target.
    """
    rule = _fitting(state, body)
    moment = _moment_of(body)
    _check_dates(state, body, moment, recorded_at, calendar=calendar)
    kind = body["type"]
    if kind not in _LOOKED_INTO:
        return body
    fact = _looked_into(body)
    if kind in OPENINGS:
        return _opened(state, body, fact, rule, calendar)
    if kind in ANSWERS:
        _check_answer(state, fact, calendar)
    if kind in MISSES and fact.key is not None:
        _check_miss(state, fact, calendar)
    if kind in REVERSALS:
        _check_reversal(state, fact)
    return body


def _moment_of(body: Body) -> Moment:
    return INSTANTS[body["effective_at"]] if "effective_at" in body else DAYS[body["effective_on"]]


def _looked_into(body: Body) -> Fact:
    """A fact as far as decisions look into it: when it happened, which limit or which fact it is about."""
    day, when, at = _moment_of(body)
    get = body.get
    return Fact(
        position=0, ref=body["ref"], type=body["type"], day=day, when=when, at=at, item=get("item"), key=get("key"),
        limit=get("limit"), due=DUES[get("due")], calendar=get("calendar"), scanned=get("scanned", False), of=get("of"),
    )  # fmt: skip


def _fitting(state: UnitYear, body: Body) -> Rule | None:
    """The rule a fact names, where it takes the fact with these fields; None where the fact names none."""
    known = (state.category, told(body))
    try:
        return state.fits[known]
    except KeyError:
        pass
    rule = None
    if "item" in body:
        rule = item_or_rule(state.edition, body, unit=state.unit, category=state.category)
    if body["type"] == FRAUD and state.edition.zero_out is None:
        raise no.NoZeroOut(scheme=state.scheme)
    if rule is not None:
        check_fields(state.edition, rule, body, year=state.year)
    if len(state.fits) >= _FITS_MOST:
        state.fits.clear()
    state.fits[known] = rule
    return rule


def _check_dates(state: UnitYear, body: Body, moment: Moment, recorded_at: dt.datetime, *, calendar: Calendar) -> None:
    """A fact is not of the future; a happening lies in its year, a decision not before it; a figure on any day."""
    day, _, at = moment
    if day > recorded_at.date() or (at is not None and at > recorded_at):
        raise no.InTheFuture(day=_said(moment), recorded_at=recorded_at.isoformat(timespec="minutes"))
    kind = body["type"]
    if day.year == state.year or kind in FIGURES or kind in REVERSALS:
        return
    if kind in DECISIONS:
        if day.year < state.year:
            raise no.BeforeYear(day=_said(moment), year=state.year)
        return
    if kind in MISSES and _runs_over(state, body, calendar):
        return
    raise no.OutsideYear(day=_said(moment), year=state.year)


def _said(moment: Moment) -> str:
    return moment.at.isoformat() if moment.at is not None else moment.day.isoformat()


def _runs_over(state: UnitYear, miss: Body, calendar: Calendar) -> bool:
    """Whether a miss dated after the year belongs to a limit opened in it that runs out after its end."""
    opening = state.opening(miss["key"], miss["item"]) if "key" in miss else None
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
    return any(fact.type in MISSES for fact in state.settling.get(key, ()))


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
    of = reversal.of or ""
    target = state.types.get(of)
    if target is None:
        hint = no.nearest(of, state.types) if state.types else ""
        raise no.NothingToTakeBack(of=reversal.of, hint=hint)
    if reversal.type == RULING and target in REVERSALS:
        raise no.CannotBeRuled(of=of)
    by = state.reversals.standing(of, reversal.type)
    if by is not None:
        raise no.AlreadyTakenBack(of=of, by=by.ref)
    if target in REVERSALS:
        _check_restored(state, reversal)


def _check_restored(state: UnitYear, reversal: Fact) -> None:
    """What stands again once a reversal is taken back must not be a limit whose key and item were opened anew since."""
    before, after = state.reversals.taken_back, reversed_facts([*state.reversals, reversal])
    for ref in before:
        fact = state.by_ref.get(ref) if ref not in after else None
        anew = state.opening(fact.key or "", fact.item) if fact is not None and fact.type in OPENINGS else None
        if fact is not None and anew is not None:
            raise no.KeyTaken(key=fact.key, item=fact.item, ref=anew.ref)


def missed_limits(state: UnitYear, *, as_of: dt.date, calendar: Calendar) -> list[Body]:
    """The misses a scan records: limits that ended before the end of `as_of`, unanswered in time as far as is known.

    A miss that was recorded of the same limit before is not recorded again, whether it stands or has been taken back.
    """
    taken_back = reversed_facts(list(state.by_ref.values()))
    found: list[Body] = []
    for opening in _limits_open(state, taken_back):
        due = due_of(opening, calendar)
        if due is None or day_after(due) > as_of:
            continue
        told_of = [fact for fact in state.settling.get(opening.key, ()) if _speaks(fact, taken_back)]
        if not any(_settles(opening, due, fact) for fact in told_of):
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


def _speaks(fact: Fact, taken_back: Mapping[str, Fact]) -> bool:
    """Whether a scan hears an answer or miss: an answer that was taken back says nothing, a miss does all the same."""
    return fact.type in MISSES or fact.ref not in taken_back


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
