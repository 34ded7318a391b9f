"""A fact as somebody writes it: its type, its fields, and its canonical form.

The canonical form is what the store keeps: known fields only, days and instants in ISO (Beijing time), numbers as
exact text, so that the same content written another way compares equal.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates import refusals as no
from gkevents.scoring.fact import Fact
from gkevents.schemes.model import limit_parts
from gkevents.terms import BEIJING, LEVELS, exact, exact_share, instant, microseconds, show
from gkevents.words import Message, N_, message

Body = dict[str, Any]

COUNT_MAX: Final = 10_000
TEXT_MAX: Final = 4_000
KEY_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact: its name, its label on a Chinese form, and what kind of value it holds."""

    name: str
    label: str
    kind: str


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
        Field("threshold", "要求值", "share-text"),
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
LEVEL_NAMES: Final = {
    "国家级": "national", "省级": "provincial", "市级": "city", "县级": "county", "区级": "county",
    **{level: level for level in LEVELS},
}  # fmt: skip
_TRUE = frozenset({"true", "yes", "是", "有", "1"})
_FALSE = frozenset({"false", "no", "否", "无", "0"})


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
    body = {name: _value(FIELDS[name], fields[name]) for name in kind.fields if name in fields and name != "type"}
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
    written = _plain(fields["type"]) if isinstance(fields["type"], str) else str(fields["type"])
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


def _plain(text: str) -> str:
    """NFKC for numbers, days, keys and codes (never for prose): full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _value(field: Field, written: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The canonical JSON value of one field. Raises FieldUnreadable, saying what would be right."""
    if isinstance(written, float):
        written = repr(written)
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if field.kind == "bool":
        return _truth(field, written)
    if field.kind == "texts":
        return _texts(field, written)
    if not isinstance(written, str):
        raise no.FieldUnreadable(field=field.name, value=written, expected=message(N_("one plain value is expected")))
    if field.kind == "text":
        return _prose(field, written)
    try:
        return _READERS[field.kind](_plain(written))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise no.FieldUnreadable(field=field.name, value=written[:60], expected=_EXPECTED[field.kind]) from error


def _prose(field: Field, written: str) -> str:
    text = written.strip()
    if len(text) > TEXT_MAX or "\0" in text:
        expected = message(N_("at most {most} characters are kept"), most=TEXT_MAX)
        raise no.FieldUnreadable(field=field.name, value=text[:30] + "…", expected=expected)
    return text


def _truth(field: Field, written: Any) -> bool:  # noqa: ANN401 - JSON in
    if isinstance(written, bool):
        return written
    word = _plain(str(written)).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise no.FieldUnreadable(field=field.name, value=written, expected=message(N_("yes or no is expected (是/否)")))


def _texts(field: Field, written: Any) -> list[str]:  # noqa: ANN401 - JSON in
    """One name or a list of names, each once, in the order written."""
    names = written if isinstance(written, list) else [written]
    if not all(isinstance(name, str) and name.strip() for name in names):
        expected = message(N_("a name or a list of names is expected"))
        raise no.FieldUnreadable(field=field.name, value=written, expected=expected)
    return list(dict.fromkeys(_prose(field, name) for name in names))


def _day(text: str) -> str:
    return _in_reach(dt.date.fromisoformat(text)).isoformat()


def _instant(text: str) -> str:
    moment = instant(text)
    _in_reach(moment.date())
    return moment.isoformat()


def _in_reach(day: dt.date) -> dt.date:
    if not 1990 <= day.year <= 2200:  # noqa: PLR2004 - spreadsheets' 1900-01-00 and typing errors
        msg = "outside the years that can be meant"
        raise ValueError(msg)
    return day


def _number(text: str) -> str:
    number = exact(text)
    if number < 0:
        msg = "below 0"
        raise ValueError(msg)
    return show(number)


def _share(text: str) -> str:
    share = exact_share(text)
    if share < 0:
        msg = "below 0"
        raise ValueError(msg)
    return show(share)


def _share_text(text: str) -> str:
    exact_share(text)
    return text


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004
        msg = "not a whole number"
        raise ValueError(msg)
    return int(text)


def _count(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= COUNT_MAX:
        msg = "out of range"
        raise ValueError(msg)
    return number


def _level(text: str) -> str:
    if text not in LEVEL_NAMES:
        msg = "not a level"
        raise ValueError(msg)
    return LEVEL_NAMES[text]


def _key(text: str) -> str:
    if len(text) > KEY_MAX or not text.isprintable():
        msg = "too long"
        raise ValueError(msg)
    return text


def _limit(text: str) -> str:
    words = text.replace("个", "").replace("工作日", " working days").replace("小时", " hours")
    unit, amount = limit_parts(words)
    if isinstance(amount, dt.date):
        return amount.isoformat()
    return f"{amount} {'working days' if unit == 'working_days' else 'hours'}"


_READERS: Final = {
    "day": _day, "instant": _instant, "number": _number, "share": _share, "share-text": _share_text, "whole": _whole,
    "count": _count, "level": _level, "key": _key, "code": _key, "word": _key, "limit": _limit,
}  # fmt: skip

_EXPECTED: Final[Mapping[str, Message]] = {
    "day": message(N_("a day that exists is expected, such as 2020-09-14")),
    "instant": message(N_("an instant with its offset is expected, such as 2020-09-14T09:30:00+08:00")),
    "number": message(N_("a plain number, not below 0, is expected")),
    "share": message(N_("a number such as 0.8 or 80%, not below 0, is expected")),
    "share-text": message(N_("a number such as 0.8 or 80% is expected")),
    "whole": message(N_("a whole number, not below 0, is expected")),
    "count": message(N_("a whole number from 1 to 10000 is expected")),
    "level": message(N_("it is one of national, provincial, city, county")),
    "key": message(N_("a printable text of at most 200 characters is expected")),
    "code": message(N_("a printable text of at most 200 characters is expected")),
    "word": message(N_("a printable text of at most 200 characters is expected")),
    "limit": message(N_("a limit such as 15 working days, 5 hours or 2020-09-30 is expected")),
}


def differences(one: Body, other: Body) -> list[str]:
    """The fields in which two canonical facts differ; what the store adds, and `recorded_at`, are not looked at."""
    added = {"recorded_at", "due", "calendar", "scanned"}
    names = ({*one, *other} - added) - ({"limit"} if "limit" not in one or "limit" not in other else set())
    return sorted(name for name in names if one.get(name) != other.get(name))


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
