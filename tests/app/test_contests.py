"""A contested card from end to end: the same answers from rows and from a replay, before, meanwhile and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gkevents.app import Gk
from gkevents.demo import CARD, CARD_DAYS, CARD_SCHEME, CARD_UNIT, CARD_UNITS, CARD_YEAR, prepare_card
from gkevents.reports.answers import rank_answer, standing_answer
from gkevents.terms import instant

ASKED: dict[str, Any] = {"scheme": CARD_SCHEME, "year": CARD_YEAR}
CONTEST = {
    "refs": [CARD], "confirmed": "94.4", "confirmed_low": "94.4", "confirmed_high": "94.4", "contested": "-0.5",
    "if_upheld": "93.9", "worst": "93.9", "best": "94.4", "ranks": [1, 3],
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return prepare_card(tmp_path_factory.mktemp("card"))


@pytest.fixture(params=["rows", "replay"])
def contested(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gk]:
    """A copy of the store in which the decision has been taken back: the card is contested now."""
    copy = tmp_path / "gk.db"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as there, closing(sqlite3.connect(copy)) as here:
        there.backup(here)
    gk = Gk(f"sqlite:///{copy}", now=instant("2018-08-01T09:00:00+08:00"), replaying=request.param == "replay")
    refs = {step.body["type"]: step.body["ref"] for step in gk.case(CARD).steps}
    for kind in ("case-closed", "case-overturned"):
        body = {"ref": f"back-{kind}", "type": "retraction", "unit": CARD_UNIT, "of": refs[kind]}
        done = gk.log_facts([Row(1, {**body, "effective_on": "2018-08-01"})], **ASKED)
        assert not done.refused
    yield gk
    gk.store.close()


class Row:
    """One row of an input."""

    def __init__(self, number: int, fields: dict[str, Any]) -> None:
        self.number, self.fields, self.fault = number, fields, None


def test_a_unit_that_contests_hears_three_totals_and_its_ranks(contested: Gk) -> None:
    one = standing_answer(contested.score(**ASKED, unit=CARD_UNIT), "en", CARD_UNIT)
    assert (one["total"], one["contest"]) == ("93.9", CONTEST)
    every = standing_answer(contested.score(**ASKED), "en")["units"]
    assert [every[unit].get("contest") for unit in CARD_UNITS] == [None, CONTEST, None]
    assert [flag["refs"] for flag in one["flags"] if flag["code"] == "contested"] == [[CARD]]


def test_the_table_says_which_ranks_are_possible(contested: Gk) -> None:
    rows = rank_answer(*contested.rank(**ASKED))["groups"][""]
    assert [(row["unit"], row["rank"], row["ranks"]) for row in rows] == [
        (CARD_UNITS[0], 1, [1, 1]), (CARD_UNITS[2], 2, [2, 3]), (CARD_UNITS[1], 3, [1, 3]),
    ]  # fmt: skip
    standing, _, book = contested.replay(CARD_UNIT, **ASKED)
    assert list(standing.contests) == list(CARD_UNITS)
    assert book.start is not None


def test_a_unit_that_contests_nothing_hears_nothing(contested: Gk) -> None:
    standing = contested.score(**ASKED, unit=CARD_UNITS[0])
    assert standing.contests == {}
    assert "contest" not in standing_answer(standing, "en", CARD_UNITS[0])


def test_before_it_is_contested_while_it_is_and_after(url: str) -> None:
    gk = Gk(url)
    found = []
    for day in CARD_DAYS:
        standing, groups = gk.rank(**ASKED, as_of=day)
        ranks = [(row["unit"], row["rank"], row.get("ranks")) for row in rank_answer(standing, groups)["groups"][""]]
        found.append((standing_answer(standing, "en")["units"][CARD_UNIT]["total"], ranks))
    one, two, three = CARD_UNITS
    assert found == [
        ("93.9", [(one, 1, None), (three, 2, None), (two, 3, None)]),
        ("93.9", [(one, 1, [1, 1]), (three, 2, [2, 3]), (two, 3, [1, 3])]),
        ("94.4", [(one, 1, None), (two, 1, None), (three, 3, None)]),
    ]
    assert rank_answer(*gk.rank(**ASKED))["groups"][""][1]["rank"] == 1


def test_as_known_before_it_was_decided_it_stays_contested(url: str) -> None:
    gk = Gk(url)
    decided = next(step for step in gk.case(CARD).steps if step.body["type"] == "case-overturned")
    known = standing_answer(gk.score(**ASKED, unit=CARD_UNIT, known_at=str(decided.position - 1)), "en", CARD_UNIT)
    assert known["contest"] == CONTEST
    assert "contest" not in standing_answer(gk.score(**ASKED, unit=CARD_UNIT), "en", CARD_UNIT)
    assert gk.verify().faults == []
