"""A unit's feedback on its year: its result, its marks beside its own, every entry of its ledger, its cases. Chinese.

It is made as of the same position as the result, whose digest it names, so it explains exactly what was approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.reports.answers import Answer, points
from gkevents.reports.blocks import ColumnOf, heading, paragraph, table
from gkevents.reports.document import FORM, Annex, Block, Cell, Content, Document, Table
from gkevents.reports.wording import Numbers, day, document_number, numeral
from gkevents.reports.year.case import YearCase, result_id
from gkevents.reports.year.marks import CaseLine, Mark, case_lines, claims, marks
from gkevents.reports.year.paper import (
    STEP_WORDS,
    item_name,
    rectification_table,
    remarks,
    small_print,
)
from gkevents.reports.year.result import Place, rectification
from gkevents.scoring.fact import CLOSED
from gkevents.scoring.ledger import Entry, Ledger, ledger
from gkevents.scoring.score import Score
from gkevents.words import say


def feedback_id(scheme: str, year: int, number: int, unit: str) -> str:
    """By what the feedback to a unit is named."""
    return f"{result_id(scheme, year, number)}-{unit}"


def feedback_content(case: YearCase, unit: str, digest: str, place: Place) -> Content:
    """The feedback to one unit on the result of a `digest`, in which it has this `place`."""
    score = case.standing.scores[unit]
    rank, of = place
    lines = list(case_lines(score, case.rules, case.calendar))
    entries, own = ledger(score), marks(score)
    return {
        "form": FORM,
        "kind": "feedback",
        "id": feedback_id(case.edition.scheme, case.standing.year, case.number, unit),
        "head": _head(case, unit, digest),
        "figures": {
            "unit": unit,
            "category": score.category,
            "total": points(score.total),
            "low": points(score.low),
            "high": points(score.high),
            "rank": rank,
            "of": of,
            "band": score.band,
            "marks": [mark_answer(mark) for mark in own],
            "start": points(entries.start),
            "entries": [_entry(entry) for entry in entries.entries],
            "rectification": [rectification(line) for line in lines if line.ordered is not None],
        },
        "document": _document(case, score, place, own, entries, lines, digest),
    }


def _head(case: YearCase, unit: str, digest: str) -> dict[str, Any]:
    return {
        "scheme": case.edition.scheme,
        "title": case.edition.title,
        "year": case.standing.year,
        "unit": unit,
        "edition": case.edition.digest,
        "known_at": case.proposal.known_at,
        "recorded_at": case.recorded_at,
        "program": case.proposal.program,
        "result": digest,
        "simulated_clock": case.standing.simulated,
    }


def mark_answer(mark: Mark) -> Answer:
    """One item for programs: what it is worth, what the unit says, what it got."""
    return {
        "item": mark.item,
        "title": mark.title,
        "max": points(mark.points_max),
        "self_assessed": points(mark.claimed),
        "score": points(mark.score),
        "low": points(mark.low),
        "high": points(mark.high),
        "difference": points(mark.difference),
        "state": mark.state,
    }


def _entry(entry: Entry) -> Answer:
    return {
        "position": entry.position,
        "ref": entry.ref,
        "type": entry.type,
        "effective_on": entry.effective_on.isoformat() if entry.effective_on is not None else None,
        "item": entry.item,
        "clause": entry.clause,
        "raw": points(entry.raw),
        "applied": points(entry.applied),
        "item_score_after": points(entry.item_score_after),
        "total_after": points(entry.total_after),
        "why": say(entry.why, "zh"),
        "caused_by": list(entry.caused_by),
    }


# ---------------------------------------------------------------- the paper


def _document(
    case: YearCase,
    score: Score,
    place: Place,
    own: Sequence[Mark],
    entries: Ledger,
    lines: Sequence[CaseLine],
    digest: str,
) -> Document:
    year, issuer = case.standing.year, case.head.get("issuer") or case.source.issuer
    sections: list[tuple[str, list[Block]]] = [
        ("考核结果", list(_result(case, score, place))),
        ("各项指标得分", [_marks(case.numbers, own), *_claims(case.numbers, own)]),
        ("争议与裁定", list(_cases(case, lines))),
        ("整改", list(_rectification(case, lines))),
    ]
    body: list[Block] = []
    for number, (title, blocks) in enumerate(((title, blocks) for title, blocks in sections if blocks), 1):
        body += [heading(f"{numeral(number)}、{title}"), *blocks]
    written = case.head.get("number")
    return {
        "title": f"{year}年度{case.about}考核结果反馈",
        "issuer": issuer,
        "number": None,
        "addressees": f"{score.unit}：",
        "body": body,
        "annexes": [_ledger(case.numbers, score, entries)],
        "signed_by": issuer,
        "signed_on": day(case.proposal.on),
        "note": f"本反馈所依据的考核结果：{document_number(written)}" if written else None,
        "copies_to": None,
        "printed": None,
        "small_print": [f"本反馈说明的考核结果摘要：{digest}。", *small_print(case)],
        "mark": "模拟" if case.standing.simulated else None,
        "page": case.page,
    }


def _result(case: YearCase, score: Score, place: Place) -> Iterator[Block]:
    """The total, the rank, the band, and what is to be known beside them."""
    numbers, unit = case.numbers, score.unit
    rank, of = place
    group = f"{score.category}类" if score.category else ""
    if score.low is None:
        yield paragraph(f"{unit}{case.standing.year}年度考核的指标分值未定，不计总分。")
    elif score.total is None:
        yield paragraph(f"{unit}{case.standing.year}年度考核总分未定，在{numbers.span(score.low, score.high)}分之间。")
    else:
        told = f"{unit}{case.standing.year}年度考核总分为{numbers.text(score.total)}分"
        told += f"，在{group}{of}个单位中列第{rank}名" if rank is not None else ""
        yield paragraph(told + (f"，等次为{score.band}。" if score.band else "。"))
    if score.base is not None and score.bonus is not None and score.deduction is not None:
        told = f"其中指标得分{numbers.text(score.base)}分，加分{numbers.text(score.bonus)}分"
        yield paragraph(f"{told}，减分{numbers.text(score.deduction)}分。")
    lost = [f"第{numeral(int(name[1:]))}季度{numbers.text(cost)}分" for name, cost in _lost(score)]
    if lost:
        yield paragraph(f"各季度失分：{'，'.join(lost)}。")
    said = "；".join(remarks(score))
    if said:
        yield paragraph(f"{said}。")


def _lost(score: Score) -> Iterator[tuple[str, Any]]:
    yield from ((name, cost) for name, cost in score.deducted_by_quarter.items() if cost)


_STATES: Final = {
    "priced": "按记录计分",
    "graded": "评分",
    "reported": "按数据计分",
    "open": "未定",
    "not-applicable": "不适用",
    "unweighted": "分值未定",
}


_MARKS: Final[tuple[ColumnOf, ...]] = (
    ("指标", "text", 2), ("名称", "text", 6), ("满分", "number", 2), ("自评分", "number", 2), ("得分", "number", 2),
    ("差", "number", 2), ("计分方式", "text", 3),
)  # fmt: skip


def _marks(numbers: Numbers, own: Sequence[Mark]) -> Table:
    """Every item: full points, what the unit says, what it got, the difference."""
    rows: list[list[Cell]] = [
        [
            mark.item,
            mark.title,
            numbers.figure(mark.points_max) if mark.points_max is not None else None,
            numbers.figure(mark.claimed) if mark.claimed is not None else None,
            numbers.held(mark.score, mark.low, mark.high),
            numbers.change(mark.difference) if mark.difference is not None else None,
            _STATES[mark.state],
        ]
        for mark in own
    ]
    return table("marks", "表1 各项指标得分与自评", _MARKS, rows)


def _claims(numbers: Numbers, own: Sequence[Mark]) -> Iterator[Block]:
    said = claims(own)
    if said is None:
        yield paragraph("本单位未报自评分。")
        return
    told = f"本单位自评{said.items}项指标，自评合计{numbers.text(said.claimed)}分"
    if said.scored is None:
        yield paragraph(f"{told}；其中有指标得分未定。")
    else:
        yield paragraph(
            f"{told}，得分合计{numbers.text(said.scored)}分，相差{numbers.signed(said.scored - said.claimed)}分。"
        )


_CASES: Final[tuple[ColumnOf, ...]] = (
    ("编号", "text", 3), ("指标", "text", 4), ("日期", "text", 3), ("异议理由", "text", 4), ("裁定", "text", 4),
    ("裁定理由", "text", 4),
)  # fmt: skip


def _cases(case: YearCase, lines: Sequence[CaseLine]) -> Iterator[Block]:
    """What was contested, and what became of it."""
    rows: list[list[Cell]] = []
    for line in lines:
        fact, decision = line.case.fact, line.decision
        contested = line.case.latest("case-contested")
        if contested is None:
            continue
        amount = f"，保留{case.numbers.text(decision.amount)}分" if decision and decision.amount is not None else ""
        told = (
            f"{STEP_WORDS[decision.type]}{amount}（{decision.by or '—'}，{day(decision.day)}）"
            if decision
            else "尚未裁定"
        )
        rows.append(
            [
                fact.ref,
                item_name(case.edition, fact.item),
                day(fact.day),
                contested.reason or None,
                told,
                decision.reason if decision is not None else None,
            ]
        )
    if rows:
        yield table("cases", "表2 争议与裁定", _CASES, rows)


def _rectification(case: YearCase, lines: Sequence[CaseLine]) -> Iterator[Block]:
    """The orders that still run, and the findings that are not at their end."""
    orders = [line for line in lines if line.ordered is not None]
    if orders:
        yield paragraph("下列问题请按期整改，并报告整改情况。")
        yield rectification_table(orders, case.edition)
    others = [line.case.fact.ref for line in lines if line.ordered is None and line.state != CLOSED]
    if others:
        yield paragraph(f"下列事项尚未办结：{'、'.join(others)}。")


_ENTRIES: Final[tuple[ColumnOf, ...]] = (
    ("序号", "number", 1), ("日期", "text", 2), ("记录", "text", 3), ("指标", "text", 1), ("依据条款", "text", 9),
    ("变动", "number", 2), ("累计", "number", 2), ("说明", "text", 7),
)  # fmt: skip


def _ledger(numbers: Numbers, score: Score, entries: Ledger) -> Annex:
    """Every entry in the order of the world, with the running total after it, and the sum at the end."""
    rows: list[list[Cell]] = [_row(numbers, number, entry, score) for number, entry in enumerate(entries.entries, 1)]
    start = numbers.text(entries.start) if entries.start is not None else "—"
    if entries.start is None:
        note = "注：指标分值未定，不计分。"
    else:
        reached = entries.start + sum((entry.applied for entry in entries.entries), entries.start * 0)
        last = "总分" if score.total is not None else "总分下限"
        note = f"注：起评分{start}分，加各项变动，得{last}{numbers.text(reached)}分。"
    return {"title": "计分明细", "body": [table("entries", "", _ENTRIES, rows, note)], "wide": True}


def _row(numbers: Numbers, number: int, entry: Entry, score: Score) -> list[Cell]:
    kind = FACT_TYPES[entry.type].label if entry.type in FACT_TYPES else _KINDS.get(entry.type, entry.type)
    return [
        {"text": str(number), "value": str(number)},
        _day(entry.effective_on),
        f"{kind} {entry.ref}" if entry.ref is not None else kind,
        entry.item,
        entry.clause or None,
        numbers.change(entry.applied) if score.low is not None else None,
        numbers.figure(entry.total_after) if entry.total_after is not None else None,
        say(entry.why, "zh"),
    ]


def _day(one: dt.date | None) -> str | None:
    return None if one is None else one.isoformat()


_KINDS: Final = {
    "peers-mean": "其他单位平均",
    "not-applicable-gets": "不适用",
    "placed": "按名次计分",
    "spread": "分值分摊",
    "rescale": "折算",
    "rounding": "取整",
    "section-floor": "一级指标上下限",
    "section-cap": "一级指标上下限",
    "part-floor": "部分上下限",
    "part-cap": "部分上下限",
    "gate": "门槛",
    "veto": "否决",
    "floor": "总分上下限",
    "ceiling": "总分上下限",
    "zero-out": "弄虚作假",
    "limit-kept": "按期办结",
}
"""What an entry without a fact is called."""
