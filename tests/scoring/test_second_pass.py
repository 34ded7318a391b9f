"""The second pass in full: what a place or a mean gives, sets and says, with floors, charges, sentences and causes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Adjustment, Aside, Band, Item, Line, Ranking, Veto, Worth, ZeroOut
from gkevents.scoring.fact import Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.peers import assess, concluded, priced_units
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO
from tests.scoring.made import (
    YEAR,
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
    plus,
    rule,
    shown,
    sums_up,
    together,
    why,
)

DEARER = rule("1", factors={"甲": F(2)})
"""A rule that costs one unit twice as much: whose points it moves must be known wherever it is priced."""
ASIDE = fact("not-applicable", "2020-06-30")
HIT = happened("2020-03-01")


def bounds(score: Score) -> tuple[str | None, str | None]:
    sums_up(score)
    return (shown(score.low), shown(score.high))


def figure(value: str, code: str = "A", on: str = "2020-06-30", **fields: Any) -> Fact:  # noqa: ANN401
    return fact("metric", on, code, value=F(value), **fields)


def on_mean(among: str = "all", **fields: Any) -> Item:  # noqa: ANN401
    worth = Worth(
        "linear", per=F(1), line=Line(source="mean"), above=False, each=F(1), among=among, costs=True,
        relative=fields.pop("relative", False),
    )  # fmt: skip
    return item("A", "metric", "10", DEARER, worth=worth, **fields)


def test_a_figure_compared_with_the_mean_is_reported_and_what_happened_comes_off() -> None:
    scores = together(edition(on_mean()), {"甲": [figure("4"), HIT], "乙": [figure("8"), HIT]})
    assert [sums_up(score) for score in scores.values()] == ["6", "9"]
    assert scores["甲"].items["A"].state == "reported"
    assert why(scores["甲"], "甲r1") == "A is set to 8 of 10 by this."


def test_a_floor_holds_against_the_mean_too() -> None:
    scores = together(edition(on_mean(floor=F(3))), {"甲": [figure("0")], "乙": [figure("40")]})
    assert [sums_up(score) for score in scores.values()] == ["3", "10"]


def test_a_figure_without_any_other_to_compare_with_is_open_and_flagged() -> None:
    frozen = edition(on_mean("others"))
    alone = together(frozen, {"甲": [figure("4"), HIT]})["甲"]
    assert bounds(alone) == ("0", "8")
    assert [flag.code for flag in alone.flags] == ["no-line"]
    nought = together(edition(on_mean(relative=True)), {"甲": [figure("0")]})["甲"]
    assert [flag.code for flag in nought.flags] == ["no-line"]


PODIUM = Worth("places", tiers=((ZERO, F(10)), (ZERO, F(6))), rest=F(2))


def placed(*codes: str, among: str = "all", **fields: Any) -> Item:  # noqa: ANN401
    ranking = Ranking(codes, high_first=True, among=among)
    return item("A", "rank", "10", *fields.pop("deduct", ()), worth=PODIUM, ranking=ranking, **fields)


def test_the_figure_that_placed_a_unit_is_the_one_that_sets_its_points() -> None:
    scores = together(edition(placed()), {"甲": [figure("8")], "乙": [figure("9")]})
    assert shown(entry_of(scores["甲"], "甲r1").applied) == "6"
    assert why(scores["甲"], "甲r1") == "A is set to 6 of 10 by this."
    of_a = scores["甲"].items["A"]
    assert (of_a.state, of_a.caused_by) == ("reported", ("甲r1", "乙r1"))


def test_a_place_by_other_scores_has_an_entry_of_its_own() -> None:
    scores = together(edition(placed("B"), item("B", "grade", "10")), {"甲": [graded("5", "B")]})
    entry = entry_of(scores["甲"], "placed")
    assert (entry.item, shown(entry.raw), shown(entry.applied), entry.caused_by) == ("A", "10", "10", ("甲r1",))
    assert english(entry.why) == "A gets 10 by the unit's place among the units."


def test_points_by_place_keep_to_the_floor_and_what_happened_comes_off() -> None:
    units = {"甲": [figure("1"), HIT], "乙": [figure("9"), HIT], "丙": [figure("5")]}
    assert [sums_up(score) for score in together(edition(placed(floor=F(4))), units).values()] == ["4", "10", "6"]
    taken = together(edition(placed(deduct=(DEARER,))), units)
    assert [sums_up(score) for score in taken.values()] == ["0", "9", "6"]


def test_an_open_place_is_a_range_from_which_what_happened_comes_off() -> None:
    units = {"甲": [figure("5"), HIT], "乙": [], "丙": [figure("1")]}
    scores = together(edition(placed(deduct=(DEARER,))), units)
    assert [bounds(score) for score in scores.values()] == [("4", "8"), ("2", "10"), ("2", "6")]
    assert scores["甲"].items["A"].waits == "peers"
    held = together(edition(placed(floor=F(4))), units)
    assert bounds(held["丙"]) == ("4", "6")


def test_an_open_place_says_of_each_cost_what_of_it_stays() -> None:
    dear = placed(deduct=(rule("1.5"), rule("4")))
    scores = together(edition(dear), {"甲": [figure("1"), HIT], "乙": [], "丙": [figure("5")]})
    assert bounds(scores["甲"]) == ("0", "0.5")
    whys = [english(entry.why) for entry in ledger(scores["甲"]).entries if entry.ref == "甲r2"]
    assert whys == ["Priced at 1.5.", "Worth 4; the item has 0.5 left to lose."]


def test_places_are_told_among_all_or_within_the_category() -> None:
    units = {"甲": [figure("8")], "乙": [figure("9")]}
    apart = {"甲": "a", "乙": "b"}
    assert [sums_up(score) for score in together(edition(placed()), units, **apart).values()] == ["6", "10"]
    inside = together(edition(placed(among="category")), units, **apart)
    assert [sums_up(score) for score in inside.values()] == ["10", "10"]
    assert inside["甲"].items["A"].caused_by == ("甲r1",)


def test_a_unit_whose_scores_have_no_points_may_be_at_any_place() -> None:
    even = placed("B", "C")._replace(worth=PODIUM._replace(tiers=(), rest=F(2)))
    frozen = edition(even, item("B", "grade", None, only=("town",)), item("C", "grade", "10"))
    units = {"甲": [graded("5", "C")], "乙": [graded("7", "C")]}
    scores = together(frozen, units, 甲="town", 乙="office")
    assert sums_up(scores["乙"]) == "9"
    assert scores["乙"].items["A"].caused_by == ("甲r1", "乙r1")
    assert scores["甲"].total is None
    ranked = frozen.items["A"]._replace(worth=PODIUM)
    open_ = together(edition(ranked, *list(frozen.items.values())[1:]), units, 甲="town", 乙="office")
    assert bounds(open_["乙"]) == ("13", "17")


def test_a_ranked_item_that_does_not_concern_a_unit_gets_the_mean_of_the_others_places() -> None:
    ranked = placed("B", aside=Aside("peers-mean", "all", F(1), "total", "c"))
    marks = {"甲": "5", "乙": "9", "丙": "7", "丁": "1"}
    units = {unit: [graded(mark, "B")] for unit, mark in marks.items()}
    units["丙"] = [graded("7", "B"), ASIDE]
    units["丁"] = [graded("1", "B"), graded("3", on="2020-07-01")]
    scores = together(edition(ranked, item("B", "grade", "10")), units)
    assert [shown(score.items["A"].score) for score in scores.values()] == ["6", "10", "19/3", "3"]
    assert [sums_up(score) for score in scores.values()] == ["11", "19", "40/3", "4"]
    assert scores["丙"].items["A"].state == "not-applicable"


def first(among: str = "all") -> Adjustment:
    worth = Worth("places", tiers=((ZERO, F(3)), (ZERO, F(1))))
    return plus("P")._replace(worth=worth, ranking=Ranking((), high_first=True, among=among))


def beyond(one: Adjustment) -> Edition:
    return edition(item("A", "grade", "10"), groups=[group(one)])


def test_a_place_under_a_rule_says_what_it_gives_and_who_moved_it() -> None:
    units = {unit: [graded("5"), figure(value, "P")] for unit, value in (("甲", "7"), ("乙", "9"), ("丙", "1"))}
    scores = together(beyond(first()), units)
    entry = entry_of(scores["甲"], "甲r2")
    assert (entry.item, shown(entry.applied), entry.caused_by) == ("P", "1", ("甲r2", "乙r2", "丙r2"))
    assert why(scores["丙"], "丙r2") == "The figure gives nothing and costs nothing."
    apart = together(beyond(first("category")), units, 甲="a", 乙="b", 丙="b")
    assert [shown(score.bonus) for score in apart.values()] == ["3", "3", "1"]


def test_a_bonus_by_a_mean_that_nobody_else_brings_is_flagged_and_gives_nothing() -> None:
    above = plus("P")._replace(worth=below_mean("1", "others", "2")._replace(above=True, costs=False))
    alone = together(beyond(above), {"甲": [graded("5"), figure("7", "P")]})["甲"]
    entry = entry_of(alone, "甲r2")
    assert (entry.item, shown(entry.raw), shown(entry.applied)) == ("P", "0", "0")
    assert english(entry.why) == "Not priced: what it is compared with is not recorded."
    (charge,) = alone.groups[0].charges
    assert (charge.side, shown(charge.worth)) == ("bonus", "0")
    assert [english(flag.message) for flag in alone.flags] == [
        "What P is compared with is not recorded: record last year's, the parent's or the target figure."
    ]


def shared_logs() -> tuple[Edition, list[UnitLog]]:
    frozen = edition(item("A", "full", "100", rule("2"), rule("10", other=True)))
    facts = log(happened("2020-03-01"), happened("2020-05-01", other_unit="乙"))
    return frozen, [UnitLog(unit, "", YEAR, facts if unit == "甲" else []) for unit in "甲乙"]


def test_what_charges_a_second_unit_keeps_to_the_day_and_to_what_is_known() -> None:
    frozen, logs = shared_logs()

    def totals(**how: Any) -> list[str | None]:  # noqa: ANN401
        return [sums_up(score) for score in assess(frozen, logs, **how).values()]

    assert totals() == ["96", "90"]
    assert totals(as_of=dt.date(2020, 4, 30)) == ["98", "100"]
    assert totals(known_at=1) == ["98", "100"]


def test_a_second_unit_hears_of_anothers_limit_that_names_it() -> None:
    lost = rule("10", on="messages", other=True)
    frozen = edition(item("A", "full", "100", lost))
    opened = fact(
        "netizen-message", "2020-03-02", key="k", limit="3 working days", due=dt.date(2020, 3, 5), other_unit="乙"
    )
    late = fact("netizen-reply", "2020-03-09", None, key="k")
    logs = [UnitLog("甲", "", YEAR, log(opened, late)), UnitLog("乙", "", YEAR, [])]
    assert [sums_up(score) for score in assess(frozen, logs).values()] == ["100", "90"]
    before = assess(frozen, logs, as_of=dt.date(2020, 3, 5))
    assert [sums_up(score) for score in before.values()] == ["100", "100"]
    unknown = assess(frozen, logs, known_at=1)
    assert [sums_up(score) for score in unknown.values()] == ["100", "100"]


CUP = (Band("best", places=1, eligible=True), Band("good", F(50)))
HUNDRED = item("A", "grade", "100")


def cup(*units: tuple[str, str], bands: tuple[Band, ...] = CUP, **fields: Any) -> dict[str, Score]:  # noqa: ANN401
    out = Veto("V", "V", "clause of V", (), ineligible=True)
    frozen = edition(HUNDRED, bands=bands, vetoes=(out,), **fields)
    marks: dict[str, list[Fact]] = {unit: [graded(mark)] for unit, mark in units}
    marks.setdefault("乙", []).append(happened("2020-03-01", "V"))
    return together(frozen, marks)


def no_band(scores: dict[str, Score]) -> list[tuple[str, str]]:
    return [
        (unit, english(flag.message))
        for unit, score in scores.items()
        for flag in score.flags
        if flag.code == "no-band" and flag.refs == ()
    ]


def test_a_band_for_the_first_needs_eligibility_where_it_says_so() -> None:
    scores = cup(("甲", "90"), ("乙", "95"))
    assert [score.band for score in scores.values()] == ["good", "good"]
    assert [score.band for score in cup(("甲", "96"), ("乙", "95")).values()] == ["best", "good"]
    assert no_band(scores) == []


def test_a_total_without_a_band_is_flagged_after_the_quotas_too() -> None:
    scores = cup(("甲", "96"), ("乙", "40"))
    assert no_band(scores) == [("乙", "The total 40 falls into no band of the scheme.")]
    assert no_band(cup(("甲", "96"), ("乙", "40"), bands=())) == []


def test_while_a_unit_is_open_nobody_is_without_a_band_and_other_flags_stay() -> None:
    scores = cup(("甲", "40"))
    assert (scores["乙"].total, [score.band for score in scores.values()]) == (None, [None, None])
    assert no_band(scores) == []
    frozen = edition(HUNDRED, bands=CUP)
    self_marked = together(frozen, {"甲": [graded("40", by="甲")], "乙": [graded("90")]})
    assert [flag.code for flag in self_marked["甲"].flags] == ["self-assessed", "no-band"]


def test_proven_fraud_is_never_without_a_band() -> None:
    zero_out = ZeroOut("Z", "Z", "clause of Z", (), "total", None)
    frozen = edition(HUNDRED, bands=(Band("best", places=1), Band("good", F(50))), zero_out=zero_out)
    fraud = fact("fraud", "2020-05-01", None)
    scores = together(frozen, {"甲": [graded("90")], "乙": [graded("90"), fraud]})
    assert (scores["乙"].zeroed, shown(scores["乙"].total), no_band(scores)) == (True, "0", [])


def test_of_units_with_quotas_one_alone_may_be_asked_for() -> None:
    frozen = edition(HUNDRED, bands=CUP)
    logs = [UnitLog(unit, "", YEAR, log(graded(mark))) for unit, mark in (("甲", "90"), ("乙", "95"))]
    asked = concluded(frozen, priced_units(frozen, logs), only="甲")
    assert {unit: score.band for unit, score in asked.items()} == {"甲": "good"}


def test_a_share_of_the_units_is_rounded_as_the_band_says() -> None:
    def best(how: str) -> int:
        frozen = edition(HUNDRED, bands=(Band("best", share=F("0.5"), round=how), Band("rest")))
        scores = together(frozen, {unit: [graded(mark)] for unit, mark in (("甲", "9"), ("乙", "8"), ("丙", "7"))})
        return sum(score.band == "best" for score in scores.values())

    assert [best(how) for how in ("down", "up", "half-up")] == [1, 2, 2]
