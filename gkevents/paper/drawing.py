"""Marks of a drawing and how they become SVG: boxes, lines, lines of type, each placed exactly and rounded once.

Text is wrapped and shortened by a rule of thumb (a Chinese character is one em wide), because what measures type is in
another program; what was shortened stands whole in the <title> of its group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

WIDTH: Final = 588
"""Pixels at 96 an inch: 155.6 mm, just within a text field of 156 mm."""

INK: Final = "#1a1a1a"
FAINT: Final = "#b3b3b3"

Number = Fraction | int
Place = tuple[Fraction, Fraction]

_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What an XML file cannot hold."""

_SPACE: Final = re.compile(r"\s+")


_EMS: Final = dict.fromkeys("mwMW@%&", Fraction(1)) | dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", Fraction(3, 4))
"""What is wider than other letters and digits; from 0x2000 on everything is as wide as high."""


class Rect(NamedTuple):
    """A box."""

    x: str
    y: str
    width: str
    height: str
    fill: str
    stroke: str = ""
    shape: str = "rect"


class Stroke(NamedTuple):
    """A line of straight pieces."""

    d: str
    stroke: str
    width: str = "0.8"
    dash: bool = False
    shape: str = "path"


class Text(NamedTuple):
    """A line of type, on its baseline."""

    x: str
    y: str
    text: str
    size: str = "12"
    anchor: Literal["start", "middle", "end"] = "start"
    fill: str = INK
    shape: str = "text"


Mark = Rect | Stroke | Text


class Group(NamedTuple):
    """Marks that belong together, what they are called, and how far down they are."""

    title: str
    marks: list[Mark]
    down: int = 0


class Picture(NamedTuple):
    """Groups of marks, how high they are together, and what they say to those who cannot see them."""

    height: int
    groups: list[Group]
    said: str = ""


def stacked(pictures: Iterable[Picture], gap: int = 0) -> Picture:
    """Pictures one below the other."""
    groups: list[Group] = []
    said: list[str] = []
    y = 0
    for picture in pictures:
        groups += [group._replace(down=group.down + y) for group in picture.groups]
        said += [picture.said] if picture.said else []
        y += picture.height + gap
    return Picture(max(y - gap, 1), groups, "；".join(said))


def rect(corner: tuple[Number, Number], size: tuple[Number, Number], fill: str, stroke: str = "") -> Rect:
    """A box from its upper left corner."""
    return Rect(at(corner[0]), at(corner[1]), at(size[0]), at(size[1]), fill, stroke)


def text(place: tuple[Number, Number], words: str, size: Number = 12, anchor: Any = "start", fill: str = INK) -> Text:  # noqa: ANN401 - as in Text
    """A line of type that begins, ends or is centred there."""
    return Text(at(place[0]), at(place[1]), words, at(size), anchor, fill)


def line(*places: tuple[Number, Number]) -> str:
    """A path through places, as SVG writes it."""
    return "M" + "L".join(f"{at(x)} {at(y)}" for x, y in places)


def at(place: Number) -> str:
    """A coordinate: to a tenth of a pixel, half up."""
    tenths = (Fraction(place) * 20 + 1) // 2
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}".removesuffix(".0")


def decimals(points: Fraction) -> int:
    """How many decimals it takes to print points in a chart: as many as they have, at most two."""
    return next((n for n in (0, 1) if (points * 10**n).denominator == 1), 2)


def number(points: str | Fraction, places: int | None = None) -> str:
    """Points as they are printed in a chart: exactly, or rounded half up to two decimals where there are more."""
    exact = Fraction(points)
    places = decimals(exact) if places is None else places
    units = int(abs(exact) * 10**places + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    printed = f"{whole}.{rest:0{places}}" if places else str(whole)
    return f"-{printed}" if exact < 0 and units else printed


def ems(words: str) -> Fraction:
    """About how wide a line of type is, rather more than less."""
    return sum((_EMS.get(one) or Fraction(3, 5) if ord(one) < 0x2000 else Fraction(1) for one in words), Fraction(0))  # noqa: PLR2004


def wrapped(words: str, room: Number, lines_max: int = 1) -> list[str]:
    """Text in lines of at most `room` ems; what is left over ends in an ellipsis. There is always one line."""
    lines, width = [""], Fraction(0)
    for character in _SPACE.sub(" ", words).strip():
        width += ems(character)
        if width > room and lines[-1]:
            if len(lines) == lines_max:
                lines[-1] = _shortened(lines[-1], room)
                break
            lines.append("")
            width = ems(character)
        lines[-1] += character
    return lines


def _shortened(words: str, room: Number) -> str:
    while words and ems(words) + 1 > room:
        words = words[:-1]
    return words + "…"


def drawn(title: str, alt: str, picture: Picture) -> str:
    """The SVG of a picture; `title` and `alt` are read out where it cannot be seen."""
    return _ILLEGAL.sub("\ufffd", str(_chart()(WIDTH, picture.height, title, alt, picture.groups)))


@cache
def _chart() -> Any:  # noqa: ANN401 - a macro is called like a function
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - slow to import, and not every paper has a chart

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
    return environment.get_template("charts.svg.j2").module.chart  # type: ignore[attr-defined]


def cut(count: int, weights: Sequence[int], share: int) -> list[range]:
    """`count` rows cut wherever another share of the weight is full; there is always one part."""
    starts, done, full = [0], 0, share
    for n in range(count):
        if n > starts[-1] and done + weights[n] > full:
            starts.append(n)
            full = done + share
        done += weights[n]
    return [range(one, two) for one, two in zip(starts, [*starts[1:], count], strict=True)]
