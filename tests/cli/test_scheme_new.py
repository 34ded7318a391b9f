"""`gk scheme new`: whatever is answered, a sound file that passes its own scenario; nothing is written over."""

import itertools
from pathlib import Path

import pytest

from gkevents.schemes.reading import read
from gkevents.words import say
from tests.cli.said import Run

YES = ("scheme", "new", "own.yaml", "--yes")
FLAGS = ("overlay", "parts", "bonus", "veto", "bands")
GETS = ("none", "peers-mean", "full", "share", "rescale", "spread")
CHOICES = [
    (*(f"--{'' if on else 'no-'}{flag}" for flag, on in zip(FLAGS, chosen, strict=True)),)
    for chosen in itertools.product((True, False), repeat=len(FLAGS))
]


def faults(path: Path) -> list[str]:
    """What is wrong with a scheme file."""
    return [f"{fault.line}: {say(fault.message, 'en')}" for fault in read(path.read_bytes()).faults]


def test_a_scheme_and_its_scenario_are_written_sound_and_passing(gk: Run, tmp_path: Path) -> None:
    said = gk(*YES)
    assert said.status == 0
    assert "Written: own.yaml and own.tests.yaml" in said.out
    assert faults(tmp_path / "own.yaml") == []
    assert gk("scheme", "check", "own.yaml", "--strict").status == 0
    tested = gk("scheme", "test", "own.yaml", "--json").json
    assert (tested["passed"], tested["failed"]) == (1, 0)


@pytest.mark.parametrize("flags", CHOICES, ids=" ".join)
def test_whatever_is_wanted_the_file_is_sound_and_its_scenario_passes(
    gk: Run, tmp_path: Path, flags: list[str]
) -> None:
    assert gk(*YES, *flags, "--not-applicable", "share", "--categories", "乡镇,部门").status == 0
    assert faults(tmp_path / "own.yaml") == []
    tested = gk("scheme", "test", "own.yaml", "--json")
    assert tested.status == 0, tested.out


@pytest.mark.parametrize("gets", GETS)
@pytest.mark.parametrize("parts", ["--parts", "--no-parts"])
def test_every_answer_to_what_does_not_concern_a_unit_is_sound(gk: Run, tmp_path: Path, gets: str, parts: str) -> None:
    assert gk(*YES, parts, "--not-applicable", gets).status == 0
    assert faults(tmp_path / "own.yaml") == []
    assert (f"gets: {gets}" in (tmp_path / "own.yaml").read_text(encoding="utf-8")) is (gets != "none")
    assert gk("scheme", "test", "own.yaml").status == 0


@pytest.mark.parametrize(
    "sections",
    ["甲:100", "甲:0.5,乙:2.25，丙：7、丁:90.25", "甲:7;乙:13", "甲:33.33,乙:66.67"],
)
def test_any_points_are_dealt_out_to_the_last_hundredth(gk: Run, tmp_path: Path, sections: str) -> None:
    assert gk(*YES, "--sections", sections).status == 0
    assert faults(tmp_path / "own.yaml") == []
    assert gk("scheme", "test", "own.yaml").status == 0


def test_a_scheme_for_points_decided_later_has_none(gk: Run, tmp_path: Path) -> None:
    gk(*YES, "--overlay")
    text = (tmp_path / "own.yaml").read_text(encoding="utf-8")
    assert "points: overlay" in text
    assert "    points: " not in text
    assert "total: null" in (tmp_path / "own.tests.yaml").read_text(encoding="utf-8")


def test_the_other_rules_shown_are_rules(gk: Run, tmp_path: Path) -> None:
    gk(*YES, "--sections", "甲:30", "--no-bonus")
    text = (tmp_path / "own.yaml").read_text(encoding="utf-8")
    shown = [line[1:].partition("  #")[0].strip() for line in text.splitlines() if line.startswith("#   rule: ")]
    assert len(shown) > 10
    for rule in shown:
        changed = text.replace("    rule: {start: grade}", f"    {rule}", 1)
        assert changed != text
        assert [say(fault.message, "en") for fault in read(changed).faults] == [], rule


def test_nothing_is_written_over_either_file(gk: Run, tmp_path: Path) -> None:
    for name in ("own.yaml", "own.tests.yaml"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
        said = gk(*YES)
        assert said.status == 1
        assert f"{name} is there already" in said.err
        assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {name: "mine"}
        (tmp_path / name).unlink()


def test_what_no_option_says_is_asked_until_the_answer_will_do(gk: Run, tmp_path: Path) -> None:
    answers = ["1999", "2024", "Bad Id", "my-county-2024", "", "乡镇、部门", "no", "perhaps", "no"]
    answers += ["甲", "甲:70，乙:30", "yes", "no", "mean", "full", "no", ""]
    said = gk("scheme", "new", "--title", "某县：考核 #1", stdin="\n".join(answers))
    assert said.status == 0, said.err
    assert "Title" not in said.err
    for wrong in ("1999 is no year", "Bad Id cannot be an id", "yes or no", "甲 is not of the form", "it is one of"):
        assert wrong in said.err
    content = read((tmp_path / "my-county-2024.yaml").read_bytes()).content
    assert content is not None
    assert (content["scheme"], content["family"], content["year"]) == ("my-county-2024", "my-county", 2024)
    assert (content["title"], content["issuer"]) == ("某县：考核 #1", "Sample office")


def test_the_terminal_may_answer_all_of_it(gk: Run, tmp_path: Path) -> None:
    answers = "2024\nx\n题\n某县\n乡镇、部门\nno\nno\n甲:70，乙:30\nyes\nno\nfull\nno\n"
    assert gk("scheme", "new", stdin=answers).status == 0
    content = read((tmp_path / "x.yaml").read_bytes()).content
    assert content is not None
    assert (content["issuer"], content["variants"]) == ("某县", ["乡镇", "部门"])
    assert [(section["name"], section["stated"]) for section in content["sections"]] == [("甲", "70"), ("乙", "30")]
    assert (content["not_applicable"]["gets"], content["bands"], content["vetoes"]) == ("full", [], [])
    assert [group["code"] for group in content["adjustments"]] == ["PM"]


def test_without_an_end_of_the_questions_nothing_is_written(gk: Run, tmp_path: Path) -> None:
    assert gk("scheme", "new", stdin="2024\nx\n").status == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("--id", "A b"),
        ("--year", "1989"),
        ("--year", "1999"),
        ("--title", " "),
        ("--issuer", "a\x07"),
        ("--categories", "甲,甲"),
        ("--sections", "甲"),
        ("--sections", "甲:0"),
        ("--sections", "甲:1,甲:2"),
        ("--sections", "甲 / 乙:1"),
        ("--sections", ",".join(f"第{number}:1" for number in range(21))),
        ("--not-applicable", "mean"),
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_meant_is_wrong_usage(gk: Run, tmp_path: Path, wrong: tuple[str, str]) -> None:
    said = gk(*YES, *wrong)
    assert (said.status, said.out) == (2, "")
    assert said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ["a: b", "# x", "[甲]", "null", "'", '"q" \\', "- x", "2024", "《考核》（试行）"])
def test_any_title_stays_as_it_was_said(gk: Run, tmp_path: Path, title: str) -> None:
    assert gk(*YES, "--title", title, "--sections", f"{title.replace(':', '')}:100").status == 0
    content = read((tmp_path / "own.yaml").read_bytes()).content
    assert content is not None
    assert content["title"] == title
    assert gk("scheme", "test", "own.yaml").status == 0


def test_the_explanations_are_in_the_language_asked_for(gk: Run, tmp_path: Path) -> None:
    gk(*YES, lang="zh")
    for name in ("own.yaml", "own.tests.yaml"):
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        notes = [line for line in lines if line.lstrip().startswith("# ") and "rounding:" not in line]
        assert notes
        assert [line for line in notes if not any("\u4e00" <= one <= "\u9fff" for one in line)] == []
    assert faults(tmp_path / "own.yaml") == []
    assert gk("scheme", "test", "own.yaml").status == 0


def test_a_program_is_told_what_was_written(gk: Run) -> None:
    answer = gk(*YES, "--json").json
    assert answer == {"scheme": "own", "file": "own.yaml", "tests": "own.tests.yaml"}


def test_a_name_without_an_ending_gets_one(gk: Run, tmp_path: Path) -> None:
    gk("scheme", "new", "own", "--yes")
    assert {path.name for path in tmp_path.iterdir()} == {"own.yaml", "own.tests.yaml"}


@pytest.mark.parametrize("name", [".", "", "own.tests.yaml"])
def test_a_name_that_no_scheme_file_can_have_is_refused(gk: Run, tmp_path: Path, name: str) -> None:
    said = gk("scheme", "new", name, "--yes")
    assert (said.status, "my-scheme.yaml" in said.err) == (2, True)
    assert list(tmp_path.glob("*.yaml")) == []
