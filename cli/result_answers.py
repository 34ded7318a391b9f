"""The JSON answers of `gk result`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gkevents.words import say

if TYPE_CHECKING:
    from gkevents.aggregates.result import Result, Round
    from gkevents.app.after_result import Shown
    from gkevents.reports.year.readiness import Lack


def lacking_answer(lacks: Sequence[Lack], lang: str) -> list[dict[str, Any]]:
    """What is missing."""
    return [
        {
            "kind": lack.kind, "unit": lack.unit, "items": list(lack.items), "refs": list(lack.refs),
            "blocks": lack.blocks, "what": say(lack.what, lang), "todo": say(lack.todo, lang),
        }
        for lack in lacks
    ]  # fmt: skip


def standing_answer(found: Result) -> dict[str, Any]:
    """How a result stands, with its whole history."""
    last = found.last
    return {
        "scheme": found.scheme,
        "year": found.year,
        "state": found.state,
        "closed": found.closed is not None,
        "digest": last.proposal.digest if last is not None else None,
        "days_late": last.days_late if last is not None else 0,
        "position": last.acts[-1].position if last is not None else None,
        "history": [_round(one) for one in found.rounds],
    }


def _round(one: Round) -> dict[str, Any]:
    acts = {"proposed": one.proposal, "approved": one.approval, "published": one.publication, "reopened": one.reopening}
    said = {name: None if act is None else _act(act._asdict()) for name, act in acts.items()}
    return {"state": one.state, "days_late": one.days_late, **said}


def _act(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else text(value) if isinstance(value, dt.date) else value
        for name, value in said.items()
    }


def shown_answer(shown: Shown) -> dict[str, Any]:
    """The frozen result, its history, what came after it, what is still to be put right."""
    after = shown.after
    return {
        **standing_answer(shown.kept.result),
        "known_at": shown.round.proposal.known_at,
        "content": shown.content,
        "after": {
            "facts": [fact._asdict() for fact in after.facts],
            "elsewhere": after.elsewhere,
            "changes": [change._asdict() for change in after.changes],
        },
        "rectification": [
            {
                "ref": row.ref, "unit": row.unit, "item": row.item, "state": row.state, "since": text(row.since),
                "due": text(row.due.until) if row.due is not None else None, "overdue": row.overdue,
            }
            for row in shown.orders
        ],
    }  # fmt: skip


def text(moment: dt.date | None) -> str | None:
    """A day or an instant in ISO; None stays null."""
    return moment.isoformat() if moment is not None else None
