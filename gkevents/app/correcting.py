"""Correcting: a fact is taken back and recorded anew, in one write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_refusals import CaseWouldBeLost
from gkevents.aggregates.facts import canonical, restated
from gkevents.aggregates.unit_year import UnitYear
from gkevents.app.recording import Session, check_ref, free_ref
from gkevents.scoring.fact import ENDORSED, NOTIFIED, REVERSALS
from gkevents.store import archive


class Corrected(NamedTuple):
    """A correction: the retraction and the fact logged anew, each (ref, position)."""

    retraction: tuple[str, int]
    fact: tuple[str, int]
    scheme: str
    year: int


def correct(session: Session, ref: str, *, reason: str, changes: Mapping[str, str]) -> Corrected:
    """Take a fact back and record it anew with changes, in one write. Raises the refusal that stands in the way."""
    found = session.find(ref)
    if found is None or found[0] == archive.CALENDAR_STREAM:
        raise no.NothingToTakeBack(of=ref, hint="")
    stream, body = found
    scheme, year, unit = archive.parts_of(stream)
    adopted = session.scheme_year(scheme, year)
    state = session.state(adopted, unit)
    by = state.reversals.standing(ref) if body["type"] not in REVERSALS else None
    if by is not None:
        raise no.AlreadyTakenBack(of=ref, by=by.ref)
    _check_cases(state, ref)
    anew = canonical(restated(body, dict(changes), ref=free_ref(session, f"{ref}-c")))
    if "ref" in changes:
        check_ref(session, anew["ref"])
    today = session.clock.now()
    retraction = canonical(
        {"ref": free_ref(session, f"{ref}-r"), "type": "retraction", "unit": unit, "of": ref,
         "effective_on": today.date().isoformat(), "reason": reason},
    )  # fmt: skip
    first, second = session.record(adopted, retraction), session.record(adopted, anew)
    if first is None or second is None:
        raise no.DuplicateContent(ref=anew["ref"], differences="ref")
    return Corrected((retraction["ref"], first), (anew["ref"], second), scheme, year)


_PRELUDE: Final = frozenset({ENDORSED, NOTIFIED})
"""Steps that are taken once more on the corrected fact: nobody has answered them yet."""


def _check_cases(state: UnitYear, ref: str) -> None:
    """A fact that somebody has accepted, contested or decided on is not corrected behind their backs.

    Nor is an opening whose scanned miss somebody has. Raises CaseWouldBeLost.
    """
    misses = [miss for facts in state.settling.values() for miss in facts if miss.scanned and miss.of == ref]
    for of in (ref, *(miss.ref for miss in misses)):
        steps = state.standing_steps(of)
        if any(step.type not in _PRELUDE for step in steps):
            raise CaseWouldBeLost(ref=ref, of=of, state=no.term(steps[-1].type))
