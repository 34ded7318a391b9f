"""Scenario files: the facts of a made-up year and the points that a clerk worked out by hand, beside a scheme.

Form only: a file becomes its scenarios, or every fault with line and column. `scenarios` runs them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError

from gkevents.exchange.cells import from_form
from gkevents.exchange.headings import field_of
from gkevents.schemes.faults import structure_faults, unknown
from gkevents.schemes.scalars import Day, Part, Text, Whole
from gkevents.schemes.tree import Fault, Path, Tree, plant
from gkevents.terms import exact_share, show
from gkevents.words import N_, Message, message

ENDING: Final = ".tests.yaml"
"""How the name of a scenario file ends; before it stands the name of the scheme file beside it."""
UNIT: Final = "甲"
"""The unit of a scenario that names none."""

POINTS: Final = ("total", "low", "high", "base", "bonus", "deduction")
ITEM_KEYS: Final = ("score", "low", "high", "max", "state")
PART_KEYS: Final = ("score", "low", "high", "weight", "weighted")
_QUARTERS: Final = ("Q1", "Q2", "Q3", "Q4")
_LISTS: Final = ("vetoes", "flags")
_TRUTHS: Final = ("zeroed", "eligible")
_TABLES: Final = ("items", "states", "parts", "deducted_by_quarter")
EXPECTED: Final = (*POINTS, "band", "rank", *_TABLES, *_LISTS, *_TRUTHS)
"""What may be expected of a unit; every key as in the JSON of a score."""

Expected = Mapping[str, Any]


class Scenario(NamedTuple):
    """One scenario: given facts, expected points. `lines`: where each fact stands in the file."""

    name: str
    line: int
    units: Mapping[str, str | None]
    year: int | None
    as_of: dt.date | None
    facts: tuple[Mapping[str, Any], ...]
    lines: tuple[int, ...]
    refused: Mapping[str, str | None]
    expect: Mapping[str, Expected]


class ScenarioFile(NamedTuple):
    """A scenario file: the scheme it is for (as it says, if it does), the points decided for it, its scenarios."""

    scheme: str | None
    overlay: str | None
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class ScenarioReading:
    """What became of a text: the scenario file, or the faults that keep it from being one, in the order of the file."""

    file: ScenarioFile | None
    faults: tuple[Fault, ...]


def is_scenarios(file: str | File) -> bool:
    """Whether a file is one of scenarios, by its name."""
    return File(file).name.endswith(ENDING)


def _named(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over what it was given
    """A list of names as a mapping without values; a single name as a list of one."""
    listed = [value] if isinstance(value, str) else value
    names = isinstance(listed, list) and all(isinstance(name, str) for name in listed)
    return dict.fromkeys(listed) if names else value


Named = Annotated[dict[Text, Text | None], BeforeValidator(_named)]


class _Scenario(Part):
    name: Text
    note: Text | None = None
    units: Annotated[Named, Field(min_length=1)] = Field(default={UNIT: None})
    year: Annotated[Whole, Field(ge=2000, le=2999)] | None = None
    as_of: Day | None = None
    facts: list[dict[str, Any]] = Field(default=[])
    refused: Named = Field(default={})
    expect: dict[Text, dict[str, Any]] = Field(default={})


class _File(Part):
    scheme: Text | None = None
    overlay: Text | None = None
    note: Text | None = None
    scenarios: Annotated[list[_Scenario], Field(min_length=1)]


def read_scenarios(text: str | bytes) -> ScenarioReading:
    """The scenarios that a YAML text holds, or all its faults; never both."""
    tree, faults = plant(text)
    if tree is None:
        return _refused(faults)
    if not isinstance(tree.data, dict):
        said = N_('A scenario file holds keys and values, such as "scenarios: [...]"; this is something else.')
        return _refused([*faults, Fault(*tree.at(()), message(said))])
    known: dict[int, tuple[str, ...]] = {}
    try:
        form = _File.model_validate(tree.data, context=known)
    except ValidationError as error:
        return _refused([*faults, *(fault for _, fault in structure_faults(error, tree, known))])
    look = _Look(tree, faults)
    scenarios = tuple(_scenario(look, place, each) for place, each in enumerate(form.scenarios))
    if look.faults:
        return _refused(look.faults)
    return ScenarioReading(ScenarioFile(form.scheme, form.overlay, scenarios), ())


def _refused(faults: Iterable[Fault]) -> ScenarioReading:
    return ScenarioReading(None, tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))))


class _Look:
    """Where the second look at a file puts down what it finds."""

    def __init__(self, tree: Tree, faults: list[Fault]) -> None:
        self.tree, self.faults = tree, faults

    def add(self, path: Path, said: Message) -> None:
        """Put down a fault at a value."""
        self.faults.append(Fault(*self.tree.at(path), said))

    def add_key(self, path: Path, said: Message) -> None:
        """Put down a fault at a key, or at the value that stands in a list."""
        self.faults.append(Fault(*self.tree.key_at(path), said))


def _scenario(look: _Look, place: int, form: _Scenario) -> Scenario:
    path: Path = ("scenarios", place)
    facts = tuple(
        _fact(look, (*path, "facts", number), fact, default={"ref": f"f{number + 1}", "unit": next(iter(form.units))})
        for number, fact in enumerate(form.facts)
    )
    if not form.expect and not form.refused:
        look.add(path, message(N_("Nothing is expected here. Write expect: (or refused:), else nothing is tested.")))
    refs = [str(fact["ref"]) for fact in facts]
    for number, ref in enumerate(form.refused):
        if ref not in refs:
            where = (*path, "refused", ref if (*path, "refused", ref) in look.tree.keys else number)
            said = unknown(
                N_('No fact here has the ref "{written}". Did you mean "{nearest}"?'),
                N_('No fact here has the ref "{written}". Refs: {known}.'),
                written=ref,
                known=refs,
            )
            look.add_key(where, said)
    return Scenario(
        name=form.name,
        line=look.tree.at(path).line,
        units=form.units,
        year=form.year,
        as_of=dt.date.fromisoformat(form.as_of) if form.as_of is not None else None,
        facts=facts,
        lines=tuple(look.tree.at((*path, "facts", number)).line for number in range(len(facts))),
        refused=form.refused,
        expect=dict(_expectations(look, (*path, "expect"), form)),
    )


def _fact(look: _Look, path: Path, written: Mapping[str, Any], *, default: Mapping[str, str]) -> dict[str, Any]:
    """A fact with its fields by name: they may be written as on a form, in Chinese too."""
    fields: dict[str, Any] = {}
    for name, value in written.items():
        field = field_of(name)
        if field is not None and field in fields:
            said = N_("the heading “{heading}” stands for the same field as another column")
            look.add_key((*path, name), message(said, heading=name))
        known = field is not None and isinstance(value, str)
        fields[field or name] = from_form(str(field), value) if known else value
    return {**default, **{name: value for name, value in fields.items() if value is not None}}


def _expectations(look: _Look, path: Path, form: _Scenario) -> Iterator[tuple[str, Expected]]:
    for unit, expected in form.expect.items():
        if unit not in form.units:
            said = unknown(
                N_('"{written}" is no unit of this scenario. Did you mean "{nearest}"?'),
                N_('"{written}" is no unit of this scenario. Units: {known}.'),
                written=unit,
                known=form.units,
            )
            look.add_key((*path, unit), said)
        yield unit, _expected(look, (*path, unit), expected)


def _expected(look: _Look, path: Path, written: Mapping[str, Any]) -> dict[str, Any]:
    """What is expected of a unit, its points in the form of an answer ("98.50" is "98.5")."""
    expected: dict[str, Any] = {}
    for key, value in written.items():
        where = (*path, key)
        if key not in EXPECTED:
            look.add_key(where, _no_such_key(key, EXPECTED))
        elif key in POINTS:
            expected[key] = _points(look, where, value)
        elif key in _TABLES:
            expected[key] = _table(look, where, key, value)
        elif key in _LISTS:
            expected[key] = _names(look, where, value)
        elif key in _TRUTHS:
            expected[key] = _truth(look, where, value)
        elif key == "rank":
            expected[key] = _rank(look, where, value)
        else:
            expected[key] = _word(look, where, value)
    return expected


def _no_such_key(written: str, known: Iterable[str]) -> Message:
    return unknown(
        N_('The key "{written}" is not known here. Did you mean "{nearest}"?'),
        N_('The key "{written}" is not known here. Known: {known}.'),
        written=written,
        known=known,
    )


def _points(look: _Look, path: Path, value: Any) -> str | None:  # noqa: ANN401 - a value of the file
    """Points as an answer writes them; None where it is undetermined."""
    if value is None:
        return None
    try:
        return show(exact_share(value))
    except (ValueError, TypeError, AttributeError):
        said = N_('"{value}" are no points ({key}). Write 98.5, -2 or 5/3, or null where it is undetermined.')
        look.add(path, message(said, value=_short(value), key=path[-1]))
        return None


def _short(value: Any) -> str:  # noqa: ANN401 - as above
    return value[:40] if isinstance(value, str) else "…"


def _word(look: _Look, path: Path, value: Any) -> str | None:  # noqa: ANN401 - as above
    if value is None or isinstance(value, str):
        return value
    look.add(path, message(N_("{key} must be a single value, not a list or a mapping."), key=path[-1]))
    return None


def _rank(look: _Look, path: Path, value: Any) -> int | None:  # noqa: ANN401 - as above
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    look.add(path, message(N_('"{value}" is not a whole number for {key}.'), value=_short(value), key=path[-1]))
    return None


def _truth(look: _Look, path: Path, value: Any) -> bool | None:  # noqa: ANN401 - as above
    if value not in ("true", "false", None):
        said = N_('"{value}" is neither true nor false ({key}).')
        look.add(path, message(said, value=_short(value), key=path[-1]))
    return None if value is None else value == "true"


def _names(look: _Look, path: Path, value: Any) -> list[str]:  # noqa: ANN401 - as above
    """Codes, each once, in the order of their names: a list, or a single one; none where nothing is written."""
    listed = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        look.add(path, message(N_("{key} must be a list, such as [first, second]."), key=path[-1]))
        return []
    return sorted(set(listed))


_CELLS: Final[Mapping[str, tuple[str, ...]]] = {"items": ITEM_KEYS, "parts": PART_KEYS}
"""What may be said of an item or a part, beside its points alone."""


def _table(look: _Look, path: Path, key: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """What is expected of each item, part or quarter."""
    if not isinstance(value, dict):
        look.add(path, message(N_('{key} must hold keys and values, such as "key: value".'), key=key))
        return {}
    table: dict[str, Any] = {}
    for name, cell in value.items():
        where = (*path, name)
        if key == "deducted_by_quarter" and name not in _QUARTERS:
            look.add_key(where, _no_such_key(name, _QUARTERS))
        elif key == "states":
            table[name] = {"state": _word(look, where, cell)}
        elif key in _CELLS and isinstance(cell, dict):
            table[name] = _cell(look, where, cell, _CELLS[key])
        else:
            table[name] = _points(look, where, cell)
    return table


def _cell(look: _Look, path: Path, cell: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, value in cell.items():
        where = (*path, key)
        if key not in known:
            look.add_key(where, _no_such_key(key, known))
        else:
            said[key] = (_word if key == "state" else _points)(look, where, value)
    return said
