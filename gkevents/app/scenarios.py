"""Running scenarios: the real path from facts to points, in memory, without a store and without a clock.

Facts are taken in the order of the file, each at the end of its own day (or of the day before it in the file, where
that is later), or when it says it was recorded; the calendar is that of the notices issued by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body, canonical, differences
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.app.adopting import overlay_of, scheme_text
from gkevents.app.recording import check_other_unit
from gkevents.app.scenario_files import ENDING, POINTS, Scenario, ScenarioFile, is_scenarios, read_scenarios
from gkevents.calendar import Calendar
from gkevents.reports.answers import score_answer
from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.tree import Fault
from gkevents.scoring.fact import NAMING
from gkevents.scoring.ledger import Ledger, ledger
from gkevents.scoring.peers import assess, rank
from gkevents.scoring.score import Score
from gkevents.scoring.unit import UnitLog
from gkevents.store.archive import SchemeYear
from gkevents.terms import BEIJING, ZERO, instant, show
from gkevents.words import N_, Message, message

Shown = str | Message
_NOTHING: Final = "–"


class Difference(NamedTuple):
    """Something that came out otherwise than expected: of a unit (or a fact's ref), under a key."""

    of: str
    key: str
    expected: Shown
    got: Shown
    line: int


class Outcome(NamedTuple):
    """What a scenario came to: what differs, and the ledger of each unit of which something does."""

    scenario: Scenario
    differences: tuple[Difference, ...]
    ledgers: Mapping[str, Ledger]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


class FileRun(NamedTuple):
    """What became of a scenario file: its outcomes, or why it could not be run."""

    file: Path
    scheme: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    faults: tuple[Fault, ...] = ()
    refusal: Message | None = None

    @property
    def passed(self) -> bool:
        """Whether there were scenarios and every one passed."""
        return bool(self.outcomes) and all(outcome.passed for outcome in self.outcomes)


class NoScenarios(no.Refusal):
    """There is no scenario file where one was looked for."""

    code = "no-scenarios"
    template = N_(
        "There are no scenarios for {name}: {file} is not there. A scenario is facts and the points expected."
    )


def scenario_file(name: str) -> Path:
    """The scenario file meant: itself, the one beside a scheme file, or that of a scheme that comes with the program.

    Raises NoScenarios where it is not there.
    """
    folder, path = catalog.folder(), Path(name)
    meant = path if is_scenarios(path) else path.with_name(path.stem + ENDING)
    if not path.suffix:
        places = [folder / f"{name}{ENDING}", folder / "examples" / f"{name}{ENDING}"]
        meant = next((place for place in places if place.is_file()), places[0])
    if not meant.is_file():
        raise NoScenarios(name=name, file=meant)
    return meant


def run_file(file: Path) -> FileRun:
    """Run every scenario of a file. What keeps it from running is said, not raised."""
    reading = read_scenarios(file.read_bytes())
    if reading.file is None:
        return FileRun(file, faults=reading.faults)
    try:
        edition = _edition(file, reading.file)
    except no.Refusal as refusal:
        return FileRun(file, refusal=refusal.message)
    return FileRun(file, edition.scheme, tuple(run(edition, scenario) for scenario in reading.file.scenarios))


def _edition(file: Path, held: ScenarioFile) -> Edition:
    """The scheme of a scenario file: beside it, by the name it says or its own; else one that comes with the program.

    Raises NoSuchScheme, SchemeFaulty, OverlayFaulty.
    """
    named = held.scheme or file.name.removesuffix(ENDING) + ".yaml"
    beside = file.parent / named
    source = scheme_text(str(beside) if beside.is_file() else named)
    overlay = overlay_of(file.parent / held.overlay, source.content) if held.overlay is not None else None
    return edition_of(source.content, digest=digest_of(source.text, overlay), overlay=overlay)


def run(edition: Edition, scenario: Scenario) -> Outcome:
    """Take the facts of a scenario, score its units, and compare with what is expected."""
    try:
        desk = _Desk(edition, scenario.year or edition.year, _categories(edition, scenario.units))
    except no.Refusal as refusal:
        said = Difference("", "units", _NOTHING, refusal.message, scenario.line)
        return Outcome(scenario, (said,), {})
    found = list(_take_all(desk, scenario))
    scores = desk.scores(scenario.as_of)
    ledgers = {unit: ledger(score) for unit, score in scores.items()}
    places = {score.unit: place for rows in rank(edition, scores).values() for score, place in rows}
    for unit, score in scores.items():
        got = {**_gist(score), "rank": places[unit]}
        expected = scenario.expect.get(unit, {})
        found += [Difference(unit, *said, scenario.line) for said in _compared(expected, got)]
        found += [Difference(unit, *said, scenario.line) for said in _unbalanced(score, ledgers[unit])]
    differing = {difference.of for difference in found}
    return Outcome(scenario, tuple(found), {unit: ledgers[unit] for unit in ledgers if unit in differing})


def _categories(edition: Edition, units: Mapping[str, str | None]) -> dict[str, str]:
    """Each unit's category: as written, else the roster's, else the first variant. Raises CategoryNeeded."""
    first = edition.variants[0] if edition.variants else ""
    named = {unit: category or edition.category_of(unit) or first for unit, category in units.items()}
    for unit, category in named.items():
        if edition.variants and category not in edition.variants:
            raise no.CategoryNeeded(unit=unit, categories=", ".join(edition.variants))
    return named


class _Desk:
    """The unit-years of a scenario as they grow: what a store would hold, without one."""

    def __init__(self, edition: Edition, year: int, units: Mapping[str, str]) -> None:
        self.edition, self.year = edition, year
        self.adopted = SchemeYear(edition.scheme, year, edition, 0, dict(units), "", None)
        self.units = {unit: UnitYear(edition.scheme, year, unit, category, edition) for unit, category in units.items()}
        self.taken: dict[str, Body] = {}
        self.position = 0
        self.last = dt.datetime(year, 1, 1, tzinfo=BEIJING)

    def take(self, fields: Mapping[str, Any]) -> None:
        """Record a fact as a store would. Raises the refusal."""
        body = canonical(fields)
        if body["unit"] not in self.units:
            hint = no.nearest(body["unit"], self.units)
            raise no.NoSuchUnit(unit=body["unit"], scheme=self.edition.scheme, year=self.year, hint=hint)
        if self._already(body):
            return
        check_other_unit(self.adopted, body)
        moment = self._moment(body)
        body = {name: value for name, value in body.items() if name != "recorded_at"}
        state = self.units[body["unit"]]
        try:
            about = self._about(body) if body["type"] in NAMING else None
            decided = record(state, body, recorded_at=moment, calendar=_calendar(moment.date()), about=about)
        except no.NothingToTakeBack:
            self._refuse_other_owner(body)
            raise
        self.position += 1
        self.last = moment
        self.taken[body["ref"]] = decided
        state.evolve(decided, position=self.position, recorded_at=moment.isoformat())

    def _about(self, body: Body) -> Body | None:
        """The fact of the same unit that a step names; None where there is none. Raises TargetOfOtherUnit."""
        found = self.taken.get(body["of"])
        if found is not None and found["unit"] != body["unit"]:
            self._refuse_other_owner(body)
        return found

    def _already(self, body: Body) -> bool:
        before = self.taken.get(body["ref"])
        if before is None:
            return False
        differing = differences(body, before)
        if differing:
            raise no.DuplicateContent(ref=body["ref"], differences=", ".join(differing))
        return True

    def _moment(self, body: Body) -> dt.datetime:
        """When a fact is recorded: as it says, else at the end of its day, but never before the fact ahead of it."""
        if "recorded_at" in body:
            moment = instant(body["recorded_at"])
            if moment < self.last:
                raise no.ClockGoesBack(recorded_at=moment.isoformat(), last=self.last.isoformat())
            return moment
        day = dt.date.fromisoformat(body.get("effective_on") or body["effective_at"][: len("2020-09-14")])
        return max(self.last, dt.datetime.combine(day, dt.time(23, 59, 59), BEIJING))

    def _refuse_other_owner(self, body: Body) -> None:
        target = self.taken.get(body["of"])
        if target is not None:
            raise no.TargetOfOtherUnit(of=body["of"], owner=target["unit"], unit=body["unit"])

    def scores(self, as_of: dt.date | None) -> dict[str, Score]:
        """Every unit's score."""
        logs = [UnitLog(unit, state.category, self.year, state.facts) for unit, state in self.units.items()]
        return assess(self.edition, logs, as_of=as_of, calendar=_calendar(self.last.date()))


@lru_cache(maxsize=64)
def _calendar(day: dt.date) -> Calendar:
    """The working days as the notices issued by a day have them."""
    return Calendar.of(notice for notice in catalog.calendar_notices() if notice.issued_on <= day)


def _take_all(desk: _Desk, scenario: Scenario) -> Iterator[Difference]:
    """Take every fact in turn; what is refused against expectation, and what is not."""
    refused: dict[str, str] = {}
    for fields, line in zip(scenario.facts, scenario.lines, strict=True):
        ref = str(fields["ref"])
        try:
            desk.take(fields)
        except no.Refusal as refusal:
            refused[ref] = refusal.code
            wanted = scenario.refused.get(ref) or refusal.code
            if ref not in scenario.refused or wanted != refusal.code:
                got = message(N_("refused ({code}): {why}"), code=refusal.code, why=refusal.message)
                yield Difference(ref, "refused", _wanted(scenario, ref), got, line)
    for ref in scenario.refused:
        if ref not in refused:
            yield Difference(ref, "refused", _wanted(scenario, ref), message(N_("recorded")), scenario.line)


def _wanted(scenario: Scenario, ref: str) -> Message:
    if ref not in scenario.refused:
        return message(N_("recorded"))
    code = scenario.refused[ref]
    return message(N_("refused ({code})"), code=code) if code is not None else message(N_("refused"))


def _gist(score: Score) -> dict[str, Any]:
    """What a score came to, by the keys of its JSON answer."""
    answer = score_answer(score, "en")
    gist = {key: answer[key] for key in (*POINTS, "band", "zeroed", "items", "deducted_by_quarter")}
    return {
        **gist,
        "states": answer["items"],
        "parts": answer.get("parts", {}),
        "eligible": answer.get("eligible"),
        "vetoes": sorted({veto["code"] for veto in answer.get("vetoes", ())}),
        "flags": sorted({flag["code"] for flag in answer["flags"]}),
    }


_CELL: Final = {"items": "score", "parts": "weighted"}
"""What a single number says of an item, and of a part."""


def _compared(expected: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[tuple[str, Shown, Shown]]:
    """The keys of a unit under which something else came out: key, expected, got."""
    for key, value in expected.items():
        if not isinstance(value, dict):
            if value != got[key]:
                yield key, _shown(value), _shown(got[key])
            continue
        for name, cell in value.items():
            if name not in got[key]:
                yield f"{key} {name}", _shown(cell), message(N_("there is none of this name"))
                continue
            wanted = cell if isinstance(cell, dict) else {_CELL.get(key, ""): cell}
            for part, one in wanted.items():
                found = got[key][name][part] if part else got[key][name]
                if one != found:
                    named = f" {part}" if isinstance(cell, dict) and key != "states" else ""
                    yield f"{key} {name}{named}", _shown(one), _shown(found)


def _unbalanced(score: Score, entries: Ledger) -> Iterator[tuple[str, Shown, Shown]]:
    """The ledger adds up to the total (to the low bound while it is provisional), whatever the scenario expects."""
    if score.low is None or entries.start is None:
        return
    reached = entries.start + sum((entry.applied for entry in entries.entries), ZERO)
    total = score.total if score.total is not None else score.low
    if reached != total:
        yield "ledger", show(total), show(reached)


def _shown(value: Any) -> Shown:  # noqa: ANN401 - whatever is expected
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(value) or _NOTHING
    return _NOTHING if value is None else str(value)
