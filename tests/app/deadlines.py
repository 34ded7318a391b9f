"""Stores full of limits that ran out, for tests of scans. All of it is sample data."""

from __future__ import annotations

from typing import Any

from gkevents.app import Gk
from gkevents.exchange import Row
from tests.app.worlds import World
from tests.benchmarks import worlds

ITEM = "L15"
AS_OF = "2021-03-01"


def opened(url: str, number: int, *, units: int) -> World:
    """A store in which so many limits have run out, shared out over some units; no view is made yet."""
    (year,) = worlds.plan(events=units, units=units, size=(units, units))
    worlds.adopt(url, [year])
    names = list(year.units)
    facts = [_opening(place, names[place % units], year.year) for place in range(number)]
    gk = Gk(url)
    logged = gk.log_facts(
        [Row(place, fact, None) for place, fact in enumerate(facts, 1)], scheme=year.scheme, year=year.year
    )
    assert len(logged.recorded) == number
    gk.store.close()
    return World(url)


def _opening(place: int, unit: str, year: int) -> dict[str, Any]:
    day = f"{year}-{place % 11 + 1:02}-{place % 27 + 1:02}"
    limit = ("3 working days", "15 working days", f"{year}-12-20")[place % 3]
    return {"ref": f"D{place}", "type": "deadline-opened", "unit": unit, "effective_on": day, "item": ITEM,
            "key": f"样本{place}", "limit": limit}  # fmt: skip


def missed(world: World) -> dict[str, int]:
    """How often the miss of each key is recorded."""
    found: dict[str, int] = {}
    for (body,) in world.rows("SELECT body FROM events WHERE name = 'limit-missed.1' ORDER BY position"):
        key = body.partition('"key":"')[2].partition('"')[0]
        found[key] = found.get(key, 0) + 1
    return found
