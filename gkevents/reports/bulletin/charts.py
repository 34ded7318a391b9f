"""The charts of a bulletin, by the names that a template calls them: ranking, lost, trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from gkevents.aggregates.bulletin import QUARTERS
from gkevents.reports.bulletin.case import Earlier
from gkevents.reports.bulletin.findings import title_of
from gkevents.reports.bulletin.gathered import Category, Gathered, Told
from gkevents.reports.bulletin.tables import QUARTER_NAMES
from gkevents.reports.document import Bar, Bars, Block, Heat, Series, Trend
from gkevents.reports.wording import period_label
from gkevents.scoring.score import Score
from gkevents.terms import ZERO, show, total

ITEMS_MAX: Final = 15
"""So many items a heat table has at most; the others are summed up in one more column."""


def ranking(gathered: Gathered, most: int) -> list[Block]:
    """A ranking for each category with at most so many units, as soon as any total is decided."""
    blocks: list[Block] = []
    several = len(gathered.categories) > 1
    for number, category in enumerate(gathered.categories, 1):
        if category.totals and len(category.units) <= most:
            blocks.append(_bars(gathered, category, f"ranking-{number}" if several else "ranking"))
    return blocks


def _bars(gathered: Gathered, category: Category, name: str) -> Bars:
    scores = [unit.score for unit in category.units]
    bounds = [bound for score in scores for bound in (score.low, score.high) if bound is not None]
    start, end = axis(min(bounds), max(bounds))
    rows = [_bar(gathered, score) for score in sorted(scores, key=_height, reverse=True)]
    what = f"{category.name}得分排序" if category.name else "各单位得分排序"
    alt = f"横条图：{len(rows)}个单位的得分，从高到低。" + _extremes(gathered, category)
    return {
        "kind": "bars", "id": name, "caption": what, "alt": alt, "start": show(start), "end": show(end), "rows": rows,
    }  # fmt: skip


def _extremes(gathered: Gathered, category: Category) -> str:
    text = gathered.numbers.text
    return f"最高{text(max(category.totals))}分，最低{text(min(category.totals))}分。"


def _height(score: Score) -> tuple[bool, Fraction, Fraction]:
    return score.total is not None, score.low or ZERO, score.high or ZERO


def _bar(gathered: Gathered, score: Score) -> Bar:
    numbers = gathered.numbers
    if score.total is not None:
        return {"label": score.unit, "text": numbers.text(score.total), "value": show(score.total)}
    low, high = score.low or ZERO, score.high or ZERO
    text = f"{numbers.span(low, high)}（暂）"
    return {"label": score.unit, "text": text, "value": None, "low": show(low), "high": show(high)}


_SPANS: Final = tuple(one * 10**power for power in range(9) for one in (1, 2, 5))
"""Steps of an axis that are easy to read."""
_STEPS_MOST: Final = 10


def axis(least: Fraction, most: Fraction) -> tuple[Fraction, Fraction]:
    """Where an axis begins and ends: round numbers around all values, no more than about ten steps apart."""
    step = next((one for one in _SPANS if one * _STEPS_MOST >= most - least), _SPANS[-1])
    start, end = least // step * step, -(-most // step) * step
    if start > 0 and least - start < Fraction(step, 2):
        start -= step
    return Fraction(start), Fraction(end if end > start else start + step)


def heat(gathered: Gathered, most: int, items: int = ITEMS_MAX) -> list[Block]:
    """Points lost by unit and item, with what the columns stand for; at most so many units."""
    by_unit = {unit.label: unit.lost for unit in gathered.everyone if unit.lost}
    if not by_unit or len(by_unit) > most:
        return []
    sums: dict[str, Fraction] = {}
    for costs in by_unit.values():
        for code, points in costs.items():
            sums[code] = sums.get(code, ZERO) + points
    order = [*gathered.edition.items, *gathered.edition.rules]
    shown = sorted(sums, key=lambda code: (-sums[code], order.index(code)))[:items]
    shown.sort(key=order.index)
    units = [*by_unit]
    rest = len(sums) - len(shown)
    others = [f"其他{rest}项"] if rest else []
    worst = title_of(gathered.edition, max(sums, key=lambda code: (sums[code], -order.index(code))))
    chart: Heat = {
        "kind": "heat", "id": "lost", "caption": "各单位失分情况（分）",
        "alt": f"表格图：{len(units)}个单位在{len(sums)}项指标上的失分，颜色越深失分越多。失分最多的是{worst}。",
        "rows": units, "columns": [*shown, *others],
        "cells": [_cells(by_unit[unit], shown, others=bool(others)) for unit in units],
    }  # fmt: skip
    legend = "；".join(title_of(gathered.edition, code) for code in shown)
    return [chart, {"kind": "paragraph", "text": f"图中指标：{legend}。"}]


def _cells(costs: Mapping[str, Fraction], shown: Sequence[str], *, others: bool) -> list[str | None]:
    cells = [show(costs[code]) if code in costs else None for code in shown]
    left = total([points for code, points in costs.items() if code not in shown])
    return [*cells, show(left) if left else None] if others else cells


def trend(gathered: Gathered, most: int) -> list[Block]:
    """The total of each unit from bulletin to bulletin, as printed; at most so many units, at least two points.

    Where no unit has two totals yet, what each quarter cost each unit.
    """
    terms, before = gathered.terms, gathered.before
    lines = {unit.score.unit: _values(unit, before) for unit in gathered.units}
    series: list[Series] = [
        {"label": unit, "values": values}
        for unit, values in lines.items()
        if any(value is not None for value in values)
    ]
    drawn = any(len([value for value in one["values"] if value is not None]) > 1 for one in series)
    if not drawn:
        return _by_quarter(gathered, most)
    if len(series) > most:
        return []
    now = {"kind": terms.period.kind, "number": terms.period.number, "until": terms.period.until.isoformat()}
    chart: Trend = {
        "kind": "trend", "id": "trend", "caption": "各单位历次得分（按各期通报公布数）",
        "alt": f"折线图：{len(series)}个单位在{len(before) + 1}期通报中的得分。",
        "points": [*(period_label(one.head["period"]) for one in before), period_label(now)], "series": series,
    }  # fmt: skip
    return [chart]


def _by_quarter(gathered: Gathered, most: int) -> list[Block]:
    """What each quarter up to the day cost each unit that lost anything; at least two quarters."""
    until = gathered.looked.until
    last = (until.month + 2) // 3 if until.year == gathered.case.standing.year else len(QUARTER_NAMES)
    names = [*QUARTER_NAMES.values()][:last]
    if until < dt.date(until.year, *QUARTERS[last]):
        names[-1] += f"（至{until.month}月{until.day}日）"
    costs = {unit.label: unit.score.deducted_by_quarter for unit in gathered.everyone}
    series: list[Series] = [
        {"label": unit, "values": [show(by_quarter[quarter]) for quarter in [*QUARTER_NAMES][:last]]}
        for unit, by_quarter in costs.items()
        if any(by_quarter.values())
    ]
    if last == 1 or not series or len(series) > most:
        return []
    chart: Trend = {
        "kind": "trend", "id": "trend", "caption": "各单位分季度扣分（分）",
        "alt": f"折线图：{len(series)}个单位在{last}个季度的扣分。", "points": names, "series": series,
    }  # fmt: skip
    return [chart]


def _values(unit: Told, before: Sequence[Earlier]) -> list[str | None]:
    """A unit's totals: those that earlier bulletins printed, then this one's."""
    printed = [one.figures["units"].get(unit.score.unit, {}).get("total") for one in before]
    return [*printed, show(unit.score.total) if unit.score.total is not None else None]


CHARTS: Final[Mapping[str, Callable[[Gathered, int], list[Block]]]] = {
    "ranking": ranking,
    "lost": heat,
    "trend": trend,
}
"""The charts that a template may name."""
