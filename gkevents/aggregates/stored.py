"""A stored fact -> the scoring core's view of it. The reading side: it was checked when it was recorded.

The same days and numbers come again and again in a log: what a text stands for is worked out once and kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, Generic, NamedTuple, TypeVar

from gkevents.scoring.fact import Fact
from gkevents.terms import BEIJING, Points, instant, microseconds

_Value = TypeVar("_Value")


class Kept(dict[Any, _Value], Generic[_Value]):
    """What texts stand for, each worked out when it is first asked for; emptied where it would grow without end."""

    def __init__(self, read: Callable[[Any], _Value], *, most: int = 20_000) -> None:
        """Keep what `read` says of up to `most` texts."""
        super().__init__()
        self._read, self._most = read, most

    def __missing__(self, text: Any) -> _Value:  # noqa: ANN401 - a text, or whatever lies in a damaged store
        value = self._read(text)
        if len(self) >= self._most:
            self.clear()
        self[text] = value
        return value


class Moment(NamedTuple):
    """When a fact happened: its day, its place on the effective axis, and the instant where one was said."""

    day: dt.date
    when: int
    at: dt.datetime | None


def _on(text: str) -> Moment:
    day = dt.date.fromisoformat(text)
    return Moment(day, microseconds(day), None)


def _at(text: str) -> Moment:
    at = instant(text)
    return Moment(at.date(), microseconds(at.date(), at), at)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Points(text)


def due_of_text(text: str | None) -> dt.date | dt.datetime | None:
    """A due day or instant from its text (see `due_text`); None where there is none."""
    if text is None:
        return None
    return instant(text) if "T" in text else dt.date.fromisoformat(text)


DAYS: Final = Kept(_on)
INSTANTS: Final = Kept(_at)
NUMBERS: Final = Kept(_fraction)
DUES: Final = Kept(due_of_text)


def fact_of(body: Mapping[str, Any], *, position: int, recorded_at: str) -> Fact:
    """The scoring core's view of a stored fact. Raises KeyError, TypeError or ValueError where the body holds none."""
    get = body.get
    day, when, at = INSTANTS[body["effective_at"]] if "effective_at" in body else DAYS[body["effective_on"]]
    return Fact(
        position, body["ref"], body["type"], day, when, at, recorded_at, get("recorded_by"),
        get("item"), get("count", 1), get("matter"), get("level"), tuple(get("problem", ())),
        get("kind"), get("form"), get("message"), NUMBERS[get("amount")], NUMBERS[get("points")],
        get("by"), get("reason"), get("key"), get("limit"), DUES[get("due")], get("calendar"),
        get("scanned", False), get("justified"), get("serious"),
        NUMBERS[get("value")], NUMBERS[get("numerator")], NUMBERS[get("denominator")],
        NUMBERS[get("previous")], NUMBERS[get("current")], get("threshold"), get("met"), get("missing"),
        get("of"), get("other_unit"), get("sub_unit"), get("for_year"), get("about"), get("source"),
    )  # fmt: skip


def due_text(due: dt.date | dt.datetime | None) -> str | None:
    """A due day or instant as the store and the answers write it."""
    if isinstance(due, dt.datetime):
        return due.astimezone(BEIJING).isoformat()
    return due.isoformat() if due is not None else None
