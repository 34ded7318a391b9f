"""What decisions on contested cases can lead to: each by itself, many at once, and what nothing but bounds tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import (
    Aside,
    Gate,
    Item,
    Line,
    Pricing,
    Ranking,
    Rounding,
    SchemePart,
    Section,
    Veto,
    Worth,
    ZeroOut,
)
from gkevents.scoring import settled
from gkevents.scoring.contest import Contest, contests
from gkevents.scoring.fact import CONTESTED, Fact
from gkevents.scoring.peers import assess
from gkevents.scoring.unit import UnitLog
from tests.scoring.made import (
    YEAR,
    F,
    below_mean,
    edition,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    mean_of,
    minus,
    plus,
    rule,
    table,
)

Units = Mapping[str, tuple[Sequence[Fact], Sequence[int]]]
"""By unit its facts, and which of them (from 1) it contests."""


def hangs(frozen: Edition, units: Units) -> dict[str, Contest]:
    """What hangs on what the units contest."""
    return _hang(frozen, _logs(units))


def _logs(units: Units) -> list[UnitLog]:
    logs = []
    for unit, (facts, numbers) in units.items():
        named = [one._replace(ref=f"{unit}{one.ref}") for one in log(*facts)]
        steps = [fact(CONTESTED, "2020-12-01", None, of=f"{unit}r{number}") for number in numbers]
        named += [one._replace(ref=f"{unit}c{n}", position=100 + n) for n, one in enumerate(steps)]
        logs.append(UnitLog(unit, "", YEAR, named))
    return logs


def _hang(frozen: Edition, logs: list[UnitLog]) -> dict[str, Contest]:
    return contests(frozen, logs, assess(frozen, logs))


def between(frozen: Edition, *facts: Fact, of: Sequence[int]) -> tuple[Fraction | None, Fraction | None]:
    """What the total of a unit alone lies between."""
    one = hangs(frozen, {"甲": (facts, of)})["甲"]
    return one.worst, one.best


def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any number of cases for too many to settle in every way."""
    monkeypatch.setattr(settled, "MOST", 1)


ASIDE = fact("not-applicable", "2020-03-01", "A")


def test_an_earlier_mark_stands_again_and_costs_are_decided_apart() -> None:
    book = edition(item("A", "grade", "10"), item("B", "full", "10", rule("2")))
    facts = (graded("3", on="2020-03-01"), graded("8", on="2020-04-01"), happened("2020-03-01", "B"))
    found = hangs(book, {"甲": (facts, (2, 3)), "乙": ((graded("4"), happened("2020-03-01", "B")), ())})
    assert (found["甲"].worst, found["甲"].best, found["甲"].confirmed) == (F("11"), F("18"), F("13"))
    assert [found[unit].ranks for unit in found] == [(1, 2), (1, 2)]


def test_fewer_may_be_counted_and_an_item_may_concern_the_unit_after_all() -> None:
    worth = Worth("tiers", tiers=((F("2"), F("5")), (F("1"), F("3")), (F("0"), F("0"))))
    book = edition(item("A", "count", "5", worth=worth), item("B", "full", "5", rule("2"), aside=_gets("zero")))
    counted = [fact("confirmation", "2020-12-01"), happened("2020-03-01"), happened("2020-04-01")]
    aside = fact("not-applicable", "2020-03-01", "B")
    assert between(book, *counted, aside, happened("2020-05-01", "B"), of=(2, 4, 5)) == (F("3"), F("10"))


def _gets(what: str, within: str = "total") -> Aside:
    return Aside(what, "all", F("1"), within, "")


def test_what_eases_a_charge_may_fall_away() -> None:
    eased = rule("4", eased={"整改": F("0.5")}, deaf=frozenset({"整改"}))
    charged, easing = happened("2020-03-01", matter="m"), happened("2020-04-01", matter="m", kind="整改")
    assert between(edition(item("A", "full", "10", eased)), charged, easing, of=(2,)) == (F("6"), F("8"))


def test_one_unit_may_be_low_while_another_is_high() -> None:
    book = edition(item("A", "full", "10", rule("2")), item("B", "full", "10", rule("2"), aside=mean_of("all")))
    charged = (happened("2020-03-01", "B"), happened("2020-03-02", "B"))
    aside = fact("not-applicable", "2020-03-01", "B")
    found = hangs(book, {"甲": (charged, (1, 2)), "乙": (charged, (1, 2)), "丙": ((aside,), ())})
    assert [(one.worst, one.best, one.ranks) for one in found.values()] == [
        (F("16"), F("20"), (1, 3)), (F("16"), F("20"), (1, 3)), (F("16"), F("20"), (1, 3)),
    ]  # fmt: skip


def test_a_reduced_happening_still_takes_its_place_in_the_row() -> None:
    once = edition(item("A", "full", "10", rule(None, totals=(F("1"), F("1")))))
    assert between(once, happened("2020-03-01"), happened("2020-03-02"), of=(1,)) == (F("9"), F("10"))


def test_a_unit_that_a_decision_may_rank_has_a_place_and_takes_one() -> None:
    book = edition(item("A", "grade", "10"))
    unfit = graded("20", on="2020-07-01")
    found = hangs(book, {"甲": ((graded("8"), unfit), (2,)), "乙": ((graded("5"),), ())})
    assert found["甲"].if_upheld is None
    assert [one.ranks for one in found.values()] == [(1, 2), (1, 2)]


BY_LEVEL = rule(None, each="year", levels=table(county="1", national="5"))
RIVALS = group(minus("P", rule("2", each="matter")), minus("Q", BY_LEVEL), same_matter="highest", deduction_cap=F("20"))


def test_a_reduction_may_lead_beyond_both_ends_where_another_rule_takes_the_matter() -> None:
    facts = (
        fact("occurrence", "2020-03-01", "Q", matter="m", level="national"),
        fact("occurrence", "2020-03-02", "P", matter="m"),
        fact("occurrence", "2020-03-03", "Q", matter="n", level="county"),
    )
    book = edition(item("A", "full", "10"), groups=[RIVALS])
    reduced = fact("case-reduced", "2020-12-02", None, of="甲r1", amount=F("2"), position=200, ref="d")
    (one,) = _logs({"甲": (facts, (1,))})
    total = assess(book, [one._replace(facts=(*one.facts, reduced))])["甲"].total
    worst, best = between(book, *facts, of=(1,))
    assert total == F("8")
    assert worst is not None
    assert best is not None
    assert (worst, total <= best) == (F("0"), True)
    assert between(book, *facts[:1], of=(1,)) == (F("5"), F("10"))


@pytest.mark.parametrize("frozen", [
    edition(item("A", "full", "10", rule("2")), vetoes=(Veto("V", "", "", (), of="A", below=F("5"), gives=F("7")),)),
    edition(item("A", "full", "10", rule("2")), parts=(SchemePart("p", (Section("section"),), gate=Gate("A", F("9"), above=False)),)),  # noqa: E501
    edition(item("A", "full", "10", rule("2")), item("R", "rank", "3", worth=Worth("places", tiers=((F("1"), F("3")),)), ranking=Ranking(("A",), high_first=True, among="all"))),  # noqa: E501
    edition(item("A", "full", "10", rule("2"), rule("1", other=True))),
    edition(item("A", "full", "10", rule("2"), add=(rule("1"),))),
])  # fmt: skip
def test_where_it_is_not_sure_that_a_reduction_lies_between_only_the_bounds_tell(frozen: Edition) -> None:
    worst, best = between(frozen, happened("2020-03-01"), of=(1,))
    assert worst == 0
    assert best is not None
    assert best >= 10


def test_many_marks_leave_an_item_between_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = [graded(str(points), on=f"2020-03-0{points}") for points in range(1, 9)]
    book = edition(item("A", "grade", "10"), item("B", "full", "5", rule("1")), groups=[group(plus("P", rule("1")))])
    assert between(book, *marks, of=range(1, 6)) == (F("13"), F("13"))
    assert between(book, *marks, of=range(1, 9)) == (F("5"), F("15"))
    many(monkeypatch)
    assert between(book, happened("2020-03-01", "B"), graded("8"), of=(1,)) == (F("12"), F("13"))


def test_many_marks_leave_a_unit_that_may_not_be_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    many(monkeypatch)
    found = hangs(edition(item("A", "grade", "10")), {"甲": ((graded("8"),), (1,)), "乙": ((graded("3"),), ())})
    assert [one.ranks for one in found.values()] == [(1, 2), (1, 2)]


def test_without_points_many_cases_bound_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    many(monkeypatch)
    assert between(edition(item("A", "full", None, rule("2"))), happened("2020-03-01"), of=(1,)) == (None, None)


TWICE = Pricing(on="happenings", each="event", price=F("2"), totals=(F("2"), F("3")), factors={"甲": F("2")})


@pytest.mark.parametrize(("touched", "low", "high"), [
    (item("A", "full", "2.5", TWICE, floor=None), F("-5.5"), F("2.5")),
    (item("A", "full", "2.5", TWICE, floor=F("1"), rounding=Rounding(0, "up")), F("0"), F("3")),
])  # fmt: skip
def test_an_item_that_may_come_to_anything(
    monkeypatch: pytest.MonkeyPatch, touched: Item, low: Fraction, high: Fraction
) -> None:
    many(monkeypatch)
    worst, best = between(edition(touched, floor=None), happened("2020-03-01"), of=(1,))
    assert worst is not None
    assert worst <= low
    assert best == high


@pytest.mark.parametrize(("worth", "most"), [
    (Worth("linear", per=F("2"), each=F("1"), line=Line(number=F("1"))), "8"),
    (Worth("linear", per=F("1"), line=Line(source="mean"), each=F("1")), "4"),
    (Worth("proportional", per=F("3")), "15"),
])  # fmt: skip
def test_a_figure_that_may_earn_anything(monkeypatch: pytest.MonkeyPatch, worth: Worth, most: str) -> None:
    many(monkeypatch)
    rule_by_figure = plus("P")._replace(worth=worth)
    figures = [fact("metric", f"2020-03-0{n}", "P", value=F(str(n)), previous=F("1")) for n in (5, 1)]
    book = edition(item("A", "full", "10"), groups=[group(rule_by_figure)])
    assert between(book, *figures, of=(1, 2)) == (F("10"), F("10") + F(most))


def test_what_compares_units_may_be_moved_by_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    many(monkeypatch)
    placed = plus("R")._replace(
        worth=Worth("places", tiers=((F("1"), F("3")),)), ranking=Ranking((), high_first=True, among="all")
    )
    ranked = item(
        "C",
        "rank",
        "4",
        worth=Worth("places", tiers=((F("1"), F("4")),)),
        ranking=Ranking(("A",), high_first=True, among="all"),
    )
    on_mean = item("D", "metric", "5", worth=below_mean("1", "all", "2"))
    groups = [
        group(
            minus("M", worth=below_mean("1", "all", "2")),
            placed,
            deduction_cap=F("2"),
            gate=Gate("A", F("1"), above=False),
        )
    ]
    book = edition(item("A", "grade", "10"), ranked, on_mean, groups=groups)
    own = [graded("8"), *(fact("metric", "2020-03-01", code, value=F("5")) for code in ("M", "R", "D"))]
    other = [one._replace(points=F("6"), value=F("4")) for one in own]
    found = hangs(book, {"甲": (own, (1, 2, 3, 4)), "乙": (other, ())})
    assert (found["乙"].worst, found["乙"].best) == (F("4"), F("18"))


@pytest.mark.parametrize(("gets", "worst", "best"), [("rescale", "4", "18"), ("spread", "0", "15")])
def test_an_item_that_may_count_after_all_changes_what_the_others_are_worth(
    monkeypatch: pytest.MonkeyPatch, gets: str, worst: str, best: str
) -> None:
    many(monkeypatch)
    book = edition(item("A", "grade", "5", aside=_gets(gets)), item("B", "grade", "5", aside=_gets(gets)))
    assert between(book, ASIDE, graded("4", "B"), of=(1,)) == (F(worst), F(best))
    lowest, highest = between(book, ASIDE, ASIDE._replace(item="B"), of=(1, 2))
    assert lowest == 0
    assert highest is not None
    assert highest >= 10
    assert between(book, ASIDE, graded("4", "B"), graded("3", "B"), of=(3,)) == (F("0"), F("10"))


def test_proven_fraud_that_is_contested(monkeypatch: pytest.MonkeyPatch) -> None:
    zero = ZeroOut("Z", "", "", (), "total", None)
    book = edition(item("A", "full", "10"), item("B", "grade", "5"), zero_out=zero)
    facts = (fact("fraud", "2020-03-01", None), graded("3", "B"))
    assert between(book, *facts, of=(1,)) == (F("0"), F("13"))
    many(monkeypatch)
    assert between(book, *facts, of=(1, 2)) == (F("0"), F("15"))


def test_what_a_unit_owes_to_others_that_are_not_at_hand_may_come_to_anything() -> None:
    on_mean = item("A", "metric", "10", worth=below_mean("1", "all", "2"))
    units: Units = {
        "甲": ((fact("metric", "2020-03-01", value=F("3")), graded("5")), (2,)),
        "乙": ((graded("7"),), ()),
    }
    logs = _logs(units)
    book = edition(on_mean, item("B", "full", "1"))
    found = contests(book, logs[:1], assess(book, logs))
    assert (found["甲"].worst, found["甲"].best, found["乙"].worst) == (F("0"), F("11"), F("8"))
