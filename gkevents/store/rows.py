"""What is appended -> rows of the log: positions one after the other, each row chained by its digest to the one before.

Everything that writes to the log goes through `chained`, one fact or a million, so that there is one way to make a row.
The digests are for ever: `digest` hashes the same bytes as `json.dumps` of the whole row gives, only quicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from json.encoder import encode_basestring as quoted

Written = tuple[str, int, str, str, str | None, str]
"""What is to be appended: (stream, stream_version, name with its version, recorded_at, ref, body text)."""

LogRow = tuple[int, str, int, str, str, str | None, str, str]
"""A row of `events`, in the order of its columns: the position, what was written, the digest."""


def digest(before: str, row: tuple[int, str, int, str, str, str | None, str]) -> str:
    """The digest of a row (position, stream, version, name, recorded_at, ref, body text) chained to the row before.

    It is the SHA-256 of the JSON list [before, *row] in UTF-8. Raises TypeError or ValueError where a value is not of
    its column's kind, or is text that UTF-8 cannot write.
    """
    position, stream, version, name, recorded_at, ref, body = row
    place = f"{quoted(before)}, {position:d}, {quoted(stream)}, {version:d}"
    said = f"{quoted(name)}, {quoted(recorded_at)}, {'null' if ref is None else quoted(ref)}, {quoted(body)}"
    return sha256(f"[{place}, {said}]".encode()).hexdigest()


def chained(position: int, before: str, written: Iterable[Written]) -> Iterator[LogRow]:
    """The rows that follow the newest one, which has this `position` and the digest `before`; made one by one."""
    for stream, version, name, recorded_at, ref, body in written:
        position += 1
        before = digest(before, (position, stream, version, name, recorded_at, ref, body))
        yield (position, stream, version, name, recorded_at, ref, body, before)
