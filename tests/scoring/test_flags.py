"""Things a person should look at: each flag's code, sentence and facts, and when it stays quiet."""

from __future__ import annotations

import datetime as dt

from gkevents.schemes.model import Line, RosterUnit, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.score import Score
from tests.scoring.made import (
    F,
    below_mean,
    edition,
    english,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    minus,
    plus,
    rule,
    scored,
    table,
)

WORDED = rule("1", when=(("justified", False),))
TWO = edition(item("A", "full", "5", rule("1")), item("B", "full", "5", rule("1")))


def flags(score: Score) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(flag.code, english(flag.message), flag.refs) for flag in score.flags]


def test_what_waits_for_a_word_is_flagged_on_items_and_rules() -> None:
    frozen = edition(
        item("A", "full", "5", WORDED), item("B", "grade", "5", WORDED), groups=[group(minus("M", WORDED))]
    )
    said = [happened("2020-03-09", code, justified=justified) for code in "ABM" for justified in (True, False)]
    waiting = [happened(f"2020-03-0{n}", code) for n, code in enumerate("ABM", 1)]
    assert flags(scored(frozen, *waiting, *said)) == [
        (
            "pending",
            f"r{n} on {code} is not priced until somebody says whether it was justified or serious.",
            (f"r{n}",),
        )
        for n, code in enumerate("ABM", 1)
    ]
    assert flags(scored(frozen, *said)) == []


def test_what_is_priced_by_level_and_has_none_is_flagged_on_items_and_rules() -> None:
    by_level = rule(None, levels=table(city="1"))
    frozen = edition(
        item("A", "full", "5", by_level), item("B", "grade", "5", by_level), groups=[group(minus("M", by_level))]
    )
    score = scored(frozen, *(happened("2020-03-01", code) for code in "ABM"))
    assert flags(score) == [
        (
            "pending",
            f"r{n} on {code} is not priced: the scheme in force prices by level, and none was said.",
            (f"r{n}",),
        )
        for n, code in enumerate("ABM", 1)
    ]
    assert (score.items["A"].score, score.deduction) == (F(5), F(0))
    assert flags(scored(frozen, *(happened("2020-03-01", code, level="city") for code in "ABM"))) == []


def test_a_decision_that_no_longer_fits_is_flagged() -> None:
    frozen = edition(
        item("A", "grade", "5"), item("B", "grade", "5"),
        item("C", "metric", "5", worth=Worth("tiers", ((F("0.5"), F(5)), (F(0), F(1))), reads="share")),
        item("D", "checklist", "5", worth=Worth("each", per=F(1), of=5)),
    )  # fmt: skip
    score = scored(
        frozen, graded("5.5"), graded("5", "B"), fact("metric", "2020-06-30", "C", value=F(85)),
        fact("checklist", "2020-06-30", "D", met=6),
    )  # fmt: skip
    assert flags(score) == [
        (
            "misfit",
            f"r{n} on {code} does not fit the scheme in force; the item is undetermined until it is decided anew.",
            (f"r{n}",),
        )
        for n, code in ((1, "A"), (3, "C"), (4, "D"))
    ]
    assert [item.score for item in score.items.values()] == [None, 5, None, None]
    assert [flag[0] for flag in flags(scored(edition(item("A", "grade", "5")), fact("grade", "2020-06-30")))] == [
        "misfit"
    ]


def test_one_matter_priced_in_two_places_is_flagged() -> None:
    facts = (
        happened("2020-03-01", "A", matter="m"),
        happened("2020-03-02", "B", matter="m"),
        happened("2020-03-03", "A", matter="m"),
    )
    said = "The matter m moves points in more than one place: A, B. If it is one fault, rule one a duplicate."
    assert flags(scored(TWO, *facts, happened("2020-03-04", "A", matter="n"))) == [
        ("same-matter", said, ("r1", "r3", "r2"))
    ]
    assert flags(scored(TWO, facts[0], facts[2], happened("2020-03-02", "B"))) == []


def test_a_matter_that_moves_nothing_is_in_no_place() -> None:
    low = edition(item("A", "full", "5", rule("1")), item("B", "full", "5", rule("1", level_min="city")))
    facts = (happened("2020-03-01", "A", matter="m"), happened("2020-03-02", "B", matter="m", level="county"))
    assert flags(scored(low, *facts)) == []


def test_a_grade_that_names_a_matter_is_a_place_and_a_report_is_none() -> None:
    frozen = edition(
        item("A", "grade", "5"),
        item("B", "metric", "5", worth=Worth("tiers", ((F(0), F(1)),))),
        item("C", "full", "5", rule("1")),
    )
    facts = (graded("3", matter="m"), fact("metric", "2020-06-30", "B", value=F(1), matter="m"))
    assert flags(scored(frozen, *facts)) == []
    said = "The matter m moves points in more than one place: A, C. If it is one fault, rule one a duplicate."
    assert flags(scored(frozen, *facts, happened("2020-03-01", "C", matter="m"))) == [
        ("same-matter", said, ("r1", "r3"))
    ]


def test_two_rules_of_a_group_that_counts_a_matter_once_are_one_place() -> None:
    rules = (
        plus("P", rule("1", "matter", on="praise")), plus("Q", rule("1", "matter", on="praise")), minus("M", rule("1")),
    )  # fmt: skip
    facts = [happened(f"2020-03-0{n}", code, matter="m") for n, code in enumerate("PQ", 1)]
    once, each = (edition(groups=[group(*rules, same_matter=word)]) for word in ("highest", "each"))
    assert flags(scored(once, *facts)) == []
    assert [flag[2] for flag in flags(scored(each, *facts))] == [("r1", "r2")]
    assert flags(scored(each, *facts))[0][1].startswith("The matter m moves points in more than one place: P, Q.")
    both_sides = (*facts, happened("2020-03-03", "M", matter="m"))
    (found,) = flags(scored(once, *both_sides))
    assert (found[0], found[2]) == ("same-matter", ("r1", "r3"))
    assert found[1].startswith("The matter m moves points in more than one place: G bonus, G deduction. If")


def test_one_message_named_on_two_items_is_flagged() -> None:
    facts = (
        happened("2020-03-01", "A", message="w"),
        happened("2020-03-02", "B", message="w"),
        happened("2020-03-03", "A", message="w"),
        happened("2020-03-04", "B", message="v"),
        happened("2020-03-04", "B", key="x"),
        happened("2020-03-04", "A", key="x"),
    )
    said = "The message w is named on more than one item: A, B. If it counts once, rule one a duplicate."
    assert flags(scored(TWO, *facts)) == [("same-message", said, ("r1", "r3", "r2"))]


def test_a_message_may_be_named_by_the_key_of_its_limit() -> None:
    opened = fact("netizen-message", "2020-03-01", "A", key="w", due=dt.date(2020, 3, 31))
    other = happened("2020-03-02", "B", message="w")
    answer = fact("netizen-reply", "2020-03-02", None, key="w")
    assert [flag[2] for flag in flags(scored(TWO, opened, answer, other))] == [("r1", "r3")]
    assert flags(scored(TWO, opened, answer, other, fact("retraction", "2020-04-01", None, of="r3"))) == []
    named = opened._replace(message="v")
    assert flags(scored(TWO, named, answer, other)) == []


def test_an_item_set_aside_where_the_scheme_says_nothing_about_that_is_flagged() -> None:
    frozen = edition(item("A", "grade", "5"), item("B", "grade", "5"))
    aside = fact("not-applicable", "2020-06-30")
    said = "A is said not to concern the unit, but the scheme says nothing about that: take it back and grade it."
    assert flags(scored(frozen, aside, graded("3", "B"))) == [("not-applicable-without-rule", said, ("r1",))]
    ruled = edition(item("A", "grade", "5"), mean_among="all")
    assert flags(scored(ruled, aside)) == []


def test_an_item_set_aside_by_the_scheme_alone_is_not_flagged() -> None:
    left_out = edition(item("A", "grade", "5", others="not-applicable", named=("V",)))
    assert flags(scored(left_out)) == []


def test_a_fact_on_an_item_that_the_scheme_no_longer_has_is_flagged() -> None:
    frozen = edition(item("A", "full", "5", rule("1")), groups=[group(minus("M", rule("1")))])
    said = "r3 is on X, which the scheme in force does not have: it is kept and prices nothing."
    facts = (happened("2020-03-01"), happened("2020-03-02", "M"), happened("2020-03-03", "X"))
    score = scored(frozen, *facts, fact("fraud", "2020-03-04", None))
    assert flags(score) == [("no-such-item", said, ("r3",))]
    assert flags(scored(frozen, *facts, fact("retraction", "2020-04-01", None, of="r3"))) == []


def test_a_unit_that_an_open_list_does_not_name_waits_for_a_decision() -> None:
    open_list = item("A", "grade", "5", others="decide", named=("V",), always=("town",))
    said = "The paper does not name this unit on A: grade it, or record that it does not concern the unit."
    assert flags(scored(edition(open_list), category="office")) == [("undecided", said, ())]
    assert flags(scored(edition(open_list), category="town")) == []
    assert flags(scored(edition(item("A", "grade", "5", others="decide", named=("U",))))) == []
    printed = edition(
        item("A", "grade", "5", others="decide", named=("Printed",)), roster=(RosterUnit("U", "", "Printed"),)
    )
    assert flags(scored(printed)) == []
    assert flags(scored(edition(open_list), graded("3"), category="office")) == []
    assert flags(scored(edition(item("A", "grade", "5", named=("V",))))) == []


def test_a_missing_figure_for_a_rule_on_a_mean_is_flagged() -> None:
    frozen = edition(groups=[group(minus("M", None, below_mean("0.5", "all", "2")), minus("N", rule("1")))])
    said = "No figure for M: nothing is compared with the mean, and nothing deducted."
    assert flags(scored(frozen)) == [("no-figure", said, ())]
    assert flags(scored(frozen, fact("metric", "2020-06-30", "M", value=F(1)))) == []
    unreadable = fact("metric", "2020-06-30", "M", previous=F(1), current=F(1))
    assert flags(scored(frozen, unreadable)) == [("no-figure", said, ())]


def opened(due: dt.date | None, key: str = "k") -> Fact:
    return fact("deadline-opened", "2020-12-01", key=key, due=due, limit="3 working days")


def test_a_limit_beyond_the_published_calendar_is_flagged() -> None:
    said = "The limit k reaches beyond the published calendar: it has no due day until the notice comes."
    facts = (opened(None), opened(dt.date(2020, 12, 9), "j"), fact("deadline-missed", "2020-12-09", key="h"))
    assert flags(scored(TWO, *facts)) == [("calendar-not-published", said, ("r1",))]


def test_a_limit_that_ran_over_the_years_end_is_flagged() -> None:
    said = "The limit k ran out after the year's end: it is priced in the next year's assessment."
    score = scored(TWO, opened(dt.date(2020, 12, 31)), fact("deadline-missed", "2021-01-09", key="k"))
    assert flags(score) == [("priced-next-year", said, ("r1",))]
    known_only_as_a_miss = scored(TWO, fact("deadline-missed", "2021-01-09", key="k", ref="m"))
    assert flags(known_only_as_a_miss) == [("priced-next-year", said, ("k",))]


def test_a_unit_that_marks_itself_is_flagged() -> None:
    frozen = edition(item("A", "grade", "5"), item("B", "grade", "5"))
    facts = (graded("3", by="U"), graded("3", "B", by="office"), graded("3", "B"), happened("2020-03-01", by="U"))
    assert flags(scored(frozen, *facts)) == [("self-assessed", "U marked itself on A.", ("r1",))]
    assert flags(scored(frozen, *facts, fact("retraction", "2020-07-01", None, of="r1"))) == []


def test_flags_come_in_one_order() -> None:
    frozen = edition(
        item("A", "grade", "5"),
        item("B", "full", "5", WORDED),
        item("C", "grade", "5"),
        item("D", "grade", "5", others="decide"),
        groups=[group(minus("M", None, below_mean("0.5", "all", "2")))],
    )
    score = scored(
        frozen,
        graded("6", by="U"),
        happened("2020-03-01", "B"),
        fact("not-applicable", "2020-06-30", "C"),
        happened("2020-03-02", "X"),
        *log(opened(None)),
    )
    assert [flag.code for flag in score.flags] == [
        "pending",
        "misfit",
        "not-applicable-without-rule",
        "undecided",
        "no-figure",
        "calendar-not-published",
        "self-assessed",
        "no-such-item",
    ]


def test_what_waits_for_the_number_of_sub_units_is_flagged_with_what_to_do() -> None:
    shared = edition(item("A", "full", "5", rule("1", averaged=True)))
    said = "r1 on A is not priced until the number of the unit's sub-units is recorded."
    assert flags(scored(shared, happened("2020-03-01"))) == [("pending", said, ("r1",))]
    marked = edition(item("A", "grade", "5", averaged=True))
    asked = "A is an average over the unit's sub-units: record their number, no fewer than are marked."
    assert flags(scored(marked, graded("4", sub_unit="x"))) == [("pending", asked, ())]


def test_an_amount_that_the_scheme_in_force_does_not_allow_is_flagged() -> None:
    ranged = edition(item("A", "full", "10", rule(None, on="amounts", by_assessor=True, between=(F(5), F(10)))))
    said = "r1 on A is not priced: the scheme in force allows no such amount."
    assert flags(scored(ranged, happened("2020-03-01", amount=F(4)))) == [("pending", said, ("r1",))]


def test_a_figure_without_what_it_is_compared_with_is_flagged() -> None:
    worth = Worth("linear", per=F(1), line=Line(source="previous"), each=F(1), costs=True)
    frozen = edition(item("A", "metric", "10", worth=worth))
    said = "What A is compared with is not recorded: record last year's, the parent's or the target figure."
    assert flags(scored(frozen, fact("metric", "2020-06-30", value=F(5)))) == [("no-line", said, ())]
