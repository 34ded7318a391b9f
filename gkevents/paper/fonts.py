"""The typefaces that papers carry in them: two free ones of this program's own, never those of the machine.

A machine's own typefaces would make another paper of the same content. What neither of the two can draw (an emoji, a
script of another country) is printed as 〓, so that a reader sees that a sign is missing; PDF/A allows no other way.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

MISSING: Final = "〓"
"""The old typesetters' sign for a sort that is not in the case."""

SERIF: Final = "Noto Serif SC"
SANS: Final = "Noto Sans SC"

_Range = tuple[int, int]


@cache
def fonts() -> Any:  # noqa: ANN401 - typst's own class
    """The two typefaces as typst takes them."""
    import pylopdf_fonts_zh_cn as own  # noqa: PLC0415 - a paper may have nothing to set
    import typst  # noqa: PLC0415 - the same

    folders = sorted({str(own.serif_path().parent), str(own.sans_path().parent)})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def printable(part: Any) -> Any:  # noqa: ANN401 - any part of a content
    """The same text, lists and dictionaries of text, with `MISSING` for every sign that the typefaces lack.

    What only changes its neighbour (a joiner, a selector of a variant) and has no sign of its own is left out.
    """
    if isinstance(part, str):
        return part if part.isascii() and part.isprintable() else part.translate(_substitutes())
    if isinstance(part, dict):
        return {key: printable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [printable(value) for value in part]
    return part


class _Substitutes(dict[int, str]):
    """What is printed for a character, found out once for each."""

    def __init__(self, known: frozenset[int]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, character: int) -> str:
        category = unicodedata.category(chr(character))
        if character in self.known or character in (0x0A, 0x20):
            made = chr(character)
        elif category == "Zs" or character in (0x09, 0x0D):
            made = " "
        else:
            made = "" if category in ("Cf", "Mn", "Me") else MISSING
        self[character] = made
        return made


@cache
def _substitutes() -> dict[int, str]:
    import pylopdf_fonts_zh_cn as own  # noqa: PLC0415 - as above

    return _Substitutes(_characters(own.serif_path()) & _characters(own.sans_path()))


def _characters(path: Path) -> frozenset[int]:
    """Every character that a typeface has a glyph for, from its `cmap` (format 12, which every large one has)."""
    with path.open("rb") as file:
        data = file.read(12 + 16 * 64)
        tables = dict(_table(data, n) for n in range(struct.unpack(">H", data[4:6])[0]))
        offset, length = tables[b"cmap"]
        file.seek(offset)
        cmap = file.read(length)
    return frozenset(one for first, last in _ranges(cmap) for one in range(first, last + 1))


def _table(data: bytes, n: int) -> tuple[bytes, _Range]:
    tag, _, offset, length = struct.unpack(">4sLLL", data[12 + 16 * n : 28 + 16 * n])
    return tag, (offset, length)


def _ranges(cmap: bytes) -> Iterator[_Range]:
    for n in range(struct.unpack(">H", cmap[2:4])[0]):
        offset = struct.unpack(">L", cmap[8 + 8 * n : 12 + 8 * n])[0]
        if cmap[offset : offset + 2] == b"\x00\x0c":
            count = struct.unpack(">L", cmap[offset + 12 : offset + 16])[0]
            for first, last, _ in struct.iter_unpack(">LLL", cmap[offset + 16 : offset + 16 + 12 * count]):
                yield cast("int", first), cast("int", last)
