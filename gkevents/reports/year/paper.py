"""The paper of a year's result: the table, bands, zero-outs, self-assessments, what is left to put right. Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from gkevents.reports.blocks import ColumnOf, heading, paragraph, table
from gkevents.reports.bulletin.charts import axis
from gkevents.reports.document import Bars, Block, Cell, Document, Table
from gkevents.reports.wording import day, document_number, numeral, whole
from gkevents.reports.year.case import YearCase
from gkevents.reports.year.marks import CaseLine, case_lines, claims, marks
from gkevents.schemes.edition import Edition
from gkevents.scoring.score import Score
from gkevents.terms import show

Ranked = Mapping[str, Sequence[tuple[Score, int | None]]]


def paper_of(case: YearCase, groups: Ranked) -> Document:
    """The paper: basis, results, bands, self-assessments, what is to be put right, what was left."""
    year, head = case.standing.year, case.head
    sections = [
        ("考核依据", _basis(case)),
        ("考核结果", _standings(case, groups)),
        ("等次与否决情形", list(_bands(case))),
        ("自评与评分", list(_self_assessed(case))),
        ("整改", list(_rectification(case))),
        ("未尽事项", list(_left(case))),
    ]
    body: list[Block] = []
    for number, (title, blocks) in enumerate(((title, blocks) for title, blocks in sections if blocks), 1):
        body += [heading(f"{numeral(number)}、{title}"), *blocks]
    written = head.get("number")
    return {
        "title": f"关于{year}年度{case.about}考核结果的通报",
        "issuer": head.get("issuer") or case.source.issuer,
        "number": document_number(written) if written else None,
        "addressees": head.get("addressees"),
        "body": body,
        "annexes": [],
        "signed_by": head.get("issuer") or case.source.issuer,
        "signed_on": day(case.proposal.on),
        "note": None,
        "copies_to": None,
        "printed": None,
        "small_print": small_print(case),
        "mark": "模拟时钟" if case.standing.simulated else None,
        "page": case.page,
    }


_DIGEST_SHOWN: Final = 12


def small_print(case: YearCase) -> list[str]:
    """How complete a paper is, and what it was made of."""
    heard = case.completeness
    moment = case.recorded_at.replace("T", " ").partition("+")[0].partition(".")[0]
    said = [
        f"依据截至第{case.proposal.known_at}号记录（登记于{moment}）的全部记录：登记{heard.recorded}条，计入{heard.applied}条。",
        f"考核方案版本：{case.edition.digest[:_DIGEST_SHOWN]}。程序版本：{case.proposal.program}。",
    ]
    if case.proposal.replaces is not None:
        said.append(f"本结果取代此前审定的结果（摘要{case.proposal.replaces}）。")
    return said


def _basis(case: YearCase) -> list[Block]:
    source, units = case.source, case.standing.scores
    document = f"（{document_number(source.document)}）" if source.document else ""
    told = f"依据《{source.title}》{document}，对{len(units)}个单位{case.standing.year}年度的工作进行了考核。"
    proposal = case.proposal
    by = f"（{proposal.document}）" if proposal.document else ""
    told += f"本结果由{proposal.by}于{day(proposal.on)}提出{by}。"
    if proposal.reason:
        told += f"说明：{ended(proposal.reason)}"
    blocks: list[Block] = [paragraph(told)]
    if proposal.replaces is not None:
        blocks.append(paragraph("此前审定的结果已经决定重新核定，以本结果为准。"))
    return blocks


def ended(text: str) -> str:
    """What somebody wrote, with one full stop at its end."""
    return text.rstrip("。.；; ") + "。"


def _standings(case: YearCase, groups: Ranked) -> list[Block]:
    """The table of each category, best first, with a chart of it."""
    numbers, blocks = case.numbers, list[Block]()
    totals = [score.total for rows in groups.values() for score, _ in rows if score.total is not None]
    if totals:
        average = numbers.text(sum(totals, Fraction(0)) / len(totals))
        told = f"已定总分的{len(totals)}个单位平均{average}分，最高{numbers.text(max(totals))}分，"
        blocks.append(paragraph(f"{told}最低{numbers.text(min(totals))}分。"))
    for number, (category, rows) in enumerate(groups.items(), 1):
        if len(groups) > 1:
            blocks.append(heading(f"（{numeral(number)}）{category or '其他'}", 2))
        blocks.append(_table(case, number, category, rows))
        if len(rows) <= case.chart_units and (drawn := _bars(case, number, category, rows)) is not None:
            blocks.append(drawn)
    return blocks


def _table(case: YearCase, number: int, category: str, rows: Sequence[tuple[Score, int | None]]) -> Table:
    numbers, banded, parted = case.numbers, bool(case.edition.bands), bool(case.edition.rules)
    cells: list[list[Cell]] = []
    for score, place in rows:
        row: list[Cell] = [
            whole(place) if place is not None else None,
            score.unit,
            numbers.held(score.total, score.low, score.high),
        ]
        if parted:  # what stands beside the items; a scheme of items alone has nothing there
            beside = (score.base, score.bonus, score.deduction)
            row += [numbers.figure(points) if points is not None else None for points in beside]
        cells.append([*row, *([score.band or None] if banded else []), "；".join(remarks(score)) or None])
    named = f"{category}考核结果" if category else "考核结果"
    columns: list[ColumnOf] = [("名次", "number", 2), ("单位", "text", 6), ("总分", "number", 3)]
    columns += [("指标得分", "number", 3), ("加分项", "number", 2), ("减分项", "number", 2)] if parted else []
    columns += [("等次", "text", 2)] if banded else []
    open_ = any(place is None for _, place in rows)
    note = "注：总分未定的单位列出可能的范围，不排名次。" if open_ else None
    return table(f"result-{number}", f"表{number} {named}", [*columns, ("备注", "text", 5)], cells, note)


def remarks(score: Score) -> Iterator[str]:
    """What is to be known beside a unit's total."""
    if score.zeroed:
        yield "弄虚作假"
    yield from (veto.title for veto in score.vetoes)
    if score.eligible is False:
        yield "不得评优"
    if score.low is None:
        yield "分值未定"
    elif score.provisional:
        yield "部分指标未定"
    if score.priced.contested:
        yield f"有异议{len(score.priced.contested)}项"


def _bars(case: YearCase, number: int, category: str, rows: Sequence[tuple[Score, int | None]]) -> Bars | None:
    shown = [score for score, _ in rows if score.low is not None]
    if not shown:
        return None
    numbers, lows = case.numbers, [score.low or Fraction(0) for score in shown]
    highs = [score.high or Fraction(0) for score in shown]
    start, end = axis(min(lows), max(highs))
    drawn: Bars = {
        "kind": "bars",
        "id": f"ranking-{number}",
        "caption": f"图{number} {category or '各单位'}总分",
        "alt": f"{len(shown)}个单位的总分，从{numbers.text(min(lows))}到{numbers.text(max(highs))}。",
        "start": show(start),
        "end": show(end),
        "rows": [],
    }
    for score in shown:
        if score.total is not None:
            drawn["rows"].append({"label": score.unit, "text": numbers.text(score.total), "value": show(score.total)})
        else:
            drawn["rows"].append(
                {
                    "label": score.unit,
                    "text": numbers.span(score.low, score.high),
                    "value": None,
                    "low": show(score.low or Fraction(0)),
                    "high": show(score.high or Fraction(0)),
                }
            )
    return drawn


def _bands(case: YearCase) -> Iterator[Block]:
    """How many units are in each band, the vetoes that fired, and proven fraud."""
    scores = case.standing.scores.values()
    bands = {band.name: [score.unit for score in scores if score.band == band.name] for band in case.edition.bands}
    if any(bands.values()):
        told = "；".join(f"{name}{len(units)}个（{'、'.join(units)}）" for name, units in bands.items() if units)
        yield paragraph(f"{told}。")
    for score in scores:
        for veto in score.vetoes:
            yield paragraph(f"{score.unit}：{veto.title}（{veto.clause}）。")
        if score.zeroed and case.edition.zero_out is not None:
            yield paragraph(f"{score.unit}：{case.edition.zero_out.title}（{case.edition.zero_out.clause}）。")


_SELF_ASSESSED: Final[tuple[ColumnOf, ...]] = (
    ("单位", "text", 6), ("自评指标数", "number", 2), ("满分", "number", 2), ("自评分", "number", 2),
    ("评分", "number", 2), ("评分与自评之差", "number", 3),
)  # fmt: skip


def _self_assessed(case: YearCase) -> Iterator[Block]:
    """What the units say of themselves beside what they got on the same items."""
    numbers, rows = case.numbers, list[list[Cell]]()
    for unit, score in case.standing.scores.items():
        said = claims(marks(score))
        if said is not None:
            rows.append(
                [
                    unit,
                    whole(said.items),
                    numbers.figure(said.points_max),
                    numbers.figure(said.claimed),
                    numbers.figure(said.scored) if said.scored is not None else None,
                    numbers.change(said.difference) if said.difference is not None else None,
                ]
            )
    if rows:
        note = "注：评分为自评所涉指标的得分之和。"
        yield table("self-assessment", "自评与评分对照", _SELF_ASSESSED, rows, note)


def _rectification(case: YearCase) -> Iterator[Block]:
    lines = [
        line
        for score in case.standing.scores.values()
        for line in case_lines(score, case.rules, case.calendar)
        if line.ordered is not None
    ]
    if lines:
        yield paragraph(f"下列{len(lines)}项整改尚未完成，不因结果公布而终止。")
        yield rectification_table(lines, case.edition)


_RECTIFICATION: Final[tuple[ColumnOf, ...]] = (
    ("单位", "text", 4), ("编号", "text", 3), ("指标", "text", 4), ("责令日期", "text", 3), ("进展", "text", 2),
    ("期限", "text", 3),
)  # fmt: skip


def rectification_table(lines: Sequence[CaseLine], edition: Edition) -> Table:
    """The orders to put a fault right that still run."""
    rows: list[list[Cell]] = []
    for line in lines:
        fact, order, ends = line.case.fact, line.ordered, line.ends
        rows.append(
            [
                line.unit,
                fact.ref,
                item_name(edition, fact.item),
                day(order.day) if order is not None else None,
                STEP_WORDS.get(line.state, line.state),
                ends.isoformat()[:16].replace("T", " ") if ends is not None else None,
            ]
        )
    return table("rectification", "尚未完成的整改", _RECTIFICATION, rows)


STEP_WORDS: Final = {
    "recorded": "已登记",
    "case-endorsed": "已复核",
    "case-notified": "已告知",
    "case-accepted": "已认可",
    "case-contested": "有异议",
    "case-upheld": "维持",
    "case-reduced": "减轻",
    "case-overturned": "撤销",
    "rectification-ordered": "已责令",
    "rectification-planned": "已报方案",
    "rectification-reported": "已报结果",
    "rectification-verified": "已核实",
    "rectification-returned": "已退回",
    "case-closed": "已办结",
}
"""What a paper says of the state of a case."""


def item_name(edition: Edition, code: str | None) -> str | None:
    """An item or ± rule by its code and title."""
    rule = edition.items.get(code or "") or edition.rules.get(code or "")
    return code if rule is None else f"{code} {rule.title}"


_LEFT: Final = {
    "year": "考核年度尚未结束",
    "views": "数据视图未更新",
    "points": "指标分值未定",
    "ungraded": "未评分",
    "unreported": "未报数据",
    "unconfirmed": "未确认计数",
    "undetermined": "尚不能确定",
    "pending": "记录待补充",
    "unscanned": "到期未核销的时限",
    "not-due": "尚在办理的时限",
    "contested": "有异议未裁定",
    "unendorsed": "待复核",
    "cases": "未办结",
    "rectification": "整改未完成",
}


def _left(case: YearCase) -> Iterator[Block]:
    """Why a result was proposed though something was missing, and what that was."""
    if case.proposal.despite is None:
        return
    yield paragraph(f"提出本结果时尚有未尽事项，提出理由：{ended(case.proposal.despite)}")
    rows: list[list[Cell]] = [
        [lack.unit or "全体", _LEFT[lack.kind], "、".join(lack.items or lack.refs) or None]
        for lack in case.lacks
        if lack.blocks
    ]
    if rows:
        columns: list[ColumnOf] = [("单位", "text", 4), ("事项", "text", 3), ("所涉指标或编号", "text", 8)]
        yield table("lacking", "未尽事项", columns, rows)
