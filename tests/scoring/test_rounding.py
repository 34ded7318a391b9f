"""Rounding: only where it is said, exactly, each mode at the half and on both sides of nought."""

import pytest

from gkevents.schemes.model import Rounding
from gkevents.scoring.rounding import rounded
from gkevents.terms import show
from tests.scoring.made import F


def test_without_a_word_nothing_is_rounded() -> None:
    assert rounded(F(5) / 3, None) == F(5) / 3


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("half-up", ["0.12", "0.13", "0.13", "0.14", "-0.13", "-0.12"]),
        ("half-even", ["0.12", "0.12", "0.13", "0.14", "-0.12", "-0.12"]),
        ("down", ["0.12", "0.12", "0.12", "0.13", "-0.12", "-0.12"]),
        ("up", ["0.13", "0.13", "0.13", "0.14", "-0.13", "-0.13"]),
    ],
)
def test_each_mode_has_its_own_half(mode: str, found: list[str]) -> None:
    points = ("0.1249", "0.125", "0.1251", "0.135", "-0.125", "-0.1249")
    assert [show(rounded(F(one), Rounding(2, mode))) for one in points] == found


def test_whole_points_stay_as_they_are() -> None:
    assert {rounded(F(7), Rounding(0, mode)) for mode in ("half-up", "half-even", "down", "up")} == {F(7)}
    assert show(rounded(F("89.5"), Rounding(0, "half-up"))) == "90"
