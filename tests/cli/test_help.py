"""Help: in both languages, with an example for every command, and quick."""

import os
import re
import subprocess
import sys
from importlib.metadata import distributions

import click
import pytest

from cli.columns import width
from cli.main import COMMANDS
from cli.main import gk as command
from cli.speech import Command
from gkevents.aggregates.vocabulary import FACT_TYPES
from tests.cli.said import Run

HEAVY = ("sqlalchemy", "eventsourcing", "pydantic", "msgspec", "yaml", "python_calamine", "gkevents.app")


def commands(group: click.Group, *path: str) -> dict[tuple[str, ...], click.Command]:
    """Every command below a group, by its words."""
    context = click.Context(group)
    found: dict[tuple[str, ...], click.Command] = {}
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        assert one is not None
        found[*path, name] = one
        if isinstance(one, click.Group):
            found |= commands(one, *path, name)
    return found


EVERY = commands(command)


def pasted(page: str) -> str:
    """A page whose long examples are one line again, as a shell reads them."""
    return re.sub(r" \\\n +", " ", page)


def help_of(lang: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    program = "from cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program, "--lang", lang, "--help"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
    )


@pytest.mark.parametrize(("lang", "heading"), [("en", "Usage: gk"), ("zh", "用法： gk")])
def test_help_speaks_the_language_and_imports_nothing_heavy(lang: str, heading: str) -> None:
    said = help_of(lang)
    assert said.stdout.startswith(heading)
    assert all(name in said.stdout for name in COMMANDS)
    imported = {line.rsplit("|", 1)[-1].strip() for line in said.stderr.splitlines()}
    assert [name for name in imported if name.startswith(HEAVY)] == []


def test_options_and_headings_are_chinese_too(gk: Run) -> None:
    said = gk("score", "--help", lang="zh").out
    assert "选项：" in said
    assert "显示本说明后退出" in said
    assert "Show" not in said


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_an_example_of_its_own(words: tuple[str, ...], gk: Run) -> None:
    one = EVERY[words]
    assert isinstance(one, Command)
    assert one.examples
    said = gk(*words, "--help")
    assert said.status == 0
    assert all(example in pasted(said.out) for example in one.examples)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_can_answer_in_json(words: tuple[str, ...]) -> None:
    one = EVERY[words]
    assert isinstance(one, click.Group) or any("--json" in option.opts for option in one.params)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_help_text_is_translated(words: tuple[str, ...], gk: Run) -> None:
    english, chinese = pasted(gk(*words, "--help").out), pasted(gk(*words, "--help", lang="zh").out)
    shared = {line.strip() for line in english.splitlines()} & {line.strip() for line in chinese.splitlines()}
    examples = {example for one in EVERY.values() if isinstance(one, Command) for example in one.examples}
    assert [line for line in shared - examples if line] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("words", [(), *EVERY], ids=" ".join)
def test_no_help_is_wider_than_the_terminal(
    words: tuple[str, ...], columns: int, lang: str, gk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = gk(*words, "--help", lang=lang).out.splitlines()
    assert [line for line in lines if width(line) > columns] == []


@pytest.mark.parametrize("words", [(), *EVERY], ids=" ".join)
def test_chinese_help_names_its_places_in_chinese(words: tuple[str, ...], gk: Run) -> None:
    said = gk(*words, "--help", lang="zh").out
    for english in (
        "[OPTIONS]",
        "[ARGS]",
        "COMMAND",
        "SCHEME",
        "WHAT",
        "CHANGES",
        " URL",
        "1990<=x",
        "INSTANT",
        " TEXT",
    ):
        assert english not in said, english


def test_english_help_names_its_places_in_english(gk: Run) -> None:
    said = gk("log", "--help").out
    assert "--unit UNIT" in said
    assert "--recorded-by RECORDED-BY" in said


def test_the_help_of_log_lists_the_types_with_their_fields(gk: Run) -> None:
    assert re.search(r"supervision-card 督办卡 +item, problem", gk("log", "--help").out)
    said = gk("log", "督办卡", "--help", lang="zh").out
    assert re.search(r"督办卡 supervision-card +指标、问题", said)
    assert all(kind.label in said and kind.name in said for kind in FACT_TYPES.values())
    assert "gk log 督办卡 --unit" in said


def test_the_list_of_commands_says_what_each_command_says(gk: Run) -> None:
    for name, (_, _, said) in COMMANDS.items():
        assert EVERY[name,].help == said
    assert gk("--help").status == 0


def test_completion_scripts_name_the_variable(gk: Run) -> None:
    assert "_GK_COMPLETE" in gk("completion", "zsh").out
    assert gk("completion", "fish", "--json").json["shell"] == "fish"


def test_version(gk: Run) -> None:
    if not list(distributions(name="gkevents")):
        pytest.skip("runs from sources that are not installed")
    said = gk("--version")
    assert said.status == 0
    assert said.out.startswith("gk ")
