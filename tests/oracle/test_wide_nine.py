"""The oracle of any scheme against the one made for the nine: two readings of the same papers, from table and file."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest

from .agreement import content_of, oracle_calendar
from .figures import SCHEMES
from .oracle import score
from .random_logs import Case, random_log
from .wide import reckon


def priced(case: Case) -> dict[str, Any]:
    """The scheme of a case with the points of its overlay put in."""
    content = deepcopy(content_of(case.scheme))
    overlay = case.overlay or {"points": {}, "adjustments": {}, "caps": {}}
    for item in content["items"]:
        item["points"] = overlay["points"].get(item["code"], item["points"])
    for group in content["adjustments"]:
        if group["code"] in overlay["caps"]:
            group["cap"] = dict.fromkeys(("bonus", "deduction"), overlay["caps"][group["code"]])
        for each in group["rules"]:
            code, rule = each["code"], each["rule"]
            rule["cap"] = overlay["caps"].get(code, rule.get("cap"))
            rule["price"] = overlay["adjustments"].get(code, rule["price"])
    return content


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_oracles_say_the_same_of_the_nine(scheme: str) -> None:
    seen = 0
    for number in range(15):
        case = random_log(scheme, random.Random(number))
        if content_of(scheme)["points"] == "overlay" and case.overlay is None:
            continue
        how: dict[str, Any] = {"calendar": oracle_calendar(), "as_of": case.as_of, "known_at": case.known_at}
        old = score(case.scheme, case.year, case.units, case.facts, overlay=case.overlay, **how)
        new = reckon(priced(case), case.year, case.units, case.facts, **how)
        assert {unit: {key: new[unit][key] for key in sheet} for unit, sheet in old.items()} == old
        seen += 1
    assert seen > 8
