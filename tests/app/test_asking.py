"""Questions: the store's answers against the oracle, one unit against all, and what is read for a question."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gkevents.aggregates import refusals as no
from gkevents.app.recording import Logged
from gkevents.scoring.peers import rank
from gkevents.terms import ZERO, instant
from gkevents.words import say
from tests.app.worlds import BUREAU, SCHEME, TOWN, World, day, fact, grade, rows
from tests.oracle.agreement import _oracle_calendar, _pairs, edition
from tests.oracle.figures import SCHEMES
from tests.oracle.oracle import score
from tests.oracle.random_logs import Case, random_log

JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=JANUARY)
    return world


def unscanned(scheme: str, seed: int) -> Case:
    """A random log without misses found by a scan, which only a scan may record."""
    dice = random.Random(f"{scheme} {seed}")
    while True:
        case = random_log(scheme, dice)
        if case.facts and not any(str(fact["ref"]).startswith("scan:") for fact in case.facts):
            return case


def stored(case: Case, folder: Path) -> World:
    """A store that holds a random log."""
    world = World(folder / "gk.db").init()
    begin = f"{case.year}-01-01T00:00:00+08:00"
    overlay = None
    if case.overlay is not None:
        import json

        overlay = folder / "overlay.json"
        overlay.write_text(json.dumps(case.overlay | {"source": "某号", "decided_on": "2017-01-01"}), encoding="utf-8")
    units = list(case.units.items())
    world.adopt(case.scheme, year=case.year, now=begin, units=units, overlay=overlay)
    facts = [{name: value for name, value in fact.items() if name not in ("position", "scan")} for fact in case.facts]
    world.log(*facts, scheme=case.scheme, year=case.year)
    world.adopt(case.scheme, year=case.year, now="2021-12-30T00:00:00+08:00")
    return world


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_the_store_answers_is_what_the_oracle_says(scheme: str, tmp_path: Path) -> None:
    for seed in range(3):
        case = unscanned(scheme, seed)
        case.known_at = None
        (tmp_path / str(seed)).mkdir()
        world = stored(case, tmp_path / str(seed))
        expected = score(
            case.scheme, case.year, case.units, case.facts,
            overlay=case.overlay, calendar=_oracle_calendar(), as_of=case.as_of, known_at=None,
        )  # fmt: skip
        standing = world.standing(scheme=scheme, year=case.year, as_of=case.as_of)
        ranks = {
            row.unit: place
            for rows in rank(edition(scheme, case.overlay), standing.scores).values()
            for row, place in rows
        }
        for unit, theirs in expected.items():
            for name, mine, other in _pairs(standing.scores[unit], ranks[unit], theirs):
                assert mine == other, (seed, unit, name)
        assert world.faults() == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_unit_asked_for_alone_is_the_same_as_among_all(scheme: str, tmp_path: Path) -> None:
    case = unscanned(scheme, 99)
    world, dice = stored(case, tmp_path), random.Random(5)
    positions = [position for (position,) in world.rows("SELECT position FROM events WHERE ref IS NOT NULL")]
    for _ in range(6):
        asked: dict[str, Any] = {
            "as_of": dice.choice((None, day(f"{case.year}-0{dice.randint(1, 9)}-15"))),
            "known_at": dice.choice((None, str(dice.choice(positions)))),
        }
        everybody = world.standing(scheme=scheme, year=case.year, **asked).scores
        for unit in case.units:
            alone = world.score(unit, scheme=scheme, year=case.year, **asked)
            assert (alone.total, alone.low, alone.high, alone.items) == (
                everybody[unit].total, everybody[unit].low, everybody[unit].high, everybody[unit].items,
            )  # fmt: skip
            assert alone.flags == everybody[unit].flags
            assert alone.groups == everybody[unit].groups
            assert alone.deducted_by_quarter == everybody[unit].deducted_by_quarter


def read_for(world: World, unit: str) -> set[str]:
    """The units whose facts are read from the log to score one unit."""
    said: list[str] = []
    with world.gk() as gk:
        gk.replaying = True

        @event.listens_for(gk.store.engine, "connect")
        def _(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
            connection.set_trace_callback(said.append)

        gk.score(scheme=SCHEME, year=2020, unit=unit)
    return {stream.rpartition("/")[2] for text in said for stream in re.findall("unit-year/[^']+", text)}


def test_the_other_units_are_read_only_where_a_score_depends_on_them(world: World) -> None:
    assert read_for(world, BUREAU) == {BUREAU}
    world.log(fact("N1", "not-applicable", "2020-03-01", "L15"), now=DECEMBER)
    assert len(read_for(world, BUREAU)) == 34
    assert read_for(world, TOWN) == {TOWN}
    world.log(fact("X1", "retraction", "2020-03-01", of="N1"))
    assert read_for(world, BUREAU) == {BUREAU}


def test_an_item_that_does_not_concern_a_unit_gets_the_mean_of_the_others(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=JANUARY, units=[(BUREAU, None), (TOWN, None), ("区财政局", None)])
    world.log(
        fact("N1", "not-applicable", "2020-03-01", "L15"),
        grade("G1", "2020-11-01", "L15", "7", unit=TOWN), grade("G2", "2020-11-01", "L15", "8", unit="区财政局"),
        now=DECEMBER,
    )  # fmt: skip
    item = world.score(BUREAU).items["L15"]
    assert (str(item.score), item.caused_by) == ("15/2", ("G1", "G2"))


def test_a_ledger_adds_up_to_the_score_that_was_asked_for(world: World) -> None:
    world.log(
        fact("C1", "criticism", "2020-05-11", "L17", level="city"),
        fact("O1", "occurrence", "2020-06-11", "L22", amount="2", reason="例"),
        grade("G1", "2020-11-01", "L15", "7"),
        now=DECEMBER,
    )
    with world.gk() as gk:
        standing, found, ledger = gk.replay(BUREAU, scheme=SCHEME, year=2020)
    assert dict(standing.scores) == {BUREAU: found}
    assert (ledger.start or ZERO) + sum((entry.applied for entry in ledger.entries), ZERO) == found.low
    assert {"C1", "O1", "G1"} <= {entry.ref for entry in ledger.entries}
    shown = {entry.recorded_at for entry in ledger.entries if entry.ref == "O1"}
    assert shown == {"2020-12-01T09:00:00+08:00"}


def test_the_table_is_by_category_with_provisional_units_last(world: World) -> None:
    with world.gk() as gk:
        standing, table = gk.rank(scheme=SCHEME, year=2020, as_of=day("2020-06-30"), known_at=str(world.count()))
    assert {category: len(rows) for category, rows in table.items()} == {"乡镇": 7, "部门": 27}
    assert {place for rows in table.values() for _, place in rows} == {None}
    assert (standing.as_of, standing.known_at, standing.simulated) == (day("2020-06-30"), world.count(), True)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"unit": "区气象"}, no.NoSuchUnit), ({"scheme": "x"}, no.NotAdopted), ({"year": 2019}, no.NotAdopted)],
)
def test_a_question_about_nothing_is_refused(world: World, asked: dict[str, Any], refusal: type[no.Refusal]) -> None:
    with pytest.raises(refusal) as caught:
        world.standing(**asked)
    said = say(caught.value.message, "en")
    assert "unit" not in asked or "Did you mean 区气象局?" in said


def test_what_was_adopted_only_later_is_told_with_its_day_and_position(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(year=2019, now="2019-01-07T09:00:00+08:00")
    head = world.count()
    later = world.adopt(now=JANUARY)
    for asked in (str(head), "2019-12-31T00:00:00+08:00"):
        with pytest.raises(no.NotAdoptedThen) as caught:
            world.standing(known_at=asked)
        [position] = world.rows("SELECT min(position) FROM events WHERE stream = 'scheme-year/luancheng-2020/2020'")[0]
        assert position == later.position
        assert say(caught.value.message, "en") == (
            f"As known then, {SCHEME} had not been adopted for 2020: that was recorded on 2020-01-06T09:00 "
            f"(position {position}). To ask as of a day, use --as-of."
        )
        assert caught.value.code == "not-adopted-then"


def test_what_was_not_adopted_is_told_with_what_was(world: World, tmp_path: Path) -> None:
    world.adopt("hebei-stats-2018", year=2018)
    for asked in ({"year": 2019}, {"scheme": "x", "year": 2020}):
        with pytest.raises(no.OtherAdopted) as caught:
            world.standing(**asked)
        said = f"has not been adopted for {asked['year']}; this store has: {SCHEME} 2020, hebei-stats-2018 2018."
        assert said in say(caught.value.message, "en")
        assert caught.value.code == "not-adopted"
    empty = World(tmp_path / "empty.db").init()
    with pytest.raises(no.NotAdopted) as nothing:
        empty.standing()
    assert type(nothing.value) is no.NotAdopted
    assert say(nothing.value.message, "en").endswith(f"Adopt it first: gk scheme adopt {SCHEME} --year 2020")


def test_the_content_of_a_scheme_is_that_adopted_last_whatever_the_year(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(year=2021, now=JANUARY)
    world.adopt(year=2020, now=JANUARY)
    with world.gk() as gk:
        content = gk.adopted_content(SCHEME)
        assert content is not None
        assert content["scheme"] == SCHEME
        assert gk.adopted_content("luancheng") is None


def test_every_answer_about_a_simulated_store_says_so(world: World, tmp_path: Path) -> None:
    real = World(tmp_path / "real.db").init(simulated=False)
    real.adopt()
    for each, simulated in ((world, True), (real, False)):
        with each.gk() as gk:
            assert gk.report().simulated is simulated
            assert gk.score(scheme=SCHEME, year=2020).simulated is simulated
            assert gk.rank(scheme=SCHEME, year=2020)[0].simulated is simulated
            assert gk.replay(BUREAU, scheme=SCHEME, year=2020)[0].simulated is simulated


def test_one_gk_may_be_asked_again_and_again(world: World) -> None:
    with world.gk(DECEMBER) as gk:
        for number in range(3):
            logged = gk.log_facts(rows(grade(f"G{number}", "2020-11-01", "L15", "7")), scheme=SCHEME, year=2020)
            assert isinstance(logged, Logged)
            assert gk.score(scheme=SCHEME, year=2020, unit=BUREAU).scores[BUREAU].items["L15"].score == 7
            assert gk.verify().faults == []
        assert gk.now == instant(DECEMBER)
