"""Small schemes made of the few lines that matter, and the scenarios that try them.

A fragment holds what is told about one shape (items, ± rules, vetoes ...); the head that every scheme has, its
sections and the sum of its points are filled in here. The examples of the guide go the same way, only that nothing
inside their items and rules is filled in: there a reader copies what stands there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.app.scenario_files import read_scenarios
from gkevents.app.scenarios import run
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition
from gkevents.schemes.reading import read
from gkevents.schemes.tree import plant
from gkevents.terms import exact, exact_share, show
from gkevents.words import Message, say

HERE: Final = Path(__file__).parent
GUIDES: Final = {
    "en": HERE.parents[1] / "schemes" / "README.md",
    "zh": HERE.parents[1] / "schemes" / "README.zh-CN.md",
}
SHAPES: Final = tuple(f"S{number:02}" for number in range(1, 52))
MORE: Final = tuple(f"E{number:02}" for number in range(1, 7))
"""What the shapes do not name: rounding, ties, quotas, the order of caps, caps inside caps, no maximum."""

Fragment = dict[str, Any]

_HEAD: Final = {
    "scheme": "example-2020",
    "family": "example",
    "title": "例子",
    "issuer": "某办公室",
    "year": "2020",
    "points": "printed",
}
_REST: Final = {
    "code": "A0",
    "title": "其余条目",
    "section": "其余",
    "points": "100",
    "clause": "每次扣1分",
    "rule": {"start": "full", "deduct": [{"each": "event", "price": "1"}]},
}
_BLOCK: Final = re.compile(r"```yaml\n# ([SE][0-9]{2})( facts)?\n(.*?)```", re.DOTALL)


class Case(NamedTuple):
    """One fragment with its scenarios, and the changes that each must make a scenario fail."""

    fragment: Fragment
    scenarios: list[dict[str, Any]]
    breaks: list[dict[str, Any]]


def planted(text: str) -> Any:  # noqa: ANN401 - plain data
    """YAML as plain data, every number as it is written. It must be without fault."""
    tree, faults = plant(text)
    assert tree is not None, text
    assert not faults, faults
    return tree.data


def cases_of(shape: str) -> list[Case]:
    """The cases of a shape's file."""
    text = (HERE / f"{shape}.yaml").read_text(encoding="utf-8")
    cases = []
    for part in re.split(r"^---\n", text, flags=re.MULTILINE):
        held = planted(part)
        assert held.keys() <= {"fragment", "scenarios", "breaks"}, held.keys()
        cases.append(Case(_filled(held["fragment"]), held["scenarios"], held.get("breaks") or []))
    return cases


def examples_of(language: str) -> dict[str, Case]:
    """The examples of a guide, by id."""
    fragments: dict[str, Fragment] = {}
    facts: dict[str, list[dict[str, Any]]] = {}
    for name, is_facts, block in _BLOCK.findall(GUIDES[language].read_text(encoding="utf-8")):
        if is_facts:
            facts.setdefault(name, []).append({"name": f"{name}-{len(facts.get(name, [])) + 1}", **planted(block)})
        else:
            assert name not in fragments, f"{name} has two examples"
            fragments[name] = planted(block)
    assert fragments.keys() == facts.keys()
    return {name: Case(fragment, facts[name], []) for name, fragment in fragments.items()}


def scheme_text(fragment: Fragment) -> str:
    """A whole scheme file around a fragment (JSON is YAML)."""
    scheme = {**_HEAD, **deepcopy(fragment)}
    scheme.setdefault("items", [_REST])
    heads = dict.fromkeys(item["section"].partition(" / ")[0] for item in scheme["items"])
    scheme.setdefault("sections", [{"name": head} for head in heads])
    scheme.setdefault("base_total", show(_sum(scheme)))
    return json.dumps(scheme, ensure_ascii=False, indent=1)


def _sum(scheme: Mapping[str, Any]) -> Fraction:
    """What the items of the first form come to, each part with its weight; a part beyond the total left out."""
    variant = (scheme.get("variants") or [None])[0]
    weights: dict[str, Fraction] = {}
    for part in scheme.get("parts") or []:
        said = part.get("weight", "1")
        weight = said[variant] if isinstance(said, dict) else said
        for section in _listed(part["sections"]):
            weights[section] = Fraction(0) if part.get("beyond") == "true" else exact_share(weight)
    total = Fraction(0)
    for item in scheme["items"]:
        if "points" in item and variant in (_listed(item["only"]) if "only" in item else [variant]):
            total += exact(item["points"]) * weights.get(item["section"].partition(" / ")[0], Fraction(1))
    return total


def _listed(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def _filled(fragment: Fragment) -> Fragment:
    """A fragment with the names and clauses that a test has no use for."""
    filled: Fragment = deepcopy(fragment)
    for part in _coded(filled):
        part.setdefault("title", part["code"])
        part.setdefault("clause", part["code"])
    for item in filled.get("items", []):
        item.setdefault("section", "示例")
        if "not_applicable" in item:
            item["not_applicable"].setdefault("clause", "不涉及的")
    if "not_applicable" in filled:
        filled["not_applicable"].setdefault("clause", "不涉及的")
    return filled


def _coded(fragment: Fragment) -> Iterator[dict[str, Any]]:
    yield from fragment.get("items", [])
    yield from fragment.get("vetoes", [])
    for group in fragment.get("adjustments", []):
        yield group
        yield from group["rules"]
    if "zero_out" in fragment:
        yield fragment["zero_out"]


def changed(fragment: Fragment, change: Mapping[str, Any]) -> Fragment:
    """A fragment with one place dropped, added, or put `to` something else; or with `all` of several such changes."""
    copy = deepcopy(fragment)
    for one in change.get("all", [change]):
        _change(copy, one)
    assert copy != fragment, change
    return copy


def _change(held: Any, change: Mapping[str, Any]) -> None:  # noqa: ANN401 - plain data
    *way, last = [int(step) if step.isdigit() else step for step in change["at"].split(".")]
    for step in way:
        held = held[step]
    if change.get("drop") == "true":
        del held[last]
    elif "add" in change:
        assert last not in held, change
        held[last] = change["add"]
    else:
        assert held[last] != change["to"], change
        held[last] = change["to"]


def edition(fragment: Fragment) -> Edition | list[str]:
    """The edition of a fragment, or what is wrong with its file."""
    reading = read(scheme_text(fragment))
    if reading.content is None:
        return [f"{fault.line}:{fault.column} {say(fault.message, 'en')}" for fault in reading.faults]
    return edition_of(reading.content, digest="example")


def failures(scheme: Edition, scenarios: list[dict[str, Any]]) -> list[str]:
    """Everything that came out otherwise than the scenarios expect."""
    reading = read_scenarios(json.dumps({"scenarios": scenarios}, ensure_ascii=False))
    assert reading.file is not None, [say(fault.message, "en") for fault in reading.faults]
    return [
        f"{scenario.name}: {each.of} {each.key}: expected {_said(each.expected)}, got {_said(each.got)}"
        for scenario in reading.file.scenarios
        for each in run(scheme, scenario).differences
    ]


def _said(shown: str | Message) -> str:
    return say(shown, "en") if isinstance(shown, Message) else shown
