"""The use cases of the year's result: is it ready, propose, approve, publish, show, feed back, open again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gkevents.app.casework import Casework

if TYPE_CHECKING:
    from gkevents.aggregates.result import Result, ResultApproved, ResultPublished, ResultReopened
    from gkevents.app.after_result import Closed, Shown
    from gkevents.app.asking import Standing
    from gkevents.app.differing import Proof
    from gkevents.app.results import ProposedNow, Proposing
    from gkevents.reports.document import Content
    from gkevents.reports.year.marks import Mark
    from gkevents.reports.year.readiness import Readiness, ViewStanding
    from gkevents.scoring.score import Score
    from gkevents.store.reading import Reader


class Yearly(Casework):
    """The year's result."""

    def readiness(self, *, scheme: str, year: int) -> tuple[Standing[Score], Readiness]:
        """What is still missing before a year's result can be proposed, with the scores. Raises NotAdopted."""
        from gkevents.app.results import ready  # noqa: PLC0415

        views = self._views_behind()
        with self._reading() as reader:
            return ready(reader, scheme, year, today=self._today(reader), views=views)

    def propose_result(self, asked: Proposing) -> ProposedNow:
        """Put a result forward for approval. Raises what `aggregates.result.propose` raises, NotAdopted, StoreTrouble.

        It is derived on a snapshot, so that nobody waits for it who logs meanwhile.
        """
        from gkevents.app.memory import Memory  # noqa: PLC0415
        from gkevents.app.results import ProposedNow, made, record_proposal  # noqa: PLC0415

        while True:
            views = self._views_behind()
            with self._reading() as reader:
                found = made(reader, asked, clock=self._clock(reader, Memory()), views=views)
            if isinstance(found, ProposedNow):
                return found
            with self._writing() as session:
                done = record_proposal(session, (asked.scheme, asked.year), found)
            if done is not None:
                return done

    def approve_result(self, approval: ResultApproved, *, scheme: str, year: int) -> Result:
        """Approve the proposal of a digest, if the log has changed nothing in it since; the result as it stands then.

        Raises what `aggregates.result.approve` raises, NotAdopted, StoreTrouble.
        """
        from gkevents.aggregates.result import approve, evolve  # noqa: PLC0415
        from gkevents.app.after_result import changed_since  # noqa: PLC0415
        from gkevents.app.kept_results import kept_result  # noqa: PLC0415
        from gkevents.app.results import record  # noqa: PLC0415

        with self._reading() as reader:
            changes, seen = changed_since(reader, kept_result(reader, scheme, year)), reader.head()[0]
        with self._writing() as session:
            kept = kept_result(session.writing, scheme, year)
            if session.position != seen:  # somebody has written meanwhile: compare again, behind the lock
                changes = changed_since(session.writing, kept)
            told = [change.what for change in changes]
            result = kept.result
            for event in approve(result, approval, changes=told, now=session.clock.now()):
                position = record(session, result, event)
                result = evolve(result, event._replace(position=position))
            return result

    def publish_result(self, publication: ResultPublished, *, scheme: str, year: int) -> Result:
        """Record the publication of the approved result. Raises what `aggregates.result.publish` raises."""
        from gkevents.aggregates.result import evolve, publish  # noqa: PLC0415
        from gkevents.app.kept_results import kept_result  # noqa: PLC0415
        from gkevents.app.results import record  # noqa: PLC0415

        with self._writing() as session:
            result = kept_result(session.writing, scheme, year).result
            for event in publish(result, publication, now=session.clock.now()):
                result = evolve(result, event._replace(position=record(session, result, event)))
            return result

    def reopen_result(self, reopening: ResultReopened, *, scheme: str, year: int) -> Result:
        """Open a closed year again. Raises what `aggregates.result.reopen` raises."""
        from gkevents.aggregates.result import evolve, reopen  # noqa: PLC0415
        from gkevents.app.kept_results import kept_result  # noqa: PLC0415
        from gkevents.app.results import record  # noqa: PLC0415

        with self._writing() as session:
            result = kept_result(session.writing, scheme, year).result
            for event in reopen(result, reopening, now=session.clock.now()):
                result = evolve(result, event._replace(position=record(session, result, event)))
            return result

    def result(self, *, scheme: str, year: int) -> Shown:
        """The newest result of a year as it was frozen, and what came after it. Raises NoResult, NotAdopted."""
        from gkevents.app.after_result import shown  # noqa: PLC0415

        with self._reading() as reader:
            today, simulated = self._today(reader), self._simulated(reader)
            return shown(reader, scheme, year, today=today, simulated=simulated)

    @contextmanager
    def feedback(
        self, *, scheme: str, year: int, units: Sequence[str] | None = None
    ) -> Iterator[Iterator[tuple[str, Content]]]:
        """The feedback to each unit named, or to all, one after the other. Raises NotApproved, NoSuchUnit."""
        from gkevents.app.results import feedback  # noqa: PLC0415

        with self._reading() as reader:
            yield feedback(reader, scheme, year, units)

    def marks(self, unit: str, *, scheme: str, year: int, known_at: int | None = None) -> list[Mark]:
        """A unit's items, what it says of itself beside what it got. Raises NotAdopted, NoSuchUnit."""
        from gkevents.app.asking import Question, standing  # noqa: PLC0415
        from gkevents.reports.year.marks import marks  # noqa: PLC0415

        with self._reading() as reader:
            question = Question(scheme, year, None, None if known_at is None else str(known_at))
            return marks(standing(reader, question, unit).scores[unit])

    def today(self) -> dt.date:
        """What day it is by the store's clock."""
        with self._reading() as reader:
            return self._today(reader)

    def closed_year(self, *, scheme: str, year: int) -> Closed | None:
        """Whether a year is closed, and how many facts came after; None while it is open. Raises StoreTrouble.

        None too where an event of its result is damaged, which gk verify names: no score depends on that.
        """
        from gkevents.store.archive import result_stream  # noqa: PLC0415
        from gkevents.store.reading import EventDamaged  # noqa: PLC0415

        with self._reading() as reader, suppress(EventDamaged):
            if reader.stream(result_stream(scheme, year)):
                from gkevents.app.after_result import closed_year  # noqa: PLC0415 - most years that are asked about are open

                return closed_year(reader, scheme, year)
        return None

    def prove_results(self, *, scheme: str | None = None, year: int | None = None) -> list[Proof]:
        """Derive every proposed result again from the log, or those of one scheme-year. Raises StoreTrouble."""
        from gkevents.app.after_result import verify_result, verify_results  # noqa: PLC0415

        with self._reading() as reader:
            return verify_results(reader) if scheme is None or year is None else verify_result(reader, scheme, year)

    def _views_behind(self) -> list[ViewStanding]:
        """The views that cannot be brought up with the log just now, each with what to do about it."""
        from gkevents.app.views import Views  # noqa: PLC0415
        from gkevents.reports.year.readiness import ViewStanding  # noqa: PLC0415
        from gkevents.store.trouble import StoreTrouble  # noqa: PLC0415
        from gkevents.words import N_, message  # noqa: PLC0415

        if self.replaying:
            return []
        try:
            report = Views(self.store).catch_up()
        except StoreTrouble:  # they may not be written here
            report = Views(self.store).status()
        advice = message(N_("Bring it up: gk projections catch-up"))
        return [
            ViewStanding(view.view, view.state, view.advice or advice)
            for view in report.views
            if view.state not in ("current", "newer")
        ]

    def _moment(self, reader: Reader) -> dt.datetime:
        """What time it is by the store's clock."""
        from gkevents.app.memory import Memory  # noqa: PLC0415

        return self._clock(reader, Memory()).now()

    def _today(self, reader: Reader) -> dt.date:
        return self._moment(reader).date()
