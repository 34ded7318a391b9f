"""What can be wrong with a store itself, as one sentence each; the database's own words are translated here, once."""

from __future__ import annotations

import sqlite3
from typing import ClassVar

from sqlalchemy import exc

from gkevents.words import Message, N_, message


class StoreTrouble(Exception):  # noqa: N818 - the house's word for it
    """The store cannot be reached or is damaged. `message` says which store, why, and what to do next."""

    code: ClassVar[str] = "store"
    template: ClassVar[str] = ""

    def __init__(self, store: str, detail: str = "") -> None:
        """Name the store; `detail` is what the database or the check said."""
        super().__init__(f"{store}: {detail}")
        self.message: Message = message(self.template, store=store, detail=detail)


class NoStore(StoreTrouble):
    code = "no-store"
    template = N_("There is no store at {store}. Make one with: gk init")


class NotAStore(StoreTrouble):
    code = "not-a-store"
    template = N_("{store} is not a store of gk ({detail}). Check --store or GK_STORE.")


class StoreLocked(StoreTrouble):
    code = "locked"
    template = N_("{store} is locked by somebody else's writing; nothing was stored. Try again in a moment.")


class StoreReadOnly(StoreTrouble):
    code = "read-only"
    template = N_("{store} cannot be written: it is read-only here. Check the rights of the file and its folder.")


class StoreFull(StoreTrouble):
    code = "full"
    template = N_("The disk of {store} is full; nothing was stored. Make room and try again.")


class StoreDamaged(StoreTrouble):
    code = "damaged"
    template = N_("{store} is damaged: {detail}. Restore it from a backup; gk verify names what is wrong.")


class StoreTooNew(StoreTrouble):
    code = "too-new"
    template = N_("{store} was written by a newer program (version {detail}). Install the newer gkevents to open it.")


class StoreUnreachable(StoreTrouble):
    code = "unreachable"
    template = N_("{store} cannot be reached: {detail}.")


class DriverMissing(StoreTrouble):
    code = "driver-missing"
    template = N_("{store} cannot be opened: {detail}. A store is given as sqlite:///FILE.")


def translated(store: str, error: Exception) -> StoreTrouble:
    """The trouble that a database's own error means."""
    text = str(getattr(error, "orig", None) or error)
    lower = text.lower()
    for words, trouble in _SAID:
        if any(word in lower for word in words):
            return trouble(store, text)
    if isinstance(error, (exc.ArgumentError, exc.NoSuchModuleError, ModuleNotFoundError)):
        return DriverMissing(store, text.splitlines()[0])
    original = getattr(error, "orig", None)
    if isinstance(original, sqlite3.DatabaseError) and not isinstance(original, sqlite3.OperationalError):
        return StoreDamaged(store, text)
    return StoreUnreachable(store, text.splitlines()[0] if text else type(error).__name__)


_SAID: tuple[tuple[tuple[str, ...], type[StoreTrouble]], ...] = (
    (("is locked", "is busy"), StoreLocked),
    (("readonly", "read-only", "attempt to write"), StoreReadOnly),
    (("is full", "no space left", "disk i/o error"), StoreFull),
    (("not a database", "file is encrypted"), NotAStore),
    (("malformed", "corrupt"), StoreDamaged),
    (("no such table", "no such column"), NotAStore),
)
