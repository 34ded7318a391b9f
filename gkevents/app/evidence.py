"""Evidence: files are kept first and recorded afterwards, so that the log never names a file that was never there.

A crash in between leaves a file that nothing names; the same command again finds it there and records it. What is
decided (whether a fact may have evidence) is decided like any fact, behind the write lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from gkevents.aggregates.facts import Body, canonical
from gkevents.aggregates.refusals import nearest
from gkevents.app.recording import Session, free_ref
from gkevents.evidence import refusals as no
from gkevents.evidence.kinds import kind_of
from gkevents.evidence.naming import check_ending, checked
from gkevents.evidence.place import DIGEST, WHOLE, Kept, Place, State, digest_of, look, place_at
from gkevents.evidence.taking import SIZE_MAX, copied
from gkevents.scoring.fact import EVIDENCE
from gkevents.scoring.view import reversed_facts
from gkevents.store import archive
from gkevents.store.engine import Store
from gkevents.store.placing import BESIDE, FileOfTheStore, of_file, placed
from gkevents.store.reading import Reader, decode
from gkevents.store.tables import events
from gkevents.upcasts import EVENT_VERSIONS

_NAMES: Final = tuple(f"{EVIDENCE}.{version}" for version in range(1, EVENT_VERSIONS[EVIDENCE] + 1))
_STEM_MAX: Final = 150
"""How much of a fact's number goes into that of its evidence."""
_HINTS: Final = 2_000
"""Among so many of the newest numbers the one is looked for that was meant."""


class Attached(NamedTuple):
    """A file that was recorded as evidence: of which fact, what it is, and by what it was taken back, if it was."""

    ref: str
    of: str
    scheme: str
    year: int
    unit: str
    position: int
    recorded_at: str
    body: Body
    taken_back: str | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return str(self.body["digest"])

    @property
    def name(self) -> str:
        """The name it was given."""
        return str(self.body["name"])


class Added(NamedTuple):
    """What became of a file: the number and position it is recorded at (None: it was already), what lay aside."""

    ref: str
    of: str
    position: int | None
    digest: str
    name: str
    media: str
    size: int
    aside: str | None


class Got(NamedTuple):
    """A file that was written out, as it was when it was attached."""

    file: Path
    digest: str
    size: int


class Unsound(NamedTuple):
    """A file that is not as it was attached: missing, changed or unreadable; and the evidence it was of."""

    state: State
    of: list[Attached]


class Checked(NamedTuple):
    """What a reading of every file found; `orphans` and `others`: what lies there and nothing names."""

    place: str
    files: int
    unsound: list[Unsound]
    orphans: list[str]
    others: list[str]


class _File(NamedTuple):
    """A file taken in, not kept yet."""

    part: Path
    digest: str
    name: str
    media: str
    size: int


class Evidence:
    """The evidence of one store: what its log says of files, and the place where they lie."""

    def __init__(
        self,
        store: Store,
        address: str | None,
        *,
        reading: Callable[[], AbstractContextManager[Reader]],
        looking: Callable[[], AbstractContextManager[Session]],
        writing: Callable[[], AbstractContextManager[Session]],
    ) -> None:
        """Know the store; `address`: the folder or URL of the files, where it is not beside the store's own file."""
        self._store, self._address = store, address
        self._reading, self._looking, self._writing = reading, looking, writing

    @property
    def place(self) -> Place:
        """Where the files lie. Raises NoPlace, NeedsFsspec or PlaceUnknown."""
        found = place_of(self._store, self._address)
        if found is None:
            raise no.NoPlace(store=self._store.name)
        return found

    def add(
        self,
        files: Sequence[Path],
        *,
        of: str,
        on: dt.date | None = None,
        name: str | None = None,
        by: str | None = None,
        note: str | None = None,
        size_max: int = SIZE_MAX,
    ) -> list[Added]:
        """Keep files and record each as evidence of a fact: all of them or none. Raises a Refusal or StoreTrouble."""
        place = self.place
        said = {"of": of, "by": by, "note": note}
        with ExitStack() as stack:
            with self._looking() as session:
                home = _home(session, of)
                _ready(place, make=self._address is None)
            taken = [stack.enter_context(_taken(place, file, name, size_max)) for file in files]
            with self._looking() as session:  # what is refused leaves no file behind
                _record(session, home, taken, said, on=on)
            kept = [place.keep(file.part, file.digest) for file in taken]
            with self._writing() as session:
                recorded = _record(session, home, taken, said, on=on)
        return [_added(*each, of=of) for each in zip(taken, kept, recorded, strict=True)]

    def listed(
        self,
        ref: str | None = None,
        *,
        scheme: str | None = None,
        year: int | None = None,
        unit: str | None = None,
    ) -> list[Attached]:
        """What is recorded as evidence, oldest first: all of it, of a scheme, year or unit, or of one fact."""
        with self._reading() as reader:
            found = attached(reader)
        return [
            each
            for each in found
            if ref in (None, each.ref, each.of)
            and scheme in (None, each.scheme)
            and year in (None, each.year)
            and unit in (None, each.unit)
        ]

    def get(self, what: str, target: Path | None = None, *, force: bool = False) -> Got:
        """Write out a file by its digest, its own number or its fact's; without a target, under its name, here.

        It has its name only once its digest was found right. Raises NoEvidence, SeveralFiles, FileMissing …
        """
        digest, name = self._meant(what)
        place = self.place
        if not place.is_there():
            raise no.NoPlaceThere(place.name)
        if target is None:
            target = Path(checked(name or digest))
        if place.owns(target):
            raise FileOfTheStore(file=str(target))
        own = self._store.file
        never = [Path(f"{own}{end}") for end in ("", *BESIDE)] if own is not None else []
        with placed(target, force=force, never=never) as (part, final), part.open("wb") as out:
            if digest_of(place.chunks(digest), out) != digest:
                raise no.FileChanged(place.name, digest)
            size = out.tell()
        return Got(final, digest, size)

    def _meant(self, what: str) -> tuple[str, str | None]:
        """The digest that is meant, and the name that goes with it, where the log has one."""
        lower = what.strip().lower()
        found = self.listed(None if DIGEST.fullmatch(lower) else what)
        if DIGEST.fullmatch(lower):
            return lower, next((each.name for each in reversed(found) if each.digest == lower), None)
        own = [each for each in found if each.ref == what] or [each for each in found if each.taken_back is None]
        if not own:
            raise no.NoEvidence(what=what)
        if len({each.digest for each in own}) > 1:
            refs = ", ".join(f"{each.ref} ({no.shown(each.name)})" for each in own)
            raise no.SeveralFiles(ref=what, count=len(own), refs=refs)
        return own[-1].digest, own[-1].name

    def check(self) -> Checked:
        """Read every file that the log names and hold it against its digest; name what nothing names."""
        with self._reading() as reader:
            found = attached(reader, standing=False)
        place = self.place
        if not place.is_there():
            if found or self._address is not None:
                raise no.NoPlaceThere(place.name)
            return Checked(place.name, 0, [], [], [])
        unsound = unsound_files(place, found)
        held, named = place.held(), {each.digest for each in found}
        orphans = [digest for digest in held.digests if digest not in named]
        return Checked(place.name, len(named), unsound, orphans, held.others)


def place_of(store: Store, address: str | None) -> Place | None:
    """The place named, else the folder beside the store's own file; None on a server, where none was named."""
    if address is not None:
        return place_at(address)
    return place_at(f"{store.file}.evidence") if store.file is not None else None


def _ready(place: Place, *, make: bool) -> None:
    """See that the place is there; only the folder beside a store is made where it is not: any other was meant."""
    if place.is_there():
        return
    if not make:
        raise no.NoPlaceThere(place.name)
    place.make()


class _Home(NamedTuple):
    """The unit-year whose fact is to have evidence."""

    stream: str
    scheme: str
    year: int
    unit: str


def _home(session: Session, of: str) -> _Home:
    found = session.find(of)
    if found is None or not found[0].startswith("unit-year/"):
        newest = select(events.c.ref).where(events.c.ref.is_not(None)).order_by(events.c.position.desc()).limit(_HINTS)
        known = list(session.writing.connection.execute(newest).scalars())
        raise no.NothingToShow(ref=of, hint=nearest(of, known) if known else "")
    return _Home(found[0], *archive.parts_of(found[0]))


@contextmanager
def _taken(place: Place, file: Path, name: str | None, size_max: int) -> Iterator[_File]:
    """A file copied to where it will lie, without its name yet. Judged is the copy: nobody can exchange it any more."""
    with place.part() as part:
        with of_file(place.name), part.open("wb") as out:
            digest, size = copied(file, out, most=size_max)
        called = checked(file.name if name is None else name)
        with part.open("rb") as copy:
            kind = kind_of(copy, name=str(file))
        check_ending(called, kind, file=str(file))
        yield _File(part, digest, called, kind.media, size)


def _record(
    session: Session, home: _Home, files: Iterable[_File], said: Mapping[str, Any], *, on: dt.date | None
) -> list[tuple[str, int | None]]:
    """Decide on each file: (its number, its position, or None where it is evidence of this fact already)."""
    adopted = session.scheme_year(home.scheme, home.year)
    taken_back = session.state(adopted, home.unit).reversals.taken_back
    known = {
        each.digest: each.ref
        for each in attached(session.writing, home.stream, standing=False)
        if each.of == said["of"] and each.ref not in taken_back
    }
    day = on if on is not None else session.clock.now().date()
    recorded: list[tuple[str, int | None]] = []
    for file in files:
        if file.digest in known:
            recorded.append((known[file.digest], None))
            continue
        ref = known[file.digest] = free_ref(session, f"{said['of'][:_STEM_MAX]}-e")
        fields = {"ref": ref, "type": EVIDENCE, "unit": home.unit, "effective_on": day.isoformat(), **said}
        what = {"digest": file.digest, "name": file.name, "media": file.media, "size": file.size}
        recorded.append((ref, session.record(adopted, canonical({**fields, **what}))))
    return recorded


def _added(file: _File, kept: Kept, recorded: tuple[str, int | None], *, of: str) -> Added:
    ref, position = recorded
    return Added(ref, of, position, file.digest, file.name, file.media, file.size, kept.aside)


def attached(reader: Reader, stream: str | None = None, *, standing: bool = True) -> list[Attached]:
    """All recorded evidence (of one unit-year), in log order; `standing`: also say what has been taken back."""
    query = select(events).where(events.c.name.in_(_NAMES)).order_by(events.c.position)
    if stream is not None:
        query = query.where(events.c.stream == stream)
    found = [as_attached(reader, row) for row in reader.connection.execute(query)]
    by = _taken_back(
        reader, {archive.unit_stream(each.scheme, each.year, each.unit) for each in found} if standing else ()
    )
    return [each._replace(taken_back=by.get(each.ref)) for each in found]


def as_attached(reader: Reader, row: Any) -> Attached:  # noqa: ANN401 - a row of SQLAlchemy's
    """What a row of the log says of a file. Raises EventDamaged where it cannot be read."""
    event = decode(row, reader.store)
    recorded_at = event.recorded_at.replace(".000000", "")
    return Attached(
        str(event.ref), event.body["of"], *archive.parts_of(event.stream), event.position, recorded_at, event.body
    )


def _taken_back(reader: Reader, streams: Iterable[str]) -> dict[str, str]:
    """What is taken back in some unit-years, by ref: with what."""
    facts = reader.facts(sorted(streams))
    return {ref: fact.ref for own in facts.values() for ref, fact in reversed_facts(own).items()}


def unsound_files(place: Place, found: Iterable[Attached]) -> list[Unsound]:
    """The files that are not as they were attached, each read once, in the order of the log."""
    of: dict[str, list[Attached]] = {}
    for each in found:
        of.setdefault(each.digest, []).append(each)
    looked = ((look(place, digest), own) for digest, own in of.items())
    return [Unsound(state, own) for state, own in looked if state.state != WHOLE]
