"""Several scanners at one store, scanners that are killed, and views that cannot say where to look."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from gkevents.app import Gk
from gkevents.app.limits import Scan
from gkevents.app.missing import Missed
from gkevents.projections.limits import owed_rows
from gkevents.store.engine import Store
from gkevents.store.trouble import NoStore
from tests.app import deadlines
from tests.app.worlds import World, day, fact
from tests.servers.postgres import Server
from tests.store.crowds import crowd

LIMITS, UNITS = 600, 30


def scanned(_: int, together: Any, url: str, portion: int) -> list[str]:  # noqa: ANN401 - a barrier
    """What one scanner records: the keys."""
    gk = Gk(url)
    together.wait()
    return [miss.key for miss in missed_by(gk, portion)]


def missed_by(gk: Gk, portion: int) -> list[Missed]:
    return Scan(gk.store, gk._writing, as_of=None, portion=portion).run().missed


def test_two_rival_scanners_record_every_miss_once(store_url: str) -> None:
    world = deadlines.opened(store_url, LIMITS, units=UNITS)
    before = world.count()
    found = crowd(2, scanned, store_url, 40)
    assert sorted(key for keys in found for key in keys) == sorted(f"样本{place}" for place in range(LIMITS))
    assert deadlines.missed(world) == {f"样本{place}": 1 for place in range(LIMITS)}
    assert world.count() == before + LIMITS
    with world.gk() as gk:
        assert {row.state for row in gk.limits()} == {"missed"}
        assert gk.scan().missed == []
    assert world.faults() == []


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_what_others_log_while_rows_are_claimed_stands_in_the_log_before_the_misses(
    isolation: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = deadlines.opened(database_url, 20, units=2)
    name = database_url.rpartition("/")[2]
    world.sql(f"ALTER DATABASE {name} SET default_transaction_isolation TO '{isolation}'", guarded=True)
    take_turn, turns = Store.take_turn, list[int]()

    def meanwhile(self: Store, connection: Connection) -> None:
        turns.append(len(turns))
        met = fact(f"A{turns[-1]}", "deadline-met", "2017-12-21", key=f"样本{turns[-1]}", unit="样本1局")
        world.log(met | {"unit": world.rows(_UNIT_OF.format(turns[-1]))[0][0]}, scheme="district0", year=2017)
        take_turn(self, connection)

    monkeypatch.setattr(Store, "take_turn", meanwhile)
    with world.gk() as gk:
        assert len(missed_by(gk, 8)) == 20
    assert len(turns) == 3
    assert world.faults() == []


_UNIT_OF: Final = "SELECT body::json->>'unit' FROM events WHERE ref = 'D{}'"


def _scan_slowly(url: str) -> None:
    missed_by(Gk(url), 10)
    os._exit(0)


def test_a_scanner_killed_between_portions_loses_and_doubles_nothing(store_url: str) -> None:
    world = deadlines.opened(store_url, 240, units=UNITS)
    process = multiprocessing.get_context("fork").Process(target=_scan_slowly, args=(store_url,))
    process.start()
    while len(deadlines.missed(world)) < 30 and process.is_alive():
        time.sleep(0.002)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    done = deadlines.missed(world)
    assert len(done) % 10 == 0
    assert len(done) > 0
    with world.gk() as gk:
        assert len(gk.scan().missed) == 240 - len(done)
    assert deadlines.missed(world) == {f"样本{place}": 1 for place in range(240)}
    assert world.faults() == []


def test_what_another_scanner_has_claimed_is_recorded_all_the_same_where_it_never_comes_to_it(
    database_url: str,
) -> None:
    world = deadlines.opened(f"{database_url}?timeout=0.3", 60, units=6)
    with world.gk() as gk, world.gk() as other:
        gk.limits()
        with other.store.updating() as connection:
            connection.exec_driver_sql("SELECT * FROM limits WHERE key LIKE '样本1%%' FOR UPDATE")
            with gk.store.updating() as another:
                free = owed_rows(another, day(deadlines.AS_OF), most=100, claim=True)
            assert {row.key for row in free} == {f"样本{place}" for place in range(60) if str(place)[0] != "1"}
            assert len(gk.scan().missed) == 60
    assert set(deadlines.missed(world).values()) == {1}
    assert world.faults() == []


def test_a_scan_without_a_view_goes_by_the_log(store_url: str) -> None:
    world = deadlines.opened(store_url, 60, units=6)
    assert len(Gk(store_url, replaying=True).scan().missed) == 60
    assert world.rows("SELECT * FROM limits") == []
    assert set(deadlines.missed(world).values()) == {1}


def test_a_scan_where_a_newer_program_keeps_the_view_goes_by_the_log(store_url: str) -> None:
    world = deadlines.opened(store_url, 60, units=6)
    with world.gk() as gk:
        gk.limits()
        world.sql("UPDATE checkpoints SET version = 99", guarded=True)
        assert len(gk.scan().missed) == 60
        assert gk.scan().missed == []
    assert set(deadlines.missed(world).values()) == {1}


def test_a_scan_where_there_is_no_store_says_so(tmp_path: Path) -> None:
    with World(tmp_path / "none.db").gk() as gk, pytest.raises(NoStore):
        gk.scan()


def test_the_narrow_role_scans_and_one_that_may_not_touch_rows_goes_by_the_log(postgres: Server) -> None:
    name = postgres.database()
    owner = deadlines.opened(postgres.url(name), 60, units=6)
    with owner.gk() as gk:
        gk.init(role="scanning_clerk")
        gk.limits()
    with World(postgres.url(name, user="scanning_clerk")).gk() as gk:
        assert len(missed_by(gk, 25)) == 60
    owner.log(*[fact(f"N{n}", "deadline-opened", "2017-03-01", deadlines.ITEM, key=f"n{n}", limit="2017-04-01",
                     unit="样本1局") for n in range(3)], scheme="district0", year=2017)  # fmt: skip
    owner.sql("REVOKE UPDATE, INSERT, DELETE ON limits FROM scanning_clerk", guarded=True)
    with World(postgres.url(name, user="scanning_clerk")).gk() as gk:
        assert sorted(miss.key for miss in gk.scan().missed) == ["n0", "n1", "n2"]
    assert set(deadlines.missed(owner).values()) == {1}
    postgres.drop(name)


def test_many_limits_of_one_unit_are_decided_portion_by_portion(store_url: str) -> None:
    world = deadlines.opened(store_url, 100, units=1)
    with world.gk() as gk:
        found = missed_by(gk, 7)
        assert sorted(miss.key for miss in found) == sorted(f"样本{place}" for place in range(100))
        assert [miss.position for miss in found] == sorted({miss.position for miss in found})
    assert world.faults() == []
