"""The words of a fact: its fields and types, each with its English name and the label of the Chinese form.

The names are those of the contract; a spreadsheet may use the labels. Tables only: no decision is made here.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Field(NamedTuple):
    """One field of a fact: its name, its label on a Chinese form, and what kind of value it holds."""

    name: str
    label: str
    kind: str


class FactType(NamedTuple):
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
        Field("for_year", "所属年度", "year"),
        Field("about", "对照对象", "about"),
        Field("met", "已具备", "whole"),
        Field("missing", "缺少", "whole"),
        Field("of", "撤回编号", "key"),
        Field("kind", "种类", "word"),
        Field("form", "形式", "text"),
        Field("message", "涉及留言", "key"),
        Field("justified", "正当理由", "bool"),
        Field("serious", "严重", "bool"),
        Field("other_unit", "另涉单位", "text"),
        Field("sub_unit", "下属单位", "text"),
        Field("recorded_by", "登记人", "text"),
        Field("by", "评分人", "text"),
        Field("digest", "校验值", "digest"),
        Field("name", "文件名", "text"),
        Field("media", "文件格式", "word"),
        Field("size", "字节数", "whole"),
        Field("source", "依据", "text"),
        Field("note", "备注", "text"),
    )
}

ABOUT: Final = {"parent": "上级", "target": "目标", "sub-units": "下属单位数"}
"""What a figure may be about that is not the item's own: its name, and what a Chinese form calls it."""

STEP_LABELS: Final = {"of": "所涉编号", "by": "经办人", "amount": "保留分值"}
"""What a Chinese form may call a field on the row of a step: it takes nothing back, and nobody is graded."""

_WORDS = ("justified", "serious")
_ORDER = ("limit", "item", "by", "reason")
_FILE = ("digest", "name", "media", "size")
_MISSED = ("key", "count", "message", *_WORDS, "other_unit")

FACT_TYPES: Final = {
    kind.name: kind
    for kind in (
        FactType("supervision-card", "督办卡", "supervision-card-issued", ("item", "problem"), ("other_unit",)),
        FactType("netizen-message", "网民留言", "netizen-message-received", ("item", "key"), ("limit", "other_unit")),
        FactType("netizen-reply", "网民答复", "netizen-message-answered", ("key",), _WORDS),
        FactType("reply-timeout", "留言超期", "reply-timed-out", ("item",), _MISSED),
        FactType("deadline-opened", "时限开始", "limit-opened", ("item", "key"), ("limit", "other_unit")),
        FactType("deadline-met", "时限完成", "limit-answered", ("key",), _WORDS),
        FactType("deadline-missed", "时限逾期", "limit-missed", ("item",), _MISSED),
        FactType("praise", "表扬", "praise-given", ("item",), ("matter", "level", "count", "kind", "other_unit")),
        FactType(
            "criticism", "通报批评", "criticism-issued", ("item",),
            ("matter", "level", "count", "kind", "other_unit", "sub_unit"),
        ),
        FactType(
            "occurrence", "发生情况", "occurrence-noted", ("item",),
            (
                "count", "matter", "level", "kind", "form", "message", "amount", "reason", *_WORDS,
                "other_unit", "sub_unit",
            ),
        ),
        FactType("grade", "评分", "grade-given", ("item", "points"), ("by", "reason", "sub_unit")),
        FactType("self-assessment", "自评", "self-assessment-given", ("item", "points"), ("by", "reason")),
        FactType(
            "metric", "数据", "figure-reported", ("item",),
            ("value", "numerator", "denominator", "previous", "current", "threshold", "for_year", "about"),
        ),
        FactType("checklist", "清单", "checklist-reported", ("item",), ("met", "missing")),
        FactType("confirmation", "确认", "count-confirmed", ("item",)),
        FactType("not-applicable", "不适用", "item-set-aside", ("item",)),
        FactType("fraud", "弄虚作假", "fraud-proven", (), ("reason",)),
        FactType("retraction", "撤回", "fact-retracted", ("of",), ("reason",)),
        FactType("duplicate-ruling", "重复认定", "duplicate-ruled", ("of",), ("reason",)),
        FactType("case-endorsed", "复核", "case-endorsed", ("of", "by"), ("reason",)),
        FactType("case-notified", "告知", "case-notified", ("of",), ("by", "reason")),
        FactType("case-accepted", "认可", "case-accepted", ("of",), ("by", "reason")),
        FactType("case-contested", "异议", "case-contested", ("of", "reason"), ("by",)),
        FactType("case-upheld", "维持", "case-upheld", ("of", "by", "reason")),
        FactType("case-reduced", "减轻", "case-reduced", ("of", "amount", "by", "reason")),
        FactType("case-overturned", "撤销认定", "case-overturned", ("of", "by", "reason")),
        FactType("rectification-ordered", "责令整改", "rectification-ordered", ("of",), _ORDER),
        FactType("rectification-planned", "整改方案", "rectification-planned", ("of",), ("by", "reason")),
        FactType("rectification-reported", "整改完成", "rectification-reported", ("of",), ("by", "reason")),
        FactType("rectification-verified", "复查合格", "rectification-verified", ("of", "by"), ("reason",)),
        FactType("rectification-returned", "退回整改", "rectification-returned", ("of", "by", "reason")),
        FactType("case-closed", "结案", "case-closed", ("of",), ("by", "reason")),
        FactType("evidence-attached", "佐证材料", "evidence-attached", ("of", *_FILE), ("by",)),
    )
}  # fmt: skip

TYPE_NAMES: Final = {**{kind.label: kind.name for kind in FACT_TYPES.values()}, **{name: name for name in FACT_TYPES}}
EVENT_TYPES: Final = {kind.event: kind.name for kind in FACT_TYPES.values()}


LABELS: Final = {
    **{field.name: f"{field.label}（{field.name}）" for field in FIELDS.values()},
    **{kind.name: kind.label for kind in FACT_TYPES.values()},
    **{name: f"{label}（{name}）" for name, label in ABOUT.items()},
    "fact": "记录",
    "case": "案件",
    "recorded": "已登记",
}
"""What a Chinese sentence calls a field, a type, or what a figure is about."""
