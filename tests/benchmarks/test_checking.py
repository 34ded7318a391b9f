"""How long it takes to look a scheme file through for what is odd: the largest published one, and one of hard rules."""

from __future__ import annotations

import time
from typing import Final

import pytest

from gkevents.schemes.catalog import text_of
from gkevents.schemes.reading import read
from gkevents.trials.warned import warnings_of
from tests.trials.odd import HEAD, item

SECONDS_MAX: Final = 2
RULES: Final = (
    "{{start: full, deduct: [{{each: matter-level, price: {{national: 1.{n}, county: 0.{n}}}, cap: 4}}]}}",
    (
        "{{start: full, deduct: [{{each: event, price: {{nth: [0.{n}, 1, 2.{n}]}}}}, "
        "{{on: cards, each: problem, price: {{first: 0.1, again: 0.5}}}}]}}"
    ),
    (
        "{{start: full, deduct: [{{each: matter, price: {{total: [0.{n}, 3.{n}]}}}}], "
        "add: [{{each: month, price: 0.2, cap: {{quarter: 0.4, year: 1}}}}]}}"
    ),
    "{{start: zero, add: [{{each: event, price: 0.{n}}}, {{each: year, price: 1.{n}}}]}}",
)


def of_hard_rules() -> str:
    """72 items, no two with the same rules."""
    rows = [item(RULES[number % len(RULES)].format(n=number + 1), code=f"A{number}") for number in range(72)]
    return f"{HEAD}base_total: 720\nsections: [{{name: 甲节}}]\nitems:\n{''.join(rows)}"


@pytest.mark.bench
@pytest.mark.parametrize("text", [text_of("sanmenxia-counties-2017"), of_hard_rules()], ids=["published", "hard"])
def test_a_check_of_72_items_takes_less_than_two_seconds(text: str) -> None:
    content = read(text).content
    assert content is not None
    begun = time.perf_counter()
    warnings_of(text, content)
    assert time.perf_counter() - begun < SECONDS_MAX
