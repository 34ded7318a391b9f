"""The law of scans: rows only say where to look, so a scan by rows records what a scan of the whole log records.

Random logs of limits, answers early and late, misses by hand, retractions of all of them, amendments of the calendar
and scans in between; then one scan by rows and one by the log, each in a copy of the store.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app import Gk
from gkevents.app.views import Views
from gkevents.schemes import catalog
from gkevents.words import say
from tests.app.worlds import World, day, fact, rows

TINY: Final = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")
WORK: Final = "make_up_workdays: ['2020-01-31', '2020-02-01', '2020-02-02']"
REST: Final = "days_off: ['2020-01-31/2020-02-02']"
AMENDMENT: Final = """
notices:
  - document: 样本〔2020〕{number}号
    issued_on: "2020-02-03"
    year: 2020
    amends: true
    days_off: []
    make_up_workdays: []
    {days}
    verified: sample data
"""


def facts(dice: random.Random, number: int) -> Iterator[dict[str, Any]]:
    """Facts that the store may or may not take, about a few keys on two items."""
    for place in range(number):
        ref, unit, key = f"F{place}", dice.choice(("甲局", "甲局", "乙局")), f"K{dice.randrange(8)}"
        opened, said = f"2020-01-{dice.randrange(16, 24)}", f"2020-02-0{dice.randrange(1, 9)}"
        of = dice.choice((f"F{dice.randrange(number)}", f"scan:F{dice.randrange(number)}:2020-02-01"))
        limit = dice.choice(("2 working days", "5 working days", "7 working days", "2020-02-01", "30 working days"))
        match dice.choices(("message", "duty", "reply", "miss", "back", "ruled"), (5, 4, 3, 1, 2, 1))[0]:
            case "message":
                yield fact(ref, "netizen-message", opened, "T2", key=key, unit=unit, limit=limit)
            case "duty":
                yield fact(ref, "deadline-opened", opened, "T3", key=key, unit=unit, limit=limit)
            case "reply":
                yield fact(ref, "netizen-reply", said, key=key, unit=unit)
            case "miss":
                yield fact(ref, "reply-timeout", said, "T2", key=key, unit=unit)
            case "back":
                yield fact(ref, "retraction", "2020-02-10", of=of, unit=unit)
            case _:
                yield fact(ref, "duplicate-ruling", "2020-02-10", of=of, unit=unit)


def played(world: World, dice: random.Random, folder: Path) -> None:
    """A few months: facts, scans as of some day, amendments of the calendar there and back, some retractions more."""
    for number in range(4):
        now = f"2020-0{number + 3}-01T09:00:00+08:00"
        with world.gk(now) as gk:
            gk.log_facts(rows(*_renamed(facts(dice, 14), number)), scheme="tiny-2020", year=2020, skip_refused=True)
            if dice.random() < 0.7:
                gk.scan()
            if dice.random() < 0.7:
                days = dice.choice((WORK, REST))
                text = AMENDMENT.format(number=number, days=days).replace(f"    {days.partition(':')[0]}: []\n", "")
                (folder / "notice.yaml").write_text(text, encoding="utf-8")
                gk.import_calendar(folder / "notice.yaml")
            own = [ref for (ref,) in world.rows("SELECT ref FROM events WHERE ref LIKE 'scan:%'")]
            back = [fact(f"X{number}-{place}", "retraction", "2020-02-10", of=dice.choice(own), unit="甲局")
                    for place in range(2) if own]  # fmt: skip
            gk.log_facts(rows(*back), scheme="tiny-2020", year=2020, skip_refused=True)


def _renamed(given: Iterator[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """The same with refs of their own; what they take back may be of this month or of another."""
    for one in given:
        yield {**one, "ref": f"{one['ref']}" if not number else f"{number}-{one['ref']}"}


def came(gk: Gk) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    found = gk.scan()
    missed = [(row.key, row.unit, row.item, row.due) for row in found.missed]
    back = [(row.key, row.unit, row.item, row.due) for row in found.taken_back]
    assert (len(set(missed)), len(set(back))) == (len(missed), len(back))
    return set(missed), set(back)


def held(seeds: range, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The law, by the random logs of these seeds."""
    brought = tuple(notice for notice in catalog.calendar_notices() if not (notice.year == 2020 and notice.amends))
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brought)
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    template = World(folder / "template.db").init()
    template.adopt(folder / "tiny.yaml", now="2020-01-06T09:00:00+08:00")
    missed = taken_back = 0
    for seed in seeds:
        world, copy = World(folder / f"{seed}.db"), World(folder / f"{seed}-copy.db")
        shutil.copy(template.path, world.path)
        played(world, random.Random(seed), folder)
        shutil.copy(world.path, copy.path)
        with world.gk() as gk, copy.gk() as other:
            other.replaying = True
            by_rows, by_log = came(gk), came(other)
            assert by_rows == by_log, seed
            assert came(gk) == (set(), set()), seed
            assert gk.limits() == other.limits(), seed
            gk.score(scheme="tiny-2020", year=2020)
            assert [say(one.what, "en") for one in Views(gk.store).verify().differences] == [], seed
        missed += len(by_rows[0])
        taken_back += world.rows("SELECT count(*) FROM events WHERE ref LIKE 'scan:%:back%'")[0][0]
    assert missed
    assert taken_back


def test_a_scan_by_rows_records_what_a_scan_of_the_log_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held(range(8), tmp_path, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(10))
def test_a_scan_by_rows_records_what_a_scan_of_the_log_records_in_many_logs(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(range(100 + block * 30, 130 + block * 30), tmp_path, monkeypatch)


def test_a_scan_of_a_day_to_come_is_refused_before_anything_is_adopted(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    with world.gk("2020-06-01T09:00:00+08:00") as gk, pytest.raises(no.InTheFuture):
        gk.scan(as_of=day("2020-06-02"))
    assert world.count() == 0
