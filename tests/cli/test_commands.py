"""The commands of the contract, each answer by its keys, each exit status."""

from pathlib import Path

import pytest

from tests.cli.said import AT, UNIT, Run, card, fact


@pytest.fixture
def logged(hebei: Run) -> Run:
    """Two cards for one problem and a grade."""
    lines = [
        card("K1"),
        card("K2", "2018-06-01"),
        fact("G1", type="grade", item="H01", points=1.5, effective_on="2018-12-01"),
    ]
    assert hebei("log", "-", *AT, stdin="\n".join(lines)).status == 0
    return hebei


def test_init_may_be_repeated(gk: Run) -> None:
    assert gk("init", "--json").json["created"] is True
    assert gk("init", "--json").json["created"] is False


def test_a_simulated_store_says_so(gk: Run) -> None:
    gk("init", "--simulated-clock")
    assert gk("deadlines", "list", "--json").json["simulated_clock"] is True
    assert "simulated clock" in gk("deadlines", "list").err


def test_now_is_for_simulated_stores_alone(gk: Run) -> None:
    gk("init")
    assert gk("--now", "2018-01-01T00:00:00+08:00", "scheme", "adopt", "hebei-stats-2018", "--year", "2018").status == 1


def test_adopting_names_the_edition_and_the_units(gk: Run) -> None:
    gk("init")
    answer = gk(
        "scheme", "adopt", "luancheng-2020", "--year", "2020", "--unit", "栾城镇", "--unit", "某镇=乡镇", "--json"
    ).json
    assert list(answer) == ["scheme", "edition", "year", "units", "position"]
    assert answer["units"] == ["栾城镇", "某镇"]


def test_a_log_says_what_became_of_each_row(logged: Run) -> None:
    said = logged("log", "-", *AT, "--skip-refused", "--json", stdin=f"{card('K1')}\n{card('K3')}\n{{\n")
    assert said.status == 1
    assert [row["ref"] for row in said.json["recorded"]] == ["K3"]
    assert said.json["already_recorded"] == ["K1"]
    assert [(row["row"], row["ref"]) for row in said.json["refused"]] == [(3, None)]


def test_a_log_is_all_or_nothing(logged: Run) -> None:
    before = logged("verify", "--json").json["events"]
    said = logged("log", "-", *AT, stdin=f"{card('K3')}\n{{\n")
    assert said.status == 1
    assert "Row 2" in said.err
    assert "Nothing was stored" in said.err
    assert not said.out
    assert logged("verify", "--json").json["events"] == before
    assert logged("log", "-", *AT, "--json", stdin=card("K3")).json["recorded"][0]["ref"] == "K3"


def test_a_dry_run_stores_nothing(logged: Run) -> None:
    before = logged("verify", "--json").json["events"]
    assert logged("log", "-", *AT, "--dry-run", stdin=card("K3")).status == 0
    assert logged("verify", "--json").json["events"] == before


def test_an_empty_input_is_refused(hebei: Run) -> None:
    assert hebei("log", "-", *AT, stdin="\n").status == 1


def test_a_file_of_the_office_is_read(hebei: Run, tmp_path: Path) -> None:
    head = "编号,类型,单位,指标,日期,问题,记录时间\n"
    rows = f"K1,督办卡,{UNIT},H19,2018年5月3日,栏目未更新、链接失效,2018-05-04 10:00\n"
    (tmp_path / "台账.csv").write_bytes((head + rows).encode("gb18030"))
    assert hebei("log", "台账.csv", *AT, "--json").json["recorded"][0]["ref"] == "K1"


def test_a_fact_logged_by_hand_gets_a_number(gk: Run) -> None:
    gk("init")
    gk("scheme", "adopt", "hebei-stats-2018", "--year", "2018")
    said = gk(
        "log", "督办卡", *AT, "--unit", UNIT, "--item", "H19", "--on", "2018/5/3", "--problem", "链接失效", "--json"
    )
    assert said.status == 0
    assert said.json["recorded"][0]["ref"]
    assert gk("log", "graed", *AT, "--unit", UNIT, "--item", "H01", "--points", "1").status == 1
    assert "grade" in gk("log", "graed", *AT, "--unit", UNIT).err


def test_a_correction_leaves_both_facts(logged: Run) -> None:
    said = logged(
        "--now", "2018-12-31T19:00:00+08:00", "correct", "K2", "--reason", "写错", "问题=另一个问题", "--json"
    )
    assert said.status == 0
    assert list(said.json)[:2] == ["retraction", "fact"]
    score = logged("score", UNIT, *AT, "--json").json
    assert score["items"]["H19"]["score"] == "2.8"


def test_a_score_has_the_keys_of_the_contract(logged: Run) -> None:
    answer = logged("score", *AT, "--json").json
    assert {"scheme", "edition", "year", "as_of", "known_at", "units"} <= set(answer)
    one = logged("score", UNIT, *AT, "--json").json
    assert {"total", "low", "high", "provisional", "base", "bonus", "deduction", "zeroed", "band", "items"} <= set(one)
    assert {"deducted_by_quarter", "deadlines", "flags"} <= set(one)
    assert one["items"]["H19"] == {"score": "2.4", "low": "2.4", "high": "2.4", "max": "3", "state": "priced"}


def test_the_ranking_has_groups(logged: Run) -> None:
    assert logged("rank", *AT, "--json").json["groups"][""][0]["rank"] is None
    assert UNIT in logged("rank", *AT).out


def test_a_ledger_sums(logged: Run) -> None:
    answer = logged("replay", UNIT, *AT, "--json").json
    assert [entry["ref"] for entry in answer["entries"]] == ["K1", "K2", "G1"]
    assert answer["start"] is not None


def test_scheme_and_year_may_be_left_out_where_there_is_one(logged: Run) -> None:
    assert logged("score", UNIT, "--json").json["year"] == 2018
    logged("--now", "2019-01-01T07:00:00+08:00", "scheme", "adopt", "hebei-stats-2018", "--year", "2019")
    said = logged("score", UNIT, "--json")
    assert said.status == 2
    assert "--year 2019" in said.err
    assert logged("score", UNIT, "--year", "2018", "--json").json["year"] == 2018


def test_a_limit_is_listed_and_scanned(hebei: Run) -> None:
    message = fact(
        "M1",
        type="netizen-message",
        item="H21",
        key="LY-1",
        effective_on="2018-03-01",
        recorded_at="2018-03-01T10:00:00+08:00",
    )
    hebei("log", "-", *AT, stdin=message)
    row = hebei("deadlines", "list", "--json").json["deadlines"][0]
    assert (row["key"], row["unit"], row["item"], row["opened"], row["state"]) == (
        "LY-1",
        UNIT,
        "H21",
        "2018-03-01",
        "open",
    )
    missed = hebei("--now", "2018-06-01T08:00:00+08:00", "deadlines", "scan", "--as-of", "2018-05-31", "--json").json[
        "missed"
    ]
    assert [set(one) for one in missed] == [{"key", "unit", "item", "due", "position"}]
    assert "LY-1" in hebei("deadlines", "list").out


def test_a_store_as_it_was_written_verifies(logged: Run) -> None:
    assert logged("verify", "--json").json["faults"] == []
    assert logged("verify").status == 0


def test_the_schemes_are_listed_and_shown(gk: Run) -> None:
    assert len(gk("scheme", "list", "--json").json["schemes"]) == 9
    assert "hebei-stats-2018" in gk("scheme", "list").out
    shown = gk("scheme", "show", "hebei-stats-2018", "H19").out
    assert "each supervision card costs 0.1" in shown
    assert "●" in shown
    assert gk("scheme", "show", "hebei-stats-2018", "H99").status == 1
    assert gk("scheme", "show", "hebei-stat-2018").status == 1
    assert gk("scheme", "show", "hebei-stats-2018", "H19", "--json").json["code"] == "H19"


def test_faults_of_a_scheme_stand_with_their_places(gk: Run, tmp_path: Path) -> None:
    (tmp_path / "faulty.yaml").write_text("scheme: x\nyear: soon\n", encoding="utf-8")
    said = gk("scheme", "check", "faulty.yaml")
    assert said.status == 1
    assert said.out.startswith("faulty.yaml:")
    assert gk("scheme", "check", "faulty.yaml", "--json").json["files"][0]["faults"]


def test_a_dry_run_says_what_would_be_recorded(logged: Run) -> None:
    said = logged("log", "-", *AT, "--dry-run", stdin=f"{card('K3')}\n{card('K1')}\n")
    assert "Would be recorded: 1." in said.out
    assert "Recorded already, with the same content: 1." in said.out
    refused = logged("log", "-", *AT, "--dry-run", stdin=f"{card('K3')}\n{{\n{card('K4')}\n{card('K1')}\n")
    assert refused.status == 1
    assert "Other rows that would pass: 2" in refused.err
    assert "Would be recorded" not in refused.err + refused.out
    skipped = logged("log", "-", *AT, "--dry-run", "--skip-refused", stdin=f"{card('K3')}\n{{\n", lang="zh")
    assert "将登记 1 条" in skipped.out
    assert "已登记" not in skipped.out


def test_a_correction_names_the_number_that_now_stands(logged: Run) -> None:
    at = ("--now", "2018-12-31T19:00:00+08:00")
    said = logged(*at, "correct", "K2", "--reason", "写错", "问题=另一个问题")
    assert "now stands under the number K2-c1." in " ".join(said.out.split())


def test_a_correction_without_a_change_logs_the_same_under_a_new_number(logged: Run) -> None:
    said = logged("correct", "K2", "--reason", "写错", "--json").json
    assert (said["retraction"]["ref"], said["fact"]["ref"]) == ("K2-r1", "K2-c1")


def test_a_day_may_be_asked_for_in_the_ways_people_write_it(logged: Run) -> None:
    for day in ("2018-5-3", "2018/5/3", "2018年5月3日"):
        assert logged("score", UNIT, *AT, "--as-of", day, "--json").json["as_of"] == "2018-05-03"


def test_known_at_takes_a_day(logged: Run) -> None:
    assert logged("score", UNIT, *AT, "--known-at", "2018年12月31日", "--json").status == 0
    said = logged("score", UNIT, *AT, "--known-at", "yesterday")
    assert said.status == 1
    assert "a day such as 2018-10-08" in said.err


def test_a_limit_past_its_day_says_so_where_today_is_known(hebei: Run) -> None:
    at = {"effective_on": "2018-03-01", "recorded_at": "2018-03-01T10:00:00+08:00"}
    hebei("log", "-", *AT, stdin=fact("M1", type="netizen-message", item="H21", key="LY-1", **at))
    assert "past due" not in hebei("deadlines", "list").out
    assert "past due" not in hebei("--now", "2018-03-02T08:00:00+08:00", "deadlines", "list").out
    assert "已过期，未登记" in hebei("--now", "2018-06-01T08:00:00+08:00", "deadlines", "list", lang="zh").out
    assert "past due, not recorded" in hebei("score", UNIT, *AT, "--as-of", "2018-06-01").out
    listed = hebei("--now", "2018-06-01T08:00:00+08:00", "deadlines", "list", "--json").json["deadlines"]
    assert [row["state"] for row in listed] == ["open"]


def test_an_unknown_type_is_answered_with_the_types_in_the_language_asked_for(gk: Run) -> None:
    gk("init")
    said = gk("log", "督办", *AT, lang="zh")
    assert said.status == 2
    assert "督办卡、网民留言" in said.err
    assert "supervision-card" not in said.err


def test_a_scheme_file_can_be_begun_from_a_built_in_one_and_shown_from_the_store(gk: Run, tmp_path: Path) -> None:
    text = gk("scheme", "show", "beilun-2019", "--yaml").out
    (tmp_path / "own.yaml").write_text(text.replace("beilun-2019", "own-2019"), encoding="utf-8")
    assert gk("scheme", "check", "own.yaml").status == 0
    assert gk("scheme", "show", "own-2019").status == 1
    gk("init")
    assert gk("scheme", "adopt", "own.yaml", "--year", "2019").status == 0
    (tmp_path / "own.yaml").unlink()
    assert "own-2019" in gk("scheme", "show", "own-2019").out
    (tmp_path / "again.yaml").write_text(gk("scheme", "show", "own-2019", "--yaml").out, encoding="utf-8")
    assert gk("scheme", "check", "again.yaml").status == 0
    assert gk("scheme", "show", "own-2018").status == 1
    assert gk("scheme", "show", "own-2019", "--yaml", "--json").status == 2
