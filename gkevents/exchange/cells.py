"""What a written value says: texts typed into a form, and spreadsheet cells, as the plain values of a fact.

Only what a form or a spreadsheet does to a value is undone here: dates in the ways people write them, names in one
cell, numbers and dates that the spreadsheet has reformatted. Everything else is left as it stands; the aggregates read
it, and refuse what they cannot. Full-width digits become plain ones (NFKC) in dates only; prose and official names
keep their own punctuation.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from decimal import Decimal
from typing import Final

from gkevents.aggregates.vocabulary import FIELDS
from gkevents.words import N_, Message, message

Value = str | bool | list[str]
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_DAY_SOLID = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(
    r"[T ]*([0-9]{1,2}):([0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,6})?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[、，,；;|｜\n]")

_DIGITS_MAX = 15
"""Significant digits that a spreadsheet keeps of a number; more of them are an artefact of its binary arithmetic."""

_EARLIEST_YEAR: Final = 2000
"""A date before this in a spreadsheet is a number that was formatted as a date by mistake."""


class CellFault(Exception):
    """A cell whose value the file does not hold, or not as it was meant."""

    def __init__(self, fault: Message) -> None:
        super().__init__(fault)
        self.message: Final = fault


def plain(text: str) -> str:
    """A heading, number or date in plain characters (NFKC), without space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def day(text: str) -> str:
    """The ISO text of a day written as 2020-9-14, 2020/9/14, 2020.9.14, 2020年9月14日, 20200914; else the text."""
    found = _DAY.fullmatch(plain(text)) or _DAY_SOLID.fullmatch(plain(text))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def instant(text: str) -> str:
    """The ISO text of a day and time as people write them, in Beijing time where no offset is given; else the text."""
    written = plain(text)
    head = _DAY.match(written) or _DAY_SOLID.match(written)
    time = _TIME.fullmatch(written[head.end() :]) if head else None
    if head is None or time is None:
        return text
    return f"{day(head[0])}T{int(time[1]):02}:{time[2]}{time[3] or ':00'}{(time[4] or '+08:00').upper()}"


def from_form(field: str, text: str) -> Value | None:
    """What a text typed into a form (a cell, an option) says as the value of a field; None where it is empty.

    Several names may stand in one text; an instant without an offset is in Beijing time, as on the office's clock.
    """
    text = text.strip()
    if not text:
        return None
    match FIELDS[field].kind:
        case "texts":
            names = _names(text)
            return names if len(names) != 1 else names[0]
        case "instant":
            return instant(text)
        case "day" | "limit":
            return day(text)
        case _:
            return text


def _names(text: str) -> list[str]:
    """Names separated by 、，,；;| or a line end, or as a JSON list."""
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(name, str) for name in listed):
            return [name.strip() for name in listed if name.strip()]
    return [name.strip() for name in _SEPARATORS.split(text) if name.strip()]


def from_cell(field: str, cell: Cell) -> Value | None:
    """What a spreadsheet's cell says as the value of a field; None where it is empty.

    Raises CellFault where the spreadsheet no longer holds what was typed.
    """
    if isinstance(cell, str):
        return from_form(field, cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, dt.date):
        return _from_date(FIELDS[field].kind, cell)
    if isinstance(cell, int | float):
        return from_form(field, number(cell))
    raise CellFault(message(N_("a time of day without its date; write the day and the time in one cell")))


def _from_date(kind: str, cell: dt.date) -> str:
    if cell.year < _EARLIEST_YEAR:
        raise CellFault(
            message(
                N_("the date {date} looks like a number shown as a date; format the cell as it is meant"), date=cell
            )
        )
    moment = cell if isinstance(cell, dt.datetime) else None
    if kind == "instant":
        if moment is None:
            return cell.isoformat()
        moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return f"{moment.isoformat()}+08:00"
    if kind not in ("day", "limit"):
        raise CellFault(message(N_("the spreadsheet made a date of it; format the column as text and type it again")))
    if moment is not None and moment.time() != dt.time():
        raise CellFault(message(N_("this cell has a time of day too; put it in the column 时间 (effective_at)")))
    return cell.strftime("%Y-%m-%d")


def number(cell: float) -> str:
    """The number of a cell as it was typed, in plain digits ("0.1", "3").

    Raises CellFault where it has more digits than a spreadsheet keeps: what was typed is then not known exactly.
    """
    written = Decimal(repr(cell))
    if not written.is_finite() or len(written.normalize().as_tuple().digits) > _DIGITS_MAX:
        raise CellFault(
            message(N_("the number {number} is not exact; round it, or format the cell as text"), number=cell)
        )
    text = format(written, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
