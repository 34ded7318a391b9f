"""One matter named under several rules counts once, at its dearest: whose happenings another's stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from gkevents.schemes.model import Pricing
from gkevents.scoring.fact import Fact
from gkevents.scoring.pricing import Payer, barred, easing_of, factor_of, unit_price
from gkevents.terms import ONE, ZERO


def worth_alone(rule: Pricing, fact: Fact, facts: Sequence[Fact], payer: Payer) -> Fraction | None:
    """What one happening comes to for a unit before it is grouped and capped; None where the rule does not price it."""
    factor = factor_of(rule, facts, payer) if rule.factors or rule.averaged else ONE
    if factor is None or barred(rule, fact):
        return None
    points = unit_price(rule, fact, ZERO) * factor
    eased = easing_of(rule, fact, [later for later in facts if later.kind in rule.eased]) if rule.eased else None
    points = points if eased is None else points * rule.eased[eased.kind or ""]
    return points if fact.reduced is None else min(points, fact.reduced)


def swallowed(priced: Iterable[tuple[str, Fact, Fraction]]) -> dict[tuple[str, str], str]:
    """Happenings for which another stands, because one named matter counts once over several rules: the dearest alone.

    `priced` are (rule's code, happening, what it comes to alone) in the order of the world; ties go to the earlier.
    Gives the winner's ref by (rule's code, ref) of each loser.
    """
    best: dict[str, tuple[Fraction, str, str]] = {}
    named = [(code, fact, points) for code, fact, points in priced if fact.matter is not None]
    for code, fact, points in named:
        if points > best.get(fact.matter or "", (ZERO, "", ""))[0]:
            best[fact.matter or ""] = (points, code, fact.ref)
    return {
        (code, fact.ref): best[fact.matter or ""][2]
        for code, fact, _points in named
        if fact.matter in best and best[fact.matter or ""][1:] != (code, fact.ref)
    }
