"""How long pricing and starting take, each beside a reference measured in the same run; printed, never asserted."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates.stored import fact_of
from gkevents.app import Gk
from gkevents.demo import SampleRow
from gkevents.schemes.edition import Edition
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.unit import UnitLog
from tests.benchmarks.measure import figure, median
from tests.oracle.agreement import edition
from tests.oracle.oracle import WorkingDays
from tests.oracle.oracle import score as naive

pytestmark = pytest.mark.bench

HEBEI, LUANCHENG = "hebei-stats-2018", "luancheng-2020"
TOWNS = 7


def facts_of(number: int, scheme: str, unit: str, category: str, frozen: Edition, seed: int) -> list[dict[str, Any]]:
    """Facts of one unit over a year: marks, and happenings of the kinds that the scheme prices."""
    dice = random.Random(seed)
    marked = [item.code for item in frozen.items_for(category).values() if item.start == "grade" and not item.allowed]
    facts = []
    for position in range(1, number + 1):
        day = date(frozen.year, 1, 1) + timedelta(days=dice.randrange(360))
        fact: dict[str, Any] = {"ref": f"{unit}-{position}", "unit": unit, "effective_on": day.isoformat()}
        lot = dice.random()
        if lot < 0.4:
            fact |= {"type": "grade", "item": dice.choice(marked), "points": "0.5"}
        elif scheme == HEBEI and lot < 0.7:
            fact |= {"type": "supervision-card", "item": "H19", "problem": [f"p{dice.randrange(50)}"]}
        elif scheme == HEBEI:
            fact |= {"type": "reply-timeout", "item": "H21"}
        elif lot < 0.7:
            fact |= {"type": "occurrence", "item": "L22", "amount": "0.1", "reason": "样本"}
        else:
            fact |= {"type": "criticism", "item": "L17", "level": "city"}
        facts.append(fact)
    return facts


def log_of(facts: list[dict[str, Any]], unit: str, category: str, year: int) -> UnitLog:
    """The facts as the scoring core reads them."""
    moment = f"{year}-12-31T18:00:00+08:00"
    read = [fact_of(fact, position=place, recorded_at=moment) for place, fact in enumerate(facts, 1)]
    return UnitLog(unit, category, year, read)


def beside_the_oracle(scheme: str, categories: dict[str, str], number: int) -> tuple[float, float]:
    """How long pricing and ranking some units of `number` facts each takes, and the naive oracle for the same."""
    frozen = edition(scheme, None)
    facts = {
        unit: facts_of(number, scheme, unit, category, frozen, place)
        for place, (unit, category) in enumerate(categories.items())
    }
    logs = [log_of(facts[unit], unit, category, frozen.year) for unit, category in categories.items()]
    moment = f"{frozen.year}-12-31T18:00:00+08:00"
    every = [fact for unit in facts for fact in facts[unit]]
    placed = [{**fact, "position": place, "recorded_at": moment} for place, fact in enumerate(every, 1)]
    days = WorkingDays.published()

    def ours() -> object:
        return rank(frozen, assess(frozen, logs))

    def theirs() -> object:
        return naive(scheme, frozen.year, categories, placed, overlay=None, calendar=days)

    return median(ours), median(theirs, 3)


def test_pricing_one_unit_year_grows_in_step_with_its_facts() -> None:
    for number in (10, 100, 1_000, 10_000):
        ours, theirs = beside_the_oracle(HEBEI, {"单位": ""}, number)
        figure(f"price a unit-year of {number} facts, beside the naive oracle", ours, theirs, 1.0)
        if number == 1_000:
            figure("price a unit-year of 1000 facts, beside 20 ms", ours, 0.020, 1.0)


def test_ranking_thirty_four_units() -> None:
    categories = {f"单位{place}": "乡镇" if place < TOWNS else "部门" for place in range(34)}
    for number in (10, 100, 1_000):
        ours, theirs = beside_the_oracle(LUANCHENG, categories, number)
        figure(f"rank 34 units of {number} facts, beside the naive oracle", ours, theirs, 1.0)
        if number == 100:
            figure("rank 34 units of 100 facts, beside 100 ms", ours, 0.100, 1.0)


def whole_process(command: list[str]) -> Callable[[], object]:
    """A run of a command as a whole process, its output thrown away."""
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_start_up(tmp_path: Path) -> None:
    gk = str(Path(sys.executable).with_name("gk"))
    url = f"sqlite:///{tmp_path / 'gk.db'}"
    Gk(url).init()
    Gk(url).adopt(HEBEI, year=2018)
    frozen = edition(HEBEI, None)
    rows = [SampleRow(place, fact) for place, fact in enumerate(facts_of(200, HEBEI, "河北省统计局", "", frozen, 1), 1)]
    Gk(url).log_facts(rows, scheme=HEBEI, year=2018)
    ask = [gk, "--store", url, "score", "河北省统计局", "--scheme", HEBEI, "--year", "2018"]
    pairs = (
        ("gk --help, beside python -c pass", [gk, "--help"], [sys.executable, "-c", "pass"], 6.0),
        ("gk score of 200 facts, beside importing sqlalchemy and click", ask,
         [sys.executable, "-c", "import sqlalchemy, click"], 1.4),
    )  # fmt: skip
    for name, command, reference, goal in pairs:
        ours, theirs = [], []
        for _ in range(10):  # one after the other, so that a busy moment of the machine hits both
            ours.append(median(whole_process(command), 1))
            theirs.append(median(whole_process(reference), 1))
        figure(name, statistics.median(ours), statistics.median(theirs), goal)
