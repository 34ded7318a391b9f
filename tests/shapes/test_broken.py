"""No scenario is vacuous: break what carries a shape, in its scheme or in the program, and a scenario fails."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import ModuleType
from typing import Any, Final, cast

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import HEARS, LISTENS
from gkevents.scoring import adjustments, items, places, pricing, score, unit, whole, worth
from tests.shapes.harness import MORE, SHAPES, Case, cases_of, changed, edition, failures

ALL: Final = [*SHAPES, *MORE]
CASES: Final = {shape: cases_of(shape) for shape in ALL}
BROKEN: Final = [
    pytest.param(case, change, id=f"{shape}-{number}-{change.get('at', 'all')}")
    for shape in ALL
    for number, case in enumerate(CASES[shape], 1)
    for change in case.breaks
]


@pytest.mark.parametrize(("case", "change"), BROKEN)
def test_a_broken_rule_is_noticed(case: Case, change: dict[str, Any]) -> None:
    scheme = edition(changed(case.fragment, change))
    if isinstance(scheme, Edition):
        assert change.get("refused") is None, "the file is not refused"
        assert failures(scheme, case.scenarios)
    else:
        assert change.get("refused") == "true", scheme


@pytest.mark.parametrize("shape", ALL)
def test_every_case_is_broken_in_a_way_that_only_its_scenarios_can_notice(shape: str) -> None:
    for case in CASES[shape]:
        assert any("refused" not in change for change in case.breaks)


def noticed() -> bool:
    """Whether any scenario fails now; `test_shapes` says that none does by itself."""
    return any(_fails(case) for cases in CASES.values() for case in cases)


def _fails(case: Case) -> bool:
    scheme = edition(case.fragment)
    return not isinstance(scheme, Edition) or bool(failures(scheme, case.scenarios))


def test_without_a_change_nothing_is_noticed() -> None:
    assert not noticed()


GROUPS: Final = cast("dict[str, Callable[..., Any]]", pricing._GROUPED)
WORTHS: Final = cast("dict[str, Callable[..., Any]]", worth._SHAPES)
HEARD: Final = cast("dict[str, frozenset[str]]", LISTENS)


@pytest.mark.parametrize("each", GROUPS)
def test_a_broken_grouping_is_noticed(each: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GROUPS, each, GROUPS["month" if each == "event" else "event"])
    assert noticed()


@pytest.mark.parametrize("shape", WORTHS)
def test_a_broken_worth_of_a_figure_is_noticed(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORTHS, shape, lambda _worth, _report, _line: Fraction(1))
    assert noticed()


@pytest.mark.parametrize("on", HEARD)
def test_a_deaf_rule_is_noticed(on: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HEARD, on, frozenset())
    monkeypatch.setitem(cast("dict[str, frozenset[str]]", HEARS), on, frozenset())
    assert noticed()


_STANDS_IN: Final[tuple[tuple[ModuleType | type, str, Callable[..., Any]], ...]] = (
    (pricing, "_ordinal", pricing._each_event),
    (pricing, "_eased", lambda _rule, charge, _easing: charge),
    (pricing, "_times", lambda charge, _factor: charge),
    (pricing, "factor_of", lambda _rule, _facts, _payer: Fraction(1)),
    (pricing, "sub_units", lambda _facts, _payer: Fraction(2)),
    (pricing, "hears", lambda _rule, _fact: True),
    (items, "capped", lambda _rule, charges: charges),
    (items, "within_item", lambda _item, _points, charges, _most: charges),
    (items, "marked", lambda _item, grade: grade.points),
    (adjustments, "capped", lambda _rule, charges: charges),
    (adjustments, "_lost", lambda _group, _heard, _facts, _payer: {}),
    (adjustments, "_highest", lambda _group, charges: charges),
    (items, "line_of", lambda _line, _facts, _report, _year: Fraction(1)),
    (adjustments, "line_of", lambda _line, _facts, _report, _year: Fraction(1)),
    (places, "place_points", lambda _worth, _place, _number: Fraction(1)),
    (worth, "beyond", lambda said, figure, line: said.per * worth.steps_beyond(said, figure, line)),
    (score, "hears_veto", lambda _veto, _fact: True),
    (score, "_in_rows", lambda _veto, facts: [list(facts)]),
    (score, "_times", lambda _veto, fact: fact.times),
    (unit, "missed", lambda _limits, **_said: []),
    (unit, "kept", lambda _limits: []),
    (whole._Walk, "_opens", lambda _walk, _gated: True),
    (whole._Walk, "_bounded", lambda _walk, _kind, _name, points, _bounds, _weight: points),
    (whole._Walk, "_rounded", lambda _walk, _step, _name, points, _weight: points),
    (whole._Walk, "_rescaled", lambda _walk, _scope, _name, points, _codes, _weight: points),
    (whole._Walk, "_base_rescaled", lambda _walk, base: base),
    (whole._Walk, "_vetoed", lambda _walk, _part, points, _weight: points),
)
"""A step of the way from facts to the total, and what leaves it out."""


@pytest.mark.parametrize(("where", "step", "instead"), _STANDS_IN, ids=[f"{step[1]}" for step in _STANDS_IN])
def test_a_step_left_out_is_noticed(
    where: ModuleType | type, step: str, instead: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hasattr(where, step)
    monkeypatch.setattr(where, step, instead)
    assert noticed()
