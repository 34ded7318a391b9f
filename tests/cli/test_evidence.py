"""`gk evidence`: what people and programs are told, and with which status."""

from __future__ import annotations

import hashlib
import json
import re
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gkevents.aggregates.facts import canonical
from gkevents.app import Gk
from tests.cli.said import AT, UNIT, Run, card
from tests.evidence import samples

ROOT = Path(__file__).parents[2]
NOW = ("--now", "2018-06-01T09:00:00+08:00")
DIGEST = hashlib.sha256(samples.PDF).hexdigest()


@pytest.fixture
def office(hebei: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A store with a card, and two files in the folder where gk runs."""
    monkeypatch.delenv("GK_EVIDENCE", raising=False)
    line = card("K1").replace("2018-12-31T18:00:00+08:00", "2018-05-04T09:00:00+08:00")
    assert hebei("log", "-", *AT, stdin=line).status == 0
    (tmp_path / "督办单.pdf").write_bytes(samples.PDF)
    (tmp_path / "台账.csv").write_bytes(samples.NATIONAL)
    return hebei


def test_a_file_is_attached_listed_got_and_verified(office: Run, tmp_path: Path) -> None:
    said = office(*NOW, "evidence", "add", "督办单.pdf", "台账.csv", "--of", "K1", "--by", "张三")
    assert said.status == 0
    assert "督办单.pdf is attached to K1 under the number K1-e1 (position" in said.out
    assert DIGEST in said.out
    page = office("evidence", "list", "K1").out
    assert [line.split()[0] for line in page.splitlines()[2:]] == ["K1-e1", "K1-e2"]
    assert all(word in page for word in ("督办单.pdf", "台账.csv", UNIT, "2018-06-01", "张三", DIGEST[:12]))
    said = office("evidence", "get", "K1-e1", "-o", "out.pdf")
    assert f"is written, {len(samples.PDF)} bytes, as it was attached" in " ".join(said.out.split())
    assert (tmp_path / "out.pdf").read_bytes() == samples.PDF
    said = office("evidence", "verify")
    assert (said.status, said.out) == (0, "2 files read in gkevents.db.evidence: each is as it was attached.\n")
    assert office("verify").status == 0


def test_the_answers_for_programs(office: Run, tmp_path: Path) -> None:
    answer = office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1", "--json").json
    [recorded] = answer["recorded"]
    position = recorded["position"]
    assert recorded == {
        "ref": "K1-e1", "of": "K1", "digest": DIGEST, "name": "督办单.pdf", "media": "application/pdf",
        "size": len(samples.PDF), "aside": None, "position": position,
    }  # fmt: skip
    assert (answer["already_recorded"], answer["simulated_clock"]) == ([], True)
    again = office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1", "--json").json
    assert (again["recorded"], [each["ref"] for each in again["already_recorded"]]) == ([], ["K1-e1"])
    assert office("evidence", "list", "--json").json["evidence"] == [
        {
            "ref": "K1-e1", "of": "K1", "scheme": "hebei-stats-2018", "year": 2018, "unit": UNIT, "on": "2018-06-01",
            "recorded_at": "2018-06-01T09:00:00+08:00", "position": position, "digest": DIGEST, "name": "督办单.pdf",
            "media": "application/pdf", "size": len(samples.PDF), "by": None, "note": None, "taken_back": None,
        }
    ]  # fmt: skip
    got = office("evidence", "get", DIGEST, "-o", "out.pdf", "--json").json
    assert got == {
        "file": str(tmp_path / "out.pdf"),
        "digest": DIGEST,
        "size": len(samples.PDF),
        "simulated_clock": True,
    }


def test_without_a_target_a_file_that_is_there_is_not_replaced(office: Run, tmp_path: Path) -> None:
    office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1")
    said = office("evidence", "get", "K1")
    assert (said.status, said.out) == (1, "")
    assert "is there already; nothing was written" in said.err
    (tmp_path / "督办单.pdf").unlink()
    assert office("evidence", "get", "K1", "--json").json["digest"] == DIGEST


def test_a_missing_and_a_changed_file_are_3_and_named(office: Run, tmp_path: Path) -> None:
    office(*NOW, "evidence", "add", "督办单.pdf", "台账.csv", "--of", "K1")
    first, second = (each["digest"] for each in office("evidence", "list", "--json").json["evidence"])
    folder = tmp_path / "gkevents.db.evidence"
    (folder / first[:2] / first[2:]).unlink()
    (folder / second[:2] / second[2:]).chmod(0o644)
    (folder / second[:2] / second[2:]).write_bytes(b"other")
    (folder / "left.part").touch()
    said = office("evidence", "verify")
    assert said.status == 3
    assert "2 files read in gkevents.db.evidence; 2 are not as they were attached:" in said.out
    assert "missing: 督办单.pdf, evidence K1-e1, SHA-256" in said.out
    assert "changed: 台账.csv, evidence K1-e2, SHA-256" in said.out
    assert "left.part" in said.out
    answer = office("evidence", "verify", "--json").json
    assert [each["digest"] for each in answer["missing"]] == [first]
    assert [each["evidence"][0]["ref"] for each in answer["changed"]] == ["K1-e2"]
    assert (answer["unreadable"], answer["orphans"], answer["others"]) == ([], [], ["left.part"])
    found = office("verify", "--json")
    assert (found.status, len(found.json["faults"])) == (3, 2)
    assert "is not in gkevents.db.evidence" in found.json["faults"][0]["what"]
    said = office(*NOW, "evidence", "add", "台账.csv", "督办单.pdf", "--of", "K1")
    assert "had been changed; it lies at gkevents.db.evidence/" in " ".join(said.out.split())
    assert office("evidence", "verify").status == office("verify").status == 0


def test_a_place_may_be_named_by_an_option_or_the_environment(
    office: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    said = office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1", "--evidence", str(elsewhere))
    assert (said.status, said.out) == (3, "")
    assert f"There is no folder {elsewhere} for evidence." in said.err
    elsewhere.mkdir()
    office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1", "--evidence", str(elsewhere))
    assert office("evidence", "verify").status == 3
    monkeypatch.setenv("GK_EVIDENCE", str(elsewhere))
    assert office("evidence", "verify").status == office("verify").status == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("add", "nix.pdf", "--of", "K1"), 1, "There is no file nix.pdf; nothing was stored."),
        (("add", ".", "--of", "K1"), 1, "is a folder, not a file"),
        (("add", "督办单.pdf", "--of", "K9"), 1, "There is no fact K9 here that evidence could belong to"),
        (("add", "督办单.pdf", "--of", "K1", "--name", "a.docx"), 1, "is called a.docx, but is pdf by its bytes"),
        (("add", "督办单.pdf", "--of", "K1", "--name", "../a.pdf"), 1, "it has parts of a path"),
        (("add", "督办单.pdf", "--of", "K1", "--on", "2018-06-02"), 1, "lies after the moment of recording"),
        (("add", "督办单.pdf", "台账.csv", "--of", "K1", "--name", "a.pdf"), 2, "--name goes with one file"),
        (("add", "督办单.pdf", "--of", "K1", "--size-max", "0"), 2, "0"),
        (("add", "督办单.pdf"), 2, "--of"),
        (("add", "--of", "K1"), 2, "FILE"),
        (("get", "K1", "-o", "x.pdf"), 1, "There is no evidence under K1 here."),
        (("get", "0" * 64, "-o", "x.pdf"), 3, "There is no folder gkevents.db.evidence"),
        (("verify", "--evidence", "nix"), 3, "There is no folder nix for evidence."),
        (("verify", "--evidence", "nonsense://x"), 1, "nonsense://x is no place that evidence can be kept in"),
    ],
)
def test_every_refusal_is_one_sentence_and_leaves_nothing(
    office: Run, tmp_path: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    found = office(*NOW, "evidence", *words)
    assert (found.status, found.out) == (status, "")
    assert said in found.err
    assert office("evidence", "list", "--json").json["evidence"] == []
    assert not list(tmp_path.glob("gkevents.db.evidence/*"))


def test_a_store_without_evidence_is_sound_and_says_so(office: Run, tmp_path: Path) -> None:
    assert office("evidence", "list").out == "No evidence is recorded here.\n"
    assert office("evidence", "verify").out == "0 files read in gkevents.db.evidence: each is as it was attached.\n"
    assert not (tmp_path / "gkevents.db.evidence").exists(), "reading makes nothing"


def test_evidence_taken_back_is_still_listed_and_says_so(office: Run) -> None:
    office(*NOW, "evidence", "add", "督办单.pdf", "--of", "K1")
    back = {"ref": "R1", "type": "retraction", "of": "K1-e1", "unit": UNIT, "effective_on": "2018-06-02",
            "recorded_at": "2018-06-02T09:00:00+08:00"}  # fmt: skip
    assert office("log", "-", *AT, stdin=json.dumps(back)).status == 0
    assert "K1-e1 no longer counts: taken back by R1." in office("evidence", "list").out
    assert office("evidence", "list", "--json").json["evidence"][0]["taken_back"] == "R1"


def test_a_name_that_moves_the_cursor_is_not_shown_as_it_is(office: Run, tmp_path: Path) -> None:
    line = {"ref": "E9", "type": "evidence-attached", "of": "K1", "unit": UNIT, "effective_on": "2018-06-01",
            "digest": DIGEST, "name": "a\x1b[2J.pdf", "media": "application/pdf", "size": 1,
            "recorded_at": "2018-06-01T09:00:00+08:00"}  # fmt: skip
    refused = office("log", "-", *AT, stdin=json.dumps(line))
    assert refused.status == 1
    assert "Attach the file itself: gk evidence add FILE --of K1" in " ".join(refused.err.split())
    with Gk(f"sqlite:///{tmp_path}/gkevents.db")._writing() as session:
        session.record(session.scheme_year(AT[1], int(AT[3])), canonical(line))
    for words in (("evidence", "list"), ("evidence", "verify"), ("verify",), ("evidence", "get", "E9")):
        said = office(*words)
        assert "\x1b" not in said.out + said.err


def test_a_disk_that_is_full_is_3_and_nothing_is_left(office: Run, tmp_path: Path) -> None:
    (tmp_path / "大.csv").write_bytes(b"a,b\n" * 100_000)
    said = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "--lang", "en", *NOW,
         "--store", f"sqlite:///{tmp_path}/gkevents.db", "evidence", "add", str(tmp_path / "大.csv"), "--of", "K1"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True, cwd=ROOT, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (3, "")
    assert "There is no room for" in said.stderr
    assert office("evidence", "list", "--json").json["evidence"] == []
    assert list((tmp_path / "gkevents.db.evidence").iterdir()) == []


def test_help_is_said_in_both_languages_and_names_what_is_kept(gk: Run) -> None:
    for command in ((), ("add",), ("list",), ("get",), ("verify",)):
        assert gk("evidence", *command, "--help").status == 0
    assert "pdf, ofd, docx" in gk("evidence", "add", "--help").out
    assert "GK_EVIDENCE" in gk("verify", "--help").out


def commands(page: str) -> list[list[str]]:
    """The commands of a page, in its order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_the_page_in_both_languages_has_the_same_commands_and_they_do_what_it_says(office: Run, tmp_path: Path) -> None:
    page = commands("evidence.md")
    assert page == commands("evidence.zh-CN.md")
    for name, content in {"card.pdf": samples.PDF, "screenshot.png": samples.PNG}.items():
        (tmp_path / name).write_bytes(content)
    said: list[str] = []
    for program, *words in page:
        if program == "export":
            continue  # the folder named there is another one: it is asked below
        if program == "gk":
            found = office(*NOW, *[word.replace("G1", "K1") for word in words])
            assert (found.status, words) == (0, words), found.err
            said.append(" ".join(found.out.split()))
        else:
            subprocess.run([program, *words], cwd=tmp_path, check=True)
    assert (tmp_path / "card-again.pdf").read_bytes() == samples.PDF
    assert said[-1] == "2 files read in copies/with-evidence.db.evidence: each is as it was attached."
    assert office("evidence", "verify", "--evidence", "evidence-2020").status == 3
