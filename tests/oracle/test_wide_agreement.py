"""The core against the oracle of any scheme: random schemes, each with a random log, recorded as an office would."""

from __future__ import annotations

import random
from contextlib import nullcontext
from math import ceil
from typing import Any

import pytest

from gkevents.aggregates.refusals import FigureNotAllowed
from gkevents.oracle.worths import reads_of

from .agreement import oracle_calendar
from .hand import Sheet, beyond, figure, group, item, scheme
from .random_logs import lively
from .scheme_writer import random_scheme, text_of
from .stored import reckon
from .wide_agreement import content_of, disagreements, random_wide_case
from .wide_writer import WideCase

BLOCK = 50
BLOCKS, BLOCKS_LONG = 8, 200


def disagreeing(block: int) -> dict[int, list[str]]:
    """What differs, by the number that the random scheme and log were made from."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    found = {number: disagreements(random_wide_case(number, cases=lively(number))) for number in numbers}
    return {number: differences for number, differences in found.items() if differences}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_core_and_the_oracle_agree_under_any_scheme(block: int) -> None:
    assert disagreeing(block) == {}


@pytest.mark.soak
@pytest.mark.parametrize("block", range(BLOCKS, BLOCKS_LONG))
def test_the_core_and_the_oracle_agree_on_ten_thousand_schemes(block: int) -> None:
    assert disagreeing(block) == {}


def keys_in(value: object) -> set[str]:
    """Every key and every word of a scheme, as written."""
    if isinstance(value, dict):
        return {str(key) for key in value} | {word for held in value.values() for word in keys_in(held)}
    if isinstance(value, list):
        return {word for held in value for word in keys_in(held)}
    return {str(value)}


EVERYTHING = """
full zero grade metric checklist count rank scale source over factor eased whom other nth total down_to all set kept
praise cards messages amounts answered justified serious needs month quarter half-year year matter-level problem first
again escalated added above below per earns once linear up relative previous parent target mean others category fall
proportional zero_below full_from places top half-up half-even down floor none cap weight beyond gate base peers-mean
share rescale spread within section part caps-first net low years gives at_most band eligible to convert ceiling item
weighted by then not-shared unordered 1,1,2 1,1,3 variants only named at_once
"""


def test_random_schemes_use_everything_that_a_scheme_may_say() -> None:
    schemes: list[dict[str, Any]] = [random_scheme(random.Random(number))[0] for number in range(400)]
    said = {word for scheme in schemes for word in keys_in(scheme)}
    assert set(EVERYTHING.split()) - said == set()


READS = [
    ({"below": "90%", "per": "1"}, "share"), ({"above": "0.5", "earns": "1"}, "share"),
    ({"above": "3/4", "earns": "1"}, "share"), ({"below": "100%", "per": "1"}, "share"),
    ({"above": "1", "per": "1"}, "number"), ({"above": "0", "per": "1"}, "number"),
    ({"below": "50% of mean", "per": "1"}, "number"), ({"proportional": "5"}, "share"),
    ({"tiers": [{"from": "0", "points": "1"}, {"from": "100%", "points": "2"}]}, "share"),
    ({"tiers": [{"from": "0", "points": "1"}, {"from": "2", "points": "2"}]}, "number"),
]  # fmt: skip


@pytest.mark.parametrize(("worth", "reads"), READS)
@pytest.mark.parametrize("beyond_items", [False, True])
def test_which_figures_a_rule_reads_where_it_does_not_say(worth: Sheet, reads: str, beyond_items: bool) -> None:  # noqa: FBT001
    rule = {"start": "metric", "worth": worth}
    assert reads_of(rule) == reads
    if beyond_items:
        written = scheme(item("B", "5", {"start": "grade"}), adjustments=[group(beyond("A", "bonus", rule))])
    else:
        written = scheme(item("A", "5", rule))
    text = text_of(written)
    content = content_of(text)
    for value, taken in (("1", True), ("100%", True), ("1.5", reads == "number")):
        row = {"ref": "f1", "position": 1, "unit": "U", "recorded_at": "2020-07-01T08:00:00+08:00"} | figure(value)
        case = WideCase("hand", 2020, {"U": ""}, None, [row], text=text, content=content)
        with nullcontext() if taken else pytest.raises(FigureNotAllowed):
            assert disagreements(case) == []


def test_a_random_scheme_is_one_that_the_reader_takes_and_says_the_same_each_time() -> None:
    for number in range(60):
        text = text_of(random_scheme(random.Random(number))[0])
        assert text == text_of(random_scheme(random.Random(number))[0])
        assert content_of(text)["items"]


def test_the_oracle_keeps_every_score_within_its_bounds() -> None:
    for number in range(100):
        case = random_wide_case(number, cases=lively(number))
        sheets = reckon(
            case.content, case.year, case.units, case.facts,
            calendar=oracle_calendar(), as_of=case.as_of, known_at=case.known_at,
        )  # fmt: skip
        exact = case.content["rounding"]["item"] is None
        for sheet in sheets.values():
            assert sheet["low"] <= sheet["high"]
            assert sheet["total"] in (None, sheet["low"])
            for shown in sheet["items"].values():
                assert shown["low"] <= shown["high"] <= (shown["max"] if exact else ceil(shown["max"]))
                assert shown["score"] in (None, shown["low"])
