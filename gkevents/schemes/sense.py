"""What the form of a file cannot say: whether its codes, sections, names, readings and bands fit each other.

Every check looks at the whole scheme and puts down all it finds. A check that compares with a list from which broken
entries were taken stays silent about it: one fault in a file must not show as ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.format import Reading, Scheme
from gkevents.schemes.sense_bands import bands_fit, vetoes_say_what_they_do, zero_out_names_a_band
from gkevents.schemes.sense_parts import (
    bounds_have_room,
    categories_of,
    gates_open,
    measures_are_told_apart,
    parts_hold_every_section,
    ties_are_broken_by_scores,
    weights_are_for_every_category,
    what_is_set_aside_is_made_up,
)
from gkevents.schemes.sense_rules import rules_fit
from gkevents.schemes.sense_sums import sums_agree
from gkevents.schemes.tree import Path, Value
from gkevents.words import N_, message

Cited = tuple[Path, str]


def look(findings: Findings) -> None:
    """Put down everything in a scheme that does not make sense."""
    for check in _CHECKS:
        check(findings)


def codes_are_unique(findings: Findings) -> None:
    """No code names two things: a fact names its item by the code alone."""
    first: dict[str, Path] = {}
    for path, code in _codes(findings.scheme):
        if code in first:
            line = findings.mark(first[code]).line
            said = message(N_("The code {code} is used twice, first in line {line}."), code=code, line=line)
            findings.add(path, said)
        first.setdefault(code, path)


def _codes(scheme: Scheme) -> Iterator[Cited]:
    for place, item in enumerate(scheme.items):
        yield ("items", place, "code"), item.code
    for place, group in enumerate(scheme.adjustments):
        yield ("adjustments", place, "code"), group.code
        for inner, rule in enumerate(group.rules):
            yield ("adjustments", place, "rules", inner, "code"), rule.code
    for place, veto in enumerate(scheme.vetoes):
        yield ("vetoes", place, "code"), veto.code
    if scheme.zero_out is not None:
        yield ("zero_out", "code"), scheme.zero_out.code


def lists_hold_something(findings: Findings) -> None:
    """A scheme has sections and items, and a ± group its rules."""
    scheme = findings.scheme
    wanted: list[tuple[Path, object]] = [(("sections",), scheme.sections), (("items",), scheme.items)]
    wanted += [(("adjustments", place, "rules"), group.rules) for place, group in enumerate(scheme.adjustments)]
    for path, held in wanted:
        if not held and findings.intact(str(path[0])):
            findings.add(path, message(N_("{key} is empty. It needs at least one entry."), key=path[-1]))


def names_are_unique(findings: Findings) -> None:
    """No section, part, reading, band, unit or variant stands there twice."""
    scheme = findings.scheme
    _twice(findings, [(("sections", place, "name"), part.name) for place, part in enumerate(scheme.sections)])
    _twice(findings, [(("readings", place, "id"), part.id) for place, part in enumerate(scheme.readings)])
    _twice(findings, [(("parts", place, "name"), part.name) for place, part in enumerate(scheme.parts)])
    _twice(findings, [(("bands", place, "name"), part.name) for place, part in enumerate(scheme.bands)])
    _twice(findings, [(("variants", place), name) for place, name in enumerate(scheme.variants)])
    units = []
    for place, unit in enumerate(scheme.roster):
        units.append((("roster", place, "name"), unit.name))
        if unit.printed not in (None, unit.name):
            units.append((("roster", place, "printed"), unit.printed or ""))
    _twice(findings, units)


def _twice(findings: Findings, names: Iterable[tuple[Path, str]]) -> None:
    first: dict[str, Path] = {}
    for path, name in names:
        if name in first:
            line = findings.mark(first[name]).line
            findings.add(path, message(N_("{name} stands here twice, first in line {line}."), name=name, line=line))
        first.setdefault(name, path)


def sections_are_known(findings: Findings) -> None:
    """Every item stands under a section of the list, and every pointer points into one."""
    if not findings.intact("sections"):
        return
    known = [section.name for section in findings.scheme.sections]
    codes, all_told = _item_codes(findings)
    cited: list[Cited] = []
    for place, item in enumerate(findings.scheme.items):
        cited.append((("items", place, "section"), item.section))
        if item.rule.start == "elsewhere" and item.rule.see not in codes and all_told:
            cited.append((("items", place, "rule", "see"), item.rule.see))
    for path, section in cited:
        name = section.partition(" / ")[0]
        if name not in known:
            said = unknown(
                N_('There is no section "{written}". Did you mean "{nearest}"?'),
                N_('There is no section "{written}". Sections: {known}.'),
                written=name,
                known=known,
            )
            findings.add(path, said)


def _item_codes(findings: Findings) -> tuple[set[str], bool]:
    """The codes of the items in the file, broken ones too, and whether each of them tells its code."""
    data = findings.tree.data
    held = data.get("items") if isinstance(data, dict) else None
    rows = held if isinstance(held, list) else []
    codes = {code for row in rows if isinstance(row, dict) and isinstance(code := row.get("code"), str)}
    return codes, len(codes) == len(rows) or findings.intact("items")


def categories_are_known(findings: Findings) -> None:
    """`only` names a variant, `always` a variant or a category, and every unit has a variant where there are some."""
    scheme = findings.scheme
    if not findings.intact("variants", "roster"):
        return
    categories = categories_of(scheme)
    for place, item in enumerate(scheme.items):
        for inner, variant in enumerate(item.only or ()):
            _category(findings, ("items", place, "only", inner), variant, scheme.variants)
        _twice(findings, [(("items", place, "only", inner), name) for inner, name in enumerate(item.only or ())])
        for inner, category in enumerate(item.always):
            _category(findings, ("items", place, "always", inner), category, categories)
    for place, unit in enumerate(scheme.roster if scheme.variants else []):
        if unit.category is None:
            said = N_("{unit} has no category. The items differ by category, so every unit needs one of: {known}.")
            findings.add(("roster", place), message(said, unit=unit.name, known=", ".join(scheme.variants)))
        else:
            _category(findings, ("roster", place, "category"), unit.category, scheme.variants)


def _category(findings: Findings, path: Path, written: str, known: list[str]) -> None:
    if written in known:
        return
    if not known:
        said = message(N_('There is no category "{written}": the file lists no variants.'), written=written)
    else:
        said = unknown(
            N_('There is no category "{written}". Did you mean "{nearest}"?'),
            N_('There is no category "{written}". Known: {known}.'),
            written=written,
            known=known,
        )
    findings.add(path, said)


def named_units_are_known(findings: Findings) -> None:
    """An item's list of units names units of the roster; what holds for the others needs such a list."""
    names = [unit.name for unit in findings.scheme.roster]
    for place, item in enumerate(findings.scheme.items):
        for inner, name in enumerate(item.named if findings.intact("roster") else []):
            if name not in names:
                said = unknown(
                    N_('"{written}" is not on the roster. Did you mean "{nearest}"?'),
                    N_('"{written}" is not on the roster. Write the name as the roster has it.'),
                    written=name,
                    known=names,
                )
                findings.add(("items", place, "named", inner), said)
        for key, value in (("others", item.others), ("always", item.always)):
            if value and not item.named:
                said = message(N_("{key} says what holds beside the units named; the list named is missing."), key=key)
                findings.add(("items", place, key), said)


def readings_are_known(findings: Findings) -> None:
    """Every reading that is cited is in the register."""
    if not findings.intact("readings"):
        return
    known = [reading.id for reading in findings.scheme.readings]
    for path, reading in _citations(findings.scheme):
        if reading not in known:
            said = unknown(
                N_('There is no reading "{written}". Did you mean "{nearest}"?'),
                N_('There is no reading "{written}" under readings.'),
                written=reading,
                known=known,
            )
            findings.add(path, said)


def _citations(scheme: Scheme) -> Iterator[Cited]:
    for path, readings in _cites(scheme):
        for place, reading in enumerate(readings):
            yield (*path, "readings", place), reading
    for place, row in enumerate(scheme.acknowledged):
        if row.reading is not None:
            yield ("acknowledged", place, "reading"), row.reading


def _cites(scheme: Scheme) -> Iterator[tuple[Path, list[str]]]:
    """Whatever may cite readings, and what it cites."""
    for place, item in enumerate(scheme.items):
        yield ("items", place), item.readings
        if item.not_applicable is not None:
            yield ("items", place, "not_applicable"), item.not_applicable.readings
    for place, group in enumerate(scheme.adjustments):
        yield ("adjustments", place), group.readings
        for inner, rule in enumerate(group.rules):
            yield ("adjustments", place, "rules", inner), rule.readings
    for place, veto in enumerate(scheme.vetoes):
        yield ("vetoes", place), veto.readings
    for key, said in (("not_applicable", scheme.not_applicable), ("zero_out", scheme.zero_out)):
        if said is not None:
            yield (key,), said.readings


def readings_are_decided(findings: Findings) -> None:
    """The reading chosen is one of its options, and the place that sets it is in the file."""
    for place, reading in enumerate(findings.scheme.readings):
        if reading.chosen not in reading.options:
            said = unknown(
                N_('"{written}" is not among the options. Did you mean "{nearest}"?'),
                N_('"{written}" is not among the options: {known}.'),
                written=reading.chosen,
                known=reading.options,
            )
            findings.add(("readings", place, "chosen"), said)
        if reading.set_by is not None and findings.intact("items", "adjustments", "vetoes"):
            _place_is_there(findings, ("readings", place, "set_by"), reading)


def _place_is_there(findings: Findings, path: Path, reading: Reading) -> None:
    where, _, key = (reading.set_by or "").partition(" ")
    holders = dict(_holders(findings.tree.data))
    if where not in holders:
        said = unknown(
            N_('set_by names "{written}", which is no code and no top key. Did you mean "{nearest}"?'),
            N_('set_by names "{written}", which is no code and no top key. Write it as "H19 first_card".'),
            written=where,
            known=holders,
        )
        findings.add(path, said)
        return
    keys = set(_keys(holders[where]))
    if key and key.strip() not in keys:
        said = unknown(
            N_('"{where}" has no key "{written}". Did you mean "{nearest}"?'),
            N_('"{where}" has no key "{written}". It has: {known}.'),
            written=key.strip(),
            known=sorted(keys),
            where=where,
        )
        findings.add(path, said)


def _holders(data: Value) -> Iterator[tuple[str, Value]]:
    """Everything that a place may be named by: the top keys, then whatever has a code."""
    assert isinstance(data, dict)  # noqa: S101 - a scheme has been made of it
    yield from data.items()
    waiting: list[Value] = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(part.get("code"), str):
                yield str(part["code"]), part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _keys(part: Value) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _keys(value)
    elif isinstance(part, list):
        for entry in part:
            yield from _keys(entry)


_CHECKS: Final[tuple[Callable[[Findings], None], ...]] = (
    codes_are_unique,
    lists_hold_something,
    names_are_unique,
    sections_are_known,
    categories_are_known,
    named_units_are_known,
    readings_are_known,
    readings_are_decided,
    bounds_have_room,
    measures_are_told_apart,
    parts_hold_every_section,
    weights_are_for_every_category,
    gates_open,
    ties_are_broken_by_scores,
    what_is_set_aside_is_made_up,
    bands_fit,
    vetoes_say_what_they_do,
    zero_out_names_a_band,
    rules_fit,
    sums_agree,
)
