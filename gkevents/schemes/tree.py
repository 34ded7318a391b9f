"""YAML as plain data that remembers where it stood.

Every scalar stays the text that was written (`no` is "no", 0.10 is "0.10"); only an empty value, `null` and `~` are
None. What a scheme file has no use for and a reader could trip over is refused: anchors and aliases, tags, several
documents, keys that are no text, the same key twice, great size and depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import yaml

from gkevents.words import N_, Message, message

Value = str | None | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

BYTES_MAX: Final = 2_000_000
DEPTH_MAX: Final = 30
NODES_MAX: Final = 200_000

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN_STYLE: Final = ""


class Mark(NamedTuple):
    """A place in a file; lines and columns (in characters) count from 1."""

    line: int
    column: int


class Fault(NamedTuple):
    """One thing wrong in a file: where, and what is wrong and would be right."""

    line: int
    column: int
    message: Message


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's data, and where each value and each key stands, by its path of keys and indices."""

    data: Value
    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def at(self, path: Path) -> Mark:
        """Where the value of a path stands, or the nearest thing around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Mark(1, 1))

    def key_at(self, path: Path) -> Mark:
        """Where the key of a path stands; the value where it has no key of its own."""
        return self.keys.get(path) or self.at(path)


def plant(text: str | bytes) -> tuple[Tree | None, list[Fault]]:
    """The tree of a YAML (or JSON) text and what is wrong with its form; no tree where it cannot be read to the end."""
    decoded = _decoded(text)
    if isinstance(decoded, Fault):
        return None, [decoded]
    builder = _Builder()
    try:
        for event in _events(decoded):
            builder.take(event)
    except yaml.YAMLError as error:
        return None, [*builder.faults, _syntax_fault(error, decoded)]
    except _TooMuchError as stop:
        return None, [*builder.faults, stop.fault]
    if builder.data is None:
        return None, [*builder.faults, Fault(1, 1, message(N_("The file is empty.")))]
    return Tree(builder.data, builder.values, builder.keys), builder.faults


def _decoded(text: str | bytes) -> str | Fault:
    if len(text) > BYTES_MAX:
        limit = BYTES_MAX // 1_000_000
        return Fault(1, 1, message(N_("The file is larger than {limit} MB; a scheme needs far less."), limit=limit))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            place = _mark_of(error.object[: error.start].decode("utf-8"))
            return Fault(*place, message(N_("The file is not UTF-8 here. Save it as UTF-8 and try again.")))
    text = text.removeprefix("\ufeff")
    odd = _UNPRINTABLE.search(text)
    if odd:
        place, code = _mark_of(text[: odd.start()]), f"U+{ord(odd.group()):04X}"
        return Fault(*place, message(N_("An invisible control character ({code}) stands here. Delete it."), code=code))
    return text


def _mark_of(before: str) -> Mark:
    lines = re.split(r"\r\n|\r|\n", before)
    return Mark(len(lines), len(lines[-1]) + 1)


def _mark_in(seen: Any) -> Mark:  # noqa: ANN401 - PyYAML has two kinds of marks, and its types allow for none
    return Mark(seen.line + 1, seen.column + 1)


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=yaml.CSafeLoader))


class _TooMuchError(Exception):
    """Reading stops here: what follows would not be understood, or is not worth it."""

    def __init__(self, mark: Mark, said: Message) -> None:
        super().__init__(said)
        self.fault = Fault(*mark, said)


class _Open:
    """A list or mapping that is being filled."""

    __slots__ = ("held", "key", "path")

    def __init__(self, held: list[Value] | dict[str, Value], path: Path) -> None:
        self.held, self.path = held, path
        self.key: str | None = None


class _Builder:
    """Takes events one by one and grows the tree, so that neither depth nor size can take the program down."""

    def __init__(self) -> None:
        self.data: Value = None
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.faults: list[Fault] = []
        self.open: list[_Open] = []
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event in. Raises _TooMuchError where reading must stop."""
        mark = _mark_in(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise _TooMuchError(
                        mark, message(N_("A second document begins here; a file holds one. Delete the line ---."))
                    )
            case yaml.AliasEvent():
                self._refuse_name(mark)
                self._scalar(None, mark)
            case yaml.ScalarEvent():
                self._plain(event, mark)
                null = event.style == _PLAIN_STYLE and event.value in _NULLS
                self._scalar(None if null and not self._at_key else event.value, mark)
            case yaml.CollectionStartEvent():
                self._plain(event, mark)
                self._begin([] if isinstance(event, yaml.SequenceStartEvent) else {}, mark)
            case yaml.CollectionEndEvent():
                self.open.pop()
            case _:
                pass

    @property
    def _at_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].held, dict) and self.open[-1].key is None

    def _plain(self, event: Any, mark: Mark) -> None:  # noqa: ANN401 - PyYAML's events share no typed ancestor with both
        if event.anchor:
            self._refuse_name(mark)
        if event.tag and event.tag != "!":
            said = message(N_("The tag {tag} is not allowed. Write the value alone."), tag=event.tag)
            self.faults.append(Fault(*mark, said))

    def _refuse_name(self, mark: Mark) -> None:
        said = message(N_("Anchors (&) and aliases (*) are not allowed. Write the value out, or put it in quotes."))
        self.faults.append(Fault(*mark, said))

    def _scalar(self, text: str | None, mark: Mark) -> None:
        if self._at_key:
            self._key(text or "", mark)
        else:
            self._add(text, mark)

    def _key(self, key: str, mark: Mark) -> None:
        top = self.open[-1]
        top.key, path = key, (*top.path, key)
        if path in self.keys and key in top.held:
            said = message(
                N_("The key {key} stands here twice, first in line {line}."), key=key, line=self.keys[path].line
            )
            self.faults.append(Fault(*mark, said))
        self.keys.setdefault(path, mark)

    def _begin(self, held: list[Value] | dict[str, Value], mark: Mark) -> None:
        if self._at_key:
            raise _TooMuchError(mark, message(N_("A key must be a plain text, not a list or a mapping.")))
        if len(self.open) >= DEPTH_MAX:
            raise _TooMuchError(mark, message(N_("The file is nested deeper than {limit} levels."), limit=DEPTH_MAX))
        self.open.append(_Open(held, self._add(held, mark)))

    def _add(self, value: Value, mark: Mark) -> Path:
        """Put a value where it belongs (the first of two under one key stays); its path comes back."""
        if len(self.values) >= NODES_MAX:
            raise _TooMuchError(mark, message(N_("The file holds more than {limit} values."), limit=NODES_MAX))
        path: Path = ()
        if not self.open:
            self.data = value
        elif isinstance(self.open[-1].held, list):
            path = (*self.open[-1].path, len(self.open[-1].held))
            self.open[-1].held.append(value)
        else:
            key = self.open[-1].key or ""
            path = (*self.open[-1].path, key)
            self.open[-1].held.setdefault(key, value)
            self.open[-1].key = None
        self.values.setdefault(path, mark)
        return path


_QUOTED: Final = N_("A value that begins with &, * or ! goes in quotes.")
_PROBLEMS: Final[Mapping[str, str]] = {
    "mapping values are not allowed in this context": N_(
        "A colon cannot stand here. Is the line indented as the ones above it? A text with a colon goes in quotes."
    ),
    "could not find expected ':'": N_(
        "A key without its colon stands here. Write a half-width colon and a blank after each key."
    ),
    "did not find expected key": N_(
        "A key is expected here. Are the lines indented alike, and is every quote and bracket closed?"
    ),
    "did not find expected '-' indicator": N_(
        "A list entry (-) is expected here. Are the lines of this list indented alike?"
    ),
    "did not find expected ',' or ']'": N_(
        "A comma or the closing ] of the list opened in line {opened} is missing here."
    ),
    "did not find expected ',' or '}'": N_(
        "A comma or the closing }} of the mapping opened in line {opened} is missing here."
    ),
    "found unexpected end of stream": N_("The quote opened in line {opened} is never closed."),
    "found unexpected ':'": N_("A colon here wants a blank after it. A text with a colon goes in quotes."),
    "block sequence entries are not allowed in this context": N_(
        "A list cannot begin here. Write its entries on the lines below, or as [first, second]."
    ),
    "mapping keys are not allowed in this context": N_("A question mark cannot begin a value. Put the text in quotes."),
    "did not find expected node content": N_(
        "A value is expected here. Is there a comma too many, or a bracket that is not closed?"
    ),
    "did not find expected <document start>": N_(
        "This line is not indented as the ones above it. Do all keys of the file begin in the first column?"
    ),
    "did not find expected whitespace or line break": _QUOTED,
    "did not find expected alphabetic or numeric character": _QUOTED,
    "found unknown escape character": N_(
        "A backslash in double quotes means something else. Put the text in single quotes."
    ),
    "found character that cannot start any token": N_(
        "The character {character} cannot begin a value. Put the text in quotes."
    ),
}


_AT_THE_START: Final = frozenset(
    {
        "could not find expected ':'",
        "found unexpected end of stream",
        "did not find expected whitespace or line break",
        "did not find expected alphabetic or numeric character",
    }
)
"""Problems that are seen late: what is wrong stands where the key, the quote or the name begins."""

_COLON: Final = "："
_COMMA: Final = "，"


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    """What the YAML parser stumbled over, in the words of this house where it has any, where it is to be mended."""
    seen = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None) or seen
    problem = getattr(error, "problem", None) or str(error)
    begun = _mark_in(opened) if opened else Mark(1, 1)
    mark = begun if problem in _AT_THE_START or not seen else _mark_in(seen)
    lines = re.split(r"\r\n|\r|\n", text)
    character = _line(lines, mark.line)[mark.column - 1 : mark.column]
    if character == "\t":
        return Fault(*mark, message(N_("A tab stands here. Indent with blanks.")))
    wide = _line(lines, mark.line).find(_COLON, mark.column - 1)
    if problem == "could not find expected ':'" and wide >= 0:
        said = N_("A full-width colon stands here. Write a half-width colon and a blank after the key.")
        return Fault(mark.line, wide + 1, message(said))
    template = _PROBLEMS.get(problem, N_("This is not well-formed YAML: {problem}."))
    if problem.startswith("did not find expected ','"):
        entry = re.split(r"[,{\[]", _line(lines, mark.line)[: mark.column - 1])[-1]
        if _COMMA in entry:
            comma = message(N_("A full-width comma stands here. Write a half-width comma and a blank."))
            return Fault(mark.line, mark.column - len(entry) + entry.index(_COMMA), comma)
        mark = _end_before(lines, mark)
    return Fault(*mark, message(template, problem=problem, opened=begun.line, character=character))


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if number <= len(lines) else ""


def _end_before(lines: list[str], mark: Mark) -> Mark:
    """The end of what was written before, where a mark stands at the beginning of its line: it belongs there."""
    line = mark.line
    if line > 1 and not _line(lines, line)[: mark.column - 1].strip(" -"):
        line -= 1
        while line > 1 and not _line(lines, line).strip():
            line -= 1
        return Mark(line, len(_line(lines, line).rstrip()) + 1)
    return mark
