"""Every kind of warning: where it stands, that a near miss has none, and that its example scores what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import pytest

from gkevents.aggregates.facts import canonical
from gkevents.aggregates.stored import fact_of
from gkevents.schemes.catalog import published, text_of
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.reading import read
from gkevents.scoring.fact import OPENINGS, Fact
from gkevents.scoring.peers import assess
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO
from gkevents.trials.oddity import Oddity, Scored
from gkevents.trials.warned import warnings_of
from gkevents.words import say
from tests.schemes.small import expected_at, put_in
from tests.trials.odd import CLEAN, ODDS, Odd

EVERY: Final = pytest.mark.parametrize("odd", ODDS, ids=lambda odd: odd.name)


def warned(text: str) -> tuple[Oddity, ...]:
    """The warnings of a file, which has to have no faults."""
    reading = read(text)
    assert reading.content is not None, [(fault.line, say(fault.message, "en")) for fault in reading.faults]
    return warnings_of(text, reading.content)


def edition(text: str) -> Edition:
    """The edition that a file makes."""
    content = read(text).content
    assert content is not None
    return edition_of(content, digest="d")


def scored(frozen: Edition, facts: Sequence[Mapping[str, object]], unit: str, category: str) -> Score:
    """A unit's score under the whole scheme, from facts as they are written."""
    logs: dict[str, list[Fact]] = {unit: []}
    for position, fact in enumerate(facts, 1):
        body = canonical(fact)
        if body["type"] in OPENINGS:
            body["due"] = body["limit"]
        logs.setdefault(body["unit"], []).append(fact_of(body, position=position, recorded_at=""))
    return assess(frozen, [UnitLog(name, category, frozen.year, held) for name, held in logs.items()])[unit]


def bounds(score: Score, of: str) -> tuple[Fraction | None, Fraction | None] | None:
    """What something comes to in a score: the total, the base, an item, a group or a section; None where it is not."""
    if of == "total":
        return score.low, score.high
    if of in score.items:
        return score.items[of].low, score.items[of].high
    for group in score.groups:
        if group.code == of:
            return group.bonus - group.deduction, group.bonus - group.deduction
    held = [item for code, item in score.items.items() if of == "base" or score.edition.items[code].section == of]
    if not held and of not in [section.name for part in score.edition.parts for section in part.sections]:
        parts = [part for part in score.edition.parts if part.name == of]
        names = [section.name for part in parts for section in part.sections]
        held = [item for code, item in score.items.items() if score.edition.items[code].section in names]
    if not held:
        return None
    return sum((item.low or ZERO for item in held), ZERO), sum((item.high or ZERO for item in held), ZERO)


@EVERY
def test_what_is_odd_is_warned_of_where_it_stands_and_nothing_else(odd: Odd) -> None:
    text, line, column = expected_at(odd.marked)
    found = warned(text)
    assert [(one.line, one.column, one.code) for one in found] == [(line, column, odd.code)]


@EVERY
def test_a_near_miss_is_not_warned_of(odd: Odd) -> None:
    text, _line, _column = expected_at(odd.marked)
    assert warned(put_in(text, odd.old, odd.new)) == ()


@EVERY
def test_an_example_scores_what_it_says(odd: Odd) -> None:
    text, _line, _column = expected_at(odd.marked)
    frozen = edition(text)
    for one in warned(text):
        assert one.example.scores
        for score in one.example.scores:
            assert bounds(recomputed(frozen, one, score), score.of) == score.span


def recomputed(frozen: Edition, one: Oddity, score: Scored) -> Score:
    """The whole scheme's score of an example's facts up to the one a score names."""
    refs = [fact["ref"] for fact in one.example.facts]
    assert len(set(refs)) == len(refs)
    held = list(one.example.facts[: refs.index(score.after) + 1 if score.after else 0])
    units = [fact["other_unit"] for fact in one.example.facts if "other_unit" in fact]
    unit = (units or [fact["unit"] for fact in one.example.facts] or ["甲单位"])[0]
    category = frozen.category_of(unit) or next(iter(frozen.variants), "")
    return scored(frozen, held, unit, category)


@EVERY
def test_a_warning_is_a_sentence_in_both_languages(odd: Odd) -> None:
    text, _line, _column = expected_at(odd.marked)
    for one in warned(text):
        for lang in ("zh", "en"):
            said = say(one.message, lang)
            assert said
            assert "{" not in said


def test_every_kind_of_warning_is_tried() -> None:
    """A new kind needs a case of its own."""
    assert {odd.code for odd in ODDS} == KINDS


KINDS: Final = {
    "sum-acknowledged", "nothing-to-lose", "nothing-to-win", "rule-without-effect", "full-unreachable",
    "cap-above-item", "cap-above-group", "price-above-item", "price-above-cap", "cap-unreached", "tier-unreachable",
    "condition-without-use", "step-unreachable", "clause-unreachable", "gate-never-opens",
    "gate-always-open", "veto-always", "veto-never", "veto-without-effect", "veto-lifts", "band-unreachable",
    "band-gap", "no-unit", "named-elsewhere", "priced-twice", "price-falls", "not-monotone",
}  # fmt: skip


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_what_is_merely_unusual_is_not_warned_of(text: str) -> None:
    assert [(one.line, one.code, say(one.message, "en")) for one in warned(text)] == []


PUBLISHED: Final = {
    "hebei-stats-2018": [(41, "sum-acknowledged"), (42, "sum-acknowledged"), (43, "sum-acknowledged")],
}


@pytest.mark.parametrize("scheme", published())
def test_the_published_schemes_have_only_warnings_that_are_true(scheme: str) -> None:
    assert [(one.line, one.code) for one in warned(text_of(scheme))] == PUBLISHED.get(scheme, [])
