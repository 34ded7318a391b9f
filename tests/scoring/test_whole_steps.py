"""What sections, parts and the total add or take, step by step: whose step it is, by how much, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Aside, Band, Gate, Item, Rounding, SchemePart, Section, Ties, Veto, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import rank
from gkevents.scoring.score import Score
from tests.scoring.made import (
    F,
    edition,
    english,
    entry_of,
    fact,
    graded,
    group,
    happened,
    item,
    minus,
    plus,
    rule,
    scored,
    shown,
    sums_up,
    together,
    why,
)

HALF_UP = Rounding(0, "half-up")
HIT = happened("2020-03-01", "V")
PRAISE = fact("praise", "2020-03-01", "P")


def under(section: str, one: Item) -> Item:
    return one._replace(section=section)


SITE, MEDIA = under("site", item("A", "grade", "60")), under("media", item("B", "grade", "40"))


def halves(*items: Item, **fields: Any) -> Edition:  # noqa: ANN401
    """Two parts, 70 % of 60 points and 30 % of 40 (half for towns)."""
    site = SchemePart("P1", (Section("site"),), {"": F("0.7")}, **fields.pop("site", {}))
    media = SchemePart("P2", (Section("media"),), {"": F("0.3"), "town": F("0.5")}, **fields.pop("media", {}))
    return edition(*(items or (SITE, MEDIA)), parts=(site, media), **fields)


def steps(score: Score) -> list[tuple[str, str, str | None, str | None, str | None]]:
    sums_up(score)
    return [(step.kind, step.name, shown(step.points), shown(step.before), shown(step.after)) for step in score.steps]


def aside(code: str) -> Fact:
    return fact("not-applicable", "2020-06-30", code)


def gets(what: str, *, within: str = "total", share: str = "1") -> Aside:
    return Aside(what, "all", F(share), within, f"clause of {what}")


def veto(code: str = "V", **fields: Any) -> Veto:  # noqa: ANN401
    return Veto(code, code, f"clause of {code}", (), **fields)


def test_each_rounding_is_a_step_of_what_it_rounds() -> None:
    how = dict.fromkeys(("section", "part", "weighted", "total"), HALF_UP)
    score = scored(halves(rounding=how), graded("50.4"), graded("20.6", "B"))
    assert steps(score) == [
        ("rounding", "site", "-0.28", "50.4", "50"),
        ("rounding", "media", "0.12", "20.6", "21"),
        ("rounding", "P2", "-0.3", "6.3", "6"),
    ]
    inside = group(plus("P", rule("0.5", on="praise")), part="P1")
    added = scored(halves(rounding={"part": HALF_UP}, groups=[inside]), graded("50"), graded("20", "B"), PRAISE)
    assert steps(added) == [("rounding", "P1", "0.35", "50.5", "51")]
    whole = scored(halves(rounding={"total": HALF_UP}), graded("50"), graded("21", "B"))
    assert steps(whole) == [("rounding", "", "-0.3", "41.3", "41")]


def test_a_cap_or_floor_is_a_step_of_its_part_or_of_the_whole() -> None:
    capped = scored(halves(site={"cap": F(35)}), graded("50"), graded("20", "B"))
    assert steps(capped) == [("part-cap", "P1", "-10.5", "50", "35")]
    assert why(capped, "part-cap") == "P1 is held at 35; it would be 50."
    floored = scored(halves(media={"floor": F(10)}), graded("50"), graded("0", "B"))
    assert steps(floored) == [("part-floor", "P2", "3", "0", "10")]
    ceiling = scored(halves(ceiling=F(40)), graded("50"), graded("20", "B"))
    assert steps(ceiling) == [("ceiling", "", "-1", "41", "40")]
    assert why(ceiling, "ceiling") == "The total is held at 40; it would be 41."
    held = scored(halves(floor=F(50)), graded("50"), graded("20", "B"))
    assert steps(held) == [("floor", "", "9", "41", "50")]


def test_a_step_inside_a_part_is_converted_with_the_total() -> None:
    score = scored(halves(site={"cap": F(40)}, convert=F("0.5")), graded("50"), graded("20", "B"))
    assert steps(score) == [("part-cap", "P1", "-3.5", "50", "40")]
    assert sums_up(score) == "17"


def test_a_veto_on_a_part_is_converted_with_the_total() -> None:
    frozen = halves(vetoes=(veto(gives=F(0), part="P1"),), convert=F("0.5"))
    score = scored(frozen, graded("50"), graded("20", "B"), HIT)
    assert steps(score) == [("veto", "V", "-17.5", "50", "0")]
    assert sums_up(score) == "3"


def test_a_shut_gate_is_a_step_of_its_part() -> None:
    frozen = halves(media={"beyond": True, "gate": Gate("P1", F(50), above=False)})
    score = scored(frozen, graded("49"), graded("20", "B"))
    assert steps(score) == [("gate", "P2", "-6", "6", "0")]
    assert why(score, "gate") == "P2 does not count: the score that opens it is not reached."


def test_a_part_beyond_adds_to_the_bonus_that_the_groups_give() -> None:
    inside = group(plus("P", rule("10", on="praise")), part="P1")
    frozen = halves(media={"beyond": True}, groups=[inside])
    score = scored(frozen, graded("40"), graded("20", "B"), PRAISE)
    assert (sums_up(score), shown(score.bonus)) == ("41", "13")


def test_all_groups_of_a_part_count_in_it() -> None:
    both = [
        group(plus("P", rule("10", on="praise")), code="G", part="P1"),
        group(minus("M", rule("20")), code="H", part="P1"),
    ]
    score = scored(halves(groups=both), graded("40"), graded("20", "B"), PRAISE, happened("2020-03-02", "M"))
    assert sums_up(score) == "27"


def test_what_is_left_out_of_a_section_or_part_is_a_step_of_it() -> None:
    three = (SITE, under("site", item("C", "grade", "20")), MEDIA)
    facts = (graded("30"), aside("C"), graded("40", "B"))
    for within, name in (("section", "site"), ("part", "P1")):
        score = scored(halves(*three, aside=gets("rescale", within=within)), *facts)
        assert steps(score) == [("rescale", name, "7", "30", "40")]
        emptied = scored(halves(*three, aside=gets("rescale", within=within)), aside("A"), aside("C"), facts[2])
        assert sums_up(emptied) == "12"


def test_rescaling_within_the_whole_goes_by_the_weights_of_the_category() -> None:
    frozen = halves(aside=gets("rescale"))
    score = scored(frozen, graded("30"), aside("B"))
    assert steps(score) == [("rescale", "", "6", "21", "27")]
    town = scored(frozen, graded("30"), aside("B"), category="town")
    assert steps(town) == [("rescale", "", "10", "21", "31")]


def mixed(*facts: Fact) -> Score:
    """C is rescaled and D spread where they are set aside."""
    rescaled, spread = item("C", "grade", "20", aside=gets("rescale")), item("D", "grade", "20", aside=gets("spread"))
    return scored(edition(item("A", "grade", "50"), rescaled, spread, item("E", "grade", "10")), *facts)


def test_what_is_spread_counts_once_where_others_are_rescaled() -> None:
    both = (graded("30"), aside("C"), aside("D"), graded("5", "E"))
    score = mixed(*both)
    # D's 20 go half to A (60), half to E (20): 36 and 10 of 80; C's 20 are left out of 100
    assert sums_up(score) == "57.5"
    assert [shown(score.items[code].points_max) for code in "ACDE"] == ["60", "20", "20", "20"]
    assert steps(score) == [("rescale", "", "11.5", "46", "57.5")]
    marked = mixed(graded("30"), aside("C"), graded("10", "D"), graded("5", "E"))
    assert sums_up(marked) == "56.25"


def test_what_is_spread_over_an_item_has_an_entry_of_its_own() -> None:
    score = mixed(graded("30"), graded("10", "C"), aside("D"), graded("6", "E"))
    # 20 over A, C and E: each is worth 20/3 more
    entries = [entry for entry in ledger(score).entries if entry.type == "spread"]
    assert [(entry.item, shown(entry.raw), shown(entry.applied)) for entry in entries] == [
        ("A", "4", "4"),
        ("C", "10/3", "10/3"),
        ("E", "4", "4"),
    ]
    assert english(entries[0].why) == (
        "Points of what does not concern the unit are spread over the others: A is worth 170/3."
    )
    assert [shown(score.items[code].score) for code in "ACDE"] == ["34", "40/3", "0", "10"]
    assert sums_up(score) == "172/3"


def test_what_is_spread_over_an_open_item_moves_both_bounds() -> None:
    floored = item("A", "grade", "50", floor=F(10))
    frozen = edition(floored, item("D", "grade", "25", aside=gets("spread")))
    score = scored(frozen, aside("D"))
    sums_up(score)
    assert (shown(score.total), shown(score.low), shown(score.high)) == (None, "15", "75")


def test_two_items_may_be_spread_over_the_same_others() -> None:
    spread = gets("spread", within="section")
    items = [under("s", one) for one in (item("A", "grade", "10"), item("B", "grade", "5"), item("C", "grade", "5"))]
    other = under("t", item("T", "grade", "10"))
    frozen = edition(*items, other, aside=spread)
    score = scored(frozen, graded("5"), aside("B"), aside("C"), graded("5", "T"))
    assert sums_up(score) == "15"
    assert [shown(score.items[code].points_max) for code in "AT"] == ["20", "10"]


def test_a_share_spread_over_an_item_that_gives_its_full_points_is_told_apart() -> None:
    full = item("A", "grade", "10", aside=gets("full"))
    frozen = edition(full, item("D", "grade", "5", aside=gets("spread")))
    score = scored(frozen, aside("A"), aside("D"))
    assert sums_up(score) == "15"
    instead = entry_of(score, "not-applicable-gets")
    assert (shown(instead.applied), instead.caused_by, instead.clause) == ("10", ("r1",), "clause of full")
    assert english(instead.why) == "A does not concern the unit: it gets its full points, 10."
    assert shown(entry_of(score, "spread").applied) == "5"


def test_an_items_rounding_is_an_entry_of_the_item() -> None:
    entry = entry_of(scored(edition(SITE._replace(rounding=HALF_UP)), graded("50.5")), "rounding")
    assert (entry.item, shown(entry.raw), shown(entry.item_score_after)) == ("A", "0.5", "51")


def test_a_ledger_starts_with_full_items_in_points_of_the_total() -> None:
    frozen = halves(under("site", item("A", "full", "60", rule("10"))), MEDIA)
    score = scored(frozen, graded("20", "B"), happened("2020-05-01"))
    assert (shown(ledger(score).start), sums_up(score)) == ("42", "41")


def test_quarters_and_parts_go_by_the_weight_of_the_category() -> None:
    frozen = halves(SITE, under("media", item("B", "full", "40", rule("10"))))
    score = scored(frozen, graded("50"), happened("2020-05-01", "B"), category="town")
    assert shown(score.deducted_by_quarter["Q2"]) == "5"
    part = score.parts["P2"]
    assert (part.name, shown(part.weight), shown(part.weighted)) == ("P2", "0.5", "15")
    assert scored(edition(SITE), graded("50")).parts == {}


def test_only_entries_of_a_rule_or_of_fraud_cite_a_clause() -> None:
    zero_out = ZeroOut("Z", "Z", "clause of Z", (), "total", None)
    frozen = edition(item("A", "grade", "10"), zero_out=zero_out)
    score = scored(frozen, graded("9"), graded("8"), fact("retraction", "2020-07-01", None, of="r2"))
    assert [entry.clause for entry in ledger(score).entries] == ["clause of A", "clause of A", ""]


def test_fraud_without_a_zero_out_takes_nothing() -> None:
    score = scored(edition(SITE), graded("50"), fact("fraud", "2020-07-01", None))
    assert (sums_up(score), score.zeroed) == ("50", False)


def test_a_scheme_without_points_tells_no_bonus_even_where_no_item_is_on_the_form() -> None:
    only = item("A", "grade", None, only=("town",))
    frozen = edition(only, groups=[group(minus("M", rule("1")))], from_overlay=True)
    score = scored(frozen, happened("2020-03-01", "M"), category="office")
    assert (score.bonus, score.deduction) == (None, None)


def test_vetoes_are_each_looked_at_whatever_the_one_before_says() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto("U", gives=F(0)), veto("V", at_most=F(59))))
    score = scored(frozen, graded("90"), HIT)
    assert (sums_up(score), [fired.code for fired in score.vetoes]) == ("59", ["V"])


def test_a_veto_by_a_score_is_caused_by_no_single_fact() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(of="A", below=F(60), gives=F(10)),))
    score = scored(frozen, graded("50"))
    assert (sums_up(score), entry_of(score, "veto").caused_by) == ("10", ())


def past(value: str, year: int) -> Fact:
    return fact("metric", "2020-01-02", "V", value=F(value), for_year=year)


def test_a_veto_over_two_years_asks_for_the_year_before_alone() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(of="total", below=F(60), years=2, ineligible=True),))
    assert scored(frozen, graded("50"), past("59", 2019), past("99", 2018)).eligible is False
    assert scored(frozen, graded("50"), past("60", 2019), past("10", 2018)).eligible is True


def test_one_undecided_veto_may_make_another_undecided() -> None:
    lifts = veto("V", of="A", below=F(21), gives=F(50), part="P1")
    low = veto("W", of="total", below=F(30), ineligible=True, at_most=F(5))
    score = scored(halves(vetoes=(lifts, low)), graded("20", "B"))
    # at its lowest V fires (35 + 6) or does not (6, then W); at its highest neither does (42 + 6)
    assert (shown(score.low), shown(score.high), score.eligible) == ("5", "48", None)
    assert score.vetoes == ()
    sums_up(score)


def no_band(score: Score) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(flag.code, english(flag.message), flag.refs) for flag in score.flags if flag.code != "self-assessed"]


BANDS = (Band("best", F(90)), Band("good", F(60)))


@pytest.mark.parametrize(("mark", "told"), [("59.5", True), ("60", False)])
def test_a_total_that_falls_into_no_band_is_flagged(mark: str, told: bool) -> None:  # noqa: FBT001
    said = [("no-band", f"The total {mark} falls into no band of the scheme.", ())]
    frozen = edition(item("A", "grade", "100"), bands=BANDS)
    assert no_band(scored(frozen, graded(mark))) == (said if told else [])
    assert no_band(scored(edition(item("A", "grade", "100")), graded(mark))) == []


def test_what_is_not_decided_or_is_proven_fraud_is_not_flagged_as_without_a_band() -> None:
    doubtful = veto(of="A", below=F(21), ineligible=True)
    bands = (Band("best", F(10), eligible=True),)
    zero_out = ZeroOut("Z", "Z", "clause of Z", (), "total", None)
    frozen = edition(SITE, MEDIA, bands=bands, vetoes=(doubtful,), zero_out=zero_out)
    assert no_band(scored(frozen, graded("20", "B"))) == []
    assert no_band(scored(frozen, graded("5"), graded("5", "B"), fact("fraud", "2020-07-01", None))) == []
    assert [code for code, _, _ in no_band(scored(frozen, graded("5"), graded("5", "B")))] == ["no-band"]


def order(frozen: Edition, units: dict[str, list[Fact]], **categories: str) -> str:
    scores = together(frozen, units, **categories)
    return "".join(score.unit for table in rank(frozen, scores).values() for score, _place in table)


def test_ties_by_a_part_look_at_it_as_printed() -> None:
    credited = group(plus("P", rule("30", on="praise")), part="P1")
    frozen = halves(ties=Ties(("P1",)), groups=[credited])
    units = {"甲": [graded("30"), graded("30", "B")], "乙": [graded("6"), graded("16", "B"), PRAISE]}
    # 21 + 9 = 30 and 25.2 + 4.8 = 30: the part of 甲 is 30, that of 乙 6 + 30
    assert order(frozen, units) == "乙甲"


def test_ties_by_an_item_that_is_not_on_the_form_count_it_as_nothing() -> None:
    off = item("T", "grade", "10", only=("town",))
    frozen = edition(item("A", "grade", "10"), off, ties=Ties(("T",)))
    units = {"甲": [graded("5")], "乙": [graded("5")]}
    assert order(frozen, units, 甲="office", 乙="office") == "甲乙"


def test_a_veto_on_a_part_looks_at_the_items_of_another_part_too() -> None:
    inside = group(minus("M", rule("10")), part="P1")
    frozen = halves(groups=[inside], vetoes=(veto(of="P1", below=F(45), gives=F(0), part="P2"),))
    facts = (graded("20", "B"), happened("2020-03-02", "M"))
    assert sums_up(scored(frozen, graded("50"), *facts)) == "34"
    assert sums_up(scored(frozen, graded("44"), *facts)) == "23.8"
