"""Large inputs: what comes of them is what comes of their rows one by one, whoever else writes in between."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gkevents.app import Gk, bulk
from gkevents.app.recording import Session
from gkevents.exchange import Row
from gkevents.terms import instant
from tests.app.offices import CLOCK, FACTS, JANUARY, MOMENTS, OTHER, SCHEME, TINY, Act, Office, inputs, of
from tests.app.worlds import World


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the tiny scheme adopted; the clock stands in May."""
    folder = tmp_path_factory.mktemp("bulk")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    world = World(folder / "template.db").init()
    world.adopt(folder / "tiny.yaml", now=JANUARY)
    world.log(of("OLD", "grade", item="T1", points="1", effective_on="2020-01-01"), scheme=SCHEME, now=CLOCK)
    world.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "template.db"


@contextmanager
def portions_of(number: int) -> Iterator[None]:
    """Everything beyond so many rows is logged in portions of so many."""
    before, bulk.PORTION = bulk.PORTION, number  # type: ignore[misc]
    try:
        yield
    finally:
        bulk.PORTION = before  # type: ignore[misc]


@contextmanager
def interfered(gk: Gk, at: str, time_: int, act: Callable[[], None]) -> Iterator[None]:
    """Somebody else does something before the use cases look at the log (or lock it) for so manyth a time."""
    through = getattr(gk, at)
    calls = [0]

    @contextmanager
    def watched(**how: bool) -> Iterator[Session]:
        calls[0] += 1
        if calls[0] == time_:
            act()
        with through(**how) as session:
            yield session

    setattr(gk, at, watched)
    yield


@settings(max_examples=25, deadline=None)
@given(rows=inputs(), size=st.integers(1, 7))
def test_one_by_one_together_and_in_portions_come_to_the_same(template: Path, rows: list[Row], size: int) -> None:
    single, together, portions = (Office(template, f"{name}.db") for name in ("single", "together", "portions"))
    single.one_by_one(rows)
    together.log(rows)
    with portions_of(size):
        portions.log(rows)
    assert single.found() == together.found() == portions.found()
    assert portions.world.faults() == []


@settings(max_examples=20, deadline=None)
@given(rows=inputs(), size=st.integers(1, 7))
def test_all_or_nothing_and_dry_runs_are_the_same_in_portions(template: Path, rows: list[Row], size: int) -> None:
    for how in ({"skip_refused": False}, {"dry_run": True}, {"skip_refused": False, "dry_run": True}):
        together, portions = Office(template, "together.db"), Office(template, "portions.db")
        expected = together.log(rows, **how)
        with portions_of(size):
            assert portions.log(rows, **how) == expected
        assert portions.found() == together.found()
        if "dry_run" in how or expected.refused:
            assert portions.world.count() == World(template).count()


def nothing_of_ours(world: World) -> None:
    """A fact of a unit that no row names."""
    world.log(of("X1", "grade", item="T1", points="1", unit="乙局", note="别处"), scheme=SCHEME)


def takes_a_ref(world: World) -> None:
    world.try_log(of("R3", "grade", item="T1", points="3", unit="乙局"), scheme=SCHEME)


def opens_a_key(world: World) -> None:
    world.try_log(of("X2", "netizen-message", item="T2", key="K1", effective_on="2020-03-02"), scheme=SCHEME)


def answers_a_key(world: World) -> None:
    world.try_log(of("X3", "netizen-reply", key="K2", effective_on="2020-03-12"), scheme=SCHEME)


def takes_back(world: World) -> None:
    world.try_log(of("X4", "retraction", of="R1"), scheme=SCHEME)


def later(world: World) -> None:
    """A fact recorded in July, unless one was later: what says that it was recorded before is refused from then on."""
    world.try_log(of("X5", "grade", item="T1", points="1", recorded_at=MOMENTS[2]), scheme=SCHEME)


def another_edition(world: World) -> None:
    world.adopt(world.path.with_name("other.yaml"))


def a_unit_joins(world: World) -> None:
    world.adopt(world.path.with_name("tiny.yaml"), units=[("丙局", None)])


ACTS: Final[list[Act]] = [
    nothing_of_ours, takes_a_ref, opens_a_key, answers_a_key, takes_back, later, another_edition, a_unit_joins,
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=inputs(), size=st.integers(1, 4), portion=st.integers(0, 3), act=st.sampled_from(ACTS))
def test_what_others_write_in_between_is_as_if_the_rest_were_logged_after_it(
    template: Path, rows: list[Row], size: int, portion: int, act: Act
) -> None:
    single, portions = Office(template, "single.db"), Office(template, "portions.db")
    portion = portion if len(rows) > size else 0
    single.one_by_one(rows[: portion * size])
    if portion * size < len(rows):
        act(single.world)
    single.one_by_one(rows[portion * size :])
    with (
        portions_of(size),
        portions.world.gk() as gk,
        interfered(gk, "_writing", portion + 1, lambda: act(portions.world)),
    ):
        portions.take(gk.log_facts(rows, scheme=SCHEME, year=2020, skip_refused=True))
    assert portions.found() == single.found()
    assert portions.world.faults() == []


@settings(max_examples=25, deadline=None)
@given(rows=inputs(), size=st.integers(1, 4), act=st.sampled_from(ACTS))
def test_what_others_write_before_anything_is_stored_leaves_all_or_nothing(
    template: Path, rows: list[Row], size: int, act: Act
) -> None:
    together, portions = Office(template, "together.db"), Office(template, "portions.db")
    with portions_of(size), portions.world.gk() as gk, interfered(gk, "_looking", 2, lambda: act(portions.world)):
        portions.take(gk.log_facts(rows, scheme=SCHEME, year=2020))
    refused_at_once = Office(template, "untouched.db").log(rows, skip_refused=False).refused
    if len(rows) > size and not refused_at_once:
        act(together.world)
    together.log(rows, skip_refused=False)
    assert portions.found() == together.found()


def good(number: int, **fields: Any) -> list[Row]:  # noqa: ANN401 - fields of every fact
    return [Row(n, of(f"N{n}", "grade", item="T1", points="1", **fields), None) for n in range(1, number + 1)]


def test_a_refusal_that_others_cause_leaves_what_was_stored_and_says_so(template: Path) -> None:
    office = Office(template, "spoilt.db")
    other = of("N8", "grade", item="T1", points="9")

    def taken() -> None:
        office.world.log(other, scheme=SCHEME)

    with portions_of(3), office.world.gk() as gk, interfered(gk, "_writing", 3, taken):
        logged = gk.log_facts(good(12), scheme=SCHEME, year=2020)
    assert [ref for ref, _ in logged.recorded] == [f"N{n}" for n in range(1, 7)]
    assert [(row.ref, row.code) for row in logged.refused] == [("N8", "ref-reused")]
    assert logged.stored


def test_an_import_that_breaks_off_goes_on_with_the_same_command(template: Path) -> None:
    class PowerCut(Exception):
        pass

    def cut() -> None:
        raise PowerCut

    whole, broken = Office(template, "whole.db"), Office(template, "broken.db")
    rows = good(20)
    with portions_of(3):
        whole.log(rows)
        with broken.world.gk() as gk, interfered(gk, "_writing", 4, cut), pytest.raises(PowerCut):
            gk.log_facts(rows, scheme=SCHEME, year=2020)
        again = broken.log(rows)
    assert again.already_recorded == [f"N{n}" for n in range(1, 10)]
    assert [ref for ref, _ in again.recorded] == [f"N{n}" for n in range(10, 21)]
    assert broken.found().log == whole.found().log


def test_an_input_that_breaks_off_stores_nothing(template: Path) -> None:
    office = Office(template, "stick.db")
    before = office.world.count()

    def pulled() -> Iterator[Row]:
        yield from good(10)
        raise OSError(5, "the stick was pulled out")

    with portions_of(3), office.world.gk() as gk, pytest.raises(OSError, match="pulled out"):
        gk.log_facts(pulled(), scheme=SCHEME, year=2020)
    assert office.world.count() == before


def test_progress_goes_up_to_the_number_of_rows(template: Path) -> None:
    office, told = Office(template, "progress.db"), list[int]()
    with portions_of(4):
        office.log(good(10), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 10


def test_a_real_clock_says_when_it_was_stored_not_when_it_was_decided(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(template, "real.db")
    office.world.sql("UPDATE meta SET value = 'real' WHERE name = 'clock'")
    moments = [instant(f"2030-01-01T00:00:{second:02}+08:00") for second in range(10, 40)]
    looked = iter(moments)

    class Watch:
        @staticmethod
        def now(_zone: object) -> Any:  # noqa: ANN401 - a moment
            return next(looked)

    class Module:
        datetime = Watch

    monkeypatch.setattr("gkevents.app.clock.dt", Module)
    with portions_of(2):
        office.log(good(6))
    kept = [moment for (moment,) in office.world.rows("SELECT recorded_at FROM events WHERE ref LIKE 'N%'")]
    assert kept == sorted(kept)
    assert len(set(kept)) == 3, "one moment a portion"
    assert kept[0] > "2030-01-01T00:00:11"
    assert office.world.faults() == []


# ---- what a process remembers from one write to the next

_CALLS: Final = st.lists(
    st.tuples(st.booleans(), st.lists(FACTS, min_size=1, max_size=3), st.booleans(), st.sampled_from([None, *ACTS])),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(calls=_CALLS)
def test_a_process_that_remembers_decides_as_one_that_has_just_begun(template: Path, calls: list[Any]) -> None:
    warm, cold = Office(template, "warm.db"), Office(template, "cold.db")
    with warm.world.gk() as gk:
        for ours, facts, skip, act in calls:
            rows = [Row(number, given, None) for number, given in enumerate(facts, 1)]
            for office in (warm, cold):
                if act is not None:
                    try_act(act, office.world)
            cold.log(rows, skip_refused=skip)
            if ours:
                warm.take(gk.log_facts(rows, scheme=SCHEME, year=2020, skip_refused=skip))
            else:
                warm.log(rows, skip_refused=skip)
    assert warm.found() == cold.found()


def try_act(act: Act, world: World) -> None:
    """Do something that may have been done already."""
    if act is later or act is nothing_of_ours:
        world.try_log(of("X9", "grade", item="T1", points="1", note=act.__name__), scheme=SCHEME)
    else:
        act(world)


def test_a_store_that_was_put_back_is_known_for_another(template: Path) -> None:
    office = Office(template, "restored.db")
    with office.world.gk() as gk:
        assert gk.log_facts(good(1), scheme=SCHEME, year=2020).stored
        gk.store.close()
        shutil.copy(template, office.world.path)
        for end in ("-wal", "-shm"):
            Path(f"{office.world.path}{end}").unlink(missing_ok=True)
        logged = gk.log_facts(good(1), scheme=SCHEME, year=2020)
    assert [ref for ref, _ in logged.recorded] == ["N1"]
    assert office.world.faults() == []


# ---- how it grows


def _calls(work: Callable[[], object]) -> int:
    """The calls that `work` makes of Python's functions: what it takes, whatever else the machine is doing."""
    made = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_a_unit_year_with_many_limits_takes_each_as_quickly_as_the_first(template: Path) -> None:
    taken = []
    for number in (200, 1_000):
        rows = [
            Row(n, of(f"M{n}", kind, key=f"K{n // 2}", **({"item": "T2"} if kind == "netizen-message" else {})), None)
            for n in range(number * 2)
            for kind in [("netizen-message", "netizen-reply")[n % 2]]
        ]
        office, logged = Office(template, "many.db"), []
        taken.append(_calls(lambda: logged.append(office.log(rows))))  # noqa: B023  (called at once)
        assert len(logged[0].recorded) == number * 2
    assert taken[1] < 6 * taken[0], "five times as many take five times as long, not twenty-five times"


def test_a_look_at_the_log_stores_nothing(template: Path) -> None:
    office = Office(template, "bare.db")
    with office.world.gk() as gk, gk._looking() as session, pytest.raises(TypeError, match="stores nothing"):
        session.store([], [])
