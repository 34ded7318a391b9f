"""The oracle, and the core with it, against sums done by hand: what was decided on cases, and what is contested."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gkevents.aggregates.stored import fact_of
from gkevents.oracle.reckoning import reckon
from gkevents.oracle.world import Fact
from gkevents.scoring.contest import contests
from gkevents.scoring.peers import assess
from gkevents.scoring.unit import UnitLog

from . import hand
from .agreement import full_calendar
from .hand import CALENDAR, F, Sheet, beyond, done, event, fact, figure, group, item, scheme
from .log_agreement import worked_out
from .scheme_writer import text_of
from .stored import as_stored
from .wide_agreement import content_of, differing, edition
from .wide_writer import WideCase

DAY = date(2020, 6, 30)


def ask(written: Sheet, *facts: Fact, units: str | dict[str, str] = "U", **how: Any) -> dict[str, Sheet]:  # noqa: ANN401
    """What the oracle says, once the core says the same."""
    sheets = hand.ask(written, *facts, units=units, **how)
    named = dict.fromkeys(units, "") if isinstance(units, str) else units
    rows = [{"ref": f"f{n}", "unit": next(iter(named))} | row for n, row in enumerate(facts, 1)]
    text = text_of(written)
    frozen = edition(WideCase("hand", 2020, named, None, [], text=text, content=content_of(text)))
    known = [worked_out(fact_of(row, position=n, recorded_at="")) for n, row in enumerate(as_stored(rows), 1)]
    logs = [
        UnitLog(unit, category, 2020, [one for one, row in zip(known, rows, strict=True) if row["unit"] == unit])
        for unit, category in named.items()
    ]
    scores = assess(frozen, logs, calendar=full_calendar(), **how)
    assert differing(frozen, scores, sheets) == []
    held = contests(frozen, logs, scores, calendar=full_calendar(), **how)
    sure = {unit: (list(one.refs), one.confirmed, one.confirmed_low, one.confirmed_high) for unit, one in held.items()}
    told = {unit: tuple(sheet[name] for name in CONTEST) for unit, sheet in sheets.items()}
    assert sure == (told if held else {})
    return sheets


CONTEST = ("contested", "confirmed", "confirmed_low", "confirmed_high")


def step(kind: str, on: str, of: str, /, **fields: Any) -> Fact:  # noqa: ANN401
    when = "effective_at" if "T" in on else "effective_on"
    return {"type": kind, when: on, "of": of} | fields


def decided(of: str, word: str, on: str = "2020-06-20", **fields: Any) -> list[Fact]:  # noqa: ANN401
    """A fact that was told, contested and decided."""
    told = [step("case-notified", "2020-06-01", of), step("case-contested", "2020-06-05", of, reason="样例")]
    return [*told, step(f"case-{word}", on, of, by="复核人", reason="样例", **fields)]


def score(rule: Sheet, *facts: Fact, points: str = "10", **how: Any) -> object:  # noqa: ANN401
    """The score of one item of one unit."""
    return ask(scheme(item("A", points, rule)), *facts, **how)["U"]["items"]["A"]["score"]


def limits(rule: Sheet, *facts: Fact, **how: Any) -> dict[str, tuple[object, object]]:  # noqa: ANN401
    """The item and the state of each limit."""
    found = ask(scheme(item("A", "10", rule)), *facts, **how)["U"]["deadlines"]
    return {key: (one["item"], one["state"]) for key, one in found.items()}


def test_what_is_overturned_gives_back_what_a_cap_had_swallowed() -> None:
    five = [done(f"2020-0{n}-10") for n in range(1, 6)]
    rule = event(price="2", cap="6")
    answer = ask(scheme(item("A", "10", rule)), *five, *decided("f1", "overturned"))["U"]
    assert answer["items"]["A"]["score"] == 4
    assert answer["deducted_by_quarter"] == {"Q1": 4, "Q2": 2}
    assert score(rule, *five[:3], *decided("f1", "overturned")) == 6
    assert score(rule, *five[:3], *decided("f1", "upheld")) == 4


def test_a_decision_counts_from_its_own_day_and_from_its_position_on() -> None:
    facts = [done("2020-03-10"), *decided("f1", "overturned", "2020-07-02")]
    assert [score(event(), *facts, as_of=day) for day in (DAY, date(2020, 7, 2), None)] == [9, 10, 10]
    assert [score(event(), *facts, known_at=known) for known in (1, 3, 4)] == [9, 9, 10]
    after = [done("2020-12-31"), *decided("f1", "overturned", "2021-02-02")]
    assert [score(event(), *after), score(event(), *after, as_of=date(2020, 12, 31))] == [10, 9]


def test_a_step_or_the_fact_itself_may_be_taken_back_and_stand_again() -> None:
    facts = [done("2020-03-10"), *decided("f1", "overturned"), done("2020-04-10")]
    back = [fact_back("f4"), fact_back("f6"), fact_back("f1", scanned=True)]
    assert [score(event(), *facts, *back[:many]) for many in range(4)] == [9, 8, 9, 9]
    without = [done("2020-03-10"), *decided("f1", "upheld"), fact_back("f1"), fact_back("f5")]
    assert [score(event(), *without[:many]) for many in (4, 5, 6)] == [9, 10, 9]


def fact_back(of: str, **more: Any) -> Fact:  # noqa: ANN401
    return step("retraction", "2020-12-01", of, reason="样例", **more)


def test_a_repeated_card_becomes_the_first_and_the_loser_of_a_matter_counts_again() -> None:
    again = {"start": "full", "deduct": [{"on": "cards", "each": "problem", "price": {"first": "1", "again": "3"}}]}
    two = [fact("supervision-card", f"2020-0{n}-01", "A", problem="P1") for n in (1, 2)]
    assert [score(again, *two), score(again, *two, *decided("f1", "overturned"))] == [6, 9]
    assert score(again, *two, *decided("f1", "reduced", amount="0")) == 7
    rule = event(each="matter", price={"city": "2", "county": "1"})
    loud, low = (done(f"2020-0{n}-01", matter="M", level=level) for n, level in ((1, "city"), (2, "county")))
    assert [score(rule, loud, low), score(rule, loud, low, *decided("f1", "overturned"))] == [8, 9]


def test_an_overturned_mark_gives_way_to_the_one_before_it_or_leaves_the_item_open() -> None:
    marks = [fact("grade", f"2020-0{n}-01", "A", points=str(n)) for n in (3, 5)]
    rule = {"start": "grade"}
    assert [score(rule, *marks), score(rule, *marks, *decided("f2", "overturned"))] == [5, 3]
    answer = ask(scheme(item("A", "10", rule)), marks[0], *decided("f1", "overturned"))["U"]
    assert (answer["total"], answer["items"]["A"]["state"], answer["high"]) == (None, "open", 10)
    worth = {"start": "metric", "worth": {"tiers": [{"from": "0", "points": "0"}, {"from": "0.8", "points": "10"}]}}
    assert score(worth, figure("0.9"), figure("0.5"), *decided("f2", "overturned")) == 10
    aside = [marks[0], fact("not-applicable", "2020-06-01", "A")]
    sheets = ask(scheme(item("A", "10", rule)), *aside, *decided("f2", "overturned"))
    assert sheets["U"]["items"]["A"]["state"] == "graded"


def missed(key: str | None, on: str = "2020-03-20", **more: Any) -> Fact:  # noqa: ANN401
    return fact("deadline-missed", on, "A", **({} if key is None else {"key": key}), **more)


def opened(key: str, limit: str = "2020-03-10", on: str = "2020-03-02", **more: Any) -> Fact:  # noqa: ANN401
    return fact("deadline-opened", on, "A", key=key, limit=limit, **more)


def test_an_overturned_miss_leaves_its_limit_missed_and_costs_nothing() -> None:
    facts = [opened("k"), missed("k"), *decided("f2", "overturned")]
    assert (score(event(), *facts), limits(event(), *facts)) == (10, {"k": ("A", "missed")})
    twice = [*facts, missed("k", "2020-03-25"), step("deadline-met", "2020-04-01", "", key="k")]
    assert (score(event(), *twice), limits(event(), *twice)) == (10, {"k": ("A", "missed")})
    assert score(event(), *facts, as_of=date(2020, 6, 19)) == 9
    in_time = [*facts, step("deadline-met", "2020-03-09", "", key="k")]
    assert limits(event(), *in_time) == {"k": ("A", "met")}
    alone = [missed("x"), *decided("f1", "overturned")]
    assert (score(event(), *alone), limits(event(), *alone)) == (10, {"x": ("A", "missed")})
    assert (score(event(), missed(None, count=3)), score(event(), missed(None), *decided("f1", "overturned"))) == (
        7,
        10,
    )


def test_a_scanned_miss_and_its_case_fall_with_its_opening() -> None:
    facts = [opened("k"), missed("k", ref="scan:k:0"), *decided("scan:k:0", "overturned"), fact_back("f1")]
    assert (score(event(), *facts), limits(event(), *facts)) == (10, {})
    anew = [*facts, opened("k", "2020-07-10", "2020-07-01"), missed("k", "2020-07-12")]
    assert (score(event(), *anew), limits(event(), *anew)) == (9, {"k": ("A", "missed")})


def reduced(amount: str, of: str = "f1") -> list[Fact]:
    return decided(of, "reduced", amount=amount)


@pytest.mark.parametrize(("amount", "left"), [("0", 10), ("0.5", F("9.5")), ("3/2", F("8.5")), ("6", 4), ("7", 4)])
def test_a_reduced_happening_costs_no_more_than_its_amount_however_often_it_counts(amount: str, left: F) -> None:
    assert score(event(price="2"), done("2020-03-01", count=3), *reduced(amount)) == left


def test_what_is_reduced_comes_after_the_factor_and_easing_and_before_the_cap() -> None:
    rule = event(each="matter", price="2", factor={"甲": "3"}, eased=[{"kind": "已整改", "to": "50%"}])
    facts = [done("2020-03-01", matter="M"), done("2020-04-01", matter="M", kind="已整改")]
    written = scheme(item("A", "10", rule), variants=["甲"])
    for amount, left in (("4", 7), ("2.5", F("7.5"))):
        assert ask(written, *facts, *reduced(amount), units={"U": "甲"})["U"]["items"]["A"]["score"] == left
    three = [done(f"2020-0{n}-01") for n in (1, 2, 3)]
    assert ask(scheme(item("A", "10", event(price="2", cap="3"))), *three, *reduced("0.5"))["U"][
        "deducted_by_quarter"
    ] == {"Q1": 3}
    assert score(event(price="2", cap="3"), *three[:2], *reduced("0.5")) == F("7.5")


def test_the_dearest_of_a_matter_is_told_by_what_is_left_of_each() -> None:
    loud, low = (done(f"2020-0{n}-01", matter="M", level=level) for n, level in ((1, "city"), (4, "county")))
    rule = event(each="matter", price={"city": "3", "county": "2"}, factor={"甲": "2"})
    written = scheme(item("A", "10", rule), variants=["甲"])
    for amount, quarters in (("5", {"Q1": 5}), ("4", {"Q1": 4}), ("3", {"Q2": 4})):
        answer = ask(written, loud, low, *reduced(amount), units={"U": "甲"})["U"]
        assert answer["deducted_by_quarter"] == quarters
    yearly = event(each="year", price="all")
    assert score(yearly, done("2020-01-01"), *reduced("1")) == 9
    assert score(yearly, done("2020-01-01"), *reduced("1"), done("2020-12-01")) == 0


def test_where_the_number_of_matters_is_priced_a_reduced_fact_gives_way_to_another_of_its_matter() -> None:
    rule = event(each="matter", price={"total": ["3", "5"]})
    facts = [done("2020-01-01", matter="M"), done("2020-05-01", matter="M"), done("2020-08-01", matter="N")]
    for amount, quarters in (("1", {"Q2": 3, "Q3": 2}), ("3", {"Q1": 3, "Q3": 2})):
        answer = ask(scheme(item("A", "10", rule)), *facts, *reduced(amount))["U"]
        assert answer["deducted_by_quarter"] == quarters
    assert score(rule, facts[0], facts[2], *reduced("1")) == 7


def test_a_bonus_a_condition_of_the_year_and_what_another_unit_is_charged_with_are_reduced_too() -> None:
    praise = {"on": "praise", "each": "event", "price": "2"}
    written = scheme(item("B", "10", event()), adjustments=[group(beyond("A", "bonus", praise), cap={"bonus": "3"})])
    two = [fact("praise", f"2020-0{n}-01", "A") for n in (1, 2)]
    assert ask(written, *two, *reduced("0.5"))["U"]["bonus"] == F("2.5")
    needs = {"start": "zero", "add": [{"each": "year", "price": "3", "needs": {"报送": 1, "约稿": 1}, "join": "all"}]}
    both = [done("2020-01-01", kind="报送"), done("2020-02-01", kind="约稿")]
    assert [score(needs, *both, *reduced("1", of)) for of in ("f1", "f2")] == [3, 1]
    shared = {
        "start": "full",
        "deduct": [{"each": "event", "price": "2"}, {"each": "event", "price": "1", "whom": "other"}],
    }
    answer = ask(scheme(item("A", "10", shared)), done("2020-01-01", other_unit="V"), *reduced("0.5"), units="UV")
    assert [answer[unit]["items"]["A"]["score"] for unit in "UV"] == [F("9.5"), F("9.5")]


def test_the_one_charge_of_a_limit_is_reduced_with_any_of_its_misses() -> None:
    facts = [opened("k"), missed("k"), missed("k", "2020-03-25"), *reduced("1.5", "f3")]
    assert score(event(price="2"), *facts) == F("8.5")
    assert score(event(price="2"), *facts, *reduced("0.5", "f2")) == F("9.5")
    kept = {"start": "zero", "add": [{"on": "kept", "each": "event", "price": "2"}]}
    assert score(kept, *facts, step("deadline-met", "2020-03-09", "", key="k")) == 2


def ordered(on: str = "2020-03-02", **more: Any) -> list[Fact]:  # noqa: ANN401
    """A happening of another item that was accepted and is to be put right: `o`, by 10 March."""
    told = [fact("criticism", "2020-02-01", "B", ref="c"), step("case-notified", "2020-02-03", "c")]
    how = {"ref": "o", "key": "o", "limit": "2020-03-10"} | more
    return [*told, step("case-accepted", "2020-02-04", "c"), step("rectification-ordered", on, "c", **how)]


def reported(on: str, ref: str = "r") -> Fact:
    return step("rectification-reported", on, "c", key="o", ref=ref)


def put_right(*facts: Fact, **how: Any) -> tuple[object, dict[str, tuple[object, object]]]:  # noqa: ANN401
    """The score of A, on which the order is, and the limits."""
    rules = scheme(item("A", "10", event(price="2")), item("B", "10", event()))
    answer = ask(rules, *facts, **how)["U"]
    states = {key: (one["item"], one["state"]) for key, one in answer["deadlines"].items()}
    return answer["items"]["A"]["score"], states


def test_an_order_to_put_something_right_is_a_limit_that_a_report_answers() -> None:
    order = ordered(item="A")
    assert put_right(*order) == (10, {"o": ("A", "open")})
    assert put_right(*order, reported("2020-03-10")) == (10, {"o": ("A", "met")})
    assert put_right(*order, reported("2020-03-11")) == (8, {"o": ("A", "missed")})
    scanned = fact("deadline-missed", "2020-03-11", "A", key="o", ref="scan:o:0")
    assert put_right(*order, scanned) == (8, {"o": ("A", "missed")})
    assert put_right(*order, scanned, reported("2020-03-09")) == (10, {"o": ("A", "met")})
    assert put_right(*ordered(), reported("2020-03-11")) == (10, {"o": (None, "missed")})
    unnamed = {name: word for name, word in scanned.items() if name != "item"}
    assert put_right(*ordered(), unnamed) == (10, {"o": (None, "missed")})
    unlimited = [{name: word for name, word in each.items() if name not in ("key", "limit")} for each in order]
    assert put_right(*unlimited, step("rectification-reported", "2020-05-01", "c")) == (10, {})


def test_a_limit_of_an_order_runs_in_hours_or_in_working_days() -> None:
    hours = ordered("2020-03-02T20:00:00+08:00", limit="5 hours", item="A")
    for at, state in (("2020-03-03T01:00:00+08:00", "met"), ("2020-03-02T17:00:01+00:00", "missed")):
        report = {name: word for name, word in reported(at).items() if name != "effective_on"}
        assert put_right(*hours, report | {"effective_at": at})[1] == {"o": ("A", state)}
    days = ordered("2020-03-06", limit="3 working days", item="A")
    assert [put_right(*days, reported(on))[0] for on in ("2020-03-11", "2020-03-12")] == [10, 8]


def test_a_report_that_was_sent_back_answers_nothing_unless_that_is_taken_back() -> None:
    back = step("rectification-returned", "2020-03-12", "c", ref="x")
    facts = [*ordered(item="A"), reported("2020-03-09"), back]
    assert put_right(*facts) == (10, {"o": ("A", "open")})
    assert put_right(*facts, as_of=date(2020, 3, 11))[1] == {"o": ("A", "met")}
    assert put_right(*facts, reported("2020-03-12", "s")) == (8, {"o": ("A", "missed")})
    assert put_right(*facts, fact_back("x")) == (10, {"o": ("A", "met")})
    early = [*facts[:-1], back | {"effective_on": "2020-03-09"}, reported("2020-03-10", "s")]
    assert put_right(*early) == (10, {"o": ("A", "met")})


def test_an_order_falls_with_the_fact_that_it_is_about_and_takes_all_that_hangs_on_it_along() -> None:
    by_scan = fact("deadline-missed", "2020-03-11", "A", key="o", ref="scan:o:0")
    for miss in (by_scan, by_scan | {"ref": "m"}):
        late = [*ordered(item="A"), miss, reported("2020-03-11")]
        assert put_right(*late) == (8, {"o": ("A", "missed")})
        assert put_right(*late, fact_back("c")) == (10, {})
        assert put_right(*late, fact_back("c", ref="z"), fact_back("z")) == (8, {"o": ("A", "missed")})
    told = [step("case-notified", "2020-03-12", "scan:o:0"), step("case-accepted", "2020-03-12", "scan:o:0")]
    second = step("rectification-ordered", "2020-03-13", "scan:o:0", ref="p", key="p", limit="2020-03-16", item="A")
    report = step("rectification-reported", "2020-03-17", "scan:o:0", key="p")
    facts = [*ordered(item="A"), by_scan, *told, second, report]
    assert put_right(*facts) == (6, {"o": ("A", "missed"), "p": ("A", "missed")})
    assert put_right(*facts, fact_back("c")) == (10, {})


def test_steps_and_files_that_decide_nothing_move_nothing() -> None:
    quiet = ["case-endorsed", "case-notified", "case-accepted", "rectification-planned", "rectification-verified"]
    steps = [step(name, "2020-06-01", "f1") for name in [*quiet, "case-closed", "evidence-attached"]]
    assert score(event(), done("2020-03-01"), *steps) == 9
    awkward = [one | {"item": "A", "kind": "x", "count": 2} for one in steps]
    assert score(event(), done("2020-03-01"), *awkward) == 9


def contest(of: str, on: str = "2020-06-05") -> list[Fact]:
    return decided(of, "upheld", on)[:2]


def test_what_is_contested_counts_and_what_is_left_without_it_is_told_beside() -> None:
    written = scheme(item("A", "10", event(cap="2")), item("B", "10", {"start": "grade"}))
    facts = [*[done(f"2020-0{n}-01") for n in (1, 2, 3)], fact("grade", "2020-05-01", "B", points="7")]
    answer = ask(written, *facts, *contest("f1"), *contest("f2"))["U"]
    assert (answer["total"], answer["contested"], answer["confirmed"]) == (15, ["f1", "f2"], 16)
    answer = ask(written, *facts, *contest("f4"))["U"]
    assert (answer["total"], answer["confirmed"]) == (15, None)
    assert (answer["confirmed_low"], answer["confirmed_high"]) == (8, 18)
    for word in ("upheld", "overturned"):
        answer = ask(written, *facts, *decided("f1", word))["U"]
        assert (answer["contested"], answer["confirmed"]) == ([], answer["total"])
    known = [
        ask(written, *facts, *decided("f1", "upheld"), as_of=day)["U"]["contested"] for day in (date(2020, 6, 9), DAY)
    ]
    assert known == [["f1"], []]
    gone = ask(written, *facts, *contest("f1"), fact_back("f1"))["U"]
    assert (gone["contested"], gone["confirmed"]) == ([], 15)


def test_what_one_unit_contests_moves_what_others_are_sure_of() -> None:
    peers: Sheet = {"not_applicable": {"gets": "peers-mean", "among": "all", "clause": "样例"}}
    written = scheme(item("A", "10", {"start": "grade"}, **peers))
    marks = [fact("grade", "2020-05-01", "A", points=points, unit=unit) for points, unit in (("4", "U"), ("9", "V"))]
    aside = fact("not-applicable", "2020-05-02", "A", unit="W")
    early = fact("grade", "2020-02-01", "A", points="6")
    answer = ask(written, *marks, aside, early, *contest("f1"), units="UVW")
    assert [answer[unit]["contested"] for unit in "UVW"] == [["f1"], [], []]
    assert [answer[unit]["total"] for unit in "UVW"] == [4, 9, F("6.5")]
    assert [answer[unit]["confirmed"] for unit in "UVW"] == [6, 9, F("7.5")]


LAST_YEAR = [
    opened("k", "2019-12-31", "2019-12-20"), missed("k", "2020-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "left", "sure", "refs"),
    [
        ([], 8, 8, []), (contest("b"), 8, 10, ["b"]), (decided("b", "overturned"), 10, 10, []),
        (reduced("0.5", "b"), F("9.5"), F("9.5"), []), (decided("b", "upheld"), 8, 8, []),
    ],
)  # fmt: skip
def test_the_case_of_a_miss_is_heard_in_the_year_that_its_limit_ran_out_in(
    steps: list[Fact], left: object, sure: object, refs: list[str]
) -> None:
    rows = [{"unit": "U"} | one for one in (LAST_YEAR[0] | {"ref": "a"}, LAST_YEAR[1] | {"ref": "b"}, *steps)]
    before = [{"ref": f"s{n}", "position": n} | one for n, one in enumerate(rows, 1)]
    content = content_of(text_of(scheme(item("A", "10", event(price="2")))))
    answer = reckon(content, 2020, {"U": ""}, [], calendar=CALENDAR, earlier={"U": [(2019, before)]})["U"]
    assert (answer["total"], answer["confirmed"], answer["contested"]) == (left, sure, refs)
