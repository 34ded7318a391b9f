"""The sentence of every entry: why a fact did, or did not do, something."""

from __future__ import annotations

import datetime as dt

import pytest

from gkevents.schemes.model import Worth, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.pricing import Charge
from gkevents.scoring.reasons import charge_reason, fact_reason
from gkevents.scoring.score import Score
from tests.scoring.made import (
    F,
    below_mean,
    edition,
    english,
    entry_of,
    fact,
    graded,
    group,
    happened,
    item,
    log,
    minus,
    rule,
    scored,
    why,
)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("priced", "Priced at 3."),
        ("repeated", "The same problem again: priced at 3."),
        ("tier", "Priced at 3: the scheme prices the number of them as a whole."),
        ("same-matter", "The same matter counts once: r9 stands for it."),
        ("once-a-year", "Counts once a year: r9 stands for it."),
        ("cap", "Worth 3; the rule's cap leaves 1.5."),
        ("item-cap", "Worth 3; the item has 1.5 left to lose."),
        ("group-cap", "Worth 3; the group's cap leaves 1.5."),
        ("ungraded", "Worth 3; it comes off once the item is graded."),
        ("condition-not-met", "Not priced: the rule asks for something else (justified, serious) than was said."),
        ("pending", "Not priced until somebody says whether it was justified or serious."),
        ("no-level", "Not priced until its level is said: the price depends on it."),
        ("no-price", "Not priced: no points have been decided for this rule."),
        ("below-level", "Not priced: its level is below the lowest that the rule prices."),
        ("condition-incomplete", "Counts towards the condition, which is not complete with it."),
        ("condition-complete", "Completes the condition: 3."),
        ("not-applicable", "Not priced: the rule is said not to concern the unit."),
        ("below-mean", "The figure is below the share of the units' mean: 3."),
        ("not-below-mean", "The figure is not below the share of the units' mean."),
    ],
)
def test_a_charge_says_what_happened_to_it(kind: str, sentence: str) -> None:
    (one,) = log(happened("2020-03-01"))
    assert english(charge_reason(Charge(one, "A", F(4), F(3), F("1.5"), kind, "r9"))) == sentence


def test_a_reason_holds_what_it_says_and_no_more() -> None:
    (one,) = log(happened("2020-03-01"))
    held = {
        "priced": {"worth": "3"}, "cap": {"worth": "3", "applied": "2"}, "same-matter": {"by": ""},
        "eased": {"worth": "3", "by": ""}, "pending": {},
    }  # fmt: skip
    assert {kind: charge_reason(Charge(one, "A", F(4), F(3), F(2), kind)).values for kind in held} == held


MARK = edition(item("A", "grade", "5"))
CARDS = edition(item("A", "full", "5", rule("1")))


def test_what_takes_back_and_what_is_taken_back_name_each_other() -> None:
    taken = scored(CARDS, happened("2020-03-01"), fact("retraction", "2020-03-02", None, of="r1"))
    assert why(taken, "r1") == "Taken back by r2: as if it had never been."
    assert why(taken, "r2") == "Takes back r1."
    ruled = scored(CARDS, happened("2020-03-01"), fact("duplicate-ruling", "2020-03-02", None, of="r1"))
    assert why(ruled, "r1") == "Ruled a duplicate by r2: it prices nothing."
    assert why(ruled, "r2") == "Rules r1 a duplicate."


def test_a_fact_outside_the_question_is_kept_and_not_counted() -> None:
    score = scored(CARDS, happened("2020-03-01"), as_of=dt.date(2020, 2, 1))
    assert why(score, "r1") == "Dated outside what this score looks at: kept, not counted."


def test_fraud_points_to_the_zero_out() -> None:
    frozen = edition(item("A", "grade", "5"), zero_out=ZeroOut("Z", "Z", "Z", (), "total", None))
    assert (
        why(scored(frozen, fact("fraud", "2020-03-01", None)), "r1")
        == "Proven fraud: the scheme's zero-out follows from it."
    )


def opened(due: dt.date | None = dt.date(2020, 3, 5), on: str = "2020-03-02", **fields: object) -> Fact:
    return fact("deadline-opened", on, key="k", due=due, limit="3 working days", **fields)


def test_an_opening_says_when_its_limit_ends() -> None:
    assert why(scored(CARDS, opened()), "r1") == "Opens the limit k, due 2020-03-05."
    assert why(scored(CARDS, opened(None)), "r1") == "Opens the limit k, due not known yet: calendar not published."
    message = fact("netizen-message", "2020-03-02", key="k", due=dt.date(2020, 3, 5))
    assert why(scored(CARDS, message), "r1") == "Opens the limit k, due 2020-03-05."


def test_one_key_on_two_items_opens_two_limits_each_with_its_own_end() -> None:
    frozen = edition(item("A", "full", "5", rule("1")), item("B", "full", "5", rule("1")))
    other = fact("netizen-message", "2020-03-02", "B", key="k", due=dt.date(2020, 3, 11))
    score = scored(frozen, opened(), other)
    assert why(score, "r1") == "Opens the limit k, due 2020-03-05."
    assert why(score, "r2") == "Opens the limit k (B), due 2020-03-11."


def test_an_answer_in_time_takes_the_recorded_miss_back() -> None:
    for miss, met in (("deadline-missed", "deadline-met"), ("reply-timeout", "netizen-reply")):
        score = scored(CARDS, opened(), fact(miss, "2020-03-06", key="k"), fact(met, "2020-03-05", None, key="k"))
        assert why(score, "r2") == "An answer in time takes this miss back."
        assert why(score, "r3") == "In time: the limit k is kept."
        assert why(score, "r1") == "Opens the limit k, due 2020-03-05."


def test_a_miss_already_counted_or_only_advised_says_so() -> None:
    said = "Says that the limit k was missed; it is counted once, or is advice without a price."
    score = scored(
        CARDS,
        opened(),
        fact("deadline-missed", "2020-03-06", key="k"),
        fact("deadline-met", "2020-03-09", None, key="k"),
    )
    assert why(score, "r2") == "Priced at 1."
    assert why(score, "r3") == "Answers the limit k, but only after it had ended."
    advised = scored(MARK, opened(), fact("deadline-missed", "2020-03-06", key="k"))
    assert why(advised, "r2") == said


def test_a_limit_that_ran_over_the_years_end_belongs_to_the_next() -> None:
    late = scored(CARDS, opened(dt.date(2020, 12, 31)), fact("deadline-met", "2021-01-09", None, key="k"))
    assert why(late, "r2") == "The limit k ran out after the year's end: it belongs to the next year."
    missed = scored(CARDS, opened(dt.date(2020, 12, 31)), fact("deadline-missed", "2021-01-09", key="k"))
    assert why(missed, "r2") == "The limit k ran out after the year's end: it belongs to the next year."
    assert why(missed, "r1") == "Opens the limit k, due 2020-12-31."


def test_an_answer_to_a_limit_taken_back_has_nothing_to_speak_of() -> None:
    score = scored(
        CARDS,
        opened(),
        fact("deadline-met", "2020-03-05", None, key="k"),
        fact("retraction", "2020-03-06", None, of="r1"),
    )
    assert why(score, "r2") == "Speaks of a limit that no longer stands."


def test_a_late_answer_carried_over_from_last_year_is_priced_here() -> None:
    opening = opened(dt.date(2019, 12, 31), "2019-12-20", ref="o", position=1)
    late = fact("deadline-met", "2020-01-09", None, key="k", ref="late", position=2)
    score = scored(CARDS, earlier=((2019, [opening, late]),))
    entry = entry_of(score, "late")
    assert (english(entry.why), entry.effective_on) == ("Priced at 1.", dt.date(2020, 1, 1))


def test_an_item_set_aside_says_so_and_keeps_what_else_is_recorded() -> None:
    score = scored(MARK, graded("3"), fact("not-applicable", "2020-07-01"))
    assert why(score, "r1") == "Kept, not priced: A does not concern the unit."
    assert why(score, "r2") == "A does not concern the unit."


def test_an_item_without_points_waits_for_its_overlay() -> None:
    score = scored(edition(item("A", "grade", None)), graded("3"), fact("not-applicable", "2020-07-01"))
    assert why(score, "r1") == "Noted: A has no points until an overlay is decided."
    assert why(score, "r2") == "A does not concern the unit."


def test_a_superseded_figure_for_a_rule_on_a_mean_is_kept() -> None:
    frozen = edition(groups=[group(minus("M", None, below_mean("0.5", "all", "2")))])
    score = scored(frozen, fact("metric", "2020-06-01", "M", value=F(1)), fact("metric", "2020-06-02", "M", value=F(1)))
    assert why(score, "r1") == "A figure for M, compared with the other units or superseded."
    assert why(score, "r2") == "The figure is not below the share of the units' mean."


def test_a_grade_that_does_not_fit_says_so_and_so_does_the_one_before_it() -> None:
    score = scored(MARK, graded("3", on="2020-06-01"), graded("6"))
    assert why(score, "r1") == "Superseded by a later mark that does not fit the scheme in force."
    assert why(score, "r2") == "Does not fit the scheme in force: A is undetermined."


def test_a_superseded_decision_names_the_one_in_force() -> None:
    score = scored(MARK, graded("3", on="2020-06-01"), graded("4"))
    assert why(score, "r1") == "Superseded by r2."
    assert why(score, "r2") == "A is set to 4 of 5 by this."
    counted = edition(item("A", "count", "5", worth=Worth("tiers", ((F(0), F(1)),))))
    assert why(scored(counted, fact("confirmation", "2020-06-01"), graded("4")), "r1") == "Superseded by r2."


def test_a_superseded_report_names_the_one_in_force() -> None:
    figured = edition(item("A", "metric", "5", worth=Worth("tiers", ((F(0), F(1)),))))
    score = scored(figured, fact("metric", "2020-06-01", value=F(1)), fact("metric", "2020-06-02", value=F(1)))
    assert why(score, "r1") == "Superseded by r2."
    listed = edition(item("A", "checklist", "5", worth=Worth("each", per=F(1), of=5)))
    assert why(scored(listed, fact("checklist", "2020-06-01", met=1), graded("4")), "r1") == "Superseded by r2."
    assert (
        why(scored(listed, fact("metric", "2020-06-01", value=F(1))), "r1")
        == "Evidence for the assessor: shown, not priced."
    )


def test_a_figure_on_a_marked_item_is_held_against_its_threshold() -> None:
    def metric(threshold: str | None, **figures: F) -> Score:
        return scored(MARK, fact("metric", "2020-06-01", threshold=threshold, **figures))

    reaches = "Evidence: 0.8 reaches 80%. The mark is the assessor's."
    assert why(metric("80%", value=F("0.8")), "r1") == reaches
    assert why(metric("80%", numerator=F(4), denominator=F(5)), "r1") == reaches
    assert why(metric("80%", value=F("0.79")), "r1") == "Evidence: 0.79 stays below 80%. The mark is the assessor's."
    assert why(metric("80%", previous=F(1), current=F(1)), "r1") == "Evidence for the assessor: shown, not priced."
    assert why(metric(None, value=F(1)), "r1") == "Evidence for the assessor: shown, not priced."


def test_what_is_counted_waits_for_the_confirmation() -> None:
    counted = edition(item("A", "count", "5", worth=Worth("tiers", ((F(0), F(1)),))))
    assert (
        why(scored(counted, happened("2020-03-01")), "r1")
        == "Counted; the number decides once the log is confirmed complete."
    )
    confirmed = scored(counted, happened("2020-03-01"), fact("confirmation", "2020-06-01"))
    assert why(confirmed, "r1") == "Counted; r2 decided the item."
    assert why(confirmed, "r2") == "A is set to 1 of 5 by this."


def test_anything_else_on_a_marked_item_is_evidence() -> None:
    assert why(scored(MARK, happened("2020-03-01")), "r1") == "Evidence for the assessor: shown, not priced."
    assert (
        why(scored(MARK, fact("reply-timeout", "2020-03-01")), "r1") == "Evidence for the assessor: shown, not priced."
    )
    assert why(scored(MARK, happened("2020-03-01", key="k")), "r1") == "Evidence for the assessor: shown, not priced."


def test_a_fact_on_an_item_the_form_does_not_have_is_only_kept() -> None:
    score = scored(MARK)
    (stray,) = log(happened("2020-03-01", None, key="k"))
    assert english(fact_reason(score, stray, stands=True)) == "Kept, not priced: the scheme in force has no item None."
    dropped = scored(MARK, happened("2020-03-01", "X"))
    assert why(dropped, "r1") == "Kept, not priced: the scheme in force has no item X."


def test_what_a_rule_beyond_the_items_does_not_hear_says_that_it_moves_nothing() -> None:
    named = minus("M", rule("1", kinds=frozenset({"x"}), eased={"mended": F("0.5")}))
    score = scored(edition(item("A", "full", "5"), groups=[group(named)]), happened("2020-03-01", "M", kind="y"))
    assert why(score, "r1") == "Moves no points of this unit."
    mended = scored(score.edition, happened("2020-03-01", "M", kind="mended", matter="m"))
    assert why(mended, "r1") == "Eases what was logged on the matter m before."


def test_what_a_unit_says_of_itself_moves_nothing_and_is_shown() -> None:
    frozen = edition(item("A", "grade", "5"), item("B", "full", "5", rule("1")))
    said = [fact("self-assessment", "2020-11-01", code, points=F("4.5")) for code in ("A", "B")]
    bare, score = scored(frozen), scored(frozen, *said)
    assert (score.low, score.high, score.total) == (bare.low, bare.high, None) == (F(5), F(10), None)
    lines = [entry for entry in ledger(score).entries if entry.type == "self-assessment"]
    assert [(entry.item, str(entry.applied)) for entry in lines] == [("A", "0"), ("B", "0")]
    assert {entry.why.template for entry in lines} == {
        "What the unit says of itself: shown beside the mark, not priced."
    }
    graded_too = scored(frozen, *said, graded("3"))
    assert graded_too.items["A"].score == 3
