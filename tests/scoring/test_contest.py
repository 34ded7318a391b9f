"""What hangs on contested cases: three totals for the unit, and the ranks that are still possible for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Ties
from gkevents.scoring.contest import Contest, contests
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import assess, depends_on_peers
from gkevents.scoring.unit import UnitLog
from tests.scoring.made import YEAR, F, edition, fact, graded, group, happened, item, log, mean_of, plus, rule, shown

BOOK = edition(item("A", "full", "10", rule("2")), groups=[group(plus("P", rule("1", on="praise")))])


def hangs(frozen: Edition, units: Mapping[str, Sequence[Fact]], *, replay: Sequence[str] = ()) -> dict[str, Contest]:
    """What hangs on the cases of some units; `replay`: only the logs of these are at hand, as where rows are read."""
    logs = [UnitLog(unit, "", YEAR, [_named(unit, one) for one in log(*facts)]) for unit, facts in units.items()]
    return contests(frozen, [one for one in logs if not replay or one.unit in replay], assess(frozen, logs))


def _named(unit: str, one: Fact) -> Fact:
    return one._replace(ref=f"{unit}{one.ref}", of=one.of and f"{unit}{one.of}")


def points(*found: Fraction | None) -> list[str | None]:
    return [shown(one) for one in found]


def contested(of: str) -> Fact:
    return fact("case-contested", "2020-06-01", None, of=of)


COST = happened("2020-03-01")
GAIN = fact("praise", "2020-03-02", "P")


def test_nothing_hangs_where_nothing_is_contested() -> None:
    assert hangs(BOOK, {"甲": (COST,), "乙": ()}) == {}


def test_three_totals_and_the_ranks_that_the_decision_allows() -> None:
    found = hangs(BOOK, {"甲": (COST, contested("r1")), "乙": (COST,), "丙": ()})
    one = found["甲"]
    assert one.refs == ("甲r1",)
    assert points(one.confirmed, one.contested, one.if_upheld) == ["10", "-2", "8"]
    assert points(one.worst, one.best) == ["8", "10"]
    assert one.ranks == (1, 2)
    assert found["乙"].refs == ()
    assert found["乙"].ranks == (2, 3)
    assert found["丙"].ranks == (1, 1)


def test_costs_and_gains_may_be_decided_apart() -> None:
    one = hangs(BOOK, {"甲": (COST, GAIN, contested("r1"), contested("r2"))})["甲"]
    assert points(one.if_upheld, one.confirmed, one.contested) == ["9", "10", "-1"]
    assert points(one.worst, one.best) == ["8", "11"]
    assert one.ranks == (1, 1)


def test_only_the_units_that_contest_need_be_priced_anew() -> None:
    units = {"甲": (COST, contested("r1")), "乙": (COST,), "丙": ()}
    assert hangs(BOOK, units, replay=["甲"]) == hangs(BOOK, units)


def test_a_contested_mark_may_become_anything() -> None:
    book = edition(item("A", "grade", "10"))
    found = hangs(book, {"甲": (graded("8"), contested("r1")), "乙": (graded("9"),), "丙": ()})
    one = found["甲"]
    assert points(one.confirmed, one.confirmed_low, one.confirmed_high, one.contested) == [None, "0", "10", None]
    assert points(one.worst, one.best) == ["0", "10"]
    assert one.ranks == (1, 2)
    assert found["乙"].ranks == (1, 2)
    assert found["丙"].ranks is None


def test_a_mean_over_the_units_moves_with_what_one_of_them_contests() -> None:
    book = edition(item("A", "full", "10", rule("2"), aside=mean_of("all")), item("B", "full", "5"))
    aside = fact("not-applicable", "2020-03-01", "A")
    units = {"甲": (COST, contested("r1")), "乙": (aside,), "丙": ()}
    found = hangs(book, units)
    assert (found["乙"].worst, found["乙"].best) == (F("14"), F("15"))
    logs = [UnitLog("乙", "", YEAR, log(aside))]
    assert depends_on_peers(book, assess(book, logs)["乙"].priced)


def test_a_scheme_without_points_ranks_nobody() -> None:
    book = edition(item("A", "full", None, rule("2")))
    one = hangs(book, {"甲": (COST, contested("r1"))})["甲"]
    assert (one.worst, one.best, one.ranks, one.contested) == (None, None, None, None)


@pytest.mark.parametrize(
    ("ties", "spans"),
    [
        (Ties(), {"甲": (1, 2), "乙": (1, 2), "丙": (3, 3), "丁": (3, 3)}),
        (Ties(then="1,1,2"), {"甲": (1, 2), "乙": (1, 2), "丙": (2, 3), "丁": (2, 3)}),
        (Ties(then="not-shared"), {"甲": (1, 2), "乙": (1, 2), "丙": (3, 4), "丁": (3, 4)}),
        (Ties(by=("A",)), {"甲": (1, 2), "乙": (1, 2), "丙": (3, 4), "丁": (3, 4)}),
        (Ties(then="unordered"), {"甲": None, "乙": None, "丙": None, "丁": None}),
    ],
)
def test_spans_never_leave_out_a_rank_that_ties_allow(ties: Ties, spans: dict[str, tuple[int, int] | None]) -> None:
    low: tuple[Fact, ...] = (COST, happened("2020-03-03"), happened("2020-03-04"))
    units = {"甲": (COST, contested("r1")), "乙": (COST, GAIN), "丙": low, "丁": low}
    found = hangs(edition(item("A", "full", "10", rule("2")), groups=BOOK.groups, ties=ties), units)
    assert {name: one.ranks for name, one in found.items()} == spans


def test_a_miss_of_last_year_that_costs_in_this_one_is_contested_in_this_one() -> None:
    opened = fact("deadline-opened", "2019-12-30", key="k", limit="2020-01-03", due=dt.date(2020, 1, 3))
    miss = fact("deadline-missed", "2020-01-04", key="k", scanned=True, of="r1")
    other = fact("occurrence", "2019-05-01")
    before = log(opened, miss, other, contested("r2"), contested("r3"))
    logs = [UnitLog("甲", "", YEAR, (), ((2019, before),))]
    upheld = assess(BOOK, logs)
    assert upheld["甲"].total == 8
    one = contests(BOOK, logs, upheld)["甲"]
    assert one.refs == ("r2",)
    assert one.confirmed == Fraction(10)
