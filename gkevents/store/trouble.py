"""What can be wrong with a store itself, as one sentence each; the database's own words are translated here, once."""

from __future__ import annotations

import re
import sqlite3
from typing import ClassVar, Final

from sqlalchemy import exc

from gkevents.words import N_, Message, message, say


class StoreTrouble(Exception):
    """The store cannot be reached or is damaged. `message` says which store, why, and what to do next."""

    code: ClassVar[str] = "store"
    template: ClassVar[str] = ""

    def __init__(self, store: str, detail: str | Message = "") -> None:
        """Name the store; `detail` is what the database or the check said."""
        super().__init__(f"{store}: {detail if isinstance(detail, str) else say(detail, 'en')}")
        self.message: Message = message(self.template, store=store, detail=detail)


class NoStore(StoreTrouble):
    """There is no file where the store should be."""

    code = "no-store"
    template = N_("There is no store at {store}. Make one with: gk init")


class NoFolder(StoreTrouble):
    """The folder that a new store should lie in does not exist."""

    code = "no-folder"
    template = N_("{store} cannot be made: there is no folder {detail}. Make the folder, or check --store or GK_STORE.")


class NotAStore(StoreTrouble):
    """Something else lies there: text, another program's database, nothing at all."""

    code = "not-a-store"
    template = N_("{store} is not a store of gk ({detail}). Check --store or GK_STORE.")


class StoreLocked(StoreTrouble):
    """Somebody else held the write lock for longer than we wait."""

    code = "locked"
    template = N_("{store} is locked by somebody else's writing; nothing was stored. Try again in a moment.")


class StoreReadOnly(StoreTrouble):
    """The file or its folder may not be written."""

    code = "read-only"
    template = N_("{store} cannot be written: it is read-only here. Check the rights of the file and its folder.")


class StoreFull(StoreTrouble):
    """There was no room for what should be written."""

    code = "full"
    template = N_("The disk of {store} is full; nothing was stored. Make room and try again.")


class StoreDamaged(StoreTrouble):
    """What lies there is not what was written."""

    code = "damaged"
    template = N_("{store} is damaged: {detail}. Restore it from a backup; gk verify names what is wrong.")


class StoreTooNew(StoreTrouble):
    """A newer program made the tables."""

    code = "too-new"
    template = N_("{store} was written by a newer program (version {detail}). Install the newer gkevents to open it.")


class StoreTooOld(StoreTrouble):
    """An older program made the tables."""

    code = "too-old"
    template = N_("{store} was made by an older program (version {detail}). Bring it up to date with: gk init")

    def __init__(self, store: str, detail: str = "") -> None:
        """Name the store and the version of its tables."""
        super().__init__(store, detail)
        self.version = int(detail)


class MayNot(StoreTrouble):
    """The role that we are on the server may not do this."""

    code = "no-right"
    template = N_(
        "{store} does not let this user do that ({detail}). Ask who runs the server; gk init --role grants it."
    )


class ServerReadOnly(StoreTrouble):
    """The server lets nobody write, or not this user."""

    code = "read-only"
    template = N_("{store} cannot be written: its server allows reading only ({detail}). Ask who runs the server.")


class NoServer(StoreTrouble):
    """Nobody answers where the server should be."""

    code = "no-server"
    template = N_(
        "{store} cannot be reached: no server answers ({detail}). Check the host and port, or start the server."
    )


class TrialEnded(NoServer):
    """The socket is one of `gk up`'s, and gone: so is what listened there."""

    template = N_(
        "{store} cannot be reached: it is a store of gk up, which does not run. Start that again in its folder: "
        "gk up --folder FOLDER; for another store unset GK_STORE."
    )


class NoDatabase(StoreTrouble):
    """The server has no database of this name."""

    code = "no-database"
    template = N_("{store} cannot be opened: {detail}. Check the name in the URL, or have the database made.")


class NoLogin(StoreTrouble):
    """The server does not let us in."""

    code = "no-login"
    template = N_("{store} cannot be opened: the server does not let us in ({detail}). Check user and password.")


class ServerBusy(StoreTrouble):
    """The server is there, but takes nobody in just now."""

    code = "busy"
    template = N_("{store} takes nobody in at the moment ({detail}); nothing was stored. Try again in a moment.")


class ConnectionLost(StoreTrouble):
    """The connection was cut. Whether a write had just been committed cannot be known; it is safe to repeat it."""

    code = "lost"
    template = N_("The connection to {store} was lost ({detail}). Do the same again: nothing is stored twice.")


class StoreUnreachable(StoreTrouble):
    """Anything else that the database says; `detail` is its own sentence."""

    code = "unreachable"
    template = N_("{store} cannot be reached: {detail}.")


class DriverMissing(StoreTrouble):
    """The URL is none, or names a database whose driver is not installed."""

    code = "driver-missing"
    template = N_(
        "{store} cannot be opened: {detail}. A store is given as sqlite:///FILE or postgresql://USER@HOST/DATABASE."
    )


def translated(store: str, error: Exception) -> StoreTrouble:
    """The trouble that a database's own error means; only the driver's words are looked at, never what was written."""
    if isinstance(error, OSError):
        return StoreUnreachable(store, error.strerror or type(error).__name__)
    if isinstance(error, UnicodeDecodeError):
        return StoreDamaged(store, f"text that is none ({error.reason})")
    original = getattr(error, "orig", None) or error
    text = _LEAD.sub("", next(iter(str(original).splitlines()), ""))[:_DETAIL_MAX].strip()
    if isinstance(error, (exc.ArgumentError, exc.NoSuchModuleError, ModuleNotFoundError)):
        return DriverMissing(store, text)
    return _meant(original, text.lower())(store, text or type(error).__name__)


def _meant(original: BaseException, lower: str) -> type[StoreTrouble]:
    """The trouble that a driver's own error means; `lower`: the first line of what it says."""
    state = str(getattr(original, "sqlstate", None) or "")
    if state:  # a server's words depend on its language and on what was written, its codes do not
        return _CODES.get(state) or _CODES.get(state[:2], StoreUnreachable)
    if _TRIAL.search(str(original)):
        return TrialEnded
    for words, trouble in _SAID if isinstance(original, sqlite3.Error) else _SAID_BEFORE:
        if any(word in lower for word in words):
            return trouble
    if isinstance(original, sqlite3.DatabaseError) and not isinstance(original, sqlite3.OperationalError):
        return StoreDamaged
    return StoreUnreachable


_DETAIL_MAX: Final = 200
_TRIAL: Final = re.compile(r'/gk-\d+-[0-9a-f]{10}/\.s\.PGSQL\.\d+" failed: (No such file|Connection refused)')
"""What is said where the socket of a `gk up` (servers.places) leads nowhere."""
_LEAD: Final = re.compile(r"^(connection (failed|is bad): |connection to server (at|on) [^;]*? failed: |FATAL:  )*")
"""What comes before the reason where a server cannot be connected to: the URL has said it already."""

_SAID: Final[tuple[tuple[tuple[str, ...], type[StoreTrouble]], ...]] = (
    (("could not decode to utf-8",), StoreDamaged),
    (("is locked", "is busy"), StoreLocked),
    (("readonly", "read-only", "attempt to write"), StoreReadOnly),
    (("is full", "no space left", "disk i/o error"), StoreFull),
    (("not a database", "file is encrypted"), NotAStore),
    (("malformed", "corrupt"), StoreDamaged),
    (("no such table", "no such column"), NotAStore),
)
"""What SQLite says."""

_SAID_BEFORE: Final[tuple[tuple[tuple[str, ...], type[StoreTrouble]], ...]] = (
    (("too many clients", "too many connections", "remaining connection slots", "queuepool"), ServerBusy),
    (("permission denied",), MayNot),
    (("authentication failed", "no password supplied", "pg_hba.conf", 'role "'), NoLogin),
    (('database "',), NoDatabase),
    (("starting up", "shutting down", "recovery"), ServerBusy),
    (
        ("terminat", "closed the connection", "connection is lost", "connection is closed", "consuming input"),
        ConnectionLost,
    ),
    (("connection refused", "timeout", "timed out", "resolve", "no route", "unreachable", "no such file"), NoServer),
)
"""What is said before there is a connection, or when it is gone; no code comes with it."""

_CODES: Final[dict[str, type[StoreTrouble]]] = {
    "08": ConnectionLost,
    "22021": StoreDamaged,
    "25006": ServerReadOnly,
    "25P03": ConnectionLost,
    "28": NoLogin,
    "3D000": NoDatabase,
    "40001": StoreLocked,
    "40P01": StoreLocked,
    "42501": MayNot,
    "42703": NotAStore,
    "42P01": NotAStore,
    "53100": StoreFull,
    "53300": ServerBusy,
    "55P03": StoreLocked,
    "57P01": ConnectionLost,
    "57P02": ConnectionLost,
    "57P03": ServerBusy,
    "57P04": ConnectionLost,
    "57P05": ConnectionLost,
    "58030": StoreDamaged,
    "58P01": StoreDamaged,
    "XX001": StoreDamaged,
    "XX002": StoreDamaged,
}
"""What PostgreSQL's error codes mean (PostgreSQL 18, appendix A): a code, or the first two letters of a class."""
