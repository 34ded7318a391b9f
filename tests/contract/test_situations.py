"""The situations that the contract decides, by their numbers, each end to end through the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.contract.office import ROOT, Gk, Office, fact, weights

Opener = Callable[..., Office]
DEPARTMENT = "省直部门X"
BUREAU = "省统计局"
TOWN, OTHER, THIRD = "栾城镇", "区财政局", "区气象局"


# ---------------------------------------------------------------- 1


def test_situation_01_a_retraction_may_itself_be_retracted(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    happened = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    first = fact("retraction", DEPARTMENT, "2017-04-01", of=happened["ref"])
    second = fact("retraction", DEPARTMENT, "2017-05-01", of=first["ref"])
    positions = desk.take(happened, first, second)
    marks = [desk.item(DEPARTMENT, "DP08", "--known-at", position)["score"] for position in positions]
    assert marks == ["13", "15", "13"]


def test_situation_01_a_ruling_may_itself_be_retracted(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    happened = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    ruling = fact("duplicate-ruling", DEPARTMENT, "2017-04-01", of=happened["ref"])
    positions = desk.take(happened, ruling, fact("retraction", DEPARTMENT, "2017-05-01", of=ruling["ref"]))
    marks = [desk.item(DEPARTMENT, "DP08", "--known-at", position)["score"] for position in positions]
    assert marks == ["13", "15", "13"]


def test_situation_01_a_retracted_ref_logged_once_more_stays_retracted(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    happened = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    desk.take(happened, fact("retraction", DEPARTMENT, "2017-04-01", of=happened["ref"]))
    before = desk.gk.events()
    again = desk.log(happened)
    assert (again.status, again.json["already_recorded"]) == (0, [happened["ref"]])
    assert desk.gk.events() == before
    assert desk.item(DEPARTMENT, "DP08")["score"] == "15"


def test_situation_01_retracting_a_message_takes_the_miss_of_its_scan(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    came = fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1")
    desk.take(came, now="2018-03-05")
    assert [row["key"] for row in desk.scan("2018-03-09")] == ["m1"]
    assert desk.item(BUREAU, "H21")["score"] == "1.5"
    desk.take(fact("retraction", BUREAU, "2018-03-10", of=came["ref"]), now="2018-03-10")
    score = desk.score(BUREAU)
    assert score["items"]["H21"]["score"] == "2"
    assert "m1" not in score["deadlines"]
    assert desk.scan("2018-03-20") == []


def test_situation_01_retracting_an_opened_limit_takes_the_miss_of_its_scan(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    opened = fact("deadline-opened", DEPARTMENT, "2017-03-01", "DP02", key="d1", limit="2017-03-10")
    desk.take(opened, now="2017-03-01")
    assert len(desk.scan("2017-03-11")) == 1
    assert desk.item(DEPARTMENT, "DP02")["score"] == "8"
    desk.take(fact("retraction", DEPARTMENT, "2017-03-12", of=opened["ref"]), now="2017-03-12")
    assert desk.item(DEPARTMENT, "DP02")["score"] == "10"


def test_situation_01_taking_the_retraction_of_a_message_back_brings_its_miss_back(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    came = fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1")
    desk.take(came, now="2018-03-05")
    desk.scan("2018-03-09")
    back = fact("retraction", BUREAU, "2018-03-10", of=came["ref"])
    desk.take(back, fact("retraction", BUREAU, "2018-03-11", of=back["ref"]), now="2018-03-11")
    assert desk.deadline(BUREAU, "m1")["state"] == "missed"
    assert desk.item(BUREAU, "H21")["score"] == "1.5"


def test_situation_01_what_stands_again_may_be_retracted_again(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    happened = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    first = fact("retraction", DEPARTMENT, "2017-04-01", of=happened["ref"])
    undone = fact("retraction", DEPARTMENT, "2017-05-01", of=first["ref"])
    desk.take(happened, first, undone, fact("retraction", DEPARTMENT, "2017-06-01", of=happened["ref"]))
    assert desk.item(DEPARTMENT, "DP08")["score"] == "15"


# ---------------------------------------------------------------- 2


def test_situation_02_the_calendar_alone_never_makes_a_limit_missed(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1"))
    assert desk.deadline(BUREAU, "m1") == {"item": "H21", "due": "2018-03-08", "state": "open"}
    assert desk.item(BUREAU, "H21")["score"] == "2"


def test_situation_02_an_answer_after_the_limit_makes_it_missed_once_known(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    came = fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1")
    opened, answered = desk.take(came, fact("netizen-reply", BUREAU, "2018-03-09", key="m1"))
    assert desk.deadline(BUREAU, "m1", "--known-at", opened)["state"] == "open"
    assert desk.deadline(BUREAU, "m1", "--known-at", answered)["state"] == "missed"
    assert desk.item(BUREAU, "H21")["score"] == "1.5"


def test_situation_02_an_answer_on_the_last_day_is_in_time(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    came = fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1")
    desk.take(came, fact("netizen-reply", BUREAU, "2018-03-08T23:59:00+08:00", key="m1"))
    assert desk.deadline(BUREAU, "m1")["state"] == "met"


def test_situation_02_one_limit_costs_once_however_many_facts_record_it(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1"), now="2018-03-05")
    assert len(desk.scan("2018-03-09")) == 1
    desk.take(
        fact("reply-timeout", BUREAU, "2018-03-10", "H21", key="m1"),
        fact("reply-timeout", BUREAU, "2018-03-11", "H21", key="m1"),
        fact("netizen-reply", BUREAU, "2018-03-12", key="m1"),
        now="2018-03-12",
    )
    score = desk.score(BUREAU)
    assert score["items"]["H21"]["score"] == "1.5"
    assert score["deducted_by_quarter"].get("Q1") == "0.5"
    assert desk.scan("2018-03-20") == []


def test_situation_02_a_retracted_miss_is_not_recorded_again(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1"), now="2018-03-05")
    desk.scan("2018-03-09")
    entries = desk.ask("replay", BUREAU)["entries"]
    miss = next(row["ref"] for row in entries if row["type"] == "reply-timeout")
    desk.take(fact("retraction", BUREAU, "2018-03-10", of=miss), now="2018-03-10")
    assert desk.scan("2018-03-20") == []
    assert desk.deadline(BUREAU, "m1")["state"] == "open"
    assert desk.item(BUREAU, "H21")["score"] == "2"


def test_situation_02_an_answer_in_time_known_late_takes_the_recorded_miss_back(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1"), now="2018-03-05")
    desk.scan("2018-03-09")
    desk.take(fact("netizen-reply", BUREAU, "2018-03-07", key="m1"), now="2018-03-15")
    assert desk.deadline(BUREAU, "m1")["state"] == "met"
    assert desk.item(BUREAU, "H21")["score"] == "2"


# ---------------------------------------------------------------- 3


def test_situation_03_the_amended_spring_festival_of_2020_moves_an_open_limit(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT, year=2020)
    duty = fact("deadline-opened", DEPARTMENT, "2020-01-20", "DP02", key="d1", limit="5 working days")
    (opened,) = desk.take(duty, now="2020-01-20")
    assert desk.deadline(DEPARTMENT, "d1")["due"] == "2020-02-01"
    (later,) = desk.take(fact("occurrence", DEPARTMENT, "2020-01-28", "DP08"), now="2020-01-28")
    assert desk.deadline(DEPARTMENT, "d1")["due"] == "2020-02-04"
    assert desk.deadline(DEPARTMENT, "d1", "--known-at", opened)["due"] == "2020-02-01"
    assert later > opened + 1, "the amendment is adopted into the log like an edition"
    assert desk.deadline(DEPARTMENT, "d1", "--known-at", later - 1)["due"] == "2020-02-04"


def test_situation_03_an_answer_late_by_the_old_calendar_is_in_time_by_the_new(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT, year=2020)
    duty = fact("deadline-opened", DEPARTMENT, "2020-01-20", "DP02", key="d1", limit="5 working days")
    desk.take(duty, now="2020-01-20")
    desk.take(fact("deadline-met", DEPARTMENT, "2020-02-04", key="d1"), now="2020-02-04")
    assert desk.deadline(DEPARTMENT, "d1") == {"item": "DP02", "due": "2020-02-04", "state": "met"}
    assert desk.item(DEPARTMENT, "DP02")["score"] == "10"
    listed = desk.gk("deadlines", "list", "--json").json["deadlines"]
    assert [(row["due"], row["state"]) for row in listed] == [("2020-02-04", "met")]


def test_situation_03_a_limit_that_the_amendment_does_not_touch_stays(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT, year=2020)
    duty = fact("deadline-opened", DEPARTMENT, "2020-01-06", "DP02", key="d1", limit="5 working days")
    desk.take(duty, now="2020-01-06")
    desk.take(fact("occurrence", DEPARTMENT, "2020-01-28", "DP08"), now="2020-01-28")
    assert desk.deadline(DEPARTMENT, "d1")["due"] == "2020-01-13"


def test_situation_03_a_limit_beyond_the_published_calendar_waits_for_the_notice(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    duty = fact("deadline-opened", DEPARTMENT, "2017-11-20", "DP02", key="d1", limit="40 working days")
    (opened,) = desk.take(duty, now="2017-11-20")
    assert desk.deadline(DEPARTMENT, "d1") == {"item": "DP02", "due": None, "state": "open"}
    desk.take(fact("occurrence", DEPARTMENT, "2017-12-05", "DP08"), now="2017-12-05")
    assert desk.deadline(DEPARTMENT, "d1") == {"item": "DP02", "due": "2018-01-16", "state": "open"}
    assert desk.deadline(DEPARTMENT, "d1", "--known-at", opened)["due"] is None


def test_situation_03_a_limit_without_a_due_day_is_never_scanned(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    duty = fact("deadline-opened", DEPARTMENT, "2017-11-20", "DP02", key="d1", limit="40 working days")
    desk.take(duty, now="2017-11-20")
    assert desk.scan("2017-11-29") == []
    assert desk.gk("deadlines", "list", "--json").json["deadlines"][0]["due"] is None


# ---------------------------------------------------------------- 4


def over_the_year(office: Opener) -> Office:
    """A limit opened in December 2017 that ran out in January 2018, and its miss."""
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    duty = fact("deadline-opened", DEPARTMENT, "2017-12-27", "DP02", key="d1", limit="5 working days")
    desk.take(duty, now="2017-12-27")
    assert [row["due"] for row in desk.scan("2018-01-10")] == ["2018-01-04"]
    return desk


def test_situation_04_a_limit_over_the_years_end_costs_nothing_in_its_year(office: Opener) -> None:
    desk = over_the_year(office)
    score = desk.score(DEPARTMENT)
    assert score["items"]["DP02"]["score"] == "10"
    assert score["deadlines"]["d1"] == {"item": "DP02", "due": "2018-01-04", "state": "missed"}
    assert not [cost for cost in score["deducted_by_quarter"].values() if cost != "0"]


def test_situation_04_it_is_priced_in_the_next_unit_year_of_the_same_family(office: Opener) -> None:
    desk = over_the_year(office)
    words = ("scheme", "adopt", "hunan-docs-departments-2017", "--year", 2018, "--unit", DEPARTMENT)
    assert desk.gk(*words, now="2018-01-11").status == 0
    assert desk.item(DEPARTMENT, "DP02")["score"] == "10"
    following = Office(desk.gk, desk.scheme, 2018)
    score = following.score(DEPARTMENT)
    assert score["items"]["DP02"]["score"] == "8"
    assert score["deadlines"]["d1"]["state"] == "missed"
    assert score["deducted_by_quarter"]["Q1"] == "2"
    replay = following.ask("replay", DEPARTMENT)
    assert [row["applied"] for row in replay["entries"] if row["item"] == "DP02"] == ["-2"]


def test_situation_04_not_in_the_next_year_of_another_family_or_another_unit(office: Opener) -> None:
    desk = over_the_year(office)
    cities = ("scheme", "adopt", "hunan-docs-cities-2017", "--year", 2018, "--unit", DEPARTMENT)
    other = ("scheme", "adopt", "hunan-docs-departments-2017", "--year", 2018, "--unit", "省直部门Y")
    assert [desk.gk(*words, now="2018-01-11").status for words in (cities, other)] == [0, 0]
    for scheme, unit in (("hunan-docs-cities-2017", DEPARTMENT), ("hunan-docs-departments-2017", "省直部门Y")):
        score = Office(desk.gk, scheme, 2018).score(unit)
        assert "d1" not in score["deadlines"]
        assert all(item["score"] in (item["max"], None) for item in score["items"].values())


def test_situation_04_a_limit_that_ends_on_the_last_day_of_the_year_belongs_to_the_next(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    duty = fact("deadline-opened", DEPARTMENT, "2017-12-01", "DP02", key="d1", limit="2017-12-31")
    desk.take(duty, now="2017-12-01")
    desk.scan("2018-01-02")
    assert desk.deadline(DEPARTMENT, "d1")["state"] == "missed"
    assert desk.item(DEPARTMENT, "DP02")["score"] == "10"


# ---------------------------------------------------------------- 5


def test_situation_05_the_latest_effective_grade_counts_then_the_position(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    marks = [("2018-06-30", "1.5"), ("2018-03-31", "1"), ("2018-06-30", "0.5")]
    positions = desk.take(*(fact("grade", BUREAU, day, "H01", points=points) for day, points in marks))
    seen = [desk.item(BUREAU, "H01", "--known-at", position)["score"] for position in positions]
    assert seen == ["1.5", "1.5", "0.5"]
    assert desk.item(BUREAU, "H01", "--as-of", "2018-04-01")["score"] == "1"


def test_situation_05_a_decision_before_its_year_is_refused(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    for kind, more in (("grade", {"points": "1"}), ("not-applicable", {})):
        row = desk.refuse(fact(kind, BUREAU, "2017-12-31", "H01", **more))
        assert "2018" in row["message"]
    desk.refuse(fact("confirmation", BUREAU, "2017-12-31", "H36"))


def test_situation_05_a_decision_after_its_year_counts(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("grade", BUREAU, "2019-01-20", "H01", points="2"), now="2019-01-20")
    assert desk.item(BUREAU, "H01")["score"] == "2"
    assert desk.item(BUREAU, "H01", "--as-of", "2018-12-31")["state"] == "open"


def test_situation_05_a_fact_may_be_ruled_a_duplicate_and_retracted(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    happened = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    ruling = fact("duplicate-ruling", DEPARTMENT, "2017-04-01", of=happened["ref"])
    taken = fact("retraction", DEPARTMENT, "2017-04-02", of=happened["ref"])
    undone = [
        fact("retraction", DEPARTMENT, "2017-05-01", of=ruling["ref"]),
        fact("retraction", DEPARTMENT, "2017-05-02", of=taken["ref"]),
    ]
    positions = desk.take(happened, ruling, taken, *undone)
    marks = [desk.item(DEPARTMENT, "DP08", "--known-at", position)["score"] for position in positions]
    assert marks == ["13", "15", "15", "15", "13"]


def test_situation_05_a_reply_and_a_met_deadline_after_the_year_count(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(
        fact("netizen-message", BUREAU, "2018-12-20", "H21", key="m1"),
        fact("deadline-opened", BUREAU, "2018-12-20", "H32", key="d1", limit="2018-12-28"),
        now="2018-12-20",
    )
    desk.take(
        fact("netizen-reply", BUREAU, "2019-01-20", key="m1"),
        fact("deadline-met", BUREAU, "2019-01-20", key="d1"),
        now="2019-01-20",
    )
    score = desk.score(BUREAU)
    assert [score["deadlines"][key]["state"] for key in ("m1", "d1")] == ["missed", "missed"]
    assert [score["items"][code]["score"] for code in ("H21", "H32")] == ["1.5", "1.5"]
    early = desk.score(BUREAU, "--as-of", "2018-12-31")
    assert [early["deadlines"][key]["state"] for key in ("m1", "d1")] == ["open", "open"]


# ---------------------------------------------------------------- 6


def test_situation_06_not_applicable_holds_until_retracted_and_a_grade_meanwhile_is_kept(office: Opener) -> None:
    desk = office("luancheng-2020", TOWN, OTHER)
    aside = fact("not-applicable", TOWN, "2020-02-01", "L01")
    positions = desk.take(
        aside,
        fact("grade", OTHER, "2020-03-01", "L01", points="2"),
        fact("grade", TOWN, "2020-04-01", "L01", points="3"),
        fact("retraction", TOWN, "2020-05-01", of=aside["ref"]),
    )
    seen = [desk.item(TOWN, "L01", "--known-at", position) for position in positions]
    assert [(item["state"], item["score"]) for item in seen] == [
        ("not-applicable", None),
        ("not-applicable", "2"),
        ("not-applicable", "2"),
        ("graded", "3"),
    ]


def test_situation_06_the_peers_mean_lies_between_the_means_of_their_bounds(office: Opener) -> None:
    desk = office("luancheng-2020", TOWN, OTHER, THIRD, "冶河镇")
    desk.take(
        fact("not-applicable", TOWN, "2020-02-01", "L01"),
        fact("grade", OTHER, "2020-03-01", "L01", points="2"),
        fact("grade", THIRD, "2020-03-01", "L01", points="3"),
    )
    open_yet = desk.item(TOWN, "L01")
    assert (open_yet["score"], open_yet["low"], open_yet["high"]) == (None, "5/3", "8/3")
    desk.take(fact("grade", "冶河镇", "2020-03-01", "L01", points="3"))
    assert desk.item(TOWN, "L01")["score"] == "8/3"


# ---------------------------------------------------------------- 7


def test_situation_07_a_figure_below_half_the_mean_of_those_that_reported_is_deducted(office: Opener) -> None:
    desk = office("beilun-2019", "新碶街道", "财政局", "民政局", "气象局")
    desk.settle("新碶街道", "财政局", "民政局", "气象局")
    figures = {"新碶街道": "19", "财政局": "60", "民政局": "41"}
    desk.take(*(fact("metric", unit, "2019-11-30", "B-D3", value=figure) for unit, figure in figures.items()))
    scores = desk.ask("score")["units"]
    assert [scores[unit]["total"] for unit in figures] == ["98", "100", "100"]
    assert scores["新碶街道"]["deduction"] == "2"
    assert scores["新碶街道"]["deducted_by_quarter"]["Q4"] == "2"
    assert scores["气象局"]["total"] == "100"
    assert scores["气象局"]["flags"], "no figure: no deduction, and a flag"
    assert not scores["财政局"]["flags"]


def test_situation_07_exactly_half_the_mean_costs_nothing(office: Opener) -> None:
    desk = office("beilun-2019", "新碶街道", "财政局")
    desk.take(
        fact("metric", "新碶街道", "2019-11-30", "B-D3", value="20"),
        fact("metric", "财政局", "2019-11-30", "B-D3", value="60"),
    )
    assert desk.score("新碶街道")["deduction"] == "0"
    desk.take(fact("metric", "财政局", "2019-12-01", "B-D3", value="60.1"))
    assert desk.score("新碶街道")["deduction"] == "2"


def test_situation_07_it_costs_beside_other_deductions(office: Opener) -> None:
    desk = office("beilun-2019", "新碶街道", "财政局")
    desk.take(
        fact("occurrence", "新碶街道", "2019-03-01", "B-D1"),
        fact("metric", "新碶街道", "2019-11-30", "B-D3", value="1"),
        fact("metric", "财政局", "2019-11-30", "B-D3", value="60"),
    )
    assert desk.score("新碶街道")["deduction"] == "3"


# ---------------------------------------------------------------- 8


def adopt_again(desk: Office, *words: object) -> None:
    again = desk.gk("scheme", "adopt", *words, "--year", desk.year, "--json", now=desk.evening)
    assert again.status == 0, again


def test_situation_08_an_overlay_decided_later_keeps_every_fact(office: Opener, tmp_path: Path) -> None:
    desk = office("sanmenxia-counties-2017", "县A")
    (graded,) = desk.take(fact("grade", "县A", "2017-05-01", "SC01", points="3"))
    assert desk.item("县A", "SC01") == {"score": None, "low": None, "high": None, "max": None, "state": "unweighted"}
    decided = tmp_path / "weights.json"
    decided.write_text(json.dumps(weights(SC01="5")))
    adopt_again(desk, desk.scheme, "--overlay", decided)
    assert desk.item("县A", "SC01") == {"score": "3", "low": "3", "high": "3", "max": "5", "state": "graded"}
    assert desk.item("县A", "SC01", "--known-at", graded)["state"] == "unweighted"


def test_situation_08_a_grade_that_no_longer_fits_is_undetermined_and_flagged(office: Opener, tmp_path: Path) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights(SC01="5"))
    mark = fact("grade", "县A", "2017-05-01", "SC01", points="3")
    desk.take(mark, fact("grade", "县A", "2017-05-01", "SC02", points="1"))
    decided = tmp_path / "weights.json"
    decided.write_text(json.dumps(weights(SC01="2")))
    adopt_again(desk, desk.scheme, "--overlay", decided)
    score = desk.score("县A")
    assert score["items"]["SC01"] == {"score": None, "low": "0", "high": "2", "max": "2", "state": "open"}
    assert score["items"]["SC02"]["score"] == "1"
    assert any(mark["ref"] in flag["refs"] for flag in score["flags"])
    desk.take(fact("grade", "县A", "2017-06-01", "SC01", points="2"))
    assert desk.item("县A", "SC01")["score"] == "2"


def test_situation_08_a_new_edition_keeps_every_fact(office: Opener, tmp_path: Path) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    (position,) = desk.take(fact("occurrence", DEPARTMENT, "2017-03-01", "DP08"))
    first = desk.score(DEPARTMENT)["edition"]
    published = (ROOT / "schemes" / "hunan-docs-departments-2017.yaml").read_text(encoding="utf-8")
    head, mark, tail = published.partition("code: DP08")
    changed = tmp_path / "changed.yaml"
    changed.write_text(head + mark + tail.replace("price: 2", "price: 3", 1), encoding="utf-8")
    adopt_again(desk, changed)
    score = desk.score(DEPARTMENT)
    assert score["edition"] != first
    assert score["items"]["DP08"]["score"] == "12"
    assert desk.item(DEPARTMENT, "DP08", "--known-at", position)["score"] == "13"


# ---------------------------------------------------------------- 9


def test_situation_09_no_total_falls_below_0(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights({"SC-M1": "30", "SC-M2": "40"}))
    desk.settle("县A")
    one = [fact("criticism", "县A", "2017-05-01", code, matter=f"事{code}") for code in ("SC-M1", "SC-M2")]
    two = [fact("criticism", "县A", "2017-06-01", code, matter=f"另{code}") for code in ("SC-M1", "SC-M2")]
    desk.take(*one, *two)
    score = desk.score("县A")
    assert (score["base"], score["deduction"], score["total"], score["low"]) == ("100", "140", "0", "0")
    assert score["band"] == "不合格"


def test_situation_09_zero_out_comes_after_everything_else(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A", "县B", overlay=weights({"SC-P1": "7"}))
    desk.settle("县A", "县B")
    fraud = fact("fraud", "县A", "2017-05-01", reason="核查属实")
    desk.take(fact("praise", "县A", "2017-06-01", "SC-P1"), fraud)
    score = desk.score("县A")
    assert (score["total"], score["zeroed"], score["band"], score["provisional"]) == ("0", True, "不合格", False)
    assert (score["base"], score["bonus"]) == ("100", "7")
    assert desk.ask("rank")["groups"][""] == [
        {"unit": "县B", "total": "100", "rank": 1},
        {"unit": "县A", "total": "0", "rank": 2},
    ]
    desk.take(fact("retraction", "县A", "2017-07-01", of=fraud["ref"]))
    assert desk.score("县A")["total"] == "107"


def test_situation_09_zero_out_works_without_points(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A")
    assert desk.score("县A")["total"] is None
    desk.take(fact("fraud", "县A", "2018-02-01"), now="2018-02-01")
    score = desk.score("县A")
    assert [score[key] for key in ("total", "low", "high", "zeroed", "provisional")] == ["0", "0", "0", True, False]


# ---------------------------------------------------------------- 10


def test_situation_10_known_at_is_inclusive(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    desk.take(fact("occurrence", DEPARTMENT, "2017-03-01", "DP08"), now="2017-03-02T09:00:00+08:00")
    (second,) = desk.take(fact("occurrence", DEPARTMENT, "2017-03-01", "DP08"), now="2017-03-02T09:00:01+08:00")

    def mark(known_at: object) -> object:
        return desk.item(DEPARTMENT, "DP08", "--known-at", known_at)["score"]

    assert [mark(second - 1), mark(second)] == ["13", "11"]
    assert mark("2017-03-02T08:59:59+08:00") == "15"
    assert mark("2017-03-02T09:00:00+08:00") == "13"
    assert mark("2017-03-02T01:00:00Z") == "13"
    assert mark("2017-03-02T09:00:01+08:00") == "11"


def test_situation_10_digits_alone_are_a_position(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    (position,) = desk.take(fact("occurrence", DEPARTMENT, "2017-03-01", "DP08"))
    answer = desk.score(DEPARTMENT, "--known-at", str(position))
    assert answer["known_at"] == position
    assert desk.item(DEPARTMENT, "DP08", "--known-at", "20170301")["score"] == "13", "not a day: a position far ahead"
    wrong = desk.gk("score", *desk.named, "--known-at", "yesterday")
    assert wrong.status == 1
    assert "yesterday" in wrong.sentence


def test_situation_10_naming_a_unit_twice_is_refused(gk: Gk) -> None:
    assert gk("init", "--simulated-clock").status == 0
    words = ("scheme", "adopt", "luancheng-2020", "--year", 2020)
    twice = gk(*words, "--unit", "某镇=乡镇", "--unit", "某镇=部门", now="2020-01-01")
    same = gk(*words, "--unit", "某镇=乡镇", "--unit", "某镇=乡镇", now="2020-01-01")
    assert (twice.status, same.status) == (1, 1)
    assert "某镇" in twice.sentence
    assert gk.events() == 0


def test_situation_10_a_unit_has_one_category_in_one_year(office: Opener) -> None:
    desk = office("luancheng-2020", TOWN)
    words = ("scheme", "adopt", "luancheng-2020", "--year", 2020, "--unit")
    before = desk.gk.events()
    changed = desk.gk(*words, f"{TOWN}=部门", now=desk.evening)
    assert changed.status == 1
    assert TOWN in changed.sentence
    assert desk.gk.events() == before
