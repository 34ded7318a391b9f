"""The least that a fact of each type needs, and a value of every field: as written, and as it is kept."""

from __future__ import annotations

from typing import Any

from gkevents.aggregates.vocabulary import FACT_TYPES, TYPE_NAMES

ENVELOPE = {"ref": "r1", "unit": "某局", "effective_on": "2018-05-05"}
SAMPLES: dict[str, tuple[Any, Any]] = {
    "ref": ("r1", "r1"),
    "unit": (" 某局 ", "某局"),
    "item": ("Ｈ１９", "H19"),
    "problem": ("标题", ["标题"]),
    "matter": (" 甲事 ", "甲事"),
    "level": ("省级", "provincial"),
    "count": ("３", 3),
    "points": ("08.50", "8.5"),
    "amount": ("0.10", "0.1"),
    "reason": ("理由", "理由"),
    "key": ("Ｍ－１", "M-1"),
    "limit": ("15个工作日", "15 working days"),
    "value": ("80%", "0.8"),
    "numerator": (7, "7"),
    "denominator": ("12", "12"),
    "previous": ("100", "100"),
    "current": ("90.0", "90"),
    "threshold": ("70%", "0.7"),
    "for_year": ("２０１７年", 2017),
    "about": ("目标", "target"),
    "met": ("0", 0),
    "missing": (2, 2),
    "of": ("r0", "r0"),
    "kind": ("report", "report"),
    "form": ("媒体见面会", "媒体见面会"),
    "message": ("M-1", "M-1"),
    "justified": ("是", True),
    "serious": ("否", False),
    "other_unit": (" 乙局 ", "乙局"),
    "sub_unit": ("乙所", "乙所"),
    "recorded_by": ("张三", "张三"),
    "by": ("李四", "李四"),
    "digest": ("AB" * 32, "ab" * 32),
    "name": ("照片.jpg", "照片.jpg"),
    "media": ("image/jpeg", "image/jpeg"),
    "size": ("12", 12),
    "source": ("冀〔2018〕1号", "冀〔2018〕1号"),
    "note": ("备注", "备注"),
    "recorded_at": ("2018-05-06T09:00:00Z", "2018-05-06T17:00:00+08:00"),
}
"""Field -> (as somebody writes it, as it is kept)."""

METRIC_WAYS = [{"value": "1"}, {"numerator": "0", "denominator": "3"}, {"previous": "100", "current": "0"}]


def written(kind: str, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON in
    """The least that a fact of a type needs, and some more fields."""
    least = {name: SAMPLES[name][0] for name in FACT_TYPES[TYPE_NAMES[kind]].required}
    figure = {"metric": {"value": "1"}, "checklist": {"met": "1"}}.get(kind, {})
    least |= {} if {*fields} & {*SAMPLES} - {"for_year", "about"} else figure
    return {**ENVELOPE, "type": kind, **least, **fields}
