"""One unit on its way through the two passes: its log, and what the first pass makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from gkevents.calendar import Calendar
from gkevents.schemes.model import KEPT, Veto
from gkevents.scoring.fact import LIMIT_FACTS, METRIC, Fact
from gkevents.scoring.items import ItemScore
from gkevents.scoring.limits import Limit, settle
from gkevents.scoring.pricing import Charge, Payer
from gkevents.scoring.view import View, look
from gkevents.scoring.worth import latest_figure


class UnitLog(NamedTuple):
    """A unit-year's facts in log order. `earlier`: (year, facts) of its unit-years before, for limits running over.

    `shared`: facts logged on other units of the year that name this one (see `shared_out`).
    """

    unit: str
    category: str
    year: int
    facts: Sequence[Fact]
    earlier: tuple[tuple[int, Sequence[Fact]], ...] = ()
    shared: tuple[Fact, ...] = ()


class Priced(NamedTuple):
    """One unit after the first pass. `figures` are the reports whose charges ask the other units.

    `by_code` are the standing facts (missed limits among them) by the item, ± rule or veto they name. `contested`: what
    is contested and undecided, misses of earlier years that cost in this one among them, each with the step.
    """

    log: UnitLog
    view: View
    payer: Payer
    limits: Mapping[str, Limit]
    next_year: tuple[Limit, ...]
    by_code: Mapping[str, Sequence[Fact]]
    items: Mapping[str, ItemScore]
    raw: Mapping[str, Sequence[Charge]]
    figures: Mapping[str, Fact]
    fraud: Fact | None
    contested: Mapping[str, Fact] = {}


def shared_out(
    logs: Sequence[UnitLog],
    *,
    as_of: dt.date | None = None,
    known_at: int | None = None,
    calendar: Calendar | None = None,
    without: Collection[str] = (),
) -> list[UnitLog]:
    """The logs, each with what stands on another unit and names this one: happenings, limits missed or kept."""
    shared: dict[str, list[Fact]] = {}
    for log in logs:
        for fact in _naming_others(log, as_of=as_of, known_at=known_at, calendar=calendar, without=without):
            shared.setdefault(fact.other_unit or "", []).append(fact._replace(from_unit=log.unit))
    return [log._replace(shared=tuple(shared.get(log.unit, ()))) for log in logs]


def _naming_others(
    log: UnitLog,
    *,
    as_of: dt.date | None,
    known_at: int | None,
    calendar: Calendar | None,
    without: Collection[str],
) -> list[Fact]:
    standing = look(log.facts, year=log.year, as_of=as_of, known_at=known_at, without=without).standing
    limits = [*settle(standing, calendar).values()]
    for year, facts in log.earlier:
        seen = look(facts, year=year, as_of=as_of, known_at=known_at, without=without)
        before = settle(seen.standing, calendar).values()
        limits += [limit for limit in before if limit.breach is not None and limit.breach.day.year == log.year]
    plain = [fact for fact in standing if fact.key is None or fact.type not in LIMIT_FACTS]
    happened = [*plain, *missed(limits, year=log.year, as_of=as_of), *kept(limits)]
    return [fact for fact in happened if fact.other_unit is not None]


def missed(limits: Iterable[Limit], *, year: int, as_of: dt.date | None) -> list[Fact]:
    """What was missed of limits by the end of a year, and by a day, as happenings."""
    return [
        limit.breach
        for limit in limits
        if limit.breach is not None and limit.breach.day.year <= year and (as_of is None or limit.breach.day <= as_of)
    ]


def kept(limits: Iterable[Limit]) -> list[Fact]:
    """The limits kept in time, each as a happening dated at its answer."""
    return [
        limit.answer._replace(
            type=KEPT,
            item=limit.item,
            matter=limit.opening.matter,
            kind=limit.opening.kind,
            other_unit=limit.opening.other_unit,
            times=1,
        )
        for limit in limits
        if limit.state == "met" and limit.answer is not None and limit.opening is not None
    ]


def past_figures(veto: Veto, priced: Priced) -> list[Fraction | None]:
    """The figures recorded of the years before that a veto asks for; None where one is not recorded."""
    facts = [fact for fact in priced.by_code.get(veto.code, ()) if fact.type == METRIC]
    return [
        latest_figure(fact for fact in facts if fact.for_year == priced.log.year - back)
        for back in range(1, veto.years)
    ]
