"""A correction during the year, through the command: who decided it, what it prices, what stays as it was known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.contract.answers import SCHEME, UNIT, Opener
from tests.contract.office import ROOT, Office, Result, fact, weights

DECIDED: Final = ("--decided-by", "某办公室", "--decided-on", "2017-05-30", "--reason", "更正分值")


@pytest.fixture
def desk(office: Opener) -> Office:
    """A department with a happening recorded in March."""
    made = office(SCHEME, UNIT)
    made.take(fact("occurrence", UNIT, "2017-03-01", "DP08"), now="2017-03-02")
    return made


def corrected(desk: Office) -> Path:
    """The scheme with DP08 dearer by one."""
    text = (ROOT / "schemes" / f"{SCHEME}.yaml").read_text(encoding="utf-8")
    head, mark, tail = text.partition("code: DP08")
    file = desk.gk.folder / "corrected.yaml"
    file.write_text(head + mark + tail.replace("price: 2", "price: 3", 1), encoding="utf-8")
    return file


def adopt(desk: Office, *words: object, now: str = "2017-06-01") -> Result:
    return desk.gk("scheme", "adopt", *words, "--year", desk.year, "--json", now=now)


def test_the_replay_says_which_edition_priced_each_entry(desk: Office) -> None:
    first = desk.score(UNIT)["edition"]
    before = desk.gk.events()
    second = adopt(desk, corrected(desk), *DECIDED).json["edition"]
    desk.take(fact("occurrence", UNIT, "2017-06-02", "DP08"), now="2017-06-03")
    answer = desk.ask("replay", UNIT)
    assert [(row["edition"], row["decided_by"], row["decided_on"], row["reason"]) for row in answer["editions"]] == [
        (first, None, None, None),
        (second, "某办公室", "2017-05-30", "更正分值"),
    ]
    assert {frozenset(row) for row in answer["editions"]} == {
        frozenset({"edition", "position", "recorded_at", "decided_by", "decided_on", "reason"})
    }
    assert [(row["applied"], row["edition"], row["edition_then"]) for row in answer["entries"]] == [
        ("-3", second, first),
        ("-3", second, second),
    ]
    then = desk.ask("replay", UNIT, "--known-at", before)
    assert [(row["applied"], row["edition"], row["edition_then"]) for row in then["entries"]] == [("-2", first, first)]
    assert len(then["editions"]) == 1


def test_a_score_as_known_before_a_correction_never_changes(desk: Office) -> None:
    before = desk.gk.events()
    known = desk.score(UNIT, "--known-at", before)
    assert adopt(desk, corrected(desk), *DECIDED).status == 0
    assert desk.score(UNIT, "--known-at", before) == known
    assert desk.score(UNIT)["items"]["DP08"]["score"] == "12"


def test_a_correction_without_a_name_is_taken_and_says_what_is_missing(desk: Office) -> None:
    ran = adopt(desk, corrected(desk))
    assert ran.status == 0
    assert "--decided-by" in ran.sentence
    assert adopt(desk, corrected(desk), *DECIDED).json["edition"] == ran.json["edition"]
    editions = desk.ask("replay", UNIT)["editions"]
    assert [each["decided_by"] for each in editions[-2:]] == [None, DECIDED[DECIDED.index("--decided-by") + 1]]


def test_a_first_adoption_needs_no_name_and_may_have_one(office: Opener) -> None:
    desk = office(SCHEME, UNIT)
    ran = desk.gk("scheme", "adopt", SCHEME, "--year", 2018, "--unit", UNIT, *DECIDED, "--json", now="2018-01-01")
    assert (ran.status, "--decided-by" in ran.sentence) == (0, False)
    assert set(ran.json) == {"scheme", "edition", "year", "units", "position", "simulated_clock"}
    plain = desk.gk("scheme", "adopt", SCHEME, "--year", 2019, "--unit", UNIT, now="2019-01-01")
    assert (plain.status, "--decided-by" in plain.sentence) == (0, False)


def test_who_decided_on_an_edition_in_force_is_recorded_once(desk: Office) -> None:
    before = desk.gk.events()
    assert adopt(desk, SCHEME, *DECIDED).status == 0
    assert desk.gk.events() == before + 1
    again = adopt(desk, SCHEME, *DECIDED)
    assert (again.status, desk.gk.events()) == (0, before + 1)
    assert "nothing was added" in again.sentence


@pytest.mark.parametrize(
    ("words", "status"),
    [(("--decided-on", "2017-06-02"), 1), (("--decided-on", "昨天"), 2), (("--decided-by", "某" * 4001), 1)],
)
def test_a_decision_that_cannot_be_is_refused(desk: Office, words: tuple[str, ...], status: int) -> None:
    before = desk.gk.events()
    ran = adopt(desk, corrected(desk), *words)
    assert ran.status == status
    assert desk.gk.events() == before


def test_points_decided_anew_are_an_edition_too(office: Opener, tmp_path: Path) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights(SC01="5"))
    desk.take(fact("grade", "县A", "2017-05-01", "SC01", points="2"), now="2017-05-02")
    first = desk.score("县A")["edition"]
    decided = tmp_path / "weights.json"
    decided.write_text(json.dumps(weights(SC01="3")))
    second = adopt(desk, desk.scheme, "--overlay", decided, *DECIDED).json["edition"]
    answer = desk.ask("replay", "县A")
    assert [row["edition"] for row in answer["editions"]] == [first, second]
    assert first != second
    (entry,) = answer["entries"]
    assert (entry["edition"], entry["edition_then"]) == (second, first)
