"""Charts as SVG: the same drawing for every paper, readable when it is printed in grey.

Every mark has its number written in it or beside it, so that no shade has to be guessed; what is still open is hatched.
Places are worked out exactly and rounded once; nothing printed has ever been a float. A name that was shortened stands
whole in the <title> of its row. The caption is the paper's to print; here it is read out only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from gkevents.paper.drawing import (
    FAINT,
    INK,
    WIDTH,
    Group,
    Mark,
    Picture,
    Place,
    Stroke,
    Text,
    cut,
    decimals,
    drawn,
    ems,
    line,
    number,
    rect,
    stacked,
    text,
    wrapped,
)
from gkevents.reports.document import Bar, Bars, Heat, Series, Trend

__all__ = ["LINE", "WIDTH", "Strips", "number", "strips", "svg", "svgs"]

LINE: Final = 18
"""Pixels of a row whose name takes one line."""

TURN: Final = 12
"""Pixels that each further line of a name adds to its row."""

NAME: Final = 150
"""Pixels for the names of units, at the left."""

SMALL: Final = 78
"""Pixels: how high a small line is, with its name above and the periods below."""

BAR: Final = "#737373"
SOFT: Final = "#d4d4d4"
SHADES: Final = ("#f2f2f2", "#d9d9d9", "#bdbdbd", "#999999", "#4d4d4d")
"""From little to much; only on the last is white type easier to read than black."""

CELL_MIN: Final = 26
CELL_MAX: Final = 60
"""Pixels: the narrowest and the widest cell of a heat table."""

TICKS_MAX: Final = 6
DASH: Final = "—"

Scale = Callable[[str | Fraction], Fraction]


class Panel(NamedTuple):
    """A drawing that may be cut between its rows: what stands above and below each part of it."""

    head: Picture
    rows: list[Picture]
    foot: Picture | None = None


class Strips(NamedTuple):
    """A panel as a drawing for its head, for every few rows (and what these say), and for its foot."""

    head: str
    rows: list[tuple[str, str]]
    foot: str | None


class _Name(NamedTuple):
    """A unit's name, whole and in lines, and how high the row is then."""

    whole: str
    lines: list[str]
    height: int


def svg(block: Bars | Heat | Trend) -> str:
    """A chart in one drawing, as high as it has to be."""
    whole = stacked([_part(panel, range(len(panel.rows))) for panel in _panels(block)], LINE)
    return drawn(block["caption"], block["alt"], whole)


def svgs(block: Bars | Heat | Trend, rows_max: int) -> list[str]:
    """A chart in drawings of at most so many rows of `LINE` pixels each, and their axis (up to four rows more).

    A name of two lines counts as two, small lines of a trend as five. The drawings are of about equal height, rather
    than a full one and a rest.
    """
    parts = [(panel, part) for panel in _panels(block) for part in _parts(panel.rows, rows_max)]
    if len(parts) == 1:
        return [svg(block)]
    return [
        drawn(f"{block['caption']}（{n}/{len(parts)}）", block["alt"], _part(panel, part))
        for n, (panel, part) in enumerate(parts, 1)
    ]


def strips(block: Bars | Heat | Trend, rows: int) -> list[Strips]:
    """A chart in strips of so many rows, for a paper that breaks it between them as it breaks a table."""
    return [_strips(block, panel, rows) for panel in _panels(block)]


def _strips(block: Bars | Heat | Trend, panel: Panel, rows: int) -> Strips:
    bundles = [stacked(panel.rows[n : n + rows]) for n in range(0, len(panel.rows), rows)]
    return Strips(
        drawn(block["caption"], block["alt"], panel.head),
        [(drawn("", "", bundle), bundle.said) for bundle in bundles],
        None if panel.foot is None else drawn("", "", panel.foot),
    )


def _panels(block: Bars | Heat | Trend) -> list[Panel]:
    match block["kind"]:
        case "bars":
            return [_bars(block)]
        case "heat":
            return _heat(block)
        case "trend":
            return [_trend(block)]


def _part(panel: Panel, part: range) -> Picture:
    foot = [] if panel.foot is None else [panel.foot]
    return stacked([panel.head, *(panel.rows[n] for n in part), *foot])


def _parts(rows: Sequence[Picture], rows_max: int) -> list[range]:
    """The rows in parts of about equal height, none cut in half; there is always one part."""
    weights = [-(-row.height // LINE) for row in rows]
    room = max(rows_max, *weights, 1)
    count = max(1, -(-sum(weights) // room))
    while True:
        parts = cut(len(rows), weights, -(-sum(weights) // count))
        if max(sum(weights[n] for n in part) for part in parts) <= room:
            return parts
        count += 1


def _name(whole: str) -> _Name:
    lines = wrapped(whole, Fraction(NAME - 8, 12), 2)
    return _Name(whole, lines, LINE + TURN * (len(lines) - 1))


def _beside(name: _Name, end: int = NAME) -> list[Mark]:
    """A unit's name in its lines, ending where the drawing begins."""
    first = Fraction(name.height - TURN * (len(name.lines) - 1), 2) + 4
    return [text((end - 6, first + TURN * n), some, anchor="end") for n, some in enumerate(name.lines)]


# ---------------------------------------------------------------- bars


def _bars(block: Bars) -> Panel:
    start, end = Fraction(block["start"]), Fraction(block["end"])
    span = end - start if end > start else Fraction(1)
    widest = max((ems(_printed(bar)) for bar in block["rows"]), default=Fraction(0))
    room = WIDTH - NAME - 10 - widest * 11

    def place(value: str | Fraction) -> Fraction:
        return NAME + room * min(max((Fraction(value) - start) / span, Fraction(0)), Fraction(1))

    ticks = _ticks(start, start + span)
    marks: list[Mark] = [text((place(tick), 12), number(tick), 10, "middle") for tick in ticks]
    if start:
        marks.append(text((4, 12), f"横轴自{number(start)}起", 10))
    return Panel(Picture(LINE, [Group("", marks)]), [_bar(bar, ticks, place) for bar in block["rows"]])


def _printed(bar: Bar) -> str:
    return wrapped(bar["text"], 12)[0]


def _bar(bar: Bar, ticks: Sequence[Fraction], place: Scale) -> Picture:
    """A full bar for a value; a soft one, and hatching over the range, for what is still open."""
    name = _name(bar["label"])
    middle = Fraction(name.height, 2)
    top, ending = middle - 6, Fraction(NAME)
    low, high = bar.get("low"), bar.get("high")
    marks: list[Mark] = [Stroke("".join(line((place(tick), 0), (place(tick), name.height)) for tick in ticks), FAINT)]
    marks += _beside(name)
    if bar["value"] is not None:
        ending = place(bar["value"])
        marks.append(rect((NAME, top), (ending - NAME, 12), BAR))
    elif low is not None and high is not None:
        begin, ending = place(low), place(high)
        marks.append(rect((NAME, top), (begin - NAME, 12), SOFT))
        marks.append(rect((begin, top), (ending - begin, 12), "#ffffff", INK))
        hatches = [line((begin + n, top), (begin + n, top + 12)) for n in range(4, int(ending - begin), 4)]
        marks += [Stroke("".join(hatches), INK)] if hatches else []
    marks.append(Stroke(line((NAME, 0), (NAME, name.height)), INK))
    marks.append(rect((ending + 2, middle - 7), (ems(_printed(bar)) * 11 + 3, 14), "#ffffff"))  # no line through it
    marks.append(text((ending + 5, middle + 4), _printed(bar), 11))
    said = f"{name.whole}：{bar['text']}"
    return Picture(name.height, [Group(said, marks)], said)


def _ticks(low: Fraction, high: Fraction) -> list[Fraction]:
    """At most seven round numbers from one end to the other."""
    step = Fraction(1)
    while (high - low) / step > TICKS_MAX:
        step *= 10
    while (high - low) * 10 / step <= TICKS_MAX:
        step /= 10
    step /= next((finer for finer in (5, 2) if (high - low) * finer / step <= TICKS_MAX), 1)
    return [step * n for n in range(int(-(-low // step)), int(high // step) + 1)]


# ---------------------------------------------------------------- heat


def _heat(block: Heat) -> list[Panel]:
    """The table; one with more columns than fit goes on in a further panel."""
    columns = len(block["columns"])
    count = max(1, -(-columns // ((WIDTH - NAME - 1) // CELL_MIN)))
    worst = max((Fraction(p) for cells in block["cells"] for p in cells if p is not None), default=Fraction(0))
    return [_side(block, side, worst) for side in cut(columns, [1] * columns, max(1, -(-columns // count)))]


def _side(block: Heat, columns: range, worst: Fraction) -> Panel:
    """Some columns of the table."""
    wide = min(CELL_MAX, max(CELL_MIN, (WIDTH - NAME - 1) // max(1, len(columns))))
    titles = [block["columns"][column] for column in columns]
    left = NAME + (WIDTH - NAME - wide * len(titles)) // 2  # a narrow table stands in the middle
    heads = [wrapped(title, Fraction(wide - 2, 10), 4) for title in titles]
    high = TURN * max((len(lines) for lines in heads), default=1) + 6
    groups = []
    for n, (title, lines) in enumerate(zip(titles, heads, strict=True)):
        middle, first = left + wide * (n + Fraction(1, 2)), high - 6 - TURN * (len(lines) - 1)
        marks: list[Mark] = [text((middle, first + TURN * m), some, 10, "middle") for m, some in enumerate(lines)]
        groups.append(Group(title, marks))
    rows = [
        _losses(_name(name), [cells[column] for column in columns], titles, worst, (left, wide))
        for name, cells in zip(block["rows"], block["cells"], strict=True)
    ]
    foot = Group("", [text((left, 14), "颜色越深扣分越多；空格为未扣分", 10)])
    return Panel(Picture(high, groups), rows, Picture(LINE, [foot]))


def _losses(
    name: _Name, cells: Sequence[str | None], titles: Sequence[str], worst: Fraction, across: tuple[int, int]
) -> Picture:
    """A unit's row; `across`: where its cells begin, and how wide each is."""
    left, wide = across
    groups = [Group(name.whole, _beside(name, left))]
    said = []
    for n, (title, points) in enumerate(zip(titles, cells, strict=True)):
        groups.append(Group("", _cell(points, worst, (left + wide * n, 0), (wide, name.height))))
        if points is not None:
            said.append(f"{title}扣{points}")
            groups[-1] = groups[-1]._replace(title=f"{name.whole}，{title}：{points}")
    return Picture(name.height, groups, f"{name.whole}：{'，'.join(said) or '未扣分'}")


def _cell(points: str | None, worst: Fraction, corner: tuple[int, int], size: tuple[int, int]) -> list[Mark]:
    """A cell in one of five shades by its share of the worst; without a loss, an empty one."""
    if points is None:
        return [rect(corner, size, "#ffffff", FAINT)]
    share = Fraction(points) / worst if worst > 0 else Fraction(0)
    shade = min(max(int(-(-share * len(SHADES) // 1)) - 1, 0), len(SHADES) - 1)
    said = number(points)
    middle = (corner[0] + Fraction(size[0], 2), corner[1] + Fraction(size[1], 2) + 4)
    fitting = min(Fraction(11), max(Fraction(7), (size[0] - 2) / ems(said)))
    ink = "#ffffff" if shade == len(SHADES) - 1 else INK
    return [rect(corner, size, SHADES[shade], FAINT), text(middle, said, fitting, "middle", ink)]


# ---------------------------------------------------------------- trend


def _trend(block: Trend) -> Panel:
    """Small lines side by side on one scale, as many beside each other as leave room for each number."""
    across = next((n for n in (3, 2) if WIDTH // n >= 40 * len(block["points"]) + 20), 1)
    level = _level(block)
    said = f"各图纵轴相同：{number(level.low, level.places)}～{number(level.high, level.places)}"
    rows = [
        _lines(block, block["series"][n : n + across], across, level) for n in range(0, len(block["series"]), across)
    ]
    return Panel(Picture(LINE, [Group("", [text((4, 12), said, 10)])]), rows)


class _Level(NamedTuple):
    """The scale of all the small lines of a chart, and to how many decimals their numbers are printed."""

    low: Fraction
    high: Fraction
    places: int

    def of(self, value: str) -> Fraction:
        """How far up, from 0 to 1."""
        return (Fraction(value) - self.low) / ((self.high - self.low) or 1)


def _level(block: Trend) -> _Level:
    values = [Fraction(v) for series in block["series"] for v in series["values"] if v is not None] or [Fraction(0)]
    return _Level(min(values), max(values), max(map(decimals, values)))


def _lines(block: Trend, some: Sequence[Series], across: int, level: _Level) -> Picture:
    wide = Fraction(WIDTH, across)
    groups, said = [], []
    for n, series in enumerate(some):
        values = zip(block["points"], series["values"], strict=True)
        said.append(f"{series['label']}：{'，'.join(f'{period}{value or DASH}' for period, value in values)}")
        groups.append(Group(said[-1], _small(block["points"], series, (wide * n, wide), level)))
    return Picture(SMALL, groups, "；".join(said))


def _small(periods: Sequence[str], series: Series, place: Place, level: _Level) -> list[Mark]:
    """One unit's line in its box, dashed over a period without a figure; `place`: from where, how wide."""
    x, wide = place
    step = (wide - 20) / max(1, len(periods))
    marks: list[Mark] = [
        rect((x + 2, 2), (wide - 4, SMALL - 6), "#ffffff", FAINT),
        text((x + 8, 15), wrapped(series["label"], (wide - 16) / 11)[0], 11),
    ]
    known: list[tuple[int, Place]] = []
    for n, (period, value) in enumerate(zip(periods, series["values"], strict=True)):
        middle = x + 10 + step * (n + Fraction(1, 2))
        marks.append(text((middle, SMALL - 10), wrapped(period, step / 9)[0], 9, "middle"))
        if value is not None:
            known.append((n, (middle, 52 - 18 * level.of(value))))
            marks.append(_said(number(value, level.places), known[-1][1], step))
    for (n, one), (m, two) in pairwise(known):
        marks.append(Stroke(line(one, two), INK, "1.2", dash=m - n > 1))
    return marks + [rect((one[0] - 2, one[1] - 2), (4, 4), INK) for _, one in known]


def _said(words: str, place: Place, room: Fraction) -> Text:
    """A number above its point, as large as there is room."""
    size = min(Fraction(10), max(Fraction(6), room / ems(words)))
    return text((place[0], place[1] - 5), words, size, "middle")
