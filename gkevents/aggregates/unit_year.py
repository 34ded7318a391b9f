"""The yearly aggregate of one unit under one scheme: what it knows, and whether a new fact may be recorded.

`record` is a pure decision: (state, fact, clock, calendar) -> the body of an event, or a refusal. It never says what a
fact is worth: a later edition may price it otherwise, but may not change what was recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.cases import OPEN_CASES, Case, check_step, in_order
from gkevents.aggregates.facts import Body
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
    EVIDENCE,
    FIGURES,
    FRAUD,
    LIMIT_FACTS,
    MISSES,
    OPENINGS,
    ORDERED,
    REPORTED,
    REVERSALS,
    RULING,
    STEPS,
    Fact,
)
from gkevents.scoring.limits import day_after, due_of, end_of_limit, is_after
from gkevents.scoring.view import reversed_facts
from gkevents.terms import microseconds
from gkevents.words import Message

Fits = dict[tuple[Any, ...], "Rule | None"]
"""The rule of an item that takes a fact, by all that this depends on (see `fitting.told`); only what passed is kept."""

_LOOKED_INTO: Final = LIMIT_FACTS | REVERSALS | STEPS
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
    rules: CaseRules = NO_RULES
    fits: Fits = field(default_factory=dict, repr=False)
    facts: list[Fact] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    by_ref: dict[str, Fact] = field(default_factory=dict)
    openings: dict[str, list[Fact]] = field(default_factory=dict)
    settling: dict[str | None, list[Fact]] = field(default_factory=dict)
    """The answers and misses by their key, in log order."""
    steps: dict[str, list[Fact]] = field(default_factory=dict)
    """The steps of each case, by the ref of the fact that opened it, in log order."""
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
        if fact.type in STEPS:
            self.steps.setdefault(fact.of or "", []).append(fact)
        if fact.type in ANSWERS | MISSES:
            self.settling.setdefault(fact.key, []).append(fact)
        elif fact.type in OPENINGS and not (fact.type == ORDERED and fact.key is None):
            self.openings.setdefault(fact.key or "", []).append(fact)

    def opened(self, key: str) -> list[Fact]:
        """The facts that opened a limit under a key and stand: one an item."""
        return [fact for fact in self.openings.get(key, ()) if not self.is_gone(fact.ref)]

    def is_gone(self, ref: str) -> bool:
        """Whether a fact has been taken back, or falls with what it is about: a scan's miss, an order's, a step."""
        if ref in self.reversals.taken_back:
            return True
        fact = self.by_ref.get(ref)
        if fact is None or fact.type in REVERSALS:
            return False
        order = self.by_ref.get(fact.key or "") if fact.type in MISSES else None
        if order is not None and order.type == ORDERED and self.is_gone(order.ref):
            return True
        return fact.of is not None and self.is_gone(fact.of)

    def standing_steps(self, of: str, *, taken_back: Container[str] | None = None) -> list[Fact]:
        """The steps of a case that stand, in log order; or that would, with these refs taken back."""
        gone = self.reversals.taken_back if taken_back is None else taken_back
        return [step for step in self.steps.get(of, ()) if step.ref not in gone]

    def opening(self, key: str, item: str | None = None) -> Fact | None:
        """The fact that opened a limit and stands, on an item or on any; None where no such limit is open."""
        return next((fact for fact in self.opened(key) if item is None or fact.item == item), None)


def record(
    state: UnitYear,
    body: Body,
    *,
    recorded_at: dt.datetime,
    calendar: Calendar,
    about: Mapping[str, Any] | None = None,
) -> Body:
    """The event body that records a canonical fact, with what the store adds to it; or the refusal that says why not.

    `about` is the recorded fact that a step of a case or a piece of evidence names, where it is of this unit-year.
    Guards in the order of `refusals`: the item, what it takes, the fields, the dates, the limit or the target.
    """
    rule = _fitting(state, body)
    moment = _moment_of(body)
    _check_dates(state, body, moment, recorded_at, calendar=calendar)
    kind = body["type"]
    if kind == EVIDENCE and about is None:
        raise no_case.NoSuchFact(of=body["of"], type=kind, hint=_hint(state, body["of"]))
    if kind == EVIDENCE and about is not None and about["type"] == EVIDENCE:
        raise no_case.FileOfFile(of=body["of"], fact=about["of"])
    if kind == EVIDENCE and state.is_gone(body["of"]):
        raise no.AlreadyTakenBack(of=body["of"], by=_taker(state, body["of"]))
    if kind not in _LOOKED_INTO:
        return body
    fact = _looked_into(body)
    if kind in STEPS:
        return _step(state, body, fact, about, calendar)
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
    _check_key(state, fact, body["key"])
    limit = body.get("limit") or own_limit(rule)
    if limit is None:
        raise no.LimitNeeded(item=body["item"])
    return _limited(body, fact, limit, calendar)


def _check_key(state: UnitYear, fact: Fact, key: str) -> None:
    """One limit is open under a key on an item; an order to put right has its key for itself. Raises KeyTaken."""
    for one in state.opened(key):
        if one.item == fact.item or ORDERED in (one.type, fact.type):
            raise no.KeyTaken(key=key, item=one.item or "–", ref=one.ref)


def _limited(body: Body, fact: Fact, limit: str, calendar: Calendar) -> Body:
    """A body with its limit, given or not, and the end of it."""
    own = {} if "limit" in body else {"own_limit": True}
    unit, amount = limit_parts(limit)
    if unit == "hours" and fact.at is None:
        raise no.InstantNeeded
    if isinstance(amount, dt.date) and amount < fact.day:
        raise no.LimitEndsBeforeStart(due=amount, day=fact.day)
    due = end_of_limit(fact.day, fact.at, limit, calendar)
    return {**body, "limit": limit, **own, "due": due_text(due), "calendar": calendar.digest}


def _step(state: UnitYear, body: Body, step: Fact, about: Mapping[str, Any] | None, calendar: Calendar) -> Body:
    """The event of a step that is in order; an order to put right gets its limit, a report the order's key."""
    case = case_of(state, step.of or "", about, kind=step.type)
    check_step(case, step, body.get("by"), rules=state.rules, calendar=calendar)
    if step.type == ORDERED:
        limit = body.get("limit") or state.rules.rectification
        _check_key(state, step, step.ref)
        if limit is None and step.item is not None:
            raise no.LimitNeeded(item=step.item)
        return _limited({**body, "key": step.ref}, step, limit, calendar) if limit is not None else body
    if step.type == REPORTED:
        order = case.latest(ORDERED)
        if order is not None and isinstance(order.due, dt.datetime) and step.at is None:
            raise no.InstantNeeded
        return {**body, "key": order.key} if order is not None and order.key is not None else body
    return body


def case_of(state: UnitYear, ref: str, about: Mapping[str, Any] | None, *, kind: str) -> Case:
    """The case that a fact opened, as it stands. Raises the refusal that says why there is none."""
    if about is None:
        raise no_case.NoSuchFact(of=ref, type=kind, hint=_hint(state, ref))
    if about["type"] not in OPEN_CASES:
        raise no_case.NoCase(of=ref, kind=no.term(about["type"]))
    if state.is_gone(ref):
        raise no_case.CaseVoid(of=ref, by=_taker(state, ref))
    return Case(_looked_into({**about}), about.get("recorded_by"), state.standing_steps(ref))


def _taker(state: UnitYear, ref: str) -> str:
    """The reversal by which a fact is gone, itself or with what it hangs on."""
    by = state.reversals.taken_back.get(ref) or reversed_facts([*state.by_ref.values()])[ref]
    return by.ref


def _hint(state: UnitYear, ref: str) -> Message | str:
    return no.nearest(ref, state.types) if state.types else ""


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
        if opening.type == ORDERED:
            raise no_case.ReportInstead(key=answer.key, of=opening.of)
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
    if opening.item is None:
        raise no_case.MissOfOrder(key=miss.key)
    if opening.item != miss.item:
        raise no.OtherItem(key=miss.key, item=opening.item, other=miss.item)
    due = due_of(opening, calendar)
    if due is not None and not is_after(due, miss):
        raise no.NotYetMissed(key=miss.key, due=due_text(due), day=miss.at or miss.day)


def _check_reversal(state: UnitYear, reversal: Fact) -> None:
    of = reversal.of or ""
    target = state.types.get(of)
    if target is None:
        raise no.NothingToTakeBack(of=reversal.of, hint=_hint(state, of))
    if reversal.type == RULING and target in REVERSALS | STEPS | {EVIDENCE}:
        raise no.CannotBeRuled(of=of) if target in REVERSALS else no_case.StepNotRuled(of=of, kind=no.term(target))
    by = state.reversals.standing(of, reversal.type)
    if by is not None:
        raise no.AlreadyTakenBack(of=of, by=by.ref)
    if target in REVERSALS | STEPS:
        before, after = state.reversals.taken_back, reversed_facts([*state.reversals, reversal])
        _check_restored(state, before, after)
        _check_steps(state, before, after)


def _check_restored(state: UnitYear, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> None:
    """What stands again once a reversal is taken back must not be a limit whose key and item were opened anew since."""
    for ref in {*before} - {*after}:
        steps = state.standing_steps(ref)
        for fact in (*([state.by_ref[ref]] if ref in state.by_ref else []), *steps):
            if fact.type in OPENINGS and fact.key is not None:
                _check_key(state, fact, fact.key)


def _check_steps(state: UnitYear, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> None:
    """What is left of a case's steps, or stands again, must still be a life that a case can have had."""
    for ref in {*before} ^ {*after}:
        step = state.by_ref.get(ref)
        if step is None or step.type not in STEPS:
            continue
        of = step.of or ""
        there, left = state.standing_steps(of), state.standing_steps(of, taken_back=after)
        if ref in before and left != [*_recorded_behind(state, step), step]:
            raise no_case.StepNoLongerFits(of=ref, case=of)
        if ref in after and not _lived(state, of, left, like=there):
            raise no_case.StepsHangOnIt(of=ref, case=of, ref=there[-1].ref)


def _recorded_behind(state: UnitYear, step: Fact) -> list[Fact]:
    """The steps of its case that stood when a step was recorded."""
    earlier = list(takewhile(lambda fact: fact is not step, state.by_ref.values()))
    gone = reversed_facts(earlier)
    return [fact for fact in earlier if fact.type in STEPS and fact.of == step.of and fact.ref not in gone]


def _lived(state: UnitYear, of: str, steps: Sequence[Fact], *, like: Sequence[Fact]) -> bool:
    """Whether steps are in order, by the office's rules too, where those that are there keep to them."""
    asked = {"second": state.types[of] in state.rules.four_eyes, "plan": state.rules.plan is not None, "heard": True}
    kinds, before = [one.type for one in steps], [one.type for one in like]
    held = {rule: wanted and in_order(before, **{rule: wanted}) for rule, wanted in asked.items()}
    return in_order(kinds, **held)
