"""Checking a store: is every event as it was written, and every row of a view what the log gives?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from sqlalchemy import select, text

from gkevents.app.evidence import Attached, as_attached, unsound_files
from gkevents.evidence.place import CHANGED, MISSING, Place, State
from gkevents.evidence.refusals import shown
from gkevents.projections.checkpoint import standing
from gkevents.projections.limits import LimitsView
from gkevents.projections.scores import ScoresView
from gkevents.projections.verifying import compared
from gkevents.scoring.fact import EVIDENCE
from gkevents.store.chain import Chain
from gkevents.store.guards import missing_guards
from gkevents.store.reading import EventDamaged, Reader
from gkevents.store.salvage import Unreadable, rows_as_they_lie
from gkevents.store.tables import OWN_LOG, checkpoints
from gkevents.store.trouble import StoreTrouble
from gkevents.words import N_, Message, message


class Fault(NamedTuple):
    """Something that is not as it was written: where in the log (None: in a view or in the file), and what."""

    position: int | None
    what: Message


class Verified(NamedTuple):
    """How many events were read, everything found wrong, and the digest of the last event.

    `unseen`: how many files of evidence were not looked for, since nobody said where they are kept.
    """

    events: int
    faults: list[Fault]
    digest: str
    unseen: int = 0


def verify(reader: Reader, place: Place | None = None) -> Verified:
    """Read the whole log, every view and every file of evidence; name each position that is not as it was written.

    `place`: where the evidence is kept.
    """
    faults: list[Fault] = []
    chain = Chain()
    evidence: list[Attached] = []
    for row in rows_as_they_lie(reader):
        if isinstance(row, Unreadable):
            faults.append(Fault(row.position, message(N_("it cannot be read ({detail})"), detail=row.why)))
            continue
        faults += [Fault(row.position, what) for what in chain.take(row)]
        if str(row.name).startswith(f"{EVIDENCE}."):
            with suppress(EventDamaged, ValueError):  # its own fault has been named
                evidence.append(as_attached(reader, row))
    faults += _of_the_end(reader, chain.position)
    faults += _of_the_file(reader)
    if not faults:
        faults += [*_of_views(reader), *_of_the_guards(reader), *_of_bulletins(reader)]
    if place is not None and evidence:
        faults += _of_evidence(place, evidence)
    return Verified(chain.count, faults, chain.digest, 0 if place is not None else len(evidence))


def _of_the_end(reader: Reader, last: int) -> list[Fault]:
    """Events cut off at the end: a view remembers how far it came, and SQLite the highest position it ever gave."""
    given = [*reader.connection.execute(select(checkpoints.c.position).where(OWN_LOG)).scalars()]
    if reader.connection.dialect.name == "sqlite":
        given += reader.connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'events'")).scalars()
    if max(given, default=0) <= last:
        return []
    return [Fault(last + 1, message(N_("events are missing at the end, up to {last}"), last=max(given)))]


def _of_the_file(reader: Reader) -> list[Fault]:
    """What SQLite finds wrong with its file: an index that does not lead to every row hides events from a question."""
    if reader.connection.dialect.name != "sqlite":
        return []
    said = reader.connection.execute(text("PRAGMA integrity_check(5)")).scalars()
    lines = [line for part in said for line in part.splitlines() if line not in ("ok", "*** in database main ***")]
    return [Fault(None, message(N_("the database file is damaged ({detail})"), detail=line)) for line in lines]


def _of_the_guards(reader: Reader) -> list[Fault]:
    """Guards that refuse to change an event and are no longer there; `gk init` puts them back."""
    said = N_("the guard {name} that refuses to change events is gone; gk init puts it back")
    return [Fault(None, message(said, name=name)) for name in missing_guards(reader.connection)]


def _of_views(reader: Reader) -> Iterator[Fault]:
    """Rows of the views that are not what the log gives, as far as each view has come."""
    for view in (ScoresView(), LimitsView()):
        live = standing(reader, view).live
        if live is not None:
            found = compared(reader, view, live.build, live.position)
            yield from (Fault(None, difference.what) for difference in found)


def _of_bulletins(reader: Reader) -> Iterator[Fault]:
    """Issued bulletins and results that no longer follow from the log; files are held against theirs elsewhere."""
    from gkevents.app.after_result import verify_results  # noqa: PLC0415 - a store without any does without
    from gkevents.app.bulletins import all_issued  # noqa: PLC0415
    from gkevents.app.proving import proved  # noqa: PLC0415

    text = N_("the bulletin {id}: {what}")
    for one in all_issued(reader) if reader.named("bulletin/") else ():
        for what in proved(reader, one, files=False).faults:
            yield Fault(one.position, message(text, id=one.form.id, what=what))
    text = N_("the result {id}: {what}")
    for result in verify_results(reader) if reader.named("result/") else ():
        for what in result.faults:
            yield Fault(result.position, message(text, id=result.id, what=what))


_SAID: Final = {
    MISSING: N_("the file {name} of the evidence {ref} is not in {place} ({digest})"),
    CHANGED: N_("the file {name} of the evidence {ref} is no longer what was attached: {place}, {digest}"),
}
_UNREADABLE: Final = N_("the file {name} of the evidence {ref} cannot be read: {detail} ({digest})")


def _of_evidence(place: Place, evidence: list[Attached]) -> list[Fault]:
    """Files that are missing or changed, each at the event that names it."""
    try:
        if not place.is_there():
            said = N_(
                "the folder {place} with the files of evidence ({count}) is not there; gk verify --evidence names it"
            )
            return [Fault(None, message(said, place=place.name, count=len(evidence)))]
        found = unsound_files(place, evidence)
    except StoreTrouble as trouble:
        return [Fault(None, trouble.message)]
    faults = [Fault(each.position, _what(unsound.state, each, place)) for unsound in found for each in unsound.of]
    return sorted(faults, key=lambda fault: fault.position or 0)


def _what(state: State, of: Attached, place: Place) -> Message:
    template = _SAID.get(state.state, _UNREADABLE)
    return message(template, name=shown(of.name), ref=of.ref, place=place.name, digest=of.digest, detail=state.detail)
