"""Random limits for the logs: messages and dated duties, their answers, and misses by hand and by scan."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from gkevents.oracle.cases import Lives
from gkevents.oracle.world import (
    ANSWERS,
    MISSES,
    OPENINGS,
    ORDERED,
    REPORTED,
    REVERSALS,
    Fact,
    due_of,
    in_time,
    moment,
)

from .stored import WorkingDays, as_stored

if TYPE_CHECKING:
    from .log_writer import Writer

CALENDAR = WorkingDays.published()
BECOMES = dict(zip(OPENINGS, (*MISSES, MISSES[1]), strict=True))
"""What a limit becomes once nobody answered it in time."""


def new_key(log: Writer, letter: str) -> str:
    """Give a key that no message or limit has yet."""
    log.keys += 1
    return f"{letter}{log.keys}"


def begin_limit(log: Writer) -> None:
    """Write that a message came in or a dated duty began, on a priced item or as evidence on a graded one."""
    unit = log.unit()
    graded = log.codes(unit, "grade")
    pool = log.limit_codes(unit)
    if not graded and not pool:
        return
    code = log.rng.choice(graded if graded and (not pool or log.maybe(0.2)) else pool)
    message = log.of_messages(code) and log.maybe(0.85)
    message = message or (code in graded and log.maybe(0.3))
    when = log.happened()
    if log.maybe(0.15) and not isinstance(when, datetime) and when < log.now.date():
        when = datetime.combine(when, time(log.rng.randint(0, 23), 30))
    limit: str | None = f"{log.rng.choice((1, 3, 5, 7, 10, 20))} working days"
    if isinstance(when, datetime) and log.maybe(0.6):
        limit = f"{log.rng.choice((5, 24, 48, 200))} hours"
    elif log.maybe(0.2):
        day = when.date() if isinstance(when, datetime) else when
        limit = (day + timedelta(days=log.rng.randint(0, 40))).isoformat()
    if log.own_limit(code) is not None and (message or not log.of_messages(code)) and log.maybe(0.6):
        limit = None
    kind = "netizen-message" if message else "deadline-opened"
    more = {"matter": log.limit_matter(), "other_unit": log.other_unit(unit, code, "kept")}
    log.write(kind, unit, when, item=code, key=new_key(log, "k"), limit=limit, **more)
    opening = log.case.facts[-1]
    due = due_of(opening, log.own_limit(code), CALENDAR)
    if isinstance(due, datetime):
        log.awkward.add(due.date())


def running(log: Writer) -> list[tuple[Fact, date | datetime, list[Fact]]]:
    """Give the openings that stand, each with its due day or instant and the standing facts of its key.

    A report that was sent back is none of them.
    """
    left = log.standing()
    if log.cases:
        lives = Lives(as_stored(log.case.facts), None, frozenset())
        left = [fact for fact in left if fact["ref"] not in lives.fallen]
        left = [fact for fact in left if fact["type"] != REPORTED or not lives.sent_back(fact)]
    result = []
    for opening in left:
        if opening["type"] in OPENINGS and "key" in opening:
            due = due_of(opening, log.own_limit(opening.get("item", "")), CALENDAR)
            if due is not None:
                others = [f for f in left if f.get("key") == opening["key"] and f is not opening]
                result.append((opening, due, others))
    return result


def said(log: Writer, code: str) -> dict[str, bool | None]:
    """Give what is said about the excuse and the gravity of a miss, where the rule asks."""
    if not log.asks(code) and log.maybe(0.9):
        return {}
    return {
        "justified": log.rng.choice((None, False, False, True)),
        "serious": log.rng.choice((None, True, True, False)),
    }


def answer(log: Writer) -> None:
    """Write that a message was answered or a duty done: in time, at the last moment, or late."""
    found = [each for each in running(log) if each[0]["type"] != ORDERED]
    found = [each for each in found if log.maybe(0.2) or not any(f["type"] in ANSWERS for f in each[2])]
    if not found:
        return
    opening, due, _ = log.rng.choice(found)
    first, latest = moment(opening), log.now
    when: date | datetime
    if isinstance(due, datetime):
        when = log.rng.choice((due, due + timedelta(seconds=1), due + timedelta(days=3), first + (due - first) / 2))
        when = when.replace(microsecond=0)
    else:
        near = log.rng.choice((0, 0, 1, 2, -1, 15))
        when = (
            max(first.date(), due + timedelta(days=near))
            if log.maybe(0.8)
            else log.between(first.date(), latest.date())
        )
        if log.maybe(0.2) and first.date() < when:
            when = datetime.combine(when, time(23, 59, 59))
    if (when > latest) if isinstance(when, datetime) else (when > latest.date()):
        return
    kind = ANSWERS[OPENINGS.index(opening["type"])]
    log.write(kind, opening["unit"], when, key=opening["key"], **said(log, opening["item"]))


def miss(log: Writer) -> None:
    """Write by hand that a limit was missed, where its start is known, or only its key, or nothing but the fault."""
    last = min(log.now.date(), date(log.case.year, 12, 31))
    if log.maybe(0.5):
        for opening, due, others in running(log):
            if "item" not in opening:
                continue
            broke = (due.date() if isinstance(due, datetime) else due) + timedelta(days=1)
            if broke <= last and not any(f["type"] in ANSWERS for f in others) and log.maybe(0.5):
                kind = BECOMES[opening["type"]]
                code = opening["item"]
                fields = {"item": code, "key": opening["key"], "other_unit": log.other_unit(opening["unit"], code)}
                log.write(kind, opening["unit"], log.between(broke, last), **fields, **said(log, code))
                return
    lone = [f for f in log.case.facts if f["type"] in MISSES and str(f.get("key", "")).startswith("x")]
    if lone and log.maybe(0.4):
        one = log.rng.choice(lone)
        fields = {"item": one["item"], "key": one["key"], "other_unit": log.other_unit(one["unit"], one["item"])}
        log.write(one["type"], one["unit"], log.in_year(), **fields, **said(log, one["item"]))
        return
    unit = log.unit()
    if codes := log.miss_codes(unit):
        code = log.rng.choice(codes)
        key = new_key(log, "x") if log.maybe(0.6) else None
        count = None if key else log.count()
        name = MISSES[not log.of_messages(code)]
        other = log.other_unit(unit, code)
        log.write(name, unit, log.in_year(), item=code, key=key, count=count, other_unit=other, **said(log, code))


def scan(log: Writer) -> None:
    """Write the misses that a scan would record now: limits that ran out with no answer in time known."""
    recorded = [fact["ref"] for fact in log.case.facts]
    amended = [fact["of"] for fact in log.case.facts if fact["type"] in REVERSALS and fact.get("scanned")]
    for opening, due, others in running(log):
        broke = (due.date() if isinstance(due, datetime) else due) + timedelta(days=1)
        known = any(f["type"] in MISSES or (f["type"] in ANSWERS and in_time(f, due)) for f in others)
        refs = [ref for ref in recorded if ref.startswith(f"scan:{opening['key']}:")]
        if broke > log.now.date() or known or any(ref not in amended for ref in refs):
            continue
        ref, item = f"scan:{opening['key']}:{len(refs)}", opening.get("item")
        log.write(BECOMES[opening["type"]], opening["unit"], broke, ref=ref, item=item, key=opening["key"])
