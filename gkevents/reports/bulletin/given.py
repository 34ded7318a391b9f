"""What the sentences of a template are given: plain texts and numbers, in the words of the paper.

`SHAPE` names all of it, so that a template is checked before any figures are there; `given` fills it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from gkevents.reports.bulletin.case import CAUSES, Earlier
from gkevents.reports.bulletin.corrections import exact
from gkevents.reports.bulletin.figures import LANG, what_of
from gkevents.reports.bulletin.findings import Problem, title_of
from gkevents.reports.bulletin.gathered import Category, Gathered, Told
from gkevents.reports.bulletin.tables import any_change, due_day, named
from gkevents.reports.wording import day, flat, office, period_in_full, period_name, short_day, subject, told
from gkevents.schemes.model import Band
from gkevents.scoring.fact import Fact
from gkevents.terms import ZERO, instant, total
from gkevents.words import say

_SCORED: Final = {
    "units": None, "determined": None, "provisional": None, "average": None, "highest": None, "lowest": None,
    "spread": None, "even": None, "first": None, "last": None, "change": None,
}  # fmt: skip
_FOUND: Final = {"day": None, "item": None, "what": None, "points": None, "ref": None, "line": None}

SHAPE: Final[Mapping[str, Any]] = {
    "year": None,
    "period": {"kind": None, "number": None, "name": None, "full": None, "since": None, "until": None},
    "as_of": None,
    "known": {"day": None, "position": None},
    "scheme": {"id": None, "title": None, "document": None, "issuer": None},
    "editions": [{"day": None, "digest": None, "decided_by": None, "decided_on": None, "reason": None}],
    "subject": None,
    "number": None,
    "issuer": None,
    "addressees": None,
    "issued_on": None,
    "rectify_by": None,
    "weighted": None,
    "units": None,
    "counts": {"cards": None, "timeouts": None, "praise": None, "criticism": None, "all": None},
    "total": _SCORED,
    "categories": [{"name": None, **_SCORED}],
    "previous": {"name": None, "issued_on": None, "compared": None},
    "earlier": None,
    "replaced": {"name": None, "issued_on": None},
    "bands": None,
    "ties": None,
    "provisional": None,
    "without_facts": None,
    "excluded": [{"unit": None, "reason": None}],
    "contested": None,
    "problems": [
        {
            "unit": None,
            "ranked": None,
            "category": None,
            "count": None,
            "found": [
                {**_FOUND, "clause": None, "late": None, "overdue": None, "open": None, "contested": None, "why": None}
            ],
        }
    ],
    "problems_total": None,
    "problems_left_out": None,
    "praise": [{"unit": None, "ranked": None, "count": None, "found": [_FOUND]}],
    "rectification": {"units": None, "orders": None, "late": None},
    "corrections": {"units": None, "bulletins": None, "count": None},
    "moves": {"rows": None, "left_out": None, "pending": None, "plus": None, "minus": None},
}
"""Everything that a sentence may name, and what that holds; None is a single text or number (or nothing)."""

NAMES_MAX: Final = 200
"""So many units are named in one sentence; of more it says how many."""


def given(gathered: Gathered, figures: Mapping[str, Any], *, problem_units: int, annex_rows: int) -> dict[str, Any]:
    """What the sentences of one bulletin are given, but for the lines of its head (see `content`).

    Every text is one line, whatever was recorded: only the template begins a paragraph.
    """
    found: dict[str, Any] = flat(_given(gathered, figures, problem_units, annex_rows))
    return found


def _given(gathered: Gathered, figures: Mapping[str, Any], problem_units: int, annex_rows: int) -> dict[str, Any]:
    terms, edition, source = gathered.terms, gathered.edition, gathered.case.source
    wrong = [unit for unit in gathered.everyone if unit.problems]
    return {
        "year": gathered.case.standing.year,
        "period": _period(gathered),
        "as_of": day(terms.as_of or terms.period.until),
        "known": {"day": day(instant(gathered.case.recorded_at).date()), "position": terms.known_at},
        "scheme": {"id": edition.scheme, "title": source.title, "document": source.document, "issuer": source.issuer},
        "editions": [_edition(one) for one in gathered.case.standing.editions],
        "subject": subject(source.title),
        "number": terms.options.number,
        "issuer": terms.options.issuer or office(source.issuer),
        "addressees": terms.options.addressees,
        "issued_on": day(terms.issued_on),
        "rectify_by": day(terms.options.rectify_by) if terms.options.rectify_by is not None else None,
        "weighted": int(gathered.weighted),
        "units": len(gathered.everyone),
        "counts": {**figures["counts"], "all": sum(figures["counts"].values())},
        "total": _scored(gathered, Category("", gathered.units, gathered.totals)),
        "categories": [{"name": one.name, **_scored(gathered, one)} for one in gathered.categories],
        "previous": _previous(gathered),
        "earlier": len(gathered.case.earlier),
        "replaced": _issued(gathered.replaced[-1]) if gathered.replaced else None,
        "bands": _bands(gathered),
        "ties": _ties(gathered),
        "provisional": names([unit.score.unit for unit in gathered.units if unit.score.provisional]),
        "without_facts": names(gathered.without_facts),
        "excluded": [{"unit": unit, "reason": reason} for unit, reason in gathered.excluded.items()],
        "contested": sum(len(unit.score.priced.contested) for unit in gathered.everyone),
        "problems": [_problems(gathered, unit) for unit in wrong[:problem_units]],
        "problems_total": sum(len(unit.problems) for unit in wrong),
        "problems_left_out": max(len(wrong) - problem_units, 0),
        "praise": [_praise(gathered, unit) for unit in gathered.everyone if unit.praised][:problem_units],
        "rectification": _rectification(gathered),
        "corrections": _corrections(figures["corrections"]),
        "moves": _moves(gathered, annex_rows),
    }


def names(units: Sequence[str], most: int = NAMES_MAX) -> str | None:
    """Units in a sentence; None where there are none."""
    if len(units) > most:
        return f"{'、'.join(units[:most])}等{len(units)}个单位"
    return "、".join(units) or None


def _period(gathered: Gathered) -> dict[str, Any]:
    period = gathered.terms.period
    return {
        "kind": period.kind,
        "number": period.number,
        "name": period_name(period),
        "full": period_in_full(period),
        "since": day(period.since),
        "until": day(period.until),
    }


def _edition(adoption: Any) -> dict[str, Any]:  # noqa: ANN401 - answers.Adoption, whose properties are read
    decided = adoption.decided_on
    return {
        "day": day(instant(adoption.recorded_at).date()),
        "digest": adoption.edition[:12],
        "decided_by": adoption.decided_by,
        "decided_on": day(dt.date.fromisoformat(decided)) if decided else None,
        "reason": adoption.reason,
    }


_FEW: Final = 5


def _scored(gathered: Gathered, category: Category) -> dict[str, Any]:
    """What the totals of a category come to; nothing of what is not decided."""
    text, totals = gathered.numbers.text, category.totals
    most, least = max(totals, default=None), min(totals, default=None)
    units = [unit.score for unit in category.units]

    def at(points: Fraction | None) -> str | None:
        return names([one.unit for one in units if one.total == points], _FEW) if points is not None else None

    return {
        "units": len(units),
        "determined": len(totals),
        "provisional": len(units) - len(totals),
        "average": text(category.average) if totals else None,
        "highest": text(most) if most is not None else None,
        "lowest": text(least) if least is not None else None,
        "spread": text(most - least) if most is not None and least is not None else None,
        "even": int(most == least and len(totals) > 1),
        "first": at(most),
        "last": at(least),
        "change": _change(gathered, category),
    }


def _change(gathered: Gathered, category: Category) -> str | None:
    """How the mean moved since the last bulletin, where both are of the same units."""
    before = gathered.previous.figures if gathered.previous is not None else None
    if before is None or not category.totals:
        return None
    decided = {unit.score.unit for unit in category.units if unit.score.total is not None}
    printed = {
        unit: exact(said["total"])
        for unit, said in before["units"].items()
        if said["total"] is not None and (said["category"] or "") == category.name
    }
    if printed.keys() != decided or category.average is None:
        return None
    moved = category.average - total([points or ZERO for points in printed.values()]) / len(printed)
    if not moved:
        return "与上期持平"
    return f"较上期{'上升' if moved > 0 else '下降'}{gathered.numbers.text(abs(moved))}分"


def _previous(gathered: Gathered) -> dict[str, Any] | None:
    if gathered.previous is None:
        return None
    compared = any(any_change(gathered, unit) for unit in gathered.units)
    return {**_issued(gathered.previous), "compared": int(compared)}


def _issued(bulletin: Earlier) -> dict[str, Any]:
    """By what a paper calls an issued bulletin, and when that was."""
    head = bulletin.head
    return {"name": named(head), "issued_on": day(dt.date.fromisoformat(head["issued_on"]))}


def _bands(gathered: Gathered) -> str | None:
    """The bands and what each asks, where the scheme has any."""
    return "、".join(_band(gathered, band) for band in gathered.edition.bands) or None


def _band(gathered: Gathered, band: Band) -> str:
    text = gathered.numbers.text
    asks = [
        f"{text(band.start)}分及以上" if band.start is not None else "",
        f"高于{text(band.above)}分" if band.above is not None else "",
        f"不高于{text(band.to)}分" if band.to is not None else "",
        f"低于{text(band.below)}分" if band.below is not None else "",
        f"前{band.places}名" if band.places is not None else "",
        f"前{text(band.share * 100)}%" if band.share is not None else "",
        "须具备评优资格" if band.eligible else "",
    ]
    asked = "，".join(filter(None, asks))
    return f"{band.name}（{asked}）" if asked else f"{band.name}（其余）"


_TIES: Final = {
    "1,1,3": "得分相同的并列，其后名次相应空出",
    "1,1,2": "得分相同的并列，其后名次不空出",
    "not-shared": "得分相同的按名册先后分列",
    "unordered": "不排名次",
}


def _ties(gathered: Gathered) -> str:
    ties = gathered.edition.ties
    by = "、".join(title_of(gathered.edition, name) for name in ties.by)
    return (f"得分相同的先比较{by}；" if by else "") + _TIES[ties.then]


def _problems(gathered: Gathered, unit: Told) -> dict[str, Any]:
    found = [_problem(gathered, one) for one in unit.problems]
    return {
        "unit": unit.score.unit,
        "ranked": int(unit.ranked),
        "category": unit.score.category,
        "count": len(found),
        "found": found,
    }


def _problem(gathered: Gathered, one: Problem) -> dict[str, Any]:
    said = _fact(gathered, one.fact, one.points, what_of(one))
    why = say(one.why, LANG).rstrip("。") if one.why is not None else None
    late = _late(gathered, one)
    parts = [
        f"{said['day']}，{said['what']}",
        f"（{said['item']}）" if said["item"] else "",
        f"，{late}" if late else "",
        f"，{said['points']}" if said["points"] else "",
        f"，{why}" if why and not one.points else "",
        "（有异议，尚未裁定）" if one.contested else "",
    ]
    return {
        **said,
        "clause": one.clause,
        "late": late,
        "overdue": one.overdue,
        "open": int(one.limit is not None and one.limit.answer is None),
        "contested": int(one.contested),
        "why": why,
        "line": "".join(parts),
    }


def _fact(gathered: Gathered, fact: Fact, points: Fraction, what: str) -> dict[str, Any]:
    moved = f"{'扣' if points < 0 else '加'}{gathered.numbers.text(abs(points))}分" if points else None
    item = title_of(gathered.edition, fact.item)
    when = short_day(fact.day, gathered.case.standing.year)
    line = f"{when}，{what}" + (f"（{item}）" if item else "") + (f"，{moved}" if moved else "")
    return {"day": when, "item": item, "what": what, "points": moved, "ref": fact.ref, "line": line}


def _late(gathered: Gathered, one: Problem) -> str | None:
    """By when it was to be done, when it was, and how many working days late that is."""
    limit, year = one.limit, gathered.case.standing.year
    if limit is None or limit.due is None:
        return None
    until = due_day(limit.due) if isinstance(limit.due, dt.datetime) else short_day(limit.due, year)
    answered = limit.answer.day if limit.answer is not None else None
    done = f"{short_day(answered, year)}办结" if answered else f"截至{short_day(gathered.looked.until, year)}未办结"
    if one.overdue is None:
        return f"期限{until}，{done}（工作日历尚未公布，超期日数未计）"
    days = f"超期{one.overdue}个工作日" if one.overdue else "超期不足1个工作日"
    return f"期限{until}，{done}，{days}"


def _praise(gathered: Gathered, unit: Told) -> dict[str, Any]:
    found = [_fact(gathered, fact, earned, told(fact)) for fact, earned in unit.praised]
    return {"unit": unit.score.unit, "ranked": int(unit.ranked), "count": len(found), "found": found}


def _rectification(gathered: Gathered) -> dict[str, int]:
    late = [order for unit in gathered.everyone for order in unit.orders if order.overdue != 0]
    return {
        "units": sum(bool(unit.orders) for unit in gathered.everyone),
        "orders": sum(len(unit.orders) for unit in gathered.everyone),
        "late": len(late),
    }


def _corrections(said: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "units": len({one["unit"] for one in said}),
        "bulletins": len({one["bulletin"] for one in said}),
        "count": len(said),
    }


def _moves(gathered: Gathered, most: int) -> dict[str, Any]:
    rows = [move.points for unit in gathered.everyone for move in unit.moves]
    plus, minus = total([points for points in rows if points > 0]), -total([points for points in rows if points < 0])
    return {
        "rows": len(rows),
        "left_out": int(len(rows) > most),
        "pending": sum(move.points != move.now for unit in gathered.everyone for move in unit.moves),
        "plus": gathered.numbers.text(plus) if plus else None,
        "minus": gathered.numbers.text(minus) if minus else None,
    }


_CAUSES: Final = {
    "reversals": "撤回、撤销或减轻原记录",
    "late": "通报后补记此前发生的情况",
    "grades": "评分、数据或认定变动",
    "new": "新增记录",
    "others": "其他单位得分变动所致",
    "edition": "考核方案修订",
    "calendar": "工作日历调整",
    "ties": "同分名次重排",
}
_CAUSE_FACTS: Final = 5


def why_corrected(gathered: Gathered, correction: Mapping[str, Any]) -> str:
    """Why what was printed no longer holds: each cause with the facts behind it."""
    causes = correction["causes"]
    known = {}
    if causes:
        score = gathered.case.standing.scores.get(correction["unit"])
        known = {fact.ref: fact for fact in score.priced.view.known} if score is not None else {}
    said = []
    for name in CAUSES:
        about = [_cause(gathered, one, known.get(one["ref"] or "")) for one in causes if one["cause"] == name]
        if about:
            detail = "、".join(filter(None, about[:_CAUSE_FACTS]))
            more = f"等{len(about)}件" if len(about) > _CAUSE_FACTS else ""
            said.append(_CAUSES[name] + (f"（{detail}{more}）" if detail else ""))
    return "；".join(said) or "按现有记录重新核算"


def _cause(gathered: Gathered, cause: Mapping[str, Any], fact: Fact | None) -> str:
    when = short_day(fact.day, gathered.case.standing.year) if fact is not None else ""
    points = exact(cause["points"])
    moved = f"{gathered.numbers.signed(points)}分" if points else ""
    ref = f"〔{cause['ref']}〕" if cause["ref"] else ""
    about = f"{when}{cause['item'] or ''}{ref}"
    return "，".join(filter(None, (about, moved, (cause["why"] or "").rstrip("。"))))
