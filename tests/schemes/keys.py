"""Every key that a scheme file may have, where a scheme uses it, and that scheme with the value there changed."""

from __future__ import annotations

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from gkevents.schemes.format import Scheme
from gkevents.schemes.scalars import Part, Sparse, plain
from gkevents.schemes.tree import plant

EVERYTHING: Final = Path(__file__).with_name("everything.yaml")
Place = tuple[str | int, ...]
_MORE: Final = """
zero_out: {readings: [R-1]}
items:
  - code: X1
    title: 多种写法一
    section: 日常公开
    points: 5
    clause: 样例
    rule:
      start: metric
      worth: {below: 50% of mean, each: 1%, earns: 1, relative: true}
      add: [{each: event, price: 1}]
      deduct: [{each: event, price: 1}]
      floor: 1
  - code: X2
    title: 多种写法二
    section: 日常公开
    points: 5
    clause: 样例
    rule:
      start: checklist
      worth: {missing: 1, of: 5}
      add: [{each: event, price: 1}]
      deduct: [{each: event, price: 1}]
      floor: 1
  - code: X3
    title: 多种写法三
    section: 日常公开
    points: 5
    clause: 样例
    rule:
      start: count
      kind: 简报
      worth: {tiers: [{from: 1, points: 5}, {from: 0, points: 0}]}
      add: [{each: event, price: 1, when: {kind: 加}}]
      floor: 1
  - code: X4
    title: 多种写法四
    section: 日常公开
    points: 5
    clause: 样例
    rule:
      start: rank
      worth: {places: [5, 3]}
      add: [{each: event, price: 1}]
      deduct: [{each: event, price: 1}]
      floor: 1
  - {code: X5, title: 多种写法五, section: 日常公开, points: 5, clause: 样例,
     rule: {start: zero, add: [{each: event, price: 1}], floor: 1}}
"""


class Use(NamedTuple):
    """A key that is used: the form it belongs to, its name, where it stands in the content."""

    form: str
    key: str
    place: Place
    holder: bool
    """Whether it holds forms with keys of their own."""


def forms() -> dict[str, type[Part]]:
    """Every form with keys that a scheme may hold, by its name."""
    found: dict[str, type[Part]] = {}
    waiting: list[object] = [Scheme]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, Part) and one.__name__ not in found:
            found[one.__name__] = one
            waiting += [field.annotation for field in one.model_fields.values()]
    return found


def everything() -> Scheme:
    """The scheme that uses every key."""
    data = _planted(EVERYTHING.read_text(encoding="utf-8"))
    more = _planted(_MORE)
    data["items"] += more["items"]
    data["zero_out"] |= more["zero_out"]
    return Scheme.model_validate(data)


def _planted(text: str) -> dict[str, Any]:
    tree, faults = plant(text)
    assert tree is not None
    assert not faults
    data: Any = tree.data
    assert isinstance(data, dict)
    return data


def uses(part: Part, place: Place = ()) -> Iterator[Use]:
    """Every key that a part, or what it holds, was given a value for."""
    for name in part.model_fields_set:
        field = type(part).model_fields[name]
        here = (*place, field.alias or name)
        inside = list(_inside(getattr(part, name), here))
        yield Use(type(part).__name__, field.alias or name, here, bool(inside))
        yield from inside


def _inside(value: object, place: Place) -> Iterator[Use]:
    if isinstance(value, Part):
        yield from uses(value, place)
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _inside(entry, (*place, number))


def changed(content: dict[str, Any], use: Use) -> Iterator[dict[str, Any]]:
    """A content with something else there: each other word allowed, another number or text, or nothing."""
    form = forms()[use.form]
    field = next(field for name, field in form.model_fields.items() if (field.alias or name) == use.key)
    before: Any = content
    for step in use.place:
        before = before[step]
    values = _others(before, _words(field.annotation))
    if not field.is_required() and use.key != "on":
        values.append(plain(field.get_default()))
    for value in values:
        if value != before:
            yield _with(content, use.place, value, leave_out=value is None and issubclass(form, Sparse))


def _with(held: Any, place: Place, value: object, *, leave_out: bool) -> Any:  # noqa: ANN401 - plain JSON
    """A copy of a content with a value at a place, or with nothing there; what is not on the way is shared."""
    step, *rest = place
    copied: Any = held.copy()
    if rest:
        copied[step] = _with(held[step], tuple(rest), value, leave_out=leave_out)
    elif leave_out:
        del copied[step]
    else:
        copied[step] = value
    return copied


def _words(annotation: object) -> list[str]:
    """The words that a key allows, where it allows only some."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        return [word for one in get_args(annotation) for word in _words(one)]
    return []


def _others(value: Any, words: list[str]) -> list[Any]:  # noqa: ANN401 - plain JSON
    if isinstance(value, bool | int):
        return [not value if isinstance(value, bool) else value + 1]
    if isinstance(value, str):
        return [word for word in words if word != value] if words else ["7" if value[:1].isdigit() else f"{value}甲"]
    if isinstance(value, list):
        return [value[:-1], [*value, value[0]]]
    return [dict(list(value.items())[:-1])]
