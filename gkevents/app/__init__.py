"""The use cases: load, decide, append; and the one place where everything is put together.

`Gk` is what a command line, a web page or a worker calls. Reading imports nothing of eventsourcing or of the scheme
reader, so that a score is quick to ask for; writing brings them in when it happens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.app.asking import Question, Standing, ranking, replayed, standing
from gkevents.scoring.score import Score
from gkevents.store.engine import Store
from gkevents.store.reading import Reader
from gkevents.store.trouble import NoStore

if TYPE_CHECKING:
    from gkevents.app.adopting import Adopted, Decision
    from gkevents.app.checking import Verified
    from gkevents.app.limits import Missed
    from gkevents.app.recording import Corrected, Logged, Row, Session
    from gkevents.app.trying import Tried, Trying
    from gkevents.projections.limits import LimitRow
    from gkevents.scoring.ledger import Ledger


class InitReport(NamedTuple):
    """What `init` found or made."""

    created: bool
    version: int
    simulated: bool


class StoreReport(NamedTuple):
    """What a store says of itself."""

    simulated: bool
    events: int


class Gk:
    """The use cases on one store. `now` is the time told to a simulated store's clock."""

    def __init__(self, url: str, *, now: dt.datetime | None = None) -> None:
        """Remember where; nothing is opened yet."""
        self.store = Store(url)
        self.now = now

    def init(self, *, simulated_clock: bool = False) -> InitReport:
        """Make the store, or leave it as it is where it exists. Raises SimulatedOnly, StoreTrouble."""
        from gkevents.projections import limits  # noqa: PLC0415 - its tables are made too

        _ = limits.limits
        if self.now is not None and not simulated_clock:
            self._must_be_simulated()
        created = self.store.make(simulated=simulated_clock)
        with self._reading() as reader:
            settings = self.store.settings(reader.connection)
        return InitReport(created, int(settings["version"]), settings["clock"] == "simulated")

    def _must_be_simulated(self) -> None:
        """Before anything is made: a time may be told only to a store that is there and has a simulated clock."""
        try:
            with self._reading():
                return
        except NoStore as error:
            raise no.SimulatedOnly from error

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
        """Record facts, all or nothing unless refused ones are skipped. Raises NotAdopted or StoreTrouble."""
        from gkevents.app.archive import scheme_year  # noqa: PLC0415
        from gkevents.app.recording import log_facts  # noqa: PLC0415

        with self._writing(dry_run=dry_run) as session:
            adopted = scheme_year(session.writing, scheme, year)
            return log_facts(session, adopted, rows, skip_refused=skip_refused, by_hand=by_hand, progress=progress)

    def correct(self, ref: str, *, reason: str, changes: Mapping[str, str]) -> Corrected:
        """Take a fact back and record it anew, changed, in one write. Raises a Refusal or StoreTrouble."""
        from gkevents.app.recording import correct  # noqa: PLC0415

        with self._writing() as session:
            return correct(session, ref, reason=reason, changes=changes)

    def scan(self, *, as_of: dt.date | None = None) -> list[Missed]:
        """Record every limit that ran out by a day and is not known to have been kept."""
        from gkevents.app.limits import scan  # noqa: PLC0415

        with self._writing() as session:
            return scan(session, as_of=as_of)

    def limits(self, *, scheme: str | None = None, year: int | None = None) -> list[LimitRow]:
        """Every opened limit: open ones first, by due day."""
        from gkevents.app.limits import listed  # noqa: PLC0415
        from gkevents.projections.limits import LimitsView  # noqa: PLC0415
        from gkevents.projections.projection import behind, catch_up  # noqa: PLC0415

        with self._reading() as reader:
            if not behind(reader, LimitsView()):
                return list(listed(reader, scheme=scheme, year=year))
        with self.store.writing() as connection:
            reader = Reader(connection, self.store.name)
            catch_up(reader, LimitsView())
            return list(listed(reader, scheme=scheme, year=year))

    def score(
        self,
        *,
        scheme: str,
        year: int,
        unit: str | None = None,
        as_of: dt.date | None = None,
        known_at: str | None = None,
    ) -> Standing:
        """The scores of a scheme-year or of one unit. Raises NotAdopted, NoSuchUnit, NoSuchPosition, StoreTrouble."""
        with self._reading() as reader:
            found = standing(reader, Question(scheme, year, as_of, known_at), unit)
            return found._replace(simulated=self._simulated(reader))

    def rank(
        self, *, scheme: str, year: int, as_of: dt.date | None = None, known_at: str | None = None
    ) -> tuple[Standing, dict[str, list[tuple[Score, int | None]]]]:
        """The table by category."""
        with self._reading() as reader:
            found, table = ranking(reader, Question(scheme, year, as_of, known_at))
            return found._replace(simulated=self._simulated(reader)), table

    def replay(
        self, unit: str, *, scheme: str, year: int, as_of: dt.date | None = None, known_at: str | None = None
    ) -> tuple[Standing, Score, Ledger]:
        """One unit's ledger, with its score."""
        with self._reading() as reader:
            found, score, entries = replayed(reader, Question(scheme, year, as_of, known_at), unit)
            return found._replace(simulated=self._simulated(reader)), score, entries

    def verify(self) -> Verified:
        """Read the whole store and say what is not as it was written."""
        from gkevents.app.checking import verify  # noqa: PLC0415

        with self._reading() as reader:
            return verify(reader)

    def schemes_in_store(self) -> list[tuple[str, int, str, list[str]]]:
        """What has been adopted: (scheme, year, the edition's digest, its units), in the order of adoption."""
        from gkevents.app.archive import parts_of, scheme_year  # noqa: PLC0415

        with self._reading() as reader:
            adopted = [scheme_year(reader, *parts_of(stream)[:2]) for stream in reader.named("scheme-year/")]
        return [(each.scheme, each.year, each.edition.digest, list(each.units)) for each in adopted]

    def adopted_content(self, scheme: str) -> dict[str, Any] | None:
        """The content of a scheme as last adopted in this store, whatever the year; None where it never was."""
        from gkevents.app.archive import adopted_content  # noqa: PLC0415

        with self._reading() as reader:
            return adopted_content(reader, scheme)

    def _simulated(self, reader: Reader) -> bool:
        simulated = self.store.settings(reader.connection)["clock"] == "simulated"
        if self.now is not None and not simulated:
            raise no.SimulatedOnly
        return simulated

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with self.store.reading() as connection:
            reader = Reader(connection, self.store.name)
            self._simulated(reader)
            yield reader

    @contextmanager
    def _writing(self, *, dry_run: bool = False) -> Iterator[Session]:
        """A write: decisions behind the lock, one append at the end, the views brought up in the same transaction."""
        from gkevents.app.clock import Clock  # noqa: PLC0415
        from gkevents.app.recording import Session  # noqa: PLC0415
        from gkevents.projections.limits import LimitsView  # noqa: PLC0415
        from gkevents.projections.projection import catch_up  # noqa: PLC0415
        from gkevents.schemes.catalog import calendar_notices  # noqa: PLC0415
        from gkevents.store.log import writing  # noqa: PLC0415

        with writing(self.store) as write:
            session = Session(write, Clock(write, simulated=self._simulated(write), now=self.now), calendar_notices)
            yield session
            if session.pending and not dry_run:
                write.append(session.pending)
                catch_up(write, LimitsView())
