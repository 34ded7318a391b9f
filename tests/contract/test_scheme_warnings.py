"""`gk scheme check` says what is odd in a file without faults; what its examples score is what the command scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.office import ROOT, Gk
from tests.schemes.small import expected_at, put_in
from tests.trials.odd import ODDS, Odd

EVERY: Final = pytest.mark.parametrize("odd", ODDS, ids=lambda odd: odd.name)
Row = dict[str, Any]


def file_of(folder: Path, odd: Odd, *, mended: bool = False) -> Path:
    """A file with something odd, or the near miss that has nothing."""
    text, _line, _column = expected_at(odd.marked)
    file = folder / "odd-2020.yaml"
    file.write_text(put_in(text, odd.old, odd.new) if mended else text, encoding="utf-8")
    return file


def warnings(gk: Gk, file: Path, *options: str) -> list[Row]:
    """The warnings of a file as JSON."""
    (row,) = gk("scheme", "check", file, "--json", *options).json["files"]
    assert row["faults"] == []
    found: list[Row] = row["warnings"]
    return found


@EVERY
def test_a_warning_keeps_nobody_from_adopting_and_strict_says_it(gk: Gk, tmp_path: Path, odd: Odd) -> None:
    file = file_of(tmp_path, odd)
    assert gk("scheme", "check", file).status == 0
    assert gk("scheme", "check", file, "--strict").status == 1
    (row,) = warnings(gk, file, "--strict")
    assert set(row) == {"line", "column", "code", "message", "example"}
    assert row["code"] == odd.code
    assert set(row["example"]) == {"facts", "scores"}
    for score in row["example"]["scores"]:
        assert set(score) == {"after", "of", "points", "low", "high"}


@pytest.mark.parametrize("odd", ODDS[::5], ids=lambda odd: odd.name)
def test_a_near_miss_passes_strictly(gk: Gk, tmp_path: Path, odd: Odd) -> None:
    checked = gk("scheme", "check", file_of(tmp_path, odd, mended=True), "--strict")
    assert (checked.status, checked.out.count("\n")) == (0, 1)


@EVERY
def test_what_an_example_scores_is_what_the_store_scores(gk: Gk, tmp_path: Path, odd: Odd) -> None:
    """Every example is logged fact by fact in a store of its own; nothing in it may be refused."""
    file = file_of(tmp_path, odd)
    (row,) = warnings(gk, file)
    facts, scores = row["example"]["facts"], row["example"]["scores"]
    units = list(dict.fromkeys([*(fact["unit"] for fact in facts), *(one for one in [_other(facts)] if one)]))
    text = file.read_text(encoding="utf-8")
    category = "=乡镇" if "乙镇" in units else "=部门" if "variants" in text else ""
    named = [word for unit in units or ["甲单位"] for word in ("--unit", f"{unit}{category}")]
    assert gk("init", "--simulated-clock").status == 0
    adopted = gk("scheme", "adopt", file, "--year", 2020, *named, now="2020-01-01T07:00:00+08:00")
    assert adopted.status == 0, adopted
    unit = _other(facts) or (facts[0]["unit"] if facts else "甲单位")
    for score in [one for one in scores if one["after"] is None]:
        _agrees(gk, unit, score)
    for fact in facts:
        logged = _log(gk, fact)
        told = [score for score in scores if score["after"] == fact["ref"]]
        if any(score["low"] is None for score in told):
            assert logged == 1, "nobody should have it"
            continue
        assert logged == 0
        for score in told:
            _agrees(gk, unit, score)


def _other(facts: list[Row]) -> str | None:
    return next((fact["other_unit"] for fact in facts if "other_unit" in fact), None)


def _log(gk: Gk, fact: Mapping[str, Any]) -> int:
    line = json.dumps(fact, ensure_ascii=False)
    return gk("log", "-", "--scheme", "odd-2020", "--year", 2020, stdin=line, now="2020-12-31").status


def _agrees(gk: Gk, unit: str, score: Row) -> None:
    """Whether what `gk score` says of a unit is what an example says."""
    seen = gk("score", unit, "--scheme", "odd-2020", "--year", 2020, "--json").json
    of = score["of"]
    if of in seen["items"]:
        held = seen["items"][of]
    elif of == "total":
        held = {key: seen[key] for key in ("low", "high")}
    elif of in ("base", "甲节", "甲部"):
        rows = [row for code, row in seen["items"].items() if code.startswith("A")]
        held = {key: str(sum(_number(row[key]) for row in rows)) for key in ("low", "high")}
    else:
        assert of == "PM"
        held = {"low": _net(seen), "high": _net(seen)}
    assert (_number(held["low"]), _number(held["high"])) == (_number(score["low"]), _number(score["high"]))


def _net(seen: Row) -> str:
    return str(Fraction(seen["bonus"]) - Fraction(seen["deduction"]))


def _number(text: str) -> Fraction:
    return Fraction(text)


def test_the_page_shows_the_warning_the_facts_and_the_scores(gk: Gk, tmp_path: Path) -> None:
    odd = next(one for one in ODDS if one.name == "the second is free")
    file = file_of(tmp_path, odd)
    _text, line, column = expected_at(odd.marked)
    shown = gk("scheme", "check", file).out.splitlines()
    assert shown[0] == f"{file}: no faults, warnings: 1."
    assert shown[1].startswith(f"{file}:{line}:{column}: warning: ")
    assert shown[1].endswith("[price-falls]")
    assert [" ".join(row.split()) for row in shown[2:]] == [
        "f1 2020-03-01 甲单位 occurrence A1",
        "f2 2020-03-03 甲单位 occurrence A1",
        "with no fact: A1 10",
        "after f1: A1 7",
        "after f2: A1 7",
    ]


def test_a_long_example_is_cut_on_the_page_and_whole_in_json(gk: Gk, tmp_path: Path) -> None:
    odd = next(one for one in ODDS if one.name == "a gap between closed bands")
    text, _line, _column = expected_at(odd.marked)
    one = text[text.index("  - code: A1") :]
    many = "".join(one.replace("A1", f"A{place}").replace("points: 10", "points: 1") for place in range(10))
    file = tmp_path / "many.yaml"
    file.write_text(text[: text.index("  - code: A1")] + many, encoding="utf-8")
    (row,) = warnings(gk, file)
    assert len(row["example"]["facts"]) == 10
    shown = gk("scheme", "check", file).out
    assert "… 2 more (see --json)" in shown
    assert shown.count(" grade ") == 8


def test_a_file_with_faults_has_no_warnings(gk: Gk, tmp_path: Path) -> None:
    text, _line, _column = expected_at(ODDS[1].marked)
    file = tmp_path / "broken.yaml"
    file.write_text(put_in(text, "price: 0", "price: much"), encoding="utf-8")
    (row,) = gk("scheme", "check", file, "--json").json["files"]
    assert row["faults"]
    assert row["warnings"] == []
    assert gk("scheme", "check", file).status == 1


def test_the_published_schemes_pass_and_only_one_strictly_fails(gk: Gk) -> None:
    files = sorted(path for path in (ROOT / "schemes").glob("*.yaml") if not path.stem.endswith(".tests"))
    assert gk("scheme", "check", *files).status == 0
    strict = {path.stem for path in files if gk("scheme", "check", path, "--strict").status}
    assert strict == {"hebei-stats-2018"}
