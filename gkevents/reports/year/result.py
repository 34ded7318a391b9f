"""The content of a year's result: the figures of every unit and the paper. Pure: no clock, no store.

Everything in it follows from the log up to the proposal's position and from the proposal itself, so it can be derived
again for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from gkevents.reports.answers import Answer, points
from gkevents.reports.bulletin.corrections import ranked
from gkevents.reports.document import FORM, Content
from gkevents.reports.year.case import YearCase, result_id
from gkevents.reports.year.marks import CaseLine, Claims, case_lines, claims, marks
from gkevents.reports.year.paper import paper_of
from gkevents.reports.year.readiness import Lack
from gkevents.scoring.score import Score

Place = tuple[int | None, int]
"""A unit's rank (None: it has none), and among how many."""


def places(table: Mapping[str, Sequence[tuple[Score, int | None]]]) -> dict[str, Place]:
    """The place of every unit in the table by category."""
    return {score.unit: (rank, len(rows)) for rows in table.values() for score, rank in rows}


def result_content(case: YearCase) -> Content:
    """The paper of a year's result."""
    table = ranked(case.standing)
    figures = _figures(case, places(table))
    return {
        "form": FORM,
        "kind": "result",
        "id": result_id(case.edition.scheme, case.standing.year, case.number),
        "head": _head(case),
        "figures": figures,
        "document": paper_of(case, table),
    }


def _head(case: YearCase) -> dict[str, Any]:
    proposal, edition = case.proposal, case.edition
    return {
        "scheme": edition.scheme,
        "title": edition.title,
        "year": case.standing.year,
        "edition": edition.digest,
        "editions": list(proposal.editions),
        "known_at": proposal.known_at,
        "recorded_at": case.recorded_at,
        "program": proposal.program,
        "number": case.number,
        "replaces": proposal.replaces,
        "proposed": {
            "by": proposal.by,
            "on": proposal.on.isoformat(),
            "document": proposal.document,
            "reason": proposal.reason,
        },
        "publish_by": proposal.publish_by.isoformat() if proposal.publish_by is not None else None,
        "despite": proposal.despite,
        "paper": dict(case.head),
        "simulated_clock": case.standing.simulated,
    }


def _figures(case: YearCase, placed: Mapping[str, Place]) -> Answer:
    scores = case.standing.scores
    totals = [score.total for score in scores.values() if score.total is not None]
    lines = {unit: list(case_lines(score, case.rules, case.calendar)) for unit, score in scores.items()}
    return {
        "units": {unit: unit_answer(score, placed[unit]) for unit, score in scores.items()},
        "self_assessment": {unit: _claimed(said) for unit, score in scores.items() if (said := claims(marks(score)))},
        "rectification": [rectification(line) for unit in scores for line in lines[unit] if line.ordered is not None],
        "lacking": [_lack(lack) for lack in case.lacks],
        "average": points(sum(totals, Fraction(0)) / len(totals)) if totals else None,
        "highest": points(max(totals, default=None)),
        "lowest": points(min(totals, default=None)),
        "facts": {"recorded": case.completeness.recorded, "applied": case.completeness.applied},
    }


def unit_answer(score: Score, place: Place) -> Answer:
    """What a result freezes of one unit; `place`: its rank, and among how many."""
    return {
        "category": score.category,
        "total": points(score.total),
        "low": points(score.low),
        "high": points(score.high),
        "provisional": score.provisional,
        "rank": place[0],
        "of": place[1],
        "band": score.band,
        "base": points(score.base),
        "bonus": points(score.bonus),
        "deduction": points(score.deduction),
        "zeroed": score.zeroed,
        "vetoes": [{"code": veto.code, "title": veto.title} for veto in score.vetoes],
        "eligible": score.eligible,
        "contested": sorted(score.priced.contested),
    }


def _claimed(said: Claims) -> Answer:
    return {
        "items": said.items,
        "claimed": points(said.claimed),
        "scored": points(said.scored),
        "difference": points(said.difference),
    }


def rectification(line: CaseLine) -> Answer:
    """An order to put a fault right that still runs, for programs."""
    order, fact = line.ordered, line.case.fact
    return {
        "unit": line.unit,
        "ref": fact.ref,
        "item": fact.item,
        "state": line.state,
        "ordered_on": order.day.isoformat() if order is not None else None,
        "due": line.ends.isoformat() if line.ends is not None else None,
    }


def _lack(lack: Lack) -> Answer:
    return {
        "kind": lack.kind,
        "unit": lack.unit,
        "items": list(lack.items),
        "refs": list(lack.refs),
        "blocks": lack.blocks,
    }
