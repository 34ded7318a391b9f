"""The contract's JSON answers: points as exact strings, days and instants in ISO, sentences in the asked language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from gkevents.aggregates.stored import due_text
from gkevents.schemes.edition import Edition
from gkevents.scoring.contest import Contest
from gkevents.scoring.ledger import Entry, Ledger
from gkevents.scoring.outcome import ItemOutcome, Outcome
from gkevents.scoring.whole import PartScore
from gkevents.terms import display, show
from gkevents.words import say

Answer = dict[str, Any]


class Adoption(Protocol):
    """One adoption of an edition, and who decided on it (see `store.archive`)."""

    @property
    def edition(self) -> str:
        """Its digest."""

    @property
    def position(self) -> int:
        """Where it was recorded."""

    @property
    def recorded_at(self) -> str:
        """When it was recorded."""

    @property
    def decided_by(self) -> str | None:
        """Who decided, if that was said."""

    @property
    def decided_on(self) -> str | None:
        """On which day, if that was said."""

    @property
    def reason(self) -> str | None:
        """Why, if that was said."""


class Standing(Protocol):
    """Scores as they stand: under which edition, as of when, as known at which position (see `app.asking`)."""

    @property
    def edition(self) -> Edition:
        """The edition that priced them."""

    @property
    def year(self) -> int:
        """The assessment year."""

    @property
    def as_of(self) -> dt.date | None:
        """The last day that counts; None: the whole year."""

    @property
    def known_at(self) -> int | None:
        """The last position that counts; None: everything recorded."""

    @property
    def scores(self) -> Mapping[str, Outcome]:
        """Each unit's score."""

    @property
    def simulated(self) -> bool:
        """Whether the store's clock is told the time."""

    @property
    def contests(self) -> Mapping[str, Contest]:
        """What hangs on contested cases, by unit."""

    @property
    def editions(self) -> Sequence[Adoption]:
        """The adoptions of the year as known, oldest first; the last one priced the scores."""


def points(value: Fraction | None) -> str | None:
    """Exact points as the contract writes them; None stays null."""
    return None if value is None else show(value)


def contest_answer(contest: Contest | None) -> Answer | None:
    """What hangs on the cases that a unit contests; None where it contests none."""
    if contest is None or not contest.refs:
        return None
    return {
        "refs": list(contest.refs),
        "confirmed": points(contest.confirmed),
        "confirmed_low": points(contest.confirmed_low),
        "confirmed_high": points(contest.confirmed_high),
        "contested": points(contest.contested),
        "if_upheld": points(contest.if_upheld),
        "worst": points(contest.worst),
        "best": points(contest.best),
        "ranks": list(contest.ranks) if contest.ranks is not None else None,
    }


def score_answer(score: Outcome, lang: str, contest: Contest | None = None) -> Answer:
    """One unit's SCORE, with what hangs on the cases that it contests."""
    decimals = score.edition.display_decimals

    def shown(value: Fraction | None) -> str | None:
        return None if value is None else display(value, decimals=decimals)

    return {
        "unit": score.unit,
        "category": score.category,
        "total": points(score.total),
        "total_display": shown(score.total),
        "low": points(score.low),
        "low_display": shown(score.low),
        "high": points(score.high),
        "high_display": shown(score.high),
        "provisional": score.provisional,
        "base": points(score.base),
        "bonus": points(score.bonus),
        "deduction": points(score.deduction),
        "zeroed": score.zeroed,
        "band": score.band,
        **_decisive(score),
        "items": {code: _item(item) for code, item in score.items.items()},
        "deducted_by_quarter": {quarter: show(cost) for quarter, cost in score.deducted_by_quarter.items()},
        "deadlines": {
            key: {"item": limit.item, "due": due_text(limit.due), "state": limit.state}
            for key, limit in score.limits.items()
        },
        **({"contest": contest_answer(contest)} if contest is not None and contest.refs else {}),
        "flags": [
            {"code": flag.code, "message": say(flag.message, lang), "refs": list(flag.refs)} for flag in score.flags
        ],
    }


def _decisive(score: Outcome) -> Answer:
    """What only schemes with parts or vetoes have: each part's score, the vetoes that fired, the eligibility."""
    said: Answer = {}
    if score.parts:
        said["parts"] = {name: _part(part) for name, part in score.parts.items()}
    if score.edition.vetoes:
        said["vetoes"] = [{"code": veto.code, "title": veto.title} for veto in score.vetoes]
        said["eligible"] = score.eligible
    return said


def _item(item: ItemOutcome) -> Answer:
    return {
        "score": points(item.score),
        "low": points(item.low),
        "high": points(item.high),
        "max": points(item.points_max),
        "state": item.state,
    }


def _part(part: PartScore) -> Answer:
    return {
        "score": points(part.score),
        "low": points(part.low),
        "high": points(part.high),
        "weight": show(part.weight),
        "weighted": points(part.weighted),
    }


def head_answer(standing: Standing) -> Answer:
    """What every answer about a scheme-year begins with."""
    head: Answer = {
        "scheme": standing.edition.scheme,
        "edition": standing.edition.digest,
        "year": standing.year,
        "as_of": standing.as_of.isoformat() if standing.as_of is not None else None,
        "known_at": standing.known_at,
    }
    return {**head, "simulated_clock": True} if standing.simulated else head


def standing_answer(standing: Standing, lang: str, unit: str | None = None) -> Answer:
    """Every unit's score, or the one asked for."""
    if unit is not None:
        return {**head_answer(standing), **score_answer(standing.scores[unit], lang, standing.contests.get(unit))}
    return {
        **head_answer(standing),
        "units": {
            name: score_answer(score, lang, standing.contests.get(name)) for name, score in standing.scores.items()
        },
    }


def rank_answer(standing: Standing, table: Mapping[str, Sequence[tuple[Outcome, int | None]]]) -> Answer:
    """The table by category."""
    groups = {
        category: [
            {"unit": score.unit, "total": points(score.total), "rank": rank, **_span(standing, score)}
            for score, rank in rows
        ]
        for category, rows in table.items()
    }
    return {**head_answer(standing), "groups": groups}


def _span(standing: Standing, score: Outcome) -> Answer:
    """The ranks that contested cases, anybody's, still allow a unit; said only where any is contested."""
    contest = standing.contests.get(score.unit)
    return {} if contest is None else {"ranks": list(contest.ranks) if contest.ranks is not None else None}


def replay_answer(standing: Standing, score: Outcome, ledger: Ledger, lang: str) -> Answer:
    """One unit's SCORE with its ledger, and the editions of the year as known."""
    return {
        **head_answer(standing),
        "editions": [_adoption(each) for each in standing.editions],
        **score_answer(score, lang, standing.contests.get(score.unit)),
        "start": points(ledger.start),
        "entries": [{**_entry(entry, lang), **_priced_by(standing, entry, ledger.carried)} for entry in ledger.entries],
    }


def _adoption(adoption: Adoption) -> Answer:
    return {
        "edition": adoption.edition,
        "position": adoption.position,
        "recorded_at": adoption.recorded_at,
        "decided_by": adoption.decided_by,
        "decided_on": adoption.decided_on,
        "reason": adoption.reason,
    }


def _priced_by(standing: Standing, entry: Entry, earlier: Collection[int]) -> Answer:
    """The edition that priced an entry, and the one in force when its fact was recorded.

    The second is null where no fact stands behind the entry, and where the fact is of an `earlier` year.
    """
    then = None
    if entry.position is not None and entry.position not in earlier:
        then = next((each.edition for each in reversed(standing.editions) if each.position <= entry.position), None)
    return {"edition": standing.edition.digest, "edition_then": then}


def _entry(entry: Entry, lang: str) -> Answer:
    answer = {
        "position": entry.position,
        "ref": entry.ref,
        "type": entry.type,
        "effective_on": entry.effective_on.isoformat() if entry.effective_on is not None else None,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "item": entry.item,
        "clause": entry.clause,
        "raw": points(entry.raw),
        "applied": show(entry.applied),
        "item_score_after": points(entry.item_score_after),
        "total_after": points(entry.total_after),
        "why": say(entry.why, lang),
    }
    return {**answer, "caused_by": list(entry.caused_by)} if entry.caused_by else answer
