"""What the machine of cases plays with: units, people, rules, happenings; and what it compares."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from gkevents.aggregates import refusals as no
from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.facts import Body, as_written, canonical
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.scoring.fact import Fact
from gkevents.scoring.score import Score
from gkevents.terms import BEIJING, ZERO
from tests.app.case_model import KINDS, NEXT, PRICED, standing
from tests.app.case_office import FILE, SCHEME, case_edition
from tests.app.worlds import World
from tests.oracle.agreement import full_calendar

UNITS = ("甲局", "乙局")
PEOPLE = ("张三", "李四", "王五")
RULES = (
    NO_RULES,
    CaseRules(four_eyes=frozenset({"supervision-card", "praise", "deadline-missed"})),
    CaseRules(contest_window="2 working days", deciders=frozenset({"李四", "王五"})),
    CaseRules(plan="1 working day", rectification="3 working days", recheck="2 working days"),
    CaseRules(frozenset({"occurrence"}), "1 working day", frozenset({"王五"}), "1 working day", "2 working days"),
)
HAPPENED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("occurrence", {"item": "T"}),
    ("criticism", {"item": "T", "level": "city"}),
    ("occurrence", {"item": "L"}),
    ("deadline-missed", {"item": "L"}),
    ("supervision-card", {"item": "C", "problem": "栏目"}),
    ("supervision-card", {"item": "C", "problem": "链接"}),
    ("praise", {"item": "P", "matter": "甲事", "level": "city"}),
    ("praise", {"item": "P", "matter": "甲事", "level": "national"}),
    ("praise", {"item": "P", "level": "city"}),
    ("occurrence", {"item": "N", "matter": "乙事"}),
    ("occurrence", {"item": "N"}),
    ("grade", {"item": "G", "points": "8"}),
    ("grade", {"item": "G", "points": "5"}),
)
any_unit = st.sampled_from(UNITS)
any_place = st.integers(0, 10_000)
any_name = st.sampled_from(PEOPLE)
days_back = st.sampled_from([0, 0, 0, 0, 1, 3])
happenings = st.tuples(any_unit, st.sampled_from(HAPPENED), st.sampled_from([*PEOPLE, *PEOPLE, None]))
sayings = st.fixed_dictionaries({
    "back": st.sampled_from([0, 0, 0, 0, 1]), "pace": st.sampled_from([0, 0, 1, 4]), "by": any_name,
    "amount": st.sampled_from(["0", "0.05", "0.5", "1", "2", "3"]),
    "limit": st.sampled_from([None, "2 working days", "2020-06-01"]), "priced": st.booleans(),
})  # fmt: skip
LAST = dt.date(2020, 11, 30)


class Tried(NamedTuple):
    """One thing that was done, and the code of its refusal (None: it was recorded)."""

    what: str
    moment: dt.datetime
    told: Any
    code: str | None


class Office(RuleBasedStateMachine):
    """Two units of one scheme-year whose facts are decided on one after the other, as the program does."""

    def __init__(self) -> None:
        """Begin on the second of March, with nothing recorded."""
        super().__init__()
        self.edition, self.calendar = case_edition(), full_calendar()
        self.states = {unit: UnitYear(SCHEME, 2020, unit, "", self.edition) for unit in UNITS}
        self.bodies: dict[str, Body] = {}
        self.day, self.position, self.on_store = dt.date(2020, 3, 2), 0, False
        self.tried: list[Tried] = []
        self.silent: set[str] = set()
        """Orders and ends that were recorded straight behind a notice, after the time for contesting."""
        self.known: list[tuple[str, int, Any]] = []
        self.touched: set[str] = set()

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(18), tzinfo=BEIJING)

    def facts(self, unit: str) -> list[Fact]:
        return self.states[unit].facts

    def open_cases(self, unit: str) -> list[tuple[str, str]]:
        """The cases that have a next step, those on their way more often, each with its life."""
        told = standing(self.facts(unit))
        cases = [(one.ref, told.word(one.ref)) for one in self.facts(unit) if one.type in PRICED]
        cases = [(ref, word) for ref, word in cases if ref not in told.gone and NEXT[word[-1:]]]
        return cases + [one for one in cases if one[1]] * 3

    def go_on(self, unit: str, place: int, ways: Sequence[int], said: dict[str, Any]) -> None:
        """Take steps of a case that mostly follow, until one is refused."""
        cases = self.open_cases(unit)
        if not cases:
            return
        ref, word = cases[place % len(cases)]
        for way in ways:
            follow = NEXT[word[-1:]]
            if not follow or not self.step(unit, ref, follow[way % len(follow)], **said):
                return
            self.day = min(self.day + dt.timedelta(days=said["pace"]), LAST)
            word = standing(self.facts(unit)).word(ref)

    def step(self, unit: str, of: str, letter: str, back: int, **said: Any) -> bool:  # noqa: ANN401
        fields: dict[str, Any] = {"of": of}
        fields |= {"by": said["by"]} if letter != "d" else {}
        fields |= {"reason": "样例"} if letter not in "npd" else {}
        fields |= {"amount": said.get("amount", "1")} if letter == "r" else {}
        if letter == "o" and said.get("limit"):
            fields |= {"limit": said["limit"]} | ({"item": "L"} if said["priced"] else {})
        before = standing(self.facts(unit)).word(of)
        done = self.write(unit, KINDS[letter], back, **fields)
        if done:
            self.kept_to_the_rules(unit, self.facts(unit)[-1], before, said["by"])
        return done

    def write(self, unit: str, kind: str, back: int, **fields: Any) -> bool:  # noqa: ANN401 - fields of a fact
        """Try to record a fact; a refusal changes nothing."""
        day = (self.day - dt.timedelta(days=back)).isoformat()
        given = {"ref": f"r{self.position + 1}", "type": kind, "unit": unit, "effective_on": day, **fields}
        body = canonical(given)
        state, about = self.states[unit], self.bodies.get(fields.get("of", ""))
        before = list(state.facts)
        try:
            decided = record(state, body, recorded_at=self.moment, calendar=self.calendar, about=about)
        except no.Refusal as refusal:
            self.tried.append(Tried("fact", self.moment, as_written(body), refusal.code))
            return False
        else:
            self.tried.append(Tried("fact", self.moment, as_written(body), None))
            self.keep(unit, decided)
            return True
        finally:
            assert state.facts[: len(before)] == before
            assert len(state.facts) - len(before) == (self.tried[-1].code is None)

    def keep(self, unit: str, body: Body) -> None:
        self.position += 1
        self.bodies[body["ref"]] = body
        self.states[unit].evolve(body, position=self.position, recorded_at=self.moment.isoformat())
        self.touched.add(unit)

    def kept_to_the_rules(self, unit: str, step: Fact, before: str, by: str) -> None:
        """See that a step that was recorded kept to the office's rules."""
        raise NotImplementedError


def figures(score: Score) -> dict[str, Fraction]:
    """Every figure of a score that a case can move; what a deduction takes is negative."""
    found = {"low": score.low or ZERO, "high": score.high or ZERO}
    for code, item in score.items.items():
        found |= {f"{code} low": item.low or ZERO, f"{code} high": item.high or ZERO}
    moved = {code: one.points for code, one in score.moved.items()}
    return found | {code: moved.get(code, ZERO) for code in ("P", "N")}


def written(folder: str, rules: CaseRules) -> Path:
    """An office's rules as a file."""
    lines = [f"four_eyes: [{', '.join(sorted(rules.four_eyes))}]", f"deciders: [{', '.join(sorted(rules.deciders))}]"]
    limits = {name: getattr(rules, name) for name in ("contest_window", "plan", "rectification", "recheck")}
    lines += [f"{name}: {limit}" for name, limit in limits.items() if limit is not None]
    path = Path(folder) / "rules.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@lru_cache
def template() -> Path:
    """A store that has adopted the scheme and nothing else; it lies in a folder that ends with the process."""
    world = World(Path(_FOLDER.name) / "template.db").init()
    world.adopt(FILE, now="2020-02-03T09:00:00+08:00")
    return world.path


_FOLDER = tempfile.TemporaryDirectory()
