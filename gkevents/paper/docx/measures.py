"""Lengths: a page is given in millimetres and points, Word counts in twentieths of a point. Whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from gkevents.reports.document import Page

A4: Final = (210, 297)
POINT: Final = 20
"""Twips of a point."""

EMU: Final = 635
"""English metric units of a twip, in which pictures are measured."""

TIGHTER_MAX: Final = 12
"""Twips that the characters of a line may be moved together, so that the line holds the number it should."""


def twips(millimetres: int) -> int:
    """A length in twentieths of a point, rounded."""
    return (millimetres * 14400 + 127) // 254


class Sheet(NamedTuple):
    """A page as it lies: its size and its margins, in millimetres."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int

    @property
    def wide(self) -> bool:
        """Whether it lies on its side."""
        return self.width > self.height

    @property
    def field(self) -> tuple[int, int]:
        """Width and height of what may be printed on, in twips."""
        width = twips(self.width) - twips(self.left) - twips(self.right)
        return max(width, twips(20)), max(twips(self.height) - twips(self.top) - twips(self.bottom), twips(20))


def upright(page: Page) -> Sheet:
    """The page as most are."""
    return Sheet(*A4, page["margin_top"], page["margin_right"], page["margin_bottom"], page["margin_left"])


def turned(page: Page) -> Sheet:
    """The page on its side: bound where the others are, so the left margin is now above."""
    width, height = A4
    return Sheet(height, width, page["margin_left"], page["margin_top"], page["margin_right"], page["margin_bottom"])


def pitch(page: Page) -> int:
    """From line to line, so that the page's number of lines just fits."""
    return upright(page).field[1] // max(page["lines"], 1)


def tightening(page: Page) -> int:
    """Twips to add to every character (below zero), so that a line holds whole characters: 28 by the standard.

    The characters of 3号 are 16 points wide, and 28 of them a little more than 156 mm.
    """
    width, size = upright(page).field[0], page["body_size"] * POINT
    number = (2 * width + size) // (2 * size)
    wanted = width // max(number, 1) - size
    return wanted if -TIGHTER_MAX <= wanted < 0 else 0


def shared(shares: Sequence[int], width: int) -> list[int]:
    """A width shared out; the parts add up to it exactly."""
    wanted = [max(share, 1) for share in shares]
    whole, edges, passed = sum(wanted), [0], 0
    for share in wanted:
        passed += share
        edges.append(width * passed // whole)
    return [after - before for before, after in pairwise(edges)]


def ems(text: str) -> int:
    """How long a text is when it is set, in hundredths of a Chinese character's width; Latin is taken as half."""
    return sum(50 if sign < "\u2000" else 100 for sign in text)
