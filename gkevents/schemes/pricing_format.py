"""How an event rule is written: what it listens to, how facts are grouped, what a group is worth, how that is limited.

The forms of a price are told apart by the keys that are there.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gkevents.schemes.scalars import Limit, Number, Part, Share, Sparse, Text, Texts, Truth, Whole

Level = Literal["county", "city", "provincial", "national"]
On = Literal["happenings", "cards", "messages", "amounts", "praise", "kept"]
Each = Literal["event", "matter", "matter-level", "problem", "year", "quarter", "month"]

PRICE_WORDS: Final = ("all", "set", "overlay")


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


class OrdinalPrices(Part):
    """What the first, the second, the third ... costs on its own."""

    nth: list[Number] = Field(
        min_length=1, description="第一次、第二次……各自多少，多于所列的按最后一个；每事项（问题）的在一事项（问题）内数"
    )


class RangePrice(Part):
    """An amount that the assessor sets within a printed range."""

    start: Number = Field(alias="from", description="由考核人定额，最少")
    to: Number = Field(description="由考核人定额，最多")


class DownPrice(Part):
    """What brings the item down to a mark that it cannot exceed any more."""

    down_to: Number = Field(description="前提不满足：本项最多得几分，其余的照扣")


_PRICE_FORMS: Final = (
    ("price:cards", ("first", "again", "first_card")),
    ("price:total", ("total",)),
    ("price:nth", ("nth",)),
    ("price:range", ("from", "to")),
    ("price:down", ("down_to",)),
)


def _price_form(value: Any) -> str:  # noqa: ANN401 - pydantic hands over what it was given
    if not isinstance(value, dict):
        return "price:word" if value in PRICE_WORDS else "price:number"
    return next((form for form, keys in _PRICE_FORMS if value.keys() & set(keys)), "price:levels")


Price = Annotated[
    Annotated[Number, Tag("price:number")]
    | Annotated[Literal["all", "set", "overlay"], Tag("price:word")]
    | Annotated[LevelPrices, Tag("price:levels")]
    | Annotated[CardPrices, Tag("price:cards")]
    | Annotated[TotalPrices, Tag("price:total")]
    | Annotated[OrdinalPrices, Tag("price:nth")]
    | Annotated[RangePrice, Tag("price:range")]
    | Annotated[DownPrice, Tag("price:down")],
    Discriminator(_price_form),
]


_WHEN_FORMS: Final = "{justified: false}, {serious: true}, {answered: true}, {kind: …}"


class When(Sparse):
    """Priced only where these hold; where nobody has said, the fact waits."""

    justified: Truth | None = Field(None, description="有无正当理由")
    serious: Truth | None = Field(None, description="是否严重")
    answered: Truth | None = Field(None, description="超期的：后来办了没有")
    kind: Texts | None = Field(None, description="只计这些种类的事，一种或几种")

    @model_validator(mode="after")
    def _some_condition(self) -> When:
        if not self.model_fields_set:
            raise PydanticCustomError("no-such-form", "no condition", {"forms": _WHEN_FORMS})
        return self


Needs = Annotated[dict[Text, Annotated[Whole, Field(ge=1)]], Field(min_length=1)]
"""How many of each kind must be there."""


class PeriodCaps(Sparse):
    """Caps of each month, quarter or half-year, and of the year's sum."""

    month: Number | None = Field(None, description="每月上限")
    quarter: Number | None = Field(None, description="每季度上限")
    half_year: Number | None = Field(None, alias="half-year", description="每半年上限")
    year: Number | None = Field(None, description="全年上限")

    @model_validator(mode="after")
    def _some_cap(self) -> PeriodCaps:
        if not self.model_fields_set:
            raise PydanticCustomError("no-such-form", "no cap", {"forms": "5, {month: 10, year: 120}"})
        return self


Cap = Annotated[
    Annotated[Number, Tag("cap:number")] | Annotated[PeriodCaps, Tag("cap:periods")],
    Discriminator(lambda value: "cap:periods" if isinstance(value, dict) else "cap:number"),
]


class Easing(Part):
    """What a later fact of this kind, on the same matter, leaves of the price."""

    kind: Text = Field(description="后来登记的同一事项，种类是什么")
    to: Share = Field(description="原来的价减到几成：0 不扣，50% 减半")


class Pricing(Part):
    """One event rule."""

    on: On | None = Field(
        None,
        description="计哪些事：happenings 事项和通报；cards 督办卡；messages 留言；amounts 定额；praise 表扬；"
        "kept 按时办结",
    )
    each: Each = Field(
        description="怎样归并：event 每次；matter 每事项；matter-level 每事项每级别；problem 每个问题；"
        "year 全年一次；quarter 每季度一次；month 每月一次"
    )
    price: Price = Field(
        description="价：数；all 扣完本项；按级别；首张和重复；合计；第几次；set 由考核人定；定额范围；降到几分；"
        "overlay 由细则定"
    )
    limit: Limit | None = Field(None, description="时限，如 3 working days；登记的事没有写时用它")
    level_min: Level | None = Field(None, description="最低级别；低于它的不计")
    when: When | None = Field(None, description="只在这样时计：justified、serious、answered、kind")
    needs: Needs | None = Field(None, description="全年要有哪些种类、各几次才计")
    join: Literal["all", "any"] = Field("all", description="needs 各样：all 都要；any 有一样即可")
    factor: dict[Text, Share] | None = Field(None, min_length=1, description="哪一类单位按几倍，如 {乡镇: 2}")
    eased: list[Easing] = Field(default=[], description="后来的事减轻或免除")
    whom: Literal["own", "other"] = Field("own", description="记在谁头上：own 本单位；other 记录里写的另涉单位")
    over: Literal["sub-units"] | None = Field(None, description="sub-units 按下属单位数平均")
    cap: Cap | None = Field(None, description="这一条自己的上限；可按月、季度、半年")
