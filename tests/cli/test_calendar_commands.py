"""`gk calendar` and the filters of `gk deadlines list`, as a person and a program use them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gkevents.schemes import catalog
from tests.cli.said import AT, UNIT, Run

AMENDMENT = """
notices:
  - document: 样本〔2018〕1号
    issued_on: "2018-03-16"
    year: 2018
    amends: true
    days_off: ["2018-03-14/2018-03-16"]
    make_up_workdays: []
    verified: sample data
"""


def logged(gk: Run) -> None:
    """Two messages with five working days each, and a scan on 20 March that recorded the first as missed."""
    rows = [
        {"ref": f"M{number}", "type": "netizen-message", "unit": UNIT, "item": "H21", "key": f"K{number}",
         "effective_on": day, "limit": "5 working days", "recorded_at": f"{day}T10:00:00+08:00"}
        for number, day in ((1, "2018-03-09"), (2, "2018-03-15"))
    ]  # fmt: skip
    assert gk("log", "-", *AT, stdin="\n".join(map(json.dumps, rows))).status == 0
    found: dict[str, Any] = gk("--now", "2018-03-20T08:00:00+08:00", "deadlines", "scan", "--json").json
    assert [row["key"] for row in found["missed"]] == ["K1"]
    assert "taken_back" not in found


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "amendment.yaml"
    path.write_text(AMENDMENT, encoding="utf-8")
    return str(path)


def test_an_import_says_what_it_took_back_and_recorded_anew(hebei: Run, file: str) -> None:
    logged(hebei)
    answer = hebei("--now", "2018-03-22T08:00:00+08:00", "calendar", "import", file, "--json").json
    assert [row["document"] for row in answer["adopted"]] == ["样本〔2018〕1号"]
    assert answer["already_adopted"] == []
    [back], [missed] = answer["taken_back"], answer["missed"]
    assert (back["key"], back["before"], back["due"], back["document"]) == (
        "K1", "2018-03-16", "2018-03-21", "样本〔2018〕1号",
    )  # fmt: skip
    assert (missed["key"], missed["due"]) == ("K1", "2018-03-21")
    again = hebei("calendar", "import", file)
    assert (again.status, again.out) == (1, "")
    assert "adopted already" in again.err


@pytest.mark.parametrize(("lang", "words"), [("en", "Misses taken back"), ("zh", "样本〔2018〕1号")])
def test_an_import_as_text(hebei: Run, file: str, lang: str, words: str) -> None:
    logged(hebei)
    said = hebei("--now", "2018-03-21T08:00:00+08:00", "calendar", "import", file, lang=lang)
    assert said.status == 0
    assert words in said.out
    assert "2018-03-21" in said.out
    rescanned = hebei("--now", "2018-03-22T08:00:00+08:00", "deadlines", "scan", lang=lang)
    assert "K1" in rescanned.out


def test_an_import_that_moves_nothing_says_so(hebei: Run, file: str) -> None:
    said = hebei("--now", "2018-03-21T08:00:00+08:00", "calendar", "import", file)
    assert "No limit that was recorded as missed is moved by it." in said.out


def test_a_scan_says_what_it_took_back(hebei: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gkevents.schemes.catalog import notices_of

    logged(hebei)
    brought = (*catalog.calendar_notices(), *notices_of(Path(file)))
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brought)
    said = hebei("--now", "2018-03-21T08:00:00+08:00", "deadlines", "scan")
    assert "Misses taken back, as the calendar was amended: 1" in said.out
    assert hebei("deadlines", "scan", "--json").json["missed"] == []


def test_a_scan_says_in_json_what_it_took_back(hebei: Run, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gkevents.schemes.catalog import notices_of

    logged(hebei)
    brought = (*catalog.calendar_notices(), *notices_of(Path(file)))
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brought)
    answer = hebei("--now", "2018-03-22T08:00:00+08:00", "deadlines", "scan", "--json").json
    assert ([row["key"] for row in answer["taken_back"]], [row["key"] for row in answer["missed"]]) == (["K1"], ["K1"])


def test_notices_are_listed(hebei: Run) -> None:
    rows = hebei("calendar", "list", "--json").json["notices"]
    assert {row["state"] for row in rows} == {"adopted", "later"}
    assert rows[0]["position"] == 1
    assert rows[-1]["position"] is None
    assert "2018-05-01" in next(row for row in rows if row["year"] == 2018)["days_off"]
    assert "not issued yet" in hebei("calendar", "list").out
    assert "尚未发布" in hebei("calendar", "list", lang="zh").out


def test_a_notice_that_is_left_out_is_listed_with_why(hebei: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(notice for notice in catalog.calendar_notices() if notice.year == 2018)
    brought = (*catalog.calendar_notices(), replace(first, document=f"{first.document}（样本）"))
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brought)
    [row] = [row for row in hebei("calendar", "list", "--json").json["notices"] if row["state"] == "left-out"]
    assert row["why"].startswith(f"{first.document}（样本） says it is the notice for 2018")
    page = hebei("calendar", "list").out
    assert "Left out, though gk brings it" in page


def test_the_days_of_a_limit_are_explained(hebei: Run) -> None:
    answer = hebei("calendar", "explain", "2018-04-04", "4", "--json").json
    assert answer["due"] == "2018-04-11"
    assert [(day["day"][5:], day["why"]) for day in answer["days"]] == [
        ("04-05", "day-off"), ("04-06", "day-off"), ("04-07", "day-off"), ("04-08", "make-up"), ("04-09", "workday"),
        ("04-10", "workday"), ("04-11", "workday"),
    ]  # fmt: skip
    page = hebei("calendar", "explain", "2018-04-04", "4").out
    assert "make-up workday" in page
    assert "ends on 2018-04-11, at 24:00" in page
    beyond = hebei("calendar", "explain", "2018-12-28", "4")
    assert "no notice for 2019 is adopted yet" in beyond.out
    assert hebei("calendar", "explain", "2018-12-28", "4", "--json").json["due"] is None
    assert "no notice for 2029" in hebei("calendar", "explain", "2029-03-01", "4").out


def test_limits_are_listed_by_when_they_must_be_kept_by_unit_and_by_state(hebei: Run) -> None:
    logged(hebei)

    def keys(*words: str) -> list[str]:
        return [row["key"] for row in hebei("deadlines", "list", *words, "--json").json["deadlines"]]

    assert keys() == ["K2", "K1"]
    assert keys("--due-within", "1 working days") == []
    assert keys("--due-within", "2 working days") == keys("--due-within", "2018-03-22") == ["K2"]
    assert keys("--state", "missed") == ["K1"]
    assert keys("--unit", "别的局") == []
    refused = hebei("deadlines", "list", "--due-within", "soon")
    assert refused.status == 1
    assert "a limit such as 15 working days" in refused.err
