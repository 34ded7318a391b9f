"""From a validator's finding to a fault a clerk can act on: where it stands, what is wrong, what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from gkevents.schemes.format import Scheme
from gkevents.schemes.scalars import Part
from gkevents.schemes.tree import Fault, Mark, Path, Tree, Value
from gkevents.words import N_, Message, message

Known = Mapping[int, tuple[str, ...]]
"""The known keys of each mapping that was looked at, by the mapping's identity."""

_TEMPLATES: Final[Mapping[str, str]] = {
    "empty-text": N_("{key} has no value. Write one, or leave the key out if it may be left out."),
    "control-characters": N_("{key} holds characters that cannot be seen. Delete them."),
    "not-a-number": N_('"{value}" is not a number for {key}. Write plain half-width digits, such as 0.5.'),
    "not-a-share": N_('"{value}" is not a share for {key}. Write it as 0.8, 4/5 or 80%.'),
    "negative": N_("{key} is below 0 ({value}). Numbers are written without a sign; the rule says what is taken away."),
    "not-whole": N_('"{value}" is not a whole number for {key}.'),
    "not-true-or-false": N_('"{value}" is neither true nor false ({key}).'),
    "not-a-day": N_('"{value}" is not a day ({key}). Write it as 2020-09-30.'),
    "not-a-limit": N_('"{value}" is not a limit ({key}). Write it as 15 working days, 5 hours or 2020-09-30.'),
    "not-a-reference": N_(
        '"{value}" is no line to compare with ({key}). Write a figure, such as 90%, or previous, 3 years, parent, '
        "target, mean, or a share of one, such as 50% of mean."
    ),
    "not-a-step": N_('"{value}" is no step for {key}. Write a figure above 0, such as 1 or 5%, or once.'),
    "not-a-threshold": N_('"{value}" is not a threshold. Write a sign and a figure, such as >= 70%.'),
    "not-a-code": N_('"{value}" cannot be a code. Use at most 32 letters, digits, points and hyphens, no blanks.'),
    "not-an-id": N_(
        '"{value}" cannot be an id ({key}). Use at most 60 small letters, digits and hyphens, such as luancheng-2020.'
    ),
    "no-such-form": N_("{key} is in no known form. Write one of: {forms}."),
    "one-of": N_("{key} wants exactly one of these: {forms}."),
    "too_short": N_("{key} is empty. It needs at least one entry."),
    "greater_than_equal": N_("{key} is {value}; it must be at least {ge}."),
    "less_than_equal": N_("{key} is {value}; it must be at most {le}."),
}
_SHAPES: Final[Mapping[str, str]] = {
    "string_type": N_("{key} must be a single value, not a list or a mapping."),
    "list_type": N_("{key} must be a list, such as [first, second]."),
    "dict_type": N_('{key} must hold keys and values, such as "key: value".'),
}
_FORMS: Final = frozenset({"rule", "price", "worth", "advice", "cap", "weight", "ties"})
_LIMIT_SHOWN: Final = 60
_KEYS_SHOWN: Final = 6


class Findings:
    """Where the checks of sense put down what they find, about a scheme whose form is right as far as it is `intact`.

    `kept` says, for a list from which broken entries were taken, which of the file's entries are left; `broken` names
    the top keys that lost something.
    """

    def __init__(
        self, scheme: Scheme, tree: Tree, *, kept: Mapping[str, Sequence[int]], broken: frozenset[str] = frozenset()
    ) -> None:
        """Begin with nothing found."""
        self.scheme, self.tree, self.kept, self.broken = scheme, tree, kept, broken
        self.faults: list[Fault] = []

    def intact(self, *top_keys: str) -> bool:
        """Whether nothing was taken from what stands under these top keys."""
        return self.broken.isdisjoint(top_keys)

    def mark(self, path: Path) -> Mark:
        """Where something of the scheme stands in the file; where an optional key is absent, what should hold it."""
        return self.tree.at(self._in_file(path))

    def add(self, path: Path, said: Message) -> None:
        """Put down a fault at a place of the scheme."""
        self.faults.append(Fault(*self.mark(path), said))

    def add_key(self, path: Path, said: Message) -> None:
        """Put down a fault at the key that a path ends in."""
        self.faults.append(Fault(*self.tree.key_at(self._in_file(path)), said))

    def _in_file(self, path: Path) -> Path:
        match path:
            case (str() as top, int() as place, *rest) if top in self.kept:
                return (top, self.kept[top][place], *rest)
        return path


def structure_faults(error: ValidationError, tree: Tree, known: Known) -> list[tuple[Path, Fault]]:
    """What the validator found, each with the path of keys and indices in the file that it concerns.

    A missing key that was only misspelt is one fault, not two.
    """
    found: list[tuple[Path, Fault]] = []
    absent: list[tuple[Path, Fault]] = []
    misspelt: set[Path] = set()
    for finding in error.errors(include_url=False):
        kind = finding["type"]
        path = _path(finding["loc"], last_is_key=kind == "extra_forbidden")
        fault = _fault(dict(finding), path, tree, known)
        (absent if kind == "missing" else found).append((path, fault))
        if kind == "extra_forbidden" and "nearest" in fault.message.values:
            misspelt.add((*path[:-1], fault.message.values["nearest"]))
    return found + [(path, fault) for path, fault in absent if path not in misspelt]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word that is most like the one written; None where none is."""
    close = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown(template_near: str, template_all: str, *, written: str, known: Iterable[str], **values: Any) -> Message:  # noqa: ANN401 - as message
    """The sentence for a word that is not known: with the nearest known one, else with all of them."""
    words = list(known)
    near = nearest(written, words)
    if near:
        return message(template_near, written=shown(written), nearest=near, **values)
    return message(template_all, written=shown(written), known=", ".join(words), **values)


def shown(text: str) -> str:
    """A written value, short enough for a sentence."""
    return text if len(text) <= _LIMIT_SHOWN else text[:_LIMIT_SHOWN] + "…"


def _path(loc: tuple[int | str, ...], *, last_is_key: bool) -> Path:
    """The place in the file: the validator's own marks for the form it tried ("rule:grade") are left out."""
    last = len(loc) - 1 if last_is_key else len(loc)
    return tuple(step for place, step in enumerate(loc) if place == last or not _is_form(step))


def _is_form(step: str | int) -> bool:
    return isinstance(step, str) and ":" in step and step.partition(":")[0] in _FORMS


def _fault(finding: dict[str, Any], path: Path, tree: Tree, known: Known) -> Fault:
    kind = finding["type"]
    if kind == "extra_forbidden":
        return Fault(*tree.key_at(path), _unknown_key(path, tree, known))
    if kind == "empty-text" and path[-1] == "[key]":
        return Fault(*tree.key_at(path[:-1]), message(N_("A name is missing before the colon here.")))
    if kind == "no-such-start" and isinstance(finding["input"], dict):
        path = (*path, "start")
        return Fault(*tree.at(path), _no_such_start(finding, path))
    return Fault(*tree.at(path), _said(finding, path))


def _said(finding: dict[str, Any], path: Path) -> Message:
    kind, given = finding["type"], finding["input"]
    if kind == "missing":
        return message(N_("The key {key} is missing here."), key=path[-1])
    if given is None:
        return message(_TEMPLATES["empty-text"], key=named(path))
    if isinstance(given, list | dict) and (kind == "literal_error" or kind.startswith("not-")):
        kind = "string_type"
    if kind == "model_type":
        return _keys_wanted(finding, path)
    if kind in _SHAPES or (kind in ("no-such-form", "no-such-start") and not isinstance(given, dict)):
        return message(_SHAPES.get(kind, _SHAPES["dict_type"]), key=named(path))
    if kind == "literal_error":
        return _not_allowed(finding, path)
    return message(_TEMPLATES[kind], **{"key": named(path), "value": _value(given), **finding.get("ctx", {})})


def _keys_wanted(finding: dict[str, Any], path: Path) -> Message:
    """What should hold keys and holds a single value or a list: which keys it knows, the required ones first."""
    keys = next((part.keys() for part in _parts(Part) if part.__name__ == finding["ctx"]["class_name"]), {})
    names = sorted((key for key in keys if key != "lines"), key=lambda key: not keys[key])
    said = N_("{key} must hold keys and values: {{{keys}}}.")
    return message(said, key=named(path), keys=", ".join(f"{name}: …" for name in names[:_KEYS_SHOWN]))


def _parts(part: type[Part]) -> Iterator[type[Part]]:
    yield part
    for narrower in part.__subclasses__():
        yield from _parts(narrower)


def named(path: Path) -> str:
    """What a place is called: its key, with the number of the entry inside a list."""
    name = [step for step in path if isinstance(step, str)][-1]
    last = path[-1]
    return f"{name}[{last + 1}]" if isinstance(last, int) else name


def _value(given: object) -> str:
    return shown(str(given)) if isinstance(given, str | int) else "…"


def _unknown_key(path: Path, tree: Tree, known: Known) -> Message:
    words = known.get(id(value_at(tree.data, path[:-1])), ())
    key = str(path[-1])
    if key.strip() != key:
        said = N_('The key "{written}" has full-width blanks around it. Write half-width ones.')
        return message(said, written=shown(key), nearest=key.strip())
    first = re.split("[:：]", key)[0]
    if first != key and first in words:
        said = N_('"{written}" is read as one key. Write a half-width colon and a blank after {nearest}.')
        return message(said, written=shown(key), nearest=first)
    return unknown(
        N_('The key "{written}" is not known here. Did you mean "{nearest}"?'),
        N_('The key "{written}" is not known here. Known: {known}.'),
        written=key,
        known=words,
    )


def value_at(data: Value, path: Path) -> Value:
    """The value under a path of keys and indices that is there."""
    held: Any = data
    for step in path:
        held = held[step]
    found: Value = held
    return found


def _no_such_start(finding: dict[str, Any], path: Path) -> Message:
    given = finding["input"]
    if "start" in given:
        return _not_allowed({**finding, "input": given["start"]}, path)
    said = N_("The key {key} is missing here. Allowed: {known}.")
    return message(said, key="start", known=", ".join(_expected(finding)))


def _not_allowed(finding: dict[str, Any], path: Path) -> Message:
    return unknown(
        N_('"{written}" is not allowed for {key}. Did you mean "{nearest}"? Allowed: {allowed}.'),
        N_('"{written}" is not allowed for {key}. Allowed: {known}.'),
        written=_value(finding["input"]),
        known=_expected(finding),
        key=named(path),
        allowed=", ".join(_expected(finding)),
    )


def _expected(finding: dict[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", finding["ctx"]["expected"])
