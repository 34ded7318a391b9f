"""What `gk scheme check` answers: a file's faults, else what is odd in it, with the log that shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.columns import hang, printable
from cli.render import Voice
from cli.render_scheme import faults_page
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS
from gkevents.terms import show
from gkevents.words import N_, say

if TYPE_CHECKING:
    from gkevents.schemes.tree import Fault
    from gkevents.trials.oddity import Example, Oddity, Scored

_FACTS_SHOWN: Final = 8
_SHOWN_APART: Final = frozenset({"ref", "type", "unit", "item", "effective_on"})
_OF: Final = {"total": N_("the total"), "base": N_("the items together")}


def checked_page(file: str, faults: Sequence[Fault], warnings: Sequence[Oddity], voice: Voice) -> str:
    """A file's faults; where it has none, its warnings, each with its example."""
    if faults:
        return faults_page(file, faults, voice)
    head = voice.say(N_("{file}: no faults."), file=file)
    if not warnings:
        return head
    head = voice.say(N_("{file}: no faults, warnings: {count}."), file=file, count=len(warnings))
    return "\n".join([head, *(_warning(file, one, voice) for one in warnings)])


def _warning(file: str, one: Oddity, voice: Voice) -> str:
    said = voice.say(
        N_("{file}:{line}:{column}: warning: {message} [{code}]"),
        file=file,
        line=one.line,
        column=one.column,
        message=one.message,
        code=one.code,
    )
    return "\n".join([printable(said), *_example(one.example, voice)])


def _example(example: Example, voice: Voice) -> list[str]:
    """The facts of an example, one a line, and what they score."""
    facts = [_fact(fact, voice) for fact in example.facts]
    if len(facts) > _FACTS_SHOWN:
        hidden = len(facts) - _FACTS_SHOWN
        facts = [*facts[: _FACTS_SHOWN - 1], voice.say(N_("… {count} more (see --json)"), count=hidden), facts[-1]]
    scores = [_scored(scored, voice) for scored in example.scores]
    return [voice.faint(hang(f"    {line}", voice.columns, indent=6)) for line in (*facts, *scores)]


def _fact(fact: Mapping[str, Any], voice: Voice) -> str:
    chinese = voice.lang == "zh"
    kind = FACT_TYPES[fact["type"]].label if chinese else fact["type"]
    rest = [
        f"{FIELDS[name].label if chinese else name}: {_value(value, voice)}"
        for name, value in fact.items()
        if name not in _SHOWN_APART
    ]
    parts = (fact["ref"], fact["effective_on"], fact["unit"], kind, fact.get("item", ""), *rest)
    return printable("  ".join(part for part in parts if part))


def _value(value: object, voice: Voice) -> str:
    if isinstance(value, list):
        return voice.list(value)
    return str(value)


def _scored(scored: Scored, voice: Voice) -> str:
    of = voice.say(_OF[scored.of]) if scored.of in _OF else scored.of
    when = voice.say(N_("after {ref}"), ref=scored.after) if scored.after else voice.say(N_("with no fact"))
    return voice.say(N_("{when}: {of} {points}"), when=when, of=of, points=_points(scored, voice))


def _points(scored: Scored, voice: Voice) -> str:
    if scored.span is None:
        return voice.say(N_("scores nothing: the unit does not have it"))
    low, high = scored.span
    if low == high:
        return show(low)
    return voice.say(N_("between {low} and {high}"), low=show(low), high=show(high))


def checked(file: str, faults: Sequence[Fault], warnings: Sequence[Oddity], lang: str) -> dict[str, Any]:
    """The same as plain JSON."""
    return {
        "file": file,
        "faults": [
            {"line": fault.line, "column": fault.column, "message": say(fault.message, lang)} for fault in faults
        ],
        "warnings": [_row(one, lang) for one in warnings],
    }


def _row(one: Oddity, lang: str) -> dict[str, Any]:
    """One warning. A score has `points` where `low` and `high` agree; none of the three where nobody has the item."""
    return {
        "line": one.line,
        "column": one.column,
        "code": one.code,
        "message": say(one.message, lang),
        "example": {"facts": list(one.example.facts), "scores": [_score(scored) for scored in one.example.scores]},
    }


def _score(scored: Scored) -> dict[str, Any]:
    low, high = (show(points) for points in scored.span) if scored.span is not None else (None, None)
    return {"after": scored.after, "of": scored.of, "points": low if low == high else None, "low": low, "high": high}
