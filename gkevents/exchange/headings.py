"""Column headings: the fields' names and their Chinese labels, and what to say of headings that do not do."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from gkevents.aggregates.vocabulary import FIELDS, LABELS, STEP_LABELS
from gkevents.exchange.cells import plain
from gkevents.words import N_, Message, Term, message

_REQUIRED: Final = ("ref", "type", "unit")
"""The columns that no fact in a file can do without, beside a day or an instant."""

_DATED: Final = ("effective_on", "effective_at")


@lru_cache(maxsize=1)
def known() -> Mapping[str, str]:
    """Every heading that is understood, in plain characters and small letters, with the field it stands for."""
    labels = {plain(field.label).lower(): name for name, field in FIELDS.items() if field.label}
    steps = {plain(label).lower(): name for name, label in STEP_LABELS.items()}
    return {**labels, **steps, **{name: name for name in FIELDS}}


_HEADING_MAX: Final = 40
"""A longer text is a line of prose, not a heading: it is cut where it is said, and nothing near it is looked for."""
_HEADINGS_SHOWN: Final = 12


def field_of(heading: str) -> str | None:
    """The field that a heading or label stands for; None where there is none."""
    return known().get(plain(heading).lower())


def nearest(heading: str) -> str | None:
    """The heading most like an unknown one; None where none is."""
    if len(heading) > _HEADING_MAX:
        return None
    written = plain(heading).lower()
    close = difflib.get_close_matches(written, known(), n=len(known()), cutoff=0.5)
    return max(close, key=lambda name: sum(a == b for a, b in zip(name, written, strict=False)), default=None)


def unknown(*headings: str) -> Message:
    """What to say of headings that are not understood, all of them at once."""
    if len(headings) > 1:
        return _unknown(headings)
    (heading,) = headings
    close = nearest(heading)
    if close is None:
        every = listed([Term(name, field.label or name) for name, field in FIELDS.items()])
        return message(
            N_("unknown heading “{heading}”; the headings are {headings}"), heading=_short(heading), headings=every
        )
    return message(N_("unknown heading “{heading}”; did you mean “{nearest}”?"), heading=heading, nearest=close)


def _unknown(headings: Sequence[str]) -> Message:
    """The same in short, so that something else can follow."""
    said = listed([_guessed(each) for each in headings[:_HEADINGS_SHOWN]])
    if len(headings) > 1:
        return message(N_("unknown headings: {headings}"), headings=said)
    return message(N_("unknown heading: {heading}"), heading=said)


def _guessed(heading: str) -> Message:
    """An unknown heading, with the nearest one that is known."""
    close = nearest(heading)
    if close is None:
        return message(N_("“{heading}”"), heading=_short(heading))
    return message(N_("“{heading}” (did you mean “{nearest}”?)"), heading=heading, nearest=close)


def _short(heading: str) -> str:
    return heading if len(heading) <= _HEADING_MAX else heading[: _HEADING_MAX - 1] + "…"


def listed(parts: Sequence[Message | str]) -> Message | str:
    """Messages one after the other, as one; there is at least one of them."""
    said = parts[-1]
    for part in reversed(parts[:-1]):
        said = message(N_("{first}, {rest}"), first=part, rest=said)
    return said


def columns(headings: Sequence[str]) -> list[str | None] | Message:
    """The field of each column (None where it has no heading), or everything that is wrong with the headings."""
    if not any(plain(heading) for heading in headings):
        return message(N_("there are no headings; the first row names the columns"))
    fields = [field_of(heading) for heading in headings]
    strange = [heading.strip() for heading, field in zip(headings, fields, strict=True) if not field and plain(heading)]
    wrong = [
        message(
            N_("the heading “{heading}” stands for the same field as another column"), heading=_short(heading.strip())
        )
        for place, (heading, field) in enumerate(zip(headings, fields, strict=True))
        if field and field in fields[:place]
    ]
    missing = _missing(fields)
    if missing:
        wrong.append(message(N_("missing: {headings}"), headings=listed(missing)))
    if strange:
        wrong.insert(0, _unknown(strange) if wrong else unknown(*strange))
    if not wrong:
        return fields
    said = wrong[-1]
    for fault in reversed(wrong[:-1]):
        said = message(N_("{first}; {rest}"), first=fault, rest=said)
    return said


def _missing(fields: Sequence[str | None]) -> list[Message | str]:
    """The required columns that are not there."""
    missing: list[Message | str] = [_term(name) for name in _REQUIRED if name not in fields]
    if not any(name in fields for name in _DATED):
        first, second = map(_term, _DATED)
        missing.append(message(N_("{first} or {second}"), first=first, second=second))
    return missing


def _term(name: str) -> Term:
    return Term(name, LABELS[name])


def known_share(headings: Sequence[str]) -> int:
    """How many of some texts are headings that are understood; 0 where it is no heading row."""
    return sum(field_of(heading) is not None for heading in headings)
