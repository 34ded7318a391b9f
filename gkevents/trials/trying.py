"""A log scored by another scheme: what each fact comes to there, which ones do not map, how totals and ranks change.

Nothing is stored and nothing read here: records in, a trial out. A fact is taken as the draft would have taken it when
it was logged, so what the draft would have refused counts for nothing and is listed with the refusal's own sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.trials.mapping import Given, Lead, Way, check_given, rules_of
from gkevents.trials.translating import Record, Translator, Unmapped
from gkevents.words import N_


class NoCategory(no.Refusal):
    """The draft has forms by category, and nobody said on which a unit stands."""

    code = "category-needed"
    template = N_(
        "{scheme} does not say which category these units have: {units}. Say it for each, one of {categories}: "
        "--unit {unit}=CATEGORY"
    )


class Outcome(NamedTuple):
    """A unit's score under one of the two schemes, with its rank in its category (None: none yet)."""

    score: Score
    rank: int | None


class Trial(NamedTuple):
    """What a trial came to: where codes lead, what does not map, what no fact reached, each unit before and after."""

    mapping: tuple[Lead, ...]
    unmapped: tuple[Unmapped, ...]
    unused: tuple[str, ...]
    before: Mapping[str, Outcome]
    after: Mapping[str, Outcome]


class Mapped(NamedTuple):
    """Logs as the draft would have taken them."""

    logs: tuple[UnitLog, ...]
    mapping: tuple[Lead, ...]
    unmapped: tuple[Unmapped, ...]
    unused: tuple[str, ...]


def rescored(
    before: Edition,
    draft: Edition,
    records: Sequence[Record],
    *,
    given: Given,
    categories: Mapping[str, str],
    calendar: Calendar,
    as_of: dt.date | None = None,
) -> Trial:
    """Records of a scheme-year scored by the edition they were made under, and by a draft.

    `categories`: those that were said for the draft, by unit. Raises NoSuchItem, NoSuchUnit, NoCategory.
    """
    mapped = mapped_to(before, draft, records, given=given, categories=categories, calendar=calendar)
    logs = [record.log for record in records]
    return Trial(
        mapped.mapping,
        mapped.unmapped,
        mapped.unused,
        before=_outcomes(before, assess(before, logs, as_of=as_of, calendar=calendar)),
        after=_outcomes(draft, assess(draft, mapped.logs, as_of=as_of, calendar=calendar)),
    )


def _outcomes(edition: Edition, scores: Mapping[str, Score]) -> dict[str, Outcome]:
    """Each unit's score with its rank, in the order of the table."""
    return {score.unit: Outcome(score, place) for table in rank(edition, scores).values() for score, place in table}


def mapped_to(
    before: Edition,
    draft: Edition,
    records: Sequence[Record],
    *,
    given: Given,
    categories: Mapping[str, str],
    calendar: Calendar,
) -> Mapped:
    """Records as the draft would have taken them, with all that is to be said about it."""
    logged = _logged(records)
    check_given(before, draft, given, logged)
    held = categories_of(draft, {record.log.unit: record.log.category for record in records}, categories)
    translators: dict[tuple[str, str], Translator] = {}
    logs, unmapped = [], []
    for record in records:
        form = (record.log.category, held[record.log.unit])
        if form not in translators:
            way = Way(rules_of(before, form[0]), rules_of(draft, form[1]), given=given, logged=logged)
            translators[form] = Translator(draft, way, category=form[1], calendar=calendar, until=_newest(records))
        log, refused = translators[form].translate(record)
        logs.append(log)
        unmapped += refused
    order = {code: place for place, code in enumerate(before.codes)}
    leads = {
        lead: order.get(lead.code, len(order)) for each in translators.values() for lead in each.way.leads(each.seen)
    }
    reached = {fact.item for log in logs for fact in log.facts}
    return Mapped(
        tuple(logs),
        tuple(sorted(leads, key=lambda lead: leads[lead])),
        tuple(unmapped),
        tuple(code for code in _open_codes(draft) if code not in reached),
    )


def _open_codes(draft: Edition) -> Iterator[str]:
    """The codes that a fact may name."""
    return (code for code in draft.codes if code not in draft.items or draft.items[code].start != "elsewhere")


def _logged(records: Iterable[Record]) -> dict[str, set[str]]:
    """The types of the facts on each code."""
    found: dict[str, set[str]] = {}
    for record in records:
        for fact in record.log.facts:
            if fact.item is not None:
                found.setdefault(fact.item, set()).add(fact.type)
    return found


def _newest(records: Iterable[Record]) -> dt.date:
    """The day of the newest record: until then limits could be seen to have run out."""
    moments = [fact.recorded_at for record in records for fact in record.log.facts]
    return dt.date.fromisoformat(max(moments, default="")[:10] or dt.date.min.isoformat())


def categories_of(draft: Edition, held: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Each unit's category under the draft: as said, else as it has where the draft knows it, else by its roster."""
    for unit, category in said.items():
        if unit not in held:
            raise no.NoSuchUnit(unit=unit, scheme=draft.scheme, year=draft.year, hint=no.nearest(unit, held))
        if draft.variants and category not in draft.variants:
            raise no.CategoryNeeded(unit=unit, categories=", ".join(draft.variants))
    found, lacking = {}, []
    for unit, category in held.items():
        by_roster = draft.category_of(unit)
        known = not draft.variants or category in draft.variants
        chosen = said.get(unit, category if known else by_roster)
        if chosen is None:
            lacking.append(unit)
        found[unit] = chosen or ""
    if lacking:
        units, categories = ", ".join(lacking), ", ".join(draft.variants)
        raise NoCategory(scheme=draft.scheme, units=units, categories=categories, unit=lacking[0])
    return found
