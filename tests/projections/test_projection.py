"""Keeping views up: every event once, whoever else runs; pages, stops, and when a question replays the log instead."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gkevents.app.views import Views, ViewsReport
from gkevents.projections import projection
from gkevents.projections.checkpoint import Checkpoint, Overtaken
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView
from gkevents.projections.told import Told
from gkevents.scoring.score import Score
from gkevents.store.engine import Store
from gkevents.store.trouble import StoreDamaged, StoreLocked, StoreTrouble
from tests.app.worlds import BUREAU, SCHEME, TOWN, World, fact, grade
from tests.oracle.hand import event, item, scheme
from tests.oracle.scheme_writer import text_of
from tests.projections.years import OTHER, begun, caught_up, differences, held, more, stands, store_of

TRIES = 60


@pytest.fixture
def world(store_url: str) -> World:
    return begun(store_url)


def live_of(world: World) -> Checkpoint:
    found = stands(world).live
    assert found is not None
    return found


def kind_of_answer(world: World) -> type:
    with world.gk() as gk:
        return type(gk.score(scheme=SCHEME, year=2020, unit=BUREAU).scores[BUREAU])


def test_two_runners_on_one_checkpoint_never_take_an_event_in_twice(world: World) -> None:
    """Both see the same checkpoint, both try: one wins, the other is told so and has written nothing."""
    caught_up(world)
    outcomes: Counter[str] = Counter()
    with store_of(world) as store:
        for number in range(TRIES):
            position = more(world, number)
            seen, barrier = live_of(world), threading.Barrier(2)
            said: list[str] = []

            def run(seen: Checkpoint = seen, barrier: threading.Barrier = barrier, said: list[str] = said) -> None:
                barrier.wait()
                try:
                    Projection(store, ScoresView()).take_in(seen, seen.position + 1)
                except Overtaken:
                    said.append("overtaken")
                else:
                    said.append("taken in")

            runners = [threading.Thread(target=run) for _ in range(2)]
            for runner in runners:
                runner.start()
            for runner in runners:
                runner.join()
            outcomes.update(said)
            assert live_of(world).position == position
    assert outcomes == {"taken in": TRIES, "overtaken": TRIES}
    assert differences(world) == []


def _follow(url: str, until: int) -> None:
    store = Store(url)
    runner = Projection(store, ScoresView(), page=3)
    while (live := runner.standing().live) is None or live.position < until:
        runner.catch_up()
    store.close()


def test_two_processes_keep_one_view_up_while_facts_are_logged(world: World) -> None:
    caught_up(world)
    until = world.count() + 60
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_follow, args=(world.url, until)) for _ in range(2)]
    for process in processes:
        process.start()
    for number in range(60):
        more(world, number, unit=(BUREAU, TOWN, OTHER)[number % 3])
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    assert live_of(world).position == until
    assert differences(world) == []


def test_what_fails_between_rows_and_commit_leaves_rows_and_checkpoint_as_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught_up(world)
    more(world, 1)
    before, seen = held(world), live_of(world)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with store_of(world) as store:
        runner = Projection(store, ScoresView())
        monkeypatch.setattr(ScoresView, "settle", broken)
        with pytest.raises(KeyboardInterrupt):
            runner.catch_up()
        monkeypatch.undo()
        assert (held(world), live_of(world)) == (before, seen)
        assert runner.catch_up() is True
    assert (live_of(world).position, differences(world)) == (world.count(), [])


def test_only_the_unit_with_the_new_fact_is_priced_anew_where_nobody_asks_for_others(world: World) -> None:
    world.log(fact("X1", "retraction", "2020-11-02", of="N1", unit=OTHER))
    caught_up(world)
    more(world, 1)
    world.sql(f"UPDATE ledger_entries SET recorded_by = '动过' WHERE unit = '{TOWN}'")
    caught_up(world)
    assert world.rows(f"SELECT DISTINCT recorded_by FROM ledger_entries WHERE unit = '{TOWN}'") == [("动过",)]


def test_a_row_that_comes_out_the_same_is_not_written_again(tmp_path: Path) -> None:
    """One unit asks for the others, so all are priced anew; but only rows that have changed are touched."""
    world = caught_up(begun(f"sqlite:///{tmp_path}/gk.db"))
    for table in ("ledger_entries", "item_scores", "unit_scores"):
        world.sql(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN OLD.unit = '{TOWN}'"
                  " BEGIN SELECT RAISE(ABORT, 'written again'); END")  # fmt: skip
    more(world, 1)
    caught_up(world)
    assert (live_of(world).position, differences(world)) == (world.count(), [])


def test_a_unit_that_asks_for_others_follows_their_marks(world: World) -> None:
    caught_up(world)
    query = f"SELECT score FROM item_scores WHERE unit = '{OTHER}' AND item = 'L15'"
    assert world.rows(query) == [(None,)]
    world.log(grade("G2", "2020-11-02", "L15", "8", unit=TOWN))
    caught_up(world)
    assert world.rows(query) == [("7.5",)]
    assert differences(world) == []


def test_ranks_move_of_units_that_nothing_was_logged_on(store_url: str, tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(text_of(scheme(item("A", "10", event(price="1")))), encoding="utf-8")
    world = World(store_url).init()
    world.adopt(path, year=2020, now="2020-01-06T09:00:00+08:00", units=[("甲局", ""), ("乙局", ""), ("丙局", "")])
    ranks: list[dict[str, int]] = []
    for number, unit in enumerate(("甲局", "乙局", "乙局"), 1):
        charge = fact(f"O{number}", "occurrence", "2020-06-01", "A", unit=unit)
        world.log(charge, scheme="hand", year=2020, now=f"2020-07-0{number}T09:00:00+08:00")
        caught_up(world)
        ranks.append(dict(world.rows("SELECT unit, rank FROM unit_scores ORDER BY number")))
    assert [list(each.values()) for each in ranks] == [[3, 1, 1], [2, 2, 1], [2, 3, 1]]
    assert differences(world) == []


def test_an_event_that_the_program_fails_on_stops_the_view_right_before_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught_up(world)
    good = [more(world, 1), more(world, 2, unit=TOWN)]
    bad = world.log(fact("B1", "occurrence", "2020-06-12", "L22", amount="0.3", reason="绊脚石"))[0]
    more(world, 3)
    entries = ScoresView.portions

    def stumbling(self: ScoresView, reader: Any, build: int, scope: Any, known_at: int, **how: Any) -> Any:  # noqa: ANN401
        if known_at >= bad:
            msg = "绊脚石"
            raise ZeroDivisionError(msg)
        return entries(self, reader, build, scope, known_at, **how)

    monkeypatch.setattr(ScoresView, "portions", stumbling)
    with store_of(world) as store:
        assert Projection(store, ScoresView()).catch_up() is False
        report = Views(store).status().views[0]
    assert (report.state, report.position, report.stopped, report.behind) == ("stopped", good[-1], bad, 2)
    assert "ZeroDivisionError: 绊脚石" in str(report.why)
    assert kind_of_answer(world) is Score
    monkeypatch.undo()
    assert kind_of_answer(world) is Score, "a question does not wake a view that has stopped"
    caught_up(world)
    assert (kind_of_answer(world), differences(world)) == (Told, [])


@pytest.mark.parametrize("live", [False, True])
def test_behind_too_many_events_a_question_is_answered_by_a_replay(
    world: World, monkeypatch: pytest.MonkeyPatch, *, live: bool
) -> None:
    if live:
        caught_up(world)
    for number in range(4):
        more(world, number)
    monkeypatch.setattr(projection, "FEW", 3)
    assert kind_of_answer(world) is Score
    caught_up(world)
    assert kind_of_answer(world) is Told
    for number in range(4, 7):
        more(world, number)
    assert kind_of_answer(world) is Told, "three events are few"
    assert differences(world) == []


def test_a_newer_programs_view_is_left_alone(world: World) -> None:
    caught_up(world)
    world.sql("UPDATE checkpoints SET version = 99", guarded=True)
    before = held(world)
    assert kind_of_answer(world) is Score
    with store_of(world) as store:
        assert Projection(store, ScoresView()).catch_up() is False
        assert Projection(store, ScoresView()).rebuild() is False
        assert [view.state for view in Views(store).status().views] == ["newer", "newer"]
    assert held(world) == before


def test_a_page_goes_no_further_than_so_many_unit_years(world: World) -> None:
    caught_up(world)
    first = world.count()
    for number, unit in enumerate((BUREAU, BUREAU, TOWN, OTHER, BUREAU)):
        more(world, number, unit=unit)
    with store_of(world) as store:
        runner = Projection(store, ScoresView(), streams=2)
        targets = [runner._target(position, first + 5) for position in (first, first + 3)]
    assert targets == [first + 3, first + 5]


def test_a_long_backlog_is_made_anew_beside_what_is_there(world: World) -> None:
    caught_up(world)
    build = live_of(world).build
    for number in range(30):
        more(world, number, unit=(BUREAU, TOWN, OTHER)[number % 3])
    with store_of(world) as store:
        Projection(store, ScoresView(), page=2).catch_up()
    assert live_of(world).build == build + 1
    assert (live_of(world).position, differences(world)) == (world.count(), [])


def test_a_long_backlog_with_an_event_that_cannot_be_read_stops_the_view_and_comes_back(world: World) -> None:
    """Another build is tried, once, and stops; the live one goes as far as it can. Mended, both are up again."""
    caught_up(world)
    for number in range(30):
        more(world, number, unit=(BUREAU, TOWN, OTHER)[number % 3])
    bad = world.count() - 20
    [(body,)] = world.rows(f"SELECT body FROM events WHERE position = {bad}")
    world.sql(f"UPDATE events SET body = '[' WHERE position = {bad}")
    said: list[bool] = []

    def catch_up() -> None:
        with store_of(world) as store:
            said.append(Projection(store, ScoresView(), page=2).catch_up(again=True))

    for _ in range(2):
        thread = threading.Thread(target=catch_up, daemon=True)
        thread.start()
        thread.join(60)
        now = stands(world)
        assert now.building is not None
        assert (now.building.stopped, live_of(world).stopped, live_of(world).position) == (bad, bad, bad - 1)
    build = live_of(world).build
    world.sql(f"UPDATE events SET body = '{body}' WHERE position = {bad}")
    catch_up()
    assert said == [False, False, True]
    assert (live_of(world).build, stands(world).building) == (build + 1, None)
    assert differences(world) == []


def test_a_long_backlog_that_says_nothing_of_limits_is_no_reason_to_make_their_view_anew(world: World) -> None:
    caught_up(world)
    for number in range(30):
        more(world, number)
    better: list[bool] = []
    with store_of(world) as store:
        for view in (ScoresView(), LimitsView()):
            runner = Projection(store, view, page=2)
            now = runner.standing()
            assert now.live is not None
            better.append(runner._better_anew(now.live, now.head))
    assert better == [True, False]


@pytest.mark.parametrize(("ties", "wanted"), [("1,1,3", [1, 1]), ("unordered", [None, None])])
def test_an_edition_that_only_ranks_the_same_totals_otherwise_ranks_them_anew(
    store_url: str, tmp_path: Path, ties: str, wanted: list[int | None]
) -> None:
    text = (Path(__file__).parents[1] / "app" / "tiny.yaml").read_text(encoding="utf-8")
    world = World(store_url).init()
    path = tmp_path / "tiny.yaml"
    for said in ("1,1,3" if ties == "unordered" else "unordered", ties):
        path.write_text(text.replace("base_total: 20", f'base_total: 20\nties: "{said}"', 1), encoding="utf-8")
        world.adopt(path)
        if said != ties:
            marks = [grade(f"G{unit}", "2020-02-01", "T1", "9", unit=unit) for unit in ("甲局", "乙局")]
            world.log(*marks, scheme="tiny-2020")
        caught_up(world)
    assert world.rows("SELECT rank FROM unit_scores") == [(rank,) for rank in wanted]
    assert differences(world) == []


def test_whoever_follows_outlasts_a_lock_that_passes(world: World) -> None:
    caught_up(world)
    more(world, 1)
    heard: list[int] = []
    with store_of(world) as store:
        views, tries = Views(store), 0
        catch_up = views.catch_up

        def locked(raised: StoreTrouble) -> Any:  # noqa: ANN401
            nonlocal tries
            tries += 1
            if tries % 3:
                raise raised
            return catch_up()

        def tell(report: ViewsReport) -> None:
            heard.append(report.views[0].position or 0)
            raise KeyboardInterrupt

        views.catch_up = lambda: locked(StoreLocked(store.name))  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            views.follow(tell, seconds=10)
        assert (heard, tries) == ([world.count()], 3)
        with pytest.raises(StoreLocked):
            views.follow(tell, seconds=0.1)
        views.catch_up = lambda: locked(StoreDamaged(store.name))  # type: ignore[method-assign]
        with pytest.raises(StoreDamaged):
            views.follow(tell, seconds=10)
    assert tries == 5, "a store that is damaged is not tried again"


def test_units_that_join_and_an_edition_that_is_adopted_anew_touch_the_whole_year(world: World) -> None:
    caught_up(world)
    world.adopt(units=[("区教育局", None)])
    caught_up(world)
    assert world.rows("SELECT unit FROM unit_scores ORDER BY number") == [(TOWN,), (BUREAU,), (OTHER,), ("区教育局",)]
    assert differences(world) == []
