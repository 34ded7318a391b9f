"""Adopting a scheme for a year: the edition's full text and digest go into the log, a unit-year opens for each unit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.values import KEY_MAX, value_of
from gkevents.aggregates.vocabulary import Field
from gkevents.app.recording import Session
from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.overlay import read_overlay
from gkevents.schemes.reading import read
from gkevents.schemes.tree import Fault
from gkevents.store import archive
from gkevents.store.log import NewEvent
from gkevents.upcasts import EDITION_ADOPTED, UNIT_YEAR_OPENED, UNITS_JOINED
from gkevents.words import N_, message


class Adopted(NamedTuple):
    """What an adoption came to: the edition's digest, the units it names, the position that adopted it."""

    scheme: str
    edition: str
    year: int
    units: list[str]
    position: int
    already: bool
    corrects: bool = False
    """Whether another edition was in force for the year until now."""


class Decision(NamedTuple):
    """Who decided on an adoption, on which day, and why; what nobody said is None."""

    by: str | None = None
    on: dt.date | None = None
    reason: str | None = None


NO_DECISION: Final = Decision()


class SchemeText(NamedTuple):
    """A scheme file that was read without a fault."""

    text: str
    content: dict[str, Any]


def scheme_text(scheme: str) -> SchemeText:
    """A built-in scheme by its id, or a scheme file by its path. Raises NoSuchScheme, SchemeFaulty."""
    if scheme in catalog.published():
        raw: str | bytes = catalog.text_of(scheme)
    else:
        try:
            raw = Path(scheme).read_bytes()
        except (OSError, ValueError) as error:
            raise no.NoSuchScheme(scheme=scheme, hint=no.nearest(scheme, catalog.published())) from error
    reading = read(raw)
    if reading.content is None or reading.faults:
        first = reading.faults[0]
        raise no.SchemeFaulty(
            name=scheme, count=len(reading.faults), line=first.line, column=first.column, fault=first.message
        )
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    return SchemeText(text, reading.content)


def overlay_of(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    """The overlay in a file, fitting a scheme. Raises OverlayFaulty with everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = message(N_("the file cannot be read ({error})"), error=type(error).__name__)
        raise no.OverlayFaulty(name=path, scheme=content["scheme"], faults=why) from error
    overlay, faults = read_overlay(text, content)
    if overlay is None or faults:
        raise no.OverlayFaulty(name=path, scheme=content["scheme"], faults=_joined(faults))
    return overlay


def carried(overlay: dict[str, Any] | None, content: dict[str, Any]) -> dict[str, Any] | None:
    """The points decided for an earlier text, for its correction; they go with it, or it is refused (OverlayFaulty)."""
    if overlay is None or content["points"] != "overlay":
        return None
    kept, faults = read_overlay(json.dumps(overlay, ensure_ascii=False), content)
    if kept is None or faults:
        raise no.OverlayFaulty(name=overlay.get("source", ""), scheme=content["scheme"], faults=_joined(faults))
    return kept


def _joined(faults: Sequence[Fault]) -> Any:  # noqa: ANN401 - a message of messages
    if len(faults) == 1:
        return faults[0].message
    template = N_("{first} (and {more} more)")
    return message(template, first=faults[0].message, more=len(faults) - 1)


def adopt(
    session: Session,
    source: SchemeText,
    *,
    year: int,
    units: Sequence[tuple[str, str | None]],
    overlay: dict[str, Any] | None,
    decision: Decision = NO_DECISION,
) -> Adopted:
    """Decide on an adoption; the session then holds its events: none where what is in force is adopted again.

    Another text or other points than those in force are a new edition, which prices what is known from then on.
    """
    scheme = source.content["scheme"]
    before = _in_force(session, scheme, year)
    if before is not None and overlay is None:
        overlay = before.overlay if before.text == source.text else carried(before.overlay, source.content)
    digest = digest_of(source.text, overlay)
    edition = edition_of(source.content, digest=digest, overlay=overlay)
    named = _categories(edition, _asked(edition, units, before), before, year)
    joining = {unit: category for unit, category in named.items() if before is None or unit not in before.units}
    moment = session.clock.now()
    decided = _decided(decision, moment)
    session.adopt_notices(moment)
    stream = archive.scheme_stream(scheme, year)
    position = before.position if before is not None else 0
    same = before is not None and before.edition.digest == digest
    # who decided can be said later: the same edition is adopted again, with the decision, where none was recorded
    already = same and not (decided and before is not None and before.editions[-1].untold)
    if not already:
        body = {
            "scheme": scheme, "year": year, "digest": digest, "text": source.text, "content": source.content,
            "overlay": overlay, "units": list(map(list, joining.items())), **decided,
        }  # fmt: skip
        position = session.add(NewEvent(stream, EDITION_ADOPTED, json.loads(json.dumps(body)), moment))
    elif joining:
        session.add(NewEvent(stream, UNITS_JOINED, {"units": list(map(list, joining.items()))}, moment))
    for unit, category in joining.items():
        opened = {"scheme": scheme, "year": year, "unit": unit, "category": category, "edition": digest}
        session.add(NewEvent(archive.unit_stream(scheme, year, unit), UNIT_YEAR_OPENED, opened, moment))
    corrects = before is not None and not same
    return Adopted(scheme, digest, year, list(named), position, already, corrects)


def _decided(decision: Decision, moment: dt.datetime) -> dict[str, str]:
    """What the event keeps of a decision: only what was said. Raises FieldUnreadable, InTheFuture."""
    if decision.on is not None and decision.on > moment.date():
        raise no.InTheFuture(day=decision.on.isoformat(), recorded_at=moment.isoformat(timespec="minutes"))
    said = {
        "decided_by": _prose("decided-by", decision.by),
        "decided_on": decision.on.isoformat() if decision.on is not None else None,
        "reason": _prose("reason", decision.reason),
    }
    return {name: text for name, text in said.items() if text}


def _prose(name: str, text: str | None) -> str | None:
    written: str | None = value_of(Field(name, name, "text"), text) if text is not None else None
    return written


def _in_force(session: Session, scheme: str, year: int) -> archive.SchemeYear | None:
    try:
        return archive.scheme_year(session.writing, scheme, year)
    except no.NotAdopted:
        return None


def _asked(
    edition: Edition, units: Sequence[tuple[str, str | None]], before: archive.SchemeYear | None
) -> list[tuple[str, str | None]]:
    """The units an adoption is for: those named; else those it already has; else the roster's."""
    if units:
        return list(units)
    if before is not None:
        return list(before.units.items())
    if not edition.roster:
        raise no.NoUnits(scheme=edition.scheme)
    return [(entry.name, entry.category) for entry in edition.roster]


def _categories(
    edition: Edition, asked: Sequence[tuple[str, str | None]], before: archive.SchemeYear | None, year: int
) -> dict[str, str]:
    """Each unit's one category: as given, else as it has, else the roster's; where there are variants, one of them."""
    named: dict[str, str] = {}
    for written, given in asked:
        unit = _name_of(written)
        held = before.units.get(unit) if before is not None else None
        category = given if given is not None else held if held is not None else edition.category_of(unit)
        if not edition.names_of(unit).isdisjoint(named):
            raise no.UnitNamedTwice(unit=unit)
        if held is not None and category != held:
            raise no.CategoryFixed(unit=unit, category=held, year=year)
        if edition.variants and category not in edition.variants:
            raise no.CategoryNeeded(unit=unit, categories=", ".join(edition.variants))
        named[unit] = category or ""
    return named


def _name_of(written: str) -> str:
    """A unit's name as facts will bear it. Raises FieldUnreadable where no fact could."""
    name = written.strip()
    if not name or not name.replace("\u3000", " ").isprintable() or len(name) > KEY_MAX:
        expected = message(N_("a printable text of at most 200 characters is expected"))
        raise no.FieldUnreadable(field="unit", value=ascii(written[:60]), expected=expected)
    return name
