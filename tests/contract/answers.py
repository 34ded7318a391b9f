"""The keys of the contract's answers, and the desk on which they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.contract.office import Office, fact

Opener = Callable[..., Office]
UNIT: Final = "省直部门X"
SCHEME: Final = "hunan-docs-departments-2017"
SCORE: Final = {
    *("total", "total_display", "low", "low_display", "high", "high_display", "provisional"),
    *("base", "bonus", "deduction", "zeroed", "band", "items", "deducted_by_quarter", "deadlines", "flags"),
}
HEAD: Final = {"scheme", "edition", "year", "as_of", "known_at", "simulated_clock"}
WHOSE: Final = {"unit", "category"}
"""Keys that a single answer brings beside the contract's, so that it can stand alone."""

ENTRY: Final = {
    *("position", "ref", "type", "effective_on", "recorded_at", "recorded_by", "item", "clause"),
    *("raw", "applied", "item_score_after", "total_after", "why"),
    # added: which edition priced the entry, and which was in force when it was recorded
    *("edition", "edition_then"),
}
PUBLISHED: Final = (
    "hebei-stats-2018",
    "luancheng-2020",
    "hunan-cities-2017",
    "hunan-departments-2017",
    "hunan-docs-cities-2017",
    "hunan-docs-departments-2017",
    "sanmenxia-departments-2017",
    "sanmenxia-counties-2017",
    "beilun-2019",
)


@pytest.fixture
def desk(office: Opener) -> Office:
    """One department, with a happening, a limit and a figure in its log."""
    made = office(SCHEME, UNIT)
    made.take(
        fact("occurrence", UNIT, "2017-03-01", "DP08", recorded_by="张三"),
        fact("deadline-opened", UNIT, "2017-03-01", "DP02", key="d1", limit="5 working days"),
        now="2017-03-02",
    )
    return made
