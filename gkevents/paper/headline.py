"""A title in lines as an office sets them: about as long as each other, no word or number torn, no lonely end.

GB/T 9704-2012 asks for whole words, symmetry and pleasing lengths. A list says what words stand in such titles;
anything else may break anywhere.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

LENGTH_MAX: Final = 200
"""A title of more characters is no title; it is left to whoever sets it."""

LINES_MAX: Final = 12

_WORDS: Final = re.compile(
    r"(?:[0-9]+年)?[0-9]+月(?:[0-9]+日)?(?:至(?:[0-9]+年)?[0-9]+月(?:[0-9]+日)?)?|[0-9]+年度?|[0-9A-Za-z.%/:-]+|第[一二三四五六七八九十0-9]+季度|政务公开|政府信息|信息公开"
    "|人民政府|办公室|办公厅|领导小组|委员会|关于|考核|评估|评价|测评|考评|情况|结果|通报|季度|年度|上半年|下半年|工作"
    "|整改|督办|反馈|意见|通知|公告|公示|报告|明细|清单|附件|单位|部门|乡镇|街道|扣分|加分|得分|等次|自评|试行|修订|要求|截至"
)
_BRACKETS: Final = re.compile("（[^（）]{1,20}）|《[^《》]{1,20}》|“[^“”]{1,20}”")
_OPENING: Final = "《〈（(〔【“‘「"
_CLOSING: Final = "》〉）)〕】”’」、，。；：！？,.;:!?%"
_TIED: Final = "的和与及暨等"
_EM: Final = 20
_LATIN: Final = 12
_WHITE: Final = 5
_TORN: Final = 10_000
_UNLOVELY: Final = 60


def lines(title: str, ems_max: int) -> list[str]:
    """The lines of a title, each at most so many characters wide; joined they are the title."""
    if "\n" in title or not title or ems_max < 1 or len(title) > LENGTH_MAX:
        return title.split("\n")
    room, widths = _EM * ems_max, _widths(title)
    least = -(-sum(widths) // room)
    if least == 1:
        return [title]
    tried = (_broken(title, widths, number, room) for number in range(least, LINES_MAX + 1))
    return next((made for made in tried if made), [title])


def _broken(title: str, widths: list[int], number: int, room: int) -> list[str]:
    """The cheapest way to so many lines; none where one of them would be too long."""
    prices = _prices(title)
    length, even = len(title), sum(widths)
    passed = [0]
    for width in widths:
        passed.append(passed[-1] + width)

    @cache
    def best(start: int, left: int) -> tuple[int, tuple[int, ...]] | None:
        ends = range(start + 1, length + 1) if left > 1 else (length,)
        found = [
            (_uneven(passed[end] - passed[start], even, number) + prices[end] + rest[0], (end, *rest[1]))
            for end in ends
            if passed[end] - passed[start] <= room and (rest := _rest(end, left)) is not None
        ]
        return min(found, default=None)

    def _rest(end: int, left: int) -> tuple[int, tuple[int, ...]] | None:
        if left == 1:
            return 0, ()
        return best(end, left - 1) if end < length else None

    chosen = best(0, number)
    if chosen is None:
        return []
    edges = (0, *chosen[1])
    return [title[start:end] for start, end in pairwise(edges)]


def _widths(title: str) -> list[int]:
    """What each sign takes of a line; between Chinese and figures there is a little white."""
    latin = [sign < "\u2000" for sign in title]
    return [
        (_LATIN if now else _EM) + (_WHITE if now != before else 0)
        for before, now in zip([latin[0], *latin], latin, strict=False)
    ]


def _uneven(width: int, even: int, number: int) -> int:
    """The square of the half characters by which a line is longer or shorter than the mean."""
    away = abs(width * number - even) * 2 // (number * _EM)
    return away * away


def _prices(title: str) -> list[int]:
    """What it costs to break before each character."""
    prices = [0] * (len(title) + 1)
    for word in _WORDS.finditer(title):
        for place in range(word.start() + 1, word.end()):
            prices[place] = _UNLOVELY
        if word.group() == "关于":
            prices[word.end()] = _UNLOVELY
    for part in _BRACKETS.finditer(title):
        for place in range(part.start() + 1, part.end()):
            prices[place] = _UNLOVELY
    for place in range(1, len(title)):
        before, after = title[place - 1], title[place]
        if after in _CLOSING or before in _OPENING or (before.isascii() and after.isascii() and before.isalnum()):
            prices[place] = _TORN
        elif after in _TIED:
            prices[place] = max(prices[place], _UNLOVELY)
        elif before == "的":
            prices[place] = 0
    return prices
