"""A copy of a SQLite store while others work with it, and a copy put back; both checked before anything is replaced.

PostgreSQL brings its own tools for this: `pg_dump`, or the log alone by `gk export-log`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from gkevents.aggregates.refusals import Refusal
from gkevents.store import engine
from gkevents.store.chain import Chain, PlainRow
from gkevents.store.engine import Store
from gkevents.store.placing import (
    BESIDE,
    FileFull,
    FileTrouble,
    dated,
    give_name,
    make_lasting,
    new_file_beside,
    of_file,
    placed,
)  # fmt: skip
from gkevents.store.reading import GENESIS, Reader
from gkevents.store.tables import FOLLOWED, VERSION
from gkevents.store.trouble import (
    NotAStore,
    StoreDamaged,
    StoreLocked,
    StoreReadOnly,
    StoreTooNew,
    StoreTrouble,
    translated,
)
from gkevents.words import N_, Message, message

_PAGES: Final = 4096
"""Pages copied at a stretch; between stretches an interruption is heard."""

_COLUMNS: Final = "position, stream, stream_version, name, recorded_at, ref, body, digest"


class Copied(NamedTuple):
    """A checked copy: where it lies, how many events it holds, and the digest that they end in."""

    file: Path
    events: int
    digest: str


class Restored(NamedTuple):
    """A store that was put back: its events, their last digest, its version, its kind of clock.

    `before`: where the store lies now that was there.
    """

    events: int
    digest: str
    version: int
    simulated: bool
    before: Path | None


class OnAServer(Refusal):
    """A server's database is kept by the server's own tools."""

    code = "on-a-server"
    template = N_(
        "{store} lies on a PostgreSQL server: keep it with pg_dump and put it back with pg_restore, or keep the log "
        "alone with gk export-log and take it in with gk import-log."
    )


class NoFile(Refusal):
    """The store has no file of its own."""

    code = "no-file"
    template = N_("{store} names no file: a store is put back into a file, such as sqlite:///2020.db")


class StoreThere(Refusal):
    """There is a store already where one should be put back."""

    code = "store-there"
    template = N_(
        "There is a store at {store} already; nothing was touched. To put the backup in its place, say --replace: "
        "the store that is there is kept beside it."
    )


class SameFile(Refusal):
    """The backup is the store."""

    code = "same-file"
    template = N_("{file} is the store itself; nothing was touched. Name a backup.")


class InUse(StoreTrouble):
    """Somebody has the store open."""

    code = "locked"
    template = N_("{store} is in use by somebody else; nothing was touched. Have everybody close it, then try again.")


class BackupDamaged(StoreTrouble):
    """A copy is not what was written."""

    code = "backup-damaged"
    template = N_("{store} is not as it was written: {detail}. Nothing was touched; use another backup.")

    def __init__(self, store: str, detail: Message | str = "") -> None:
        """Name the copy and what is wrong with it."""
        super().__init__(store)
        self.message = message(self.template, store=store, detail=detail)


# ---------------------------------------------------------------- a copy


def back_up(store: Store, target: Path, *, force: bool = False) -> Copied:
    """Copy the whole store as it is at one moment, whoever writes meanwhile. Raises a Refusal or StoreTrouble."""
    with store.reading() as connection:
        return copy_of(connection, store, target, force=force, every_event=True)


def copy_of(
    connection: Connection, store: Store, target: Path, *, force: bool = False, every_event: bool = False
) -> Copied:
    """Copy what a reading connection sees, check that it is the same, and give it its name.

    `every_event`: also whether each event is as it was written. Raises StoreDamaged where one is not: a copy of a
    damaged store must not take the place of a good one.
    """
    if store.shared:
        raise OnAServer(store=store.name)
    position, _, last = Reader(connection, store.name).head()  # from here on the connection sees this moment
    own = own_file(connection)
    never = [Path(f"{own}{end}") for end in ("", *BESIDE)] if own is not None else []
    with placed(target, force=force, never=never, like=own) as (part, final):
        with _of_copy(target):
            _copy(connection.connection.driver_connection, part)
            with closing(_opened(part)) as copy:
                copy.execute("PRAGMA journal_mode=DELETE")
                _must_be_sound(copy, target)
                if _head(copy) != (position, last):
                    raise BackupDamaged(str(target), message(N_("its last event is not the store's")))
                if every_event:
                    _must_be_as_written(copy, store)
        return Copied(final, position, last)


def _must_be_as_written(copy: sqlite3.Connection, store: Store) -> None:
    try:
        _checked(copy, Path(store.name))
    except BackupDamaged as error:
        raise StoreDamaged(store.name, error.message.values["detail"]) from error


def own_file(connection: Connection) -> Path | None:
    """The file that a SQLite connection is on; None in memory."""
    found = connection.execute(text("SELECT file FROM pragma_database_list WHERE name = 'main'")).scalar()
    return Path(found) if found else None


def _copy(source: Any, part: Path) -> None:  # noqa: ANN401 - the driver's own type
    """Copy a connection's database into a file, all of it as the connection sees it."""
    with closing(_opened(part)) as target:
        target.execute("PRAGMA journal_mode=OFF")  # the file has no name yet: there is nothing to go back to
        target.execute("PRAGMA synchronous=OFF")  # it is made lasting as a whole, at the end
        source.backup(target, pages=_PAGES, progress=lambda *_: None)  # where an interruption is heard


def _opened(file: Path, *, how: str = "rw") -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode={how}", uri=True, isolation_level=None)


@contextmanager
def _of_copy(target: Path) -> Iterator[None]:
    """What the database says while a copy is written becomes a trouble of the copy."""
    try:
        yield
    except sqlite3.Error as error:
        trouble = translated(str(target), error)
        if trouble.code == "full":
            raise FileFull(str(target)) from error
        raise FileTrouble(str(target), str(error)) from error


def _must_be_sound(copy: sqlite3.Connection, file: Path) -> None:
    """Raise BackupDamaged where SQLite finds anything wrong with a file."""
    for (said,) in copy.execute("PRAGMA integrity_check(1)"):
        if said != "ok":
            raise BackupDamaged(str(file), str(said).splitlines()[-1])


def _head(copy: sqlite3.Connection) -> tuple[int, str]:
    found = copy.execute("SELECT position, digest FROM events ORDER BY position DESC LIMIT 1").fetchone()
    return (found[0], found[1]) if found else (0, GENESIS)


# ---------------------------------------------------------------- and back


def restore(store: Store, source: Path, *, replace: bool = False) -> Restored:
    """Put a backup in the store's place: copied and wholly checked first. Raises a Refusal or StoreTrouble.

    With `replace` a store that is there is kept beside, under its name with the moment; nobody may have it open.
    """
    if store.shared:
        raise OnAServer(store=store.name)
    target = store.file
    if target is None:
        raise NoFile(store=store.name)
    store.close()
    target = Path(os.path.realpath(target))
    there = _there(target, store, source, replace=replace)
    with of_file(target):
        part = new_file_beside(target)
    try:
        found = _checked_copy(source, part)
        with of_file(target):
            shutil.copymode(target if there else source, part)
            make_lasting(part)
            before = _give_place(part, target, store) if there else None
            if not there:
                _take_place(part, target, store)
    finally:
        for end in ("", *BESIDE):
            with suppress(OSError):
                os.unlink(f"{part}{end}")  # noqa: PTH108 - a name, not a path of ours
    with closing(_opened(target)) as restored:
        restored.execute("PRAGMA journal_mode=WAL")
    return Restored(*found, before)


def _there(target: Path, store: Store, source: Path, *, replace: bool) -> bool:
    """Whether a store is there that may be replaced."""
    with of_file(target):
        if not target.exists():
            return False
        if target.samefile(source):
            raise SameFile(file=str(source))
        if not target.is_file():
            raise NotAStore(store.name, "no plain file")
        if not replace:
            raise StoreThere(store=store.name)
    return True


def _checked_copy(source: Path, part: Path) -> tuple[int, str, int, bool]:
    """Copy a backup and check every event of the copy; what is said of it (`Restored`)."""
    alone = not Path(f"{source}-wal").exists()
    how = "ro&immutable=1" if alone and _logs_ahead(source) else "ro"
    try:
        with closing(_opened(source, how=how)) as backup:
            backup.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with _of_copy(part.with_name(source.name)):
                _copy(backup, part)
        with closing(_opened(part)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
            version, clock = _settings(copy, source)
            _must_be_sound(copy, source)
            return *_checked(copy, source), version, clock == "simulated"
    except sqlite3.Error as error:
        raise translated(str(source), error) from error


def _logs_ahead(source: Path) -> bool:
    """Whether a file says of itself that it is used with write-ahead logging."""
    with of_file(source), source.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def _settings(copy: sqlite3.Connection, source: Path) -> tuple[int, str]:
    """The version of the tables and the kind of clock. Raises NotAStore, StoreTooNew."""
    found = dict(copy.execute("SELECT name, value FROM meta"))
    version = str(found.get("version", ""))
    if "clock" not in found or not version.isdecimal():
        raise NotAStore(str(source), "no settings")
    if int(version) > VERSION:
        raise StoreTooNew(str(source), version)
    return int(version), str(found["clock"])


def _checked(copy: sqlite3.Connection, source: Path) -> tuple[int, str]:
    """Hold every event against the chain, and the end against what else remembers it. Raises BackupDamaged."""
    copy.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    chain = Chain()
    for row in copy.execute(f"SELECT {_COLUMNS} FROM events ORDER BY position"):  # noqa: S608 - our own names
        for what in chain.take(PlainRow(*row)):
            said = message(N_("event {position}: {what}"), position=row[0], what=what)
            raise BackupDamaged(str(source), said)
    given = [seq for (seq,) in copy.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'")]
    ours = f"SELECT position FROM checkpoints WHERE view NOT LIKE '{FOLLOWED}%'"  # noqa: S608 - our own words
    given += [position for (position,) in copy.execute(ours)]
    if max(given, default=0) > chain.position:
        said = message(N_("events are missing at the end, up to {last}"), last=max(given))
        raise BackupDamaged(str(source), said)
    return chain.count, chain.digest


def _take_place(part: Path, target: Path, store: Store) -> None:
    """Give the copy the store's name, where there is none; what an old store left beside it is put aside."""
    _put_aside_beside(target, dated(target, "before-restore"))
    if target.exists():
        raise StoreThere(store=store.name)
    give_name(part, target, replace=False)


def _give_place(part: Path, target: Path, store: Store) -> Path:
    """Put the store aside and the copy in its place, with nobody in between; where the old store lies now."""
    with _alone(target, store):
        before = dated(target, "before-restore")
        try:
            os.link(target, before)
        except OSError:  # a file system without links: for a moment there is nothing under the name
            target.rename(before)
        _put_aside_beside(target, before)
        give_name(part, target, replace=True)
        return before


def _put_aside_beside(target: Path, before: Path) -> None:
    """What SQLite keeps beside a store goes with it: beside another file it would be taken for that one's."""
    for end in BESIDE:
        beside = Path(f"{target}{end}")
        if beside.exists():
            beside.rename(f"{before}{end}")


@contextmanager
def _alone(target: Path, store: Store) -> Iterator[None]:
    """Have a store's file to ourselves, all that was written in it; one that is damaged is taken as it is."""
    with closing(_opened(target)) as own:
        try:
            _patiently(lambda: _taken_alone(own), until=time.monotonic() + _waiting(store))
        except sqlite3.DatabaseError as error:
            trouble = translated(store.name, error)
            if isinstance(trouble, StoreLocked):
                raise InUse(store.name) from error
            if isinstance(trouble, StoreReadOnly):
                raise trouble from error
        yield
        if own.in_transaction:
            own.execute("ROLLBACK")


def _taken_alone(own: sqlite3.Connection) -> None:
    own.execute("PRAGMA busy_timeout=0")
    own.execute("PRAGMA journal_mode=DELETE")  # writes the -wal file into the store; fails while anybody has it open
    own.execute("BEGIN EXCLUSIVE")


def _patiently(doing: Callable[[], None], *, until: float) -> None:
    """Do it; where the store is locked, again, until so long."""
    while True:
        try:
            return doing()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(0.02)


def _waiting(store: Store) -> float:
    """How long to wait for a lock, in seconds: as the store's URL says, else as everywhere."""
    try:
        return float(str(make_url(store.url).query.get("timeout", engine.BUSY_SECONDS)))
    except ValueError:
        return engine.BUSY_SECONDS
