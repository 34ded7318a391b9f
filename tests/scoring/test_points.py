"""Points are Fractions in every way, only quicker among themselves."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkevents.terms import ONE, ZERO, Points, exact, total

fractions = st.fractions(max_denominator=1000)
SUMS = (operator.add, operator.sub, operator.mul, operator.truediv)
COMPARED = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


@pytest.mark.parametrize("of", [*SUMS, *COMPARED])
@given(one=fractions, other=fractions)
def test_they_add_and_compare_as_fractions(of: Callable[[Any, Any], Any], one: Fraction, other: Fraction) -> None:
    if of is operator.truediv and not other:
        other = Fraction(1)
    expected = of(one, other)
    for left, right in ((Points(one), Points(other)), (Points(one), other), (one, Points(other))):
        found = of(left, right)
        assert found == expected
        if isinstance(found, Fraction):
            assert (found.numerator, found.denominator) == (expected.numerator, expected.denominator)


@pytest.mark.parametrize("of", [*SUMS, *COMPARED])
@given(one=fractions, number=st.integers(-1000, 1000).filter(bool))
def test_whole_numbers_are_points_too(of: Callable[[Any, Any], Any], one: Fraction, number: int) -> None:
    assert of(Points(one), number) == of(one, number)
    if one:
        assert of(number, Points(one)) == of(number, one)


@given(fractions)
def test_they_are_the_same_in_a_table_and_in_a_sentence(one: Fraction) -> None:
    points = Points(one)
    assert (hash(points), str(points), bool(points)) == (hash(one), str(one), bool(one))
    assert (-points, abs(points), -points + points) == (-one, abs(one), 0)
    assert {one: "x"}[points] == "x"


@given(st.lists(fractions))
def test_a_total_is_the_sum_in_lowest_terms(several: list[Fraction]) -> None:
    for of in (Fraction, Points):
        found = total([of(one) for one in several])
        assert (found.numerator, found.denominator) == sum(several, Fraction(0)).as_integer_ratio()


def test_what_is_read_is_points_and_stays_points() -> None:
    for one in (exact("0.5"), ZERO, ONE, exact("0.5") + ONE, exact("0.5") * 3, ONE - exact("0.5"), -ONE, total([ONE])):
        assert type(one) is Points


def test_nothing_but_numbers_is_added() -> None:
    for of in (*SUMS, operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            of(ONE, "1")
    assert (ONE == "1", ONE != "1") == (False, True)
