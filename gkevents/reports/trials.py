"""The JSON answer of a trial.

`{"scheme", "edition", "on", "year", "as_of", "known_at", "mapping": [{"from", "to", "how"}], "unmapped": [{"ref",
"unit", "item", "code", "message"}], "unused": [code], "units": {UNIT: {"category", "before", "after", "change"}}}`:
`edition` is the digest of the draft, `on` the scheme whose log it is; `how` is one of `given`, `code`, `title`, `none`
(`to` is then null); `before` and `after` hold `total`, `low`, `high` and `rank`; `change` is null unless both totals
are known.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from gkevents.reports.answers import Answer, points
from gkevents.schemes.edition import Edition
from gkevents.trials.trying import Outcome, Trial
from gkevents.words import say


class Tried(Protocol):
    """A trial: of which draft, on which scheme-year, as of when, as known at which position (see `app.trying`)."""

    @property
    def draft(self) -> Edition:
        """The edition tried."""

    @property
    def on(self) -> Edition:
        """The edition in force."""

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
    def trial(self) -> Trial:
        """What it came to."""


def try_answer(tried: Tried, lang: str) -> Answer:
    """What a trial came to, units by their rank in it."""
    trial = tried.trial
    return {
        "scheme": tried.draft.scheme,
        "edition": tried.draft.digest,
        "on": tried.on.scheme,
        "year": tried.year,
        "as_of": tried.as_of.isoformat() if tried.as_of is not None else None,
        "known_at": tried.known_at,
        "mapping": [{"from": lead.code, "to": lead.to, "how": lead.how} for lead in trial.mapping],
        "unmapped": [
            {
                "ref": fact.ref,
                "unit": fact.unit,
                "item": fact.item,
                "code": fact.code,
                "message": say(fact.message, lang),
            }
            for fact in trial.unmapped
        ],
        "unused": list(trial.unused),
        "units": {unit: _unit(trial.before[unit], after) for unit, after in trial.after.items()},
    }


def _unit(before: Outcome, after: Outcome) -> Answer:
    old, new = before.score.total, after.score.total
    return {
        "category": after.score.category,
        "before": _outcome(before),
        "after": _outcome(after),
        "change": points(new - old) if new is not None and old is not None else None,
    }


def _outcome(outcome: Outcome) -> Answer:
    score = outcome.score
    return {"total": points(score.total), "low": points(score.low), "high": points(score.high), "rank": outcome.rank}
