"""From items to the total: sections, parts, gates, rescaling and spreading, conversion, rounding, vetoes."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Aside, Band, Gate, Group, Item, RosterUnit, Rounding, SchemePart, Section, Ties, Veto
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import rank
from tests.scoring.made import (
    F,
    edition,
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


def under(section: str, one: Item) -> Item:
    return one._replace(section=section)


SITE, MEDIA = under("site / a", item("A", "grade", "60")), under("media", item("B", "grade", "40"))


def halves(**fields: Any) -> Edition:  # noqa: ANN401
    """Two parts, 70 % of 60 points and 30 % of 40."""
    site = SchemePart("P1", (Section("site"),), {"": F("0.7")}, **fields.pop("site", {}))
    media = SchemePart("P2", (Section("media"),), {"": F("0.3"), "town": F("0.5")}, **fields.pop("media", {}))
    return edition(*fields.pop("items", (SITE, MEDIA)), parts=(site, media), **fields)


def test_parts_bring_their_weighted_points() -> None:
    score = scored(halves(), graded("50"), graded("20", "B"))
    assert sums_up(score) == "41"
    assert (shown(score.base), shown(score.bonus), shown(score.deduction)) == ("41", "0", "0")
    part = score.parts["P2"]
    assert (shown(part.score), shown(part.weight), shown(part.weighted)) == ("20", "0.3", "6")
    assert [shown(entry.applied) for entry in ledger(score).entries] == ["35", "6"]
    assert why(score, "r1") == "A is set to 50 of 60 by this. Its 50 points count times 0.7 in the total."


def test_a_weight_may_hang_on_the_category() -> None:
    assert sums_up(scored(halves(), graded("50"), graded("20", "B"), category="town")) == "45"


def test_an_open_part_is_a_range() -> None:
    score = scored(halves(), graded("50"))
    assert (shown(score.total), shown(score.low), shown(score.high)) == (None, "35", "47")
    part = score.parts["P2"]
    assert (part.score, shown(part.low), shown(part.high), part.weighted) == (None, "0", "40", None)
    sums_up(score)


@pytest.mark.parametrize(("mark", "total"), [("50", "30.5"), ("30", "27"), ("5", "13")])
def test_a_part_is_bounded_before_its_weight(mark: str, total: str) -> None:
    frozen = halves(site={"cap": F(35), "floor": F(10)})
    assert sums_up(scored(frozen, graded(mark), graded("20", "B"))) == total


def test_a_section_is_bounded_inside_its_part() -> None:
    frozen = edition(
        under("s", item("A", "grade", "6")), under("s", item("B", "grade", "6")), under("t", item("C", "grade", "6")),
        parts=(SchemePart("", (Section("s", cap=F(10), floor=F(3)), Section("t"))),),
    )  # fmt: skip
    assert sums_up(scored(frozen, graded("6"), graded("6", "B"), graded("6", "C"))) == "16"
    low = scored(frozen, graded("1"), graded("1", "B"), graded("0", "C"))
    assert sums_up(low) == "3"
    assert why(low, "section-floor") == "s is held at 3; it would be 2."


def test_rounding_happens_at_the_step_that_says_so() -> None:
    how = {"part": Rounding(0, "half-up"), "weighted": Rounding(1, "down"), "total": Rounding(0, "half-up")}
    score = scored(halves(rounding=how), graded("50.5"), graded("20.4", "B"))
    assert sums_up(score) == "42"  # 51 x 0.7 = 35.7, 20 x 0.3 = 6, 41.7 -> 42
    sections = {"section": Rounding(0, "up")}
    assert sums_up(scored(halves(rounding=sections), graded("50.1"), graded("20", "B"))) == "41.7"
    rounded = SITE._replace(rounding=Rounding(0, "half-up"))
    score = scored(edition(rounded), graded("50.5"))
    assert sums_up(score) == "51"
    assert why(score, "rounding") == "A is rounded as the scheme says: 0.5."
    open_score = scored(edition(rounded._replace(deduct=(rule("0.5"),), floor=F("0.3"))), happened("2020-03-01"))
    assert (shown(open_score.low), shown(open_score.high)) == ("0", "60")
    sums_up(open_score)


def test_a_total_is_converted_before_its_bounds() -> None:
    frozen = halves(convert=F("0.5"), ceiling=F(20), groups=[group(plus("P", rule("4", on="praise")))])
    assert sums_up(scored(frozen, graded("20"), graded("20", "B"))) == "10"
    score = scored(frozen, graded("50"), graded("20", "B"), fact("praise", "2020-03-01", "P"))
    assert sums_up(score) == "20"
    assert (shown(score.base), shown(score.bonus)) == ("20.5", "2")
    assert shown(entry_of(score, "r3").applied) == "2"


def test_quarters_are_in_points_of_the_total() -> None:
    frozen = halves(items=(under("site", item("A", "full", "60", rule("10"))), MEDIA))
    score = scored(frozen, happened("2020-05-01"), graded("40", "B"))
    assert shown(score.deducted_by_quarter["Q2"]) == "7"


def gated(gate: Gate, **fields: Any) -> Group:  # noqa: ANN401
    rules = (plus("P", rule("5", on="praise")), minus("M", rule("1")))
    return group(*rules, **{"gate": gate, **fields})


PRAISE = fact("praise", "2020-03-01", "P")
BLAME = happened("2020-04-01", "M")


@pytest.mark.parametrize(
    ("above", "mark", "total"),
    [(False, "80", "84"), (True, "80", "79"), (True, "80.5", "84.5"), (False, "79.5", "78.5")],
)
def test_a_gate_opens_at_its_line_or_beyond_it(above: bool, mark: str, total: str) -> None:  # noqa: FBT001
    frozen = edition(item("A", "grade", "100"), groups=[gated(Gate("base", F(80), above))])
    score = scored(frozen, graded(mark), PRAISE, BLAME)
    assert sums_up(score) == total
    assert shown(score.deduction) == "1"


def test_behind_a_gate_that_may_open_the_bonus_is_only_in_the_high_bound() -> None:
    frozen = edition(item("A", "grade", "100"), groups=[gated(Gate("A", F(80), above=False))])
    score = scored(frozen, PRAISE)
    assert (shown(score.low), shown(score.high)) == ("0", "105")
    sums_up(score)
    assert "does not count" in why(score, "r1")


def test_a_gate_shut_on_a_net_leaves_the_deductions_to_their_cap() -> None:
    shut_net = gated(Gate("base", F(80), above=False), caps="net", deduction_cap=F(2))
    frozen = edition(item("A", "grade", "100"), groups=[shut_net])
    score = scored(frozen, graded("50"), PRAISE, BLAME, BLAME._replace(times=4))
    assert sums_up(score) == "48"


def test_a_part_beyond_the_full_points_is_a_bonus_and_may_have_a_gate() -> None:
    frozen = halves(media={"beyond": True, "gate": Gate("P1", F(50), above=False)})
    score = scored(frozen, graded("50"), graded("20", "B"))
    assert (sums_up(score), shown(score.base), shown(score.bonus)) == ("41", "35", "6")
    score = scored(frozen, graded("49"), graded("20", "B"))
    assert (sums_up(score), shown(score.base), shown(score.bonus)) == ("34.3", "34.3", "0")


def test_a_group_of_a_part_goes_through_its_weight_and_cap() -> None:
    inside = group(plus("P", rule("5", on="praise")), minus("M", rule("1")), part="P1")
    frozen = halves(site={"cap": F(52)}, groups=[inside])
    score = scored(frozen, graded("50"), graded("20", "B"), PRAISE, BLAME)
    assert sums_up(score) == "42.4"
    assert (shown(score.bonus), shown(score.deduction)) == ("3.5", "0.7")
    netted = group(plus("P", rule("5", on="praise")), part="P1", caps="net", bonus_cap=F(1))
    assert sums_up(scored(halves(groups=[netted]), graded("50"), graded("20", "B"), PRAISE)) == "41.7"


ASIDE = fact("not-applicable", "2020-06-30", "B")


def instead(gets: str, *, share: str = "1", within: str = "total") -> Aside:
    return Aside(gets, "all", F(share), within, "clause of it")


@pytest.mark.parametrize(
    ("gets", "share", "total"), [("full", "1", "90"), ("share", "0.8", "82"), ("share", "0", "50")]
)
def test_what_does_not_concern_a_unit_gives_full_points_or_a_share(gets: str, share: str, total: str) -> None:
    frozen = edition(SITE, MEDIA, aside=instead(gets, share=share))
    score = scored(frozen, graded("50"), ASIDE)
    assert sums_up(score) == total
    assert score.items["B"].state == "not-applicable"


def test_the_rest_is_rescaled_to_what_all_would_have_given() -> None:
    frozen = edition(SITE, MEDIA, aside=instead("rescale"), groups=[group(plus("P", rule("5", on="praise")))])
    score = scored(frozen, graded("45"), ASIDE, PRAISE)
    assert (sums_up(score), shown(score.base)) == ("80", "75")
    nothing_left = scored(frozen, fact("not-applicable", "2020-06-30", "A"), ASIDE)
    assert sums_up(nothing_left) == "0"


def test_rescaling_keeps_to_its_scope() -> None:
    three = (SITE, under("site", item("C", "grade", "20")), MEDIA)
    within = {
        scope: halves(items=three, aside=instead("rescale", within=scope)) for scope in ("section", "part", "total")
    }
    facts = (graded("30"), fact("not-applicable", "2020-06-30", "C"), graded("40", "B"))
    assert {scope: sums_up(scored(frozen, *facts)) for scope, frozen in within.items()} == {
        "section": "40",  # 30 x 80 / 60 = 40, x 0.7 + 12
        "part": "40",
        "total": "374/9",  # (21 + 12) x 68 / 54, by weighted maxima 42 + 14 + 12
    }


def test_points_are_spread_over_the_others_of_the_scope() -> None:
    three = (SITE, under("site", item("C", "grade", "20")), MEDIA)
    frozen = edition(*three, aside=instead("spread"))
    score = scored(frozen, graded("30"), fact("not-applicable", "2020-06-30", "C"), graded("20", "B"))
    assert sums_up(score) == "60"  # 30 x 70/60 + 20 x 50/40
    assert shown(score.items["B"].points_max) == "50"
    inside = edition(*three, aside=instead("spread", within="section"))
    assert sums_up(scored(inside, graded("30"), fact("not-applicable", "2020-06-30", "C"), graded("20", "B"))) == "60"
    part = halves(items=three, aside=instead("spread", within="part"))
    assert sums_up(scored(part, graded("30"), fact("not-applicable", "2020-06-30", "C"), graded("20", "B"))) == "34"
    lone = edition(MEDIA, aside=instead("spread"))
    assert sums_up(scored(lone, ASIDE)) == "0"


def test_an_item_may_have_an_answer_of_its_own() -> None:
    frozen = edition(SITE, MEDIA._replace(aside=instead("full")), aside=instead("rescale"))
    assert sums_up(scored(frozen, graded("45"), ASIDE)) == "85"


def veto(code: str = "V", **fields: Any) -> Veto:  # noqa: ANN401
    return Veto(code, code, f"clause of {code}", (), **fields)


HIT = happened("2020-03-01", "V")


@pytest.mark.parametrize(
    ("effect", "mark", "total"),
    [
        ({"gives": F(59)}, "90", "59"),
        ({"gives": F(59)}, "30", "59"),
        ({"at_most": F(59)}, "90", "59"),
        ({"at_most": F(59)}, "30", "30"),
    ],
)
def test_a_veto_sets_or_lowers_the_total(effect: dict[str, Any], mark: str, total: str) -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(**effect),))
    score = scored(frozen, graded(mark), HIT)
    assert sums_up(score) == total
    assert [fired.code for fired in score.vetoes] == ["V"]
    assert sums_up(scored(frozen, graded(mark))) == mark


def test_a_veto_on_a_part_changes_only_the_part() -> None:
    frozen = halves(vetoes=(veto(gives=F(0), part="P1"),))
    score = scored(frozen, graded("50"), graded("20", "B"), HIT)
    assert sums_up(score) == "6"
    assert entry_of(score, "veto").caused_by == ("r3",)
    assert entry_of(score, "veto").clause == "clause of V"
    assert why(score, "r3") == "Noted for the veto V."


def test_a_veto_waits_for_its_number_and_level() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(gives=F(0), times=2, level_floor=1),))
    below = fact("criticism", "2020-03-02", "V", level="county")
    city = fact("criticism", "2020-03-03", "V", level="city")
    assert sums_up(scored(frozen, graded("90"), HIT, below)) == "90"
    assert sums_up(scored(frozen, graded("90"), HIT, below, city)) == "0"
    assert sums_up(scored(frozen, graded("90"), HIT._replace(times=2))) == "0"


def test_a_veto_may_take_the_band_and_the_eligibility_alone() -> None:
    bands = (Band("best", F(90), eligible=True), Band("good", F(80)), Band("bad"))
    frozen = edition(item("A", "grade", "100"), bands=bands, vetoes=(veto(ineligible=True), veto("W", band="bad")))
    assert scored(frozen, graded("95")).band == "best"
    score = scored(frozen, graded("95"), HIT)
    assert (score.eligible, score.band, shown(score.total)) == (False, "good", "95")
    assert scored(frozen, graded("95"), HIT, happened("2020-03-01", "W")).band == "bad"


@pytest.mark.parametrize(("mark", "total"), [("20", "0"), ("21", "26.7")])
def test_a_low_part_vetoes_the_whole(mark: str, total: str) -> None:
    frozen = halves(vetoes=(veto(of="P1", below=F(21), gives=F(0)),))
    assert sums_up(scored(frozen, graded(mark), graded("40", "B"))) == total


def test_a_part_is_looked_at_after_its_groups_unless_the_veto_is_on_the_part() -> None:
    inside = group(minus("M", rule("10")), part="P1")
    whole = halves(groups=[inside], vetoes=(veto(of="P1", below=F(45), gives=F(0)),))
    assert sums_up(scored(whole, graded("50"), graded("40", "B"), BLAME)) == "0"
    part = halves(groups=[inside], vetoes=(veto(of="P1", below=F(45), gives=F(0), part="P1"),))
    assert sums_up(scored(part, graded("50"), graded("40", "B"), BLAME)) == "40"


def test_an_undecided_veto_leaves_both_bounds_possible() -> None:
    frozen = edition(SITE, MEDIA, vetoes=(veto(of="A", below=F(21), gives=F(30), ineligible=True),))
    score = scored(frozen, graded("20", "B"))
    assert (shown(score.low), shown(score.high), score.vetoes, score.eligible) == ("20", "80", (), None)
    sums_up(score)
    lifting = edition(SITE, MEDIA, vetoes=(veto(of="A", below=F(21), gives=F(99)),))
    assert shown(scored(lifting, graded("20", "B")).high) == "99"


def test_a_veto_over_years_needs_every_year_below() -> None:
    frozen = edition(item("A", "grade", "100"), vetoes=(veto(of="total", below=F(60), years=3, ineligible=True),))

    def past(value: str, year: int) -> Any:  # noqa: ANN401
        return fact("metric", "2020-01-02", "V", value=F(value), for_year=year)

    assert scored(frozen, graded("50"), past("59", 2019), past("58", 2018)).eligible is False
    assert scored(frozen, graded("50"), past("60", 2019), past("58", 2018)).eligible is True
    assert scored(frozen, graded("60"), past("59", 2019), past("58", 2018)).eligible is True
    missing = scored(frozen, graded("50"), past("59", 2019))
    assert missing.eligible is True
    assert [flag.code for flag in missing.flags] == ["no-line"]


def marked(*marks: tuple[str, str | None]) -> dict[str, list[Any]]:
    return {unit: [] if mark is None else [graded(mark)] for unit, mark in marks}


@pytest.mark.parametrize(
    ("band", "best"),
    [
        (Band("best", places=2), "甲乙"),
        (Band("best", share=F("0.5")), "甲乙"),
        (Band("best", F(95), share=F("0.5")), "甲"),
    ],
)
def test_a_band_may_be_kept_for_the_first(band: Band, best: str) -> None:
    frozen = edition(item("A", "grade", "100"), bands=(band, Band("rest")))
    scores = together(frozen, marked(("甲", "95"), ("乙", "90"), ("丙", "80"), ("丁", "70")))
    assert "".join(unit for unit, score in scores.items() if score.band == "best") == best
    assert {score.band for score in scores.values()} == {"best", "rest"}


def test_a_quota_is_undecided_while_a_unit_is() -> None:
    frozen = edition(item("A", "grade", "100"), bands=(Band("best", places=1), Band("rest")))
    scores = together(frozen, marked(("甲", "95"), ("乙", None)))
    assert [score.band for score in scores.values()] == [None, None]


def test_an_open_eligibility_leaves_the_band_open() -> None:
    bands = (Band("best", F(10), eligible=True), Band("rest"))
    frozen = edition(SITE, MEDIA, bands=bands, vetoes=(veto(of="A", below=F(21), ineligible=True),))
    assert scored(frozen, graded("20", "B")).band is None


def test_closed_bands_may_leave_gaps() -> None:
    bands = (Band("best", F(90), to=F(100)), Band("good", F(80), to=F(89)), Band("bad", below=F(80)))
    frozen = edition(item("A", "grade", "100"), bands=bands)
    assert [scored(frozen, graded(mark)).band for mark in ("100", "90", "89.5", "89", "79.9")] == [
        "best", "best", None, "good", "bad",
    ]  # fmt: skip
    above = edition(item("A", "grade", "100"), bands=(Band("best", above=F(90)), Band("rest")))
    assert [scored(above, graded(mark)).band for mark in ("90", "90.1")] == ["rest", "best"]


def places(ties: Ties, *marks: tuple[str, str, str]) -> list[tuple[str, int | None]]:
    frozen = edition(SITE, MEDIA, ties=ties, roster=(RosterUnit("甲", ""),))
    scores = together(frozen, {unit: [graded(a), graded(b, "B")] for unit, a, b in marks})
    return [(score.unit, place) for score, place in rank(frozen, scores)[""]]


TIED = (("甲", "30", "20"), ("乙", "35", "15"), ("丙", "35", "15"), ("丁", "10", "10"))


def test_ties_are_told_apart_by_a_named_item_first() -> None:
    assert places(Ties(("A",)), *TIED) == [("乙", 1), ("丙", 1), ("甲", 3), ("丁", 4)]
    assert places(Ties(("A",), "1,1,2"), *TIED) == [("乙", 1), ("丙", 1), ("甲", 2), ("丁", 3)]
    assert places(Ties(("media",)), *TIED) == [("甲", 1), ("乙", 2), ("丙", 2), ("丁", 4)]


def test_ties_may_not_be_shared_or_the_units_not_be_ordered() -> None:
    assert places(Ties(then="not-shared"), *TIED) == [("甲", 1), ("乙", 2), ("丙", 3), ("丁", 4)]
    assert places(Ties(then="unordered"), *TIED) == [("甲", None), ("乙", None), ("丙", None), ("丁", None)]
