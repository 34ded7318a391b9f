"""`gk case`: what it takes, what it says, in both languages and at every width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.columns import width
from cli.render import Voice
from cli.render_cases import case_page, cases_page
from gkevents.app.case_files import read_rules
from gkevents.words import LANGUAGES
from tests.app.worlds import World
from tests.cli.said import UNIT, Run, Said, fact

NOW = "2018-05-{:02}T18:00:00+08:00"


@pytest.fixture
def office(hebei: Run) -> Run:
    """Hebei 2018 with a card of May 3rd, recorded by 张三."""
    card = fact("DBK-1", type="supervision-card", item="H19", effective_on="2018-05-03", problem="栏目未更新",
                recorded_by="张三", source="冀〔2018〕7号", recorded_at=NOW.format(3))  # fmt: skip
    assert hebei("log", "-", stdin=card).status == 0
    return hebei


def at(office: Run, day: int, *arguments: str, lang: str = "en") -> Said:
    return office("--now", NOW.format(day), "case", *arguments, lang=lang)


def done(said: Said) -> dict[str, Any]:
    assert said.status == 0, said.err
    return said.json


def test_a_step_says_where_the_case_is_and_what_can_follow(office: Run) -> None:
    said = at(office, 4, "step", "notified", "DBK-1")
    assert said.status == 0
    assert said.out == (
        "Recorded DBK-1-notified-1 at position 6.\nThe case DBK-1 is now: notified.\n"
        "What can follow: accepted, contested\n"
    )
    said = at(office, 4, "step", "notified", "DBK-1", "--ref", "DBK-1-notified-1")
    assert said.out.startswith("DBK-1-notified-1 was recorded already, with the same content.\n")


@pytest.mark.parametrize("word", ["contested", "异议", "case-contested"])
def test_a_step_goes_by_any_of_its_names(office: Run, word: str) -> None:
    at(office, 4, "step", "告知", "DBK-1")
    answer = done(at(office, 5, "step", word, "DBK-1", "--reason", "不服", "--by", UNIT, "--json"))
    assert (answer["type"], answer["ref"], answer["already_recorded"]) == ("case-contested", "DBK-1-contested-1", False)
    assert answer["case"]["state"] == "case-contested"
    assert answer["case"]["next"] == ["case-upheld", "case-reduced", "case-overturned"]


def test_wrong_words_are_told_the_right_ones(office: Run) -> None:
    said = at(office, 4, "step", "praise", "DBK-1")
    assert said.status == 2
    assert "praise is no step of a case (endorsed, notified, accepted," in said.err
    said = at(office, 4, "step", "表扬", "DBK-1", lang="zh")
    assert "异议 contested" in said.err
    said = at(office, 4, "list", "--state", "open")
    assert said.status == 2
    assert "open is no state of a case (recorded, endorsed," in said.err
    said = at(office, 4, "step", "notified", "DBK-1", "--on", "2018-05-04", "--at", "2018-05-04 10:00")
    assert (said.status, said.err.endswith("Give --on or --at, not both\n")) == (2, True)
    said = at(office, 4, "step", "notified", "DBK-1", "--note", "\udcff")
    assert said.status == 2
    assert "note holds characters that are no text" in said.err


def test_a_refusal_says_why_and_stores_nothing(office: Run) -> None:
    said = at(office, 4, "step", "accepted", "DBK-1")
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "gk: The case DBK-1 is recorded: a case-accepted does not follow. What can follow: case-endorsed, "
        "case-notified.\n"
    )
    assert "异议" not in said.err
    said = at(office, 4, "step", "认可", "DBK-1", lang="zh")
    assert "已登记" in said.err
    said = at(office, 4, "step", "notified", "DBK-1", "--amount", "1")
    assert said.status == 1
    assert "A case-notified has no field amount." in said.err
    assert [row["state"] for row in done(at(office, 4, "list", "--json"))["cases"]] == ["recorded"]


def test_the_list_is_narrowed(office: Run) -> None:
    (Path("rules.yaml")).write_text("contest_window: 2 working days\n", encoding="utf-8")
    at(office, 3, "rules", "rules.yaml")
    at(office, 4, "step", "notified", "DBK-1")

    def found(*options: str, day: int = 8) -> int:
        return len(done(at(office, day, "list", *options, "--json"))["cases"])

    assert found() == found("--open") == found("--unit", UNIT) == found("--state", "告知") == 1
    assert found("--overdue") == found("--state", "recorded") == found("--state", "作废") == 0
    assert at(office, 9, "list").out.endswith("Cases: 1.\n")
    mark = ("log", "grade", "--unit", UNIT, "--item", "H01", "--points", "1", "--on", "2018-05-08", "--ref", "评1")
    assert office("--now", NOW.format(9), *mark).status == 0
    assert at(office, 9, "list").out.endswith("Left out: 1 marks and figures on which no step was taken (--all).\n")
    assert "评1" in at(office, 9, "list", "--all").out
    assert "评1" not in at(office, 9, "list").out
    assert at(office, 9, "list", "--state", "closed").out == "No such cases.\n"
    assert "Could be contested until 2018-05-08" in at(office, 9, "show", "DBK-1").out
    at(office, 9, "step", "closed", "DBK-1")
    assert found("--open", "--unit", UNIT, day=9) == 1
    assert done(at(office, 9, "list", "--json"))["cases"][0]["due"] is None
    assert found("--overdue", day=9) == 0


def test_a_case_is_shown_whole(office: Run) -> None:
    at(office, 4, "step", "notified", "DBK-1", "--recorded-by", "赵六")
    at(office, 5, "step", "accepted", "DBK-1", "--by", UNIT)
    at(office, 6, "step", "ordered", "DBK-1", "--limit", "5 working days", "--item", "H19", "--by", "李四")
    Path("图.txt").write_text("样例", encoding="utf-8")
    office("--now", NOW.format(7), "evidence", "add", "图.txt", "--of", "DBK-1-accepted-1")
    office("--now", NOW.format(7), "log", "retraction", "--unit", UNIT, "--of", "DBK-1-ordered-1", "--on", "2018-05-07")
    at(office, 8, "step", "ordered", "DBK-1", "--limit", "2018-05-09", "--source", "责改1号", "--note", "限期")
    page = at(office, 12, "show", "DBK-1").out
    for line in (
        "DBK-1 · supervision-card · H19",
        "State: ordered, since 2018-05-08",
        "reported: was due by 2018-05-09",
        "      problem: 栏目未更新",
        "1.    2018-05-04  case-notified  DBK-1-notified-1",
        "      recorded 2018-05-04 18:00 by 赵六, position 6",
        "      limit 2018-05-09, until 2018-05-09",
        "      source: 责改1号",
        "      name: 图.txt",
        "What can follow: planned, reported",
        "    gk case step planned DBK-1",
        "    gk case step reported DBK-1",
    ):
        assert line in page.splitlines(), line
    told = done(at(office, 12, "show", "DBK-1-accepted-1", "--json"))
    assert (told["ref"], told["overdue"], told["fact"]["ref"]) == ("DBK-1", True, "DBK-1")
    assert [step["type"] for step in told["steps"]] == [
        "case-notified", "case-accepted", "rectification-ordered", "evidence-attached", "rectification-ordered",
    ]  # fmt: skip
    assert told["steps"][2]["taken_back_by"] is not None
    assert told["due"] == {"step": "rectification-reported", "until": "2018-05-09"}


def test_an_order_taken_back_and_one_that_is_priced_say_so(office: Run) -> None:
    at(office, 4, "step", "notified", "DBK-1")
    at(office, 4, "step", "accepted", "DBK-1")
    at(office, 4, "step", "ordered", "DBK-1", "--limit", "5 working days", "--item", "H19", "--ref", "整改1")
    assert "      if missed, priced by H19" in at(office, 4, "show", "DBK-1").out.splitlines()
    back = ("log", "retraction", "--unit", UNIT, "--on", "2018-05-07", "--of")
    office("--now", NOW.format(7), *back, "整改1", "--ref", "撤")
    assert "      taken back by 撤: it means nothing any more" in at(office, 7, "show", "DBK-1").out.splitlines()
    office("--now", NOW.format(7), *back, "DBK-1")
    page = at(office, 7, "show", "DBK-1").out
    assert "State: void: taken back, since 2018-05-07" in page
    assert "follow" not in page


def test_a_closed_case_has_nothing_to_follow(office: Run) -> None:
    for word in ("notified", "accepted", "closed"):
        at(office, 4, "step", word, "DBK-1")
    assert at(office, 4, "show", "DBK-1").out.endswith("Nothing follows.\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sample_of_rules_can_be_adopted(office: Run, lang: str) -> None:
    sample = at(office, 3, "rules", "--sample", lang=lang).out
    Path("rules.yaml").write_text(sample, encoding="utf-8")
    assert read_rules(Path("rules.yaml"))[1]["four_eyes"] == ["criticism", "supervision-card"]
    assert done(office("case", "rules", "--sample", "--json", lang=lang))["sample"] == sample
    said = at(office, 3, "rules", "rules.yaml", lang=lang)
    assert (said.status, said.out.count("5个工作日" if lang == "zh" else "5 working days")) == (0, 3)
    again = done(at(office, 3, "rules", "rules.yaml", "--json", lang=lang))
    assert (again["already_adopted"], again["contest_window"], again["text"]) == (True, "5 working days", sample)


def test_rules_in_force_are_shown_and_so_is_that_there_are_none(office: Run) -> None:
    page = at(office, 3, "rules").out
    assert "  Deciders                       anybody" in page.splitlines()
    assert page.endswith("None has been adopted: gk case rules --sample gives a file to begin with.\n")
    assert "already_adopted" not in done(at(office, 3, "rules", "--json"))
    Path("rules.yaml").write_text("deciders: [李四]\n", encoding="utf-8")
    assert at(office, 3, "rules", "rules.yaml").out.startswith("The rules are adopted, at position 6;")
    assert "  Deciders                       李四" in at(office, 3, "rules").out.splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [80, 120])
def test_no_page_is_wider_than_the_terminal(office: Run, tmp_path: Path, lang: str, columns: int) -> None:
    Path("rules.yaml").write_text("contest_window: 2 working days\n", encoding="utf-8")
    at(office, 3, "rules", "rules.yaml")
    at(office, 4, "step", "notified", "DBK-1")
    at(office, 5, "step", "contested", "DBK-1", "--reason", "栏目当日已经更新，附截图为证，请予复核并撤销。" * 4)
    world = World(tmp_path / "gkevents.db")
    with world.gk(NOW.format(9)) as gk:
        rows, story = gk.cases(scheme="hebei-stats-2018", year=2018), gk.case("DBK-1")
    voice = Voice(lang, columns)
    pages = [cases_page(rows, voice), case_page(story, voice)]
    assert [line for page in pages for line in page.splitlines() if width(line) > columns] == []
