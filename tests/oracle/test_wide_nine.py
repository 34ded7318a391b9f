"""The oracle of any scheme against the one made for the nine: two readings of the same papers, from table and file."""

from __future__ import annotations

import random
from typing import Any

import pytest

from .agreement import content_of, oracle_calendar
from .figures import SCHEMES
from .oracle import score
from .random_logs import lively, random_log
from .stored import reckon


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_oracles_say_the_same_of_the_nine(scheme: str) -> None:
    for number in range(15):
        case = random_log(scheme, random.Random(number), cases=lively(number))
        how: dict[str, Any] = {"calendar": oracle_calendar(), "as_of": case.as_of, "known_at": case.known_at}
        old = score(case.scheme, case.year, case.units, case.facts, overlay=case.overlay, **how)
        new = reckon(content_of(scheme), case.year, case.units, case.facts, overlay=case.overlay, **how)
        assert {unit: {key: new[unit][key] for key in sheet} for unit, sheet in old.items()} == old
