"""`gk scheme diff`: what changed from one scheme to another, for whom, in points; nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.asking import Asked
from cli.columns import width
from tests.contract.office import COUNTIES, HEBEI, LUANCHENG, ROOT, Gk, weights

Changed = Callable[..., Path]
SCHEME = LUANCHENG[0]
OTHER_POINTS = (("code: L01", "code: L01X"), ("points: 3\n    lines: [98,", "points: 2\n    lines: [98,"),
                ("points: 3\n    lines: [112,", "points: 4\n    lines: [112,"))  # fmt: skip


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Makes a copy of Luancheng's scheme with some texts replaced."""

    def make(*changes: tuple[str, str]) -> Path:
        text = (ROOT / "schemes" / f"{SCHEME}.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        file = tmp_path / "changed.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return make


def _answer(gk: Gk, old: object, new: object) -> dict[str, Any]:
    said = gk("scheme", "diff", old, new, "--json")
    assert (said.status, said.err) == (0, ""), said
    answer: dict[str, Any] = said.json
    return answer


def test_a_scheme_and_itself(gk: Gk) -> None:
    said = gk("scheme", "diff", SCHEME, SCHEME)
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("Nothing changed.\n")
    answer = _answer(gk, SCHEME, SCHEME)
    assert answer["changed"] is False
    assert answer["changes"] == []
    assert answer["possible"]["乡镇"] == {"from": "100", "to": "100"}


def test_it_needs_no_store_and_makes_none(gk: Gk, changed: Changed) -> None:
    assert gk("scheme", "diff", SCHEME, changed()).status == 0
    assert not gk.file.exists()


def test_points_that_changed_are_said_for_each_category(gk: Gk, changed: Changed) -> None:
    answer = _answer(gk, SCHEME, changed(*OTHER_POINTS))
    assert set(answer) == {"from", "to", "changed", "possible", "changes"}
    assert answer["from"]["scheme"] == SCHEME
    assert answer["changed"] is True
    assert [(row["code"], row["kind"]) for row in answer["changes"]] == [
        ("L01X", "renamed"),
        ("L02", "maximum"),
        ("L03", "maximum"),
    ]
    row = answer["changes"][1]
    assert set(row) == {"about", "kind", "code", "title", "whom", "from", "to", "points", "possible", "message"}
    assert row["points"] == [{"what": "points", "from": "3", "to": "2", "by": "-1"}]
    assert row["possible"] == {"乡镇": {"from": "3", "to": "2"}, "部门": {"from": "3", "to": "2"}}
    assert row["message"] == ["maximum 3 → 2 (-1)", "possible points: 乡镇 -1, 部门 -1"]


def test_the_page_says_the_same(gk: Gk, changed: Changed) -> None:
    page = gk("scheme", "diff", SCHEME, changed(*OTHER_POINTS)).out
    assert "· 乡镇: possible points 100 → 100\n" in page
    assert "· L01X 加强权力配置信息公开 (for all units)\n      code L01 → L01X\n" in page
    assert "· L03 加强政府信息规范管理 (for all units)\n      maximum 3 → 4 (+1)\n" in page


def test_an_item_of_one_form_concerns_that_category(gk: Gk, changed: Changed) -> None:
    file = changed(
        ("title: 基层政务公开标准化规范化（乡镇）", "title: 标准化规范化（乡镇）"), ("only: 乡镇", "only: [乡镇]")
    )
    (row,) = _answer(gk, SCHEME, file)["changes"]
    assert row["whom"] == {"categories": ["乡镇"], "units": []}
    assert row["message"] == ["worded otherwise, with the same points: the title"]
    assert "(for 乡镇)" in gk("scheme", "diff", SCHEME, file).out


def test_clauses_only_are_named_as_such(gk: Gk, changed: Changed) -> None:
    file = changed(("clause: 理清本机关权力和服务职责", "clause: 弄清本机关权力和服务职责"))
    (row,) = _answer(gk, SCHEME, file)["changes"]
    assert (row["kind"], row["points"], row["possible"]) == ("words", [], {})
    assert row["message"] == ["worded otherwise, with the same points: the clause"]


def test_units_that_joined_and_left(gk: Gk, changed: Changed) -> None:
    file = changed(
        ("{name: 栾城镇, category: 乡镇}", "{name: 丙镇, category: 乡镇}"),
        ("{name: 区财政局, category: 部门}", "{name: 区财政局, category: 乡镇}"),
    )
    rows = [row for row in _answer(gk, SCHEME, file)["changes"] if row["about"] == "unit"]
    assert [(row["kind"], row["code"]) for row in rows] == [
        ("removed", "栾城镇"),
        ("added", "丙镇"),
        ("category", "区财政局"),
    ]
    page = gk("scheme", "diff", SCHEME, file).out
    assert "− 栾城镇 (乡镇)\n+ 丙镇 (乡镇)\n· 区财政局\n      category 部门 → 乡镇" in page


def test_one_adopted_in_the_store(gk: Gk, changed: Changed) -> None:
    assert gk("init", "--simulated-clock").status == 0
    named = ("scheme: luancheng-2020", "scheme: draft-2020")
    assert gk("scheme", "adopt", changed(named), "--year", 2020, now="2020-01-01").status == 0
    before = gk.events()
    file = changed(named, ("price: 1,", "price: 2,"))
    (row,) = _answer(gk, "draft-2020", file)["changes"]
    assert (row["code"], row["kind"]) == ("L17", "scored")
    assert row["points"] == [{"what": "rule/deduct/1/price", "from": "1", "to": "2", "by": "1"}]
    assert row["message"] == [
        "− each happening costs 1 point, only from the city level up",
        "+ each happening costs 2 points, only from the city level up",
        "price: 1 → 2 (+1)",
    ]
    assert gk.events() == before


def test_points_decided_by_overlays_are_compared(gk: Gk, tmp_path: Path) -> None:
    files = []
    for name, points in (("old", "1"), ("new", "2")):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(weights({"SC-P1": points}, SC01=points)), encoding="utf-8")
    counties = COUNTIES[0]
    said = gk("scheme", "diff", counties, counties, "--old-overlay", files[0], "--new-overlay", files[1], "--json")
    rows = said.json["changes"]
    assert [(row["code"], row["kind"]) for row in rows] == [
        ("SC01", "maximum"),
        ("SC72", "maximum"),
        ("SC-P1", "scored"),
    ]
    assert [row["points"][0]["by"] for row in rows] == ["1", "-1", "1"]
    decided = gk("scheme", "diff", counties, counties, "--new-overlay", files[1]).out
    assert "possible points – → 100\n" in decided
    assert "maximum none → 2\n" in decided
    assert gk("scheme", "diff", SCHEME, SCHEME, "--new-overlay", files[1]).status == 1


def test_what_is_no_scheme_is_refused(gk: Gk, changed: Changed) -> None:
    said = gk("scheme", "diff", "luancheng-2021", SCHEME)
    assert (said.status, said.out) == (1, "")
    assert SCHEME in said.sentence
    said = gk("scheme", "diff", SCHEME, changed(("points: 3", "points: three")))
    assert (said.status, said.out) == (1, "")
    assert "line" in said.sentence
    assert gk("scheme", "diff", SCHEME).status == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_the_page_is_no_wider_than_the_terminal(
    gk: Gk, monkeypatch: pytest.MonkeyPatch, columns: int, lang: str
) -> None:
    monkeypatch.setattr(Asked, "columns", columns)
    for old, new in (("hunan-cities-2017", "hunan-departments-2017"), (SCHEME, HEBEI[0])):
        page = gk("scheme", "diff", old, new, lang=lang).out
        assert page.count("\n") > 50
        assert [line for line in page.split("\n") if width(line) > columns] == []
