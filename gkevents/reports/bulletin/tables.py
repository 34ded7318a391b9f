"""The tables of a bulletin, by the names that a template calls them: scores, activity, rectification, and so on.

A table without rows is left out. Captions are numbered where the paper is put together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from gkevents.reports.bulletin.corrections import exact
from gkevents.reports.bulletin.figures import LANG, change, what_of
from gkevents.reports.bulletin.findings import Move, Order, title_of
from gkevents.reports.bulletin.gathered import Category, Gathered, Told
from gkevents.reports.document import Cell, Column, Table
from gkevents.reports.wording import climb, told, whole
from gkevents.terms import BEIJING, ZERO, total
from gkevents.words import say

Kind = Literal["text", "number"]


def table_of(
    name: str, caption: str, columns: Sequence[tuple[str, Kind, int]], rows: list[list[Cell]], note: str | None = None
) -> Table:
    """A table from its columns (title, kind, share of the width) and rows."""
    held: list[Column] = [{"title": title, "kind": kind, "width": width} for title, kind, width in columns]
    made: Table = {"kind": "table", "id": name, "caption": caption, "columns": held, "rows": rows}
    if note is not None:
        made["note"] = note
    return made


def scores(gathered: Gathered) -> list[Table]:
    """The ranking of each category; none where the scheme gives no points."""
    if not gathered.weighted:
        return []
    several = len(gathered.categories) > 1
    return [
        _ranking(gathered, category, f"scores-{number}" if several else "scores")
        for number, category in enumerate(gathered.categories, 1)
    ]


class _Shown(NamedTuple):
    """Which columns a ranking has: ranks, changes, what was taken and given so far (while totals are open), bands."""

    ordered: bool
    compared: bool
    taken: bool
    given: bool
    banded: bool


def _ranking(gathered: Gathered, category: Category, name: str) -> Table:
    units, edition = category.units, gathered.edition
    undecided = any(unit.score.provisional for unit in units)
    any_open = any(unit.score.provisional for unit in gathered.units)
    shown = _Shown(
        ordered=edition.ties.then != "unordered",
        compared=any(any_change(gathered, unit) for unit in units),
        taken=any_open and any(unit.deducted_so_far for unit in gathered.units),
        given=any_open and any(unit.added_so_far for unit in gathered.units),
        banded=bool(edition.bands) and any(unit.score.band for unit in units),
    )
    columns: list[tuple[str, Kind, int]] = [("名次", "text", 2)] if shown.ordered else []
    columns += [("单位", "text", 6), ("得分", "number", 4)]
    columns += [("较上期", "number", 3)] if shown.compared else []
    columns += [("名次变化", "text", 3)] if shown.compared and shown.ordered else []
    columns += [("累计扣分", "number", 3)] if shown.taken else []
    columns += [("累计加分", "number", 3)] if shown.given else []
    columns += [("等次", "text", 2)] if shown.banded else []
    columns += [("备注", "text", 5)]
    note = f"注：{_PROVISIONAL}" if undecided else None
    caption = f"{category.name}得分情况" if category.name else "各单位得分情况"
    return table_of(name, caption, columns, [_ranked_row(gathered, unit, shown) for unit in units], note)


def any_change(gathered: Gathered, unit: Told) -> bool:
    """Whether anything can be said of how a unit moved since the last bulletin."""
    moved = change(gathered, unit)
    return moved is not None and (moved["points"] is not None or moved["rank"] is not None)


_PROVISIONAL: Final = "“暂”指尚有指标未评定，暂不排名，所列为最终得分可能的范围。"


def _ranked_row(gathered: Gathered, unit: Told, shown: _Shown) -> list[Cell]:
    score, numbers = unit.score, gathered.numbers
    row: list[Cell] = [("暂" if unit.rank is None else str(unit.rank))] if shown.ordered else []
    row += [score.unit, numbers.held(score.total, score.low, score.high)]
    moved = change(gathered, unit) or {"points": None, "rank": None}
    points = exact(moved["points"])
    row += [None if points is None else numbers.change(points)] if shown.compared else []
    row += [None if moved["rank"] is None else climb(moved["rank"])] if shown.compared and shown.ordered else []
    row += [numbers.amount(unit.deducted_so_far)] if shown.taken else []
    row += [numbers.amount(unit.added_so_far)] if shown.given else []
    row += [score.band] if shown.banded else []
    return [*row, _remark(gathered, unit) or ""]


def _remark(gathered: Gathered, unit: Told) -> str:
    """What is to be known beside a unit's score."""
    score, said = unit.score, []
    if score.zeroed:
        said.append("弄虚作假，按方案处理")
    said += [veto.title for veto in score.vetoes]
    if score.provisional:
        missing = sum(item.score is None for item in score.items.values())
        said.append(f"{missing}项未评定")
    if score.priced.contested:
        said.append(f"有异议{len(score.priced.contested)}件")
    if score.unit in gathered.nothing:
        said.append("无登记记录")
    return "；".join(said)


def activity(gathered: Gathered) -> list[Table]:
    """What was recorded of each unit in the period; units with nothing are left out."""
    rows: list[list[Cell]] = []
    for unit in gathered.everyone:
        counts = unit.counts
        if any(counts) or unit.deducted or unit.added:
            row: list[Cell] = [unit.label, *(whole(number) for number in counts)]
            if gathered.weighted:
                row += [gathered.numbers.amount(unit.deducted), gathered.numbers.amount(unit.added)]
            rows.append(row)
    columns: list[tuple[str, Kind, int]] = [
        ("单位", "text", 6), ("督办卡", "number", 2), ("超期", "number", 2), ("表扬", "number", 2),
        ("通报批评", "number", 3),
    ]  # fmt: skip
    columns += [("本期扣分", "number", 3), ("本期加分", "number", 3)] if gathered.weighted else []
    return [table_of("activity", "各单位本期登记情况", columns, rows)] if rows else []


def problems(gathered: Gathered) -> list[Table]:
    """The problems of the period, one line each."""
    rows: list[list[Cell]] = []
    for unit in gathered.everyone:
        for one in unit.problems:
            late = "" if one.overdue is None else f"{one.overdue}"
            points = gathered.numbers.change(one.points) if one.points else None
            what = what_of(one) + ("（有异议）" if one.contested else "")
            rows.append(
                [
                    unit.label,
                    one.fact.day.isoformat(),
                    title_of(gathered.edition, one.fact.item),
                    what,
                    late,
                    points,
                ]
            )
    columns: list[tuple[str, Kind, int]] = [
        ("单位", "text", 4), ("日期", "text", 3), ("指标", "text", 5), ("问题", "text", 7),
        ("超期工作日", "text", 2), ("分值", "number", 2),
    ]  # fmt: skip
    return [table_of("problems", "本期发现的问题", columns, rows)] if rows else []


def rectification(gathered: Gathered) -> list[Table]:
    """What is still to be put right, by when."""
    rows: list[list[Cell]] = [
        [unit.label, *_order_row(gathered, order)] for unit in gathered.everyone for order in unit.orders
    ]
    columns: list[tuple[str, Kind, int]] = [
        ("单位", "text", 4), ("整改事项", "text", 8), ("责令日期", "text", 3), ("整改期限", "text", 3),
        ("状态", "text", 3),
    ]  # fmt: skip
    return [table_of("rectification", "尚未完成的整改", columns, rows)] if rows else []


def _order_row(gathered: Gathered, order: Order) -> list[Cell]:
    about = order.finding
    item = order.order.item or (about.item if about is not None else None)
    what = "：".join(filter(None, (title_of(gathered.edition, item), told(about) if about is not None else "")))
    return [what or order.order.of, order.order.day.isoformat(), due_day(order.due), state_of(order)]


def state_of(order: Order) -> str:
    """Whether there is still time."""
    if order.overdue is None:
        return "已超期"
    return f"已超期{order.overdue}个工作日" if order.overdue else "整改中"


def due_day(due: dt.date | dt.datetime | None) -> str:
    """The end of a limit as a paper says it."""
    if due is None:
        return "未定"
    return f"{due.astimezone(BEIJING):%Y-%m-%d %H:%M}" if isinstance(due, dt.datetime) else due.isoformat()


def corrected(
    gathered: Gathered, said: Sequence[Mapping[str, Any]], why: Callable[[Mapping[str, Any]], str]
) -> list[Table]:
    """What earlier bulletins printed, and what holds now."""
    names = {one.id: named(one.head) for one in gathered.case.earlier}
    rows: list[list[Cell]] = []
    for one in said:
        printed, now = one["printed"], one["now"]
        name = names[one["bulletin"]]
        by = "" if one["printed_in"] == one["bulletin"] else f"（据{names[one['printed_in']]}更正）"
        rows.append([f"{name}{by}", one["unit"], *_said(gathered, printed), *_said(gathered, now), why(one)])
    columns: list[tuple[str, Kind, int]] = [
        ("原通报", "text", 4), ("单位", "text", 4), ("原公布得分", "number", 3), ("原名次", "text", 2),
        ("现核定得分", "number", 3), ("现名次", "text", 2), ("更正原因", "text", 8),
    ]  # fmt: skip
    return [table_of("corrections", "对前期通报的更正", columns, rows)] if rows else []


def _said(gathered: Gathered, said: Mapping[str, Any]) -> list[Cell]:
    place = said["rank"]
    figure = gathered.numbers.held(exact(said["total"]), exact(said["low"]), exact(said["high"]))
    return [figure, "暂" if place is None else str(place)]


def named(head: Mapping[str, Any]) -> str:
    """By what a paper calls an earlier bulletin: its number, or else what it was about."""
    number: str | None = head["number"]
    return number or f"{head['period']['text']}通报"


def moves(gathered: Gathered) -> list[Table]:
    """Every deduction and bonus of the year so far."""
    rows: list[list[Cell]] = []
    for unit in gathered.everyone:
        for move in unit.moves:
            number = str(len(rows) + 1)
            points = gathered.numbers.change(move.points)
            day_of = move.day.isoformat() if move.day is not None else ""
            ref = move.fact.ref if move.fact is not None else ""
            rule = "：".join(filter(None, (title_of(gathered.edition, move.item), move.clause)))
            rows.append([number, unit.label, day_of, rule, _reason(move), points, ref])
    columns: list[tuple[str, Kind, int]] = [
        ("序号", "text", 2), ("单位", "text", 4), ("日期", "text", 3), ("指标和条款", "text", 12),
        ("事由", "text", 7), ("分值", "number", 2), ("编号", "text", 3),
    ]  # fmt: skip
    return [table_of("moves", "", columns, rows)] if rows else []


def _reason(move: Move) -> str:
    """What happened, and where the points are not simply its price, why they are what they are."""
    why = "" if move.plain else say(move.why, LANG)
    return "。".join(filter(None, (told(move.fact) if move.fact is not None else "", why)))


QUARTER_NAMES: Final = {"Q1": "一季度", "Q2": "二季度", "Q3": "三季度", "Q4": "四季度"}


def quarters(gathered: Gathered) -> list[Table]:
    """What each quarter's happenings cost each unit, after caps."""
    rows: list[list[Cell]] = []
    for unit in gathered.everyone:
        costs = unit.score.deducted_by_quarter
        if any(costs.values()):
            figures = [gathered.numbers.amount(costs[quarter]) for quarter in QUARTER_NAMES]
            rows.append([unit.label, *figures, gathered.numbers.figure(total([*costs.values()]) or ZERO)])
    columns: list[tuple[str, Kind, int]] = [("单位", "text", 6)]
    columns += [(name, "number", 3) for name in (*QUARTER_NAMES.values(), "合计")]
    return [table_of("quarters", "", columns, rows)] if rows else []


TABLES: Final[Mapping[str, Callable[[Gathered], list[Table]]]] = {
    "scores": scores,
    "activity": activity,
    "problems": problems,
    "rectification": rectification,
    "moves": moves,
    "quarters": quarters,
}
"""The tables that a template may name; `corrections` is made with what the paper says of each."""
