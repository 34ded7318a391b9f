"""The files of the older Office, which WPS writes too: a small file system in a file ("compound file", MS-CFB).

Only the names at its top are read: they say which program it belongs to. An embedded table lies deeper and does not
count. Whatever is not as it should be ends the reading: then it is of no kind that is known.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHIFTS: Final = (9, 12)
_LAST: Final = 0xFFFFFFFA
"""Sectors are numbered below this; from here on numbers are marks: none, the end, a table."""
_HEADER_TABLES: Final = 109
_ENTRY: Final = 128
_SECTORS_MOST: Final = 2_000
"""A directory of a document takes a few sectors; a longer one was not made by Office."""


def names_at_top(file: BinaryIO) -> frozenset[str]:
    """The names that lie at the top of a compound file; none where it cannot be made out."""
    try:
        return frozenset(_Compound(file).top())
    except (struct.error, ValueError, IndexError, OSError):
        return frozenset()


class _Compound:
    """A compound file: its header, and its sectors by number."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        head = file.read(512)
        (self.shift,) = struct.unpack_from("<H", head, 30)
        if not head.startswith(MAGIC) or self.shift not in _SHIFTS:
            msg = "no compound file"
            raise ValueError(msg)
        self.file, self.width = file, (1 << self.shift) // 4
        (self.directory,) = struct.unpack_from("<I", head, 48)
        (self.more_tables,) = struct.unpack_from("<I", head, 68)
        self.tables = list(struct.unpack_from(f"<{_HEADER_TABLES}I", head, 76))

    def top(self) -> Iterator[str]:
        """The names in the root of the file: its first entry names one of them, and each names its neighbours."""
        entries = self._entries()
        waiting, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= _LAST or number in seen:
                continue
            seen.add(number)
            entry = entries[number]
            length, left, right = struct.unpack_from("<HxxII", entry, 64)
            yield entry[: max(length - 2, 0)].decode("utf-16-le")
            waiting += [left, right]

    def _entries(self) -> list[bytes]:
        sectors: list[int] = []
        number = self.directory
        while number < _LAST:
            if number in sectors or len(sectors) == _SECTORS_MOST:
                msg = "a directory without end"
                raise ValueError(msg)
            sectors.append(number)
            number = self._next(number)
        whole = b"".join(map(self._sector, sectors))
        return [whole[start : start + _ENTRY] for start in range(0, len(whole), _ENTRY)]

    def _next(self, number: int) -> int:
        """The sector that comes behind another, by the allocation tables."""
        table, place = divmod(number, self.width)
        while table >= len(self.tables):
            self._learn_tables()
        (found,) = struct.unpack_from("<I", self._sector(self.tables[table]), 4 * place)
        return int(found)

    def _learn_tables(self) -> None:
        """More numbers of allocation tables: a large file has them in sectors of their own, one behind the other."""
        if self.more_tables >= _LAST:
            msg = "no such table"
            raise ValueError(msg)
        numbers = struct.unpack(f"<{self.width}I", self._sector(self.more_tables))
        self.tables += numbers[:-1]
        self.more_tables = numbers[-1]

    def _sector(self, number: int) -> bytes:
        if number >= _LAST:
            msg = "no such sector"
            raise ValueError(msg)
        self.file.seek((number + 1) << self.shift)
        return self.file.read(1 << self.shift)
