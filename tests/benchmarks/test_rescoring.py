"""How long a log takes to be scored by another scheme, beside scoring it; printed, never asserted."""

from __future__ import annotations

import re

import pytest

from gkevents.calendar import Calendar
from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.reading import read
from gkevents.scoring.peers import assess, rank
from gkevents.trials.translating import Record
from gkevents.trials.trying import mapped_to
from tests.benchmarks.measure import figure, median
from tests.benchmarks.test_figures import LUANCHENG, TOWNS, facts_of, log_of
from tests.oracle.agreement import edition

pytestmark = pytest.mark.bench

UNITS = 34


def draft(prefix: str) -> Edition:
    """The scheme with other codes, so that every code has to be found by its title."""
    text = catalog.text_of(LUANCHENG)
    codes = "|".join(edition(LUANCHENG, None).codes)
    text = re.sub(rf"\b({codes})\b", rf"{prefix}\1", text)
    content = read(text).content
    assert content is not None
    return edition_of(content, digest=prefix)


def records_of(frozen: Edition, number: int) -> list[Record]:
    """A year of 34 units with so many facts each."""
    records = []
    for place in range(UNITS):
        unit, category = f"单位{place}", "乡镇" if place < TOWNS else "部门"
        facts = facts_of(number, LUANCHENG, unit, category, frozen, place)
        records.append(Record(log_of(facts, unit, category, frozen.year), {fact["ref"]: fact for fact in facts}))
    return records


@pytest.mark.parametrize(("prefix", "found"), [("", "by their codes"), ("X", "by their titles")])
@pytest.mark.parametrize("number", [100, 1_000])
def test_scoring_a_log_by_another_scheme(prefix: str, found: str, number: int) -> None:
    frozen, other = edition(LUANCHENG, None), draft(prefix)
    calendar = Calendar.of(catalog.calendar_notices())
    records = records_of(frozen, number)
    logs = [record.log for record in records]

    def scored() -> object:
        return rank(frozen, assess(frozen, logs, calendar=calendar))

    def scored_again() -> object:
        mapped = mapped_to(frozen, other, records, given={}, categories={}, calendar=calendar)
        return rank(other, assess(other, mapped.logs, calendar=calendar))

    name = f"score 34 units of {number} facts by another scheme, codes found {found}, beside scoring them"
    figure(name, median(scored_again), median(scored), 2.0)
