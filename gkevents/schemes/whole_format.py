"""How a scheme says what becomes of its items' points: parts, gates, vetoes, what does not concern a unit, bands.

Form only, like `format`, of which this is the second half.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gkevents.schemes.scalars import Code, Floor, Number, Part, Share, Text, Texts, Truth, Whole

Lines = Annotated[list[Annotated[Whole, Field(ge=1)]], Field(description="公布文本的行号")]
Readings = Annotated[list[Text], Field(description="所用读法的编号")]
Digits = Annotated[Whole, Field(le=6)]


class Total(Part):
    """How the total is converted and limited."""

    convert: Share | None = Field(None, description="折算：总分乘多少，如 60%、0.3")
    floor: Number = Field("0", description="总分下限")
    ceiling: Number | None = Field(None, description="总分上限；不封顶写 null")


class Rounding(Part):
    """How one step is rounded."""

    digits: Digits = Field(description="留几位小数")
    mode: Literal["half-up", "half-even", "down", "up"] = Field(
        "half-up", description="half-up 四舍五入；half-even 四舍六入五成双；down 舍去；up 进位"
    )


class Roundings(Part):
    """Which steps are rounded; without a word a step is exact."""

    item: Rounding | None = Field(None, description="每个指标的得分")
    section: Rounding | None = Field(None, description="每个一级指标的得分")
    part: Rounding | None = Field(None, description="每个部分的得分，乘权重之前")
    weighted: Rounding | None = Field(None, description="每个部分乘权重之后")
    total: Rounding | None = Field(None, description="总分，定等次、排名次之前")


class Gate(Part):
    """What opens only from a line on."""

    of: Text = Field("base", description="看什么的分：base 各条得分合计；或某一部分、一级指标的名称、指标的编号")
    start: Number | None = Field(None, alias="from", description="达到几分（含）")
    above: Number | None = Field(None, description="高于几分（不含）；和 from 只写一个")

    @model_validator(mode="after")
    def _one_line(self) -> Gate:
        if (self.start is None) == (self.above is None):
            raise PydanticCustomError("one-of", "from or above", {"forms": "from: 80, above: 80"})
        return self


class SchemePart(Part):
    """A part of the scheme, with its weight in the total."""

    name: Text = Field(description="部分的名称")
    sections: Texts = Field(description="包含哪些一级指标")
    weight: Annotated[
        Annotated[Share, Tag("weight:share")] | Annotated[dict[Text, Share], Tag("weight:table")],
        Discriminator(lambda value: "weight:table" if isinstance(value, dict) else "weight:share"),
    ] = Field("1", description="乘多少计入总分，如 70%；各类单位不同写成 {类别: 权重}")
    cap: Number | None = Field(None, description="本部分最多得几分（乘权重之前）")
    floor: Floor = Field("none", description="本部分最少得几分（乘权重之前）；none 不设")
    beyond: Truth = Field(default=False, description="true 是满分以外的附加部分，算作加分")
    gate: Gate | None = Field(None, description="过了线才计入")


class NotApplicable(Part):
    """What an item gives that does not concern the unit."""

    gets: Literal["peers-mean", "full", "share", "rescale", "spread"] = Field(
        description="不涉及的条目得什么：peers-mean 其他单位的平均分；full 满分；share 满分的几成；"
        "rescale 其余的分放大到原来的满分；spread 分值平均加到其余各条"
    )
    among: Literal["all", "category"] = Field("all", description="和谁平均：all 全部；category 同类")
    share: Share | None = Field(None, description="share 时写几成，如 80%")
    within: Literal["section", "part", "total"] = Field("total", description="rescale、spread 在什么范围里")
    clause: Text = Field(description="条款，用自己的话简述")
    lines: Lines = Field(default=[])
    readings: Readings = Field(default=[])


class ZeroOut(Part):
    """What proven fraud does."""

    code: Code = Field(description="编号")
    title: Text = Field(description="名称")
    clause: Text = Field(description="条款，用自己的话简述")
    lines: Lines = Field(default=[])
    effect: Literal["total", "band", "total-and-band"] = Field(description="后果：总分归零；只定等次；两样都有")
    band: Text | None = Field(None, description="定为哪一等次")
    readings: Readings = Field(default=[])


class Low(Part):
    """A score below a line."""

    of: Text = Field(description="看什么的分：total、base；或某一部分、一级指标的名称、指标的编号")
    below: Number = Field(description="低于几分")
    years: Annotated[Whole, Field(ge=1, le=5)] = Field(1, description="连续几年；往年的由登记的数据说")


class Effect(Part):
    """What a veto does; at least one of these."""

    gives: Number | None = Field(None, description="得分定为几分，如 59")
    at_most: Number | None = Field(None, description="得分最多几分")
    part: Text | None = Field(None, description="只管哪一部分；不写管总分")
    band: Text | None = Field(None, description="定为哪一等次")
    eligible: Truth = Field(default=True, description="false 取消评优资格")


class Veto(Part):
    """A single thing, or a score below a line, that decides over the whole or a part."""

    code: Code = Field(description="编号，全表唯一")
    title: Text = Field(description="名称")
    clause: Text = Field(description="条款，用自己的话简述")
    lines: Lines = Field(default=[])
    readings: Readings = Field(default=[])
    note: Text | None = Field(None, description="说明")
    item: Code | None = Field(None, description="计登记在哪个指标或加减分条上的事；不写就登记在否决项自己的编号上")
    kind: Texts | None = Field(None, description="只计这些种类的事，一种或几种")
    each: Literal["event", "matter"] = Field("event", description="次数怎样数：event 全年合计；matter 同一事项之内")
    times: Annotated[Whole, Field(ge=1)] = Field(1, description="登记了几次才否决")
    level_min: Literal["county", "city", "provincial", "national"] | None = Field(None, description="最低级别")
    low: Low | None = Field(None, description="不看登记的事，看得分：{of: 总分或部分, below: 60}")
    effect: Effect = Field(description="后果")


class Band(Part):
    """One band of the total."""

    name: Text = Field(description="等次名称")
    start: Number | None = Field(None, alias="from", description="从几分起（含本数）；最低一等不写")
    above: Number | None = Field(None, description="高于几分（不含本数）")
    to: Number | None = Field(None, description="到几分止（含本数）；不写就接着上一等")
    below: Number | None = Field(None, description="低于几分（不含本数）")
    top: Share | None = Field(None, description="名次在前百分之几，如 20%；或前几名，如 5")
    round: Literal["down", "up", "half-up"] = Field("down", description="前百分之几折成名额有小数时怎样取")
    eligible: Truth = Field(default=False, description="true 要有评优资格")


class TieOrder(Part):
    """Equal totals told apart by other scores."""

    by: Texts = Field(
        description="同分时依次比什么：base 各条得分合计；或某一部分、一级指标的名称、指标的编号；高的在前"
    )
    then: Literal["1,1,3", "1,1,2", "not-shared"] = Field("1,1,3", description="还是相同时")


def _ties_form(value: Any) -> str:  # noqa: ANN401 - pydantic hands over what it was given
    return "ties:order" if isinstance(value, dict) else "ties:word"


Ties = Annotated[
    Annotated[Literal["1,1,3", "1,1,2", "not-shared", "unordered"], Tag("ties:word")]
    | Annotated[TieOrder, Tag("ties:order")],
    Discriminator(_ties_form),
]
