"""A trial as text: units before and after, what does not map, where codes lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.render import Voice
from cli.render_try import try_page
from tests.app.test_adopting import SANMENXIA, scheme_file
from tests.app.test_trying import DRAFT, JANUARY, TINY, log, of, tried
from tests.app.worlds import World, day, fact, grade

VOICE = Voice("en", 100)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    return world


def lines(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.split("\n")]


def test_each_unit_stands_with_its_totals_their_change_and_both_ranks(world: World) -> None:
    log(
        world,
        *of("甲局", grade("G1", "2020-11-01", "T1", "9"), fact("C1", "criticism", "2020-05-01", "T3", count=4)),
        *of("乙局", grade("G2", "2020-11-01", "T1", "6")),
    )
    page = lines(try_page(tried(world, DRAFT.replace("price: 1}", "price: 0.5}")), VOICE))
    assert "Rank Unit Before After Change Rank before" in page
    assert page[page.index("Rank Unit Before After Change Rank before") + 2 :][:2] == [
        "1 甲局 15 17 +2 2",
        "2 乙局 16 16 0 1",
    ]


def test_a_provisional_unit_has_its_bounds_and_no_change(world: World) -> None:
    page = lines(try_page(tried(world, DRAFT.replace("points: 5, clause: 每次", "points: 5.0, clause: 每次")), VOICE))
    assert "– 甲局 10…20 10…20 – –" in page


def test_units_without_points_have_none_to_show(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(SANMENXIA, year=2017, now="2017-01-06T09:00:00+08:00", units=[("市教育局", None)])
    page = lines(try_page(tried(world, SANMENXIA, on=(SANMENXIA, 2017)), VOICE))
    assert "– 市教育局 市政府部门 – – – –" in page
    assert "The scheme gives no points until an overlay with weights is decided." in page


def test_facts_that_do_not_map_stand_together_by_item_and_reason(world: World) -> None:
    happened = [fact(f"C{number}", "criticism", f"2020-05-0{number}", "T3") for number in range(1, 9)]
    log(world, *of("甲局", *happened, grade("G1", "2020-11-01", "T1", "9")))
    levels = DRAFT.replace("price: 1}", "price: {city: 1, national: 2}}")
    page = try_page(tried(world, levels, codes={"T1": [""]}), VOICE)
    said = " ".join(page.split())
    assert "Facts that do not map and count for nothing: 9" in said
    assert "T3 × 8 The price of T3 depends on the level: say national, city. [C1, C2, C3, C4, C5, C6 …]" in said
    assert "T1 × 1 T1 leads to nothing in draft-2020. If it should, say where: --map T1=CODE [G1]" in said


def test_a_fact_without_an_item_that_does_not_map_is_listed_too(world: World, tmp_path: Path) -> None:
    zeroing = TINY + "zero_out: {code: T-Z, title: 弄虚作假, clause: 弄虚作假的总分为零, effect: total}\n"
    world.adopt(scheme_file(tmp_path, zeroing), now=JANUARY)
    log(world, *of("甲局", fact("F1", "fraud", "2020-05-01")))
    assert "no item × 1 draft-2020 has no rule that zeroes" in " ".join(try_page(tried(world, DRAFT), VOICE).split())


def test_codes_that_moved_stand_in_a_table_and_the_rest_is_counted(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    moved = DRAFT.replace("code: T3", "code: X3").replace("title: 二", "title: 改名")
    page = lines(try_page(tried(world, moved, codes={"T1": [""]}), VOICE))
    head = page.index("Code Title Leads to Title there Found by")
    assert page[head + 2 :][:3] == ["T1 一 – as said", "T2 二 T2 改名 same code", "T3 三 X3 三 same title"]
    assert not any(line.startswith("Codes with the same code and title") for line in page)
    assert "Codes of draft-2020 that no fact of this log reached: 2" in page
    assert "T1, T2" in page


def test_a_page_says_from_where_it_is_seen(world: World) -> None:
    known = str(world.count())
    page = try_page(tried(world, DRAFT, as_of=day("2020-06-30"), known_at=known), VOICE)
    assert f"As of 2020-06-30. As known at position {known}." in page
    assert "Codes with the same code and title: 3" in page
    assert "Every fact maps." in page
