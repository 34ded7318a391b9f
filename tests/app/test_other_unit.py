"""A fact that concerns another unit names one of the same scheme-year, with the item on its form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.words import say
from tests.app.worlds import World, fact

SCHEME = """
scheme: shared-2020
family: shared
title: 样表
issuer: 样例办公室
document: null
year: 2020
base_total: 20
points: printed
variants: [乡镇, 部门]
roster:
  - {name: 甲镇, category: 乡镇}
  - {name: 乙镇, category: 乡镇}
  - {name: 丙局, category: 部门}
sections:
  - {name: 协作, stated: 20}
items:
  - code: S1
    title: 配合
    section: 协作
    points: 10
    clause: 样例：配合不力的单位扣分
    rule: {start: full, deduct: [{each: event, price: 1, whom: other}]}
  - code: S2
    title: 乡镇配合
    section: 协作
    only: 乡镇
    points: 10
    clause: 样例：只对乡镇
    rule: {start: full, deduct: [{each: event, price: 1, whom: other}]}
  - code: S3
    title: 部门自查
    section: 协作
    only: 部门
    points: 10
    clause: 样例：只对部门
    rule: {start: grade}
adjustments:
  - code: G
    title: 加减分
    clause: 样例
    rules:
      - {code: R1, side: deduction, title: 推诿, clause: 样例, rule: {each: event, price: 1, whom: other}}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    file = tmp_path / "shared-2020.yaml"
    file.write_text(SCHEME.lstrip(), encoding="utf-8")
    world = World(tmp_path / "gk.db").init()
    world.adopt(file, year=2020, now="2020-01-06T09:00:00+08:00")
    return world


def said(world: World, item: str, other: str, **fields: Any) -> tuple[str, str]:  # noqa: ANN401 - fields of a fact
    """The code and sentence with which a fact that names another unit is refused; ("", "") where it is taken."""
    row = fact("R1", "occurrence", "2020-05-05", item, unit="甲镇", other_unit=other, **fields)
    logged = world.try_log(row, scheme="shared-2020", now="2020-12-01T09:00:00+08:00")
    return next(((row.code, say(row.message, "en")) for row in logged.refused), ("", ""))


@pytest.mark.parametrize(("item", "other"), [("S1", "乙镇"), ("S1", "丙局"), ("S2", "乙镇"), ("R1", "丙局")])
def test_another_unit_of_the_scheme_year_is_taken_and_the_same_again_is_recorded_already(
    world: World, item: str, other: str
) -> None:
    assert said(world, item, other) == ("", "")
    before = world.count()
    assert said(world, item, f" {other} ") == ("", "")
    assert world.count() == before
    assert said(world, item, "某局")[0] == no.DuplicateContent.code


def test_the_unit_named_is_charged_when_it_is_asked_for_alone_and_with_all(world: World) -> None:
    assert said(world, "S1", "乙镇") == ("", "")
    with world.gk() as gk:
        alone = gk.score(scheme="shared-2020", year=2020, unit="乙镇").scores["乙镇"]
        everybody = gk.score(scheme="shared-2020", year=2020).scores
        _, score, book = gk.replay("乙镇", scheme="shared-2020", year=2020)
    assert {one.items["S1"].score for one in (alone, everybody["乙镇"], score)} == {9}
    assert everybody["甲镇"].items["S1"].score == 10
    (entry,) = [entry for entry in book.entries if entry.ref == "R1"]
    assert (entry.item, str(entry.applied)) == ("S1", "-1")


@pytest.mark.parametrize("item", ["S1", "R1"])
def test_a_unit_that_is_not_assessed_is_refused_with_the_nearest_name(world: World, item: str) -> None:
    before = world.count()
    assert said(world, item, "丙居") == (
        "unknown-unit",
        "丙居 is not assessed under shared-2020 in 2020. Did you mean 丙局?",
    )
    assert said(world, item, "某某")[1].endswith("Known are: 乙镇, 丙局.")
    assert world.count() == before


def test_the_unit_itself_is_not_another(world: World) -> None:
    code, sentence = said(world, "S1", "甲镇")
    assert code == no.SameUnit.code
    assert sentence == "甲镇 is the unit itself: other_unit names another unit of shared-2020. Did you mean 乙镇?"


def test_a_unit_whose_form_has_not_the_item_is_refused(world: World) -> None:
    code, sentence = said(world, "S2", "丙局")
    assert code == no.ItemOfOtherForm.code
    assert sentence.startswith("S2 is on the form for 乡镇; 丙局 is assessed as 部门.")


def test_where_no_rule_moves_another_unit_naming_one_means_nothing(world: World) -> None:
    row = fact("R1", "occurrence", "2020-05-05", "S3", unit="丙局", other_unit="甲镇")
    logged = world.try_log(row, scheme="shared-2020", now="2020-12-01T09:00:00+08:00")
    assert [refused.code for refused in logged.refused] == [no.ItemOfOtherForm.code]
    row = fact("R2", "occurrence", "2020-05-05", "S1", unit="丙局")
    assert world.log(row, scheme="shared-2020", now="2020-12-01T09:00:00+08:00")
