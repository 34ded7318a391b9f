"""Files changed at random: whatever is written, the reader answers with faults or with a scheme that can be used.

Lines are mangled (what a hand does to a text), and values of the tree are exchanged (what a wrong idea does to a rule).
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.reading import read
from gkevents.schemes.tree import plant
from gkevents.words import say
from tests.schemes.small import EVERYTHING, SMALL, UNWEIGHTED

ODD = [
    "null", "[]", "{}", "-1", "80%", "grade", "rule:x: 1", "{a: 1}", "\t", "&a", "*a", "!!str", "'", '"\\0"', "：",
    "，", "? [a]", "<<", "- ", "#", "\u2028", "６",
]  # fmt: skip
"""What gets into a line."""

VALUES: list[Any] = [
    None, "", " ", "0", "1", "2", "59", "100", "1000000", "0.5", "1/3", "80%", "120%", "-1", "true", "false", "once",
    "none", "figure", "base", "total", "all", "set", "overlay", "previous", "3 years", "50% of mean", "0 of mean",
    "乡镇", "甲镇", "G1", "R1", "E2", "日常公开", "工作考核", "好", "[key]", [], {}, ["G1"], ["0", "3"], {"": "1"},
    {"from": "3", "to": "6"}, {"nth": ["1"]}, {"month": "1"}, {"above": "1", "per": "1"}, {"start": "rank"},
    {"start": "metric", "worth": {"proportional": "1"}}, {"of": "base", "above": "1"}, {"kind": ["投诉"]},
]  # fmt: skip
"""What takes the place of a value."""


def texts() -> list[str]:
    """The published schemes and the invented ones."""
    return [*(catalog.text_of(scheme) for scheme in catalog.ORDER), SMALL, UNWEIGHTED, EVERYTHING, EVERYTHING]


def mangled(text: str, draw: random.Random) -> str:
    """A text with one or a few lines spoilt."""
    lines = text.split("\n")
    for _ in range(draw.choice((1, 1, 3))):
        place = draw.randrange(len(lines))
        line = lines[place]
        cut = draw.randrange(len(line) + 1)
        lines[place] = draw.choice((
            line[:cut] + line[cut + 1 :], line[:cut] + draw.choice(ODD) + line[cut:], "  " + line, line[1:],
            line.partition(":")[0] + ": " + draw.choice(ODD), line + "\n" + line, "",
        ))  # fmt: skip
    return "\n".join(lines)


def places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - plain JSON
    """Every list or mapping within a value, with each of its places."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def exchanged(text: str, draw: random.Random) -> str:
    """A text, as JSON, with one or a few of its values exchanged, left out, given twice or put under another key."""
    tree, _ = plant(text)
    assert tree is not None
    data: Any = json.loads(json.dumps(tree.data))
    for _ in range(draw.choice((1, 1, 2, 4))):
        spots = list(places(data))
        if not spots:
            break
        held, key = draw.choice(spots)
        other, from_there = draw.choice(spots)
        match draw.randrange(5):
            case 0:
                del held[key]
            case 1:
                held[key] = json.loads(json.dumps(other[from_there]))
            case 2 if isinstance(held, list):
                held.append(json.loads(json.dumps(held[key])))
            case 2:
                held[str(from_there)] = held.pop(key)
            case _:
                held[key] = json.loads(json.dumps(draw.choice(VALUES)))
    return json.dumps(data, ensure_ascii=False, indent=1)


def leaves() -> list[tuple[int, int, int]]:
    """Where every single value of the scheme that uses every key stands: line, column, and how long it is."""
    tree, _ = plant(EVERYTHING)
    assert tree is not None
    lines, found = EVERYTHING.split("\n"), []
    for path, mark in tree.values.items():
        value: Any = tree.data
        for step in path:
            value = value[step]
        if isinstance(value, str):
            quoted = lines[mark.line - 1][mark.column - 1] in "\"'"
            found.append((mark.line, mark.column, len(value) + 2 * quoted))
    return found


def misplaced(leaf: tuple[int, int, int], other: str) -> list[str]:
    """What is said of a list or mapping in the place of a single value, where it is not said of that very place."""
    line, column, length = leaf
    lines = EVERYTHING.split("\n")
    was = lines[line - 1]
    lines[line - 1] = was[: column - 1] + other + was[column - 1 + length :]
    faults = read("\n".join(lines)).faults
    if any(fault.line == line and fault.column in (column, column + 1) for fault in faults):
        return []
    return [f"{line}:{column} {other}", *(say(fault.message, "en") for fault in faults)]


def test_a_list_or_mapping_for_a_single_value_is_a_fault_in_its_place() -> None:
    for leaf in random.Random(20260102).sample(leaves(), 40):
        for other in ("{zz: 1}", "[[zz]]"):
            assert misplaced(leaf, other) == []


@pytest.mark.soak
def test_so_it_is_in_every_place() -> None:
    assert [said for leaf in leaves() for other in ("{zz: 1}", "[[zz]]") for said in misplaced(leaf, other)] == []


def what_is_read_is_told_or_used(number: int, beginning: int) -> int:
    """Reads so many mutated files; how many of them had no fault comes back."""
    draw = random.Random(beginning)
    originals, sound = texts(), 0
    for place in range(number):
        text = (mangled if place % 2 else exchanged)(draw.choice(originals), draw)
        reading = read(text)
        for fault in reading.faults:
            assert say(fault.message, "en")
            assert say(fault.message, "zh")
            assert fault.line >= 1
            assert fault.column >= 1
        assert (reading.content is None) == bool(reading.faults)
        if reading.content is not None:
            sound += 1
            edition = edition_of(reading.content, digest="")
            assert edition.scheme == reading.content["scheme"]
    return sound


def test_no_mutated_file_brings_the_reader_down() -> None:
    sound = what_is_read_is_told_or_used(300, 20260101)
    assert 10 < sound < 200


@pytest.mark.soak
@pytest.mark.parametrize("beginning", range(10))
def test_no_file_of_ten_thousand_does(beginning: int) -> None:
    assert what_is_read_is_told_or_used(1000, beginning) > 50
