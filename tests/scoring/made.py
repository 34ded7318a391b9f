"""Small editions, facts and answers made by hand, so that each test tries one rule on its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Aside, Group, Item, Line, Pricing, Ties, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import Entry, ledger
from gkevents.scoring.peers import assess
from gkevents.scoring.pricing import Charge
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO, instant, microseconds, show
from gkevents.words import Message

F = Fraction
YEAR = 2020
NO_CALENDAR = Calendar("none", frozenset(), ())


def fact(kind: str, on: str, item: str | None = "A", /, **fields: Any) -> Fact:  # noqa: ANN401 - any field of a fact
    """A fact of a day or an instant; where `log` finds no position or ref it gives them."""
    at = instant(on) if "T" in on else None
    day = at.date() if at else dt.date.fromisoformat(on)
    return Fact(
        fields.pop("position", 0), fields.pop("ref", ""), kind, day, microseconds(day, at), at=at, item=item, **fields
    )


def log(*facts: Fact) -> list[Fact]:
    """Facts in the order given, numbered from 1, named r1, r2 and so on."""
    return [
        one._replace(position=one.position or number, ref=one.ref or f"r{number}")
        for number, one in enumerate(facts, 1)
    ]


def happened(on: str, item: str | None = "A", /, **fields: Any) -> Fact:  # noqa: ANN401
    """An occurrence."""
    return fact("occurrence", on, item, **fields)


def graded(points: str, item: str = "A", on: str = "2020-06-30", **fields: Any) -> Fact:  # noqa: ANN401
    """An assessor's mark."""
    return fact("grade", on, item, points=F(points), **fields)


def rule(price: str | None = "1", /, each: str = "event", **fields: Any) -> Pricing:  # noqa: ANN401
    """An event rule that listens to happenings, unless said otherwise."""
    fields.setdefault("on", "happenings")
    return Pricing(each=each, price=None if price is None else F(price), **fields)


def table(**levels: str) -> dict[str, Fraction]:
    """Prices by level, exactly."""
    return {level: F(price) for level, price in levels.items()}


def item(code: str = "A", start: str = "full", points: str | None = "5", /, *deduct: Pricing, **fields: Any) -> Item:  # noqa: ANN401
    """An item with made-up words."""
    return Item(
        code, f"title of {code}", "section", f"clause of {code}", (), start, None if points is None else F(points),
        deduct=deduct, **fields,
    )  # fmt: skip


def plus(code: str, pricing: Pricing | None = None) -> Adjustment:
    """A bonus rule."""
    return Adjustment(code, code, f"clause of {code}", (), "bonus", "G", pricing)


def minus(code: str, pricing: Pricing | None = None, worth: Worth | None = None) -> Adjustment:
    """A deduction rule beyond the items."""
    return Adjustment(code, code, f"clause of {code}", (), "deduction", "G", pricing, worth)


def below_mean(share: str, among: str, price: str) -> Worth:
    """What costs once where a figure lies below a share of the units' mean."""
    line = Line(source="mean", share=F(share))
    return Worth("linear", per=F(price), line=line, above=False, each=None, among=among, costs=True)


def group(*rules: Adjustment, **fields: Any) -> Group:  # noqa: ANN401
    """A group of ± rules, without caps unless said."""
    given = {"code": "G", "title": "G", "bonus_cap": None, "deduction_cap": None, "caps": "separate"}
    return Group(**{**given, "same_matter": "each", **fields}, rules=rules)


def edition(*items: Item, groups: Iterable[Group] = (), **fields: Any) -> Edition:  # noqa: ANN401
    """An edition of these items and groups: floor 0, no ceiling, bands or zero-out, nothing for what is set aside."""
    given: dict[str, Any] = {
        "scheme": "made-2020",
        "family": "made",
        "title": "made",
        "year": YEAR,
        "digest": "d",
        "base_total": F(100),
        "from_overlay": False,
        "overlaid": False,
        "grade_decimals": 2,
        "floor": ZERO,
        "ceiling": None,
        "display_decimals": 2,
        "ties": Ties(),
        "variants": (),
        "zero_out": None,
        "aside": None,
        "bands": (),
        "roster": (),
    }
    aside = fields.pop("aside", None) or mean_of(fields.pop("mean_among", None))
    held = {one.code: one._replace(aside=one.aside or aside) for one in items}
    return Edition(**{**given, "aside": aside, **fields}, items=held, groups=tuple(groups))


def mean_of(among: str | None, clause: str = "") -> Aside | None:
    """What is set aside gets the mean of these units."""
    return None if among is None else Aside("peers-mean", among, F(1), "total", clause)


def scored(frozen: Edition, *facts: Fact, **how: Any) -> Score:  # noqa: ANN401
    """The score of one unit named U, alone."""
    category = how.pop("category", "")
    earlier = how.pop("earlier", ())
    return assess(frozen, [UnitLog("U", category, frozen.year, log(*facts), earlier)], **how)["U"]


def together(frozen: Edition, units: Mapping[str, Sequence[Fact]], **categories: str) -> dict[str, Score]:
    """The scores of several units, each fact named after its unit ("甲r1")."""
    logs = []
    for unit, facts in units.items():
        named = [one._replace(ref=f"{unit}{one.ref}") for one in log(*facts)]
        logs.append(UnitLog(unit, categories.get(unit, ""), YEAR, named))
    return assess(frozen, logs)


def told(charges: Iterable[Charge]) -> list[tuple[str, str, str, str, str]]:
    """Charges as (ref, raw, worth, applied, why), points as text."""
    return [
        (charge.fact.ref, show(charge.raw), show(charge.worth), show(charge.applied), charge.why) for charge in charges
    ]


def worths(charges: Iterable[Charge]) -> list[str]:
    """What grouping leaves of each charge, as text."""
    return [show(charge.worth) for charge in charges]


def shown(points: Fraction | None) -> str | None:
    """Points as text, or None; exact to their very type."""
    assert points is None or isinstance(points, Fraction)
    return None if points is None else show(points)


def english(text: Message | str) -> str:
    """The sentence of a message from its template alone, without any catalogue."""
    if isinstance(text, str):
        return text
    return text.template.format(
        **{name: english(value) if isinstance(value, Message) else value for name, value in text.values.items()}
    )


def lines(score: Score) -> list[tuple[str | None, str | None, str | None, str, str | None, str | None]]:
    """The ledger as (ref or type, item, raw, applied, item's score after, total after)."""
    return [
        (
            entry.ref or entry.type, entry.item, shown(entry.raw), show(entry.applied), shown(entry.item_score_after),
            shown(entry.total_after),
        )
        for entry in ledger(score).entries
    ]  # fmt: skip


def entry_of(score: Score, ref: str) -> Entry:
    """The one ledger entry of a fact, or of a type where it has no fact."""
    (found,) = [entry for entry in ledger(score).entries if (entry.ref or entry.type) == ref]
    return found


def why(score: Score, ref: str) -> str:
    """The sentence of a fact's one ledger entry."""
    return english(entry_of(score, ref).why)


def sums_up(score: Score) -> str | None:
    """The total as text, None while provisional, of a score whose ledger sums."""
    book = ledger(score)
    assert book.start is not None
    assert book.start + sum((entry.applied for entry in book.entries), ZERO) == score.low
    return shown(score.total)
