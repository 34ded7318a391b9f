"""Small schemes and facts written by hand, and what the oracle of any scheme makes of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gkevents.oracle.world import Fact

from .scheme_writer import text_of
from .stored import WorkingDays, reckon
from .wide_agreement import content_of

CALENDAR = WorkingDays.published()
F = Fraction
Sheet = dict[str, Any]
VETO: Sheet = {"code": "V", "title": "V", "clause": "样例"}


def item(code: str, points: str, rule: Sheet, *, section: str = "节", **more: Any) -> Sheet:  # noqa: ANN401
    return {"code": code, "title": code, "section": section, "points": points, "clause": "样例", "rule": rule} | more


def scheme(*items: Sheet, base: str | None = None, sections: list[Sheet] | None = None, **more: Any) -> Sheet:  # noqa: ANN401
    found = sections or [{"name": name} for name in dict.fromkeys(each["section"] for each in items)]
    total = base or str(float(sum(F(each["points"]) for each in items)))
    head = {"scheme": "hand", "family": "hand", "title": "样例", "issuer": "样例", "year": "2020", "base_total": total}
    return head | {"points": "printed", "sections": found, "items": list(items)} | more


def group(*rules: Sheet, code: str = "G", **more: Any) -> Sheet:  # noqa: ANN401
    return {"code": code, "title": code, "clause": "样例", "rules": list(rules)} | more


def beyond(code: str, side: str, rule: Sheet) -> Sheet:
    return {"code": code, "side": side, "title": code, "clause": "样例", "rule": rule}


def fact(name: str, on: str, code: str, /, **fields: Any) -> Fact:  # noqa: ANN401
    return {"type": name, "effective_on": on, "item": code} | fields


def ask(written: Sheet, *facts: Fact, units: str | dict[str, str] = "U", **how: Any) -> dict[str, Sheet]:  # noqa: ANN401
    named = dict.fromkeys(units, "") if isinstance(units, str) else units
    rows = [{"ref": f"f{n}", "unit": next(iter(named)), "position": n} | row for n, row in enumerate(facts, 1)]
    return reckon(content_of(text_of(written)), 2020, named, rows, calendar=CALENDAR, **how)


def one(rule: Sheet, *facts: Fact, points: str = "10") -> Sheet:
    found: Sheet = ask(scheme(item("A", points, rule)), *facts)["U"]["items"]["A"]
    return found


def done(on: str, /, **fields: Any) -> Fact:  # noqa: ANN401
    return fact("occurrence", on, "A", **fields)


def event(**rule: Any) -> Sheet:  # noqa: ANN401
    return {"start": "full", "deduct": [{"each": "event", "price": "1"} | rule]}


def figure(value: str, **fields: Any) -> Fact:  # noqa: ANN401
    return fact("metric", "2020-06-01", "A", value=value, **fields)
