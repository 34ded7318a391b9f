"""The oracle of any scheme against sums done by hand: from items to totals, bands and ranks."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from .hand import VETO, F, Sheet, ask, beyond, done, event, fact, group, item, scheme


@pytest.mark.parametrize(
    ("answer", "scores", "base"),
    [
        ({"gets": "full"}, [4, 3, 6], 13),
        ({"gets": "share", "share": "80%"}, [F("3.2"), 3, 6], F("12.2")),
        ({"gets": "rescale", "within": "section"}, [0, 3, 6], 3 * F(10, 6) + 6),
        ({"gets": "rescale", "within": "total"}, [0, 3, 6], 9 * F(20, 16)),
        ({"gets": "spread", "within": "section"}, [0, 3 * F(10, 6), 6], 3 * F(10, 6) + 6),
        ({"gets": "spread", "within": "total"}, [0, 3 * F(8, 6), 6 * F(12, 10)], 4 + F("7.2")),
    ],
)
def test_what_does_not_concern_a_unit_is_made_up_as_said(answer: Sheet, scores: list[Fraction], base: Fraction) -> None:
    items = (
        item("A", "4", {"start": "grade"}, section="甲"), item("B", "6", {"start": "grade"}, section="甲"),
        item("C", "10", {"start": "grade"}, section="乙"),
    )  # fmt: skip
    facts = [fact("grade", "2020-12-01", code, points=points) for code, points in (("B", "3"), ("C", "6"))]
    written = scheme(*items, not_applicable=answer | {"clause": "样例"})
    found = ask(written, *facts, fact("not-applicable", "2020-12-01", "A"))["U"]
    assert [found["items"][code]["score"] for code in "ABC"] == scores
    assert found["base"] == base


def test_parts_are_bounded_rounded_weighted_and_rounded_again() -> None:
    items = (item("A", "80", {"start": "grade"}, section="甲"), item("B", "20", {"start": "grade"}, section="乙"))
    parts = [
        {"name": "主", "sections": ["甲"], "weight": "70%", "cap": "75"},
        {"name": "附", "sections": ["乙"], "weight": "0.5", "beyond": "true"},
    ]
    rounding = {"part": {"digits": "0", "mode": "half-even"}, "weighted": {"digits": "0", "mode": "half-up"}}
    written = scheme(*items, base="56", parts=parts, rounding=rounding, total={"convert": "0.5"})
    facts = [fact("grade", "2020-12-01", code, points=points) for code, points in (("A", "78"), ("B", "10.5"))]
    found = ask(written, *facts)["U"]
    assert [found["parts"][name]["score"] for name in ("主", "附")] == [75, 10]
    assert [found["parts"][name]["weighted"] for name in ("主", "附")] == [53, 5]
    assert (found["total"], found["base"], found["bonus"]) == (29, 78 * F("0.7") / 2, F("10.5") / 4)


def test_a_gate_opens_at_its_line_or_only_above_it() -> None:
    for key, bonus in (("from", 2), ("above", 0)):
        rules = (
            beyond("P", "bonus", {"each": "event", "price": "2"}),
            beyond("M", "deduction", {"each": "event", "price": "1"}),
        )
        written = scheme(
            item("A", "10", {"start": "grade"}), adjustments=[group(*rules, gate={"of": "base", key: "8"})]
        )
        facts = [
            fact("grade", "2020-12-01", "A", points="8"),
            fact("praise", "2020-02-01", "P"),
            fact("criticism", "2020-02-01", "M"),
        ]
        found = ask(written, *facts)["U"]
        assert (found["bonus"], found["deduction"], found["total"]) == (bonus, 1, 7 + bonus)


def test_one_matter_counts_at_its_highest_before_or_after_the_caps() -> None:
    rules = (
        beyond("P", "bonus", {"each": "matter", "price": "5", "cap": "2"}),
        beyond("Q", "bonus", {"each": "matter", "price": "3"}),
    )
    facts = [fact("praise", "2020-02-01", code, matter="M") for code in "PQ"]
    for order, bonus in (("highest-first", 2), ("caps-first", 3)):
        written = scheme(item("A", "10", event()), adjustments=[group(*rules, same_matter="highest", order=order)])
        assert ask(written, *facts)["U"]["bonus"] == bonus


def test_a_rule_and_its_group_choose_the_dearest_as_easing_leaves_it() -> None:
    eased = {"each": "matter", "price": "4", "eased": [{"kind": "已撤销", "to": "50%"}]}
    facts = [
        fact("praise", "2020-02-01", "P", matter="M"),
        fact("occurrence", "2020-03-01", "P", kind="已撤销", matter="M"),
        fact("praise", "2020-04-01", "P", matter="M"),
    ]
    rules = beyond("P", "bonus", eased), beyond("Q", "bonus", {"each": "matter", "price": "3"})
    for same, bonus in (("each", 7), ("highest", 4)):
        one_rule = scheme(item("A", "10", event()), adjustments=[group(rules[0], same_matter=same)])
        assert ask(one_rule, *facts)["U"]["bonus"] == 4
        two_rules = scheme(item("A", "10", event()), adjustments=[group(*rules, same_matter=same)])
        assert ask(two_rules, *facts, fact("praise", "2020-05-01", "Q", matter="M"))["U"]["bonus"] == bonus


def test_a_net_cap_takes_what_is_too_much_from_the_latest_of_the_side_that_wins() -> None:
    rules = (
        beyond("P", "bonus", {"each": "event", "price": "2"}),
        beyond("M", "deduction", {"each": "event", "price": "3"}),
    )
    written = scheme(item("A", "10", event()), adjustments=[group(*rules, caps="net", cap={"deduction": "5"})])
    facts = [fact("praise", "2020-02-01", "P"), *[fact("criticism", f"2020-0{n}-01", "M") for n in (1, 5, 8)]]
    found = ask(written, *facts)["U"]
    assert (found["bonus"], found["deduction"], found["total"]) == (2, 7, 5)
    assert found["deducted_by_quarter"] == {"Q1": 3, "Q2": 3, "Q3": 1}


def test_a_shut_gate_leaves_a_net_cap_no_bonus_to_set_against_in_the_quarters_either() -> None:
    rules = (
        beyond("P", "bonus", {"each": "event", "price": "2"}),
        beyond("M", "deduction", {"each": "event", "price": "3"}),
    )
    gate = {"of": "base", "from": "8"}
    written = scheme(
        item("A", "10", {"start": "grade"}),
        adjustments=[group(*rules, caps="net", cap={"deduction": "5"}, gate=gate)],
    )
    facts = [fact("praise", "2020-02-01", "P"), *[fact("criticism", f"2020-0{n}-01", "M") for n in (1, 5, 8)]]
    for points, deduction, quarters in (("8", 7, {"Q1": 3, "Q2": 3, "Q3": 1}), ("7", 5, {"Q1": 3, "Q2": 2})):
        found = ask(written, fact("grade", "2020-12-01", "A", points=points), *facts)["U"]
        assert (found["deduction"], found["deducted_by_quarter"]) == (deduction, quarters)


@pytest.mark.parametrize(
    ("effect", "total", "band", "eligible"),
    [
        ({"gives": "59"}, 59, "差", True),
        ({"at_most": "79"}, 79, "好", True),
        ({"band": "差"}, 90, "差", True),
        ({"eligible": "false"}, 90, "好", False),
    ],
)
def test_a_veto_does_what_it_says_from_its_second_time_on(effect: Sheet, total: int, band: str, eligible: bool) -> None:  # noqa: FBT001
    bands = [{"name": "好", "from": "60"}, {"name": "差"}]
    veto = VETO | {"times": "2", "level_min": "city", "effect": effect}
    written = scheme(item("A", "100", {"start": "grade"}), bands=bands, vetoes=[veto])
    mark = fact("grade", "2020-12-01", "A", points="90")
    first = [fact("criticism", "2020-02-01", "V", level="city"), fact("criticism", "2020-02-01", "V", level="county")]
    before = ask(written, mark, *first)["U"]
    assert (before["total"], before["band"], before["vetoes"], before["eligible"]) == (90, "好", [], True)
    after = ask(written, mark, *first, fact("occurrence", "2020-05-01", "V"))["U"]
    assert (after["total"], after["band"], after["vetoes"], after["eligible"]) == (total, band, ["V"], eligible)


def test_a_score_below_a_line_for_two_years_needs_the_figure_of_the_first() -> None:
    veto = VETO | {"low": {"of": "节", "below": "60", "years": "2"}, "effect": {"gives": "0"}}
    written = scheme(item("A", "100", {"start": "grade"}), vetoes=[veto])
    mark = fact("grade", "2020-12-01", "A", points="50")
    for before, total in ((None, 50), ("70", 50), ("55", 0)):
        facts = [] if before is None else [fact("metric", "2020-01-05", "V", value=before, for_year=2019, source="样")]
        assert ask(written, mark, *facts)["U"]["total"] == total
    waiting = ask(written, fact("metric", "2020-01-05", "V", value="55", for_year=2019, source="样"))["U"]
    assert (waiting["total"], waiting["low"], waiting["high"], waiting["vetoes"]) == (None, 0, 100, [])


def test_a_band_for_the_first_share_waits_until_all_of_the_category_are_settled() -> None:
    bands = [{"name": "优", "from": "60", "top": "40%", "round": "up"}, {"name": "其余"}]
    written = scheme(item("A", "100", {"start": "grade"}), bands=bands)
    facts = [
        fact("grade", "2020-12-01", "A", unit=unit, points=points)
        for unit, points in zip("ABC", ("90", "80", "50"), strict=True)
    ]
    assert [ask(written, *facts, units="ABC")[unit]["band"] for unit in "ABC"] == ["优", "优", "其余"]
    assert [ask(written, *facts, units="ABCD")[unit]["band"] for unit in "ABCD"] == [None, None, "其余", None]


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ("1,1,3", [1, 1, 3, 3]),
        ("1,1,2", [1, 1, 2, 2]),
        ("not-shared", [1, 2, 3, 4]),
        ("unordered", [None] * 4),
        ({"by": ["B"], "then": "1,1,3"}, [2, 1, 3, 3]),
        ({"by": ["B"], "then": "1,1,2"}, [2, 1, 3, 3]),
    ],
)
def test_equal_totals_are_ranked_as_said(ties: Any, ranks: list[int | None]) -> None:  # noqa: ANN401
    written = scheme(item("A", "10", {"start": "grade"}), item("B", "10", {"start": "grade"}), ties=ties)
    marks = {"P": ("8", "4"), "Q": ("5", "7"), "R": ("5", "5"), "S": ("5", "5")}
    facts = [
        fact("grade", "2020-12-01", code, unit=unit, points=points)
        for unit, pair in marks.items()
        for code, points in zip("AB", pair, strict=True)
    ]
    answer = ask(written, *facts, units="PQRS")
    assert [answer[unit]["rank"] for unit in "PQRS"] == ranks


@pytest.mark.parametrize(
    ("mode", "expected"), [("half-up", "7.3"), ("half-even", "7.2"), ("down", "7.2"), ("up", "7.3")]
)
def test_an_item_is_rounded_as_said(mode: str, expected: str) -> None:
    written = scheme(item("A", "10", {"start": "grade"}), rounding={"item": {"digits": "1", "mode": mode}})
    assert ask(written, fact("grade", "2020-12-01", "A", points="7.25"))["U"]["total"] == F(expected)


def test_what_is_asked_as_of_a_day_knows_nothing_later() -> None:
    facts = (done("2020-02-01"), done("2020-09-01"))
    written = scheme(item("A", "10", event()))
    assert ask(written, *facts, as_of=date(2020, 6, 30))["U"]["total"] == 9
    assert ask(written, *facts, known_at=1)["U"]["total"] == 9
