"""How a paper says days, periods, numbers, points, and what a fact tells. Papers of the house are Chinese only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates.bulletin import Period
from gkevents.reports.document import Figure
from gkevents.scoring.fact import FRAUD, REPORTED, Fact
from gkevents.terms import display, show

_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = 10


def numeral(number: int) -> str:
    """A number from 1 to 99 as headings write it: 一, 十二, 二十."""
    tens, ones = divmod(number, _TEN)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def day(one: dt.date) -> str:
    """A day: 2020年9月30日."""
    return f"{one.year}年{one.month}月{one.day}日"


def short_day(one: dt.date, year: int) -> str:
    """A day without its year, where that is the assessment year's."""
    return f"{one.month}月{one.day}日" if one.year == year else day(one)


def period_name(period: Period) -> str:
    """A period without its year: 第三季度, 7月1日至10月9日, 1月至11月, 全年."""
    if period.kind == "year":
        return "全年"
    if period.kind == "quarter" and period.number is not None:
        return f"第{numeral(period.number)}季度"
    since, until = period.since, period.until
    if since.day == 1 and (until + dt.timedelta(days=1)).day == 1:
        return f"{since.month}月" if since.month == until.month else f"{since.month}月至{until.month}月"
    return f"{since.month}月{since.day}日至{until.month}月{until.day}日"


def period_in_full(period: Period) -> str:
    """A period with its year, as titles have it: 2020年第三季度, 2020年度."""
    return f"{period.since.year}年度" if period.kind == "year" else f"{period.since.year}年{period_name(period)}"


def period_label(period: dict[str, Any]) -> str:
    """The period of a content's head, as short as the axis of a chart wants it."""
    if period["kind"] == "quarter":
        return f"{numeral(period['number'])}季度"
    if period["kind"] == "year":
        return "全年"
    until = dt.date.fromisoformat(period["until"])
    return f"至{until.month}月{until.day}日"


_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What ends a line or is no sign at all: a text that is put into a sentence has none of it."""
_UNSEEN: Final = re.compile(
    r"[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
"""What has no width, or turns the direction of what follows."""


def one_line(text: str) -> str:
    """A text that somebody wrote, as one line of a paper: it can't begin a paragraph or print backwards."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text))


def flat(held: Any) -> Any:  # noqa: ANN401 - texts, numbers, lists and mappings of such
    """The same with every text in it as one line."""
    if isinstance(held, str):
        return one_line(held)
    if isinstance(held, dict):
        return {name: flat(value) for name, value in held.items()}
    return [flat(value) for value in held] if isinstance(held, list) else held


def office(issuer: str | None) -> str | None:
    """An issuer's name, without what a scheme file remarks on it."""
    return re.sub(r"（由[^）]*推断）$", "", issuer) if issuer is not None else None


def subject(title: str) -> str:
    """What a scheme assesses, told from its title: what stands between the year and 考核."""
    before, found, _ = title.partition("考核")
    told = re.split(r"[0-9]{4}年度?", before)[-1].strip()
    return told if found and told else f"《{title}》"


_NUMBER_YEAR: Final = re.compile(r"[\[［【(（〔]\s*([12][0-9]{3})\s*[\]］】)）〕]")


def document_number(written: str) -> str:
    """A document number with the brackets that the standard prescribes: 〔2020〕."""
    return _NUMBER_YEAR.sub(r"〔\1〕", written)


class Numbers:
    """Points as one paper prints them: rounded half-up to the scheme's decimals, beside their exact value."""

    def __init__(self, decimals: int) -> None:
        """Know the decimals."""
        self.decimals = decimals

    def text(self, points: Fraction | None) -> str:
        """Points as they are printed; a dash where there are none."""
        return "—" if points is None else display(points, decimals=self.decimals)

    def signed(self, points: Fraction) -> str:
        """Points with their sign."""
        return f"+{self.text(points)}" if points > 0 else self.text(points)

    def figure(self, points: Fraction) -> Figure:
        """A cell with points."""
        return {"text": self.text(points), "value": show(points)}

    def amount(self, points: Fraction) -> Figure | None:
        """A cell with points; nothing for none, which is easier to read down a column."""
        return self.figure(points) if points else None

    def change(self, points: Fraction) -> Figure:
        """A cell with points that carry their sign."""
        return {"text": self.signed(points), "value": show(points)}

    def span(self, low: Fraction | None, high: Fraction | None) -> str:
        """A range, from low to high."""
        return f"{self.text(low)}～{self.text(high)}"

    def held(self, total: Fraction | None, low: Fraction | None, high: Fraction | None) -> Figure | None:
        """A cell with a total, or with the range in which it will lie; none where there are no points."""
        if total is not None:
            return self.figure(total)
        return None if low is None else {"text": self.span(low, high), "value": None}


def whole(number: int) -> Figure | None:
    """A cell with a number of things; nothing for none."""
    return {"text": str(number), "value": str(number)} if number else None


def climb(places: int) -> str:
    """By how many places a unit went up or down."""
    return "持平" if not places else f"升{places}位" if places > 0 else f"降{-places}位"


_LEVELS: Final = {"county": "县级", "city": "市级", "provincial": "省级", "national": "国家级"}


def told(fact: Fact) -> str:
    """What a fact tells, in the words of whoever wrote it."""
    what = (_missed if fact.key is not None else _WHAT.get(fact.type, _happened))(fact)
    count = f"（{fact.times}次）" if fact.times > 1 else ""
    source = f"（依据：{fact.source}）" if fact.source else ""
    unit = f"（登记于{fact.from_unit}）" if fact.from_unit else ""
    return f"{what}{count}{source}{unit}"


def _happened(fact: Fact) -> str:
    return _joined((fact.reason, fact.matter, fact.form)) or "发生应予计分的情况"


def _card(fact: Fact) -> str:
    return f"收到督办卡：{'、'.join(fact.problems)}" if fact.problems else "收到督办卡"


def _criticised(fact: Fact) -> str:
    return _about(f"被{_LEVELS.get(fact.level or '', '')}通报批评", fact)


def _praised(fact: Fact) -> str:
    return _about(f"获{_LEVELS.get(fact.level or '', '')}表扬", fact)


def _about(what: str, fact: Fact) -> str:
    matter = _joined((fact.matter, fact.reason))
    return f"{what}：{matter}" if matter else what


def _missed(fact: Fact) -> str:
    if fact.type in ("reply-timeout", "netizen-reply"):
        about = fact.key or fact.message
        return f"网民留言（{about}）答复超期" if about else "网民留言答复超期"
    if fact.type == REPORTED:
        return "整改逾期"
    return f"规定事项（{fact.key}）逾期" if fact.key else "规定事项逾期"


def _fraud(fact: Fact) -> str:
    return f"弄虚作假：{fact.reason}" if fact.reason else "弄虚作假"


def _figure(fact: Fact) -> str:
    return f"报送数据{show(fact.ratio)}" if fact.ratio is not None else "报送数据"


def _joined(words: Iterable[str | None]) -> str:
    return "，".join(dict.fromkeys(word for word in words if word))


_WHAT: Final = {
    "supervision-card": _card,
    "criticism": _criticised,
    "praise": _praised,
    "metric": _figure,
    FRAUD: _fraud,
    "reply-timeout": _missed,
    "deadline-missed": _missed,
}
