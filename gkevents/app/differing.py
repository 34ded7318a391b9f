"""In which places a content that was frozen, and what follows from the log today, differ; each named as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from gkevents import __version__
from gkevents.words import N_, Message, message

FAULTS_MOST: Final = 50
"""So many differences of one content are named; the rest is counted with the last of them."""
_SHOWN: Final = 60


class Proof(NamedTuple):
    """What the proof of a bulletin or a result came to: no faults, or each of them as a sentence."""

    id: str
    digest: str
    position: int
    faults: list[Message]


def named(printed: Mapping[str, Any], found: Mapping[str, Any]) -> list[Message]:
    """Each place in which two contents differ."""
    every = list(_differing(printed, found, ""))
    text = N_("{place}: issued as {printed}, follows from the log as {found}")
    said = [message(text, place=place, printed=before, found=after) for place, before, after in every[:FAULTS_MOST]]
    if len(every) > FAULTS_MOST:
        said.append(message(N_("and {count} more places"), count=len(every) - FAULTS_MOST))
    return said


def _differing(before: Any, after: Any, place: str) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - any JSON
    """(place, before, after) of every leaf in which two JSON values differ."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from _differing(before.get(name), after.get(name), f"{place}.{name}" if place else name)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True), 1):
            yield from _differing(one, other, f"{place}[{number}]")
    elif before != after:
        yield place, _short(before), _short(after)


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = "–" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def other_program(then: str) -> list[Message]:
    """A word on the program, where it is no longer the one that derived a content first."""
    if then == __version__:
        return []
    text = N_("it was derived by version {then} of the program; this is {now}, whose words may be others")
    return [message(text, then=then, now=__version__)]
