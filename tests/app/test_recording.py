"""Recording: all or nothing, once, in the store's own time; and taking back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.exchange import Row
from gkevents.terms import BEIJING
from gkevents.words import N_, message
from tests.app.worlds import BUREAU, SCHEME, TOWN, World, fact, grade, rows

JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=JANUARY)
    return world


@pytest.fixture
def real(tmp_path: Path) -> World:
    """A store whose clock is the machine's own."""
    world = World(tmp_path / "real.db").init(simulated=False)
    world.adopt()
    return world


def finding(ref: str, on: str = "2020-06-01", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a fact
    return fact(ref, "occurrence", on, "L22", **({"amount": "1", "reason": "例"} | fields))


def codes(world: World, *facts: dict[str, Any], **how: Any) -> list[str]:  # noqa: ANN401 - how to log
    return [row.code for row in world.try_log(*facts, **how).refused]


def test_making_a_store_twice_changes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db")
    with world.gk() as gk:
        assert gk.init(simulated_clock=True)[:3] == (True, 2, True)
        assert gk.init()[:3] == (False, 2, True)
        assert gk.report() == (True, 0)


def test_a_file_is_stored_whole_or_not_at_all(world: World) -> None:
    before = world.count()
    logged = world.try_log(finding("R1"), finding("R2", item="L99"), finding("R3", amount="-1"), now=DECEMBER)
    assert (logged.recorded, logged.stored) == ([], False)
    assert [(row.row, row.ref, row.code) for row in logged.refused] == [
        (2, "R2", "unknown-item"),
        (3, "R3", "bad-value"),
    ]
    assert world.count() == before


def test_the_good_rows_are_stored_where_refused_ones_are_skipped(world: World) -> None:
    with world.gk(DECEMBER) as gk:
        broken = Row(2, None, message(N_("there is no fact in it")))
        nothing = Row(5, {}, None)
        given = [rows(finding("R1"))[0], broken, *rows(finding("R1"), finding("R2", unit="无此单位")), nothing]
        logged = gk.log_facts(given, scheme=SCHEME, year=2020, skip_refused=True)
    assert [ref for ref, _ in logged.recorded] == ["R1"]
    assert logged.already_recorded == ["R1"]
    assert [(row.ref, row.code) for row in logged.refused] == [
        (None, "unreadable"), ("R2", "unknown-unit"), (None, "missing-field"),
    ]  # fmt: skip
    assert logged.stored
    assert world.faults() == []


def test_a_dry_run_says_the_same_and_stores_nothing(world: World) -> None:
    before = world.count()
    dry = world.try_log(finding("R1"), finding("R2"), now=DECEMBER, dry_run=True)
    assert (len(dry.recorded), dry.stored, world.count()) == (2, True, before)
    assert world.try_log(finding("R1"), finding("R2"), now=DECEMBER) == dry


def test_progress_is_told_row_by_row(world: World) -> None:
    told: list[int] = []
    world.try_log(finding("R1"), finding("R2", item="L99"), finding("R3"), now=DECEMBER, progress=told.append)
    assert told[-1] == 3


def test_only_skipped_rows_store_nothing_at_all(world: World) -> None:
    before = world.count()
    logged = world.try_log(finding("R1", item="L99"), now=DECEMBER, skip_refused=True)
    assert (logged.stored, world.count()) == (False, before)


def test_nothing_is_logged_before_a_scheme_is_adopted(world: World) -> None:
    with pytest.raises(no.NotAdopted):
        world.try_log(finding("R1"), year=2021, now=DECEMBER)


def test_the_same_number_with_the_same_content_is_already_recorded(world: World) -> None:
    world.log(finding("R1", amount="1.50", count=None, note=" 例 "), now=DECEMBER)
    before = world.count()
    again = finding("R1", amount="1.5", note="例", recorded_at="2020-01-01T00:00:00+08:00")
    assert world.try_log(again).already_recorded == ["R1"]
    assert world.count() == before


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "2"},
        {"unit": TOWN},
        {"note": "改"},
        {"type": "criticism", "item": "L17", "amount": None, "reason": None},
    ],
)
def test_the_same_number_with_other_content_is_refused(world: World, changed: dict[str, Any]) -> None:
    world.log(finding("R1"), now=DECEMBER)
    assert codes(world, finding("R1") | changed) == ["ref-reused"]


def test_a_number_is_unique_in_the_whole_store(world: World) -> None:
    world.adopt("hebei-stats-2018", year=2018, now=DECEMBER, units=[(BUREAU, None)])
    world.log(finding("R1"), now=DECEMBER)
    assert codes(world, grade("R1", "2018-06-01", "H01", "1"), scheme="hebei-stats-2018", year=2018) == ["ref-reused"]


def test_a_fact_by_hand_gets_a_number_that_is_free(world: World) -> None:
    head = world.count()
    world.log(finding(f"hand-{head + 2}-1"), now=DECEMBER)
    logged = world.try_log(finding(""), by_hand=True, now=DECEMBER)
    assert logged.recorded[0][0].startswith("hand-")
    assert codes(world, finding("")) == ["missing-field"]
    twice = world.try_log(finding(""), finding(""), by_hand=True)
    assert len({ref for ref, _ in twice.recorded}) == 2


# ---- whose clock


def test_a_simulated_store_is_told_the_time_and_never_goes_back(world: World) -> None:
    early, late = "2020-06-02T10:00:00+08:00", "2020-06-03T02:00:00+00:00"
    world.log(finding("R1", recorded_at=early), finding("R2", recorded_at=late))
    assert codes(world, finding("R3", recorded_at="2020-06-03T09:59:59+08:00")) == ["clock-goes-back"]
    assert codes(world, finding("R3"), now=JANUARY) == ["clock-goes-back"]
    world.log(finding("R3"))
    stored = world.rows("SELECT ref, recorded_at FROM events WHERE ref LIKE 'R%' ORDER BY position")
    assert stored == [
        ("R1", "2020-06-02T10:00:00.000000+08:00"),
        ("R2", "2020-06-03T10:00:00.000000+08:00"),
        ("R3", "2020-06-03T10:00:00.000000+08:00"),
    ]


def test_rows_of_one_file_do_not_go_back_either(world: World) -> None:
    rising = [
        finding("R1", recorded_at="2020-06-05T10:00:00+08:00"),
        finding("R2", recorded_at="2020-06-04T10:00:00+08:00"),
    ]
    assert codes(world, *rising) == ["clock-goes-back"]


def test_a_refused_row_does_not_move_the_clock(world: World) -> None:
    far = finding("R1", item="L99", recorded_at="2021-12-30T10:00:00+08:00")
    logged = world.try_log(far, finding("R2", recorded_at="2020-06-04T10:00:00+08:00"), skip_refused=True)
    assert [ref for ref, _ in logged.recorded] == ["R2"]
    moments = [moment for (moment,) in world.rows("SELECT recorded_at FROM events ORDER BY position")]
    assert moments == sorted(moments)
    assert moments[-1] == "2020-06-04T10:00:00.000000+08:00"


def test_a_real_store_takes_no_time_from_anybody(real: World) -> None:
    assert codes(real, finding("R1", recorded_at=DECEMBER)) == ["clock-is-the-stores"]
    with real.gk(DECEMBER) as gk:
        for use in (
            gk.report,
            gk.verify,
            lambda: gk.adopt(SCHEME, year=2020),
            lambda: gk.log_facts(rows(finding("R1")), scheme=SCHEME, year=2020),
            gk.scan,
            gk.limits,
            lambda: gk.score(scheme=SCHEME, year=2020),
        ):
            with pytest.raises(no.SimulatedOnly):
                use()


def test_a_store_is_not_made_with_a_time_unless_its_clock_is_simulated(
    tmp_path: Path, real: World, world: World
) -> None:
    fresh = World(tmp_path / "fresh.db")
    for each, simulated in ((fresh, False), (real, False), (real, True)):
        with each.gk(DECEMBER) as gk, pytest.raises(no.SimulatedOnly):
            gk.init(simulated_clock=simulated)
    assert not fresh.path.exists()
    for each, simulated, created in ((world, False, False), (world, True, False), (fresh, True, True)):
        with each.gk(DECEMBER) as gk:
            assert gk.init(simulated_clock=simulated)[:3] == (created, 2, True)


def test_a_real_store_records_at_its_own_time_to_the_microsecond(real: World) -> None:
    before = dt.datetime.now(BEIJING)
    real.log(finding("R1"))
    [(moment,)] = real.rows("SELECT recorded_at FROM events WHERE ref = 'R1'")
    assert before <= dt.datetime.fromisoformat(moment) <= dt.datetime.now(BEIJING)


def test_a_clock_that_was_once_ahead_does_not_make_time_go_back(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2090-01-01T00:00:00+08:00")
    world.sql("UPDATE meta SET value = 'real' WHERE name = 'clock'", guarded=True)
    world.log(finding("R1"))
    [(moment,)] = world.rows("SELECT recorded_at FROM events WHERE ref = 'R1'")
    assert moment.startswith("2090-01-01T00:00:00")


def test_an_empty_simulated_store_that_is_told_nothing_begins_now(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    before = dt.datetime.now(BEIJING).isoformat(timespec="microseconds")
    world.adopt()
    assert world.rows("SELECT min(recorded_at) FROM events")[0][0] >= before


def test_nothing_is_recorded_before_it_has_happened(world: World) -> None:
    assert codes(world, finding("R1", "2020-06-02"), now="2020-06-01T23:59:59+08:00") == ["in-the-future"]
    world.log(finding("R1", "2020-06-02"), now="2020-06-01T16:00:00+00:00")


# ---- known at


def test_what_was_known_is_asked_by_position_by_instant_and_by_day_all_inclusive(world: World) -> None:
    first, second = world.log(
        finding("R1", recorded_at="2020-06-02T10:00:00+08:00"), finding("R2", recorded_at="2020-06-02T18:00:00+08:00")
    )

    def score(known_at: str) -> tuple[int | None, Any]:
        found = world.standing(unit=BUREAU, known_at=known_at)
        return found.known_at, found.scores[BUREAU].items["L22"].score

    assert score(str(first)) == (first, 9)
    assert score("2020-06-02T10:00:00+08:00") == (first, 9)
    assert score("2020-06-02T02:00:00Z") == (first, 9)
    notice = first - 1  # adopted with the first fact recorded after it was issued
    assert score("2020-06-02T09:59:59.999999+08:00") == (notice - 1, 10)
    assert score("2020-06-02") == (second, 8)
    assert score(" 2020-06-01 ") == (notice - 1, 10)
    assert world.standing().known_at is None
    for moment in ("0", "2019-12-31", "1900-01-01T00:00:00+08:00"):
        with pytest.raises(no.NotAdopted):
            score(moment)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2020-06-31", "2020-06-02T10:00", "９", "-1", "9" * 19, "0001-01-01T00:00:00+09:00",
     "9999-12-31T23:00:00-09:00", "2020-06-02T10:00:00+25:00"],
)  # fmt: skip
def test_a_known_at_that_means_nothing_is_refused(world: World, text: str) -> None:
    with pytest.raises(no.NoSuchPosition):
        world.standing(known_at=text)


def test_a_report_as_known_then_never_changes(world: World) -> None:
    world.log(finding("R1"), grade("G1", "2020-11-01", "L15", "7"), now=DECEMBER)
    head = str(world.count())
    before = world.standing(known_at=head).scores
    world.log(
        finding("R2"),
        fact("X1", "retraction", "2020-12-01", of="R1"),
        fact("X2", "duplicate-ruling", "2020-12-01", of="G1"),
        fact("N1", "not-applicable", "2020-11-02", "L15"),
        now=DECEMBER,
    )
    world.adopt(now=DECEMBER, units=[("新设局", "部门")])
    after = world.standing(known_at=head).scores
    assert {unit: (score.total, score.low, score.high, score.items) for unit, score in after.items()} == {
        unit: (score.total, score.low, score.high, score.items) for unit, score in before.items()
    }
    assert world.score(BUREAU).items["L22"].score == 9


# ---- taking back


def correct(world: World, of: str, /, **changes: str) -> Any:  # noqa: ANN401
    with world.gk(DECEMBER) as gk:
        return gk.correct(of, reason="登记有误", changes=changes)


def test_a_correction_takes_back_and_logs_anew_in_one_write(world: World) -> None:
    world.log(finding("R1"), now=DECEMBER)
    head = world.count()
    done = correct(world, "R1", amount="2", effective_at="2020-06-01T08:00:00+08:00")
    assert (done.retraction, done.fact) == (("R1-r1", head + 1), ("R1-c1", head + 2))
    assert (done.scheme, done.year) == (SCHEME, 2020)
    assert world.score(BUREAU).items["L22"].score == 8
    assert world.score(BUREAU, known_at=str(head)).items["L22"].score == 9
    again = correct(world, "R1-c1", effective_on="2020-06-02", ref="R9")
    assert again.fact[0] == "R9"
    with pytest.raises(no.AlreadyTakenBack):
        correct(world, "R1", amount="3")
    assert world.faults() == []


def test_a_correction_takes_the_next_free_number(world: World) -> None:
    world.log(finding("R1"), finding("R1-c1"), finding("R1-r1"), now=DECEMBER)
    done = correct(world, "R1", amount="2")
    assert (done.retraction[0], done.fact[0]) == ("R1-r2", "R1-c2")


@pytest.mark.parametrize(
    ("ref", "changes", "refusal"),
    [
        ("R7", {"amount": "2"}, no.NothingToTakeBack),
        ("R1", {"amount": "zwei"}, no.FieldUnreadable),
        ("R1", {"item": "L99"}, no.NoSuchItem),
        ("R1", {"unit": "无此单位"}, no.NoSuchUnit),
        ("R1", {"ref": "R2"}, no.DuplicateContent),
        ("R1", {"ref": "R1"}, no.DuplicateContent),
        ("R1", {"effective_on": "2021-06-01"}, no.Refusal),
        ("X2", {"note": "改"}, no.CannotCorrect),
        ("R2", {"note": "改"}, no.AlreadyTakenBack),
    ],
)
def test_a_correction_that_cannot_be_stores_nothing(
    world: World, ref: str, changes: dict[str, str], refusal: type[no.Refusal]
) -> None:
    world.log(finding("R1"), finding("R2"), fact("X2", "retraction", "2020-06-05", of="R2"), now=DECEMBER)
    before = world.count()
    with pytest.raises(refusal):
        correct(world, ref, **changes)
    assert world.count() == before


def test_the_correction_of_a_number_given_to_the_same_content_twice_is_refused(world: World) -> None:
    world.log(finding("R1"), finding("R1b", note="例"), now=DECEMBER)
    with pytest.raises(no.DuplicateContent):
        correct(world, "R1", ref="R1b", note="例")


def test_an_opened_limit_may_be_corrected_under_its_key(world: World) -> None:
    world.log(fact("L1", "deadline-opened", "2020-09-14", "L15", key="K", limit="5 working days"), now=DECEMBER)
    correct(world, "L1", limit="15 working days")
    with world.gk() as gk:
        [row] = gk.limits()
    assert (row.key, row.due) == ("K", "2020-10-10")
    assert world.faults() == []


def test_a_reversal_of_another_unit_s_fact_names_whose_it_is(world: World) -> None:
    world.log(finding("R1", unit=TOWN), now=DECEMBER)
    refused = world.try_log(fact("X1", "retraction", "2020-06-05", of="R1"), now=DECEMBER).refused
    assert [(row.code, row.message.values["owner"]) for row in refused] == [("other-unit", TOWN)]
    assert codes(world, fact("X1", "retraction", "2020-06-05", of="R9"), now=DECEMBER) == ["unknown-target"]
    world.log(finding("R2"), now=DECEMBER)
    world.adopt(year=2021, now=DECEMBER)
    refused = world.try_log(fact("X1", "retraction", "2020-06-05", of="R2"), year=2021).refused
    assert refused[0].message.values["owner"] == f"{BUREAU} ({SCHEME}, 2020)"


def test_a_fact_and_its_retraction_may_come_in_one_file(world: World) -> None:
    world.log(finding("R1"), fact("X1", "retraction", "2020-06-05", of="R1"), now=DECEMBER)
    assert world.score(BUREAU).items["L22"].score == 10
    assert codes(world, fact("X3", "retraction", "2020-06-05", of="R1")) == ["already-taken-back"]
    world.log(fact("X2", "retraction", "2020-06-05", of="X1"))
    assert world.score(BUREAU).items["L22"].score == 9
    assert world.try_log(finding("R1")).already_recorded == ["R1"]
