"""What is still missing before a year's result can be proposed: each thing with what to do about it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.calendar import Calendar, CalendarNotPublished
from gkevents.reports.year.marks import PUT_RIGHT, RECTIFYING, case_lines
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import CLOSED, CONTESTED, FIGURES
from gkevents.scoring.items import ItemScore
from gkevents.scoring.limits import Limit, day_after, settle
from gkevents.scoring.score import Score
from gkevents.scoring.view import look
from gkevents.words import N_, Message, message

KINDS: Final = (
    "year", "views", "points", "ungraded", "unreported", "unconfirmed", "undetermined", "pending", "unscanned",
    "not-due", "contested", "unendorsed", "cases", "rectification",
)  # fmt: skip
"""What can be missing, in the order in which it is said."""


class Lack(NamedTuple):
    """One thing that is missing, of one unit or of the whole: on which items, about which facts or limits, what to do.

    `blocks`: a result is not proposed while it is missing (unless somebody says why); the rest is only to be known.
    """

    kind: str
    unit: str | None
    items: tuple[str, ...]
    refs: tuple[str, ...]
    what: Message
    todo: Message
    blocks: bool = True


class ViewStanding(NamedTuple):
    """A view that is not up with the log: its name, its state, what to do about it."""

    view: str
    state: str
    todo: Message


class Readiness(NamedTuple):
    """How far a scheme-year is: everything missing, in the order of `KINDS` and then of the units."""

    lacks: tuple[Lack, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing that blocks."""
        return not any(lack.blocks for lack in self.lacks)

    @property
    def blocking(self) -> tuple[Lack, ...]:
        """What blocks."""
        return tuple(lack for lack in self.lacks if lack.blocks)

    def counts(self) -> dict[str, int]:
        """How many things of each kind are missing: items, facts, limits or views, those of all units together."""
        found: dict[str, int] = {}
        for lack in self.lacks:
            found[lack.kind] = found.get(lack.kind, 0) + max(len(lack.items), len(lack.refs), 1)
        return found


def readiness(
    edition: Edition,
    scores: Mapping[str, Score],
    *,
    year: int,
    today: dt.date,
    calendar: Calendar,
    rules: CaseRules = NO_RULES,
    views: Sequence[ViewStanding] = (),
) -> Readiness:
    """What is missing of a scheme-year on a day."""
    lacks = [*_of_the_year(year, today), *map(_of_a_view, views), *_of_the_points(edition)]
    for score in scores.values():
        lacks += _of_items(edition, score)
        lacks += _of_limits(score, year, today, calendar)
        lacks += _of_cases(score, rules, calendar)
    return Readiness(tuple(sorted(lacks, key=lambda lack: KINDS.index(lack.kind))))


def _of_the_year(year: int, today: dt.date) -> Iterator[Lack]:
    end = dt.date(year, 12, 31)
    if today <= end:
        what = message(N_("The year is not over: it runs to {end}."), end=end)
        yield Lack("year", None, (), (), what, message(N_("Wait for its end.")))


def _of_a_view(view: ViewStanding) -> Lack:
    what = message(N_("The view {view} is not up with the log."), view=view.view)
    return Lack("views", None, (), (view.view,), what, view.todo)


def _of_the_points(edition: Edition) -> Iterator[Lack]:
    if edition.weighted:
        return
    codes = tuple(code for code, item in edition.items.items() if item.points is None and item.start != "elsewhere")
    what = message(N_("No points have been decided for the items: {count}."), count=len(codes))
    todo = message(N_("Decide them and adopt them: gk scheme adopt {scheme} --overlay FILE"), scheme=edition.scheme)
    yield Lack("points", None, codes, (), what, todo)


_ITEMS: Final[Mapping[str, tuple[str, str]]] = {
    "ungraded": (N_("Not graded: {items}."), N_("gk log grade --unit {unit} --item ITEM --points POINTS --on DAY")),
    "unreported": (N_("No figure reported: {items}."), N_("gk log metric or checklist, or a grade instead")),
    "unconfirmed": (
        N_("Not confirmed that every one is counted: {items}."),
        N_("gk log confirmation --unit {unit} --item ITEM --on DAY"),
    ),
    "undetermined": (
        N_("Not determined yet: {items}."),
        N_("It waits for other units, or for a figure to compare with: gk score {unit} says for what."),
    ),
}


def _of_items(edition: Edition, score: Score) -> Iterator[Lack]:
    """Items without a score, and facts without a price, of one unit."""
    found: dict[str, list[str]] = {}
    for code, held in score.items.items():
        if held.score is None and held.state != "unweighted":
            found.setdefault(_why_open(edition.items[code].start, held), []).append(code)
    for kind, codes in found.items():
        what, todo = _ITEMS[kind]
        told = message(what, items=", ".join(codes))
        yield Lack(kind, score.unit, tuple(codes), (), told, message(todo, unit=score.unit))
    for flag in score.flags:
        if flag.code == "pending":
            todo = N_("Record the fact anew with what is missing: gk correct REF --reason REASON FIELD=VALUE")
            yield Lack("pending", score.unit, (), flag.refs, flag.message, message(todo))


def _why_open(start: str, held: ItemScore) -> str:
    """Why an item has no score."""
    if held.state == "not-applicable" or held.waits is not None:
        return "undetermined"
    if start == "count":
        return "unconfirmed"
    return "unreported" if start in FIGURES or start == "rank" else "ungraded"


def _of_limits(score: Score, year: int, today: dt.date, calendar: Calendar) -> Iterator[Lack]:
    """Limits that could still be missed in the year, by whether they have run out."""
    owed: dict[str, list[str]] = {}
    for limit in _open_limits(score, year, calendar):
        past = limit.due is not None and day_after(limit.due) <= today
        owed.setdefault("unscanned" if past else "not-due", []).append(limit.key)
    for kind, keys in owed.items():
        what, todo = _LIMITS[kind]
        told = message(what, keys=", ".join(keys))
        yield Lack(kind, score.unit, (), tuple(keys), told, message(todo, unit=score.unit))


_LIMITS: Final = {
    "unscanned": (N_("Run out, and not known to have been kept or missed: {keys}."), N_("gk deadlines scan")),
    "not-due": (N_("Limits still running: {keys}."), N_("Wait for their end, then: gk deadlines scan")),
}


def _open_limits(score: Score, year: int, calendar: Calendar) -> Iterator[Limit]:
    """Open limits that cost in this year if they are missed, those that an earlier year opened among them."""
    covered = _is_published(year, calendar)
    for limit in score.limits.values():
        if limit.state == "open" and (not covered if limit.due is None else day_after(limit.due).year <= year):
            yield limit
    for opened_in, facts in score.priced.log.earlier:
        seen = look(facts, year=opened_in)
        for limit in settle(seen.standing, calendar).values():
            if limit.state == "open" and limit.due is not None and day_after(limit.due).year == year:
                yield limit


def _is_published(year: int, calendar: Calendar) -> bool:
    """Whether the calendar is known up to a year's end: a limit without an end then ends after it."""
    try:
        calendar.is_working_day(dt.date(year, 12, 31))
    except CalendarNotPublished:
        return False
    return True


_CASES: Final = {
    "contested": (
        N_("Contested, and nobody has decided: {refs}."),
        N_("gk case step upheld|reduced|overturned REF --by NAME --reason REASON"),
    ),
    "unendorsed": (
        N_("The office's rules ask for a second person, and nobody has stood for: {refs}."),
        N_("gk case step endorsed REF --by NAME"),
    ),
    "cases": (N_("Cases not closed: {refs}."), N_("gk case show REF says what can follow; then: gk case step closed")),
    "rectification": (
        N_("To be put right, and not yet closed: {refs}."),
        N_("It may go on after the result, and is listed with it."),
    ),
}


def _of_cases(score: Score, rules: CaseRules, calendar: Calendar) -> Iterator[Lack]:
    """Cases of a unit that are not at their end."""
    found: dict[str, list[str]] = {"contested": list(score.priced.contested)}
    for line in case_lines(score, rules, calendar):
        ref = line.case.fact.ref
        if line.asks_second:
            found.setdefault("unendorsed", []).append(ref)
        elif line.state in RECTIFYING | PUT_RIGHT:
            found.setdefault("rectification", []).append(ref)
        elif line.state not in (CLOSED, CONTESTED):
            found.setdefault("cases", []).append(ref)
    for kind, refs in found.items():
        if refs:
            what, todo = _CASES[kind]
            told = message(what, refs=", ".join(refs))
            yield Lack(kind, score.unit, (), tuple(refs), told, message(todo), blocks=kind != "rectification")
