"""The ledger: every known fact an entry, in the order of the world, and all of it sums to the total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item, Worth, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.score import Score
from gkevents.terms import ZERO
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
    lines,
    mean_of,
    minus,
    plus,
    rule,
    scored,
    shown,
    table,
    together,
    why,
)

CARDS = item("A", "full", "5", rule("1"))
MARK = item("B", "grade", "10")
EVENTS = group(plus("P", rule("2", on="praise")), minus("M", rule("1")))
BOOK = edition(CARDS, MARK, groups=[EVENTS])


def back(of: str) -> Fact:
    return fact("retraction", "2020-12-01", None, of=of)


def check_sum(score: Score) -> None:
    book = ledger(score)
    assert book.start is not None
    assert book.start + sum((entry.applied for entry in book.entries), ZERO) == score.low
    assert score.total in (None, score.low)


def test_entries_stand_in_the_order_of_the_world_with_running_balances() -> None:
    score = scored(
        BOOK, graded("8", "B"), happened("2020-03-04", "M"), happened("2020-03-02", "P"), happened("2020-03-01"),
        happened("2020-03-02"),
    )  # fmt: skip
    assert lines(score) == [
        ("r4", "A", "-1", "-1", "4", "4"), ("r3", "P", "2", "2", "2", "6"), ("r5", "A", "-1", "-1", "3", "5"),
        ("r2", "M", "-1", "-1", "-1", "4"), ("r1", "B", "8", "8", "8", "12"),
    ]  # fmt: skip
    assert shown(ledger(score).start) == "5"
    check_sum(score)


def test_an_entry_says_when_by_whom_and_under_which_clause() -> None:
    mark = graded("8", "B", recorded_by="甲", recorded_at="2020-07-01T09:00:00+08:00")
    score = scored(BOOK, mark, happened("2020-03-02", "P"))
    entry = entry_of(score, "r1")
    assert (entry.position, entry.ref, entry.type, entry.effective_on) == (1, "r1", "grade", dt.date(2020, 6, 30))
    assert (entry.recorded_at, entry.recorded_by) == ("2020-07-01T09:00:00+08:00", "甲")
    assert (entry.item, entry.clause, english(entry.why), entry.caused_by) == (
        "B",
        "clause of B",
        "B is set to 8 of 10 by this.",
        (),
    )
    assert entry_of(score, "r2").clause == "clause of P"
    assert entry_of(score, "r2").type == "occurrence"


def test_a_clause_says_where_it_stands_in_the_published_text() -> None:
    placed = Item("A", "A", "s", "clause", (7, 8), "full", F(5), deduct=(rule("1"),))
    assert entry_of(scored(edition(placed), happened("2020-03-01")), "r1").clause == "clause（公布文本第7、8行）"


def test_a_miss_carries_the_day_after_the_limit_and_the_ref_of_what_made_it_known() -> None:
    opening = fact("deadline-opened", "2020-03-02", key="k", due=dt.date(2020, 3, 5))
    late = fact("deadline-met", "2020-04-09", None, key="k", recorded_by="甲")
    score = scored(edition(CARDS), opening, late)
    assert lines(score) == [("r1", "A", "0", "0", "5", "5"), ("r2", "A", "-1", "-1", "4", "4")]
    entry = entry_of(score, "r2")
    assert (entry.type, entry.effective_on, entry.recorded_by) == ("deadline-met", dt.date(2020, 3, 6), "甲")
    assert english(entry.why) == "Answered only on 2020-04-09, after the limit. Priced at 1."
    next_day = scored(edition(CARDS), opening, late._replace(day=dt.date(2020, 3, 6)))
    assert why(next_day, "r2") == "Priced at 1."


def test_a_miss_recorded_later_than_the_day_after_the_limit_says_nothing_of_an_answer() -> None:
    opening = fact("deadline-opened", "2020-03-02", key="k", due=dt.date(2020, 3, 5))
    score = scored(edition(CARDS), opening, fact("deadline-missed", "2020-04-09", key="k"))
    assert (entry_of(score, "r2").effective_on, why(score, "r2")) == (dt.date(2020, 3, 6), "Priced at 1.")


def test_caps_and_grouping_show_as_what_they_took() -> None:
    frozen = edition(
        item("A", "full", "1.5", rule("1")), groups=[group(plus("P", rule("2", "matter", on="praise")), bonus_cap=F(3))]
    )
    score = scored(
        frozen, happened("2020-03-01"), happened("2020-03-02"), happened("2020-03-03", "P", matter="m"),
        happened("2020-03-04", "P", matter="m"), happened("2020-03-05", "P"),
    )  # fmt: skip
    assert lines(score) == [
        ("r1", "A", "-1", "-1", "0.5", "0.5"), ("r2", "A", "-1", "-0.5", "0", "0"), ("r3", "P", "2", "2", "2", "2"),
        ("r4", "P", "2", "0", "2", "2"), ("r5", "P", "2", "1", "3", "3"),
    ]  # fmt: skip
    assert why(score, "r2") == "Worth 1; the item has 0.5 left to lose."
    assert why(score, "r4") == "The same matter counts once: r3 stands for it."
    assert why(score, "r5") == "Worth 2; the group's cap leaves 1."
    check_sum(score)


def test_ten_cards_at_the_cap_one_taken_back_and_the_swallowed_one_counts() -> None:
    cards = [happened(f"2020-03-{n:02}") for n in range(1, 12)]
    frozen = edition(item("A", "full", "5", rule("0.5")))
    assert why(scored(frozen, *cards), "r11") == "Worth 0.5; the item has 0 left to lose."
    score = scored(frozen, *cards, back("r1"))
    assert (shown(score.total), why(score, "r11")) == ("0", "Priced at 0.5.")
    assert lines(score)[0] == ("r1", "A", "-0.5", "0", "5", "5")


def test_what_was_superseded_or_is_evidence_moves_nothing() -> None:
    score = scored(BOOK, graded("7", "B", on="2020-05-01"), graded("8", "B"), happened("2020-03-01", "B"))
    assert lines(score) == [
        ("r3", "B", "0", "0", "0", "5"),
        ("r1", "B", "7", "0", "0", "5"),
        ("r2", "B", "8", "8", "8", "13"),
    ]


def test_a_grade_without_points_sets_nothing() -> None:
    assert lines(scored(BOOK, fact("grade", "2020-06-30", "B"))) == [("r1", "B", "0", "0", "0", "5")]


def test_without_items_a_ledger_starts_at_an_exact_0() -> None:
    assert (shown(ledger(scored(edition())).start), lines(scored(edition()))) == ("0", [])


def test_a_grade_on_an_item_set_aside_is_kept_with_its_points() -> None:
    score = scored(BOOK, graded("7", "B"), fact("not-applicable", "2020-07-01", "B"))
    assert lines(score) == [("r1", "B", "7", "0", "0", "5"), ("r2", "B", "0", "0", "0", "5")]
    assert why(score, "r2") == "B does not concern the unit."


def test_what_each_rule_beyond_the_items_did_is_told_by_number_and_points() -> None:
    groups = [group(plus("P", rule("2")), minus("M", rule("1")), minus("N", rule("1")))]
    score = scored(
        edition(item("A"), groups=groups), happened("2020-03-01", "M"), happened("2020-03-02", "P"),
        happened("2020-03-03", "M"),
    )  # fmt: skip
    assert score.moved == {"P": (1, F(2)), "M": (2, F(-2))}


def test_while_provisional_the_ledger_sums_to_the_low_bound() -> None:
    score = scored(
        edition(item("A", "grade", "5", rule("1")), item("C", "full", "5", rule("1"))), happened("2020-03-01")
    )
    assert lines(score) == [("r1", "A", "-1", "0", "0", "5")]
    assert why(score, "r1") == "Worth 1; it comes off once the item is graded."
    check_sum(score)


def test_without_points_there_are_entries_without_sums() -> None:
    frozen = edition(item("B", "grade", None), groups=[EVENTS], from_overlay=True)
    score = scored(frozen, graded("7", "B"), happened("2020-03-02", "P"))
    assert lines(score) == [("r2", "P", None, "0", None, None), ("r1", "B", None, "0", None, None)]
    assert ledger(score).start is None


def alone(priced: Edition, one: Fact) -> tuple[str | None, str]:
    """The raw and applied points of a fact that was taken back."""
    score = scored(priced, one, fact("retraction", "2020-12-01", None, of="r1"))
    entry = entry_of(score, "r1")
    return shown(entry.raw), shown(entry.applied) or ""


@pytest.mark.parametrize(
    ("code", "fields", "raw"),
    [
        ("A", {}, "-1"),
        ("A", {"times": 3}, "-3"),
        ("B", {}, "0"),
        ("W", {}, "-2.5"),
        ("L", {"level": "city"}, "-2"),
        ("Y", {"times": 3}, "-1"),
        ("P", {"times": 3}, "6"),
        ("M", {"times": 3}, "-3"),
        ("Q", {"times": 3}, "2"),
        ("N", {"kind": "a"}, "0"),
        ("V", {}, "0"),
        ("X", {}, "0"),
        ("Z", {}, "0"),
    ],
)
def test_what_was_taken_back_shows_what_it_would_have_been_alone(
    code: str, fields: dict[str, object], raw: str
) -> None:
    frozen = edition(
        CARDS,
        MARK,
        item("W", "full", "2.5", rule(None, whole=True)),
        item("L", "full", "5", rule(None, levels=table(city="2"))),
        item("Y", "full", "5", rule("1", "year")),
        groups=[
            EVENTS,
            group(
                plus("Q", rule("2", "matter", on="praise")),
                plus("N", rule("2", "year", on="praise", needs={"a": 1})),
                minus("V", None, below_mean("0.5", "all", "2")),
                minus("X", rule(None, whole=True)),
                code="H",
            ),
        ],
    )
    assert alone(frozen, happened("2020-03-01", code, **fields)) == (raw, "0")


def test_what_was_taken_back_keeps_its_place_in_the_order_of_the_world() -> None:
    score = scored(BOOK, happened("2020-03-01"), happened("2020-03-02"), happened("2020-03-03"), back("r2"))
    assert [line[0] for line in lines(score)] == ["r1", "r2", "r3", "r4"]


def test_a_card_or_a_miss_taken_back_shows_its_price_and_what_nobody_hears_shows_none() -> None:
    first = rule(None, "problem", first=F("0.1"), again=F("0.5"), on="cards")
    frozen = edition(item("A", "full", "5", first, rule("2", on="messages")), groups=[EVENTS])
    assert alone(frozen, fact("supervision-card", "2020-03-01", problems=("p",))) == ("-0.1", "0")
    assert alone(frozen, fact("reply-timeout", "2020-03-01", times=2)) == ("-4", "0")
    assert alone(frozen, happened("2020-03-01")) == ("0", "0")
    assert alone(frozen, fact("criticism", "2020-03-01", "P")) == ("0", "0")
    assert alone(frozen, fact("netizen-reply", "2020-03-01", None, key="k")) == ("0", "0")
    assert alone(frozen, graded("3", "A")) == ("3", "0")
    assert alone(frozen, fact("grade", "2020-03-01", "P")) == ("0", "0")


def test_several_rules_of_an_item_add_up_for_what_was_taken_back() -> None:
    frozen = edition(item("A", "full", None, rule("1"), rule("2"), rule(None, whole=True)))
    assert alone(frozen, happened("2020-03-01"))[0] is None
    assert alone(edition(item("A", "full", "5", rule("1"), rule("2"))), happened("2020-03-01", times=2)) == ("-6", "0")


def test_a_fact_heard_by_two_rules_has_an_entry_for_each() -> None:
    score = scored(edition(item("A", "full", "5", rule("1"), rule("2"))), happened("2020-03-01"))
    assert lines(score) == [("r1", "A", "-1", "-1", "4", "4"), ("r1", "A", "-2", "-2", "2", "2")]


def test_the_cap_on_a_net_takes_from_the_latest_of_the_side_that_broke_it() -> None:
    netted = group(plus("P", rule("4", on="praise")), minus("M", rule("1")), caps="net", bonus_cap=F(5))
    score = scored(
        edition(CARDS, groups=[netted]),
        happened("2020-03-01", "P"),
        happened("2020-03-02", "P"),
        happened("2020-03-03", "M"),
    )
    assert [row[2:4] for row in lines(score)] == [("4", "4"), ("4", "2"), ("-1", "-1")]
    assert why(score, "r2") == "Worth 4; the cap on the net of the group leaves 2."
    check_sum(score)


def test_what_a_decision_that_does_not_fit_would_have_set_is_shown_and_moves_nothing() -> None:
    frozen = edition(
        item("B", "metric", "10", worth=Worth("tiers", ((F("0.5"), F(10)), (F(0), F(1))), reads="share")), CARDS
    )
    score = scored(frozen, fact("metric", "2020-06-30", "B", value=F(85)))
    assert lines(score) == [("r1", "B", "0", "0", "0", "5")]
    assert why(score, "r1") == "Does not fit the scheme in force: B is undetermined."


def test_a_peers_mean_is_an_entry_of_its_own() -> None:
    frozen = edition(item("B", "grade", "10"), CARDS, aside=mean_of("all", "means"))
    aside = fact("not-applicable", "2020-06-30", "B")
    score = together(frozen, {"甲": [graded("7", "B")], "乙": [aside], "丙": [graded("6", "B")]})["乙"]
    assert lines(score) == [("乙r1", "B", "0", "0", "0", "5"), ("peers-mean", "B", "6.5", "6.5", "6.5", "11.5")]
    entry = entry_of(score, "peers-mean")
    assert english(entry.why) == "B does not concern the unit: it gets the mean of the units it concerns, 6.5."
    assert (entry.caused_by, entry.clause, entry.effective_on) == (
        ("乙r1", "甲r1", "丙r1"),
        "means",
        dt.date(2020, 6, 30),
    )
    check_sum(score)


def test_a_mean_that_the_scheme_gives_an_unnamed_unit_has_no_day_and_only_the_others_behind_it() -> None:
    frozen = edition(
        item("B", "grade", "10", others="not-applicable", named=("甲", "丙")), CARDS, aside=mean_of("all", "means"),
    )  # fmt: skip
    score = together(frozen, {"甲": [graded("7", "B")], "乙": [], "丙": [graded("6", "B")]})["乙"]
    assert lines(score) == [("peers-mean", "B", "6.5", "6.5", "6.5", "11.5")]
    entry = entry_of(score, "peers-mean")
    assert (entry.caused_by, entry.clause, entry.effective_on, entry.ref) == (("甲r1", "丙r1"), "means", None, None)
    check_sum(score)


def test_an_undetermined_mean_is_an_entry_at_its_low_bound() -> None:
    frozen = edition(item("B", "grade", "10"), mean_among="all")
    units: dict[str, Sequence[Fact]] = {
        "甲": [graded("7", "B")],
        "乙": [fact("not-applicable", "2020-06-30", "B")],
        "丙": [],
    }
    score = together(frozen, units)["乙"]
    entry = entry_of(score, "peers-mean")
    assert (
        english(entry.why) == "B does not concern the unit: the mean of the units it concerns lies between 3.5 and 8.5."
    )
    assert (shown(entry.raw), shown(entry.applied)) == ("3.5", "3.5")
    check_sum(score)
    assert [line[0] for line in lines(together(frozen, {**units, "甲": []})["乙"])] == ["乙r1"]
    nothing = together(frozen, {"甲": [graded("0", "B")], "乙": units["乙"]})["乙"]
    assert english(entry_of(nothing, "peers-mean").why).endswith("it gets the mean of the units it concerns, 0.")


def test_a_relation_to_the_mean_names_the_figures_of_all() -> None:
    frozen = edition(CARDS, groups=[group(minus("V", None, below_mean("0.5", "all", "2")))])
    metrics = {unit: [fact("metric", "2020-06-30", "V", value=F(value))] for unit, value in (("甲", 1), ("乙", 9))}
    score = together(frozen, metrics)["甲"]
    assert lines(score) == [("甲r1", "V", "-2", "-2", "-2", "3")]
    entry = entry_of(score, "甲r1")
    assert (entry.caused_by, english(entry.why)) == (
        ("甲r1", "乙r1"),
        "The figure is below the share of the units' mean: 2.",
    )


def test_the_floor_is_an_entry_of_its_own() -> None:
    score = scored(edition(item("A", "full", "1"), groups=[EVENTS]), happened("2020-03-01", "M", times=3))
    assert lines(score) == [("r1", "M", "-3", "-3", "-3", "-2"), ("floor", None, "2", "2", None, "0")]
    entry = entry_of(score, "floor")
    assert english(entry.why) == "The total is held at 0; it would be -2."
    assert (entry.caused_by, entry.clause, entry.item) == (("r1",), "", None)
    check_sum(score)


def test_the_ceiling_is_an_entry_too_and_a_total_at_it_is_not() -> None:
    frozen = edition(CARDS, groups=[EVENTS], ceiling=F(7))
    score = scored(frozen, happened("2020-03-01", "P", times=2), happened("2020-03-01", "M", level="city"))
    assert lines(score)[2:] == [("ceiling", None, "-1", "-1", None, "7")]
    assert english(entry_of(score, "ceiling").why) == "The total is held at 7; it would be 8."
    assert entry_of(score, "ceiling").caused_by == ("r1", "r2")
    check_sum(score)
    assert [line[0] for line in lines(scored(frozen, happened("2020-03-01", "P")))] == ["r1"]


def test_zero_out_is_the_last_entry() -> None:
    frozen = edition(CARDS, groups=[EVENTS], zero_out=ZeroOut("Z", "Z", "clause of Z", (), "total", None))
    score = scored(frozen, happened("2020-03-02", "P"), fact("fraud", "2020-03-01", None))
    assert lines(score) == [
        ("r2", None, "0", "0", None, "5"),
        ("r1", "P", "2", "2", "2", "7"),
        ("zero-out", None, "-7", "-7", None, "0"),
    ]
    entry = entry_of(score, "zero-out")
    assert english(entry.why) == "Proven fraud (r2): the total is 0."
    assert (entry.caused_by, entry.clause, entry.effective_on) == (("r2",), "clause of Z", dt.date(2020, 3, 1))
    assert entry_of(score, "r2").clause == "clause of Z"
    check_sum(score)


def test_zero_out_comes_after_the_floor() -> None:
    frozen = edition(groups=[EVENTS], zero_out=ZeroOut("Z", "Z", "clause of Z", (), "total", None), floor=F(1))
    score = scored(frozen, happened("2020-03-02", "M"), fact("fraud", "2020-03-01", None))
    assert lines(score)[2:] == [("floor", None, "2", "2", None, "1"), ("zero-out", None, "-1", "-1", None, "0")]
    assert entry_of(score, "floor").clause == ""
    check_sum(score)


def test_a_zero_out_of_the_band_alone_takes_no_points() -> None:
    frozen = edition(CARDS, zero_out=ZeroOut("Z", "Z", "clause of Z", (), "band", "poor"))
    assert lines(scored(frozen, fact("fraud", "2020-03-01", None))) == [("r1", None, "0", "0", None, "5")]
    total = edition(CARDS, zero_out=ZeroOut("Z", "Z", "clause of Z", (), "total", None))
    assert lines(scored(total, happened("2020-03-01"))) == [("r1", "A", "-1", "-1", "4", "4")]


def test_a_limit_carried_over_has_its_entry_once() -> None:
    opening = fact("deadline-opened", "2019-12-20", key="k", due=dt.date(2019, 12, 31), ref="o", position=1)
    miss = fact("deadline-missed", "2020-01-02", key="k", ref="m", position=2)
    score = scored(edition(CARDS), happened("2020-03-01"), earlier=((2019, [opening, miss]),))
    assert lines(score) == [("m", "A", "-1", "-1", "4", "4"), ("r1", "A", "-1", "-1", "3", "3")]
    check_sum(score)


def test_a_key_used_again_the_year_after_hides_neither_limit() -> None:
    def earlier(year: int) -> tuple[int, list[Fact]]:
        opening = fact(
            "deadline-opened", f"{year}-12-20", key="k", due=dt.date(2019, 12, 31), position=year, ref=f"o{year}"
        )
        return year, [opening, fact("deadline-missed", "2020-01-02", key="k", position=year + 100, ref=f"m{year}")]

    opening = fact("deadline-opened", "2020-03-02", key="k", due=dt.date(2020, 3, 5))
    miss = fact("deadline-missed", "2020-03-06", key="k")
    score = scored(edition(CARDS), opening, miss, earlier=(earlier(2018), earlier(2019)))
    assert list(score.limits) == [limit.key for limit in score.limits.values()] == ["k (2018)", "k (2019)", "k"]
    assert lines(score) == [
        ("m2018", "A", "-1", "-1", "4", "4"), ("m2019", "A", "-1", "-1", "3", "3"), ("r1", "A", "0", "0", "3", "3"),
        ("r2", "A", "-1", "-1", "2", "2"),
    ]  # fmt: skip
    check_sum(score)
    alone = scored(edition(CARDS), earlier=(earlier(2018), earlier(2019)))
    assert list(alone.limits) == ["k", "k (2019)"]
    check_sum(alone)


def test_an_advised_limit_carried_over_says_that_it_has_no_price() -> None:
    opening = fact("deadline-opened", "2019-12-20", "B", key="k", due=dt.date(2019, 12, 31), ref="o", position=1)
    miss = fact("deadline-missed", "2020-01-02", "B", key="k", ref="m", position=2)
    score = scored(edition(MARK), earlier=((2019, [opening, miss]),))
    assert lines(score) == [("m", "B", "0", "0", "0", "0")]
    assert why(score, "m") == "Says that the limit k was missed; it is counted once, or is advice without a price."


def test_an_advised_limit_carried_over_under_a_key_used_again_names_its_year() -> None:
    opening = fact("deadline-opened", "2019-12-20", "B", key="k", due=dt.date(2019, 12, 31), ref="o", position=1)
    miss = fact("deadline-missed", "2020-01-02", "B", key="k", ref="m", position=2)
    again = fact("deadline-opened", "2020-03-02", "B", key="k", due=dt.date(2020, 3, 5), ref="again")
    score = scored(edition(MARK), again, earlier=((2019, [opening, miss]),))
    assert why(score, "m").startswith("Says that the limit k (2019) was missed;")
    assert why(score, "again") == "Opens the limit k, due 2020-03-05."
