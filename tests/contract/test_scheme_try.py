"""`gk scheme try`: a log scored by another scheme or a draft, with everything that does not map; nothing is stored."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.answers import Opener
from tests.contract.office import ROOT, Gk, Office, Result, fact

SCHEME: Final = "hunan-docs-departments-2017"
ONE, OTHER = "省直部门X", "省直部门Y"
KEYS: Final = {
    *("scheme", "edition", "on", "year", "as_of", "known_at"),
    *("mapping", "unmapped", "unused", "units", "simulated_clock"),
}


@pytest.fixture
def desk(office: Opener) -> Office:
    """Two departments: the one was criticised twice, the other marked."""
    made = office(SCHEME, ONE, OTHER)
    made.take(
        fact("occurrence", ONE, "2017-03-01", "DP08", recorded_by="张三"),
        fact("occurrence", ONE, "2017-04-01", "DP08"),
        fact("occurrence", OTHER, "2017-04-02", "DP07"),
        now="2017-05-02",
    )
    return made


def draft(desk: Office, *changes: tuple[str, str]) -> Path:
    """The published scheme with changes, as a file of another id."""
    text = (ROOT / "schemes" / f"{SCHEME}.yaml").read_text(encoding="utf-8")
    for old, new in ((f"scheme: {SCHEME}", "scheme: draft-2018"), *changes):
        assert old in text
        text = text.replace(old, new)
    file = desk.gk.folder / "draft.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def run(desk: Office, scheme: object, *words: object, lang: str = "en") -> Result:
    return desk.gk("scheme", "try", scheme, "--on", SCHEME, "--year", 2017, *words, lang=lang)


def tried(desk: Office, scheme: object, *words: object) -> dict[str, Any]:
    ran = run(desk, scheme, *words, "--json")
    assert ran.status == 0, ran
    answer: dict[str, Any] = ran.json
    return answer


def dearer(desk: Office) -> Path:
    """A draft in which each event on DP08 costs 3 instead of 2."""
    text = (ROOT / "schemes" / f"{SCHEME}.yaml").read_text(encoding="utf-8")
    head, mark, tail = text.replace(f"scheme: {SCHEME}", "scheme: draft-2018").partition("code: DP08")
    file = desk.gk.folder / "draft.yaml"
    file.write_text(head + mark + tail.replace("price: 2", "price: 3", 1), encoding="utf-8")
    return file


def test_a_trial_answers_with_exactly_its_keys(desk: Office) -> None:
    answer = tried(desk, dearer(desk))
    assert set(answer) == KEYS
    assert (answer["scheme"], answer["on"], answer["year"]) == ("draft-2018", SCHEME, 2017)
    assert answer["edition"] != desk.score(ONE)["edition"]
    assert {frozenset(row) for row in answer["mapping"]} == {frozenset({"from", "to", "how"})}
    unit = answer["units"][ONE]
    assert set(unit) == {"category", "before", "after", "change"}
    assert set(unit["before"]) == set(unit["after"]) == {"total", "low", "high", "rank"}


def test_each_unit_before_and_after(desk: Office) -> None:
    answer = tried(desk, dearer(desk))
    asked = desk.ask("score")["units"]
    for unit in (ONE, OTHER):
        before = answer["units"][unit]["before"]
        assert {key: before[key] for key in ("total", "low", "high")} == {
            key: asked[unit][key] for key in ("total", "low", "high")
        }
    after = answer["units"][ONE]["after"]
    assert float(after["high"]) == float(asked[ONE]["high"]) - 2
    assert answer["units"][ONE]["change"] is None, "provisional: marks are missing"


def test_a_determined_change_and_its_ranks(office: Opener) -> None:
    desk = office(SCHEME, ONE, OTHER)
    desk.settle(ONE, OTHER)
    desk.take(
        *(fact("occurrence", ONE, f"2017-0{month}-01", "DP08") for month in (3, 4)),
        *(fact("occurrence", OTHER, f"2017-0{month}-01", "DP07") for month in (3, 4, 5)),
    )
    asked = {unit: desk.score(unit)["total"] for unit in (ONE, OTHER)}
    answer = tried(desk, dearer(desk))
    one = answer["units"][ONE]
    assert (one["before"]["total"], one["change"]) == (asked[ONE], "-2")
    assert {unit: row["before"]["rank"] for unit, row in answer["units"].items()} == {
        row["unit"]: row["rank"] for row in desk.ask("rank")["groups"][""]
    }
    ranks = [row["after"]["rank"] for row in answer["units"].values()]
    assert ranks == sorted(ranks)


def test_a_trial_stores_nothing(desk: Office) -> None:
    desk.score(ONE)
    before = hashlib.sha256(desk.gk.file.read_bytes()).hexdigest()
    tried(desk, dearer(desk))
    assert run(desk, dearer(desk)).status == 0
    assert hashlib.sha256(desk.gk.file.read_bytes()).hexdigest() == before
    assert desk.gk.events() == desk.gk.stored()


def test_codes_by_option_by_file_and_by_guess(desk: Office) -> None:
    moved = draft(desk, ("code: DP08", "code: X8"), ("code: DP07", "code: X7"))
    guessed = {row["from"]: (row["to"], row["how"]) for row in tried(desk, moved)["mapping"]}
    assert (guessed["DP08"], guessed["DP01"]) == (("X8", "title"), ("DP01", "code"))
    codes = desk.gk.folder / "codes.txt"
    codes.write_text("DP08=X7\nDP07,X8\n", encoding="utf-8")
    said = tried(desk, moved, "--map-file", codes, "--map", "DP08=X8")
    found = {row["from"]: (row["to"], row["how"]) for row in said["mapping"]}
    assert (found["DP08"], found["DP07"]) == (("X8", "given"), ("X8", "given"))


def test_a_fact_that_does_not_map_is_listed_with_why(desk: Office) -> None:
    answer = tried(desk, dearer(desk), "--map", "DP08=")
    assert "DP08" in answer["unused"]
    rows = answer["unmapped"]
    assert [(row["unit"], row["item"], row["code"]) for row in rows] == [(ONE, "DP08", "leads-nowhere")] * 2
    assert all("DP08" in row["message"] and row["ref"] for row in rows)
    said = run(desk, dearer(desk), "--map", "DP08=")
    assert said.status == 0
    assert "Facts that do not map and count for nothing: 2" in said.out
    assert "DP08 × 2" in said.out


def test_the_page_says_it_in_words(desk: Office) -> None:
    said = run(desk, dearer(desk))
    assert f"The log of {SCHEME} 2017, scored by draft-2018" in said.out
    assert "Nothing is stored." in " ".join(said.out.split())
    assert "Every fact maps." in said.out
    assert ONE in said.out
    assert "Codes with the same code and title: " in said.out
    assert "simulated clock" in said.err


def test_a_trial_as_of_a_day_and_as_known(desk: Office) -> None:
    known = tried(desk, dearer(desk), "--known-at", "2", "--as-of", "2017-03-31")
    assert (known["as_of"], known["known_at"]) == ("2017-03-31", 2)
    assert len(tried(desk, dearer(desk), "--as-of", "2017-03-31")["units"]) == 2
    assert "As of 2017-03-31." in run(desk, dearer(desk), "--as-of", "2017-03-31").out


def test_a_unit_whose_category_the_draft_does_not_know(desk: Office) -> None:
    refused = run(desk, "luancheng-2020")
    assert refused.status == 1
    assert ONE in refused.sentence
    assert OTHER in refused.sentence
    assert "--unit" in refused.sentence
    said = ("--unit", f"{ONE}=部门", "--unit", f"{OTHER}=乡镇")
    answer = tried(desk, "luancheng-2020", *said)
    assert {unit: row["category"] for unit, row in answer["units"].items()} == {ONE: "部门", OTHER: "乡镇"}
    assert {row["code"] for row in answer["unmapped"]} == {"unknown-item"}


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("--map", "DP08"), 2, "--map DP08"),
        (("--map", "=X"), 2, "--map =X"),
        (("--unit", f"{ONE}="), 2, "--unit"),
        (("--map", "NOPE=DP08"), 1, "NOPE"),
        (("--map", "DP08=NOPE"), 1, "NOPE"),
        (("--unit", "别的局=部门"), 1, "别的局"),
        (("--known-at", "yesterday"), 1, "yesterday"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Office, words: tuple[str, ...], status: int, says: str) -> None:
    ran = run(desk, dearer(desk), *words)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.sentence


def test_a_draft_with_a_fault_and_a_scheme_that_is_nowhere(desk: Office, gk: Gk) -> None:
    faulty = draft(desk, ("base_total: ", "base_total: 1"))
    assert "gk scheme check" in run(desk, faulty).sentence
    assert run(desk, "nowhere-2018").status == 1
    ran = gk("scheme", "try", SCHEME, "--on", SCHEME, "--year", 2019)
    assert ran.status == 1
    assert "2019" in ran.sentence
