"""Random limits for the logs: messages and dated duties, their answers, and misses by hand and by scan."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from .figures import SCHEMES
from .world import ANSWERS, MISSES, OPENINGS, Fact, WorkingDays, due_of, in_time, moment

if TYPE_CHECKING:
    from .log_writer import Writer

CALENDAR = WorkingDays.published()


def limit_codes(log: Writer, unit: str) -> list[str]:
    """Give the codes on which a missed limit costs something clear."""
    rules = SCHEMES[log.case.scheme].adjustments.items()
    apart = [
        code
        for code, (side, kind, params) in rules
        if side == "deduction" and kind == "events" and not isinstance(params.get("price"), dict)
    ]
    return log.codes(unit, "events", "grade-events") + apart


def new_key(log: Writer, letter: str) -> str:
    """Give a key that no message or limit has yet."""
    log.keys += 1
    return f"{letter}{log.keys}"


def begin_limit(log: Writer) -> None:
    """Write that a message came in or a dated duty began, on a priced item or as evidence on a graded one."""
    unit = log.unit()
    graded = log.codes(unit, "grade")
    pool = limit_codes(log, unit)
    code = log.rng.choice(graded if graded and (not pool or log.maybe(0.2)) else pool)
    params = SCHEMES[log.case.scheme].items.get(code, (None, "", {}))[2]
    message = "messages" in params and log.maybe(0.85)
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
    if "messages" in params and message and log.maybe(0.6):
        limit = None
    kind = "netizen-message" if message else "deadline-opened"
    log.write(kind, unit, when, item=code, key=new_key(log, "k"), limit=limit)
    opening = log.case.facts[-1]
    due = due_of(opening, params.get("messages"), CALENDAR)
    if isinstance(due, datetime):
        log.awkward.add(due.date())


def running(log: Writer) -> list[tuple[Fact, date | datetime, list[Fact]]]:
    """Give the openings that stand, each with its due day or instant and the standing facts of its key."""
    left = log.standing()
    result = []
    for opening in left:
        if opening["type"] in OPENINGS:
            params = SCHEMES[log.case.scheme].items.get(opening["item"], (None, "", {}))[2]
            due = due_of(opening, params.get("messages"), CALENDAR)
            if due is not None:
                others = [f for f in left if f.get("key") == opening["key"] and f is not opening]
                result.append((opening, due, others))
    return result


def said(log: Writer, code: str) -> dict[str, bool | None]:
    """Give what is said about the excuse and the gravity of a miss, where the rule asks."""
    if "when" not in SCHEMES[log.case.scheme].items.get(code, (None, "", {}))[2] and log.maybe(0.9):
        return {}
    return {
        "justified": log.rng.choice((None, False, False, True)),
        "serious": log.rng.choice((None, True, True, False)),
    }


def answer(log: Writer) -> None:
    """Write that a message was answered or a duty done: in time, at the last moment, or late."""
    found = [each for each in running(log) if log.maybe(0.2) or not any(f["type"] in ANSWERS for f in each[2])]
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
            broke = (due.date() if isinstance(due, datetime) else due) + timedelta(days=1)
            if broke <= last and not any(f["type"] in ANSWERS for f in others) and log.maybe(0.5):
                kind = MISSES[OPENINGS.index(opening["type"])]
                code = opening["item"]
                log.write(
                    kind, opening["unit"], log.between(broke, last), item=code, key=opening["key"], **said(log, code)
                )
                return
    lone = [f for f in log.case.facts if f["type"] in MISSES and str(f.get("key", "")).startswith("x")]
    if lone and log.maybe(0.4):
        one = log.rng.choice(lone)
        log.write(one["type"], one["unit"], log.in_year(), item=one["item"], key=one["key"], **said(log, one["item"]))
        return
    unit = log.unit()
    if codes := limit_codes(log, unit):
        code = log.rng.choice(codes)
        params = SCHEMES[log.case.scheme].items.get(code, (None, "", {}))[2]
        key = new_key(log, "x") if log.maybe(0.6) else None
        count = None if key else log.count()
        log.write(
            MISSES["messages" not in params], unit, log.in_year(), item=code, key=key, count=count, **said(log, code)
        )


def scan(log: Writer) -> None:
    """Write the misses that a scan would record now: limits that ran out with no answer in time known."""
    recorded = {fact["ref"] for fact in log.case.facts}
    for opening, due, others in running(log):
        broke = (due.date() if isinstance(due, datetime) else due) + timedelta(days=1)
        known = any(f["type"] in MISSES or (f["type"] in ANSWERS and in_time(f, due)) for f in others)
        ref = f"scan:{opening['key']}"
        if broke > log.now.date() or known or ref in recorded:
            continue
        kind = MISSES[OPENINGS.index(opening["type"])]
        log.write(kind, opening["unit"], broke, ref=ref, item=opening["item"], key=opening["key"])
