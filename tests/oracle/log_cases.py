"""Random lives of cases for the logs: step after step in order, some taken back again, and what a report answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gkevents.oracle.cases import CONTESTED, OVERTURNED, REDUCED, RETURNED, STEPS, Lives, taken_back
from gkevents.oracle.world import MISSES, ORDERED, REPORTED, REVERSALS, Fact, due_of, moment

from .log_limits import CALENDAR
from .stored import as_stored

if TYPE_CHECKING:
    from .log_writer import Writer

HAPPENINGS = ("supervision-card", "praise", "criticism", "occurrence", *MISSES)
MARKS = ("grade", "metric", "checklist", "confirmation", "not-applicable", "fraud")
SETTLING = MARKS[:4]
RECORDED, ENDORSED, NOTIFIED, ACCEPTED = "recorded", "case-endorsed", "case-notified", "case-accepted"
UPHELD, PLANNED, VERIFIED, CLOSED = "case-upheld", "rectification-planned", "rectification-verified", "case-closed"
NEXT: dict[str, tuple[str, ...]] = {
    RECORDED: (ENDORSED, NOTIFIED, NOTIFIED),
    ENDORSED: (NOTIFIED,),
    NOTIFIED: (ACCEPTED, CONTESTED, CONTESTED, CONTESTED),
    ACCEPTED: (ORDERED, ORDERED, CLOSED),
    CONTESTED: (UPHELD, REDUCED, REDUCED, OVERTURNED, OVERTURNED),
    UPHELD: (ORDERED, ORDERED, CLOSED),
    REDUCED: (ORDERED, CLOSED),
    OVERTURNED: (CLOSED,),
    ORDERED: (PLANNED, REPORTED, REPORTED),
    PLANNED: (REPORTED,),
    REPORTED: (VERIFIED, RETURNED, RETURNED),
    RETURNED: (PLANNED, REPORTED, REPORTED, REPORTED),
    VERIFIED: (CLOSED,),
    CLOSED: (),
}
"""What may follow a state of a case, the more telling more often."""
AMOUNTS = ("0", "0.1", "0.25", "0.5", "1", "1.5", "2", "2.5", "3", "12")


def in_order(steps: list[Fact]) -> bool:
    """Tell whether these may be the steps of a case."""
    states = [RECORDED, *(step["type"] for step in steps)]
    return all(after in NEXT[before] for before, after in pairwise(states))


def lives_of(log: Writer) -> Lives:
    """Give the cases as they stand now."""
    return Lives(as_stored(log.case.facts), None, frozenset())


def on_its_way(lives: Lives, log: Writer) -> list[Fact]:
    """Give the facts whose case may have another step, the more telling more often.

    A log that is to settle every item takes back nothing that settles one.
    """
    found = []
    for fact in lives.known:
        steps = lives.steps.get(fact["ref"], [])
        if fact["ref"] in lives.fallen or fact["type"] not in (*HAPPENINGS, *MARKS) or (steps and not follow(steps)):
            continue
        if not (log.settled and settles(fact)):
            times = 8 if fact["type"] in MISSES else 3 if fact["type"] in HAPPENINGS else 1
            found += [fact] * (times + 6 * bool(steps))
    return found


def follow(steps: list[Fact]) -> tuple[str, ...]:
    """Give the types that may follow these steps."""
    return NEXT[steps[-1]["type"]] if steps else NEXT[RECORDED]


def proceed(log: Writer) -> None:
    """Write the next steps of a case: one, or several of them at once."""
    lives = lives_of(log)
    open_cases = on_its_way(lives, log)
    if open_cases:
        fact = log.rng.choice(open_cases)
        steps = [*lives.steps.get(fact["ref"], ())]
        for _ in range(log.rng.choice((1, 1, 2, 3, 3, 5, 8))):
            if not another(log, fact, steps):
                return
            steps.append(log.case.facts[-1])


def another(log: Writer, fact: Fact, steps: list[Fact]) -> bool:
    """Write one more step of a case, if one may follow now."""
    kinds = [
        kind
        for kind in follow(steps)
        if (kind != REDUCED or fact["type"] in HAPPENINGS) and (kind != ENDORSED or "recorded_by" in fact)
    ]
    before = max((fact, *steps), key=moment)
    first = max(moment(before).date(), date(log.case.year, 1, 1))
    if not kinds or first > log.now.date() or moment(before) > log.now:
        return False
    kind = log.rng.choice(kinds)
    more = {"of": fact["ref"], "by": "复核人", "reason": "样例"}
    if kind == REPORTED:
        return report(log, fact, [step for step in steps if step["type"] == ORDERED][-1], before)
    if kind == ORDERED:
        order(log, fact, log.between(first, log.now.date()), before)
    elif kind == REDUCED:
        log.write(kind, fact["unit"], log.between(first, log.now.date()), **more, amount=log.rng.choice(AMOUNTS))
    else:
        said = more if kind not in (NOTIFIED, PLANNED) else more | {"reason": None}
        log.write(kind, fact["unit"], log.between(first, log.now.date()), **said)
    return True


def order(log: Writer, fact: Fact, day: date, before: Fact) -> None:
    """Write that something is to be put right: by a limit or without one, on an item that prices it or on none."""
    unit = fact["unit"]
    pool, graded = log.limit_codes(unit), log.codes(unit, "grade")
    code = log.rng.choice(pool) if pool and log.maybe(0.6) else None
    if code is None and graded and log.maybe(0.2):
        code = log.rng.choice(graded)
    when: date | datetime = day
    limit: str | None = f"{log.rng.choice((1, 3, 5, 10, 20))} working days"
    if log.maybe(0.3):
        when, limit = an_instant(log, before), f"{log.rng.choice((5, 24, 48, 200))} hours"
    elif log.maybe(0.25):
        limit = (day + timedelta(days=log.rng.randint(0, 30))).isoformat()
    elif code is None and log.maybe(0.4):
        limit = None
    matter = log.limit_matter() if code is not None else None
    key = {"key": log.next_ref()} if limit is not None else {}
    log.write(ORDERED, unit, when, of=fact["ref"], item=code, limit=limit, by="整改办", matter=matter, **key)
    due = due_of(log.case.facts[-1], None, CALENDAR)
    if isinstance(due, datetime):
        log.awkward.add(due.date())


def an_instant(log: Writer, before: Fact) -> datetime:
    """Give an instant between an earlier fact and now."""
    first = moment(before)
    return first + timedelta(seconds=int(log.rng.random() * (log.now - first).total_seconds()))


def report(log: Writer, fact: Fact, ordered: Fact, before: Fact) -> bool:
    """Write that something was put right: in time, at the last moment, or late; an order in hours asks for a minute."""
    due, first = due_of(ordered, None, CALENDAR), max(moment(before), datetime(log.case.year, 1, 1))  # noqa: DTZ001
    when: date | datetime = log.between(first.date(), log.now.date())
    if isinstance(due, datetime):
        near = [one for one in (due, due + timedelta(seconds=1)) if first <= one <= log.now]
        when = log.rng.choice(near) if near and log.maybe(0.5) else an_instant(log, before)
        if when < first:
            return False
    elif due is not None and log.maybe(0.6):
        days = [due + timedelta(days=away) for away in (-1, 0, 0, 1, 9)]
        when = log.rng.choice([day for day in days if first.date() <= day <= log.now.date()] or [when])
    key = {"key": ordered["key"]} if "key" in ordered else {}
    log.write(REPORTED, fact["unit"], when, of=fact["ref"], by="责任人", **key)
    return True


def may_take_back(log: Writer, target: Fact) -> bool:
    """Tell whether every case is in order once a fact is taken back: a step, or what took one back, may disturb it."""
    if target["type"] not in (*STEPS, *REVERSALS):
        return True
    more = {"ref": "", "type": "retraction", "of": target["ref"], "position": len(log.case.facts) + 1}
    before, gone = taken_back(log.case.facts), taken_back([*log.case.facts, more])
    again = before - gone
    if any(fact["ref"] in again and not as_it_stood(log, fact, gone) for fact in log.case.facts):
        return False
    found: dict[str, list[Fact]] = {}
    for fact in log.case.facts:
        if fact["type"] in STEPS and fact["ref"] not in gone:
            found.setdefault(fact["of"], []).append(fact)
    return all(in_order(steps) for steps in found.values())


def as_it_stood(log: Writer, fact: Fact, gone: set[str]) -> bool:
    """Tell whether a step that stands again is the last of its case, behind those it was written behind."""
    if fact["type"] not in STEPS:
        return True
    earlier = log.case.facts[: log.case.facts.index(fact)]
    then = taken_back(earlier)
    steps = [one for one in log.case.facts if one["type"] in STEPS and one["of"] == fact["of"]]
    behind = [one["ref"] for one in earlier if one in steps and one["ref"] not in then]
    return [one["ref"] for one in steps if one["ref"] not in gone] == [*behind, fact["ref"]]


def step_back(log: Writer) -> None:
    """Write that the latest step of a case is taken back."""
    lives = lives_of(log)
    last = [steps[-1] for of, steps in lives.steps.items() if of not in lives.fallen]
    if last:
        step = log.rng.choice(last)
        log.write("retraction", step["unit"], log.decided(), of=step["ref"], reason="更正")


def void(log: Writer) -> None:
    """Write that a fact is taken back whose case has come far already, mostly one with an order by a limit."""
    lives = lives_of(log)
    found = [
        fact
        for fact in lives.known
        if fact["ref"] in lives.steps and fact["ref"] not in lives.fallen and not (log.settled and settles(fact))
    ]
    ordered = [fact for fact in found if any("key" in step for step in lives.steps[fact["ref"]])]
    if found:
        fact = log.rng.choice(ordered if ordered and log.maybe(0.7) else found)
        log.write("retraction", fact["unit"], log.decided(), of=fact["ref"], reason="误记")


def settles(fact: Fact) -> bool:
    """Tell whether a fact may be what settles an item."""
    return fact["type"] in SETTLING


def attach(log: Writer) -> None:
    """Write that a file shows a fact or a step."""
    fallen = lives_of(log).fallen
    found = [one for one in log.case.facts[-20:] if one["ref"] not in fallen and one["type"] != "evidence-attached"]
    if found:
        fact = log.rng.choice(found)
        what: dict[str, Any] = {"digest": "0" * 64, "name": "样照.jpg", "media": "image/jpeg", "size": "12"}
        log.write("evidence-attached", fact["unit"], log.in_year(), of=fact["ref"], **what)


def calendar_amended(log: Writer) -> None:
    """Write that the program took back the miss of a scan, as it does once the calendar was amended."""
    lives = lives_of(log)
    found = [fact for fact in lives.known if fact.get("scanned") and fact["ref"] not in lives.fallen]
    if found:
        miss = log.rng.choice(found)
        if miss["type"] in MISSES:
            log.write(
                "retraction", miss["unit"], log.decided(), ref=f"scan:back:{len(log.case.facts)}", of=miss["ref"],
                scanned=True,
            )  # fmt: skip


CASES = ((proceed, 32), (step_back, 4), (void, 2), (attach, 1), (calendar_amended, 1))
"""What is done to cases, and how often in a log that has any."""
