"""The value of one field: what people write, and the canonical form that is kept.

Days and instants are kept in ISO (Beijing time), numbers as exact text. What cannot be meant is refused, not repaired.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from gkevents.aggregates import refusals as no
from gkevents.aggregates.vocabulary import ABOUT, Field
from gkevents.schemes.model import limit_parts
from gkevents.terms import LEVELS, exact, exact_share, instant, show
from gkevents.words import N_, Message, message

COUNT_MAX: Final = 10_000
TEXT_MAX: Final = 4_000
KEY_MAX: Final = 200
_SHOWN_MAX: Final = 60
_SHA256: Final = re.compile("[0-9a-f]{64}")
_UNKEPT: Final = re.compile("[\0\ud800-\udfff]")
"""NUL and halves of characters: no store keeps them as they are."""


LEVEL_NAMES: Final = {
    "国家级": "national", "省级": "provincial", "市级": "city", "县级": "county", "区级": "county",
    **{level: level for level in LEVELS},
}  # fmt: skip
_ABOUT_NAMES: Final = {**{label: name for name, label in ABOUT.items()}, **{name: name for name in ABOUT}}
_TRUE = frozenset({"true", "yes", "是", "有", "1"})
_FALSE = frozenset({"false", "no", "否", "无", "0"})


def plain(text: str) -> str:
    """NFKC for numbers, days, keys and codes (never for prose): full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def value_of(field: Field, written: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The canonical JSON value of one field. Raises FieldUnreadable, saying what would be right."""
    written = text_of(field, written)
    if field.kind == "bool":
        return _truth(field, written)
    if field.kind == "texts":
        return _texts(field, written)
    if not isinstance(written, str):
        raise no.FieldUnreadable(field=field.name, value=written, expected=message(N_("one plain value is expected")))
    if field.kind == "text":
        return _prose(field, written)
    try:
        return _READERS[field.kind](plain(written))
    except (ValueError, OverflowError) as error:
        raise no.FieldUnreadable(field=field.name, value=_shown(written), expected=_EXPECTED[field.kind]) from error


def text_of(field: Field, written: Any) -> Any:  # noqa: ANN401 - JSON in
    """A JSON number as its text; anything else unchanged."""
    if isinstance(written, float):
        return repr(written)
    if not isinstance(written, int) or isinstance(written, bool):
        return written
    if abs(written) >= 10**KEY_MAX:
        expected = message(N_("a number of at most {most} digits is expected"), most=KEY_MAX)
        raise no.FieldUnreadable(field=field.name, value="…", expected=expected)
    return str(written)


def _prose(field: Field, written: str) -> str:
    text = written.strip()
    if len(text) > TEXT_MAX or _UNKEPT.search(text):
        expected = message(N_("at most {most} characters that can be shown are kept"), most=TEXT_MAX)
        raise no.FieldUnreadable(field=field.name, value=_shown(text), expected=expected)
    return text


def _shown(text: str) -> str:
    """The beginning of a text, for a sentence that says what is wrong with it."""
    return _UNKEPT.sub("�", text[:_SHOWN_MAX]) + ("…" if len(text) > _SHOWN_MAX else "")


def _truth(field: Field, written: Any) -> bool:  # noqa: ANN401 - JSON in
    if isinstance(written, bool):
        return written
    word = plain(str(written)).lower()
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
    _year_in_reach(day.year)
    return day


def _year_in_reach(year: int) -> int:
    if not 1990 <= year <= 2200:  # noqa: PLR2004 - spreadsheets' 1900-01-00 and typing errors
        msg = "outside the years that can be meant"
        raise ValueError(msg)
    return year


def _year(text: str) -> int:
    return _year_in_reach(_whole(text.removesuffix("年").strip()))


def _number(text: str) -> str:
    return _not_below_0(exact(text))


def _share(text: str) -> str:
    kept = _not_below_0(exact_share(text))
    exact_share(kept)  # a share of ever more digits could be kept, but not be read again to correct the fact
    return kept


def _not_below_0(number: Fraction) -> str:
    if number < 0:
        msg = "below 0"
        raise ValueError(msg)
    return show(number)


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


def _about(text: str) -> str:
    if text not in _ABOUT_NAMES:
        msg = "not what a figure may be about"
        raise ValueError(msg)
    return _ABOUT_NAMES[text]


def _key(text: str) -> str:
    if len(text) > KEY_MAX or not text.isprintable():
        msg = "too long"
        raise ValueError(msg)
    return text


def _digest(text: str) -> str:
    if not _SHA256.fullmatch(text.lower()):
        msg = "not a digest"
        raise ValueError(msg)
    return text.lower()


def _limit(text: str) -> str:
    words = text.replace("个", "").replace("工作日", " working days").replace("小时", " hours")
    unit, amount = limit_parts(words)
    if isinstance(amount, dt.date):
        return _in_reach(amount).isoformat()
    return f"{amount} {'working days' if unit == 'working_days' else 'hours'}"


_READERS: Final = {
    "day": _day, "instant": _instant, "number": _number, "share": _share, "whole": _whole,
    "count": _count, "level": _level, "key": _key, "code": _key, "word": _key, "limit": _limit,
    "year": _year, "about": _about, "digest": _digest,
}  # fmt: skip

_EXPECTED: Final[Mapping[str, Message]] = {
    "day": message(N_("a day that exists is expected, such as 2020-09-14")),
    "instant": message(N_("an instant with its offset is expected, such as 2020-09-14T09:30:00+08:00")),
    "number": message(N_("a plain number, not below 0, is expected")),
    "share": message(N_("a number such as 0.8 or 80%, not below 0, is expected")),
    "whole": message(N_("a whole number, not below 0, is expected")),
    "count": message(N_("a whole number from 1 to 10000 is expected")),
    "level": message(N_("it is one of national, provincial, city, county")),
    "key": message(N_("a printable text of at most 200 characters is expected")),
    "code": message(N_("a printable text of at most 200 characters is expected")),
    "word": message(N_("a printable text of at most 200 characters is expected")),
    "year": message(N_("a year from 1990 to 2200 is expected")),
    "about": message(N_("it is one of parent, target, sub-units")),
    "digest": message(N_("a SHA-256 is expected: 64 hexadecimal digits")),
    "limit": message(N_("a limit such as 15 working days, 5 hours or 2020-09-30 is expected")),
}
