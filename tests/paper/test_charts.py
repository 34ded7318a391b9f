from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gkevents.paper import drawing
from gkevents.paper.charts import LINE, NAME, WIDTH, number, strips, svg, svgs
from gkevents.reports.document import Bars, Heat, Trend
from tests.paper import sample

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("bars", "heat", "trend")


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def chart(kind: str, units: int = 34) -> Any:  # noqa: ANN401 - each kind has its own keys
    return dict(zip(KINDS, sample.charts(units), strict=True))[kind]


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in parsed(drawn).iter(f"{SVG}text")]


def titles(drawn: str) -> list[str]:
    return [one.text or "" for one in parsed(drawn).iter(f"{SVG}title")]


def height(drawn: str) -> int:
    return int(parsed(drawn).attrib["height"])


@pytest.mark.parametrize("units", [1, 3, 34, 200])
def test_every_bar_has_its_number_beside_it(units: int) -> None:
    block: Bars = chart("bars", units)
    assert {bar["text"] for bar in block["rows"]} <= set(texts(svg(block)))


def test_every_loss_is_written_in_its_cell() -> None:
    block: Heat = chart("heat")
    written = texts(svg(block))
    for points in {points for row in block["cells"] for points in row if points is not None}:
        assert written.count(points) == sum(row.count(points) for row in block["cells"])


def test_every_figure_of_a_trend_is_written_to_the_same_decimals() -> None:
    block: Trend = chart("trend", 3)
    assert [one for one in texts(svg(block)) if re.fullmatch(r"[\d.]+", one)] == [
        "99.5", "98.0", "97.0", "99.5", "96.0", "99.5", "95.0",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_grey(kind: str) -> None:
    colours = set(re.findall(r"#[0-9a-f]{6}", svg(chart(kind))))
    assert all(one[1:3] == one[3:5] == one[5:7] for one in colours)
    assert len(colours) > 1


def test_type_in_a_cell_can_be_told_from_its_shade() -> None:
    drawn = parsed(svg(chart("heat")))
    pairs = set()
    for group in drawn.iter(f"{SVG}g"):
        box, words = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
        if box is not None and words is not None:
            pairs.add((int(box.attrib["fill"][1:3], 16), int(words.attrib["fill"][1:3], 16)))
    assert len(pairs) == 5
    assert all(abs(shade - ink) > 120 for shade, ink in pairs)


def test_a_range_is_hatched_and_a_value_is_not() -> None:
    block: Bars = chart("bars", 3)
    groups = {g.findtext(f"{SVG}title"): g for g in parsed(svg(block)).iter(f"{SVG}g")}
    known, still_open = groups["示例第1局：99.86"], groups["示例第3局：88.33～90.17"]
    assert (boxes(known), boxes(still_open)) == (1, 2)
    assert any(path.attrib["d"].count("M") > 5 for path in still_open.findall(f"{SVG}path")[1:])


def boxes(drawn: ET.Element) -> int:
    """How many boxes there are, but for the white behind a number."""
    found = list(drawn.iter(f"{SVG}rect"))
    return sum(one.attrib["fill"] != "#ffffff" or "stroke" in one.attrib for one in found)


def test_a_bar_outside_the_axis_ends_at_its_edge() -> None:
    block: Bars = chart("bars", 4)
    block["rows"][0]["value"], block["rows"][1]["value"] = "130", "12"
    widths = [float(one.attrib["width"]) for one in parsed(svg(block)).iter(f"{SVG}rect")]
    assert (min(widths), max(widths) < WIDTH - NAME) == (0, True)


def test_a_bar_without_any_figure_says_so_in_words() -> None:
    block: Bars = chart("bars", 2)
    block["rows"][0] = {"label": "甲镇", "text": "不计分", "value": None}
    assert "不计分" in texts(svg(block))
    assert boxes(parsed(svg(block))) == 2  # the range of the other


def test_the_axis_says_where_it_begins_unless_it_begins_at_nought() -> None:
    block: Bars = chart("bars", 3)
    assert "横轴自80起" in texts(svg(block))
    block["start"] = "0"
    assert not [one for one in texts(svg(block)) if "横轴" in one]


@pytest.mark.parametrize(
    ("start", "end", "ticks"),
    [
        ("80", "100", ["80", "85", "90", "95", "100"]), ("0", "1000", ["0", "200", "400", "600", "800", "1000"]),
        ("0", "1/3", ["0", "0.1", "0.2", "0.3"]), ("-20", "110", ["0", "50", "100"]),
        ("5", "5", ["5", "5.2", "5.4", "5.6", "5.8", "6"]),
    ],
)  # fmt: skip
def test_the_axis_has_round_numbers(start: str, end: str, ticks: list[str]) -> None:
    block: Bars = chart("bars", 1)
    block["start"], block["end"] = start, end
    assert [one for one in texts(svg(block)) if re.fullmatch(r"-?[\d.]+", one)] == ticks


def test_a_line_is_dashed_over_a_period_without_a_figure() -> None:
    block: Trend = chart("trend", 2)
    assert svg(block).count("stroke-dasharray") == 1  # the second unit has no second quarter
    block["series"][1]["values"][1] = "97"
    assert "stroke-dasharray" not in svg(block)


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_too_long_is_shortened_and_stands_whole_in_a_title(kind: str) -> None:
    drawn = svg(chart(kind))
    whole = sample.units(7)[-1]
    assert whole not in texts(drawn)
    assert any(one.endswith("…") for one in texts(drawn))
    assert any(one.startswith(whole) for one in titles(drawn))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("units", [3, 34, 200])
def test_nothing_is_drawn_beyond_the_edges(kind: str, units: int) -> None:
    for drawn in svgs(chart(kind, units), 40):
        root = parsed(drawn)
        assert (root.attrib["width"], root.attrib["viewBox"]) == (str(WIDTH), f"0 0 {WIDTH} {height(drawn)}")
        for one in root.iter(f"{SVG}text"):
            wide = drawing.ems(one.text or "") * Fraction(one.attrib["font-size"])
            share = {"start": Fraction(0), "middle": Fraction(1, 2), "end": Fraction(1)}[one.attrib["text-anchor"]]
            left = Fraction(one.attrib["x"]) - wide * share
            assert left >= 0, one.text
            assert left + wide <= WIDTH, one.text
        for one in root.iter(f"{SVG}rect"):
            assert Fraction(one.attrib["x"]) + Fraction(one.attrib["width"]) <= WIDTH


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows_max", [1, 7, 40])
def test_a_chart_in_parts_shows_every_row_once_and_no_part_is_too_high(kind: str, rows_max: int) -> None:
    parts = svgs(chart(kind, 200), rows_max)
    assert all(height(part) <= (max(rows_max, 5) + 4) * LINE for part in parts)
    caption = titles(parts[0])[0].split("（")[0]
    assert [titles(part)[0] for part in parts] == [f"{caption}（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)]
    shown = [name for part in parts for name in rows_of(kind, part)]
    assert shown == rows_of(kind, svg(chart(kind, 200)))


def rows_of(kind: str, drawn: str) -> list[str]:
    """Titles of rows, not of cells and not of columns."""
    sign = "示例第"
    return [one for one in titles(drawn)[1:] if one.startswith(sign) and (kind != "heat" or "，" not in one)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_in_strips_shows_every_row_once_and_says_its_figures(kind: str) -> None:
    (made,) = strips(chart(kind), 3)
    assert [name for drawn, _ in made.rows for name in rows_of(kind, drawn)] == rows_of(kind, svg(chart(kind)))
    assert [said.startswith("示例第") and any(map(str.isdigit, said)) for _, said in made.rows] == [True] * len(
        made.rows
    )
    heights = [height(made.head), *(height(drawn) for drawn, _ in made.rows)]
    heights += [height(made.foot)] if made.foot is not None else []
    assert sum(heights) == height(svg(chart(kind)))


def test_a_heat_table_of_forty_columns_goes_on_in_further_parts() -> None:
    block: Heat = {
        "kind": "heat", "id": "h", "caption": "图", "alt": "说明", "rows": ["甲镇", "乙局"],
        "columns": [f"H{n}" for n in range(40)], "cells": [["12.25"] * 40, [None] * 40],
    }  # fmt: skip
    parts = svgs(block, 30)
    assert len(parts) == len(strips(block, 3)) == 3
    assert [one for part in parts for one in texts(part) if one.startswith("H")] == block["columns"]
    assert texts(svg(block)).count("12.25") == 40


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_chart_is_a_drawing_too(kind: str) -> None:
    block = chart(kind, 1)
    block.update({key: [] for key in ("rows", "columns", "cells", "points", "series") if key in block})
    assert height(svg(block)) > 0
    assert svgs(block, 10) == [svg(block)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_wrote_is_text_and_nothing_else(kind: str) -> None:
    block = chart(kind, 3)
    wild = sample.AWKWARD + '"\x00\x1b</svg><script>alert(1)</script>'
    block["caption"] = block["alt"] = wild
    for row in block.get("series", block["rows"] if kind == "bars" else []):
        row["label"] = wild
    if kind == "heat":
        block["rows"] = [wild] * 3
    root = parsed(svg(block))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "title", "desc", "g", "text", "rect", "path"}
    assert root.findtext(f"{SVG}title") == wild.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    assert root.findtext(f"{SVG}desc") == root.findtext(f"{SVG}title")


@pytest.mark.parametrize(
    ("points", "printed"),
    [
        ("98.5", "98.5"), ("5/3", "1.67"), ("-5/3", "-1.67"), ("0.125", "0.13"), ("-0.004", "0.00"),
        ("299/300", "1.00"), ("100", "100"), ("0.1", "0.1"), ("9007199254740993", "9007199254740993"),
    ],
)  # fmt: skip
def test_points_are_printed_exactly_or_rounded_half_up(points: str, printed: str) -> None:
    assert number(points) == printed


@pytest.mark.parametrize(
    ("place", "written"), [(3, "3"), (Fraction(1, 3), "0.3"), (Fraction(1, 20), "0.1"), (Fraction(-7, 4), "-1.7")]
)
def test_a_place_is_rounded_to_a_tenth_half_up(place: Fraction | int, written: str) -> None:
    assert drawing.at(place) == written


def test_text_is_wrapped_by_its_width_and_shortened_in_the_last_line() -> None:
    assert drawing.wrapped("甲乙丙丁", 2, 2) == ["甲乙", "丙丁"]
    assert drawing.wrapped("甲乙丙丁戊", 2, 2) == ["甲乙", "丙…"]
    assert drawing.wrapped("  甲\n 乙 ", 9) == ["甲 乙"]
    assert drawing.wrapped("", 2) == [""]
    assert drawing.wrapped("甲乙", Fraction(1, 2)) == ["…"]
