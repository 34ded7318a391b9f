"""What vetoes hear on items, by kind and by matter; what is so much at once; and limits that concern a second unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.schemes.model import Aside, Item, Line, Veto, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ONE, instant
from tests.scoring.made import (
    NO_CALENDAR,
    YEAR,
    F,
    edition,
    entry_of,
    fact,
    graded,
    happened,
    item,
    log,
    rule,
    scored,
    shown,
    why,
)


def veto(**fields: Any) -> Veto:  # noqa: ANN401
    return Veto("V", "V", "clause of V", (), **{"gives": F(0), **fields})


def vetoed(one: Veto, *facts: Fact) -> str | None:
    return shown(scored(edition(item("A", "full", "10", rule("1")), vetoes=(one,)), *facts).total)


def hits(*matters: str | None, **fields: Any) -> list[Fact]:  # noqa: ANN401
    return [happened(f"2020-03-0{day}", matter=matter, **fields) for day, matter in enumerate(matters, 1)]


def test_a_veto_may_hear_what_is_logged_on_an_item() -> None:
    one = veto(item="A", times=2)
    assert [vetoed(one, *hits(*(None,) * number)) for number in (1, 2, 3)] == ["9", "0", "0"]
    assert vetoed(one, *hits(None, times=2)) == "0"
    assert vetoed(one, happened("2020-03-01", "V", times=5)) == "10"
    score = scored(edition(item("A", "full", "10", rule("1")), vetoes=(one,)), *hits("m", "n"))
    assert entry_of(score, "veto").caused_by == ("r1", "r2")


@pytest.mark.parametrize(
    ("kind", "fires"), [("occurrence", True), ("criticism", True), ("supervision-card", True), ("praise", False)]
)
def test_a_veto_hears_occurrences_criticisms_and_cards(kind: str, fires: bool) -> None:  # noqa: FBT001
    frozen = edition(item("A", "grade", "10"), vetoes=(veto(item="A"),))
    score = scored(frozen, graded("7"), fact(kind, "2020-03-01"))
    assert shown(score.total) == ("0" if fires else "7")


def test_a_veto_may_hear_some_kinds_alone() -> None:
    one = veto(item="A", kinds=frozenset({"x", "y"}))
    assert vetoed(one, *hits(None, kind="y")) == "0"
    assert vetoed(one, *hits(None, kind="z")) == "9"
    assert vetoed(one, *hits(None)) == "9"


def test_a_veto_may_count_within_one_matter() -> None:
    one = veto(item="A", times=2, by_matter=True)
    assert vetoed(one, *hits("m", "n", "m")) == "0"
    assert vetoed(one, *hits("m", "n", None, None)) == "6"
    assert vetoed(one, *hits("m", times=3)) == "7"
    score = scored(edition(item("A", "full", "10", rule("1")), vetoes=(one,)), *hits("m", "n", "m"))
    assert entry_of(score, "veto").caused_by == ("r1", "r3")


def test_a_veto_by_a_score_is_not_fired_by_what_is_logged_on_it() -> None:
    frozen = edition(item("A", "grade", "10"), vetoes=(veto(of="A", below=F(5)),))
    assert shown(scored(frozen, graded("7"), happened("2020-03-01", "V")).total) == "7"


def test_what_is_logged_on_another_unit_fires_no_veto_of_this_one() -> None:
    other = rule("1", other=True)
    frozen = edition(item("A", "full", "10", rule("1"), other), vetoes=(veto(item="A"),))
    facts = log(happened("2020-03-01", other_unit="乙"))
    scores = assess(frozen, [UnitLog(unit, "", YEAR, facts if unit == "甲" else []) for unit in "甲乙"])
    assert [shown(score.total) for score in scores.values()] == ["0", "9"]


def no_line(score: Score) -> list[str]:
    return [flag.code for flag in score.flags if flag.code == "no-line"]


def test_a_veto_over_years_asks_for_the_year_before_only_where_this_year_is_low() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(of="total", below=F(60), years=2),))
    assert no_line(scored(frozen, graded("60"))) == []
    assert no_line(scored(frozen, graded("59"))) == ["no-line"]
    assert no_line(scored(frozen)) == ["no-line"]
    past = fact("metric", "2020-01-02", "V", value=F(70), for_year=2019)
    assert no_line(scored(frozen, graded("59"), past)) == []
    once = edition(item("A", "grade", "100"), vetoes=(veto(of="total", below=F(60)),))
    assert no_line(scored(once, graded("59"))) == []


@pytest.mark.parametrize("above", [True, False])
def test_so_much_may_come_at_once_when_a_line_is_crossed(above: bool) -> None:  # noqa: FBT001
    worth = Worth("linear", per=ONE, line=Line(F(5)), above=above, each=F(2), at_once=F(3), costs=True)

    def total(figure: str) -> str | None:
        frozen = edition(item("A", "metric", "10", worth=worth))
        return shown(scored(frozen, fact("metric", "2020-06-30", value=F(figure))).total)

    beyond = ("5", "5.5", "7", "9") if above else ("5", "4.5", "3", "1")
    assert [total(figure) for figure in beyond] == ["10", "7", "6", "5"]
    assert total("4" if above else "6") == "10"


DUE = dt.date(2020, 3, 5)


def limit(key: str, answered: str | None, **words: Any) -> list[Fact]:  # noqa: ANN401
    """A limit of 2 March that ends on 5 March and names another unit, with its answer or the miss recorded."""
    given = {"key": key, "limit": "3 working days", "due": DUE, "other_unit": "乙", **words}
    closing = (
        fact("deadline-missed", "2020-03-06", key=key)
        if answered is None
        else fact("deadline-met", answered, None, key=key)
    )
    return [fact("deadline-opened", "2020-03-02", **given), closing]


def both(one: Item, *facts: Fact, **how: Any) -> dict[str, Score]:  # noqa: ANN401
    """Three units, everything logged on 甲."""
    frozen = edition(one)
    logs = [UnitLog(unit, "", YEAR, log(*facts) if unit == "甲" else []) for unit in "甲乙丙"]
    return assess(frozen, logs, **how)


def totals(scores: dict[str, Score]) -> list[str | None]:
    return [shown(score.total) for score in scores.values()]


MISSES = item("A", "full", "100", rule("10", on="messages", other=True))


@pytest.mark.parametrize("answered", [None, "2020-03-09"])
def test_a_limit_missed_on_one_unit_costs_the_one_it_names(answered: str | None) -> None:
    scores = both(MISSES, *limit("k", answered))
    assert totals(scores) == ["100", "90", "100"]
    (charge,) = scores["乙"].items["A"].charges
    assert (charge.fact.day, charge.fact.from_unit) == (dt.date(2020, 3, 6), "甲")
    assert totals(both(MISSES, *limit("k", answered), as_of=DUE)) == ["100", "100", "100"]
    assert totals(both(MISSES, *limit("k", answered, other_unit=None))) == ["100", "100", "100"]
    assert totals(both(MISSES, *limit("k", "2020-03-05"))) == ["100", "100", "100"]


def test_a_miss_by_hand_costs_the_unit_it_names() -> None:
    by_hand = fact("deadline-missed", "2020-03-06", other_unit="乙")
    assert totals(both(MISSES, by_hand)) == ["100", "90", "100"]
    keyed = by_hand._replace(key="k")
    assert totals(both(MISSES, keyed)) == ["100", "90", "100"]


def test_a_limit_that_runs_out_after_the_year_costs_nobody_in_it() -> None:
    late = limit("k", "2020-12-31", due=dt.date(2020, 12, 31))
    assert totals(both(MISSES, *late)) == ["100", "100", "100"]
    next_year = [late[0], fact("deadline-met", "2021-01-04", None, key="k")]
    assert totals(both(MISSES, *next_year)) == ["100", "100", "100"]


def test_a_limit_kept_on_one_unit_earns_for_the_one_it_names() -> None:
    gained = both(item("A", "zero", "100", add=(rule("4", on="kept", other=True),)), *limit("k", "2020-03-05"))
    assert totals(gained) == ["0", "4", "0"]
    assert why(gained["乙"], "r2") == "Logged on 甲, which names this unit. Priced at 4."


def test_a_second_unit_hears_of_a_limit_by_the_calendar_as_known_now() -> None:
    opening, answer = limit("k", "2020-03-06", calendar="old", limit="2020-03-10")
    assert totals(both(MISSES, opening, answer)) == ["100", "90", "100"]
    assert totals(both(MISSES, opening, answer, calendar=NO_CALENDAR)) == ["100", "100", "100"]


def test_a_second_unit_hears_of_a_miss_on_its_own_day_and_not_before() -> None:
    noon = instant("2020-03-05T12:00:00+08:00")
    opening, _ = limit("k", "2020-03-05", due=noon)
    answer = fact("deadline-met", "2020-03-05T13:00:00+08:00", None, key="k")
    assert totals(both(MISSES, opening, answer)) == ["100", "90", "100"]
    assert totals(both(MISSES, opening, answer, as_of=DUE)) == ["100", "100", "100"]


def test_a_veto_by_the_score_of_an_item_that_is_not_counted_does_not_fire() -> None:
    items = (item("A", "full", "10"), item("B", "full", "10"))
    frozen = edition(
        *items, aside=Aside("rescale", "all", F(1), "total", "clause of it"), vetoes=(veto(of="A", below=F(11)),)
    )
    assert shown(scored(frozen).total) == "0"
    aside = scored(frozen, fact("not-applicable", "2020-03-01"))
    assert (aside.vetoes, shown(aside.total)) == ((), "20")
