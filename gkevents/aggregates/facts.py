"""A fact as somebody writes it: its type, its fields, and its canonical form.

The canonical form is what the store keeps: known fields only, days and instants in ISO (Beijing time), numbers as
exact text, so that the same content written another way compares equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.values import Field, plain, text_of, value_of
from gkevents.scoring.fact import Fact
from gkevents.terms import BEIJING, exact, instant, microseconds
from gkevents.words import N_, message

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FactType:
    """One type of fact: its name, its Chinese name, the name and version of the event it becomes, its own fields."""

    name: str
    label: str
    event: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that a fact of this type may carry."""
        return (*ENVELOPE, *self.required, *(name for name in self.optional if name not in COMMON), *COMMON)


ENVELOPE: Final = ("ref", "type", "unit", "effective_on", "effective_at", "recorded_at")
COMMON: Final = ("matter", "recorded_by", "source", "note")

FIELDS: Final = {
    field.name: field
    for field in (
        Field("ref", "编号", "key"),
        Field("type", "类型", "word"),
        Field("unit", "单位", "text"),
        Field("item", "指标", "code"),
        Field("effective_on", "日期", "day"),
        Field("effective_at", "时间", "instant"),
        Field("recorded_at", "记录时间", "instant"),
        Field("problem", "问题", "texts"),
        Field("matter", "事项", "text"),
        Field("level", "级别", "level"),
        Field("count", "次数", "count"),
        Field("points", "分值", "number"),
        Field("amount", "扣分", "number"),
        Field("reason", "理由", "text"),
        Field("key", "留言编号", "key"),
        Field("limit", "时限", "limit"),
        Field("value", "数值", "share"),
        Field("numerator", "分子", "number"),
        Field("denominator", "分母", "number"),
        Field("previous", "上年", "number"),
        Field("current", "本年", "number"),
        Field("threshold", "要求值", "share"),
        Field("met", "已具备", "whole"),
        Field("missing", "缺少", "whole"),
        Field("of", "撤回编号", "key"),
        Field("kind", "种类", "word"),
        Field("form", "形式", "text"),
        Field("message", "涉及留言", "key"),
        Field("justified", "正当理由", "bool"),
        Field("serious", "严重", "bool"),
        Field("recorded_by", "登记人", "text"),
        Field("by", "评分人", "text"),
        Field("source", "依据", "text"),
        Field("note", "备注", "text"),
    )
}

_WORDS = ("justified", "serious")

FACT_TYPES: Final = {
    kind.name: kind
    for kind in (
        FactType("supervision-card", "督办卡", "supervision-card-issued", ("item", "problem")),
        FactType("netizen-message", "网民留言", "netizen-message-received", ("item", "key"), ("limit",)),
        FactType("netizen-reply", "网民答复", "netizen-message-answered", ("key",), _WORDS),
        FactType("reply-timeout", "留言超期", "reply-timed-out", ("item",), ("key", "count", "message", *_WORDS)),
        FactType("deadline-opened", "时限开始", "limit-opened", ("item", "key"), ("limit",)),
        FactType("deadline-met", "时限完成", "limit-answered", ("key",), _WORDS),
        FactType("deadline-missed", "时限逾期", "limit-missed", ("item",), ("key", "count", "message", *_WORDS)),
        FactType("praise", "表扬", "praise-given", ("item",), ("matter", "level", "count")),
        FactType("criticism", "通报批评", "criticism-issued", ("item",), ("matter", "level", "count")),
        FactType(
            "occurrence", "发生情况", "occurrence-noted", ("item",),
            ("count", "matter", "level", "kind", "form", "message", "amount", "reason", *_WORDS),
        ),
        FactType("grade", "评分", "grade-given", ("item", "points"), ("by", "reason")),
        FactType(
            "metric", "数据", "figure-reported", ("item",),
            ("value", "numerator", "denominator", "previous", "current", "threshold"),
        ),
        FactType("checklist", "清单", "checklist-reported", ("item",), ("met", "missing")),
        FactType("confirmation", "确认", "count-confirmed", ("item",)),
        FactType("not-applicable", "不适用", "item-set-aside", ("item",)),
        FactType("fraud", "弄虚作假", "fraud-proven", (), ("reason",)),
        FactType("retraction", "撤回", "fact-retracted", ("of",), ("reason",)),
        FactType("duplicate-ruling", "重复认定", "duplicate-ruled", ("of",), ("reason",)),
    )
}  # fmt: skip

TYPE_NAMES: Final = {**{kind.label: kind.name for kind in FACT_TYPES.values()}, **{name: name for name in FACT_TYPES}}
EVENT_TYPES: Final = {kind.event: kind.name for kind in FACT_TYPES.values()}


def canonical(written: Mapping[str, Any]) -> Body:
    """A fact's canonical form. Empty fields count as absent.

    Raises the refusal that names the first thing wrong with it by itself: its type, its fields, its values.
    """
    fields = {name: value for name, value in written.items() if not _empty(value)}
    kind = _kind_of(fields)
    for name in fields:
        if name not in kind.fields:
            raise no.NoSuchField(type=kind.name, field=name, hint=no.nearest(name, kind.fields))
    for name in ("ref", "unit", *kind.required):
        if name not in fields:
            raise no.FieldMissing(type=kind.name, field=name)
    body = {name: value_of(FIELDS[name], fields[name]) for name in kind.fields if name in fields and name != "type"}
    body["type"] = kind.name
    _exactly_one(kind.name, body, ("effective_on", "effective_at"))
    if kind.name == "checklist":
        _exactly_one(kind.name, body, ("met", "missing"))
    if kind.name == "metric":
        _one_figure(body)
    if body.get("count") == 1:
        del body["count"]
    return body


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, list) and not value)


def _kind_of(fields: Mapping[str, Any]) -> FactType:
    if "type" not in fields:
        raise no.FieldMissing(type="fact", field="type")
    written = plain(str(text_of(FIELDS["type"], fields["type"])))
    if written not in TYPE_NAMES:
        raise no.NoSuchType(type=written, hint=no.nearest(written, TYPE_NAMES))
    return FACT_TYPES[TYPE_NAMES[written]]


def _exactly_one(kind: str, body: Body, names: tuple[str, ...]) -> None:
    if sum(name in body for name in names) != 1:
        raise no.OneOf(type=kind, fields=" / ".join(names))


def _one_figure(body: Body) -> None:
    """A metric is a value, or a numerator with its denominator, or a previous with a current figure."""
    ways = (("value",), ("numerator", "denominator"), ("previous", "current"))
    given = {name for way in ways for name in way if name in body}
    if given not in [set(way) for way in ways]:
        raise no.OneOf(type="metric", fields="value / numerator + denominator / previous + current")
    for name in ("denominator", "previous"):
        if name in body and not exact(body[name]):
            raise no.FieldUnreadable(field=name, value=0, expected=message(N_("it must be above 0")))


def differences(one: Body, other: Body) -> list[str]:
    """The fields in which two canonical facts differ; what the store adds, and `recorded_at`, are not looked at.

    A limit that the item gave says the same as no limit, and as the same limit written out.
    """
    left, right = as_written(one), as_written(other)
    differing = [name for name in {*left, *right} if left.get(name) != right.get(name)]
    return sorted(name for name in differing if name != "limit" or one.get(name) != other.get(name))


def as_written(body: Body) -> Body:
    """A stored fact without `recorded_at` and without what the store added to it."""
    added = {"recorded_at", "due", "calendar", "own_limit", "scanned"}
    added |= {"limit"} if body.get("own_limit") else set()
    added |= {"of"} if body.get("scanned") else set()
    return {name: value for name, value in body.items() if name not in added}


def fact_of(body: Body, *, position: int, recorded_at: str) -> Fact:
    """The scoring core's view of a stored fact."""
    at = instant(body["effective_at"]) if "effective_at" in body else None
    day = at.date() if at is not None else dt.date.fromisoformat(body["effective_on"])
    get = body.get
    return Fact(
        position=position,
        ref=body["ref"],
        type=body["type"],
        day=day,
        when=microseconds(day, at),
        at=at,
        recorded_at=recorded_at,
        recorded_by=get("recorded_by"),
        item=get("item"),
        times=get("count", 1),
        matter=get("matter"),
        level=get("level"),
        problems=tuple(get("problem", ())),
        kind=get("kind"),
        form=get("form"),
        message=get("message"),
        amount=_fraction(get("amount")),
        points=_fraction(get("points")),
        by=get("by"),
        reason=get("reason"),
        key=get("key"),
        limit=get("limit"),
        due=_due(get("due")),
        calendar=get("calendar"),
        scanned=get("scanned", False),
        justified=get("justified"),
        serious=get("serious"),
        value=_fraction(get("value")),
        numerator=_fraction(get("numerator")),
        denominator=_fraction(get("denominator")),
        previous=_fraction(get("previous")),
        current=_fraction(get("current")),
        threshold=get("threshold"),
        met=get("met"),
        missing=get("missing"),
        of=get("of"),
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _due(text: str | None) -> dt.date | dt.datetime | None:
    if text is None:
        return None
    return instant(text) if "T" in text else dt.date.fromisoformat(text)


def due_text(due: dt.date | dt.datetime | None) -> str | None:
    """A due day or instant as the store and the answers write it."""
    if isinstance(due, dt.datetime):
        return due.astimezone(BEIJING).isoformat()
    return due.isoformat() if due is not None else None
