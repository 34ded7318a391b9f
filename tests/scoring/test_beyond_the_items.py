"""± rules beyond the items: priced for the unit, by a figure, highest of a matter after the caps, behind a gate."""

from __future__ import annotations

from typing import Any

from gkevents.schemes.model import Gate, Line, Worth
from gkevents.scoring.fact import Fact
from gkevents.scoring.score import Score
from gkevents.terms import ONE
from tests.scoring.made import (
    F,
    edition,
    english,
    entry_of,
    fact,
    group,
    happened,
    item,
    minus,
    plus,
    rule,
    scored,
    shown,
    sums_up,
    why,
)


def figure(value: str, on: str = "2020-06-30", **fields: Any) -> Fact:  # noqa: ANN401
    return fact("metric", on, value=F(value), **fields)


TEN = item("B", "full", "10")


def test_a_rule_beyond_the_items_is_priced_for_the_unit() -> None:
    doubled = rule("1", "matter", factors={"U": F(2)})
    hit = happened("2020-03-01", "M", matter="m")
    for how in ("each", "highest"):
        score = scored(edition(TEN, groups=[group(minus("M", doubled), same_matter=how)]), hit)
        assert shown(score.deduction) == "2"
    two = group(minus("M", doubled), minus("N", rule("1.5", "matter")), same_matter="highest")
    both = scored(edition(TEN, groups=[two]), hit, happened("2020-03-02", "N", matter="m"))
    assert (shown(both.deduction), why(both, "r2")) == ("2", "The same matter counts once: r1 stands for it.")
    lost = group(minus("M", doubled), minus("N", rule("5", "matter")), same_matter="highest")
    other = scored(
        edition(TEN, groups=[lost]), hit, happened("2020-03-02", "N", matter="m"), happened("2020-03-03", "M")
    )
    assert shown(other.deduction) == "7"


def by_figure(line: Line, *facts: Fact) -> Score:
    worth = Worth("linear", per=ONE, line=line, each=ONE)
    return scored(edition(TEN, groups=[group(plus("P")._replace(worth=worth))]), *facts)


def test_a_rule_beyond_the_items_may_compare_the_two_years_of_one_report() -> None:
    report = fact("metric", "2020-06-30", "P", previous=F(3), current=F(5))
    assert shown(by_figure(Line(source="previous"), report).bonus) == "2"


def test_a_figure_beyond_the_items_says_what_it_was_priced_at() -> None:
    score = by_figure(Line(F(3)), figure("5")._replace(item="P"))
    assert (why(score, "r1"), shown(score.bonus)) == ("Priced at 2.", "2")


def test_a_bonus_without_its_line_is_a_bonus_of_nought() -> None:
    score = by_figure(Line(source="previous"), figure("5")._replace(item="P"))
    (charge,) = score.groups[0].charges
    assert (charge.side, entry_of(score, "r1").item, shown(score.bonus)) == ("bonus", "P", "0")
    assert [english(flag.message) for flag in score.flags] == [
        "What P is compared with is not recorded: record last year's, the parent's or the target figure."
    ]


def highest(*facts: Fact) -> Score:
    """Each rule's cap first, then of one matter the highest; E counts events and takes no part in it."""
    rules = (
        plus("P", rule("5", "matter", on="praise", cap=F(2))),
        plus("Q", rule("3", "matter", on="praise")),
        plus("R", rule("2", "matter", on="praise")),
        plus("E", rule("4", on="praise")),
        plus("F")._replace(worth=Worth("linear", per=ONE, line=Line(F(3)), each=ONE)),
    )
    frozen = edition(TEN, groups=[group(*rules, same_matter="highest", caps_first=True)])
    score = scored(frozen, *facts)
    sums_up(score)
    return score


def praised(code: str, day: int, matter: str | None = "m") -> Fact:
    return fact("praise", f"2020-03-0{day}", code, matter=matter)


def test_of_one_matter_the_one_that_is_left_most_after_the_caps_stands() -> None:
    score = highest(praised("Q", 1), praised("P", 2))
    assert (shown(score.bonus), why(score, "r2")) == ("3", "The same matter counts once: r1 stands for it.")
    assert [shown(entry_of(score, ref).applied) for ref in ("r1", "r2")] == ["3", "0"]


def test_of_two_that_are_left_the_same_the_earlier_stands() -> None:
    score = highest(praised("R", 1), praised("P", 2))
    assert (shown(score.bonus), why(score, "r2")) == ("2", "The same matter counts once: r1 stands for it.")
    assert shown(highest(praised("P", 1), praised("R", 2)).bonus) == "2"


def test_only_what_counts_matters_and_names_one_can_lose_to_another() -> None:
    assert shown(highest(praised("Q", 1), praised("E", 2)).bonus) == "7"
    assert shown(highest(praised("E", 1), praised("E", 2)).bonus) == "8"
    assert shown(highest(praised("Q", 1, None), praised("R", 2, None)).bonus) == "5"
    assert shown(highest(praised("Q", 1, "m"), praised("R", 2, "n")).bonus) == "5"
    with_figure = figure("5", matter="m")._replace(item="F")
    assert shown(highest(praised("Q", 1), with_figure).bonus) == "5"
    assert shown(highest(praised("Q", 1, None), with_figure).bonus) == "5"


def test_behind_a_shut_gate_what_gave_nothing_keeps_its_reason() -> None:
    gate = Gate("B", F(99), above=False)
    rules = (plus("P", rule("5", "matter", on="praise")), minus("M", rule("3")))
    shut = edition(TEN, groups=[group(*rules, gate=gate, caps="net", deduction_cap=F(4))])
    score = scored(shut, praised("P", 1), praised("P", 2), *(happened(f"2020-04-0{day}", "M") for day in (1, 2)))
    assert why(score, "r2") == "The same matter counts once: r1 stands for it."
    assert "does not count" in why(score, "r1")
    assert why(score, "r4") == "Worth 3; the cap on the net of the group leaves 1."
    assert sums_up(score) == "6"
    for caps, most in (("separate", F(4)), ("net", None)):
        frozen = edition(TEN, groups=[group(*rules, gate=gate, caps=caps, deduction_cap=most)])
        assert sums_up(scored(frozen, *(happened(f"2020-04-0{day}", "M") for day in (1, 2)))) == (
            "6" if most is not None else "4"
        )
