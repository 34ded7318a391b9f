"""A scheme file's text -> its normalised content, or every fault at once, each with line and column.

Three looks, one after the other: is it YAML (`tree`), has it the form of a scheme (`format`), does it make sense
(`sense`). Entries whose form is broken are set aside for the third look, so that it finds what is wrong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from gkevents.schemes.faults import Findings, structure_faults
from gkevents.schemes.format import Scheme, content_of
from gkevents.schemes.sense import look
from gkevents.schemes.tree import Fault, Path, Tree, Value, plant
from gkevents.words import N_, message

_STAND_INS: Final[dict[str, Value]] = {
    "scheme": "x", "family": "x", "title": "x", "issuer": "x", "year": "2000", "base_total": "0", "points": "printed",
    "sections": [], "items": [],
}  # fmt: skip
"""What stands for a broken or missing top key while the rest is looked at; nothing is said about it then."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a text: its content, or the faults that keep it from having one, in the order of the file."""

    content: dict[str, Any] | None
    faults: tuple[Fault, ...]


def read(text: str | bytes) -> Reading:
    """The normalised content of a scheme file (see `model.edition_of`), or all its faults; never both."""
    tree, faults = plant(text)
    if tree is None:
        return _refused(faults)
    if not isinstance(tree.data, dict):
        said = N_('A scheme file holds keys and values, such as "scheme: luancheng-2020"; this is something else.')
        return _refused([*faults, Fault(*tree.at(()), message(said))])
    known: dict[int, tuple[str, ...]] = {}
    try:
        scheme = Scheme.model_validate(tree.data, context=known)
    except ValidationError as error:
        found = structure_faults(error, tree, known)
        faults += [fault for _, fault in found]
        findings = _without(tree, tree.data, [*_concerned(found)])
    else:
        findings = Findings(scheme, tree, kept={})
    look(findings)
    faults += findings.faults
    return _refused(faults) if faults else Reading(content_of(findings.scheme), ())


def _refused(faults: Iterable[Fault]) -> Reading:
    return Reading(None, tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))))


def _concerned(found: Iterable[tuple[Path, Fault]]) -> Iterator[Path]:
    """The places that faults concern: for a key that is misspelt, also that of the key that is missing for it."""
    for path, fault in found:
        yield path
        if "nearest" in fault.message.values:
            yield (*path[:-1], fault.message.values["nearest"])


def _without(tree: Tree, data: dict[str, Value], paths: Iterable[Path]) -> Findings:
    """The scheme that is left when every broken entry (of a list) or top key is taken out."""
    tops: set[str] = set()
    entries: dict[str, set[int]] = {}
    for path in paths:
        match path:
            case (str() as top, int() as place, *_):
                entries.setdefault(top, set()).add(place)
            case _:
                tops.add(str(path[0]))
    left = {key: value for key, value in data.items() if key not in tops}
    kept: dict[str, list[int]] = {}
    for top in entries.keys() - tops:
        held = left[top] or []
        kept[top] = [place for place in range(len(held)) if place not in entries[top]]
        left[top] = [value for place, value in enumerate(held) if place not in entries[top]]
    absent = {key: value for key, value in _STAND_INS.items() if key not in left}
    broken = frozenset(tops | entries.keys() | absent.keys())
    return Findings(Scheme.model_validate({**left, **absent}), tree, kept=kept, broken=broken)
