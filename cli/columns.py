"""Text in columns, where a Chinese character takes two of them: widths, padding, wrapping, tables. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

_CLOSING: Final = "，。、；：？！）”’》】』」〉％…,.;:?!)]}%"
_OPENING: Final = "（“‘《【『「〈([{"
_KEPT: Final = "\n\t"
_CUT_LEAST: Final = 12
"""The columns that a column of a table keeps, however narrow the terminal."""


@lru_cache(maxsize=8192)
def _one(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """The columns a text takes on a terminal; colour codes take none."""
    if "\x1b" in text:
        text = re.sub("\x1b\\[[0-9;]*m", "", text)
    return len(text) if text.isascii() else sum(map(_one, text))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """A text filled with spaces to a number of columns, on its left where it shall stand `right`."""
    fill = " " * (columns - width(text))
    return fill + text if right else text + fill


def printable(text: str) -> str:
    """A text without characters that would move the cursor or turn the writing around: they come from other people."""
    if text.isprintable():
        return text
    return "".join(one if one in _KEPT or _shown(one) else "\N{REPLACEMENT CHARACTER}" for one in text)


def _shown(one: str) -> bool:
    category = unicodedata.category(one)
    return category[0] != "C" and category not in ("Zl", "Zp")


def clip(text: str, columns: int) -> str:
    """A text cut to a number of columns, with … where something is missing."""
    text = printable(text)
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return f"{text}…"


def hang(text: str, columns: int, *, indent: int = 0) -> str:
    """A line as it stands where it fits, spaces and all; else wrapped, what follows indented."""
    if width(text) <= columns:
        return text
    before = " " * (len(text) - len(text.lstrip()))
    lines = wrap(text, max(columns - indent, 20), taken=len(before) - indent)
    return "\n".join([before + lines[0], *(" " * indent + line for line in lines[1:])])


def wrap(text: str, columns: int, *, taken: int = 0) -> list[str]:
    """A text broken into lines of at most `columns` (the first shorter by `taken`).

    It breaks at spaces and between Chinese characters; punctuation that closes stays with what it closes. A word longer
    than a line is broken where the line ends.
    """
    lines, line, used = [], "", taken
    for atom in _atoms(" ".join(text.split()), columns):
        size = width(atom)
        if used + size > columns and (line.strip() or used == taken > 0):
            lines.append(line.rstrip())
            line, used = "", 0
        if not line and atom.isspace():
            continue
        line, used = line + atom, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _atoms(text: str, columns: int) -> Iterable[str]:
    """The pieces of a text that are not broken, none of them wider than a line; spaces are pieces of their own."""
    for word in _words(text, columns):
        for atom in _pieces(word):
            while width(atom) > columns:
                cut = max(1, next(n for n in range(len(atom)) if width(atom[: n + 1]) > columns))
                yield atom[:cut]
                atom = atom[cut:]  # noqa: PLW2901 - what is left of it
            yield atom
        yield " "


def _words(text: str, columns: int) -> list[str]:
    """The words of a text; punctuation that stands alone goes with the word before it."""
    words: list[str] = []
    for word in text.split(" "):
        if words and word and all(one in _CLOSING for one in word) and width(f"{words[-1]} {word}") <= columns:
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _pieces(word: str) -> Iterable[str]:
    """A word cut between its wide characters, punctuation kept with what it belongs to."""
    piece = ""
    for one in word:
        last = piece[-1:]
        if (
            piece
            and one not in _CLOSING
            and last not in _OPENING
            and (_one(one) > 1 or _one(last) > 1 or one in _OPENING)
        ):
            yield piece
            piece = ""
        piece += one
    if piece:
        yield piece


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[int] = (),
    columns: int | None = None,
    cut: Sequence[int] = (),
) -> str:
    """Rows under a head, in aligned columns; those numbered in `right` stand to the right, as numbers do.

    Where it would be wider than `columns`, the columns numbered in `cut` give way, the first one first.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    every = [list(head), *cells] if any(head) else cells
    if not every:
        return ""
    widths = [max(width(row[column]) for row in every) for column in range(len(every[0]))]
    for column in cut if columns else ():
        over = sum(widths, 2 * (len(widths) - 1)) - (columns or 0)
        if over > 0:
            widths[column] = max(widths[column] - over, min(widths[column], _CUT_LEAST))
            for row in every:
                row[column] = clip(row[column], widths[column])
    lines = [_line(row, widths, right) for row in every]
    if any(head):
        lines.insert(1, "─" * sum(widths, 2 * (len(widths) - 1)))
    return "\n".join(lines)


def filled(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]
) -> tuple[list[str], list[list[str]], list[int]]:
    """A table's parts without the columns in which no row has anything."""
    kept = [place for place in range(len(head)) if any(row[place] for row in rows)] if rows else list(range(len(head)))
    return (
        [head[place] for place in kept],
        [[row[place] for place in kept] for row in rows],
        [new for new, place in enumerate(kept) if place in right],
    )


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    return "  ".join(pad(cell, widths[place], right=place in right) for place, cell in enumerate(row)).rstrip()


def entry(first: str, text: str, *, indent: int, columns: int) -> str:
    """A text wrapped to `columns` that hangs behind its first piece, as in a list of explanations."""
    head = pad(first, indent) if width(first) < indent else first + ("" if first.endswith("：") else " ")
    lines = wrap(printable(text), max(columns - indent, 20), taken=width(head) - indent)
    return "\n".join([head + lines[0], *(" " * indent + line for line in lines[1:])]).rstrip()
