"""Rounding, only where a scheme says so, at the step it says: exact arithmetic, no float, no default."""

from __future__ import annotations

import math
from fractions import Fraction

from gkevents.schemes.model import Rounding
from gkevents.terms import ZERO


def rounded(points: Fraction, how: Rounding | None) -> Fraction:
    """Points with `how.digits` decimals: half away from zero, half to even, towards zero, or away from zero."""
    if how is None:
        return points
    unit = 10**how.digits
    scaled = abs(points) * unit
    if how.mode == "down":
        whole = math.floor(scaled)
    elif how.mode == "up":
        whole = math.ceil(scaled)
    elif how.mode == "half-even":
        whole = round(scaled)
    else:
        whole = math.floor(scaled + Fraction(1, 2))
    found = Fraction(whole, unit)
    return found if points >= ZERO else -found
