"""A clerk's desk: one unit-year of a published scheme at which facts are written down one after the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import Body, canonical
from gkevents.aggregates.scanning import missed_limits
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.calendar import Calendar
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import Fact
from gkevents.terms import BEIJING
from tests.oracle.agreement import edition, full_calendar

UNIT = "某局"


class Desk:
    """Records facts as the program does, in order, at the end of the year unless `now` is set."""

    def __init__(
        self,
        scheme: str | Edition,
        *,
        category: str = "",
        overlay: dict[str, Any] | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        """Open the unit-year of the scheme's own year; the scheme is a published one, or an edition made up."""
        frozen = edition(scheme, overlay) if isinstance(scheme, str) else scheme
        self.calendar = calendar or full_calendar()
        self.state = UnitYear(frozen.scheme, frozen.year, UNIT, category, frozen)
        self.year = frozen.year
        self.now = dt.datetime(self.year + 1, 6, 30, 18, tzinfo=BEIJING)
        self.position = 0
        self.bodies: dict[str, Body] = {}

    def decide(self, kind: str, item: str | None = None, on: str | None = None, /, **fields: Any) -> Body:  # noqa: ANN401
        """What would be stored of a fact, without storing it. `on` is a day or an instant, May 5th unless said."""
        self.position += 1
        day = on or f"{self.year}-05-05"
        when = "effective_at" if "T" in day else "effective_on"
        written = {"ref": f"r{self.position}", "type": kind, "unit": UNIT, when: day, "item": item, **fields}
        body = canonical(written)
        about = self.bodies.get(body.get("of", ""))
        return record(self.state, body, recorded_at=self.now, calendar=self.calendar, about=about)

    def log(self, kind: str, item: str | None = None, on: str | None = None, /, **fields: Any) -> Body:  # noqa: ANN401
        """Store a fact; its body."""
        body = self.decide(kind, item, on, **fields)
        self.keep(body)
        return body

    def keep(self, body: Body) -> None:
        """Take in a body that was decided on elsewhere."""
        self.bodies[body["ref"]] = body
        self.state.evolve(body, position=self.position, recorded_at=self.now.isoformat())

    def refuses(
        self,
        refusal: type[no.Refusal],
        kind: str,
        item: str | None = None,
        on: str | None = None,
        /,
        **fields: Any,  # noqa: ANN401
    ) -> str:
        """The sentence with which a fact is refused; nothing has been stored then."""
        before = list(self.state.facts)
        with pytest.raises(refusal) as caught:
            self.decide(kind, item, on, **fields)
        assert self.state.facts == before
        return str(caught.value)

    def scan(self, as_of: str) -> list[Body]:
        """Scan for limits that ran out by the end of a day, and store the misses found."""
        found = missed_limits(self.state, as_of=dt.date.fromisoformat(as_of), calendar=self.calendar)
        for body in found:
            self.position += 1
            self.keep({**body, "unit": UNIT})
        return found

    @property
    def facts(self) -> list[Fact]:
        """What the unit-year knows."""
        return self.state.facts
