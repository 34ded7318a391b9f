"""Each of the 51 shapes counted in published schemes: given facts, the points worked out by hand."""

from __future__ import annotations

import pytest

from gkevents.schemes.edition import Edition
from tests.shapes.harness import HERE, MORE, SHAPES, Case, cases_of, edition, failures


def test_every_shape_has_its_scenarios_and_nothing_else_lies_there() -> None:
    assert sorted(path.stem for path in HERE.glob("*.yaml")) == sorted((*MORE, *SHAPES))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_tried_at_least_three_times(shape: str) -> None:
    names = [scenario["name"] for case in cases_of(shape) for scenario in case.scenarios]
    assert len(names) >= 3
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("shape", [*SHAPES, *MORE])
def test_a_shape_gives_the_points_worked_out_by_hand(shape: str) -> None:
    assert [wrong for case in cases_of(shape) for wrong in _wrong(case)] == []


def _wrong(case: Case) -> list[str]:
    scheme = edition(case.fragment)
    return failures(scheme, case.scenarios) if isinstance(scheme, Edition) else scheme
