"""`gk bulletin`: what it takes, what it says, in both languages and at every width."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.columns import width
from cli.render import Voice
from cli.render_bulletin import document_page, list_page, proofs_page
from gkevents import paper
from gkevents.app import files
from gkevents.app.files import FolderUnusable
from gkevents.reports.bulletin.template import standard_text
from gkevents.words import LANGUAGES
from tests.app import bulletin_story as story
from tests.app.bulletin_story import Q2, Q3
from tests.app.case_office import SCHEME
from tests.app.worlds import World
from tests.cli.said import Run
from tests.paper.sample import content as sample

OF = ("--scheme", SCHEME, "--year", "2020")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two bulletins issued."""
    world = story.whole(World(tmp_path_factory.mktemp("told") / "gk.db"))
    world.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return world.path


@pytest.fixture
def office(told: Path, gk: Run) -> Run:
    """A copy of it in the folder in which gk runs."""
    shutil.copy(told, "gkevents.db")
    return gk


def test_issuing_answers_the_id_the_digest_and_the_position_and_the_same_ever_after(office: Run) -> None:
    asked = ("bulletin", "issue", *OF, "--quarter", "4", "--json")
    assert office("--now", "2021-01-20T08:00:00+08:00", "deadlines", "scan").status == 0
    said = office("--now", "2021-01-20T09:00:00+08:00", *asked)
    assert said.status == 0, said.err
    answer = said.json
    assert (answer["id"], answer["already"], answer["simulated_clock"]) == ("cases-2020-2020-Q4", False, True)
    assert len(answer["digest"]) == 64
    assert isinstance(answer["position"], int)
    again = office("--now", "2021-02-20T09:00:00+08:00", *asked).json
    assert again == {**answer, "already": True}


def test_issue_and_export_write_one_file_a_format(office: Run) -> None:
    said = office("bulletin", "export", Q3, "--out", "out", "--json").json
    assert said["files"] == [f"out/{Q3}.{kind}" for kind in paper.FORMATS]
    assert sorted(file.name for file in Path("out").iterdir()) == sorted(f"{Q3}.{kind}" for kind in paper.FORMATS)
    assert hashlib.sha256(Path(f"out/{Q3}.json").read_bytes()).hexdigest() == said["digest"]
    assert office("bulletin", "export", Q3, "--out", "only", "--format", "html").err.endswith(f"only/{Q3}.html\n")
    assert [file.name for file in Path("only").iterdir()] == [f"{Q3}.html"]


def test_nothing_is_issued_where_its_files_cannot_be_written(office: Run) -> None:
    before = office("bulletin", "list", "--json").out
    assert office("--now", "2021-01-20T08:00:00+08:00", "deadlines", "scan").status == 0
    asked = ("--now", "2021-01-20T09:00:00+08:00", "bulletin", "issue", *OF, "--quarter", "4", "--out")
    said = office(*asked, "gkevents.db/out")
    assert (said.status, said.out) == (1, "")
    assert "Name another folder" in said.err
    assert office("bulletin", "list", "--json").out == before


def test_files_that_can_no_longer_be_written_are_told_with_what_was_done(
    office: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office("--now", "2021-01-20T08:00:00+08:00", "deadlines", "scan").status == 0

    def full(folder: Path, _files: object) -> None:
        raise FolderUnusable(folder=folder, reason="No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    said = office("--now", "2021-01-20T09:00:00+08:00", "bulletin", "issue", *OF, "--quarter", "4", "--out", "out")
    assert said.status not in (0, 1)
    assert "cases-2020-2020-Q4 is issued all the same" in said.err
    assert "cases-2020-2020-Q4" in office("bulletin", "list").out


def test_a_draft_is_shown_and_written_and_not_stored(office: Run) -> None:
    before = office("bulletin", "list", "--json").json
    said = office(
        "--now",
        "2021-01-20T09:00:00+08:00",
        "bulletin",
        "draft",
        *OF,
        "--quarter",
        "4",
        "--out",
        "out",
        "--format",
        "json",
    )
    assert said.status == 0
    assert "草稿" in said.out
    kept = json.loads(Path("out/cases-2020-2020-Q4.json").read_text(encoding="utf-8"))
    assert kept["head"]["draft"] is True
    assert office("bulletin", "list", "--json").json == before
    answer = office("--now", "2021-01-20T09:00:00+08:00", "bulletin", "draft", *OF, "--quarter", "4", "--json").json
    assert answer["content"] == kept


def test_the_list_and_a_bulletin_as_text(office: Run) -> None:
    said = office("bulletin", "list", *OF)
    assert said.out.splitlines()[2].startswith(f"{Q2}  2020-06-30  2020-07-10  样发〔2020〕2号")
    shown = office("bulletin", "show", Q3)
    assert "样发〔2020〕3号" in shown.out
    assert "六、对前期通报的更正" in shown.out
    answer = office("bulletin", "show", Q3, "--json").json
    assert answer["content"]["id"] == Q3
    assert "template" not in answer["terms"]
    assert answer["terms"]["template_digest"]


def test_verify_says_what_differs_and_exits_with_3(office: Run) -> None:
    said = office("bulletin", "verify")
    assert (said.status, said.out.count("as it was issued, in every format")) == (0, 2)
    before, after = '"total":"27.4"', '"total":"29.4"'
    changed = f"UPDATE events SET body = replace(body, '{before}', '{after}') WHERE stream = 'bulletin/{Q3}'"  # noqa: S608 - our own words
    World(Path("gkevents.db")).sql(changed)
    said = office("bulletin", "verify", Q3)
    assert said.status == 3
    assert "figures.units.甲局.total: issued as 29.4, follows from the log as 27.4" in said.out
    answer = office("bulletin", "verify", Q2, Q3, "--json").json
    assert [bool(one["faults"]) for one in answer["bulletins"]] == [False, True]


def test_diff_tells_why_a_unit_moved(office: Run) -> None:
    said = office("bulletin", "diff", Q2, Q3, "乙局")
    assert said.status == 0, said.err
    assert "r1" in said.out
    answer = office("bulletin", "diff", Q2, Q3, "乙局", "--json")
    assert answer.status == 0
    assert office("bulletin", "diff", Q2, "nothing").status == 1


def test_the_template_that_is_printed_is_one_that_can_be_used(office: Run) -> None:
    said = office("bulletin", "template")
    assert said.out == standard_text()
    Path("our.yaml").write_text(said.out.replace("考核情况的通报", "考核情况通报", 1), encoding="utf-8")
    asked = ("--now", "2021-01-20T09:00:00+08:00", "bulletin", "draft", *OF, "--quarter", "4", "--json")
    ours, standard = office(*asked, "--template", "our.yaml").json, office(*asked).json
    assert ours["content"]["head"]["template"]["digest"] != standard["content"]["head"]["template"]["digest"]
    Path("our.yaml").write_text("title: '{{'\n", encoding="utf-8")
    said = office(*asked, "--template", "our.yaml")
    assert said.status == 1
    assert "our.yaml is no template of bulletins that can be used: line 1, column" in said.err


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("issue", *OF, "--quarter", "5"), 2, "5"),
        (("issue", *OF, "--quarter", "3", "--exclude", "丁局"), 2, "--exclude takes UNIT=REASON"),
        (("issue", *OF, "--quarter", "3", "--exclude", "己局=撤销"), 1, "己局 is not assessed"),
        (("issue", *OF, "--quarter", "4", "--number", "两\n行"), 1, "--number wants one line of visible text"),
        (("issue", *OF, "--quarter", "3"), 1, "never changes"),
        (("issue", *OF, "--quarter", "3", "--since", "2020-07-01"), 1, "There is no such period"),
        (("issue", *OF), 1, "No approved result"),
        (("show", "nothing"), 1, "No bulletin nothing has been issued"),
        (("export", Q3), 2, "--out"),
        (("export", Q3, "--out", "gkevents.db"), 2, "is a file"),
        (("export", Q3, "--out", "gkevents.db/out"), 1, "Name another folder"),
        (("export", Q3, "--out", "out", "--format", "wps"), 2, "wps"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(
    office: Run, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    said = office("--now", "2021-01-20T09:00:00+08:00", "bulletin", *arguments)
    assert said.status == status
    assert sentence in said.err
    assert said.out == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_store_says_so(gk: Run, lang: str) -> None:
    gk("init", "--simulated-clock")
    assert gk("bulletin", "list", lang=lang).status == 0
    assert gk("bulletin", "verify", lang=lang).status == 0


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_a_paper_fits_the_terminal_and_loses_nothing(columns: int) -> None:
    document: Any = sample()["document"]
    page = document_page(document, "d" * 64, Voice("zh", columns))
    assert max(map(width, page.splitlines())) <= columns
    joined = "".join(page.split())
    assert "示例第34局" in joined
    assert "d" * 20 in joined


def test_pages_without_anything() -> None:
    for lang in LANGUAGES:
        assert list_page([], Voice(lang))
        assert proofs_page([], Voice(lang))
