from __future__ import annotations

import datetime as dt

from gkevents.scoring.peers import assess
from gkevents.scoring.ruled import ruled
from gkevents.scoring.unit import UnitLog
from tests.scoring.made import F, edition, fact, happened, item, log, rule

DAY = dt.date(2020, 6, 30)
FACTS = log(
    happened("2020-05-05"),
    happened("2020-07-05"),
    fact("case-contested", "2020-06-10", None, of="r1"),
    fact("case-overturned", "2020-07-10T10:00:00+08:00", None, of="r1"),
)


def test_what_is_ruled_after_a_day_counts_for_it_and_what_happens_after_it_does_not() -> None:
    frozen, before = edition(item("A", "full", "5", rule("1"))), UnitLog("U", "", 2020, FACTS)
    assert assess(frozen, [before], as_of=DAY)["U"].total == F(4)
    assert assess(frozen, [ruled(before, DAY)], as_of=DAY)["U"].total == F(5)
    assert ruled(before, DAY).facts[:3] == FACTS[:3]


def test_without_a_day_a_log_is_as_it_is() -> None:
    before = UnitLog("U", "", 2020, FACTS)
    assert ruled(before, None) is before


def test_rulings_on_what_an_earlier_year_left_open_count_too() -> None:
    before = UnitLog("U", "", 2020, [], ((2019, FACTS),))
    ((year, facts),) = ruled(before, DAY).earlier
    assert (year, facts[3].day, facts[3].at) == (2019, DAY, None)
