"""The guides for those who write a scheme: every example does what it says, in both languages the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.app.scenarios import run_file
from gkevents.schemes.edition import Edition
from gkevents.schemes.format import Scheme
from tests.shapes.harness import GUIDES, MORE, SHAPES, edition, examples_of, failures, planted

TEXTS: Final = {language: path.read_text(encoding="utf-8") for language, path in GUIDES.items()}
EXAMPLES: Final = examples_of("zh")


def blocks(language: str, kind: str = "yaml") -> list[str]:
    """The fenced blocks of a guide."""
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXTS[language], re.DOTALL | re.MULTILINE)


def test_every_shape_has_its_example_and_is_explained_in_both_languages() -> None:
    assert sorted(EXAMPLES) == sorted((*SHAPES, *MORE))
    for language, text in TEXTS.items():
        headings = re.findall(r"^#### ([SE][0-9]{2}) \S", text, re.MULTILINE)
        assert sorted(headings) == sorted(EXAMPLES), language


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_says(name: str) -> None:
    scheme = edition(EXAMPLES[name].fragment)
    assert isinstance(scheme, Edition), scheme
    assert failures(scheme, EXAMPLES[name].scenarios) == []


def test_both_guides_have_the_same_examples() -> None:
    chinese, english = ([_without_comments(block) for block in blocks(language)] for language in ("zh", "en"))
    assert chinese == english


def _without_comments(block: str) -> list[str]:
    """The lines of a block without what differs by language; the first line of an example is its name."""
    first, *rest = block.splitlines()
    lines = [re.sub(r"(^|\s+)#\s.*$", "", line) for line in rest]
    return [first if re.match(r"# [SE][0-9]{2}", first) else "", *(line for line in lines if line.strip())]


@pytest.mark.parametrize("language", GUIDES)
def test_the_whole_example_passes_the_scenarios_beside_it(language: str, tmp_path: Path) -> None:
    whole = next(block for block in blocks(language) if "\nscheme:" in block)
    tests = next(block for block in blocks(language) if "\nscenarios:" in block)
    (tmp_path / "my-scheme.yaml").write_text(whole, encoding="utf-8")
    file = tmp_path / "my-scheme.tests.yaml"
    file.write_text(tests, encoding="utf-8")
    tested = run_file(file)
    assert [outcome.differences for outcome in tested.outcomes] == [()]
    assert tested.passed


@pytest.mark.parametrize("language", GUIDES)
def test_the_doubt_shown_fits_a_scheme(language: str) -> None:
    doubt = next(block for block in blocks(language) if "\nreadings:" in block)
    cards = EXAMPLES["S06"].fragment
    prices = {"first": "0.1", "again": "0.5", "first_card": "base"}
    cards["items"][0]["rule"]["deduct"][0]["price"] = prices
    assert isinstance(edition({**cards, **planted(doubt)}), Edition)


@pytest.mark.parametrize("language", GUIDES)
def test_the_first_steps_work_as_written(language: str, tmp_path: Path) -> None:
    script = "set -e\n" + "\n".join(blocks(language, "sh"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": path, "GK_LANG": "en"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "gk scheme new" in script


@pytest.mark.parametrize("language", GUIDES)
def test_every_key_and_word_of_the_format_is_explained(language: str) -> None:
    """What the form knows stands in the guide, so that nothing can be written that is told nowhere."""
    spans = re.findall(r"`[^`\n]+`", TEXTS[language])
    named = {word for span in spans for word in re.findall(r"[A-Za-z0-9_,-]+", span)}
    named |= {word.strip(",") for word in named}
    keys, words = _known(Scheme.model_json_schema())
    assert keys - named == set()
    assert {word for word in words - named if not any(word in span for span in spans)} == set()


def _known(schema: Any) -> tuple[set[str], set[str]]:  # noqa: ANN401 - a JSON Schema
    """Every key that a scheme file may have, and every word that a key may be given."""
    keys: set[str] = set()
    words: set[str] = set()
    waiting = [json.loads(json.dumps(schema))]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            keys |= set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
            words |= set(part["enum"]) if isinstance(part.get("enum"), list) else set()
            words |= {part["const"]} if isinstance(part.get("const"), str) else set()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return keys, words


@pytest.mark.parametrize("language", GUIDES)
def test_the_guides_name_each_other(language: str) -> None:
    other = next(guide for name, guide in GUIDES.items() if name != language)
    assert f"]({other.name})" in TEXTS[language]


@pytest.mark.parametrize("language", GUIDES)
def test_links_within_a_guide_lead_somewhere(language: str) -> None:
    headings = re.findall(r"^#+ (.*)$", TEXTS[language], re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", TEXTS[language])) <= anchors
