"""Adoption: an edition is frozen into the log with its full text, and a unit-year opens for each unit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from gkevents.aggregates import refusals as no
from gkevents.schemes import catalog
from gkevents.schemes.edition import digest_of
from gkevents.schemes.reading import read
from gkevents.words import say
from tests.app.worlds import BUREAU, TOWN, World, day, fact, grade
from tests.schemes.small import SMALL

OFFICE, PRINTED = "市自然资源和规划局栾城分局", "市自然规划局栾城分局"
JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"
SANMENXIA = "sanmenxia-departments-2017"
TINY = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "gk.db").init()


def scheme_file(folder: Path, text: str, name: str = "scheme.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def overlay_file(folder: Path, share: str = "") -> Path:
    """Points for every Sanmenxia department item, adding up to 100."""
    content = read(catalog.text_of(SANMENXIA)).content
    assert content is not None
    codes = [row["code"] for row in content["items"] if row["rule"]["start"] != "elsewhere"]
    points = dict.fromkeys(codes, "1") | {codes[0]: str(101 - len(codes))}
    rules = [
        rule["code"]
        for group in content["adjustments"]
        for rule in group["rules"]
        if rule["rule"].get("price") == "overlay"
    ]
    decided = {
        "points": points,
        "adjustments": dict.fromkeys(rules, "1"),
        "source": "某号" + share,
        "decided_on": "2017-02-01",
    }
    path = folder / f"overlay{share}.json"
    path.write_text(json.dumps(decided, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_adoption_keeps_the_full_text_and_opens_the_roster_s_unit_years(world: World) -> None:
    adopted = world.adopt(now=JANUARY)
    text = catalog.text_of("luancheng-2020")
    assert (adopted.scheme, adopted.year, adopted.already) == ("luancheng-2020", 2020, False)
    assert adopted.edition == digest_of(text, None)
    assert len(adopted.units) == 34
    [(position, body)] = world.rows("SELECT position, body FROM events WHERE name = 'edition-adopted.1'")
    assert (position, json.loads(body)["text"]) == (adopted.position, text)
    opened = world.rows("SELECT stream FROM events WHERE name = 'unit-year-opened.1' ORDER BY position")
    assert [stream for (stream,) in opened] == [f"unit-year/luancheng-2020/2020/{unit}" for unit in adopted.units]
    assert list(world.standing().scores) == adopted.units


def test_the_same_adoption_again_stores_nothing(world: World) -> None:
    first = world.adopt(now=JANUARY)
    before = world.count()
    again = world.adopt(now=JANUARY)
    assert (world.count(), again) == (before, first._replace(already=True))


def test_a_unit_may_join_later_and_a_third_time_changes_nothing(world: World) -> None:
    first = world.adopt(now=JANUARY, units=[(BUREAU, None)])
    joined = world.adopt(now=JANUARY, units=[("新设局", "部门"), (BUREAU, None)])
    assert (joined.units, joined.position, joined.already) == (["新设局", BUREAU], first.position, True)
    before = world.count()
    world.adopt(now=JANUARY, units=[("新设局", None)])
    world.adopt(now=JANUARY)
    assert world.count() == before
    assert {unit: score.category for unit, score in world.standing().scores.items()} == {
        BUREAU: "部门",
        "新设局": "部门",
    }
    assert list(world.standing(known_at=str(first.position)).scores) == [BUREAU]


def test_units_join_an_adoption_and_are_known_from_then_on(world: World) -> None:
    world.adopt(now=JANUARY, units=[(BUREAU, None)])
    head = world.count()
    world.adopt(now=JANUARY, units=[(TOWN, None)])
    with pytest.raises(no.NoSuchUnit):
        world.score(TOWN, known_at=str(head))
    assert world.score(TOWN).category == "乡镇"


@pytest.mark.parametrize(
    ("units", "refusal"),
    [
        ([("某局", None)], no.CategoryNeeded),
        ([("某局", "街道")], no.CategoryNeeded),
        ([(BUREAU, None), (BUREAU, "部门")], no.UnitNamedTwice),
        ([(BUREAU, None), (f" {BUREAU} ", None)], no.UnitNamedTwice),
        ([(OFFICE, None), (PRINTED, None)], no.UnitNamedTwice),
        ([(PRINTED, None), (BUREAU, None), (OFFICE, None)], no.UnitNamedTwice),
        ([("", "部门")], no.FieldUnreadable),
        ([("\ud800", "部门")], no.FieldUnreadable),
        ([("某\n局", "部门")], no.FieldUnreadable),
        ([("局" * 201, "部门")], no.FieldUnreadable),
    ],
)
def test_a_unit_that_cannot_be_is_refused_and_nothing_is_stored(
    world: World, units: list[tuple[str, str | None]], refusal: type[no.Refusal]
) -> None:
    with pytest.raises(refusal) as caught:
        world.adopt(now=JANUARY, units=units)
    say(caught.value.message, "en").encode()
    assert world.count() == 0


def test_a_unit_s_category_is_as_given_and_does_not_change_in_its_year(world: World) -> None:
    world.adopt(now=JANUARY, units=[(BUREAU, "乡镇")])
    assert world.score(BUREAU).category == "乡镇"
    with pytest.raises(no.CategoryFixed):
        world.adopt(now=JANUARY, units=[(BUREAU, "部门")])
    world.adopt(year=2021, now=JANUARY, units=[(BUREAU, "部门")])
    assert (world.score(BUREAU).category, world.score(BUREAU, year=2021).category) == ("乡镇", "部门")


def test_a_scheme_without_variants_takes_any_category_or_none(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY, units=[("甲局", None), ("丙局", "街道")])
    found = {unit: score.category for unit, score in world.standing(scheme="tiny-2020").scores.items()}
    assert found == {"甲局": "", "丙局": "街道"}


def test_a_scheme_without_a_roster_needs_its_units_named(world: World) -> None:
    with pytest.raises(no.NoUnits):
        world.adopt("sanmenxia-counties-2017", year=2017, now=JANUARY)
    assert world.count() == 0


def test_one_scheme_in_two_years_is_two_streams(world: World) -> None:
    world.adopt(now=JANUARY, units=[(BUREAU, None)])
    world.adopt(year=2021, now=JANUARY, units=[(BUREAU, None)])
    world.log(grade("G", "2020-11-01", "L15", "7"), now=DECEMBER)
    refused = world.try_log(grade("G", "2021-01-01", "L15", "7"), year=2021, now="2021-02-01T09:00:00+08:00").refused
    assert [row.code for row in refused] == ["ref-reused"]
    assert world.score(BUREAU, year=2020).items["L15"].score == 7
    assert world.score(BUREAU, year=2021).items["L15"].score is None
    with world.gk() as gk, pytest.raises(no.NotAdopted):
        gk.score(scheme="luancheng-2020", year=2019)


@pytest.mark.parametrize("scheme", ["luancheng-2021", "/", "nowhere/scheme.yaml", "a\0b", "x" * 5000])
def test_a_scheme_that_is_nowhere(world: World, scheme: str) -> None:
    with pytest.raises(no.NoSuchScheme):
        world.adopt(scheme, now=JANUARY)


@pytest.mark.parametrize("text", [SMALL.replace("points: 3\n", "points: drei\n"), "", "- 1\n", "scheme: [", "\0"])
def test_a_faulty_scheme_file_is_refused_with_its_first_fault(world: World, tmp_path: Path, text: str) -> None:
    with pytest.raises(no.SchemeFaulty) as caught:
        world.adopt(scheme_file(tmp_path, text), now=JANUARY)
    said = caught.value.message.values
    assert said["count"] >= 1
    assert said["line"] >= 1
    assert world.count() == 0


def test_a_scheme_file_with_a_byte_order_mark_is_the_same_edition(world: World, tmp_path: Path) -> None:
    plain = world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TINY.encode())
    assert world.adopt(path, now=JANUARY) == plain._replace(already=True)


def test_a_scheme_file_no_longer_matters_once_it_is_adopted(world: World, tmp_path: Path) -> None:
    path = scheme_file(tmp_path, TINY)
    world.adopt(path, now=JANUARY)
    path.unlink()
    assert world.standing(scheme="tiny-2020").scores["甲局"].high == 20
    assert world.faults() == []


def test_a_new_edition_keeps_every_fact_and_what_was_known_before_stays(world: World, tmp_path: Path) -> None:
    first = world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    world.log(
        grade("G1", "2020-11-01", "T1", "9", unit="甲局"),
        fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"),
        scheme="tiny-2020", now=DECEMBER,
    )  # fmt: skip
    known = str(world.count())
    before = world.standing(scheme="tiny-2020")
    dearer = (
        TINY.replace("price: 1}", "price: 3}")
        .replace("points: 10", "points: 8")
        .replace("title: 三, section: 公开, points: 5", "title: 三, section: 公开, points: 7")
    )
    second = world.adopt(scheme_file(tmp_path, dearer), now=DECEMBER)
    assert (second.already, second.units) == (False, ["甲局", "乙局"])
    assert second.edition != first.edition
    after = world.score("甲局", scheme="tiny-2020")
    assert (after.items["T1"].score, after.items["T3"].score, after.total) == (None, Fraction(4), None)
    assert [flag.code for flag in after.flags] == ["misfit"]
    then = world.standing(scheme="tiny-2020", known_at=known)
    assert then.edition.digest == first.edition
    assert then.scores["甲局"].total == before.scores["甲局"].total == Fraction(18)
    assert len(world.rows("SELECT 1 FROM events WHERE name = 'unit-year-opened.1'")) == 2
    back = world.adopt(scheme_file(tmp_path, TINY), now=DECEMBER)
    assert (back.edition, back.already) == (first.edition, False)
    assert world.score("甲局", scheme="tiny-2020").total == Fraction(18)


FIGURED = """  - code: T3
    title: 三
    section: 公开
    points: 5
    clause: 按比例
    rule: {start: metric, worth: {tiers: [{from: 0, points: 0}, {from: 50%, points: 2}, {from: 120%, points: 5}]}}
"""


@pytest.mark.parametrize(("figure", "flags"), [("110%", ["misfit"]), ("90%", [])])
def test_a_figure_that_a_later_edition_cannot_read_leaves_its_item_open(
    world: World, tmp_path: Path, figure: str, flags: list[str]
) -> None:
    figured = TINY[: TINY.index("  - {code: T3")] + FIGURED
    world.adopt(scheme_file(tmp_path, figured), now=JANUARY)
    world.log(fact("M1", "metric", "2020-11-01", "T3", unit="甲局", value=figure), scheme="tiny-2020", now=DECEMBER)
    before = world.score("甲局", scheme="tiny-2020")
    assert (before.items["T3"].score, [*before.flags]) == (Fraction(2), [])
    world.adopt(scheme_file(tmp_path, figured.replace("120%", "100%")), now=DECEMBER)
    after = world.score("甲局", scheme="tiny-2020")
    assert after.items["T3"].score == (None if flags else 2)
    assert [flag.code for flag in after.flags] == flags


def test_a_mark_of_more_decimals_than_a_later_edition_allows_leaves_its_item_open(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    marks = (
        grade("G1", "2020-11-01", "T1", "9.25", unit="甲局"), grade("G2", "2020-11-01", "T1", "9.5", unit="乙局")
    )  # fmt: skip
    world.log(*marks, scheme="tiny-2020", now=DECEMBER)
    world.adopt(scheme_file(tmp_path, TINY.replace("variants: []", "variants: []\ngrade_decimals: 1")), now=DECEMBER)
    scores = world.standing(scheme="tiny-2020").scores
    assert [scores[unit].items["T1"].score for unit in ("甲局", "乙局")] == [None, Fraction("9.5")]
    assert [(flag.code, flag.refs) for flag in scores["甲局"].flags] == [("misfit", ("G1",))]


def test_a_fact_without_a_level_waits_where_a_later_edition_prices_by_level(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    world.log(fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"), scheme="tiny-2020", now=DECEMBER)
    levels = TINY.replace("price: 1}", "price: {city: 1, national: 2}}")
    world.adopt(scheme_file(tmp_path, levels), now=DECEMBER)
    after = world.score("甲局", scheme="tiny-2020")
    assert (after.items["T3"].score, [flag.code for flag in after.flags]) == (Fraction(5), ["pending"])
    assert say(after.flags[0].message, "en").startswith("C1 on T3 is not priced: the scheme in force prices by level")


def test_a_fact_on_an_item_that_a_later_edition_dropped_is_kept_and_flagged(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    world.log(fact("C1", "criticism", "2020-05-01", "T3", unit="甲局"), scheme="tiny-2020", now=DECEMBER)
    world.adopt(scheme_file(tmp_path, TINY.replace("code: T3", "code: T4")), now=DECEMBER)
    after = world.score("甲局", scheme="tiny-2020")
    assert [(flag.code, flag.refs) for flag in after.flags] == [("no-such-item", ("C1",))]
    assert (after.items["T4"].score, world.faults()) == (Fraction(5), [])


def test_facts_of_units_that_joined_with_a_new_edition_are_priced_by_it(world: World, tmp_path: Path) -> None:
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY, units=[("甲局", None)])
    world.adopt(scheme_file(tmp_path, TINY.replace("price: 1}", "price: 2}")), now=JANUARY, units=[("丙局", None)])
    world.log(fact("C1", "criticism", "2020-05-01", "T3", unit="丙局"), scheme="tiny-2020", now=DECEMBER)
    scores = world.standing(scheme="tiny-2020").scores
    assert {unit: score.items["T3"].score for unit, score in scores.items()} == {"甲局": 5, "丙局": 3}


def test_an_overlay_gives_the_points_and_stays_when_a_unit_joins(world: World, tmp_path: Path) -> None:
    bare = world.adopt(SANMENXIA, year=2017, now=JANUARY, units=[("市教育局", None)])
    assert world.score("市教育局", scheme=SANMENXIA, year=2017).high is None
    decided = world.adopt(SANMENXIA, year=2017, now=JANUARY, overlay=overlay_file(tmp_path))
    assert (decided.units, decided.already) == (["市教育局"], False)
    assert decided.edition != bare.edition
    assert world.score("市教育局", scheme=SANMENXIA, year=2017).high == 100
    joined = world.adopt(SANMENXIA, year=2017, now=JANUARY, units=[("市科技局", None)])
    assert (joined.edition, joined.position, joined.already) == (decided.edition, decided.position, True)
    same = world.adopt(SANMENXIA, year=2017, now=JANUARY, overlay=overlay_file(tmp_path))
    assert (same.units, same.already) == (["市教育局", "市科技局"], True)
    other = world.adopt(SANMENXIA, year=2017, now=JANUARY, overlay=overlay_file(tmp_path, "2"))
    assert not other.already
    before = world.standing(scheme=SANMENXIA, year=2017, known_at=str(bare.position))
    assert not before.edition.weighted
    assert world.faults() == []


@pytest.mark.parametrize(
    ("scheme", "text", "more"),
    [
        (SANMENXIA, "points: {SD01: 1}\nsource: 某号\ndecided_on: 2017-02-01\n", True),
        (SANMENXIA, "- 1\n", False),
        ("luancheng-2020", "points: {L01: 1}\nsource: 某号\ndecided_on: 2017-02-01\n", False),
        (SANMENXIA, None, False),
        (SANMENXIA, b"\xff\xfe\xff", False),
    ],
)
def test_a_faulty_overlay_is_refused_with_what_is_wrong(
    world: World,
    tmp_path: Path,
    scheme: str,
    text: str | bytes | None,
    more: bool,  # noqa: FBT001 - a column of the table
) -> None:
    path = tmp_path / "overlay.yaml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(no.OverlayFaulty) as caught:
        world.adopt(scheme, year=2017, now=JANUARY, units=[("市教育局", None)], overlay=path)
    assert ("more)" in say(caught.value.message, "en")) == more
    assert world.count() == 0


def test_what_an_adoption_of_one_day_opens_can_be_asked_for_as_of_that_day(world: World) -> None:
    world.adopt(now=JANUARY)
    world.log(grade("G", "2020-11-01", "L15", "7"), now=DECEMBER)
    assert world.score(BUREAU, as_of=day("2020-10-31")).items["L15"].score is None
    assert world.score(BUREAU, as_of=day("2020-11-01")).items["L15"].score == 7
