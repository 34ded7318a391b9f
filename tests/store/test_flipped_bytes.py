"""The file itself, byte by byte: whatever is flipped, verify finds it or nothing that is read has changed."""
# ruff: noqa: S608 - tests go at the file by SQL put together here

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from gkevents.store.trouble import StoreTrouble
from tests.app.worlds import World, fact, grade


def read(world: World) -> Any:  # noqa: ANN401 - to be compared
    """Everything a question could read."""
    by_stream = "events INDEXED BY sqlite_autoindex_events_1 ORDER BY stream, stream_version"
    ways = ("meta", "events", by_stream, "limits", "unit_scores", "item_scores", "ledger_entries")
    return [world.rows(f"SELECT * FROM {way}") for way in ways] + [
        world.rows("SELECT position FROM events INDEXED BY sqlite_autoindex_events_2 WHERE ref > '' ORDER BY ref")
    ]


def test_a_flipped_byte_in_the_file_is_found_or_changes_nothing_that_is_read(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(Path(__file__).parents[1] / "app" / "tiny.yaml", year=2020, now="2020-01-06T09:00:00+08:00")
    world.log(
        fact("L1", "deadline-opened", "2020-09-14", "T1", key="改版", limit="3 working days", unit="甲局"),
        grade("G1", "2020-11-20", "T1", "5", unit="甲局"),
        scheme="tiny-2020", now="2020-12-01T09:00:00+08:00",
    )  # fmt: skip
    with world.gk() as gk:
        gk.limits()
        gk.score(scheme="tiny-2020", year=2020)
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE", guarded=True)
    good, content = read(world), world.path.read_bytes()
    dice, found = random.Random(3), 0
    for place in dice.sample(range(len(content)), 200):
        flipped = bytearray(content)
        flipped[place] ^= 1 << dice.randrange(8)
        broken = World(tmp_path / f"{place}.db")
        broken.path.write_bytes(flipped)
        try:
            faults: object = broken.faults()
        except StoreTrouble as error:
            faults = error
        if faults:
            found += 1
        else:
            changed = [table for table, (one, other) in enumerate(zip(good, read(broken), strict=True)) if one != other]
            assert changed in ([], [0]), place  # the store's own settings are under no digest
        broken.path.unlink()
    assert found > 30
