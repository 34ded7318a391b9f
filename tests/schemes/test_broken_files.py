"""A folder of broken files, one fault each: found where it is, with a sentence that says what would be right.

The first line of each file says what is expected: line, column, and a part of the sentence.
"""

import re
from pathlib import Path

import pytest

from gkevents.schemes.reading import read
from gkevents.words import say
from tests.contract.office import Gk

FOLDER = Path(__file__).with_name("broken")
FILES = sorted(FOLDER.glob("*.yaml"))

EXPECTED = re.compile(r"# (?P<line>[0-9]+):(?P<column>[0-9]+) (?P<part>\S.*)")


def expected_of(file: Path) -> tuple[int, int, str]:
    """Line, column and a part of the sentence, as the first line of a broken file says them."""
    said = EXPECTED.fullmatch(file.read_text(encoding="utf-8").splitlines()[0])
    assert said is not None, file.name
    return int(said["line"]), int(said["column"]), said["part"]


def test_there_are_many_kinds_of_mistakes() -> None:
    assert len(FILES) >= 100
    assert len({expected_of(file)[2] for file in FILES}) >= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_one_fault_is_found_where_it_is(file: Path) -> None:
    line, column, part = expected_of(file)
    (fault,) = read(file.read_bytes()).faults
    assert (fault.line, fault.column) == (line, column)
    assert part in say(fault.message, "en")
    assert say(fault.message, "zh")


@pytest.mark.parametrize("name", ["tab", "misspelt-key", "sum-of-all", "bands-overlapping", "gate-on-itself"])
def test_the_command_tells_the_same(name: str, tmp_path: Path) -> None:
    file = FOLDER / f"{name}.yaml"
    line, column, part = expected_of(file)
    ran = Gk(tmp_path).process("scheme", "check", file, "--json")
    assert ran.status == 1
    (told,) = ran.json["files"]
    (fault,) = told["faults"]
    assert (fault["line"], fault["column"]) == (line, column)
    assert part in fault["message"]
