"""`gk result`: from what is missing to what came after, in both languages, as text and as JSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cli.columns import width
from cli.render import Voice
from cli.render_result import marks_page, readiness_page
from gkevents import paper
from gkevents.reports.year.marks import Mark
from gkevents.reports.year.readiness import KINDS, Lack, Readiness
from gkevents.words import LANGUAGES, message
from tests.app.case_office import FILE
from tests.app.worlds import fact
from tests.cli.said import Run, Said


def at(gk: Run, on: str, *arguments: str, lang: str = "en", stdin: str = "") -> Said:
    return gk("--now", f"{on}T18:00:00+08:00", *arguments, lang=lang, stdin=stdin)


def done(said: Said) -> dict[str, Any]:
    assert said.status == 0, said.err
    return said.json


@pytest.fixture
def office(gk: Run) -> Run:
    """The scheme of cases in 2020, a card in May; nothing is graded."""
    assert gk("init", "--simulated-clock").status == 0
    assert at(gk, "2020-03-02", "scheme", "adopt", str(FILE), "--year", "2020").status == 0
    log(
        gk,
        "2020-05-05",
        fact("c", "supervision-card", "2020-05-05", "C", unit="甲局", problem="栏目", recorded_by="张三"),
    )
    return gk


@pytest.fixture
def graded(office: Run) -> Run:
    """The same, graded; one unit says what it is worth."""
    marks = [
        fact("s", "self-assessment", "2021-01-10", "G", unit="甲局", points="9"),
        fact("g1", "grade", "2021-01-20", "G", unit="甲局", points="8"),
        fact("g2", "grade", "2021-01-20", "G", unit="乙局", points="7"),
    ]
    log(office, "2021-01-20", *marks)
    return office


def log(gk: Run, on: str, *facts: dict[str, Any]) -> None:
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in facts)
    said = at(gk, on, "log", "-", stdin=text)
    assert said.status == 0, said.err


PROPOSE = ("result", "propose", "--by", "张三", "--document", "文1")
APPROVE = ("result", "approve", "--by", "李四", "--document", "文2")


def closed(gk: Run, *more: str) -> str:
    """Propose and approve; the digest."""
    digest: str = done(at(gk, "2021-02-01", *PROPOSE, *more, "--json"))["digest"]
    assert at(gk, "2021-02-02", *APPROVE, "--digest", digest).status == 0
    return digest


# ---------------------------------------------------------------- ready or not


def test_readiness_says_what_is_missing_and_what_to_do(office: Run) -> None:
    said = at(office, "2021-02-01", "result", "readiness")
    assert said.status == 0
    assert said.out == (
        "cases-2020 2020: not ready.\nnot graded 2\n\n"
        "甲局\n  · Not graded: G.\n    → gk log grade --unit 甲局 --item ITEM --points POINTS --on DAY\n\n"
        "乙局\n  · Not graded: G.\n    → gk log grade --unit 乙局 --item ITEM --points POINTS --on DAY\n"
    )
    answer = done(at(office, "2021-02-01", "result", "readiness", "--json"))
    assert (answer["ready"], answer["counts"]) == (False, {"ungraded": 2})
    assert answer["lacking"][0] == {
        "kind": "ungraded", "unit": "甲局", "items": ["G"], "refs": [], "blocks": True, "what": "Not graded: G.",
        "todo": "gk log grade --unit 甲局 --item ITEM --points POINTS --on DAY",
    }  # fmt: skip
    assert answer["simulated_clock"] is True


def test_readiness_of_a_unit_shows_its_own_word_beside_its_marks(graded: Run) -> None:
    said = at(graded, "2021-02-01", "result", "readiness", "甲局")
    assert "ready, the result can be proposed" in said.out
    assert [line for line in said.out.splitlines() if line.startswith("G ")] == [
        "G     评分    10              9      8          -1  graded"
    ]
    answer = done(at(graded, "2021-02-01", "result", "readiness", "甲局", "--json"))
    assert answer["marks"][-1] == {
        "item": "G", "title": "评分", "max": "10", "self_assessed": "9", "score": "8", "low": "8", "high": "8",
        "difference": "-1", "state": "graded",
    }  # fmt: skip
    assert at(graded, "2021-02-01", "result", "readiness", "丁局").status == 1


# ---------------------------------------------------------------- decided


def test_a_result_is_proposed_approved_and_published(graded: Run) -> None:
    said = at(graded, "2021-02-01", *PROPOSE, "--publish-by", "04-30")
    assert said.status == 0
    assert "cases-2020-2020-result is proposed, as known at position 14." in said.out
    assert "To be published by 2021-04-30." in said.out
    again = at(graded, "2021-02-01", *PROPOSE, "--publish-by", "04-30")
    assert "was proposed already and still holds" in again.out
    digest = done(at(graded, "2021-02-01", *PROPOSE, "--publish-by", "04-30", "--json"))["digest"]
    approved = done(at(graded, "2021-02-02", *APPROVE, "--digest", digest[:12].upper(), "--json"))
    assert (approved["state"], approved["closed"], approved["digest"]) == ("approved", True, digest)
    said = at(graded, "2021-05-03", "result", "publish", "--where", "网站", "--document", "文3")
    assert said.out.endswith(
        "     published on 2021-05-03: 网站 · 文3\nPublished 3 days after the day named for it, 2021-04-30.\n"
    )


def test_refusals_say_why_and_store_nothing(office: Run) -> None:
    said = at(office, "2021-02-01", *PROPOSE)
    assert said.status == 1
    assert "is not ready: 2 things are left, the first: Not graded: G." in said.err
    assert at(office, "2021-02-01", "result", "publish", "--where", "网站").status == 1
    assert at(office, "2021-02-01", "result", "show").status == 1
    assert at(office, "2021-02-01", *APPROVE, "--digest", "0" * 64).status == 1
    assert at(office, "2021-02-01", "result", "reopen", "--by", "王", "--document", "文", "--reason", "由").status == 1
    assert at(office, "2021-02-01", "result", "approve", "--by", "李四").status == 2
    said = at(office, "2021-02-01", *PROPOSE, "--despite", "先行上报")
    assert "Proposed though 2 things are missing: 先行上报" in said.out


def test_show_gives_the_frozen_result_and_what_came_after(graded: Run) -> None:
    digest = closed(graded)
    assert at(graded, "2021-02-02", "result", "publish", "--where", "网站").status == 0
    before = done(at(graded, "2021-02-03", "result", "show", "--json"))
    assert before["after"] == {"facts": [], "elsewhere": [], "changes": []}
    log(graded, "2021-05-03", fact("late", "criticism", "2020-12-01", "T", unit="甲局"))
    after = done(at(graded, "2021-05-04", "result", "show", "--json"))
    assert (after["content"], after["digest"], after["state"]) == (before["content"], digest, "published")
    assert [one["ref"] for one in after["after"]["facts"]] == ["late"]
    assert {one["unit"]: one["now"]["total"] for one in after["after"]["changes"]} == {"甲局": "27.9", "乙局": "29"}
    page = at(graded, "2021-05-04", "result", "show").out
    assert "关于2020年度《案件样表》考核结果的通报" in page
    assert "Facts recorded after the result: 1. They change nothing in it." in page
    assert "· 甲局: 29.9, rank 1 → 27.9, rank 2" in page
    one = at(graded, "2021-05-04", "result", "show", "甲局").out
    assert one.startswith("甲局\nTotal 29.9, rank 1\n甲局: 29.9, rank 1 → 27.9, rank 2\n")
    assert done(at(graded, "2021-05-04", "result", "show", "甲局", "--json"))["marks"][-1]["score"] == "8"
    assert at(graded, "2021-05-04", "result", "show", "丁局").status == 1


def test_a_page_of_scores_says_that_the_year_is_closed_and_facts_came_after(graded: Run) -> None:
    closed(graded)
    assert "closed" not in at(graded, "2021-02-03", "score").out
    log(graded, "2021-05-03", fact("late", "criticism", "2020-12-01", "T", unit="甲局"))
    for page in (at(graded, "2021-05-04", "score").out, at(graded, "2021-05-04", "score", "甲局").out):
        assert "The year was closed on 2021-02-02, as known at position 14. Facts recorded after that: 1." in page
    assert "closed" not in at(graded, "2021-05-04", "score", "--known-at", "14").out
    assert "closed" not in at(graded, "2021-05-04", "score", "--json").out


def test_a_year_is_opened_again_and_its_history_stays(graded: Run) -> None:
    first = closed(graded)
    said = at(graded, "2021-05-06", "result", "reopen", "--by", "王五", "--document", "文3", "--reason", "漏登")
    assert "opened again by 王五 on 2021-05-06 (文3): 漏登" in said.out
    second = done(at(graded, "2021-05-07", *PROPOSE, "--json"))
    assert (second["replaces"], second["id"]) == (first, "cases-2020-2020-result-2")
    page = at(graded, "2021-05-07", "result", "show").out
    assert f"in place of the result {first[:12]}" in page
    history = done(at(graded, "2021-05-07", "result", "show", "--json"))["history"]
    assert [one["state"] for one in history] == ["reopened", "proposed"]
    assert history[0]["reopened"]["reason"] == "漏登"


def test_open_orders_are_listed_with_the_result(graded: Run) -> None:
    for on, *step in (
        ("2021-01-21", "notified"), ("2021-01-21", "accepted"), ("2021-01-22", "ordered", "--limit", "2021-03-01"),
    ):  # fmt: skip
        assert at(graded, on, "case", "step", step[0], "c", *step[1:]).status == 0
    closed(graded)
    page = at(graded, "2021-02-03", "result", "show").out
    assert "Still to be put right:" in page
    assert "2021-03-01" in page
    assert "2021-03-01 !" in at(graded, "2021-03-05", "result", "show").out
    [order] = done(at(graded, "2021-02-03", "result", "show", "--json"))["rectification"]
    assert (order["ref"], order["due"]) == ("c", "2021-03-01")


# ---------------------------------------------------------------- papers


def test_the_result_and_a_units_feedback_are_written_in_every_format(graded: Run, tmp_path: Path) -> None:
    digest = closed(graded, "--number", "示例〔2021〕9号", "--issuer", "示例办公室", "--to", "各单位：")
    out = tmp_path / "out"
    files = done(at(graded, "2021-02-03", "result", "show", "--out", str(out), "--json"))["files"]
    assert sorted(Path(file).suffix[1:] for file in files) == sorted(paper.FORMATS)
    content = json.loads((out / "cases-2020-2020-result.json").read_text(encoding="utf-8"))
    assert content["document"]["number"] == "示例〔2021〕9号"
    answer = done(at(graded, "2021-02-03", "result", "feedback", "甲局", "--out", str(out), "--json"))
    assert len(answer["files"]) == len(paper.FORMATS)
    own = json.loads((out / "cases-2020-2020-result-甲局.json").read_text(encoding="utf-8"))
    assert own["head"]["result"] == digest


def test_everybodys_feedback_is_one_file_a_unit(graded: Run, tmp_path: Path) -> None:
    closed(graded)
    said = at(graded, "2021-02-03", "result", "feedback", "--all", "--out", str(tmp_path / "fb"), "--format", "json")
    assert said.status == 0
    assert sorted(path.name for path in (tmp_path / "fb").iterdir()) == [
        "cases-2020-2020-result-乙局.json", "cases-2020-2020-result-甲局.json",
    ]  # fmt: skip
    assert "Files written:" in said.out


def test_one_units_feedback_is_shown(graded: Run) -> None:
    assert at(graded, "2021-02-01", "result", "feedback", "甲局").status == 1
    closed(graded)
    page = at(graded, "2021-02-03", "result", "feedback", "甲局").out
    assert "2020年度《案件样表》考核结果反馈" in page
    assert "甲局2020年度考核总分为29.90分，在2个单位中列第1名。" in page
    assert done(at(graded, "2021-02-03", "result", "feedback", "甲局", "--json"))["kind"] == "feedback"


@pytest.mark.parametrize("arguments", [[], ["甲局", "--all"], ["--all"]])
def test_feedback_wants_one_unit_or_all_of_them_and_a_folder(graded: Run, arguments: list[str]) -> None:
    assert at(graded, "2021-02-03", "result", "feedback", *arguments).status == 2


def test_names_that_no_folder_takes_become_names_that_it_takes(gk: Run, tmp_path: Path) -> None:
    assert gk("init", "--simulated-clock").status == 0
    adopted = at(gk, "2020-03-02", "scheme", "adopt", str(FILE), "--year", "2020", "--unit", "甲/局", "--unit", "甲:局")
    assert adopted.status == 0, adopted.err
    closed(gk, "--despite", "样本")
    out = str(tmp_path / "fb")
    assert at(gk, "2021-02-03", "result", "feedback", "--all", "--out", out, "--format", "json").status == 0
    assert sorted(path.name for path in (tmp_path / "fb").iterdir()) == [
        "cases-2020-2020-result-甲_局-245c12c3e9.json", "cases-2020-2020-result-甲_局-cfa35dc938.json",
    ]  # fmt: skip


def test_a_units_name_is_cut_where_no_system_takes_it(gk: Run, tmp_path: Path) -> None:
    assert gk("init", "--simulated-clock").status == 0
    units = ["镇" * 120 + "甲", "镇" * 120 + "乙"]
    more = [word for unit in units for word in ("--unit", unit)]
    assert at(gk, "2020-03-02", "scheme", "adopt", str(FILE), "--year", "2020", *more).status == 0
    closed(gk, "--despite", "样本")
    out = tmp_path / "fb"
    said = at(gk, "2021-02-03", "result", "feedback", "--all", "--out", str(out), "--format", "json")
    assert said.status == 0, said.err
    names = [path.name for path in out.iterdir()]
    assert len(names) == 2
    assert max(len(name.encode()) for name in names) <= 200


def test_a_folder_that_is_half_full_is_said_to_be(graded: Run, tmp_path: Path) -> None:
    closed(graded)
    out = tmp_path / "fb"
    (out / "cases-2020-2020-result-乙局.json").mkdir(parents=True)
    said = at(graded, "2021-02-03", "result", "feedback", "--all", "--out", str(out), "--format", "json")
    assert said.status == 1
    assert "1 files had been written before" in said.err


# ---------------------------------------------------------------- altered


def test_an_altered_result_is_named_and_scores_are_told_all_the_same(graded: Run, tmp_path: Path) -> None:
    closed(graded)
    assert at(graded, "2021-02-03", "bulletin", "verify").status == 0
    with closing(sqlite3.connect(tmp_path / "gkevents.db", isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE events SET body = replace(body, '2021-02-02', '2021-02-99') WHERE name = 'result-approved.1'"
        )
    said = at(graded, "2021-02-03", "bulletin", "verify")
    assert said.status == 3
    assert "result/cases-2020/2020: 1 differences:" in said.out
    assert "event 16 does not hold what its name says" in said.out
    assert at(graded, "2021-02-03", "verify").status == 3
    assert at(graded, "2021-02-03", "score").status == 0
    assert at(graded, "2021-02-03", "result", "show").status not in (0, 70)


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80])
def test_what_is_missing_and_a_units_marks_fit_in_any_window(lang: str, columns: int) -> None:
    words = ("one two three " * 12).strip()
    lacks = tuple(Lack(kind, "甲局", ("G",), (), message(words), message(words)) for kind in KINDS)
    voice = Voice(lang, columns)
    page = readiness_page(Readiness(lacks), lacks, voice, of={"scheme": "luancheng-2020", "year": 2020})
    assert max(map(width, page.splitlines())) <= columns
    ten, nine = Fraction(10), Fraction("9.25")
    own = [
        Mark("L01A", "加强权力配置信息公开" * 3, "s", ten, ten, nine, nine, nine, state)
        for state in ("priced", "graded", "reported", "open", "not-applicable", "unweighted")
    ]
    page = marks_page(own, voice)
    assert max(map(width, page.splitlines())) <= columns
    assert "9.25" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_fit_in_a_narrow_window(graded: Run, lang: str) -> None:
    closed(graded)
    log(graded, "2021-05-03", fact("late", "criticism", "2020-12-01", "T", unit="甲局"))
    for command in (["readiness", "甲局"], ["show"], ["show", "甲局"], ["feedback", "甲局"]):
        said = at(graded, "2021-05-04", "result", *command, lang=lang)
        assert said.status == 0, said.err
        assert max(map(width, said.out.splitlines())) <= 100


def test_many_late_facts_are_counted(graded: Run) -> None:
    closed(graded)
    log(graded, "2021-05-03", *(fact(f"t{n}", "criticism", "2020-12-01", "T", unit="甲局") for n in range(25)))
    page = at(graded, "2021-05-04", "result", "show").out
    assert "… and 5 more; --json names them all." in page
