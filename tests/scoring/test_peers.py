"""What a unit takes from the others: the peers' mean, relations to a mean; and the table."""

from __future__ import annotations

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import RosterUnit, Ties
from gkevents.scoring.fact import Fact
from gkevents.scoring.peers import depends_on_peers, movers, rank
from gkevents.scoring.score import Score, price_unit
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
    rule,
    scored,
    shown,
    together,
)

ASIDE = fact("not-applicable", "2020-06-30")
MEAN = edition(item("A", "grade", "5", rule("1")), mean_among="all")


def without_mean() -> Edition:
    return edition(item("A", "grade", "5", rule("1")))


def of_a(score: Score) -> tuple[str | None, ...]:
    item_a = score.items["A"]
    return (shown(item_a.score), shown(item_a.low), shown(item_a.high), shown(item_a.points_max), item_a.state)


def test_an_item_that_does_not_concern_a_unit_gets_the_mean_of_those_it_does() -> None:
    scores = together(
        MEAN, {"甲": [graded("5")], "乙": [ASIDE], "丙": [graded("4"), happened("2020-03-01")], "丁": [ASIDE]}
    )
    assert of_a(scores["乙"]) == ("4", "4", "4", "5", "not-applicable") == of_a(scores["丁"])
    assert of_a(scores["甲"]) == ("5", "5", "5", "5", "graded")
    assert scores["乙"].items["A"].caused_by == ("甲r1", "丙r1", "丙r2")
    assert list(scores) == ["甲", "乙", "丙", "丁"]


def test_the_mean_is_exact() -> None:
    scores = together(MEAN, {"甲": [graded("2")], "乙": [graded("2")], "丙": [graded("1")], "丁": [ASIDE]})
    assert shown(scores["丁"].total) == "5/3"


def test_while_a_peer_is_undetermined_so_is_the_mean_between_the_means_of_the_bounds() -> None:
    scores = together(MEAN, {"甲": [graded("5")], "乙": [ASIDE], "丙": [happened("2020-03-01")]})
    assert of_a(scores["乙"]) == (None, "2.5", "4.5", "5", "not-applicable")
    assert scores["乙"].provisional


def test_where_nobody_is_left_the_item_stays_between_0_and_its_maximum() -> None:
    scores = together(MEAN, {"甲": [ASIDE], "乙": [ASIDE]})
    assert of_a(scores["甲"]) == (None, "0", "5", "5", "not-applicable")


def test_without_a_rule_for_it_no_mean_is_taken() -> None:
    scores = together(without_mean(), {"甲": [graded("5")], "乙": [ASIDE]})
    assert of_a(scores["乙"]) == (None, "0", "5", "5", "not-applicable")


def test_a_mean_is_over_all_or_over_ones_own_category_as_the_scheme_says() -> None:
    units: dict[str, list[Fact]] = {"甲": [graded("5")], "乙": [ASIDE], "丙": [graded("1")], "丁": [ASIDE]}
    categories = {"甲": "town", "乙": "town", "丙": "office", "丁": "office"}
    everywhere = together(MEAN, units, **categories)
    assert (of_a(everywhere["乙"])[0], of_a(everywhere["丁"])[0]) == ("3", "3")
    apart = together(edition(item("A", "grade", "5", rule("1")), mean_among="category"), units, **categories)
    assert (of_a(apart["乙"])[0], of_a(apart["丁"])[0]) == ("5", "1")


def test_only_units_with_the_item_on_their_form_are_peers() -> None:
    frozen = edition(item("A", "grade", "5", only=("town",)), item("B", "grade", "5"), mean_among="all")
    scores = together(
        frozen,
        {
            "甲": [graded("4")],
            "乙": [ASIDE],
            "丙": [graded("1", "B")],
            "丁": [fact("not-applicable", "2020-06-30", "B")],
        },
        甲="town",
        乙="town",
        丙="office",
        丁="office",
    )
    assert of_a(scores["乙"])[0] == "4"
    assert shown(scores["丁"].items["B"].low) == "1/3"


def test_an_unweighted_peer_counts_as_nothing() -> None:
    frozen = edition(item("A", "grade", None), mean_among="all")
    scores = together(frozen, {"甲": [graded("4")], "乙": [ASIDE]})
    assert of_a(scores["乙"]) == (None, None, None, None, "unweighted")


def test_what_set_a_score_is_its_decision_and_every_happening_that_cost() -> None:
    frozen = edition(item("A", "grade", "5", rule("3")))
    facts = [happened(f"2020-03-0{n}") for n in (1, 2, 3)]
    assert movers(scored(frozen, graded("4"), *facts).items["A"]) == ["r1", "r2", "r3"]
    assert movers(scored(frozen, *facts).items["A"]) == []


def related(among: str, share: str = "0.5") -> Edition:
    return edition(groups=[group(minus("M", None, below_mean(share, among, "2")))], floor=None)


def figure(value: str) -> list[Fact]:
    return [fact("metric", "2020-06-30", "M", value=F(value))]


def deductions(scores: dict[str, Score]) -> dict[str, str | None]:
    return {unit: shown(score.deduction) for unit, score in scores.items()}


def test_a_figure_is_compared_with_the_mean_of_those_that_reported_itself_among_them() -> None:
    scores = together(related("all"), {"甲": figure("10"), "乙": figure("70"), "丙": []})
    assert deductions(scores) == {"甲": "2", "乙": "0", "丙": "0"}
    assert scores["甲"].groups[0].charges[0].caused_by == ("甲r1", "乙r1")
    assert shown(scores["甲"].deducted_by_quarter["Q2"]) == "2"
    scores = together(related("all"), {"甲": figure("20"), "乙": figure("60")})
    assert deductions(scores) == {"甲": "0", "乙": "0"}
    scores = together(related("all"), {"甲": figure("19.99"), "乙": figure("60"), "丙": figure("40")})
    assert deductions(scores) == {"甲": "2", "乙": "0", "丙": "0"}


def test_a_figure_may_be_compared_with_its_own_category() -> None:
    units = {"甲": figure("10"), "乙": figure("15"), "丙": figure("90"), "丁": figure("40")}
    categories = {"甲": "town", "乙": "town", "丙": "office", "丁": "office"}
    assert deductions(together(related("category"), units, **categories)) == {
        "甲": "0",
        "乙": "0",
        "丙": "0",
        "丁": "0",
    }
    assert deductions(together(related("all"), units, **categories)) == {"甲": "2", "乙": "2", "丙": "0", "丁": "0"}
    scores = together(related("category", "0.7"), units, **categories)
    assert deductions(scores) == {"甲": "0", "乙": "0", "丙": "0", "丁": "2"}
    assert scores["丁"].groups[0].charges[0].caused_by == ("丙r1", "丁r1")


def test_a_figure_may_be_compared_with_the_others_alone() -> None:
    scores = together(related("others"), {"甲": figure("24"), "乙": figure("60"), "丙": figure("40")})
    assert deductions(scores) == {"甲": "2", "乙": "0", "丙": "0"}
    assert [scores[unit].groups[0].charges[0].caused_by for unit in "甲乙丙"] == [
        ("乙r1", "丙r1"),
        ("甲r1", "丙r1"),
        ("甲r1", "乙r1"),
    ]
    assert (
        deductions(together(related("all"), {"甲": figure("24"), "乙": figure("60"), "丙": figure("40")}))["甲"] == "0"
    )


def test_alone_a_unit_is_never_below_a_mean() -> None:
    assert deductions(together(related("others"), {"甲": figure("0")})) == {"甲": "0"}
    assert deductions(together(related("all"), {"甲": figure("0")})) == {"甲": "0"}


def test_a_figure_that_is_no_ratio_does_not_count_and_costs_nothing() -> None:
    empty = [fact("metric", "2020-06-30", "M", previous=F(1), current=F(1))]
    scores = together(related("all", "0.9"), {"甲": empty, "乙": figure("30"), "丙": figure("20")})
    assert deductions(scores) == {"甲": "0", "乙": "0", "丙": "2"}
    assert scores["丙"].groups[0].charges[0].caused_by == ("乙r1", "丙r1")
    assert scores["甲"].groups[0].charges == ()
    scores = together(related("all", "0.9"), {"甲": [*figure("10"), *empty], "乙": figure("30")})
    assert deductions(scores) == {"甲": "2", "乙": "0"}


def left_out(**roster: str) -> Edition:
    """An edition whose A concerns V and the unit printed as Printed; names of the roster by printed name."""
    units = tuple(RosterUnit(name, "", printed) for printed, name in roster.items())
    named = item("A", "grade", "5", others="not-applicable", named=("V", "Printed"), always=("town",))
    return edition(named, aside=mean_of("all", "means"), roster=units)


def test_an_item_is_set_aside_without_a_fact_for_a_unit_that_the_paper_does_not_name() -> None:
    scores = together(left_out(), {"V": [graded("4")], "U": []})
    assert of_a(scores["U"]) == ("4", "4", "4", "5", "not-applicable")
    assert (scores["U"].items["A"].decided_by, scores["U"].items["A"].caused_by) == (None, ("Vr1",))
    assert shown(scores["U"].total) == "4"
    assert of_a(together(left_out(), {"V": [], "U": []})["U"]) == (None, "0", "5", "5", "not-applicable")


def test_a_grade_says_that_the_item_concerns_the_unit_after_all() -> None:
    scores = together(left_out(), {"V": [graded("4")], "U": [graded("2")], "W": []})
    assert of_a(scores["U"]) == ("2", "2", "2", "5", "graded")
    assert of_a(scores["W"])[0] == "3"
    both = together(left_out(), {"V": [graded("4")], "U": [graded("2"), ASIDE]})
    assert of_a(both["U"]) == ("4", "4", "4", "5", "not-applicable")
    assert both["U"].items["A"].decided_by is not None
    other = together(left_out(), {"V": [graded("4")], "U": [happened("2020-03-01")]})
    assert of_a(other["U"])[4] == "not-applicable"


def test_a_unit_named_by_its_printed_name_or_its_category_is_not_left_out() -> None:
    assert of_a(together(left_out(), {"Printed": []})["Printed"])[4] == "open"
    assert of_a(together(left_out(Printed="U", Other="W"), {"U": []})["U"])[4] == "open"
    assert of_a(together(left_out(Printed="U", Other="W"), {"W": []})["W"])[4] == "not-applicable"
    assert of_a(together(left_out(), {"U": []}, U="town")["U"])[4] == "open"
    assert of_a(together(left_out(), {"U": []}, U="office")["U"])[4] == "not-applicable"


def test_only_the_word_not_applicable_sets_an_item_aside_by_itself() -> None:
    for others in (None, "decide"):
        frozen = edition(item("A", "grade", "5", others=others, named=("V",)), mean_among="all")
        assert of_a(together(frozen, {"U": []})["U"])[4] == "open"


def test_a_score_depends_on_peers_by_a_mean_or_a_relation_only() -> None:
    def depends(frozen: Edition, *facts: Fact) -> bool:
        return depends_on_peers(frozen, price_unit(frozen, UnitLog("U", "", YEAR, log(*facts))))

    assert depends(MEAN, ASIDE)
    assert not depends(MEAN, graded("5"))
    assert not depends(without_mean(), ASIDE)
    assert depends(related("all"), *figure("1"))
    assert not depends(related("all"))


def table(ties: str, marks: dict[str, str | None], **categories: str) -> dict[str, list[tuple[str, int | None]]]:
    frozen = edition(item("A", "grade", "5"), ties=Ties(then=ties))
    units = {unit: [] if mark is None else [graded(mark)] for unit, mark in marks.items()}
    ranked = rank(frozen, together(frozen, units, **categories))
    return {category: [(score.unit, place) for score, place in rows] for category, rows in ranked.items()}


@pytest.mark.parametrize(("ties", "last"), [("1,1,3", 4), ("1,1,2", 3)])
def test_equal_totals_share_a_rank_in_the_order_given(ties: str, last: int) -> None:
    marks: dict[str, str | None] = {"甲": "3", "乙": "5", "丙": None, "丁": "4", "戊": "4"}
    assert table(ties, marks) == {"": [("乙", 1), ("丁", 2), ("戊", 2), ("甲", last), ("丙", None)]}


def test_a_tie_at_the_top_is_shared_too() -> None:
    assert table("1,1,3", {"甲": "0", "乙": "0", "丙": "0"}) == {"": [("甲", 1), ("乙", 1), ("丙", 1)]}
    assert table("1,1,2", {"甲": "0", "乙": "5", "丙": "5"}) == {"": [("乙", 1), ("丙", 1), ("甲", 2)]}
    assert table("1,1,3", {"甲": "0", "乙": "5", "丙": "5"}) == {"": [("乙", 1), ("丙", 1), ("甲", 3)]}


def test_each_category_has_its_own_table() -> None:
    marks: dict[str, str | None] = {"甲": "3", "乙": "5", "丙": "4"}
    assert table("1,1,3", marks, 甲="town", 丙="town", 乙="office") == {
        "town": [("丙", 1), ("甲", 2)],
        "office": [("乙", 1)],
    }


def test_exact_totals_tie_where_they_are_equal() -> None:
    scores = together(
        edition(item("A", "grade", "5"), item("B", "grade", "5"), mean_among="all"),
        {
            "甲": [graded("2"), graded("0", "B")],
            "乙": [graded("2"), graded("0", "B")],
            "丙": [graded("1"), graded("0", "B")],
            "丁": [ASIDE, graded("0", "B")],
            "戊": [ASIDE, graded("0", "B")],
        },
    )
    assert shown(scores["丁"].total) == "5/3"
    assert scores["丁"].total == scores["戊"].total == F(5) / 3
