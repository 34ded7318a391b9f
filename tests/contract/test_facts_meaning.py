"""What the fields of a fact mean, sentence by sentence of the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.office import (
    BEILUN,
    CITIES,
    COUNTIES,
    DOCS,
    HEBEI,
    LUANCHENG,
    ROOT,
    Fact,
    Office,
    Where,
    day,
    fact,
    weights,
)

Opener = Callable[..., Office]


def test_a_fact_without_matter_is_its_own_matter(office: Opener) -> None:
    desk = office(*DOCS)
    told = [fact("occurrence", DOCS[1], day(DOCS), "DP01") for _ in range(2)]
    desk.take(told[0])
    assert desk.item(DOCS[1], "DP01")["score"] == "5"
    desk.take(told[1])
    assert desk.item(DOCS[1], "DP01")["score"] == "0"


def test_where_a_rule_counts_matters_one_matter_counts_once_and_count_does_not_multiply(office: Opener) -> None:
    desk = office(*DOCS)
    desk.take(
        fact("occurrence", DOCS[1], day(DOCS), "DP01", matter="甲", count=3),
        fact("criticism", DOCS[1], day(DOCS, 5), "DP01", matter="甲"),
    )
    assert desk.item(DOCS[1], "DP01")["score"] == "5"


def test_where_a_rule_counts_events_count_multiplies_and_matter_is_a_note(office: Opener) -> None:
    desk = office(*DOCS)
    desk.take(
        fact("occurrence", DOCS[1], day(DOCS), "DP08", matter="甲", count=3),
        fact("occurrence", DOCS[1], day(DOCS, 5), "DP08", matter="甲"),
    )
    assert desk.item(DOCS[1], "DP08")["score"] == "7"


def test_a_missing_level_is_refused_where_the_price_depends_on_it(office: Opener) -> None:
    desk = office(*CITIES)
    for kind, item in (("criticism", "NC-M1"), ("praise", "NC-P2")):
        row = desk.refuse(fact(kind, CITIES[1], day(CITIES), item))
        assert "level" in row["message"]


def test_where_there_is_a_minimum_a_lower_level_is_unpriced_and_a_missing_one_meets_it(office: Opener) -> None:
    desk = office(*LUANCHENG)
    desk.take(fact("grade", LUANCHENG[1], "2020-11-01", "L17", points="8"))
    marks = []
    for level in ("county", "city", "provincial", "national", None):
        told = fact("criticism", LUANCHENG[1], "2020-05-01", "L17")
        desk.take(told | ({"level": level} if level else {}))
        marks.append(desk.item(LUANCHENG[1], "L17")["score"])
    assert marks == ["8", "7", "6", "5", "4"]


@pytest.mark.parametrize("item", ["SC-P1", "SC-P2", "SC-P3", "SC-M1", "SC-M2", "SC-M3", "SC-M4"])
def test_the_minimum_of_the_counties_special_rules_is_the_city(office: Opener, item: str) -> None:
    desk = office(*COUNTIES, overlay=weights())
    side, kind = ("bonus", "praise") if "-P" in item else ("deduction", "criticism")
    seen = []
    for level in ("county", "city", None):
        told = fact(kind, COUNTIES[1], day(COUNTIES), item)
        desk.take(told | ({"level": level} if level else {}))
        seen.append(desk.score(COUNTIES[1])[side])
    assert seen == ["0", "1", "2"]


def test_the_latest_word_on_a_key_counts(office: Opener) -> None:
    desk = office(*DOCS)
    duty = fact("deadline-opened", DOCS[1], "2017-03-01", "DP03", key="d1", limit="2017-03-10")
    positions = desk.take(
        duty,
        fact("deadline-missed", DOCS[1], "2017-03-11", "DP03", key="d1"),
        fact("deadline-met", DOCS[1], "2017-03-12", key="d1", justified=False, serious=True),
        fact("deadline-missed", DOCS[1], "2017-03-20", "DP03", key="d1", justified=True),
        fact("deadline-missed", DOCS[1], "2017-03-21", "DP03", key="d1", justified=False),
    )
    answers = [desk.score(DOCS[1], "--known-at", position) for position in positions]
    assert [answer["items"]["DP03"]["score"] for answer in answers] == ["10", "10", "8", "10", "8"]
    codes = [[flag["code"] for flag in answer["flags"]] for answer in answers]
    assert ["pending" in found for found in codes] == [False, True, False, False, False]


def test_a_word_that_nobody_gave_leaves_the_fact_unpriced_and_pending(office: Opener) -> None:
    desk = office(*DOCS)
    told = [
        fact("occurrence", DOCS[1], day(DOCS), "DP03"),
        fact("occurrence", DOCS[1], day(DOCS), "DP03", serious=True),
        fact("occurrence", DOCS[1], day(DOCS), "DP03", serious=False),
        fact("occurrence", DOCS[1], day(DOCS), "DP03", justified=False, serious=True),
    ]
    desk.take(*told)
    score = desk.score(DOCS[1])
    assert score["items"]["DP03"]["score"] == "8"
    pending = [ref for flag in score["flags"] if flag["code"] == "pending" for ref in flag["refs"]]
    assert pending == [told[0]["ref"], told[1]["ref"]]


def test_two_items_that_name_the_same_message_are_flagged_not_merged(office: Opener) -> None:
    desk = office(*HEBEI)
    told = [
        fact("reply-timeout", HEBEI[1], "2018-03-01", "H21", message="M-7"),
        fact("reply-timeout", HEBEI[1], "2018-03-01", "H25b", message="M-7"),
    ]
    desk.take(*told)
    score = desk.score(HEBEI[1])
    refs = [row["ref"] for row in told]
    assert (score["items"]["H21"]["score"], score["items"]["H25b"]["score"]) == ("1.5", "0.8")
    assert [sorted(flag["refs"]) for flag in score["flags"]] == [sorted(refs)]
    desk.take(fact("duplicate-ruling", HEBEI[1], "2018-04-01", of=refs[1]))
    score = desk.score(HEBEI[1])
    assert (score["items"]["H21"]["score"], score["items"]["H25b"]["score"]) == ("1.5", "1")
    assert score["flags"] == []


@pytest.mark.parametrize(
    ("where", "item", "figure"),
    [
        (HEBEI, "H26a", {"value": "-0.1"}),
        (HEBEI, "H26a", {"numerator": "-1", "denominator": "2"}),
        (HEBEI, "H26a", {"numerator": "1", "denominator": "0"}),
        (HEBEI, "H26a", {"numerator": "1", "denominator": "-2"}),
        (HEBEI, "H26a", {"numerator": "1"}),
        (HEBEI, "H26a", {"value": "1/0"}),
        (HEBEI, "H26a", {"value": "nan"}),
        (HEBEI, "H26a", {"value": "1e3"}),
        (HEBEI, "H26a", {"value": "0.5", "numerator": "1", "denominator": "2"}),
        (HEBEI, "H20", {"value": "0"}),
        (HEBEI, "H20", {"value": "-1"}),
        (DOCS, "DP09", {"previous": "0", "current": "5"}),
        (DOCS, "DP09", {"previous": "10", "current": "-5"}),
        (BEILUN, "B-D3", {"value": "-1"}),
    ],
    ids=str,
)
def test_figures_that_cannot_be_are_refused(office: Opener, where: Where, item: str, figure: Fact) -> None:
    office(*where).refuse(fact("metric", where[1], day(where), item, **figure))


@pytest.mark.parametrize(
    "figure", [{"value": "0.8"}, {"value": "80%"}, {"numerator": "8", "denominator": "10"}, {"value": 0.8}], ids=str
)
def test_ratios_may_be_given_in_several_ways(office: Opener, figure: Fact) -> None:
    desk = office(*HEBEI)
    desk.take(fact("metric", HEBEI[1], "2018-12-01", "H26a", **figure))
    assert desk.item(HEBEI[1], "H26a")["score"] == "6"
    desk.take(fact("metric", HEBEI[1], "2018-12-02", "H26a", value="79.999%"))
    assert desk.item(HEBEI[1], "H26a")["score"] == "5"


def test_a_metric_outside_its_year_is_kept_and_does_not_count(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("metric", HEBEI[1], "2018-12-31", "H26a", value="50%"))
    desk.take(fact("metric", HEBEI[1], "2017-12-31", "H26a", value="90%"))
    desk.take(fact("metric", HEBEI[1], "2019-01-02", "H26a", value="90%"), now="2019-01-02")
    assert desk.item(HEBEI[1], "H26a")["score"] == "3"


def test_of_grade_and_report_the_latest_decides(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("metric", HEBEI[1], "2018-06-30", "H26a", value="50%"))
    assert desk.item(HEBEI[1], "H26a")["state"] == "reported"
    desk.take(fact("grade", HEBEI[1], "2018-06-30", "H26a", points="6"))
    assert desk.item(HEBEI[1], "H26a")["state"] == "graded"
    desk.take(fact("metric", HEBEI[1], "2018-05-30", "H26a", value="40%"))
    assert desk.item(HEBEI[1], "H26a")["score"] == "6"
    desk.take(fact("metric", HEBEI[1], "2018-07-01", "H26a", value="40%"))
    assert desk.item(HEBEI[1], "H26a") == {"score": "2", "low": "2", "high": "2", "max": "6", "state": "reported"}


def test_a_count_decides_once_it_is_confirmed(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("occurrence", HEBEI[1], "2018-03-01", "H13a"))
    assert desk.item(HEBEI[1], "H13a") == {"score": None, "low": "0", "high": "1", "max": "1", "state": "open"}
    desk.take(fact("confirmation", HEBEI[1], "2018-12-01", "H13a"))
    assert desk.item(HEBEI[1], "H13a")["score"] == "0.8"
    desk.take(fact("occurrence", HEBEI[1], "2018-04-01", "H13a"))
    assert desk.item(HEBEI[1], "H13a")["score"] == "1"
    desk.take(fact("grade", HEBEI[1], "2018-12-02", "H13a", points="0.8"))
    assert desk.item(HEBEI[1], "H13a")["state"] == "graded"


def test_distinct_forms_count_once_each(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("confirmation", HEBEI[1], "2018-12-01", "H13i"))
    marks = [desk.item(HEBEI[1], "H13i")["score"]]
    for form in ("发布会", "发布会", "吹风会"):
        desk.take(fact("occurrence", HEBEI[1], "2018-03-01", "H13i", form=form))
        marks.append(desk.item(HEBEI[1], "H13i")["score"])
    assert marks == ["0", "0.3", "0.3", "0.5"]


def test_one_card_costs_once_at_its_dearest_problem(office: Opener) -> None:
    desk = office(*HEBEI)
    problems: list[object] = ["甲", ["甲", "乙", "丙"], "丙", "丁"]
    marks = []
    for number, problem in enumerate(problems, 1):
        desk.take(fact("supervision-card", HEBEI[1], f"2018-03-{number:02}", "H19", problem=problem))
        marks.append(desk.item(HEBEI[1], "H19")["score"])
    assert marks == ["2.9", "2.4", "1.9", "1.8"]


def test_kinds_that_a_rule_needs_two_of(office: Opener) -> None:
    desk = office(*CITIES)
    seen = []
    for kind, count in (("report", 11), ("commission-done", 1), ("report", 1), ("report", 5)):
        desk.take(fact("occurrence", CITIES[1], day(CITIES), "NC-P1", kind=kind, count=count))
        seen.append(desk.score(CITIES[1])["bonus"])
    assert seen == ["0", "0", "1", "1"]
    desk.refuse(fact("occurrence", CITIES[1], day(CITIES), "NC-P1"))
    desk.refuse(fact("occurrence", CITIES[1], day(CITIES), "NC-P1", kind="nonsense"))


def test_a_message_takes_its_limit_from_the_item_unless_given(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(
        fact("netizen-message", HEBEI[1], "2018-03-05", "H21", key="own"),
        fact("netizen-message", HEBEI[1], "2018-03-05", "H25b", key="other"),
        fact("netizen-message", HEBEI[1], "2018-03-05", "H21", key="given", limit="1 working days"),
        fact("netizen-message", HEBEI[1], "2018-03-05", "H21", key="day", limit="2018-03-31"),
        fact("netizen-message", HEBEI[1], "2018-03-05T22:30:00+08:00", "H21", key="hours", limit="5 hours"),
    )
    dues = {key: limit["due"] for key, limit in desk.score(HEBEI[1])["deadlines"].items()}
    assert dues == {
        "own": "2018-03-08",
        "other": "2018-03-14",
        "given": "2018-03-06",
        "day": "2018-03-31",
        "hours": "2018-03-06T03:30:00+08:00",
    }


def test_a_timeout_by_hand_without_a_key_costs_as_often_as_it_says(office: Opener) -> None:
    desk = office(*HEBEI)
    desk.take(fact("reply-timeout", HEBEI[1], "2018-03-05", "H21", count=3))
    assert desk.item(HEBEI[1], "H21")["score"] == "0.5"
    desk.take(fact("reply-timeout", HEBEI[1], "2018-03-05", "H25b", key="alone"))
    assert desk.deadline(HEBEI[1], "alone") == {"item": "H25b", "due": None, "state": "missed"}
    assert desk.item(HEBEI[1], "H25b")["score"] == "0.8"


def test_one_matter_priced_in_two_places_is_flagged_with_its_facts(office: Opener) -> None:
    desk = office(*HEBEI)
    told = [fact("occurrence", HEBEI[1], day(HEBEI), code, matter="甲") for code in ("H32", "H25a")]
    desk.take(*told, fact("occurrence", HEBEI[1], day(HEBEI), "H14a", matter="乙"))
    flags = desk.score(HEBEI[1])["flags"]
    assert [sorted(flag["refs"]) for flag in flags] == [sorted(row["ref"] for row in told)]
    assert all("甲" in flag["message"] and flag["code"] for flag in flags)


@pytest.mark.parametrize(
    "more", [{"met": 4}, {"missing": 4}, {"met": -1}, {"met": 1.5}, {"met": 2, "missing": 1}], ids=str
)
def test_a_checklist_has_as_many_elements_as_the_item(office: Opener, more: Fact) -> None:
    office(*HEBEI).refuse(fact("checklist", HEBEI[1], day(HEBEI), "H33", **more))


def test_a_checklist_gives_its_points_by_what_is_there_or_missing(office: Opener) -> None:
    desk = office(*HEBEI)
    marks = []
    for number, more in enumerate(({"met": 0}, {"met": 3}, {"missing": 1}, {"missing": 0}), 1):
        desk.take(fact("checklist", HEBEI[1], day(HEBEI, number), "H33", **more))
        marks.append(desk.item(HEBEI[1], "H33")["score"])
    assert marks == ["0", "3", "2", "3"]


def test_a_retraction_through_another_year_of_the_same_unit_is_refused(office: Opener) -> None:
    desk = office(*HEBEI)
    told = fact("occurrence", HEBEI[1], day(HEBEI), "H32")
    desk.take(told)
    words = ("scheme", "adopt", HEBEI[0], "--year", 2019, "--unit", HEBEI[1])
    assert desk.gk(*words, now="2019-01-01").status == 0
    other = Office(desk.gk, HEBEI[0], 2019)
    row = other.refuse(fact("retraction", HEBEI[1], "2019-01-02", of=told["ref"]), now="2019-01-02")
    assert told["ref"] in row["message"]
    assert "2018" in row["message"], "says where the fact lies, for its unit is the one named"


def test_what_a_new_edition_has_no_item_for_is_kept_and_its_entry_says_so(office: Opener, tmp_path: Path) -> None:
    desk = office(*DOCS)
    told = fact("occurrence", DOCS[1], day(DOCS), "DP07")
    desk.take(told)
    published = (ROOT / "schemes" / f"{DOCS[0]}.yaml").read_text(encoding="utf-8")
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(published.replace("DP07", "DPX"), encoding="utf-8")
    assert desk.gk("scheme", "adopt", renamed, "--year", desk.year, now=desk.evening).status == 0
    answer = desk.ask("replay", DOCS[1])
    (entry,) = [entry for entry in answer["entries"] if entry["ref"] == told["ref"]]
    assert (entry["applied"], answer["items"]["DPX"]["score"]) == ("0", "10")
    assert "figure" not in entry["why"], "it is a happening, not a figure"
