"""Trying a scheme on a log that was kept under another: reads the store, answers, and stores nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.app.adopting import SchemeText, carried, overlay_of, scheme_text
from gkevents.app.asking import Question
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.store import archive
from gkevents.store.reading import Reader
from gkevents.trials.mapping import Given
from gkevents.trials.translating import Record
from gkevents.trials.trying import Trial, rescored
from gkevents.words import N_


class MapFaulty(no.Refusal):
    """A file of codes that says something else."""

    code = "map-faulty"
    template = N_("{file}, line {line}: {text} is not a code of the one scheme and a code of the draft, as in H01=L03.")


class MapUnreadable(no.Refusal):
    """A file of codes that is no text."""

    code = "map-unreadable"
    template = N_("{file} cannot be read as text in UTF-8. Write a line for each code, such as H01=L03.")


class Trying(NamedTuple):
    """What is said for a trial: where codes lead, and categories of units under the draft."""

    codes: Given
    categories: Mapping[str, str]


class Tried(NamedTuple):
    """A trial: of which draft, on which scheme-year, as of when, as known at which position."""

    draft: Edition
    on: Edition
    year: int
    as_of: dt.date | None
    known_at: int | None
    trial: Trial
    simulated: bool = False


NOTHING_SAID: Final = Trying({}, {})
_BETWEEN: Final = re.compile(r"\s*(?:=|,|，|\t|->|→)\s*")


def tried(reader: Reader, question: Question, *, scheme: str, overlay: Path | None, asked: Trying) -> Tried:
    """The log of a scheme-year scored by another scheme or a draft.

    Raises NoSuchScheme, SchemeFaulty, OverlayFaulty, NotAdopted, NoSuchPosition, NoSuchItem, NoSuchUnit, NoCategory.
    """
    known_at = archive.position_of(reader, question.known_at)
    adopted = archive.scheme_year(reader, question.scheme, question.year, known_at)
    source, points = _source(reader, scheme, adopted)
    if overlay is not None:
        points = overlay_of(overlay, source.content)
    draft = edition_of(source.content, digest=digest_of(source.text, points), overlay=points)
    records = [Record(log, bodies) for log, bodies in archive.unit_records(reader, adopted, adopted.units, known_at)]
    trial = rescored(
        adopted.edition,
        draft,
        records,
        given=asked.codes,
        categories=asked.categories,
        calendar=archive.calendar(reader, known_at),
        as_of=question.as_of,
    )
    return Tried(draft, adopted.edition, question.year, question.as_of, known_at, trial)


def _source(reader: Reader, scheme: str, adopted: archive.SchemeYear) -> tuple[SchemeText, dict[str, Any] | None]:
    """A scheme's text with the points decided for it: built in, a file, or as this store adopted it last."""
    try:
        source = scheme_text(scheme)
    except no.NoSuchScheme:
        found = archive.last_adopted(reader, scheme)
        if found is None:
            raise
        return SchemeText(found["text"], found["content"]), found["overlay"]
    if source.content["scheme"] != adopted.scheme:
        return source, None
    return source, adopted.overlay if source.text == adopted.text else carried(adopted.overlay, source.content)


def codes_in(file: Path) -> list[tuple[str, str]]:
    """The pairs of codes in a file, one on a line: H01=L03, or two columns; # begins a remark."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise MapUnreadable(file=file) from error
    pairs = []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text:
            said = _BETWEEN.split(text)
            if len(said) != 2 or not said[0]:  # noqa: PLR2004 - the one code and the other
                raise MapFaulty(file=file, line=number, text=text)
            pairs.append((said[0], said[1]))
    return pairs


def codes_said(pairs: Iterable[tuple[str, str]]) -> Given:
    """Where codes were said to lead, each with all its ends in the order said."""
    given: dict[str, list[str]] = {}
    for code, to in pairs:
        given.setdefault(code, []).append(to)
    return given
