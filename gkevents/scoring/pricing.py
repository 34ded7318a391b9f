"""What single happenings cost or earn: listen, group, worth, limit.

`price` gives each happening its worth under one rule, `swallowed` says which happenings another rule's dearer one for
the same matter stands for, `clip` takes what a cap leaves, in the order of the world. Nothing here knows where the
points go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from gkevents.schemes.model import Pricing
from gkevents.scoring.fact import Fact
from gkevents.terms import LEVEL_RANK, ZERO


class Charge(NamedTuple):
    """What one happening does under one rule, in points without sign.

    `raw` is its price alone, `worth` what grouping leaves of it, `applied` what the caps leave. `why` names the last
    thing that changed it, `by` the happening that took its place, if one did.
    """

    fact: Fact
    rule: str
    raw: Fraction
    worth: Fraction
    applied: Fraction
    why: str
    by: str | None = None
    side: str = "deduction"
    caused_by: tuple[str, ...] = ()


def price(rule: Pricing, facts: Iterable[Fact], *, code: str, whole: Fraction, side: str = "deduction") -> list[Charge]:
    """The charges of happenings (in the order of the world) under one rule; `whole` is its item's maximum.

    Every happening gets a charge, those that the rule does not price one of 0 with the reason.
    """
    priced: list[Fact] = []
    charges: list[Charge] = []
    for fact in facts:
        bar = barred(rule, fact)
        if bar is None:
            priced.append(fact)
        else:
            charges.append(Charge(fact, code, ZERO, ZERO, ZERO, bar))
    if rule.needs:
        charges += _needed(rule, priced, code)
    else:
        charges += _GROUPED[rule.each](rule, priced, code, whole)
    if side != "deduction":
        charges = [charge._replace(side=side) for charge in charges]
    charges.sort(key=_order)
    return charges


def capped(rule: Pricing, charges: list[Charge]) -> list[Charge]:
    """Charges as the rule's own cap leaves them."""
    return charges if rule.cap is None else clip(charges, rule.cap)


def _order(charge: Charge) -> tuple[int, int]:
    return (charge.fact.when, charge.fact.position)


def barred(rule: Pricing, fact: Fact) -> str | None:
    """Why a happening is not priced under a rule, or None where it is.

    A condition known to be otherwise bars for good; one that nobody has spoken on leaves the happening `pending`.
    """
    unknown = False
    for name, wanted in rule.when:
        said = fact.justified if name == "justified" else fact.serious
        if said is None:
            unknown = True
        elif said is not wanted:
            return "condition-not-met"
    if unknown:
        return "pending"
    if rule.from_overlay and rule.price is None:
        return "no-price"
    if rule.levels and fact.level is None:
        return "no-level"
    if fact.level is not None and LEVEL_RANK[fact.level] < rule.level_floor:
        return "below-level"
    return None


def unit_price(rule: Pricing, fact: Fact, whole: Fraction) -> Fraction:
    """The price of one happening alone, without its count."""
    if rule.whole:
        return whole
    if rule.by_assessor:
        return fact.amount if fact.amount is not None else ZERO
    if rule.levels:
        return rule.levels.get(fact.level or "", ZERO)
    if rule.totals:
        return rule.totals[0]
    return rule.price if rule.price is not None else ZERO


def _each_event(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction) -> list[Charge]:
    charges = []
    counted = 0
    for fact in facts:
        if rule.totals:
            raw = rule.totals[0] * fact.times
            worth = _total(rule.totals, counted + fact.times) - _total(rule.totals, counted)
            counted += fact.times
            charges.append(Charge(fact, code, raw, worth, worth, "priced" if raw == worth else "tier"))
        else:
            raw = unit_price(rule, fact, whole) * fact.times
            charges.append(Charge(fact, code, raw, raw, raw, "priced"))
    return charges


def _each_matter(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction) -> list[Charge]:
    return _by_key(rule, facts, code, whole, lambda fact: fact.matter or ("", fact.ref))


def _each_matter_level(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction) -> list[Charge]:
    return _by_key(rule, facts, code, whole, lambda fact: (fact.matter or ("", fact.ref), fact.level))


def _by_key(
    rule: Pricing,
    facts: Sequence[Fact],
    code: str,
    whole: Fraction,
    key: Callable[[Fact], object],
    *,
    why: str = "same-matter",
) -> list[Charge]:
    """One happening of each group counts: the dearest, ties to the earlier."""
    best: dict[object, Fact] = {}
    for fact in facts:
        held = best.setdefault(key(fact), fact)
        if unit_price(rule, fact, whole) > unit_price(rule, held, whole):
            best[key(fact)] = fact
    charges, counted = [], 0
    for fact in facts:
        winner, raw = best[key(fact)], unit_price(rule, fact, whole)
        if winner is not fact:
            charges.append(Charge(fact, code, raw, ZERO, ZERO, why, winner.ref))
        elif rule.totals:
            worth = _total(rule.totals, counted + 1) - _total(rule.totals, counted)
            counted += 1
            charges.append(Charge(fact, code, raw, worth, worth, "priced" if raw == worth else "tier"))
        else:
            charges.append(Charge(fact, code, raw, raw, raw, "priced"))
    return charges


def _total(totals: tuple[Fraction, ...], count: int) -> Fraction:
    """What `count` of them cost in all: the printed total for that many, the last one for more."""
    return totals[min(count, len(totals)) - 1] if count else ZERO


def _each_year(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction) -> list[Charge]:
    return _by_key(rule, facts, code, whole, lambda _fact: "year", why="once-a-year")


def _each_problem(rule: Pricing, facts: Sequence[Fact], code: str, _whole: Fraction) -> list[Charge]:
    """Cards by the problem they name; a card with several costs once, at its dearest."""
    first = rule.first if rule.first is not None else ZERO
    again = rule.again if rule.again is not None else ZERO
    if rule.first_card == "added":
        again += first
    cards: dict[str, int] = {}
    for fact in facts:
        for problem in _problems(fact):
            cards[problem] = cards.get(problem, 0) + 1
    seen: set[str] = set()
    charges = []
    for fact in facts:
        problems = _problems(fact)
        repeated = any(problem in seen for problem in problems)
        if rule.first_card == "escalated":
            repeated = any(cards[problem] > 1 for problem in problems)
        seen.update(problems)
        raw = again if repeated else first
        charges.append(Charge(fact, code, raw, raw, raw, "repeated" if repeated else "priced"))
    return charges


def _problems(fact: Fact) -> tuple[str, ...]:
    return fact.problems or (f"\0{fact.ref}",)


def _needed(rule: Pricing, facts: Sequence[Fact], code: str) -> list[Charge]:
    """Once a year, at the happening that completes what is needed (`all` kinds, or `any` one of them)."""
    points = rule.price if rule.price is not None else ZERO
    have: Counter[str | None] = Counter()
    done: Fact | None = None
    charges = []
    for fact in facts:
        have[fact.kind] += fact.times
        enough = all if rule.join == "all" else any
        if done is None and enough(have[kind] >= count for kind, count in rule.needs.items()):
            done = fact
            charges.append(Charge(fact, code, points, points, points, "condition-complete"))
        elif done is None:
            charges.append(Charge(fact, code, ZERO, ZERO, ZERO, "condition-incomplete"))
        else:
            charges.append(Charge(fact, code, ZERO, ZERO, ZERO, "once-a-year", done.ref))
    return charges


_GROUPED: Final[Mapping[str, Callable[[Pricing, Sequence[Fact], str, Fraction], list[Charge]]]] = {
    "event": _each_event,
    "matter": _each_matter,
    "matter-level": _each_matter_level,
    "problem": _each_problem,
    "year": _each_year,
}


def clip(charges: Iterable[Charge], limit: Fraction, *, why: str = "cap") -> list[Charge]:
    """Charges as a limit leaves them: in order, each takes what is left of `limit` (points, at least 0)."""
    left, clipped = max(limit, ZERO), []
    for charge in charges:
        if charge.applied > left:
            clipped.append(charge._replace(applied=left, why=why))
            left = ZERO
        else:
            clipped.append(charge)
            left -= charge.applied
    return clipped


def swallowed(heard: Iterable[tuple[str, Pricing, Fact]]) -> dict[tuple[str, str], str]:
    """Happenings for which another stands, because one named matter counts once over several rules: the dearest alone.

    `heard` are (rule's code, rule, happening) in the order of the world; ties go to the earlier. Gives the winner's
    ref by (rule's code, ref) of each loser. What a rule does not price neither wins nor loses.
    """
    best: dict[str, tuple[Fraction, str, str]] = {}
    named = [(code, fact, unit_price(rule, fact, ZERO)) for code, rule, fact in heard if not barred(rule, fact)]
    for code, fact, points in named:
        if fact.matter is not None and points > best.get(fact.matter, (ZERO, "", ""))[0]:
            best[fact.matter] = (points, code, fact.ref)
    return {
        (code, fact.ref): best[fact.matter][2]
        for code, fact, _points in named
        if fact.matter in best and best[fact.matter][1:] != (code, fact.ref)
    }
