"""The vocabulary: exact numbers in and out, instants and days on one axis of Beijing time."""

import datetime as dt
from fractions import Fraction

import pytest

from gkevents.terms import BEIJING, LEVEL_RANK, LEVELS, display, exact, exact_share, instant, microseconds, show

F = Fraction


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", F(0)), ("98.5", F(197, 2)), ("-0.1", F(-1, 10)), ("+3", F(3)), ("0.10", F(1, 10)), ("007", F(7)),
        ("9" * 18 + "." + "9" * 18, F(10**36 - 1, 10**18)),
    ],
)  # fmt: skip
def test_a_plain_decimal_is_read_exactly(text: str, number: Fraction) -> None:
    assert exact(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\n", "1e3", "５", "nan", "inf", ".5", "5.", "1/2", "1_000", "--1", "1" * 19, "0." + "1" * 19],
)
def test_anything_but_a_plain_decimal_is_no_number(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        exact(text)
    assert str(refused.value) == f"not a plain decimal number: {text!r}"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.8", F(4, 5)),
        ("80%", F(4, 5)),
        ("80 %", F(4, 5)),
        ("4/5", F(4, 5)),
        ("79.996%", F(79996, 100000)),
        ("-1/4", F(-1, 4)),
    ],
)
def test_a_share_is_a_decimal_a_percentage_or_a_fraction(text: str, share: Fraction) -> None:
    assert exact_share(text) == share


@pytest.mark.parametrize("text", ["%", "1/", "/2", "a/b", "1/2/3", "1/2%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal number"):
        exact_share(text)


@pytest.mark.parametrize("text", ["1/0", "1/0.00"])
def test_a_share_of_nothing_is_refused_and_never_divides_by_0(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        exact_share(text)
    assert str(refused.value) == f"a share with denominator 0: {text!r}"


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (F(0), "0"), (F(197, 2), "98.5"), (F(-1, 10), "-0.1"), (F(5, 3), "5/3"), (F(-5, 3), "-5/3"), (F(100), "100"),
        (F(1, 8), "0.125"), (F(1, 5), "0.2"), (F(1, 25), "0.04"), (F(1, 100), "0.01"), (F(3, 40), "0.075"),
        (F(1, 30), "1/30"), (F(10, 6), "5/3"), (F(123456, 1000), "123.456"), (F(-1, 3000), "-1/3000"),
        (F(1, 1250), "0.0008"),
    ],
)  # fmt: skip
def test_points_are_shown_in_full_and_as_a_fraction_where_no_decimal_ends(points: Fraction, text: str) -> None:
    assert show(points) == text


@pytest.mark.parametrize(
    ("points", "decimals", "text"),
    [
        (F(5, 3), 2, "1.67"),
        (F(1, 200), 2, "0.01"),
        (F(-1, 200), 2, "-0.01"),
        (F(49, 10000), 2, "0.00"),
        (F(-49, 10000), 2, "0.00"),
        (F(5, 2), 0, "3"),
        (F(-5, 2), 0, "-3"),
        (F(12, 5), 0, "2"),
        (F(89995, 1000), 2, "90.00"),
        (F(89995, 1000), 3, "89.995"),
        (F(3), 1, "3.0"),
        (F(0), 2, "0.00"),
    ],
)
def test_points_for_eyes_are_rounded_half_away_from_0(points: Fraction, decimals: int, text: str) -> None:
    assert display(points, decimals=decimals) == text


def test_points_for_eyes_have_two_decimals_unless_said() -> None:
    assert display(F(2, 3)) == "0.67"


def test_an_instant_is_told_in_beijing_time() -> None:
    moment = instant("2018-12-31T16:30:00Z")
    assert (moment.isoformat(), moment.tzinfo) == ("2019-01-01T00:30:00+08:00", BEIJING)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        instant("2018-12-31T16:30:00")
    assert str(refused.value) == "an instant needs its offset, such as +08:00: '2018-12-31T16:30:00'"
    with pytest.raises(ValueError, match="Invalid isoformat"):
        instant("yesterday")


def test_a_day_lies_at_its_midnight_and_an_instant_within_its_day() -> None:
    day = dt.date(2020, 3, 1)
    assert microseconds(dt.date(1, 1, 1)) == 86_400_000_000
    assert microseconds(day) == day.toordinal() * 86_400_000_000
    assert microseconds(day, instant("2020-03-01T00:00:00+08:00")) == microseconds(day)
    assert microseconds(day, instant("2020-03-01T00:00:00.000001+08:00")) == microseconds(day) + 1
    late = instant("2020-03-01T23:59:59.999999+08:00")
    assert microseconds(day, late) == microseconds(dt.date(2020, 3, 2)) - 1


def test_an_instant_of_another_offset_lies_where_beijing_has_it() -> None:
    moment = dt.datetime.fromisoformat("2020-02-29T20:00:00-04:00")
    assert microseconds(moment.date(), moment) == microseconds(dt.date(2020, 3, 1)) + 8 * 3_600_000_000


def test_levels_rise_from_county_to_national() -> None:
    assert LEVELS == ("county", "city", "provincial", "national")
    assert [LEVEL_RANK[level] for level in LEVELS] == [0, 1, 2, 3]
