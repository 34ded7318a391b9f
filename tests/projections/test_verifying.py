"""Whatever is done to a row of a view is found, and said with what is there and what should be."""
# ruff: noqa: S608 - tests go at the database by SQL put together here

from __future__ import annotations

import pytest
from sqlalchemy import String

from gkevents.app.views import Views
from gkevents.projections.verifying import ORACLE, REPLAY, Difference
from gkevents.store.tables import metadata
from gkevents.words import say
from tests.app.worlds import BUREAU, SCHEME, TOWN, World
from tests.projections.years import OTHER, begun, caught_up, more, store_of


@pytest.fixture
def world(store_url: str) -> World:
    return caught_up(begun(store_url))


def found(world: World) -> list[Difference]:
    with store_of(world) as store:
        return Views(store).verify().differences


ONE_ROW = {
    "unit_scores": "unit = '区气象局'", "item_scores": "unit = '区气象局' AND item = 'L15'",
    "ledger_entries": "unit = '区气象局' AND number = 1", "limits": "unit = '栾城镇'", "scheme_years": "year = 2020",
}  # fmt: skip


@pytest.mark.parametrize("table", ONE_ROW)
def test_a_value_changed_in_any_column_is_found(world: World, table: str) -> None:
    """One column of one row at a time: named, beside what should be there; then the rows are put back."""
    world.sql(f"CREATE TABLE kept AS SELECT * FROM {table}")
    for column in metadata.tables[table].c:
        if column.name in ("build", "scheme", "year"):
            continue
        name, number = column.name, not isinstance(column.type, String)
        changed = f"coalesce({name}, 0) + 40" if number else f"'7' || coalesce({name}, '')"
        world.sql(f"UPDATE {table} SET {name} = {changed} WHERE {ONE_ROW[table]}")
        said = [one for one in found(world) if one.by == REPLAY and one.table == table]
        assert said, name
        assert column.primary_key or {name for one in said for name in one.there or ()} == {name}
        if name in ("unit", "family"):  # gk verify says whatever is found: once is enough
            assert world.faults() != []
        world.sql(f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM kept")
    assert found(world) == []


@pytest.mark.parametrize("table", ["unit_scores", "item_scores", "ledger_entries", "limits", "scheme_years"])
def test_a_row_that_is_missing_is_found(world: World, table: str) -> None:
    world.sql(f"DELETE FROM {table}")
    said = [one for one in found(world) if one.by == REPLAY]
    assert {one.table for one in said} == {table}
    assert all(one.there is None and one.should is not None for one in said)


def test_rows_too_many_are_found(world: World) -> None:
    copied = {
        "item_scores": f"build, scheme, year, unit, '某项', number, score, low, high, max, state FROM item_scores"
                       f" WHERE unit = '{BUREAU}' AND item = 'L15'",
        "limits": f"build, scheme, year, '某局', key, item, opened, due, state FROM limits WHERE unit = '{TOWN}'",
        "scheme_years": "build, '某方案', year, family, edition, since, adopted, units, asking FROM scheme_years",
    }  # fmt: skip
    world.sql(*(f"INSERT INTO {table} SELECT {rows}" for table, rows in copied.items()))
    said = {(one.table, one.scheme, one.unit, one.key) for one in found(world) if one.by == REPLAY}
    assert said == {
        ("item_scores", SCHEME, BUREAU, "某项"), ("limits", SCHEME, "某局", ""), ("scheme_years", "某方案", "", ""),
    }  # fmt: skip


def test_the_oracle_names_what_is_not_as_it_reckons_by_value(world: World) -> None:
    world.sql(
        f"UPDATE item_scores SET score = '7.0' WHERE unit = '{BUREAU}' AND item = 'L15'",
        f"UPDATE item_scores SET high = '3' WHERE unit = '{OTHER}' AND item = 'L15'",
        f"DELETE FROM item_scores WHERE unit = '{TOWN}' AND item = 'L15'",
        f"UPDATE unit_scores SET low = 'x' WHERE unit = '{TOWN}'",
        f"DELETE FROM unit_scores WHERE unit = '{OTHER}'",
    )
    said = [say(one.what, "en") for one in found(world) if one.by == ORACLE]
    assert len(said) == 3, "7.0 is 7; what is missing of one unit is said once"
    assert f"unit_scores: {SCHEME} 2020 {TOWN}: the row is not what the log gives (oracle): low x ≠" in "\n".join(said)
    assert f"item_scores: {SCHEME} 2020 {TOWN} L15: the row is missing (oracle)" in said
    assert f"unit_scores: {SCHEME} 2020 {OTHER}: the row is missing (oracle)" in said


def test_a_view_that_is_behind_is_held_against_what_was_known_where_it_stands(world: World) -> None:
    more(world, 1)
    assert found(world) == []
    assert world.faults() == []


def test_what_the_oracle_has_no_rule_for_is_said(world: World) -> None:
    [(position, body)] = world.rows("SELECT position, body FROM events WHERE ref = 'G1'")
    world.sql('UPDATE events SET body = replace(body, \'"points":"7"\', \'"points":"viel"\') WHERE ref = \'G1\'')
    with store_of(world) as store, pytest.raises(Exception, match=f"event {position}"):
        Views(store).verify()
    assert '"points":"7"' in body


def test_a_difference_is_one_sentence() -> None:
    place = Difference("item_scores", "x-2020", 2020, "甲局", "L15")
    cases = [
        (place, "item_scores: x-2020 2020 甲局 L15: the row is missing (replay)"),
        (place._replace(there={}), "item_scores: x-2020 2020 甲局 L15: there is no such row (replay)"),
        (place._replace(there={"score": "1", "low": None}, should={"score": "2", "low": "x" * 90}),
            "item_scores: x-2020 2020 甲局 L15: the row is not what the log gives (replay): score 1 ≠ 2, low – ≠ "
            + "x" * 80 + "…"),
    ]  # fmt: skip
    for difference, said in cases:
        assert say(difference.what, "en") == said
