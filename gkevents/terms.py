"""The vocabulary as types: exact points, levels, the two axes of time.

Everything here is plain data and pure functions of the standard library; nothing may import from the rest of the
house, so that every room can speak these words.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

BEIJING: Final = dt.timezone(dt.timedelta(hours=8), "+08:00")
"""Every instant of the house is shown and compared in Beijing time; China has kept one offset since 1991."""

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)

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
    return Fraction(text)


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


@lru_cache(maxsize=4096)
def show(points: Fraction) -> str:
    """Points as contract text: "98.5", "-0.1", and "5/3" where no finite decimal exists."""
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
