"""The quick way to a canonical form: for facts written plainly, as those of a file of a hundred thousand mostly are.

Nothing is decided here. Whatever is not plain (an empty field, a list in the place of a text, a value that cannot be
read) gives None; `facts.canonical` then goes the long way, which says what is wrong with it. How the fields of a type
are read is planned once for each set of fields, and short values that come again and again (days, codes, levels,
numbers) are read once: kept by their text, so that 1, "1" and true never stand for each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from gkevents.aggregates.refusals import FieldUnreadable
from gkevents.aggregates.values import KEY_MAX, TEXT_MAX, plain, value_of
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS, TYPE_NAMES, Field

_Read = Callable[[Any], Any]
"""From what is written to the canonical value; None where it is not plain."""

_PLANS_MOST: Final = 2_000
_KEPT_MOST: Final = 20_000
_KEPT_LENGTH: Final = 60
_WHOLE_MOST: Final = 10**15
_WAYS: Final = ({"value"}, {"numerator", "denominator"}, {"previous", "current"})


class _Plan(NamedTuple):
    """How the facts with one set of fields are read: in which order, and what must not be 0 in the end."""

    type: str
    steps: tuple[tuple[str, _Read], ...]
    above_zero: tuple[str, ...]
    counted: bool


def plainly(written: Mapping[str, Any]) -> dict[str, Any] | None:
    """The canonical form of a fact that is written plainly; None where it may be none, or is not plain."""
    kind = written.get("type")
    if type(kind) is not str:
        return None
    plan = _PLANS.get((kind, *written)) or _planned(kind, written)
    if plan is None:
        return None
    body: dict[str, Any] = {}
    try:
        for name, read in plan.steps:
            value = read(written[name])
            if value is None:
                return None
            body[name] = value
    except TypeError:  # a list or an object where a text belongs
        return None
    body["type"] = plan.type
    if plan.counted and body["count"] == 1:
        del body["count"]
    if plan.above_zero and any(body[name] == "0" for name in plan.above_zero):
        return None
    return body


_PLANS: Final[dict[tuple[str, ...], _Plan]] = {}


def _planned(written_type: str, fields: Mapping[str, Any]) -> _Plan | None:
    """The plan for a type with a set of fields, kept for the next fact; None where no fact has just these fields."""
    kind = FACT_TYPES.get(TYPE_NAMES.get(plain(written_type), ""))
    if kind is None or not fields.keys() <= {*kind.fields} or not fields.keys() >= {"ref", "unit", *kind.required}:
        return None
    if len(fields.keys() & {"effective_on", "effective_at"}) != 1:
        return None
    if kind.name == "checklist" and len(fields.keys() & {"met", "missing"}) != 1:
        return None
    if kind.name == "metric" and fields.keys() & set().union(*_WAYS) not in _WAYS:
        return None
    names = [name for name in kind.fields if name in fields and name != "type"]
    steps = tuple((name, _FIELD_READERS[name]) for name in names)
    above_zero = tuple(name for name in ("denominator", "previous") if kind.name == "metric" and name in fields)
    if len(_PLANS) >= _PLANS_MOST:
        _PLANS.clear()
    return _PLANS.setdefault((written_type, *fields), _Plan(kind.name, steps, above_zero, "count" in fields))


def _key(written: object) -> str | None:
    if type(written) is not str:
        return None
    text = (written if written.isascii() else unicodedata.normalize("NFKC", written)).strip()
    return text if 0 < len(text) <= KEY_MAX and text.isprintable() else None


def _prose(written: object) -> str | None:
    if type(written) is not str or not written.isprintable():
        return None
    text = written.strip()
    return text if 0 < len(text) <= TEXT_MAX else None


def _names(written: object) -> list[str] | None:
    names = [_prose(name) for name in (written if isinstance(written, list) else [written])]
    read = list(dict.fromkeys(name for name in names if name is not None))
    return read if names and None not in names else None


def _truth(written: object) -> bool | None:
    return written if isinstance(written, bool) else None


class _Kept(dict[str, Any]):
    """The canonical values of some fields, by the text that was written; read when first asked for."""

    def __init__(self, read: _Read) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: object) -> Any:  # noqa: ANN401 - a canonical value
        if type(written) is int and -_WHOLE_MOST < written < _WHOLE_MOST:
            return self[str(written)]
        if type(written) is not str:
            return None
        value = self._read(written)
        if value is not None and len(written) <= _KEPT_LENGTH:
            if len(self) >= _KEPT_MOST:
                self.clear()
            self[written] = value
        return value


def _of_kind(kind: str) -> _Read:
    """How a field of a kind is read that has no quick way of its own: the long way, once for each text."""
    field = Field(kind, "", kind)

    def read(written: str) -> Any:  # noqa: ANN401 - a canonical value
        try:
            return value_of(field, written) if written.strip() else None
        except FieldUnreadable:
            return None

    return _Kept(read).__getitem__


_READERS: Final[Mapping[str, _Read]] = {
    **{kind: _of_kind(kind) for kind in sorted({field.kind for field in FIELDS.values()})},
    "key": _key,
    "text": _prose,
    "texts": _names,
    "bool": _truth,
}
_AGAIN_AND_AGAIN: Final = frozenset({"unit", "matter", "reason", "recorded_by", "by", "source", "other_unit"})
"""Texts that are mostly the same few ones."""


def _reader(name: str) -> _Read:
    read = _READERS[FIELDS[name].kind]
    return _Kept(read).__getitem__ if name in _AGAIN_AND_AGAIN else read


_FIELD_READERS: Final[Mapping[str, _Read]] = {name: _reader(name) for name in FIELDS}
