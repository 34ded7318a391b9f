"""The vocabulary as types: exact points, levels, the two axes of time.

Everything here is plain data and pure functions of the standard library; nothing may import from the rest of the
house, so that every room can speak these words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from typing import Any, Final

BEIJING: Final = dt.timezone(dt.timedelta(hours=8), "+08:00")
"""Every instant of the house is shown and compared in Beijing time; China has kept one offset since 1991."""


class Points(Fraction):
    """A Fraction that adds, multiplies and compares with its like without detours: scoring does little else.

    Equal in every way to the Fraction of the same value; with any other number it does what a Fraction does.
    """

    __slots__ = ()
    __hash__ = Fraction.__hash__
    _numerator: int
    _denominator: int

    def __add__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is not Points:
            return super().__add__(other)
        one, two = self._numerator, self._denominator
        if two == other._denominator:
            return _points(one + other._numerator, two)
        return _points(one * other._denominator + other._numerator * two, two * other._denominator)

    def __sub__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is not Points:
            return super().__sub__(other)
        one, two = self._numerator, self._denominator
        if two == other._denominator:
            return _points(one - other._numerator, two)
        return _points(one * other._denominator - other._numerator * two, two * other._denominator)

    def __mul__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is Points:
            return _points(self._numerator * other._numerator, self._denominator * other._denominator)
        return _points(self._numerator * other, self._denominator) if type(other) is int else super().__mul__(other)

    def __eq__(self, other: object) -> bool:
        if type(other) is Points:
            return self._numerator == other._numerator and self._denominator == other._denominator
        return super().__eq__(other)

    def __lt__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is Points:
            return self._numerator * other._denominator < other._numerator * self._denominator
        return super().__lt__(other)

    def __le__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is Points:
            return self._numerator * other._denominator <= other._numerator * self._denominator
        return super().__le__(other)

    def __gt__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is Points:
            return self._numerator * other._denominator > other._numerator * self._denominator
        return super().__gt__(other)

    def __ge__(self, other: Any) -> Any:  # noqa: ANN401 - as a Fraction
        if type(other) is Points:
            return self._numerator * other._denominator >= other._numerator * self._denominator
        return super().__ge__(other)

    def __neg__(self) -> Points:
        return _points(-self._numerator, self._denominator)


def _points(numerator: int, denominator: int) -> Points:
    """The points of two whole numbers, the second of them above 0, in lowest terms."""
    made = object.__new__(Points)
    if denominator != 1:
        common = gcd(numerator, denominator)
        if common != 1:
            numerator, denominator = numerator // common, denominator // common
    made._numerator, made._denominator = numerator, denominator
    return made


def total(points: Iterable[Any]) -> Fraction:
    """The sum of points, exactly; over one denominator, brought to lowest terms once."""
    numerator, denominator = 0, 1
    for one in points:  # their own names: asking a Fraction for its `denominator` takes longer than adding it
        other = one._denominator  # noqa: SLF001
        if other == denominator:
            numerator += one._numerator  # noqa: SLF001
        elif denominator % other == 0:
            numerator += one._numerator * (denominator // other)  # noqa: SLF001
        else:
            numerator = numerator * other + one._numerator * denominator  # noqa: SLF001
            denominator *= other
    return _points(numerator, denominator)


ZERO: Final[Fraction] = Points(0)
ONE: Final[Fraction] = Points(1)

LEVELS: Final = ("county", "city", "provincial", "national")
"""Levels of a praise or criticism, lowest first; a district counts as `county`."""

LEVEL_RANK: Final = {level: rank for rank, level in enumerate(LEVELS)}


def times(points: Fraction, factor: Fraction) -> Fraction:
    """Points times a factor; most factors are `ONE` itself, and then nothing is worked out."""
    return points if factor is ONE else points * factor


_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_DAY_US = 86_400_000_000


def exact(text: str) -> Fraction:
    """The number a plain decimal text stands for, exactly.

    Raises ValueError for anything but digits with at most one point ("1e3", "５", "", "nan" are not numbers here).
    """
    if not _NUMBER.fullmatch(text):
        msg = f"not a plain decimal number: {text!r}"
        raise ValueError(msg)
    return Points(text)


def exact_share(text: str) -> Fraction:
    """The share a text such as "0.8", "80%" or "4/5" stands for, exactly.

    Raises ValueError where the text is none of these, ZeroDivisionError never: "1/0" is a ValueError too.
    """
    if text.endswith("%"):
        return exact(text[:-1].rstrip()) / 100
    numerator, bar, denominator = text.partition("/")
    if not bar:
        return exact(text)
    if not exact(denominator):
        msg = f"a share with denominator 0: {text!r}"
        raise ValueError(msg)
    return exact(numerator) / exact(denominator)


def show(points: Fraction) -> str:
    """Points as contract text: "98.5", "-0.1", and "5/3" where no finite decimal exists."""
    ratio = points.as_integer_ratio()
    text = _SHOWN.get(ratio)
    if text is None:
        if len(_SHOWN) >= _SHOWN_MOST:
            _SHOWN.clear()
        text = _SHOWN[ratio] = _exactly(points)
    return text


_SHOWN: Final[dict[tuple[int, int], str]] = {}
"""Points already shown: the same few come again and again, and a Fraction is slow to hash."""
_SHOWN_MOST: Final = 20_000


def _exactly(points: Fraction) -> str:
    denominator, places = points.denominator, 0
    while denominator % 10 == 0:
        denominator, places = denominator // 10, places + 1
    while denominator % 2 == 0:
        denominator, places = denominator // 2, places + 1
    while denominator % 5 == 0:
        denominator, places = denominator // 5, places + 1
    if denominator != 1:
        return f"{points.numerator}/{points.denominator}"
    return _fixed(points, places)


def display(points: Fraction, *, decimals: int = 2) -> str:
    """Points rounded half-up (away from zero at the half) to `decimals` places: for eyes only, never to compare."""
    scaled = (abs(points.numerator) * 10**decimals * 2 + points.denominator) // (2 * points.denominator)
    return _fixed(Fraction(scaled if points >= 0 else -scaled, 10**decimals), decimals)


def _fixed(points: Fraction, places: int) -> str:
    digits = str(abs(points.numerator) * 10**places // points.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if points < 0 else text


def instant(text: str) -> dt.datetime:
    """The instant an ISO 8601 text with offset stands for, in Beijing time. Raises ValueError without an offset."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = f"an instant needs its offset, such as +08:00: {text!r}"
        raise ValueError(msg)
    return moment.astimezone(BEIJING)


def microseconds(day: dt.date, at: dt.datetime | None = None) -> int:
    """The place of a day (its 00:00) or of an instant on one axis of Beijing time, in microseconds."""
    if at is None:
        return day.toordinal() * _DAY_US
    local = at.astimezone(BEIJING)
    since_midnight = local - dt.datetime.combine(local, dt.time(), BEIJING)
    return local.toordinal() * _DAY_US + since_midnight // dt.timedelta(microseconds=1)
