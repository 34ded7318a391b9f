"""A small year in a store on either database, and what its views hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from gkevents.app.views import Views
from gkevents.projections.checkpoint import Standing
from gkevents.projections.limits import LimitsView
from gkevents.projections.projection import Projection
from gkevents.projections.scores import ScoresView
from gkevents.store.engine import Store
from gkevents.words import say
from tests.app.worlds import BUREAU, TOWN, World, fact, grade

JANUARY: Final = "2020-01-06T09:00:00+08:00"
DECEMBER: Final = "2020-12-01T09:00:00+08:00"
OTHER: Final = "区财政局"
TABLES: Final = ("scheme_years", "unit_scores", "item_scores", "ledger_entries", "limits")
WANTED: Final = [
    (TOWN, "甲", "2020-10-12", "open"), (BUREAU, "甲", "2020-10-10", "open"), (BUREAU, "乙", "2020-09-30", "met"),
]  # fmt: skip
"""What the view of limits holds of the year, sorted as `limits_of` does."""


def begun(url: str) -> World:
    """A year with limits, marks, charges and an item that does not concern a unit; no view has seen any of it."""
    world = World(url).init()
    world.adopt(now=JANUARY, units=[(TOWN, None), (BUREAU, None), (OTHER, None)])
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "L15", key="甲", limit="15 working days"),
        fact("L2", "deadline-opened", "2020-09-15", "L15", key="乙", limit="2020-09-30"),
        fact("L3", "deadline-opened", "2020-09-15", "L15", key="甲", limit="15 working days", unit=TOWN),
        fact("A2", "deadline-met", "2020-09-30", key="乙"),
        fact("H1", "deadline-missed", "2020-09-30", "L15", key="无期"),
        fact("N1", "not-applicable", "2020-03-01", "L15", unit=OTHER),
        fact("C1", "criticism", "2020-05-11", "L17", level="city", matter="甲事"),
        fact("O1", "occurrence", "2020-06-11", "L22", amount="2", reason="例", unit=TOWN),
        grade("G1", "2020-11-01", "L15", "7"),
        now=DECEMBER,
    )
    return world


def more(world: World, number: int, **fields: Any) -> int:  # noqa: ANN401
    """One more fact; its position."""
    return world.log(fact(f"M{number}", "occurrence", "2020-06-12", "L22", amount="0.1", reason="例", **fields))[0]


@contextmanager
def store_of(world: World) -> Iterator[Store]:
    """The store, its connections given back at the end."""
    store = Store(world.url)
    try:
        yield store
    finally:
        store.close()


def caught_up(world: World) -> World:
    """Every view brought up."""
    with store_of(world) as store:
        Views(store).catch_up()
    return world


def stands(world: World, view: type[ScoresView | LimitsView] = ScoresView) -> Standing:
    """Where a view stands."""
    with store_of(world) as store:
        return Projection(store, view()).standing()


def held(world: World) -> dict[str, list[Any]]:
    """Every row of every view, without its build."""
    return {
        table: sorted((row[1:] for row in world.rows(f"SELECT * FROM {table}")), key=repr)  # noqa: S608 - our own names
        for table in TABLES
    }


def limits_of(world: World) -> list[Any]:
    """What the view of limits holds."""
    return world.rows("SELECT unit, key, due, state FROM limits ORDER BY unit DESC, opened")


def differences(world: World) -> list[str]:
    """Every row that is not what a replay or the oracle gives."""
    with store_of(world) as store:
        return [say(one.what, "en") for one in Views(store).verify().differences]
