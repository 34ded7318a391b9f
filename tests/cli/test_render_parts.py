"""Scores of a scheme with parts, vetoes and eligibility, as a person reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.asking import Asked
from cli.columns import width
from tests.cli.said import Run

SCHEME = """
scheme: parted-2020
family: parted
title: 分部分的样例方案
issuer: 某办公室
year: 2020
base_total: 100
points: printed
rounding: {total: {digits: 1}}
roster: [{name: 甲镇}, {name: 乙镇}]
sections:
  - {name: 日常, stated: 100, cap: 95}
  - {name: 评价, stated: 100}
parts:
  - {name: 日常工作, sections: [日常], weight: 70%}
  - {name: 专业评价, sections: [评价], weight: 30%, cap: 90}
items:
  - {code: A, title: 日常一, section: 日常, points: 100, clause: 评分, rule: {start: grade}}
  - {code: B, title: 评价一, section: 评价, points: 100, clause: 评分, rule: {start: grade}}
adjustments:
  - code: P
    title: 加分
    clause: 日常工作里的加分
    part: 日常工作
    rules: [{code: P1, side: bonus, title: 表扬, clause: 每次加分, rule: {each: event, price: 0.3}}]
vetoes:
  - {code: V1, title: 被通报, clause: 被通报的最多五十九分, effect: {at_most: 59, eligible: false}}
"""
AT = ("--scheme", "parted-2020", "--year", "2020")


@pytest.fixture
def parted(gk: Run, tmp_path: Path) -> Run:
    """A store with the scheme adopted and three marks logged: all but one of 乙镇."""
    file = tmp_path / "parted-2020.yaml"
    file.write_text(SCHEME, encoding="utf-8")
    assert gk("init", "--simulated-clock").status == 0
    adopted = gk("--now", "2020-01-01T07:00:00+08:00", "scheme", "adopt", str(file), "--year", "2020")
    assert adopted.status == 0, adopted
    facts: list[dict[str, object]] = [
        {"ref": "1", "unit": "甲镇", "type": "grade", "item": "A", "points": 98},
        {"ref": "2", "unit": "甲镇", "type": "grade", "item": "B", "points": 80.5},
        {"ref": "3", "unit": "乙镇", "type": "grade", "item": "A", "points": 90},
        {"ref": "4", "unit": "甲镇", "type": "praise", "item": "P1"},
    ]
    assert _log(gk, *facts) == ""
    return gk


def _log(gk: Run, *facts: dict[str, object]) -> str:
    day = {"effective_on": "2020-06-01", "recorded_at": "2020-12-31T18:00:00+08:00"}
    lines = [json.dumps({**day, **fact}, ensure_ascii=False) for fact in facts]
    said = gk("log", "-", *AT, stdin="\n".join(lines))
    return said.err.replace(_CLOCK, "").strip() if said.status else ""


_CLOCK = "This store has a simulated clock: the times of recording in it are told, not measured."


def _veto(gk: Run) -> None:
    assert _log(gk, {"ref": "5", "unit": "甲镇", "type": "criticism", "item": "V1"}) == ""


def test_a_score_shows_its_parts_before_and_after_their_weight(parted: Run) -> None:
    page = parted("score", "甲镇", *AT).out
    assert "Total 90.9" in page
    assert "Part      Score  Weight  In the total" in page
    assert "日常工作   95.3     70%         66.71" in page
    assert "专业评价   80.5     30%         24.15" in page
    assert "P1                表扬       1   +0.21" in page
    assert "Veto" not in page
    assert "honours" not in page


def test_an_undetermined_part_shows_its_bounds(parted: Run) -> None:
    page = parted("score", "乙镇", *AT).out
    assert "日常工作     90     70%             –" in page
    assert "专业评价   0…90     30%             –" in page


def test_a_veto_that_fired_and_lost_honours_are_said(parted: Run) -> None:
    _veto(parted)
    page = parted("score", "甲镇", *AT).out
    assert "Total 59\nVeto V1: 被通报\nThe unit cannot be chosen for honours.\n" in page
    page = parted("rank", *AT).out
    assert "Vetoes fired  Honours" in page
    assert [line.split()[-2:] for line in page.splitlines() if "甲镇" in line] == [["V1", "no"]]
    assert "Vetoes fired" in parted("score", *AT).out


def test_the_ranking_shows_what_each_part_brings(parted: Run) -> None:
    page = parted("rank", *AT).out
    head = next(line for line in page.splitlines() if line.startswith("Rank"))
    assert head.split() == ["Rank", "Unit", "Total", "Provisional", "日常工作", "专业评价"]
    assert [line.split() for line in page.splitlines() if "甲镇" in line] == [["1", "甲镇", "90.9", "66.71", "24.15"]]


def test_the_auditors_page_names_what_no_fact_stands_behind(parted: Run) -> None:
    _veto(parted)
    page = parted("replay", "甲镇", *AT).out
    assert "Veto V1: 被通报" in page
    assert "bound of a section" in page
    assert "rounding" in page
    assert "  veto\n" in page
    entries = [line for line in page.splitlines() if line[:1].isdigit()]
    assert {line[16:18] for line in entries} == {"  "}
    assert "criticism  5  V1 被通报" in page
    assert "total 59" in page


def test_the_answers_name_parts_vetoes_and_eligibility(parted: Run) -> None:
    answer = parted("score", "甲镇", *AT, "--json").json
    assert answer["parts"]["日常工作"] == {
        "score": "95.3", "low": "95.3", "high": "95.3", "weight": "0.7", "weighted": "66.71",
    }  # fmt: skip
    assert (answer["vetoes"], answer["eligible"]) == ([], True)
    assert parted("score", "乙镇", *AT, "--json").json["parts"]["专业评价"]["score"] is None
    _veto(parted)
    answer = parted("score", "甲镇", *AT, "--json").json
    assert (answer["vetoes"], answer["eligible"]) == ([{"code": "V1", "title": "被通报"}], False)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_no_page_is_wider_than_the_terminal(
    columns: int, lang: str, parted: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _veto(parted)
    monkeypatch.setattr(Asked, "columns", columns)
    for words in (("score",), ("score", "甲镇"), ("rank",), ("replay", "甲镇")):
        said = parted(*words, *AT, lang=lang)
        assert said.status == 0
        assert [line for line in said.out.splitlines() if width(line) > columns] == [], words


def test_the_auditors_page_says_which_edition_an_entry_was_recorded_under(parted: Run, tmp_path: Path) -> None:
    assert "edition" not in parted("replay", "甲镇", *AT).out
    file = tmp_path / "corrected.yaml"
    file.write_text(SCHEME.replace("price: 0.3", "price: 0.5"), encoding="utf-8")
    again = parted("--now", "2021-01-02T07:00:00+08:00", "scheme", "adopt", str(file), "--year", "2020")
    assert again.status == 0, again
    page = parted("replay", "甲镇", *AT).out
    assert "Editions of the year" in page
    assert page.count("recorded under edition 1, priced by edition 2") == 3
    assert "raw +0.5 · applied +0.35" in page
