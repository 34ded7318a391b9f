"""An office's rules on its cases, as they are written in a file: read, or refused with the place of the first fault."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.aggregates.cases import OPEN_CASES
from gkevents.aggregates.values import value_of
from gkevents.aggregates.vocabulary import FIELDS, TYPE_NAMES
from gkevents.schemes.faults import structure_faults
from gkevents.schemes.model import limit_parts
from gkevents.schemes.scalars import Part, Text
from gkevents.schemes.tree import Tree, plant
from gkevents.words import N_, Message, message


class _RulesForm(Part):
    """An office's rules as they are written."""

    four_eyes: list[Text] = Field(default=[], description="须经第二人复核的记录类型")
    contest_window: Text | None = Field(None, description="告知后可以提出异议的时限")
    deciders: list[Text] = Field(default=[], description="可以裁定异议的人")
    plan: Text | None = Field(None, description="提交整改方案的时限")
    rectification: Text | None = Field(None, description="整改时限")
    recheck: Text | None = Field(None, description="复查时限")
    source: Text | None = Field(None, description="依据的文件")


def read_rules(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a file of rules, and what it says. Raises RulesFaulty with its first fault."""
    try:
        written = path.read_bytes()
    except OSError as error:
        why = message(N_("the file cannot be read ({error})"), error=type(error).__name__)
        raise no_case.RulesFaulty(name=path, fault=why) from error
    tree, faults = plant(written)
    if tree is None or faults or not isinstance(tree.data, dict):
        line, column, said = (faults[0].line, faults[0].column, faults[0].message) if faults else (1, 1, _NO_KEYS)
        raise _faulty(path, line, column, said)
    known: dict[int, tuple[str, ...]] = {}
    try:
        form = _RulesForm.model_validate(tree.data, context=known)
    except ValidationError as error:
        fault = min((fault for _, fault in structure_faults(error, tree, known)), key=lambda one: one[:2])
        raise _faulty(path, fault.line, fault.column, fault.message) from error
    for place, name in enumerate(form.four_eyes):
        if TYPE_NAMES.get(name) not in OPEN_CASES:
            said = message(N_("no fact of type {type} opens a case"), type=name)
            raise _faulty(path, *tree.at(("four_eyes", place)), said)
    limits = {name: _lasting(path, tree, name, getattr(form, name)) for name in _LIMITS if getattr(form, name)}
    rules = {"four_eyes": sorted({TYPE_NAMES[name] for name in form.four_eyes}), "deciders": form.deciders, **limits}
    return written.decode("utf-8-sig"), rules


_NO_KEYS: Final = message(N_('rules are keys and values, such as "contest_window: 5 working days"'))


def _faulty(path: Path, line: int, column: int, fault: Message) -> no.Refusal:
    where = message(N_("line {line}, column {column}: {fault}"), line=line, column=column, fault=fault)
    return no_case.RulesFaulty(name=path, fault=where)


_LIMITS: Final = ("contest_window", "plan", "rectification", "recheck")


def _lasting(path: Path, tree: Tree, name: str, written: str) -> str:
    """How long something may take, as facts write limits; a day would be the end of it for every case of the year."""
    try:
        limit: str = value_of(FIELDS["limit"], written)
    except no.FieldUnreadable as error:
        raise _faulty(path, *tree.at((name,)), message(_HOW_LONG, written=written)) from error
    if isinstance(limit_parts(limit)[1], dt.date):
        raise _faulty(path, *tree.at((name,)), message(_HOW_LONG, written=written))
    return limit


_HOW_LONG: Final = N_('"{written}" does not say how long: write 5 working days, or 5个工作日, or 48 hours')
