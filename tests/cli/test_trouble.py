"""What goes wrong is a sentence and an exit status, never a traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli import trouble
from cli.trouble import asked_language, run
from tests.cli.said import Run

ROOT = Path(__file__).parents[2]


def raising(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    "arguments",
    [
        ("scor",),
        ("score", "--year", "soon"),
        ("score", "--as-of", "2020-02-30"),
        ("--now", "2020-01-01", "init"),
        ("--lang", "fr", "init"),
        ("init", "extra"),
        ("replay",),
        ("log", "nowhere.csv", "--scheme", "x", "--year", "2020"),
        ("correct", "1", "--reason", "x", "points"),
        ("correct", "1", "--reason", "x", "pionts=3"),
        ("scheme", "check", "nowhere.yaml"),
    ],
)
def test_wrong_usage_is_2(gk: Run, arguments: tuple[str, ...]) -> None:
    said = gk(*arguments)
    assert said.status == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.strip()


def test_a_complaint_in_chinese_has_no_english_in_it(gk: Run) -> None:
    assert "“--year”的值不对：“soon”不是 1990 至 2200 之间的年度" in gk("score", "--year", "soon", lang="zh").err
    assert "缺少参数“单位”。" in gk("replay", lang="zh").err
    said = gk("scheme", "check", "nowhere.yaml", lang="zh").err
    assert "“文件…”的值不对：文件“nowhere.yaml”不存在。" in said
    assert "用法： gk scheme check [选项] 文件…" in said


def test_a_store_that_is_not_there_is_3(gk: Run) -> None:
    said = gk("score", "--scheme", "hebei-stats-2018", "--year", "2018")
    assert said.status == 3
    assert "gk init" in said.err


def test_a_store_that_is_none_is_3(gk: Run, tmp_path: Path) -> None:
    (tmp_path / "gkevents.db").write_text("no database at all, " * 100, encoding="utf-8")
    said = gk("verify")
    assert said.status == 3
    assert "Traceback" not in said.err


def test_an_interruption_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(KeyboardInterrupt()), ["--lang", "en"][:0]) == 130
    assert "gk: " in capsys.readouterr().err


def test_our_own_fault_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GK_LANG", "en")
    monkeypatch.delenv("GK_DEBUG", raising=False)
    assert run(raising(RuntimeError("broken\nin two")), []) == 3
    said = capsys.readouterr().err
    assert "RuntimeError: broken." in said
    assert "Traceback" not in said


def test_the_traceback_is_there_for_those_who_ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GK_DEBUG", "1")
    assert run(raising(RuntimeError("broken")), []) == 3
    assert "Traceback" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(raising(PermissionError(13, "not allowed", "facts.csv")), []) == 2
    assert "facts.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["--lang", "zh", "init"], "zh"),
        (["--store", "--lang", "--lang=en", "init"], "en"),
        (["init", "--lang", "zh"], None),
        (["--lang"], None),
        ([], None),
    ],
)
def test_the_language_is_known_before_anything_is_said(arguments: list[str], lang: str | None) -> None:
    assert asked_language(arguments) == lang


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    program = "import sys; sys.path[:0] = sys.argv.pop(1).split(':'); from cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, ":".join(sys.path), "scheme", "show", "hebei-stats-2018"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) in (0, -signal.SIGPIPE)


def test_exit_statuses_are_those_of_the_contract() -> None:
    assert (trouble.DONE, trouble.REFUSED, trouble.USAGE, trouble.STORE) == (0, 1, 2, 3)


@pytest.mark.parametrize(("closed", "status"), [(">&-", 3), ("2>&-", 0), (">&- 2>&-", 3), ("<&-", 0)])
def test_a_stream_that_was_closed_before_is_no_fault_of_ours(closed: str, status: int) -> None:
    command = f"{sys.executable} -c 'from cli.main import main; main()' --lang en scheme list {closed}"
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert said.returncode == status
    if closed == ">&-":
        assert said.stderr.startswith("gk: It is done, but the answer could not be written out")
