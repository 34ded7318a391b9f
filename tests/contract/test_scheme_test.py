"""`gk scheme test` as a script sees it: exit status, keys of the answer, what a person reads; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.contract.office import ROOT, Gk

SCENARIOS: Final = """\
scheme: beilun-2019
scenarios:
  - name: 一次通报
    units: [甲局]
    facts:
      - {type: criticism, item: B-D1, effective_on: 2019-03-01, count: %s}
    expect:
      甲局: {deduction: 2}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario file that passes."""
    path = tmp_path / "own.tests.yaml"
    path.write_text(SCENARIOS % 2, encoding="utf-8")
    return path


def test_every_scenario_that_comes_with_the_program_passes(gk: Gk) -> None:
    files = sorted((ROOT / "schemes").rglob("*.tests.yaml"))
    ran = gk("scheme", "test", *files, "--json")
    answer = ran.json
    failed = [
        (file["file"], scenario["name"], scenario["differences"])
        for file in answer["files"]
        for scenario in file["scenarios"]
        if not scenario["passed"]
    ]
    assert failed == []
    assert ran.status == 0
    assert [file["scheme"] for file in answer["files"]] == [path.name.removesuffix(".tests.yaml") for path in files]
    assert len(files) >= 6


def test_what_passes_is_named_and_nothing_is_stored(gk: Gk, file: Path) -> None:
    ran = gk("scheme", "test", file)
    assert ran.status == 0
    assert ran.out == f"{file} (beilun-2019)\n  passed  一次通报\n"
    assert ran.sentence == "Scenarios passed: 1; failed: 0; files that could not be run: 0."
    assert not gk.file.exists()


def test_what_fails_is_told_with_the_ledger_of_the_unit(gk: Gk, file: Path) -> None:
    file.write_text(SCENARIOS % 3, encoding="utf-8")
    ran = gk("scheme", "test", file)
    assert ran.status == 1
    said = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "FAILED 一次通报 (line 3)" in said
    assert "甲局 deduction: expected 2, got 3" in said
    assert "2019-03-01 f1 B-D1 -3 -3" in said
    assert "Scenarios passed: 0; failed: 1" in ran.sentence


def test_the_answer_for_programs(gk: Gk, file: Path) -> None:
    file.write_text(SCENARIOS % 3, encoding="utf-8")
    ran = gk("scheme", "test", file, "--json")
    assert (ran.status, ran.err) == (1, "")
    (tested,) = ran.json["files"]
    assert (ran.json["passed"], ran.json["failed"]) == (0, 1)
    assert (tested["file"], tested["scheme"], tested["message"], tested["faults"]) == (
        str(file),
        "beilun-2019",
        None,
        [],
    )
    (scenario,) = tested["scenarios"]
    assert (scenario["name"], scenario["line"], scenario["passed"]) == ("一次通报", 3, False)
    assert scenario["differences"] == [{"of": "甲局", "key": "deduction", "expected": "2", "got": "3", "line": 3}]
    entries = scenario["ledgers"]["甲局"]["entries"]
    assert [(entry["ref"], entry["item"], entry["applied"]) for entry in entries if entry["ref"]] == [
        ("f1", "B-D1", "-3")
    ]


def test_no_scenario_is_a_failure(gk: Gk, tmp_path: Path) -> None:
    ran = gk("scheme", "test", tmp_path / "none.yaml")
    assert ran.status == 1
    assert f"There are no scenarios for {tmp_path / 'none.yaml'}" in " ".join(ran.out.split())
    answer = gk("scheme", "test", "no-such-scheme", "--json").json
    assert (answer["files"][0]["scenarios"], answer["passed"], answer["failed"]) == ([], 0, 0)
    assert "no-such-scheme" in answer["files"][0]["message"]


def test_one_bad_file_does_not_keep_the_others_from_running(gk: Gk, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tests.yaml"
    broken.write_text("scenarios:\n  - {name: a, expect: {甲: {totl: 1}}}\n", encoding="utf-8")
    lost = tmp_path / "lost.tests.yaml"
    lost.write_text(SCENARIOS.partition("\n")[2] % 2, encoding="utf-8")
    ran = gk("scheme", "test", broken, lost, file)
    assert ran.status == 1
    assert f'{broken}:2:28: The key "totl" is not known here. Did you mean "total"?' in ran.out
    assert "There is no scheme lost.yaml" in " ".join(ran.out.split())
    assert "passed  一次通报" in ran.out
    assert "passed: 1; failed: 0; files that could not be run: 2." in ran.sentence
    faults = gk("scheme", "test", broken, "--json").json["files"][0]["faults"]
    assert [(fault["line"], fault["column"]) for fault in faults] == [(2, 28)]


def test_a_scheme_file_is_tested_by_the_scenarios_beside_it(gk: Gk, tmp_path: Path, file: Path) -> None:
    text = (ROOT / "schemes" / "beilun-2019.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        text.replace("rule: {each: event, price: 1}", "rule: {each: event, price: 3}", 1)
    )
    file.write_text((SCENARIOS % 2).partition("\n")[2], encoding="utf-8")
    ran = gk("scheme", "test", tmp_path / "own.yaml")
    assert ran.status == 1
    assert "甲局 deduction: expected 2, got 6" in ran.out


def test_nothing_named_and_a_folder_named_are_no_traceback(gk: Gk, tmp_path: Path) -> None:
    assert gk("scheme", "test").status == 2
    assert gk("scheme", "test", tmp_path).status == 1


def test_a_person_reads_it_in_chinese(gk: Gk, file: Path) -> None:
    file.write_text(SCENARIOS % 3, encoding="utf-8")
    ran = gk("scheme", "test", file, lang="zh")
    for english in ("FAILED", "expected", "ledger", "Applied", "passed"):
        assert english not in ran.out + ran.err
