"""How a rule is written: where its points start, and what a figure, a count, a checklist or a place is worth.

The forms of a rule are told apart by `start`; those of a worth by the keys that are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gkevents.schemes.pricing_format import Pricing
from gkevents.schemes.scalars import Floor, Number, Part, Reference, Share, Step, Text, Texts, Truth, Whole

Among = Literal["all", "category", "others"]

STARTS: Final = ("grade", "full", "zero", "metric", "checklist", "count", "rank", "elsewhere")


class Below(Part):
    """Strictly below a share of the units' mean."""

    share: Share = Field(description="均值的几成，如 0.5")
    of: Literal["mean"] = Field("mean", description="和什么比")
    among: Among = Field("all", description="和谁比：全部；同类；其他单位")


class RelationRule(Part):
    """A reported figure compared with the mean of the units."""

    start: Literal["metric"] = Field("metric", description="按报送的数")
    price: Number = Field(description="低于时扣几分")
    below: Below = Field(description="低到什么程度")


class Choice(Part):
    """One mark of a printed list."""

    points: Number = Field(description="得分")
    when: Text = Field(description="什么情况")


class Tier(Part):
    """Points from a figure on, up to the next tier."""

    start: Share = Field(alias="from", description="从多少起，可写 80%")
    points: Number = Field(description="得几分")


class Tiers(Part):
    """Points by interval."""

    tiers: list[Tier] = Field(min_length=1, description="各档，依次写；最低一档从0起")


_LINE: Final = (
    "和什么比：数；previous 上年；3 years 前三年平均；parent 上级；target 目标；mean 均值；50% of mean 均值的一半"
)


class Linear(Part):
    """Points lost, or earned, for each step by which a figure lies beyond a line."""

    per: Number | None = Field(None, description="每超过（低于）一步扣几分")
    earns: Number | None = Field(None, description="每超过（低于）一步得几分；和 per 只写一个")
    each: Step = Field("1", description="一步是多少，如 1、1%；once 只要越线就算一次")
    at_once: Number | None = Field(None, description="一越线就另算几分，再按步计；each: once 的不写")
    step: Literal["whole", "linear", "up"] = Field(
        "whole", description="不足一步：whole 不算；linear 按比例；up 按一步"
    )
    relative: Truth = Field(default=False, description="true 按比这条线高（低）百分之几计")

    @model_validator(mode="after")
    def _cost_or_gain(self) -> Linear:
        if (self.per is None) == (self.earns is None):
            raise PydanticCustomError("one-of", "per or earns", {"forms": "per: 1, earns: 1"})
        return self


class Above(Linear):
    """Points by how far a figure lies above a line."""

    above: Reference = Field(description=_LINE)


class BelowLine(Linear):
    """Points by how far a figure lies below a line."""

    below: Reference = Field(description=_LINE)


class Proportional(Part):
    """Points in proportion to a rate."""

    proportional: Number = Field(description="比率乘多少分")
    zero_below: Share | None = Field(None, description="低于这个比率不得分")
    full_from: Share | None = Field(None, description="达到这个比率得满分")


class Places(Part):
    """Points by place: the first, the second, the third ..."""

    places: list[Number] = Field(min_length=1, description="第一名、第二名……各几分")
    rest: Number = Field("0", description="其余名次几分")


class TopShare(Part):
    """Points for those among the first share of the units."""

    share: Share = Field(description="前百分之几，如 20%")
    points: Number = Field(description="几分")


class Shares(Part):
    """Points by the share of the units that a place lies within."""

    top: list[TopShare] = Field(min_length=1, description="前20%几分、前50%几分……依次写")
    rest: Number = Field("0", description="其余几分")
    round: Literal["down", "up", "half-up"] = Field(
        "down", description="折成名额有小数时：down 舍；up 进；half-up 四舍五入"
    )


class Fall(Part):
    """Points lost for each percentage point by which a fall on last year stays short."""

    fall: Share = Field(description="应比上年减少的比例，如 10%")
    per: Number = Field(description="每差1个百分点扣几分")
    step: Literal["whole", "linear", "up"] = Field(
        "whole", description="不足1个百分点：whole 不扣；linear 按比例；up 按1个扣"
    )


class EachMet(Part):
    """Points for each element that is there."""

    each: Number = Field(description="每具备一项得几分")
    of: Whole = Field(ge=1, description="共几项")


class EachMissing(Part):
    """Points lost for each element that is not there."""

    missing: Number = Field(description="每少一项扣几分")
    of: Whole = Field(ge=1, description="共几项")


def _by_key(prefix: str, *forms: str) -> Callable[[Any], str | None]:
    """Tells a form by the first of these keys that is there."""

    def form(value: Any) -> str | None:  # noqa: ANN401 - as above
        found = [key for key in forms if isinstance(value, dict) and key in value]
        return f"{prefix}:{found[0]}" if found else None

    return form


def told_by(prefix: str, forms: tuple[str, ...], examples: str) -> Discriminator:
    """Tells the forms of a part by the first of these keys that is there; `examples` are shown where none is."""
    return Discriminator(
        _by_key(prefix, *forms),
        custom_error_type="no-such-form",
        custom_error_message="no such form",
        custom_error_context={"forms": examples},
    )


_FIGURE_FORMS: Final = ("tiers", "above", "below", "fall", "proportional")
MetricWorth = Annotated[
    Annotated[Tiers, Tag("worth:tiers")]
    | Annotated[Above, Tag("worth:above")]
    | Annotated[BelowLine, Tag("worth:below")]
    | Annotated[Fall, Tag("worth:fall")]
    | Annotated[Proportional, Tag("worth:proportional")],
    told_by(
        "worth",
        _FIGURE_FORMS,
        "{tiers: [{from: 80%, points: 6}, {from: 0%, points: 0}]}, {above: 1, per: 0.5}, "
        "{below: 90%, each: 1%, per: 1}, {fall: 10%, per: 1}, {proportional: 15}",
    ),
]
CountWorth = Annotated[
    Annotated[Tiers, Tag("worth:tiers")]
    | Annotated[Above, Tag("worth:above")]
    | Annotated[BelowLine, Tag("worth:below")],
    told_by("worth", _FIGURE_FORMS[:3], "{tiers: [{from: 1, points: 2}, {from: 0, points: 0}]}, {below: 3, per: 1}"),
]
PlaceWorth = Annotated[
    Annotated[Places, Tag("worth:places")] | Annotated[Shares, Tag("worth:top")],
    told_by("worth", ("places", "top"), "{places: [5, 4, 3], rest: 1}, {top: [{share: 20%, points: 5}], rest: 2}"),
]
ChecklistWorth = Annotated[
    Annotated[EachMet, Tag("worth:each")] | Annotated[EachMissing, Tag("worth:missing")],
    told_by("worth", ("each", "missing"), "{each: 0.5, of: 3}, {missing: 0.5, of: 7}"),
]


class Scored(Part):
    """An item with points of its own: what may come on or off them."""

    deduct: list[Pricing] = Field(default=[], description="从得分里再扣的事")
    add: list[Pricing] = Field(default=[], description="在得分上再加的事，加到满分为止")
    floor: Floor = Field("0", description="保底分；none 可以扣成负分")


class GradeRule(Scored):
    """The assessor's mark, from nought to the maximum, less what happened."""

    start: Literal["grade"] = Field(description="由考核人评分")
    allowed: list[Choice] = Field(default=[], description="只能给所列的分")
    scale: Number | None = Field(None, description="评分用的满分，如 100；折算到本项满分")
    source: Literal["required"] | None = Field(None, description="required 评分要写依据的文号")
    over: Literal["sub-units"] | None = Field(None, description="sub-units 各下属单位评分的平均")


class FullRule(Scored):
    """The maximum, less what happened."""

    start: Literal["full"] = Field(description="从满分起扣")
    deduct: list[Pricing] = Field(min_length=1, description="扣分的事")


class ZeroRule(Scored):
    """Nought, and what was done."""

    start: Literal["zero"] = Field(description="从零分起加")
    add: list[Pricing] = Field(min_length=1, description="加分的事，加到满分为止")


class MetricRule(Scored):
    """Points by a reported figure."""

    start: Literal["metric"] = Field(description="按报送的数")
    worth: MetricWorth = Field(description="数怎样变成分")
    interval: Literal["lower", "upper"] = Field(
        "lower", description="端点属哪一档：lower 下端含在本档；upper 上端含在本档"
    )
    reads: Literal["share", "number", "whole", "positive"] | None = Field(
        None, description="收什么样的数：share 不超过100%；number 任何数；whole 整数；positive 至少为1的整数"
    )
    among: Among = Field("all", description="和均值比时，均值取谁：全部；同类；其他单位")


class ChecklistRule(Scored):
    """Points by the elements that are there, or are not."""

    start: Literal["checklist"] = Field(description="按具备的项数")
    worth: ChecklistWorth = Field(description="每项几分")
    elements: list[Text] = Field(default=[], description="各项的名称")


class CountRule(Scored):
    """Points by how often something was done."""

    start: Literal["count"] = Field(description="按次数")
    count: Literal["event", "form", "matter"] = Field(
        "event", description="数什么：event 次数；form 不同形式的种数；matter 不同事项的个数"
    )
    kind: Texts | None = Field(None, description="只数这些种类的事，一种或几种；不写都数")
    period: Literal["year", "half-year", "quarter", "month"] = Field(
        "year", description="在多长时间里数：全年；每半年、每季度、每月各数各的，再加起来"
    )
    worth: CountWorth = Field(description="几次几分")


class RankRule(Scored):
    """Points by the place among the units."""

    start: Literal["rank"] = Field(description="按名次")
    of: Texts = Field(default=["figure"], description="排什么：figure 报送的数；或几个指标的编号，按它们的合计")
    best: Literal["high", "low"] = Field("high", description="high 数大的在前；low 数小的在前")
    among: Literal["all", "category"] = Field("all", description="和谁排：全部；同类")
    worth: PlaceWorth = Field(description="第几名几分")


class ElsewhereRule(Part):
    """No points here: they are given where this points to."""

    start: Literal["elsewhere"] = Field(description="只作指引，分在别处")
    see: Text = Field(description="见哪个指标")


def _item_form(value: Any) -> str | None:  # noqa: ANN401 - as above
    start = value.get("start") if isinstance(value, dict) else None
    return f"rule:{start}" if start in STARTS else None


ItemRule = Annotated[
    Annotated[GradeRule, Tag("rule:grade")]
    | Annotated[FullRule, Tag("rule:full")]
    | Annotated[ZeroRule, Tag("rule:zero")]
    | Annotated[MetricRule, Tag("rule:metric")]
    | Annotated[ChecklistRule, Tag("rule:checklist")]
    | Annotated[CountRule, Tag("rule:count")]
    | Annotated[RankRule, Tag("rule:rank")]
    | Annotated[ElsewhereRule, Tag("rule:elsewhere")],
    Discriminator(
        _item_form,
        custom_error_type="no-such-start",
        custom_error_message="no such start",
        custom_error_context={"expected": ", ".join(f"'{start}'" for start in STARTS)},
    ),
]


class FigureRule(Part):
    """A ± rule by a reported figure: what the figure is worth is added, or taken away."""

    start: Literal["metric"] = Field(description="按报送的数")
    worth: MetricWorth = Field(description="数怎样变成分，从零起算")
    interval: Literal["lower", "upper"] = Field("lower", description="端点属哪一档")
    reads: Literal["share", "number", "whole", "positive"] | None = Field(None, description="收什么样的数")
    among: Among = Field("all", description="和均值比时，均值取谁")
    cap: Number | None = Field(None, description="这一条自己的上限")


class PlaceRule(Part):
    """A ± rule by the place among the units."""

    start: Literal["rank"] = Field(description="按名次")
    best: Literal["high", "low"] = Field("high", description="high 数大的在前；low 数小的在前")
    among: Literal["all", "category"] = Field("all", description="和谁排：全部；同类")
    worth: PlaceWorth = Field(description="第几名几分")
    cap: Number | None = Field(None, description="这一条自己的上限")


_COMPARED: Final = ("metric", "rank")


def _adjustment_form(value: Any) -> str | None:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        return "rule:event"
    if "start" not in value:
        return _told_without_start(value)
    if value["start"] not in _COMPARED:
        return None
    if value["start"] == "rank":
        return "rule:rank"
    return "rule:relation" if "below" in value or "price" in value else "rule:metric"


def _told_without_start(rule: dict[str, Any]) -> str:
    """What a ± rule looks like; where it is no event rule, it is said then that its start is missing."""
    worth = rule.get("worth")
    if "best" in rule or (isinstance(worth, dict) and {"places", "top"} & worth.keys()):
        return "rule:rank"
    return "rule:metric" if "worth" in rule else "rule:relation" if "below" in rule else "rule:event"


AdjustmentRule = Annotated[
    Annotated[Pricing, Tag("rule:event")]
    | Annotated[RelationRule, Tag("rule:relation")]
    | Annotated[FigureRule, Tag("rule:metric")]
    | Annotated[PlaceRule, Tag("rule:rank")],
    Discriminator(
        _adjustment_form,
        custom_error_type="no-such-start",
        custom_error_message="no such start",
        custom_error_context={"expected": ", ".join(f"'{start}'" for start in _COMPARED)},
    ),
]
