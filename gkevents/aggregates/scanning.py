"""What a scan of limits records of one unit-year: misses of what ran out by a day, and which misses no longer hold.

Pure, as `unit_year` is. What people took back or decided on is never overruled here: only what the program itself took
back, when the calendar was amended, may be recorded anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from gkevents.aggregates.facts import Body
from gkevents.aggregates.stored import due_text
from gkevents.aggregates.unit_year import UnitYear
from gkevents.calendar import Calendar
from gkevents.scoring.fact import ANSWERS, MISSES, REVERSALS, Fact
from gkevents.scoring.limits import day_after, due_of, in_time, is_after, speaks_of
from gkevents.scoring.view import decided

Due = dt.date | dt.datetime


def missed_limits(
    state: UnitYear, *, as_of: dt.date, calendar: Calendar, keys: Iterable[str] | None = None
) -> list[Body]:
    """The misses a scan records: limits that ended before the end of `as_of`, unanswered in time as far as is known.

    A miss that was recorded of the same limit before is not recorded again, whether it stands or people have taken it
    back. `keys`: only the limits under these.
    """
    silent, recalled = _silent(state), recalled_refs(state.reversals, state.reversals.taken_back)
    found: list[Body] = []
    for opening in _limits_open(state, keys):
        due = due_of(opening, calendar)
        if due is None or day_after(due) > as_of:
            continue
        if is_owed(opening, due, state.settling.get(opening.key, ()), silent=silent, recalled=recalled):
            found.append(_miss(opening, due))
    return found


def _limits_open(state: UnitYear, keys: Iterable[str] | None) -> list[Fact]:
    """The standing facts that opened a limit, the first of each key and item."""
    first: dict[tuple[str | None, str | None], Fact] = {}
    chosen = state.openings if keys is None else dict.fromkeys(keys)
    for key in chosen:
        for opening in state.openings.get(key, ()):
            if not state.is_gone(opening.ref):
                first.setdefault((opening.key, opening.item), opening)
    return list(first.values())


def _silent(state: UnitYear) -> Mapping[str, Fact]:
    """What does not stand: taken back, overturned, or a report that was sent back; each with what did it."""
    if not state.steps:
        return state.reversals.taken_back
    ruled = decided(step for of in state.steps for step in state.standing_steps(of))
    return {**ruled.overturned, **ruled.returned, **state.reversals.taken_back}


def recalled_refs(facts: Iterable[Fact], taken_back: Container[str]) -> frozenset[str]:
    """The refs that the program alone has taken back: their limits may be missed anew, by another calendar."""
    standing = [fact for fact in facts if fact.type in REVERSALS and fact.ref not in taken_back]
    by_people = {fact.of for fact in standing if not fact.scanned}
    return frozenset(fact.of for fact in standing if fact.scanned and fact.of is not None and fact.of not in by_people)


def is_owed(opening: Fact, due: Due, told: Iterable[Fact], *, silent: Container[str], recalled: Container[str]) -> bool:
    """Whether a limit that ended on `due` still wants its miss recorded, by the answers and misses of its key.

    A miss that people took back, or overturned, speaks for ever of the limit that it was about.
    """
    for fact in told:
        if fact.type in ANSWERS:
            if fact.ref not in silent and in_time(due, fact):
                return False
        elif (
            fact.item == opening.item
            and speaks_of(fact, opening)
            and fact.ref not in recalled
            and (fact.ref in silent or is_after(due, fact))
        ):
            return False
    return True


def _miss(opening: Fact, due: Due) -> Body:
    kind = "reply-timeout" if opening.type == "netizen-message" else "deadline-missed"
    body = {
        "ref": f"scan:{opening.ref}:{due_text(due)}",
        "type": kind,
        "unit": "",
        "effective_on": day_after(due).isoformat(),
        "item": opening.item,
        "key": opening.key,
        "of": opening.ref,
        "scanned": True,
    }
    return body if opening.item is not None else {name: value for name, value in body.items() if name != "item"}


class Outdated(NamedTuple):
    """A scan's miss that the calendar no longer bears out: its limit ended on `before` and now ends on `due`.

    `due` is None where the limit now reaches beyond the published calendar.
    """

    miss: Fact
    opening: Fact
    before: dt.date
    due: Due | None


def outdated_misses(state: UnitYear, refs: Iterable[str], *, calendar: Calendar) -> list[Outdated]:
    """Those among some misses that stand, were scanned, and do not lie after the end of their limit any more.

    What people decided on stays as they decided: a miss taken back before, even where they had it stand again.
    """
    silent = _silent(state)
    before = {fact.of for fact in state.reversals if fact.scanned}
    found = []
    for ref in refs:
        miss = state.by_ref.get(ref)
        if miss is None or miss.type not in MISSES or not miss.scanned or ref in before or ref in silent:
            continue
        opening = state.by_ref.get(miss.of or "")
        if opening is None or state.is_gone(opening.ref):
            continue
        due = due_of(opening, calendar)
        if due is None or not is_after(due, miss):
            found.append(Outdated(miss, opening, last_day(miss), due))
    return found


def last_day(miss: Fact) -> dt.date:
    """The day on which the limit of a scan's miss ended by the calendar of then."""
    return miss.day - dt.timedelta(days=1)


def recalled_miss(state: UnitYear, *, key: str, opening: str) -> Fact | None:
    """The last miss of a limit that the program took back; None where it took none back."""
    told = [fact for fact in state.settling.get(key, ()) if fact.scanned and fact.of == opening]
    recalled = recalled_refs(state.reversals, state.reversals.taken_back) if told else frozenset()
    return next((fact for fact in reversed(told) if fact.ref in recalled), None)
