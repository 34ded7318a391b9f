"""The core against the independent oracle, on random logs of every published scheme."""

from __future__ import annotations

import random

import pytest

from tests.oracle.agreement import disagreements
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import lively, random_log

BLOCK = 100
BLOCKS, BLOCKS_LONG = 3, 100


def disagreeing(scheme: str, block: int) -> dict[int, list[str]]:
    """What differs, by the number that the random log was made from."""
    found = {
        number: disagreements(random_log(scheme, random.Random(number), cases=lively(number)))
        for number in range(block * BLOCK, (block + 1) * BLOCK)
    }
    return {number: differences for number, differences in found.items() if differences}


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_core_and_the_oracle_agree(scheme: str, block: int) -> None:
    assert disagreeing(scheme, block) == {}


@pytest.mark.soak
@pytest.mark.parametrize("block", range(BLOCKS_LONG))
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_core_and_the_oracle_agree_on_ten_thousand_logs(scheme: str, block: int) -> None:
    assert disagreeing(scheme, block) == {}
