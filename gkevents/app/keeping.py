"""Keeping a store: copies of it and copies put back, its log out of one database and into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gkevents.store import transfer
from gkevents.store.backup import back_up, own_file, restore
from gkevents.store.placing import BESIDE, placed
from gkevents.store.tables import VERSION
from gkevents.store.transfer import import_log

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gkevents.store.engine import Store

__all__ = ["VERSION", "back_up", "export_log", "export_to_file", "import_log", "restore"]


def export_log(store: Store, write: Callable[[bytes], object]) -> transfer.Exported:
    """The whole log, a line at a time, as it is at one moment. Raises StoreTrouble."""
    with store.reading() as connection:
        clock = store.settings(connection)["clock"]
        return transfer.export_log(connection, store.name, write, clock=clock)


def export_to_file(store: Store, target: Path, *, force: bool = False) -> transfer.Exported:
    """The whole log into a file, which has its name only when it is whole. Raises a Refusal or StoreTrouble."""
    with store.reading() as connection, _log_file(connection, store, target, force=force) as file:
        clock = store.settings(connection)["clock"]
        return transfer.export_log(connection, store.name, file.write, clock=clock)


@contextmanager
def _log_file(connection: Connection, store: Store, target: Path, *, force: bool) -> Iterator[BinaryIO]:
    own = None if store.shared else own_file(connection)
    never = [Path(f"{own}{end}") for end in ("", *BESIDE)] if own is not None else []
    with placed(target, force=force, never=never, like=own) as (part, _), part.open("wb", buffering=1 << 20) as file:
        yield file
