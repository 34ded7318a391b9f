"""The warnings of a scheme file without faults: every look, and what they found in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.tree import plant
from gkevents.trials import caps, effect, figures, monotone, roster, sums, twice, vetoes, whole
from gkevents.trials.oddity import Oddity, Survey

_LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (
    *sums.LOOKS,
    *roster.LOOKS,
    *caps.LOOKS,
    *figures.LOOKS,
    *effect.LOOKS,
    *twice.LOOKS,
    *monotone.LOOKS,
    *vetoes.LOOKS,
    *whole.LOOKS,
)


def warnings_of(text: str | bytes, content: Mapping[str, Any]) -> tuple[Oddity, ...]:
    """What is odd in a scheme: its file's text, and the content that reading made of it without a fault."""
    tree, _faults = plant(text)
    assert tree is not None  # noqa: S101 - it was read without a fault
    survey = Survey(content, tree, edition_of(content, digest=""))
    for look in _LOOKS:
        look(survey)
    return tuple(sorted(survey.found, key=lambda one: (one.line, one.column)))
