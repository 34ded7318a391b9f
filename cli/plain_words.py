"""The small words that every sentence about a scheme is made of: points, limits, levels, kinds, lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from gkevents.schemes.model import LIMIT_UNITS
from gkevents.words import N_, Message, message

Content = Mapping[str, Any]
Said = Message | str

LEVELS: Final = {
    "national": N_("national"),
    "provincial": N_("provincial"),
    "city": N_("city"),
    "county": N_("county"),
}
AMONG: Final = {"all": N_("all units"), "category": N_("the units of its category"), "others": N_("the other units")}
_KINDS: Final = {
    "report": N_("pieces of information reported"),
    "commission-done": N_("commissioned articles done"),
    "press-conference-with-feature": N_("press conferences with a feature"),
    "briefing-with-feature": N_("briefings with a feature"),
}
_OF: Final = {"total": N_("the total"), "base": N_("the items' sum")}
_ROUNDED: Final = {
    "half-up": N_("rounded half-up"),
    "half-even": N_("rounded half to even"),
    "down": N_("rounded down"),
    "up": N_("rounded up"),
}


def listed(parts: Iterable[Said]) -> Said:
    """Messages one after the other, as one."""
    return _chained(N_("{first}, {rest}"), list(parts))


def clauses(parts: Iterable[Said]) -> Said:
    """The clauses of one sentence."""
    return _chained(N_("{first}, {more}"), list(parts))


def _chained(text: str, parts: list[Said]) -> Said:
    said: Said = parts[-1] if parts else ""
    for part in reversed(parts[:-1]):
        said = Message(text, {"first": part, "rest": said, "more": said})
    return said


def texts(said: str | Sequence[str] | None) -> list[str]:
    """A list that older editions wrote as one text."""
    return [said] if isinstance(said, str) else list(said or ())


def points_words(points: str) -> Message:
    """So many points, in words."""
    return message(N_("1 point")) if points == "1" else message(N_("{number} points"), number=points)


def limit_words(limit: str) -> Said:
    """A limit in words: so many working days or hours; a day as it is."""
    number, _, unit = limit.partition(" ")
    if unit not in LIMIT_UNITS:
        return limit
    return message(
        N_("{number} working days") if LIMIT_UNITS[unit] == "working_days" else N_("{number} hours"), number=number
    )


def kind_words(kind: str) -> Said:
    """A kind of happening: the few that have a label by it, any other as it is written."""
    return message(_KINDS[kind]) if kind in _KINDS else kind


def score_words(of: str) -> Said:
    """What a line is drawn on: the total, the items' sum; a part, section or item by its own name."""
    return message(_OF[of]) if of in _OF else of


def gate_words(gate: Content) -> Message:
    """Where a gate opens."""
    if gate.get("above") is not None:
        text, line = N_("only where {of} is above {line}"), gate["above"]
    else:
        text, line = N_("only where {of} is {line} or more"), gate["from"]
    return message(text, of=score_words(gate["of"]), line=line)


def rounded_words(mode: str) -> Message:
    """How parts of a last digit, or of a place, are rounded."""
    return message(_ROUNDED[mode])
