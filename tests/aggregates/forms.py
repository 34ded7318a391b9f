"""A form made up for a test: one section, the rules under their codes, the shapes that no published scheme here has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.format import Scheme, content_of
from tests.aggregates.desk import Desk

YEAR = 2020
Written = Mapping[str, Any]


def made_up(
    items: Mapping[str, Written] | None = None,
    *,
    bonus: Mapping[str, Written] | None = None,
    deduction: Mapping[str, Written] | None = None,
    vetoes: Mapping[str, Written] | None = None,
    **keys: Any,  # noqa: ANN401 - any key of a scheme file
) -> Edition:
    """An edition by its rules: items of 10 points, one group of ± rules, vetoes that give 59."""
    named = items or {"Z": {"start": "grade"}}
    rules = [_adjustment(code, "bonus", rule) for code, rule in (bonus or {}).items()]
    rules += [_adjustment(code, "deduction", rule) for code, rule in (deduction or {}).items()]
    group = {"code": "G", "title": "加减分", "clause": "加减分", "rules": rules}
    scheme = Scheme.model_validate(
        {
            "scheme": "made-up", "family": "made-up", "title": "样表", "issuer": "样例办公室", "year": str(YEAR),
            "base_total": str(10 * len(named)), "points": "printed", "sections": [{"name": "节"}],
            "items": [_item(code, rule) for code, rule in named.items()],
            "adjustments": [group] if rules else [],
            "vetoes": [_veto(code, rest) for code, rest in (vetoes or {}).items()],
            **keys,
        }
    )  # fmt: skip
    return edition_of(content_of(scheme), digest="made-up")


def _item(code: str, rule: Written) -> dict[str, Any]:
    row = {"code": code, "title": "条目", "section": "节", "points": "10", "clause": "样例"}
    return {**row, "rule": rule} if "start" in rule else {**row, **rule}


def _adjustment(code: str, side: str, rule: Written) -> dict[str, Any]:
    return {"code": code, "side": side, "title": "加减", "clause": "样例", "rule": rule}


def _veto(code: str, rest: Written) -> dict[str, Any]:
    return {"code": code, "title": "否决", "clause": "样例", "effect": {"gives": "59"}, **rest}


def desk_of(items: Mapping[str, Written] | None = None, /, **rules: Any) -> Desk:  # noqa: ANN401 - as above
    """The desk of a unit-year under a made-up form."""
    return Desk(made_up(items, **rules))


def happening(price: Any = "1", /, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of an event rule
    """An event rule."""
    return {"each": "event", "price": price, **keys}
