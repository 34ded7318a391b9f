"""Fifty people at once, each with a process of their own: every fact is stored once, and no trouble reaches anybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.worlds import BUREAU, SCHEME, World, fact, rows
from tests.store.crowds import crowd

WRITERS, EACH = 50, 2
UNITS = [f"样本{number}局" for number in range(WRITERS)]


def _log(writer: int, together: Any, url: str, units: list[str]) -> list[str]:  # noqa: ANN401 - a barrier
    """Log some facts one by one by the use case, the last one twice; the refs that were stored."""
    stored = list[str]()
    with World(url).gk() as gk:
        together.wait(60)
        for number in (*range(EACH), EACH - 1):
            said = {"amount": "0.1", "reason": "样本", "unit": units[writer]}
            found = fact(f"W{writer}-{number}", "occurrence", "2020-06-01", "L22", **said)
            logged = gk.log_facts(rows(found), scheme=SCHEME, year=2020)
            assert logged.refused == []
            stored += [ref for ref, _ in logged.recorded]
    assert logged.already_recorded == [f"W{writer}-{EACH - 1}"]
    return stored


@pytest.mark.parametrize("units", [[BUREAU] * WRITERS, UNITS], ids=["one unit-year", "fifty unit-years"])
def test_fifty_writers_at_once_store_every_fact_once_and_in_order(store_url: str, units: list[str]) -> None:
    world = World(store_url).init(simulated=False)
    world.adopt(units=[(unit, "部门") for unit in dict.fromkeys(units)])
    before = world.count()
    stored = crowd(WRITERS, _log, store_url, units)
    assert stored == [[f"W{writer}-{number}" for number in range(EACH)] for writer in range(WRITERS)]
    there = world.rows("SELECT position, stream, stream_version, ref, recorded_at FROM events ORDER BY position")[
        before:
    ]
    assert [row[0] for row in there] == list(range(before + 1, before + 1 + WRITERS * EACH))
    assert sorted(row[3] for row in there) == sorted(ref for refs in stored for ref in refs)
    assert [row[4] for row in there] == sorted(row[4] for row in there)
    for writer, unit in enumerate(units):
        stream = f"unit-year/{SCHEME}/2020/{unit}"
        versions = [row[2] for row in there if row[1] == stream]
        assert versions == list(range(2, 2 + len(versions)))
        own = [row[3] for row in there if row[3].startswith(f"W{writer}-")]
        assert own == [f"W{writer}-{number}" for number in range(EACH)]
    assert world.faults() == []
