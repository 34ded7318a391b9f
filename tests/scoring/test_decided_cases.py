"""What decisions on cases do to a score: overturned, reduced, contested; and what steps say of limits."""

from __future__ import annotations

import datetime as dt

from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.limits import settle, speaks_of
from gkevents.scoring.score import Score
from gkevents.scoring.view import decided, look
from gkevents.terms import ZERO
from tests.scoring.made import (
    NO_CALENDAR,
    YEAR,
    F,
    edition,
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
    why,
)


def step(kind: str, of: str, on: str = "2020-06-01", **fields: object) -> Fact:
    """A step of the case that a fact opened."""
    return fact(kind, on, None, of=of, **fields)


def overturned(of: str, on: str = "2020-06-01") -> Fact:
    return step("case-overturned", of, on)


def reduced(of: str, amount: str, on: str = "2020-06-01") -> Fact:
    return step("case-reduced", of, on, amount=F(amount))


def sums(score: Score) -> bool:
    book = ledger(score)
    return book.start is not None and book.start + sum((line.applied for line in book.entries), ZERO) == score.low


def item_score(score: Score, code: str = "A") -> object:
    return score.items[code].score


THREE = edition(item("A", "full", "5", rule("2", cap=F(3))))


def test_what_a_cap_had_swallowed_counts_again_once_a_case_is_overturned() -> None:
    facts = (happened("2020-03-01"), happened("2020-03-02"))
    assert item_score(scored(THREE, *facts)) == 2
    score = scored(THREE, *facts, overturned("r1"))
    assert item_score(score) == 3
    assert why(score, "r1") == "Overturned by r3: it prices nothing."
    assert why(score, "r3") == "r1 was contested and does not hold."
    assert sums(score)


def test_a_decision_counts_from_its_own_day_on_and_from_when_it_is_known() -> None:
    facts = log(happened("2020-03-01"), overturned("r1", "2020-07-01"))
    for day, stands in (("2020-06-30", True), ("2020-07-01", False)):
        view = look(facts, year=YEAR, as_of=dt.date.fromisoformat(day))
        assert (facts[0] in view.standing) is stands
    assert facts[0] in look(facts, year=YEAR, known_at=1).standing
    assert "r1" not in look(facts, year=YEAR, known_at=1).taken_back


def test_a_decision_taken_back_decides_nothing() -> None:
    back = fact("retraction", "2020-07-01", None, of="r2")
    score = scored(THREE, happened("2020-03-01"), overturned("r1"), back)
    assert item_score(score) == 3
    assert sums(score)


def test_a_winner_overturned_revives_the_next_of_its_matter() -> None:
    book = edition(
        item("A"),
        groups=[group(plus("P", rule(None, each="matter", on="praise", levels=table(city="1", national="3"))))],
    )
    facts = (
        fact("praise", "2020-03-01", "P", matter="m", level="national"),
        fact("praise", "2020-03-02", "P", matter="m", level="city"),
    )  # fmt: skip
    assert scored(book, *facts).bonus == 3
    assert scored(book, *facts, overturned("r1")).bonus == 1
    assert scored(book, *facts, reduced("r1", "0.5")).bonus == 1
    assert scored(book, *facts, reduced("r1", "2")).bonus == 2


def test_the_first_card_of_a_problem_overturned_makes_the_second_the_first() -> None:
    book = edition(item("A", "full", "5", rule(None, each="problem", on="cards", first=F("0.1"), again=F("0.5"))))
    cards = [fact("supervision-card", f"2020-03-0{day}", "A", problems=("p",)) for day in (1, 2)]
    assert item_score(scored(book, *cards)) == F("4.4")
    assert item_score(scored(book, *cards, overturned("r1"))) == F("4.9")


def test_a_mark_overturned_leaves_the_mark_before_it_or_none() -> None:
    book = edition(item("A", "grade", "10"))
    first, second = graded("8", on="2020-03-01"), graded("4", on="2020-04-01")
    assert item_score(scored(book, first, second, overturned("r2"))) == 8
    open_now = scored(book, first, overturned("r1"))
    assert (open_now.total, open_now.low, open_now.high) == (None, F(0), F(10))
    assert sums(open_now)


def test_a_reduced_case_costs_at_most_what_was_decided_before_the_caps() -> None:
    facts = (happened("2020-03-01"), happened("2020-03-02"))
    score = scored(THREE, *facts, reduced("r1", "0.5"))
    assert item_score(score) == F("2.5")
    assert why(score, "r1") == "Reduced by r3: 0.5 is left of it."
    assert why(score, "r3") == "r1 was contested and is reduced."
    assert item_score(scored(THREE, *facts, reduced("r1", "9"))) == 2
    assert sums(score)


def test_a_deduction_swallowed_by_its_matter_counts_what_a_decision_leaves_of_it() -> None:
    rules = [minus("M", rule(None, each="matter", levels=table(county="1", city="2")))]
    rules.append(minus("N", rule("1.5", each="matter")))
    book = edition(item("A"), groups=[group(*rules, same_matter="highest")])
    facts = (happened("2020-03-01", "M", matter="m", level="city"), happened("2020-03-02", "N", matter="m"))
    assert scored(book, *facts).deduction == 2
    assert scored(book, *facts, reduced("r1", "1")).deduction == F("1.5")


def test_what_is_contested_counts_and_is_told() -> None:
    facts = (happened("2020-03-01"), step("case-contested", "r1"))
    score = scored(THREE, *facts)
    assert item_score(score) == 3
    flag = next(flag for flag in score.flags if flag.code == "contested")
    assert flag.refs == ("r1",)
    assert why(score, "r2") == "The unit contests r1."
    for kind in ("case-upheld", "case-overturned"):
        assert not [flag for flag in scored(THREE, *facts, step(kind, "r1")).flags if flag.code == "contested"]


def test_a_case_of_a_fact_that_was_taken_back_means_nothing() -> None:
    back = fact("retraction", "2020-07-01", None, of="r1")
    view = look(log(happened("2020-03-01"), step("case-contested", "r1"), back), year=YEAR)
    assert view.contested == {}
    assert {ref: by.ref for ref, by in view.taken_back.items()} == {"r1": "r3", "r2": "r3"}


def test_the_latest_word_on_a_case_counts() -> None:
    told = decided(log(step("case-contested", "a"), step("case-upheld", "a"), step("case-contested", "b")))
    assert list(told.contested) == ["b"]
    assert told.overturned == told.reduced == told.returned == {}
    assert decided([step("rectification-returned", "a")]).returned == {}


DUTY = edition(item("A", "full", "5", rule("1")))
OPENED = fact("deadline-opened", "2020-03-01", key="k", limit="2020-03-05", due=dt.date(2020, 3, 5))
MISS = fact("deadline-missed", "2020-03-06", key="k", scanned=True, of="r1")


def test_an_overturned_miss_leaves_its_limit_missed_and_costs_nothing_however_it_is_known() -> None:
    late = fact("deadline-met", "2020-03-09", None, key="k")
    for more in ((), (late,)):
        score = scored(DUTY, OPENED, MISS, overturned("r2"), *more)
        assert (score.limits["k"].state, score.limits["k"].breach) == ("missed", None)
        assert item_score(score) == 5
        assert why(score, "r2") == "Overturned by r3: it prices nothing."
        assert sums(score)
    assert why(score, "r4") == "The limit k was missed; it was decided that this costs nothing."
    by_hand = fact("deadline-missed", "2020-03-06", key="k")
    assert item_score(scored(DUTY, by_hand, overturned("r1"))) == 5
    assert item_score(scored(DUTY, by_hand, reduced("r1", "0.25"))) == F("4.75")


def test_a_reduced_miss_costs_what_was_decided_whichever_fact_bears_witness() -> None:
    late = fact("deadline-met", "2020-03-09", None, key="k")
    score = scored(DUTY, OPENED, late, MISS._replace(of="r1"), reduced("r3", "0.5"))
    assert item_score(score) == F("4.5")
    assert sums(score)


ORDER = fact(
    "rectification-ordered", "2020-04-01", None, of="r1", key="r2", limit="2020-04-10", due=dt.date(2020, 4, 10)
)


def report(on: str) -> Fact:
    return fact("rectification-reported", on, None, of="r1", key="r2")


def state_of(*facts: Fact) -> str:
    return settle(look(log(*facts), year=YEAR).standing, NO_CALENDAR)["r2"].state


def test_an_order_to_put_right_is_a_limit_that_a_report_answers_unless_it_is_sent_back() -> None:
    card = happened("2020-03-01")
    back = step("rectification-returned", "r1", "2020-04-08")
    assert state_of(card, ORDER) == "open"
    assert state_of(card, ORDER, report("2020-04-10")) == "met"
    assert state_of(card, ORDER, report("2020-04-07"), back) == "open"
    assert state_of(card, ORDER, report("2020-04-07"), back, report("2020-04-11")) == "missed"
    assert state_of(card, ORDER, report("2020-04-07"), back, report("2020-04-09")) == "met"


def test_an_order_costs_nothing_unless_it_names_an_item() -> None:
    card, miss = (
        happened("2020-03-01", "B"),
        fact("deadline-missed", "2020-04-11", None, key="r2", of="r2", scanned=True),
    )
    score = scored(DUTY, card, ORDER, miss)
    assert (score.limits["r2"].state, item_score(score)) == ("missed", 5)
    score = scored(DUTY, card, ORDER._replace(item="A"), miss._replace(item="A"))
    assert (score.limits["r2"].state, item_score(score)) == ("missed", 4)


def test_what_was_sent_back_says_so_in_the_ledger() -> None:
    back = step("rectification-returned", "r1", "2020-04-08")
    score = scored(DUTY, happened("2020-03-01"), ORDER, report("2020-04-07"), back)
    assert why(score, "r3") == "Sent back by r4: the fault was not put right."
    assert why(score, "r4") == "r1 is not put right yet: the report was sent back."
    assert why(score, "r2") == "Opens the limit r2, due 2020-04-10."


def test_a_retraction_by_a_scan_says_that_the_calendar_was_amended() -> None:
    back = fact("retraction", "2020-04-01", None, of="r2", scanned=True)
    score = scored(DUTY, OPENED, MISS, back)
    assert why(score, "r3") == "Takes back r2: by the amended calendar the limit had not run out."


def test_a_miss_of_an_earlier_limit_under_the_same_key_says_nothing_of_a_later_one() -> None:
    first = fact("deadline-opened", "2020-03-01", key="k", limit="2020-03-05", due=dt.date(2020, 3, 5))
    by_hand = fact("deadline-missed", "2020-03-06", key="k")
    anew = fact("deadline-opened", "2020-06-01", key="k", limit="2020-06-05", due=dt.date(2020, 6, 5))
    back = fact("retraction", "2020-05-01", None, of="r1")
    late = fact("deadline-met", "2020-06-08", None, key="k")
    score = scored(DUTY, first, by_hand, overturned("r2", "2020-04-01"), back, anew, late)
    assert (score.limits["k"].state, item_score(score)) == ("missed", 4)
    assert item_score(scored(DUTY, first, by_hand, reduced("r2", "0.5", "2020-04-01"), back, anew, late)) == 4


def test_hours_tell_the_miss_of_one_limit_from_the_start_of_the_next() -> None:
    opened = fact("deadline-opened", "2020-03-01T09:00:00+08:00", key="k", limit="2 hours")
    before = fact("deadline-missed", "2020-03-01T08:00:00+08:00", key="k")
    after = fact("deadline-missed", "2020-03-01T12:00:00+08:00", key="k")
    assert [speaks_of(miss, opened) for miss in (before, after)] == [False, True]
    assert not speaks_of(after._replace(at=None), opened)


def test_every_miss_of_an_order_falls_with_it_however_the_order_fell() -> None:
    card, by_hand = happened("2020-03-01", "B"), fact("deadline-missed", "2020-04-11", key="r2")
    order = ORDER._replace(item="A")
    assert item_score(scored(DUTY, card, order, by_hand)) == 4
    for of in ("r1", "r2"):
        assert item_score(scored(DUTY, card, order, by_hand, fact("retraction", "2020-05-01", None, of=of))) == 5
