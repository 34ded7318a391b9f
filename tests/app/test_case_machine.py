"""Cases of several kinds taken any way that chance finds: no path loses a fact, makes points, or closes too early.

Most runs are pure decisions on two unit-years; some are played again on a real store, which must say the same. The
quick run is part of `make test`, the long one of `make soak`.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.scanning import missed_limits
from gkevents.app.limits import SCANNED_BY
from gkevents.scoring.contest import contests
from gkevents.scoring.fact import MISSES, Fact
from gkevents.scoring.ledger import ledger
from gkevents.scoring.limits import end_of_limit
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.terms import ZERO
from tests.app.case_model import (
    KINDS,
    LETTERS,
    LIFE,
    OPENED,
    PRICED,
    Standing,
    standing,
    up_to,
    without_cases,
)  # fmt: skip
from tests.app.case_office import SCHEME
from tests.app.case_play import (
    HAPPENED,
    LAST,
    PEOPLE,
    RULES,
    UNITS,
    Office,
    Tried,
    any_name,
    any_place,
    any_unit,
    days_back,
    figures,
    happenings,
    sayings,
    template,
    written,
)  # fmt: skip
from tests.app.worlds import World, rows


class Cases(Office):
    """Two units of one scheme-year, an office that changes its rules, and days that go by."""

    # ---- what is done

    @initialize(on_store=st.sampled_from([False] * 7 + [True]), happened=st.lists(happenings, min_size=4, max_size=9))
    def the_year_begins(self, on_store: bool, happened: list[Any]) -> None:  # noqa: FBT001 - Hypothesis hands it over
        self.on_store = on_store
        for unit, (kind, fields), by in happened:
            self.write(unit, kind, 0, **fields, **({"recorded_by": by} if by is not None else {}))

    @rule(days=st.sampled_from([1, 1, 2, 5, 9]))
    def time_goes_by(self, days: int) -> None:
        self.day = min(self.day + dt.timedelta(days=days), LAST)

    @rule(rules=st.sampled_from(RULES))
    def the_office_decides_on_rules(self, rules: CaseRules) -> None:
        for state in self.states.values():
            state.rules = rules
        self.tried.append(Tried("rules", self.moment, rules, None))

    @rule(unit=any_unit, kind=st.sampled_from(HAPPENED), back=days_back, by=st.sampled_from([*PEOPLE, None]))
    def something_happens(self, unit: str, kind: tuple[str, dict[str, Any]], back: int, by: str | None) -> None:
        named = {"recorded_by": by} if by is not None else {}
        self.write(unit, kind[0], back, **kind[1], **named)

    @rule(unit=any_unit, message=st.booleans(), back=days_back)
    def a_limit_begins(self, unit: str, message: bool, back: int) -> None:  # noqa: FBT001 - Hypothesis hands it over
        key = f"k{self.position}"
        if message:
            self.write(unit, "netizen-message", back, item="M", key=key)
        else:
            self.write(unit, "deadline-opened", back, item="L", key=key, limit="2 working days")

    @rule(unit=any_unit, place=any_place)
    def a_limit_is_answered(self, unit: str, place: int) -> None:
        opened = [fact for fact in self.facts(unit) if fact.type in OPENED]
        if opened:
            one = opened[place % len(opened)]
            self.write(unit, "netizen-reply" if one.type == "netizen-message" else "deadline-met", 0, key=one.key)

    @rule()
    def limits_are_scanned(self) -> None:
        self.tried.append(Tried("scan", self.moment, self.day, None))
        for unit, state in self.states.items():
            for body in missed_limits(state, as_of=self.day, calendar=self.calendar):
                self.keep(unit, {**body, "unit": unit, "recorded_by": SCANNED_BY})

    @rule(unit=any_unit, place=any_place, ways=st.lists(any_place, min_size=1, max_size=3), said=sayings)
    def a_case_goes_on(self, unit: str, place: int, ways: list[int], said: dict[str, Any]) -> None:
        self.go_on(unit, place, ways, said)

    @rule(unit=any_unit, place=any_place, ways=st.lists(any_place, min_size=4, max_size=10), said=sayings)
    def a_case_goes_far(self, unit: str, place: int, ways: list[int], said: dict[str, Any]) -> None:
        self.go_on(unit, place, ways, said)

    @rule(unit=any_unit, place=any_place, letter=st.sampled_from(sorted(KINDS)), back=days_back, by=any_name)
    def somebody_takes_a_step_at_random(self, unit: str, place: int, letter: str, back: int, by: str) -> None:
        facts = self.facts(unit)
        if facts:
            self.step(unit, facts[place % len(facts)].ref, letter, back, by=by)

    @rule(
        unit=any_unit,
        place=any_place,
        among=st.sampled_from(["any", "step", "reversal", "last", "under"]),
        ruled=st.booleans(),
    )
    def something_is_taken_back(self, unit: str, place: int, among: str, ruled: bool) -> None:  # noqa: FBT001
        facts = self.facts(unit)
        if among == "step":
            facts = [fact for fact in facts if fact.type in LETTERS]
        elif among == "reversal":
            facts = [fact for fact in facts if fact.type in ("retraction", "duplicate-ruling")]
        elif among == "last":
            facts = [steps[-1] for steps in standing(facts).steps.values()]
        elif among == "under":
            facts = [step for steps in standing(facts).steps.values() for step in steps[:-1]]
        if facts:
            of = facts[place % len(facts)].ref
            self.write(unit, "duplicate-ruling" if ruled else "retraction", 0, of=of, reason="核实")

    # ---- what must hold

    def kept_to_the_rules(self, unit: str, step: Fact, before: str, by: str) -> None:
        """A step that was recorded kept to the office's rules."""
        rules, letter = self.states[unit].rules, LETTERS[step.type]
        about = self.bodies[step.of or ""]
        if letter == "e":
            assert about["recorded_by"] != by
        if letter == "n" and about["type"] in rules.four_eyes:
            assert before == "e"
        if letter in "urx" and rules.deciders:
            assert by in rules.deciders
        if letter == "d" and rules.plan is not None:
            assert "p" in before
        if letter == "r":
            assert about["type"] != "grade"
        if letter in "oz" and before.endswith("n"):
            told = standing(self.facts(unit)).steps[step.of or ""][-2]
            assert rules.contest_window is not None
            until = end_of_limit(told.day, None, rules.contest_window, self.calendar)
            assert isinstance(until, dt.date)
            assert step.day > until
            self.silent.add(step.ref)

    @invariant()
    def every_case_is_in_order(self) -> None:
        for unit in self.touched:
            told = standing(self.facts(unit))
            for ref, steps in told.steps.items():
                assert LIFE.fullmatch(told.word(ref)), told.word(ref)
                days = [self.fact(ref).day, *(step.day for step in steps)]
                assert days == sorted(days)
                for one, other in pairwise(steps):
                    if LETTERS[one.type] == "n" and LETTERS[other.type] in "oz":
                        assert other.ref in self.silent
                closed = told.word(ref).endswith("z")
                assert not closed or "o" not in told.word(ref) or told.word(ref).endswith("vz")
                assert not closed or not told.word(ref).endswith("cz")

    def fact(self, ref: str) -> Fact:
        return next(fact for state in self.states.values() for fact in state.facts if fact.ref == ref)

    @invariant()
    def no_fact_is_lost_and_no_point_made(self) -> None:
        for unit in self.touched:
            facts = self.facts(unit)
            assert [fact.position for fact in facts] == sorted({fact.position for fact in facts})
            score, told = self.score(unit, facts), standing(facts)
            self.book_sums(score, facts)
            self.as_decided(unit, score, told)
            self.known.append((unit, self.position, figures(score)))
        if self.touched:
            self.what_is_contested()
        self.touched.clear()

    def score(self, unit: str, facts: Sequence[Fact], **asked: Any) -> Score:  # noqa: ANN401 - how to ask
        log = UnitLog(unit, "", 2020, facts)
        return assess(self.edition, [log], calendar=self.calendar, **asked)[unit]

    def book_sums(self, score: Score, facts: Sequence[Fact]) -> None:
        """The ledger sums, and no recorded fact is missing from it."""
        book = ledger(score)
        assert book.start is not None
        assert book.start + sum((entry.applied for entry in book.entries), ZERO) == score.low
        assert {entry.ref for entry in book.entries if entry.ref is not None} >= {fact.ref for fact in facts}

    def as_decided(self, unit: str, score: Score, told: Standing) -> None:
        """Overturned is as if it had never been; upheld and contested as if nobody had said a word; reduced between."""
        facts, gone = self.facts(unit), set(told.decided("x"))
        reduced = told.decided("r")
        whole, without = (
            figures(self.score(unit, without_cases(facts, dropped))) for dropped in (gone, gone | set(reduced))
        )
        seen = figures(score)
        if not reduced:
            assert seen == whole
        for name in {*seen} - {"low", "high"}:  # where costs and gains meet
            value = seen[name]
            assert min(whole[name], without[name]) <= value <= max(whole[name], without[name]), name
        charges = [charge for item in score.items.values() for charge in item.costs]
        charges += [charge for group in score.groups for charge in group.charges]
        for charge in charges:
            if charge.fact.ref in reduced:
                most = Fraction(self.bodies[reduced[charge.fact.ref].ref]["amount"])
                assert charge.applied <= charge.worth <= most

    def what_is_contested(self) -> None:
        """Confirmed is the score without what is contested; the rank lies within its span."""
        logs = [UnitLog(unit, "", 2020, state.facts) for unit, state in self.states.items()]
        scores = assess(self.edition, logs, calendar=self.calendar)
        found = contests(self.edition, logs, scores, calendar=self.calendar)
        ranks = {score.unit: place for row in rank(self.edition, scores).values() for score, place in row}
        for unit, score in scores.items():
            told = standing(self.facts(unit))
            contested, gone = set(told.decided("c")), set(told.decided("x")) | set(told.decided("c"))
            assert any(flag.code == "contested" for flag in score.flags) == bool(contested)
            if unit not in found:
                assert not contested
                continue
            contest = found[unit]
            assert set(contest.refs) == contested
            assert contest.if_upheld == score.total
            if not told.decided("r"):
                confirmed = self.score(unit, without_cases(self.facts(unit), gone))
                assert (contest.confirmed, contest.confirmed_low, contest.confirmed_high) == (
                    confirmed.total, confirmed.low, confirmed.high,
                )  # fmt: skip
            lows, highs = (contest.confirmed_low, score.low), (contest.confirmed_high, score.high)
            assert contest.worst is not None
            assert contest.best is not None
            assert all(low is not None and contest.worst <= low for low in lows)
            assert all(high is not None and high <= contest.best for high in highs)
            place = ranks[unit]
            assert (contest.ranks is None) == (place is None)
            assert contest.ranks is None or contest.ranks[0] <= (place or 0) <= contest.ranks[1]

    # ---- at the end

    def teardown(self) -> None:
        """The past is as it was; a store says the same; with every case gone there are no points but the start's."""
        for unit, position, before in self.known[:: max(1, len(self.known) // 4)]:
            assert figures(self.score(unit, self.facts(unit), known_at=position)) == before
        for unit in UNITS:
            facts = self.facts(unit)
            for fact in facts[:: max(1, len(facts) // 3)]:
                seen = figures(self.score(unit, facts, as_of=fact.day))
                assert seen == figures(self.score(unit, up_to(facts, fact.day)))
        if self.on_store:
            self.played_on_a_store()
        self.every_case_ends()

    def every_case_ends(self) -> None:
        """Every case is overturned, or its fact taken back: as if nothing had been logged."""
        nothing = {unit: figures(self.score(unit, [])) for unit in UNITS}
        for unit, state in self.states.items():
            state.rules = NO_RULES
            for fact in list(state.facts):
                if fact.type in PRICED:
                    self.overturn(unit, fact.ref)
            gone = standing(state.facts).gone
            missed = {fact.key for fact in state.facts if fact.scanned and fact.ref not in gone}
            for fact in list(state.facts):
                if fact.type in OPENED and fact.ref not in gone and fact.key not in missed:
                    assert self.write(unit, "retraction", 0, of=fact.ref)
            score = self.score(unit, state.facts)
            assert figures(score) == nothing[unit]
            self.book_sums(score, state.facts)

    def overturn(self, unit: str, ref: str) -> None:
        told = standing(self.facts(unit))
        if ref in told.gone:
            return
        word = told.word(ref)
        if LIFE.fullmatch(f"{word}x") or word in ("", "e", "n"):
            for letter in {"": "ncx", "e": "ncx", "n": "cx"}.get(word, "x"):
                assert self.step(unit, ref, letter, 0, by="李四")
        elif "x" not in word:
            assert self.write(unit, "retraction", 0, of=ref)

    def played_on_a_store(self) -> None:
        """The same on a real store: the same is refused, and the same comes of the rest."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(template(), f"{folder}/gk.db")
            world = World(Path(folder) / "gk.db")
            with world.gk() as gk:
                gk.replaying = True
                for what, moment, told, code in self.tried:
                    gk.now = moment
                    if what == "rules":
                        gk.adopt_case_rules(written(folder, told), scheme=SCHEME, year=2020)
                    elif what == "scan":
                        gk.scan(as_of=told)
                    else:
                        logged = gk.log_facts(rows(told), scheme=SCHEME, year=2020, skip_refused=True)
                        assert [row.code for row in logged.refused] == ([] if code is None else [code])
                states = {row.ref: row.state for row in gk.cases(scheme=SCHEME, year=2020)}
            for unit in UNITS:
                told = standing(self.facts(unit))
                for fact in self.facts(unit):
                    word = told.word(fact.ref)
                    if fact.type in PRICED and (
                        fact.item is not None or fact.type not in MISSES
                    ):  # else an order's own
                        state = "void" if fact.ref in told.gone else KINDS[word[-1]] if word else "recorded"
                        assert states[fact.ref] == state
                score = world.score(unit, scheme=SCHEME)
                assert figures(score) == figures(self.score(unit, self.facts(unit)))
            assert world.faults() == []


quick = settings(max_examples=70, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))


def test_no_path_of_cases_loses_a_fact_makes_points_or_closes_too_early() -> None:
    run_state_machine_as_test(Cases, settings=quick)


@pytest.mark.soak
def test_no_path_of_cases_does_so_in_a_long_run() -> None:
    run_state_machine_as_test(Cases, settings=settings(quick, max_examples=1500, stateful_step_count=80))
