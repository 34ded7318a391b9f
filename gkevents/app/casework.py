"""The use cases beside scoring: cases and what the office decided on them, evidence, the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gkevents.app.opening import Opening

if TYPE_CHECKING:
    from gkevents.app.calendars import NoticesTaken, Today
    from gkevents.app.cases import CaseRow, CaseStory, RulesAdopted, RulesInForce
    from gkevents.app.evidence import Evidence


class Casework(Opening):
    """Cases, evidence, calendar."""

    def adopt_case_rules(self, path: Path, *, scheme: str, year: int) -> RulesAdopted:
        """Record what an office decided on its cases of a year. Raises RulesFaulty, NotAdopted, StoreTrouble."""
        from gkevents.app.cases import adopt_rules  # noqa: PLC0415

        with self._writing() as session:
            return adopt_rules(session, path, scheme=scheme, year=year)

    def case_rules(self, *, scheme: str, year: int) -> RulesInForce:
        """What an office decided on its cases of a year. Raises NotAdopted, StoreTrouble."""
        from gkevents.app.cases import rules_in_force  # noqa: PLC0415

        with self._reading() as reader:
            return rules_in_force(reader, scheme=scheme, year=year)

    def take_step(self, of: str, kind: str, fields: Mapping[str, Any]) -> tuple[str, int | None]:
        """Record a step of a case; its number and position (None: it was there). Raises the refusal, StoreTrouble."""
        from gkevents.app.cases import take_step  # noqa: PLC0415

        with self._writing() as session:
            return take_step(session, of, kind, fields)

    def cases(self, *, scheme: str, year: int, unit: str | None = None) -> list[CaseRow]:
        """Where the cases of a scheme-year stand, or those of one unit, in the order of the log."""
        from gkevents.app.cases import cases, today_of  # noqa: PLC0415

        with self._reading() as reader:
            today = today_of(reader, self.now, simulated=self._simulated(reader))
            return list(cases(reader, scheme=scheme, year=year, unit=unit, today=today))

    def case(self, ref: str) -> CaseStory:
        """A case whole, by the number of its fact or of any of its steps. Raises NoSuchFact, NoCase."""
        from gkevents.app.cases import story, today_of  # noqa: PLC0415

        with self._reading() as reader:
            return story(reader, ref, today=today_of(reader, self.now, simulated=self._simulated(reader)))

    def evidence(self, place: str | None = None) -> Evidence:
        """The files that show facts; `place`: their folder or URL, where it is not the one beside the store's file."""
        from gkevents.app.evidence import Evidence  # noqa: PLC0415

        return Evidence(self.store, place, reading=self._reading, looking=self._looking, writing=self._writing)

    def import_calendar(self, path: Path) -> NoticesTaken:
        """Adopt the notices of a file, and look again at the limits that they move. Raises a Refusal, StoreTrouble."""
        from gkevents.app.calendars import import_notices, read_notices  # noqa: PLC0415

        given = read_notices(path)
        with self._writing() as session:
            return import_notices(session, given)

    def calendar(self) -> Today:
        """What the store knows of working days now: its notices, and those that this program brings beside."""
        from gkevents.app.calendars import today  # noqa: PLC0415
        from gkevents.app.memory import Memory  # noqa: PLC0415
        from gkevents.schemes.catalog import calendar_notices  # noqa: PLC0415

        with self._reading() as reader:
            return today(reader, self._clock(reader, Memory()).now(), calendar_notices)
