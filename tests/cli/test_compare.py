"""`gk compare`: from where to where, as a waterfall for one unit, a table for all, and in JSON."""

from __future__ import annotations

import pytest

from cli.columns import width
from cli.render import Voice
from cli.render_movement import movement_page, movements_page
from gkevents.app import Gk
from gkevents.app.asking import Question
from gkevents.scoring import way
from gkevents.terms import instant
from gkevents.words import LANGUAGES
from tests.cli.said import AT, UNIT, Run, card, fact

JULY, OCTOBER = "2018-07-10T09:00:00+08:00", "2018-10-08T09:00:00+08:00"


@pytest.fixture
def office(hebei: Run) -> Run:
    """Two cards by July; in October one of them is taken back, another comes in late, a third is new."""
    first = [card("DBK-1", "2018-05-03"), card("DBK-2", "2018-06-03", "链接失效")]
    later = [
        fact("CH-1", type="retraction", of="DBK-1", effective_on="2018-10-08", reason="核实有误"),
        card("DBK-3", "2018-06-20", "信息错误"), card("DBK-4", "2018-08-20", "无人答复"),
        fact("PF-1", type="grade", item="H13b", effective_on="2018-09-30", points="0.2"),
    ]  # fmt: skip
    for now, cards in ((JULY, first), (OCTOBER, later)):
        lines = "\n".join(one.replace("2018-12-31T18:00:00+08:00", now) for one in cards)
        assert hebei("log", "-", stdin=lines).status == 0
    return hebei


def test_a_waterfall_says_what_each_fact_brought_and_why(office: Run) -> None:
    said = office("compare", UNIT, "--as-of", "2018-06-30", "--from-known-at", "2018-07-10")
    assert said.status == 0, said.err
    lines = said.out.splitlines()
    assert lines[:1] == [UNIT]
    assert lines[2:4] == ["From: as of 2018-06-30, as known at position 6", "To: as of 2018-06-30, everything recorded"]
    told = [line.split() for line in lines if "DBK" in line or "CH-1" in line or line.startswith(("Taken", "Logged"))]
    assert [line[0] for line in told] == ["Taken", "CH-1", "→", "Logged", "DBK-3"]
    assert "      of 2018-06-20, recorded 2018-10-08 09:00" in lines
    assert "      → Takes back DBK-1. 核实有误" in lines
    assert lines[-1].startswith("To:")


def test_the_table_names_the_causes_that_moved_anybody(office: Run) -> None:
    said = office("compare", "--from-as-of", "2018-06-30", *AT)
    assert "New facts" in said.out
    assert "a…b:" in said.out
    assert "Other units" not in said.out
    assert "Logged late" not in said.out
    assert said.out.count(UNIT) == 1
    still = office("compare", "--from-known-at", "10", "--as-of", "2018-06-30")
    assert "Units that nothing moved: 1." in still.out
    assert "Nothing moved this unit: " in office("compare", UNIT, "--from-known-at", "10").out


def test_the_answer_for_programs_adds_up(office: Run) -> None:
    answer = office("compare", UNIT, "--from-as-of", "2018-06-30", "--to-known-at", "2018-10-08", "--json", *AT).json
    assert [step["cause"] for step in answer["steps"]] == ["grades", "new"]
    assert answer["simulated_clock"] is True
    everybody = office("compare", "--from-as-of", "2018-06-30", "--to-as-of", "2018-12-31", "--json").json
    assert everybody["units"][UNIT]["steps"] == answer["steps"]


def test_it_asks_where_to_begin(office: Run) -> None:
    said = office("compare", "--to-as-of", "2018-06-30")
    assert (said.status, "--from-as-of DAY" in said.err) == (2, True)
    assert office("compare", "nobody", "--from-as-of", "2018-06-30", *AT).status == 1


@pytest.mark.parametrize("columns", [60, 100])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("office")
def test_every_page_fits_its_width_in_both_languages(lang: str, columns: int) -> None:
    gk = Gk("sqlite:///gkevents.db", now=instant(OCTOBER))
    found = gk.compare(Question("hebei-stats-2018", 2018, None, "6"), Question("hebei-stats-2018", 2018))
    gk.store.close()
    voice = Voice(lang, columns)
    for page in (movement_page(found, UNIT, voice, ("甲报", "乙报")), movements_page(found, voice)):
        assert max(width(line) for line in page.splitlines()) <= columns


def test_very_many_facts_of_a_cause_are_told_by_item(office: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way, "MOST", 1)
    said = office("compare", UNIT, "--from-known-at", "4")
    assert "  4 facts H19" in said.out
    assert "      DBK-1, DBK-2, DBK-3, DBK-4" in said.out


def test_a_unit_that_joined_is_said_to_be_on_the_later_side_only(office: Run) -> None:
    joined = ("scheme", "adopt", "hebei-stats-2018", "--year", "2018", "--unit", "乙局")
    assert office("--now", OCTOBER, *joined).status == 0
    assert "It is on the later side only: 11…94.5." in office("compare", "乙局", "--from-known-at", "6").out
    assert "乙局" in office("compare", "--from-known-at", "6").out
