"""Places among units whose values may not all be known."""

from gkevents.schemes.model import Worth
from gkevents.scoring.places import Places, Value
from tests.scoring.made import F, shown


def known(value: str) -> Value:
    return Value(F(value), F(value), (f"r{value}",))


LISTED = Worth("places", tiers=((F(0), F(5)), (F(0), F(3))), rest=F(1))


def test_a_tie_shares_the_better_place() -> None:
    places = Places({"甲": known("9"), "乙": known("9"), "丙": known("8")}, high_first=True)
    assert [places.span(unit) for unit in "甲乙丙"] == [(1, 1), (1, 1), (3, 3)]
    assert [[shown(points) for points in places.points(unit, LISTED)] for unit in "甲丙"] == [["5"], ["1"]]
    assert places.refs == ("r9", "r9", "r8")


def test_where_low_is_best_the_lowest_is_first() -> None:
    places = Places({"甲": known("9"), "乙": known("7")}, high_first=False)
    assert [places.span(unit) for unit in "甲乙"] == [(2, 2), (1, 1)]


def test_what_nobody_reported_may_be_anywhere() -> None:
    places = Places({"甲": known("9"), "乙": Value(), "丙": known("8")}, high_first=True)
    assert [places.span(unit) for unit in "甲乙丙"] == [(1, 2), (1, 3), (2, 3)]
    assert [places.determined(unit) for unit in "甲乙丙"] == [True, False, True]
    assert [shown(points) for points in places.points("乙", LISTED)] == ["5", "3", "1"]


def test_values_between_bounds_leave_the_places_that_are_possible() -> None:
    spread = {"甲": Value(F(5), F(7)), "乙": known("6"), "丙": known("4"), "丁": known("7")}
    assert [Places(spread, high_first=True).span(unit) for unit in "甲乙丙丁"] == [(1, 3), (2, 3), (4, 4), (1, 1)]
    assert [Places(spread, high_first=False).span(unit) for unit in "甲乙丙丁"] == [(2, 3), (2, 3), (1, 1), (3, 4)]
    assert not Places(spread, high_first=True).determined("甲")


def test_a_share_of_the_units_is_rounded_to_places_as_the_scheme_says() -> None:
    places = Places({unit: known(str(value)) for value, unit in enumerate("甲乙丙丁戊")}, high_first=True)
    found = {}
    for how in ("down", "half-up", "up"):
        worth = Worth("top", tiers=((F("0.3"), F(5)), (F("0.6"), F(3))), rest=F(1), round=how)
        found[how] = [shown(places.points(unit, worth)[0]) for unit in "戊丁丙乙甲"]
    assert found == {
        "down": ["5", "3", "3", "1", "1"],
        "half-up": ["5", "5", "3", "1", "1"],
        "up": ["5", "5", "3", "1", "1"],
    }
