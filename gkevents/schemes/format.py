"""What a scheme file may say: its keys in the paper's order, each explained in a few words for the editor.

Form only; whether codes, sums and readings fit each other is asked in `sense`. The JSON Schema made from these models
is kept beside the scheme files, so that an editor completes keys and explains them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from gkevents.schemes.rule_format import AdjustmentRule, ItemRule, told_by
from gkevents.schemes.scalars import (
    Code,
    Day,
    Floor,
    Limit,
    Number,
    Part,
    Slug,
    Sparse,
    Text,
    Texts,
    Threshold,
    Whole,
    plain,
)
from gkevents.schemes.whole_format import (
    Band,
    Gate,
    Lines,
    NotApplicable,
    Readings,
    Roundings,
    SchemePart,
    Ties,
    Total,
    Veto,
    ZeroOut,
)


class RosterUnit(Part):
    """One unit of the printed roster."""

    name: Text = Field(description="规范名称")
    category: Text | None = Field(None, description="类别")
    printed: Text | None = Field(None, description="印出的名称，和规范名称不同时才写")
    note: Text | None = Field(None, description="说明")
    sub_units: Annotated[Whole, Field(ge=1)] | None = Field(None, description="下属单位的个数")


class Procedure(Part):
    """Who records and reports, and when, in a few own words."""

    recorder: Text | None = Field(None, description="由谁记录")
    daily: Text | None = Field(None, description="日常")
    quarterly: Text | None = Field(None, description="每季度")
    annual: Text | None = Field(None, description="年度")
    rectification: Text | None = Field(None, description="整改")
    appeal: Text | None = Field(None, description="申诉")
    publication: Text | None = Field(None, description="公布")
    retention: Text | None = Field(None, description="存档")


class Section(Part):
    """A first-level indicator."""

    name: Text = Field(description="一级指标名称")
    stated: Number | None = Field(None, description="标题上印的分；没有印写 null")
    cap: Number | None = Field(None, description="本节最多得几分")
    floor: Floor = Field("none", description="本节最少得几分；none 不设")


class Acknowledged(Part):
    """A place where the printed sum and the items differ, and why that is left so."""

    section: Text = Field(description="一级指标名称；总分写 *")
    stated: Number = Field(description="印出的分")
    items: Number = Field(description="条目合计的分")
    reading: Text | None = Field(None, description="所用读法的编号")
    why: Text = Field(description="为什么照旧")


class Reading(Part):
    """A doubt of the paper, the ways to read it, and the one chosen."""

    id: Text = Field(description="编号")
    doubt: Text = Field(description="疑问")
    options: list[Text] = Field(min_length=1, description="可能的读法")
    chosen: Text = Field(description="选用的读法，与 options 里的一条相同")
    set_by: Text | None = Field(None, description="由文件哪一处决定：编号或顶层键，空一格，再写键")


class LimitAdvice(Sparse):
    """A limit printed without a price."""

    limit: Limit = Field(description="时限，如 10 working days、5 hours")
    since: Text | None = Field(None, alias="from", description="从什么时候起算")
    to: Text = Field(description="要做到什么")


class DayAdvice(Part):
    """A last day printed without a price."""

    by: Day = Field(description="不晚于哪一天，如 2018-07-10")
    to: Text = Field(description="要做到什么")


class ThresholdAdvice(Part):
    """A threshold printed without a price."""

    threshold: Threshold = Field(description="门槛，如 >= 70%")
    of: Text = Field(description="什么的数")


Advice = Annotated[
    Annotated[LimitAdvice, Tag("advice:limit")]
    | Annotated[DayAdvice, Tag("advice:by")]
    | Annotated[ThresholdAdvice, Tag("advice:threshold")],
    told_by(
        "advice",
        ("limit", "by", "threshold"),
        "{limit: 10 working days, from: …, to: …}, {by: 2018-07-10, to: …}, {threshold: '>= 70%', of: …}",
    ),
]


class Item(Part):
    """The smallest criterion with points."""

    code: Code = Field(description="编号，全表唯一")
    title: Text = Field(description="名称")
    section: Text = Field(description="一级指标，有二级的写成 一级 / 二级")
    points: Number | None = Field(None, description="满分；由细则定分的和只作指引的不写")
    implied: Text | None = Field(None, description="分值是推算的，写明怎样推算")
    lines: Lines = Field(default=[])
    clause: Text = Field(description="条款，用自己的话简述")
    method: Text | None = Field(None, description="考核方式")
    assessor: Text | None = Field(None, description="由别的单位评分时写")
    office: Text | None = Field(None, description="责任单位")
    leader: Text | None = Field(None, description="责任领导")
    units: Text | None = Field(None, description="适用单位，照印的简写")
    only: Texts | None = Field(None, description="只用于哪一类或哪几类单位")
    named: list[Text] = Field(default=[], description="点名的单位，用名册里的名称")
    always: list[Text] = Field(default=[], description="一律适用的类别")
    others: Literal["decide", "not-applicable"] | None = Field(
        None, description="没有点名的单位：decide 由人定；not-applicable 不适用"
    )
    advice: list[Advice] = Field(default=[], description="没有标价的时限、日期和门槛，只作提示")
    readings: Readings = Field(default=[])
    note: Text | None = Field(None, description="说明")
    not_applicable: NotApplicable | None = Field(None, description="本条不涉及时怎样计分，和全表的不同才写")
    rule: ItemRule = Field(description="怎样得分")


class Caps(Part):
    """Limits of a ± group."""

    bonus: Number | None = Field(None, description="加分上限；没有写 null")
    deduction: Number | None = Field(None, description="扣分上限；没有写 null")


class Adjustment(Part):
    """A ± rule: points beyond the items."""

    code: Code = Field(description="编号，全表唯一")
    side: Literal["bonus", "deduction"] = Field(description="bonus 加分；deduction 扣分")
    title: Text = Field(description="名称")
    clause: Text = Field(description="条款，用自己的话简述")
    lines: Lines = Field(default=[])
    readings: Readings = Field(default=[])
    note: Text | None = Field(None, description="说明")
    rule: AdjustmentRule = Field(description="怎样加扣")


class Group(Part):
    """± rules that share caps and a say on one matter named in several of them."""

    code: Code = Field(description="编号，全表唯一")
    title: Text = Field(description="名称")
    lines: Lines = Field(default=[])
    clause: Text = Field(description="条款，用自己的话简述")
    cap: Caps = Field(default=Caps(), description="上限")
    caps: Literal["separate", "net"] = Field(
        "separate", description="上限管什么：separate 加、扣各算；net 相抵后的净额"
    )
    same_matter: Literal["highest", "each"] = Field("each", description="同一事项：highest 只取最高；each 各算各的")
    order: Literal["highest-first", "caps-first"] = Field(
        "highest-first", description="先后：highest-first 先取最高再封顶；caps-first 先封顶再取最高"
    )
    part: Text | None = Field(None, description="属于哪一部分；不写就直接加减在总分上")
    gate: Gate | None = Field(None, description="过了线才加分")
    readings: Readings = Field(default=[])
    note: Text | None = Field(None, description="说明")
    rules: list[Adjustment] = Field(description="各条")


class Scheme(Part):
    """A published scheme of scoring rules."""

    scheme: Slug = Field(description="本表的代号，小写字母、数字和连字符，与文件名相同")
    family: Slug = Field(description="同类各年共用的代号")
    title: Text = Field(description="文件标题")
    issuer: Text = Field(description="印发机关")
    document: Text | None = Field(None, description="文号；没有印写 null")
    year: Annotated[Whole, Field(ge=2000, le=2999)] = Field(description="考核年度")
    base_total: Number = Field(description="条目合计应为多少分")
    points: Literal["printed", "overlay"] = Field(description="分值：printed 已印；overlay 由细则另定")
    assessor: Text | None = Field(None, description="条目没有另写时由谁评分")
    grade_decimals: Annotated[Whole, Field(le=6)] = Field(2, description="评分最多几位小数")
    total: Total = Field(default=Total(), description="总分的上下限")
    display_decimals: Annotated[Whole, Field(le=6)] = Field(2, description="显示几位小数")
    rounding: Roundings = Field(default=Roundings(), description="哪一步取几位小数、怎样取；不写就不取")
    ties: Ties = Field(
        "1,1,3",
        description="同分的名次：1,1,3；1,1,2；not-shared 按名册先后；unordered 不排名次；"
        "{by: [编号]} 先比这些，高的在前",
    )
    variants: list[Text] = Field(default=[], description="条目因类别而不同时写各类别")
    not_applicable: NotApplicable | None = Field(None, description="职责不涉及的条目怎样计分")
    zero_out: ZeroOut | None = Field(None, description="弄虚作假的后果")
    vetoes: list[Veto] = Field(default=[], description="单项否决")
    bands: list[Band] = Field(default=[], description="等次，从高到低")
    roster: list[RosterUnit] = Field(default=[], description="考核单位名册")
    roster_note: Text | None = Field(None, description="名册的说明")
    procedure: Procedure = Field(default=Procedure(), description="程序，简述")
    sections: list[Section] = Field(description="一级指标，依次写")
    parts: list[SchemePart] = Field(default=[], description="各部分及权重；没有分部分的不写")
    acknowledged: list[Acknowledged] = Field(default=[], description="印出的分和条目合计不符、照旧保留的地方")
    readings: list[Reading] = Field(default=[], description="存疑和选用的读法")
    items: list[Item] = Field(description="条目")
    adjustments: list[Group] = Field(default=[], description="加减分项")


def content_of(scheme: Scheme) -> dict[str, Any]:
    """The normalised content that an edition is made of and the log keeps: plain JSON, every optional key filled."""
    content: dict[str, Any] = plain(scheme)
    for item in content["items"]:
        for key, side in (("deduct", "deduction"), ("add", "bonus")):
            for part in item["rule"].get(key, ()):
                part["on"] = part["on"] or heard_by_default(side)
    for group in content["adjustments"]:
        for rule in group["rules"]:
            if "on" in rule["rule"]:
                rule["rule"]["on"] = rule["rule"]["on"] or heard_by_default(rule["side"])
    return content


def heard_by_default(side: str) -> str:
    """What a rule that takes points away ("deduction"), or gives some ("bonus"), listens to where it does not say."""
    return "praise" if side == "bonus" else "happenings"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scheme file, for editors."""
    schema = _without_titles(Scheme.model_json_schema())
    assert isinstance(schema, dict)  # noqa: S101 - tells the type checker what a schema is
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "政务公开考核指标", **schema}


def _without_titles(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """A schema without the titles and English descriptions that are made from Python names."""
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    drop = {key for key in ("title",) if isinstance(schema.get(key), str)}
    if schema.get("type") == "object":
        drop |= {key for key in ("description",) if isinstance(schema.get(key), str)}
    return {key: _without_titles(value) for key, value in schema.items() if key not in drop}
