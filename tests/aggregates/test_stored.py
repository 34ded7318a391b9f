"""What texts stand for is worked out once, and what is kept of it does not grow without end."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from gkevents.aggregates.stored import DAYS, DUES, INSTANTS, NUMBERS, Kept, due_text, fact_of
from gkevents.terms import BEIJING


def test_a_text_is_worked_out_once() -> None:
    asked: list[str] = []

    def read(text: str) -> str:
        asked.append(text)
        return text.upper()

    kept = Kept[str](read)
    assert [kept["a"], kept["a"], kept["b"]] == ["A", "A", "B"]
    assert asked == ["a", "b"]


def test_what_is_kept_is_emptied_before_it_grows_too_large() -> None:
    kept = Kept[int](int, most=2)
    assert [kept["1"], kept["2"], kept["3"]] == [1, 2, 3]
    assert dict(kept) == {"3": 3}


def test_what_is_none_is_not_kept() -> None:
    for kept, text in ((DAYS, "2020-13-41"), (INSTANTS, "2020-01-01"), (NUMBERS, "7,5"), (DUES, "morgen")):
        for _ in range(2):
            with pytest.raises(ValueError):  # noqa: PT011 - whatever the reader of the text says
                kept[text]
        assert text not in kept


def test_days_instants_numbers_and_ends_of_limits_are_exact() -> None:
    assert DAYS["2020-01-02"].day == dt.date(2020, 1, 2)
    noon = dt.datetime(2020, 1, 2, 12, tzinfo=BEIJING)
    assert INSTANTS["2020-01-02T04:00:00+00:00"] == (noon.date(), DAYS["2020-01-02"].when + 43_200_000_000, noon)
    assert (NUMBERS["0.1"], NUMBERS["5/3"], NUMBERS[None]) == (Fraction(1, 10), Fraction(5, 3), None)
    assert (DUES["2020-01-02"], DUES["2020-01-02T12:00:00+08:00"], DUES[None]) == (noon.date(), noon, None)
    assert [due_text(due) for due in (noon.date(), noon, None)] == ["2020-01-02", "2020-01-02T12:00:00+08:00", None]


def test_a_body_without_a_day_is_no_fact() -> None:
    with pytest.raises(KeyError):
        fact_of({"ref": "R", "type": "fraud"}, position=1, recorded_at="")
