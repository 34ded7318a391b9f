"""Reasons to say no: each is said in a whole sentence, has a code of its own, and is raised somewhere."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import cli
import gkevents
from gkevents.aggregates.refusals import NoSuchType, NotAdopted, OtherAdopted, Refusal, nearest
from gkevents.aggregates.vocabulary import LABELS
from gkevents.words import Term, message, say


def kinds_of(kind: type[Refusal]) -> list[type[Refusal]]:
    """Every kind below one, and those below them."""
    return [each for below in kind.__subclasses__() for each in (below, *kinds_of(below))]


EVERY = sorted(
    (kind for kind in kinds_of(Refusal) if kind.__module__ == "gkevents.aggregates.refusals"),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_a_refusal_is_a_whole_sentence_of_what_it_was_told(kind: type[Refusal]) -> None:
    names = sorted({name for _, name, _, _ in string.Formatter().parse(kind.template) if name})
    sentence = str(kind(**{name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in sentence for name in names)
    assert sentence[-1] in ".)>" or sentence.endswith(("CATEGORY", "<year>"))
    assert sentence[0].isupper() or sentence[0] in "<-" or sentence.startswith(("known-at", "recorded_at"))


def test_a_sentence_within_a_sentence_is_said_too() -> None:
    inner = message("inner {n}", n=message("most {m}", m=1))
    refusal = EVERY[0](**{name: inner for _, name, _, _ in string.Formatter().parse(EVERY[0].template) if name})
    assert "inner most 1" in str(refusal)
    assert "inner most 1" in say(refusal.message, "en")


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in EVERY if kind is not OtherAdopted]
    assert len({*codes, Refusal.code}) == len(codes) + 1
    assert OtherAdopted.code == NotAdopted.code  # the same refusal, only that it can name what was meant


def test_a_word_of_a_fact_is_shown_in_english_and_kept_for_other_languages() -> None:
    refusal = NoSuchType(type="occurrence", hint="")
    assert str(refusal) == "There is no fact of type occurrence. "
    shown = refusal.message.values["type"]
    assert (str(shown), isinstance(shown, Term) and shown.label) == ("occurrence", LABELS["occurrence"])


def test_every_refusal_is_raised_somewhere() -> None:
    named: set[str] = set()
    for folder in (Path(gkevents.__file__).parent, Path(cli.__file__).parent):
        for path in folder.rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert [kind.__name__ for kind in EVERY if kind.__name__ not in named] == []


def test_a_hint_names_the_nearest_word_or_the_first_twelve() -> None:
    many = [f"条目{number}" for number in range(13)]
    assert say(nearest("条目1x", many), "en") == "Did you mean 条目1?"
    assert say(nearest("z", many[:12]), "en").endswith(f"{many[11]}.")
    assert say(nearest("z", many), "en").endswith(f"{many[11]} ….")


def test_a_hint_among_very_many_words_looks_at_those_that_begin_alike() -> None:
    known = [f"2020-{number:04}" for number in range(5_000)]
    assert say(nearest("2020-04170", known), "en") == "Did you mean 2020-0417?"
    assert say(nearest("2020-12345", known), "en").startswith("Did you mean 2020-1")
    assert say(nearest("乙", known), "en").startswith("Known are: 2020-0000, ")
    assert say(nearest("别的编号", [*known, "别的编号1"]), "en") == "Did you mean 别的编号1?"
