"""The reckoning of a log against the program: random logs as events, and stores with everything that a log may hold."""

from __future__ import annotations

import random

import pytest

from .agreement import content_of, edition
from .figures import SCHEMES
from .log_agreement import disagreements, disagreements_next_year
from .random_logs import lively, random_log
from .wide_agreement import edition as wide_edition
from .wide_agreement import random_wide_case

LOGS, SCHEMES_MADE = 12, 120


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_log_of_a_published_scheme_is_reckoned_as_it_is_scored(scheme: str) -> None:
    for number in range(LOGS):
        case = random_log(scheme, random.Random(f"log {number}"), cases=lively(number))
        found = disagreements(case, content_of(scheme), edition(scheme, case.overlay))
        assert found == [], number


def test_the_log_of_any_scheme_is_reckoned_as_it_is_scored() -> None:
    for number in range(SCHEMES_MADE):
        case = random_wide_case(number, cases=lively(number))
        assert disagreements(case, case.content, wide_edition(case)) == [], number


def test_a_log_under_an_edition_that_it_was_not_written_for_is_reckoned_as_it_is_scored() -> None:
    for number in range(SCHEMES_MADE):
        case, other = random_wide_case(number, cases=lively(number)), random_wide_case(number + 1 + number % 7)
        under = (other.content, wide_edition(other))
        assert disagreements(case, case.content, wide_edition(case), under=under) == [], number


def test_the_year_after_a_log_is_reckoned_as_it_is_scored() -> None:
    for number in range(SCHEMES_MADE):
        case = random_wide_case(number, cases=lively(number))
        dice = random.Random(f"next {number}")
        assert disagreements_next_year(case, case.content, wide_edition(case), dice) == [], number
