"""The answers of the commands that log and ask: what they do, and exactly the keys of their JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contract.answers import ENTRY, HEAD, SCHEME, SCORE, UNIT, WHOSE, Opener
from tests.contract.office import Gk, Office, fact, lines, weights

# ---------------------------------------------------------------- gk log, gk correct


def test_log_is_all_or_nothing(desk: Office) -> None:
    good, bad = fact("occurrence", UNIT, "2017-03-01", "DP08"), fact("occurrence", UNIT, "2017-03-01", "DP99")
    before = desk.gk.events()
    logged = desk.log(good, bad)
    answer = logged.json
    assert logged.status == 1
    assert set(answer) == {"recorded", "already_recorded", "refused", "simulated_clock"}
    assert (answer["recorded"], answer["already_recorded"]) == ([], [])
    assert [(row["row"], row["ref"]) for row in answer["refused"]] == [(2, bad["ref"])]
    assert desk.gk.events() == before


def test_skip_refused_stores_the_good_rows_with_status_1(desk: Office) -> None:
    good, bad = fact("occurrence", UNIT, "2017-03-01", "DP08"), fact("occurrence", UNIT, "2017-03-01", "DP99")
    more = fact("occurrence", UNIT, "2017-03-01", "DP07")
    logged = desk.log(good, bad, more, options=("--skip-refused",))
    assert logged.status == 1
    assert [row["ref"] for row in logged.json["recorded"]] == [good["ref"], more["ref"]]
    assert [row["ref"] for row in logged.json["refused"]] == [bad["ref"]]
    last = desk.gk.events()
    assert [row["position"] for row in logged.json["recorded"]] == [last - 1, last]
    assert desk.log(good, more, options=("--skip-refused",)).status == 0


def test_dry_run_says_what_would_come_of_it_and_stores_nothing(desk: Office) -> None:
    good, bad = fact("occurrence", UNIT, "2017-03-01", "DP08"), fact("occurrence", UNIT, "2017-03-01", "DP99")
    before = desk.gk.events()
    assert desk.log(good, options=("--dry-run",)).status == 0
    tried = desk.log(good, bad, options=("--dry-run",))
    assert (tried.status, len(tried.json["refused"])) == (1, 1)
    assert desk.gk.events() == before
    assert desk.take(good) == [desk.gk.events()]


def test_a_good_file_is_logged_from_its_path_and_named_without_json(desk: Office, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(lines([fact("occurrence", UNIT, "2017-03-01", "DP08")]), encoding="utf-8")
    logged = desk.gk("log", file, *desk.named)
    assert (logged.status, bool(logged.out)) == (0, True)


def test_a_refused_file_says_why_on_stderr(desk: Office, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(lines([fact("occurrence", UNIT, "2017-03-01", "DP99")]), encoding="utf-8")
    logged = desk.gk("log", file, *desk.named)
    assert logged.status == 1
    assert "DP99" in logged.err
    assert "DP99" not in logged.out


def test_one_fact_is_logged_by_hand(desk: Office) -> None:
    words = ("occurrence", "--unit", UNIT, "--item", "DP08", "--on", "2017-03-02", "--count", "2", "--note", "两次")
    logged = desk.gk("log", *words, *desk.named, "--json")
    assert (logged.status, len(logged.json["recorded"])) == (0, 1)
    assert logged.json["recorded"][0]["ref"]
    assert desk.item(UNIT, "DP08")["score"] == "9"
    named = desk.gk("log", *words, "--ref", "h1", *desk.named, "--json")
    assert named.json["recorded"][0]["ref"] == "h1"
    again = desk.gk("log", *words, "--ref", "h1", *desk.named, "--json")
    assert (again.status, again.json["already_recorded"]) == (0, ["h1"])


def test_one_fact_by_hand_may_be_named_in_chinese_and_say_an_instant(desk: Office) -> None:
    words = ("时限开始", "--unit", UNIT, "--item", "DP02", "--at", "2017-03-02T09:00:00+08:00", "--key", "h", "--limit")
    assert desk.gk("log", *words, "5 hours", *desk.named).status == 0
    assert desk.deadline(UNIT, "h")["due"] == "2017-03-02T14:00:00+08:00"


def test_correct_takes_a_fact_back_and_logs_it_anew_in_one_transaction(desk: Office) -> None:
    wrong = fact("occurrence", UNIT, "2017-03-02", "DP08", count=3)
    desk.take(wrong)
    before = desk.gk.events()
    corrected = desk.gk("correct", wrong["ref"], "--reason", "次数有误", "count=1", "日期=2017-03-01", "--json")
    assert corrected.status == 0
    assert desk.gk.events() == before + 2
    assert desk.item(UNIT, "DP08")["score"] == "11"
    entries = {row["position"]: row for row in desk.ask("replay", UNIT)["entries"]}
    assert (entries[before + 1]["type"], entries[before + 2]["type"]) == ("retraction", "occurrence")
    assert entries[before + 2]["effective_on"] == "2017-03-01"


def test_correct_that_is_refused_leaves_nothing_half_done(desk: Office) -> None:
    wrong = fact("occurrence", UNIT, "2017-03-02", "DP08", count=3)
    desk.take(wrong)
    before = desk.gk.events()
    for change in ("count=0", "item=DP99", "effective_on=2019-01-01", "unit=nobody", "type=fraud"):
        assert desk.gk("correct", wrong["ref"], "--reason", "试", change).status == 1, change
    assert desk.gk("correct", "nothing", "--reason", "试", "count=1").status == 1
    assert desk.gk.events() == before
    desk.gk("correct", wrong["ref"], "--reason", "次数有误", "count=1")
    again = desk.gk("correct", wrong["ref"], "--reason", "又错", "count=2")
    assert again.status == 1
    assert wrong["ref"] in again.sentence


# ---------------------------------------------------------------- gk deadlines


def test_deadlines_scan_and_list(desk: Office) -> None:
    listed = desk.gk("deadlines", "list", "--json").json
    assert set(listed) == {"deadlines", "simulated_clock"}
    assert listed["deadlines"] == [
        {"key": "d1", "unit": UNIT, "item": "DP02", "opened": "2017-03-01", "due": "2017-03-08", "state": "open"}
    ]
    early = desk.gk("deadlines", "scan", "--as-of", "2017-03-08", "--json", now="2017-03-09").json
    assert set(early) == {"missed", "simulated_clock"}
    assert early["missed"] == []
    (missed,) = desk.scan("2017-03-09")
    assert set(missed) == {"key", "unit", "item", "due", "position"}
    assert (missed["key"], missed["unit"], missed["item"], missed["due"]) == ("d1", UNIT, "DP02", "2017-03-08")
    assert missed["position"] == desk.gk.events()
    assert desk.scan("2017-03-09") == []
    text = desk.gk("deadlines", "list")
    assert (text.status, "d1" in text.out) == (0, True)
    assert desk.gk("deadlines", "list", "--json").json["deadlines"][0]["state"] == "missed"


def test_deadlines_scan_refuses_a_day_that_has_not_come(desk: Office) -> None:
    before = desk.gk.events()
    assert desk.gk("deadlines", "scan", "--as-of", "2017-12-31", now="2017-03-09").status == 1
    assert desk.gk.events() == before


# ---------------------------------------------------------------- gk score, rank, replay, verify


def test_score_answers_with_exactly_the_contracts_keys(desk: Office) -> None:
    every = desk.gk("score", *desk.named, "--json").json
    assert set(every) == HEAD | {"units"}
    assert (every["scheme"], every["year"], every["as_of"], every["known_at"]) == (SCHEME, 2017, None, None)
    assert set(every["units"]) == {UNIT}
    score = every["units"][UNIT]
    assert set(score) - WHOSE == SCORE
    assert set(desk.score(UNIT)) - WHOSE - HEAD == SCORE
    assert {key: desk.score(UNIT)[key] for key in SCORE} == {key: score[key] for key in SCORE}
    assert all(set(item) == {"score", "low", "high", "max", "state"} for item in score["items"].values())
    states = {"priced", "graded", "reported", "open", "not-applicable", "unweighted"}
    assert {item["state"] for item in score["items"].values()} <= states
    assert all(set(limit) == {"item", "due", "state"} for limit in score["deadlines"].values())
    assert all(set(flag) == {"code", "message", "refs"} for flag in score["flags"])


def test_points_are_exact_texts_and_displayed_with_two_decimals(desk: Office) -> None:
    score = desk.score(UNIT)
    assert (score["total"], score["low"], score["high"], score["provisional"]) == (None, "88", "98", True)
    assert (score["total_display"], score["low_display"], score["high_display"]) == (None, "88.00", "98.00")
    assert (score["base"], score["bonus"], score["deduction"], score["band"]) == (None, "0", "0", None)
    desk.settle(UNIT)
    score = desk.score(UNIT)
    assert (score["total"], score["total_display"], score["base"], score["provisional"]) == ("98", "98.00", "98", False)


def test_display_rounds_half_up_and_only_for_show(office: Opener) -> None:
    desk = office("luancheng-2020", "栾城镇", "区财政局", "区气象局", "冶河镇")
    desk.settle("栾城镇", "区财政局", "区气象局", "冶河镇", leave=("L01",))
    marks = {"区财政局": "2.01", "区气象局": "2", "冶河镇": "2.01"}
    desk.take(
        fact("not-applicable", "栾城镇", "2020-02-01", "L01"),
        *(fact("grade", unit, "2020-02-01", "L01", points=points) for unit, points in marks.items()),
    )
    score = desk.score("栾城镇")
    assert score["items"]["L01"]["score"] == "301/150"
    assert (score["total"], score["total_display"]) == ("14851/150", "99.01")


def test_as_of_looks_at_what_had_happened_by_that_day(desk: Office) -> None:
    desk.take(fact("occurrence", UNIT, "2017-06-01", "DP08"), fact("occurrence", UNIT, "2017-02-01", "DP08"))
    marks = [desk.item(UNIT, "DP08", "--as-of", day)["score"] for day in ("2017-01-31", "2017-02-01", "2017-05-31")]
    assert marks == ["15", "13", "11"]
    assert desk.item(UNIT, "DP08", "--as-of", "2017-06-01")["score"] == "9"
    assert desk.score(UNIT, "--as-of", "2017-02-01")["as_of"] == "2017-02-01"


def test_retractions_act_on_the_recorded_axis_alone(desk: Office) -> None:
    happened = fact("occurrence", UNIT, "2017-02-01", "DP08")
    (logged,) = desk.take(happened)
    desk.take(fact("retraction", UNIT, "2017-12-01", of=happened["ref"]))
    assert desk.item(UNIT, "DP08", "--as-of", "2017-02-15")["score"] == "15"
    assert desk.item(UNIT, "DP08", "--as-of", "2017-02-15", "--known-at", logged)["score"] == "13"


def test_an_answer_as_known_never_changes(desk: Office) -> None:
    head = desk.gk.events()
    known = desk.gk("replay", UNIT, *desk.named, "--known-at", head, "--json").out
    desk.take(fact("occurrence", UNIT, "2017-02-01", "DP08"), fact("grade", UNIT, "2017-02-01", "DP09", points="1"))
    assert desk.gk("replay", UNIT, *desk.named, "--known-at", head, "--json").out == known


def test_rank_is_by_category_and_equal_totals_share_a_rank(office: Opener) -> None:
    units = ("栾城镇", "冶河镇", "窦妪镇", "区财政局", "楼底镇")
    desk = office("luancheng-2020", *units)
    desk.settle(*units[:4])
    desk.take(fact("occurrence", "栾城镇", "2020-03-01", "L22", amount="0.5", reason="迟报"))
    answer = desk.ask("rank")
    assert set(answer) == HEAD | {"groups"}
    assert {
        name: [(row["unit"], row["total"], row["rank"]) for row in rows] for name, rows in answer["groups"].items()
    } == {
        "乡镇": [("冶河镇", "100", 1), ("窦妪镇", "100", 1), ("栾城镇", "99.5", 3), ("楼底镇", None, None)],
        "部门": [("区财政局", "100", 1)],
    }
    assert all(set(row) == {"unit", "total", "rank"} for rows in answer["groups"].values() for row in rows)
    early = desk.ask("rank", "--as-of", "2020-02-01")["groups"]["乡镇"]
    assert {row["unit"]: row["rank"] for row in early} == {"栾城镇": 1, "冶河镇": 1, "窦妪镇": 1, "楼底镇": None}


def test_without_categories_the_group_has_no_name(desk: Office) -> None:
    assert desk.ask("rank")["groups"] == {"": [{"unit": UNIT, "total": None, "rank": None}]}


def test_replay_answers_with_exactly_the_contracts_keys(desk: Office) -> None:
    answer = desk.ask("replay", UNIT)
    assert set(answer) - WHOSE - HEAD == SCORE | {"entries", "start", "editions"}
    assert [set(entry) - {"caused_by"} for entry in answer["entries"]] == [ENTRY] * len(answer["entries"])
    assert {key: answer[key] for key in SCORE} == {key: desk.score(UNIT)[key] for key in SCORE}


def test_verify_counts_the_events_and_names_no_fault(desk: Office) -> None:
    verified = desk.gk("verify", "--json")
    assert set(verified.json) == {"events", "faults", "simulated_clock"}
    assert (verified.status, verified.json["faults"]) == (0, [])
    text = desk.gk("verify")
    assert str(verified.json["events"]) in text.out


def test_an_unknown_unit_scheme_or_year_is_refused_by_every_question(desk: Office) -> None:
    wrong: list[tuple[object, ...]] = [
        ("score", "nobody", *desk.named),
        ("replay", "nobody", *desk.named),
        ("score", "--scheme", "luancheng-2020", "--year", 2020),
        ("rank", "--scheme", SCHEME, "--year", 2018),
        ("replay", UNIT, "--scheme", "nothing", "--year", 2017),
        (
            "log",
            "occurrence",
            "--unit",
            UNIT,
            "--item",
            "DP08",
            "--on",
            "2018-01-01",
            "--scheme",
            SCHEME,
            "--year",
            2018,
        ),
    ]
    for words in wrong:
        for more in ((), ("--json",)):
            ran = desk.gk(*words, *more)
            assert ran.status == 1, words
            assert ran.err or ran.json["refused"], words


def test_band_and_zeroed_are_there_where_the_scheme_has_them(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights())
    desk.settle("县A")
    score: dict[str, Any] = desk.score("县A")
    assert (score["band"], score["zeroed"], score["total"]) == ("优秀", False, "100")
    assert "SC15" not in score["items"]
    assert not {"SC-P1", "SC-M1"} & set(score["items"])


def test_an_overlay_may_be_yaml(gk: Gk, tmp_path: Path) -> None:
    gk("init", "--simulated-clock")
    decided = weights()
    file = tmp_path / "weights.yaml"
    text = "".join(
        f"{name}:\n" + "".join(f"  {code}: {points}\n" for code, points in value.items())
        if isinstance(value, dict)
        else f"{name}: {json.dumps(value)}\n"
        for name, value in decided.items()
    )
    file.write_text(text + "caps: {SC-P1: 3, SC-SP: 5}\n", encoding="utf-8")
    words = ("scheme", "adopt", "sanmenxia-counties-2017", "--year", 2017, "--unit", "县A", "--overlay", file, "--json")
    adopted = gk(*words, now="2017-01-01")
    assert adopted.status == 0, adopted
    desk = Office(gk, "sanmenxia-counties-2017", 2017)
    praised = [fact("praise", "县A", "2017-03-01", code) for code in ("SC-P1",) * 5 + ("SC-P2",) * 4]
    desk.take(*praised)
    assert desk.score("县A")["bonus"] == "5"
