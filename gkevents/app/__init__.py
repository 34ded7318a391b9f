"""The use cases: load, decide, append; and the one place where everything is put together.

`Gk` is what a command line, a web page or a worker calls. Reading imports nothing of eventsourcing or of the scheme
reader, so that a score is quick to ask for; writing brings them in when it happens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from gkevents.app.asking import Live, Question, Ranking, Standing, ranking
from gkevents.app.papers import Papers
from gkevents.store.trouble import StoreTrouble

if TYPE_CHECKING:
    from gkevents.app.adopting import Adopted, Decision
    from gkevents.app.checking import Verified
    from gkevents.app.correcting import Corrected
    from gkevents.app.limits import Scanned
    from gkevents.app.recording import Logged, Row
    from gkevents.app.trying import Tried, Trying
    from gkevents.projections.limits import LimitRow
    from gkevents.projections.tables import Named
    from gkevents.projections.view import View
    from gkevents.scoring.ledger import Ledger
    from gkevents.scoring.outcome import Outcome

Found = TypeVar("Found")
_TRIES: Final = 3
"""So often views are brought up for one question while others go on writing; then the log is replayed."""


def _scores() -> View:
    from gkevents.projections.scores import ScoresView  # noqa: PLC0415 - rows that are up to date are read without it

    return ScoresView()


class InitReport(NamedTuple):
    """What `init` found or made. `older`: the version that the store was brought up from, `kept` where that one lies.

    `role_made`: whether the role asked for was made now.
    """

    created: bool
    version: int
    simulated: bool
    older: int | None = None
    kept: Path | None = None
    role_made: bool = False


class StoreReport(NamedTuple):
    """What a store says of itself."""

    simulated: bool
    events: int


class Gk(Papers):
    """The use cases on one store. `now` is the time told to a simulated store's clock."""

    def init(self, *, simulated_clock: bool = False, role: str | None = None) -> InitReport:
        """Make the store, or bring it up to date where it exists; on a server, grant a role what it needs.

        Raises SimulatedOnly, StoreTrouble, RolesOnServersOnly, NoNameOfARole, RoleTooMighty.
        """
        from gkevents.projections import tables  # noqa: PLC0415 - they are made too

        _ = tables.unit_scores
        if self.now is not None and not simulated_clock:
            self._must_be_simulated()
        made = self.store.make(simulated=simulated_clock, role=role)
        with self._reading() as reader:
            settings = self.store.settings(reader.connection)
        version, simulated = int(settings["version"]), settings["clock"] == "simulated"
        return InitReport(made.created, version, simulated, made.older, made.kept, made.role_made)

    def report(self) -> StoreReport:
        """Whether the store's clock is simulated, and how many events it holds."""
        with self._reading() as reader:
            return StoreReport(self._simulated(reader), reader.head()[0])

    def adopt(
        self,
        scheme: str,
        *,
        year: int,
        units: Sequence[tuple[str, str | None]] = (),
        overlay: Path | None = None,
        decision: Decision | None = None,
    ) -> Adopted:
        """Adopt a built-in scheme or a file for a year. Raises Refusal or StoreTrouble; nothing is stored then."""
        from gkevents.app.adopting import NO_DECISION, adopt, overlay_of, scheme_text  # noqa: PLC0415

        source = scheme_text(scheme)
        points = overlay_of(overlay, source.content) if overlay is not None else None
        with self._writing() as session:
            return adopt(session, source, year=year, units=units, overlay=points, decision=decision or NO_DECISION)

    def try_scheme(
        self,
        scheme: str,
        *,
        on: tuple[str, int],
        overlay: Path | None = None,
        asked: Trying | None = None,
        as_of: dt.date | None = None,
        known_at: str | None = None,
    ) -> Tried:
        """Score what is logged under an adopted scheme-year (`on`) by another scheme or a draft; nothing is stored.

        Raises NoSuchScheme, SchemeFaulty, NotAdopted, NoSuchItem, NoSuchUnit, NoCategory, StoreTrouble.
        """
        from gkevents.app.trying import NOTHING_SAID, tried  # noqa: PLC0415

        with self._reading() as reader:
            question = Question(*on, as_of, known_at)
            found = tried(reader, question, scheme=scheme, overlay=overlay, asked=asked or NOTHING_SAID)
            return found._replace(simulated=self._simulated(reader))

    def log_facts(
        self,
        rows: Iterable[Row],
        *,
        scheme: str,
        year: int,
        skip_refused: bool = False,
        dry_run: bool = False,
        by_hand: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Logged:
        """Record facts, all or nothing unless refused ones are skipped. Raises NotAdopted or StoreTrouble.

        More than 10,000 are decided as a whole and stored in portions (see `bulk`).
        """
        from gkevents.app.bulk import PORTION, Bulk  # noqa: PLC0415
        from gkevents.app.recording import log_facts  # noqa: PLC0415

        coming = iter(rows)
        first = [] if by_hand else list(islice(coming, PORTION + 1))
        if len(first) > PORTION:
            bulk = Bulk(
                self._looking, self._writing, scheme=scheme, year=year, skip_refused=skip_refused, progress=progress
            )
            return bulk.log(chain(first, coming), dry_run=dry_run)
        with self._writing(dry_run=dry_run) as session:
            adopted, given = session.scheme_year(scheme, year), chain(first, coming)
            return log_facts(session, adopted, given, skip_refused=skip_refused, by_hand=by_hand, progress=progress)

    def correct(self, ref: str, *, reason: str, changes: Mapping[str, str]) -> Corrected:
        """Take a fact back and record it anew, changed, in one write. Raises a Refusal or StoreTrouble."""
        from gkevents.app.correcting import correct  # noqa: PLC0415

        with self._writing() as session:
            return correct(session, ref, reason=reason, changes=changes)

    def scan(self, *, as_of: dt.date | None = None) -> Scanned:
        """Record every limit that ran out by a day and is not known to have been kept (see `Scan`)."""
        from gkevents.app.limits import Scan  # noqa: PLC0415

        return Scan(self.store, self._writing, as_of=as_of, rows=not self.replaying).run()

    def limits(
        self,
        *,
        scheme: str | None = None,
        year: int | None = None,
        unit: str | None = None,
        state: str | None = None,
        due_within: str | None = None,
    ) -> list[LimitRow]:
        """Every opened limit, or those of a kind: open ones first, by due day. `due_within`: see `limits.due_within`.

        Raises FieldUnreadable, CalendarEnds, StoreTrouble.
        """
        from gkevents.app import limits  # noqa: PLC0415
        from gkevents.projections.limits import LimitsView, limit_rows, replayed_rows  # noqa: PLC0415
        from gkevents.projections.tables import DEADLINES  # noqa: PLC0415

        def kept(live: Live) -> list[LimitRow]:
            return limit_rows(live.reader.connection, live.build, scheme=scheme, year=year)

        end = limits.due_within(due_within, self.calendar()) if due_within is not None else None
        found = None if self.replaying else self._from_rows(DEADLINES, LimitsView, kept)
        if found is None:
            with self._reading() as reader:
                found = replayed_rows(reader, scheme=scheme, year=year)
        return limits.chosen(found, unit=unit, state=state, end=end)

    def score(
        self,
        *,
        scheme: str,
        year: int,
        unit: str | None = None,
        as_of: dt.date | None = None,
        known_at: str | None = None,
    ) -> Standing[Outcome]:
        """The scores of a scheme-year or of one unit. Raises NotAdopted, NoSuchUnit, NoSuchPosition, StoreTrouble."""
        from gkevents.app.asking import standing, told  # noqa: PLC0415

        question = Question(scheme, year, as_of, known_at)
        found: Standing[Outcome] | None = self._about_now(question, lambda live: told(live, question, unit))
        if found is not None:
            return found
        with self._reading() as reader:
            return standing(reader, question, unit)._replace(simulated=self._simulated(reader))

    def rank(
        self, *, scheme: str, year: int, as_of: dt.date | None = None, known_at: str | None = None
    ) -> Ranking[Outcome]:
        """The table by category."""
        return ranking(self.score(scheme=scheme, year=year, as_of=as_of, known_at=known_at))

    def replay(
        self, unit: str, *, scheme: str, year: int, as_of: dt.date | None = None, known_at: str | None = None
    ) -> tuple[Standing[Outcome], Outcome, Ledger]:
        """One unit's ledger, with its score."""
        from gkevents.app.asking import replayed, told_ledger  # noqa: PLC0415

        question = Question(scheme, year, as_of, known_at)
        read = self._about_now(question, lambda live: told_ledger(live, question, unit))
        if read is not None:
            return read
        with self._reading() as reader:
            found, score, entries = replayed(reader, question, unit)
            return found._replace(simulated=self._simulated(reader)), score, entries

    def _about_now(self, question: Question, ask: Callable[[Live], Found | None]) -> Found | None:
        """What the rows of scores say; None for another day or moment than now, or where there are no such rows."""
        if self.replaying or not question.about_now:
            return None
        from gkevents.projections.tables import SCORES  # noqa: PLC0415

        return self._from_rows(SCORES, _scores, ask)

    def _from_rows(self, view: Named, made: Callable[[], View], ask: Callable[[Live], Found | None]) -> Found | None:
        """What the rows of a view say, brought up first where little is missing; None where they cannot be."""
        from gkevents.projections.checkpoint import live_build  # noqa: PLC0415

        for _ in range(_TRIES):
            with self._reading() as reader:
                build = live_build(reader, view)
                if build is not None:
                    live = Live(reader, build, self._simulated(reader))
                    try:
                        return ask(live)
                    except (ArithmeticError, LookupError, TypeError, ValueError):  # rows that somebody has changed
                        return None
            from gkevents.projections.projection import FEW, Projection  # noqa: PLC0415

            try:
                if not Projection(self.store, made()).catch_up(most=FEW):
                    return None
            except StoreTrouble:
                return None
        return None

    def verify(self, *, evidence: str | None = None) -> Verified:
        """Read the whole store and say what is not as it was written; `evidence`: where its files are kept."""
        from gkevents.app.checking import verify  # noqa: PLC0415
        from gkevents.app.evidence import place_of  # noqa: PLC0415

        place = place_of(self.store, evidence)
        with self._reading() as reader:
            return verify(reader, place)

    def schemes_in_store(self) -> list[tuple[str, int, str, list[str]]]:
        """What has been adopted: (scheme, year, the edition's digest, its units), in the order of adoption."""
        from gkevents.store.archive import rosters  # noqa: PLC0415

        with self._reading() as reader:
            return rosters(reader)

    def adopted_content(self, scheme: str) -> dict[str, Any] | None:
        """The content of a scheme as last adopted in this store, whatever the year; None where it never was."""
        from gkevents.store.archive import adopted_content  # noqa: PLC0415

        with self._reading() as reader:
            return adopted_content(reader, scheme)
