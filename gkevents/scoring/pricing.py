"""What single happenings cost or earn: listen, group, worth, limit.

`price` gives each happening its worth under one rule, `clip` takes what a cap leaves, in the order of the world.
Nothing here knows where the points go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

from gkevents.schemes.model import Pricing
from gkevents.scoring.fact import MISSES, Fact
from gkevents.terms import LEVEL_RANK, ONE, ZERO, total


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


_made: Final[Callable[[tuple[Any, ...]], Charge]] = partial(tuple.__new__, Charge)
"""A charge of all its fields in their order, without the detour over its parameters."""

Left = Callable[[Fact], Fraction]
"""What one happening would come to alone, as easing and decisions leave it: of a group the dearest counts."""


class Payer(NamedTuple):
    """Whose points a rule moves: the unit, its category, the assessment year, its sub-units where the roster says.

    `names` are all that the roster knows the unit by, its own among them.
    """

    unit: str = ""
    category: str = ""
    year: int = 0
    sub_units: int | None = None
    names: frozenset[str] = frozenset()


NOBODY: Final = Payer()


def price(
    rule: Pricing,
    facts: Iterable[Fact],
    *,
    code: str,
    whole: Fraction,
    side: str = "deduction",
    factor: Fraction | None = ONE,
    easing: Sequence[Fact] = (),
) -> list[Charge]:
    """The charges of happenings (in the order of the world) under one rule; `whole` is what there is to lose at first.

    Every happening gets a charge, those that the rule does not price one of 0 with the reason. `factor` multiplies the
    prices (None: it is not known yet); `easing` are the later facts that may ease them.
    """
    priced: list[Fact] = []
    charges: list[Charge] = []
    any_reduced = False
    level_alone, floor = _bars_by_level_alone(rule), rule.level_floor
    for fact in facts:
        if factor is None:
            bar: str | None = "no-sub-units"
        elif level_alone:
            bar = "below-level" if floor and fact.level is not None and LEVEL_RANK[fact.level] < floor else None
        else:
            bar = barred(rule, fact)
        if bar is None:
            priced.append(fact)
            any_reduced = any_reduced or fact.reduced is not None
        else:
            charges.append(Charge(fact, code, ZERO, ZERO, ZERO, bar))
    group = _ordinal if rule.nth else _needed if rule.needs else _GROUPED[rule.each]
    eased = {fact.ref: best for fact in priced if (best := easing_of(rule, fact, easing)) is not None} if easing else {}
    shares = {ref: rule.eased[best.kind or ""] for ref, best in eased.items()}
    left = partial(_reduced_to, rule, whole, shares, factor) if any_reduced else partial(_left_of, rule, whole, shares)
    charges += group(rule, priced, code, whole, left)
    if factor is not None and factor != ONE:
        charges = [_times(charge, factor) for charge in charges]
    if eased:
        charges = [_eased(rule, charge, eased.get(charge.fact.ref)) for charge in charges]
    if any_reduced:
        charges = [_reduced(charge) for charge in charges]
    if side != "deduction":
        charges = [charge._replace(side=side) for charge in charges]
    if len(priced) < len(charges):  # those that the rule does not price were put first
        charges.sort(key=IN_ORDER)
    return charges


def _bars_by_level_alone(rule: Pricing) -> bool:
    """Whether a rule prices all that it hears, but for what lies below its lowest level (see `barred`)."""
    asks = rule.when or rule.between is not None or rule.levels
    return not asks and not (rule.from_overlay and rule.price is None)


IN_ORDER: Final = attrgetter("fact.when", "fact.position")
"""The order of the world, to sort charges by."""


def hears(rule: Pricing, fact: Fact) -> bool:
    """Whether a rule listens to a happening; a missed limit known from a late answer is heard like any miss."""
    if fact.type not in rule.hears:
        return False
    if (rule.kinds and fact.kind not in rule.kinds) or fact.kind in rule.deaf:
        return False
    return (fact.from_unit is not None) is rule.other


def heard_of(rule: Pricing, facts: Iterable[Fact]) -> list[Fact]:
    """The happenings that a rule listens to."""
    types = rule.hears
    return [fact for fact in facts if fact.type in types and hears(rule, fact)]


def factor_of(rule: Pricing, facts: Iterable[Fact], payer: Payer) -> Fraction | None:
    """What a rule's prices are multiplied by for a unit; None where the number of its sub-units is not known."""
    factor = _own_factor(rule, payer) if rule.factors else ONE
    if not rule.averaged:
        return factor
    number = sub_units(facts, payer)
    return factor / number if number else None


def _own_factor(rule: Pricing, payer: Payer) -> Fraction:
    """A rule's factor for a unit, by whatever name the roster has for it, or else for its category."""
    named = [rule.factors[name] for name in (payer.unit, *payer.names) if name in rule.factors]
    return named[0] if named else rule.factors.get(payer.category, ONE)


def sub_units(facts: Iterable[Fact], payer: Payer) -> Fraction | None:
    """How many sub-units a unit has: the latest figure recorded on the item, else what the roster says."""
    reports = [fact for fact in facts if fact.about == "sub-units" and fact.ratio]
    if reports:
        return max(reports, key=lambda fact: (fact.day, fact.position)).ratio
    return Fraction(payer.sub_units) if payer.sub_units else None


def charges_of(
    rule: Pricing, facts: Sequence[Fact], payer: Payer, *, code: str, whole: Fraction, side: str = "deduction"
) -> list[Charge]:
    """The charges of one rule from all the facts that stand on its item or ± rule, before the rule's own caps."""
    heard = heard_of(rule, facts)
    easing = [fact for fact in facts if fact.kind in rule.eased] if rule.eased else ()
    factor = factor_of(rule, facts, payer) if rule.factors or rule.averaged else ONE
    return price(rule, heard, code=code, whole=whole, side=side, factor=factor, easing=easing)


def capped(rule: Pricing, charges: list[Charge]) -> list[Charge]:
    """Charges (in the order of the world) as the rule's own caps leave them: those of its periods, then the year's."""
    for period, most in rule.period_caps:
        kept: dict[tuple[int, int], list[Charge]] = {}
        for charge in charges:
            kept.setdefault(period_of(charge.fact, period), []).append(charge)
        clipped = {key: iter(clip(held, most, why="period-cap")) for key, held in kept.items()}
        charges = [next(clipped[period_of(charge.fact, period)]) for charge in charges]
    return charges if rule.cap is None else clip(charges, rule.cap)


_MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def period_of(fact: Fact, period: str) -> tuple[int, int]:
    """The month, quarter, half-year or year that a happening lies in: (year, number from 0)."""
    return (fact.day.year, (fact.day.month - 1) // _MONTHS[period])


def _times(charge: Charge, factor: Fraction) -> Charge:
    return charge._replace(raw=charge.raw * factor, worth=charge.worth * factor, applied=charge.applied * factor)


def _eased(rule: Pricing, charge: Charge, best: Fact | None) -> Charge:
    """A charge as a later fact on the same matter leaves it."""
    if best is None or not charge.worth:
        return charge
    worth = charge.worth * rule.eased[best.kind or ""]
    return charge._replace(worth=worth, applied=worth, why="eased", by=best.ref, caused_by=(best.ref,))


def _reduced(charge: Charge) -> Charge:
    """A charge as a decision on its case leaves it."""
    most, by = charge.fact.reduced, charge.fact.reduced_by
    if most is None or by is None or charge.worth <= most:
        return charge
    return charge._replace(worth=most, applied=most, why="reduced", by=by, caused_by=(*charge.caused_by, by))


def easing_of(rule: Pricing, fact: Fact, easing: Sequence[Fact]) -> Fact | None:
    """The later fact on the same matter that eases a happening: of several the one that leaves least."""
    after = [
        later
        for later in easing
        if later.matter is not None and later.matter == fact.matter and later.order > fact.order
    ]
    return min(after, key=lambda later: rule.eased[later.kind or ""], default=None)


def barred(rule: Pricing, fact: Fact) -> str | None:
    """Why a happening is not priced under a rule, or None where it is.

    A condition known to be otherwise bars for good; one that nobody has spoken on leaves the happening `pending`.
    """
    unknown = False
    for name, wanted in rule.when:
        said: bool | None = getattr(fact, name)
        if name == "answered" and said is None:
            # only a limit is answered; a miss that was logged without its opening never was
            if fact.type not in MISSES or wanted:
                return "condition-not-met"
        elif said is None:
            unknown = True
        elif said is not wanted:
            return "condition-not-met"
    return "pending" if unknown else _unpriced(rule, fact)


def _unpriced(rule: Pricing, fact: Fact) -> str | None:
    """Why a happening has no price under a rule whose conditions it meets."""
    if rule.between is not None and not rule.between[0] <= (fact.amount or ZERO) <= rule.between[1]:
        return "amount-out-of-range"
    if rule.from_overlay and rule.price is None:
        return "no-price"
    if rule.levels and fact.level is None:
        return "no-level"
    if fact.level is not None and LEVEL_RANK[fact.level] < rule.level_floor:
        return "below-level"
    return None


def unit_price(rule: Pricing, fact: Fact, whole: Fraction) -> Fraction:
    """The price of one happening alone, without its count."""
    if rule.by_assessor:
        return fact.amount if fact.amount is not None else ZERO
    if rule.levels:
        return rule.levels.get(fact.level or "", ZERO)
    if rule.whole:
        return whole
    if rule.down_to is not None:
        return max(whole - rule.down_to, ZERO)
    steps = rule.totals or rule.nth
    return steps[0] if steps else rule.price if rule.price is not None else ZERO


def _each_event(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, _left: Left) -> list[Charge]:
    charges = []
    counted = 0
    one_price = None if rule.by_assessor or rule.levels or not facts else unit_price(rule, facts[0], whole)
    for fact in facts:
        if rule.totals:
            raw = rule.totals[0] * fact.times
            worth = _total(rule.totals, counted + fact.times) - _total(rule.totals, counted)
            counted += fact.times
            charges.append(Charge(fact, code, raw, worth, worth, "priced" if raw == worth else "tier"))
        else:
            raw = unit_price(rule, fact, whole) if one_price is None else one_price
            raw = raw if fact.times == 1 else raw * fact.times
            charges.append(_made((fact, code, raw, raw, raw, "priced", None, "deduction", ())))
    return charges


def _each_matter(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, left: Left) -> list[Charge]:
    return _by_key(rule, facts, code, whole, left, lambda fact: fact.matter or ("", fact.ref))


def _each_matter_level(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, left: Left) -> list[Charge]:
    return _by_key(rule, facts, code, whole, left, lambda fact: (fact.matter or ("", fact.ref), fact.level))


def _by_key(
    rule: Pricing,
    facts: Sequence[Fact],
    code: str,
    whole: Fraction,
    left: Left,
    key: Callable[[Fact], object],
    *,
    why: str = "same-matter",
) -> list[Charge]:
    """One happening of each group counts: the dearest as easing leaves it, ties to the earlier."""
    best: dict[object, Fact] = {}
    for fact in facts:
        held = best.setdefault(key(fact), fact)
        if held is not fact and left(fact) > left(held):
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


def _left_of(rule: Pricing, whole: Fraction, shares: Mapping[str, Fraction], fact: Fact) -> Fraction:
    """The price of one happening alone, as easing leaves it; where the number of them is priced, each is alike."""
    points = ONE if rule.totals else unit_price(rule, fact, whole)
    return points * shares[fact.ref] if fact.ref in shares else points


def _reduced_to(
    rule: Pricing, whole: Fraction, shares: Mapping[str, Fraction], factor: Fraction | None, fact: Fact
) -> Fraction:
    """The same in points of the unit, where decisions have reduced any of those that are compared."""
    points = unit_price(rule, fact, whole) * (factor if factor is not None else ONE) * shares.get(fact.ref, ONE)
    return points if fact.reduced is None else min(points, fact.reduced)


def _total(totals: tuple[Fraction, ...], count: int) -> Fraction:
    """What `count` of them cost in all: the printed total for that many, the last one for more."""
    return totals[min(count, len(totals)) - 1] if count else ZERO


def _each_year(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, left: Left) -> list[Charge]:
    return _by_key(rule, facts, code, whole, left, lambda _fact: "year", why="once-a-year")


def _each_quarter(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, left: Left) -> list[Charge]:
    return _by_key(rule, facts, code, whole, left, lambda fact: period_of(fact, "quarter"), why="once-a-quarter")


def _each_month(rule: Pricing, facts: Sequence[Fact], code: str, whole: Fraction, left: Left) -> list[Charge]:
    return _by_key(rule, facts, code, whole, left, lambda fact: period_of(fact, "month"), why="once-a-month")


def _ordinal(rule: Pricing, facts: Sequence[Fact], code: str, _whole: Fraction, _left: Left) -> list[Charge]:
    """The first, the second, the third of its row, each at its own price.

    The row is the year (where events are counted, `count` takes as many places), the matter, or the problem; a card
    with several problems costs its dearest.
    """
    done: dict[object, int] = {}
    charges = []
    for fact in facts:
        times = fact.times if rule.each == "event" else 1
        keys = {"event": ("",), "problem": _problems(fact)}.get(rule.each, (fact.matter or ("", fact.ref),))
        raw = max(_nth_sum(rule.nth, done.get(key, 0), times) for key in keys)
        later = any(key in done for key in keys)
        for key in keys:
            done[key] = done.get(key, 0) + times
        charges.append(Charge(fact, code, raw, raw, raw, "ordinal" if later else "priced"))
    return charges


def _nth_sum(nth: tuple[Fraction, ...], done: int, times: int) -> Fraction:
    """What the next `times` after `done` cost: each its own price, the last price for all beyond the list."""
    listed = sum(nth[done : done + times], ZERO)
    return listed + nth[-1] * (times - len(nth[done : done + times]))


def _each_problem(rule: Pricing, facts: Sequence[Fact], code: str, _whole: Fraction, _left: Left) -> list[Charge]:
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
        met = [cards[problem] > 1 if rule.first_card == "escalated" else problem in seen for problem in problems]
        seen.update(problems)
        raw = max(again if one else first for one in met)
        repeated = any(met) and raw == again
        charges.append(Charge(fact, code, raw, raw, raw, "repeated" if repeated else "priced"))
    return charges


def _problems(fact: Fact) -> tuple[str, ...]:
    return fact.problems or (f"\0{fact.ref}",)


def _needed(rule: Pricing, facts: Sequence[Fact], code: str, _whole: Fraction, _left: Left) -> list[Charge]:
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


_GROUPED: Final[Mapping[str, Callable[[Pricing, Sequence[Fact], str, Fraction, Left], list[Charge]]]] = {
    "event": _each_event,
    "matter": _each_matter,
    "matter-level": _each_matter_level,
    "problem": _each_problem,
    "year": _each_year,
    "quarter": _each_quarter,
    "month": _each_month,
}


def clip(charges: Iterable[Charge], limit: Fraction, *, why: str = "cap", side: str | None = None) -> list[Charge]:
    """Charges as a limit leaves them: in order, each takes what is left of `limit` (points, at least 0).

    With a `side`, charges of the other side pass untouched.
    """
    charges = list(charges)
    if total([charge.applied for charge in charges if side is None or charge.side == side]) <= limit:
        return charges
    left, clipped = max(limit, ZERO), []
    for charge in charges:
        if side is not None and charge.side != side:
            clipped.append(charge)
        elif charge.applied > left:
            fact, rule, raw, worth, _, _, by, of, caused_by = charge
            clipped.append(_made((fact, rule, raw, worth, left, why, by, of, caused_by)))
            left = ZERO
        else:
            clipped.append(charge)
            left -= charge.applied
    return clipped
