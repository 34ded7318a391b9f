"""What is put down about a scheme: an oddity, its place in the file, and a small log that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from gkevents.aggregates.facts import Body
from gkevents.schemes.edition import Edition
from gkevents.schemes.tree import Path, Tree
from gkevents.trials.bench import Bench, Span
from gkevents.words import Message

Kept = TypeVar("Kept")


class Scored(NamedTuple):
    """What something (`of`: a code, a section, a part, "base", "total") scores once the log stands up to fact `after`.

    `span` is None where nobody has it, so that it scores nothing.
    """

    after: str | None
    of: str
    span: Span | None


class Example(NamedTuple):
    """A few facts in contract form, in the order in which they are logged, and what they score."""

    facts: tuple[Body, ...]
    scores: tuple[Scored, ...]


class Oddity(NamedTuple):
    """One thing that is odd: where, of which kind, in what way and what would be right, and a log that shows it."""

    line: int
    column: int
    code: str
    message: Message
    example: Example


class Survey:
    """One scheme under survey: its content, where everything stands in its file, its edition, and what was found."""

    def __init__(self, content: Mapping[str, Any], tree: Tree, edition: Edition) -> None:
        """Begin with nothing found."""
        self.content, self.tree, self.edition = content, tree, edition
        self.bench = Bench(edition)
        self.found: list[Oddity] = []
        self.memory: dict[object, Any] = {}

    def add(self, path: Path, code: str, said: Message, example: Example) -> None:
        """Put down an oddity at a place of the file; where that key is absent, at what should hold it."""
        mark = self.tree.at(path)
        self.found.append(Oddity(mark.line, mark.column, code, said, example))

    def said(self, path: Path) -> bool:
        """Whether the file itself says something there, rather than leaving it out."""
        return path in self.tree.values

    def at(self, path: Path) -> Any:  # noqa: ANN401 - plain JSON
        """What the content says at a place."""
        value: Any = self.content
        for step in path:
            value = value[step]
        return value

    def keep(self, name: object, made: Kept) -> Kept:
        """The first thing made under a name, so that what is tried often is made once."""
        kept: Kept = self.memory.setdefault(name, made)
        return kept
