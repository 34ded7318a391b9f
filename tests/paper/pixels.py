"""A small reader of PNG, so that a test can see where a page is white."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple


class Image(NamedTuple):
    """Dots of four bytes: red, green, blue, opacity."""

    width: int
    height: int
    rows: list[bytes]

    def white(self, left: int, top: int, right: int, bottom: int) -> bool:
        """Whether nothing is drawn from one corner up to the other."""
        return all(set(row[left * 4 : right * 4]) <= {255} for row in self.rows[top:bottom])


def image(png: bytes) -> Image:
    """The dots of a PNG of eight bits and four channels, which is what typst writes."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    raw, stride = zlib.decompress(data), width * 4
    rows: list[bytes] = []
    above = bytes(stride)
    for y in range(height):
        start = y * (stride + 1)
        above = _row(raw[start], raw[start + 1 : start + 1 + stride], above)
        rows.append(above)
    return Image(width, height, rows)


def _row(method: int, coded: bytes, above: bytes) -> bytes:
    if method == 0:
        return coded
    if method == 2:
        return bytes((one + up) & 255 for one, up in zip(coded, above, strict=True))
    made = bytearray(4) + coded  # four noughts before the first dot, as the format wants
    over = bytes(4) + above
    for n in range(4, len(made)):
        left, up = made[n - 4], over[n]
        guess = left if method == 1 else (left + up) // 2 if method == 3 else _paeth(left, up, over[n - 4])
        made[n] = (made[n] + guess) & 255
    return bytes(made[4:])


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
