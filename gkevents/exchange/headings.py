"""Column headings: the fields' names and their Chinese labels, and what to say of a heading that is neither."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from gkevents.aggregates.vocabulary import FIELDS
from gkevents.exchange.cells import plain
from gkevents.words import N_, Message, message


@lru_cache(maxsize=1)
def known() -> Mapping[str, str]:
    """Every heading that is understood, in plain characters and small letters, with the field it stands for."""
    labels = {plain(field.label).lower(): name for name, field in FIELDS.items() if field.label}
    return {**labels, **{name: name for name in FIELDS}}


def field_of(heading: str) -> str | None:
    """The field that a heading or label stands for; None where there is none."""
    return known().get(plain(heading).lower())


def nearest(heading: str) -> str | None:
    """The heading most like an unknown one; None where none is."""
    written = plain(heading).lower()
    close = difflib.get_close_matches(written, known(), n=len(known()), cutoff=0.5)
    return max(close, key=lambda name: sum(a == b for a, b in zip(name, written, strict=False)), default=None)


def unknown(heading: str) -> Message:
    """What to say of a heading that is not understood."""
    close = nearest(heading)
    if close is None:
        return message(
            N_("unknown heading “{heading}”; the headings are {headings}"), heading=heading, headings="、".join(known())
        )
    return message(N_("unknown heading “{heading}”; did you mean “{nearest}”?"), heading=heading, nearest=close)


def columns(headings: Sequence[str]) -> list[str | None] | Message:
    """The field of each column (None where it has no heading), or what is wrong with the headings."""
    fields: list[str | None] = []
    for heading in headings:
        field = field_of(heading)
        if field is None and plain(heading):
            return unknown(heading.strip())
        if field is not None and field in fields:
            return message(
                N_("the heading “{heading}” stands for the same field as another column"), heading=heading.strip()
            )
        fields.append(field)
    if not any(fields):
        return message(N_("there are no headings; the first row names the columns"))
    return fields


def known_share(headings: Sequence[str]) -> int:
    """How many of some texts are headings that are understood; 0 where it is no heading row."""
    return sum(field_of(heading) is not None for heading in headings)
