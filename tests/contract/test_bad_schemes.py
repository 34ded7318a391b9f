"""Scheme files and overlays with faults are refused with their line, and nothing is adopted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.office import DOCS, ROOT, WEIGHTED, Gk, Office, weights

Opener = Callable[..., Office]


def changed(tmp_path: Path, scheme: str, *changes: tuple[str, str]) -> Path:
    """A published scheme file with some texts replaced."""
    text = (ROOT / "schemes" / f"{scheme}.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "changed.yaml"
    file.write_text(text, encoding="utf-8")
    return file


FAULTS: Final = (
    ("start: full", "start: fall"),
    ("points: 15", "points: 16"),
    ("code: DP04", "code: DP03"),
    ("price: 5", "price: five"),
    ("points: 10", "points: -10"),
    ("items:", "itmes:"),
    ("year: 2017", "year: [2017"),
)


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change[1])
def test_a_scheme_file_with_faults(gk: Gk, tmp_path: Path, change: tuple[str, str]) -> None:
    gk("init", "--simulated-clock")
    file = changed(tmp_path, DOCS[0], change)
    ran = gk("scheme", "adopt", file, "--year", 2017, "--unit", DOCS[1], now="2017-01-01")
    assert (ran.status, ran.out) == (1, "")
    assert "line" in ran.sentence
    assert gk("scheme", "check", file).status == 1
    assert gk("scheme", "show", file).status == 1
    assert gk.events() == 0


BROKEN: Final = ROOT / "tests" / "schemes" / "broken"


@pytest.mark.parametrize(
    "name", ["full-width-colon", "weights-that-do-not-add-up", "veto-that-does-nothing", "range-upside-down"]
)
def test_a_scheme_file_of_the_office_with_a_fault_is_not_adopted(gk: Gk, name: str) -> None:
    gk("init", "--simulated-clock")
    file = BROKEN / f"{name}.yaml"
    place = file.read_text(encoding="utf-8").split()[1]
    ran = gk("scheme", "adopt", file, "--year", 2020, "--unit", "甲局", now="2020-01-01")
    assert (ran.status, ran.out) == (1, "")
    assert f"line {place.partition(':')[0]}" in ran.sentence
    assert gk.events() == 0


def test_a_scheme_file_that_uses_every_key_is_adopted(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    file = BROKEN.with_name("everything.yaml")
    assert gk("scheme", "check", file).status == 0
    ran = gk("scheme", "adopt", file, "--year", 2020, "--json", now="2020-01-01")
    assert ran.json["units"] == ["甲镇", "乙镇", "丙局", "丁局"]
    assert gk("score", "甲镇", "--scheme", "everything-2020", "--year", 2020, "--json", now="2020-02-01").json[
        "provisional"
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", b"- 1\n- 2\n", b"a: *b\n", "标题".encode("gb18030"), b"x" * 5000]
)
def test_a_scheme_file_that_is_none(gk: Gk, tmp_path: Path, content: bytes) -> None:
    gk("init", "--simulated-clock")
    file = tmp_path / "none.yaml"
    file.write_bytes(content)
    ran = gk("scheme", "adopt", file, "--year", 2017, "--unit", DOCS[1], now="2017-01-01")
    assert ran.status == 1
    assert "line" in ran.sentence
    checked = gk("scheme", "check", file, "--json")
    assert checked.status == 1
    assert checked.json["files"][0]["faults"]
    assert gk.events() == 0


def without(code: str) -> dict[str, Any]:
    """An overlay that leaves an item out, its points given to another."""
    decided = weights()
    decided["points"][WEIGHTED[0]] = str(int(decided["points"][WEIGHTED[0]]) + int(decided["points"].pop(code)))
    return decided


OVERLAYS: Final = (
    (weights() | {"points": weights()["points"] | {"SC01": "2"}}, ("101", "100")),
    (weights() | {"points": weights()["points"] | {"SC01": "0"}}, ("99", "100")),
    (without("SC40"), ("SC40",)),
    (weights() | {"points": weights()["points"] | {"SC99": "1"}}, ("SC99",)),
    (weights() | {"points": weights()["points"] | {"SC15": "1"}}, ("SC15",)),
    (weights() | {"adjustments": weights()["adjustments"] | {"SC-P9": "1"}}, ("SC-P9",)),
    (weights() | {"caps": {"SC-X": "1"}}, ("SC-X",)),
    (weights() | {"points": weights()["points"] | {"SC01": "-1"}}, ("SC01", "-1")),
    (weights() | {"colour": "red"}, ("colour",)),
)


@pytest.mark.parametrize(("overlay", "says"), OVERLAYS, ids=lambda value: str(value)[:20])
def test_an_overlay_that_does_not_fit(gk: Gk, tmp_path: Path, overlay: dict[str, Any], says: tuple[str, ...]) -> None:
    gk("init", "--simulated-clock")
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(overlay), encoding="utf-8")
    words = ("scheme", "adopt", "sanmenxia-counties-2017", "--year", 2017, "--unit", "县A", "--overlay", file)
    ran = gk(*words, now="2017-01-01")
    assert (ran.status, ran.out) == (1, "")
    assert all(word in ran.sentence for word in (*says, "weights.json")), ran.sentence
    assert gk.events() == 0


def test_an_overlay_on_a_scheme_that_has_points(gk: Gk, tmp_path: Path) -> None:
    gk("init", "--simulated-clock")
    file = tmp_path / "weights.json"
    file.write_text(json.dumps(weights()), encoding="utf-8")
    ran = gk("scheme", "adopt", "luancheng-2020", "--year", 2020, "--overlay", file, now="2020-01-01")
    assert ran.status == 1
    assert "luancheng-2020" in ran.sentence
    assert gk.events() == 0
