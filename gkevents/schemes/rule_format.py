"""How a rule is written: what it listens to, how facts are grouped, what a group is worth, how that is limited.

The forms of a rule are told apart by `start`; those of a price or a figure's worth by the keys that are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gkevents.schemes.scalars import Limit, Number, Part, Share, Sparse, Text, Truth, Whole

Level = Literal["county", "city", "provincial", "national"]
On = Literal["happenings", "cards", "messages", "amounts", "praise"]
Each = Literal["event", "matter", "matter-level", "problem", "year"]

PRICE_WORDS: Final = ("all", "set", "overlay")
STARTS: Final = ("grade", "full", "metric", "checklist", "count", "elsewhere")


class LevelPrices(Sparse):
    """A price for each level; a level without a price is not priced."""

    county: Number | None = Field(None, description="县级（含区）")
    city: Number | None = Field(None, description="市级")
    provincial: Number | None = Field(None, description="省级")
    national: Number | None = Field(None, description="国家级")

    @model_validator(mode="after")
    def _some_level(self) -> LevelPrices:
        if not self.model_fields_set:
            raise PydanticCustomError("no-such-form", "no price", {"forms": "{national: 1, provincial: 0.5}"})
        return self


class CardPrices(Part):
    """A first card of a problem and every further one."""

    first: Number = Field(description="同一问题的首张")
    again: Number = Field(description="同一问题再收到的每张")
    first_card: Literal["base", "escalated", "added"] = Field(
        "base", description="重复时首张的价：base 仍按首张；escalated 也按重复价；added 重复的每张首价另加"
    )


class TotalPrices(Part):
    """What one, two, three ... of them cost in all."""

    total: list[Number] = Field(min_length=1, description="合计：一件、两件……共扣（加）多少，多于所列的按最后一个")


def _price_form(value: Any) -> str:  # noqa: ANN401 - pydantic hands over what it was given
    if not isinstance(value, dict):
        return "price:word" if value in PRICE_WORDS else "price:number"
    if value.keys() & {"first", "again", "first_card"}:
        return "price:cards"
    return "price:total" if "total" in value else "price:levels"


Price = Annotated[
    Annotated[Number, Tag("price:number")]
    | Annotated[Literal["all", "set", "overlay"], Tag("price:word")]
    | Annotated[LevelPrices, Tag("price:levels")]
    | Annotated[CardPrices, Tag("price:cards")]
    | Annotated[TotalPrices, Tag("price:total")],
    Discriminator(_price_form),
]


class When(Sparse):
    """Priced only where these hold; where nobody has said, the fact waits."""

    justified: Truth | None = Field(None, description="有无正当理由")
    serious: Truth | None = Field(None, description="是否严重")

    @model_validator(mode="after")
    def _some_condition(self) -> When:
        if not self.model_fields_set:
            raise PydanticCustomError("no-such-form", "no condition", {"forms": "{justified: false}, {serious: true}"})
        return self


class Needs(Sparse):
    """How many of each kind must be there."""

    report: Whole | None = Field(None, alias="report", ge=1, description="报送信息的条数")
    commission_done: Whole | None = Field(None, alias="commission-done", ge=1, description="完成约稿的次数")
    conference: Whole | None = Field(
        None, alias="press-conference-with-feature", ge=1, description="开新闻发布会并形成专题的次数"
    )
    briefing: Whole | None = Field(
        None, alias="briefing-with-feature", ge=1, description="开政策吹风会并形成专题的次数"
    )

    @model_validator(mode="after")
    def _some_kind(self) -> Needs:
        if not self.model_fields_set:
            raise PydanticCustomError("no-such-form", "no kind", {"forms": "{report: 12, commission-done: 1}"})
        return self


class Pricing(Part):
    """One event rule."""

    on: On | None = Field(
        None, description="计哪些事：happenings 事项和通报；cards 督办卡；messages 留言；amounts 定额；praise 表扬"
    )
    each: Each = Field(
        description="怎样归并：event 每次；matter 每事项；matter-level 每事项每级别；problem 每个问题；year 全年一次"
    )
    price: Price = Field(description="价：数；all 扣完本项；按级别；首张和重复；合计；set 由考核人定；overlay 由细则定")
    limit: Limit | None = Field(None, description="时限，如 3 working days；登记的事没有写时用它")
    level_min: Level | None = Field(None, description="最低级别；低于它的不计")
    when: When | None = Field(None, description="只在这样时计：justified、serious")
    needs: Needs | None = Field(None, description="全年要有哪些才计")
    join: Literal["all", "any"] = Field("all", description="needs 各样：all 都要；any 有一样即可")
    cap: Number | None = Field(None, description="这一条自己的上限")


class Below(Part):
    """Strictly below a share of the units' mean."""

    share: Share = Field(description="均值的几成，如 0.5")
    of: Literal["mean"] = Field("mean", description="和什么比")
    among: Literal["all", "category", "others"] = Field("all", description="和谁比：全部；同类；其他单位")


class RelationRule(Part):
    """A reported figure compared with the mean of the units."""

    start: Literal["metric"] = Field("metric", description="按报送的数")
    price: Number = Field(description="低于时扣几分")
    below: Below = Field(description="低到什么程度")


def _adjustment_form(value: Any) -> str:  # noqa: ANN401 - as above
    relation = isinstance(value, dict) and ("below" in value or value.get("start") == "metric")
    return "rule:relation" if relation else "rule:event"


AdjustmentRule = Annotated[
    Annotated[Pricing, Tag("rule:event")] | Annotated[RelationRule, Tag("rule:relation")],
    Discriminator(_adjustment_form),
]


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


class Above(Part):
    """Points lost for each one above a number."""

    above: Number = Field(description="不扣分的数目")
    per: Number = Field(description="每多一个扣几分")


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


MetricWorth = Annotated[
    Annotated[Tiers, Tag("worth:tiers")] | Annotated[Above, Tag("worth:above")] | Annotated[Fall, Tag("worth:fall")],
    told_by(
        "worth",
        ("tiers", "above", "fall"),
        "{tiers: [{from: 80%, points: 6}, {from: 0%, points: 0}]}, {above: 1, per: 0.5}, {fall: 10%, per: 1}",
    ),
]
ChecklistWorth = Annotated[
    Annotated[EachMet, Tag("worth:each")] | Annotated[EachMissing, Tag("worth:missing")],
    told_by("worth", ("each", "missing"), "{each: 0.5, of: 3}, {missing: 0.5, of: 7}"),
]


class GradeRule(Part):
    """The assessor's mark, from nought to the maximum, less what happened."""

    start: Literal["grade"] = Field(description="由考核人评分")
    allowed: list[Choice] = Field(default=[], description="只能给所列的分")
    deduct: list[Pricing] = Field(default=[], description="从评分里再扣的事")


class FullRule(Part):
    """The maximum, less what happened."""

    start: Literal["full"] = Field(description="从满分起扣")
    deduct: list[Pricing] = Field(min_length=1, description="扣分的事")


class MetricRule(Part):
    """Points by a reported figure."""

    start: Literal["metric"] = Field(description="按报送的数")
    worth: MetricWorth = Field(description="数怎样变成分")
    interval: Literal["lower", "upper"] = Field(
        "lower", description="端点属哪一档：lower 下端含在本档；upper 上端含在本档"
    )


class ChecklistRule(Part):
    """Points by the elements that are there, or are not."""

    start: Literal["checklist"] = Field(description="按具备的项数")
    worth: ChecklistWorth = Field(description="每项几分")
    elements: list[Text] = Field(default=[], description="各项的名称")


class CountRule(Part):
    """Points by how often something was done."""

    start: Literal["count"] = Field(description="按次数")
    count: Literal["event", "form"] = Field("event", description="数什么：event 次数；form 不同形式的种数")
    worth: Tiers = Field(description="几次几分")


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
    | Annotated[MetricRule, Tag("rule:metric")]
    | Annotated[ChecklistRule, Tag("rule:checklist")]
    | Annotated[CountRule, Tag("rule:count")]
    | Annotated[ElsewhereRule, Tag("rule:elsewhere")],
    Discriminator(
        _item_form,
        custom_error_type="no-such-start",
        custom_error_message="no such start",
        custom_error_context={"expected": ", ".join(f"'{start}'" for start in STARTS)},
    ),
]
